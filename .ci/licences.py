"""Write the list of everything that is shipped or installed, with its licence: `make licences`.

Licences are those that each package states in its own metadata (the field License-Expression, else a short field
License, else its trove classifiers); those of vendored files stand beside them. Packages that the lock holds for other
systems only are not installed here and not listed.
"""

from __future__ import annotations

import re
from importlib.metadata import Distribution, distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIST = ROOT / "LICENSES-of-others.md"
LOCKS = {
    "requirements.lock": "book",
    "requirements-dev.lock": "tests",
    "requirements-lab.lock": "make lab",
    "requirements-kit.lock": "make kit",
}
#: Longer texts of the field License are whole licences and no names.
LONGEST = 40
#: How the licences of vendored files begin.
KINDS = {
    "Apache License": "Apache-2.0",
    "Mozilla Public License": "MPL-2.0",
    "released into the public domain": "Unlicense",
}
HEAD = """\
# Licences of what is not ours

Made by `make licences`; not edited by hand. Files that are part of this repository come first; then what `make book`
installs, parts of which (Sphinx, its theme, its extensions) lay scripts and styles into the built pages; then what only
JupyterLab, the kit or tests need. Names of licences are those that each package states in its own metadata.

| Part | Version | Licence | Needed by |
|:--|:--|:--|:--|
"""


def names(lock: str) -> set[str]:
    """Return the normalised names of all packages in a lock."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    return {normal(name) for name in re.findall(r"^([A-Za-z0-9._-]+)==", text, re.MULTILINE)}


def normal(name: str) -> str:
    """Return a package's name as the index spells it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def stated(package: Distribution) -> str:
    """Return the licence that a package's metadata state."""
    metadata = package.metadata
    short = (metadata.get("License") or "").strip()
    classifiers = [each.split(" :: ")[-1] for each in metadata.get_all("Classifier", []) if each.startswith("License")]
    if expression := metadata.get("License-Expression"):
        return expression
    if short and short != "UNKNOWN" and len(short) <= LONGEST and "\n" not in short:
        return short
    return ", ".join(classifiers) or first_line(package)


def first_line(package: Distribution) -> str:
    """Return how a package's licence file begins; for one that states nothing at all."""
    for path in package.files or ():
        if re.match(r"(LICEN[CS]E|COPYING)", path.name):
            return path.read_text(encoding="utf-8").strip().splitlines()[0]
    return "not stated"


def vendored() -> list[tuple[str, str, str]]:
    """Return (file, version, licence) of every vendored file, as .ci/vendor fetched it."""
    script = (ROOT / ".ci" / "vendor").read_text(encoding="utf-8").replace("$static", "book/_static/vendor")
    found = []
    for package, version, rest in re.findall(r"^fetch ([\w-]+)@(\S+) (.*)$", script, re.MULTILINE):
        file, licence = rest.split()[1::2]
        text = (ROOT / licence).read_text(encoding="utf-8")
        kind = next(kind for words, kind in KINDS.items() if words in text)
        found.append((f"`{file}` ({package})", version, f"[{kind}]({licence})"))
    return found


def rows() -> list[tuple[str, str, str, str]]:
    """Return (part, version, licence, needed by) of everything."""
    mine = [(*row, "book" if "book/" in row[0] else "tests") for row in vendored()]
    listed = {lock: names(lock) for lock in LOCKS}
    for package in sorted(distributions(), key=lambda each: normal(each.metadata["Name"])):
        name = normal(package.metadata["Name"])
        if need := next((need for lock, need in LOCKS.items() if name in listed[lock]), None):
            mine.append((name, package.version, stated(package), need))
    return sorted(mine, key=lambda row: ("`" not in row[0], row[3]))


def text() -> str:
    """Return the list."""
    return HEAD + "".join(f"| {' | '.join(row)} |\n" for row in rows())


if __name__ == "__main__":
    LIST.write_text(text(), encoding="utf-8")

"""A fuzzer of whole builds, part of ``make fuzz``: a hostile data folder, or hostile files of the project itself.

Every input is a small project whose notebook shows a paper's tables, with something done to it. Its build must end with
a book or with one message, without a traceback; a book must have no markup of the data's and nothing of the machine's.
"""

from __future__ import annotations

import contextlib
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import fuzz
import invented
from tiny_book import PARAMETERS, PUBLISHED, make_project, rewrite

from bookpress.paths import ROOT_VARIABLE, Project

#: Seconds until a build that has not ended counts as one that hangs.
PATIENCE = 300
LANDING = f"""\
# %% [markdown]
# # Landing
#
# See [the page](/book/page.md).

{PARAMETERS}
# %%
from secondlook.pages.look import start

look = start(published, alpha, cohort)
for section in look.registry.layout.sections:
    display(look.flags(section), look.numbers(section))
"""
HOOKS = {"tiny.hooks:check": "secondlook.pages.downloads:check", "tiny.hooks:lay": "secondlook.pages.downloads:lay"}
OWN = ("_toc.yml", "_config.yml", "pyproject.toml", "notebooks/00-landing.py", "book/page.md", "book/references.bib")
OF_FILES = ("arbitrary bytes", "changed bytes", "cut short", "wrong encoding")
#: What data may hold and no book may: a script of theirs, or a file of the machine.
LET_IN = re.compile(r"<script>alert|<img src=x|<svg/onload|onclick='x'|href=\"javascript:|root:x:0:0", re.IGNORECASE)


def kinds() -> dict[str, fuzz.Change]:
    """Return the changes of a data folder and those of a project's own files, by the names of kinds."""
    words = {f"build: {name} in words": fuzz.cell_of(fuzz.beside(texts), fuzz.where_words_stand)
             for name, texts in fuzz.TEXTS.items()}  # fmt: skip
    own = {f"build, own files: {name}": fuzz.FOLDER_KINDS[name] for name in OF_FILES}
    return {f"build: {name}": change for name, change in fuzz.FOLDER_KINDS.items()} | words | own


def lay(root: Path) -> Project:
    """Lay a project of one notebook, which shows a paper."""
    project = make_project(root)
    (project.notebooks / "01-other.py").unlink()
    rewrite(project.toc, "  - file: notebooks/01-other\n", "")
    (project.notebooks / "00-landing.py").write_text(LANDING, encoding="utf-8")
    for old, new in HOOKS.items():
        rewrite(root / "pyproject.toml", old, new)
    (root / PUBLISHED / "numbers.csv").unlink()
    for name, text in invented.FILES.items():
        (root / PUBLISHED / name).write_text(text, encoding="utf-8")
    return project


def spoil(project: Project, kind: str, rng: random.Random) -> None:
    """Do to the project what a kind of input is."""
    own = "own files" in kind
    names = OWN if own else [f"{PUBLISHED}/{name}" for name in invented.FILES]
    files = {Path(name).name: (project.root / name).read_bytes() for name in names}
    kinds()[kind](rng, files)
    for name in names:
        (project.root / name).write_bytes(files[Path(name).name])


def built(project: Project) -> tuple[int | None, str]:
    """Build; return the exit code, None for a build that hangs, and what was said."""
    environment = {**os.environ, ROOT_VARIABLE: str(project.root)}
    command = [sys.executable, "-m", "bookpress", "build", "--jobs", "1"]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "errors": "replace"}
    process = subprocess.Popen(command, cwd=project.root, env=environment, start_new_session=True, **streams)
    try:
        said, _ = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        return None, process.communicate()[0]
    return process.returncode, said


def problems(project: Project, code: int | None, said: str) -> list[str]:
    """Say what is wrong with how a build ended."""
    found = [] if code in (0, 1) else [f"ended with {code}"]
    found += ["a traceback"] if "Traceback" in said else []
    found += ["no message"] if code == 1 and "error: " not in said else []
    pages = list(project.html.rglob("*.html"))
    found += ["half a book"] if code and pages else []
    found += ["no book"] if code == 0 and not pages else []
    let_in = (LET_IN.search(page.read_text(encoding="utf-8", errors="replace")) for page in pages)
    return found + [f"markup on a page: {match[0]}" for match in let_in if match]


def run(seed: int, inputs: int) -> tuple[dict[str, dict[str, int]], list[str]]:
    """Try so many inputs of each kind; return, by kind, how many there were, were refused and built; and failures."""
    counts: dict[str, dict[str, int]] = {}
    failures: list[str] = []
    for kind in kinds():
        counts[kind] = {"inputs": 0, "refused": 0, "read": 0}
        for number in range(inputs):
            with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
                project = lay(Path(folder) / "project")
                spoil(project, kind, random.Random(f"{seed}-{kind}-{number}"))
                code, said = built(project)
                found = problems(project, code, said)
            counts[kind]["inputs"] += 1
            counts[kind]["refused" if code else "read"] += 1
            failures += [f"{kind} {number}: {each}\n{said[-1500:]}" for each in found]
    return counts, failures


if __name__ == "__main__":
    counted, failed = run(fuzz.SEED, int(sys.argv[1]))
    print(counted, *failed, sep="\n")

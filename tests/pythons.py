"""The same ledger from every Python: ``make pythons`` audits the paper under each version that the machine has.

For each a fresh environment is made from the lock, hashes required; then the tables for download (registry, ledger,
corrections) are written and compared byte for byte. What was found is stored in data/simulated/pythons.json.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
RESULT = ROOT / "data" / "simulated" / "pythons.json"
WANTED = ("3.11", "3.12", "3.13")


def version_of(python: str | Path) -> str | None:
    """Return the version of an interpreter, or None when there is none that runs."""
    try:
        done = subprocess.run([python, "-c", "import platform; print(platform.python_version())"], capture_output=True)
    except OSError:
        return None
    return done.stdout.decode().strip() or None


def interpreters() -> dict[str, tuple[str, str]]:
    """Return, for each wanted version that is here, the interpreter and its full version."""
    found = {}
    for wanted in WANTED:
        kept_by_pyenv = sorted(Path.home().glob(f".pyenv/versions/{wanted}.*/bin/python"))
        candidates = [sys.executable, shutil.which(f"python{wanted}"), *kept_by_pyenv]
        for python in filter(None, candidates):
            version = version_of(python)
            if version and version.startswith(f"{wanted}."):
                found[wanted] = (str(python), version)
                break
    return found


def tables(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each table for download in a folder."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def audited(python: str, folder: Path) -> dict[str, str]:
    """Make an environment from the lock, write the tables with it, and return their digests."""
    uv, venv, out = str(Path(sys.executable).with_name("uv")), folder / "venv", folder / "tables"
    out.mkdir(parents=True)
    fresh = venv / "bin" / "python"
    install = [uv, "pip", "install", "--quiet", "--python", fresh, "--require-hashes", "-r", ROOT / "requirements.lock"]
    write = [fresh, "-m", "secondlook.pages.downloads", ROOT / "data" / "published", out]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONHASHSEED": "random"}
    for command in ([uv, "venv", "--quiet", "--python", python, venv], install, write):
        subprocess.run(command, check=True, env=environment, cwd=ROOT)
    return tables(out)


def stored() -> dict:
    """Return what was found the last time."""
    return json.loads(RESULT.read_text(encoding="utf-8")) if RESULT.is_file() else {}


def main() -> None:
    """Compare the tables of every Python that is here; store the result when all are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="store nothing, and compare with what is stored")
    options = parser.parse_args()
    here, found = interpreters(), {}
    for wanted in WANTED:
        if wanted not in here:
            print(f"Python {wanted}: not on this machine, left out")
            continue
        python, version = here[wanted]
        with tempfile.TemporaryDirectory(prefix="pythons-") as folder:
            found[version] = audited(python, Path(folder))
        print(f"Python {version}: ledger {found[version]['ledger.json'][:16]}…")
    digests = list(found.values())
    if any(each != digests[0] for each in digests):
        sys.exit(f"the tables differ: {json.dumps(found, indent=1)}")
    if options.check:
        sys.exit(None if digests[0] == stored().get("tables") else "the tables are not those stored: make pythons")
    if len(found) < len(WANTED):
        sys.exit("stored nothing: not all Pythons are here")
    text = json.dumps({"pythons": list(found), "tables": digests[0]}, indent=1) + "\n"
    RESULT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

"""Two clean builds of the whole book, in two folders, with one worker and plain kernels, with two and forked ones.

``make repeat`` asks whether every file is the same bytes, the ledger's among them, and stores the counts in
data/simulated/repeat.json.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from faults import copy_of_the_book, digests

from bookpress.paths import ROOT_VARIABLE

RESULT = Path(__file__).parents[1] / "data" / "simulated" / "repeat.json"
WORKERS = (1, 2)


def built(root: Path, workers: int) -> dict[str, str]:
    """Build a copy of the book from nothing; return the SHA-256 of each of its files."""
    book = copy_of_the_book(root)
    environment = {**os.environ, ROOT_VARIABLE: str(root), "PYTHONPATH": book.path, "PYTHONHASHSEED": "random"}
    command = [
        sys.executable,
        "-m",
        "bookpress",
        "build",
        "--jobs",
        str(workers),
        *(["--plain-kernels"] if workers == 1 else []),
    ]
    subprocess.run(command, cwd=root, env=environment, check=True)
    return digests(book.project.html)


def main() -> None:
    """Build twice, compare, store; end with the names of files that differ, if any do."""
    with tempfile.TemporaryDirectory(prefix="repeat-") as folder:
        one, two = (built(Path(folder) / f"with-{n}-workers", n) for n in WORKERS)
    differing = sorted(name for name in {*one, *two} if one.get(name) != two.get(name))
    ledgers = [name for name in one if Path(name).name.startswith("ledger.")]
    assert ledgers
    made = {
        "workers": list(WORKERS),
        "files": len(one),
        "pages": sum(name.endswith(".html") for name in one),
        "ledgers": len(ledgers),
        "differing": len(differing),
    }
    print(made)
    if differing:
        sys.exit("\n".join(differing))
    RESULT.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""What each piece of our own saves where the pages are written: Jupyter Book with it and without it, in one run.

A piece stays that saves a tenth of a clean build, or of a build after one notebook changed (`python -m bench.pieces`).
Counted are seconds of processors, which a busy machine does not change, and those of Sphinx's own process alone: what
other processes do meanwhile costs nobody time where there are processors for them.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import yaml

from bench.run import ROOT
from bookpress import environment
from bookpress.paths import Project

RESULTS = Path(__file__).with_name("pieces.json")
#: Runs Jupyter Book as the build does, and says what its own process and the others took.
PROGRAM = """
import atexit, json, pathlib, resource, sys
def say():
    taken = [sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    pathlib.Path(sys.argv[1]).write_text(json.dumps(taken))
atexit.register(say)
from jupyter_book.cli.main import main
main(["build", ".", "--path-output", "out", "-W", "-n", "--keep-going", "--all", "-q"])
"""


def without_settings(stage: Path) -> None:
    """Take the two settings of Python out of a staged book."""
    file = stage / "_config.yml"
    config = yaml.safe_load(file.read_text(encoding="utf-8"))
    del config["sphinx"]["local_extensions"]["secondlook_quick"]
    file.write_text(yaml.safe_dump(config, allow_unicode=True, sort_keys=False), encoding="utf-8")


def without_forks(stage: Path) -> None:
    """Let one process write all pages of a staged book."""
    file = stage / "book" / "_ext" / "secondlook_pages.py"
    text = file.read_text(encoding="utf-8")
    line = '    app.connect("env-check-consistency", write_in_parallel)\n'
    if line not in text:
        raise SystemExit(f"{file.name} connects no writing by forked processes")
    file.write_text(text.replace(line, ""), encoding="utf-8")


def pages(project: Project, folder: Path, change: Callable[[Path], None], store: Path | None) -> tuple[float, float]:
    """Write the staged book's pages; return seconds of processors: of Sphinx's own process, and of all."""
    stage, said = folder / "stage", folder / "said.json"
    shutil.rmtree(stage, ignore_errors=True)
    shutil.copytree(project.stage, stage)
    change(stage)
    with environment.private(project) as private:
        own = environment.variables(project, private) | {"BOOKPRESS_STORE": str(store or "")}
        command = [sys.executable, "-c", PROGRAM, str(said)]
        done = subprocess.run(command, cwd=stage, env=own, capture_output=True, text=True, check=False)
    if not (stage / "out" / "_build" / "html" / "index.html").is_file():
        raise SystemExit(done.stdout[-2000:] + done.stderr[-2000:])
    alone, others = json.loads(said.read_text(encoding="utf-8"))
    print(f"  {alone:.1f} s, with others {alone + others:.1f} s", flush=True)
    return alone, alone + others


def main() -> None:
    """Measure and write the file."""
    project = Project(ROOT)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "bookpress", "build", "--force"], cwd=ROOT, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    clean = sum(after[:2]) - sum(before[:2])
    print(f"clean build: {clean:.0f} s of processors", flush=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = folder / "store"
        ways = {
            "as it is": (lambda _: None, None),
            "settings": (without_settings, None),
            "forks": (without_forks, None),
            "store, filled": (lambda _: None, store),
            "store, used": (lambda _: None, store),
        }
        taken = {}
        for way, (change, kept) in ways.items():
            print(way, flush=True)
            taken[way] = [round(seconds, 1) for seconds in pages(project, folder, change, kept)]
    RESULTS.write_text(json.dumps({"clean": round(clean), "pages": taken}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

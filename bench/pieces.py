"""What each piece of our own saves where the pages are written: Jupyter Book with it and without it, in one run.

A piece stays that saves a tenth of a build after one notebook changed, which is hardly more than the writing of all
pages (of a clean build it saves less). `python -m bench.pieces` stores, in `bench/results.json`, how many times as long
they take without it. Counted are seconds of processors, which a busy machine does not change, of all and of Sphinx's
own process alone: what others do meanwhile costs no time where there are processors for them.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import yaml

from bench.run import RESULTS, ROOT
from bookpress import environment
from bookpress.paths import Project

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


def ratios(taken: dict[str, tuple[float, float]]) -> dict[str, float]:
    """Return how many times as long the pages take without a piece, one notebook changed, two processors free.

    What the settings and the forks save, Sphinx's own process no longer does; the store saves repairs, which two
    processes share.

    Parameters
    ----------
    taken : dict
        Of each way to write the pages: seconds of Sphinx's own process, and of all.
    """
    (own, everything), (after, everything_after) = taken["as it is"], taken["store, used"]
    saved = {
        "settings": taken["settings"][0] - own,
        "forks": taken["forks"][0] - own,
        "store": ((everything - own) - (everything_after - after)) / 2,
    }
    return {"ours": 1.0, **{name: round(1 + seconds / after, 2) for name, seconds in saved.items()}}


def main() -> None:
    """Measure what the last build has staged, and write the ratios."""
    project = Project(ROOT)
    if not project.stage.is_dir():
        raise SystemExit("nothing is staged: make book")
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
            taken[way] = pages(project, folder, change, kept)
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    results["pieces"] = {"repetitions": 1, "ratios": ratios(taken), "limit": ""}
    RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

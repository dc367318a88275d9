"""Measure against the obvious ways, in one run, as ratios: ``make bench ARGS='--repeat 5 audit fits'``.

The obvious ways to build this book are papermill, one notebook after another, followed by Jupyter Book; the same with
as many notebooks at a time as our build runs; and Jupyter Book's own cached execution. All work on copies of the
project in a temporary folder, turn by turn, so that a busy machine disturbs all alike. Medians of the repetitions are
compared; ``bench/results.json`` keeps their ratios only.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import yaml

from bench import audits, fits

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "bench" / "results.json"
PARTS = ("clean", "nothing", "notebook", "module", "data", "audit", "fits")
KEPT = (
    ".binder",
    "_config.yml",
    "_toc.yml",
    "pyproject.toml",
    "requirements.lock",
    "requirements.txt",
    "bench",
    "book",
    "notebooks",
    "data",
    "src",
)
READ = ("data", "src", "bench", "pyproject.toml", "requirements.lock", "requirements.txt")  # what chapters tell of
IGNORED = shutil.ignore_patterns("__pycache__", "*.egg-info")
TOUCHED = "82-numbers"
WORD = "measuredword"
PAPERMILL = "papermill, then Jupyter Book"
PARALLEL = "papermill in parallel, then Jupyter Book"
WORKERS = min(2, os.cpu_count() or 1)  # as our build has
#: What takes the time that is left, part by part.
LIMITS = {
    "clean": "the notebooks' own simulations and figures, on all processors, then Sphinx, which writes all pages",
    "nothing": "starting Python and the digests of all files",
    "notebook": "imports and the notebook itself, then Sphinx, which checks and writes every page again",
    "module": "a module that every notebook imports: all run again",
    "data": "the notebooks that read the cell, the ledger among them, and Sphinx as above",
    "audit": "exact arithmetic with fractions",
    "fits": "calls on small arrays and tables; the step is compiled and makes none",
}
JUPYTER_BOOK = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", ".", "-q"]


class Copies:
    """Three copies of the project, one for each way to build it."""

    def __init__(self, folder: Path) -> None:
        """Lay the copies; those of the obvious ways have everything that a page may offer for download."""
        self.ours, self.papermill, self.cached = (folder / name for name in ("ours", "papermill", "cached"))
        self.ours.mkdir()
        self.whole = 0.0  # seconds of papermill and Jupyter Book for everything, once measured
        for name in KEPT:
            place = ROOT / name
            (
                shutil.copytree(place, self.ours / name, ignore=IGNORED)
                if place.is_dir()
                else shutil.copy(place, self.ours)
            )
        self.build()
        for copy in (self.papermill, self.cached):
            shutil.copytree(self.ours / "_build" / "stage", copy)
            for name in READ:
                place = self.ours / name
                shutil.copytree(place, copy / name, dirs_exist_ok=True) if place.is_dir() else shutil.copy(place, copy)
            for pair in (self.ours / "notebooks").glob("*.ipynb"):
                shutil.copy(pair, copy / staged(pair.stem))
            with reconfigured(copy) as config:  # Jupyter Book as it comes
                del config["sphinx"]["local_extensions"]["secondlook_quick"]
        (self.cached / "notebooks" / "data").symlink_to(self.cached / "data")
        with reconfigured(self.cached) as config:
            config["execute"] |= {"execute_notebooks": "cache", "timeout": -1}

    def environment(self) -> dict[str, str]:
        """Return the environment in which the copy's own package runs, as the build of the book sets it.

        Every way may keep the bytecode of the package, as it does on a usual machine.
        """
        names = {
            "BOOKPRESS_ROOT": str(self.ours),
            "PYTHONPATH": str(self.ours / "src"),
            "TZ": "UTC",
            "LC_ALL": "C.UTF-8",
        }
        return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | names

    def run(self, command: list[str], folder: Path) -> str:
        """Run a command in a copy; return what it said, and stop the benchmark if it failed."""
        done = subprocess.run(command, cwd=folder, env=self.environment(), capture_output=True, text=True, check=False)
        if done.returncode or "Execution failed" in done.stdout + done.stderr:
            raise SystemExit(f"{command[-4:]} failed:\n{(done.stdout + done.stderr)[-3000:]}")
        return done.stdout

    def build(self, *options: str) -> str:
        """Build the book our way."""
        return self.run([sys.executable, "-m", "bookpress", "build", *options], self.ours)

    def build_papermill(self, *names: str, workers: int = 1) -> None:
        """Execute notebooks (all, if none is named), so many at a time, the largest first; then run Jupyter Book."""
        pairs = sorted((self.ours / "notebooks").glob("*.ipynb"), key=lambda pair: -pair.stat().st_size)
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(self.execute, [pair for pair in pairs if not names or pair.stem in names]))
        self.run([*JUPYTER_BOOK, *(() if names else ("--all",))], self.papermill)

    def execute(self, pair: Path) -> None:
        """Execute a notebook by papermill, as its command line does."""
        arguments = [str(pair), staged(pair.stem), "--cwd", str(self.papermill), "-k", "python3"]
        command = [sys.executable, "-m", "papermill", *arguments, "--no-progress-bar", "--log-level=ERROR"]
        self.run(command, self.papermill)

    def build_cached(self) -> None:
        """Let Jupyter Book execute what its cache does not hold."""
        self.run(JUPYTER_BOOK, self.cached)

    def forget(self) -> None:
        """Forget what the obvious ways have built."""
        for copy in (self.papermill, self.cached):
            shutil.rmtree(copy / "_build", ignore_errors=True)


@contextmanager
def reconfigured(folder: Path) -> Iterator[dict]:
    """Lend the configuration of a copy, and write it back."""
    path = folder / "_config.yml"
    config = yaml.safe_load(path.read_text(encoding="utf-8"))
    yield config
    path.write_text(yaml.safe_dump(config), encoding="utf-8")


def staged(name: str) -> str:
    """Return where a notebook stands in the tree that Jupyter Book builds."""
    return "index.ipynb" if name.startswith("00-") else f"notebooks/{name}.ipynb"


def seconds(action: Callable[[], object]) -> float:
    """Return how long an action takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def compare(ways: dict[str, Callable[[], object]], repeat: int, before: Callable[[int], object] = lambda _: None):
    """Measure each way `repeat` times, turn by turn, and return the medians."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(repeat):
        before(turn)
        for name, action in ways.items():
            taken[name].append(seconds(action))
            print(f"  {turn + 1} of {repeat}: {name}: {taken[name][-1]:.1f} s", file=sys.stderr, flush=True)
    return {name: statistics.median(values) for name, values in taken.items()}


def clean(copies: Copies, repeat: int):
    """Build everything from nothing."""
    ways = {
        "ours": lambda: copies.build("--force"),
        PAPERMILL: copies.build_papermill,
        PARALLEL: lambda: copies.build_papermill(workers=WORKERS),
        "Jupyter Book, cached": copies.build_cached,
    }
    found = compare(ways, repeat, lambda _: copies.forget())
    copies.whole = found[PAPERMILL]
    return found


def with_papermill(copies: Copies, repeat: int, change: Callable[[int], object]) -> dict[str, float]:
    """Measure our build after a change beside papermill, which runs everything again as in a clean build.

    That has been measured there, and takes as long whatever has changed; without it, it is measured once here.
    """
    found = compare({"ours": lambda: copies.build()}, repeat, change)
    copies.whole = copies.whole or seconds(copies.build_papermill)
    return {**found, PAPERMILL: copies.whole}


def nothing(copies: Copies, repeat: int):
    """Build again when nothing has changed."""
    copies.build()
    copies.build_cached()
    return compare({"ours": copies.build, "Jupyter Book, cached": copies.build_cached}, repeat)


def touch(copies: Copies, turn: int) -> None:
    """Change the code of one notebook, in its source and in the form that the obvious ways read."""
    path = copies.ours / "notebooks" / f"{TOUCHED}.py"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\n# %%\nturn = {turn}\n", encoding="utf-8")
    copies.run([sys.executable, "-m", "bookpress", "pairs"], copies.ours)
    shutil.copy(copies.ours / "notebooks" / f"{TOUCHED}.ipynb", copies.cached / staged(TOUCHED))


def notebook(copies: Copies, repeat: int):
    """Build again when one notebook has changed."""
    ways = {
        "ours": copies.build,
        PAPERMILL: lambda: copies.build_papermill(TOUCHED),
        "Jupyter Book, cached": copies.build_cached,
    }
    return compare(ways, repeat, lambda turn: touch(copies, turn))


def module(copies: Copies, repeat: int):
    """Build again when a module of the package has changed; Jupyter Book's cache does not notice."""

    def change(turn: int) -> None:
        with (copies.ours / "src" / "secondlook" / "numbers" / "dates.py").open("a", encoding="utf-8") as stream:
            stream.write(f"# {turn}\n")

    return with_papermill(copies, repeat, change)


def data(copies: Copies, repeat: int):
    """Build again when one cell of the data has changed; what the pages show must follow."""
    path = copies.ours / "data" / "published" / "text.csv"

    def change(turn: int) -> None:
        lines = path.read_text(encoding="utf-8").splitlines()
        lines[1] = f"{lines[1]} {WORD}{turn}"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    medians = with_papermill(copies, repeat, change)
    offered = next((copies.ours / "_build" / "html" / "_downloads").rglob("text.csv"), None)
    if offered and f"{WORD}{repeat - 1}" not in offered.read_text(encoding="utf-8"):
        raise SystemExit("the book shows data that have changed since")
    return medians


BUILDS = {"clean": clean, "nothing": nothing, "notebook": notebook, "module": module, "data": data}


def ratios(medians: dict[str, float]) -> dict[str, float]:
    """Return how many times as long as ours, or as the first, each way takes."""
    unit = next(iter(medians.values()))
    return {name: float(f"{value / unit:.3g}") for name, value in medians.items()}


def report(part: str, medians: dict[str, float], repeat: int) -> None:
    """Print a part's ratios side by side and keep them."""
    found = ratios(medians)
    print(f"{part:9}", "   ".join(f"{name} {value:g}" for name, value in found.items()), flush=True)
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}
    results[part] = {"repetitions": repeat, "ratios": found, "limit": LIMITS[part]}
    ordered = {name: results[name] for name in (*PARTS, "pieces") if name in results}
    RESULTS.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    """Measure what the command line names, or everything."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", help=f"any of {', '.join(PARTS)}; all, if none is named")
    parser.add_argument("--repeat", type=int, default=3, help="repetitions of which the median counts")
    arguments = parser.parse_args()
    chosen = arguments.parts or list(PARTS)
    if unknown := set(chosen) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    print("times as long as the first of each line; medians of", arguments.repeat)
    if "audit" in chosen:
        report("audit", audits.medians(arguments.repeat), arguments.repeat)
    if "fits" in chosen:
        report("fits", fits.medians(arguments.repeat), arguments.repeat)
    builds = [name for name in BUILDS if name in chosen]
    if builds:
        with tempfile.TemporaryDirectory(prefix="sl-bench-") as folder:
            copies = Copies(Path(folder))
            for name in builds:
                report(name, BUILDS[name](copies, arguments.repeat), arguments.repeat)


if __name__ == "__main__":
    main()

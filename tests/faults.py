"""Builds that are killed, or find the door locked: what the next build and the reader of the book make of it.

A project has two versions, each of which was built once without any disturbance. Then builds of either are disturbed
at moments that a seeded generator picks, while somebody reads two pages of the book over and over. ``make faults``
does so with a small project and with the whole book, and stores what came of it in data/simulated/faults.json.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tiny_book import PUBLISHED, copy_real, make_project, rewrite

import bookpress
from bookpress.paths import ROOT_VARIABLE, Project

RESULT = Path(__file__).parents[1] / "data" / "simulated" / "faults.json"
SEED = 6
KILLS = 10
PATIENCE = 900  # seconds for a build of the whole book on a busy machine


@dataclass
class Book:
    """A project with two versions, what its pages are in each, and the pages that somebody reads meanwhile."""

    project: Project
    lay: Callable[[int], None]
    pages: tuple[str, ...]
    good: list[dict[str, str]] = field(default_factory=list)
    seconds: float = 0.0
    prefix: tuple[str, ...] = ()
    path: str = str(Path(bookpress.__file__).parents[1])

    def prepare(self) -> None:
        """Build both versions undisturbed, and note their bytes and how long a build takes."""
        for version in (0, 1):
            self.lay(version)
            start = time.monotonic()
            ended(self.start())
            self.seconds = time.monotonic() - start
            self.good.append(digests(self.project.html))
        assert self.good[0] != self.good[1]

    def start(self, *options: str, without: Collection[str] = (), **variables: str) -> subprocess.Popen:
        """Start a build in a session of its own, in this environment with some `variables`, and `without` others."""
        inherited = {name: value for name, value in os.environ.items() if name not in without}
        environment = {**inherited, ROOT_VARIABLE: str(self.project.root), "PYTHONPATH": self.path, **variables}
        command = [*self.prefix, sys.executable, "-m", "bookpress", "build", *options]
        said = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        return subprocess.Popen(command, cwd=self.project.root, env=environment, start_new_session=True, **said)

    def shown(self) -> int | None:
        """Return which version the book shows, in every byte of every file; None when it is neither."""
        now = digests(self.project.html)
        return next((version for version, good in enumerate(self.good) if good == now), None)

    def forget_results(self) -> None:
        """Drop what notebooks have printed so far, so that a build executes them."""
        shutil.rmtree(self.project.cache, ignore_errors=True)


def digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def ended(process: subprocess.Popen, code: int = 0, seconds: float = PATIENCE) -> str:
    """Wait for a build, expect its exit code, and return what it said."""
    said, _ = process.communicate(timeout=seconds)
    assert process.returncode == code, said
    assert "Traceback" not in said, said
    return said


class Reader(threading.Thread):
    """Somebody who reads pages over and over; `problems` says when one could not be read or was neither version."""

    def __init__(self, book: Book) -> None:
        super().__init__(daemon=True)
        self.book, self.problems, self.reads, self.done = book, Counter(), 0, threading.Event()

    def run(self) -> None:
        while not self.done.wait(0.002):
            for page in self.book.pages:
                self.read(page)

    def read(self, page: str) -> None:
        """Read one page."""
        self.reads += 1
        file = self.book.project.html / page
        try:
            try:
                text = file.read_bytes()
            except FileNotFoundError:  # the moment between two renames: whoever reads tries again
                time.sleep(0.5)
                text = file.read_bytes()
            found = hashlib.sha256(text).hexdigest()
        except OSError as problem:
            self.problems[f"{page}: {type(problem).__name__}"] += 1
            return
        if found not in {good[page] for good in self.book.good}:
            self.problems[f"{page}: neither version"] += 1


@contextlib.contextmanager
def read_throughout(book: Book) -> Iterator[Reader]:
    """Let somebody read while the block runs; afterwards every reading must have been good."""
    reader = Reader(book)
    reader.start()
    try:
        yield reader
    finally:
        reader.done.set()
        reader.join()
    assert not reader.problems, reader.problems
    assert reader.reads


def at_work(project: Project) -> list[int]:
    """Return the processes that work for a project: those that were told its root."""
    needle, found = f"{ROOT_VARIABLE}={project.root}".encode(), []
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if needle in (place / "environ").read_bytes().split(b"\0"):
                found.append(int(place.name))
    return found


def wait_until_alone(project: Project, seconds: float = 20) -> None:
    """Wait until no process works for the project any more."""
    end = time.monotonic() + seconds
    while left := at_work(project):
        assert time.monotonic() < end, [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in left]
        time.sleep(0.05)


def kill(process: subprocess.Popen, group: bool) -> None:
    """Kill a build, or all of its session, so that it can do nothing any more."""
    (os.killpg if group else os.kill)(process.pid, signal.SIGKILL)
    process.communicate()


def disturb(book: Book, rng: random.Random) -> dict[str, bool]:
    """Kill one build at a random moment; build again from the new sources or from the old ones; say what was seen.

    The moment is a share of the time of the quickest build so far; a build that ends sooner is no kill and not counted.
    """
    old = book.shown()
    assert old is not None
    moment, group, back = rng.random(), rng.random() < 0.5, rng.random() < 0.5
    book.forget_results()
    book.lay(1 - old)
    process, start = book.start(), time.monotonic()
    with contextlib.suppress(subprocess.TimeoutExpired):
        ended(process, seconds=moment * book.seconds)
        book.seconds = min(book.seconds, time.monotonic() - start)
        return {"ended before": True}
    kill(process, group)
    left = book.shown()
    assert left is not None, "neither version is whole"
    wanted = old if back else 1 - old
    book.lay(wanted)
    said = ended(book.start())
    assert book.shown() == wanted, said
    wait_until_alone(book.project)
    return {
        "kills": True,
        "of the whole session": group,
        "old sources put back": back,
        "new book in place": left != old,
    }


def killed(book: Book, times: int, seed: int = SEED) -> dict[str, int]:
    """Disturb builds so many times while somebody reads; return the counts of what was seen."""
    rng = random.Random(seed)
    seen = Counter({"kills": 0, "of the whole session": 0, "old sources put back": 0, "new book in place": 0})
    with read_throughout(book) as reader:
        while seen["kills"] < times:
            seen.update({name: int(value) for name, value in disturb(book, rng).items()})
    del seen["ended before"]
    return {**seen, "readings": reader.reads, "bad readings": sum(reader.problems.values())}


def copy_of_the_book(root: Path) -> Book:
    """Return a copy of the whole book and of the package, with two versions of two of its chapters."""
    copy = copy_real(root)
    chapters = ("84-not-checked", "90-codebook")
    sources = {name: (copy.notebooks / f"{name}.py").read_text(encoding="utf-8") for name in chapters}

    def lay(version: int) -> None:
        for name, text in sources.items():
            extra = f"\n# %% [markdown]\n# This is version {version}.\n"
            (copy.notebooks / f"{name}.py").write_text(text + extra, encoding="utf-8")

    return Book(copy, lay, ("index.html", "notebooks/84-not-checked.html"), path=str(root / "src"))


def small_book(root: Path) -> Book:
    """Return a project of one notebook and one page, whose two versions differ in the data and in the page."""
    project = make_project(root)
    (project.notebooks / "01-other.py").unlink()
    rewrite(project.toc, "  - file: notebooks/01-other\n", "")
    landing = project.notebooks / "00-landing.py"
    rewrite(landing, "[the other page](/notebooks/01-other.ipynb)", "[the other page](/book/page.md)")
    rewrite(landing, "print(", "print(open('data/published/numbers.csv').read())\nprint(")

    def lay(version: int) -> None:
        (project.root / PUBLISHED / "numbers.csv").write_text(f"id,printed\na,{version}.0\n", encoding="utf-8")
        (project.book / "page.md").write_text(f"# Page\n\nThis is version {version}.\n", encoding="utf-8")

    return Book(project, lay, ("index.html", "book/page.html"))


#: A stand-in for Jupyter Book, which takes seconds to start: its pages are the staged files themselves, written slowly.
STAND_IN = """
import time
from pathlib import Path

def main(arguments):
    html = Path(arguments[3]) / "_build" / "html"
    for page, source in {"index.html": "index.ipynb", "book/page.html": "book/page.md"}.items():
        (html / page).parent.mkdir(parents=True, exist_ok=True)
        with (html / page).open("w") as stream:
            for line in Path(source).read_text().splitlines(keepends=True):
                stream.write(line)
                stream.flush()
                time.sleep(0.002)
"""


def stand_in(project: Project) -> None:
    """Lay the stand-in among the project's own packages, where it is found first."""
    package = project.root / "src" / "jupyter_book" / "cli"
    package.mkdir(parents=True)
    for place in (package.parent, package):
        (place / "__init__.py").touch()
    (package / "main.py").write_text(STAND_IN, encoding="utf-8")


def main() -> None:
    """Kill builds of the small project and of the whole book, and store what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("books", nargs="*", default=["small", "whole"])
    options = parser.parse_args()
    stored = json.loads(RESULT.read_text(encoding="utf-8")) if RESULT.is_file() else {}
    for name in options.books:
        with tempfile.TemporaryDirectory(prefix="faults-") as folder:
            book = {"small": small_book, "whole": copy_of_the_book}[name](Path(folder) / "project")
            book.prepare()
            print(f"{name}: a build takes {book.seconds:.0f} s here; killing {options.kills}")
            stored[name] = killed(book, options.kills)
            print(f"{name}: {stored[name]}")
        made = {"seed": SEED, **{name: stored[name] for name in ("small", "whole") if name in stored}}
        RESULT.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""The book: Jupyter Book turns the staged tree into HTML in a fresh folder, which then takes the last one's place.

Warnings are errors. A build that fails, or is killed at whatever moment, leaves the last good book where it was.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bookpress.errors import BuildError
from bookpress.paths import Project

EPOCH = "1767225600"  # 2026-01-01: nothing in the book may name the hour of its making
OPTIONS = ["-W", "-n", "--keep-going", "--all", "-q"]
# The package has no __main__. What takes long to import is imported before the pages are there to be built. When its
# input ends, the build that started it is gone: it must not go on writing where the next one works.
START = """
import functools, gc, importlib, importlib.metadata, os, sys, threading
# Trees of documents and pages are large and live long: looking through them for garbage takes a fifth of the time.
gc.set_threshold(2_000_000, 50, 100)
# The bibliography asks for all installed entry points at each citation, the search index for the stem of each word.
importlib.metadata.entry_points = functools.cache(importlib.metadata.entry_points)
from sphinx.search.en import SearchEnglish
SearchEnglish.stem = functools.cache(SearchEnglish.stem)
from jupyter_book.cli.main import main
for name in NAMES:
    importlib.import_module(name)
os.chdir(sys.stdin.readline().rstrip("\\n") or sys.exit("nothing to build"))
sys.argv[2] = "."
threading.Thread(target=lambda: os.read(0, 1) or os._exit(1), name="lifeline", daemon=True).start()
try:
    main()
except SystemExit as end:  # to take apart all that it has made would take longer than a second
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(end.code if isinstance(end.code, int) else bool(end.code))
"""
# What a book with this book's extensions imports before it reads its first page (matplotlib among it).
NAMES = [
    "sphinx.builders.html",
    "sphinx.builders.epub3",
    "sphinx.domains.cpp",
    "sphinx.domains.python",
    "sphinx.ext.doctest",
    "myst_nb.sphinx_ext",
    "myst_parser.sphinx_ext.directives",
    "sphinx_book_theme",
    "sphinxcontrib.bibtex",
    "sphinxcontrib.qthelp",
    "sphinx_copybutton",
    "sphinx_design.extension",
    "sphinx_exercise",
    "sphinx_external_toc.events",
    "sphinx_jupyterbook_latex",
    "sphinx_togglebutton",
    "sphinxext.opengraph",
    "bs4",
    "concurrent.futures.process",
]
AT_FDCWD, RENAME_EXCHANGE = -100, 2  # of Linux's renameat2
NOISE = ("Running Jupyter-Book", "Source Folder:", "Config Path:", "Output Path:")


class Pages:
    """Jupyter Book at work: it imports what it needs, starts when the staged tree is there, and is waited for."""

    def __init__(self, project: Project, work: Path, process: subprocess.Popen) -> None:
        """Take the folder in which it works, and its process."""
        self.project, self.work, self.process = project, work, process
        self.started = False

    def start(self) -> None:
        """Let it begin with the staged tree, if it has not yet."""
        if not self.started:
            self.started = True
            shutil.rmtree(self.work, ignore_errors=True)
            with contextlib.suppress(BrokenPipeError):  # it has died, and its output says of what
                os.write(self.process.stdin.fileno(), os.fsencode(self.project.stage) + b"\n")

    def finish(self) -> Path:
        """Wait for the end; return the folder of the finished pages. What it has to say is said when it fails."""
        self.start()
        said = self.process.stdout.read()
        html = self.work / "_build" / "html"
        if self.process.wait() or not (html / "index.html").is_file():
            raise BuildError(f"Jupyter Book refused the pages:\n{tidy(said, self.project)}")
        forget_pages(self.project)
        strip(html)
        return html


@contextlib.contextmanager
def jupyter_book(project: Project) -> Iterator[Pages]:
    """Start Jupyter Book; on leaving it is ended, and its pages are removed unless :func:`swap` has taken them."""
    work = project.output / "site"
    command = [
        sys.executable,
        "-c",
        f"NAMES = {NAMES}\n{START}",
        "build",
        str(project.stage),
        "--path-output",
        str(work),
        *OPTIONS,
    ]
    options = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command, cwd=project.root, env=site_environment(project), **options) as process:
        try:
            yield Pages(project, work, process)
        finally:
            process.kill()
            process.wait()
            shutil.rmtree(work, ignore_errors=True)


def site_environment(project: Project) -> dict[str, str]:
    """Return the environment in which two builds of the same tree are the same bytes."""
    fixed = {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": EPOCH, "TZ": "UTC", "LC_ALL": "C.UTF-8", "NO_COLOR": "1"}
    return {**os.environ, **fixed, "SECONDLOOK_PAGES": str(pages(project))}


def pages(project: Project) -> Path:
    """Return the folder of pages that the book's own Sphinx extension has finished, by content."""
    return project.output / "pages"


def forget_pages(project: Project, keep: int = 200) -> None:
    """Keep only the finished pages that were used last."""
    found = sorted(pages(project).glob("*"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in found[keep:]:
        path.unlink()


def tidy(log: str, project: Project) -> str:
    """Reduce a log to what helps: warnings and errors with paths as in the repository, no traceback of the tools."""
    lines = [line.replace(f"{project.stage}{os.sep}", "") for line in log.splitlines() if line.strip()]
    telling = [line for line in lines if "WARNING" in line or "ERROR" in line]
    chosen = telling or [line for line in lines if not line.startswith(NOISE)][-40:]
    return "\n".join(f"  {line}" for line in dict.fromkeys(chosen))


def strip(html: Path) -> None:
    """Remove what belongs to the making of the book and not to the book."""
    shutil.rmtree(html / ".doctrees", ignore_errors=True)
    for name in (".buildinfo", "objects.inv.tmp"):
        (html / name).unlink(missing_ok=True)


def swap(fresh: Path, target: Path) -> None:
    """Put a finished folder in another's place in one step; the other is removed.

    Where the system cannot exchange two folders it takes two renames, and a reader may meet a gap of a moment;
    :func:`recover` mends what a kill between the two leaves.
    """
    old = set_aside(target)
    shutil.rmtree(old, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        fresh.rename(target)
    elif exchange(fresh, target):
        shutil.rmtree(fresh, ignore_errors=True)
    else:
        target.rename(old)
        try:
            fresh.rename(target)
        finally:
            recover(target)
        shutil.rmtree(old, ignore_errors=True)


def exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step, so that there is no moment without either; return whether that was possible."""
    try:
        renameat2 = ctypes.CDLL(None).renameat2
    except (OSError, AttributeError):  # not Linux, or an old C library
        return False
    return renameat2(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) == 0


def set_aside(target: Path) -> Path:
    """Return where a folder lies while another takes its place in two steps."""
    return target.with_name(f"{target.name}.old")


def recover(target: Path) -> None:
    """Put back a folder that was set aside for another one which never came."""
    old = set_aside(target)
    if old.is_dir() and not target.exists():
        old.rename(target)

"""The book: Jupyter Book turns the staged tree into HTML in a fresh folder, which then takes the last one's place.

Warnings are errors. A build that fails leaves the last good book where it was.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from secondlook.build.errors import BuildError
from secondlook.paths import Project

EPOCH = "1767225600"  # 2026-01-01: nothing in the book may name the hour of its making
OPTIONS = ["-W", "-n", "--keep-going", "--all", "-q"]
# The package has no __main__. What takes long to import is imported before the pages are there to be built.
START = """
import functools, importlib, importlib.metadata, os, sys
# The bibliography asks for all installed entry points at each citation, the search index for the stem of each word.
importlib.metadata.entry_points = functools.cache(importlib.metadata.entry_points)
from sphinx.search.en import SearchEnglish
SearchEnglish.stem = functools.cache(SearchEnglish.stem)
from jupyter_book.cli.main import main
for name in ("sphinx.builders.html", "myst_nb.sphinx_ext", "sphinx_book_theme", "sphinxcontrib.bibtex", "bs4"):
    importlib.import_module(name)
os.chdir(sys.stdin.read() or sys.exit("nothing to build"))
sys.argv[2] = "."
main()
"""
NOISE = ("Running Jupyter-Book", "Source Folder:", "Config Path:", "Output Path:")


@contextlib.contextmanager
def jupyter_book(project: Project) -> Iterator[Callable[[], Path]]:
    """Start Jupyter Book and let it import what it needs; yield the function that builds the book.

    That function waits for the end, swaps the result in and returns the folder of the finished book. What Jupyter
    Book has to say is said when it fails.
    """
    work = project.output / "site"
    command = [sys.executable, "-c", START, "build", str(project.stage), "--path-output", str(work), *OPTIONS]
    options = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command, cwd=project.root, env=site_environment(project), **options) as process:

        def build() -> Path:
            shutil.rmtree(work, ignore_errors=True)
            said, _ = process.communicate(str(project.stage))
            if process.returncode or not (work / "_build" / "html" / "index.html").is_file():
                raise BuildError(f"Jupyter Book refused the pages:\n{tidy(said, project)}")
            forget_pages(project)
            finish(work / "_build" / "html")
            swap(work / "_build" / "html", project.html)
            return project.html

        try:
            yield build
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


def finish(html: Path) -> None:
    """Remove what belongs to the making of the book and not to the book."""
    shutil.rmtree(html / ".doctrees", ignore_errors=True)
    for name in (".buildinfo", "objects.inv.tmp"):
        (html / name).unlink(missing_ok=True)


def swap(fresh: Path, target: Path) -> None:
    """Put a finished folder in another's place: two renames, so that a reader hardly meets a gap."""
    old = target.with_name(f"{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)

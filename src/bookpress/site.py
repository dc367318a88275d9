"""The book: Jupyter Book turns the staged tree into HTML in a fresh folder, which then takes the last one's place.

Warnings are errors. A build that fails, or is killed at whatever moment, leaves the last good book where it was.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from bookpress import child, environment
from bookpress.errors import BuildError
from bookpress.paths import Project

JUPYTER_BOOK = "jupyter_book.cli.main:main"
OPTIONS = ["-W", "-n", "--keep-going", "--all", "-q"]
NOISE = ("Running Jupyter-Book", "Source Folder:", "Config Path:", "Output Path:")


def make(project: Project, folder: Path) -> Path:
    """Build the pages of the staged tree; return their folder. `folder` is private to this build."""
    work = project.output / "site"
    shutil.rmtree(work, ignore_errors=True)
    arguments = ["build", ".", "--path-output", str(work), *OPTIONS]
    own = environment.variables(project, folder)
    code, said = child.call(JUPYTER_BOOK, arguments, env=own, cwd=project.stage)
    html = work / "_build" / "html"
    if code or not (html / "index.html").is_file():
        raise BuildError(f"Jupyter Book refused the pages:\n{tidy(said, project)}")
    strip(html)
    return html


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
    """Put a finished folder in another's place by two renames; :func:`recover` mends what a kill in between leaves."""
    old = set_aside(target)
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    try:
        fresh.rename(target)
    finally:
        recover(target)
    shutil.rmtree(old, ignore_errors=True)


def set_aside(target: Path) -> Path:
    """Return where a folder lies while another takes its place."""
    return target.with_name(f"{target.name}.old")


def recover(target: Path) -> None:
    """Put back a folder that was set aside for another one which never came."""
    old = set_aside(target)
    if old.is_dir() and not target.exists():
        old.rename(target)

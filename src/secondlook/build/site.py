"""The book: Jupyter Book turns the staged tree into HTML in a fresh folder, which then takes the last one's place.

Warnings are errors. A build that fails leaves the last good book where it was.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from secondlook.build.errors import BuildError
from secondlook.paths import Project

EPOCH = "1767225600"  # 2026-01-01: nothing in the book may name the hour of its making
START = "from jupyter_book.cli.main import main; main()"  # the package has no __main__
NOISE = ("Running Jupyter-Book", "Source Folder:", "Config Path:", "Output Path:")


def build_site(project: Project) -> Path:
    """Build the staged tree and swap the result in; return the folder of the finished book."""
    work = project.output / "site"
    shutil.rmtree(work, ignore_errors=True)
    try:
        run_jupyter_book(project, work)
        finish(work / "_build" / "html")
        swap(work / "_build" / "html", project.html)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return project.html


def run_jupyter_book(project: Project, work: Path) -> None:
    """Run Jupyter Book in a process of its own, quietly; what it has to say is said when it fails."""
    command = [sys.executable, "-c", START, "build", ".", "--path-output", str(work)]
    options = ["-W", "-n", "--keep-going", "--all", "-q"]
    done = subprocess.run(
        command + options,
        cwd=project.stage,
        env=site_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode or not (work / "_build" / "html" / "index.html").is_file():
        raise BuildError(f"Jupyter Book refused the pages:\n{tidy(done.stdout, project)}")


def site_environment() -> dict[str, str]:
    """Return the environment in which two builds of the same tree are the same bytes."""
    fixed = {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": EPOCH, "TZ": "UTC", "LC_ALL": "C.UTF-8", "NO_COLOR": "1"}
    return {**os.environ, **fixed}


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

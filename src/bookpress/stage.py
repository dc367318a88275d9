"""The staged tree: a fresh copy of pages, executed notebooks and downloads, which is all that Jupyter Book sees.

Sources stay clean, and addresses in the book are those of the repository, with one exception: the first notebook is
staged as ``index``, so that the landing page is ``index.html`` itself and not a redirect to it.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from bookpress.errors import BuildError
from bookpress.execute import Job, result_path
from bookpress.files import copy_below
from bookpress.paths import LANDING, Project
from bookpress.repository import Repository, configured


def check_contents(project: Project, sources: Iterable[Path]) -> None:
    """Refuse a table of contents that leaves out a notebook, or names a page that is not there."""
    named = set(re.findall(r"^\s*-\s*file:\s*(\S+)", project.toc.read_text(encoding="utf-8"), re.MULTILINE))
    notebooks = {f"notebooks/{source.stem}" for source in sources if not source.name.startswith(LANDING)}
    problems = [f"{name} is not in it" for name in sorted(notebooks - named)]
    for name in sorted(named - notebooks):
        if not (project.root / f"{name}.md").is_file():
            problems.append(f"{name} is in it and there is no such page")
    if problems:
        raise BuildError(f"{project.toc.name}: " + "; ".join(problems))


def build_stage(project: Project, jobs: Iterable[Job], downloads: Path | None, at: Repository) -> None:
    """Make the staged tree from scratch; the folder of downloads, if there is one, is laid over it.

    The configuration says where the repository lies, and has no button and no address where it lies nowhere.
    """
    stage = project.stage
    if stage.exists():
        shutil.rmtree(stage)
    (stage / "notebooks").mkdir(parents=True)
    config = configured(project.config.read_text(encoding="utf-8"), at)
    (stage / project.config.name).write_text(config, encoding="utf-8")
    shutil.copyfile(project.toc, stage / project.toc.name)
    copy_below(project.book, stage / project.book.name)
    for job in jobs:
        shutil.copyfile(result_path(project, job), stage / staged_name(job))
    if downloads:
        copy_below(downloads, stage)


def staged_name(job: Job) -> str:
    """Return where a notebook stands in the book: the landing page at the root, the others as in the repository."""
    return "index.ipynb" if job.name.startswith(LANDING) else f"notebooks/{job.name}.ipynb"

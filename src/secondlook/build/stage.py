"""The staged tree: a fresh copy of pages, executed notebooks and data, which is all that Jupyter Book sees.

Sources stay clean, and addresses in the book are those of the repository, with one exception: the first notebook is
staged as ``index``, so that the landing page is ``index.html`` itself and not a redirect to it.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from secondlook.build.errors import BuildError
from secondlook.build.execute import Job, result_path
from secondlook.build.tables import PICTURE
from secondlook.paths import Project

LANDING = "00-"
IGNORED = shutil.ignore_patterns("__pycache__", ".*", "*.pyc", "*.md.orig")


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


def build_stage(
    project: Project, jobs: Iterable[Job], parameters: Mapping[str, object], tables: Path | None = None
) -> Path:
    """Make the staged tree from scratch and return it; ``tables`` is a folder of computed tables for download."""
    stage = project.stage
    shutil.rmtree(stage, ignore_errors=True)
    (stage / "notebooks").mkdir(parents=True)
    shutil.copy2(project.config, stage)
    shutil.copy2(project.toc, stage)
    if project.book.is_dir():
        shutil.copytree(project.book, stage / "book", ignore=IGNORED)
    for job in jobs:
        shutil.copyfile(result_path(project, job), stage / staged_name(job))
    stage_data(project, parameters)
    for table in sorted(tables.iterdir()) if tables else ():
        folder = stage / "book" / "_static" if table.name == PICTURE else stage / "data"
        shutil.copyfile(table, folder / table.name)
    return stage


def staged_name(job: Job) -> str:
    """Return where a notebook stands in the book: the landing page at the root, the others as in the repository."""
    return "index.ipynb" if job.name.startswith(LANDING) else f"notebooks/{job.name}.ipynb"


def stage_data(project: Project, parameters: Mapping[str, object]) -> None:
    """Lay the data for download where the repository has them."""
    data = project.stage / "data"
    data.mkdir()
    published = project.root / str(parameters.get("published") or project.published)
    if published.is_dir():
        shutil.copytree(published, data / "published", ignore=IGNORED)
    if project.cohort.is_file():  # the invented patients only: somebody's records are not for download
        (data / "cohort").mkdir()
        shutil.copyfile(project.cohort, data / "cohort" / project.cohort.name)

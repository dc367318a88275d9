"""The staged tree: a fresh copy of pages, executed notebooks and data, which is all that Jupyter Book sees.

Notebooks that are still to be executed are empty files in it, which Jupyter Book reads last, waiting for each
(``book/_ext/secondlook_waiting.py``); the file ``.waiting`` names their pages in the order in which they will come.

Sources stay clean, and addresses in the book are those of the repository, with one exception: the first notebook is
staged as ``index``, so that the landing page is ``index.html`` itself and not a redirect to it.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from bookpress.errors import BuildError
from bookpress.execute import Job, result_path
from bookpress.paths import Project
from bookpress.tables import PICTURE

LANDING = "00-"
WAITING = ".waiting"
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


def build_stage(project: Project, jobs: Iterable[Job], parameters: Mapping[str, object]) -> None:
    """Make the staged tree from scratch, with all but the tables for download and what has not been executed yet."""
    stage = project.stage
    if stage.exists():
        shutil.rmtree(stage)
    (stage / "notebooks").mkdir(parents=True)
    shutil.copy2(project.config, stage)
    shutil.copy2(project.toc, stage)
    if project.book.is_dir():
        shutil.copytree(project.book, stage / "book", ignore=IGNORED)
    waiting = []
    for job in jobs:
        if result_path(project, job).is_file():
            add_notebook(project, job)
        else:
            (stage / staged_name(job)).touch()
            waiting.append(Path(staged_name(job)).with_suffix("").as_posix())
    (stage / WAITING).write_text("".join(f"{name}\n" for name in waiting), encoding="utf-8")
    stage_data(project, parameters)


def add_notebook(project: Project, job: Job) -> None:
    """Put an executed notebook in its place, in one step: somebody may be waiting for it there."""
    target = project.stage / staged_name(job)
    part = target.with_suffix(".part")
    shutil.copyfile(result_path(project, job), part)
    part.replace(target)


def add_tables(project: Project, tables: Path | None) -> None:
    """Put computed tables, if there are any, where pages offer them for download."""
    for table in sorted(tables.iterdir()) if tables else ():
        folder = project.stage / "book" / "_static" if table.name == PICTURE else project.stage / "data"
        shutil.copyfile(table, folder / table.name)


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
    for layout in sorted(project.data.glob("*/layout.toml")):  # other papers that pages quote
        if layout.parent != project.published:
            shutil.copytree(layout.parent, data / layout.parent.name, ignore=IGNORED)
    if project.cohort.is_file():  # the invented patients only: somebody's records are not for download
        (data / "cohort").mkdir()
        shutil.copyfile(project.cohort, data / "cohort" / project.cohort.name)

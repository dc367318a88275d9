"""Executed copies as readers get them: the edition for notebook editors, with a cell that sets up and a style."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bookpress import edition, pairs
from bookpress.execute import Job, result_path
from bookpress.files import write_whole
from bookpress.keys import Keys
from bookpress.paths import Project
from bookpress.repository import Repository
from bookpress.stage import staged_name


def executed(project: Project, job: Job, book: edition.Book, repository: Repository) -> str:
    """Return the executed copy of a notebook, as the text of an ``.ipynb``."""
    import nbformat

    result = nbformat.read(result_path(project, job), as_version=4)
    made = pairs.assembled(
        edition.Writer(book, job.name, result, executed=True).cells(), first_cell(project, repository)
    )
    return nbformat.writes(made) + "\n"


def first_cell(project: Project, repository: Repository):
    """Return the cell that sets up, which knows where the repository lies and shows the style; None without one."""
    import nbformat

    first = pairs.set_up_cell(pairs.set_up(project, repository))
    if first and project.settings.style:
        style = (project.root / project.settings.style).read_text(encoding="utf-8")
        data = {"text/html": f"<style>\n{style}</style>", "text/plain": ""}
        first.outputs = [nbformat.v4.new_output("display_data", data=data)]
    return first


def book_of(project: Project, now: Keys) -> edition.Book:
    """Return what texts may refer to in a build."""
    return edition.Book.of(project, now.parameters, now.repository.pages)


def offer(project: Project, jobs: Iterable[Job], html: Path, now: Keys) -> None:
    """Put the copies where the download buttons of a book lead: until then, what it was built from lies there."""
    book = book_of(project, now)
    for job in jobs:
        write_whole(html / "_sources" / staged_name(job), executed(project, job, book, now.repository))

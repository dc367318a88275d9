"""The built book as the kit reads it: executed chapters and pages as plain Markdown, with every number in place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

import nbformat

from bookpress import copies, edition, keys, pairs, repository
from bookpress.build import find_source, job_of
from bookpress.errors import BuildError
from bookpress.execute import result_path
from bookpress.paths import Project

#: A link that leads to another page of the book, which paper and slides do not have beside them.
INNER_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?!https?:)[^)]*\)")
SOLUTION = re.compile(r"^:{3,}\{solution-(start|end)\}.*?^:{3,} *$", re.MULTILINE | re.DOTALL)
WHOLE_SOLUTION = re.compile(r"^(:{3,})\{solution\}.*?^\1 *$\n?", re.MULTILINE | re.DOTALL)


class Source:
    """A project whose book has been built as it is now."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.now = keys.Keys(project, dict(project.settings.parameters), repository.of(project))

    @cached_property
    def book(self) -> edition.Book:
        """What texts may refer to."""
        return copies.book_of(self.project, self.now)

    @cached_property
    def chapters(self) -> list[str]:
        """The names of the chapters that have exercises, in order."""
        texts = {source.stem: source.read_text(encoding="utf-8") for source in pairs.sources(self.project)}
        return [name for name, text in texts.items() if "{exercise}" in text]

    def result(self, name: str):
        """Return an executed chapter.

        Raises
        ------
        BuildError
            When the book was not built as it is now.
        """
        file = result_path(self.project, job_of(find_source(self.project, name), self.now))
        if not file.is_file():
            raise BuildError(f"{name} has not been executed as it is now: make book")
        return nbformat.read(file, as_version=4)

    def cells(self, name: str) -> tuple[object, list[tuple]]:
        """Return an executed chapter, and the cells of its edition for notebook editors."""
        result = self.result(name)
        return result, edition.Writer(self.book, name, result, executed=True).cells()

    def notebook(self, name: str, solved: bool):
        """Return a chapter as a notebook that sets itself up, with its solutions or without."""
        result = self.result(name)
        writer = edition.Writer(self.book, name, result, executed=True)
        if not solved:
            writer.notebook = unsolved(result)
        return pairs.assembled(writer.cells(), copies.first_cell(self.project, self.now.repository))

    def plain(self, text: str) -> str:
        """Return a page of the book as plain Markdown without links into the book."""
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)])
        writer = edition.Writer(self.book, "page", notebook, executed=False)
        return unlinked("\n\n".join(cell.source for cell, _ in writer.cells()))


def unlinked(text: str) -> str:
    """Return Markdown whose links into the book are words."""
    return INNER_LINK.sub(r"\1", text)


def unsolved(notebook):
    """Return a notebook without the solutions of its exercises; numbers in its text are filled in elsewhere."""
    kept, solving = [], False
    for cell in notebook.cells:
        if cell.cell_type != "markdown":
            if not solving:
                kept.append(cell)
            continue
        texts, place = [], 0
        for mark in SOLUTION.finditer(cell.source):
            if mark[1] == "start":
                texts.append(cell.source[place : mark.start()])
            solving, place = mark[1] == "start", mark.end()
        if not solving:
            texts.append(cell.source[place:])
        if text := WHOLE_SOLUTION.sub("", "".join(texts)).strip():
            kept.append(nbformat.from_dict({**cell, "source": text}))
    return nbformat.from_dict({**notebook, "cells": kept})


def numbered(lines: Iterable[str]) -> str:
    """Return lines as a numbered list of Markdown."""
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))

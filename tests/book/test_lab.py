"""Chapters in a real JupyterLab: they read there, run from top to bottom, and give the numbers of the book.

Authority: the book of this checkout, executed by papermill.
"""

from __future__ import annotations

import re

import lab
import nbformat
import pytest
import reader
from reader import PROJECT

from secondlook.pages import palette

pytestmark = [pytest.mark.pages, pytest.mark.lab]
CHAPTERS = ("00-overview", "28-patients", "40-how-many-events", "70-read-a-paper")
RAW = re.compile(r"\{[A-Za-z][\w:.+-]*\}`|^:::|\[⟨|\]\(", re.MULTILINE)


@pytest.fixture(scope="module")
def browser():
    """A Chromium of this machine; of the book only what a chapter has told is needed."""
    with reader.chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The address of a JupyterLab in a checkout."""
    pytest.importorskip("jupyterlab", reason="no JupyterLab: make lab-test")
    home = tmp_path_factory.mktemp("home")
    with lab.server(lab.checkout(home / "checkout"), home) as address:
        yield address


@pytest.mark.parametrize("theme", lab.THEMES)
@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_reads_and_runs_as_in_the_book(browser, address, name, theme):
    expected = lab.in_the_book(name)
    with lab.Chapter(browser, address, f"notebooks/{name}.ipynb", theme) as chapter:
        chapter.run_all()
        assert chapter.errors() == []
        notebook = nbformat.from_dict(chapter.notebook())
        assert lab.told(notebook) == expected
        assert expected
        assert not RAW.findall(chapter.page.locator(".jp-Notebook").inner_text())
        assert chapter.page.locator("details[open]").count() == 0
        assert set(answers(name)) <= {cell.id for cell in notebook.cells}
        assert seen(chapter, answers(name)) == []
        assert hidden(chapter) == {
            cell.id for cell in notebook.cells if cell.metadata.get("jupyter", {}).get("source_hidden")
        }
        told_there = chapter.page.locator(".sl-told dd").all_inner_texts()
        assert {value.strip("'") for value in expected.values()} <= set(told_there)
        assert unstyled(chapter) == []
        assert pale(chapter) == []


def hidden(chapter: lab.Chapter) -> set[str]:
    """Return the ids of the cells whose code is folded."""
    found = """() => jupyterapp.shell.currentWidget.content.widgets
        .filter(cell => cell.inputHidden && cell.node.querySelector('.jp-Placeholder')).map(cell => cell.model.id)"""
    return set(chapter.page.evaluate(found))


def answers(name: str) -> list[str]:
    """Return the ids of the cells that answer a question, as the pair has them: Lab unfolds each that it runs."""
    pair = nbformat.read(PROJECT.notebooks / f"{name}.ipynb", as_version=4)
    return [cell.id for cell in pair.cells if cell.metadata.get("jupyter", {}).get("outputs_hidden")]


def seen(chapter: lab.Chapter, ids: list[str]) -> list[str]:
    """Return what can be read of some cells though nobody has unfolded the heading above them."""
    found = """ids => jupyterapp.shell.currentWidget.content.widgets
        .filter(cell => ids.includes(cell.model.id) && cell.node.offsetParent).map(cell => cell.node.innerText)"""
    return chapter.page.evaluate(found, ids)


def unstyled(chapter: lab.Chapter) -> list[str]:
    """Return the verdicts that do not have their ground, and the cards without a frame."""
    found = chapter.page.evaluate(
        """() => {
          const style = e => getComputedStyle(e);
          const badges = [...document.querySelectorAll('.sl-verdict, .sl-cell')].map(
            e => [e.className.match(/sl-(?!verdict|cell|icon)([a-z-]+)/)?.[1], style(e).backgroundColor]);
          const cards = [...document.querySelectorAll('.sl-card')].filter(e => style(e).borderLeftStyle !== 'solid');
          return [badges, cards.map(e => e.textContent.slice(0, 60))];
        }"""
    )
    grounds = {
        word: "rgb({}, {}, {})".format(*bytes.fromhex(ground[1:])) for word, (ground, _) in palette.VERDICTS.items()
    }
    return [f"{word}: {ground}" for word, ground in found[0] if grounds.get(word) != ground] + found[1]


def pale(chapter: lab.Chapter) -> list[str]:
    """Return what axe finds too pale to read in texts and outputs."""
    chapter.page.evaluate("axe => (0, eval)(axe)", reader.AXE.read_text(encoding="utf-8"))
    return chapter.page.evaluate(
        """async () => {
          const where = {include: [['.jp-RenderedHTMLCommon']]}, rules = {runOnly: ['color-contrast'], resultTypes: ['violations']};
          const found = await axe.run(where, rules);
          return found.violations.flatMap(rule => rule.nodes.map(node => node.html.slice(0, 200) + node.failureSummary));
        }"""
    )

"""A student runs what a page shows, top to bottom, with nothing that it hides; solutions too, in any order.

``python tests/student.py 28-patients`` says of one chapter what stops.
"""

import json
import subprocess
import sys

import jupytext
import pytest
import student
from conftest import ROOT
from shown import SOURCES, kind

WITH_CODE = [source for source in SOURCES if student.cells(source)]


@pytest.fixture(scope="module")
def warm():
    """A process that has imported what chapters import, and forks for each."""
    with subprocess.Popen(
        [sys.executable, "tests/student.py", "-"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.stdin.close()


@pytest.mark.slow
@pytest.mark.parametrize("chapter", [source.stem for source in SOURCES])
def test_what_is_shown_runs(chapter, warm):
    print(chapter, file=warm.stdin, flush=True)
    assert json.loads(warm.stdout.readline()) == []


@pytest.mark.parametrize("source", WITH_CODE, ids=lambda source: source.stem)
def test_a_chapter_begins_with_one_short_open_cell_that_reads_the_data(source):
    first = student.cells(source)[0].source
    [cell] = [cell for cell in jupytext.read(source, fmt="py:percent").cells if cell.source == first]
    assert kind(cell) == "shown"
    assert "look = start()" in first
    assert len(first.splitlines()) <= 25


CHAPTER = """\
# %% tags=["remove-cell"]
hidden = 1
# %%
shown = 2
# %% [markdown]
# ::::{solution-start} first
# ::::
# %%
mine = shown
# %% [markdown]
# ::::{solution-end}
# ::::
#
# ::::{solution-start} second
# ::::
# %% tags=["hide-input"]
mine + hidden
# %% [markdown]
# ::::{solution-end}
# ::::
# %%
shown
"""


def test_what_a_page_hides_and_other_solutions_are_not_there(tmp_path, monkeypatch):
    source = tmp_path / "10-x.py"
    source.write_text(CHAPTER, encoding="utf-8")
    assert [(cell.line, cell.solution) for cell in student.cells(source)] == [
        (4, ""), (9, "first"), (17, "second"), (22, ""),
    ]  # fmt: skip
    monkeypatch.setattr(student, "NOTEBOOKS", tmp_path)
    assert student.problems("10-x") == ["10-x.py:17: NameError: name 'mine' is not defined"]

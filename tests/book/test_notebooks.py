"""What every notebook keeps: its parameters, its pair, and prose into which no result is typed."""

import ast
import itertools
import re
import tomllib
from collections import Counter
from pathlib import Path

import jupytext
import pytest
import yaml
from conftest import ROOT
from shown import SOURCES, lines

PARAMETERS = {"published": "data/published", "alpha": 0.05, "cohort": ""}
#: The least share of code lines that a reader sees; the bar is raised with each chapter that does better.
SEEN = 0.72
#: Decimals that prose may hold: names of versions and criteria, and the ends of a scale.
MAY_STAND = {"1.1", "5.0", "0.05", "95"}


def notebook(path):
    return jupytext.read(path, fmt="py:percent")


def prose(path):
    return "\n".join(cell.source for cell in notebook(path).cells if cell.cell_type == "markdown")


def test_there_is_a_notebook_for_each_section(paper):
    names = " ".join(path.stem for path in SOURCES)
    for section in paper.layout.sections:
        assert section in names


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.stem)
def test_parameters_are_the_three_of_the_contract(path):
    [cell] = [c for c in notebook(path).cells if "parameters" in c.metadata.get("tags", [])]
    values = {node.targets[0].id: ast.literal_eval(node.value) for node in ast.parse(cell.source).body}
    assert values == PARAMETERS


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.stem)
def test_no_printed_decimal_is_typed_into_prose(path, paper):
    """A decimal of the paper in the prose must come by its id: {printed}`id`."""
    plain = re.sub(r"`[^`]*`|https?://\S+|\$[^$]*\$|\]\([^)]*\)|\d+\.\d+/\S+", " ", prose(path))
    printed = {v.printed for v in paper if v.number and "." in v.printed} - MAY_STAND
    typed = set(re.findall(r"(?<![\w.])\d+\.\d+(?![\w.])", plain)) & printed
    assert not typed, f"{path.name} types {sorted(typed)}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.stem)
def test_no_line_of_prose_is_swallowed_as_a_comment(path):
    """MyST takes a line that begins with a percent sign as a comment and drops it without a word."""
    assert not [line for line in prose(path).splitlines() if line.startswith("%")]


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.stem)
def test_figures_have_alt_text_that_says_something(path):
    for cell in notebook(path).cells:
        if cell.cell_type == "code" and re.search(
            r"figures\.new\(|plt\.subplots\(|\.relplot\(|\.catplot\(", cell.source
        ):
            alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
            hidden = "remove-cell" in cell.metadata.get("tags", [])
            assert hidden or len(alt) >= 40 or "def " in cell.source, f"{path.name}: {cell.source[:60]}"


def test_numbers_in_file_names_ascend_in_reading_order():
    """A reader of the folder meets the chapters as a reader of the book does; a gap is left between two parts."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    parts = [[Path(chapter["file"]) for chapter in part["chapters"]] for part in toc["parts"]]
    parts = [[int(file.name[:2]) for file in part if file.parent.name == "notebooks"] for part in parts]
    numbers = [0, *(number for part in parts for number in part)]
    assert numbers == sorted(set(numbers)) == [int(path.name[:2]) for path in SOURCES]
    ends = [(part[0], part[-1]) for part in parts if part]
    assert all(after[0] - before[1] > 1 for before, after in itertools.pairwise(ends))


def test_most_of_the_code_is_shown_or_folded():
    """Code that no reader of the book sees is plumbing: it belongs into the package, or away (``make shown``)."""
    code = sum((lines(path) for path in SOURCES), Counter())
    seen = code["shown"] + code["folded"]
    share = seen / (seen + code["hidden"])
    assert share >= SEEN, f"{share:.0%} of the code lines are shown or folded, and {SEEN:.0%} were"


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.stem)
def test_guards_of_the_text_run_in_the_build_alone(path):
    """Cells tagged guard (and remove-cell) are left out of the edition, so that a reader who changes a number in Jupyter
    gets another result and no AssertionError."""
    for cell in notebook(path).cells:
        guards = cell.cell_type == "code" and any(isinstance(n, ast.Assert) for n in ast.walk(ast.parse(cell.source)))
        tags = cell.metadata.get("tags", [])
        assert guards == ("guard" in tags), f"{path.name}: {cell.source}"
        assert not guards or "remove-cell" in tags, f"{path.name}: {cell.source}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.stem)
def test_guards_say_which_words_are_no_longer_true(path):
    """A reader of a failed build meets a sentence and the numbers, not a bare AssertionError."""
    mute = [node.lineno for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Assert) and node.msg is None]  # fmt: skip
    assert not mute, f"{path.name}: no message at lines {mute}"


def test_every_exercise_says_its_level_its_time_and_a_tool_and_has_a_hint():
    exercise = re.compile(r"^# (:{3,})\{exercise\}.*?\n# :label: (\S+)\n#\n(.*?)\n# \1\n(.*?)(?=solution)", re.M | re.S)
    marks = re.compile(r"# \*Level [123] of 3 · \d+ minutes · [^*\n]+\*\n")
    bare, found = [], 0
    for path in SOURCES:
        for _, label, body, after in exercise.findall(path.read_text(encoding="utf-8")):
            found += 1
            if not (marks.match(body) and "{admonition} Hint" in after):
                bare.append(label)
    assert bare == []
    assert found == sum(path.read_text(encoding="utf-8").count("{exercise}") for path in SOURCES)


def test_questions_stand_in_the_file_of_their_chapter_and_each_group_is_asked_once():
    """Words of questions are data, with what is made up for them; a cell computes the rest (``pages.practice``)."""
    asked = [(path.stem[3:], call) for path in SOURCES
             for call in re.findall(r"practice\.(\w+\([^,)]*)", path.read_text(encoding="utf-8"))]  # fmt: skip
    stored = [(file.stem, f'ask("{file.stem}.{group}"') for file in sorted((ROOT / "data" / "practice").iterdir())
              for group in tomllib.loads(file.read_text(encoding="utf-8")) if group != "given"]  # fmt: skip
    assert sorted((name, re.sub(r"\s", "", call)) for name, call in asked) == sorted(stored)

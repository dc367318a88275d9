"""Questions with feedback: what counts as right, and which mistakes are told.

Authority: the sets of values that print as an answer does (design, 3); the browser's part is in tests/book.
"""

import json
import math
from html import unescape

import pytest
from bs4 import BeautifulSoup

from secondlook.numbers.printed import parse
from secondlook.pages import notebook, practice
from secondlook.paper.reading import DataError

FILE = """[[after]]
asks = "{yes} of {size}: which share?"
answer = "share"
places = 1
why = "{yes} over {size}."
also = [12.0]
mistakes = [{ gives = "odds", said = "Those are the odds of {yes}." }]

[[after]]
asks = "Alike?"
answers = [{ said = "yes", why = "{yes}." }, { said = "no", why = "No.", right = true }]
"""


def judged(question):
    return BeautifulSoup(practice.html(question), "html.parser").find(attrs={"data-ask": True})


def test_a_number_is_right_where_it_prints_as_the_answer_does():
    answer = math.log(1.38 / 0.54) / 3.92
    data = practice.number("What is the standard error?", answer, 3, "By the width.").judged
    [[low, high]] = data["right"]
    span = parse("0.239").stands_for()
    assert (low, high) == (float(span.low), float(span.high))
    assert data["said"] == "0.239. By the width."


def test_another_way_of_computing_is_as_right_and_no_hull_is_made():
    data = practice.number("p?", 0.0815, 3, "", others=[0.0837]).judged
    assert data["right"] == [[0.0815, 0.0825], [0.0835, 0.0845]]


def test_a_mistake_that_gives_the_answer_is_none():
    slips = {"to base 10": 0.141, "the same": 0.3262, "no number": math.nan}
    data = practice.number("SE?", 0.3259, 2, "", slips).judged
    assert data["mistakes"] == [[0.135, 0.145, "to base 10"]]


def test_what_has_no_answer_is_refused():
    with pytest.raises(ValueError, match="the answer is inf"):
        practice.number("How many?", math.inf, 0, "")
    with pytest.raises(ValueError, match="'c' is not among the answers"):
        practice.choice("Which?", {"a": "no", "b": "yes"}, right="c")


def test_without_scripts_a_question_has_its_answers_and_the_reason_below_it():
    item = judged(practice.choice("Which <one>?", {"a < b": "It is less.", "b": "It is not."}, right="a < b"))
    assert item.p.get_text() == "Which <one>?"
    assert [line.get_text() for line in item.ul.find_all("li")] == ["a < b", "b"]
    assert item.details.p.get_text() == "A < b. It is less. Not “b”: It is not."
    assert json.loads(unescape(item["data-ask"])) == {"right": 0, "reasons": ["It is less.", "It is not."]}


def test_a_notebook_brings_the_script_along_and_the_book_does_not(monkeypatch):
    question = practice.number("n?", 3, 0, "")
    assert "<script>" not in practice.html(question)
    monkeypatch.setattr(notebook, "_shown", True)
    assert "data-ask" in practice.html(question).partition("<script>")[2]


@pytest.fixture
def stored(tmp_path, monkeypatch):
    folder = tmp_path / "data" / "practice"
    folder.mkdir(parents=True)
    monkeypatch.setattr(practice, "find_root", lambda: tmp_path)
    return folder / "one.toml"


def test_a_chapters_questions_are_those_of_its_file_with_its_numbers(stored):
    stored.write_text(FILE, encoding="utf-8")
    asked = practice.ask("one.after", yes=1, size=8, share=12.5, odds=14.29)
    number = practice.number(
        "1 of 8: which share?", 12.5, 1, "1 over 8.", {"Those are the odds of 1.": 14.29}, others=[12.0]
    )
    assert asked == practice.html(number, practice.choice("Alike?", {"yes": "1.", "no": "No."}, right="no"))


def test_an_answer_may_be_a_formula_of_what_is_printed_and_its_names_are_asked_for(stored):
    words = FILE.replace('"share"\n', '"100 * yes / size"\n').replace(
        'gives = "odds"', 'gives = "100 * yes / (size - yes)"'
    )
    stored.write_text(words, encoding="utf-8")
    asked = practice.ask("one.after", yes="1", size="8")
    odds = {"Those are the odds of 1.": 100 / 7}
    number = practice.number("1 of 8: which share?", 12.5, 1, "1 over 8.", odds, others=[12.0])
    assert asked == practice.html(number, practice.choice("Alike?", {"yes": "1.", "no": "No."}, right="no"))
    with pytest.raises(ValueError, match="no value 'size' is given"):
        practice.ask("one.after", yes="1")


def test_values_that_are_missing_or_too_many_are_named(stored):
    stored.write_text(FILE, encoding="utf-8")
    with pytest.raises(ValueError, match=r"no value 'odds' is given; no value 'size' .*; no question names .* 'more'"):
        practice.ask("one.after", yes=1, share=12.5, more=0)
    with pytest.raises(ValueError, match=r"one\.toml has no group 'before' but after"):
        practice.ask("one.before")


def test_values_that_are_given_may_be_formulas_of_those_above_and_of_computed_ones(stored):
    given = '[given]\nsize = 8\nshare = "100 * yes / size"\nodds = "100 * yes / (size - yes)"\n\n'
    stored.write_text(given + FILE, encoding="utf-8")
    odds = {"Those are the odds of 1.": 100 / 7}
    number = practice.number("1 of 8: which share?", 12.5, 1, "1 over 8.", odds, others=[12.0])
    choice = practice.choice("Alike?", {"yes": "1.", "no": "No."}, right="no")
    assert practice.ask("one.after", yes=1) == practice.html(number, choice)
    with pytest.raises(ValueError, match="no value 'yes' is given; no question names the value 'size'"):
        practice.ask("one.after", size=8)
    stored.write_text(given.replace("odds", "idle") + FILE, encoding="utf-8")
    with pytest.raises(DataError, match="no question names idle"):
        practice.ask("one.after", yes=1)


def test_a_formula_may_take_roots_and_logarithms():
    asked = practice.Questions.model_validate({"given": {"root": "sqrt(a)"}, "after": [
        {"asks": "?", "answer": "log(root) + exp(b)", "places": 1, "why": "."}]})  # fmt: skip
    assert asked.needs(asked.after) == {"root", "a", "b"}


@pytest.mark.parametrize(("given", "instead"), [(", right = true", ""), ('"{yes}." }', '"{yes}.", right = true }')])
def test_a_question_with_no_right_answer_or_two_is_refused(stored, given, instead):
    stored.write_text(FILE.replace(given, instead), encoding="utf-8")
    with pytest.raises(DataError, match="one answer is to be right"):
        practice.ask("one.after")

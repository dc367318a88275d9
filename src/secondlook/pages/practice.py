"""Questions that a reader answers and is told about, as HTML: a number to type in, or one of several answers to choose.

A number is right when it rounds to the answer, or to that of another way of computing it: the sets of values that do
are worked out here, by :mod:`secondlook.numbers`, and written into the page. So are the values to which usual mistakes
lead, each with what went wrong. `practice.js` compares; without it a question has its answer below it, folded.

The words are data: ``data/practice/CHAPTER.toml`` has a chapter's questions with the numbers that are made up for them,
and formulas of these and of what the chapter computes.
"""

from __future__ import annotations

import ast
import contextlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from string import Formatter
from typing import Annotated

import pandas as pd
from pydantic import Discriminator, Field, Tag, model_validator

from secondlook.checkout import find_root
from secondlook.numbers.in_words import capital
from secondlook.numbers.printed import Interval, parse, show
from secondlook.pages import notebook
from secondlook.pages.present import Html
from secondlook.paper.reading import read_toml
from secondlook.paper.schema import Key, Strict, Words

HEAD = "Try yourself"

#: A value, or a formula of arithmetic, with ``sqrt``, ``exp`` and ``log``, of values that have names.
Value = int | float | str


class Mistake(Strict):
    """A usual mistake."""

    gives: Value = Field(description="the value to which it leads")
    said: Words = Field(description="what went wrong")


class Answer(Strict):
    """One of several answers to choose."""

    said: Words = Field(description="the answer")
    why: Words = Field(description="why it is right, or is not")
    right: bool = Field(default=False, description="whether it is the right one")


class Number(Strict):
    """A question for a number; see :func:`number`."""

    asks: Words = Field(description="the question, with the unit; computed values by their names in braces")
    answer: Value = Field(description="its value, not rounded")
    places: int = Field(ge=0, le=9, description="how many decimals are asked for")
    why: Words = Field(description="how one comes to it")
    also: list[Value] = Field(default=[], description="what other ways of computing give that are as right")
    mistakes: list[Mistake] = Field(default=[], description="usual mistakes")


class Choice(Strict):
    """A question with several answers; see :func:`choice`."""

    asks: Words = Field(description="the question")
    answers: list[Answer] = Field(min_length=2, description="the answers, one of which is right")

    @model_validator(mode="after")
    def _one_is_right(self) -> Choice:
        if sum(answer.right for answer in self.answers) != 1:
            raise ValueError("one answer is to be right, and no other")
        return self


def _kind(question: Mapping[str, object]) -> str:
    return "choice" if "answers" in question else "number"


Question = Annotated[Annotated[Number, Tag("number")] | Annotated[Choice, Tag("choice")], Discriminator(_kind)]


class Questions(Strict):
    """A chapter's questions."""

    given: dict[Key, Value] = Field(default={}, description="values by name, or formulas of what stands above")
    before: list[Question] = Field(default=[], description="the group before the chapter's answers")
    after: list[Question] = Field(default=[], description="the group behind them")

    @model_validator(mode="after")
    def _all_given_is_used(self) -> Questions:
        if unused := sorted(self.given.keys() - self.needs([*self.before, *self.after])):
            raise ValueError(f"no question names {', '.join(unused)}")
        return self

    def needs(self, asked: Iterable[Question]) -> set[str]:
        """Return the values that questions name, and those of which these are formulas."""
        needed = set().union(*map(_names, asked))
        for name, value in reversed(self.given.items()):
            if name in needed:
                needed |= _variables(value)
        return needed


@dataclass(frozen=True)
class Asked:
    """What is asked, the answer in words, and what the page needs to judge an answer, as plain data."""

    text: str
    answer: str
    choices: tuple[str, ...]
    judged: Mapping[str, object]


def number(
    text: str,
    answer: float,
    places: int,
    why: str,
    mistakes: Mapping[str, float] | None = None,
    others: Iterable[float] = (),
) -> Asked:
    """Return a question for a number.

    Parameters
    ----------
    text : str
        The question; it says the unit.
    answer : float
        Its value, not rounded.
    places : int
        How many decimals are asked for.
    why : str
        How one comes to it.
    mistakes : mapping of str to float, optional
        What went wrong, and the value to which it leads. One that cannot be told from the answer is left out.
    others : iterable of float
        What other ways of computing give that are as right, such as steps that were rounded.

    Raises
    ------
    ValueError
        When the answer is no finite number.
    """
    if not math.isfinite(answer):
        raise ValueError(f"{text}: the answer is {answer}")
    right = [_prints(value, places) for value in (answer, *others)]
    slips = {said: _prints(value, places) for said, value in (mistakes or {}).items() if math.isfinite(value)}
    told = {said: span for said, span in slips.items() if not any(_overlap(span, other) for other in right)}
    shown = show(answer, places).replace("-", "\N{MINUS SIGN}")
    judged = {
        "places": places,
        "exact": answer,
        "right": [_ends(span) for span in right],
        "mistakes": [[*_ends(span), said] for said, span in told.items()],
        "said": f"{shown}. {why}",
    }
    return Asked(text, f"{shown}. {why}", (), judged)


def choice(text: str, answers: Mapping[str, str], right: str) -> Asked:
    """Return a question with several answers, each with the reason why it is right or wrong.

    Raises
    ------
    ValueError
        When the right one is not among them.
    """
    if right not in answers:
        raise ValueError(f"{text}: {right!r} is not among the answers")
    said = capital(right.removesuffix("."))
    wrong = " ".join(f"Not “{other}”: {why}" for other, why in answers.items() if other != right)
    judged = {"right": list(answers).index(right), "reasons": list(answers.values())}
    return Asked(text, f"{said}. {answers[right]} {wrong}", tuple(answers), judged)


def ask(which: str, **values: object) -> Html:
    """Return a group of a chapter's questions, each with its answer folded below it.

    Parameters
    ----------
    which : str
        The file of ``data/practice`` without its ending, a point, and the group in it: ``"two-programs.after"``.
    values : float, int or str
        The computed values that the group names, or that what is given is made of, by their names.

    Raises
    ------
    secondlook.paper.reading.DataError
        When there is no such file or it is malformed.
    ValueError
        When there is no such group, or its values are not those that are given: lists all.
    """
    file, _, group = which.partition(".")
    stored = read_toml(find_root() / "data" / "practice" / f"{file}.toml", Questions)
    groups = {"before": stored.before, "after": stored.after}
    if not groups.get(group):
        raise ValueError(f"{file}.toml has no group {group!r} but {', '.join(filter(groups.get, groups))}")
    computed = stored.needs(groups[group]) - stored.given.keys()
    problems = [f"no value {name!r} is given" for name in sorted(computed - values.keys())]
    problems += [f"no question names the value {name!r}" for name in sorted(values.keys() - computed)]
    if problems:
        raise ValueError(f"{which}: {'; '.join(problems)}")
    for name, value in stored.given.items():
        if _variables(value) <= values.keys():
            values[name] = _worked(value, values)
    return html(*(_asked(question, values) for question in groups[group]))


def _names(question: Number | Choice) -> set[str]:
    """Return the computed values that a question names: in the braces of its words, and as answers."""
    if isinstance(question, Choice):
        words, named = [text for answer in question.answers for text in (answer.said, answer.why)], []
    else:
        words = [question.why, *(mistake.said for mistake in question.mistakes)]
        named = [question.answer, *question.also, *(mistake.gives for mistake in question.mistakes)]
    braces = {name for text in (question.asks, *words) for _, name, _, _ in Formatter().parse(text) if name}
    return braces.union(*map(_variables, named))


def _variables(formula: Value) -> set[str]:
    """Return the values of which a formula is made."""
    nodes = list(ast.walk(ast.parse(formula, mode="eval"))) if isinstance(formula, str) else []
    functions = {node.func.id for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    return {node.id for node in nodes if isinstance(node, ast.Name)} - functions


def _worked(formula: Value, values: Mapping[str, object]) -> float:
    """Return what a formula gives; a printed string among its values counts as its number."""
    if not isinstance(formula, str):
        return formula
    known = {name: value for name, value in values.items() if _is_number(value)}
    numbers = {name: float(value) if isinstance(value, str) else value for name, value in known.items()}
    return pd.eval(formula, engine="python", local_dict=numbers)


def _is_number(value: object) -> bool:
    with contextlib.suppress(ValueError):
        return math.isfinite(float(value))
    return False


def _asked(question: Number | Choice, values: Mapping[str, object]) -> Asked:
    def said(text: str) -> str:
        return text.format_map(values)

    def value(of: Value) -> float:
        return float(_worked(of, values))

    if isinstance(question, Choice):
        answers = {said(answer.said): said(answer.why) for answer in question.answers}
        [right] = (said(answer.said) for answer in question.answers if answer.right)
        return choice(said(question.asks), answers, right)
    mistakes = {said(mistake.said): value(mistake.gives) for mistake in question.mistakes}
    also = map(value, question.also)
    return number(said(question.asks), value(question.answer), question.places, said(question.why), mistakes, also)


def html(*questions: Asked) -> Html:
    """Return questions as a group, each with its answer folded below it."""
    asked = "".join(map(_html, questions))
    return notebook.moving(
        f'<div class="sl-practice" role="group" aria-label="{HEAD}"><p class="sl-practice-head">{HEAD}</p>'
        f"<ol>{asked}</ol></div>",
        "practice.js",
    )


def _html(question: Asked) -> str:
    data = escape(json.dumps(question.judged, ensure_ascii=False, separators=(",", ":")))
    listed = "".join(f"<li>{escape(said)}</li>" for said in question.choices)
    return (
        f'<li data-ask="{data}"><p class="sl-asked">{escape(question.text)}</p>{listed and f"<ul>{listed}</ul>"}'
        f"<details><summary>Answer</summary><p>{escape(question.answer)}</p></details></li>"
    )


def _prints(value: float, places: int) -> Interval:
    """Return all values that print as this one does."""
    return parse(show(value, places)).stands_for()


def _overlap(one: Interval, other: Interval) -> bool:
    """Say whether two sets share more than an end."""
    return one.low < other.high and other.low < one.high


def _ends(span: Interval) -> list[float]:
    return [float(span.low), float(span.high)]

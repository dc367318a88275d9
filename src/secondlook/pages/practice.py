"""Questions that a reader answers and is told about, as HTML: a number to type in, or one of several answers to choose.

A number is right when it rounds to the answer, or to that of another way of computing it: the sets of values that do
are worked out here, by :mod:`secondlook.numbers`, and written into the page. So are the values to which usual mistakes
lead, each with what went wrong. `practice.js` compares; without it a question has its answer below it, folded.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape

from secondlook.numbers.printed import Interval, parse, show
from secondlook.pages import notebook
from secondlook.pages.present import Html

HEAD = "Try yourself"


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
    said = right[:1].upper() + right[1:].removesuffix(".")
    wrong = " ".join(f"Not “{other}”: {why}" for other, why in answers.items() if other != right)
    judged = {"right": list(answers).index(right), "reasons": list(answers.values())}
    return Asked(text, f"{said}. {answers[right]} {wrong}", tuple(answers), judged)


def ask(*questions: Asked) -> Html:
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

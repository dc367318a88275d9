"""What becomes of a paper's conclusions: data of the paper say what each hangs on, one function judges them.

In: ``conclusions.toml`` of a data folder, facts and numbers that have been computed, and the values that are wrong.
"""

from __future__ import annotations

import string
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from pydantic import Field, PrivateAttr, model_validator

from secondlook.checks.drawn import rests_on
from secondlook.checks.verdicts import RECORDS
from secondlook.matters import Matter
from secondlook.numbers.in_words import capital
from secondlook.paper.reading import DataError, read_toml
from secondlook.paper.registry import Registry
from secondlook.paper.schema import Key, Strict, ValueRef, VariableKey, Words, references

FILE = "conclusions.toml"
SURVIVES, CORRECTED = "survives", "survives with a correction"
NOT, UNKNOWN = "does not survive", "cannot be told"
#: What a matter changes where the conclusion that states its values outlives it.
QUOTED = "no, only what is quoted"
#: What a decision changes where the conclusion that it contradicts outlives it.
READ_ALONE = "yes, where it is read alone"
#: All of them, from the best.
OUTCOMES = (SURVIVES, CORRECTED, NOT, UNKNOWN)


class Conclusion(Strict):
    """A conclusion of the paper, and what it hangs on."""

    said: Words = Field(description="the conclusion, in our words")
    place: Key = Field(description="anchor of the heading under which the page looks into it")
    claims: list[ValueRef] = Field(min_length=1, description="ids of the values that draw it or rest on it")
    holds: Key | None = Field(
        default=None, description="key of the fact that bears it out; none where only the records can tell"
    )
    fact: Words = Field(default="", description="that fact, in words; empty where there is none")
    otherwise: Literal["does not survive", "cannot be told"] = Field(description="its outcome where the fact is none")
    corrected: list[ValueRef] = Field(
        default=[],
        description="ids of values that it states: where one of them is wrong, it survives with a correction",
    )
    hangs: list[ValueRef] = Field(
        default=[], description="ids of further values on which it hangs: were one of them another, it might fall"
    )
    about: list[VariableKey] = Field(
        default=[], description="the variables that it is about, where its claims are about others too"
    )
    because: Words = Field(description="what decides it, a clause; computed numbers by their names in braces")

    @model_validator(mode="after")
    def _a_fact_has_words(self) -> Conclusion:
        if bool(self.fact) != bool(self.holds):
            raise ValueError("a fact has a key (holds) and words (fact), or neither")
        return self

    #: Ids of the numbers that its claims rest on in turn, as :func:`load` finds them.
    _rests: frozenset[str] = PrivateAttr(default=frozenset())

    @property
    def names(self) -> set[str]:
        """Names of the numbers in the clause."""
        return {name for _, name, _, _ in string.Formatter().parse(self.because) if name}


class Conclusions(Strict):
    """``conclusions.toml``: the conclusions of a paper, in the order in which pages list them."""

    conclusions: list[Conclusion] = Field(min_length=1, description="the conclusions")


@dataclass(frozen=True)
class Judged:
    """A conclusion with its outcome (one of :data:`OUTCOMES`) and what decided it, as a sentence."""

    conclusion: Conclusion
    outcome: str
    because: str


def load(folder: Path | str, registry: Registry) -> list[Conclusion]:
    """Read ``conclusions.toml`` of a data folder.

    Raises
    ------
    DataError
        When there is no such file, it is malformed, or names an id that is no value's.
    """
    path = Path(folder) / FILE
    found = read_toml(path, Conclusions)
    known = {"values": registry.values, "variables": registry.layout.variables}
    for where, kind, name in references(found):
        if name not in known[kind]:
            what = {"values": "value's id", "variables": "variable"}[kind]
            raise DataError(path, f"names {name!r}, which is no {what}", column=where)
    for conclusion in found.conclusions:
        conclusion._rests = _numbers(registry, conclusion)
    return found.conclusions


def _numbers(registry: Registry, conclusion: Conclusion) -> frozenset[str]:
    """Return the ids of the numbers that a conclusion's claims rest on: of its own variables, where it names some."""
    values = [registry[i] for claim in conclusion.claims for i in rests_on(registry, claim)]
    about = {"", *conclusion.about}
    return frozenset(v.id for v in values if v.number and (not conclusion.about or v.variable in about))


def in_words(conclusions: Sequence[Conclusion], facts: Mapping[str, bool]) -> dict[str, str]:
    """Return facts in words, in the order of the conclusions that hang on them: each with yes or no."""
    return {c.fact: "yes" if facts[c.holds] else "no" for c in conclusions if c.holds}


def judge(
    conclusions: Sequence[Conclusion],
    facts: Mapping[str, bool],
    numbers: Mapping[str, object],
    wrong: Collection[str],
    by_records: Mapping[str, tuple[bool, str]] = MappingProxyType({}),
) -> list[Judged]:
    """Return what becomes of each conclusion.

    A conclusion survives when its fact is true, with a correction when a value that it states is wrong; otherwise it
    has the outcome that its data name.

    Parameters
    ----------
    conclusions : sequence of Conclusion
    facts : mapping
        Whether each fact that a conclusion names is true, over all that the printed numbers allow.
    numbers : mapping
        The computed numbers of the clauses, as they are to stand there.
    wrong : collection of str
        Ids of the values that are wrong.
    by_records : mapping
        Of real records of all the patients: whether they bear out a fact, and the clause that says so. They decide.

    Raises
    ------
    ValueError
        When facts or numbers are not those that the conclusions name: lists all that are missing or too many.
    """
    named = {"fact": {c.holds for c in conclusions} - {None}, "number": set().union(*(c.names for c in conclusions))}
    given = {"fact": set(facts), "number": set(numbers)}
    problems = [f"no {what} {name!r}" for what in named for name in sorted(named[what] - given[what])]
    problems += [
        f"no conclusion names the {what} {name!r}" for what in named for name in sorted(given[what] - named[what])
    ]
    if problems:
        raise ValueError("; ".join(problems))
    decided = {**facts, **{name: holds for name, (holds, _) in by_records.items()}}
    said = {name: f" By the records: {clause}." for name, (_, clause) in by_records.items()}
    return [
        Judged(c, _outcome(c, decided, wrong), _sentence(c.because.format_map(numbers)) + said.get(c.holds, ""))
        for c in conclusions
    ]


def _outcome(conclusion: Conclusion, facts: Mapping[str, bool], wrong: Collection[str]) -> str:
    if conclusion.holds is None or not facts[conclusion.holds]:
        return conclusion.otherwise
    return CORRECTED if set(conclusion.corrected) & set(wrong) else SURVIVES


def _sentence(clause: str) -> str:
    """Return a clause as a sentence."""
    return f"{capital(clause)}."


# What a matter changes for a reader --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Weighed:
    """What a matter changes for a reader: ``yes`` (or :data:`READ_ALONE`), ``perhaps``, ``no`` (or :data:`QUOTED`)."""

    answer: str
    conclusions: tuple[Conclusion, ...]

    def __str__(self) -> str:
        """Return the answer with the conclusions that it is about."""
        return ": ".join(filter(None, [self.answer, "; ".join(f"“{c.said}”" for c in self.conclusions)]))


def weigh(matter: Matter, conclusions: Iterable[Conclusion]) -> Weighed:
    """Return what a matter changes for a reader: the one judgement of it that all pages give.

    A conclusion may fall with the values that draw it or that it hangs on. It outlives a change of those that it only
    states (:attr:`Conclusion.corrected`), and then no more than what is quoted changes; or, where the words say the
    opposite of it, what a reader of these words alone concludes. Of a decision those are named that rest on its
    numbers; where it is about words alone, those that the words draw.
    """
    values, concluded = set(matter.value_ids), list(conclusions)
    hanging = tuple(c for c in concluded if values & {*c.claims, *c.hangs})
    stating = tuple(c for c in concluded if values & {*c.corrected})
    if matter.weight == "decision":
        resting = tuple(c for c in concluded if values & c._rests)
        by_records = any(check.evidence == RECORDS and check.verdict == "decision" for check in matter.checks)
        opposed = not by_records and any(values.intersection(c.claims, c.corrected) for c in concluded)
        named = tuple(c for c in hanging if c in resting) or resting or hanging or stating
        return Weighed(READ_ALONE if opposed else "yes", named)
    if hanging:
        return Weighed("perhaps", hanging)
    return Weighed(QUOTED, stating) if stating else Weighed("no", ())

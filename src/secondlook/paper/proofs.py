"""``proofs.toml``: rows that no patients could have printed together, with the premises of each proof as data.

A proof shows that whatever the patients were, their records cannot print some rows beside others. It is checked by a
short script of its own, kept in the folder ``proofs`` beside the file; this module only reads what is stored: what
cannot stand together, the values that the proof uses, its premises, and cases in which a premise is weakened, with the
two figures whose comparison decides each. A proof counts only while the values it uses are what the folder prints
(:meth:`Proof.is_current`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from secondlook.numbers.dates import parse_date
from secondlook.paper.reading import DataError, read_toml
from secondlook.paper.schema import EndpointKey, Key, Layout, Strict, ValueRef, Words, references

FILE = "proofs.toml"

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)]
Outcome = Literal["impossible", "possible", "open"]
Three = Annotated[list[float], Field(min_length=3, max_length=3)]
NotNegative = Annotated[list[Annotated[float, Field(ge=0)]], Field(min_length=3, max_length=3)]


class Prices(Strict):
    """A price on each sum that printed rows prescribe (:mod:`lookalike.prove`)."""

    name: Key = Field(description="name of the prices")
    about: Words = Field(description="what of the adjusted model is used")
    table: Key = Field(description="table of both models")
    variable: Key = Field(description="the variable that is also modelled alone")
    turned: list[Literal["alone", "adjusted"]] = Field(
        default=[], description="models of the variable that are read as the ratio for its other side"
    )
    hr: float | None = Field(default=None, gt=1, description="least hazard ratio alone that is refuted; else its row")
    tied: int = Field(default=1, ge=1, le=8, description="events that may share a time at most")
    ties: Literal["breslow", "efron"] = Field(default="breslow", description="method for ties")
    alone: float = Field(description="price of the score alone; not negative where `hr` is given")
    own: float = Field(default=0.0, ge=0, description="price of the information alone; 0 where `hr` is given")
    scores: Three = Field(description="prices of the model's scores, in the order of its rows")
    weights: NotNegative = Field(description="prices of the bounds on the model's information")
    forms: Annotated[list[Three], Field(min_length=3, max_length=3)] = Field(
        description="the vector u of each bound; the entry of its own row is 1"
    )

    @model_validator(mode="after")
    def _prove_something(self) -> Prices:
        if self.hr is not None and (self.alone < 0 or self.own != 0):
            raise ValueError("where hr is given, the price of the score must not be negative, and own must be 0")
        if any(u[k] != 1 for k, u in enumerate(self.forms)):
            raise ValueError("each vector's own entry must be 1")
        if self.ties == "efron" and self.tied not in (2, 3):
            raise ValueError("by Efron's method, tied must be 2 or 3")
        return self


class Premise(Strict):
    """What a proof takes for granted."""

    id: Slug = Field(description="key of the premise")
    name: str = Field(default="", description="the premise in a few words, for a list; its text when empty")
    text: Words = Field(description="the premise in words")
    printed: bool = Field(description="whether the paper prints it; otherwise it is an assumption about the analysis")


def _is_same(text: str, printed: str) -> bool:
    return text == printed or (parse_date(text) is not None and parse_date(text) == parse_date(printed))


class Case(Strict):
    """One line of the sensitivity table: a premise made weaker or false, and whether the rows are possible then.

    An order of patients that prints the rows has at most, or at least, `limit`; the proof finds that every order has
    more, or less: `figure`.
    """

    id: Slug = Field(description="key of the case")
    premise: Slug | None = Field(default=None, description="key of the premise that is weakened; none: as it is proved")
    text: Words = Field(description="what is supposed instead, in words")
    outcome: Outcome = Field(
        description="impossible: no patients have the rows; possible: the example's patients have them; open: neither"
    )
    figure: float | None = Field(default=None, description="what every order of patients reaches or stays below")
    limit: float | None = Field(default=None, description="what an order that prints the rows has")
    example: str | None = Field(
        default=None, pattern=r"^[a-z0-9-]+\.csv$", description="file of patients who have them, in the folder proofs"
    )
    prices: Key | None = Field(default=None, description="the prices that show it, where there are any")
    censored: int | None = Field(default=None, ge=0, description="patients who may be censored")
    tail: int | None = Field(default=None, ge=0, description="how many are at risk at most when the first is censored")
    tied: int = Field(default=1, ge=1, le=40, description="events that may share a time")
    ties: Literal["breslow", "efron"] = Field(default="breslow", description="method for ties")
    turned: bool = Field(default=False, description="whether the ratio is read as the one for the other group")
    missing: int = Field(default=0, ge=0, description="patients of the table who are not in the row")
    units: int = Field(default=1, ge=1, description="half units of the last digit by which printed numbers may be off")

    @model_validator(mode="after")
    def _shown(self) -> Case:
        if (self.outcome == "possible") != (self.example is not None):
            raise ValueError("a case is possible exactly when an example shows it")
        if self.outcome == "impossible" and (self.figure is None or self.limit is None or self.figure == self.limit):
            raise ValueError("a case that is impossible needs two figures that differ")
        return self


class Proof(Strict):
    """Rows that cannot stand together, whatever the patients were."""

    id: Slug = Field(description="key of the proof")
    endpoint: EndpointKey = Field(description="the endpoint of the rows")
    suspects: list[ValueRef] = Field(min_length=1, description="values of the rows of which one at least is not right")
    claim: Words = Field(description="what cannot stand together, in words")
    quantity: Words = Field(description="what the two figures of each case are")
    script: str = Field(pattern=r"^[a-z0-9_]+\.py$", description="the script that checks it, in the folder proofs")
    values: dict[str, str] = Field(min_length=1, description="what the proof uses, as printed, by value id")
    premises: list[Premise] = Field(min_length=1, description="what it takes for granted")
    cases: list[Case] = Field(min_length=1, description="the sensitivity table; first the proof itself")

    @model_validator(mode="after")
    def _hang_together(self) -> Proof:
        known = {premise.id for premise in self.premises}
        strange = next((c.premise for c in self.cases if c.premise is not None and c.premise not in known), None)
        if strange is not None:
            raise ValueError(f"a case weakens {strange!r}, which is no premise")
        if self.cases[0].premise is not None or self.cases[0].outcome != "impossible":
            raise ValueError("the first case must be the proof itself, with nothing weakened")
        if missing := sorted(set(self.suspects) - set(self.values)):
            raise ValueError(f"suspects {missing[0]!r}, which is not among the values")
        for what, names in (("premise", [p.id for p in self.premises]), ("case", [c.id for c in self.cases])):
            if twice := next((name for name in names if names.count(name) > 1), None):
                raise ValueError(f"the {what} {twice!r} stands twice")
        return self

    def is_current(self, printed: Mapping[str, str]) -> bool:
        """Return whether every value that the proof uses is what the folder prints, by value id."""
        return not self.differing(printed)

    def differing(self, printed: Mapping[str, str]) -> tuple[str, ...]:
        """Return the ids of the values that the folder prints otherwise; a date in another form is the same date."""
        return tuple(name for name, text in self.values.items() if not _is_same(text, printed.get(name, "")))

    def is_unconditional(self) -> bool:
        """Return whether no weaker premise lets the rows be possible, nor leaves it open."""
        return all(case.outcome == "impossible" for case in self.cases)


class Proofs(Strict):
    """``proofs.toml``: joint impossibilities."""

    proofs: list[Proof] = Field(default=[], description="the proofs")
    prices: list[Prices] = Field(default=[], description="prices that some of them use")

    @model_validator(mode="after")
    def _name_once(self) -> Proofs:
        for what, names in (("proof", [p.id for p in self.proofs]), ("prices", [p.name for p in self.prices])):
            if twice := next((name for name in names if names.count(name) > 1), None):
                raise ValueError(f"the {what} {twice!r} stands twice")
        known = {p.name for p in self.prices}
        used = [case.prices for proof in self.proofs for case in proof.cases if case.prices]
        if unknown := next((name for name in used if name not in known), None):
            raise ValueError(f"a case uses the prices {unknown!r}, which are not there")
        return self


def load_proofs(folder: Path | str, layout: Layout) -> Proofs:
    """Read ``proofs.toml`` of a data folder; without the file there are none.

    Raises
    ------
    DataError
        For the first thing that does not fit: a key, an endpoint that the layout does not have, a script or an example
        that is not in the folder ``proofs``. Values that the folder does not print are no error: the proof is then not
        current.
    """
    path = Path(folder) / FILE
    if not path.exists():
        return Proofs()
    found = read_toml(path, Proofs)
    for where, kind, name in references(found):
        if kind != "values" and name not in getattr(layout, kind):
            raise DataError(path, f"names {name!r}, which is not among the {kind} of layout.toml", column=where)
    for number, proof in enumerate(found.proofs):
        for name in [proof.script, *(case.example for case in proof.cases if case.example)]:
            if not (path.parent / "proofs" / name).is_file():
                raise DataError(path, f"names {name!r}, which is not in the folder proofs", column=f"proofs.{number}")
    return found

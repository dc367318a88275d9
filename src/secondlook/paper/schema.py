"""The shape of a data folder: what ``layout.toml`` and each CSV row may hold, in words and as checks.

The models below are the only description of the files: they validate them, and the codebook page and
``datapackage.json`` are made from them.
"""

from __future__ import annotations

import math
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

#: Statistics whose cell must be a printed number, with the ending that a table cell's id takes from them.
NUMERIC = {
    "count": "n",
    "size": "size",
    "percent": "pct",
    "p": "p",
    "hr": "hr",
    "lower": "lower",
    "upper": "upper",
    "median": "median",
    "dose": "dose",
    "duration": "duration",
    "threshold": "threshold",
    "level": "level",
    "score": "score",
    "grade": "grade",
    "rate": "rate",
}
#: Statistics that are printed as words, dates or names.
VERBAL = ("date", "version", "class", "claim")

Statistic = Literal[
    "count", "size", "percent", "p", "hr", "lower", "upper", "median", "dose", "duration", "threshold", "level",
    "score", "grade", "rate", "date", "version", "class", "claim",
]  # fmt: skip
TableStatistic = Literal["count", "percent", "p", "hr", "lower", "upper", "median"]

#: What kind of model a set of columns holds: of one variable, or of several at once.
Model = Literal["unadjusted", "adjusted"]
#: What the customary keys of sets of columns mean where the layout does not say it.
CUSTOMARY_MODELS: dict[str, Model] = {"uni": "unadjusted", "multi": "adjusted"}
#: Kinds of confidence interval, and what a p value is of, as programs and papers name them.
Interval = Literal["wald", "profile", "exact", "mid-p", "score", "bootstrap", "simultaneous", "credible"]
TestOfRatio = Literal["wald", "lr", "score", "logrank", "chi2", "fisher"]
#: What only a table of models can be said to have.
MODELS_ONLY = ("model", "selection", "interval", "p_of", "sides", "level")

#: One entry of sums stands for no more: keys in braces multiply.
MOST_SUMS = 1000

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_+-]*$", max_length=40)]
RowKey = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.+-]*$", max_length=80)]
ValueId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_{}+-]*(\.[a-z0-9_{}+-]+)+$", max_length=80)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=600)]
ReferenceKey = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]+$", max_length=60)]
FileName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*\.csv$", max_length=60)]


@dataclass(frozen=True)
class Names:
    """Marks a field that names something: a key of one of the layout's dictionaries, or a value by its id."""

    kind: str


GroupKey = Annotated[Key, Names("groups")]
VariableKey = Annotated[Key, Names("variables")]
EndpointKey = Annotated[Key, Names("endpoints")]
SectionKey = Annotated[Key, Names("sections")]
ValueRef = Annotated[ValueId, Names("values")]


class Strict(BaseModel):
    """A model that refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PaperHead(Strict):
    """What the paper is."""

    title: Words = Field(description="title of the article")
    short: Words = Field(description="how pages refer to it")
    doi: str = Field(default="", max_length=100, description="digital object identifier, empty when there is none")
    arms: list[GroupKey] = Field(min_length=2, max_length=2, description="keys of the two groups that are compared")
    association_tests: list[Literal["pearson", "yates", "fisher"]] = Field(
        default=[], description="the tests of association that the paper says it used; none when it names none"
    )


class Group(Strict):
    """A set of patients (an arm, a stratum, everyone), or the patients of other studies."""

    label: Words = Field(description="how pages name it")
    size: ValueRef | None = Field(default=None, description="id of the value that prints its size")
    variable: VariableKey | None = Field(default=None, description="variable whose levels make up a stratum")
    levels: list[Key] = Field(default=[], description="levels that make up a stratum")


class Variable(Strict):
    """A characteristic of the patients whose levels exclude each other and cover everyone."""

    label: Words = Field(description="how pages name it")
    levels: dict[Key, Words] = Field(default={}, description="its levels, by key")
    unit: Words | None = Field(default=None, description="the unit in which the names of its levels end, if they do")
    order: list[Key] = Field(
        default=[], description="its levels from the better to the worse prognosis, where clinicians agree on one"
    )
    order_source: str = Field(default="", max_length=200, description="who says so: a key of book/references.bib")


class Column(Strict):
    """What one column of a table holds."""

    role: TableStatistic = Field(description="the statistic")
    group: GroupKey | None = Field(default=None, description="the group it is about, if one")
    set: Key | None = Field(default=None, description="the set of columns it belongs to (criterion, grade, model)")
    blank: Literal["free", "never", "zero"] = Field(
        default="free",
        description="whether a cell may be empty: free; never in a row that prints; zero: beside a count of 0",
    )


class Contrast(Strict):
    """Which levels a hazard ratio compares, as the row is labelled."""

    exposed: list[Key] = Field(min_length=1, description="levels above the line")
    reference: list[Key] = Field(min_length=1, description="levels below the line")


class Selection(Strict):
    """The rule that the paper prints for which variables enter the adjusted model."""

    method: Literal["univariable", "stepwise"] = Field(
        default="univariable",
        description="univariable: those whose unadjusted p is below the level; stepwise: entered or left by turns",
    )
    level: ValueRef = Field(description="id of the value that prints the level")


class Table(Strict):
    """One printed table."""

    title: Words = Field(description="what the table shows, in our words")
    file: FileName = Field(description="its file in the folder")
    section: SectionKey = Field(description="the section that presents it")
    kind: Literal["baseline", "frequencies", "models"] = Field(
        description="baseline: variables by level and arm; frequencies: counts by arm; models: hazard ratios"
    )
    sets: dict[Key, Words] = Field(default={}, description="sets of columns, by key")
    columns: dict[Key, Column] = Field(min_length=1, description="its columns after `row` and `label`, by name")
    contrasts: dict[VariableKey, Contrast] = Field(default={}, description="models only: what each row compares")
    endpoint: EndpointKey | None = Field(default=None, description="models only: the time that is modelled")
    model: Model | dict[Key, Model] = Field(
        default={},
        description=(
            "models only: whether each set of columns holds models of one variable (unadjusted) or of several "
            "(adjusted), by set, or one word for all; without it uni is unadjusted, multi adjusted, and columns of no "
            "set are unadjusted"
        ),
    )
    selection: Selection | None = Field(default=None, description="models only: how the adjusted model was chosen")
    interval: Interval | None = Field(default=None, description="models only: kind of confidence interval, if known")
    p_of: TestOfRatio | None = Field(default=None, description="models only: the test that p is of, if known")
    sides: Literal[1, 2] | None = Field(default=None, description="models only: sides of the test, if known")
    level: Annotated[float, Field(gt=0, lt=100)] | None = Field(
        default=None, description="models only: level of the confidence intervals, as a fraction or a percentage"
    )
    digits: Literal["rounded", "cut"] | None = Field(
        default=None, description="whether the numbers are rounded or their digits cut off, if known"
    )
    denominators: dict[RowKey, dict[GroupKey, GroupKey]] = Field(
        default={},
        description=(
            "where the paper says that the percentages of a row, or of a variable, are of others than the column's "
            "group: of which group, by the column's"
        ),
    )

    @model_validator(mode="after")
    def _sets_are_known(self) -> Table:
        named = {f"columns.{name}": column.set for name, column in self.columns.items() if column.set}
        named |= {f"model.{key}": key for key in self.model} if isinstance(self.model, dict) else {}
        for where, key in named.items():
            if key not in self.sets:
                raise ValueError(f"{where} names the set {key!r}, which is not among the sets")
        return self

    @model_validator(mode="after")
    def _models_only(self) -> Table:
        given = [name for name in MODELS_ONLY if getattr(self, name) not in (None, {})]
        if given and self.kind != "models":
            raise ValueError(f"{given[0]} is for tables of models, and this one holds {self.kind}")
        return self

    def model_of(self, set_: str) -> Model | Literal[""]:
        """Return what kind of model a set of columns holds; nothing where the layout does not tell.

        Parameters
        ----------
        set_ : str
            Key of the set; empty for columns of no set, which are one unadjusted set where the table has none.
        """
        if isinstance(self.model, str):
            return self.model
        if not self.sets:
            return "unadjusted"
        return self.model.get(set_) or CUSTOMARY_MODELS.get(set_, "")

    def sets_of(self, model: Model) -> list[str]:
        """Return the keys of the sets of columns of one kind of model; the empty key for a table without sets."""
        return [set_ for set_ in self.sets or {"": ""} if self.model_of(set_) == model]


class Sum(Strict):
    """A whole that the paper prints, and the parts that must add up to it."""

    whole: ValueId = Field(description="id of the whole")
    parts: list[ValueId] = Field(min_length=1, description="ids of the parts")
    minus: list[ValueId] = Field(default=[], description="ids that are taken off")
    why: Words = Field(description="why the parts make the whole")
    each: dict[Key, list[Key]] = Field(default={}, description="keys that stand for {braces} in the ids, one by one")

    @model_validator(mode="after")
    def _not_too_many(self) -> Sum:
        if math.prod(map(len, self.each.values())) > MOST_SUMS:
            raise ValueError(f"each stands for more than {MOST_SUMS} sums")
        return self


class Median(Strict):
    """A printed median time with its confidence interval."""

    endpoint: EndpointKey = Field(description="the time")
    group: GroupKey = Field(description="whose")
    median: ValueRef = Field(description="id of the median")
    lower: ValueRef = Field(description="id of its lower confidence limit")
    upper: ValueRef = Field(description="id of its upper confidence limit")


class LogRank(Strict):
    """A printed p value that compares survival curves."""

    endpoint: EndpointKey = Field(description="the time")
    p: ValueRef = Field(description="id of the p value")
    groups: list[GroupKey] = Field(min_length=2, description="the groups compared")
    variable: VariableKey = Field(description="the variable whose levels they are, as the models' tables name it")


class FollowUp(Strict):
    """When patients entered, and when the last look at them was taken."""

    start: ValueRef = Field(description="id of the date from which patients entered")
    end: ValueRef = Field(description="id of the date until which patients entered")
    cut_off: ValueRef = Field(description="id of the date of the last follow-up")
    death: EndpointKey | None = Field(
        default=None, description="the endpoint whose event is death, which is an event of the other endpoints too"
    )


class Percentage(Strict):
    """A percentage in the prose (or of several cells) and the counts behind it."""

    percent: ValueRef = Field(description="id of the percentage")
    numerator: list[ValueRef] = Field(min_length=1, description="ids of the counts whose sum is the numerator")
    denominator: GroupKey = Field(description="key of the group whose size is the denominator")


class Proportion(Strict):
    """Percentages of several groups in the prose and the p value that compares them, where no count is printed."""

    what: Words = Field(description="the quantity")
    percentages: dict[GroupKey, ValueRef] = Field(min_length=2, description="ids of the percentages, by group")
    p: ValueRef | None = Field(default=None, description="id of the p value that compares them")


class Layout(Strict):
    """``layout.toml``: what each table, row and column is. All that is about one paper stands here."""

    paper: PaperHead
    sections: dict[Key, Words] = Field(min_length=1, description="sections in reading order, by key")
    groups: dict[Key, Group] = Field(min_length=1, description="groups of patients, by key")
    variables: dict[Key, Variable] = Field(default={}, description="characteristics, by key")
    tables: dict[Key, Table] = Field(default={}, description="tables in reading order, by key; none for prose alone")
    sums: list[Sum] = Field(default=[], description="sums that must hold")
    percentages: list[Percentage] = Field(default=[], description="percentages whose counts stand elsewhere")
    proportions: list[Proportion] = Field(
        default=[], description="percentages in the prose whose counts are not printed"
    )
    endpoints: dict[Key, Words] = Field(default={}, description="times to an event, by key")
    medians: list[Median] = Field(default=[], description="median times with their intervals")
    log_ranks: list[LogRank] = Field(default=[], description="comparisons of survival curves")
    follow_up: FollowUp | None = Field(default=None, description="dates of entry and of the last follow-up")
    references: list[ReferenceKey] = Field(
        default=[], description="the paper's list of references, in its order: keys of book/references.bib"
    )

    @staticmethod
    def table_name(key: str) -> str:
        """Return how pages name a table: ``Table 5`` for ``t5``."""
        return f"Table {key.removeprefix('t')}"

    def reference(self, key: str) -> str:
        """Return the number of a cited study in the paper's list of references; nothing for one that is not in it."""
        return str(self.references.index(key) + 1) if key in self.references else ""

    @model_validator(mode="after")
    def _keys_are_known(self) -> Layout:
        for where, kind, key in references(self):
            known = getattr(self, kind, None)
            if known is not None and key not in known:
                raise ValueError(f"{where} names {key!r}, which is not among the {kind} ({', '.join(known)})")
        return self


def references(model: BaseModel, path: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield every reference in a model: (where it stands, what it names one of, the name).

    What it names is a dictionary of the layout (``groups``, ``variables``, …) or ``values``.
    """
    for name, field in type(model).model_fields.items():
        yield from _references_in(getattr(model, name), field.annotation, field.metadata, f"{path}{name}")


def _references_in(value: object, annotation: object, metadata: list, path: str) -> Iterator[tuple[str, str, str]]:
    arguments = typing.get_args(annotation)
    if typing.get_origin(annotation) is Annotated:
        yield from _references_in(value, arguments[0], list(arguments[1:]), path)
        return
    kind = next((mark.kind for mark in metadata if isinstance(mark, Names)), None)
    if value is None:
        return
    if kind and isinstance(value, str):
        yield path, kind, value
    elif isinstance(value, BaseModel):
        yield from references(value, f"{path}.")
    elif isinstance(value, list):
        for number, item in enumerate(value, 1):
            yield from _references_in(item, arguments[0], [], f"{path}, number {number}")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _references_in(key, arguments[0], [], f"{path}.{key}")
            yield from _references_in(item, arguments[1], [], f"{path}.{key}")
    elif arguments:  # an optional field
        yield from _references_in(value, arguments[0], metadata, path)


class TextRow(Strict):
    """One row per number or checkable claim in the prose."""

    id: ValueId = Field(description="short, stable, unique id of the value")
    section: Key = Field(description="key of the section, as in layout.toml")
    paragraph: Words = Field(description="number of the paragraph in its section, or the table or figure it heads")
    subject: Words = Field(description="the quantity, with its unit where it has one")
    statistic: Statistic = Field(description="what kind of statistic it is")
    group: Key | Literal[""] = Field(description="key of the group it is about, empty when none")
    printed: str = Field(max_length=200, description="the string as printed; empty for a claim in words")
    restates: str = Field(max_length=600, description="ids of the values that it restates, separated by spaces")
    described: Words = Field(description="what it says, in our own words")


class ExternalRow(Strict):
    """What the paper says of another study, and what that study says itself."""

    quote: ValueId | Literal[""] = Field(description="id of the value or claim in text.csv that quotes the study")
    cites: ReferenceKey | Literal[""] = Field(
        description="key of the cited study in book/references.bib; empty when the paper cites none"
    )
    quantity: Words = Field(description="the quantity, in our words")
    printed: str = Field(max_length=200, description="what the paper prints; empty for a claim in words")
    source_value: str = Field(
        max_length=200, description="the source's own value, as printed there; two that differ, with or between them"
    )
    endpoint: str = Field(max_length=400, description="the source's name for it")
    criterion: str = Field(max_length=200, description="by which criterion it was read, such as RECIST 1.1")
    size: str = Field(
        pattern=r"^([1-9]\d{0,6})?$", description="of how many patients the value is; empty where that is not known"
    )
    arms: str = Field(max_length=200, description="the arms of the source with their sizes")
    source_population: str = Field(max_length=400, description="whom the source studied")
    agrees: Literal["yes", "no", "partly", "opposite", "silent", "not-found", "no-copy", "not-sought"] = Field(
        description=(
            "whether the two agree; opposite: the source says the contrary; silent: it does not decide; not-found: "
            "what would decide was not in what could be read; no-copy: no copy could be read; not-sought: not looked up"
        )
    )
    certainty: Literal["A", "B", "C", ""] = Field(
        description=(
            "where it was read: A the words of the source's authors or journal, or a copy of them; B a peer-reviewed "
            "table or an official summary; C a digest, news or an interview. Without A or B a flag is at most a query"
        )
    )
    read_at: str = Field(max_length=300, description="where the source was read; empty when it was not found")
    note: str = Field(max_length=900, description="what the source says, in our own words")


class NumeralRow(Strict):
    """Every numeral of the article's text and what became of it."""

    section: Words = Field(description="section of the article")
    paragraph: Words = Field(description="paragraph, table or figure")
    ordinal: int = Field(ge=1, description="its place among the numerals of that paragraph")
    numeral: Words = Field(description="the numeral as printed")
    value_ids: str = Field(max_length=600, description="ids of the values that carry it, separated by spaces")
    reason: str = Field(max_length=200, description="why no value carries it, when none does")


class AnswerRow(Strict):
    """What the paper's authors, or the journal, answered to a matter."""

    matter: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=120)] = Field(
        description="slug of the matter, as the ledger's column `matter` has it"
    )
    date: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\d$")] = Field(
        description="day of the answer, YYYY-MM-DD"
    )
    by: Words = Field(description="who answered, in words")
    answer: Annotated[str, StringConstraints(min_length=1, max_length=2000)] = Field(
        description="the answer, in the words of who gave it or as they agreed to"
    )


#: The CSV files beside the tables, with the model of a row; a folder may be without them.
FILES: dict[str, type[Strict]] = {
    "text.csv": TextRow,
    "external.csv": ExternalRow,
    "numerals.csv": NumeralRow,
    "answers.csv": AnswerRow,
}

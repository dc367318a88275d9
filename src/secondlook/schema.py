"""The shape of a data folder: what ``layout.toml`` and each CSV row may hold, in words and as checks.

The models below are the only description of the files: they validate them, and the codebook page and
``datapackage.json`` are made from them.
"""

from __future__ import annotations

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

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_+-]*$", max_length=40)]
ValueId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_{}+-]*(\.[a-z0-9_{}+-]+)+$", max_length=80)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=600)]
FileName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*\.csv$", max_length=60)]


class Strict(BaseModel):
    """A model that refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Paper(Strict):
    """What the paper is."""

    title: Words = Field(description="title of the article")
    short: Words = Field(description="how pages refer to it")
    doi: str = Field(default="", max_length=100, description="digital object identifier, empty when there is none")
    arms: list[Key] = Field(min_length=2, max_length=2, description="keys of the two groups that are compared")
    association_tests: list[Literal["pearson", "yates", "fisher"]] = Field(
        min_length=1, description="the tests of association that the paper says it used"
    )


class Group(Strict):
    """A set of patients (an arm, a stratum, everyone), or the patients of other studies."""

    label: Words = Field(description="how pages name it")
    size: ValueId | None = Field(default=None, description="id of the value that prints its size")


class Variable(Strict):
    """A characteristic of the patients whose levels exclude each other and cover everyone."""

    label: Words = Field(description="how pages name it")
    levels: dict[Key, Words] = Field(default={}, description="its levels, by key")


class Column(Strict):
    """What one column of a table holds."""

    role: TableStatistic = Field(description="the statistic")
    group: Key | None = Field(default=None, description="the group it is about, if one")
    set: Key | None = Field(default=None, description="the set of columns it belongs to (criterion, grade, model)")
    blank: Literal["free", "never", "zero"] = Field(
        default="free",
        description="whether a cell may be empty: free, never in a row that prints anything, or only beside a count of 0",
    )


class Contrast(Strict):
    """Which levels a hazard ratio compares, as the row is labelled."""

    exposed: list[Key] = Field(min_length=1, description="levels above the line")
    reference: list[Key] = Field(min_length=1, description="levels below the line")


class Table(Strict):
    """One printed table."""

    title: Words = Field(description="what the table shows, in our words")
    file: FileName = Field(description="its file in the folder")
    section: Key = Field(description="the section that presents it")
    kind: Literal["baseline", "frequencies", "models"] = Field(
        description="baseline: variables and their levels by arm; frequencies: counts by arm; models: hazard ratios"
    )
    sets: dict[Key, Words] = Field(default={}, description="sets of columns, by key")
    columns: dict[Key, Column] = Field(min_length=1, description="its columns after `row` and `label`, by name")
    contrasts: dict[Key, Contrast] = Field(default={}, description="models only: what each row compares")
    endpoint: Key | None = Field(default=None, description="models only: the time that is modelled")


class Sum(Strict):
    """A whole that the paper prints, and the parts that must add up to it."""

    whole: ValueId = Field(description="id of the whole")
    parts: list[ValueId] = Field(min_length=1, description="ids of the parts")
    minus: list[ValueId] = Field(default=[], description="ids that are taken off")
    why: Words = Field(description="why the parts make the whole")
    each: dict[Key, list[Key]] = Field(default={}, description="keys that stand for {braces} in the ids, one by one")


class Percentage(Strict):
    """A percentage in the prose (or of several cells) and the counts behind it."""

    percent: ValueId = Field(description="id of the percentage")
    numerator: list[ValueId] = Field(min_length=1, description="ids of the counts whose sum is the numerator")
    denominator: Key = Field(description="key of the group whose size is the denominator")


class Layout(Strict):
    """``layout.toml``: what each table, row and column is. All that is about one paper stands here."""

    paper: Paper
    sections: dict[Key, Words] = Field(min_length=1, description="sections in reading order, by key")
    groups: dict[Key, Group] = Field(min_length=1, description="groups of patients, by key")
    variables: dict[Key, Variable] = Field(default={}, description="characteristics, by key")
    tables: dict[Key, Table] = Field(min_length=1, description="tables in reading order, by key")
    sums: list[Sum] = Field(default=[], description="sums that must hold")
    percentages: list[Percentage] = Field(default=[], description="percentages whose counts stand elsewhere")

    @model_validator(mode="after")
    def _keys_are_known(self) -> Layout:
        for where, kind, key in self._references():
            known = getattr(self, kind)
            if key not in known:
                raise ValueError(f"{where} names {key!r}, which is not among the {kind} ({', '.join(known)})")
        return self

    def _references(self):
        """Yield (where it stands, which dictionary it must be in, key)."""
        for arm in self.paper.arms:
            yield "paper.arms", "groups", arm
        for name, table in self.tables.items():
            yield f"tables.{name}.section", "sections", table.section
            for variable in table.contrasts:
                yield f"tables.{name}.contrasts", "variables", variable
            for column, spec in table.columns.items():
                if spec.group:
                    yield f"tables.{name}.columns.{column}", "groups", spec.group
                if spec.set and spec.set not in table.sets:
                    raise ValueError(
                        f"tables.{name}.columns.{column} names set {spec.set!r}, not in tables.{name}.sets"
                    )
        for number, item in enumerate(self.percentages, 1):
            yield f"percentages, number {number}", "groups", item.denominator


class TextRow(Strict):
    """``text.csv``: one row per number or checkable claim in the prose."""

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
    """``external.csv``: what the paper says of another study, and what that study says itself."""

    quote: ValueId | Literal[""] = Field(description="id of the value or claim in text.csv that quotes the study")
    cites: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]*$", max_length=60)] = Field(
        description="key of the cited study in book/references.bib; empty when the paper cites none"
    )
    quantity: Words = Field(description="the quantity, in our words")
    printed: str = Field(max_length=200, description="what the paper prints; empty for a claim in words")
    source_value: str = Field(max_length=200, description="the source's own value, as printed there")
    source_quantity: str = Field(max_length=400, description="the source's name for it, with criterion and cohort")
    source_population: str = Field(max_length=400, description="whom the source studied")
    agrees: Literal["yes", "no", "partly", "not-found"] = Field(description="whether the two agree")
    read_at: str = Field(max_length=300, description="where the source was read; empty when it was not found")
    note: str = Field(max_length=900, description="what the source says, in our own words")


class NumeralRow(Strict):
    """``numerals.csv``: every numeral of the article's text and what became of it."""

    section: Words = Field(description="section of the article")
    paragraph: Words = Field(description="paragraph, table or figure")
    ordinal: int = Field(ge=1, description="its place among the numerals of that paragraph")
    numeral: Words = Field(description="the numeral as printed")
    value_ids: str = Field(max_length=600, description="ids of the values that carry it, separated by spaces")
    reason: str = Field(max_length=200, description="why no value carries it, when none does")


#: The CSV files beside the tables, with the model of a row and whether the folder must have them.
FILES: dict[str, type[Strict]] = {"text.csv": TextRow, "external.csv": ExternalRow, "numerals.csv": NumeralRow}

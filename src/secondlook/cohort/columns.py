"""``cohort.toml``: what each column of a file of patients is, so that no module knows the columns of one paper."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from secondlook.numbers.printed import Interval
from secondlook.paper.claims_schema import TableKey
from secondlook.paper.medians import least_follow_up, longest_follow_up
from secondlook.paper.reading import DataError, read_toml
from secondlook.paper.registry import Registry
from secondlook.paper.schema import EndpointKey, Key, Strict, VariableKey, Words, references

FILE = "cohort.toml"
#: How the column of an event is coded: censored, event.
EVENT = ("0", "1")

ColumnName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]+$", max_length=20)]


#: A code may stand in TOML as a number or a truth value too.
Text = Annotated[str, BeforeValidator(lambda value: str(value) if isinstance(value, (bool, int, float)) else value)]


class Patient(Strict):
    """The column that names the patient."""

    column: ColumnName = Field(description="name of the column")
    synthetic: str = Field(
        pattern=r"^[A-Za-z0-9_-]+$",
        max_length=20,
        description="what the ids of invented patients, and only they, begin with",
    )


class Cut(Strict):
    """A measured value that becomes one of two codes."""

    at: float = Field(description="the limit")
    reached: Text = Field(description="the code from the limit on")
    below: Text = Field(description="the code below it")


class Characteristic(Strict):
    """A column that holds a characteristic at baseline, the arm among them."""

    column: ColumnName = Field(description="name of the column")
    variable: VariableKey = Field(description="the variable of layout.toml that it holds")
    codes: dict[Code, Key] = Field(min_length=2, description="the variable's level that each code stands for")
    cut: Cut | None = Field(default=None, description="for two levels of a measured number, what divides them")

    @model_validator(mode="after")
    def _cut_has_codes(self) -> Characteristic:
        if self.cut and {self.cut.reached, self.cut.below} != set(self.codes):
            raise ValueError(f"cut is to lead to the codes {', '.join(self.codes)}")
        return self


class Response(Strict):
    """A column that holds the best response by one criterion."""

    column: ColumnName = Field(description="name of the column")
    table: TableKey = Field(description="the table that counts the responses")
    set: Key = Field(description="its set of columns, the criterion")
    codes: dict[Code, Key] = Field(min_length=2, description="the table's row that each code stands for")


class Times(Strict):
    """The two columns of an endpoint."""

    endpoint: EndpointKey = Field(description="the endpoint of layout.toml")
    time: ColumnName = Field(description="name of the column of times, in months")
    event: ColumnName = Field(description="name of the column of events: event 1, censored 0")


class Alias(Strict):
    """The variable that is taken in the place of one that has no column."""

    variable: VariableKey = Field(description="the variable that has a column")
    why: Words = Field(description="the reason")


class Search(Strict):
    """How invented patients are sought (:mod:`lookalike.search`)."""

    censored: dict[EndpointKey, int] = Field(description="patients who are censored, by endpoint")
    set_aside: dict[str, Words] = Field(default={}, description="rows of models that are not sought, by key, and why")
    rare: list[str] = Field(default=[], description="columns whose rows few arrangements print: held by both orders")


class Stage(Strict):
    """What tells the stages of a disease apart."""

    variable: VariableKey = Field(description="the variable that holds the stage")
    earlier: list[Key] = Field(min_length=1, description="its levels that allow none of the signs")
    advanced: dict[VariableKey, list[Key]] = Field(min_length=1, description="signs of a later stage: variable, levels")
    words: dict[VariableKey, Words] = Field(description="each sign in words")


class Credibility(Strict):
    """What a clinician expects of patients (:mod:`secondlook.cohort.credible`)."""

    progression: EndpointKey = Field(description="the endpoint whose event is progression or death")
    death: EndpointKey = Field(description="the endpoint whose event is death")
    weeks: list[float] = Field(min_length=2, max_length=2, description="weeks between two scans, shortest and longest")
    jitter: float = Field(ge=0, description="weeks by which a scan may be early or late")
    progressive: list[Key] = Field(description="rows of best response that are progression")
    responding: list[Key] = Field(description="rows of best response that are a response")
    stage: Stage = Field(description="the rules of staging")
    most: dict[str, int] = Field(
        default={}, description="patients at most who break a criterion, by its key, in each cohort of an ensemble"
    )


class Export(Strict):
    """How hospitals' exports name what the columns hold, for the proposal of a map."""

    headers: dict[ColumnName, list[Words]] = Field(default={}, description="names of each column, in any language")
    codes: dict[ColumnName, dict[Code, list[Words]]] = Field(default={}, description="spellings of each of its codes")
    dates: dict[Key, list[Words]] = Field(default={}, description="names of dates: start, last, and each kind of event")
    ends: dict[EndpointKey, list[Key]] = Field(
        default={}, description="dates whose earliest is the event of an endpoint"
    )


class Codes(Strict):
    """``cohort.toml``: the columns of a file of patients, in their order."""

    patient: Patient
    characteristics: list[Characteristic] = Field(min_length=1, description="characteristics at baseline")
    responses: list[Response] = Field(default=[], description="best responses")
    endpoints: list[Times] = Field(min_length=1, description="times to events")
    aliases: dict[VariableKey, Alias] = Field(default={}, description="variables without a column, by key")
    search: Search | None = Field(default=None, description="how invented patients are sought")
    credibility: Credibility | None = Field(default=None, description="what a clinician expects of patients")
    export: Export = Field(default=Export(), description="how exports name columns and codes")

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of all columns, in their order."""
        coded = [item.column for item in (*self.characteristics, *self.responses)]
        return (self.patient.column, *coded, *(name for item in self.endpoints for name in (item.time, item.event)))

    def characteristic(self, variable: str) -> Characteristic:
        """Return the column of a variable, or of the one that is taken in its place.

        Raises
        ------
        KeyError
            When there is none.
        """
        alias = self.aliases.get(variable)
        sought = alias.variable if alias else variable
        found = next((item for item in self.characteristics if item.variable == sought), None)
        if found is None:
            raise KeyError(f"no column holds the variable {variable!r}")
        return found

    def times(self, endpoint: str) -> Times:
        """Return the columns of an endpoint; raises KeyError when there are none."""
        found = next((item for item in self.endpoints if item.endpoint == endpoint), None)
        if found is None:
            raise KeyError(f"no column holds the endpoint {endpoint!r}")
        return found

    def term(self, variable: str, levels: Iterable[str]) -> str:
        """Return who has one of the levels, in terms of the file: ``ecog=0|1``."""
        column, wanted = self.characteristic(variable), set(levels)
        return f"{column.column}={'|'.join(code for code, level in column.codes.items() if level in wanted)}"


def arm_variable(registry: Registry) -> str | None:
    """Return the variable whose levels are the arms; None when the layout has none."""
    arms = set(registry.layout.paper.arms)
    return next((name for name, spec in registry.layout.variables.items() if set(spec.levels) == arms), None)


def follow_up(registry: Registry) -> Interval | None:
    """Return the least and the greatest time, in months, after which someone can have been censored at the cut-off.

    Made from the printed dates of entry and of the last follow-up; None when the paper prints none. Whoever was lost
    to follow-up is censored earlier.
    """
    least, longest = least_follow_up(registry), longest_follow_up(registry)
    return None if least is None or longest is None else Interval(least, longest)


def describe(codes: Codes, registry: Registry) -> dict[str, tuple[str, str]]:
    """Return, for each column in its order, (what it holds, what its cells may be) in words."""
    layout, made = registry.layout, {}
    made[codes.patient.column] = ("id of the patient", f"begins with {codes.patient.synthetic} when invented")
    for item in codes.characteristics:
        spec = layout.variables[item.variable]
        made[item.column] = (spec.label, _in_words({code: spec.levels[key] for code, key in item.codes.items()}))
    for item in codes.responses:
        criterion = layout.tables[item.table].sets[item.set]
        made[item.column] = (f"best response, {criterion}", ", ".join(item.codes))
    for item in codes.endpoints:
        made[item.time] = (f"{layout.endpoints[item.endpoint]}: time", "months, with all digits that the fits use")
        made[item.event] = (f"{layout.endpoints[item.endpoint]}: event", "0: censored; 1: event")
    return made


def _in_words(meanings: dict[str, str]) -> str:
    if all(code == meaning for code, meaning in meanings.items()):
        return ", ".join(meanings)
    return "; ".join(f"{code}: {meaning}" for code, meaning in meanings.items())


# Reading ------------------------------------------------------------------------------------------------------------


def load(folder: Path | str, registry: Registry) -> Codes:
    """Read ``cohort.toml`` of a data folder and hold it against the layout.

    Raises
    ------
    DataError
        When there is no such file, it names what the layout does not have, two columns have one name or one variable,
        a level, a contrast of the models or a group whose survival is printed has no code.
    """
    path = Path(folder) / FILE
    codes = read_toml(path, Codes)
    for where, kind, name in references(codes):
        if name not in getattr(registry.layout, kind):
            raise DataError(path, f"names {name!r}, which is not among the {kind} of layout.toml", column=where)
    _check_once(path, codes)
    for item in codes.characteristics:
        _check_levels(path, item, registry)
    for item in codes.responses:
        _check_rows(path, item, registry)
    _check_models(path, codes, registry)
    _check_groups(path, codes, registry)
    return codes


def _check_once(path: Path, codes: Codes) -> None:
    columns = codes.columns
    variables = [*(item.variable for item in codes.characteristics), *codes.aliases]
    endpoints = [item.endpoint for item in codes.endpoints]
    for what, names in (("column", columns), ("variable", variables), ("endpoint", endpoints)):
        twice = next((name for name in names if list(names).count(name) > 1), None)
        if twice is not None:
            raise DataError(path, f"the {what} {twice!r} stands twice")
    for name in (*codes.export.headers, *codes.export.codes):
        if name not in columns:
            raise DataError(path, f"names {name!r}, which is no column", column="export")
    for name, alias in codes.aliases.items():
        if alias.variable not in variables or alias.variable in codes.aliases:
            raise DataError(path, f"names {alias.variable!r}, which has no column", column=f"aliases.{name}")


def _check_levels(path: Path, item: Characteristic, registry: Registry) -> None:
    levels, coded = set(registry.layout.variables[item.variable].levels), list(item.codes.values())
    if set(coded) != levels or len(coded) != len(levels):
        expected = ", ".join(registry.layout.variables[item.variable].levels)
        raise DataError(path, f"codes each level of {item.variable} once: {expected}", column=item.column)


def _check_rows(path: Path, item: Response, registry: Registry) -> None:
    if item.set not in registry.layout.tables[item.table].sets:
        raise DataError(path, f"names {item.set!r}, which is no set of columns of {item.table}", column=item.column)
    rows = {value.row for value in registry.cells(item.table, set=item.set, statistic="count")}
    unknown = [row for row in item.codes.values() if rows and row not in rows]
    if unknown:
        raise DataError(path, f"names {unknown[0]!r}, which is no row of {item.table}", column=item.column)


def _check_models(path: Path, codes: Codes, registry: Registry) -> None:
    """Refuse a model whose contrast has no column or leaves someone out, and a layout without a column of arms."""
    arms = arm_variable(registry)
    if arms is None:
        raise DataError(path, "layout.toml has no variable whose levels are the arms")
    _column_of(path, codes, arms)
    for table in registry.layout.tables.values():
        for variable, contrast in table.contrasts.items():
            levels = set(_column_of(path, codes, variable).codes.values())
            if {*contrast.exposed, *contrast.reference} != levels:
                raise DataError(path, f"a contrast of {variable} in layout.toml is not made of the levels coded here")


def _check_groups(path: Path, codes: Codes, registry: Registry) -> None:
    """Refuse a printed median or log-rank test of a group that no column tells from the others."""
    layout = registry.layout
    named = [item.group for item in layout.medians] + [name for item in layout.log_ranks for name in item.groups]
    for name in dict.fromkeys(named):
        spec = layout.groups[name]
        if spec.variable:
            _column_of(path, codes, spec.variable)
        elif name not in layout.paper.arms and not spec.size:
            raise DataError(path, f"the group {name!r} of layout.toml is not made of patients that a file can hold")


def _column_of(path: Path, codes: Codes, variable: str) -> Characteristic:
    try:
        return codes.characteristic(variable)
    except KeyError as error:
        raise DataError(path, str(error.args[0]), column="characteristics") from error

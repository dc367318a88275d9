"""The shape of ``claims.toml``: what a paper says in words, written down so that it can be computed.

Layout.toml says what the printed numbers are; this file says what the sentences claim of them, by which rules the
paper's definitions and clocks can be held against its counts, and why the rest cannot be tested. Every kind of test
and of rule is generic: the paper's own names occur only as ids and keys.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from secondlook.paper.schema import GroupKey, Key, Names, Statistic, Strict, ValueRef, VariableKey, Words

TableKey = Annotated[Key, Names("tables")]
Pattern = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_.*+?\[\]!-]+$", min_length=1, max_length=80)]
Reason = Annotated[str, StringConstraints(min_length=10, max_length=400)]
#: What it would take to test what cannot be tested: the patients' records; a look at a procedure, a plan or a
#: condition, which nothing printed tells; something else.
Because = Literal["records", "procedure", "other"]
Source = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]*$", max_length=60)]

_KINDS_OF_REASON = "only records could tell, a procedure of which nothing printed tells, or another"

# Claims -------------------------------------------------------------------------------------------------------------


class Test(Strict):
    """What all tests of a claim have in common."""

    __test__ = False  # not a test for pytest to collect

    otherwise: Words | None = Field(
        default=None, description="another reading of the words under which they would hold; a failure is then a query"
    )


class Higher(Test):
    """Each value of one list is higher than the value beside it in the other."""

    kind: Literal["higher"] = Field(description="the kind of test")
    these: list[ValueRef] = Field(min_length=1, description="ids of the values said to be higher")
    than: list[ValueRef] = Field(min_length=1, description="ids of the values said to be lower, in the same order")
    word: Words = Field(default="higher", description="how the claim words it: higher, better, more frequent")

    @model_validator(mode="after")
    def _as_many(self) -> Higher:
        if len(self.these) != len(self.than):
            raise ValueError(f"compares {len(self.these)} values with {len(self.than)}")
        return self


class Leading(Test):
    """The named cells are the largest of their column."""

    kind: Literal["leading"] = Field(description="the kind of test")
    named: list[ValueRef] = Field(min_length=1, description="ids of the cells named as leading, all of one column")
    together: bool = Field(default=False, description="whether the arms are added up before the rows are ranked")
    number: ValueRef | None = Field(default=None, description="id of the value that says how many are named")


class AllHigher(Test):
    """Every row of a set of columns is higher in one arm; shares of the arms' sizes are compared, exactly."""

    kind: Literal["all_higher"] = Field(description="the kind of test")
    table: TableKey = Field(description="key of the table")
    set: Key = Field(description="its set of columns")
    group: GroupKey = Field(description="the arm said to be higher")


class Significant(Test):
    """Printed p values lie on the side of the level that the words say."""

    kind: Literal["significant"] = Field(description="the kind of test")
    p: list[ValueRef] = Field(min_length=1, description="ids of the p values")
    below: bool = Field(description="true when the words call the differences significant")
    level: ValueRef | None = Field(default=None, description="id of the value that prints the level; 0.05 when none")


class Counted(Test):
    """The counts are all 0, or some are not."""

    kind: Literal["counted"] = Field(description="the kind of test")
    counts: list[ValueRef] = Field(min_length=1, description="ids of the counts")
    expect: Literal["none", "some"] = Field(description="what the words say was counted")


class Independent(Test):
    """Each variable is significant in the models' adjusted columns, and its hazard ratio points as said."""

    kind: Literal["independent"] = Field(description="the kind of test")
    tables: list[TableKey] = Field(min_length=1, description="keys of the tables of models")
    set: Key = Field(description="set of columns of the adjusted model")
    variables: list[VariableKey] = Field(min_length=1, description="variables called independent")
    raises: bool = Field(default=False, description="whether they are said to make the prognosis worse")
    level: ValueRef | None = Field(default=None, description="id of the value that prints the level; 0.05 when none")


class Entered(Test):
    """A variable of which the adjusted model is said to have shown something has a row in it."""

    kind: Literal["entered"] = Field(description="the kind of test")
    tables: list[TableKey] = Field(min_length=1, description="keys of the tables of models")
    set: Key = Field(description="set of columns of the adjusted model")
    variables: list[VariableKey] = Field(min_length=1, description="variables said to have been adjusted for")


class Selected(Test):
    """A row has adjusted numbers exactly when its unadjusted p is below the level of entry."""

    kind: Literal["selected"] = Field(description="the kind of test")
    tables: list[TableKey] = Field(min_length=1, description="keys of the tables of models")
    before: Key = Field(description="set of columns without adjustment")
    after: Key = Field(description="set of columns of the adjusted model")
    level: ValueRef = Field(description="id of the value that prints the level of entry")


class AddsUp(Test):
    """A definition by a sum is what the declared sums of these wholes give."""

    kind: Literal["adds_up"] = Field(description="the kind of test")
    wholes: list[ValueRef] = Field(min_length=1, description="ids of the wholes, each with a sum in layout.toml")


class Repeats(Test):
    """Other places say the same in words."""

    kind: Literal["repeats"] = Field(description="the kind of test")
    claims: list[ValueRef] = Field(min_length=1, description="ids of the claims that say the same")


class TooSmall(Test):
    """Even if everyone had an event, the sample could not be relied on to show an effect of this size.

    Source: Schoenfeld DA. Sample-size formula for the proportional-hazards regression model. Biometrics 1983;39:499.
    """

    kind: Literal["too_small"] = Field(description="the kind of test")
    groups: list[GroupKey] = Field(min_length=2, max_length=2, description="the two groups compared")
    effect: float = Field(gt=1, le=20, description="hazard ratio that one would not want to miss")
    power: float = Field(default=0.8, gt=0.5, lt=1, description="chance of finding it that would be enough")


AnyTest = Annotated[
    Higher | Leading | AllHigher | Significant | Counted | Independent | Entered | Selected | AddsUp | Repeats
    | TooSmall,
    Field(discriminator="kind"),
]  # fmt: skip


class Claim(Strict):
    """A claim in words, with the tests that must all hold if it is true, or the reason why none can be made."""

    id: ValueRef = Field(description="id of the claim, a row of text.csv that prints no number")
    tests: list[AnyTest] = Field(default=[], description="what must hold if the claim is true")
    reason: Reason | None = Field(default=None, description="why the claim cannot be tested, when it has no test")
    because: Because = Field(default="other", description=f"the kind of reason: {_KINDS_OF_REASON}")
    in_favour: Words | None = Field(
        default=None, description="what else is printed that speaks for the words where a test fails, a clause"
    )

    @model_validator(mode="after")
    def _tests_or_reason(self) -> Claim:
        if bool(self.tests) == bool(self.reason):
            raise ValueError(f"{self.id} needs either tests or a reason")
        return self


# Rules --------------------------------------------------------------------------------------------------------------


class Rule(Strict):
    """What all rules have in common."""

    name: Key = Field(description="short name of the rule, unique in the file")
    about: Words = Field(description="what is held against what, in our words")
    assumption: Words = Field(description="what must be granted for the arithmetic to count")
    source: Source = Field(default="", description="where the rule comes from: a key of book/references.bib")
    suspects: list[ValueRef] = Field(
        default=[], description="ids of the values in doubt when the rule is broken; all that it involves when none"
    )
    meaning: Words | None = Field(
        default=None, description="what a clash would mean, in our words; {ids} in braces show what is printed there"
    )


class AtMost(Rule):
    """A sum of printed numbers is no larger than another."""

    kind: Literal["at_most"] = Field(description="the kind of rule")
    values: list[ValueRef] = Field(default=[], description="ids of the numbers on the smaller side")
    plus: int = Field(default=0, description="a whole number added on the smaller side")
    limit: list[ValueRef] = Field(default=[], description="ids of the numbers on the larger side")
    unit: Words = Field(default="patients", description="what is counted")

    @model_validator(mode="after")
    def _something(self) -> AtMost:
        if not (self.values or self.limit):
            raise ValueError(f"{self.name} names no value")
        return self


class ForcedOverlap(Rule):
    """Two sets that must both lie within a third overlap at least so much, by inclusion and exclusion."""

    kind: Literal["overlap"] = Field(description="the kind of rule")
    first: list[ValueRef] = Field(min_length=1, description="ids of the counts that add up to the first set")
    second: list[ValueRef] = Field(min_length=1, description="ids of the counts that add up to the second set")
    within: list[ValueRef] = Field(min_length=1, description="ids of the counts that add up to the set holding both")
    group: GroupKey = Field(description="the patients among whom all three are counted")


class EarlyMajority(Rule):
    """When more than half have the event by a planned date, the median time cannot lie beyond that date."""

    kind: Literal["early_majority"] = Field(description="the kind of rule")
    events: ValueRef = Field(description="id of the count of those with the event by the date")
    also: list[ValueRef] = Field(default=[], description="ids of counts that must say the same, of another criterion")
    group: GroupKey = Field(description="whose")
    median: ValueRef = Field(description="id of the median time, months")
    lower: ValueRef | None = Field(default=None, description="id of its lower confidence limit, months")
    date: ValueRef = Field(description="id of the latest planned date, weeks")


class Gap(Rule):
    """A rule for those below and another for those above a limit leave out those at the limit."""

    kind: Literal["gap"] = Field(description="the kind of rule")
    below: ValueRef = Field(description="id of the limit below which the one holds")
    above: ValueRef = Field(description="id of the limit above which the other holds")
    unit: Words = Field(description="unit of the limits")


class Remainder(Rule):
    """A whole less its parts leaves someone, or no one."""

    kind: Literal["remainder"] = Field(description="the kind of rule")
    whole: ValueRef = Field(description="id of the whole")
    parts: list[ValueRef] = Field(min_length=1, description="ids of the parts")
    expect: Literal["none", "some"] = Field(description="what should be left")


class Cycles(Rule):
    """So many treatment cycles take equally long in every arm."""

    kind: Literal["cycles"] = Field(description="the kind of rule")
    cycles: ValueRef = Field(description="id of the least number of cycles")
    lengths: dict[GroupKey, list[ValueRef]] = Field(
        min_length=2, description="ids of the spans that make up one cycle, weeks, by arm"
    )
    clock: list[ValueRef] = Field(default=[], description="ids of the definitions that say when time begins to count")


class Within(Rule):
    """Printed values lie between two printed limits."""

    kind: Literal["within"] = Field(description="the kind of rule")
    low: ValueRef = Field(description="id of the lower limit")
    high: ValueRef = Field(description="id of the upper limit")
    values: list[ValueRef] = Field(min_length=1, description="ids of the values between them")


class Nested(Rule):
    """Whoever is counted in one set of columns is counted in another too, row by row."""

    kind: Literal["nested"] = Field(description="the kind of rule")
    table: TableKey = Field(description="key of the table")
    inner: Key = Field(description="set of columns that holds fewer")
    outer: Key = Field(description="set of columns that holds more")


class Same(Rule):
    """The same thing is printed alike wherever it is printed."""

    kind: Literal["same"] = Field(description="the kind of rule")
    values: list[ValueRef] = Field(min_length=2, description="ids of the values")


class InOrder(Rule):
    """Dates follow one another."""

    kind: Literal["in_order"] = Field(description="the kind of rule")
    dates: list[ValueRef] = Field(min_length=2, description="ids of the dates, earliest first")


class OpenQuestion(Rule):
    """A question that a careful reader asks and that no arithmetic settles; it is always a query."""

    kind: Literal["question"] = Field(description="the kind of rule")
    values: list[ValueRef] = Field(min_length=1, description="ids of the values that raise it")
    meaning: Words = Field(description="the question; {ids} in braces show what is printed there")
    small: bool = Field(default=False, description="whether it is a small thing: words that are usual, if loose")


AnyRule = Annotated[
    AtMost | ForcedOverlap | EarlyMajority | Gap | Remainder | Cycles | Within | Nested | Same | InOrder | OpenQuestion,
    Field(discriminator="kind"),
]


class Untestable(Strict):
    """Values that no check can cover, and why."""

    values: list[Pattern] = Field(min_length=1, description="ids of values; * and ? stand for anything and one letter")
    statistics: list[Statistic] = Field(default=[], description="only values of these statistics; any when none")
    reason: Reason = Field(description="why they cannot be tested")
    because: Because = Field(default="other", description=f"the kind of reason: {_KINDS_OF_REASON}")


class Claims(Strict):
    """``claims.toml``: what the words claim, which rules the definitions must obey, and what cannot be tested."""

    claims: list[Claim] = Field(default=[], description="claims in words, in reading order")
    rules: list[AnyRule] = Field(default=[], description="rules of definitions and clocks")
    untestable: list[Untestable] = Field(default=[], description="values that cannot be tested")


#: Every kind of test and of rule with its model, for the codebook.
TEST_KINDS: dict[str, type[Test]] = {
    "higher": Higher, "leading": Leading, "all_higher": AllHigher, "significant": Significant, "counted": Counted,
    "independent": Independent, "entered": Entered, "selected": Selected, "adds_up": AddsUp, "repeats": Repeats,
    "too_small": TooSmall,
}  # fmt: skip
RULE_KINDS: dict[str, type[Rule]] = {
    "at_most": AtMost, "overlap": ForcedOverlap, "early_majority": EarlyMajority, "gap": Gap, "remainder": Remainder,
    "cycles": Cycles, "within": Within, "nested": Nested, "same": Same, "in_order": InOrder, "question": OpenQuestion,
}  # fmt: skip

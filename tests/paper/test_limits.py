"""What a data folder may hold: the limits of its files, as they are promised to who writes one.

Authority: the folder is a contract (what another paper's folder may hold does not change by accident), and what is read
from strangers is bounded. A limit that is changed on purpose is changed here, too.
"""

from __future__ import annotations

from collections import defaultdict

import pytest
from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen
from pydantic import BaseModel, StringConstraints, TypeAdapter, ValidationError

from secondlook.paper import claims_schema, proofs, schema, simulated_ranges

MODULES = (schema, claims_schema, simulated_ranges, proofs)

#: Fields, by the limit that they have.
LIMITS = {
    "at least 2 entries": """PaperHead.arms LogRank.groups Proportion.percentages TooSmall.groups Cycles.lengths
        Same.values InOrder.dates""",
    "at least 3 entries": "Prices.scores Prices.weights Prices.forms",
    "at least 9 entries": "SimulatedRow.se",
    "at most 2 long": "PaperHead.arms TooSmall.groups",
    "at most 3 long": "Prices.scores Prices.weights Prices.forms",
    "at most 9 long": "SimulatedRow.se",
    "at most 100 long": "PaperHead.doi",
    "at most 200 long": """Variable.order_source TextRow.printed ExternalRow.printed ExternalRow.source_value
        ExternalRow.criterion ExternalRow.arms NumeralRow.reason SimulatedRanges.about SimulatedRanges.made_by""",
    "at most 300 long": "ExternalRow.read_at",
    "at most 400 long": "ExternalRow.endpoint ExternalRow.source_population",
    "at most 600 long": "TextRow.restates NumeralRow.value_ids",
    "at most 900 long": "ExternalRow.note",
    "≥ 0": "SimulatedRepeat.median Prices.own Case.censored Case.tail Case.missing",
    "≥ 1": """NumeralRow.ordinal SimulatedRow.tried SimulatedRow.kept SimulatedRepeat.cohorts Prices.tied Case.tied
        Case.units""",
    "≤ 1": "SimulatedRepeat.median",
    "≤ 8": "Prices.tied",
    "≤ 20": "TooSmall.effect",
    "≤ 40": "Case.tied",
    "> 0.5": "TooSmall.power",
    "> 1": "TooSmall.effect Prices.hr",
    "< 1": "TooSmall.power",
}
#: Fields of which one entry is enough and none is not.
NOT_EMPTY = """Contrast.exposed Contrast.reference Table.columns Sum.parts Percentage.numerator Layout.sections
    Layout.groups Higher.these Higher.than Leading.named Significant.p Counted.counts Independent.tables
    Independent.variables Entered.tables Entered.variables Selected.tables AddsUp.wholes Repeats.claims
    ForcedOverlap.first ForcedOverlap.second ForcedOverlap.within Remainder.parts Within.values OpenQuestion.values
    Untestable.values Proof.suspects Proof.values Proof.premises Proof.cases"""
#: What a field is when nothing is said, where it is not nothing.
DEFAULTS = {
    "Column.blank": "free",
    "Selection.method": "univariable",
    "Higher.word": "higher",
    "Leading.together": False,
    "Independent.raises": False,
    "TooSmall.power": 0.8,
    "Claim.because": "other",
    "Untestable.because": "other",
    "AtMost.plus": 0,
    "AtMost.unit": "patients",
    "SimulatedRanges.seed": 0,
    "SimulatedRanges.probabilities": (),
    "Prices.ties": "breslow",
    "Prices.tied": 1,
    "Prices.own": 0.0,
    "Case.ties": "breslow",
    "Case.tied": 1,
    "Case.units": 1,
    "Case.missing": 0,
    "Case.turned": False,
}
#: Texts: one that is as long as it may be, made of a beginning and a letter.
LONGEST = {
    "Key": ("a", 40),
    "RowKey": ("a", 80),
    "ValueId": ("t1.", 80),
    "Words": ("", 600),
    "ReferenceKey": ("a", 60),
    "FileName": (".csv", 60),
    "Pattern": ("a", 80),
    "Reason": ("", 400),
    "Source": ("", 60),
    "Slug": ("a", 40),
}
SHORTEST = {"Words": 1, "Reason": 10, "Source": 0}
SIGNS = {Ge: ("ge", "≥ {}"), Gt: ("gt", "> {}"), Le: ("le", "≤ {}"), Lt: ("lt", "< {}")}
SIGNS |= {MinLen: ("min_length", "at least {} entries"), MaxLen: ("max_length", "at most {} long")}


def fields():
    """Yield the fields of all models, ``Model.field``, with what is known of them."""
    for module in MODULES:
        for model in vars(module).values():
            if isinstance(model, type) and issubclass(model, BaseModel) and model.__module__ == module.__name__:
                for name in model.__annotations__.keys() & model.model_fields.keys():
                    yield f"{model.__name__}.{name}", model.model_fields[name]


def test_every_limit_is_what_is_promised():
    found = defaultdict(set)
    for name, field in fields():
        for limit in field.metadata:
            if type(limit) in SIGNS:
                attribute, said = SIGNS[type(limit)]
                found[said.format(f"{getattr(limit, attribute):g}")].add(name)
    assert found.pop("at least 1 entries") == set(NOT_EMPTY.split())
    assert dict(found) == {said: set(names.split()) for said, names in LIMITS.items()}


def test_what_a_field_is_when_nothing_is_said():
    found = {name: field.default for name, field in fields() if not field.is_required()}
    told = {name: default for name, default in found.items() if default not in (None, "", [], {})}
    assert told == DEFAULTS


def test_each_kind_of_text_is_as_long_as_promised():
    named = {name: kind for module in MODULES for name, kind in vars(module).items() if _is_text(kind)}
    assert named.keys() == LONGEST.keys()
    for name, (begin, longest) in LONGEST.items():
        kind, rest = TypeAdapter(named[name]), longest - len(begin)
        texts = ["x" * n + begin if begin == ".csv" else begin + "x" * n for n in (rest, rest + 1)]
        assert kind.validate_python(texts[0]) == texts[0]
        with pytest.raises(ValidationError):
            kind.validate_python(texts[1])
    for name, shortest in SHORTEST.items():
        assert TypeAdapter(named[name]).validate_python("x" * shortest) == "x" * shortest
        if shortest:
            with pytest.raises(ValidationError):
                TypeAdapter(named[name]).validate_python("x" * (shortest - 1))


def _is_text(kind):
    known = {type(each) for each in getattr(kind, "__metadata__", ())}
    return StringConstraints in known and schema.Names not in known

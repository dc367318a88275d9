"""data/published against numerals.csv, and both against the article when it is at hand."""

from __future__ import annotations

import os
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

import make_numerals

REASONS = {reason for reason, _, _ in make_numerals.REASONS}
TEXT_COLUMNS = ["id", "section", "paragraph", "subject", "statistic", "group", "printed", "restates", "described"]
MEASURES = {"count", "size", "percent", "p", "hr", "lower", "upper", "median", "dose", "duration", "threshold", "level"}
STATISTICS = MEASURES | {"score", "grade", "rate", "date", "version", "class", "claim"}
GROUPS = {"all", "lp", "r", "ecog_0_1", "ecog_2", "afp_lt400", "afp_ge400", "external", ""}


@pytest.fixture(scope="module")
def text() -> list[dict[str, str]]:
    """The rows of text.csv."""
    return make_numerals.read_csv(make_numerals.PUBLISHED / "text.csv")


@pytest.fixture(scope="module")
def cells() -> dict[str, str]:
    """The printed cells of the six tables by id; blank cells have none."""
    return {
        make_numerals.cell_id(table, row["row"], column): row[column]
        for table in make_numerals.CELLS
        for row in make_numerals.read_csv(make_numerals.PUBLISHED / f"{table}.csv")
        for column in row.keys() - {"row", "label"}
        if row[column]
    }


@pytest.fixture(scope="module")
def numerals() -> list[dict[str, str]]:
    """The rows of numerals.csv."""
    return make_numerals.read_csv(make_numerals.PUBLISHED / "numerals.csv")


def digits(printed: str) -> list[str]:
    """Return the numerals of a printed string without their signs."""
    return [numeral.text for numeral in make_numerals.scan(printed)]


def test_text_keeps_its_vocabulary(text):
    assert list(text[0]) == TEXT_COLUMNS
    assert {row["section"] for row in text} <= set(make_numerals.SECTIONS)
    assert {row["statistic"] for row in text} <= STATISTICS
    assert {row["group"] for row in text} <= GROUPS
    assert all(row["subject"] and row["described"] for row in text)


def test_only_claims_print_nothing(text):
    assert [row["id"] for row in text if (row["printed"] == "") != (row["statistic"] == "claim")] == []


def test_ids_are_unique(text, cells):
    counts = Counter([row["id"] for row in text] + list(cells))
    assert [value_id for value_id, count in counts.items() if count > 1] == []


def test_restated_ids_exist(text, cells):
    known = cells.keys() | {row["id"] for row in text}
    assert [(row["id"], other) for row in text for other in row["restates"].split() if other not in known] == []


def test_restatements_do_not_run_in_circles(text):
    restates = {row["id"]: row["restates"].split() for row in text}
    for start in restates:
        reached, waiting = set(), [start]
        while waiting:
            reached |= (following := set(restates.get(waiting.pop(), [])) - reached)
            waiting += following
        assert start not in reached, start


def test_every_numeral_has_ids_or_a_reason(numerals):
    assert [row for row in numerals if bool(row["value_ids"]) == bool(row["reason"])] == []
    assert {row["reason"] for row in numerals} <= REASONS | {""}


def test_ids_of_numerals_exist(numerals, text, cells):
    known = cells.keys() | {row["id"] for row in text}
    assert {value_id for row in numerals for value_id in row["value_ids"].split()} <= known


def test_ordinals_are_contiguous(numerals):
    places = defaultdict(list)
    for row in numerals:
        places[row["section"], row["paragraph"]].append(row["ordinal"])
    for place, ordinals in places.items():
        assert ordinals == [str(number) for number in range(1, len(ordinals) + 1)], place


def test_every_printed_number_is_carried_as_printed(numerals, text, cells):
    carried = defaultdict(list)
    for row in numerals:
        for value_id in row["value_ids"].split():
            carried[value_id].append(make_numerals.WORDS.get(row["numeral"].lower(), row["numeral"]))
    printed = {row["id"]: row["printed"] for row in text if row["statistic"] not in make_numerals.NOT_NUMERIC} | cells
    assert {value_id: digits(string) for value_id, string in printed.items()} == dict(carried)


def test_numerals_stand_where_text_says(numerals, text):
    places = {row["id"]: (row["section"], row["paragraph"]) for row in text}
    for row in numerals:
        for value_id in set(row["value_ids"].split()) & places.keys():
            assert places[value_id] == (row["section"], row["paragraph"]), value_id


def test_numerals_hold_no_words_of_the_article(numerals):
    words = {row["numeral"].lower() for row in numerals if not row["numeral"].replace(".", "").isdigit()}
    assert words <= make_numerals.WORDS.keys()


def test_regeneration_from_the_article():
    path = os.environ.get("SECONDLOOK_ARTICLE")
    if not path:
        pytest.skip("SECONDLOOK_ARTICLE names no file: the article is not part of the repository")
    result = make_numerals.compare(Path(path).read_text(encoding="utf-8"))
    assert result.slips == []
    committed = (make_numerals.PUBLISHED / "numerals.csv").read_bytes()
    assert make_numerals.as_csv(result.rows).encode() == committed


SMALL_ARTICLE = """Purpose: 68 patients.
Introduction
Materials and Methods
Patients
Treatment Procedures
Efficacy and Safety Assessments
Statistical Analysis
Results
Patients
Subsequent Treatment
Treatment Outcomes and Survival Outcomes
Treatment Toxicities
Prognostic Factor Analysis
Discussion
A PD-I sentence with $p \\geq 0.10$ that a page

breaks after trial,¹³ once.^{3,4}

Another.
Funding
"""


def test_cut_joins_a_broken_sentence_and_reads_the_rendering():
    paragraphs = make_numerals.cut(SMALL_ARTICLE)
    assert [(p.section, p.name) for p in paragraphs] == [("abstract", "1"), ("discussion", "1"), ("discussion", "2")]
    found = [(n.value, n.reason) for n in make_numerals.scan(paragraphs[1].text, "discussion")]
    assert found == [
        ("1", "name"), ("≥0.10", ""), ("13", "citation"), ("1", ""), ("3", "citation"), ("4", "citation"),
    ]  # fmt: skip


def test_align_reports_what_differs():
    slips: list[str] = []
    found = list(make_numerals.scan("5.3 vs 3.0, p<0.001"))
    make_numerals.align(found, [("a", "5.3"), ("b", "3.00"), ("c", "<0.001")], "discussion, 1", slips)
    assert slips == ["discussion, 1: the article has 3.0, text.csv 3.00 (b)"]

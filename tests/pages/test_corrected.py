"""The paper as it would read: every change is marked where it stands, and nothing else is touched."""

import re

import pytest
from conftest import PUBLISHED

from secondlook import conclusions
from secondlook.corrections import UNSOUND, lines
from secondlook.pages import corrected


@pytest.fixture(scope="module")
def found(ledger):
    return corrected.changes(ledger)


@pytest.fixture(scope="module")
def tables(ledger, found):
    return {name: corrected.table(ledger, name, found) for name in ledger.registry.layout.tables}


def text(html):
    return re.sub(r"<[^>]*>", "", html)


def test_each_value_that_does_not_hold_is_changed_and_no_other(ledger, found):
    assert set(found) == {value.id for x in lines(ledger, UNSOUND) for value in x.values}


def test_without_changes_a_table_is_what_is_printed(ledger):
    for name in ledger.registry.layout.tables:
        html = corrected.table(ledger, name, {})
        assert not re.search("<del>|<ins>|sl-cannot|<sup>", html)
        said = text(html)
        assert [
            v.id for v in ledger.registry.cells(name) if v.printed and v.printed.replace("<", "&lt;") not in said
        ] == []


def test_a_change_is_struck_and_inserted_in_its_cell(tables):
    assert "0.963 (<del>0.551</del> <ins>0.511</ins>–<del>0.813</del> <ins>1.813</ins>)<sup>" in tables["t5"]
    assert "10 (<del>37.4</del> <ins>37.0</ins>)<sup>" in tables["t2"]


def test_what_cannot_stand_is_framed_and_stays(tables):
    assert text(tables["t5"]).count("0.932 (0.487–1.786)") == 1
    assert tables["t5"].count("sl-cannot") == 3
    assert tables["t6"].count("sl-cannot") == 12  # Child-Pugh alone and adjusted, stage, spread
    assert not re.search(r"sl-cannot[^>]*>[^<]*<ins", tables["t6"])


def test_every_struck_number_of_a_table_is_a_value_that_is_wrong(ledger, found, tables):
    for name, html in tables.items():
        struck = re.findall(r"<del>(.*?)</del>", html)
        wrong = [v for v in ledger.registry.cells(name) if v.id in found and found[v.id].weight != "joint"]
        assert sorted(struck) == sorted(v.printed for v in wrong)


def test_every_mark_leads_to_a_line_and_every_line_to_its_matter(ledger, tables):
    page = corrected.lines(ledger, conclusions.load(PUBLISHED, ledger.registry))
    ids = set(re.findall(r'<tr id="(change-\d+)"', page))
    marks = {mark for html in tables.values() for mark in re.findall(r'href="#(change-\d+)"', html)}
    assert marks <= ids
    assert len(ids) == len(lines(ledger, UNSOUND))
    for x in lines(ledger, UNSOUND):
        assert f'href="12-suggested-corrections.html#{x.matter.slug}"' in page


def test_only_decisions_are_said_to_change_what_a_reader_does(ledger):
    page = corrected.lines(ledger, conclusions.load(PUBLISHED, ledger.registry))
    answers = re.findall(r"<td[^>]*>((?:yes|perhaps|no)\b[^<]*)</td></tr>", page)
    decisions = sum(matter.weight == "decision" for matter in ledger.matters)
    assert len(answers) == len(lines(ledger, UNSOUND))
    assert sum(answer.startswith("yes") for answer in answers) == decisions

"""For the authors: every matter once, with all that is said of it and room for an answer; and what came back.

Authority: RFC 4180 for the table, RFC 3986 for the query of an address.
"""

import csv
import dataclasses
import io
import re
import shutil
from urllib.parse import parse_qs

import pytest
from conftest import PUBLISHED

from secondlook.audit import audit
from secondlook.corrections import lines
from secondlook.matters import WEIGHTS
from secondlook.pages import findings, letter, long_tables, present
from secondlook.paper.reading import DataError
from secondlook.paper.registry import load

ANSWER = "t5-afp,2026-12-01,the authors,The table is right & the text is not."


@pytest.fixture(scope="module")
def answered(tmp_path_factory):
    """The paper's ledger with one answer."""
    folder = tmp_path_factory.mktemp("answered") / "published"
    shutil.copytree(PUBLISHED, folder)
    (folder / "answers.csv").write_text(f"matter,date,by,answer\n{ANSWER}\n", encoding="utf-8")
    return audit(load(folder))


def test_the_form_has_a_line_a_matter_with_its_number_and_no_answer(ledger):
    rows = list(csv.DictReader(io.StringIO(letter.form_csv(ledger))))
    assert [row["matter"] for row in rows] == [x.matter.slug for x in lines(ledger, WEIGHTS)]
    assert [row["number"] for row in rows] == [str(i + 1) for i in range(len(rows))]
    assert {row["answer"] for row in rows} == {""}
    by_slug = {line.matter.slug: line for line in lines(ledger, WEIGHTS)}
    assert all(row["suggested"] == by_slug[row["matter"]].should_read for row in rows)
    for row in rows:  # whatever is suspected is named, though what several flags say of it is said once
        assert all(v.printed in row["printed"] + row["why"] for v in by_slug[row["matter"]].values), row["matter"]


def test_the_letter_has_a_heading_and_room_for_an_answer_for_each_matter(ledger):
    said = letter.letter(ledger)
    heads = re.findall(r"^### (\d+)\. .*\(`([\w-]+)`\)$", said, re.M)
    assert heads == [(str(i), x.matter.slug) for i, x in letter.entries(ledger)]
    assert len(re.findall(r"^Answer:$", said, re.M)) == len(ledger.matters)
    assert "a slip may be the rendering's" in said


def test_numbers_of_the_letter_are_those_of_the_page(ledger):
    page = findings.listed(ledger, WEIGHTS)
    shown = dict(re.findall(r'where: </span>(\d+) .*?class="sl-why" id="([\w-]+)"', page))
    assert {slug: int(number) for number, slug in shown.items()} == {
        x.matter.slug: number for number, x in letter.entries(ledger)
    }


def test_an_issue_is_filled_in_with_the_matter(ledger):
    line = next(x for x in lines(ledger) if x.matter.slug == "t5-afp")
    query = parse_qs(letter.issue(ledger, line))
    assert query["title"] == [f"t5-afp: {line.where}"]
    assert line.printed in query["body"][0]
    assert line.should_read in query["body"][0]


def test_an_answer_stands_beside_the_number_wherever_it_is_shown(answered):
    said = "The table is right &amp; the text is not."
    afp = answered.matter_of["restatement.prognostic.afp.pfs.multi.hr:t5.afp.multi.hr"]
    page = findings.listed(answered, WEIGHTS)
    assert page.count(said) == page.count(">answered<") == 1
    assert said in present.card(answered, afp.checks)
    assert said in present.section_numbers(answered, "prognostic-factors")
    numbers = long_tables.all_numbers(answered)
    for value in afp.value_ids:
        [row] = re.findall(rf'<tr id="{re.escape(value)}"[^>]*>.*?</tr>', numbers)
        assert said in row
    assert numbers.count(said) == len(afp.value_ids)


def test_an_answer_to_a_matter_that_is_no_more_is_kept_and_shown(answered):
    rows = [*answered.registry.answers, answered.registry.answers[0].model_copy(update={"matter": "gone"})]
    ledger = dataclasses.replace(answered, registry=dataclasses.replace(answered.registry, answers=tuple(rows)))
    assert set(ledger.answers) == {"t5-afp", "gone"}
    assert "the authors" in findings.no_more(ledger)
    assert findings.no_more(answered) == ""


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("T5 AFP,2026-12-01,the authors,Yes.", "matter"),
        ("t5-afp,1 December,the authors,Yes.", "date"),
        ("t5-afp,2026-12-01,the authors,", "answer"),
    ],
)
def test_an_answer_that_is_malformed_is_refused_with_its_place(tmp_path, line, column):
    folder = tmp_path / "published"
    shutil.copytree(PUBLISHED, folder)
    (folder / "answers.csv").write_text(f"matter,date,by,answer\n{line}\n", encoding="utf-8")
    with pytest.raises(DataError, match=rf"answers\.csv.*2.*{column}"):
        load(folder)

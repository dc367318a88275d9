"""Pages agree: none calls possible what another proves impossible, and each gives a value the ledger's verdict."""

import re

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT

from secondlook.checks.joint import Proved
from secondlook.checks.verdicts import FLAGS, VERDICTS
from secondlook.corrections import corrections, lines
from secondlook.matters import WRONG
from secondlook.pages import findings, long_tables, present

PAGES = [*sorted((ROOT / "notebooks").glob("*.py")), *sorted((ROOT / "book").glob("*.md"))]
QUOTED = re.compile(r"\{printed\}`([^`]+)`")
LINKED = re.compile(r"12-suggested-corrections\.html#([\w-]+)")
WORD = re.compile(rf"`({'|'.join(VERDICTS)})`")
#: What a page says of something that can be as it is printed.
POSSIBLE = re.compile(
    r"not impossible|nothing (?:speaks|stands) against|no(?:thing| number) contradicts (?:it|them)|"
    r"(?:is|are|remains?) (?:quite )?possible|(?:can|could) (?:both )?(?:be true|stand)(?! in)",
    re.IGNORECASE,
)
#: Unless it is said under a premise, or with a change.
UNLESS = re.compile(
    r"\b(?:if|unless|were|would|whether|premise|mended|corrected|suggest\w+|exchanged|slips?|neither|not)\b"
)


def paragraphs(text):
    """Return the paragraphs of a page's Markdown, each in one line."""
    said = "\n".join(line.removeprefix("#").strip() for line in text.splitlines() if line.startswith("#") or line == "")
    if not text.startswith("# %%"):
        said = text
    return [" ".join(block.split()) for block in re.split(r"\n\s*\n|\n(?=- |\d+\. |\|)", said) if block.strip()]


def called_possible(paragraph, impossible, slugs):
    """Return the sentences of a paragraph about impossible values that call something possible without a condition."""
    about = set(QUOTED.findall(paragraph)) & impossible or set(LINKED.findall(paragraph)) & slugs
    sentences = re.split(r"(?<=[.?!:;])\s+", paragraph) if about else []
    return [said for said in sentences if POSSIBLE.search(said) and not UNLESS.search(POSSIBLE.sub("", said))]


@pytest.fixture(scope="module")
def proved(ledger):
    """The values that a proof or a check calls impossible, and the slugs of their matters."""
    joint = {i for c in ledger.checks if isinstance(c.found, Proved) and c.is_flag for i in c.suspect_ids}
    wrong = {i for i, verdict in ledger.verdicts.items() if verdict in WRONG}
    assert joint
    return joint | wrong, {m.slug for m in ledger.matters if m.weight in ("joint", *WRONG)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_page_calls_possible_what_another_proves_impossible(page, proved):
    found = [said for block in paragraphs(page.read_text(encoding="utf-8")) for said in called_possible(block, *proved)]
    assert found == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_verdict_word_beside_a_flagged_value_is_one_of_its_verdicts(page, ledger):
    """Where prose quotes flagged values and names a verdict in code type, one of the values has it, or another's check."""
    for block in paragraphs(page.read_text(encoding="utf-8")):
        ids = [i for i in QUOTED.findall(block) if i in ledger.verdicts]
        flagged = [i for i in ids if ledger.verdicts[i] in FLAGS]
        matters = [m for m in ledger.matters if m.slug in LINKED.findall(block)]
        verdicts = {c.verdict for i in ids for c in ledger.by_value[i]} | {m.lead.verdict for m in matters}
        assert not flagged or set(WORD.findall(block)) <= verdicts | {ledger.verdicts[i] for i in ids}, block


@pytest.mark.parametrize(
    ("said", "caught"),
    [
        ("The ratio is {printed}`t5.tace_haic.uni.hr`. It is not impossible.", True),
        ("Its interval, from {printed}`t5.tace_haic.uni.lower`, is possible.", True),
        ("The two rows ({printed}`t6.child_pugh.uni.hr`, {printed}`t6.child_pugh.multi.hr`) can both be true.", True),
        ("{printed}`t5.tace_haic.uni.hr` is possible if six were censored early.", False),
        ("The ratio is {printed}`t5.ecog.uni.hr`. It is possible.", False),
    ],
)
def test_what_the_words_are_taken_for(said, caught, proved):
    assert bool(called_possible(said, *proved)) == caught


# What is made from the ledger --------------------------------------------------------------------------------------


def words(node):
    """Return the verdict that an element's classes show."""
    shown = {name.removeprefix("sl-") for each in [node, *node.find_all(class_=True)] for name in each.get("class", ())}
    return shown & set(VERDICTS)


def test_every_table_and_the_map_give_a_flagged_value_the_ledgers_verdict(ledger):
    flagged = {i: verdict for i, verdict in ledger.verdicts.items() if verdict in FLAGS}
    everything = BeautifulSoup(long_tables.all_numbers(ledger), "html.parser")
    cells = BeautifulSoup(present.paper_map(ledger, "page"), "html.parser")
    for value_id, verdict in flagged.items():
        assert words(everything.find(id=value_id)) == {verdict}, value_id
        assert words(cells.find("a", href=f"page#{value_id}")) == {verdict}, value_id
    for section in ledger.registry.layout.sections:
        rows = BeautifulSoup(present.numbers(ledger, section), "html.parser").select("tbody tr")
        values = [value for value in ledger.registry if value.section == section]
        assert [words(row) for row in rows] == [{ledger.verdicts[v.id]} for v in values], section


def test_corrections_list_what_the_ledger_calls_wrong_and_no_more(ledger):
    wrong = {i for i, verdict in ledger.verdicts.items() if verdict in WRONG}
    assert {c.value.id for c in corrections(ledger)} == wrong
    assert {v.id for line in lines(ledger, WRONG) for v in line.values} == wrong
    shown = BeautifulSoup(findings.listed(ledger, WRONG), "html.parser")
    marks = [words(line) & set(WRONG) for line in shown.select(".sl-matter summary")]
    assert marks == [{line.matter.lead.verdict} for line in lines(ledger, WRONG)]

"""Matters as pages show them: one anchor each, every link to one leads somewhere, and no page contradicts a proof.

Authority: the HTML standard (ids unique, a fragment opens the details around it), and the project's contract for
matters.
"""

import re
from html.parser import HTMLParser

import pytest
from click.testing import CliRunner
from conftest import PUBLISHED, ROOT
from invented import write

from secondlook import conclusions
from secondlook.cli.main import main
from secondlook.corrections import UNSOUND, lines
from secondlook.matters import WEIGHTS
from secondlook.pages import findings, present

SOURCES = sorted((ROOT / "notebooks").glob("*.py")) + sorted((ROOT / "book").glob("*.md"))


class Ids(HTMLParser):
    """Collects ids and checks that tags are closed in order."""

    VOID = ("meta", "br", "img", "link")

    def __init__(self, text):
        super().__init__()
        self.ids, self.open, self.links = [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.ids += [value for name, value in attrs if name == "id"]
        self.links += [value for name, value in attrs if name == "href"]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def plain(text):
    """Return the words of a source, without comment marks and line ends."""
    return " ".join(re.sub(r"^# ?", "", text, flags=re.M).split())


def test_each_matter_has_one_anchor(ledger):
    ids = Ids(findings.listed(ledger, WEIGHTS)).ids
    assert sorted(ids) == sorted(matter.slug for matter in ledger.matters)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_link_to_a_matter_leads_to_one(ledger, path):
    slugs = {matter.slug for matter in ledger.matters}
    named = set(re.findall(r"12-suggested-corrections\.html#([\w-]+)", path.read_text(encoding="utf-8")))
    assert named - slugs <= {"corrections-page", "corrections-lines", "corrections-questions"}


def test_the_first_page_links_to_every_matter_that_does_not_hold(ledger):
    said = (ROOT / "notebooks" / "00-overview.py").read_text(encoding="utf-8")
    missing = [m.slug for m in ledger.matters if m.weight in UNSOUND and f"html#{m.slug}" not in said]
    assert missing == []


def test_every_matter_leads_to_the_heading_that_explains_it(ledger, paper):
    """Each label stands directly before a heading of the chapter that is named (``explained.toml``)."""
    named = findings.InBook.read(PUBLISHED, paper).explained
    assert set(named) == {matter.slug for matter in ledger.matters}
    for address, _ in named.values():
        page, label = address.split(".html#")
        text = (ROOT / "notebooks" / f"{page}.py").read_text(encoding="utf-8")
        assert re.search(rf"^# \({label}\)=\n# #+ ", text, re.M), address


def test_the_heading_that_explains_a_matter_is_linked_where_it_opens(ledger):
    book = findings.InBook(explained={"t5-afp": ("36-prognostic-factors.html#prognosis-afp", "Prognostic factors")})
    shown = findings.listed(ledger, WEIGHTS, book)
    assert shown.count('Worked out under: <a href="36-prognostic-factors.html#prognosis-afp">') == 1
    assert "Worked out under" not in findings.listed(ledger, WEIGHTS)


def test_every_card_links_to_its_matter(ledger):
    for check in ledger.flags():
        slug = ledger.matter_of[check.check_id].slug
        assert f'href="{present.MATTERS}#{slug}"' in present.card(ledger, [check])


def test_what_a_matter_changes_are_conclusions_of_the_paper(ledger, paper):
    concluded = conclusions.load(PUBLISHED, paper)
    changed = {m.slug: [c.place for c in conclusions.weigh(m, concluded).conclusions] for m in ledger.matters}
    assert "disease-control" in changed["t3-dcr"]
    assert changed["t5-afp"] == ["performance-status-and-afp"]
    assert changed["child-pugh-os"] == ["child-pugh-class"]
    assert changed["blank-t2-percent"] == []


def test_what_cannot_be_as_printed_is_told_by_kind_and_numbered_as_it_is_listed(ledger):
    shown = findings.listed(ledger, UNSOUND)
    numbers = [int(number) for number in re.findall(r"where: </span>(\d+) ", shown)]
    assert numbers == list(range(1, len(lines(ledger)) + 1))
    kinds = [x.matter.kind for x in lines(ledger, ["inconsistent"])]
    assert kinds == sorted(kinds, key=["number", "words", "citation"].index)


def test_counts_are_those_of_the_lines(ledger):
    number, values = findings.counted(ledger, UNSOUND)
    assert number == len(lines(ledger)) > 10
    assert values == len({v.id for line in lines(ledger) for v in line.values}) > number


def test_the_audit_as_one_page_needs_nothing_else():
    done = CliRunner().invoke(main, ["audit", "--format", "html", "--published", str(PUBLISHED)])
    assert done.exit_code == 0
    page = Ids(done.output)
    assert len(page.ids) == len(set(page.ids))
    inside = {link[1:] for link in page.links if link.startswith("#")}
    assert inside <= set(page.ids)
    assert all(link.startswith("#") or link.startswith("14-") for link in page.links)


def test_the_audit_as_text_has_a_line_a_matter(ledger):
    said = CliRunner().invoke(main, ["audit", "--format", "text", "--published", str(PUBLISHED)]).output
    assert [line.split(":")[0].strip() for line in said.splitlines() if line.startswith("  ")] == [
        x.matter.slug for x in lines(ledger, WEIGHTS)
    ]


@pytest.mark.parametrize(("word", "code"), [("query", 2), ("inconsistent", 2), ("decision", 0)])
def test_fail_on_tells_by_the_exit_code_and_prints_all_the_same(tmp_path, word, code):
    folder = write(tmp_path / "paper", text=("walk,80.0", "walk,80.5"))
    done = CliRunner().invoke(main, ["audit", "--published", str(folder), "--fail-on", word])
    assert done.exit_code == code
    assert done.output.startswith("check_id,")


# No page contradicts a proof ----------------------------------------------------------------------------------------

#: What no page may say of rows while another proves that they cannot stand.
DENIALS = ("it is not impossible", "the arithmetic of all but two rows", "every row can be true")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_no_page_calls_possible_what_another_proves_impossible(path):
    said = plain(path.read_text(encoding="utf-8")).lower()
    assert [words for words in DENIALS if words in said] == []


def test_pages_that_doubt_a_proved_row_name_its_matter(ledger):
    """A heading about a row that cannot stand beside others leads to the matter."""
    for stem, slugs in {
        "36-prognostic-factors": ("tace-haic-pfs", "child-pugh-os"),
        "40-how-many-events": ("tace-haic-pfs", "child-pugh-os"),
        "14-conclusions": ("child-pugh-os",),
    }.items():
        said = (ROOT / "notebooks" / f"{stem}.py").read_text(encoding="utf-8")
        assert [slug for slug in slugs if f"#{slug}" not in said] == []


def test_the_map_shows_every_proved_row_as_flagged(ledger):
    shown = present.paper_map(ledger, "numbers.html")
    for check in (c for c in ledger.checks if c.family == "joint"):
        for value in check.suspect_ids:
            [cell] = re.findall(rf'<a class="sl-cell sl-([\w-]+)" href="numbers\.html#{re.escape(value)}"', shown)
            assert cell == "query"

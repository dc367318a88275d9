"""What pages show: escaped, complete, and with the verdict that the ledger gives."""

import dataclasses
import re
from html import escape
from html.parser import HTMLParser

import pytest
from invented import TEXT, audited

from secondlook import corrections
from secondlook.checks import verdicts
from secondlook.checks.verdicts import ICONS, VERDICTS
from secondlook.pages import long_tables, present
from secondlook.paper import reading, registry

HOSTILE = "<script>alert(1)</script> & {glue:text}`x` \"quoted\" 'single'"


class Parser(HTMLParser):
    """Collect tags, ids, links and the text of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags, self.ids, self.links, self.words = [], [], [], ""
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.tags.append(tag)
        self.open.append(tag)
        self.ids += [found["id"]] if "id" in found else []
        self.links += [found["href"]] if "href" in found else []

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"</{tag}> closes another tag"

    def handle_data(self, data):
        self.words += data


@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_verdict_is_told_by_icon_and_word(verdict):
    words = Parser(present.badge(verdict)).words
    assert ICONS[verdict] in words
    assert verdict in words


@pytest.mark.parametrize(
    ("values", "form", "words"),
    [
        ([0.26, -0.31, 0.1], "+.1f", "−0.3 to +0.3"),
        ([0.04, -0.04], "+.1f", "0.0"),
        ([-0.04, 0.2], ".1f", "0.0 to 0.2"),
        ([12, 1500], ",", "12 to 1,500"),
        ([7], "d", "7"),
    ],
)
def test_a_span_has_two_ends_a_true_minus_and_no_sign_at_nought(values, form, words):
    assert present.span(values, form) == words


def test_a_span_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        present.span([], ".1f")


def test_the_map_has_one_linked_cell_per_value_in_reading_order(paper, ledger):
    parsed = Parser(present.paper_map(ledger, "page.html"))
    assert sorted(parsed.links) == sorted(f"page.html#{value.id}" for value in paper)
    prose = [v.id for v in paper if v.section == "outcomes" and not v.table]
    assert [link.partition("#")[2] for link in parsed.links if link.partition("#")[2] in prose] == prose


def test_every_link_of_the_map_leads_to_a_row(ledger):
    anchors = set(Parser(long_tables.all_numbers(ledger)).ids)
    assert {link.partition("#")[2] for link in Parser(present.paper_map(ledger, "p")).links} <= anchors


def test_ids_of_a_page_are_unique(ledger):
    for page in (long_tables.all_numbers(ledger), long_tables.all_checks(ledger), present.flags(ledger, "patients")):
        ids = Parser(page).ids
        assert len(ids) == len(set(ids)) > 0


def test_a_section_shows_each_of_its_values_once(paper, ledger):
    html = present.section_numbers(ledger, "patients")
    values = [v for v in paper if v.section == "patients"]
    assert html.count("<tr>") == len(values) + 1
    assert f"All {len(values)} numbers" in html
    title = paper.layout.sections["patients"]
    heads = re.findall(r"<th scope=\"row\"[^>]*>(.*?)</th>", html)
    assert len(heads) == len(values)
    assert not any(head.startswith(f"{title}, ") for head in heads), "each row repeats the section"


def test_what_a_flag_recomputed_stands_beside_what_it_recomputed_only(ledger):
    """A range of standard errors is no recomputed limit, and a month no number of weeks; a mended row is its numbers."""
    rows = {
        name: re.search(f'<tr id="{re.escape(name)}"[^>]*>.*?</tr>', long_tables.all_numbers(ledger))[0]
        for name in ("t5.tace_haic.uni.lower", "methods.scan.max", "t2.accepted.lp.n", "t5.cirrhosis.uni.lower")
    }
    recomputed = {name: re.findall(r"<td[^>]*>(.*?)</td>", row)[2] for name, row in rows.items()}
    assert recomputed.pop("t5.cirrhosis.uni.lower").startswith("0.963 (0.511–1.813)")
    assert set(recomputed.values()) == {""}


def test_a_card_says_what_the_line_of_its_matter_says(ledger):
    """One matter, one account of it: a flag's card has the place, the suggestion and the grounds of the matter's line."""
    for x in corrections.lines(ledger):
        shown = present.card(ledger, x.matter.checks)
        where = (
            ledger.about(x.matter.lead).place if x.values[0].statistic == x.values[-1].statistic == "claim" else x.where
        )
        for said in filter(None, (where, x.should_read, x.how_sure)):
            assert escape(said) in shown, x.matter.slug


def test_a_card_says_each_sentence_once_and_not_what_its_head_leads_to(ledger):
    """The notes on numbers stand with the matter; on a card of the book only those on words and on citations."""
    for matter in ledger.matters:
        for linked in (True, False):
            notes = re.findall(r"<p>(.*?)</p>", present.card(ledger, matter.checks, linked=linked))
            assert len(notes) == len(set(notes)), matter.slug
            numbers = [v for v in corrections.line(ledger, matter).values if v.statistic != "claim"]
            assert bool(notes) == (not linked or not numbers), matter.slug


def test_text_of_data_files_is_escaped_everywhere(tmp_path, monkeypatch):
    """The reader refuses markup; were it to let some in, pages would still show it as text."""
    for module in (reading, registry):
        monkeypatch.setattr(module, "refuse_unfit", lambda *_, **__: None)
    text = TEXT.replace("healed,percent,walk,80.0", f'"{HOSTILE.replace(chr(34), chr(34) * 2)}",percent,walk,81.0')
    ledger = audited(tmp_path, text=text)
    pages = [
        long_tables.all_numbers(ledger),
        long_tables.all_checks(ledger),
        present.flags(ledger, "summary"),
        present.section_numbers(ledger, "summary"),
        present.paper_map(ledger, "p.html"),
    ]
    for page in pages:
        assert "script" not in Parser(page).tags
        assert "<script" not in page
    assert "&lt;script&gt;" in pages[3]


def test_every_word_of_a_check_is_escaped_wherever_it_is_shown(ledger):
    """A check's words quote data files; on a card and in every table of checks."""
    flags = [check for check in ledger.checks if check.verdict == "inconsistent" or check.changes]
    kinds = {(check.verdict, len(check.suspect_ids) > 1, bool(check.changes)): check for check in flags}
    fields = [field.name for field in dataclasses.fields(verdicts.Said)]
    hostile = {}
    for check in kinds.values():
        words = {name: f"{name} {HOSTILE}" for name in fields if check.changes or name != "repair"}
        hostile[check.check_id] = dataclasses.replace(check, said=dataclasses.replace(check.said, **words))
    changed = dataclasses.replace(ledger, checks=tuple(hostile.get(c.check_id, c) for c in ledger.checks))
    cards = [present.card(changed, [check]) for check in hostile.values()]
    pages = [*cards, long_tables.all_checks(changed), long_tables.all_numbers(changed)]
    assert not any("script" in Parser(page).tags for page in pages)
    for name in fields:
        assert any(f"{name} &lt;script&gt;" in page for page in pages), name


def test_the_words_of_a_check_are_escaped_in_the_table_of_a_section(ledger):
    """Its method or quantity where it decides, its note where nothing can be recomputed."""
    names = "quantity", "method", "note"
    words = {name: f"{name} {HOSTILE}" for name in names}
    hostile = [dataclasses.replace(check, said=dataclasses.replace(check.said, **words)) for check in ledger.checks]
    changed = dataclasses.replace(ledger, checks=tuple(hostile))
    shown = "".join(present.numbers(changed, name) for name in ("patients", "methods", "introduction"))
    assert "script" not in Parser(shown).tags
    for name in names:
        assert f"{name} &lt;script&gt;" in shown, name


def test_names_of_columns_are_escaped_where_each_cell_repeats_them():
    """A stacked table, which a narrow screen shows, has its header in an attribute of every cell."""
    name = '"><script>alert(1)</script>'
    page = present.table(["first", name], [["a", "a sentence of some length. " * 9]], label=name, row_ids=[name])
    assert "data-label=" in page
    assert set(Parser(page).tags) == {"div", "table", "thead", "tbody", "tr", "th", "td"}


def test_the_deciding_check_has_the_verdict_of_the_value(paper, ledger):
    for value in paper:
        assert present.deciding(ledger, value).verdict == ledger.verdicts[value.id]


def test_a_blank_cell_says_that_nothing_is_printed(ledger):
    rows = re.findall(r'<tr id="t4.mucositis.ge3.r.n"[^>]*>.*?</tr>', long_tables.all_numbers(ledger))
    assert len(rows) == 1
    assert "nothing" in rows[0]


def test_a_section_without_flags_says_so(tmp_path):
    assert "No check of this section raises a flag" in present.flags(audited(tmp_path), "results")


def test_only_what_was_recomputed_of_a_value_stands_beside_it(ledger):
    """28 and 13 add up to 41: beside 28 the sum would be another quantity, so the cell says what it is part of."""
    html = long_tables.all_numbers(ledger)
    [row] = re.findall(r'<tr id="t1.age.ge50.lp.n"[^>]*>.*?</tr>', html)
    assert "41" not in re.sub(r"<[^>]*>", " ", row).split("Part of")[0].split("reproduced")[1]
    assert "Part of: every patient has one level of Age" in row
    [row] = re.findall(r'<tr id="t1.age.ge50.lp.pct"[^>]*>.*?</tr>', html)
    assert row.count("68.3") >= 2, "a percentage and its recomputation"
    [row] = re.findall(r'<tr id="t5.sex.uni.hr"[^>]*>.*?</tr>', html)
    assert "Part of: HR, interval and p" in row, "the p that follows from a row does not stand beside its hazard ratio"


def test_three_numbers_of_one_row_are_one_card(ledger):
    flags = [c for c in ledger.flags() if c.family == "restatement" and ledger.matter_of[c.check_id].slug == "t5-afp"]
    assert len(flags) == 3
    shown = present.cards(ledger, flags)
    assert shown.count('class="sl-card-head') == 1
    assert "3.000 (1.798–5.004)" in shown
    assert "3.270 (1.938–5.516)" in shown


def test_questions_of_a_section_are_links_to_their_matters_one_each(ledger):
    for section in ledger.registry.layout.sections:
        flags = ledger.flags(section)
        links = Parser(present.asked(ledger, flags)).links[1:]
        assert sorted(links) == sorted({f"{present.MATTERS}#{ledger.matter_of[c.check_id].slug}" for c in flags})


def test_a_number_repeated_rightly_names_the_flag_of_the_number_that_it_repeats(ledger):
    """2.90 agrees with Table 6 in the text and is asked about there: each row of it says so."""
    values = {name: ledger.registry[name] for name in ("prognostic.child_pugh.os.uni.hr", "t6.child_pugh.uni.hr")}
    told = {name: present.flagged_elsewhere(ledger, value) for name, value in values.items()}
    assert 'href="12-suggested-corrections.html#child-pugh-os"' in told["prognostic.child_pugh.os.uni.hr"]
    assert told["t6.child_pugh.uni.hr"] == ""
    for page in (present.numbers(ledger, "prognostic-factors"), long_tables.all_numbers(ledger)):
        assert told["prognostic.child_pugh.os.uni.hr"] in page


def test_what_a_value_was_held_against_is_named_where_its_own_place_says_less(ledger):
    """A stage named in two places was compared as stages; a limit of age repeated is that limit."""
    values = {name: ledger.registry[name] for name in ("methods.eligible.bclc", "t1.label.age.ge50")}
    told = {name: present.part_of(ledger, present.deciding(ledger, value), value) for name, value in values.items()}
    assert told == {"methods.eligible.bclc": "part of: BCLC stages compared", "t1.label.age.ge50": ""}

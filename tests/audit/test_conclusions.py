"""What becomes of a conclusion follows from its fact and the wrong values; data and page must name the same things."""

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT

from secondlook import conclusions
from secondlook.conclusions import CORRECTED, NOT, SURVIVES, UNKNOWN, Conclusion
from secondlook.corrections import UNSOUND
from secondlook.matters import Matter
from secondlook.pages import concluded, corrected, findings
from secondlook.paper.reading import DataError

ONE = Conclusion(
    said="more <with> A",
    place="more",
    claims=["s.more"],
    holds="more",
    fact="there are more",
    otherwise=NOT,
    corrected=["s.n"],
    because="{n} of 9",
)


def outcome(facts, wrong=(), conclusion=ONE):
    [judged] = conclusions.judge([conclusion], facts, {"n": 4}, wrong)
    return judged.outcome


def test_a_fact_decides_and_a_wrong_value_corrects():
    assert outcome({"more": True}) == SURVIVES
    assert outcome({"more": True}, ["s.other"]) == SURVIVES
    assert outcome({"more": True}, ["s.n"]) == CORRECTED
    assert outcome({"more": False}) == outcome({"more": False}, ["s.n"]) == NOT
    only_records = ONE.model_copy(update={"holds": None, "fact": "", "otherwise": UNKNOWN})
    assert outcome({}, ["s.n"], only_records) == UNKNOWN


def test_the_clause_becomes_a_sentence_with_its_numbers():
    [judged] = conclusions.judge([ONE], {"more": True}, {"n": 4}, ())
    assert judged.because == "4 of 9."
    small = ONE.model_copy(update={"because": "p {n}"})
    assert conclusions.judge([small], {"more": True}, {"n": "0.04"}, ())[0].because == "p 0.04."


def matter(weight, *values):
    return Matter("slug", weight, (), values)


def test_one_judgement_of_what_a_matter_changes():
    """A conclusion may fall with what draws it or what it hangs on; it outlives a change of what it only states."""
    hangs = ONE.model_copy(update={"hangs": ["s.hr"]})
    for weight, value, said in (
        ("inconsistent", "s.n", f"{conclusions.QUOTED}: “more <with> A”"),
        ("inconsistent", "s.more", "perhaps: “more <with> A”"),
        ("joint", "s.hr", "perhaps: “more <with> A”"),
        ("decision", "s.more", "yes: “more <with> A”"),
        ("decision", "s.n", "yes: “more <with> A”"),
        ("decision", "s.other", "yes"),
        ("inconsistent", "s.other", "no"),
    ):
        assert str(conclusions.weigh(matter(weight, value), [hangs])) == said
    opposed = ONE.model_copy(update={"corrected": ["s.more"]})  # words that state the conclusion, the wrong way round
    assert conclusions.weigh(matter("decision", "s.more"), [opposed]).answer == conclusions.READ_ALONE


def test_all_pages_give_the_same_judgement(ledger, paper):
    """Suggested corrections and the paper as it would read, line by line; what the chapter says is guarded there."""
    loaded = conclusions.load(ROOT / "data" / "published", paper)
    shown = findings.listed(ledger, UNSOUND, findings.InBook(loaded))
    listed = BeautifulSoup(shown, "html.parser").select(".sl-matter")
    there = [line.select(".sl-at")[3].get_text().removeprefix("changes a conclusion?: ") for line in listed]
    rows = BeautifulSoup(corrected.lines(ledger, loaded), "html.parser").select("tbody tr")
    assert there == [row.find_all("td")[-1].get_text() for row in rows] != []
    by_slug = {m.slug: conclusions.weigh(m, loaded).answer for m in ledger.matters}
    assert by_slug["t5-afp"] == by_slug["discussion-hfsr-ge3"] == conclusions.QUOTED
    assert by_slug["child-pugh-os"] == "perhaps"
    assert by_slug["t3-dcr"] == conclusions.READ_ALONE  # the paper's own conclusion names the other arm
    assert by_slug["discussion-ae-all-higher"] == "yes"


def test_names_that_do_not_meet_are_all_listed():
    with pytest.raises(ValueError, match=r"no fact 'more'; no number 'n'; .*the fact 'most'; .*the number 'm'"):
        conclusions.judge([ONE], {"most": True}, {"m": 1}, ())


def test_the_table_escapes_links_and_names_who_draws_it(paper):
    claim = next(value for value in paper if value.statistic == "claim")
    drawn = ONE.model_copy(update={"claims": [claim.id]})
    html = concluded.table(conclusions.judge([drawn], {"more": False}, {"n": 4}, ()), paper)
    assert '<a href="#more">more &lt;with&gt; A</a>' in html
    assert NOT in html
    assert paper.layout.sections[claim.section] in html


def test_the_papers_conclusions_are_read_and_an_unknown_id_is_refused(paper, tmp_path):
    found = conclusions.load(ROOT / "data" / "published", paper)
    assert {c.otherwise for c in found} == {NOT, UNKNOWN}
    text = (ROOT / "data" / "published" / conclusions.FILE).read_text(encoding="utf-8")
    (tmp_path / conclusions.FILE).write_text(text.replace('"patients.balance"', '"patients.blaance"'), encoding="utf-8")
    with pytest.raises(DataError, match=r"conclusions.toml.*patients\.blaance"):
        conclusions.load(tmp_path, paper)

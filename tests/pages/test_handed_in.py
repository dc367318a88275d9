"""What a book shows of records, without a build: ledger, matters, conclusions and pages follow them, and tell of nobody.

The records' numbers are told to the audit as if they had been computed (no model is fitted here; tests/audit has the
fits), so that what is planted is known. Authority: the vocabulary of verdicts, and the first rule: never accuse wrongly.
"""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from conftest import PUBLISHED, ROOT
from invented_cohort import rows, stand_in

from secondlook import audit, conclusions, corrections, of_records
from secondlook import recorded as checks
from secondlook.cohort import columns, records, verify
from secondlook.pages import corrected, curves, handed_in, look


def result(target, got):
    """Return a number beside what the records print, by whole units of its last digit."""
    off = abs(
        int((Decimal(got.lstrip("<")) - Decimal(target.printed.lstrip("<"))) / Decimal(str(float(target.number.unit))))
    )
    return verify.Result(target, (got,), off, verify.share_of(off, target.number), 68, "Efron's ties")


@pytest.fixture(scope="module")
def patients(paper):
    codes = columns.load(PUBLISHED, paper)
    return records.of_rows(rows(paper, codes), paper, codes)


@pytest.fixture
def audited(monkeypatch, ledger, patients):
    """Return the ledger beside records that print what is printed, but for some numbers."""

    def of(got=(), who=patients):
        got = dict(got)

        def tried(_, wanted):
            found = tuple(result(target, got.get(target.value_id, target.printed)) for target in wanted)
            return verify.Tried(found, {"counts": {"": (0, 1)}})

        monkeypatch.setattr(checks, "tried", tried)
        return audit.beside(ledger, who)

    return of


def test_records_that_print_all_raise_no_flag_and_answer_what_rests_on_an_assumption(audited, ledger):
    found = audited()
    of_print = {c.check_id: c for c in ledger.flags()}
    again = [c for c in found.flags() if c.check_id not in of_print]
    assert {c.family for c in again} == {"records"}, "a share that its own counts do not give is one by records too"
    assert {i for c in again for i in c.suspect_ids} <= {i for c in of_print.values() for i in c.suspect_ids}
    answered = {check.check_id for check in of_records.answered(ledger, found)}
    assert {"joint.tace-haic-pfs", "joint.child-pugh-os", "joint.staging-os"} <= answered
    assert "model.t6.hbv.uni" not in answered, "no premise but print: its numbers contradict each other"
    assert found.totals()["reproduced"] > ledger.totals()["reproduced"]
    assert len(found.matters) < len(ledger.matters)


def test_a_number_that_they_miss_is_a_matter_with_its_correction(audited, ledger, paper):
    found = audited({"t5.sex.uni.hr": "9.111"})
    assert found.verdicts["t5.sex.uni.hr"] == "inconsistent"
    [new] = {matter.slug for matter in found.matters} - {matter.slug for matter in ledger.matters}
    assert new == "t5-sex"
    [line] = [x for x in corrections.lines(found) if x.matter.slug == new]
    assert (line.should_read, line.how_sure) == ("9.111", "computed from the records that were handed in")
    assert corrected.changes(found)["t5.sex.uni.hr"].reads == "9.111"
    assert found.totals()["inconsistent"] == audited().totals()["inconsistent"] + 1


def test_a_p_value_of_nought_reads_as_a_paper_prints_it(audited):
    found = audited({"t5.sex.uni.p": "0.000"})
    assert corrected.changes(found)["t5.sex.uni.p"].reads == "<0.001"


def test_each_row_that_they_miss_is_a_matter_of_its_own(audited, ledger):
    """A proof over many rows does not tie together those that are wrong by the records; its own name stays."""
    found = audited({"t5.sex.uni.hr": "9.111", "t5.age.uni.hr": "9.111", "t5.tace_haic.uni.hr": "9.111"})
    matters = {matter.slug: matter for matter in found.matters}
    assert {"t5-sex", "t5-age", "tace-haic-pfs"} <= set(matters)
    assert matters["tace-haic-pfs"].weight == "inconsistent"
    assert {i.partition(".uni")[0] for i in matters["t5-sex"].value_ids} == {"t5.sex"}


def test_where_two_numbers_contradict_each_other_they_say_which_is_wrong(audited, ledger):
    """Cirrhosis: a guess at two digits of the limits falls away where the limits are right and the ratio is not."""
    guessed = {check.check_id: check for check in ledger.checks}["model.t5.cirrhosis.uni"]
    assert set(guessed.suspect_ids) == {"t5.cirrhosis.uni.lower", "t5.cirrhosis.uni.upper"}
    found = audited({"t5.cirrhosis.uni.hr": "0.669"})
    left = {check.check_id: check for check in found.checks}["model.t5.cirrhosis.uni"]
    assert left.suspect_ids == ("t5.cirrhosis.uni.hr",)
    assert left.changes == ()


def test_a_number_printed_in_two_places_is_held_against_them_in_both(audited, ledger):
    """The text's ratio of AFP differs from its table's: records of all patients say that the table is right."""
    found = audited({"prognostic.afp.pfs.multi.hr": "3.270"})
    assert found.verdicts["t5.afp.multi.hr"] == "reproduced"
    assert found.verdicts["prognostic.afp.pfs.multi.hr"] == "inconsistent"


def test_of_fewer_patients_a_miss_asks_and_a_flag_stays(audited, ledger, patients):
    frame = patients.frame.astype({"hbv": object})
    frame.loc[3, "hbv"] = ""
    found = audited({"t5.sex.uni.hr": "9.111"}, replace(patients, frame=frame))
    assert found.verdicts["t5.sex.uni.hr"] == "query"
    assert of_records.answered(ledger, found) == []
    assert of_records.numbers(found) == {}
    assert "so what they miss is a question only" in handed_in.summary(ledger, found)


def test_without_records_nothing_is_shown(ledger):
    assert handed_in.summary(ledger, ledger) is None
    assert handed_in.beside_cohort(ledger, []) is None
    assert corrected.in_words(ledger, "abstract", {"abstract.hfsr.ge3", "abstract.dcr.direction"}) is None
    assert handed_in.of_section(ledger, "outcomes") + handed_in.answers(ledger, ledger) == ""


def test_pages_say_what_they_miss_worst_first_and_lead_to_what_was_answered(audited, ledger):
    found = audited({"t5.sex.uni.hr": "9.111", "abstract.pfs.lp": "4.9"})
    assert f"Of the {len(of_records.checks(found))} printed numbers" in handed_in.summary(ledger, found)
    shown = handed_in.worst_first(found)
    missed = re.findall(r"9\.111|4\.9<", shown)
    assert missed == ["9.111", "4.9<"], "the farther off comes first"
    assert "There also: " in corrected.in_words(found, "abstract", ())
    assert "1 inconsistent" in handed_in.of_section(found, "abstract")
    # Links of other pages to the matter still lead somewhere.
    assert 'id="tace-haic-pfs"' in handed_in.answers(ledger, found)


def test_records_decide_a_conclusion_and_say_so(paper, audited):
    found = audited({"outcomes.pfs.p": "0.012"})
    assert of_records.numbers(found)["outcomes.pfs.p"].text == "0.012"
    known = [c for c in conclusions.load(PUBLISHED, paper) if c.place == "survival"]
    fact, numbers = known[0].holds, {"survival_p": "0.5", "most": "2.0"}
    [by_print] = conclusions.judge(known, {fact: True}, numbers, ())
    [by_records] = conclusions.judge(known, {fact: True}, numbers, (), {fact: (False, "p from 0.012 upwards")})
    assert (by_print.outcome, by_records.outcome) == (conclusions.SURVIVES, conclusions.NOT)
    assert by_records.because == f"{by_print.because} By the records: p from 0.012 upwards."


def test_a_card_shows_what_records_leave_of_a_flag_and_words_go_by_print(audited, paper, ledger):
    page = look.Look(paper, 0.05, alone=ledger, ledger=audited())
    asked = [check for check in page.asked("outcomes") if check.check_id == "triple.pfs.lp-ecog_0_1"]
    assert [check.verdict for check in asked] == ["query"]
    assert "The records of all patients print it" in page.cards(asked)
    assert page.recorded
    asked = page.queries("outcomes")
    assert 'Answered by the records: <a href="12-suggested-corrections.html#' in asked
    assert "Answered" not in look.Look(paper, 0.05, alone=ledger).queries("outcomes")
    assert not look.Look(paper, 0.05, alone=ledger).recorded


def test_a_folder_that_describes_no_patients_is_audited_alone(tmp_path, paper):
    file = stand_in(tmp_path / "records.csv", paper, PUBLISHED)
    _, alone, ledger = look.audited(str(PUBLISHED.parent / "companion"), str(file))
    assert alone is ledger


def test_nothing_of_a_patient_is_shown(audited, patients, ledger):
    found = audited({"t5.sex.uni.hr": "9.111"})
    pages = [handed_in.patients(patients), handed_in.worst_first(found), audit.to_csv(found)]
    ids = set(patients.frame["patient"])
    assert len(ids) == 68
    assert [word for shown in pages for word in re.findall(r"[\w-]+", shown) if word in ids] == []


def test_real_times_are_drawn_to_the_quarter_of_a_month(patients):
    """SVG holds more digits than a curve shows."""
    drawn = curves.two_groups(patients, "os", {"LP": "lp", "R": "r"})
    lines = [line for line in drawn.axes[0].lines if len(line.get_xdata()) > 1]
    assert lines
    assert all((line.get_xdata() * 4 % 1 == 0).all() for line in lines)


def test_curves_are_of_those_of_whom_the_time_is_known(patients, monkeypatch):
    frame = patients.frame.copy()
    frame.loc[0, "os_months"] = float("nan")
    monkeypatch.setattr(curves, "figure", lambda _, alt, caption: f"[{caption}]")
    monkeypatch.setattr(curves, "two_groups", lambda who, endpoint, labels: None)
    shown = re.findall(r"\[(\w+), LP and R\. LP: (\d+) patients", curves.drawn(replace(patients, frame=frame)))
    assert dict(shown) == {"PFS": "41", "OS": "40"}


def test_a_curve_with_a_time_that_is_not_known_is_drawn(patients):
    frame = patients.frame.copy()
    frame.loc[0, "os_months"] = float("nan")
    drawn = curves.two_groups(replace(patients, frame=frame), "os", {"LP": "lp", "R": "r"})
    assert [text.get_text() for text in drawn.axes[1].texts if text.get_position()[0] == 0] == ["40", "27"]
    assert curves.figure(drawn, "a < b", "words").startswith(
        '<figure class="align-default"><div class="sl-scroll sl-drawn"'
    )


DECISIVE = {"outcomes.pfs.p": "0.012", "t6.afp.multi.p": "0.120"}


def test_the_page_of_records_lists_every_number_whatever_its_verdict(audited, ledger):
    """What is decisive stands first: a verdict without a heading would drop out of the lists and of the counts."""
    found = audited(DECISIVE | {"t5.sex.uni.hr": "9.111", "t5.age.uni.hr": "0.751"})
    told = of_records.checks(found)
    assert {"decision", "inconsistent", "query", "reproduced"} <= {check.verdict for check in told}
    listed = handed_in.worst_first(found)
    assert listed.count("<tr") - listed.count("<thead") == len(told)
    assert listed.index("0.012") < listed.index("9.111")
    cells = re.findall(r">(\d+)</td>", handed_in.by_kind(found))
    assert sum(map(int, cells)) == len(told)
    assert '#outcomes-pfs-p">' in handed_in.summary(ledger, found)


def test_a_log_rank_test_is_not_called_counting(audited):
    by_id = {check.subject: check.found.result for check in of_records.checks(audited())}

    def method(value_id):
        number = checks.Following(replace(by_id[value_id], way=""))
        return checks._check(number, True, concludes=False).said.method

    assert (method("patients.size.lp"), method("outcomes.pfs.p")) == ("counted", "log-rank test")


def test_words_follow_the_numbers_of_whole_records(audited, ledger, patients, paper):
    """What the paper concludes is contradicted or borne out with the numbers it rests on: map, list and 14 agree."""
    found = audited(DECISIVE | {"t5.hbv.multi.p": "0.012"})
    turned = {i for i in found.verdicts if found.verdicts[i] == "decision" != ledger.verdicts[i]}
    assert {"abstract.survival.no_difference", "discussion.medians.no_difference"} <= turned
    assert {"abstract.prognosis.independent", "outcomes.pfs.p", "t6.afp.multi.p"} <= turned
    # The paper calls hepatitis B independent and prints p 0.082: there the records side with its words.
    assert found.verdicts["t5.hbv.multi.p"] == "inconsistent"
    assert found.verdicts["prognostic.pfs.uni.independent"] == "coherent"
    matter = {i: m for m in found.matters for i in m.value_ids}
    assert matter["abstract.survival.no_difference"] is matter["outcomes.pfs.p"]
    assert matter["outcomes.pfs.p"] is not matter["t6.afp.multi.p"]
    known = conclusions.load(PUBLISHED, paper)
    for i, said in (("outcomes.pfs.p", "Neither PFS"), ("t6.afp.multi.p", "A high AFP")):  # the latter not of ECOG
        weighed = conclusions.weigh(matter[i], known)
        assert weighed.answer == "yes"
        assert [c.said[: len(said)] for c in weighed.conclusions] == [said]
    assert found.verdicts["methods.selection.rule"] == ledger.verdicts["methods.selection.rule"]


def test_words_stay_where_the_records_are_not_whole(audited, ledger, patients):
    frame = patients.frame.astype({"hbv": object})
    frame.loc[3, "hbv"] = ""
    found = audited(DECISIVE, replace(patients, frame=frame))
    words = [c for c in ledger.checks if c.family == "claim"]
    assert {c.check_id: c.verdict for c in found.checks if c.family == "claim"} == {
        c.check_id: c.verdict for c in words
    }


def test_what_records_say_of_a_row_is_said_in_one_sentence(audited):
    found = audited({"t5.sex.uni.hr": "9.111", "t5.sex.uni.p": "0.911"})
    [line] = [x for x in corrections.lines(found) if x.matter.slug == "t5-sex"]
    [said] = corrections.reasons(found, line.matter.checks)
    assert said == "Of 68 patients of the records, by the nearest way: 9.111 (printed 1.778) and 0.911 (printed 0.192)."


def test_a_flag_that_records_point_elsewhere_says_that_they_did(audited):
    found = audited({"t5.cirrhosis.uni.hr": "0.669"})
    flag = {check.check_id: check for check in found.checks}["model.t5.cirrhosis.uni"]
    assert corrections.how_sure(found, flag) == "computed from the records that were handed in"


def test_the_chapter_of_invented_patients_takes_none_from_records():
    """All that it shows of patients is of the invented ones, also where records were handed in."""
    text = (ROOT / "notebooks" / "42-synthetic-cohort.py").read_text(encoding="utf-8")
    assert not re.search(r"\blook\.(records|ensemble|attained|synthetic)\b", text)

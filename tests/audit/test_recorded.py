"""Real records in the ledger: one check a number, by the program's way, mild where the records are not whole.

What each number is comes from the design's vocabulary of verdicts; the records are stand-ins, and the paper is made to
print what they print, so that what is planted is known.
"""

import dataclasses

import pytest
from click.testing import CliRunner
from conftest import PUBLISHED
from invented_cohort import rows, stand_in, write

from secondlook import audit as audits
from secondlook import recorded
from secondlook.checks.verdicts import Check, Found, Said
from secondlook.cli.main import main
from secondlook.cohort import columns as codebook
from secondlook.cohort import programs, records, targets, verify


@pytest.fixture(scope="module")
def codes(paper):
    return codebook.load(PUBLISHED, paper)


@pytest.fixture(scope="module")
def told(paper, codes):
    """A paper that prints what the stand-in prints by Breslow's ties and the log-log band, three numbers changed."""
    found = records.of_rows(rows(paper, codes), paper, codes)
    wanted = targets.targets(paper, codes)
    by = {True: programs.TIES[1].programs, False: programs.USUAL}
    printed = {}
    for breslow, way in by.items():
        for r in verify._results(found, wanted, way):
            if r.off is not None and len(r.texts) == 1 and breslow == bool(r.target.table):
                printed[r.target.value_id] = r.got
    planted = {"t5.sex.uni.hr": "9.111", "t6.sex.uni.p": "0.001", "t1.sex.m.lp.n": "30"}
    near = printed["t5.age.uni.hr"]
    planted["t5.age.uni.hr"] = near[:-1] + ("1" if near[-1] == "0" else chr(ord(near[-1]) - 1))
    values = {i: dataclasses.replace(v, printed=(printed | planted).get(i, v.printed)) for i, v in paper.values.items()}
    return dataclasses.replace(found, registry=dataclasses.replace(paper, values=values)), printed, planted


@pytest.fixture(scope="module")
def checks(told):
    return {check.subject: check for check in recorded.check(told[0])}


def test_each_statistic_and_count_has_one_check_in_each_place_where_it_is_printed(checks, paper, codes):
    wanted = {t.value_id for t in [*targets.targets(paper, codes), *targets.constraints(paper, codes)]}
    again = {v.id for v in paper if v.number and v.restates and v.restates[0] in wanted}
    again = {i for i in again if paper[i].statistic == paper[paper[i].restates[0]].statistic}
    follows = {i for i, check in checks.items() if check.found.result.target.kind in recorded.NAMES_OF_KINDS}
    assert set(checks) - follows == wanted | again
    assert follows >= {"t1.sex.p", "t3.orr.recist.lp.n", "t1.sex.f.lp.pct"}
    assert again >= {"abstract.pfs.lp", "discussion.os.p", "prognostic.afp.pfs.multi.hr"}
    assert {check.evidence for check in checks.values()} == {"records"}


def test_what_another_program_prints_is_reproduced_by_its_way_with_its_chance(checks, told):
    _, printed, planted = told
    ratios = [checks[i] for i in printed if i.startswith("t5.") and ".uni." in i and i not in planted]
    by_breslow = [check for check in ratios if check.verdict == "reproduced-if"]
    assert len(by_breslow) > len(ratios) / 2
    assert all(check.said.method == "Breslow's ties" and 0 < check.chance < 1 for check in by_breslow)
    assert {check.verdict for check in ratios} <= {"reproduced", "reproduced-if"}
    assert checks["outcomes.pfs.lp.median"].verdict == "reproduced"


def test_what_no_way_prints_is_inconsistent_and_reads_as_the_records_say(checks, told):
    planted = told[2]
    for value_id in ("t5.sex.uni.hr", "t6.sex.uni.p"):
        check = checks[value_id]
        assert (check.verdict, check.said.published) == ("inconsistent", planted[value_id])
        assert [(c.value_id, c.reads) for c in check.changes] == [(value_id, check.said.recomputed)]
    assert (checks["t1.sex.m.lp.n"].verdict, checks["t1.sex.m.lp.n"].said.recomputed) == ("inconsistent", "37")


def test_a_near_miss_only_asks(checks, told):
    """One unit of the third decimal: times in days or in tenths of a month move a ratio so far."""
    assert checks["t5.age.uni.hr"].verdict == "query"
    assert checks["t5.age.uni.hr"].changes == ()


def test_with_fewer_patients_a_mismatch_is_a_query_at_most(told):
    fewer = dataclasses.replace(told[0], frame=told[0].frame.drop(index=[5, 50]).reset_index(drop=True))
    found = {check.verdict for check in recorded.check(fewer)}
    assert "query" in found
    assert not found & {"inconsistent", "decision"}


def test_with_empty_cells_a_mismatch_is_a_query_at_most(told):
    frame = told[0].frame.astype({"hbv": object})
    frame.loc[3, "hbv"] = ""
    found = {check.subject: check for check in recorded.check(dataclasses.replace(told[0], frame=frame))}
    assert not {check.verdict for check in found.values()} & {"inconsistent", "decision"}
    assert "Of 67 patients" in found["t5.hbv.uni.hr"].said.note
    assert found["t1.hbv.yes.lp.n"].verdict == "not-testable"
    assert "Of 40 patients" in found["t1.hbv.yes.lp.n"].said.note


def test_invented_patients_say_nothing(paper, codes):
    invented = records.of_rows(rows(paper, codes, prefix="SYN-"), paper, codes)
    assert list(recorded.check(invented)) == []


def asked(*ids, verdict="query", found=None):
    return Check("x", "y", ids, "algebra", verdict, found or Found(), Said("a", "b"))


def test_a_question_is_lifted_only_where_whole_records_print_all_that_it_suspects(checks):
    good = [i for i, c in checks.items() if c.verdict == "reproduced"]
    bad = "t5.sex.uni.hr"
    answered, open_, wrong = asked(*good[:2]), asked(good[0], bad), asked(good[0], verdict="inconsistent")
    left = list(recorded.settled([answered, open_, wrong], checks.values()))
    assert [(c.verdict, c.evidence) for c in left] == [
        ("coherent", "records"),
        ("query", "algebra"),
        ("inconsistent", "algebra"),
    ]
    partial = [dataclasses.replace(c, found=dataclasses.replace(c.found, whole=False)) for c in checks.values()]
    assert [c.verdict for c in recorded.settled([answered], partial)] == ["query"]


def test_the_ledger_follows_and_a_ledger_without_records_does_not_change(told, paper, ledger):
    with_records = audits.audit(paper, dataclasses.replace(told[0], registry=paper))
    assert {c.check_id for c in ledger.checks if c.family not in ("reason", "uncovered")} <= {
        c.check_id for c in with_records.checks
    }
    assert with_records.verdicts["t5.sex.uni.hr"] in ("inconsistent", "query")
    assert any(c.evidence == "records" for m in with_records.matters for c in m.checks)


def test_the_commands_take_records(tmp_path, paper):
    file = stand_in(tmp_path / "records.csv", paper, PUBLISHED)
    done = CliRunner().invoke(main, ["audit", "--published", str(PUBLISHED), "--cohort", str(file)])
    assert done.exit_code == 0
    assert "\nrecords.t5.sex.uni.hr," in done.output
    write(file, [{"a": "b"}])
    for command in ("audit", "corrections"):
        done = CliRunner().invoke(main, [command, "--published", str(PUBLISHED), "--cohort", str(file)])
        assert done.exit_code == 1
        assert "nothing is taken" in done.output

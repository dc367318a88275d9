"""What patients print against R: the leukaemia data of its survival package, a stand-in file, the synthetic cohort."""

import csv
import dataclasses
import io
import os
import shutil
import subprocess
from collections import Counter

import numpy as np
import pytest
from click.testing import CliRunner
from conftest import PUBLISHED, ROOT
from invented_cohort import rows, stand_in, write

from secondlook.cli.main import main
from secondlook.cohort import columns as codebook
from secondlook.cohort import programs, records, targets, verify
from secondlook.numbers.printed import parse
from secondlook.paper.rows import table_rows

SCRIPT = ROOT / "data" / "reference" / "cohort-verify.R"
REFERENCE = SCRIPT.with_suffix(".csv")
STAND_IN = SCRIPT.parent / "cohort-stand-in.csv"
STAND_IN_BY_R = SCRIPT.parent / "cohort-stand-in-verify.csv"
SYNTHETIC = ROOT / "data" / "cohort" / "synthetic.csv"
needs_synthetic = pytest.mark.skipif(not SYNTHETIC.exists(), reason="there is no synthetic cohort yet")
_missing = pytest.mark.skipif(shutil.which("Rscript") is None, reason="needs R with its package survival")


def needs_r(test):
    """R runs again what is compared with its stored output in every test run."""
    return pytest.mark.weekly(_missing(test))


# The data set aml of R's survival package, with maintenance chemotherapy (here: the first arm) and without.
AML_TIMES = [9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161, 5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45]
AML_EVENTS = [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1]
# By R 4.2.2 and survival 3.5-3: coxph, survfit with conf.type = "log-log", survdiff. In the model of three covariates
# x1 is the arm, x2 = rep(c(0, 1, 1), length.out = 23), x3 = rep(c(1, 0), length.out = 23).
AML_BY_R = {
    "t5.arm.uni.hr": "0.400", "t5.arm.uni.lower": "0.147", "t5.arm.uni.upper": "1.092", "t5.arm.uni.p": "0.074",
    "t5.ecog.multi.hr": "0.399", "t5.ecog.multi.lower": "0.146", "t5.ecog.multi.upper": "1.091",
    "t5.ecog.multi.p": "0.073", "t5.hbv.multi.hr": "0.741", "t5.hbv.multi.lower": "0.267",
    "t5.hbv.multi.upper": "2.054", "t5.hbv.multi.p": "0.564", "t5.afp.multi.hr": "0.723",
    "t5.afp.multi.lower": "0.261", "t5.afp.multi.upper": "2.003", "t5.afp.multi.p": "0.533",
    "outcomes.pfs.p": "0.065",
    "outcomes.pfs.lp.median": "31.0", "outcomes.pfs.lp.lower": "13.0", "outcomes.pfs.lp.upper": verify.NONE,
    "outcomes.pfs.r.median": "23.0", "outcomes.pfs.r.lower": "5.0", "outcomes.pfs.r.upper": "33.0",
}  # fmt: skip


@pytest.fixture(scope="session")
def standing_in(paper, codes):
    """The patients of the stand-in and what they print."""
    found = records.read(STAND_IN, paper, codes)
    return found, verify.verify(found)


@pytest.fixture(scope="session")
def codes(paper):
    return codebook.load(PUBLISHED, paper)


@pytest.fixture(scope="session")
def cohort(paper, codes, tmp_path_factory):
    """A stand-in file of records and what it prints."""
    path = stand_in(tmp_path_factory.mktemp("cohort") / "records.csv", paper, PUBLISHED)
    found = records.read(path, paper, codes)
    return path, found, verify.verify(found)


@pytest.fixture(scope="session")
def aml(paper, codes):
    """The leukaemia patients in the shape of a cohort; whatever R's models do not have is arbitrary."""
    patients = rows(paper, codes)[: len(AML_TIMES)]
    pairs = zip(patients, AML_TIMES, AML_EVENTS, strict=True)
    for number, (patient, time, event) in enumerate(pairs):
        first = number < 11
        patient |= {"arm": "LP" if first else "R", "ecog": "2" if first else str(number % 2)}
        patient |= {"hbv": "0" if number % 3 == 0 else "1", "afp_ge_400": "1" if number % 2 == 0 else "0"}
        patient |= {"pfs_months": str(time), "pfs_event": str(event), "os_months": str(time), "os_event": str(event)}
    # Weeks, of whom one is longer than any month of this paper can be: not read as a file of its patients.
    return records.of_rows(patients, paper, codes)


@pytest.fixture(scope="session")
def tried(cohort):
    """What the stand-in prints by all ways."""
    return verify.tried(cohort[1])


def by_id(results):
    return {result.target.value_id: result for result in results}


def printing(registry, **printed):
    """Return the paper with other printed strings, by id."""
    values = {i: dataclasses.replace(v, printed=printed.get(i, v.printed)) for i, v in registry.values.items()}
    return dataclasses.replace(registry, values=values)


def held_against(found, **printed):
    """Return the records beside a paper with other printed strings, by id."""
    return dataclasses.replace(found, registry=printing(found.registry, **printed))


def read_reference(text):
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines))


def run(targets_csv, file, *how):
    """Run the script of data/reference on a file, with another way to take ties and another band if given."""
    return subprocess.run(["Rscript", str(SCRIPT), str(file), *how], input=targets_csv, capture_output=True, text=True, check=False, env=os.environ | {"LC_ALL": "C.UTF-8"})  # fmt: skip


def run_r(targets_csv, file, *how):
    """Return what the script prints, which is all that it says."""
    done = run(targets_csv, file, *how)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


# Targets ------------------------------------------------------------------------------------------------------------


def test_the_paper_prints_162_statistics_of_survival(paper, codes):
    found = targets.targets(paper, codes)
    assert Counter((t.kind, t.endpoint) for t in found) == {
        ("uni", "pfs"): 48, ("uni", "os"): 48, ("multi", "pfs"): 12, ("multi", "os"): 12,
        ("median", "pfs"): 18, ("median", "os"): 18, ("log-rank", "pfs"): 3, ("log-rank", "os"): 3,
    }  # fmt: skip
    assert len({t.value_id for t in found}) == 162
    assert all(t.printed == paper[t.value_id].printed for t in found)


def test_repaired_targets_are_what_the_audit_singles_out(paper, codes, ledger):
    checks = [c for c in ledger.checks if c.family == "model" and c.changes]
    lines = {row.ids: row for row in table_rows(paper)}
    mended = {change.value_id: change.reads for c in checks if c.value_ids in lines for change in c.changes}
    repaired = {t.value_id: t.wanted for t in targets.targets(paper, codes) if t.repaired}
    assert set(repaired) == set(mended)
    assert set(repaired) == {"t5.cirrhosis.uni.lower", "t5.cirrhosis.uni.upper", "t6.hbv.uni.hr", "t6.hbv.uni.p"}
    assert repaired == mended


def test_an_impossible_row_without_one_repair_is_wanted_as_printed(paper, codes):
    changed = {"t5.sex.uni.hr": "9.111", "t5.sex.uni.p": "0.777"}
    found = targets.targets(printing(paper, **changed), codes)
    assert {t.value_id: t.wanted for t in found if t.value_id in changed} == changed


def test_counts_are_those_of_the_baseline_and_of_responses(paper, codes):
    found = targets.constraints(paper, codes)
    assert Counter(t.kind for t in found) == {"size": 3, "baseline": 46, "response": 16}
    assert sum(int(t.wanted) for t in found if t.variable == "ecog") == 68


def test_the_list_says_what_each_target_is_computed_from(paper, codes):
    listed = {row["value_id"]: row for row in csv.DictReader(io.StringIO(targets.to_csv(paper, codes)))}
    assert len(listed) == 162
    assert listed["t5.hbv.multi.hr"]["terms"] == "hbv=1;ecog=2;afp_ge_400=1"
    assert listed["t6.age.uni.p"]["terms"] == "age_ge_50=0"
    assert listed["t6.mvi.uni.p"]["terms"] == "pvtt=1"
    assert listed["prognostic.os.ecog_0_1.median"]["terms"] == "ecog=0|1"
    assert listed["prognostic.os.ecog.p"]["terms"] == "ecog=0|1;ecog=2"
    assert (listed["outcomes.os.p"]["time"], listed["outcomes.os.p"]["event"]) == ("os_months", "os_event")


# Numbers ------------------------------------------------------------------------------------------------------------


def test_fits_are_those_of_r(aml, paper, codes):
    found = by_id(verify.verify(aml))
    assert {i: found[i].got for i in AML_BY_R} == AML_BY_R


def test_what_is_printed_is_attained_and_a_broken_target_is_not(aml, paper, codes):
    printed = {i: text for i, text in AML_BY_R.items() if text != verify.NONE}
    found = by_id(verify.verify(held_against(aml, **printed)))
    assert all(found[i].attained and found[i].off == 0 for i in printed)
    broken = printed | {"t5.arm.uni.hr": "0.401", "outcomes.pfs.p": "0.068", "outcomes.pfs.r.lower": "4.8"}
    found = by_id(verify.verify(held_against(aml, **broken)))
    assert {i: found[i].off for i in printed if not found[i].attained} == {
        "t5.arm.uni.hr": 1, "outcomes.pfs.p": 3, "outcomes.pfs.r.lower": 2,
    }  # fmt: skip
    assert not found["outcomes.pfs.lp.upper"].attained
    assert found["outcomes.pfs.lp.upper"].off is None


def test_a_median_on_a_level_stretch_is_attained_only_when_both_programs_print_it(paper, codes, tmp_path):
    """Times 1, 2, 3, 4 in one arm: the curve is at one half from 2 to 3; lifelines says 2.0 and R 2.5."""
    patients = rows(paper, codes)[:8]
    for number, patient in enumerate(patients):
        time = str(number % 4 + 1)
        patient |= {"arm": "LP" if number < 4 else "R", "pfs_months": time, "os_months": time}
        patient |= {"pfs_event": "1", "os_event": "1"}
    found = records.read(write(tmp_path / "records.csv", patients), paper, codes)
    for wanted in ("2.5", "2.0"):
        result = by_id(verify.verify(held_against(found, **{"outcomes.pfs.lp.median": wanted})))[
            "outcomes.pfs.lp.median"
        ]
        assert (result.got, result.attained, result.off) == ("2.0 / 2.5", False, 5)


def test_a_limit_that_one_program_has_is_not_attained(paper, codes, tmp_path):
    """Six events and no censoring: the curve is 0 at the last, which lifelines takes as the limit; R prints NA."""
    patients = rows(paper, codes)[:12]
    for number, patient in enumerate(patients):
        time = str(number % 6 + 1)
        patient |= {"arm": "LP" if number < 6 else "R", "pfs_months": time, "os_months": time}
        patient |= {"pfs_event": "1", "os_event": "1"}
    found = records.read(write(tmp_path / "records.csv", patients), paper, codes)
    results = verify.verify(held_against(found, **{"outcomes.pfs.lp.upper": "6.0"}))
    result = by_id(results)["outcomes.pfs.lp.upper"]
    assert (result.got, result.attained, result.off) == ("6.0 / none", False, None)
    table = verify.to_table(verify.Tried(tuple(results), {}), found)
    line = next(line for line in table.splitlines() if "outcomes.pfs.lp.upper" in line)
    assert line.split()[-9:] == ["/", "none", "6", "does", "not", "exist", "in", "one", "program"]


def test_two_programs_agree():
    """Log hazard ratios to 1e-6 standard errors, p to 1e-6, log-rank p to 1e-8, ties and censoring included."""
    rng = np.random.default_rng(4)
    for number in range(20):
        x = rng.integers(0, 2, (68, 1 + 2 * (number % 2))).astype(float)
        times, events = np.ceil(rng.exponential(8, 68)), rng.random(68) < 0.8
        ours, theirs = (np.array(p.ratios(x, times, events)) for p in (programs.OWN, programs.LIFELINES))
        se = np.log(ours[2] / ours[1]) / (2 * 1.959963984540054)
        assert np.abs(np.log(theirs[:3] / ours[:3])).max() < 1e-6 * se
        assert theirs[3] == pytest.approx(ours[3], abs=1e-6)
        ours, theirs = (p.log_rank(x[:, 0], times, events) for p in (programs.OWN, programs.LIFELINES))
        assert ours == pytest.approx(theirs, rel=1e-8)


def test_covariates_that_say_the_same_have_no_ratio():
    rng = np.random.default_rng(4)
    times, events = rng.exponential(8, 40), rng.random(40) < 0.8
    first, second = rng.integers(0, 2, (2, 40)).astype(float)
    for x in (np.ones((40, 1)), np.column_stack([first, 1 - first]), np.column_stack([first, second, first])):
        assert all(p.ratios(x, times, events) is None for p in (programs.OWN, programs.LIFELINES))


@pytest.mark.parametrize(
    ("value", "wanted", "shown"),
    [(5.25, "5.3", "5.2"), (5.75, "5.3", "5.8"), (5.35, "5.3", "5.3"), (0.0625, "0.062", "0.062"), (7, "8", "7"),
     (0.00099, "<0.001", "<0.001"), (0.001, "<0.001", "0.001"), (0.9, ">0.8", ">0.8")],
)  # fmt: skip
def test_values_are_printed_as_r_prints_them(value, wanted, shown):
    """sprintf("%.1f", c(5.25, 5.75, 5.35)) of R 4.2.2: 5.2, 5.8, 5.3; the last is a little less than 5.35 in binary."""
    assert verify.shown_like(value, parse(wanted)) == shown


@pytest.mark.parametrize(
    ("change", "said"),
    [({"arm": "LP"}, "R: no patient\nTreatment: all patients of whom it is known are on one side; it has no hazard ratio\n"),
     ({"ecog": "2"}, "ECOG PS 0–1: no patient\nECOG PS: all patients"),
     ({"pfs_event": "0", "os_event": "0"}, "nobody has the event of progression-free survival: it has no number\n"),
     ({"pfs_months": "3", "os_months": "3"}, "ties PFS: ")],
    ids=["one arm", "one level", "no events", "one time"],
)  # fmt: skip
def test_numbers_that_patients_do_not_have_are_missing_and_nothing_breaks(paper, codes, tmp_path, change, said):
    """What makes them impossible is said first, before anything that was fitted."""
    patients = [{**patient, **change} for patient in rows(paper, codes)]
    found = records.read(write(tmp_path / "records.csv", patients), paper, codes)
    results = verify.verify(found)
    missing = [r for r in results if not r.exists]
    assert missing
    assert all(r.off is None and not r.attained for r in missing)
    table = verify.to_table(verify.Tried(tuple(results), {}), found)
    assert "does not exist" in table
    assert table.startswith(said)


@pytest.mark.parametrize(
    ("value", "wanted", "off"),
    [
        (0.5949, "0.595", 0), (0.5944, "0.595", 1), (2.0, "0.595", 1405), (0.0009996, "<0.001", 0),
        (0.001, "<0.001", 1), (0.0014, "<0.001", 1), (0.0031, "<0.001", 3), (0.0004, "0.001", 1), (0.08, "0.08", 0),
        (41.0, "41", 0), (39.0, "41", 2),
    ],
)  # fmt: skip
def test_misses_are_counted_in_units_of_the_last_digit(value, wanted, off):
    assert verify.off_by(value, parse(wanted)) == off


def test_counts_that_differ_are_named(cohort, paper, codes, tmp_path):
    patients = rows(paper, codes)
    first = next(p for p in patients if p["sex"] == "M" and p["arm"] == "LP")
    first["sex"] = "F"
    found = records.read(write(tmp_path / "records.csv", patients), paper, codes)
    results = verify.verify(found)
    missed = {r.target.value_id: r.got for r in results if r.target.kind == targets.BASELINE and not r.attained}
    assert missed == {"t1.sex.m.lp.n": "36", "t1.sex.f.lp.n": "5"}
    said = verify.said_of_counts(results)
    assert said[:2] == ["sizes of groups 3 of 3", "baseline by arm 44 of 46"]
    assert all(r.attained for r in cohort[2] if r.target.kind in verify.COUNTS)


def test_the_summary_counts_every_target_once(cohort, paper):
    _, found, results = cohort
    lines = verify.summary(results, paper)
    assert [line.rpartition(" of ")[2] for line in lines] == ["48", "12", "48", "12", "18", "18", "3", "3", "162"]
    assert lines[0].startswith("univariable PFS ")
    assert [line.partition(":")[0] for line in verify.said_of_events(found)] == ["events PFS", "events OS"]


def test_events_are_counted_by_arm_and_each_arm_by_its_name(paper, codes, tmp_path):
    found = records.read(write(tmp_path / "records.csv", rows(paper, codes)), paper, codes)
    for endpoint, line in zip(found.codes.endpoints, verify.said_of_events(found), strict=True):
        events = found.frame.groupby("arm")[endpoint.event].agg(["sum", "count"])
        parts = [f"{arm} {events.loc[arm, 'sum']} of {events.loc[arm, 'count']}" for arm in ("LP", "R")]
        assert len({part.partition(" ")[2] for part in parts}) == 2, "else it could not be told which is which"
        assert f", {', '.join(parts)}" in line


def test_times_that_the_dates_do_not_allow_are_counted(paper, codes, tmp_path):
    patients = rows(paper, codes)
    patients[0] |= {"pfs_months": "2.0", "pfs_event": "0", "os_months": "70", "os_event": "0"}
    found = records.read(write(tmp_path / "records.csv", patients), paper, codes)
    for line in verify.said_of_events(found):
        assert "; 1 of " in line
        assert line.endswith("censored outside the 15.05 to 55.03 months that the dates allow")


# Ways ---------------------------------------------------------------------------------------------------------------


def held_to(found, way):
    """Return the records beside a paper that prints what one way prints of them, with what it prints."""
    wanted = targets.targets(found.registry, found.codes)
    printed = {r.target.value_id: r.got for r in verify._results(found, wanted, way.programs) if r.off is not None}
    return held_against(found, **printed), printed


def test_a_paper_by_another_program_is_reproduced_by_its_way(cohort):
    """Of rounded times R's and SPSS's hazard ratios differ; held against the latter, they are all reproduced by it."""
    found, printed = held_to(cohort[1], programs.TIES[1])
    result = verify.tried(found)
    ratios = [r for r in result.results if r.target.table and r.target.value_id in printed and not r.target.repaired]
    assert len(ratios) > 100
    assert all(r.attained for r in ratios)
    assert {r.way for r in ratios} == {"Breslow's ties"}
    tally = result.tallies["hazard ratios"]
    assert tally["Breslow's ties"][0] > tally["Efron's ties"][0]
    assert "reproduced by Breslow's ties" in verify.to_table(result, found)
    only = verify.tried(found, ties="efron")
    assert set(only.tallies["hazard ratios"]) == {"Efron's ties"}
    assert {r.way for r in only.results if r.target.table and r.target.kind in ("uni", "multi")} == {"Efron's ties"}


@pytest.mark.parametrize("way", programs.BANDS[2:], ids=lambda way: way.key)
def test_medians_by_another_program_are_reproduced_by_its_way(cohort, way):
    found, printed = held_to(cohort[1], way)
    medians = [r for r in verify.tried(found).results if r.target.kind == "median" and r.target.value_id in printed]
    assert {r.way for r in medians if r.target.statistic != "median"} == {way.name}
    assert all(r.attained for r in medians)
    assert all(r.attained for r in verify.tried(found, band=way.key).results if r in medians)


def test_near_equal_times_are_tied_in_both_programs(paper, codes):
    """survfit, coxph and survdiff take times within 1.5e-8 as equal (timefix); lifelines does not by itself."""
    patients = rows(paper, codes)
    for patient in patients:
        patient |= {
            "pfs_months": str(round(float(patient["pfs_months"]))),
            "os_months": str(round(float(patient["os_months"])) + 1),
        }
    plain = verify.verify(records.of_rows(patients, paper, codes))
    for number, patient in enumerate(patients):
        patient["pfs_months"] += f".00000000000000{number % 3 + 1}"
    near = verify.verify(records.of_rows(patients, paper, codes))
    assert [r.got for r in near] == [r.got for r in plain]


def test_misses_are_said_in_units_and_as_a_share(aml):
    found = held_against(aml, **{"t5.arm.uni.hr": "0.404"})
    result = by_id(verify.tried(found, ties="efron").results)["t5.arm.uni.hr"]
    assert (result.off, result.relative) == (4, pytest.approx(4 / 404))
    assert verify._verdict(result, "reproduced") == "off by 4 (0.99 %)"


def with_gaps(paper, codes):
    patients = rows(paper, codes)
    for k, patient in enumerate(patients):
        patient |= {name: str(round(float(patient[name]))) for name in ("pfs_months", "os_months")}
        patient |= {"hbv": ""} if k % 9 == 0 else {}
        patient |= {"ecog": ""} if k % 13 == 0 else {}
        patient |= {"pfs_months": ""} if k % 17 == 0 else {}
        patient |= {"os_event": ""} if k % 29 == 0 else {}
    return patients


def test_each_number_says_on_how_many_patients_it_is(paper, codes):
    """8 of 68 have no HBV, 6 no ECOG, 4 no time, 3 no status: 60 less the one of them without a status, and so on."""
    patients = with_gaps(paper, codes)
    found = by_id(verify.verify(records.of_rows(patients, paper, codes)))
    for value_id, column, endpoint in (
        ("t5.hbv.uni.hr", "hbv", "pfs"),
        ("t6.hbv.uni.p", "hbv", "os"),
        ("t6.ecog.uni.hr", "ecog", "os"),
    ):
        known = [p for p in patients if p[column] and p[f"{endpoint}_months"] and p[f"{endpoint}_event"]]
        assert found[value_id].n == len(known) < 68
    count = found["t1.hbv.yes.lp.n"]
    least = sum(p["hbv"] == "1" and p["arm"] == "LP" for p in patients)
    unknown = sum(p["hbv"] == "" and p["arm"] == "LP" for p in patients)
    assert (count.got, count.n, count.off) == (f"{least} to {least + unknown}", 41 - unknown, None)


def test_a_count_is_missed_only_where_what_is_not_known_cannot_make_it(paper, codes):
    patients = rows(paper, codes)
    for patient in patients[:2]:
        patient["hbv"] = ""
    found = records.of_rows(patients, paper, codes)
    result = by_id(verify.verify(held_against(found, **{"t1.hbv.yes.lp.n": "9"})))["t1.hbv.yes.lp.n"]
    assert result.off == int(result.texts[0]) - 9


def test_a_paper_that_dropped_patients_is_reproduced_by_dropping_them(paper, codes):
    found = records.of_rows(with_gaps(paper, codes), paper, codes)
    results = [r for r in verify.verify(found.complete) if r.off is not None and len(r.texts) == 1]
    printed = {r.target.value_id: r.got for r in results}
    again = verify.tried(held_against(found, **printed))
    arms = [r for r in again.results if r.target.variable == "arm" and r.target.kind == "uni"]
    assert all(r.attained and r.way == f"Efron's ties, {verify.DROPPED}" for r in arms)
    assert {r.n for r in arms} == {len(found.complete)}


# The command --------------------------------------------------------------------------------------------------------


def invoke(*arguments):
    return CliRunner().invoke(main, ["cohort", *map(str, arguments)])


def test_the_command_prints_table_and_summary(cohort, tried):
    path, *_ = cohort
    done = invoke("verify", path, "--published", PUBLISHED)
    assert done.exit_code == 0
    lines = done.output.splitlines()
    head = next(number for number, line in enumerate(lines) if line.startswith("value id"))
    assert lines[head].split() == ["value", "id", "place", "printed", "wanted", "got", "n"]
    assert head == 3, "two lines on ties and an empty one"
    assert sum(line.startswith("t5.") for line in lines) == 60
    assert any(
        line.startswith("t5.cirrhosis.uni.lower") and "0.551" in line and "0.511 (repaired)" in line for line in lines
    )
    attained = sum(r.attained for r in tried.results if r.target.kind not in verify.COUNTS)
    assert f"all statistics of survival {attained} of 162" in lines


def test_the_command_writes_csv(cohort, tried, tmp_path):
    path, *_ = cohort
    out = tmp_path / "out.csv"
    assert invoke("verify", path, "--published", PUBLISHED, "--format", "csv", "--out", out).exit_code == 0
    with out.open(encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    assert tuple(written[0]) == verify.COLUMNS
    assert [(row["value_id"], row["got"]) for row in written] == [(r.target.value_id, r.got) for r in tried.results]
    assert {row["n"] for row in written if row["kind"] == "uni"} == {"68"}
    assert {row["way"] for row in written if row["kind"] == "median"} <= {way.name for way in programs.BANDS}


def test_the_command_refuses_a_malformed_file_with_one_message(cohort, tmp_path):
    bad, out = tmp_path / "bad.csv", tmp_path / "out.csv"
    bad.write_text(cohort[0].read_text(encoding="utf-8").replace(",LP,", ",L,", 1), encoding="utf-8")
    done = invoke("verify", bad, "--published", PUBLISHED, "--out", out)
    assert (done.exit_code, out.exists()) == (1, False)
    assert done.output.splitlines()[0] == "Error: bad.csv: 1 problem, and nothing is taken"
    assert done.output.splitlines()[2].split()[:4] == ["bad.csv", "2", "arm", "'L'"]
    assert invoke("verify", tmp_path / "nowhere.csv", "--published", PUBLISHED).exit_code == 1


def test_the_command_lists_targets(paper, codes):
    done = invoke("targets", "--published", PUBLISHED)
    assert (done.exit_code, done.output) == (0, targets.to_csv(paper, codes))


# R ------------------------------------------------------------------------------------------------------------------


def like_r(result):
    """What R prints is what our own fits print: the second where the two programs differ."""
    return result.texts[-1]


def differences(found, results):
    """Return the ids of which R and `verify` do not print the same, or miss the target by different amounts."""
    ours = by_id(results)
    assert [row["value_id"] for row in found] == [r.target.value_id for r in results if r.target.endpoint]
    wrong = []
    for row in found:
        result = ours[row["value_id"]]
        same = (row["wanted"], row["got"]) == (result.target.wanted, like_r(result))
        # Where both programs print one number, the verdict is the same too.
        off = ("yes" if result.attained else "no", "" if result.off is None else str(result.off))
        if not same or (len(result.texts) == 1 and (row["attained"], row["off"]) != off):
            wrong.append(row["value_id"])
    return wrong


def only_lifelines_differs(results):
    return {r.target.value_id: r.got for r in results if len(r.texts) > 1}


def test_the_stand_in_prints_what_r_printed_of_it(standing_in):
    """162 numbers of 68 invented patients by R, stored with the file; its first line names R and survival."""
    _, results = standing_in
    found = read_reference(STAND_IN_BY_R.read_text(encoding="utf-8"))
    assert len(found) == 162
    assert differences(found, results) == []
    # Thirteen patients, the curve at one half from 2.5 to 3.35: its beginning by lifelines, its middle by R.
    assert only_lifelines_differs(results) == {"prognostic.os.ecog_2.median": "2.5 / 2.9"}


def test_a_wrong_digit_in_the_reference_is_seen(standing_in):
    _, results = standing_in
    found = read_reference(STAND_IN_BY_R.read_text(encoding="utf-8"))
    found[0]["got"], found[1]["off"], found[2]["wanted"] = "9.999", "7777", "0.001"
    assert differences(found, results) == [row["value_id"] for row in found[:3]]


def test_the_stand_in_can_tell_programs_apart(standing_in):
    """It has ties, patients censored early, a limit midway between two prints (1.25, by R 1.2), met bounds, and a
    hazard ratio so large that lifelines' default step overshoots it."""
    found, results = standing_in
    assert found.is_synthetic
    for endpoint in ("pfs", "os"):
        times, events = found.times(endpoint), found.events(endpoint)
        assert len(np.unique(times[events])) < events.sum()
        assert (times[~events] < np.median(times[events])).any()
    results = by_id(results)
    assert (results["prognostic.os.ecog_2.lower"].got, results["t6.ecog.uni.p"].got) == ("1.2", "<0.001")
    assert float(results["t6.ecog.uni.hr"].got) > 20


@needs_r
def test_the_stored_output_is_what_r_prints_today(paper, codes):
    """The first line names the versions, which may differ."""
    made = run_r(targets.to_csv(paper, codes), STAND_IN).splitlines()
    assert made[1:] == STAND_IN_BY_R.read_text(encoding="utf-8").splitlines()[1:]


@needs_r
@pytest.mark.parametrize(
    "change",
    [{}, {"arm": "LP"}, {"ecog": "2"}, {"pfs_event": "0", "os_event": "0"}, {"pfs_months": "3", "os_months": "3"}],
    ids=["as it is", "one arm", "one level", "no events", "one time"],
)
def test_r_prints_the_same_of_odd_files(paper, codes, tmp_path, change):
    path = write(tmp_path / "records.csv", [{**patient, **change} for patient in rows(paper, codes)])
    results = verify.verify(records.read(path, paper, codes))
    assert differences(read_reference(run_r(targets.to_csv(paper, codes), path)), results) == []


@needs_r
def test_r_prints_the_same_of_the_leukaemia_data(aml, paper, codes, tmp_path):
    (tmp_path / "aml.csv").write_text(records.to_csv(aml.frame, codes), encoding="utf-8")
    found = {row["value_id"]: row for row in read_reference(run_r(targets.to_csv(paper, codes), tmp_path / "aml.csv"))}
    assert {i: found[i]["got"] for i in AML_BY_R} == AML_BY_R


@needs_r
def test_r_refuses_a_file_without_a_column(paper, codes, tmp_path):
    path = write(tmp_path / "records.csv", [{k: v for k, v in p.items() if k != "hbv"} for p in rows(paper, codes)])
    done = run(targets.to_csv(paper, codes), path)
    assert done.returncode != 0
    assert "has no column hbv" in done.stderr


@needs_synthetic
def test_the_reference_by_r_is_what_the_synthetic_cohort_prints(paper, codes):
    results = verify.verify(records.read(SYNTHETIC, paper, codes))
    assert differences(read_reference(REFERENCE.read_text(encoding="utf-8")), results) == []


@needs_synthetic
@needs_r
def test_the_reference_is_what_r_prints_today(paper, codes):
    """The first line names the versions, which may differ."""
    made = run_r(targets.to_csv(paper, codes), SYNTHETIC).splitlines()
    assert made[1:] == REFERENCE.read_text(encoding="utf-8").splitlines()[1:]


@needs_r
@pytest.mark.parametrize(("ties", "band"), [("efron", "log-log"), ("breslow", "log")])
def test_r_prints_the_same_by_other_ways_and_with_empty_cells(paper, codes, tmp_path, ties, band):
    """coxph(ties = "breslow"), print(survfit(conf.type = "log")); rows with NA are left out of each fit."""
    path = write(tmp_path / "records.csv", with_gaps(paper, codes))
    found, wanted = records.read(path, paper, codes), targets.targets(paper, codes)
    [ratios], [medians] = (
        [w for w in ways if w.key == key][:1] for ways, key in ((programs.TIES, ties), (programs.BANDS, band))
    )
    ours = {"median": verify._results(found, wanted, medians.programs[-1:])}
    others = verify._results(found, wanted, ratios.programs[-1:])
    got = [by_kind.got if result.target.kind == "median" else result.got
           for result, by_kind in zip(others, ours["median"], strict=True)]  # fmt: skip
    theirs = read_reference(run_r(targets.to_csv(paper, codes), path, ties, band))
    assert [row["got"] for row in theirs] == got

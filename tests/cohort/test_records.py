"""Files of patients: every kind of defect is refused with one message, and what is read is what was written."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from conftest import PUBLISHED, ROOT
from invented_cohort import rows, stand_in, write

from bookpress import build as steps
from bookpress.build import BuildError
from bookpress.command import build as build_command
from bookpress.paths import Project
from secondlook.checkout import MARK
from secondlook.cohort import columns as codebook
from secondlook.cohort import records
from secondlook.cohort.problems import ProblemsError
from secondlook.pages.look import Look
from secondlook.paper.reading import DataError

#: The columns of a cohort's file, by the design's contract.
COLUMNS = (
    "patient", "arm", "age_ge_50", "sex", "ecog", "child_pugh", "bclc", "hbv", "cirrhosis", "pvtt", "extrahepatic",
    "tace_haic", "afp_ge_400", "recist", "mrecist", "pfs_months", "pfs_event", "os_months", "os_event",
)  # fmt: skip
#: A patient whose times are 5.0 months to progression and 9.0 to death.
TIMES = {"pfs_months": "5.0", "pfs_event": "1", "os_months": "9.0", "os_event": "1"}


@pytest.fixture(scope="session")
def codes(paper):
    return codebook.load(PUBLISHED, paper)


@pytest.fixture
def patients(paper, codes):
    """The rows of a stand-in, the first of them with known times."""
    made = rows(paper, codes)
    made[0] |= TIMES
    return made


@pytest.fixture
def read(tmp_path, paper, codes):
    """Write rows or a text and read them."""

    def reading(content):
        path = tmp_path / "records.csv"
        if isinstance(content, list):
            write(path, content)
        else:
            path.write_text(content, encoding="utf-8")
        return records.read(path, paper, codes)

    return reading


# What is read -------------------------------------------------------------------------------------------------------


def test_columns_are_the_contract(codes):
    assert codes.columns == COLUMNS


def test_margins_are_the_printed_ones(read, patients, paper):
    found = read(patients)
    assert len(found) == 68
    assert list(found.frame.columns) == list(COLUMNS)
    assert {name: int(found.groups(name).sum()) for name in ("all", "lp", "r", "ecog_2", "ecog_0_1", "afp_ge400")} == {
        "all": 68, "lp": 41, "r": 27, "ecog_2": 13, "ecog_0_1": 55, "afp_ge400": 28,
    }  # fmt: skip
    for variable, levels in (("age", ["ge50", "lt50"]), ("hbv", ["yes", "no"]), ("child_pugh", ["a", "b"])):
        for level in levels:
            assert found.having(variable, [level]).sum() == paper.level_count(variable, [level])


def test_contrasts_follow_the_labels_of_the_rows(read, patients):
    """Age is < 50 against ≥ 50 and Child-Pugh A against B: the exposed are those named first."""
    frame = (found := read(patients)).frame
    assert (found.exposed("t5", "age") == 1 - frame["age_ge_50"]).all()
    assert (found.exposed("t5", "child_pugh") == (frame["child_pugh"] == "A")).all()
    assert (found.exposed("t6", "ecog") == (frame["ecog"] == 2)).all()
    assert (found.exposed("t6", "arm") == (frame["arm"] == "LP")).all()
    assert (found.exposed("t6", "mvi") == frame["pvtt"]).all()


def test_columns_are_typed(read, patients):
    frame = (found := read(patients)).frame
    assert {frame[name].dtype.kind for name in ("age_ge_50", "ecog", "hbv", "pfs_event", "os_event")} == {"i"}
    assert {frame[name].dtype.kind for name in ("pfs_months", "os_months")} == {"f"}
    assert (found.times("pfs")[0], found.times("os")[0]) == (5.0, 9.0)
    assert found.events("os").dtype == bool
    assert np.array_equal(found.responses("t3", "recist"), frame["recist"].str.lower())


def test_all_digits_of_a_time_are_kept(read, patients):
    patients[0]["pfs_months"] = "5.04999999999999982"
    assert read(patients).times("pfs")[0] == 5.04999999999999982


def test_real_records_may_have_ties_zero_times_and_another_number_of_patients(read, patients):
    for patient in patients[:3]:
        patient |= TIMES
    patients[3] |= {"pfs_months": "0", "pfs_event": "1", "os_months": "0", "os_event": "1"}
    assert len(read(patients[:7])) == 7
    assert len(read(patients[:2])) == 2


@pytest.mark.parametrize(("prefix", "synthetic", "evidence"), [("SYN-", True, "cohort"), ("P-", False, "records")])
def test_ids_tell_invented_patients_from_real_ones(read, paper, codes, prefix, synthetic, evidence):
    found = read(rows(paper, codes, prefix=prefix))
    assert (found.is_synthetic, found.evidence) == (synthetic, evidence)


def test_unknown_groups_and_variables_are_no_one(read, patients):
    found = read(patients)
    for wrong in (lambda: found.groups("external"), lambda: found.groups("nobody"), lambda: found.levels("colour"),
                  lambda: found.times("recovery"), lambda: found.responses("t3", "colour")):  # fmt: skip
        with pytest.raises(KeyError):
            wrong()


# What is refused ----------------------------------------------------------------------------------------------------

CELLS = [
    ("patient", "", "a plain id"),
    ("patient", "=1+1", "a plain id"),
    ("patient", "-1", "a plain id"),
    ("patient", "<b>A</b>", "a plain id"),
    ("patient", "Jürgen", "a plain id"),
    ("patient", "A 1", "a plain id"),
    ("patient", "A" * 41, "a plain id"),
    ("patient", "P-002", "this one stands twice"),
    ("patient", "SYN-01", "real patients only, or invented ones only"),
    ("arm", "lp", "one of LP, R, or empty"),
    ("arm", "LP ", "one of LP, R, or empty"),
    ("sex", "male", "one of M, F, or empty"),
    ("ecog", "3", "one of 0, 1, 2, or empty"),
    ("ecog", "01", "one of 0, 1, 2, or empty"),
    ("ecog", "1.0", "one of 0, 1, 2, or empty"),
    ("ecog", "\u0661", "one of 0, 1, 2, or empty"),
    ("child_pugh", "C", "one of A, B, or empty"),
    ("hbv", "yes", "one of 0, 1, or empty"),
    ("afp_ge_400", " ", "one of 0, 1, or empty"),
    ("arm", "", "the arm of every patient"),
    ("ecog", "1-2", "a range that leaves no model or group open"),
    ("ecog", "0-2", "a range that leaves no model or group open"),
    ("ecog", "1-0", "one of 0, 1, 2, or empty"),
    ("arm", "LP-R", "a range that leaves no model or group open"),
    ("recist", "CR-PR", "one of CR, PR, SD, PD, or empty"),
    ("recist", "NE", "one of CR, PR, SD, PD, or empty"),
    ("os_event", "2", "one of 0, 1, or empty"),
    ("pfs_months", "-1.5", "no negative time"),
    ("pfs_months", "nan", "a number of months such as 5.3"),
    ("pfs_months", "inf", "a number of months"),
    ("pfs_months", "1e400", "a number of months"),
    ("pfs_months", "5,3", "a number of months"),
    ("pfs_months", "0x10", "a number of months"),
    ("pfs_months", "\u0665.\u0663", "a number of months"),
    ("pfs_months", "\uff15.3", "a number of months"),
    ("pfs_months", "1_0", "a number of months"),
    ("pfs_months", "5.", "a number of months"),
    ("pfs_months", "9" * 30, "a number of months"),
    ("os_months", "110.1", "months, at most 110; days or weeks are counted by a map"),
    ("os_months", "4.9", "no less than pfs_months"),
    ("pfs_event", "0", "a death is an event of pfs_event too"),
]  # fmt: skip


def refused(reading, content):
    """Return the problems of a file that is refused."""
    with pytest.raises(ProblemsError) as error:
        reading(content)
    return error.value.problems


@pytest.mark.parametrize(("column", "text", "message"), CELLS)
def test_a_cell_that_does_not_fit_is_refused_by_row_and_column(read, patients, column, text, message):
    row = 2 if text != "SYN-01" else 3
    patients[row - 2][column] = text
    if text == "P-002":
        row = 3
    [problem] = refused(read, patients)
    assert (problem.file, problem.row, problem.column) == ("records.csv", row, column)
    assert message in problem.expected
    assert not text or repr(text)[:50] in problem.found or "beside" in problem.found


def test_all_that_is_wrong_is_said_at_once_and_what_is_alike_in_one_line(read, patients):
    for patient in patients[:3]:
        patient["arm"] = "lp"
    patients[4] |= {"sex": "X", "pfs_months": "x"}
    with pytest.raises(ProblemsError) as error:
        read(patients)
    assert str(error.value).splitlines() == [
        "records.csv: 5 problems, and nothing is taken",
        "file         row  column      found  expected",
        "records.csv  2–4  arm         'lp'   one of LP, R, or empty",
        "records.csv  6    sex         'X'    one of M, F, or empty",
        "records.csv  6    pfs_months  'x'    a number of months such as 5.3, or empty",
        "other forms are read by: secondlook cohort import FILE --out records.csv",
    ]


def test_a_time_may_be_twice_as_long_as_the_dates_allow(read, patients):
    """Whoever was followed on after the paper; not a tenth of a month more (above). 1675 days are 55.03 months."""
    patients[0] |= {"pfs_months": "5.0", "os_months": "110"}
    assert read(patients).times("os")[0] == 110


def test_headers_that_differ_are_named_as_what_they_are(read, patients):
    def said(content):
        return [(p.row, p.column, p.found, p.expected) for p in refused(read, content)]

    without = [{k: v for k, v in p.items() if k != "hbv"} for p in patients]
    missing = (1, "hbv", "no such column", "a column of this name, empty where nothing is known")
    assert said(without) == [missing]
    assert said([{**p, "name": "x"} for p in patients]) == [(1, "column 20", "'name'", "no further column")]
    assert [p[2] for p in said([dict(reversed(p.items())) for p in patients])] == ["columns in another order"]
    assert said(";".join(COLUMNS) + "\n") == [(1, "", "the separator is semicolon", "commas between cells")]
    assert said("sep=,\n" + ",".join(COLUMNS) + "\n")[0][2:] == (
        "'sep=,'",
        "the header; this line is a spreadsheet's own",
    )


def test_near_names_are_asked_after_and_cells_are_looked_at_beside_them(read, patients):
    patients[0]["sex"] = "X"
    for near in ("PATIENT", " patient", "patint"):
        renamed = [{near: p["patient"]} | {k: v for k, v in p.items() if k != "patient"} for p in patients]
        found = [(p.row, p.column, p.found, p.expected) for p in refused(read, renamed)]
        assert found == [
            (1, "column 1", repr(near), "did you mean patient?"), (2, "sex", "'X'", "one of M, F, or empty"),
        ]  # fmt: skip


def test_files_that_are_none_are_refused(read, patients, tmp_path, paper, codes):
    with pytest.raises(DataError, match="file is empty"):
        read("")
    for content, number in ((",".join(COLUMNS) + "\n", "0 rows"), (patients[:1], "1 rows")):
        assert [(p.found, p.expected) for p in refused(read, content)] == [(number, "2 to 2000 rows of patients")]
    [problem, *_] = refused(read, ",".join(COLUMNS) + "\n" + ",".join(patients[0].values()) + "\na,b\n")
    assert (problem.row, problem.found) == (3, "2 cells")
    with pytest.raises(DataError, match="cannot be read"):
        records.read(tmp_path / "nowhere.csv", paper, codes)
    (tmp_path / "wide.csv").write_text(",".join(COLUMNS), encoding="utf-16")
    with pytest.raises(ProblemsError, match="UTF-8"):
        records.read(tmp_path / "wide.csv", paper, codes)


def test_a_message_stays_short(read, patients):
    patients[0]["arm"] = "x" * 5000 + "\ny"
    with pytest.raises(DataError) as refusal:
        read(patients)
    assert max(map(len, str(refusal.value).splitlines())) < 200


# What is not known --------------------------------------------------------------------------------------------------


def test_empty_cells_are_carried_and_count_for_nobody(read, patients):
    patients[0] |= {"hbv": "", "pfs_months": "", "recist": ""}
    patients[1] |= {"os_event": ""}
    found = read(patients)
    assert found.missing == {"hbv": 1, "recist": 1, "pfs_months": 1, "os_event": 1}
    assert not found.having("hbv", ["yes"])[0]
    assert not found.having("hbv", ["no"])[0]
    assert np.isnan(found.exposed("t5", "hbv")[0])
    assert not np.isnan(found.exposed("t5", "hbv")[1:]).any()
    assert found.responses("t3", "recist")[0] == ""
    assert (found.observed("pfs").sum(), found.observed("os").sum()) == (67, 67)
    assert len(found.complete) == 66
    assert found.complete.missing == {}


def test_a_column_that_nobody_has_leaves_the_others_whole(read, patients):
    found = read([{**patient, "mrecist": ""} for patient in patients])
    assert found.missing == {"mrecist": 68}
    assert len(found.complete) == 68


def test_a_range_of_codes_decides_what_it_can(read, patients):
    """An ECOG status of 0-1 is none of 2 (the model's contrast); whether it is 0 is not known."""
    for patient in patients:
        patient["ecog"] = "2" if patient["ecog"] == "2" else "0-1"
    found = read(patients)
    assert (found.groups("ecog_2").sum(), found.groups("ecog_0_1").sum()) == (13, 55)
    assert found.exposed("t6", "ecog").sum() == 13
    assert found.decided("ecog", ["2"]).all()
    assert found.decided("ecog", ["0"]).sum() == 13
    assert found.missing == {}


def test_empty_cells_and_ranges_are_written_as_they_were_read(read, patients, paper, codes, tmp_path):
    patients[0] |= {"hbv": "", "pfs_months": "", "pfs_event": "", "ecog": "0-1"}
    found = read(patients)
    again = records.write(tmp_path / "copy.csv", found.frame, paper, codes)
    pd.testing.assert_frame_equal(again.frame, found.frame)


# cohort.toml --------------------------------------------------------------------------------------------------------

CHANGES = [
    ('variable = "hbv"', 'variable = "hbw"', "names 'hbw', which is not among the variables"),
    ('column = "hbv"', 'column = "cirrhosis"', "the column 'cirrhosis' stands twice"),
    ('variable = "hbv"', 'variable = "cirrhosis"', "the variable 'cirrhosis' stands twice"),
    ('endpoint = "os"', 'endpoint = "pfs"', "the endpoint 'pfs' stands twice"),
    ('M = "m"', 'M = "f"', "column sex: codes each level of sex once: m, f"),
    ('codes = { LP = "lp", R = "r" }', 'codes = { LP = "lp", R = "lq" }', "column arm: codes each level of arm once"),
    ('set = "mrecist"', 'set = "choi"', "names 'choi', which is no set of columns of t3"),
    ('set = "recist"\ncodes = { CR = "cr"', 'set = "recist"\ncodes = { CR = "ct"', "names 'ct', which is no row of t3"),
    ('mvi = { variable = "pvtt"', 'mvi = { variable = "arm_2"', "names 'arm_2', which is not among the variables"),
    ('mvi = { variable = "pvtt"', 'mvi = { variable = "mvi"', "names 'mvi', which has no column"),
    ("[aliases]\nmvi", "[aliases]\nhbv", "the variable 'hbv' stands twice"),
    ('column = "patient"', 'column = "patient"\nname = 3', "column patient.name: unknown key"),
]


@pytest.mark.parametrize(("old", "new", "message"), CHANGES)
def test_a_description_that_does_not_fit_the_layout_is_refused(tmp_path, paper, old, new, message):
    text = (PUBLISHED / codebook.FILE).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (tmp_path / codebook.FILE).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(DataError, match=rf"cohort\.toml.*{message}"):
        codebook.load(tmp_path, paper)


def test_a_variable_of_the_models_without_a_column_is_refused(tmp_path, paper):
    text = (PUBLISHED / codebook.FILE).read_text(encoding="utf-8")
    (tmp_path / codebook.FILE).write_text(text.partition("[aliases]")[0], encoding="utf-8")
    with pytest.raises(DataError, match="no column holds the variable 'mvi'"):
        codebook.load(tmp_path, paper)


def test_follow_up_is_what_the_dates_allow(paper):
    """From the end of September 2021 and the beginning of June 2018 to January 1, 2023: 458 and 1675 days."""
    window = codebook.follow_up(paper)
    assert (window.low, window.high) == pytest.approx((458 / 365.25 * 12, 1675 / 365.25 * 12))


def test_a_group_that_no_column_tells_apart_is_refused(paper):
    groups = paper.layout.groups | {"ecog_2": paper.layout.groups["external"]}
    changed = dataclasses.replace(paper, layout=paper.layout.model_copy(update={"groups": groups}))
    with pytest.raises(DataError, match=r"cohort\.toml: the group 'ecog_2' .* is not made of patients"):
        codebook.load(PUBLISHED, changed)


def test_every_column_is_described_with_its_codes(codes, paper):
    words = codebook.describe(codes, paper)
    assert tuple(words) == COLUMNS
    assert words["patient"][1] == "begins with SYN- when invented"
    assert words["age_ge_50"] == ("Age", "0: <50; 1: ≥50")
    assert words["child_pugh"] == ("Child-Pugh", "A, B")
    assert words["mrecist"][1] == "CR, PR, SD, PD"
    assert words["os_event"][1] == "0: censored; 1: event"


# What is written ----------------------------------------------------------------------------------------------------


def test_what_is_written_is_read_back(read, patients, paper, codes, tmp_path):
    patients[0]["os_months"] = "9.04999999999999982"
    found = read(patients)
    shuffled = found.frame[sorted(COLUMNS)]
    again = records.write(tmp_path / "folder" / "copy.csv", shuffled, paper, codes)
    pd.testing.assert_frame_equal(again.frame, found.frame)
    text = (tmp_path / "folder" / "copy.csv").read_bytes()
    assert text.startswith(",".join(COLUMNS).encode() + b"\n")
    assert b"\r" not in text


def test_times_are_written_with_the_decimals_asked_for(read, patients, codes):
    text = records.to_csv(read(patients).frame, codes, places=2)
    assert "5.00,1,9.00,1" in text.splitlines()[1]
    assert records.to_csv(read(patients).frame, codes).splitlines()[1].endswith("5,1,9,1")


def test_patients_that_cannot_be_are_not_written(read, patients, paper, codes, tmp_path):
    frame = read(patients).frame
    frame.loc[3, "os_months"] = frame.loc[3, "pfs_months"] - 1
    with pytest.raises(ProblemsError, match=r"cohort\.csv  5    os_months"):
        records.write(tmp_path / "cohort.csv", frame, paper, codes)
    assert not (tmp_path / "cohort.csv").exists()


# The book -----------------------------------------------------------------------------------------------------------


def test_a_build_refuses_a_malformed_cohort_with_the_same_message(tmp_path, patients):
    patients[4]["sex"] = "X"
    file, project = write(tmp_path / "records.csv", patients), Project(PUBLISHED.parents[1])
    with pytest.raises(BuildError, match=r"records\.csv  6    sex     'X'    one of M, F, or empty"):
        steps.accepted(project, {"cohort": str(file)})


def test_the_command_refuses_a_malformed_cohort_before_anything_runs(tmp_path, patients, monkeypatch):
    def made(*_, **__):
        raise AssertionError("the build began")

    monkeypatch.setattr("bookpress.keys.Keys", made)
    monkeypatch.setattr("bookpress.execute.execute_all", made)
    monkeypatch.chdir(PUBLISHED.parents[1])
    patients[4]["pfs_months"] = "-1"
    file = write(tmp_path / "records.csv", patients)
    for more in ((), ("--notebook", "00")):
        result = CliRunner().invoke(build_command, ["--cohort", str(file), *more])
        assert result.exit_code == 1
        assert result.output.startswith("error: records.csv: 1 problem, and nothing is taken\n")
        assert "records.csv  6    pfs_months  '-1'   no negative time\n" in result.output


def test_a_build_takes_well_formed_records(tmp_path, patients):
    file, project = write(tmp_path / "records.csv", patients), Project(PUBLISHED.parents[1])
    assert steps.accepted(project, {"cohort": str(file)})["cohort"] == str(file)


def test_a_build_refuses_a_cohort_beside_tables_that_do_not_describe_one(tmp_path, patients):
    file, project = write(tmp_path / "records.csv", patients), Project(PUBLISHED.parents[1])
    folder = tmp_path / "published"
    folder.mkdir()
    for path in PUBLISHED.iterdir():
        if path.is_file() and path.name not in (codebook.FILE, "proofs.toml"):
            (folder / path.name).write_bytes(path.read_bytes())
    with pytest.raises(BuildError, match=r"cohort\.toml: cannot be read"):
        steps.accepted(project, {"published": str(folder), "cohort": str(file)})


@pytest.mark.parametrize(("prefix", "synthetic"), [("SYN-", True), ("P-", False)])
def test_notebooks_have_the_records_that_were_handed_in(tmp_path, paper, monkeypatch, prefix, synthetic):
    monkeypatch.setattr("secondlook.audit.audit", lambda registry: None)
    file = stand_in(tmp_path / "records.csv", paper, PUBLISHED, prefix=prefix)
    look = Look(paper, 0.05, str(PUBLISHED), str(file))
    assert (len(look.records), look.synthetic) == (68, synthetic)


def test_notebooks_have_the_synthetic_cohort_or_none(tmp_path, paper, monkeypatch):
    monkeypatch.setattr("secondlook.audit.audit", lambda registry: None)
    (tmp_path / MARK).parent.mkdir(parents=True)
    (tmp_path / MARK).touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOOKPRESS_ROOT", str(ROOT))  # the build's own variable has no say in where patients are
    look = Look(paper, 0.05, str(PUBLISHED))
    assert (look.records, look.synthetic) == (None, False)
    (tmp_path / "data" / "cohort").mkdir(parents=True)
    stand_in(tmp_path / "data" / "cohort" / "synthetic.csv", paper, PUBLISHED, prefix="SYN-")
    assert Look(paper, 0.05, str(PUBLISHED)).synthetic

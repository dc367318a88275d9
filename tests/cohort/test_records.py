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
    ("patient", "", "is empty"),
    ("patient", "=1+1", "not a plain id"),
    ("patient", "-1", "not a plain id"),
    ("patient", "<b>A</b>", "not a plain id"),
    ("patient", "Jürgen", "not a plain id"),
    ("patient", "A 1", "not a plain id"),
    ("patient", "A" * 41, "not a plain id"),
    ("patient", "P-002", r"the id 'P-002' stands twice"),
    ("patient", "SYN-01", "invented patients .* stand beside others"),
    ("arm", "lp", "'lp' is not one of LP, R"),
    ("arm", "LP ", "'LP ' is not one of LP, R"),
    ("sex", "male", "not one of M, F"),
    ("ecog", "3", "not one of 0, 1, 2"),
    ("ecog", "01", "not one of 0, 1, 2"),
    ("ecog", "1.0", "not one of 0, 1, 2"),
    ("ecog", "\u0661", "not one of 0, 1, 2"),
    ("child_pugh", "C", "not one of A, B"),
    ("hbv", "yes", "not one of 0, 1"),
    ("afp_ge_400", " ", "is empty"),
    ("recist", "NE", "not one of CR, PR, SD, PD"),
    ("os_event", "2", "not one of 0, 1"),
    ("pfs_event", "", "is empty"),
    ("pfs_months", "-1.5", "-1.5 is negative"),
    ("pfs_months", "nan", "not a number of months such as 5.3"),
    ("pfs_months", "inf", "not a number of months"),
    ("pfs_months", "1e400", "not a number of months"),
    ("pfs_months", "5,3", "not a number of months"),
    ("pfs_months", "0x10", "not a number of months"),
    ("pfs_months", "\u0665.\u0663", "not a number of months"),
    ("pfs_months", "\uff15.3", "not a number of months"),
    ("pfs_months", "1_0", "not a number of months"),
    ("pfs_months", "5.", "not a number of months"),
    ("pfs_months", "9" * 30, "not a number of months"),
    ("os_months", "1200.1", "more than 1200 months"),
    ("os_months", "4.9", r"4.9 is shorter than pfs_months, 5.0"),
    ("pfs_event", "0", "a death is an event of pfs_event too"),
]  # fmt: skip


@pytest.mark.parametrize(("column", "text", "message"), CELLS)
def test_a_cell_that_does_not_fit_is_refused_by_row_and_column(read, patients, column, text, message):
    row = 2 if text != "SYN-01" else 3
    patients[row - 2][column] = text
    if text == "P-002":
        row = 3
    with pytest.raises(DataError, match=rf"^records\.csv, row {row}, column {column}: .*{message}"):
        read(patients)


def test_a_time_may_be_as_long_as_the_limit(read, patients):
    """A hundred years are allowed, and not a tenth of a month more (above)."""
    patients[0] |= {"pfs_months": "5.0", "os_months": "1200"}
    assert read(patients).times("os")[0] == 1200


def test_headers_that_differ_are_refused(read, patients):
    without = [{k: v for k, v in p.items() if k != "hbv"} for p in patients]
    with pytest.raises(DataError, match=r"^records\.csv, row 1: column 'hbv' is missing"):
        read(without)
    with pytest.raises(DataError, match=r"row 1: unknown column 'name'"):
        read([{**p, "name": "x"} for p in patients])
    with pytest.raises(DataError, match=r"row 1: columns stand in another order"):
        read([dict(reversed(p.items())) for p in patients])
    with pytest.raises(DataError, match=r"row 1: column 'patient' is missing"):
        read(";".join(COLUMNS) + "\n")


def test_files_that_are_none_are_refused(read, patients, tmp_path, paper, codes):
    with pytest.raises(DataError, match="file is empty"):
        read("")
    with pytest.raises(DataError, match="has 0 rows of patients; at least 2"):
        read(",".join(COLUMNS) + "\n")
    with pytest.raises(DataError, match="has 1 rows of patients"):
        read(patients[:1])
    with pytest.raises(DataError, match="row 3: has 2 cells where the header has 19"):
        read(",".join(COLUMNS) + "\n" + ",".join(patients[0].values()) + "\na,b\n")
    with pytest.raises(DataError, match="cannot be read"):
        records.read(tmp_path / "nowhere.csv", paper, codes)


def test_a_message_stays_short_and_on_one_line(read, patients):
    patients[0]["arm"] = "x" * 5000 + "\ny"
    with pytest.raises(DataError) as refused:
        read(patients)
    assert len(str(refused.value)) < 200
    assert "\n" not in str(refused.value)


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
    with pytest.raises(DataError, match=r"^cohort\.csv, row 5, column os_months: "):
        records.write(tmp_path / "cohort.csv", frame, paper, codes)
    assert not (tmp_path / "cohort.csv").exists()


# The book -----------------------------------------------------------------------------------------------------------


def test_a_build_refuses_a_malformed_cohort_with_the_same_message(tmp_path, patients):
    patients[4]["sex"] = "X"
    file, project = write(tmp_path / "records.csv", patients), Project(PUBLISHED.parents[1])
    with pytest.raises(BuildError, match=r"^records\.csv, row 6, column sex: 'X' is not one of M, F$"):
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
        assert result.output == "error: records.csv, row 6, column pfs_months: -1 is negative\n"


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

"""From an export to a file of patients: how each kind of file is read or refused, maps, and what a map is proposed as.

Outcomes of the cases are decided by what a reader of the file would take it for; workbooks, .sav and .dta are written by
openpyxl and pyreadstat, which read them too.
"""

import csv
import datetime
import io
import shlex
import subprocess

import cohort_files as cases
import openpyxl
import pandas as pd
import pyreadstat
import pytest
from click.testing import CliRunner
from conftest import PUBLISHED, ROOT
from invented_cohort import rows, write

from secondlook.cli.main import main
from secondlook.cohort import columns as codebook
from secondlook.cohort import exports, mapping, proposal, records
from secondlook.cohort.problems import ProblemsError, ranges
from secondlook.paper.reading import DataError


@pytest.fixture(scope="session")
def codes(paper):
    return codebook.load(PUBLISHED, paper)


@pytest.fixture
def patients(paper, codes):
    """The rows of a stand-in; the first patient progresses after 5.0 and dies after 9.0 months."""
    made = rows(paper, codes)
    made[0] |= {"pfs_months": "5.0", "pfs_event": "1", "os_months": "9.0", "os_event": "1", "ecog": "1"}
    return made


@pytest.fixture
def bring(tmp_path, paper, codes):
    """Import an export, by a map if one is given; returns the records and the lines said."""

    def bringing(file, told=None):
        given = None
        if told is not None:
            (tmp_path / "map.toml").write_text(told, encoding="utf-8")
            given = mapping.load(tmp_path / "map.toml")
        sheet = exports.read(file, given.options if given else None)
        made = mapping.make(sheet, given or mapping.of_contract(sheet, codes, paper), paper, codes)
        return records.of_rows(made.rows, paper, codes), made.notes

    return bringing


# Files in the contract's columns ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", cases.CASES)
def test_each_file_is_read_rightly_or_refused_with_all_that_is_wrong(bring, patients, paper, codes, tmp_path, name):
    make, outcome, _ = cases.CASES[name]
    content = make(patients)
    file = tmp_path / "export.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    if isinstance(outcome, str) and outcome != cases.READ:
        with pytest.raises(DataError, match=outcome):
            bring(file)
    elif isinstance(outcome, tuple):
        with pytest.raises(ProblemsError) as refused:
            bring(file)
        columns, number = outcome
        assert {problem.column for problem in refused.value.problems} == columns
        assert number in (None, len(refused.value.problems))
    else:
        wanted = list(csv.DictReader(io.StringIO(cases.text(patients))))
        if outcome != cases.READ:
            wanted[0] |= outcome
        elif name in ("60 patients", "no deaths", "all HBV", "one arm", "ECOG 0-1"):
            wanted = list(csv.DictReader(io.StringIO(content)))
        pd.testing.assert_frame_equal(bring(file)[0].frame, records.of_rows(wanted, paper, codes).frame)


def test_what_is_left_out_is_said(bring, patients, tmp_path):
    file = tmp_path / "export.csv"
    said = {"another column": "columns left out: comment", "sep=": "the first line, sep=,, is a spreadsheet's own",
            "blank line inside": "empty rows are left out: 13", "write.csv of R": "the first column, row numbers"}  # fmt: skip
    for name, words in said.items():
        file.write_text(cases.CASES[name][0](patients), encoding="utf-8")
        assert any(words in note for note in bring(file)[1])


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [("a,b\n1,2\n", "ascii", "utf-8"), ("Geschlecht\nmännlich\n", "utf-8", "utf-8"),
     ("Geschlecht;Größe\nmännlich;Übelkeit\n", "cp1252", "cp1252"), ("naïve;Zürich;à\n", "cp1252", "cp1252"),
     ("住院号,组别,性别\n1,仑伐替尼,男\n", "gb18030", "gb18030"), ("姓名,疗效\n李喆,部分缓解\n", "gb18030", "gb18030"),
     ("住院号\n1\n", "utf-8", "utf-8"), ("a\tb\n", "utf-16", "utf-16"), ("a\tb\n", "utf-16-le", "utf-16-le"),
     ("a\tb\n", "utf-16-be", "utf-16-be")],
)  # fmt: skip
def test_encodings_are_told_apart(text, encoding, found):
    data = text.encode(encoding)
    assert exports.encoding_of(data) == found
    assert data.decode(found) == text


# Maps ---------------------------------------------------------------------------------------------------------------

HEADERS = {
    "patient": "住院号", "arm": "组别", "age_ge_50": "年龄", "sex": "性别", "ecog": "ECOG评分", "child_pugh": "Child-Pugh分级",
    "bclc": "BCLC分期", "hbv": "乙肝", "cirrhosis": "肝硬化", "pvtt": "门静脉癌栓", "extrahepatic": "肝外转移",
    "tace_haic": "介入治疗", "afp_ge_400": "AFP", "recist": "RECIST疗效", "mrecist": "mRECIST疗效",
}  # fmt: skip
FIRST = datetime.date(2019, 3, 5)


def as_hospital(patients):
    """Return patients as a Chinese hospital's sheet has them: words, measured values, dates; and their days."""
    sheet, days = [], []
    for k, p in enumerate(patients):
        start = FIRST + datetime.timedelta(3 * k)
        pfs, os = (round(float(p[f"{name}_months"]) * 30.4375) for name in ("pfs", "os"))
        # An export of dates knows no censoring before the last contact.
        pfs = pfs if p["pfs_event"] == "1" else os
        progressed = p["pfs_event"] == "1" and pfs < os
        died = p["os_event"] == "1"
        row = {HEADERS[name]: p[name] for name in HEADERS}
        row |= {
            HEADERS[name]: "是" if p[name] == "1" else "否"
            for name in ("hbv", "cirrhosis", "pvtt", "extrahepatic", "tace_haic")
        }
        row |= {
            "组别": "仑伐替尼联合PD-1" if p["arm"] == "LP" else "瑞戈非尼",
            "性别": "男" if p["sex"] == "M" else "女",
        }
        row |= {
            "年龄": 50 + k % 20 if p["age_ge_50"] == "1" else 49 - k % 9,
            "ECOG评分": "2" if p["ecog"] == "2" else "0-1",
        }
        row |= {"AFP": ">1210" if p["afp_ge_400"] == "1" and k % 2 else 400.0 if p["afp_ge_400"] == "1" else 12.5}
        row |= {"首次治疗日期": start, "进展日期": start + datetime.timedelta(pfs) if progressed else None}
        row |= {
            "死亡日期": start + datetime.timedelta(os) if died else None,
            "末次随访日期": start + datetime.timedelta(os),
        }
        sheet.append(row | {"住院号": 100200 + k, "备注": "x"})
        event = {"pfs_event": str(int(progressed or died)), "os_event": str(int(died))}
        days.append(event | {"pfs_months": (pfs if progressed else os) / 30.4375, "os_months": os / 30.4375})
    return sheet, days


def workbook(path, sheet):
    book = openpyxl.Workbook()
    book.active.append(list(sheet[0]))
    for row in sheet:
        book.active.append(list(row.values()))
    book.save(path)
    return path


def test_a_hospitals_workbook_is_imported_by_the_map_that_is_proposed(bring, patients, paper, codes, tmp_path):
    """Chinese headers and words, ages and AFP as measured, ECOG 0-1, four dates: no line of the map needs an edit."""
    sheet, days = as_hospital(patients)
    file = workbook(tmp_path / "导出.xlsx", sheet)
    told = proposal.propose(exports.read(file), paper, codes)
    found, notes = bring(file, told)
    for name in HEADERS:
        if name not in ("patient", "ecog"):
            assert found.frame[name].astype(str).tolist() == [p[name] for p in patients]
    assert found.frame["patient"].tolist()[:2] == ["P-01", "P-02"]
    assert found.groups("ecog_2").tolist() == [p["ecog"] == "2" for p in patients]
    for name in ("pfs_months", "os_months"):
        assert found.frame[name].tolist() == [day[name] for day in days]
    for name in ("pfs_event", "os_event"):
        assert found.frame[name].astype(str).tolist() == [day[name] for day in days]
    assert "columns left out: 备注" in notes
    assert "a month is 30.4375 days" in notes


def german(patients, decimal=","):
    sheet = []
    for k, p in enumerate(patients):
        yes = {name: "ja" if p[name] == "1" else "nein" for name in codebook_yes}
        sheet.append({
            "Fallnummer": f"F{k}", "Behandlung": "Lenvatinib" if p["arm"] == "LP" else "Regorafenib",
            "Alter": str(50 + k % 20 if p["age_ge_50"] == "1" else 49), "Geschlecht": "männlich" if p["sex"] == "M" else "weiblich",
            "ECOG": p["ecog"], "Child": p["child_pugh"], "BCLC-Stadium": p["bclc"], "HBsAg": yes["hbv"],
            "Leberzirrhose": yes["cirrhosis"], "Pfortaderthrombose": yes["pvtt"], "Metastasen": yes["extrahepatic"],
            "TACE": yes["tace_haic"], "AFP": ("400,5" if p["afp_ge_400"] == "1" else "12,5").replace(",", decimal),
            "Ansprechen": p["recist"], "Ansprechen mRECIST": p["mrecist"],
            "PFS Tage": str(round(float(p["pfs_months"]) * 30.4375)), "Progress": yes["pfs_event"],
            "OS Tage": str(round(float(p["os_months"]) * 30.4375)), "verstorben": yes["os_event"],
        })  # fmt: skip
    return sheet


codebook_yes = ("hbv", "cirrhosis", "pvtt", "extrahepatic", "tace_haic", "pfs_event", "os_event")


def test_a_german_text_is_imported_by_the_map_that_is_proposed(bring, patients, paper, codes, tmp_path):
    file = tmp_path / "Export.csv"
    file.write_bytes(cases.text(german(patients), ";", "\r\n").encode("cp1252"))
    sheet = exports.read(file)
    assert sheet.how == "text, cp1252, separated by semicolon"
    found, _ = bring(file, proposal.propose(sheet, paper, codes))
    for name in ("arm", "sex", "ecog", "afp_ge_400", "hbv", "recist", "pfs_event", "os_event"):
        assert found.frame[name].astype(str).tolist() == [p[name] for p in patients]
    wanted = [round(float(p["os_months"]) * 30.4375) / 30.4375 for p in patients]
    assert found.times("os") == pytest.approx(wanted, abs=1e-12)


def spss(patients):
    one_two = {"group": ("arm", "R"), "sex": ("sex", "F"), "child": ("child_pugh", "B"), "bclc": ("bclc", "C")}
    frame = pd.DataFrame({"id": range(1, len(patients) + 1)})
    for name, (ours, second) in one_two.items():
        frame[name] = [1.0 + (p[ours] == second) for p in patients]
    for name in ("age_ge_50", "hbv", "cirrhosis", "pvtt", "extrahepatic", "tace_haic", "afp_ge_400"):
        frame[name] = [2.0 - float(p[name]) for p in patients]
    frame["ecog"] = [float(p["ecog"]) for p in patients]
    for name in ("recist", "mrecist"):
        frame[name] = [["CR", "PR", "SD", "PD"].index(p[name]) + 1.0 for p in patients]
    for ours, name in (
        ("pfs_months", "pfs"),
        ("pfs_event", "pfs_status"),
        ("os_months", "os"),
        ("os_event", "os_status"),
    ):
        frame[name] = [float(p[ours]) for p in patients]
    frame.loc[3, "ecog"] = float("nan")
    return frame


LABELS = {"group": {1: "Lenvatinib + PD-1", 2: "Regorafenib"}, "sex": {1: "Male", 2: "Female"}, "child": {1: "A", 2: "B"},
          "bclc": {1: "B", 2: "C"}, "recist": {1: "CR", 2: "PR", 3: "SD", 4: "PD"}, "mrecist": {1: "CR", 2: "PR", 3: "SD", 4: "PD"},
          "hbv": {1: "Yes", 2: "No"}}  # fmt: skip


def test_spss_and_stata_are_read_with_their_labels(bring, patients, paper, codes, tmp_path):
    """Of 1 and 2 the label says which is which; without one, the counts of the paper, where only one way fits them."""
    frame = spss(patients)
    pyreadstat.write_sav(frame, str(tmp_path / "records.sav"), variable_value_labels=LABELS)
    pyreadstat.write_dta(frame, str(tmp_path / "records.dta"), variable_value_labels=LABELS)
    told = {}
    for ending in ("sav", "dta"):
        file = tmp_path / f"records.{ending}"
        told[ending] = proposal.propose(exports.read(file), paper, codes)
        found, _ = bring(file, told[ending])
        for name in ("arm", "sex", "child_pugh", "hbv", "cirrhosis", "afp_ge_400", "recist", "os_event"):
            assert found.frame[name].astype(str).tolist() == [p[name] for p in patients]
        assert found.missing == {"ecog": 1}
        assert found.times("pfs").tolist() == [float(p["pfs_months"]) for p in patients]
    assert '"2" = "0" # 15 patients; so many the paper prints' in told["sav"]
    assert '"2" = "0" # 15 patients, called No' in told["sav"]


def test_what_cannot_be_told_stays_open_and_a_map_with_it_is_refused(bring, patients, paper, codes, tmp_path):
    """No label, and 41 and 27 patients of whom the paper prints no count by this name: 1 or 2, only the holder knows."""
    file = tmp_path / "records.sav"
    frame = spss(patients)
    frame[["pfs_status", "os_status"]] += 1
    pyreadstat.write_sav(frame, str(file))
    told = proposal.propose(exports.read(file), paper, codes)
    with pytest.raises(ProblemsError) as refused:
        bring(file, told)
    still = {problem.column for problem in refused.value.problems}
    assert {"columns.arm.codes.1", "columns.arm.codes.2", "endpoints.os.codes.1", "endpoints.os.codes.2"} <= still
    assert {problem.found for problem in refused.value.problems} == {"still open"}


def test_all_that_a_map_gets_wrong_is_said_at_once(bring, patients, paper, codes, tmp_path):
    sheet, _ = as_hospital(patients)
    told = proposal.propose(exports.read(workbook(tmp_path / "a.xlsx", sheet)), paper, codes)
    sheet[0] |= {"性别": "男性", "首次治疗日期": "05/03/2019", "AFP": "high"}
    sheet[1] |= {"死亡日期": FIRST - datetime.timedelta(400), "AFP": ">300"}
    sheet[2] |= {"AFP": "1,234"}
    with pytest.raises(ProblemsError) as refused:
        bring(workbook(tmp_path / "b.xlsx", sheet), told)
    found = {(p.row, p.column) for p in refused.value.problems}
    assert {(2, "性别"), (2, "首次治疗日期"), (2, "AFP"), (3, "AFP"), (4, "AFP")} <= found
    assert any(p.row == 3 and "no date before" in p.expected for p in refused.value.problems)
    assert any("decimals or thousands" in p.expected for p in refused.value.problems if p.row == 4)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [('column = "性别"', 'column = "性 别"', "did you mean 性别"), ("[columns.sex", "[columns.sexe", "one of arm, age_ge_50"),
     ("absent = []", 'absent = ["tumour"]', "one of arm"), ("month = 30.4375", "month = 365", "less than 32"),
     ('censored = "末次随访日期"', 'time = "AFP"', "needs time and event, or start"), ("month =", "moth =", "moth")],
)  # fmt: skip
def test_a_map_that_does_not_fit_is_refused_by_name(bring, patients, paper, codes, tmp_path, old, new, message):
    file = workbook(tmp_path / "a.xlsx", as_hospital(patients)[0])
    told = proposal.propose(exports.read(file), paper, codes)
    assert old in told
    with pytest.raises(DataError, match=message):
        bring(file, told.replace(old, new))


@pytest.mark.parametrize(
    ("text", "forms", "found"),
    [("2019-03-05", (), FIRST), ("2019/3/5", (), FIRST), ("2019.03.05", (), FIRST), ("2019年3月5日", (), FIRST),
     ("20190305", (), FIRST), ("5.3.2019", (), FIRST), ("2019-03-05 00:00:00", (), FIRST), ("05/03/2019", (), None),
     ("05/03/2019", ["%d/%m/%Y"], FIRST), ("03/05/2019", ["%m/%d/%Y"], FIRST), ("43529", ["excel"], FIRST),
     ("43529", (), None), ("2019-02-30", (), None), ("2019-03", (), None)],
)  # fmt: skip
def test_dates_that_can_be_read_in_one_way_are_read(text, forms, found):
    """Excel's day 43529 is March 5, 2019 (its own DATE function); 05/03 may be March or May."""
    assert mapping._date_of(text, list(forms)) == found


def test_what_happened_after_the_cut_off_is_not_looked_at(bring, patients, paper, codes, tmp_path):
    sheet, _ = as_hospital(patients)
    stop = FIRST + datetime.timedelta(200)
    told = proposal.propose(exports.read(workbook(tmp_path / "a.xlsx", sheet)), paper, codes)
    told = told.replace("# cut_off = 2023-01-01", f"cut_off = {stop} #")
    first = {
        "首次治疗日期": FIRST,
        "进展日期": FIRST + datetime.timedelta(100),
        "死亡日期": FIRST + datetime.timedelta(300),
    }
    sheet = [row | first | {"末次随访日期": FIRST + datetime.timedelta(300)} for row in sheet]
    found, notes = bring(workbook(tmp_path / "a.xlsx", sheet), told)
    row = found.frame.iloc[0]
    assert (row["pfs_event"], row["os_event"]) == (1, 0)
    assert (row["pfs_months"], row["os_months"]) == (100 / 30.4375, 200 / 30.4375)
    assert f"dates after {stop} are not looked at" in notes


def test_formulas_that_were_never_computed_are_refused(patients, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active.append([1, "=A2+1"])
    book.save(tmp_path / "formula.xlsx")
    with pytest.raises(ProblemsError, match="open and save the workbook"):
        exports.read(tmp_path / "formula.xlsx")


def test_a_sheet_and_a_header_row_can_be_named(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["a title"])
    sheet = book.create_sheet("patients")
    for row in (["exported by me"], ["id", "x"], ["A", 1.0], [None, None], ["B", True]):
        sheet.append(row)
    book.save(tmp_path / "two.xlsx")
    found = exports.read(tmp_path / "two.xlsx", exports.Options(sheet="patients", header=2))
    assert (found.header, found.rows) == (("id", "x"), ((3, {"id": "A", "x": "1"}), (5, {"id": "B", "x": "TRUE"})))
    with pytest.raises(DataError, match="there are Sheet, patients"):
        exports.read(tmp_path / "two.xlsx", exports.Options(sheet="Patients"))


def test_a_reader_that_is_not_installed_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyreadstat", None)
    with pytest.raises(DataError, match=r"pip install '\.\[import\]'"):
        exports.read(tmp_path / "records.sav")


@pytest.mark.parametrize(("numbers", "shown"), [([], ""), ([3], "3"), ([2, 3, 4, 7, 9, 10], "2–4, 7, 9–10")])
def test_rows_are_said_as_runs(numbers, shown):
    assert ranges(numbers) == shown


# The commands -------------------------------------------------------------------------------------------------------


def invoke(*arguments):
    return CliRunner().invoke(main, ["cohort", *map(str, arguments), "--published", str(PUBLISHED)])


def test_the_commands_go_from_an_export_to_records(patients, tmp_path):
    """In a folder whose name has an apostrophe, a blank, # and $."""
    place = tmp_path / "the clinic's #1 $x"
    place.mkdir()
    file = workbook(place / "export 1.xlsx", as_hospital(patients)[0])
    assert invoke("map", file, "--out", place / "map.toml").exit_code == 0
    done = invoke("import", file, "--map", place / "map.toml", "--out", place / "records.csv")
    assert done.exit_code == 0
    assert "patients: 68 all patients (68 in the paper), 41 LP (41 in the paper), 27 R (27 in the paper)" in done.output
    assert "a month is 30.4375 days" in done.output
    assert (place / "records.csv").read_text(encoding="utf-8").startswith("patient,arm,age_ge_50")


def test_nothing_is_written_of_an_export_that_is_refused(patients, tmp_path):
    patients[3]["sex"] = "X"
    file = write(tmp_path / "export.csv", patients)
    done = invoke("import", file, "--out", tmp_path / "records.csv")
    assert (done.exit_code, (tmp_path / "records.csv").exists()) == (1, False)
    assert "Traceback" not in done.output
    assert invoke("import", file, "--out", file).exit_code == 1
    assert file.read_text(encoding="utf-8") == cases.text(patients)
    assert invoke("import", tmp_path / "nowhere.csv", "--out", tmp_path / "records.csv").exit_code == 1
    assert invoke("map", tmp_path / "nowhere.csv").exit_code == 1


def test_a_file_of_other_columns_is_told_of_the_map(patients, tmp_path):
    file = tmp_path / "Export.csv"
    file.write_bytes(cases.text(german(patients), ";").encode("cp1252"))
    done = invoke("import", file, "--out", tmp_path / "records.csv")
    assert done.exit_code == 1
    assert f"secondlook cohort map '{file}' --out map.toml" in done.output


def test_make_takes_a_path_with_an_apostrophe_a_blank_a_hash_and_a_dollar(tmp_path):
    """The command that make would run, read as a shell reads it."""
    path = str(tmp_path / "the clinic's #1 $x" / "records.csv")
    made = subprocess.run(
        ["make", "-n", "book", f"COHORT={path}"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    [line] = [line for line in made.stdout.splitlines() if " build " in line]
    assert shlex.split(line)[-2:] == ["--cohort", path]

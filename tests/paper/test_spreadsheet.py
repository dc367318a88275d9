"""A folder that a spreadsheet has saved anew is refused with its figure; what a paper prints is not."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import invented
import pytest
from click.testing import CliRunner

from secondlook.cli.main import main
from secondlook.numbers.printed import parse
from secondlook.paper.reading import DataError
from secondlook.paper.registry import load
from secondlook.paper.spreadsheet import REFUSED, WARNED, last_decimals

PUBLISHED = Path(__file__).parents[2] / "data" / "published"


def resave(path: Path, rows: int | None = None) -> None:
    """Save a CSV file as spreadsheets do: a number loses the zeros at its end."""
    with path.open(encoding="utf-8", newline="") as file:
        cells = list(csv.reader(file))
    for row in cells[1:rows]:
        row[:] = [f"{float(cell):g}" if re.fullmatch(r"[0-9]+\.[0-9]+", cell) else cell for cell in row]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(cells)


@pytest.fixture
def folder(tmp_path) -> Path:
    return Path(shutil.copytree(PUBLISHED, tmp_path / "published"))


def run(folder: Path, *arguments: str):
    return CliRunner().invoke(main, ["values", "--published", str(folder), *arguments])


def test_a_folder_saved_anew_is_refused_with_its_figure(folder):
    for path in folder.glob("t*.csv"):
        resave(path)
    found = last_decimals(load(folder))
    assert found.where == "all files"
    assert found.chance == pytest.approx(0.9**found.numbers)
    assert found.chance < REFUSED
    result = run(folder)
    assert result.exit_code == 1
    assert f"chance {found.chance:.1g}" in result.output
    assert "value_id" not in result.output
    assert run(folder, "--decimals-as-they-are").exit_code == 0


def test_one_table_saved_anew_is_warned_about(folder):
    resave(folder / "table-5.csv")
    found = last_decimals(load(folder))
    assert found.where == "table t5"
    assert REFUSED < found.chance < WARNED
    result = run(folder)
    assert result.exit_code == 0
    assert result.stderr.startswith("Warning: ")
    assert run(folder, "--decimals-as-they-are").stderr == ""


def test_the_paper_itself_and_small_tables_are_not(tmp_path):
    assert last_decimals(load(PUBLISHED)) is None
    assert run(PUBLISHED).stderr == ""
    small = last_decimals(load(invented.write(tmp_path)))
    assert small is None or small.chance > WARNED


def test_columns_that_keep_their_decimals_have_lost_none(folder):
    """Whatever the last digits are: a spreadsheet would have shortened one number in ten of each column."""
    path = folder / "table-5.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(\.[0-9]{2})0(?![0-9])", r"\g<1>1", text), encoding="utf-8")
    assert last_decimals(load(folder)) is None


class Cell:
    """What the last decimals of a value are told from."""

    def __init__(self, printed, table="t1", statistic="hr", **more):
        self.number, self.table, self.statistic = parse(printed), table, statistic
        self.set, self.group, self.restates = more.get("set", ""), more.get("group", ""), more.get("restates", ())


@pytest.mark.parametrize(
    ("more", "where", "numbers"),
    [
        ([], "table t1", 3),
        ([Cell("1.23")], "table t1", 3),  # the same number in one column is no new evidence,
        ([Cell("1.23", group="a")], "table t1", 4),  # in another column it is
        ([Cell("1.23", statistic="p")], "table t1", 4),
        ([Cell("0.012", restates=("t1.x",))], "table t1", 3),
        ([Cell("<0.011")], "table t1", 3),
        ([Cell("0.012", statistic="count")], "table t1", 3),
        ([Cell("7")], "table t1", 3),
        ([Cell("2.5", "", "p"), Cell("2.51", "", "p")], "all files", 5),
        ([Cell("2.5", "t2"), Cell("2.6", "t2")], "all files", 5),
        ([Cell("2.0", "t2"), Cell("2.6", "t2")], "table t1", 3),  # a 0 at the end: nothing was dropped there
    ],
)
def test_what_counts_as_a_number_without_a_last_0(more, where, numbers):
    found = last_decimals([Cell("1.2"), Cell("1.23"), Cell("1.4"), *more])
    assert (found.where, found.numbers) == (where, numbers)
    assert found.chance == pytest.approx(0.9**numbers)


def test_a_column_of_equal_decimals_has_lost_none_and_the_text_is_named():
    assert last_decimals([Cell("1.2"), Cell("1.3"), Cell("<0.001")]) is None
    assert last_decimals([Cell("1.2", ""), Cell("1.34", "")]).where == "text.csv"
    assert last_decimals([]) is None


@pytest.mark.parametrize("dash", ["-", "–", "—", "−"])
def test_a_dash_by_itself_is_named(folder, dash):
    path = folder / "table-5.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("0.749", dash, 1), encoding="utf-8")
    with pytest.raises(DataError, match=r"table-5\.csv, row 2, column uni_lower: a dash by itself"):
        load(folder)


def test_a_date_that_cannot_be_read_is_refused_by_place(folder):
    path = folder / "text.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"January 1, 2023"', "06/01/2023", 1), encoding="utf-8")
    with pytest.raises(DataError, match=r"text\.csv, row [0-9]+, column printed: '06/01/2023' may be read"):
        load(folder)
    path.write_text(text.replace('"January 1, 2023"', "early 2023", 1), encoding="utf-8")
    with pytest.raises(DataError, match="is no date"):
        load(folder)


def test_other_forms_of_the_dates_leave_every_check(folder, ledger):
    from secondlook.audit import audit

    path = folder / "text.csv"
    text = path.read_text(encoding="utf-8")
    for ours, theirs in (
        ('"January 1, 2023"', '"Jan 1, 2023"'),
        ("June 2018", "Jun-18"),
        ("September 2021", "2021/09"),
    ):
        assert ours in text
        text = text.replace(ours, theirs)
    path.write_text(text, encoding="utf-8")
    found = {check.check_id: check.verdict for check in audit(load(folder)).checks}
    assert found == {check.check_id: check.verdict for check in ledger.checks}

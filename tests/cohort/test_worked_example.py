"""The page *If you have the records*: its commands take the worked example from an export to a ledger with records."""

import csv
import io
import re

import pytest
from click.testing import CliRunner
from conftest import PUBLISHED, ROOT
from worked_example import PAGE, commands

from bookpress import build as steps
from bookpress.paths import Project
from secondlook.cli.main import main


def of_package(ending):
    """Return the page's commands of this package, without its name."""
    return [line[1:] for line in commands(ending) if line[0].endswith("secondlook")]


@pytest.mark.parametrize("ending", ["xlsx", pytest.param("sav", marks=pytest.mark.weekly)])
def test_the_pages_commands_go_from_an_export_to_a_ledger(tmp_path, monkeypatch, ending):
    """Both exports are of the same invented patients; the proposed maps have nothing open, and need no edit."""
    monkeypatch.chdir(tmp_path)
    said = []
    for command in of_package(ending):
        done = CliRunner().invoke(main, [*command, "--published", str(PUBLISHED)])
        assert done.exit_code == 0, done.output
        said.append(done.output)
    assert '"?" #' not in (tmp_path / "map.toml").read_text(encoding="utf-8")
    assert "a month is 30.4375 days" in said[1]
    assert "68 all patients (68 in the paper), 41 LP (41 in the paper), 27 R (27 in the paper)" in said[1]
    assert ("empty cells: ecog 1" in said[1]) == (ending == "sav")
    assert "ties PFS: " in said[2]
    assert "by Breslow's ties" in said[2]
    with (tmp_path / "ledger.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["evidence"] == "records"]
    of_each_kind = {"t5.sex.uni.hr", "outcomes.os.lp.median", "t1.sex.m.lp.n", "t3.orr.recist.lp.n"}
    of_each_kind |= {"t1.sex.m.lp.pct", "t1.sex.p", "outcomes.pfs.p", "patients.size.lp"}
    assert {f"records.{name}" for name in of_each_kind} <= {row["check_id"] for row in rows}
    # A miss of whole records is inconsistent; with an empty cell it asks.
    assert ("inconsistent" in {row["verdict"] for row in rows}) == (ending == "xlsx")
    assert steps.accepted(Project(ROOT), {"cohort": str(tmp_path / "records.csv")})


def test_the_records_of_the_example_hold_no_id_and_no_date(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for command in of_package("xlsx")[:2]:
        assert CliRunner().invoke(main, [*command, "--published", str(PUBLISHED)]).exit_code == 0
    text = (tmp_path / "records.csv").read_text(encoding="utf-8")
    assert [row["patient"] for row in csv.DictReader(io.StringIO(text))][:2] == ["P-01", "P-02"]
    assert "604000" not in text
    assert not re.search(r"20[12][0-9]-", text)


def test_every_key_of_the_map_that_the_page_names_is_one():
    from secondlook.cohort.mapping import End, Ids, Map, Source

    known = {name for model in (Map, Source, Ids, End) for name in model.model_fields}
    table = PAGE.partition("| in the map | says |")[2].partition("\n\n")[0]
    named = re.findall(
        r"`([a-z_]+)`", "\n".join(line.split("|")[1] for line in table.splitlines() if line.count("|") > 2)
    )
    assert len(named) > 10
    assert set(named) <= known

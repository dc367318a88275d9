"""What the project adds to its build: files for download, and what is refused before anything runs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from invented_cohort import stand_in
from tiny_book import REAL

from secondlook import recorded
from secondlook.cli.main import main as cli
from secondlook.cohort.verify import Tried
from secondlook.pages import downloads

PUBLISHED = REAL.root / "data" / "published"
DEFAULTS = dict(REAL.settings.parameters)


def test_the_tables_for_download_are_what_the_command_line_prints(tmp_path):
    downloads.write(PUBLISHED, tmp_path)
    for name, command in [("values.csv", ["values"]), ("ledger.csv", ["audit"]), ("corrections.csv", ["corrections"])]:
        printed = CliRunner().invoke(cli, [*command, "--published", str(PUBLISHED)])
        assert (tmp_path / name).read_bytes() == printed.stdout_bytes
    rows = json.loads((tmp_path / "values.json").read_text(encoding="utf-8"))
    assert len(rows) == (tmp_path / "values.csv").read_text(encoding="utf-8").count("\n") - 1


def test_numbers_for_the_search_field_are_those_of_the_registry(ledger):
    said = downloads.numbers_js(ledger)
    rows = json.loads(said.removeprefix("window.secondLookNumbers = ").removesuffix(";\n"))
    assert {tuple(row) for row in rows} <= {(v.printed, v.id, v.place, ledger.verdicts[v.id]) for v in ledger.registry}
    assert {v.id for v in ledger.registry if v.number} <= {row[1] for row in rows}
    assert {"0.479", "3.270", "13.1"} <= {row[0] for row in rows}, "what readers sought in vain"


def test_what_is_laid_is_the_data_the_tables_and_the_picture_and_nobodys_records(tmp_path, paper, monkeypatch):
    records = stand_in(tmp_path / "records.csv", paper, PUBLISHED)
    monkeypatch.setattr(
        recorded, "tried", lambda *_, **__: Tried((), {})
    )  # the fits take seconds, and are not looked at
    downloads.lay(str(REAL.root), {**DEFAULTS, "cohort": str(records)}, str(tmp_path / "laid"))
    laid = {path.relative_to(tmp_path / "laid").as_posix() for path in (tmp_path / "laid").rglob("*") if path.is_file()}
    expected = {
        "data/published/table-1.csv",
        "data/cohort/synthetic.csv",
        "data/teaching/patients.csv",
        "data/ledger.csv",
        "data/findings.pdf",
    }
    assert {*expected, "data/companion/text.csv", "book/_static/social.png", "book/_static/numbers.js"} <= laid
    assert not any(name.endswith(("records.csv", "data/social.png")) for name in laid)


def test_a_refused_folder_is_named(tmp_path):
    shutil.copytree(PUBLISHED, tmp_path / "edited")
    table = tmp_path / "edited" / "table-1.csv"
    table.write_text(table.read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8")
    with pytest.raises(ValueError, match=r"tables of edited: .*table-1\.csv"):
        downloads.lay(str(REAL.root), {**DEFAULTS, "published": str(tmp_path / "edited")}, str(tmp_path / "laid"))


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"cohort": "nowhere.csv"}, r"nowhere\.csv: no such cohort file"),
        ({"published": "nowhere"}, "nowhere: no such folder of published tables"),
        ({"alpha": 5}, "alpha is 5; it must lie between 0 and 1"),
        ({"alpha": float("nan")}, "alpha is nan; it must lie between 0 and 1"),
    ],
)
def test_impossible_parameters_are_refused(parameters, message):
    with pytest.raises(ValueError, match=message):
        downloads.check(Path(REAL.root), {**DEFAULTS, **parameters})

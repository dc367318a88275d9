"""The committed data folder: complete, described, and what its own schema gives."""

import csv
import re
from collections import Counter

import pybtex.database
from click.testing import CliRunner
from conftest import PUBLISHED, ROOT
from frictionless import validate

from secondlook.cli.main import main


def test_frictionless_accepts_the_data_package():
    report = validate(str(PUBLISHED / "datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldNumber", "type", "message"])


def test_the_data_package_is_what_the_schema_gives():
    result = CliRunner().invoke(main, ["datapackage", "--published", str(PUBLISHED), "--check"])
    assert result.exit_code == 0, result.output


def test_six_tables_and_the_prose_are_there(paper):
    assert list(paper.layout.tables) == ["t1", "t2", "t3", "t4", "t5", "t6"]
    assert all(paper.cells(name) for name in paper.layout.tables)


def test_author_and_year_tell_works_apart():
    """Pages cite so: two works of the same authors in one year have letters after it."""
    entries = pybtex.database.parse_file(str(ROOT / "book" / "references.bib")).entries
    cited = Counter()
    for entry in entries.values():
        names = [" ".join(person.last_names) for person in entry.persons["author"]]
        cited[*(names if len(names) < 3 else (names[0], "others")), entry.fields["year"]] += 1
    assert [label for label, works in cited.items() if works > 1] == []


def test_every_citation_of_the_external_file_is_in_the_bibliography(paper):
    keys = set(re.findall(r"^@\w+\{([^,]+),", (ROOT / "book" / "references.bib").read_text(encoding="utf-8"), re.M))
    assert {row.cites for row in paper.external if row.cites} <= keys
    assert len([key for key in keys if re.match(r"ref\d\d-", key)]) == 39


def test_every_quote_of_the_external_file_is_a_value(paper):
    assert {row.quote for row in paper.external if row.quote} <= set(paper.values)


def test_every_quoted_number_has_a_look_up(paper):
    quoted = {row.quote for row in paper.external}
    assert {v.id for v in paper if v.group == "external"} <= quoted


def test_files_end_their_lines_as_unix_does():
    for path in sorted(PUBLISHED.glob("*.csv")):
        assert b"\r" not in path.read_bytes(), path.name
        with path.open(encoding="utf-8", newline="") as file:
            widths = {len(row) for row in csv.reader(file)}
        assert len(widths) == 1, path.name

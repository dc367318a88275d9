"""The committed data folder: complete, described, and what its own schema gives."""

import csv
import re
from collections import Counter
from typing import Literal

import pybtex.database
from click.testing import CliRunner
from conftest import PUBLISHED, ROOT
from frictionless import validate
from pydantic import BaseModel, Field

from secondlook.cli.main import main
from secondlook.paper import codebook


def test_frictionless_accepts_the_data_package():
    report = validate(str(PUBLISHED / "datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldNumber", "type", "message"])


def test_the_data_package_is_what_the_schema_gives():
    result = CliRunner().invoke(main, ["datapackage", "--published", str(PUBLISHED), "--check"])
    assert result.exit_code == 0, result.output


class _Inner(BaseModel):
    role: Literal["n", "p"] = Field(description="what it is")
    unit: str = ""


class _Outer(BaseModel):
    """What a file holds.

    More of it.
    """

    title: str = Field(description="its title")
    columns: dict[str, _Inner] = Field(description="its columns")
    sums: list[_Inner] = Field(default=[], description="its sums")
    best: _Inner | None = Field(default=None, description="the best")
    sides: Literal[1, 2] | None = None


def test_the_codebook_lists_every_key_with_its_description():
    assert codebook.layout_keys(_Outer) == {
        "title": "its title", "columns.KEY": "its columns", "columns.KEY.role": "what it is", "sums[]": "its sums",
        "sums[].role": "what it is", "best": "the best", "best.role": "what it is",
    }  # fmt: skip
    assert codebook.columns(_Inner) == {"role": "what it is", "unit": ""}
    assert codebook.summary(_Outer) == "What a file holds"
    assert codebook.allowed(_Inner.model_fields["role"]) == ["n", "p"]
    assert codebook.allowed(_Outer.model_fields["sides"]) == ["1", "2"]
    assert codebook.allowed(_Outer.model_fields["title"]) == []


def test_what_a_column_holds_is_said_in_words(paper):
    table = paper.layout.tables["t5"]
    said = {name: codebook.describe_column(column, table, paper) for name, column in table.columns.items()}
    assert said["multi_hr"] == "hazard ratio, multivariable"
    table = paper.layout.tables["t1"]
    assert codebook.describe_column(table.columns["lp_n"], table, paper) == "number of patients, LP"


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

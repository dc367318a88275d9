"""The way of *If you have the records*, walked to its end: from an export of a hospital's program to a book that is read.

The exports are the worked examples, of invented patients who do not print the paper; so what is read is what a failed
reproduction looks like. It takes two builds, and is walked weekly.
"""

import csv
import os
import re
import subprocess
import sys

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from conftest import PUBLISHED
from faults import copy_of_the_book
from worked_example import commands

from bookpress.paths import ROOT_VARIABLE
from secondlook.cli.main import main

TEXTS = {".html", ".ipynb", ".csv", ".json", ".js", ".md", ".txt", ".svg", ".inv"}


def built(root, ending):
    """Go from an export to a book with the page's commands; return the book's folder and the file of records."""
    *steps, last = commands(ending)
    assert last == ["make", "book", "COHORT=records.csv"]
    for command in steps[1:]:
        done = CliRunner().invoke(main, [*command[1:], "--published", str(PUBLISHED)])
        assert done.exit_code == 0, done.output
    book = copy_of_the_book(root / "book")
    (root / "records.csv").rename(book.project.root / "records.csv")
    environment = {**os.environ, ROOT_VARIABLE: str(book.project.root), "PYTHONPATH": book.path}
    build = [sys.executable, "-m", "bookpress", "build", "--cohort", "records.csv"]
    subprocess.run(build, cwd=book.project.root, env=environment, check=True)
    return book.project.html, book.project.root / "records.csv"


def words(html, page):
    """Return the words of an article, its folded parts among them."""
    page = BeautifulSoup((html / page).read_text(encoding="utf-8"), "html.parser")
    return " ".join(page.select_one("article").get_text(" ", strip=True).split())


def of_patients(file):
    """Return what only a row of the file has: ids, and times with all their digits."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    times = {row[f"{name}_months"] for row in rows for name in ("pfs", "os")}
    return {row["patient"] for row in rows} | {time for time in times if len(time) > 6}


@pytest.mark.weekly
@pytest.mark.parametrize("ending", ["xlsx", "sav"])
def test_the_pages_commands_go_from_an_export_to_a_book_that_says_what_the_records_say(tmp_path, monkeypatch, ending):
    monkeypatch.chdir(tmp_path)
    html, file = built(tmp_path, ending)
    handed_in = "Records were handed in for this build"
    for page in ("index", *(f"notebooks/{n}" for n in ("12-suggested-corrections", "80-ledger", "84-not-checked"))):
        assert handed_in in words(html, f"{page}.html")
    [ledger] = (html / "_downloads").rglob("ledger.csv")
    with ledger.open(encoding="utf-8", newline="") as lines:
        verdicts = {row["verdict"] for row in csv.DictReader(lines) if row["check_id"].startswith("records.")}
    assert {"reproduced", "query"} <= verdicts
    assert ("inconsistent" in verdicts) == (ending == "xlsx"), "one patient of the other has an empty cell"
    beside = words(html, "notebooks/72-records-beside-the-paper.html")
    assert "41 LP (41 in the paper), 27 R (27 in the paper)" in beside
    assert "Missed, and a question only" in beside
    assert ("No way of a program that was tried prints them" in beside) == (ending == "xlsx")
    page = BeautifulSoup((html / "notebooks/72-records-beside-the-paper.html").read_text("utf-8"), "html.parser")
    assert [image["alt"].count("events") for image in page.select("figure img")] == [2] * 6
    cohort = words(html, "notebooks/42-synthetic-cohort.html")
    assert handed_in in cohort
    assert "not used in this chapter" in cohort
    assert "drawn from the records that were handed in" in words(html, "notebooks/32-outcomes.html")
    assert "Records of patients that were handed in are not used." in words(html, "notebooks/53-guaranteed-time.html")
    nobodys(html, file)


def nobodys(html, file):
    """Assert that nothing in the book is a patient's: no id, no time in full, and none of the export's ids and dates."""
    export = {str(604000 + 17 * n) for n in range(68)} | {"2018-06-01", "2018-06-12"}
    wanted, invented = (
        of_patients(file) | export,
        {"patients.csv", "whole.csv", "scans.csv"},
    )  # the data made to teach have dates
    shown = {
        path.relative_to(html).as_posix(): found
        for path in html.rglob("*")
        if path.suffix in TEXTS
        and path.name not in invented
        and (found := wanted & set(re.findall(r"[\w.-]+", path.read_text(encoding="utf-8", errors="replace"))))
    }
    # A chapter has twelve weeks in months as one number of its own, and somebody's time is twelve weeks.
    assert {name: found for name, found in shown.items() if found != {"2.759753593429158"}} == {}
    assert not list(html.rglob("records.csv"))

"""Patients' files as spreadsheets, SPSS, R and people write them, each made from one plain file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

Rows = list[dict[str, str]]
#: Read to the plain file's patients, to patients that differ as a function says, or refused with what is named.
READ = "read"


def text(rows: Rows, separator: str = ",", end: str = "\n", quote: int = csv.QUOTE_MINIMAL) -> str:
    """Return rows as a text file."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=separator, lineterminator=end, quoting=quote)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def each(change: Callable[[dict[str, str]], dict[str, str]]) -> Callable[[Rows], str]:
    """Return how a file is made in which every row is changed."""
    return lambda rows: text([row | change(row) for row in rows])


def one(**change: str) -> Callable[[Rows], str]:
    """Return how a file is made whose first row is changed."""
    return lambda rows: text([rows[0] | change, *rows[1:]])


def times(form: Callable[[str], str]) -> Callable[[dict[str, str]], dict[str, str]]:
    """Return a change of a row's times."""
    return lambda row: {name: form(row[name]) for name in ("pfs_months", "os_months")}


def events(form: Callable[[str], str]) -> Callable[[dict[str, str]], dict[str, str]]:
    """Return a change of a row's events."""
    return lambda row: {name: form(row[name]) for name in ("pfs_event", "os_event")}


def _comma(time: str) -> str:
    return time.replace(".", ",")


def _line(rows: Rows, number: int, line: str) -> str:
    lines = text(rows).splitlines()
    return "\n".join([*lines[:number], line, *lines[number:]]) + "\n"


def _r(rows: Rows) -> str:
    return text([{"": str(k)} | row for k, row in enumerate(rows, 1)], quote=csv.QUOTE_ALL)


def _renamed(form: Callable[[str], str]) -> Callable[[Rows], str]:
    return lambda rows: text([{form(name): cell for name, cell in row.items()} for row in rows])


_WHOLE = (
    "age_ge_50",
    "ecog",
    "hbv",
    "cirrhosis",
    "pvtt",
    "extrahepatic",
    "tace_haic",
    "afp_ge_400",
    "pfs_event",
    "os_event",
)

#: name → (how it is made, as text or bytes; what becomes of it: READ, the cells of the first row that differ, or the
#: columns and the number of cells that are refused; why).
CASES: dict[str, tuple[Callable[[Rows], str | bytes], object, str]] = {
    "plain": (text, READ, "the contract's own form"),
    "BOM": (lambda r: text(r, end="\r\n").encode("utf-8-sig"), READ, "Excel's CSV UTF-8"),
    "semicolon": (lambda r: text(r, ";", "\r\n").encode("utf-8-sig"), READ, "Excel where the comma is the decimal sign"),
    "semicolon, decimal comma": (lambda r: text([x | times(_comma)(x) for x in r], ";"), READ, "the same with its numbers"),
    "tab": (lambda r: text(r, "\t"), READ, "Excel's text"),
    "UTF-16": (lambda r: text(r, "\t", "\r\n").encode("utf-16"), READ, "Excel's Unicode text"),
    "CR": (lambda r: text(r, end="\r"), READ, "an old Mac's lines"),
    "write.csv of R": (_r, READ, "a first column of row numbers without a name"),
    "TRUE and FALSE": (each(events(lambda e: "TRUE" if e == "1" else "FALSE")), READ, "an event is true or not"),
    "NA": (one(ecog="NA"), {"ecog": ""}, "R's word for what is missing"),
    "empty": (one(ecog=""), {"ecog": ""}, "nothing is known"),
    "labels": (each(lambda r: {"sex": "Male" if r["sex"] == "M" else "Female"}), READ, "the paper's own labels"),
    "1.00": (each(lambda r: {name: r[name] + ".00" for name in _WHOLE}), READ, "SPSS writes whole numbers so"),
    "leading point": (one(pfs_months=".50"), {"pfs_months": "0.5"}, "SPSS writes numbers below 1 so"),
    "blanks": (lambda r: text(r).replace(",", ", "), READ, "blanks after commas"),
    "empty cells behind": (lambda r: text(r) + "," * 18 + "\n" + "," * 18 + "\n", READ, "a spreadsheet's deleted rows"),
    "blank lines behind": (lambda r: text(r) + "\n\n", READ, "no patients"),
    "blank line inside": (lambda r: _line(r, 12, ""), READ, "no patient; said"),
    "decimal comma in quotes": (each(times(_comma)), READ, "a decimal comma in a file of commas"),
    "events 1 and 2": (each(events(lambda e: str(int(e) + 1))), ({"pfs_event", "os_event"}, None), "which is the event?"),
    "capitals": (_renamed(str.upper), READ, "the same names"),
    "other order": (lambda r: text([dict(reversed(x.items())) for x in r]), READ, "names say which is which"),
    "blanks in the header": (_renamed(lambda name: f" {name}"), READ, "the same names"),
    "exponent": (one(pfs_months="5.0e+00"), {"pfs_months": "5"}, "a number all the same"),
    "many digits": (one(pfs_months="5.000000000000000426"), {"pfs_months": "5"}, "all that a float holds"),
    "days": (each(times(lambda t: str(round(float(t) * 30.4375)))), ({"pfs_months", "os_months"}, None), "no months"),
    "weeks": (each(times(lambda t: str(round(float(t) * 30.4375 / 7)))), ({"pfs_months", "os_months"}, None), "no months"),
    "sep=": (lambda r: "sep=,\n" + text(r), READ, "a spreadsheet's own first line"),
    "id with a blank": (one(patient="P 01"), {"patient": "P_01"}, "an id is plain"),
    "id with a no-break space": (one(patient="P-001\xa0"), READ, "nobody sees it"),
    "time with a no-break space": (one(pfs_months="5.0\xa0"), {"pfs_months": "5"}, "nobody sees it"),
    "small letters": (each(lambda r: {"arm": r["arm"].lower()}), READ, "the same codes"),
    "workbook named .csv": (lambda _: b"PK\x03\x04" + bytes(range(256)), "is a workbook", "no text"),
    "ids that are numbers": (one(patient="7"), {"patient": "7"}, "plain"),
    "ids that are decimals": (one(patient="7.0"), {"patient": "7"}, "SPSS writes whole numbers so"),
    "another column": (each(lambda _: {"comment": "note"}), READ, "left out, and said"),
    "Child-Pugh C": (one(child_pugh="C"), ({"child_pugh"}, 1), "the paper has nobody of this class"),
    "NE": (one(recist="NE"), ({"recist"}, 1), "the paper has nobody of this response; a map can say what it counts as"),
    "time zero": (one(pfs_months="0"), {"pfs_months": "0"}, "possible"),
    "60 patients": (lambda r: text(r[:60]), READ, "some records are lost; what they print says so"),
    "no deaths": (each(lambda _: {"os_event": "0"}), READ, "named before any fit"),
    "all HBV": (each(lambda _: {"hbv": "1"}), READ, "named before any fit"),
    "one arm": (lambda r: text([x for x in r if x["arm"] == "LP"]), READ, "named before any fit"),
    "ECOG 0-1": (each(lambda r: {"ecog": "2" if r["ecog"] == "2" else "0-1"}), READ, "the models need no more"),
    "ECOG 1-2": (one(ecog="1-2"), ({"ecog"}, 1), "the models need to know which"),
    "near name": (_renamed(lambda name: "os_month" if name == "os_months" else name), READ, "one letter short"),
    "no such column": (_renamed(lambda name: "x9" if name == "hbv" else name), ({"hbv"}, 1), "where is it?"),
    "name twice": (lambda r: text(r).replace("cirrhosis", "hbv", 1), ({"hbv"}, 1), "which of the two?"),
    "cells short": (lambda r: _line(r, 3, "P-9,LP"), ({""}, 1), "where did they end?"),
    "decimal comma without quotes": (lambda r: _line(r, 3, text(r).splitlines()[2] + ",5"), ({""}, 1), "a cell too many"),
    "two times wrong": (
        one(pfs_months="-1", os_months="x"), ({"pfs_months", "os_months"}, 2), "all at once, not one by one",
    ),
    "no text": (lambda _: b"\x00\x01\x02\xff" * 40, "holds the character", "no table"),
}  # fmt: skip

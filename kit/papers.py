"""What is handed out on paper, and what is handed in: hand-out, marking scheme, the columns of the data."""

from __future__ import annotations

import csv
import io
import math
import re
from pathlib import Path

from kit.source import Source
from secondlook.cohort import columns
from secondlook.numbers.printed import show
from secondlook.paper.registry import Registry

HERE = Path(__file__).parent
EXAM = re.compile(r"<details><summary>(\d)\. (.*?)</summary>\n+(.*?)\n+</details>", re.DOTALL)
#: The files of the data made to teach that have columns of their own.
TEACHING = ("patients.csv", "scans.csv", "draws.csv")
TEACHING_ROW = re.compile(r"^\| (`.+?`) \| (.+?) \|$", re.MULTILINE)


def handout(source: Source, registry: Registry, guide: str) -> str:
    """Return the text of the hand-out: two pages."""
    hr, lower, upper = (float(registry[f"t5.hbv.multi.{cell}"].printed) for cell in ("hr", "lower", "upper"))
    error = math.log(upper / lower) / 3.92
    z = abs(math.log(hr)) / error
    values = {
        "@mean": show(math.sqrt(lower * upper), 3),
        "@se": show(error, 3),
        "@z-to-p": next(block for block in guide.split("\n\n") if block.startswith("From z to p")),
        "@z": show(z, 2),
        "@p": show(math.erfc(z / math.sqrt(2)), 2),
    }
    return _filled(source.plain((HERE / "handout.md").read_text(encoding="utf-8")), values)


def marking(guide: str) -> str:
    """Return the text of the marking scheme, with the questions and model answers of the guide."""
    asked = {f"@{number}": f"> {question}\n\n{answer}" for number, question, answer in EXAM.findall(guide)}
    return _filled((HERE / "marking.md").read_text(encoding="utf-8"), asked)


def _filled(text: str, values: dict[str, str]) -> str:
    for key, value in values.items():
        if key not in text:
            raise ValueError(f"no place for {key}")
        text = text.replace(key, value)
    if left := re.findall(r"@\w+", text):
        raise ValueError(f"nothing for {', '.join(left)}")
    return text


def dictionary(root: Path, registry: Registry) -> list[tuple[str, str, str, str]]:
    """Return a row for each column of the data of the lessons: file, column, what it holds, cells."""
    codes = columns.load(root / "data" / "published", registry)
    found = [("synthetic.csv", name, *described) for name, described in columns.describe(codes, registry).items()]
    text = (root / "data" / "teaching" / "README.md").read_text(encoding="utf-8")
    for file in TEACHING:
        rows = TEACHING_ROW.findall(text.partition(f"\nIn `{file}`")[2].partition("\nIn `")[0].partition("\n## ")[0])
        described = {name: what.replace("`", "") for names, what in rows for name in re.findall(r"`(\w+)`", names)}
        header = (root / "data" / "teaching" / file).read_text(encoding="utf-8").partition("\n")[0]
        found += [(file, name, described[name], "") for name in header.split(",")]
    return found


def dictionary_csv(rows: list[tuple[str, str, str, str]]) -> str:
    """Return the rows as CSV."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([("file", "column", "what it holds", "cells"), *rows])
    return text.getvalue()


def dictionary_text(rows: list[tuple[str, str, str, str]]) -> str:
    """Return the rows as Markdown, a table for each file."""
    parts = [
        "`synthetic.csv`: 68 **invented** patients who print the paper's tables; nothing found in them is a finding. "
        "`patients.csv`: 400 invented patients about whom the truth is known; `whole.csv`, in the same columns: "
        "nothing missing, nobody lost."
    ]
    for file in dict.fromkeys(row[0] for row in rows):
        lines = [f"| `{name}` | {what} | {cells} |" for each, name, what, cells in rows if each == file]
        parts.append("\n".join([f"## {file}\n", "| column | what it holds | cells |", "|--|--------|----|", *lines]))
    return "\n\n".join(parts)

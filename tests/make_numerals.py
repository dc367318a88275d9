"""Read every numeral out of the article and compare it with the transcription in data/published.

The tables and text.csv were typed by reading. This program is the second route: it cuts the article's text into
paragraphs and tables, finds the numerals by itself, and gives each of them either the id of the value that carries it
or the reason why none does. Whatever is left over on either side is a slip, in the transcription or in the reading.

    python tests/make_numerals.py --article FILE            compare only
    python tests/make_numerals.py --article FILE --write    compare, then write data/published/numerals.csv
    python tests/make_numerals.py --article FILE --check    compare, then say whether numerals.csv is up to date
"""

from __future__ import annotations

import argparse
import csv
import io
import re
import sys
import unicodedata
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import chain
from pathlib import Path

PUBLISHED = Path(__file__).resolve().parents[1] / "data" / "published"
COLUMNS = ("section", "paragraph", "ordinal", "numeral", "value_ids", "reason")

FIRST_LINE = "Purpose:"
#: The article's headings in order, each with the section that begins below it; None ends the reading.
HEADINGS = (
    ("Introduction", "introduction"),
    ("Materials and Methods", "methods"),
    ("Patients", "methods"),
    ("Treatment Procedures", "methods"),
    ("Efficacy and Safety Assessments", "methods"),
    ("Statistical Analysis", "methods"),
    ("Results", "patients"),
    ("Patients", "patients"),
    ("Subsequent Treatment", "subsequent-treatment"),
    ("Treatment Outcomes and Survival Outcomes", "outcomes"),
    ("Treatment Toxicities", "toxicities"),
    ("Prognostic Factor Analysis", "prognostic-factors"),
    ("Discussion", "discussion"),
    ("Funding", None),
)
SECTIONS = ("abstract", *dict.fromkeys(section for _, section in HEADINGS if section))
#: Tables and figures belong to the section that speaks of them, wherever the pages put them.
FLOATS = {
    "figure-1": "patients",
    "table-1": "patients",
    "table-2": "subsequent-treatment",
    "figure-2": "outcomes",
    "table-3": "outcomes",
    "table-4": "toxicities",
    "table-5": "prognostic-factors",
    "table-6": "prognostic-factors",
    "figure-3": "prognostic-factors",
}

_HAZARDS = (
    ("uni_hr",),
    ("uni_lower", "uni_upper"),
    ("uni_p",),
    ("multi_hr",),
    ("multi_lower", "multi_upper"),
    ("multi_p",),
)
#: For each table, the CSV columns that a printed cell goes into, cell by cell after the label.
CELLS = {
    "table-1": (("lp_n", "lp_pct"), ("r_n", "r_pct"), ("p",)),
    "table-2": (("lp_n",), ("lp_pct",), ("r_n",), ("r_pct",)),
    "table-3": (
        ("recist_lp_n", "recist_lp_pct"),
        ("recist_r_n", "recist_r_pct"),
        ("recist_p",),
        ("mrecist_lp_n", "mrecist_lp_pct"),
        ("mrecist_r_n", "mrecist_r_pct"),
        ("mrecist_p",),
    ),
    "table-4": (
        ("any_lp_n", "any_lp_pct"),
        ("ge3_lp_n", "ge3_lp_pct"),
        ("any_r_n", "any_r_pct"),
        ("ge3_r_n", "ge3_r_pct"),
    ),
    "table-5": _HAZARDS,
    "table-6": _HAZARDS,
}

#: Numbers in words that the article uses.
WORDS = {"once": "1", "one": "1", "two": "2", "five": "5", "seventeen": "17", "twenty-four": "24", "forty-seven": "47"}
#: Other number words: should one of them turn up, WORDS is incomplete.
UNDECLARED = re.compile(
    r"(?<![\w-])(?:zero|three|four|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy"
    r"|eighty|ninety|hundred|thousand|twice|thrice)(?![\w-])",
    re.IGNORECASE,
)
#: Reasons why a numeral carries no value: the reason, the places, and the section if it holds in one only.
REASONS = (
    ("citation", re.compile(r"\^\{[^}]*\}"), None),
    (
        "name",
        re.compile(r"(?:PD|death)-L?1|VEGFR1-3|FGFR1-4|KEYNOTE-\d+|CheckMate \d+|IMbrave\d+", re.IGNORECASE),
        None,
    ),
    ("table or figure", re.compile(r"(?:Table|Figure) \d"), None),
    ("list number", re.compile(r"\(\d\)"), "methods"),
    ("number of groups", re.compile(r"\btwo groups\b"), None),
    ("figure of speech", re.compile(r"\bone of the\b"), None),
)
TOKEN = re.compile(
    r"(?P<sign>[<>≤≥])?(?: ?grade )?(?P<numeral>\d+(?:\.\d+)*|(?<![\w-])(?:" + "|".join(WORDS) + r")(?![\w-]))",
    re.IGNORECASE,
)
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
NOT_NUMERIC = ("class", "claim")
VERBATIM = ("class", "date", "version")


@dataclass(frozen=True)
class Numeral:
    """A numeral as it stands in the article, with its sign and the reason, if any, why it carries no value."""

    text: str
    sign: str = ""
    reason: str = ""

    @property
    def value(self) -> str:
        """The string that the transcription should print: sign and digits, words turned into digits."""
        return self.sign + WORDS.get(self.text.lower(), self.text)


@dataclass
class Paragraph:
    """A paragraph of prose, or a table or figure with its heading, rows and notes."""

    section: str
    name: str
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The lines in one."""
        return " ".join(self.lines)


@dataclass
class Comparison:
    """What the two routes gave: the rows of numerals.csv and the slips."""

    rows: list[tuple[str, ...]] = field(default_factory=list)
    slips: list[str] = field(default_factory=list)


def normalise(text: str) -> str:
    """Undo what belongs to the rendering: markup, the several shapes of ≥ and of superscripts, PD-I for PD-1."""
    text = unicodedata.normalize("NFC", text).replace("\\geq", "≥").replace("$", "")
    text = re.sub(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda found: "^{" + found[0].translate(SUPERSCRIPTS) + "}", text)
    text = re.sub(r"\b(PD|death)-I\b", r"\1-1", text)
    return re.sub(r"([<>≤≥])[ ]+(?=\d)", r"\1", text)


def cut(article: str) -> list[Paragraph]:
    """Cut the article into paragraphs, tables and figures, sorted by section, prose before tables and figures."""
    lines = [line.strip(" \xa0") for line in normalise(article).splitlines()]
    start = next(number for number, line in enumerate(lines) if line.startswith(FIRST_LINE))
    headings = deque(HEADINGS)
    section, prose, floats, current = "abstract", [], [], None
    for line in filter(None, lines[start:]):
        if headings and line == headings[0][0]:
            section = headings.popleft()[1]
            if section is None:
                break
        elif opened := re.match(r"(Table|Figure) (\d) ", line):
            name = f"{opened[1].lower()}-{opened[2]}"
            floats.append(current := Paragraph(FLOATS[name], name, [line]))
        elif "\t" in line or line.startswith("Abbreviation"):
            current.lines.append(line)
        else:
            add_prose(prose, section, line)
    if headings:
        raise ValueError(f"heading not found: {headings[0][0]}")
    return sorted(prose + floats, key=lambda paragraph: SECTIONS.index(paragraph.section))


def add_prose(prose: list[Paragraph], section: str, line: str) -> None:
    """Add a line to the last paragraph if that was broken off in mid-sentence; otherwise begin a new one."""
    same = [paragraph for paragraph in prose if paragraph.section == section]
    if same and not re.search(r"[.:](?:\^\{[^}]*\})?$", same[-1].text):
        same[-1].lines.append(line)
    else:
        prose.append(Paragraph(section, str(len(same) + 1), [line]))


def scan(text: str, section: str = "") -> Iterator[Numeral]:
    """Yield the numerals of a text in reading order."""
    reasons = [
        (found.span(), reason)
        for reason, pattern, only in REASONS
        if only in (None, section)
        for found in pattern.finditer(text)
    ]
    for token in TOKEN.finditer(text):
        place = token.start("numeral")
        reason = next((reason for (start, end), reason in reasons if start <= place < end), "")
        yield Numeral(token["numeral"], token["sign"] or "", reason)


def read_csv(path: Path) -> list[dict[str, str]]:
    """Read a CSV file with a header row."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cell_id(table: str, row: str, column: str) -> str:
    """Return the id of a table cell, such as t5.afp.multi.hr."""
    return ".".join((table.replace("table-", "t"), row, *column.split("_")))


def carriers(rows: list[dict[str, str]]) -> list[tuple[str, str]]:
    """Return (id, numeral) for every numeral that the given rows of text.csv print."""
    return [
        (row["id"], numeral.value)
        for row in rows
        if row["statistic"] not in NOT_NUMERIC
        for numeral in scan(row["printed"])
    ]


def align(
    found: list[Numeral], expected: list[tuple[str, str]], place: str, slips: list[str]
) -> list[tuple[Numeral, str]]:
    """Give the numerals their ids in reading order; what does not pair off becomes a slip."""
    free = [numeral.value for numeral in found if not numeral.reason]
    ids = [""] * len(free)
    for kind, i, i_end, j, j_end in SequenceMatcher(None, free, [value for _, value in expected], False).get_opcodes():
        if kind == "equal":
            ids[i:i_end] = [value_id for value_id, _ in expected[j:j_end]]
        else:
            typed = ", ".join(f"{value} ({value_id})" for value_id, value in expected[j:j_end])
            printed = ", ".join(free[i:i_end])
            slips.append(f"{place}: the article has {printed or 'nothing'}, text.csv {typed or 'nothing'}")
    carried = iter(ids)
    return [(numeral, "" if numeral.reason else next(carried)) for numeral in found]


def compare_cells(paragraph: Paragraph, slips: list[str]) -> dict[int, list[tuple[Numeral, str]]]:
    """Compare a table's printed cells with its CSV file; return the numerals of the cells by line number."""
    typed = read_csv(PUBLISHED / f"{paragraph.name}.csv")
    lines = [number for number, line in enumerate(paragraph.lines) if "\t" in line][-len(typed) :]
    return {
        number: compare_row(paragraph.name, paragraph.lines[number].split("\t"), row, slips)
        for number, row in zip(lines, typed, strict=True)
    }


def compare_row(table: str, cells: list[str], row: dict[str, str], slips: list[str]) -> list[tuple[Numeral, str]]:
    """Compare one printed row with its row of the CSV file; return the numerals of its cells with their ids."""
    carried = []
    printed = {"label": cells[0].strip()}
    for cell, columns in zip(cells[1:], CELLS[table], strict=True):
        numerals = list(scan(cell))
        values = [numeral.value for numeral in numerals] + [""] * (len(columns) - len(numerals))
        if len(values) > len(columns):
            slips.append(f"{table}, {row['row']}: more numerals than columns in {cell!r}")
        printed.update(zip(columns, values, strict=False))
        carried += zip(numerals, (cell_id(table, row["row"], column) for column in columns), strict=False)
    slips += [
        f"{table}, {row['row']}, {column}: the article has {printed.get(column)!r}, the CSV {typed!r}"
        for column, typed in row.items()
        if column != "row" and typed != printed.get(column)
    ]
    return carried


def read_table(paragraph: Paragraph, rows: list[dict[str, str]], slips: list[str]) -> list[tuple[Numeral, str]]:
    """Return a table's numerals in reading order: headings, labels and notes from text.csv, cells from its own CSV."""
    cells = compare_cells(paragraph, slips)
    outside = [
        list(scan(line.split("\t")[0] if number in cells else line, paragraph.section))
        for number, line in enumerate(paragraph.lines)
    ]
    aligned = deque(align(list(chain.from_iterable(outside)), carriers(rows), paragraph.name, slips))
    carried = []
    for number, numerals in enumerate(outside):
        carried += [aligned.popleft() for _ in numerals]
        carried += cells.get(number, [])
    return carried


def compare(article: str) -> Comparison:
    """Compare the article with data/published."""
    result = Comparison()
    by_place: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in read_csv(PUBLISHED / "text.csv"):
        by_place.setdefault((row["section"], row["paragraph"]), []).append(row)
    for paragraph in cut(article):
        place = (paragraph.section, paragraph.name)
        rows = by_place.pop(place, [])
        if paragraph.name in CELLS:
            carried = read_table(paragraph, rows, result.slips)
        else:
            found = list(scan(paragraph.text, paragraph.section))
            carried = align(found, carriers(rows), ", ".join(place), result.slips)
        result.slips += missing_words(paragraph, rows)
        result.rows += [
            (*place, str(ordinal), numeral.text, value_id, numeral.reason)
            for ordinal, (numeral, value_id) in enumerate(carried, start=1)
        ]
    result.slips += [f"{', '.join(place)}: in text.csv but not in the article" for place in by_place]
    return result


def missing_words(paragraph: Paragraph, rows: list[dict[str, str]]) -> list[str]:
    """Return slips for dates, versions and classes that are not met as typed, and for undeclared number words."""
    slips = [
        f"{paragraph.section}, {paragraph.name}: {row['printed']!r} ({row['id']}) is not met"
        for row in rows
        if row["statistic"] in VERBATIM
        and not re.search(rf"(?<!\d){re.escape(row['printed'])}(?![\w.]*\d)", paragraph.text)
    ]
    words = [word for word in UNDECLARED.findall(paragraph.text) if word.lower() not in WORDS]
    return slips + [f"{paragraph.section}, {paragraph.name}: number word not declared: {word}" for word in words]


def as_csv(rows: list[tuple[str, ...]]) -> str:
    """Return numerals.csv as text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return out.getvalue()


def main(arguments: list[str] | None = None) -> int:
    """Run the comparison; return 1 when there are slips or numerals.csv is out of date."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--article", type=Path, required=True, help="the article's text")
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--check", action="store_true", help="say whether numerals.csv is up to date")
    action.add_argument("--write", action="store_true", help="write numerals.csv")
    options = parser.parse_args(arguments)

    result = compare(options.article.read_text(encoding="utf-8"))
    for slip in result.slips:
        print(slip, file=sys.stderr)
    print(f"{len(result.rows)} numerals, {len(result.slips)} slips")
    if result.slips:
        return 1
    target = PUBLISHED / "numerals.csv"
    if options.write:
        target.write_text(as_csv(result.rows), encoding="utf-8", newline="\n")
    elif options.check and (not target.exists() or target.read_bytes() != as_csv(result.rows).encode()):
        print(f"{target.name} is out of date: run again with --write", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

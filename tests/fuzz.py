"""A fuzzer of the data folder and of files of patients (10,230 inputs), a short run of which is in the tests.

``make fuzz`` also tries hostile builds and the pages' own programs: see tests/fuzz_builds.py and tests/fuzz_pages.py.

Every input is a good folder or file with something done to it. It must be refused with one message, or be read, audited
and shown with a result that passes :func:`check_outputs` (or, for patients, :func:`check_records`). Anything else is a
failure: another exception, more time than :data:`PATIENCE`, a formula in a download, markup on a page.

It runs from a seed: the same seed gives the same inputs, whatever the number of processes.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import importlib
import io
import json
import os
import random
import resource
import shutil
import signal
import string
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from html.parser import HTMLParser
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import invented

from secondlook import audit as audits
from secondlook import corrections
from secondlook.cohort import columns as codebook
from secondlook.cohort import records
from secondlook.cohort.problems import ProblemsError
from secondlook.pages import present
from secondlook.paper.reading import DataError
from secondlook.paper.registry import Registry, load, long_form
from secondlook.writing import write_whole

ROOT = Path(__file__).parents[1]
PUBLISHED = ROOT / "data" / "published"
OUT = ROOT / "data" / "simulated" / "fuzz.json"
SEED, INPUTS = 20230853, 10_230
#: Inputs of each kind that are tried through a whole build, and in a page.
BUILDS, PAGES = 1, 12
#: Seconds of work after which an input counts as one that hangs; waiting counts a sixth, for the machine may be busy.
PATIENCE = 20
#: Bytes of memory that the inputs of one process may take.
MEMORY = 4 * 2**30

FORMULAS = [
    "=1+1",
    "@SUM(A1)",
    "+1+1",
    "-1+cmd|' /C calc'!A0",
    '=HYPERLINK("http://x")',
    " =1+1",
    "\t=1+1",
    "＝1+1",
    "-x",
    "x;=HYPERLINK(A1)",
    "x; @SUM(A1)",
    'x;"=1+1"',
    "1;-x",
]
HTML = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<b>bold</b>", "</td></tr></table>", "<!-- x", "&#60;b&#62;",
    "&lt;b&gt;", "\" onmouseover=\"alert(1)", "' onclick='x", "<svg/onload=alert(1)>", "<?php", "a<b", "x > y & z",
]  # fmt: skip
MYST = [
    "{glue:text}`t1.age.p`", "```{include} /etc/passwd\n```", "[x](javascript:alert(1))", "![x](http://x/y.png)", ":::{raw} html",
    "{{ secret }}", "$$\\frac{1}{2}$$", "\\(x\\)", "`code`", "~~~", "# heading\n\ntext", "a\n\n<b>x</b>", "(target)=",
]  # fmt: skip
ODD_NUMBERS = [
    "nan", "NaN", "inf", "-inf", "1e400", "1e5", "0x10", "1_000", "1,000", "٣٤", "３.１４", "९", "²", "½", "Ⅷ", "1..2", "--1", "5.",
    ".5", "+5", "−5", "-0", "00012", "9" * 39, "9" * 41, "9" * 5000, "0." + "0" * 37 + "1", "1e-400", "", " ", "12 ", "<", "≤", "<<1",
    "1/2", "1%", "True", "None", "0", "0.000", "<0", ">1", "<0.001", ">0.999", "1.0000000000000000000", "10000000", "-1", "∞",
]  # fmt: skip
INVISIBLE = [
    "\x00",
    "\x1b[31m",
    "\u202e",
    "\u200b",
    "\ufeff",
    "\x07",
    "e\u0301",
    "\u2028",
    "\x85",
    "\r",
    "\n",
    "\x7f",
    "\u2029",
]
PATHS = ["../table.csv", "/etc/passwd", "..\\x.csv", "a/b.csv", "C:x.csv", ".hidden.csv", "x.csv\x00", "~/x.csv", "CON.csv",
         "baseline.CSV", "a" * 300 + ".csv", "file:///x.csv", "%2e%2e/x.csv", "x.csv;y", "-x.csv"]  # fmt: skip
ENCODINGS = [
    "utf-16",
    "utf-16-le",
    "utf-32",
    "latin-1",
    "cp1252",
    "gb18030",
    "shift_jis",
    "cp037",
    "utf-7",
    "utf-8-sig",
]

WORDS = ("inputs", "refused", "read")
Files = dict[str, bytes]
Counts = dict[str, dict[str, int]]
Change = Callable[[random.Random, Files], None]


class HangError(BaseException):
    """An input took longer than :data:`PATIENCE`; no `except Exception` on the way takes it."""


@contextlib.contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Raise :class:`HangError` in what runs inside after so many seconds."""

    def ring(*_: object) -> None:
        raise HangError

    clocks = ((signal.ITIMER_VIRTUAL, signal.SIGVTALRM, seconds), (signal.ITIMER_REAL, signal.SIGALRM, 6 * seconds))
    before = [signal.signal(sign, ring) for _, sign, _ in clocks]
    for clock, _, after in clocks:
        signal.setitimer(clock, after)
    try:
        yield
    finally:
        for (clock, sign, _), handler in zip(clocks, before, strict=True):
            signal.setitimer(clock, 0)
            signal.signal(sign, handler)


# What is done to files ----------------------------------------------------------------------------------------------


def some(rng: random.Random, files: Files, ending: str = "") -> str:
    """Choose a file by its ending."""
    return rng.choice(sorted(name for name in files if name.endswith(ending)))


def any_bytes(rng: random.Random, files: Files) -> None:
    """Replace a file by arbitrary bytes."""
    files[some(rng, files)] = rng.randbytes(rng.choice([0, 1, 3, 50, 4000]))


def flipped_bytes(rng: random.Random, files: Files) -> None:
    """Change a few bytes."""
    name = some(rng, files)
    data = bytearray(files[name])
    for _ in range(rng.randint(1, 4)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    files[name] = bytes(data)


def cut_short(rng: random.Random, files: Files) -> None:
    """End a file early, or begin it late."""
    name = some(rng, files)
    place = rng.randrange(len(files[name]))
    files[name] = files[name][:place] if rng.random() < 0.8 else files[name][place:]


def wrong_encoding(rng: random.Random, files: Files) -> None:
    """Write a file in another encoding."""
    name, encoding = some(rng, files), rng.choice(ENCODINGS)
    text = files[name].decode()
    text = text if rng.random() < 0.5 else text.replace("a", rng.choice("é≥ßа中"))
    files[name] = text.encode(encoding, errors="replace")


def any_csv(rng: random.Random, files: Files) -> None:
    """Replace a table by another one, under its own header or not."""
    name = some(rng, files, ".csv")
    header = files[name].splitlines()[0].decode()
    letters = string.ascii_lowercase + string.digits + '.,"\n ;≥<=-'
    cell = lambda: "".join(rng.choices(letters, k=rng.randint(0, 6)))  # noqa: E731
    lines = [",".join(cell() for _ in header.split(",")) for _ in range(rng.randint(0, 6))]
    files[name] = "\n".join([header if rng.random() < 0.8 else cell(), *lines]).encode()


def shuffled_rows(rng: random.Random, files: Files) -> None:
    """Repeat, drop and exchange lines."""
    name = some(rng, files, ".csv")
    first, *rest = files[name].decode().splitlines()
    lines = rng.choices(rest, k=rng.randint(0, len(rest) + 2)) if rng.random() < 0.5 else rng.sample(rest, len(rest))
    files[name] = "\n".join([first, *lines, ""]).encode()


def shuffled_columns(rng: random.Random, files: Files) -> None:
    """Exchange, drop or repeat a column."""
    name = some(rng, files, ".csv")
    rows = list(csv.reader(io.StringIO(files[name].decode())))
    order = rng.choices(range(len(rows[0])), k=len(rows[0])) if rng.random() < 0.7 else range(len(rows[0]) - 1)
    files[name] = as_csv([[row[i] for i in order] for row in rows])


def as_csv(rows: list[list[str]]) -> bytes:
    """Return rows as a CSV file."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode("utf-8", errors="surrogatepass")


def anywhere(header: str, cell: str) -> bool:
    """Fit every cell."""
    return True


def where_words_stand(header: str, cell: str) -> bool:
    """Fit cells of words."""
    return header in ("label", "subject", "described", "paragraph", "patient", "quantity", "note", "read_at")


def where_numbers_stand(header: str, cell: str) -> bool:
    """Fit cells that print a number."""
    return any(c.isdigit() for c in cell) and header not in (
        "id",
        "row",
        "restates",
        "paragraph",
        "value_ids",
        "ordinal",
    )


def cell_of(choose: Callable[[random.Random, str], str], fitting: Callable[[str, str], bool] = anywhere) -> Change:
    """Return a change that gives one to three cells of a table another text."""

    def change(rng: random.Random, files: Files) -> None:
        name = some(rng, files, ".csv")
        rows = list(csv.reader(io.StringIO(files[name].decode())))
        for _ in range(rng.randint(1, 3)):
            row = rng.choice(rows[1:] if rng.random() < 0.95 else rows)
            columns = [i for i, (head, cell) in enumerate(zip(rows[0], row, strict=True)) if fitting(head, cell)]
            column = rng.choice(columns or range(len(row)))
            row[column] = choose(rng, row[column])
        files[name] = as_csv(rows)

    return change


def in_toml(choose: Callable[[random.Random, str], str]) -> Change:
    """Return a change that gives one quoted string of a TOML file another text."""

    def change(rng: random.Random, files: Files) -> None:
        name = some(rng, files, ".toml")
        parts = files[name].decode().split('"')
        place = rng.randrange(1, len(parts), 2)
        parts[place] = json.dumps(choose(rng, parts[place]), ensure_ascii=rng.random() < 0.5)[1:-1]
        files[name] = '"'.join(parts).encode("utf-8", errors="surrogatepass")

    return change


def either(*changes: Change) -> Change:
    """Return a change that is one of several."""
    return lambda rng, files: rng.choice(changes)(rng, files)


def beside(texts: list[str]) -> Callable[[random.Random, str], str]:
    """Return a way to put one of the texts in the place of an old one, before, after or inside it."""

    def choose(rng: random.Random, old: str) -> str:
        text, place = rng.choice(texts), rng.randint(0, len(old))
        return rng.choice([text, text, text + old, old + text, old[:place] + text + old[place:]])

    return choose


def another_number(rng: random.Random, old: str) -> str:
    """Return a number as papers print them, near the old one or not."""
    if rng.random() < 0.4 and any(c.isdigit() for c in old):
        places = [i for i, c in enumerate(old) if c.isdigit()]
        place = rng.choice(places)
        return old[:place] + rng.choice(string.digits) + old[place + 1 :]
    value = rng.choice([0, 1, rng.randint(0, 100), rng.randint(0, 10**6), rng.uniform(0, 1), rng.uniform(0, 200)])
    return rng.choice(["", "", "", "<", ">", "-", "≥"]) + (
        f"{value:.{rng.randint(0, 6)}f}" if value % 1 else str(value)
    )


def toml_numbers(rng: random.Random, files: Files) -> None:
    """Change a line of a TOML file to hold something else: numbers, lists, dates, nesting, other keys."""
    name = some(rng, files, ".toml")
    lines = files[name].decode().splitlines()
    values = [
        "1e999",
        "nan",
        "-5",
        "9" * 400,
        "[" * 300 + "]" * 300,
        "2020-01-01",
        "true",
        "{}",
        "[]",
        '""',
        "''",
        "0x_1",
    ]
    place = rng.randrange(len(lines))
    key, sign, _ = lines[place].partition(" = ")
    how = rng.randrange(4)
    if how == 0 and sign:
        lines[place] = f"{key} = {rng.choice(values)}"
    elif how == 1:
        lines.insert(place, f"{rng.choice(['x', key or 'y', 'label'])} = {rng.choice(values)}")
    elif how == 2:
        del lines[place]
    else:
        lines.insert(place, rng.choice(lines))
    files[name] = "\n".join(lines).encode()


def longer(rng: random.Random, files: Files) -> None:
    """Make a cell, a line or the number of rows very large."""
    name = some(rng, files, ".csv")
    first, *rest = files[name].decode().splitlines()
    how = rng.randrange(3)
    if how == 0:
        rest.insert(0, "x" * rng.choice([700, 200_000]) + "," * first.count(","))
    elif how == 1:
        rest.insert(0, "," * rng.choice([1000, 100_000]))
    else:
        rest += [f"{number}{rest[-1]}" for number in range(rng.choice([300, 3000]))]
    files[name] = "\n".join([first, *rest]).encode()


def path_names(rng: random.Random, files: Files) -> None:
    """Let the layout name a file that does not lie in the folder."""
    text, path = files["layout.toml"].decode(), json.dumps(rng.choice(PATHS))
    names = [name for name in files if f'"{name}"' in text]
    files["layout.toml"] = text.replace(f'"{rng.choice(names)}"', path, 1).encode() if names else b""


TEXTS = {"formulas": FORMULAS, "HTML": HTML, "MyST": MYST, "invisible characters": INVISIBLE}
FOLDER_KINDS: dict[str, Change] = {
    "arbitrary bytes": any_bytes,
    "changed bytes": flipped_bytes,
    "cut short": cut_short,
    "wrong encoding": wrong_encoding,
    "arbitrary CSV": any_csv,
    "rows moved": shuffled_rows,
    "columns moved": shuffled_columns,
    "other printed numbers": cell_of(another_number, where_numbers_stand),
    "exotic numbers": either(cell_of(lambda rng, old: rng.choice(ODD_NUMBERS)), cell_of(beside(ODD_NUMBERS))),
    **{
        name: either(cell_of(beside(texts)), cell_of(beside(texts), where_words_stand), in_toml(beside(texts)))
        for name, texts in TEXTS.items()
    },
    "TOML of another shape": toml_numbers,
    "very long": longer,
    "paths as names": path_names,
}
COHORT_KINDS: dict[str, Change] = {
    **{
        name: change for name, change in FOLDER_KINDS.items() if name not in ("TOML of another shape", "paths as names")
    },
    **{name: cell_of(beside(texts)) for name, texts in TEXTS.items()},
}
#: What stands in the place of a file: made in the folder after all others were written.
PLACES = (
    "dangling link",
    "link to itself",
    "link to a folder",
    "link outside",
    "folder",
    "pipe",
    "no permission",
    "device",
)


def put(place: str, path: Path) -> None:
    """Put something that is no plain file where a file was."""
    path.unlink(missing_ok=True)
    if place == "folder":
        path.mkdir()
    elif place == "pipe":
        os.mkfifo(path)
    elif place == "no permission":
        path.write_text("x", encoding="utf-8")
        path.chmod(0)
    else:
        target = {"dangling link": path.with_name("nowhere"), "link to itself": path, "link to a folder": path.parent}
        outside = Path(__file__) if place == "link outside" else Path("/dev/zero")
        path.symlink_to(target.get(place, outside))


# What must hold of a result -----------------------------------------------------------------------------------------

#: Tags and attributes that the package's own tables and cards are made of.
TAGS = {"div", "table", "thead", "tbody", "tr", "th", "td", "p", "span", "strong", "dl", "dt", "dd", "details", "summary", "a",
        "br", "ul", "ol", "li", "em", "code", "h2", "h3", "h4", "section"}  # fmt: skip


class Page(HTMLParser):
    """Collects what a piece of HTML has of tags and attributes that are not the package's own."""

    def __init__(self) -> None:
        super().__init__()
        self.foreign: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a foreign tag or an attribute that runs a script."""
        known = tag in TAGS and not any(name.startswith("on") or name in ("src", "style") for name, _ in attrs)
        self.foreign += [] if known else [f"<{tag} {attrs}>"]

    def handle_comment(self, data: str) -> None:
        """Note a comment."""
        self.foreign.append(f"<!--{data}")

    handle_decl = handle_pi = unknown_decl = handle_comment


def is_formula(cell: str) -> bool:
    """Tell whether a spreadsheet would compute a cell, or a part of it where it splits cells at a semicolon: it begins
    with a sign of a formula and is no plain number."""
    return any(map(_is_formula, (cell, *(part.lstrip("\"'") for part in cell.split(";")[1:]))))


def _is_formula(cell: str) -> bool:
    begins = cell.lstrip()[:1]
    if begins in ("=", "@", "＝", "＠", "＋", "－") or cell[:1] in ("\t", "\r", "\n"):
        return bool(begins)
    # "-1.50 (0.70–1.73)": no spreadsheet takes an en dash for a sign, so nothing is computed.
    plain = cell.strip()[1:].rstrip("%").replace(".", "", 1).isdecimal() or "–" in cell
    return begins in ("+", "-") and not plain


def check_csv(text: str) -> None:
    """Raise AssertionError for a download that a spreadsheet would compute or misread."""
    rows = list(csv.reader(io.StringIO(text), strict=True))
    assert len({len(row) for row in rows}) == 1, "rows of unequal length"
    formula = next((cell for row in rows for cell in row if is_formula(cell)), None)
    assert formula is None, f"a formula in a download: {formula!r}"


def check_outputs(registry: Registry) -> None:
    """Audit, write every download and every page's table, and look at them."""
    ledger = audits.audit(registry)
    assert set(ledger.verdicts) == set(registry.values)
    for text in (long_form(registry), audits.to_csv(ledger), corrections.to_csv(ledger)):
        check_csv(text)
    json.loads(audits.to_json(ledger))
    page, shown = Page(), ""
    for section in registry.layout.sections:
        shown += present.flags(ledger, section) + present.section_numbers(ledger, section)
    page.feed(shown)
    page.close()
    assert not page.foreign, f"markup on a page: {page.foreign[0][:80]}"


def check_records(found: records.Records) -> None:
    """Look at what was read of a file of patients, and write it out again."""
    text = records.to_csv(found.frame, found.codes)
    check_csv(text)
    assert text.isascii()
    known = [found.times(item.endpoint)[found.observed(item.endpoint)] for item in found.codes.endpoints]
    assert all(((times >= 0) & (times <= records.LONGEST)).all() for times in known)


# Running ------------------------------------------------------------------------------------------------------------


class Fuzzer:
    """Makes inputs from a seed and counts what became of them.

    Attributes
    ----------
    counts : dict
        By kind: inputs, refused, read.
    failures : list of str
        What was neither refused nor read well, with the input's number.
    """

    def __init__(self, seed: int, folder: Path) -> None:
        self.seed, self.folder = seed, folder
        self.counts: Counts = {}
        self.failures: list[str] = []
        self.paper = {name: text.encode() for name, text in invented.FILES.items()}
        self.real = {path.name: path.read_bytes() for path in PUBLISHED.iterdir() if path.suffix in (".csv", ".toml")}
        self.registry = load(PUBLISHED)
        self.codes = codebook.load(PUBLISHED, self.registry)
        self.patients = (ROOT / "data" / "reference" / "cohort-stand-in.csv").read_bytes()

    def run(self, inputs: int, first: int = 0, step: int = 1) -> None:
        """Try so many inputs, kind by kind in turn; with `first` and `step` only every so many of them."""
        names = kinds()
        for number in range(first, inputs, step):
            rng = random.Random(f"{self.seed}-{number}")
            kind = names[number % len(names)]
            self.try_one(number, kind, rng)

    def try_one(self, number: int, kind: str, rng: random.Random) -> None:
        """Make one input and note what became of it."""
        counts = self.counts.setdefault(kind, dict.fromkeys(WORDS, 0))
        counts["inputs"] += 1
        try:
            with patience(PATIENCE):
                self._made(kind, rng)
            counts["read"] += 1
        except DataError as error:
            counts["refused"] += 1
            lines = str(error).splitlines() if isinstance(error, ProblemsError) else [str(error)]
            if any("\n" in line or len(line) > 1000 for line in lines):
                self.failures.append(f"{number} ({kind}): the message is not one line: {str(error)[:200]!r}")
        except (Exception, HangError) as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            self.failures.append(
                f"{number} ({kind}): {type(error).__name__}: {str(error)[:150]} ({where.name}:{where.lineno})"
            )

    def _made(self, kind: str, rng: random.Random) -> None:
        if kind.startswith("patients: "):
            files = {"records.csv": self.patients}
            COHORT_KINDS[kind.removeprefix("patients: ")](rng, files)
            check_records(records.read(self._written(files) / "records.csv", self.registry, self.codes))
            return
        files = dict(self.real if rng.random() < 0.04 else self.paper)
        if kind in FOLDER_KINDS:
            FOLDER_KINDS[kind](rng, files)
            folder = self._written(files)
        else:
            folder = self._written(files)
            put(rng.choice(PLACES), folder / some(rng, files))
        registry = load(folder)
        if "cohort.toml" in files:
            codebook.load(folder, registry)
        check_outputs(registry)

    def _written(self, files: Files) -> Path:
        folder = self.folder / "input"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_bytes(content)
        return folder


def kinds() -> list[str]:
    """Return the names of all kinds of inputs, in their order."""
    return [*FOLDER_KINDS, *(f"patients: {name}" for name in COHORT_KINDS), "no plain file"]


def part(inputs: int, first: int, step: int) -> tuple[dict, list[str]]:
    """Try a part of the inputs in a process of its own."""
    # An input that makes a program take all memory fails here, and not the machine.
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with tempfile.TemporaryDirectory() as folder:
        fuzzer = Fuzzer(SEED, Path(folder))
        fuzzer.run(inputs, first, step)
    return fuzzer.counts, fuzzer.failures


def folders() -> tuple[Counts, list[str]]:
    """Try folders and files of patients, in several processes."""
    jobs = min(4, os.cpu_count() or 1)
    with ProcessPoolExecutor(jobs) as pool:
        parts = list(pool.map(part, [INPUTS] * jobs, range(jobs), [jobs] * jobs))
    counts = {
        kind: {word: sum(found[kind][word] for found, _ in parts if kind in found) for word in WORDS}
        for kind in kinds()
    }
    return counts, [failure for _, failures in parts for failure in failures]


def through(module: str, each: int) -> Callable[[], tuple[Counts, list[str]]]:
    """Return the trials of a module beside this one, with so many inputs of each kind."""
    return lambda: importlib.import_module(module).run(SEED, each)


PARTS = {"folders": folders, "builds": through("fuzz_builds", BUILDS), "pages": through("fuzz_pages", PAGES)}


def totals(by_kind: Counts) -> dict:
    """Return what is stored: the seed, the sums, and the counts by kind."""
    sums = {word: sum(counts[word] for counts in by_kind.values()) for word in WORDS}
    return {"seed": SEED, **sums, "failures": 0, "kinds": by_kind}


def main() -> None:
    """Try the parts that are named, or all; store the counts, or exit with 1 if an input failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; all, when none is named")
    stored = json.loads(OUT.read_text(encoding="utf-8"))["kinds"] if OUT.is_file() else {}
    for name in parser.parse_args().parts or PARTS:
        began = time.monotonic()
        counts, failures = PARTS[name]()
        print(f"{name}: {sum(each['inputs'] for each in counts.values())} inputs in {time.monotonic() - began:.0f} s, "
              f"{len(failures)} failures", *failures[:60], sep="\n")  # fmt: skip
        if failures:
            sys.exit(1)
        stored |= counts
        write_whole(OUT, json.dumps(totals(stored), indent=1) + "\n")


if __name__ == "__main__":
    main()

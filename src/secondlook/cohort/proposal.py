"""A map proposed from an export's headers and values, with comments, for the holder of the records to edit.

Names are looked for among those of ``cohort.toml`` (``export``). What two readings fit stays open (``?``), and a map
with something open is refused: of the codes 1 and 2 nobody but the holder knows which is yes, unless the counts that
the paper prints fit one of the two only.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from secondlook.cohort.columns import Characteristic, Codes, Response, Times, follow_up
from secondlook.cohort.exports import Sheet
from secondlook.cohort.headers import letters, plain
from secondlook.cohort.mapping import DAYS, NOTHING, OPEN, spellings
from secondlook.cohort.records import longest, possible
from secondlook.numbers.dates import MONTH
from secondlook.paper.registry import Registry

#: Names less alike than this are other names.
_ALIKE = 0.8
#: A column of more different values is measured, not coded.
MOST_CODES = 12
YES = ("yes", "y", "ja", "j", "true", "positive", "positiv", "+", "是", "有", "阳性")
NO = ("no", "n", "nein", "false", "negative", "negativ", "none", "-", "否", "无", "阴性")
#: Cells that often mean that nothing is known.
_UNKNOWN = ("-", "--", "/", "—", "unknown", "unbekannt", "k.A.", "不详", "未知", "未查")
_UNITS = {
    "days": ("day", "tage", "天", "日"),
    "weeks": ("week", "woche", "周"),
    "months": ("month", "monat", "月"),
    "years": ("year", "jahr", "年"),
}


def propose(sheet: Sheet, registry: Registry, codes: Codes) -> str:
    """Return the text of a map for an export, open where it cannot be told, every line to be read by its holder."""
    found = _columns(sheet, registry, codes)
    lines = [*_head(sheet), *_patient(sheet, found.get(codes.patient.column))]
    absent = []
    for item in (*codes.characteristics, *codes.responses):
        theirs = found.get(item.column)
        lines += ["", *_described(item, registry)]
        lines += _column(sheet, item, theirs, registry, codes) if theirs else [f"# {item.column}: {_ABSENT}"]
        absent += [] if theirs else [item.column]
    for item in codes.endpoints:
        lines += ["", f"# {item.endpoint}: {registry.layout.endpoints[item.endpoint]}"]
        lines += _end(sheet, item, found, registry, codes)
    lines.insert(lines.index("[patient]"), f"absent = {_quoted(absent)} # columns that the export does not have\n")
    return "\n".join(lines) + "\n"


_ABSENT = "no column was found; name one here and take it off the list of the absent"


def _quoted(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _head(sheet: Sheet) -> Iterator[str]:
    cells = {cell for _, row in sheet.rows for cell in row.values()}
    missing = [*NOTHING, *(word for word in _UNKNOWN if word in cells)]
    yield f"# How {sheet.path.name} ({sheet.how}) becomes a file of patients."
    yield f"# Read every line: what is {_quoted(OPEN)} you decide."
    yield f"# Then: secondlook cohort import '{sheet.path.name}' --map THIS --out records.csv"
    yield ""
    yield f"month = {MONTH} # days in a month"
    yield f"missing = {_quoted(missing)} # cells that hold nothing"
    yield '# dates = ["%d/%m/%Y"] # only where dates can be read in two ways; "excel" for serial numbers'
    yield "# cut_off = 2023-01-01 # what happened after the paper's last follow-up is not looked at"


def _patient(sheet: Sheet, theirs: str | None) -> Iterator[str]:
    yield "[patient]"
    if theirs:
        yield f"column = {_quoted(theirs)} # {len(set(sheet.column(theirs)))} different in {len(sheet.rows)} rows"
    yield "number = true # P-01, P-02, … in the order of the rows: no hospital's id leaves it"


def _described(item: Characteristic | Response, registry: Registry) -> Iterator[str]:
    if isinstance(item, Response):
        label, levels = f"best response, {registry.layout.tables[item.table].sets[item.set]}", item.codes
    else:
        spec = registry.layout.variables[item.variable]
        label, levels = spec.label, {code: spec.levels[level] for code, level in item.codes.items()}
    meanings = (code if code == meaning.upper() else f"{code}: {meaning}" for code, meaning in levels.items())
    yield f"# {item.column}: {label} ({', '.join(meanings)})"


# Which column -------------------------------------------------------------------------------------------------------


def _columns(sheet: Sheet, registry: Registry, codes: Codes) -> dict[str, str]:
    """Return their column of each of the contract's and of each date, the most alike first; nobody's twice."""
    wanted = {name: [name, *codes.export.headers.get(name, ())] for name in codes.columns}
    for item in codes.characteristics:
        wanted[item.column].append(registry.layout.variables[item.variable].label)
    wanted |= {f"date:{role}": names for role, names in codes.export.dates.items()}
    scores = [
        (score, -place, name, theirs)
        for place, theirs in enumerate(sheet.header)
        for name, names in wanted.items()
        if (score := _likeness(theirs, sheet.labels.get(theirs, ""), names)) >= _ALIKE and _fits(sheet, name, theirs)
    ]
    found: dict[str, str] = {}
    for _, _, name, theirs in sorted(scores, reverse=True):
        if name not in found and theirs not in found.values():
            found[name] = theirs
    return found


def _fits(sheet: Sheet, name: str, theirs: str) -> bool:
    """Return whether a column can hold it: dates are not looked for among names of numbers, nor numbers among dates."""
    cells = [cell for cell in sheet.column(theirs) if cell]
    dated = sum(bool(re.match(r"[0-9]{1,4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,4}", cell)) for cell in cells)
    return (dated > len(cells) / 2) == name.startswith("date:") if cells else not name.startswith("date:")


def _likeness(theirs: str, label: str, names: Iterable[str]) -> float:
    """Return how alike a header, or its label in a statistics program, is to the likest of some names, 0 to 1."""
    pairs = [(own, other) for own in (theirs, label) if letters(own) for other in names]
    return max((_pair(own, other) for own, other in pairs), default=0.0)


def _pair(theirs: str, other: str) -> float:
    first, second = letters(theirs), letters(other)
    if first == second:
        return 1.0
    if _words(other) <= _words(theirs) or (not second.isascii() and len(second) > 1 and second in first):
        return 0.9
    return SequenceMatcher(None, first, second).ratio() * 0.95


def _words(name: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", plain(name)))


# Which codes --------------------------------------------------------------------------------------------------------


def _column(
    sheet: Sheet, item: Characteristic | Response, theirs: str, registry: Registry, codes: Codes
) -> Iterator[str]:
    yield f"[columns.{item.column}]"
    yield f"column = {_quoted(theirs)}"
    seen = Counter(cell for cell in sheet.column(theirs) if plain(cell) not in map(plain, (*NOTHING, *_UNKNOWN)))
    cut = item.cut if isinstance(item, Characteristic) else None
    if cut and len(seen) > len(item.codes) and any(re.search(r"[0-9]", cell) for cell in seen):
        yield f"cut = {{ at = {cut.at:g}, reached = {_quoted(cut.reached)}, below = {_quoted(cut.below)} }}"
        return
    if len(seen) > MOST_CODES:
        yield f"codes = {_quoted(OPEN)} # {len(seen)} different values: too many for codes"
        return
    known = _known(item, registry, codes)
    sure = {text: code for text in seen if (code := _code_of(text, sheet.values.get(theirs, {}), item, known))}
    if len(sure) < len(seen):
        # Of 1 and 2 the 1 is not our 1 by its looks; a word or a label is what it says whatever stands beside it.
        sure = {
            text: code for text, code in sure.items() if text in sheet.values.get(theirs, {}) or not _is_number(text)
        }
    counted = {} if len(sure) == len(seen) else _by_counts(seen, item, registry)
    yield f"[columns.{item.column}.codes]"
    for text, patients in sorted(seen.items()):
        label = sheet.values.get(theirs, {}).get(text)
        said = _people(patients) + (f", called {label}" if label else "")
        code = sure.get(text) or counted.get(text) or OPEN
        said += "; so many the paper prints" if text not in sure and text in counted else ""
        said += f": one of {', '.join(item.codes)}, or empty for missing" if code == OPEN else ""
        yield f"{_quoted(text)} = {_quoted(code)} # {said}"


def _people(number: int) -> str:
    return f"{number} patient{'' if number == 1 else 's'}"


def _known(item: Characteristic | Response, registry: Registry, codes: Codes) -> dict[str, str]:
    """Return the code of every spelling that is known, in small letters."""
    known = {plain(text): code for text, code in spellings(item, registry).items()}
    if "yes" in known:
        known |= dict.fromkeys(YES, known["yes"]) | dict.fromkeys(NO, known["no"])
    words = codes.export.codes.get(item.column, {})
    return known | {plain(text): code for code, texts in words.items() for text in texts}


def _code_of(text: str, labels: dict[str, str], item: Characteristic | Response, known: dict[str, str]) -> str | None:
    label = labels.get(text)
    if label is not None:
        return known.get(plain(label))
    coarse = isinstance(item, Characteristic) and len(possible(item, plain(text)) or ()) > 1
    return plain(text) if coarse else known.get(plain(re.sub(r"\.0+$", "", text)))


def _by_counts(seen: Counter, item: Characteristic | Response, registry: Registry) -> dict[str, str]:
    """Return the code of each value where only one way of giving them prints the paper's counts."""
    if isinstance(item, Response) or len(seen) != len(item.codes):
        return {}
    printed = {code: registry.level_count(item.variable, [level]) for code, level in item.codes.items()}
    if len(set(printed.values())) < len(printed) or sorted(printed.values()) != sorted(seen.values()):
        return {}
    return {text: code for text, patients in seen.items() for code, count in printed.items() if count == patients}


# Times and events ---------------------------------------------------------------------------------------------------


def _end(sheet: Sheet, item: Times, found: dict[str, str], registry: Registry, codes: Codes) -> Iterator[str]:
    yield f"[endpoints.{item.endpoint}]"
    roles = ["start", *codes.export.ends.get(item.endpoint, ()), "last"]
    dates = [found.get(f"date:{role}") for role in roles]
    if item.time not in found and all(dates):
        start, *events, last = dates
        yield f"start = {_quoted(start)}"
        yield f"events = {_quoted(events)} # the earliest of them is the event"
        yield f"censored = {_quoted(last)} # where none is, the time ends here"
        return
    yield f"time = {_quoted(found.get(item.time, OPEN))}"
    yield _unit(sheet, found.get(item.time), registry)
    event = found.get(item.event, OPEN)
    yield f"event = {_quoted(event)}"
    yield f"[endpoints.{item.endpoint}.codes] # 1: event, 0: censored"
    if event == OPEN:
        yield f'"1" = {_quoted(OPEN)}'
        return
    words = {plain(text): code for code, texts in codes.export.codes.get(item.event, {}).items() for text in texts}
    words |= dict.fromkeys(YES, "1") | dict.fromkeys(NO, "0")
    seen = Counter(cell for cell in sheet.column(event) if plain(cell) not in map(plain, NOTHING))
    plainly = {re.sub(r"\.0+$", "", text) for text in seen} <= {"0", "1"}
    for text, patients in sorted(seen.items()):
        label = sheet.values.get(event, {}).get(text, "")
        code = words.get(plain(label)) if label else words.get(plain(text))
        code = code or (re.sub(r"\.0+$", "", text) if plainly and not label else OPEN)
        yield f"{_quoted(text)} = {_quoted(code)} # {_people(patients)}{f', called {label}' if label else ''}"


def _unit(sheet: Sheet, theirs: str | None, registry: Registry) -> str:
    """Return the line of the unit: as the header or its label says it, else open."""
    if theirs is None:
        return f"unit = {_quoted(OPEN)}"
    name = plain(f"{theirs} {sheet.labels.get(theirs, '')}")
    said = [unit for unit, words in _UNITS.items() if any(word in name for word in words)]
    top, window = max(_numbers(sheet.column(theirs)), default=0), follow_up(registry)
    if len(said) == 1:
        return f"unit = {_quoted(said[0])} # as the header says; the longest is {top:g}"
    # Whoever entered first was followed for longer than the least follow-up, and nobody much longer than the greatest.
    least, most = window.low if window else 0, longest(registry)
    fitting = [unit for unit in _UNITS if least <= top * DAYS.get(unit, MONTH) / MONTH <= most]
    unit = fitting[0] if len(fitting) == 1 else OPEN
    return f"unit = {_quoted(unit)} # {', '.join(_UNITS)}; the longest is {top:g}"


def _numbers(cells: Sequence[str]) -> list[float]:
    return [float(cell.replace(",", ".")) for cell in cells if _is_number(cell)]


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[0-9]*[.,]?[0-9]+", text))

"""One reader of printed text: lines as people copy them out of papers, and what each of them says.

A line is cleaned, cut into tokens, and its tokens' codes are matched by the row patterns of ``forms.toml``. Every
token is consumed or reported; a line of which anything is left over is not read, for half a row would be judged
wrongly. Whether a comma is a decimal sign is decided once for each line. A header names the measure, the level, a
program's columns or the sizes of the groups for the lines below it.

``book/_static/paste-reader.js`` reads by the same table in the page.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from secondlook.numbers.forms import forms
from secondlook.numbers.printed import parse
from secondlook.numbers.tokens import Token, _pattern, clean, tokens_of

#: Kinds of lines.
KINDS = ("ratio", "counts", "not such a row", "unread")
#: What a row may say; the names are those of the columns of ``secondlook check --table``.
FIELDS = (
    "label", "measure", "ratio", "lower", "upper", "p", "level", "sides", "interval", "p_of", "digits",
    "n_1", "size_1", "n_2", "size_2", "pct_1", "pct_2",
)  # fmt: skip
_NUMBERS = "nduitgbeaNE"
_HEADER = "mcpqkLU"
_ROLES = {
    "m": ("ratio",),
    "p": ("p",),
    "q": ("p",),
    "L": ("lower",),
    "U": ("upper",),
    "k": ("",),
    "c": ("lower", "upper"),
}
_BREAKS = re.compile(r"\r\n?|\n")
_ZERO = re.compile(r"[<≤]0?\.0+")
_LONGEST_LABEL = 60


@dataclass(frozen=True)
class ReadLine:
    """What one line, or one of the rows in it, says.

    Attributes
    ----------
    line : int
        Its number in the text, from 1.
    kind : str
        One of :data:`KINDS`.
    fields : dict
        What was read, by the names in :data:`FIELDS`; what is not said is missing.
    unexplained : tuple of str
        Pieces for which no form was found; then the line is ``unread``.
    reason : str
        Why the line is not read, or no such row.
    notes : tuple of str
        What was left out on purpose.
    table : str
        Rows of one table carry the same name; empty for a line that stands by itself.
    """

    line: int
    kind: str
    fields: dict[str, str] = field(default_factory=dict)
    unexplained: tuple[str, ...] = ()
    reason: str = ""
    notes: tuple[str, ...] = ()
    table: str = ""


@dataclass
class _Table:
    """What is known from the lines above."""

    measure: str = ""
    level: str = ""
    roles: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    number: int = 0
    goes_on: bool = False


def read_lines(text: str, sizes: Sequence[str] = ()) -> list[ReadLine]:
    """Read pasted text line by line.

    Parameters
    ----------
    text : str
        Any text; a line longer than ``limits.line`` of ``forms.toml`` is not read.
    sizes : sequence of str
        Sizes of the two groups, for rows that print only n (%).

    Raises
    ------
    ValueError
        When `sizes` are not two whole numbers.

    Examples
    --------
    >>> [read] = read_lines("HR 0,52 (95%-KI 0,31–0,87), p = 0,012")
    >>> read.kind, read.fields["ratio"], read.fields["level"]
    ('ratio', '0.52', '95')
    """
    if len(sizes) not in (0, 2) or not all(str(size).isascii() and str(size).isdigit() for size in sizes):
        raise ValueError(f"sizes of two groups are two whole numbers, not {sizes!r}")
    table = _Table(sizes=tuple(map(str, sizes)))
    found: list[ReadLine] = []
    for number, line in enumerate(_BREAKS.split(text), 1):
        found += [replace(read, line=number) for read in _read_line(line, table)]
    return found


def _read_line(line: str, table: _Table) -> list[ReadLine]:
    limits = forms()["limits"]
    if len(line) > limits["line"]:
        return [ReadLine(0, "unread", reason=f"the line is longer than {limits['line']} characters")]
    text = clean(line)
    tokens = tokens_of(text)
    if not text or len(tokens) > limits["tokens"]:
        table.goes_on = False
        return [ReadLine(0, "unread", reason="the line has too many words")] if text else []
    kept = [token for token in tokens if token.code]
    if _is_header(kept):
        _learn(kept, table)
        return []
    return _rows(text, tokens, kept, table)


# Headers ------------------------------------------------------------------------------------------------------------


def _is_header(kept: Sequence[Token]) -> bool:
    codes = "".join(token.code for token in kept)
    if any(code in _NUMBERS + "?RXs" for code in codes):
        return False
    named = sum(code in _HEADER for code in codes)
    return codes.count("S") >= 2 or (named >= 2 and any(code in "mkLU" for code in codes))


def _learn(kept: Sequence[Token], table: _Table) -> None:
    said: dict[str, str] = {}
    for token in kept:
        for key, value in token.sets.items():
            said.setdefault(key, value)
    sizes = tuple(token.sets["size"].replace(",", "") for token in kept if token.code == "S")
    codes = "".join(token.code for token in kept)
    table.measure = said.get("measure", "ratio" if "m" in codes else "")
    table.level = said.get("level", "")
    table.roles = ()
    if any(code in "kLU" for code in codes):
        table.roles = tuple(role for code in codes for role in _ROLES.get(code, ()))
    if len(sizes) == 2:
        table.sizes = sizes
    table.number += 1
    table.goes_on = True


# Rows ---------------------------------------------------------------------------------------------------------------


def _rows(text: str, tokens: Sequence[Token], kept: Sequence[Token], table: _Table) -> list[ReadLine]:
    body = [token for token in kept if token.code not in "sS"]
    codes = "".join(token.code for token in body)
    parts = _by_header(body, table) or _by_program(codes, body) or _by_pattern(codes, body, bool(table.measure))
    if not parts:
        return [_not_read(codes, kept, text)]
    rows = [_row(text, tokens, body, part, i, parts, table) for i, part in enumerate(parts)]
    if len({"p" in row.fields for row in rows}) > 1:
        return [ReadLine(0, "unread", reason="two rows and one p: it is not said whose p it is")]
    return rows


@dataclass(frozen=True)
class _Part:
    """A row that was found: which tokens fill which field, and where it begins and ends among the tokens."""

    kind: str
    places: dict[str, tuple[int, int]]
    start: int
    end: int
    notes: tuple[str, ...] = ()


def _by_header(body: Sequence[Token], table: _Table) -> list[_Part]:
    """Return the row that a program's header names column by column."""
    numbers = [i for i, token in enumerate(body) if token.code in _NUMBERS]
    columns = numbers[-len(table.roles) :] if table.roles else []
    if not columns or len(columns) < len(table.roles) or {"ratio", "lower", "upper"} - set(table.roles):
        return []
    if any(body[i].code not in "r()" for i in range(columns[0], len(body)) if i not in columns):
        return []
    places = {role: (i, i + 1) for role, i in zip(table.roles, columns, strict=True) if role}
    return [_Part("ratio", {"label": (0, columns[0]), **places}, 0, len(body))]


def _by_program(codes: str, body: Sequence[Token]) -> list[_Part]:
    """Return the row that a program prints, where its numbers agree with each other."""
    for rule in forms()["programs"]:
        match = _pattern(rule["pattern"]).fullmatch(codes)
        if match:
            spans = {name: match.span(i) for i, name in enumerate(rule["fields"], 1)}
            if _agree(rule["agree"], {name: body[start].text for name, (start, _) in spans.items() if name != "label"}):
                kept = {name: span for name, span in spans.items() if name in FIELDS}
                return [_Part("ratio", kept, 0, len(body))]
    return []


def _agree(how: str, texts: dict[str, str]) -> bool:
    """Return whether the numbers of a program's row are what they seem to be, as far as they are rounded."""
    value = {name: float(text.lstrip("<>≤≥")) for name, text in texts.items()}
    half = {name: 0.5 * 10.0 ** -len(text.partition(".")[2]) for name, text in texts.items()}
    if value["ratio"] <= 0:
        return False
    logarithm, slack = math.log(value["ratio"]), half["ratio"] / value["ratio"]
    if how == "exp":
        return abs(logarithm - value["coef"]) <= 1.1 * (slack + half["coef"])
    if value["se"] <= 0:
        return False
    z = logarithm * value["ratio"] / value["se"]
    rounding = half["z"] + (abs(z) * half["se"] + half["ratio"]) / value["se"]
    return abs(z - value["z"]) <= 1.1 * rounding


def _by_pattern(codes: str, body: Sequence[Token], has_measure: bool) -> list[_Part]:
    """Return the rows of a line, left to right; none unless they take up the whole line."""
    parts: list[_Part] = []
    at = 0
    while at < len(codes):
        part = next(_fitting(codes, body, at, has_measure), None)
        if part is None:
            return []
        parts.append(part)
        at = part.end
    return parts


def _fitting(codes: str, body: Sequence[Token], at: int, has_measure: bool) -> Iterator[_Part]:
    for rule in forms()["rows"]:
        match = _pattern(rule["pattern"]).match(codes, at)
        if not match or match.end() == at:
            continue
        needs = rule.get("needs", "")
        spans = [(name, match.span(i)) for i, name in enumerate(rule["fields"], 1)]
        places = {name: span for name, span in spans if span[0] >= 0}
        if needs == "measure" and not has_measure:
            continue
        if needs == "order" and not (has_measure or _is_ordered(body, places)):
            continue
        yield _Part(rule["kind"], places, at, match.end())


def _is_ordered(body: Sequence[Token], places: dict[str, tuple[int, int]]) -> bool:
    lower, ratio, upper = (float(body[places[name][0]].text.lstrip("<>≤≥")) for name in ("lower", "ratio", "upper"))
    return lower <= ratio <= upper


def _row(text, tokens, body, part: _Part, i: int, parts: Sequence[_Part], table: _Table) -> ReadLine:
    """Return one row of a line: its numbers, what its tokens say of them, and what was left out."""
    fields: dict[str, str] = {}
    notes: list[str] = []
    for name, (start, end) in part.places.items():
        if name == "label":
            fields |= _label(text, body[start:end])
        else:
            _fill(fields, notes, name, body[start])
    # what stands between two rows is said of the first, whose p it follows
    first = 0 if i == 0 else body[part.start].start
    last = len(text) if i == len(parts) - 1 else body[parts[i + 1].start].start
    own = [token for token in tokens if first <= token.start < last]
    said = [(key, value) for token in own for key, value in token.sets.items() if key in FIELDS]
    for key, value in said:
        fields.setdefault(key, value)
    if part.kind == "ratio" and (table.measure or table.level):
        fields.setdefault("measure", table.measure)
        fields |= {} if "level" in fields or not table.level else {"level": table.level}
    notes += [f"left out: {text[t.start : t.end].strip()}" for t in own if t.code in ("s", "S")]
    return _finished(part, fields, notes, body, bool([t for t in own if t.code == "m"]), i, table)


def _label(text: str, tokens: Sequence[Token]) -> dict[str, str]:
    label = text[tokens[0].start : tokens[-1].end].strip(" ,;:=-–(") if tokens else ""
    return {"label": label[:_LONGEST_LABEL]} if label else {}


def _fill(fields: dict[str, str], notes: list[str], name: str, token: Token) -> None:
    if token.code == "N":
        fields[name] = ">0.05"
        notes.append("not significant is read as p >0.05")
    elif token.code == "E":
        notes.append(f"the {name} limit was not reached")
    elif token.code == "a":
        notes.append(f"left out, for it is only about so large: {name} {token.text}")
    elif name == "p" and _ZERO.fullmatch(token.text):
        fields[name] = token.text[1:]
        notes.append(f"p {token.text} is read as p {token.text[1:]}: no p is below 0")
    else:
        fields[name] = token.text


def _finished(part, fields, notes, body, own_measure: bool, i: int, table: _Table) -> ReadLine:
    if part.kind == "counts":
        return _counts(fields, tuple(notes), table)
    label = body[slice(*part.places.get("label", (0, 0)))]
    pairs = re.findall("[it]o[it]|[it][(]e", "".join(token.code for token in label))
    large = any(token.code in "it" and len(token.text) > 1 for token in label)
    if "p" in fields and len(pairs) >= 2 and large and fields.get("measure") not in ("HR", "SHR"):
        del fields["p"]
        notes.append("counts stand beside the ratio, and p may be of either: it is left out")
    if own_measure:
        table.goes_on = False
        return ReadLine(0, "ratio", fields, notes=tuple(notes))
    if not table.goes_on:
        table.number += 1
        table.goes_on = True
    return ReadLine(0, "ratio", fields, notes=tuple(notes), table=f"{table.number}{'abcdefgh'[min(i, 7)]}")


def _counts(fields: dict[str, str], notes: tuple[str, ...], table: _Table) -> ReadLine:
    given = dict(fields)
    if "size_1" not in given and table.sizes:
        given |= {"size_1": table.sizes[0], "size_2": table.sizes[1]}
        if not any(_is_share(given, group) for group in "12"):
            return ReadLine(0, "unread", fields, reason="the percentages are not those of counts in groups so large")
    if "size_1" not in given:
        return ReadLine(0, "unread", fields, reason="the sizes of the two groups are needed", notes=notes)
    return ReadLine(0, "counts", given, notes=notes)


def _is_share(fields: dict[str, str], group: str) -> bool:
    n, size, share = (float(parse(fields[f"{name}_{group}"]).value) for name in ("n", "size", "pct"))
    return size >= n and size > 0 and abs(100 * n / size - share) <= 1


# What is not read ---------------------------------------------------------------------------------------------------


def _not_read(codes: str, kept: Sequence[Token], text: str) -> ReadLine:
    no_row = next((token.sets["why"] for token in kept if token.code == "X"), "")
    if not no_row and "R" in codes:
        no_row = "a reference level"
    if not no_row and not any(code in _NUMBERS + "?" for code in codes):
        no_row = "it has no number" if not any(token.code in "sS" for token in kept) else "no ratio is printed"
    if no_row:
        return ReadLine(0, "not such a row", reason=no_row)
    every = "".join(token.code for token in kept)
    for rule in forms()["unread"]:
        pattern = _pattern(rule["pattern"])
        if pattern.fullmatch(codes) if rule.get("whole") else pattern.search(every):
            kind = rule.get("kind", "unread")
            pieces = tuple(text[t.start : t.end].strip() for t in kept if t.code in _NUMBERS + "?" and kind == "unread")
            return ReadLine(0, kind, unexplained=pieces, reason=rule["reason"])
    raise AssertionError("the last pattern fits every line")

"""Reading data files strictly: a file is taken whole or refused with one message that says where and why."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import re
import stat
import tomllib
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

#: Larger files are refused unread: a registry of a hundred papers stays far below.
MAX_BYTES = 64 * 2**20
#: Longer tables are refused at the first row too many.
MAX_ROWS = 20_000
#: Longer messages lose their middle: a cell of a megabyte would bury what is wrong with it.
_LONGEST_MESSAGE = 400

# What pages would take for HTML or MyST: a tag, a comment, an entity, code or a role, a link, a fence, TeX, a template.
_MARKUP = re.compile(r"<[A-Za-z/!?]|&#?[0-9A-Za-z]{1,32};|`|\]\(|:::|~~~|\\|\$\$|\{\{")
# What spreadsheets compute; a plain negative number is none. The wide signs count as well in some of them, and some
# split cells at a semicolon, so that what follows one is the beginning of a cell too.
_FORMULA = re.compile(r"""(?:^|;["']*)\s*(?:[=@＝＠＋－]|[-+](?!\.?[0-9]+(\.[0-9]*)?%?\s*(?:;|$)))""")
#: Nothing that is read here needs more levels; a parser takes a stack frame, or the square of a key's length, for them.
MOST_LEVELS = 20
_PART = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')"""
_DEEP_KEY = re.compile(rf"(?<![A-Za-z0-9_-]){_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{{MOST_LEVELS},}}")

Model = TypeVar("Model", bound=BaseModel)


class DataError(Exception):
    """A data file is malformed; the message names file, row, column and what was expected."""

    def __init__(self, file: Path | str, problem: str, row: int | None = None, column: str | None = None) -> None:
        where = [Path(file).name]
        where += [f"row {row}"] if row is not None else []
        where += [f"column {column}"] if column else []
        super().__init__(_one_line(f"{', '.join(where)}: {problem}"))


def _one_line(message: str) -> str:
    message = "".join(c if c.isprintable() else repr(c)[1:-1] for c in message)
    half = _LONGEST_MESSAGE // 2
    return message if len(message) <= _LONGEST_MESSAGE else f"{message[:half]}…{message[1 - half :]}"


def present(path: Path) -> bool:
    """Return whether a folder has a file of this name; raises DataError for a name that leads to no plain file.

    A link that leads nowhere counts as malformed and not as missing: a file that was meant to be read would be left out
    without a word.
    """
    if not os.path.lexists(path):
        return False
    _check_plain(path)
    return True


def _check_plain(path: Path) -> None:
    """Refuse what is no regular file: reading a pipe would wait for ever, and a device never ends.

    A link counts as what it leads to, but not out of its folder: a folder of data is read alone, wherever it came from.
    """
    try:
        mode = path.stat().st_mode
        outside = path.is_symlink() and not path.resolve().is_relative_to(path.parent.resolve())
    except (OSError, ValueError) as error:
        raise DataError(path, f"cannot be read ({_why(error)})") from error
    if outside and stat.S_ISREG(mode):
        raise DataError(path, "cannot be read (is a link that leads out of its folder)")
    if not stat.S_ISREG(mode):
        raise DataError(path, f"cannot be read ({'is a directory' if stat.S_ISDIR(mode) else 'is no plain file'})")


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or type(error).__name__


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes, a ``.gz`` decompressed; raises DataError as :func:`read_text` does for its bytes."""
    _check_plain(path)
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(path, f"cannot be read ({_why(error)})") from error
    if len(data) > MAX_BYTES:
        raise DataError(path, f"larger than {MAX_BYTES // 2**20} MiB")
    return data


def read_text(path: Path) -> str:
    """Return a UTF-8 file's text in Unicode NFC; a byte order mark is dropped. A ``.gz`` is decompressed.

    Raises
    ------
    DataError
        When there is no such plain file, it is empty, too large (as it lies there or decompressed) or no archive, is
        not UTF-8, is not NFC, or holds control characters.
    """
    data = read_bytes(path)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise DataError(path, f"not UTF-8 (byte {error.start + 1})", row=line) from error
    if not text.strip():
        raise DataError(path, "the file is empty")
    _refuse_odd_characters(path, text)
    return text


def _refuse_odd_characters(path: Path, text: str) -> None:
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        lines = enumerate(text.split("\n"), 1)
        number = next((n for n, line in lines if not unicodedata.is_normalized("NFC", line)), None)
        raise DataError(path, "not in Unicode normal form NFC", row=number)
    # Cc are controls (NUL, escape), Cf invisible marks (direction overrides), Zl and Zp line ends that no editor shows:
    # all unfit for a printed table.
    unfit = {c for c in set(text) if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")} - set("\n\t\r")
    if unfit:
        place = min(text.index(c) for c in unfit)
        row = text.count("\n", 0, place) + 1
        raise DataError(path, f"holds the invisible character U+{ord(text[place]):04X}", row=row)


def refuse_unfit(path: Path, text: str, row: int | None = None, column: str | None = None, words: bool = False) -> None:
    """Refuse a text that is more than one line of plain words or numbers; with `words`, a number with a sign too.

    Whatever stands in a data file may end up on a page and in a download. Pages escape it and downloads are plain CSV,
    but a text that is itself markup or a formula has no business in a printed table, so it is not let in at all.

    Raises
    ------
    DataError
        For a line end or a tabulator, for what HTML or MyST would take for markup, and for what a spreadsheet would
        compute: a text that begins, or goes on after a semicolon, with ``=``, ``@``, or with a sign and is no plain
        number.
    """
    if any(c in text for c in "\n\r\t"):
        raise DataError(path, "holds a line end or a tabulator", row=row, column=column)
    markup = _MARKUP.search(text)
    if markup:
        raise DataError(path, f"holds markup ({markup.group()!r}); plain text is expected", row=row, column=column)
    if text.strip() == "-" and not words:
        raise DataError(path, "a dash by itself: leave a cell empty where nothing is printed", row=row, column=column)
    # "-5" is a number, but with other words behind it ("-5, walking") a spreadsheet would begin to compute.
    if _FORMULA.search(text) or (words and text.lstrip()[:1] in ("+", "-")):
        raise DataError(path, "begins like a formula of a spreadsheet", row=row, column=column)


def read_csv(path: Path, columns: Iterable[str], most: int = MAX_ROWS) -> list[tuple[int, dict[str, str]]]:
    """Return the rows of a comma-separated file as (row number in the file, cells by column).

    Parameters
    ----------
    path : Path
    columns : iterable of str
        The names that the header row must have, in this order.
    most : int
        How many rows it may have below the header.

    Raises
    ------
    DataError
        When the header differs, a row has another number of cells, there are too many rows, or quoting is broken.
    """
    expected = list(columns)
    reader = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    rows = []
    try:
        _check_header(path, next(reader), expected)
        for number, cells in enumerate(reader, 2):
            if len(cells) != len(expected):
                raise DataError(path, f"has {len(cells)} cells where the header has {len(expected)}", row=number)
            if len(rows) == most:
                raise DataError(path, f"has more than {most} rows")
            rows.append((number, dict(zip(expected, cells, strict=True))))
    except csv.Error as error:
        raise DataError(path, f"is not well-formed CSV ({error})", row=reader.line_num) from error
    return rows


def _check_header(path: Path, header: list[str], expected: list[str]) -> None:
    if len(set(header)) != len(header):
        twice = next(name for name in header if header.count(name) > 1)
        raise DataError(path, f"column {twice!r} stands twice in the header", row=1)
    for name in expected:
        if name not in header:
            raise DataError(path, f"column {name!r} is missing", row=1)
    for name in header:
        if name not in expected:
            raise DataError(path, f"unknown column {name!r}; expected {', '.join(expected)}", row=1)
    if header != expected:
        raise DataError(path, f"columns stand in another order; expected {', '.join(expected)}", row=1)


def read_models(path: Path, model: type[Model]) -> list[tuple[int, Model]]:
    """Return the rows of a CSV file, each checked by `model`, with their row numbers.

    Raises
    ------
    DataError
        With the row and column of the first cell that does not fit, and what was expected there.
    """
    return [(number, validated(path, model, cells, number)) for number, cells in read_plain(path, model.model_fields)]


def read_plain(path: Path, columns: Iterable[str]) -> list[tuple[int, dict[str, str]]]:
    """Return what :func:`read_csv` does; raises DataError also for a cell that :func:`refuse_unfit` refuses."""
    rows = read_csv(path, columns)
    for number, cells in rows:
        for column, text in cells.items():
            refuse_unfit(path, text, number, column)
    return rows


def read_toml(path: Path, model: type[Model]) -> Model:
    """Return a TOML file checked by `model`; raises DataError as `read_models` does."""
    text = read_text(path)
    if deep := _DEEP_KEY.search(text):
        raise DataError(path, f"has a key of more than {MOST_LEVELS} parts", row=text.count("\n", 0, deep.start()) + 1)
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise DataError(path, f"is not well-formed TOML ({error})") from error
    return _plain(path, model, content)


def read_json(path: Path, model: type[Model]) -> Model:
    """Return a JSON file checked by `model`; raises DataError as `read_models` does."""
    try:
        content = json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        raise DataError(path, f"is not well-formed JSON ({error})") from error
    return _plain(path, model, content)


def _plain(path: Path, model: type[Model], content: object) -> Model:
    for where, text in _texts(path, content):
        refuse_unfit(path, text, column=where, words=True)
    return validated(path, model, content)


def _texts(path: Path, content: object) -> Iterator[tuple[str, str]]:
    """Yield (where it stands, text) for every key and every string of a TOML or JSON file."""
    left: list[tuple[str, object, int]] = [("", content, 0)]
    while left:
        where, item, level = left.pop()
        if level > MOST_LEVELS:
            raise DataError(path, f"is nested more than {MOST_LEVELS} levels deep", column=where)
        if isinstance(item, str):
            yield where, item
        elif isinstance(item, dict):
            left += [(where, key, level) for key in item]
            left += [(f"{where}.{key}".removeprefix("."), value, level + 1) for key, value in item.items()]
        elif isinstance(item, list):
            left += [(where, value, level + 1) for value in item]


def validated(path: Path, model: type[Model], content: dict, row: int | None = None) -> Model:
    """Return ``model`` made from `content`, or raise DataError for the first thing that does not fit."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise DataError(path, _expectation(first), row=row, column=place or None) from error


def _expectation(error: dict) -> str:
    if error["type"] == "extra_forbidden":
        return "unknown key"
    if error["type"] == "missing":
        return "is missing"
    shown = repr(error["input"])
    shown = shown if len(shown) <= 60 else shown[:57] + "…"
    message = error["msg"].removeprefix("Value error, ")
    return message if error["type"] == "value_error" else f"{shown}: {message[0].lower()}{message[1:]}"

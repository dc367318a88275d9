"""Reading data files strictly: a file is taken whole or refused with one message that says where and why."""

from __future__ import annotations

import csv
import io
import tomllib
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

#: Larger files are refused unread: a registry of a hundred papers stays far below.
MAX_BYTES = 64 * 2**20

Model = TypeVar("Model", bound=BaseModel)


class DataError(Exception):
    """A data file is malformed; the message names file, row, column and what was expected."""

    def __init__(self, file: Path | str, problem: str, row: int | None = None, column: str | None = None) -> None:
        where = [Path(file).name]
        where += [f"row {row}"] if row is not None else []
        where += [f"column {column}"] if column else []
        super().__init__(f"{', '.join(where)}: {problem}")


def read_text(path: Path) -> str:
    """Return a UTF-8 file's text in Unicode NFC; a byte order mark is dropped.

    Raises
    ------
    DataError
        When there is no such file, it is empty or too large, is not UTF-8, is not NFC, or holds control characters.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise DataError(path, f"larger than {MAX_BYTES // 2**20} MiB")
        data = path.read_bytes()
    except OSError as error:
        raise DataError(path, f"cannot be read ({error.strerror or type(error).__name__})") from error
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
    for number, line in enumerate(text.split("\n"), 1):
        if not line.isascii() and not unicodedata.is_normalized("NFC", line):
            raise DataError(path, "not in Unicode normal form NFC", row=number)
        # Cc are controls (NUL, escape), Cf invisible marks (direction overrides), both unfit for a printed table.
        odd = next((c for c in line if unicodedata.category(c) in ("Cc", "Cf") and c not in "\t\r"), None)
        if odd is not None:
            raise DataError(path, f"holds the invisible character U+{ord(odd):04X}", row=number)


def read_csv(path: Path, columns: Iterable[str]) -> list[tuple[int, dict[str, str]]]:
    """Return the rows of a comma-separated file as (row number in the file, cells by column).

    Parameters
    ----------
    path : Path
    columns : iterable of str
        The names that the header row must have, in this order.

    Raises
    ------
    DataError
        When the header differs, a row has another number of cells, or quoting is broken.
    """
    expected = list(columns)
    reader = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    rows = []
    try:
        _check_header(path, next(reader), expected)
        for number, cells in enumerate(reader, 2):
            if len(cells) != len(expected):
                raise DataError(path, f"has {len(cells)} cells where the header has {len(expected)}", row=number)
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
    return [(number, validated(path, model, cells, number)) for number, cells in read_csv(path, model.model_fields)]


def read_toml(path: Path, model: type[Model]) -> Model:
    """Return a TOML file checked by `model`; raises DataError as `read_models` does."""
    try:
        content = tomllib.loads(read_text(path))
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise DataError(path, f"is not well-formed TOML ({error})") from error
    return validated(path, model, content)


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

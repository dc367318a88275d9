"""From a line of printed text to tokens: one kind of blank, dash and decimal point, then numbers, names and words.

What the forms are stands in ``forms.toml``; this module and ``book/_static/paste-reader.js`` only apply it, step by
step in the same way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from secondlook.numbers.forms import forms

_GROUP = re.compile(r"\$\{?([0-9])\}?")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_WORDS = re.compile("[A-Za-z]+")
_SPOILT = re.compile(r"[^0-9.<>≤≥-]")


@dataclass(frozen=True)
class Token:
    """A piece of a line.

    Attributes
    ----------
    code : str
        What it is, one letter (see ``forms.toml``); empty for what is consumed without more ado.
    text : str
        A number as :func:`secondlook.numbers.printed.parse` reads it, any other piece as it stands.
    start, end : int
        Where it stands in the cleaned line.
    sets : dict
        What it says of its row: ``{"sides": "1"}``.
    """

    code: str
    text: str
    start: int
    end: int
    sets: dict[str, str] = field(default_factory=dict)


@cache
def _pattern(source: str) -> re.Pattern:
    return re.compile(source, re.ASCII)


def substituted(text: str, source: str, replacement: str) -> str:
    """Return the text with every match replaced; ``${1}`` stands for a group, empty when it took no part."""
    return _pattern(source).sub(lambda m: _GROUP.sub(lambda g: m[int(g[1])] or "", replacement), text)


@cache
def _characters() -> dict[int, str]:
    table = {0xFF01 + i: chr(0x21 + i) for i in range(94)}  # full-width signs
    table |= {ord(c): to for to, signs in forms()["characters"].items() for c in signs}
    return table


def clean(line: str) -> str:
    """Return a line with one kind of blank, dash, bracket and decimal point."""
    text = _ASTRAL.sub("\ufffd", line).translate(_characters())
    for source, replacement in forms()["replacements"]["clean"]:
        text = substituted(text, source, replacement)
    return _in_locale(_written_out(text.strip(" ")))


def _in_locale(text: str) -> str:
    """Return a line with decimal points; what its commas are is decided once for the line."""
    locale = forms()["locale"]
    kind = "none"
    if _pattern(locale["comma_first"]).search(text):
        kind = "comma"
    elif _pattern(locale["point"]).search(text):
        kind = "point"
    elif _pattern(locale["comma"]).search(text):
        kind = "comma"
    for source, replacement in forms()["replacements"][kind]:
        text = substituted(text, source, replacement)
    return text


def _written_out(text: str) -> str:
    """Return a line with powers of ten written out: ``1.6e-02`` is ``0.016``."""
    rules = forms()["scientific"]
    text = _pattern(rules["pattern"]).sub(lambda m: _shifted(m[0], m[1], m[2] or m[3] or m[4]), text)
    return _pattern(rules["power"]).sub(lambda m: _shifted(m[0], "1", m[1] or m[2]), text)


def _shifted(printed: str, digits: str, power: str) -> str:
    rules = forms()["scientific"]
    plain = "".join(str(rules["superscripts"].index(c)) if c in rules["superscripts"] else c for c in power)
    by = int(re.sub("[-–⁻]", "-", plain))
    if abs(by) > forms()["limits"]["digits"]:
        return printed
    whole, _, decimals = digits.partition(".")
    places = max(len(decimals) - by, 0)
    figures = (whole + decimals + "0" * max(by - len(decimals), 0)).rjust(places + 1, "0")
    if not places:
        return figures.lstrip("0") or "0"
    return f"{figures[:-places].lstrip('0') or '0'}.{figures[-places:]}"


def lowered(text: str) -> str:
    """Return a line in lower case, save for the words that mean something else in capitals."""
    keep = forms()["limits"]["capitals"]
    return _WORDS.sub(lambda m: m[0] if m[0] in keep else m[0].lower(), text)


def tokens_of(text: str) -> list[Token]:
    """Return the tokens of a cleaned line; a sign that no form knows has the code ``?``."""
    low, at, found = lowered(text), 0, []
    while at < len(text):
        token = _token_at(low, at)
        found.append(token)
        at = token.end
    return found


@cache
def _any_token() -> re.Pattern:
    """Return all token patterns as one: the first that fits is the last group that closes."""
    rules = enumerate(forms()["tokens"]["all"])
    return re.compile("|".join(f"(?P<t{i}>{source})" for i, (_, source, *_) in rules), re.ASCII)


def _token_at(low: str, at: int) -> Token:
    match = _any_token().match(low, at)
    if not match:
        return Token("?", low[at], at, at + 1)
    code, source, *sets = forms()["tokens"]["all"][int(match.lastgroup[1:])]
    said = dict(zip(sets[::2], sets[1::2], strict=True))
    if "$1" in said.values():
        own = _pattern(source).match(low, at)
        said = {key: own[1] if value == "$1" else value for key, value in said.items()}
    return Token(code, _value(code, match[0]), at, match.end(), said)


def _value(code: str, printed: str) -> str:
    return _SPOILT.sub("", printed.replace("–", "-")) if code in "nduitgbea" and code else printed

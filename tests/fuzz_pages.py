"""A fuzzer of the built pages' own programs, part of ``make fuzz``: addresses, and what is pasted into *Paste your own*.

Whatever is asked, a page must come to rest within :data:`PATIENCE`, complain of nothing, run nothing that was pasted,
ask for nothing elsewhere and not scroll sideways. It runs from a seed in one Chromium.
"""

from __future__ import annotations

import random
import string
import sys
import time
from collections.abc import Callable
from urllib.parse import quote

from playwright.sync_api import Error
from reader import Visit, chromium

PASTE, SEARCH = "book/paste-your-own.html", "search.html"
#: Seconds until a page that has not come to rest counts as one that hangs.
PATIENCE = 20
NAMES = (
    "text",
    "hr",
    "lower",
    "upper",
    "p",
    "level",
    "a",
    "b",
    "c",
    "d",
    "second",
    "length",
    "elements",
    "q",
    "__proto__",
)
SIGNS = " \t,;:|/()[]%<>=≤≥–−-·.'\"`&#?+*\\@~^$\u00a0\u200b\u202e\ufeff\x00\u2028"
WORDS = (
    "HR",
    "OR",
    "95% CI",
    "P",
    "p=",
    "vs",
    "to",
    "n",
    "NS",
    "ref",
    "(0.31–0.87)",
    "0.52",
    "12/41 vs 7/27",
    "toString",
)
MARKUP = (
    "<img src=x onerror=\"document.title='ran'\">",
    "<script>document.title='ran'</script>",
    "<svg/onload=document.title='ran'>",
    '"><iframe srcdoc="<script>parent.document.title=\'ran\'</script>">',
    "javascript:document.title='ran'",
)
#: What the pages are made of; anything else below the form was pasted into it.
FOREIGN = "#sl-check .sl-paste-rows :is(script, img, iframe, object, a), article [onerror], article [onload]"


def digits(rng: random.Random) -> str:
    """Return a number of many digits, whole, decimal or with a bound or exponent."""
    whole = "".join(rng.choices(string.digits, k=rng.choice([1, 20, 400, 5000])))
    return rng.choice(["", "<", "-", "0.", "1e"]) + whole + rng.choice(["", ".", "e9", "%", f".{whole}"])


def line(rng: random.Random) -> str:
    """Return a line that looks a little like a row of a table."""
    pieces = [
        rng.choice([*WORDS, *SIGNS, f"{rng.uniform(0, 9):.{rng.randint(0, 4)}f}"]) for _ in range(rng.randint(1, 14))
    ]
    return rng.choice(["", " ", "\t"]).join(pieces)


def long(rng: random.Random) -> str:
    """Return about a megabyte of one thing."""
    piece = rng.choice(
        ["9", "0.", "(", "HR 0.52 (0.31–0.87), p = 0.01\n", "\n", "\t", "1,", "x", "12/41 vs 7/27\n", "<b>"]
    )
    return piece * (1_000_000 // len(piece))


def markup(rng: random.Random) -> str:
    """Return markup within or beside a row."""
    return f"{rng.choice(MARKUP)} HR 0.52 (0.31–0.87) {rng.choice(MARKUP)}, p = 0.01"


def letters(rng: random.Random) -> str:
    """Return arbitrary letters of all planes, without halves of pairs."""
    return "".join(
        c for c in map(chr, rng.choices(range(1, 0x11000), k=rng.randint(1, 300))) if not "\ud800" <= c <= "\udfff"
    )


def lines(rng: random.Random) -> str:
    """Return several lines."""
    return rng.choice(["\n", "\r\n", "\r"]).join(line(rng) for _ in range(rng.randint(1, 40)))


PASTED: dict[str, Callable[[random.Random], str]] = {
    "pasted: rows": lines,
    "pasted: digits": lambda rng: f"HR {digits(rng)} ({digits(rng)}–{digits(rng)}), p = {digits(rng)}",
    "pasted: a megabyte": long,
    "pasted: markup": markup,
    "pasted: any letters": letters,
}


def parameters(rng: random.Random) -> str:
    """Return the address of a page that takes parameters, with some that it knows and some that it does not."""
    makers = (digits, line, markup, letters, lambda _: "%", lambda _: "3", lambda _: "")
    pairs = [(rng.choice(NAMES), rng.choice(makers)(rng)[:20_000]) for _ in range(rng.randint(1, 6))]
    text = "&".join(f"{name}={value if rng.random() < 0.2 else quote(value)}" for name, value in pairs)
    return f"{rng.choice([PASTE, PASTE, SEARCH])}?{text.replace('#', '%23')}"


def fragment(rng: random.Random) -> str:
    """Return the address of a place that is not there, or badly written."""
    page = rng.choice(["index.html", "notebooks/80-ledger.html", "notebooks/82-numbers.html", PASTE])
    names = ("%", "%E0%A4%A", "%00", "constructor", "a'b\"c", "[id]", "*", quote(letters(rng)), digits(rng), MARKUP[0])
    return f"{page}#{rng.choice(names)}"


ADDRESSES = {"address: parameters": parameters, "address: fragment": fragment}


def paste(visit: Visit, text: str) -> None:
    """Put a text into the form as a reader does, and wait until it is answered."""
    visit.page.evaluate(
        """text => { const form = document.getElementById('sl-check');
             form.elements.text.value = text;
             form.requestSubmit(); }""",
        text,
    )


def problems(visit: Visit, began: float) -> list[str]:
    """Say what is wrong with a page as it is now."""
    visit.idle()
    taken = time.monotonic() - began
    found = [f"at rest after {taken:.0f} s"] if taken > PATIENCE else []
    found += visit.errors() + visit.requests_elsewhere()
    found += ["something that was pasted ran"] if visit.page.title() == "ran" else []
    if foreign := visit.page.locator(FOREIGN).count():
        found.append(f"{foreign} foreign elements")
    return found + (["the page scrolls sideways"] if visit.scroll() > 0 else [])


def rows(visit: Visit) -> int:
    """Return how many rows the page has answered."""
    return visit.page.locator("#sl-check .sl-paste-rows > li:not(:has(.sl-unread))").count()


def one(browser, kind: str, rng: random.Random) -> tuple[bool, list[str]]:
    """Try one input; return whether a row was answered, and what is wrong with the page."""
    began = time.monotonic()
    try:
        with Visit(browser, ADDRESSES[kind](rng) if kind in ADDRESSES else PASTE, "light", 400) as visit:
            if kind in PASTED:
                paste(visit, PASTED[kind](rng))
            found = problems(visit, began)
            return bool(rows(visit)), found
    except Error as error:
        return False, [str(error).splitlines()[0]]


def run(seed: int, inputs: int) -> tuple[dict[str, dict[str, int]], list[str]]:
    """Try so many inputs of each kind; return, by kind, how many there were, were answered and were not; and failures."""
    counts: dict[str, dict[str, int]] = {}
    failures: list[str] = []
    with chromium() as browser:
        for kind in (*PASTED, *ADDRESSES):
            tried = [one(browser, kind, random.Random(f"{seed}-{kind}-{number}")) for number in range(inputs)]
            read = sum(answered for answered, _ in tried)
            counts[kind] = {"inputs": inputs, "refused": inputs - read, "read": read}
            failures += [f"{kind} {number}: {each[:200]}" for number, (_, found) in enumerate(tried) for each in found]
    return counts, failures


if __name__ == "__main__":
    print(*run(20230853, int(sys.argv[1])), sep="\n")

"""Ledgers of the invented paper, changed in one place each: what was found right is kept, row by row.

Each third of its numbers is changed, and the claims, rules and look-ups that tests/checks tries are made. Other tests say what must
come of some of these; tests/audit/test_stored.py compares all of every ledger with what was stored. Who changes a verdict
or a sentence on purpose looks at what changed, and runs this file.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from secondlook.audit import Ledger, audit, to_csv
from secondlook.pages import present
from secondlook.paper.reading import DataError
from secondlook.paper.registry import load

CHECKS = Path(__file__).with_name("checks")
STORED = Path(__file__).with_suffix(".json")
CASES = ("claims", "rules", "look-ups")
#: A cell that holds a number.
_NUMBER = re.compile(r"(?<=,)<?\d+(?:\.\d+)?(?=[,\n])")


def tests_of(name: str) -> ModuleType:
    """Return a module of tests, for the cases that it tries."""
    spec = importlib.util.spec_from_file_location(f"cases_{name}", CHECKS / f"test_{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def changed(number: str, turn: int) -> str:
    """Return a number with another last or first digit, or nothing in its place, by turns."""
    place = [len(number) - 1, int(number.startswith("<")), None][turn % 3]
    return "" if place is None else f"{number[:place]}{(int(number[place]) + 3) % 10}{number[place + 1 :]}"


def with_numbers_changed(folder: Path) -> Iterator[tuple[str, Ledger | DataError]]:
    """Yield the ledger, or the refusal, of the extended paper with each third of its numbers changed."""
    yield "as it is", audit(tests_of("times").extended(folder))
    for name in ("baseline.csv", "recovery.csv", "models.csv", "text.csv"):
        text = (folder / name).read_text(encoding="utf-8")
        for turn, found in enumerate(list(_NUMBER.finditer(text))[::3]):
            new = changed(found[0], turn)
            (folder / name).write_text(text[: found.start()] + new + text[found.end() :], encoding="utf-8")
            what = f"{name}, number {3 * turn + 1}: {found[0]} to {new or 'nothing'}"
            try:
                yield what, audit(load(folder))
            except DataError as refusal:
                yield what, refusal
        (folder / name).write_text(text, encoding="utf-8")


def with_cases(folder: Path) -> Iterator[tuple[str, Ledger]]:
    """Yield the ledgers of the invented paper with the claims, rules and look-ups that tests try, all of a kind at once."""
    claims, rules, external = map(tests_of, ("claims", "rules", "external"))
    tests = ", ".join(test for _, test, changes, _ in claims.CASES if not changes)
    yield "claims", claims.judged(folder / "claims", claims.claim(tests))[1]
    every = f"\n[[rules]]\n{rules.COMMON}".join(rule for _, rule, edit, *_ in rules.CASES if not edit)
    for number in range(every.count('name = "rule"')):
        every = every.replace('name = "rule"', f'name = "rule-{number}"', 1)
    yield "rules", rules.ruled(folder / "rules", every)[1]
    answers = zip(("yes", "partly", "no", "opposite", "silent", "not-found"), "ABCABC", strict=True)
    rows = [("summary.left.pct", "ref01-someone2020", *answer) for answer in answers]
    own = {"printed": "57.5", "source_value": "57.9% or 61%", "size": "38", "criterion": "by eye"}
    yield "look-ups", external.looked_up(folder / "look-ups", *rows, **own)[1]


def digests() -> dict[str, str]:
    """Return what was changed, with a digest of the ledger that came of it, or of the refusal; and of what pages show."""
    with tempfile.TemporaryDirectory() as folder:
        found = [*with_numbers_changed(Path(folder) / "paper"), *with_cases(Path(folder))]
    texts = {what: _written(made) for what, made in found}
    texts |= {f"pages, {what}": _shown(made) for what, made in found if what in ("as it is", *CASES)}
    texts |= {f"pages, {what}": _shown(made) for what, made in found[5:30:5] if isinstance(made, Ledger)}
    return {what: hashlib.sha256(text.encode()).hexdigest()[:16] for what, text in texts.items()}


def _written(made: Ledger | DataError) -> str:
    if isinstance(made, DataError):
        return str(made)
    return to_csv(made) + "".join(f"{c.changes} {c.candidates} {c.recomputes}\n" for c in made.checks)


def _shown(ledger: Ledger) -> str:
    """Return all that pages show of a ledger, as HTML."""
    sections = ledger.registry.layout.sections
    shown = [
        show(ledger, section)
        for section in sections
        for show in (present.section_numbers, present.flags, present.totals)
    ]
    held = [check for check in ledger.checks if not check.is_flag]
    shown += [present.paper_map(ledger, "page.html"), present.totals(ledger), present.asked(ledger, ledger.flags())]
    shown += [
        present.cards(ledger, checks, linked=linked) for checks in (ledger.flags(), held) for linked in (True, False)
    ]
    return "\n".join(shown)


def stored() -> dict[str, str]:
    """Return what was stored."""
    return json.loads(STORED.read_text(encoding="utf-8"))


if __name__ == "__main__":
    STORED.write_text(json.dumps(digests(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

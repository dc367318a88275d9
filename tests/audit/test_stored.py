"""The ledger of the paper is the one that was stored: every verdict, number and sentence of it.

Authority: `make pythons`, which wrote it by several versions of Python and found it the same. Whoever changes a verdict on
purpose looks at what changed, and runs `make pythons`.
"""

from __future__ import annotations

import hashlib

import pythons

from secondlook.audit import to_csv, to_json

STORED = pythons.stored()


def test_the_ledger_is_the_one_that_was_stored(ledger):
    made = {"ledger.json": to_json(ledger), "ledger.csv": to_csv(ledger)}
    found = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in made.items()}
    assert found == {name: STORED["tables"][name] for name in found}, (
        "the ledger changed: look at it, then make pythons"
    )

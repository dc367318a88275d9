"""The ledgers of the paper, and of an invented one with changes, are those that were stored: every verdict and sentence.

Authority: `make pythons`, which wrote the paper's by several versions of Python and found it the same; the tests of each
check, for the invented one. Whoever changes a verdict on purpose looks at what changed, and runs `make pythons` and
tests/changed_papers.py.
"""

from __future__ import annotations

import hashlib

import changed_papers
import pytest
import pythons

from secondlook.audit import to_csv, to_json

STORED = pythons.stored()


@pytest.mark.weekly
@pytest.mark.stored
def test_the_ledger_is_the_one_that_was_stored(ledger):
    made = {"ledger.json": to_json(ledger), "ledger.csv": to_csv(ledger)}
    found = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in made.items()}
    assert found == {name: STORED["tables"][name] for name in found}, (
        "the ledger changed: look at it, then make pythons"
    )


@pytest.mark.weekly
@pytest.mark.stored
def test_the_ledgers_of_changed_papers_are_those_that_were_stored():
    found, kept = changed_papers.digests(), changed_papers.stored()
    differing = [what for what, digest in found.items() if kept.get(what) != digest]
    assert not differing, "these ledgers changed: look at them, then run tests/changed_papers.py"
    assert found == kept

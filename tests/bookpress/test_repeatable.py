"""Repeatable: the same bytes with one worker and with two, and from every Python.

Authority: the stored runs of ``make repeat`` (the whole book twice) and ``make pythons``; test_build.py builds a small
book twice.
"""

from __future__ import annotations

import json
import sys

import pytest
import pythons
import repeat
from tiny_book import PUBLISHED, REAL

from secondlook.pages import downloads


def test_the_whole_book_was_built_with_one_worker_and_with_two_and_nothing_differed():
    if not repeat.RESULT.is_file():
        pytest.skip("no stored run: make repeat")
    stored = json.loads(repeat.RESULT.read_text(encoding="utf-8"))
    assert stored["workers"] == [1, 2]
    assert stored["differing"] == 0 < stored["pages"] < stored["files"]
    assert stored["ledgers"] >= 2


def test_this_python_writes_the_tables_that_every_python_wrote(tmp_path):
    """When the ledger has changed on purpose, `make pythons` compares the Pythons again and stores the new one."""
    stored = json.loads(pythons.RESULT.read_text(encoding="utf-8"))
    assert [version.rpartition(".")[0] for version in stored["pythons"]] == list(pythons.WANTED)
    downloads.write(REAL.root / PUBLISHED, tmp_path)
    assert pythons.tables(tmp_path) == stored["tables"], "run make pythons"


def test_an_interpreter_that_does_not_run_is_not_here(tmp_path):
    assert pythons.version_of(tmp_path / "nowhere") is None
    assert pythons.version_of(sys.executable) == sys.version.split()[0]

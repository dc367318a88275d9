"""The benchmark's own parts: enlarged registries are what they claim to be, and stored results are ratios."""

from __future__ import annotations

import cProfile
import json
import pstats
import sys
from pathlib import Path

import pytest

from secondlook.audit import Ledger, audit
from secondlook.paper.registry import load

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bench import audits, run  # noqa: E402


def profiled(folder: Path) -> tuple[Ledger, float]:
    """Audit a folder; return the ledger and how many functions were called per value."""
    registry, profile = load(folder), cProfile.Profile()
    ledger = profile.runcall(audit, registry)
    return ledger, pstats.Stats(profile).total_calls / len(registry)


def test_an_audit_calls_as_much_per_value_however_long_the_tables(tmp_path, paper):
    """Calls are counted, not seconds: they are the same on every machine. An audit that looks through a whole table
    for each of its rows makes two and a half times as many at ten times the length as at two."""
    folders = [audits.enlarge(tmp_path / str(times), times) for times in (1, 2, 10)]
    same, double, tenfold = map(profiled, folders)
    in_tables = sum(bool(value.table) for value in paper)
    assert len(same[0].registry) == len(paper)
    assert len(tenfold[0].registry) == len(paper) + 9 * in_tables
    assert tenfold[1] < 1.5 * double[1]


def test_stored_results_are_ratios_to_the_first():
    results = json.loads(run.RESULTS.read_text(encoding="utf-8"))
    assert list(results) == [part for part in run.PARTS if part in results]
    for part in results.values():
        assert part["repetitions"] >= 1
        assert next(iter(part["ratios"].values())) == 1
        assert all(ratio > 0 for ratio in part["ratios"].values())


def test_an_unknown_part_is_refused(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["bench", "claen"])
    with pytest.raises(SystemExit):
        run.main()
    assert "no such part: claen" in capsys.readouterr().err

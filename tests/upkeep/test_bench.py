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

from bench import audits, pieces, run  # noqa: E402


def profiled(folder: Path) -> tuple[Ledger, float]:
    """Audit a folder; return the ledger and how many functions were called per value."""
    registry, profile = load(folder), cProfile.Profile()
    ledger = profile.runcall(audit, registry)
    return ledger, pstats.Stats(profile).total_calls / len(registry)


def test_an_audit_calls_as_much_per_value_however_long_the_tables(tmp_path, paper):
    """Calls are counted, not seconds: they are the same on every machine. At four times the length ours makes three
    quarters as many, since what stands once is shared by more. With one more look through a whole table for each of its
    rows, which calls one function a pair, it makes 0.94 of them.
    """
    single, fourfold = (profiled(audits.enlarge(tmp_path / str(times), times)) for times in (1, 4))
    in_tables = sum(bool(value.table) for value in paper)
    assert len(single[0].registry) == len(paper)
    assert len(fourfold[0].registry) == len(paper) + 3 * in_tables
    assert fourfold[1] < 0.85 * single[1]


def test_stored_results_are_ratios_to_the_first():
    results = json.loads(run.RESULTS.read_text(encoding="utf-8"))
    assert list(results) == [part for part in (*run.PARTS, "pieces") if part in results]
    for part in results.values():
        assert part["repetitions"] >= 1
        assert next(iter(part["ratios"].values())) == 1
        assert all(ratio > 0 for ratio in part["ratios"].values())


def test_an_unknown_part_is_refused(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["bench", "claen"])
    with pytest.raises(SystemExit):
        run.main()
    assert "no such part: claen" in capsys.readouterr().err


def test_a_piece_of_the_writing_of_pages_saves_a_tenth_or_goes():
    """The rule of the house; the ratios are those of the last `python -m bench.pieces`."""
    stored = json.loads((ROOT / "bench" / "results.json").read_text(encoding="utf-8"))["pieces"]["ratios"]
    assert set(stored) == {"ours", "settings", "forks", "store"}
    assert min(ratio for name, ratio in stored.items() if name != "ours") >= 1.1


def test_what_a_piece_saves_is_counted_where_somebody_waits_for_it():
    taken = {"as it is": (10.0, 30.0), "settings": (15.0, 45.0), "forks": (12.0, 30.0), "store, used": (10.0, 14.0)}
    assert pieces.ratios(taken) == {"ours": 1.0, "settings": 1.5, "forks": 1.2, "store": 1.8}

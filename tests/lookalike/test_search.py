"""The search on the paper's own numbers: short walks, and the way from two orders to patients and back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("numba", reason="the search is an extra: install secondlook[search]")

from click.testing import CliRunner

from lookalike import assemble as patients
from lookalike import ensemble, kernels, orders, search
from lookalike.kernels import State
from lookalike.orders import Walk
from secondlook.cli.main import main
from secondlook.cohort import columns as codes
from secondlook.cohort import verify
from secondlook.cohort.records import load as load_records
from secondlook.paper.registry import load

PUBLISHED = "data/published"
COHORT = Path("data/cohort/synthetic.csv")


@pytest.fixture(scope="module")
def registry():
    return load(PUBLISHED)


@pytest.fixture(scope="module")
def known(registry):
    return codes.load(PUBLISHED, registry)


@pytest.fixture(scope="module")
def paper(registry, known):
    return search.paper_of(registry, known)


@pytest.fixture(scope="module")
def cohort():
    return load_records(COHORT, PUBLISHED)


@pytest.fixture(scope="module")
def pair(paper, cohort):
    return patients.orders_of(paper, cohort)


def test_a_core_holds_what_model_tests_and_medians_share(paper):
    assert paper.shared() == ("arm", "ecog", "afp_ge_400", "sex")  # six women: too few to be added afterwards
    assert paper.core("pfs").columns == ("arm", "ecog", "hbv", "afp_ge_400", "sex")
    assert paper.core("os").columns == ("arm", "ecog", "child_pugh", "afp_ge_400", "sex")
    assert "t6.child_pugh.uni" not in paper.core("os").keys


@pytest.mark.weekly
def test_a_short_walk_places_the_medians_and_comes_closer(paper):
    core = paper.core("os")
    walk = Walk(core, search.drawn_codes(paper, core, np.random.default_rng(3)), 7, 3)
    assert walk.missed() < 1
    spreads, axes = walk.axes(60)
    far = np.square(walk.distances()).sum()
    for level in np.geomspace(1.0, 0.02, 12):
        walk.anneal(orders.scale_of(spreads, axes, level), orders.TEMPERATURE, 40_000)
    assert np.square(walk.distances()).sum() < far / 50
    assert walk.missed() < 1
    arm = walk.state.codes & 1
    for k, column in enumerate(core.columns[1:], 1):
        counts = paper.labels[column].counts
        assert [int(((walk.state.codes >> k) & 1)[arm == a].sum()) for a in (1, 0)] == [counts["lp"], counts["r"]]


def test_a_file_s_orders_keep_the_medians_and_are_close(paper, pair):
    for endpoint, order in zip(paper.endpoints, pair, strict=True):
        core = paper.core(endpoint)
        own = order.codes & ((1 << len(core.columns)) - 1)
        state = State(own, order.events, order.low, order.high)
        assert kernels.missed_marks(state, kernels.blank(core, state).counts, core.marks) == 0
        assert order.miss < 10
        cut = orders.trimmed(core, orders.Order(own, order.events, order.low, order.high))
        cut_state = State(own, order.events, cut.low, cut.high)
        assert kernels.missed_marks(cut_state, kernels.blank(core, cut_state).counts, core.marks) == 0
        assert (cut.high - cut.low).sum() <= (order.high - order.low).sum()


def test_times_have_the_orders_and_print_the_medians(paper, registry, known, pair):
    cores = tuple(paper.core(endpoint) for endpoint in paper.endpoints)
    rng = np.random.default_rng(5)
    people, _ = patients.matched(paper, cores, pair)
    for column in paper.labels:
        if column not in people.labels:
            people.labels[column] = patients.drawn(paper, column, people.labels[paper.arm], rng).astype(int)
    months = patients.times(paper, cores, people)
    frame = patients.frame(paper, people, months, rng)
    for e in range(2):
        assert len(set(months[e])) == len(frame)
        assert np.array_equal(np.argsort(np.argsort(months[e])), people.place[e])
    assert (months[0] <= months[1]).all()
    results = verify.verify(verify_records(frame, registry, known))
    exact = [r for r in results if r.target.kind in ("median", "log-rank", *verify.COUNTS)]
    assert [r.target.value_id for r in exact if not r.attained] == []


def verify_records(frame, registry, known):
    from secondlook.cohort.records import Records

    return Records(frame, registry, known)


def test_patients_can_have_both_orders_of_one_file_and_not_others(paper, pair):
    cores = tuple(paper.core(endpoint) for endpoint in paper.endpoints)
    assert patients.misfit(paper, cores, pair) == 0
    other = orders.Order(pair[1].codes ^ 1, pair[1].events, pair[1].low, pair[1].high)
    assert patients.misfit(paper, cores, (pair[0], other)) == np.inf
    turned = orders.Order(pair[0].codes[::-1].copy(), pair[0].events, pair[0].low, pair[0].high)
    assert patients.misfit(paper, cores, (turned, pair[1])) > 0  # whoever died first would progress last


def test_whoever_is_censored_first_needs_someone_alive_on_the_common_side(paper, pair):
    """All who are alive get the rarer Child-Pugh class: nobody is left for those whose progression is censored."""
    cores = tuple(paper.core(endpoint) for endpoint in paper.endpoints)
    bit = 1 << cores[1].columns.index("child_pugh")
    rare = np.where(pair[1].events == 0, pair[1].codes & ~bit, pair[1].codes)
    other = orders.Order(rare, pair[1].events, pair[1].low, pair[1].high)
    assert patients.misfit(paper, cores, (pair[0], other)) == (pair[0].events == 0).sum()


def test_stages_are_saved_and_found_again(tmp_path, pair):
    search.save(tmp_path / "os-1.pool", search.Pool([pair[1]], 12))
    [pool] = search.restore(tmp_path, "os")
    assert pool.moves == 12
    assert np.array_equal(pool.orders[0].codes, pair[1].codes)
    assert search.restore(tmp_path, "pfs") == search.restore(None, "os") == []


def test_pairs_of_the_same_patients_come_best_first(paper, pair):
    turned = orders.Order(pair[0].codes[::-1].copy(), pair[0].events, pair[0].low, pair[0].high)
    [(first, second)] = search.pairs_of(paper, [turned, pair[0]], [pair[1]], 10)
    assert np.array_equal(first.codes, pair[0].codes)
    assert np.array_equal(second.codes, pair[1].codes)


def test_a_packed_ensemble_is_read_as_it_was_and_says_nothing_of_the_hour(tmp_path, monkeypatch):
    frame = pd.DataFrame({"cohort": [1, 2], "arm": ["LP", "R"], "pfs_months": [0.1 + 0.2, 4.0]})
    (tmp_path / "e.csv.gz").write_bytes(ensemble.packed(frame))
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "e.csv.gz"), frame)
    monkeypatch.setattr("time.time", lambda: 2e9)
    assert ensemble.packed(frame) == (tmp_path / "e.csv.gz").read_bytes()


def test_commands_refuse_clearly(tmp_path):
    runner = CliRunner()
    (tmp_path / "some.csv").write_text("patient\n")
    given = ["--start", str(tmp_path / "some.csv"), "--out", str(tmp_path / "e.csv.gz")]
    wrong = runner.invoke(main, ["cohort", "ensemble", *given])
    assert wrong.exit_code == 1
    assert "19 problems, and nothing is taken" in wrong.output
    assert not (tmp_path / "e.csv.gz").exists()
    missing = runner.invoke(main, ["cohort", "search", "--published", str(tmp_path), "--out", str(tmp_path / "c.csv")])
    assert missing.exit_code != 0
    assert not (tmp_path / "c.csv").exists()

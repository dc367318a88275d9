"""The dynamic program against every order of a few patients, the floor against fitted models, the stored proofs."""

from __future__ import annotations

import math
import shutil
from itertools import combinations, product

import numpy as np
import pytest

from lookalike import prove
from lookalike.prove import Premises, Prices
from secondlook.stats import cox


def given(patients: int, exposed: tuple[int, int, int], b=(0.9, -0.4, 0.6, 0.7)) -> Premises:
    return Premises(("a", "b", "c"), patients, exposed, np.array(b), np.zeros(4), np.ones(4), np.ones(4))


def prices(rng: np.random.Generator, variable: str = "b", **more) -> Prices:
    forms = rng.normal(size=(3, 3))
    np.fill_diagonal(forms, 1.0)
    found = {
        "name": "tried", "about": "a test", "table": "t1", "variable": variable, "alone": float(rng.normal()),
        "own": float(rng.random()), "scores": rng.normal(size=3).tolist(), "weights": rng.random(3).tolist(),
        "forms": forms.tolist(),
    }  # fmt: skip
    return Prices(**found | more)


def total_of_events(x: np.ndarray, who: np.ndarray, p: Premises, at: Prices) -> float:
    """What events at one time add, by the definitions; `x` are those at risk, one row each, `who` have the event."""
    k, total = p.variables.index(at.variable), 0.0
    for already, z in enumerate(x[who]):
        part = np.ones(len(x))
        part[who] -= already / len(who) if at.ties == "efron" else 0
        weights = part * np.exp(x @ p.b[:3])
        means = np.average(x, axis=0, weights=weights)
        share = np.average(x[:, k], weights=part * np.where(x[:, k] == 1, at.hr or np.exp(p.b[3]), 1.0))
        information = np.cov(x.T, aweights=weights, ddof=0) if len(x) > 1 else np.zeros((3, 3))
        bounds = sum(w * np.array(u) @ information @ np.array(u) for w, u in zip(at.weights, at.forms, strict=True))
        total += at.alone * (z[k] - share) - at.own * share * (1 - share) + np.dot(at.scores, z - means) + bounds
    return total


def by_trying_all(p: Premises, at: Prices) -> float:
    """The greatest total of all orders and joint tables; whoever is not censored has an event, alone or with the next."""
    n, best = p.patients, -math.inf
    for places in product(*(combinations(range(n), k) for k in p.exposed)):
        x = np.zeros((n, 3))
        for k, where in enumerate(places):
            x[list(where), k] = 1
        best = max(best, best_of_order(x, p, at))
    return best


def best_of_order(x: np.ndarray, p: Premises, at: Prices) -> float:
    """The greatest total of one order: at each place a censoring, or events of the next few at one time."""
    after = [0.0]
    for q in reversed(range(len(x))):
        ways = [after[0]]
        for together in range(1, min(at.tied, len(x) - q) + 1):
            ways.append(total_of_events(x[q:], np.arange(together), p, at) + after[together - 1])
        after.insert(0, max(ways))
    return after[0]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("patients", "exposed", "tied", "ties", "seed"),
    [
        (5, (1, 4, 2), 1, "breslow", 1),
        (5, (2, 3, 2), 2, "breslow", 2),
        (4, (3, 1, 2), 3, "breslow", 3),
        (4, (1, 3, 2), 1, "breslow", 4),
        (5, (0, 4, 3), 2, "breslow", 5),
        (5, (1, 4, 2), 2, "efron", 6),
        (4, (2, 3, 3), 2, "efron", 7),
        (5, (0, 5, 5), 2, "efron", 8),
        (4, (2, 3, 3), 3, "efron", 9),
        (5, (0, 5, 5), 3, "efron", 10),
    ],
)
def test_the_greatest_total_is_that_of_the_best_of_all_orders(patients, exposed, tied, ties, seed):
    pytest.importorskip("numba", reason="the program is compiled: install secondlook[search]")
    p, at = (
        given(patients, exposed),
        prices(np.random.default_rng(seed), variable="abc"[seed % 3], tied=tied, ties=ties),
    )
    tried = by_trying_all(p, at)
    assert prove.greatest(p, at) == pytest.approx(tried, abs=prove.rounding(patients, at))
    assert prove.rounding(patients, at) < 1e-3


@pytest.mark.parametrize(("seed", "tied"), [*((seed, 1) for seed in range(8)), *((seed, 2) for seed in range(8, 16))])
def test_no_order_that_prints_the_rows_has_a_total_below_the_floor(seed, tied):
    """Patients are simulated and fitted; the printed values lie anywhere within reach of the fits."""
    rng = np.random.default_rng(seed)
    n, reach = 40, 0.02
    x = (rng.random((n, 3)) < [0.3, 0.7, 0.5]).astype(float)
    times, events = rng.exponential(np.exp(-x @ [1.0, 0.3, 0.8])), rng.random(n) < 0.85
    order = np.argsort(times)
    x, events = x[order], events[order]
    times = np.arange(n) // tied
    fitted, alone = (cox.fit(z, times, events) for z in (x, x[:, 1:2]))
    b, se = np.append(fitted.beta, alone.beta), np.append(fitted.se, alone.se)
    middle = b + rng.uniform(-reach, reach, 4)
    p = Premises(("a", "b", "c"), n, (0, 0, 0), middle, np.full(4, reach), se**-2.0, se**-2.0)
    for _ in range(20):
        at = prices(rng)
        at_least = at.model_copy(
            update={"hr": math.exp(b[3] - rng.uniform(0, 0.3)), "alone": abs(at.alone), "own": 0.0}
        )
        for tried in (at, at_least):
            tried = tried.model_copy(update={"ties": "efron"})
            blocks = [(q, np.flatnonzero(events[q : q + tied])) for q in range(0, n, tied)]
            total = sum(total_of_events(x[q:], who, p, tried) for q, who in blocks if len(who))
            assert total >= prove.floor(p, tried)


@pytest.mark.parametrize(
    "wrong",
    [
        {"weights": [0.1, -0.1, 0.0]},
        {"own": -0.1},
        {"hr": 2.0, "alone": -1.0, "own": 0.0},
        {"hr": 2.0, "alone": 1.0, "own": 0.1},
        {"forms": [[0.9, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]},
    ],
)
def test_prices_that_prove_nothing_are_refused(wrong):
    with pytest.raises(ValueError, match=r"greater than or equal to 0|must"):
        prices(np.random.default_rng(0), **wrong)


def test_the_stored_proofs_hold_for_what_is_printed(paper):
    found = {proof.prices.name: proof for proof in prove.load(paper)}
    assert list(found) == [
        "whole-model",
        "own-row",
        "as-printed",
        "as-printed-efron",
        "alone-turned",
        "adjusted-turned",
        "both-turned",
    ]
    assert all(proof.holds for proof in found.values())
    # Table 6 prints 2.90 for Child-Pugh alone, which may be 2.895.
    assert all(proof.prices.hr is None or proof.prices.hr < 2.895 for proof in found.values())


def test_labels_are_read_the_other_way_round_on_request(paper):
    # Table 6: 2.90 (1.29 to 6.54) alone, 1.181 (0.622 to 2.244) adjusted; Table 1: 54 of 68 in class A.
    plain = prove.premises(paper, "t6", "child_pugh")
    turned = prove.premises(paper, "t6", "child_pugh", ["alone", "adjusted"])
    assert np.exp(plain.b[[1, 3]]) == pytest.approx([1.181, 2.9], rel=1e-3)
    assert turned.b == pytest.approx(plain.b * [1, -1, 1, -1])
    assert plain.exposed == turned.exposed == (13, 54, 28)
    width = math.log(6.54 / 1.29) / (2 * 1.96)
    assert plain.least[3] < width**-2 < plain.most[3]


def test_a_proof_from_other_premises_does_not_hold(paper, tmp_path):
    folder = shutil.copytree(prove.FOLDER, tmp_path / "published")
    text = (folder / prove.TOTALS).read_text()
    (folder / prove.TOTALS).write_text(text.replace("0.166", "0.167"))
    assert not any(proof.holds for proof in prove.load(paper, folder))


def test_the_sensitivity_table_has_the_figures_that_the_prices_give(paper):
    totals = {proof.prices.name: proof for proof in prove.load(paper)}
    cases = [case for proof in prove.load_proofs(prove.FOLDER, paper.layout).proofs for case in proof.cases]
    priced = [case for case in cases if case.prices]
    assert len(priced) == len(totals)
    for case in priced:
        proof = totals[case.prices]
        assert f"{case.figure:.2f} {case.limit:.2f}" == f"{proof.greatest:.2f} {proof.floor:.2f}"
        assert (case.tied, case.ties) == (proof.prices.tied, proof.prices.ties)


@pytest.mark.weekly
def test_the_script_of_the_first_proof_finds_what_is_stored_and_a_changed_figure_is_noticed(paper):
    proof = prove.load_proofs(prove.FOLDER, paper.layout).proofs[0]
    assert prove.checked_by_script(prove.FOLDER, proof) == []
    wrong = proof.model_copy(update={"cases": [proof.cases[0].model_copy(update={"figure": 9.0}), *proof.cases[1:]]})
    assert prove.checked_by_script(prove.FOLDER, wrong) == [
        f"tace-haic-pfs, as-proved: stored ['9.00', '{proof.cases[0].limit:.2f}'], found "
        f"['{proof.cases[0].figure:.2f}', '{proof.cases[0].limit:.2f}']"
    ]


@pytest.mark.weekly
def test_the_stored_totals_are_found_again(paper):
    pytest.importorskip("numba", reason="the program is compiled: install secondlook[search]")
    proof = prove.load(paper)[0]
    total = prove.greatest(proof.given, proof.prices)
    assert proof.greatest == pytest.approx(total + prove.rounding(proof.given.patients, proof.prices), abs=1e-3)

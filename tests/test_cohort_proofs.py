"""The dynamic program against every order of a few patients, the floor against fitted models, the stored proofs."""

from __future__ import annotations

import math
from itertools import combinations, product

import numpy as np
import pytest

from secondlook import cox
from secondlook.cohort import proofs
from secondlook.cohort.proofs import Premises, Prices

OWN = [[1.0, -0.3, 0.2], [0.4, 1.0, -0.1], [0.3, 0.5, 1.0]]


def given(patients: int, exposed: tuple[int, int, int], b=(0.9, -0.4, 0.6), reach=0.0) -> Premises:
    return Premises(("a", "b", "c"), patients, exposed, np.array(b), np.full(3, reach), np.ones(3))


def prices(rng: np.random.Generator, variable: str = "b", hr: float = 2.0) -> Prices:
    forms = rng.normal(size=(3, 3))
    np.fill_diagonal(forms, 1.0)
    return Prices(
        name="tried", about="a test", table="t1", variable=variable, hr=hr, alone=float(rng.normal()),
        scores=rng.normal(size=3).tolist(), weights=rng.random(3).tolist(), forms=forms.tolist(),
    )  # fmt: skip


def total_of_an_event(x: np.ndarray, who: int, p: Premises, at: Prices) -> float:
    """What an event of one patient adds, by the definitions; `x` are those at risk, one row each."""
    k = p.variables.index(at.variable)
    hazard = np.where(x[:, k] == 1, at.hr, 1.0)
    weights = np.exp(x @ p.b)
    means = np.average(x, axis=0, weights=weights)
    information = np.cov(x.T, aweights=weights, ddof=0) if len(x) > 1 else np.zeros((3, 3))
    alone = x[who, k] - np.average(x[:, k], weights=hazard)
    bounds = sum(w * np.array(u) @ information @ np.array(u) for w, u in zip(at.weights, at.forms, strict=True))
    return at.alone * alone + np.dot(at.scores, x[who] - means) + bounds


def by_trying_all(p: Premises, at: Prices) -> float:
    """The greatest total of all orders and joint tables; whoever would lower it is censored."""
    n, best = p.patients, -math.inf
    for places in product(*(combinations(range(n), k) for k in p.exposed)):
        x = np.zeros((n, 3))
        for k, where in enumerate(places):
            x[list(where), k] = 1
        best = max(best, sum(max(0.0, total_of_an_event(x[q:], 0, p, at)) for q in range(n)))
    return best


@pytest.mark.parametrize(
    ("patients", "exposed", "seed"),
    [(5, (1, 4, 2), 1), (5, (2, 3, 2), 2), (4, (3, 1, 2), 3), (5, (4, 2, 3), 4), (4, (1, 2, 4), 5), (5, (0, 4, 3), 6)],
)
def test_the_greatest_total_is_that_of_the_best_of_all_orders(patients, exposed, seed):
    pytest.importorskip("numba", reason="the program is compiled: install secondlook[search]")
    p, at = given(patients, exposed), prices(np.random.default_rng(seed), variable="abc"[seed % 3])
    tried = by_trying_all(p, at)
    assert proofs.greatest(p, at) == pytest.approx(tried, abs=proofs.rounding(patients, at))
    assert proofs.rounding(patients, at) < 1e-3


@pytest.mark.parametrize("seed", range(12))
def test_no_order_that_prints_the_rows_has_a_total_below_the_floor(seed):
    """Patients are simulated and fitted; the printed values lie anywhere within reach of the fits."""
    rng = np.random.default_rng(seed)
    n, reach = 40, 0.02
    x = (rng.random((n, 3)) < [0.3, 0.7, 0.5]).astype(float)
    times, events = rng.exponential(np.exp(-x @ [1.0, 0.3, 0.8])), rng.random(n) < 0.85
    order = np.argsort(times)
    x, events = x[order], events[order]
    fitted, alone = (cox.fit(z, np.arange(n), events) for z in (x, x[:, 1:2]))
    p = Premises(
        ("a", "b", "c"), n, (0, 0, 0), fitted.beta + rng.uniform(-reach, reach, 3), np.full(3, reach), fitted.se**-2.0
    )
    for _ in range(20):
        side = rng.choice([-1, 1])
        at = prices(rng, hr=math.exp(alone.beta[0] - side * rng.uniform(0, 0.3)))
        at = at.model_copy(update={"alone": side * abs(at.alone)})
        total = sum(total_of_an_event(x[q:], 0, p, at) for q in range(n) if events[q])
        assert total >= proofs.floor(p, at)


def test_prices_that_prove_nothing_are_refused():
    at = prices(np.random.default_rng(0))
    with pytest.raises(ValueError, match="weights must not be negative"):
        proofs.form(at.model_copy(update={"weights": [0.1, -0.1, 0.0]}))
    with pytest.raises(ValueError, match="own entry must be 1"):
        proofs.form(at.model_copy(update={"forms": [[0.9, 0, 0], [0, 1.0, 0], [0, 0, 1.0]]}))


def test_the_stored_proofs_hold_for_what_is_printed(paper):
    # Table 6: Child-Pugh alone 2.90, which may be 2.895, and adjusted.
    found = proofs.load(paper)
    assert [proof.prices.name for proof in found] == ["whole-model", "own-row"]
    for proof in found:
        assert proof.holds
        assert proof.prices.alone > 0
        assert proof.prices.hr < 2.895


def test_a_proof_from_other_premises_does_not_hold(paper, tmp_path):
    for name in (proofs.PRICES, proofs.TOTALS):
        text = (proofs.FOLDER / name).read_text()
        (tmp_path / name).write_text(text.replace("0.166", "0.167") if name == proofs.TOTALS else text)
    assert not any(proof.holds for proof in proofs.load(paper, tmp_path))


@pytest.mark.slow
def test_the_stored_totals_are_found_again(paper):
    pytest.importorskip("numba", reason="the program is compiled: install secondlook[search]")
    proof = proofs.load(paper)[0]
    total = proofs.greatest(proof.given, proof.prices)
    assert proof.greatest == pytest.approx(total + proofs.rounding(proof.given.patients, proof.prices), abs=1e-3)

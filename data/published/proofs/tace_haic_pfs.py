"""Checks the proof `tace-haic-pfs` of proofs.toml by itself: how small can the information of that row be?

Cox's model of one 0/1 covariate sees only the order of events and censorings. At a time with `a` exposed and `o` others
at risk, an event adds p(1 - p) to the information and x - p to the score, p = a HR / (a HR + o) (Cox 1972). At the
estimate the score is zero. Forward in time, from everybody to nobody, this program keeps, for each (a, o, censored so
far), the least information by score on a grid. Rounding to the grid only lets more orders in, so the result is a lower
bound. An order that prints the row has an information of at most 1 / SE^2, SE from the printed limits.
"""

import math
import tomllib
from pathlib import Path

import numpy as np

STEP, WIDEST = 1 / 200, 24.0


def ends(text, units):
    """Logarithms of the ends of what is rounded to a printed number, or of what is so many half units from it."""
    half = units * 10.0 ** -len(text.partition(".")[2]) / 2
    return math.log(float(text) - half), math.log(float(text) + half)


def block(a, o, d1, d0, hr, ties):
    """What d1 exposed and d0 others of one time add to (information, score)."""
    d, information, score = d1 + d0, 0.0, float(d1)
    for k in range(d):
        gone = k / d if ties == "efron" else 0.0
        p = (a - gone * d1) * hr / ((a - gone * d1) * hr + o - gone * d0)
        information, score = information + p * (1 - p), score - p
    return information, score


def least(n1, n0, hr, censored, tail, tied=1, ties="breslow"):
    """The least information by score of all orders: a list by the number censored; censoring from `tail` at risk on."""
    half = round(WIDEST / STEP)
    best = np.full((n1 + 1, n0 + 1, censored + 1, 2 * half + 1), np.inf, np.float32)
    best[n1, n0, 0, half] = 0.0
    for total in range(n1 + n0, 0, -1):
        for a in range(max(0, total - n0), min(n1, total) + 1):
            now, o = best[a, total - a], total - a
            for d in range(1, min(tied, total) + 1):
                for d1 in range(max(0, d - o), min(d, a) + 1):
                    information, score = block(a, o, d1, d - d1, hr, ties)
                    by, to = round(score / STEP), best[a - d1, o - d + d1]
                    into, out = slice(max(by, 0), min(by, 0) or None), slice(max(-by, 0), min(-by, 0) or None)
                    np.minimum(to[:, into], now[:, out] + np.float32(information), out=to[:, into])
            for to in ([best[a - 1, o]] if a else []) + ([best[a, o - 1]] if o else []):
                if total <= tail:
                    np.minimum(to[1:], now[:-1], out=to[1:])
    return best[0, 0], half


def bound(values, censored, tail, tied=1, ties="breslow", turned=False, units=1, missing=0):
    """(least information of any order whose estimate prints the hazard ratio, greatest that prints the limits)."""
    n1, n0 = (sum(int(values[f"t1.tace_haic.{side}.{arm}.n"]) for arm in ("lp", "r")) for side in ("yes", "no"))
    n1, n0 = (n0, n1) if turned else (n1, n0)
    (low, high), lower, upper = (ends(values[f"t5.tace_haic.uni.{k}"], units) for k in ("hr", "lower", "upper"))
    low, high = max(low, (lower[0] + upper[0]) / 2), min(high, (lower[1] + upper[1]) / 2)
    middle, reach, n = (low + high) / 2, (high - low) / 2, n1 + n0
    slack = math.ceil((n * STEP / 2 + reach * n / 4) / STEP)
    rounded, lowest = (1 - (n + 1) * 2.0**-23) * math.exp(-reach), math.inf
    for k in range(missing + 1):  # patients of the one group, and of the other, who are not in the row
        found, half = least(n1 - k, n0 - missing + k, math.exp(middle), censored, tail, tied, ties)
        lowest = min(lowest, float(found[:, half - slack : half + slack + 1].min()))
    return lowest * rounded, (2 * 1.959964 / (upper[0] - lower[1])) ** 2


if __name__ == "__main__":
    proofs = tomllib.loads((Path(__file__).parent.parent / "proofs.toml").read_text())["proofs"]
    proof = next(item for item in proofs if item["id"] == "tace-haic-pfs")
    for case in proof["cases"]:
        if "censored" in case:
            given = {
                k: case[k] for k in ("censored", "tail", "tied", "ties", "turned", "units", "missing") if k in case
            }
            print(case["id"], *(f"{v:.2f}" for v in bound(proof["values"], **given)))

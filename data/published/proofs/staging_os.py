"""Checks the proof `staging-os` of proofs.toml by itself: can stage B have been without extrahepatic spread?

If nobody in stage B has spread, three kinds of patients are left: stage B without it, stage C without and with it. The
Cox models of stage alone and of spread alone then see only how the numbers at risk of the three shrink. An event adds
to sums that the two printed rows prescribe: each score is zero, each information 1 / SE^2. A price on each sum gives a
total that orders with these rows have at least (`floor`); a dynamic program finds the greatest total of any order,
whoever is censored (`greatest`). If it is less, no order has both rows, and somebody in stage B had spread.
"""

import math
import tomllib
from itertools import product
from pathlib import Path

KINDS = ((1, 0), (0, 0), (0, 1))  # (stage B, spread)
PRICES = {
    "os": ((0.32951032, 0.25581533), (0.03283681, 0.38183753)),
    "pfs": ((0.29216389, 0.14279214), (0.20229779, 0.36274617)),
}


def box(values, row):
    """(middle of the log HR, its reach, least 1 / SE^2, greatest) of what prints a row."""

    def ends(text):
        half = 10.0 ** -len(text.partition(".")[2]) / 2
        return math.log(float(text) - half), math.log(float(text) + half)

    hr, lower, upper = (ends(values[f"{row}.{k}"]) for k in ("hr", "lower", "upper"))
    low, high = max(hr[0], (lower[0] + upper[0]) / 2), min(hr[1], (lower[1] + upper[1]) / 2)
    wide = 2 * 1.959964
    return (low + high) / 2, (high - low) / 2, (wide / (upper[1] - lower[0])) ** 2, (wide / (upper[0] - lower[1])) ** 2


def floor(boxes, scores, weights):
    """The least total of an order that prints both rows: 1 / SE^2 as printed, less what rounding leaves open."""
    return sum(
        w * least * math.exp(-reach) - abs(s) * reach * math.exp(reach) * most
        for (_, reach, least, most), s, w in zip(boxes, scores, weights, strict=True)
    )


def of_events(risk, who, boxes, scores, weights, efron):
    """What events of these kinds at one time add; by Efron's method the j-th meets them with less weight."""
    d, total = sum(who), 0.0
    for j in range(d):
        left = [n - (j / d if efron else 0) * k for n, k in zip(risk, who, strict=True)]
        for r, (b, *_) in enumerate(boxes):
            one = sum(n for n, kind in zip(left, KINDS, strict=True) if kind[r]) * math.exp(b)
            p = one / (one + sum(n for n, kind in zip(left, KINDS, strict=True) if not kind[r]))
            total += weights[r] * p * (1 - p) - scores[r] * p
    return total + sum(k * scores[r] * kind[r] for k, kind in zip(who, KINDS, strict=True) for r in range(2))


def greatest(sizes, boxes, scores, weights, tied=1, efron=False):
    """The greatest total of any order of so many of the three kinds, up to `tied` of whom have the event at a time."""
    value = {(0, 0, 0): 0.0}
    events = [who for who in product(range(tied + 1), repeat=3) if 0 < sum(who) <= tied]
    for risk in product(*(range(n + 1) for n in sizes)):
        ways = [value[risk]] if risk in value else []
        for who in events:
            before = tuple(n - k for n, k in zip(risk, who, strict=True))
            if min(before) >= 0:
                censored = 0.0 if sum(who) == 1 else -math.inf
                ways.append(value[before] + max(censored, of_events(risk, who, boxes, scores, weights, efron)))
        value[risk] = max(ways)
    return value[tuple(sizes)]


if __name__ == "__main__":
    data = tomllib.loads((Path(__file__).parent.parent / "proofs.toml").read_text())
    v = next(item for item in data["proofs"] if item["id"] == "staging-os")["values"]
    count = {
        name: sum(int(v[f"t1.{name}.{arm}.n"]) for arm in ("lp", "r"))
        for name in ("bclc.b", "bclc.c", "extrahepatic.no")
    }
    sizes = [
        count["bclc.b"],
        count["extrahepatic.no"] - count["bclc.b"],
        count["bclc.b"] + count["bclc.c"] - count["extrahepatic.no"],
    ]
    for name, table, more in (
        ("as-proved", "os", {}),
        ("ties-5", "os", {"tied": 5}),
        ("efron-3", "os", {"tied": 3, "efron": True}),
        ("progression", "pfs", {}),
    ):
        boxes = [box(v, f"{'t6' if table == 'os' else 't5'}.{row}.uni") for row in ("bclc", "extrahepatic")]
        print(name, f"{greatest(sizes, boxes, *PRICES[table], **more):.2f} {floor(boxes, *PRICES[table]):.2f}")

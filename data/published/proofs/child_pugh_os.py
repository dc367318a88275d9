"""Checks the proof `child-pugh-os` of proofs.toml by itself: can Child-Pugh alone stand beside the adjusted model?

Without ties both Cox models of three 0/1 covariates see only how the numbers at risk in their 8 combinations shrink,
one patient at a time. An event adds to sums that printed rows prescribe: the score alone is zero and the information
alone 1 / SE^2; the model's scores are zero; and u'Iu >= 1 / SE_k^2 for all u with u_k = 1, I being its information. A
price on each sum gives a total that orders with these rows have at least (`floor`). This program finds the greatest
total of any order, from nobody at risk upwards, whoever is censored (`greatest`). If it is less, no order has them.
"""

import math
import tomllib
from itertools import product
from pathlib import Path

import numpy as np

CELLS = np.arange(8)[:, None] >> np.arange(3) & 1  # ECOG PS 2, Child-Pugh A, AFP of 400 or more


def box(values, row):
    """(middle of the log HR, its reach, least 1 / SE^2, greatest) of what prints a row."""

    def ends(text):
        half = 10.0 ** -len(text.partition(".")[2]) / 2
        return math.log(float(text) - half), math.log(float(text) + half)

    hr, lower, upper = (ends(values[f"{row}.{k}"]) for k in ("hr", "lower", "upper"))
    low, high = max(hr[0], (lower[0] + upper[0]) / 2), min(hr[1], (lower[1] + upper[1]) / 2)
    wide = 2 * 1.959964
    return (low + high) / 2, (high - low) / 2, (wide / (upper[1] - lower[0])) ** 2, (wide / (upper[0] - lower[1])) ** 2


def floor(boxes, price):
    """The least total of an order that prints the rows."""
    reach, least, most = np.array(boxes)[:, 1:].T
    credit = np.dot(price["weights"], least[:3]) * math.exp(-reach[:3].sum())
    slack = 68 / 4 * reach[:3].sum() * np.abs(price["scores"]).sum()
    return credit - slack - most[3] * math.exp(reach[3]) * (abs(price["alone"]) * reach[3] + price["own"])


def of_risk_set(n, b, price, form):
    """What a risk set adds to the total at an event; `n` are eight arrays, numbers at risk by combination."""
    w = np.exp(CELLS @ b[:3])
    sums = [sum(w[c] * n[c] for c in range(8) if c & bits == bits) for bits in range(8)]
    one, all_ = sum(n[c] for c in range(8) if c & 2), sum(n)
    p = one * math.exp(b[3]) / np.maximum(one * math.exp(b[3]) + all_ - one, 1e-9)
    m = [sums[1 << k] / np.maximum(sums[0], 1e-9) for k in range(3)]
    total = -p * (price["alone"] + price["own"] * (1 - p))
    for j, k in product(range(3), range(3)):
        total = total + form[j, k] * (sums[1 << j | 1 << k] / np.maximum(sums[0], 1e-9) - m[j] * m[k])
    return total - sum(s * x for s, x in zip(price["scores"], m, strict=True))


def number_of_sixes(n, exposed):
    """How many patients of combination 6 complete these to all 68 with the right margins; -1 when none do."""
    six = exposed[2] - n[4] - n[5] - n[7]
    margins = [n[1] + n[3] + n[5] + n[7], n[2] + n[3] + n[7] + six, n[4] + n[5] + n[7] + six]
    return six if six >= 0 and margins == exposed and sum(n.values()) + six == 68 else -1


def greatest(exposed, b, price):
    """The greatest total of any order of patients with these margins."""
    first, lacking, low, sixes = exposed[0], 68 - exposed[1], 68 - exposed[2], exposed[2]
    gain = CELLS @ np.array(price["scores"]) + price["alone"] * CELLS[:, 1]
    form = np.einsum("k,ki,kj->ij", price["weights"], price["forms"], price["forms"])
    best, old, place = -math.inf, [], {}
    for shell in range(first + 1):  # numbers of the combinations 1, 3, 5, 7, by their sum; 0 and 4 by theirs; 2; 6
        fours = [f for f in product(range(shell + 1), repeat=4) if sum(f) == shell]
        before = [[place.get((*f[:k], f[k] - 1, *f[k + 1 :]), -1) for f in fours] for k in range(4)]
        now, place, outer = [], {f: i for i, f in enumerate(fours)}, np.array(fours)[:, None, :, None]
        for s in range(lacking + 1):
            v = np.full((len(fours), s + 1, low + 1, sixes + 1), -np.inf)
            zero = np.arange(s + 1)[None, :, None]
            for two in range(low + 1):
                of_fours = [outer[:, :, k] for k in range(4)]
                n = [zero, of_fours[0], two, of_fours[1], s - zero, of_fours[2], np.arange(sixes + 1), of_fours[3]]
                risk = of_risk_set(n, b, price, form)
                h = np.full_like(risk, 0.0 if shell == s == two == 0 else -np.inf)
                for k, c in enumerate((1, 3, 5, 7) if shell else ()):
                    left = np.where(np.array(before[k])[:, None, None] < 0, -np.inf, old[s][before[k], :, two])
                    np.maximum(h, left + np.maximum(0, gain[c] + risk), out=h)
                if s:
                    np.maximum(h[:, 1:], now[s - 1][:, :, two] + np.maximum(0, gain[0] + risk[:, 1:]), out=h[:, 1:])
                    np.maximum(h[:, :-1], now[s - 1][:, :, two] + np.maximum(0, gain[4] + risk[:, :-1]), out=h[:, :-1])
                if two:
                    np.maximum(h, v[:, :, two - 1] + np.maximum(0, gain[2] + risk), out=h)
                steps = np.maximum(0, gain[6] + risk).cumsum(axis=2)
                v[:, :, two] = steps + np.maximum.accumulate(h - steps, axis=2)
            now.append(v)
            for (i, f), z, two in product(enumerate(fours), range(s + 1), range(low + 1)):
                six = number_of_sixes({0: z, 4: s - z, 2: two, **dict(zip((1, 3, 5, 7), f, strict=True))}, exposed)
                best = max(best, v[i, z, two, six]) if six >= 0 else best
        old = now
    return best


if __name__ == "__main__":
    data = tomllib.loads((Path(__file__).parent.parent / "proofs.toml").read_text())
    proof = next(item for item in data["proofs"] if item["id"] == "child-pugh-os")
    price, v = next(item for item in data["prices"] if item["name"] == "as-printed"), proof["values"]
    boxes = [box(v, f"t6.{row}") for row in ("ecog.multi", "child_pugh.multi", "afp.multi", "child_pugh.uni")]
    exposed = [sum(int(v[f"t1.{k}.{arm}.n"]) for arm in ("lp", "r")) for k in ("ecog.2", "child_pugh.a", "afp.ge400")]
    print(proof["cases"][0]["id"], f"{greatest(exposed, np.array(boxes)[:, 0], price):.2f} {floor(boxes, price):.2f}")

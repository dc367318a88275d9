"""Lines as papers print rows, made by hand from parts, with what they say: the truth for both readers."""

from __future__ import annotations

import csv
import random
from pathlib import Path

SEED = 20261201
CASES = Path(__file__).parent / "numbers" / "pasted-lines.csv"
SAID = ("label", "measure", "ratio", "lower", "upper", "p", "level", "sides", "interval", "p_of",
        "n_1", "size_1", "n_2", "size_2", "pct_1", "pct_2")  # fmt: skip

MEASURES = {
    "HR": "HR", "hazard ratio": "HR", "aHR": "HR", "adjusted HR": "HR", "OR": "OR", "odds ratio": "OR", "aOR": "OR",
    "RR": "RR", "Relative risk": "RR", "SHR": "SHR", "Hazard ratio (HR)": "HR",
}  # fmt: skip
LABELS = (
    "Age ≥65 years", "CA19-9 >37 U/mL", "Stage III vs I–II", "ECOG PS (2 vs 0–1)", "PD-L1 ≥1%", "Hepatitis B",
    "Child-Pugh B7", "65–74 y", "Sex, male vs female", "TNM (III/IV vs I/II)", "Grade 3", "log10(AFP)",
)  # fmt: skip
LEVELS = {"95% CI": "95", "95%-CI": "95", "95 % CI": "95", "CI 95%": "95", "97.5% CI": "97.5", "99% CI": "99",
          "95% confidence interval": "95"}  # fmt: skip
SIDES = {"": {}, "one-sided ": {"sides": "1"}, "two-sided ": {"sides": "2"}, "log-rank ": {"p_of": "logrank"}}
NOT_SIGNIFICANT = ("NS", "n.s.", "not significant")
GARBAGE = (" 7.31", " ±3", " 4.4.4", " 12,3,4,5,6.1", " (2.2", " of 0.9 days of")


def pasted() -> list[dict[str, str]]:
    """Return the collected lines: text, row in it, kind, what is said, and the verdicts that are right."""
    with CASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _ratio(rng: random.Random) -> tuple[str, str, str]:
    places = rng.choice((1, 2, 2, 3))
    low, mid, high = sorted(rng.uniform(0.11, 5) for _ in range(3))
    return f"{mid:.{places}f}", f"{low:.{places}f}", f"{high:.{places}f}"


def _p(rng: random.Random) -> str:
    return rng.choice((f"{rng.uniform(0, 0.999):.3f}", f"{rng.uniform(0.01, 0.98):.2f}", "<0.001", "<0.05", "0.000"))


def _interval(rng: random.Random, low: str, high: str, comma: bool) -> str:
    joined = rng.choice(("–", "-", " – ", " - ", " to ", "~", "—", "−", "; " if comma else ", "))
    left, right = rng.choice((("(", ")"), ("[", "]"), ("（", "）")))
    return f"{left}{{ci}}{low}{joined}{high}{right}"


def ratio_lines(n: int) -> list[tuple[str, dict[str, str]]]:
    """Return lines with a measure or a label, and what each says."""
    rng = random.Random(f"{SEED} ratio")
    made = []
    for _ in range(n):
        ratio, low, high = _ratio(rng)
        p = _p(rng)
        said = {"ratio": ratio, "lower": low, "upper": high, "p": p}
        named = rng.random() < 0.6
        dress = rng.choice(("point", "point", "comma", "raised", "wide", "bare"))
        interval = _interval(rng, low, high, dress == "comma")
        ci, test = "", ""
        if named:
            measure = rng.choice(list(MEASURES))
            head = measure + rng.choice((" ", ": ", " = ", ", "))
            said["measure"] = MEASURES[measure]
            if rng.random() < 0.7:
                name = rng.choice([n for n in LEVELS if dress != "comma" or "." not in n])
                ci, said["level"] = name + rng.choice((" ", ", ", ": ")), LEVELS[name]
            test = rng.choice(list(SIDES))
            said |= SIDES[test]
        else:
            label = rng.choice(LABELS)
            head, said["label"] = label + rng.choice((" ", "\t", ": ", " | ")), label
        # 3,397 (3,184–4,517) with nothing else beside may be of thousands: a decimal below 1 decides it
        if named and not (dress == "comma" and "." in low[-4:-3] and low[0] != "0") and rng.random() < 0.12:
            tail, said["p"] = ", " + rng.choice(("", "p = ")) + rng.choice(NOT_SIGNIFICANT), ">0.05"
            test = ""
            said = {k: v for k, v in said.items() if k not in ("sides", "p_of")}
        elif named:
            sign = "" if p[0] == "<" else rng.choice((" = ", "=", " ", ": "))
            tail = (
                rng.choice((", ", "; ", " ")) + test + rng.choice(("p", "P", "P value", "p-value")) + (sign or " ") + p
            )
        else:
            tail = rng.choice((" ", "\t", ", p = " if p[0] != "<" else ", p ")) + p
        if not named and rng.random() < 0.5:
            interval = low + rng.choice(("–", " –", "\t", " to ")) + high
        text = head + ratio + rng.choice((" ", "\t", "")) * (interval[0] in "([（" or 1)
        text = (
            (text if text[-1] in " \t" or interval[0] in "([（" else text + " ") + interval.replace("{ci}", ci) + tail
        )
        made.append((_dressed(text, said, dress), said))
    return made


def _dressed(text: str, said: dict[str, str], dress: str) -> str:
    """Print the numbers of a line in another way; what they say stays the same."""
    numbers = [said[name].lstrip("<>") for name in ("ratio", "lower", "upper", "p") if "." in said[name]]
    numbers = sorted({n for n in numbers if n in text}, key=len, reverse=True)
    for number in numbers:
        if dress == "comma":
            text = text.replace(number, number.replace(".", ","))
        elif dress == "raised":
            text = text.replace(number, number.replace(".", "·"))
        elif dress == "wide":
            text = text.replace(number, "".join(chr(ord(c) + 0xFEE0) for c in number))
    return text


def count_lines(n: int) -> list[tuple[str, dict[str, str]]]:
    """Return lines with the counts of two groups, and what each says."""
    rng = random.Random(f"{SEED} counts")
    made = []
    for _ in range(n):
        size_1, size_2 = rng.randint(11, 400), rng.randint(11, 400)
        n_1, n_2 = rng.randint(0, size_1), rng.randint(0, size_2)
        p = _p(rng)
        said = {"n_1": n_1, "size_1": size_1, "n_2": n_2, "size_2": size_2, "p": p}
        of = rng.choice(("/", " / ", " of "))
        pct = ["", ""]
        if rng.random() < 0.5:
            said |= {"pct_1": f"{100 * n_1 / size_1:.1f}", "pct_2": f"{100 * n_2 / size_2:.1f}"}
            pct = [f" ({said['pct_1']}%)", f" ({said['pct_2']}%)"]
        label = rng.choice(("", "ORR ", "Response: "))
        said |= {"label": label.strip(" :")} if label else {}
        sign = " " if p[0] == "<" else " = "
        between = rng.choice((" vs ", " vs. ", " versus ", " v ", ", ", " and "))
        text = f"{label}{n_1}{of}{size_1}{pct[0]}{between}{n_2}{of}{size_2}{pct[1]}, {rng.choice('pP')}{sign}{p}"
        made.append((text, {key: str(value) for key, value in said.items()}))
    return made


def spoilt_lines(n: int) -> list[str]:
    """Return lines to which something was added that no form explains."""
    rng = random.Random(f"{SEED} spoilt")
    return [text + rng.choice(GARBAGE) for text, _ in ratio_lines(n)]


def noise(n: int) -> list[str]:
    """Return lines of pieces in any order: whatever is said of them, both readers say it."""
    rng = random.Random(f"{SEED} noise")
    pieces = (
        "HR", "OR", "or", "0.52", "(0.31–0.87)", "p", "=", "0,012", "<", "≥", "12", "8/41", "%", "CI", "95", "NS", "(", ")",
        "[", "]", "–", "-", "−", "·", ";", "\t", "|", "1,234", "1.234,5", "ref", "NR", "a", "*", "χ²", "exp(coef)", "SE", "n=41",
        "one-sided", "log-rank", "1e-5", "× 10⁻³", "β", "Ü", "\U0001d400", "vs", "of", "to", "y", ".", ",", "0.O5", "≈", "~", "—",
    )  # fmt: skip
    return [
        "".join(rng.choice(pieces) + rng.choice((" ", " ", "")) for _ in range(rng.randint(1, 14))) for _ in range(n)
    ]


#: One line for each form that the lines above do not have, and what it says beside HR 0.52 (0.31–0.87), p = 0.012.
ROW = {"measure": "HR", "ratio": "0.52", "lower": "0.31", "upper": "0.87", "p": "0.012"}
EXAMPLES: list[tuple[str, dict[str, str] | str]] = [
    ("HR 0.52 (0.31–0.87), Ptrend = 0.012", ROW | {"p_of": "trend"}),
    ("HR 0.52 (0.31–0.87), p for heterogeneity 0.012", ROW | {"p_of": "heterogeneity"}),
    ("HR 0.52 (0.31–0.87), p = 0.012 for trend", ROW | {"p_of": "trend"}),
    ("HR 0.52 (0.31–0.87), noninferiority p = 0.012", ROW | {"p_of": "noninferiority"}),
    ("HR 0.52 (0.31–0.87), p = 0.012 for non-inferiority", ROW | {"p_of": "noninferiority"}),
    ("HR 0.52 (0.31–0.87), adjusted p = 0.012", ROW | {"p_of": "adjusted"}),
    ("HR 0,52 (0,31–0,87), einseitiges p = 0,012", ROW | {"sides": "1"}),
    ("HR 0,52 (0,31–0,87), zweiseitiger p-Value 0,012", ROW | {"sides": "2"}),
    ("HR 0.52 (0.31–0.87), likelihood-ratio test p = 0.012", ROW | {"p_of": "lr"}),
    ("HR 0.52 (0.31–0.87), p = 0.012 (score test)", ROW | {"p_of": "score"}),
    ("HR 0.52 (0.31–0.87), McNemar's test p = 0.012", ROW | {"p_of": "mcnemar"}),
    ("HR 0.52 (0.31–0.87), Mann-Whitney U test p = 0.012", ROW | {"p_of": "other test"}),
    ("HR 0.52 (0.31–0.87), Wald p = 0.012", ROW | {"p_of": "wald"}),
    ("HR 0.52 (0.31–0.87; bootstrap), p = 0.012", ROW | {"interval": "bootstrap"}),
    ("HR 0.52 (credible interval 0.31–0.87)", "not such a row"),
    ("HR 0.52 (95% prediction interval 0.31–0.87)", "not such a row"),
    ("HR 0.52 (exact 95% CI 0.31–0.87), p = 0.012", ROW | {"level": "95", "interval": "exact"}),
    ("HR 0.52 (95% bootstrap percentile CI 0.31–0.87), p = 0.012", ROW | {"level": "95", "interval": "bootstrap"}),
    ("HR 0.52 (90% profile-likelihood CI 0.31–0.87), p = 0.012", ROW | {"level": "90", "interval": "profile"}),
    ("HR 0.52 (mid-p CI 0.31–0.87), p = 0.012", ROW | {"interval": "mid-p"}),
    ("HR 0.52 (score CI, 0.31–0.87), p = 0.012", ROW | {"interval": "score"}),
    ("HR 0.52 (simultaneous 95% CI 0.31–0.87), p = 0.012", ROW | {"level": "95", "interval": "simultaneous"}),
    ("HR 0.52 (95% Wald CI 0.31–0.87), p = 0.012", ROW | {"level": "95", "interval": "wald"}),
    ("HR 0.52 (95% two-sided CI 0.31–0.87), p = 0.012", ROW | {"level": "95"}),
    ("HR 0.52 (CI95 0.31–0.87), p = 0.012", ROW | {"level": "95"}),
    ("AUC 0.72 (0.61–0.83), p = 0.012", "not such a row"),
    ("Haz. Ratio 0.52 (0.31–0.87), p = 0.012", ROW),
    ("incidence rate ratio 0.52 (0.31–0.87), p = 0.012", ROW | {"measure": "IRR"}),
    ("IRR 0.52 (0.31–0.87), p = 0.012", ROW | {"measure": "IRR"}),
    ("WBC, ×10⁹/L: HR 0.52 (0.31–0.87), p = 0.012", ROW | {"label": "WBC, x10⁹/L"}),
    ("2nd line: HR 0.52 (0.31–0.87), p = 0.012", ROW | {"label": "2nd line"}),
    ("HR 0.52 (0.31–0.87), p = 0.012 (Fisher's exact test)", ROW | {"p_of": "fisher"}),
    ("HR O.52 (0.3l–0.87), p = 0.O12", ROW),
    ("HR 0. 52 (0. 31–0. 87), p = 0. 012", ROW),
    ("HR 0 .52 (0 .31–0 .87), p = 0 .012", ROW),
    ("95% CI 0.31–0.87; HR 0.52; p = 0.012", ROW | {"level": "95"}),
    ("(p = 0.012; HR 0.52, 95% CI 0.31–0.87)", ROW | {"level": "95"}),
    ("HR 0.52 (0.31–0.87), Pearson chi-square p = 0.012", ROW | {"p_of": "chi2"}),
    ("p53: HR 0.52 (0.31–0.87), p0.012", ROW | {"label": "p53"}),
    ("HR 0.52 (0.31–0.87), p = 1.2 × 10⁻²", ROW),
    ("HR 0.52 (0.31–0.87), p < 10⁻⁴", ROW | {"p": "<0.0001"}),
    ("HR 0.52 (0.31–0.87), p=-0.012", ROW | {"p": "-0.012"}),
    ("HR 0.52 (0.31–0.87), p -0.012", "unread"),
    ("62.1 (58–66) 60.2 (55–65) 0.31", "unread"),
    ("Median PFS 5.6 (95% CI 4.1–7.1) months", "unread"),
    ("14/40 vs 5/35 vs 6/30, p = 0.04", "unread"),
    ("30 (73.2%) vs 12 (44.4%); RR 0.52 (0.31–0.87); P = .012",
     {k: v for k, v in ROW.items() if k != "p"} | {"measure": "RR", "label": "30 (73.2%) vs 12 (44.4%)"}),
]  # fmt: skip
HEADED = (
    "\tB\tS.E.\tWald\tdf\tSig.\tExp(B)\tLower\tUpper\nsex\t.182\t.207\t.774\t1\t.379\t1.200\t.800\t1.800",
    "      coef exp(coef) se(coef)     z Pr(>|z|)\nsex 0.1823 1.2000 0.2070 0.881 0.3784\n",
    "_t | Haz. Ratio   Std. Err.      z    P>|z|     [95% Conf. Interval]\nsex | 1.2 .248 0.88 0.378 .8 1.8",
    "coef exp(coef) se(coef) coef lower 95% coef upper 95% exp(coef) lower 95% exp(coef) upper 95% z p\n"
    "sex 0.18 1.20 0.21 -0.22 0.59 0.80 1.80 0.88 0.38",
    "Variable\tHR (95% CI)\tP\nMale\t1.78 (0.75–4.22)\nAge\t1.20\t0.80\t1.80\t0.37",
    "\tLP (n = 41)\tR (n=27)\tp\nORR\t8 (19.5)\t2 (7.4)\t0.294",
)

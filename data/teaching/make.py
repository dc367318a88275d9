"""Make the files of this folder again (``make teaching``): patients, what is found on them, the table of README.md."""

from __future__ import annotations

import io
import itertools
import shutil
import subprocess
from pathlib import Path

import estimates
import impute
import numpy as np
import pandas as pd
import study
from truth import truth

from secondlook.writing import write_whole

HERE = Path(__file__).parent
#: Chosen, and said in README.md: the first of 1, 2, 3, … of which :func:`unclear` says nothing.
SEED = 23
#: Seeds of the other draws of which repeats.csv has the means; none was chosen.
REPEATS = 1001, 1041
#: Standard errors that a naive estimate is off at least (its 95 % interval is without the truth), a mended one at most.
FAR, NEAR = 1.96, 1.0
#: The naive and the mended estimates of each lesson; imputation is naive where its assumption fails.
RULES = {
    "responders, hazard ratio": (["by best response, from the start"], ["landmark", "changing in time"]),
    "A against none or B, hazard ratio": (["ever A, from eligibility"], ["from the start of the drug"]),
    "survival at 12 months, A - B, points": (["as it stands"], ["standardised", "weighted", "matched"]),
    "A against B, albumin missing, hazard ratio": (["complete cases"], ["imputed", "nothing missing"]),
    "mean quality of life": (["complete cases", "imputed"], ["nothing missing"]),
    "survival at 18 months, %": (["Kaplan-Meier"], ["weighted for loss", "nobody lost"]),
    "survival a year after eligibility, wait for A - take B, points": (
        ["by the drug that was taken", "clones, censored"],
        ["clones, censored and weighted"],
    ),
    "A against B, by what is adjusted for, hazard ratio": (
        ["nothing"],
        ["what the drawing says", "all that was recorded before"],
    ),
    "progression within a year, %": (["1 - Kaplan-Meier, deaths censored"], ["Aalen-Johansen"]),
}


def drawn(seed: int) -> dict[str, str]:
    """Return the files of patients that a seed gives, as CSV."""
    files = study.tables(study.study(seed), np.random.default_rng([seed, 3]))
    files["draws"] = impute.draws(as_read(files["whole"]), as_read(files["patients"]), seed)
    return {name: as_csv(table) for name, table in files.items()}


def as_csv(table: pd.DataFrame) -> str:
    """Return a table as it is stored."""
    return table.to_csv(index=False, lineterminator="\n")


def as_read(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table as one that was stored is read."""
    return pd.read_csv(io.StringIO(as_csv(table)))


def repeated(true: dict[str, float]) -> pd.DataFrame:
    """Return mean and standard deviation of every estimate over other draws of 400; of ratios, of their logarithms."""
    again = []
    for seed in range(*REPEATS):
        files = {name: pd.read_csv(io.StringIO(text)) for name, text in drawn(seed).items()}
        again.append(estimates.table(true, files).set_index(["lesson", "method"]))
    values = pd.DataFrame([table["estimate"] for table in again])
    ratios = values.columns.get_level_values("lesson").str.contains("hazard ratio")
    values.loc[:, ratios] = np.log(values.loc[:, ratios])
    mean, spread = values.mean(), values.std()
    mean[ratios] = np.exp(mean[ratios])
    return again[0][["truth"]].assign(mean=mean.round(3), sd=spread.round(3)).reset_index()


def joined(found: pd.DataFrame, again: pd.DataFrame) -> pd.DataFrame:
    """Return estimates with how many standard errors each is off, and its 95 % interval.

    The standard error is the model's for a hazard ratio (of the logarithm), and the standard deviation over the other
    draws otherwise.
    """
    both = found.merge(again.drop(columns="truth"), on=["lesson", "method"])
    ratio = both["lesson"].str.contains("hazard ratio")
    error = both["se_log"].where(ratio, both["sd"])
    size, aim = (both[name].where(~ratio, np.log(both[name])) for name in ("estimate", "truth"))
    ends = {name: size + sign * FAR * error for name, sign in (("low", -1), ("high", 1))}
    ends = {name: end.where(~ratio, np.exp(end)) for name, end in ends.items()}
    return both.assign(off=(size - aim).abs() / error, **ends)


def unclear(found: pd.DataFrame, again: pd.DataFrame) -> list[str]:
    """Return what cannot be seen in estimates of some lessons: a naive one that is not off, a mended one that is."""
    said = []
    for row in joined(found, again).itertuples():
        naive, mended = RULES[row.lesson]
        if row.method in naive and row.off <= FAR:
            said.append(f"{row.lesson}: {row.method} is not off")
        if row.method in mended and row.off >= NEAR:
            said.append(f"{row.lesson}: {row.method} is off")
    return said


def first_seed(true: dict[str, float], again: pd.DataFrame) -> int:
    """Return the first seed with which every lesson can be seen; slow."""
    return next(seed for seed in itertools.count(1) if is_clear(seed, true, again))


def is_clear(seed: int, true: dict[str, float], again: pd.DataFrame) -> bool:
    """Return whether every lesson can be seen with a seed; stops at the first that cannot."""
    files = {name: pd.read_csv(io.StringIO(text)) for name, text in drawn(seed).items()}
    found = estimates.lessons(files["patients"], files["whole"], files["draws"])
    return not any(unclear(estimates.rows(true, *lesson), again) for lesson in found)


def by_r(folder: Path = HERE) -> str | None:
    """Return what estimates.R finds on the stored patients, or None where there is no R."""
    if not shutil.which("Rscript"):
        return None
    command = ["Rscript", folder / "estimates.R", folder]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout


def decimals(row: tuple, usual: int) -> int:
    """Return how many decimals tell a row's truth from the ends of its interval."""
    low, high, aim = (f"{x:.{usual}f}" for x in (row.low, row.high, row.truth))
    return usual + (aim in (low, high))


def shown(found: pd.DataFrame, again: pd.DataFrame, r_says: pd.DataFrame) -> str:
    """Return what README.md says was found: estimates by Python and by R, mean of other draws, truth; and the seed."""
    value = r_says.set_index(["lesson", "method"])["value"]
    rows = ["| | Python | R | 95 % interval | other draws | truth |", "|---|---:|---:|---:|---:|---:|"]
    for lesson, part in joined(found, again).groupby("lesson", sort=False):
        rows.append(f"| **{lesson}** | | | | | |")
        ratio = "hazard ratio" in lesson
        for row in part.itertuples():
            r = np.exp(value[lesson, row.method]) if ratio else value[lesson, row.method]
            places = decimals(row, 2 if ratio else 1)
            cells = [f"{x:.{places}f}" for x in (row.estimate, r, row.low, row.high, row.mean, row.truth)]
            python, r, low, high, mean, aim = cells
            mark = "✗ " if row.method in RULES[lesson][0] else "✓ " if row.method in RULES[lesson][1] else ""
            rows.append(f"| {mark}{row.method} | {python} | {r} | {low} to {high} | {mean} | {aim} |")
    chosen = (
        "**The seed was chosen.** 400 patients leave chance enough to hide a lesson, so seeds 1, 2, 3, … were tried"
        " until one showed them all: the 95 % interval of each ✗ without the truth, and each ✓ at most"
        f" {NEAR:g} standard error from it. It took {SEED}. *Other draws* are the antidote: the seeds {REPEATS[0]} to"
        f" {REPEATS[1] - 1}, of which none was chosen."
    )
    return "\n".join([*rows, "", chosen])


def readme(text: str, table: str) -> str:
    """Return README.md with another table between its marks."""
    before, mark, rest = text.partition("<!-- estimates -->\n")
    _, end, after = rest.partition("<!-- end -->")
    return f"{before}{mark}{table}\n{end}{after}"


def main() -> None:
    """Write all files of this folder that are made."""
    for name, text in drawn(SEED).items():
        write_whole(HERE / f"{name}.csv", text)
    true = truth()
    found, again = estimates.table(true), repeated(true)
    write_whole(HERE / "estimates.csv", as_csv(found))
    write_whole(HERE / "repeats.csv", as_csv(again))
    if (said := by_r()) is None:
        print("no R: its column is the stored one (tests/trials/test_teaching.py compares)")
    else:
        write_whole(HERE / "estimates-r.csv", said)
    table = shown(found, again, estimates.read("estimates-r"))
    write_whole(HERE / "README.md", readme((HERE / "README.md").read_text(encoding="utf-8"), table))


if __name__ == "__main__":
    main()

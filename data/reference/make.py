"""Make the references of this folder again that compare programs with each other: ``make references``.

Inputs are made first (`inputs`): the tables of counts of the paper's Tables 1 and 3, public patients, and the patients
of data/cohort/synthetic.csv in the same shape. R and PSPP compute on them (`outputs`). Each output names the versions
in its first line. Nothing is written unless both programs are there and neither complains.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from lifelines import datasets

from secondlook.checks.association import associations
from secondlook.cohort import columns as codes
from secondlook.cohort import records, targets
from secondlook.paper.registry import load
from secondlook.writing import write_whole

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PUBLISHED = ROOT / "data" / "published"
COHORT = ROOT / "data" / "cohort" / "synthetic.csv"
PATIENTS = ("dataset", "time", "event", "group", "x1", "x2", "x3")
FISHER = "Fisher's Exact Test"
#: What PSPP calls each test.
PSPP_TESTS = {
    "Pearson Chi-Square": "pearson",
    "Likelihood Ratio": "likelihood_ratio",
    "Continuity Correction": "yates",
    "Linear-by-Linear Association": "linear_by_linear",
    FISHER: "fisher",
}


def programs() -> dict[str, bool]:
    """Say which of the two programs are on this machine."""
    return {name: shutil.which(name) is not None for name in ("Rscript", "pspp")}


def run(*command: str | Path, cwd: Path = ROOT, given: str | None = None) -> str:
    """Return what a program prints; raises RuntimeError with its complaint when it fails or complains."""
    environment = os.environ | {"LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        command, cwd=cwd, env=environment, input=given, capture_output=True, text=True, check=False, timeout=300
    )
    if done.returncode or done.stderr:
        raise RuntimeError(f"{Path(command[0]).name}: {done.stderr or done.stdout}")
    return done.stdout


def as_csv(rows: list[tuple], version: str = "") -> str:
    """Return rows as CSV text below a line that names the version."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return (f"# {version}\n" if version else "") + text.getvalue()


# Inputs -------------------------------------------------------------------------------------------------------------


def tables() -> str:
    """Return the counts of every p value of association in Tables 1 and 3, one cell a row."""
    rows: list[tuple] = [("table", "row", "column", "count")]
    for item in associations(load(PUBLISHED)):
        if item.p.table in ("t1", "t3"):
            rows += [(item.p.id, i, j, n) for i, row in enumerate(item.table, 1) for j, n in enumerate(row, 1)]
    return as_csv(rows)


def public_patients() -> str:
    """Return five public data sets as one table: three of R's survival package, two of lifelines; needs R."""
    rossi, gbsg2 = datasets.load_rossi(), datasets.load_gbsg2()
    rows = [("rossi", r.week, r.arrest, f"fin-{r.fin}", r.fin, r.age, r.prio) for r in rossi.itertuples()]
    rows += [
        ("gbsg2", r.time, r.cens, f"horTh-{r.horTh}", int(r.horTh == "yes"), r.tsize, r.pnodes)
        for r in gbsg2.itertuples()
    ]
    return run("Rscript", HERE / "survival-data.R") + as_csv(rows)


def cohort_patients() -> str:
    """Return the synthetic cohort's two endpoints in the shape of the public patients, times with all their digits."""
    found = records.load(COHORT, PUBLISHED)
    covariates = [found.exposed("t5", variable) for variable in ("arm", "ecog", "afp")]
    rows: list[tuple] = [PATIENTS]
    for endpoint in ("pfs", "os"):
        columns = (found.times(endpoint), found.events(endpoint).astype(int), found.levels("arm"), *covariates)
        rows += [(endpoint, repr(float(time)), *rest) for time, *rest in zip(*columns, strict=True)]
    return as_csv(rows)


def edges(studies: int = 90, seed: int = 24) -> str:
    """Return small awkward studies, all kinds of them: what a package of statistics must refuse or get right.

    Times continuous, in whole months, or in tenths added up, so that equal ones differ by a rounding error; covariates
    constant, alike, complementary, in large units; nobody or everybody with the event; one group or up to three.
    """
    rng = np.random.default_rng(seed)
    rows: list[tuple] = [("study", "time", "event", "group", "x1", "x2")]
    for study in range(1, studies + 1):
        n = int(rng.integers(2, 31))
        months = rng.integers(1, 12, n)
        # 0.1 * 3 is not 0.3 but for a rounding error, and so on
        tenths = np.where(rng.random(n) < 0.5, months / 10, months * 0.1) + rng.integers(0, 2, n) * 4e-17
        times = (rng.exponential(9, n), months.astype(float), tenths)[rng.integers(3)]
        events = rng.random(n) < rng.choice([0, 0.3, 0.8, 0.8, 1])
        x1 = (rng.random(n) < rng.choice([0, 0.1, 0.5, 0.5, 1])).astype(float)
        others = (rng.normal(0, 1, n), np.ones(n), x1, 1 - x1, 20_000 + 365 * rng.normal(0, 10, n).round(),
                  (rng.random(n) < 0.5).astype(float), 3 * x1 + 0.1 * rng.normal(0, 1, n))  # fmt: skip
        columns = (times, events.astype(int), rng.integers(0, rng.integers(1, 4), n), x1, others[rng.integers(7)])
        rows += [(study, *(repr(value.item()) for value in row)) for row in zip(*columns, strict=True)]
    return as_csv(rows)


# Programs -----------------------------------------------------------------------------------------------------------


def by_pspp(counts: str) -> str:
    """Return PSPP's tests of the tables of counts, one row each."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "data" / "reference" / "tables.csv"
        file.parent.mkdir(parents=True)
        file.write_text(counts, encoding="utf-8")
        printed = run("pspp", "-O", "format=csv", "-o", "-", HERE / "crosstabs.sps", cwd=Path(folder))
    version = run("pspp", "--version").splitlines()[0]
    names = list(dict.fromkeys(row["table"] for row in csv.DictReader(io.StringIO(counts))))
    return as_csv(_pspp_rows(printed, names), version)


def _pspp_rows(printed: str, names: list[str]) -> list[tuple]:
    rows: list[tuple] = [("table", "test", "statistic", "p")]
    name = ""
    for cells in csv.reader(io.StringIO(printed)):
        if cells[:1] == ["place"]:
            name = cells[1]
        if not cells or cells[0] not in PSPP_TESTS:
            continue
        value, _, p, both, one = [*cells[1:], "", ""][:5]
        if cells[0] == FISHER:
            rows += [(name, "fisher", "", both), (name, "fisher_one_sided", "", one)]
        else:
            rows.append((name, PSPP_TESTS[cells[0]], value, p))
    if {row[0] for row in rows[1:]} != set(names):
        raise RuntimeError("PSPP did not print the tests of every table")
    return rows


def by_r(script: str, data: str, given: str | None = None) -> str:
    """Return what one of the R scripts of this folder prints of a CSV text."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "data.csv"
        file.write_text(data, encoding="utf-8")
        return run("Rscript", HERE / script, file, given=given)


def inputs(with_r: bool = True) -> dict[str, str]:
    """Return the input files by name; the public patients need R."""
    found = {"tables.csv": tables(), "cohort-survival-data.csv": cohort_patients(), "edges-data.csv": edges()}
    return found | ({"survival-public-data.csv": public_patients()} if with_r else {})


def outputs(data: dict[str, str]) -> dict[str, str]:
    """Return the references by name, computed on input files given by name."""
    registry = load(PUBLISHED)
    wanted = targets.to_csv(registry, codes.load(PUBLISHED, registry))
    return {
        "tables-tests.csv": by_r("tables-tests.R", data["tables.csv"]),
        "ordered-tests.csv": run("Rscript", HERE / "ordered-tests.R"),
        "crosstabs.csv": by_pspp(data["tables.csv"]),
        "survival-public.csv": by_r("survival-public.R", data["survival-public-data.csv"]),
        "cohort-survival.csv": by_r("survival-public.R", data["cohort-survival-data.csv"]),
        "edges.csv": by_r("edges.R", data["edges-data.csv"]),
        "cohort-verify.csv": by_r("cohort-verify.R", COHORT.read_text(encoding="utf-8"), given=wanted),
    }


def main() -> None:
    """Write all of them, or none and say which program is missing."""
    missing = [name for name, found in programs().items() if not found]
    if missing:
        sys.exit(f"needs {' and '.join(missing)}: on Debian, apt install r-base-core r-cran-survival pspp")
    data = inputs()
    for name, text in (data | outputs(data)).items():
        write_whole(HERE / name, text)


if __name__ == "__main__":
    main()

"""Time per Cox fit: our own, lifelines, and R's coxph where it is installed, each from its start to its maximum.

The unit is what the search does at one place: three models of one covariate and one of all three, 60 patients. What it
does there is no fit, but the score and the information at given coefficients, compiled: that is measured on its own.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

TESTS = Path(__file__).resolve().parents[1] / "tests"
MANY, SOME, FEW = 20_000, 100, 5
IN_R = """
suppressPackageStartupMessages(library(survival))
d <- read.csv(commandArgs(TRUE)[1])
four <- function() { for (v in c("x0", "x1", "x2")) coxph(Surv(time, event) ~ d[[v]], d)
                     coxph(Surv(time, event) ~ x0 + x1 + x2, d) }
invisible(four())
cat(system.time(for (i in 1:50) four())[["elapsed"]] / 50)
"""


def medians(repeat: int) -> dict[str, float]:
    """Return the median seconds of four fits by each program."""
    sys.path.insert(0, str(TESTS))
    import test_cohort_kernels as helpers

    x, events = helpers.simulated(0)
    taken: dict[str, list[float]] = {}
    for _ in range(repeat):
        for name, measure in WAYS.items():
            if name != "R coxph" or shutil.which("Rscript"):
                taken.setdefault(name, []).append(measure(helpers, x, events))
    return {name: statistics.median(values) for name, values in taken.items()}


def _own(helpers, x: np.ndarray, events: np.ndarray) -> float:
    from secondlook.stats import cox

    times, seen = np.arange(1.0, len(x) + 1), events > 0
    cox.fit(x, times, seen)  # the first one pays for what is imported late
    start = time.perf_counter()
    for _ in range(SOME):
        for chosen in ([0], [1], [2], [0, 1, 2]):
            cox.fit(x[:, chosen], times, seen)
    return (time.perf_counter() - start) / SOME


def _compiled(helpers, x: np.ndarray, events: np.ndarray) -> float:
    from lookalike import kernels

    rows, model, cells, state = helpers.whole(x, events, [0.6, 1.0, -0.4], np.array([0.6, 1.0, -0.4]))
    work = helpers.sums(rows, model, cells, state)
    kernels.estimates(work.total, 8, model.b)
    start = time.perf_counter()
    for _ in range(MANY):
        kernels.resum(state, work, 0, len(x) - 1, rows, model, cells)
        kernels.estimates(work.total, 8, model.b)
    return (time.perf_counter() - start) / MANY


def _lifelines(helpers, x: np.ndarray, events: np.ndarray) -> float:
    start = time.perf_counter()
    for _ in range(FEW):
        for chosen in ([0], [1], [2], [0, 1, 2]):
            helpers.lifelines_fit(x[:, chosen], events)
    return (time.perf_counter() - start) / FEW


def _in_r(helpers, x: np.ndarray, events: np.ndarray) -> float:
    table = np.column_stack([x, np.arange(1.0, len(x) + 1), events])
    with tempfile.TemporaryDirectory() as folder:
        path, script = Path(folder) / "data.csv", Path(folder) / "fits.R"
        np.savetxt(path, table, delimiter=",", header="x0,x1,x2,time,event", comments="")
        script.write_text(IN_R, encoding="utf-8")
        done = subprocess.run(["Rscript", str(script), str(path)], capture_output=True, text=True, check=True)
    return float(done.stdout)


WAYS = {"ours": _own, "R coxph": _in_r, "lifelines": _lifelines, "one compiled step of the search": _compiled}

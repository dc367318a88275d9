"""The statistics of the book by R and by PSPP, the free work-alike of SPSS, against this package and lifelines.

Authorities: R 4.2.2 with survival 3.5-3 and PSPP 1.6.2, as data/reference/*.csv say in their first lines. Where the two
programs are installed the references are made again and compared with those committed.
"""

import csv
import importlib.util
import io
import math
import warnings
from collections import Counter
from itertools import groupby, pairwise

import numpy as np
import pandas as pd
import pytest
from conftest import ROOT
from scipy.special import chdtrc, ndtr

from secondlook.cohort import programs
from secondlook.stats import contingency, cox, km

FOLDER = ROOT / "data" / "reference"
CLOSE = 1e-9


@pytest.fixture(scope="session")
def maker():
    """The module that makes the references."""
    spec = importlib.util.spec_from_file_location("reference_make", FOLDER / "make.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def parsed(text):
    return list(csv.DictReader(line for line in io.StringIO(text) if not line.startswith("#")))


def reference(name):
    return parsed((FOLDER / name).read_text(encoding="utf-8"))


def tables():
    rows = reference("tables.csv")
    return {
        name: contingency.as_counts(
            [[int(cell["count"]) for cell in row] for _, row in groupby(list(cells), key=lambda c: c["row"])]
        )
        for name, cells in groupby(rows, key=lambda row: row["table"])
    }


TABLES = tables()
R_TESTS = reference("tables-tests.csv")
PSPP_TESTS = reference("crosstabs.csv")
SURVIVAL = [*reference("survival-public.csv"), *reference("cohort-survival.csv")]


def label(row):
    return "-".join(row[key] for key in ("table", "test"))


def close(found, wanted, tolerance=CLOSE):
    return math.isclose(found, wanted, rel_tol=tolerance, abs_tol=1e-15)


# Inputs -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "export"),
    [("tables.csv", "tables"), ("cohort-survival-data.csv", "cohort_patients"), ("edges-data.csv", "edges")],
)
def test_the_inputs_are_those_of_the_data(maker, name, export):
    committed = (FOLDER / name).read_text(encoding="utf-8")
    assert getattr(maker, export)() == committed, "run `make references`"


def test_every_table_is_there_with_all_tests():
    """Table 1 has 11 variables (one of three levels) and Table 3 two criteria with a p for two rates each."""
    assert Counter(name.split(".")[0] for name in TABLES) == {"t1": 11, "t3": 4}
    two = [name for name, table in TABLES.items() if len(table) == 2]
    assert len(R_TESTS) == 7 * len(two) + 3 * (len(TABLES) - len(two))
    assert len(PSPP_TESTS) == 6 * len(two) + 3 * (len(TABLES) - len(two))


# Tables of counts ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", R_TESTS, ids=label)
def test_association_is_as_by_r(row):
    table = TABLES[row["table"]]
    assert close(float(contingency.TESTS[row["test"]][1](table)), float(row["p"]))
    if row["statistic"]:
        assert close(statistic(row["test"], table), float(row["statistic"]))


@pytest.mark.parametrize("row", PSPP_TESTS, ids=label)
def test_association_is_as_by_pspp(row):
    """Its statistics have 16 decimals, its p values the three of SPSS's tables."""
    table, test = TABLES[row["table"]], row["test"]
    assert abs(p_by_spss(test, table) - float(row["p"])) <= 0.0005 * (1 + 1e-9)
    if row["statistic"]:
        assert close(statistic(test, table), float(row["statistic"]))


def statistic(test, table):
    """Return the chi-square by its formula, apart from the p values of the package."""
    n, e = np.array(table, dtype=float), np.array(contingency.expected(table))
    if test == "likelihood_ratio":
        return float(2 * np.sum(n[n > 0] * np.log(n[n > 0] / e[n > 0])))
    if test == "linear_by_linear":  # (N − 1) r², with the numbers of rows and columns as scores
        rows, columns = np.indices(n.shape)
        return (
            (n.sum() - 1)
            * np.cov(rows.ravel(), columns.ravel(), fweights=n.ravel().astype(int))[0, 1] ** 2
            / (
                np.cov(rows.ravel(), fweights=n.ravel().astype(int))
                * np.cov(columns.ravel(), fweights=n.ravel().astype(int))
            )
        )
    distance = np.maximum(np.abs(n - e) - (0.5 if test == "yates" else 0), 0)
    return float(np.sum(distance**2 / e))


def p_by_spss(test, table):
    if test == "fisher_one_sided":
        return float(min(contingency.fisher_less(table), contingency.fisher_greater(table)))
    if test == "linear_by_linear":
        return float(chdtrc(1, statistic(test, table)))
    return float(contingency.TESTS[test][1](table))


def test_the_linear_by_linear_of_a_2x2_is_the_n_minus_1_chi_square():
    of = [row for row in PSPP_TESTS if row["test"] == "linear_by_linear" and len(TABLES[row["table"]]) == 2]
    assert len(of) == 14
    for row in of:
        table = TABLES[row["table"]]
        assert close(contingency.n_minus_1(table), float(chdtrc(1, float(row["statistic"]))), 1e-8)


# Survival -----------------------------------------------------------------------------------------------------------


def patients(dataset):
    rows = pd.concat([pd.read_csv(FOLDER / f"{name}-data.csv") for name in ("survival-public", "cohort-survival")])
    return rows[rows["dataset"] == dataset]


DATASETS = {name: patients(name) for name in dict.fromkeys(row["dataset"] for row in SURVIVAL)}


def columns(dataset, who="all"):
    rows = DATASETS[dataset]
    rows = rows if who == "all" else rows[rows["group"] == who]
    return rows["time"].to_numpy(float), rows["event"].to_numpy() == 1


def of_kind(kind):
    """Return R's numbers as {(dataset, who, by): {statistic: value}}."""
    found = {}
    for row in SURVIVAL:
        if row["kind"] == kind:
            value = None if row["value"] == "none" else float(row["value"])
            found.setdefault((row["dataset"], row["who"], row["by"]), {})[row["statistic"]] = value
    return found


MEDIANS, LOG_RANKS, COX = of_kind("median"), of_kind("log-rank"), of_kind("cox")


def test_the_references_hold_five_public_data_sets_and_the_cohort():
    assert list(DATASETS) == ["veteran", "lung", "pbc", "rossi", "gbsg2", "pfs", "os"]
    assert {band for *_, band in MEDIANS} == {"plain", "log", "log-log"}
    assert (len(LOG_RANKS), len(COX)) == (7, 7 * 2 * 4)


@pytest.mark.parametrize("key", MEDIANS, ids="-".join)
def test_medians_are_as_by_r(key):
    dataset, who, band = key
    found = km.median_interval(*columns(dataset, who), band)
    for name, wanted in MEDIANS[key].items():
        got = getattr(found, name)
        assert (got is None) == (wanted is None)
        assert wanted is None or close(float(got), wanted)


@pytest.mark.parametrize("key", [key for key in MEDIANS if key[2] == programs.BAND], ids="-".join)
def test_medians_of_lifelines_are_as_by_r(key):
    """lifelines offers one band only. It may differ as secondlook.cohort.programs says, in two ways and no other."""
    times, events = columns(*key[:2])
    wanted = MEDIANS[key]
    median, lower, upper = programs.lifelines_median(times, events)
    if median != wanted["median"]:  # one half is reached and held: R takes the middle of the stretch
        assert median in flat_stretch(times, events)
    assert lower == wanted["lower"]
    assert upper == wanted["upper"] or (wanted["upper"] is None and upper == times[events].max() == times.max())


def flat_stretch(times, events):
    drawn = km.curve(times, events)
    steps = list(zip(drawn.times, drawn.survival, strict=True))
    return [time for (before, s), (after, _) in pairwise(steps) if abs(s - 0.5) < 1e-9 for time in (before, after)]


@pytest.mark.parametrize("key", LOG_RANKS, ids="-".join)
def test_log_rank_is_as_by_r(key):
    times, events = columns(key[0])
    groups = DATASETS[key[0]]["group"].to_numpy(dtype=str)
    for program in (programs.own_log_rank, programs.lifelines_log_rank):
        assert close(program(groups, times, events), LOG_RANKS[key]["p"])


def cox_models():
    return list(dict.fromkeys((dataset, who, by.split(":")[0]) for dataset, who, by in COX))


@pytest.mark.parametrize("model", cox_models(), ids="-".join)
def test_cox_is_as_by_r(model):
    dataset, who, ties = model
    x = DATASETS[dataset][who.split("+")].to_numpy(float)
    fitted = cox.fit(x, *columns(dataset), ties)
    for number, ratios in enumerate(fitted.ratios()):
        wanted = COX[dataset, who, f"{ties}:x{number + 1}"]
        found = dict(zip(("hr", "lower", "upper", "p"), ratios, strict=True))
        found |= {"beta": float(fitted.beta[number]), "se": float(fitted.se[number])}
        assert set(found) == set(wanted)
        for name, value in found.items():
            assert close(value, wanted[name]), name


@pytest.mark.parametrize("model", [m for m in cox_models() if m[2] == "efron"], ids="-".join)
def test_cox_of_lifelines_is_as_by_r(model):
    """With its own stopping rule tightened; by default it stops up to 4.5e-4 standard errors short of the maximum."""
    from lifelines import CoxPHFitter

    dataset, who, ties = model
    names = who.split("+")
    rows = DATASETS[dataset][[*names, "time", "event"]].astype(float)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exact = CoxPHFitter().fit(rows, "time", "event", fit_options={"precision": 1e-22, "r_precision": 1e-18}).summary
        default = CoxPHFitter().fit(rows, "time", "event").summary
    for name in names:
        wanted = COX[dataset, who, f"{ties}:{name}"]
        for column, key in (("coef", "beta"), ("se(coef)", "se"), ("exp(coef)", "hr"), ("p", "p")):
            assert close(float(exact.loc[name, column]), wanted[key]), key
        short = abs(float(default.loc[name, "coef"]) - wanted["beta"]) / wanted["se"]
        assert short <= math.sqrt(2e-7)


def test_efron_and_breslow_agree_without_ties_and_differ_with_them():
    for dataset, rows in DATASETS.items():
        tied = rows.loc[rows["event"] == 1, "time"].duplicated().any()
        efron, by_breslow = (COX[dataset, "x1", f"{ties}:x1"]["beta"] for ties in ("efron", "breslow"))
        assert (abs(efron - by_breslow) > 1e-9) == tied
        assert not tied or abs(by_breslow) < abs(efron)


def test_wald_p_is_that_of_the_normal_distribution():
    for values in COX.values():
        assert close(2 * float(ndtr(-abs(values["beta"] / values["se"]))), values["p"], 1e-12)


# Made again ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def again(maker):
    """All files, made by the programs of this machine; skipped where one is missing, and the committed ones serve."""
    missing = [name for name, found in maker.programs().items() if not found]
    if missing:
        pytest.skip(f"{' and '.join(missing)} not installed: compared with the committed output of data/reference only")
    data = maker.inputs()
    return data | maker.outputs(data)


def test_versions_are_named():
    for name, who in (("tables-tests.csv", "R version"), ("crosstabs.csv", "pspp (GNU PSPP)"),
                      ("survival-public.csv", "survival "), ("cohort-survival.csv", "survival ")):  # fmt: skip
        first = (FOLDER / name).read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith("#")
        assert who in first


@pytest.mark.weekly
@pytest.mark.parametrize(
    "name",
    ["tables.csv", "tables-tests.csv", "ordered-tests.csv", "crosstabs.csv", "survival-public-data.csv", "survival-public.csv",
     "cohort-survival-data.csv", "cohort-survival.csv", "edges-data.csv", "edges.csv",
     "cohort-verify.csv"],
)  # fmt: skip
def test_the_programs_print_the_same_again(again, name):
    """Other versions and machines may differ in the last bits, never in what is compared."""
    new, old = parsed(again[name]), reference(name)
    assert len(new) == len(old)
    for now, before in zip(new, old, strict=True):
        assert now.keys() == before.keys()
        assert all(same(now[key], before[key]) for key in now), (now, before)


def same(now, before):
    if now == before:
        return True
    try:
        return close(float(now), float(before), 1e-8)
    except ValueError:
        return False

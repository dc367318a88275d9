"""Whole papers of simulated patients: the audit is silent on true ones and speaks when an error is planted in one."""

import csv
import io
import json

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from lifelines import CoxPHFitter, KaplanMeierFitter
from lifelines.statistics import logrank_test
from lifelines.utils import median_survival_times

from secondlook.numbers.printed import parse
from secondlook.paper.registry import load
from secondlook.stats import cox, km
from secondlook.trials import patients as simulated_patients
from secondlook.trials import whole_papers
from secondlook.trials.whole_papers import SimulatedPaper, read_shape


@pytest.fixture(scope="module")
def shape():
    from conftest import PUBLISHED

    return read_shape(PUBLISHED)


@pytest.fixture(scope="module")
def simulated(shape):
    return list(whole_papers.papers(shape, number=2))


def flags(paper: SimulatedPaper) -> dict[str, str]:
    return {check.check_id: check.verdict for check in paper.audited().checks if check.is_flag}


def table(paper: SimulatedPaper, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(paper.files[name])))


def with_table(paper: SimulatedPaper, name: str, rows: list[dict[str, str]]) -> SimulatedPaper:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return SimulatedPaper(paper.files | {name: out.getvalue()})


@pytest.mark.parametrize("number", [0, 1])
def test_true_papers_raise_no_flag(simulated, number):
    ledger = simulated[number].audited()
    assert [check.said.note for check in ledger.checks if check.is_flag] == []
    assert len(ledger.registry) > 700
    assert len(ledger.checks) > 600


def test_the_shape_is_the_papers_and_the_numbers_are_not(shape, simulated, tmp_path):
    registry = load(simulated[0].write(tmp_path))
    assert list(registry.layout.tables) == list(shape.registry.layout.tables)
    assert all(registry.size(g) == shape.registry.size(g) for g in shape.registry.layout.paper.arms)
    assert set(registry.values) <= set(shape.registry.values) | {v.id for v in registry if v.table}
    counts = [v.id for v in registry if v.statistic == "count" and v.id in shape.registry.values]
    assert sum(registry[i].printed != shape.registry[i].printed for i in counts) > len(counts) / 2
    medians = [i for i in registry.values if i in shape.registry.values and registry[i].statistic == "median"]
    assert all(registry[i].number.places == shape.registry[i].number.places for i in medians)
    assert {v.number.places for v in registry if v.table and v.statistic == "hr"} == {3}, "as most rows of the tables"


def test_papers_follow_from_their_seed(shape, simulated):
    again = next(whole_papers.papers(shape, number=1))
    assert again.files == simulated[0].files
    assert next(whole_papers.papers(shape, seed=1, number=1)).files != again.files


def test_no_variable_is_modelled_and_nowhere_described(simulated):
    described = {row["row"].partition(".")[0] for row in table(simulated[0], "table-1.csv")}
    for name in ("table-5.csv", "table-6.csv"):
        assert {row["row"] for row in table(simulated[0], name)} <= described | {"arm"}


# Planted errors -----------------------------------------------------------------------------------------------------


def test_an_exchanged_ratio_and_p_is_found(simulated):
    rows = table(simulated[0], "table-5.csv")
    row = next(r for r in rows if parse(r["uni_p"]).value > parse("0.05").value and not parse(r["uni_p"]).bound)
    row["uni_hr"], row["uni_p"] = row["uni_p"], row["uni_hr"]
    found = flags(with_table(simulated[0], "table-5.csv", rows))
    assert found.get(f"model.t5.{row['row']}.uni") in ("inconsistent", "decision")


def test_a_wrong_percentage_is_found(simulated):
    rows = table(simulated[0], "table-4.csv")
    row = next(r for r in rows if len(r["any_lp_pct"]) == 4)
    row["any_lp_pct"] = row["any_lp_pct"][1] + row["any_lp_pct"][0] + row["any_lp_pct"][2:]
    found = flags(with_table(simulated[0], "table-4.csv", rows))
    assert found[f"percent.t4.{row['row']}.any.lp.pct"] == "inconsistent"


def test_an_exchanged_arm_in_the_prose_is_found(simulated):
    rows = table(simulated[0], "text.csv")
    first, second = (next(r for r in rows if r["id"] == f"abstract.orr.{arm}") for arm in ("lp", "r"))
    assert first["printed"] != second["printed"]
    first["printed"], second["printed"] = second["printed"], first["printed"]
    found = flags(with_table(simulated[0], "text.csv", rows))
    assert {i for i in found if i.startswith("restatement.abstract.orr.")} == {
        f"restatement.{row['id']}:{row['restates'].split()[0]}" for row in (first, second)
    }


def test_exchanged_columns_of_a_table_are_found(simulated):
    rows = table(simulated[0], "table-1.csv")
    for row in rows:
        for column in ("n", "pct"):
            row[f"lp_{column}"], row[f"r_{column}"] = row[f"r_{column}"], row[f"lp_{column}"]
    found = flags(with_table(simulated[0], "table-1.csv", rows))
    assert any(i.startswith("sum.t1.") for i in found)
    assert any(i.startswith("percent.t1.") for i in found)


# False alarms of the past ---------------------------------------------------------------------------------------------


def with_medians(shape, paper: SimulatedPaper, triples: dict[tuple[str, str], tuple[str, str, str]]) -> SimulatedPaper:
    """Return the paper with other (median, lower, upper) by endpoint and group; restatements follow."""
    rows = table(paper, "text.csv")
    said = {}
    for item in shape.registry.layout.medians:
        three = triples.get((item.endpoint, item.group))
        said |= dict(zip((item.median, item.lower, item.upper), three, strict=True)) if three else {}
    for row in rows:
        row["printed"] = said.get(
            row["id"], next((said[i] for i in row["restates"].split() if i in said), row["printed"])
        )
    return with_table(paper, "text.csv", rows)


def test_a_median_and_its_standard_error_make_limits_of_no_rank_and_no_order(shape, simulated):
    """SPSS prints median ± 1.96 SE, and 0 for a limit below 0: neither ranks nor deaths coming last bind the limits."""
    widths = {"pfs": 0.4, "os": 1.2}
    triples = {}
    for item in shape.registry.layout.medians:
        median = {"pfs": 3.0, "os": 9.0}[item.endpoint]
        width = round(median * widths[item.endpoint], 1)
        triples[item.endpoint, item.group] = (f"{median}", f"{max(0, median - width):.1f}", f"{median + width:.1f}")
    found = flags(with_medians(shape, simulated[0], triples))
    assert not [i for i in found if i.startswith(("band", "order"))]


def test_limits_beyond_the_least_follow_up_may_cross(shape, simulated):
    """Seen in a simulated paper: whoever is censored late can turn the upper limits round, and never the early ones."""
    late = with_medians(
        shape, simulated[0], {("pfs", "r"): ("4.8", "1.3", "27.4"), ("os", "r"): ("9.2", "5.7", "26.9")}
    )
    assert "order.pfs.r" not in flags(late)
    early = with_medians(
        shape, simulated[0], {("pfs", "r"): ("4.8", "1.3", "13.4"), ("os", "r"): ("9.2", "4.7", "12.9")}
    )
    assert flags(early)["order.pfs.r"] == "inconsistent"


# What the numbers are made with -------------------------------------------------------------------------------------


@pytest.mark.parametrize("places", [1, 6])
def test_cox_and_log_rank_agree_with_lifelines(places):
    """With times in tenths there are ties, which Efron's method takes."""
    rng = np.random.default_rng(7)
    x = rng.random((68, 3)) < 0.4
    times = np.round(rng.exponential(5, 68) * np.exp(-0.6 * x[:, 0]), places) + 0.1
    events = rng.random(68) < 0.8
    frame = pd.DataFrame(x.astype(int), columns=list("abc")).assign(time=times, event=events)
    theirs = CoxPHFitter().fit(frame, "time", "event").summary
    ours = cox.fit(x, times, events).ratios()
    columns = ["exp(coef)", "exp(coef) lower 95%", "exp(coef) upper 95%", "p"]
    assert np.allclose(ours, theirs[columns].to_numpy(), rtol=1e-4)  # lifelines stops at 1e-7 of the likelihood
    two = logrank_test(times[x[:, 0]], times[~x[:, 0]], events[x[:, 0]], events[~x[:, 0]])
    assert cox.log_rank(x[:, 0], times, events) == pytest.approx(two.p_value)


def test_a_group_without_events_has_no_fit():
    x = np.arange(20)[:, None] < 5
    with pytest.raises(cox.NoFitError):
        cox.fit(x, np.arange(1.0, 21.0), ~x[:, 0])


def test_a_constant_covariate_has_no_fit():
    with pytest.raises(cox.NoFitError):
        cox.fit(np.ones((10, 1)), np.arange(1.0, 11.0), np.ones(10, dtype=bool))


def test_limits_of_medians_agree_with_lifelines(shape):
    patients = simulated_patients.draw(shape.registry, np.random.default_rng(3))
    for times, events in patients.times.values():
        fitted = KaplanMeierFitter().fit(times, events)
        theirs = median_survival_times(fitted.confidence_interval_).to_numpy().ravel()
        ours = km.median_interval(times.tolist(), events.tolist(), whole_papers.BAND)
        assert [ours.lower, ours.upper] == pytest.approx(theirs)


def test_whoever_dies_has_every_event_by_then(shape):
    patients = simulated_patients.draw(shape.registry, np.random.default_rng(4))
    (first, progressed), (last, died) = patients.times["pfs"], patients.times["os"]
    assert (first <= last).all()
    assert not (died & ~progressed).any()


def test_tests_of_association_follow_one_rule():
    assert whole_papers.association([[30, 20], [20, 30]]) == pytest.approx(0.0455, abs=1e-4)  # Pearson
    assert whole_papers.association([[3, 1], [1, 3]]) == pytest.approx(0.4857, abs=1e-4)  # Fisher


# The command --------------------------------------------------------------------------------------------------------


def test_the_command_stores_what_it_found(tmp_path):
    out, keep = tmp_path / "out.json", tmp_path / "papers"
    options = ["--papers", "1", "--seed", "5", "--out", str(out), "--keep", str(keep)]
    result = CliRunner().invoke(whole_papers.main, options)
    assert result.exit_code == 0, result.output
    stored = json.loads(out.read_text(encoding="utf-8"))
    assert (stored["papers"], stored["seed"]) == (1, 5)
    assert stored["checks"] == sum(entry["checks"] for entry in stored["by_family"])
    assert stored["flags"] == len(stored["flagged"])
    assert len(load(keep / "paper-001")) == stored["values"]

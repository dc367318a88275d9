"""Time to event: each check fires on a planted error in an extension of the invented paper, and is silent otherwise."""

from collections import Counter
from datetime import date
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from invented import LAYOUT, TEXT, write
from lifelines import CoxPHFitter
from lifelines.statistics import logrank_test

from secondlook import corrections
from secondlook.audit import audit
from secondlook.checks import events, log_ranks, times
from secondlook.numbers.dates import months_between
from secondlook.numbers.printed import parse
from secondlook.paper import medians
from secondlook.paper.medians import least_follow_up, longest_follow_up
from secondlook.paper.registry import load
from secondlook.stats import km

# The invented paper, extended by dates, medians and log-rank tests --------------------------------------------------

GROUPS = """left = { label = "left ankle", variable = "side", levels = ["left"] }
right = { label = "right ankle", variable = "side", levels = ["right"] }
young = { label = "the young" }
"""
ENDPOINTS = 'recovery = "time to recovery"\nsprint = "time to the first sprint"\n'
MEDIANS = {
    ("recovery", "walk"): ("5.0", "4.1", "6.2"),
    ("recovery", "rest"): ("8.0", "5.9", "10.9"),
    ("recovery", "left"): ("6.0", "4.7", "7.4"),
    ("recovery", "right"): ("5.9", "4.5", "8.1"),
    ("sprint", "walk"): ("9.0", "7.2", "11.8"),
}
SECTIONS = """
[[log_ranks]]
endpoint = "recovery"
p = "results.arm.p"
groups = ["walk", "rest"]
variable = "arm"
[[log_ranks]]
endpoint = "recovery"
p = "results.side.p"
groups = ["left", "right"]
variable = "side"
[follow_up]
start = "results.start"
end = "results.end"
cut_off = "results.cut_off"
death = "sprint"
"""


def extended(
    folder, medians=None, dates=("January 2015", "December 2016", "March 1, 2019"), p=("0.014", "0.679"), **changes
):
    """Write the extended paper; `medians` replaces some of its triples."""
    layout = LAYOUT.replace("[variables]", GROUPS + "\n[variables]", 1)
    layout = layout.replace('recovery = "time to recovery"\n', ENDPOINTS)
    rows = [
        f'results.start,results,2,entry,date,everyone,"{dates[0]}",,from',
        f'results.end,results,2,entry,date,everyone,"{dates[1]}",,until',
        f'results.cut_off,results,2,last look,date,everyone,"{dates[2]}",,last',
        f"results.arm.p,results,2,arms,p,everyone,{p[0]},,log-rank",
        f"results.side.p,results,2,sides,p,everyone,{p[1]},,log-rank",
    ]
    sections = SECTIONS
    for (endpoint, group), triple in (MEDIANS | (medians or {})).items():
        ids = {name: f"results.{endpoint}.{group}.{name}" for name in ("median", "lower", "upper")}
        rows += [
            f"{i},results,2,months,{name},{group},{text},,time"
            for (name, i), text in zip(ids.items(), triple, strict=True)
        ]
        keys = "".join(f'{name} = "{i}"\n' for name, i in ids.items())
        sections += f'[[medians]]\nendpoint = "{endpoint}"\ngroup = "{group}"\n{keys}'
    text = TEXT + "".join(f"{row}\n" for row in rows)
    return load(write(folder, layout=changes.pop("layout", layout + sections), text=text, **changes))


def found_in(registry):
    return {c.check_id: c for c in [*times.check(registry), *log_ranks.check(registry)]}


def checked(folder, **changes):
    return found_in(extended(folder, **changes))


def flags(found):
    return {name: c.verdict for name, c in found.items() if c.is_flag}


def test_the_extended_paper_raises_no_flag(tmp_path):
    found = checked(tmp_path)
    assert flags(found) == {}
    assert {check.family for check in found.values()} == {
        "median", "order", "band", "bands", "follow-up", "log-rank", "log-rank-effect", "medians"
    }  # fmt: skip


def test_without_dates_nothing_is_said_of_bands_or_the_calendar(tmp_path):
    assert extended(tmp_path).layout.follow_up.death == "sprint"
    file, block = tmp_path / "layout.toml", SECTIONS[SECTIONS.index("[follow_up]") :]
    text = file.read_text(encoding="utf-8")
    assert text.count(block) == 1
    file.write_text(text.replace(block, ""), encoding="utf-8")
    families = {check.family for check in found_in(load(tmp_path)).values()}
    assert families == {"median", "log-rank", "log-rank-effect", "medians"}


# Medians ------------------------------------------------------------------------------------------------------------


def test_a_median_outside_its_interval(tmp_path):
    found = checked(tmp_path, medians={("recovery", "walk"): ("3.0", "4.1", "6.2")})
    assert found["median.recovery.walk"].verdict == "inconsistent"


def test_a_time_that_outlasts_death(tmp_path):
    found = checked(tmp_path, medians={("sprint", "walk"): ("9.0", "4.0", "11.8")})
    assert flags(found) == {"order.recovery.walk": "inconsistent"}


def test_groups_that_do_not_add_up(tmp_path):
    """Half of each arm recovered by 8, and nearly nobody of either side before 15."""
    late = {("recovery", "left"): ("20.0", "15.0", "24.0"), ("recovery", "right"): ("21.0", "15.0", "25.0")}
    check = checked(tmp_path, medians=late)["bands.recovery"]
    assert (check.verdict, check.said.recomputed) == ("query", "")
    assert "do not add up" in check.said.note


# Bands --------------------------------------------------------------------------------------------------------------


def test_a_symmetric_interval_is_recognised(tmp_path):
    found = checked(tmp_path, medians={("recovery", "walk"): ("5.0", "4.1", "5.9")})
    assert "symmetric" in found["band.recovery.walk"].said.recomputed
    assert "symmetric" not in found["band.recovery.rest"].said.recomputed
    assert "midway" in found["band.recovery.rest"].said.note


@pytest.mark.parametrize(("upper", "symmetric"), [("9.5", False), ("9.8", True), ("10.0", True), ("30.0", True)])
def test_a_symmetric_interval_may_be_cut_off_at_nothing(upper, symmetric):
    """Median 5.0 ± 1.96 SE: an interval from 0.0 on is cut off there when the other arm is 5.0 long or longer."""
    values = tuple(SimpleNamespace(number=parse(text)) for text in ("0.0", "5.0", upper))
    assert medians.is_symmetric(medians.Timed("recovery", "walk", values, 50)) is symmetric


def test_an_interval_that_ends_after_the_least_follow_up_is_left_alone(tmp_path):
    found = checked(tmp_path, medians={("recovery", "rest"): ("8.0", "5.9", "26.1")})
    assert "band.recovery.rest" not in found
    assert "26.1" in found["follow-up.recovery"].said.note


def test_the_smallest_group_of_the_paper_excludes_the_default_of_r(paper):
    """13 patients: the log band never comes down to one half, and 4.0 (3.0–6.8) is not symmetric."""
    found = {c.check_id: c for c in times.check(paper)}
    assert found["band.os.ecog_2"].said.recomputed == "log-log, plain, arcsine, logit"
    assert "R's survfit" in found["band.os.ecog_2"].said.note
    assert "whatever the censoring" in found["band.os.ecog_2"].said.note
    assert found["band.pfs.ecog_2"].said.recomputed.endswith("symmetric"), "3.0 (1.9–4.1) alone could be"
    assert "Neither R's survfit nor SPSS prints 4.0 (3.0–6.8), for ECOG PS 2." in found["bands.os"].said.note
    assert found["bands.os"].said.recomputed == found["bands.pfs"].said.recomputed == "log-log, plain, arcsine, logit"


# Repeats ------------------------------------------------------------------------------------------------------------


def test_the_same_triple_for_two_groups(tmp_path):
    found = checked(tmp_path, medians={("recovery", "left"): MEDIANS["recovery", "walk"]})
    check = found["triple.recovery.walk-left"]
    assert check.verdict == "query"
    assert len(check.value_ids) == 6
    assert "30 patients are in both; leaving out 20 and adding 16" in check.said.note
    assert check.chance is None, "nothing was simulated"
    assert "share the median" not in check.said.note


def test_the_groups_compared_with_may_share_their_median_too(tmp_path):
    same = {("recovery", "left"): MEDIANS["recovery", "walk"], ("recovery", "right"): ("8.0", "6.0", "11.0")}
    assert (
        "bed rest and right ankle, share the median 8.0"
        in checked(tmp_path, medians=same)["triple.recovery.walk-left"].said.note
    )


def test_a_repeat_of_unknown_overlap(tmp_path):
    found = checked(tmp_path, medians={("recovery", "young"): MEDIANS["recovery", "walk"]})
    assert found["triple.recovery.walk-young"].verdict == "query"
    assert "in both" not in found["triple.recovery.walk-young"].said.note


def test_the_repeated_triple_of_the_paper(paper):
    check = next(c for c in times.check(paper) if c.family == "triple")
    assert check.check_id == "triple.pfs.lp-ecog_0_1"
    assert "33 patients are in both" in check.said.note
    assert "R and ECOG PS 2, share the median 3.0" in check.said.note
    assert 0 < check.chance < Fraction(2, 100)


# The calendar -------------------------------------------------------------------------------------------------------


def test_least_and_longest_follow_up_of_the_paper(paper):
    assert least_follow_up(paper) == pytest.approx(15.05, abs=0.01)
    assert longest_follow_up(paper) == pytest.approx(55.03, abs=0.01)
    assert months_between(date(2020, 1, 1), date(2021, 1, 1)) == pytest.approx(12, abs=0.05)


def test_a_time_longer_than_the_study(tmp_path):
    check = checked(tmp_path, medians={("recovery", "rest"): ("8.0", "5.9", "50.1")})["follow-up.recovery"]
    assert check.verdict == "inconsistent"
    assert check.suspect_ids == ("results.recovery.rest.upper",)


def test_a_cut_off_before_the_last_entry(tmp_path):
    found = checked(tmp_path, dates=("January 2015", "December 2016", "March 1, 2016"))
    assert found["follow-up.recovery"].verdict == "inconsistent"


# Log-rank and Wald --------------------------------------------------------------------------------------------------


def test_a_log_rank_p_that_wald_contradicts(tmp_path):
    """HR 1.10 (0.70–1.73), p 0.679: a log-rank p of 0.04 needs z = 2.05 beside 0.41."""
    found = checked(tmp_path, p=("0.014", "0.040"))
    assert flags(found) == {"log-rank.recovery.side": "query", "log-rank-effect.recovery.side": "query"}
    assert found["log-rank.recovery.side"].suspect_ids == ("results.side.p",)


def test_a_log_rank_p_given_as_a_bound(tmp_path):
    assert flags(checked(tmp_path / "a", p=("<0.05", "0.679"))) == {}
    found = checked(tmp_path / "b", p=("<0.001", "0.679"))
    assert found["log-rank.recovery.arm"].verdict == "query"
    assert found["log-rank-effect.recovery.arm"].said.recomputed.startswith("at least")


@pytest.mark.parametrize("p", ["3.014", "<0", ">1"])
def test_a_log_rank_p_that_is_none_is_flagged_and_nothing_follows_from_it(tmp_path, p):
    ledger = audit(extended(tmp_path, p=(p, "0.679")))
    found = {check.check_id: check for check in ledger.checks if "results.arm.p" in check.value_ids}
    assert flags(found) == {"log-rank.recovery.arm": "inconsistent"}
    assert found.keys() == {"log-rank.recovery.arm"}
    assert ledger.verdicts["results.arm.p"] == "inconsistent"
    assert corrections.line(ledger, ledger.matters[0], ledger.matters[0].checks).printed == p


def test_a_protective_effect_is_shown_below_one(tmp_path):
    models = ("1.80,1.12,2.89,0.015,1.75,1.09,2.81,0.021", "0.56,0.35,0.90,0.015,1.75,1.09,2.81,0.021")
    check = checked(tmp_path, p=("0.014", "0.679"), models=models)["log-rank-effect.recovery.arm"]
    assert check.verdict == "coherent"
    assert check.said.recomputed.startswith("0.5")


@pytest.mark.parametrize("row", ["1.80,1.12,2.89,0.015", "0.56,0.35,0.90,0.015"])
@pytest.mark.parametrize(("p", "verdict"), [("0.900", "query"), ("0.014", "coherent")])
def test_an_effect_is_held_against_its_log_rank_p_on_either_side_of_one(tmp_path, row, p, verdict):
    """One over a hazard ratio is that of the other group: what is too large above 1 is too small below."""
    models = ("1.80,1.12,2.89,0.015,1.75,1.09,2.81,0.021", f"{row},1.75,1.09,2.81,0.021")
    assert checked(tmp_path, p=(p, "0.679"), models=models)["log-rank-effect.recovery.arm"].verdict == verdict


def test_medians_beside_p(tmp_path):
    apart = {("recovery", "left"): ("5.0", "4.7", "5.4"), ("recovery", "right"): ("6.5", "5.9", "8.1")}
    assert checked(tmp_path / "a", medians=apart)["medians.recovery.side"].verdict == "query"
    equal = {("recovery", "walk"): ("8.0", "4.1", "10.2")}
    assert checked(tmp_path / "b", medians=equal, p=("<0.001", "0.7"))["medians.recovery.arm"].verdict == "query"
    assert checked(tmp_path / "c", medians=equal)["medians.recovery.arm"].verdict == "coherent"


def test_log_rank_p_values_of_the_paper_go_with_its_models(paper):
    found = list(log_ranks.check(paper))
    assert Counter(check.family for check in found) == {"log-rank": 6, "log-rank-effect": 6, "medians": 6}
    assert {check.verdict for check in found} == {"coherent"}
    pair = next(p for p in log_ranks.compared(paper) if p.p.id == "prognostic.pfs.ecog.p")
    low, high, how = log_ranks.allowed_excess(paper, pair)
    assert -0.05 < low < high < 0.5
    assert "simulated" in how


def test_flags_of_the_paper(paper):
    assert flags(found_in(paper)) == {"triple.pfs.lp-ecog_0_1": "query"}


# True cohorts -------------------------------------------------------------------------------------------------------

BY_ARM = {"side": (30, 16), "grade": (15, 12), "smoker": (12, 8)}
UNSEEN = ",,,"


def show_p(p):
    return "<0.001" if p < 0.0005 else f"{p:.3f}"


def fitted(frame, variables, shown, places):
    """The line of a Cox model for one of its covariates, as printed."""
    row = CoxPHFitter().fit(frame[[*variables, "time", "event"]], "time", "event").summary.loc[shown]
    ends = (row["exp(coef)"], row["exp(coef) lower 95%"], row["exp(coef) upper 95%"])
    return ",".join([*(f"{end:.{places}f}" for end in ends), show_p(row["p"])])


def cohort(rng, unit):
    """80 patients with the counts of the invented baseline table, censored on one closing date."""
    frame = pd.DataFrame({"arm": [1] * 50 + [0] * 30})
    for name, counts in BY_ARM.items():
        halves = [rng.permutation([1] * k + [0] * (n - k)) for k, n in zip(counts, (50, 30), strict=True)]
        frame[name] = np.concatenate(halves)
    hazard = np.exp(frame @ rng.normal([0.4, 0, -0.4, 0], [0.4, 0.4, 0.5, 0.3]))
    followed = 50 - rng.uniform(0, 24, 80)
    death = rng.exponential(14, 80) / hazard
    found = {}
    for name, time in (("recovery", np.minimum(death, rng.exponential(9, 80) / hazard)), ("sprint", death)):
        observed = np.minimum(time, followed)
        found[name] = (np.ceil(observed / unit) * unit if unit else observed, time <= followed)
    return frame, found


def true_paper(rng, folder, band, unit, places):
    """The extended paper with the numbers of a simulated cohort, all of them true; None if a limit does not exist."""
    x, endpoints = cohort(rng, unit)
    time, event = endpoints["recovery"]
    frame = x.assign(time=time, event=event)
    masks = {"walk": x["arm"] == 1, "rest": x["arm"] == 0, "left": x["side"] == 1, "right": x["side"] == 0}
    models = "row,label,uni_hr,uni_lower,uni_upper,uni_p,multi_hr,multi_lower,multi_upper,multi_p\n"
    for name in ("side", "grade", "smoker", "arm"):
        adjusted = fitted(frame, ["grade", "arm"], name, places) if name in ("grade", "arm") else UNSEEN
        models += f"{name},{name},{fitted(frame, [name], name, places)},{adjusted}\n"
    medians = {}
    for (endpoint, (t, e)), (group, mask) in ((a, b) for a in endpoints.items() for b in masks.items()):
        found = km.median_interval(t[mask], e[mask], band)
        if None in (found.lower, found.median, found.upper):
            return None
        medians[endpoint, group] = tuple(f"{value:.1f}" for value in (found.median, found.lower, found.upper))
    pairs = (("walk", "rest"), ("left", "right"))
    p = [logrank_test(time[masks[a]], time[masks[b]], event[masks[a]], event[masks[b]]).p_value for a, b in pairs]
    return extended(folder, medians=medians, p=[show_p(value) for value in p], models=models)


@pytest.mark.slow
@pytest.mark.parametrize("seeds", [range(12), pytest.param(range(12, 36), marks=pytest.mark.weekly)])
def test_true_cohorts_raise_no_flag(tmp_path, seeds):
    """Bands, tied times and decimals vary. In 287 such papers (half of a month as the unit too) 8 triples came twice."""
    papers = 0
    for i in seeds:
        folder = tmp_path / str(i)
        made = true_paper(
            np.random.default_rng(i), folder, ("log", "log-log", "plain")[i % 3], (0, 0.1)[i % 2], 2 + i % 2
        )
        if made:
            papers += 1
            found = [*events.check(made), *times.check(made), *log_ranks.check(made)]
            assert [c.check_id for c in found if c.is_flag] == []
    assert papers > len(seeds) / 2

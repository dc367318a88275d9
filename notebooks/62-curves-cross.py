# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% [markdown]
# # When curves cross
#
# **This chapter stands on three grounds**, one after the other: *printed numbers* for the puzzle, *simulation with a known truth* for what a
# hazard ratio can hide, and *ranges over the ensemble* of synthetic cohorts for what the printed numbers leave open. A single
# synthetic cohort's estimate is shown nowhere: it would be a fact about invented people. Records that were handed in are not used here.
#
# :::{admonition} In this chapter
# :class: note
# **You will** hold a hazard ratio against two medians, draw three pairs of curves with about the same hazard ratio, and measure
# survival as months lived up to a horizon. **You will learn to** say when one ratio can stand for two curves, to read a restricted
# mean, and to notice what a ratio near 1 conceals. **You need** {term}`hazard ratio`, {term}`median survival`, and
# [](42-synthetic-cohort).
# :::

# %%
import math

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy.special import ndtri

from secondlook.cohort import beyond
from secondlook.pages import figures, present
from secondlook.pages.look import start
from secondlook.stats import cox_batch, km, rmst

look = start()
text = pd.read_csv(look.folder / "text.csv", index_col="id")["printed"]
models = {table: pd.read_csv(look.folder / f"table-{table[1]}.csv", index_col="row") for table in ("t5", "t6")}
cohorts = start(cohort="").ensemble  # many cohorts, never a single one

HORIZONS = {"pfs": (6, 12, 18), "os": (6, 12, 24)}  # months
pairs = {  # hazard of LP before and after nine months, R's being 1
    "the same": (1.0, 1.0),
    "early gain, late loss": (0.55, 2.0),
    "early loss, late gain": (1.7, 0.35),
}

# %% [markdown]
# ## Predict before you reveal
#
# | printed | LP | R | hazard ratio, LP to R | p |
# |---|---:|---:|---:|---:|
# | median progression-free survival | {printed}`outcomes.pfs.lp.median` | {printed}`outcomes.pfs.r.median` | {printed}`t5.arm.uni.hr` | {printed}`outcomes.pfs.p` |
# | median overall survival | {printed}`outcomes.os.lp.median` | {printed}`outcomes.os.r.median` | {printed}`t6.arm.uni.hr` | {printed}`outcomes.os.p` |
#
# Which arm lives longer by the medians? Which by the hazard ratio? Name three explanations.

# %% tags=["remove-input"]
from secondlook.pages import practice

practice.ask("curves-cross.before")

# %% [markdown]
# :::{admonition} Open the answer
# :class: dropdown
# By the medians LP, by the ratio R: with constant hazards those medians would go with ratios of {glue:text}`pfs_by_medians` and
# {glue:text}`os_by_medians`, below 1 and not above. (1) The curves cross: LP is ahead at half and behind at some other time. (2) The
# ratio is R to LP, and its label the wrong way round. (3) Chance: in few patients the curves cross although the drugs' true curves do not.
# The printed numbers cannot decide between them; the rest of this chapter shows what each would mean.
# :::
#
# (cross-ph)=
# ## Proportional hazards, and what they would print
#
# A {term}`hazard` is the rate of events among those still at risk. If one arm's is the same multiple of the other's all the time
# ({term}`proportional hazards`), one hazard ratio describes both curves: at *every* time
#
# $$
# S_{\mathrm{LP}}(t) = S_{\mathrm{R}}(t)^{\mathrm{HR}} .
# $$
#
# Such curves never cross. At the median of R, where $S_{\mathrm{R}} = \tfrac12$, the printed ratio for death gives LP a survival, in
# per cent, of

# %%
n = {arm: int(text[f"patients.size.{arm}"]) for arm in ("lp", "r")}
median, ratio = {}, {}
for endpoint, table in (("pfs", "t5"), ("os", "t6")):
    ratio[endpoint] = float(models[table].loc["arm", "uni_hr"])
    ids = {arm: f"outcomes.{endpoint}.{arm}.median" for arm in n}
    median[endpoint] = {a: float(text[ids[a]]) for a in n}
round(100 * 0.5 ** ratio["os"], 1)

# %% [markdown]
# less than a half: LP would have passed *its* median before R did. Printed is the opposite. With constant hazards the ratio of the
# medians, upside down, is the hazard ratio: {glue:text}`os_by_medians` for death and {glue:text}`pfs_by_medians` for progression, where
# {printed}`t6.arm.uni.hr` and {printed}`t5.arm.uni.hr` are printed.
#
# Can it be chance? In simulated studies of this size *with* constant hazards, everyone followed to the event, and a fitted ratio near
# the printed one, the medians stand as far the other way round in about {glue:text}`os_chance` % (death) and {glue:text}`pfs_chance` %
# (progression). For death that is uncommon, for progression rare. The ledger comes to the same by a formula for large samples
# and queries progression only ([](80-ledger), “direction”).

# %%
rng = np.random.default_rng(261)
which = np.tile(np.arange(sum(n.values())) < n["lp"], (20_000, 1))
everyone = np.ones_like(which)
chance = {}
for endpoint, hr in ratio.items():
    times = rng.exponential(1, which.shape) / np.where(which, hr, 1)
    beta, _ = cox_batch.binary(times, everyone, which)
    near = np.abs(beta - math.log(hr)) < 0.08
    gap = km.medians(times, everyone, which)
    gap /= km.medians(times, everyone, ~which)
    far = gap >= median[endpoint]["lp"] / median[endpoint]["r"]
    chance[endpoint] = 100 * far[near].mean()
    print(f"{endpoint.upper()}: {chance[endpoint]:.1f} %")

# %% tags=["remove-cell"]
look.tell(
    **{f"{e}_by_medians": f"{by['r'] / by['lp']:.2f}" for e, by in median.items()},
    **{f"{e}_chance": f"{share:.0f}" for e, share in chance.items()},
    level=f"{100 * look.alpha:g}",
)

# %% tags=["remove-cell", "guard"]
assert all(median[e]["lp"] > median[e]["r"] and ratio[e] > 1 for e in ratio), (
    f"“by the medians LP, by the ratio R”: {median}, {ratio}"
)

# %% [markdown]
# (cross-hidden)=
# ## What a ratio near 1 can hide
#
# Three pairs of arms, each of so many patients, spread so evenly, that chance plays no part. The fitted hazard ratio is about 1 in
# all three.


# %%
MEDIAN, CHANGE = 9.0, 9.0  # months: R's median, and when LP's hazard changes


def lifetimes(debt, early, late, change=CHANGE):
    """Return when each has used up the hazard that he or she can take.

    early, late: hazard before and after `change` months, R's being 1.
    """
    base = math.log(2) / MEDIAN  # R: constant
    before = debt / (base * early)
    rest = (debt - base * early * change) / (base * late)
    return np.where(before < change, before, change + rest)


# %% tags=["hide-input"] mystnb={"image": {"alt": "Three pairs of survival curves. In the first they coincide. In the second the solid curve runs above the dashed one, crosses it after about a year and falls to zero sooner. In the third it runs below at first, crosses and stays above with a long tail. Above each panel the hazard ratio, about one in all three."}, "figure": {"name": "fig-hidden", "caption": "Three truths behind a hazard ratio of about 1: LP (solid) and R (dashed), with constant hazards before and after nine months."}}
SIZE = 2000
chances = (np.arange(SIZE) + 0.5) / SIZE
debts = -np.log(chances)  # as in an exponential distribution
fig, axes = plt.subplots(1, 3, figsize=(5.25, 3.4), sharey=True)
facts = {}
reference = lifetimes(debts, 1.0, 1.0)
grid = np.linspace(0, 36, 200)
which = np.arange(2 * SIZE)[None] < SIZE
died = np.ones_like(which)
for ax, (name, shape) in zip(axes, pairs.items(), strict=True):
    times = lifetimes(debts, *shape)
    both = np.concatenate([times, reference])[None]
    beta, _ = cox_batch.binary(both, died, which)
    hr = math.exp(beta[0])
    for arm, sample, colour, line in (("LP", times, figures.BLUE, "-"), ("R", reference, figures.ORANGE, "--")):
        alive = 100 * (1 - np.searchsorted(np.sort(sample), grid, side="right") / SIZE)
        ax.plot(grid, alive, line, color=colour, linewidth=2, label=arm)
    said = name.replace(", ", ",\n")
    ax.set_title(f"{said}\nHR {hr:.2f}", fontsize=10.5)
    ax.set(xlabel="months", xlim=(0, 36), ylim=(0, 101))
    ax.set_xticks([0, 12, 24, 36])
    until = [np.minimum([times, reference], h) for h in (12, 36)]
    gained = [lp.mean() - r.mean() for lp, r in until]
    facts[name] = {
        "ratio": f"{hr:.2f}",
        "median, LP": f"{np.median(times):.1f}",
        "median, R": f"{np.median(reference):.1f}",
        "gained by 12": present.span(gained[:1], "+.1f"),
        "gained by 36": present.span(gained[1:], "+.1f"),
    }
axes[0].set_ylabel("% alive")
_ = axes[0].legend(frameon=False)

# %% tags=["remove-cell"]
early, late = pairs["early gain, late loss"]
look.tell(base_median=f"{MEDIAN:g}", change=f"{CHANGE:g}", early=f"{early:g}", late=f"{late:g}")

# %% tags=["remove-cell", "guard"]
assert all(0.85 < float(row["ratio"]) < 1.18 for row in facts.values()), f"“about 1 in all three”: {facts}"

# %%
pd.DataFrame(facts).T

# %% [markdown]
# (*Gained*: by 12 and by 36 months, months lived by LP less those by R.) In the second pair the longer median and the higher hazard ratio
# stand together, as in the paper. A patient who must decide is poorly
# served by “a ratio of about 1”: the drugs differ early and late, in opposite directions. What the fitted ratio averages over, and
# with which weights, depends even on how long people were followed {cite}`uno2014`.

# %% tags=["hide-input"]
from functools import cache

from secondlook.pages import sliders

evenly = -np.log((np.arange(500) + 0.5) / 500)
in_r = lifetimes(evenly, 1.0, 1.0)
shown_months = np.arange(0, 37)


@cache
def fitted_ratio(before, after):
    """Return the hazard ratio that a Cox model finds."""
    both = np.concatenate([lifetimes(evenly, before, after), in_r])[None]
    is_lp = np.arange(both.size)[None] < evenly.size
    return math.exp(cox_batch.binary(both, np.ones_like(is_lp), is_lp)[0][0])


def compared(before, after, horizon):
    """Return ratio, medians and the months gained, in words."""
    in_lp = lifetimes(evenly, before, after)
    gained_by = np.minimum(in_lp, horizon).mean() - np.minimum(in_r, horizon).mean()
    return {
        "fitted hazard ratio": f"{fitted_ratio(before, after):.2f}",
        "median, LP": f"{np.median(in_lp):.1f} months",
        "median, R": f"{np.median(in_r):.1f} months",
        "months gained by the horizon": present.span([gained_by], "+.1f"),
    }


def alive_of(times):
    """Return per cent alive at each month."""
    return [100 * np.mean(times > month) for month in shown_months]


sliders.move(
    "Move it: hazards that cross",
    [
        sliders.Slider(
            f"hazard of LP before {CHANGE:g} months",
            (0.3, 0.4, 0.55, 0.7, 0.85, 1, 1.2, 1.45, 1.7, 2),
            0.55,
            "{} of R's",
        ),
        sliders.Slider("after", (0.35, 0.5, 0.7, 0.85, 1, 1.2, 1.5, 2, 2.5), 2, "{} of R's"),
        sliders.Slider("horizon", (3, 6, 9, 12, 18, 24, 36), 12, "{} months"),
    ],
    compared,
    sliders.Chart(shown_months, "months", range(0, 37, 12), "% alive", range(0, 101, 20)),
    lambda before, after, _: {"LP": alive_of(lifetimes(evenly, before, after)), "R": alive_of(in_r)},
    lambda before, after, horizon: horizon,
)

# %% [markdown]
# (cross-rmst)=
# ## Months lived up to a horizon
#
# The {term}`restricted mean survival time` is the area under the curve up to a horizon: the months lived, on average, of the first 12,
# say {cite}`royston2013`. It needs no proportional hazards, it is in months, and a difference of areas can be read to a patient. Its price: the
# horizon must be chosen, and chosen beforehand; and it must not lie beyond the last patient followed in either arm, where a curve is
# no longer known (unless that patient had the event: then the curve is at zero).
#
# :::{margin}
# Why *restricted*? The whole mean needs a curve that comes down to zero, and then the last few patients decide it.
# :::

# %% tags=["hide-input"]
grid = np.arange(0, 36.01, 0.1)


def known_until(times, events):
    """Return until when a curve is known.

    Always, if the last patient had the event.
    """
    last = np.max(times)
    return math.inf if np.any(events[times == last]) else float(last)


def gains(lp, r, horizon):
    """Return months gained and their limits, cohort by cohort."""
    pairs = zip(lp, r, strict=True)
    means = ([rmst.rmst(*a, horizon) for a in pair] for pair in pairs)
    return np.array([rmst.difference(*both) for both in means]).T


ahead, until, gained = {}, {}, {}
for endpoint in HORIZONS if cohorts else ():
    lp, r = ([beyond.of_group(c, endpoint, a) for c in cohorts] for a in n)
    until[endpoint] = min(known_until(*group) for group in lp + r)
    alive_lp, alive_r = (np.array([km.curve(*group).at(grid) for group in side]) for side in (lp, r))
    ahead[endpoint] = alive_lp - alive_r
    for horizon in HORIZONS[endpoint]:
        if horizon <= until[endpoint]:
            gained[endpoint, horizon] = gains(lp, r, horizon)

# %% tags=["hide-input"] mystnb={"image": {"alt": "Two panels, progression-free and overall survival. Each shows a band: the least and greatest difference in months lived, LP less R, over the ensemble, against the horizon from zero to 36 months. The band of progression rises to about 0.75 months near eight, comes back to zero at sixteen to nineteen, then widens and ends between zero and 0.75 months below at twenty-seven; that of overall survival rises to about one month near seventeen, comes back to zero at thirty-three to thirty-five and ends below it. It is nowhere much wider than a quarter of a month."}, "figure": {"name": "fig-rmst-range", "caption": "Months gained with LP up to each horizon: the range over the ensemble of synthetic cohorts (not a confidence band), as far as both curves are known."}}
fig, axes = plt.subplots(1, 2, figsize=(5.25, 3.5), sharey=True)
titles = {"pfs": "progression-free", "os": "overall"}
for ax, (endpoint, title) in zip(axes, titles.items(), strict=True):
    if endpoint in ahead:
        known = grid[1:] <= until[endpoint]
        area = 0.1 * np.cumsum(ahead[endpoint][:, :-1], axis=1)
        area = area[:, known]
        ends = grid[1:][known], area.min(axis=0), area.max(axis=0)
        ax.fill_between(*ends, color=figures.BLUE, alpha=0.6)
    ax.axhline(0, color=figures.INK, linewidth=1)
    ax.set_title(f"{title} survival", fontsize=11)
    ax.set(xlabel="horizon, months", xlim=(0, 36))
    ax.set_xticks([0, 12, 24, 36])
axes[0].set_ylabel("months gained with LP")

# %%
rows = {}
for (endpoint, horizon), (gain, low, high) in gained.items():
    rows[f"{endpoint.upper()}, {horizon} months"] = {
        "months gained": present.span(gain, "+.1f"),
        "excluding 0": np.sum((low > 0) | (high < 0)),
        "lower limit": present.span(low, "+.1f"),
        "upper limit": present.span(high, "+.1f"),
    }
pd.DataFrame(rows).T

# %% tags=["remove-cell"]
excluding = sum(row["excluding 0"] for row in rows.values())
look.tell(
    excluding=excluding or "none",
    **{f"{e}_12": present.span(gained[e, 12][0], ".1f") if (e, 12) in gained else "unknown" for e in HORIZONS},
)

# %% tags=["remove-cell", "guard"]
assert not excluding, f"“at none does an interval of the ensemble exclude 0”: {rows}"

# %% [markdown]
# Computed over {glue:text}`cohorts` synthetic cohorts. *Excluding 0*: how many of the 95 % intervals of the gain (± 1.96 standard errors) do; their *limits* beside it. Up to 12 months the
# gain is {glue:text}`pfs_12` months without progression and {glue:text}`os_12` months of life. Of all intervals {glue:text}`excluding` excludes 0.
#
# Synthetic cohorts all print the published medians and log-rank p values, and their limits are what a study of this size would print
# around such a gain. So these are ranges of what the printed numbers *allow*, among the cohorts that were found: how often something
# occurs among them says nothing about how likely it is, and none of it is a result on the drugs.

# %% [markdown]
# (cross-when)=
# ## Must the curves cross?
#
# If the medians *and* the hazard ratio as labelled are both true, LP is ahead at half and must be behind somewhere else.
#
# :::{admonition} Why it must
# :class: dropdown
# Let $Y_1$ and $Y_0$ be the numbers at risk with LP and R, and $\Lambda_1$, $\Lambda_0$ their cumulative hazards (each event adds one
# over the number at risk; the higher, the lower the curve). The log-rank test compares events with expected events. Their
# difference for LP is a sum over all times of an event,
#
# $$
# \begin{gathered}
# O - E = \sum w\,(\mathrm{d}\Lambda_1 - \mathrm{d}\Lambda_0), \\
# w = \frac{Y_1 Y_0}{Y_1 + Y_0} .
# \end{gathered}
# $$
#
# As patients leave, $w$ never rises. So if LP were nowhere behind, $\Lambda_1 \le \Lambda_0$ at all times, then summing by parts gives
# $O - E \le 0$. That difference is the slope of Cox's log likelihood at a ratio of 1, and the likelihood has a single peak: the
# fitted ratio would be 1 or less. A fitted ratio above 1 therefore needs a time at which LP is behind, whatever the censoring.
# :::
#
# The synthetic cohorts were built to print both. Their hazard ratios before and after R's median, and of all time:

# %% tags=["hide-input"]
rows, turned = {}, np.ones(len(cohorts), dtype=bool)
for endpoint in ahead:
    times = np.array([c.times(endpoint) for c in cohorts])
    events = np.array([c.events(endpoint) for c in cohorts])
    of_lp = np.array([c.groups("lp") for c in cohorts])
    split = median[endpoint]["r"]
    first = np.minimum(times, split), events & (times <= split), of_lp
    rest = np.where(times > split, times, np.nan), events, of_lp, split
    before, after, whole = (np.exp(cox_batch.binary(*part)[0]) for part in (first, rest, (times, events, of_lp)))
    turned &= (before < 1) & (after > 1)
    later = ahead[endpoint][:, grid > median[endpoint]["lp"]]
    behind = np.sum(later.min(axis=1) < -0.005)
    rows[endpoint.upper()] = {
        "before": present.span(before, ".2f"),
        "after": present.span(after, ".2f"),
        "all time": present.span(whole, ".2f"),
        "split at, months": f"{split:.1f}",
        "LP behind later": f"{behind} of {len(later)}",
    }
pd.DataFrame(rows).T

# %% tags=["remove-cell"]
look.tell(turned=turned.sum(), cohorts=len(cohorts))

# %% tags=["remove-cell", "guard"]
assert turned.all(), f"“in the cohorts LP is ahead early and behind later”: {rows}"

# %% [markdown]
# *LP behind later*: after its own median, at some time. In {glue:text}`turned` of {glue:text}`cohorts` cohorts the ratio is below 1 before the median of R
# and above 1 after it, in both endpoints. In synthetic cohorts this follows from taking the label at its word; were it the wrong way round, nothing
# here would follow.

# %% [markdown]
# What would a careful author do with records at hand? Draw the curves first; look for a trend in time in the
# {term}`Schoenfeld residuals` {cite}`grambsch1994`; and if the hazards are not proportional, report survival at stated times and restricted means with their
# intervals, and the hazard ratio, if at all, for stated stretches of time.
#
# ## Practice

# %% tags=["remove-input"]
practice.ask("curves-cross.after")

# %% [markdown]
# ## Exercises
#
# :::{exercise} What proportional hazards would print
# :label: cross-what-proportional-hazards
#
# *Level 1 of 3 · 10 minutes · calculator*
#
# Take R's printed median of overall survival, constant hazards, and the printed ratio at its word. Which median should LP have? Which ratio
# would give LP its printed median?
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# With a constant hazard the median is ln 2 over the hazard, so a hazard that is so many times as high makes a median
# that is so many times as short.
# :::

# %% [markdown]
# :::{solution-start} cross-what-proportional-hazards
# :class: dropdown
# :::

# %%
median_r, median_lp = median["os"]["r"], median["os"]["lp"]
print(f"median of LP by the ratio: {median_r / ratio['os']:.1f} months")
print(f"ratio by the medians: {median_r / median_lp:.2f}")
print(f"for comparison, 1 / printed ratio: {1 / ratio['os']:.2f}")

# %% [markdown]
# :::{solution-end}
# :::
#
# :::{exercise} Can a test see it?
# :label: cross-test-see
#
# *Level 3 of 3 · 40 minutes · Python or R*
#
# Simulate studies of {printed}`patients.size.lp` and {printed}`patients.size.r` patients with the second pair of hazards (early
# gain, late loss), everyone followed to death. How often is the Cox model's p below {glue:text}`level` %? How often does the 95 % interval
# of the difference in restricted means exclude 0, with a horizon of 12 months, and with one of 36?
#
# R's hazard is constant, with a median of {glue:text}`base_median` months; LP's is {glue:text}`early` times as high
# for {glue:text}`change` months and {glue:text}`late` times as high from then on. With nobody censored the restricted
# mean of an arm is the mean of min(time, horizon), and the variance of that mean is the variance of these values over
# the number of patients; those of the two arms add up.
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# A time with a hazard that changes: draw a debt from the exponential distribution with mean 1; pay it at the first
# rate until the change, and what is left at the second.
# :::

# %% [markdown]
# :::{solution-start} cross-test-see
# :class: dropdown
# :::

# %%
rng = np.random.default_rng(263)
which = np.tile(np.arange(sum(n.values())) < n["lp"], (400, 1))
debts = (rng.exponential(1, which.shape) for _ in range(2))
lp = lifetimes(next(debts), *pairs["early gain, late loss"])
lived = np.where(which, lp, lifetimes(next(debts), 1, 1))

beta, se = cox_batch.binary(lived, np.ones_like(which), which)
cox = np.mean(np.abs(beta / se) > -ndtri(look.alpha / 2))


def excludes_0(times, of_lp, horizon):
    """Return whether the interval of the difference excludes 0."""
    lp, r = times[of_lp], times[~of_lp]
    first = rmst.rmst(lp, np.ones(len(lp)), horizon)
    second = rmst.rmst(r, np.ones(len(r)), horizon)
    _, low, high = rmst.difference(first, second)
    return low > 0 or high < 0


seen = {}
for horizon in (12, 36):
    studies = zip(lived, which, strict=True)
    found_0 = [excludes_0(t, w, horizon) for t, w in studies]
    seen[horizon] = np.mean(found_0)

print(f"Cox: {100 * cox:.0f} %")
for horizon, share in seen.items():
    print(f"restricted mean up to {horizon}: {100 * share:.0f} %")

# %% [markdown]
# Neither sees it often in so few patients. The Cox model averages the gain and the loss away. The restricted mean up to 12
# months catches most of the gain and little of the loss; up to 36 months it, too, finds nothing. That is why the horizon must be chosen
# before the curves are seen.

# %% tags=["remove-cell", "guard"]
assert 0.1 < seen[12] < 0.5, f"the solution's words on 12 months: {seen}"
assert seen[36] < 0.1, f"the solution's words on 36 months: {seen}"

# %% [markdown]
# :::{solution-end}
# :::
#
# ## Key takeaways
#
# - [Under proportional hazards](cross-ph) the medians and the ratio point the same way. Here they do not: the medians of survival go
#   with a ratio of {glue:text}`os_by_medians`, and {printed}`t6.arm.uni.hr` is printed. Ask for the curves.
# - [A ratio near 1](cross-hidden) can be the average of two opposite effects.
# - [The restricted mean](cross-rmst) says months gained up to a horizon, whatever the shape; choose the horizon first. At
#   none of those above does an interval of the ensemble exclude 0.
# - [If medians and label are both right](cross-when), LP must be behind at some time: the curves cross. In the cohorts that
#   were found it is ahead early and behind later. Such ranges show what the printed numbers leave open; they are not estimates.
#
# ## Strengths and limitations of the method
#
# *Strengths.* The identity $S_1 = S_0^{\mathrm{HR}}$ needs printed numbers only; the restricted mean assumes next to nothing. *Limitations.*
# A restricted mean depends on its horizon, and its difference on where the horizon falls when curves cross. The ensemble
# descends from two cohorts, so that its ranges are narrower than what is possible ([](cohort-open)). And it obeys the labels as
# printed: were one reversed, it would answer a question that nobody asked.
#
# ## Further reading
#
# Restricted means: {cite:t}`royston2013`. Beyond the hazard ratio: {cite:t}`uno2014`. Testing proportionality: {cite:t}`grambsch1994`.
# The model itself: {cite:t}`cox1972`, {cite:t}`therneau2000`.

# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% [markdown]
# # When curves cross
#
# **This chapter stands on three grounds**, one after the other: *printed numbers* for the puzzle, *simulation with a known truth* for what a
# hazard ratio can hide, and *ranges over the ensemble* of synthetic cohorts for what the printed numbers leave open. A single
# synthetic cohort's estimate is shown nowhere: it would be a fact about invented people.
#
# :::{admonition} In this chapter
# :class: note
# **You will** hold a hazard ratio against two medians, draw three pairs of curves with about the same hazard ratio, and measure
# survival as months lived up to a horizon. **You will learn to** say when one ratio can stand for two curves, to read a restricted
# mean, and to notice what a ratio near 1 conceals. **You need** {term}`hazard ratio`, {term}`median survival`, and
# [](42-synthetic-cohort).
# :::

# %% tags=["hide-input"]
import math
from html import escape

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import Markdown, display
from scipy.special import ndtri

from secondlook.cohort import beyond
from secondlook.pages import figures, present
from secondlook.pages.look import start
from secondlook.stats import cox_batch, km, rmst

look = start(published, alpha, cohort)

# %% tags=["remove-cell"]
registry = look.registry
n = {arm: look.count(f"patients.size.{arm}") for arm in ("lp", "r")}
TABLES = {"pfs": "t5", "os": "t6"}
median = {e: {a: float(registry[f"outcomes.{e}.{a}.median"].number.value) for a in n} for e in TABLES}
ratio = {e: float(registry[f"{t}.arm.uni.hr"].number.value) for e, t in TABLES.items()}
assert all(median[e]["lp"] > median[e]["r"] and ratio[e] > 1 for e in TABLES), (
    f"“by the medians LP, by the ratio R”: {median}, {ratio}"
)
# many cohorts, or real records; never a single invented cohort
real = look.records is not None and not look.synthetic
cohorts = [look.records] if real else look.ensemble

# studies with proportional hazards: how often do medians stand as far the other way round?
STUDIES, NEAR = 20_000, 0.08
rng = np.random.default_rng(261)
arm = np.tile(np.arange(sum(n.values())) < n["lp"], (STUDIES, 1))
everyone = np.ones_like(arm)
chance = {}
for endpoint, hr in ratio.items():
    times = rng.exponential(1, arm.shape) / np.where(arm, hr, 1)
    fitted, _ = cox_batch.binary(times, everyone, arm)
    gap = km.medians(times, everyone, arm) / km.medians(times, everyone, ~arm)
    beside = np.abs(fitted - math.log(hr)) < NEAR
    chance[endpoint] = 100 * np.mean(gap[beside] >= median[endpoint]["lp"] / median[endpoint]["r"])
look.tell(
    os_by_medians=f"{median['os']['r'] / median['os']['lp']:.2f}",
    pfs_by_medians=f"{median['pfs']['r'] / median['pfs']['lp']:.2f}",
    os_chance=f"{chance['os']:.0f}", pfs_chance=f"{chance['pfs']:.0f}", level=f"{100 * alpha:g}",
)  # fmt: skip

# %% [markdown]
# ## Predict before you reveal
#
# | printed | LP | R | hazard ratio, LP to R | p |
# |---|---:|---:|---:|---:|
# | median progression-free survival | {printed}`outcomes.pfs.lp.median` | {printed}`outcomes.pfs.r.median` | {printed}`t5.arm.uni.hr` | {printed}`outcomes.pfs.p` |
# | median overall survival | {printed}`outcomes.os.lp.median` | {printed}`outcomes.os.r.median` | {printed}`t6.arm.uni.hr` | {printed}`outcomes.os.p` |
#
# Which arm lives longer by the medians? Which by the hazard ratio? Name three explanations.
#
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
#
# (cross-hidden)=
# ## What a ratio near 1 can hide
#
# Three pairs of arms, each of so many patients, spread so evenly, that chance plays no part. The fitted hazard ratio is about 1 in
# all three.


# %%
def lifetimes(debt, early, late, change=9.0):
    """Return when each has used up the hazard that he or she can take.

    early, late: hazard before and after `change` months, R's being 1.
    """
    base = math.log(2) / 9  # R: constant, with a median of 9 months
    before = debt / (base * early)
    rest = (debt - base * early * change) / (base * late)
    return np.where(before < change, before, change + rest)


pairs = {
    "the same": (1.0, 1.0),
    "early gain, late loss": (0.55, 2.0),
    "early loss, late gain": (1.7, 0.35),
}


# %% tags=["remove-cell"]
def signed(value, places=1):
    """Return a number with its sign, nought without one."""
    text = f"{value:+.{places}f}".replace("-", "−")
    return text if text.strip("+−0.") else text[1:]


def between(values, places=1, sign=False):
    """Return the least and greatest of some values, as words."""
    texts = [
        signed(v, places) if sign else f"{v:.{places}f}".replace("-", "−") for v in (np.min(values), np.max(values))
    ]
    return texts[0] if texts[0] == texts[1] else f"{texts[0]} to {texts[1]}"


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
lines = {
    "LP": {"color": figures.BLUE},
    "R": {"color": figures.ORANGE, "linestyle": "--"},
}


def alive(times):
    """Return the per cent alive on the grid."""
    dead = np.searchsorted(np.sort(times), grid, side="right")
    return 100 * (1 - dead / len(times))


for ax, (name, shape) in zip(axes, pairs.items(), strict=True):
    times = lifetimes(debts, *shape)
    both = np.concatenate([times, reference])[None]
    beta, _ = cox_batch.binary(both, died, which)
    hr = math.exp(beta[0])
    for arm, sample in (("LP", times), ("R", reference)):
        style = {"linewidth": 2, "label": arm, **lines[arm]}
        ax.plot(grid, alive(sample), **style)
    said = name.replace(", ", ",\n")
    ax.set_title(f"{said}\nHR {hr:.2f}", fontsize=10.5)
    ax.set(xlabel="months", xlim=(0, 36), ylim=(0, 101))
    ax.set_xticks([0, 12, 24, 36])
    until = [np.minimum([times, reference], h) for h in (12, 36)]
    gained = [lp.mean() - r.mean() for lp, r in until]
    medians = np.median(times), np.median(reference)
    facts[name] = hr, *medians, *gained
axes[0].set_ylabel("% alive")
axes[0].legend(frameon=False)
assert all(0.85 < row[0] < 1.18 for row in facts.values()), f"“about 1 in all three”: {facts}"

# %% tags=["remove-input"]
present.table(
    ["LP to R", "ratio", "median, LP", "median, R", "gained by 12", "gained by 36"],
    [
        [escape(name), f"{hr:.2f}", f"{a:.1f}", f"{b:.1f}", signed(short), signed(long)]
        for name, (hr, a, b, short, long) in facts.items()
    ],
    "Three truths behind one hazard ratio: medians, and months gained up to 12 and up to 36", range(1, 6),
)  # fmt: skip

# %% [markdown]
# (*Gained*: by 12 and by 36 months, months lived by LP less those by R.) In the second pair the longer median and the higher hazard ratio
# stand together, as in the paper. A patient who must decide is poorly
# served by “a ratio of about 1”: the drugs differ early and late, in opposite directions. What the fitted ratio averages over, and
# with which weights, depends even on how long people were followed {cite}`uno2014`.
#
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

# %% tags=["remove-cell"]
found, grid = {}, np.arange(0, 36.01, 0.1)


def known_until(times, events):
    """Return until when a curve is known: always, if its last patient had the event."""
    last = np.max(times)
    return math.inf if np.any(events[times == last]) else float(last)


for endpoint in TABLES if cohorts else ():
    sides = {a: [beyond.of_group(c, endpoint, a) for c in cohorts] for a in n}
    limit = min(known_until(*v) for a in n for v in sides[a])
    curves = {a: np.array([km.curve(*v).at(grid) for v in sides[a]]) for a in n}
    areas = {a: np.cumsum(curves[a][:, :-1], axis=1) * 0.1 for a in n}
    stacked = [np.array([getattr(c, what)(endpoint) for c in cohorts]) for what in ("times", "events")]
    is_lp = np.array([c.groups("lp") for c in cohorts])
    split = median[endpoint]["r"]
    early, _ = cox_batch.binary(np.minimum(stacked[0], split), stacked[1] & (stacked[0] <= split), is_lp)
    late, _ = cox_batch.binary(np.where(stacked[0] > split, stacked[0], np.nan), stacked[1], is_lp, entry=split)
    whole, _ = cox_batch.binary(*stacked, is_lp)
    gap = curves["lp"] - curves["r"]
    found[endpoint] = {
        "gap": gap, "area": areas["lp"] - areas["r"], "limit": limit, "whole": np.exp(whole), "early": np.exp(early), "late": np.exp(late),
        "rmst": {
            h: np.array([rmst.difference(rmst.rmst(*a, h), rmst.rmst(*b, h)) for a, b in zip(sides["lp"], sides["r"], strict=True)])
            for h in (6, 12, 18 if endpoint == "pfs" else 24) if h <= limit
        },
    }  # fmt: skip

# %% tags=["hide-input"] mystnb={"image": {"alt": "Two panels, progression-free and overall survival. Each shows a band: the least and greatest difference in months lived, LP less R, over the ensemble, against the horizon from zero to 36 months. The band of progression rises to about 0.6 months near eight, comes back to zero at sixteen to nineteen and ends there; that of overall survival rises to about one month near thirteen, is wholly below zero after thirty-three and ends between 0.2 and 0.7 months below. Neither is much wider than half a month."}, "figure": {"name": "fig-rmst-range", "caption": "Months gained with LP up to each horizon: the range over the ensemble of synthetic cohorts (not a confidence band; a single file of records gives a line), as far as both curves are known."}}
fig, axes = plt.subplots(1, 2, figsize=(5.25, 3.5), sharey=True)
titles = {"pfs": "progression-free", "os": "overall"}
for ax, (endpoint, title) in zip(axes, titles.items(), strict=True):
    if endpoint in found:
        known = grid[1:] <= found[endpoint]["limit"]
        area = found[endpoint]["area"][:, known]
        ends = grid[1:][known], area.min(axis=0), area.max(axis=0)
        ax.fill_between(*ends, color=figures.BLUE, alpha=0.6)
    ax.axhline(0, color=figures.INK, linewidth=1)
    ax.set_title(f"{title} survival", fontsize=11)
    ax.set(xlabel="horizon, months", xlim=(0, 36))
    ax.set_xticks([0, 12, 24, 36])
axes[0].set_ylabel("months gained with LP")

# %% tags=["remove-cell"]
who = "the records that were handed in" if real else f"{len(cohorts)} synthetic cohorts"
printable = [
    [
        f"{e.upper()}, {h} months", between(found[e]["rmst"][h][:, 0], sign=True),
        str(int(((found[e]["rmst"][h][:, 1] > 0) | (found[e]["rmst"][h][:, 2] < 0)).sum())),
        between(found[e]["rmst"][h][:, 1], sign=True), between(found[e]["rmst"][h][:, 2], sign=True),
    ]
    for e in found for h in found[e]["rmst"]
]  # fmt: skip

# %% tags=["remove-input"]
if found:
    display(
        present.table(
            ["horizon", "months gained", "excluding 0", "lower limit", "upper limit"],
            printable, f"Months gained with LP, and their 95 % limits, over {who}", range(1, 5),
        )
    )  # fmt: skip
    gains = {e: between(found[e]["rmst"][12][:, 0]) for e in found if 12 in found[e]["rmst"]}
    columns = "*Excluding 0*: how many of the 95 % intervals of the gain do; their *limits* beside it."
    if real:
        words = {"pfs": "without progression", "os": "of life"}
        gained = " and ".join(f"{gain} months {words[e]}" for e, gain in gains.items())
        said = f"Computed from {who}. {columns}" + (f" Gained up to 12 months: {gained}." if gained else "")
    else:
        said = (
            f"Ranges over {who}, which all print the published medians and log-rank p values. {columns} Up to 12 months that allows a gain of "
            f"{gains['pfs']} months without progression and {gains['os']} months of life. The limits are what a study of this size "
            "would print around such a gain, and every interval includes 0. These are ranges of what the printed numbers *allow*, among the "
            "cohorts that were found: how often something occurs among them says nothing about how likely it is, and none of it "
            "is a result on the drugs."
        )
        assert all(row[2] == "0" for row in printable), f"“every interval includes 0”: {printable}"
    display(Markdown(said))
else:
    display(Markdown("There are no patients beside this copy of the data, so this section has nothing to compute on."))

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

# %% tags=["remove-input"]
if found:
    lines = []
    for e in found:
        gap = found[e]["gap"]
        later = gap[:, grid > median[e]["lp"]]
        lines.append(
            [
                e.upper(), between(found[e]["early"], 2), between(found[e]["late"], 2), between(found[e]["whole"], 2),
                f"{median[e]['r']:.1f}", f"{int((later.min(axis=1) < -0.005).sum())} of {len(gap)}",
            ]
        )  # fmt: skip
    display(
        present.table(
            ["endpoint", "before", "after", "all time", "split at, months", "LP behind later"],
            lines, f"Hazard ratios, LP to R, before and after the median of R, over {who}", range(1, 6),
        )
    )  # fmt: skip
    changed = all((found[e]["early"] < 1).all() and (found[e]["late"] > 1).all() for e in found)
    shown = "*LP behind later*: after its own median, at some time. "
    label = "This follows from taking the label at its word; were it the wrong way round, nothing here would follow."
    everywhere = "In every cohort the ratio is below 1 before the median of R and above 1 after it. " if changed else ""
    display(Markdown(shown + (f"The table was computed from {who}." if real else everywhere + label)))

# %% [markdown]
# What would a careful author do with records at hand? Draw the curves first; look for a trend in time in the
# {term}`Schoenfeld residuals` {cite}`grambsch1994`; and if the hazards are not proportional, report survival at stated times and restricted means with their
# intervals, and the hazard ratio, if at all, for stated stretches of time.
#
# ## Exercises
#
# :::{exercise} What proportional hazards would print
# :label: cross-what-proportional-hazards
#
# Take R's printed median of overall survival, constant hazards, and the printed ratio at its word. Which median should LP have? Which ratio
# would give LP its printed median?
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
# Simulate studies of {printed}`patients.size.lp` and {printed}`patients.size.r` patients with the second pair of hazards (early
# gain, late loss), everyone followed to death. How often is the Cox model's p below {glue:text}`level` %? How often does the 95 % interval
# of the difference in restricted means exclude 0, with a horizon of 12 months, and with one of 36?
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
cox = np.mean(np.abs(beta / se) > -ndtri(alpha / 2))


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

# %% tags=["remove-cell"]
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
# A restricted mean depends on its horizon, and its difference on where the horizon falls when curves cross. The ensemble comes
# from few orders of events, so that its ranges are narrower than what is possible ([](42-synthetic-cohort)). And it obeys the labels as
# printed: were one reversed, it would answer a question that nobody asked.
#
# ## Further reading
#
# Restricted means: {cite:t}`royston2013`. Beyond the hazard ratio: {cite:t}`uno2014`. Testing proportionality: {cite:t}`grambsch1994`.
# The model itself: {cite:t}`cox1972`, {cite:t}`therneau2000`.

# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% [markdown]
# # Response is not survival
#
# **This chapter stands on two grounds.** Which tables of agreement between RECIST and mRECIST are possible follows from
# *printed numbers*, the {term}`margins <margins of a table>`. What a comparison of responders with non-responders shows is *simulation with a known
# truth*: there, response has nothing to do with survival.
#
# :::{admonition} In this chapter
# :class: note
# **You will** list all ways in which two criteria can have judged the same patients, and watch responders
# outlive the others although response does nothing. **You will learn to** recognise {term}`guarantee-time bias` in a
# comparison by response, and to mend it by a {term}`landmark <landmark analysis>` or a {term}`covariate that changes in
# time`. **You need** {term}`ORR`, {term}`hazard ratio` and [](53-guaranteed-time).
# :::

# %% tags=["hide-input"]
import math
from html import escape

import matplotlib.pyplot as plt
import numpy as np
from scipy.special import ndtri
from scipy.stats import binomtest

from secondlook.numbers.dates import MONTH
from secondlook.pages import figures, present
from secondlook.pages.look import start
from secondlook.stats import agreement, cox_batch, km

look = start(published, alpha, cohort)

# %% tags=["remove-cell"]
registry = look.registry
CATEGORIES = ("cr", "pr", "sd", "pd")
ARMS = ("lp", "r")
size = {a: look.count(f"patients.size.{a}") for a in ARMS}
margins = {a: tuple([look.count(f"t3.{c}.{s}.{a}.n") for c in CATEGORIES] for s in ("recist", "mrecist")) for a in ARMS}
every = {a: list(agreement.tables(*margins[a])) for a in ARMS}
upward = {a: list(agreement.never_worse(*margins[a])) for a in ARMS}


def ends(values, places=None):
    """Return the least and greatest of some numbers, as words."""
    low, high = min(values), max(values)
    texts = [str(v) if places is None else f"{v:.{places}f}".replace("-", "−") for v in (low, high)]
    return texts[0] if texts[0] == texts[1] else f"{texts[0]} to {texts[1]}"


def both(table):
    """Return how many patients respond by both criteria."""
    return sum(table[i][j] for i in (0, 1) for j in (0, 1))


for tables in upward.values():
    assert tables, f"no table of changes has the printed margins: {upward}"
    assert all(t[3][3] == sum(t[3]) for t in tables), f"nobody leaves progressive disease: {tables}"
told = {}
for a in ARMS:
    responders = [sum(side[:2]) for side in margins[a]]
    moved = {size[a] - agreement.agreeing(t) for t in upward[a]}
    told |= {
        f"{a}_every": f"{len(every[a]):,}", f"{a}_upward": len(upward[a]), f"{a}_gain": responders[1] - responders[0],
        f"{a}_same_every": ends([agreement.agreeing(t) for t in every[a]]), f"{a}_moved": ends(moved),
        f"{a}_kappa_every": ends([agreement.kappa(t) for t in every[a]], 2),
        f"{a}_kappa": ends([agreement.kappa(t) for t in upward[a]], 2), f"{a}_both": ends({both(t) for t in every[a]}),
    }  # fmt: skip
gains = told["lp_gain"] + told["r_gain"]
# by RECIST only: none to all who respond by it and need not respond by both; by mRECIST only: so many and the gains
alone = range(sum(sum(margins[a][0][:2]) - min(map(both, every[a])) for a in ARMS) + 1)
mcnemar = [binomtest(k, 2 * k + gains).pvalue for k in alone]
assert min(mcnemar) == mcnemar[0], f"“the least p is that of the fewest changes”: {mcnemar}"
look.tell(
    **told, pairs=math.prod(map(len, upward.values())), pairs_every=f"{math.prod(map(len, every.values())):,}",
    gains=gains, least_p=f"{mcnemar[0]:.3f}", greatest_p=f"{max(mcnemar):.2f}",
)  # fmt: skip

# %% [markdown]
# ## Predict before you reveal
#
# Best responses as printed, patients:
#
# | | LP, RECIST | LP, mRECIST | R, RECIST | R, mRECIST |
# |---|---:|---:|---:|---:|
# | complete response | {printed}`t3.cr.recist.lp.n` | {printed}`t3.cr.mrecist.lp.n` | {printed}`t3.cr.recist.r.n` | {printed}`t3.cr.mrecist.r.n` |
# | partial response | {printed}`t3.pr.recist.lp.n` | {printed}`t3.pr.mrecist.lp.n` | {printed}`t3.pr.recist.r.n` | {printed}`t3.pr.mrecist.r.n` |
# | stable disease | {printed}`t3.sd.recist.lp.n` | {printed}`t3.sd.mrecist.lp.n` | {printed}`t3.sd.recist.r.n` | {printed}`t3.sd.mrecist.r.n` |
# | progressive disease | {printed}`t3.pd.recist.lp.n` | {printed}`t3.pd.mrecist.lp.n` | {printed}`t3.pd.recist.r.n` | {printed}`t3.pd.mrecist.r.n` |
#
# The same patients were judged twice. Must the {printed}`t3.orr.recist.lp.n` who responded to LP by RECIST be among
# the {printed}`t3.orr.mrecist.lp.n` who did by mRECIST? In how many ways can all this have come about? And what would
# have to be added, so that one could say how well the criteria agree?
#
# :::{admonition} Open the answer
# :class: dropdown
# By the margins alone, no: anywhere from {glue:text}`lp_both` patients of LP can have responded by
# both, and there are {glue:text}`lp_every` tables for LP and {glue:text}`r_every` for R. But suppose that mRECIST never
# judges worse than RECIST: then only {glue:text}`lp_upward` and {glue:text}`r_upward` remain, and nearly everything is
# known. What should have been printed is the table itself.
# :::
#
# (response-tables)=
# ## Which tables of agreement do the margins allow?
#
# A table of agreement has a row for each category by RECIST, a column for each by mRECIST, and its margins are the
# printed counts. The package lists all, without an assumption and for the case that mRECIST is never worse:

# %% tags=["remove-input"]
present.table(
    ["arm, assumption", "kappa", "respond by both", "judged alike", "tables"],
    [
        [
            f"{a.upper()}, {said}", ends([agreement.kappa(t) for t in tables], 2), ends({both(t) for t in tables}),
            f"{ends([agreement.agreeing(t) for t in tables])} of {size[a]}", f"{len(tables):,}",
        ]
        for a in ARMS for said, tables in (("none", every[a]), ("never worse", upward[a]))
    ],
    "Tables of agreement that the margins allow, without an assumption and if mRECIST never judges worse", range(1, 5),
)  # fmt: skip

# %% [markdown]
# Without an assumption the margins say next to nothing: of LP, from {glue:text}`lp_same_every` patients can have been
# judged alike, and Cohen's {term}`kappa` {cite}`cohen1960` lies anywhere from {glue:text}`lp_kappa_every`.
#
# One assumption from what the criteria measure closes the gap. RECIST {cite}`eisenhauer2009` measures the whole lesion;
# mRECIST {cite}`lencioni2010` only the part that still takes up contrast. A lesion whose living part dies without
# shrinking responds by mRECIST only: that is what mRECIST was made for. The reverse is possible but less usual: a dead
# part shrinks while the living one does not, or the living part grows within a lesion of the same size. So let, for a
# moment, *nobody have a worse category by mRECIST*. In each arm as many patients have progression by one criterion as
# by the other. Whoever is at the bottom by mRECIST must have been at the bottom by RECIST, and the numbers are equal,
# so **they are the same patients**, {printed}`t3.pd.recist.lp.n` of LP and {printed}`t3.pd.recist.r.n` of R. Then
# exactly {glue:text}`lp_gain` and {glue:text}`r_gain` patients rose from stable disease, and all that is left open is
# who moved to a complete response and from where:

# %% tags=["remove-input"]
NAMES = ("CR", "PR", "SD", "PD")
parts = []
for a in ARMS:
    for k, table in enumerate(upward[a], 1):
        moves = [
            f"{table[i][j]} from {NAMES[i]} to {NAMES[j]}" for i in range(4) for j in range(4) if i != j and table[i][j]
        ]
        parts.append(
            [
                f"{a.upper()}, {k}", escape(", ".join(moves)), f"{agreement.agreeing(table)} of {size[a]}",
                f"{agreement.kappa(table):.2f}",
            ]
        )  # fmt: skip
present.table(
    ["table", "patients who moved", "judged alike", "kappa"],
    parts,
    "Every table in which mRECIST is never worse",
    (2, 3),
)

# %% [markdown]
# All {glue:text}`pairs` pairs of tables (of {glue:text}`pairs_every` without the assumption) agree in what matters:
# {glue:text}`gains` patients respond by mRECIST only, none by RECIST only. But that none does is the assumption itself,
# and nothing that the paper prints tests it. Do the two criteria differ by more than chance? {term}`McNemar’s test`
# compares those who respond by one criterion only with those who respond by the other only. The margins fix the
# difference of these two numbers, {glue:text}`gains` in both arms together, and not the numbers: its exact p can be
# anywhere from {glue:text}`least_p`, under the assumption, to {glue:text}`greatest_p`. One printed table would replace
# the assumption.
#
# (response-bias)=
# ## Why responders live longer, although response does nothing
#
# A usual next step compares the survival of responders with that of the others. To respond one must live until a scan
# shows it; who dies before is counted among the others. So responders have a time that was *guaranteed* to them
# {cite}`anderson1983`, and it is longer the later responses come.
#
# :::{margin}
# Response is also a matter of looking: who is scanned more often, or sooner, responds sooner on paper.
# :::
#
# In the simulation response and death know nothing of each other. Scans are {printed}`methods.scan.max` weeks apart;
# three patients in ten would respond at one of the first four, if they live.

# %%
SCAN = look.count("methods.scan.max") * 7 / float(MONTH)
PATIENTS = sum(size.values())
FIRST_FOUR = 0.3, 0.4, 0.2, 0.1  # chances of each scan


def simulated(rng, shape, after=FIRST_FOUR, effect=1.0):
    """Return times of death and of response (infinite: none).

    after: chances of the scan that shows a response;
    effect: what response does to the hazard from then on.
    """
    scan = SCAN * (1 + rng.choice(len(after), shape, p=after))
    would = rng.random(shape) < 0.3
    debt = rng.exponential(9.0 / math.log(2), shape)
    responds = would & (debt > scan)  # alive at the scan
    death = np.where(responds, scan + (debt - scan) / effect, debt)
    return death, np.where(responds, scan, np.inf)


# %% tags=["hide-input"]
def analyses(death, response, landmark):
    """Return log hazard ratios and standard errors by three methods.

    Responders are compared with the others.
    """
    responded = np.isfinite(response)
    died = np.ones_like(responded)
    naive = cox_batch.binary(death, died, responded)

    later = np.where(death > landmark, death, np.nan)
    early = response <= landmark
    by_then = cox_batch.binary(later, died, early, entry=landmark)

    # Two lines for a responder: until the response among the others,
    # from then on among the responders.
    first = np.minimum(death, response)
    second = np.where(responded, death, np.nan)
    start = np.where(responded, response, 0)
    in_time = cox_batch.binary(
        times=np.hstack([first, second]),
        events=np.hstack([~responded, responded]),
        exposed=np.hstack([~died, responded]),
        entry=np.hstack([np.zeros_like(first), start]),
    )
    return {
        "by best response, from the start": naive,
        "landmark": by_then,
        "changing in time": in_time,
    }


# %% tags=["remove-cell"]
STUDIES = 1500
death, response = simulated(np.random.default_rng(300), (STUDIES, PATIENTS))
results = analyses(death, response, 2 * SCAN)
responded = np.isfinite(response)
seen_medians = [np.nanmean(km.medians(death, np.ones_like(responded), who)) for who in (responded, ~responded)]


critical = -ndtri(alpha / 2)


def told_of(found):
    """Return mean ratio, per cent with p below alpha, and the simulation error of the mean log ratio."""
    beta, se = found
    ok = np.isfinite(beta)
    significant = 100 * np.mean(np.abs(beta[ok] / se[ok]) > critical)
    return math.exp(beta[ok].mean()), significant, beta[ok].std() / math.sqrt(ok.sum())


summary = {name: told_of(found) for name, found in results.items()}
naive, by_then, in_time = summary.values()
assert naive[0] < 0.8, f"“responders seem to live longer”: {naive}"
assert naive[1] > 150 * alpha, f"“significant more often than the level allows”: {naive}"
assert abs(math.log(by_then[0])) < 0.05, f"“the landmark mends it”: {by_then}"
assert abs(math.log(in_time[0])) < 0.05, f"“the covariate that changes in time mends it”: {in_time}"
# with ten times the patients the remedies come nearer to the truth: what is left over is the smallness of the studies
large = analyses(*simulated(np.random.default_rng(303), (150, 10 * PATIENTS)), 2 * SCAN)
large = {name: told_of(found)[0] for name, found in large.items()}
assert large["by best response, from the start"] < 0.8, f"“more patients do not help”: {large}"
assert abs(large["landmark"] - 1) < 0.02, f"“the remedies come nearer to the truth”: {large}"
assert abs(large["changing in time"] - 1) < 0.02, f"“the remedies come nearer to the truth”: {large}"
look.tell(
    studies=f"{STUDIES:,}", naive=f"{naive[0]:.2f}", naive_p=f"{naive[1]:.0f}", responder_median=f"{seen_medians[0]:.1f}",
    other_median=f"{seen_medians[1]:.1f}", landmark=f"{by_then[0]:.2f}", in_time=f"{in_time[0]:.2f}",
    responders=f"{100 * responded.mean():.0f}", landmark_months=f"{2 * SCAN:.1f}",
    error=f"{max(row[2] for row in summary.values()):.3f}", large_naive=f"{large['by best response, from the start']:.2f}",
    large_landmark=f"{large['landmark']:.2f}", large_in_time=f"{large['changing in time']:.2f}",
)  # fmt: skip

# %% tags=["remove-input"]
present.table(
    ["comparison", "mean ratio", f"p < {alpha:g}, %"],
    [[escape(name), f"{hr:.2f}", f"{share:.0f}"] for name, (hr, share, _) in summary.items()],
    "Three comparisons of responders with others, where response does nothing and the true hazard ratio is 1", (1, 2),
)  # fmt: skip

# %% [markdown]
# Counted from the start, responders have a hazard ratio of {glue:text}`naive` and a median of
# {glue:text}`responder_median` months against {glue:text}`other_median`; {glue:text}`naive_p` % of the
# {glue:text}`studies` studies call it significant. Yet response did nothing. Two remedies (the first is also one of
# the two in [](53-guaranteed-time)):
#
# - **Landmark**: group by the response seen *by* the second scan, at {glue:text}`landmark_months` months, among those alive then, and count from there:
#   {glue:text}`landmark`. It wastes later responses and early deaths.
# - **A covariate that changes in time**: everyone begins among the others and changes sides on the day of response:
#   {glue:text}`in_time`. It uses everything, but has no simple curve to draw.
#
# (Simulation error of the mean log ratios: at most {glue:text}`error`. That the remedies stay a little above 1 is due to small studies: with
# ten times the patients they give {glue:text}`large_landmark` and {glue:text}`large_in_time`, and the comparison from
# the start is as wrong as before, {glue:text}`large_naive`.)

# %% tags=["hide-input"] mystnb={"image": {"alt": "Two panels of simulated survival by response. Left, grouped by best response and counted from the start: the curve of responders stays at 100 per cent at first and lies well above that of the others throughout. Right, grouped by response at the landmark and counted from there: the two curves coincide."}, "figure": {"name": "fig-responders", "caption": "The same simulated patients, all studies together, in whom response does nothing: grouped by best response from the start (left), and by response at the landmark, counted from it (right)."}}
fig, axes = plt.subplots(1, 2, figsize=(5.25, 3.8), sharey=True)
grid = np.linspace(0, 24, 200)
late, early = death > 2 * SCAN, response <= 2 * SCAN
panels = (
    ("best response,\nfrom the start", 0.0, responded, ~responded),
    ("response\nat landmark", 2 * SCAN, late & early, late & ~early),
)
responders = {"color": figures.BLUE, "label": "responders"}
others = {"color": figures.ORANGE, "linestyle": "--", "label": "others"}
for ax, (title, begin, *groups) in zip(axes, panels, strict=True):
    for who, style in zip(groups, (responders, others), strict=True):
        lived = np.sort(death[who] - begin)
        dead = np.searchsorted(lived, grid, side="right") / len(lived)
        ax.plot(grid, 100 * (1 - dead), linewidth=2, **style)
    ax.set_title(title, fontsize=11)
    ax.set(xlabel="months", xlim=(0, 24), ylim=(0, 101))
    ax.set_xticks([0, 6, 12, 18, 24])
axes[0].set_ylabel("% alive")
_ = axes[0].legend(frameon=False)

# %% [markdown]
# (response-surrogate)=
# ## Two arms: more responses, longer life?
#
# The paper prints more responses with LP and no significant difference in survival, with a hazard ratio of
# {printed}`t6.arm.uni.hr`. That is no contradiction. A drug can raise response and leave survival alone; and a
# difference in response of the size printed moves a hazard ratio little, even if response truly helps. Suppose that a
# response *halves* the hazard from the day on which it is seen, and that the arms differ in nothing else but the
# printed rates by mRECIST:

# %%
rng = np.random.default_rng(301)
rates = {a: sum(margins[a][1][:2]) / size[a] for a in ARMS}
patient = np.arange(PATIENTS)
arm = np.tile(patient < size["lp"], (STUDIES, 1))
rate = np.where(arm, rates["lp"], rates["r"])
would = rng.random(arm.shape) < rate
when = rng.choice(4, arm.shape, p=(0.3, 0.4, 0.2, 0.1))
scan = SCAN * (1 + when)
debt = rng.exponential(9.0 / math.log(2), arm.shape)
responds = would & (debt > scan)
lived = np.where(responds, scan + 2 * (debt - scan), debt)
beta, se = cox_batch.binary(lived, np.ones_like(arm), arm)
share = 100 * np.mean(np.abs(beta / se) > critical)
print(f"hazard ratio LP to R: {math.exp(beta.mean()):.2f}")
print(f"p < {alpha:g} in {share:.0f} % of studies")

# %% [markdown]
# So more responses say little about survival, and survival without a significant difference says little about responses. Response shows
# that a drug acts on the tumour. Whether patients live longer is a question for their lifetimes.
#
# ## Exercises
#
# :::{exercise} Kappa by hand
# :label: response-kappa-hand
#
# Take the last table of LP above. Compute the share of patients who were judged alike, the share that would be by
# chance (from the margins), and kappa.
# :::

# %% [markdown]
# :::{solution-start} response-kappa-hand
# :class: dropdown
# :::

# %%
table = np.array(upward["lp"][-1])
alike = np.trace(table) / table.sum()
products = table.sum(axis=1) * table.sum(axis=0)
by_chance = products.sum() / table.sum() ** 2
kappa = (alike - by_chance) / (1 - by_chance)
print(f"alike {alike:.3f}, by chance {by_chance:.3f}")
print(f"kappa {kappa:.2f}")

# %% [markdown]
# :::{solution-end}
# :::
#
# :::{exercise} Later responses, and responses that help
# :label: response-later-responses-and
#
# (a) Let all responses come at the fourth scan. Is the ratio from the start nearer to 1 or further away? (b) Let a response truly halve the
# hazard. What do the three comparisons give?
# :::

# %% [markdown]
# :::{solution-start} response-later-responses-and
# :class: dropdown
# :::

# %%
questions = {
    "a": ({"after": (0, 0, 0, 1.0)}, 4 * SCAN),
    "b": ({"effect": 0.5}, 2 * SCAN),
}
for name, (asked, landmark) in questions.items():
    rng = np.random.default_rng(302)
    times = simulated(rng, (600, PATIENTS), **asked)
    found = analyses(*times, landmark)
    for method, value in found.items():
        print(f"({name}) {told_of(value)[0]:.2f} {method}")

# %% [markdown]
# (a) Further away: a later response guarantees more time. (The landmark was moved to the fourth scan, for there is no response to
# see before.) (b) Only the covariate that changes in time finds the true ratio, one half. The comparison from the start
# exaggerates; at the landmark, those who respond later stand among the others, which dilutes.

# %% [markdown]
# :::{solution-end}
# :::
#
# ## Key takeaways
#
# - [Margins alone](response-tables) allow almost any agreement; one assumption leaves {glue:text}`pairs` pairs of tables. Print the table.
# - [Responders outlive others](response-bias) because one must live to respond: a hazard ratio of {glue:text}`naive` where the truth is 1.
#   Use a landmark, or a covariate that changes in time.
# - [More responses](response-surrogate) of the size printed need not show in survival, even if response helps.
#
# ## Strengths and limitations of the method
#
# *Strengths.* The enumeration is complete: what is not in it is impossible. The simulated truth is known.
# *Limitations.* “Never worse by mRECIST” is an assumption; growth of the living part alone, or a lesion that enhances
# poorly, can break it. The simulation takes death and response as independent, scans as punctual, and follow-up as
# complete. The paper itself makes no comparison by response; this chapter shows why none should be added.
#
# ## Further reading
#
# The classic: {cite:t}`anderson1983`. Landmark, time-dependent models and simulation: {cite:t}`giobbie2013`. The
# criteria: {cite:t}`eisenhauer2009`, {cite:t}`lencioni2010`. Kappa: {cite:t}`cohen1960`;
# the test of paired judgements: {cite:t}`mcnemar1947`.

# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% [markdown]
# # Response is not survival
#
# **This chapter stands on three grounds.** Which tables of agreement between RECIST and mRECIST are possible follows from
# *printed numbers*, the {term}`margins <margins of a table>`. What a comparison of responders with non-responders shows is *simulation with a known
# truth*: there, response has nothing to do with survival, nor has it in the *invented patients* ([](teachers-made)) of one section.
# Records of patients that were handed in are not used.
#
# :::{admonition} In this chapter
# :class: note
# **You will** list all ways in which two criteria can have judged the same patients, and watch responders
# outlive the others although response does nothing. **You will learn to** recognise {term}`guarantee-time bias` in a
# comparison by response, and to mend it by a {term}`landmark <landmark analysis>` or a {term}`covariate that changes in
# time`. **You need** {term}`ORR`, {term}`hazard ratio` and [](53-guaranteed-time).
# :::

# %%
import math

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from lifelines import CoxPHFitter
from scipy.special import ndtri
from scipy.stats import binomtest

from secondlook import teaching
from secondlook.numbers.dates import MONTH
from secondlook.pages import figures, present
from secondlook.pages.look import start
from secondlook.stats import agreement, cox_batch, km

look = start()
table_3 = pd.read_csv(look.folder / "table-3.csv", index_col="row")

FIRST_FOUR = 0.3, 0.4, 0.2, 0.1  # chances that a response is seen at each scan
MEDIAN = 9.0  # months: of lifetimes, whose hazard is constant
STUDIES = 1500  # simulated studies

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

# %% tags=["remove-input"]
from secondlook.pages import practice

practice.ask("response-is-not-survival.before")

# %% [markdown]
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

# %%
CATEGORIES = ("cr", "pr", "sd", "pd")
size = {arm: look.count(f"patients.size.{arm}") for arm in ("lp", "r")}
margins, every, upward = {}, {}, {}
for arm in size:
    printed = (table_3[f"{criteria}_{arm}_n"][list(CATEGORIES)] for criteria in ("recist", "mrecist"))
    margins[arm] = [[int(count) for count in column] for column in printed]
    every[arm] = list(agreement.tables(*margins[arm]))
    upward[arm] = list(agreement.never_worse(*margins[arm]))


def respond_by_both(table):
    return sum(table[i][j] for i in (0, 1) for j in (0, 1))


rows = {}
for arm in size:
    for said, found in (("none", every), ("never worse", upward)):
        tables = found[arm]
        rows[f"{arm.upper()}, {said}"] = {
            "kappa": present.span(map(agreement.kappa, tables), ".2f"),
            "respond by both": present.span(map(respond_by_both, tables), "d"),
            "judged alike": present.span(map(agreement.agreeing, tables), "d"),
            "tables": f"{len(tables):,}",
        }
possible = pd.DataFrame(rows).T.rename_axis("arm, assumption")
possible

# %% [markdown]
# Without an assumption the margins say next to nothing: of LP, from {glue:text}`lp_same_every` patients can have been
# judged alike, and Cohen's {term}`kappa` {cite}`cohen1960` lies anywhere from {glue:text}`lp_kappa_every`. Kappa is
# $(p_o - p_e) / (1 - p_e)$: of the agreement that chance leaves over, the share that is reached, $p_o$ being the share judged alike and $p_e$ the one
# that chance would give, by the margins.
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

# %%
NAMES = ("CR", "PR", "SD", "PD")
left = [table for arm in size for table in upward[arm]]
moved = [
    {
        f"{old} to {new}": table[i][j]
        for i, old in enumerate(NAMES)
        for j, new in enumerate(NAMES)
        if i != j and table[i][j]
    }
    for table in left
]
names = [f"{a.upper()}, {k + 1}" for a in size for k in range(len(upward[a]))]
patients = pd.DataFrame(moved, index=names).fillna(0).astype(int)
patients["judged alike"] = [agreement.agreeing(table) for table in left]
patients["kappa"] = [round(agreement.kappa(table), 2) for table in left]
patients

# %% [markdown]
# All {glue:text}`pairs` pairs of tables (of {glue:text}`pairs_every` without the assumption) agree in what matters:
# {glue:text}`gains` patients respond by mRECIST only, none by RECIST only. But that none does is the assumption itself,
# and nothing that the paper prints tests it. Do the two criteria differ by more than chance? {term}`McNemar’s test`
# compares those who respond by one criterion only with those who respond by the other only, as heads with tails of a fair coin. The margins fix the
# difference of these two numbers, {glue:text}`gains` in both arms together, and not the numbers: its exact p can be
# anywhere from {glue:text}`least_p`, under the assumption, to {glue:text}`greatest_p`. One printed table would replace
# the assumption.

# %%
responders = {arm: [sum(side[:2]) for side in margins[arm]] for arm in size}
gain = {arm: by_m - by_r for arm, (by_r, by_m) in responders.items()}
gains = sum(gain.values())
# by RECIST only: none, up to all who need not respond by both
most = sum(responders[arm][0] - min(map(respond_by_both, every[arm])) for arm in size)
p = [binomtest(k, 2 * k + gains).pvalue for k in range(most + 1)]
print(f"exact p: {min(p):.3f} to {max(p):.2f}")

# %% tags=["remove-cell"]
both, kappa_every, same_every, _ = possible.loc["LP, none", ["respond by both", "kappa", "judged alike", "tables"]]
look.tell(
    lp_both=both, lp_kappa_every=kappa_every, lp_same_every=same_every, gains=gains, least_p=f"{p[0]:.3f}",
    greatest_p=f"{max(p):.2f}", **{f"{arm}_gain": risen for arm, risen in gain.items()},
    **{f"{arm}_every": f"{len(tables):,}" for arm, tables in every.items()}, pairs=math.prod(map(len, upward.values())),
    **{f"{arm}_upward": len(tables) for arm, tables in upward.items()}, pairs_every=f"{math.prod(map(len, every.values())):,}",
)  # fmt: skip

# %% tags=["remove-cell", "guard"]
for tables in upward.values():
    assert tables, f"no table of changes has the printed margins: {upward}"
    assert all(t[3][3] == sum(t[3]) for t in tables), f"nobody leaves progressive disease: {tables}"
assert min(p) == p[0], f"“the least p is that of the fewest changes”: {p}"

# %% [markdown]
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
# three patients in ten would respond at one of the first four, if they live. Lifetimes are exponential, with a median of
# {glue:text}`base_median` months; of the responses {glue:text}`first_four` % come at the first, second, third and fourth scan.

# %%
SCAN = look.count("methods.scan.max") * 7 / MONTH
PATIENTS = sum(size.values())


def simulated(rng, shape, after=FIRST_FOUR, effect=1.0):
    """Return times of death and of response (infinite: none).

    after: chances of the scan that shows a response;
    effect: what response does to the hazard from then on.
    """
    scan = SCAN * (1 + rng.choice(len(after), shape, p=after))
    would = rng.random(shape) < 0.3
    debt = rng.exponential(MEDIAN / math.log(2), shape)
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


# %%
critical = -ndtri(look.alpha / 2)


def summary(found):
    """Return what each method finds, over the studies."""
    rows = {}
    for name, (beta, se) in found.items():
        beta, se = beta[np.isfinite(beta)], se[np.isfinite(beta)]
        rows[name] = {
            "mean ratio": math.exp(beta.mean()),
            "share significant": np.mean(np.abs(beta / se) > critical),
            "error": beta.std() / math.sqrt(len(beta)),
        }
    return pd.DataFrame(rows).T


rng = np.random.default_rng(300)
death, response = simulated(rng, (STUDIES, PATIENTS))
results = summary(analyses(death, response, 2 * SCAN))

rng = np.random.default_rng(303)
many = simulated(rng, (150, 10 * PATIENTS))
large = summary(analyses(*many, 2 * SCAN))["mean ratio"]

table = results[["mean ratio", "share significant"]]
table.assign(**{"ratio, ten times as many": large}).map("{:.2f}".format)

# %% [markdown]
# And the median survival of responders and of others, in months, over the studies:

# %%
responded, died = np.isfinite(response), np.ones_like(response, bool)
seen = {
    "responders": km.medians(death, died, responded),
    "others": km.medians(death, died, ~responded),
}
seen = {who: np.nanmean(months) for who, months in seen.items()}
for who, months in seen.items():
    print(f"{who}: {months:.1f}")

# %% tags=["remove-cell"]
ratio, often = results["mean ratio"], results["share significant"]
naive, landmark, in_time = results.index
# with ten times the patients the remedies come nearer to the truth: what is left over is the smallness of the studies
ways = ("naive", "landmark", "in_time")
look.tell(
    **{way: f"{x:.2f}" for way, x in zip(ways, ratio, strict=True)}, studies=f"{STUDIES:,}",
    **{f"large_{way}": f"{x:.2f}" for way, x in zip(ways, large, strict=True)}, naive_p=f"{100 * often[naive]:.0f}",
    error=f"{results['error'].max():.3f}", responder_median=f"{seen['responders']:.1f}",
    base_median=f"{MEDIAN:g}", first_four=", ".join(f"{100 * share:g}" for share in FIRST_FOUR), other_median=f"{seen['others']:.1f}", landmark_months=f"{2 * SCAN:.1f}",
)  # fmt: skip

# %% tags=["remove-cell", "guard"]
assert ratio[naive] < 0.8, f"“responders seem to live longer”: {results}"
assert often[naive] > 1.5 * look.alpha, f"“significant more often than the level allows”: {results}"
assert abs(math.log(ratio[landmark])) < 0.05, f"“the landmark mends it”: {results}"
assert abs(math.log(ratio[in_time])) < 0.05, f"“the covariate that changes in time mends it”: {results}"
assert large[naive] < 0.8, f"“more patients do not help”: {large}"
assert abs(large[landmark] - 1) < 0.02, f"“the remedies come nearer to the truth”: {large}"
assert abs(large[in_time] - 1) < 0.02, f"“the remedies come nearer to the truth”: {large}"

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
styles = (
    {"color": figures.BLUE, "label": "responders"},
    {"color": figures.ORANGE, "linestyle": "--", "label": "others"},
)
for ax, (title, begin, *groups) in zip(axes, panels, strict=True):
    for who, style in zip(groups, styles, strict=True):
        lived = np.sort(death[who] - begin)
        dead = np.searchsorted(lived, grid, side="right") / len(lived)
        ax.plot(grid, 100 * (1 - dead), linewidth=2, **style)
    ax.set_title(title, fontsize=11)
    ax.set(xlabel="months", xlim=(0, 24), ylim=(0, 101))
    ax.set_xticks([0, 6, 12, 18, 24])
axes[0].set_ylabel("% alive")
_ = axes[0].legend(frameon=False)

# %% [markdown]
# (response-made)=
# ## Seen on patients with dates
#
# In the [data made to teach](teachers-made) response is written to change nothing. Responders against others, with the drug in the model; from the
# start, and from a landmark at {glue:text}`day` days:

# %%
people = teaching.patients().query("drug != 'none'")
end, seen_on = ((people[name] - people["start"]).dt.days for name in ("last_contact", "response"))
LANDMARK = 126
rows = {
    "days": end,
    "died": people["death"].notna(),
    "drug_a": people["drug"] == "A",
    "responded": seen_on.notna(),
}
rows = pd.DataFrame(rows).astype(float)
naive_fit = CoxPHFitter().fit(rows, "days", "died")
late = rows[end > LANDMARK].assign(days=end - LANDMARK)
late["responded"] = (seen_on <= LANDMARK).astype(float)
landmark_fit = CoxPHFitter().fit(late, "days", "died")
fits = {"from the start": naive_fit, "landmark": landmark_fit}
columns = ["exp(coef)", "exp(coef) lower 95%", "exp(coef) upper 95%"]
made = {k: f.summary.loc["responded", columns] for k, f in fits.items()}
made = pd.DataFrame(made).T
made.round(2)

# %% tags=["remove-cell"]
made_naive, made_landmark = made["exp(coef)"].map("{:.2f}".format)
look.tell(other_draws=teaching.OTHER_DRAWS, day=LANDMARK, made_naive=made_naive, made_landmark=made_landmark)

# %% tags=["remove-cell", "guard"]
again = teaching.estimates().loc["responders, hazard ratio"]
stored = again["estimate"]
assert np.allclose(made.iloc[:, 0], stored.iloc[:2], atol=1e-3), f"“as R has it”: {made}, {stored}"
assert made.iloc[0, 2] < 1, f"“an interval that excludes the truth”: {made}"
assert made.iloc[1, 1] < 1 < made.iloc[1, 2], f"“one that holds it”: {made}"
assert abs(np.log(again["mean"].iloc[1:])).max() < 0.1, f"“on average”: {again}"

# %% [markdown]
# {glue:text}`made_naive`, with an interval that excludes the truth, against {glue:text}`made_landmark`, with one that holds it;
# with response changing in time, {taught}`responders/changing in time`. In {glue:text}`other_draws` other draws of such patients
# the three are {taught}`responders/by best response, from the start in other draws`, {taught}`responders/landmark in other draws`
# and {taught}`responders/changing in time in other draws` on average.
#
# In these patients a response counts whenever it comes, so that all it takes is to live until a scan. By most criteria one after progression does
# not count. Then whoever has progressed cannot become a responder any more, and dies sooner; and a landmark has to ask for both, alive and free of
# progression: for whatever a response requires.
#
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
rates = {a: sum(margins[a][1][:2]) / size[a] for a in size}
patient = np.arange(PATIENTS)
arm = np.tile(patient < size["lp"], (STUDIES, 1))
rate = np.where(arm, rates["lp"], rates["r"])
would = rng.random(arm.shape) < rate
when = rng.choice(4, arm.shape, p=FIRST_FOUR)
scan = SCAN * (1 + when)
debt = rng.exponential(MEDIAN / math.log(2), arm.shape)
responds = would & (debt > scan)
lived = np.where(responds, scan + 2 * (debt - scan), debt)
beta, se = cox_batch.binary(lived, np.ones_like(arm), arm)
share = 100 * np.mean(np.abs(beta / se) > critical)
print(f"hazard ratio LP to R: {math.exp(beta.mean()):.2f}")
print(f"p < {look.alpha:g} in {share:.0f} % of studies")

# %% [markdown]
# So more responses say little about survival, and survival without a significant difference says little about responses. Response shows
# that a drug acts on the tumour. Whether patients live longer is a question for their lifetimes.
#
# ## Practice

# %% tags=["remove-input"]
practice.ask("response-is-not-survival.after")

# %% [markdown]
# ## Exercises
#
# :::{exercise} Kappa by hand
# :label: response-kappa-hand
#
# *Level 1 of 3 · 15 minutes · calculator*
#
# Take the last table of LP above. Compute the share of patients who were judged alike, the share that would be by
# chance (from the margins), and kappa.
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# The counts of each category by RECIST and by mRECIST stand at the top of this chapter. $p_e$ is the sum over
# categories of their products, over the square of the number of patients. Who was judged alike stands in the last
# line of LP.
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
# *Level 3 of 3 · 40 minutes · Python or R*
#
# (a) Let all responses come at the fourth scan. Is the ratio from the start nearer to 1 or further away? (b) Let a response truly halve the
# hazard. What do the three comparisons give?
#
# As above, lifetimes are exponential with a median of {glue:text}`base_median` months, three patients in ten would
# respond, and nobody is censored. In (b) what is left of a lifetime after the response lasts twice as long.
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# Guess first: how long must somebody live to be counted as a responder in (a)? In R a covariate that changes in time
# is two lines a patient, `Surv(start, stop, event)`; `tmerge` makes them.
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
    for method, ratio in summary(found)["mean ratio"].items():
        print(f"({name}) {ratio:.2f} {method}")

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

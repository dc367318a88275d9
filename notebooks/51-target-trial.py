# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% [markdown]
# # The trial you wish you had
#
# **This chapter stands on two grounds.** What of a trial this study can stand for is read from *printed numbers* and rules. The remedy is shown on
# *invented patients* ([](teachers-made)), of whom it is known what a randomised trial would have found; nothing in them is any paper's.
# Records of patients that were handed in are not used.
#
# :::{admonition} In this chapter
# :class: note
# **You will** write the protocol of the trial that would have answered the question, hold the paper against it line by line, and emulate one
# rule by hand: clone, censor, weight. **You will learn to** find the day on which a study decides who is in it, and to say what an {term}`E-value`
# leaves out. **You need** {term}`censoring`, the idea of a survival curve, and to have met {term}`immortal time`; [](53-guaranteed-time) has it at length.
# :::

# %%
import math

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from secondlook import teaching
from secondlook.pages import figures
from secondlook.pages.look import start
from secondlook.stats import balance

look = start()
registry = look.registry
text = pd.read_csv(look.folder / "text.csv", index_col="id")["printed"]
table_2 = pd.read_csv(look.folder / "table-2.csv", index_col="row")

WEEK, GRACE = 7, 120  # days in which B, or A, has to be started
YEAR = 365.25  # days

# %% [markdown]
# ## Predict before you reveal
#
# Imagine the randomised trial that asks *LP or R, after sorafenib?* It would ask each patient on one day, draw a lot on that day, and count from that
# day. Here is what the paper prints:
#
# | | |
# |---|---|
# | who | BCLC {printed}`methods.eligible.bclc`, Child-Pugh {printed}`methods.eligible.child_pugh`, ECOG PS {printed}`methods.eligible.ecog.min` to {printed}`methods.eligible.ecog.max` |
# | and | received at least {printed}`methods.eligible.cycles` cycles; data complete; followed up |
# | got | LP ({printed}`patients.size.lp`) or R ({printed}`patients.size.r`), some with TACE or HAIC ({printed}`t1.tace_haic.yes.lp.n` and {printed}`t1.tace_haic.yes.r.n`) |
# | then | other treatment after progression ({printed}`t2.accepted.lp.n` and {printed}`t2.accepted.r.n`) |
# | counted from | the first treatment |
#
# Which of these lines can be known on the day of the lot? Which drug does a patient “have” who stops after one cycle, or changes?
#
# :::{admonition} Open the answer
# :class: dropdown
# The first, and which drug is started. That two cycles were received is known {glue:text}`lp_weeks` weeks later with LP and {glue:text}`r_weeks` with R; that data were complete
# and follow-up was not lost, at the very end. TACE or HAIC counts only if it was planned that day. Whoever stops after one cycle is not in the
# study; whoever changes has, as assigned, the drug that was started. Of {printed}`patients.size.r` patients of R {glue:text}`r_to_lp` later got a
# PD-1 inhibitor with lenvatinib, and of {printed}`patients.size.lp` of LP {glue:text}`lp_to_r` got regorafenib: these had both treatments of the
# comparison. Every line of the trial's protocol lacks something that is not printed.
# :::
#
# (trial-protocol)=
# ## Seven lines of a protocol
#
# To *emulate a {term}`target trial`* {cite}`hernan2016target` is to write down the trial first, and then to ask of each line what in the records stands for it. Most of the
# errors with long names (immortal time, prevalent users, selection) are a line that was left open {cite}`hernan2016`.
#
# | line | the trial | the paper | what breaks | to collect |
# |---|---|---|---|---|
# | eligibility | what is known on day 0 | also two cycles, complete data, follow-up | entry depends on the future | everyone for whom the choice was made, with its date |
# | strategies | “start LP”, “start R”; what may follow is written down | four PD-1 inhibitors; TACE or HAIC in {printed}`t1.tace_haic.yes.lp.pct` and {printed}`t1.tace_haic.yes.r.pct` % | several treatments under one name | drug, dose and each local treatment, with dates |
# | assignment | by lot | by doctor and patient | who would have done better anyway | what swayed the choice, as known that day |
# | time zero | the lot | first treatment | selection comes {glue:text}`lp_weeks` or {glue:text}`r_weeks` weeks after it | dates of choice, first dose, second cycle |
# | follow-up | to death or a set date | to death or {printed}`methods.followup.last`; {printed}`patients.excluded.lost` lost ones left out | leaving may depend on prognosis | last contact and why it was the last |
# | outcome | scans on a schedule, blind to the drug | every {printed}`methods.scan.min` to {printed}`methods.scan.max` weeks | more scans, earlier progression | date of every scan |
# | {term}`estimand` | as assigned, or as long as the plan is kept | hazard ratio; {printed}`subsequent.accepted.n` patients were treated further | the ratio of what? | dates of stopping, changing, and why |
#
# The counts behind two of these cells, from Table 2 (some had both, in one regimen):

# %%
counts = table_2[["lp_n", "r_n"]].drop(index=["accepted", "bsc"]).astype(int)
pd1_lenva, rego = ["pd1_lenva", "tace_pd1_lenva"], ["pd1_rego", "rego"]
pd1 = [*pd1_lenva, "pd1_rego", "pd1_apatinib", "haic_pd1_apatinib", "atezo_bev"]
after = pd.DataFrame({
    "a PD-1 or PD-L1 inhibitor": counts.loc[pd1].sum(),
    "regorafenib": counts.loc[rego].sum(),
    "anything": counts.sum(),
}).T  # fmt: skip
after

# %% tags=["remove-cell"]
cycle = {"lp": int(text["methods.pd1.interval"]),
         "r": int(text["methods.regorafenib.on"]) + int(text["methods.regorafenib.off"])}  # fmt: skip
cycles = int(text["methods.eligible.cycles"])
size = {arm: look.count(f"patients.size.{arm}") for arm in cycle}
look.tell(
    **{f"{arm}_weeks": cycles * weeks for arm, weeks in cycle.items()},
    r_to_lp=counts.loc[pd1_lenva, "r_n"].sum(), lp_to_r=after.loc["regorafenib", "lp_n"],
    grace=GRACE, people=len(teaching.patients()),
)  # fmt: skip

# %% tags=["remove-cell", "guard"]
assert list(after.loc["anything"]) == [look.count(f"t2.accepted.{arm}.n") for arm in size], (
    f"“the regimens add up”: {after}"
)

# %% [markdown]
# “What may follow is written down” has two honest readings. *As assigned*: whatever doctors do after progression is a part of the strategy, in both arms.
# That is what a trial's main analysis compares, and what the paper's curves would compare had everyone who started been kept. *As long as the plan is
# kept*: the comparison ends where a patient changes, and then whoever changes is lost for a reason, which needs weights
# ([](67-left-out)). The printed ratio is neither for certain.
#
# (trial-question)=
# ## One question of one day
#
# The [invented patients](teachers-made) have the dates. After a first line that failed, drug B can be had within a week; drug A has to be approved first,
# which takes months, and is the better drug. So the question on the day of eligibility is one that this paper's patients may have had: **wait for A, or take B?**
#
# - Plan *wait*: start A as soon as it comes, within {glue:text}`grace` days.
# - Plan *take*: start B within a week.
#
# In the trial that gives the truth below, whoever still waits on day {glue:text}`grace` gets A on that day. What follows is left to the doctors in both plans: whoever took B and
# progressed may change to A.
#
# What would a year bring, counted from that day? The common analysis compares those who got A with those who got B:


# %%
def days_of(people):
    """Return dates as days since eligibility, and who died."""
    days = pd.DataFrame({"drug": people["drug"]})
    for name in ("start", "last_contact"):
        days[name] = (people[name] - people["eligible"]).dt.days
    return days.assign(died=people["death"].notna())


def alive_at(rows, day, weight=None):
    """Return the share alive: spans of time, each with a weight."""
    spans = rows[["begin", "end", "dies"]].to_numpy(float).T
    begin, end, dies = spans
    weight = np.ones(len(rows)) if weight is None else weight
    share = 1.0
    for moment in np.unique(end[(dies == 1) & (end <= day)]):
        there = (begin < moment) & (end >= moment)
        now = there & (dies == 1) & (end == moment)
        share *= 1 - weight[now].sum() / weight[there].sum()
    return 100 * share


people = teaching.patients(whole=True)  # no gaps, nobody lost
days = days_of(people)
plain = days.assign(begin=0, end=days["last_contact"], dies=days["died"])
taken = {d: alive_at(plain[plain["drug"] == d], YEAR) for d in "AB"}
naive = taken["A"] - taken["B"]
print(f"alive at a year, A minus B: {naive:+.1f} points")

# what a trial would find, and what R finds in these patients
estimates = teaching.estimates()
question = "survival a year after eligibility, wait for A - take B, points"
lesson = estimates.loc[question]

# %% tags=["remove-cell"]
waited = days["drug"].eq("none").sum()
started = estimates.loc["survival at 12 months, A - B, points", "truth"].iloc[0]
look.tell(naive=f"{naive:.0f}", truth=f"{lesson['truth'].iloc[0]:.0f}", waited=waited, started=f"{started:.0f}")

# %% [markdown]
# A randomised trial of the two plans would find {glue:text}`truth` points: in everybody eligible, from that day on. (The {glue:text}`started` of
# [](56-who-got-which-drug) are of those who live to start, from the start on.) The {glue:text}`naive` come of three open lines. *Assignment*: the fitter got A.
# *Time zero*: who got A had to live until it came. *Eligibility*: the {glue:text}`waited` who died before either drug are in neither group.
#
# (trial-clones)=
# ## Clone, censor, weight
#
# On day 0 nobody has started anything: **everyone could still follow either plan**. So give everyone to both {cite}`maringe2020`.
#
# 1. **Clone.** Each patient enters twice, once under each plan.
# 2. **Censor** each clone when the patient breaks that clone's plan: after a week, the *wait* clone of whoever took B and the *take*
#    clone of whoever did not; on day {glue:text}`grace`, the *wait* clone of whoever has no A yet. A death counts under every plan that the clone still
#    follows: under both in the first week, under one after it. (To keep it simple, what happened within the week is read off at its end. Strictly the
#    *wait* clone of whoever took B ends on the day of the first dose.)
# 3. **Weight.** This censoring depends on prognosis: the fit break the plan *take*, and the frail the plan *wait*. So a clone that goes on counts for one over the
#    chance that a patient like this one would go on.


# %% tags=["hide-input"]
def like(people, taken, among):
    """Return the chance of a choice, by what was known on day 0."""
    known = pd.DataFrame({
        "ecog_1": people["ecog"] == 1,
        "ecog_2": people["ecog"] == 2,
        "spread": people["spread"],
        "marker": np.log10(people["marker"]),
        "age": people["age"],
        "albumin": people["albumin"],
    })[among].astype(float)  # fmt: skip
    x = (known - known.mean()) / known.std()
    chance = balance.propensities(x.to_numpy()[None], taken[among].to_numpy()[None])
    return pd.Series(chance[0], known.index).reindex(people.index)


def cloned(people, days, grace=GRACE):
    """Return the clones in spans between two days of decision."""
    last = days["last_contact"]
    took_b = days["drug"] == "B"
    took_a = (days["drug"] == "A") & (days["start"] <= grace)
    b = like(people, took_b, last > WEEK)
    a = like(people, took_a, (last > grace) & ~took_b)
    everyone = took_b | ~took_b
    # plan, from day, to day, who goes on, what for
    spans = [
        ("take", 0, WEEK, everyone, 1 + 0 * b.fillna(0)),
        ("take", WEEK, np.inf, took_b, 1 / b),
        ("wait", 0, WEEK, everyone, 1 + 0 * b.fillna(0)),
        ("wait", WEEK, grace, ~took_b, 1 / (1 - b)),
        ("wait", grace, np.inf, took_a, 1 / (1 - b) / a),
    ]
    rows = []
    for plan, begin, until, goes_on, weight in spans:
        rows.append(pd.DataFrame({
            "plan": plan, "begin": begin, "end": np.minimum(last, until),
            "dies": days["died"] & (last <= until), "weight": weight,
        })[goes_on & (last > begin)])  # fmt: skip
    return pd.concat(rows)


clones = cloned(people, days)

# %% [markdown]
# Four patients and their clones: one who took B, one who got A in time, one who got it too late, and one who died waiting.

# %%
last = days["last_contact"]
in_time = days["start"] <= GRACE
kinds = [
    (days["drug"] == "B") & (last > 200),
    (days["drug"] == "A") & in_time & (last > 200),
    (days["drug"] == "A") & ~in_time & (last > 200),
    (days["drug"] == "none") & (last > WEEK) & (last < GRACE),
]
rows = clones.loc[[days.index[kind][2] for kind in kinds]]
rows = rows.assign(patient=people["patient"], drug=days["drug"])
rows["started on day"] = days["start"]
rows["last day"] = days["last_contact"]
shown = rows.groupby(["patient", "plan"], sort=False).agg({
    "drug": "first", "started on day": "first",
    "last day": "first", "end": "max", "dies": "any", "weight": "last",
}).sort_index()  # fmt: skip
shown = shown.astype({"started on day": "Int64", "end": int})
shown.rename(columns={"end": "followed to day"}).round(2)

# %% [markdown]
# The one who died waiting is, at last, in the study: under both plans until the week is over, and under *wait* to the end. Now compare the plans, without
# weights and with:

# %%
plans = {plan: rows for plan, rows in clones.groupby("plan")}
found = {
    "by the drug that was taken": naive,
    "clones, censored": alive_at(plans["wait"], YEAR) - alive_at(plans["take"], YEAR),
}
weighted = {plan: alive_at(rows, YEAR, rows["weight"].to_numpy()) for plan, rows in plans.items()}
found["clones, censored and weighted"] = weighted["wait"] - weighted["take"]
found["a randomised trial"] = lesson["truth"].iloc[0]
pd.Series(found, name="wait − take, points").round(1)

# %% tags=["remove-cell"]
look.tell(
    unweighted=f"{found['clones, censored']:.0f}", emulated=f"{found['clones, censored and weighted']:.0f}",
    heaviest=f"{clones['weight'].max():.0f}", draws=teaching.OTHER_DRAWS, sd=f"{lesson['sd'].iloc[2]:.0f}",
    mean=f"{lesson['mean'].iloc[2]:.0f}", mean_naive=f"{lesson['mean'].iloc[0]:.0f}",
)  # fmt: skip

# %% tags=["remove-cell", "guard"]
for way, points in lesson["estimate"].items():
    assert abs(found[way] - points) < 0.01, f"R finds something else: {way}, {found[way]:.2f}, {points:.2f}"
off = {way: abs(points - found["a randomised trial"]) for way, points in found.items()}
assert off["by the drug that was taken"] > 12, f"“the common analysis is far off”: {found}"
assert off["clones, censored"] > off["clones, censored and weighted"], f"“weights bring it nearer”: {found}"
assert off["clones, censored and weighted"] < 4, f"“near what a trial would find”: {found}"

# %% tags=["hide-input"] mystnb={"image": {"alt": "Two panels of survival to eighteen months after eligibility. Left, by the drug that was taken: the curve of A stays near the top for months and lies far above that of B. Right, by plan, cloned and weighted: both curves fall together at first, and wait for A then runs moderately above take B."}, "figure": {"name": "fig-plans", "caption": "Invented patients, from the day of eligibility: by the drug that was taken (left), and by plan, cloned, censored and weighted (right)."}}
fig, axes = plt.subplots(1, 2, figsize=(5.25, 3.6), sharey=True)
grid = np.arange(0, 18.1, 0.5)
left = {drug: (plain[plain["drug"] == drug], None) for drug in "AB"}
right = {
    name: (plans[plan], plans[plan]["weight"].to_numpy()) for name, plan in (("wait for A", "wait"), ("take B", "take"))
}
titles = "by the drug\nthat was taken", "by plan, cloned\nand weighted"
for ax, groups, title in zip(axes, (left, right), titles, strict=True):
    for (name, (rows, weight)), colour, line in zip(
        groups.items(), (figures.BLUE, figures.ORANGE), ("-", "--"), strict=True
    ):
        curve = [alive_at(rows, month * YEAR / 12, weight) for month in grid]
        ax.plot(grid, curve, line, color=colour, linewidth=2, label=name)
    ax.set_title(title, fontsize=11)
    ax.set(xlabel="months", xlim=(0, 18), ylim=(0, 101))
    ax.set_xticks([0, 6, 12, 18])
    ax.legend(frameon=False, loc="lower left")
_ = axes[0].set_ylabel("% alive")

# %% [markdown]
# Cloning and censoring alone mend time zero and eligibility: {glue:text}`naive` becomes {glue:text}`unweighted`. Weights mend assignment: {glue:text}`emulated`,
# where the truth is {glue:text}`truth`. In {glue:text}`draws` other draws of 400 patients the weighted difference is {glue:text}`mean` on average, with a
# standard deviation of {glue:text}`sd`; the one by drug, {glue:text}`mean_naive`. The heaviest clone counts for {glue:text}`heaviest` patients. What it took is
# worth reading twice: *everyone* eligible, with the date; the date of each start; and all that swayed the choice, as it was that day. An interval would need a bootstrap
# over patients, clones and weights together, since a patient stands twice in the data.
#
# (trial-evalue)=
# ## What an E-value does not say
#
# The {term}`E-value` ([](56-who-got-which-drug) computes it) asks how strong an unrecorded cause would have to be to explain a ratio away. In the same
# patients, adjusted for ECOG, albumin, spread, marker and age of day 0 (what sways the choice is among them), whoever ever got A has this hazard
# ratio of death from eligibility on, against all others:


# %%
def e_value(hr):
    """Return the E-value of a hazard ratio, most having the event."""
    hr = max(hr, 1 / hr)
    risk = (1 - 0.5 ** math.sqrt(hr)) / (1 - 0.5 ** math.sqrt(1 / hr))
    return risk + math.sqrt(risk * (risk - 1))


immortal = estimates.loc["A against none or B, hazard ratio"]
ever = immortal.loc["ever A, from eligibility", "estimate"]
excess = ever / immortal["truth"].iloc[0]  # what the bias makes of 1
for name, hr in (("ever A", ever), ("the bias alone", excess)):
    print(f"{name}: hazard ratio {hr:.2f}, E-value {e_value(hr):.1f}")

# %% tags=["remove-cell"]
look.tell(
    ever=f"{ever:.2f}", ever_e=f"{e_value(ever):.1f}", hr=f"{immortal['truth'].iloc[0]:.2f}", bias=f"{excess:.2f}",
    bias_e=f"{e_value(excess):.1f}",
)  # fmt: skip

# %% tags=["remove-cell", "guard"]
assert e_value(ever) > 2.5, f"“reassuring”: {e_value(ever):.2f}"
assert excess < 0.8, f"“the bias alone makes a ratio”: {excess:.2f}"

# %% [markdown]
# An E-value of {glue:text}`ever_e` reads reassuring: to explain {glue:text}`ever` away, an unrecorded cause would have to be tied to the drug and to death by
# ratios of risks of {glue:text}`ever_e` each. And there *is* none, for nothing that sways this choice went unrecorded. Yet a trial of those who start would
# find {glue:text}`hr`. Time that was guaranteed alone multiplies the ratio by {glue:text}`bias`; an unrecorded cause would need {glue:text}`bias_e` in both ties to
# do the same. The E-value speaks of one error, confounding by what was not recorded, and is silent about the other six lines of the protocol.
#
# (trial-printed)=
# ## What can be emulated from what is printed
#
# Nothing. No table of a paper has what the remedy above is made of: the patients who never came to a second cycle, and dates. That is no reproach to
# these authors, whose journal did not ask for it; hardly any retrospective paper prints it. With the hospital's records it could be done, and the right-hand
# column of the [protocol](trial-protocol) is the list to take to the archive: [If you have the records](../book/if-you-have-the-records).
#
# ## Practice

# %% tags=["remove-input"]
from secondlook.pages import practice

practice.ask("target-trial.after")

# %% [markdown]
# ## Exercises
#
# :::{exercise} Only those who lived to see it
# :label: trial-lived-to-see
#
# *Level 2 of 3 · 20 minutes · Python or R*
#
# Another common analysis drops whoever died within the {glue:text}`grace` days and groups the others by the drug that they had by then. What does it find
# here? Which patient's question does it answer?
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# Before you compute: which of the chapter's two mistakes does it mend, the time that was guaranteed or who got which
# drug? And for whom is a patient a patient who must have lived so long?
# :::

# %% [markdown]
# :::{solution-start} trial-lived-to-see
# :class: dropdown
# :::

# %%
later = plain[plain["last_contact"] > GRACE]
later = later[later["start"] <= GRACE]
share = {d: alive_at(later[later["drug"] == d], YEAR) for d in "AB"}
print(f"A minus B, among those alive on day {GRACE}: {share['A'] - share['B']:+.1f}")

# %% [markdown]
# It mends the immortal time and not the choice: the fitter still got A. And it speaks to somebody who has lived four months and has a drug by then,
# not to the one who has to decide.
#
# :::{solution-end}
# :::
#
# :::{exercise} A shorter wait
# :label: trial-shorter-wait
#
# *Level 3 of 3 · 20 minutes · Python*
#
# Let the plan *wait* give up after 60 days. How many clones are left to speak for it, how heavy do they become, and what is found?
#
# `cloned` of this chapter makes clones and weights for any wait; in R the steps are the same three.
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# A shorter wait demands that A has come sooner. Does that leave more clones of the plan, or fewer?
# :::

# %% [markdown]
# :::{solution-start} trial-shorter-wait
# :class: dropdown
# :::

# %%
for grace in (60, GRACE):
    again = cloned(people, days, grace)
    share = {plan: alive_at(rows, YEAR, rows["weight"].to_numpy()) for plan, rows in again.groupby("plan")}
    end = again[(again["plan"] == "wait") & (again["begin"] == grace)]
    print(f"{grace} days: {len(end)} go on, weights up to", end=" ")
    print(f"{end['weight'].max():.0f}, {share['wait'] - share['take']:+.1f} points")

# %% [markdown]
# Few stand for many: most who would get A had not got it by then. The question changed with the rule, too: each length of the wait is a plan of its own
# (no trial of this one was simulated).
#
# :::{solution-end}
# :::
#
# ## Key takeaways
#
# - [Write the protocol first](trial-protocol): a study that selects on two cycles decides after time zero who was in it.
# - [Ask the question of one day](trial-question), the one on which a patient chooses.
# - [Clone, censor, weight](trial-clones) turns a rule that takes time into two plans that everyone could follow: {glue:text}`naive` points became
#   {glue:text}`emulated`, for {glue:text}`truth`.
# - [An E-value](trial-evalue) says how strong a confounder must be, and nothing about time zero.
#
# ## Strengths and limitations of the method
#
# *Strengths.* The protocol needs no data, and finds most errors before any analysis. In the invented patients the truth is known, and R repeats every
# estimate. *Limitations.* Emulation mends design and not data: assignment is mended only as far as what swayed it was recorded, here by making.
# Waiting does these patients no harm but for the months without a drug, and their disease is not seen to grow until they start; in life it is. Four hundred patients leave chance
# of several points, and the data set was drawn so that its lessons can be seen ([its README](teachers-made) says how).
#
# ## Further reading
#
# The framework: {cite:t}`hernan2016target`; what it prevents: {cite:t}`hernan2016`. Cloning, with code: {cite:t}`maringe2020`. The E-value:
# {cite:t}`vanderweele2017`.

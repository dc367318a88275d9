# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% [markdown]
# # Who was left out
#
# **This chapter stands on four grounds**, named where each is used: *printed numbers* for the flow of patients and for bounds, the
# *ensemble* of synthetic cohorts for how far curves can move, *simulation with a known truth* at the paper's sizes, and *invented patients*
# ([](teachers-made)) about whom everything is known.
# Records of patients that were handed in are not used.
#
# :::{admonition} In this chapter
# :class: note
# **You will** leave patients out of simulated studies by rules that you know, mend it by {term}`multiple imputation` and by
# {term}`weights for loss <inverse-probability-of-censoring weights>`, see both fail, and bound what the patients that this paper left out could
# have changed. **You will learn to** ask of every gap *why* it is there before you ask what to do about it, and to tell a
# {term}`competing event` from a loss. **You need** {term}`censoring`, {term}`hazard ratio` and [](53-guaranteed-time).
# :::

# %%
import math

import numpy as np
import pandas as pd
from lifelines import AalenJohansenFitter, KaplanMeierFitter
from scipy.stats import chi2_contingency, fisher_exact

from secondlook import teaching
from secondlook.pages import figures, present
from secondlook.pages.look import start
from secondlook.stats import cox_batch, km

look = start()
n = {arm: look.count(f"patients.size.{arm}") for arm in ("lp", "r")}
SIZE = look.count("patients.size.recruited")
GAPS = look.count("patients.excluded.incomplete")
LOST = look.count("patients.excluded.lost")

STUDIES = 300  # simulated studies of each kind
TRUE = 0.7  # what the drug does to the hazard of death there

# %% [markdown]
# ## Predict before you reveal
#
# | | patients |
# |---|---:|
# | recruited: resistant to sorafenib and given LP or R | {printed}`patients.size.recruited` |
# | left out: incomplete data | {printed}`patients.excluded.incomplete` |
# | left out: no follow-up | {printed}`patients.excluded.lost` |
# | left out: died or stopped before {printed}`methods.eligible.cycles` cycles | no line |
# | analysed | {printed}`patients.size.all` |
#
# Of those analysed {printed}`t3.orr.recist.lp.n` of {printed}`patients.size.lp` responded to LP and {printed}`t3.orr.recist.r.n` of
# {printed}`patients.size.r` to R, p {printed}`t3.orr.recist.p`. Suppose that you are told how the {printed}`patients.excluded.all` fared.
# Between which limits can the difference in response then lie? Could it have been significant? Could R have been ahead?
#
# :::{admonition} Open the answer
# :class: dropdown
# Nobody prints which drug they got. If all had LP and responded, the difference is {glue:text}`orr_most` percentage points and p
# {glue:text}`orr_most_p`; if all had R and responded, it is {glue:text}`orr_least`, with R ahead. Printed is {glue:text}`orr_printed`. One patient
# in {glue:text}`one_in` was left out, and that is enough for either headline. [The bounds](left-bounds) are below.
# :::
#
# (left-why)=
# ## Why a value is missing decides what helps
#
# A {term}`complete-case analysis` drops who lacks a value. Whether that does harm depends on *why* it is lacking. Simulated studies of
# {glue:text}`size` patients: a marker sways the choice of the drug and the hazard of death; the drug multiplies the hazard by
# {glue:text}`true`; the model has drug and marker. In {printed}`patients.excluded.incomplete` of them, or in three times as many, the marker was not
# recorded, by one of three rules:
#
# 1. *anyone*, by chance alone: {term}`missing completely at random`;
# 2. *a high marker*, so that the gap depends on what is missing: not at random;
# 3. *an early death with R*: whoever died within six months before the chart was complete. Drug and death are recorded, so the value is
#    {term}`missing at random`, given these.


# %%
def simulated(rng, studies):
    """Return marker, drug, time and death; patients by time."""
    marker = rng.normal(size=(studies, SIZE))
    odds = n["lp"] / n["r"] * np.exp(-0.7 * marker)
    treated = rng.random(marker.shape) < odds / (1 + odds)
    effect = np.where(treated, TRUE, 1)
    rate = math.log(2) / 9 * np.exp(0.7 * marker) * effect
    death = rng.exponential(1, marker.shape) / rate
    order = np.argsort(death, axis=1)
    marker, treated, death = (np.take_along_axis(a, order, axis=1) for a in (marker, treated, death))
    return marker, treated, np.minimum(death, 24), death <= 24


def gaps(rng, score, many):
    """Return which `many` patients of each study lack the marker.

    score: how many times as likely someone is, as a logarithm.
    """
    luck = score + rng.gumbel(size=score.shape)
    return np.argsort(np.argsort(-luck, axis=1), axis=1) < many


def log_ratio(marker, treated, died, kept=None):
    """Return the drug's log hazard ratio, adjusted, study by study."""
    x = np.stack([treated, marker], axis=2)
    weights = None if kept is None else kept.astype(float)
    return cox_batch.fit(x, died, weights)[0][:, 0]


# %% [markdown]
# **Multiple imputation** {cite}`rubin1987` draws each missing value several times from what the others let one expect, fits the model to each
# completed data set, and averages. What one expects must include the *outcome*: a regression on drug, death and cumulative hazard
# {cite}`white2009`. It must also leave uncertain what is uncertain: new coefficients and a new error for each draw.


# %% tags=["hide-input"]
def imputed(rng, marker, gap, treated, died, draws=4):
    """Yield the markers, the missing ones drawn anew."""
    hazard = np.cumsum(died / np.arange(SIZE, 0, -1), axis=1)
    columns = np.ones_like(marker), treated, died, hazard
    design = np.stack(columns, axis=2)
    known = design * ~gap[:, :, None]
    across = np.swapaxes(known, 1, 2)
    inverse = np.linalg.inv(across @ known)
    fitted = inverse @ across @ marker[:, :, None]
    off = (marker - (design @ fitted)[:, :, 0]) * ~gap
    degrees = SIZE - gap.sum(axis=1) - design.shape[2]
    root = np.linalg.cholesky(inverse)
    for _ in range(draws):
        drawn = rng.chisquare(degrees)
        error = np.sqrt((off**2).sum(axis=1) / drawn)[:, None]
        luck = root @ rng.normal(size=fitted.shape)
        beta = fitted + error[:, :, None] * luck
        value = (design @ beta)[:, :, 0]
        value += error * rng.normal(size=marker.shape)
        yield np.where(gap, value, marker)


# %%
rng = np.random.default_rng(671)
marker, treated, time, died = simulated(rng, STUDIES)
scores = {
    "anyone": np.zeros_like(marker),
    "a high marker": 2 * marker,
    "an early death with R": 3.0 * (~treated & (time < 6)),
}
found = {("nobody", 0, "everyone"): log_ratio(marker, treated, died)}
for rule, score in scores.items():
    for many in (GAPS, 3 * GAPS):
        gap = gaps(rng, score, many)
        complete = log_ratio(marker, treated, died, ~gap)
        whole = imputed(rng, marker, gap, treated, died)
        fits = [log_ratio(filled, treated, died) for filled in whole]
        found[rule, many, "complete cases"] = complete
        found[rule, many, "imputed"] = np.mean(fits, axis=0)
beta = pd.DataFrame(found)
beta.columns.names = ["missing", "patients", "analysis"]
ratio = np.exp(beta.mean())
spread = beta.std()
pd.DataFrame({"mean ratio": ratio, "standard deviation": spread}).round(2)

# %% tags=["remove-cell"]
bad = "an early death with R"
own = "a high marker"
many = 3 * GAPS
look.tell(
    size=SIZE, true=f"{TRUE:g}", many=many, studies=STUDIES, whole=f"{ratio['nobody', 0, 'everyone']:.2f}",
    cc_bad=f"{ratio[bad, GAPS, 'complete cases']:.2f}", cc_bad_many=f"{ratio[bad, many, 'complete cases']:.2f}",
    mi_bad=f"{ratio[bad, GAPS, 'imputed']:.2f}", mi_bad_many=f"{ratio[bad, many, 'imputed']:.2f}",
    cc_own_many=f"{ratio[own, many, 'complete cases']:.2f}", mi_own_many=f"{ratio[own, many, 'imputed']:.2f}",
    cc_any_spread=f"{spread['anyone', many, 'complete cases']:.2f}", mi_any_spread=f"{spread['anyone', many, 'imputed']:.2f}",
    luck=f"{math.exp(spread['nobody', 0, 'everyone']):.1f}",
)  # fmt: skip

# %% tags=["remove-cell", "guard"]
for made, column in beta.items():
    errors = teaching.from_r(f"left-out, {', '.join(map(str, made))}", column)
    assert errors < 4, f"R finds something else: {made}: {errors:.1f} standard errors"
assert ratio[bad, many, "complete cases"] > 1, f"“the drug that helps seems to harm”: {ratio}"
assert abs(math.log(ratio[bad, many, "imputed"] / TRUE)) < 0.1, f"“imputation brings it back”: {ratio}"
assert abs(math.log(ratio[own, many, "complete cases"] / TRUE)) < 0.08, f"“complete cases are not biased”: {ratio}"
assert ratio[own, many, "imputed"] < 0.92 * TRUE, f"“imputation makes it wrong”: {ratio}"

# %% [markdown]
# (*Mean ratio*: of {glue:text}`studies` studies, the truth being {glue:text}`true`. *Standard deviation*: of the log ratio.) R, with
# draws of its own, finds the same.
#
# - **Gaps by chance** bias nothing. They cost precision, and imputation wins a part of it back: a standard deviation of {glue:text}`mi_any_spread` in place of
#   {glue:text}`cc_any_spread` with {glue:text}`many` gaps.
# - **Gaps that depend on drug and outcome** bias complete cases: {glue:text}`cc_bad` with {printed}`patients.excluded.incomplete` gaps, and
#   {glue:text}`cc_bad_many` with {glue:text}`many`, where a drug that helps seems to harm. Imputation brings it back, {glue:text}`mi_bad` and
#   {glue:text}`mi_bad_many`: all on which the gap depends is in its regression.
# - **Gaps that depend on the missing marker itself** are the surprise. Complete cases are *not* biased, {glue:text}`cc_own_many`: within any value of
#   the marker, which the model holds fixed, those kept are like those dropped {cite}`white2010`. Imputation makes it wrong, {glue:text}`mi_own_many`:
#   it draws values as if those who lack them were like the others, and they are not.
#
# So neither analysis is the safe one. The data show with what recorded things gaps go together; no test on them shows whether, given these, a gap
# depends on the missing value too. What helps is knowing how the charts were kept. And chance alone moves one study's ratio by a factor of {glue:text}`luck` either way, more than
# {printed}`patients.excluded.incomplete` gaps do by any of the three rules.
#
# (left-lost)=
# ## Lost, and why
#
# A Kaplan–Meier curve takes who leaves for someone like those who stay. Suppose that patients leave *after progression*, when hope and the
# reason for the visits are gone: then those who stay are the healthier ones. Simulated studies again, with median progression near three and
# death near eight months, and {printed}`patients.excluded.lost` lost on average, or three times as many. Four ways to deal with them, beside the truth:


# %% tags=["hide-input"]
def courses(rng, studies, loss, factor):
    """Return progression, death, and leaving, in months.

    loss: rate a month of leaving before progression; factor: how many
    times as high it is after it.
    """
    shape = studies, SIZE
    progression = rng.exponential(5, shape)

    def turning(debt, before, after):
        first = debt / before
        later = progression + (debt - before * progression) / after
        return np.where(first < progression, first, later)

    death = turning(rng.exponential(1, shape), 1 / 40, 1 / 6)
    leaving = turning(rng.exponential(1, shape), loss, factor * loss)
    return progression, death, leaving


def alive_at(month, time, died, amount):
    """Return the weighted Kaplan-Meier estimate of each study.

    amount: what each patient (last axis) counts for when each patient
    (middle axis) dies; or one amount for each patient, at all times.
    """
    order = np.argsort(time, axis=1)
    time, died = (np.take_along_axis(a, order, axis=1) for a in (time, died))
    if amount.ndim == 2:
        amount = np.take_along_axis(amount, order, axis=1)
        left = np.cumsum(amount[:, ::-1], axis=1)[:, ::-1]
        own = amount
    else:
        left = np.triu(amount).sum(axis=2)
        own = np.einsum("sii->si", amount)
    share = np.divide(own, left, out=np.zeros_like(own), where=left > 0)
    return np.where(died & (time <= month), 1 - share, 1).prod(axis=1)


def weights(time, progression, gone):
    """Return one over each patient's chance of not having left.

    Rates of leaving are estimated before and after progression. By order
    of time: middle axis the moment, last axis the patient.
    """
    order = np.argsort(time, axis=1)
    time, progression, gone = (np.take_along_axis(a, order, axis=1) for a in (time, progression, gone))
    first = np.minimum(time, progression)
    later = time - first
    rate = [(gone & when).sum(axis=1) / spent.sum(axis=1) for when, spent in ((later == 0, first), (later > 0, later))]
    moment, turn = time[:, :, None], progression[:, None, :]
    first = np.minimum(moment, turn)
    risk = [r[:, None, None] for r in rate]
    return np.exp(risk[0] * first + risk[1] * (moment - first))


# %%
leaving = {  # rate a month before progression; times as high after it
    f"{LOST} by chance": (0.0095, 1),
    f"{LOST} after progression": (0.0015, 12),
    f"{3 * LOST} after progression": (0.005, 12),
}
YEAR, CYCLES = 12, 1.5  # months; of two cycles
rng = np.random.default_rng(672)
survival = {}
for name, how in leaving.items():
    progression, death, loss = courses(rng, STUDIES, *how)
    time = np.minimum(np.minimum(death, loss), 24)
    died, gone = death == time, loss == time
    one = np.ones_like(time)
    ways = {
        "nobody lost": (np.minimum(death, 24), death <= 24, one),
        "censored": (time, died, one),
        "left out": (time, died, one * ~gone),
        "weighted": (time, died, weights(time, progression, gone)),
        "two cycles survived": (time, died, one * (time > CYCLES)),
    }
    survival[name] = {w: 100 * alive_at(YEAR, *a) for w, a in ways.items()}
means = pd.DataFrame(survival).map(np.mean)
means.T.round(1)

# %% tags=["remove-cell"]
chance, seven, twenty = means
told = {"nobody": "nobody lost", "censored": "censored", "left": "left out", "weighted": "weighted"}
look.tell(
    **{f"{few}_{name}": f"{means.loc[way, lost]:.0f}" for few, lost in (("few", seven), ("many", twenty))
       for name, way in told.items()},
    lost_many=3 * LOST,
    two=f"{means.loc['two cycles survived', chance] - means.loc['nobody lost', chance]:.1f}",
    luck_survival=f"{np.std(survival[seven]['censored']):.0f}",
)  # fmt: skip

# %% tags=["remove-cell", "guard"]
for name, by_way in survival.items():
    for way, column in by_way.items():
        errors = teaching.from_r(f"lost, {name}, {way}", column)
        assert errors < 4, f"R finds something else: {name}, {way}: {errors:.1f} standard errors"
truth = means.loc["nobody lost"]
assert means.loc["censored", twenty] - truth[twenty] > 1, f"“the curve is too high”: {means}"
assert means.loc["left out", twenty] - truth[twenty] < -4, f"“left out altogether it is too low”: {means}"
assert abs(means.loc["weighted", twenty] - truth[twenty]) < 1, f"“weighted it is right”: {means}"

# %% [markdown]
# (Per cent alive at a year, means.) With {glue:text}`lost_many` lost after progression the curve is too high, {glue:text}`many_censored` % where
# {glue:text}`many_nobody` % is true: deaths went unseen. Leaving those patients out altogether, as the paper's flow does with its
# {printed}`patients.excluded.lost`, is another error, the other way, {glue:text}`many_left` %: to be lost one must first live, and those months are
# thrown away. **Weighting** {cite}`robins2000` lets each who is still there count also for those like him or her who have left, one over
# the chance of not having left, given progression: {glue:text}`many_weighted` %. It needs what the leaving depends on to be recorded, and someone
# of each kind to have stayed.
#
# With {printed}`patients.excluded.lost` the errors are small, {glue:text}`few_censored` and {glue:text}`few_left` % for
# {glue:text}`few_nobody` %, and chance moves one study by {glue:text}`luck_survival` points. Patients *without any* follow-up have
# nothing to weight, and the paper does not say which kind its were. The last column is the third door,
# [guaranteed time](53-guaranteed-time): to count from the start only who survived two cycles adds {glue:text}`two` points
# where {printed}`patients.excluded.lost` are lost by chance, the first row.
# Two errors can cancel; nobody can count on it.
#
# (left-teaching)=
# ## On patients about whom everything is known
#
# The same lessons on {glue:text}`teach` invented patients, some of whose values are missing and some of whom left by known rules. Albumin is missing by
# drug and early death, both recorded; a score of quality of life by its own value.

# %%
estimates = teaching.estimates()
lessons = {
    "A against B, albumin missing, hazard ratio": "hazard ratio of A",
    "mean quality of life": "mean quality of life",
    "survival at 18 months, %": "% alive at 18 months",
}
shown = estimates.loc[list(lessons), ["estimate", "truth"]]
shown.rename(lessons).round(2)

# %% tags=["remove-cell"]
look.tell(teach=len(teaching.patients()), other_draws=teaching.OTHER_DRAWS)

# %% tags=["remove-cell", "guard"]
lost = estimates.loc["survival at 18 months, %"]
naive, weighted, nobody = lost["estimate"]
assert 0 < nobody - weighted < naive - nobody, f"“nearer, and beyond it”: {lost}"
again = lost["mean"]
assert abs(again.iloc[1] - again.iloc[2]) < 1 < 5 < again.iloc[0] - again.iloc[2], f"“on average”: {again}"

# %% [markdown]
# Imputation takes the hazard ratio from {taught}`albumin/complete cases` to {taught}`albumin/imputed`, where the same patients
# without gaps give {taught}`albumin/nothing missing`. It does little for quality of life, {taught}`quality/complete cases` and
# {taught}`quality/imputed` for {taught}`quality/nothing missing`: the assumption fails, and nothing in the data says so. Weights
# take survival from {taught}`lost/Kaplan-Meier` to {taught}`lost/weighted for loss` %, for {taught}`lost/nobody lost` % had
# nobody been lost: nearer, and beyond it by chance, since few stand for many. In {glue:text}`other_draws` other draws of such
# patients it is {taught}`lost/Kaplan-Meier in other draws`, {taught}`lost/weighted for loss in other draws` and
# {taught}`lost/nobody lost in other draws` % on average. The script that computes this, the same in R and the draws are part of
# the [data](teachers-made).
#
# (left-bounds)=
# ## How far could the left-out move this paper?
#
# No model is needed for a {term}`bound <bounds>`: let the {printed}`patients.excluded.all` have had either drug and any outcome, and take the extremes.
# Response and disease control by RECIST, with the tests that the paper used for each:

# %% tags=["hide-input"]
EXTRA = GAPS + LOST


def extremes(rate, test):
    """Return difference and p as printed, and at both extremes."""
    ids = {arm: f"t3.{rate}.recist.{arm}.n" for arm in n}
    had = {arm: look.count(ids[arm]) for arm in n}
    found = []
    for in_lp in range(EXTRA + 1):
        in_r = EXTRA - in_lp
        size = n["lp"] + in_lp, n["r"] + in_r
        for lp, r in ((in_lp, 0), (0, in_r)):
            yes = had["lp"] + lp, had["r"] + r
            found.append((yes, size))
    found.sort(key=lambda c: c[0][0] / c[1][0] - c[0][1] / c[1][1])
    printed = tuple(had.values()), tuple(n.values())
    rows = {}
    for name, (yes, size) in zip(
        ("least", "printed", "most"),
        (found[0], printed, found[-1]),
        strict=True,
    ):
        no = [a - b for a, b in zip(size, yes, strict=True)]
        rows[name] = {
            "LP": f"{yes[0]} of {size[0]}",
            "R": f"{yes[1]} of {size[1]}",
            "difference": 100 * (yes[0] / size[0] - yes[1] / size[1]),
            "p": test([yes, no]).pvalue,
        }
    return pd.DataFrame(rows).T


def pearson(table):
    return chi2_contingency(table, correction=False)


bounds = pd.concat({
    "response": extremes("orr", fisher_exact),
    "disease control": extremes("dcr", pearson),
})  # fmt: skip
small = bounds["p"] < 0.001
bounds.assign(
    difference=bounds["difference"].map("{:+.1f}".format),
    p=bounds["p"].map("{:.3f}".format).mask(small, "<0.001"),
)

# %% tags=["remove-cell"]
orr, dcr = bounds.loc["response"], bounds.loc["disease control"]
minus = "\N{MINUS SIGN}"
said = {name: f"{value:+.1f}".replace("-", minus) for name, value in orr["difference"].items()}
small = {name: f"{p:.3f}" if p >= 0.001 else "below 0.001" for name, p in orr["p"].items()}
look.tell(
    **{f"orr_{name}": text for name, text in said.items()}, orr_most_p=small["most"],
    one_in=round(SIZE / EXTRA), dcr_least=f"{dcr['difference']['least']:.1f}",
    dcr_least_p=f"{dcr['p']['least']:.2f}",
)  # fmt: skip

# %% tags=["remove-cell", "guard"]
assert orr["difference"]["least"] < 0 < orr["difference"]["printed"], f"“R ahead”: {orr}"
assert orr["p"]["most"] < 0.05 < orr["p"]["printed"], f"“enough for either headline”: {orr}"
assert dcr["difference"]["least"] > 0, f"“disease control stays ahead with LP”: {dcr}"
assert dcr["p"]["least"] > 0.05, f"“it need not stay significant”: {dcr}"

# %% [markdown]
# Response can go either way, from {glue:text}`orr_least` to {glue:text}`orr_most` points. Disease control is sturdier: whatever became of the
# {printed}`patients.excluded.all`, the share was higher with LP, by {glue:text}`dcr_least` points at least; but it need not stay significant
# (p {glue:text}`dcr_least_p`).
#
# For curves the printed medians are not enough, since a median with more patients is another quantile of the old curve. The ensemble of
# cohorts that print the paper's numbers says in which range that lies. To each, add {printed}`patients.excluded.all` patients to one arm, who
# die at once or who outlive everyone:

# %%
file = start(cohort="").cohort_file.with_name("ensemble.csv.gz")
patients = pd.read_csv(file)
shape = patients["cohort"].nunique(), -1
times, events = (patients[c].to_numpy(float).reshape(shape) for c in ("os_months", "os_event"))
in_lp = (patients["arm"] == "LP").to_numpy().reshape(shape)
more = len(times), EXTRA


def with_more(time, event, lp):
    """Return hazard ratio and medians of cohorts with more patients."""
    all_times = np.hstack([times, np.full(more, time)])
    all_events = np.hstack([events, np.full(more, event)]).astype(bool)
    arms = np.hstack([in_lp, np.full(more, lp)])
    beta, se = cox_batch.binary(all_times, all_events, arms)
    medians = [km.medians(all_times, all_events, who) for who in (arms, ~arms)]
    return np.exp(beta), np.abs(beta / se), *medians


late = times.max() + 1
cases = {
    "nobody more": (np.nan, False, True),
    "die at once, LP": (0.01, True, True),
    "die at once, R": (0.01, True, False),
    "outlive all, LP": (late, False, True),
    "outlive all, R": (late, False, False),
}
rows, z = {}, {}
for name, case in cases.items():
    hr, z[name], lp, r = with_more(*case)
    rows[name] = {
        "hazard ratio": present.span(hr, ".2f"),
        "median, LP": present.span(lp, ".1f"),
        "median, R": present.span(r, ".1f"),
        "p < 0.05": f"{np.mean(z[name] > 1.96):.0%}",
    }
pd.DataFrame(rows).T

# %% tags=["remove-cell"]
far = pd.DataFrame(rows).loc["hazard ratio"]
often = {name: np.mean(value > 1.96) for name, value in z.items()}
look.tell(
    lp_dies=far["die at once, LP"], r_dies=far["die at once, R"], lp_lives=far["outlive all, LP"],
    r_lives=far["outlive all, R"], hr_now=far["nobody more"],
)  # fmt: skip

# %% tags=["remove-cell", "guard"]
assert often["nobody more"] == 0, f"“as printed none is significant”: {often}"
always = {"outlive all, LP": 1, "outlive all, R": 1}
assert often == dict.fromkeys(cases, 0) | always, f"“never significant”, “always”: {often}"

# %% [markdown]
# (Hazard ratio of death, LP to R; ranges over the cohorts; *p < 0.05*: in how many.) Printed is a ratio of {printed}`t6.arm.uni.hr`, although LP has the longer
# median: [](62-curves-cross) says how that can be. Early deaths of one arm move it to
# {glue:text}`r_dies` or {glue:text}`lp_dies`, never significant; survivors of one arm to {glue:text}`lp_lives` or {glue:text}`r_lives`, always. These are four
# cases and not bounds: mixtures (most of them outlive in one arm, the others die at once in the other) can go further. Nobody believes
# an extreme. But it is the reader who has to say why it is not so, and two printed lines would have said it: which drug those left out had got, and what is known of
# their end. And all this knows
# of the {printed}`patients.excluded.all` only. Whoever died or stopped before the second cycle is not among them, and how many
# these were is printed nowhere: for that door there is *no* bound.
#
# (left-competing)=
# ## Not lost: events that compete
#
# A patient who dies is not lost. If the question is how many *progress* within a year, death before progression is an answer: these patients never
# will. A Kaplan–Meier curve of progression that censors deaths acts as if they still could, and one minus it is too high
# {cite}`austin2016`. The {term}`cumulative incidence` {cite}`aalen1978` lets both events compete. On the invented patients:

# %%
patients = teaching.patients().query("drug != 'none'")
first = patients["progression"].fillna(patients["last_contact"])
grew = patients["progression"].notna()
died = patients["death"].notna() & ~grew
event = np.select([grew, died], [1, 2], 0)
days = (first - patients["start"]).dt.days
# No two on one day: progression, death, loss. That changes no estimate,
# and lifelines takes no ties here.
order = np.lexsort((event != 1, event == 0, days))
days, event = days.to_numpy(float)[order], event[order]
days += 1e-6 * np.arange(len(days))

alone = KaplanMeierFitter().fit(days, event == 1)
both = AalenJohansenFitter(calculate_variance=False)
both.fit(days, event, event_of_interest=1)
at = 365.25
pd.Series({
    "1 − Kaplan–Meier": 100 * (1 - alone.predict(at)),
    "cumulative incidence": 100 * both.predict(at),
}).round(1)  # fmt: skip

# %% tags=["remove-cell"]
lesson = estimates.loc["progression within a year, %"]
naive, compete = lesson.index
look.tell(
    km_progress=f"{100 * (1 - alone.predict(at)):.1f}", aj_progress=f"{100 * both.predict(at):.1f}",
    true_progress=f"{lesson['truth'][compete]:.1f}",
)  # fmt: skip

# %% tags=["remove-cell", "guard"]
assert abs(100 * (1 - alone.predict(at)) - lesson["estimate"][naive]) < 1e-3, f"“as R has it”: {lesson}"
assert abs(100 * both.predict(at) - lesson["estimate"][compete]) < 1e-3, f"“as R has it”: {lesson}"

# %% tags=["hide-input"] mystnb={"image": {"alt": "Share with progression against months since the start, to 24 months. The upper, dashed curve, one minus Kaplan-Meier with deaths censored, rises to nearly nine in ten. The lower, solid curve, cumulative incidence, levels off at nearly three in four; the gap between them widens throughout."}, "figure": {"name": "fig-competing", "caption": "Invented patients: progression by one minus Kaplan–Meier with deaths censored (dashed), and its cumulative incidence (solid)."}}
fig, ax = figures.new(5.25, 3.4)
month = 365.25 / 12
grid = np.arange(0, 24.1, 0.25)
too_high = 100 * (1 - alone.predict(grid * month))
incidence = 100 * both.predict(grid * month)
ax.plot(grid, too_high, "--", color=figures.ORANGE, linewidth=2, label="1 − Kaplan–Meier, deaths censored")
ax.plot(grid, incidence, color=figures.BLUE, linewidth=2, label="cumulative incidence")
ax.set(xlabel="months since the start", ylabel="% with progression", xlim=(0, 24), ylim=(0, 100))
ax.set_xticks(range(0, 25, 6))
_ = ax.legend(frameon=False, loc="upper left")

# %% [markdown]
# {glue:text}`km_progress` % against {glue:text}`aj_progress` %; in many thousand patients of the same making {glue:text}`true_progress` % progress within
# a year. R's `survfit` prints both to the last digit. The two answer two questions. The *cause-specific* {term}`hazard`, the
# rate of progression among those still alive and free of it, is what a Cox model that censors deaths compares, and is right for asking *why*. How *many* progress
# depends on both hazards. Each as a rate a year, and the share that they would give were they constant; and then, had nobody died first:

# %%
progress, die = ((event == k).sum() / days.sum() * at for k in (1, 2))
both_rates = progress + die
share = progress / both_rates * (1 - math.exp(-both_rates))
print(f"progression {progress:.2f}, death before it {die:.2f} a year")
print(f"within a year {100 * share:.0f} %, ", end="")
print(f"without deaths {100 * (1 - math.exp(-progress)):.0f} %")

# %% tags=["remove-cell"]
look.tell(constant_alone=f"{100 * (1 - math.exp(-progress)):.0f}")

# %% tags=["remove-cell", "guard"]
assert abs(share - both.predict(at)) < 0.06, f"“the share that they would give”: {share}, {both.predict(at)}"

# %% [markdown]
# (Had nobody died first, one minus Kaplan–Meier says {glue:text}`km_progress` % and this {glue:text}`constant_alone` %, for rates are taken as constant here. Either
# needs that those who died would have progressed like the others, which no data show.)
#
# So a drug that only kept patients alive would make more of them progress. The paper's two endpoints are spared: its
# progression-free survival counts death as an event. A printed *time to progression*, or a rate of some side effect by a month, would not be.
#
# ## Practice

# %% tags=["remove-input"]
from secondlook.pages import practice

practice.ask("left-out.after")

# %% [markdown]
# ## Exercises
#
# :::{exercise} An early death with either drug
# :label: left-either-drug
#
# *Level 3 of 3 · 20 minutes · Python or R*
#
# Change the third rule: the chart of whoever died within six months is incomplete, *whichever* drug he or she got. Is the complete-case
# ratio still wrong? Decide first.
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# What do those who are left out have in common with each other, and is it the same in both arms?
# :::

# %% [markdown]
# :::{solution-start} left-either-drug
# :class: dropdown
# :::

# %%
rng = np.random.default_rng(673)
marker, treated, time, died = simulated(rng, STUDIES)
for name, score in {
    "with R": 3.0 * (~treated & (time < 6)),
    "with either": 3.0 * (time < 6),
}.items():
    kept = ~gaps(rng, score, 3 * GAPS)
    mean = np.nanmean(log_ratio(marker, treated, died, kept))
    print(f"early death {name}: {math.exp(mean):.2f}, true {TRUE}")

# %% [markdown]
# Here hardly: with a constant ratio the loss of early deaths in both arms nearly leaves it, while both curves are too high. With an effect that is only
# early, the same even-handed rule would hide much of it. (For the gaps of R alone the chapter's table has {glue:text}`cc_bad_many`: other draws.)
#
# :::{solution-end}
# :::
#
# :::{exercise} How many does it take?
# :label: left-how-many
#
# *Level 2 of 3 · 15 minutes · Python, R, or a spreadsheet with a hypergeometric distribution*
#
# Let all {printed}`patients.excluded.all` have had LP. How many of them must have responded for p of the response (Fisher) to fall below
# 0.05?
#
# As printed, {printed}`t3.orr.recist.lp.n` of {printed}`patients.size.lp` responded to LP and
# {printed}`t3.orr.recist.r.n` of {printed}`patients.size.r` to R.
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# All of them join the denominator of LP, whatever they did. Then let one more respond at a time.
# :::

# %% [markdown]
# :::{solution-start} left-how-many
# :class: dropdown
# :::

# %%
lp, r = (look.count(f"t3.orr.recist.{arm}.n") for arm in n)
for more in range(EXTRA + 1):
    yes = lp + more, r
    no = n["lp"] + EXTRA - yes[0], n["r"] - r
    p = fisher_exact([yes, no]).pvalue
    if p < look.alpha:
        break
print(f"{more} of {EXTRA}: {yes[0]} of {n['lp'] + EXTRA}, p {p:.3f}")

# %% [markdown]
# :::{solution-end}
# :::
#
# ## Key takeaways
#
# - [Ask why a value is missing](left-why) before you mend it: the same gap can spare complete cases and mislead imputation, or the other way
#   round. The data do not tell whether it depends on what is missing.
# - [To leave the lost out](left-lost) is not to censor them, and biases even where censoring does not; weights mend censoring where what it
#   depends on is recorded.
# - [Bounds need no model](left-bounds): here {printed}`patients.excluded.all` patients can carry response either way, and the two cycles have
#   no bound at all.
# - [A death is not a loss](left-competing): one minus Kaplan–Meier overstates how many have an event that competes with death.
#
# ## Strengths and limitations of the method
#
# *Strengths.* Every truth is known, R repeats each simulation by a script of its own, and the bounds rest on printed counts alone.
# *Limitations.* One marker, one drug, hazards that are constant: real gaps are in many columns at once, and the rules are ours. Imputation
# draws from a linear regression that is nearly right here by construction. What is said of curves are four cases, as ranges over
# cohorts that were found, and takes the paper's own patients as printed.
#
# ## Further reading
#
# Missing values, for clinicians: {cite:t}`sterne2009`; which analysis when: {cite:t}`white2010`. Selection as a structure:
# {cite:t}`hernan2004`. Weights for loss: {cite:t}`robins2000`. Competing events: {cite:t}`austin2016`.

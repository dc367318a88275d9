# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% [markdown]
# # From twelve univariable tests to a model
#
# **This chapter stands on simulation with a known truth**: studies of the paper's size, prevalences and number of tests, in
# which we know which characteristics matter. From the printed numbers it takes only the p values and the least number of events.
# Records of patients that were handed in are not used.
#
# :::{admonition} In this chapter
# :class: note
# **You will** correct twelve p values for being twelve, simulate what selection by significance does to a hazard ratio, and
# measure how much of a model's success is flattery ({term}`optimism`). **You will learn to** recognise the winner's curse, to count {term}`events per
# variable`, and to name three alternatives to selecting. **You need** {term}`hazard ratio`, the idea of a {term}`Cox model`, and
# [](40-how-many-events).
# :::

# %%
import math
from statistics import NormalDist

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns

from secondlook.pages import figures
from secondlook.pages.look import start
from secondlook.paper import event_counts as events
from secondlook.paper.rows import table_rows
from secondlook.stats import cox_batch

look = start()
registry = look.registry
everyone = look.count("patients.size.all")

RULE = float(look.printed("methods.selection.p").strip("<"))  # the paper's own level, whatever this book is built with
STUDIES = 400  # simulated studies of the paper's kind
EACH = 600  # simulated studies for each number of events per variable
STRONG, WEAK = 2.0, 1.4  # what the three true factors do to the hazard: two and one

# %% [markdown]
# ## Predict before you reveal
#
# The paper tests {glue:text}`many` characteristics one by one for each endpoint; those with p
# {printed}`methods.selection.p` enter a multivariable model, and what is significant there is called an independent risk
# factor.
#
# | | progression | death |
# |---|---|---|
# | taken on | {glue:text}`t5_chosen` | {glue:text}`t6_chosen` |
# | ratio of AFP in the model | {printed}`t5.afp.multi.hr` | {printed}`t6.afp.multi.hr` |
# | ratio of ECOG PS in the model | {printed}`t5.ecog.multi.hr` | {printed}`t6.ecog.multi.hr` |
# | events, at least | {glue:text}`t5_least` | {glue:text}`t6_least` |
#
# Suppose that *none* of {glue:text}`many` characteristics mattered: how likely is it that at least one is “significant”? Suppose
# that one truly doubles the hazard: what will its ratio be, on average, in those studies that report it?

# %% tags=["remove-input"]
from secondlook.pages import practice

practice.ask("univariable-to-model.before")

# %% [markdown]
# :::{admonition} Open the answer
# :class: dropdown
# {glue:text}`any_false` % ({glue:text}`any_false_both` % for both tables), were all tests independent. And a true ratio of 2, for
# a characteristic as rare as ECOG PS 2 is here, is reported as about **{glue:text}`curse`** by the studies that report it at all
# ({glue:text}`found` % of them): it passes the test where chance helped it, and seldom elsewhere.
# :::
#
# (select-many)=
# ## Twelve tests
#
# With $k$ = {glue:text}`many` tests at a level of $a$ = {glue:text}`rule` %, the paper's, and nothing to be found,
# {glue:text}`expected` are significant on average and the chance of at least one is $1 - (1 - a)^k$. That is
# {term}`multiplicity`. Bonferroni's remedy asks each for $a/k$, {glue:text}`limit`; Holm's, which is never worse, asks that
# of the smallest p and is a little less strict with each next one {cite}`holm1979`.

# %%
ENDPOINTS = {"t5": "progression", "t6": "death"}
rows = [
    {
        "characteristic": registry.layout.variables[row.variable].label,
        "for": ENDPOINTS[row.table],
        "printed p": row.values["p"].printed,
        "at most": float(row.values["p"].number.stands_for().high),
    }
    for row in table_rows(registry)
    if row.model == "unadjusted" and "p" in row.values
]
tests = pd.DataFrame(rows).sort_values("at most", kind="stable")
tests = tests.sort_values("for", ascending=False, kind="stable")
many = (tests["for"] == "death").sum()

rank = tests.groupby("for").cumcount()  # 0 for the smallest p
tests["limit"] = RULE / (many - rank)
met = tests["at most"] <= tests["limit"]
tests["kept"] = met.groupby(tests["for"]).cummin()
first = tests[rank < 5].drop(columns="at most")
first["limit"] = first["limit"].map("{:.4f}".format)
first.set_index("characteristic")

# %% tags=["remove-cell"]
both = len(tests)
least = {table: events.joints(registry)[name].least for table, name in (("t5", "pfs"), ("t6", "os"))}
chosen = {
    table: ", ".join(tests["characteristic"][(tests["for"] == name) & (tests["at most"] < RULE)].sort_index()) or "none"
    for table, name in ENDPOINTS.items()
}
kept = tests["characteristic"][tests["at most"] <= RULE / many].value_counts()
look.tell(
    many=many, both=both, any_false=f"{100 * (1 - (1 - RULE) ** many):.0f}", any_false_both=f"{100 * (1 - (1 - RULE) ** both):.0f}",
    expected=f"{RULE * many:.1f}", limit=f"{RULE / many:.4f}", limit_both=f"{RULE / both:.4f}", rule=f"{100 * RULE:g}",
    rule_p=f"{RULE:g}", ten=least["t6"] // 10,
    **{f"{table}_chosen": names for table, names in chosen.items()},
    **{f"{table}_least": at_least for table, at_least in least.items()},
    **{f"{table}_per": f"{at_least / many:.1f}" for table, at_least in least.items()},
)  # fmt: skip

# %% tags=["remove-cell", "guard"]
assert tests["kept"].sum() == 4, f"“only they survive Holm's correction”: {tests}"
assert dict(kept) == {"ECOG PS": 2, "AFP": 2}, f"“Bonferroni keeps the same two”: {kept}"

# %% [markdown]
# In each table AFP and performance status, and only they, survive Holm's correction for its {glue:text}`many` tests; Bonferroni
# keeps the same two. (For all {glue:text}`both` tests together Bonferroni asks for {glue:text}`limit_both`, which the printed
# {printed}`t5.ecog.uni.p` of performance status for progression may or may not meet.) So the paper's two factors are not
# likely to be made of multiplicity; what selection does to their *size*, and whether the third in each table belongs there, is another matter.
#
# (select-events)=
# ## Events per variable
#
# A rule of thumb asks for ten events per variable {cite}`peduzzi1995`; it is no law, and how many are enough depends on more
# than that number {cite}`vittinghoff2007,vansmeden2016`. What counts is every variable *that was a candidate*, not
# those that are left at the end {cite}`harrell2015`. Here there are at least {glue:text}`t5_least` and {glue:text}`t6_least` events for {glue:text}`many` candidates:
# {glue:text}`t5_per` and {glue:text}`t6_per` each. Ten per variable would allow {glue:text}`ten`.
#
# The simulation has the paper's {printed}`patients.size.all` patients and twelve characteristics with Table 1's frequencies. Two
# double the hazard, one multiplies it by {glue:text}`weak`, **nine do nothing**. One patient in eight, at random, is censored.

# %%
candidates = {
    "ecog": "2", "afp": "ge400", "extrahepatic": "yes", "sex": "f",
    "age": "lt50", "bclc": "b", "child_pugh": "b", "hbv": "no",
    "cirrhosis": "no", "pvtt": "yes", "tace_haic": "yes",
}  # fmt: skip
counts = [registry.level_count(v, [candidates[v]]) for v in candidates]
counts.append(look.count("patients.size.lp"))  # the twelfth: treatment
share_of = np.array(counts) / everyone
truth = np.log([STRONG, STRONG, WEAK] + [1.0] * 9)


# %% tags=["hide-input"]
def simulated(rng, studies, patients=everyone):
    """Simulate studies; patients stand in the order of their times."""
    x = (rng.random((studies, patients, 12)) < share_of).astype(float)
    death = rng.exponential(1, (studies, patients)) / np.exp(x @ truth)
    order = np.argsort(death, axis=1)
    seen = rng.random((studies, patients)) < 7 / 8
    return np.take_along_axis(x, order[:, :, None], axis=1), seen


def select(x, events, weights=None, limit=RULE):
    """Return which covariates have a univariable p below a limit."""
    z = []
    for j in range(x.shape[2]):
        beta, se = cox_batch.fit(x[:, :, [j]], events, weights)
        z.append(np.abs(beta / se))
    z = np.concatenate(z, axis=1)  # study × covariate
    return np.nan_to_num(z) > -NormalDist().inv_cdf(limit / 2)


# %% [markdown]
# Before that, a plainer one, of the rule of thumb alone: studies of three sizes and models of three to sixteen covariates. Two
# patients in five have each covariate; the first doubles the hazard, all others do nothing, and all stay in the model.

# %% tags=["hide-input"] mystnb={"image": {"alt": "Two panels against events per variable from two to thirty-five. Left: the mean estimated ratio of a true doubling, above two with few events per variable and falling towards two. Right: the per cent of 95 per cent intervals that hold the truth, about 83 at the left end, rising to near 95 beyond ten."}, "figure": {"name": "fig-epv", "caption": "A true doubling in full models of three to sixteen covariates: mean estimate (left) and coverage of its 95 % interval (right), by events per variable."}}
rng = np.random.default_rng(27)


def one_doubles(size, covariates):
    """Return events per variable, mean ratio of the first, coverage."""
    x = (rng.random((EACH, size, covariates)) < 0.4).astype(float)
    death = rng.exponential(1, (EACH, size))
    death = death / np.exp(x[:, :, 0] * truth[0])
    order = np.argsort(death, axis=1)
    x = np.take_along_axis(x, order[:, :, None], axis=1)
    beta, se = cox_batch.fit(x, rng.random((EACH, size)) < 7 / 8)
    ok = np.isfinite(beta[:, 0])
    beta, se = beta[ok, 0], se[ok, 0]
    held = np.abs(beta - truth[0]) <= 1.96 * se
    per_variable = size * 7 / 8 / covariates
    return per_variable, math.exp(beta.mean()), 100 * held.mean()


columns = ["events per variable", "mean estimated ratio", "intervals that hold the truth, %"]
found = {size: [one_doubles(size, k) for k in (16, 12, 8, 6, 4, 3)] for size in (40, everyone, 120)}
found = {f"{size} patients": pd.DataFrame(of_size, columns=columns) for size, of_size in found.items()}
found = pd.concat(found, names=["size"]).reset_index()
fig, axes = plt.subplots(1, 2, figsize=(5.25, 3.8))
for ax, shown, level in zip(axes, columns[1:], (STRONG, 95), strict=True):
    sns.lineplot(found, x=columns[0], y=shown, hue="size", style="size", markers=["s", "o", "^"], dashes=False,
                 palette=[figures.ORANGE, figures.BLUE, figures.GREEN], legend=ax is axes[0], ax=ax)  # fmt: skip
    ax.axhline(level, color=figures.INK, linewidth=1)
    ax.set(xscale="log")
    ax.set_xticks([2, 5, 10, 20, 40], ["2", "5", "10", "20", "40"])
    ax.minorticks_off()
_ = axes[1].set(ylim=(78, 100), yticks=range(80, 101, 5))
marks, names = axes[0].get_legend_handles_labels()
axes[0].get_legend().remove()
_ = fig.legend(marks, names, frameon=False, fontsize=10, loc="outside upper center", ncols=3)

# %% [markdown]
# With fewer than about five events per variable the mean estimate is clearly too large and the interval too short; beyond ten little of
# either is left. No cliff stands at ten: the rule is a rule of thumb.
#
# (select-curse)=
# ## The winner's curse
#
# Five ways to a model, each in {glue:text}`studies` studies. The “true 2” is the rarer of the two doublings, which
# {glue:text}`rare` % of patients have. “Reported” means: in the model and with p below {glue:text}`rule` %; a ridge reports no p,
# so there it means always.
#
# :::{margin}
# *Error*: the root of the mean summed squared distance of all twelve log ratios from the truth; a factor that was
# left out counts as an estimate of no effect. *Mean*: of the ratio that is 2 in truth. *Interval holds 2*: of the studies that
# report it. *Noise*: how many of the nine that do nothing are reported, on average.
# :::

# %% tags=["hide-input"]
x, seen = simulated(np.random.default_rng(25), STUDIES)
new_x, new_seen = simulated(np.random.default_rng(26), 1, 600)
taken = select(x, seen)
models = {
    f"selected by p < {RULE:g}": (*cox_batch.fit(x, seen, chosen=taken), taken),
    "all twelve": cox_batch.fit(x, seen),
    "three, chosen beforehand": cox_batch.fit(x[:, :, :3], seen),
    "all twelve, ridge": (*cox_batch.fit(x, seen, ridge=4.0), None, False),
    "all twelve, Firth": cox_batch.fit(x, seen, firth=True),
}


def ranked(beta, x, events, weights=None):
    """Return the C of each study's coefficients."""
    risk = np.einsum("spj,sj->sp", x, beta)
    return cox_batch.concordance(risk, events, weights)


def ranked_new(beta):
    """Return the C of each study's coefficients on new patients."""
    new = (np.repeat(a, len(beta), axis=0) for a in (new_x, new_seen))
    return ranked(beta, *new)


def performance(beta, se, inside=None, tests=True):
    """Return how a model does on a true 2, on noise, in ranking; inside: what each study's model has, if not all."""
    # zero for those that a model has not
    rest = (0, 0), (0, 12 - beta.shape[1])
    beta, se = np.pad(beta, rest), np.pad(se, rest)
    ok = np.isfinite(beta).all(axis=1)
    beta, se = beta[ok], se[ok]
    inside = np.ones(beta.shape, dtype=bool) if inside is None else inside[ok]
    reported = inside & (np.abs(beta) > 1.96 * np.maximum(se, 1e-12))
    first = reported[:, 0] if tests else inside[:, 0]
    off = np.abs(beta[:, 0] - truth[0]) / se[:, 0]
    found = {
        "error": math.sqrt(((beta - truth) ** 2).sum(axis=1).mean()),
        "true 2 reported, %": 100 * first.mean(),
        "mean when reported": math.exp(beta[first, 0].mean()),
        "mean of all": math.exp(beta[:, 0].mean()),
        "interval holds 2, %": 100 * (off[first] <= 1.96).mean(),
        "noise": reported[:, 3:].sum(axis=1).mean(),
        "own C": ranked(beta, x[ok], seen[ok]).mean(),
        "new C": ranked_new(beta[:60]).mean(),
    }
    if not tests:  # it has neither interval nor p
        found["interval holds 2, %"] = found["noise"] = np.nan
    return found


results = pd.DataFrame({name: performance(*fitted) for name, fitted in models.items()}).T
shown = results.drop(columns=["own C", "new C"]).map("{:.2f}".format)
for name in ("true 2 reported, %", "interval holds 2, %"):
    shown[name] = results[name].map("{:.0f}".format)
shown.replace("nan", "")

# %% tags=["remove-cell"]
cursed, whole, preset, ridge, firth = (row for _, row in results.iterrows())
sets, often = np.unique(taken, axis=0, return_counts=True)
shares = {
    "rare": share_of[0], "some_noise": taken[:, 3:].any(axis=1).mean(), "all_three": taken[:, :3].all(axis=1).mean(),
    "third": taken[:, 2].mean(), "commonest": often.max() / STUDIES, "found": cursed["true 2 reported, %"] / 100,
    "covered": cursed["interval holds 2, %"] / 100, "preset_found": preset["true 2 reported, %"] / 100,
}  # fmt: skip
with_2 = {
    "cursed_error": cursed["error"], "all_error": whole["error"], "preset_error": preset["error"], "ridge_error": ridge["error"],
    "whole_mean": whole["mean of all"], "preset_mean": preset["mean of all"], "firth_mean": firth["mean of all"],
    "own": whole["own C"], "new": whole["new C"],
}  # fmt: skip
look.tell(
    weak=f"{WEAK:.1f}", studies=STUDIES, sets=len(sets), curse=f"{cursed['mean when reported']:.1f}",
    **{name: f"{100 * part:.0f}" for name, part in shares.items()}, **{name: f"{x:.2f}" for name, x in with_2.items()},
)  # fmt: skip

# %% tags=["remove-cell", "guard"]
assert cursed["mean when reported"] > 2.3, f"“what is found is too large”: {cursed}"
assert cursed["own C"] - cursed["new C"] > 0.03, f"“worse on new patients”: {cursed}"
assert ridge["error"] < whole["error"], f"“a penalty errs less”: {ridge['error']:.3f}, {whole['error']:.3f}"

# %% [markdown]
# - **Selection inflates.** A true ratio of 2 is reported in {glue:text}`found` % of studies, as {glue:text}`curse` on average. Its
#   interval, computed as if nothing had been selected, holds the truth in {glue:text}`covered` % of these, not in 95 %.
# - **Selection is unstable.** {glue:text}`studies` studies of one and the same truth chose {glue:text}`sets` different sets; the
#   commonest came up in {glue:text}`commonest` % of them. All three true factors were taken on in {glue:text}`all_three` %, the weaker one in
#   {glue:text}`third` %, some noise in {glue:text}`some_noise` %.
# - **Keeping all twelve** does not select, but overfits: without any selection the mean estimate is {glue:text}`whole_mean`, and
#   the error of all coefficients is the largest, {glue:text}`all_error`.
# - **Choosing the right three beforehand** finds the doubling in {glue:text}`preset_found` %, with an average of
#   {glue:text}`preset_mean` over all studies and the least error, {glue:text}`preset_error`. When p still decides what is
#   *reported*, even this one is cursed.
#
# (select-penalised)=
# ## Shrinking instead of choosing
#
# A **ridge** pulls every coefficient towards zero by a penalty on its square, the more, the less the data say about it. The penalty
# used here is that of a reader who expects, before seeing the data, that 95 % of log ratios lie within ±1: ratios between a third
# and three. It keeps all twelve and errs by {glue:text}`ridge_error`, where selecting errs by {glue:text}`cursed_error` and the
# plain model by {glue:text}`all_error`. The price: its estimates are biased towards 1 on purpose, and a p value has no place.
#
# **{term}`Firth’s penalty`** {cite}`firth1993` adds to the log-likelihood half the logarithm of the
# determinant of the information, which falls when a coefficient runs off. Its first merit is that it always has an answer: where nobody of a small group has the event, the plain
# estimate is infinite, and Firth's is not {cite}`heinze2001`. A group of six (as many as the women here), a ratio of one half,
# and follow-up that ends early:


# %%
def six_of_all(rng, studies, until):
    """Simulate studies in which six patients have half the hazard.

    Follow-up ends at `until` mean lifetimes; nobody has an event later,
    so that the order of the times after it does not matter.
    """
    x = np.tile((np.arange(everyone) < 6).astype(float), (studies, 1))
    death = rng.exponential(1, x.shape) * np.where(x > 0, 2.0, 1.0)
    order = np.argsort(death, axis=1)
    x = np.take_along_axis(x, order, axis=1)
    death = np.take_along_axis(death, order, axis=1)
    return x[:, :, None], death <= until


few_x, few_seen = six_of_all(np.random.default_rng(28), 1000, 0.4)
for name, firth in (("plain", False), ("Firth", True)):
    beta, _ = cox_batch.fit(few_x, few_seen, firth=firth)
    lost, mean = np.isnan(beta).mean(), math.exp(np.nanmean(beta))
    print(f"{name}: no finite estimate in {100 * lost:.0f} %, ", end="")
    print(f"else a mean ratio of {mean:.2f}")

# %% [markdown]
# (The plain mean is that of the studies which have an estimate, and those are a selection again. The intervals in the table of
# the winner's curse are Wald's, for Firth's fits too; for these, intervals by profile likelihood are advised {cite}`heinze2001`.) Its second merit, taking away
# the small-sample bias, is often promised. In simulations like these it holds where few of many patients have the event. Where
# nearly all have it, as here, it does not: the table above has {glue:text}`firth_mean` for all twelve, and the plain model
# {glue:text}`whole_mean`. A true ratio of 2 in a fifth of the patients:

# %%
for size, until in ((300, 0.1), (everyone, 9.0)):
    a_fifth = (np.arange(size) < size // 5).astype(float)
    one = np.tile(a_fifth, (2000, 1))
    death = np.random.default_rng(31).exponential(1, one.shape)
    death = death / np.where(one > 0, 2.0, 1.0)
    order = np.argsort(death, axis=1)
    one = np.take_along_axis(one, order, axis=1)
    death = np.take_along_axis(death, order, axis=1)
    happened = death < until
    mean = {}
    for name, firth in (("plain", False), ("Firth", True)):
        beta, _ = cox_batch.fit(one[:, :, None], happened, firth=firth)
        mean[name] = f"{name} {math.exp(np.nanmean(beta)):.2f}"
    number = happened.sum(axis=1).mean()
    print(f"{size} patients, {number:.0f} events: ", end="")
    print(", ".join(mean.values()))

# %% [markdown]
# (select-optimism)=
# ## Optimism, by bootstrap
#
# A model ranks the patients from whom it was made better than it will rank others. The measure is Harrell's C: of two patients of
# whom it is known who had the event first, how often is that the one with the higher predicted risk? (One half is a coin.) The plain model of twelve
# has {glue:text}`own` on its own patients and {glue:text}`new` on new ones.
#
# With one study there are no new patients. The bootstrap makes some {cite}`harrell1996`: draw patients with replacement, repeat
# **everything**, the selection too, and compare the C of that model on its own draw with its C on the original patients. The mean
# difference is the optimism.


# %%
def modelled(x, events, weights=None):
    """Select by the paper's rule and fit: all that must be repeated."""
    kept = select(x, events, weights)
    beta, _ = cox_batch.fit(x, events, weights, chosen=kept)
    return np.nan_to_num(beta)


# %% tags=["hide-input"]
def optimism(x, events, rng, draws=30):
    """Return the bootstrap optimism of one study."""
    size = len(x)
    x, events = (np.repeat(a[None], draws, axis=0) for a in (x, events))
    # how often each patient was drawn, draw by draw
    times = rng.multinomial(size, np.full(size, 1 / size), size=draws)
    beta = modelled(x, events, times)
    on_draw = ranked(beta, x, events, times)
    return (on_draw - ranked(beta, x, events)).mean()


# %%
rng = np.random.default_rng(29)
beta = modelled(x[:60], seen[:60])
apparent = ranked(beta, x[:60], seen[:60])
flattery = np.array([optimism(x[k], seen[k], rng) for k in range(60)])
corrected = apparent - flattery
on_new = ranked_new(beta)
for name, c in (
    ("on its own patients", apparent),
    ("corrected", corrected),
    ("on new patients", on_new),
):
    print(f"mean C {name}: {c.mean():.2f}")

# %% tags=["remove-cell"]
look.tell(
    c_own=f"{apparent.mean():.2f}", c_optimism=f"{flattery.mean():.2f}", c_corrected=f"{corrected.mean():.2f}",
    c_new=f"{on_new.mean():.2f}", c_studies=len(apparent),
)  # fmt: skip

# %% tags=["remove-cell", "guard"]
assert apparent.mean() > on_new.mean(), f"“the apparent C flatters”: {apparent.mean():.3f}, {on_new.mean():.3f}"
assert abs(corrected.mean() - on_new.mean()) < apparent.mean() - on_new.mean(), (
    f"“the corrected C comes nearer”: {corrected.mean():.3f}, {on_new.mean():.3f}"
)

# %% tags=["hide-input"] mystnb={"image": {"alt": "For twelve simulated studies: C on the study's own patients, C corrected by bootstrap, and C on new patients. In most studies the apparent value is the highest; the corrected ones lie lower, some above and some below those on new patients."}, "figure": {"name": "fig-optimism", "caption": "C of models selected by the paper's rule in twelve simulated studies: apparent, corrected for optimism by bootstrap, and on 600 new patients."}}
fig, ax = figures.new(5.25, 3.8)
of = {"its own patients": apparent, "corrected": corrected, "new patients": on_new}
drawn = pd.DataFrame({name: c[:12] for name, c in of.items()}, index=range(1, 13)).rename_axis("study")
sns.pointplot(drawn.melt(ignore_index=False, var_name="of", value_name="C"), x="study", y="C", hue="of", errorbar=None,
              dodge=0.44, linestyle="none", markersize=6, markers=["s", "^", "o"],
              palette=[figures.ORANGE, figures.GREEN, figures.BLUE], ax=ax)  # fmt: skip
ax.set(ylim=(0.4, 0.75))
marks = ax.get_legend_handles_labels()
ax.get_legend().remove()
_ = fig.legend(*marks, frameon=False, fontsize=9.5, loc="outside upper center", ncols=3)

# %% [markdown]
# Over {glue:text}`c_studies` studies: {glue:text}`c_own` as reported, {glue:text}`c_corrected` after an optimism of
# {glue:text}`c_optimism` was taken off, and {glue:text}`c_new` in truth. So the correction comes near the truth on
# average; in one study it is as uncertain as all else. A bootstrap that starts *after* the selection would see only a
# part of the optimism, for it takes the choice as given.
#
# ## Practice

# %% tags=["remove-input"]
practice.ask("univariable-to-model.after", many=many)

# %% [markdown]
# ## Exercises
#
# :::{exercise} Nothing but noise
# :label: select-nothing-noise
#
# *Level 2 of 3 · 30 minutes · first part by calculator, second in Python or R*
#
# Let none of the twelve characteristics matter. In how many studies does selection by p < {glue:text}`rule_p` find something, and what is the C of the
# models that it finds, on their own patients?
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# The first part is the formula of [](select-many). For the second take `simulated` of this chapter and let the times
# not depend on anything; or shuffle the times of one study among its patients.
# :::

# %% [markdown]
# :::{solution-start} select-nothing-noise
# :class: dropdown
# :::

# %%
rng = np.random.default_rng(30)
noise = (rng.random((2000, everyone, 12)) < share_of).astype(float)
happened = rng.random((2000, everyone)) < 7 / 8
kept = select(noise, happened)
some = kept.any(axis=1)
c = ranked(modelled(noise, happened), noise, happened)[some]
print(f"something is found in {100 * some.mean():.0f} % of studies")
expected = 1 - (1 - RULE) ** 12
print(f"by the formula of twelve tests: {100 * expected:.0f} %")
print(f"mean C of what is found: {c.mean():.2f}")

# %% [markdown]
# :::{solution-end}
# :::
#
# :::{exercise} A stricter rule
# :label: select-stricter-rule
#
# *Level 2 of 3 · 10 minutes · by thought; then Python*
#
# Select by Bonferroni's limit instead of {glue:text}`rule` %. Is the winner's curse weaker or stronger? Decide before you open the solution.
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# Which estimates pass a bar, and which pass one that is higher? Then give `select` of this chapter another limit.
# :::

# %% [markdown]
# :::{solution-start} select-stricter-rule
# :class: dropdown
# :::

# %%
strict = select(x, seen, limit=RULE / 12)
beta, _ = cox_batch.fit(x, seen, chosen=strict)
mean = math.exp(np.nanmean(beta[strict[:, 0], 0]))
often = 100 * strict[:, 0].mean()
print(f"a true 2 is taken on in {often:.0f} % of studies,")
print(f"as {mean:.2f} on average")

# %% [markdown]
# Stronger: the higher the bar, the more luck it takes.
#
# :::{solution-end}
# :::
#
# ## Key takeaways
#
# - [Many tests find something](select-many): twelve tests of nothing do so in {glue:text}`any_false` % of studies. Here the two leading
#   factors survive the correction of either table.
# - [Count candidates, not survivors](select-events), when you count events per variable: here {glue:text}`t5_per` and
#   {glue:text}`t6_per`, at least.
# - [What was selected for being large is too large](select-curse): a true 2 became {glue:text}`curse`. Expect a smaller ratio next time.
# - [Penalties shrink instead of choosing](select-penalised); Firth's also answers where the plain estimate is infinite.
# - [Optimism can be measured](select-optimism) if the bootstrap repeats the selection: C fell from {glue:text}`c_own` to
#   {glue:text}`c_corrected`, and was {glue:text}`c_new` in new patients.
#
# ## Strengths and limitations of the method
#
# *Strengths.* The truth is known, so that bias, coverage and optimism are measured and not argued. *Limitations.* The truth is one that we
# chose: other effects give other sizes of the curse. Real characteristics go together, which makes selection less
# stable still. The ridge's penalty was set by belief; in practice it is chosen by cross-validation, which in 68 patients is
# itself a noisy choice. The paper's real factors may well have the ratios that it prints: nothing here says otherwise.
#
# ## Further reading
#
# Events per variable: {cite:t}`peduzzi1995`, {cite:t}`vittinghoff2007`, {cite:t}`vansmeden2016`; numbers of patients for a model that
# predicts: {cite:t}`riley2019`. Development and validation of models: {cite:t}`harrell1996`, {cite:t}`harrell2015`.
# Firth's penalty: {cite:t}`firth1993`; in the Cox model: {cite:t}`heinze2001`. Multiplicity: {cite:t}`holm1979`.

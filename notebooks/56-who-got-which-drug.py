# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% [markdown]
# # Who got which drug
#
# **This chapter stands on three grounds.** Balance is computed from *printed numbers*; what weighting and adjusting can do is
# shown by *simulation with a known truth*, in which the drugs are alike and only the patients differ, and at the end on
# *invented patients* ([](teachers-made)).
# Records of patients that were handed in are not used.
#
# :::{admonition} In this chapter
# :class: note
# **You will** measure how far two groups differ without a p value, estimate what one imbalance does to a hazard ratio,
# and weight simulated studies of 68 and of 680 patients. **You will learn to** read a baseline table for size rather than
# significance, and to say how many covariates a study can carry. **You need** {term}`hazard ratio` and
# [](50-could-have-detected).
# :::

# %%
import math

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from scipy.special import ndtri
from scipy.stats import chi2_contingency

from secondlook import teaching
from secondlook.pages import figures
from secondlook.pages.look import start
from secondlook.stats import balance, cox_batch

look = start()
registry, variables = look.registry, look.registry.layout.variables

LIMIT = 0.1  # the customary warning for a standardised difference
SIZES = {68: 1000, 680: 80}  # simulated studies of each size
HOW_MANY = (0, 3, 6, 10)  # covariates taken into account

# %% [markdown]
# ## Predict before you reveal
#
# No lot decided who got which drug: doctors and patients did. The paper prints that the characteristics of the arms do not differ
# significantly (all p {printed}`patients.balance.p`). Some rows of its Table 1:
#
# | | LP, of {printed}`patients.size.lp` | R, of {printed}`patients.size.r` | printed p |
# |---|---:|---:|---:|
# | Child-Pugh B | {printed}`t1.child_pugh.b.lp.n` | {printed}`t1.child_pugh.b.r.n` | {printed}`t1.child_pugh.p` |
# | HBV infection | {printed}`t1.hbv.yes.lp.n` | {printed}`t1.hbv.yes.r.n` | {printed}`t1.hbv.p` |
# | TACE or HAIC | {printed}`t1.tace_haic.yes.lp.n` | {printed}`t1.tace_haic.yes.r.n` | {printed}`t1.tace_haic.p` |
# | portal vein tumour thrombus | {printed}`t1.pvtt.yes.lp.n` | {printed}`t1.pvtt.yes.r.n` | {printed}`t1.pvtt.p` |
# | cirrhosis | {printed}`t1.cirrhosis.yes.lp.n` | {printed}`t1.cirrhosis.yes.r.n` | {printed}`t1.cirrhosis.p` |
#
# Are these arms alike? In which of these rows would you call the difference small?

# %% tags=["remove-input"]
from secondlook.pages import practice

practice.ask("who-got-which-drug.before", p=look.printed("patients.balance.p"))

# %% [markdown]
# :::{admonition} Open the answer
# :class: dropdown
# Of these rows only cirrhosis is nearly equal. Of all {glue:text}`variables` characteristics {glue:text}`over` differ by more
# than the customary {glue:text}`limit` standard deviations; the most, {glue:text}`largest`, by {glue:text}`largest_d`. Every
# printed p is {printed}`patients.balance.p` because the study is small, not because the arms are alike.
# :::
#
# (drug-balance)=
# ## Why p does not measure balance
#
# The p value of a baseline row says how often a lot would divide the patients at least so unequally. But nobody drew lots here,
# so it answers a question that does not arise; and it mixes the size of a difference with the number of patients. The
# {term}`standardised difference` {cite}`austin2009` is the size alone,
#
# $$
# d = \frac{p_1 - p_0}{\sqrt{\tfrac12\,p_1(1-p_1) + \tfrac12\,p_0(1-p_0)}},
# $$
#
# where $p_1$ and $p_0$ are the shares in the two arms; for more than two levels there is a similar distance, without a sign.
# Beyond {glue:text}`limit` is the customary warning. One row is of another kind: TACE or HAIC stands among the characteristics, but
# was given *with* the drugs. Its difference is a part of what is compared, not a confounder, and the simulation below leaves it out.
# HBV infection, by hand:

# %%
n = {arm: look.count(f"patients.size.{arm}") for arm in ("lp", "r")}
p1 = look.count("t1.hbv.yes.lp.n") / n["lp"]
p0 = look.count("t1.hbv.yes.r.n") / n["r"]
d = (p1 - p0) / math.sqrt((p1 * (1 - p1) + p0 * (1 - p0)) / 2)
round(d, 3)

# %% [markdown]
# And of every row of Table 1, from its counts:

# %%
counts, compared = {}, {}
for cell in registry.cells("t1", statistic="count"):
    arms = counts.setdefault(cell.variable, {"lp": [], "r": []})
    if cell.group in arms:
        arms[cell.group].append(look.count(cell.id))
for variable in counts:
    first, *others = variables[variable].levels.values()
    name = variables[variable].label
    plain = first == "yes" or len(others) > 1
    compared[variable] = name if plain else f"{name}: {first}"

table_1 = pd.DataFrame({"characteristic": compared})
table_1["difference"] = [balance.standardised_difference(arms["lp"], arms["r"]) for arms in counts.values()]
table_1["printed p"] = [look.printed(f"t1.{v}.p") for v in counts]
far = table_1.sort_values("difference", key=lambda d: -d.abs())

# %% tags=["hide-input"] mystnb={"image": {"alt": "Standardised differences of the characteristics of Table 1 as dots, sorted. A shaded band marks plus and minus 0.1. Most dots lie outside it, several beyond 0.25; cirrhosis, sex, age and performance status lie near or within."}, "figure": {"name": "fig-balance", "caption": "Standardised differences of Table 1, LP less R, of the level named or of “yes” (ECOG PS, with three levels, without sign). Shaded: the customary limit. Beside each: printed p."}}
fig, ax = figures.new(5.25, 4.2)
ax.axvspan(-LIMIT, LIMIT, color=figures.GREY, alpha=0.18, linewidth=0)
ax.axvline(0, color=figures.INK, linewidth=1)
sns.stripplot(far, x="difference", y="characteristic", size=7, jitter=False, color=figures.BLUE, ax=ax)
for y, p in enumerate(far["printed p"]):
    ax.text(0.78, y, p, ha="right", va="center", fontsize=10)
_ = ax.set(xlabel="standardised difference", ylabel="", xlim=(-0.6, 0.8), xticks=[-0.4, -0.2, 0, 0.2, 0.4])

# %% [markdown]
# Now keep every percentage and imagine ten times as many patients. The arms are exactly as different as before, and
# {glue:text}`ten` of the {glue:text}`variables` rows become significant:


# %%
def ten_times(variable):
    """Return Pearson's p of ten times a row's patients."""
    table = 10 * np.array(list(counts[variable].values()))
    return chi2_contingency(table, correction=False).pvalue


far["p, ten times as many"] = [ten_times(v) for v in far.index]
ten = (far["p, ten times as many"] < look.alpha).sum()


def small_p(p):
    return f"{p:.3f}" if p >= 0.001 else "<0.001"


shown = far.set_index("characteristic").rename_axis(None)
shown["difference"] = shown["difference"].map("{:.2f}".format)
shown["difference"] = shown["difference"].str.replace("-", "−")
last = shown.columns[-1]
shown.assign(**{last: shown[last].map(small_p)})

# %% [markdown]
# But a large difference is no proof of choice either. Had a lot divided {printed}`patients.size.all` patients into arms of
# {printed}`patients.size.lp` and {printed}`patients.size.r`, a characteristic of two levels would *still* differ by more than
# {glue:text}`limit` with a chance of about {glue:text}`by_lot` %, and by more than a quarter with {glue:text}`by_lot_half` %. Of
# {glue:text}`variables` rows a lot would put about {glue:text}`expected` beyond the limit and {glue:text}`expected_quarter` beyond a
# quarter; here they are {glue:text}`over` and {glue:text}`over_quarter`. In a randomised trial the confidence interval already
# covers such accidents. Here it does not, for nobody knows what *else* went into the choice.

# %%
lot = pd.DataFrame({"beyond": [LIMIT, 0.25]})
lot["by lot, %"] = [100 * balance.by_lot(n["lp"], n["r"], d) for d in lot["beyond"]]
lot["rows expected"] = len(far) * lot["by lot, %"] / 100
sizes = far["difference"].abs()
lot["rows here"] = [(sizes > d).sum() for d in lot["beyond"]]
lot.set_index("beyond").round(1)

# %% tags=["remove-cell"]
over, over_quarter = lot["rows here"]
by_lot, expected = (lot[column].map("{:.0f}".format) for column in ("by lot, %", "rows expected"))
look.tell(
    variables=len(far), over=over, over_quarter=over_quarter, by_lot=by_lot[0], by_lot_half=by_lot[1],
    expected=expected[0], expected_quarter=expected[1], largest=variables[far.index[0]].label,
    largest_d=f"{sizes.iloc[0]:.2f}", level=f"{100 * look.alpha:g}", limit=LIMIT, ten=ten,
)  # fmt: skip

# %% tags=["remove-cell", "guard"]
assert over > len(far) / 2, f"“more than half of the characteristics”: {over} of {len(far)}"
assert far["difference"]["cirrhosis"] < 0.02, f"“cirrhosis hardly differs”: {far['difference']}"

# %% [markdown]
# (drug-bias)=
# ## What one imbalance does
#
# A cause that multiplies the hazard by $\Gamma$ and is present in shares $p_1$ and $p_0$ of the arms makes drugs that are alike look
# like a hazard ratio of
#
# $$
# \frac{1 + p_1(\Gamma - 1)}{1 + p_0(\Gamma - 1)}
# $$
#
# at the beginning of follow-up {cite}`bross1966`: in each arm the average hazard is that of the patients without the cause, times
# $1 + p(\Gamma - 1)$. With the printed univariable ratios of Table 5 as $\Gamma$:

# %%
rows = {}
for variable in ("hbv", "ecog", "afp", "extrahepatic"):
    above = registry.layout.tables["t5"].contrasts[variable].exposed
    with_it = (registry.level_count(variable, above, arm) for arm in n)
    p1, p0 = (k / n[arm] for arm, k in zip(n, with_it, strict=True))
    text = look.printed(f"t5.{variable}.uni.hr")
    rows[variables[variable].label] = {
        "% of LP": f"{100 * p1:.1f}",
        "% of R": f"{100 * p0:.1f}",
        "ratio in Table 5": text,
        "drugs alike look like": balance.confounding(p1, p0, float(text)),
    }
causes = pd.DataFrame(rows).T
factors = causes["drugs alike look like"]
together = factors.prod()
without = float(look.printed("t5.arm.uni.hr")) / together
causes.assign(**{factors.name: factors.map("{:.2f}".format)})

# %% tags=["remove-cell"]
look.tell(hbv_factor=f"{factors.iloc[0]:.2f}", together=f"{together:.2f}", without=f"{without:.2f}")

# %% tags=["remove-cell", "guard"]
assert together < 1, f"the imbalances together favour LP: {together:.3f}"

# %% [markdown]
# HBV infection alone, if its printed ratio of {printed}`t5.hbv.uni.hr` is causal, makes LP look better by a factor of
# {glue:text}`hbv_factor`; the four together, were all causal and independent, by {glue:text}`together`. Divided out of the printed
# {printed}`t5.arm.uni.hr` that leaves {glue:text}`without`. A reader can take from this not a corrected result but a scale: the
# imbalances that *are* printed can move the ratio by as much as the effect that is discussed.

# %% tags=["hide-input"]
from secondlook.pages import sliders

strengths = np.linspace(1, 5, 17)
sliders.move(
    "Move it: what an unequal cause makes of drugs that are alike",
    [
        sliders.Slider("have the cause, of LP", range(0, 101, 10), 60, "{} %"),
        sliders.Slider("of R", range(0, 101, 10), 40, "{} %"),
        sliders.Slider("multiplies the hazard by", (1, 1.25, 1.5, 2, 2.5, 3, 4, 5), 2),
    ],
    lambda of_lp, of_r, gamma: {
        "looks like a hazard ratio of": f"{balance.confounding(of_lp / 100, of_r / 100, gamma):.2f}"
    },
    sliders.Chart(
        strengths,
        "multiplies the hazard by",
        range(1, 6),
        "looks like a hazard ratio of",
        (0.2, 0.5, 1, 2, 5),
        is_log_y=True,
    ),
    lambda of_lp, of_r, gamma: {
        "drugs alike": [balance.confounding(of_lp / 100, of_r / 100, g) for g in strengths],
        "no bias": [1] * len(strengths),
    },
    lambda of_lp, of_r, gamma: gamma,
)

# %% [markdown]
# The {term}`E-value` turns the question round {cite}`vanderweele2017`: how strong would an unrecorded cause have to be, as a ratio of
# risks in its ties to drug and outcome alike, to explain a ratio away? For a hazard ratio of a common outcome:


# %%
def e_value(hr):
    """Return the E-value of a hazard ratio, most having the event."""
    hr = max(hr, 1 / hr)
    risk = (1 - 0.5 ** math.sqrt(hr)) / (1 - 0.5 ** math.sqrt(1 / hr))
    return risk + math.sqrt(risk * (risk - 1))


printed = {
    "treatment, progression": "t5.arm.uni.hr",
    "treatment, death": "t6.arm.uni.hr",
    "AFP, death, adjusted": "t6.afp.multi.hr",
}
values = {name: look.printed(i) for name, i in printed.items()}
e_values = {name: e_value(float(hr)) for name, hr in values.items()}
shown = {k: f"{e:.2f}" for k, e in e_values.items()}
pd.DataFrame({"hazard ratio": values, "E-value": shown})

# %% tags=["remove-cell"]
look.tell(e_treatment=f"{e_values['treatment, progression']:.1f}", e_afp=f"{e_values['AFP, death, adjusted']:.1f}")

# %% [markdown]
# A cause that is {glue:text}`e_treatment` times as frequent in one arm and as strong would do for the treatment's; to make AFP's it
# would take {glue:text}`e_afp`. It says nothing about whether there is such a cause, nor about selection, measurement or time that was guaranteed; and
# where the interval holds 1, as for the treatment, chance needs no help from a cause.
#
# When a characteristic sways the choice of drug *because* it is thought to sway the outcome, the mixing of the two effects is
# called *confounding by indication*. What the doctor saw and the table does not print works in the same way.
#
# (drug-weights)=
# ## Weighting, with the truth known
#
# Inverse-probability weighting models the choice: a logistic regression gives each patient a chance of getting LP (the
# {term}`propensity score` {cite}`rosenbaum1983`), and each counts for one over the chance of the drug that he or she *did* get.
# Arms so weighted are nearly alike in everything *that was put into the model*. The alternative is to put the same covariates into
# the Cox model.
#
# The simulation: **the drugs are truly alike**. Three characteristics (age from 50, stage B, performance status 2) sway the choice
# of LP and the hazard of death, each in the same direction; seven more sway neither. Prevalences come from Table 1, and everyone is followed to death. We adjust for none,
# for the three that matter, for six, and for all ten. ({glue:text}`studies_68` studies of 68 patients, {glue:text}`studies_680` of 680.)

# %%
of_table_1 = {
    "age": "ge50", "bclc": "b", "ecog": "2", "hbv": "yes",
    "cirrhosis": "yes", "pvtt": "yes", "extrahepatic": "yes",
    "afp": "ge400", "child_pugh": "b", "sex": "f",
}  # fmt: skip
counts = [registry.level_count(v, [of_table_1[v]]) for v in of_table_1]
share_of = np.array(counts) / sum(n.values())
nothing = [0.0] * 7
# what the three that matter add to the log odds of LP ...
chooses = np.array([0.8, -0.8, 0.8, *nothing])
# ... and to the log hazard of death
kills = np.array([0.7, -0.7, 0.7, *nothing])

# %% tags=["hide-input"]
middle = math.log(n["lp"] / n["r"])


def simulated(rng, studies, patients):
    """Simulate studies of drugs that are alike, by order of deaths."""
    x = (rng.random((studies, patients, 10)) < share_of).astype(float)
    centred = x - share_of
    chance = 1 / (1 + np.exp(-(middle + centred @ chooses)))
    treated = rng.random((studies, patients)) < chance
    death = rng.exponential(1, (studies, patients))
    death = death / np.exp(centred @ kills)
    order = np.argsort(death, axis=1)
    x = np.take_along_axis(x, order[:, :, None], axis=1)
    death = np.take_along_axis(death, order, axis=1)
    treated = np.take_along_axis(treated, order, axis=1)
    return (death, treated), x


# %% tags=["hide-input"]
def estimates(seed, studies, patients):
    """Return log hazard ratios, and what weighted patients are worth.

    By method and number of covariates, one value for each study.
    """
    rng = np.random.default_rng(seed)
    (death, treated), x = simulated(rng, studies, patients)
    died = np.ones_like(treated)
    found, worth = {}, {}
    for k in HOW_MANY:
        taken = x[:, :, :k]
        if k:
            chance = balance.propensities(taken, treated)
            amounts = balance.weights(chance, treated)
            worth["weighted", k] = balance.effective_size(amounts)
            # a study without weights has nobody who counts
            amounts = np.nan_to_num(amounts)
            beta, _ = cox_batch.binary(death, died, treated, weights=amounts)
            found["weighted", k] = beta
        columns = np.concatenate([treated[:, :, None], taken], axis=2)
        found["adjusted", k] = cox_batch.fit(columns, died)[0][:, 0]
    return found, worth


def summary(found, worth):
    """Return what estimates are like, a row for each way."""
    rows = {}
    for way, all_of_them in found.items():
        beta = all_of_them[np.isfinite(all_of_them)]
        low, high = np.exp(np.quantile(beta, [0.025, 0.975]))
        rows[way] = {
            "mean ratio": math.exp(beta.mean()),
            "error": math.sqrt((beta**2).mean()),
            "worth": np.nanmedian(worth[way]) if way in worth else np.nan,
            "no estimate, %": 100 * (1 - len(beta) / len(all_of_them)),
            "95 % of ratios from": low,
            "to": high,
        }
    return pd.DataFrame(rows).T


def cost(found, method):
    """Return how many per cent of patients seven covariates cost.

    The loss of so many would widen the estimates as much.
    """
    few, many = found[method, 3], found[method, 10]
    both = np.isfinite(few) & np.isfinite(many)
    return 100 * (1 - few[both].var() / many[both].var())


answers = {patients: estimates(240 + i, studies, patients) for i, (patients, studies) in enumerate(SIZES.items())}
small, large = (summary(*answer) for answer in answers.values())

# %% tags=["remove-cell"]
mean, error = small["mean ratio"], small["error"]
costs = {patients: {method: cost(found, method) for method in ("weighted", "adjusted")}
         for patients, (found, _) in answers.items()}  # fmt: skip
two = small.map("{:.2f}".format)
none = small["no estimate, %"].map("{:.0f}".format)
look.tell(
    crude=two["mean ratio"]["adjusted", 0], crude_large=f"{large['mean ratio']['adjusted', 0]:.2f}",
    crude_error=two["error"]["adjusted", 0], ipw_3=two["mean ratio"]["weighted", 3], cox_3=two["mean ratio"]["adjusted", 3],
    cox_10_error=two["error"]["adjusted", 10], ipw_10_low=two["95 % of ratios from"]["weighted", 10],
    ipw_10_high=two["to"]["weighted", 10], none_3=none["weighted", 3], none_10=none["weighted", 10],
    cost_weighted=f"{costs[68]['weighted']:.0f}", cost_adjusted=f"{costs[68]['adjusted']:.0f}",
    cost_large=f"{max(costs[680].values()):.0f}", studies_68=f"{SIZES[68]:,}", studies_680=SIZES[680],
)  # fmt: skip

# %% tags=["remove-cell", "guard"]
assert mean["adjusted", 0] > 1.2, f"adjusting without overlap misleads: {mean}"
assert abs(mean["weighted", 3] - 1) < 0.1, f"weighting comes near to 1: {mean}"
assert error["weighted", 10] > error["weighted", 3], f"more covariates cost more: {error}"

# %% tags=["hide-input"] mystnb={"image": {"alt": "Two panels, studies of 68 and of 680 patients. Mean and range of estimates without covariates, and with three, six and ten by weighting and by adjusting. Without covariates the mean lies well above one in both panels. With the three that matter it is at one. With six and ten the mean stays, but in studies of 68 the range grows; in studies of 680 it hardly does."}, "figure": {"name": "fig-weighting", "caption": "Hazard ratios estimated where the truth is 1 (line): mean and central 95 % of the estimates, by the number of covariates."}}
fig, axes = plt.subplots(1, 2, figsize=(5.25, 4), sharey=True)
looks = {"weighted": (figures.BLUE, "o"), "neither": (figures.INK, "D"), "adjusted": (figures.ORANGE, "s")}
palette, markers = zip(*looks.values(), strict=True)
for ax, (patients, (found, _)) in zip(axes, answers.items(), strict=True):
    drawn = [
        pd.DataFrame({"ratio": np.exp(beta), "covariates": k, "way": way if k else "neither"})
        for (way, k), beta in found.items()
    ]
    sns.pointplot(pd.concat(drawn).dropna(), x="covariates", y="ratio", hue="way", hue_order=looks, errorbar=("pi", 95),
                  log_scale=(False, True), dodge=0.3, linestyle="none", palette=palette, markers=list(markers),
                  markersize=6, err_kws={"linewidth": 1.5}, legend=ax is axes[0], ax=ax)  # fmt: skip
    ax.axhline(1, color=figures.INK, linewidth=1)
    ticks = [0.5, 0.7, 1, 1.4, 2]
    ax.set_yticks(ticks, [f"{t:g}" for t in ticks])
    ax.minorticks_off()
    ax.set(title=f"{patients} patients", xlabel="covariates", ylabel="estimated hazard ratio")
marks, names = axes[0].get_legend_handles_labels()
axes[0].get_legend().remove()
_ = fig.legend(marks, names, loc="outside upper center", ncols=3, frameon=False)

# %% tags=["hide-input"]
digits = dict.fromkeys(small, 2) | {"worth": 0, "no estimate, %": 1}
table = pd.DataFrame({name: small[name].map(f"{{:.{k}f}}".format) for name, k in digits.items()}).replace("nan", "")
table.index = [f"{k}, {method}" if k else "none" for method, k in small.index]
table

# %% [markdown]
# *Error* is the root mean square of the log ratio: bias and chance together. *Worth* is the number of patients with equal weights
# who would carry as much as the weighted ones. *No estimate* is the share of studies that have none. Read the figure and the table so:
#
# - **Confounding does not shrink with size.** Without covariates the mean is {glue:text}`crude` in small studies and
#   {glue:text}`crude_large` in large ones. More patients only make one surer of it.
# - **The right three remove it**: {glue:text}`ipw_3` by weighting, {glue:text}`cox_3` by adjusting.
# - **Each further covariate costs**, though it removes no bias here. Ten in place of three widen the estimates as much as if
#   {glue:text}`cost_weighted` % of the patients had been lost by weighting, and {glue:text}`cost_adjusted` % by adjusting: then the
#   error of {glue:text}`cox_10_error` comes back to where doing nothing stood, {glue:text}`crude_error`. With ten weighted for, 95 %
#   of estimates lie anywhere from {glue:text}`ipw_10_low` to {glue:text}`ipw_10_high`. With 680 patients the same ten cost
#   {glue:text}`cost_large` % at most.
# - **Some small studies have no weights at all**, {glue:text}`none_3` % with three covariates and {glue:text}`none_10` % with ten:
#   everyone with some characteristic got the same drug, so that nobody is left to compare with.
#
# So with 68 patients the question is not *whether* to adjust, but which three or four characteristics to choose, **before** the
# outcome is looked at, on what is known of the choice and of the disease. Significance in the study's own tables is no guide
# (the second exercise, and [](59-univariable-to-model)). The paper chose by it: both multivariable models leave the row of
# the treatment blank, so no adjusted comparison of the arms is printed at all. Which to choose is a matter of
# [what causes what](52-causal-graphs).
#
# (drug-made)=
# ## Seen on patients whose choice is known
#
# In the [data made to teach](teachers-made) the fitter patients get drug A. Survival at a year, A less B in percentage points, as it stands and
# mended in three ways, beside what a randomised trial would find (for *matched*: one of those who find a partner):

# %%
lesson = "survival at 12 months, A - B, points"
made = teaching.estimates().loc[lesson, ["estimate", "truth"]]
made.round(1)

# %% tags=["remove-cell"]
points = made["estimate"].map("{:.0f}".format)
look.tell(made_crude=points["as it stands"], made_truth=f"{made['truth'].iloc[0]:.0f}",
          made_low=points.drop("as it stands").astype(int).min(), made_high=points.drop("as it stands").astype(int).max())  # fmt: skip

# %% tags=["remove-cell", "guard"]
off = (made["estimate"] - made["truth"]).abs()
assert off["as it stands"] > 8, f"“much too large”: {made}"
assert off.drop("as it stands").max() < off["as it stands"] / 4, f"“each remedy comes near”: {made}"

# %% [markdown]
# As it stands the difference is {glue:text}`made_crude` points, for {glue:text}`made_truth` in truth: in a trial of those who live to
# start, counted from the start ([](51-target-trial) asks of everybody eligible, from that day on, and has another truth).
# *Standardised* (a Cox model for each drug says how
# everyone would have fared with it), *weighted* as above, and *matched* (each of A with one of B of like propensity) it is between
# {glue:text}`made_low` and {glue:text}`made_high`. All three know only what was recorded; here that is everything.
#
# ## Practice

# %% tags=["remove-input"]
with_b = {f"b_{arm}": look.count(f"t1.child_pugh.b.{arm}.n") for arm in n}
practice.ask("who-got-which-drug.after", **with_b, **{f"n_{arm}": size for arm, size in n.items()})

# %% [markdown]
# ## Exercises
#
# :::{exercise} The one that was not measured
# :label: drug-one-not-measured
#
# *Level 3 of 3 · 30 minutes · Python or R*
#
# Weight for the second and third characteristic only, as if the first had not been recorded. What is the mean ratio in studies of 680
# patients? Which p value of a baseline table would have warned you?
#
# Each patient counts for one over the chance, by a logistic regression of the drug on the two characteristics, of the
# drug that he or she got. `simulated`, `balance.propensities` and `balance.weights` of this chapter do it for many
# studies at once; in R it is `glm(…, binomial)` and `coxph(…, weights = …)`.
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# Before you run it: which way does the first characteristic pull the ratio? It raises the chance of LP and the
# hazard, too.
# :::

# %% [markdown]
# :::{solution-start} drug-one-not-measured
# :class: dropdown
# :::

# %%
(death, treated), x = simulated(np.random.default_rng(11), 60, 680)
chance = balance.propensities(x[:, :, 1:3], treated)
amounts = balance.weights(chance, treated)
died = np.ones_like(treated)
beta, _ = cox_batch.binary(death, died, treated, weights=amounts)
ratio = math.exp(beta.mean())
print(f"mean ratio {ratio:.2f}, where the truth is 1")

# %% [markdown]
# No p value: what is not in the table has none.
#
# :::{solution-end}
# :::
#
# :::{exercise} Only those who differ significantly
# :label: drug-differ-significantly
#
# *Level 3 of 3 · 20 minutes · Python or R*
#
# A common recipe adjusts for the characteristics whose baseline p is below {glue:text}`level` %. In studies of 68 patients with the truth above,
# how often does it choose all three that matter, and how often none?
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# For each characteristic compare its shares in the arms by a chi-square test, in some two thousand simulated studies,
# and count which of the first three are below the level.
# :::

# %% [markdown]
# :::{solution-start} drug-differ-significantly
# :class: dropdown
# :::

# %%
(death, treated), x = simulated(np.random.default_rng(12), 2000, 68)
lp, r = (arm.sum(axis=1)[:, None] for arm in (treated, ~treated))
a = np.einsum("spj,sp->sj", x, treated) / lp
b = np.einsum("spj,sp->sj", x, ~treated) / r
pooled = x.mean(axis=1)
spread = np.maximum(pooled * (1 - pooled), 1e-9) * (1 / lp + 1 / r)
z = (a - b) / np.sqrt(spread)  # its square is Pearson's chi-square
chosen = (np.abs(z) > -ndtri(look.alpha / 2))[:, :3].sum(axis=1)
print(f"all three: {100 * np.mean(chosen == 3):.0f} % of studies")
print(f"none of the three: {100 * np.mean(chosen == 0):.0f} %")

# %% [markdown]
# :::{solution-end}
# :::
#
# ## Key takeaways
#
# - [A p value in a baseline table](drug-balance) depends on the size of the study; the standardised difference says how far the
#   arms differ. Here {glue:text}`over` of {glue:text}`variables` rows are beyond {glue:text}`limit`, and every p is {printed}`patients.balance.p`.
# - [One imbalance in a strong cause](drug-bias) can be as large as the effect under discussion.
# - [Weighting and adjusting remove what is measured](drug-weights), at a price in precision: seven needless covariates cost 68
#   patients as much as the loss of {glue:text}`cost_weighted` to {glue:text}`cost_adjusted` % of them. Choose few, beforehand.
#
# ## Strengths and limitations of the method
#
# *Strengths.* Standardised differences need printed counts only. In the simulation the truth is 1 on every scale, so that marginal
# and conditional ratios, which differ in general, can be compared. *Limitations.* Bross's factor holds at the beginning of
# follow-up and for one cause at a time. In the simulation the covariates are independent and their effects moderate; stronger
# choices by doctors make weights worse. An interval after weighting needs a standard error made for it (robust, or by bootstrap),
# which this chapter does not show. Neither method touches what was not recorded.
#
# ## Further reading
#
# Balance: {cite:t}`austin2009`. Propensity: {cite:t}`rosenbaum1983`. Unmeasured causes: {cite:t}`bross1966`. What a
# report should say of confounders: {cite:t}`vonelm2007`. Models in small samples: {cite:t}`harrell2015`.

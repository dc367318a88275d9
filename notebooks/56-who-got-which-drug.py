# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% [markdown]
# # Who got which drug
#
# **This chapter stands on two grounds.** Balance is computed from *printed numbers*; what weighting and adjusting can do is
# shown by *simulation with a known truth*, in which the drugs are alike and only the patients differ.
#
# :::{admonition} In this chapter
# :class: note
# **You will** measure how far two groups differ without a p value, estimate what one imbalance does to a hazard ratio,
# and weight simulated studies of 68 and of 680 patients. **You will learn to** read a baseline table for size rather than
# significance, and to say how many covariates a study can carry. **You need** {term}`hazard ratio` and
# [](50-could-have-detected).
# :::

# %% tags=["hide-input"]
import math
from html import escape

import matplotlib.pyplot as plt
import numpy as np
from scipy.special import ndtri

from secondlook.pages import figures, present
from secondlook.pages.look import start
from secondlook.stats import balance, contingency, cox_batch

look = start(published, alpha, cohort)

# %% tags=["remove-cell"]
registry = look.registry
n = {arm: look.count(f"patients.size.{arm}") for arm in ("lp", "r")}

levels = {}
for value in registry.cells("t1", statistic="count"):
    levels.setdefault(value.variable, {}).setdefault(value.level, {})[value.group] = int(value.number.value)
table_1 = {}
for variable, counts in levels.items():
    lp, r = ([level[arm] for level in counts.values()] for arm in ("lp", "r"))
    table_1[variable] = {
        "d": balance.standardised_difference(lp, r),
        "p": look.printed(f"t1.{variable}.p"),
        "ten": contingency.pearson(contingency.as_counts([[10 * k for k in lp], [10 * k for k in r]])),
    }
LIMIT = 0.1
far = sorted(table_1, key=lambda v: -abs(table_1[v]["d"]))
over = [v for v in far if abs(table_1[v]["d"]) > LIMIT]
name_of = {v: registry.layout.variables[v].label for v in table_1}


def compared(variable):
    """Return a characteristic and the level whose share is compared; the name alone when there are more than two."""
    first, *others = levels[variable]
    label = registry.layout.variables[variable].levels[first]
    return name_of[variable] if len(others) > 1 or label == "yes" else f"{name_of[variable]}: {label}"


by_lot = balance.by_lot(n["lp"], n["r"], LIMIT)
ten = [v for v in far if table_1[v]["ten"] < alpha]
assert len(over) > len(table_1) / 2, f"“more than half of the characteristics”: {len(over)} of {len(table_1)}"
assert table_1["cirrhosis"]["d"] < 0.02, f"“cirrhosis hardly differs”: {table_1['cirrhosis']['d']:.3f}"
look.tell(
    variables=len(table_1), over=len(over), by_lot=f"{100 * by_lot:.0f}", largest=name_of[far[0]],
    by_lot_half=f"{100 * balance.by_lot(n['lp'], n['r'], 0.25):.0f}", largest_d=f"{abs(table_1[far[0]]['d']):.2f}",
    level=f"{100 * alpha:g}", expected=f"{by_lot * len(table_1):.0f}", ten=len(ten), limit=LIMIT,
    over_quarter=sum(abs(row["d"]) > 0.25 for row in table_1.values()),
    expected_quarter=f"{balance.by_lot(n['lp'], n['r'], 0.25) * len(table_1):.0f}",
)  # fmt: skip

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
#
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
# Beyond {glue:text}`limit` is the customary warning. HBV infection, by hand:

# %%
p1 = look.count("t1.hbv.yes.lp.n") / n["lp"]
p0 = look.count("t1.hbv.yes.r.n") / n["r"]
d = (p1 - p0) / math.sqrt((p1 * (1 - p1) + p0 * (1 - p0)) / 2)
round(d, 3)

# %% tags=["hide-input"] mystnb={"image": {"alt": "Standardised differences of the characteristics of Table 1 as dots, sorted. A shaded band marks plus and minus 0.1. Most dots lie outside it, several beyond 0.25; cirrhosis, sex, age and performance status lie near or within."}, "figure": {"name": "fig-balance", "caption": "Standardised differences of Table 1, LP less R, of the level named or of “yes” (ECOG PS, with three levels, without sign). Shaded: the customary limit. Beside each: printed p."}}
fig, ax = figures.new(5.25, 4.2)
places = np.arange(len(far))[::-1]
ax.axvspan(-LIMIT, LIMIT, color=figures.GREY, alpha=0.18, linewidth=0)
ax.axvline(0, color=figures.INK, linewidth=1)
sizes = [table_1[v]["d"] for v in far]
ax.scatter(sizes, places, color=figures.BLUE, s=48, zorder=3)
for y, v in zip(places, far, strict=True):
    place = {"ha": "right", "va": "center", "fontsize": 10}
    ax.text(0.78, y, table_1[v]["p"], **place)
ax.set_yticks(places, [compared(v) for v in far])
ax.grid(axis="y", visible=False)
ax.set(xlabel="standardised difference", xlim=(-0.6, 0.8))
ax.set_xticks([-0.4, -0.2, 0, 0.2, 0.4])

# %% [markdown]
# Now keep every percentage and imagine ten times as many patients. The arms are exactly as different as before, and
# {glue:text}`ten` of the {glue:text}`variables` rows become significant:

# %% tags=["remove-input"]
present.table(
    ["characteristic", "difference", "printed p", "p, ten times as many"],
    [
        [
            escape(compared(v)), f"{table_1[v]['d']:.2f}".replace("-", "−"), escape(table_1[v]["p"]),
            f"{table_1[v]['ten']:.3f}" if table_1[v]["ten"] >= 0.001 else "&lt;0.001",
        ]
        for v in far
    ],
    "Standardised differences of Table 1, and p in a study ten times as large", range(1, 4),
)  # fmt: skip

# %% [markdown]
# But a large difference is no proof of choice either. Had a lot divided {printed}`patients.size.all` patients into arms of
# {printed}`patients.size.lp` and {printed}`patients.size.r`, a characteristic of two levels would *still* differ by more than
# {glue:text}`limit` with a chance of about {glue:text}`by_lot` %, and by more than a quarter with {glue:text}`by_lot_half` %. Of
# {glue:text}`variables` rows a lot would put about {glue:text}`expected` beyond the limit and {glue:text}`expected_quarter` beyond a
# quarter; here they are {glue:text}`over` and {glue:text}`over_quarter`. In a randomised trial the confidence interval already
# covers such accidents. Here it does not, for nobody knows what *else* went into the choice.
#
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


# %% tags=["remove-cell"]
def imbalance(variable):
    """Return the share above the line in each arm and the printed univariable ratio of Table 5."""
    exposed = registry.layout.tables["t5"].contrasts[variable].exposed
    shares = [registry.level_count(variable, exposed, arm) / n[arm] for arm in ("lp", "r")]
    return *shares, float(registry[f"t5.{variable}.uni.hr"].number.value)


causes = {v: imbalance(v) for v in ("hbv", "ecog", "afp", "extrahepatic")}
factors = {v: balance.confounding(*found) for v, found in causes.items()}
together = math.prod(factors.values())
assert together < 1, f"the imbalances together favour LP: {together:.3f}"
look.tell(
    hbv_factor=f"{factors['hbv']:.2f}", together=f"{together:.2f}",
    without=f"{float(registry['t5.arm.uni.hr'].number.value) / together:.2f}",
)  # fmt: skip

# %% tags=["remove-input"]
present.table(
    ["cause", "share, LP", "share, R", "ratio in Table 5", "drugs alike look like"],
    [
        [escape(name_of[v]), f"{100 * a:.1f} %", f"{100 * b:.1f} %", look.printed(f"t5.{v}.uni.hr"), f"{factors[v]:.2f}"]
        for v, (a, b, _) in causes.items()
    ],
    "What single imbalances do to a hazard ratio of progression", range(1, 5),
)  # fmt: skip

# %% [markdown]
# HBV infection alone, if its printed ratio of {printed}`t5.hbv.uni.hr` is causal, makes LP look better by a factor of
# {glue:text}`hbv_factor`; the four together, were all causal and independent, by {glue:text}`together`. Divided out of the printed
# {printed}`t5.arm.uni.hr` that leaves {glue:text}`without`. A reader can take from this not a corrected result but a scale: the
# imbalances that *are* printed can move the ratio by as much as the effect that is discussed.
#
# :::{margin}
# The E-value turns the question round {cite}`vanderweele2017`: how strong would an unrecorded cause have to be, in its ties to
# drug and outcome, to explain an effect away?
# :::
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
# The simulation: **the drugs are truly alike**. Three characteristics sway the choice of LP and the hazard of death, each in the
# same direction; seven more sway neither. Prevalences come from Table 1, and everyone is followed to death. We adjust for none,
# for the three that matter, for six, and for all ten. ({glue:text}`studies_68` studies of 68 patients, {glue:text}`studies_680` of 680.)

# %%
of_table_1 = {
    "age": "ge50", "bclc": "b", "ecog": "2", "hbv": "yes",
    "cirrhosis": "yes", "pvtt": "yes", "extrahepatic": "yes",
    "tace_haic": "yes", "afp": "ge400", "child_pugh": "b",
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


# %% tags=["remove-cell"]
HOW_MANY = (0, 3, 6, 10)


def estimates(seed, studies, patients):
    """Return estimates, by method and number of covariates, and the effective number of patients after weighting."""
    rng = np.random.default_rng(seed)
    (death, treated), x = simulated(rng, studies, patients)
    everyone = np.ones(death.shape, dtype=bool)
    found, worth = {}, {}
    for k in HOW_MANY:
        columns = np.concatenate([treated[:, :, None].astype(float), x[:, :, :k]], axis=2)
        beta, _ = cox_batch.fit(columns, everyone)
        found["adjusted", k] = beta[:, 0]
        if k == 0:
            found["weighted", 0], worth[0] = found["adjusted", 0], np.full(studies, float(patients))
            continue
        amounts = balance.weights(balance.propensities(x[:, :, :k], treated), treated)
        whole = np.isfinite(amounts).all(axis=1)
        beta = np.full(studies, np.nan)
        beta[whole], _ = cox_batch.binary(death[whole], everyone[whole], treated[whole], weights=amounts[whole])
        found["weighted", k], worth[k] = beta, balance.effective_size(amounts)
    return found, worth


SIZES = {68: 1000, 680: 80}
answers = {patients: estimates(240 + i, studies, patients) for i, (patients, studies) in enumerate(SIZES.items())}


def summary(values):
    """Return the mean ratio, the ends between which 95 % of estimates lie, and the per cent without an estimate."""
    found = values[np.isfinite(values)]
    return (
        math.exp(found.mean()), *np.exp(np.quantile(found, [0.025, 0.975])), 100 * (1 - len(found) / len(values)),
        math.sqrt((found**2).mean()),
    )  # fmt: skip


small = {key: summary(v) for key, v in answers[68][0].items()}
large = {key: summary(v) for key, v in answers[680][0].items()}
worth = {k: float(np.nanmedian(v)) for k, v in answers[68][1].items()}


def cost(patients, method):
    """Return the share of patients whose loss would widen the estimates as much as ten covariates in place of three."""
    few, many = (answers[patients][0][method, k] for k in (3, 10))
    both = np.isfinite(few) & np.isfinite(many)
    return 100 * (1 - few[both].var() / many[both].var())


assert small["adjusted", 0][0] > 1.2, f"adjusting without overlap misleads: {small['adjusted', 0][0]:.2f}"
assert abs(small["weighted", 3][0] - 1) < 0.1, f"weighting comes near to 1: {small['weighted', 3][0]:.2f}"
assert small["weighted", 10][4] > small["weighted", 3][4], (
    f"more covariates cost more: {small['weighted', 10][4]:.2f}, {small['weighted', 3][4]:.2f}"
)
look.tell(
    crude=f"{small['adjusted', 0][0]:.2f}", crude_large=f"{large['adjusted', 0][0]:.2f}", ipw_3=f"{small['weighted', 3][0]:.2f}",
    cox_3=f"{small['adjusted', 3][0]:.2f}", worth_3=f"{worth[3]:.0f}", worth_6=f"{worth[6]:.0f}", worth_10=f"{worth[10]:.0f}",
    crude_error=f"{small['adjusted', 0][4]:.2f}", ipw_3_error=f"{small['weighted', 3][4]:.2f}",
    ipw_10_error=f"{small['weighted', 10][4]:.2f}", cox_10_error=f"{small['adjusted', 10][4]:.2f}",
    ipw_10_low=f"{small['weighted', 10][1]:.2f}", ipw_10_high=f"{small['weighted', 10][2]:.2f}",
    none_3=f"{small['weighted', 3][3]:.0f}", none_10=f"{small['weighted', 10][3]:.0f}", large_3=f"{large['weighted', 3][0]:.2f}",
    cost_weighted=f"{cost(68, 'weighted'):.0f}", cost_adjusted=f"{cost(68, 'adjusted'):.0f}",
    cost_large=f"{max(cost(680, method) for method in ('weighted', 'adjusted')):.0f}",
    large_10_low=f"{large['weighted', 10][1]:.2f}", large_10_high=f"{large['weighted', 10][2]:.2f}",
    studies_68=f"{SIZES[68]:,}", studies_680=SIZES[680],
)  # fmt: skip

# %% tags=["hide-input"] mystnb={"image": {"alt": "Two panels, studies of 68 and of 680 patients. Mean and range of estimates without covariates, and with three, six and ten by weighting and by adjusting. Without covariates the mean lies well above one in both panels. With the three that matter it is at one. With six and ten the mean stays, but in studies of 68 the range grows; in studies of 680 it hardly does."}, "figure": {"name": "fig-weighting", "caption": "Hazard ratios estimated where the truth is 1 (line): mean and central 95 % of the estimates, by the number of covariates."}}
fig, axes = plt.subplots(1, 2, figsize=(5.25, 4), sharey=True)
neither = {"color": figures.INK, "marker": "D"}
weighted, adjusted = figures.ARMS
drawn = [("neither", 0, "adjusted", 0.0, neither)]
for k in HOW_MANY[1:]:
    drawn.append(("weighted", k, "weighted", -0.15, weighted))
    drawn.append(("adjusted", k, "adjusted", 0.15, adjusted))
for ax, patients, sums in zip(axes, SIZES, (small, large), strict=True):
    for label, k, method, shift, style in drawn:
        mean, low, high, *_ = sums[method, k]
        where = HOW_MANY.index(k) + shift
        ax.plot([where] * 2, [low, high], color=style["color"])
        ax.scatter(where, mean, s=40, zorder=3, label=label, **style)
    ax.axhline(1, color=figures.INK, linewidth=1)
    ax.set(title=f"{patients} patients", xlabel="covariates")
    ax.set_xticks(range(len(HOW_MANY)), HOW_MANY)
    ax.set(yscale="log", xlim=(-0.5, 3.5))
    ticks = [0.5, 0.7, 1, 1.4, 2]
    ax.set_yticks(ticks, [f"{t:g}" for t in ticks])
    ax.minorticks_off()
axes[0].set_ylabel("estimated hazard ratio")
marks, names = axes[0].get_legend_handles_labels()
above = {"loc": "outside upper center", "ncols": 3}
_ = fig.legend(marks[:3], names[:3], frameon=False, **above)

# %% tags=["remove-input"]
present.table(
    ["covariates", "mean ratio", "error", "worth", "no estimate", "95 % lie in"],
    [
        [
            f"{k}, {method}" if k else "none", f"{small[method, k][0]:.2f}", f"{small[method, k][4]:.2f}",
            f"{worth[k]:.0f}" if method == "weighted" else "", f"{small[method, k][3]:.1f} %",
            f"{small[method, k][1]:.2f} to {small[method, k][2]:.2f}",
        ]
        for k in HOW_MANY for method in ("weighted", "adjusted") if k or method == "adjusted"
    ],
    "Studies of 68 patients: estimates where the drugs are alike", range(1, 6),
)  # fmt: skip

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
# the treatment blank, so no adjusted comparison of the arms is printed at all.
#
# ## Exercises
#
# :::{exercise} The one that was not measured
# :label: drug-one-not-measured
#
# Weight for the second and third characteristic only, as if the first had not been recorded. What is the mean ratio in studies of 680
# patients? Which p value of a baseline table would have warned you?
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
print("No p value: what is not in the table has none.")

# %% [markdown]
# :::{solution-end}
# :::
#
# :::{exercise} Only those who differ significantly
# :label: drug-differ-significantly
#
# A common recipe adjusts for the characteristics whose baseline p is below {glue:text}`level` %. In studies of 68 patients with the truth above,
# how often does it choose all three that matter, and how often none?
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
chosen = (np.abs(z) > -ndtri(alpha / 2))[:, :3].sum(axis=1)
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

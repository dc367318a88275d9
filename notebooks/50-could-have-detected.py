# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% [markdown]
# # What this study could have detected
#
# **This chapter stands on the printed numbers**: counts, hazard ratios and their intervals, and the events that must have
# happened for these to be printed. No patient is simulated or invented.
#
# :::{admonition} In this chapter
# :class: note
# **You will** compute the smallest hazard ratio that a study of this size finds four times in five, read an interval for
# what it excludes, and put {term}`score intervals <score interval>` around the differences in response and in every adverse event.
# **You will learn to** tell “no difference was shown” from “there is no difference”, and to decline a {term}`power` calculation
# after the fact. **You need** {term}`hazard ratio`, {term}`confidence interval` and [](40-how-many-events); no programming.
# :::

# %%
import math

import numpy as np
import pandas as pd
import seaborn as sns
from scipy.special import ndtri
from scipy.stats import binom

from secondlook.pages import figures
from secondlook.pages.look import start
from secondlook.paper import event_counts as events
from secondlook.paper.rows import table_rows
from secondlook.stats import intervals, schoenfeld

look = start()
alpha, registry = look.alpha, look.registry
text = pd.read_csv(look.folder / "text.csv", index_col="id")["printed"]
table_4 = pd.read_csv(look.folder / "table-4.csv", index_col="row")

POWER = 0.80  # the chance with which an effect is to be found
MARGIN = 1.25  # the greatest hazard ratio that would not matter

# %% [markdown]
# ## Predict before you reveal
#
# The paper compares {printed}`patients.size.lp` patients on LP with {printed}`patients.size.r` on R.
#
# | printed | LP | R | p |
# |---|---:|---:|---:|
# | median progression-free survival, months | {printed}`outcomes.pfs.lp.median` | {printed}`outcomes.pfs.r.median` | {printed}`outcomes.pfs.p` |
# | median overall survival, months | {printed}`outcomes.os.lp.median` | {printed}`outcomes.os.r.median` | {printed}`outcomes.os.p` |
# | responses by RECIST | {printed}`t3.orr.recist.lp.n` | {printed}`t3.orr.recist.r.n` | {printed}`t3.orr.recist.p` |
#
# The paper concludes that survival does not differ significantly. Before reading on, write down: how strong would an
# effect have to be, as a hazard ratio, for a study like this to find it with a chance of 80 %? And how many deaths would
# it take to find an effect as large as the two medians of overall survival suggest?

# %% tags=["remove-input"]
from secondlook.pages import practice

sizes = [look.count(f"patients.size.{arm}") for arm in ("lp", "r")]
strengths = {"fifth": 0.8, "third": 2 / 3, "half": 0.5}
best = schoenfeld.smallest_standard_error(*sizes)
found = {name: f"{100 * schoenfeld.power(hr, best):.0f}" for name, hr in strengths.items()}
practice.ask(
    "could-have-detected.before",
    **found,
    patients=sum(sizes),
)

# %% [markdown]
# :::{admonition} Open the answer
# :class: dropdown
# Only a hazard ratio below about **{glue:text}`os_small`**, or above **{glue:text}`os_big`** in the other direction: the
# rate of dying must be about halved, or doubled. The medians suggest {glue:text}`medians_ratio` (one over the other, which is
# the hazard ratio if hazards are constant); to find that, {glue:text}`medians_need` deaths are needed. The study has between
# {glue:text}`os_least` and {printed}`patients.size.all`.
# :::

# %% tags=["hide-input"]
n = {arm: int(text[f"patients.size.{arm}"]) for arm in ("lp", "r")}
everyone, share = sum(n.values()), n["lp"] / sum(n.values())
ENDPOINTS = {"pfs": ("table-5", "progression or death"), "os": ("table-6", "death")}
# Read as labelled: the hazard with LP over the hazard with R.
arms = {
    name: pd.read_csv(look.folder / f"{table}.csv", index_col="row").loc["arm"]
    for name, (table, _) in ENDPOINTS.items()
}
ratios = {name: [float(row[f"uni_{part}"]) for part in ("hr", "lower", "upper")] for name, row in arms.items()}
by_medians = float(text["outcomes.os.r.median"]) / float(text["outcomes.os.lp.median"])
# The least number of events that the printed intervals allow, and what two trials found.
least = {name: found.least for name, found in events.joints(registry).items()}
sources = pd.read_csv(look.folder / "external.csv", dtype=str)
cited = sources["quote"] + " " + sources["cites"]
[resorce] = sources.loc[cited == "introduction.resorce.benefit ref13-bruix2017", "source_value"].astype(float)
[imbrave] = sources.loc[cited == "discussion.combination.optimal ref27-finn2020", "source_value"].astype(float)

# %% [markdown]
# (detect-smallest)=
# ## The smallest effect that would be found
#
# A comparison of two survival curves has a standard error, on the scale of the log hazard ratio, of about
#
# $$
# \mathrm{SE} = \frac{1}{\sqrt{D\,q\,(1-q)}},
# $$
#
# with $D$ events and a share $q$ of patients in one group {cite}`schoenfeld1983`. A two-sided test at {glue:text}`level` % finds
# a true effect with a chance of 80 % when its logarithm lies {glue:text}`reach` standard errors from zero: {glue:text}`critical` to be
# significant at all, and {glue:text}`more` more so that four estimates in five are. The weakest effect that is found so is the
# exponential of that many standard errors. Turned round, a hazard ratio $h$ needs
#
# $$
# D = \frac{(z_{1-\alpha/2} + z_{\text{power}})^2}{q\,(1-q)\,(\ln h)^2}
# $$
#
# events; the two $z$ are the {glue:text}`critical` and the {glue:text}`more`.
#
# The paper prints no $D$. But its own intervals force at least {glue:text}`pfs_least` events of progression or death and
# {glue:text}`os_least` deaths ([](40-how-many-events)), and no more than all {printed}`patients.size.all` patients can have one:

# %%
reach = schoenfeld.reach(power=POWER, alpha=alpha)
for name, (_, what) in ENDPOINTS.items():
    print(f"{what}, found four times in five:")
    for d in (least[name], everyone):
        error = 1 / math.sqrt(d * share * (1 - share))
        h = math.exp(reach * error)
        ends = f"below {1 / h:.2f}, above {h:.2f}"
        print(f"  {d} events, SE {error:.3f}: {ends}")

log_ratio = math.log(by_medians)  # of overall survival, R over LP
needed = (reach / log_ratio) ** 2 / (share * (1 - share))
print(f"deaths needed for the ratio of medians: {math.ceil(needed)}")

# %% [markdown]
# The printed intervals agree: here are the standard errors that they stand for, those that the formula gives at the least
# number of events, and the chance of finding, at that number, what the trial behind regorafenib found against placebo:

# %%
power = f"chance of finding {resorce:g}, %"
se = {name: schoenfeld.standard_error(d, share) for name, d in least.items()}
pd.DataFrame(
    {
        what: {
            "SE of the interval": math.log(ratios[name][2] / ratios[name][1]) / (2 * ndtri(0.975)),
            "SE by the formula": se[name],
            power: 100 * schoenfeld.power(resorce, se[name], alpha),
        }
        for name, (_, what) in ENDPOINTS.items()
    }
).T.style.format("{:.3f}", subset=["SE of the interval", "SE by the formula"]).format("{:.0f}", subset=[power])

# %% [markdown]
# Whatever number of events there was, the answer hardly moves. For comparison: the trial behind regorafenib found a hazard
# ratio for death of {glue:text}`resorce` against placebo {cite}`ref13-bruix2017`, and one of the strongest results in this
# disease is {glue:text}`imbrave` {cite}`ref27-finn2020`. An effect as large as the former, *between two active treatments*,
# this study would have found with a chance of {glue:text}`os_power` %; one as large as the medians suggest, of
# {glue:text}`medians_power` %.

# %% tags=["hide-input"] mystnb={"image": {"alt": "Chance of a significant result against the true hazard ratio of death. The two curves, for the least number of deaths and for all patients, nearly coincide: low and flat near one, and reaching 80 per cent only near one half and near two. A dotted line marks 80 per cent. Marks show the effects of two famous trials and the one that the medians suggest, all at a far lower chance than 80 per cent."}, "figure": {"name": "fig-power", "caption": "Chance that this comparison of overall survival is significant, by the true hazard ratio, for the least number of deaths and for all patients dead. Dotted: a chance of 80 %."}}
fig, ax = figures.new(5.25, 4.4)
grid = np.geomspace(0.3, 3.3, 200)
for d, colour, line in ((least["os"], figures.BLUE, "-"), (everyone, figures.ORANGE, "--")):
    error = schoenfeld.standard_error(d, share)
    chance = [100 * schoenfeld.power(hr, error, alpha) for hr in grid]
    ax.plot(grid, chance, line, color=colour, label=f"{d} deaths")
ax.axhline(100 * POWER, color=figures.INK, linewidth=1.5, linestyle=":")
for hr, words, marker in (
    (imbrave, "IMbrave150", "^"),
    (resorce, "RESORCE", "s"),
    (by_medians, "the medians here", "D"),
):
    height = 100 * schoenfeld.power(hr, se["os"], alpha)
    ax.scatter(hr, height, s=46, color=figures.INK, marker=marker, label=f"{words}, {hr:.2f}", zorder=3)
ticks = [0.33, 0.5, 0.67, 1, 1.5, 2, 3]
ax.set(xscale="log", xlabel="true hazard ratio of death", ylim=(0, 101), ylabel=f"chance of p < {alpha:g}, %")
ax.set_xticks(ticks, [str(t) for t in ticks])
ax.minorticks_off()
_ = fig.legend(frameon=False, fontsize=9.5, loc="outside upper center", ncols=2)

# %% tags=["hide-input"]
from secondlook.pages import sliders

ratios_shown = np.geomspace(0.3, 3.3, 41)


def comparison(patients, dying, in_one):
    """Return events and standard error of a study; dying and in_one are per cent."""
    happened = patients * dying / 100
    return happened, schoenfeld.standard_error(happened, in_one / 100)


def detects(*study):
    """Return what a study detects, in words."""
    happened, error = comparison(*study)
    at_80 = schoenfeld.detectable(error, POWER, alpha)
    return {
        "events": f"{happened:g}",
        "standard error": f"{error:.3f}",
        f"found in {100 * POWER:g} %: below": f"{1 / at_80:.2f}",
        "or above": f"{at_80:.2f}",
        f"chance of finding {resorce:g}": f"{100 * schoenfeld.power(resorce, error, alpha):.0f} %",
    }


sliders.move(
    "Move it: what a study can detect",
    [
        sliders.Slider("patients", (20, 40, 60, 80, 100, 150, 200, 300, 400, 600, 800, 1000), 60),
        sliders.Slider("of them have the event", (20, 40, 60, 80, 100), 80, "{} %"),
        sliders.Slider("are in one arm", (10, 25, 40, 50), 40, "{} %"),
    ],
    detects,
    sliders.Chart(
        ratios_shown,
        "true hazard ratio",
        (0.33, 0.5, 0.67, 1, 1.5, 2, 3),
        f"chance of p < {alpha:g}, %",
        range(0, 101, 20),
        is_log_x=True,
    ),
    lambda *study: {"chance": [100 * schoenfeld.power(hr, comparison(*study)[1], alpha) for hr in ratios_shown]},
)

# %% [markdown]
# (detect-excluded)=
# ## What the intervals rule out
#
# {term}`Power <power>` is a property of a plan. Once there are data, the interval says all that power could and more. (It counts chance
# only; the [choice of patients](53-guaranteed-time) and [of drugs](56-who-got-which-drug) come on top.)
#
# - *Overall survival*, LP to R: {printed}`t6.arm.uni.hr` ({printed}`t6.arm.uni.lower` to
#   {printed}`t6.arm.uni.upper`). Ruled out, at the usual level: that LP lowers the hazard of death by more than
#   {glue:text}`os_cut` %, or raises it by more than {glue:text}`os_raise` %. *Not* ruled out: everything between.
# - *Progression-free survival*: {printed}`t5.arm.uni.hr` ({printed}`t5.arm.uni.lower` to
#   {printed}`t5.arm.uni.upper`). Ruled out: lower by more than {glue:text}`pfs_cut` %, higher by more than
#   {glue:text}`pfs_raise` %.
#
# Between these ends lie effects for which a patient would choose one drug, and effects for which the other. (Read as
# labelled, LP over R. The medians point the other way; [](62-curves-cross) takes that up. Read upside down, the ends are
# their inverses and the sentence is the same with the arms exchanged.)
#
# ### No difference shown is not equivalence
#
# Absence of evidence is not evidence of absence {cite}`altman1995`. Equivalence is a claim of its own: state, beforehand, a
# {term}`margin <equivalence margin>` within which a difference does not matter, and show that the interval lies inside it. Take, as an example, hazard ratios
# from {glue:text}`inverse_margin` to {glue:text}`margin`. The printed interval does not come near to fitting in. A study that is
# to show so much by the customary two one-sided tests at {glue:text}`level` % (which is to put the {glue:text}`two_sided` %
# interval between the margins {cite}`schuirmann1987`) needs {glue:text}`same_need` deaths for a chance of 80 %, were there truly
# no difference.
#
# (detect-post-hoc)=
# ## No power after the fact
#
# It is tempting to put the *observed* hazard ratio into the power formula: “the power was only so much, hence the negative
# result”. That number says nothing new. Observed power is p in other clothes {cite}`hoenig2001`: with $z$ the printed
# statistic and $c$ its critical value it is $\Phi(|z| - c) + \Phi(-|z| - c)$, and $z$ is read off p. Every row of Tables 5 and 6 that compares two groups by one
# variable lies on the same curve:


# %% tags=["hide-input"] mystnb={"image": {"alt": "Observed power against p. All rows of Tables 5 and 6 lie exactly on one falling curve. Where p is at the level of the test the curve is at 50 per cent; the two comparisons of the arms lie at its far right end, near the least possible value."}, "figure": {"name": "fig-observed-power", "caption": "“Observed power” of the univariable rows of Tables 5 and 6 (dots) is a function of p and of nothing else (line). Squares: the comparisons of the arms. Rows with p printed as a bound are left out."}}
def observed_power(p):
    """Return the power at the effect that prints this p, in %."""
    return 100 * schoenfeld.power(math.exp(-ndtri(p / 2)), 1.0, alpha)


printed = pd.DataFrame(
    [
        (row.key, float(row.line.p.value), "arms" if row.variable == "arm" else "other rows")
        for row in table_rows(registry)
        if row.model == "unadjusted" and row.line.p and not row.line.p.bound
    ],
    columns=["row", "p", "compares"],
).set_index("row")
printed["observed"] = printed["p"].map(observed_power)
fig, ax = figures.new(5.25, 3.8)
p_line = np.geomspace(0.001, 1, 200)
ax.plot(p_line, [observed_power(p) for p in p_line], color=figures.INK, linewidth=1.3, zorder=1)
sns.scatterplot(printed, x="p", y="observed", hue="compares", style="compares", size="compares", ax=ax, legend=False,
                palette={"arms": figures.ORANGE, "other rows": figures.BLUE}, sizes={"arms": 60, "other rows": 34},
                markers={"arms": "s", "other rows": "o"})  # fmt: skip
_ = ax.set(xlabel="printed p", ylabel="observed power, %", ylim=(0, 101), xlim=(-0.02, 1.02))

# %% [markdown]
# A result with p just at {glue:text}`level` % always has an “observed power” of {glue:text}`half` %; that of overall survival here is
# {glue:text}`observed_os` %, for no other reason than its p. To plan the *next* study, power is the right tool, with an effect
# that would matter, not the one that was seen: taken at its word, the printed ratio would call for {glue:text}`seen_need`
# deaths.
#
# (detect-risks)=
# ## Differences in response and harms
#
# Counts are asked the same question by an interval of the difference in risk, LP less R. The textbook interval, estimate ±
# 1.96 SE, is too short in small groups, and takes a group whose count is 0 as if its risk were known to be 0. *Score* intervals hold
# all values that the score test would not reject: Miettinen and Nurminen's for a difference {cite}`miettinen1985`, Koopman's
# for a ratio {cite}`koopman1984`.
#
# :::{margin}
# Of eleven intervals for a difference that were compared {cite}`newcombe1998difference`, the score interval and a simple
# hybrid of two Wilson intervals were among the best. The first exercise makes the hybrid by hand.
# :::


# %%
kinds = table_4["label"].str.rstrip(".")
rates = {"t3.orr.recist": "Response, RECIST", "t3.orr.mrecist": "Response, mRECIST", "t3.dcr.recist": "Disease control"}
any_grade = {f"t4.{row}.any": kind for row, kind in kinds.items()}
names = rates | any_grade | {f"t4.{row}.ge3": f"{kind}, grade ≥3" for row, kind in kinds.items()}
printed_counts = pd.DataFrame(
    {key: [registry.whole(f"{key}.{arm}.n") for arm in n] for key in names}, index=["LP", "R"]
).T
counts = printed_counts.dropna().astype(int)
counts = counts[counts.sum(axis=1) > 0]


def compare(lp, r):
    """Return difference (points) and ratio of two risks, each with its score interval."""
    a, b = (lp, n["lp"]), (r, n["r"])
    points = 100 * np.array([lp / n["lp"] - r / n["r"], *intervals.difference(a, b)])
    return *points, lp / n["lp"] / (r / n["r"]) if r else math.inf, *intervals.ratio(a, b)


columns = ["points", "from", "to", "ratio", "ratio from", "ratio to"]
risks = pd.DataFrame([compare(*pair) for pair in counts.to_numpy()], index=counts.index, columns=columns)

# %% tags=["hide-input"] mystnb={"image": {"alt": "Forest plot of risk differences, LP less R, in percentage points, for response, disease control and the adverse events of any grade. Nearly all intervals cross zero and most are about 30 to 40 points wide; only those of disease control and, barely, of hypertension lie to one side."}, "figure": {"name": "fig-risk-differences", "caption": "Risk differences with 95 % score intervals: response and disease control (squares) and adverse events of any grade (dots)."}}
shown = risks[risks.index.isin(rates | any_grade)].rename(index=names)
fig, ax = figures.new(5.25, 0.28 * len(shown) + 1.1)
for part, colour, marker in ((shown[:3], figures.ORANGE, "s"), (shown[3:], figures.BLUE, "o")):
    reach_of = [part["points"] - part["from"], part["to"] - part["points"]]
    ax.errorbar(part["points"], part.index, xerr=reach_of, fmt=marker, color=colour, markersize=6, elinewidth=2)
ax.axvline(0, color=figures.INK, linewidth=1)
ax.tick_params(axis="y", labelsize=9.5)
ax.grid(axis="y", visible=False)
ax.set(xlabel="LP less R, percentage points", ylim=(len(shown) - 0.3, -0.7))

# %% [markdown]
# All comparisons, differences in points and ratios, LP to R:

# %% tags=["hide-output"]
listed = counts.join(risks).rename(index=names)
points = listed[columns[:3]].map("{:.1f}".format).replace("-", "−", regex=True)
listed.assign(**points, **listed[columns[3:]].map("{:.2f}".format))

# %% [markdown]
# How many would lie on one side of zero if the arms did not differ in anything, each pair at its pooled risk?


# %%
def by_chance(part):
    """Return how often a score interval excludes zero when both arms have the pooled risk of `part` events."""
    i, j = np.meshgrid(np.arange(n["lp"] + 1), np.arange(n["r"] + 1), indexing="ij")
    pooled, risk = (i + j) / everyone, part / everyone
    error = np.sqrt(pooled * (1 - pooled) * (1 / n["lp"] + 1 / n["r"]) * everyone / (everyone - 1))
    away = np.abs(i / n["lp"] - j / n["r"]) > ndtri(0.975) * error
    return (away * binom.pmf(i, n["lp"], risk) * binom.pmf(j, n["r"], risk)).sum()


apart = risks[(risks["from"] > 0) | (risks["to"] < 0)]
expected = sum(by_chance(part) for part in counts.sum(axis=1))
print(f"seen {len(apart)}, expected by chance {expected:.1f}")

# %% [markdown]
# Of {glue:text}`compared` intervals of a difference, {glue:text}`apart` lie wholly on one side of zero:
# {glue:text}`apart_names`. So many comparisons of counts so small would give about {glue:text}`by_chance` by chance if the arms
# did not differ in anything. Response by RECIST: a difference of {glue:text}`orr` points, and anything from
# {glue:text}`orr_low` to {glue:text}`orr_high` fits. ({glue:text}`untold` pairs of grade 3 or more have a blank and are left out;
# pairs of two zeros, too.)
#
# The discussion says of all adverse events that their percentages were visibly higher with LP. Of {glue:text}`harms` kinds of event of
# any grade, as printed, {glue:text}`less` were *less* frequent with LP: {glue:text}`less_names`. Of the rest,
# {glue:text}`harms_apart` has an interval above zero. On harms this study says nearly as little as on survival: the widest interval
# spans {glue:text}`widest` points.
#
# ## Practice

# %% tags=["remove-input"]
_, low, high = ratios["os"]
practice.ask("could-have-detected.after", low=low, high=high)

# %% [markdown]
# ## Exercises
#
# :::{exercise} A difference by hand
# :label: detect-difference-hand
#
# *Level 2 of 3 · 20 minutes · calculator*
#
# Take the responses by mRECIST ({printed}`t3.orr.mrecist.lp.n` of {printed}`patients.size.lp`,
# {printed}`t3.orr.mrecist.r.n` of {printed}`patients.size.r`). Make Wilson's interval of each proportion $p$ of $n$
# patients {cite}`wilson1927`, with $z = 1.96$,
#
# $$
# \frac{p + \frac{z^2}{2n} \pm z\sqrt{\frac{p(1-p)}{n} + \frac{z^2}{4n^2}}}{1 + \frac{z^2}{n}},
# $$
#
# and combine the distances from $p$ to the limits in the manner of Pythagoras: downwards the first group's distance to its
# lower limit and the second's to its upper one, upwards the other two. Compare with the score interval.
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# Work with proportions to four decimals and turn the result into points at the end. Downwards: the root of the sum of
# the squares of (p of LP less its lower limit) and (upper limit of R less its p).
# :::


# %% tags=["remove-cell"]
def in_words(keys):
    """Return the names of rows within a sentence."""
    return ", ".join(names[key][0].lower() + names[key][1:] for key in keys)


def of_endpoint(name):
    """Return the numbers in the prose that exist for either endpoint."""
    ratio, found = ratios[name], schoenfeld.detectable(se[name], alpha=alpha)
    return {
        f"{name}_least": least[name], f"{name}_big": f"{found:.2f}", f"{name}_small": f"{1 / found:.2f}",
        f"{name}_cut": f"{100 * (1 - ratio[1]):.0f}", f"{name}_raise": f"{100 * (ratio[2] - 1):.0f}",
    }  # fmt: skip


harms = risks[risks.index.isin(any_grade)]
less = harms[harms["points"] < 0]
orr = risks.loc["t3.orr.recist"].map("{:.1f}".format).str.replace("-", "−")
os_power = {
    name: f"{100 * schoenfeld.power(hr, se['os'], alpha):.0f}"
    for name, hr in (("os", resorce), ("medians", by_medians))
}
look.tell(
    **of_endpoint("pfs"), **of_endpoint("os"), level=f"{100 * alpha:g}", critical=f"{-ndtri(alpha / 2):.2f}",
    more=f"{ndtri(0.8):.2f}", z_90=f"{ndtri(0.9):.2f}", q_here=f"{share:.2f}", reach=f"{reach:.3f}", resorce=f"{resorce:.2f}", imbrave=f"{imbrave:.2f}",
    os_power=os_power["os"], medians_power=os_power["medians"], medians_ratio=f"{by_medians:.2f}",
    medians_need=math.ceil(needed), seen_need=f"{schoenfeld.events_needed(ratios['os'][0], share, alpha=alpha):,}",
    same_need=f"{schoenfeld.events_for_equivalence(MARGIN, share, alpha=alpha):,}", two_sided=f"{100 * (1 - 2 * alpha):g}",
    margin=MARGIN, inverse_margin=f"{1 / MARGIN:.2f}", observed_os=f"{printed.loc['t6.arm.uni', 'observed']:.0f}",
    half=f"{observed_power(alpha):.0f}", compared=len(risks), apart=len(apart), apart_names=in_words(apart.index),
    harms=len(harms), less=len(less), less_names=in_words(less.index), harms_apart=len(harms.index.intersection(apart.index)),
    widest=f"{(risks['to'] - risks['from']).max():.0f}", untold=len(printed_counts) - len(printed_counts.dropna()),
    orr=orr["points"], orr_low=orr["from"], orr_high=orr["to"], by_chance=f"{expected:.1f}",
)  # fmt: skip

# %% tags=["remove-cell", "guard"]
one_sided = {name: ratio for name, ratio in ratios.items() if not ratio[1] < 1 < ratio[2]}
assert not one_sided, f"“Between these ends lie effects …” of both kinds, but {one_sided}"
assert len(less), "“were less frequent with LP”: none is"

# %% [markdown]
# :::{solution-start} detect-difference-hand
# :class: dropdown
# :::

# %%
z = 1.959964


def wilson(part, whole):
    """Return a proportion and its score limits."""
    p, scale = part / whole, 1 + z**2 / whole
    middle = p + z**2 / (2 * whole)
    side = z * math.sqrt(p * (1 - p) / whole + z**2 / (4 * whole**2))
    return p, (middle - side) / scale, (middle + side) / scale


(a, b), (c, d) = zip(counts.loc["t3.orr.mrecist"], n.values(), strict=True)
p1, low1, high1 = wilson(a, b)
p2, low2, high2 = wilson(c, d)
seen = p1 - p2
down = math.hypot(p1 - low1, high2 - p2)
up = math.hypot(high1 - p1, p2 - low2)
print(f"difference: {100 * seen:.1f} points")
low, high = seen - down, seen + up
print(f"hybrid: {100 * low:.1f} to {100 * high:.1f}")
low, high = intervals.difference((a, b), (c, d))
print(f"score (Miettinen and Nurminen): {100 * low:.1f} to {100 * high:.1f}")

# %% [markdown]
# :::{solution-end}
# :::
#
# :::{exercise} The next study
# :label: detect-next-study
#
# *Level 1 of 3 · 10 minutes · calculator*
#
# A colleague plans a study that shall find a hazard ratio of two thirds with a chance of 90 %, and expects that seven
# patients in ten will have died by its end. How many patients are needed if they are divided evenly? How many if the arms stay
# as unequal as here?
#
# Use the second formula of [](detect-smallest); the $z$ of a chance of 90 % is {glue:text}`z_90`, and $q$ here
# {glue:text}`q_here`.
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# Compute the deaths first, and round them up. Then ask how many patients must start for so many to have died.
# :::

# %% [markdown]
# :::{solution-start} detect-next-study
# :class: dropdown
# :::

# %%
for name, q in (("evenly", 0.5), ("as here", share)):
    deaths = schoenfeld.events_needed(2 / 3, q, 0.9, alpha)
    patients = math.ceil(deaths / 0.7)
    print(f"divided {name}: {deaths} deaths, {patients} patients")

# %% [markdown]
# :::{solution-end}
# :::
#
# ## Key takeaways
#
# - [Events, not patients, decide](detect-smallest). With the deaths that this study must have had, only a hazard ratio below
#   {glue:text}`os_small` or above {glue:text}`os_big` is found four times in five.
# - [The interval says what is ruled out](detect-excluded), and here that is little: for death, that LP lowers the hazard by more
#   than {glue:text}`os_cut` % or raises it by more than {glue:text}`os_raise` %. “No significant difference” and “no
#   difference” are two statements.
# - [Power computed from the result is the p value again](detect-post-hoc). Decline it.
# - [Score intervals](detect-risks) work for small counts and for zeros. Here {glue:text}`apart` of {glue:text}`compared` lie on
#   one side of zero: a table of harms this small can say little.
#
# ## Strengths and limitations of the method
#
# *Strengths.* Schoenfeld's formula needs two numbers, and the printed intervals confirm it here. Score intervals keep their
# promise in small groups much better than the textbook interval. *Limitations.* The formula assumes proportional hazards
# and effects that are not extreme; it knows no confounding, so the power of a study that was not randomised is the power to
# find effect *and bias* together. The least number of events is inferred, not printed. The {glue:text}`compared` intervals are
# not adjusted for their number.
#
# ## Further reading
#
# The formula: {cite:t}`schoenfeld1983`. Why not after the fact: {cite:t}`hoenig2001`. The one page everyone should read:
# {cite:t}`altman1995`. Intervals for differences: {cite:t}`newcombe1998difference`, {cite:t}`miettinen1985`; for ratios:
# {cite:t}`koopman1984`. Equivalence: {cite:t}`schuirmann1987`.

# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% tags=["remove-cell"]
import math
from html import escape

import numpy as np
import pandas as pd
from scipy.special import ndtri
from scipy.stats import binom

from secondlook.pages import figures, present
from secondlook.pages.look import start
from secondlook.paper import event_counts as events
from secondlook.paper.rows import UNADJUSTED, table_rows
from secondlook.stats import intervals, schoenfeld

look = start(published, alpha, cohort)
registry = look.registry
n = {arm: look.count(f"patients.size.{arm}") for arm in ("lp", "r")}
everyone, share = sum(n.values()), n["lp"] / sum(n.values())
ENDPOINTS = {"pfs": ("t5", "progression or death"), "os": ("t6", "death")}
# read as labelled: the hazard with LP over the hazard with R
ratios = {
    name: tuple(float(registry[f"{table}.arm.uni.{part}"].number.value) for part in ("hr", "lower", "upper"))
    for name, (table, _) in ENDPOINTS.items()
}
least = {name: found.least for name, found in events.joints(registry).items()}
printed_se = {name: math.log(high / low) / (2 * ndtri(0.975)) for name, (_, low, high) in ratios.items()}
sources = pd.read_csv(f"{published}/external.csv", dtype=str)
sources = sources[sources["source_quantity"].str.startswith("hazard ratio for death", na=False)]
trials = sources.set_index("cites")["source_value"].astype(float)
resorce, imbrave = trials["ref13-bruix2017"], trials["ref27-finn2020"]

by_medians = registry["outcomes.os.r.median"].number.value / registry["outcomes.os.lp.median"].number.value
se = {name: schoenfeld.standard_error(d, share) for name, d in least.items()}
se_all = schoenfeld.standard_error(everyone, share)
told = {}
for name in ENDPOINTS:
    found = schoenfeld.detectable(se[name], alpha=alpha)
    told |= {
        f"{name}_least": least[name], f"{name}_se": f"{se[name]:.3f}", f"{name}_printed_se": f"{printed_se[name]:.3f}",
        f"{name}_big": f"{found:.2f}", f"{name}_small": f"{1 / found:.2f}",
        f"{name}_cut": f"{100 * (1 - ratios[name][1]):.0f}", f"{name}_raise": f"{100 * (ratios[name][2] - 1):.0f}",
        f"{name}_power": f"{100 * schoenfeld.power(resorce, se[name], alpha):.0f}",
    }  # fmt: skip
assert all(low < 1 < high for _, low, high in ratios.values())
MARGIN = 1.25
look.tell(
    **told, level=f"{100 * alpha:g}", critical=f"{-ndtri(alpha / 2):.2f}", more=f"{ndtri(0.8):.2f}", reach=f"{schoenfeld.reach(alpha=alpha):.3f}", resorce=f"{resorce:.2f}", imbrave=f"{imbrave:.2f}",
    all_small=f"{1 / schoenfeld.detectable(se_all, alpha=alpha):.2f}", all_big=f"{schoenfeld.detectable(se_all, alpha=alpha):.2f}",
    medians_ratio=f"{float(by_medians):.2f}", medians_need=schoenfeld.events_needed(float(by_medians), share, alpha=alpha),
    medians_power=f"{100 * schoenfeld.power(float(by_medians), se['os'], alpha):.0f}",
    resorce_need=schoenfeld.events_needed(resorce, share, alpha=alpha),
    same_need=f"{schoenfeld.events_for_equivalence(MARGIN, share, alpha=alpha):,}", two_sided=f"{100 * (1 - 2 * alpha):g}", margin=MARGIN, inverse_margin=f"{1 / MARGIN:.2f}",
    seen_need=f"{schoenfeld.events_needed(ratios['os'][0], share, alpha=alpha):,}",
)  # fmt: skip

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
# **You will learn to** tell “no difference was shown” from “there is no difference”, and to decline a power calculation
# after the fact. **You need** {term}`hazard ratio`, {term}`confidence interval` and [](40-how-many-events); no programming.
# :::
#
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
#
# :::{admonition} Open the answer
# :class: dropdown
# Only a hazard ratio below about **{glue:text}`os_small`**, or above **{glue:text}`os_big`** in the other direction: the
# rate of dying must be about halved, or doubled. The medians suggest {glue:text}`medians_ratio` (one over the other, which is
# the hazard ratio if hazards are constant); to find that, {glue:text}`medians_need` deaths are needed. The study has between
# {glue:text}`os_least` and {printed}`patients.size.all`.
# :::
#
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
reach = schoenfeld.reach(power=0.80, alpha=alpha)
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
# The printed intervals agree: their standard errors are {glue:text}`pfs_printed_se` and {glue:text}`os_printed_se`, where
# the formula gives {glue:text}`pfs_se` and {glue:text}`os_se` at the least number of events. Whatever number of events
# there was, the answer hardly moves. For comparison: the trial behind regorafenib found a hazard ratio for death of
# {glue:text}`resorce` against placebo {cite}`ref13-bruix2017`, and one of the strongest results in this disease is
# {glue:text}`imbrave` {cite}`ref27-finn2020`. An effect as large as the former, *between two active treatments*, this study
# would have found with a chance of {glue:text}`os_power` %; one as large as the medians suggest, of {glue:text}`medians_power` %.

# %% tags=["hide-input"] mystnb={"image": {"alt": "Chance of a significant result against the true hazard ratio of death. The two curves, for the least number of deaths and for all patients, nearly coincide: low and flat near one, and reaching 80 per cent only near one half and near two. A dotted line marks 80 per cent. Marks show the effects of two famous trials and the one that the medians suggest, all at a far lower chance than 80 per cent."}, "figure": {"name": "fig-power", "caption": "Chance that this comparison of overall survival is significant, by the true hazard ratio, for the least number of deaths and for all patients dead. Dotted: a chance of 80 %."}}
fig, ax = figures.new(5.25, 4.4)
grid = np.geomspace(0.3, 3.3, 200)
for d, line in (
    (least["os"], {"color": figures.BLUE, "linestyle": "-"}),
    (everyone, {"color": figures.ORANGE, "linestyle": "--"}),
):
    error = schoenfeld.standard_error(d, share)
    chance = [100 * schoenfeld.power(hr, error, alpha) for hr in grid]
    ax.plot(grid, chance, label=f"{d} deaths", **line)
ax.axhline(80, color=figures.INK, linewidth=1.5, linestyle=":")
for hr, words, marker in (
    (imbrave, "IMbrave150", "^"),
    (resorce, "RESORCE", "s"),
    (float(by_medians), "the medians here", "D"),
):
    height = 100 * schoenfeld.power(hr, se["os"], alpha)
    mark = {"color": figures.INK, "marker": marker, "s": 46}
    label = f"{words}, {hr:.2f}"
    ax.scatter(hr, height, label=label, zorder=3, **mark)
ticks = [0.33, 0.5, 0.67, 1, 1.5, 2, 3]
ax.set(xscale="log", xlabel="true hazard ratio of death")
ax.set(ylim=(0, 101), ylabel=f"chance of p < {alpha:g}, %")
ax.set_xticks(ticks, [str(t) for t in ticks])
ax.minorticks_off()
above = {"loc": "outside upper center", "ncols": 2}
_ = fig.legend(frameon=False, fontsize=9.5, **above)

# %% [markdown]
# (detect-excluded)=
# ## What the intervals rule out
#
# Power is a property of a plan. Once there are data, the interval says all that power could and more. (It counts chance
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
fig, ax = figures.new(5.25, 3.8)
p_line = np.geomspace(0.001, 1, 200)


def observed_power(p):
    """Return the power at the effect that prints this p, in %."""
    z = -ndtri(p / 2)
    return 100 * schoenfeld.power(math.exp(z), 1.0, alpha)


curve = [observed_power(p) for p in p_line]
ax.plot(p_line, curve, color=figures.INK, linewidth=1.3)
observed = {}
for row in table_rows(registry):
    p = row.values.get("p")
    if row.set != UNADJUSTED or p is None or p.number is None:
        continue
    if "<" in p.printed:
        continue
    value = float(p.number.value)
    observed[row.key] = value, observed_power(value)
    style = {"color": figures.BLUE, "marker": "o", "s": 34}
    if row.variable == "arm":
        style = {"color": figures.ORANGE, "marker": "s", "s": 60}
    ax.scatter(*observed[row.key], zorder=3, **style)
ax.set(xlabel="printed p", ylabel="observed power, %")
ax.set(ylim=(0, 101), xlim=(-0.02, 1.02))
# %% tags=["remove-cell"]
look.tell(
    observed_os=f"{observed['t6.arm.uni'][1]:.0f}",
    half=f"{observed_power(alpha):.0f}",
)

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


# %% tags=["remove-cell"]
def pair(key):
    """Return (part, whole) of LP and R for a row of counts, or None where one of them is not printed."""
    parts = [registry.whole(f"{key}.{arm}.n") for arm in n]
    return None if None in parts else tuple(zip(parts, n.values(), strict=True))


def listed(keys):
    """Return the names of rows within a sentence."""
    return ", ".join(rows[key][0].lower() + rows[key][1:] for key in keys)


rows = {}
for key, name in (
    ("t3.orr.recist", "Response, RECIST"), ("t3.orr.mrecist", "Response, mRECIST"), ("t3.dcr.recist", "Disease control"),
):  # fmt: skip
    rows[key] = name
events_4 = {v.row: v.place.split(", ")[1].rstrip(".") for v in registry.cells("t4")}
rows |= {f"t4.{row}.any": name for row, name in events_4.items()}
rows |= {f"t4.{row}.ge3": f"{name}, grade ≥3" for row, name in events_4.items()}
pairs = {key: found for key in rows if (found := pair(key)) and found[0][0] + found[1][0]}
untold = [rows[key] for key in rows if pair(key) is None]
risks = pd.DataFrame(
    {
        key: (100 * (a[0] / a[1] - b[0] / b[1]), *(100 * end for end in intervals.difference(a, b)),
              (a[0] / a[1]) / (b[0] / b[1]) if b[0] else math.inf, *intervals.ratio(a, b))
        for key, (a, b) in pairs.items()
    }, index=["rd", "rd_low", "rd_high", "rr", "rr_low", "rr_high"],
).T  # fmt: skip
apart = risks[(risks.rd_low > 0) | (risks.rd_high < 0)]
harms = risks[[key.startswith("t4.") and key.endswith(".any") for key in risks.index]]
less = harms[harms.rd < 0]
widest = (risks.rd_high - risks.rd_low).max()


def by_chance(part):
    """Return how often a score interval excludes zero when both arms have the pooled risk of `part` events."""
    i, j = np.meshgrid(np.arange(n["lp"] + 1), np.arange(n["r"] + 1), indexing="ij")
    pooled, risk = (i + j) / everyone, part / everyone
    error = np.sqrt(pooled * (1 - pooled) * (1 / n["lp"] + 1 / n["r"]) * everyone / (everyone - 1))
    away = np.abs(i / n["lp"] - j / n["r"]) > ndtri(0.975) * error
    return (away * binom.pmf(i, n["lp"], risk) * binom.pmf(j, n["r"], risk)).sum()


look.tell(
    compared=len(risks), apart=len(apart), apart_names=listed(apart.index),
    harms=len(harms), less=len(less), less_names=listed(less.index),
    harms_apart=sum(key in apart.index for key in harms.index), widest=f"{widest:.0f}",
    untold=len(untold), orr=f"{risks.rd['t3.orr.recist']:.1f}", orr_low=f"{risks.rd_low['t3.orr.recist']:.1f}".replace("-", "−"),
    orr_high=f"{risks.rd_high['t3.orr.recist']:.1f}", by_chance=f"{sum(by_chance(a[0] + b[0]) for a, b in pairs.values()):.1f}",
)  # fmt: skip
assert len(less) > 0

# %% tags=["hide-input"] mystnb={"image": {"alt": "Forest plot of risk differences, LP less R, in percentage points, for response, disease control and the adverse events of any grade. Nearly all intervals cross zero and most are about 30 to 40 points wide; only those of disease control and, barely, of hypertension lie to one side."}, "figure": {"name": "fig-risk-differences", "caption": "Risk differences with 95 % score intervals: response and disease control (squares) and adverse events of any grade (dots)."}}
wanted = [key for key in risks.index if not key.endswith(".ge3")]
shown = risks.loc[wanted]
fig, ax = figures.new(5.25, 0.28 * len(shown) + 1.1)
places = np.arange(len(shown))[::-1]
for y, (key, row) in zip(places, shown.iterrows(), strict=True):
    style = {"color": figures.BLUE, "marker": "o"}
    if key.startswith("t3"):
        style = {"color": figures.ORANGE, "marker": "s"}
    ends = [row.rd_low, row.rd_high]
    ax.plot(ends, [y, y], color=style["color"], linewidth=2)
    ax.scatter(row.rd, y, s=36, zorder=3, **style)
ax.axvline(0, color=figures.INK, linewidth=1)
ax.set_yticks(places, [rows[key] for key in shown.index], fontsize=9.5)
ax.grid(axis="y", visible=False)
ax.set_xlabel("LP less R, percentage points")
ax.set_ylim(-0.7, len(shown) - 0.3)


# %% tags=["remove-input"]
def number(value, places=1):
    """Show a number with a true minus; a dash for a ratio without limit."""
    return "∞" if math.isinf(value) else f"{value:.{places}f}".replace("-", "−")


present.fold(
    f"all {len(risks)} comparisons: risk differences and risk ratios with score intervals",
    present.table(
        ["event", f"LP, of {n['lp']}", f"R, of {n['r']}", "difference, points", "95 % interval", "ratio", "95 % interval of it"],
        [
            [
                escape(rows[key]), str(pairs[key][0][0]), str(pairs[key][1][0]),
                number(r.rd), f"{number(r.rd_low)} to {number(r.rd_high)}", number(r.rr, 2),
                f"{number(r.rr_low, 2)} to {number(r.rr_high, 2)}",
            ]
            for key, r in risks.iterrows()
        ],
        "Risk differences and ratios, LP to R", range(1, 7),
    ),
)  # fmt: skip

# %% [markdown]
# Of {glue:text}`compared` intervals of a difference, {glue:text}`apart` lie wholly on one side of zero:
# {glue:text}`apart_names`. So many comparisons of counts so small would give about {glue:text}`by_chance` by chance if the arms
# did not differ in anything. Response by RECIST: a difference of {glue:text}`orr` points, and anything from
# {glue:text}`orr_low` to {glue:text}`orr_high` fits. ({glue:text}`untold` pairs of grade 3 or more have a blank and are left out;
# pairs of two zeros, too.)
#
# The discussion says of all adverse events that they were clearly more frequent with LP. Of {glue:text}`harms` kinds of event of
# any grade, as printed, {glue:text}`less` were *less* frequent with LP: {glue:text}`less_names`. Of the rest,
# {glue:text}`harms_apart` has an interval above zero. On harms this study says nearly as little as on survival: the widest interval
# spans {glue:text}`widest` points.
#
# ## Exercises
#
# :::{exercise} A difference by hand
# :label: detect-difference-hand
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


(a, b), (c, d) = pairs["t3.orr.mrecist"]
p1, low1, high1 = wilson(a, b)
p2, low2, high2 = wilson(c, d)
apart = p1 - p2
down = math.hypot(p1 - low1, high2 - p2)
up = math.hypot(high1 - p1, p2 - low2)
print(f"difference: {100 * apart:.1f} points")
low, high = apart - down, apart + up
print(f"hybrid: {100 * low:.1f} to {100 * high:.1f}")
low, high = intervals.difference((a, b), (c, d))
print(f"score:  {100 * low:.1f} to {100 * high:.1f}")

# %% [markdown]
# :::{solution-end}
# :::
#
# :::{exercise} The next study
# :label: detect-next-study
#
# A colleague plans a study that shall find a hazard ratio of two thirds with a chance of 90 %, and expects that seven
# patients in ten will have died by its end. How many patients are needed if they are divided evenly? How many if the arms stay
# as unequal as here?
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

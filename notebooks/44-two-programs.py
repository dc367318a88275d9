# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% [markdown]
# # Two programs, two answers
#
# :::{admonition} In this chapter
# :class: note
# **You will** put the same table of counts, the same survival times and the same tied deaths into the paper's two
# programs and into lifelines, and see where they part. **You will learn to** name the default that stands behind a printed
# number, to recognise the trace that it leaves in print, and to report your own analysis so that nobody has to guess.
# **You need** {term}`chi-square test`, {term}`Fisher’s exact test`, [](28-patients) and the section on
# [bands](events-band) in [](40-how-many-events).
# :::
#
# The paper names two programs, R and SPSS, and seldom says which of them gave a number. It matters less for the truth of
# a number than for its recomputation: both programs are right, and they answer different questions unless told to answer
# the same one.

# %%
import warnings

import numpy as np
import pandas as pd
import seaborn as sns
from lifelines import CoxPHFitter, KaplanMeierFitter
from scipy import stats
from scipy.optimize import brentq

from secondlook.checks.association import associations, reproducing
from secondlook.pages import figures
from secondlook.pages.look import printout, start
from secondlook.stats import contingency, km

look = start()
registry, records = look.registry, start(cohort="").records  # the invented patients, always
# The printed p values of Tables 1 and 3, each with its table of counts.
tests = {item.p.id: item for item in associations(registry) if item.p.table in ("t1", "t3")}
public = pd.read_csv(look.root / "data" / "reference" / "survival-public-data.csv")

# %% [markdown]
# ## Predict before you reveal
#
# | printed | value |
# |---|---:|
# | p, response by RECIST, LP against R | {printed}`t3.orr.recist.p` |
# | p, disease control, LP against R | {printed}`t3.dcr.recist.p` |
# | median overall survival with performance status 2, months | {printed}`prognostic.os.ecog_2.median` ({printed}`prognostic.os.ecog_2.lower`–{printed}`prognostic.os.ecog_2.upper`) |
#
# R was used, and so was SPSS. Suppose that nobody changed a setting. Which of these three lines can R have printed, and which
# SPSS in the first line of its output?

# %% tags=["remove-input"]
from secondlook.pages import practice

practice.ask("two-programs.before")

# %% [markdown]
# :::{admonition} Open the answer
# :class: dropdown
# The first is Fisher's test, which either program gives, but only to somebody who asks for it or looks further down. The
# second is Pearson's chi-square, SPSS's first line; R corrects it to {glue:text}`dcr_yates` unless told otherwise. The third
# neither program prints by default: for {glue:text}`smallest_group` patients R's band has no upper limit at all, and SPSS's
# interval has its median midway. So one paper can carry the marks of several programs, or of several settings of one.
# :::
#

# %% [markdown]
# Behind this page stands a comparison that the tests repeat wherever the programs are installed.
# {glue:text}`r_survival`, computed {glue:text}`n_by_r` tests of the paper's tables and {glue:text}`n_public` survival statistics of {glue:text}`n_sets` public data sets; the free work-alike of SPSS, {glue:text}`pspp`,
# {glue:text}`n_by_pspp` of the same tests. This book's own code agrees with each, to nine digits or to the last that is printed.
# SPSS itself was not run: what is said of it here follows PSPP and, for survival, which PSPP does not do, common descriptions of
# SPSS.

# %% [markdown]
# (programs-counts)=
# ## One table, three p values
#
# The response rate by mRECIST, out of Table 3. The same four numbers, three ways to ask for a chi-square test:

# %%
response = np.array(tests["t3.orr.mrecist.p"].table)
pd.DataFrame(response, index=["response", "none"], columns=["LP", "R"])

# %%
chi_square = stats.chi2_contingency
ways = {
    "R's chisq.test; SciPy": chi_square(response),
    "chisq.test(correct = FALSE); SPSS": chi_square(response, correction=False),
    "Fisher's exact test, in either": stats.fisher_exact(response),
}
pd.Series({way: f"{test.pvalue:.3f}" for way, test in ways.items()}).to_frame("p")

# %% [markdown]
# R and SciPy apply Yates' correction {cite}`yates1934` to a 2×2 table unless they are told not to. SPSS prints Pearson's
# value in the first line of its table and the corrected one below. Whoever copies the first p value that the screen
# shows copies two different numbers from the two programs. The correction belongs to 2×2 tables only: for performance
# status, with its three levels, the two programs' first lines agree.
#
# :::{admonition} Guess before you read on
# :class: tip
# Tables 1 and 3 print {glue:text}`p_values` p values of association. If they came from SPSS's first line, how many would
# R's default have printed differently? And if R had been used, could one tell?
# :::


# %%
def by_program(item):
    """Return p as each program prints it first, by program, and whether the paper prints the same."""
    p, prints = contingency.all_tests(item.table), reproducing(item)
    keys = {"SPSS": "pearson", "R": "yates" if "yates" in p else "pearson", "Fisher": "fisher"}
    return {name: float(p[key]) for name, key in keys.items()}, {name: key in prints for name, key in keys.items()}


names = [look.registry.row_label(item.p) for item in tests.values()]
p_by, hits = (pd.DataFrame(part, index=names) for part in zip(*map(by_program, tests.values()), strict=True))
hits.sum().to_frame(f"of {len(tests)} p values as printed").T

# %% tags=["hide-input"] mystnb={"image": {"alt": "One row per printed p value of Tables 1 and 3, with marks for Pearson's chi-square, the chi-square with Yates' correction and Fisher's exact test, and a bar for the printed value. In nearly every row the bar lies on Pearson's mark, left of the other two. In the response rate by RECIST it lies on Fisher's, and in the response rate by mRECIST on none."}, "figure": {"name": "fig-two-programs", "caption": "What three tests give for each table of counts, and what is printed (bar). Pearson: SPSS's first line. Yates: R's default."}}
fig, ax = figures.new(5.25, 6.8)
labels = [name.replace("rate, ", "rate,\n").replace(" tumor ", " tumor\n") for name in names]
long = (
    p_by.set_axis(labels)
    .rename(columns={"SPSS": "Pearson", "R": "Yates (R)"})
    .melt(ignore_index=False, var_name="test")
)
sns.scatterplot(long, x="value", y=long.index, hue="test", style="test", markers=["o", "s", "^"], s=42, ax=ax,
                palette=[figures.BLUE, figures.ORANGE, figures.GREEN], legend="brief", zorder=2)  # fmt: skip
printed = [float(item.printed.value) for item in tests.values()]
ax.scatter(printed, labels, s=260, color=figures.INK, marker="|", linewidth=2, label="printed", zorder=3)
ax.axvline(look.alpha, color=figures.GREY, linestyle="--", linewidth=1, zorder=1)
ax.tick_params(axis="y", labelsize=10)
ax.set(xlabel="p", ylabel="", xlim=(-0.02, 1.03))
ax.grid(axis="y", visible=False)
handles = ax.get_legend_handles_labels()
ax.get_legend().remove()
_ = fig.legend(
    *handles, loc="outside upper center", ncols=4, frameon=False, fontsize=9, handletextpad=0.2, columnspacing=1
)

# %% [markdown]
# All tables, with the printed p and what the programs give; a tick marks what prints as the paper does:

# %% tags=["hide-output"]
marked = p_by.map("{:.3f}".format) + hits.map({True: " ✓", False: ""}.get)
marked.insert(0, "printed", [item.p.printed for item in tests.values()])
marked

# %% [markdown]
# SPSS's first line prints **{glue:text}`n_spss` of the {glue:text}`n_tests`** p values as the paper does, R's default
# {glue:text}`n_r`, Fisher's two-sided test {glue:text}`n_fisher`. All {glue:text}`n_2x2` 2×2 tables would have read differently
# by R's default.
#
# So a reader can tell. The p values carry the mark of a program that prints Pearson first, or of a user of R who switched
# the correction off. The response rate by RECIST breaks the row: it is Fisher's. The smallest expected counts of the
# table decide that choice in most textbooks; whether it was made alike in every row is asked in [](32-outcomes).
#
# (programs-sides)=
# ## Fisher's two sides
#
# With the margins fixed, every possible table has a probability {cite}`fisher1935`. One side adds up the tables at least
# as extreme in the direction seen. For the other side there is no one definition. R, SciPy and SPSS add all tables that
# are *no more probable* than the one seen; others double the smaller side; and Lancaster's mid-p {cite}`lancaster1961`
# takes off half of the table seen.

# %%
first = tests["t3.orr.recist.p"].table
less, greater = contingency.fisher_less(first), contingency.fisher_greater(first)
sides = {
    "two-sided: R, SciPy, SPSS": contingency.fisher(first),
    "one-sided: SPSS prints it beside": min(less, greater),
    "one-sided, doubled": min(1, 2 * min(less, greater)),
    "mid-p": contingency.mid_p(first),
}
pd.Series({name: f"{float(p):.3f}" for name, p in sides.items()}).to_frame("p")

# %% [markdown]
# PSPP prints {glue:text}`pspp_fisher` and {glue:text}`pspp_side` for this table, in two columns side by side; the paper prints
# {printed}`t3.orr.recist.p`. Nobody can tell from a p value alone which column was read. Which printed p values of the
# {glue:text}`n_2x2` 2×2 tables stand in the one-sided column too?

# %%
two_by_two = [item for item in tests.values() if len(item.table) == 2]


def smaller_side(item):
    """Return the name of the one-sided test with the smaller p."""
    return min(("fisher_less", "fisher_greater"), key=contingency.all_tests(item.table).get)


one_sided = [item for item in two_by_two if smaller_side(item) in reproducing(item)]
pd.Series({item.p.subject: item.p.printed for item in one_sided}, dtype=object).to_frame("printed p")

# %% [markdown]
# Pearson's value rounds to the same three decimals there, so that either may have been copied.
#
# (programs-median)=
# ## The interval of a median
#
# Each program turns the survival curve into an interval for the median in its own way {cite}`brookmeyer1982`. R's
# `survfit` inverts a *log* band, lifelines a *log-log* band, and SPSS prints the median ± 1.96 standard errors. That
# standard error is the curve's, divided by its slope around the median, taken as textbooks do between the heights
# {glue:text}`above` and {glue:text}`below`:


# %%
ABOVE, BELOW = 0.55, 0.45  # heights between which the slope is taken


def symmetric(times, events):
    """Return median and limits by median ± 1.96 SE; None where the curve does not come down far enough."""
    fitted = KaplanMeierFitter().fit(times, events)
    table, curve = fitted.event_table.iloc[1:], fitted.survival_function_.iloc[1:, 0]
    at, s = curve.index.to_numpy(), curve.to_numpy()
    deaths, at_risk = table["observed"].to_numpy(), table["at_risk"].to_numpy()
    if s.min() > BELOW:
        return None, None, None
    before, after, middle = np.flatnonzero(s >= ABOVE)[-1], *(np.flatnonzero(s <= h)[0] for h in (BELOW, 0.5))
    slope = (s[before] - s[after]) / (at[after] - at[before])
    greenwood = np.cumsum(deaths[: middle + 1] / (at_risk - deaths)[: middle + 1] / at_risk[: middle + 1])[-1]
    reach = 1.96 * s[middle] * greenwood**0.5 / slope
    return at[middle], at[middle] - reach, at[middle] + reach


# %% [markdown]
# :::{admonition} Guess before you read on
# :class: tip
# The smallest group of the paper has performance status 2. On the patients of [](42-synthetic-cohort), which of the three programs
# would have printed no upper limit for it at all?
# :::


# %%
def inverted(band):
    """Return the way to a median and its limits that inverts a band."""

    def of(times, events):
        got = km.median_interval(times, events, band)
        return got.median, got.lower, got.upper

    return of


def as_printed(values, places):
    """Return a median with its limits, with so many decimals; NA where the curve does not come down far enough."""
    median, low, high = ("NA" if v is None or not np.isfinite(v) else f"{v:.{places}f}" for v in values)
    return f"{median} ({low}–{high})"


PROGRAMS = {"R (log)": inverted("log"), "SPSS (± 1.96 SE)": symmetric, "lifelines (log-log)": inverted("log-log"),
            "plain band": inverted("plain")}  # fmt: skip
medians, limits = {}, {}
for item in registry.layout.medians if records else ():
    patients = records.groups(item.group)
    times, events = records.times(item.endpoint)[patients], records.events(item.endpoint)[patients]
    triple = [registry[name].number for name in (item.median, item.lower, item.upper)]
    found = [[float(number.value) for number in triple], *(way(times, events) for way in PROGRAMS.values())]
    label = f"{item.endpoint.upper()}, {registry.layout.groups[item.group].label}"
    limits[label] = [found_upper for *_, found_upper in found]
    medians[label] = [as_printed(values, triple[0].places) for values in found]
medians = pd.DataFrame(medians, index=["printed", *PROGRAMS]).T
agree = medians[list(PROGRAMS)].eq(medians["printed"], axis=0)
medians[list(PROGRAMS)] += agree.map({True: " ✓", False: ""}.get)
medians

# %% [markdown]
# On the synthetic cohort, so many of the {glue:text}`n_medians` medians with their limits would each print as the paper does (ticks):
# R's default {glue:text}`agree_r`, SPSS {glue:text}`agree_spss`, lifelines {glue:text}`agree_lifelines`, a plain band
# {glue:text}`agree_plain`. R's default has no upper limit in {glue:text}`no_upper` of them.
#
# The invented patients of this book were sought so that the log-log band prints the paper's limits, so with them a tick in
# lifelines' column proves nothing. What the other columns show is how far the choice of a program alone moves a limit. That R's
# default has no upper limit for performance status 2 does *not* depend on these patients; it holds whatever the censoring, and is
# proved [elsewhere](events-band).
#
# So a limit that R gives as `NA` is no error: with few patients the log band may never come down to one half. A paper that
# prints an upper limit for such a group did not use R's default.
#
# (programs-ties)=
# ## Deaths at the same time
#
# A Cox model ranks times. When two patients die at the same recorded time the order is unknown, and programs approximate.
# Breslow {cite}`breslow1974` lets each of the tied deaths meet everyone who was at risk; Efron {cite}`efron1977` lets the
# second meet a group from which part of the first has already gone. R and lifelines take Efron's way by default (lifelines
# has no other), SPSS takes Breslow's. With one covariate the estimate is where the score crosses zero:


# %%
def log_hazard_ratio(x, times, events, ties):
    """Solve for the log hazard ratio of one covariate."""

    def score(beta):
        weight, total = np.exp(beta * x), 0.0
        for time in np.unique(times[events]):
            at_risk, tied = times >= time, events & (times == time)
            for number in range(tied.sum()):
                gone = number / tied.sum() if ties == "Efron" else 0.0
                share = weight * (at_risk - gone * tied)
                total -= (share * x).sum() / share.sum()
            total += x[tied].sum()
        return total

    return brentq(score, -10, 10)


# %%
ties = {}
for name, of in public.groupby("dataset", sort=False):
    x, times, events = of["x1"].to_numpy(float), of["time"].to_numpy(float), of["event"].to_numpy() == 1
    _, size = np.unique(times[events], return_counts=True)
    efron, breslow = (np.exp(log_hazard_ratio(x, times, events, way)) for way in ("Efron", "Breslow"))
    ties[name] = events.sum(), 100 * size[size > 1].sum() / events.sum(), efron, breslow
ties = pd.DataFrame(ties, index=["events", "% tied", "HR, Efron", "HR, Breslow"]).T
ties.style.format("{:.0f}", subset=["events", "% tied"]).format("{:.5f}", subset=["HR, Efron", "HR, Breslow"])

# %% [markdown]
# Each is what R prints with `ties = "efron"` and `ties = "breslow"`. For *rossi*, lifelines says:

# %%
rossi = public.loc[public["dataset"] == "rossi", ["x1", "time", "event"]].astype(float)
with warnings.catch_warnings(action="ignore"):
    lifelines_says = CoxPHFitter().fit(rossi, "time", "event").hazard_ratios_["x1"]
print(f"{lifelines_says:.5f}")

# %% [markdown]
# Breslow's way pulls the ratio towards 1. Of the {glue:text}`n_sets` pairs {glue:text}`differ_2` would print differently with two
# decimals, and {glue:text}`differ_3` with three, as the paper's tables have them.
#
# :::{admonition} Guess before you read on
# :class: tip
# The times of [the invented patients](42-synthetic-cohort) are finer than any paper prints. How coarse must they be rounded before SPSS and R print
# different hazard ratios for performance status: tenths of a month, whole months, quarters?
# :::

# %%
UNITS = {"as in the file": 0.0, "0.1 month": 0.1, "half months": 0.5, "months": 1.0, "two months": 2.0, "quarters": 3.0}


def rounded(times, unit):
    """Return times rounded up to whole units, so that nobody has an event at 0."""
    return times if not unit else np.ceil(np.round(times / unit, 9)).astype(float)


x = records.exposed("t6", "ecog").astype(float)
times, events = records.times("os"), records.events("os")
ratios = pd.DataFrame(
    {
        way: {name: np.exp(log_hazard_ratio(x, rounded(times, unit), events, way)) for name, unit in UNITS.items()}
        for way in ("Efron", "Breslow")
    }
)
ratios.map("{:.3f}".format)

# %% tags=["hide-input"] mystnb={"image": {"alt": "The hazard ratio of performance status for overall survival by Efron's and by Breslow's way with ties, for times as in the file and rounded to coarser and coarser units. The two lines lie on each other on the left and part to the right, where Breslow's falls below Efron's."}, "figure": {"name": "fig-ties", "caption": "The same patients, their times rounded up to coarser units: hazard ratio of performance status for overall survival, by the two ways with ties."}}
fig, ax = figures.new(5.25, 3.6)
curves = ratios.rename(columns={"Efron": "Efron: R, lifelines", "Breslow": "Breslow: SPSS"})
curves.index = [name.replace(" ", "\n", 1).replace("as\nin", "as in\n") for name in ratios.index]
sns.lineplot(curves, markers=["o", "s"], markeredgewidth=0, dashes=False, palette=[figures.BLUE, figures.ORANGE], ax=ax)
ax.tick_params(axis="x", labelsize=10)
ax.set(ylabel="hazard ratio", xlabel="times rounded to")
_ = ax.legend(frameon=False)

# %% [markdown]
# With the file's own times the two give {glue:text}`file_efron` and {glue:text}`file_breslow`; in tenths of a month, as the paper
# prints its medians, {glue:text}`tenth_efron` and {glue:text}`tenth_breslow`; in quarters {glue:text}`quarters_efron` and
# {glue:text}`quarters_breslow`. The coarsest unit that leaves the third decimal alike: *{glue:text}`last_alike`*.
# A hazard ratio with three decimals therefore says how finely times were recorded, as well as which program ranked them.
# The paper names neither a way with ties nor the unit, so a row that misses by a last digit can be due to it.
#
# (programs-each)=
# ## What each would have printed
#
# | question | R {printed}`methods.r_software.version`, `stats` and `survival` | SPSS {printed}`methods.spss.version` | SciPy, lifelines |
# |---|---|---|---|
# | chi-square of a 2×2 table | with Yates' correction | Pearson first, the correction below | with Yates' correction |
# | Fisher, two-sided | all tables no more probable | the same | the same |
# | Fisher, one-sided | on request | beside the two-sided | on request |
# | interval of a median | log band | median ± 1.96 SE | log-log band |
# | median of a curve that rests at one half | middle of the rest | its beginning | one of its ends |
# | ties in a Cox model | Efron | Breslow | Efron |
# | log-rank test | hypergeometric variance | the same | the same |
#
# On this paper's numbers that means:

# %%
of_programs = pd.DataFrame(
    {
        "p values of Tables 1 and 3 as printed": [f"{hits[name].sum()} of {len(hits)}" for name in ("R", "SPSS", "R")],
        "p of the response rate by RECIST": [
            f"{by_program(tests['t3.orr.recist.p'])[0][name]:.3f}" for name in ("R", "SPSS", "R")
        ],
        "medians as printed, on these patients": [f"{agree[way].sum()} of {len(agree)}" for way in list(PROGRAMS)[:3]],
        "median OS, performance status 2": medians.filter(regex="^OS.*2$", axis=0).iloc[0, 1:4].tolist(),
        "hazard ratio of performance status, OS, in months": [
            f"{ratios.loc['months', way]:.3f}" for way in ("Efron", "Breslow", "Efron")
        ],
    },
    index=["R", "SPSS", "SciPy, lifelines"],
)
of_programs.T

# %% [markdown]
# No single program with its defaults prints all of this paper. Its tables of counts look like SPSS's first line. Its
# intervals of medians fit a log-log band ([](40-how-many-events)), the default of lifelines and SAS and of neither program
# that the paper names. Two programs, or one with other options: the paper does not say. *What it does not show:* that any
# number is wrong. Each of these answers is correct for the question that its program asks.
#
# ## Practice

# %% tags=["remove-input"]
four = {"yes_one": 12, "yes_other": 6, "no_one": 8, "no_other": 14}
plain, corrected = (stats.chi2_contingency([[12, 6], [8, 14]], correction=way) for way in (False, True))
practice.ask("two-programs.after", **four, p=plain.pvalue, yates=corrected.statistic, p_yates=corrected.pvalue)

# %% [markdown]
# ## Exercises

# %% tags=["remove-cell"]
(by_r, _), (by_pspp, pspp), (public_r, r_survival) = map(printout, ("tables-tests", "crosstabs", "survival-public"))
dcr, orr = ({key: f"{float(p):.3f}" for key, p in contingency.all_tests(tests[f"t3.{rate}.recist.p"].table).items()}
            for rate in ("dcr", "orr"))  # fmt: skip
smallest_group = look.count("t1.ecog.2.lp.n") + look.count("t1.ecog.2.r.n")
pspp_row = by_pspp[by_pspp["table"] == "t3.orr.recist.p"].set_index("test")["p"]
alike = ratios.index[ratios["Efron"].map("{:.3f}".format) == ratios["Breslow"].map("{:.3f}".format)]
told = {f"{name}_{way.lower()}": f"{ratios.loc[unit, way]:.3f}" for way in ("Efron", "Breslow")
        for name, unit in (("file", "as in the file"), ("tenth", "0.1 month"), ("quarters", "quarters"))}  # fmt: skip
differ = {
    n: sum(ties["HR, Efron"].map(f"{{:.{n}f}}".format) != ties["HR, Breslow"].map(f"{{:.{n}f}}".format)) for n in (2, 3)
}
look.tell(
    **told, **dict(zip(("agree_r", "agree_spss", "agree_lifelines", "agree_plain"), agree.sum(), strict=True)),
    level=f"{look.alpha:g}", p_values=len(tests), n_tests=len(tests), reported=dcr["yates"], smallest_group=smallest_group,
    dcr_yates=dcr["yates"], above=ABOVE, below=BELOW, r_survival=r_survival, pspp=pspp, n_by_r=len(by_r), n_public=f"{len(public_r):,}",
    n_sets=public["dataset"].nunique(), n_by_pspp=len(by_pspp), n_spss=hits["SPSS"].sum(), n_r=hits["R"].sum(),
    n_fisher=hits["Fisher"].sum(), n_2x2=len(two_by_two), pspp_fisher=f"{pspp_row['fisher']:.3f}",
    pspp_side=f"{pspp_row['fisher_one_sided']:.3f}", n_medians=len(medians),
    no_upper=sum(by_r is None for _, by_r, *_ in limits.values()), last_alike=alike[-1] if len(alike) else "none",
    differ_2=differ[2] or "none", differ_3=differ[3] or "none",
)  # fmt: skip

# %% tags=["remove-cell", "guard"]
assert orr["fisher"] == look.printed("t3.orr.recist.p"), f"“The first is Fisher's test”: {orr}"
assert dcr["pearson"] == look.printed("t3.dcr.recist.p"), f"“The second is Pearson's chi-square”: {dcr}"
assert km.ranks(smallest_group, "log").upper is None, f"“R's band has no upper limit at all” for {smallest_group}"
same = [item.p.id for item in two_by_two if contingency.all_tests(item.table).keys() >= {"yates"}
        and f"{float(contingency.yates(item.table)):.3f}" == f"{float(contingency.pearson(item.table)):.3f}"]  # fmt: skip
assert not same, f"“All 2×2 tables would have read differently by R's default”, but not {same}"
other = [item.p.id for item in one_sided if "pearson" not in reproducing(item)]
assert not other, f"“Pearson's value rounds to the same three decimals there”, but not in {other}"
nearer_1 = np.log(ties["HR, Breslow"]).abs() < np.log(ties["HR, Efron"]).abs()
assert nearer_1.all(), f"“Breslow's way pulls the ratio towards 1”: {ties[~nearer_1]}"
r_says = public_r[(public_r["who"] == "x1") & (public_r["statistic"] == "hr")].set_index(["dataset", "by"])["value"]
for way in ("Efron", "Breslow"):
    r_ratio = pd.Series({name: float(r_says[name, f"{way.lower()}:x1"]) for name in ties.index})
    assert np.allclose(r_ratio, ties[f"HR, {way}"], rtol=0, atol=1e-9), f"“what R prints” by {way}: {r_ratio}, {ties}"
assert abs(lifelines_says - ties.loc["rossi", "HR, Efron"]) < 1e-4, f"“lifelines says”: {lifelines_says}, R {ties}"

# %% [markdown]
# ::::{exercise} Which program was it?
# :label: programs-which
#
# *Level 1 of 3 · 10 minutes · calculator, or any statistics program*
#
# A colleague reports, for the disease control rate of Table 3, p = {glue:text}`reported`. Which program and which test? And would the
# conclusion at the level of {glue:text}`level` be another by any of the tests of this chapter?
#
# The counts: {printed}`t3.dcr.recist.lp.n` of {printed}`patients.size.lp` with LP, {printed}`t3.dcr.recist.r.n` of
# {printed}`patients.size.r` with R.
# ::::
#
# :::{admonition} Hint
# :class: tip dropdown
# Pearson's formula stands in [](read-tests). Yates takes half of $N$ off $|ad - bc|$ before it is squared. Which
# program shows which of the two first?
# :::

# %% [markdown]
# ::::{solution-start} programs-which
# :class: dropdown
# ::::
#
# Compute all of them on the counts, and look for the one that prints it.

# %%
control = tests["t3.dcr.recist.p"].table
reported = f"{contingency.yates(control):.3f}"
every = {name: float(contingency.all_tests(control)[key]) for key, (name, _) in contingency.TESTS.items()}
shown = {name: f"{p:.3f}" for name, p in every.items()}
marked = {name: text + "\u00a0✓" * (text == reported) for name, text in shown.items()}
pd.Series(marked).to_frame("p")

# %%
less, _ = contingency.TESTS["fisher_less"]
sided = {name: p for name, p in every.items() if name != less}
print("all below the level:", all(p < look.alpha for p in sided.values()))

# %% [markdown]
# (Left out is the side that nobody asks about.) It was the chi-square with Yates' correction: R or SciPy with their defaults, or the line "Continuity Correction" of SPSS's table.
#
# ::::{solution-end}
# ::::

# %% [markdown]
# ::::{exercise} A limit that is not there
# :label: programs-limit
#
# *Level 2 of 3 · 20 minutes · calculator, or R: `survfit` with `conf.type` “log”, “log-log” and “plain”*
#
# Twelve patients, all followed until their event, at months 1 to 12. Which limits does each band give for the median? From
# which number of patients on has R's default an upper limit?
# ::::
#
# :::{admonition} Hint
# :class: tip dropdown
# After $i$ of $n$ deaths the curve stands at $S = 1 - i/n$, with a standard error of $\sqrt{S(1-S)/n}$. The edges of
# the log band are $S\,e^{\pm 1.96\,\mathrm{SE}/S}$, of the plain one $S \pm 1.96\,\mathrm{SE}$; those of the log-log
# band are $S$ to the power $e^{\pm 1.96\,\mathrm{SE}/(S \ln S)}$. A limit is the first month at which an edge is at
# one half or below.
# :::

# %% [markdown]
# ::::{solution-start} programs-limit
# :class: dropdown
# ::::
#
# Without censoring each limit is the time of an event, so the months are ranks. Add patients until the log band has an upper
# limit.


# %%
def interval(n, band):
    """Return the median's limits for n patients with their events at months 1 to n."""
    return km.median_interval(range(1, n + 1), [True] * n, band)


for band in ("log", "log-log", "plain"):
    got = interval(12, band)
    print(f"{band}: {got.median} ({got.lower} to {got.upper or 'NA'})")
enough = next(n for n in range(5, 40) if interval(n, "log").upper is not None)
print(f"an upper limit by the log band: from {enough} patients on")

# %% tags=["remove-cell", "guard"]
assert interval(enough - 1, "log").upper is None, f"“From which number on”: {enough - 1} has a limit, too"
assert smallest_group < enough, f"“The paper's smallest group is too small for a limit”: {smallest_group}, {enough}"

# %% [markdown]
# The log band is the highest of the three at the end of the curve: its upper edge is a multiple of what is left, and with few
# patients it is still above one half when the last but one has died. The paper's smallest group, {glue:text}`smallest_group`
# patients, is too small for a limit by R's default, and the paper prints one.
#
# ::::{solution-end}
# ::::

# %% [markdown]
# ::::{exercise} How coarse may a clock be?
# :label: programs-clock
#
# *Level 3 of 3 · 40 minutes · Python, or R: `coxph` with `ties = "breslow"` and without*
#
# Simulate one study, 160 patients divided evenly with a hazard ratio of 2 and a median of eight months in the worse
# arm, and record the times in days, weeks, months and quarters. How far do Efron's and Breslow's hazard ratios drift apart, and
# which of the two stays nearer to that of the exact times?
# ::::
#
# :::{admonition} Hint
# :class: tip dropdown
# Draw exponential times with mean 8 / ln 2 in one arm and twice that in the other; round them *up* to whole units of
# each kind. `log_hazard_ratio` above, or `coxph`, takes them from there.
# :::

# %% [markdown]
# ::::{solution-start} programs-clock
# :class: dropdown
# ::::

# %%
rng = np.random.default_rng(2803)
worse = np.arange(160) % 2 == 0
lived = rng.exponential(8 / np.log(2), 160) * np.where(worse, 1, 2)
died = np.ones(160, dtype=bool)
exact = np.exp(log_hazard_ratio(worse.astype(float), lived, died, "Efron"))
print(f"exact times: {exact:.3f}")
drift = {}
for name, unit in (("days", 12 / 365.25), ("weeks", 7 * 12 / 365.25), ("months", 1.0), ("quarters", 3.0)):
    coarse = rounded(lived, unit)
    efron, breslow = (
        np.exp(log_hazard_ratio(worse.astype(float), coarse, died, ties)) for ties in ("Efron", "Breslow")
    )
    nearer = "Efron" if abs(np.log(efron / exact)) < abs(np.log(breslow / exact)) else "Breslow"
    drift[name] = f"{efron:.3f}", f"{breslow:.3f}", nearer
pd.DataFrame.from_dict(drift, "index", columns=["Efron", "Breslow", "nearer"])

# %% tags=["remove-cell", "guard"]
assert nearer == "Efron", f"“Efron's stays nearer”: {drift}"
assert breslow < efron < exact, f"“Breslow's ratio falls towards 1”: {breslow}, {efron}, {exact}"

# %% [markdown]
# Days and weeks hardly matter. With months and quarters Breslow's ratio falls towards 1, since each of the tied deaths is compared
# with others that have died by then; Efron's stays nearer. One study is an anecdote: try other seeds, and count how often it is so.
#
# ::::{solution-end}
# ::::
#
# ## Key takeaways
#
# - [A p value of a 2×2 table](programs-counts) is not recomputed until the correction is named: R and SciPy correct, SPSS
#   prints both.
# - [“Two-sided” has more than one meaning](programs-sides) for Fisher's test, and one-sided values stand in the next column.
# - [The interval of a median](programs-median) belongs to a band. Three programs have three defaults, and in a small group one of
#   them has no upper limit.
# - [Ties](programs-ties) move a Cox ratio: in a late digit when times are fine, in an early one when they are coarse. R and lifelines
#   follow Efron, SPSS Breslow.
# - ["Statistics were done with R and SPSS"](programs-each) does not say which question was asked. Name the test, the band and the
#   ties.
#
# ## Strengths and limitations of the method
#
# *Strengths.* Counts are printed, so that every program's p value can be computed exactly and held against the printed one;
# R and PSPP were run and agree with this book's code. *Limitations.* SPSS itself was not run, and its survival procedures are
# described from its documentation by others. Defaults can be switched off, and versions change them, so that a match names a way
# of computing and never proves which program was open on whose screen. What is said of medians and ties on invented patients shows
# how far a choice of program *can* move a number, not how far it did.
#
# ## Further reading
#
# Small 2×2 tables and their tests: {cite:t}`campbell2007`, {cite:t}`agresti2013`. The corrections: {cite:t}`yates1934`,
# {cite:t}`lancaster1961`. Intervals of a median: {cite:t}`brookmeyer1982`. Ties: {cite:t}`breslow1974`, {cite:t}`efron1977`. The
# programs: {cite:t}`therneau-survival`, {cite:t}`davidsonpilon2019`. Reporting so that others can repeat it:
# {cite:t}`sandve2013`.

# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% tags=["remove-cell"]
import warnings
from fractions import Fraction
from html import escape
from pathlib import Path

import numpy as np
import pandas as pd
from IPython.display import Markdown, display
from lifelines import CoxPHFitter, KaplanMeierFitter
from scipy import stats
from scipy.optimize import brentq

from secondlook.checks.association import associations
from secondlook.numbers.printed import Interval
from secondlook.pages import figures, present
from secondlook.pages.look import start
from secondlook.stats import contingency, km

look = start(published, alpha, cohort)
registry, records = look.registry, look.records

REFERENCE = Path("data/reference")
by_r, by_pspp = (pd.read_csv(REFERENCE / name, comment="#") for name in ("tables-tests.csv", "crosstabs.csv"))
public_r = pd.read_csv(REFERENCE / "survival-public.csv", comment="#")
public = pd.read_csv(REFERENCE / "survival-public-data.csv")


def version(name):
    """Return which program made a file of references, by its first line."""
    return (REFERENCE / name).read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")


tests = [item for item in associations(registry) if item.p.table in ("t1", "t3")]
who = "the synthetic cohort" if look.synthetic else "the records that were handed in"
look.tell(level=f"{alpha:g}", p_values=len(tests))


# %% tags=["remove-cell"]
def cells(value_id):
    """Return the table of counts that a printed p value tests."""
    return next(item.table for item in tests if item.p.id == value_id)


def three(value_id):
    """Return p by Pearson's, Yates' and Fisher's test, as a paper would print them."""
    found = contingency.all_tests(cells(value_id))
    return {name: f"{float(found[name]):.3f}" for name in ("pearson", "yates", "fisher")}


ORR, DCR = "t3.orr.recist.p", "t3.dcr.recist.p"
smallest_group = look.count("t1.ecog.2.lp.n") + look.count("t1.ecog.2.r.n")
by_log = km.ranks(smallest_group, "log")
assert three(ORR)["fisher"] == look.printed(ORR)
assert three(DCR)["pearson"] == look.printed(DCR)
assert by_log.upper is None
look.tell(
    dcr_yates=three(DCR)["yates"], dcr_fisher=three(DCR)["fisher"], orr_pearson=three(ORR)["pearson"],
    orr_yates=three(ORR)["yates"], smallest_group=smallest_group,
)  # fmt: skip

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
#
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
#
# :::{admonition} Open the answer
# :class: dropdown
# The first is Fisher's test, which either program gives, but only to somebody who asks for it or looks further down. The
# second is Pearson's chi-square, SPSS's first line; R corrects it to {glue:text}`dcr_yates` unless told otherwise. The third
# neither program prints by default: for {glue:text}`smallest_group` patients R's band has no upper limit at all, and SPSS's
# interval has its median midway. So one paper can carry the marks of several programs, or of several settings of one.
# :::
#

# %% tags=["remove-input"]
r_name, _, survival = version("survival-public.csv").rpartition(", survival ")
display(
    Markdown(
        f"Behind this page stands a comparison that the tests repeat wherever the programs are installed. {r_name}, with "
        f"its package survival {survival}, computed {len(by_r)} tests of the paper's tables and {len(public_r):,} survival "
        f"statistics of {public['dataset'].nunique()} public data sets; the free work-alike of SPSS, {version('crosstabs.csv')}, "
        f"{len(by_pspp)} of the same tests. This book's own code agrees with each, to nine digits or to the last that is printed. "
        "SPSS itself was not run: what is said of it here follows PSPP and, for survival, which PSPP does not do, common "
        "descriptions of SPSS."
    )
)

# %% [markdown]
# (programs-counts)=
# ## One table, three p values
#
# The response rate by mRECIST, out of Table 3. The same four numbers, three ways to ask for a chi-square test:


# %%
response = np.array(cells("t3.orr.mrecist.p"))
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


# %% tags=["remove-cell"]
def prints(item, p):
    """Tell whether a p value prints what the paper prints; the floating-point ones get their error."""
    exact = isinstance(p, Fraction)
    return item.printed.matches(Interval(p, p) if exact else Interval(p * (1 - 1e-11), p * (1 + 1e-11)))


def answers(item):
    """Return what each program prints for a table, by the column of the table below."""
    p = contingency.all_tests(item.table)
    return {"SPSS, first line": p["pearson"], "R, by default": p.get("yates", p["pearson"]), "Fisher": p["fisher"]}


WAYS = ("SPSS, first line", "R, by default", "Fisher")
found = [(item, answers(item)) for item in tests]
names = [item.p.subject.rsplit(", ", 1)[0] for item in tests]
hits = {way: [item for item, p in found if prints(item, p[way])] for way in WAYS}
one_sided = [item for item in tests if len(item.table) == 2 and prints(item, min(
    contingency.fisher_less(item.table), contingency.fisher_greater(item.table)))]  # fmt: skip
unlike = [item for item, p in found if f"{float(p[WAYS[0]]):.3f}" != f"{float(p[WAYS[1]]):.3f}"]
two_by_two = [item for item in tests if len(item.table) == 2]
assert all(item in unlike for item in two_by_two), "the prose says that the correction changes every 2×2 table"

# %% tags=["hide-input"] mystnb={"image": {"alt": "One row per printed p value of Tables 1 and 3, with marks for Pearson's chi-square, the chi-square with Yates' correction and Fisher's exact test, and a bar for the printed value. In nearly every row the bar lies on Pearson's mark, left of the other two. In the response rate by RECIST it lies on Fisher's, and in the response rate by mRECIST on none."}, "figure": {"name": "fig-two-programs", "caption": "What three tests give for each table of counts, and what is printed (bar). Pearson: SPSS's first line. Yates: R's default."}}
fig, ax = figures.new(5.25, 6.8)
places = np.arange(len(found))[::-1]
looks = {"SPSS, first line": ("Pearson", figures.BLUE, "o"), "R, by default": ("Yates (R)", figures.ORANGE, "s"),
         "Fisher": ("Fisher", figures.GREEN, "^")}  # fmt: skip
for way, (label, colour, marker) in looks.items():
    ax.scatter([float(p[way]) for _, p in found], places, s=42, color=colour, marker=marker, label=label, zorder=2)
shown = [float(item.printed.value) for item, _ in found]
ax.scatter(shown, places, s=260, color=figures.INK, marker="|", linewidth=2, label="printed", zorder=3)
ax.axvline(look.alpha, color=figures.GREY, linestyle="--", linewidth=1, zorder=1)
ax.set_yticks(places, [name.replace("rate, ", "rate,\n").replace(" tumor ", " tumor\n") for name in names], fontsize=10)
ax.set(xlabel="p", xlim=(-0.02, 1.03))
ax.grid(axis="y", visible=False)
ax.figure.legend(loc="outside upper center", ncols=4, frameon=False, fontsize=9, handletextpad=0.2, columnspacing=1)

# %% tags=["remove-input"]
listed = []
for (item, p), name in zip(found, names, strict=True):
    marked = [f"{float(p[way]):.3f}{' ✓' if item in hits[way] else ''}" for way in WAYS]
    listed.append([escape(name), escape(item.p.printed), *marked])
display(
    present.fold(
        f"All {len(found)} tables: printed p and what the programs give",
        present.table(
            ["table", "printed", "SPSS", "R", "Fisher"],
            listed,
            "Printed p values beside three tests",
            numeric=(1, 2, 3, 4),
        ),
    )
)
display(
    Markdown(
        f"SPSS's first line prints **{len(hits[WAYS[0]])} of the {len(found)}** p values as the paper does, R's default "
        f"{len(hits[WAYS[1]])}, Fisher's two-sided test {len(hits['Fisher'])}. All {len(unlike)} 2×2 tables would have "
        "read differently by R's default."
    )
)

# %% [markdown]
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
first = contingency.as_counts(cells("t3.orr.recist.p"))
less, greater = contingency.fisher_less(first), contingency.fisher_greater(first)
sides = {
    "two-sided: R, SciPy, SPSS": contingency.fisher(first),
    "one-sided: SPSS prints it beside": min(less, greater),
    "one-sided, doubled": min(1, 2 * min(less, greater)),
    "mid-p": contingency.mid_p(first),
}
pd.Series({name: f"{float(p):.3f}" for name, p in sides.items()}).to_frame("p")

# %% tags=["remove-input"]
pspp_row = by_pspp[(by_pspp["table"] == "t3.orr.recist.p")].set_index("test")["p"]
display(
    Markdown(
        f"PSPP prints {pspp_row['fisher']:.3f} and {pspp_row['fisher_one_sided']:.3f} for this table, in two columns side "
        f"by side; the paper prints {look.printed('t3.orr.recist.p')}. Nobody can tell from a p value alone which column was "
        f"read. Of the {len(two_by_two)} 2×2 tables there are {len(one_sided)} whose printed p "
        f"({', '.join(dict.fromkeys(escape(item.p.printed) for item in one_sided)) or 'none'}) stands in the one-sided column too. "
        "Pearson's value rounds to the same three decimals there, so that either may have been copied."
    )
)
assert all(item in hits[WAYS[0]] for item in one_sided), "the prose says that Pearson's value prints the same"

# %% [markdown]
# (programs-median)=
# ## The interval of a median
#
# Each program turns the survival curve into an interval for the median in its own way {cite}`brookmeyer1982`. R's
# `survfit` inverts a *log* band, lifelines a *log-log* band, and SPSS prints the median ± 1.96 standard errors. That
# standard error is the curve's, divided by its slope around the median, taken as textbooks do between the heights 0.55
# and 0.45:


# %%
def symmetric(times, events):
    """Return median and limits by median ± 1.96 SE; None where the curve does not come down far enough."""
    fitted = KaplanMeierFitter().fit(times, events)
    table, curve = fitted.event_table.iloc[1:], fitted.survival_function_.iloc[1:, 0]
    at, s = curve.index.to_numpy(), curve.to_numpy()
    deaths, at_risk = table["observed"].to_numpy(), table["at_risk"].to_numpy()
    if s.min() > 0.45:
        return None, None, None
    before, after, middle = (np.flatnonzero(s >= 0.55)[-1], np.flatnonzero(s <= 0.45)[0], np.flatnonzero(s <= 0.5)[0])
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


# %% tags=["remove-cell"]
def shown_interval(values, like):
    """Return a median with its limits, with the decimals of the printed one."""
    places = -int(like.value.as_tuple().exponent) if hasattr(like.value, "as_tuple") else 1
    text = ["NA" if value is None or not np.isfinite(value) else f"{value:.{places}f}" for value in values]
    return f"{text[0]} ({text[1]}–{text[2]})"


def inverted(band):
    """Return the way to a median that inverts a band."""

    def of(times, events):
        got = km.median_interval(times, events, band)
        return got.median, got.lower, got.upper

    return of


MEDIAN_WAYS = {"R, by default (log)": inverted("log"), "lifelines, by default (log-log)": inverted("log-log"),
               "plain band": inverted("plain"), "SPSS (± 1.96 SE)": symmetric}  # fmt: skip
medians, agree, without = [], dict.fromkeys(MEDIAN_WAYS, 0), dict.fromkeys(MEDIAN_WAYS, 0)
for item in registry.layout.medians if records else ():
    members = records.groups(item.group)
    times, events = records.times(item.endpoint)[members], records.events(item.endpoint)[members]
    values = [registry[getattr(item, name)] for name in ("median", "lower", "upper")]
    wanted = shown_interval([float(v.number.value) for v in values], values[0].number)
    row = {way: compute(times, events) for way, compute in MEDIAN_WAYS.items()}
    texts = {way: shown_interval(triple, values[0].number) for way, triple in row.items()}
    for way in MEDIAN_WAYS:
        agree[way] += texts[way] == wanted
        without[way] += row[way][2] is None
    one_median = {text.partition(" ")[0] for text in texts.values()} == {wanted.partition(" ")[0]}
    said = {way: text.partition(" ")[2].strip("()") if one_median else text for way, text in texts.items()}
    marks = [f"{said[way]} ✓" if text == wanted else said[way] for way, text in texts.items()]
    label = f"{item.endpoint.upper()}, {registry.layout.groups[item.group].label}"
    limits = wanted.partition(" ")[2].strip("()") if one_median else wanted
    medians.append([escape(label), escape(limits), *marks])

# %% tags=["remove-input"]
if records:
    display(
        Markdown(
            f"On {who}, how many of the {len(medians)} medians with their limits would each print as the paper does? "
            + "; ".join(f"{way}, {agree[way] or 'none'}" for way in MEDIAN_WAYS)
            + f". R's default has no upper limit in {without['R, by default (log)']} of them. In the table only the limits are shown "
            "where all of them give the printed median; a tick marks what prints as the paper does."
        )
    )
    programs = [[name, printed, r, spss, lifelines] for name, printed, r, lifelines, _, spss in medians]
    header = ["limits of the median", "printed", "R", "SPSS", "lifelines"]
    display(present.table(header, programs, "Limits of the medians by three programs", range(1, 5)))
else:
    display(Markdown("There are no patients to compute on: no file was found."))

# %% tags=["remove-input"]
if look.synthetic:
    display(
        Markdown(
            "These patients were sought so that the log-log band prints the paper's limits, so a tick in lifelines' "
            "column proves nothing. What the other columns show is how far the choice of a program alone moves a "
            "limit. That R's default has no upper limit for performance status 2 does *not* depend on these patients; "
            'it holds whatever the censoring, and is proved <a href="40-how-many-events.html#events-band">elsewhere</a>.'
        )
    )

# %% [markdown]
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


# %% tags=["remove-cell"]
def by_reference(name, ties):
    """Return R's hazard ratio of the first covariate of a public data set."""
    of = public_r[(public_r["dataset"] == name) & (public_r["who"] == "x1") & (public_r["statistic"] == "hr")]
    return float(of[of["by"] == f"{ties.lower()}:x1"]["value"].iloc[0])


ties_rows, furthest, differ = [], 0.0, {2: 0, 3: 0}
for name, of in public.groupby("dataset", sort=False):
    x, times, events = of["x1"].to_numpy(float), of["time"].to_numpy(float), of["event"].to_numpy() == 1
    at, size = np.unique(times[events], return_counts=True)
    share = 100 * size[size > 1].sum() / events.sum()
    own = [np.exp(log_hazard_ratio(x, times, events, ties)) for ties in ("Efron", "Breslow")]
    furthest = max(furthest, *(abs(a - by_reference(name, t)) for a, t in zip(own, ("Efron", "Breslow"), strict=True)))
    for places in differ:
        differ[places] += f"{own[0]:.{places}f}" != f"{own[1]:.{places}f}"
    assert abs(np.log(own[1])) < abs(np.log(own[0])), "the prose says that Breslow's ratio is nearer to 1"
    ties_rows.append([escape(name), str(int(events.sum())), f"{share:.0f}", *(f"{value:.5f}" for value in own)])
assert furthest < 1e-9
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    rossi = public[public["dataset"] == "rossi"]
    lifelines_says = (
        CoxPHFitter().fit(rossi[["x1", "time", "event"]].astype(float), "time", "event").hazard_ratios_["x1"]
    )
assert abs(lifelines_says - by_reference("rossi", "Efron")) < 1e-4

# %% tags=["remove-input"]
display(
    present.table(
        ["data set", "events", "% tied", "HR, Efron", "HR, Breslow"],
        ties_rows,
        "Hazard ratios of five public data sets by two ways with ties",
        numeric=(1, 2, 3, 4),
    )
)
display(
    Markdown(
        'Each is what R prints with `ties = "efron"` and `ties = "breslow"`. For *rossi*, lifelines says '
        f"{lifelines_says:.5f}. Breslow's way pulls the ratio towards 1. Of the {len(ties_rows)} pairs "
        f"{differ[2] or 'none'} would print differently with two decimals, and {differ[3] or 'none'} with three, as the paper's "
        "tables have them."
    )
)

# %% [markdown]
# :::{admonition} Guess before you read on
# :class: tip
# The times of [the patients of this book](42-synthetic-cohort) are finer than any paper prints. How coarse must they be rounded before SPSS and R print
# different hazard ratios for performance status: tenths of a month, whole months, quarters?
# :::

# %% tags=["remove-cell"]
UNITS = {"as in the file": 0.0, "0.1 month": 0.1, "half months": 0.5, "months": 1.0, "two months": 2.0, "quarters": 3.0}


def rounded(times, unit):
    """Return times rounded up to whole units, so that nobody has an event at 0."""
    return times if not unit else np.ceil(np.round(times / unit, 9)).astype(float)


ratios = {}
if records:
    x = records.exposed("t6", "ecog").astype(float)
    times, events = records.times("os"), records.events("os")
    for name, unit in UNITS.items():
        coarse = rounded(times, unit)
        ratios[name] = [np.exp(log_hazard_ratio(x, coarse, events, ties)) for ties in ("Efron", "Breslow")]

# %% tags=["hide-input"] mystnb={"image": {"alt": "The hazard ratio of performance status for overall survival by Efron's and by Breslow's way with ties, for times as in the file and rounded to coarser and coarser units. The two lines lie on each other on the left and part to the right, where Breslow's falls below Efron's."}, "figure": {"name": "fig-ties", "caption": "The same patients, their times rounded up to coarser units: hazard ratio of performance status for overall survival, by the two ways with ties."}}
if ratios:
    fig, ax = figures.new(5.25, 3.6)
    for column, (label, colour, marker) in enumerate(
        [("Efron: R, lifelines", figures.BLUE, "o"), ("Breslow: SPSS", figures.ORANGE, "s")]
    ):
        ax.plot([pair[column] for pair in ratios.values()], color=colour, marker=marker, label=label)
    ax.set_xticks(
        range(len(ratios)), [name.replace(" ", "\n", 1).replace("as\nin", "as in\n") for name in ratios], fontsize=10
    )
    ax.set(ylabel="hazard ratio", xlabel="times rounded to")
    ax.legend(frameon=False)

# %% tags=["remove-input"]
if ratios:
    part = next((name for name, (a, b) in ratios.items() if f"{a:.3f}" != f"{b:.3f}"), None)
    tenth = ratios["0.1 month"]
    display(
        Markdown(
            f"With the file's own times the two give {ratios['as in the file'][0]:.3f} and "
            f"{ratios['as in the file'][1]:.3f}; in tenths of a month, as the paper prints its medians, {tenth[0]:.3f} and "
            f"{tenth[1]:.3f}; in quarters {ratios['quarters'][0]:.3f} and {ratios['quarters'][1]:.3f}. "
            + (f"The third decimal differs from *{part}* on." if part else "The third decimal never differs.")
        )
    )

# %% [markdown]
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

# %% tags=["remove-input"]
lines = [
    ["p values of Tables 1 and 3 as printed", *(f"{len(hits[way])} of {len(found)}" for way in (WAYS[1], WAYS[0], WAYS[1]))],
    ["p of the response rate by RECIST", *(f"{float(answers(next(i for i in tests if i.p.id == 't3.orr.recist.p'))[way]):.3f}" for way in (WAYS[1], WAYS[0], WAYS[1]))],
]  # fmt: skip
if records:
    order = ("R, by default (log)", "SPSS (± 1.96 SE)", "lifelines, by default (log-log)")
    lines.append(["medians as printed, on these patients", *(f"{agree[way]} of {len(medians)}" for way in order)])
    smallest = next((row for row in medians if row[0].startswith("OS") and "2" in row[0].rsplit(" ", 1)[-1]), None)
    if smallest:
        columns = dict(zip(MEDIAN_WAYS, smallest[2:], strict=True))
        lines.append([f"limits of the median, {smallest[0]}", *(columns[way] for way in order)])
    lines.append(
        ["hazard ratio of performance status, OS, in months", *(f"{ratios['months'][i]:.3f}" for i in (0, 1, 0))]
    )
display(
    present.table(
        ["for this paper", "R", "SPSS", "SciPy, lifelines"], lines, "What each program would have printed", (1, 2, 3)
    )
)

# %% [markdown]
# No single program with its defaults prints all of this paper. Its tables of counts look like SPSS's first line. Its
# intervals of medians fit a log-log band ([](40-how-many-events)), the default of lifelines and SAS and of neither program
# that the paper names. Two programs, or one with other options: the paper does not say. *What it does not show:* that any
# number is wrong. Each of these answers is correct for the question that its program asks.
#
# ## Exercises

# %% tags=["remove-cell"]
control = contingency.as_counts(cells("t3.dcr.recist.p"))
reported = f"{contingency.yates(control):.3f}"
look.tell(reported=reported)

# %% [markdown]
# ::::{exercise} Which program was it?
# :label: programs-which
#
# A colleague reports, for the disease control rate of Table 3, p = {glue:text}`reported`. Which program and which test? And would the
# conclusion at the level of {glue:text}`level` be another by any of the tests of this chapter?
# ::::

# %% [markdown]
# ::::{solution-start} programs-which
# :class: dropdown
# ::::
#
# Compute all of them on the counts, and look for the one that prints it.

# %%
every = {name: float(contingency.all_tests(control)[key]) for key, (name, _) in contingency.TESTS.items()}
shown = {name: f"{p:.3f}" for name, p in every.items()}
marked = {name: text + "\u00a0✓" * (text == reported) for name, text in shown.items()}
pd.Series(marked).to_frame("p")

# %%
sided = {name: p for name, p in every.items() if "less" not in name}
print("all below the level, but for the side")
print("nobody asks about:", all(p < alpha for p in sided.values()))

# %% [markdown]
# The chi-square with Yates' correction: R or SciPy with their defaults, or the line "Continuity Correction" of SPSS's table.
#
# ::::{solution-end}
# ::::

# %% [markdown]
# ::::{exercise} A limit that is not there
# :label: programs-limit
#
# Twelve patients, all followed until their event, at months 1 to 12. Which limits does each band give for the median? From
# which number of patients on has R's default an upper limit?
# ::::

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
print("upper limit by the log band:")
print("  from", enough, "patients on")

# %% tags=["remove-cell"]
assert interval(enough - 1, "log").upper is None
assert smallest_group < enough, "the prose says that the smallest group is too small"

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
# Simulate one study, 160 patients divided evenly with a hazard ratio of 2 and a median of eight months in the worse
# arm, and record the times in days, weeks, months and quarters. How far do Efron's and Breslow's hazard ratios drift apart, and
# which of the two stays nearer to that of the exact times?
# ::::

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

# %% tags=["remove-cell"]
assert nearer == "Efron"
assert breslow < efron < exact

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

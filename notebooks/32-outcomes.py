# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% [markdown]
# # Treatment and survival outcomes
#
# :::{admonition} In this chapter
# :class: note
# **You will** recompute response rates and their p values, hold best responses against the calendar of scans, and work
# out a survival curve, its median and a log-rank test by hand. **You will learn to** see when two p values of one table
# cannot both be true, to say what a median of survival is and what its interval depends on, and to keep response,
# progression and death apart. **You need** percentages and the words {term}`p value` and {term}`censoring`; survival
# analysis begins with [a first curve](outcomes-first-curve).
# :::
#
# :::{admonition} What this section of the paper says
# :class: note
# By {term}`RECIST 1.1` the tumour responded in {printed}`outcomes.orr.recist.lp` % of the LP arm and
# {printed}`outcomes.orr.recist.r` % of the R arm (p = {printed}`outcomes.orr.recist.p`); by {term}`mRECIST` in
# {printed}`outcomes.orr.mrecist.lp` % and {printed}`outcomes.orr.mrecist.r` % (p =
# {printed}`outcomes.orr.mrecist.p`). {term}`Disease control <DCR>`, {printed}`outcomes.dcr.lp` % and
# {printed}`outcomes.dcr.r` % (p = {printed}`outcomes.dcr.p`), is said to be better in the R arm. Median
# progression-free survival (PFS) was {printed}`outcomes.pfs.lp.median` and {printed}`outcomes.pfs.r.median`
# months (p = {printed}`outcomes.pfs.p`), median overall survival (OS) {printed}`outcomes.os.lp.median` and
# {printed}`outcomes.os.r.median` months (p = {printed}`outcomes.os.p`).
# :::
#
# Responses are counts, so every rate and every p value of Table 3 can be recomputed. Medians and survival p values
# come from patients' times, which the paper does not print; what can be said of them without these stands further
# down, and in [](40-how-many-events).

# %%
import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from scipy import stats

from secondlook.pages import figures
from secondlook.pages.look import percent, start

look = start()
size_lp, size_r = (look.count(f"patients.size.{a}") for a in ("lp", "r"))

# %% [markdown]
# ## Predict before you reveal
#
# | | LP, of {printed}`patients.size.lp` | R, of {printed}`patients.size.r` | printed p |
# |---|---:|---:|---:|
# | response, RECIST 1.1 | {printed}`t3.orr.recist.lp.n` | {printed}`t3.orr.recist.r.n` | {printed}`outcomes.orr.recist.p` |
# | response, mRECIST | {printed}`t3.orr.mrecist.lp.n` | {printed}`t3.orr.mrecist.r.n` | {printed}`outcomes.orr.mrecist.p` |
# | progression as best response | {printed}`t3.pd.recist.lp.n` | {printed}`t3.pd.recist.r.n` | |
# | median progression-free survival, months | {printed}`outcomes.pfs.lp.median` | {printed}`outcomes.pfs.r.median` | {printed}`outcomes.pfs.p` |
#
# Two things are odd. *First*: from RECIST to mRECIST, does the gap between the shares of the arms grow or shrink, and
# what should p then do? *Second*: scans come every {printed}`methods.scan.min` to
# {printed}`methods.scan.max` weeks. In the R arm, by when had more than half of the patients progressed, if
# progression was the best that their scans showed?

# %% tags=["remove-input"]
from secondlook.pages import practice

asked = {
    f"{name}_{arm}": look.count(f"t3.orr.{by}.{arm}.n")
    for name, by in (("yes", "mrecist"), ("recist", "recist"))
    for arm in ("lp", "r")
}
practice.ask("outcomes.before", **asked, **{f"size_{arm}": look.count(f"patients.size.{arm}") for arm in ("lp", "r")})

# %% [markdown]
# :::{admonition} Open the answer
# :class: dropdown
# *First.* The gap grows, from {glue:text}`gap_recist` to {glue:text}`gap_mrecist` percentage points. Its {term}`standard
# error` grows as much, from {glue:text}`se_recist` to {glue:text}`se_mrecist`, because shares nearer to one half vary
# more. So p should hardly move, and by Pearson's chi-square it does not: {glue:text}`recist_pearson` and
# {glue:text}`mrecist_pearson`. By Fisher's test, the one that prints the first, it falls to
# {glue:text}`mrecist_fisher`; printed is one minus that. *Second.* By the first scan, at the latest after
# {glue:text}`last_scan` months; and the printed median is {printed}`outcomes.pfs.r.median`.
# :::

# %% [markdown]
# (outcomes-wrong)=
# ## What does not hold

# %% tags=["remove-input"]
look.cards(look.wrong("outcomes"))

# %% [markdown]
# (outcomes-dcr)=
# ### Which arm had the better disease control
#
# The text says that disease control was better in the R arm. Table 3 counts it in {printed}`t3.dcr.recist.lp.n` of the
# {printed}`patients.size.lp` patients with LP and in {printed}`t3.dcr.recist.r.n` of the {printed}`patients.size.r` with R, by
# either criterion. That is {printed}`outcomes.dcr.lp` % and {printed}`outcomes.dcr.r` %, as the same sentence prints. The
# conclusion of the abstract and the discussion, twice, name LP.
#
# *Why it matters.* With p = {printed}`outcomes.dcr.p` it is the one outcome in which the arms differ significantly,
# and a reader of the words alone takes away the wrong arm. The [abstract](20-abstract) has the same words. *What it
# does not show.* Anything wrong with the numbers: wherever they stand they agree.
#
# (outcomes-mrecist-p)=
# ### The p value of the response rate by mRECIST
#
# The text and Table 3 both print {printed}`outcomes.orr.mrecist.p`. None of the {glue:text}`tests` tests that were tried gives that value. One thing does: Fisher's exact test gives
# {glue:text}`mrecist_fisher`, and one minus that is {glue:text}`mrecist_complement`. A probability may have been taken
# from the wrong side of its scale. That is the simplest explanation found, and it is not proof: among random p values a
# share of {glue:text}`repair_chance` would have been explained in such a way too, and Pearson's chi-square,
# {glue:text}`mrecist_pearson`, could have been meant just as well.
#
# *Why it matters.* The printed value makes the two rates look almost alike, and the recomputed ones do not. *What it
# does not show.* The paper calls p {printed}`methods.significance.p` significant, and all of these values are
# larger. The conclusion that the difference is not significant stands.
# Which of the two values was meant is for the authors to say; neither is suggested in place of the other.
#
# ## Questions
#
# (outcomes-first-scan)=
# ### Progression at the first scan, and a later median
#
# In the R arm {printed}`t3.pd.recist.r.n` of {printed}`patients.size.r` patients have progression as their best
# response. That is more than half, and the median progression-free survival should then lie no later than the first scan:
# {printed}`methods.scan.max` weeks, or {glue:text}`last_scan` months, at the latest. Printed is
# {printed}`outcomes.pfs.r.median` months, with an interval that begins at {printed}`outcomes.pfs.r.lower`. A figure
# further down shows it. *Assumed:* that whose {term}`best response` is progression had progressed by the
# first scan, and that this scan was on time. Three ways out:
#
# - the first scans came later than planned, for many patients;
# - stable disease at the first scan was not counted because it had not lasted long enough, so that progression at the
#   second scan became the best response; that scan falls about where the median does. The criteria leave the least time
#   to the study and speak of six to eight weeks {cite}`eisenhauer2009`, and the paper names none. At the shorter limit
#   any scan on schedule would count as stable disease, at the longer one only the latest;
# - one of the numbers is off.
#
# *Why it matters.* Response and progression-free survival are read off the same scans, and both are set beside other
# studies in the discussion. *What it does not show.* Which of the three it is. In the LP arm the same arithmetic raises
# no question.
#
# (outcomes-triple)=
# ### The same three numbers for two groups
#
# The median of the LP arm with its interval, {printed}`outcomes.pfs.lp.median`
# ({printed}`outcomes.pfs.lp.level` % CI {printed}`outcomes.pfs.lp.lower` to {printed}`outcomes.pfs.lp.upper`), is
# printed once more, for the patients with the better performance status ([](36-prognostic-factors)); and the two groups
# that these are compared with share the median {printed}`prognostic.pfs.ecog_2.median`. Groups that overlap can share
# all three numbers. In simulated cohorts they do so in {glue:text}`triple_chance` %
# ([](40-how-many-events) has the simulation). One triple may have been copied over the other, or it is chance.
#
# ### The median and the hazard ratio point two ways
#
# LP has the longer median, yet Table 5 gives LP *versus* R a {term}`hazard ratio` of {printed}`t5.arm.uni.hr`: more
# progression with LP. The query is filed with the hazard ratio and involves the two medians; it is explained in
# [](36-prognostic-factors).

# %% tags=["remove-input"]
look.queries("outcomes")

# %% [markdown]
# (outcomes-by-hand)=
# ## One row by hand
#
# Objective response is complete plus partial response. Here it is by both criteria, against those who had none:


# %%
def two_by_two(row):
    """Return a row of Table 3 against the rest of each arm."""
    lp, r = (look.count(f"t3.{row}.{arm}.n") for arm in ("lp", "r"))
    table = {"LP": [lp, size_lp - lp], "R": [r, size_r - r]}
    return pd.DataFrame(table, index=["yes", "no"])


recist, mrecist = two_by_two("orr.recist"), two_by_two("orr.mrecist")
recist.join(mrecist, lsuffix=", RECIST 1.1", rsuffix=", mRECIST")

# %% [markdown]
# The paper names two tests, the chi-square test and Fisher's. Both, by both criteria:


# %%
def by_hand(table):
    pearson = stats.chi2_contingency(table, correction=False).pvalue
    fisher = stats.fisher_exact(table).pvalue
    expected = stats.contingency.expected_freq(table)
    return {
        "smallest expected count": expected.min(),
        "Pearson chi-square": pearson,
        "Fisher's exact test": fisher,
        "1 − Fisher's p": 1 - fisher,
    }


response = {"RECIST 1.1": by_hand(recist), "mRECIST": by_hand(mrecist)}
pd.DataFrame(response).map("{:.3f}".format)

# %% tags=["remove-cell"]
from secondlook.audit import show_chance
from secondlook.stats import contingency, p_of_counts

for name, table, (expected, pearson, fisher, complement) in zip(
    ("recist", "mrecist"), (recist, mrecist), map(dict.values, response.values()), strict=True
):
    shares, both = table.loc["yes"] / table.sum(), table.loc["yes"].sum() / table.to_numpy().sum()
    error = (both * (1 - both) * (1 / table.sum()).sum()) ** 0.5  # when the arms are alike, as Pearson's test has it
    points = {"gap": 100 * (shares["LP"] - shares["R"]), "se": 100 * error}
    look.tell(**{f"{what}_{name}": f"{number:.1f}" for what, number in points.items()})
    p_values = {"pearson": pearson, "fisher": fisher, "complement": complement}
    look.tell(**{f"{name}_{test}": f"{p:.3f}" for test, p in p_values.items()})
    look.tell(**{f"{name}_expected": f"{expected:.1f}"})
look.tell(
    tests=len(p_of_counts.p_values(contingency.as_counts(mrecist.to_numpy()))),
    repair_chance=show_chance(look.checks["association.t3.orr.mrecist.p"].chance),
    triple_chance=f"{100 * float(look.checks['triple.pfs.lp-ecog_0_1'].chance):.1f}",
)

# %% [markdown]
# By RECIST, Fisher's test gives the printed {printed}`outcomes.orr.recist.p`. By mRECIST, the printed
# {printed}`outcomes.orr.mrecist.p` stands in the last row, which is no p value of these data.
#
# (outcomes-which-test)=
# ## Which test was chosen where
#
# Fisher's test is customary where an expected count falls below 5 ([a custom](patients-tests), no more). For the response
# rate by RECIST the smallest is {glue:text}`recist_expected`, and Fisher's test was used. By mRECIST it is
# {glue:text}`mrecist_expected`, and the chi-square test would do; but only the complement of *Fisher's* p is printed
# there, so if that is how the number came about, Fisher's test was used again. For disease control the chi-square test
# gives what is printed. All four rows, with the smallest expected count of each:

# %%
rows = {
    "response, RECIST 1.1": "orr.recist",
    "response, mRECIST": "orr.mrecist",
    "disease control, RECIST 1.1": "dcr.recist",
    "disease control, mRECIST": "dcr.mrecist",
}
by_row = [by_hand(two_by_two(row)) for row in rows.values()]
tests = pd.DataFrame(by_row, index=list(rows)).iloc[:, :3]
tests.columns = ["expected", "Pearson", "Fisher"]
tests["expected"] = tests["expected"].map("{:.1f}".format)
for test in ("Pearson", "Fisher"):
    tests[test] = tests[test].map("{:.3f}".format)
tests["printed"] = [look.printed(f"t3.{row}.p") for row in rows.values()]
tests

# %% [markdown]
# (outcomes-best-response)=
# ## Best response, drawn
#
# Each bar is one arm by one criterion, and each patient is in exactly one part of it.

# %% tags=["hide-input"] mystnb={"image": {"alt": "Four stacked bars of equal length: LP and R by RECIST 1.1, then LP and R by mRECIST, each divided into complete response, partial response, stable disease and progressive disease with the count inside each part. Progressive disease takes up about twice as much of the R bars as of the LP bars. It is the same by both criteria; only response and stable disease change places between them."}, "figure": {"name": "fig-response", "caption": "Best response by arm and criterion, in per cent of the arm; the numbers are patients."}}
levels = {"cr": "complete response", "pr": "partial response", "sd": "stable disease", "pd": "progressive disease"}
fills = {"cr": ("#00304D", "white"), "pr": (figures.BLUE, "white"), "sd": ("#A9B7C6", figures.INK),
         "pd": ("#F2A65E", figures.INK)}  # fmt: skip
bars = {"LP\nRECIST 1.1": ("recist", "lp", 3.3), "R\nRECIST 1.1": ("recist", "r", 2.4),
        "LP\nmRECIST": ("mrecist", "lp", 0.9), "R\nmRECIST": ("mrecist", "r", 0)}  # fmt: skip
fig, ax = figures.new(5.25, 4.2)
for criterion, arm, y in bars.values():
    left = 0
    for level, (fill, ink) in fills.items():
        n = look.count(f"t3.{level}.{criterion}.{arm}.n")
        width = 100 * n / look.count(f"patients.size.{arm}")
        label = levels[level] if y == 0 else None
        ax.barh(y, width, left=left, height=0.72, color=fill, edgecolor="white", linewidth=1.2, label=label)
        if n:
            ax.text(left + width / 2, y, str(n), ha="center", va="center", color=ink, fontsize=11)
        left += width
ax.set_yticks([y for *_, y in bars.values()], list(bars))
ax.set(xlim=(0, 100), xlabel="% of the arm")
ax.grid(axis="y", visible=False)
_ = fig.legend(loc="outside upper left", ncols=2, frameon=False, fontsize=9.5, handlelength=1.2, columnspacing=1.4)

# %% [markdown]
# The bars also show disease control, all that is not progressive disease: the longer part of the bar in LP, the shorter
# in R.
#
# (outcomes-how-soon)=
# ## How soon must half have progressed?
#
# Best response against the clock. After the first scan at most those are left whose best response was not progression;
# a month has on average a twelfth of {glue:text}`days` days.

# %%
weeks = look.count("methods.scan.max")
days_a_year = 365.25
last_scan = weeks * 7 / (days_a_year / 12)
arms = {"LP": "lp", "R": "r"}
sizes = {"LP": size_lp, "R": size_r}
progressed, first_scan = {}, {}
for arm, key in arms.items():
    progressed[arm] = gone = look.count(f"t3.pd.recist.{key}.n")
    whole = sizes[arm]
    left = percent(whole - gone, whole)
    bound = "by the first scan" if 2 * gone > whole else "at any time"
    first_scan[arm] = {
        "progression as best response": f"{gone} of {whole}",
        "left after the first scan, at most, %": left,
        "latest first scan, months": f"{last_scan:.2f}",
        "so the median can lie": bound,
        "median as printed": look.printed(f"outcomes.pfs.{key}.median"),
    }
pd.DataFrame(first_scan)

# %% tags=["remove-cell"]
look.tell(last_scan=f"{last_scan:.2f}", days=days_a_year)

# %% tags=["hide-input"] mystnb={"image": {"alt": "Two panels, LP above R: months against the share of the arm without progression. A shaded region shows where the curve can run: anywhere until the latest first scan, and below the share that had no progression as best response after it. A marker at one half with a bar is the printed median with its interval. In LP the marker lies inside the region; in R it lies outside, to the right of the scan and above the share that is left."}, "figure": {"name": "fig-first-scan", "caption": "Where the curve of progression-free survival can run if progression as best response was seen at a first scan on schedule (shaded), and the printed median with its interval. In the R arm the median lies outside."}}
fig, panels = plt.subplots(2, 1, figsize=(5.25, 6.2), sharex=True)
for ax, (arm, key), style in zip(panels, arms.items(), figures.ARMS, strict=True):
    left = 100 * (1 - progressed[arm] / sizes[arm])
    lower, median, upper = (
        float(look.registry[f"outcomes.pfs.{key}.{end}"].number.value) for end in ("lower", "median", "upper")
    )
    ax.fill_between([0, last_scan, last_scan, 8], [100, 100, left, left], color=figures.GREY, alpha=0.24, linewidth=0)
    ax.plot([0, last_scan, last_scan, 8], [100, 100, left, left], color=figures.GREY, linewidth=1.2)
    ax.axhline(50, color=figures.GREY, linestyle="--", linewidth=1)
    ax.plot([lower, upper], [50, 50], color=style["color"], linewidth=3, solid_capstyle="butt", zorder=3)
    ax.scatter(median, 50, s=60, zorder=4, **style)
    ax.text(last_scan + 0.15, 97, f"latest first scan,\n{weeks} weeks", va="top", fontsize=9.5)
    ax.text(7.9, left + 2, f"at most {left:.1f} % left" if left > 50 else "", ha="right", fontsize=9.5)
    ax.text(7.9, left - 8, f"at most {left:.1f} % left" if left < 50 else "", ha="right", fontsize=9.5)
    above = f"median {look.printed(f'outcomes.pfs.{key}.median')}"
    ax.text(median, 54, above, ha="center", fontsize=9.5)
    ax.set(xlim=(0, 8), ylim=(0, 102))
    ax.set_ylabel("% without progression or death", fontsize=10)
    ax.set_title(f"{arm}: {progressed[arm]} of {sizes[arm]} with progression", fontsize=11)
_ = panels[1].set_xlabel("months")

# %% [markdown]
# Deaths before the scan would only lower the region, and nobody was lost before it, since every patient has a best
# response. With later scans the step moves to the right.
#
# (outcomes-first-curve)=
# ## A first survival curve, by hand
#
# :::{margin}
# Why not simply average the times? Because those who are still well would be counted with the time they have had so
# far. They are the very patients whom the treatment may have helped.
# :::
#
# Eight invented patients. Each has a time in months, and an *event* (here: progression or death) or none yet; then the
# patient is {term}`censored <censoring>`: free of it for so long, and not seen further.

# %%
eight = pd.DataFrame(
    {
        "months": [1, 3, 3, 5, 6, 8, 9, 11],
        "event": [1, 0, 0, 1, 1, 1, 0, 1],
    }
)
curve, lines = 1.0, []
for month, group in eight.groupby("months"):
    at_risk = int((eight["months"] >= month).sum())
    had_it = int(group["event"].sum())
    curve *= 1 - had_it / at_risk
    censored = len(group) - had_it
    lines.append([month, at_risk, had_it, censored, f"{curve:.3f}"])
columns = ["month", "at risk", "events", "censored", "curve"]
by_month = pd.DataFrame(lines, columns=columns).set_index("month")
by_month.rename("month {}".format).rename_axis(None)

# %% tags=["remove-cell"]
first_median = next(month for month, *_, left in lines if float(left) <= 0.5)
look.tell(first_median=first_median, n_eight=len(eight), naive=f"{eight['months'].median():g}")

# %% [markdown]
# At each event the curve is multiplied by the share of those {term}`at risk` who did not have it. A censored patient
# counts at risk as long as he or she was seen and leaves no step: that is all that {term}`Kaplan–Meier` does
# {cite}`kaplan1958,bland1998`. The {term}`median survival` is where the curve comes down to one half, here
# {glue:text}`first_median` months; the middle of the {glue:text}`n_eight` times would be {glue:text}`naive`, and would
# count the censored as if they had had the event. The interval of a median is read off a *band* around the curve, and
# there are several kinds of band ([](40-how-many-events)).
#
# (outcomes-log-rank)=
# ### Two curves: the log-rank test by hand
#
# The {term}`log-rank test` walks along two curves at once. Let the patients in odd places be group A, the others group
# B. At each event it asks which share of those {term}`at risk` belongs to A, expects that share of the event in A, adds
# up what happened less what was expected, and holds the sum against its standard deviation {cite}`bland2004`.

# %%
eight["group"] = ["A", "B"] * 4
observed = expected = variance = 0.0
for month in eight.loc[eight["event"] == 1, "months"].unique():
    risk = eight[eight["months"] >= month]
    share = (risk["group"] == "A").mean()
    now = risk[(risk["months"] == month) & (risk["event"] == 1)]
    observed += (now["group"] == "A").sum()
    expected += share  # one event at each of these months
    variance += share * (1 - share)
by_hand_p = stats.chi2.sf((observed - expected) ** 2 / variance, 1)
print(f"in A {observed:.0f} events, {expected:.2f} expected")
print(f"variance {variance:.2f}, p = {by_hand_p:.3f}")

# %% tags=["remove-cell", "guard"]
from lifelines.statistics import logrank_test

a, b = (eight[eight["group"] == group] for group in "AB")
checked = logrank_test(a["months"], b["months"], a["event"], b["event"]).p_value
assert abs(checked - by_hand_p) < 1e-9, f"“the log-rank test by hand”: p {by_hand_p}, lifelines {checked}"

# %% [markdown]
# If the groups do not differ, the sum divided by its standard deviation is about a standard normal variable, and its
# square has the chi-square distribution with one degree of freedom: hence p. So few patients show nothing, of course.
# The test needs no median and no hazard ratio; but where hazards are proportional it answers the same question as the
# Cox model of that comparison, and the two p values should be close. Those of the paper are, as the next section says.
#
# (outcomes-medians)=
# ## The medians
#
# A median can be compared with itself, wherever the paper prints it again. Each line below is one quantity:

# %%
quantities = {
    "median PFS, LP": ("pfs.lp.median", "pfs.lp"),
    "median PFS, R": ("pfs.r.median", "pfs.r"),
    "p, PFS": ("pfs.p", "pfs.p"),
    "median OS, LP": ("os.lp.median", "os.lp"),
    "median OS, R": ("os.r.median", "os.r"),
    "p, OS": ("os.p", "os.p"),
}
medians = pd.DataFrame(
    {
        quantity: {
            "this section": look.printed(f"outcomes.{here}"),
            "abstract": look.printed(f"abstract.{there}"),
            "discussion": look.printed(f"discussion.{there}"),
        }
        for quantity, (here, there) in quantities.items()
    }
).T
medians

# %% tags=["remove-cell", "guard"]
assert medians.nunique(axis=1).eq(1).all(), f"“They agree everywhere”:\n{medians[medians.nunique(axis=1) > 1]}"
for end in ("median", "lower", "upper"):
    lp, better = (look.printed(f"{group}.{end}") for group in ("outcomes.pfs.lp", "prognostic.pfs.ecog_0_1"))
    assert lp == better, f"“The median of the LP arm with its interval is printed once more”: {end} {lp}, {better}"

# %% [markdown]
# They agree everywhere. That is consistency, not confirmation: a number copied correctly three times is still one
# number. Whatever else they can be held against agrees too, apart from the queries above:
#
# - each median lies within its interval, and where both are printed, progression-free survival ends no later than
#   overall survival;
# - the log-rank p values ({printed}`outcomes.pfs.p` and {printed}`outcomes.os.p`) are what the models of the same
#   comparison in Tables 5 and 6 lead one to expect (p {printed}`t5.arm.uni.p` and {printed}`t6.arm.uni.p`);
# - there are kinds of {term}`confidence band` {cite}`brookmeyer1982` that can print all intervals at once. The paper
#   does not name its own, and the default of R's survival package is not among them: [](40-how-many-events).
#
# Whether curves of real patients gave these numbers only their times can tell.
#
# (outcomes-redrawn)=
# ## Figure 2, redrawn
#
# The paper's Figure 2 shows the curves; the numbers behind them are not printed. Here they are drawn from
# {glue:text}`drawn_from`; words in the picture say the same.

# %% tags=["hide-input"]
from secondlook.cohort import beyond
from secondlook.pages import curves

ARMS = {"LP": "lp", "R": "r"}
months = np.linspace(0, 54, 217)


def drawn(endpoint):
    """Draw an endpoint by arm, the range over the ensemble behind."""
    behind = {
        label: (months, *beyond.envelope(look.ensemble, endpoint, key, months))
        for label, key in ARMS.items()
        if look.ensemble
    }
    return curves.two_groups(look.records, endpoint, ARMS, envelopes=behind)


# %% tags=["hide-input"] mystnb={"image": {"alt": "Kaplan–Meier curves of progression-free survival, LP and R, with bands, censor marks and the numbers at risk below; words in the picture say what the patients are. Of the invented ones both curves fall steeply in the first six months and run close to each other."}, "figure": {"name": "fig-curves-pfs", "caption": "Progression-free survival by arm, with 95 % log-log bands and numbers at risk, in {glue:text}`whose`."}}
if look.records:
    drawn("pfs")

# %% tags=["hide-input"] mystnb={"image": {"alt": "Kaplan–Meier curves of overall survival, LP and R, with bands, censor marks and the numbers at risk below; words in the picture say what the patients are. The two curves of the invented ones run close to each other."}, "figure": {"name": "fig-curves-os", "caption": "Overall survival by arm in {glue:text}`whose`."}}
if look.records:
    drawn("os")

# %% [markdown]
# Medians and log-rank p of these patients, beside the printed ones. For invented patients they agree by construction.

# %% tags=["remove-input"]
from secondlook.cohort.verify import verify
from secondlook.pages import cohort_tables

drawn_from, whose = "the records that were handed in", "the patients of the records that were handed in"
if look.synthetic:
    whose = "invented patients, and behind it the range over many other groups of them with the same printed statistics"
    drawn_from = "invented patients who have the printed statistics; other such patients have other curves, which the "
    drawn_from += "shaded ranges behind show, and none of them are the real ones"
look.tell(drawn_from=drawn_from, whose=whose)
found = verify(look.records) if look.records else []
cohort_tables.medians(found, look.registry, ["lp", "r"], "Medians by arm, printed and recomputed") if found else None

# %% [markdown]
# ## Every number of this section

# %% tags=["remove-input"]
look.numbers("outcomes")

# %% [markdown]
# ## Practice

# %% tags=["remove-input"]
practice.ask("outcomes.after")

# %% [markdown]
# ## Exercises
#
# :::{exercise} A curve of one's own
# :label: outcomes-own-curve
#
# *Level 1 of 3 · 15 minutes · by hand; lifelines or R for (b)*
#
# Take the eight patients above. (a) Let one of the two who were censored at month 3 have had the event instead; then
# drop that patient altogether. What happens to the curve and its median each time? (b) Check the curve with lifelines.
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# At each event multiply by one less one over the number at risk. Who is censored is at risk until then, and counts no
# longer after.
# :::

# %% [markdown]
# :::{solution-start} outcomes-own-curve
# :class: dropdown
# :::

# %%
from lifelines import KaplanMeierFitter

versions = {
    "as it is": eight,
    "event instead": eight.assign(event=[1, 1, 0, 1, 1, 1, 0, 1]),
    "dropped": eight.drop(index=1),
}
fits = []
for name, data in versions.items():
    fitted = KaplanMeierFitter(label=name)
    fits.append(fitted.fit(data["months"], data["event"]))
    print(f"{name}: median {fitted.median_survival_time_:g}")
steps = [fitted.survival_function_ for fitted in fits]
steps = pd.concat(steps, axis=1).rename("month {:g}".format)
steps.rename_axis(None).round(3)

# %% [markdown]
# Calling a censored time an event pulls the curve down, and here the median with it. Dropping the patient throws away
# three months without an event, and the curve is lower too. (The paper left out patients who were [lost to
# follow-up](26-methods); that is the second of these.)
#
# :::{solution-end}
# :::
#
# :::{exercise} Which counts would print that p?
# :label: outcomes-other-counts
#
# *Level 2 of 3 · 20 minutes · Python or R*
#
# Suppose that the printed p of the response rate by mRECIST is right and a count is wrong. Which pairs of counts, of
# {printed}`patients.size.lp` and {printed}`patients.size.r` patients, print it by Pearson's chi-square or by
# Fisher's test? How far is the nearest from the printed counts?
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# Go through all pairs of counts, from none to all in either arm, and keep those that print it.
# :::

# %% [markdown]
# :::{solution-start} outcomes-other-counts
# :class: dropdown
# :::

# %%
wanted = look.printed("outcomes.orr.mrecist.p")
printed_lp, printed_r = mrecist.loc["yes"]


def both_tests(table):
    """Return the p values of the two tests that the paper names."""
    pearson = stats.chi2_contingency(table, correction=False)
    return {
        "Pearson": pearson.pvalue,
        "Fisher": stats.fisher_exact(table).pvalue,
    }


found = []
for lp in range(size_lp + 1):
    for r in range(size_r + 1):
        if 0 < lp + r < size_lp + size_r:
            table = [[lp, r], [size_lp - lp, size_r - r]]
            for test, p in both_tests(table).items():
                if f"{p:.3f}" == wanted:
                    away = abs(lp - printed_lp) + abs(r - printed_r)
                    found.append([away, lp, r, test])
columns = ["changed", "LP", "R", "test"]
pairs = pd.DataFrame(sorted(found), columns=columns)
named = pairs.set_index("changed").rename("{} patients changed".format)
named.rename_axis(None)

# %% [markdown]
# The nearest needs another number of responses with LP, and with it the percentage beside the count, the complete and
# partial responses that add up to it, and the same numbers in the text. One slip in p is the simpler story; that it was
# *this* slip is a <a href="12-suggested-corrections.html#t3-orr">suggestion</a>.
#
# :::{solution-end}
# :::
#
# :::{exercise} What is the interval of a median worth?
# :label: outcomes-coverage
#
# *Level 3 of 3 · 40 minutes · Python, or R: `survfit` with `conf.type`*
#
# Simulate arms of {printed}`patients.size.r` patients with exponential times, a median of 8 months, and nobody
# censored. How often does the 95 % interval of the median contain the truth, by a log band, a log-log band and a plain
# one? Can you tell without a simulation?
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# Without censoring the limits are ranks, whatever the times. How many of the patients must have died before the truth
# for a limit to miss it? That number is binomial, with one half.
# :::

# %% [markdown]
# :::{solution-start} outcomes-coverage
# :class: dropdown
# :::

# %%
from secondlook.stats import km

truth, studies = 8, 4000  # the true median in months; change it

rng = np.random.default_rng(6)
samples = rng.exponential(truth / np.log(2), (studies, size_r))
samples.sort(axis=1)
before = stats.binom(size_r, 0.5)  # patients below the true median
for band in ("log", "log-log", "plain"):
    # without censoring the ends are the times of two ranks
    ranks, seen = range(1, size_r + 1), [True] * size_r
    ends = km.median_interval(ranks, seen, band)
    low, high = int(ends.lower), int(ends.upper)
    lower, upper = samples[:, low - 1], samples[:, high - 1]
    held = 100 * ((lower <= truth) & (truth <= upper)).mean()
    exact = 100 * (before.cdf(high - 1) - before.cdf(low - 1))
    print(f"{band}: from the {low}th to the {high}th time,", end=" ")
    print(f"{held:.1f} % (exactly {exact:.1f} %)")

# %% [markdown]
# Without censoring the ends are simply the times of two ranks, and the interval holds the truth when the number of
# patients below the true median lies between them; that number is binomial, as in tossing a coin for each patient. All
# three promise 95 %, and each keeps its promise a little differently. So an interval without the name of its band is one
# of several, and [](40-how-many-events) has to ask which.
#
# :::{solution-end}
# :::
#
# ## Key takeaways
#
# - [Words can name the wrong arm](outcomes-dcr) beside the right numbers: disease control was better with LP,
#   {printed}`outcomes.dcr.lp` % against {printed}`outcomes.dcr.r` %.
# - [Two p values of one table must fit each other](outcomes-mrecist-p). No test gives
#   {printed}`outcomes.orr.mrecist.p` for the responses by mRECIST; [a few lines of code](outcomes-by-hand) settle it,
#   by [every test that may have been used](outcomes-which-test).
# - [Best response and progression-free survival are read off the same scans](outcomes-how-soon), so one bounds the
#   other: {printed}`t3.pd.recist.r.n` of {printed}`patients.size.r` patients on R with progression as best response do
#   not go with a median of {printed}`outcomes.pfs.r.median` months, if scans were on time.
# - [A median of survival is read off a curve](outcomes-first-curve), in which the censored count for as long as they
#   were seen; [a log-rank test](outcomes-log-rank) compares two such curves, event by event.
# - [The same median in three places](outcomes-medians) is one number copied well.
#
# ## Strengths and limitations of the method
#
# *Strengths.* Rates and their p values are recomputed from counts, without any assumption about patients. The bound on
# the median uses nothing but the calendar and the counts. *Limitations.* Curves cannot be recomputed without times:
# medians and log-rank p are only held against each other. The bound assumes scans on schedule, and that whose best
# response is progression had it at the first scan. And response is not survival: who responds must first have lived
# long enough to be scanned ([](65-response-is-not-survival)).
#
# ## Further reading
#
# Curves: {cite:t}`kaplan1958`; in one page: {cite:t}`bland1998`. The log-rank test: {cite:t}`mantel1966`,
# {cite:t}`peto1972`; in one page: {cite:t}`bland2004`. Intervals of medians: {cite:t}`brookmeyer1982`. Response:
# {cite:t}`eisenhauer2009`, {cite:t}`lencioni2010`. How the calendar of scans shapes progression-free survival:
# {cite:t}`panageas2007`.

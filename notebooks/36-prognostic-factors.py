# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% [markdown]
# # Prognostic factors
#
# :::{admonition} In this chapter
# :class: note
# **You will** take a row of a {term}`Cox model` apart into two numbers, draw the box of all that could have printed it,
# find rows that nothing could have printed, and search for the smallest slip that explains them. **You will learn to**
# check a {term}`hazard ratio`, its {term}`confidence interval` and p against each other in a minute, to ask in which
# direction a label is meant, and to tell a univariable result from an adjusted one. **You need** logarithms, and
# [](32-outcomes) for what a hazard is measured on.
# :::
#
# :::{admonition} What this section of the paper says
# :class: note
# Cox models of {glue:text}`modelled` factors, first one at a time ({term}`univariable`), then those with p
# {printed}`methods.significance.p` together ({term}`multivariable`). Two factors remain for both progression-free and
# overall survival: a poor performance status (ECOG PS 2; hazard ratio {printed}`prognostic.ecog.pfs.multi.hr` for
# PFS and {printed}`prognostic.ecog.os.multi.hr` for OS) and a high {term}`alpha-fetoprotein` (AFP;
# {printed}`prognostic.afp.pfs.multi.hr` and {printed}`prognostic.afp.os.multi.hr`). Treatment is not one of them.
# Medians by performance status and by AFP complete the section.
# :::
#
# A hazard ratio cannot be recomputed without the patients' times. But each row of a Cox table prints four numbers that
# come of two, so two of the four check the others. Of the {glue:text}`n_rows` rows of Tables 5 and 6,
# {glue:text}`n_broken` cannot be true as printed.

# %%
import math

import numpy as np
import pandas as pd
from scipy import stats

from secondlook.cohort import beyond, verify
from secondlook.numbers.in_words import listed
from secondlook.numbers.printed import parse, show, show_like
from secondlook.pages import cohort_tables as tables
from secondlook.pages import curves, figures, forest, present
from secondlook.pages.look import start
from secondlook.paper import event_counts as events
from secondlook.paper import rows
from secondlook.stats import cox_batch, repairs, wald

look = start()
everyone, checks = look.count("patients.size.all"), look.checks
all_rows = {row.key: row for row in rows.all_rows(look.registry)}  # of Tables 5 and 6, and of the text
models = {key: row for key, row in all_rows.items() if not row.in_prose}

# %% tags=["hide-input"]
# Rows that nothing prints, each with what the smallest repair makes of it.
broken = {}
for key, row in all_rows.items():
    if wald.box(row.line).is_empty:
        beside = [other.line for other in rows.neighbours(row, list(all_rows.values()))]
        broken[key] = repairs.search(row.line, beside).line
# Rows that cannot stand beside others, though their own numbers agree.
proved = {value for c in checks.values() if c.family == "joint" and c.is_flag for value in c.suspect_ids}
apart = {key for key, row in all_rows.items() if proved & {value.id for value in row.values.values()}}

# %% tags=["remove-cell"]
for name, key in (
    ("ecog", "t5.ecog.uni"), ("cirrhosis", "t5.cirrhosis.uni"), ("hbv", "t6.hbv.uni"),
    ("child", "t6.child_pugh.uni"), ("arm", "t5.arm.uni"),
):  # fmt: skip
    line = all_rows[key].line
    look.tell(**{f"middle.{name}": show(math.sqrt(line.lower.value * line.upper.value), 3)})
look.tell(modelled=len({row.variable for row in models.values()}), n_rows=len(models), n_broken=len(broken))

# %% tags=["remove-cell", "guard"]
proved_apart = {"t5.tace_haic.uni", "t6.child_pugh.uni", "t6.child_pugh.multi", "t6.bclc.uni", "t6.extrahepatic.uni"}
assert apart == proved_apart, f"“cannot stand beside”: {sorted(apart)}"
assert set(broken) == {"t5.cirrhosis.uni", "t6.hbv.uni"}, f"“Two rows contradict themselves”: {sorted(broken)}"

# %% [markdown]
# ## Predict before you reveal
#
# Five rows of the two tables, each with one variable:
#
# | | hazard ratio | interval | p |
# |---|---:|---:|---:|
# | ECOG PS 2 against 0–1, progression | {printed}`t5.ecog.uni.hr` | {printed}`t5.ecog.uni.lower` to {printed}`t5.ecog.uni.upper` | {printed}`t5.ecog.uni.p` |
# | cirrhosis, progression | {printed}`t5.cirrhosis.uni.hr` | {printed}`t5.cirrhosis.uni.lower` to {printed}`t5.cirrhosis.uni.upper` | {printed}`t5.cirrhosis.uni.p` |
# | HBV infection, death | {printed}`t6.hbv.uni.hr` | {printed}`t6.hbv.uni.lower` to {printed}`t6.hbv.uni.upper` | {printed}`t6.hbv.uni.p` |
# | Child-Pugh A against B, death | {printed}`t6.child_pugh.uni.hr` | {printed}`t6.child_pugh.uni.lower` to {printed}`t6.child_pugh.uni.upper` | {printed}`t6.child_pugh.uni.p` |
# | LP against R, progression | {printed}`t5.arm.uni.hr` | {printed}`t5.arm.uni.lower` to {printed}`t5.arm.uni.upper` | {printed}`t5.arm.uni.p` |
#
# Two rows contradict themselves. One is seen at a glance. For the other, take the square root of the product of the two
# limits: an interval has the hazard ratio in its middle, on the scale of logarithms. And two more rows are odd only to
# somebody who knows what the groups are (class A is the better liver; the median without progression is
# {printed}`outcomes.pfs.lp.median` months with LP and {printed}`outcomes.pfs.r.median` with R). Which, and why?

# %% tags=["remove-input"]
from secondlook.pages import practice

printed_row = {
    name: look.printed(f"t6.hbv.uni.{cell}") for name, cell in (("low", "lower"), ("high", "upper"), ("ratio", "hr"))
}
practice.ask("prognostic-factors.before", **printed_row)

# %% [markdown]
# :::{admonition} Open the answer
# :class: dropdown
# The ratio of cirrhosis lies outside its own interval, whose middle is {glue:text}`middle.cirrhosis`. The middle of the
# interval of HBV infection is {glue:text}`middle.hbv`, far from {printed}`t6.hbv.uni.hr` and next to the
# {printed}`t6.hbv.uni.p` that stands under p. The other three have their ratio in the middle
# ({glue:text}`middle.ecog`, {glue:text}`middle.child`, {glue:text}`middle.arm`). But a ratio above 1 says that class A
# dies sooner than B, and that LP, with the longer median, progresses sooner than R.
# :::

# %% [markdown]
# (prognosis-wrong)=
# ## What does not hold

# %% tags=["remove-input"]
present.Html(look.cards(look.wrong("prognostic-factors")) + look.queries("prognostic-factors"))

# %% [markdown]
# ## What each flag rests on
#
# (prognosis-afp)=
# ### AFP and progression-free survival
#
# The text gives the multivariable hazard ratio as
# {printed}`prognostic.afp.pfs.multi.hr` with the interval {printed}`prognostic.afp.pfs.multi.lower` to
# {printed}`prognostic.afp.pfs.multi.upper`. Table 5 has {printed}`t5.afp.multi.hr`
# ({printed}`t5.afp.multi.lower` to {printed}`t5.afp.multi.upper`) there. What the text prints is the univariable
# result of the same row.

# %% tags=["hide-input"] mystnb={"image": {"alt": "Three hazard ratios with their intervals for AFP and progression-free survival. The multivariable result as the text gives it lies exactly on the univariable result of Table 5; the multivariable result of Table 5 lies a little to the right of both. All three intervals lie clear of one."}, "figure": {"name": "fig-afp", "caption": "AFP and progression-free survival: the multivariable result in the text is the univariable one of Table 5. Hazard ratio with confidence interval, logarithmic axis."}}
afp = {
    "multivariable,\nin the text": ("prognostic.afp.pfs.multi", {"color": figures.ORANGE, "marker": "D"}),
    "univariable,\nTable 5": ("t5.afp.uni", forest.STYLES["unadjusted"]),
    "multivariable,\nTable 5": ("t5.afp.multi", forest.STYLES["adjusted"]),
}
fig, ax = figures.new(4.4, 2.5)
for y, (key, style) in enumerate(reversed(afp.values())):
    forest.interval(ax, all_rows[key].line, y, style)
    ax.text(1.03, y, str(all_rows[key].line.without("p")), transform=ax.get_yaxis_transform(), va="center", fontsize=10)
forest.log_axis(ax, [1, 1.5, 2, 3, 4, 6])
ax.set_yticks(range(len(afp)), list(reversed(afp)))
_ = ax.set(xlabel="hazard ratio, AFP ≥400 against <400 ng/mL", ylim=(-0.5, len(afp) - 0.5), xlim=(0.9, 6.5))

# %% [markdown]
# *Why it matters.* The multivariable result is the one that a later reader or a meta-analysis would take. *What it
# does not show.* Each result is coherent in itself (see the arithmetic below), so nothing in the numbers says which
# is right. That the text's three stand in the same row under the other heading points to a slip of the column, and so
# to the table as the better witness. Either way a high AFP goes with earlier progression, and the conclusion stands.

# %% [markdown]
# (prognosis-cirrhosis)=
# ### Liver cirrhosis and progression-free survival
#
# The hazard ratio, {printed}`t5.cirrhosis.uni.hr`, lies outside its own interval, {printed}`t5.cirrhosis.uni.lower`
# to {printed}`t5.cirrhosis.uni.upper`. No estimate can. And the interval excludes 1, which says *significant*, while
# p = {printed}`t5.cirrhosis.uni.p` says that, were there no difference, chance would do as much in most studies. (No sentence of the paper
# rests on the row, so no conclusion changes with it.)
#
# Two things point to the interval. *First*, hazard ratio and p together say what the limits should be. Of everything
# that one slip could have turned into the printed limits (one digit, two neighbouring digits exchanged, a digit lost or
# added, the point moved), this is what lies in range:

# %%
cirrhosis = all_rows["t5.cirrhosis.uni"]
implied = wald.box(cirrhosis.line.without("lower", "upper"))


def near(number, limits):
    """What one slip can have turned into a number, within limits."""
    found = {}
    for candidate, slip in repairs.slips(number.text).items():
        ends = parse(candidate).stands_for()
        if ends.low <= limits.high and ends.high >= limits.low:
            found[candidate] = slip
    return found


hr, p = cirrhosis.line.hr.text, cirrhosis.line.p.text
pairs = []
for lower, one in near(cirrhosis.line.lower, implied.lower).items():
    for upper, two in near(cirrhosis.line.upper, implied.upper).items():
        empty = wald.box(wald.as_line(hr, lower, upper, p)).is_empty
        possible = "no" if empty else "yes"
        pairs.append((lower, upper, f"{one}; {two}", possible))
columns = ["lower", "upper", "slips", "whole row possible?"]
pd.DataFrame(pairs, columns=columns).set_index(columns[:2])

# %% tags=["remove-cell"]
mended, chance = broken[cirrhosis.key], checks["model.t5.cirrhosis.uni"].chance
modelled = next(m for m in events.modelled(look.registry) if m.row.key == cirrhosis.key)
se = modelled.se_of_limits
look.tell(
    cirrhosis_mended=mended.without("p"), cirrhosis_lower=mended.lower.text, cirrhosis_upper=mended.upper.text,
    cirrhosis_chance=f"{100 * float(chance):.1f}", cirrhosis_yes=modelled.groups[0], cirrhosis_no=modelled.groups[1],
    cirrhosis_smallest=f"{math.sqrt(sum(1 / n for n in modelled.groups)):.3f}",
    cirrhosis_se=f"{float(se.low):.3f} to {float(se.high):.3f}", cirrhosis_events=math.ceil(4 / float(se.high) ** 2),
)  # fmt: skip

# %% tags=["remove-cell", "guard"]
alone = repairs.alone(cirrhosis.line.texts)
assert not alone, f"“No single number would mend the row by itself”, but {alone}"

# %% [markdown]
# Limits must lie evenly about the hazard ratio on the logarithmic scale, and one pair does:
# {glue:text}`cirrhosis_lower` and {glue:text}`cirrhosis_upper`, one digit in each. No single number, whatever it were,
# would mend the row by itself. But two slips are more than one, and with numbers taken from unrelated rows the search
# still ends with one such mended row in {glue:text}`cirrhosis_chance` % of cases. So the correction is likely, not
# certain.
#
# *Second*, and independently, the printed interval is too narrow for these patients. It stands for a
# {term}`standard error` of {glue:text}`cirrhosis_se`. With {glue:text}`cirrhosis_yes` patients with cirrhosis and
# {glue:text}`cirrhosis_no` without, it cannot be below {glue:text}`cirrhosis_smallest`, even had every one of them
# progressed; so narrow an interval takes at least {glue:text}`cirrhosis_events` events, however they are divided, and
# there were {printed}`patients.size.all` patients ([How many events?](40-how-many-events)). *Why it matters.* Someone
# who reads the interval alone takes cirrhosis for protective. *What it does not show.* Any effect of cirrhosis: mended,
# the row is {glue:text}`cirrhosis_mended`, which shows no difference and leaves room for one in either direction.

# %% tags=["remove-cell"]
hbv = broken["t6.hbv.uni"]
look.tell(
    hbv_mended=hbv, hbv_hr=hbv.hr.text, hbv_p=hbv.p.text,
    hbv_chance=f"{100 * float(checks['model.t6.hbv.uni'].chance):.1f}",
)  # fmt: skip

# %% [markdown]
# (prognosis-hbv)=
# ### HBV infection and overall survival
#
# The limits {printed}`t6.hbv.uni.lower` and {printed}`t6.hbv.uni.upper` belong to a hazard ratio of
# {glue:text}`hbv_hr`; printed is {printed}`t6.hbv.uni.hr`. The p that goes with them is {glue:text}`hbv_p`; printed
# is {printed}`t6.hbv.uni.p`. The two look exchanged: hazard ratio where p should stand, and p where the hazard ratio
# should. One slip mends everything, and in unrelated numbers one so small is found in {glue:text}`hbv_chance` % of
# cases. The row would then read {glue:text}`hbv_mended`. *Why it matters.* The printed hazard ratio makes HBV look
# rather protective. *What it does not change.* The association is not significant either way.
#
# (prognosis-independent)=
# ### "Independent" of a univariable result
#
# After Table 5's univariable column the text calls ECOG PS, HBV infection and AFP independent predictors of PFS.
# Independent means: beside the other variables, in one model. In the paper's own multivariable model the p of HBV is
# {printed}`t5.hbv.multi.p` and the interval, {printed}`t5.hbv.multi.lower` to {printed}`t5.hbv.multi.upper`,
# includes 1. It is a `query`: the sentence begins with the univariable analysis and may mean no more than that, and the
# next paragraph and the abstract name only the other two.

# %% [markdown]
# (prognosis-directions)=
# ### Labels that can be read in two directions
#
# "B vs C" should mean: the hazard in B divided by that in C. Wherever something says which group ought to fare worse
# (a clinical order, or printed medians), the label can be checked. These read against it:

# %% tags=["hide-input"]
labels = []
for check in checks.values():
    if check.family == "direction":
        row, variable = check.found.row, look.registry.layout.variables[check.found.row.variable]
        labels.append(
            {
                "variable": variable.label,
                "label": f"{variable.label}, {forest.sides(look.registry, row)}",
                "model": f"{row.endpoint.upper()}, {look.registry.layout.tables[row.table].sets[row.set]}",
                "HR": row.line.hr.text,
                "reads": "along" if (row.line.hr.value > 1) == (check.found.expected > 0) else "against",
                "more than chance?": "yes" if check.is_flag else "no",
                "known from": "medians" if check.found.held_against == "medians" else "clinical order",
            }
        )
labels = pd.DataFrame(labels).set_index("label").rename_axis(None)
against = labels[labels["reads"] == "against"]
against.drop(columns=["variable", "reads"])

# %% [markdown]
# The other {glue:text}`n_along` comparisons, which read along:

# %% tags=["hide-cell"]
labels[labels["reads"] == "along"].drop(columns=["variable", "reads", "more than chance?"])

# %% tags=["remove-cell"]
child_errors = checks["standard-error.t6.child_pugh.uni"].found
look.tell(against=listed(dict.fromkeys(against["variable"])), n_along=len(labels) - len(against),
          child_se=child_errors.printed, child_range=child_errors.range)  # fmt: skip

# %% tags=["remove-cell", "guard"]
two_places = [key for key, row in models.items() if row.line.hr.places == 2]
assert two_places == ["t6.child_pugh.uni"], f"“the only row printed with two decimals”: {two_places}"

# %% [markdown]
# All labels that read against what is known belong to {glue:text}`against`, and all of them print a ratio above 1
# although the group named first should fare better. For two rows chance is hardly an explanation: with LP the median
# PFS is longer, yet the hazard ratio of LP, {printed}`t5.arm.uni.hr`, says that LP progresses sooner; and by
# {printed}`t6.child_pugh.uni.hr` class A, the better liver, dies sooner. One simple possibility is that in these rows
# the ratio is that of the second group to the first. Curves that cross are another, at least for treatment.
#
# Can the width of the interval tell? For Child-Pugh it seems to contradict that reading: its standard error of
# {glue:text}`child_se` fits class A above class B (simulated range {glue:text}`child_range`, and it lies at the very
# edge), and not the reverse. It is also the only row printed with two decimals, so it may come from another run or
# other groups. Which way round it is, only the authors can say. *What does not depend on it.* Turned round, a hazard
# ratio keeps its p; no row becomes significant or ceases to be.

# %% tags=["remove-cell"]
selection = [check for check in checks.values() if check.family == "selection"]
mvi = [float(m.se.low) for m in events.modelled(look.registry) if m.row.variable == "mvi"]
with_thrombus = look.count("patients.pvtt.n")
least = math.sqrt(1 / with_thrombus + 1 / (everyone - with_thrombus))
tace, tace_os = (checks[f"standard-error.{table}.tace_haic.uni"].found for table in ("t5", "t6"))
look.tell(
    n_selection=len(selection), n_obeyed=sum(not check.is_flag for check in selection),
    n_entered=sum(check.found.entered for check in selection), without_thrombus=everyone - with_thrombus,
    mvi_least=f"{least:.3f}", mvi_printed=" and ".join(f"{se:.3f}" for se in mvi), tace_se=tace.printed,
    tace_range=tace.range, tace_os_se=tace_os.printed,
)  # fmt: skip

# %% tags=["remove-cell", "guard"]
entered_arm = [checks[f"selection.{table}.arm"].found.entered for table in ("t5", "t6")]
assert not any(entered_arm), f"“Treatment therefore did not enter”: {entered_arm}"
assert min(mvi) >= least, f"“that reading is possible”: {min(mvi):.3f} lies below {least:.3f}"

# %% [markdown]
# (prognosis-entered)=
# ### What entered the multivariable model, and what did not
#
# The rule was: p {printed}`methods.significance.p` in the univariable model. It was obeyed in {glue:text}`n_obeyed`
# of {glue:text}`n_selection` rows ({glue:text}`n_entered` entered), in the two mended rows as well. Treatment, with p =
# {printed}`t5.arm.uni.p` and {printed}`t6.arm.uni.p`, therefore did *not* enter. So no adjusted comparison of the
# two treatments is printed, and the discussion's statement that the multivariable analysis did not show treatment to be
# an independent factor describes a model in which, by the paper's own rule, it was never tried. In a study without randomisation the adjusted
# comparison is the one that a reader would look for, and selection by p has known faults {cite}`harrell1996`.
#
# (prognosis-mvi)=
# ### Microvascular invasion
#
# The models contain microvascular invasion, which Table 1 does not describe. Table 1 describes portal
# vein tumour thrombus ({printed}`patients.pvtt.n` patients), which the models do not contain. All other
# characteristics are in both. It may be one variable under two names, or two variables. *Why it matters.* They are
# different findings: invasion of small vessels is seen under the microscope, a thrombus of the portal vein on a scan,
# and the latter alone makes the stage advanced {cite}`reig2022`. Can the intervals tell? If the rows are about
# {printed}`patients.pvtt.n` patients with a thrombus and {glue:text}`without_thrombus` without, their standard errors
# must be at least {glue:text}`mvi_least`; they are {glue:text}`mvi_printed`. So that reading is possible, and not
# established.
#
# ### The interval of TACE or HAIC
#
# For PFS the standard error is {glue:text}`tace_se`, where simulated cohorts with these groups give
# {glue:text}`tace_range`; for OS, with the same groups, it is {glue:text}`tace_os_se`. Every death is also an event of
# PFS, so there are at least as many events there, and more events make an interval narrower. A wider one is odd. The row's own
# numbers agree with each other, and yet it [cannot stand beside the other rows](cohort-few), whatever the patients were, if nobody
# was censored for progression early. Which number is wrong, or whether that premise is, cannot be told
# (<a href="12-suggested-corrections.html#tace-haic-pfs">the matter</a>).
#
# ### Child-Pugh class, alone and adjusted
#
# For death the row of Child-Pugh class alone ({printed}`t6.child_pugh.uni.hr`) [cannot stand beside its adjusted
# row](cohort-beside) ({printed}`t6.child_pugh.multi.hr`), if both models are of the same patients and few deaths share a recorded time;
# classes the other way round are no way out. Either row can be wrong, or the premise can be: which, cannot be told
# (<a href="12-suggested-corrections.html#child-pugh-os">the matter</a>). By the rows of stage and of spread, as they are
# labelled, some patients of stage B [had spread](certificate-staging), unless a premise fails (<a href="12-suggested-corrections.html#staging-os">the matter</a>).
#
# ### A row in another format
#
# In Table 6 hazard ratio and limits of Child-Pugh class, univariable, have two decimals, those of every other row of both
# tables three. That by itself is no error. But a program prints all rows of one analysis alike, so this row may have come of another
# analysis, or have been typed in by hand; and it is the row whose direction is hardest to believe. It is worth a question.
# (One p of that table, {printed}`t6.extrahepatic.uni.p`, is short of a decimal, too; a last zero is easily lost.)
#
# ### The same three numbers twice
#
# The median PFS of the patients with ECOG PS 0–1 and both its limits are those of the LP arm: [a question](outcomes-triple) of the
# outcomes.
#
# (prognosis-by-hand)=
# ## One row by hand
#
# A Cox model {cite}`cox1972` estimates the logarithm of the hazard ratio, *b*, with a standard error, *s*. The
# confidence limits are exp(*b* ± 1.96 *s*), and the {term}`Wald test` compares *z* = *b*/*s* with a normal
# distribution. So three printed numbers give back the fourth {cite}`altman2011p`. Take performance status in the
# multivariable model for PFS, printed as {printed}`t5.ecog.multi.hr` ({printed}`t5.ecog.multi.lower` to
# {printed}`t5.ecog.multi.upper`), p = {printed}`t5.ecog.multi.p`:

# %%
table_5 = pd.read_csv(look.folder / "table-5.csv", index_col="row")
hr, lower, upper = table_5.loc["ecog", ["multi_hr", "multi_lower", "multi_upper"]].astype(float)

normal = stats.norm.ppf(0.975)
b = np.log(hr)
s = (np.log(upper) - np.log(lower)) / (2 * normal)
z = b / s
p = 2 * stats.norm.sf(abs(z))
pd.Series({"b": b, "s": s, "z": z, "p": p}).round(4).to_frame("value")

# %% [markdown]
# :::{margin}
# *Why logarithms?* A ratio of one half and a ratio of two are the same effect in opposite directions. Only on the scale
# of logarithms are they equally far from none, and there the estimate of a Cox model is closer to normal.
# :::
#
# The limits should lie evenly about the hazard ratio on the logarithmic scale, that is, their {term}`geometric mean`
# should be the hazard ratio:

# %%
means = {"printed": hr, "geometric mean": np.sqrt(lower * upper)}
pd.Series(means).round(4).to_frame("hazard ratio")

# %% [markdown]
# But the printed numbers are rounded, and small differences between such points mean nothing. Each printed number
# stands for a short interval, and what it says of *b* and *s* is a band:
#
# - the hazard ratio: *b* lies between the logarithms of two numbers, a vertical band;
# - the lower limit: so does *b* − 1.96 *s*, a band that leans to the right;
# - the upper limit: so does *b* + 1.96 *s*, a band that leans to the left;
# - p: |*b*|/*s* lies between two quantiles, a wedge from the origin (on both sides of 0).
#
# The row can be true when all four bands have a point in common.
#
# (prognosis-box)=
# ## The box

# %% tags=["hide-input"]
BANDS = {
    "hr": (figures.BLUE, "HR"), "lower": (figures.GREEN, "lower\nlimit"), "upper": (figures.PURPLE, "upper\nlimit"),
    "p": (figures.ORANGE, "p"),
}  # fmt: skip


def clipped(polygon, view):
    """Cut a polygon to a view (b from, b to, s from, s to)."""
    b0, b1, s0, s1 = view
    for plane in ((1, 0, b1), (-1, 0, -b0), (0, 1, s1), (0, -1, -s0)):
        polygon = wald.HalfPlane(*plane).clip(polygon)
    return polygon


def bands(ax, line, view, magnified=False):
    """Draw what each number of a row says of b and s: the box of that number alone; its edges, where p fills the view."""
    for name, (colour, said) in BANDS.items():
        for polygon in wald.box(wald.Line(**{name: getattr(line, name)})).polygons:
            shape = clipped(polygon, view)
            if not shape:
                continue
            fill = "none" if magnified and name == "p" else (colour, 0.35)
            ax.fill(*zip(*shape, strict=True), facecolor=fill, edgecolor=colour, linewidth=1.2)
            top = max(s for _, s in shape)
            if not magnified and top > view[3] - 1e-9:
                at = np.mean([b for b, s in shape if s > top - 1e-6])
                ax.annotate(said, (at, top), (0, 3), textcoords="offset points", ha="center", va="bottom",
                            fontsize=9.5, color=colour)  # fmt: skip
    ax.set(xlim=view[:2], ylim=view[2:], xlabel="b, the log hazard ratio", ylabel="s, its standard error")


# %% [markdown]
# For the row above, the package finds all *b* and *s* that print it, as the corners of a polygon:

# %%
consistent = all_rows["t5.ecog.multi"].line
found = wald.box(consistent)
[polygon] = found.polygons
pd.DataFrame(polygon, columns=["b", "s"]).round(6)

# %% tags=["hide-input"] mystnb={"image": {"alt": "The plane of log hazard ratio and standard error. The bands of hazard ratio, lower limit and upper limit are as thin as lines and cross in one point, inside the wedge of p. An inset magnifies the crossing: a small filled polygon lies in all four bands."}, "figure": {"name": "fig-box", "caption": "ECOG PS in the multivariable model for PFS: the four bands have a polygon in common (filled in the inset, which lies wholly in the band of p), so the row can be true."}}
fig, ax = figures.new(5.2, 4.0)
view = (-0.05, 1.75, 0, 0.55)
bands(ax, consistent, view)
inset = ax.inset_axes([0.05, 0.5, 0.32, 0.42])
centre, width = np.mean(polygon, axis=0), np.ptp(polygon, axis=0)
zoomed = (*(centre[0] + np.array([-1.6, 1.6]) * width[0]), *(centre[1] + np.array([-2.4, 2.4]) * width[1]))
bands(inset, consistent, zoomed, magnified=True)
inset.fill(*zip(*polygon, strict=True), color=figures.INK, zorder=4)
inset.set(xticks=[], yticks=[], xlabel="", ylabel="")
inset.set_title("magnified", fontsize=9.5)
for spine in inset.spines.values():
    spine.set_visible(True)
ax.scatter(*centre, s=90, facecolor="none", edgecolor=figures.INK, linewidth=1.3, zorder=5)
_ = ax.annotate("", (0.37, 0.7), centre, xycoords="axes fraction", textcoords="data",
                arrowprops={"arrowstyle": "-", "color": figures.GREY, "shrinkA": 7, "shrinkB": 0})  # fmt: skip

# %% [markdown]
# Everything else that the row could print has its extremes at these corners. So p lies between

# %%
ends = {"smallest p": found.p.low, "largest p": found.p.high}
pd.Series(ends).round(6).to_frame("value")

# %% tags=["remove-cell"]
look.tell(ecog_p=show_like(found.p, consistent.p))

# %% tags=["remove-cell", "guard"]
printed_so = [consistent.p.matches(end) for end in (found.p.low, found.p.high)]
assert all(printed_so), f"“every value in between prints” {consistent.p.text}: {found.p}"

# %% [markdown]
# and every value in between prints {glue:text}`ecog_p`, which is what Table 5 has. (Where the polygon reaches across
# *b* = 0, the largest p is 1, which no corner shows; the package sees to that.) The same for the AFP results above:
# each is coherent with its p, so the arithmetic cannot tell which belongs where.

# %%
implied_p = {}
for name, (key, _) in afp.items():
    line = all_rows[key].line
    p = wald.implied_p(line)
    implied_p[name.replace("\n", " ")] = {
        "printed": str(line.without("p")),
        "printed p": line.p.text,
        "p from": f"{p.low:.7f}",
        "to": f"{p.high:.7f}",
    }
pd.DataFrame(implied_p).T

# %% tags=["remove-cell", "guard"]
empty = [key for key, _ in afp.values() if wald.box(all_rows[key].line).is_empty]
assert not empty, f"“each is coherent with its p”: not {empty}"

# %% [markdown]
# For the row of HBV infection and OS no *b* and *s* print all four numbers; the polygon is empty:

# %%
inconsistent, hbv = all_rows["t6.hbv.uni"].line, broken["t6.hbv.uni"]
wald.box(inconsistent).polygons

# %% tags=["hide-input"] mystnb={"image": {"alt": "The same plane for HBV infection and overall survival. The bands of the two limits cross at a point that lies neither on the printed hazard ratio's vertical line nor in the wedges of the printed p. Dashed lines, of the exchanged numbers, both pass through the crossing."}, "figure": {"name": "fig-box-empty", "caption": "HBV infection and OS: the bands of the limits cross where neither the printed hazard ratio nor the printed p passes. Dashed: hazard ratio and p exchanged; both pass through the crossing."}}
fig, ax = figures.new(5.2, 4.0)
view = (-0.85, 0.75, 0, 0.55)
bands(ax, inconsistent, view)
ax.axvline(math.log(hbv.hr.value), color=figures.BLUE, linestyle="--", linewidth=1.5)
slope = -stats.norm.isf(float(hbv.p.value) / 2)
ax.plot([0, slope * view[3]], [0, view[3]], color=figures.ORANGE, linestyle="--", linewidth=1.5)
crossing = np.mean(wald.box(hbv).polygons[0], axis=0)
ax.scatter(*crossing, s=90, facecolor="none", edgecolor=figures.INK, linewidth=1.3, zorder=5)
_ = ax.annotate(
    f"mended: HR {hbv.hr.text},\np {hbv.p.text}", crossing, (0.24, 0.335), fontsize=9.5, va="center",
    arrowprops={"arrowstyle": "-", "color": figures.GREY, "shrinkB": 7},
)  # fmt: skip

# %% [markdown]
# (prognosis-all-rows)=
# ## All rows, published and recomputed
#
# A ring is the hazard ratio that a row's other three numbers imply; where the row is coherent it lies on the printed
# one. A row that cannot be true has a second line: what it would be, mended.


# %% tags=["hide-input"] mystnb={"image": {"alt": "Forest plot of Table 5: twelve factors, each with the printed hazard ratio for progression-free survival and its interval on a logarithmic axis and the printed text beside it, univariable as black circles, multivariable as blue squares. Every coherent row carries a ring on its mark; that of TACE or HAIC carries none, and a sign for unequal. For liver cirrhosis the printed point lies to the right of its own interval, and a mended line below it straddles one."}, "figure": {"name": "fig-forest-pfs", "caption": "Table 5: hazard ratios for progression-free survival as printed, with what the rest of each row implies (rings), mended where the row cannot be true (cross, diamond), and without a ring where rows cannot stand together unless a premise fails (≠)."}}
forest.forest(look.registry, "t5", broken, "progression or death", apart)

# %% tags=["hide-input"] mystnb={"image": {"alt": "Forest plot of Table 6: the same twelve factors for overall survival. Performance status and AFP lie to the right of one in both models; Child-Pugh class does so in the univariable model and straddles one in the multivariable model. For HBV infection the printed point lies left of the middle of its interval and the mended one in the middle. Both rows of Child-Pugh class carry a sign for unequal and no ring."}, "figure": {"name": "fig-forest-os", "caption": "Table 6: hazard ratios for overall survival as printed, with what the rest of each row implies (rings), mended where the row cannot be true (cross, diamond), and without a ring where rows cannot stand together unless a premise fails (≠)."}}
forest.forest(look.registry, "t6", broken, "death", apart)

# %% tags=["remove-cell"]
repeats = {key: models[f"{row.table}.{row.row}.{row.set}"].line for key, row in all_rows.items() if row.in_prose}
look.tell(n_repeats=len(repeats))

# %% tags=["remove-cell", "guard"]
unlike = [key for key, line in repeats.items() if line != all_rows[key].line]
assert unlike == ["prognostic.afp.pfs.multi"], f"“apart from AFP in PFS each repeats its table”: {unlike}"

# %% [markdown]
# The {glue:text}`n_repeats` rows that the text repeats were checked likewise; apart from AFP in PFS each repeats its
# table to the last digit.
#
# (prognosis-redrawn)=
# ## Figure 3, redrawn
#
# The paper's Figure 3 has four panels: both endpoints by performance status and by AFP.

# %% [markdown]
# Here they are drawn from {glue:text}`whom`; behind them, where these are invented, the ranges over other such patients who
# have the printed statistics.

# %% tags=["hide-input"]
results = verify.verify(look.records) if look.records else []
months = np.linspace(0, 54, 217)
ECOG = {"ECOG PS 0–1": "ecog_0_1", "ECOG PS 2": "ecog_2"}
AFP = {"AFP < 400 ng/mL": "afp_lt400", "AFP ≥ 400 ng/mL": "afp_ge400"}


def drawn(endpoint, groups):
    """Draw an endpoint in two groups, with the range over the ensemble behind."""
    if look.records:
        members = look.ensemble
        behind = {
            label: (months, *beyond.envelope(members, endpoint, key, months))
            for label, key in groups.items()
            if members
        }
        curves.two_groups(look.records, endpoint, groups, envelopes=behind, size=(5.2, 4.6))


look.tell(whom="invented patients" if look.synthetic else "the patients of the records that were handed in")

# %% tags=["hide-input"] mystnb={"image": {"alt": "Kaplan–Meier curves of progression-free survival by performance status, with bands and numbers at risk; words in the picture say what the patients are. Of the invented ones those of status 2 fall faster than those of status 0 to 1 from the start."}, "figure": {"name": "fig-ecog-pfs", "caption": "Progression-free survival by performance status in {glue:text}`whom`."}}
drawn("pfs", ECOG)

# %% tags=["hide-input"] mystnb={"image": {"alt": "Kaplan–Meier curves of overall survival by performance status, with bands and numbers at risk; words in the picture say what the patients are. Of the invented ones those of status 2 fall faster than those of status 0 to 1."}, "figure": {"name": "fig-ecog-os", "caption": "Overall survival by performance status in {glue:text}`whom`."}}
drawn("os", ECOG)

# %% tags=["hide-input"] mystnb={"image": {"alt": "Kaplan–Meier curves of progression-free survival by AFP, with bands and numbers at risk; words in the picture say what the patients are. Of the invented ones the group of 400 and more falls faster."}, "figure": {"name": "fig-afp-pfs", "caption": "Progression-free survival by AFP in {glue:text}`whom`."}}
drawn("pfs", AFP)

# %% tags=["hide-input"] mystnb={"image": {"alt": "Kaplan–Meier curves of overall survival by AFP, with bands and numbers at risk; words in the picture say what the patients are. Of the invented ones the group of 400 and more falls faster."}, "figure": {"name": "fig-afp-os", "caption": "Overall survival by AFP in {glue:text}`whom`."}}
drawn("os", AFP)

# %% [markdown]
# ## Tables 5 and 6, refitted
#
# All models of the two tables, fitted again on these patients. *Mended* rows cannot be true as printed and are held
# against the one small change that makes them possible. *Off by* counts units of the last printed digit,
# for the number of a row that is farthest off. Where invented patients agree, they were made to; where they do not,
# [](42-synthetic-cohort) says what is known.

# %% tags=["remove-input"]
said = "printed and refitted"
groups = [*ECOG.values(), *AFP.values()]
shown = [tables.refitted(results, look.registry, f"t{n}", f"Table {n}, {said}") for n in (5, 6)] if results else []
medians = [tables.medians(results, look.registry, groups, f"Medians by group, {said}")] if results else []
present.Html("".join(shown + medians))

# %% [markdown]
# ## Every number of this section

# %% tags=["remove-input"]
look.numbers("prognostic-factors")

# %% [markdown]
# ## Practice

# %% tags=["remove-input"]
lower_end, upper_end = 1.2, 4.8
se_there = math.log(upper_end / lower_end) / (2 * stats.norm.isf(0.025))
middle, z_there = math.sqrt(lower_end * upper_end), math.log(lower_end * upper_end) / 2 / se_there
there = {"from_": lower_end, "to": upper_end, "se": se_there, "ratio_there": middle, "z": z_there}
practice.ask("prognostic-factors.after", **there, p=2 * stats.norm.sf(z_there))

# %% [markdown]
# ## Exercises
#
# :::{exercise} Points against intervals
# :label: prognosis-points
#
# *Level 2 of 3 · 20 minutes · Python, R or a spreadsheet*
#
# For all {glue:text}`n_rows` rows of Tables 5 and 6: in how many does the square root of the product of the limits,
# rounded as the ratio is, differ from the printed hazard ratio? Are these rows wrong? Do it again with each number as
# the interval for which it stands (every value that is printed so).
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# Each limit stands for an interval. Multiply the two lower ends and the two upper ones, take roots, and ask whether
# what lies between meets the interval of the ratio.
# :::

# %% [markdown]
# :::{solution-start} prognosis-points
# :class: dropdown
# :::

# %%
differ, impossible = [], []
for key, row in models.items():
    numbers = row.line.lower, row.line.upper, row.line.hr
    middle = math.sqrt(numbers[0].value * numbers[1].value)
    if show(middle, row.line.hr.places) != row.line.hr.text:
        differ.append(key)
    low, high, ratio = (number.stands_for() for number in numbers)
    too_large = ratio.low**2 > low.high * high.high
    too_small = ratio.high**2 < low.low * high.low
    if too_large or too_small:
        impossible.append(key)
print(f"as points {len(differ)} of {len(models)} rows differ")
print(f"as intervals {len(impossible)}: {', '.join(impossible)}")

# %% [markdown]
# Compared as points, correct rows are accused: the last digits of three rounded numbers need not fit. Compared as
# intervals, only those remain that no rounding explains.
#
# :::{solution-end}
# :::
#
# :::{exercise} A slip of the pen
# :label: prognosis-slip
#
# *Level 3 of 3 · 30 minutes · Python with the package, or [Paste your own](../book/paste-your-own) for some of them*
#
# Take the multivariable row of ECOG PS in Table 6, which is coherent. Make every slip that one digit of its upper limit
# can suffer (wrong, exchanged with its neighbour, lost, added; the point moved). How many slips does the box notice?
# For how many does the search name one repair, and is it the true one?
#
# Whether a row is possible, and which repairs there are, is a search over regions, which the package does
# (`wald.box`, `repairs.search`).
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# Guess first: at which digit of the upper limit can a slip hide?
# :::

# %% [markdown]
# :::{solution-start} prognosis-slip
# :class: dropdown
# :::

# %%
true = all_rows["t6.ecog.multi"].line
outcome = {
    "not noticed": 0,
    "noticed, several repairs": 0,
    "noticed, one repair, the true one": 0,
    "noticed, one repair, another": 0,
}
for text in repairs.slips(true.upper.text):
    line = wald.as_line(true.hr.text, true.lower.text, text, true.p.text)
    if not wald.box(line).is_empty:
        outcome["not noticed"] += 1
        continue
    found = repairs.search(line)
    if found.outcome != "unique":
        outcome["noticed, several repairs"] += 1
    elif found.line.upper.text == true.upper.text:
        outcome["noticed, one repair, the true one"] += 1
    else:
        outcome["noticed, one repair, another"] += 1
pd.Series(outcome).to_frame("slips")

# %% [markdown]
# Four numbers that come of two check each other well. Where several repairs are possible none is named, so that a wrong
# one is seldom suggested. ([](48-how-good) does this for every place in many tables, and finds where the method is blind.)
#
# :::{solution-end}
# :::
#
# :::{exercise} Why does an adjusted ratio grow?
# :label: prognosis-grow
#
# *Level 3 of 3 · 30 minutes · Python or R*
#
# From the univariable to the multivariable column of Table 6 the hazard ratio of ECOG PS goes from
# {printed}`t6.ecog.uni.hr` to {printed}`t6.ecog.multi.hr`, and that of AFP from {printed}`t6.afp.uni.hr` to
# {printed}`t6.afp.multi.hr`. One might expect adjusting to shrink them. Simulate large studies in which the two factors
# are *unrelated* and each multiplies the hazard by its multivariable ratio; fit one at a time, then both. Is
# confounding needed for the ratio to grow?
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# What does leaving out a strong factor do to a group whose hazards then differ within it? Think of who is left after
# a year.
# :::

# %% [markdown]
# :::{solution-start} prognosis-grow
# :class: dropdown
# :::

# %%
rng = np.random.default_rng(8)
shape = (20, 1500)  # studies, patients
names = ["ecog", "afp"]
contrasts = look.registry.layout.tables["t6"].contrasts
levels = {v: contrasts[v].exposed for v in names}
exposed = [look.registry.level_count(v, levels[v]) for v in names]
shares = np.array(exposed) / everyone
factors = rng.random((*shape, 2)) < shares  # unrelated
ratios = [float(look.printed(f"t6.{v}.multi.hr")) for v in names]
died = rng.exponential(1, shape) / np.exp(factors @ np.log(ratios))
order = np.argsort(died, axis=1)[:, :, None]
factors = np.take_along_axis(factors, order, axis=1).astype(float)
happened = np.ones(shape, dtype=bool)


def fitted(columns):
    """Return the hazard ratios of some columns, fitted together."""
    logs, _ = cox_batch.fit(factors[:, :, columns], happened)
    return list(np.exp(logs.mean(axis=0)))


results = {
    "true": ratios,
    "one at a time": fitted([0]) + fitted([1]),
    "both": fitted([0, 1]),
}
pd.DataFrame(results, index=["ECOG PS", "AFP"]).map("{:.2f}".format)

# %% [markdown]
# No. (The column *both* returns the true ratios, within what chance allows.) Leave out a strong factor, and those at risk become unequal in it as time goes on: in the group that dies sooner
# the ones still alive are increasingly those without the other factor. The univariable ratio is an average over that
# change, nearer to 1; it is not wrong, it answers for a population and not for a patient. Statisticians call the hazard
# ratio {term}`not collapsible`. So a change from one column to the other does not prove confounding, and no change
# would not exclude it.
#
# :::{solution-end}
# :::
#
# ## Key takeaways
#
# - [Four numbers of a row come of two](prognosis-by-hand), so any two check the others; the
#   [box](prognosis-box) does it with all roundings carried along. By it {glue:text}`n_broken` of {glue:text}`n_rows` rows
#   cannot be true.
# - [A ratio lies in the middle of its interval](prognosis-hbv) on the scale of logarithms, where that of HBV infection
#   for OS does not, and [never outside it](prognosis-cirrhosis), as that of cirrhosis does.
# - [A label is a claim about direction](prognosis-directions). Those of {glue:text}`against` read against medians or
#   against what is known.
# - [Independent means adjusted](prognosis-independent): say *univariable* of the rest. And [what never entered a
#   model was not tested in it](prognosis-entered), as treatment was not.
# - [Look which column a number came from](prognosis-afp) before you quote it: the text's adjusted ratio of AFP for PFS is
#   the table's unadjusted one.
#
# ## Strengths and limitations of the method
#
# *Strengths.* The arithmetic needs one row and no patient; an empty box is proof for Wald statistics, whatever the data
# were. The search states how often its repair would have been found by accident. *Limitations.* It holds for Wald
# intervals and Wald p; profile likelihood, exact and bootstrap intervals need not lie evenly. A row that is coherent
# may still be of another model, another direction or other patients: the box sees numbers and not names. And a model
# can be printed without fault and be a poor one ([](59-univariable-to-model)).
#
# ## Further reading
#
# The model: {cite:t}`cox1972`; in a book: {cite:t}`therneau2000`. From an interval to p and back, two pages each:
# {cite:t}`altman2011p`, {cite:t}`altman2011ci`. Reading hazard ratios out of print for meta-analysis:
# {cite:t}`parmar1998`, {cite:t}`tierney2007`. Choosing variables: {cite:t}`harrell1996`, {cite:t}`harrell2015`; how
# many events a variable needs: {cite:t}`peduzzi1995`. What a hazard ratio does not say: {cite:t}`uno2014`.

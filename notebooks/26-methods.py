# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% [markdown]
# # Materials and methods
#
# :::{admonition} In this chapter
# :class: note
# **You will** turn the rules of a methods section into arithmetic: dates into bounds on follow-up, a calendar of scans
# into windows, cycles into weeks that had to be survived. **You will learn to** ask of each rule what it fixes before
# any patient is counted, and to simulate what a rule of measuring does to a median. **You need** the words
# {term}`progression-free survival`, {term}`censoring` and {term}`median survival`.
# :::
#
# :::{admonition} What this section of the paper says
# :class: note
# Between {printed}`methods.accrual.start` and {printed}`methods.accrual.end`, {printed}`methods.size.recruited`
# patients were recruited and {printed}`methods.size.all` kept ({printed}`methods.size.lp` LP,
# {printed}`methods.size.r` R): intermediate or advanced stage, ECOG PS {printed}`methods.eligible.ecog.min` to
# {printed}`methods.eligible.ecog.max`, {term}`Child-Pugh` A or B, at least {printed}`methods.eligible.cycles`
# cycles of treatment. Tumours were scanned every {printed}`methods.scan.min` to {printed}`methods.scan.max` weeks
# and read by RECIST {printed}`methods.recist.version` and {term}`mRECIST`. Follow-up ended on
# {printed}`methods.followup.last`. Tables of counts were tested by chi-square or Fisher's exact test; survival was drawn by
# Kaplan–Meier and compared by the {term}`log-rank test`. Variables whose p was {printed}`methods.selection.p` when
# tried alone entered the {term}`multivariable` Cox model. SPSS {printed}`methods.spss.version` and R
# {printed}`methods.r_software.version` did the work.
# :::
#
# A methods section prints few results. What it prints are *rules*, and rules can be held against results: that is their
# use in this book.

# %%
import numpy as np
import pandas as pd

from secondlook.pages import figures
from secondlook.pages.look import percent, start

look = start()
days_a_month = 365.25 / 12
cycles = look.count("methods.eligible.cycles")
on = look.count("methods.regorafenib.on")
off = look.count("methods.regorafenib.off")
between = look.count("methods.pd1.interval")
weeks = pd.Series({"LP": between, "R": on + off}, name="weeks a cycle")

# %% tags=["remove-cell"]
from secondlook.paper import event_counts

look.tell(
    asked=len(look.asked("methods")),
    os_without=event_counts.joints(look.registry)["os"].most_without,
    **{f"guaranteed.{arm.lower()}": cycles * n for arm, n in weeks.items()},
)

# %% tags=["remove-cell", "guard"]
wrong, asked = ([check.check_id for check in found("methods")] for found in (look.wrong, look.asked))
assert not wrong, f"“Nothing in this section contradicts another printed number”: {len(wrong)} do, {wrong}"
assert len(asked) == 4, f"two queries have their words here, “The two others” below: {len(asked)} and not 4, {asked}"

# %% [markdown]
# ## Predict before you reveal
#
# | rule, as printed | |
# |---|---:|
# | last patient entered | {printed}`methods.accrual.end` |
# | follow-up ended | {printed}`methods.followup.last` |
# | cycles needed to be included | {printed}`methods.eligible.cycles` |
# | weeks between infusions, LP | {printed}`methods.pd1.interval` |
# | weeks of a cycle, R | {printed}`methods.regorafenib.on` + {printed}`methods.regorafenib.off` |
# | weeks between scans | {printed}`methods.scan.min` to {printed}`methods.scan.max` |
#
# Three questions before any result.
#
# 1. Everybody is said to have been followed to death or to the end. For how many months, at least, was each patient observed who
#    did not die?
# 2. How long did a patient of either arm have to live to be counted at all?
# 3. With scans at those weeks, will the median time to a *seen* progression be longer or shorter than the true one, and by how
#    much?

# %% tags=["remove-input"]
from secondlook.pages import practice

practice.ask("methods.before")

# %% [markdown]
# :::{admonition} Open the answer
# :class: dropdown
# 1. At least {glue:text}`least` months. Both medians of survival ({printed}`outcomes.os.lp.median` and
#    {printed}`outcomes.os.r.median` months) lie before that, so no
#    patient was censored before them.
# 2. {glue:text}`guaranteed.lp` weeks with LP and {glue:text}`guaranteed.r` with R, if cycles had to be completed: not the same.
# 3. Longer: progression is found at the next scan, on average about half an interval late. Where the true median is
#    {glue:text}`true_median` months, scans every {printed}`methods.scan.max` weeks show {glue:text}`seen_max` and those every
#    {printed}`methods.scan.min` weeks {glue:text}`seen_min`: the median that is seen is the date of a scan, and after three
#    months the longer interval happens to have one sooner. The last exercise has the simulation.
# :::
#
# (methods-wrong)=
# ## What does not hold
#
# Nothing in this section contradicts another printed number. But {glue:text}`asked` things are queries: possible as
# printed, yet hard to square with something else, or open to two readings. Each rests on an assumption, which is named.
#
# (methods-complete)=
# ### Complete follow-up
#
# Everyone is said to have been followed to death or to the last date. In the flow of patients
# {printed}`patients.excluded.lost` of {printed}`patients.size.recruited` are left out because they were not. So
# follow-up is complete because those for whom it was not are missing. *Assumed:* that they had begun treatment. *Why it
# matters.* Who is lost may fare worse or better than who is not; a survival analysis can keep such patients and censor
# them. *What it does not show.* In which direction it moved the results, if at all.
#
# (methods-os-definition)=
# ### The end of overall survival
#
# Overall survival is defined as the time to death *or* to the last day of follow-up. Taken literally, those alive at
# the end would count as events on that day. *Assumed:* what is usual, that they were censored. *Why it matters.* It is
# a wording that a reader has to mend, and other bounds rest on it: if they were censored, the printed intervals leave room for at
# most {glue:text}`os_without` of the {printed}`methods.size.all` patients alive at the end ([](40-how-many-events)); if they
# were counted as events, the intervals do not tell how many there were.
#
# The two other queries are worked out further down: [time that had to be survived](methods-cycles) and
# [a weight without a dose](methods-doses).

# %% tags=["remove-input"]
look.queries("methods")

# %% [markdown]
# Many values here (doses, versions, procedures) have nothing beside them to be held against; [](84-not-checked) lists
# them with the reason.
#
# (methods-held)=
# ## What is held against what

# %% [markdown]
# | what the methods say | what it is held against | where |
# |---|---|---|
# | who could enter, who was left out | the flow of patients; Table 1 | [](28-patients) |
# | at least so many cycles | early progression and death; when the clock starts | [this page](methods-cycles) |
# | interval between scans | best responses and median progression-free survival | [this page](methods-scans); [](32-outcomes) |
# | definitions of response and disease control | Table 3, sums and shares | [this page](methods-definitions); [](32-outcomes) |
# | dates of entry and of the last follow-up | how early a patient can be censored | [this page](methods-follow-up); [](40-how-many-events) |
# | chi-square or Fisher, without a rule for the choice | every p value of a table of counts | [](28-patients) |
# | p below the limit enters the multivariable model | Tables 5 and 6, row by row | [this page](methods-selection); [](36-prognostic-factors) |

# %% [markdown]
# (methods-definitions)=
# ## Response and disease control by their definitions
#
# The objective response rate is complete plus partial responses over all patients; the disease control rate adds stable
# disease. For the LP arm by RECIST, from the counts of Table 3:

# %%
size = look.count("patients.size.lp")
responses = ("cr", "pr", "sd", "pd")
best = pd.Series(
    {row: look.count(f"t3.{row}.recist.lp.n") for row in responses},
    name="patients",
)
names = {
    "cr": "complete response",
    "pr": "partial response",
    "sd": "stable disease",
    "pd": "progressive disease",
}
best.rename(names).to_frame()

# %% tags=["remove-cell", "guard"]
assert best.sum() == size, f"“over all patients”: {best.sum()} best responses, {size} patients"

# %%
rates = {"ORR": ["cr", "pr"], "DCR": ["cr", "pr", "sd"]}
rows = {}
for rate, parts in rates.items():
    n = int(best[parts].sum())
    printed = look.printed(f"t3.{rate.lower()}.recist.lp.pct")
    rows[rate] = [n, percent(n, size), printed]
pd.DataFrame(rows, index=["patients", "recomputed, %", "printed, %"]).T

# %% [markdown]
# The four best responses (complete, partial, stable, progressive) are those of RECIST {cite}`eisenhauer2009`. With the
# definitions of this section they give what is printed.
#
# (methods-follow-up)=
# ## How long everyone was followed
#
# Each patient is said to have been followed to death or to the last date, and those lost were left out. Entry and last
# date then bound the follow-up of everyone who was still alive:

# %%
opened = look.printed("methods.accrual.start")
ended = look.printed("methods.accrual.end")
last_day = look.printed("methods.followup.last")
first = pd.Period(opened, "M").start_time
last = pd.Period(ended, "M").end_time.normalize()
closed = pd.to_datetime(last_day, format="%B %d, %Y")
span = pd.DataFrame(
    [(first, last), (last, closed), (first, closed)],
    columns=["from", "to"],
    index=["accrual", "least follow-up", "greatest follow-up"],
)
span["days"] = (span["to"] - span["from"]).dt.days
span["months"] = (span["days"] / days_a_month).map("{:.1f}".format)
dates = span.astype({"from": str, "to": str})
dates.replace("-", "\N{NON-BREAKING HYPHEN}", regex=True)

# %% tags=["remove-cell"]
look.tell(
    least=span.loc["least follow-up", "months"],
    greatest=span.loc["greatest follow-up", "months"],
)

# %% [markdown]
# Nobody alive can have been censored for overall survival before {glue:text}`least` months, and no time can exceed
# {glue:text}`greatest`. The median survivals ({printed}`outcomes.os.lp.median` and {printed}`outcomes.os.r.median` months) lie below the first bound, so by the
# paper's own account they were reached without any censoring before them. [](40-how-many-events) uses both bounds to
# tell which confidence bands can have printed the medians' intervals.
#
# (methods-scans)=
# ## Scans and progression
#
# Progression is seen at a scan. With {printed}`methods.scan.min` to {printed}`methods.scan.max` weeks between scans
# it can be *seen* only in certain windows; death can fall anywhere. Here are the windows, in months, with the medians
# of progression-free survival that the paper prints:

# %%
week = 7 / days_a_month
shortest = week * look.count("methods.scan.min")
longest = week * look.count("methods.scan.max")
windows = pd.DataFrame(
    [(shortest * k, longest * k) for k in range(1, 5)],
    columns=["earliest", "latest"],
    index=range(1, 5),
)
windows.rename("scan {}".format).map("{:.1f}".format)

# %% tags=["hide-input"] mystnb={"image": {"alt": "Windows of the first scans on an axis of months, narrow and apart at first, wide and touching later. Below them the printed medians of progression-free survival, one row for each group of patients; none lies as early as the window of the first scan."}, "figure": {"name": "fig-methods-scans", "caption": "When scans fall by the stated schedule (bands), and the printed medians of progression-free survival (points)."}}
groups = {
    "outcomes.pfs.lp": "LP",
    "outcomes.pfs.r": "R",
    "prognostic.pfs.ecog_0_1": "ECOG PS 0–1",
    "prognostic.pfs.ecog_2": "ECOG PS 2",
    "prognostic.pfs.afp_lt400": "AFP low",
    "prognostic.pfs.afp_ge400": "AFP high",
}
fig, ax = figures.new(5.25, 3.8)
for scan, (low, high) in windows.iterrows():
    ax.axvspan(low, high, color=figures.BLUE, alpha=0.2, linewidth=0)
    ax.barh(-1, high - low, left=low, height=0.5, alpha=0.35,
            color=figures.BLUE, edgecolor=figures.BLUE)  # fmt: skip
    ax.text((low + high) / 2, -1, scan, ha="center", va="center")
for y, place in enumerate(groups):
    text = look.printed(f"{place}.median")
    ax.plot(float(text), y, "o", color=figures.ORANGE, markersize=7)
    ax.text(float(text) + 0.18, y, text, va="center")
ax.set_yticks([-1, *range(len(groups))], ["scan", *groups.values()])
ax.invert_yaxis()
ax.set(xlabel="months from the first treatment", xlim=(0, 7.8))
_ = ax.grid(axis="y", visible=False)

# %% [markdown]
# A median between windows is no contradiction: deaths count as well, and real scans slip. But the schedule bears on one result. In
# the R arm more than half of the patients have progression as their *best* response. If the first scan already showed it, fewer
# than half were left by then, and the median cannot lie beyond that scan; printed is {printed}`outcomes.pfs.r.median` months. It
# is a query, filed with the median: [](32-outcomes) draws it and weighs the explanations.
#
# (methods-cycles)=
# ## At least so many cycles
#
# A patient entered only with {printed}`methods.eligible.cycles` cycles or more. A cycle is not defined. If it is the
# interval of the infusions for LP, and the weeks on and off for R:

# %%
pd.DataFrame(
    {
        "weeks a cycle": weeks,
        "weeks in all": cycles * weeks,
        "months": (7 * cycles * weeks / days_a_month).map("{:.1f}".format),
    }
)

# %% [markdown]
# If all those cycles had to be completed, nobody in the study can have died sooner, and a patient of one arm had to live longer
# than one of the other to be counted. The clock of both survival times starts with the first treatment all the same: time that
# had to be survived in order to be studied is called *immortal* {cite}`suissa2008`. *Assumed:* these lengths of a
# cycle, and that a cycle counts when it is over. *Why it matters.* Early deaths and early stops are missing from both
# arms, and for longer from one. *What it does not show.* How much: how many patients stopped earlier is not printed.
# All {printed}`patients.excluded.all` who are reported as left out were left out for other reasons
# ([](28-patients)). [](53-guaranteed-time) works out what such a rule does to a comparison.
#
# (methods-doses)=
# ## Gaps in the doses
#
# Lenvatinib is {printed}`methods.lenvatinib.light.dose` mg a day *below* {printed}`methods.lenvatinib.light.weight`
# kg and {printed}`methods.lenvatinib.heavy.dose` mg *above* {printed}`methods.lenvatinib.heavy.weight` kg. Read to
# the letter:

# %%
limit = look.count("methods.lenvatinib.light.weight")
light = look.printed("methods.lenvatinib.light.dose")
heavy = look.printed("methods.lenvatinib.heavy.dose")
dose = {limit - 1: light, limit: "no dose named", limit + 1: heavy}
per_day = pd.Series(dose, name="mg per day")
per_day.rename("{} kg".format).to_frame()

# %% tags=["remove-cell", "guard"]
above = look.count("methods.lenvatinib.heavy.weight")
assert limit == above, f"“Gaps in the doses”, one weight for both: below {limit} kg, above {above} kg"

# %% [markdown]
# It is a matter of wording: usual practice gives the higher dose from that weight on, and nothing printed depends on
# it. One dose and one interval are given for four PD-1 inhibitors together ({printed}`methods.pd1.dose` mg every
# {printed}`methods.pd1.interval` weeks); whether that is each drug's labelled dose is outside what these pages check.
#
# (methods-selection)=
# ## The selection rule
#
# A variable enters the multivariable model when its own p is {printed}`methods.selection.p`. In Tables 5 and 6: is a
# multivariable result printed in exactly those rows?

# %%
limit_p = float(look.printed("methods.selection.p").strip("<"))
rows = []
for number, endpoint in ((5, "PFS"), (6, "OS")):
    file = look.folder / f"table-{number}.csv"
    table = pd.read_csv(file, dtype=str, keep_default_na=False)
    for row in table[table.uni_p != ""].itertuples():
        below = float(row.uni_p.strip("<")) < limit_p
        rows.append([endpoint, row.label, row.uni_p, below, row.multi_hr != ""])
names = ["endpoint", "variable", "p", "below", "entered"]
selection = pd.DataFrame(rows, columns=names)
selection["both"] = selection["below"] & selection["entered"]
found = selection.groupby("endpoint")[["below", "entered", "both"]]
found.sum().rename_axis(None)

# %%
entered = selection[selection["entered"]].set_index("endpoint")
entered[["variable", "p"]].rename_axis(None)

# %% tags=["remove-cell", "guard"]
broken = selection[selection["below"] != selection["entered"]]
assert broken.empty, f"“the rule was obeyed in every row”, but not in {len(broken)} of {len(selection)}:\n{broken}"

# %% [markdown]
# By the printed p values the rule was obeyed in every row. Whether those p values themselves hold is asked in
# [](36-prognostic-factors); the corrections suggested there move no variable across the limit. Choosing variables by
# their own p is a habit with known costs {cite}`harrell2015`, whether or not it is followed to the letter
# ([](59-univariable-to-model) shows them). And one variable that a reader would look for, the treatment, did not enter by this
# rule.
#
# ## Every number of this section

# %% tags=["remove-input"]
look.numbers("methods")

# %% [markdown]
# ## Practice

# %% tags=["remove-input"]
practice.ask("methods.after")

# %% [markdown]
# ## Exercises
#
# :::{exercise} Rates by definition
# :label: methods-rates
#
# *Level 1 of 3 · 10 minutes · by hand, or Python*
#
# Write the objective response rate and the disease control rate as the section defines them, as two functions of the
# four best responses, and apply them to the R arm by mRECIST. Do they give what Table 3 prints?
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# Which of the four best responses count as a response, and which as disease control?
# :::

# %% [markdown]
# :::{solution-start} methods-rates
# :class: dropdown
# :::


# %%
def response_rate(cr, pr, sd, pd_):
    return percent(cr + pr, cr + pr + sd + pd_)


def control_rate(cr, pr, sd, pd_):
    return percent(cr + pr + sd, cr + pr + sd + pd_)


counts = [look.count(f"t3.{row}.mrecist.r.n") for row in responses]
for row, rate in {"orr": response_rate, "dcr": control_rate}.items():
    printed = look.printed(f"t3.{row}.mrecist.r.pct")
    print(f"{row.upper()}: {rate(*counts)} %, printed {printed} %")

# %% [markdown]
# They do.
#
# :::{solution-end}
# :::
#
# :::{exercise} Dates make bounds
# :label: methods-dates
#
# *Level 1 of 3 · 15 minutes · by hand*
#
# Suppose patients entered evenly over the months of accrual. How long could each have been followed, at the median?
# What share could have been followed for three years?
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# Who enters in the middle of accrual is followed from there to the last follow-up, if nothing ends it before.
# :::

# %% [markdown]
# :::{solution-start} methods-dates
# :class: dropdown
# :::

# %%
entry = np.linspace(0, (last - first).days / days_a_month, 10_001)
possible = (closed - first).days / days_a_month - entry
least, most = possible.min(), possible.max()
print(f"possible: {least:.1f} to {most:.1f} months")
print(f"median: {np.median(possible):.1f} months")
print(f"three years or more: {100 * np.mean(possible >= 36):.0f} %")

# %% [markdown]
# This is possible follow-up, not observed: death ends it. A paper can print the median of the observed one, by the Kaplan–Meier
# method with deaths and censored times exchanged. This one prints none, and the dates are all there is.
#
# :::{solution-end}
# :::
#
# :::{exercise} When you look matters
# :label: methods-look
#
# *Level 3 of 3 · 30 minutes · Python or R*
#
# Let both arms progress alike, with a true median of three months, exponentially. (a) What median is *seen* with scans
# every 6, 8 and 12 weeks? (b) One arm is scanned every 6 weeks, the other every 8, as the section allows. Which hazard
# ratio results, on the months in which progression is seen, although the arms are alike?
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# Progression at time t is seen at the next scan: round t up to a multiple of the interval. For (b) fit a Cox model to
# the months in which it is seen, in arms so large that chance plays no part.
# :::

# %% [markdown]
# :::{solution-start} methods-look
# :class: dropdown
# :::


# %%
true_median, schedules = 3, (6, 8, 12)  # months; weeks. Change them


def observed(true, apart):
    """Return the scan, so many weeks apart, that first shows it."""
    apart = 7 * apart / days_a_month
    return np.ceil(true / apart) * apart


rng = np.random.default_rng(3)
true = rng.exponential(true_median / np.log(2), 200_000)
rows = {}
for every in schedules:
    seen = observed(true, every)
    late = np.mean(seen - true)
    name = f"a scan every {every} weeks"
    rows[name] = [f"{np.median(seen):.2f}", f"{late:.2f}"]
columns = ["median seen, months", "late on average, months"]
pd.DataFrame(rows, index=columns).T

# %% tags=["remove-cell"]
ends = {f"seen_{end}": observed(true_median, look.count(f"methods.scan.{end}")) for end in ("min", "max")}
look.tell(true_median=true_median, **{name: f"{median:.1f}" for name, median in ends.items()})

# %%
from lifelines import CoxPHFitter

half = 10_000
often = observed(true[:half], 6)
seldom = observed(true[half : 2 * half], 8)
alike = pd.DataFrame(
    {
        "months": np.r_[often, seldom],
        "often": np.repeat([1, 0], half),
    }
)
fitted = CoxPHFitter().fit(alike, "months", formula="often")
ratio = fitted.hazard_ratios_["often"]
print(f"hazard ratio, every 6 weeks against every 8: {ratio:.2f}")
medians = [f"{np.median(arm):.2f}" for arm in (often, seldom)]
print("medians:", " and ".join(medians), "months")

# %% [markdown]
# The median that is seen is the first scan at or after the true median, so it jumps from one scan to the next: here it is later for
# those who were looked at more often. Over all times they progress *sooner* on paper, as the hazard ratio says
# {cite}`panageas2007`. So a hazard ratio and two medians can point opposite ways though the arms are alike; the arm's row in Table 5
# and the printed medians do so, which does not show that this is why. In a retrospective study the calendar is whatever was done; a
# report should say how often each arm was scanned.
#
# :::{solution-end}
# :::
#
# ## Key takeaways
#
# - [Rules can be held against results](methods-held): each fixes something before a patient is counted.
# - [Dates of entry and closing bound every follow-up](methods-follow-up), and with it what can have been censored.
# - [Progression is seen when it is looked for](methods-scans). The calendar of scans is part of the endpoint.
# - [A rule that looks ahead](methods-cycles) guarantees time, and not the same to both arms.
# - [Complete follow-up by exclusion](methods-complete) is not complete follow-up.
# - [A rule that is obeyed](methods-selection) need not be a good rule.
#
# ## Strengths and limitations of the method
#
# *Strengths.* Rules, dates and schedules give bounds that hold for every patient, without one record. *Limitations.*
# They bind only as far as they were kept: scans slip, cycles are cut short, and a sentence may say less than was done.
# Each query above therefore names its assumption. What is *not* written, such as the reasons for choosing a drug,
# leaves nothing to hold against anything. In the exercises times are exponential and scans exact; both are
# simplifications.
#
# ## Further reading
#
# What a methods section should say: {cite:t}`vonelm2007`. Eligibility, treatment and the start of the clock, aligned as
# in a trial: {cite:t}`hernan2016`. Time that had to be survived: {cite:t}`suissa2008`, {cite:t}`giobbie2013`. The
# calendar of scans: {cite:t}`panageas2007`. Response: {cite:t}`eisenhauer2009`, {cite:t}`lencioni2010`. Choosing
# variables by p: {cite:t}`harrell2015`.

# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% [markdown]
# # How many events?
#
# :::{admonition} In this chapter
# :class: note
# **You will** prove that a printed interval gives away how many patients had the {term}`event`, try to break the proof,
# read the number off two tables, and ask which {term}`confidence band` printed the medians. **You will learn to** turn any
# interval of a {term}`hazard ratio` into a least number of events, to tell *impossible* from *unlikely*, and to say
# which programs cannot have printed the limits of a median. **You need** {term}`hazard ratio`, {term}`standard error`, {term}`censoring`; the proof
# asks for sums and one inequality and can be skipped, and the programming is folded away.
# :::
#
# The paper never says how many of the {printed}`patients.size.all` patients progressed or died. Yet each confidence
# interval of a hazard ratio says how much {term}`information` there was, information comes from events, and events are patients.

# %%
import itertools
import math

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from secondlook.checks import events as event_checks
from secondlook.pages import figures
from secondlook.pages.look import start
from secondlook.paper import event_counts as events
from secondlook.paper.medians import least_follow_up, longest_follow_up, printed_medians
from secondlook.stats import cox_batch, km
from secondlook.trials import standard_errors as simulated_se

look = start()
registry, checks = look.registry, look.checks
everyone = look.count("patients.size.all")
searches = events.joints(registry)  # by endpoint: which events in the two arms allow all rows
rows = {row.row.key: row for row in events.modelled(registry)}  # of Tables 5 and 6

SIZES = (30, everyone, 120)  # patients of the random cohorts
COHORTS = 250  # of each size and number of covariates

# %% [markdown]
# ## Predict before you reveal
#
# Four rows of Table 5, on {term}`PFS`, with the sizes of the two groups that each compares (Table 1):

# %%
asked = [rows[f"t5.{variable}.uni"] for variable in ("bclc", "tace_haic", "afp", "cirrhosis")]
table_5 = pd.read_csv(look.folder / "table-5.csv", index_col="row", dtype=str)
four = table_5.loc[[row.row.variable for row in asked], ["label", "uni_hr", "uni_lower", "uni_upper"]]
four.insert(1, "patients", ["{} and {}".format(*row.groups) for row in asked])
four.columns = ["row", "patients compared", "hazard ratio", "95% CI from", "to"]
four.set_index("row").rename_axis(None)

# %% [markdown]
# Before reading on, write down: how many of the {printed}`patients.size.all` patients, at the least, must have progressed
# or died for such intervals to be printed? Which of the four rows says most about it? And which of them could no number of
# events have printed?

# %% tags=["remove-input"]
from secondlook.pages import practice

practice.ask("how-many-events.before")

# %% [markdown]
# :::{admonition} Open the answer
# :class: dropdown
# At least **{glue:text}`pfs_least`** must have progressed or died; and by Table 6 at least **{glue:text}`os_least`** must
# have died, so that no more than {glue:text}`os_without` can have been alive when follow-up closed on
# {printed}`methods.followup.last` (if those alive were censored then, as is usual: [](methods-os-definition)).
# Of the rows that can be true, the one that needs most is {glue:text}`most_telling`
# ({glue:text}`most_needed` events). What no number of events allows is {glue:text}`no_way`: its interval is too narrow for
# {printed}`patients.size.all` patients, whatever happened to them.
# :::
#
# The chapter proves the rule, tries to break it, reads it off Tables 5 and 6 [row by row and all at once](events-all), and
# asks which printed intervals are [wider or narrower](events-width) than a cohort of this size can make them. A second part
# does the same for [the medians](events-band).
#
# (events-rule)=
# ## The rule
#
# Let $x$ be a covariate with two values in a Cox model {cite}`cox1972`, alone or beside others; $d_1$ and $d_0$ the
# events among those with $x = 1$ and $x = 0$; and $\mathrm{SE}$ the model's standard error of the log hazard ratio of
# $x$. Then
#
# $$
# \begin{gathered}
# \frac{1}{\mathrm{SE}^2} \;\le\; \frac{d_1 d_0}{d_1 + d_0}, \\[0.4em]
# \text{that is}\quad \mathrm{SE}^2 \;\ge\; \frac{1}{d_1} + \frac{1}{d_0}.
# \end{gathered}
# $$
#
# **Proof.** Let $D = d_1 + d_0$, and at the $i$-th event let $p_i$ be the share that the exposed ($x = 1$) have of the
# total fitted hazard of all who are still at risk: the model's probability that this event befalls one of them. The
# estimate solves the score equation of $x$, which says that observed and expected exposed events are equal,
#
# $$
# \begin{gathered}
# \sum_{i=1}^{D} (x_i - p_i) = 0, \\
# \text{so}\quad \sum_{i=1}^{D} p_i = d_1 .
# \end{gathered}
# $$
#
# The information about $x$ is the sum of the variances of these $D$ draws, and $p(1-p)$ is concave, so that its mean is
# at most its value at the mean, $\bar p = d_1/D$:
#
# $$
# \begin{aligned}
# I = \sum_{i=1}^{D} p_i (1 - p_i) &\;\le\; D\,\bar p\,(1 - \bar p) \\
# &\;=\; \frac{d_1 d_0}{D} .
# \end{aligned}
# $$
#
# With $x$ alone, $\mathrm{SE}^2 = 1/I$. With further covariates the score equation of $x$ and its own information have
# the same form, and the entry of the inverse information matrix that belongs to $x$ is $1/(I - a)$, where $a \ge 0$ is the
# information that $x$ shares with the others. Either way $1/\mathrm{SE}^2 \le I$. $\blacksquare$
#
# Tied times change nothing: Breslow's method repeats the same $p_i$ {cite}`breslow1974`, Efron's reweights them
# {cite}`efron1977`, and in both the $p_i$ still add up to $d_1$. Nothing was assumed about censoring, about the hazards
# being proportional, or about large numbers. Only another kind of standard error would
# escape, such as a robust (sandwich) or a bootstrapped one, or that of a penalised fit; the paper mentions none.
#
# :::{margin}
# The bound is about the arithmetic of a fit. It holds for a good model and for a bad one, and so says nothing on whether the
# model was worth fitting.
# :::
#
# The customary rule of thumb for planning a study {cite}`schoenfeld1983`, $D = 1/(\mathrm{SE}^2 q (1 - q))$ with $q$ the share
# of the exposed *patients*, is the same formula with patients in the place of events. It is a good guess near a hazard
# ratio of one and no bound at all; the second exercise shows how far off it can be.

# %% [markdown]
# ## Trying to break it
#
# Random cohorts of {glue:text}`tried_sizes` patients, with small and large effects, up to four covariates that may go
# together, little and much censoring. Each dot is one coefficient of one fitted Cox model (one in four is drawn). None of
# all that were tried lies above the line.

# %% tags=["hide-input"] mystnb={"image": {"alt": "Scatter plot of some thousand fitted coefficients: the information, one over the squared standard error, against the bound. All dots lie on or below the diagonal; those of models with one covariate come close to it, those of adjusted models lie further below."}, "figure": {"name": "fig-bound", "caption": "Information in fitted Cox models against the bound, for models with one covariate and with three or four. No dot lies above the diagonal."}}
rng = np.random.default_rng(14)


def random_models(size, patients, covariates):
    """Fit Cox models to random cohorts; return information and bound of each coefficient that has a finite estimate."""
    shared, own = rng.random((size, patients, 1)), rng.random((size, patients, covariates))
    x = np.where(rng.random((size, 1, 1)) < 0.5, 0.6 * shared + 0.4 * own, own) < rng.uniform(
        0.1, 0.9, (size, 1, covariates)
    )
    effects = rng.normal(0, 1.2, (size, covariates, 1))
    died = rng.exponential(1, (size, patients)) * np.exp(-(x @ effects)[:, :, 0])
    left = rng.uniform(0.2, 3, (size, 1)) * rng.uniform(0.3, 1.5, (size, patients))
    order = np.argsort(np.minimum(died, left), axis=1)
    x = np.take_along_axis(x.astype(float), order[:, :, None], axis=1)
    seen = np.take_along_axis(died <= left, order, axis=1)
    _, se = cox_batch.fit(x, seen)
    exposed = (x * seen[:, :, None]).sum(axis=1)
    bound = exposed * (1 - exposed / np.maximum(1, seen.sum(axis=1)[:, None]))
    kept = np.isfinite(se) & (bound > 0)
    return 1 / se[kept] ** 2, bound[kept]


of, tried = {"three or four covariates": (3, 4), "one covariate": (1,)}, {}
for name, covariates in of.items():
    pairs = [random_models(COHORTS, size, k) for size in SIZES for k in covariates]
    tried[name] = pd.DataFrame(np.hstack(pairs).T, columns=["information", "bound"])
tried = pd.concat(tried, names=["models", None])
fig, ax = figures.new(5.25, 4.4)
for name, colour, marker in zip(of, (figures.BLUE, figures.ORANGE), "so", strict=True):
    some = tried.loc[name][::4]
    ax.scatter(
        some["bound"], some["information"], s=11, alpha=0.8, label=name, linewidth=0, color=colour, marker=marker
    )
ax.plot([0, 31], [0, 31], color=figures.INK, linewidth=1, zorder=0)
ax.set(
    xlabel="the bound, $d_1 d_0 / (d_1 + d_0)$", ylabel="information, $1/\\mathrm{SE}^2$", xlim=(0, 31), ylim=(0, 31)
)
_ = ax.legend(frameon=False, markerscale=2.5, loc="upper left")

# %% tags=["remove-cell", "guard"]
above = (tried["information"] / tried["bound"]).max()
assert above <= 1 + 1e-9, f"“none lies above the line”: {above}"

# %% [markdown]
# {glue:text}`tried` coefficients were tried. Models with one covariate nearly reach the bound: little is lost by using it.
#
# (events-row)=
# ## One row by hand
#
# Stage in Table 5: HR {printed}`t5.bclc.uni.hr`, 95% CI {printed}`t5.bclc.uni.lower` to
# {printed}`t5.bclc.uni.upper`. On the log scale the interval is 2 × 1.96 standard errors wide, so this is one:

# %%
low, high = four.loc["bclc", ["95% CI from", "to"]].astype(float)
se = (math.log(high) - math.log(low)) / (2 * 1.96)
round(se, 4)

# %% [markdown]
# By Table 1, {glue:text}`n1` patients had stage B and {glue:text}`n0` stage C. Which numbers of events among them allow
# a standard error so small? The divisions with the fewest events:

# %%
bclc = asked[0]
n1, n0 = bclc.groups
possible = pd.DataFrame(
    [
        (d1, d0, d1 + d0, math.sqrt(1 / d1 + 1 / d0))
        for d1 in range(1, n1 + 1)
        for d0 in range(1, n0 + 1)
    ],
    columns=["events, stage B", "stage C", "together", "smallest SE"],
)  # fmt: skip
allowed = possible[possible["smallest SE"] <= se].sort_values("together")
few = allowed.head(4).round(4).set_index("events, stage B")
few.rename_axis(index=None, columns=few.index.name)

# %% tags=["remove-cell"]
look.tell(bclc_least=events.least_for_row(bclc, everyone, bclc.se), n1=n1, n0=n0, tried=f"{len(tried):,}",
          tried_sizes="{}, {} and {}".format(*SIZES))  # fmt: skip

# %% [markdown]
# The interval's ends are rounded, so the package takes every standard error that prints the whole row: at least
# {glue:text}`bclc_least` events.
#
# (events-all)=
# ## Row by row, and all rows at once

# %% tags=["hide-input"] mystnb={"image": {"alt": "Two panels, progression-free survival above overall survival. Each row of Tables 5 and 6 has a bar from its least number of events to all patients. In the first panel three rows need the most events; a dashed line marks what all rows need together, close to the number of patients."}, "figure": {"name": "fig-least-events", "caption": "How many events? From the least number that each row's interval needs (mark) to everyone (right edge). Round: univariable, square: multivariable. Hollow: a row whose own numbers do not belong together. The dashed line is what all other rows need at once; one row of Table 5 no number of events allows."}}
ENDPOINTS = {"pfs": "progression-free survival", "os": "overall survival"}
variables = list(dict.fromkeys(row.row.variable for row in rows.values()))


def label(row):
    """Name a row by its variable."""
    return registry.layout.variables[row.row.variable].label


def of_rows(ax, name, drawn):
    """Prepare axes for rows of an endpoint; return a height, a colour and a marker for each of those drawn."""
    named = [registry.layout.variables[v].label for v in reversed(variables)]
    ax.set(title=ENDPOINTS[name], ylim=(-1.3, len(variables) - 0.4), yticks=range(len(variables)), yticklabels=named)
    ax.grid(axis="y", visible=False)
    for row in drawn:
        if row.row.endpoint == name:
            y = len(variables) - 1 - variables.index(row.row.variable)
            yield row, *((y - 0.18, figures.ORANGE, "s") if row.adjusted else (y + 0.18, figures.BLUE, "o"))


fig, axes = plt.subplots(2, 1, figsize=(5.25, 8.4), sharex=True)
for ax, (name, search) in zip(axes, searches.items(), strict=True):
    for row, y, colour, marker in of_rows(ax, name, rows.values()):
        least = events.least_for_row(row, everyone, row.se or row.se_of_limits)
        if least is None:
            red = figures.VERDICT_COLORS["decision"]
            ax.text(search.least - 1, y, "no number allows it", ha="right", va="center", fontsize=9, color=red)
            continue
        ax.hlines(y, least, everyone, color=colour, linewidth=4, alpha=0.6, zorder=1)
        ax.scatter(least, y, s=36, marker=marker, edgecolor=colour, facecolor=colour if row.se else "white", zorder=2)
    ax.axvline(search.least, color=figures.INK, linestyle="--", linewidth=1.1)
    ax.text(search.least - 0.6, -0.95, f"all rows: {search.least}", ha="right", va="center", fontsize=9)
    ax.set(xlim=(20, everyone))
_ = axes[-1].set_xlabel("events")

# %% tags=["remove-cell"]
needs = {label(row): events.least_for_row(row, everyone, row.se or row.se_of_limits) for row in asked}
no_way, most_telling = (
    [name for name, least in needs.items() if least is None],
    max(needs, key=lambda name: needs[name] or 0),
)
look.tell(no_way=" and ".join(no_way), most_telling=most_telling, most_needed=needs[most_telling])
alone = {
    name: [events.least_for_row(row, everyone, row.se) for row in search.rows] for name, search in searches.items()
}
for name, search in searches.items():
    told = {"alone": alone[name].count(search.least), "least": search.least, "without": search.most_without,
            "rows": len(search.rows), **dict(zip(search.arms, search.least_by_arm, strict=True))}  # fmt: skip
    look.tell(**{f"{name}_{word}": number for word, number in told.items()})

# %% tags=["remove-cell", "guard"]
assert len(no_way) == 1, f"“one row that no number of events prints”: {no_way}"
for name, search in searches.items():
    assert max(alone[name]) == search.least, f"“single rows settle the totals”: {max(alone[name])}, {search.least}"

# %% [markdown]
# The number of events is one number per endpoint, common to all its rows, and so are the events in each arm. The search
# over both arms' events tries all of them and asks of each row whether they can be divided between its two groups within
# the counts of Table 1. The {glue:text}`pfs_rows` rows of Table 5 whose numbers belong together need
# {glue:text}`pfs_least` events (at least {glue:text}`pfs_lp` on LP and {glue:text}`pfs_r` on R), the
# {glue:text}`os_rows` of Table 6 {glue:text}`os_least` ({glue:text}`os_lp` and {glue:text}`os_r`). Since death counts as
# an event of both endpoints, there cannot be more deaths than events of the first kind; there need not be. The totals are
# those of the most demanding rows alone ({glue:text}`pfs_alone` in Table 5, {glue:text}`os_alone` in Table 6); what the
# search adds is that what all rows need can be had at once, and what each arm must have. (Whether the rows go together
# in every other respect [is another question](43-certificates).)
#
# So at most {glue:text}`pfs_without` patients can have been free of progression and, if those alive were censored
# ([](methods-os-definition)), at most {glue:text}`os_without` alive at the end. For a reader of survival
# curves that is good news: the data are nearly complete.
#
# One row is out of reach: with {printed}`t5.cirrhosis.uni.lower` to {printed}`t5.cirrhosis.uni.upper` cirrhosis in
# Table 5 has an interval so narrow that not even {printed}`patients.size.all` events would do
# (<a href="12-suggested-corrections.html#t5-cirrhosis">the matter</a>).

# %% tags=["remove-input"]
look.cards([checks[f"events.{subject}"] for subject in ("pfs", "os")], anchor=False)

# %% tags=["hide-input"] mystnb={"image": {"alt": "Two grids, one per endpoint, of events in the LP arm against events in the R arm. Only a small corner at the upper right, near all patients of both arms, is possible."}, "figure": {"name": "fig-arms", "caption": "Which numbers of events in the two arms allow every row at once (filled). The corner at the upper right is everyone."}}
fig, axes = plt.subplots(1, 2, figsize=(5.25, 3.0), sharey=True)
for ax, (name, title) in zip(axes, ENDPOINTS.items(), strict=True):
    search = searches[name]
    lp, r = np.nonzero(search.allowed)
    ax.scatter(lp, r, marker="s", s=24, color=figures.BLUE, linewidth=0)
    ax.scatter(*search.patients, marker="s", s=36, facecolor="none", edgecolor=figures.INK, linewidth=1.3)
    ax.set_title(title, fontsize=11)
    ax.set(xlabel="events, LP", xlim=(27, search.patients[0] + 1), ylim=(18, search.patients[1] + 1))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
axes[0].set_ylabel("events, R")

# %% tags=["remove-cell"]
found = {check.found.row.row.key: check.found for check in look.alone.checks if check.family == "standard-error"}
outside = [key for key, se in found.items() if not event_checks.fits(se.row, se.simulated)]
edge = [
    key for key, se in found.items() if key not in outside and not event_checks.fits(se.row, se.simulated, outermost=1)
]
both_ways = [key for key, se in found.items() if not se.row.adjusted]
one_way = [key for key in both_ways if found[key].reading == "labelled"]
named = {
    key: f"{label(se.row)} ({ENDPOINTS[se.row.row.endpoint]}{', multivariable' if se.row.adjusted else ''})"
    for key, se in found.items()
}
stored = registry.simulated
tace, child = (checks[f"standard-error.{key}.uni"].found for key in ("t5.tace_haic", "t6.child_pugh"))
look.tell(
    joined=sum(len(search.rows) for search in searches.values()),
    sizeless=sum(row.groups is None for search in searches.values() for row in search.rows),
    simulated=len(found), cohorts=f"{simulated_se.COHORTS:,}", seed=stored.seed,
    central=f"{100 * event_checks.CENTRAL:.1f}", one_way=len(one_way), both_ways=len(both_ways),
    tace_se=tace.printed, tace_range=tace.range, child_se=child.printed, child_range=child.range,
    expected=f"{len(found) * (1 - event_checks.CENTRAL):.2f}", edge=len(edge), edge_names=", ".join(map(named.get, edge)),
    one_way_names="; ".join(map(named.get, one_way)),
)  # fmt: skip

# %% tags=["remove-cell", "guard"]
assert one_way[-1] == "t6.child_pugh.uni", f"“Child-Pugh, alone, fits one way round only”: {one_way}"
assert outside == ["t5.tace_haic.uni"], f"“one lies outside”: {outside}"

# %% [markdown]
# (events-width)=
# ## Too wide, too narrow
#
# The bound says what is impossible. What is *likely*? Of the {glue:text}`joined` rows whose numbers belong together,
# {glue:text}`sizeless` compare groups whose sizes the paper does not print, so that there is nothing to simulate. For each of
# the other {glue:text}`simulated`, {glue:text}`cohorts` cohorts were simulated (from no records, also where some were handed in) that have the sizes of Table 1, a fitted hazard ratio beside the printed one, and between the
# least number of events and everyone (`python -m secondlook.trials.standard_errors`, seed {glue:text}`seed`). A standard error outside
# the central {glue:text}`central` % of theirs is a *query*; of so many true rows {glue:text}`expected` would be queried
# by chance.

# %% tags=["hide-input"] mystnb={"image": {"alt": "Two panels, progression-free survival above overall survival. For each row of Tables 5 and 6, the range of simulated standard errors as a bar, with the printed standard error as a mark relative to the simulated median. All marks lie on their bars except TACE or HAIC in progression-free survival, far to the right."}, "figure": {"name": "fig-se", "caption": "Printed standard errors (marks) against simulated ones (long, pale bar: the central range beyond which a row is queried; short, strong bar: the middle half), as multiples of the simulated median. Round: univariable, square: multivariable. A line without a mark: the sizes of its groups are not printed, or its own numbers do not belong together."}}
simulated = {c.found.row.row.key: c.found.simulated for c in look.alone.checks if c.family == "standard-error"}
fig, axes = plt.subplots(2, 1, figsize=(5.25, 8.6), sharex=True)
for ax, name in zip(axes, ENDPOINTS, strict=True):
    for row, y, colour, marker in of_rows(ax, name, map(rows.get, simulated)):
        median = simulated[row.row.key][4]
        quantiles = np.array(simulated[row.row.key]) / median
        ax.hlines(y, quantiles[0], quantiles[-1], color=colour, linewidth=4, alpha=0.5, zorder=1)
        ax.hlines(y, quantiles[3], quantiles[5], color=colour, linewidth=4, zorder=2)
        printed = float(row.se.low + row.se.high) / 2
        ax.scatter(printed / median, y, s=42, color=figures.INK, marker=marker, zorder=3)
    ax.set(ylim=(-0.7, len(variables) - 0.3))
_ = axes[-1].set_xlabel("SE / simulated median")

# %% [markdown]
# One row is outside: TACE or HAIC in Table 5, with a standard error of {glue:text}`tace_se` where cohorts
# of this size give {glue:text}`tace_range`. The same groups in Table 6, where fewer events are needed, have an interval
# of {printed}`t6.tace_haic.uni.lower` to {printed}`t6.tace_haic.uni.upper`, narrower than the
# {printed}`t5.tace_haic.uni.lower` to {printed}`t5.tace_haic.uni.upper` of Table 5, though every death is an event
# there too. Neither the bound nor a simulation makes that impossible. But [a proof in another chapter](cohort-few) does: with
# as many events as the other rows of Table 5 need, or more, no order of {printed}`patients.size.all` patients prints this row,
# unless [a premise](certificate-tace) fails. If some were censored early, patients exist who print it: so it is a question, and
# <a href="12-suggested-corrections.html#tace-haic-pfs">a matter</a> of weight. Another of the kind is
# <a href="12-suggested-corrections.html#child-pugh-os">Child-Pugh class, alone and adjusted</a>.

# %% [markdown]
# Beyond the central 99 % but inside lie {glue:text}`edge` more: {glue:text}`edge_names`.
#
# ### Does the width say which group was exposed?
#
# Where groups are unequal and the hazard ratio is far from one, the standard error depends on *which* group has the
# higher hazard. If a label could be read both ways ("A vs B" with A or with B above the line), the width can tell. Of
# {glue:text}`both_ways` univariable rows {glue:text}`one_way` fit only as labelled: {glue:text}`one_way_names`.
#
# The last of these is a surprise. Child-Pugh A *versus* B in Table 6 has a hazard ratio of {printed}`t6.child_pugh.uni.hr`
# ({printed}`t6.child_pugh.uni.lower`–{printed}`t6.child_pugh.uni.upper`): with class A, the better one, above the
# line its standard error of {glue:text}`child_se` is just inside the range ({glue:text}`child_range`). Read the way a
# clinician would want it, with class B above the line, so wide an interval does not come up. Either reading leaves
# something odd; that the row cannot stand beside the adjusted model unless a premise fails is [proved in another chapter](cohort-beside).

# %% tags=["remove-cell"]
least_months, most_months = least_follow_up(registry), longest_follow_up(registry)
medians = {(t.endpoint, t.group): t for t in printed_medians(registry)}
touched = [v.printed for t in medians.values() for v in t.values if v.number.stands_for().high > least_months]
triple = checks["triple.pfs.lp-ecog_0_1"]
repeat = next(iter(stored.repeats.values()))
look.tell(
    least_months=f"{least_months:.0f}", most_months=f"{most_months:.0f}", touched=", ".join(touched),
    smallest=medians["os", "ecog_2"].n, patterns=f"{2 ** medians['os', 'ecog_2'].n:,}", bands=", ".join(checks["bands.os"].found.able), chance=f"{100 * float(triple.chance):.1f}",
    median_chance=f"{100 * repeat.median:.0f}",
    symmetric=sum(km.symmetric(*(t.values[i].number for i in (1, 0, 2))) for t in medians.values()), medians=len(medians),
)  # fmt: skip

# %% [markdown]
# (events-band)=
# ## Which band printed the medians' intervals?
#
# The interval of a median is read off a confidence band of the survival curve {cite}`brookmeyer1982`: from the first time
# at which the band's lower edge is at or below one half to the first time at which its upper edge is. There are several bands and
# programs differ: R's `survfit` takes the *log* band unless told otherwise, SAS and lifelines *log-log*; SPSS prints
# the median give or take its standard error times the normal quantile instead. The paper names SPSS and R, and no band.
#
# **The calendar first.** Patients entered from {printed}`patients.accrual.start` to {printed}`patients.accrual.end`
# and were followed until {printed}`methods.followup.last`: everyone alive for at least {glue:text}`least_months` months,
# nobody for more than {glue:text}`most_months`; and patients who were lost had been excluded. So up to
# {glue:text}`least_months` months nobody's survival can have been censored, and of all the medians and limits only
# {glue:text}`touched` can have been touched by censoring. Below that, the curve after the $k$-th of $n$ events is
# $(n - k)/n$, Greenwood's standard error {cite}`greenwood1926` is that of a proportion, and each limit is the time of
# the $k$-th event, with a $k$ that depends on $n$ and the band alone.
#
# **The smallest group** is ECOG PS 2, with {glue:text}`smallest` patients. Which of their events are the limits?

# %%
n = sum(registry.level_count("ecog", ["2"], arm) for arm in ("lp", "r"))
ranks = {band: km.ranks(n, band) for band in km.BANDS}
pd.DataFrame(
    [(r.lower, r.median[0], r.upper or "NA") for r in ranks.values()],
    index=list(ranks), columns=["lower limit", "median", "upper limit"],
)  # fmt: skip

# %% tags=["hide-input"] mystnb={"image": {"alt": "Upper edges of five confidence bands after each event in a group of 13, and the curve itself falling in equal steps. The edges of the plain, log-log, arcsine and logit bands fall below one half after ten or eleven events; that of the log band comes down to just above one half after the twelfth and never crosses it."}, "figure": {"name": "fig-bands", "caption": "The survival curve of the smallest group by the number of events, and the upper edges of the bands. Where an edge first lies at or below one half is the upper limit of the median. The log band's never does."}}
fig, ax = figures.new(5.25, 4.4)
steps = np.arange(1, n)
ax.step(np.arange(n + 1), 1 - np.arange(n + 1) / n, where="post", color=figures.INK, linewidth=2, label="the curve")
looks = {"log": (figures.ORANGE, "o"), "log-log": (figures.BLUE, "s"), "plain": (figures.GREEN, "^"),
         "arcsine": (figures.PURPLE, "v"), "logit": (figures.GREY, "D")}  # fmt: skip
for band, (colour, marker) in looks.items():
    edges = [km.BANDS[band]((n - k) / n, 1.959964 * math.sqrt(k / (n * (n - k))))[1] for k in steps]
    ax.plot(steps, np.minimum(edges, 1.05), color=colour, marker=marker, markersize=5, linewidth=1.2, label=band)
ax.axhline(0.5, color=figures.INK, linestyle="--", linewidth=1)
ax.set(xlabel="events so far", ylabel="survival", xlim=(0, n), ylim=(0, 1.04), xticks=range(n + 1))
ax.grid(axis="x", visible=False)
_ = fig.legend(loc="outside upper center", ncols=3, frameon=False, fontsize=10)

# %% tags=["remove-cell", "guard"]
limits = [km.median_interval(range(1, n + 1), pattern, "log").upper for pattern in itertools.product([0, 1], repeat=n)]
some = sum(limit is not None for limit in limits)
assert not some, f"“no upper limit whatever the censoring”: {some} of {len(limits)} patterns have one"

# %% [markdown]
# The log band of {glue:text}`smallest` patients never comes down to one half, not even after the last event but one. This is so whoever is
# censored: none of the {glue:text}`patterns` possible patterns of events and censored times has an upper limit. R with its defaults would
# have printed `NA`; printed is {printed}`prognostic.os.ecog_2.median`
# ({printed}`prognostic.os.ecog_2.lower`–{printed}`prognostic.os.ecog_2.upper`). Nor is it SPSS's interval: the median
# does not lie midway between its limits, here or in any but {glue:text}`symmetric` of the {glue:text}`medians` medians. What
# remains, for this group and for all others at once, is {glue:text}`bands`. So the intervals come neither from
# the default of R's `survfit` nor from that of SPSS; which setting or program gave them, the paper does not say.

# %% tags=["remove-input"]
look.cards([checks["band.os.ecog_2"], checks["bands.os"]], anchor=False)

# %% [markdown]
# (events-twice)=
# ## The same three numbers twice
#
# LP and ECOG PS 0–1 both print a median progression-free survival of {printed}`outcomes.pfs.lp.median` months
# ({printed}`outcomes.pfs.lp.lower`–{printed}`outcomes.pfs.lp.upper`), and the groups they are compared with share the
# median {printed}`outcomes.pfs.r.median`. The groups overlap, and medians are order statistics, so a shared median is no
# rarity: in simulated cohorts without any difference between the groups {glue:text}`median_chance` % share it. All three numbers agree in
# {glue:text}`chance` % ([what that may mean](outcomes-triple)).

#
# ## Practice

# %% tags=["remove-input"]
practice.ask("how-many-events.after")

# %% [markdown]
# ## Exercises
#
# ::::{exercise} A quick look at any Cox table
# :label: events-quick-look
#
# *Level 1 of 3 · 10 minutes · calculator with ln*
#
# Without knowing the sizes of the groups, at least how many events does an interval from $L$ to $U$ need? Apply it to the
# univariable row of Table 6 with the narrowest interval (look into the paper's Table 6, or under [](prognosis-all-rows)).
# ::::
#
# :::{admonition} Hint
# :class: tip dropdown
# For given events in all, $d_1 d_0 / (d_1 + d_0)$ is greatest when they are divided evenly. What is it then?
# :::

# %% [markdown]
# ::::{solution-start} events-quick-look
# :class: dropdown
# ::::
#
# $1/d_1 + 1/d_0$ is smallest when the events are divided evenly, $4/D$. So
#
# $$
# \begin{aligned}
# D &\;\ge\; \frac{4}{\mathrm{SE}^2}, \qquad \mathrm{SE} = \frac{\ln(U/L)}{2 \cdot 1.96}, \\[0.3em]
# D &\;\ge\; \frac{4\,(2 \cdot 1.96)^2}{\ln^2(U/L)} .
# \end{aligned}
# $$

# %%
table_6 = pd.read_csv(look.folder / "table-6.csv", index_col="row").dropna(subset="uni_lower")
width = np.log(table_6["uni_upper"] / table_6["uni_lower"])
narrowest = table_6.loc[width.idxmin()]
quick = 4 * (2 * 1.96) ** 2 / width.min() ** 2
print("{label}, {uni_lower}–{uni_upper}:".format(**narrowest))
print(f"  at least {math.ceil(quick)} events")

# %% [markdown]
# ::::{solution-end}
# ::::

# %% [markdown]
# ::::{exercise} How good is the rule of thumb?
# :label: events-thumb
#
# *Level 3 of 3 · 40 minutes · Python or R*
#
# Simulate studies of {printed}`patients.size.all` patients, of whom as many are exposed as have performance status 2, and
# end each study when half of them have had the event. Take true hazard ratios of 1, 2 and 4. From each fitted standard error
# work out the number of events twice: by the rule of thumb, $1/(\mathrm{SE}^2 q(1-q))$, and by this chapter's bound. Which of
# the two claims more events than there were, and how often?
# ::::
#
# :::{admonition} Hint
# :class: tip dropdown
# The fewest events by the bound: try all divisions into $d_1$ and $d_0$ that the sizes of the groups allow. A far
# hazard ratio divides events unevenly, and q no longer says how.
# :::

# %% [markdown]
# ::::{solution-start} events-thumb
# :class: dropdown
# ::::

# %%
exposed = rows["t5.ecog.uni"].groups[0]
others = everyone - exposed
member = np.tile(np.arange(everyone) < exposed, (400, 1))
q, seen = exposed / everyone, everyone // 2
for hr in (1, 2, 4):
    rng = np.random.default_rng(1402)
    hazard = np.where(member, hr, 1)
    lived = rng.exponential(1 / hazard)
    # the first half die; the others are censored at the end
    died = lived.argsort(axis=1).argsort(axis=1) < seen
    _, error = cox_batch.binary(lived, died, member)
    error = error[np.isfinite(error)]
    square = error**2
    least = [events.least_events(exposed, others, s) for s in square]
    claims = {
        "rule of thumb": 1 / (square * q * (1 - q)),
        "bound": np.array([sum(pair) for pair in least]),
    }
    print(f"hazard ratio {hr}, {seen} events in truth")
    for name, told in claims.items():
        middle, too_many = np.median(told), 100 * np.mean(told > seen)
        print(f"  {name}: {middle:.0f},", end=" ")
        print(f"too many in {too_many:.0f} %")

# %% [markdown]
# Shown are the median of the claims and how often a claim exceeds the truth. The rule of thumb is a guess for ratios near one. Where the exposed have their events early, they are a larger share of the
# events than of the patients; the rule, which knows the patients only, then claims events that never happened, and would call
# a true row impossible. The bound never does.
#
# ::::{solution-end}
# ::::
#
# ## Key takeaways
#
# - [A standard error bounds the events from below](events-rule), in any Cox model, whatever the censoring and the other
#   covariates. The two ends of a printed interval are enough; the sizes of the groups make it sharper.
# - [Row by row and all at once](events-all): at least {glue:text}`pfs_least` of {printed}`patients.size.all` patients
#   progressed or died, and at least {glue:text}`os_least` died. The most demanding row sets the number; that the others
#   can be true with it is the check.
# - [Impossible and unlikely](events-width) are two verdicts. The first needs a proof, as for the interval of cirrhosis in
#   Table 5; the second a simulation and its assumptions. That of TACE or HAIC is unlikely by its width, and impossible
#   beside the other rows by [a proof with premises of its own](cohort-few).
# - [A median's limits carry the mark of their band](events-band), most visibly in the smallest group: neither the default
#   of R's `survfit` nor that of SPSS printed these.
# - [The same numbers twice](events-twice) are odd in proportion to how seldom chance repeats them. Compute that before
#   you speak of copying.
#
# ## Strengths and limitations of the method
#
# *Strengths.* The bound assumes nothing about hazards, censoring or size, and needs only what nearly every paper prints.
# *Limitations.* It takes the printed intervals at their word: 95% Wald intervals of Cox models fitted to the patients of
# Table 1. If a model had left patients out for missing values, or if an interval is a misprint, its row says nothing. The
# simulated ranges rest on proportional hazards and on covariates that go together no more than moderately; a row outside
# them is odd, not wrong. And the events themselves stay unknown: only their least number follows.
#
# ## Further reading
#
# The formula with patients in place of events: {cite:t}`schoenfeld1983`. Getting numbers out of printed survival results:
# {cite:t}`parmar1998`, {cite:t}`tierney2007`; out of printed curves: {cite:t}`guyot2012`. Intervals of a median:
# {cite:t}`brookmeyer1982`. The model: {cite:t}`cox1972`; ties in it: {cite:t}`breslow1974`, {cite:t}`efron1977`.

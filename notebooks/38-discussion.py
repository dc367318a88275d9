# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% [markdown]
# # Discussion
#
# :::{admonition} In this chapter
# :class: note
# **You will** hold a discussion's words against its own paper's numbers, its quotations against their sources, and its
# comparison with a large trial against chance. **You will learn to** turn “all”, “leading” and “worse” into something
# that can be computed, and to ask of two studies side by side whether they counted the same thing in the same patients.
# **You need** percentages and the words {term}`confidence interval` and {term}`median survival`.
# :::
#
# :::{admonition} What this section of the paper says
# :class: note
# With LP more tumours responded ({printed}`discussion.orr.lp` % against {printed}`discussion.orr.r` %) and the
# disease was more often under control ({printed}`discussion.dcr.lp` % against {printed}`discussion.dcr.r` %),
# while progression-free and overall survival did not differ significantly. ECOG PS
# {printed}`discussion.prognosis.ecog` and AFP {printed}`discussion.prognosis.afp` ng/mL go with a poor prognosis.
# The results are set beside those of other studies; severe hand-foot skin reactions
# ({printed}`discussion.hfsr.ge3` %) and severely raised AST ({printed}`discussion.ast.ge3` %) are named. Limits
# are a single centre, a small number of patients and mixed regimens.
# :::
#
# Most numbers of a discussion have been printed before. They can be compared with where they come from. The others
# are quoted from other studies. And a discussion speaks in words, many of which can be computed.

# %%
from collections import Counter
from html import escape

import numpy as np
import pandas as pd
from scipy import stats

from secondlook.checks.external import UNREAD
from secondlook.checks.verdicts import FLAGS
from secondlook.pages import look_ups, present
from secondlook.pages.look import percent, start

look = start()
text = pd.read_csv(look.folder / "text.csv", index_col="id")["printed"]

# %% [markdown]
# ## Predict before you reveal
#
# The regorafenib arm ({printed}`patients.size.r` patients) beside the trial of regorafenib, RESORCE, as the
# discussion prints them:
#
# | | here, R | RESORCE |
# |---|---:|---:|
# | objective response, % | {printed}`discussion.r.orr` | {printed}`discussion.resorce.orr` |
# | disease control, % | {printed}`discussion.r.dcr` | {printed}`discussion.resorce.dcr` |
# | median progression-free survival, months | {printed}`discussion.r.pfs` | {printed}`discussion.resorce.pfs` |
# | median overall survival, months | {printed}`discussion.r.os` | {printed}`discussion.resorce.os` |
#
# The paper says: worse in all four, and names reasons. In how many of the four would an interval of 95 % around the
# result of {printed}`patients.size.r` patients contain the trial's value, and in which not?

# %% tags=["remove-input"]
from secondlook.pages import practice

practice.ask("discussion.before", size=look.count("patients.size.r"))

# %% [markdown]
# :::{admonition} Open the answer
# :class: dropdown
# {glue:text}`resorce_inside` of the four contain it. Response: {glue:text}`resorce_orr_ci` %, which holds the trial's
# value. Disease control: {glue:text}`resorce_dcr_ci` %, which does not. The medians, with the intervals that the paper
# prints: {printed}`outcomes.pfs.r.lower` to {printed}`outcomes.pfs.r.upper` and {printed}`outcomes.os.r.lower` to
# {printed}`outcomes.os.r.upper` months; both hold it. What chance alone could do may still have a reason, but it proves
# none. That leaves one result of four that asks for one.
# :::

# %% [markdown]
# (discussion-wrong)=
# ## What does not hold

# %% tags=["remove-input"]
look.cards(look.wrong("discussion"))

# %% [markdown]
# References are numbered as in the paper.
#
# (discussion-every)=
# ### Every adverse event more frequent with LP
#
# So says the discussion. By Table 4 it is so for {glue:text}`more_with_lp` of {glue:text}`kinds` kinds; the other
# {glue:text}`more_with_r` are more frequent with regorafenib ([listed below](discussion-more-with-r)),
# {term}`hand-foot skin reaction` and raised bilirubin among them.
#
# *Why it matters.* Raised bilirubin and raised AST are signs of the liver, and whoever weighs the two treatments for
# a patient with a weak one could draw the wrong conclusion. *What it does not show.* That the two arms differ in
# truth: the counts are small, and no test of them is printed. *What speaks for the sentence.* Of all kinds taken together it is so:
# {glue:text}`events_lp` events are counted with LP and {glue:text}`events_r` with regorafenib, {glue:text}`each_lp` and
# {glue:text}`each_r` a patient.
#
# (discussion-severe)=
# ### Two percentages of severe events
#
# Table 4 has {printed}`t4.hfsr.ge3.lp.n` and {printed}`t4.hfsr.ge3.r.n` severe hand-foot skin reactions in the two
# arms, together {glue:text}`hfsr_n` of {printed}`patients.size.all` patients, which is {glue:text}`hfsr_share` %;
# {printed}`discussion.hfsr.ge3` % is printed here and in the [abstract](20-abstract). For raised AST it is
# {printed}`t4.ast.ge3.lp.n` and {printed}`t4.ast.ge3.r.n`, together {glue:text}`ast_n`, which is
# {glue:text}`ast_share` %; {printed}`discussion.ast.ge3` % is printed.
#
# *Why it matters.* The first of them is the only adverse event that the abstract names. *What it does not show.* The
# differences are small, and no conclusion depends on them.
#
# (discussion-other-cancer)=
# ### A trial in another cancer
#
# The median progression-free survival with LP is called somewhat better than in earlier trials of single drugs. One
# of the four that are cited {cite}`ref31-lin2022` is a trial in cancer of the thyroid, with a median of
# {glue:text}`thyroid` months. *Why it matters.* A reader takes four references for four trials in the same disease.
# *What it does not show.* Which trial was meant: there is one of the same drug in cancer of the liver.
#
# ## Questions
#
# (discussion-resorce)=
# ### A median of the RESORCE trial
#
# The trial's median progression-free survival is printed as {printed}`discussion.resorce.pfs` months
# {cite}`ref13-bruix2017`. The accounts of it that were read have {glue:text}`resorce_pfs` months, the larger by RECIST 1.1.
# *Why it matters.* Little: the {printed}`discussion.r.pfs` months of the R arm are near to all of these. *What it does
# not show.* That the trial's own article does not print {printed}`discussion.resorce.pfs`, perhaps for another endpoint
# such as the time to progression: it could not be read. (The trial's response rate,
# {printed}`discussion.resorce.orr` %, is {glue:text}`resorce_orr` % as often rounded.)
#
# (discussion-words)=
# ### Words that say more, or something else, than the numbers
#
# In italics what the paper says, in our words; after it what stands against that.
#
# - *The treatment is no independent factor in the multivariable analysis.* No adjusted row is printed for the
#   treatment: by the paper's own rule it never entered, so that analysis shows nothing of it either way
#   ([](36-prognostic-factors)).
# - *The five leading events with LP.* The fifth, hypothyroidism, has {printed}`t4.hypothyroidism.any.lp.n` patients,
#   and so has fatigue ({printed}`t4.fatigue.any.lp.n`), which is not named.
# - *No serious reaction with immunotherapy.* Table 4 counts {glue:text}`severe_lp` events of grade 3 or higher with LP.
#   It depends on the word: serious need not mean grade 3, and if only immune-related reactions are meant, none of that
#   grade is counted.
#
# (discussion-sources)=
# ### Sources that say less, or something else, than they are cited for
#
# - *Two trials made the combination the best choice*: KEYNOTE-524 {cite}`ref22-finn2020` has no comparator. (The other,
#   IMbrave150, has; both are trials of first treatment.)
# - *Who could enter RESCUE* {cite}`ref30-xu2021`. Invasion of vessels was not a condition: the share of
#   {printed}`discussion.rescue.invasion` % in the same sentence is of no condition, and may be meant as the share that had it.
# - *Better progression-free survival than with single drugs* {cite}`ref32-aboualfa2018,ref33-zhu2019`. With
#   cabozantinib it was {glue:text}`cabozantinib` months, hardly less than the {printed}`discussion.lp.pfs` of LP; with
#   ramucirumab {glue:text}`ramucirumab`, but all its patients had a high AFP, and in this paper they progress sooner.
# - *Worse than in RESORCE in all four results.* True of the printed numbers, by two criteria of response. By like
#   criteria the response is [not the worse one](discussion-criteria).
#
# *Assumed* in all of these: that the abstracts and digests that could be read say what the articles say.
#
# What of these asks the authors something stands under [](12-suggested-corrections). Which of the conclusions survive
# is asked in [](14-conclusions).

# %% tags=["remove-input"]
look.queries("discussion")

# %% [markdown]
# (discussion-beside)=
# ## Beside a large trial
#
# What the R arm allows, and what the trial has, by the numbers printed in the discussion. For the rates the interval is
# Wilson's {cite}`wilson1927`; for the medians it is the paper's own.

# %%
interval, size = {}, look.count("patients.size.r")
for rate in ("orr", "dcr"):
    test = stats.binomtest(look.count(f"t3.{rate}.recist.r.n"), size)
    share = test.proportion_ci(method="wilson")
    interval[rate] = 100 * share.low, 100 * share.high
for median in ("pfs", "os"):
    ids = (f"outcomes.{median}.r.{end}" for end in ("lower", "upper"))
    interval[median] = [float(text[end]) for end in ids]

names = {
    "orr": "objective response, %", "dcr": "disease control, %",
    "pfs": "median PFS, months", "os": "median OS, months",
}  # fmt: skip
rows = {}
for result, (low, high) in interval.items():
    trial = text[f"discussion.resorce.{result}"]
    rows[names[result]] = {
        "here, R": text[f"discussion.r.{result}"],
        "95 % interval": f"{low:.1f} to {high:.1f}",
        "by": "Wilson" if result in ("orr", "dcr") else "the paper",
        "RESORCE": trial,
        "inside?": "yes" if low <= float(trial) <= high else "no",
    }
beside = pd.DataFrame(rows).T
beside

# %% [markdown]
# :::{margin}
# “Worse in all four” counts four results as if they were four witnesses. They are the same patients four times: who has
# no control of disease has no response, and progresses sooner.
# :::
#
# The trial's own uncertainty is left out, and is small beside this. Inside does not mean equal, and outside does not
# say why: the trial took only patients who had tolerated sorafenib and had a liver of class A {cite}`ref13-bruix2017`,
# and scanned them by a calendar of its own.
#
# (discussion-criteria)=
# ### Criterion by criterion
#
# That both studies print a percentage does not make it a percentage of the same. The discussion sets the R arm's response by
# {term}`RECIST` {printed}`methods.recist.version` beside the trial's by {term}`mRECIST`. Like beside like:
#
# | objective response, % | here, R | RESORCE |
# |---|---:|---:|
# | mRECIST | {printed}`t3.orr.mrecist.r.pct` | {glue:text}`resorce_orr` |
# | RECIST {printed}`methods.recist.version` | {printed}`t3.orr.recist.r.pct` | {glue:text}`resorce_recist` (a report of another trial; an interview says about 10) |
#
# By mRECIST the R arm's response is not the worse one; by RECIST that hangs on which account one follows. In disease control it
# is the worse one by both: {printed}`t3.dcr.recist.r.pct` % here
# and {printed}`discussion.resorce.dcr` % there.
#
# (discussion-more-with-r)=
# ## Which events were more frequent with regorafenib?
#
# Shares of each arm, from the counts of Table 4 at any grade:

# %%
counts = {}
for cell in look.registry.cells("t4", set="any", statistic="count"):
    kind = counts.setdefault(cell.label.rstrip("."), {})
    kind[cell.group.upper()] = look.count(cell.id)
events = pd.DataFrame(counts).T
for arm in ("LP", "R"):
    patients = look.count(f"patients.size.{arm.lower()}")
    events[f"{arm}, %"] = 100 * events[arm] / patients
more_with_r = events[events["R, %"] > events["LP, %"]]
more_with_r.round(1)


# %% tags=["remove-cell"]
def source(check_id):
    """Return a cited study's own value, from the check that looked it up."""
    return look.checks[check_id].found.source_value


severe_lp = [v for v in look.registry.cells("t4", set="ge3", statistic="count") if v.group == "lp" and v.printed]


look.tell(
    **{f"events_{arm.lower()}": int(events[arm].sum()) for arm in ("LP", "R")},
    **{f"each_{arm.lower()}": f"{events[f'{arm}, %'].sum() / 100:.1f}" for arm in ("LP", "R")},
    resorce_inside=(beside["inside?"] == "yes").sum(), kinds=len(events), more_with_r=len(more_with_r),
    resorce_orr_ci=beside["95 % interval"].iloc[0], resorce_dcr_ci=beside["95 % interval"].iloc[1],
    more_with_lp=(events["LP, %"] > events["R, %"]).sum(), severe_lp=sum(look.count(v.id) for v in severe_lp),
    child_b=look.count("t1.child_pugh.b.r.n"),
    thyroid=source("external.discussion.single_agents:ref31-lin2022"),
    cabozantinib=source("external.discussion.single_agents:ref32-aboualfa2018"),
    resorce_orr=source("external.discussion.resorce.orr:ref13-bruix2017"),
    resorce_pfs=source("external.discussion.resorce.pfs:ref13-bruix2017"),
    resorce_recist=source("external.discussion.resorce.worse:ref13-bruix2017").rstrip("%"),
    ramucirumab=source("external.discussion.single_agents:ref33-zhu2019"),
)  # fmt: skip

# %% tags=["remove-cell", "guard"]
assert list(beside["inside?"]) == ["yes", "no", "yes", "yes"], f"“all but disease control” lie within: {beside}"
response = [float(look.printed(f"t3.orr.{criterion}.r.pct")) for criterion in ("mrecist", "recist")]
trial = [float(source(f"external.discussion.resorce.{name}:ref13-bruix2017").rstrip("%")) for name in ("orr", "worse")]
better = [here >= there for here, there in zip(response, trial, strict=True)]
assert all(better), f"“by neither … worse”: {response}, {trial}"
assert events["LP, %"].sum() > events["R, %"].sum(), (
    "“Of all kinds taken together it is so”, and the card of the matter says so"
)

# %% [markdown]
# (discussion-by-hand)=
# ## Two percentages by hand
#
# Out of how many patients would these counts give the printed percentages? Try every number up to
# {printed}`patients.size.recruited`, the largest group in the paper:

# %%
n = look.count("patients.size.all")
hfsr, ast = (sum(look.count(f"t4.{event}.ge3.{arm}.n") for arm in ("lp", "r")) for event in ("hfsr", "ast"))
sizes = range(hfsr, look.count("patients.size.recruited") + 1)
printed = {
    "hand-foot skin reaction": (hfsr, text["discussion.hfsr.ge3"]),
    "raised AST": (ast, text["discussion.ast.ge3"]),
}
fits, rows = {}, {}
for event, (count, share) in printed.items():
    fits[event] = [size for size in sizes if percent(count, size) == share]
    rows[event] = {
        "cases": count,
        f"% of {n}": percent(count, n),
        "% printed": share,
        "fits out of": ", ".join(map(str, fits[event])),
    }
pd.DataFrame(rows).T

# %% tags=["remove-cell"]
common = sorted(set.intersection(*map(set, fits.values())))
look.tell(
    hfsr_n=hfsr, ast_n=ast, hfsr_share=percent(hfsr, n), ast_share=percent(ast, n), common=", ".join(map(str, common)),
)  # fmt: skip

# %% tags=["remove-cell", "guard"]
assert len(common) == 1, f"“The same number fits both, and no other does”: {common}"

# %% [markdown]
# The same number fits both, and no other does: {glue:text}`common`. The paper prints no group of that size. What to make of it, and
# what speaks against, [stands with the abstract](abstract-denominator).

# %% [markdown]
# (discussion-restated)=
# ## Restated numbers

# %% tags=["remove-cell"]
restated = {}
for check in look.alone.checks:
    if check.family == "restatement" and check.found.value.section == "discussion":
        restated.setdefault(check.value_ids[0], []).append(check)
held = [value_id for value_id, checks in restated.items() if not any(c.verdict in FLAGS for c in checks)]
quoted = [row for row in look.registry.external if row.quote in look.registry.values]
others = [row for row in quoted if look.registry[row.quote].section == "discussion"]
agreement = Counter("not-found" if row.agrees in UNREAD else row.agrees for row in others)
look.tell(
    restated=len(restated), held="all" if len(held) == len(restated) else str(len(held)), quoted=len(others),
    looked_up=len(others) - agreement["not-found"], silent=agreement["silent"], not_found=agreement["not-found"],
    **{f"agree_{word}": agreement[word] for word in ("yes", "partly", "no")},
)  # fmt: skip

# %% [markdown]
# The discussion prints {glue:text}`restated` numbers that stand elsewhere in the paper as numbers, medians, rates, p values
# and the labels of groups among them. Compared with their places of origin, {glue:text}`held` of them agree. (The two
# [percentages of severe events](discussion-severe) are not among them: they stand nowhere else but in the abstract, and have
# to be worked out from counts, with which they disagree.) Here are the response rates as an example:

# %%
pairs = {
    "discussion.orr.lp": "t3.orr.recist.lp.pct",
    "discussion.orr.r": "t3.orr.recist.r.pct",
    "discussion.orr.p": "t3.orr.recist.p",
    "discussion.dcr.lp": "t3.dcr.recist.lp.pct",
    "discussion.dcr.r": "t3.dcr.recist.r.pct",
    "discussion.dcr.p": "t3.dcr.recist.p",
}
pd.DataFrame(
    {
        "discussion": [text[here] for here in pairs],
        "Table 3": [look.printed(there) for there in pairs.values()],
    },
    index=[look.registry[there].subject for there in pairs.values()],
)

# %% [markdown]
# (discussion-claims)=
# ## What is said in words
#
# Each claim that this section makes about its own study, in our words, with what the printed numbers say; where they can
# say nothing, why. What it says of other studies, or of this one beside them, follows further down.

# %% tags=["remove-input"]
of_others = {row.quote for row in look.registry.external}
said = [
    check
    for check in look.alone.checks
    if check.family == "claim"
    and look.alone.about(check).section == "discussion"
    and check.value_ids[0] not in of_others
]
rows = [
    [escape(check.said.published), escape(check.said.recomputed or check.said.note), present.badge(check.verdict)]
    for check in said
]
words = present.table(["the discussion says (our words)", "the numbers say", "verdict"], rows, "claims in words")
present.fold(f"All {len(said)} claims in words", words)

# %% [markdown]
# (discussion-quoted)=
# ## What is quoted of other studies
#
# {glue:text}`quoted` look-ups were made for the statements of this section about other studies, one for each study
# cited (or one where a statement cites none). What the source says could be read for {glue:text}`looked_up`, most
# often in its abstract or in a report of it. Agreed with what is quoted: {glue:text}`agree_yes`; in part:
# {glue:text}`agree_partly`; not: {glue:text}`agree_no`; left open: {glue:text}`silent`. For {glue:text}`not_found` the
# source, or the part that matters, was not found, which says nothing about the paper. What the source has: its own value and its name for it, then the comparison in short.

# %% tags=["remove-input"]
table = look_ups.table(look.registry.layout, others, "what the discussion quotes of other studies")
present.fold(f"All {len(others)} look-ups of other studies and what they say", table)

# %% [markdown]
# ## Every number of this section

# %% tags=["remove-input"]
look.numbers("discussion")

# %% [markdown]
# ## Practice

# %% tags=["remove-input"]
practice.ask("discussion.after")

# %% [markdown]
# ## Exercises
#
# :::{exercise} “All” and “leading”, computed
# :label: discussion-all
#
# *Level 1 of 3 · 15 minutes · by hand, a spreadsheet or Python*
#
# Write two functions on the counts of Table 4 at any grade: one that lists the events *not* more frequent with LP, and
# one that returns the five leading events with LP, ties included. What do they return?
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# Compare shares, not counts: the arms differ in size. For ties, look at the sixth.
# :::

# %% [markdown]
# :::{solution-start} discussion-all
# :class: dropdown
# :::


# %%
def not_more_frequent(table, first, second):
    return list(table.index[table[f"{first}, %"] <= table[f"{second}, %"]])


def leading(table, arm, many):
    """Return the leading events, and all that share the last place."""
    counts = table[arm].sort_values(ascending=False, kind="stable")
    return counts[counts >= counts.iloc[many - 1]]


print("not more frequent with LP:")
print(*not_more_frequent(events, "LP", "R"), sep="\n")
leading(events, "LP", 5).astype(int).to_frame("patients with LP")

# %% [markdown]
# A claim in words becomes a function, and the function can be run on the next version of the table. The last place is
# shared, so “the leading five” needs a rule for ties.
#
# :::{solution-end}
# :::
#
# :::{exercise} A median of few
# :label: discussion-median
#
# *Level 3 of 3 · 20 minutes · Python or R*
#
# Suppose overall survival in the R arm were exactly as in the trial, exponential with its printed median. In what share
# of samples of {printed}`patients.size.r` patients, all followed to death, is the median as low as the printed
# {printed}`discussion.r.os` months or lower? And for progression-free survival?
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# Draw exponential times with the trial's median, for so many patients, and take the median of each sample.
# :::

# %% [markdown]
# :::{solution-start} discussion-median
# :class: dropdown
# :::

# %%
rng = np.random.default_rng(9)
shape = 20_000, look.count("patients.size.r")
for quantity in ("os", "pfs"):
    trial, here = (float(text[f"discussion.{whose}.{quantity}"]) for whose in ("resorce", "r"))
    samples = rng.exponential(trial / np.log(2), shape)
    low = np.mean(np.median(samples, axis=1) <= here)
    print(f"{quantity.upper()}, where the true median is {trial:g} months:")
    print(f"  {here:g} or less in {100 * low:.0f} % of samples")

# %% [markdown]
# So a shorter median in so few patients is nothing unusual. Their characteristics may have made it; the numbers do not say
# that they did.
#
# :::{solution-end}
# :::
#
# :::{exercise} The same thing in other patients
# :label: discussion-standardise
#
# *Level 2 of 3 · 10 minutes · calculator*
#
# The R arm has {glue:text}`child_b` patients of class B among {printed}`patients.size.r`; the trial had none. Let
# disease control be $c$ in class A, and $f$ times that in class B. If $c$ is the trial's, which $f$ gives the
# disease control of the R arm? Is it a possible one? And what would the R arm's disease control be if class B had *none*?
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# The rate of the arm is the mean of $c$ and $fc$, weighted by the numbers of patients in both classes. Solve for $f$.
# :::

# %% [markdown]
# :::{solution-start} discussion-standardise
# :class: dropdown
# :::

# %%
b = look.count("t1.child_pugh.b.r.n") / look.count("patients.size.r")
trial, here = (float(text[f"discussion.{whose}.dcr"]) for whose in ("resorce", "r"))
factor = (here / trial - (1 - b)) / b
needed = f"{factor:.2f}".replace("-", "−")
print(f"share of class B {b:.3f}; factor needed {needed}")
print(f"no control in class B: {trial * (1 - b):.1f} %")
print(f"here: {here:g} %")

# %% tags=["remove-cell", "guard"]
assert factor < 0, f"the solution says that no factor above 0 does: {factor}"

# %% [markdown]
# The factor is negative, so not possible: even with no control at all in class B the R arm would be a little above what
# is printed. Class B alone would explain the gap only if it fared as badly as can be and chance did the rest. That is
# how a reason in words is weighed: put a number to it and see how far it reaches.
#
# :::{solution-end}
# :::
#
# ## Key takeaways
#
# - [“All” is refuted by one row](discussion-every), and here by {glue:text}`more_with_r`. Write it as a function before you
#   write it as a sentence.
# - [Beside a large trial](discussion-beside), ask first what chance allows ({glue:text}`resorce_inside` of four results),
#   then [whether the same was counted](discussion-sources), then for reasons.
# - [Numbers taken over as they are](discussion-restated) agree with their places; [two percentages worked out
#   anew](discussion-by-hand) do not agree with their counts.
# - [A reference to a trial in another disease](discussion-other-cancer) looks like any other reference. [Look each one
#   up](discussion-sources).
# - [What never was in the model](discussion-words) was not found to be without effect: the treatment.
#
# ## Strengths and limitations of the method
#
# *Strengths.* Words such as “all”, “leading” and “worse” have a truth value once the numbers are given, and it can be
# computed again by anyone. *Limitations.* Many words have none: “appeared”, “promising”, “important”. Sources were read
# mostly in abstracts and reports of them. An interval around this study's result treats the other study's as exact, and
# neither as biased. And a discussion can be true in each sentence and still tilt by what it leaves out.
#
# ## Further reading
#
# How discussions of results that are not significant are worded: {cite:t}`boutron2010`. Misreadings of p, intervals and
# power: {cite:t}`greenland2016`. Citations that say something else: {cite:t}`jergas2015`, {cite:t}`greenberg2009`.
# Limits that a discussion should name: {cite:t}`vonelm2007`. The trial beside which the R arm is set:
# {cite:t}`ref13-bruix2017`.

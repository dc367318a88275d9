# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% [markdown]
# # The companion study
#
# :::{admonition} In this chapter
# :class: note
# **You will** audit a second abstract from the same hospital with the same package, turn its percentages back into patients, and
# hold the two studies against each other. **You will learn to** recompute a p value that comes without counts, to ask how
# far two groups of patients can be the same people, and to find the {term}`denominator` that a percentage betrays. **You
# need** {term}`Fisher’s exact test` and [](10-how-to-read); a line of Python helps and is not required.
# :::
#
# A year before the paper of this book members of the same team published a study from the same hospital
# {cite}`ref19-xu2022`: {printed}`companion.abstract.size.all` patients after sorafenib,
# {printed}`companion.abstract.size.pl` on a PD-1 inhibitor with lenvatinib (PL) and
# {printed}`companion.abstract.size.pr` on a PD-1 inhibitor with regorafenib (PR). The paper cites it once, for the use
# of lenvatinib in several cancers. Only part of that abstract could be read: what stands before the overall survival.
# Nothing on this page rests on more than that, and whatever the full article says goes before what is said here.

# %%
from datetime import timedelta
from fractions import Fraction

import numpy as np
import pandas as pd
from matplotlib.dates import DateFormatter, YearLocator
from scipy import stats

from secondlook.checks.association import associations
from secondlook.checks.rules import chance_of_overlap
from secondlook.numbers.dates import parse_date
from secondlook.numbers.printed import parse, show
from secondlook.pages import figures
from secondlook.pages.look import percent, start
from secondlook.stats import contingency

look = start()
earlier = start("data/companion")
NAME = "companion.abstract."

# %% [markdown]
# ## Predict before you reveal
#
# | printed in the earlier abstract | PL | PR | p |
# |---|---:|---:|---:|
# | patients | {printed}`companion.abstract.size.pl` | {printed}`companion.abstract.size.pr` | |
# | overall response, % | {printed}`companion.abstract.orr.pl` | {printed}`companion.abstract.orr.pr` | {printed}`companion.abstract.orr.p` |
# | disease control, % | {printed}`companion.abstract.dcr.pl` | {printed}`companion.abstract.dcr.pr` | {printed}`companion.abstract.dcr.p` |
#
# How many patients responded in each arm? The two response rates are about {glue:text}`apart` percentage points apart:
# which p value would you expect from a two-sided test? And what is odd about the second p?

# %% tags=["remove-input"]
from secondlook.pages import practice

practice.ask("companion-study.before")

# %% [markdown]
# :::{admonition} Open the answer
# :class: dropdown
# {glue:text}`responded` patients responded. For so small a difference every two-sided test gives a large p, from
# {glue:text}`least_p` to {glue:text}`two_sided`, which is Fisher's. Printed is what Fisher's test gives for *one* side,
# {glue:text}`one_sided`, and nothing in the part of the abstract that was read says so. The second p is printed as a bound
# at a number that is not usual as one; the one-sided value of that row, rounded, is {glue:text}`dcr_one_sided`.
# :::

# %% [markdown]
# (companion-flags)=
# ## What raises a flag in its abstract
#
# The p value {printed}`companion.abstract.dcr.p` is flagged twice: it is printed as a bound, and the usual tests do not give it.

# %% tags=["remove-input"]
earlier.flags("abstract", linked=False)

# %% [markdown]
# (companion-hand)=
# ## By hand: from a percentage to a count, and from counts to a p value
#
# The abstract prints percentages and no counts. With so few patients a percentage with one decimal leaves little room.
# These are the whole numbers of patients that print what is printed:


# %%
def possible(printed, size):
    """Return every count out of `size` that prints so."""
    shares = {n: Fraction(100 * n, size) for n in range(size + 1)}
    number = parse(printed)
    return [n for n, share in shares.items() if number.matches(share)]


RATES = {"orr": "overall response", "dcr": "disease control"}
sizes = {arm: earlier.count(NAME + f"size.{arm}") for arm in ("pl", "pr")}
counts = {rate: {} for rate in RATES}
for rate in RATES:
    for arm, size in sizes.items():
        printed = earlier.printed(NAME + f"{rate}.{arm}")
        counts[rate][arm] = possible(printed, size)
pd.DataFrame(counts).rename(index=str.upper, columns=RATES)

# %% [markdown]
# Each percentage leaves exactly one count. So the p values can be recomputed after all:

# %%
tables = {}
for rate, arms in counts.items():
    yes = [arms["pl"][0], arms["pr"][0]]
    tables[rate] = [yes, [sizes["pl"] - yes[0], sizes["pr"] - yes[1]]]

chi2, fisher = stats.chi2_contingency, stats.fisher_exact
recomputed = {}
for rate, table in tables.items():
    one_sided = fisher(table, alternative="greater")
    recomputed[RATES[rate]] = {
        "Pearson chi-square": chi2(table, correction=False).pvalue,
        "with Yates' correction": chi2(table, correction=True).pvalue,
        "Fisher's exact test": fisher(table).pvalue,
        "Fisher's exact test, one-sided": one_sided.pvalue,
    }
pd.DataFrame(recomputed).map("{:.4f}".format)

# %% tags=["remove-cell"]
ledger = {check.check_id: check for check in earlier.ledger.checks}
orr, dcr = ledger["association.companion.abstract.orr.p"], ledger["bound.companion.abstract.dcr.p"]
rates = [float(earlier.printed(f"companion.abstract.orr.{arm}")) for arm in ("pl", "pr")]
by_test = contingency.all_tests(contingency.as_counts(tables["orr"]))
two_sided = [float(p) for name, p in by_test.items() if name not in ("fisher_less", "fisher_greater")]
ours = {a.p.id: contingency.all_tests(a.table) for a in associations(look.registry)}
look.tell(
    apart=f"{abs(rates[0] - rates[1]):.0f}", two_sided=f"{float(by_test['fisher']):.3f}", least_p=f"{min(two_sided):.3f}",
    responded=f"{counts['orr']['pl'][0]} of {sizes['pl']} and {counts['orr']['pr'][0]} of {sizes['pr']}",
    one_sided=f"{float(by_test['fisher_greater']):.3f}",
    dcr_one_sided=f"{stats.fisher_exact(tables['dcr'], alternative='greater').pvalue:.3f}",
    both=f"1 in {show(1 / (orr.chance * dcr.chance) / 1000, 0)},000",
    **{f"our_{rate}_{said}": f"{float(ours[f't3.{rate}.recist.p'][test]):.4f}" for rate, said, test in (
        ("orr", "two", "fisher"), ("orr", "one", "fisher_greater"),
        ("dcr", "pearson", "pearson"), ("dcr", "one", "fisher_greater"),
    )},
)  # fmt: skip

# %% tags=["remove-cell", "guard"]
one, printed = float(by_test["fisher_greater"]), earlier.printed("companion.abstract.orr.p")
assert f"{one:.3f}" == printed, f"“the one-sided test prints it”: {one:.3f}, {printed}"
assert max(two_sided) == float(by_test["fisher"]), f"“the largest two-sided p is Fisher's”: {two_sided}"

# %% [markdown]
# Printed are {printed}`companion.abstract.orr.p` and {printed}`companion.abstract.dcr.p`. Both are *one-sided*
# Fisher values (the second if its less-than sign is a slip for the equals sign). SPSS prints the
# one-sided value in the column beside the two-sided one. The chance that two random p values would both be matched by
# one of the tests tried is about {glue:text}`both`.
#
# **What it means for the other paper.** In the paper of this book the response rate by RECIST has p =
# {printed}`t3.orr.recist.p`, the two-sided value ({glue:text}`our_orr_two`; one-sided it would be
# {glue:text}`our_orr_one`). Disease control has p = {printed}`t3.dcr.recist.p`, which Pearson's chi-square gives
# ({glue:text}`our_dcr_pearson`) and one-sided Fisher's test gives too ({glue:text}`our_dcr_one`). The paper names the
# chi-square test, so the row counts as reproduced; that the other column was once printed in a study from the same
# hospital is worth knowing.

# %% [markdown]
# (companion-two)=
# ## The two abstracts, number by number

# %% tags=["remove-cell", "guard"]
same = look.printed("outcomes.pfs.lp.median"), earlier.printed(NAME + "pfs.pl")
assert same[0] == same[1], f"“the same median” in both studies: {same}"

# %% [markdown]
# | quantity | Xu et al. 2023 | Xu et al. 2022 |
# |---|---:|---:|
# | first month of accrual | {printed}`patients.accrual.start` | {printed}`companion.abstract.accrual.start` |
# | last month of accrual | {printed}`patients.accrual.end` | {printed}`companion.abstract.accrual.end` |
# | patients | {printed}`patients.size.all` | {printed}`companion.abstract.size.all` |
# | patients, with lenvatinib | {printed}`patients.size.lp` | {printed}`companion.abstract.size.pl` |
# | patients, with regorafenib | {printed}`patients.size.r` | {printed}`companion.abstract.size.pr` |
# | overall response, lenvatinib, % | {printed}`abstract.orr.lp` | {printed}`companion.abstract.orr.pl` |
# | overall response, regorafenib, % | {printed}`abstract.orr.r` | {printed}`companion.abstract.orr.pr` |
# | overall response, p | {printed}`abstract.orr.p` | {printed}`companion.abstract.orr.p` |
# | disease control, lenvatinib, % | {printed}`abstract.dcr.lp` | {printed}`companion.abstract.dcr.pl` |
# | disease control, regorafenib, % | {printed}`abstract.dcr.r` | {printed}`companion.abstract.dcr.pr` |
# | disease control, p | {printed}`abstract.dcr.p` | {printed}`companion.abstract.dcr.p` |
# | median progression-free survival, lenvatinib, months | {printed}`abstract.pfs.lp` | {printed}`companion.abstract.pfs.pl` |
# | median progression-free survival, regorafenib, months | {printed}`abstract.pfs.r` | {printed}`companion.abstract.pfs.pr` |
# | progression-free survival, p | {printed}`abstract.pfs.p` | {printed}`companion.abstract.pfs.p` |

# %% [markdown]
# The lenvatinib arms had the same kind of treatment (a PD-1 inhibitor with lenvatinib), and the same median
# progression-free survival is printed for both, {printed}`outcomes.pfs.lp.median` months. The regorafenib arms differ: with a PD-1 inhibitor there, without one here.
#
# (companion-same)=
# ## How far can the patients be the same?


# %% tags=["hide-input"] mystnb={"image": {"alt": "Two horizontal bars on a time axis. The accrual of the earlier study lies wholly within the longer accrual of this one; a line marks the last follow-up of this one, after both."}, "figure": {"name": "fig-two-accruals", "caption": "The accrual periods of the two studies, from the first day of the first month to the last of the last. The dashed line is the last follow-up of this paper; that of the earlier one could not be read."}}
def after(printed):
    """Return the first day after a printed month."""
    return parse_date(printed).last + timedelta(days=1)


spans = {
    look.registry.layout.paper.short: [look.printed(f"patients.accrual.{end}") for end in ("start", "end")],
    earlier.registry.layout.paper.short: [earlier.printed(f"{NAME}accrual.{end}") for end in ("start", "end")],
}
fig, ax = figures.new(5.25, 2.4)
for y, ((first, last), style) in enumerate(zip(spans.values(), figures.ARMS, strict=True)):
    begin = parse_date(first).first
    ax.barh(-y, after(last) - begin, left=begin, height=0.5, color=style["color"])
ax.axvline(parse_date(look.printed("methods.followup.last")).first, color=figures.INK, linestyle="--", linewidth=1)
ax.set_yticks([0, -1], [f"{name}\n{first} to {last}" for name, (first, last) in spans.items()])
ax.grid(axis="y", visible=False)
ax.xaxis.set_major_locator(YearLocator())
ax.xaxis.set_major_formatter(DateFormatter("%Y"))

# %% tags=["remove-cell"]
n, earlier_n = look.count("patients.size.lp"), sizes["pl"]
found = {"recist": look.count("t3.orr.recist.lp.n"), "mrecist": look.count("t3.orr.mrecist.lp.n")}
then, controlled = counts["orr"]["pl"][0], counts["dcr"]["pl"][0]
others = n - earlier_n
for criterion, total in found.items():
    chance = chance_of_overlap(others, total, n, total - then)
    told = f"{float(chance):.2}" if chance > Fraction(1, 1000) else f"about 1 in {show(1 / chance / 1000, 0)},000"
    left = {"": total - then, ".share": percent(total - then, others, 0), ".chance": told}
    look.tell(**{f"left.{criterion}{name}": text for name, text in left.items()})
look.tell(others=others, then=then, then_share=percent(then, earlier_n),
          left_control=look.count("t3.dcr.recist.lp.n") - controlled)  # fmt: skip

# %% tags=["remove-cell", "guard"]
(begin, end), inner = ([parse_date(text).first for text in months] for months in spans.values())
assert begin <= inner[0] <= inner[1] <= end, f"“one accrual lies within the other”: {begin}, {inner}, {end}"

# %% [markdown]
# One hospital, one group of authors, one regimen after sorafenib, and an accrual
# ({printed}`companion.abstract.accrual.start` to {printed}`companion.abstract.accrual.end`) that lies within the
# other ({printed}`patients.accrual.start` to {printed}`patients.accrual.end`): up to all
# {printed}`companion.abstract.size.pl` patients of PL can be among the {printed}`patients.size.lp` of LP. The paper
# does not say whether they are, and says of the combination after sorafenib that it has seldom been reported.
#
# If all of them are, the other {glue:text}`others` patients of LP must account for the rest. PL had {glue:text}`then`
# responses ({glue:text}`then_share` %), by a criterion that is not named:
#
# - by RECIST 1.1 that leaves {glue:text}`left.recist` responses among {glue:text}`others`
#   ({glue:text}`left.recist.share` %). Drawn at random from LP, so many or more would be among them with a chance of
#   {glue:text}`left.recist.chance`;
# - by mRECIST it leaves {glue:text}`left.mrecist` ({glue:text}`left.mrecist.share` %), with a chance of
#   {glue:text}`left.mrecist.chance`;
# - of disease control it leaves {glue:text}`left_control` of {glue:text}`others`, which is nothing unusual.
#
# So PL can be part of LP if both used RECIST 1.1, with some luck among the later patients; hardly if the earlier study
# used mRECIST. Nor need it be all or none: a part of the patients may be the same, some may have responded only after the
# earlier study was closed, or been left out of one of the two. A sentence in the paper would settle it.

# %% [markdown]
# (companion-denominator)=
# ## Two percentages that fit the earlier number of patients

# %% [markdown]
# The paper's discussion says that {printed}`discussion.hfsr.ge3` % of patients had a severe hand-foot skin reaction and
# {printed}`discussion.ast.ge3` % <a href="12-suggested-corrections.html#discussion-hfsr-ge3">a severe rise of AST</a>. Its Table 4 counts {glue:text}`hfsr.n` and
# {glue:text}`ast.n` in both arms together, which is {glue:text}`hfsr.share` % and {glue:text}`ast.share` % of its
# {printed}`patients.size.all` patients. For which number of patients would the printed percentages be right?

# %%
EVENTS = {"hfsr": "hand-foot skin reaction", "ast": "raised AST"}


def denominators(printed, count, most=200):
    """Return all numbers of patients for which a count prints so."""
    sizes = range(count, most + 1)
    shares = {n: Fraction(100 * count, n) for n in sizes}
    number = parse(printed)
    return [n for n, share in shares.items() if number.matches(share)]


whole, explain = {}, {}
for event, name in EVENTS.items():
    ids = (f"t4.{event}.ge3.{arm}.n" for arm in ("lp", "r"))
    whole[event] = sum(map(look.count, ids))
    printed = look.printed(f"discussion.{event}.ge3")
    explain[name] = denominators(printed, whole[event])
pd.Series(explain).to_frame("numbers of patients")

# %% tags=["remove-cell", "guard"]
size = earlier.count(NAME + "size.all")
assert list(explain.values()) == [[size], [size]], f"“only the size of the companion study fits both”: {explain}"

# %% tags=["remove-cell"]
[only] = explain[EVENTS["hfsr"]]
common = next(c for c in look.alone.checks if c.family == "denominator")
look.tell(
    **{f"{event}.n": total for event, total in whole.items()},
    **{f"{event}.share": percent(total, look.count("patients.size.all")) for event, total in whole.items()},
    denominator=only, denominator_odds=round(1 / common.chance),
)  # fmt: skip

# %% [markdown]
# For one number each, and for the same: {glue:text}`denominator`, the size of the earlier study. Of two slips, one pair
# in {glue:text}`denominator_odds` would share a denominator by accident. What may have happened, none of it more than a
# possibility:
#
# - the sentence was carried over from the earlier paper, whose counts were the same;
# - the counts are this paper's, divided by the earlier paper's number of patients;
# - an earlier version of this study had {glue:text}`denominator` patients;
# - or coincidence: the second percentage is also {printed}`t4.proteinuria.ge3.lp.n` of
#   {printed}`patients.size.lp`, which Table 4 prints for another event.
#
# The earlier paper's own adverse events would tell, and they could not be read.

# %% [markdown]
# (companion-unread)=
# ## What could not be read
#
# Of the earlier article: overall survival and its p value, the adverse events, the prognostic factors, the
# conclusion, every table and figure, the last follow-up, the methods. So its criterion of response, its tests, its hazard
# ratios and the confidence intervals of its medians are open here; a reader with the article at hand can put them into
# `data/companion/` and run the audit again.

# %% [markdown]
# ## Every number of its abstract

# %% tags=["remove-input"]
earlier.numbers("abstract")

# %% [markdown]
# ## Practice

# %% tags=["remove-input"]
[responders], everyone = possible("24.3", 37), look.count("patients.size.all")
practice.ask(
    "companion-study.after", share="24.3", size=37, responders=responders, severe=whole["hfsr"], everyone=everyone,
    severe_share=look.printed("discussion.hfsr.ge3"), of=explain[EVENTS["hfsr"]][0],
)  # fmt: skip

# %% [markdown]
# ## Exercises
#
# ::::{exercise} A third abstract
# :label: companion-third
#
# *Level 1 of 3 · 15 minutes · calculator, and any program that has Fisher's test*
#
# An invented abstract compares {glue:text}`third_n` patients with {glue:text}`third_m`. It prints response rates of {glue:text}`third_first` % and {glue:text}`third_second` %, p = {glue:text}`third_p`, and says
# “no significant difference”. How many patients responded, and which test was it?
# ::::
#
# :::{admonition} Hint
# :class: tip dropdown
# Multiply each rate by its number of patients and look at the whole numbers nearby. With the counts try Pearson's
# test, Yates' and Fisher's; and Fisher's for one side.
# :::

# %% [markdown]
# ::::{solution-start} companion-third
# :class: dropdown
# ::::

# %%
arms = {40: "27.5", 38: "21.1"}
found = [possible(rate, size) for size, rate in arms.items()]
print("responses:", *found)
yes = [only for [only] in found]
no = [size - n for size, n in zip(arms, yes, strict=True)]
by_test = contingency.all_tests(contingency.as_counts([yes, no]))
pd.Series({contingency.TESTS[name][0]: f"{float(p):.3f}" for name, p in by_test.items()}).to_frame("p")

# %% tags=["remove-cell"]
look.tell(**dict(zip(("third_n", "third_m", "third_first", "third_second"), (*arms, *arms.values()), strict=True)),
          third_p=f"{float(by_test['fisher_greater']):.3f}")  # fmt: skip

# %% [markdown]
# One count prints each percentage, and one test prints the p value: Fisher's, one-sided. The two-sided value leaves the
# conclusion alone, as it happens; it would not always.
#
# ::::{solution-end}
# ::::

# %% [markdown]
# ::::{exercise} A denominator by accident
# :label: companion-accident
#
# *Level 3 of 3 · 30 minutes · Python or R*
#
# Take the counts {glue:text}`hfsr.n` and {glue:text}`ast.n`, and in place of the two printed percentages draw any two with
# one decimal, up to twice what the counts give. How often does one number of patients up to 200 explain both? Compare with
# the chance that the ledger prints, and say why they differ.
# ::::
#
# :::{admonition} Hint
# :class: tip dropdown
# A percentage with one decimal is a whole number of tenths. Draw two of them, and let every number of patients from
# the larger count to 200 say what it would print for both.
# :::

# %% [markdown]
# ::::{solution-start} companion-accident
# :class: dropdown
# ::::

# %%
rng = np.random.default_rng(15)
TRIALS = 20_000
everyone = look.count("patients.size.all")
drawn = {}  # percentages in tenths
for event, count in whole.items():
    largest = 2 * 1000 * count // everyone
    drawn[event] = rng.integers(1, largest, TRIALS)
explained = np.zeros(TRIALS, dtype=bool)
for size in range(max(whole.values()), 201):
    hits = [drawn[e] == round(1000 * n / size) for e, n in whole.items()]
    explained |= np.all(hits, axis=0)
print(f"drawn so: one pair in {1 / explained.mean():.0f}")
checks = look.alone.checks
common = next(c for c in checks if c.family == "denominator")
print(f"the ledger: one pair in {float(1 / common.chance):.0f}")

# %% [markdown]
# The ledger draws misprints no farther from the truth than the printed ones are, which leaves fewer to choose from, so a
# match by accident is more likely there. A chance belongs to the way in which the alternatives were drawn: name it beside
# the chance.
#
# ::::{solution-end}
# ::::
#
# ## Key takeaways
#
# - [A percentage of few patients is a count](companion-hand), so that p values can be recomputed from an abstract alone.
# - [A p value may be one-sided without saying so](companion-flags), as both here are. A habit seen once is a hint for the
#   next paper, never a proof.
# - [Two studies from one place](companion-same) may share patients: here up to {printed}`companion.abstract.size.pl`.
#   Counts say what sharing would ask for; a sentence of the authors would settle it.
# - [A wrong percentage can name its denominator](companion-denominator): {glue:text}`denominator` for two of them. Several
#   explanations fit; list them all.
# - [Say what could not be read](companion-unread), next to what was found in the rest.
#
# ## Strengths and limitations of the method
#
# *Strengths.* The same code audits both abstracts, so that nothing was tuned to this one; the counts follow from the
# percentages without a choice. *Limitations.* Part of an abstract was read. That patients are shared is possible and not
# shown, and the chances take the later patients to be a random part of the arm, though they came last. And a comparison of
# two papers always finds something; what chance does is printed beside each finding, but only for the searches that were
# made.
#
# ## Further reading
#
# Counts from percentages: {cite:t}`brown2017grim`. P values recomputed by machine: {cite:t}`nuijten2016statcheck`. Checking whole
# studies: {cite:t}`wilkinson2024inspect`. One-sided and exact tests of small tables: {cite:t}`campbell2007`.

# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""


# %% tags=["remove-cell"]
from fractions import Fraction
from html import escape

import pandas as pd

from secondlook import contingency, corrections, figures, present
from secondlook.checks.counts import own_denominators
from secondlook.notebook import percent, start
from secondlook.printed import parse

look = start(published, alpha, cohort)
look.quote(
    "abstract.accrual.start", "abstract.accrual.end", "abstract.size.all", "abstract.orr.lp", "abstract.orr.r",
    "abstract.orr.p", "abstract.dcr.lp", "abstract.dcr.r", "abstract.dcr.p", "abstract.pfs.lp", "abstract.pfs.r",
    "abstract.pfs.p", "abstract.os.lp", "abstract.os.r", "abstract.os.p", "abstract.hfsr.ge3", "abstract.ae.grade",
    "abstract.prognosis.afp", "abstract.prognosis.ecog", "discussion.ast.ge3", "patients.size.all",
    "patients.size.recruited",
)  # fmt: skip
flags = look.ledger.flags("abstract")
wrong = [check for check in flags if check.verdict in corrections.WRONG]
asked = [check for check in flags if check not in wrong]


def cards(checks):
    """Return flags as cards, one under the other."""
    return "".join(present.card(look.ledger, check) for check in checks)


# %% [markdown]
# # Abstract
#
# :::{admonition} In this chapter
# :class: note
# **You will** hold each number of an abstract against the body of its paper, turn percentages back into counts, and
# search for the number of patients that a wrong percentage may have come from. **You will learn to** read the words of
# an abstract and its numbers separately, and to say how much a coincidence is worth. **You need** percentages and the
# word {term}`denominator`; nothing else.
# :::
#
# :::{admonition} What this section of the paper says
# :class: note
# {glue:text}`abstract.size.all` patients of one hospital, treated between {glue:text}`abstract.accrual.start` and
# {glue:text}`abstract.accrual.end` after sorafenib had failed, received lenvatinib plus a {term}`PD-1 inhibitor` (LP)
# or regorafenib (R).
#
# - {term}`Objective response <objective response rate>`: {glue:text}`abstract.orr.lp` % with LP,
#   {glue:text}`abstract.orr.r` % with R (p = {glue:text}`abstract.orr.p`).
# - Disease control: {glue:text}`abstract.dcr.lp` % and {glue:text}`abstract.dcr.r` % (p = {glue:text}`abstract.dcr.p`).
# - Median {term}`progression-free survival`: {glue:text}`abstract.pfs.lp` and {glue:text}`abstract.pfs.r` months (p =
#   {glue:text}`abstract.pfs.p`); median {term}`overall survival`: {glue:text}`abstract.os.lp` and
#   {glue:text}`abstract.os.r` months (p = {glue:text}`abstract.os.p`).
# - Hand-foot skin reaction of grade {glue:text}`abstract.ae.grade` is the common severe {term}`adverse event`, in
#   {glue:text}`abstract.hfsr.ge3` % of patients.
# - {term}`AFP` {glue:text}`abstract.prognosis.afp` ng/mL and {term}`ECOG PS` {glue:text}`abstract.prognosis.ecog` go
#   with a poor prognosis, each in its own right.
# :::
#
# An abstract has no numbers of its own: each is said again, with its table, in the body of the paper. So the question
# here is whether the two places agree, whether counts printed elsewhere give the percentages, and whether the words
# say what the numbers say. [](17-abstract-claims) puts all of it into one table.
#
# ## Predict before you reveal
#
# The results of the abstract, with the arm that its *words* put first:
#
# | | LP, % | R, % | p | words: higher, or better, in |
# |---|---:|---:|---:|---|
# | objective response | {glue:text}`abstract.orr.lp` | {glue:text}`abstract.orr.r` | {glue:text}`abstract.orr.p` | LP |
# | disease control | {glue:text}`abstract.dcr.lp` | {glue:text}`abstract.dcr.r` | {glue:text}`abstract.dcr.p` | R |
#
# And {glue:text}`abstract.hfsr.ge3` % of {glue:text}`abstract.size.all` patients had a severe hand-foot skin reaction.
# There are {glue:text}`size.lp` patients on LP and {glue:text}`size.r` on R. Where do words and numbers part? And which
# of the five percentages cannot be a whole number of patients? (One patient of {glue:text}`abstract.size.all` is
# {glue:text}`one_all` %.)
#
# :::{admonition} Open the answer
# :class: dropdown
# The words on disease control name the arm with the lower number. Of the percentages {glue:text}`whole_orr` are each a
# count of their arm. But {glue:text}`below_n` of {glue:text}`abstract.size.all` is {glue:text}`below_pct` % and
# {glue:text}`above_n` is {glue:text}`above_pct` %: nothing lies between, so {glue:text}`abstract.hfsr.ge3` % is no
# share of all patients.
# :::

# %% [markdown]
# (abstract-wrong)=
# ## What does not hold

# %% tags=["remove-input"]
present.Html(cards(wrong))

# %% tags=["remove-cell"]
severe = {event: [look.count(f"t4.{event}.ge3.{arm}.n") for arm in ("lp", "r")] for event in ("hfsr", "ast")}
everyone = look.count("patients.size.all")
recruited = look.count("patients.size.recruited")
together = {event: sum(counts) for event, counts in severe.items()}
sizes = {arm: look.count(f"patients.size.{arm}") for arm in ("lp", "r")}
recovered = {}
for rate in ("orr", "dcr"):
    for arm, size in sizes.items():
        printed = look.registry[f"abstract.{rate}.{arm}"]
        [fitting] = [k for k in range(size + 1) if printed.number.matches(Fraction(100 * k, size))]
        recovered[rate, arm] = printed.printed, fitting
below = int(look.registry["abstract.hfsr.ge3"].number.value * everyone / 100)
assert not any(
    look.registry["abstract.hfsr.ge3"].number.matches(Fraction(100 * k, everyone)) for k in range(everyone + 1)
)
common = next(check for check in look.ledger.flags("abstract") if check.check_id.startswith("denominator.all."))
companion = pd.read_csv("data/companion/text.csv", dtype=str, keep_default_na=False).set_index("id")["printed"]
look.tell(
    **{f"{event}.together": n for event, n in together.items()},
    **{f"{event}.share": percent(n, everyone) for event, n in together.items()},
    **{f"hfsr.{arm}": n for arm, n in zip(("lp", "r"), severe["hfsr"], strict=True)},
    common_denominator=common.check_id.rpartition(".")[2],
    common_odds=round(1 / common.chance),
    **{f"size.{arm}": n for arm, n in sizes.items()},
    whole_orr=", ".join(f"{p} % ({n} of {sizes[arm]})" for (_, arm), (p, n) in recovered.items()),
    one_all=percent(1, everyone),
    below_n=below,
    below_pct=percent(below, everyone),
    above_n=below + 1,
    above_pct=percent(below + 1, everyone),
    companion_size=companion["companion.abstract.size.all"],
    companion_start=companion["companion.abstract.accrual.start"],
    companion_end=companion["companion.abstract.accrual.end"],
)

# %% [markdown]
# (A word on "printed": it means printed in the text rendering of the article that we read. A slip can be the
# rendering's and not the journal's.)
#
# (abstract-dcr)=
# ### Which arm had the better disease control
#
# The results of the abstract give the better disease control to the R arm. The numbers in that same sentence,
# {glue:text}`abstract.dcr.lp` % with LP and {glue:text}`abstract.dcr.r` % with R, say the opposite, and so do Table 3,
# the abstract's own conclusion and the discussion. The same words stand once more in the
# [results](06-outcomes), also against their own numbers.
#
# *Why it matters.* It is the only comparison of the abstract with a p value ({glue:text}`abstract.dcr.p`) below the
# level of significance. A reader who keeps the words and not the numbers keeps the wrong arm. *What it does not show.*
# Anything wrong with the numbers: they agree wherever they are printed. It takes one other word to set the sentence
# right.
#
# (abstract-hfsr)=
# ### How often the severe skin reaction occurred
#
# Table 4 counts {glue:text}`hfsr.lp` patients with a severe hand-foot skin reaction in the LP arm and
# {glue:text}`hfsr.r` in the R arm. {glue:text}`hfsr.together` of {glue:text}`patients.size.all` is
# {glue:text}`hfsr.share` %; the abstract and the [discussion](09-discussion) print {glue:text}`abstract.hfsr.ge3` %.
#
# *Why it matters.* Many readers see nothing but the abstract. *What it does not show.* A difference between the arms,
# or another order of the events: it is still the most frequent severe one.
#
# (abstract-denominator)=
# ## A question: one number of patients for two percentages
#
# The discussion gives a second share of the same kind, severely raised AST: {glue:text}`discussion.ast.ge3` % where
# {glue:text}`ast.together` of {glue:text}`patients.size.all` is {glue:text}`ast.share` %. Over
# {glue:text}`common_denominator` patients both shares come out as printed, and no other whole number up to the
# {glue:text}`patients.size.recruited` recruited does that (below). Of two slips no larger than these, about one pair in
# {glue:text}`common_odds` would have such a number in common by accident.

# %% tags=["remove-input"]
present.Html(cards(asked))

# %% [markdown]
# The paper prints that number nowhere as a size. The same team's earlier study of patients after sorafenib
# {cite}`ref19-xu2022` reports {glue:text}`companion_size` patients, treated from {glue:text}`companion_start` to
# {glue:text}`companion_end`. It is possible that the two percentages were worked out with that size. It is also
# possible that they were not: nothing printed decides it, and the counts of Table 4 are taken as they stand.
# [](15-companion-study) lays the two studies side by side.

# %% [markdown]
# (abstract-by-hand)=
# ## One percentage by hand
#
# The counts of Table 4, added over the arms, and their share of all patients:

# %%
events = look.frame("t4").loc[["hfsr", "ast"], ["ge3.lp.n", "ge3.r.n"]].astype(int)
events.columns = ["LP", "R"]
events["both"] = events.sum(axis=1)
events["% of all"] = [percent(n, everyone) for n in events["both"]]
events["printed"] = [look.printed("abstract.hfsr.ge3"), look.printed("discussion.ast.ge3")]
events

# %% [markdown]
# Which denominators turn the counts into what is printed? Every whole number up to the
# {glue:text}`patients.size.recruited` patients recruited is tried, with exact fractions, so that no half is lost to
# floating point:


# %%
def denominators(count, text):
    return [n for n in range(count, recruited + 1) if parse(text).matches(Fraction(100 * count, n))]


pd.Series(
    {event: denominators(row["both"], row["printed"]) for event, row in events.iterrows()}, name="denominators"
).to_frame()

# %% [markdown]
# And among the numbers that the paper itself prints as a size or a count, which would do for both?

# %%
own = set(own_denominators(look.registry))
[n for n in denominators(*events.loc["hfsr", ["both", "printed"]]) if n in own]

# %% [markdown]
# None.

# %% tags=["hide-input"] mystnb={"image": {"alt": "Two falling curves: the share that each count is of a possible denominator. A ring on each marks where the share prints what the paper prints. Both rings stand over the same denominator, which is smaller than the number of patients analysed."}, "figure": {"name": "fig-abstract-denominators", "caption": "The two counts of severe events as a share of every possible denominator. Rings: the share prints what the paper prints. Dashed: the number of patients analysed."}}
fig, ax = figures.new(7, 3.6)
sizes = range(40, recruited + 1)
names = {"hfsr": "hand-foot skin reaction", "ast": "raised AST"}
for (event, row), colour, marker in zip(events.iterrows(), (figures.BLUE, figures.ORANGE), ("o", "s"), strict=True):
    shares = [100 * row["both"] / n for n in sizes]
    ax.plot(sizes, shares, color=colour, marker=marker, markersize=3.5, linewidth=1, label=names[event])
    for n in denominators(row["both"], row["printed"]):
        ax.scatter(n, 100 * row["both"] / n, s=190, facecolor="none", edgecolor=figures.INK, linewidth=1.6, zorder=3)
        ax.annotate(f"{row['printed']} %, N = {n}", (n, 100 * row["both"] / n), (0, 14), textcoords="offset points",
                    ha="center", bbox={"facecolor": "white", "edgecolor": "none", "pad": 1})  # fmt: skip
ax.axvline(everyone, color=figures.GREY, linestyle="--", linewidth=1)
ax.text(everyone + 0.6, 19.5, f"N = {everyone}", va="top")
ax.set(xlabel="denominator N", ylabel="share, %", ylim=(0, None))
_ = ax.figure.legend(loc="outside upper center", ncols=2, frameon=False)
# %% [markdown]
# (abstract-restated)=
# ## The abstract beside what it restates
#
# Each number of the abstract that stands in another place too, with what is printed there:

# %% tags=["hide-input"]
pairs = [
    (value, look.registry[other])
    for value in look.registry
    if value.section == "abstract" and value.printed
    for other in value.restates
    if look.registry[other].printed
]
restated = [
    [escape(value.subject), escape(look.registry.layout.groups[value.group].label if value.group else ""),
     escape(value.printed), escape(other.printed), escape(other.place)]
    for value, other in pairs
]  # fmt: skip
present.table(
    ["quantity", "group", "abstract", "elsewhere", "where"], restated, "the abstract beside what it restates", (2, 3)
)

# %%
same = [value.printed == other.printed for value, other in pairs]
print(sum(same), "of", len(same), "pairs agree to the digit")

# %% [markdown]
# Agreement says that the authors copied with care. It does not say that the number is right: the severe skin reactions
# agree with the discussion, and both differ from Table 4.
#
# (abstract-words)=
# ## Words against numbers
#
# Four statements of the abstract say which arm did better. Beside each, the percentages that it rests on:

# %% tags=["hide-input"]
claims = {
    "abstract.orr.direction": "orr", "abstract.dcr.direction": "dcr",
    "abstract.conclusion.response": "orr", "abstract.conclusion.dcr": "dcr",
}  # fmt: skip
rows = []
for claim, rate in claims.items():
    lp, r = (look.registry[f"abstract.{rate}.{arm}"] for arm in ("lp", "r"))
    higher = "LP" if lp.number.value > r.number.value else "R"
    where = "conclusion" if "conclusion" in claim else "results"
    said, verdict = escape(look.registry[claim].subject), present.badge(look.ledger.verdicts[claim])
    rows.append([said, where, escape(lp.printed), escape(r.printed), higher, verdict])
header = ["in our words", "where", "LP, %", "R, %", "higher in", "verdict"]
present.table(header, rows, "words against numbers", (2, 3))

# %% tags=["remove-cell"]
in_words = [value for value in look.registry if value.section == "abstract" and value.statistic == "claim"]
look.tell(
    in_words=len(in_words),
    in_words_hold=sum(look.ledger.verdicts[value.id] in ("coherent", "reproduced") for value in in_words),
)

# %% [markdown]
# For response the direction holds. Its p value ({glue:text}`abstract.orr.p`) says that a difference of this size is
# nothing unusual where there is none, and "trend", the paper's word, should be read with that in mind. Of all
# {glue:text}`in_words` claims that the abstract makes in words, {glue:text}`in_words_hold` agree with the printed
# numbers; the one that does not is among the [suggested corrections](16-suggested-corrections).
#
# ## Every number of this section

# %% tags=["remove-input"]
look.numbers("abstract")

# %% [markdown]
# ## Exercises
#
# :::{exercise} The counts behind an abstract
# :label: abstract-counts
#
# An abstract prints percentages; a meta-analysis needs counts. Recover from the percentages of the abstract and the
# sizes of the arms (which the abstract does not give) the number of patients with response and with disease control in
# each arm, and name every percentage for which this fails.
# :::


# %% [markdown]
# :::{solution-start} abstract-counts
# :class: dropdown
# :::

# %%
arms = {"lp": look.count("patients.size.lp"), "r": look.count("patients.size.r"), "all": everyone}
printed_shares = {
    "response, LP": ("orr.lp", "lp"), "response, R": ("orr.r", "r"), "control, LP": ("dcr.lp", "lp"),
    "control, R": ("dcr.r", "r"), "severe skin reaction": ("hfsr.ge3", "all"),
}  # fmt: skip
for name, (key, group) in printed_shares.items():
    text = look.printed(f"abstract.{key}")
    counts = [k for k in range(arms[group] + 1) if parse(text).matches(Fraction(100 * k, arms[group]))]
    print(f"{name}: {text} % of {arms[group]} is {counts or 'no count'}")

# %% [markdown]
# The arms are so small that each percentage leaves at most one count.
#
# :::{solution-end}
# :::
#
# :::{exercise} Two p values from four counts
# :label: abstract-p-values
#
# The abstract does not say by which test its p values for response and control were made. Find out, with the counts of
# the first exercise. Is it the same test twice?
# :::


# %% [markdown]
# :::{solution-start} abstract-p-values
# :class: dropdown
# :::

# %%
for rate in ("orr", "dcr"):
    (a, b), (c, d) = ((recovered[rate, arm][1], arms[arm] - recovered[rate, arm][1]) for arm in ("lp", "r"))
    table = contingency.as_counts([[a, c], [b, d]])
    named = {"chi-square": contingency.pearson(table), "Fisher's test": contingency.fisher(table)}
    text = look.printed(f"abstract.{rate}.p")
    for name, p in named.items():
        print(f"{rate.upper()}: printed {text}, {name} {float(p):.4f}", "*" * parse(text).matches(float(p)))
    print(f"     smallest expected count {contingency.smallest_expected(table):.1f}")

# %% [markdown]
# Of the two tests that the [methods](03-methods) name it is Fisher's where an expected count is small, and the
# chi-square where none is (a star: it prints so). That is a usual rule ([](04-patients) asks whether it was kept
# everywhere).
#
# :::{solution-end}
# :::
#
# :::{exercise} What a coincidence is worth
# :label: abstract-coincidence
#
# One number of patients turns both severe percentages into what is printed. How surprising is that? Replace the two
# printed percentages by every pair of wrong ones that lie no further from the right ones than these do. For what share
# of pairs does *some* number up to the {glue:text}`patients.size.recruited` recruited fit both? Compare with the
# ledger.
# :::


# %% [markdown]
# :::{solution-start} abstract-coincidence
# :class: dropdown
# :::


# %%
def wrong(event):
    """Return every wrong percentage as near to the right one as the printed one, in tenths."""
    right, text = percent(together[event], everyone), events.loc[event, "printed"]
    tenths, off = round(10 * float(right)), abs(round(10 * (float(text) - float(right))))
    return [t for t in range(tenths - off, tenths + off + 1) if t != tenths]


def fitting(event, tenths):
    return set(denominators(together[event], f"{tenths / 10:.1f}"))


first = [fitting("hfsr", t) for t in wrong("hfsr")]
second = [fitting("ast", t) for t in wrong("ast")]
shared = sum(bool(one & other) for one in first for other in second)
pairs_tried = len(first) * len(second)
print(f"{shared} of {pairs_tried} pairs, {shared / pairs_tried:.3f}; the ledger says {float(common.chance):.3f}")

# %% [markdown]
# So a shared denominator is uncommon and no proof. What would make it worth more is something that this count leaves
# out: that the number found is also the size of a [study by the same team](15-companion-study).
#
# :::{solution-end}
# :::
#
# ## Key takeaways
#
# - [Words and numbers of one sentence can disagree](abstract-dcr). Read both, and ask which the tables support.
# - [A percentage of few patients is a count in disguise](abstract-by-hand): divide, and see whether
#   [a whole number of patients comes out](abstract-hfsr).
# - [Agreement between two places is copying, not confirmation](abstract-restated).
# - [A denominator that explains two slips at once](abstract-denominator) is a question to ask; say how often chance
#   would have offered one.
# - [A direction without significance](abstract-words) is not a result, whatever it is called.
#
# ## Strengths and limitations of the method
#
# *Strengths.* An abstract restates; so each of its numbers has a second place, and disagreement between two places is a
# fact that needs no assumption. Small groups leave few possible percentages. *Limitations.* Two places that agree may
# be wrong together. Which of two that disagree is right cannot be told from these two, only from a third. Whether the
# *choice* of results for the abstract is fair is a question of judgement: the count of claims here says nothing about
# what was left out.
#
# ## Further reading
#
# How often abstracts and papers disagree, in six journals: {cite:t}`pitkin1999`. How words are chosen where results are
# not significant: {cite:t}`boutron2010`. Counts out of percentages: {cite:t}`brown2017grim`. Absence of evidence:
# {cite:t}`altman1995`.

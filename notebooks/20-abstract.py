# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

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
# In one hospital {printed}`abstract.size.all` patients, treated between {printed}`abstract.accrual.start` and
# {printed}`abstract.accrual.end` after sorafenib had failed, received lenvatinib plus a {term}`PD-1 inhibitor` (LP)
# or regorafenib (R).
#
# - {term}`Objective response <objective response rate>`: {printed}`abstract.orr.lp` % with LP,
#   {printed}`abstract.orr.r` % with R (p = {printed}`abstract.orr.p`).
# - Disease control: {printed}`abstract.dcr.lp` % and {printed}`abstract.dcr.r` % (p = {printed}`abstract.dcr.p`).
# - Median {term}`progression-free survival`: {printed}`abstract.pfs.lp` and {printed}`abstract.pfs.r` months (p =
#   {printed}`abstract.pfs.p`); median {term}`overall survival`: {printed}`abstract.os.lp` and
#   {printed}`abstract.os.r` months (p = {printed}`abstract.os.p`).
# - Hand-foot skin reaction is called “the common” {term}`adverse event` of grade {printed}`abstract.ae.grade`, in
#   {printed}`abstract.hfsr.ge3` % of patients.
# - {term}`AFP` {printed}`abstract.prognosis.afp` ng/mL and {term}`ECOG PS` {printed}`abstract.prognosis.ecog` go
#   with a poor prognosis, each in its own right.
# :::
#
# An abstract should have no numbers of its own: each stands in the body of the paper, too. So the question here is whether
# the two places agree, whether counts printed elsewhere give the percentages, and whether the words say what the numbers say.
# [](22-abstract-claims) takes the words one by one.

# %%
from fractions import Fraction

import pandas as pd
from scipy import stats

from secondlook.numbers.printed import parse
from secondlook.pages import figures, present
from secondlook.pages.look import percent, start
from secondlook.paper.registry import paragraph

look = start()
table_4 = pd.read_csv(look.folder / "table-4.csv", index_col="row")
arms = {arm: look.count(f"patients.size.{arm}") for arm in ("lp", "r")}
everyone = look.count("patients.size.all")
recruited = look.count("patients.size.recruited")

# %% [markdown]
# ## Predict before you reveal
#
# The results of the abstract, with the arm that its *words* put first:
#
# | | LP, % | R, % | p | words: higher, or better, in |
# |---|---:|---:|---:|---|
# | objective response | {printed}`abstract.orr.lp` | {printed}`abstract.orr.r` | {printed}`abstract.orr.p` | LP |
# | disease control | {printed}`abstract.dcr.lp` | {printed}`abstract.dcr.r` | {printed}`abstract.dcr.p` | R |
#
# And {printed}`abstract.hfsr.ge3` % of {printed}`abstract.size.all` patients had a severe hand-foot skin reaction.
# There are {printed}`patients.size.lp` patients on LP and {printed}`patients.size.r` on R. Where do words and numbers part? And which
# of the five percentages cannot be a whole number of patients? (One patient of {printed}`abstract.size.all` is
# {glue:text}`one_all` %.)

# %% tags=["remove-input"]
from secondlook.pages import practice

shown = {f"{name}_{arm}": look.printed(f"abstract.{name}.{arm}") for name in ("orr", "dcr") for arm in ("lp", "r")}
practice.ask("abstract.before", **shown)

# %% [markdown]
# :::{admonition} Open the answer
# :class: dropdown
# The words on disease control name the arm with the lower number. Four percentages are each a count of their arm:
# {printed}`abstract.orr.lp` % is {glue:text}`whole.orr.lp` of {printed}`patients.size.lp`,
# {printed}`abstract.orr.r` % is {glue:text}`whole.orr.r` of {printed}`patients.size.r`,
# {printed}`abstract.dcr.lp` % is {glue:text}`whole.dcr.lp` of {printed}`patients.size.lp`, and
# {printed}`abstract.dcr.r` % is {glue:text}`whole.dcr.r` of {printed}`patients.size.r`. But {glue:text}`below_n` of {printed}`abstract.size.all` is {glue:text}`below_pct` % and
# {glue:text}`above_n` is {glue:text}`above_pct` %: nothing lies between, so {printed}`abstract.hfsr.ge3` % is no
# share of all patients.
# :::

# %% [markdown]
# (abstract-wrong)=
# ## What does not hold

# %% tags=["remove-input"]
look.cards(look.wrong("abstract"))

# %% [markdown]
# (What is printed here was compared with the abstract on the publisher's page, and is the same word for word. Of the rest of the
# article a [text rendering](corrections-page) was read.)
#
# (abstract-dcr)=
# ### Which arm had the better disease control
#
# The results of the abstract give the better disease control to the R arm. The numbers in that same sentence,
# {printed}`abstract.dcr.lp` % with LP and {printed}`abstract.dcr.r` % with R, say the opposite, and so do Table 3,
# the abstract's own conclusion and the discussion. The [results](32-outcomes) name the R arm once more, also against their own
# numbers.
#
# *Why it matters.* Of the comparisons of the arms it is the only one in the abstract whose p value
# ({printed}`abstract.dcr.p`) is below the level of significance. A reader who keeps the words and not the numbers keeps the
# wrong arm. *What it does not show.* Anything wrong with the numbers: they agree wherever they are printed. It takes one other
# word to set the sentence right.
#
# (abstract-hfsr)=
# ### How often the severe skin reaction occurred
#
# Table 4 counts {printed}`t4.hfsr.ge3.lp.n` patients with a severe hand-foot skin reaction in the LP arm and
# {printed}`t4.hfsr.ge3.r.n` in the R arm. Together, {glue:text}`hfsr.together` of {printed}`patients.size.all`, they are
# {glue:text}`hfsr.share` %; the abstract and the [discussion](38-discussion) print {printed}`abstract.hfsr.ge3` %.
#
# *Why it matters.* Many readers see nothing but the abstract. *What it does not show.* A difference between the arms,
# or another order of the events: it is still the most frequent severe one.
#
# (abstract-denominator)=
# ## A question: one number of patients for two percentages
#
# The discussion gives a second share of the same kind, severely raised AST: {printed}`discussion.ast.ge3` % where
# {glue:text}`ast.together` of {printed}`patients.size.all` is {glue:text}`ast.share` %. Over
# {glue:text}`common_denominator` patients both shares come out as printed, and no other whole number up to the
# {printed}`patients.size.recruited` recruited does that ([below](abstract-by-hand)). Of all pairs of slips no larger than
# these, about one in {glue:text}`common_odds` would have such a number in common by accident. And the second has another
# reading, severe proteinuria with LP ({printed}`t4.proteinuria.ge3.lp.n` of {printed}`patients.size.lp`): then the
# explanation rests on the first alone.

# %% tags=["remove-input"]
look.queries("abstract")

# %% [markdown]
# The paper prints that number nowhere as a size. The same team's earlier study of patients after sorafenib
# {cite}`ref19-xu2022` reports {printed}`companion.abstract.size.all` patients, treated from {printed}`companion.abstract.accrual.start` to
# {printed}`companion.abstract.accrual.end`. It is possible that the two percentages were worked out with that size. It is also
# possible that they were not: nothing printed decides it, and the counts of Table 4 are taken as they stand.
# [](46-companion-study) lays the two studies side by side.

# %% [markdown]
# (abstract-by-hand)=
# ## One percentage by hand
#
# The counts of Table 4, added over the arms, and their share of all patients:

# %%
severe_rows = table_4.loc[["hfsr", "ast"]]
events = severe_rows[["ge3_lp_n", "ge3_r_n"]].astype(int)
events.columns = ["LP", "R"]
events["both"] = events.sum(axis=1)
events["% of all"] = [percent(n, everyone) for n in events["both"]]
places = ("abstract.hfsr.ge3", "discussion.ast.ge3")
events["printed"] = [look.printed(place) for place in places]
names = {"hfsr": "hand-foot skin reaction", "ast": "raised AST"}
events.rename_axis(None).rename(names)

# %% tags=["remove-cell"]
[common] = [check for check in look.alone.flags("abstract") if check.family == "denominator"]
below = int(float(look.printed("abstract.hfsr.ge3")) * everyone / 100)
whole = {key: round(float(look.printed(f"abstract.{key}")) * arms[key[4:]] / 100)
         for key in ("orr.lp", "orr.r", "dcr.lp", "dcr.r")}  # fmt: skip
look.tell(
    **{f"{event}.{what}": row[column] for event, row in events.iterrows()
       for what, column in (("together", "both"), ("share", "% of all"))},
    **{f"whole.{key}": n for key, n in whole.items()},
    common_denominator=common.found.size, common_odds=round(1 / common.chance), one_all=percent(1, everyone),
    below_n=below, below_pct=percent(below, everyone), above_n=below + 1, above_pct=percent(below + 1, everyone),
)  # fmt: skip

# %% tags=["remove-cell", "guard"]
for key, n in whole.items():
    said, share = look.printed(f"abstract.{key}"), percent(n, arms[key[4:]])
    assert said == share, f"“Four percentages are each a count of their arm”: {key} {said}, nearest {share}"
said = look.registry["abstract.hfsr.ge3"].number
of_all = [n for n in range(everyone + 1) if said.matches(Fraction(100 * n, everyone))]
assert not of_all, f"“nothing lies between”: {of_all} of {everyone} print {said.text} %"

# %% [markdown]
# Which denominators turn the counts into what is printed? Every whole number up to the
# {printed}`patients.size.recruited` patients recruited is tried, with exact fractions, so that no half is lost to
# floating point:


# %%
def denominators(count, text):
    printed, sizes = parse(text), range(count, recruited + 1)
    shares = {n: Fraction(100 * count, n) for n in sizes}
    return [n for n, share in shares.items() if printed.matches(share)]


for event, row in events.iterrows():
    found = denominators(row["both"], row["printed"])
    print(f"{names[event]}: {found}")

# %% [markdown]
# And among the numbers that the paper itself prints as a size or a count, which would do for both?

# %%
from secondlook.checks.counts import own_denominators

own = set(own_denominators(look.registry))
fitting = denominators(*events.loc["hfsr", ["both", "printed"]])
print([n for n in fitting if n in own] or "none of them")

# %% [markdown]
# Both curves, with the denominators that print what is printed:

# %% tags=["hide-input"] mystnb={"image": {"alt": "Two falling curves: the share that each count is of a possible denominator. A ring on each marks where the share prints what the paper prints. Both rings stand over the same denominator, which is smaller than the number of patients analysed."}, "figure": {"name": "fig-abstract-denominators", "caption": "The two counts of severe events as a share of every possible denominator. Rings: the share prints what the paper prints. Dashed: the number of patients analysed."}}
fig, ax = figures.new(5.25, 3.6)
sizes = range(40, recruited + 1)
styles = {
    "hfsr": (figures.BLUE, "o"),
    "ast": (figures.ORANGE, "s"),
}
ring = {"s": 190, "linewidth": 1.6, "facecolor": "none",
        "edgecolor": figures.INK}  # fmt: skip
box = {"facecolor": "white", "edgecolor": "none", "pad": 1}
for event, (colour, marker) in styles.items():
    count, text = events.loc[event, ["both", "printed"]]
    shares = [100 * count / n for n in sizes]
    ax.plot(sizes, shares, color=colour, linewidth=1, label=names[event],
            marker=marker, markersize=3.5)  # fmt: skip
    for n in denominators(count, text):
        at = (n, 100 * count / n)
        ax.scatter(*at, **ring, zorder=3)
        ax.annotate(f"{text} %, N = {n}", at, (0, 14), bbox=box,
                    textcoords="offset points", ha="center")  # fmt: skip
ax.axvline(everyone, color=figures.GREY, linestyle="--", linewidth=1)
ax.text(everyone + 0.6, 19.5, f"N = {everyone}", va="top")
ax.set(xlabel="denominator N", ylabel="share, %", ylim=(0, None))
_ = ax.figure.legend(loc="outside upper center", ncols=2, frameon=False)

# %% [markdown]
# (abstract-restated)=
# ## The abstract beside what it restates
#
# Each number of the abstract that stands in another place too, with what is printed there (¶ counts the paragraphs of a section):

# %% tags=["hide-input"]
from html import escape

pairs = [
    (value, look.registry[other])
    for value in look.registry
    if value.section == "abstract" and value.printed
    for other in value.restates
    if look.registry[other].printed
]


layout, text = look.registry.layout, {row.id: row for row in look.registry.text}


def short(value):
    """Return the table and criterion, or the section and paragraph."""
    if value.table:
        return f"{layout.table_name(value.table)}, {layout.tables[value.table].sets[value.set]}"
    return paragraph(text[value.id], layout)


arm_of = {"lp": ", LP", "r": ", R"}
restated = [
    [escape(value.subject + arm_of.get(value.group, "")),
     escape(value.printed),
     escape(f"{other.printed} in {short(other)}")]
    for value, other in pairs
]  # fmt: skip
present.table(
    ["quantity", "abstract", "elsewhere"],
    restated,
    "the abstract beside what it restates",
    (1,),
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
claims = [
    ("results", "abstract.orr.direction", "orr"),
    ("results", "abstract.dcr.direction", "dcr"),
    ("conclusion", "abstract.conclusion.response", "orr"),
    ("conclusion", "abstract.conclusion.dcr", "dcr"),
]
rows = []
for place, claim, rate in claims:
    lp, r = (look.printed(f"abstract.{rate}.{arm}") for arm in ("lp", "r"))
    higher = "LP" if float(lp) > float(r) else "R"
    said = look.registry[claim].subject
    verdict = present.badge(look.alone.verdicts[claim])
    rows.append([escape(f"{said} ({place})"), verdict, higher, lp, r])
present.table(
    ["in our words", "verdict", "higher in", "LP, %", "R, %"],
    rows,
    "words against numbers",
    (3, 4),
)

# %% tags=["remove-cell"]
in_words = [value for value in look.registry if value.section == "abstract" and value.statistic == "claim"]
hold = sum(look.alone.verdicts[value.id] in ("coherent", "reproduced") for value in in_words)
look.tell(in_words=len(in_words), in_words_hold=hold)

# %% tags=["remove-cell", "guard"]
assert hold == len(in_words) - 1, f"“the one that does not”: {hold} of {len(in_words)} claims agree"

# %% [markdown]
# For response the direction holds. Its p value ({printed}`abstract.orr.p`) says that a difference of this size is
# nothing unusual where there is none, and “trend”, the paper's word, should be read with that in mind. Of all
# {glue:text}`in_words` claims that the abstract makes in words, {glue:text}`in_words_hold` agree with the printed
# numbers; the one that does not <a href="12-suggested-corrections.html#discussion-hfsr-ge3">is a matter of its own</a>.
#
# ## Every number of this section

# %% tags=["remove-input"]
look.numbers("abstract")

# %% [markdown]
# ## Practice

# %% tags=["remove-input"]
practice.ask("abstract.after", arm=look.count("patients.size.lp"))

# %% [markdown]
# ## Exercises
#
# :::{exercise} The counts behind an abstract
# :label: abstract-counts
#
# *Level 1 of 3 · 15 minutes · calculator*
#
# An abstract prints percentages; a meta-analysis needs counts. Recover from the percentages of the abstract and the
# sizes of the arms (which the abstract does not give) the number of patients with response and with disease control in
# each arm, and name every percentage for which this fails.
#
# The arms have {printed}`patients.size.lp` and {printed}`patients.size.r` patients.
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# Multiply, look at the whole numbers on either side, and divide back.
# :::

# %% [markdown]
# :::{solution-start} abstract-counts
# :class: dropdown
# :::

# %%
groups = {
    "orr.lp": ("response, LP", arms["lp"]),
    "orr.r": ("response, R", arms["r"]),
    "dcr.lp": ("control, LP", arms["lp"]),
    "dcr.r": ("control, R", arms["r"]),
    "hfsr.ge3": ("severe skin", everyone),
}
for key, (name, size) in groups.items():
    text = look.printed(f"abstract.{key}")
    shares = {n: Fraction(100 * n, size) for n in range(size + 1)}
    counts = [n for n in shares if parse(text).matches(shares[n])]
    found = counts or "no count"
    print(f"{name:12} {text} % of {size}: {found}")

# %% [markdown]
# The arms are so small that each percentage leaves at most one count.
#
# :::{solution-end}
# :::
#
# :::{exercise} Two p values from four counts
# :label: abstract-p-values
#
# *Level 2 of 3 · 20 minutes · calculator, and any program that has Fisher's test*
#
# The abstract does not say by which test its p values for response and control were made. Find out, with the counts of
# the first exercise. Is it the same test twice?
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# Pearson's formula stands in [](read-tests). Fisher's test for such counts is worked by calculator in the [teacher's
# guide](../book/teachers-guide).
# :::

# %% [markdown]
# :::{solution-start} abstract-p-values
# :class: dropdown
# :::

# %%
tests = {
    "chi-square": lambda t: stats.chi2_contingency(t, correction=False),
    "Fisher": stats.fisher_exact,
}
for rate in ("orr", "dcr"):
    shares = [float(look.printed(f"abstract.{rate}.{a}")) for a in arms]
    yes = [round(s * n / 100) for s, n in zip(shares, arms.values(), strict=True)]
    table = [yes, [arms["lp"] - yes[0], arms["r"] - yes[1]]]
    text = look.printed(f"abstract.{rate}.p")
    print(f"{rate.upper()}: printed {text}")
    for name, test in tests.items():
        p = test(table).pvalue
        print(f"  {name} {p:.4f}", "*" * parse(text).matches(p))
    least = stats.contingency.expected_freq(table).min()
    print(f"  smallest expected count {least:.1f}")

# %% [markdown]
# A star marks the test that prints what is printed. It is Fisher's where an expected count is below five, and the chi-square where
# none is: a usual rule, though the [methods](26-methods) name only the two tests. [](28-patients) asks whether it was kept
# everywhere.
#
# :::{solution-end}
# :::
#
# :::{exercise} What a coincidence is worth
# :label: abstract-coincidence
#
# *Level 3 of 3 · 30 minutes · Python or R*
#
# One number of patients turns both severe percentages into what is printed. How surprising is that? Replace the two
# printed percentages by every pair of wrong ones that lie no further from the right ones than these do. For what share
# of pairs does *some* number up to the {printed}`patients.size.recruited` recruited fit both? Compare with the
# chance named [above](abstract-denominator).
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# A percentage with one decimal is a whole number of tenths. Which are no further from what the counts give than the
# printed one is? Go through all pairs; nothing is drawn.
# :::

# %% [markdown]
# :::{solution-start} abstract-coincidence
# :class: dropdown
# :::


# %%
def wrong(event):
    """Return every wrong percentage this near, in tenths."""
    texts = events.loc[event, ["% of all", "printed"]]
    right, said = (round(10 * float(text)) for text in texts)
    off = abs(said - right)
    near = range(right - off, right + off + 1)
    return [tenths for tenths in near if tenths != right]


def fitting(event, tenths):
    return set(denominators(events.both[event], f"{tenths / 10:.1f}"))


first = [fitting("hfsr", t) for t in wrong("hfsr")]
second = [fitting("ast", t) for t in wrong("ast")]
shared = sum(bool(one & other) for one in first for other in second)
pairs_tried = len(first) * len(second)
print(f"{shared} of {pairs_tried} pairs: {shared / pairs_tried:.3f}")
asked = {check.family: check for check in look.asked("abstract")}
print(f"the ledger says {float(asked['denominator'].chance):.3f}")

# %% [markdown]
# So a shared denominator is uncommon and no proof. What makes it worth more is something that this count leaves
# out: that the number found is also the size of a [study by the same team](46-companion-study).
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
# - [A direction without significance](abstract-words), whatever it is called, is what no difference would often show, too.
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

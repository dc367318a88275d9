# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% [markdown]
# # The abstract, claim by claim
#
# :::{admonition} In this chapter
# :class: note
# **You will** take an abstract apart into claims, hold each against what it rests on, and write its results again so
# that words cannot leave the numbers. **You will learn to** tell a claim that is wrong from one of which it cannot be told
# whether it holds and one that is out of reach, and to read “trend” as what it is. **You need** [](20-abstract) and the word
# {term}`p value`.
# :::
#
# Many readers of a paper read its abstract and nothing else, so it deserves a page of its own. It makes
# {glue:text}`n_claims` claims in words and prints {glue:text}`n_numbers` numbers. [](20-abstract) works out the numbers; here
# the words are in question.

# %%
import numpy as np
import pandas as pd
from scipy import stats

from secondlook.pages.look import start

look = start()  # or start(alpha=0.01), say
verdicts = look.alone.verdicts
values = [v for v in look.registry if v.section == "abstract"]
claims = [v for v in values if v.statistic == "claim"]
numbers = [v for v in values if v.statistic != "claim"]

# %% tags=["remove-cell"]
fallen = [v for v in claims if verdicts[v.id] in ("decision", "inconsistent")]
held = [v for v in claims if verdicts[v.id] in ("reproduced", "coherent")]
[hfsr] = [c.found.shown for c in look.alone.checks if c.check_id == "percent.abstract.hfsr.ge3"]
look.tell(n_claims=len(claims), n_numbers=len(numbers), n_held=len(held), fallen="; ".join(v.subject for v in fallen))
look.tell(hfsr=hfsr)

# %% tags=["remove-cell", "guard"]
flags = [v.id for v in numbers if verdicts[v.id] in ("decision", "inconsistent", "query", "reproduced-if")]
assert len(fallen) == 1, f"“One contradicts the printed numbers”: {len(fallen)} of {len(claims)} claims"
assert len(held) == len(claims) - 1, f"“The other … agree”: {len(held)} of {len(claims) - 1} claims"
assert len(flags) == 1, f"“one raises a flag”: {len(flags)} of {len(numbers)} numbers do, {flags}"

# %% [markdown]
# ## Predict before you reveal
#
# Here are the claims in words, in the words of this book:

# %% tags=["remove-input"]
from html import escape

from secondlook.checks.claims import aside
from secondlook.numbers.in_words import capital
from secondlook.pages import present

present.table(
    ["the abstract says (our words)"],
    [[escape(v.subject)] for v in claims],
    "claims of the abstract, unjudged",
)

# %% [markdown]
# Before you scroll: how many of the {glue:text}`n_claims` contradict numbers that the paper prints? Which two cannot
# both be true? And of which can it not be told whether it holds?

# %% tags=["remove-input"]
from secondlook.pages import practice

practice.ask("abstract-claims.before", claims=len(claims), fallen=len(fallen))

# %% [markdown]
# :::{admonition} Open the answer
# :class: dropdown
# One contradicts the printed numbers ({glue:text}`fallen`). It contradicts the conclusion of the same abstract as well: the two
# claims on disease control name different arms. The other {glue:text}`n_held` agree with what else is printed. Of one of these,
# the “trend” in response, it [cannot be told](survive-response) whether there is one: more responses are printed for LP, and that is
# all its verdict says; an exercise below asks how large a trend it is. (Of the {glue:text}`n_numbers` numbers, one raises a flag.)
# :::
#
# (claims-all)=
# ## Every claim and every number
#
# What the abstract says, claims in our words and numbers as printed; the verdict; and what that rests on.


# %% tags=["remove-input"]
def rests_on(check):
    """Return what a claim was held against, and what its note adds to that."""
    return f"{capital(check.said.recomputed)}. {aside(look.registry, check.found)}".strip()


def listed(value):
    """Return the row of a claim or number: what is said, its verdict, and what that rests on."""
    check, badge = present.deciding(look.alone, value), present.badge(verdicts[value.id])
    if value.statistic == "claim":
        return [escape(value.subject), badge, escape(rests_on(check))]
    group = look.registry.layout.groups.get(value.group)
    about = f"{value.subject}, {group.label}" if group else value.subject
    return [escape(f"{about}: {value.printed}"), badge, escape(check.said.note)]


header = ["the abstract says (our words)", "verdict", "what that rests on"]
present.table(header, [listed(value) for value in values], "the abstract")

# %% [markdown]
# (claims-wrong)=
# ## What a reader of the abstract would take away wrongly
#
# **Which arm had the better disease control.** The results name regorafenib; their own numbers
# ({printed}`t3.dcr.recist.lp.pct` % with LP, {printed}`t3.dcr.recist.r.pct` % with regorafenib), Table 3 and the abstract's
# conclusion say LP. <a href="12-suggested-corrections.html#t3-dcr">One word is out of place</a>, and a reader who stops at the results leaves with the other arm.
#
# **How common the leading severe side effect was**, though not by much: {printed}`abstract.hfsr.ge3` % is printed, and
# <a href="12-suggested-corrections.html#discussion-hfsr-ge3">the counts give</a> {glue:text}`hfsr` %. ([](20-abstract) works both out.)
#
# (claims-survival)=
# ## What holds, and what it does not say
#
# What the abstract says of survival holds up: no difference was shown. What that leaves open is said under [Which conclusions
# survive](survive-survival).
#
# (claims-kinds)=
# ### Three ways to fail
#
# A claim can be *wrong*: other printed numbers contradict it. It may be that it *cannot be told*: nothing contradicts it, and
# what it rests on does not carry it; “trend” for a response rate with p = {printed}`abstract.orr.p` is of this kind, and
# the exercises look at it. Or it can be *out of reach*: nothing that is printed bears on it, so that a reader can only
# believe it or not. No claim of this abstract is quite out of reach, but some come near: that all patients come from one hospital
# is only said again elsewhere.
#
# ## Practice

# %% tags=["remove-input"]
practice.ask("abstract-claims.after")

# %% [markdown]
# ## Exercises
#
# :::{exercise} Words out of numbers
# :label: claims-words
#
# *Level 2 of 3 · 20 minutes · Python, R or a spreadsheet*
#
# Write the sentence of the abstract on response and disease control by a program that takes the percentages and p
# values of Table 3 and chooses the words itself: which arm, and whether the difference is significant. Could it make
# the slip of the abstract?
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# Compare the two percentages *and* p before you choose a word. Which of the two comparisons does the sentence of the
# abstract contradict?
# :::

# %% [markdown]
# :::{solution-start} claims-words
# :class: dropdown
# :::


# %%
def sentence(name, row):
    """Say which arm has the higher rate, and if significantly."""
    place = f"t3.{row}.recist"
    lp, r = (look.printed(f"{place}.{a}.pct") for a in ("lp", "r"))
    p = look.printed(f"{place}.p")
    arm = "LP" if float(lp) > float(r) else "R"
    how = "significantly"
    if float(p) >= look.alpha:
        how = f"not {how}"
    shares = f"LP {lp} %, R {r} %, p = {p}"
    return f"{name} was higher in {arm}, {how} so\n  ({shares})."


for name, row in (("Response", "orr"), ("Disease control", "dcr")):
    print(sentence(name, row))

# %% [markdown]
# No: the word for the arm is taken from the numbers that stand beside it. Where code writes the words as well, the two cannot part
# in this way; the code can still be wrong. (A tie would need a word of its own.)
#
# :::{solution-end}
# :::
#
# :::{exercise} How large is a trend?
# :label: claims-trend
#
# *Level 2 of 3 · 20 minutes · Python or R*
#
# The abstract finds a trend towards more responses with LP. Suppose that both treatments bring responses equally often,
# namely as often as all patients together responded. In what share of such studies is LP ahead by at least as many percentage
# points as here? And ahead at all? Compare with the one-sided p value of Fisher's test.
#
# The counts: {printed}`t3.orr.recist.lp.n` of {printed}`patients.size.lp` and {printed}`t3.orr.recist.r.n` of
# {printed}`patients.size.r`.
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# The responders of each arm are binomial, with the pooled share. Sum the chances of all pairs of counts in which LP
# is as far ahead, or simulate.
# :::

# %% [markdown]
# :::{solution-start} claims-trend
# :class: dropdown
# :::

# %%
m, n = (look.count(f"patients.size.{arm}") for arm in ("lp", "r"))
a, b = (look.count(f"t3.orr.recist.{arm}.n") for arm in ("lp", "r"))
rate = (a + b) / (m + n)
lp, r = np.ogrid[: m + 1, : n + 1]  # every pair of counts
chance = stats.binom.pmf(lp, m, rate) * stats.binom.pmf(r, n, rate)
gap, seen = lp / m - r / n, a / m - b / n
as_far = chance[gap >= seen - 1e-9].sum()
ahead = chance[gap > 1e-9].sum()
points = f"{100 * seen:.1f} points"
print(f"ahead by {points} or more: {100 * as_far:.0f} %")
print(f"ahead at all: {100 * ahead:.0f} %")
counts = [[a, m - a], [b, n - b]]
fisher = stats.fisher_exact(counts, alternative="greater").pvalue
print(f"Fisher's test, one-sided: p = {fisher:.2f}")

# %% [markdown]
# Both are one-sided p values: how often chance alone leads so far in this direction. The first takes the common rate as known;
# Fisher's asks it only among studies with as many responses as here, and is the more cautious. By either, a lead of this size is no
# great rarity where there is nothing to find, so it is compatible with a benefit, with none, and with a little harm.
# [](50-could-have-detected) gives the interval.
#
# :::{solution-end}
# :::
#
# :::{exercise} Judge the whole abstract
# :label: claims-tally
#
# *Level 1 of 3 · 10 minutes · by hand*
#
# Count the claims and numbers of the abstract by verdict. If a reader picked one of them at random, how likely is it to
# be one that a check contradicts? Is that a fair measure of the abstract?
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# The table *Every claim and every number* has them all. Which of its rows are the claims that a reader would
# remember?
# :::

# %% [markdown]
# :::{solution-start} claims-tally
# :class: dropdown
# :::

# %%
kinds = {"claims in words": claims, "numbers": numbers}
tally = {}
for kind, some in kinds.items():
    words = pd.Series([verdicts[v.id] for v in some])
    tally[kind] = words.value_counts()
pd.DataFrame(tally).fillna(0).astype(int)

# %%
wrong = ("decision", "inconsistent")
contradicted = sum(verdicts[v.id] in wrong for v in values)
share = 100 * contradicted / len(values)
print(f"{contradicted} of {len(values)}: {share:.0f} %")

# %% [markdown]
# It is not fair, in either direction. Dates and labels count as much as the main result; and the one claim that is
# wrong is about the only comparison of the arms that is significant. A count of errors says how carefully a text was made; what an
# error *costs* must be asked one by one.
#
# :::{solution-end}
# :::
#
# ## Key takeaways
#
# - [Take an abstract apart](claims-all): each sentence makes claims in words and prints numbers, and both can be held
#   against the body of the paper.
# - [One word can carry a reader to the other arm](claims-wrong) while every number is right.
# - [Wrong, not to be told and out of reach](claims-kinds) are three things. Do not write one where you mean another.
#
# ## Strengths and limitations of the method
#
# *Strengths.* Taking every claim keeps one from picking the interesting ones: the claims that hold are listed beside
# the one that does not. *Limitations.* Where one claim ends and the next begins is our reading, and so is the
# paraphrase: the article's own sentences are not reproduced here. A claim is judged by what the paper prints; a claim
# that agrees with wrong numbers passes. And whether an abstract *leaves out* what matters, no list of its claims can
# say.
#
# ## Further reading
#
# Abstracts against their articles: {cite:t}`pitkin1999`. How conclusions are worded when the main result is not
# significant: {cite:t}`boutron2010`. That absence of evidence is none of absence: {cite:t}`altman1995`. What p values and intervals do and do not say, in twenty-five misreadings:
# {cite:t}`greenland2016`. Reports made by code: {cite:t}`sandve2013`.

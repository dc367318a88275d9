# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% tags=["remove-cell"]
from secondlook import corrections
from secondlook.pages import findings, handed_in, present
from secondlook.pages.look import start

look = start()
book = findings.InBook.read(look.folder, look.registry)
found = corrections.corrections(look.ledger)
wrong, values = findings.counted(look.ledger, [word for word in corrections.UNSOUND if word != "joint"])
numbers = {weight: findings.counted(look.ledger, [weight])[0] for weight in ("joint", "query", "trivia")}
should = {c.value.id: c.should_read for c in found}
look.tell(
    n_matters=wrong, n_values=values, n_found=len(found), n_mended=sum(bool(c.should_read) for c in found),
    n_open=sum(not c.should_read for c in found), n_joint=numbers["joint"], n_asked=numbers["query"],
    stage_c=should["patients.bclc.c.pct"], stage_b=should["patients.bclc.b.pct"],
    bclc_c=look.count("t1.bclc.c.lp.n") + look.count("t1.bclc.c.r.n"),
    bclc_b=look.count("t1.bclc.b.lp.n") + look.count("t1.bclc.b.r.n"),
    n_answers=len(look.registry.answers) or "none",
    held_against="what else the paper prints, or against the study that they quote"
    + (", or against the records that were handed in" if look.recorded else ""),
)  # fmt: skip

# %% [markdown]
# (corrections-lines)=
# # Suggested corrections
#
# {glue:text}`n_matters` {term}`matters <matter>` in {glue:text}`n_values` values, and sets of rows that cannot stand together
# unless a premise fails ({glue:text}`n_joint`); each line opens. Suggestions only: an erratum is the journal's, and
# [what we read is a rendering](corrections-page). In the tables: [The paper as it would read](16-as-it-would-read).

# %% tags=["remove-input"]
handed_in.summary(look.alone, look.ledger)

# %% tags=["remove-input"]
findings.listed(look.ledger, corrections.UNSOUND, book)

# %% [markdown]
# (corrections-questions)=
# ## Questions
#
# What is possible as printed, yet implausible or ambiguous, or impossible only on an assumption that the paper does not print
# (each line names its own). A sentence of the authors could settle each of these {glue:text}`n_asked`. References are
# numbered as in the paper.

# %% tags=["remove-input"]
present.Html(
    present.fold(f"The questions ({numbers['query']})", findings.listed(look.ledger, ["query", "reading"], book))
    + present.fold(f"Small things ({numbers['trivia']})", findings.listed(look.ledger, ["trivia"], book))
    + findings.no_more(look.ledger)
    + handed_in.answers(look.alone, look.ledger)
)

# %% [markdown]
# :::{admonition} In this chapter
# :class: note dropdown
# **You will** see, line by line, which printed values do not hold, what they may have been meant to be, and what only the authors
# can say. **You will learn to** tell a correction that follows from one that is merely possible, to weigh a suggestion by the
# chance of finding one for anything, and to ask a question without accusing. **You need** {term}`repair` and {term}`chance`, as
# [](10-how-to-read) explains them.
# :::
#
# (corrections-page)=
# ## What this page is, and is not
#
# {glue:text}`n_found` values or claims do not hold against {glue:text}`held_against`. For
# {glue:text}`n_mended` of them it is said what should stand there (or what two values may, where both fit as well); for the other {glue:text}`n_open` no single change is singled
# out, and none is named. Another percentage is named only where no other count of these patients gives the printed
# one, nor its count over another number that the paper prints. {glue:text}`n_joint` matters more are rows that cannot stand together unless a premise of the
# [proof](certificate-tace) fails: which number is wrong cannot be told.
#
# We read a text rendering of the article, and a slip may be the rendering's. (The abstract was compared with the
# publisher's page, and is the same word for word.) Where the publisher's own page differs from
# what is quoted here, the page is right, and we would like to know.
#
# Download: {download}`CSV <../data/corrections.csv>`; {download}`one page to print <../data/findings.pdf>` (PDF).
#
# (corrections-authors)=
# ## To the authors
#
# You know these data and we do not. If a line is mistaken, or has a simple explanation, please say so: the book will print your
# answer beside the number, on every page. Here is every matter with its number, its place, what is printed, what is suggested,
# and room for an answer, as a {download}`letter <../data/letter-to-the-authors.md>` (text) and as a
# {download}`table <../data/answer-form.csv>` (CSV). Where this book has a repository, each line above, once opened, also leads to an
# issue that is filled in so far. Answers are kept in {download}`answers.csv <../data/published/answers.csv>`;
# {glue:text}`n_answers` have come so far.
#
# ## Predict before you reveal
#
# Without looking above: the text says that {glue:text}`bclc_c` of {printed}`patients.size.all` patients had stage C
# ({printed}`patients.bclc.c.pct` %) and {glue:text}`bclc_b` stage B ({printed}`patients.bclc.b.pct` %). Table 6 has for
# hepatitis B a hazard ratio of {printed}`t6.hbv.uni.hr`, an interval from {printed}`t6.hbv.uni.lower` to
# {printed}`t6.hbv.uni.upper`, and p = {printed}`t6.hbv.uni.p`.
#
# Neither can be true as printed. What is the smallest slip that would explain each? And of which of your two answers are you
# surer?

# %% tags=["remove-input"]
from secondlook.pages import practice

practice.ask("suggested-corrections.before")

# %% [markdown]
# :::{admonition} Open the answer
# :class: dropdown
# The counts give {glue:text}`stage_c` % and {glue:text}`stage_b` %: that *follows*, whatever slip was made (one digit in the
# first; the second is what is left of a hundred). The row of hepatitis B becomes possible when its hazard ratio and its p change
# places: {glue:text}`mended`. That is the only small change that works. In a row of unrelated numbers a change as small would
# work with a chance of {glue:text}`odds`, so luck is a poor explanation; still, it is *suggested* and does not follow.
# :::

# %% [markdown]
# ## Practice

# %% tags=["remove-input"]
practice.ask("suggested-corrections.after")

# %% [markdown]
# ## Exercises
#
# What they start from:

# %%
import numpy as np

from secondlook.pages.look import start
from secondlook.stats import repairs, wald

look = start()


def texts_of(key):
    """Return the four numbers of a row, as printed."""
    return tuple(look.printed(f"{key}.{name}") for name in ("hr", "lower", "upper", "p"))


mended = repairs.search(wald.as_line(*texts_of("t6.hbv.uni")))

# %% tags=["remove-cell"]
from statistics import NormalDist

look.tell(
    mended=str(mended.line), odds=f"{float(repairs.chance(mended)):.3f}", z_95=f"{NormalDist().inv_cdf(0.975):.2f}"
)

# %% tags=["remove-cell", "guard"]
assert mended.candidates[0].kinds == ("two numbers of the row exchanged",), (
    f"“two numbers exchanged”: {mended.candidates[0].kinds}"
)

# %% [markdown]
# ::::{exercise} Mend a row by hand
# :label: corrections-mend
#
# *Level 1 of 3 · 15 minutes · calculator with ln*
#
# Cirrhosis in Table 5 has a hazard ratio of {printed}`t5.cirrhosis.uni.hr`
# ({printed}`t5.cirrhosis.uni.lower` to {printed}`t5.cirrhosis.uni.upper`), p = {printed}`t5.cirrhosis.uni.p`. Trust the
# ratio and p. Which limits can they have had? Which digits would have to change?
# ::::
#
# :::{admonition} Hint
# :class: tip dropdown
# z from p, by the table in the [teacher's guide](../book/teachers-guide) or a program; the standard error is ln HR
# over z; the limits are the ratio times and over e to the power {glue:text}`z_95` standard errors.
# :::

# %% [markdown]
# ::::{solution-start} corrections-mend
# :class: dropdown
# ::::

# %%
line = wald.as_line(*texts_of("t5.cirrhosis.uni"))
trusted = wald.box(line.without("lower", "upper"))
for name, sign in (("lower", -1), ("upper", 1)):
    corners = np.concatenate(trusted.polygons).astype(float)
    ends = np.exp(corners[:, 0] + sign * 1.96 * corners[:, 1])
    text = getattr(line, name).text
    span = f"{ends.min():.3f} and {ends.max():.3f}"
    print(f"{name} limit between {span}; printed {text}")
repair = repairs.search(line)
print(f"the search: {repair.line}")
print(f"  by {' and '.join(repair.candidates[0].kinds)}")
print(f"by accident with a chance of {float(repairs.chance(repair)):.3f}")

# %% [markdown]
# Ratio and p leave each limit a narrow range, and one changed digit brings each printed limit into it. That *two* slips in one row
# are needed makes the suggestion weaker than one slip would.
#
# ::::{solution-end}
# ::::

# %% [markdown]
# ::::{exercise} The luck of the searcher
# :label: corrections-luck
#
# *Level 3 of 3 · 30 minutes · Python, with the package*
#
# Take the mended row of hepatitis B, which is possible, and put a random p with three decimals in place of its own, 100 times. How
# often is the row impossible? Of the impossible ones, how many does the search “mend” by one repair, though there is no slip to be
# found?
#
# The search for repairs is the package's (`repairs.search`): it tries every slip of a list, which nobody does by hand
# a hundred times.
# ::::
#
# :::{admonition} Hint
# :class: tip dropdown
# Of a possible row most other p are impossible. What does the search need, to name one repair: none that fits, one,
# or several?
# :::

# %% [markdown]
# ::::{solution-start} corrections-luck
# :class: dropdown
# ::::

# %%
rng = np.random.default_rng(16)
true = mended.candidates[0].texts
drawn = rng.integers(1, 1000, 100) / 1000
lines = [wald.as_line(*true[:3], f"{p:.3f}") for p in drawn]
impossible = [line for line in lines if wald.box(line).is_empty]
searched = [repairs.search(line) for line in impossible]
repaired = [repair for repair in searched if repair.outcome == "unique"]
print(f"impossible: {len(impossible)} of {len(lines)}")
for cost in (1, 2):
    slips = "slip" if cost == 1 else "slips"
    number = sum(repair.cost == cost for repair in repaired)
    print(f"one repair by {cost} {slips}: {number}")
back = sum(repair.candidates[0].texts == true for repair in repaired)
print(f"of these, {back} lead back to the row it was made from")

# %% [markdown]
# Three numbers that still agree help the search to a good story about the fourth, and by two slips a story is often found;
# most lead to a row that never was. Were *two* numbers replaced, as the repair of this row supposes, far fewer would be
# found. So a suggestion comes with the chance of one by accident, counted for as many slips and as many changed numbers, and
# only one that stands alone is named.
#
# ::::{solution-end}
# ::::
#
# ## Key takeaways
#
# - [A suggestion is not an erratum](corrections-page). {glue:text}`n_found` values do not hold, and for
#   {glue:text}`n_mended` a correction is suggested; what should stand there is for the authors and the journal to say.
# - [Some corrections follow, others are only possible](corrections-page). The last column of the list says which.
# - [What is possible yet odd is a question](corrections-questions), and no reproach: here {glue:text}`n_asked` of them.
#
# ## Strengths and limitations of the method
#
# *Strengths.* Where counts are printed, the right percentage follows from them; where a repair is suggested, it is the only
# one of its size, and the chance of finding one by luck is printed. *Limitations.* The search knows small slips only. A number copied
# from another analysis, or a model fitted anew, leaves no small change to find, and then several values stay open. Two slips in one
# row are mended less surely than one.
#
# ## Further reading
#
# Checks of percentages and means: {cite:t}`brown2017grim`. How often p values and statistics disagree in print:
# {cite:t}`nuijten2016statcheck`. From an interval to its p value: {cite:t}`altman2011p`.

# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% [markdown]
# # Introduction
#
# :::{admonition} In this chapter
# :class: note
# **You will** follow the quoted numbers and statements of an introduction to the studies that they are cited to, and
# work out what two quoted numbers imply together. **You will learn to** ask three questions of a citation (the value,
# its name, the claim), to recognise what a study with one arm cannot show, and to keep “not found” apart from “not so”.
# **You need** percentages and the words {term}`median survival` and {term}`hazard ratio`.
# :::
#
# :::{admonition} What this section of the paper says
# :class: note
# Liver cancer is common and becoming more so: by {printed}`introduction.globocan.horizon` there may be
# {printed}`introduction.globocan.cases` million new cases a year ({printed}`introduction.globocan.cases_increase` %
# more than in {printed}`introduction.globocan.cases_base`) and {printed}`introduction.globocan.deaths` million
# deaths ({printed}`introduction.globocan.deaths_increase` % more). It is often found late; {term}`sorafenib`, the
# usual first drug, fails in many. Regorafenib and {term}`checkpoint inhibitors <PD-1 inhibitor>` help some of those.
# Lenvatinib did as well as sorafenib on overall survival in REFLECT ({printed}`introduction.reflect.os.lenvatinib`
# and {printed}`introduction.reflect.os.sorafenib` months) and better on progression-free survival
# ({printed}`introduction.reflect.pfs.lenvatinib` and {printed}`introduction.reflect.pfs.sorafenib` months).
# Lenvatinib with a PD-1 inhibitor has seldom been studied after sorafenib, hence this study.
# :::
#
# None of these numbers was measured by the paper: each is quoted from another study. That decides what can be checked.

# %%
import pandas as pd
from scipy import stats

from secondlook.checks.external import UNREAD
from secondlook.numbers.printed import Interval, NotPrintedError, parse, show
from secondlook.pages.look import start

look = start()
file = look.folder / "external.csv"
external = pd.read_csv(file, dtype=str, keep_default_na=False)
of_section = [value.id for value in look.registry if value.section == "introduction"]
here = external[external.quote.isin(of_section)]
quoted, claims = here[here.printed != ""], here[here.printed == ""]

# %% [markdown]
# ## Predict before you reveal
#
# | quoted | |
# |---|---:|
# | new cases a year by {printed}`introduction.globocan.horizon`, millions | {printed}`introduction.globocan.cases` |
# | more than in {printed}`introduction.globocan.cases_base`, by | {printed}`introduction.globocan.cases_increase` % |
# | deaths a year, millions | {printed}`introduction.globocan.deaths` |
# | more than in {printed}`introduction.globocan.cases_base`, by | {printed}`introduction.globocan.deaths_increase` % |
# | progression-free survival, lenvatinib, months | {printed}`introduction.reflect.pfs.lenvatinib` |
# | progression-free survival, sorafenib, months | {printed}`introduction.reflect.pfs.sorafenib` |
#
# Before any look-up: how many new cases were there in {printed}`introduction.globocan.cases_base`, and how exactly
# can one know it from these numbers? What {term}`hazard ratio` would the two medians suggest? And when
# *statements in words* were looked up in the sources cited for them, {glue:text}`judged` look-ups, each of one statement in one
# source, gave an answer: in how many do you expect the source to support the statement fully?

# %% tags=["remove-input"]
from secondlook.pages import practice

cases, more = (look.printed(f"introduction.globocan.{name}") for name in ("cases", "cases_increase"))
practice.ask("introduction.before", cases=cases, more=more, base_year=look.printed("introduction.globocan.cases_base"))

# %% [markdown]
# :::{admonition} Open the answer
# :class: dropdown
# Between {glue:text}`base.low` and {glue:text}`base.high` million: the growth has three digits, the total only two, and
# the worse of them decides. The medians suggest {glue:text}`reflect.ratio`; the trial's own ratio is not among what is
# quoted, and need not be the same. Of the {glue:text}`judged` look-ups {glue:text}`claims.yes` support the statement
# and {glue:text}`claims.partly` support it in part. The numbers do better: all {glue:text}`quoted.yes` that could be looked up
# agree. (In another {glue:text}`undecided` look-ups the source could not be read or says nothing either way.)
# :::
#
# (introduction-wrong)=
# ## What does not hold
#
# Nothing in this section is shown to be wrong: each number that could be looked up agrees, and of the statements none was
# contradicted by a source read in its own words. {glue:text}`asked_values` go further than the sources cited for them, as
# far as these could be read. (Sources were read often in an abstract, sometimes in a digest; each look-up says which, and on a
# digest no more than a question is built. Whoever has the whole article may find more in it.)
#
# ## Questions
#
# (introduction-cost)=
# ### Regorafenib on grounds of cost-effectiveness
#
# The paper makes {term}`regorafenib` the standard choice of second line where cost-effectiveness is weighed, and cites
# two sources {cite}`ref14-parikh2017,ref15-solimando2022`. By the digests of the first, which agree, it was *not*
# cost-effective in any of the scenarios examined; of the second only the introduction could be read, and it says nothing of
# costs.
#
# *Why it matters.* Regorafenib is the arm that the new treatment is measured against. *What it does not show.* That
# regorafenib is the wrong comparator: a large trial {cite}`ref13-bruix2017` supports it on other grounds. Nor that it is
# not worth its price elsewhere: such an analysis holds for the prices that it assumes.
#
# (introduction-one-arm)=
# ### A significant improvement without a comparison
#
# Lenvatinib with a PD-1 inhibitor is said to have improved efficacy and progression-free survival significantly in
# KEYNOTE-524 {cite}`ref22-finn2020`. The study has one arm, so it can report good results and cannot, by itself, show an
# improvement over another treatment; nor does it test one. And all but a few of its patients had no earlier systemic treatment,
# while those of the paper had been treated with sorafenib. If the word means “considerably, beside what was known of
# either drug”, it is a way of speaking.
#
# *What it does not show.* That the combination is not better. The study named was not made to tell.
#
# (introduction-others)=
# ### Two more
#
# - *Incidence and mortality are rising* {cite}`ref01-sung2021`: the abstract expects more cancers of all sites
#   together, and gives no trend for those of the liver. (The source of the next sentence {cite}`ref02-rumgay2022` does.)
# - *Lenvatinib is widely used in four cancers* {cite}`ref18-alsalama2019`: a review of the drug in cancer of the liver,
#   and its abstract speaks of no other. (The other source is the same team's earlier study, also of the liver, which has
#   [a page of its own](46-companion-study).)
#
# Each of these may well be true. The question is only whether the reference given is one for it.

# %% tags=["remove-input"]
from secondlook.pages import look_ups, present

look.tell(asked_values=len({value for check in look.asked("introduction") for value in check.suspect_ids}))
look.queries("introduction")

# %% [markdown]
# (introduction-three-questions)=
# ## What can be checked from here, and what cannot
#
# - **The value.** Does the cited study print the same number? That takes no more than its abstract.
# - **The name.** Is it the same quantity: a median or a mean, this criterion or that, this line of treatment?
# - **The claim.** Does the study say what it is cited for?
# - *Not* whether the cited study is right. And not more than could be read: often an abstract, sometimes a digest of
#   it or a copy elsewhere. Where a source was not found, or says nothing either way, the value counts as not
#   testable: that says something about our reading and nothing about the paper ([](84-not-checked)).
#
# (introduction-numbers)=
# ## The numbers quoted, one by one
#
# Where the source's own value is a number, the two can be compared as printed: do they share a real number that both
# could stand for?


# %%
def as_number(text):
    try:
        return parse(text)
    except NotPrintedError:
        return None


rows = {}
for row in quoted.itertuples():
    source = as_number(row.source_value)
    if source:
        ours = parse(row.printed).stands_for()
        same = ours.meets(source.stands_for())
        rows[row.quantity] = [row.printed, row.source_value, same]
names = ["printed", "source", "can be the same"]
compared = pd.DataFrame(rows, index=names).T
compared

# %% tags=["remove-cell", "guard"]
wrong = [check.check_id for check in look.wrong("introduction")]
assert not wrong, f"“Nothing in this section is shown to be wrong”: {len(wrong)} are, {wrong}"
assert compared["can be the same"].all(), (
    f"“Every value that could be looked up agrees”: {compared['can be the same'].sum()} of {len(compared)}"
)

# %% [markdown]
# Every value that could be looked up agrees. The one that could not is the p value of REFLECT's progression-free
# survival ({printed}`introduction.reflect.pfs.p`): it is not in what was read of the trial.
#
# (introduction-implied)=
# ## What two quoted numbers imply together
#
# The paper gives the burden of {printed}`introduction.globocan.horizon` and its growth, so the burden of
# {printed}`introduction.globocan.cases_base` follows, within what rounding allows. Each printed number stands for an
# interval; the smallest quotient comes of the smallest numerator and the largest denominator:


# %%
def base(total, growth):
    """Return the bounds on the base year from two printed strings."""
    total, growth = (parse(text).stands_for() for text in (total, growth))
    return Interval(
        total.low / (1 + growth.high / 100),
        total.high / (1 + growth.low / 100),
    )


def as_printed(what):
    """Return the printed total and its growth in per cent."""
    place = f"introduction.globocan.{what}"
    return look.printed(place), look.printed(f"{place}_increase")


burden = {
    "new cases": base(*as_printed("cases")),
    "deaths": base(*as_printed("deaths")),
}
rows = {
    name: [show(end, 3) for end in (found.low, found.high)]
    for name, found in burden.items()
}  # fmt: skip
bounds = pd.DataFrame(rows, index=["at least", "at most"]).T
bounds.rename("{}, millions".format)

# %% tags=["remove-cell"]
old, new = (float(look.printed(f"introduction.reflect.pfs.{drug}")) for drug in ("sorafenib", "lenvatinib"))
low, high = (show(end, 2) for end in (burden["new cases"].low, burden["new cases"].high))
look.tell(**{"base.low": low, "base.high": high, "reflect.ratio": f"{old / new:.2f}"})

# %% [markdown]
# Whoever has the statistics of that year can hold them against these bounds.
#
# (introduction-look-ups)=
# ## All look-ups
#
# Of {glue:text}`quoted` numbers quoted, the source agrees with {glue:text}`quoted.yes`, and
# {glue:text}`quoted.not-found` was not found. Statements in words are another matter: of {glue:text}`claims` look-ups
# (one for each study cited, or one where a statement cites none) the source supports {glue:text}`claims.yes`, supports
# {glue:text}`claims.partly` in part, and says the opposite in {glue:text}`claims.opposite`, as far as digests tell. In {glue:text}`claims.silent` the source leaves it open as far as it could be read, and in
# {glue:text}`claims.not-found` nothing could be read. A statement with several sources takes the worst flag.
# The tables give the verdict of each look-up by itself; [below](introduction-every-number) a number takes the best support of
# whatever it was held against. So REFLECT's p value, {printed}`introduction.reflect.pfs.p`, is *not-testable* here and
# *coherent* there: it fits the words that it stands beside.
#
# One thing that is no number: the first author of reference 2 {cite}`ref02-rumgay2022` is
# {glue:text}`name_source`, and {glue:text}`name_printed` is printed. Here above all the slip may be the rendering's.


# %% tags=["remove-cell"]
said = {"quoted": quoted.agrees, "claims": claims.agrees}
said = {kind: words.mask(words.isin(UNREAD), "not-found").value_counts() for kind, words in said.items()}
judged = len(claims) - said["claims"]["not-found"] - said["claims"]["silent"]
[name] = [row for row in external.itertuples() if row.cites == "ref02-rumgay2022" and not row.quote]
look.tell(
    quoted=len(quoted), claims=len(claims), judged=judged, undecided=len(claims) - judged,
    name_printed=name.printed, name_source=name.source_value,
    **{f"{kind}.{word}": n for kind, words in said.items() for word, n in words.items()},
)  # fmt: skip

# %% tags=["remove-cell", "guard"]
agree, verdict = said["quoted"]["yes"], look.alone.verdicts["introduction.reflect.pfs.p"]
assert agree == len(quoted) - 1, f"“The one that could not”: {agree} of {len(quoted)} numbers quoted agree"
assert verdict == "coherent", f"“*coherent* there”: the verdict of REFLECT's p is {verdict}"

# %% tags=["remove-input"]
rows = [row for row in look.registry.external if row.quote in of_section]
quotations, statements = [row for row in rows if row.printed], [row for row in rows if not row.printed]
present.Html(
    present.fold(f"All {len(quotations)} numbers quoted, with the source's own value",
                 look_ups.table(look.registry.layout, quotations, "numbers quoted and the source's own value"))
    + present.fold(f"All {len(statements)} look-ups of statements in words",
                   look_ups.table(look.registry.layout, statements, "statements in words and what the source says"))
)  # fmt: skip

# %% [markdown]
# (introduction-every-number)=
# ## Every number of this section

# %% tags=["remove-input"]
look.numbers("introduction")

# %% [markdown]
# ## Practice

# %% tags=["remove-input"]
practice.ask("introduction.after")

# %% [markdown]
# ## Exercises
#
# :::{exercise} One digit more
# :label: introduction-digit
#
# *Level 2 of 3 · 20 minutes · calculator*
#
# By how much would the bounds on the base year tighten if the paper had printed the totals with one digit more (say, a
# nought)? And if instead the growth had one digit more? Do it for cases and for deaths.
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# The total of the base year is the later total over one plus the growth. Work it out at both ends of each rounding
# interval.
# :::

# %% [markdown]
# :::{solution-start} introduction-digit
# :class: dropdown
# :::


# %%
def width(total, growth):
    """Return how wide the bounds are, in thousands."""
    found = base(total, growth)
    return f"{1000 * float(found.high - found.low):.0f}"


widths = {}
for what in ("cases", "deaths"):
    total, growth = as_printed(what)
    widths[f"{what}, thousands"] = {
        "as printed": width(total, growth),
        "a digit more of the total": width(total + "0", growth),
        "a digit more of the growth": width(total, growth + "0"),
    }
pd.DataFrame(widths)

# %% [markdown]
# The chain is as strong as its coarsest number. More digits where there are already enough add nothing.
#
# :::{solution-end}
# :::
#
# :::{exercise} A ratio out of two medians
# :label: introduction-medians
#
# *Level 1 of 3 · 15 minutes · calculator*
#
# With constant hazards the hazard ratio is the ratio of the medians upside down. Compute it for both endpoints of
# REFLECT from the quoted medians, with the rounding carried along. For overall survival the source's own ratio was
# looked up; is it inside?
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# A median printed as 8.9 may be anything from 8.85 to 8.95. Which pair of ends gives the least ratio, and which the
# greatest?
# :::

# %% [markdown]
# :::{solution-start} introduction-medians
# :class: dropdown
# :::


# %%
def ratio(endpoint):
    """Return the bounds on sorafenib's median over lenvatinib's."""
    place = f"introduction.reflect.{endpoint}"
    new = parse(look.printed(f"{place}.lenvatinib")).stands_for()
    old = parse(look.printed(f"{place}.sorafenib")).stands_for()
    return Interval(old.low / new.high, old.high / new.low)


for endpoint in ("os", "pfs"):
    found = ratio(endpoint)
    low, high = show(found.low, 3), show(found.high, 3)
    print(f"{endpoint.upper()}: {low} to {high}")
[own] = here.source_value[here.quote == "introduction.reflect.noninferior"]
inside = ratio("os").meets(parse(own).stands_for())
print(f"the trial, OS: {own}; inside: {'yes' if inside else 'no'}")

# %% [markdown]
# Not inside, but near: medians and hazard ratio are estimates with errors of their own, and the bounds carry the rounding only.
# Where the two are far apart, hazards are not constant, or not proportional ([](62-curves-cross)). Look up the trial's own ratio
# for progression-free survival, too: it is well above these bounds.
#
# :::{solution-end}
# :::
#
# :::{exercise} How faithful are citations?
# :label: introduction-faithful
#
# *Level 2 of 3 · 15 minutes · calculator*
#
# Tally the look-ups of statements by what the source says. Leave out those for which nothing could be read. What share
# is not fully supported, with an interval? Why should you not compare it too closely with published rates of quotation
# error?
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# Wilson's interval of a proportion stands in the first exercise of [](50-could-have-detected). What else than the share decides whether two
# such studies can be compared: who chose what was looked up?
# :::

# %% [markdown]
# :::{solution-start} introduction-faithful
# :class: dropdown
# :::

# %%
said = claims.agrees.mask(claims.agrees.isin(UNREAD), "not-found")
tally = said.value_counts().rename("look-ups").rename_axis(None)
tally.to_frame()

# %%
decided = len(claims) - tally["not-found"] - tally["silent"]
short = decided - tally["yes"]
test = stats.binomtest(short, decided)
low, high = test.proportion_ci(method="wilson")
print(f"{short} of {decided} not fully supported")
shown = [f"{100 * x:.0f} %" for x in (short / decided, low, high)]
print("{} (Wilson: {} to {})".format(*shown))

# %% [markdown]
# Sources that say nothing either way are left out, too. The look-ups are of one paper by one team, often from abstracts; “in part”
# is our judgement, and look-ups of one statement are not independent, as the interval assumes. A review of many such studies found
# about a quarter of quotations in error {cite}`jergas2015`, with other definitions. The interval shows how little one paper can
# say.
#
# :::{solution-end}
# :::
#
# ## Key takeaways
#
# - [Ask three questions of a citation](introduction-three-questions): the value, its name, the claim. A right value can
#   stand under a wrong claim.
# - [A study with one arm](introduction-one-arm) shows results; an improvement over something else it cannot show by itself.
# - [A reference may say the opposite](introduction-cost) of what it is cited for. Open it.
# - [Two quoted numbers bound a third](introduction-implied), as exactly as the coarser of them.
# - [Not found is not wrong](introduction-look-ups): say what could be read.
#
# ## Strengths and limitations of the method
#
# *Strengths.* Looking up what is cited needs patience and no statistics, and finds what no arithmetic can: right
# numbers with wrong meanings. *Limitations.* Mostly abstracts and digests could be read; a whole article may say more.
# Whether a statement “is supported” is a judgement, here by one reader, and each is listed with its reason so that
# another can judge again. What was *not* cited, and should have been, is not looked at.
#
# ## Further reading
#
# How often quotations in medicine are wrong: {cite:t}`jergas2015`. How a claim becomes a fact by being cited:
# {cite:t}`greenberg2009`. Abstracts against articles: {cite:t}`pitkin1999`. The trial behind the comparator:
# {cite:t}`ref13-bruix2017`.

# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% [markdown]
# # Read a paper's numbers yourself
#
# :::{admonition} In this chapter
# :class: note
# **You will** audit one abstract of another paper by hand: list its numbers, turn percentages into counts,
# counts into p values, and check a row of a Cox table with a pocket calculator. **You will learn to** treat a printed
# number as an interval, to try every test that may have been used, and to say what a paper's numbers leave open. **You
# need** school arithmetic and a calculator with a logarithm; the few lines of Python can be read as arithmetic, and no
# survival analysis is assumed. The chapter rests on *the printed numbers* alone.
# :::
#
# The abstract is that of the same team's earlier study {cite}`ref19-xu2022`, as far as it could be read. The steps are
# those that you would take with any other paper, and each takes a few minutes:
#
# 1. [Write the numbers down as they are printed](read-list).
# 2. [Turn percentages into counts](read-counts).
# 3. [Turn counts into p values, by every test](read-tests).
# 4. [Ask what the numbers leave open](read-open).
# 5. [Check each row of a model](read-row).
# 6. [Say what you found](read-say).
#
# (read-list)=
# ## Write the numbers down as they are printed
#
# Keep every zero and every sign: they say how a number was rounded. Write down too what each number counts, in whom.

# %%
import math
from fractions import Fraction

import pandas as pd
import seaborn as sns

from secondlook.numbers.printed import parse, show
from secondlook.pages import figures, present
from secondlook.pages.look import start
from secondlook.stats import contingency, intervals, repairs, wald

look = start()
earlier = start("data/companion")
printed = pd.read_csv(earlier.folder / "text.csv", index_col="id")["printed"]
ARMS = {"pl": "PL", "pr": "PR"}
RATES = {"orr": "overall response", "dcr": "disease control"}


def said(name):
    """Return what the abstract prints, by the end of its id."""
    return printed[f"companion.abstract.{name}"]


# %% [markdown]
# ## Predict before you reveal
#
# So written down, this is what the abstract prints of its two arms, `PL` (PD-1 inhibitors plus lenvatinib) and `PR` (PD-1
# inhibitors plus regorafenib):

# %% [markdown]
# | quantity | PL | PR | p |
# |---|---:|---:|---:|
# | patients | {printed}`companion.abstract.size.pl` | {printed}`companion.abstract.size.pr` | |
# | overall response, % | {printed}`companion.abstract.orr.pl` | {printed}`companion.abstract.orr.pr` | {printed}`companion.abstract.orr.p` |
# | disease control, % | {printed}`companion.abstract.dcr.pl` | {printed}`companion.abstract.dcr.pr` | {printed}`companion.abstract.dcr.p` |
# | median progression-free survival, months | {printed}`companion.abstract.pfs.pl` | {printed}`companion.abstract.pfs.pr` | {printed}`companion.abstract.pfs.p` |

# %% [markdown]
# Look at the table for a minute before you read on. Which of these numbers can be checked against which? Is anything
# printed in a way that nobody prints? Which difference looks large for its p value, which looks small?
#
# :::{admonition} What an attentive reader sees
# :class: dropdown
# - Two numbers of patients and four percentages: each percentage must be that of a whole number of patients.
# - Two p values belong to counts, so they can be recomputed. The third belongs to times, and cannot.
# - One p value, {printed}`companion.abstract.dcr.p`, carries a less-than sign before a number that is no customary bound.
# - The response rates differ by {glue:text}`gap` percentage points. A two-sided p value for so small a difference should
#   be near 1; printed is {printed}`companion.abstract.orr.p`.
# :::
#
# (read-counts)=
# ## Turn percentages into counts
#
# A percentage with one decimal stands for an interval, and only some whole numbers of patients fall into it. Divide,
# round, compare. This is the idea of the GRIM test {cite}`brown2017grim`.


# %%
def counts_that_print(percentage, size):
    """Return every count out of `size` that prints so."""
    number = parse(percentage)
    return [n for n in range(size + 1) if number.matches(Fraction(100 * n, size))]


sizes = {arm: int(said(f"size.{arm}")) for arm in ARMS}
counts = {rate: {} for rate in RATES}
for rate, words in RATES.items():
    for arm, size in sizes.items():
        percentage = said(f"{rate}.{arm}")
        fitting = counts_that_print(percentage, size)
        print(f"{words}, {ARMS[arm]}: {percentage} % of {size} is", *fitting)
        counts[rate][arm] = fitting[0]

# %% [markdown]
# Each percentage leaves exactly one count: {glue:text}`counts_said`. With {printed}`companion.abstract.size.pl` patients only
# {glue:text}`possible` of the 1001 percentages with one decimal can occur, so that of sets of four percentages typed at random about
# one in {glue:text}`luck_counts` would be possible throughout. This one is, which is a good sign for these four numbers.

# %% tags=["remove-cell"]
share = math.prod(Fraction(size + 1, 1001) for size in sizes.values()) ** len(RATES)
gap = abs(parse(said("orr.pl")).value - parse(said("orr.pr")).value)
look.tell(
    counts_said="; ".join(f"{counts[rate][arm]} of {sizes[arm]} for {RATES[rate]} with {ARMS[arm]}" for rate in RATES for arm in ARMS),
    possible=sizes["pl"] + 1, luck_counts=f"{round(float(1 / share), -5):,.0f}", gap=show(gap, 1),
)  # fmt: skip

# %% tags=["remove-cell", "guard"]
fits = {(rate, arm): counts_that_print(said(f"{rate}.{arm}"), size) for rate in RATES for arm, size in sizes.items()}
assert all(len(found) == 1 for found in fits.values()), f"“exactly one count”: {fits}"
assert "<" in said("dcr.p"), f"“p is printed as a bound”: {said('dcr.p')}"

# %% [markdown]
# If no count fits, try the other denominators of the paper before you say that a number is wrong: a subgroup, the
# patients who could be assessed, both arms together.
#
# (read-tests)=
# ## Turn counts into p values, by every test
#
# With the counts you have the two-by-two table. Pearson's chi-square needs a pocket calculator:
#
# $$\chi^2 = \frac{N\,(ad - bc)^2}{(a+b)(c+d)(a+c)(b+d)}$$
#
# where $a$ and $b$ are the patients with a response in the two arms, $c$ and $d$ those without one, and $N$ is all of
# them. For its p value take a table of the chi-square distribution (one degree of freedom), or the function $p =
# \operatorname{erfc}\sqrt{\chi^2/2}$ of a spreadsheet. Fisher's test counts in how many ways the responders could have
# fallen on the two arms, and in how many of them the first arm would have got so many or more: that is its p *to one
# side*.


# %%
def two_by_two(rate):
    """Return the table: with and without, one column per arm."""
    with_it = tuple(counts[rate][arm] for arm in ARMS)
    without = tuple(sizes[arm] - counts[rate][arm] for arm in ARMS)
    return with_it, without


def pearson_by_hand(table):
    """Return the p value of Pearson's chi-square."""
    (a, b), (c, d) = table
    product = (a + b) * (c + d) * (a + c) * (b + d)
    chi_square = (a + b + c + d) * (a * d - b * c) ** 2 / product
    return math.erfc(math.sqrt(chi_square / 2))


def fisher_one_sided_by_hand(table):
    """Return the chance of so many or more in the first cell."""
    (a, b), (c, d) = table
    responders, first, second = a + b, a + c, b + d
    ways = [
        math.comb(first, k) * math.comb(second, responders - k)
        for k in range(responders + 1)
    ]  # fmt: skip
    return sum(ways[a:]) / sum(ways)


for rate, words in RATES.items():
    table = two_by_two(rate)
    print(f"{words}: Pearson {pearson_by_hand(table):.3f},", end=" ")
    print(f"Fisher to one side {fisher_one_sided_by_hand(table):.3f}")

# %% [markdown]
# Papers often do not say which test was used, so try all that a statistics program prints, and mark the one that gives
# the printed number.

# %% tags=["hide-input"] mystnb={"image": {"alt": "Dots on a scale from 0 to 1, two rows: response and disease control. Each dot is the p value of one test. The printed p value, a vertical bar, lies in both rows on the dot of Fisher's one-sided test, far to the left of the two-sided exact test for response."}, "figure": {"name": "fig-read-tests", "caption": "The p value of every test for the two tables (dots, named in the table below) and the printed p value (bar). In both rows the bar stands on the one-sided Fisher test (diamond)."}}
tests = {rate: contingency.all_tests(two_by_two(rate)) for rate in RATES}
digits = {rate: parse(said(f"{rate}.p").lstrip("<")) for rate in RATES}
p_values = pd.DataFrame(tests).astype(float).rename(columns=RATES)
fig, ax = figures.new(5.25, 2.4)
dots = {"orient": "h", "jitter": False, "ax": ax}
sns.stripplot(p_values.drop("fisher_greater"), color=figures.BLUE, alpha=0.85, size=7, **dots)
sns.stripplot(p_values.loc[["fisher_greater"]], color=figures.ORANGE, marker="D", size=8, **dots)
for y, number in enumerate(digits.values()):
    ax.vlines(float(number.value), y - 0.35, y + 0.35, color=figures.INK, linewidth=2)
_ = ax.set(xlim=(0, 1.02), xlabel="p value")

# %%
every = pd.DataFrame(
    {
        RATES[rate]: [
            show(tests[rate][key], 3) + (" ✓" if digits[rate].matches(tests[rate][key]) else "")
            for key in contingency.TESTS
        ]
        for rate in RATES
    },
    index=[name for name, _ in contingency.TESTS.values()],
)
every.loc["printed"] = [said(f"{rate}.p") for rate in RATES]
every

# %% [markdown]
# Both printed values, {printed}`companion.abstract.orr.p` and {printed}`companion.abstract.dcr.p`, are those of *Fisher's test to one
# side*; two-sided it gives {glue:text}`fisher_orr` and {glue:text}`fisher_dcr`. The tests print {glue:text}`different_orr` and
# {glue:text}`different_dcr` different values, so that of pairs of random p values about one in {glue:text}`luck_tests` would have both
# met. That is hardly an accident. A test to one side asks a question that must be asked before the data are seen, and a paper that
# uses it should say so. Neither difference is significant either way, so no conclusion changes here. The less-than sign of
# {printed}`companion.abstract.dcr.p` is probably a slip for the equals sign.

# %% tags=["remove-input"]
present.paste_link(
    "Open the response rates in Paste your own",
    a=counts["orr"]["pl"], b=sizes["pl"], c=counts["orr"]["pr"], d=sizes["pr"], second="all", p=said("orr.p"),
)  # fmt: skip

# %% tags=["remove-cell"]
printable = {rate: len({show(p, digits[rate].places) for p in tests[rate].values()}) for rate in RATES}
look.tell(
    **{f"fisher_{rate}": show(tests[rate]["fisher"], 3) for rate in RATES},
    **{f"different_{rate}": n for rate, n in printable.items()},
    luck_tests=f"{round(float(1 / math.prod(Fraction(n, 1001) for n in printable.values())), -3):,.0f}",
)

# %% tags=["remove-cell", "guard"]
hits = {rate: [key for key, p in tests[rate].items() if digits[rate].matches(p)] for rate in RATES}
assert set(map(tuple, hits.values())) == {("fisher_greater",)}, f"“Both are those of Fisher's test to one side”: {hits}"

# %% [markdown]
# (read-open)=
# ## Ask what the numbers leave open
#
# A p value above {glue:text}`level_95` is not a finding of no difference. Compute what the abstract does not print: the difference of
# the two rates with its interval. The {term}`score interval` {cite}`miettinen1985` holds every difference that
# the counts do not contradict, and works for small groups too:


# %%
def difference(rate):
    """Return PL − PR in percentage points, and its 95 % score limits."""
    pl, pr = ((counts[rate][arm], sizes[arm]) for arm in ("pl", "pr"))
    limits = intervals.difference(pl, pr)
    return tuple(100 * x for x in (pl[0] / pl[1] - pr[0] / pr[1], *limits))


for rate, words in RATES.items():
    middle, low, high = difference(rate)
    print(f"{words}: {middle:.0f}, from {low:.0f} to {high:.0f} points")

# %% [markdown]
# For disease control the difference is {glue:text}`dcr_d` percentage points, and everything from {glue:text}`dcr_low` to
# {glue:text}`dcr_high` fits the data; for overall response it is {glue:text}`orr_d`, from {glue:text}`orr_low` to
# {glue:text}`orr_high`. So these {printed}`companion.abstract.size.all` patients rule out neither a large benefit nor a harm: that
# *no difference was shown* is true, that *there is none* does not follow.

# %% tags=["remove-cell"]
spans = {rate: difference(rate) for rate in RATES}
look.tell(**{f"{rate}_{name}": f"{x:+.0f}".replace("-", "−") for rate in RATES
             for name, x in zip(("d", "low", "high"), spans[rate], strict=True)})  # fmt: skip

# %% tags=["remove-cell", "guard"]
assert all(low < 0 < high for _, low, high in spans.values()), f"“neither a large benefit nor a harm”: {spans}"

# %% [markdown]
# What cannot be checked at all belongs in your notes too. A median without interval and a log-rank p value need the
# patients' times; nobody can recompute them from the page.
#
# (read-row)=
# ## Check each row of a model
#
# A model prints four numbers a row: a {term}`hazard ratio` (how many times as often the event happens in one group as
# in the other), the lower and the upper limit of its interval, and p. They are made of two, so each can be held against
# the others. What could be read of that abstract prints no hazard ratio, so borrow a row from the paper of this book,
# the one for hepatitis B in its Table 5 (several variables). Four lines on a pocket calculator:

# %%
row = "t5.hbv.multi"
names = "hr", "lower", "upper", "p"
hr, lower, upper, p = (look.printed(f"{row}.{name}") for name in names)
x, low, high = float(hr), float(lower), float(upper)

# 1. The ratio is the geometric mean of its limits.
middle = math.sqrt(low * high)
# 2. The width of the interval gives the standard error.
se = math.log(high / low) / (2 * 1.96)
# 3. So many standard errors from no effect:
z = abs(math.log(x)) / se
# 4. The two-sided p value.
by_hand = math.erfc(z / math.sqrt(2))

print(f"printed: HR {hr} ({lower}–{upper}), p {p}")
print(f"by hand: HR {middle:.3f}, SE {se:.3f}, z {z:.2f}, p {by_hand:.3f}")

# %% [markdown]
# The hazard ratio is in the middle (on the scale of logarithms), p agrees, and the interval covers 1 as it must when p is above
# {glue:text}`level_95`. Do not ask for equality in the last digit: the limits were rounded, so they imply a range. Here that is p from
# {glue:text}`p_low` to {glue:text}`p_high`, and {printed}`t5.hbv.multi.p` stands for an interval that meets it.

# %% tags=["remove-input"]
present.paste_link("Open this row in Paste your own", hr=hr, lower=lower, upper=upper, p=p)

# %% tags=["remove-cell"]
line, level = wald.as_line(hr, lower, upper, p), 0.05  # a 95 % interval, whatever alpha is
implied = wald.implied_p(line)
look.tell(level_95=f"{level:g}", p_low=show(implied.low, 4), p_high=show(implied.high, 4))

# %% tags=["remove-cell", "guard"]
assert not wald.box(line).is_empty, f"“p agrees”: nothing prints {line}"
assert (low < 1 < high) == (float(p) > level), f"“the interval covers 1 as it must”: {line}"

# %% [markdown]
# ### A row to judge yourself
#
# Here is another row, of hepatitis B in Table 6 (one variable). Take the square root of the product of its limits, and
# decide before you open the answer: can it be true, and if not, what may have happened?

# %% [markdown]
# > HR {printed}`t6.hbv.uni.hr` ({printed}`t6.hbv.uni.lower`–{printed}`t6.hbv.uni.upper`), p {printed}`t6.hbv.uni.p`
#
# :::{admonition} Show the answer
# :class: dropdown
# It cannot. The limits belong to a hazard ratio of {glue:text}`odd_middle`, and {printed}`t6.hbv.uni.hr` is printed, far outside what
# rounding allows. But {glue:text}`odd_near` is very near the printed p. Exchange the two, and everything fits:
# **{glue:text}`odd_mended`**. It is the only row within one slip of copying that can be true; of true rows spoilt at random in as many
# numbers, about 1 in {glue:text}`odd_luck` have such a repair by accident. It stays
# <a href="12-suggested-corrections.html#t6-hbv">a suggestion</a>: only the authors know.
# :::

# %% tags=["remove-cell"]
odd = wald.as_line(*(look.printed(f"t6.hbv.uni.{name}") for name in wald.CELLS))
mended, odd_middle = repairs.search(odd), math.sqrt(float(odd.lower.text) * float(odd.upper.text))
look.tell(
    odd_middle=f"{odd_middle:.3f}", odd_near=f"{odd_middle:.2f}", odd_mended=mended.line,
    odd_luck=round(1 / repairs.chance(mended)),
)  # fmt: skip

# %% tags=["remove-cell", "guard"]
exchanged = mended.line.hr.text == odd.p.text and mended.line.p.text == odd.hr.text
assert wald.box(odd).is_empty, f"“It cannot” be true: {odd} can"
assert mended.outcome == "unique" and exchanged, f"“Exchange the two”, the only repair: {mended}"  # noqa: PT018

# %% tags=["remove-input"]
present.paste_link("Open this row in Paste your own", **dict(zip(wald.CELLS, odd.texts, strict=True)))

# %% [markdown]
# (read-say)=
# ## Say what you found
#
# Write one line for each thing that you checked: what is printed, what follows, how, and your verdict in the same few words
# every time. This book uses those of [How to read this book](10-how-to-read). These are its lines for the abstract, as cards
# and for the checks that raise a flag. The p of disease control is flagged twice: for its sign, and for the test that gives it.

# %% tags=["remove-input"]
earlier.flags("abstract", linked=False)

# %% [markdown]
# And before you tell anyone: look at the page again (most slips are the reader's own), read the methods, ask what other
# explanation there is, write to the authors first, and say what is printed and what follows, never why.
#
# ## Practice

# %% tags=["remove-input"]
from secondlook.pages import practice

[count] = counts_that_print("32.5", 40)
more, fewer = (show(Fraction(100 * n, 40), 1) for n in (count + 1, count - 1))
hr, low, high, ln = 2.10, 1.20, 3.68, math.log
se = ln(high / low) / (2 * 1.96)
p, *rounded = (
    math.erfc(z / math.sqrt(2))
    for z in (ln(hr) / se, round(ln(hr) / se, 1), round(ln(hr) / se, 2), ln(hr) / round(se, 2))
)
practice.ask(
    "read-a-paper.after", share="32.5", size=40, count=count, share_more=more, share_fewer=fewer, hr=hr, low=low, high=high, p=p,
    **dict(zip(("p_of_z_1", "p_of_z_2", "p_of_se_2"), rounded, strict=True)),
)  # fmt: skip

# %% [markdown]
# ## Exercises
#
# ::::{exercise} Which number of patients?
# :label: read-denominator
#
# *Level 1 of 3 · 10 minutes · calculator*
#
# A paper with {glue:text}`third_size` patients prints that {glue:text}`third_one` % had one side effect and {glue:text}`third_other` % another. Which counts print so? If not all
# patients could be assessed, but at least {glue:text}`third_least`: of how many would the other percentage be right?
# ::::
#
# :::{admonition} Hint
# :class: tip dropdown
# Multiply the percentage by the number of patients, and try the whole numbers on either side. Then do the same for
# each smaller number of patients.
# :::

# %% [markdown]
# ::::{solution-start} read-denominator
# :class: dropdown
# ::::

# %%
one, other, size, least = "8.4", "9.1", 83, 70
for percentage in (one, other):
    print(percentage, f"% of {size}:", counts_that_print(percentage, size))

# %% [markdown]
# One count prints the first. None prints the second.

# %%
others = []
for assessed in range(least, size):
    others += [(n, assessed) for n in counts_that_print(other, assessed)]
print(*(f"{n} of {assessed}" for n, assessed in others))

# %% tags=["remove-cell"]
look.tell(third_one=one, third_other=other, third_size=size, third_least=least)

# %% tags=["remove-cell", "guard"]
assert counts_that_print(other, size) == [], f"“no count prints it”: {counts_that_print(other, size)}"
assert len(others) == 1, f"“of one number only”: {others}"

# %% [markdown]
# Of one number only: look in the paper for a reason why so many could be assessed, and ask if there is none.
#
# ::::{solution-end}
# ::::

# %% [markdown]
# ::::{exercise} A p value from an interval
# :label: read-p
#
# *Level 1 of 3 · 10 minutes · calculator with ln*
#
# A subgroup has a hazard ratio of {glue:text}`sub_hr` ({glue:text}`sub_lower`–{glue:text}`sub_upper`) with p = {glue:text}`sub_p`. Work out p by hand. Which slip do you suspect?
# ::::
#
# :::{admonition} Hint
# :class: tip dropdown
# Four lines, as in [](read-row). From z to p: a table stands in the [teacher's guide](../book/teachers-guide).
# :::

# %% [markdown]
# ::::{solution-start} read-p
# :class: dropdown
# ::::

# %%
subgroup = "0.64", "0.42", "0.98", "0.38"
ratio, low, high, _ = map(float, subgroup)
exercise_z = abs(math.log(ratio)) / (math.log(high / low) / (2 * 1.96))
exercise_p = math.erfc(exercise_z / math.sqrt(2))
print(f"p by hand: {exercise_p:.3f}")
found = repairs.search(wald.as_line(*subgroup))
print(f"repair ({found.outcome}): {found.line}")

# %% tags=["remove-cell"]
look.tell(**dict(zip(("sub_hr", "sub_lower", "sub_upper", "sub_p"), subgroup, strict=True)))

# %% tags=["remove-cell", "guard"]
assert found.outcome == "unique", f"“one repair”: {found.outcome}"
assert found.candidates[0].kinds == ("the decimal point moved",), (
    f"“the decimal point has probably moved”: {found.candidates[0].kinds}"
)
assert exercise_p < 0.05, f"“p must be below 0.05”: {exercise_p}"

# %% [markdown]
# The interval excludes 1, so p must be below {glue:text}`level_95`; the printed one is on the other side. The decimal point of p has
# probably moved by one place, and a reader of the p value alone would have drawn the opposite conclusion.
#
# ::::{solution-end}
# ::::
#
# :::{exercise} Your turn
# :label: read-own
#
# *Level 2 of 3 · 20 minutes · a paper of your own*
#
# Take the last paper that you read. Choose its most important table and spend twenty minutes with
# [Paste your own](../book/paste-your-own). Note how many numbers can be checked at all.
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# Tables of models and tables of counts are read in different ways: the page has a field for each.
# :::
#
# :::{solution} read-own
# :class: dropdown
#
# Every paper has its own answer. You have done well if your note has four columns: the number as printed, what it was
# held against, what follows, and what would be needed to check it further. In a table of models count rows in which all
# four numbers are printed; in a table of counts, rows in which both denominators are. Most numbers of most papers
# cannot be checked from outside, and saying so is part of the result.
# :::
#
# ## Key takeaways
#
# - A printed number is an interval. [Write it down with all its digits](read-list).
# - Percentages of few patients [give the counts away](read-counts).
# - With the counts, [every test can be tried](read-tests): both p values of this abstract are those of Fisher's test to one side. Say
#   how likely a match by luck was.
# - A large p value does not show that two arms are alike: [compute the interval](read-open), which here holds both benefit and harm.
# - [Four lines of arithmetic](read-row) check a hazard ratio, its interval and p against each other: one row holds, one cannot.
# - [Say what is printed and what follows](read-say), and nothing about how it came about.
#
# ## Strengths and limitations of the method
#
# What is shown impossible here is impossible for every data set, whatever happened to the patients: that is the
# strength of working from printed numbers. But it finds slips of printing and arithmetic only. A consistent table may
# come from biased patients, a wrong model or a wrong question, and a wrong digit may still leave something possible.
# The Wald arithmetic does not hold for profile-likelihood, exact or bootstrap intervals. And trying many tests finds
# something by luck now and then, so count what you tried.
#
# ## Further reading
#
# Percentages and means of whole numbers: {cite:t}`brown2017grim`, {cite:t}`heathers2018sprite`. From an interval to a p value,
# in a page or two: {cite:t}`altman2011p`; from a p value to an interval: {cite:t}`altman2011ci`. Recomputing p values by machine:
# {cite:t}`nuijten2016statcheck`. Why absence of evidence is not evidence of absence: {cite:t}`altman1995`. Checklists for whole
# trials: {cite:t}`wilkinson2024inspect`; what a retrospective study should report: {cite:t}`vonelm2007`.

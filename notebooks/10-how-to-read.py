# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% [markdown]
# # How to read this book
#
# :::{admonition} In this chapter
# :class: note
# **You will** follow one printed percentage to its {term}`verdict`, and see what a printed number stands for. **You will learn
# to** read the book's few words (kinds of {term}`evidence`, verdicts, {term}`repair`, {term}`chance`), to compare printed numbers
# as intervals, and to know what a {term}`flag` does not say. **You need** nothing but school arithmetic; the cells of code can be
# read like sentences or passed over.
# :::

# %%
from fractions import Fraction

import pandas as pd

from secondlook.audit import show_chance
from secondlook.numbers.printed import parse, show
from secondlook.pages import figures, present
from secondlook.pages.look import start

look = start()

# %% tags=["remove-cell"]
look.tell_totals()
ratio = parse(look.printed("t5.afp.multi.hr"))
rounded, nearly = parse(show(ratio.value, 2)), parse(show(ratio.value - 2 * ratio.unit, 3))
look.tell(rounded_hr=rounded.text, longer_hr=nearly.text)

# %% tags=["remove-cell", "guard"]
for other, words, agree in ((rounded, "agrees", True), (nearly, "does not", False)):
    assert ratio.stands_for().meets(other.stands_for()) == agree, f"“{other.text} {words}”: {ratio.text}, {other.text}"
verdict, totals = look.alone.verdicts["t2.accepted.r.n"], look.alone.totals()
assert verdict == "query", f"“Its query comes of another check”: the verdict of t2.accepted.r.n is {verdict}"
for word in ("reproduced-if", "attained"):
    assert not totals[word], f"“Two words have no value”: {word} has {totals[word]}, not 0"

# %% [markdown]
# ## Predict before you reveal
#
# Table 2 prints, of the {printed}`patients.size.r` patients who got regorafenib: {printed}`t2.accepted.r.n`
# ({printed}`t2.accepted.r.pct` %) were treated further. The table of models prints a hazard ratio of
# {printed}`t5.afp.multi.hr`; suppose that the text gave it as {glue:text}`rounded_hr`, or as {glue:text}`longer_hr`.
#
# Is the percentage right? Could another number of patients have printed it? And which of the two other ways to print the ratio
# agrees with the table?
#
# :::{admonition} Open the answer
# :class: dropdown
# The counts give {glue:text}`slip_true`, and no number of the {printed}`patients.size.r` patients prints
# {printed}`t2.accepted.r.pct`. Of the ratios, {glue:text}`rounded_hr` agrees, since it stands for a wider range that holds the
# table's; {glue:text}`longer_hr` does not, though it is only two units of the last digit away: no number that rounds to
# the one rounds to the other.
# :::
#
# (read-asks)=
# ## What the book asks
#
# The book asks one thing of every number that the paper prints: *does it follow from what else is printed, or at least
# agree with it?* The patients' records are not public, so there is little else to ask; what is quoted of other studies is also
# held against those. {glue:text}`total` numbers, blanks and checkable claims are registered. Each ends with one word, its
# **verdict**; where that word is `not-testable`, with the reason.
#
# A page about a section of the paper says first what the section claims and what does not hold. Then it works at least
# one row in the open, and folds away the table of all its numbers: *published | recomputed | method |
# verdict*.

# %% [markdown]
# (words-evidence)=
# ## What the evidence words mean
#
# Where does the recomputed value come from?

# %% tags=["remove-input"]
from html import escape

from secondlook.checks.verdicts import EVIDENCE, FLAGS, VERDICTS

present.table(
    ["evidence", "meaning"], ([f"<code>{escape(word)}</code>", escape(said)] for word, said in EVIDENCE.items()),
    "evidence words",
)  # fmt: skip

# %% [markdown]
# Not all kinds weigh alike. A recomputation from counts can show a percentage to be impossible. Two places that print
# the same number support only the copying. Agreement of the {term}`synthetic cohort` supports nothing at all: it was
# made to agree.
#
# (words-verdict)=
# ## What the verdict words mean
#
# Flags come first, worst first; then support, best first. Each has a mark and a word, so that nobody needs the colour. A
# flag asks for a look and need not mean impossible: a `query` is possible, or impossible only on a premise that is not printed, and what is `reproduced-if` is even true, under
# a choice that must be named.

# %% tags=["remove-input"]
totals = look.ledger.totals()
present.table(
    ["verdict", "kind", "values here", "meaning"],
    (
        [present.badge(word), "flag" if word in FLAGS else "neither" if word == "not-testable" else "support",
         str(totals[word]), escape(said)]
        for word, said in VERDICTS.items()
    ),
    "verdict words", numeric=(2,),
)  # fmt: skip

# %% [markdown]
# Two words have no value by what the paper alone prints. `reproduced-if` is for a number that only an unstated choice makes true; the team's
# [other study](46-companion-study) has examples. `attained` is for what [invented patients](42-synthetic-cohort) print by
# construction; in this count they have no voice. What is `not-testable` has its reason: [](84-not-checked).
#
# (printed-set)=
# ## A number as printed is a set of numbers
#
# The paper prints a hazard ratio as {printed}`t5.afp.multi.hr`. The program that computed it had more digits and
# rounded them. So the printed string stands for every real number that would print so. One digit less, even a nought,
# and it is another statement:

# %%
longer = parse(look.printed("t5.afp.multi.hr"))
shorter = parse(longer.text.removesuffix("0"))
pd.DataFrame(
    {
        number.text: {
            "unit of rounding": str(float(number.unit)),
            "from": show(number.stands_for().low, 4),
            "to": show(number.stands_for().high, 4),
        }
        for number in (longer, shorter)
    }
)

# %% tags=["hide-input"] mystnb={"image": {"alt": "Two horizontal bars over one axis, centred on the same point. The bar of the number printed with fewer decimals is ten times as long as the other."}, "figure": {"name": "fig-read-intervals", "caption": "The same digits with and without a final nought: the real numbers that each stands for."}}
fig, ax = figures.new(5.25, 1.9)
styles = {longer: (figures.BLUE, "o"), shorter: (figures.ORANGE, "s")}
for y, (number, (colour, marker)) in enumerate(styles.items()):
    stands = number.stands_for()
    ends = [float(stands.low), float(stands.high)]
    ax.plot(ends, [y, y], color=colour, linewidth=7, solid_capstyle="butt")
    ax.plot(float(number.value), y, marker, color=figures.INK, markersize=6)
ax.set_yticks(range(len(styles)), [f'"{number.text}"' for number in styles])
ax.ticklabel_format(axis="x", useOffset=False)
ax.set(ylim=(1.6, -0.6), xlabel="real numbers that print so")
ax.grid(axis="y", visible=False)

# %% [markdown]
# Three rules follow, and the whole book keeps them.
#
# **Halves count on both sides.** Does a program print a half upwards or to the even neighbour? The paper does not say,
# so both ends belong to the set. An eighth, in per cent and without decimals, may be printed either way:

# %%
eighth = Fraction(100, 8)
{text: parse(text).matches(eighth) for text in ("12", "13", "14")}

# %% [markdown]
# **A bound is not rounded.** {printed}`t5.afp.multi.p` says that p lies below that bound. A slightly larger p, which
# rounded to as many digits would look like the bound itself, is a violation:

# %%
bound = parse(look.printed("t5.afp.multi.p"))
larger = bound.value + bound.unit * Fraction(49, 100)
{
    "p": float(larger),
    "rounded": show(larger, bound.places),
    f"satisfies {bound.text}": bound.matches(larger),
}

# %% [markdown]
# **Intervals are compared, never points.** What we recompute from rounded numbers is itself known only within limits.
# Two printed numbers agree when their sets meet. Comparing their middles would flag many rows in which nothing is
# wrong.
#
# Some programs cut digits off instead of rounding. That is another reading; where only it makes a number true, the
# verdict says so ({term}`reproduced-if`).
#
# (print-to-verdict)=
# ## One number, from print to verdict
#
# Table 2 says that {printed}`t2.accepted.r.n` patients of the R arm, {printed}`t2.accepted.r.pct` %, were treated
# further. The arm has {printed}`patients.size.r` patients. First the set of reals that the printed string stands for:

# %%
printed = parse(look.printed("t2.accepted.r.pct"))
count, size = look.count("t2.accepted.r.n"), look.count("patients.size.r")
stands = printed.stands_for()
[show(end, 2) for end in (stands.low, stands.high)]

# %% [markdown]
# Then the share itself, as a fraction, and how it would be printed:

# %%
share = Fraction(100 * count, size)
print(f"{share} = {float(share):.4f} prints {show(share, printed.places)}")
print("in the set:", printed.matches(share))

# %% [markdown]
# It lies outside. Before the word is given, other explanations are tried: digits cut off instead of rounded, another
# count of the same arm, the same count of another number of patients.


# %%
def fits(count, size):
    return printed.matches(Fraction(100 * count, size))


{
    "digits cut off": printed.matches(share, "truncated"),
    "another count": [n for n in range(size + 1) if fits(n, size)],
    "another size": [n for n in range(count, 100) if fits(count, n)],
}

# %% [markdown]
# Nothing fits (<a href="12-suggested-corrections.html#t2-accepted">the matter</a>). The check reports what it found:

# %%
checks = look.checks
check = checks["percent.t2.accepted.r.pct"]
pd.Series(
    {
        "published": check.said.published,
        "recomputed": check.said.recomputed,
        "method": check.said.method,
        "evidence": check.evidence,
        "verdict": check.verdict,
        "suspects": ", ".join(check.suspect_ids),
        "repair": check.said.repair,
        "chance": show_chance(check.chance),
    },
    name=check.check_id,
).to_frame()

# %% tags=["remove-cell"]
look.tell(slip_chance=show_chance(check.chance), slip_true=show(share, printed.places))

# %% tags=["remove-cell", "guard"]
others = [n for n in range(size + 1) if fits(n, size)]
assert not others, f"“no number of the patients prints it”: {printed.text} % of {size} is printed by {others}"

# %% [markdown]
# (checks-to-verdict)=
# ## From checks to the verdict of a value
#
# A check names every value that it *involves* and, among these, its *suspects*: those that its repair singles out, or
# all when none is. A value's own verdict is
#
# 1. the worst flag of the checks that suspect it;
# 2. if there is none, its best support from any check that involves it;
# 3. if there is none either, `not-testable`.
#
# A sentence that repeats a number rightly agrees with it: what is asked of the number is asked once, where it comes from. So the
# text's {printed}`prognostic.child_pugh.os.uni.hr` is `coherent` while <a href="12-suggested-corrections.html#child-pugh-os">Table 6's</a>
# is a `query`; each such repetition names the flag.
#
# The check above involves the percentage, the count and the size of the arm, and suspects the percentage alone. These are all
# checks that involve the percentage or the count:


# %% tags=["hide-input"]
from html import escape


def role(check, value_id):
    suspected = check.is_flag and value_id in check.suspect_ids
    return "suspect" if suspected else "involved"


two = {
    f"{printed.text} %": "t2.accepted.r.pct",
    f"{count} patients": "t2.accepted.r.n",
}
rows = [
    [escape(name), present.badge(c.verdict), escape(c.said.quantity),
     role(c, value_id), c.evidence]
    for name, value_id in two.items()
    for c in look.alone.by_value[value_id]
]  # fmt: skip
present.table(
    ["value", "verdict", "what the check compares", "its part", "evidence"],
    rows,
    "checks of two values",
)

# %% tags=["remove-cell", "guard"]
failed = [c for c in look.alone.by_value["t2.accepted.r.n"] if c.verdict in FLAGS[:2]]
assert len(failed) == 2, f"“the two checks that failed” are {len(failed)}: {[c.check_id for c in failed]}"
blamed = {value for c in failed for value in c.suspect_ids if look.registry[value].statistic != "percent"}
assert not blamed, f"“only the percentages are suspected there”, and 0 others: {len(blamed)}, {blamed}"

# %% tags=["remove-input"]
present.table(
    ["value", "its own verdict"],
    ([escape(name), present.badge(look.ledger.verdicts[value_id])] for name, value_id in two.items()),
    "own verdicts of two values",
)  # fmt: skip

# %% [markdown]
# The percentage agrees with the text that repeats it; that does not save it. The count has a part in the two checks that failed,
# of this percentage and of the text's; that does not condemn it, since only the percentages are suspected there. Its query comes of another check, which asks what became
# of the patients who were treated no further ([](30-subsequent-treatment)). Totals on all pages count values by this rule.
#
# (chance-and-repair)=
# ## What chance and repair mean
#
# A **repair** is the smallest change that makes a row true, and it is named only when the search finds exactly one.
# Where several would do, the note says so. It is a suggestion: what the number should be is for the authors and the
# journal to say.
#
# Whoever tries many repairs will find one by luck. The **chance** says how often: if the printed number had been drawn
# evenly from all that could be printed with as many digits, how often would one of the changes tried have hit it? (For a row
# of hazard ratios: of true rows in which as many numbers as the repair changes were replaced by unrelated ones, in what share
# did the search name a repair of no more slips? So “1 unrelated row in so many has one”.) For the response rate by mRECIST the paper prints p = {printed}`t3.orr.mrecist.p`, <a href="12-suggested-corrections.html#t3-orr">which no
# test gives</a>. One minus the p of Fisher's exact test, its *complement*, prints it; but Pearson's p would be the usual one
# for such counts, so that no repair is named:

# %%
example = checks["association.t3.orr.mrecist.p"]
print("chance:", show_chance(example.chance))
print("repair:", example.said.repair or "none")
print("may read:", " or ".join(example.candidates))

# %% [markdown]
# The smaller the chance, the less easily luck explains the match. It is not the chance that the paper is wrong, and not the
# chance that the repair is right. The percentage above lies one small slip from the right one (a digit changed, lost or added, or
# two neighbours exchanged); the chance of that is {glue:text}`slip_chance`: not very small, so it is weak evidence for *that*
# slip. That the number does not follow from the counts is another matter.
#
# (flag-is-not)=
# ## What a flag is not
#
# - **Not an accusation.** It says what is printed and what follows from what else is printed. How it came about, nobody can read
#   off a page, and a slip of the pen is explanation enough.
# - **Not a verdict on the treatment.** A wrong percentage can leave every conclusion standing. Where a reader would
#   conclude otherwise the word is another one (`decision`).
# - **Not always the journal's.** [What we read](corrections-page) is a rendering, and a slip can be the rendering's.
# - **Not an erratum.** Pages speak of suggested corrections; to print them is the journal's part.
#
# And no flag is no certificate: numbers can agree with each other and all be wrong.
#
# ## Practice

# %% tags=["remove-input"]
from secondlook.pages import practice

practice.ask("how-to-read.after")

# %% [markdown]
# ## Exercises
#
# ::::{exercise} Percentages that cannot be
# :label: read-cannot
#
# *Level 2 of 3 · 20 minutes · a spreadsheet, Python or R*
#
# Percentages are printed with one decimal. How many of all that could be printed, from none to a hundred per cent, can occur in the R arm? How
# many in the LP arm, and how many among all patients? From which size of group on does every percentage occur? (Here a half is
# rounded upwards.)
# ::::
#
# :::{admonition} Hint
# :class: tip dropdown
# Round 100 k/n to one decimal for every k from none to n, and count the different results. How far apart are two
# neighbours?
# :::

# %% [markdown]
# ::::{solution-start} read-cannot
# :class: dropdown
# ::::


# %%
def occurring(size):
    """Return how many percentages so many patients can print."""
    shares = (Fraction(100 * n, size) for n in range(size + 1))
    return len({show(share, 1) for share in shares})


for group in ("r", "lp", "all"):
    members = look.count(f"patients.size.{group}")
    print(f"{members} patients: {occurring(members)} of 1001")
lacking = [size for size in range(900, 1100) if occurring(size) < 1001]
print("every percentage occurs from", lacking[-1] + 1, "patients on")

# %% [markdown]
# In a small group nearly every slip of a digit makes a percentage that cannot be. That is why so simple a check finds so much.
# Fewer than a thousand patients have fewer shares than there are percentages; from a thousand on, two neighbouring shares lie no
# further apart than a tenth, so that none is skipped.
#
# ::::{solution-end}
# ::::

# %% [markdown]
# ::::{exercise} The same number in two places
# :label: read-two-places
#
# *Level 1 of 3 · 10 minutes · by hand*
#
# A table prints `0.66`, and three sentences print `0.655`, `0.665` and `0.654` for the same quantity. Which of them can be the same number?
# What if the program that made the table cuts digits off instead of rounding?
# ::::
#
# :::{admonition} Hint
# :class: tip dropdown
# For which values does each of them stand? Two are the same number when their sets of values have one in common.
# :::

# %% [markdown]
# ::::{solution-start} read-two-places
# :class: dropdown
# ::::

# %%
in_table = parse("0.66")
for text in ("0.655", "0.665", "0.654"):
    other = parse(text).stands_for()
    for how in ("nearest", "truncated"):
        print(text, how, in_table.stands_for(how).meets(other))

# %% [markdown]
# A number of three digits stands for a range, too. Those of the first two meet the table's if it was rounded; that of the third
# ends before it. If the table's digits were cut off, only the second can be the same number: what was cut can only have been
# larger.
#
# ::::{solution-end}
# ::::
#
# ## Key takeaways
#
# - [A printed number is a set](printed-set). Two printed numbers agree when their sets meet.
# - [Evidence comes in kinds](words-evidence): counts can rule a number out, and what invented patients print proves nothing.
# - [A value's verdict](checks-to-verdict) is the worst flag that suspects it, or else its best support.
# - [Other explanations are tried first](print-to-verdict); only then is a word given.
# - [A repair](chance-and-repair) is worth the more, the smaller the chance of finding one by luck.
# - [A flag accuses nobody](flag-is-not), and the lack of one certifies nothing.
#
# ## Strengths and limitations of the method
#
# *Strengths.* Nothing but the paper is needed, and what is called impossible is so for every set of patients. *Limitations.* Only what
# is printed twice, or hangs together by arithmetic, can be held against anything; [](48-how-good) measures what that finds and
# misses, and [](84-not-checked) lists what it never touched.
#
# ## Further reading
#
# The test for percentages and means: {cite:t}`brown2017grim`, and what can be rebuilt from summaries: {cite:t}`heathers2018sprite`.
# P values held against their statistics: {cite:t}`nuijten2016statcheck`. What a study like this should report: {cite:t}`vonelm2007`.

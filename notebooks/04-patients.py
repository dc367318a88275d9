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
import pandas as pd
from scipy import stats

from secondlook import contingency, corrections, figures, present
from secondlook.checks.association import associations
from secondlook.checks.definitions import chance_of_overlap, forced_overlap
from secondlook.notebook import percent, start

look = start(published, alpha, cohort)
look.quote(
    "patients.size.recruited", "patients.excluded.all",
    "patients.size.all", "patients.size.lp", "patients.size.r", "patients.accrual.start", "patients.accrual.end",
    "patients.bclc.c.n", "patients.bclc.c.pct", "patients.bclc.b.n", "patients.bclc.b.pct", "t1.sex.p",
    "t3.orr.recist.p",
    "t1.bclc.b.lp.n", "t1.ecog.0.lp.n", "t1.bclc.c.r.n", "methods.eligible.cycles",
)  # fmt: skip
flags = look.ledger.flags("patients")
wrong = [check for check in flags if check.verdict in corrections.WRONG]
asked = [check for check in flags if check not in wrong]


def cards(checks):
    """Return flags as cards, one under the other."""
    return "".join(present.card(look.ledger, check) for check in checks)


# %% [markdown]
# # Patients
#
# :::{admonition} What this section of the paper says
# :class: note
# Between {glue:text}`patients.accrual.start` and {glue:text}`patients.accrual.end` the centre treated
# {glue:text}`patients.size.recruited` patients whose cancer had progressed on sorafenib.
# {glue:text}`patients.excluded.all` were left out and {glue:text}`patients.size.all` analysed:
# {glue:text}`patients.size.lp` on lenvatinib plus a PD-1 inhibitor (LP) and {glue:text}`patients.size.r` on
# regorafenib (R). Table 1 compares the arms on {glue:text}`characteristics` characteristics and finds no significant
# difference in any.
# :::
#
# Every number here is a count, a percentage of a count, or a p value of a table of counts, so all of them can be
# recomputed. First what does not hold and what is a question; then the arithmetic, in the open.

# %% [markdown]
# ## What does not hold

# %% tags=["remove-input"]
present.Html(cards(wrong))

# %% tags=["remove-cell"]
n, stage_c, stage_b = (look.count(f"patients.{name}") for name in ("size.all", "bclc.c.n", "bclc.b.n"))
table_1 = [a for a in associations(look.registry) if a.p.table == "t1"]
sex = next(a for a in table_1 if a.p.id == "t1.sex.p")
look.tell(
    characteristics=len(table_1),
    stage_c=percent(stage_c, n),
    stage_b=percent(stage_b, n),
    complement=f"{float(100 - look.registry['patients.bclc.c.pct'].number.value):.1f}",
    sex_expected=f"{contingency.smallest_expected(sex.table):.1f}",
    sex_fisher=f"{float(contingency.fisher(sex.table)):.3f}",
)

# %% [markdown]
# (Printed means: printed in the text rendering of the article that we read. A slip can be the rendering's.)
#
# ### The shares of the two stages
#
# {glue:text}`patients.bclc.c.n` of {glue:text}`patients.size.all` patients is {glue:text}`stage_c` %, and
# {glue:text}`patients.bclc.c.pct` % is printed: one digit differs. The other stage,
# {glue:text}`patients.bclc.b.n` patients, is {glue:text}`stage_b` %; what is printed,
# {glue:text}`patients.bclc.b.pct` %, is 100 less the first misprint ({glue:text}`complement`). One slip would explain
# both, which is a query of its own below.
#
# *Why it matters.* The share of advanced disease is among the first things that a reader compares between studies.
# *What it does not show.* Any doubt about the counts: they stand in the text and add up from Table 1.
#
# ## Questions
#
# ### Who can be stage B?
#
# Stage B of the Barcelona system asks for performance status 0, no spread beyond the liver and no invasion of the
# portal vein; a patient who misses one of the three is stage C {cite}`reig2022`. Table 1 has
# {glue:text}`t1.bclc.b.lp.n` patients of stage B in the LP arm and {glue:text}`t1.ecog.0.lp.n` with status 0, so at
# least one patient was staged by another rule. In the R arm it would just fit, and very neatly: the
# {glue:text}`t1.bclc.c.r.n` patients of stage C would have to be exactly those with a worse status *and* exactly
# those with spread (the arithmetic is further down).
#
# *Assumed:* the rule as worded, in which the tumour is the cause of the worse status. If frailty of another cause was
# not counted, or the stage was read from scans alone, all counts can be right. *Why it matters.* Stage describes the
# patients and is a variable of Tables 5 and 6. *What it does not show.* Which of the counts, if any, is off.
#
# ### Nobody is said to have failed an inclusion criterion
#
# All {glue:text}`patients.excluded.all` who were left out are accounted for by missing data or missing follow-up.
# None of the {glue:text}`patients.size.recruited` is said to have failed one of the other conditions, such as
# {glue:text}`methods.eligible.cycles` cycles of treatment. *Assumed:* that these conditions were applied to those who
# were recruited. More likely the {glue:text}`patients.size.recruited` had passed them already; then the number looked
# at before is not printed, and a reader cannot tell how many stopped early ([](03-methods) says why that matters).
#
# ### One table, two tests
#
# There are few women, and the smallest count expected in the table of sex is {glue:text}`sex_expected`. Below an
# expected count of 5 Fisher's exact test is customary {cite}`cochran1954`, and the paper names both tests. It printed
# the chi-square value here ({glue:text}`t1.sex.p`; Fisher's would be {glue:text}`sex_fisher`) but Fisher's for the
# response rate of Table 3 ({glue:text}`t3.orr.recist.p`). Neither changes a conclusion. What it shows is that the
# rule for choosing the test was not the same in every row.

# %% tags=["remove-input"]
present.fold(f"{len(asked)} queries", cards(asked))

# %% [markdown]
# ## The flow of patients
#
# Figure 1 of the paper is a flow diagram. Drawn again from the numbers in the text, its arithmetic closes: those
# excluded for incomplete data and for lack of follow-up are all those excluded, and recruited less excluded is
# analysed.

# %% tags=["hide-input"] mystnb={"image": {"alt": "Flow diagram. The patients recruited lead down to those analysed, with those excluded and their two reasons to the side; those analysed divide into the LP and the R arm. All sums close."}, "figure": {"name": "fig-flow", "caption": "The flow of patients, redrawn from the numbers in the text. Every sum closes."}}
count = {name: look.count(f"patients.{name}") for name in (
    "size.recruited", "excluded.all", "excluded.incomplete", "excluded.lost", "size.all", "size.lp", "size.r"
)}  # fmt: skip
assert count["excluded.incomplete"] + count["excluded.lost"] == count["excluded.all"]
assert count["size.recruited"] - count["excluded.all"] == count["size.all"] == count["size.lp"] + count["size.r"]

fig, ax = figures.new(7, 4.2)
figures.flow(
    ax,
    {
        "recruited": (0.3, 0.9, f"recruited: {count['size.recruited']}"),
        "excluded": (
            0.76, 0.68,
            f"excluded: {count['excluded.all']}\nincomplete data: {count['excluded.incomplete']}\n"
            f"no follow-up: {count['excluded.lost']}",
        ),
        "analysed": (0.3, 0.42, f"analysed: {count['size.recruited']} − {count['excluded.all']} = {count['size.all']}"),
        "lp": (0.14, 0.08, f"LP: {count['size.lp']}"),
        "r": (0.46, 0.08, f"R: {count['size.r']}"),
    },
    [("recruited", "excluded"), ("recruited", "analysed"), ("analysed", "lp"), ("analysed", "r")],
)  # fmt: skip

# %% [markdown]
# ## Who can be stage B, counted
#
# At most as many patients as meet the strictest of the three conditions:

# %%
arms = ["lp", "r"]
size = {arm: count[f"size.{arm}"] for arm in arms}
conditions = {"performance status 0": "ecog.0", "no spread": "extrahepatic.no", "no portal vein thrombus": "pvtt.no"}
stage = pd.DataFrame(
    {name: [look.count(f"t1.{row}.{arm}.n") for arm in arms] for name, row in conditions.items()}, index=["LP", "R"]
)
stage["stage B, at most"] = stage.min(axis=1)
stage["stage B, printed"] = [look.count(f"t1.bclc.b.{arm}.n") for arm in arms]
stage.T

# %% [markdown]
# Seen from the other side, missing any of the three makes it stage C. Two groups that lie within a third must overlap
# if they are large enough: at least by the sum of the two less the third.

# %%
overlaps = []
for arm in arms:
    within = look.count(f"t1.bclc.c.{arm}.n")
    groups = {
        "status 1 or 2": look.count(f"t1.ecog.1.{arm}.n") + look.count(f"t1.ecog.2.{arm}.n"),
        "spread": look.count(f"t1.extrahepatic.yes.{arm}.n"),
        "thrombus": look.count(f"t1.pvtt.yes.{arm}.n"),
    }
    for one, other in [("status 1 or 2", "spread"), ("thrombus", "spread")]:
        first, second = groups[one], groups[other]
        both = forced_overlap(first, second, within)
        fits = max(first, second) <= within
        chance = float(chance_of_overlap(first, second, size[arm], both)) if fits else None
        overlaps.append([arm.upper(), f"{one}: {first}", f"{other}: {second}", within, both if fits else "does not fit",
                         f"{chance:.2g}" if fits else ""])  # fmt: skip
columns = ["arm", "one", "the other", "stage C", "in both, at least", "chance if unrelated"]
pd.DataFrame(overlaps, columns=columns).set_index("arm")

# %% [markdown]
# The last column is the chance that two *unrelated* groups of these sizes would share so many patients. It is small
# where the rule forces one group onto the other; it says how neat the counts are, and is not the chance of an error.

# %% [markdown]
# ## One row by hand
#
# Take Child-Pugh class. The four counts of Table 1 make a 2×2 table:

# %%
levels = ["a", "b"]
child_pugh = pd.DataFrame(
    [[look.count(f"t1.child_pugh.{level}.{arm}.n") for arm in arms] for level in levels],
    index=["class A", "class B"],
    columns=["LP", "R"],
)
child_pugh

# %% [markdown]
# The percentages are those of each column:

# %%
(100 * child_pugh / child_pugh.sum()).round(1)

# %% [markdown]
# And these are the p values that a statistics program might print for it. SciPy and R apply Yates' correction to a 2×2
# table unless told not to; SPSS prints Pearson's value first. The paper prints {glue:text}`child_pugh_p`.

# %%
pd.Series(
    {
        "Pearson chi-square": stats.chi2_contingency(child_pugh, correction=False).pvalue,
        "with Yates' correction": stats.chi2_contingency(child_pugh, correction=True).pvalue,
        "Fisher's exact test": stats.fisher_exact(child_pugh).pvalue,
    }
).map("{:.3f}".format)

# %% tags=["remove-cell"]
look.tell(child_pugh_p=look.printed("t1.child_pugh.p"))

# %% [markdown]
# Pearson's chi-square gives the printed digits. The package does the same for all rows and with every test that could
# have been used; where none of them fits, it says so.
#
# ## All p values of Table 1, by every test

# %% tags=["hide-input"] mystnb={"image": {"alt": "Eleven rows, one per characteristic. In every row the printed p value lies on Pearson's chi-square; the other tests give larger or smaller values."}, "figure": {"name": "fig-table-1-p", "caption": "The p values of Table 1: printed (rings) and by each test. Pearson's chi-square prints every one of them."}}
tests = {"pearson": ("o", figures.BLUE), "fisher": ("s", figures.ORANGE), "yates": ("^", figures.GREEN),
         "likelihood_ratio": ("v", figures.PURPLE)}  # fmt: skip
fig, ax = figures.new(7, 4.6)
for row, association in enumerate(reversed(table_1)):
    results = contingency.all_tests(association.table)
    for test, (marker, colour) in tests.items():
        if test in results:
            label = contingency.TESTS[test][0] if row == len(table_1) - 1 else None
            ax.scatter(float(results[test]), row, marker=marker, color=colour, s=34, alpha=0.85, label=label, zorder=2)
    ax.scatter(float(association.printed.value), row, s=150, facecolor="none", edgecolor=figures.INK, zorder=3,
               label="as printed" if row == len(table_1) - 1 else None)  # fmt: skip
ax.axvline(alpha, color=figures.GREY, linestyle="--", linewidth=1)
ax.set_yticks(range(len(table_1)), [look.registry.layout.variables[a.p.variable].label for a in reversed(table_1)])
ax.set(xlabel="p value (dashed: the significance level)", xlim=(0, 1.03))
ax.grid(axis="y", visible=False)
_ = ax.figure.legend(loc="outside upper center", ncols=3, frameon=False, fontsize=9)

# %% [markdown]
# A table of p values is a poor way to show that two arms are alike: with {glue:text}`patients.size.r` patients in the
# smaller arm a large difference can fail to be significant {cite}`altman1995`. What is checked here is only whether the
# printed numbers agree with each other. The variables of this table come back in the models of
# [](08-prognostic-factors), one of them perhaps under another name.
#
# ## Every number of this section

# %% tags=["remove-input"]
look.numbers("patients")

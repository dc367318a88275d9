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

from secondlook import contingency, figures
from secondlook.notebook import start

look = start(published, alpha, cohort)
look.quote(
    "outcomes.orr.recist.lp", "outcomes.orr.recist.r", "outcomes.orr.recist.p", "outcomes.orr.mrecist.lp",
    "outcomes.orr.mrecist.r", "outcomes.orr.mrecist.p", "outcomes.dcr.lp", "outcomes.dcr.r", "outcomes.dcr.p",
    "outcomes.pfs.lp.median", "outcomes.pfs.r.median", "outcomes.pfs.p", "outcomes.os.lp.median",
    "outcomes.os.r.median", "outcomes.os.p", "outcomes.pfs.lp.level", "outcomes.pfs.lp.lower",
    "outcomes.pfs.lp.upper", "patients.size.lp", "patients.size.r",
    "methods.significance.p",
)  # fmt: skip

# %% [markdown]
# # Treatment and survival outcomes
#
# :::{admonition} What this section of the paper says
# :class: note
# By RECIST 1.1 the tumour responded in {glue:text}`outcomes.orr.recist.lp` % of the LP arm and
# {glue:text}`outcomes.orr.recist.r` % of the R arm (p = {glue:text}`outcomes.orr.recist.p`); by mRECIST in
# {glue:text}`outcomes.orr.mrecist.lp` % and {glue:text}`outcomes.orr.mrecist.r` % (p =
# {glue:text}`outcomes.orr.mrecist.p`). Disease control, {glue:text}`outcomes.dcr.lp` % and
# {glue:text}`outcomes.dcr.r` % (p = {glue:text}`outcomes.dcr.p`), is said to be better in the R arm. Median
# progression-free survival (PFS) was {glue:text}`outcomes.pfs.lp.median` and {glue:text}`outcomes.pfs.r.median`
# months (p = {glue:text}`outcomes.pfs.p`), median overall survival (OS) {glue:text}`outcomes.os.lp.median` and
# {glue:text}`outcomes.os.r.median` months (p = {glue:text}`outcomes.os.p`).
# :::
#
# Responses are counts, so every rate and every p value of Table 3 can be recomputed. Medians and survival p values
# come from patients' times, which the paper does not print; what can be said of them without these stands further
# down.

# %% [markdown]
# ## What does not hold

# %% tags=["remove-input"]
look.flags("outcomes")


# %% tags=["remove-cell"]
def two_by_two(row):
    """Return the counts of a row of Table 3 against the rest of each arm."""
    yes = {arm: look.count(f"t3.{row}.{arm}.n") for arm in ("lp", "r")}
    size = {arm: look.count(f"patients.size.{arm}") for arm in yes}
    return pd.DataFrame({arm.upper(): [yes[arm], size[arm] - yes[arm]] for arm in yes}, index=["yes", "no"])


mrecist = two_by_two("orr.mrecist")
recist = two_by_two("orr.recist")
look.tell(
    mrecist_fisher=f"{stats.fisher_exact(mrecist).pvalue:.3f}",
    mrecist_complement=f"{1 - stats.fisher_exact(mrecist).pvalue:.3f}",
    mrecist_pearson=f"{stats.chi2_contingency(mrecist, correction=False).pvalue:.3f}",
    mrecist_expected=f"{stats.contingency.expected_freq(mrecist).min():.1f}",
    recist_expected=f"{stats.contingency.expected_freq(recist).min():.1f}",
    recist_pearson=f"{stats.chi2_contingency(recist, correction=False).pvalue:.3f}",
    tests=len(contingency.TESTS),
)

# %% [markdown]
# **The p value of the response rate by mRECIST.** The text and Table 3 both print
# {glue:text}`outcomes.orr.mrecist.p`, so this is one flag that shows in two places. None of the {glue:text}`tests`
# tests that were tried gives that value. One thing does: Fisher's exact test gives {glue:text}`mrecist_fisher`, and
# one minus that is {glue:text}`mrecist_complement`. A probability may have been taken from the wrong side of its
# scale. That is the simplest explanation found, and it is not proof: Pearson's chi-square,
# {glue:text}`mrecist_pearson`, could have been meant just as well.
#
# *Why it matters.* The printed value makes the two rates look almost alike, and the recomputed ones do not. *What it
# does not show.* The paper calls p {glue:text}`methods.significance.p` significant, and all of these values are
# larger. The conclusion that the difference is not significant stands.

# %% [markdown]
# ## One row by hand
#
# Objective response is complete plus partial response. Here it is by both criteria, against those who had none:

# %%
recist.join(mrecist, lsuffix=", RECIST 1.1", rsuffix=", mRECIST")

# %% [markdown]
# The paper names two tests, the chi-square test and Fisher's. Both, by both criteria:


# %%
def by_hand(table):
    pearson = stats.chi2_contingency(table, correction=False).pvalue
    fisher = stats.fisher_exact(table).pvalue
    return {
        "smallest expected count": stats.contingency.expected_freq(table).min(),
        "Pearson chi-square": pearson,
        "Fisher's exact test": fisher,
        "1 − Fisher's p": 1 - fisher,
    }


response = {"RECIST 1.1": by_hand(recist), "mRECIST": by_hand(mrecist)}
pd.DataFrame(response).map("{:.3f}".format)

# %% [markdown]
# By RECIST, Fisher's test gives the printed {glue:text}`outcomes.orr.recist.p` (Pearson's chi-square would give
# {glue:text}`recist_pearson`). By mRECIST, the printed {glue:text}`outcomes.orr.mrecist.p` stands in the last row,
# which is no p value of these data.
#
# ## Which test was chosen where
#
# Fisher's test is customary where an expected count falls below 5 {cite}`cochran1954`. By that rule it belongs to the
# response rate by RECIST (smallest expected count {glue:text}`recist_expected`), and there it was used. By mRECIST
# more patients responded, the smallest expected count is {glue:text}`mrecist_expected`, and the chi-square test would
# do. Only the complement of the *other* test prints the value in the table, so if that is how it came about, Fisher's
# test was used here too. For disease control the chi-square test gives what is printed. All
# four rows, with the smallest expected count of each:

# %%
rows = {
    "response, RECIST 1.1": "orr.recist",
    "response, mRECIST": "orr.mrecist",
    "disease control, RECIST 1.1": "dcr.recist",
    "disease control, mRECIST": "dcr.mrecist",
}
tests = pd.DataFrame([by_hand(two_by_two(row)) for row in rows.values()])
tests = tests.iloc[:, :3].map("{:.3f}".format)
tests.columns = ["expected", "Pearson", "Fisher"]
tests["printed"] = [look.printed(f"t3.{row}.p") for row in rows.values()]
tests.set_axis(list(rows), axis="index")

# %% [markdown]
# ## Best response, drawn
#
# Each bar is one arm by one criterion, and each patient is in exactly one part of it.

# %% tags=["hide-input"] mystnb={"image": {"alt": "Four stacked bars of equal length: LP and R by RECIST 1.1, then LP and R by mRECIST, each divided into complete response, partial response, stable disease and progressive disease with the count inside each part. Progressive disease takes up about twice as much of the R bars as of the LP bars. It is the same by both criteria; only response and stable disease change places between them."}, "figure": {"name": "fig-response", "caption": "Best response by arm and criterion, in per cent of the arm; the numbers are patients."}}
levels = {"cr": "complete response", "pr": "partial response", "sd": "stable disease", "pd": "progressive disease"}
fills = {"cr": ("#00304D", "white"), "pr": (figures.BLUE, "white"), "sd": ("#D5DCE3", figures.INK),
         "pd": ("#F2A65E", figures.INK)}  # fmt: skip
bars = {"LP\nRECIST 1.1": ("recist", "lp", 3.3), "R\nRECIST 1.1": ("recist", "r", 2.4),
        "LP\nmRECIST": ("mrecist", "lp", 0.9), "R\nmRECIST": ("mrecist", "r", 0)}  # fmt: skip
fig, ax = figures.new(7.4, 4.2)
for criterion, arm, y in bars.values():
    left = 0
    for level, (fill, ink) in fills.items():
        n = look.count(f"t3.{level}.{criterion}.{arm}.n")
        width = 100 * n / look.count(f"patients.size.{arm}")
        label = levels[level] if y == 0 else None
        ax.barh(y, width, left=left, height=0.72, color=fill, edgecolor="white", linewidth=1.2, label=label)
        if n:
            ax.text(left + width / 2, y, str(n), ha="center", va="center", color=ink, fontsize=11)
        left += width
ax.set_yticks([y for *_, y in bars.values()], list(bars))
ax.set(xlim=(0, 100), xlabel="% of the arm")
ax.grid(axis="y", visible=False)
_ = fig.legend(loc="outside upper center", ncols=4, frameon=False, fontsize=9.5, handlelength=1.2, columnspacing=1.4)

# %% [markdown]
# The bars also bear on a matter of words. The text, in the rendering that this audit reads, says that disease control
# was better in the R arm, and so does the abstract. In Table 3 it is the LP arm that has
# {glue:text}`outcomes.dcr.lp` %; the R arm has {glue:text}`outcomes.dcr.r` %. A reader of the words alone would take
# away the wrong arm. Claims in words get checks of their own in a later part of this audit; until then this one has
# no verdict.
#
# ## The medians
#
# A median can be compared with itself, wherever the paper prints it again. Each line below is one quantity:

# %%
quantities = {
    "median PFS, LP": ("pfs.lp.median", "pfs.lp"),
    "median PFS, R": ("pfs.r.median", "pfs.r"),
    "p, PFS": ("pfs.p", "pfs.p"),
    "median OS, LP": ("os.lp.median", "os.lp"),
    "median OS, R": ("os.r.median", "os.r"),
    "p, OS": ("os.p", "os.p"),
}
medians = pd.DataFrame(
    {
        quantity: {
            "this section": look.printed(f"outcomes.{here}"),
            "abstract": look.printed(f"abstract.{there}"),
            "discussion": look.printed(f"discussion.{there}"),
        }
        for quantity, (here, there) in quantities.items()
    }
).T
medians

# %% tags=["remove-cell"]
assert medians.nunique(axis=1).eq(1).all()
for end in ("median", "lower", "upper"):
    assert look.printed(f"outcomes.pfs.lp.{end}") == look.printed(f"prognostic.pfs.ecog_0_1.{end}")

# %% [markdown]
# They agree everywhere. That is consistency, not confirmation: a number copied correctly three times is still one
# number. Beyond this, two things can be noted now.
#
# - The median PFS of the LP arm with its interval, {glue:text}`outcomes.pfs.lp.median`
#   ({glue:text}`outcomes.pfs.lp.level` % CI {glue:text}`outcomes.pfs.lp.lower` to
#   {glue:text}`outcomes.pfs.lp.upper`), is printed once more, for another group of patients: those with the better
#   performance status (see [](08-prognostic-factors)). Two groups can share a median and both limits, but it is not
#   common.
# - A confidence interval for a median can be made in several ways {cite}`brookmeyer1982`, and the paper does not name
#   its own.
#
# Whether these medians, intervals and p values can all be true together is a question about patients' times. The
# later parts of the audit take it up, with bounds first and then with an invented cohort that prints the same
# numbers. Until then the intervals are counted as not testable.
#
# ## Every number of this section

# %% tags=["remove-input"]
look.numbers("outcomes")

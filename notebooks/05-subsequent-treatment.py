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

import pandas as pd

from secondlook import corrections, events, figures, present
from secondlook.checks.counts import other_counts
from secondlook.notebook import percent, start
from secondlook.printed import parse

look = start(published, alpha, cohort)
look.quote(
    "subsequent.accepted.n", "t2.accepted.lp.n", "t2.accepted.lp.pct", "t2.accepted.r.n", "t2.accepted.r.pct",
    "patients.size.r", "t2.apatinib.r.pct",
)  # fmt: skip
flags = look.ledger.flags("subsequent-treatment")
wrong = [check for check in flags if check.verdict in corrections.WRONG]
asked = [check for check in flags if check not in wrong]


def cards(checks):
    """Return flags as cards, one under the other."""
    return "".join(present.card(look.ledger, check) for check in checks)


# %% [markdown]
# # Subsequent treatment
#
# :::{admonition} What this section of the paper says
# :class: note
# After their disease had progressed, {glue:text}`subsequent.accepted.n` patients were treated further:
# {glue:text}`t2.accepted.lp.n` ({glue:text}`t2.accepted.lp.pct` %) of the LP arm and {glue:text}`t2.accepted.r.n`
# ({glue:text}`t2.accepted.r.pct` %) of the R arm. Table 2 lists the regimens, and how many patients had best supportive
# care.
# :::
#
# These are counts and shares of the two arms, so all of it can be recomputed.

# %% [markdown]
# ## What does not hold

# %% tags=["remove-input"]
present.Html(cards(wrong))

# %% tags=["remove-cell"]
size = {arm: look.count(f"patients.size.{arm}") for arm in ("lp", "r")}
treated = {arm: look.count(f"t2.accepted.{arm}.n") for arm in size}
supportive = {arm: look.count(f"t2.bsc.{arm}.n") for arm in size}
neither = {arm: size[arm] - treated[arm] - supportive[arm] for arm in size}
table_2 = look.frame("t2")
regimens = [row for row in table_2.index if row not in ("accepted", "bsc")]
crossed = {
    "lp": sum(look.count(f"t2.{row}.lp.n") for row in regimens if "rego" in row),
    "r": sum(look.count(f"t2.{row}.r.n") for row in regimens if "lenva" in row),
}
blanks = [v for v in look.registry.cells("t2", statistic="percent") if v.is_blank]
zeros = [v for v in look.registry.cells("t2", statistic="percent") if v.number and v.number.value == 0]
without = events.joints(look.registry)["pfs"].most_without
look.tell(
    neither=sum(neither.values()),
    without=without,
    neither_with=sum(neither.values()) - without,
    r_share=percent(treated["r"], size["r"]),
    blanks=len(blanks),
    zeros=len(zeros),
    **{f"neither.{arm}": n for arm, n in neither.items()},
    **{f"neither.{arm}.share": percent(n, size[arm]) for arm, n in neither.items()},
    **{f"crossed.{arm}": n for arm, n in crossed.items()},
    **{f"progressed.{arm}": look.count(f"t3.pd.recist.{arm}.n") for arm in size},
)

# %% [markdown]
# (Printed means: printed in the text rendering of the article that we read. A slip can be the rendering's.)
#
# ### The share of the R arm
#
# {glue:text}`t2.accepted.r.n` of {glue:text}`patients.size.r` is {glue:text}`r_share` %;
# {glue:text}`t2.accepted.r.pct` % stands in the text and in Table 2, hence two cards for one matter. The last digit
# differs. No count of patients out of {glue:text}`patients.size.r` prints as {glue:text}`t2.accepted.r.pct`, and the
# regimens add up to the count, so the percentage and not the count is in doubt. The two places agree with each other,
# which is no support: one may have been taken from the other. *Why it matters.* Little: nothing else rests on it.
#
# ## Questions
#
# ### Who is listed under neither?
#
# {glue:text}`neither.lp` patients of the LP arm ({glue:text}`neither.lp.share` %) and {glue:text}`neither.r` of the R
# arm ({glue:text}`neither.r.share` %) appear neither under a further treatment nor under best supportive care. They
# may have been without progression at the last follow-up, or have died before anything else was given, or be missing
# from the table. The paper does not say. *Assumed:* that whoever progressed had the one or the other.
#
# The first explanation does not reach far. The intervals of the hazard ratios leave room for at most
# {glue:text}`without` patients of both arms without progression or death ([](14-how-many-events) shows how), if these
# intervals are right. So at least {glue:text}`neither_with` of the {glue:text}`neither` had progressed or died.
#
# *Why it matters.* What came after is part of what overall survival measures. *What it does not show.* A contradiction:
# a patient who dies early needs no line in this table, though the table should say how many did.
#
# ### Empty cells
#
# Where no patient had a regimen, Table 2 prints the count 0. Beside it the percentage is sometimes
# {glue:text}`t2.apatinib.r.pct` ({glue:text}`zeros` cells) and sometimes nothing ({glue:text}`blanks` cells). The
# counts leave no doubt what belongs there. It is a matter of form: somebody who reads the table by program would take
# an empty cell for a missing value.

# %% tags=["remove-input"]
present.fold(f"{len(asked)} queries", cards(asked))

# %% [markdown]
# ## The sums by hand
#
# Every patient who was treated further should stand under one regimen, so the regimens must add up to the first row:

# %%
counts = table_2[["lp.n", "r.n"]].astype(int).rename(columns={"lp.n": "LP", "r.n": "R"})
pd.DataFrame({"regimens added up": counts.loc[regimens].sum(), "as printed": counts.loc["accepted"]})

# %% [markdown]
# They do. Now the share, as an exact fraction and as printed:

# %%
pd.DataFrame(
    {
        "fraction": [f"{treated[arm]}/{size[arm]}" for arm in size],
        "recomputed": [percent(treated[arm], size[arm]) for arm in size],
        "printed": [look.printed(f"t2.accepted.{arm}.pct") for arm in size],
    },
    index=["LP", "R"],
)

# %% [markdown]
# Could another count of the R arm, or another denominator, have given the printed percentage? One list for each
# question; both are empty where nothing fits:

# %%
printed_share = parse(look.printed("t2.accepted.r.pct"))
recruited = look.count("patients.size.recruited")
{
    "counts": other_counts(printed_share, size["r"]),
    "denominators": [
        n for n in range(treated["r"], recruited + 1) if printed_share.matches(Fraction(100 * treated["r"], n))
    ],
}

# %% [markdown]
# ## What followed, by arm

# %% tags=["hide-input"] mystnb={"image": {"alt": "Two stacked bars, one for each arm, of the share of patients with further treatment, with best supportive care, and listed under neither. In both arms the three parts are of the same order, and a part of each bar is listed under neither."}, "figure": {"name": "fig-subsequent", "caption": "What followed the study treatment, as a share of each arm, with counts. The last part of each bar is listed under neither heading of Table 2."}}
parts = {
    "further treatment": (treated, figures.BLUE, ""),
    "best supportive care": (supportive, "#E8A33D", "//"),
    "listed under neither": (neither, "#B9C2CC", ".."),
}
fig, ax = figures.new(7, 2.6)
left = dict.fromkeys(size, 0.0)
for label, (numbers, colour, hatch) in parts.items():
    for place, arm in enumerate(size):
        width = 100 * numbers[arm] / size[arm]
        ax.barh(place, width, left=left[arm], color=colour, hatch=hatch, edgecolor="white", height=0.62,
                label=label if place == 0 else None)  # fmt: skip
        ax.text(left[arm] + width / 2, place, numbers[arm], ha="center", va="center",
                bbox={"facecolor": "white", "edgecolor": "none", "boxstyle": "round,pad=0.25"})  # fmt: skip
        left[arm] += width
ax.set_yticks(range(len(size)), [f"{arm.upper()} (n = {n})" for arm, n in size.items()])
ax.invert_yaxis()
ax.grid(axis="y", visible=False)
ax.set(xlim=(0, 100), xlabel="share of the arm, %")
_ = ax.figure.legend(loc="outside upper center", ncols=3, frameon=False)

# %% [markdown]
# ## What else a reader would ask
#
# **Who had progressed?** The shares are of the whole arm. How many patients had progressed, and so could have had a
# further treatment at all, is not printed; Table 3 gives only those whose best response was progression
# ({glue:text}`progressed.lp` in LP, {glue:text}`progressed.r` in R).
#
# **How much did the arms mix?** {glue:text}`crossed.lp` patients of the LP arm later had regorafenib, alone or with
# another drug, and {glue:text}`crossed.r` of the R arm later had lenvatinib:

# %%
pd.DataFrame(
    {
        "LP, later regorafenib": [counts.loc[[r for r in regimens if "rego" in r], "LP"].sum()],
        "R, later lenvatinib": [counts.loc[[r for r in regimens if "lenva" in r], "R"].sum()],
    },
    index=["patients"],
)

# %% [markdown]
# Overall survival counts from the first study treatment to death, whatever was given in between. Such crossing tends to
# make the arms look more alike in overall survival than in progression-free survival. That is a reason to read the
# comparison with care and says nothing about whether its numbers are right.
#
# ## Every number of this section

# %% tags=["remove-input"]
look.numbers("subsequent-treatment")

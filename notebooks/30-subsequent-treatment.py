# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% [markdown]
# # Subsequent treatment
#
# :::{admonition} In this chapter
# :class: note
# **You will** add up a table of regimens, find the patients who are in none of its rows, and simulate what later
# treatment does to a comparison of overall survival. **You will learn to** ask of every percentage “of whom?”, and to
# separate what happens before progression from what happens after it. **You need** the words {term}`denominator`,
# {term}`progression-free survival` and {term}`overall survival`.
# :::
#
# :::{admonition} What this section of the paper says
# :class: note
# After their disease had progressed, {printed}`subsequent.accepted.n` patients were treated further:
# {printed}`t2.accepted.lp.n` ({printed}`t2.accepted.lp.pct` %) of the LP arm and {printed}`t2.accepted.r.n`
# ({printed}`t2.accepted.r.pct` %) of the R arm. Table 2 lists the regimens, and how many patients had best supportive
# care.
# :::
#
# These are counts and shares of the two arms, so all of it can be recomputed.

# %%
import numpy as np
import pandas as pd
from scipy import stats

from secondlook.pages import figures
from secondlook.pages.look import percent, start

look = start()  # or start(alpha=0.01), say
table_2 = pd.read_csv(
    look.folder / "table-2.csv",
    index_col="row",
    dtype=str,
    keep_default_na=False,
)
counts = table_2[["lp_n", "r_n"]].astype(int)
counts.columns = ["LP", "R"]
size = [look.count(f"patients.size.{a}") for a in ("lp", "r")]
size = pd.Series(size, index=counts.columns)

# %% [markdown]
# ## Predict before you reveal
#
# | | LP, of {printed}`patients.size.lp` | R, of {printed}`patients.size.r` |
# |---|---:|---:|
# | further treatment | {printed}`t2.accepted.lp.n` ({printed}`t2.accepted.lp.pct` %) | {printed}`t2.accepted.r.n` ({printed}`t2.accepted.r.pct` %) |
# | best supportive care | {printed}`t2.bsc.lp.n` ({printed}`t2.bsc.lp.pct` %) | {printed}`t2.bsc.r.n` ({printed}`t2.bsc.r.pct` %) |
#
# One patient of the R arm is {glue:text}`one_r` % of it. Which of the four percentages is no count of its arm? How many
# patients stand in neither row? And if the shares were of those whose disease *had progressed*, the only ones to whom
# “further treatment” could happen, what could they be?

# %% tags=["remove-input"]
from secondlook.pages import practice

practice.ask("subsequent-treatment.before", size=look.count("patients.size.lp"))

# %% [markdown]
# :::{admonition} Open the answer
# :class: dropdown
# In the R arm {printed}`t2.accepted.r.n` of {printed}`patients.size.r` is {glue:text}`r_share` %, and no count gives
# {printed}`t2.accepted.r.pct` %. In neither row are {glue:text}`neither.lp` patients on LP and {glue:text}`neither.r` on R. Had none of them progressed, the shares of those who had would be {glue:text}`of_progressed.lp` % and
# {glue:text}`of_progressed.r` %; had all of them, {printed}`t2.accepted.lp.pct` % and {glue:text}`r_share` %, as of the
# whole arms. The denominator can move a share by more than the arms differ.
# :::

# %% [markdown]
# (subsequent-wrong)=
# ## What does not hold

# %% tags=["remove-input"]
look.cards(look.wrong("subsequent-treatment"))

# %% [markdown]
# (subsequent-share)=
# ### The share of the R arm
#
# The share {printed}`t2.accepted.r.pct` % stands in the text and in Table 2. No count of patients out of {printed}`patients.size.r` prints as {printed}`t2.accepted.r.pct`, and the regimens add up to the count, so the percentage and not the count is in doubt. The two places agree with each other,
# which is no support: one may have been taken from the other. *Why it matters.* Little: nothing else rests on it.
#
# ## Questions
#
# (subsequent-neither)=
# ### Who is listed under neither?
#
# In all {glue:text}`neither.lp` patients of the LP arm ({glue:text}`neither_share.lp` %) and {glue:text}`neither.r` of the R
# arm ({glue:text}`neither_share.r` %) appear neither under a further treatment nor under {term}`best supportive care`.
# They may have been without progression when they were last seen, or have died before anything else was given, or be
# missing from the table. The paper does not say. *Assumed:* that whoever progressed had the one or the other.
#
# The first explanation does not reach far. The intervals of the {term}`hazard ratios <hazard ratio>` leave room for at
# most {glue:text}`without` patients of both arms without progression or death ([](40-how-many-events) shows how), if
# these intervals are right. So at least {glue:text}`neither_with` of the {glue:text}`neither` had progressed or died.
#
# *Why it matters.* What came after is part of what overall survival measures. *What it does not show.* A contradiction:
# a patient who dies early needs no line in this table, though the table should say how many did.
#
# (subsequent-empty)=
# ### Empty cells
#
# Where no patient had a regimen, Table 2 prints the count 0. Beside it the percentage is sometimes
# {printed}`t2.apatinib.r.pct` ({glue:text}`zeros` cells) and sometimes nothing ({glue:text}`blanks` cells). The
# counts leave no doubt what belongs there. It is a matter of form: somebody who reads the table by program would take
# an empty cell for a missing value.

# %% tags=["remove-input"]
look.queries("subsequent-treatment")

# %% [markdown]
# (subsequent-sums)=
# ## The sums by hand
#
# Every patient who was treated further should stand under one regimen, so the regimens must add up to the first row:

# %%
regimens = counts.index.drop(["accepted", "bsc"])
pd.DataFrame(
    {
        "regimens added up": counts.loc[regimens].sum(),
        "as printed": counts.loc["accepted"],
    }
)

# %% [markdown]
# They do. Now the share, as an exact fraction and as printed:

# %%
treated = counts.loc["accepted"]
printed = table_2.loc["accepted", ["lp_pct", "r_pct"]].tolist()
shares = {
    arm: [f"{n}/{size[arm]}", percent(n, size[arm])]
    for arm, n in treated.items()
}  # fmt: skip
shares = pd.DataFrame(shares, index=["fraction", "recomputed"]).T
shares.assign(printed=printed)

# %% [markdown]
# Could another count of the R arm, or another denominator, have given the printed percentage?

# %%
wanted = printed[1]  # of the R arm
recruited = look.count("patients.size.recruited")
whole, n = size["R"], treated["R"]
other_counts = [k for k in range(whole + 1) if percent(k, whole) == wanted]
other_wholes = [
    whole for whole in range(n, recruited + 1)
    if percent(n, whole) == wanted
]  # fmt: skip
print("other counts:", other_counts or "none")
print("other denominators:", other_wholes or "none")

# %% [markdown]
# (subsequent-drawn)=
# ## What followed, by arm

# %% tags=["hide-input"] mystnb={"image": {"alt": "Two stacked bars, one for each arm, of the share of patients with further treatment, with best supportive care, and listed under neither. In both arms the three parts are of the same order, and a part of each bar is listed under neither."}, "figure": {"name": "fig-subsequent", "caption": "What followed the study treatment, as a share of each arm, with counts. The last part of each bar is listed under neither heading of Table 2."}}
supportive = counts.loc["bsc"]
neither = size - treated - supportive
parts = {
    "further treatment": (treated, figures.BLUE, ""),
    "best supportive care": (supportive, "#E8A33D", "//"),
    "listed under neither": (neither, "#B9C2CC", ".."),
}
fig, ax = figures.new(5.25, 2.8)
left = 0.0 * size
for label, (numbers, colour, hatch) in parts.items():
    for place, arm in enumerate(size.index):
        width = 100 * numbers[arm] / size[arm]
        ax.barh(place, width, left=left[arm], color=colour, hatch=hatch, edgecolor="white", height=0.62,
                label=label if place == 0 else None)  # fmt: skip
        ax.text(left[arm] + width / 2, place, numbers[arm], ha="center", va="center",
                bbox={"facecolor": "white", "edgecolor": "none", "boxstyle": "round,pad=0.25"})  # fmt: skip
        left[arm] += width
ax.set_yticks(range(len(size)), [f"{arm} (n = {n})" for arm, n in size.items()])
ax.invert_yaxis()
ax.grid(axis="y", visible=False)
ax.set(xlim=(0, 100), xlabel="share of the arm, %")
_ = ax.figure.legend(loc="outside upper left", ncols=2, frameon=False, fontsize=10)

# %% [markdown]
# ## What else a reader would ask
#
# (subsequent-of-whom)=
# ### Of whom is it a share?
#
# The shares are of the whole arm. How many patients had progressed, and so could have had a
# further treatment at all, is not printed; Table 3 gives only those whose best response was progression
# ({printed}`t3.pd.recist.lp.n` in LP, {printed}`t3.pd.recist.r.n` in R).
#
# (subsequent-mixing)=
# ### What was compared, after that?
#
# How much did the arms mix? Of the LP arm {glue:text}`crossed.lp` patients later had {term}`regorafenib`, alone or with
# another drug, and of the R arm {glue:text}`crossed.r` later had {term}`lenvatinib`:

# %%
later = {"LP": "rego", "R": "lenva"}  # the other arm's drug
mixed = pd.DataFrame(
    [
        (arm, table_2.label[row], counts.loc[row, arm])
        for arm, drug in later.items()
        for row in regimens
        if drug in row and counts.loc[row, arm]
    ],
    columns=["arm", "later regimen", "patients"],
)
mixed.set_index("arm").rename_axis(None)

# %% tags=["remove-cell"]
from secondlook.paper import event_counts

without, unlisted = event_counts.joints(look.registry)["pfs"].most_without, neither.sum()
look.tell(neither=unlisted, without=without, neither_with=unlisted - without)
look.tell(r_share=percent(treated["R"], size["R"]), one_r=percent(1, size["R"]))
look.tell(blanks=(table_2 == "").sum().sum(), zeros=table_2[["lp_pct", "r_pct"]].isin(["0", "0.0"]).sum().sum())
for arm in size.index:
    of_progressed = percent(treated[arm], treated[arm] + supportive[arm])
    crossed = mixed.patients[mixed.arm == arm].sum()
    names = {"of_progressed": of_progressed, "crossed": crossed, "neither": neither[arm]}
    names["neither_share"] = percent(neither[arm], size[arm])
    look.tell(**{f"{name}.{arm.lower()}": said for name, said in names.items()})

# %% [markdown]
# Overall survival counts from the first study treatment to death, whatever was given in between. If the later drug
# helps, such crossing makes the arms look more alike in overall survival than in progression-free survival. That is a
# reason to read the comparison with care and says nothing about whether its numbers are right.
#
# ## Every number of this section

# %% tags=["remove-input"]
look.numbers("subsequent-treatment")

# %% [markdown]
# ## Practice

# %% tags=["remove-input"]
practice.ask("subsequent-treatment.after")

# %% [markdown]
# ## Exercises
#
# :::{exercise} The same counts, another denominator
# :label: subsequent-denominators
#
# *Level 2 of 3 · 15 minutes · calculator*
#
# For each arm, give the least and the greatest share with further treatment that is possible among patients who had
# progressed, if whoever is listed under best supportive care had progressed too. Can the arm with the greater share be told at all?
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# Between which numbers can those who had progressed lie? At least all who are listed in either row; at most everyone.
# :::

# %% [markdown]
# :::{solution-start} subsequent-denominators
# :class: dropdown
# :::

# %%
# those who had progressed: at least these, at most the whole arm
supportive = counts.loc["bsc"]
for arm, n in treated.items():
    fewest, most = n + supportive[arm], size[arm]
    print(f"{arm}: {percent(n, most)} % of {most}", end=" ")
    print(f"to {percent(n, fewest)} % of {fewest}")

# %%
from secondlook.stats import intervals

lp, r = zip(treated, size, strict=True)
gap = 100 * (lp[0] / lp[1] - r[0] / r[1])
low, high = (100 * end for end in intervals.difference(lp, r))
print("of the whole arms, LP less R:", end=" ")
print(f"{gap:.1f} points (95 % score interval {low:.1f} to {high:.1f})")

# %% [markdown]
# It cannot: the ranges overlap. And even the shares of the whole arms differ by far less than chance allows. It is
# assumed that everyone listed under best supportive care had progressed.
#
# :::{solution-end}
# :::
#
# :::{exercise} A table that checks itself
# :label: subsequent-table
#
# *Level 1 of 3 · 15 minutes · a spreadsheet, or Python*
#
# Read Table 2 as a program would: compute each percentage from its count, fill the empty cells, and list the cells in
# which print and computation differ.
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# Whose number of patients is the denominator of each column? An empty cell beside a count is a sum, or nought.
# :::

# %% [markdown]
# :::{solution-start} subsequent-table
# :class: dropdown
# :::

# %%
cells = []
for _, numbers in table_2.iterrows():
    for arm in size.index:
        shown = numbers[f"{arm.lower()}_pct"]
        computed = percent(int(numbers[f"{arm.lower()}_n"]), size[arm])
        if shown != computed:
            cells.append([numbers.label, arm, shown or "(empty)", computed])
pd.DataFrame(
    cells, columns=["row", "arm", "printed", "from the count"]
).set_index("row").rename_axis(None)  # fmt: skip

# %% [markdown]
# Apart from the share of [the R arm](subsequent-share) they are all empty cells. A table that was printed by
# the program that counted could have had neither.
#
# :::{solution-end}
# :::
#
# :::{exercise} What later treatment hides
# :label: subsequent-dilution
#
# *Level 3 of 3 · 30 minutes · Python or R*
#
# Simulate studies of the size of this one, in which LP truly delays progression: median {printed}`outcomes.pfs.lp.median` months
# against {printed}`outcomes.pfs.r.median`. After progression all patients do equally well, with the same median of further survival:
# 1, 5 or 10 months. Nobody is censored. How often is the difference significant in progression-free survival, and how often
# in overall survival? What is the hazard ratio of death?
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# Survival is time to progression plus the time after it, two exponential times. Only the first differs between the
# arms.
# :::

# %% [markdown]
# :::{solution-start} subsequent-dilution
# :class: dropdown
# :::

# %%
from secondlook.stats import cox_batch

medians = ["outcomes.pfs.lp.median", "outcomes.pfs.r.median"]
medians = [float(look.printed(place)) for place in medians]
months_after = (1, 5, 10)
level, studies = look.alpha, 2000  # change them

rng = np.random.default_rng(5)
critical = stats.norm.isf(level / 2)
with_lp = np.tile(np.arange(size.sum()) < size["LP"], (studies, 1))
happened = np.ones_like(with_lp)  # nobody is censored


def compare(times):
    """Describe the hazard ratios of many studies."""
    beta, se = cox_batch.binary(times, happened, with_lp)
    ratio, found = np.exp(np.median(beta)), abs(beta / se) > critical
    return f"{ratio:.2f}, significant in {100 * found.mean():.0f} %"


until = rng.exponential(np.where(with_lp, *medians) / np.log(2))
print("progression: hazard ratio", compare(until))
for after in months_after:
    died = until + rng.exponential(after / np.log(2), until.shape)
    print(f"death, with {after} more: hazard ratio", compare(died))

# %% [markdown]
# The months gained before progression are still there, in the mean. But the longer patients live after it, the more the
# time that does not depend on the first drug covers the time that does {cite}`broglio2009`. If, besides, many of the R
# arm then receive lenvatinib, the later months may even differ in the other direction.
#
# :::{solution-end}
# :::
#
# ## Key takeaways
#
# - [{printed}`t2.accepted.r.n` of {printed}`patients.size.r` is {glue:text}`r_share` %](subsequent-share), not
#   {printed}`t2.accepted.r.pct` %, in both places that print it: repeating a percentage does not confirm it.
# - [The regimens add up](subsequent-sums), but [{glue:text}`neither` patients are listed nowhere](subsequent-neither),
#   and at least {glue:text}`neither_with` of them had progressed or died.
# - [Ask of every percentage “of whom?”](subsequent-of-whom) The share of an arm and the share of those who had
#   progressed are answers to different questions.
# - [Overall survival measures all that was given](subsequent-mixing): {glue:text}`crossed.lp` patients on LP later had
#   regorafenib, {glue:text}`crossed.r` on R lenvatinib.
#
# ## Strengths and limitations of the method
#
# *Strengths.* Sums and shares need no assumption. The least number of events, inferred from the printed intervals,
# turns “perhaps they had not progressed” into an arithmetic question. *Limitations.* Who had progressed is not printed,
# so shares among them are ranges. That each patient stands in one row is assumed; a patient with two later treatments
# would stand in two, and the sums show only that the counts allow one each. The simulation takes the time after
# progression as independent of the time before, which it seldom is.
#
# ## Further reading
#
# Why a gain before progression may not be seen in overall survival: {cite:t}`broglio2009`. What a report should say of
# everyone who entered: {cite:t}`vonelm2007`. Percentages and their denominators: {cite:t}`brown2017grim`.

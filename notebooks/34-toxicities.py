# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% [markdown]
# # Toxicities
#
# :::{admonition} In this chapter
# :class: note
# **You will** recompute the percentages of a table of {term}`adverse events <adverse event>`, hold a text against the
# table that it describes, and put limits around events that nobody had. **You will learn to** tell a zero from an empty
# cell, events from patients, and “more frequent” from “more frequent than chance makes it”. **You need** percentages
# and the word {term}`confidence interval`.
# :::
#
# :::{admonition} What this section of the paper says
# :class: note
# It says that nobody died of the treatment. With LP the most common adverse events were hypertension
# ({printed}`toxicities.hypertension.lp` %), hand-foot skin reaction ({printed}`toxicities.hfsr.lp` %) and
# proteinuria ({printed}`toxicities.proteinuria.lp` %); the leading severe one (grade 3 or higher) is said to have
# been hypertension ({printed}`toxicities.hypertension.ge3.lp` %). With regorafenib they were hand-foot skin
# reaction ({printed}`toxicities.hfsr.r` %), hyperbilirubinaemia ({printed}`toxicities.hyperbilirubinemia.r` %)
# and hypertension ({printed}`toxicities.hypertension.r` %); severe were mostly {term}`hand-foot skin reaction`
# ({printed}`toxicities.hfsr.ge3.r.n` patients) and raised AST ({printed}`toxicities.ast.ge3.r.n` patients). Table
# 4 lists {glue:text}`kinds` kinds of event by arm and grade.
# :::
#
# All percentages here are counts out of {printed}`patients.size.lp` and {printed}`patients.size.r` patients, and
# can be recomputed.

# %%
import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from scipy import stats

from secondlook.pages import figures
from secondlook.pages.look import percent, start

look = start()  # or start(alpha=0.01), say
table_4 = pd.read_csv(look.folder / "table-4.csv", index_col="row")
kinds = table_4["label"].str.rstrip(".")
n_lp, n_r = (look.count(f"patients.size.{a}") for a in ("lp", "r"))

# %% [markdown]
# ## Predict before you reveal
#
# Four rows of Table 4 for LP, of {printed}`patients.size.lp` patients, and one sentence of the text beside them:
#
# | LP | any grade | grade 3 or higher |
# |---|---:|---:|
# | hypertension | {printed}`t4.hypertension.any.lp.n` ({printed}`t4.hypertension.any.lp.pct` %) | {printed}`t4.hypertension.ge3.lp.n` |
# | hand-foot skin reaction | {printed}`t4.hfsr.any.lp.n` ({printed}`t4.hfsr.any.lp.pct` %) | {printed}`t4.hfsr.ge3.lp.n` ({printed}`t4.hfsr.ge3.lp.pct` %) |
# | proteinuria | {printed}`t4.proteinuria.any.lp.n` ({printed}`t4.proteinuria.any.lp.pct` %) | {printed}`t4.proteinuria.ge3.lp.n` ({printed}`t4.proteinuria.ge3.lp.pct` %) |
# | diarrhoea | {printed}`t4.diarrhea.any.lp.n` ({printed}`t4.diarrhea.any.lp.pct` %) | {printed}`t4.diarrhea.ge3.lp.n` ({printed}`t4.diarrhea.ge3.lp.pct` %) |
# | *in the text: the most typical severe event, hypertension* | | *{printed}`toxicities.hypertension.ge3.lp` %* |
#
# What is odd? From which cell may the number of the text have come? And the severe hypertension that the table does
# *not* have: none among {printed}`patients.size.lp` patients. How large may the true share be, if such a study is to
# see none at least once in twenty times? Guess before you look.

# %% tags=["remove-input"]
from secondlook.pages import practice

practice.ask("toxicities.before", size=look.count("patients.size.lp"))

# %% [markdown]
# :::{admonition} Open the answer
# :class: dropdown
# The text gives to hypertension the share that the table gives to the hand-foot skin reaction; for hypertension the
# table has none. One of the two is off, and nothing printed decides which. As to the guess: with a true share of
# {glue:text}`zero_high` % none would still be seen among {printed}`patients.size.lp` in one study of twenty. None
# seen is far from never.
# :::

# %% [markdown]
# (toxicities-wrong)=
# ## What does not hold

# %% tags=["remove-input"]
look.cards(look.wrong("toxicities"))

# %% [markdown]
# (toxicities-hypertension)=
# ### Severe hypertension with LP
#
# The text makes hypertension the leading severe event, with {printed}`toxicities.hypertension.ge3.lp` %. Table 4 has
# {printed}`t4.hypertension.ge3.lp.n` severe cases among the {printed}`t4.hypertension.any.lp.n` patients with
# hypertension. In that column of the table, {printed}`t4.hfsr.ge3.lp.pct` % belongs to the hand-foot skin reaction
# ({printed}`t4.hfsr.ge3.lp.n` patients), which is also the event with the most severe cases. So the number may be
# right and the name beside it wrong; or the name is meant and the table's cell is wrong.
#
# *Why it matters.* Hypertension is a known effect of drugs of this kind, and a reader who wants to know how often it
# became severe finds two answers. *What it does not show.* Which of the two is true: only the records can tell.
#
# (toxicities-hfsr)=
# ### Hand-foot skin reaction with regorafenib
#
# The last digit of the text's percentage differs from Table 4 and from the count, as when a number is retyped. Nothing else
# depends on it, and the order of the events stays the same.
#
# (toxicities-empty)=
# ## Questions: empty cells
#
# For grade 3 or higher {glue:text}`blanks` cells are empty, where {glue:text}`zeros` others print 0. Most likely 0 was
# meant. As it stands, "none" and "not recorded" cannot be told apart; one of the cells is that of severe hypertension
# with regorafenib, so the number that a reader would set beside the one above is missing.

# %% tags=["remove-input"]
look.queries("toxicities")

# %% [markdown]
# (toxicities-drawn)=
# ## The table, drawn

# %% tags=["hide-input"] mystnb={"image": {"alt": "Two panels of dots, one row per kind of adverse event, a circle for LP and a square for R joined by a line. Left, any grade: hypertension stands out with LP, and hand-foot skin reaction, hyperbilirubinaemia, raised AST and anaemia are more frequent with R. Right, grade 3 or higher: few events, and hand-foot skin reaction is the most frequent in both arms; empty cells of the table are marked as such. Both panels have the same scale."}, "figure": {"name": "fig-adverse-events", "caption": "Adverse events by arm, in per cent of the arm, recomputed from the counts of Table 4 and ordered by frequency with LP; both panels have the same scale. A square in a ring: the same in both arms. Empty: no count is printed."}}
shares = {
    (grade, arm): 100 * table_4[f"{grade}_{arm}_n"] / size
    for grade in ("any", "ge3")
    for arm, size in (("lp", n_lp), ("r", n_r))
}  # an empty cell stays empty
shares = pd.DataFrame(shares).sort_values(("any", "lp"), ascending=False, kind="stable")
places = range(len(shares))[::-1]
# Both panels have the same scale: each is as wide as it has percentages, the second with room for its words.
limits = {grade: (-2.2, shares[grade].max().max() + room) for grade, room in (("any", 3), ("ge3", 8))}
widths = [high - low for low, high in limits.values()]
fig, panels = plt.subplots(1, 2, figsize=(5.25, 6.4), sharey=True, width_ratios=widths)
for ax, grade, title in zip(panels, limits, ["any grade", "grade ≥3"], strict=True):
    pairs = shares[grade].to_numpy()
    figures.paired_dots(ax, kinds[shares.index].tolist(), pairs, ("LP", "R"))
    for (first, second), y in zip(pairs, places, strict=True):
        if first == second:  # the square would hide the circle
            ring = {"facecolor": "none", "edgecolor": figures.BLUE, "linewidth": 1.6}
            ax.scatter(first, y, s=130, clip_on=False, zorder=3, **ring)
        missing = [arm for arm, value in (("LP", first), ("R", second)) if np.isnan(value)]
        if missing:
            words = f"{missing[0]}: empty" if len(missing) == 1 else "both empty"
            ax.text(2.6, y, words, va="center", fontsize=9.5, color=figures.GREY)
    ax.set_title(title, fontsize=11)
    ax.set_xlabel("% of the arm")
    ax.set(xlim=limits[grade], xticks=range(0, int(limits[grade][1]) + 1, 10))
panels[1].tick_params(labelleft=False)
handles, names = panels[0].get_legend_handles_labels()
_ = fig.legend(handles, names, loc="outside upper center", ncols=2, frameon=False)

# %% [markdown]
# (toxicities-severe)=
# ## Severe events by hand
#
# The counts of grade 3 or higher, for every kind of event that has any; an empty cell counts as nothing here. The
# last column is the share of both arms together.

# %%
severe = table_4[["ge3_lp_n", "ge3_r_n"]].fillna(0).astype(int)
severe.index, severe.columns = kinds.tolist(), ["LP", "R"]
severe = severe[severe.sum(axis="columns") > 0]
severe["both arms"] = severe["LP"] + severe["R"]
severe["%"] = 100 * severe["both arms"] / (n_lp + n_r)
severe.sort_values("both arms", ascending=False, kind="stable").round(1)

# %% tags=["remove-cell"]
look.tell(severe_lp=severe["LP"].sum(), severe_r=severe["R"].sum())
for name in ("hfsr", "ast"):
    look.tell(**{f"{name}_both": percent(severe.loc[kinds[name], "both arms"], n_lp + n_r)})
grave = table_4[["ge3_lp_n", "ge3_r_n"]]
look.tell(kinds=len(kinds), blanks=grave.isna().sum().sum(), zeros=(grave == 0).sum().sum())
look.tell(more_with_r=(shares["any", "r"] > shares["any", "lp"]).sum(), level=f"{100 * look.alpha:g}")
look.tell(zero_high=f"{100 * (1 - 0.05 ** (1 / n_lp)):.1f}")

# %% [markdown]
# That makes {glue:text}`severe_lp` severe events with LP and {glue:text}`severe_r` with regorafenib. They are events
# and not patients: one patient may have had several, so they do not add up to a share of patients.
#
# The shares over both arms are worth keeping in mind. The discussion prints {printed}`discussion.hfsr.ge3` % for
# severe hand-foot skin reaction and {printed}`discussion.ast.ge3` % for severely raised {term}`AST`, where these
# counts give {glue:text}`hfsr_both` % and {glue:text}`ast_both` % (<a href="12-suggested-corrections.html#discussion-hfsr-ge3">the matter</a>).
#
# (toxicities-more)=
# ### More frequent with whom?
#
# The discussion also says that every adverse event was more frequent with LP. Of the
# {glue:text}`kinds` kinds in Table 4, {glue:text}`more_with_r` are more frequent with regorafenib (at any grade). That claim is
# <a href="12-suggested-corrections.html#discussion-ae-all-higher">a matter</a> of its own.
#
# What the section says in words and what holds: the three most common events of each arm are those of Table 4, and so
# are the two most common severe ones with regorafenib; every severe count is within its count of any grade; and no
# event that the table itself puts down to checkpoint inhibitors is counted with regorafenib. That nobody died of the
# treatment cannot be told from what is printed ([](84-not-checked)).
#
# ## Every number of this section

# %% tags=["remove-input"]
look.numbers("toxicities")

# %% [markdown]
# ## Practice

# %% tags=["remove-input"]
practice.ask("toxicities.after")

# %% [markdown]
# ## Exercises
#
# :::{exercise} None of so many
# :label: toxicities-none
#
# *Level 1 of 3 · 15 minutes · calculator*
#
# Nobody of {printed}`patients.size.r` on regorafenib had severe fatigue. If the true share is $q$, none is seen with
# the chance $(1-q)^n$. For which $q$ is that 5 %? Compare with the {term}`rule of three`, $3/n$, and with Wilson's
# interval. Do the same for LP.
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# $(1-q)^n = 0.05$: take the n-th root. Wilson's interval stands in the first exercise of [](50-could-have-detected); with p = 0 it becomes
# short.
# :::

# %% [markdown]
# :::{solution-start} toxicities-none
# :class: dropdown
# :::

# %%
missed = 0.05  # the chance with which none is still seen
limits = {}
for arm, whole in {"LP": n_lp, "R": n_r}.items():
    none = stats.binomtest(0, whole)
    limits[f"{arm}, 0 of {whole}"] = {
        "exact": 1 - missed ** (1 / whole),
        "rule of three": 3 / whole,
        "Wilson": none.proportion_ci(method="wilson").high,
    }
(100 * pd.DataFrame(limits).T).round(1).add_suffix(", %")

# %% [markdown]
# Wilson's limit is a little higher because it divides the 5 % between both sides; the others leave all on one. The rule
# of three needs no computer: none of $n$ is compatible with up to $3/n$ {cite}`hanley1983`.
#
# :::{solution-end}
# :::
#
# :::{exercise} One event more
# :label: toxicities-one-more
#
# *Level 2 of 3 · 25 minutes · calculator for the hybrid interval; Python for the score interval*
#
# Hyperbilirubinaemia was the event whose shares differ most in favour of LP. Give the difference of the shares with its
# score interval, and the p value by Fisher's test. By how many patients would the count with LP have to be smaller for
# the interval to exclude no difference?
#
# The formula of the hybrid interval stands in the first exercise of [](50-could-have-detected), and comes near. The score interval
# {cite}`miettinen1985` holds every difference that its test does not reject; its ends have to be searched for, which
# the package does (`intervals.difference`).
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# Lower the count with LP one by one, and watch the end of the interval that lies next to nought.
# :::

# %% [markdown]
# :::{solution-start} toxicities-one-more
# :class: dropdown
# :::

# %%
from secondlook.stats import intervals

event = "hyperbilirubinemia"  # or another row of table_4
few, many = table_4.loc[event, ["any_lp_n", "any_r_n"]]
for seen in range(few, -1, -1):
    points = 100 * (seen / n_lp - many / n_r)
    ends = intervals.difference((seen, n_lp), (many, n_r))
    low, high = (100 * end for end in ends)
    table = [[seen, n_lp - seen], [many, n_r - many]]
    p = stats.fisher_exact(table).pvalue
    print(f"{seen} with LP: {points:.1f} points", end=" ")
    print(f"({low:.1f} to {high:.1f}), p = {p:.3f}")
    if high < 0:
        break

# %% tags=["remove-cell", "guard"]
apart = shares["any", "lp"] - shares["any", "r"]
assert apart.idxmin() == event, (
    f"“hyperbilirubinaemia differs most in favour of LP”: {apart[event]:.1f} points, {apart.idxmin()} {apart.min():.1f}"
)

# %% [markdown]
# One patient fewer would do. The score interval and Fisher's test need not cross their limits at the same count: the one
# keeps its promise on average, the other always. Where a single patient decides, say so and let the interval speak.
#
# :::{solution-end}
# :::
#
# :::{exercise} Many comparisons and chance
# :label: toxicities-sixteen
#
# *Level 3 of 3 · 30 minutes · Python or R*
#
# Suppose that both treatments cause each of the {glue:text}`kinds` kinds of event equally often: in each row as often
# as in all patients together. Simulate studies of these arms. In what share of them is *every* event more frequent with
# LP, as the discussion says? In how many rows is LP ahead, on average and in the paper? In what share of studies does
# some row have p below {glue:text}`level` % by Fisher's test?
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# In each row give each arm a binomial count with the pooled share, and compare the shares of the arms, not the
# counts.
# :::

# %% [markdown]
# :::{solution-start} toxicities-sixteen
# :class: dropdown
# :::

# %%
level, studies = look.alpha, 4000  # change them

rng = np.random.default_rng(7)
counts = table_4[["any_lp_n", "any_r_n"]].to_numpy()
rate = counts.sum(axis=1) / (n_lp + n_r)
lp = rng.binomial(n_lp, rate, (studies, len(rate)))
r = rng.binomial(n_r, rate, (studies, len(rate)))
more = lp / n_lp > r / n_r
paper = counts[:, 0] / n_lp > counts[:, 1] / n_r


def rows_ahead(kept, name):
    """Tell how often LP is ahead in these rows."""
    ahead, here = more[:, kept].sum(axis=1), paper[kept].sum()
    so_many = 100 * np.mean(ahead >= here)
    every = 100 * np.mean(ahead == kept.sum())
    print(f"{name} ({kept.sum()}): LP ahead")
    print(f"   in {ahead.mean():.1f} on average, in the paper in {here};")
    print(f"   in so many or more in {so_many:.1f} % of studies,")
    print(f"   in every one in {every:.2f} %")


icis = kinds.index.isin(["hepatitis", "pneumonia"])
rows_ahead(icis | True, "all rows")
rows_ahead(~icis, "without those of checkpoint inhibitors")

# %%
from functools import cache


@cache
def fisher(a, b):
    """Return Fisher's p for a patients on LP and b on R."""
    return stats.fisher_exact([[a, n_lp - a], [b, n_r - b]]).pvalue


first = zip(lp[:1000].tolist(), r[:1000].tolist(), strict=True)
least = [min(map(fisher, *study)) for study in first]
some = 100 * np.mean(np.array(least) < level)
print(f"some row with p < {level:g}: {some:.0f} % of studies")
lowest = min(map(fisher, *counts.T.tolist()))
print(f"the smallest p of the paper's table: {lowest:.3f}")

# %% [markdown]
# The rows were simulated as if independent of each other, which the events of one patient are not; so take the shares
# as rough. Events that only checkpoint inhibitors cause cannot be more frequent with regorafenib: leave their rows out,
# and a lead in so many rows is not so rare. “Most” would have been a fair word for it; “all” is not true.
#
# :::{solution-end}
# :::
#
# ## Key takeaways
#
# - [A text describes a table](toxicities-hypertension): find the cell that each of its numbers came from. The
#   {printed}`toxicities.hypertension.ge3.lp` % that the text gives to severe hypertension stands in the table beside
#   another event.
# - [An empty cell is not a zero](toxicities-empty). “None” and “not recorded” are different facts, and
#   {glue:text}`blanks` cells leave open which.
# - [Severe events are not patients](toxicities-severe): {glue:text}`severe_lp` events with LP and {glue:text}`severe_r`
#   with regorafenib are known, the numbers of patients who had one are not.
# - [“More frequent” is a statement about two shares](toxicities-more): {glue:text}`more_with_r` of the
#   {glue:text}`kinds` kinds are more frequent with regorafenib. With few patients most such differences are compatible
#   with chance; [draw them side by side](toxicities-drawn) before you put them into words.
#
# ## Strengths and limitations of the method
#
# *Strengths.* A table of adverse events is all counts, so each percentage of it and of the text can be recomputed, and
# each zero has an upper limit. *Limitations.* How events were looked for is not printed, nor for how long each patient
# was treated: an arm that is treated longer has more time to have them. One patient may stand in several rows. Rows are
# chosen by the authors, as a rule after seeing them; events too rare to be listed can be the ones that matter. And
# whether the treatment *caused* an event, no count can say.
#
# ## Further reading
#
# None of $n$: {cite:t}`hanley1983`. Intervals for a proportion: {cite:t}`wilson1927`, {cite:t}`newcombe1998single`; for
# a difference: {cite:t}`newcombe1998difference`. What a report of harms should hold: {cite:t}`ioannidis2004`. The
# grades: {cite:t}`ctcae5`.

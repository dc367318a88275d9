# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% [markdown]
# # How good is this audit?
#
# :::{admonition} In this chapter
# :class: note
# **You will** judge two rows of which one is wrong, let the audit and its rivals loose on rows of which the truth is known,
# and count what each flags and misses. **You will learn to** measure a method of checking as one measures a diagnostic test,
# by its false alarms and by what it finds, to mistrust a rule that compares points, and to read a suggested repair with its
# chance. **You need** {term}`Wald interval`, {term}`rounding interval` and [](10-how-to-read).
# :::

# %%
import json
import math
import tomllib
from fractions import Fraction
from pathlib import PurePosixPath

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from scipy.special import ndtri

from secondlook.checks.association import associations
from secondlook.numbers import slips as edits
from secondlook.numbers.in_words import listed
from secondlook.numbers.printed import show
from secondlook.pages import figures
from secondlook.pages.look import printout, start
from secondlook.stats import contingency, repairs
from secondlook.stats.intervals import wilson
from secondlook.trials import planted_rows as planted

look = start()
TRIALS = look.root / "data" / "simulated"  # what trials found when they were last run


# %% tags=["hide-input"]
def trial(name):
    """Return what a trial found."""
    return json.loads((TRIALS / f"{name}.json").read_text(encoding="utf-8"))


whole, fuzz, faults, mutants, stored, others = map(
    trial, ("whole-papers", "fuzz", "faults", "mutants", "detection", "readings")
)
chances = pd.DataFrame(json.loads(repairs.CHANCES.read_text(encoding="utf-8"))["chances"])


def flat(entries):
    """Return entries as a data frame, the flags of each judge in a column of its own."""
    return pd.DataFrame([{**{k: v for k, v in e.items() if k != "flagged"}, **e["flagged"]} for e in entries])


true_rows, real, detected = (flat(stored[key]) for key in ("false_flags", "real_tables", "detections"))
OURS, JUDGES = "box", stored["judges"]
# One name for each rule, in the figure on two lines.
SHORT = {"box": "this audit: the box", "exact mean": "geometric mean\nprints HR", "mean within a unit": "geometric mean\nwithin one unit",
         "factor 1.5": "geometric mean\nwithin a factor 1.5", "point p": "p from HR and\nlimits as if exact", "order": "HR between\nits limits"}  # fmt: skip
SHORT = {name: SHORT.get(name, said) for name, said in JUDGES.items()}
RULES = {name: said.replace("\n", " ") for name, said in SHORT.items()}


def rate(part, of):
    """Return a share in per cent; a share that is nearly, not quite, all or nothing is not shown as such."""
    text = f"{100 * part / of:.1f}" if of else ""
    return {"0.0": "0" if not part else "<0.1", "100.0": "100" if part == of else ">99.9"}.get(text, text)


def share(part, of):
    """Return a share in per cent, with one decimal, cut and not rounded: nothing is shown as better than it is."""
    return f"{show(Fraction(100 * part, of), 1, 'truncated')} %"


# %% [markdown]
# ## Predict before you reveal
#
# Two rows, as a table would print them. One is true: it was printed from an estimate and a standard error. In the other, one
# digit has been changed.
#
# | row | hazard ratio | 95% CI | p |
# |---|---:|---:|---:|
# | A | {glue:text}`wrong.hr` | {glue:text}`row.lower` to {glue:text}`row.upper` | {glue:text}`row.p` |
# | B | {glue:text}`row.hr` | {glue:text}`row.lower` to {glue:text}`row.upper` | {glue:text}`row.p` |
#
# A hazard ratio should be the {term}`geometric mean` of its limits. Take a calculator: of which row is that so, to the last
# digit? Which row do you believe? And of a thousand *true* rows, how many would your rule have flagged?

# %% tags=["remove-input"]
from secondlook.pages import practice

practice.ask("how-good.before")

# %% [markdown]
# :::{admonition} Open the answer
# :class: dropdown
# The geometric mean of the printed limits is {glue:text}`row.mean`, which prints neither ratio. So the rule flags both rows,
# though row B is true: its limits were rounded, and their mean is not the mean of the unrounded ones. Of a thousand true rows
# with three decimals this rule flags about {glue:text}`mean_flags`. What tells the two apart is whether *any* estimate and
# standard error print all four numbers: for B there is one, for A there is none.
# :::
#
# (good-short)=
# ## What it comes to
#
# An audit can fail in two ways: it can flag what is right, and miss what is wrong. Both can be measured, by letting it
# loose on numbers of which the truth is known. Here that is done for the rows of Cox models, where everything depends on
# rounding, and beside it for the simple rules with which such rows are often judged.
#
# - **False flags.** Of {glue:text}`n_others` right rows that others printed, in published tables and in the manuals of
#   programs, the audit accused {glue:text}`others_now`; before it knew of other methods than Wald's it accused
#   {glue:text}`others_before` ([Rows that others made](good-others)). Of {glue:text}`n_true` rows drawn from Wald's model
#   {glue:text}`n_false` were flagged, and of {glue:text}`n_real` that R and lifelines print by it for real data sets,
#   {glue:text}`n_real_false`. These last two could not be anything but zero: the model that made the rows judges them. They
#   show that the arithmetic is right, and nothing else.
# - **Detection.** Of {glue:text}`n_planted` planted errors {glue:text}`found_share` % were flagged. With every kind of error
#   counted alike it is {glue:text}`found_2` % where ratios have two decimals and {glue:text}`found_3` % where they have
#   three.
# - **Repairs.** For {glue:text}`singled_share` % of the rows that were flagged, the search singled out one repair; in
#   {glue:text}`right_share` % of these it was the true row.
# - **Whole papers.** {glue:text}`n_papers` simulated papers, all of their numbers true, raised {glue:text}`n_flags` flags,
#   each of them only a “{glue:text}`kinds_of_flags`”.
#
# Everything is made by `python -m secondlook.trials.planted_rows` with the seed {glue:text}`seed`, the rows of others by
# `python -m secondlook.trials.other_makings`, and stored.

# %% [markdown]
# (good-hand)=
# ## One row by hand
#
# A true row is drawn as a log hazard ratio *b* and its standard error *s*, and printed as a table would print it. Here is
# the first row of a random series that one of the simple rules flags although it is true:

# %%
rng = np.random.default_rng(20)
while True:
    b, s = rng.normal(0, 0.6), rng.uniform(0.2, 0.6)
    row = planted.printed_row(b, s, places=3)
    if planted.by_exact_mean(row):
        break

print(f"b = {b:.4f}, s = {s:.4f}")
print("HR {}, 95% CI {} to {}, p {}".format(*row))
print(f"geometric mean of the printed limits: {np.sqrt(float(row[1]) * float(row[2])):.5f}")

# %% [markdown]
# And the same row with one digit of its hazard ratio changed. What does each judge say of the two?

# %%
digit = str((int(row[0][-2]) + 3) % 10)
wrong = (row[0][:-2] + digit + row[0][-1], *row[1:])
pd.DataFrame(
    {
        RULES[name]: {
            f"true: HR {row[0]}": judge(row),
            f"changed: HR {wrong[0]}": judge(wrong),
        }
        for name, (_, judge) in planted.JUDGES.items()
    }
).T.replace({True: "flagged", False: "–"})

# %% tags=["remove-cell"]
look.tell(
    **{f"row.{name}": text for name, text in zip(("hr", "lower", "upper", "p"), row, strict=True)},
    **{"wrong.hr": wrong[0], "row.mean": f"{np.sqrt(float(row[1]) * float(row[2])):.5f}"},
)  # fmt: skip

# %% [markdown]
# The audit asks whether *any* *b* and *s* print all four numbers: whether the *box* that the four {term}`rounding intervals
# <rounding interval>` leave them is empty. That true row has such a pair, by construction. A rule
# that compares points asks whether rounded numbers fulfil an equation to the last digit, which true ones often do not.

# %% [markdown]
# (good-false)=
# ## True rows: who is flagged?
#
# Per cent flagged, by how many decimals the ratio with its limits (HR) and p have:

# %%
pd.DataFrame(
    {
        f"HR\u00a0{row['places']}, p\u00a0{row['p_places']}": [rate(row[name], row["rows"]) for name in JUDGES]
        for _, row in true_rows.iterrows()
    },
    index=RULES.values(),
)

# %% [markdown]
# Rows of real data, as the package survival of R and lifelines print them with two decimals and with three
# ({glue:text}`n_sets` data sets: {glue:text}`sets`). How many each rule flags:

# %%
programs = [f"{source}, {places}" for source, places in zip(real["source"], real["places"], strict=True)]
real[["rows", *JUDGES]].set_axis(programs).T.rename(index={"rows": "(rows in all)", **RULES})

# %% [markdown]
# (good-others)=
# ## Rows that others made
#
# Not every program prints a {term}`Wald interval` with the p value of Wald's test. R's logistic regression prints the limits of
# the profile likelihood, JMP the p of the likelihood-ratio test as well, a table of univariable models often the log-rank p; some
# authors cut digits off where others round. Such numbers are right, and one log ratio with its standard error does not print
# them. So the audit reads a *table* before it judges a row: it weighs which method explains all of its rows, and how far each
# method can lie from Wald's follows from the likelihood of two groups. Where a row may be right under a method that the rest of
# the table does not rule out, it is not accused.
#
# First, rows that others printed. The published tables are those of {glue:text}`n_tables` articles, the others what R, Stata
# and SAS print in manuals and answers; `data/trials/rows.csv` names each source. The audit was not told how a row was made.
# *Wald alone* is what it said before it knew of other methods:

# %%
ACCUSED = ("inconsistent", "decision")


def rates(entries, by):
    """Return how many rows of each kind there are and how many are accused, by Wald's model alone and now."""
    rows = pd.DataFrame(entries)
    rows["now"] = [sum(after.get(verdict, 0) for verdict in ACCUSED) for after in rows["after"]]
    sums = rows.groupby(by, sort=False)[["rows", "before", "now"]].sum()
    limits = [wilson(int(now), int(n)) for now, n in zip(sums["now"], sums["rows"], strict=True)]
    sums["95% Wilson CI of now, %"] = [f"{100 * low:.1f} to {100 * high:.1f}" for low, high in limits]
    return sums.rename(columns={"before": "accused by Wald alone", "now": "accused now"})


printed_by_others = rates(others["others"], "name")
printed_by_others.rename_axis("rows")

# %% [markdown]
# Rows *proved wrong* are those with a ratio outside its limits, a p above 1 or the like. Second, rows that R made: it fitted
# models to simulated patients and printed each table in {glue:text}`n_ways` ways, all of them right. Again the audit was not
# told which.

# %%
made = rates(others["makings"], "way")
made.rename_axis("how the table was made")

# %% [markdown]
# Fewer events leave the methods farther apart, so that more depends on knowing of them:

# %%
by_events = [entry for entry in others["makings"] if entry["way"] != "Wald"]
rates(by_events, ["model", "events"])

# %% [markdown]
# Does it still see anything? In tables of R that Wald's method printed one leading digit was changed, so that the number changed
# by 8 % or more, and the audit was not told the method. What it said of the changed row:

# %%
slips = pd.DataFrame(others["slips"])
slips["accused now"] = [sum(after.get(verdict, 0) for verdict in ACCUSED) for after in slips["after"]]
slips[["model", "places", "rows", "before", "accused now", "flagged beside"]].rename(
    columns={"places": "decimals", "before": "accused by Wald alone", "flagged beside": "other rows accused"}
)

# %% [markdown]
# Third, errors that were really printed: corrections that journals published, and slips of a public list, which were found
# because they show. *Shown by* says what in the paper could have shown the error at all; *seen* counts rows that the audit
# questions when it has only that row.

# %%
errata = pd.DataFrame(others["errata"]).set_index(["of", "shown by"])
errata

# %% [markdown]
# Of {glue:text}`n_errata` corrected values, {glue:text}`n_hidden` cannot be found by anything that is printed: they were
# recalculated, and what was wrong agreed with itself. No check of this kind can see them, however good it is.

# %% tags=["remove-cell"]
right = rates([entry for entry in others["others"] if entry["known"] == "right"], "known")
hidden_errata = errata.loc["corrections"]
look.tell(
    n_others=right["rows"].sum(), others_now=right["accused now"].sum(), others_before=right["accused by Wald alone"].sum(),
    n_tables=others["published tables"], n_ways=len(made), n_errata=hidden_errata["errata"].sum(),
    n_hidden=hidden_errata.loc["nothing that is printed", "errata"],
)  # fmt: skip

# %% tags=["remove-cell", "guard"]
assert right["accused now"].sum() <= right["rows"].sum() / 100, "“is not accused”: right rows of others are accused"
assert made["accused now"].sum() <= made["rows"].sum() / 100, "“all of them right”: tables that R made are accused"

# %% [markdown]
# ## Whole papers
#
# A reader meets the audit as a whole, not row by row. So whole papers of this paper's shape were simulated as well (from no records), from
# patients, all of their numbers true, and audited.
# {glue:text}`n_papers` papers with {glue:text}`n_values` values and {glue:text}`n_checks` checks: {glue:text}`n_flags` flags, in
# {glue:text}`n_flagged` of the papers. By family of checks:

# %% tags=["hide-output"]
pd.DataFrame(whole["by_family"]).set_index("family").rename(columns={"papers_flagged": "papers with one"})

# %% [markdown]
# Every flag:

# %% tags=["hide-output"]
pd.DataFrame(whole["flagged"]).set_index("check")[["paper", "note"]].style

# %% tags=["remove-cell"]
look.tell(
    n_papers=whole["papers"], n_flags=whole["flags"], kinds_of_flags=listed(sorted({f["verdict"] for f in whole["flagged"]})),
    n_values=f"{whole['values']:,}", n_checks=f"{whole['checks']:,}", n_flagged=whole["papers_flagged"],
)  # fmt: skip

# %% [markdown]
# What cannot be simulated is left out there: claims in words, quotations of other studies, definitions and schedules.

# %% [markdown]
# (good-found)=
# ## Planted errors: who finds them?
#
# Into true rows, one error each was planted: a digit changed at every place of every number, two entries exchanged, a
# digit lost, a point moved, an exchange with the row beside, and so on; {glue:text}`n_kinds` kinds, {glue:text}`per_kind`
# rows for each place. All rules judged the same rows.

# %%
by_kind = detected.groupby(["places", "kind"], sort=False)[[*JUDGES, "rows"]].sum()
by_kind = by_kind[list(JUDGES)].div(by_kind["rows"], axis=0)
overall = by_kind.groupby("places").mean()
overall.mul(100).round(1).T.rename(index=RULES)

# %% tags=["hide-input"] mystnb={"image": {"alt": "Two panels by rule. Left, true rows flagged: none for this audit and for the coarser rules, nearly a third for the exact geometric mean, a third to three quarters for the point p. Right, planted errors detected: nearly all by this audit; by the rules that raise few false flags, well below."}, "figure": {"name": "fig-rules", "caption": "False flags among true rows (left) and planted errors detected (right, every kind counted alike), by rule, for ratios with two and with three decimals and p with three."}}
false = true_rows[true_rows["p_places"] == 3].set_index("places").loc[[2, 3]]
noise = false[list(JUDGES)].div(false["rows"], axis=0)
fig, axes = plt.subplots(1, 2, figsize=(5.25, 3.9), sharey=True)
for ax, (said, by_rule) in zip(
    axes, {"true rows flagged, %": noise, "errors detected, %": overall}.items(), strict=True
):
    drawn = (100 * by_rule).rename(index="{} decimals".format, columns=SHORT).melt(ignore_index=False, var_name="rule")
    sns.pointplot(drawn, x="value", y="rule", hue=drawn.index, dodge=0.26, linestyle="none", markers=["o", "s"],
                  palette=[figures.BLUE, figures.ORANGE], markersize=6.5, legend=ax is axes[0], ax=ax)  # fmt: skip
    ax.set(xlim=(-3, 103), ylabel="")
    ax.set_xlabel(said, fontsize=10)
    ax.tick_params(labelsize=9.5)
marks = axes[0].get_legend_handles_labels()
axes[0].get_legend().remove()
_ = fig.legend(*marks, loc="outside upper center", ncols=2, frameon=False, fontsize=10)

# %% [markdown]
# :::{margin}
# A judge that never flags has no false alarms, and one that flags everything misses nothing. Neither half of the figure means anything
# without the other.
# :::
#
# The rules {glue:text}`loud` find much, but they flag {glue:text}`least_noise` to {glue:text}`most_noise` % of the true rows as
# well: a flag of theirs means little. Of the rules that leave true rows alone the best is “{glue:text}`best`”, with
# {glue:text}`best_2` % and {glue:text}`best_3` % of the errors. It cannot see p: of digits changed there it finds
# {glue:text}`best_p` %, this audit {glue:text}`our_p` %.
#
# By kind, with the places of each kind together; in each cell the per cent detected where ratios have two decimals, and where
# they have three:

# %%
percent = by_kind.mul(100).map("{:.0f}".format).rename(columns=RULES)
percent.groupby("kind", sort=False).agg("; ".join)

# %% [markdown]
# (good-places)=
# ## Place by place, and what the repair is worth
#
# A changed digit is the more visible the further left it stands. The last digit of a number may leave the row possible:
# then there is nothing to be seen. Least visible are those last digits that say more than the other numbers do, for one
# of them can take several values beside the rest: the upper limit's, since the same unit is a smaller step on the
# logarithmic scale the larger the number is, and that of a p with more decimals than the ratios. The faintest places:

# %%
detected["seen, %"] = 100 * detected[OURS] / detected["rows"]
faintest = detected.loc[
    detected.groupby("places", sort=False)["seen, %"].idxmin(), ["places", "kind", "detail", "seen, %"]
]
faintest.set_index("places").round(1)

# %% tags=["hide-input"] mystnb={"image": {"alt": "For every kind and place of planted error, ratios with three decimals, the share detected, the share for which the true row was singled out, and the share for which a wrong row was. Leading digits and exchanges are all detected and nearly all mended rightly; last digits are often detected and seldom mended. Wrong repairs are few, and stand with errors of two slips."}, "figure": {"name": "fig-places", "caption": "Planted errors in rows with three decimals, by kind and place: detected (rings), and the repair that was singled out, right (squares) or wrong (crosses), in per cent of those planted."}}
shown = detected[detected["places"] == 3].reset_index(drop=True)
fig, ax = plt.subplots(figsize=(5.25, 0.262 * len(shown) + 1.2))
ys = np.arange(len(shown))[::-1]
shares = {name: 100 * shown[name] / shown["rows"] for name in (OURS, "unique_true", "unique")}
false_repair = shares["unique"] - shares["unique_true"]
ax.scatter(shares[OURS], ys, s=70, facecolor="none", edgecolor=figures.INK, linewidth=1.4, label="detected", zorder=3)
ax.scatter(shares["unique_true"], ys, marker="s", s=26, color=figures.BLUE, label="mended rightly", zorder=3)
some = false_repair > 0
ax.scatter(false_repair[some], ys[some], marker="X", s=46, color=figures.ORANGE, label="mended wrongly", zorder=4)
short = {"one digit substituted": "digit", "two entries exchanged": "exchanged"}
labels = [
    f"{short[kind]}: {detail}" if kind in short else kind
    for kind, detail in zip(shown["kind"], shown["detail"], strict=True)
]
ax.set_yticks(ys, labels, fontsize=9)
ax.tick_params(axis="x", labelsize=9.5)
ax.set_xlabel("per cent of those planted", fontsize=10)
ax.set(xlim=(-3, 103), ylim=(-0.8, len(shown) - 0.2))
_ = fig.legend(loc="outside upper center", ncols=3, frameon=False, fontsize=9.5, handletextpad=0.2, columnspacing=1)

# %% [markdown]
# The search never sees the truth; it looks for the smallest slips that make the row possible and names a repair only when
# there is exactly one. In numbers, over both kinds of rows:

# %%
columns = ["rows", OURS, "unique", "unique_true", "range", "several", "rival", "none"]
kinds = detected.groupby("kind", sort=False)[columns].sum()
pd.DataFrame(
    {
        "detected": [rate(*pair) for pair in zip(kinds[OURS], kinds["rows"], strict=True)],
        "one repair": [rate(*pair) for pair in zip(kinds["unique"], kinds[OURS], strict=True)],
        "of these true": [rate(*pair) for pair in zip(kinds["unique_true"], kinds["unique"], strict=True)],
        **{
            said: [rate(*pair) for pair in zip(kinds[name], kinds[OURS], strict=True)]
            for name, said in (
                ("range", "last digits only"),
                ("several", "several"),
                ("rival", "a rival"),
                ("none", "none"),
            )
        },
    },
    index=kinds.index,
)

# %% tags=["remove-cell"]
quiet = [name for name in JUDGES if name != OURS and (noise[name] < 0.01).all()]
loud = [name for name in JUDGES if name not in (OURS, *quiet)]
best = overall[quiet].mean().idxmax()
p_kind = detected[detected["cells"].map(lambda cells: cells == ["p"])]
n_true, n_real, n_planted = true_rows["rows"].sum(), real["rows"].sum(), detected["rows"].sum()
found, singled = detected[OURS].sum(), detected["unique"].sum()
seldom = (kinds["unique"] / kinds[OURS]).idxmin()
doubtful = [f"“{kind}” ({rate(row['unique_true'], row['unique'])} % are true)" for kind, row in kinds.iterrows()
            if row["unique_true"] < row["unique"]]  # fmt: skip
sets = sorted({name for names in real["datasets"] for name in names})
look.tell(
    mean_flags=f"{1000 * noise.loc[3, 'exact mean']:.0f}", seed=stored["seed"],
    n_true=f"{n_true:,}", n_false=true_rows[OURS].sum(),
    n_real=n_real, n_real_false=real[OURS].sum(), n_sets=len(sets), sets=", ".join(sets), n_planted=f"{n_planted:,}",
    n_kinds=len(kinds), per_kind=detected["rows"].iloc[0], found_share=rate(found, n_planted),
    found_2=f"{100 * overall.loc[2, OURS]:.1f}", found_3=f"{100 * overall.loc[3, OURS]:.1f}",
    singled_share=rate(singled, found), right_share=rate(detected["unique_true"].sum(), singled),
    loud=listed(f"“{RULES[name]}”" for name in loud), least_noise=f"{100 * noise[loud].min(axis=None):.0f}",
    most_noise=f"{100 * noise[loud].max(axis=None):.0f}", best=RULES[best], best_2=f"{100 * overall.loc[2, best]:.0f}",
    best_3=f"{100 * overall.loc[3, best]:.0f}", best_p=rate(p_kind[best].sum(), p_kind["rows"].sum()),
    our_p=rate(p_kind[OURS].sum(), p_kind["rows"].sum()), seldom=seldom,
    seldom_share=rate(kinds.loc[seldom, "unique"], kinds.loc[seldom, OURS]), doubtful=", ".join(doubtful) or "no kind of error",
)  # fmt: skip

# %% [markdown]
# “Last digits only” means that several repairs agree on the number and on all but its last digit; “a rival”, that the one
# repair changes two numbers while a single one, were it quite another, would do as well. Nothing is named in either case.
# (All in per cent.)
#
# Seldom is a repair singled out for “{glue:text}`seldom`” ({glue:text}`seldom_share` % of those flagged): of a ratio and limits
# that are each other's inverses either may be the slip. Repairs that were singled out are not always true for
# {glue:text}`doubtful`. Such an error often has another explanation that is as small or smaller, and the true one is then not
# what a search for the smallest finds.

# %% [markdown]
# (good-accident)=
# ## Repairs by accident
#
# Would the search find a repair for anything? Numbers of true rows were replaced by numbers of unrelated rows, so that
# there is no slip to be found:

# %%
accident = chances.set_index(["places", "entries"])
hits = pd.DataFrame(accident["unique"].tolist(), index=accident.index, columns=["by one slip", "by two slips"])
hits.join(accident["rows"]).rename_axis(["decimals of the ratios", "numbers replaced"])

# %% tags=["remove-cell"]
one_slip, rows_32 = hits.loc[(3, 2), "by one slip"], accident.loc[(3, 2), "rows"]
chance = Fraction(int(one_slip) + 1, int(rows_32) + 1)
look.tell(
    hits_32=one_slip, rows_32=rows_32, chance_32=f"{chance.numerator} of {chance.denominator}", one_in=round(1 / chance),
)  # fmt: skip

# %% [markdown]
# The *chance* printed beside a suggested correction of such a row comes from this table: the share for as many replaced numbers as
# the repair changes, with as many slips or fewer. One is added to the hits and one to the rows, so that no chance is nought: of
# {glue:text}`hits_32` of {glue:text}`rows_32` comes {glue:text}`chance_32`, about 1 in {glue:text}`one_in`. It is small where one
# slip mends a row with three decimals, and so large with one decimal that a repair there means next to nothing. More digits make
# better witnesses.
#
# ## Counts, percentages and p values
#
# These need no simulation. Beside its count, a percentage has one true print (two where it ends in a half), and every other is seen. Without
# its count, a percentage with one decimal of {glue:text}`sizes` patients hides a changed digit when another count prints
# the result: in {glue:text}`unseen` % of cases, in this order. A p value of three decimals that is put in at random would be matched by
# one of all tests tried in {glue:text}`reach` % of cases (the mean of Table 1's rows); where only a test that the paper
# does not name matches, the verdict says so, with its own chance.

# %%
sizes = sorted({look.count(f"patients.size.{name}") for name in ("all", "lp", "r")})


def hidden(size):
    """Return the share of one-digit misprints of a percentage of so many that another count would print."""
    prints = {show(Fraction(100 * k, size), 1) for k in range(size + 1)}
    slips = [other for text in prints for other in edits.one_digit(text) if float(other) <= 100]
    return sum(other in prints for other in slips) / len(slips)


table_1 = [item for item in associations(look.registry) if item.p.table == "t1"]
reach = [len({f"{float(p):.3f}" for p in contingency.all_tests(item.table).values()}) / 1001 for item in table_1]
print({size: f"{100 * hidden(size):.1f} %" for size in sizes})
print(f"{100 * np.mean(reach):.1f} %")

# %% tags=["remove-cell"]
look.tell(
    sizes=listed(sizes), reach=f"{100 * np.mean(reach):.1f}",
    unseen=listed([*(f"{100 * hidden(size):.1g}" for size in sizes[:-1]), f"{100 * hidden(sizes[-1]):.1f}"]),
)  # fmt: skip


# %% [markdown]
# (good-program)=
# ## Can the program itself be trusted?
#
# This section is about the machinery, and who reads for the paper's sake can go on to
# [what the audit cannot see](good-blind). It tells of the paper's own programs as judges, input that means harm, builds that are
# disturbed, and tests that are themselves tested. All counts come from stored runs; each paragraph names the command that makes
# them again.
#
# ### The paper's own programs
#
# {glue:text}`survival_version` and {glue:text}`pspp`, the free work-alike of SPSS, computed on the same inputs:
# {glue:text}`n_r_tests` and {glue:text}`n_pspp_tests` tests of the counts of Tables 1 and 3, and {glue:text}`n_public` medians,
# limits, log-rank tests and Cox estimates of {glue:text}`n_public_sets` public data sets, and {glue:text}`n_on_cohort` of the
# synthetic cohort. The tests hold this book's own numbers against every one of them, to nine digits or to the last that is
# printed, and make them again wherever both programs are installed (`make references`).
#
# Where the programs differ by default is told in [Two programs, two answers](44-two-programs).
#
# ### Input that means harm
#
# Whoever hands in data of their own should get an answer or a clear refusal, never a crash, and nothing that they write
# should reach a page as markup or a spreadsheet as a formula (`make fuzz`).
#
# Seeded trials of {glue:text}`n_hostile` hostile kinds, from arbitrary bytes to formulas, markup, exotic digits and
# wrong encodings, handed to the readers of data, to whole builds, and to the form and the addresses of the pages in a browser:
# {glue:text}`n_inputs` inputs, of which {glue:text}`n_refused` were refused (a row, with its reason; a folder, by file and
# place) and {glue:text}`n_read` read correctly; {glue:text}`n_failures` ended in anything else. By kind:

# %% tags=["hide-output"]
pd.DataFrame(fuzz["kinds"]).T[["inputs", "refused", "read"]].map("{:,}".format)


# %% tags=["remove-cell"]
(r_tests, _), (pspp_tests, pspp), (public, survival_version), (on_cohort, _) = map(
    printout, ("tables-tests", "crosstabs", "survival-public", "cohort-survival")
)
look.tell(
    survival_version=survival_version, pspp=pspp, n_r_tests=len(r_tests), n_pspp_tests=len(pspp_tests),
    n_public=f"{len(public):,}", n_public_sets=public["dataset"].nunique(), n_on_cohort=len(on_cohort),
    n_hostile=len(fuzz["kinds"]), n_inputs=f"{fuzz['inputs']:,}", n_refused=f"{fuzz['refused']:,}", n_read=f"{fuzz['read']:,}",
    n_failures=f"{fuzz['failures']:,}",
)  # fmt: skip

# %% [markdown]
# ### Builds that are disturbed
#
# Builds were killed without warning at moments that a seeded generator drew, some with every process that they had
# started, some alone, while somebody read two pages over and over. Then the next build had to succeed, from the new
# sources or from the old ones put back, and to show to the byte what an undisturbed build of these shows (`make faults`).
# A page that was read meanwhile is *bad* when it was missing, torn, or mixed of old and new.

# %%
disturbed = pd.DataFrame({"a small book": faults["small"], "this book": faults["whole"]}).T
disturbed[["bad readings", "readings", "kills", "old sources put back"]].map("{:,}".format)

# %% [markdown]
# After all {glue:text}`kills` kills the next build succeeded, and no process was left over. Weekly tests repeat this with a small book,
# and also take away the right to write in the middle of a build, remove a data file under a running notebook, let a notebook run for
# ever, and start two builds at once.
#
# ### The same bytes again
#
# Two clean builds of this book in two folders, one with one worker and one with two, are compared byte for byte every week by
# `make repeat`: of the {glue:text}`n_files` files that it had when this was last stored, {glue:text}`n_html` of them HTML (the
# chapters, and pages such as the search and the one for wrong addresses) and {glue:text}`n_ledgers` the ledger,
# {glue:text}`n_differing` differed. Python {glue:text}`pythons`, each in a fresh environment from the lock, wrote the same ledger,
# with the SHA-256 {glue:text}`sha`… (`make pythons`).
#
# What holds a build still is told in [How this book was built](92-how-built).
#
# ### Do the tests bite?
#
# A test that never fails proves nothing. So modules that decide (how a printed number is read, what a statistic is, what a
# verdict is, how patients are compared with the paper, what a page shows) are changed in small ways, one at a time: another
# operator, another comparison, a number one larger, a condition turned round. For each change the tests that name the
# module run, and should fail (`make mutants`). Small modules can be tried whole; of the others changes are drawn by lot, in
# rounds, which are named by the seed of the draw: in the first mostly as many of a long module as of a short one, since then
# one in so many of each module, rounded up ({glue:text}`mutants_drawn` in the last). A test that is written since to notice a
# change says nothing of those that were not drawn: so the share of a round, with its 95 % interval, is that of its first try,
# and the last round's is the one that holds for the tests as they are.

# %%
found = tomllib.loads((TRIALS / "mutants-explained.toml").read_text(encoding="utf-8"))
explained = pd.DataFrame(found["survivor"])
modules = pd.DataFrame([
    {"round": number, "part": PurePosixPath(name).parent.name, "name": name, "modules": 1, **module}
    for number, names in mutants["rounds"].items() for name, module in names.items()
])  # fmt: skip
known = set(explained[["module", "now"]].itertuples(index=False, name=None))
modules["no effect"] = [
    sum((name, each["now"]) in known for each in left)
    for name, left in modules[["name", "survivors"]].itertuples(index=False)
]
modules["open"] = modules["survivors"].map(len) - modules["no effect"]
modules["undecided"] = modules.get("undecided", pd.Series(0, modules.index)).fillna(0).astype(int)
COUNTS = ["modules", "mutants", "tried", "at first", "no effect", "open"]


def noticed(score):
    """Set the share that was noticed at first, with its interval, beside the counts."""
    pairs = score[["at first", "tried"]].to_numpy()
    score["noticed"] = [share(*pair) for pair in pairs]
    score["interval"] = ["–".join(f"{100 * end:.1f}" for end in wilson(*pair)) for pair in pairs]
    return score.rename(columns={"mutants": "changes"}).drop(columns="at first")


rounds = noticed(modules.groupby("round", sort=False)[COUNTS].sum())
rounds.loc["whole", "interval"] = ""
rounds

# %% [markdown]
# The last round by part of the package:

# %%
number = rounds.index.drop("whole")[-1]
last = modules[modules["round"] == number]
noticed(last.groupby("part")[COUNTS].sum())

# %% [markdown]
# By {glue:text}`mutants_tool`; annotations of types are left alone, since nothing executes them. Of the changes that are still not
# noticed those have “no effect” after which the program does the same; the others are “open”. Not tried on all tests of their module,
# and counted as not noticed, are {glue:text}`undecided` of the last round. Of the changes of the last round that have an effect {glue:text}`mutants_effective` were noticed
# at first ({glue:text}`mutants_interval`). It drew from {glue:text}`mutants_modules` of the {glue:text}`mutants_deciding` modules that
# decide. Changed since: {glue:text}`since`. The changes without effect, and why:

# %% tags=["hide-output"]
explained[["was", "now", "why"]].style.hide().set_properties(**{"overflow-wrap": "anywhere"})  # code has no blanks

# %% [markdown]
# How much of the package do the tests run at all? {glue:text}`statements` of {glue:text}`n_statements` statements and
# {glue:text}`branches` of {glue:text}`n_branches` branches, at the last measurement (`make coverage`, {glue:text}`coverage_tool`;
# every run of the continuous integration prints the table anew). The notebooks are not counted, which run more; left out is
# {glue:text}`left_out`, whose loops are compiled to machine code that no tracer sees; tests compare them with lifelines and with
# plain fits.


# %% tags=["remove-cell"]
import hashlib

repeat, pythons, covered = map(trial, ("repeat", "pythons", "coverage"))
package = look.root / "src"
since = [name for name, module in mutants["rounds"][number].items()
         if hashlib.sha256((package / f"{name}.py").read_bytes()).hexdigest() != module["source"]]  # fmt: skip
effective = last["at first"].sum(), (last["tried"] - last["no effect"]).sum()
look.tell(
    kills=disturbed["kills"].sum(), n_files=repeat["files"], n_html=repeat["pages"],
    n_ledgers=repeat["ledgers"], n_differing=repeat["differing"], pythons=listed(pythons["pythons"]),
    sha=pythons["tables"]["ledger.json"][:16], mutants_tool=mutants["tool"], mutants_modules=len(last),
    mutants_drawn=f"about one in {round(last['mutants'].sum() / last['tried'].sum())}",
    mutants_deciding=mutants["deciding"], undecided=last["undecided"].sum() or "none", mutants_effective=share(*effective),
    mutants_interval="–".join(f"{100 * end:.1f}" for end in wilson(*effective)) + " %", since=", ".join(since) or "nothing",
    statements=share(covered["covered_lines"], covered["num_statements"]), n_statements=f"{covered['num_statements']:,}",
    branches=share(covered["covered_branches"], covered["num_branches"]), n_branches=f"{covered['num_branches']:,}",
    coverage_tool=covered["tool"], left_out=PurePosixPath(covered["left out"][0]).name,
)  # fmt: skip

# %% tags=["remove-cell", "guard"]
assert true_rows[OURS].sum() == 0 == real[OURS].sum(), "“raised no flag”: the box flags rows that are true"
judged = [planted.by_box(row), planted.by_box(wrong), planted.by_exact_mean(wrong)]
assert judged == [False, True, True], f"“for B there is one, for A there is none”, and the mean flags both: {judged}"

# %% [markdown]
# (good-blind)=
# ## What the audit cannot see
#
# - **Errors inside the box.** A misprint that leaves a row possible leaves no trace. Most are in a last digit, and small.
# - **Consistent mistakes.** Patients put in the wrong group, a wrong date, a wrong model: the numbers computed from them
#   agree with each other.
# - **The same slip everywhere.** Where text and table repeat one wrong number, the comparison of the two finds nothing.
# - **What is not printed.** Events, numbers at risk, tests per row: what cannot be held against anything stays untested
#   ([What could not be checked](84-not-checked)).
# - **Which of two.** When two numbers contradict each other the audit shows it. Which one is wrong it can only suggest.
#
# ## Practice

# %% tags=["remove-input"]
practice.ask("how-good.after")

# %% [markdown]
# ## Exercises
#
# ::::{exercise} Which digit is invisible?
# :label: good-invisible
#
# *Level 2 of 3 · 20 minutes · [Paste your own](../book/paste-your-own), or the package*
#
# Take row B. Change each digit of each of its four numbers in turn to every other digit. Is there a number of which every change is
# seen? And what have the changes in common that are not seen? Guess first.
#
# The judge is `planted.by_box`: whether any estimate and standard error print all four numbers is a question about a
# region, which the package computes exactly. [Paste your own](../book/paste-your-own) asks the same of one row at a
# time.
# ::::
#
# :::{admonition} Hint
# :class: tip dropdown
# Begin with the last digit of each number and go up or down by one. How wide is the range of ratios that the limits,
# as rounded, still allow?
# :::

# %% [markdown]
# ::::{solution-start} good-invisible
# :class: dropdown
# ::::

# %%
for place, name in enumerate(("hazard ratio", "lower limit", "upper limit", "p")):
    changed = [(*row[:place], text, *row[place + 1 :]) for text in sorted(edits.one_digit(row[place]))]
    unseen = [texts[place] for texts in changed if not planted.by_box(texts)]
    print(f"{name}: {len(changed) - len(unseen)} of {len(changed)} seen;", end=" ")
    print(f"not: {', '.join(unseen) or 'none'}")

# %% [markdown]
# What stays unseen is a neighbour of the true number in its last digit: the other three numbers allow a small range, and whatever
# is inside it looks true.
#
# ::::{solution-end}
# ::::

# %% [markdown]
# ::::{exercise} A rule of your own
# :label: good-rule
#
# *Level 3 of 3 · 40 minutes · Python*
#
# Write a rule that needs no rounding intervals: work out $z$ from the ratio and its limits, and $z$ from p, and flag the row when
# they differ by more than a tolerance. Try several tolerances on 300 true rows with two decimals and on as many with a digit changed.
# Is there one that finds most errors and leaves true rows alone, as this audit does on the same rows?
#
# The rows to try it on are the package's, `planted.true_row` and `planted.kinds`, so that your rule and the audit are
# judged alike.
# ::::
#
# :::{admonition} Hint
# :class: tip dropdown
# z from the ratio is $|\ln \mathrm{HR}|$ over the standard error, ln (upper / lower) / 3.92; z from p is the normal
# quantile of $1 - p/2$. A p that is printed as a bound gives a least z only.
# :::

# %% [markdown]
# ::::{solution-start} good-rule
# :class: dropdown
# ::::


# %%
def gap(texts):
    """Return how far z from the ratio and its limits lies from z by p; a bound is met by any larger z."""
    hr, low, high = (max(float(text), 1e-3) for text in texts[:3])
    by_limits = abs(math.log(hr)) / max((math.log(high) - math.log(low)) / (2 * 1.96), 1e-9)
    by_p = -ndtri(max(float(texts[3].lstrip("<")), 1e-4) / 2)
    return max(0.0, by_p - by_limits) if texts[3].startswith("<") else abs(by_limits - by_p)


rng = np.random.default_rng(2002)
plants = [kind.plant for kind in planted.kinds(2) if kind.name == "one digit substituted"]
true = [planted.true_row(rng, 2) for _ in range(300)]
bad = [planted.case(rng, plants[i % len(plants)], 2).printed for i in range(300)]
for tolerance in (0.02, 0.05, 0.1, 0.2, 0.5):
    flagged = [100 * np.mean([gap(texts) > tolerance for texts in rows]) for rows in (true, bad)]
    print(f"within {tolerance}: {flagged[0]:.0f} % flagged,", end=" ")
    print(f"{flagged[1]:.0f} % found")
flagged = [100 * np.mean([planted.by_box(texts) for texts in rows]) for rows in (true, bad)]
print(f"this audit: {flagged[0]:.0f} % flagged, {flagged[1]:.0f} % found")

# %% [markdown]
# (Flagged of the true rows, found of the errors.) One tolerance has to serve rows whose rounding matters much and rows in which it matters little. It is too strict for the
# first or too lax for the second. Carrying each row's own rounding through the arithmetic is what the box does.
#
# ::::{solution-end}
# ::::
#
# ## Key takeaways
#
# - [A check is a diagnostic test](good-short): report its false alarms and what it finds, each with its denominator.
# - [Measure on rows that others made](good-others): a model never flags what it has drawn itself.
# - [Rounded numbers do not fulfil equations](good-hand). Ask whether any truth prints them, never whether points agree.
# - [Rules that compare points](good-false) either flag many true rows or [miss many errors](good-found).
# - [A wrong last digit](good-places) may leave a row possible, and is then not seen; where it is seen, it is seldom mended, since
#   several digits would do.
# - [A repair is worth its chance](good-accident), and that depends on how many digits are printed.
# - [The program is a suspect, too](good-program): hostile input, builds that are disturbed and mistakes planted in its own code are
#   tried, and counted.
# - [Consistent mistakes leave no trace](good-blind). A clean audit is no certificate.
#
# ## Strengths and limitations of the method
#
# *Strengths.* Rounding is carried through every step, so that *inconsistent* means impossible and not unusual; where a judgement
# enters, the flag is a *query*. All methods that the paper could have meant are tried before anything is flagged, and the
# price of trying many is printed as a chance. Repairs are re-audited and come with how often one turns up by accident. The
# same code, without a change, audits simulated papers and a second published abstract
# ([The companion study](46-companion-study)).
#
# *Limitations.* How a table was made is inferred from its rows, unless the paper says it: in a short table, or one with few
# decimals, a wrong number may pass for a right one of another making. The bounds between methods are proved for one covariate
# with two levels and stretched for others. Methods that nobody thought of here may still be accused. The planted errors are the slips that we thought of, drawn evenly; real slips have other
# frequencies. Queries that rest on simulated cohorts assume proportional hazards. The layout that says what each number is
# was made by hand, and so were our words for the paper's claims. And it was all developed on one paper: how it fares on
# others is for others to see.
#
# ## Further reading
#
# Checks of printed numbers and how often they fail: {cite:t}`brown2017grim`, {cite:t}`nuijten2016statcheck`,
# {cite:t}`carlisle2017`. P values from intervals: {cite:t}`altman2011p`; intervals from p values: {cite:t}`altman2011ci`. How to
# plan a simulation study: {cite:t}`morris2019`. Other checklists: {cite:t}`wilkinson2024inspect`.

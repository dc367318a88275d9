# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% tags=["remove-cell"]
import hashlib
import io
import json
import math
import tomllib
from fractions import Fraction
from html import escape
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from IPython.display import Markdown, display
from scipy.special import ndtri

from bookpress.paths import find_root
from secondlook.checks.association import associations
from secondlook.numbers import slips as edits
from secondlook.numbers.printed import show
from secondlook.pages import figures, present
from secondlook.pages.look import start
from secondlook.stats import contingency, repairs
from secondlook.trials import planted_rows as planted

look = start(published, alpha, cohort)

# %% tags=["remove-cell"]
stored = json.loads(Path("data/simulated/detection.json").read_text(encoding="utf-8"))
missing = {"seed", "judges", "false_flags", "real_tables", "detections"} - set(stored)
assert not missing, (
    f"data/simulated/detection.json lacks {sorted(missing)}: run python -m secondlook.trials.planted_rows"
)
chances = json.loads(repairs.CHANCES.read_text(encoding="utf-8"))["chances"]
whole = Path("data/simulated/whole-papers.json")
whole = json.loads(whole.read_text(encoding="utf-8")) if whole.is_file() else None

OURS = "box"
JUDGES = stored["judges"]
assert OURS in JUDGES
# one name for each rule, in the figure on two lines
SHORT = {"box": "this audit: the box", "exact mean": "geometric mean\nprints HR", "mean within a unit": "geometric mean\nwithin one unit",
         "factor 1.5": "geometric mean\nwithin a factor 1.5", "point p": "p from HR and\nlimits as if exact", "order": "HR between\nits limits"}  # fmt: skip
SHORT = {name: SHORT.get(name, said) for name, said in JUDGES.items()}
RULES = {name: said.replace("\n", " ") for name, said in SHORT.items()}


def flat(entries):
    """Return entries as a data frame, the flags of each judge in a column of its own."""
    return pd.DataFrame([{**{k: v for k, v in e.items() if k != "flagged"}, **e["flagged"]} for e in entries])


true_rows, real, detected = (flat(stored[key]) for key in ("false_flags", "real_tables", "detections"))
if "rival" not in detected:
    detected["rival"] = 0  # stored before rivals were told apart


def rate(part, whole_):
    """Return a share in per cent; a share that is nearly, not quite, all or nothing is not shown as such."""
    value = 100 * part / whole_
    text = f"{value:.1f}"
    return {"0.0": "0" if not part else "<0.1", "100.0": "100" if part == whole_ else ">99.9"}.get(text, text)


def at_most(rows):
    """Return the upper 95% limit, in per cent, of a rate of which no case was seen in so many rows."""
    return 100 * (1 - 0.05 ** (1 / rows))


def spelled(detail):
    """Return the place of an error in words."""
    for short, words in (("hr", "HR"), ("lower,", "lower limit,"), ("upper,", "upper limit,")):
        detail = detail.replace(short, words)
    return detail


by_kind = detected.groupby(["places", "kind"], sort=False)[[*JUDGES, "rows"]].sum()
by_kind = by_kind[list(JUDGES)].div(by_kind["rows"], axis=0)
overall = by_kind.groupby("places").mean()
found = detected[OURS].sum()
singled, right = detected["unique"].sum(), detected["unique_true"].sum()
kinds = detected.groupby("kind", sort=False)[
    ["rows", OURS, "unique", "unique_true", "range", "several", "rival", "none"]
].sum()
doubtful = kinds[kinds["unique_true"] < kinds["unique"]]
faintest = {
    places: part.loc[(part[OURS] / part["rows"]).idxmin()] for places, part in detected.groupby("places", sort=False)
}
seldom = (kinds["unique"] / kinds[OURS]).idxmin()
if whole is None:
    whole_said = "The audits of whole simulated papers are not stored with this copy of the data"
else:
    kinds_said = " and ".join(sorted({f["verdict"] for f in whole["flagged"]}))
    whole_said = f"{whole['papers']} simulated papers, all of their numbers true, raised {whole['flags']} flags"
    whole_said += f", each of them only a “{kinds_said}”" if kinds_said else ""
look.tell(
    seed=stored["seed"],
    n_true=f"{true_rows['rows'].sum():,}",
    n_false=true_rows[OURS].sum(),
    false_most=f"{at_most(true_rows['rows'].sum()):.3f}",
    n_real=real["rows"].sum(),
    n_real_false=real[OURS].sum(),
    n_sets=len({name for names in real["datasets"] for name in names}),
    n_planted=f"{detected['rows'].sum():,}",
    n_kinds=len(kinds),
    per_kind=detected["rows"].iloc[0],
    found_share=rate(found, detected["rows"].sum()),
    found_2=f"{100 * overall.loc[2, OURS]:.1f}",
    found_3=f"{100 * overall.loc[3, OURS]:.1f}",
    singled_share=rate(singled, found),
    right_share=rate(right, singled),
)
assert true_rows[OURS].sum() == 0 == real[OURS].sum()

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
#
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
#
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
# - **False flags.** Of {glue:text}`n_true` simulated true rows {glue:text}`n_false` were flagged (so the rate is below
#   {glue:text}`false_most` % with 95% confidence), and of {glue:text}`n_real` rows that R and lifelines print for real data
#   sets, {glue:text}`n_real_false`. (A fit counts as often as it is printed: by each program, with two decimals and with three.)
# - **Detection.** Of {glue:text}`n_planted` planted errors {glue:text}`found_share` % were flagged. With every kind of error
#   counted alike it is {glue:text}`found_2` % where ratios have two decimals and {glue:text}`found_3` % where they have
#   three.
# - **Repairs.** For {glue:text}`singled_share` % of the rows that were flagged, the search singled out one repair; in
#   {glue:text}`right_share` % of these it was the true row.

# %% tags=["remove-input"]
display(Markdown(f"- **Whole papers.** {whole_said}."))

# %% [markdown]
# Everything is made by `python -m secondlook.trials.planted_rows` with the seed {glue:text}`seed`, and stored.

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
assert not planted.by_box(row)
assert planted.by_box(wrong)
assert planted.by_exact_mean(wrong)
by_mean = true_rows[(true_rows["places"] == 3) & (true_rows["p_places"] == 3)]
look.tell(
    **{f"row.{name}": text for name, text in zip(("hr", "lower", "upper", "p"), row, strict=True)},
    **{"wrong.hr": wrong[0], "row.mean": f"{np.sqrt(float(row[1]) * float(row[2])):.5f}"},
    mean_flags=f"{1000 * by_mean['exact mean'].sum() / by_mean['rows'].sum():.0f}",
)

# %% [markdown]
# The audit asks whether *any* *b* and *s* print all four numbers: whether the *box* that the four {term}`rounding intervals
# <rounding interval>` leave them is empty. That true row has such a pair, by construction. A rule
# that compares points asks whether rounded numbers fulfil an equation to the last digit, which true ones often do not.

# %% [markdown]
# (good-false)=
# ## True rows: who is flagged?

# %% [markdown]
# Per cent flagged, by how many decimals the ratio with its limits (HR) and p have:

# %% tags=["remove-input"]
header = ["rule", *(f"HR\u00a0{r.places}, p\u00a0{r.p_places}" for r in true_rows.itertuples())]
present.table(
    header,
    [
        [escape(said), *(escape(rate(row[name], row["rows"])) for _, row in true_rows.iterrows())]
        for name, said in RULES.items()
    ],
    "true rows flagged by each rule",
    range(1, len(header)),
)

# %% tags=["remove-input"]
sets = sorted({name for names in real["datasets"] for name in names})
display(
    Markdown(
        f"Rows of real data, as the package survival of R and lifelines print them with two decimals and with three ({len(sets)} "
        f"data sets: {', '.join(sets)}). How many each rule flags:"
    )
)
header = ["rule", *(f"{r.source.split()[0]}, {r.places}" for r in real.itertuples())]
present.table(
    header,
    [
        ["(rows in all)", *(str(row["rows"]) for _, row in real.iterrows())],
        *([escape(said), *(str(row[name]) for _, row in real.iterrows())] for name, said in RULES.items()),
    ],
    "rows of real Cox tables flagged by each rule",
    range(1, len(header)),
)

# %% [markdown]
# ## Whole papers
#
# A reader meets the audit as a whole, not row by row. So whole papers of this paper's shape were simulated as well, from
# patients, all of their numbers true, and audited.

# %% tags=["remove-input"]
if whole is None:
    said = "<p>The audits of whole simulated papers are not stored with this copy of the data.</p>"
else:
    said = (
        f"<p>{whole['papers']} papers with {whole['values']:,} values and {whole['checks']:,} checks: "
        f"{whole['flags']} flags, in {whole['papers_flagged']} of the papers.</p>"
    )
    families = [
        [escape(e["family"]), f"{e['checks']:,}", str(e["flags"]), str(e["papers_flagged"])] for e in whole["by_family"]
    ]
    said += present.fold(
        "By family of checks",
        present.table(
            ["family", "checks", "flags", "papers with one"], families, "flags in simulated papers", (1, 2, 3)
        ),
    )
    if whole["flagged"]:
        notes = [
            [escape(str(f["paper"])), f"<code>{escape(f['check'])}</code>", escape(f["note"])] for f in whole["flagged"]
        ]
        said += present.fold(
            "Every flag", present.table(["paper", "check", "note"], notes, "every flag of simulated papers")
        )
present.Html(said)

# %% [markdown]
# What cannot be simulated is left out there: claims in words, quotations of other studies, definitions and schedules.

# %% [markdown]
# (good-found)=
# ## Planted errors: who finds them?
#
# Into true rows, one error each was planted: a digit changed at every place of every number, two entries exchanged, a
# digit lost, a point moved, an exchange with the row beside, and so on; {glue:text}`n_kinds` kinds, {glue:text}`per_kind`
# rows for each place. All rules judged the same rows.

# %% tags=["hide-input"] mystnb={"image": {"alt": "Two panels by rule. Left, true rows flagged: none for this audit and for the coarser rules, nearly a third for the exact geometric mean, a third to three quarters for the point p. Right, planted errors detected: nearly all by this audit; by the rules that raise few false flags, well below."}, "figure": {"name": "fig-rules", "caption": "False flags among true rows (left) and planted errors detected (right, every kind counted alike), by rule, for ratios with two and with three decimals and p with three."}}
order = list(JUDGES)[::-1]
false = true_rows[true_rows["p_places"] == 3].set_index("places")
fig, axes = plt.subplots(1, 2, figsize=(5.25, 3.9), sharey=True)
for places, marker, colour, shift in ((2, "o", figures.BLUE, 0.13), (3, "s", figures.ORANGE, -0.13)):
    where = np.arange(len(order)) + shift
    values = [100 * false.loc[places, name] / false.loc[places, "rows"] for name in order]
    axes[0].scatter(values, where, marker=marker, color=colour, s=46, label=f"{places} decimals", zorder=3)
    axes[1].scatter(
        [100 * overall.loc[places, name] for name in order], where, marker=marker, color=colour, s=46, zorder=3
    )
axes[0].set_yticks(range(len(order)), [SHORT[name] for name in order], fontsize=9.5)
axes[0].set(xlabel="true rows flagged, %", xlim=(-3, 103))
axes[1].set(xlabel="errors detected, %", xlim=(-3, 103))
for ax in axes:
    ax.tick_params(axis="x", labelsize=9.5)
    ax.xaxis.label.set_size(10)
_ = fig.legend(loc="outside upper center", ncols=2, frameon=False, fontsize=10)

# %% tags=["remove-cell"]
rivals = overall.drop(columns=OURS)
quiet = [name for name in rivals if (false[name] / false["rows"] < 0.01).all()]
best = rivals[quiet].mean().idxmax()
loud = [name for name in rivals if name not in quiet]
noise = [share for name in loud for share in (false[name] / false["rows"]).loc[[2, 3]]]  # as in the figure
p_kind = detected[detected["detail"].str.startswith("p,")]

# %% [markdown]
# :::{margin}
# A judge that never flags has no false alarms, and one that flags everything misses nothing. Neither half of the figure means anything
# without the other.
# :::
#

# %% tags=["remove-input"]
display(
    Markdown(
        f"The rules {' and '.join(f'“{RULES[name]}”' for name in loud)} find much, but they flag {100 * min(noise):.0f} to "
        f"{100 * max(noise):.0f} % of the true rows as well: a flag of theirs means little. Of the rules that leave true rows alone "
        f"the best is “{RULES[best]}”, with {100 * overall.loc[2, best]:.0f} % and {100 * overall.loc[3, best]:.0f} % of the errors. "
        f"It cannot see p: of digits changed there it finds {rate(p_kind[best].sum(), p_kind['rows'].sum())} %, this audit "
        f"{rate(p_kind[OURS].sum(), p_kind['rows'].sum())} %."
    )
)

# %% [markdown]
# By kind, with the places of each kind together; in each cell the per cent detected where ratios have two decimals, and where
# they have three:

# %% tags=["remove-input"]
names = list(dict.fromkeys(detected["kind"]))
header = ["kind of error", *RULES.values()]
present.table(
    header,
    [
        [
            escape(kind),
            *("; ".join(f"{100 * by_kind.loc[(places, kind), name]:.0f}" for places in (2, 3)) for name in JUDGES),
        ]
        for kind in names
    ],
    "planted errors detected, by kind and rule, in per cent",
    range(1, len(header)),
)

# %% [markdown]
# (good-places)=
# ## Place by place, and what the repair is worth
#
# A changed digit is the more visible the further left it stands. The last digit of a number may leave the row possible:
# then there is nothing to be seen. Least visible are those last digits that say more than the other numbers do, for one
# of them can take several values beside the rest: the upper limit's, since the same unit is a smaller step on the
# logarithmic scale the larger the number is, and that of a p with more decimals than the ratios. The faintest places:

# %% tags=["remove-input"]
display(
    Markdown(
        "\n".join(
            f"- where ratios have {places} decimals: {spelled(row['detail'])}, seen in {rate(row[OURS], row['rows'])} %"
            for places, row in faintest.items()
        )
    )
)

# %% tags=["hide-input"] mystnb={"image": {"alt": "For every kind and place of planted error, ratios with three decimals, the share detected, the share for which the true row was singled out, and the share for which a wrong row was. Leading digits and exchanges are all detected and nearly all mended rightly; last digits are often detected and seldom mended. Wrong repairs are few, and stand with errors of two slips."}, "figure": {"name": "fig-places", "caption": "Planted errors in rows with three decimals, by kind and place: detected (rings), and the repair that was singled out, right (squares) or wrong (crosses), in per cent of those planted."}}
shown = detected[detected["places"] == 3].reset_index(drop=True)
fig, ax = plt.subplots(figsize=(5.25, 0.262 * len(shown) + 1.2))
ys = np.arange(len(shown))[::-1]
share = {name: 100 * shown[name] / shown["rows"] for name in (OURS, "unique_true", "unique")}
false_repair = share["unique"] - share["unique_true"]
ax.scatter(share[OURS], ys, s=70, facecolor="none", edgecolor=figures.INK, linewidth=1.4, label="detected", zorder=3)
ax.scatter(share["unique_true"], ys, marker="s", s=26, color=figures.BLUE, label="mended rightly", zorder=3)
some = false_repair > 0
ax.scatter(false_repair[some], ys[some], marker="X", s=46, color=figures.ORANGE, label="mended wrongly", zorder=4)
plain = ("any number", "any two", "ratio or limit", "1/HR beside its old limits")
labels = [
    kind if detail in plain else f"{'digit' if 'digit' in kind else 'exchanged'}: {detail.replace('hr', 'HR')}"
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

# %% tags=["remove-input"]
present.table(
    ["kind of error", "detected", "one repair", "of these true", "last digits only", "several", "a rival", "none"],
    [
        [
            escape(kind), f"{rate(row[OURS], row['rows'])} %", f"{rate(row['unique'], row[OURS])} %",
            f"{rate(row['unique_true'], row['unique'])} %" if row["unique"] else "",
            *(f"{rate(row[name], row[OURS])} %" for name in ("range", "several", "rival", "none")),
        ]
        for kind, row in kinds.iterrows()
    ],
    "what the search for repairs makes of planted errors",
    range(1, 8),
)  # fmt: skip

# %% [markdown]
# “Last digits only” means that several repairs agree on the number and on all but its last digit; “a rival”, that the one
# repair changes two numbers while a single one, were it quite another, would do as well. Nothing is named in either case.

# %% tags=["remove-input"]
wrongly = ", ".join(
    f"“{kind}” ({rate(row['unique_true'], row['unique'])} % are true)" for kind, row in doubtful.iterrows()
)
display(
    Markdown(
        f"Seldom is a repair singled out for “{seldom}” ({rate(kinds.loc[seldom, 'unique'], kinds.loc[seldom, OURS])} % of those "
        "flagged): of a ratio and limits that are each other's inverses either may be the slip. Repairs that were singled out "
        f"are not always true for {wrongly or 'no kind of error'}. Such an error often has another explanation that is as small or "
        "smaller, and the true one is then not what a search for the smallest finds."
    )
)

# %% [markdown]
# (good-accident)=
# ## Repairs by accident
#
# Would the search find a repair for anything? Numbers of true rows were replaced by numbers of unrelated rows, so that
# there is no slip to be found:

# %% tags=["remove-input"]
present.table(
    ["decimals of the ratios", "numbers replaced", "one repair by one slip", "one repair by two slips"],
    [
        [str(e["places"]), str(e["entries"]), *(f"{n} of {e['rows']}" for n in e["unique"])]
        for e in chances
    ],
    "repairs singled out for rows corrupted at random",
    range(4),
)  # fmt: skip

# %% tags=["remove-input"]
entry = next(e for e in chances if (e["places"], e["entries"]) == (3, 2))
counted = Fraction(entry["unique"][0] + 1, entry["rows"] + 1)
display(
    Markdown(
        "The *chance* printed beside a suggested correction of such a row comes from this table: the share for as many replaced "
        "numbers as the repair changes, with as many slips or fewer. One is added to the hits and one to the rows, so that no chance is "
        f"nought: of {entry['unique'][0]} of {entry['rows']} comes {counted.numerator} of {counted.denominator}, about 1 in "
        f"{round(1 / counted)}. It is small where one slip mends a row with three decimals, and so large with one decimal that a repair "
        "there means next to nothing. More digits make better witnesses."
    )
)

# %% tags=["remove-cell"]
sizes = sorted({look.count(f"patients.size.{name}") for name in ("all", "lp", "r")})


def unseen(size):
    """Return the share of one-digit misprints of a percentage of so many that another count would print."""
    prints = {show(Fraction(100 * k, size), 1) for k in range(size + 1)}
    slips = [other for text in prints for other in edits.one_digit(text) if float(other) <= 100]
    return sum(other in prints for other in slips) / len(slips)


table_1 = [a for a in associations(look.registry) if a.p.table == "t1"]
reach = [len({f"{float(p):.3f}" for p in contingency.all_tests(a.table).values()}) / 1001 for a in table_1]
look.tell(
    sizes=", ".join(map(str, sizes[:-1])) + f" and {sizes[-1]}",
    unseen=", ".join(f"{100 * unseen(size):.1g}" for size in sizes[:-1]) + f" and {100 * unseen(sizes[-1]):.1f}",
    reach=f"{100 * np.mean(reach):.1f}",
)

# %% [markdown]
# ## Counts, percentages and p values
#
# These need no simulation. Beside its count, a percentage has one true print (two where it ends in a half), and every other is seen. Without
# its count, a percentage with one decimal of {glue:text}`sizes` patients hides a changed digit when another count prints
# the result: in {glue:text}`unseen` % of cases, in this order. A p value of three decimals that is put in at random would be matched by
# one of all tests tried in {glue:text}`reach` % of cases (the mean of Table 1's rows); where only a test that the paper
# does not name matches, the verdict says so, with its own chance.

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

# %% tags=["remove-cell"]
REFERENCE, TRIALS = Path("data/reference"), Path("data/simulated")


def reference(name):
    """Return what a program printed, and which one it was, by the first line of the file."""
    first, _, rest = (REFERENCE / name).read_text(encoding="utf-8").partition("\n")
    return pd.read_csv(io.StringIO(rest)), first.removeprefix("# ")


def trial(name):
    """Return a stored run of one of the trials; nothing when this copy of the data has none."""
    file = TRIALS / f"{name}.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def share(part, of):
    """Return a share in per cent, with one decimal, cut and not rounded: nothing is shown as better than it is."""
    return f"{show(Fraction(100 * part, of), 1, 'truncated')} %"


# %% tags=["remove-input"]
r_tests, r_version = reference("tables-tests.csv")
pspp_tests, pspp_version = reference("crosstabs.csv")
public, survival_version = reference("survival-public.csv")
on_cohort, _ = reference("cohort-survival.csv")
display(
    Markdown(
        f"{survival_version} and {pspp_version}, the free work-alike of SPSS, computed on the same inputs: "
        f"{len(r_tests)} and {len(pspp_tests)} tests of the counts of Tables 1 and 3, and {len(public):,} medians, limits, "
        f"log-rank tests and Cox estimates of {public['dataset'].nunique()} public data sets, and {len(on_cohort)} of the "
        "synthetic cohort. The tests hold this book's own numbers against every one of them, to nine digits or to the last "
        "that is printed, and make them again wherever both programs are installed (`make references`)."
    )
)

# %% [markdown]
# Where the programs differ by default is told in [Two programs, two answers](44-two-programs).
#
# ### Input that means harm
#
# Whoever hands in data of their own should get an answer or a clear refusal, never a crash, and nothing that they write
# should reach a page as markup or a spreadsheet as a formula (`make fuzz`).

# %% tags=["remove-input"]
fuzz = trial("fuzz")
display(
    Markdown(
        f"Seeded trials with files of {len(fuzz['kinds'])} hostile kinds, from arbitrary bytes to formulas, markup, exotic "
        f"digits and wrong encodings: {fuzz['inputs']:,} inputs, of which {fuzz['refused']:,} were refused by file and place "
        f"and {fuzz['read']:,} read correctly; {fuzz['failures']:,} ended in anything else."
    )
)
lines = [[kind, f"{n['inputs']:,}", f"{n['refused']:,}", f"{n['read']:,}"] for kind, n in fuzz["kinds"].items()]
display(
    present.fold(
        "By kind", present.table(["kind", "inputs", "refused", "read"], lines, "Hostile input", numeric=(1, 2, 3))
    )
)

# %% [markdown]
# ### Builds that are disturbed
#
# Builds were killed without warning at moments that a seeded generator drew, some with every process that they had
# started, some alone, while somebody read two pages over and over. Then the next build had to succeed, from the new
# sources or from the old ones put back, and to show to the byte what an undisturbed build of these shows (`make faults`).
# A page that was read meanwhile is *bad* when it was missing, torn, or mixed of old and new.

# %% tags=["remove-input"]
faults = trial("faults")
names = {"small": "a small book", "whole": "this book"}
lines = [
    [escape(names[name]), *(f"{faults[name][key]:,}" for key in ("bad readings", "readings", "kills", "old sources put back"))]
    for name in names if name in faults
]  # fmt: skip
display(
    present.table(
        ["book", "bad pages", "pages read", "builds killed", "old sources put back"],
        lines,
        "Builds that were killed",
        range(1, 5),
    )
)
kills = sum(faults[name]["kills"] for name in names if name in faults)
display(
    Markdown(
        f"After all {kills} kills the next build succeeded, and no process was left over. The tests repeat this with a small "
        "book, and also take away the right to write in the middle of a build, remove a data file under a running "
        "notebook, let a notebook run for ever, and start two builds at once."
    )
)

# %% [markdown]
# ### The same bytes again

# %% tags=["remove-input"]
repeat, pythons = trial("repeat"), trial("pythons")
said = (
    "Two clean builds of this book in two folders, one with one worker and one with two, are compared byte for byte by "
    "the tests and by `make repeat`"
)
if repeat:
    said += (
        f": of the {repeat['files']} files that it had when this was last stored, {repeat['pages']} of them HTML (the chapters, and "
        "pages such as the search and the one for wrong addresses) and "
        f"{repeat['ledgers']} the ledger, {repeat['differing']} differed"
    )
display(
    Markdown(
        f"{said}. Python {', '.join(pythons['pythons'][:-1])} and {pythons['pythons'][-1]}, each in a fresh "
        f"environment from the lock, wrote the same ledger, with the SHA-256 `{pythons['tables']['ledger.json'][:16]}…` "
        "(`make pythons`)."
    )
)

# %% [markdown]
# What holds a build still is told in [How this book was built](92-how-built).
#
# ### Do the tests bite?
#
# A test that never fails proves nothing. So the modules that decide (how a printed number is read, what a verdict is, how
# the ledger is put together) were changed in small ways, one at a time: another operator, another comparison, a number
# one larger, a condition turned round. For each change their tests ran, and should have failed (`make mutants`).

# %% tags=["remove-input"]
root = find_root()
mutants = trial("mutants")
explained = tomllib.loads(Path("data/simulated/mutants-explained.toml").read_text(encoding="utf-8"))["survivor"]


def score(module):
    """Return one line of the table: the score, the rest by whether it is explained, noticed, changes."""
    n, killed = module["mutants"], module["killed"]
    same = sum(any(known["now"] == each["now"] for known in explained) for each in module["survivors"])
    return [share(killed, n), str(len(module["survivors"]) - same), str(same), str(killed), str(n)]


lines = [[f"<code>{escape(name)}</code>", *score(module)] for name, module in mutants["modules"].items()]
total = {
    "mutants": sum(m["mutants"] for m in mutants["modules"].values()),
    "killed": sum(m["killed"] for m in mutants["modules"].values()),
    "survivors": [each for m in mutants["modules"].values() for each in m["survivors"]],
}
lines.append(["all", *score(total)])
display(
    present.table(
        ["module", "score", "open", "no effect", "noticed", "changes"],
        lines,
        "Changes of the program that its tests noticed",
        range(1, 6),
    )
)
since = [
    name
    for name, module in mutants["modules"].items()
    if hashlib.sha256((root / "src" / f"{name}.py").read_bytes()).hexdigest() != module["source"]
]
display(
    Markdown(
        f"By {mutants['tool']}; annotations of types are left alone, since nothing executes them. Of the changes that were not "
        "noticed those have “no effect” after which the program does the same; the others are “open”."
        + (f" Changed since this was measured: {', '.join(since)}." if since else "")
    )
)
lines = [
    [f"<code>{escape(each['was'])}</code>", f"<code>{escape(each['now'])}</code>", escape(each["why"])]
    for each in explained
]
display(
    present.fold(
        "Changes without effect, and why",
        present.table(["line", "changed to", "why nothing changes"], lines, "Changes without effect"),
    )
)

# %% [markdown]
# How much of the package do the tests run at all?

# %% tags=["remove-input"]
covered = trial("coverage")
said = (
    "`make coverage` measures it, and every run of the continuous integration prints the table; no measurement is stored "
    "with this copy of the data."
)
if covered:
    said = (
        f"{share(covered['covered_lines'], covered['num_statements'])} of {covered['num_statements']:,} statements and "
        f"{share(covered['covered_branches'], covered['num_branches'])} of {covered['num_branches']:,} branches, at the last "
        f"measurement (`make coverage`, {covered['tool']}; every run of the continuous integration prints the table anew). "
        f"The notebooks are not counted, which run more; left out is `{covered['left out'][0].rpartition('/')[2]}`, whose "
        "loops are compiled to machine code that no tracer sees; tests compare them with lifelines and with plain fits."
    )
display(Markdown(said))

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
# ## Exercises
#
# ::::{exercise} Which digit is invisible?
# :label: good-invisible
#
# Take row B. Change each digit of each of its four numbers in turn to every other digit. Is there a number of which every change is
# seen? And what have the changes in common that are not seen? Guess first.
# ::::

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
# Write a rule that needs no rounding intervals: work out $z$ from the ratio and its limits, and $z$ from p, and flag the row when
# they differ by more than a tolerance. Try several tolerances on 300 true rows with two decimals and on as many with a digit changed.
# Is there one that finds most errors and leaves true rows alone, as this audit does on the same rows?
# ::::

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
plants = [plant for kind, _, plant in planted.kinds(2) if kind == "one digit substituted"]
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
# *Limitations.* The simulated rows follow the Wald model and have the size of a study like this one; an interval by
# profile likelihood or a likelihood-ratio p beside a Wald interval would be flagged although it is right, and the reader
# of a flag should think of that. The planted errors are the slips that we thought of, drawn evenly; real slips have other
# frequencies. Queries that rest on simulated cohorts assume proportional hazards. The layout that says what each number is
# was made by hand, and so were our words for the paper's claims. And it was all developed on one paper: how it fares on
# others is for others to see.
#
# ## Further reading
#
# Checks of printed numbers and how often they fail: {cite:t}`brown2017grim`, {cite:t}`nuijten2016statcheck`,
# {cite:t}`carlisle2017`. P values from intervals: {cite:t}`altman2011p`; intervals from p values: {cite:t}`altman2011ci`. How to
# plan a simulation study: {cite:t}`morris2019`. Other checklists: {cite:t}`wilkinson2024inspect`.

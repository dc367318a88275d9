# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% [markdown]
# # Which conclusions survive
#
# :::{admonition} In this chapter
# :class: note
# **You will** hold every conclusion of the paper against every correction that may be meant and every test that may have been used, and see which
# of them depend on neither. **You will learn to** separate a wrong number from a wrong conclusion, to ask how firmly a
# significant result stands, and to leave open what the numbers leave open. **You need** {term}`p value`, {term}`confidence
# interval` and the words of [](10-how-to-read).
# :::

# %%
import math

import numpy as np
import pandas as pd
import seaborn as sns
from scipy import stats

from secondlook import conclusions, of_records
from secondlook.numbers.printed import show, show_like
from secondlook.pages import concluded, figures, handed_in
from secondlook.pages.look import percent, start
from secondlook.paper import rows
from secondlook.stats import balance, contingency, intervals, wald

look = start()
registry, verdicts = look.registry, look.alone.verdicts
lp, r = look.count("patients.size.lp"), look.count("patients.size.r")
models = {row.key: row for row in rows.all_rows(registry)}
# The paper's own level of significance, and that of this build.
LEVEL, alpha = float(registry["methods.significance.p"].number.value), look.alpha

# %% [markdown]
# ## Predict before you reveal
#
# Three conclusions of the paper, in our words, with the numbers that it prints for them:
#
# | conclusion (our words) | printed |
# |---|---|
# | {glue:text}`said.survival` | p {printed}`outcomes.pfs.p` (PFS) and {printed}`outcomes.os.p` (OS) |
# | {glue:text}`said.disease-control` | {printed}`t3.dcr.recist.lp.pct` % against {printed}`t3.dcr.recist.r.pct` %, p {printed}`t3.dcr.recist.p` |
# | {glue:text}`said.treatment-adjusted` | alone p {printed}`t5.arm.uni.p` and {printed}`t6.arm.uni.p`; beside others not printed |

# %% [markdown]
# Sort them before you read on: which survives as it stands, which with a correction, which does not, and of which can it not be
# told? (For the second, the paper names the other arm in {glue:text}`wrong_arm` places.)

# %% tags=["remove-input"]
from secondlook.pages import practice

practice.ask("conclusions.before")

# %% [markdown]
# :::{admonition} Open the answer
# :class: dropdown
# In this order: *{glue:text}`outcome.survival`*; *{glue:text}`outcome.disease-control`*; *{glue:text}`outcome.treatment-adjusted`*. What decides
# each stands in the table below. A large p, for one, is reason enough to say that no difference was shown, and none to say
# that there is none.
# :::
#
# (survive-rule)=
# ## Four outcomes
#
# A wrong digit matters when a conclusion rests on it. Here the paper's conclusions, in our words, are held against all that
# may be meant (the printed numbers, the suggested corrections, both readings of a label that can be read in two directions)
# and all tests that the paper may have used. A conclusion
#
# - *survives* when all of these agree with it;
# - *survives with a correction* when they do, but a number or a word of it must change;
# - *does not survive* when the paper's own numbers speak against it, or those of the study that it quotes;
# - *cannot be told* when they leave it open.
#
# Of {glue:text}`n_conclusions` conclusions: survive, {glue:text}`n_survive`; survive with a correction,
# {glue:text}`n_corrected`; do not survive, {glue:text}`n_not`; cannot be told, {glue:text}`n_unknown`. Surviving this audit means that the
# printed numbers bear a conclusion out. It does not mean that it is true of other patients: the study looks back, is not
# randomised and is small, as its authors say.
#
# ```{glue} conclusions
# ```

# %% tags=["remove-input"]
handed_in.summary(look.alone, look.ledger)

# %% [markdown]
# The numbers themselves, with every change marked: [The paper as it would read](16-as-it-would-read). The table covers {glue:text}`n_covered` claims that the paper makes in words. The rest describe procedures or other
# people's results; they have their verdicts in [the list of every number](82-numbers).

# %% [markdown]
# (survive-survival)=
# ## Survival
#
# The log-rank tests print p = {printed}`outcomes.pfs.p` and {printed}`outcomes.os.p`. The Cox models of Tables 5 and 6
# give the same by another way (the Wald p that follows from the interval), and turning the label round, LP against
# regorafenib or the reverse, changes no p:

# %%
treatment = {"PFS": models["t5.arm.uni"].line, "OS": models["t6.arm.uni"].line}
log_rank = {"PFS": registry["outcomes.pfs.p"].number, "OS": registry["outcomes.os.p"].number}
wald_p = {name: wald.implied_p(line) for name, line in treatment.items()}
ends = [float(end.value) for line in treatment.values() for end in (line.lower, line.upper)]
most = max(*ends, 1 / min(ends))


def turned(line):
    """Return a hazard ratio with its interval, read the other way round."""
    hr, upper, lower = (show(1 / number.value, number.places) for number in (line.hr, line.lower, line.upper))
    return f"{hr} ({lower}–{upper})"


pd.DataFrame(
    {
        name: {
            "log-rank p": log_rank[name].text,
            "Wald p": show_like(wald_p[name], line.p),
            "HR as labelled": str(line.without("p")),
            "HR turned round": turned(line),
        }
        for name, line in treatment.items()
    }
).T

# %% [markdown]
# No difference is shown, and no suggested correction changes that, nor the choice between the two tests. (A test that gives early events
# more weight, or an adjusted comparison, might; the paper prints neither.) But neither is it shown that there is none. The intervals
# reach, depending on the direction, to a hazard {glue:text}`most` times as high in one arm as in the other. To speak of *equal* survival one would have to name a margin beforehand and find the whole interval inside it
# {cite}`altman1995`. That the hazard ratio points against LP while the medians point for it
# ([Prognostic factors](prognosis-directions)) makes the direction itself uncertain. Time counts from the first treatment, but who
# did not receive {printed}`methods.eligible.cycles` cycles could not enter, and whoever was lost was left out: so the comparison is
# one of those <a href="12-suggested-corrections.html#rule-guaranteed-time">who lived that long</a>, which for regorafenib is longer
# ([](53-guaranteed-time)), and whom <a href="12-suggested-corrections.html#methods-followup-complete">follow-up kept</a>. And what came after progression blurs every
# comparison of survival: of the R arm's {printed}`patients.size.r` patients {glue:text}`crossed` went on to lenvatinib,
# {glue:text}`crossed_pd1` of them with a PD-1 inhibitor, and of the {printed}`patients.size.lp` of LP {glue:text}`crossed_back` to regorafenib
# ([](30-subsequent-treatment)).

# %% [markdown]
# (survive-control)=
# ## Disease control
#
# RECIST 1.1 and mRECIST give the same counts here. By each test that may have been used, beside the two rates of response:


# %%
def by_arm(row):
    """Return a row of Table 3 as counts: yes and no, by LP and R."""
    yes = [look.count(f"t3.{row}.{arm}.n") for arm in ("lp", "r")]
    return contingency.as_counts([yes, [lp - yes[0], r - yes[1]]])


def all_p(table):
    """Return p by every test that may have been used; one-sided only for "more with LP", which is the claim."""
    found = {key: float(p) for key, p in contingency.all_tests(table).items() if key != "fisher_less"}
    return {contingency.TESTS[key][0].replace(" (greater)", ", more with LP"): p for key, p in found.items()}


tables = {
    "disease control": by_arm("dcr.recist"),
    "response, RECIST 1.1": by_arm("orr.recist"),
    "response, mRECIST": by_arm("orr.mrecist"),
}
tests = pd.DataFrame({name: all_p(table) for name, table in tables.items()})
tests.map("{:.3f}".format)

# %% tags=["hide-input"] mystnb={"image": {"alt": "P values of three comparisons of the arms by seven tests. For disease control all lie left of the dashed line of the paper's level; for response by RECIST 1.1 and by mRECIST all lie well to the right of it, and the printed one of mRECIST lies far from its own dots."}, "figure": {"name": "fig-conclusions-p", "caption": "Disease control and response: p by every test that may have been used (dots), on a logarithmic axis, and as printed (rings). Dashed: the level of significance; a dotted line, if there is one, is another level that whoever built this book chose."}}
printed_p = dict(zip(tests, ("t3.dcr.recist.p", "t3.orr.recist.p", "t3.orr.mrecist.p"), strict=True))
fig, ax = figures.new(5.2, 2.5)
sns.stripplot(tests, orient="h", jitter=False, size=6.5, color=figures.BLUE, alpha=0.75, ax=ax)
rings = [float(look.printed(printed_p[name])) for name in tests]
ax.scatter(rings, range(len(rings)), s=150, facecolor="none", edgecolor=figures.INK, linewidth=1.4, zorder=3)
ax.axvline(LEVEL, color=figures.GREY, linestyle="--", linewidth=1)
if alpha != LEVEL:
    ax.axvline(alpha, color=figures.GREY, linestyle=":", linewidth=1.5)
ax.set_xscale("log")
ticks = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]
ax.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
ax.minorticks_off()
ax.grid(axis="y", visible=False)
_ = ax.set(xlabel="p value", xlim=(0.009, 1.1), ylim=(len(rings) - 0.4, -0.6))

# %% [markdown]
# And the differences in percentage points, with score intervals {cite}`miettinen1985`:


# %%
def difference(table):
    """Return a difference of two shares in percentage points, with its 95% interval by Miettinen and Nurminen."""
    (a, b), _ = table
    return 100 * np.array([a / lp - b / r, *intervals.difference((a, lp), (b, r))])


differences = pd.DataFrame(
    {name: [f"{table[0][0]} of {lp}", f"{table[0][1]} of {r}", *difference(table)] for name, table in tables.items()},
    index=["LP", "R", "points apart", "from", "to"],
).T
differences.style.format(lambda x: x if isinstance(x, str) else f"{x:.1f}".replace("-", "−"))

# %% [markdown]
# {glue:text}`dcr_lp` of {printed}`patients.size.lp` patients with LP and {glue:text}`dcr_r` of
# {printed}`patients.size.r` with regorafenib: a difference of {glue:text}`dcr_d` percentage points, with a score interval
# from {glue:text}`dcr_low` to {glue:text}`dcr_high`. At the level of {glue:text}`level`, {glue:text}`dcr_below` of the
# {glue:text}`n_tests` tests call it significant (p {glue:text}`dcr_p`). The higher rate is that of LP, where the abstract and
# the outcomes <a href="12-suggested-corrections.html#t3-dcr">name regorafenib</a>. So the conclusion: *{glue:text}`outcome.disease-control`*.
#
# How many patients, of either arm, would have to be classified otherwise until it ceased to be significant at the paper's level?


# %%
def fewest_changes(table, test):
    """Return how few patients, of either arm, would have to be classified otherwise to take p to the paper's level."""
    (a, b), (c, d) = table
    for changed in range(a + d):
        for i in range(max(0, changed - d), min(a, changed) + 1):
            j = changed - i
            if test(((a - i, b + j), (c + i, d - j))) >= LEVEL:
                return changed
    return a + d


two_tests = {"Pearson's": contingency.pearson, "Fisher's": contingency.fisher}
changes = {name: fewest_changes(tables["disease control"], test) for name, test in two_tests.items()}
changes

# %% [markdown]
# :::{margin}
# A count of the patients on whom significance hangs is known as a fragility index {cite}`walsh2014`. It says little that p
# and the interval do not say, but in patients, which are easier to picture.
# :::
#
# At the paper's level of {glue:text}`paper_level` it hangs on these few. And control was judged at scans
# <a href="12-suggested-corrections.html#rule-first-scan-r">whose timing is itself in question</a>; it was one of several comparisons,
# and it is not adjusted for anything. So “survives” is said of the arithmetic and of the chance in it, as everywhere on this page: the
# numbers do not leave it open, and they do not make it firm.

# %% [markdown]
# (survive-response)=
# ## Response
#
# The printed p for mRECIST, {printed}`t3.orr.mrecist.p`, <a href="12-suggested-corrections.html#t3-orr">cannot be right</a>. In the table above {glue:text}`response_below` of
# the {glue:text}`n_response` p values of response lie below {glue:text}`level`.
#
# More tumours responded with LP in these patients: that much is counted. Whether it is more than chance cannot be told
# (p {glue:text}`response_p`); the intervals reach from somewhat fewer responses to many more. "Trend" is often said of a
# difference that is not significant; the interval says more, and says it in numbers.

# %% [markdown]
# (survive-prognosis)=
# ## Performance status and AFP
#
# Every row that the paper prints for them, with the largest p that the printed digits allow (a row of the text that
# repeats its own row of the table is left out):


# %%
def row_name(key):
    """Return endpoint, model and place of a row."""
    row = models[key]
    place = ", in the text" if row.in_prose else ""
    return f"{row.endpoint.upper()}, {registry.layout.tables[row.table].sets[row.set]}{place}"


def reading(key):
    """Return a row of a model with the smallest and the largest p that print it."""
    line = models[key].line
    p = wald.box(line).p
    return {"p printed": line.p.text, "smallest p": p.low, "largest p": p.high, "HR (95% CI)": str(line.without("p"))}


def rows_of(variable):
    """Return every printed row of a variable, of the text and of the tables."""
    found = [key for key, row in models.items() if row.variable == variable]
    return pd.DataFrame({key: reading(key) for key in found}).T


def table_row(key):
    """Return the row of the table that a row restates, or that it is."""
    row = models[key]
    return f"{row.table}.{row.row}.{row.set}"


ecog, afp = rows_of("ecog"), rows_of("afp")
worse = pd.concat([ecog, afp])
own = [key for key in worse.index if not models[key].in_prose or models[key].line != models[table_row(key)].line]
names = {key: f"{registry.layout.variables[models[key].variable].label}, {row_name(key)}" for key in own}
worse.loc[own, ["largest p", "HR (95% CI)"]].rename(index=names).style.format({"largest p": "{:.6f}"})

# %% [markdown]
# In each of these rows the interval lies above 1 and p is at most {glue:text}`largest_p`. Whether
# the text's hazard ratio of AFP for PFS ({printed}`prognostic.afp.pfs.multi.hr`) or the table's ({printed}`t5.afp.multi.hr`)
# <a href="12-suggested-corrections.html#t5-afp">is the right one</a> changes only what is quoted. The medians point the same
# way, and so do the log-rank tests (p {glue:text}`log_ranks`). These are the firmest findings of the paper. "Independent"
# means here: beside the few variables that passed the selection, which do not include the treatment.

# %% [markdown]
# ## Child-Pugh class
#
# Alone, it has p = {printed}`t6.child_pugh.uni.p` for OS, whichever way the label is read. But as labelled, A against B,
# the hazard ratio is {printed}`t6.child_pugh.uni.hr`: the *better* class dies sooner.

# %%
tabled = [row for row in models.values() if row.variable == "child_pugh" and not row.in_prose]
classes = {row_name(row.key): row.line for row in tabled}
pd.DataFrame(
    {
        name: {
            "as labelled, A vs B": str(line.without("p")),
            "turned round": turned(line),
            "p printed": line.p.text,
        }
        for name, line in classes.items()
    }
).T

# %% [markdown]
# Clinical order speaks for a label that is the wrong way round, the width of the interval against it
# ([How many events?](40-how-many-events)). Beside performance status and AFP it is not significant
# (p = {printed}`t6.child_pugh.multi.p`). The sentence of the text is `coherent` in [the list of every number](82-numbers), since it says of
# Table 6 what Table 6 prints; what it says of patients hangs on that row. And the two rows
# <a href="12-suggested-corrections.html#child-pugh-os">cannot stand together</a>, whatever the patients were and whichever way the
# label is read, unless [a premise of the proof](certificate-child-pugh) fails: other patients behind one of the rows would do
# ([how likely is that?](certificate-doubt)). That class matters may well be true; which class fared worse, and how much it
# matters beside the others, cannot be told from what is printed.

# %% [markdown]
# (survive-adjusted)=
# ## Treatment, adjusted
#
# By the selection rule treatment entered neither multivariable model (p = {printed}`t5.arm.uni.p` and
# {printed}`t6.arm.uni.p`). What an adjusted comparison would have shown is therefore not known. Where
# treatments were not allotted at random, it is the comparison that matters most.

# %% [markdown]
# ## Adverse events
#
# Events of any grade that are *less* frequent with LP:

# %%
table4 = pd.read_csv(look.folder / "table-4.csv", index_col="row").fillna({"ge3_lp_n": 0, "ge3_r_n": 0})
kinds = table4["label"].str.rstrip(".")
toxic = table4[["any_lp_n", "any_r_n", "ge3_lp_n", "ge3_r_n"]].astype(int)
toxic.columns = ["any, LP", "any, R", "severe, LP", "severe, R"]
shares = (100 * toxic[["any, LP", "any, R"]] / [lp, r]).set_axis(["LP, %", "R, %"], axis=1)
lower_in_lp = toxic.join(shares)[shares["LP, %"] < shares["R, %"]].rename(index=kinds)
lower_in_lp[["any, LP", "LP, %", "any, R", "R, %"]].style.format(precision=1)

# %% [markdown]
# And all kinds of which there was a severe one, most frequent first (an empty cell is taken as none):

# %%
toxic["both"] = toxic["severe, LP"] + toxic["severe, R"]
with_severe = toxic.loc[toxic["both"] > 0, ["severe, LP", "severe, R", "both"]]
with_severe.sort_values("both", ascending=False, kind="stable").rename(index=kinds)

# %% [markdown]
# Fisher's test of each kind, of any grade; the smallest p:

# %%
toxic_p = [stats.fisher_exact([[a, b], [lp - a, r - b]]).pvalue for a, b in toxic[["any, LP", "any, R"]].to_numpy()]
print(f"{min(toxic_p):.2f}, {sum(p < alpha for p in toxic_p)} of {len(toxic_p)} below {alpha:g}")

# %% [markdown]
# Of {glue:text}`n_kinds` kinds {glue:text}`n_lower` are less frequent with LP, so <a href="12-suggested-corrections.html#discussion-ae-all-higher">“all” does not hold</a>; and
# {glue:text}`n_significant` of the differences are significant by Fisher's test (smallest p {glue:text}`smallest_toxic`,
# not corrected for their number), so that the percentages differ is to be seen, and that the drugs do is not shown. Hand-foot skin reaction leads among the severe events, in
# {glue:text}`hfsr_all` % of all patients <a href="12-suggested-corrections.html#discussion-hfsr-ge3">where the abstract prints</a> {printed}`abstract.hfsr.ge3` %; severely raised AST
# occurred in {glue:text}`ast_all` % where the discussion prints {printed}`discussion.ast.ge3` %. Whether the
# {glue:text}`severe_lp` severe events with LP count as serious reactions to immunotherapy depends on what is meant by
# the words.

# %% [markdown]
# ## What else the patients received
#
# Table 1 counts patients with TACE or HAIC in both arms:

# %%
local = {arm: look.count(f"t1.tace_haic.yes.{arm}.n") for arm in ("lp", "r")}
treated = {"LP": f"{local['lp']} of {lp}", "R": f"{local['r']} of {r}"}
pd.Series(treated).to_frame("TACE or HAIC")

# %% [markdown]
# The discussion calls regorafenib given *alone*: without a PD-1 inhibitor, and nothing printed speaks against that. That local
# treatment came with both drugs is no slip, then, but part of what was compared, and the authors name the mixture of regimens
# among their limits themselves. (Unless a premise fails, the row of TACE or HAIC for progression
# <a href="12-suggested-corrections.html#tace-haic-pfs">cannot stand</a> beside other rows, nor the rows of stage and of spread for death
# <a href="12-suggested-corrections.html#staging-os">beside each other</a>. No conclusion of the paper rests on them.)

# %% [markdown]
# (survive-size)=
# ## Size and balance
#
# How large must a hazard ratio be to be found in four studies of five? With *d* events in one arm and *e* in the other,
# its logarithm must reach ({glue:text}`critical` + {glue:text}`more`) √(1/*d* + 1/*e*) {cite}`schoenfeld1983`. Taking an event
# in every patient, the best case:

# %%
critical, more = stats.norm.ppf(1 - alpha / 2), stats.norm.ppf(0.8)
detectable = math.exp((critical + more) * math.sqrt(1 / lp + 1 / r))
print(f"{detectable:.2f}")

# %% [markdown]
# The authors' own reservation is right: smaller effects, some of which would matter to patients, would more often be missed.
#
# As to balance, {glue:text}`n_balance` tests say little, since a small sample seldom makes a difference significant. The
# *standardised difference*, in units of one standard deviation, does not grow with the sample {cite}`austin2009`. Of
# {glue:text}`n_smd` levels {glue:text}`n_uneven` differ by more than a quarter of a unit (positive: more with LP):

# %%
smd = {}
for variable, spec in registry.layout.variables.items():
    for level in list(spec.levels)[: 1 if len(spec.levels) == 2 else None]:
        n = [registry.level_count(variable, [level], arm) for arm in ("lp", "r")]
        if None not in n:
            counts = (n[0], lp - n[0]), (n[1], r - n[1])
            smd[f"{spec.label}: {spec.levels[level]}"] = balance.standardised_difference(*counts)
smd = pd.Series(smd)
uneven = smd[smd.abs() > 0.25]
uneven.map("{:+.2f}".format).str.replace("-", "−").to_frame("standardised difference")

# %% [markdown]
# Were so few patients allotted at random, about {glue:text}`by_chance` % of the levels would differ as much, so this does
# not show that the arms were chosen differently. But these arms were not alike, and nothing was adjusted for it.

# %% [markdown]
# (survive-others)=
# ## Other studies
#
# RESORCE's results as the paper prints them, against the intervals of its regorafenib arm (Wilson's for the rates
# {cite}`wilson1927`, as printed for the medians):

# %%
external = pd.read_csv(look.folder / "external.csv", dtype=str)


def source(quote, cites):
    """Return a cited study's own value."""
    [value] = external.loc[(external["quote"] == quote) & (external["cites"] == cites), "source_value"]
    return float(value)


control, response = tables["disease control"][0][1], tables["response, RECIST 1.1"][0][1]
pfs, os, pfs_lp = (
    [float(look.printed(f"outcomes.{name}.{end}")) for end in ("lower", "upper")]
    for name in ("pfs.r", "os.r", "pfs.lp")
)
beside = pd.DataFrame(
    {
        "response, %": ["orr", *(100 * x for x in intervals.wilson(response, r))],
        "disease control, %": ["dcr", *(100 * x for x in intervals.wilson(control, r))],
        "median PFS, months": ["pfs", *pfs],
        "median OS, months": ["os", *os],
    },
    index=["name", "from", "to"],
).T
beside.insert(1, "R arm", [look.printed(f"discussion.r.{name}") for name in beside["name"]])
beside["RESORCE"] = [float(look.printed(f"discussion.resorce.{name}")) for name in beside.pop("name")]
beside["within?"] = np.where(beside["RESORCE"].between(beside["from"], beside["to"]), "yes", "no")
beside.style.format({"from": "{:.1f}", "to": "{:.1f}", "RESORCE": "{:g}"})

# %% [markdown]
# Lower they are. But for {glue:text}`n_within` of the four ({glue:text}`within`) RESORCE's value lies within this arm's
# own uncertainty; and by like criteria the response is not the lower one: by mRECIST {printed}`t3.orr.mrecist.r.pct` %
# here, {glue:text}`resorce_mrecist` % there ([criterion by criterion](discussion-criteria)).
#
# PFS with LP, {printed}`outcomes.pfs.lp.median` months ({printed}`outcomes.pfs.lp.lower` to
# {printed}`outcomes.pfs.lp.upper`), is set beside four cited trials of single drugs. Three of them, in liver cancer after
# sorafenib, have medians of {glue:text}`single_values` months: two below the interval, one within it. The fourth is of
# thyroid cancer ({glue:text}`thyroid` months), <a href="12-suggested-corrections.html#discussion-single-agents">a wrong reference</a> rather than a wrong conclusion. So a benefit is neither
# shown nor refuted, and in this very study PFS with LP did not differ significantly from that with a single drug.

# %% [markdown]
# (survive-judged)=
# ## How each is judged
#
# The facts on which the conclusions hang, over all that the printed numbers allow, in the order of the conclusions above:

# %%
cites = ("ref33-zhu2019", "ref13-bruix2017", "ref32-aboualfa2018")
single = [source("discussion.single_agents", cite) for cite in cites]
thyroid = source("discussion.single_agents", "ref31-lin2022")
resorce_mrecist = f"{source('discussion.resorce.orr', 'ref13-bruix2017'):g}"
inside = [median for median in single if pfs_lp[0] <= median <= pfs_lp[1]]
disease, responses = tests["disease control"], tests.drop(columns="disease control").to_numpy().ravel()
baseline_p = [value.number.value for value in registry.cells("t1", statistic="p")]
results = ("response", "disease control", "median PFS", "median OS")
within = [name for name, held in zip(results, beside["within?"], strict=True) if held == "yes"]
wrong = {value for value, verdict in look.ledger.verdicts.items() if verdict in ("decision", "inconsistent")}


# %%
def all_significant(p):
    """Return whether even the largest p is significant."""
    return max(p) < alpha


def none_significant(p):
    """Return whether not even the smallest p is."""
    return min(p) > alpha


def is_worse(lower, p):
    """Return whether by every row, of which these are lower limits and p, the exposed fare worse."""
    return min(lower) > 1 and all_significant(p)


def shows_nothing(limits):
    """Return whether there are intervals of a ratio, and all hold 1."""
    return len(limits) > 0 and all(low < 1 < high for low, high in limits)


def least(rows):
    """Return the smallest lower limits that print in some rows."""
    return [models[key].line.lower.stands_for().low for key in rows.index]


of_treatment = [models[key].line for key in ("t5.arm.multi", "t6.arm.multi") if key in models]
facts = {
    "survival": none_significant([*(p.low for p in wald_p.values()), *(p.value for p in log_rank.values())]),
    "disease-control": all_significant(disease),
    "response": not none_significant(responses),
    "ecog": is_worse(least(ecog), ecog["largest p"]),
    "afp": is_worse(least(afp), afp["largest p"]),
    "child-pugh": verdicts["t6.child_pugh.uni.hr"] != "query"
    and all_significant([registry["t6.child_pugh.uni.p"].number.value]),
    "treatment-adjusted": shows_nothing([(line.lower.value, line.upper.value) for line in of_treatment]),
    "all-events": lower_in_lp.empty,
    "hypertension-leads": toxic["severe, LP"].idxmax() == "hypertension",
    "hfsr-leads": toxic["both"].idxmax() == "hfsr",
    "baseline": min(baseline_p) > alpha,
    "size": detectable > 1.5,
    "resorce": not within,
    "single-drugs": not inside,
}
by_records = {}  # what the patients themselves say of a fact, where records are handed in
concluding = conclusions.load(look.folder, registry)
pd.Series(conclusions.in_words(concluding, facts)).to_frame("true?")

# %% tags=["remove-cell"]
told = of_records.numbers(look.ledger)  # what records of all patients print, if such were handed in


def by_id(*ids):
    """Return what the records print for some values, in ascending order; nothing unless they print each."""
    found = [told.get(name) for name in ids]
    return [] if None in found else sorted(found, key=lambda number: number.value)


if p := by_id("outcomes.pfs.p", "outcomes.os.p", "t5.arm.uni.p", "t6.arm.uni.p"):
    said = f"p from {p[0].text} upwards"
    by_records["survival"] = none_significant([each.value for each in p]), said
for variable in ("ecog", "afp"):
    keys = [key for key, row in models.items() if row.variable == variable and not row.in_prose]
    hr, lower, p = (by_id(*(f"{key}.{cell}" for key in keys)) for cell in ("hr", "lower", "p"))
    if hr and lower and p:
        holds = is_worse([each.value for each in lower], [each.value for each in p])
        by_records[variable] = holds, f"hazard ratios {hr[0].text} to {hr[-1].text}"
if p := by_id("t6.child_pugh.uni.p"):  # and a label of records reads one way
    holds = all_significant([p[0].value])
    by_records["child-pugh"] = holds, f"p {p[0].text} alone"
for row, fact, holds in (
    ("dcr", "disease-control", all_significant),
    ("orr", "response", lambda p: not none_significant(p)),
):
    n = [[told.get(f"t3.{row}.{criterion}.{arm}.n") for arm in ("lp", "r")] for criterion in ("recist", "mrecist")]
    if all(None not in pair for pair in n):
        yes = [[int(number.value) for number in pair] for pair in n]
        more = all(a / lp > b / r for a, b in yes)  # with LP, as the conclusions say
        p = [x for a, b in yes for x in all_p(contingency.as_counts([[a, lp - a], [b, r - b]])).values()]
        said = " and ".join(f"{a} of {lp} against {b} of {r}" for a, b in dict.fromkeys(map(tuple, yes)))
        by_records[fact] = more and holds(p), f"{said}, p {min(p):.3f} to {max(p):.3f} over all tests"
balance_p = [by_id(value.id) for value in registry.cells("t1", statistic="p")]
if all(balance_p):
    p = sorted((number for [number] in balance_p), key=lambda number: number.value)
    by_records["baseline"] = none_significant([each.value for each in p]), f"p from {p[0].text} upwards"
adjusted = of_records.adjusted(look.records) if told else {}
if adjusted:
    said = ", ".join(f"{name.upper()} {hr:.2f} ({low:.2f} to {high:.2f})" for name, (hr, low, high) in adjusted.items())
    holds = shows_nothing([(low, high) for _, low, high in adjusted.values()])
    by_records["treatment-adjusted"] = (
        holds,
        f"put into both models, hazard ratio {said}",
    )


# %% tags=["hide-input"]
def span(values, form):
    """Return the smallest and the largest of some numbers."""
    return f"{min(values):{form}} to {max(values):{form}}"


def hr_span(found):
    """Return the smallest and the largest printed hazard ratio of some rows."""
    printed = sorted((models[key].line.hr for key in found.index), key=lambda number: number.value)
    return f"{printed[0].text} to {printed[-1].text}"


dcr_p, hfsr_all = span(disease, ".3f"), percent(int(toxic.loc["hfsr", "both"]), lp + r)
wrong_arm = len({"abstract.dcr.direction", "outcomes.dcr.direction"} & wrong)
hypertension, severe_lp = toxic.loc["hypertension", "severe, LP"], toxic["severe, LP"].sum()
judged = conclusions.judge(
    concluding,
    facts,
    {
        "survival_p": f"{min(p.low for p in wald_p.values()):.2f}", "most": f"{most:.1f}", "dcr_p": dcr_p,
        "fewest": min(changes.values()),
        "wrong_arm": wrong_arm, "response_p": span(responses, ".2f"),
        "ecog_hr": hr_span(ecog), "ecog_p": f"{ecog['largest p'].max():.4f}",
        "afp_hr": hr_span(afp), "afp_p": f"{afp['largest p'].max():.4f}",
        "class_alone": look.printed("t6.child_pugh.uni.p"),
        "class_beside": look.printed("t6.child_pugh.multi.p"), "n_lower": len(lower_in_lp), "n_kinds": len(toxic),
        "hypertension": hypertension, "leading": kinds[toxic["severe, LP"].idxmax()].lower(),
        "n_leading": toxic["severe, LP"].max(), "hfsr_all": hfsr_all, "hfsr_printed": look.printed("abstract.hfsr.ge3"),
        "severe_lp": severe_lp,
        "n_balanced": sum(p > alpha for p in baseline_p), "n_balance": len(baseline_p), "level": f"{alpha:g}",
        "detectable": f"{detectable:.1f}", "n_within": len(within), "n_single": len(single), "n_inside": len(inside),
        "orr_mrecist": look.printed("t3.orr.mrecist.r.pct"), "resorce_mrecist": resorce_mrecist,
    },
    wrong,
    by_records,
)  # fmt: skip

# %% tags=["remove-cell"]
d, low, high = difference(tables["disease control"])
tally = {word: sum(item.outcome == word for item in judged) for word in conclusions.OUTCOMES}
claims = {value for item in judged for value in item.conclusion.claims if registry[value].statistic == "claim"}
log_ranks = [look.printed(item.p) for item in registry.layout.log_ranks if item.variable in ("ecog", "afp")]
look.paste("conclusions", concluded.table(judged, registry))
later = {row: look.count(f"t2.{row}.r.n") for row in ("pd1_lenva", "tace_pd1_lenva", "lenva")}
back = sum(look.count(f"t2.{row}.lp.n") for row in ("pd1_rego", "rego"))
look.tell(
    **{f"said.{item.conclusion.place}": item.conclusion.said for item in judged},
    **{
        f"outcome.{item.conclusion.place}": item.outcome
        + (", by the records" if item.conclusion.holds in by_records else "")
        for item in judged
    },
    crossed_back=back, crossed=sum(later.values()), crossed_pd1=later["pd1_lenva"] + later["tace_pd1_lenva"],
    n_conclusions=len(judged), n_survive=tally[conclusions.SURVIVES], n_corrected=tally[conclusions.CORRECTED],
    n_not=tally[conclusions.NOT], n_unknown=tally[conclusions.UNKNOWN], n_covered=len(claims), wrong_arm=wrong_arm,
    most=f"{most:.1f}", dcr_lp=tables["disease control"][0][0], dcr_r=tables["disease control"][0][1], dcr_d=f"{d:.0f}",
    dcr_low=f"{low:.0f}", dcr_high=f"{high:.0f}", dcr_p=dcr_p, dcr_below=sum(disease < alpha), n_tests=len(disease),
    response_below=sum(responses < alpha), n_response=len(responses), response_p=span(responses, ".2f"), level=f"{alpha:g}",
    paper_level=f"{LEVEL:g}", largest_p=f"{worse['largest p'].max():.4f}",
    log_ranks=", ".join(log_ranks), n_lower=len(lower_in_lp), n_kinds=len(toxic), smallest_toxic=f"{min(toxic_p):.2f}",
    n_significant=sum(p < alpha for p in toxic_p) or "none", severe_lp=severe_lp, hfsr_all=hfsr_all,
    ast_all=percent(int(toxic.loc["ast", "both"]), lp + r), n_smd=len(smd), n_uneven=len(uneven), n_balance=len(baseline_p),
    by_chance=f"{200 * stats.norm.sf(0.25 / math.sqrt(1 / lp + 1 / r)):.0f}", n_within=len(within),
    within=", ".join(within), single_values=f"{single[0]:g}, {single[1]:g} and {single[2]:g}", resorce_mrecist=resorce_mrecist, thyroid=f"{thyroid:g}",
    critical=f"{critical:.2f}", more=f"{more:.2f}",
)  # fmt: skip
# What the words say and no number carries.
same = by_arm("dcr.recist") == by_arm("dcr.mrecist")
weighed = {m.slug: conclusions.weigh(m, [item.conclusion for item in judged]) for m in look.alone.matters}
quoted = {c.said for w in weighed.values() if w.answer == conclusions.QUOTED for c in w.conclusions}
fallen = {c.conclusion.said for c in judged if c.outcome == conclusions.NOT and c.conclusion.holds not in by_records}
in_text = [key for key in own if models[key].in_prose]
immune = {kind: toxic.loc[kind, "severe, LP"] for kind in ("hepatitis", "pneumonia")}

# %% tags=["remove-cell", "guard"]
assert same, f"“the same counts” by both criteria: {by_arm('dcr.recist')} and {by_arm('dcr.mrecist')}"
assert disease.max() < LEVEL, f"“significantly by every test” at {LEVEL:g}: p {dcr_p}"
assert in_text == ["prognostic.afp.pfs.multi"], f"“a row of the text that repeats …”: left are {in_text}"
assert max(single[:2]) < pfs_lp[0] <= single[2] <= pfs_lp[1], (
    f"“two below the interval, one within it”: {single}, {pfs_lp}"
)
orr_here = look.printed("t3.orr.mrecist.r.pct")
assert float(orr_here) > float(resorce_mrecist), f"“not the lower one”, by mRECIST: {orr_here} and {resorce_mrecist}"
assert not quoted & fallen, f"“changes only what is quoted”: {sorted(quoted & fallen)} do not survive"
afp_changes = weighed["t5-afp"].answer
assert afp_changes == conclusions.QUOTED, f"“changes only what is quoted”, of AFP: {afp_changes}"
assert not any(immune.values()), f"“none of the two kinds named as immune-related”: {immune}"

# %% [markdown]
# ## Practice

# %% tags=["remove-input"]
practice.ask("conclusions.after")

# %% [markdown]
# ## Exercises
#
# ::::{exercise} How firm is disease control?
# :label: survive-firm
#
# *Level 2 of 3 · 20 minutes · Python, R or a spreadsheet*
#
# At the paper's level of {glue:text}`paper_level` disease control differs significantly by every test. Suppose that one patient
# with LP had been classified otherwise, then two, then three. At which number does Pearson's test cross the level, and at which
# does Fisher's? And what would a Bonferroni correction for the three comparisons of response and control ask for?
# ::::
#
# :::{admonition} Hint
# :class: tip dropdown
# Take one patient with LP from the controlled to the others, and compute p anew; the formulas stand in
# [](read-tests).
# :::

# %% [markdown]
# ::::{solution-start} survive-firm
# :class: dropdown
# ::::

# %%
(a, b), (c, d) = tables["disease control"]
p = {}
for n in range(5):
    moved = contingency.as_counts([[a - n, b], [c + n, d]])
    p[n] = {name: float(test(moved)) for name, test in two_tests.items()}
p = pd.DataFrame(p).T.rename_axis(columns="moved")
p.map("{:.3f}".format)

# %%
for name, values in p.items():
    first = values.index[values >= LEVEL][0]
    print(f"{name} test: {LEVEL:g} or more once {first} are moved")
print(f"Bonferroni asks for p below {LEVEL / len(tables):.4f}")
print(f"the tests give {dcr_p}")

# %% [markdown]
# A finding that hangs on a handful of scans is not firm, whatever its p value says; and which test was chosen decides whether it
# outlives a correction.
#
# ::::{solution-end}
# ::::

# %% [markdown]
# ::::{exercise} What a trend is worth
# :label: survive-trend
#
# *Level 3 of 3 · 30 minutes · Python or R*
#
# “A trend to more responses”: for how many responders among the R patients would the difference by RECIST have been significant, with
# the LP arm as it is? And how large a study, with the same rates and the same division into arms, would find it four times in five?
# Simulate.
# ::::
#
# :::{admonition} Hint
# :class: tip dropdown
# First: go through all numbers of responders with R, with LP's as printed. Then multiply both arms, and simulate
# binomial counts with the two rates.
# :::

# %% [markdown]
# ::::{solution-start} survive-trend
# :class: dropdown
# ::::

# %%
(a, b), _ = tables["response, RECIST 1.1"]


def p_with(n):
    """Return Pearson's p with n responders among the R patients."""
    table = contingency.as_counts([[a, n], [lp - a, r - n]])
    return float(contingency.pearson(table))


fit = [n for n in range(r + 1) if p_with(n) < alpha]
few = [n for n in fit if n / r < a / lp]
many = [n for n in fit if n / r > a / lp]
print(f"Pearson's p is below {alpha:g} among {r} patients with R")
named = ", ".join(map(str, few)) or "no number"
print(f"  with {named} of them responding (fewer than LP)")
print(f"  or with {min(many)} and more (the other way round)")
rng = np.random.default_rng(19)
critical = stats.norm.ppf(1 - alpha / 2)
for times in (1, 2, 4, 6, 8):
    m, n = times * lp, times * r
    x, y = rng.binomial(m, a / lp, 4000), rng.binomial(n, b / r, 4000)
    pooled = (x + y) / (m + n)
    variance = np.maximum(pooled * (1 - pooled), 1e-9)
    z = np.abs(x / m - y / n) / np.sqrt(variance * (1 / m + 1 / n))
    share = 100 * np.mean(z > critical)
    print(f"{m + n:4} patients: significant in {share:.0f} %")

# %% [markdown]
# A study of this size would miss such a difference more often than it would show it. "Trend" hides that; the interval in the
# table on response says it, without simulating anything.
#
# ::::{solution-end}
# ::::
#
# ## Key takeaways
#
# - [A wrong number and a wrong conclusion](survive-rule) are two things: of {glue:text}`n_conclusions` conclusions
#   {glue:text}`n_corrected` need no more than a corrected number or word; those that do not survive: {glue:text}`n_not`.
# - [No difference shown](survive-survival) leaves much open: here a hazard {glue:text}`most` times as high in one arm
#   remains possible. Look at the interval before the p value.
# - [A significant result has a size and a firmness](survive-control): disease control differs by {glue:text}`dcr_d` points,
#   with a score interval from {glue:text}`dcr_low` to {glue:text}`dcr_high`, and hangs on a few patients.
# - [What every row agrees on, corrected or not,](survive-prognosis) is firm, within the study: performance status and AFP.
# - [No adjusted row of treatment is printed](survive-adjusted), so nothing is known of it there.
# - [All p values of a baseline table above the level](survive-size) do not make two arms alike.
#
# ## Strengths and limitations of the method
#
# *Strengths.* A conclusion is judged over all that the printed numbers allow, so that nobody has to choose the test or the correction that
# suits. *Limitations.* Only conclusions about numbers can be tested so. Whether the study's design allows a comparison of
# treatments is another question, and the authors answer it with caution. Corrections are taken one at a time and as far as
# the search found them; the true slips may be others. (None of the suggested corrections bears on the rows of treatment,
# performance status or AFP, except for the one of AFP in the text.) And where no records are handed in, all of it is
# worked out from what is printed: they could show more, and could overturn any of it.
#
# To print or to send: {download}`the findings on one page <../data/findings.pdf>` (PDF).
#
# ## Further reading
#
# No difference shown: {cite:t}`altman1995`. Intervals for differences of shares: {cite:t}`miettinen1985`; for single ones:
# {cite:t}`wilson1927`. Balance without p values: {cite:t}`austin2009`. How many events: {cite:t}`schoenfeld1983`. What such a study
# should report: {cite:t}`vonelm2007`.

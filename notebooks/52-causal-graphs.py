# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% [markdown]
# # One drawing before any model
#
# **This chapter stands on three grounds**: a *drawing*, which is an assumption and ours; *simulation with a known truth* at the paper's size; and
# *invented patients* ([](teachers-made)) whose drawing is known. From the *printed numbers* it takes frequencies and p values, and shows that no printed
# number can decide between two drawings.
# Records of patients that were handed in are not used.
#
# :::{admonition} In this chapter
# :class: note
# **You will** draw what causes what among this paper's variables, let a few lines of code find which ways are open, and simulate what
# “adjusted for what is significant” does in each role. **You will learn to** tell a {term}`confounder <confounding>` from a {term}`mediator` and a
# {term}`collider`, and to choose covariates before the outcome is looked at. **You need** {term}`hazard ratio` and the idea of a
# {term}`Cox model`; [](56-who-got-which-drug) carries on from here.
# :::

# %%
import math
from itertools import pairwise

import numpy as np
import pandas as pd
import seaborn as sns
from scipy.special import ndtri

from secondlook import teaching
from secondlook.pages import figures
from secondlook.pages.look import start
from secondlook.stats import cox_batch

look = start()
registry = look.registry
n = {arm: look.count(f"patients.size.{arm}") for arm in ("lp", "r")}
SIZE = sum(n.values())

STUDIES = 500  # simulated studies of each role
STRONG = 2.2  # what a strong cause does to the hazard of death

# %% [markdown]
# ## Predict before you reveal
#
# The paper tests each characteristic against death, and those with p {printed}`methods.selection.p` enter the model. Four of them:
#
# | | with it, of {printed}`patients.size.all` | hazard ratio of death, alone | p |
# |---|---:|---:|---:|
# | ECOG PS 2 | {glue:text}`with_ecog` | {printed}`t6.ecog.uni.hr` | {printed}`t6.ecog.uni.p` |
# | AFP ≥ 400 | {glue:text}`with_afp` | {printed}`t6.afp.uni.hr` | {printed}`t6.afp.uni.p` |
# | hepatitis B | {glue:text}`with_hbv` | {printed}`t6.hbv.uni.hr` | {printed}`t6.hbv.uni.p` |
# | TACE or HAIC, with the drugs | {glue:text}`with_tace_haic` | {printed}`t6.tace_haic.uni.hr` | {printed}`t6.tace_haic.uni.p` |
#
# (The row of hepatitis B is one that [cannot be as printed](36-prognostic-factors).) You want to know what LP does to survival, compared with R. Which
# of the four belong in the model? Which number of the table tells you?
#
# :::{admonition} Open the answer
# :class: dropdown
# By our drawing ECOG and AFP belong in the model, hepatitis B and TACE or HAIC do not. No number of the table tells. A p value says that a
# variable goes together with death; whether it came *before* the choice and swayed it, or *after*
# and because of it, is not in the table. In the simulation below a variable that must not be adjusted for is significant in
# {glue:text}`collider_often` % of studies, and a model that takes it on makes drugs that are alike look like a hazard ratio of
# {glue:text}`collider_always`.
# :::
#
# (graph-draw)=
# ## The drawing
#
# A {term}`causal graph` {cite}`greenland1999` has an arrow wherever one thing is thought to change another directly, whatever else is held fixed. What is
# *not* drawn is the strong claim: no arrow, no direct effect; and no common cause of any two that is not drawn.
# One such drawing for this study, with two causes that nobody recorded:

# %%
arrows = [
    ("ECOG", "drug"), ("ECOG", "death"),
    ("burden", "drug"), ("burden", "death"), ("burden", "AFP"),
    ("HBV", "drug"),
    ("drug", "response"), ("response", "death"), ("drug", "death"),
    ("drug", "TACE/HAIC"), ("liver", "TACE/HAIC"), ("liver", "death"),
]  # fmt: skip
unrecorded = {"burden", "liver"}
places = {
    "burden": (2, 3), "AFP": (3.2, 3), "ECOG": (2, 2.1),
    "HBV": (0, 1.2), "drug": (1, 1.2), "death": (3, 1.2),
    "response": (2, 0.4), "TACE/HAIC": (1, -0.5), "liver": (3, -0.5),
}  # fmt: skip


def draw(ax, places, arrows, unrecorded=()):
    """Draw a graph: dashed boxes for what was not recorded."""
    for name, (x, y) in places.items():
        line = "--" if name in unrecorded else "-"
        box = {"boxstyle": "round", "fc": "white", "ec": figures.BLUE}
        box["linestyle"] = line
        ax.text(x, y, name, ha="center", va="center", bbox=box, zorder=2)
    for tail, head in arrows:
        style = {"arrowstyle": "-|>", "color": figures.INK}
        gaps = {"shrinkA": 8 + 3 * len(tail), "shrinkB": 8 + 3 * len(head)}
        where = places[head], places[tail]
        ax.annotate("", *where, arrowprops=style | gaps)
    ax.set(xlim=(-0.4, 3.6), ylim=(-0.8, 3.3))
    ax.axis("off")


# %% tags=["hide-input"] mystnb={"image": {"alt": "Causal graph. ECOG and tumour burden, the latter unrecorded, point to drug and to death; burden also points to AFP. HBV points to drug only. Drug points to death, to response, which points on to death, and to TACE or HAIC, to which liver reserve, unrecorded, points too; liver reserve points to death."}, "figure": {"name": "fig-graph", "caption": "One drawing of this study. Dashed: not recorded (burden of tumour; what reserve the liver has)."}}
fig, ax = figures.new(5.25, 4.2)
draw(ax, places, arrows, unrecorded)

# %% [markdown]
# You may disagree with every arrow, and should: that is what a drawing is for. Its roles, read for the effect of the *drug* on *death*:
#
# - **{term}`Confounder <confounding>`**: a common cause of both. ECOG, and the burden of tumour, of which AFP is a *proxy*.
# - **{term}`Mediator`**: on the way from drug to death. Response.
# - **{term}`Collider`**: a common effect. TACE or HAIC, chosen with the drug and by what the liver could still bear.
# - *Cause of the choice only*: HBV, as drawn.
#
# Two arrows that many would add: burden → response, TACE/HAIC → death. With the first, response is a collider as well as a mediator; with the
# second, TACE/HAIC is a mediator as well as a collider.
#
# (graph-paths)=
# ## Which ways are open?
#
# Drug and death go together along every *open* way between them, in whatever direction its arrows point. A way is closed at a collider, until someone
# adjusts for it or for something it causes; and it is closed at any other station that is adjusted for. Wanted: every way along the arrows
# open, every other way closed.


# %%
def ways(here, end, so_far=()):
    """Yield every way between two variables, along and against arrows."""
    so_far += (here,)
    if here == end:
        yield so_far
        return
    for tail, head in arrows:
        if here in (tail, head):
            other = head if here == tail else tail
            if other not in so_far:
                yield from ways(other, end, so_far)


def caused_by(name):
    """Return a variable and all that it causes."""
    return {name}.union(*(caused_by(b) for a, b in arrows if a == name))


def is_open(way, given):
    """Return whether a way is open when some variables are given."""
    for before, here, after in zip(way, way[1:], way[2:], strict=False):
        if (before, here) in arrows and (after, here) in arrows:
            if not caused_by(here) & given:
                return False
        elif here in given:
            return False
    return True


def told(way):
    """Return a way in words."""
    steps = pairwise(way)
    signs = ("→" if step in arrows else "←" for step in steps)
    rest = (f" {sign} {name}" for sign, name in zip(signs, way[1:], strict=True))
    return way[0] + "".join(rest)


sets = {
    "nothing": set(),
    "ECOG": {"ECOG"},
    "ECOG, AFP": {"ECOG", "AFP"},
    "ECOG, burden": {"ECOG", "burden"},
    "ECOG, burden, response, TACE/HAIC": {"ECOG", "burden", "response", "TACE/HAIC"},
}
found = {
    told(way): {k: "open" if is_open(way, given) else "" for k, given in sets.items()} for way in ways("drug", "death")
}
opened = pd.DataFrame(found).T
opened

# %% tags=["remove-cell"]
look.tell(
    **{f"with_{v}": registry.level_count(v, registry.layout.tables["t6"].contrasts[v].exposed)
       for v in ("ecog", "afp")},
    with_hbv=registry.level_count("hbv", ["yes"]), with_tace_haic=registry.level_count("tace_haic", ["yes"]), ways=len(opened),
)  # fmt: skip

# %% tags=["remove-cell", "guard"]
causal = {"drug → death", "drug → response → death"}
assert set(opened.index[opened["ECOG, burden"] == "open"]) == causal, (
    f"“only what the drug does is left open”: {opened}"
)
assert "drug ← burden → death" in opened.index[opened["ECOG, AFP"] == "open"], f"“AFP does not close it”: {opened}"
candidates = "ecog", "afp", "hbv", "tace_haic", "arm"
taken_on = {t: {v for v in candidates if f"{t}.{v}.multi.hr" in registry.values} for t in ("t5", "t6")}
assert taken_on == {"t5": {"ecog", "afp", "hbv"}, "t6": {"ecog", "afp"}}, (
    f"“taken on: both, both, progression, neither”: {taken_on}"
)
last = set(opened.index[opened.iloc[:, -1] == "open"])
assert last == {"drug → death", "drug → TACE/HAIC ← liver → death"}, (
    f"“everything at once: one way closed, one opened”: {last}"
)

# %% [markdown]
# (*Open* under each set adjusted for.) Of {glue:text}`ways` ways, ECOG and the burden of tumour close all that do not run along the arrows. AFP
# in place of burden does not: it is only a sign of it, and closes the way as far as it is a good one. Adjusting for everything at hand, response
# and TACE or HAIC too, does two kinds of harm: it closes a way that belongs to the effect, and opens one that does not.
#
# (graph-roles)=
# ## What “adjusted for what is significant” does in each role
#
# Now simulate studies of {printed}`patients.size.all` patients, one role at a time. Half have the variable on average, a strong cause multiplies the
# hazard by {glue:text}`strong` (the hidden reserve of the liver divides it by that twice), and all are followed to death. In all roles but one **the drugs are alike**: the truth is 1. In the role of the
# mediator LP brings more early responses, and these lengthen life; there the truth is what a randomised trial would find.


# %%
def simulated(rng, role, studies, size=SIZE):
    """Return drug and covariate of studies; patients by time of death."""
    shape = studies, size
    luck = rng.random((3, *shape))
    yes = luck[0] < 0.5
    hidden = rng.random(shape) < 0.5  # what nobody recorded
    choice = math.log(n["lp"] / n["r"])
    risk = np.zeros(shape)
    if role in ("confounder", "cause of the choice only"):
        choice = choice - 1.5 * (yes - 0.5)
    drug = luck[1] < 1 / (1 + np.exp(-choice))
    if role in ("confounder", "cause of death only"):
        risk = math.log(STRONG) * yes
    if role == "mediator":
        yes = luck[2] < np.where(drug, 0.65, 0.25)
        risk = -math.log(STRONG) * yes
    if role == "collider":
        likely = np.where(drug, 0.1, 0.5) + 0.45 * hidden
        yes = luck[2] < likely
        risk = -2 * math.log(STRONG) * hidden
    death = rng.exponential(1, shape) / np.exp(risk)
    order = np.argsort(death, axis=1)
    return [np.take_along_axis(a, order, axis=1) for a in (drug, yes)]


def ratios(drug, *others):
    """Return the first one's log hazard ratios, and z."""
    x = np.stack([drug, *others], axis=2).astype(float)
    beta, se = cox_batch.fit(x, np.ones(drug.shape, bool))
    return beta[:, 0], beta[:, 0] / se[:, 0]


critical = -ndtri(look.alpha / 2)
roles = {
    "confounder": "AFP, ECOG",
    "mediator": "response",
    "collider": "TACE/HAIC",
    "cause of the choice only": "HBV",
    "cause of death only": "",
}
rng = np.random.default_rng(521)
betas, often, truth = {}, {}, {}
for role in roles:
    drug, yes = simulated(rng, role, STUDIES)
    never, _ = ratios(drug)
    always, _ = ratios(drug, yes)
    _, z = ratios(yes)
    significant = np.abs(z) > critical
    selected = np.where(significant, always, never)
    often[role] = 100 * significant.mean()
    betas[role] = {"never": never, "always": always, "if significant": selected}
    truth[role] = 1.0
many, _ = simulated(rng, "mediator", 1, 20_000)
truth["mediator"] = math.exp(ratios(many)[0][0])

means = {r: {k: np.exp(np.nanmean(b)) for k, b in by.items()} for r, by in betas.items()}
table = pd.DataFrame(means).T.assign(truth=truth)
table["significant, %"] = pd.Series(often)
table.insert(0, "here", roles)
table.round({"significant, %": 0}).round(2)

# %% tags=["remove-cell"]
spread = {way: np.nanstd(beta) for way, beta in betas["cause of the choice only"].items()}
three = "confounder", "mediator", "collider"
columns = {"never": "never", "always": "always", "if": "if significant", "truth": "truth"}
look.tell(
    **{f"{role}_{name}": f"{table.loc[role, way]:.2f}" for role in three for name, way in columns.items()},
    **{f"{role}_often": f"{often[role]:.0f}" for role in three},
    strong=f"{STRONG:g}", studies=STUDIES, death_only=f"{table.loc['cause of death only', 'never']:.2f}",
    choice_price=f"{100 * (spread['always'] / spread['never'] - 1):.0f}",
)  # fmt: skip

# %% tags=["remove-cell", "guard"]
for role, by_policy in betas.items():
    for policy, beta in by_policy.items():
        errors = teaching.from_r(f"graph, {role}, {policy}", beta)
        assert errors < 4, f"R finds something else: {role}, {policy}: {errors:.1f} standard errors"
ratio = table.loc
assert ratio["confounder", "never"] < 0.85, f"“never: the drug seems to help”: {table}"
assert abs(ratio["confounder", "always"] - 1) < 0.06, f"“always: it is right”: {table}"
assert ratio["mediator", "always"] > 0.9 > ratio["mediator", "truth"], f"“the effect is adjusted away”: {table}"
assert abs(ratio["collider", "never"] - 1) < 0.06, f"“never: it is right”: {table}"
assert ratio["collider", "always"] < 0.9, f"“always: bias is made”: {table}"
assert 0.95 < ratio["cause of death only", "never"] < 1, f"“lacks of 1 is chance”: {table}"
assert min(often[r] for r in ("confounder", "mediator", "collider")) > 30, f"“p is blind”: {often}"

# %% [markdown]
# (Mean hazard ratios of {glue:text}`studies` studies, by whether the model *never* has the variable, *always*, or *if significant* for death by
# itself. R, with draws of its own, finds the same.)
#
# - **Confounder.** Without it drugs that are alike look like {glue:text}`confounder_never`; with it, {glue:text}`confounder_always`. Selecting
#   finds it in most studies, and keeps the bias in the others: {glue:text}`confounder_if`.
# - **Mediator.** In truth {glue:text}`mediator_truth`; with response in the model {glue:text}`mediator_always`. The drug works, and the model takes
#   away what it works by.
# - **Collider.** Without it {glue:text}`collider_never`, and right; with it {glue:text}`collider_always`, out of nothing: among those who had TACE or
#   HAIC, whoever got it in spite of LP tends to have the better liver.
# - **Cause of the choice only.** No bias either way, but a standard deviation of the estimates that is {glue:text}`choice_price` % larger.
# - **Cause of death only.** No bias either way: it has no part in the choice. What {glue:text}`death_only` lacks of 1 is chance, and the smallness of the studies.
#
# And **p is blind**: significant in {glue:text}`confounder_often` % (confounder), {glue:text}`mediator_often` % (mediator) and {glue:text}`collider_often` %
# (collider) of studies. Variables in all three roles go together with death; the arrows are what differs.

# %% tags=["hide-input"] mystnb={"image": {"alt": "Mean hazard ratio and the range of the middle half of studies, for confounder, mediator and collider, adjusted never, always, or if significant; a diamond marks the truth. Confounder: never lies below the truth of one, always at it, if significant between. Mediator: never at the truth of about 0.7, always at one. Collider: never at one, always below, if significant between."}, "figure": {"name": "fig-roles", "caption": "Estimated hazard ratios where the truth is marked (diamond): mean and middle half of studies."}}
fig, ax = figures.new(5.25, 3.6)
shown = ["confounder", "mediator", "collider"]
rows = [(r, k, math.exp(b)) for r in shown for k, by in betas[r].items() for b in by[np.isfinite(by)]]
drawn = pd.DataFrame(rows, columns=["role", "adjusted", "hazard ratio"])
sns.pointplot(drawn, x="role", y="hazard ratio", hue="adjusted", errorbar=("pi", 50), log_scale=(False, True), dodge=0.4,
              linestyle="none", markers=["o", "s", "^"], palette=[figures.BLUE, figures.ORANGE, figures.GREEN],
              err_kws={"linewidth": 1.5}, ax=ax)  # fmt: skip
ax.plot(range(3), [truth[r] for r in shown], "D", color=figures.INK, markersize=7, zorder=0)
ticks = [0.5, 0.7, 1, 1.4]
ax.set_yticks(ticks, [f"{t:g}" for t in ticks])
ax.minorticks_off()
ax.set(xlabel="")
marks = ax.get_legend_handles_labels()
ax.get_legend().remove()
_ = fig.legend(*marks, title="adjusted", loc="outside upper center", ncols=3, frameon=False)

# %% [markdown]
# (graph-teaching)=
# ## Where the drawing is known
#
# In the [invented patients](teachers-made) the arrows are known, for somebody wrote them. ECOG, albumin and spread sway the choice, progression and
# death; marker and age progression and death only; the drug changes progression, response and death; progression changes death, and with B also brings
# the change to A; response changes nothing. Hazard ratio of death, A to B:

# %%
estimates = teaching.estimates()
lesson = "A against B, by what is adjusted for, hazard ratio"
adjusted_for = estimates.loc[lesson, ["estimate", "truth"]]
adjusted_for.round(2)

# %% [markdown]
# The truth, {taught}`drawing/truth`, is what a trial of those who start finds, adjusted for ECOG, albumin, spread, marker and
# age: one for all four rows, although even by lot a ratio that is not adjusted is another quantity. As it stands,
# {taught}`drawing/nothing`; by what the drawing says (ECOG, albumin and spread) {taught}`drawing/what the drawing says`, and by
# marker and age too {taught}`drawing/all that was recorded before`: both are right but for chance. Choosing by p takes
# progression into the model, which the drug changes, and response, which does nothing at all: responders seem to die at
# {taught}`responders/by best response, from the start` times the rate of others ([](65-response-is-not-survival) says why). The
# ratio, {taught}`drawing/what is significant, progression too`, happens to stay; but it answers no question that anybody asked.
#
# (graph-paper)=
# ## Back to the paper
#
# | variable | role in our drawing | p, progression | p, death | taken on |
# |---|---|---:|---:|---|
# | ECOG PS | confounder | {printed}`t5.ecog.uni.p` | {printed}`t6.ecog.uni.p` | both |
# | AFP | proxy of a confounder | {printed}`t5.afp.uni.p` | {printed}`t6.afp.uni.p` | both |
# | hepatitis B | cause of the choice | {printed}`t5.hbv.uni.p` | {printed}`t6.hbv.uni.p` | progression |
# | TACE or HAIC | collider, or part of the treatment | {printed}`t5.tace_haic.uni.p` | {printed}`t6.tace_haic.uni.p` | neither |
# | response | mediator | not tried | not tried | neither |
#
# ECOG and AFP, taken on in both models, belong there by the drawing too. But they got there by p, and the treatment itself is left
# blank in both, so that no adjusted comparison is printed ([](36-prognostic-factors)). The models were made to find *prognostic factors*,
# and for that question the drawing is another one, with another variable in the place of the drug. One model cannot answer both: the ratio of a covariate
# in a model made for the drug is not, in general, the effect of that covariate.
#
# ## Practice

# %% tags=["remove-input"]
from secondlook.pages import practice

practice.ask("causal-graphs.after")

# %% [markdown]
# ## Exercises
#
# :::{exercise} One more arrow
# :label: graph-one-arrow
#
# *Level 1 of 3 · 15 minutes · by hand, on a copy of the drawing*
#
# A colleague says: hepatitis B harms the liver. Add that arrow. Which ways from drug to death are open now, adjusted for ECOG and burden? What has to be
# adjusted for as well?
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# List the ways from drug to death that begin with an arrow *into* the drug. A way is closed by a variable on it that
# is given, unless two arrows meet there.
# :::

# %% [markdown]
# :::{solution-start} graph-one-arrow
# :class: dropdown
# :::

# %%
arrows.append(("HBV", "liver"))
given = {"ECOG", "burden"}
for more in ({}, {"HBV"}):
    print("given", ", ".join(sorted(given.union(more))))
    for way in ways("drug", "death"):
        if is_open(way, given.union(more)):
            print("  ", told(way))

# %% [markdown]
# A new back door, drug ← HBV → liver → death, that HBV closes. The numbers of Table 1 and Table 6 are the same in both worlds.
#
# :::{solution-end}
# :::
#
# :::{exercise} A larger study
# :label: graph-larger-study
#
# *Level 3 of 3 · 20 minutes · Python or R*
#
# Take ten times as many patients. Does “if significant” get better for the confounder? For the collider?
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# What does a larger study do to a p value? Decide for each role whether taking the variable on is right, and then
# whether doing so more surely is better.
# :::

# %% [markdown]
# :::{solution-start} graph-larger-study
# :class: dropdown
# :::

# %%
rng = np.random.default_rng(522)
for role in ("confounder", "collider"):
    drug, yes = simulated(rng, role, 40, 10 * SIZE)
    significant = np.abs(ratios(yes)[1]) > critical
    beta = np.where(significant, ratios(drug, yes)[0], ratios(drug)[0])
    print(f"{role}: significant in {100 * significant.mean():.0f} %", end="")
    print(f", hazard ratio {math.exp(beta.mean()):.2f}")

# %% [markdown]
# Better for the one, worse for the other: with enough patients everything that goes together with death is found, and put into the model.
#
# :::{solution-end}
# :::
#
# ## Key takeaways
#
# - [Draw first](graph-draw): an arrow is an assumption that can be disputed, and a missing arrow a stronger one.
# - [Open ways](graph-paths) can be found by rule. Adjust for what closes those that do not run along the arrows, and for nothing that the drug
#   changes.
# - [p is blind to roles](graph-roles): it takes on mediators and colliders as gladly as confounders, and does so more surely the larger the study.
# - [A model for prognosis](graph-paper) is not a model for a treatment.
#
# ## Strengths and limitations of the method
#
# *Strengths.* A drawing makes assumptions visible, and the rule of open ways is a theorem, not a judgement. *Limitations.* A drawing says which ways
# are open, not how wide: bias has to be measured or bounded elsewhere. It has no time axis; whatever changes and is changed (ECOG at each visit, say) needs
# a station for each moment. Ours is one of many. In the simulation the roles are pure and the causes strong, so that what each does can be seen.
#
# ## Further reading
#
# Graphs for epidemiologists: {cite:t}`greenland1999`. How to choose confounders without knowing every arrow: {cite:t}`vanderweele2019`. Selection
# as a collider: {cite:t}`hernan2004`.

# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% [markdown]
# # Time that was guaranteed
#
# **This chapter stands on simulation with a known truth**, at hazards taken from the printed medians. It shows what a rule
# *does*. How many patients of this study it touched is not printed and cannot be known from outside. Its last section is on
# [invented patients](teachers-made).
# Records of patients that were handed in are not used.
#
# :::{admonition} In this chapter
# :class: note
# **You will** follow one rule of inclusion into the curves, simulate what it does to medians and hazard
# ratios, and mend it in two ways. **You will learn to** recognise guaranteed ({term}`“immortal” <immortal time>`) time in an inclusion
# rule, and to say what {term}`left truncation` estimates and what a {term}`landmark analysis` (two {term}`estimands <estimand>`).
# **You need** {term}`hazard ratio`, {term}`censoring` and the idea of a survival curve.
# :::

# %%
import math

import numpy as np
import pandas as pd
from scipy.special import ndtri

from secondlook import teaching
from secondlook.numbers.dates import MONTH
from secondlook.pages import figures
from secondlook.pages.look import start
from secondlook.paper import medians
from secondlook.stats import cox_batch, km

look = start()
text = pd.read_csv(look.folder / "text.csv", index_col="id")["printed"]

STUDIES = 2500  # simulated studies of each kind
FRAIL, WORSE = 0.35, 4.0  # the frail: their share, and how many times others' hazards

# %% [markdown]
# ## Predict before you reveal
#
# The methods section says, in our words:
#
# | | LP | R |
# |---|---:|---:|
# | a cycle, weeks | {printed}`methods.pd1.interval` | {printed}`methods.regorafenib.on` + {printed}`methods.regorafenib.off` |
# | cycles received, at least | {printed}`methods.eligible.cycles` | {printed}`methods.eligible.cycles` |
# | survival is counted from | first treatment | first treatment |
#
# {printed}`patients.size.recruited` patients were recruited, {printed}`patients.excluded.incomplete` left out for
# incomplete data and {printed}`patients.excluded.lost` for missing follow-up; {printed}`patients.size.all` remain.
# What is odd? In which arm is a patient safe from dying in the study, and for how long? Who gains by it?

# %% tags=["remove-input"]
from secondlook.pages import practice

names = {"on": "regorafenib.on", "off": "regorafenib.off", "interval": "pd1.interval", "least": "eligible.cycles"}
practice.ask("guaranteed-time.before", **{name: look.count(f"methods.{at}") for name, at in names.items()})

# %% [markdown]
# :::{admonition} Open the answer
# :class: dropdown
# Whoever died, or stopped, before two cycles were over is not in the study. So every patient of LP is sure of
# **{glue:text}`lp_weeks` weeks** ({glue:text}`lp_months` months) and every patient of R of **{glue:text}`r_weeks` weeks**
# ({glue:text}`r_months` months): their time to death is counted from a moment at which nobody in the study could die. R is
# favoured by {glue:text}`gap_weeks` weeks. And the flow of patients has no line for those who were left out for that reason.
# (If two cycles *begun* are enough, the guarantee is one cycle shorter in each arm. If patients who progressed early were
# kept, it holds for death alone.)
# :::
#
# (guarantee-medians)=
# ## What a guarantee adds to a median
#
# With a constant hazard the rest of a lifetime does not depend on how long one has lived. Whoever has survived the
# guarantee $g$ lives on as a newcomer would, so every time is $g$ longer, and so is the median:
#
# $$
# \text{median seen} = g + \frac{\ln 2}{\lambda}.
# $$
#
# Read backwards from the printed medians (and only if hazards are constant and the rule was applied to the letter):

# %%
cycles = int(text["methods.eligible.cycles"])
weeks = {  # of a cycle
    "lp": int(text["methods.pd1.interval"]),
    "r": int(text["methods.regorafenib.on"]) + int(text["methods.regorafenib.off"]),
}
WEEK = 7 / MONTH  # in months
guarantee = {arm: cycles * weeks[arm] * WEEK for arm in weeks}
n = {arm: int(text[f"patients.size.{arm}"]) for arm in weeks}

median, rows = {"pfs": {}, "os": {}}, {}
for endpoint, by_arm in median.items():
    for arm, safe in guarantee.items():
        printed = text[f"outcomes.{endpoint}.{arm}.median"]
        seen = by_arm[arm] = float(printed)
        rest = seen - safe  # ln 2 over the hazard
        lost = 1 - 0.5 ** (safe / rest)
        rows[f"{endpoint.upper()}, {arm.upper()}"] = {
            "printed median": printed,
            "% of it guaranteed": round(100 * safe / seen),
            "median without the rule": f"{rest:.1f}",
            "% lost before": round(100 * lost),
            "patients never seen": round(n[arm] * lost / (1 - lost)),
        }
added = pd.DataFrame(rows).T
added

# %% tags=["remove-cell"]
unseen = added["patients never seen"]
look.tell(
    **{f"{arm}_weeks": cycles * weeks[arm] for arm in weeks}, **{f"{arm}_months": f"{guarantee[arm]:.2f}" for arm in weeks},
    gap_weeks=cycles * (weeks["r"] - weeks["lp"]), left=int(text["patients.size.recruited"]) - int(text["patients.size.all"]),
    os_r_part=added["% of it guaranteed"]["OS, R"], os_r_unseen=unseen["OS, R"], os_lp_unseen=unseen["OS, LP"],
    pfs_r_unseen=unseen["PFS, R"], r_cycle=weeks["r"], alike_os=f"{math.sqrt(math.prod(median['os'].values())):.2f}",
)  # fmt: skip

# %% tags=["remove-cell", "guard"]
assert guarantee["lp"] < guarantee["r"] < min(median["pfs"].values()), (
    f"the guaranteed times are shorter than any median: {guarantee}, {median}"
)
assert unseen["PFS, R"] > n["r"], f"more of R may be unseen than are seen: {unseen}, {n}"

# %% [markdown]
# In overall survival of R, {glue:text}`os_r_part` % of the printed median would be time that was guaranteed. That would mean
# that about {glue:text}`os_r_unseen` patients of R and {glue:text}`os_lp_unseen` of LP died too early to be counted, beside the
# {glue:text}`left` whose exclusion is reported. The two rows of progression-free survival would hold if progression ended
# treatment. For R that is hard to believe: {glue:text}`pfs_r_unseen` patients never seen beside
# {printed}`patients.size.r` who were. And Table 3 counts {printed}`t3.pd.recist.r.n` patients of R whose best response was
# progression. So patients who progressed early were kept, at least in part, and the guarantee is one for death.

# %% [markdown]
# (guarantee-hr)=
# ## What it does to a hazard ratio
#
# Now simulate: studies of the printed size, {glue:text}`studies` of each kind, with constant hazards and the paper's
# calendar of follow-up. In all but one kind the arms are *truly alike*; in that one the hazards are those that print the printed
# medians. Each analysis gives one hazard ratio a study, LP to R; below stand their (geometric) means, with a simulation error of at
# most {glue:text}`error` on the log scale:


# %%
def study(rng, studies, per_year, frail=0.0, worse=1.0):
    """Simulate all who start; return death, stopping, arm, frailty.

    per_year: yearly hazard of death by arm; frail: share of patients
    whose hazards are `worse` times as high. Times are in months.
    """
    started = 2 * sum(n.values())
    arm = np.tile(np.arange(started) < 2 * n["lp"], (studies, 1))
    burden = np.where(rng.random(arm.shape) < frail, worse, 1.0)
    hazard = np.where(arm, per_year["lp"], per_year["r"]) / 12 * burden
    death = rng.exponential(1, arm.shape) / hazard
    stop = np.full(arm.shape, np.inf)
    if frail:  # some stop treatment alive; the frail do so more often
        stop = rng.exponential(1, arm.shape) / (0.02 * burden)
    return death, stop, arm, burden > 1


# %% tags=["hide-input"]
follow = medians.least_follow_up(look.registry), medians.longest_follow_up(look.registry)
landmark = max(guarantee.values())


def first(kept, arm):
    """Keep the first of each arm, as many as the paper has."""
    lp, r = kept & arm, kept & ~arm
    lp &= np.cumsum(lp, axis=1) <= n["lp"]
    r &= np.cumsum(r, axis=1) <= n["r"]
    return lp | r


def analyses(seed, per_year, frail=0.0, worse=1.0):
    """Return what four analyses of many studies say, on the mean."""
    rng = np.random.default_rng(seed)
    made = study(rng, STUDIES, per_year, frail, worse)
    death, stop, arm, is_frail = made
    end = rng.uniform(*follow, arm.shape)
    time, died = np.minimum(death, end), death <= end
    treated = np.minimum(time, stop)
    entry = np.where(arm, guarantee["lp"], guarantee["r"])
    chosen = first(treated > entry, arm)
    later = chosen & (treated > landmark)
    ways = {  # who is in a study, and from when on
        "everyone who started": (first(time >= 0, arm), 0.0),
        "included, from the start": (chosen, 0.0),
        "left-truncated": (chosen, entry),
        "landmark": (later, landmark),
    }
    found = {}
    for name, (members, since) in ways.items():
        inside = np.where(members, time, np.nan)
        beta, _ = cox_batch.binary(inside, died, arm, since)
        clock = time - landmark if name == "landmark" else time
        in_r = km.medians(clock, died, members & ~arm)
        found[name] = {
            "hr": math.exp(np.nanmean(beta)),
            "error": np.nanstd(beta) / np.isfinite(beta).sum() ** 0.5,
            "median of R": np.nanmean(in_r),
            "% frail, LP": 100 * is_frail[members & arm].mean(),
            "% frail, R": 100 * is_frail[members & ~arm].mean(),
        }
    return pd.DataFrame(found)


# %% tags=["hide-input"]
def yearly(months):
    """Return the yearly hazards with these medians, by arm."""
    return {arm: 12 * math.log(2) / months[arm] for arm in n}


def alike(endpoint):
    """Return one median for both arms: the printed ones' mean."""
    return math.prod(median[endpoint].values()) ** 0.5


same = {e: dict.fromkeys(n, alike(e)) for e in median}
apart = {arm: median["os"][arm] - guarantee[arm] for arm in n}
longer = {arm: 1.6 * alike("os") for arm in n}
scenarios = {
    "death, the arms alike": (231, yearly(same["os"])),
    "death, medians as printed": (232, yearly(apart)),
    "progression ends treatment, the arms alike": (
        233, yearly(same["pfs"]),
    ),
    "death, the arms alike, some patients frail": (
        235, yearly(longer), FRAIL, WORSE,
    ),
}  # fmt: skip
results = {name: analyses(*made) for name, made in scenarios.items()}
ratios = pd.DataFrame({k: v.loc["hr"] for k, v in results.items()}).T
truth = [made[1]["lp"] / made[1]["r"] for made in scenarios.values()]
ratios.insert(0, "true ratio", truth)
ratios.map("{:.2f}".format)

# %% tags=["remove-cell"]
os_alike, *_, frail = results.values()
started, included = "everyone who started", "included, from the start"
seen = ratios[included]
os_seen, pfs_seen = seen["death, the arms alike"], seen["progression ends treatment, the arms alike"]
gap = np.abs(np.log(ratios["left-truncated"] / ratios["landmark"])).max()
excess = {e: float(look.printed(f"{t}.arm.uni.hr")) - 1 for e, t in (("os", "t6"), ("pfs", "t5"))}
of_r = os_alike.loc["median of R"]
look.tell(
    level=f"{100 * look.alpha:g}", studies=f"{STUDIES:,}", worse=f"{WORSE:g}", os_alike=f"{os_seen:.2f}",
    pfs_alike=f"{pfs_seen:.2f}", medians_truth=f"{truth[1]:.2f}",
    error=f"{max(found.loc['error'].max() for found in results.values()):.3f}",
    **{name: f"{of_r[way]:.1f}" for name, way in (("r_all", started), ("r_seen", included), ("r_landmark", "landmark"))},
    **{f"frail_{name}": f"{frail.loc[row, way]:.{places}f}" for name, row, way, places in (
        ("start", "% frail, R", started, 0), ("lp", "% frail, LP", included, 0), ("r", "% frail, R", included, 0),
        ("all", "median of R", started, 1), ("seen", "median of R", "landmark", 1),
    )},
)  # fmt: skip

# %% tags=["remove-cell", "guard"]
assert gap < 0.02, f"both remedies give the same ratio: {ratios}"
assert 1.01 < os_seen < pfs_seen, f"the bias is above 1, and larger for progression: {seen}"
assert os_seen - 1 < 0.5 * excess["os"], f"less than half of the printed excess of death: {seen}, {excess}"
assert pfs_seen - 1 > 0.5 * excess["pfs"], f"more than half of the printed excess of progression: {seen}, {excess}"

# %% [markdown]
# Between {glue:text}`lp_weeks` and {glue:text}`r_weeks` weeks only LP patients can die, while all R patients stand in the
# risk set as if they could. So LP looks worse than it is: with arms truly alike the ratio of death comes out at
# {glue:text}`os_alike`, and that of progression, whose hazard is higher, at {glue:text}`pfs_alike`. Beside these stand the printed
# {printed}`t6.arm.uni.hr` and {printed}`t5.arm.uni.hr`. For death the bias is a part of what is printed; for progression, had
# the rule been applied to it, it would be most. That it happened so is not shown. (Ratios a little below one where the truth is
# one are chance: see the simulation error. The {glue:text}`medians_truth` of the second row is what the printed medians imply with
# constant hazards, and far from the printed ratio; [](62-curves-cross) takes that up.)

# %% tags=["hide-input"] mystnb={"image": {"alt": "Simulated survival of two arms that are truly alike. Dashed, everyone who started: one curve. Solid, those included: both curves stay at 100 per cent at first, R two weeks longer than LP, and both then run above the dashed curve throughout, R above LP."}, "figure": {"name": "fig-guarantee", "caption": "Two arms that are truly alike: survival of all who started (dashed) and of those who completed two cycles (solid). Dotted: where each guarantee ends."}}
fig, ax = figures.new(5.25, 3.8)
months = np.linspace(0, 18, 400)
rate = math.log(2) / alike("os")
alive = 100 * np.exp(-rate * months)
ink = {"color": figures.INK, "linestyle": "--"}
ax.plot(months, alive, label="everyone who started", **ink)
for arm, style in zip(("lp", "r"), figures.ARMS, strict=True):
    colour, safe = style["color"], guarantee[arm]
    seen = 100 * np.exp(-rate * np.maximum(0, months - safe))
    label = f"included, {arm.upper()}"
    ax.plot(months, seen, color=colour, linewidth=2, label=label)
    dotted = {"linewidth": 1.5, "linestyle": ":"}
    ax.axvline(safe, ymax=0.94, color=colour, **dotted)
ax.set(xlabel="months since the first treatment", ylabel="% alive")
ax.set(ylim=(0, 104), xlim=(0, 18))
_ = ax.legend(frameon=False, loc="upper right")

# %% tags=["hide-input"]
from secondlook.pages import sliders

EVENLY = -np.log((np.arange(300) + 0.5) / 300)  # lifetimes of mean 1, spread so evenly that chance plays no part
shown_months = np.arange(0, 25)


def seen_by(lp_rule, r_rule, alike_median):
    """Return who is seen under two rules, in weeks: lifetimes of LP and of R, the arms being alike."""
    return [rule * WEEK + EVENLY * alike_median / math.log(2) for rule in (lp_rule, r_rule)]


def biased(lp_rule, r_rule, alike_median):
    """Return what is seen where the arms are alike, in words."""
    both = np.concatenate(seen_by(lp_rule, r_rule, alike_median))[None]
    is_lp = np.arange(both.size)[None] < EVENLY.size
    fitted, _ = cox_batch.binary(both, np.ones_like(is_lp), is_lp)
    dead = [100 * (1 - 0.5 ** (rule * WEEK / alike_median)) for rule in (lp_rule, r_rule)]
    return {
        "median seen, LP": f"{alike_median + lp_rule * WEEK:.1f} months",
        "median seen, R": f"{alike_median + r_rule * WEEK:.1f} months",
        "dead before, LP": f"{dead[0]:.0f} %",
        "dead before, R": f"{dead[1]:.0f} %",
        "hazard ratio, LP to R, where it is 1": f"{math.exp(fitted[0]):.2f}",
    }


def alive(rule, alike_median):
    """Return per cent alive of those who are included."""
    return 100 * 0.5 ** (np.maximum(0, shown_months - rule * WEEK) / alike_median)


sliders.move(
    "Move it: two arms that are alike, and two rules",
    [
        sliders.Slider("LP must have lived for", (0, 3, 6, 9, 12, 16), 6, "{} weeks"),
        sliders.Slider("R must have lived for", (0, 3, 6, 8, 9, 12, 16), 8, "{} weeks"),
        sliders.Slider("median of all who start", (2, 3, 4, 6, 9, 12, 18, 24), 9, "{} months"),
    ],
    biased,
    sliders.Chart(shown_months, "months since the first treatment", range(0, 25, 6), "% alive", range(0, 101, 20)),
    lambda lp_rule, r_rule, alike_median: {
        "included, LP": alive(lp_rule, alike_median),
        "included, R": alive(r_rule, alike_median),
        "all who start": alive(0, alike_median),
    },
)

# %% [markdown]
# (guarantee-mend)=
# ## Two ways to mend it, and what each then answers
#
# :::{margin}
# The same flaw has many names: immortal time {cite}`suissa2008`, {term}`guarantee-time bias` {cite}`giobbie2013`, survivor bias.
# Its mark is always that something *later* decides who is counted *from the start*.
# :::
#
# **Left truncation.** Count a patient as at risk only from the moment at which he or she could have been in the study: after
# the second cycle. The clock still starts with treatment. The curve then says: *of those alive after two cycles of their own
# drug, how many are alive at month t?*
#
# **Landmark.** Choose, beforehand, one moment for all, here {glue:text}`r_weeks` weeks; drop whoever had the event or stopped
# before; and start the clock there {cite}`anderson1983`. The curve says: *of those alive and on treatment at {glue:text}`r_weeks` weeks,
# how many are alive t months later?*
#
# Where each arm has one entry time, both give the same hazard ratio: between the two entries one arm has nobody at risk, and
# those deaths compare with nobody. (See the last two columns. Only patients who stop alive between the two entries make a
# difference: the landmark drops them.) Within one arm, left truncation does not even change the curve: only
# its reading, for it begins at the second cycle. The landmark's medians differ, for its clock does. Months in R, arms truly
# alike: {glue:text}`r_all` among all who started, {glue:text}`r_seen` in those included, counted from the start, and
# {glue:text}`r_landmark` in those at the landmark, counted from it. With constant hazards the last equals the first, but for chance;
# in life it need not.
#
# Neither answers the question of the patient who is *about to start*. In the last row of the table some patients are frail:
# they die and they stop at {glue:text}`worse` times the rate of others. Of those who started {glue:text}`frail_start` % are frail; of those included,
# {glue:text}`frail_lp` % in LP and {glue:text}`frail_r` % in R. The hazard ratio is mended, but even the landmark's median of R,
# {glue:text}`frail_seen` months, from which the guarantee is gone, belongs to fitter patients than the {glue:text}`frail_all` of all who began. What was
# left out cannot be computed back in. The remedy is in the design: include from the first dose, whatever follows,
# and give the flow of patients a line for everyone who started.
#
# (guarantee-made)=
# ## Seen on patients with dates
#
# The [data made to teach](teachers-made) have such time built in: drug A has to be approved first, so whoever got it had lived until then. Days
# from eligibility to its start, and the hazard ratio of death, A against none or B (adjusted for ECOG, albumin, spread, marker and age,
# all as on the day of eligibility):

# %%
people = teaching.patients()
wait = (people["start"] - people["eligible"])[people["drug"] == "A"]
print(f"{wait.dt.days.median():.0f} days, the longest {wait.dt.days.max()}")
made = teaching.estimates().loc["A against none or B, hazard ratio"]
made[["estimate", "truth"]].round(2)

# %% tags=["remove-cell"]
look.tell(other_draws=teaching.OTHER_DRAWS)

# %% tags=["remove-cell", "guard"]
off = np.abs(np.log(made["estimate"] / made["truth"])) / made["se_log"]
assert off.iloc[0] > 2, f"“far too good”: {made}"
assert off.iloc[1:].max() < 1, f"“near the truth”: {made}"

# %% [markdown]
# Called A from the day of eligibility, A looks far too good: {taught}`guaranteed/ever A, from eligibility`, where a randomised
# trial of those who start finds {taught}`guaranteed/truth`. Counted from the start of either drug it is
# {taught}`guaranteed/from the start of the drug`. In {glue:text}`other_draws` other draws of such patients the two are
# {taught}`guaranteed/ever A, from eligibility in other draws` and {taught}`guaranteed/from the start of the drug in other draws`
# on average. That is the right zero for whoever *has* started; [](51-target-trial) asks the question that the patient has on the
# day of eligibility.
#
# ## Practice

# %% tags=["remove-input"]
practice.ask("guaranteed-time.after", week=WEEK)

# %% [markdown]
# ## Exercises
#
# :::{exercise} A longer guarantee
# :label: guarantee-longer-guarantee
#
# *Level 2 of 3 · 30 minutes · Python or R*
#
# A third study includes patients who completed *four* cycles of their drug. The arms are truly alike, with the pooled hazard of
# death used above. Before you compute: will the hazard ratio be further from one, or only the medians?
#
# That hazard has a median of {glue:text}`alike_os` months, the root of the product of the two printed ones; a cycle
# lasts {printed}`methods.pd1.interval` weeks with LP and {glue:text}`r_cycle` with R, and nobody is censored.
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# Whoever is in the study lives for the guarantee and then for a time drawn from the exponential distribution. Draw
# {printed}`patients.size.lp` and {printed}`patients.size.r` such times, fit a Cox model, and take the mean of many
# log ratios.
# :::

# %% [markdown]
# :::{solution-start} guarantee-longer-guarantee
# :class: dropdown
# :::

# %%
rng = np.random.default_rng(4)
rate = math.log(2) / alike("os")
exposed = np.tile(np.arange(sum(n.values())) < n["lp"], (STUDIES, 1))
everyone = np.ones_like(exposed)  # all are followed to death
for many in (2, 4):
    lp, r = (many * weeks[arm] * WEEK for arm in ("lp", "r"))
    safe = np.where(exposed, lp, r)
    died = safe + rng.exponential(1 / rate, exposed.shape)
    beta, _ = cox_batch.binary(died, everyone, exposed)
    ratio, rest = math.exp(np.nanmean(beta)), alike("os")
    print(f"{many} cycles: hazard ratio {ratio:.2f}, ", end="")
    print(f"medians {lp + rest:.1f} and {r + rest:.1f} months")

# %% [markdown]
# Both: the gap between the guarantees grows with the cycles.
# (With two cycles the ratio is a little nearer to one than in the table above. Here everyone is followed to death; there,
# follow-up ends, which takes away late deaths, and these fall alike in both arms.)
#
# :::{solution-end}
# :::
#
# :::{exercise} The rule in one arm only
# :label: guarantee-rule-in-one
#
# *Level 3 of 3 · 30 minutes · Python or R*
#
# Some studies ask for two completed cycles of one drug and compare with *all* patients of another. Take arms that are truly
# alike, keep the rule for R and drop it for LP. What is the hazard ratio, and how often is p below {glue:text}`level` %? Does
# left truncation help?
#
# Use the median of {glue:text}`alike_os` months of the exercise before this one, without censoring.
# :::
#
# :::{admonition} Hint
# :class: tip dropdown
# LP's times are plain exponential ones; R's have the guarantee added. For left truncation give the Cox model R's
# guarantee as time of entry: in R `Surv(entry, time, event)`, in lifelines `entry_col`.
# :::

# %% [markdown]
# :::{solution-start} guarantee-rule-in-one
# :class: dropdown
# :::

# %%
rng = np.random.default_rng(5)
rate = math.log(2) / alike("os")
exposed = np.tile(np.arange(sum(n.values())) < n["lp"], (STUDIES, 1))
everyone = np.ones_like(exposed)  # all are followed to death
critical = -ndtri(look.alpha / 2)
safe = np.where(exposed, 0.0, guarantee["r"])
died = safe + rng.exponential(1 / rate, exposed.shape)
analysed = {"from the start": 0.0, "left-truncated": safe}
for name, entry in analysed.items():
    beta, se = cox_batch.binary(died, everyone, exposed, entry)
    ratio = math.exp(np.nanmean(beta))
    often = 100 * np.mean(np.abs(beta / se) > critical)
    significant = f"p < {look.alpha:g} in {often:.0f} %"
    print(f"{name}: hazard ratio {ratio:.2f}, {significant}")

# %% [markdown]
# A small study seldom notices such a bias: p is no alarm.
#
# :::{solution-end}
# :::
#
# ## Key takeaways
#
# - An inclusion rule that looks into the future [adds guaranteed time to every median](guarantee-medians): to the letter,
#   {glue:text}`lp_months` months in LP and {glue:text}`r_months` in R.
# - Where the guarantees differ, [the hazard ratio moves](guarantee-hr) although the arms are alike: at these hazards to
#   {glue:text}`os_alike` for death, to the disadvantage of LP.
# - [Left truncation and landmark](guarantee-mend) mend the ratio, each for a question of its own; neither brings back the
#   patients who were left out.
# - A flow of patients should [have a line for everyone who started](guarantee-mend).
#
# ## Strengths and limitations of the method
#
# *Strengths.* The truth is known, so bias can be seen as bias; the arithmetic of the medians needs no simulation. *Limitations.*
# Constant hazards are a simplification: where hazard falls with time, early deaths are more than assumed here, and the guarantee
# hides more. What counted as a cycle, and whether the rule was applied to the letter, is not printed; the sizes above are what
# the rule as printed would do.
#
# ## Further reading
#
# Immortal time, with examples: {cite:t}`suissa2008`. Guarantee-time bias, and how landmark analyses, covariates that change in
# time and weights compare: {cite:t}`giobbie2013`. The landmark's origin: {cite:t}`anderson1983`. How to report a simulation:
# {cite:t}`morris2019`.

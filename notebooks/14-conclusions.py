# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% tags=["remove-cell"]
import math
from html import escape
from pathlib import Path

import numpy as np
import pandas as pd
from IPython.display import Markdown, display
from scipy import stats

from secondlook.numbers.printed import show, show_like
from secondlook.pages import figures, present
from secondlook.pages.look import percent, start
from secondlook.paper import rows
from secondlook.stats import contingency, wald

look = start(published, alpha, cohort)
registry, ledger = look.registry, look.ledger
lp, r = (look.count(f"patients.size.{arm}") for arm in ("lp", "r"))
models = {row.key: row for row in rows.all_rows(registry)}
#: the paper's own level of significance; `alpha` is that of this build
LEVEL = float(registry["methods.significance.p"].number.value)
external = pd.read_csv(Path(published) / "external.csv", dtype=str, keep_default_na=False)

# %% tags=["remove-cell"]
SURVIVES, CORRECTED = "survives", "survives with a correction"
NOT, UNKNOWN = "does not survive", "cannot be told"
#: Looks borrowed from verdicts of like meaning; icon and word say what is meant here.
LOOKS = {SURVIVES: ("reproduced", "✓"), CORRECTED: ("reproduced-if", "◐"), NOT: ("inconsistent", "✗"),
         UNKNOWN: ("not-testable", "–")}  # fmt: skip


def outcome(word):
    """Return one of the four outcomes as icon and word."""
    css, icon = LOOKS[word]
    return f'<span class="sl-verdict sl-{css}"><span class="sl-icon" aria-hidden="true">{icon}</span> {escape(word)}</span>'


def by_arm(row):
    """Return a row of Table 3 as counts: yes and no, by LP and R."""
    yes = [look.count(f"t3.{row}.{arm}.n") for arm in ("lp", "r")]
    return contingency.as_counts([yes, [lp - yes[0], r - yes[1]]])


def all_p(table):
    """Return p by every test in the admissible set; one-sided only for "more with LP", which is the claim."""
    found = {key: float(p) for key, p in contingency.all_tests(table).items() if key != "fisher_less"}
    return {contingency.TESTS[key][0].replace(" (greater)", ", more with LP"): p for key, p in found.items()}


def wilson(n, size):
    """Return the 95% interval of a share by Wilson's method."""
    z, p = stats.norm.ppf(0.975), n / size
    centre, half = p + z * z / (2 * size), z * math.sqrt(p * (1 - p) / size + z * z / (4 * size * size))
    return (centre - half) / (1 + z * z / size), (centre + half) / (1 + z * z / size)


def difference(table):
    """Return a difference of shares with its 95% interval by Newcombe's hybrid of Wilson's intervals."""
    (a, b), _ = table
    (p1, (l1, u1)), (p2, (l2, u2)) = (a / lp, wilson(a, lp)), (b / r, wilson(b, r))
    d = p1 - p2
    return d, d - math.hypot(p1 - l1, u2 - p2), d + math.hypot(u1 - p1, p2 - l2)


def fewest_changes(table, test):
    """Return how few patients, of either arm, would have to be classified otherwise to take p to the paper's level."""
    (a, b), (c, d) = table
    for changed in range(a + d):
        for i in range(changed + 1):
            j = changed - i
            if i <= a and j <= d and test(((a - i, b + j), (c + i, d - j))) >= LEVEL:
                return changed
    return a + d


def reading(key):
    """Return a row of a model with the smallest and the largest p that print it."""
    line = models[key].line
    p = wald.box(line).p
    return {"p printed": line.p.text, "smallest p": p.low, "largest p": p.high, "HR (95% CI)": str(line.without("p"))}


def turned(line):
    """Return a hazard ratio with its interval, read the other way round."""
    hr, upper, lower = (show(1 / number.value, number.places) for number in (line.hr, line.lower, line.upper))
    return f"{hr} ({lower}–{upper})"


# %% tags=["remove-cell"]
# Survival: both endpoints, by log-rank and Wald tests, as labelled and turned round.
treatment = {"PFS": models["t5.arm.uni"].line, "OS": models["t6.arm.uni"].line}
log_rank = {"PFS": registry["outcomes.pfs.p"].number, "OS": registry["outcomes.os.p"].number}
wald_p = {name: wald.implied_p(line) for name, line in treatment.items()}
no_difference = all(p.low > alpha for p in wald_p.values()) and all(p.value > alpha for p in log_rank.values())
ends = [float(end.value) for line in treatment.values() for end in (line.lower, line.upper)]
most = max(max(ends), 1 / min(ends))

# Response and control of the disease: all tests.
tables = {"disease control": by_arm("dcr.recist"), "response, RECIST 1.1": by_arm("orr.recist"),
          "response, mRECIST": by_arm("orr.mrecist")}  # fmt: skip
assert by_arm("dcr.recist") == by_arm("dcr.mrecist")
tests = {name: all_p(table) for name, table in tables.items()}
dcr, responses = (
    tests["disease control"],
    [*tests["response, RECIST 1.1"].values(), *tests["response, mRECIST"].values()],
)

# Performance status and AFP: every printed row, of the text and of the tables.
printed_rows = {
    name: [key for key, row in models.items() if row.variable == name] for name in ("ecog", "afp", "hbv", "child_pugh")
}


def is_worse(keys):
    """Return whether every row says, whatever its rounding, that the exposed fare worse."""
    return all(models[key].line.lower.stands_for().low > 1 and reading(key)["largest p"] < alpha for key in keys)


flagged = {value_id for value_id, verdict in ledger.verdicts.items() if verdict in ("decision", "inconsistent")}
hbv_p = wald.box(models["t5.hbv.multi"].line).p

# Adverse events.
kinds = list(dict.fromkeys(v.row for v in registry.cells("t4")))
names = {v.row: v.subject.split(",")[0].rstrip(".") for v in registry.cells("t4")}
toxic = pd.DataFrame(
    [
        [registry.whole(f"t4.{kind}.{grade}.{arm}.n") or 0 for grade in ("any", "ge3") for arm in ("lp", "r")]
        for kind in kinds
    ],
    index=[names[kind] for kind in kinds],
    columns=["any, LP", "any, R", "severe, LP", "severe, R"],
)
lower_in_lp = toxic[toxic["any, LP"] / lp < toxic["any, R"] / r]
severe = toxic["severe, LP"] + toxic["severe, R"]
toxic_p = [
    float(contingency.fisher(contingency.as_counts([[a, b], [lp - a, r - b]]))) for a, b in toxic.iloc[:, :2].to_numpy()
]
local = sum(look.count(f"t1.tace_haic.yes.{arm}.n") for arm in ("lp", "r"))

# Size, balance, and the comparisons with other studies.
z_both = stats.norm.ppf(1 - alpha / 2) + stats.norm.ppf(0.8)
detectable = math.exp(z_both * math.sqrt(1 / lp + 1 / r))
balance = [
    registry[f"t1.{row}.p"].number
    for row in dict.fromkeys(v.row for v in registry.cells("t1"))
    if f"t1.{row}.p" in registry.values
]


def source(quote, cites):
    """Return a cited study's own value as a number."""
    [value] = external[(external["quote"] == quote) & (external["cites"] == cites)]["source_value"]
    return float(value)


medians = {name: [float(registry[f"outcomes.{name}.{end}"].number.value) for end in ("lower", "upper")]
           for name in ("pfs.lp", "pfs.r", "os.r")}  # fmt: skip
resorce = {
    "response, %": (source("discussion.resorce.orr", "ref13-bruix2017"), [100 * x for x in wilson(tables["response, RECIST 1.1"][0][1], r)], "discussion.r.orr"),
    "disease control, %": (source("discussion.resorce.dcr", "ref13-bruix2017"), [100 * x for x in wilson(tables["disease control"][0][1], r)], "discussion.r.dcr"),
    "median PFS, months": (source("discussion.resorce.pfs", "ref13-bruix2017"), medians["pfs.r"], "discussion.r.pfs"),
    "median OS, months": (source("discussion.resorce.os", "ref13-bruix2017"), medians["os.r"], "discussion.r.os"),
}  # fmt: skip
within = [name for name, (value, (low, high), _) in resorce.items() if low <= value <= high]
single = {
    cites: source("discussion.single_agents", cites)
    for cites in ("ref13-bruix2017", "ref31-lin2022", "ref32-aboualfa2018")
}
in_liver = [single[cites] for cites in ("ref13-bruix2017", "ref32-aboualfa2018")]
inside_lp = sum(low <= value <= high for value in in_liver for low, high in [medians["pfs.lp"]])
lp_median = float(registry["outcomes.pfs.lp.median"].number.value)
assert inside_lp == 1  # the page says so
assert max(in_liver) < lp_median

# %% tags=["remove-cell"]
wrong_arm = sum(name in flagged for name in ("abstract.dcr.direction", "outcomes.dcr.direction"))
misquoted = sum(f"discussion.resorce.{name}" in flagged for name in ("orr", "dcr", "pfs", "os"))
assert not any(look.count(f"t4.{kind}.ge3.lp.n") for kind in ("hepatitis", "pneumonia"))
p_span = f"{min(dcr.values()):.3f} to {max(dcr.values()):.3f}"
response_span = f"{min(responses):.2f} to {max(responses):.2f}"


def span(keys, name):
    """Return the smallest and the largest printed hazard ratio of some rows."""
    values = sorted((getattr(models[key].line, name) for key in keys), key=lambda number: number.value)
    return f"{values[0].text} to {values[-1].text}"


def worst_p(name):
    """Return the largest p that any printed row of a variable allows."""
    return f"{max(reading(key)['largest p'] for key in printed_rows[name]):.4f}"


CONCLUSIONS = [
    (
        "Neither PFS nor OS differs significantly between the arms",
        "survival",
        ["abstract.survival.no_difference", "abstract.conclusion.survival", "outcomes.pfs.p", "discussion.survival.no_difference",
         "discussion.medians.no_difference", "discussion.combination.prognosis", "discussion.summary.survival"],
        SURVIVES if no_difference else NOT,
        f"p from {min(p.low for p in wald_p.values()):.2f} upwards by either test. No difference shown is not no difference: a hazard "
        f"{most:.1f} times as high in one arm as in the other remains possible",
    ),
    (
        "Disease control is higher with LP",
        "disease-control",
        ["abstract.dcr.direction", "outcomes.dcr.direction", "abstract.conclusion.dcr", "discussion.dcr.difference",
         "discussion.summary.dcr"],
        (CORRECTED if "abstract.dcr.direction" in flagged else SURVIVES) if max(dcr.values()) < alpha else UNKNOWN,
        f"p {p_span} over all tests; in {wrong_arm} places the arm is named wrongly",
    ),
    (
        "There is a trend to more responses with LP",
        "response",
        ["abstract.orr.direction", "abstract.conclusion.response", "outcomes.orr.mrecist.direction", "discussion.response.benefit",
         "discussion.trend", "discussion.summary.response"],
        UNKNOWN if min(responses) > alpha else SURVIVES,
        f"more responses in these patients by both criteria; p {response_span} over all tests, after the correction of the one for mRECIST",
    ),
    (
        "A poor performance status (ECOG 2) goes with earlier progression and death",
        "performance-status-and-afp",
        ["abstract.prognosis.independent", "prognostic.pfs.multi.predictors", "prognostic.os.multi.predictors",
         "discussion.prognosis.poor", "discussion.ecog.longer", "discussion.factors.independent", "discussion.key_indicators"],
        SURVIVES if is_worse(printed_rows["ecog"]) else UNKNOWN,
        f"hazard ratios {span(printed_rows['ecog'], 'hr')}, every interval above 1, p at most {worst_p('ecog')}; medians and "
        "log-rank tests agree",
    ),
    (
        "A high AFP goes with earlier progression and death",
        "performance-status-and-afp",
        ["abstract.prognosis.independent", "prognostic.pfs.multi.predictors", "prognostic.os.multi.predictors",
         "discussion.prognosis.poor", "discussion.afp.longer", "discussion.factors.independent", "discussion.key_indicators"],
        (CORRECTED if "prognostic.afp.pfs.multi.hr" in flagged else SURVIVES) if is_worse(printed_rows["afp"]) else UNKNOWN,
        f"hazard ratios {span(printed_rows['afp'], 'hr')}, every interval above 1, p at most {worst_p('afp')}, with the text's "
        "three numbers or the table's",
    ),
    (
        "HBV infection is an independent predictor of PFS",
        "hbv-infection",
        ["prognostic.pfs.uni.independent"],
        NOT if hbv_p.low > LEVEL else SURVIVES,
        f"beside the other variables p is {models['t5.hbv.multi'].line.p.text}, and the interval includes 1",
    ),
    (
        "Child-Pugh class is related to OS",
        "child-pugh-class",
        ["prognostic.os.uni.correlated"],
        UNKNOWN if ledger.verdicts["t6.child_pugh.uni.hr"] == "query" else SURVIVES,
        f"alone p is {models['t6.child_pugh.uni'].line.p.text}, but by the label the better class dies sooner; beside the other "
        f"variables it is {models['t6.child_pugh.multi'].line.p.text}",
    ),
    (
        "The multivariable analysis does not show treatment to be an independent factor",
        "treatment-adjusted",
        ["discussion.arm.not_independent"],
        UNKNOWN if not {"t5.arm.multi", "t6.arm.multi"} & set(models) else SURVIVES,
        "treatment was in neither multivariable model",
    ),
    (
        "All adverse events are clearly more frequent with LP",
        "adverse-events",
        ["discussion.ae.all_higher"],
        NOT if len(lower_in_lp) else SURVIVES,
        f"{len(lower_in_lp)} of {len(toxic)} are more frequent with regorafenib",
    ),
    (
        "Hypertension is the most typical severe event with LP",
        "adverse-events",
        ["toxicities.typical"],
        NOT if toxic.loc[names["hypertension"], "severe, LP"] < toxic["severe, LP"].max() else SURVIVES,
        f"Table 4 counts {toxic.loc[names['hypertension'], 'severe, LP']}; {toxic['severe, LP'].idxmax().lower()} leads with {toxic['severe, LP'].max()}",
    ),
    (
        "Hand-foot skin reaction is the leading severe event",
        "adverse-events",
        ["abstract.ae.common"],
        (CORRECTED if "abstract.hfsr.ge3" in flagged else SURVIVES) if severe.idxmax() == names["hfsr"] else NOT,
        f"it is, in {percent(int(severe.max()), lp + r)} % of patients and not {look.printed('abstract.hfsr.ge3')} %",
    ),
    (
        "No one died of the treatment; no serious reaction to immunotherapy; all resolved",
        "adverse-events",
        ["toxicities.deaths", "discussion.serious", "discussion.resolved"],
        UNKNOWN,
        f"only the records can tell; Table 4 counts {toxic['severe, LP'].sum()} severe events with LP, "
        "none of the two kinds named as immune-related",
    ),
    (
        "What was studied is LP or regorafenib alone",
        "what-else-the-patients-received",
        ["discussion.alone"],
        UNKNOWN if local else SURVIVES,
        f"{local} of {lp + r} patients also had TACE or HAIC; whether the word means to exclude that cannot be told",
    ),
    (
        "The arms did not differ significantly before treatment",
        "size-and-balance",
        ["patients.balance"],
        SURVIVES if all(p.value > alpha for p in balance) else NOT,
        f"{sum(p.value > alpha for p in balance)} of {len(balance)} p values are above {alpha:g}; that does not make the arms alike",
    ),
    (
        "The sample is too small to judge an effect on survival",
        "size-and-balance",
        ["discussion.sample", "discussion.limits.size"],
        SURVIVES if detectable > 1.5 else UNKNOWN,
        f"with an event in every patient, a hazard ratio below {detectable:.1f} would be missed in more than one study in five",
    ),
    (
        "The regorafenib arm fared worse than that of RESORCE in all four results",
        "other-studies",
        ["discussion.resorce.worse"],
        UNKNOWN if within else CORRECTED,
        f"all four values are lower ({misquoted} of RESORCE's quoted wrongly); for {len(within)} of the four the difference "
        "is within chance",
    ),
    (
        "PFS with LP is somewhat better than in trials of single targeted drugs",
        "other-studies",
        ["discussion.single_agents"],
        UNKNOWN if inside_lp else SURVIVES,
        f"of the {len(in_liver)} cited medians in liver cancer that could be looked up, {inside_lp} lies within the LP arm's own "
        "interval, and other patients were treated there; a third trial cited is of another cancer",
    ),
]  # fmt: skip
claims = [v for v in registry if v.statistic == "claim"]
covered = {i for _, _, ids, _, _ in CONCLUSIONS for i in ids} & {v.id for v in claims}
assert all(i in registry.values for _, _, ids, _, _ in CONCLUSIONS for i in ids)
tally = {word: sum(c[3] == word for c in CONCLUSIONS) for word in LOOKS}
look.tell(
    n_conclusions=len(CONCLUSIONS), n_survive=tally[SURVIVES], n_corrected=tally[CORRECTED], n_not=tally[NOT],
    n_unknown=tally[UNKNOWN], n_covered=len(covered),
)  # fmt: skip

# %% tags=["remove-cell"]
PUZZLE = ["survival", "disease-control", "hbv-infection", "treatment-adjusted"]
puzzle = [next(c for c in CONCLUSIONS if c[1] == anchor) for anchor in PUZZLE]
shown_with = {
    "survival": f"p {log_rank['PFS'].text} (PFS) and {log_rank['OS'].text} (OS)",
    "disease-control": " against ".join(f"{look.printed(f't3.dcr.recist.{arm}.pct')} %" for arm in ("lp", "r"))
    + f", p {look.printed('t3.dcr.recist.p')}",
    "hbv-infection": f"alone p {look.printed('t5.hbv.uni.p')}, beside others {look.printed('t5.hbv.multi.p')}",
    "treatment-adjusted": f"alone p {look.printed('t5.arm.uni.p')} and {look.printed('t6.arm.uni.p')}; beside others not printed",
}
look.tell(**{f"puzzle{n}": c[3] for n, c in enumerate(puzzle)}, wrong_arm=wrong_arm)

# %% [markdown]
# # Which conclusions survive
#
# :::{admonition} In this chapter
# :class: note
# **You will** hold every conclusion of the paper against every admissible correction and every admissible test, and see which
# of them depend on neither. **You will learn to** separate a wrong number from a wrong conclusion, to ask how firmly a
# significant result stands, and to leave open what the numbers leave open. **You need** {term}`p value`, {term}`confidence
# interval` and the words of [](10-how-to-read).
# :::
#
# ## Predict before you reveal
#
# Four conclusions of the paper, in our words, with the numbers that it prints for them:

# %% tags=["remove-input"]
present.table(
    ["conclusion (our words)", "printed"],
    [[escape(c[0]), escape(shown_with[c[1]])] for c in puzzle],
    "four conclusions and their numbers",
)

# %% [markdown]
# Sort them before you read on: which survives as it stands, which with a correction, which does not, and of which can it not be
# told? (For the second, the paper names the other arm in {glue:text}`wrong_arm` places.)
#
# :::{admonition} Open the answer
# :class: dropdown
# In this order: *{glue:text}`puzzle0`*; *{glue:text}`puzzle1`*; *{glue:text}`puzzle2`*; *{glue:text}`puzzle3`*. What decides
# each stands in the table below. A large p, for one, is reason enough to say that no difference was shown, and none to say
# that there is none.
# :::
#
# (survive-rule)=
# ## Four outcomes
#
# A wrong digit matters when a conclusion rests on it. Here the paper's conclusions, in our words, are held against every
# admissible repair (the printed numbers, the suggested corrections, both readings of a label that can be read in two
# directions) and every admissible method (all tests that the paper could have meant). A conclusion
#
# - *survives* when all of these agree with it;
# - *survives with a correction* when they do, but a number or a word of it must change;
# - *does not survive* when the paper's own numbers speak against it, or those of the study that it quotes;
# - *cannot be told* when they leave it open.
#
# Of {glue:text}`n_conclusions` conclusions {glue:text}`n_survive` survive, {glue:text}`n_corrected` with a correction,
# {glue:text}`n_not` do not, and for {glue:text}`n_unknown` it cannot be told. Surviving this audit means that the
# printed numbers bear a conclusion out. It does not mean that it is true of other patients: the study looks back, is not
# randomised and is small, as its authors say.

# %% tags=["remove-input"]
sections = registry.layout.sections


def sentence(why):
    """Return a clause as a sentence; the symbol p stays small."""
    return f"{why if why.startswith('p ') else why[:1].upper() + why[1:]}."


def where(ids):
    """Return the sections that draw a conclusion, each once."""
    return ", ".join(dict.fromkeys(sections[registry[i].section] for i in ids if registry[i].statistic == "claim"))


present.table(
    ["conclusion (our words), and outcome", "what decides it", "drawn in"],
    [
        [f'<a href="#{anchor}">{escape(said)}</a><br>{outcome(word)}', escape(sentence(why)), escape(where(ids))]
        for said, anchor, ids, word, why in CONCLUSIONS
    ],
    "the paper's conclusions and what becomes of them",
)

# %% [markdown]
# The table covers {glue:text}`n_covered` claims that the paper makes in words. The rest describe procedures or other
# people's results; they have their verdicts in [the list of every number](82-numbers).

# %% [markdown]
# (survive-survival)=
# ## Survival
#
# The log-rank tests print p = {printed}`outcomes.pfs.p` and {printed}`outcomes.os.p`. The Cox models of Tables 5 and 6
# give the same by another way (the Wald p that follows from the interval), and turning the label round, LP against
# regorafenib or the reverse, changes no p:

# %%
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

# %% tags=["remove-cell"]
look.tell(most=f"{most:.1f}")

# %% [markdown]
# No difference is shown, and no repair changes that, nor the choice between the two tests. (A test that gives early events
# more weight, or an adjusted comparison, might; the paper prints neither.) But neither is it shown that there is none. The intervals
# reach, depending on the direction, to a hazard {glue:text}`most` times as high in one arm as in the other, for better or
# worse. To speak of *equal* survival one would have to name a margin beforehand and find the whole interval inside it
# {cite}`altman1995`. That the hazard ratio points against LP while the medians point for it
# ([Prognostic factors](36-prognostic-factors)) makes the direction itself uncertain.

# %% [markdown]
# (survive-control)=
# ## Disease control
#
# RECIST 1.1 and mRECIST give the same counts here. By every test of the admissible set, beside the two rates of response:

# %%
pd.DataFrame(tests).map("{:.3f}".format)

# %% tags=["hide-input"] mystnb={"image": {"alt": "P values of three comparisons of the arms by seven tests. For disease control all lie left of the dashed line of the paper's level; for response by RECIST 1.1 and by mRECIST all lie well to the right of it, and the printed one of mRECIST lies far from its own dots."}, "figure": {"name": "fig-conclusions-p", "caption": "Disease control and response: p by every admissible test (dots), on a logarithmic axis, and as printed (rings). Dashed: the level of the paper; dotted, where it is another: the level chosen for this build."}}
printed_p = {"disease control": "t3.dcr.recist.p", "response, RECIST 1.1": "t3.orr.recist.p", "response, mRECIST": "t3.orr.mrecist.p"}  # fmt: skip
fig, ax = figures.new(5.2, 2.5)
for y, (name, found) in enumerate(reversed(tests.items())):
    ax.scatter(list(found.values()), [y] * len(found), s=40, color=figures.BLUE, alpha=0.75, zorder=2)
    ax.scatter(float(registry[printed_p[name]].number.value), y, s=150, facecolor="none", edgecolor=figures.INK,
               linewidth=1.4, zorder=3)  # fmt: skip
ax.axvline(LEVEL, color=figures.GREY, linestyle="--", linewidth=1)
if alpha != LEVEL:
    ax.axvline(alpha, color=figures.GREY, linestyle=":", linewidth=1.5)
ax.set_xscale("log")
ticks = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]
ax.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
ax.minorticks_off()
ax.set_yticks(range(len(tests)), list(reversed(tests)))
ax.grid(axis="y", visible=False)
_ = ax.set(xlabel="p value", xlim=(0.009, 1.1), ylim=(-0.6, len(tests) - 0.4))

# %% tags=["remove-cell"]
d, low, high = difference(tables["disease control"])
two_tests = {"Pearson's": contingency.pearson, "Fisher's": contingency.fisher}
below = sum(p < alpha for p in dcr.values())
misnamed = "where the abstract and the outcomes name regorafenib"
changes = {name: fewest_changes(tables["disease control"], test) for name, test in two_tests.items()}
look.tell(
    dcr_lp=tables["disease control"][0][0], dcr_r=tables["disease control"][0][1], dcr_d=f"{100 * d:.0f}",
    dcr_low=f"{100 * low:.0f}", dcr_high=f"{100 * high:.0f}", paper_level=f"{LEVEL:g}",
    dcr_changes=" and ".join(f"{n} by {name} test" for name, n in changes.items()),
)  # fmt: skip

# %% [markdown]
# {glue:text}`dcr_lp` of {printed}`patients.size.lp` patients with LP and {glue:text}`dcr_r` of
# {printed}`patients.size.r` with regorafenib: a difference of {glue:text}`dcr_d` percentage points, with an interval
# from {glue:text}`dcr_low` to {glue:text}`dcr_high` {cite}`newcombe1998difference`.

# %% tags=["remove-input"]
if below == len(dcr):
    said = f"Every test calls it significant (p {p_span}). So the conclusion holds, with LP named {misnamed}."
else:
    said = (
        f"At the level of {alpha:g}, {below or 'none'} of the {len(dcr)} tests call{'s' * (below < 2)} it significant "
        f"(p {p_span}). So at that level it cannot be told whether the difference is more than chance; the higher rate is "
        f"that of LP, {misnamed}."
    )
display(Markdown(said))

# %% [markdown]
# :::{margin}
# A count of the patients on whom significance hangs is known as a fragility index {cite}`walsh2014`. It says little that p
# and the interval do not say, but in patients, which are easier to picture.
# :::
#
# *How firmly.* At the paper's level of {glue:text}`paper_level` it would cease to be significant if a few patients, of
# either arm, were classified otherwise: {glue:text}`dcr_changes`. And control was judged at scans whose timing is itself in
# question ([Outcomes](32-outcomes)); it was one of several comparisons, and it is not adjusted for anything.

# %% [markdown]
# ## Response

# %% tags=["remove-input"]
if min(responses) >= alpha:
    said = "the difference is not significant by either criterion"
else:
    said = f"some of them call a difference significant at {alpha:g}, others do not"
wrong_p = look.printed("t3.orr.mrecist.p")
display(Markdown(f"The printed p for mRECIST, {wrong_p}, cannot be right. By the tests in the table above {said}:"))

# %%
rates = {}
for name, table in tables.items():
    found = difference(table)
    points, low, high = (f"{100 * x:.1f}".replace("-", "−") for x in found)
    rates[name] = {
        "LP": f"{table[0][0]} of {lp}",
        "R": f"{table[0][1]} of {r}",
        "points apart": points,
        "from": low,
        "to": high,
    }
pd.DataFrame(rates).T

# %% tags=["remove-cell"]
look.tell(response_span=response_span)

# %% [markdown]
# More tumours responded with LP in these patients: that much is counted. Whether it is more than chance cannot be told
# (p {glue:text}`response_span`); the intervals reach from somewhat fewer responses to many more. "Trend" is often said of a
# difference that is not significant; the interval says more, and says it in numbers.

# %% [markdown]
# (survive-prognosis)=
# ## Performance status and AFP
#
# Every row that the paper prints for them, with the largest p that the printed digits allow (a row of the text that
# repeats its own row of the table is left out):


# %% tags=["hide-input"]
def row_name(key):
    row = models[key]
    sets = registry.layout.tables[row.table].sets
    place = ", in the text" if row.in_prose else ""
    return f"{row.endpoint.upper()}, {sets[row.set]}{place}"


def repeats(key):
    """Return whether a row of the text prints what its row of the table prints."""
    row = models[key]
    return row.in_prose and row.line == models[f"{row.table}.{row.row}.{row.set}"].line


keys = printed_rows["ecog"] + printed_rows["afp"]
readings = pd.DataFrame({key: reading(key) for key in keys}).T
shown = readings.drop(index=[key for key in keys if repeats(key)])
present.table(
    ["row", "p, at most", "HR (95% CI)"],
    [
        [
            escape(f"{models[key].subject.split(',')[0]}, {row_name(key)}"),
            f"{row['largest p']:.6f}",
            f'<span style="white-space:nowrap">{escape(row["HR (95% CI)"])}</span>',
        ]
        for key, row in shown.iterrows()
    ],
    "performance status and AFP: every printed row",
    (1, 2),
)

# %% tags=["remove-cell"]
# The text's own row of AFP for PFS, the one in dispute, is among them.
assert [key for key in shown.index if models[key].in_prose] == ["prognostic.afp.pfs.multi"]

# %% tags=["remove-cell"]
log_ranks = {item.p: registry[item.p].printed for item in registry.layout.log_ranks if item.variable in ("ecog", "afp")}
look.tell(
    n_readings=len(readings), largest_p=f"{readings['largest p'].max():.4f}", log_ranks=", ".join(log_ranks.values())
)

# %% [markdown]
# In all {glue:text}`n_readings` rows, those of the text included, the interval lies above 1 and p is at most {glue:text}`largest_p`. It does not
# matter whether the text's hazard ratio of AFP for PFS ({printed}`prognostic.afp.pfs.multi.hr`) or the table's
# ({printed}`t5.afp.multi.hr`) is the right one: only the number to be quoted depends on it. The medians point the same
# way, and so do the log-rank tests (p {glue:text}`log_ranks`). These are the firmest findings of the paper. "Independent"
# means here: beside the few variables that passed the selection, which do not include the treatment.

# %% [markdown]
# (survive-hbv)=
# ## HBV infection
#
# Alone, HBV infection goes with later progression: {printed}`t5.hbv.uni.hr`, p = {printed}`t5.hbv.uni.p`. Beside
# performance status and AFP the hazard ratio is {printed}`t5.hbv.multi.hr` ({printed}`t5.hbv.multi.lower` to
# {printed}`t5.hbv.multi.upper`), p = {printed}`t5.hbv.multi.p`. Can rounding have hidden a significant result?

# %%
keys = "t5.hbv.uni", "t5.hbv.multi"
hbv = pd.DataFrame({row_name(key): reading(key) for key in keys}).T
for column in ("smallest p", "largest p"):
    hbv[column] = hbv[column].map("{:.4f}".format)
hbv

# %% [markdown]
# No. A predictor that is called independent should keep its place beside the others; by the paper's own criterion this
# one does not. That it does not is no proof that HBV plays no part, only that these patients cannot show it.

# %% [markdown]
# ## Child-Pugh class
#
# Alone, it has p = {printed}`t6.child_pugh.uni.p` for OS, whichever way the label is read. But as labelled, A against B,
# the hazard ratio is {printed}`t6.child_pugh.uni.hr`: the *better* class dies sooner.

# %%
keys = [key for key in printed_rows["child_pugh"] if key.startswith("t")]
lines = {row_name(key): models[key].line for key in keys}
pd.DataFrame(
    {
        name: {
            "as labelled, A vs B": str(line.without("p")),
            "turned round": turned(line),
            "p printed": line.p.text,
        }
        for name, line in lines.items()
    }
).T

# %% [markdown]
# Clinical order speaks for a label that is the wrong way round, the width of the interval against it
# ([How many events?](40-how-many-events)). Beside performance status and AFP it is not significant
# (p = {printed}`t6.child_pugh.multi.p`). That class matters may well be true; which class fared worse cannot be told
# from what is printed.

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
shares = {
    "LP, %": [percent(int(n), lp) for n in lower_in_lp["any, LP"]],
    "R, %": [percent(int(n), r) for n in lower_in_lp["any, R"]],
}
lower_in_lp.assign(**shares)[["any, LP", "LP, %", "any, R", "R, %"]]

# %% [markdown]
# And all kinds of which there was a severe one, most frequent first (an empty cell is taken as none):

# %%
with_severe = toxic.assign(both=severe)[severe > 0]
with_severe = with_severe[["severe, LP", "severe, R", "both"]]
with_severe.sort_values("both", ascending=False, kind="stable")

# %% tags=["remove-cell"]
look.tell(
    n_lower=len(lower_in_lp), n_kinds=len(toxic), smallest_toxic=f"{min(toxic_p):.2f}",
    n_significant=sum(p < alpha for p in toxic_p) or "none", severe_lp=toxic["severe, LP"].sum(),
    hfsr_all=percent(int(severe[names["hfsr"]]), lp + r), ast_all=percent(int(severe[names["ast"]]), lp + r),
)  # fmt: skip

# %% [markdown]
# Of {glue:text}`n_kinds` kinds {glue:text}`n_lower` are less frequent with LP, so "all" does not hold; and
# {glue:text}`n_significant` of the differences are significant by Fisher's test (smallest p {glue:text}`smallest_toxic`,
# not corrected for their number), so neither does "clearly". Hand-foot skin reaction leads among the severe events, in
# {glue:text}`hfsr_all` % of all patients where the abstract prints {printed}`abstract.hfsr.ge3` %; severely raised AST
# occurred in {glue:text}`ast_all` % where the discussion prints {printed}`discussion.ast.ge3` %. Whether the
# {glue:text}`severe_lp` severe events with LP count as serious reactions to immunotherapy depends on what is meant by
# the words.

# %% [markdown]
# ## What else the patients received
#
# Table 1 counts patients with TACE or HAIC in both arms:

# %%
local_lp = look.count("t1.tace_haic.yes.lp.n")
local_r = look.count("t1.tace_haic.yes.r.n")
treated = {"LP": f"{local_lp} of {lp}", "R": f"{local_r} of {r}"}
pd.Series(treated).to_frame("TACE or HAIC")

# %% [markdown]
# "Alone" can mean: without another systemic drug. Then nothing printed speaks against it. In the plain sense of the word
# it does not hold, and the authors name the mixture of regimens among their limits themselves.

# %% [markdown]
# (survive-size)=
# ## Size and balance
#
# How large must a hazard ratio be to be found in four studies of five? With *d* events in one arm and *e* in the other,
# its logarithm must reach ({glue:text}`critical` + {glue:text}`more`) √(1/*d* + 1/*e*) {cite}`schoenfeld1983`. Taking an event
# in every patient, the best case:

# %%
critical, more = stats.norm.ppf(1 - alpha / 2), stats.norm.ppf(0.8)
print(f"{math.exp((critical + more) * math.sqrt(1 / lp + 1 / r)):.2f}")

# %% tags=["remove-cell"]
binary = {}
for row in dict.fromkeys(v.row for v in registry.cells("t1") if v.statistic == "count"):
    variable = registry[next(v.id for v in registry.cells("t1") if v.row == row)].variable
    binary.setdefault(variable, []).append(row)
smd = {}
for variable, spec in registry.layout.variables.items():
    for level in list(spec.levels)[: 1 if len(spec.levels) == 2 else None]:
        found = [registry.level_count(variable, [level], arm) for arm in ("lp", "r")]
        if None not in found and variable in {v.variable for v in registry.cells("t1")}:
            p1, p2 = found[0] / lp, found[1] / r
            smd[f"{spec.label}: {spec.levels[level]}"] = (p1 - p2) / math.sqrt((p1 * (1 - p1) + p2 * (1 - p2)) / 2)
smd = pd.Series(smd)
look.tell(
    n_smd=len(smd), n_uneven=int((smd.abs() > 0.25).sum()), n_balance=len(balance),
    by_chance=f"{100 * 2 * stats.norm.sf(0.25 / math.sqrt(1 / lp + 1 / r)):.0f}",
)  # fmt: skip

# %% [markdown]
# The authors' own reservation is right: smaller effects, some of which would matter to patients, would more often be missed.
#
# As to balance, {glue:text}`n_balance` tests say little, since a small sample seldom makes a difference significant. The
# *standardised difference*, in units of one standard deviation, does not grow with the sample {cite}`austin2009`. Of
# {glue:text}`n_smd` levels {glue:text}`n_uneven` differ by more than a quarter of a unit (positive: more with LP):

# %%
uneven = smd[smd.abs() > 0.25]
signed = uneven.map("{:+.2f}".format).str.replace("-", "−")
signed.to_frame("standardised difference")

# %% [markdown]
# Were so few patients allotted at random, about {glue:text}`by_chance` % of the levels would differ as much, so this does
# not show that the arms were chosen differently. But these arms were not alike, and nothing was adjusted for it.

# %% [markdown]
# (survive-others)=
# ## Other studies
#
# RESORCE's results as its sources give them, against the intervals of this paper's regorafenib arm (Wilson's for the
# rates {cite}`wilson1927`, as printed for the medians):

# %%
beside = {}
for name, (value, (low, high), value_id) in resorce.items():
    beside[name] = {
        "R arm": look.printed(value_id),
        "from": f"{low:.1f}",
        "to": f"{high:.1f}",
        "RESORCE": value,
        "within?": "yes" if low <= value <= high else "no",
    }
pd.DataFrame(beside).T

# %% tags=["remove-cell"]
look.tell(
    n_within=len(within), within=", ".join(name.split(",")[0] for name in within),
    single_values=" and ".join(f"{value:g}" for value in in_liver),
    thyroid=f"{single['ref31-lin2022']:g}",
)  # fmt: skip

# %% [markdown]
# Lower they are. But for {glue:text}`n_within` of the four ({glue:text}`within`) RESORCE's value lies within this arm's
# own uncertainty, and the response rates may be by different criteria ([Discussion](38-discussion)).
#
# PFS with LP, {printed}`outcomes.pfs.lp.median` months ({printed}`outcomes.pfs.lp.lower` to
# {printed}`outcomes.pfs.lp.upper`), is set beside four cited trials of single drugs. Two of them, in liver cancer
# after sorafenib, have medians of {glue:text}`single_values` months: one below the interval, one within it. A third is of thyroid cancer ({glue:text}`thyroid` months), a wrong reference rather than a wrong conclusion;
# the median of the fourth was not in what could be read. So a benefit is neither shown nor refuted, and in this very study
# PFS with LP did not differ significantly from that with a single drug.

# %% [markdown]
# ## Exercises
#
# ::::{exercise} How firm is disease control?
# :label: survive-firm
#
# At the paper's level of {glue:text}`paper_level` disease control differs significantly by every test. Suppose that one patient
# with LP had been classified otherwise, then two, then three. At which number does Pearson's test cross the level, and at which
# does Fisher's? And what would a Bonferroni correction for the three comparisons of response and control ask for?
# ::::

# %% tags=["remove-cell"]
assert max(dcr.values()) < LEVEL  # the exercise says so
look.tell(critical=f"{stats.norm.ppf(1 - alpha / 2):.2f}", more=f"{stats.norm.ppf(0.8):.2f}")

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
print(f"the tests give {p_span}")

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
# “A trend to more responses”: for how many responders among the R patients would the difference by RECIST have been significant, with
# the LP arm as it is? And how large a study, with the same rates and the same division into arms, would find it four times in five?
# Simulate.
# ::::

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
#   {glue:text}`n_corrected` need no more than a corrected number or word, and {glue:text}`n_not` do not survive.
# - [No difference shown is not no difference](survive-survival): here a hazard {glue:text}`most` times as high in one arm
#   remains possible. Look at the interval before the p value.
# - [A significant result has a size and a firmness](survive-control): disease control differs by {glue:text}`dcr_d` points,
#   with an interval from {glue:text}`dcr_low` to {glue:text}`dcr_high`, and hangs on a few patients.
# - [What every row and every repair agree on](survive-prognosis) is firm, within the study: performance status and AFP.
# - [“Independent” needs the other variables](survive-hbv), which HBV infection does not outlive; and [treatment was in no
#   adjusted model](survive-adjusted), so nothing is known of it there.
# - [All p values of a baseline table above the level](survive-size) do not make two arms alike.
#
# ## Strengths and limitations of the method
#
# *Strengths.* A conclusion is judged over all that the printed numbers allow, so that nobody has to choose the test or the repair that
# suits. *Limitations.* Only conclusions about numbers can be tested so. Whether the study's design allows a comparison of
# treatments is another question, and the authors answer it with caution. Repairs are taken one at a time and as far as
# the search found them; the true slips may be others. (None of the suggested corrections bears on the rows of treatment,
# performance status or AFP, except for the one of AFP in the text.) And all of it is worked out from what is printed. The
# patients' records could show more, and could overturn any of it.
#
# To print or to send: {download}`the findings on one page <../data/findings.pdf>` (PDF).
#
# ## Further reading
#
# No difference shown: {cite:t}`altman1995`. Intervals for differences of shares: {cite:t}`newcombe1998difference`; for single ones:
# {cite:t}`wilson1927`. Balance without p values: {cite:t}`austin2009`. How many events: {cite:t}`schoenfeld1983`. What such a study
# should report: {cite:t}`vonelm2007`.

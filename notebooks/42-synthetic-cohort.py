# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% [markdown]
# # The synthetic cohort

# %%
import numpy as np
import pandas as pd
from IPython.display import display
from lifelines import CoxPHFitter

from secondlook.pages import present
from secondlook.pages.look import start

look = start()
invented = start(cohort="")  # also where records were handed in
records, cohorts = invented.records, invented.ensemble  # those of one file, and others who print the same

# %% tags=["remove-cell"]
from secondlook.cohort.verify import COUNTS, verify
from secondlook.pages import cohort_tables as tables
from secondlook.pages import handed_in

results = verify(records) if records else []
survival = [r for r in results if r.target.kind not in COUNTS]
counts = [r for r in results if r.target.kind in COUNTS]
aside = records.codes.search.set_aside if records and records.codes.search else {}


n = tables.counted(survival, aside)
look.tell(
    patients=len(records or ()), cohorts=len(cohorts), counts_met=sum(r.attained for r in counts), counts_all=len(counts),
    targets=n["targets"], attained=n["attained"], sought=n["sought"], attained_sought=n["attained_sought"],
    near=n["near"], rest=n["rest"] or "none", rows_aside=n["rows_aside"], repaired=n["repaired"],
)  # fmt: skip

# %% [markdown]
# These patients are **invented**. They were sought so that their statistics print what the paper prints; that they do
# proves nothing about the real patients.

# %% tags=["remove-input"]
handed_in.beside_cohort(look.ledger, survival)

# %% [markdown]
# :::{admonition} In this chapter
# :class: note
# **You will** refit one row of the paper's models on 68 patients, see which printed numbers such patients can have all
# at once, and read off what the printed numbers leave open. **You will learn to** tell an existence proof from evidence, to say
# what agreement with invented patients shows (nothing) and what disagreement may show, and to read a range over many cohorts for
# what it is. **You need** {term}`synthetic cohort`, {term}`hazard ratio` and [](40-how-many-events); Python helps, and is not
# required.
# :::
#
# ## Predict before you reveal
#
# | printed | statistics of survival |
# |---|---:|
# | hazard ratios with their limits and p, medians with theirs, log-rank p values | {glue:text}`targets` |
# | of these, sought together: all but {glue:text}`rows_aside` rows, which are set aside below | {glue:text}`sought` |
#
# Performance status and death, for one, have a ratio of {printed}`t6.ecog.uni.hr` ({printed}`t6.ecog.uni.lower` to
# {printed}`t6.ecog.uni.upper`). Can *one* set of {glue:text}`patients` patients have all of these numbers at once, to the last digit? If
# such a set is found, what does that say about the paper? And about the drugs? Write your answers down.

# %% tags=["remove-input"]
from secondlook.pages import practice

practice.ask("synthetic-cohort.before")

# %% [markdown]
# :::{admonition} Open the answer
# :class: dropdown
# On the patients of this page, {glue:text}`attained_sought` of the {glue:text}`sought` print as they should, and {glue:text}`near` more are one
# unit of the last digit off. About the paper it says that those {glue:text}`attained_sought` numbers can be true together;
# {glue:text}`repaired` rows among them, which are impossible as printed, count as they read after their suggested correction. About
# the drugs it says nothing where patients were made to print the numbers.
# :::
#
# (cohort-what)=
# ## What it is, and what it is not
#
# The paper's patients are known to their doctors only. What the paper prints of them are counts, medians, hazard ratios
# and p values. This cohort is a set of invented people of whom the same can be said: the same number in each arm with
# each characteristic, the same responses, and survival times that give the same statistics, as far as a search found
# them.
#
# - It **is** an existence proof. Where it prints a whole table, some patients could have had that table: its numbers do
#   not contradict each other.
# - It **is not** evidence on either treatment. It was built from the answer. Another cohort with the same statistics can
#   differ from it in everything that was not printed; [a later section](cohort-open) shows by how much.
# - It **is not** a reconstruction of the real patients. Nothing in it is anyone's.
# - What it *cannot* print is the informative part. Even there: a search that failed is not a proof.
#
# ## One row by hand
#
# Performance status and overall survival, refitted from the file with lifelines.

# %%
if records:
    patients = records.frame
    row = pd.DataFrame(
        {
            "ECOG PS 2": (patients["ecog"] == 2).astype(int),
            "months": patients["os_months"],
            "died": patients["os_event"],
        }
    )
    fitted = CoxPHFitter().fit(row, "months", "died").summary
    shown = fitted[["exp(coef)", "exp(coef) lower 95%", "exp(coef) upper 95%", "p"]]
    shown = shown.map(lambda v: f"{v:.3f}" if v >= 0.001 else "<0.001")
    display(shown.rename_axis(None).rename(columns=lambda c: c.replace("exp(coef)", "HR")))

# %% [markdown]
# Printed in Table 6: {printed}`t6.ecog.uni.hr` ({printed}`t6.ecog.uni.lower` to {printed}`t6.ecog.uni.upper`),
# p {printed}`t6.ecog.uni.p`.
#
# (cohort-print)=
# ## What they print
#
# On these patients, {glue:text}`attained` of the {glue:text}`targets` statistics print as they should, by lifelines
# and by this book's own fits alike. {glue:text}`repaired` rows are impossible as printed and have one smallest change
# that makes them possible ([](12-suggested-corrections)): for these the changed row is the target. {glue:text}`rows_aside`
# further rows were not sought, for the reasons given below. Of the {glue:text}`sought` numbers that were,
# {glue:text}`attained_sought` are attained, {glue:text}`near` more are one unit of the last digit off, and
# {glue:text}`rest` are further off. Of the {glue:text}`counts_all` printed counts (Tables 1 and 3 and the sizes of the
# groups) {glue:text}`counts_met` agree.

# %% tags=["hide-input"]
from secondlook.cohort.verify import COUNTS, verify
from secondlook.pages import cohort_tables as tables

survival = [r for r in verify(records) if r.target.kind not in COUNTS] if records else []
tables.by_kind(survival, look.registry, "Attained by kind")

# %% [markdown]
# Every number, where it is printed, what is wanted and what was got. What is wanted is what is printed, save where a row is
# impossible as printed: there the suggested correction is wanted, marked “mended”, and the two may differ.

# %% tags=["hide-input"]
present.fold(f"All {len(survival)} statistics", tables.of_targets(survival, "All statistics, wanted and got"))

# %% [markdown]
# (cohort-not)=
# ## What is not attained
#
# In units of the last printed digit:

# %% tags=["hide-input"]
tables.of_targets([r for r in survival if not r.attained], "Statistics that are not attained")

# %% [markdown]
# Not sought were:

# %% tags=["hide-input"]
tables.set_aside(look.registry, records.codes.search.set_aside if records else {}, "Rows that were not sought")

# %% [markdown]
# A search that does not reach a number proves nothing about it. For the two rows that were not sought there is a proof.
#
# (cohort-few)=
# ### A row that needs few events
#
# A standard error is large when the {term}`information` is small. Without ties the information depends on the path by which
# the numbers at risk shrink, one patient at a time, and a dynamic program finds the least of all paths whose estimate
# is the printed hazard ratio. Censoring makes room for less, and early censoring most. But the dates leave no room for
# early censoring: whoever is alive has been followed from the last entry to the cut-off at least, and the medians and
# their limits, all read off before that, tell how many had had their event by then.

# %% tags=["hide-input"]
from lookalike import bounds
from secondlook.paper import event_counts
from secondlook.stats import km
from secondlook.stats.wald import box

KEY, BAND, MOST_CENSORED = "t5.tace_haic.uni", "log-log", 11
rows = {row.row.key: row for row in event_counts.modelled(look.registry, "pfs")}
exposed, others = rows[KEY].groups
everyone = exposed + others
corners = np.array([point for polygon in box(rows[KEY].row.line).polygons for point in polygon], dtype=float)
(low_b, low_s), (high_b, high_s) = corners.min(axis=0), corners.max(axis=0)
wanted = low_s**-2  # the greatest information that prints the row
tails = {band: bounds.most_at_risk(look.registry, "pfs", band) for band in [*km.BANDS, "medians alone"]}


def least(censored, tail):
    """Return the least information with none, one, … and so many censored."""
    centre, reach = (low_b + high_b) / 2, (high_b - low_b) / 2
    return bounds.least_information(exposed, others, censored, centre, reach, tail=tail)


found = least(MOST_CENSORED, tails[BAND])
lines = [
    [str(everyone - c), f"{v:.2f}", f"{v**-0.5:.3f}", "impossible" if v > wanted else "not excluded"]
    for c, v in enumerate(found)
]
head = ["events at least", "least information", "greatest standard error", "as printed"]
present.table(head, lines, "TACE or HAIC on progression", numeric=(0, 1, 2))

# %% tags=["remove-cell"]
from secondlook.paper.medians import least_follow_up

hidden = event_counts.joints(look.registry)["pfs"].most_without  # what the other rows need, deaths included
excluded = [c for c, v in enumerate(found) if v > wanted]
fewest, loosest = everyone - max(excluded, default=-1), max(tails.values())
need = {key: event_counts.least_for_row(row, everyone, row.se) for key, row in rows.items() if key != KEY and row.se}
enough = [look.registry[f"{key}.hr"].label for key, k in need.items() if k and k >= fewest]
alone = least(hidden, loosest)[-1]
look.tell(
    low_s=f"{low_s:.4f}", high_s=f"{high_s:.4f}", wanted=f"{wanted:.2f}", fewest=fewest, fewer=fewest - 1,
    others_need=everyone - hidden, until=f"{least_follow_up(look.registry):.1f}",
    band=BAND, tail=tails[BAND], by_band=", ".join(f"{name} {tail}" for name, tail in tails.items()),
    loosest=loosest, alone=f"{alone:.2f}", enough=len(enough), enough_rows=", ".join(enough),
)  # fmt: skip

# %% tags=["remove-cell", "guard"]
assert hidden in excluded, f"“no order of patients prints it”: {found[hidden]:.2f} and at most {wanted:.2f}"
assert alone > wanted, f"“The proof does not hang on the band”: {alone:.2f} and at most {wanted:.2f}"

# %% [markdown]
# The printed row has a standard error of {glue:text}`low_s` to {glue:text}`high_s`, an information of at most
# {glue:text}`wanted`. **With {glue:text}`fewest` events or more no order of patients prints it, and the other rows of
# the table need at least {glue:text}`others_need`.** What the proof takes for granted, and what is left when a premise is made
# weaker, stands in [its certificate](certificate-tace). Two of the premises in numbers:
#
# - *The medians and their limits.* Nobody alive was followed for less than {glue:text}`until` months, so that who is censored is
#   censored late. If the limits come of a {glue:text}`band` band, at most
#   {glue:text}`tail` patients were still at risk when the first was censored. By band: {glue:text}`by_band`. The proof
#   does not hang on the band: a smaller number only helps it, and with {glue:text}`loosest`, from the medians without
#   their limits, the least information with {glue:text}`others_need` events or more is {glue:text}`alone`, still above
#   {glue:text}`wanted`.
# - *The other rows.* Any one of {glue:text}`enough` of them is enough for the {glue:text}`band` band, for each needs
#   {glue:text}`fewest` events or more ([](events-all)): {glue:text}`enough_rows`.
#
# With {glue:text}`fewer` events the bound no longer excludes it. A bound knows nothing of the other rows of the same
# patients, so it is generous.

# %% [markdown]
# (cohort-beside)=
# ### A variable alone and adjusted
#
# <a href="12-suggested-corrections.html#child-pugh-os">Child-Pugh alone</a> has a large hazard ratio for death, and a small one beside performance status and AFP. That can
# happen. How far apart can they be, when the adjusted model is as printed? Its rows ask certain sums over the deaths to
# have certain values. Put a price on each sum: an order that prints the rows has at least a certain total, the *floor*.
# The same kind of dynamic program finds the greatest total of any order at all, whatever the joint table of the three
# variables, whoever is censored, and when. If the greatest lies below the floor, there is no such order. Prices that
# show it were found once and are stored; `make proofs` finds the greatest totals again.

# %% tags=["remove-cell"]
from lookalike import prove

refuted = prove.load(look.registry, look.folder)

# %% tags=["remove-cell", "guard"]
assert refuted, "“there is no such order”: 0 of the stored proofs are of rows that are printed"
open_ = [proof for proof in refuted if not proof.holds]
assert not open_, f"“stays impossible in every reading”: not {len(open_)} of {len(refuted)}"

# %% tags=["remove-cell"]
bounds_of_hr = [proof.prices.hr for proof in refuted if proof.prices.hr]
look.tell(below=f"{min(bounds_of_hr):g}", below_alone=f"{max(bounds_of_hr):g}")

# %% [markdown]
# **Beside the adjusted model as printed, without ties, the hazard ratio alone is below {glue:text}`below`, whatever its
# limits; printed is {printed}`t6.child_pugh.uni.hr`.** Without the standard errors of the model's other two rows it is below
# {glue:text}`below_alone`, which is enough. For the row with its limits there is room for ties, and to exchange the two classes in one
# of the models, or in both, is no way out: [its certificate](certificate-child-pugh) has the figures case by case. Medians, dates and
# the other variables are not used. The proof does not say which number is wrong: it may be one of either model, or the models may
# have had different patients.

# %% tags=["remove-cell"]
invasion = [r for r in survival if r.target.variable in records.codes.aliases] if records else []
cases = {case.id: case for proof in look.registry.proofs for case in proof.cases}
look.tell(
    invasion_numbers=len(invasion), invasion_attained=sum(r.attained for r in invasion),
    invasion_events=look.count("patients.size.all") - cases["invasion"].censored,
)  # fmt: skip

# %% [markdown]
# ### One reading behind the cohort
#
# Tables 5 and 6 have rows for microvascular invasion, Table 1 has portal vein tumor
# thrombus. {glue:text}`invasion_attained` attained numbers of {glue:text}`invasion_numbers` rest on taking the one for the other. The
# number of progressions that the other rows need does not: every chapter says {glue:text}`others_need`, and with that reading it
# would be {glue:text}`invasion_events`.
#
# (cohort-credible)=
# ## Would a clinician believe these patients?
#
# Printed statistics say nothing of staging, of deaths without progression or of scans, so invented patients can print them
# all and still be absurd. The staging rules are those of {cite:t}`reig2022`: a performance status of 1 or 2, invasion of
# vessels, or spread makes stage C. Scans were planned every 6 to 8 weeks; a week more or less is allowed.

# %% tags=["hide-input"]
from secondlook.cohort import credible

believed = credible.criteria(records) if records else []
each = [credible.criteria(cohort) for cohort in cohorts]
tables.of_criteria(believed, each, "Counts by criterion: these patients, and fewest and most in the ensemble")

# %% tags=["remove-cell"]
by_key = {item.key: item for item in believed}
spread = sum(look.count(f"t1.extrahepatic.no.{arm}.n") for arm in ("lp", "r"))
stage_b = sum(look.count(f"t1.bclc.b.{arm}.n") for arm in ("lp", "r"))
worst = look.count("t3.pd.recist.r.n")
middle = (look.count("patients.size.r") + 1) // 2
look.tell(
    stage_b=stage_b,
    no_spread=spread,
    stage_any=by_key["stage.any"].count if believed else "",
    r_worst=worst,
    r_middle=middle,
    r_all=look.count("patients.size.r"),
    r_before=middle - 1,
    tau=f"{credible.rank_correlation(records):.2f}" if believed else "",
)

# %% [markdown]
# **What was chosen.** Whatever the printed numbers leave open was chosen for credibility: who has a performance status of 0, who
# died without a progression, whose responses are whose, and which patients have which two times. The two times go together by a
# Kendall's τ of {glue:text}`tau`.
#
# **What the numbers force.** Progression as best response at the second scan or before: not for all of R. With nobody censored
# early, R's median is its patient {glue:text}`r_middle` of {glue:text}`r_all` by time, and at most {glue:text}`r_before` of its
# {glue:text}`r_worst` with that best response can have progressed before the median's rounding interval begins.
#
# **What could not be had, and may be had by others.** {glue:text}`stage_any` of the {glue:text}`stage_b` stage-B patients have a sign
# of stage C, most of them spread: only {glue:text}`no_spread` patients have none. Were no stage-B patient to have spread, stage B
# would be {glue:text}`stage_b` of these. The rows of stage and of spread forbid that ([](certificate-staging)): one stage-B
# patient at least has it, unless a label is the wrong way round. More is not proved; the search traded it for printed digits.
# Nobody should learn staging from this file.

# %% tags=["remove-cell"]
import json

run = json.loads((look.root / "data" / "simulated" / "search.json").read_text(encoding="utf-8"))
nearest = pd.DataFrame(run["rounds"]).groupby("endpoint")["numbers missed"].min()
look.tell(
    run_seed=run["seed"], run_minutes=run["minutes"], run_pairs=run["pairs of orders"], run_pfs=nearest["pfs"], run_os=nearest["os"],
)  # fmt: skip

# %% [markdown]
# (cohort-how)=
# ## How they were found
#
# **Orders, not times.** Without {term}`ties <tie>`, a Cox model, a log-rank test and the rank of a median depend only on the order in
# which patients have their event, and on who is censored. So the search looks for an order of 68 places, with a set of
# characteristics at each. Months come last.
#
# **At the answer.** Score and information are evaluated at the hazard ratio that is wanted. If the score vanishes there,
# it is the estimate; the information is the standard error. No model is fitted until the end.
#
# **From coarse to fine.** An exchange of two patients moves some combinations of the printed numbers a thousand times
# more than others. Each combination is measured by how much it moves, and all are tightened together; copies of the
# order at every stage of tightening exchange places, so that a dead end is replaced by a fresh start (parallel
# tempering).
#
# **Meeting in the middle.** What an exchange of two patients adds to score and information depends only on the places
# between them. So rearrangements of early places and of late places add up: all sets of a few exchanges are listed for each
# half, some million of either, and those two that together bring every number to its place are found by hashing. That looks
# through a thousand billion neighbours of an order in seconds, and goes on from the closest.
#
# **One endpoint, then the other.** The order of progression comes first. The order of death must have the same patients
# and let each of them progress before dying. Each is then refined in turn, keeping only what the other allows. The six women
# are too few to be chosen afterwards, so they are part of both orders.
#
# **From orders to people.** Cirrhosis has standard errors that few arrangements give, on both endpoints. So it comes first: sets of
# places that print its row are sought on either endpoint alone, thousands of them, and two sets are put together that have
# as many in every group of patients who are alike. Then people are matched to places so that their two times go
# together, and every other characteristic is sought on them, with a price on what staging does not allow.
# `secondlook cohort search` walks this way from nothing. One run (`--seed` {glue:text}`run_seed`, {glue:text}`run_minutes` minutes) came to
# orders of progression that miss {glue:text}`run_pfs` and of death that miss {glue:text}`run_os` of the numbers sought, closely; of
# {glue:text}`run_pairs` pairs of them none can belong to the same patients, so that it wrote no file. The two orders of this file came of longer
# searches, whose seeds were not kept: it can be checked by anyone, in two programs, and cannot be made again from this repository.
#
# **From one cohort to many.** `secondlook cohort ensemble` starts from cohorts that are known. It lists orders near those of one of them
# that print everything, puts two together that the same patients can have, and finishes these anew. Now and then it makes one of the last events
# more or fewer, or chooses the women anew. Or it leaves a cohort as it is and only makes others the women:
# all ways are listed that print the row of sex on one endpoint, or all but one number of it, whatever its row on the other then prints. What it
# makes it goes on from. Its seed and what it starts from, which may be a stored ensemble, decide what it finds.
#
# **Times.** A linear program gives months: a median's patient gets the printed month, nobody else's time may change a
# printed digit, and all else stays near a smooth curve.
#
# ## The curves

# %% tags=["hide-input"] mystnb={"image": {"alt": "Kaplan–Meier curves of overall survival by arm of the invented patients of this book, with bands, censor marks and the numbers at risk below. A mark in the picture says whose curves these are. The two curves run close to each other."}, "figure": {"name": "fig-cohort-os", "caption": "Overall survival by arm in the invented patients: curve, 95 % log-log band (pale), and the range over the ensemble (strong)."}}
from secondlook.cohort import beyond
from secondlook.pages import curves

ARMS = {"LP": "lp", "R": "r"}
months = np.linspace(0, 54, 217)
envelopes = {label: (months, *beyond.envelope(cohorts, "os", key, months)) for label, key in ARMS.items() if cohorts}
if records:
    curves.two_groups(records, "os", ARMS, envelopes=envelopes)

# %% tags=["remove-cell"]
each_attains = invented.attained.reindex(columns=["cohort", "pfs_events", "os_events", "attained", "sought"])
attains = {
    name: present.span(each_attains[name], ".0f") if len(each_attains) else "none"
    for name in ("pfs_events", "os_events", "attained")
}
CORE = ("arm", "ecog", "afp", "sex")  # what the models and tests of both endpoints hold, and the six women
look.tell(
    sought_each=each_attains["sought"].max() if len(each_attains) else "none",
    cohorts_apart=beyond.without(cohorts, "sex"), tables=beyond.joint_tables(cohorts, "t6", CORE), tables_models=beyond.joint_tables(cohorts, "t6", CORE[:3]),
    events_pairs=len(each_attains[["pfs_events", "os_events"]].drop_duplicates()),
    **{f"each_{name}": text for name, text in attains.items()},
)  # fmt: skip

# %% [markdown]
# (cohort-open)=
# ## What the printed numbers leave open
#
# **{glue:text}`cohorts` cohorts** were found that all have the printed counts, medians and log-rank p values, and
# {glue:text}`each_attained` of the {glue:text}`sought_each` other numbers that were sought. None is less credible than a fixed bound for each
# criterion of [the section above](cohort-credible) allows. They differ in what was not printed:
# {glue:text}`each_pfs_events` patients progressed or died, {glue:text}`each_os_events` died, in {glue:text}`events_pairs` combinations, and
# treatment, performance status, AFP and sex go together in {glue:text}`tables` ways ({glue:text}`tables_models` without sex). Some differ
# in nothing but who the women are, at the price of a row of sex: without sex they are {glue:text}`cohorts_apart`.
#
# The table gives the least, the middle and the greatest value among them. These are ranges, not probabilities: how often a value was found
# says nothing about how likely it is. Nor are they all that is possible. Every cohort descends from two, by steps that keep most
# of what its parent was. The paper leaves more numbers of events open ([](40-how-many-events)); those that were reached differ in patients who come last
# in an order, whose events hardly any model feels. So a range says: *at least* so much is left open. A number that depends on the order alone,
# such as an adjusted hazard ratio, has the range of the search rather than of the paper: cohorts of an earlier search, from other orders
# and with fewer of the printed numbers, had adjusted ratios beyond this one's on either endpoint.

# %% tags=["remove-input"]
attains_each = tables.of_members(each_attains, "Events and attained numbers by cohort")
present.fold(f"What each of the {len(cohorts)} attains", attains_each) if cohorts else None

# %% tags=["hide-input"]
from secondlook.stats import rmst

if cohorts:
    rows = {}
    for endpoint in ("pfs", "os"):
        for label, key in ARMS.items():
            name = f"{endpoint.upper()}, {label}"
            values = [beyond.of_group(c, endpoint, key) for c in cohorts]
            for month in (6, 12):
                rows[f"{name}: % without event at {month} months"] = (
                    0,
                    [100 * km.curve(*v).at([month])[0] for v in values],
                )
                rows[f"{name}: at risk at {month} months"] = 0, [curves.at_risk(v[0], [month])[0] for v in values]
            rows[f"{name}: mean months up to 12"] = 2, [rmst.rmst(*v, 12.0)[0] for v in values]
        ratios = [beyond.adjusted(c, endpoint)[0] for c in cohorts]
        rows[f"{endpoint.upper()}: adjusted hazard ratio, LP to R"] = 2, ratios
    ways = {"least": np.min, "middle": np.median, "greatest": np.max}
    shown = {name: {word: f"{way(v):.{places}f}" for word, way in ways.items()} for name, (places, v) in rows.items()}
    display(pd.DataFrame(shown).T)

# %% tags=["remove-cell"]
PLAIN = ("arm", "afp_ge_400")  # two levels each; of ECOG PS 0 and 1 a model sees one side only
orders = {e: beyond.different_orders(cohorts, e, PLAIN) if cohorts else 0 for e in ("pfs", "os")}
tau = beyond.order_correlations(cohorts, ("pfs", "os")) if cohorts else [0]
look.tell(**{f"orders.{e}": n for e, n in orders.items()}, tau_least=f"{min(tau):.2f}", tau_most=f"{max(tau):.2f}")

# %% [markdown]
# How much the cohorts differ: they have {glue:text}`orders.pfs` different orders of progression and
# {glue:text}`orders.os` of death, by the labels of treatment and AFP. Within a cohort the order of progression and
# that of death go together by a Kendall's τ of {glue:text}`tau_least` to {glue:text}`tau_most`. Put in the order of
# death, how many places of two cohorts have the same label, and how many would if both orders were shuffled?

# %% tags=["hide-input"]
if cohorts:
    alike = pd.DataFrame(
        {
            column: [f"{100 * v:.0f}" for v in beyond.agreement(cohorts, "os", column)]
            for column in ("arm", "ecog", "afp_ge_400", "hbv", "pvtt", "cirrhosis")
        },
        index=["% of places alike", "% if shuffled"],
    ).T.rename(index={"arm": "treatment", "ecog": "ECOG PS", "afp_ge_400": "AFP", "hbv": "HBV infection",
                      "pvtt": "portal vein thrombus"})  # fmt: skip
    display(alike)

# %% [markdown]
# ## Take it with you
#
# The invented patients are a {download}`CSV file <../data/cohort/synthetic.csv>`; the [codebook](90-codebook) describes
# its columns. Their ids begin with `SYN-`, so that they cannot be taken for anybody's. Use them to learn methods, never
# to learn about treatments.
#
# `secondlook cohort verify FILE` prints the table above for any file of this shape. Whoever holds the real records can
# [set them beside the paper](72-records-beside-the-paper): this chapter stays with its invented patients then.
#
# ## Practice

# %% tags=["remove-input"]
practice.ask("synthetic-cohort.after")

# %% [markdown]
# ## Exercises
#
# ::::{exercise} Exchange two patients
# :label: cohort-exchange
#
# *Level 2 of 3 · 20 minutes · Python, with the package for all statistics at once*
#
# Take the file and exchange the times of two patients with different performance status. How many of the printed statistics change?
# Which do not, and why?
#
# `secondlook cohort verify` says of a file what it prints beside the paper; by hand, the medians and the Cox rows of
# performance status can be done in any program.
# ::::
#
# :::{admonition} Hint
# :class: tip dropdown
# Which statistics know who has which status, and which only when somebody had an event in an arm?
# :::

# %% [markdown]
# ::::{solution-start} cohort-exchange
# :class: dropdown
# ::::

# %%
from dataclasses import replace

from secondlook.cohort.verify import COUNTS, verify

if records:
    first, second = (np.flatnonzero(records.having("ecog", levels))[0] for levels in (["2"], ["0"]))
    frame, times = records.frame.copy(), ["pfs_months", "pfs_event", "os_months", "os_event"]
    frame.loc[[first, second], times] = records.frame.loc[[second, first], times].to_numpy()
    before, after = verify(records), verify(replace(records, frame=frame))
    changed = [new.target for old, new in zip(before, after, strict=True) if old.got != new.got]
    survival = [found for found in before if found.target.kind not in COUNTS]
    rows = {target.row or (target.endpoint, target.groups) for target in changed}
    print(f"{len(changed)} of {len(survival)} statistics change,")
    print(f"in {len(rows)} rows")
    for variable in ("ecog", "afp", "sex"):
        name = f"t6.{variable}.uni"
        alike = records.levels(variable)[first] == records.levels(variable)[second]
        print(f"{name}: {'changes' if name in rows else 'stays'};", end=" ")
        print("both alike" if alike else "not alike")

# %% [markdown]
# A row of one characteristic in which both are alike stays as it was: only the order of those who have it and of those who do not
# counts. Rows of a characteristic in which they differ change, and so does the adjusted model. A median changes only when one of the
# two stood at a median's rank.
#
# ::::{solution-end}
# ::::

# %% [markdown]
# ::::{exercise} What is nailed down?
# :label: cohort-nailed
#
# *Level 3 of 3 · 30 minutes · by hand; Python for the ensemble*
#
# For R the paper prints a median of overall survival with two limits, and [up to the least follow-up](events-band) nobody's time can have
# been censored. Which shares of R patients can have been alive midway between lower limit and median, by these numbers alone? Which are
# alive in the ensemble? Explain the difference.
# ::::
#
# :::{admonition} Hint
# :class: tip dropdown
# Limits by a band that is inverted are the times at which its edges pass one half: how many must have died by then?
# Between two such times only whole patients can die.
# :::

# %% [markdown]
# ::::{solution-start} cohort-nailed
# :class: dropdown
# ::::

# %%
if cohorts:
    ranks, n = km.ranks(look.count("patients.size.r"), "log-log"), look.count("patients.size.r")
    low, middle = (float(look.printed(f"outcomes.os.r.{name}")) for name in ("lower", "median"))
    print(f"lower limit: the time of death {ranks.lower} of {n}")
    print(f"median: that of death {ranks.median[0]}")
    by_ranks = 100 * (n - ranks.median[0] + 1) / n, 100 * (n - ranks.lower) / n
    print(f"alive at {(low + middle) / 2} months,")
    print(f"  by the ranks: {by_ranks[0]:.0f} to {by_ranks[1]:.0f} %")
    alive = [100 * km.curve(*beyond.of_group(c, "os", "r")).at([(low + middle) / 2])[0] for c in cohorts]
    print(f"  in {len(cohorts)} cohorts: {min(alive):.0f} to {max(alive):.0f} %")

# %% [markdown]
# The paper's numbers leave the curve free between two ranks. What the ensemble shows is narrower: its times were all made near one smooth
# curve, from orders near a few. A range over an ensemble is what was *found*; what the ranks allow is what is *possible*.
#
# ::::{solution-end}
# ::::
#
# ## Key takeaways
#
# - [Invented patients that print a table](cohort-what) prove that the table can be true, and nothing else.
# - [Statistics of survival without ties are facts about an order](cohort-how); see also [](40-how-many-events).
# - [A number that a search does not attain](cohort-not) is not thereby wrong; for that a proof is needed. The rows that were not
#   sought have one each, with its premises.
# - [Many different cohorts print the same paper](cohort-open). What they do not share, the paper does not tell.
#
# ## Strengths and limitations of the method
#
# *Strengths.* That numbers can be true together is shown outright, by patients who have them, and anyone can check it with another
# program. The ensemble shows what print leaves open. *Limitations.* Agreement is by construction. A failed search proves nothing. The
# ensemble descends from two cohorts, so its ranges are narrower than what is possible. And it takes the labels as printed: were
# one reversed, the patients would be the answer to another question.
#
# ## Further reading
#
# The same statistics from quite different data: {cite:t}`matejka2017`. Samples rebuilt from summaries: {cite:t}`heathers2018sprite`; from
# survival curves: {cite:t}`guyot2012`. What a simulation should report: {cite:t}`morris2019`.

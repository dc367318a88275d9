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
import re

from secondlook import present
from secondlook.checks.counts import shares
from secondlook.notebook import start
from secondlook.verdicts import FLAGS

look = start(published, alpha, cohort)
look.tell_totals()
look.quote(
    "patients.size.all", "patients.size.lp", "patients.size.r", "t3.dcr.recist.lp.pct", "t3.dcr.recist.r.pct",
    "prognostic.afp.pfs.multi.hr", "prognostic.afp.pfs.multi.lower", "prognostic.afp.pfs.multi.upper",
    "t5.afp.multi.hr", "t5.afp.multi.lower", "t5.afp.multi.upper", "t5.hbv.multi.p",
    "t5.cirrhosis.uni.hr", "t5.cirrhosis.uni.lower", "t5.cirrhosis.uni.upper",
    "t6.hbv.uni.hr", "t6.hbv.uni.p", "t6.child_pugh.uni.hr", "t5.arm.uni.hr", "outcomes.pfs.lp.median",
    "outcomes.pfs.r.median", "t3.orr.mrecist.p", "abstract.hfsr.ge3", "discussion.ast.ge3",
    "toxicities.hypertension.ge3.lp", "t4.hypertension.ge3.lp.n", "patients.bclc.c.pct", "patients.bclc.b.pct",
    "t2.accepted.r.pct", "toxicities.hfsr.r", "t3.pd.recist.r.n", "methods.scan.max", "t1.bclc.b.lp.n", "t1.ecog.0.lp.n",
)  # fmt: skip
checks = {check.check_id: check for check in look.ledger.checks}
by_percent = {share.percent.id: share for share in shares(look.registry)}
least = {endpoint: re.search(r"\d+", checks[f"events.{endpoint}"].recomputed).group() for endpoint in ("pfs", "os")}
higher = re.search(r"in (\d+) of (\d+) rows", checks["claim.discussion.ae.all_higher"].recomputed)
# The words below say "two rows", "every sum" and "every p value of Table 1": stop the build where that is no longer so.
of_family = {family: [c for c in checks.values() if c.check_id.startswith(family)] for family in
             ("model.t", "sum.", "association.t1.")}  # fmt: skip
assert sum(c.is_flag for c in of_family["model.t"]) == 2
assert all(c.verdict == "reproduced" for c in of_family["sum."] + of_family["association.t1."])
totals = look.ledger.totals()
flagged, tested = sum(totals[word] for word in FLAGS), sum(totals.values()) - totals["not-testable"]
assert flagged < tested / 2, "the takeaways say that most of what can be tested holds"
look.tell(
    cirrhosis=checks["model.t5.cirrhosis.uni"].repair,
    hbv=checks["model.t6.hbv.uni"].repair,
    orr_repair=checks["association.t3.orr.mrecist.p"].repair,
    denominator=checks["denominator.all.61"].check_id.rsplit(".", 1)[1],
    hfsr=by_percent["abstract.hfsr.ge3"].shown,
    ast=by_percent["discussion.ast.ge3"].shown,
    stage_c=by_percent["patients.bclc.c.pct"].shown,
    stage_b=by_percent["patients.bclc.b.pct"].shown,
    third_line=by_percent["t2.accepted.r.pct"].shown,
    hfsr_r=by_percent["toxicities.hfsr.r"].shown,
    least_pfs=least["pfs"],
    least_os=least["os"],
    ae_higher=higher.group(1),
    ae_rows=higher.group(2),
    n_flags=len(look.ledger.flags()),
    n_checks=len(look.ledger.checks),
    n_flagged=sum(look.ledger.totals()[word] for word in FLAGS),
)

# %% [markdown]
# # Second Look
#
# This book takes every number that one clinical paper prints and works it out again from whatever else the paper
# prints. The paper {cite}`xu2023` compares lenvatinib plus a PD-1 inhibitor (LP, {glue:text}`patients.size.lp` patients)
# with regorafenib (R, {glue:text}`patients.size.r`) in liver cancer that had progressed on sorafenib. Each recomputed
# number stands beside the published one, with a verdict and the arithmetic behind it. A flag says what is printed and
# what follows; it says nothing about how it came about, and since we read a text rendering of the article, a slip may be
# the rendering's. The patients' records are not public, so what would need them is named as such.

# %% [markdown]
# :::{admonition} In this book
# :class: note
# **You will** see which printed numbers hold, which do not and what they may have been, and follow any of them down to the
# arithmetic. **You will learn to** read a paper's numbers so yourself, and what a retrospective study of this size can and cannot
# show. **You need** school arithmetic; every term has its line in the [glossary](book/glossary.md), and all code can be passed
# over. [How to read this book](notebooks/13-how-to-read) is ten minutes; for a lesson there is a
# [teacher's guide](book/teachers-guide.md); with a paper of your own, [paste its numbers](book/paste-your-own.md).
# :::
#
# ## Predict before you reveal
#
# The disease was under control in {glue:text}`t3.dcr.recist.lp.pct` % of patients on LP and in {glue:text}`t3.dcr.recist.r.pct` %
# of those on R; so say the abstract and Table 3. Median progression-free survival is {glue:text}`outcomes.pfs.lp.median` and
# {glue:text}`outcomes.pfs.r.median` months. The hazard ratio of progression is printed as {glue:text}`t5.arm.uni.hr`, LP against R.
# In which arm did patients fare better, by each of the three? Decide before you look.
#
# :::{admonition} Open the answer
# :class: dropdown
# By the first two LP, by the third R: a hazard ratio above 1 says that those on LP progressed *sooner*. And beside the two
# percentages the abstract says in words that control was better with regorafenib. Words and numbers cannot both be meant
# ([the abstract, claim by claim](notebooks/17-abstract-claims)); what the hazard ratio leaves open fills
# [a chapter](notebooks/26-curves-cross).
# :::
#
# (overview-found)=
# ## What was found
#
# The findings that matter most; those that would change what a reader concludes come first.
#
# 1. **Disease control is credited to the wrong arm.** Abstract and results say that it was better with regorafenib. The
#    numbers beside the words, and Table 3, say LP: {glue:text}`t3.dcr.recist.lp.pct` % against
#    {glue:text}`t3.dcr.recist.r.pct` %. → [The abstract, claim by claim](notebooks/17-abstract-claims)
# 2. **The text and Table 5 disagree on the hazard ratio of AFP.** The multivariable hazard ratio for progression-free
#    survival is {glue:text}`prognostic.afp.pfs.multi.hr` ({glue:text}`prognostic.afp.pfs.multi.lower` to
#    {glue:text}`prognostic.afp.pfs.multi.upper`) in the text and {glue:text}`t5.afp.multi.hr`
#    ({glue:text}`t5.afp.multi.lower` to {glue:text}`t5.afp.multi.upper`) in the table. The text has the three numbers of
#    the *univariable* model. → [Prognostic factors](notebooks/08-prognostic-factors)
# 3. **Hepatitis B is called an independent predictor; the multivariable model does not bear it out.** The words rest on
#    the univariable model, and the multivariable p value is {glue:text}`t5.hbv.multi.p`.
#    → [Prognostic factors](notebooks/08-prognostic-factors)
# 4. **Two rows of hazard ratios cannot be true as printed.** In Table 5 the hazard ratio of cirrhosis,
#    {glue:text}`t5.cirrhosis.uni.hr`, lies outside its own interval ({glue:text}`t5.cirrhosis.uni.lower` to
#    {glue:text}`t5.cirrhosis.uni.upper`); two slips mend it ({glue:text}`cirrhosis`). In Table 6 the hazard ratio and the
#    p value of hepatitis B, {glue:text}`t6.hbv.uni.hr` and {glue:text}`t6.hbv.uni.p`, do not fit the interval; exchanged
#    they do ({glue:text}`hbv`). → [Prognostic factors](notebooks/08-prognostic-factors)
# 5. **References that say something else.** As far as they could be read: the study cited for the cost-effectiveness of
#    regorafenib found it not cost-effective, and the one cited for a significant improvement had nothing to compare with.
#    → [Introduction](notebooks/02-introduction), [Discussion](notebooks/09-discussion)
# 6. **Some rows can be read in two directions.** The better liver function is printed with the higher risk of death
#    (Child-Pugh A against B, hazard ratio {glue:text}`t6.child_pugh.uni.hr`), and LP with the higher hazard
#    ({glue:text}`t5.arm.uni.hr`) though with the longer median ({glue:text}`outcomes.pfs.lp.median` against
#    {glue:text}`outcomes.pfs.r.median` months). → [Prognostic factors](notebooks/08-prognostic-factors)
# 7. **A p value that no test gives.** For response by mRECIST p = {glue:text}`t3.orr.mrecist.p` is printed.
#    One minus the p of Fisher's exact test prints it, so that {glue:text}`orr_repair` may have been meant. Neither is
#    significant. → [Outcomes](notebooks/06-outcomes)
# 8. **Side effects that Table 4 counts otherwise.** Severe hand-foot skin reaction and severely raised AST are printed as
#    {glue:text}`abstract.hfsr.ge3` % and {glue:text}`discussion.ast.ge3` % for
#    {glue:text}`hfsr` % and {glue:text}`ast` %; over {glue:text}`denominator` patients in place of
#    {glue:text}`patients.size.all` the same counts would print so. Severe hypertension is
#    {glue:text}`toxicities.hypertension.ge3.lp` % in the text and
#    {glue:text}`t4.hypertension.ge3.lp.n` in Table 4. And not every side effect is more frequent with LP, as the discussion
#    says: {glue:text}`ae_higher` of {glue:text}`ae_rows` are. → [Toxicities](notebooks/07-toxicities),
#    [Discussion](notebooks/09-discussion)
# 9. **Percentages that their counts do not give.** Stage C {glue:text}`patients.bclc.c.pct` for {glue:text}`stage_c`,
#    stage B {glue:text}`patients.bclc.b.pct` for {glue:text}`stage_b`, further treatment
#    {glue:text}`t2.accepted.r.pct` for {glue:text}`third_line`, hand-foot skin reaction {glue:text}`toxicities.hfsr.r` for
#    {glue:text}`hfsr_r`. → [Patients](notebooks/04-patients)
# 10. **Counts that do not fit the definitions.** {glue:text}`t1.bclc.b.lp.n` LP patients are in stage B, which asks for
#    a performance status of 0, and only {glue:text}`t1.ecog.0.lp.n` have that. {glue:text}`t3.pd.recist.r.n` of
#    {glue:text}`patients.size.r` R patients have progression as their best response, which the first scan at
#    {glue:text}`methods.scan.max` weeks would show, yet the median progression-free survival is
#    {glue:text}`outcomes.pfs.r.median` months. Both can have an explanation.
#    → [Methods](notebooks/03-methods), [Patients](notebooks/04-patients)
#
# And one thing that the paper never prints but its intervals give away, if they are what they are called: at least
# {glue:text}`least_pfs` of the {glue:text}`patients.size.all` patients progressed or died, and at least {glue:text}`least_os` died.
# → [How many events?](notebooks/14-how-many-events)
#
# What holds is as much a finding: every p value of Table 1, every sum, nearly every percentage, and the arithmetic of all
# but two rows of hazard ratios. [Which conclusions survive](notebooks/19-conclusions) goes through what the paper concludes;
# [Suggested corrections](notebooks/16-suggested-corrections) has a line for each value. To print or to send:
# {download}`the findings on one page <data/findings.pdf>` (PDF).

# %% [markdown]
# (overview-totals)=
# ## How many numbers hold
#
# The registry holds {glue:text}`total` printed numbers, blanks and checkable claims, and {glue:text}`n_checks` checks were
# made of them. Each value is counted once: with the worst flag of the checks that suspect it, otherwise with its best
# support. {glue:text}`n_flagged` raise a flag; {glue:text}`total.not-testable` [cannot be tested](notebooks/18-not-checked),
# each with its reason.

# %% tags=["remove-input"]
present.totals(look.ledger)

# %% [markdown]
# (overview-map)=
# ## The paper at a glance
#
# Every cell is one number or claim of the paper, in reading order. Choose one to see its row. With the keyboard: tab
# enters the map, the arrows move in it.

# %% tags=["remove-input"]
present.paper_map(look.ledger, "notebooks/11-numbers.html")

# %% [markdown]
# ## Key takeaways
#
# - [Most of what can be tested holds](overview-totals). What does not is [listed](overview-found), with the arithmetic, and so is
#   [which conclusions survive](notebooks/19-conclusions) it.
# - A printed number [stands for a range](notebooks/13-how-to-read), and what contradicts it must contradict all of that range.
# - [Nobody dies twice](notebooks/14-how-many-events): intervals give away events that were never printed.
# - No difference shown [is not no difference](notebooks/22-could-have-detected).
# - [Each cell of the map](overview-map) leads to a number, its check and its verdict. If one is wrong, we would like to know.

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
from secondlook import present
from secondlook.checks.counts import shares
from secondlook.notebook import start

look = start(published, alpha, cohort)
look.tell_totals()
look.quote(
    "patients.size.all", "patients.size.lp", "patients.size.r",
    "prognostic.afp.pfs.multi.hr", "prognostic.afp.pfs.multi.lower", "prognostic.afp.pfs.multi.upper",
    "t5.afp.multi.hr", "t5.afp.multi.lower", "t5.afp.multi.upper",
    "t3.orr.mrecist.p", "abstract.hfsr.ge3", "discussion.ast.ge3", "toxicities.hypertension.ge3.lp",
    "t4.hypertension.ge3.lp.n", "patients.bclc.c.pct", "patients.bclc.b.pct", "t2.accepted.r.pct", "toxicities.hfsr.r",
)  # fmt: skip
checks = {check.check_id: check for check in look.ledger.checks}
by_percent = {share.percent.id: share for share in shares(look.registry)}
look.tell(
    orr_repair=checks["association.t3.orr.mrecist.p"].repair,
    denominator=checks["denominator.all.61"].check_id.rsplit(".", 1)[1],
    hfsr=by_percent["abstract.hfsr.ge3"].shown,
    ast=by_percent["discussion.ast.ge3"].shown,
    stage_c=by_percent["patients.bclc.c.pct"].shown,
    stage_b=by_percent["patients.bclc.b.pct"].shown,
    third_line=by_percent["t2.accepted.r.pct"].shown,
    hfsr_r=by_percent["toxicities.hfsr.r"].shown,
    flagged=sum(look.ledger.totals()[word] for word in ("decision", "inconsistent", "query", "reproduced-if")),
    n_flags=len(look.ledger.flags()),
    n_checks=len(look.ledger.checks),
)

# %% [markdown]
# # Second Look
#
# This book takes every number that one clinical paper prints and works it out again from whatever else the paper
# prints. The paper {cite}`xu2023` compares lenvatinib plus a PD-1 inhibitor (LP, {glue:text}`patients.size.lp` patients)
# with regorafenib (R, {glue:text}`patients.size.r`) in liver cancer that had progressed on sorafenib. Each recomputed
# number stands beside the published one, with a verdict and the arithmetic behind it. A flag says what is printed and
# what follows from it; it says nothing about how it came about, and what we read is a text rendering of the article, so a
# slip may be the rendering's. The patients' records are not public: what would need them is named as such.

# %% [markdown]
# ## What was found
#
# The findings that matter most, worst first.
#
# 1. **The text and Table 5 disagree on the hazard ratio of AFP.** For progression-free survival the multivariable
#    hazard ratio of a high AFP is {glue:text}`prognostic.afp.pfs.multi.hr`
#    ({glue:text}`prognostic.afp.pfs.multi.lower` to {glue:text}`prognostic.afp.pfs.multi.upper`) in the text and
#    {glue:text}`t5.afp.multi.hr` ({glue:text}`t5.afp.multi.lower` to {glue:text}`t5.afp.multi.upper`) in Table 5. The three
#    numbers in the text are those of the *univariable* model in the same row of the table.
#    [Prognostic factors](notebooks/08-prognostic-factors)
# 2. **A p value that is the complement of the right one.** For response by mRECIST the paper prints
#    p = {glue:text}`t3.orr.mrecist.p`. No test gives that; one minus the p of Fisher's exact test does. It should read
#    {glue:text}`orr_repair`. [Outcomes](notebooks/06-outcomes)
# 3. **Two rates of severe side effects over the wrong number of patients.** Hand-foot skin reaction is printed as
#    {glue:text}`abstract.hfsr.ge3` % and raised AST as {glue:text}`discussion.ast.ge3` %; from Table 4 they are
#    {glue:text}`hfsr` % and {glue:text}`ast` %. Both printed values are what the same counts give over
#    {glue:text}`denominator` patients, and there are {glue:text}`patients.size.all`.
#    [Discussion](notebooks/09-discussion)
# 4. **A severe side effect under the wrong name.** The text gives severe hypertension as
#    {glue:text}`toxicities.hypertension.ge3.lp` %; Table 4 counts {glue:text}`t4.hypertension.ge3.lp.n`. The percentage is
#    that of severe hand-foot skin reaction. [Toxicities](notebooks/07-toxicities)
# 5. **Percentages that their counts do not give.** Stage C {glue:text}`patients.bclc.c.pct` for {glue:text}`stage_c`,
#    stage B {glue:text}`patients.bclc.b.pct` for {glue:text}`stage_b`, third-line treatment
#    {glue:text}`t2.accepted.r.pct` for {glue:text}`third_line`, hand-foot skin reaction
#    {glue:text}`toxicities.hfsr.r` for {glue:text}`hfsr_r`. [Patients](notebooks/04-patients)
#
# All {glue:text}`n_flags` flags stand in [the ledger](notebooks/10-ledger).

# %% [markdown]
# ## How many numbers hold
#
# The registry holds {glue:text}`total` printed numbers, blanks and checkable claims. Each is counted once, with the worst
# flag of the checks that suspect it, otherwise with its best support.

# %% tags=["remove-input"]
present.totals(look.ledger)

# %% [markdown]
# {glue:text}`total.not-testable` values are not tested: no check covers them yet.

# %% [markdown]
# ## The paper at a glance
#
# Every cell is one number or claim of the paper, in reading order. Choose one to see its row; the arrow keys move
# between cells.

# %% tags=["remove-input"]
present.paper_map(look.ledger, "notebooks/11-numbers.html")

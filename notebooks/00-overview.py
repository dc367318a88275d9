# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% tags=["remove-cell"]
from secondlook import of_records
from secondlook.checks.counts import shares
from secondlook.checks.verdicts import FLAGS
from secondlook.corrections import UNSOUND
from secondlook.pages import findings, handed_in, present
from secondlook.pages.look import start
from secondlook.stats import contingency

look = start()
look.tell_totals()
checks, totals, verdicts = look.checks, look.ledger.totals(), look.alone.verdicts
by_percent = {share.percent.id: share.shown for share in shares(look.registry)}
[all_higher] = checks["claim.discussion.ae.all_higher"].found.findings
ae_higher, ae_rows = all_higher.held
response = checks["association.t3.orr.mrecist.p"].found.association.table
tests = {name: f"{float(getattr(contingency, name)(response)):.3f}" for name in ("pearson", "fisher")}
wrong, values = findings.counted(look.ledger, [word for word in UNSOUND if word != "joint"])
proved, proved_values = findings.counted(look.ledger, ["joint"])
flagged, tested = sum(totals[word] for word in FLAGS), sum(totals.values()) - totals["not-testable"]
told = of_records.numbers(look.ledger)  # what records of all patients print, where such were handed in
crossed = [
    i
    for i in ("outcomes.pfs.p", "outcomes.os.p", "t5.arm.uni.p", "t6.arm.uni.p")
    if i in told and told[i].value < alpha
]
source = {row.quote: row.source_value for row in look.registry.external}
mended = {row: {look.registry[c.value_id].statistic: c.reads for c in checks[f"model.{row}"].changes}
          for row in ("t5.cirrhosis.uni", "t6.hbv.uni")}  # fmt: skip
look.tell(
    **{f"cirrhosis.{name}": mended["t5.cirrhosis.uni"][name] for name in ("lower", "upper")},
    **{f"hbv.{name}": mended["t6.hbv.uni"][name] for name in ("hr", "p")},
    **{f"least_{endpoint}": checks[f"events.{endpoint}"].found.least for endpoint in ("pfs", "os")},
    **tests,
    n_matters=wrong,
    n_proved=proved,
    n_proved_values=proved_values,
    n_values=values,
    holds="Most of it holds" if flagged < tested / 2 else "Much of it does not hold",
    survival="stands, which is not to say that there is none" if not crossed else "does not stand by the records",
    public="not public" if not look.recorded else "not public; for this build somebody handed records in",
    n_questions=findings.counted(look.ledger, ["query", "reading"])[0],
    hfsr=by_percent["abstract.hfsr.ge3"],
    ast=by_percent["discussion.ast.ge3"],
    stage_c=by_percent["patients.bclc.c.pct"],
    stage_b=by_percent["patients.bclc.b.pct"],
    third_line=by_percent["t2.accepted.r.pct"],
    hfsr_r=by_percent["toxicities.hfsr.r"],
    ae_higher=ae_higher,
    ae_rows=ae_rows,
    ae_lower=ae_rows - ae_higher,
    n_flags=len(look.ledger.flags()),
    n_checks=len(look.ledger.checks),
    n_flagged=flagged,
    n_tested=tested,
    resorce_pfs=source["discussion.resorce.pfs"],
)

# %% tags=["remove-cell", "guard"]
DECISIVE = {"abstract.dcr.direction", "outcomes.dcr.direction", "discussion.ae.all_higher"}
in_tables = [c.is_flag for c in checks.values() if c.family == "model" and not c.found.row.in_prose]
assert sum(in_tables) == 2, f"“two rows of the models”: {sum(in_tables)} of {len(in_tables)} are flagged"
in_table_1 = [c for c in checks.values() if c.family == "association" and c.found.association.p.table == "t1"]
sums = [*in_table_1, *(c for c in checks.values() if c.family == "sum")]
unlike = [c.check_id for c in sums if c.verdict != "reproduced"]
assert not unlike, f"“every sum” and “every p value of Table 1”: not {len(unlike)} of {len(sums)}, {unlike}"
decisive = {value for value, verdict in verdicts.items() if verdict == "decision"}
assert decisive == DECISIVE, f"the two findings of most weight name three values: {decisive ^ DECISIVE} differs"
low, high = (look.printed(f"t5.arm.uni.{end}") for end in ("lower", "upper"))
assert float(low) < 1 < float(high), f"“PFS does not differ significantly”: {low} to {high}"
for claim in ("abstract.survival.no_difference", "abstract.conclusion.dcr", "abstract.prognosis.independent"):
    assert verdicts[claim] == "coherent", f"conclusions that the words call sound: {claim} is {verdicts[claim]}"
assert min(map(float, tests.values())) > alpha, f"“None is significant”: {min(tests.values())}, level {alpha}"

# %% [markdown]
# # Second Look
#
# **Can the numbers of a clinical paper all be true?** This book takes every number that one paper prints {cite}`xu2023` and
# works it out again from whatever else is printed. The paper follows {printed}`patients.size.all` patients with liver
# cancer in whom sorafenib had failed: {printed}`patients.size.lp` then got lenvatinib plus a PD-1 inhibitor (LP),
# {printed}`patients.size.r` regorafenib (R). Their records are {glue:text}`public`.

# %% tags=["remove-input"]
handed_in.summary(look.alone, look.ledger, "notebooks/")

# %% [markdown]
# :::{admonition} What was found, in one minute
# :class: note
# **{glue:text}`holds`.** Of {glue:text}`n_tested` numbers and claims that can be tested, {glue:text}`total.reproduced` come out
# as printed and {glue:text}`total.coherent` agree with what they can be held against ([map](overview-map)). What does not hold
# is **{glue:text}`n_matters` {term}`matters <matter>` in {glue:text}`n_values` values**. In {glue:text}`n_proved` more, of
# {glue:text}`n_proved_values` values, rows [cannot stand together](notebooks/43-certificates), whoever the patients were, unless a premise fails
# that the paper does not print. {glue:text}`n_questions` more are questions.
#
# **What weighs most.** Two sentences give the better {term}`disease control <disease control rate>` to regorafenib; their own numbers,
# {printed}`t3.dcr.recist.lp.pct` % with LP and {printed}`t3.dcr.recist.r.pct` % with R, <a href="notebooks/12-suggested-corrections.html#t3-dcr">give it to LP</a>, as the paper's own conclusion does. The hazard
# ratio of AFP is {printed}`prognostic.afp.pfs.multi.hr` in the text and {printed}`t5.afp.multi.hr` in Table 5: the text's
# three numbers <a href="notebooks/12-suggested-corrections.html#t5-afp">are those of the univariable row</a>, which speaks for the table. That no difference in survival was shown
# {glue:text}`survival`; the firmest thing printed is that a poor performance status and a high AFP go with earlier death. → [Which conclusions survive](notebooks/14-conclusions), [all findings](overview-found)
# :::
#
# Where to go:
#
# - **to read**, [How to read this book](notebooks/10-how-to-read), ten minutes; or straight to
#   [which conclusions survive](notebooks/14-conclusions), [the paper as it would read](notebooks/16-as-it-would-read), the
#   [suggested corrections](notebooks/12-suggested-corrections), or {download}`all on one page <data/findings.pdf>` (PDF);
# - **to learn**, any chapter: school arithmetic is enough, each term has its line in the [glossary](book/glossary.md), and code can
#   be passed over; **to teach**, the [teacher's guide](book/teachers-guide.md);
# - **with a paper of your own**, [read its numbers](notebooks/70-read-a-paper), or [paste them](book/paste-your-own.md).
#
# ## Predict before you reveal
#
# Median progression-free survival is {printed}`outcomes.pfs.lp.median` months with LP and
# {printed}`outcomes.pfs.r.median` months with R. The {term}`hazard ratio` of progression or death is printed as
# {printed}`t5.arm.uni.hr`, LP against R. In which arm did patients fare better, by each of the two? Decide before you look.
#
# :::{admonition} Open the answer
# :class: dropdown
# By the medians LP; by the hazard ratio R, since one above 1 says that those on LP progressed *sooner*. Both can be true of the
# same patients if the curves cross; or the label of the row stands the wrong way round. And the interval of the ratio,
# {printed}`t5.arm.uni.lower` to {printed}`t5.arm.uni.upper`, holds both directions. What is printed does not decide it:
# [When curves cross](notebooks/62-curves-cross).
# :::
#
# (overview-found)=
# ## What was found
#
# A flag says what is printed and what follows from it, never how it
# came about. We read a text rendering of the article, so a slip may be the rendering's. Each line leads to its arithmetic.
#
# ### What would change what a reader concludes
#
# 1. **Disease control is credited to the wrong arm.** Abstract and results say that it was better with regorafenib. The
#    numbers beside the words, and Table 3, say LP: {printed}`t3.dcr.recist.lp.n` of {printed}`patients.size.lp` patients against
#    {printed}`t3.dcr.recist.r.n` of {printed}`patients.size.r`. The abstract's conclusion and the discussion name LP. → <a href="notebooks/12-suggested-corrections.html#t3-dcr">its arithmetic</a>
# 2. **Every side effect is said to be more frequent with LP.** Of the {glue:text}`ae_rows` kinds in Table 4,
#    {glue:text}`ae_higher` are, and {glue:text}`ae_lower` are more frequent with regorafenib. → <a href="notebooks/12-suggested-corrections.html#discussion-ae-all-higher">its arithmetic</a>
#
# ### What cannot stand together
#
# 3. **TACE or HAIC and progression.** If nobody was censored for progression early, no patients whatever can print its
#    hazard ratio and interval ({printed}`t5.tace_haic.uni.hr`, {printed}`t5.tace_haic.uni.lower` to
#    {printed}`t5.tace_haic.uni.upper`) beside the other rows. → <a href="notebooks/12-suggested-corrections.html#tace-haic-pfs">the premises</a>
# 4. **Child-Pugh class and death.** The row alone (hazard ratio {printed}`t6.child_pugh.uni.hr`) and the adjusted one
#    ({printed}`t6.child_pugh.multi.hr`) cannot both be of the same patients, unless a premise fails; which is wrong cannot be told. By its label
#    the first says that the better liver function dies sooner; the label turned round would mend that, and not bring the rows together.
#    Patients who are missing from one of them could. → <a href="notebooks/12-suggested-corrections.html#child-pugh-os">the premises</a>
# 5. **Stage, spread and death.** Spread makes stage C. But if no patient of stage B had spread, no patients whatever can print the
#    rows of stage ({printed}`t6.bclc.uni.hr`, B against C) and of spread ({printed}`t6.extrahepatic.uni.hr`) as they are labelled. A
#    stage from before sorafenib would explain it, perhaps a label that stands the wrong way round; and
#    <a href="notebooks/12-suggested-corrections.html#rule-stage-b-ecog-lp">performance status says of stage B alike</a>. → <a href="notebooks/12-suggested-corrections.html#staging-os">the premises</a>
#
# ### What cannot be as printed
#
# 6. **The text and Table 5 differ on AFP.** The multivariable hazard ratio for progression is
#    {printed}`prognostic.afp.pfs.multi.hr` ({printed}`prognostic.afp.pfs.multi.lower` to
#    {printed}`prognostic.afp.pfs.multi.upper`) in the text and {printed}`t5.afp.multi.hr`
#    ({printed}`t5.afp.multi.lower` to {printed}`t5.afp.multi.upper`) in the table. The text has the three numbers of
#    the *univariable* model. → <a href="notebooks/12-suggested-corrections.html#t5-afp">its arithmetic</a>
# 7. **Two rows whose numbers do not fit each other.** In Table 6 the hazard ratio and the p value of hepatitis B,
#    {printed}`t6.hbv.uni.hr` and {printed}`t6.hbv.uni.p`, do not fit its interval; exchanged they do (hazard ratio
#    {glue:text}`hbv.hr`, p = {glue:text}`hbv.p`; → <a href="notebooks/12-suggested-corrections.html#t6-hbv">its arithmetic</a>). In Table 5 the hazard ratio of cirrhosis is
#    {printed}`t5.cirrhosis.uni.hr` and lies outside its interval, {printed}`t5.cirrhosis.uni.lower` to
#    {printed}`t5.cirrhosis.uni.upper`; changing two digits would mend it (lower limit {glue:text}`cirrhosis.lower`, upper limit
#    {glue:text}`cirrhosis.upper`; → <a href="notebooks/12-suggested-corrections.html#t5-cirrhosis">its arithmetic</a>). No sentence of the paper rests on either row.
# 8. **A p value that no test gives.** For response by mRECIST p = {printed}`t3.orr.mrecist.p` is printed; Pearson's test, usual
#    for such counts, gives {glue:text}`pearson`, and Fisher's {glue:text}`fisher`, of which the printed p is the complement. None is
#    significant. → <a href="notebooks/12-suggested-corrections.html#t3-orr">its arithmetic</a>
# 9. **Severe side effects that Table 4 counts otherwise.** Hand-foot skin reaction and raised AST are printed as
#    {printed}`abstract.hfsr.ge3` % and {printed}`discussion.ast.ge3` % for {glue:text}`hfsr` % and {glue:text}`ast` %
#    (→ <a href="notebooks/12-suggested-corrections.html#discussion-hfsr-ge3">its arithmetic, and where they may come from</a>). Severe hypertension is {printed}`toxicities.hypertension.ge3.lp` % of the LP arm in the text and
#    {printed}`t4.hypertension.ge3.lp.n` patients in Table 4, and yet is called the most typical
#    (→ <a href="notebooks/12-suggested-corrections.html#t4-hypertension">its arithmetic</a>).
# 10. **Percentages that their counts do not give.** Stage C {printed}`patients.bclc.c.pct` % for {glue:text}`stage_c` %,
#    stage B {printed}`patients.bclc.b.pct` % for {glue:text}`stage_b` % (→ <a href="notebooks/12-suggested-corrections.html#patients-bclc-c-pct">its arithmetic</a>); further treatment
#    {printed}`t2.accepted.r.pct` % for {glue:text}`third_line` % (→ <a href="notebooks/12-suggested-corrections.html#t2-accepted">its arithmetic</a>); hand-foot skin reaction
#    {printed}`toxicities.hfsr.r` % for {glue:text}`hfsr_r` % (→ <a href="notebooks/12-suggested-corrections.html#t4-hfsr">its arithmetic</a>).
# ### What a citation does not say
#
# 11. **Another cancer.** Of the trials cited for single drugs after sorafenib, one
#     <a href="notebooks/12-suggested-corrections.html#discussion-single-agents">is about another cancer</a>.
#
# ### What is a question
#
# The two that weigh most: with LP the higher hazard ({printed}`t5.arm.uni.hr`) is printed beside
# <a href="notebooks/12-suggested-corrections.html#direction-t5-arm-uni-medians">the longer median</a>; and with LP {printed}`t1.bclc.b.lp.n` patients are in stage B, which
# asks for a performance status of 0, <a href="notebooks/12-suggested-corrections.html#rule-stage-b-ecog-lp">and only</a> {printed}`t1.ecog.0.lp.n` have that. Both can have an
# explanation. The median progression-free survival of RESORCE is given as {printed}`discussion.resorce.pfs` months, where the accounts
# of the trial that were read have {glue:text}`resorce_pfs` (→ <a href="notebooks/12-suggested-corrections.html#discussion-resorce-worse">what was read</a>). Some sentences say more than their numbers or sources, or are worded loosely: hepatitis B, of which the paper's own
# adjusted model has p = {printed}`t5.hbv.multi.p`, is <a href="notebooks/12-suggested-corrections.html#prognostic-pfs-uni-independent">called independent</a> once. → [all questions](corrections-questions)
#
# ### What holds, and what was not printed
#
# What holds is as much a finding: nearly every p value of Table 1, every sum, nearly every percentage, and the arithmetic within all
# but two rows of hazard ratios (those that cannot stand together are sound each by itself). And the intervals give away something that the paper never prints, if they are what they are
# called and only deaths were counted as deaths: at least {glue:text}`least_pfs` of the {printed}`patients.size.all` patients
# progressed or died, and at least {glue:text}`least_os` died. → [How many events?](notebooks/40-how-many-events)

# %% [markdown]
# (overview-totals)=
# ## How many numbers hold
#
# The registry holds {glue:text}`total` printed numbers, blanks and checkable claims, and {glue:text}`n_checks` checks were
# made of them. Each value is counted once: with the worst flag of the checks that suspect it, otherwise with its best
# support. A flag is raised by {glue:text}`n_flagged`; {glue:text}`total.not-testable` [cannot be tested](notebooks/84-not-checked),
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
present.paper_map(look.ledger, "notebooks/82-numbers.html")

# %% [markdown]
# ## Key takeaways
#
# - [Most of what can be tested holds](overview-totals). What does not is [listed](overview-found), with the arithmetic, and so is
#   [which conclusions survive](notebooks/14-conclusions) it.
# - A printed number [stands for a range](notebooks/10-how-to-read), and what contradicts it must contradict all of that range.
# - [Nobody dies twice](notebooks/40-how-many-events): intervals give away events that were never printed.
# - No difference shown [is not no difference](notebooks/50-could-have-detected).
# - [Each cell of the map](overview-map) leads to a number, its check and its verdict. If one is wrong, we would like to know.

# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% tags=["remove-cell"]
import math

import numpy as np
from scipy.stats import norm

from secondlook.numbers.dates import MONTH
from secondlook.pages import certificates
from secondlook.pages.look import start

look = start()


def standard_error(row):
    """Return the standard error of a log hazard ratio, as the printed Wald limits have it."""
    lower, upper = (float(look.printed(f"{row}.{end}")) for end in ("lower", "upper"))
    return math.log(upper / lower) / (2 * norm.ppf(0.975))


def shared_by_three(unit, studies=4000):
    """Return in what % of studies three deaths fall into one unit of recorded time, in months (exponential times)."""
    rng = np.random.default_rng(43)
    least_deaths = look.checks["events.os"].found.least
    mean = float(look.printed("outcomes.os.lp.median")) / math.log(2)
    times = np.sort(np.floor(rng.exponential(mean, (studies, least_deaths)) / unit), axis=1)
    return 100 * (times[:, 2:] == times[:, :-2]).any(axis=1).mean()


alone, beside = (standard_error(f"t6.child_pugh.{kind}") for kind in ("uni", "multi"))
stage_b, no_spread = (
    sum(look.count(f"{row}.{arm}.n") for arm in ("lp", "r")) for row in ("t1.bclc.b", "t1.extrahepatic.no")
)
proofs = {proof.id: proof for proof in look.registry.proofs}
narrow = next(case for case in proofs["staging-os"].cases if case.id == "progression")
named = {"tace-haic-pfs", "child-pugh-os", "staging-os"}
look.tell(
    n_proofs=len(proofs),
    n_shown=sum(case.outcome == "possible" for proof in proofs.values() for case in proof.cases),
    n_open=sum(case.outcome == "open" for proof in proofs.values() for case in proof.cases),
    stage_b=stage_b,
    no_spread=no_spread,
    apart=no_spread - stage_b,
    se_alone=f"{alone:.2f}",
    se_beside=f"{beside:.2f}",
    n_cases=sum(len(proof.cases) - 1 for proof in proofs.values()),
    thrice_in_tenths=f"{shared_by_three(0.1):.0f}",
    thrice_in_days=f"{shared_by_three(1 / MONTH):.0f}",
    n_treated=look.count("subsequent.accepted.n"),
    narrow=f"{narrow.limit - narrow.figure:.3f} of {narrow.limit:.2f}",
)


def certificate(name):
    """Return the certificate of one proof."""
    return certificates.certificate(proofs[name], look.registry, look.folder)


# %% tags=["remove-cell", "guard"]
assert beside < alone, f"“a smaller standard error beside them”: {beside} against {alone}"
assert set(proofs) == named, f"the headings below are of {sorted(named)}; the folder proves {sorted(proofs)}"

# %% [markdown]
# # Certificates
#
# :::{admonition} What this page is for
# :class: note
# **You will** find, for each impossibility that this book states, what it takes for granted, a short script that shows it without
# this book, and what would escape it. **Use it** to doubt a proof: deny one of its premises and see what is left. **You need** no
# more than [](10-how-to-read); how the bounds work is told in The synthetic cohort, for [one row](cohort-few) and for [two beside each other](cohort-beside).
# :::
#
# {glue:text}`n_proofs` findings rest on proofs over all patients that there could have been, whoever they were. Such a proof is as
# strong as its {term}`premises <premise>`. Those that the paper prints can be read there; the others are assumptions about the
# analysis, and [how likely they are to fail](certificate-doubt) is said at the end. {glue:text}`n_cases` variants of the premises were
# looked at: {glue:text}`n_shown` are *possible*, as patients show who print the rows then; {glue:text}`n_open` are *open*, for nobody
# has decided them; all others leave the rows impossible. So the verdict is a question, and no number is singled out as wrong. A
# proof counts only while the numbers that it uses are what the tables print.
#
# How a proof works: of all the times a Cox model uses no more than their {term}`order`, that is, who has the event, or is
# censored, after whom. Each order gives a ratio a certain {term}`information`, which is large when the printed interval is narrow.
# The two figures of a case are what any order at all has, at the least or at the most, and what the printed rows need (the
# information, or a total made of it). Where the one must reach the other and does not, no patients print the rows. {term}`Ties <tie>`,
# events at one recorded time, are treated by Breslow's method, as SPSS does, or by Efron's, as R does. The log-log band is one of
# the [ways to make an interval of a median](events-band), and the one that the paper's intervals fit.
#
# (certificate-tace)=
# ## TACE or HAIC and progression
#
# {printed}`t5.tace_haic.uni.hr` ({printed}`t5.tace_haic.uni.lower` to {printed}`t5.tace_haic.uni.upper`): an interval so wide needs
# few events, and other rows of the same table need many.

# %% tags=["remove-input"]
certificate("tace-haic-pfs")

# %% [markdown]
# {download}`68 patients who print the row <../data/published/proofs/tace-possible-if-censored-early.csv>` when six of them, all
# without TACE or HAIC, are censored for progression early, say at their next treatment; and {download}`others who print it
# <../data/published/proofs/tace-possible-if-robust.csv>` when its standard error is a robust one. [The synthetic
# cohort](cohort-few) has slightly other figures for the same cases: there the grid of scores is finer, and the limits are taken
# together with the ratio. Both are bounds, and both exclude the row.
#
# (certificate-child-pugh)=
# ## Child-Pugh class and death, alone and adjusted
#
# Alone {printed}`t6.child_pugh.uni.hr` ({printed}`t6.child_pugh.uni.lower` to {printed}`t6.child_pugh.uni.upper`), beside
# performance status and AFP {printed}`t6.child_pugh.multi.hr` ({printed}`t6.child_pugh.multi.lower` to
# {printed}`t6.child_pugh.multi.upper`): further apart than any patients with the printed adjusted model can bring them. Roughly why: were
# the class tied so closely to performance status or AFP, its ratio would be known less well beside them than alone. But the printed limits have a
# smaller standard error beside them, {glue:text}`se_beside`, than alone, {glue:text}`se_alone`. *Classes the other way round are no way
# out*, in one row or in both. Other patients behind one of the rows are: {download}`68 who print the adjusted model, and the row alone
# without ten of them <../data/published/proofs/child-pugh-possible-if-ten-are-missing.csv>`.

# %% tags=["remove-input"]
certificate("child-pugh-os")

# %% [markdown]
# (certificate-staging)=
# ## Stage, spread and death
#
# Extrahepatic spread makes stage C. Were the stage kept so, the {glue:text}`stage_b` patients of stage B would be among the
# {glue:text}`no_spread` without spread. But stage B beside C prints {printed}`t6.bclc.uni.hr` ({printed}`t6.bclc.uni.lower` to
# {printed}`t6.bclc.uni.upper`), and spread beside none {printed}`t6.extrahepatic.uni.hr` ({printed}`t6.extrahepatic.uni.lower` to
# {printed}`t6.extrahepatic.uni.upper`). Stage and spread would then part the patients alike but for {glue:text}`apart`, so the one ratio should be
# about one over the other. As labelled, one of stage B at least had spread; how many more is not proved. An earlier stage that was
# written down and not kept up explains it: {download}`patients who print both rows <../data/published/proofs/stage-possible-with-spread.csv>`.
# Whether a label the other way round would, nobody has computed. (For progression alone the two figures below lie
# {glue:text}`narrow` apart. That rests on no two who progressed at one recorded time and on the last printed digits; the
# finding does not rest on it.)

# %% tags=["remove-input"]
certificate("staging-os")

# %% [markdown]
# (certificate-doubt)=
# ## How likely the premises are to fail
#
# No probability can be given, but not all are equally safe.
#
# - *Printed counts and labels*: safe, as far as can be seen. The counts add up in every table that has them; what a label turned
#   round would do stands in the tables above.
# - *Nobody censored early*: the weakest of the first proof. The paper follows everybody to death or the last day and lets only
#   progression and death end progression-free survival; but to censor at the next treatment is common, and
#   {glue:text}`n_treated` patients had one.
# - *The same patients in both rows*: the weakest of the second. But Table 1 has all three characteristics of every patient, those
#   with missing data were left out, and in the example above those who are missing had to be chosen to fit.
# - *Stage kept up as spread came*: more likely false than true. In the LP arm more patients are
#   <a href="12-suggested-corrections.html#rule-stage-b-ecog-lp">in stage B than have the performance status for it</a>, so the stage was
#   not set by that rule in everyone, or it is an earlier one.
# - *No ties*: likely false, and mostly harmless. Where times are recorded in tenths of a month, three deaths share one in
#   {glue:text}`thrice_in_tenths` % of studies like this; where in days, in {glue:text}`thrice_in_days` %. By Breslow's method the
#   proofs stand with more than that; how far they do by Efron's, the tables say.
# - *Wald limits from the model's own standard error*: what both programs print unless they are asked for something else.
#
# (certificate-run)=
# ## To run them
#
# The scripts need Python and NumPy, and the file of the proofs in the folder above their own: {download}`proofs.toml
# <../data/published/proofs.toml>`, {download}`tace_haic_pfs.py <../data/published/proofs/tace_haic_pfs.py>`,
# {download}`child_pugh_os.py <../data/published/proofs/child_pugh_os.py>`, {download}`staging_os.py
# <../data/published/proofs/staging_os.py>`. Each prints the two figures of every case that it decides;
# the tests of this book run them too, and `make proofs` finds the greatest totals of the second anew.

# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% tags=["remove-cell"]
from collections import defaultdict
from html import escape

from secondlook.checks.claims import JudgedClaim
from secondlook.checks.external import LookedUp
from secondlook.checks.joint import Proved
from secondlook.pages import handed_in, present
from secondlook.pages.look import start
from secondlook.recorded import Recorded

look = start()
look.tell_totals()

SOURCE = "The source was not looked for, could not be read, or does not decide it"
UNCITED = "No source is cited"
RECORDS = "Only the patients' records could tell"
if look.recorded:
    RECORDS = "Only records of the patients could tell that were not handed in"
NOT_THERE = "The records that were handed in do not have the number"
PROCEDURE = "A plan, a procedure, a condition of entry or a tool: nothing printed tells whether it was so"
OTHER = "Too little is said to compute anything, or nothing else is printed to hold it against"


def kind(value):
    """Return under which heading the reason for a value without a verdict belongs, and the reason."""
    check = present.deciding(look.ledger, value)
    if isinstance(check.found, LookedUp):
        return (UNCITED if check.found.is_uncited else SOURCE), check.said.note
    if isinstance(check.found, Recorded):
        return NOT_THERE, check.said.note
    if isinstance(check.found, Proved):  # the folder's proof is about other numbers
        return OTHER, check.said.note
    because = check.found.claim.because if isinstance(check.found, JudgedClaim) else check.found.because
    return {"records": RECORDS, "procedure": PROCEDURE, "other": OTHER}[because], check.said.note


kinds = defaultdict(lambda: defaultdict(list))
for value in look.registry:
    if look.ledger.verdicts[value.id] == "not-testable":
        heading, reason = kind(value)
        kinds[heading][reason].append(value)

# %% [markdown]
# # What could not be checked
#
# :::{admonition} What this page is for
# :class: note
# **You will** see what this audit left alone, and why. **Use it** before you say that a number “passed”: it may never have been
# tested; and, when you write a paper, as a [list of what to print](not-checked-print) so that others can test more. **You need** no more
# than [](10-how-to-read).
# :::
#
# {glue:text}`total.not-testable` of {glue:text}`total` values could not be tested. A list of what was *not* checked belongs
# beside the list of what was: here it is, by reason (open a heading to see each value). It says something about what could be done from here, and nothing
# against the paper.

# %% tags=["remove-input"]
handed_in.summary(look.alone, look.ledger)


# %% tags=["remove-input"]
def cell(value):
    """Return where a value stands and what is printed there."""
    link = f'<a href="82-numbers.html#{escape(value.id)}">{escape(value.place)}</a>'
    return f"{link}: {present.printed(value.printed)}" if value.printed else link


def folded(heading, reasons):
    """Return the values under a heading, one row per reason."""
    rows = [[escape(reason), "<br>".join(map(cell, values))] for reason, values in reasons.items()]
    number = sum(map(len, reasons.values()))
    return present.fold(f"{heading} ({number})", present.table(["why", "where, and what is printed"], rows, heading))


present.Html(
    "".join(
        folded(heading, kinds[heading]) for heading in sorted(kinds, key=lambda h: -sum(map(len, kinds[h].values())))
    )
)

# %% [markdown]
# (not-checked-print)=
# ## What the paper would have had to print
#
# Doses and procedures cannot be recomputed by anyone. But much that is only `coherent` in this book could have been checked
# more sharply, or `reproduced`, at the price of a few more numbers. For a study of this kind:
#
# | to check | print |
# |---|---|
# | how wide the intervals of hazard ratios can be | the number of events in each group of each row |
# | survival curves and medians | the numbers at risk under each curve, and the number censored |
# | the intervals of the medians | which kind of confidence band they come from |
# | p values of association | which test each row used |
# | follow-up | its median, and how many were lost and when |
# | which variables were adjusted for | the full multivariable model, with what was tried and left out |
# | selection of patients | how many were screened, and how many failed which criterion |
# | everything | the patients' records, where consent and law allow it |
#
# STROBE, the guideline for reports of observational studies, asks for several of these: the flow of patients, the
# follow-up, the number of events, and what was adjusted for {cite}`vonelm2007`.

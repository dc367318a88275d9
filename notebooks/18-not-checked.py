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
from collections import defaultdict
from html import escape

from secondlook import present
from secondlook.notebook import start

look = start(published, alpha, cohort)
look.tell_totals()
by_reason = defaultdict(list)
for value in look.registry:
    if look.ledger.verdicts[value.id] == "not-testable":
        by_reason[present.deciding(look.ledger, value).note].append(value)
look.tell(n_reasons=len(by_reason))

# %% [markdown]
# # What could not be checked
#
# :::{admonition} What this page is for
# :class: note
# **You will** see what this audit left alone, and why. **Use it** before you say that a number “passed”: it may never have been
# tested; and, when you write a paper, as a [list of what to print](not-checked-print) so that others can test more. **You need** no more
# than [](13-how-to-read).
# :::
#
# {glue:text}`total.not-testable` of {glue:text}`total` values could not be tested. A list of what was *not* checked belongs
# beside the list of what was: here it is, by reason. It says something about what could be done from here, and nothing
# against the paper. (*Stored* pages are the copies of cited studies and reports of them that could be read.)

# %% tags=["remove-input"]
present.table(
    ["reason", "values"],
    [
        [escape(reason), str(len(values))]
        for reason, values in sorted(by_reason.items(), key=lambda item: -len(item[1]))
    ],
    "reasons why values have no verdict",
    (1,),
)

# %% tags=["remove-input"]
present.Html(
    "".join(
        present.fold(
            f"{reason} ({len(values)})",
            present.table(
                ["where", "printed"],
                [
                    [
                        f'<a href="11-numbers.html#{escape(v.id)}">{escape(v.place)}</a>',
                        escape(v.printed) or "claim in words",
                    ]
                    for v in values
                ],
                reason,
                (1,),
            ),
        )
        for reason, values in by_reason.items()
    )
)

# %% [markdown]
# (not-checked-print)=
# ## What the paper would have had to print
#
# Doses and procedures cannot be recomputed by anyone. But much that is only `coherent` in this book could have been
# `reproduced`, at the price of a few more numbers. For a study of this kind:
#
# | to check | print |
# |---|---|
# | hazard ratios and their intervals | the number of events in each group of each row |
# | survival curves and medians | the numbers at risk under each curve, and the number censored |
# | the intervals of the medians | which kind of confidence band they come from |
# | p values of association | which test each row used |
# | follow-up | its median, and how many were lost and when |
# | which variables were adjusted for | the full multivariable model, with what was tried and left out |
# | selection of patients | how many were screened, and how many failed which criterion |
# | everything | the patients' records, where consent and law allow it |
#
# Guidelines ask for most of these: STROBE for the design and the flow {cite}`vonelm2007`.

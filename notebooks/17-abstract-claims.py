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
from html import escape

from secondlook import present
from secondlook.notebook import start

look = start(published, alpha, cohort)
ledger = look.ledger
values = [v for v in look.registry if v.section == "abstract"]
claims = [v for v in values if v.statistic == "claim"]
numbers = [v for v in values if v.statistic != "claim"]
flagged = [v for v in values if ledger.verdicts[v.id] in ("decision", "inconsistent", "query", "reproduced-if")]
look.tell(n_claims=len(claims), n_numbers=len(numbers), n_flagged=len(flagged))
look.quote("t3.dcr.recist.lp.pct", "t3.dcr.recist.r.pct", "abstract.hfsr.ge3")
look.tell(hfsr=next(c for c in ledger.checks if c.check_id == "percent.abstract.hfsr.ge3").recomputed)

# %% [markdown]
# # The abstract, claim by claim
#
# Most readers of a paper read its abstract and nothing else, so it deserves a page of its own. It makes
# {glue:text}`n_claims` claims in words and prints {glue:text}`n_numbers` numbers. {glue:text}`n_flagged` of these raise a
# flag.

# %% tags=["remove-input"]
rows = []
for value in values:
    check = present.deciding(ledger, value)
    said, rests = value.subject, check.note
    if value.statistic == "claim":
        # The note of a claim begins with the claim and what was recomputed, which stand in the columns before.
        rest = check.note.partition(f"{check.recomputed}.")[2]
        rests = f"{check.method[:1].upper()}{check.method[1:]}. {rest.strip()}".strip()
    else:
        # The place of a value ends with its subject and its group.
        said = f"{value.place.split(': ', 1)[1]}: {value.printed}"
    rows.append([escape(said), escape(check.recomputed), escape(rests), present.badge(ledger.verdicts[value.id])])
present.table(["the abstract says (our words)", "recomputed", "what that rests on", "verdict"], rows, "the abstract")

# %% [markdown]
# ## What a reader of the abstract would take away wrongly
#
# **Which arm had the better disease control.** The results sentence of the abstract gives it to the regorafenib arm. The
# numbers in the same sentence are those of Table 3: {glue:text}`t3.dcr.recist.lp.pct` % with LP and
# {glue:text}`t3.dcr.recist.r.pct` % with regorafenib. The abstract's own conclusion names LP. One word is out of place,
# and a reader who stops at the results leaves with the other arm.
#
# **How common the leading severe side effect was.** {glue:text}`abstract.hfsr.ge3` % is printed; the counts give
# {glue:text}`hfsr` %. The difference is small; which drug it came from is not said in the abstract, and it occurred in both
# arms.
#
# What the abstract says of survival holds up: no difference was shown. That is not the same as showing that there is
# none {cite}`altman1995`.

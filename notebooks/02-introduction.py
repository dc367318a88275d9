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
from collections import Counter
from html import escape

import pandas as pd

from secondlook import present
from secondlook.notebook import start
from secondlook.printed import Interval, NotPrintedError, parse, show

look = start(published, alpha, cohort)
look.quote(
    "introduction.globocan.horizon", "introduction.globocan.cases", "introduction.globocan.cases_increase",
    "introduction.globocan.cases_base", "introduction.globocan.deaths", "introduction.globocan.deaths_increase",
    "introduction.reflect.os.lenvatinib", "introduction.reflect.os.sorafenib", "introduction.reflect.pfs.lenvatinib",
    "introduction.reflect.pfs.sorafenib", "introduction.reflect.pfs.p",
)  # fmt: skip
here = [row for row in look.registry.external if row.quote and look.registry[row.quote].section == "introduction"]
quoted = [row for row in here if row.printed]
claims = [row for row in here if not row.printed]

# %% [markdown]
# # Introduction
#
# :::{admonition} What this section of the paper says
# :class: note
# Liver cancer is common and becoming more so: by {glue:text}`introduction.globocan.horizon` there may be
# {glue:text}`introduction.globocan.cases` million new cases a year ({glue:text}`introduction.globocan.cases_increase` %
# more than in {glue:text}`introduction.globocan.cases_base`) and {glue:text}`introduction.globocan.deaths` million
# deaths ({glue:text}`introduction.globocan.deaths_increase` % more). It is often found late; sorafenib, the usual first
# drug, fails in many. Regorafenib and checkpoint inhibitors help some of those. Lenvatinib did as well as sorafenib on
# overall survival in REFLECT ({glue:text}`introduction.reflect.os.lenvatinib` and
# {glue:text}`introduction.reflect.os.sorafenib` months) and better on progression-free survival
# ({glue:text}`introduction.reflect.pfs.lenvatinib` and {glue:text}`introduction.reflect.pfs.sorafenib` months).
# Lenvatinib with a PD-1 inhibitor has seldom been studied after sorafenib, hence this study.
# :::
#
# None of these numbers was measured here: each is quoted from another study. That decides what can be checked.

# %% [markdown]
# ## What does not hold

# %% tags=["remove-input"]
look.flags("introduction")

# %% tags=["remove-cell"]
agrees = {kind: Counter(row.agrees for row in rows) for kind, rows in (("quoted", quoted), ("claims", claims))}
look.tell(
    quoted=len(quoted),
    claims=len(claims),
    **{
        f"{kind}.{word}": found[word] for kind, found in agrees.items() for word in ("yes", "partly", "no", "not-found")
    },
)

# %% [markdown]
# That no flag is raised means only that none of today's checks reaches these values; in the table at the end they say
# so themselves: no check covers them yet. A later part of the audit will give the verdicts, with the cited study's own
# value as evidence. Until then this page shows what was looked up, as data.
#
# ## What can be checked from here, and what cannot
#
# - **The value.** Does the cited study print the same number? That takes no more than its abstract.
# - **The name.** Is it the same quantity: a median or a mean, this criterion or that, this line of treatment?
# - **The claim.** Does the study say what it is cited for?
# - *Not* whether the cited study is right. And not more than could be read: often an abstract, sometimes a digest of it
#   or a copy elsewhere. *Not found* says something about our reading and nothing about the paper.
#
# ## The numbers quoted, one by one
#
# Where the source's own value is a number, the two can be compared as printed: do they share a real number that both
# could stand for?


# %%
def as_number(text):
    try:
        return parse(text)
    except NotPrintedError:
        return None


compared = pd.DataFrame(
    [
        {
            "quantity": row.quantity,
            "printed": row.printed,
            "source": row.source_value,
            "can be the same": as_number(row.printed).stands_for().meets(as_number(row.source_value).stands_for()),
        }
        for row in quoted
        if as_number(row.source_value)
    ]
).set_index("quantity")
compared

# %% [markdown]
# Every value that could be looked up agrees. The one that could not is the p value of REFLECT's progression-free
# survival ({glue:text}`introduction.reflect.pfs.p`): the copies of the abstract that were read end before it.
#
# ## What two quoted numbers imply together
#
# The paper gives the burden of {glue:text}`introduction.globocan.horizon` and its growth, so the burden of
# {glue:text}`introduction.globocan.cases_base` follows, within what rounding allows. Each printed number stands for an
# interval; the smallest quotient comes of the smallest numerator and the largest denominator:


# %%
def base(total, growth):
    total, growth = parse(look.printed(total)).stands_for(), parse(look.printed(growth)).stands_for()
    return Interval(total.low / (1 + growth.high / 100), total.high / (1 + growth.low / 100))


burden = {
    "new cases": base("introduction.globocan.cases", "introduction.globocan.cases_increase"),
    "deaths": base("introduction.globocan.deaths", "introduction.globocan.deaths_increase"),
}
pd.DataFrame(
    {name: {"at least": show(found.low, 3), "at most": show(found.high, 3)} for name, found in burden.items()}
).T.rename_axis("millions in the base year")

# %% [markdown]
# Anyone with the statistics of that year can hold them against these bounds.
#
# ## What the sources say themselves
#
# Of {glue:text}`quoted` numbers quoted, the source agrees with {glue:text}`quoted.yes`, and
# {glue:text}`quoted.not-found` was not found. Statements in words are another matter: of {glue:text}`claims` look-ups
# (one for each study cited, or one where a statement cites none) the source supports {glue:text}`claims.yes`, supports
# {glue:text}`claims.partly` in part and {glue:text}`claims.no` not at all; {glue:text}`claims.not-found` could not be
# judged. The ones not supported, as we read them:
#
# - *Regorafenib is the standard choice on grounds of cost-effectiveness* {cite}`ref14-parikh2017`. The analysis
#   concludes that it was not cost-effective in any scenario examined.
# - *Lenvatinib with a PD-1 inhibitor significantly improves efficacy and progression-free survival*
#   {cite}`ref22-finn2020`. The study has a single arm: it reports good results and can show no improvement over
#   anything. It is, too, a study of first treatment.
# - *Lenvatinib is used on a large scale in cancers of several organs* {cite}`ref19-xu2022`. The study cited is the same
#   team's earlier one, of one hospital's patients with liver cancer, as far as its abstract could be read.
#
# What it does not show: that the statements are untrue. A claim can be right and its reference ill chosen. It does show
# where a reader should not stop at the reference number.


# %% tags=["remove-input"]
def looked_up(rows, numeric, label):
    header = ["quantity", "printed", "source's own value", "source's name for it", "agrees", "in short", "read at"]
    names = ["quantity", "printed", "source_value", "source_quantity", "agrees", "note", "read_at"]
    cells = [[escape(getattr(row, name)) for name in names] for row in rows]
    if not numeric:  # claims in words print no number
        header.pop(1)
        cells = [row[:1] + row[2:] for row in cells]
    return present.table(header, cells, label, (1, 2) if numeric else ())


present.Html(
    present.fold(f"All {len(quoted)} numbers quoted, with the source's own value",
                 looked_up(quoted, True, "numbers quoted and the source's own value"))
    + present.fold(f"All {len(claims)} look-ups of statements in words, one for each study cited",
                   looked_up(claims, False, "statements in words and what the source says"))
)  # fmt: skip

# %% [markdown]
# ## Every number of this section

# %% tags=["remove-input"]
look.numbers("introduction")

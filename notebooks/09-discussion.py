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
from pathlib import Path

import pandas as pd

from secondlook import present
from secondlook.notebook import percent, start
from secondlook.verdicts import FLAGS

look = start(published, alpha, cohort)
look.quote(
    "discussion.hfsr.ge3", "discussion.ast.ge3", "abstract.hfsr.ge3", "patients.size.all", "patients.size.recruited",
    "t4.hfsr.ge3.lp.n", "t4.hfsr.ge3.r.n", "t4.ast.ge3.lp.n", "t4.ast.ge3.r.n", "t4.proteinuria.ge3.lp.pct",
    "discussion.lp.pfs", "discussion.lp.os", "discussion.orr.lp", "discussion.orr.r", "discussion.dcr.lp",
    "discussion.dcr.r", "discussion.afp.limit", "discussion.prognosis.ecog", "discussion.prognosis.afp",
)  # fmt: skip

# %% [markdown]
# # Discussion
#
# :::{admonition} What this section of the paper says
# :class: note
# With LP more tumours responded ({glue:text}`discussion.orr.lp` % against {glue:text}`discussion.orr.r` %) and the
# disease was more often under control ({glue:text}`discussion.dcr.lp` % against {glue:text}`discussion.dcr.r` %),
# while progression-free and overall survival did not differ significantly. ECOG PS
# {glue:text}`discussion.prognosis.ecog` and AFP {glue:text}`discussion.prognosis.afp` ng/mL go with a poor prognosis.
# The results are set beside those of other studies; severe hand-foot skin reactions
# ({glue:text}`discussion.hfsr.ge3` %) and severely raised AST ({glue:text}`discussion.ast.ge3` %) are named. Limits
# are a single centre, a small number of patients and mixed regimens.
# :::
#
# Most numbers of a discussion have been printed before. They can be compared with where they come from. The others
# are quoted from other studies.

# %% [markdown]
# ## What does not hold

# %% tags=["remove-input"]
look.flags("discussion")

# %% tags=["remove-cell"]
n = look.count("patients.size.all")
hfsr = look.count("t4.hfsr.ge3.lp.n") + look.count("t4.hfsr.ge3.r.n")
ast = look.count("t4.ast.ge3.lp.n") + look.count("t4.ast.ge3.r.n")
look.tell(
    hfsr_n=hfsr,
    ast_n=ast,
    hfsr_share=percent(hfsr, n),
    ast_share=percent(ast, n),
)

# %% [markdown]
# **Two percentages of severe events.** Table 4 has {glue:text}`t4.hfsr.ge3.lp.n` and {glue:text}`t4.hfsr.ge3.r.n`
# severe hand-foot skin reactions in the two arms, together {glue:text}`hfsr_n` of {glue:text}`patients.size.all`
# patients, which is {glue:text}`hfsr_share` %; {glue:text}`discussion.hfsr.ge3` % is printed here and in the
# abstract. For raised AST it is {glue:text}`t4.ast.ge3.lp.n` and {glue:text}`t4.ast.ge3.r.n`, together
# {glue:text}`ast_n`, which is {glue:text}`ast_share` %; {glue:text}`discussion.ast.ge3` % is printed.
#
# *Why it matters.* The first of them is the only adverse event that the abstract names. *What it does not show.* The
# differences are small, and no conclusion depends on them.

# %% [markdown]
# ## Two percentages by hand
#
# Out of how many patients would these counts give the printed percentages? Try every number up to
# {glue:text}`patients.size.recruited`, the largest group in the paper:

# %%
sizes = range(hfsr, look.count("patients.size.recruited") + 1)
printed = {
    "hand-foot skin reaction": (hfsr, look.printed("discussion.hfsr.ge3")),
    "raised AST": (ast, look.printed("discussion.ast.ge3")),
}
fits = {}
for event, (count, text) in printed.items():
    fits[event] = [size for size in sizes if percent(count, size) == text]
pd.DataFrame(
    {
        event: {
            "cases": count,
            f"% of {n}": percent(count, n),
            "% printed": text,
            "fits out of": ", ".join(map(str, fits[event])),
        }
        for event, (count, text) in printed.items()
    }
).T

# %% tags=["remove-cell"]
[common] = sorted(set.intersection(*map(set, fits.values())))
earlier = pd.read_csv(Path("data/companion/text.csv"), dtype=str, index_col="id")["printed"]
assert earlier["companion.abstract.size.all"] == str(common)
[shared] = [c for c in look.ledger.checks if c.check_id.startswith("denominator.all.")]
look.tell(
    common=common,
    earlier_size=earlier["companion.abstract.size.all"],
    earlier_start=earlier["companion.abstract.accrual.start"],
    earlier_end=earlier["companion.abstract.accrual.end"],
    chance=round(1 / shared.chance),
)

# %% [markdown]
# The same number fits both, and no other does: {glue:text}`common`. The paper prints no group of that size. (The
# ledger files this observation under the first of the percentages, that of the [abstract](01-abstract).)
#
# An earlier study by members of the same team, which the paper cites {cite}`ref19-xu2022`, has
# {glue:text}`earlier_size` patients, according to its abstract, from {glue:text}`earlier_start` to
# {glue:text}`earlier_end`. So it is possible that a denominator was carried over from there, or that an earlier
# version of this study had as many patients. It is a possibility and no more than that:
#
# - the earlier paper's adverse events could not be read, so whether they are the same numbers is not known;
# - {glue:text}`t4.proteinuria.ge3.lp.pct` % is also what Table 4 prints for severe proteinuria with LP, so the second
#   percentage may be a slip of the row;
# - it is not so rare a coincidence: of two slips no larger than these, one pair in {glue:text}`chance` could be matched
#   by one denominator. That this number is the size of the earlier study is what makes it worth a question.

# %% [markdown]
# ## Restated numbers

# %% tags=["remove-cell"]
restated = {}
for check in look.ledger.checks:
    if check.check_id.startswith("restatement.discussion."):
        restated.setdefault(check.value_ids[0], []).append(check)
held = [value_id for value_id, checks in restated.items() if not any(c.verdict in FLAGS for c in checks)]
others = [row for row in look.registry.external if row.quote.startswith("discussion.")]
agreement = Counter(row.agrees for row in others)
look.tell(
    restated=len(restated),
    held="all" if len(held) == len(restated) else str(len(held)),
    quoted=len(others),
    looked_up=len(others) - agreement["not-found"],
    agree_yes=agreement["yes"],
    agree_partly=agreement["partly"],
    agree_no=agreement["no"],
    not_found=agreement["not-found"],
)

# %% [markdown]
# The discussion prints {glue:text}`restated` numbers that stand elsewhere in the paper, medians, rates, p values and
# the labels of groups among them. Compared with their places of origin, {glue:text}`held` of them agree. Here are the
# response rates as an example:

# %%
pairs = {
    "discussion.orr.lp": "t3.orr.recist.lp.pct",
    "discussion.orr.r": "t3.orr.recist.r.pct",
    "discussion.orr.p": "t3.orr.recist.p",
    "discussion.dcr.lp": "t3.dcr.recist.lp.pct",
    "discussion.dcr.r": "t3.dcr.recist.r.pct",
    "discussion.dcr.p": "t3.dcr.recist.p",
}
pd.DataFrame(
    {
        "discussion": [look.printed(here) for here in pairs],
        "Table 3": [look.printed(there) for there in pairs.values()],
    },
    index=[look.registry[there].subject for there in pairs.values()],
)

# %% [markdown]
# What the discussion says in words ("all", "the leading five", "independent") is not judged here; such claims get
# checks of their own in a later part of this audit.

# %% [markdown]
# ## What is quoted of other studies
#
# {glue:text}`quoted` statements of this section about other studies, or comparisons with them, were looked up; a
# study counts once for each statement that cites it. What the source says could be read for {glue:text}`looked_up`,
# most often in its abstract or in a report of it: {glue:text}`agree_yes` agree with what is quoted,
# {glue:text}`agree_partly` in part, {glue:text}`agree_no` do not. For {glue:text}`not_found` the source, or the part
# that matters, was not found, which says nothing about the paper. Each line is given as data, with the source's own
# value and its name for it. None of it is one of the audit's verdicts.


# %% tags=["remove-input"]
def reference(key):
    """Return a reference's number in the paper's list, from its key."""
    digits = key.removeprefix("ref").split("-")[0]
    return f" [{int(digits)}]" if digits.isdigit() else ""


def line(row):
    """Return a row's cells: what the paper prints, what the source says, and whether they agree."""
    return [
        escape(row.quantity + reference(row.cites)),
        present.printed(row.printed) if row.printed else "in words",
        escape(row.source_value),
        escape(row.source_quantity),
        f"{escape(row.agrees.replace('-', ' '))}. {escape(row.note)}",
        escape(row.read_at).replace("/", "/<wbr>"),  # may break there
    ]


header = ["quantity [reference]", "printed", "source's own value", "source's name for it", "agrees", "read at"]
table = present.table(header, map(line, others), "what the discussion quotes of other studies", numeric=(1,))
present.fold(f"All {len(others)} statements about other studies and what their sources say", table)

# %% [markdown]
# ## Every number of this section

# %% tags=["remove-input"]
look.numbers("discussion")

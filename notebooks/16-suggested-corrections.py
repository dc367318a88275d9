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

from secondlook import corrections, present
from secondlook.notebook import start

look = start(published, alpha, cohort)
found = corrections.corrections(look.ledger)
asked = corrections.questions(look.ledger)
look.tell(
    n_found=len(found),
    n_mended=sum(bool(c.should_read) for c in found),
    n_open=sum(not c.should_read for c in found),
    n_asked=len(asked),
)

# %% [markdown]
# # Suggested corrections
#
# {glue:text}`n_found` printed values or claims do not hold against what else the paper prints, or against the study that
# they quote. For {glue:text}`n_mended` of them one
# small change would make them true; for the other {glue:text}`n_open` none is singled out, and none is named. Only the
# journal can print an erratum: these are suggestions.
#
# We read a text rendering of the article, and a slip may be the rendering's. Where the publisher's own page differs from
# what is quoted here, the page is right, and we would like to know.
#
# :::{admonition} To the authors
# :class: tip
# You know these data and we do not. If a line below is mistaken, or has a simple explanation, please say so through the
# repository's issue page, and the book will print your answer beside it.
# :::
#
# Download: {download}`CSV <../data/corrections.csv>`; {download}`one page to print <../data/findings.pdf>` (PDF).

# %% [markdown]
# ## Line by line

# %% tags=["remove-input"]
rows = [
    [
        f'<a href="11-numbers.html#{escape(c.value.id)}">{escape(c.value.place)}</a><br>'
        f"{present.badge(look.ledger.verdicts[c.value.id])}",
        present.printed(c.value.printed) if c.value.statistic != "claim" else "(in words)",
        escape(c.should_read) or "open",
        f"{escape(c.why)} <em>How sure:</em> {escape(c.how_sure)}.",
    ]
    for c in found
]
present.table(["where", "printed", "should read", "why, and how sure"], rows, "suggested corrections", (1, 2))

# %% [markdown]
# ## Questions
#
# {glue:text}`n_asked` things are possible as printed, yet implausible or ambiguous. The authors could settle each with a
# sentence.

# %% tags=["remove-input"]
present.table(
    ["where", "printed", "question"],
    [[escape(look.ledger.about(c).place), escape(c.published), escape(c.note)] for c in asked],
    "questions to the authors",
    (1,),
)

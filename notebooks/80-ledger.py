# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% tags=["remove-cell"]
from secondlook.checks.verdicts import FLAGS
from secondlook.pages import handed_in, long_tables
from secondlook.pages.look import start

look = start()
totals = look.ledger.totals()
look.tell(
    n_checks=len(look.ledger.checks),
    n_flags=len(look.ledger.flags()),
    n_flagged=sum(totals[word] for word in FLAGS),
)

# %% [markdown]
# # The ledger
#
# :::{admonition} What this page is for
# :class: note
# **You will** find any check that was made of the paper and what it compared. **Use it** to look up a value or a kind of check:
# type a word (an id, a place, a drug), choose a verdict or a kind of evidence, sort by a heading. **You need** the words of
# [](10-how-to-read); to see a number in its place, begin at [](82-numbers).
# :::
#
# {glue:text}`n_checks` checks, of which {glue:text}`n_flags` raise a flag. A check can suspect several values, and a value can be
# suspected by several checks, so these are not the {glue:text}`n_flagged` flagged values of the first page.
# *Chance* is how often a random printed value would have been matched as well by one of the choices that were tried; where the
# cell is empty, there is no such match. Download the table as {download}`CSV <../data/ledger.csv>` or
# {download}`JSON <../data/ledger.json>`; the command line prints the same with `secondlook audit`.

# %% tags=["remove-input"]
handed_in.summary(look.alone, look.ledger)

# %% tags=["remove-input"]
long_tables.all_checks(look.ledger)

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
from secondlook.notebook import start

look = start(published, alpha, cohort)
look.tell(n_checks=len(look.ledger.checks), n_flags=len(look.ledger.flags()))

# %% [markdown]
# # The ledger
#
# :::{admonition} What this page is for
# :class: note
# **You will** find any check that was made of the paper and what it compared. **Use it** to look up a value or a kind of check:
# type a word (an id, a place, a drug), choose a verdict or a kind of evidence, sort by a heading, open a row. **You need** the words of
# [](13-how-to-read); to see a number in its place, begin at [](11-numbers).
# :::
#
# {glue:text}`n_checks` checks, of which {glue:text}`n_flags` raise a flag. Search and choose above the table; a click on
# a heading sorts. Download it as {download}`CSV <../data/ledger.csv>` or {download}`JSON <../data/ledger.json>`; the
# command line prints the same with `secondlook audit`.
#
# A check can suspect several values, and a value can be suspected by several checks, so flags here and flagged values on
# the first page are different counts.
#
# *Chance* is how often a random printed value would have been matched as well by one of the choices that were tried.
# [How to read this book](13-how-to-read) explains the words.

# %% tags=["remove-input"]
present.all_checks(look.ledger)

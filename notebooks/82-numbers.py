# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% tags=["remove-cell"]
from secondlook.pages import long_tables
from secondlook.pages.look import start

look = start()
look.tell_totals()
reasons = [row for row in look.registry.numerals if row.reason]
look.tell(numerals=len(look.registry.numerals), without=len(reasons))

# %% [markdown]
# # Every printed number
#
# :::{admonition} What this page is for
# :class: note
# **You will** find every number of the paper with its own verdict and the check that decided it. **Use it** like an index: search for
# the number as printed, or arrive here from a cell of the map on the first page; each row has an address that you can send to
# somebody. **You need** the words of [](10-how-to-read).
# :::
#
# {glue:text}`total` values in reading order: every number of the paper from the abstract to the end of the discussion,
# every cell that is blank where a number belongs, and every claim in words that can be checked. Whether anything is
# missing is counted [below the table](numbers-missing). Download the values as
# {download}`CSV <../data/values.csv>` or {download}`JSON <../data/values.json>`.

# %% tags=["remove-input"]
long_tables.all_numbers(look.ledger)

# %% [markdown]
# (numbers-missing)=
# **Is anything missing?** The paper holds {glue:text}`numerals` numerals, in digits or in words, from the abstract to the end of the
# discussion. Each is carried by a value above or has a reason why it is no value of its own; {glue:text}`without` have such a
# reason (a *name* is, for instance, the 1 of PD-1), and none has neither.

# %% tags=["remove-input"]
from collections import Counter

import pandas as pd

counted = Counter(row.reason for row in reasons)
pd.Series(dict(counted.most_common())).to_frame("numerals").rename_axis(columns="reason")

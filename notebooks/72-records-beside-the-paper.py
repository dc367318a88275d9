# %% tags=["remove-cell", "parameters"]
published = "data/published"
alpha = 0.05
cohort = ""

# %% tags=["remove-cell"]
from secondlook import of_records
from secondlook.pages import curves, handed_in
from secondlook.pages.look import start

look = start()
given = look.records if look.recorded else None  # real ones: invented patients say nothing here

# %% [markdown]
# # Records beside the paper
#
# :::{admonition} What this page is for
# :class: note
# **You will** see what the patients' records print beside what the paper prints, where somebody handed them in. **Use it** when you
# hold them, before you tell anyone what they say: a mismatch is a question to the authors first. **You need** the words of
# [](10-how-to-read), and [](../book/if-you-have-the-records) for the way from a hospital's export to this page.
# :::

# %% tags=["remove-input"]
handed_in.summary(look.alone, look.ledger, None) or handed_in.nobodys()

# %% [markdown]
# (records-patients)=
# ## The patients in numbers
#
# By arm beside the paper's, with events, ties and empty cells, and what makes a number impossible.

# %% tags=["remove-input"]
handed_in.patients(given) if given else None

# %% [markdown]
# (records-numbers)=
# ## Number by number, worst first
#
# Each by the way of a program that prints it, or by how much the nearest way misses, in units of the last digit and as a share.
# Of all the patients whom the paper counts, a number that no way prints is `inconsistent`; of fewer, or where the miss is so
# small that times in another unit could make it, it is a `query`. Counts are counted, and totals, percentages and p values of
# association are computed from them. A p value on the other side of 0.05, or a limit on the other side of 1, is a `decision` where
# the paper draws a conclusion from the row. A number that the paper prints in several places stands here for each.

# %% tags=["remove-input"]
handed_in.by_kind(look.ledger) if given else None

# %% tags=["remove-input"]
handed_in.worst_first(look.ledger) if given else None

# %% [markdown]
# (records-answers)=
# ## What they answer
#
# Questions that the paper alone leaves, and findings that rest on a premise which it does not print, fall where records of all
# patients print the numbers. By the paper's rule treatment was in neither of its adjusted models; with records of all patients it can be put there.

# %% tags=["remove-input"]
handed_in.answers(look.alone, look.ledger, opened=True) if given else None

# %% tags=["remove-input"]
handed_in.treatment_adjusted(given) if of_records.is_whole(look.ledger) else None

# %% [markdown]
# (records-curves)=
# ## Figures 2 and 3, drawn from them
#
# Curves with 95 % log-log bands, marks where somebody was censored, and the numbers at risk.

# %% tags=["remove-input"]
curves.drawn(given) if given else None

# %% [markdown]
# (records-disclosed)=
# ## What this book tells of the patients
#
# Built on records, it has no row, no id and no date of anybody. It has counts, and small ones among them; statistics; and the
# curves, here and in the chapters, in which each event and each censoring is seen, to the quarter of a month. Who knows a patient may
# find them in that. [Before you show it to anyone](records-before).

"""Numbers as printed: strings with a unit of rounding, the sets of reals that print so, dates, and small slips.

In: strings. Out: intervals of exact fractions, printed strings, the slip that turns one string into another.
Knows no statistic and no paper.
"""

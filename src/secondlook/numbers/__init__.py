"""Numbers as printed: strings with a unit of rounding, the sets of reals that print so, dates, and small slips.

In: strings, lines as pasted. Out: intervals of exact fractions, printed strings, what a line says, the slip that turns
one string into another.
Knows no statistic and no paper.
"""

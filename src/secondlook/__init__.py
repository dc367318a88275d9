"""Second Look: recompute the numbers that a clinical paper prints and say which of them hold.

In: a folder of what a paper prints, its tables and text with the layout that says what each cell is; perhaps patients'
records. Out: a ledger, a verdict for each printed value, and the tables, figures and pages made of it. Data flow one
way, and a package knows only what stands before it::

    numbers → stats → paper → checks | cohort → audit → corrections → pages, cli
"""

__version__ = "0.1.0"

"""Second Look: recompute the numbers that a clinical paper prints and say which of them hold.

Data flow one way, and a module knows only what stands before it::

    printed → schema → registry → verdicts → checks → audit → present → book
"""

__version__ = "0.1.0"

"""Statistics: the arithmetic of printed rows, tests of counts, survival fits, intervals; each against its source.

In: numbers or arrays. Out: numbers, intervals, or result objects. Knows no paper; a chapter may use any of it alone.
"""

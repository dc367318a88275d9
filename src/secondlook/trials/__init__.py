"""Trials: simulations that measure the audit itself, seeded, stored with what made them.

In: shapes of papers and seeds. Out: JSON of rates and ranges. No reader runs them; pages quote their results.
"""

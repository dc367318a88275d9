"""The search for patients who print given statistics, and the proofs that none can (numba; no reader runs it).

In: the registry and the columns of a cohort. Out: files of invented patients, and certificates of impossibility.
"""

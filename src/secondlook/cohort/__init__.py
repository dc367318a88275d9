"""Cohorts: patient-level files, real or invented, held against the printed survival statistics.

In: a file of patients and the registry. Out: what the patients print, statistic by statistic, beside what is printed.
"""

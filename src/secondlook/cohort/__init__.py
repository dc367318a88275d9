"""Cohorts: patient-level files, real or invented, held against the printed survival statistics."""

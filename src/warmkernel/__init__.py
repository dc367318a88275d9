"""Kernels forked from a process that has already imported what notebooks import, for any user of papermill.

In: a notebook's kernel request. Out: a kernel that is ready at once and prints what a plain one prints.
"""

"""Benchmarks: the book, the audit and the fits against the obvious ways."""

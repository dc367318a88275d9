"""The checks, one module a family: each takes a registry and yields :class:`secondlook.checks.verdicts.Check`.

In: a registry. Out: checks with typed findings and a verdict. No family reads another's sentences.
"""

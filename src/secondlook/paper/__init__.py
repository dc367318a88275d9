"""A paper: the shape of its data folder, how it is read strictly, and the registry of its printed values.

In: a folder (``layout.toml``, tables, ``text.csv``, ``claims.toml``). Out: a
:class:`~secondlook.paper.registry.Registry`,
and views of it: rows of models, medians, claims, counts of events. Refuses what is malformed; judges nothing.
"""

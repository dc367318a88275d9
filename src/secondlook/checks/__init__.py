"""The checks, one module a family; each takes a registry and yields :class:`secondlook.verdicts.Check`."""

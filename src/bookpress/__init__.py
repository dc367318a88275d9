"""Builds a Jupyter Book from notebooks that papermill executes: pairs, keys, execute, stage, site.

In: a folder with ``_config.yml``, ``_toc.yml``, ``notebooks/NN-name.py``. Out: ``_build/html``, or one message and
the last good book as it was. It knows nothing of what its notebooks are about: what a project adds is named in its
``pyproject.toml`` (:mod:`bookpress.settings`).
"""

"""Bytecode that is that of its source, whatever the clock says.

Python takes bytecode for current whose source has the same time, in seconds, and the same size: after two edits in one
second, or when a clock was put back, a notebook would run what a module said before, and its key would say otherwise.
Bytecode that holds its source's hash is compared by that, and Python keeps it so.
"""

from __future__ import annotations

import contextlib
import importlib.util
import py_compile
import sys
from collections.abc import Iterable
from pathlib import Path

from bookpress.files import FolderError, files_below

CHECKED = (0b11).to_bytes(4, "little")  # the flags of PEP 552: by hash, and to be checked


def refresh(folders: Iterable[Path]) -> None:
    """Compile every module in some folders whose bytecode does not hold its source's hash.

    What cannot be written, read or compiled is left to whoever imports it.
    """
    for folder in folders:
        with contextlib.suppress(FolderError):  # the keys refuse it by name
            for path in files_below(folder):
                if path.suffix == ".py":
                    with contextlib.suppress(OSError):
                        _refresh(path)


def _refresh(path: Path) -> None:
    compiled = path.parent / "__pycache__" / f"{path.stem}.{sys.implementation.cache_tag}.pyc"
    wanted = importlib.util.MAGIC_NUMBER + CHECKED + importlib.util.source_hash(path.read_bytes())
    if compiled.is_file():
        with compiled.open("rb") as stream:
            if stream.read(len(wanted)) == wanted:
                return
    try:
        mode = py_compile.PycInvalidationMode.CHECKED_HASH
        py_compile.compile(str(path), str(compiled), doraise=True, invalidation_mode=mode)
    except (py_compile.PyCompileError, FileExistsError):
        compiled.unlink(missing_ok=True)

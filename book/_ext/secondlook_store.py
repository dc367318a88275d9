"""What was made from the same bytes in an earlier build is not made again: a store of results by content.

The build names its folder in ``BOOKPRESS_STORE``; without it everything is made. The text of these extensions counts
as an input.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from collections.abc import Callable, Iterable
from pathlib import Path

STORE = "BOOKPRESS_STORE"
OWN_TEXT = b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))


def kept(inputs: Iterable[bytes], make: Callable[[], object]) -> object:
    """Return what `make` returns, which depends on nothing but the inputs; from the store, if it is there."""
    store = os.environ.get(STORE)
    if not store:
        return make()
    file = Path(store) / hashlib.sha256(b"\0".join((OWN_TEXT, *inputs))).hexdigest()
    try:
        made = pickle.loads(file.read_bytes())
        os.utime(file)  # the newest are the last to be forgotten
    except (OSError, EOFError, pickle.UnpicklingError):  # not there, or half of it after a fault of the disk
        made = make()
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(pickle.dumps(made))
        part.replace(file)
    return made


def forget(keep: int = 200) -> None:
    """Keep only the results that were used last."""
    found = Path(os.environ.get(STORE, "")).glob("*") if os.environ.get(STORE) else ()
    for file in sorted(found, key=lambda file: file.stat().st_mtime, reverse=True)[keep:]:
        file.unlink()

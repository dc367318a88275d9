"""Writing files whole: a reader sees the old content or the new, never half of it."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a text, or bytes, to a file by way of a temporary file beside it; a link stays and leads to the new one.

    Raises
    ------
    OSError
        When it cannot be written, or a folder, pipe or device has that name; what was there is then as it was before.
    """
    if path.is_symlink():
        path = path.resolve()
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "is no plain file", str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    # Only a part of the name: with all of it the temporary one could be longer than a file system allows.
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:20]}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode("utf-8") if isinstance(content, str) else content)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise

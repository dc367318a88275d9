"""Files of a project: the one way to walk through a folder, and writing a file whole.

A folder holds plain files. A link, a pipe or a device among them is refused by name, and so is what is too large, too
deep or too many: who follows a link reads what no key has seen, and who opens a pipe waits for ever.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

IGNORED_NAMES = {"__pycache__"}
IGNORED_SUFFIXES = (".pyc", ".swp", ".tmp", ".egg-info")
MOST_BYTES, MOST_FILES, DEEPEST = 64 * 2**20, 20_000, 20


class FolderError(ValueError):
    """A folder holds what no folder of a project may hold; the message names it."""


def files_below(folder: Path) -> list[Path]:
    """Return every file below a folder that can matter, in an order that does not depend on the file system.

    Hidden files and by-products (``__pycache__``, ``.swp``, …) are left out. The folder itself may be a link; a plain
    file is returned alone, and nothing for what is not there.

    Raises
    ------
    FolderError
        For what is no plain file or folder, for a file above 64 MB, for more than 20,000 files or 20 levels.
    """
    if not folder.is_dir():
        return [checked(folder)] if os.path.lexists(folder) else []
    found = []
    for path in _walk(folder, DEEPEST):
        found.append(path)
        if len(found) > MOST_FILES:
            raise FolderError(f"{folder}: more than {MOST_FILES:,} files")
    return sorted(found)


def _walk(folder: Path, levels: int) -> Iterator[Path]:
    if levels == 0:
        raise FolderError(f"{folder}: more than {DEEPEST} folders deep")
    for path in folder.iterdir():
        if path.name.startswith(".") or path.name in IGNORED_NAMES or path.name.endswith(IGNORED_SUFFIXES):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _walk(path, levels - 1)
        else:
            yield checked(path, follow=False)


def checked(path: Path, follow: bool = True) -> Path:
    """Return the path of a plain file; raise FolderError for anything else, and for a file that is too large.

    `follow` lets a link lead to the file.
    """
    try:
        state = path.stat(follow_symlinks=follow)
    except OSError as problem:
        raise FolderError(f"{path}: {problem.strerror}") from problem
    if not stat.S_ISREG(state.st_mode):
        kind = "a link" if stat.S_ISLNK(state.st_mode) else "no plain file"
        raise FolderError(f"{path}: is {kind}; a project's folders hold plain files")
    if state.st_size > MOST_BYTES:
        raise FolderError(f"{path}: {state.st_size:,} bytes; at most {MOST_BYTES:,} are read")
    return path


def copy_below(folder: Path, target: Path) -> None:
    """Copy every file below a folder that can matter; see :func:`files_below`."""
    for path in files_below(folder):
        place = target / path.relative_to(folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)


def digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file in a folder, hidden ones too, by its name from there."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): digest(path) for path in sorted(found)}


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file by way of another one beside it, so that it is whole or as it was before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name[:20]}.{os.getpid()}.part")
    try:
        part.write_bytes(content.encode() if isinstance(content, str) else content)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise

"""The book as one file that opens from disk, folders as zips, and the link from the guide to the kit.

Zips are the same for the same files: in order, without times, owners and the machine's permissions.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable
from pathlib import Path

from bookpress.build import amend, stamp
from bookpress.paths import Project

NO_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip knows
READABLE = 0o644 << 16
GUIDE = "book/teachers-guide.html"
OF = "of-book.txt"
#: What the guide holds in place of a link, and the link.
PLACE = '<p hidden="" id="the-kit"></p>'
LINK = (
    '<p id="the-kit"><strong>The kit has been made:</strong> <a href="../../kit/index.html">slides, a hand-out, '
    "notebooks with and without solutions, a marking scheme, data with a dictionary, the book in one file</a>.</p>"
)


def pack(target: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Write a zip of names and contents."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name, content in sorted(files):
            entry = zipfile.ZipInfo(name, NO_TIME)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, READABLE, 3
            packed.writestr(entry, content)


def folder(root: Path, under: str) -> list[tuple[str, bytes]]:
    """Return all files of a folder, named below `under`, but for what editors and Python leave there."""
    files = (path for path in root.rglob("*") if path.is_file())
    kept = (path for path in files if not {"__pycache__", ".ipynb_checkpoints"} & {*path.relative_to(root).parts})
    return [(f"{under}/{path.relative_to(root).as_posix()}", path.read_bytes()) for path in kept]


def pages(project: Project) -> list[tuple[str, bytes]]:
    """Return the built book without a link to the kit."""
    files = folder(project.html, "second-look")
    return [(name, unlinked(content) if name.endswith(GUIDE) else content) for name, content in files]


def unlinked(page: bytes) -> bytes:
    """Return the guide without the link."""
    return page.replace(LINK.encode(), PLACE.encode())


def mark(project: Project, kit: Path) -> None:
    """Note in a kit of which book it is."""
    (kit / OF).write_text(_key(project), encoding="utf-8")


def link(project: Project) -> None:
    """Let the guide lead to the kit, if there is one of this very book; the book counts as built as before."""
    kit = project.output / "kit"
    if not (kit / "index.html").is_file():
        return
    if not (kit / OF).is_file() or (kit / OF).read_text(encoding="utf-8") != _key(project):
        print("the kit in _build/kit is of another build: make kit")
        return
    amend(project, GUIDE, lambda text: text.replace(PLACE, LINK))


def _key(project: Project) -> str:
    """Return what stands for all that the last good book was made of."""
    return json.loads(stamp(project).read_text(encoding="utf-8"))["key"]

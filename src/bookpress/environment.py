"""The environment of everything that a build starts: kernels, Jupyter Book, functions of the project.

Of the user's own environment only what is needed to find programs and libraries goes in. All else is fixed here and
part of every key, or lies in a private folder of the build, which is gone when the build is: nobody's configuration,
home or display counts.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bookpress import systems
from bookpress.errors import BuildError, shown
from bookpress.paths import ROOT_VARIABLE, Project

ALLOWED = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "PATHEXT", "COMSPEC")  # some are Windows'
EPOCH = "1767225600"  # 2026-01-01: nothing in the book may name the hour of its making
FIXED = {
    "PYTHONHASHSEED": "0",
    "PYTHONNOUSERSITE": "1",
    "PYTHONUTF8": "1",
    "SOURCE_DATE_EPOCH": EPOCH,
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "NO_COLOR": "1",
    "COLUMNS": "100",
    "JUPYTER_PREFER_ENV_PATH": "1",
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
}
STORE = "BOOKPRESS_STORE"  # a folder in which the project's own extensions may keep what they have made, by content
PREFIX = "bookpress-"
LONGEST = 60  # characters of the private folder: a socket in it has a path of at most 107 bytes, by law
NOTE = ".private"
ROOM = 8 * 2**20  # bytes that the private folder takes at most: sockets, and what kernels keep of themselves


@contextlib.contextmanager
def private(project: Project) -> Iterator[Path]:
    """Make a private folder for a build, and remove it in the end, with that of a build that was killed before this
    one.

    Only one build of a project may run at a time. Raises BuildError when no folder for temporary files has a short
    path and room.
    """
    note = project.output / NOTE
    if note.is_file():
        left = Path(note.read_text(encoding="utf-8").strip())
        if left.name.startswith(PREFIX):
            shutil.rmtree(left, ignore_errors=True)
    folder = _short_folder()
    try:
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(f"{folder}\n", encoding="utf-8")
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        note.unlink(missing_ok=True)


def _short_folder() -> Path:
    places = dict.fromkeys((tempfile.gettempdir(), "/tmp", "/var/tmp"))
    for place in places:
        with contextlib.suppress(OSError):
            short = not systems.UNIX_SOCKETS or len(os.fsencode(place)) + len(PREFIX) + 9 <= LONGEST
            if short and shutil.disk_usage(place).free >= ROOM:
                return Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
    wanted = f"that can be written to, has a short path, and has {ROOM // 2**20} MB free"
    raise BuildError(f"no folder for temporary files {wanted}: {', '.join(places)}")


def refuse_full(folder: Path, room: int) -> None:
    """Raise BuildError where less than `room` bytes are free: what fills up later is told by whatever meets it."""
    free = shutil.disk_usage(folder).free
    if free < room:
        raise BuildError(
            f"{shown(folder)}: no space left, {free / 2**20:.1f} MB of the {room // 2**20} MB that it takes"
        )


def variables(project: Project, folder: Path, own: Path | None = None) -> dict[str, str]:
    """Return the environment of a process of the build whose private folder is `folder`; in `own` it is at home."""
    own = own or folder
    figures = project.output / "matplotlib"
    figures.mkdir(parents=True, exist_ok=True)
    return {
        **{name: os.environ[name] for name in ALLOWED if name in os.environ},
        **FIXED,
        ROOT_VARIABLE: str(project.root),
        "PYTHONPATH": os.pathsep.join(map(str, project.packages)),
        **dict.fromkeys(("HOME", "USERPROFILE"), str(own)),  # Windows asks for the second
        "TMPDIR": str(folder),
        "IPYTHONDIR": str(own / "ipython"),
        "JUPYTER_CONFIG_DIR": str(own / "config"),
        "JUPYTER_DATA_DIR": str(own / "data"),
        "JUPYTER_RUNTIME_DIR": str(own),
        "MPLCONFIGDIR": str(figures),
        STORE: str(project.output / "store"),
    }


@contextlib.contextmanager
def in_place(values: dict[str, str]) -> Iterator[None]:
    """Let this process have these variables and no others while the block runs."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)

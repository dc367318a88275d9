"""What a notebook reads, written down while it runs, so that a later build knows whether it would read the same again.

Two things are heard. Files and folders below the project's root that Python opens or lists, through an audit hook. And
the fields of single values and checks of the paper that :func:`secondlook.notebook.start` has audited: the tables that
they come from are not counted as files then (:func:`covering`), so that a change to one cell concerns those who read
it. All else, the layout and the claims among it, counts as whole files; what cannot be heard (another process) marks
the record as incomplete. Outside a build nothing is written and nothing is slower.

A kernel loads this module as an IPython extension; the variable ``SECONDLOOK_READS`` names the file that it writes, one
JSON list a line: ``["file", path]``, ``["folder", path]``, ``["value", id, field, digest]``, ``["check", …]``,
``["ids", "values" or "checks", digest]``, ``["incomplete", why]``.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from secondlook.audit import Ledger
    from secondlook.registry import Registry

VARIABLE = "SECONDLOOK_READS"
#: The files of a data folder that a registry holds beside its values, by the name of the registry's attribute.
WHOLE = {
    "layout": "layout.toml",
    "claims": "claims.toml",
    "external": "external.csv",
    "numerals": "numerals.csv",
    "text": "text.csv",
}
FILES = {"open": "file", "os.listdir": "folder", "os.scandir": "folder"}
PROCESSES = {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty"}
IMPORTING = ("importlib._bootstrap", "_frozen_importlib", "zipimport")


class Log:
    """What has been heard in this process, in order and each thing once."""

    def __init__(self) -> None:
        self.heard: dict[tuple[str, ...], None] = {}
        self.covered: list[str] = []
        self.stream = None
        self.listening = False

    def add(self, *entry: str) -> None:
        """Note one thing."""
        if entry not in self.heard:
            self.heard[entry] = None
            if self.stream:
                self.stream.write(json.dumps(entry, ensure_ascii=False) + "\n")

    def begin(self, path: str) -> None:
        """Write to a file from now on, first what has been heard already."""
        self.stream = open(path, "w", encoding="utf-8")  # noqa: SIM115, PTH123 (it stays open as long as the kernel)
        for entry in self.heard:
            self.stream.write(json.dumps(entry, ensure_ascii=False) + "\n")

    def flush(self, *_) -> None:
        """Put down what has been heard: a kernel may be killed after any cell."""
        if self.stream:
            self.stream.flush()

    def hear(self, event: str, arguments: tuple) -> None:
        """Take one of Python's audit events."""
        if event in FILES:
            if not _is_import():
                self.add_path(FILES[event], arguments[0] if arguments[0] is not None else ".")
        elif event in PROCESSES and self.stream:
            self.add("incomplete", event)

    def add_path(self, kind: str, path: object) -> None:
        """Note a file or a folder; not one that is already open, nor one that is covered."""
        if isinstance(path, int):
            return
        full = os.path.abspath(os.fsdecode(path))  # noqa: PTH100 (no access to the disk in here)
        if not any(full.startswith(folder + os.sep) or full == folder for folder in self.covered):
            self.add(kind, full)


_log = Log()


def _is_import() -> bool:
    frame = sys._getframe(2)
    return frame.f_globals.get("__name__", "").startswith(IMPORTING)


def listen() -> None:
    """Hear of files from now on; this cannot be undone in a process."""
    if not _log.listening:
        _log.listening = True
        sys.addaudithook(_log.hear)


def load_ipython_extension(shell) -> None:
    """Listen, and write down what is heard, in a kernel of a build."""
    listen()
    if path := os.environ.pop(VARIABLE, ""):  # no notebook is to see it
        _log.begin(path)
        shell.events.register("post_run_cell", _log.flush)


@contextlib.contextmanager
def covering(folder: Path) -> Iterator[None]:
    """Do not count as files what is read below a folder: its content is followed value by value."""
    _log.covered.append(os.path.abspath(folder))  # noqa: PTH100
    try:
        yield
    finally:
        _log.covered.pop()


# Values and checks --------------------------------------------------------------------------------------------------


def digest(thing: object) -> str:
    """Return a short name for a field's content or a list of ids."""
    return hashlib.sha256(repr(thing).encode()).hexdigest()[:16]


def ids_digest(ids: Iterable[str]) -> str:
    """Return a short name for ids in their order."""
    return digest(list(ids))


def followed(registry: Registry, ledger: Ledger, folder: Path) -> tuple[Registry, Ledger]:
    """Return registry and ledger anew, such that every field of theirs that is read is written down.

    They are copies without anything that was computed earlier, which could be read without reading its origin. Where
    no build listens they are what was given.
    """
    if not _log.stream:
        return registry, ledger
    from secondlook.audit import Ledger
    from secondlook.registry import Value
    from secondlook.verdicts import Check

    if _followed:  # one paper is followed; a second one is not, and so nothing can be said of it
        _log.add("incomplete", "a second paper")
        return registry, ledger
    registry = replace(registry, values={key: replace(value) for key, value in registry.values.items()})
    ledger = Ledger(registry, tuple(replace(check) for check in ledger.checks))
    for key, value in registry.values.items():
        _follow(value, {field.name: _field_note("value", key) for field in fields(Value)})
    for check in ledger.checks:
        _follow(check, {field.name: _field_note("check", check.check_id) for field in fields(Check)})
    values, checks = ids_digest(registry.values), ids_digest(check.check_id for check in ledger.checks)
    files = {
        name: lambda *_, file=file: _log.add("file", os.path.abspath(folder / file))  # noqa: PTH100
        for name, file in WHOLE.items()
    }
    _follow(registry, {"values": lambda *_: _log.add("ids", "values", values), **files})
    _follow(ledger, {"checks": lambda *_: _log.add("ids", "checks", checks)})
    return registry, ledger


Note = Callable[[str, object], None]
#: What has not been read yet of each followed object, by its address: what to note, and the object, which must never
#: be freed, since another could come to lie at its address.
_followed: dict[int, tuple[dict[str, tuple[Note, object]], object]] = {}


def _field_note(word: str, key: str) -> Note:
    return lambda name, found: _log.add(word, key, name, digest(found))


def _follow(thing: object, notes: dict[str, Note]) -> None:
    """Take these attributes out of an object; :class:`Unread` puts each back when it is first read, and notes it."""
    own = thing.__dict__
    _followed[id(thing)] = {name: (note, own.pop(name)) for name, note in notes.items() if name in own}, thing
    for name in notes:
        if not isinstance(vars(type(thing)).get(name), Unread):
            setattr(type(thing), name, Unread(name, vars(type(thing))))


class Unread:
    """An attribute of a class that is asked only for what an object does not hold itself: nothing else is slower.

    That is so because it is no data descriptor, as with :class:`functools.cached_property`.
    """

    def __init__(self, name: str, known: Mapping[str, object]) -> None:
        self.name, self.default = name, {name: known[name]} if name in known else {}

    def __get__(self, thing: object, kind: type) -> object:
        """Return the attribute of a followed object at its first reading."""
        if thing is None and self.default:  # the class itself is asked, for a default
            return self.default[self.name]
        unread, _ = _followed.get(id(thing), ({}, None))
        if self.name not in unread:
            raise AttributeError(f"{kind.__name__} has no {self.name} (nor has a copy of what is followed)")
        note, found = unread.pop(self.name)
        thing.__dict__[self.name] = found
        note(self.name, found)
        return found

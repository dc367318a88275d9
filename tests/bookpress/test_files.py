"""Files are written whole: a reader, a fault and a full disk meet the old content or the new, and nothing in between.

Both packages that write have such a function of their own, because neither knows the other; both keep the same promise.
"""

from __future__ import annotations

import resource

import pytest

from bookpress import files
from secondlook import writing

WRITERS = pytest.mark.parametrize("write", [files.write_whole, writing.write_whole], ids=["bookpress", "secondlook"])


@WRITERS
def test_who_reads_meanwhile_reads_the_old_file_to_its_end(tmp_path, write):
    path = tmp_path / "file"
    write(path, "old\n" * 1000)
    with path.open(encoding="utf-8") as reader:
        assert reader.readline() == "old\n"
        write(path, "new\n")
        assert reader.read() == "old\n" * 999
    assert path.read_text(encoding="utf-8") == "new\n"
    assert list(tmp_path.iterdir()) == [path]


@WRITERS
def test_where_there_is_no_room_the_old_file_stays_and_nothing_beside_it(tmp_path, write):
    """Authority: the system's own limit for the size of a file, which it tells in the way of a full disk."""
    path = tmp_path / "file"
    write(path, "old")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            write(path, b"x" * 10_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


@WRITERS
def test_an_interrupt_before_the_end_changes_nothing(tmp_path, write, monkeypatch):
    path = tmp_path / "file"
    write(path, "old")
    monkeypatch.setattr(type(path), "replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        write(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_can_matter_is_copied_to_the_same_places(tmp_path):
    source, target = tmp_path / "source", tmp_path / "target"
    for name in ("a.csv", "deep/er/b.csv", ".hidden", "__pycache__/c.pyc"):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(name, encoding="utf-8")
    files.copy_below(source, target)
    copied = {path.relative_to(target).as_posix(): path.read_text(encoding="utf-8") for path in target.rglob("*.*")}
    assert copied == {"a.csv": "a.csv", "deep/er/b.csv": "deep/er/b.csv"}


def test_the_deepest_folder_is_read_and_one_below_is_refused(tmp_path):
    deepest = tmp_path.joinpath(*["d"] * (files.DEEPEST - 1))
    deepest.mkdir(parents=True)
    (deepest / "file").touch()
    assert files.files_below(tmp_path) == [deepest / "file"]
    (deepest / "d").mkdir()
    with pytest.raises(files.FolderError, match=f"more than {files.DEEPEST} folders deep"):
        files.files_below(tmp_path)

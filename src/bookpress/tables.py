"""The files for download (registry, ledger, corrections, the findings on one page): made once per content.

That is done while notebooks execute.

``python -m bookpress.tables PUBLISHED FOLDER`` writes them, as the command line would one by one.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bookpress import keys
from bookpress.errors import BuildError
from bookpress.paths import Project

SUFFIX = ".tables"
PICTURE = "social.png"


@dataclass(frozen=True)
class Tables:
    """Tables that may still be in the making.

    ``finished`` waits for them and returns their folder: None where the data folder has no tables. It raises
    :class:`BuildError` with what the audit refused. ``ready`` says whether it would neither wait nor raise.
    """

    finished: Callable[[], Path | None]
    ready: Callable[[], bool] = lambda: True


@contextlib.contextmanager
def in_background(project: Project, parameters: Mapping[str, object]) -> Iterator[Tables]:
    """Start computing the tables; yield what waits for them."""
    published = project.root / str(parameters.get("published") or project.published)
    if not any(published.glob("table-*.csv")):
        yield Tables(lambda: None)
        return
    target = folder(project, parameters)
    if target.is_dir():
        os.utime(target)  # the newest results are the last to be forgotten
        yield Tables(lambda: target)
        return
    part = target.with_name(f"{target.stem}.{os.getpid()}.part")
    shutil.rmtree(part, ignore_errors=True)  # a killed build may have had the same process number
    part.mkdir(parents=True)
    command = [sys.executable, "-m", "bookpress.tables", str(published), str(part)]
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command, cwd=project.root, env=environment, **options) as process:

        def finished() -> Path:
            said, _ = process.communicate()
            if process.returncode:
                raise BuildError(f"tables of {published.name}: {said.strip()}")
            if folder(project, parameters) != target:
                raise BuildError(f"tables of {published.name}: files changed while they were computed: build again")
            part.rename(target)
            return target

        try:
            yield Tables(finished, ready=lambda: process.poll() == 0)
        finally:
            process.kill()
            process.wait()
            shutil.rmtree(part, ignore_errors=True)


def folder(project: Project, parameters: Mapping[str, object]) -> Path:
    """Return where the tables of this content lie or will lie."""
    key = keys.combine({"tables": "all", **keys.shared_part(project, parameters)})
    return project.cache / f"{key}{SUFFIX}"


def write(published: Path, target: Path) -> None:
    """Write registry, ledger, corrections, the page of findings and the map as a picture into `target`."""
    from secondlook import audit
    from secondlook.corrections import to_csv
    from secondlook.pages import handout
    from secondlook.paper.registry import load, long_form

    registry = load(published)
    ledger = audit.audit(registry)
    values = long_form(registry)
    texts = {
        "values.csv": values,
        "values.json": csv_to_json(values),
        "ledger.csv": audit.to_csv(ledger),
        "ledger.json": audit.to_json(ledger),
        "corrections.csv": to_csv(ledger),
    }
    for name, text in texts.items():
        (target / name).write_text(text, encoding="utf-8", newline="")
    (target / "findings.pdf").write_bytes(handout.findings_pdf(ledger))
    (target / PICTURE).write_bytes(handout.social_png(ledger))


def csv_to_json(table: str) -> str:
    """Return a CSV table as a JSON list of objects; values stay the strings that they are."""
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    """Write the tables that the command line names, or end with the message of what was refused."""
    from secondlook.paper.reading import DataError

    published, target = map(Path, sys.argv[1:])
    try:
        write(published, target)
    except DataError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()

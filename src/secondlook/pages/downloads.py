"""What this project adds to its build: the check before it, the audit that kernels share, the files for download.

``python -m secondlook.pages.downloads PUBLISHED FOLDER [COHORT]`` writes the tables, as the command line would.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from secondlook.audit import Ledger

PICTURE = "social.png"
NUMBERS = "numbers.js"
#: Below data: invented patients only. Somebody's records are not for download.
INVENTED = ("cohort/synthetic.csv", "teaching/*.csv", "teaching/README.md", "teaching/estimates.*")
NOT_OFFERED = shutil.ignore_patterns(".*", "__pycache__", "*.tmp", "*.swp")


def check(root: Path, parameters: Mapping[str, object]) -> None:
    """Refuse a data folder that is not there, an impossible level, and a malformed file of patients.

    Raises
    ------
    ValueError
        With a message for the user.
    """
    published, cohort = root / str(parameters["published"]), str(parameters["cohort"])
    if not published.is_dir():
        raise ValueError(f"{parameters['published']}: no such folder of published tables")
    if cohort and not (root / cohort).is_file():
        raise ValueError(f"{cohort}: no such cohort file")
    if not 0 < float(parameters["alpha"]) < 1:
        raise ValueError(f"alpha is {parameters['alpha']}; it must lie between 0 and 1")
    # Without a layout there is nothing to hold the patients against; the first notebook says that it is missing.
    if cohort and (published / "layout.toml").is_file():
        _check_cohort(root / cohort, published)


def _check_cohort(cohort: Path, published: Path) -> None:
    from secondlook.cohort.records import load
    from secondlook.paper.reading import DataError

    try:
        load(cohort, published)
    except DataError as error:
        raise ValueError(str(error)) from error


def prepare(parameters: Mapping[str, object]) -> None:
    """Audit the paper once, for all notebooks whose kernels are forked from this process."""
    from secondlook.pages.look import audited

    audited(str(parameters["published"]), str(parameters["cohort"]))


def lay(root: str, parameters: Mapping[str, object], folder: str) -> None:
    """Lay what pages offer for download, where the staged book has it: the data, tables made from them, a picture.

    Raises
    ------
    ValueError
        With the message of what the audit refused.
    """
    from secondlook.paper.reading import DataError

    published, data = Path(root, str(parameters["published"])), Path(folder, "data")
    for place in {published, Path(root, "data", "companion")}:
        if place.is_dir():
            name = "published" if place == published else place.name
            shutil.copytree(place, data / name, ignore=NOT_OFFERED)
    for pattern in INVENTED:
        for file in Path(root, "data").glob(pattern):
            place = data / file.parent.name / file.name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, place)
    if any(published.glob("table-*.csv")):
        try:
            write(published, data, Path(root, cohort) if (cohort := str(parameters["cohort"])) else None)
        except DataError as error:
            raise ValueError(f"tables of {published.name}: {error}") from error
        static = Path(folder, "book", "_static")
        static.mkdir(parents=True)
        for name in (PICTURE, NUMBERS):
            (data / name).rename(static / name)


def write(published: Path, target: Path, cohort: Path | None = None) -> None:
    """Write registry, ledger, corrections, the page of findings, the map as a picture and what search needs.

    Of records in `cohort` there is in them what they say of each printed number.
    """
    from secondlook import audit
    from secondlook.cohort import records
    from secondlook.corrections import to_csv
    from secondlook.pages import handout, letter
    from secondlook.paper.registry import load, long_form

    registry = load(published)
    ledger = audit.audit(registry, records.load(cohort, published) if cohort else None)
    values = long_form(registry)
    texts = {
        "values.csv": values,
        "values.json": csv_to_json(values),
        "ledger.csv": audit.to_csv(ledger),
        "ledger.json": audit.to_json(ledger),
        "corrections.csv": to_csv(ledger),
        "answer-form.csv": letter.form_csv(ledger),
        "letter-to-the-authors.md": letter.letter(ledger),
        NUMBERS: numbers_js(ledger),
    }
    for name, text in texts.items():
        (target / name).write_text(text, encoding="utf-8", newline="")
    (target / "findings.pdf").write_bytes(handout.findings_pdf(ledger))
    (target / PICTURE).write_bytes(handout.social_png(ledger))


def numbers_js(ledger: Ledger) -> str:
    """Return every printed text that holds a numeral, for the search field: ``[printed, id, place, verdict]`` each."""
    found = [[v.printed, v.id, v.place, ledger.verdicts[v.id]] for v in ledger.registry if re.search(r"\d", v.printed)]
    return f"window.secondLookNumbers = {json.dumps(found, ensure_ascii=False, separators=(',', ':'))};\n"


def csv_to_json(table: str) -> str:
    """Return a CSV table as a JSON list of objects; values stay the strings that they are."""
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    write(*map(Path, sys.argv[1:]))

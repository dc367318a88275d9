"""The commands ``secondlook cohort …``. Modules are imported inside the commands."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import click

from secondlook.cli import LazyGroup, deliver, load_registry, out_option, published_option


class CohortGroup(LazyGroup):
    """The commands about files of patients; those of other modules stand here as name → ``module:attribute``."""

    lazy: ClassVar[dict[str, str]] = {}


@click.group(cls=CohortGroup)
def cohort() -> None:
    """Hold files of patients, real or invented, against the printed statistics."""


@cohort.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@published_option
@out_option
@click.option("--format", "form", type=click.Choice(["table", "csv"]), default="table", show_default=True)
def verify(file: Path, published: Path, out: Path | None, form: str) -> None:
    """Print what the patients of FILE print beside what the paper prints, number by number.

    A statistic counts as attained when lifelines and this package's own fits both print it (ties by Efron's method,
    log-log band). Misses are in units of the last digit.
    """
    registry, codes = _registry_and_codes(published)
    from secondlook.cohort import records, verify
    from secondlook.reading import DataError

    try:
        patients = records.read(file, registry, codes)
    except DataError as error:
        raise click.ClickException(str(error)) from error
    results = verify.verify(patients)
    deliver(verify.to_csv(results) if form == "csv" else verify.to_table(results, patients), out)


@cohort.command()
@published_option
@out_option
def targets(published: Path, out: Path | None) -> None:
    """Print the statistics that patients should print, with the columns that each is computed from (CSV)."""
    registry, codes = _registry_and_codes(published)
    from secondlook.cohort.targets import to_csv

    deliver(to_csv(registry, codes), out)


def _registry_and_codes(published: Path):
    """Load a data folder and its cohort.toml, or end with the error message."""
    registry = load_registry(published)
    from secondlook.cohort.codes import load
    from secondlook.reading import DataError

    try:
        return registry, load(published, registry)
    except DataError as error:
        raise click.ClickException(str(error)) from error

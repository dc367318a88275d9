"""The commands ``secondlook cohort …``. Modules are imported inside the commands."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import click

from secondlook.cli.main import LazyGroup, deliver, load_registry, out_option, published_option


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
@click.option("--ties", type=click.Choice(["efron", "breslow"]), help="This way of taking ties only.")
@click.option("--band", type=click.Choice(["log-log", "log", "symmetric"]), help="This way to a median's limits only.")
def verify(file: Path, published: Path, out: Path | None, form: str, ties: str | None, band: str | None) -> None:
    """Print what the patients of FILE print beside what the paper prints, number by number.

    All ways in which programs compute such numbers are tried: ties by Efron's method (R) and Breslow's (SPSS, SAS,
    Stata), limits of medians by the log-log band (SAS), the log band (R) and as median ± 1.96 SE (SPSS). The usual way,
    Efron's with the log-log band, counts when lifelines and this package's own fits both print the number. Where cells
    are empty, each number is taken of those of whom it is known, and of those of whom everything is. Misses are in
    units of the last digit and as a share of the printed number.
    """
    registry, codes = _registry_and_codes(published)
    from secondlook.cohort import records, verify
    from secondlook.paper.reading import DataError

    try:
        patients = records.read(file, registry, codes)
    except DataError as error:
        raise click.ClickException(str(error)) from error
    found = verify.tried(patients, ties, band)
    deliver(verify.to_csv(found.results) if form == "csv" else verify.to_table(found, patients), out)


@cohort.command()
@published_option
@out_option
def targets(published: Path, out: Path | None) -> None:
    """Print the statistics that patients should print, with the columns that each is computed from (CSV)."""
    registry, codes = _registry_and_codes(published)
    from secondlook.cohort.targets import to_csv

    deliver(to_csv(registry, codes), out)


@cohort.command("import")
@click.argument("export", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--map", "told", type=click.Path(path_type=Path, dir_okay=False), help="How its columns become ours.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file of patients to write."
)
@published_option
def import_(export: Path, told: Path | None, out: Path, published: Path) -> None:
    """Make a file of patients of EXPORT: CSV in any usual form, .xlsx, SPSS .sav or Stata .dta.

    A file in the columns of the codebook needs no map; for another, `secondlook cohort map` proposes one. Everything
    that is wrong is said at once, and nothing is written then. Workbooks, SPSS and Stata need the extra `import`.
    """
    registry, codes = _registry_and_codes(published)
    from secondlook.cohort import exports, mapping, records
    from secondlook.paper.reading import DataError

    if out.exists() and out.samefile(export):
        raise click.ClickException(f"{out} is the export itself: give another name to the file of patients")
    try:
        given = mapping.load(told) if told else None
        sheet = exports.read(export, given.options if given else None)
        made = mapping.make(sheet, given or mapping.of_contract(sheet, codes, registry), registry, codes)
        patients = records.write(out, records.of_rows(made.rows, registry, codes).frame, registry, codes)
    except DataError as error:
        raise click.ClickException(str(error)) from error
    click.echo("\n".join([*made.notes, *records.said_of(patients)]))
    click.echo(f"{out} is written. Next: secondlook cohort verify '{out}'")


@cohort.command("map")
@click.argument("export", type=click.Path(path_type=Path, dir_okay=False))
@published_option
@out_option
def map_(export: Path, published: Path, out: Path | None) -> None:
    """Propose how the columns of EXPORT become those of a file of patients, to be read and edited (TOML)."""
    registry, codes = _registry_and_codes(published)
    from secondlook.cohort import exports, proposal
    from secondlook.paper.reading import DataError

    try:
        deliver(proposal.propose(exports.read(export), registry, codes), out)
    except DataError as error:
        raise click.ClickException(str(error)) from error


def _registry_and_codes(published: Path):
    """Load a data folder and its cohort.toml, or end with the error message."""
    registry = load_registry(published)
    from secondlook.cohort.columns import load
    from secondlook.paper.reading import DataError

    try:
        return registry, load(published, registry)
    except DataError as error:
        raise click.ClickException(str(error)) from error


seed_option = click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Seed of all random draws."
)
jobs_option = click.option(
    "--jobs", type=click.IntRange(min=1), default=2, show_default=True, help="Processes at a time."
)
state_option = click.option(
    "--state",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder where work is saved, and resumed from; a private one.",
)


@cohort.command()
@published_option
@seed_option
@click.option(
    "--minutes", type=click.FloatRange(min=0.01), default=30.0, show_default=True, help="Time for the search."
)
@jobs_option
@state_option
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file of patients to write."
)
def search(published: Path, seed: int, minutes: float, jobs: int, state: Path | None, out: Path) -> None:
    """Seek invented patients who print what the paper prints, and write them to a file.

    Needs the extra `search` (joblib, numba).
    """
    registry, codes = _registry_and_codes(published)
    searching = _compiled("search")
    from lookalike.problem import SearchError
    from secondlook.cohort import records, verify

    try:
        found = searching.search(
            registry, codes, seed, minutes * 60, jobs, state, lambda words: click.echo(words, err=True)
        )
    except SearchError as error:
        raise click.ClickException(str(error)) from error
    patients = records.write(out, found.frame, registry, codes, places=2)
    click.echo("\n".join(verify.summary(verify.verify(patients), registry)))
    click.echo(f"{found.moves:,} moves in {found.seconds / 60:.1f} minutes", err=True)


@cohort.command()
@published_option
@seed_option
@click.option("--count", type=click.IntRange(min=1), default=200, show_default=True, help="Cohorts wanted.")
@click.option("--steps", type=click.IntRange(min=1), default=2000, show_default=True, help="Steps at most.")
@click.option(
    "--start", "starts", type=click.Path(path_type=Path, dir_okay=False, exists=True), required=True, multiple=True,
    help="Invented patients to start from: a file of them, or an ensemble (.csv.gz); may be given several times.",
)  # fmt: skip
@state_option
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file to write (CSV, gzip)."
)
def ensemble(
    published: Path, seed: int, count: int, steps: int, starts: tuple[Path, ...], state: Path | None, out: Path
) -> None:  # fmt: skip
    """Make many cohorts from some that are known, and write them to one file; another says what each attains.

    Each has the printed counts, medians and log-rank p, and most numbers of the models. Needs the extra `search`.
    """
    registry, codes = _registry_and_codes(published)
    making = _compiled("ensemble")
    from lookalike.problem import SearchError
    from secondlook.cohort import records
    from secondlook.cohort.beyond import members
    from secondlook.paper.reading import DataError
    from secondlook.writing import write_whole

    try:
        many = [file.suffix == ".gz" for file in starts]
        known = [one for file, gz in zip(starts, many, strict=True) if gz for one in members(file, registry, codes)]
        known += [records.read(file, registry, codes) for file, gz in zip(starts, many, strict=True) if not gz]
        found = making.ensemble(
            registry, codes, [one.frame for one in known], count, seed, steps, state,
            lambda growing: click.echo(f"step {growing.steps}: {len(growing.members)} cohorts", err=True),
        )  # fmt: skip
    except (SearchError, DataError) as error:
        raise click.ClickException(str(error)) from error
    if not found:
        raise click.ClickException("no cohort prints enough and is believed")
    write_whole(out, making.packed(making.joined(found, codes)))
    write_whole(out.with_name(f"{out.name.partition('.')[0]}-attained.csv"), making.attained(found))
    click.echo(making.summary(found))


def _compiled(name: str):
    """Import a module of the search, or say which extra it needs."""
    import importlib

    try:
        return importlib.import_module(f"lookalike.{name}")
    except ModuleNotFoundError as error:
        if error.name not in {"joblib", "numba", "llvmlite"}:
            raise
        message = "the search needs joblib and numba: install the extra `secondlook[search]`"
        raise click.ClickException(message) from error

"""The command line: ``secondlook values``, ``secondlook audit``, ``secondlook build``, …

Modules are imported inside the commands, so that ``secondlook --help`` and a build with nothing to do stay fast.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import ClassVar

import click

from secondlook import __version__

#: Where a command keeps that it was told so.
AS_THEY_ARE = "secondlook.decimals_as_they_are"
#: Verdicts that `--fail-on` may name, the mildest first; a worse one fails too.
FAILING = ("query", "inconsistent", "decision")


def published_option(command):
    """Add the option of the data folder, and the one that takes its decimals as they are."""
    command = click.option(
        "--decimals-as-they-are",
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=lambda ctx, _, value: ctx.meta.update({AS_THEY_ARE: value}),
        help="Take the folder though none of its decimals ends in 0: the paper prints so.",
    )(command)
    return click.option(
        "--published",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path("data/published"),
        show_default=True,
        help="Folder with layout.toml and the paper's tables.",
    )(command)


out_option = click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write instead of the terminal."
)


cohort_option = click.option(
    "--cohort", type=click.Path(path_type=Path, dir_okay=False), help="Patients' records to hold the paper against too."
)


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is used."""

    lazy: ClassVar[dict[str, str]] = {
        "check": "secondlook.cli.check:check",
        "cohort": "secondlook.cli.cohort:cohort",
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted({*super().list_commands(ctx), *self.lazy})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return a command, imported if it is a lazy one."""
        if name not in self.lazy:
            return super().get_command(ctx, name)
        module, _, attribute = self.lazy[name].partition(":")
        return getattr(__import__(module, fromlist=[attribute]), attribute)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="secondlook")
def main() -> None:
    """Recompute the numbers that a clinical paper prints and say which of them hold."""


def load_registry(folder: Path):
    """Load a data folder or end with its error message."""
    from secondlook.paper.reading import DataError
    from secondlook.paper.registry import load

    try:
        registry = load(folder)
    except DataError as error:
        raise click.ClickException(str(error)) from error
    _refuse_resaved(registry, folder)
    return registry


def audited(published: Path, cohort: Path | None = None):
    """Return the ledger of a data folder, and of records beside it, or end with the error message."""
    registry = load_registry(published)
    from secondlook import audit as audits

    if cohort is None:
        return audits.audit(registry)
    from secondlook.cohort import columns, records
    from secondlook.paper.reading import DataError

    try:
        patients = records.read(cohort, registry, columns.load(published, registry))
    except DataError as error:
        raise click.ClickException(str(error)) from error
    return audits.audit(registry, patients)


def _refuse_resaved(registry, folder: Path) -> None:
    """Refuse a folder whose decimals a spreadsheet has shortened, or warn where that is less sure."""
    from secondlook.paper.spreadsheet import REFUSED, WARNED, last_decimals

    found = last_decimals(registry)
    if found is None or found.chance >= WARNED or click.get_current_context().meta.get(AS_THEY_ARE):
        return
    said = f"{folder}, {found}"
    if found.chance < REFUSED:
        raise click.ClickException(f"{said}. If the paper prints them so: --decimals-as-they-are")
    click.echo(f"Warning: {said}.", err=True)


def deliver(text: str, out: Path | None) -> None:
    """Print a text, or write it to a file whole or not at all."""
    if out is None:
        click.echo(text, nl=False)
        return
    from secondlook.writing import write_whole

    try:
        write_whole(out, text)
    except OSError as error:
        raise click.ClickException(f"{out}: cannot be written ({error.strerror})") from error


@main.command()
@published_option
@out_option
def values(published: Path, out: Path | None) -> None:
    """Print the registry: every printed number with its id and place (CSV)."""
    from secondlook.paper.registry import long_form

    deliver(long_form(load_registry(published)), out)


@main.command()
@published_option
@out_option
@click.option(
    "--format", "form", type=click.Choice(["csv", "json", "text", "html"]), default="csv", show_default=True,
    help="The ledger as CSV or JSON; its matters as text; all of it as one page of HTML.",
)  # fmt: skip
@click.option("--fail-on", type=click.Choice(FAILING), help="Exit with 2 when a check has this verdict or a worse one.")
@cohort_option
def audit(published: Path, out: Path | None, form: str, fail_on: str | None, cohort: Path | None) -> None:
    """Print the ledger: every check with its verdict."""
    ledger = audited(published, cohort)
    deliver(_as(form, ledger), out)
    if fail_on and any(check.verdict in FAILING[FAILING.index(fail_on) :] for check in ledger.checks):
        sys.exit(2)


def _as(form: str, ledger) -> str:
    """Return a ledger in one of the formats."""
    if form == "html":
        from secondlook.pages.findings import page

        return page(ledger)
    if form == "text":
        from secondlook.corrections import to_text

        return to_text(ledger)
    from secondlook import audit as audits

    return audits.to_csv(ledger) if form == "csv" else audits.to_json(ledger)


@main.command()
@published_option
@out_option
@cohort_option
def corrections(published: Path, out: Path | None, cohort: Path | None) -> None:
    """Print the suggested corrections, one line each (CSV)."""
    ledger = audited(published, cohort)
    from secondlook.corrections import to_csv

    deliver(to_csv(ledger), out)


@main.command()
@published_option
@click.option("--check", is_flag=True, help="Only say whether the file is up to date; write nothing.")
def datapackage(published: Path, check: bool) -> None:
    """Write datapackage.json (Frictionless) beside the data, made from the schema."""
    registry = load_registry(published)
    from secondlook.paper.codebook import datapackage_json

    text, path = datapackage_json(registry, published), published / "datapackage.json"
    if check and (not path.exists() or path.read_text(encoding="utf-8") != text):
        raise click.ClickException(f"{path} is not what the schema gives: run `secondlook datapackage`")
    if not check:
        deliver(text, path)


if __name__ == "__main__":
    main()

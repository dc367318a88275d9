"""The commands ``build`` and ``pairs``: they read options, call the build, and turn its errors into one message."""

from __future__ import annotations

import functools
import os
import signal
import sys
from pathlib import Path

import click

from bookpress.errors import BuildError, told
from bookpress.paths import Project


def one_message(function):
    """Print what a build died of as one message and exit with status 1, without a traceback.

    That is a :class:`BuildError`, or what the system refused: no permission, no space, a file that is gone.
    """

    @functools.wraps(function)
    def wrapped(*arguments, **options):
        try:
            return function(*arguments, **options)
        except BuildError as error:
            message = str(error)
        except OSError as error:
            message = told(error)
        click.echo(f"error: {message}", err=True)
        raise SystemExit(1)

    return wrapped


def as_parameter(path: str, project: Project) -> str:
    """Return a path from the command line as notebooks need it: from the project's root, or absolute if outside."""
    if not path:
        return path
    resolved = Path(path).expanduser().resolve()
    inside = resolved.is_relative_to(project.root)
    return resolved.relative_to(project.root).as_posix() if inside else str(resolved)


class WithParameters(click.Command):
    """A command that also takes the project's parameters as options, each of the kind of its default value."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the options of the command and those of the project."""
        return [*super().get_params(ctx), *(self._option(*pair) for pair in self.defaults().items())]

    @staticmethod
    def defaults() -> dict[str, object]:
        """Return the project's parameters with their defaults; none where it is malformed, as is told later."""
        try:
            return dict(Project.find().settings.parameters)
        except BuildError:
            return {}

    @staticmethod
    def _option(name: str, default: object) -> click.Option:
        return click.Option(
            [f"--{name}", f"parameter_{name}"],
            type=type(default),
            help=f"Parameter of the notebooks; {default!r} if not given.",
        )


@click.command(cls=WithParameters)
@click.option("--jobs", default=min(2, os.cpu_count() or 1), show_default=True, type=click.IntRange(1, 64))
@click.option("--timeout", metavar="SECONDS", type=click.IntRange(1), help="Limit for each cell.")
@click.option("--notebook", metavar="NAME", help="Execute this notebook alone and build no book.")
@click.option("--force", is_flag=True, help="Forget all cached results first.")
@click.option("--plain-kernels", "plain", is_flag=True, help="Start each kernel as a new process: slower, no forks.")
@click.option("--repository", "url", default="", metavar="ADDRESS", help="Where the repository lies, for buttons.")
@one_message
def build(jobs: int, notebook: str | None, force: bool, timeout: int | None, plain: bool, url: str, **given) -> None:
    """Execute the notebooks whose content changed and build the book into _build/html."""
    from bookpress import build as steps
    from bookpress import repository

    end_well_when_told_to_end()
    project = Project.find()
    parameters = {name.removeprefix("parameter_"): value for name, value in given.items() if value is not None}
    for name in project.settings.paths:
        if name in parameters:
            parameters[name] = as_parameter(parameters[name], project)
    options = {"say": click.echo, "plain": plain, "timeout": timeout, "at": repository.of(project, url)}
    if notebook:
        steps.build_notebook(project, notebook, parameters, **options)
    else:
        steps.build(project, parameters, workers=jobs, force=force, **options)


def end_well_when_told_to_end() -> None:
    """Let SIGTERM end the build as Ctrl-C does: with what it started ended and what it left removed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; exit 1 if a pair has drifted.")
@click.option("--from", "name", metavar="NAME", help="Take what was edited in this .ipynb into its .py first.")
@one_message
def pairs(check: bool, name: str | None) -> None:
    """Make each notebook's .ipynb from its .py, without outputs."""
    from bookpress import pairs as steps
    from bookpress import takeover
    from bookpress.build import find_source

    project = Project.find()
    if name:
        takeover.take(project, find_source(project, name), say=click.echo)
    if check:
        steps.check(project)
        click.echo("notebook pairs agree")
    elif not steps.write(project, say=click.echo):
        click.echo("notebook pairs agree")

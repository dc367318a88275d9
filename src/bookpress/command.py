"""The commands ``build`` and ``pairs``: they read options, call the build, and turn its errors into one message."""

from __future__ import annotations

import functools
import os
from pathlib import Path

import click

from bookpress.build import DEFAULTS, BuildError, shown
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
            places = [shown(Path(os.fsdecode(name))) for name in (error.filename, error.filename2) if name]
            message = f"{' → '.join(places)}: {error.strerror}" if places else str(error)
        click.echo(f"error: {message}", err=True)
        raise SystemExit(1)

    return wrapped


def as_parameter(path: str, project: Project) -> str:
    """Return a path from the command line as notebooks need it: from the project's root, or absolute if outside."""
    if not path or path == DEFAULTS["published"]:
        return path
    resolved = Path(path).expanduser().resolve()
    inside = resolved.is_relative_to(project.root)
    return resolved.relative_to(project.root).as_posix() if inside else str(resolved)


@click.command()
@click.option("--published", default=DEFAULTS["published"], metavar="DIR", help="Folder with the paper's tables.")
@click.option("--cohort", default="", metavar="FILE", help="Patients' records of the cohort's shape.")
@click.option("--alpha", default=0.05, show_default=True, type=float, help="Level of significance.")
@click.option("--jobs", default=min(2, os.cpu_count() or 1), show_default=True, type=click.IntRange(1, 64))
@click.option("--timeout", metavar="SECONDS", type=click.IntRange(1), help="Limit for each cell.")
@click.option("--notebook", metavar="NAME", help="Execute this notebook alone and build no book.")
@click.option("--force", is_flag=True, help="Forget all cached results first.")
@click.option("--plain-kernels", "plain", is_flag=True, help="Start each kernel as a new process: slower, no forks.")
@one_message
def build(published: str, cohort: str, alpha: float, jobs: int, notebook: str | None, **options) -> None:
    """Execute the notebooks whose content changed and build the book into _build/html."""
    from bookpress import build as steps

    project = Project.find()
    paths = {"published": as_parameter(published, project), "cohort": as_parameter(cohort, project)}
    parameters = {**paths, "alpha": alpha}
    if notebook:
        del options["force"]
        steps.build_notebook(project, notebook, parameters, say=click.echo, **options)
    else:
        steps.build(project, parameters, workers=jobs, say=click.echo, **options)


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; exit 1 if a pair has drifted.")
@one_message
def pairs(check: bool) -> None:
    """Make each notebook's .ipynb from its .py, without outputs."""
    from bookpress import pairs as steps

    project = Project.find()
    if check:
        steps.check(project)
        click.echo("notebook pairs agree")
    elif not steps.write(project, say=click.echo):
        click.echo("notebook pairs agree")

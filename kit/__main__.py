"""`python -m kit` makes `_build/kit` from the built book; `python -m kit link` lets the teacher's guide lead there."""

from __future__ import annotations

import shutil
import sys
from html import escape
from pathlib import Path
from string import Template

import nbformat

from bookpress.errors import BuildError
from bookpress.paths import Project
from bookpress.site import swap
from kit import book, decks, papers, typeset
from kit.source import Source
from secondlook.paper.registry import load

#: What a chapter needs to run, from the checkout: folders whole, and files.
NEEDED = ("src", "data", ".binder", "book")
FILES = (
    "pyproject.toml",
    "requirements.txt",
    "README.md",
    "LICENSE",
    "LICENSE-text.md",
    "_config.yml",
    "bench/results.json",
)
WITH_BUTTONS = (
    "The buttons at the top of a chapter open it in Colab or Binder, by a network (and, for Colab, an account)."
)
WITHOUT_BUTTONS = "This book knows no address of its repository, so it has no buttons for Colab or Binder."
RUN = """\
How to run these notebooks, in this folder (Python 3.11 to 3.13):

    python3 -m venv plain
    plain/bin/pip install -r requirements.txt jupyterlab
    plain/bin/jupyter lab notebooks

On Windows the last two lines begin with plain\\Scripts\\ instead of plain/bin/.
"""


def slides(source: Source, guide: str, folder: Path) -> list[Path]:
    """Write the decks of the plans and of the chapters that teach a method; return the PDFs."""
    folder.mkdir()
    chapters = (decks.chapter(source, name, folder) for name in source.chapters if "40" <= name[:2] <= "79")
    return [typeset.write(folder / f"{deck.name}.typ", deck.source()) for deck in (*decks.plans(guide), *chapters)]


def on_paper(source: Source, guide: str, folder: Path) -> list[Path]:
    """Write hand-out, marking scheme and data dictionary; return the PDFs."""
    folder.mkdir()
    root = source.project.root
    registry = load(root / "data" / "published")
    rows = papers.dictionary(root, registry)
    (folder / "data-dictionary.csv").write_text(papers.dictionary_csv(rows), encoding="utf-8", newline="")
    texts = {
        "handout": ("Can these numbers be true?", papers.handout(source, registry, guide)),
        "marking-scheme": ("Marking scheme", papers.marking(guide)),
        "data-dictionary": ("Data dictionary", papers.dictionary_text(rows)),
    }
    return [typeset.write(folder / f"{name}.typ", typeset.paper(*text)) for name, text in texts.items()]


def notebooks(source: Source, folder: Path) -> None:
    """Write each chapter with exercises twice, and a zip with all that the students' ones need to run."""
    root, students = source.project.root, []
    for kind, solved in (("students", False), ("instructors", True)):
        (folder / kind).mkdir(parents=True)
        for name in source.chapters:
            text = nbformat.writes(source.notebook(name, solved)) + "\n"
            (folder / kind / f"{name}.ipynb").write_text(text, encoding="utf-8", newline="")
            if not solved:
                students.append((f"second-look/notebooks/{name}.ipynb", text.encode()))
    needed = [file for name in NEEDED for file in book.folder(root / name, f"second-look/{name}")]
    needed += [(f"second-look/{name}", (root / name).read_bytes()) for name in FILES]
    book.pack(folder / "students.zip", [*students, *needed, ("second-look/HOW-TO-RUN.txt", RUN.encode())])


def index(source: Source, folder: Path) -> str:
    """Return the page that lists the kit, which says first what works in a room where nothing can be installed."""

    def listed(*patterns: str) -> str:
        lines = (
            f'<li><a href="{file.relative_to(folder).as_posix()}">{escape(file.name)}</a> ({_size(file)} kB)</li>'
            for pattern in patterns
            for file in sorted(folder.glob(pattern))
        )
        return f"<ul>{''.join(lines)}</ul>"

    page = Template(Path(__file__).with_name("index.html").read_text(encoding="utf-8"))
    return page.substitute(
        colab=WITH_BUTTONS if source.now.repository.url else WITHOUT_BUTTONS,
        book=listed("*.zip"),
        slides=listed("slides/*.pdf"),
        paper=listed("paper/*.pdf"),
        data=listed("data/*.csv", "paper/*.csv"),
        zip=listed("notebooks/*.zip"),
        students=listed("notebooks/students/*.ipynb"),
        instructors=listed("notebooks/instructors/*.ipynb"),
    )


def _size(file: Path) -> str:
    return f"{max(1, round(file.stat().st_size / 1000)):,}"


def make(project: Project) -> Path:
    """Make the kit in a fresh folder, which then takes the last one's place; return it."""
    source = Source(project)
    target, fresh = project.output / "kit", project.output / "kit.part"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    guide = source.plain((project.book / "teachers-guide.md").read_text(encoding="utf-8"))
    pdfs = [*slides(source, guide, fresh / "slides"), *on_paper(source, guide, fresh / "paper")]
    notebooks(source, fresh / "notebooks")
    (fresh / "data").mkdir()
    for file in ("cohort/synthetic.csv", *(f"teaching/{name}.csv" for name in ("patients", "whole", "scans", "draws"))):
        shutil.copyfile(project.root / "data" / file, fresh / "data" / Path(file).name)
    book.pack(fresh / "second-look-book.zip", book.pages(project))
    (fresh / "index.html").write_text(index(source, fresh), encoding="utf-8", newline="")
    book.mark(project, fresh)
    swap(fresh, target)
    print(f"the kit: {len(pdfs)} PDFs, {len(source.chapters)} notebooks twice, the book: {target / 'index.html'}")
    return target


def main() -> None:
    """Do what the command line asks."""
    project = Project.find()
    try:
        if sys.argv[1:] != ["link"]:
            make(project)
        book.link(project)
    except BuildError as problem:
        raise SystemExit(str(problem)) from problem


if __name__ == "__main__":
    main()

"""The edition of a notebook for JupyterLab, Colab and editors, made beside the one that the book's builder reads.

Its text is plain Markdown: what the builder would put in is there in words, or, where nothing has been executed, the
name of what is computed, which leads to the cell that does it. What the book hides is folded; captions stand below
figures.
Cells tagged ``guard``, in which a build makes sure that the text is true, are left out: a reader may change numbers.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import quote

from bookpress import citations
from bookpress import settings as project_settings
from bookpress.errors import BuildError
from bookpress.markdown import Page, inline, plain, titled
from bookpress.paths import LANDING, Project

HIDDEN = {"remove-cell", "hide-cell", "hide-input", "remove-input"}
GUARD = "guard"
#: JupyterLab's mark of a heading below which all is folded
FOLDED = "jp-MarkdownHeadingCollapsed"
GLUE = "application/papermill.record/"
KEPT = ("tags", "jupyter", "slideshow", "editable", "deletable")
LABEL = re.compile(r"^(?:# )?\(([\w.:-]+)\)=\s*$")
EXERCISE = re.compile(r"^(?:# )?:label: ([\w.:-]+)\s*$")
#: a text, and the heading that ends it
LAST_HEADING = re.compile(r"(.*?)(\n+#{1,6} [^\n]+)?", re.DOTALL)
HEADING = re.compile(r"^(?:# )?#{1,6} (.+)$")
#: what JupyterLab leaves in the address of a heading, beside letters and digits
ANCHOR = "-_.,:;!?'*~"
#: a link of an output to another page of the book
PAGE = re.compile(r'href="(?:[\w.-]+/)*([\w-]+)\.html(#[^"]*)?"')


@dataclass(frozen=True)
class Book:
    """What texts of a project may refer to: its pages, the labels in them and what its own roles say.

    ``address`` is that of the published book, with a final slash, or empty. ``pages`` has, by its name, the folder and
    the title of each page; ``labels``, by label, the page and the heading that follows.
    """

    project: Project
    address: str
    pages: Mapping[str, tuple[str, str]]
    labels: Mapping[str, tuple[str, str]]
    roles: Mapping[str, Callable[[str], str]] = field(default_factory=dict)

    @classmethod
    def of(cls, project: Project, parameters: Mapping[str, object] | None = None, address: str = "") -> Book:
        """Read a project's pages; `parameters` are those of the build, by default the project's own."""
        files = [*sorted(project.notebooks.glob("[0-9][0-9]-*.py")), *sorted(project.book.glob("*.md"))]
        texts = {file: file.read_text(encoding="utf-8") for file in files}
        pages = {file.stem: (file.parent.name, _title(text) or file.stem) for file, text in texts.items()}
        labels = {name: place for file, text in texts.items() for name, place in _labels(file.stem, text)}
        roles = {**STANDARD, **citations.roles(project.book)}
        if project.settings.roles:
            own = project_settings.hook(project.settings.roles, project.packages)
            roles |= own(project.root, {**project.settings.parameters, **(parameters or {})})
        return cls(project, address, pages, labels, roles)

    def meant(self, name: str) -> str:
        """Return the page of a file's name: the landing page for ``index``."""
        return next((page for page in self.pages if page.startswith(LANDING)), name) if name == "index" else name

    def place(self, page: str, label: str = "", heading: str = "") -> str:
        """Return the address of a page, or of a heading on it: in the published book if there is one, else beside."""
        folder = self.pages[page][0]
        if self.address:
            name = "index" if page.startswith(LANDING) else f"{folder}/{page}"
            return f"{self.address}{name}.html{label and f'#{label}'}"
        file = f"{page}.ipynb" if folder == self.project.notebooks.name else f"../{folder}/{page}.md"
        return f"{file}#{quote(heading.replace(' ', '-'), safe=ANCHOR)}" if heading else file


def _title(text: str) -> str:
    found = re.search(r"^(?:# )?# (?!%%)(.+)$", text, re.MULTILINE)
    return found[1] if found else ""


def _labels(page: str, text: str) -> Iterable[tuple[str, tuple[str, str]]]:
    waiting: list[str] = []
    for line in text.splitlines():
        if label := LABEL.match(line):
            waiting.append(label[1])
        elif heading := HEADING.match(line):
            yield from ((name, (page, heading[1])) for name in waiting)
            waiting = []
        elif exercise := EXERCISE.match(line):
            yield exercise[1], (page, "")
    yield from ((name, (page, "")) for name in waiting)


def _shown(text: str) -> str:
    return titled(text)[0]


STANDARD: dict[str, Callable[[str], str]] = {
    "named": lambda key: re.sub(r"[._-]+", " ", key).strip(),
    "term": _shown,
    "abbr": lambda text: text,
    "math": lambda text: f"${text}$",
    "sub": lambda text: f"<sub>{text}</sub>",
    "sup": lambda text: f"<sup>{text}</sup>",
}


class Writer:
    """Makes the edition of one notebook; `executed` says whether values come from its outputs."""

    def __init__(self, book: Book, name: str, notebook, executed: bool) -> None:
        self.book, self.name, self.notebook, self.executed = book, name, notebook, executed
        self.values = dict(_glued(notebook)) if executed else {}
        self.code = [_Named(cell) for cell in notebook.cells if cell.cell_type == "code" and not _guards(cell)]
        roles = {**book.roles, "glue:text": self.value, "glue": self.value, "download": self.download}
        roles |= dict.fromkeys(("ref", "numref", "doc"), self.reference)
        self.page = Page(roles, self.link, self.shown)

    def cells(self) -> list[tuple[object, int | None]]:
        """Return the cells of the edition, each with the number of the cell it was made from (None: added)."""
        made: list[tuple[object, int | None]] = []
        for number, cell in enumerate(self.notebook.cells):
            if _guards(cell):
                continue
            try:
                made += self._text(cell, number) if cell.cell_type == "markdown" else self._code(cell, number)
            except ValueError as problem:
                first = cell.source.strip().splitlines()[0] if cell.source.strip() else ""
                raise BuildError(f"{self.name}: cell {number + 1} ({first[:60]}): {problem}") from problem
        return made

    def _text(self, cell, number: int) -> list[tuple]:
        import nbformat

        went_on = self.page.solving
        made = []
        for text in plain(cell.source, self.page):
            text = self._lead_on(text)
            made.append((_cell(cell, source=self._pointing(text)), number))
        if self.page.solving and not went_on:  # what is run is unfolded: the heading keeps it folded all the same
            fold = nbformat.v4.new_markdown_cell("#### Answer", metadata={FOLDED: True})
            begins = next((i for i, (piece, _) in enumerate(made) if piece.source.startswith("<details>")), len(made))
            made.insert(begins, (fold, None))
        return made

    def _code(self, cell, number: int) -> list[tuple]:
        import nbformat

        made = _cell(cell, source=cell.source)
        if HIDDEN & set(cell.metadata.get("tags", ())) or self.page.solving:
            made.metadata["jupyter"] = {**made.metadata.get("jupyter", {}), "source_hidden": True}
        if self.page.solving:
            made.metadata["jupyter"]["outputs_hidden"] = True
        for output in made.get("outputs", ()):
            self._lead_outputs_on(output)
        caption = cell.metadata.get("mystnb", {}).get("figure", {}).get("caption", "")
        if not caption or cell.cell_type != "code":
            return [(made, number)]
        text = f"**Figure.** {inline(caption, self.page)}"
        below = nbformat.v4.new_markdown_cell(self._pointing(text))
        return [(made, number), (below, None)]

    def _lead_on(self, text: str) -> str:
        """Let links in HTML to other pages of the book lead there from a notebook."""

        def mended(found: re.Match) -> str:
            page = self.book.meant(found[1])
            if page not in self.book.pages:
                return found[0]
            return f'href="{self.book.place(page, (found[2] or "#")[1:])}"'

        return PAGE.sub(mended, text)

    def _lead_outputs_on(self, output) -> None:
        for kind, value in output.get("data", {}).items():
            if kind.endswith("text/html"):
                output["data"][kind] = self._lead_on(value)

    # What roles and links become ------------------------------------------------------------------------------------

    def value(self, text: str) -> str:
        """Return a computed value; without outputs its name, which is then explained below the text."""
        key, _, form = text.partition(":")
        if not self.executed:
            return self._named(key)
        if key not in self.values:
            raise ValueError(f"no output holds {key}")
        said = self.values[key].get("text/plain", "")
        value = ast.literal_eval(said) if said[:1] in "'\"" else said
        return format(float(value), form) if form else value

    def shown(self, key: str) -> str:
        """Return what the directive ``glue`` shows: a table, say."""
        if not self.executed:
            return self._named(key)
        data = self.values.get(key)
        if data is None:
            raise ValueError(f"no output holds {key}")
        return self._lead_on(data.get("text/html", data.get("text/plain", "")))

    def _named(self, key: str) -> str:
        """Return the name of a computed value as a link to the cell that computes it, as JupyterLab spells one."""
        number = self._computing(key)
        if number is None:
            raise ValueError(f"no cell computes {key}")
        return f"[⟨{self.book.roles['named'](key)}⟩](#cell-id={self.code[number].id})"

    def _pointing(self, text: str) -> str:
        """Let a text say which cells compute what it has names for; cells are counted as Jupyter counts their runs."""
        first = 2 if self.book.project.settings.set_up else 1  # the cell that sets up comes before
        numbers = [f"[{n}]" for n, cell in enumerate(self.code, first) if f"](#cell-id={cell.id})" in text]
        if not numbers:
            return text
        *most, last = numbers
        cells = f"cells {', '.join(most)} and {last}" if most else f"cell {last}"
        before, heading = LAST_HEADING.fullmatch(text).groups()
        return f"{before}\n\n*⟨…⟩ is computed when the notebook runs, and then shown below {cells}.*{heading or ''}"

    def _computing(self, key: str) -> int | None:
        told = f"tell_{key.partition('.')[0]}"  # a function that tells several
        ways = (
            lambda cell: key in cell.keywords,
            lambda cell: any(pattern.fullmatch(key) for pattern in cell.patterns),
            lambda cell: any(name.startswith(told) for name in cell.called),
        )
        found = (number for names in ways for number, cell in enumerate(self.code) if names(cell))
        return next(found, None)

    def link(self, target: str) -> tuple[str, str] | None:
        """Return the address and the title of what a link means; None for an address."""
        if "://" in target or target.startswith(("mailto:", "data:")):
            return None
        path, _, anchor = target.partition("#")
        stem = re.sub(r"\.(ipynb|md|py|html)$", "", PurePosixPath(path).name)
        page = self.book.meant(stem)
        if page in self.book.pages:
            return self.book.place(page, anchor), inline(self.book.pages[page][1], self.page)
        label = path or anchor
        if label not in self.book.labels:
            return None
        page, title = self.book.labels[label]
        words = inline(title, self.page)
        place = self.book.place(page, label, words)
        inside = not self.book.address and page == self.name
        return place.removeprefix(f"{page}.ipynb") if inside and "#" in place else place, words or label

    def reference(self, text: str) -> str:
        """Return a reference as a link with its own words or the title of what it means."""
        words, target = titled(text)
        place = self.link(target)
        if place is None:
            return words
        return f"[{words if words != target else place[1]}]({place[0]})"

    def download(self, text: str) -> str:
        """Return a link to a file that lies in the repository; the words alone for one that a build makes."""
        words, target = titled(text)
        return f"[{words}](../{target})" if (self.book.project.root / target).is_file() else words


def _guards(cell) -> bool:
    return GUARD in cell.metadata.get("tags", ())


def _cell(cell, source: str):
    made = copy.deepcopy(cell)
    made.source = source
    made.metadata = type(cell.metadata)({name: cell.metadata[name] for name in KEPT if name in cell.metadata})
    made.pop("attachments", None)
    return made


def _glued(notebook) -> Iterable[tuple[str, dict[str, str]]]:
    """Yield the name of each value that an output holds for the text, with the value by its kind."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            name = output.get("metadata", {}).get("scrapbook", {}).get("name")
            if name:
                yield name, {kind.removeprefix(GLUE): value for kind, value in output["data"].items()}


class _Named:
    """What a code cell names: in calls, and as a text, with places to fill in or without."""

    def __init__(self, cell) -> None:
        self.id = cell.id
        try:
            nodes = list(ast.walk(ast.parse(cell.source)))
        except SyntaxError:  # a cell with a magic
            nodes = []
        self.keywords = {keyword.arg for node in nodes for keyword in getattr(node, "keywords", ())}
        self.called = {node.func.attr for node in nodes if isinstance(getattr(node, "func", None), ast.Attribute)}
        self.patterns = [re.compile(pattern) for node in nodes if (pattern := _pattern(node))]


def _pattern(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        parts = [re.escape(part.value) if isinstance(part, ast.Constant) else ".+" for part in node.values]
        return "".join(parts) if any(part != ".+" for part in parts) else ""
    return re.escape(node.value) if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""

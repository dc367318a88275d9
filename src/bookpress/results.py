"""What an executed notebook may hold: no warning, every declared figure, no trace of the machine or the hour."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from pathlib import Path

from bookpress import pairs
from bookpress.errors import BuildError

MAY_WARN = "allow-stderr"
INJECTED_TAG = "injected-parameters"
#: an object by its place in memory, another in every run
ADDRESS = re.compile(r"<([\w.]+)( object)? at 0x[0-9a-f]+>")
#: what pandas' Styler calls a table: it draws another name in every run
STYLED = re.compile(r"\bT_[0-9a-f]{5}(?=[\"_ {])")
#: where the outermost line of a notebook's code stands in a traceback of IPython, and how many lines about it are shown
FAILED = re.compile(r"Cell In\[\d+\], line (\d+)")
AROUND = 5
COLOUR = re.compile(r"\x1b\[[\d;]*m")


def describe(name: str, notebook, error) -> str:
    """Say which cell of which notebook failed, with its lines about the one that failed, and the error."""
    ordinal = next((i for i, cell in enumerate(notebook.cells, start=1) if cell.source == error.source), None)
    where = f"cell {ordinal} of {len(notebook.cells)}" if ordinal else f"In [{error.exec_count}]"
    trace = COLOUR.sub("", "\n".join(error.traceback))
    found = FAILED.search(trace)
    failed = int(found[1]) if found else 0  # 0: it does not compile, say
    source = "\n".join(
        f"  {'→' if number == failed else ' '} {line}"
        for number, line in enumerate(error.source.splitlines(), start=1)
        if abs(number - max(failed, AROUND + 1)) <= AROUND
    )
    last = trace.strip().splitlines()[-1] if trace.strip() else f"{error.ename}: {error.evalue}"
    message = last if error.ename in last else f"{error.ename}: {error.evalue}"
    return f"{name}: {where} failed{f' at its line {failed}' if failed else ''}\n{source}\n  {message}"


def check(name: str, notebook) -> None:
    """Refuse a warning, which is to be dealt with and not published, and a declared figure that is not there."""
    for ordinal, cell in enumerate(notebook.cells, start=1):
        outputs = cell.get("outputs", ())
        text = "".join(out.text for out in outputs if out.get("name") == "stderr")
        if text and MAY_WARN not in cell.metadata.get("tags", ()):
            raise BuildError(f"{name}: cell {ordinal} wrote to standard error\n    {text.strip()[:800]}")
        if _declares_figure(cell) and not any(
            kind.startswith("image/") for out in outputs for kind in out.get("data", ())
        ):
            raise BuildError(f"{name}: cell {ordinal} declares a figure and shows none")


def _declares_figure(cell) -> bool:
    return bool({"figure", "image"} & set(cell.metadata.get("mystnb", ())))


def clean(name: str, notebook, root: Path):
    """Strip what names the run: papermill's and the kernel's metadata, machine paths, random cell ids."""
    notebook.metadata = type(notebook.metadata)(kernelspec=dict(pairs.KERNEL), language_info={"name": "python"})
    tables: dict[str, str] = {}
    for cell in notebook.cells:
        for word in ("papermill", "execution"):
            cell.metadata.pop(word, None)
        tags = cell.metadata.get("tags", [])
        if INJECTED_TAG in tags:
            cell.metadata["tags"] = [*tags, "remove-cell"]  # no box above the title
            cell.source = _without_folders(cell.source)
        elif not tags:
            cell.metadata.pop("tags", None)
        if "outputs" in cell:
            drawn = "figure" in cell.metadata.get("mystnb", {})
            cell.outputs = joined([output for output in cell.outputs if not _is_echo(output, drawn)])
        for output in cell.get("outputs", ()):
            _scrub(name, output, root)
            _number_tables(output, tables)
    pairs.fix_cell_ids(notebook)
    return notebook


def joined(outputs: Iterable) -> list:
    """Return the outputs with pieces of one stream put together: where a kernel cuts it depends on how fast it runs."""
    found: list = []
    for output in outputs:
        if found and output.output_type == found[-1].output_type == "stream" and output.name == found[-1].name:
            found[-1].text += output.text
        else:
            found.append(output)
    return found


def _is_echo(output, drawn: bool) -> bool:
    """Say whether an output is but what a plotting call returned: a text beside a figure, or an object's address."""
    data = output.get("data", {})
    return set(data) == {"text/plain"} and (drawn or ADDRESS.search(data["text/plain"]) is not None)


def _without_folders(source: str) -> str:
    """Keep of an absolute path in an injected parameter only its name: where a file lay is nobody's business."""
    lines = []
    for line in source.splitlines():
        name, equals, value = line.partition(" = ")
        if equals and value[:2] in {'"/', "'/"}:
            value = f'"{Path(ast.literal_eval(value)).name}"'
        lines.append(name + equals + value)
    return "\n".join(lines)


def _scrub(name: str, output, root: Path) -> None:
    """Replace the project's folder by a dot wherever an output shows it."""
    if "text" in output:
        output["text"] = without_root(name, output["text"], root)
    for kind, value in output.get("data", {}).items():
        if isinstance(value, str) and kind.startswith("text/"):
            output["data"][kind] = without_root(name, ADDRESS.sub(r"<\1>", value), root)
    output.pop("execution_count", None) if output.get("output_type") != "execute_result" else None


def _number_tables(output, tables: dict[str, str]) -> None:
    """Give styled tables numbers for names; `tables` collects the drawn names of a notebook with their numbers."""
    for kind, value in output.get("data", {}).items():
        if kind.endswith("text/html"):
            output["data"][kind] = STYLED.sub(lambda drawn: tables.setdefault(drawn[0], f"T_{len(tables) + 1}"), value)


def without_root(name: str, text: str, root: Path) -> str:
    """Return a text with `root` replaced by a dot wherever it is a path: it begins as one and ends at a boundary.

    ``</code>`` and ``example.org/code`` do not lead to a folder ``/code``. A longer path cannot stand there by
    chance: where it is left over, BuildError says that the notebook `name` shows it.
    """
    path = re.escape(str(root))
    text = re.sub(rf"(?<![\w<./~-]){path}(?![\w~-]|\.\w)", ".", re.sub(rf"(?<=file://){path}(?=/)", ".", text))
    if len(root.parts) > 2 and str(root) in text:
        raise BuildError(f"{name}: an output shows the folder of the project in a way that cannot be replaced")
    return text

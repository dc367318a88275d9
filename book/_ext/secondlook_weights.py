"""What the pages weigh: figures are made lighter, and the weights told where a page has a place for them.

A page weighs what a reader loads for it alone: its HTML and its own pictures. Styles, scripts and the drawing of
formulas are shared, and loaded once.
"""

from __future__ import annotations

import re
import statistics
from pathlib import Path
from urllib.parse import unquote, urlsplit

from secondlook_previews import Found

PLACE = re.compile(r'<p class="sl-weights">.*?</p>', re.DOTALL)
OWN = re.compile(r'<img[^>]*? src="([^":]+)"')
SHARED = re.compile(r'<(?:script|link)[^>]*? (?:src|href)="([^":]+)"')


def lighten(folder: Path) -> None:
    """Make the drawn figures of a folder lighter: no comments, no metadata, coordinates to a hundredth of a point."""
    for path in sorted(folder.glob("*.svg")):
        path.write_text(lighter(path.read_text(encoding="utf-8")), encoding="utf-8")


def lighter(svg: str) -> str:
    """Return an SVG (its letters are paths) with less in it and the same to be seen; doing it twice changes nothing."""
    bare = re.sub(r"<!--.*?-->|<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    spaced = re.sub(r">\s+<", "><", re.sub(r"\s*\n\s*", " ", bare))
    return re.sub(r"-?\d+\.\d{4,}", _shorter, spaced).strip()


def _shorter(number: re.Match) -> str:
    value = float(number[0])
    return f"{value:.2f}".rstrip("0").rstrip(".") if abs(value) >= 1 else f"{value:.4g}"


def fill(folder: Path, pages: dict[str, Found]) -> None:
    """Write the weights of all pages of a folder into the places made for them."""
    texts = {name: (folder / name).read_text(encoding="utf-8") for name in pages}
    places = [name for name, text in texts.items() if PLACE.search(text)]
    if not places:
        return
    said = sentence(folder, texts, {name: page.places.get("", {}).get("title", name) for name, page in pages.items()})
    for name in places:
        text = PLACE.sub(f'<p class="sl-weights">{said}</p>', texts[name])
        (folder / name).write_text(text, encoding="utf-8")


def sentence(folder: Path, texts: dict[str, str], titles: dict[str, str]) -> str:
    """Return the weights in words, from the texts and titles of the pages by their names."""
    weights = {name: len(text.encode()) + _sizes(folder, name, OWN.findall(text)) for name, text in texts.items()}
    heaviest = sorted(weights, key=lambda name: (-weights[name], name))[:3]
    named = ", ".join(f"{titles[name]} ({_kilobytes(weights[name])})" for name in heaviest)
    shared = {link for name in texts for link in _files(folder, name, SHARED.findall(texts[name]))}
    formulas = {file for file in shared if "mathjax" in file.as_posix()}
    return (
        f"The {len(weights)} pages weigh {_kilobytes(statistics.median(weights.values()))} in the middle; "
        f"the heaviest are {named}. What they share, loaded once, weighs "
        f"{_kilobytes(sum(file.stat().st_size for file in shared - formulas))}, and the drawing of formulas another "
        f"{_kilobytes(sum(file.stat().st_size for file in formulas))} on the pages that have some."
    )


def _files(folder: Path, name: str, links: list[str]) -> set[Path]:
    found = {((folder / name).parent / unquote(urlsplit(link).path)).resolve() for link in links}
    return {file for file in found if file.is_file() and file.suffix != ".html"}


def _sizes(folder: Path, name: str, links: list[str]) -> int:
    return sum(file.stat().st_size for file in _files(folder, name, links))


def _kilobytes(size: float) -> str:
    return f"{round(size / 1000):,} kB"

"""Hover previews: what a link to a term, a reference, a figure or a section leads to, carried by the page itself.

A page opened from disk may fetch nothing. So each page holds the texts of what its own links lead to, as JSON, made of
the finished pages; ``previews.js`` shows them. The first mention of a glossary term in a page's prose becomes a link.
"""

from __future__ import annotations

import json
import posixpath
import re
from dataclasses import dataclass, field

from bs4 import BeautifulSoup, NavigableString, Tag

GLOSSARY = "book/glossary.html"
LONGEST = 320  # characters of a preview
#: Glossary entries that are everyday words too: linked only where an author links them.
EVERYDAY = frozenset(
    [
        "alpha",
        "attained",
        "chance",
        "check",
        "coherent",
        "cohort",
        "cycle",
        "decision",
        "denominator",
        "event",
        "evidence",
        "exposed",
        "follow-up",
        "inconsistent",
        "information",
        "interval",
        "matter",
        "order",
        "power",
        "premise",
        "query",
        "R",
        "records",
        "registry",
        "repair",
        "reproduced",
        "restatement",
        "source",
        "suspect",
        "tie",
        "truncated",
        "value",
    ]
)
#: Where a mention is not prose of its own.
NOT_PROSE = ("a", "button", "code", "dt", "figure", "h1", "h2", "h3", "h4", "label", "pre", "summary", "table")
#: Classes of the same: formulas, cards and what scripts make.
NOT_PROSE_CLASSES = {"math", "citation", "sl-card", "sl-map", "sl-tools", "caption", "admonition-title"}

Preview = dict[str, str]


@dataclass
class Found:
    """What one page has: previews of its own places by their ids (the page itself by ""), and its links."""

    name: str
    places: dict[str, Preview] = field(default_factory=dict)
    links: set[str] = field(default_factory=set)


def terms(glossary: BeautifulSoup) -> dict[str, str]:
    """Return the terms of the glossary page that may be linked unasked, with their ids."""
    found = {}
    for head in glossary.select("dl.glossary dt[id]"):
        term = _words(head)
        if term not in EVERYDAY:
            found[term] = head["id"]
    return found


def link_terms(page: BeautifulSoup, name: str, known: dict[str, str]) -> None:
    """Link the first mention of each term in the prose of a page to the glossary."""
    article = page.find("article")
    if not known or article is None or name == GLOSSARY:
        return
    left = {_key(term): anchor for term, anchor in known.items()}
    for link in article.find_all("a", href=re.compile("glossary.html#term-")):
        _forget(left, link["href"].partition("#")[2])
    pattern = _pattern(known)
    glossary = posixpath.relpath(GLOSSARY, posixpath.dirname(name))
    for block in article.find_all(["p", "li"]):
        for text in [piece for piece in block.find_all(string=True) if piece.find_parent(["p", "li"]) is block]:
            if type(text) is NavigableString and not _is_apart(text):
                _link_in(page, text, pattern, left, glossary)


def _link_in(page: BeautifulSoup, text: NavigableString, pattern: re.Pattern, left: dict[str, str], glossary: str):
    pieces, at = [], 0
    for mention in pattern.finditer(text):
        anchor = left.get(_key(mention[1]))
        if anchor is None:
            continue
        _forget(left, anchor)
        link = page.new_tag("a", attrs={"class": "reference internal sl-term", "href": f"{glossary}#{anchor}"})
        link.string = mention[0]
        pieces += [NavigableString(text[at : mention.start()]), link]
        at = mention.end()
    if pieces:
        text.replace_with(*pieces, NavigableString(text[at:]))


def _pattern(known: dict[str, str]) -> re.Pattern:
    """Return what finds a term, the longest first: words with either first letter and a plural, abbreviations as is."""
    words = (
        f"[{term[0].upper()}{term[0].lower()}]{re.escape(term[1:])}" if term[1:].islower() else re.escape(term)
        for term in sorted(known, key=lambda term: (-len(term), term))
    )
    return re.compile(rf"(?<![\w–-])({'|'.join(words)})s?(?![\w–-])")


def _key(term: str) -> str:
    return term[0].lower() + term[1:] if term[1:].islower() else term


def _forget(left: dict[str, str], anchor: str) -> None:
    for term in [term for term, other in left.items() if other == anchor]:
        del left[term]


def _is_apart(text: NavigableString) -> bool:
    for parent in text.parents:
        if parent.name == "article":
            return False
        if parent.name in NOT_PROSE or NOT_PROSE_CLASSES & {*parent.get("class", ())}:
            return True
    return True


# --- what is shown ----------------------------------------------------------------------------------------------------


def collect(page: BeautifulSoup, name: str) -> Found:
    """Return a page's places with their previews, and where its links lead, as addresses inside the book."""
    found = Found(name)
    article = page.find("article")
    if article is None:
        return found
    for place in article.select("section[id], dt[id], div.citation[id], figure[id], div.exercise[id]"):
        found.places[place["id"]] = _preview(place, name)
    for label in article.select("span[id]"):
        around = label.find_parent(["section", "figure"])
        if around is not None and around.get("id"):
            found.places.setdefault(label["id"], _preview(around, name))
    first = article.find("section")
    if first is not None:
        found.places[""] = _preview(first, name)
    for link in article.select("a.reference.internal[href]"):
        if not link.find("img") and ":" not in link["href"]:
            found.links.add(link["href"])
    return found


def _preview(place: Tag, name: str) -> Preview:
    makers = {"dt": _of_term, "div": _of_entry, "figure": _of_figure, "section": _of_section}
    return {key: value for key, value in makers[place.name](place, name).items() if value}


def _of_term(place: Tag, _: str) -> Preview:
    meaning = place.find_next_sibling("dd")
    return {"title": _words(place), "text": _short(_words(meaning) if meaning else "")}


def _of_entry(place: Tag, _: str) -> Preview:
    title = place.find("p", class_="admonition-title")
    body = next((p for p in place.find_all("p") if p is not title), None)
    return {"title": _words(title) if title else "", "text": _short(_words(body) if body else "")}


def _of_figure(place: Tag, name: str) -> Preview:
    image, caption = place.find("img"), place.find("figcaption")
    source = posixpath.normpath(posixpath.join(posixpath.dirname(name), image["src"])) if image else ""
    return {"text": _short(_words(caption) if caption else ""), "image": source}


def _of_section(place: Tag, name: str) -> Preview:
    """Show how a section begins, and its first figure; one of a section inside it is that one's."""
    heading = place.find(["h1", "h2", "h3", "h4"])
    first = place.find("p", recursive=False)
    figure = next((f for f in place.find_all("figure") if f.find("img") and f.find_parent("section") is place), None)
    image = _of_figure(figure, name)["image"] if figure else ""
    return {"title": _words(heading) if heading else "", "text": _short(_words(first) if first else ""), "image": image}


def _words(part: Tag) -> str:
    """Return the words of a part of a page, without the mark that links a heading to itself."""
    return re.sub(r"\s+", " ", part.get_text()).strip().removesuffix("#").strip()


def _short(text: str) -> str:
    """Return a text that fits a preview, cut between words; formulas would be shown as source, so they end it."""
    formula = text.find("\\(")
    cut = text if formula < 0 else text[:formula] + "…"
    return cut if len(cut) <= LONGEST else cut[:LONGEST].rsplit(" ", 1)[0] + " …"


def embed(html: str, own: Found, pages: dict[str, Found]) -> str:
    """Return a page with the previews of its links in it, as JSON before the end of its body."""
    previews = {}
    for href in sorted(own.links):
        path, _, anchor = href.partition("#")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(own.name), path)) if path else own.name
        preview = pages[target].places.get(anchor) if target in pages else None
        if preview and (target != own.name or anchor):
            previews[href] = {**preview, **_image(preview, own.name)}
    if not previews:
        return html
    data = json.dumps(previews, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    start, end, rest = html.rpartition("</body>")
    return f'{start}<script id="sl-previews" type="application/json">{data}</script>\n{end}{rest}'


def _image(preview: Preview, name: str) -> Preview:
    if "image" not in preview:
        return {}
    return {"image": posixpath.relpath(preview["image"], posixpath.dirname(name) or ".")}

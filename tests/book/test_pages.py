"""The built book as a reader has it: from disk and over HTTP, in both schemes, wide and narrow, with no network.

Accessibility is judged by axe-core (vendored, version in its first line). `make test` builds the book first. What a
reader does with a page is in test_pages_used.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import unquote, urlsplit

import pytest
from reader import CONTENT, HTML, PROJECT, SCHEMES, WIDTHS, Visit, all_pages, needed, parsed

from bookpress import repository

pytestmark = pytest.mark.pages
#: a page may weigh so much without the scripts and styles that all share
HEAVIEST = 1_000_000


@pytest.fixture(autouse=True)
def _built() -> None:
    if not (HTML / "index.html").is_file():
        needed("no book in _build/html: make book")


#: the long tables have one shape of row, times hundreds: axe sees the first rows and one of each verdict; of a word of
#: code it sees the first dozen of each kind, which are what gives it its colour
SHORTEN = """words => {
for (const body of document.querySelectorAll('tbody')) {
  const seen = new Set();
  [...body.rows].forEach((row, i) => {
    const kind = row.querySelector('.sl-verdict')?.className;
    if (i >= 25 && (!kind || seen.has(kind))) row.remove();
    seen.add(kind);
  });
}
for (const word of document.querySelectorAll('.highlight pre span:not(.sl-line)')) {
  words[word.className] = (words[word.className] ?? 0) + 1;
  if (words[word.className] > 12) word.replaceWith(...word.childNodes);
}
return words;
}"""

#: What is dressed alike has the same colours, on whichever page: of a kind axe sees the first three of all that one
#: process reads, by all that a style sheet knows of a part, of those around it and of those in it. The outline stays.
ONE_OF_A_KIND = """seen => {
const dress = part => part.tagName + '.' + (part.getAttribute('class') ?? '') + (part.getAttribute('style') ?? '');
const inside = part => [...new Set([...part.querySelectorAll('*')].map(dress))].sort().join();
const short = text => { // two sums of 32 bits: kinds are many and long
  let [a, b] = [7, 11];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    [a, b] = [Math.imul(a, 31) + code | 0, Math.imul(b ^ code, 16777619)];
  }
  return a + '.' + b;
};
const thin = (part, path) => {
  for (const child of [...part.children]) {
    const place = `${path}>${dress(child)}`, kind = short(`${place}(${inside(child)})`);
    seen[kind] = (seen[kind] ?? 0) + 1;
    if (seen[kind] > 3) child.remove();
    else thin(child, place);
  }
};
thin(document.body, '');
return seen;
}"""


COLOURS = ("color-contrast", "link-in-text-block")


@pytest.fixture(scope="module")
def disk(browser) -> Iterator[Visit]:
    """One tab that reads page after page from disk."""
    with Visit(browser, "404.html", "dark", WIDTHS[-1]) as visit:
        yield visit


@pytest.fixture(scope="module")
def seen() -> dict[str, dict[str, int]]:
    """How many axe has seen of each kind of word and of part, on all pages that this process has read."""
    return {SHORTEN: {}, ONE_OF_A_KIND: {}}


@pytest.mark.parametrize("name", all_pages())
def test_a_page_from_disk_is_quiet_whole_and_accessible(disk, seen, name, record_property):
    """Wide in the light by all rules of axe; narrow in the dark by those of colour, which is all that a scheme changes."""
    wide, narrow = WIDTHS
    disk.forget()
    disk.go(name)
    record_property("page", json.dumps({"name": name, "bytes": weight(name), "ms": round(disk.idle())}))
    assert disk.undrawn() == []  # and all is unfolded
    for scheme, width in (("dark", narrow), ("light", wide)):
        disk.dress(scheme, width)
        assert disk.scroll() <= 0, f"the page scrolls sideways at {width} px"
        assert disk.beyond() == [], f"does not fit {width} px"
    seen[SHORTEN] = disk.page.evaluate(SHORTEN, seen[SHORTEN])
    assert disk.violations(without=COLOURS) == []
    assert disk.errors() == []
    assert disk.requests_elsewhere() == []
    seen[ONE_OF_A_KIND] = disk.page.evaluate(ONE_OF_A_KIND, seen[ONE_OF_A_KIND])
    for scheme, width in (("light", wide), ("dark", narrow)):
        disk.dress(scheme, width)
        assert disk.violations(*COLOURS) == [], scheme


@pytest.mark.weekly
@pytest.mark.parametrize("name", all_pages())
def test_a_page_is_accessible_in_every_view_with_all_of_a_kind(browser, name):
    wide, narrow = WIDTHS
    with Visit(browser, name, "dark", wide) as visit:
        assert visit.undrawn() == []  # and all is unfolded
        visit.page.evaluate(SHORTEN, {})
        assert visit.violations(*COLOURS) == []
        for width in WIDTHS:
            visit.dress("light", width)
            assert visit.violations() == []
        visit.dress("dark", narrow)
        assert visit.violations(*COLOURS) == []


def test_what_is_too_pale_in_one_view_alone_is_seen_although_most_of_its_like_are_gone(browser):
    with Visit(browser, "notebooks/20-abstract.html", "dark", WIDTHS[0]) as visit:
        seen = visit.page.evaluate(ONE_OF_A_KIND, {})
        visit.go("notebooks/22-abstract-claims.html")
        visit.page.evaluate(
            """() => {
              const style = document.createElement('style');
              style.textContent = 'html[data-theme=dark] .planted {color: #333 !important}';
              document.head.append(style);
              const seen = [...document.querySelectorAll('article p')].filter(p => p.offsetParent && p.textContent.length > 80);
              seen.at(-3).classList.add('planted');
            }"""
        )
        whole = visit.page.evaluate("document.querySelectorAll('article *').length")
        visit.page.evaluate(ONE_OF_A_KIND, seen)
        assert visit.page.evaluate("document.querySelectorAll('article *').length") < whole / 1.5
        assert "planted" in " ".join(visit.violations(*COLOURS))


@pytest.fixture(scope="module")
def tab(browser, server) -> Iterator[Visit]:
    """One tab that goes from page to page, as a reader's does; what is shared stays in its cache."""
    with Visit(browser, "404.html", "light", WIDTHS[-1], server) as visit:
        yield visit


#: One page of each kind: over HTTP only addresses and the server's answers differ from a page on disk.
KINDS = ["index.html", "notebooks/36-prognostic-factors.html", "notebooks/82-numbers.html", "book/paste-your-own.html",
         "book/glossary.html", "search.html", "404.html"]  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_a_page_over_http_is_quiet_and_whole(tab, name):
    tab.forget()
    tab.dress("light", WIDTHS[-1])
    tab.go(name)
    for scheme, width in zip(SCHEMES, WIDTHS[::-1], strict=True):
        tab.dress(scheme, width)
        assert tab.scroll() <= 0, f"the page scrolls sideways at {width} px, {scheme}"
    assert tab.undrawn() == []
    assert tab.errors() == []
    assert tab.requests_elsewhere() == []


def weight(name: str) -> int:
    """Return the bytes of a page and its own pictures."""
    pictures = {image.attributes["src"] for image in parsed(name).css("article img[src]")}
    files = [HTML / name, *((HTML / name).parent / unquote(src) for src in pictures if ":" not in src)]
    return sum(file.stat().st_size for file in files)


@pytest.mark.parametrize("name", all_pages())
def test_a_page_is_light(name):
    assert weight(name) <= HEAVIEST


# --- without a browser: what stands in the pages ----------------------------------------------------------------------


def hrefs(name: str, selector: str) -> list[str]:
    """Return where the links of a page lead that a selector finds."""
    return [link.attributes["href"] for link in parsed(name).css(selector)]


@cache
def anchors(name: str) -> frozenset[str]:
    """Return all ids of a page."""
    return frozenset(tag.id for tag in parsed(name).css("[id]"))


@pytest.mark.parametrize("name", CONTENT)
def test_every_image_has_alt_text(name):
    images = [image.attributes for image in parsed(name).css("article img")]
    bare = [image["src"] for image in images if len(image.get("alt") or "") < 12 or image["alt"] == image["src"]]
    assert bare == []


@pytest.mark.parametrize("name", CONTENT)
def test_every_link_within_the_book_leads_somewhere(name):
    broken = []
    for link in hrefs(name, "main a[href], nav a[href]"):
        parts = urlsplit(link)
        if parts.scheme or parts.netloc or not (parts.path or parts.fragment):
            continue
        target = ((HTML / name).parent / unquote(parts.path)).resolve() if parts.path else HTML / name
        if not target.exists():
            broken.append(link)
            continue
        of_the_book = target.suffix == ".html" and target.is_relative_to(HTML)  # a kit lies beside it
        inside = anchors(target.relative_to(HTML).as_posix()) if of_the_book else ()
        if parts.fragment and unquote(parts.fragment) not in inside:
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("name", CONTENT)
def test_ids_are_unique(name):
    ids = [tag.id for tag in parsed(name).css("[id]")]
    assert sorted({i for i in ids if ids.count(i) > 1}) == [] if len(ids) < 4000 else len(ids) == len(set(ids))


@pytest.mark.parametrize("name", [name for name in CONTENT if name.startswith("notebooks/")] + ["index.html"])
def test_outputs_are_there(name):
    article = parsed(name).css_first("article")
    outputs = article.css(".cell_output")
    assert any(output.text(strip=True) or output.css_first("img") for output in outputs)
    text = article.text(separator=" ")
    assert not re.search(r"Traceback|<Figure|<Axes|\{glue|Unknown glue|<HTML>|object at 0x", text)


@pytest.mark.parametrize("name", CONTENT)
def test_nothing_names_the_machine(name):
    text = (HTML / name).read_text(encoding="utf-8")
    assert str(PROJECT.root) not in text
    assert not re.search(r"/(home|root|Users)/\w", text)


@pytest.mark.parametrize("name", CONTENT)
def test_numbers_in_tables_stand_on_the_right(name):
    tables = parsed(name).css("article table")
    assert len(tables) == len(parsed(name).css("article .sl-scroll table")), "a table without a container of its own"


def test_launch_edit_issue_and_download_buttons_lead_to_files_that_are_there():
    """On Binder and Colab an executed copy, to edit its source, to download what was executed; a page has no launch button.

    All but the download lead to the repository that the build was given: to nothing where it was given none.
    """
    url = repository.of(PROJECT).url
    name_of = "/".join(url.split("/")[-2:])
    for name in CONTENT:
        links = hrefs(name, ".article-header-buttons a[href]")
        stem = "notebooks/00-overview" if name == "index.html" else name.removesuffix(".html")
        is_notebook = stem.startswith("notebooks/")
        source = f"{stem}.py" if is_notebook else f"{stem}.md"
        launch = [f"https://mybinder.org/v2/gh/{name_of}/executed?urlpath=lab/tree/{stem}.ipynb"]
        launch += [f"https://colab.research.google.com/github/{name_of}/blob/executed/{stem}.ipynb"]
        to_launch = [link for link in links if "mybinder" in link or "colab" in link]
        assert to_launch == (launch if is_notebook and url else [])
        assert (f"{url}/edit/main/{source}" in links) is bool(url)
        assert any("/issues/new?" in link for link in links) is bool(url)
        assert url or not any("://" in link for link in links)
        assert (PROJECT.root / source).is_file()
        assert not is_notebook or (PROJECT.root / f"{stem}.ipynb").is_file()
        [download] = [link for link in links if "_sources/" in link]
        assert ((HTML / name).parent / download).is_file()


@pytest.mark.parametrize("name", CONTENT)
def test_a_shared_link_has_a_title_a_description_and_a_picture(name):
    """Authority: ogp.me, the four required properties."""
    found = [tag.attributes for tag in parsed(name).css('meta[property^="og:"]')]
    tags = {tag["property"]: tag["content"] for tag in found}
    site = tags["og:image"].removesuffix("_static/social.png")
    assert (HTML / "_static" / "social.png").is_file()
    canonical = hrefs(name, 'link[rel="canonical"]')
    pages = repository.of(PROJECT).pages
    assert site == pages
    assert canonical == ([f"{pages}{name}"] if pages else [])
    assert tags.get("og:url", name) == f"{pages}{name}"
    assert tags["og:title"]
    assert len(tags["og:description"]) > 40
    assert tags["og:image:alt"]
    assert ((HTML / name).parent / hrefs(name, 'link[rel="icon"]')[0]).is_file()


def test_no_file_of_the_book_loads_from_elsewhere():
    loading = re.compile(r"""(?:src|href)=["'](?:https?:)?//[^"']+\.(?:js|css|woff2?|png|svg)["']""")
    assert [name for name in all_pages() if loading.search((HTML / name).read_text(encoding="utf-8"))] == []

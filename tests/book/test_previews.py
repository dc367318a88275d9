"""Hover previews: first mentions of terms become links, and each page carries what its links lead to.

Authority: WCAG 2.2, 1.4.13 (content on hover or focus); the browser's part of it is in test_pages.py.
"""

import importlib
import json
import re

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT

GLOSSARY = """<article><section id="glossary"><h1>Glossary<a>#</a></h1><p>Words.</p><dl class="simple glossary">
<dt id="term-hazard-ratio">hazard ratio<a>#</a></dt><dt id="term-HR">HR<a>#</a></dt><dd><p>A ratio of hazards.</p></dd>
<dt id="term-value">value<a>#</a></dt><dd><p>A number.</p></dd>
<dt id="term-mid-p">mid-p<a>#</a></dt><dd><p>Half of <span>\\(p\\)</span> more.</p></dd></dl></section></article>"""


@pytest.fixture(scope="module")
def previews():
    """The local Sphinx extension, which is no part of the package."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "book" / "_ext")
        yield importlib.import_module("secondlook_previews")


def soup(html):
    return BeautifulSoup(html, "html.parser")


def linked(previews, article, name="notebooks/x.html"):
    page = soup(f"<article>{article}</article>")
    previews.link_terms(page, name, previews.terms(soup(GLOSSARY)))
    return page.article.decode_contents()


def test_the_first_mention_is_linked_and_no_other(previews):
    link = '<a class="reference internal sl-term" href="../book/glossary.html#term-hazard-ratio">'
    page = linked(previews, "<p>Two hazard ratios. A hazard ratio.</p><p>Hazard ratio</p>")
    assert page == f"<p>Two {link}hazard ratios</a>. A hazard ratio.</p><p>Hazard ratio</p>"
    assert f"{link}Hazard ratio</a> of" in linked(previews, "<ul><li><em>Hazard ratio</em> of</li></ul>").replace(
        "</em>", ""
    )


@pytest.mark.parametrize(
    "article",
    [
        "<p>a value</p>",
        "<p>CHR, HR-like, and hr</p>",
        "<p><code>HR</code> <a href='#x'>HR</a></p>",
        "<h2>HR</h2>",
        "<table><tr><td><p>HR</p></td></tr></table>",
        '<p><span class="math">HR</span></p>',
        "<p>amid-p</p>",
        '<div class="citation"><p>HR</p></div>',
    ],
    ids=["everyday", "other words", "code and links", "heading", "table", "formula", "part of a word", "reference"],
)
def test_what_is_no_mention_in_prose_is_left_alone(previews, article):
    assert "sl-term" not in linked(previews, article)


def test_an_authors_link_is_the_first_mention(previews):
    page = linked(previews, '<p><a href="../book/glossary.html#term-HR">HR</a></p><p>HR</p>')
    assert page.count("<a ") == 1


def test_the_glossary_does_not_link_to_itself(previews):
    assert "sl-term" not in linked(previews, "<p>HR</p>", "book/glossary.html")


def test_a_page_carries_what_its_links_lead_to(previews):
    article = """<section id="top"><h1>Top<a>#</a></h1><p>First words.</p>
    <figure id="fig-a"><img src="../_images/a.svg" alt="x"><figcaption>A </figcaption></figure>
    <p><a class="reference internal" href="#fig-a">f</a> <a class="reference internal" href="#top">t</a>
    <a class="reference internal" href="../book/glossary.html#term-HR">h</a>
    <a class="reference internal" href="../book/glossary.html#term-mid-p">m</a>
    <a class="reference internal" href="../book/glossary.html">g</a>
    <a class="reference internal" href="nowhere.html">n</a></p></section>"""
    pages = {
        name: previews.collect(soup(html), name)
        for name, html in [("book/glossary.html", GLOSSARY), ("notebooks/x.html", f"<article>{article}</article>")]
    }
    html = previews.embed("<body>x</body>", pages["notebooks/x.html"], pages)
    shown = json.loads(re.search(r'<script id="sl-previews"[^>]*>(.*)</script>\n</body>', html).group(1))
    assert shown == {
        "#fig-a": {"text": "A", "image": "../_images/a.svg"},
        "#top": {"title": "Top", "text": "First words.", "image": "../_images/a.svg"},
        "../book/glossary.html#term-HR": {"title": "HR", "text": "A ratio of hazards."},
        "../book/glossary.html#term-mid-p": {"title": "mid-p", "text": "Half of …"},
        "../book/glossary.html": {"title": "Glossary", "text": "Words."},
    }


def test_a_text_cannot_end_the_script(previews):
    article = '<section id="a"><h1>&lt;/script&gt;</h1></section><a class="reference internal" href="#a">a</a>'
    page = previews.collect(soup(f"<article>{article}</article>"), "x.html")
    html = previews.embed("<body></body>", page, {"x.html": page})
    assert html.count("</script>") == 1
    assert "\\u003c/script>" in html


def test_long_texts_are_cut_between_words(previews):
    short = previews._short("word " * 200)
    assert len(short) <= previews.LONGEST + 2
    assert short.endswith("word …")

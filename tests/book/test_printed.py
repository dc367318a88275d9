"""The role ``printed``: prose quotes the paper by id, wherever MyST takes a role, and an id that is unknown is told."""

import io
import shutil
import sys

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT
from sphinx.application import Sphinx

from secondlook.teaching import told

PAGE = """\
# Of {printed}`t5.afp.multi.hr`

| HR | p |
|---|---|
| {printed}`t5.arm.uni.hr` | {printed}`t5.arm.uni.p` |

:::{admonition} With {printed}`t5.ecog.multi.hr`
In *{printed}`companion.abstract.orr.p`*.
:::
"""
QUOTED = ("t5.afp.multi.hr", "t5.arm.uni.hr", "t5.arm.uni.p", "t5.ecog.multi.hr")


@pytest.fixture
def build(tmp_path, monkeypatch):
    """Return a function that builds one page and returns its HTML and what was warned of."""
    monkeypatch.syspath_prepend(str(ROOT / "book" / "_ext"))
    for folder in ("published", "companion"):
        shutil.copytree(ROOT / "data" / folder, tmp_path / "data" / folder)

    def run(text):
        (tmp_path / "index.md").write_text(text, encoding="utf-8")
        options = {
            "extensions": ["myst_parser", "secondlook_printed"],
            "myst_enable_extensions": ["colon_fence"],
            "printed_folders": ["data/published", "data/companion"],
        }
        out, warned = tmp_path / "out", io.StringIO()
        app = Sphinx(tmp_path, None, out, tmp_path / "doc", "html", options, status=None, warning=warned)
        app.build(force_all=True)
        return BeautifulSoup((out / "index.html").read_text(encoding="utf-8"), "html.parser"), warned.getvalue()

    yield run
    sys.modules.pop("secondlook_printed", None)


def test_numbers_are_quoted_as_printed_in_headings_tables_and_admonitions(build, paper):
    html, warned = build(PAGE)
    found = [tag.get_text() for tag in html.select("section span.printed")]
    assert found[:4] == [paper[value].printed for value in QUOTED]
    assert found[4].startswith(("0.", "<"))
    assert html.select_one("table span.printed")
    assert html.select_one(".admonition-title span.printed")
    assert not warned


def test_a_number_whose_matter_was_answered_leads_to_the_answer(build, tmp_path):
    answers = tmp_path / "data" / "published" / "answers.csv"
    answers.write_text("matter,date,by,answer\nt5-cirrhosis,2026-12-01,the authors,A slip.\n", encoding="utf-8")
    html, _ = build("# Page\n\n{printed}`t5.cirrhosis.uni.lower` and {printed}`t5.afp.multi.hr`.\n")
    assert [link["href"] for link in html.select("a.sl-answered")] == [
        "notebooks/12-suggested-corrections.html#t5-cirrhosis"
    ]


@pytest.mark.parametrize("value", ["t5.afp.multi.hazard", "outcomes.dcr.direction"], ids=["unknown", "a claim"])
def test_what_is_not_printed_is_warned_of_with_its_line(build, value):
    html, warned = build(f"# Page\n\nBefore {{printed}}`{value}` after.\n")
    assert "index.md:3: WARNING" in warned
    assert value in warned
    assert not html.select("span.printed")


def test_estimates_of_the_data_made_to_teach_are_told_and_an_unknown_one_is_warned_of(build, tmp_path):
    (tmp_path / "data" / "teaching").mkdir()
    for file in ("estimates.csv", "repeats.csv"):
        shutil.copy(ROOT / "data" / "teaching" / file, tmp_path / "data" / "teaching")
    html, warned = build("# So\n\n{taught}`responders/truth` {taught}`plans/by the drug that was taken`\n")
    assert [tag.get_text() for tag in html.select("span.pasted-text")] == [
        "1.00",
        told("plans/by the drug that was taken"),
    ]
    assert "no estimate" not in warned
    html, warned = build("# So\n\n{taught}`responders/nothing`\n")
    assert "'responders/nothing'" in warned

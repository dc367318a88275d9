"""The page of findings and the shared picture: what they say is in the ledger, and they are the same bytes each time.

Authorities: PDF/UA-1 (ISO 14289-1: title, language, tags), the Open Graph protocol's picture of 1200 × 630.
"""

import io
import re
import struct

import pytest
from conftest import ROOT
from pypdf import PdfReader

from secondlook.corrections import corrections, lines
from secondlook.pages import handout, palette


@pytest.fixture(scope="module")
def pdf(ledger, tmp_path_factory):
    path = tmp_path_factory.mktemp("handout") / "findings.pdf"
    path.write_bytes(handout.findings_pdf(ledger))
    return path


def text_of(reader):
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


def test_it_is_one_a4_page(pdf):
    [page] = PdfReader(pdf).pages
    assert [round(float(x) * 25.4 / 72) for x in page.mediabox[2:]] == [210, 297]


def test_it_is_tagged_and_has_a_title_a_language_and_no_date(pdf, paper):
    reader = PdfReader(pdf)
    catalog = reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "en"
    assert "/StructTreeRoot" in catalog
    assert paper.layout.paper.short in reader.metadata.title
    assert not reader.metadata.creation_date
    assert b"pdfuaid" in pdf.read_bytes()


def test_every_correction_stands_on_it_with_its_repair(pdf, ledger):
    said = text_of(PdfReader(pdf))
    for correction in corrections(ledger):
        number = correction.value.printed if correction.value.statistic != "claim" else ""
        assert number in said, correction.value.id
    for line in lines(ledger):
        assert line.should_read in said, line.matter.slug
    assert said.count("3.000 (1.798–5.004) 3.270 (1.938–5.516)") == 1, "AFP is one line"
    for word, number in ledger.totals().items():
        assert not number or f"{word} {number}" in said


def test_it_says_that_a_slip_may_be_the_renderings(pdf):
    assert "a slip may be the rendering" in text_of(PdfReader(pdf))


def test_equal_ledgers_give_equal_bytes(pdf, ledger):
    assert pdf.read_bytes() == handout.findings_pdf(ledger)
    assert handout.social_png(ledger) == handout.social_png(ledger)


def test_more_findings_than_fit_are_counted(ledger, monkeypatch):
    lines = handout.merged(ledger)
    monkeypatch.setattr(handout, "merged", lambda _: lines * 4)
    monkeypatch.setattr(handout, "SIZES", (9.5,))
    found = PdfReader(io.BytesIO(handout.findings_pdf(ledger)))
    [_] = found.pages
    left = int(re.search(r"(\d+) more stand in the book", text_of(found)).group(1))
    assert 0 < left < 4 * len(lines)


def test_the_picture_has_the_size_that_sites_ask_for_and_is_light(ledger):
    png = handout.social_png(ledger)
    assert struct.unpack(">II", png[16:24]) == (1200, 630)
    assert len(png) < 100_000


def test_its_colours_are_those_of_the_pages():
    css = (ROOT / "book" / "_static" / "second-look.css").read_text(encoding="utf-8")
    light = css[: css.index('html[data-theme="dark"]')]
    values = dict(re.findall(r"--sl-([\w-]+): ([^;]+);", light))
    for word, (ground, ink) in palette.VERDICTS.items():
        assert values[word] == ground
        assert values[re.search(r"--sl-(.*)\)", values[f"{word}-text"]).group(1)] == ink

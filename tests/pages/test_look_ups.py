"""The table of what other studies say: every text escaped, a link for an address only, the reference's number."""

import re

import pytest

from secondlook.pages import look_ups
from secondlook.paper.schema import ExternalRow, Layout

LAYOUT = Layout.model_construct(references=["sung2021", "lin2022"])
HOSTILE = "<script>alert(1)</script> & \"quoted\" 'single'"


def words(html):
    return re.sub(r"<[^>]*>", "", html)


def row(**changed):
    texts = dict.fromkeys(ExternalRow.model_fields, "")
    return ExternalRow(**texts | {"quantity": "a rate", "agrees": "yes", "note": "It says so."} | changed)


def test_a_row_has_its_reference_what_is_printed_and_what_the_source_has():
    html = look_ups.table(
        LAYOUT,
        [row(cites="lin2022", printed="12.6", source_value="10.8", endpoint="median")],
        "look-ups",
    )
    assert words(html).startswith("quantity [reference]printedverdictthe sourcea rate [2]12.6")
    assert "<strong>10.8</strong>: <em>median</em><br>" in html


def test_a_claim_in_words_is_called_so_and_an_unread_source_has_no_place():
    said = words(look_ups.table(LAYOUT, [row(agrees="no-copy")], "look-ups"))
    assert "in words" in said
    assert "Read:" not in said


@pytest.mark.parametrize(
    ("read_at", "shown"),
    [
        ("https://www.nejm.org/doi/full", '<a href="https://www.nejm.org/doi/full">nejm.org</a>'),
        ("a printed volume", "Read: a printed volume."),
    ],
)
def test_where_it_was_read_is_a_link_by_the_name_of_its_site_or_words(read_at, shown):
    assert shown in look_ups.table(LAYOUT, [row(read_at=read_at)], "look-ups")


def test_every_text_is_escaped():
    html = look_ups.table(LAYOUT, [row(quantity=HOSTILE, printed=HOSTILE, source_value=HOSTILE, endpoint=HOSTILE, note=HOSTILE, read_at=HOSTILE)], "look-ups")  # fmt: skip
    assert "<script" not in html
    assert html.count("&lt;script&gt;") == 6

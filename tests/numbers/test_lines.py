"""One reader of printed text: the collected lines, lines made from parts, and what must never be read."""

from __future__ import annotations

import time

import pytest
from printed_lines import EXAMPLES, HEADED, SAID, count_lines, noise, pasted, ratio_lines, spoilt_lines

from secondlook.numbers.forms import forms
from secondlook.numbers.lines import FIELDS, KINDS, read_lines
from secondlook.numbers.printed import parse


def by_text() -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for case in pasted():
        found.setdefault(case["text"].replace("\\t", "\t").replace("\\n", "\n"), []).append(case)
    return found


@pytest.mark.parametrize("text", by_text())
def test_what_a_collected_line_says(text):
    cases = by_text()[text]
    reads = read_lines(text)
    assert [(read.kind, {k: v for k, v in read.fields.items() if v}) for read in reads] == [
        (case["kind"], {name: case[name] for name in SAID if case[name]}) for case in cases
    ]


@pytest.mark.parametrize(("text", "said"), EXAMPLES)
def test_a_form_of_its_own(text, said):
    [read] = read_lines(text)
    assert (read.kind if isinstance(said, str) else read.fields) == said


def test_there_are_all_of_them():
    assert len(by_text()) == 218


@pytest.mark.parametrize(("made", "kind"), [(ratio_lines(3000), "ratio"), (count_lines(1500), "counts")])
def test_lines_made_from_parts_are_read_as_they_were_made(made, kind):
    wrong = []
    for text, said in made:
        reads = read_lines(text)
        if [(read.kind, read.fields) for read in reads] != [(kind, said)]:
            wrong.append((text, said, reads))
    assert wrong[:3] == []


def test_a_line_with_something_left_over_is_not_read():
    read = [(text, found) for text in spoilt_lines(800) for found in read_lines(text) if found.kind == "ratio"]
    assert read == []


def test_whatever_comes_is_read_or_refused():
    for text in noise(3000):
        for read in read_lines(text):
            assert read.kind in KINDS
            assert set(read.fields) <= set(FIELDS)
            for name in ("ratio", "lower", "upper", "p", "n_1", "pct_2"):
                if read.fields.get(name):
                    parse(read.fields[name])
            if read.kind in ("unread", "not such a row"):
                assert read.reason


@pytest.mark.parametrize(
    "text",
    [
        "1" * 2000,
        "9." * 1000,
        "a" * 1_000_000,
        "(" * 399,
        "0.5 " * 99,
        "HR (" * 99,
        "1,234" * 79,
        "HR 0.52 (0.31-" * 28,
    ],
)
def test_a_hostile_line_takes_no_time(text):
    began = time.process_time()
    assert [read.kind for read in read_lines(text)] == ["unread"]
    assert time.process_time() - began < 0.5


def test_a_header_names_the_columns():
    spss, r, stata, lifelines = HEADED[:4]
    [row] = read_lines(spss)
    assert row.line == 2
    assert row.fields == {"label": "sex", "ratio": "1.200", "lower": ".800", "upper": "1.800", "p": ".379",
                          "measure": "exp(b)"}  # fmt: skip
    [row] = read_lines(r)
    assert (row.fields["ratio"], row.fields["p"]) == ("1.2000", "0.3784")
    [row] = read_lines(stata)
    assert row.fields["upper"] == "1.8"
    [row] = read_lines(lifelines)
    assert [row.fields[name] for name in ("ratio", "lower", "upper", "p")] == ["1.20", "0.80", "1.80", "0.38"]


def test_a_header_names_the_measure_and_the_sizes():
    rows = read_lines(HEADED[4])
    assert [(row.fields["measure"], row.fields["level"], row.table) for row in rows] == [("HR", "95", "1a")] * 2
    [row] = read_lines(HEADED[5])
    assert (row.kind, row.fields["size_1"], row.fields["size_2"]) == ("counts", "41", "27")


def test_sizes_are_asked_for_once():
    text = "ORR 8 (19.5%) 2 (7.4%) 0.294\nDCR 30 (73.2) 12 (44.4) 0.017\nAge 62 (10) 61 (11) 0.7"
    assert [read.kind for read in read_lines(text)] == ["unread"] * 3
    given = read_lines(text, ["41", "27"])
    assert [read.kind for read in given] == ["counts", "counts", "unread"], "62 (10) is a mean with its SD"
    for sizes in (["41"], ["41", "x"], ["41", "-2"]):
        with pytest.raises(ValueError, match="two whole numbers"):
            read_lines(text, sizes)


def test_percentages_are_of_counts_in_groups_of_somebody():
    """0 of 0 is no share: the other group's 3 of 30 is 10 %, of 40 it is not."""
    text = "Nausea 0 (0.0) 3 (10.0) 0.5"
    assert [row.kind for size in ("30", "40") for row in read_lines(text, ["0", size])] == ["counts", "unread"]


def test_a_locale_is_decided_a_line():
    for text, said in {
        "HR 1,778 (0,749–4,222); p = 0,192": ("1.778", "4.222", "0.192"),
        "OR 12,345.6 (1,234.5–123,456.7); p = 0.002": ("12345.6", "123456.7", "0.002"),
        "HR 1.234,5 (1.002,1–15.208,1), p = 0,04": ("1234.5", "15208.1", "0.04"),
        "HR 1.778 (0.749–4.222), p = 0,192": ("1.778", "4.222", "0.192"),
    }.items():
        [read] = read_lines(text)
        assert (read.fields["ratio"], read.fields["upper"], read.fields["p"]) == said
    [read] = read_lines("HR 1,778 (1,012–4,222)")
    assert (read.kind, read.unexplained) == ("unread", ("1,778", "1,012", "4,222"))


def test_rows_with_a_measure_of_their_own_stand_alone():
    rows = read_lines(
        "HR 0.52 (0.31–0.87), p = 0.012\nSex 1.20 (0.80–1.80) 0.37\nAge 1.10 (0.70–1.73) 0.68\n\nX 1.2 (1.1–1.3) .01"
    )
    assert [row.table for row in rows] == ["", "1a", "1a", "2a"]


def test_every_pattern_of_the_table_is_used():
    """A form that no line of ours has is no form that we can stand for."""
    from secondlook.numbers import tokens

    lines = (
        [text for text, _ in ratio_lines(1500) + count_lines(300)]
        + list(by_text())
        + noise(300)
        + [*HEADED, *dict(EXAMPLES)]
    )
    seen = set()
    for line in lines:
        for part in line.split("\n"):
            text = tokens.clean(part[:400])
            low = tokens.lowered(text)
            at = 0
            while at < len(text):
                match = tokens._any_token().match(low, at)
                seen.add(match.lastgroup if match else "")
                at = match.end() if match else at + 1
    rules = forms()["tokens"]["all"]
    unused = [rules[i][1] for i in range(len(rules)) if f"t{i}" not in seen]
    assert unused == []

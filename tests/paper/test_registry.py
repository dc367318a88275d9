"""Loading a data folder: what is read, and how a malformed file is refused, by file, row, column and expectation."""

import unicodedata

import pytest
from click.testing import CliRunner
from invented import BASELINE, LAYOUT, TEXT, write

from secondlook.cli.main import main
from secondlook.paper.reading import DataError
from secondlook.paper.registry import load


def test_values_stand_in_reading_order_with_their_places(paper):
    ids = [value.id for value in paper]
    assert ids[0].startswith("abstract.")
    assert ids[-1].startswith("discussion.")
    assert ids.index("patients.size.all") < ids.index("t1.age.ge50.lp.n") < ids.index("t2.accepted.lp.n")
    assert paper["t1.age.ge50.lp.n"].place == "Table 1, Age ≥50, LP, n"
    assert paper["t5.afp.multi.hr"].place == "Table 5, AFP, multivariable, HR"


def test_trailing_zeros_survive(paper):
    assert paper["t5.afp.multi.hr"].printed == "3.270"
    assert paper["t1.hbv.p"].printed == "0.069"


def test_a_byte_order_mark_as_spreadsheets_write_it_is_accepted(tmp_path):
    assert len(load(write(tmp_path, baseline=b"\xef\xbb\xbf" + BASELINE.encode()))) > 0


#: A layout without tables, for a paper of which only prose could be read.
PROSE_LAYOUT = (
    LAYOUT.partition("[tables.t1]")[0]
    + '[[sums]]\nwhole = "results.size.everyone"\nparts = ["results.size.walk", "results.size.rest"]\nwhy = "all"\n'
)
PROSE = "".join(line for line in TEXT.splitlines(keepends=True) if ",t2." not in line and ",t3." not in line)


def test_prose_without_tables_is_a_paper_too(tmp_path):
    registry = load(write(tmp_path, layout=PROSE_LAYOUT, text=PROSE, baseline=None, recovery=None, models=None))
    assert [value.id for value in registry] == [
        "results.size.everyone", "results.size.walk", "results.size.rest", "summary.left.pct",
    ]  # fmt: skip


MALFORMED = [
    # what is changed, what the message must say
    ({"baseline": ("row,label,walk_n", "row,label,walk")}, ["baseline.csv, row 1", "column 'walk_n' is missing"]),
    ({"baseline": ("rest_pct,p\n", "rest_pct,p,extra\n")}, ["baseline.csv, row 1", "unknown column 'extra'"]),
    ({"baseline": ("walk_n,walk_pct", "walk_pct,walk_n")}, ["baseline.csv, row 1", "another order"]),
    ({"baseline": ("walk_n,walk_pct", "walk_n,walk_n")}, ["baseline.csv, row 1", "stands twice"]),
    ({"baseline": ("side.left,left,30", "side.left,left,3O")}, ["row 3, column walk_n", "'3O' is not a printed number"]),
    ({"baseline": ("side.left,left,30", "side.left,left,30.5")}, ["row 3, column walk_n", "not a whole number"]),
    ({"baseline": ("60.0", "60.0%")}, ["row 3, column walk_pct", "not a printed number"]),
    ({"baseline": ("16,53.3,\n", "16,53.3\n")}, ["baseline.csv, row 3", "6 cells where the header has 7"]),
    ({"baseline": ("side.right", "side.left")}, ["baseline.csv, row 4, column row", "'side.left' stands twice"]),
    ({"baseline": ("side.right", "side.up")}, ["row 4, column row", "names a level that layout.toml does not have"]),
    ({"baseline": ("side.right", "hair.right")}, ["row 4, column row", "not among the variables"]),
    ({"baseline": ("side.right", "side right")}, ["row 4, column row", "not a row key"]),
    ({"baseline": ('side,Side', '"side,Side')}, ["baseline.csv", "not well-formed CSV"]),
    ({"baseline": ""}, ["baseline.csv", "the file is empty"]),
    ({"baseline": b"row,label\xff\xfe"}, ["baseline.csv, row 1", "not UTF-8"]),
    ({"baseline": BASELINE.encode("utf-16")}, ["baseline.csv", "not UTF-8"]),
    ({"baseline": ("Side", "Si\x00de")}, ["baseline.csv, row 2", "invisible character U+0000"]),
    ({"baseline": ("Side", "Side\u202e")}, ["baseline.csv, row 2", "invisible character U+202E"]),
    ({"baseline": ("Side", unicodedata.normalize("NFD", "Stürze"))}, ["baseline.csv, row 2", "NFC"]),
    ({"text": ("summary.healed.walk,summary", "results.size.walk,summary")}, ["text.csv, row 5", "stands twice"]),
    ({"text": ("summary.healed.walk,", "Healed!,")}, ["text.csv, row 5, column id", "should match pattern"]),
    ({"text": ("t2.healed.walk.pct,share", "t9.nothing.pct,share")}, ["text.csv, row 5, column restates", "'t9.nothing.pct'"]),
    ({"text": ("t2.healed.walk.pct,share", "summary.healed.walk,share")}, ["text.csv, row 5", "cannot restate itself"]),
    ({"text": ("percent,walk,80.0", "percent,jog,80.0")}, ["text.csv, row 5, column group", "'jog'"]),
    ({"text": ("percent,walk,80.0", "portion,walk,80.0")}, ["text.csv, row 5, column statistic", "portion"]),
    ({"text": ("percent,walk,80.0", "percent,walk,")}, ["text.csv, row 5, column printed", "must print something"]),
    ({"text": ("claim,everyone,,", "claim,everyone,7,")}, ["text.csv, row 9, column printed", "prints no number"]),
    ({"text": ("summary.left.pct,summary", "summary.left.pct,epilogue")}, ["text.csv, row 8, column section", "'epilogue'"]),
    ({"layout": ('short = "Invented 2020"', 'short = "Invented 2020"\nyear = 2020')}, ["layout.toml, column paper.year", "unknown key"]),
    ({"layout": ('title = "Baseline"\n', "")}, ["layout.toml, column tables.t1.title", "is missing"]),
    ({"layout": ('arms = ["walk", "rest"]', 'arms = ["walk", "swim"]')}, ["layout.toml", "'swim'"]),
    ({"layout": ('file = "baseline.csv"', 'file = "../baseline.csv"')}, ["layout.toml, column tables.t1.file", "match pattern"]),
    ({"layout": ("[sections]", "[sections")}, ["layout.toml", "not well-formed TOML"]),
    ({"layout": ('whole = "results.size.everyone"', 'whole = "results.size.nobody"')}, ["layout.toml", "'results.size.nobody'"]),
    ({"layout": None}, ["layout.toml", "cannot be read"]),
    ({"baseline": None, "recovery": None, "models": None}, ["layout.toml", "none of the tables"]),
    ({"layout": PROSE_LAYOUT, "text": None}, ["layout.toml", "names no table, and no text.csv"]),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "said"), MALFORMED, ids=[" ".join(said)[:60] for _, said in MALFORMED])
def test_a_malformed_folder_is_refused_in_one_clear_message(tmp_path, changes, said):
    folder = write(tmp_path / "paper", **changes)
    with pytest.raises(DataError) as refused:
        load(folder)
    for words in said:
        assert words in str(refused.value)


@pytest.mark.parametrize("command", ["audit", "values"])
def test_a_refusal_exits_non_zero_and_writes_nothing(tmp_path, command):
    folder = write(tmp_path / "paper", baseline=("side.left,left,30", "side.left,left,3O"))
    out = tmp_path / "out.csv"
    result = CliRunner().invoke(main, [command, "--published", str(folder), "--out", str(out)])
    assert result.exit_code == 1
    assert result.output.count("\n") == 1
    assert result.output.startswith("Error: baseline.csv, row 3, column walk_n: '3O' is not a printed number")
    assert not out.exists()
    assert [p.name for p in tmp_path.iterdir()] == ["paper"]


def test_an_old_ledger_survives_a_refusal(tmp_path):
    folder, out = write(tmp_path / "paper", baseline=""), tmp_path / "out.csv"
    out.write_text("kept")
    assert CliRunner().invoke(main, ["audit", "--published", str(folder), "--out", str(out)]).exit_code == 1
    assert out.read_text() == "kept"


def test_commands_write_what_they_print(tmp_path):
    folder, out = write(tmp_path / "paper"), tmp_path / "deep" / "out.csv"
    printed = CliRunner().invoke(main, ["audit", "--published", str(folder)]).output
    assert CliRunner().invoke(main, ["audit", "--published", str(folder), "--out", str(out)]).exit_code == 0
    assert out.read_text(encoding="utf-8") == printed
    assert printed.startswith("check_id,value_ids,")


def test_braces_of_a_sum_must_be_explained(tmp_path):
    bad = LAYOUT + '\n[[sums]]\nwhole = "t2.healed.{arm}.n"\nparts = ["t2.again.{arm}.n"]\nwhy = "x"\n'
    with pytest.raises(DataError, match="arm"):
        load(write(tmp_path, layout=bad))


def test_the_small_texts_are_what_they_seem():
    assert TEXT.count("\n") == 9

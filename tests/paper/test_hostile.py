"""Hostile input: whatever is in a data folder or a file of patients, one clear refusal or a correct result.

A short run of tests/fuzz.py (its stored counts are of a longer one), properties by Hypothesis, and the cases that no
random input reaches: a million rows, links, pipes, devices, the command line.
"""

import csv
import io
import json
import os
import random
import tracemalloc
from fractions import Fraction

import fuzz
import fuzz_builds
import fuzz_pages
import invented
import pytest
from click.testing import CliRunner
from conftest import PUBLISHED, ROOT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from secondlook.cli.main import main
from secondlook.cohort import columns as codebook
from secondlook.cohort import records
from secondlook.cohort.problems import ProblemsError
from secondlook.numbers.printed import NotPrintedError, parse
from secondlook.paper import reading, registry
from secondlook.paper.reading import DataError, refuse_unfit
from secondlook.paper.registry import MOST_COUNTED, load
from secondlook.writing import write_whole

STAND_IN = (ROOT / "data" / "reference" / "cohort-stand-in.csv").read_text(encoding="utf-8")
FREELY = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="session")
def codes(paper):
    return codebook.load(PUBLISHED, paper)


@pytest.fixture(scope="session")
def place(tmp_path_factory):
    """A folder that the examples of a property share."""
    return tmp_path_factory.mktemp("hostile")


# The fuzzer ---------------------------------------------------------------------------------------------------------


def test_a_short_run_of_the_fuzzer_finds_nothing(tmp_path):
    fuzzer = fuzz.Fuzzer(1, tmp_path)
    fuzzer.run(341)
    assert not fuzzer.failures, "\n".join(fuzzer.failures)
    report = fuzz.totals(fuzzer.counts)
    assert report["inputs"] == report["refused"] + report["read"] == 341
    assert min(report["refused"], report["read"]) > 20, "both outcomes are reached"


def test_the_stored_run_is_of_these_kinds_and_found_nothing():
    stored = json.loads(fuzz.OUT.read_text(encoding="utf-8"))
    kinds = [*fuzz.kinds(), *fuzz_builds.kinds(), *fuzz_pages.PASTED, *fuzz_pages.ADDRESSES]
    assert (stored["seed"], stored["failures"], list(stored["kinds"])) == (fuzz.SEED, 0, kinds)
    assert stored["inputs"] >= 10_000
    assert all(kind["inputs"] == kind["refused"] + kind["read"] for kind in stored["kinds"].values())


def test_the_fuzzer_notices_what_it_should(tmp_path, monkeypatch, paper):
    """Each of its eyes is shown something: a traceback, a hang, a formula, markup."""
    for text in ("=1+1", "@x", " =1", "-1+1", "+1-x", "\t=1"):
        assert fuzz.is_formula(text)
        with pytest.raises(AssertionError, match="formula"):
            fuzz.check_csv(f'a,b\n1,"{text}"\n')
    assert not any(map(fuzz.is_formula, ["", "-0.5", "+3", "12", "a=b", "-1.50 (0.70–1.73)", "−2"]))
    page = fuzz.Page()
    page.feed("<table><tr><td>&lt;script&gt;</td></tr></table><img src=x><p onclick='x'>")
    assert len(page.foreign) == 2
    fuzzer = fuzz.Fuzzer(1, tmp_path)
    monkeypatch.setattr(fuzz, "PATIENCE", 0.2)

    def endless(_):
        while True:
            pass

    for wrong in (lambda _: 1 / 0, endless):
        monkeypatch.setattr(fuzz, "load", wrong)
        fuzzer.try_one(0, "rows moved", random.Random(1))
    assert ["ZeroDivisionError" in fuzzer.failures[0], "HangError" in fuzzer.failures[1]] == [True, True]


# Properties ---------------------------------------------------------------------------------------------------------


def check_lines(lines):
    assert max(map(len, lines)) <= 400
    assert all(line.isprintable() for line in lines)


def loaded_or_refused(read):
    """Return what was read, or None for a refusal in one line that names the file, or in a table of short lines."""
    try:
        return read()
    except ProblemsError as error:
        message, lines = error.problems[0].found, str(error).splitlines()
        check_lines(lines)
    except DataError as error:
        message = str(error)
    assert "\n" not in message
    assert 0 < len(message) <= 400
    return None


@FREELY
@given(data=st.binary(max_size=300), name=st.sampled_from(sorted(invented.FILES)))
def test_any_bytes_as_a_file(place, data, name):
    folder = invented.write(place / "bytes")
    (folder / name).write_bytes(data)
    loaded_or_refused(lambda: load(folder))


@FREELY
@given(text=st.text(max_size=60))
def test_any_text_as_a_label_is_refused_or_shown_as_it_is(place, text):
    out = io.StringIO()
    csv.writer(out).writerow([text])
    cell = out.getvalue().removesuffix("\r\n")
    folder = invented.write(place / "label")
    (folder / "recovery.csv").write_bytes(invented.RECOVERY.replace("Sprained again", cell).encode("utf-8", "replace"))
    registry = loaded_or_refused(lambda: load(folder))
    if registry:
        fuzz.check_outputs(registry)
        label = registry["t2.again.walk.n"].place.split(", ")[1:-2]
        assert ", ".join(label) == (text.strip() or "again")


@FREELY
@given(
    text=st.text(st.characters(categories=["N", "P", "S", "Zs"]), max_size=12) | st.from_regex(r"[<>]?[+-]?[0-9.]{1,9}")
)
def test_a_printed_number_is_ascii_digits_and_nothing_else(text):
    try:
        number = parse(text)
    except NotPrintedError:
        return
    bare = text.lstrip("<>≤≥").strip().lstrip("+-\u2212")
    assert bare.isascii()
    assert bare.replace(".", "", 1).isdigit()
    assert abs(number.value) == abs(Fraction(bare if bare[-1] != "." else bare + "0"))


@FREELY
@given(
    column=st.integers(0, 18), text=st.text(max_size=30) | st.sampled_from(fuzz.ODD_NUMBERS + fuzz.FORMULAS + fuzz.HTML)
)
def test_any_text_in_a_file_of_patients(place, paper, codes, column, text):
    """What is read of it is plain: it can be written again, and says the same."""
    rows = list(csv.reader(io.StringIO(STAND_IN)))
    rows[3][column] = text
    path = place / "records.csv"
    path.write_bytes(fuzz.as_csv(rows))
    found = loaded_or_refused(lambda: records.read(path, paper, codes))
    if found:
        fuzz.check_records(found)
        again = records.write(place / "again.csv", found.frame, paper, codes)
        assert again.frame.equals(found.frame)


@FREELY
@given(
    text=st.sampled_from(fuzz.FORMULAS + [x for x in fuzz.HTML if "<" in x and "a<b" not in x]),
    before=st.text("ab ", max_size=3),
)
def test_markup_and_formulas_are_not_let_in(tmp_path, text, before):
    formula = text in fuzz.FORMULAS
    with pytest.raises(DataError, match=r"markup|formula|tabulator"):
        refuse_unfit(tmp_path, text if formula else before + text, 2, "label", words=True)


@pytest.mark.parametrize("text", ["&lt;b&gt;", "&#60;b&#62;", "&#x3c;b&#x3e;", "a &amp; b", "&nbsp;", "x &LT; y"])
def test_entities_are_markup(tmp_path, text):
    """Escaped once more they show as typed; a page that forgets to would show what they stand for."""
    with pytest.raises(DataError, match="holds markup"):
        refuse_unfit(tmp_path, text, 2, "label")


@pytest.mark.parametrize("text", ["a & b", "R&D; others", "x &y", "p < 0.05; q > 1"])
def test_an_ampersand_by_itself_is_none(tmp_path, text):
    refuse_unfit(tmp_path, text.replace("R&D;", "R & D;"), 2, "label")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (".".join(["a"] * 20_000) + " = 1\n", "row 1: has a key of more than 20 parts"),
        ("x = 1\n[" + ".".join(["a"] * 1_200) + "]\n", "row 2: has a key of more than 20 parts"),
        ("[[" + " . ".join(["'a'", '"b"'] * 600) + "]]\n", "row 1: has a key of more than 20 parts"),
        ("x = " + "[" * 100 + "]" * 100 + "\n", "is nested more than 20 levels deep"),
        ("x = " + "{ a = " * 100 + "1" + " }" * 100 + "\n", "is nested more than 20 levels deep"),
        ("x = " + "[" * 5_000 + "]" * 5_000 + "\n", "is not well-formed TOML"),
    ],
    ids=["dotted", "header", "quoted", "arrays", "tables", "too many arrays"],
)
def test_deep_nesting_is_refused_at_once_and_in_little_memory(tmp_path, text, said):
    folder = invented.write(tmp_path / "data")
    (folder / "layout.toml").write_text(text + (folder / "layout.toml").read_text(encoding="utf-8"), encoding="utf-8")
    tracemalloc.start()
    try:
        with fuzz.patience(2), pytest.raises(DataError, match=said):
            load(folder)
        assert tracemalloc.get_traced_memory()[1] < 2 * reading.MAX_BYTES
    finally:
        tracemalloc.stop()


def test_deep_json_is_refused(tmp_path):
    (tmp_path / "x.json").write_text('{"a":' * 500 + "1" + "}" * 500, encoding="utf-8")
    with pytest.raises(DataError, match="is nested more than 20 levels deep"):
        reading.read_json(tmp_path / "x.json", BaseModel)


@pytest.mark.parametrize("text", ["a; b", "x; -5", "x;-5;y", "R; +3.5%", "p = 0.05", "a-b; c=d", "a;;b"])
def test_a_semicolon_by_itself_is_no_formula(tmp_path, text):
    refuse_unfit(tmp_path, text, 2, "label")


def test_a_link_may_not_lead_out_of_the_folder(tmp_path):
    folder = invented.write(tmp_path / "data")
    (folder / "text.csv").rename(tmp_path / "elsewhere.csv")
    (folder / "text.csv").symlink_to("../elsewhere.csv")
    with pytest.raises(DataError, match=r"^text\.csv: cannot be read \(is a link that leads out of its folder\)"):
        load(folder)


# What no random input reaches ---------------------------------------------------------------------------------------


def test_a_million_rows_are_refused_soon(tmp_path, paper, codes):
    """Both stay below 64 MiB, so that it is the number of rows that is refused."""
    folder = invented.write(tmp_path)
    with fuzz.patience(20):
        (folder / "text.csv").write_text(invented.TEXT + "a.b,results,1,x,claim,,,,y\n" * 1_000_000, encoding="utf-8")
        with pytest.raises(DataError, match=r"^text\.csv: has more than 20000 rows$"):
            load(folder)
        header, row, *_ = STAND_IN.splitlines()
        short = row.replace("SYN-001", "S")
        (folder / "many.csv").write_text("\n".join([header, *[short] * 1_000_000]), encoding="utf-8")
        with pytest.raises(DataError, match=r"^many\.csv: has more than 2000 rows$"):
            records.read(folder / "many.csv", paper, codes)


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    with (tmp_path / "large.csv").open("wb") as file:
        file.truncate(2**40)  # a sparse file: a tebibyte that takes no room
    with pytest.raises(DataError, match=r"^large\.csv: larger than 64 MiB$"):
        reading.read_text(tmp_path / "large.csv")


@pytest.mark.parametrize("place_", fuzz.PLACES)
@pytest.mark.parametrize(
    "name", ["layout.toml", "baseline.csv", "text.csv", "claims.toml", "external.csv", "numerals.csv"]
)
def test_what_is_no_plain_file_is_refused_and_not_left_out(tmp_path, place_, name):
    folder = invented.write(tmp_path)
    fuzz.put(place_, folder / name)
    with fuzz.patience(10), pytest.raises(DataError, match=rf"^{name}"):
        load(folder)


def test_a_link_to_a_folder_or_to_a_file_within_it_is_read(tmp_path):
    folder = invented.write(tmp_path / "a")
    (folder / "baseline.csv").rename(folder / "kept.csv")
    (folder / "baseline.csv").symlink_to(folder / "kept.csv")
    (tmp_path / "b").symlink_to(folder)
    assert load(tmp_path / "b").values == load(invented.write(tmp_path / "c")).values


@pytest.mark.parametrize("name", ["x" * 5000, "a\x00b", "", "layout.toml/x"])
def test_no_folder_of_this_name(tmp_path, name):
    with pytest.raises(DataError, match=r"is not a folder|cannot be read"):
        load(tmp_path / name)


@pytest.mark.parametrize("name", [name for name in fuzz.PATHS if name != "CON.csv"])  # a device only elsewhere
def test_a_layout_names_no_file_outside_its_folder(tmp_path, name):
    layout = invented.LAYOUT.replace('"baseline.csv"', json.dumps(name))
    with pytest.raises(DataError, match=r"^layout\.toml, column tables\.t1\.file"):
        load(invented.write(tmp_path, layout=layout))


def test_more_patients_than_checks_can_count_are_refused(tmp_path):
    with pytest.raises(DataError, match=r"^text\.csv, row 2, column printed: '3001' is more than 3000 patients"):
        load(invented.write(tmp_path, text=("everyone,80,", f"everyone,{MOST_COUNTED + 1},")))
    with fuzz.patience(60):
        fuzz.check_outputs(load(invented.write(tmp_path, text=("everyone,80,", "everyone,999,"))))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("1.10", "1." + "1" * 30, "more than 15 digits"),
        ("1.10", "0.0000000001", "more than 9 decimals"),
        ("1.10", "9" * 16, "more than 15 digits"),
    ],
)
def test_digits_that_nobody_prints_are_refused(tmp_path, old, new, message):
    with pytest.raises(DataError, match=message):
        load(invented.write(tmp_path, models=(old, new)))


@pytest.mark.parametrize("number", ["604.55", "-4000000", "60.12345"])
def test_percentages_that_nobody_prints_are_refused(tmp_path, number):
    with pytest.raises(DataError, match="too many digits for a percentage"):
        load(invented.write(tmp_path, text=("57.5", number)))


@pytest.mark.parametrize("count", ["+5", "-0", "-3", "<5", "5.0", "٣"])
def test_a_count_is_digits_alone(tmp_path, count):
    with pytest.raises(DataError, match=r"not a whole number|not a printed number"):
        load(invented.write(tmp_path, recovery=("again,Sprained again,2,", f"again,Sprained again,{count},")))


def test_sums_that_stand_for_too_many_are_refused(tmp_path):
    keys = ", ".join(f'k{i} = ["a", "b", "c", "d"]' for i in range(20))
    entry = f'\n[[sums]]\nwhole = "a.b"\nparts = ["a.c"]\nwhy = "x"\neach = {{ {keys} }}\n'
    with fuzz.patience(10), pytest.raises(DataError, match="each stands for more than 1000 sums"):
        load(invented.write(tmp_path, layout=invented.LAYOUT + entry))


# Writing and the command line ---------------------------------------------------------------------------------------


def test_nothing_but_a_plain_file_is_written_over(tmp_path):
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "null").symlink_to("/dev/null")
    for name in ("folder", "pipe", "null"):
        with pytest.raises(OSError, match="no plain file"):
            write_whole(tmp_path / name, "x")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "null", "pipe"]


def test_a_link_that_is_written_to_stays_a_link(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "file")
    write_whole(tmp_path / "link", "x")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_text(encoding="utf-8") == "x"


def test_a_name_as_long_as_a_file_system_takes_is_written(tmp_path):
    write_whole(tmp_path / ("n" * 255), "x")
    assert [path.name for path in tmp_path.iterdir()] == ["n" * 255]


@pytest.mark.parametrize("command", ["values", "audit", "corrections"])
def test_the_command_line_refuses_in_one_line_and_writes_nothing(tmp_path, command):
    folder = invented.write(tmp_path / "data", recovery=("Sprained again", "=HYPERLINK(1)"))
    out = tmp_path / "out.csv"
    done = CliRunner().invoke(main, [command, "--published", str(folder), "--out", str(out)])
    assert done.exit_code == 1
    assert done.output == "Error: recovery.csv, row 3, column label: begins like a formula of a spreadsheet\n"
    assert not out.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"]


def test_a_device_is_not_replaced_by_an_output(tmp_path):
    folder = invented.write(tmp_path / "data")
    done = CliRunner().invoke(main, ["values", "--published", str(folder), "--out", "/dev/full"])
    assert (done.exit_code, done.output) == (1, "Error: /dev/full: cannot be written (is no plain file)\n")


def test_a_pipe_as_cohort_does_not_wait_for_ever(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    with fuzz.patience(20):
        done = CliRunner().invoke(main, ["cohort", "verify", str(tmp_path / "pipe.csv"), "--published", str(PUBLISHED)])
    assert (done.exit_code, done.output) == (1, "Error: pipe.csv: cannot be read (is no plain file)\n")


def test_the_readme_names_the_limits_of_the_code():
    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    for said in (
        f"at most {registry.MOST_COUNTED:,} patients in a count",
        f"and {records.MOST_PATIENTS:,} in a file of patients",
        f"{reading.MAX_ROWS:,} rows in a table",
        f"{registry.MOST_DIGITS} digits and {registry.MOST_DECIMALS} decimals in a number",
    ):
        assert said in text

"""Pictures and tables of patients: what they say of whose patients they show, and that their numbers are right."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from matplotlib import pyplot as plt

from bookpress.command import build
from secondlook.cohort import beyond, verify
from secondlook.cohort.records import Records, load
from secondlook.pages import cohort_tables as tables
from secondlook.pages import curves
from secondlook.stats import km

PUBLISHED = "data/published"
STAND_IN = Path("data/reference/cohort-stand-in.csv")
ARMS = {"LP": "lp", "R": "r"}


@pytest.fixture(scope="module")
def invented():
    return load(STAND_IN, PUBLISHED)


@pytest.fixture(scope="module")
def real(invented):
    ids = invented.frame["patient"].str.replace("SYN-", "P-")
    return Records(invented.frame.assign(patient=ids), invented.registry, invented.codes)


def texts(figure: plt.Figure) -> list[str]:
    found = [text.get_text() for ax in figure.axes for text in ax.texts]
    plt.close(figure)
    return found


def test_the_picture_says_that_patients_are_invented_and_only_then(invented, real):
    assert curves.MARKS[True] in texts(curves.two_groups(invented, "os", ARMS))
    said = texts(curves.two_groups(real, "os", ARMS))
    assert curves.MARKS[False] in said
    assert not any("SYNTHETIC" in text for text in said)


def test_numbers_at_risk_stand_below_the_curves(invented):
    """Counted from the times by hand, for every tick of the axis."""
    figure = curves.two_groups(invented, "os", ARMS)
    table = figure.axes[1]
    for y, key in enumerate(ARMS.values()):
        mine = [(t.get_position()[0], t.get_text()) for t in table.texts if t.get_position()[1] == -y]
        times = invented.times("os")[invented.groups(key)]
        assert len(mine) > 2
        for month, text in mine:
            assert text == str(sum(time >= month for time in times))
    plt.close(figure)


def test_the_curve_is_drawn_where_it_belongs_and_the_envelope_behind(invented):
    months = np.linspace(0, 30, 31)
    behind = {"LP": (months, np.full(31, 0.2), np.full(31, 0.9))}
    figure = curves.two_groups(invented, "os", ARMS, envelopes=behind)
    [line] = [line for line in figure.axes[0].lines if line.get_label() == "LP"]
    times, events = beyond.of_group(invented, "os", "lp")
    at, height = line.get_data()
    assert np.allclose(height, 100 * km.curve(times, events).at(at))
    assert len(figure.axes[0].collections) == 3  # two bands and one envelope
    [shade] = [s for s in figure.axes[0].collections if s.get_alpha() == curves.RANGE]
    assert shade.get_paths()[0].vertices[:, 0].max() <= times.max()  # not beyond the end of the curve
    named = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert named == ["LP", "R", "95 % log-log band", "range of the ensemble"]
    plt.close(figure)


def test_refitted_tables_hold_every_row_once(invented):
    results = verify.verify(invented)
    shown = tables.refitted(results, invented.registry, "t5", "Table 5")
    heads = re.findall(r'<th scope="row"[^>]*>(.*?)</th>', str(shown))
    assert len(heads) == len({(r.target.variable, r.target.kind) for r in results if r.target.table == "t5"})
    assert len(set(heads)) == len(heads)
    hr = invented.registry["t5.arm.uni.hr"].printed
    [arm] = [row for row in str(shown).split("<tr") if "Treatment" in row]
    assert f"{hr} (" in arm


def test_target_tables_say_by_how_much(invented):
    results = [r for r in verify.verify(invented) if r.target.kind == "median"]
    said = str(tables.of_targets(results, "medians"))
    for result in results:
        assert result.target.printed in said
        assert tables.verdict(result) in said


@pytest.mark.weekly
def test_a_build_on_records_says_records_in_words_and_pictures(real, tmp_path):
    """Issue: with COHORT=path the marks and words change; run for the chapter that shows most of them."""
    from secondlook.cohort.records import write

    file = tmp_path / "records.csv"
    write(file, real.frame, real.registry, real.codes)
    result = CliRunner().invoke(build, ["--notebook", "32-outcomes", "--cohort", str(file)])
    assert result.exit_code == 0, result.output
    shutil.rmtree(tmp_path)
    executed = max(Path("_build").rglob("32-outcomes*.ipynb"), key=lambda path: path.stat().st_mtime)
    said = executed.read_text(encoding="utf-8")
    assert "'the records that were handed in'" in said
    assert "'invented patients" not in said

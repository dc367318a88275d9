"""What a slider moves: every position is what the function says of its values, and stands where the script looks.

Authority: itertools.product, whose order the script's arithmetic follows; the browser's part is in tests/book.
"""

import itertools
import json
from html import unescape

import pytest
from bs4 import BeautifulSoup

from secondlook.pages import sliders

FIRST = sliders.Slider("first", (1, 2, 3), 2, "{} weeks")
SECOND = sliders.Slider("second", (10, 20), 20)
CHART = sliders.Chart((1, 10, 100), "x", (1, 100), "y", (0, 50, 100), is_log_x=True)


def told(first, second):
    return {"sum": f"{first + second}", "parity": "even" if first % 2 == 0 else "odd"}


def box(**more):
    page = BeautifulSoup(sliders.move("Move it", [FIRST, SECOND], told, **more), "html.parser")
    return page, json.loads(unescape(page.div["data-moves"]))


def test_each_position_stands_where_the_script_looks():
    _, data = box()
    for place, values in enumerate(itertools.product((1, 2, 3), (10, 20))):
        at = (1, 2, 3).index(values[0]) * 2 + (10, 20).index(values[1])
        assert at == place
        assert {name: texts[index[at]] for name, (texts, index) in data["told"].items()} == told(*values)
    assert data["told"]["parity"][0] == ["odd", "even"]  # each text once
    assert data["sliders"][0] == {"name": "first", "values": ["1 weeks", "2 weeks", "3 weeks"], "start": 1}


def test_curves_are_drawn_on_their_axes():
    page, data = box(chart=CHART, drawn=lambda first, _: {"curve": (0, 50 * first / 2, 500)}, marked=lambda *_: 10.0)
    assert data["x"] == [44, 217, 390]  # equal steps on a logarithmic axis
    heights, index = data["lines"]["curve"]
    assert [heights[i].split()[1] for i in index] == ["1585", "1585", "1090", "1090", "595", "595"]
    assert heights[0].split()[0] == "2080"  # the foot; what lies beyond the axis stands at its end
    assert heights[0].split()[2] == "100"
    assert set(data["mark"]) == {217}
    assert page.find("path", class_="sl-moved")["d"] == "M44.0,208.0L217.0,109.0L390.0,10.0"


def test_without_scripts_a_table_says_what_the_first_slider_moves():
    page, _ = box()
    rows = [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in page.find_all("tr")]
    assert rows == [
        ["first", "sum", "parity"],
        ["1 weeks", "21", "odd"],
        ["2 weeks", "22", "even"],
        ["3 weeks", "23", "odd"],
    ]
    assert "With second 20:" in page.get_text()


def test_a_page_stays_light_and_a_slider_starts_at_a_value():
    with pytest.raises(ValueError, match="1600 positions, and a page holds 1200 at most"):
        sliders.move("m", [sliders.Slider("a", range(40), 0), sliders.Slider("b", range(40), 0)], told)
    with pytest.raises(ValueError, match="a does not start at one of its values"):
        sliders.move("m", [sliders.Slider("a", (1, 2), 3)], told)

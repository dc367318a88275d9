"""The fuzzer of the pages' programs: a short run finds nothing, and each of its eyes sees what it should.

Its stored counts are of a longer run: ``make fuzz``.
"""

from __future__ import annotations

import time

import fuzz_pages
import pytest
from reader import Visit

pytestmark = [pytest.mark.pages, pytest.mark.weekly]


def test_a_short_run_finds_nothing():
    counts, failures = fuzz_pages.run(1, 1)
    assert failures == []
    assert list(counts) == [*fuzz_pages.PASTED, *fuzz_pages.ADDRESSES]


@pytest.mark.parametrize(
    ("done", "said"),
    [
        ("document.title = 'ran'", "something that was pasted ran"),
        ("console.error('odd')", "odd"),
        ("document.querySelector('.sl-paste-rows').innerHTML = '<img alt=x>'", "1 foreign elements"),
        ("document.querySelector('article').style.width = '3000px'", "the page scrolls sideways"),
        ("void new Image().setAttribute('src', 'http://127.0.0.1:9/x')", "http://127.0.0.1:9/x"),
    ],
)
def test_each_eye_sees(browser, done, said):
    with Visit(browser, fuzz_pages.PASTE, "light", 400) as visit:
        assert fuzz_pages.problems(visit, time.monotonic()) == []
        visit.page.evaluate(done)
        assert any(said in each for each in fuzz_pages.problems(visit, time.monotonic()))
        assert fuzz_pages.problems(visit, time.monotonic() - 2 * fuzz_pages.PATIENCE)[0].startswith("at rest after")

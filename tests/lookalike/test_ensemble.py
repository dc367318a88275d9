"""Steps from cohorts that are known: what they change, and what is kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("numba", reason="the search is an extra: install secondlook[search]")

from lookalike import assemble, ensemble
from lookalike.problem import Sought
from secondlook.cohort import columns as codes
from secondlook.cohort.records import load as load_records

PUBLISHED, COHORT = "data/published", "data/cohort/synthetic.csv"


@pytest.fixture(scope="module")
def known(paper):
    return codes.load(PUBLISHED, paper)


@pytest.fixture(scope="module")
def sought(paper, known):
    return Sought(paper, known, known.search.set_aside, also=known.search.rare)


@pytest.fixture(scope="module")
def records():
    return load_records(COHORT, PUBLISHED)


@pytest.fixture(scope="module")
def orders(sought, records):
    return assemble.orders_of(sought, records)


@pytest.fixture(scope="module")
def member(sought, records):
    return ensemble.member_of(sought, records.frame)


@pytest.mark.parametrize("more", [-2, 0, 1])
def test_events_change_among_the_last_places_only(orders, more):
    new = ensemble.flipped(orders[1], more, np.random.default_rng(1))
    assert new.events.sum() - orders[1].events.sum() == more
    first = max(orders[1].high[-1], len(new.events) - ensemble.LAST)
    assert np.array_equal(new.events[:first], orders[1].events[:first])


def test_an_exchange_of_a_label_changes_the_joint_table_alike_on_both_endpoints(sought, orders):
    classes = [ensemble.classes_of(sought, e, order) for e, order in enumerate(orders)]
    a, b, label = next(ensemble.kinds_of_exchange(sought, classes))
    tables = []
    for e, order in enumerate(orders):
        new = ensemble.exchanged(sought, e, order, classes[e], (a, b, label), np.random.default_rng(1))
        after = ensemble.classes_of(sought, e, new)
        tables.append(np.bincount(after, minlength=64) - np.bincount(classes[e], minlength=64))
        assert (new.codes & 1 == order.codes & 1).all(), "the arms stay"
        assert (after >> label & 1).sum() == (classes[e] >> label & 1).sum()
    assert np.array_equal(*tables)
    assert np.abs(tables[0]).sum() == 4


def test_the_table_of_a_file_is_that_of_both_its_orders(sought, orders, member):
    for e, order in enumerate(orders):
        found = np.bincount(ensemble.classes_of(sought, e, order), minlength=len(member.table))
        assert tuple(found) == member.table


def test_what_prints_too_little_is_kept_only_while_it_is_the_best(sought, member):
    poor = replace(member, enough=False, attained=50)
    growing = ensemble.Growing(sought, sought, 1, [poor])
    growing.add(replace(poor, attained=49))
    assert growing.known == [poor]
    growing.add(better := replace(poor, attained=60))
    growing.add(replace(member, attained=55))
    assert [m.attained for m in growing.known] == [50, 60, 55]
    assert better in growing.known
    assert growing.members == growing.known[2:]


def test_members_are_saved_and_found_again(sought, member, tmp_path):
    growing = ensemble.Growing(sought, sought, 1, [member], steps=3)
    ensemble.save(growing, tmp_path, [member])
    again = ensemble.Growing(sought, sought, 1)
    ensemble.restore(again, tmp_path)
    assert again.steps == 3
    assert [m.table for m in again.known] == [member.table]
    assert again.known[0].records.frame.equals(member.records.frame)

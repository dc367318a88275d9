"""Steps from cohorts that are known: what they change, and what is kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("numba", reason="the search is an extra: install secondlook[search]")

from lookalike import assemble, ensemble, few
from secondlook.cohort import beyond
from secondlook.cohort import columns as codes
from secondlook.cohort.records import Records
from secondlook.cohort.records import load as load_records

PUBLISHED, COHORT, STORED = "data/published", "data/cohort/synthetic.csv", Path("data/cohort")


@pytest.fixture(scope="module")
def known(paper):
    return codes.load(PUBLISHED, paper)


@pytest.fixture(scope="module")
def held(paper, known):
    return ensemble.Orders.holding(paper, known, known.search.rare)


@pytest.fixture(scope="module")
def sought(held):
    return held.whole


@pytest.fixture(scope="module")
def records():
    return load_records(COHORT, PUBLISHED)


@pytest.fixture(scope="module")
def orders(sought, records):
    return assemble.orders_of(sought, records)


@pytest.fixture(scope="module")
def member(paper, known, records):
    return ensemble.member_of(ensemble.Orders.holding(paper, known).whole, records.frame)


@pytest.fixture
def growing(paper, known, held, member):
    return ensemble.Growing(ensemble.Orders.holding(paper, known), held, 1, [member])


@pytest.mark.parametrize("more", [*(pytest.param(more, marks=pytest.mark.weekly) for more in (-2, 1)), 0])
def test_events_change_among_the_last_places_only(sought, orders, more):
    new = ensemble.flipped(sought.core("os"), orders[1], more, np.random.default_rng(1))
    assert new.events.sum() - orders[1].events.sum() == more
    first = max(orders[1].high[-1], len(new.events) - ensemble.LAST)
    assert np.array_equal(new.events[:first], orders[1].events[:first])


def test_whether_the_last_patient_has_an_event_changes_no_row(sought, orders, monkeypatch):
    """Alone at risk, a patient adds nothing to score and information: the closest order with one event more is that."""
    monkeypatch.setattr(ensemble, "NEAREST", 1)
    changed = ensemble.flipped(sought.core("os"), orders[1], 1, np.random.default_rng(1))
    assert changed.miss == pytest.approx(ensemble.missed(sought.core("os"), orders[1]))


def test_few_patients_have_their_label_back(held, orders, records):
    """An order without the label, and the places of those few: the order of the file that has both."""
    for e, order in enumerate(assemble.orders_of(held.lean, records)):
        bit = sought_bit(held, e)
        line = np.flatnonzero(orders[e].codes >> bit & 1 == held.adding.side)
        assert np.array_equal(held.adding._with(e, order, line).codes, orders[e].codes)
        assert held.moved(e, orders[e], orders[e]) == 0


def sought_bit(held, e) -> int:
    return held.cores[e].columns.index(held.adding.column)


def test_the_table_of_a_file_is_that_of_both_its_orders(growing, sought, orders, member):
    for e, order in enumerate(orders):
        assert ensemble.table_of(growing.paper, e, order, sought) == member.table


def test_a_label_given_to_others_changes_nothing_else(sought, records):
    """Women are of either arm as before, whoever they are; all other columns stay."""
    men = np.flatnonzero(records.frame["sex"] == "M")
    arms = records.frame["arm"].to_numpy()
    rare = np.concatenate([men[arms[men] == "LP"][:4], men[arms[men] == "R"][:2]])
    made = few.given_to(sought, "sex", records, rare)
    assert np.flatnonzero(made["sex"] == "F").tolist() == sorted(rare)
    assert made.drop(columns="sex").equals(records.frame.drop(columns="sex"))


def test_women_are_given_to_others_at_the_price_of_numbers_that_are_left(growing, member, records, monkeypatch):
    """Of three sets, the present one is known, and one misses more than is left beside what the cohort misses."""
    women, men = (np.flatnonzero(records.frame["sex"] == sex) for sex in "FM")
    arms, made = records.frame["arm"].to_numpy(), []
    others = men[arms[men] == arms[women[0]]][:2]
    sets = np.array([women, *([other, *women[1:]] for other in others)])
    monkeypatch.setattr(few, "given_anew", lambda *given: (sets, np.array([0, 3, 4])))
    monkeypatch.setattr(ensemble, "member_of", lambda paper, frame: made.append(frame))
    monkeypatch.setattr(growing, "add", lambda one: None)
    missing = frozenset({"t5.sex.uni.p", *(f"t5.age.uni.{name}" for name in ("hr", "lower", "upper", "p"))})
    growing._others(replace(member, missing=missing), (1, 4))
    assert [np.flatnonzero(frame["sex"] == "F").tolist() for frame in made] == [sorted(sets[1])]


def test_who_prints_much_gives_first_and_then_others(growing, member):
    growing.known = [replace(member, attained=member.sought - 40), member]
    drawn = [growing._giver(np.random.default_rng(1)) for _ in range(2)]
    assert drawn[0].attained == member.sought
    assert growing.tried["others", 1] == 2


def other(member, missed, enough=False):
    """Other patients with another joint table, who miss so many numbers."""
    frame = member.records.frame.assign(age_ge_50=missed)  # any difference: the patients are not looked at
    records = Records(frame, member.records.registry, member.records.codes)
    return replace(member, records=records, enough=enough, attained=member.sought - missed, table=(0,))


def test_what_prints_too_little_is_a_stone_while_none_like_it_prints_more(growing, member):
    for missed in (ensemble.STONE, 5, 6):
        growing.add(other(member, missed))
    assert [m.attained - m.sought for m in growing.known[1:]] == [-5]
    assert growing.stones == growing.known[1:]
    growing.add(other(member, 3))
    assert growing.stones == growing.known[2:]
    growing.add(other(member, 4, enough=True))
    assert growing.stones == []
    assert len(growing.members) == 2


def test_the_same_patients_in_another_order_are_no_new_member(growing, member):
    frame = member.records.frame.iloc[::-1].reset_index(drop=True)
    growing.add(replace(member, records=Records(frame, member.records.registry, member.records.codes)))
    assert growing.known == [member]


def test_members_are_saved_and_found_again(growing, member, tmp_path):
    growing.steps, growing.tried[member.key, 3] = 3, 2
    ensemble.save(growing, tmp_path, [member])
    again = ensemble.Growing(growing.plain, growing.rare, 1)
    ensemble.restore(again, tmp_path)
    assert again.steps == 3
    assert again.tried == growing.tried
    assert [m.table for m in again.known] == [member.table]
    assert again.known[0].records.frame.equals(member.records.frame)


def checked(paper, known, numbers):
    """Hold stored cohorts against the file that says what each attains, and against the criteria."""
    sought = ensemble.Orders.holding(paper, known).whole
    cohorts = beyond.members(STORED / "ensemble.csv.gz", paper, known)
    said = pd.read_csv(STORED / "ensemble-attained.csv")
    assert said["cohort"].tolist() == list(range(1, len(cohorts) + 1))
    patients = [c.frame.drop(columns="patient").itertuples(index=False, name=None) for c in cohorts]
    assert len(set(map(frozenset, patients))) == len(cohorts), "no cohort is there twice"
    for k in numbers(len(cohorts)):
        made = ensemble.member_of(sought, cohorts[k].frame)
        assert made.enough
        assert said.loc[k, ["pfs_events", "os_events", "attained", "sought"]].tolist() == [
            *made.events, made.attained, made.sought,
        ]  # fmt: skip


def test_stored_cohorts_attain_what_is_said(paper, known):
    checked(paper, known, lambda count: (1, count - 1))


@pytest.mark.weekly
def test_every_stored_cohort_attains_what_is_said(paper, known):
    checked(paper, known, range)

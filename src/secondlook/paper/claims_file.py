"""Reading ``claims.toml``: taken whole, or refused with one message that says where and why."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

from pydantic import BaseModel

from secondlook.paper.claims_schema import AllHigher, Claims, Entered, Independent, Nested, Rule, Selected, Untestable
from secondlook.paper.reading import DataError, read_toml
from secondlook.paper.schema import Layout, references

FILE = "claims.toml"
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def load_claims(path: Path, layout: Layout, statistics: Mapping[str, str], complete: bool = True) -> Claims:
    """Read the claims of a data folder; without a file there are none.

    Parameters
    ----------
    path : Path
        The file, ``claims.toml``.
    layout : Layout
        What the tables, groups and variables are.
    statistics : mapping
        Every value's statistic by its id.
    complete : bool
        False for a folder that holds only some of its tables: then ids of the missing tables are not refused.

    Raises
    ------
    DataError
        For the first thing that does not fit, naming the place: an unknown key, an id that is no value's, a claim
        that is none, a name given twice.
    """
    if not path.exists():
        return Claims()
    claims = read_toml(path, Claims)
    for where, kind, name in references(claims):
        known = statistics if kind == "values" else getattr(layout, kind)
        if name not in known and (complete or kind != "values"):
            raise DataError(path, f"names {name!r}, which is {_no_such(kind)}", column=where)
    for where, table, set_ in _sets(claims):
        if set_ not in layout.tables[table].sets:
            raise DataError(path, f"names {set_!r}, which is no set of columns of {table}", column=where)
    _check_claims(path, claims, statistics)
    _check_rules(path, claims, statistics if complete else None)
    return claims


def _no_such(kind: str) -> str:
    return "no value's id" if kind == "values" else f"not among the {kind} of layout.toml"


def _sets(claims: Claims) -> Iterator[tuple[str, str, str]]:
    """Yield (where it stands, table, set of columns) for each set that a test or a rule names."""
    tests = [(f"claims, {claim.id}", test) for claim in claims.claims for test in claim.tests]
    for where, item in tests + [(f"rules, {rule.name}", rule) for rule in claims.rules]:
        for table, set_ in _named_sets(item):
            yield where, table, set_


def _named_sets(item: BaseModel) -> list[tuple[str, str]]:
    if isinstance(item, AllHigher):
        return [(item.table, item.set)]
    if isinstance(item, Nested):
        return [(item.table, item.inner), (item.table, item.outer)]
    if isinstance(item, Selected):
        return [(table, set_) for table in item.tables for set_ in (item.before, item.after)]
    return [(table, item.set) for table in item.tables] if isinstance(item, Independent | Entered) else []


def _check_claims(path: Path, claims: Claims, statistics: Mapping[str, str]) -> None:
    seen: set[str] = set()
    for claim in claims.claims:
        if statistics.get(claim.id, "claim") != "claim":
            raise DataError(path, f"{claim.id!r} prints a number and is no claim in words", column="claims")
        if claim.id in seen:
            raise DataError(path, f"the claim {claim.id!r} stands twice", column="claims")
        seen.add(claim.id)


def _check_rules(path: Path, claims: Claims, known: Collection[str] | None) -> None:
    """Refuse names given twice, suspects that a rule does not involve, and unknown ids in braces."""
    seen: set[str] = set()
    for rule in claims.rules:
        where = f"rules, {rule.name}"
        if rule.name in seen:
            raise DataError(path, "the name stands twice", column=where)
        seen.add(rule.name)
        for value_id in placeholders(rule):
            if known is not None and value_id not in known:
                raise DataError(path, f"names {value_id!r} in braces, which is no value's id", column=where)


def placeholders(rule: Rule) -> list[str]:
    """Return the ids that a rule's meaning names in braces."""
    return _PLACEHOLDER.findall(rule.meaning or "")


def filled(text: str, printed: Mapping[str, str]) -> str:
    """Return a text with every {id} replaced by what is printed there."""
    return _PLACEHOLDER.sub(lambda match: printed[match[1]], text)


def reason_for(claims: Claims, value_id: str, statistic: str) -> Untestable | None:
    """Return the first entry that says why a value cannot be tested; None when no reason is given."""
    for item in claims.untestable:
        if item.statistics and statistic not in item.statistics:
            continue
        if any(fnmatchcase(value_id, pattern) for pattern in item.values):
            return item
    return None

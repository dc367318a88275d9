"""What every notebook begins with: the audited paper, and the way in which computed numbers get into prose.

Printed ones are quoted by their id: the role ``printed`` of the book's Sphinx extension. Where real records were handed
in, there are two ledgers: words that argue from print go by that of the paper alone, and what a page shows of a check
is what the records leave of it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from fractions import Fraction
from functools import cached_property, lru_cache
from pathlib import Path

import pandas as pd
from myst_nb import glue

from secondlook import audit, corrections, of_records
from secondlook.checkout import find_root
from secondlook.checks.verdicts import Check
from secondlook.cohort import columns as codes
from secondlook.cohort.beyond import members
from secondlook.cohort.records import Records, read
from secondlook.numbers.printed import show
from secondlook.pages import figures, handed_in, notebook, present
from secondlook.paper.registry import Registry, cell_id, load

#: What every notebook can be run with, and the defaults.
PARAMETERS = {"published": "data/published", "alpha": 0.05, "cohort": ""}


class Look:
    """A paper with its ledger, as a notebook uses it.

    Attributes
    ----------
    registry : secondlook.paper.registry.Registry
    alone : secondlook.audit.Ledger
        What the paper alone tells.
    ledger : secondlook.audit.Ledger
        The same, with what real records say where some were handed in.
    alpha : float
        Significance level of the notebook's own statements.
    folder : pathlib.Path
        Where the paper's tables lie: ``pandas.read_csv(look.folder / "table-1.csv")``.
    records : secondlook.cohort.records.Records or None
        The patients: real ones that were handed in, or the synthetic cohort.
    synthetic : bool
        Whether the patients are invented, so that pages and figures can say so.
    """

    def __init__(
        self,
        registry: Registry,
        alpha: float,
        published: str = "",
        cohort: str = "",
        alone: audit.Ledger | None = None,
        ledger: audit.Ledger | None = None,
    ) -> None:
        """Audit a registry; `published` is the folder it was read from, `cohort` a file of patients or empty."""
        self.alone = alone or audit.audit(registry)
        self.ledger = ledger or self.alone
        self.registry = registry
        self.alpha = alpha
        self.folder, self._cohort = Path(published), cohort

    @property
    def root(self) -> Path:
        """The project's folder."""
        return find_root()

    @property
    def cohort_file(self) -> Path:
        """The file of patients that was handed in, else that of the synthetic cohort, whether or not it is there."""
        return Path(self._cohort) if self._cohort else find_root() / "data" / "cohort" / "synthetic.csv"

    @cached_property
    def records(self) -> Records | None:
        """The patients: of the file that was handed in, else the synthetic cohort; None when there is neither.

        Read when it is first asked for; raises DataError when the file is malformed.
        """
        file = self.cohort_file
        described = (self.folder / codes.FILE).is_file()
        if not self._cohort and not (described and file.is_file()):
            return None
        return read(file, self.registry, codes.load(self.folder, self.registry))

    @cached_property
    def ensemble(self) -> list[Records]:
        """The cohorts beside the synthetic one that print the same statistics; none beside real records."""
        file = self.cohort_file.with_name("ensemble.csv.gz")
        if not self.synthetic or not file.is_file():
            return []
        return members(file, self.registry, self.records.codes)

    @cached_property
    def attained(self) -> pd.DataFrame:
        """By cohort of the ensemble: its events, and how many of the numbers that were sought it attains."""
        file = self.cohort_file.with_name("ensemble-attained.csv")
        if not self.ensemble or not file.is_file():
            return pd.DataFrame()
        return pd.read_csv(file)

    @property
    def synthetic(self) -> bool:
        """True when the patients are invented; False for real records, and when there are none."""
        return self.records is not None and self.records.is_synthetic

    @property
    def recorded(self) -> list[Check]:
        """What real records say, number by number, worst first; nothing where none were handed in."""
        return of_records.checks(self.ledger)

    def printed(self, value_id: str) -> str:
        """Return the printed string of a value."""
        return self.registry[value_id].printed

    def count(self, value_id: str) -> int:
        """Return a printed count as a whole number.

        Raises
        ------
        ValueError
            When it is not printed as one.
        """
        number = self.registry.whole(value_id)
        if number is None:
            raise ValueError(f"{value_id} is not printed as a whole number")
        return number

    def frame(self, table: str) -> pd.DataFrame:
        """Return a table's values: one row per printed row, one column per set, group and statistic, as printed."""
        cells = self.registry.cells(table)
        names = [cell_id("", "", v.set, v.group, v.statistic) for v in cells]
        rows = list(dict.fromkeys(v.row for v in cells))
        frame = pd.DataFrame("", index=pd.Index(rows, name="row"), columns=list(dict.fromkeys(names)))
        for name, v in zip(names, cells, strict=True):
            frame.loc[v.row, name] = v.printed
        return frame

    def tell(self, **texts: object) -> None:
        """Make computed texts available to the prose of this page under names of your own."""
        for name, text in texts.items():
            glue(name, str(text), display=False)
        notebook.show(texts, self.registry.layout)

    def paste(self, name: str, shown: object) -> None:
        """Make something that a notebook shows, a table say, available to a ``{glue}`` directive of this page."""
        glue(name, shown, display=False)

    def tell_totals(self, section: str | None = None) -> None:
        """Make the verdict counts available as ``total.<verdict>`` and their sum as ``total``."""
        totals = self.ledger.totals(section)
        self.tell(**{f"total.{word}": n for word, n in totals.items()}, total=sum(totals.values()))

    @cached_property
    def checks(self) -> dict[str, Check]:
        """All checks of the paper alone by their ids."""
        return {check.check_id: check for check in self.alone.checks}

    @cached_property
    def _left(self) -> dict[str, Check]:
        """The same checks as records leave them, by their ids."""
        return {check.check_id: check for check in self.ledger.checks}

    def wrong(self, section: str) -> list[Check]:
        """Return the flags of a section by which the paper alone says that something printed is wrong."""
        return [check for check in self.alone.flags(section) if check.verdict in corrections.WRONG]

    def asked(self, section: str) -> list[Check]:
        """Return the flags of a section by which the paper alone asks: possible as printed, yet odd or to be read."""
        return [check for check in self.alone.flags(section) if check.verdict not in corrections.WRONG]

    def cards(self, checks: Iterable[Check], anchor: bool = True) -> present.Html:
        """Return flags as cards, as records leave them; `anchor` is False for one that has its place elsewhere."""
        return present.cards(self.ledger, [self._left[check.check_id] for check in checks], anchor)

    def queries(self, section: str) -> present.Html:
        """Return what :meth:`asked` finds in a section as links to their matters."""
        asked, answered = [], []
        for check in self.asked(section):
            (asked if self._left[check.check_id].is_flag else answered).append(check)
        still = present.asked(self.ledger, asked) if asked else ""
        return present.Html(still + handed_in.said_answered(self.alone, answered))

    def flags(self, section: str, linked: bool = True) -> present.Html:
        """Return the flags of a section as cards, linked to the suggested corrections of the book's own paper."""
        return present.flags(self.ledger, section, linked)

    def numbers(self, section: str) -> present.Html:
        """Return the folded table of all numbers of a section, below what records say of them, if there are some."""
        return present.Html(handed_in.of_section(self.ledger, section) + present.section_numbers(self.ledger, section))


def printout(name: str) -> tuple[pd.DataFrame, str]:
    """Return a file of ``data/reference`` that another program printed, and that program with its version.

    Raises FileNotFoundError where there is none of that name.
    """
    file = find_root() / "data" / "reference" / f"{name}.csv"
    with file.open(encoding="utf-8") as lines:
        program = lines.readline().strip("# \n")
    return pd.read_csv(file, comment="#"), program


def percent(part: int, whole: int, places: int = 1) -> str:
    """Return a share in per cent as a paper prints it, halves up."""
    return show(Fraction(100 * part, whole), places)


def start(published: str | None = None, alpha: float | None = None, cohort: str | None = None) -> Look:
    """Audit a paper and set up the figures; every notebook begins with this.

    What is not given is what the running notebook says in its cell of parameters (papermill puts others there), and
    without such a cell the default of the contract.

    Parameters
    ----------
    published : str, optional
        The data folder, by default ``data/published``. A relative path counts from the working directory, or, where
        there is no such folder or file, from the project's root: so a notebook also runs by itself in its own folder.
    alpha : float, optional
        Significance level, between 0 and 1, by default 0.05.
    cohort : str, optional
        A file of patients' records, or empty, the default, for none.

    Raises
    ------
    ValueError
        For an alpha outside (0, 1).
    FileNotFoundError
        When a cohort file is named and is not there.
    """
    given = {"published": published, "alpha": alpha, "cohort": cohort}
    said = vars(sys.modules["__main__"])
    published, alpha, cohort = (
        said.get(name, default) if given[name] is None else given[name] for name, default in PARAMETERS.items()
    )
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must lie between 0 and 1, not {alpha}")
    published, cohort = _from_here(published), _from_here(cohort)
    if cohort and not Path(cohort).is_file():
        raise FileNotFoundError(f"no cohort file {cohort}, nor one from {Path.cwd()}")
    figures.set_theme()
    registry, alone, ledger = audited(published, cohort)
    return Look(registry, alpha, published, cohort, alone, ledger)


def _from_here(path: str) -> str:
    return path if not path or Path(path).exists() else str(find_root() / path)


def audited(published: str, cohort: str = "") -> tuple[Registry, audit.Ledger, audit.Ledger]:
    """Return a registry, what the paper alone tells, and what real records add; made once in a process for one state.

    A build's kernels are forked from a process that has already made them. Without records, or for a folder that
    describes no patients, the two ledgers are one.

    Parameters
    ----------
    published : str
        The data folder.
    cohort : str
        A file of patients, or empty.
    """
    folder = Path(published).absolute()
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    files += [Path(cohort)] if cohort else []
    states = tuple((file.name, file.stat().st_mtime_ns, file.stat().st_size) for file in files)
    return _audited(published, cohort, folder, states)


@lru_cache(maxsize=2)
def _audited(published: str, cohort: str, folder: Path, _: tuple) -> tuple[Registry, audit.Ledger, audit.Ledger]:
    registry = load(published)
    alone = audit.audit(registry)
    if not cohort or not (folder / codes.FILE).is_file():
        return registry, alone, alone
    records = read(cohort, registry, codes.load(published, registry))
    return registry, alone, audit.beside(alone, records)

"""``simulated-ranges.json``: what simulated cohorts of a paper's size print, as the folder keeps it for its checks."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from secondlook.paper.schema import Strict, Words

FILE = "simulated-ranges.json"

Quantiles = Annotated[tuple[float, ...], Field(min_length=9, max_length=9)]
Share = Annotated[float, Field(ge=0, le=1)]


class SimulatedRow(Strict):
    """Cohorts in which a hazard ratio was fitted beside the printed one."""

    tried: int = Field(ge=1, description="cohorts that were drawn")
    kept: int = Field(ge=1, description="those whose fitted hazard ratio lies beside the printed one")
    se: Quantiles = Field(description="quantiles of the standard error of the log hazard ratio")
    excess_z: Quantiles | None = Field(
        default=None, description="quantiles of |log-rank z| − |Wald z|, signed by the direction; of single covariates"
    )


class SimulatedRepeat(Strict):
    """Pairs of overlapping groups of one distribution."""

    cohorts: int = Field(ge=1, description="pairs that were drawn")
    median: Share = Field(description="share of them whose medians print alike")
    triple: dict[Words, Share] = Field(description="share whose limits do so as well, by kind of band")


class SimulatedRanges(Strict):
    """``simulated-ranges.json``: standard errors and log-rank statistics of simulated cohorts of this paper's size."""

    about: str = Field(default="", max_length=200, description="what the file holds")
    made_by: str = Field(default="", max_length=200, description="the command that makes it")
    seed: int = Field(default=0, description="where the random numbers begin")
    probabilities: Quantiles | tuple[()] = Field(default=(), description="where the quantiles are taken")
    window: dict[Words, float] = Field(
        default={}, description="how far a fitted log hazard ratio may lie from the printed one, by kind of model"
    )
    ranges: dict[Words, SimulatedRow] = Field(default={}, description="what cohorts print, by what was simulated")
    repeats: dict[Words, SimulatedRepeat] = Field(
        default={}, description="how often overlapping groups print one triple, by what was simulated"
    )

    def standard_errors(self, key: str) -> tuple[float, ...] | None:
        """Return quantiles of the standard error; None for what was not simulated."""
        return self.ranges[key].se if key in self.ranges else None

    def excess_z(self, key: str) -> tuple[float, ...] | None:
        """Return quantiles of the log-rank statistic's excess over Wald's; None for what was not simulated."""
        return self.ranges[key].excess_z if key in self.ranges else None

"""The concentration in blood over the first days of tablets."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from widgets.labs.spec import Panel


class Concentration(Panel):
    """One curve for each side, scaled so that the mean of the steady state is the one measured."""

    kind: Literal["concentration"] = "concentration"
    runs: list[int] = Field(description="places in spec.runs, one for each side")
    days: int

    def of_runs(self) -> list[int]:
        return self.runs

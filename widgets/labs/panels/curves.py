"""The large chart: one output of every run, in time."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from widgets.labs.spec import Panel


class Curves(Panel):
    """One curve for each run of the lab."""

    kind: Literal["curves"] = "curves"
    output: str
    title: str = Field(description="above the chart, without the unit")
    crowded: bool = Field(False, description="other tall charts stand beside it: it takes less height of its own")
    least: float = Field(250, description="px, the least height beside a drawing")

    def reads(self) -> list[str]:
        return [self.output]

"""Fractions as labelled bars."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from widgets.labs.spec import Panel, Part


class Bar(Part):
    """One bar: an output that is a fraction."""

    output: str
    label: str


class Bars(Panel):
    """Fractions at the end of the first run, each with a mark where the run that the lab opened with ended."""

    kind: Literal["bars"] = "bars"
    title: str = "At the end of the run"
    bars: list[Bar] = Field(min_length=1)

    def reads(self) -> list[str]:
        return [bar.output for bar in self.bars]

    def of_runs(self) -> list[int]:
        return [0]

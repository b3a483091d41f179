"""Where an output settles at every setting of one control."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from widgets.labs.spec import Panel, Part


class Point(Part):
    """A published value."""

    x: float
    y: float
    low: float | None = None
    high: float | None = None
    words: str


class Scan(Panel):
    """The settled level over a control's whole range, with published values and a dot at the present setting."""

    kind: Literal["scan"] = "scan"
    control: str
    output: str
    at_once: bool = Field(False, description="the output depends on constants alone: nothing has to settle")
    points: list[Point] = []

    def reads(self) -> list[str]:
        return [self.output]

    def names(self) -> list[str]:
        return [self.control]

    def of_runs(self) -> list[int]:
        return [0]

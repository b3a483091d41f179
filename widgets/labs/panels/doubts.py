"""What doubtful constants do to the large chart's curve: the band shaded round it, its words, its button."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from widgets.labs.spec import Panel, Part


class Doubt(Part):
    """A doubtful constant, changed."""

    meaning: str = Field(description="of the constant, as its model says it")
    factor: float = Field(gt=0, description="its value over the written one")
    changes: dict[str, float] = Field(
        min_length=1, description="the constant's value, and that of each constant which says where a level rests"
    )


class Doubts(Panel):
    """The band of the first run's courses with each of these changes."""

    kind: Literal["doubts"] = "doubts"
    output: str = Field(description="that of the large chart")
    doubts: list[Doubt] = Field(min_length=1)

    def reads(self) -> list[str]:
        return [self.output]

    def of_runs(self) -> list[int]:
        return [0]

    def varies(self) -> list[str]:
        return sorted({name for doubt in self.doubts for name in doubt.changes})

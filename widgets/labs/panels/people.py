"""The same change in many people."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from widgets.labs.spec import Panel


class People(Panel):
    """How an output's settled level changes in people whose constants differ."""

    kind: Literal["people"] = "people"
    output: str
    n: int
    seed: int
    spread: float = Field(description="standard deviation of the natural logarithm of each constant")
    constants: list[str] = Field(description="those that differ")

    def reads(self) -> list[str]:
        return [self.output]

    def of_runs(self) -> list[int]:
        return [0]

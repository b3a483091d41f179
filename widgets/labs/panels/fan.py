"""Many people in time, as a fan."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from widgets.labs.spec import Panel


class Fan(Panel):
    """An output of the first run over time in people whose constants differ: the middle one, half, and nine in ten."""

    kind: Literal["fan"] = "fan"
    output: str
    n: int = Field(500, ge=20, le=5000)
    seed: int = Field(1, ge=0, le=2**53 - 1)
    spread: float = Field(0.2, gt=0, le=1, description="standard deviation of the natural logarithm of each constant")
    constants: list[str] = Field(min_length=1, description="those that differ")

    def reads(self) -> list[str]:
        return [self.output]

    def of_runs(self) -> list[int]:
        return [0]

    def varies(self) -> list[str]:
        return self.constants

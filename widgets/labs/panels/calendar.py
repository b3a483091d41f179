"""A calendar: one button for each time of a schedule, which a press turns to its next amount."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from widgets.labs.spec import Panel


class Calendar(Panel):
    """The times of a schedule as buttons: taken, missed, doubled."""

    kind: Literal["calendar"] = "calendar"
    control: str = Field(description="the schedule")
    amounts: list[float] = Field(min_length=2, description="what a press turns through, in order")
    every: float = Field(24.0, gt=0, description="time from one cell to the next, in the model's unit")
    cell: str = Field("day", description="what a cell is called: day 1, day 2, ...")

    def names(self) -> list[str]:
        return [self.control]

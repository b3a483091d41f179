"""Conclusions, each tested again at every setting."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from widgets.labs.spec import Panel, Part


class ClaimSpec(Part):
    """A claim: the ratio of two settled levels, with every constant that either side names on both sides."""

    text: str
    output: str
    change: dict[str, float]
    against: dict[str, float]
    low: float | None = Field(None, description="the least ratio that bears it out; null: no limit")
    high: float | None = None
    source: str = Field("", description='"Artigas 1996", or nothing')


class Claims(Panel):
    """The list of claims, each with whether it holds at the present settings of the first run."""

    kind: Literal["claims"] = "claims"
    claims: list[ClaimSpec] = Field(min_length=1)

"""How much of each target is occupied, as bars, for one medicine or two."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from widgets.labs.spec import Panel, Part


class Row(Part):
    """One target."""

    target: str
    label: str
    note: str = ""
    hue: str
    aim: bool = Field(False, description="always among the targets where the intended effect is thought to start")


class Fingerprint(Panel):
    """What the chosen doses occupy."""

    kind: Literal["fingerprint"] = "fingerprint"
    rows: list[Row] = Field(min_length=1)
    error: float = Field(ge=0, le=1, description="how far a value reckoned from affinity typically lies off a scan")

"""One tick for each time that something happened."""

from __future__ import annotations

from typing import Literal

from widgets.labs.spec import Panel


class Raster(Panel):
    """An output that counts, such as spikes, above the ticks of the run that the lab opened with."""

    kind: Literal["raster"] = "raster"
    output: str

    def reads(self) -> list[str]:
        return [self.output]

    def of_runs(self) -> list[int]:
        return [0]

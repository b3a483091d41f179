"""What follows at several terminals, in a row of small charts."""

from __future__ import annotations

from typing import Literal

from widgets.labs.spec import Panel


class Terminals(Panel):
    """One chart for each terminal, one curve in it for each side."""

    kind: Literal["terminals"] = "terminals"
    title: str
    output: str
    runs: list[list[int]]
    """For each terminal, places in spec.runs, one for each side."""

    def of_runs(self) -> list[int]:
        return [run for runs in self.runs for run in runs]

"""Charts with axes of their own under the large one, such as a current."""

from __future__ import annotations

from typing import Literal

from widgets.labs.spec import Panel


class Traces(Panel):
    """Outputs of the first run in their own unit, each beside the run that the lab opened with."""

    kind: Literal["traces"] = "traces"
    outputs: list[str]

    def reads(self) -> list[str]:
        return self.outputs

    def of_runs(self) -> list[int]:
        return [0]

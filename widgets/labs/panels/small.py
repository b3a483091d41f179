"""Small charts without axes, side by side."""

from __future__ import annotations

from typing import Literal

from widgets.labs.spec import Panel


class Small(Panel):
    """The shape and the end of some outputs of the first run."""

    kind: Literal["small"] = "small"
    outputs: list[str]

    def reads(self) -> list[str]:
        return self.outputs

    def of_runs(self) -> list[int]:
        return [0]

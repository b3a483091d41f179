"""The synapse, drawn."""

from __future__ import annotations

from typing import Literal

from widgets.labs.spec import Panel


class Scene(Panel):
    """The synapse of the first run, drawn and moving in step with its numbers."""

    kind: Literal["scene"] = "scene"

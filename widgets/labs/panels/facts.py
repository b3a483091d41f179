"""What is known of the medicines chosen, as a list."""

from __future__ import annotations

from typing import Literal

from widgets.labs.spec import Panel


class Facts(Panel):
    """A short list for each side's medicine."""

    kind: Literal["facts"] = "facts"

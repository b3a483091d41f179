"""The numbers of the run, as a folded table and as a file."""

from __future__ import annotations

from typing import Literal

from widgets.labs.spec import Panel


class Table(Panel):
    """A data table of what is drawn: the spec's `numbers` on round times."""

    kind: Literal["table"] = "table"


class File(Panel):
    """A button that saves the same columns on finer times, with the settings, as a CSV file."""

    kind: Literal["file"] = "file"

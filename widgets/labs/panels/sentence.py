"""The plain sentence under the picture."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from widgets.labs.spec import Panel


class Sentence(Panel):
    """Says what the reader sees, politely, once the controls rest."""

    kind: Literal["sentence"] = "sentence"
    speaker: Literal["levels", "doses"] = Field("levels", description="which words: about levels, or about doses")

"""Code colours: the palette's text hues, which were chosen for contrast on its ground."""

from __future__ import annotations

from typing import Any

from pygments.style import Style
from pygments.token import Comment, Error, Generic, Keyword, Name, Number, Operator, String, Token
from sphinx.application import Sphinx

from widgets.book.places import PALETTE


def _code_style(theme: int) -> dict[Any, str]:
    ink, soft, blue, green, orange, pink = (
        PALETTE[name][theme]
        for name in ("ink", "ink_soft", "serotonin_text", "norepinephrine_text", "dopamine_text", "gaba_text")
    )
    return {
        Token: ink, Error: orange, Comment: f"italic {soft}", Keyword: f"bold {blue}", Operator.Word: f"bold {blue}",
        Name.Builtin: blue, Name.Function: pink, Name.Class: pink, Name.Decorator: pink, String: green,
        Number: orange, Generic.Heading: f"bold {ink}", Generic.Deleted: orange, Generic.Inserted: green,
    }  # fmt: skip


class LightCode(Style):
    """Code on a light page."""

    name = "living-synapse-light"
    background_color = PALETTE["inset"][0]
    styles = _code_style(0)


class DarkCode(Style):
    """Code on a dark page."""

    name = "living-synapse-dark"
    background_color = PALETTE["inset"][1]
    styles = _code_style(1)


def use_dark_code(app: Sphinx) -> None:
    """Name furo's own setting, which it reads after this book's configuration."""
    app.config.pygments_dark_style = "widgets.book.code_colours.DarkCode"

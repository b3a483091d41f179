"""How the atlas says a value of the data files: as the file has it, or that it is missing."""

from __future__ import annotations

import re

import pandas as pd

from widgets.figures import markdown
from widgets.medicines.schema import NO_VALUE

SPACE = "\N{NO-BREAK SPACE}"
NONE = f"[{NO_VALUE}]{{.atlas-none}}"


def cited(key: str) -> str:
    """A key of references.bib as a citation within a sentence, or nothing."""
    return f"{{cite:t}}`{key}`" if key else ""


def text(words: str) -> str:
    """Words of the data as Markdown: nothing in them is markup, keys of references.bib become citations."""
    # A backtick is code to the models' texts; here it is a letter like any other.
    return markdown.text(words.replace("`", "\0")).replace("\0", "\\`")


def in_brackets(key: str) -> str:
    """A key of references.bib as a citation in brackets, or nothing."""
    return f"{{cite}}`{key}`" if key else ""


def number(value: float) -> str:
    """A number as the data file has it, with thousands set apart: 0.81, 6,300."""
    return f"{int(value):,}" if value == int(value) else f"{value:.10g}"


def or_none(value, unit: str = "") -> str:
    """A number with its unit, or that there is no reliable value."""
    if pd.isna(value):
        return NONE
    return f"{number(value)}{SPACE}{unit}" if unit else number(value)


def hours_and_days(*hours: float) -> str:
    """Hours, and from two days on the days too: "120 h (5 days)", "96 to 144 h (4 to 6 days)"."""
    said = f"{' to '.join(number(each) for each in hours)}{SPACE}h"
    days = " to ".join(f"{each / 24:.2g}" for each in hours)
    return f"{said} ({days} days)" if min(hours) >= 48 else said


def together(*parts: str) -> str:
    """What there is of some words, with commas."""
    return ", ".join(part for part in parts if part)


def noted(words: str, note: str) -> str:
    """How something was measured, and what there is to say of it."""
    return "; ".join(part for part in (words, text(note)) if part)


def unbroken(words: str) -> str:
    """Receptors' names that no line breaks at their hyphen."""
    return re.sub(r"\b5-HT\w*", r"[\g<0>]{.atlas-whole}", words)

"""Words, numbers, rows and models' names as the Markdown (MyST) of a page.

Every table of the book that a page shows as Markdown is made of these, in chapters and in the pages that models and
data write, so that a number and a citation look alike wherever they stand.
"""

from __future__ import annotations

import re

import numpy as np

from widgets import messengers
from widgets.engine.names import words as name_words

CITATION_KEY = r"[a-z]+\d{4}[a-z0-9]+"
"""What a key of references.bib looks like."""
_SPECIAL = re.compile(r"([\\`*_{}<>|$#\[\]~&])")


def text(words: str) -> str:
    """Plain words as Markdown: special letters escaped, `code` kept, keys of references.bib turned into citations."""
    pieces, end = [], 0
    for match in re.finditer(rf"(`[^`|\n]+`)|\(({CITATION_KEY}(?:, {CITATION_KEY})*)\)|\b({CITATION_KEY})\b", words):
        pieces.append(_SPECIAL.sub(r"\\\1", words[end : match.start()]))
        code, group, key = match.groups()
        pieces.append(code or (f"{{cite}}`{group.replace(' ', '')}`" if group else f"{{cite:t}}`{key}`"))
        end = match.end()
    return "".join([*pieces, _SPECIAL.sub(r"\\\1", words[end:])])


def table(heads: list[str], rows: list[list[str]], kind: str = "") -> str:
    """A Markdown table; every cell is Markdown already. `kind` is a class for the style sheet."""
    lines = [f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]
    lines += [f"| {' | '.join(cell.replace(chr(10), ' ') or ' ' for cell in row)} |" for row in rows]
    return "\n".join([f":::{{table}}\n:class: model-table {kind}".rstrip(), "", *lines, ":::"])


def number(value: float, digits: int = 4) -> str:
    """A number as the book prints it: 0.00202, 12,000, 0.000011; "none" for what is not finite."""
    if not np.isfinite(value):
        return "none"
    if abs(value) < 1e-12:
        return "0"
    if value == int(value) and abs(value) < 1e9:
        return f"{int(value):,}"
    shown = f"{value:.{digits}g}"
    return np.format_float_positional(float(shown), trim="-") if 1e-7 < abs(value) < 1e-3 else shown


def with_unit(unit: str) -> str:
    """What stands after a number: a space that does not break and its unit, or nothing for a pure number."""
    return f"\N{NO-BREAK SPACE}{unit}" if unit not in ("", "dimensionless") else ""


def deviation_words(ratio: float) -> str:
    """How far the model's value lies from the published one: "+2 %", or "75 times" where a percentage says little."""
    if not np.isfinite(ratio):
        return ""
    if ratio > 3:
        return f" ({ratio:.2g} times)"
    percent = 100 * (ratio - 1)
    digits = 0 if abs(percent) >= 1 else 1
    words = f"{percent:+.{digits}f}".replace("-", "\N{MINUS SIGN}") if round(percent, digits) else "0"
    return f" ({words}\N{NO-BREAK SPACE}%)"


def model_title(name: str) -> str:
    """A model's name as a heading."""
    return capital(model_said(name))


def model_said(name: str) -> str:
    """A model's name in the middle of a sentence."""
    return messengers.model_title(name) or name_words(name)


def capital(words: str) -> str:
    """The same words with a capital at their beginning."""
    return words[:1].upper() + words[1:]

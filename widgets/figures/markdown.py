"""Words, numbers, rows and models' names as the Markdown (MyST) of a page.

Every table of the book that a page shows as Markdown is made of these, in chapters and in the pages that models and
data write, so that a number and a citation look alike wherever they stand.
"""

from __future__ import annotations

import re
from html import escape

import numpy as np

from widgets import messengers
from widgets.engine.names import words as name_words

CITATION_KEY = r"[a-z]+\d{4}[a-z0-9]+"
"""What a key of references.bib looks like."""
HEADED = "headed"
"""The kind of a table whose heading says what its caption says."""
HEADS_IN_CELLS = "heads-in-cells"
"""The kind of a table whose cells bear the head of their column, for pages too narrow for columns."""
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


def table(caption: str, heads: list[str], rows: list[list[str]], kind: str = "") -> str:
    """A Markdown table that `caption` names; every cell is Markdown already.

    `kind` holds classes for the style sheet; with `HEADED` among them the caption is only read out, because a heading
    right above says the same. Raises ValueError for a blank caption: a table without one cannot be found by its name.
    """
    if not caption.strip():
        raise ValueError(f"The table with the columns {', '.join(heads)} needs a caption that says what it holds.")
    lines = [f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]
    lines += [f"| {' | '.join(cell.replace(chr(10), ' ') or ' ' for cell in row)} |" for row in rows]
    return "\n".join([f":::{{table}} {caption}\n:class: model-table {kind}".rstrip(), "", *lines, ":::"])


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


_PIECE = re.compile(
    r"\\(?P<letter>.)|`(?P<code>[^`]+)`|\*\*(?P<strong>.+?)\*\*|\*(?P<em>.+?)\*|\{cite(?P<told>:t)?\}`(?P<keys>[^`]+)`"
)


def html(markdown: str) -> str:
    """A table of `table` as HTML, for programs that know no MyST: a source is named by author and year."""
    rows = [
        [_inline(cell) for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
        for line in markdown.splitlines()
        if line.startswith("|") and not set(line) <= set("|- ")
    ]
    if not rows:
        return f"<p>{_inline(markdown)}</p>"
    heads, *body = rows
    head = "".join(f"<th>{cell}</th>" for cell in heads)
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in body)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"


def _inline(cell: str) -> str:
    pieces, end = [], 0
    for found in _PIECE.finditer(cell):
        pieces += [escape(cell[end : found.start()]), _marked(found)]
        end = found.end()
    return "".join([*pieces, escape(cell[end:])]).strip()


def _marked(found: re.Match[str]) -> str:
    if found["letter"]:
        return escape(found["letter"])
    for name in ("strong", "em"):
        if found[name]:
            return f"<{name}>{_inline(found[name])}</{name}>"
    if found["code"]:
        return f"<code>{escape(found['code'])}</code>"
    sources = [re.match(r"([a-z]+)(\d{4})", key.strip()) for key in found["keys"].split(",")]
    if found["told"]:
        return ", ".join(f"{each[1].capitalize()} ({each[2]})" for each in sources)
    return f"({', '.join(f'{each[1].capitalize()}, {each[2]}' for each in sources)})"

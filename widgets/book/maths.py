"""Mathematics as MathML: no script, no font download, readable aloud."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from docutils import nodes
from sphinx.util import logging

log = logging.getLogger(__name__)


# latex2mathml knows `align`; in a page, where the equation stands by itself, these are the same.
_SAME_AS_ALIGN = re.compile(r"\\(begin|end)\{(?:aligned|split|align|eqnarray)\*?\}")
_BARE = re.compile(r"\\(?:begin|end)\{equation\*?\}")
_ESCAPED = re.compile(r"\\([_%&#$])")
# Browsers take a cell's alignment from its style (MathML Core), not from the attribute.
_CELL = re.compile(r'<mtd columnalign="(left|right|center)">')


def mathml(latex: str, display: bool = False) -> str:
    """LaTeX as MathML, which browsers set and screen readers read without a script.

    Raises ValueError, naming the command or environment, if the LaTeX holds one that has no MathML.
    """
    from latex2mathml.converter import convert

    source = latex.strip()
    if source.replace("\\{", "").count("{") != source.replace("\\}", "").count("}"):
        raise ValueError(f"cannot set {source!r} as MathML: its braces do not balance")
    try:
        prepared = _BARE.sub("", _SAME_AS_ALIGN.sub(r"\\\1{align*}", source))
        markup = convert(prepared, display="block" if display else "inline")
    except Exception as error:
        raise ValueError(f"cannot set {source!r} as MathML: {type(error).__name__} {error}".strip()) from error
    markup = re.sub("<mtext>.*?</mtext>", lambda text: _ESCAPED.sub(r"\1", text[0]), markup)
    unknown = re.search(r">\\([A-Za-z]+)<", markup)
    if unknown:
        raise ValueError(f"cannot set {source!r} as MathML: no rule for \\{unknown[1]}")
    if "<mi>&</mi>" in markup:
        environment = re.search(r"\\begin\{([^}]*)\}", source)
        raise ValueError(
            f"cannot set {source!r} as MathML: no rule for "
            + (f"the environment {environment[1]!r}" if environment else "& outside an environment")
        )
    return _CELL.sub(r'<mtd style="text-align:\1">', markup)


def _math_or_warning(node: nodes.Element, display: bool) -> str:
    try:
        return mathml(node.astext(), display)
    except ValueError as error:
        log.warning("%s", error, location=node, type="living-synapse", subtype="math")
        return f"<code>{escape(node.astext())}</code>"


def visit_math(translator: Any, node: nodes.math) -> None:
    """Set mathematics within a line."""
    translator.body.append(_math_or_warning(node, False))
    raise nodes.SkipNode


def visit_math_block(translator: Any, node: nodes.math_block) -> None:
    """Set an equation by itself."""
    number = f'<span class="eqno">({node["number"]})</span>' if node.get("number") else ""
    anchor = f' id="{escape(node["ids"][0])}"' if node.get("ids") else ""
    translator.body.append(f'<div class="math"{anchor}>{_math_or_warning(node, True)}{number}</div>\n')
    raise nodes.SkipNode

"""Markup as myst-nb and Sphinx leave it, put right where axe, screen readers or the eye trip over it."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import Any

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.transforms.post_transforms import SphinxPostTransform

from widgets.figures.markdown import HEADS_IN_CELLS


class CodeBelow(SphinxPostTransform):
    """A cell's folded code stands below what it made: first the lab or figure, then how it was written.

    Code that makes nothing to be seen (imports, the words of a lab) is folded with that of a next cell.
    """

    default_priority = 900  # after myst-nb has folded it
    formats = ("html",)

    def run(self, **_: Any) -> None:
        for folded in list(self.document.findall(HideCodeCellNode)):
            cell = folded.parent
            if "tag_hide-input" not in cell.get("classes", ()):
                continue
            following = cell.next_node(descend=False, siblings=True, ascend=False)
            further = following.next_node(HideCodeCellNode) if isinstance(following, nodes.container) else None
            if len(cell) == 1 and further is not None and "tag_hide-input" in following["classes"]:
                further[0:0] = folded.children
                cell.parent.remove(cell)
                continue
            cell.remove(folded)
            cell.append(folded)


_MENDED = [
    # A chapter's own words for what a cell folds away (code_prompt_show: "Show the ...") stay, once.
    (re.compile(r"<summary aria-label=\"Toggle hidden content\">\s*<p[^>]*>(Show the [^<]+)</p>.*?</summary>",
                re.DOTALL), r"<summary>\1</summary>"),
    # myst-nb names the disclosure "Show code cell source" for two states in an aria-label unlike its visible text.
    (re.compile(r"<summary aria-label=\"Toggle hidden content\">.*?</summary>", re.DOTALL),
     "<summary>Show the code</summary>"),
    # The corner above the row names is no header of anything.
    (re.compile(r"<th[^>]*>\s*(?:<p>\s*</p>)?\s*</th>"), "<td></td>"),
    # docutils says of a header cell that it is one, and not of what.
    (re.compile(r'<th class="head(?! stub)'), '<th scope="col" class="head'),
    (re.compile(r'<th class="stub'), '<th scope="row" class="stub'),
    # A caption is read out as the table's name: without a number, which no prose uses, and the sign of a link to it.
    (re.compile(r'(<caption>)<span class="caption-number">[^<]*</span>'), r"\1"),
    (re.compile(r'(<caption>(?:(?!</caption>).)*?)<a class="headerlink"[^>]*>[^<]*</a>', re.DOTALL), r"\1"),
    # A table and the box that lets it scroll are given one id.
    (re.compile(r'(<div class="[^"]*table-wrapper[^"]*" id="([^"]+)">\s*<table[^>]*?) id="\2"'), r"\1"),
    # An author list that the bibliography leaves open is cited as any longer one is.
    (re.compile(r" and others, (?=\d{4}[a-z]?</a>)"), " <em>et al.</em>, "),
    (re.compile(r" and others (?=\(<a [^>]*>\d{4}[a-z]?</a>)"), " <em>et al.</em> "),
    # ARIA withdrew this role; the entries stand in a list.
    (re.compile(r'role="doc-biblioentry"'), 'role="listitem"'),
]  # fmt: skip


_TABLE = re.compile(rf'<table class="(?:[^"]* )?{HEADS_IN_CELLS}[ "].*?</table>', re.DOTALL)
_HEAD = re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL)
_ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


def mended(body: str) -> str:
    """A page's HTML without the small faults that are known, and heads in the cells of tables that want them."""
    for old, new in _MENDED:
        body = old.sub(new, body)
    return _TABLE.sub(_with_heads, body)


def _with_heads(found: re.Match[str]) -> str:
    table = found[0]
    heads = [escape(unescape(" ".join(_TAG.sub("", head).split()))) for head in _HEAD.findall(table)]

    def row(line: re.Match[str]) -> str:
        named = iter(heads)
        return re.sub(r"<td\b", lambda _: f'<td data-head="{next(named, "")}"', line[0])

    return _ROW.sub(row, table)

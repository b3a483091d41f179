"""Markup as myst-nb and Sphinx leave it, put right where axe, screen readers or the eye trip over it."""

from __future__ import annotations

import re
from typing import Any

from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.transforms.post_transforms import SphinxPostTransform


class CodeBelow(SphinxPostTransform):
    """A cell's folded code stands below what it made: first the lab or figure, then how it was written."""

    default_priority = 900  # after myst-nb has folded it
    formats = ("html",)

    def run(self, **_: Any) -> None:
        for folded in list(self.document.findall(HideCodeCellNode)):
            cell = folded.parent
            if "tag_hide-input" in cell.get("classes", ()):
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


def mended(body: str) -> str:
    """A page's HTML without the small faults that are known."""
    for old, new in _MENDED:
        body = old.sub(new, body)
    return body

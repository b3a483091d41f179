"""Tables as a screen reader needs them: each with a caption, in its own words or in those that stand before it."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

from widgets.book.audit import BookError
from widgets.book.folds import fold, fold_title
from widgets.figures.markdown import HEADED

_SENTENCE_ENDS = re.compile(r"(?<=[.:!?])\s+(?=[^\sa-z])")


class CaptionTables(SphinxTransform):
    """Give each table without a caption one that is only read out: the sentence that leads to it, else its heading.

    What a page's reader sees stays as it is written. Raises BookError for a table with neither.
    """

    default_priority = 205  # before Sphinx gives every captioned table an id

    def apply(self, **_: Any) -> None:
        for table in self.document.findall(nodes.table):
            if table.next_node(nodes.title) is None:
                words = lead(table)
                if not words:
                    columns = ", ".join(entry.astext() for entry in _heads(table))
                    raise BookError(
                        f"{self.env.doc2path(self.env.docname)}: the table with the columns {columns} has no caption, "
                        "and no sentence or heading before it names it. Write it as a table directive with a title: "
                        ":::{table} What it holds"
                    )
                table.insert(0, nodes.title(words, words))
                table["classes"].append(HEADED)


def lead(table: nodes.table) -> str:
    """The last sentence of the paragraph right before a table, or else the heading of its section or fold."""
    # In a cell of a notebook the prose is a neighbour of what holds the table.
    around = table
    while around.parent is not None and not isinstance(around.parent, (nodes.section, fold)):
        around = around.parent
    if around.parent is None:
        return ""
    section = around.parent
    before = section[section.index(around) - 1] if section.index(around) else None
    if isinstance(before, nodes.paragraph):
        return _SENTENCE_ENDS.split(_prose(before))[-1].rstrip(".:")
    title = section.next_node(fold_title if isinstance(section, fold) else nodes.title)
    return " ".join(title.astext().split()) if title is not None else ""


def _prose(paragraph: nodes.paragraph) -> str:
    """A paragraph's words without its sources, which are still keys of references.bib when a page is read."""
    words = paragraph.deepcopy()
    for source in list(words.findall(addnodes.pending_xref)):
        if source.get("refdomain") == "cite":
            source.parent.remove(source)
    return " ".join(words.astext().split())


def _heads(table: nodes.table) -> list[nodes.entry]:
    head = table.next_node(nodes.thead)
    return [] if head is None else list(head.findall(nodes.entry))

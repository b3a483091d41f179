"""What a part of a page holds, as a class, so that the style sheets ask no element what is in it.

`:has()` could ask. But a browser then asks it again of every ancestor whenever a lab draws, and of the whole page while
it loads: the SSRI chapter blocked Lighthouse's phone for 0.44 s, and blocks it for 0.25 s without.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

FILTER = 'class="atlas-filter"'
"""By which the page of the drug atlas is known."""


class NameKinds(SphinxPostTransform):
    """Cells bear `cell-code`, `-figure`, `-widget`, `-math`, `-table`; the section of one medicine `atlas-medicine`."""

    default_priority = 910  # after outputs, figures and folds stand in their places
    formats = ("html",)

    def run(self, **_: Any) -> None:
        for cell in self.document.findall(nodes.container):
            if "cell" in cell["classes"]:
                _add(cell, *kinds_of(cell))
        for raw in self.document.findall(nodes.raw):
            if 'class="atlas-entry"' in raw.astext() and isinstance(raw.parent, nodes.section):
                _add(raw.parent, "atlas-medicine")


def _add(element: nodes.Element, *kinds: str) -> None:
    element["classes"] += [kind for kind in kinds if kind not in element["classes"]]


def kinds_of(cell: nodes.container) -> Iterator[str]:
    """The kinds of a notebook's cell, by what stands in it."""
    parts = [child for child in cell.children if isinstance(child, nodes.Element)]
    if any("cell_input" in part["classes"] for part in parts):
        yield "cell-code"
    for output in parts:
        if "cell_output" not in output["classes"]:
            continue
        raw = [each.astext() for each in output.findall(nodes.raw)]
        if any('class="figure-scroll"' in text for text in raw):
            yield "cell-figure"
        if any("<script" in text for text in raw):
            yield "cell-widget"
        if output.next_node(nodes.math_block) is not None:
            yield "cell-math"
        if any("model-table" in table["classes"] for table in output.findall(nodes.table)):
            yield "cell-table"

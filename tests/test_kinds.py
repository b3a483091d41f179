"""What a part of a page holds is a class, and no style sheet asks it of what holds a lab."""

from __future__ import annotations

import re

import pytest
from docutils import nodes
from docutils.utils import new_document

import hatch_build
from tests.browser.support import ROOT
from widgets import SynapseLab
from widgets.book.kinds import NameKinds


def cell(*outputs: nodes.Node, code: str = "") -> nodes.container:
    made = nodes.container(classes=["cell"])
    if code == "shown":
        made += nodes.container("", nodes.literal_block("", "1"), classes=["cell_input"])
    if code == "folded":
        made += nodes.container("", nodes.container(classes=["cell_input"]), classes=["hide"])
    if outputs:
        made += nodes.container("", *outputs, classes=["cell_output"])
    return made


def raw(text: str) -> nodes.raw:
    return nodes.raw("", text, format="html")


FIGURE = '<div class="figure-scroll"><svg></svg></div>'
WIDGET = '<script type="application/vnd.jupyter.widget-view+json">{}</script>'


@pytest.mark.parametrize(
    ("made", "kinds"),
    [
        (lambda: cell(raw("<p>words</p>"), code="folded"), []),
        (lambda: cell(code="shown"), ["cell-code"]),
        (lambda: cell(raw(FIGURE), code="folded"), ["cell-figure"]),
        (lambda: cell(raw(WIDGET)), ["cell-widget"]),
        (lambda: cell(nodes.container("", nodes.math_block("", "x")), code="shown"), ["cell-code", "cell-math"]),
        (lambda: cell(nodes.table(classes=["model-table"])), ["cell-table"]),
        (lambda: cell(nodes.table(classes=["other"])), []),
    ],
)
def test_a_cell_bears_what_it_holds(made, kinds):
    document, section = new_document("page"), nodes.section()
    section += made()
    document += section
    NameKinds(document).run()
    assert section[0]["classes"] == ["cell", *kinds]
    NameKinds(document).run()
    assert section[0]["classes"] == ["cell", *kinds], "once is enough"


def test_the_section_of_a_medicine_is_known():
    document, medicine, other = new_document("page"), nodes.section(), nodes.section()
    medicine += raw('<div class="atlas-entry" data-words="x">')
    other += raw("<div>")
    document += [medicine, other]
    NameKinds(document).run()
    assert (medicine["classes"], other["classes"]) == (["atlas-medicine"], [])


def test_controls_bear_how_many_they_are():
    lab = SynapseLab("serotonin")
    box = lab.children[1]
    assert f"lab-controls-{len(box.children)}" in box._dom_classes and len(box.children) >= 2


HARMLESS = re.compile(r"(\.lab-choices label|\.ls-choice|\.atlas td):has\([^)]*\)$")
"""A choice, whose label holds its button and nothing that is drawn anew, and a table's cell."""


def test_no_style_sheet_asks_what_is_in_what_holds_a_lab():
    """With `:has()` on a page, a section or a cell each curve that is drawn sets the whole page's styles anew."""
    hatch_build.bundle(ROOT)
    text = (ROOT / "widgets/static/book.css").read_text(encoding="utf-8")
    screen = re.sub(r"@media print\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", text)
    assert len(screen) > 0.8 * len(text) and ".lab-controls-3" in screen
    selectors = [
        each for rule in re.findall(r"([^{}]*:has\([^{}]*)\{", screen) for each in re.split(r",(?![^()]*\))", rule)
    ]
    asking = [each for each in selectors if ":has(" in each]
    assert len(asking) == 4 and all(HARMLESS.search(each) for each in asking), asking

"""Where a page folds its code: below what it made, and what makes nothing with what follows."""

from __future__ import annotations

from docutils import nodes
from docutils.utils import new_document
from myst_nb.sphinx_ import HideCodeCellNode

from widgets.book.markup import CodeBelow


def cell(code: str, *made: str, tag: str = "tag_hide-input") -> nodes.container:
    folded = HideCodeCellNode("", nodes.literal_block(code, code))
    return nodes.container("", folded, *(nodes.paragraph("", each) for each in made), classes=["cell", tag])


def arranged(*parts: nodes.Node) -> nodes.section:
    document = new_document("page")
    section = nodes.section("", nodes.title("", "A"), *parts)
    document += section
    CodeBelow(document).run()
    return section


def words(cells: nodes.section) -> list[list[str]]:
    return [[each.astext() for each in part.findall(nodes.TextElement)] for part in cells.children[1:]]


def test_code_stands_below_what_it_made():
    assert words(arranged(cell("lab()", "a lab"))) == [["a lab", "lab()"]]
    assert words(arranged(cell("lab()", "a lab", tag="other"))) == [["lab()", "a lab"]]


def test_code_that_makes_nothing_is_folded_with_the_next():
    found = arranged(cell("import x"), cell("words = 1"), cell("lab()", "a lab"))
    assert words(found) == [["a lab", "import x", "words = 1", "lab()"]]
    assert len(list(found.findall(HideCodeCellNode))) == 1


def test_code_before_prose_stays_where_it_is():
    found = arranged(cell("import x"), nodes.paragraph("", "Prose."), cell("lab()", "a lab"))
    assert words(found) == [["import x"], ["Prose."], ["a lab", "lab()"]]
    assert words(arranged(cell("import x"), cell("shown()", "it", tag="other"))) == [["import x"], ["shown()", "it"]]

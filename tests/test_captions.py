"""Every table says what it holds: in its own caption, or in the words that lead to it."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from docutils import nodes

from widgets.book.tables import lead
from widgets.figures.markdown import table


def test_every_table_of_the_book_has_a_caption_and_its_headers_a_scope(book):
    seen, faults = 0, []
    for path in sorted(book.html.rglob("*.html")):
        page = path.relative_to(book.html)
        names, owned = [], []
        for found in BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").find_all("table"):
            seen += 1
            caption = found.find("caption")
            name = caption.get_text(" ", strip=True) if caption else ""
            names.append(name)
            # Two labs of a page may show the same of their own medicines: each is a group with its own title.
            lab = found.find_parent(class_="synapse-lab")
            owned.append((lab.find(class_="lab-title").get_text() if lab else "", name))
            heads = [head.get_text(strip=True) for head in found.find_all("th")]
            if len(names[-1]) < 8 or names[-1].endswith(("#", ":", ".")) or "{" in names[-1]:
                faults.append(f"{page}: the table of {heads[:4]} is captioned {names[-1]!r}")
            if not heads or any(
                head.get("scope") not in ("col", "row", "colgroup", "rowgroup") for head in found.find_all("th")
            ):
                faults.append(f"{page}: a header of the table of {heads[:4]} does not say of what it is one")
        faults += [f"{page}: two tables are captioned {name!r}" for name in {n for n in owned if owned.count(n) > 1}]
    assert seen > 170, seen
    assert not faults, "\n".join(faults)


def _section(*children: nodes.Node) -> nodes.table:
    section = nodes.section("", nodes.title("", "What was measured"), *children)
    return next(iter(section.findall(nodes.table)))


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ("Some were ill. Seven of the studies, chosen for this:", "Seven of the studies, chosen for this"),
        ("Blocked by 80 % vs. none. Here is what followed.", "Here is what followed"),
        (None, "What was measured"),
    ],
)
def test_a_table_of_prose_is_called_by_what_leads_to_it(before, words):
    lead_in = [nodes.paragraph("", before)] if before else []
    assert lead(_section(*lead_in, nodes.table())) == words
    # In a cell of a notebook it lies deeper.
    assert lead(_section(*lead_in, nodes.container("", nodes.container("", nodes.table())))) == words


def test_a_table_that_nothing_names_is_not_named():
    document = nodes.container("", nodes.table())
    assert lead(next(iter(document.findall(nodes.table)))) == ""


def test_a_table_made_without_a_caption_is_refused():
    with pytest.raises(ValueError, match="columns Dose, Level needs a caption"):
        table(" ", ["Dose", "Level"], [])

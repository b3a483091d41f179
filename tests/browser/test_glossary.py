"""Definitions where the terms stand: on hover and on focus, dismissed with Escape (WCAG 1.4.13)."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup

from tests.browser.harness import PAGES
from tests.browser.support import source_of

TERM = "a.glossary-term"


def linking(page: str) -> bool:
    return "{term}`" in source_of(page).read_text(encoding="utf-8")


TERM_PAGES = [page for page in PAGES if linking(page)]


def test_chapters_use_the_glossary():
    assert len(TERM_PAGES) >= 3, TERM_PAGES


LONGER = 18
"""Frames, three tenths of a second: longer than a definition outlives the pointer (LEAVE_DELAY of glossary.ts)."""


@pytest.fixture
def definitions(book) -> dict[str, str]:
    """Anchor -> the words of its definition, read from the glossary's own page."""
    page = next(page for page in PAGES if page.endswith("glossary"))
    soup = BeautifulSoup((book.html / f"{page}.html").read_text(encoding="utf-8"), "html.parser")
    found = {}
    for term in soup.select("dl.glossary dt[id]"):
        body = term.find_next_sibling("dd")
        found[term["id"]] = " ".join(body.get_text(" ").split())
    assert len(found) >= 20, f"{len(found)} terms"
    return found


def plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).lower().strip()


@pytest.mark.parametrize("page", TERM_PAGES)
@pytest.mark.parametrize("scheme", ["http", "file"])
def test_a_definition_on_hover_and_focus(open_page, book, definitions, page, scheme):
    view = open_page(book.address(page, scheme))
    links = view.locator(TERM)
    links.first.wait_for()
    count = links.count()
    shown = view.locator(".glossary-panel:visible")
    for index in range(min(count, 6)):
        link = links.nth(index)
        anchor = link.get_attribute("href").split("#")[1]
        assert shown.count() == 0
        link.scroll_into_view_if_needed()
        link.hover()
        shown.wait_for()
        words = plain(shown.inner_text())
        assert len(words.split()) >= 4, f"{anchor}: {words!r}"
        assert set(words.split()[1:5]) <= set(plain(definitions[anchor] + " " + anchor).split()), (anchor, words)
        # The pointer may go onto the definition to read it, as slowly as it likes.
        box, term = shown.bounding_box(), link.evaluate("(link) => link.getClientRects()[0].toJSON()")
        above = box["y"] < term["y"]
        between = (box["y"] + box["height"] + term["top"] if above else term["bottom"] + box["y"]) / 2
        view.mouse.move(term["x"] + min(term["width"], box["width"]) / 2, between)
        view.evaluate("looking.frames", LONGER)
        assert shown.count() == 1, f"{anchor}: the definition flees from a slow pointer"
        view.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        view.evaluate("looking.frames", LONGER)
        assert shown.count() == 1, f"{anchor}: the definition flees from the pointer"
        view.keyboard.press("Escape")
        shown.wait_for(state="hidden")
        view.mouse.move(2, 2)

        link.focus()
        shown.wait_for()
        described = view.locator(f'[id="{link.get_attribute("aria-describedby")}"]').text_content()
        assert described and described in shown.text_content(), f"{anchor}: a screen reader is told {described!r}"
        inside = shown.evaluate("looking.inside")
        assert inside, f"{anchor}: the definition runs out of the window"
        view.keyboard.press("Escape")
        shown.wait_for(state="hidden")
        assert view.evaluate("(link) => document.activeElement === link", link.element_handle()), (
            "Escape moves the focus"
        )
        view.evaluate("() => document.activeElement.blur()")
    view.watch.assert_clean()

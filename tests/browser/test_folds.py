"""Folded parts on the pages: closed at first, opened by key, link, address, search and paper."""

from __future__ import annotations

import re

import pytest

from tests.browser.harness import LAB_PAGES, run_axe, wait_alive

FOLDED = re.compile(r'<details class="fold" id="([^"]+)">')


@pytest.fixture(scope="module")
def folds(book) -> dict[str, list[str]]:
    """The folds of each page that has some."""
    found = {name: FOLDED.findall((book.html / f"{name}.html").read_text(encoding="utf-8")) for name in LAB_PAGES}
    return {name: ids for name, ids in found.items() if ids}


def test_pages_have_folds_with_addresses_of_their_own(folds):
    assert len(folds) >= 3 and sum(map(len, folds.values())) >= 15
    for name, ids in folds.items():
        assert len(set(ids)) == len(ids), name


def test_an_address_opens_its_fold_and_no_other(open_page, book, folds):
    for name, ids in folds.items():
        view = open_page(f"{book.address(name)}#{ids[-1]}")
        wait_alive(view, name)
        assert view.evaluate("[...document.querySelectorAll('details.fold[open]')].map((fold) => fold.id)") == [ids[-1]]
        top = view.evaluate("(id) => document.getElementById(id).getBoundingClientRect().top", ids[-1])
        # The last fold of a page may stand too low to come to the top.
        low = view.evaluate("scrollY + innerHeight >= document.documentElement.scrollHeight - 2")
        assert -2 <= top < 80 or low, (name, top)


def test_a_link_on_the_page_opens_it_and_a_key_closes_it(open_page, book, folds):
    name = "chapters/4-medicines/ssri"
    view = open_page(book.address(name))
    wait_alive(view, name)
    first = folds[name][0]
    fold = view.locator(f"details.fold[id='{first}']")
    assert fold.get_attribute("open") is None
    view.evaluate("(id) => { location.hash = id }", first)
    view.wait_for_function("(id) => document.getElementById(id).open", arg=first)
    fold.locator("summary").focus()
    view.keyboard.press("Enter")
    assert fold.get_attribute("open") is None
    view.keyboard.press("Space")
    assert fold.get_attribute("open") is not None
    assert fold.locator("table").first.is_visible()


def test_words_that_a_search_marks_are_not_hidden(open_page, book, folds):
    name = "chapters/4-medicines/ssri"
    view = open_page(book.address(name))
    words = view.evaluate(
        """() => document.querySelector('details.fold tbody td:nth-child(4)').textContent.match(/[a-z]{7,}/)[0]"""
    )
    view = open_page(f"{book.address(name)}?highlight={words}")
    wait_alive(view, name)
    view.wait_for_function("() => document.querySelector('details.fold .highlighted')")
    shown = view.locator("details.fold .highlighted").evaluate_all(
        "(all) => all.every((each) => each.checkVisibility())"
    )
    assert shown
    assert view.locator("details.fold:not([open]) .highlighted").count() == 0


def test_on_a_phone_each_cell_says_what_it_is(open_page, book, folds):
    name = "chapters/4-medicines/ssri"
    view = open_page(f"{book.address(name)}#{folds[name][0]}", viewport={"width": 390, "height": 800})
    wait_alive(view, name)
    cells = view.locator("details.fold[open] tbody tr").first.locator("td")
    said = cells.evaluate_all("(all) => all.map((cell) => getComputedStyle(cell, '::before').content)")
    heads = view.locator("details.fold[open] thead th").all_inner_texts()
    assert said[0] == "none" and len(said) == len(heads) > 2
    assert view.evaluate("document.documentElement.scrollWidth <= innerWidth")
    boxes = [cell.bounding_box() for cell in cells.all()]
    assert all(above["y"] < below["y"] for above, below in zip(boxes, boxes[1:], strict=False)), "one below the other"


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 390)])
def test_open_folds_are_accessible(open_page, book, folds, theme, width):
    name = "chapters/4-medicines/ssri"
    view = open_page(book.address(name), viewport={"width": width, "height": 800}, color_scheme=theme)
    wait_alive(view, name)
    view.evaluate("document.querySelectorAll('details.fold').forEach((fold) => { fold.open = true })")
    assert run_axe(view, f"{name} {theme} {width}", "article") > 10

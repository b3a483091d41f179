"""The search: every search ends, finds what the book says, and knows medicines and targets by their other names."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from tests.browser.harness import PAGES
from widgets.book import searching
from widgets.medicines.names import NAMES


def results(view) -> list[str]:
    """Where the links of a finished search lead. AssertionError if it does not end or says what nobody understands."""
    view.wait_for_function(
        "() => document.querySelector('#search-results h2')?.textContent === 'Results'"
        " && document.querySelector('#search-results .search-summary').textContent"
    )
    said = view.locator("#search-results .search-summary").inner_text()
    assert "undefined" not in view.locator("#search-results").inner_text()
    found = [link.get_attribute("href") for link in view.locator("#search-results li a").all()]
    counted = re.fullmatch(r"Found in the book: (\d+)", said)
    assert int(counted[1]) == len(found) if counted else said.startswith("Nothing in the book fits"), said
    return found


def search(open_page, book, text: str, scheme: str = "http") -> tuple[list[str], str]:
    view = open_page(f"{book.address('search', scheme)}?q={quote(text)}")
    found = results(view)
    assert view.locator("input[name=q]").first.input_value() == re.sub(r"[\r\n]", "", text)
    view.watch.assert_clean()
    return found, view.locator("#search-results .search-summary").inner_text()


# What is on every object in JavaScript, what is no word, what is markup, what is too much.
ODD = [
    *("constructor", "__proto__", "hasOwnProperty", "toString", "valueOf", "__defineGetter__", "%", "   ", "12", "- -"),
    *("the", "<img src=x onerror=alert(1)>", "a" * 5000, "wordless " * 500, '"quoted"', "((", "\\", "\U0001f9e0"),
]


@pytest.mark.parametrize("text", ODD, ids=[text[:16] for text in ODD])
def test_every_search_ends(open_page, book, text):
    search(open_page, book, text)


@pytest.mark.parametrize("name", ["constructor", "__proto__", "hasOwnProperty", "toString"])
def test_odd_words_do_not_hide_what_stands_beside_them(open_page, book, name):
    """All words are asked for: what the book does not say is found nowhere, whatever else is asked."""
    found, said = search(open_page, book, f"{name} zzyzx")
    assert found == [] and "zzyzx" in said


def test_plain_searches_find_what_they_found(open_page, book):
    for text in ("serotonin", "reuptake transporter", "key terms"):
        found, _ = search(open_page, book, text)
        assert len(found) >= 3, text


@pytest.mark.parametrize("address", ["?q=", "", "?q=%", "?other=1"])
def test_nothing_asked_is_nothing_searched(open_page, book, address):
    view = open_page(book.address("search") + address)
    if address == "?q=%":
        assert results(view) == []
    else:
        view.wait_for_function("() => document.documentElement.dataset.page === 'ready'")
        assert view.locator("#search-results").inner_text() == ""
    view.watch.assert_clean()


@pytest.mark.parametrize("scheme", ["http", "file"])
@pytest.mark.parametrize(
    ("typed", "leads"),
    [
        ("Prozac", "drug-atlas.html#fluoxetine"),
        ("seroxat", "drug-atlas.html#paroxetine"),
        ("Zoloft", "ssri.html"),
        ("5HT", "serotonin.html"),
        ("5-HT", "serotonin.html"),
        ("5ht2a", "drug-atlas.html"),
        ("MAOB", "maoi.html"),
        ("noradrenaline", "norepinephrine.html"),
        ("amfetamine", "drug-atlas.html#amphetamine"),
        ("Prozac half-life", "drug-atlas.html"),
    ],
)
def test_other_names_find_what_they_mean(open_page, book, typed, leads, scheme):
    found, _ = search(open_page, book, typed, scheme)
    assert any(leads in address for address in found), found


def test_every_other_name_finds_something(open_page, book):
    """In the search and in the atlas's filter, each name of the tables."""
    view = open_page(book.address("search"))
    view.wait_for_function("() => document.documentElement.dataset.page === 'ready'")
    names = list(searching.words())
    missed = [name for name in names if not _count(view, name)]
    assert not missed and len(names) >= 100
    atlas = open_page(book.address(next(page for page in PAGES if page.endswith("drug-atlas"))))
    field, count = atlas.get_by_label("Find a medicine"), atlas.locator(".atlas-count")
    asked = 0
    for drug, other in NAMES.items():
        field.fill(other.sold_as[0].lower())
        field.press("Enter")
        assert re.match(r"[1-9]\d? of \d+ medicines", count.inner_text()), other
        assert atlas.locator(f"#drug-{drug.replace(' ', '-')}").locator("xpath=ancestor::section[1]").is_visible(), drug
        asked += 1
    assert asked >= 50


def _count(view, text: str) -> int:
    view.evaluate("document.getElementById('search-results').replaceChildren()")
    view.evaluate("(text) => Search.performSearch(text)", text)
    return len(results(view))


def test_an_index_that_does_not_come_is_told(open_page, book):
    view = open_page(None)
    view.route("**/searchindex.js", lambda route: route.fulfill(content_type="text/javascript", body=""))
    view.goto(f"{book.address('search')}?q=serotonin", wait_until="load")
    view.get_by_text("index could not be loaded").wait_for()
    assert view.locator("#search-results h2").inner_text() == "Results"


def test_a_search_that_breaks_is_told(open_page, book):
    view = open_page(None)
    broken = "Search.setIndex({ terms: {}, titleterms: {}, alltitles: {} })"
    view.route("**/searchindex.js", lambda route: route.fulfill(content_type="text/javascript", body=broken))
    view.goto(f"{book.address('search')}?q=serotonin", wait_until="load")
    view.get_by_text("could not be finished").wait_for()

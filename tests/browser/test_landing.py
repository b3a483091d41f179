"""Pages that do not move while their labs come: room kept, links that land, on every page with a lab."""

from __future__ import annotations

import pytest

from tests.browser.harness import LAB_PAGES, LABS, QUESTIONS, wait_alive
from tests.scripts import for_browser

# Chromium keeps a reader's line by itself, WebKit does not: what must hold everywhere is tried without.
NO_ANCHORING = "* { overflow-anchor: none !important }"
WIDTHS = (360, 390, 768, 1280)
HEIGHTS = "[...document.querySelectorAll('.widget-place')].map((place) => place.getBoundingClientRect().height)"
FONTS = "document.fonts.ready.then(() => document.fonts.size)"


def _held(page) -> list:
    """Hold back the page's runtime; returns the requests that wait."""
    waiting: list = []
    page.route("**/runtime.js*", lambda route: waiting.append(route))
    return waiting


def _heights(page) -> dict[int, list[float]]:
    found = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate("looking.frames(4)")
        found[width] = page.evaluate(HEIGHTS)
    return found


@pytest.mark.parametrize("name", LAB_PAGES)
def test_a_still_keeps_the_room_that_its_widget_will_take(book, open_page, name):
    page = open_page(None, bypass_csp=True)
    waiting = _held(page)
    page.goto(book.address(name), wait_until="commit")
    page.wait_for_function("() => document.querySelector('.book-footer') !== null")
    page.wait_for_function("() => [...document.styleSheets].some(({ href }) => href?.includes('book.css'))")
    page.evaluate(FONTS)
    assert page.locator(".widget-still").count() == LABS[name] + QUESTIONS[name]
    kept = _heights(page)
    assert len(waiting) == 1
    waiting[0].continue_()
    wait_alive(page, name)
    real = _heights(page)
    faults, looked = [], 0
    for width in WIDTHS:
        for place, (still, live) in enumerate(zip(kept[width], real[width], strict=True)):
            looked += 1
            if abs(still - live) > 0.06 * live:
                faults.append(f"{width} px, widget {place + 1}: {still:.0f} px are kept, it takes {live:.0f}")
    assert looked == len(WIDTHS) * (LABS[name] + QUESTIONS[name]) and not faults, "\n".join(faults)


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", LAB_PAGES[::2])
def test_a_page_does_not_move_while_its_labs_come(book, open_page, name, width):
    page = open_page(None, viewport={"width": width, "height": 800})
    page.add_init_script(for_browser("shifts"))
    page.goto(book.address(name), wait_until="load")
    wait_alive(page, name)
    page.evaluate("looking.frames(10)")
    shifts = page.evaluate("shifts.seen")
    assert sum(shift[0] for shift in shifts) < 0.05, shifts


@pytest.mark.parametrize("name", LAB_PAGES)
def test_a_page_that_is_ready_has_its_height_though_sizes_are_told_late(book, open_page, name):
    page = open_page(None, viewport={"width": 360, "height": 800})
    page.add_init_script(for_browser("lateSizes"))
    page.goto(book.address(name), wait_until="load")
    wait_alive(page, name)
    height = "() => document.documentElement.scrollHeight"
    ready = page.evaluate(height)
    assert page.evaluate("lateSizes.tell") >= LABS[name], "no sizes were held back: nothing was tried"
    page.evaluate("looking.frames(10)")
    told = page.evaluate(height)
    assert abs(told - ready) <= 8, f"{name}: {ready} px when it was ready, {told} px when all sizes were told"


@pytest.mark.parametrize("name", LAB_PAGES)
def test_links_to_sections_land_without_the_browsers_anchoring(book, open_page, name):
    page = open_page(None, viewport={"width": 360, "height": 700})
    page.add_init_script(
        f"addEventListener('DOMContentLoaded', () => document.head.append("
        f"Object.assign(document.createElement('style'), {{ textContent: {NO_ANCHORING!r} }})))"
    )
    page.goto(book.address(name), wait_until="load")
    wait_alive(page, name)
    ids = page.evaluate("[...document.querySelectorAll('article section[id] > h2')].map((h) => h.parentElement.id)")
    assert len(ids) >= 3
    for place in (ids[1], ids[len(ids) // 2], ids[-1]):
        page.goto(f"{book.address(name)}?{place}#{place}", wait_until="load")
        wait_alive(page, name)
        page.evaluate("looking.frames(4)")
        top, foot = page.evaluate(
            "(id) => [document.querySelector(`#${CSS.escape(id)} > h2`).getBoundingClientRect().top,"
            " document.documentElement.scrollHeight - innerHeight - scrollY]",
            place,
        )
        # Under the bar of a phone, or as near as the page's end allows.
        assert -4 <= top <= 130 or (foot < 2 and top > 0), (place, top, foot)

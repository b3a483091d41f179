"""Words as a reader has set them: spread apart, twice as large, magnified, in a page of the other direction."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.browser.harness import LAB_PAGES, labs, wait_alive
from tests.browser.support import chromium_options
from tests.scripts import for_browser

# What WCAG 1.4.12 lets a reader set.
SPREAD = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }"
# The chart that stays in view over the sliders of a phone may lie over them: that is its purpose.
SOME = LAB_PAGES[::3]
"""Each kind of lab is on one of them."""
STILL = ".lab-main { position: static !important }"
CARDS = ".synapse-lab, .ls-questions"
PHONE, DESK, MAGNIFIED = 360, 1280, 320
HUGE = 32


@pytest.fixture(scope="module")
def large(browser):
    """A browser whose reader set letters of 32 px, twice as large as usual."""
    options = chromium_options(SimpleNamespace(chromium=browser.browser_type))
    options["args"] = [*options["args"], f"--blink-settings=defaultFontSize={HUGE}"]
    running = browser.browser_type.launch(**options)
    yield running
    running.close()


def moved(view, page: str) -> None:
    """Answer what is asked and take every first slider some steps, so that the words are the longest that come up."""
    wait_alive(view, page)
    for lab in labs(view):
        lab.answer_gate()
        lab.step(0)
        for _ in range(8):
            lab.sliders[0].press("ArrowRight")
        lab.settle()


def assert_legible(view, where: str) -> None:
    view.add_style_tag(content=STILL)
    view.wait_for_timeout(100)  # the labs lay themselves out anew with the next frames
    view.evaluate("looking.frames", 3)
    found = view.evaluate("reading.faults", CARDS)
    assert found["seen"] > 40, where
    assert not found["faults"], f"{where}:\n" + "\n".join(found["faults"])
    assert view.evaluate("reading.sideways") <= 0, f"{where}: the page goes beyond the window"


@pytest.mark.parametrize("width", [DESK, PHONE])
@pytest.mark.parametrize("page", SOME)
def test_words_spread_apart_are_neither_cut_nor_laid_over_each_other(open_page, book, page, width):
    view = open_page(
        book.address(page), viewport={"width": width, "height": 900}, reduced_motion="reduce", bypass_csp=True
    )
    view.add_script_tag(content=for_browser("reading"))
    moved(view, page)
    view.add_style_tag(content=SPREAD)
    assert_legible(view, f"{page}, spread apart, {width} px")


@pytest.mark.parametrize("page", SOME)
def test_a_window_magnified_four_times_shows_every_word(open_page, book, page):
    view = open_page(
        book.address(page), viewport={"width": MAGNIFIED, "height": 256}, reduced_motion="reduce", bypass_csp=True
    )
    view.add_script_tag(content=for_browser("reading"))
    moved(view, page)
    assert_legible(view, f"{page}, {MAGNIFIED} px")


@pytest.mark.parametrize("width", [DESK, PHONE])
@pytest.mark.parametrize("page", SOME)
def test_drawn_words_follow_the_readers_letters(large, book, page, width):
    view = large.new_page(viewport={"width": width, "height": 900}, reduced_motion="reduce", bypass_csp=True)
    view.add_init_script(for_browser("looking"))
    view.add_init_script(for_browser("reading"))
    view.goto(book.address(page))
    view.wait_for_function("() => document.documentElement.dataset.widgets === 'ready'")
    for lab in labs(view):
        lab.answer_gate()
    assert_legible(view, f"{page}, letters of {HUGE} px, {width} px")
    found = view.evaluate("reading.smallestDrawn", ".synapse-lab")
    # On a phone a chart grows as far as its curves keep room.
    assert found["seen"] > 20 and found["size"] >= (23 if width == DESK else 13), found
    view.close()


@pytest.mark.parametrize("page", SOME)
def test_in_a_page_from_right_to_left_a_lab_is_drawn_as_in_any(open_page, book, page):
    view = open_page(book.address(page), reduced_motion="reduce", bypass_csp=True)
    view.add_script_tag(content=for_browser("reading"))
    moved(view, page)
    before = view.evaluate("reading.places", ".synapse-lab")
    view.evaluate("() => { document.documentElement.dir = 'rtl' }")
    assert_legible(view, f"{page}, from right to left")
    assert len(before) > 20 and view.evaluate("reading.places", ".synapse-lab") == before

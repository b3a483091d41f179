"""Everything that is pressed is large enough for a finger, on every page."""

from __future__ import annotations

import pytest

from tests.browser.harness import LAB_PAGES, LABS, PAGES, QUESTIONS, wait_alive
from tests.scripts import for_browser

FINGER, MOUSE = 44, 24
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
NARROW = {"viewport": {"width": 390, "height": 800}}
DESK = {"viewport": {"width": 1280, "height": 900}}
TABLET = {"viewport": {"width": 1180, "height": 820}, "has_touch": True, "is_mobile": True}


def measured(page, least: int) -> int:
    """How many targets were measured; AssertionError with those that are too small."""
    page.evaluate(for_browser("hand"))
    found = page.evaluate("hand.small", least)
    assert not found["faults"], "\n".join(
        [f"{len(found['faults'])} of {found['count']}:", *sorted(set(found["faults"]))]
    )
    return found["count"]


@pytest.mark.parametrize("name", PAGES)
def test_every_target_is_large_enough_for_a_finger(open_page, book, name):
    page = open_page(book.address(name), **PHONE)
    wait_alive(page, name)
    least = 3 + 6 * LABS[name] + 3 * QUESTIONS[name]
    assert measured(page, FINGER) >= least
    # What is folded away is pressed too.
    page.locator(".book-menu-button").click()
    page.locator(".synapse-lab summary").evaluate_all("(all) => all.forEach((each) => each.click())")
    assert measured(page, FINGER) >= least + len(PAGES)


@pytest.mark.parametrize("name", ["search", *LAB_PAGES[:2]])
@pytest.mark.parametrize(("options", "least"), [(NARROW, FINGER), (DESK, MOUSE), (TABLET, FINGER)])
def test_targets_fit_what_points_at_them(open_page, book, name, options, least):
    page = open_page(book.address(name), **options)
    if name != "search":
        wait_alive(page, name)
    assert measured(page, least) >= (5 if name == "search" else 10)

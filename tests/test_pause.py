"""Moving dots can be paused, for all drawings of a page and for the next page, whether or not storage is given."""

from __future__ import annotations

import pytest

from tests.scripts import for_browser
from tests.showing import PAGE, traits
from widgets import SynapseLab

MOVING = "(d) => [...document.querySelectorAll('.scene-gap')].every((cloud, i) => cloud.getAttribute('d') !== d[i])"


def dots(page) -> list[str]:
    return page.locator(".scene-gap").evaluate_all("(clouds) => clouds.map((cloud) => cloud.getAttribute('d'))")


def frames(page) -> int:
    """How many frames the page asks for while twenty pass."""
    return page.evaluate("pausing.frames", 20)


@pytest.fixture
def two_labs(open_page, bundle):
    """A page with two labs, whose drawings both stand in the window."""

    def open_(*scripts: str, again=None, **options):
        page = again or open_page(None, viewport={"width": 1100, "height": 2400}, **options)
        if not again:
            for script in (for_browser("pausing"), *scripts):
                page.add_init_script(script)
        document = PAGE % (bundle[1], "light")
        page.route("http://127.0.0.1/labs", lambda route: route.fulfill(body=document, content_type="text/html"))
        page.goto("http://127.0.0.1/labs")
        page.add_script_tag(content=for_browser("showing"))
        for name in ("serotonin", "dopamine"):
            lab = SynapseLab(name, controls=["reuptake_inhibition"])
            page.evaluate("showing.show", [bundle[0], traits(lab), " ".join(lab._dom_classes)])
        page.wait_for_function("() => document.querySelectorAll('.scene-gap').length === 2")
        return page

    return open_


def test_one_button_pauses_all_drawings_and_is_remembered(two_labs):
    page = two_labs()
    buttons = page.get_by_role("button", name="Pause the drawing")
    assert buttons.count() == 2
    page.wait_for_function(MOVING, arg=dots(page))
    assert frames(page) > 20, "nothing is counted: this test could not fail"

    buttons.nth(1).focus()
    page.keyboard.press("Space")
    assert [button.get_attribute("aria-pressed") for button in buttons.all()] == ["true", "true"]
    still = dots(page)
    assert frames(page) == 0, "frames are drawn although the drawings are paused"
    assert dots(page) == still

    # A move is answered with a still picture of the new state.
    page.evaluate("showing.move", {"reuptake_inhibition": 0.8})
    page.wait_for_function(MOVING.replace("every", "some"), arg=still)
    moved = dots(page)
    assert moved[0] != still[0] or moved[1] != still[1]
    page.wait_for_timeout(400)
    assert frames(page) == 0 and dots(page) == moved

    two_labs(again=page)
    assert [button.get_attribute("aria-pressed") for button in buttons.all()] == ["true", "true"]
    still = dots(page)
    page.wait_for_timeout(400)
    assert dots(page) == still, "what was paused on one page moves on the next"
    buttons.first.press("Enter")
    page.wait_for_function(MOVING, arg=still)
    assert page.evaluate("() => localStorage.length") == 0, "something is kept of a reader who lets them move"


def test_without_storage_the_page_itself_remembers(two_labs):
    page = two_labs("pausing.refuse()")
    page.wait_for_function(MOVING, arg=dots(page))
    buttons = page.get_by_role("button", name="Pause the drawing")
    buttons.first.click()
    assert [button.get_attribute("aria-pressed") for button in buttons.all()] == ["true", "true"]
    assert frames(page) == 0
    assert not page.watch.complaints


def test_where_motion_is_unwelcome_they_start_still_and_may_be_let_go(two_labs):
    page = two_labs(reduced_motion="reduce")
    buttons = page.get_by_role("button", name="Pause the drawing")
    assert [button.get_attribute("aria-pressed") for button in buttons.all()] == ["true", "true"]
    still = dots(page)
    page.wait_for_timeout(300)
    assert dots(page) == still and frames(page) == 0
    buttons.first.click()
    page.wait_for_function(MOVING, arg=still)
    two_labs(again=page)
    assert buttons.first.get_attribute("aria-pressed") == "true", "it moves on the next page, against the system's wish"


@pytest.mark.parametrize(("width", "least"), [(1100, 36), (360, 44)])
def test_the_button_is_large_enough_and_covers_nothing(show, width, least):
    page = show(SynapseLab("serotonin", controls=["reuptake_inhibition"]), viewport={"width": width, "height": 900})
    box = page.locator(".lab-pause").bounding_box()
    assert min(box["width"], box["height"]) >= least
    page.add_script_tag(content=for_browser("pausing"))
    found = page.evaluate("pausing.covered")
    assert found["seen"] > 10 and not found["words"], found

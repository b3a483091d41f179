"""Fingers on sliders in each engine: a swipe scrolls, a tap sets, a thumb is dragged, and what is moved is held still.

Chromium scrolls as under a finger. Firefox's driver brings the events of a finger without its scrolling, WebKitGTK's
brings no finger, so that the page is told of one by events: there it is looked at whether the page would let the
browser scroll (`touch-action`, and no move prevented).
"""

from __future__ import annotations

import pytest

from tests.browser.harness import LAB_PAGES
from tests.engines.conftest import PHONE

STILL = 2
"""px that a moved control may slip."""


@pytest.fixture
def touched(visit):
    """touched(page) -> (engine on a phone, with every prediction made, [(lab, slider), ...])."""

    def touched_(page: str):
        engine = visit(page, width=PHONE)
        sliders = engine.ask("sliders")
        for lab in range(len(sliders)):
            if engine.ask("focusPrediction", lab):
                engine.press("Space")
            engine.ask("free", lab)
        return engine, [(lab, slider) for lab, count in enumerate(sliders) for slider in range(count)]

    return touched_


def far_share(track: dict) -> float:
    """A place on the track, as its share, that the thumb does not cover."""
    return 0.8 if track["thumb"] < track["left"] + track["width"] / 2 else 0.2


def way(start: tuple[float, float], across: float, down: float, steps: int = 6) -> list[tuple[float, float]]:
    return [(start[0] + across * step / steps, start[1] + down * step / steps) for step in range(steps + 1)]


@pytest.mark.parametrize("page", LAB_PAGES[::5])
def test_fingers_on_every_slider(touched, page):
    engine, sliders = touched(page)
    tried = 0
    for lab, slider in sliders:
        where = f"{engine.name}, {page}, lab {lab}, slider {slider}"
        before = engine.ask("track", lab, slider)
        share = far_share(before)
        at = (before["left"] + share * before["width"], before["y"])

        engine.touch(way(at, 0, -160))
        engine.ask("painted")
        swiped = engine.ask("tracked", lab, slider)
        assert swiped["value"] == before["value"], f"{where}: a swipe moved it to {swiped['value']}"
        assert before["pans"] and not swiped["prevented"], f"{where}: it does not let the page scroll"
        if engine.scrolls_by_touch:
            assert swiped["scroll"] - before["scroll"] > 80, f"{where}: a swipe of 160 px does not scroll"

        before = engine.ask("track", lab, slider)
        at = (before["left"] + share * before["width"], before["y"])
        engine.ask("watchSlip", lab, slider)
        engine.touch([at])
        slip = engine.ask("slipped")
        assert slip <= STILL, f"{where}: a tap moved it {slip} px under the finger"
        tapped = engine.ask("tracked", lab, slider)
        wanted, width = before["min"] + share * (before["max"] - before["min"]), before["max"] - before["min"]
        assert abs(tapped["value"] - wanted) <= 0.15 * width, f"{where}: a tap at {wanted} set {tapped['value']}"
        tried += 1
    assert tried == len(sliders) >= 1
    assert not engine.ask("complaints"), f"{engine.name}, {page}"


@pytest.mark.parametrize("page", LAB_PAGES[::5])
def test_a_thumb_follows_the_finger_and_stays_under_it(touched, page):
    """The first slider of each lab."""
    engine, sliders = touched(page)
    for lab in {lab for lab, _ in sliders}:
        where = f"{engine.name}, {page}, lab {lab}"
        before = engine.ask("track", lab, 0)
        across = 80 if before["thumb"] < before["left"] + before["width"] / 2 else -80
        engine.ask("watchSlip", lab, 0)
        engine.touch(way((before["thumb"], before["y"]), across, 0))
        slip = engine.ask("slipped")
        assert slip <= STILL, f"{where}: a drag moved it {slip} px under the finger"
        after = engine.ask("tracked", lab, 0)
        assert (after["value"] - before["value"]) * across > 0, f"{where}: dragged {across} px, {after['value']}"
    assert not engine.ask("complaints"), f"{engine.name}, {page}"

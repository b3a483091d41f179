"""Fingers on a lab: a swipe scrolls, a tap sets, a thumb is dragged; and what is moved is held still under the hand."""

from __future__ import annotations

import pytest

from widgets import DrugLab, Predict, SynapseLab
from widgets.labs.controls import Schedule

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
QUESTION = Predict(
    "Predict: half of the pumps stop. What becomes of the serotonin between the neurons?",
    choices=[("It stays as it is", 1.0), ("It doubles", 2.0), ("It is more than three times as much", 3.5)],
    scenario={"reuptake_inhibition": 0.5},
)
WEEK = [(24.0 * day, 20.0) for day in range(7)]
SLIDERS = ["reuptake_inhibition", "mao_a_inhibition", "firing_rate"]
# Browsers without scroll anchoring, as WebKit.
BARE = "*, html { overflow-anchor: none !important }"


def asking() -> SynapseLab:
    return SynapseLab("serotonin", controls=SLIDERS, predict=QUESTION, name="touched", start={"mao_a_inhibition": 0.5})


def medicines() -> DrugLab:
    return DrugLab(["fluoxetine", "venlafaxine", "mirtazapine"], compare="venlafaxine", name="medicines")


def calendar() -> SynapseLab:
    return SynapseLab(
        "oral_dose", controls=[Schedule("schedule", label="Tablets", rest=WEEK)], hours=240, main="concentration",
        small=[], absolute=["concentration"], scene=False, name="calendar",
    )  # fmt: skip


class Finger:
    """One finger, as the browser's own input has it: what is a tap and what scrolls is for the browser to say."""

    def __init__(self, page):
        self.page, self.session = page, page.context.new_cdp_session(page)
        self.at = (0.0, 0.0)

    def _send(self, kind: str, *points) -> None:
        at = [{"x": x, "y": y, "id": 1, "force": 1} for x, y in points]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    def down(self, x: float, y: float) -> None:
        self.at = (x, y)
        self._send("touchStart", self.at)

    def move(self, dx: float, dy: float, steps: int = 12) -> None:
        x, y = self.at
        for step in range(1, steps + 1):
            self._send("touchMove", (x + dx * step / steps, y + dy * step / steps))
        self.at = (x + dx, y + dy)

    def up(self) -> None:
        self._send("touchEnd")
        # What follows a touch (the events of a mouse, a click) has come.
        self.page.evaluate("looking.frames", 3)


def unlock(page) -> None:
    page.locator(".lab-choices label").first.click()
    page.wait_for_function("() => !document.querySelector('.synapse-lab[data-locked]')")


def track(page, place: int, scroll: int = 420) -> dict:
    """The box of a slider's track in the window, scrolled to stand so far below its top."""
    page.locator(".noUi-target").nth(place).evaluate("hand.bring", scroll)
    page.evaluate("looking.frames", 12)
    return page.locator(".noUi-target").nth(place).bounding_box()


def values(page) -> list[float]:
    return page.locator("[role=slider]").evaluate_all("(all) => all.map((each) => Number(each.ariaValueNow))")


def point(box: dict, share: float) -> tuple[float, float]:
    return box["x"] + share * box["width"], box["y"] + box["height"] / 2


@pytest.mark.parametrize("make", [asking, medicines])
def test_a_swipe_from_a_track_scrolls_and_changes_nothing(alive, make):
    page = alive(make(), **PHONE)
    if make is asking:
        unlock(page)
    before, finger, tried = values(page), Finger(page), 0
    for place in range(len(before)):
        for across, along in ((0, -200), (30, -200), (-4, 160)):
            box = track(page, place)
            start = page.evaluate("scrollY")
            share = 0.85 if before[place] == 0 else 0.03
            finger.down(*point(box, share))
            finger.move(across, along)
            finger.up()
            moved = page.evaluate("scrollY") - start
            assert abs(moved) > 100 and moved * along < 0, f"slider {place}: the page scrolled {moved} px for {along}"
            assert values(page) == before, f"slider {place} moved"
            # What glides on has come to rest.
            page.wait_for_function("hand.resting")
            tried += 1
    assert tried == 3 * len(before) >= 6
    page.watch.assert_clean()


@pytest.mark.parametrize("what", [".lab-menu select", ".lab-calendar-cell", ".lab-choices label", ".lab-button"])
def test_a_swipe_from_any_other_control_scrolls_and_presses_nothing(alive, what):
    lab = {".lab-menu select": medicines, ".lab-calendar-cell": calendar}.get(what, asking)()
    page = alive(lab, **PHONE)
    control = page.locator(what).first
    control.evaluate("hand.bring", 420)
    page.evaluate("looking.frames", 12)
    before, start, finger = (
        page.locator(".synapse-lab").evaluate("looking.shown"),
        page.evaluate("scrollY"),
        Finger(page),
    )
    cells = page.locator(".lab-calendar-cell").all_inner_texts()
    finger.down(*point(control.bounding_box(), 0.5))
    finger.move(0, -200)
    finger.up()
    assert page.evaluate("scrollY") - start > 100
    assert page.locator(".synapse-lab").evaluate("looking.shown") == before
    assert page.locator(".lab-calendar-cell").all_inner_texts() == cells
    assert page.locator("input:checked").count() == 0 and not page.locator(".lab-notice").first.inner_text()


def test_a_swipe_across_a_track_changes_nothing(alive):
    page = alive(asking(), **PHONE)
    unlock(page)
    before, finger = values(page), Finger(page)
    finger.down(*point(track(page, 0), 0.8))
    finger.move(-120, 3)
    finger.up()
    assert values(page) == before


def test_a_tap_on_a_track_sets_the_value_when_the_finger_lifts(alive):
    page = alive(asking(), **PHONE)
    unlock(page)
    finger = Finger(page)
    for place, share, expected in ((0, 0.5, 0.5), (1, 0.8, 0.8), (2, 1 / 3, 1.0)):
        box, before = track(page, place), values(page)
        finger.down(*point(box, share))
        page.evaluate("looking.frames", 5)
        assert values(page) == before, "it moved before the finger was lifted"
        finger.up()
        assert values(page)[place] == pytest.approx(expected)
        assert [*before[:place], *before[place + 1 :]] == [*values(page)[:place], *values(page)[place + 1 :]]


def test_a_thumb_follows_the_finger_sideways(alive):
    page = alive(asking(), **PHONE)
    unlock(page)
    box, finger, seen = track(page, 1), Finger(page), []
    finger.down(*point(box, 0.5))
    for _ in range(6):
        finger.move(0.05 * box["width"], 1, steps=3)
        page.evaluate("looking.frames", 2)
        seen.append(values(page)[1])
    finger.up()
    assert seen == pytest.approx([0.55, 0.6, 0.65, 0.7, 0.75, 0.8])
    assert values(page)[1] == pytest.approx(0.8)
    assert page.locator(".lab-verdict").inner_text(), "the guess stands beside the answer"


def test_a_swipe_from_a_thumb_scrolls(alive):
    page = alive(asking(), **PHONE)
    unlock(page)
    before, finger = values(page), Finger(page)
    box, start = track(page, 1), page.evaluate("scrollY")
    finger.down(*point(box, 0.5))
    finger.move(14, -220)
    finger.up()
    assert page.evaluate("scrollY") - start > 100
    assert values(page) == before


def test_mouse_and_keyboard_move_sliders_as_they_did(alive):
    """Where a mouse is pressed the slider goes, at once, and follows it."""
    page = alive(asking(), viewport={"width": 1280, "height": 800})
    unlock(page)
    box = track(page, 0, 500)
    page.mouse.move(*point(box, 0.25))
    page.mouse.down()
    assert values(page)[0] == pytest.approx(0.25)
    page.mouse.up()
    page.wait_for_function("() => !document.querySelector('.noUi-state-tap')")
    page.mouse.move(*point(track(page, 0, 500), 0.25))
    page.mouse.down()
    page.mouse.move(*point(box, 0.5), steps=4)
    assert values(page)[0] == pytest.approx(0.5)
    page.mouse.up()
    page.locator("[role=slider]").first.press("ArrowRight")
    assert values(page)[0] == pytest.approx(0.55)


def test_a_tap_on_what_is_locked_says_why_and_moves_nothing(alive):
    page = alive(asking(), **PHONE)
    before, finger = values(page), Finger(page)
    finger.down(*point(track(page, 0), 0.7))
    finger.up()
    page.get_by_text("Choose an answer first; then the sliders unlock.").wait_for()
    assert values(page) == before


# -- held still -------------------------------------------------------------------------------------------------------


def top(page, selector: str, place: int = 0) -> float:
    return page.locator(selector).nth(place).evaluate("(element) => element.getBoundingClientRect().top")


def wandering(page, selector: str, place: int, act) -> float:
    """How far, in px, an element strays from its place while and after something is done to it."""
    page.locator(selector).nth(place).evaluate("hand.follow")
    act()
    page.locator(".synapse-lab").first.evaluate("looking.settle")
    page.evaluate("looking.frames", 30)
    return page.evaluate("hand.farthest()")


@pytest.mark.parametrize("anchoring", [True, False])
@pytest.mark.parametrize("hand", ["finger", "mouse", "keyboard"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_first_move_leaves_the_slider_in_its_place(alive, width, hand, anchoring):
    """The question above it gives way to the shorter answer."""
    size = {"viewport": {"width": width, "height": 740}}
    page = alive(asking(), **(size | {"has_touch": True, "is_mobile": width == 360}))
    if not anchoring:
        page.add_style_tag(content=BARE)
    unlock(page)
    box, before = track(page, 1, 480), page.locator(".lab-gate").bounding_box()["height"]

    def act() -> None:
        if hand == "finger":
            finger = Finger(page)
            finger.down(*point(box, 0.5))
            finger.move(0.2 * box["width"], 0)
            finger.up()
        elif hand == "mouse":
            page.mouse.click(*point(box, 0.75))
        else:
            handle = page.locator("[role=slider]").nth(1)
            handle.evaluate("(handle) => handle.focus({ preventScroll: true })")
            page.keyboard.press("ArrowRight")

    was = values(page)
    assert wandering(page, ".noUi-target", 1, act) <= 2
    assert values(page) != was
    shrunk = before - page.locator(".lab-gate").bounding_box()["height"]
    assert shrunk > 30, f"nothing above it changed: {shrunk} px"


@pytest.mark.parametrize("width", [360, 788])
def test_where_nothing_can_scroll_the_slider_stays_all_the_same(alive, width):
    """A frame that is as high as its lab."""
    page = alive(asking(), viewport={"width": width, "height": 3000})
    page.add_style_tag(content="main > p, footer { display: none !important }")
    unlock(page)
    # But for the margins of the page.
    assert page.evaluate("() => document.documentElement.scrollHeight - innerHeight") < 40
    handle = page.locator("[role=slider]").nth(1)
    handle.focus()
    assert wandering(page, ".noUi-target", 1, lambda: page.keyboard.press("ArrowRight")) <= 2
    assert page.locator(".lab-verdict").inner_text()


@pytest.mark.parametrize("width", [360, 1280])
def test_a_choice_that_changes_what_is_shown_stays_in_its_place(alive, width):
    page = alive(medicines(), viewport={"width": width, "height": 740})
    page.add_style_tag(content=BARE)
    track(page, 0, 500)
    menu = page.locator(".lab-menu select").first
    menu.evaluate("(menu) => menu.focus({ preventScroll: true })")
    assert wandering(page, ".lab-menu select", 0, lambda: menu.select_option("Mirtazapine")) <= 2
    assert page.get_by_role("slider", name="Dose of A, mirtazapine").count() == 1


def test_where_the_reader_scrolls_the_control_goes(alive):
    page = alive(asking(), viewport={"width": 1280, "height": 740})
    unlock(page)
    box = track(page, 0, 500)
    page.mouse.click(*point(box, 0.6))
    page.mouse.wheel(0, 120)
    page.wait_for_function(
        "(top) => document.querySelector('.noUi-target').getBoundingClientRect().top < top - 100", arg=500
    )
    page.evaluate("looking.frames", 30)
    assert top(page, ".noUi-target") == pytest.approx(380, abs=12)


# -- focus and windows ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [((360, 740), (740, 360)), ((740, 360), (360, 740)), ((1280, 900), (320, 256)), ((320, 256), (1280, 900))],
)
def test_what_has_the_focus_stays_in_view_when_the_window_changes(alive, before, after):
    page = alive(asking(), viewport=dict(zip(("width", "height"), before, strict=True)))
    unlock(page)
    controls = page.locator("[role=slider], .lab-button:visible, .lab-choices input, summary")
    assert controls.count() >= 8
    for place in range(controls.count()):
        page.set_viewport_size(dict(zip(("width", "height"), before, strict=True)))
        page.evaluate("looking.frames", 30)
        controls.nth(place).focus()
        page.keyboard.press("Shift")
        page.evaluate("looking.frames", 4)
        page.set_viewport_size(dict(zip(("width", "height"), after, strict=True)))
        page.wait_for_timeout(400)  # the page has settled
        at = page.evaluate("looking.focus", 3)
        assert at["seen"], f"hidden by {at['by']}: {at['what']}"
        box = controls.nth(place).bounding_box()
        assert box["y"] >= -1 and box["y"] + box["height"] <= after[1] + 1, f"{at['what']}: {box}"


def test_who_has_read_on_is_not_called_back(alive):
    page = alive(asking(), viewport={"width": 1280, "height": 800})
    unlock(page)
    page.locator("[role=slider]").first.focus()
    page.evaluate("() => window.scrollTo({ top: document.body.scrollHeight, behavior: 'instant' })")
    page.evaluate("looking.frames", 10)
    page.set_viewport_size({"width": 1280, "height": 500})
    page.wait_for_timeout(400)
    assert not page.evaluate("looking.focus", 2)["seen"]

"""A schedule as a control: a calendar of doses that the reader turns, in the page as in the kernel."""

from __future__ import annotations

import numpy as np
import pytest

from tests.browser.harness import run_axe
from widgets import Predict, SynapseLab
from widgets.labs.controls import Schedule

WEEK = [(24.0 * day, 20.0) for day in range(7)]


def lab(**changes) -> SynapseLab:
    given = {
        "model": "oral_dose", "controls": [Schedule("schedule", label="Tablets", rest=WEEK)], "hours": 240,
        "main": "concentration", "small": [], "absolute": ["concentration"], "scene": False, "name": "calendar",
    }  # fmt: skip
    return SynapseLab(**{**given, **changes})


def test_a_schedule_brings_its_calendar():
    (panel,) = [each for each in lab().view.spec["panels"] if each["kind"] == "calendar"]
    assert panel["control"] == "schedule" and panel["amounts"] == [20, 40, 0]


def test_a_calendar_of_the_authors_own_takes_its_place():
    own = {"kind": "calendar", "control": "schedule", "amounts": [20, 0]}
    found = [each for each in lab(panels=[own]).view.spec["panels"] if each["kind"] == "calendar"]
    assert [each["amounts"] for each in found] == [[20, 0]]


def test_a_calendar_of_something_else_is_refused():
    with pytest.raises(ValueError, match=r"calendar.*'scedule'.*Did you mean 'schedule'"):
        lab(panels=[{"kind": "calendar", "control": "scedule", "amounts": [20, 0]}])


def cells(page) -> list[str]:
    return page.locator(".lab-calendar-cell").all_inner_texts()


def left_out(page, count: int) -> None:
    """Wait until so many doses are left out."""
    page.wait_for_function(
        """(count) => [...document.querySelectorAll('.lab-calendar-amount')]
          .filter((each) => each.textContent === 'none').length === count""",
        arg=count,
    )


def table(page) -> np.ndarray:
    rows = page.locator(".lab-table tbody tr").all_inner_texts()
    return np.array([[float(cell) for cell in row.split("\t")] for row in rows])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_press_turns_a_dose_and_the_curve_follows_as_in_the_kernel(show, theme):
    made = lab()
    page = show(made, theme)
    assert cells(page) == [f"Day {day}\n20 mg" for day in range(1, 8)]
    before = page.locator(".lab-main path.curve").get_attribute("d")
    third = page.locator(".lab-calendar-cell").nth(2)
    third.press("Enter")
    assert cells(page)[2] == "Day 3\n40 mg"
    third.press("Enter")
    assert cells(page)[2] == "Day 3\nnone"
    page.wait_for_function(
        "(was) => document.querySelector('.lab-main path.curve').getAttribute('d') !== was", arg=before
    )
    page.wait_for_function("() => document.querySelector('.lab-sentence').textContent.includes('6 times 20 mg')")
    page.locator(".lab-details summary").click()
    page.locator(".lab-table tbody tr").first.wait_for()
    shown = table(page)
    calendar = [(time, 0.0 if time == 48 else amount) for time, amount in WEEK]
    kernel = made.models[0].simulate(hours=240, points=2401, schedule=calendar)["concentration"]
    expected = np.interp(shown[:, 0], kernel.index, kernel)
    np.testing.assert_allclose(shown[:, -1], expected, rtol=5e-3, atol=0.05)
    assert run_axe(page, f"calendar, {theme}") > 10
    page.watch.assert_clean()


def test_reset_presets_and_links_carry_the_calendar(show):
    stopped = [(time, amount if time < 72 else 0.0) for time, amount in WEEK]
    page = show(lab(presets={"Stop after three days": {"schedule": stopped}}))
    page.get_by_role("button", name="Stop after three days").click()
    left_out(page, 4)
    page.get_by_role("button", name="Link").click()
    page.wait_for_function("() => location.hash.includes('schedule=0%3A20') || location.hash.includes('schedule=0:20')")
    hash_ = page.evaluate("() => location.hash")
    page.get_by_role("button", name="Reset").click()
    left_out(page, 0)
    page.evaluate("(hash) => { location.hash = hash; }", hash_)
    left_out(page, 4)


def test_until_the_reader_has_guessed_nothing_turns(show):
    stopped = [(time, amount if time < 72 else 0.0) for time, amount in WEEK]
    guess = Predict("Predict: he stops.", [("little", 1), ("much", 50)], {"schedule": stopped}, output="concentration")
    page = show(lab(predict=guess))
    page.locator(".lab-calendar-cell").first.dispatch_event("click")
    assert cells(page)[0] == "Day 1\n20 mg"
    page.get_by_text("little").click()
    page.locator(".lab-calendar-cell").first.click()
    assert cells(page)[0] == "Day 1\n40 mg"


@pytest.mark.parametrize("width", [1280, 360])
def test_a_cell_is_large_enough_for_a_finger(show, width):
    page = show(lab(), viewport={"width": width, "height": 800})
    boxes = [cell.bounding_box() for cell in page.locator(".lab-calendar-cell").all()]
    assert len(boxes) == 7 and all(box["width"] >= 44 and box["height"] >= 44 for box in boxes)
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")

"""Curves of one chart are told apart anywhere along them: in grey, on paper, and without seeing hues."""

from __future__ import annotations

import pytest

from tests.scripts import for_browser
from tests.test_views import causes
from widgets import DrugLab, SynapseLab

SEVERAL = {
    "cases": causes,
    "messengers": lambda: SynapseLab(
        ["serotonin", "dopamine", "norepinephrine"], controls=["firing_rate"], small=(), scene=False
    ),
}


def told(page, selector: str) -> list[dict]:
    page.add_script_tag(content=for_browser("curves"))
    return page.locator(selector).first.evaluate("curves.told")


@pytest.mark.parametrize("width", [1000, 360])
@pytest.mark.parametrize("kind", SEVERAL)
def test_each_curve_carries_its_own_shape_and_dash_all_along(show, kind, width):
    page = show(SEVERAL[kind](), viewport={"width": width, "height": 900})
    found = told(page, "svg.lab-main-svg")
    assert len(found) >= 2
    for name in ("shape", "dash"):
        assert len({each[name] for each in found}) == len(found), f"two curves share a {name}: {found}"
    places = sorted(at for each in found for at in each["at"])
    assert len(places) == 3 * len(found)
    # Where curves run together, each still shows.
    assert min(b - a for a, b in zip(places, places[1:], strict=False)) > 4
    # A steep rise leaves the straight piece between two samples some room.
    assert all(each["off"] < 3 for each in found), found


@pytest.mark.parametrize("width", [1000, 360])
def test_two_medicines_are_lettered_on_their_curves(show, width):
    page = show(DrugLab(["venlafaxine", "duloxetine"], compare="sertraline"), viewport={"width": width, "height": 900})
    charts = page.locator(".lab-terminals svg, .lab-blood svg").count()
    assert charts >= 3
    for number in range(charts):
        found = page.locator(".lab-terminals svg, .lab-blood svg").nth(number)
        page.add_script_tag(content=for_browser("curves"))
        curves = found.evaluate("curves.told")
        assert [each["letter"] for each in curves] == ["A", "B"]
        assert curves[0]["dash"] != curves[1]["dash"] and curves[0]["at"] != curves[1]["at"]
        assert all(each["off"] < 3 for each in curves), curves


def test_one_curve_needs_no_mark(show):
    page = show(SynapseLab("serotonin", controls=["reuptake_inhibition"]))
    assert page.locator("path.shape, .curve-letter").count() == 0

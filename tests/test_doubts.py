"""The band round a curve: what halving and doubling each doubtful constant does, in the page as in the kernel."""

from __future__ import annotations

import re

import pytest

from widgets import SynapseLab, load_model
from widgets.engine.model import Model
from widgets.evidence.sensitivity import changed, doubtful

HOURS = 72


def lab(**changes) -> SynapseLab:
    return SynapseLab(**{"model": "serotonin", "controls": ["reuptake_inhibition", "firing_rate"], "hours": HOURS,
                         "doubts": True, "small": (), **changes})  # fmt: skip


def doubts_in(made: SynapseLab) -> list:
    return [doubt for panel in made.spec.panels if panel.kind == "doubts" for doubt in panel.doubts]


def ends(model: Model, **settings) -> list[float]:
    """The end of a run with each change, in that model's own level at rest."""
    found = []
    for change in changed(model):
        rest = model.steady_state(**change.changes)
        run = model.simulate(hours=HOURS, points=2, start=rest[model.species], **change.changes, **settings)
        found.append(run["extracellular"].iloc[-1] / rest["extracellular"])
    return found


def test_every_doubtful_constant_is_halved_and_doubled_and_what_is_moved_is_not():
    model = load_model("serotonin")
    names = set(doubtful(model)["name"])
    found = [set(doubt.changes) & names for doubt in doubts_in(lab())]
    assert len(names) >= 8 and set().union(*found) == names and all(len(each) == 1 for each in found)
    assert len(found) == 2 * len(names)
    moved = doubts_in(lab(controls=["reuptake_inhibition", "k_diffusion"]))
    assert set().union(*(set(doubt.changes) for doubt in moved)) & names == names - {"k_diffusion"}
    assert doubts_in(lab(doubts=False)) == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"model": ["serotonin", "dopamine"], "controls": ["firing_rate"], "scene": False}, "several models"),
        (
            {"cases": {"a": {"firing_rate": 2}, "b": {}}, "controls": ["reuptake_inhibition"], "scene": False},
            "several cases",
        ),
        ({"model": "oral_dose", "controls": ["dose"], "main": "concentration", "scene": False}, "no constant that is"),
    ],
)
def test_a_band_that_cannot_be_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        lab(**changes)


def extent(page, path: str) -> tuple[float, float]:
    """The lowest and the highest place of a path's right end, px from the top."""
    numbers = page.locator(path).get_attribute("d")
    points = [tuple(map(float, pair)) for pair in re.findall(r"([\d.]+),([\d.]+)", numbers)]
    right = max(x for x, _ in points)
    heights = [y for x, y in points if x == right]
    return min(heights), max(heights)


def test_the_band_and_its_words_are_the_kernels(show):
    page = show(lab(start={"reuptake_inhibition": 0.8}))
    words = page.locator(".lab-doubt-words")
    words.filter(has_text="At the end it lies").wait_for()
    model = load_model("serotonin")
    found = ends(model, reuptake_inhibition=0.8)
    said = words.inner_text()
    numbers = [float(each) for each in re.findall(r"(\d+(?:\.\d+)?) times baseline", said)]
    assert numbers == pytest.approx([min(found), max(found)], rel=0.02)
    by = [change.meaning for change, end in zip(changed(model), found, strict=True) if end in (min(found), max(found))]
    assert all(f"“{meaning}”" in said for meaning in by) and f"{len(doubtful(model))} doubtful constants" in said
    top, bottom = extent(page, ".lab-main path.doubt")
    at, _ = extent(page, ".lab-main path.curve")
    own = (
        model.simulate(hours=HOURS, points=2, reuptake_inhibition=0.8)["extracellular"].iloc[-1]
        / model.baseline["extracellular"]
    )
    # One scale for the curve and the band: three heights of one axis.
    assert (at - top) / (bottom - at) == pytest.approx((max(found) - own) / (own - min(found)), rel=0.1)


def test_the_band_follows_a_move_and_can_be_put_away(show):
    page = show(lab())
    words, band = page.locator(".lab-doubt-words"), page.locator(".lab-main path.doubt")
    words.filter(has_text="none of them makes a difference").wait_for()
    page.evaluate("showing.move", {"reuptake_inhibition": 0.8})
    assert band.get_attribute("d") == "", "the band of other settings"
    words.filter(has_text="lies between").wait_for()
    assert band.get_attribute("d")
    button = page.get_by_role("button", name="Doubtful constants")
    button.click()
    assert button.get_attribute("aria-pressed") == "false" and not words.is_visible() and band.get_attribute("d") == ""
    page.evaluate("showing.move", {"reuptake_inhibition": 0.6})
    button.click()
    page.wait_for_function("() => document.querySelector('.lab-main path.doubt').getAttribute('d')")
    assert button.get_attribute("aria-pressed") == "true" and words.is_visible()


def test_runs_with_events_have_a_band_at_their_own_times(show):
    page = show(SynapseLab("dopamine", controls=["reuptake_inhibition", "bursts"], hours=6, doubts=True, small=()))
    words = page.locator(".lab-doubt-words")
    words.filter(has_text="At the end").wait_for()
    page.evaluate("showing.move", {"bursts": 1, "reuptake_inhibition": 0.5})
    words.filter(has_text="lies between").wait_for()
    assert len(page.locator(".lab-main path.doubt").get_attribute("d").split("L")) > 400

"""GABA's receptor, drawn, in a real browser: what moves through it is the current that the kernel computes."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.scripts import for_browser
from widgets import Control, SynapseLab, load_model
from widgets.labs.spec import Panel

CONTROLS = ["pulses", "benzodiazepine", "E_GABA_A", "reuptake_inhibition", "input_current", "gaba_a_block"]
PER_ION, NO_CURRENT = 12, 0.25
GAP = ".scene-gap"
STREAM = ".channel-stream > path:not([transform])"


def lab(**changes) -> SynapseLab:
    given = {"scene": "channel", "small": (), "main": "i_gaba_a", "absolute": ["i_gaba_a"], "milliseconds": 300}
    return SynapseLab("gaba", **{**given, "controls": CONTROLS, "start": {"pulses": 10}, **changes})


@pytest.fixture
def drawn(show):
    """drawn(lab, theme, width=..., **context options) -> the page with that lab, once its receptor is drawn."""

    def drawn_(made=None, theme: str = "light", width: int | None = None, **options):
        page = show(made or lab(), theme, **options)
        page.add_script_tag(content=for_browser("channel"))
        if width:
            page.evaluate("(w) => { document.querySelector('.lab-scene-room').style.width = `${w}px` }", width)
            page.wait_for_function("(w) => channel.width() === Math.max(280, w)", arg=width)
        return page

    return drawn_


def move(page, made: SynapseLab, **values) -> dict:
    """Move sliders, in the page and in Python; what the drawing then holds."""
    made.set(**values)
    page.evaluate("showing.move", values)
    page.wait_for_timeout(120)
    return page.evaluate("channel.held")


def means(made: SynapseLab) -> dict[str, float]:
    """The means over the run as the kernel has them."""
    run = made.simulate(points=6001)
    times = run.index.to_numpy()
    return {name: float(np.trapezoid(run[name], times) / (times[-1] - times[0])) for name in run}


def name_of(page) -> str:
    return page.locator("svg.channel").get_attribute("aria-label").replace("\u00a0", " ")


# -- asking for it --------------------------------------------------------------------------------------------------


def kinds(made: SynapseLab) -> list[str]:
    return [panel.kind for panel in made.spec.panels if isinstance(panel, Panel)]


def test_a_lab_asks_for_it_by_name():
    assert kinds(lab())[0] == "channel" and "scene" not in kinds(lab())
    assert kinds(SynapseLab("serotonin"))[0] == "scene", "the default has changed"
    assert not {"scene", "channel"} & set(kinds(lab(scene=False)))
    assert kinds(lab(scene=False, panels=[{"kind": "channel"}]))[0] == "channel"


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        (
            {"scene": "chanel", "controls": CONTROLS},
            r"scene='chanel' .*Did you mean 'channel'\? Choose from True .* False .*\"channel\"",
        ),
        ({"scene": "channel", "model": "serotonin"}, r"model 'serotonin' has no cleft, gaba_a_open.*the model 'gaba'"),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_name(given, complaint):
    with pytest.raises(ValueError, match=complaint):
        SynapseLab(**{"model": "gaba", "main": "extracellular", "small": (), **given})


def test_a_lab_of_cases_has_none():
    with pytest.raises(ValueError, match="needs scene=False"):
        lab(controls=["pulses"], cases={"a": {"E_GABA_A": -80}, "b": {"E_GABA_A": -50}})


# -- numbers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "way"),
    [
        ({"pulses": 1}, "in"),
        ({"pulses": 15, "input_current": 250}, "in"),
        ({"pulses": 10, "benzodiazepine": 1}, "in"),
        ({"pulses": 10, "E_GABA_A": -40, "input_current": 100}, "out"),
        ({"pulses": 10, "E_GABA_A": -50, "input_current": 200}, "out"),
        ({"pulses": 0, "E_GABA_A": -60, "input_current": 200}, "none"),
    ],
)
def test_ions_follow_the_size_and_sign_of_the_current(drawn, values, way):
    made = lab()
    page = drawn(made)
    held = move(page, made, **values)
    current = means(made)["i_gaba_a"]
    assert held["way"] == way == ("none" if abs(current) < NO_CURRENT else "in" if current > 0 else "out")
    rate = 0 if way == "none" else abs(current) / PER_ION
    assert held["rate"] == pytest.approx(rate, rel=0.05, abs=0.01)
    assert held["arrow"] == pytest.approx(min(12, 6.5 * math.cbrt(rate)), rel=0.03, abs=0.01)
    assert held["open"] == pytest.approx(means(made)["gaba_a_open"], rel=0.05, abs=0.01)
    words = [each["text"].replace("\u00a0", " ") for each in page.evaluate("channel.words")]
    (flow,) = (text for text in words if "chloride " in text)
    if way == "none":
        assert flow == "no net chloride flow" and not page.evaluate("channel.dots", STREAM)
    else:
        assert flow.startswith(f"chloride flows {way}, mean ")
        assert float(flow.split()[-2]) == pytest.approx(abs(current), rel=0.05, abs=0.5)
    assert flow in name_of(page)


@pytest.mark.parametrize(("values", "sign"), [({}, 1), ({"E_GABA_A": -40, "input_current": 100}, -1)])
def test_ions_move_inward_or_outward(drawn, values, sign):
    made = lab()
    page = drawn(made)
    move(page, made, pulses=5, **values)
    page.wait_for_timeout(400)
    assert sign * page.evaluate("channel.drift", 70) > 20


def test_no_chloride_moves_at_the_reversal_potential(drawn):
    made = lab(start={"pulses": 5})
    page = drawn(made)
    sides = (STREAM, ".channel-outside", ".channel-inside")
    page.wait_for_timeout(400)
    before = [page.evaluate("channel.dots", side) for side in sides]
    page.wait_for_timeout(300)
    assert before != [page.evaluate("channel.dots", side) for side in sides], "nothing ever moves"
    held = move(page, made, E_GABA_A=-70)
    assert abs(means(made)["i_gaba_a"]) < NO_CURRENT and means(made)["gaba_a_open"] > 0.05
    assert (held["way"], held["rate"], held["arrow"]) == ("none", 0, 0) and held["open"] > 0.05
    page.wait_for_timeout(400)
    still, gaba = [page.evaluate("channel.dots", side) for side in sides], page.evaluate("channel.dots", GAP)
    page.wait_for_timeout(300)
    assert [page.evaluate("channel.dots", side) for side in sides] == still and not still[0]
    assert page.evaluate("channel.dots", GAP) != gaba, "only chloride stands still"


def test_sites_follow_the_control_and_the_gaba(drawn):
    made = lab()
    page = drawn(made)
    for part in (0, 0.3, 1):
        held = move(page, made, benzodiazepine=part)
        assert held["benzodiazepine"] == pytest.approx(part) and held["gaba"] == ["yes", "yes"]
        said = f"site {round(100 * part)} % filled" if part else "site empty"
        assert f"benzodiazepine {said}" in name_of(page)
        assert said in [each["text"].replace("\u00a0", " ") for each in page.evaluate("channel.words")]
        pie = page.locator(".channel-benzodiazepine path").last.get_attribute("d")
        assert bool(pie) == (part > 0)
    held = move(page, made, pulses=0)
    assert held["gaba"] == ["no", "no"] and "GABA sites empty" in name_of(page)
    assert "channels closed" in name_of(page)


def test_dots_of_gaba_follow_the_level(drawn):
    made = lab()
    page = drawn(made)
    for values in ({"pulses": 0}, {"pulses": 1}, {"pulses": 15}, {"pulses": 15, "reuptake_inhibition": 1}):
        move(page, made, **values)
        expected = means(made)
        gap, beside = len(page.evaluate("channel.dots", GAP)), len(page.evaluate("channel.dots", ".scene-beside"))
        assert gap == pytest.approx(1000 * expected["cleft"], rel=0.05, abs=1), values
        assert beside == pytest.approx(min(60, 10_000 * expected["extracellular"]), rel=0.03, abs=1), values
    caption = page.locator(".lab-channel-words").inner_text()
    assert "Mean over the run" in caption and "more than is drawn" in caption


def test_more_chloride_stands_inside_when_the_reversal_potential_says_so(drawn):
    made = lab()
    page = drawn(made)
    counts = []
    for reversal in (-80, -60, -40):
        move(page, made, E_GABA_A=reversal)
        counts.append(len(page.evaluate("channel.dots", ".channel-inside")))
    assert counts == [1, 2, 4] and len(page.evaluate("channel.dots", ".channel-outside")) == 16


def test_a_blocked_transporter_and_blocked_channels_are_said(drawn):
    made = lab()
    page = drawn(made)
    free = page.evaluate("channel.held")
    half = move(page, made, reuptake_inhibition=0.5)
    assert free["reuptake"] > half["reuptake"] > 0 and "50 % of the GAT transporters blocked" in name_of(page)
    full = move(page, made, reuptake_inhibition=1, gaba_a_block=1)
    assert full["reuptake"] == 0 and full["blocked"] == 1 and full["way"] == "none"
    words = [each["text"].replace("\u00a0", " ") for each in page.evaluate("channel.words")]
    assert "GAT, blocked" in words and "blocked" in words and "channels blocked" in name_of(page)
    bar = page.locator(".channel-pump .scene-plug > path").last
    assert bar.get_attribute("display") is None
    assert page.locator(".channel-pump rect").first.get_attribute("stroke") == "var(--ls-control)"


# -- letters, room, motion ------------------------------------------------------------------------------------------

FULL = {"pulses": 15, "benzodiazepine": 1, "reuptake_inhibition": 0.5, "gaba_a_block": 0.5, "E_GABA_A": -40}


@pytest.mark.parametrize("width", [260, 360, 640])
@pytest.mark.parametrize("opener", [False, True])
def test_words_stand_clear_of_each_other_and_of_dots(drawn, width, opener):
    made = lab(controls=[*CONTROLS, *(["barbiturate"] if opener else [])])
    page = drawn(made, width=width)
    # DejaVu Sans is the widest of the usual fonts: what fits in it, fits.
    page.add_style_tag(content="svg.channel { font-family: DejaVu Sans, sans-serif }")
    for values in ({}, FULL, {**FULL, "reuptake_inhibition": 1, "gaba_a_block": 0.02}):
        move(page, made, **values)
        words, room = page.evaluate("channel.words"), page.evaluate("channel.width")
        assert len(words) == 12 + opener, [each["text"] for each in words]
        dots = [
            dot
            for kind in (GAP, ".scene-beside", ".channel-outside", ".channel-inside")
            for dot in page.evaluate("channel.dots", kind)
        ]
        assert len(dots) > 30
        for i, a in enumerate(words):
            assert a["size"] >= 11 and a["left"] >= -1 and a["right"] <= room + 1, a
            for b in words[i + 1 :]:
                apart = a["right"] <= b["left"] or b["right"] <= a["left"] or a["bottom"] <= b["top"] + 3
                assert apart or b["bottom"] <= a["top"] + 3, (a["text"], b["text"])
            hit = [d for d in dots if a["left"] - 2 < d[0] < a["right"] + 2 and a["top"] < d[1] < a["bottom"]]
            assert not hit, (a["text"], hit)


SPREAD = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }"
LARGE = ":root { font-size: 32px !important }"


@pytest.mark.parametrize("width", [340, 390, 1000])
@pytest.mark.parametrize("style", [SPREAD, LARGE])
def test_it_can_be_read_as_a_reader_has_set_it(drawn, style, width):
    made = lab(controls=[*CONTROLS, "barbiturate"], start=FULL)
    page = drawn(made, viewport={"width": width, "height": 900})
    page.add_style_tag(content=style)
    page.set_viewport_size({"width": width - 1, "height": 900})
    page.wait_for_timeout(600)
    page.add_script_tag(content=for_browser("reading"))
    found = page.evaluate("reading.faults('.lab-scene')")
    assert found["seen"] >= 14 and not found["faults"], found["faults"]
    assert page.evaluate("reading.smallestDrawn('.lab-scene')")["size"] >= (22 if style == LARGE else 11)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1000, 390])
def test_it_is_accessible_and_fits(drawn, theme, width):
    # Imported here, because the harness reads the whole table of contents.
    from tests.browser.harness import check_drawn_contrast, run_axe

    made = lab(start=FULL)
    page = drawn(made, theme, viewport={"width": width, "height": 900})
    assert run_axe(page, f"channel at {width} px, {theme}") > 10
    assert check_drawn_contrast(page, f"channel at {width} px, {theme}")[0] >= 12
    assert page.locator("svg.channel").get_attribute("role") == "img" and len(name_of(page)) > 150
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    button, names = page.locator(".lab-pause").bounding_box(), page.locator("svg.channel text")
    for box in (name.bounding_box() for name in names.all()):
        assert box["y"] > button["y"] + button["height"] or box["x"] + box["width"] < button["x"]
    assert not page.watch.complaints and not page.watch.foreign


def test_it_stands_still_for_those_who_ask_and_can_be_paused(drawn):
    page = drawn(reduced_motion="reduce")
    kinds_of_dots = (STREAM, GAP, ".channel-outside")
    still = [page.evaluate("channel.dots", kind) for kind in kinds_of_dots]
    assert all(still), "there is nothing that could move"
    page.wait_for_timeout(400)
    assert [page.evaluate("channel.dots", kind) for kind in kinds_of_dots] == still
    page.get_by_role("button", name="Pause the drawing").click()
    page.wait_for_timeout(400)
    moved = [page.evaluate("channel.dots", kind) for kind in kinds_of_dots]
    assert all(a != b for a, b in zip(still, moved, strict=True))


def test_colours_of_the_system_are_taken(drawn):
    page = drawn(lab(start={"reuptake_inhibition": 1}), forced_colors="active")
    page.add_script_tag(content=for_browser("forced"))
    found = page.evaluate("forced.faults")
    assert found["seen"] > 12 and not found["faults"], found
    assert page.locator(".channel-pump rect").first.evaluate("(e) => getComputedStyle(e).strokeDasharray") != "none"


def test_the_chapters_labs_have_it(root):
    import nbformat

    cells = nbformat.read(root / "chapters/2-messengers/gaba.ipynb", as_version=4).cells
    labs = [cell.source for cell in cells if cell.cell_type == "code" and "SynapseLab(\n" in cell.source]
    assert len(labs) == 3 and all('scene="channel"' in source for source in labs)


def test_a_model_of_ones_own_is_drawn_too(drawn):
    own = load_model("gaba")
    made = SynapseLab(
        own, scene="channel", small=(), main="voltage", absolute=["voltage"], milliseconds=100, name="own",
        controls=[Control("pulses", maximum=5, step=1)],
    )  # fmt: skip
    page = drawn(made)
    assert "benzodiazepine site empty" in name_of(page) and page.locator(".channel-barbiturate").count() == 0

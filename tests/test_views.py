"""What a lab can show beside its levels: currents, a raster, bars, several cases, a dose axis, other units of time."""

from __future__ import annotations

import json
import re

import numpy as np
import pandas as pd
import pytest

from widgets import Measured, Predict, SynapseLab, load_model, measured
from widgets.labs.controls import Control

SPIKES = {"i_gaba_a": "the chloride current", "spikes": "Spikes"}
FIRING = {"input_current": 300, "pulses": 6}
HALF_EACH = {
    "Little tryptophan": {"precursor_supply": 0.45},
    "Slow firing": {"firing_rate": 0.6},
}
ORAL = {
    "occupancy_1": {"title": "SERT held", "short": "SERT", "noun": "SERT occupancy", "unit": "percent"},
    "steady_occupancy_1": {"title": "SERT held at steady state", "unit": "percent"},
}


def gaba(**changes) -> SynapseLab:
    return SynapseLab(
        **{
            "model": "gaba",
            "milliseconds": 200,
            "controls": ["benzodiazepine", "pulses", "input_current", "E_GABA_A"],
            "main": "i_gaba_a",
            "small": (),
            "traces": ["voltage"],
            "raster": "spikes",
            "scene": False,
            "start": FIRING,
            "labels": SPIKES,
            **changes,
        }
    )


def causes(**changes) -> SynapseLab:
    given = {"cases": HALF_EACH, "controls": ["reuptake_inhibition"], "hours": 72, "scene": False}
    return SynapseLab("serotonin", **{**given, **changes})


def tablets(**changes) -> SynapseLab:
    given = {
        "controls": [Control("dose", maximum=80, step=5), Control("half_life", minimum=5, maximum=100, step=5)],
        "start": {"half_life": 35},
        "days": 14,
        "main": "occupancy_1",
        "small": (),
        "scene": False,
        "labels": ORAL,
        "bars": {"occupancy_1": "SERT", "occupancy_2": "NET"},
        "scan": "dose",
        "scan_output": "steady_occupancy_1",
        "scan_points": measured("citalopram", "SERT"),
    }
    return SynapseLab("oral_dose", **{**given, **changes})


def panel(spec, kind: str):
    """The one panel of a kind."""
    (found,) = (each for each in spec.panels if each.kind == kind)
    return found


def in_own_unit(spec) -> list[str]:
    """Outputs of the first run that are drawn in their own unit."""
    return [output for output in spec.numbers[0].outputs if not spec.outputs[0][output].relative]


# -- on a phone -----------------------------------------------------------------------------------------------------

PHONE = {"width": 360, "height": 740}


def test_names_of_four_curves_stand_in_their_chart_on_a_phone(show):
    four = {f"Cause {n}": {"precursor_supply": 1 - 0.01 * n} for n in range(4)}
    page = show(causes(cases=four), viewport=PHONE)
    chart = page.locator(".lab-main-svg").bounding_box()
    boxes = [text.bounding_box() for text in page.locator(".curve-name, .curve-label").all()]
    assert len(boxes) == 8
    for box in boxes:
        assert box["y"] >= chart["y"] - 2 and box["y"] + box["height"] <= chart["y"] + chart["height"] + 2
    tops = sorted(page.locator(".curve-name").evaluate_all("(all) => all.map((e) => e.getBoundingClientRect().top)"))
    assert all(b - a >= 36 for a, b in zip(tops, tops[1:], strict=False)), tops


def test_names_do_not_break_at_their_hyphen(show):
    title = "Four causes seen through 5-HIAA, MAO-A, 5-HT2C and GABA-A, in a long-winded title"
    page = show(SynapseLab("serotonin", title=title, scene=False), viewport=PHONE)
    heading = page.locator(".lab-title")
    assert heading.inner_text() == title
    whole = heading.locator("span")
    assert whole.all_inner_texts() == ["5-HIAA", "MAO-A", "5-HT2C", "GABA-A"]
    assert all(span.evaluate("(e) => e.getClientRects().length") == 1 for span in whole.all())


# -- the table ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "span", "times"),
    [
        ("serotonin", {"hours": 24}, [0, 3, 6, 9, 12, 15, 18, 21, 24]),
        ("norepinephrine", {"days": 21}, [*range(0, 21, 2), 21]),
        ("adaptation", {"days": 28}, [0, 7, 14, 21, 28]),
        ("dopamine", {"seconds": 6.4}, [0, 1, 2, 3, 4, 5, 6, 6.4]),
    ],
)
def test_the_tables_times_are_round_and_end_with_the_run(show, model, span, times):
    lab = SynapseLab(model, scene=False, start={"reuptake_inhibition": 0.5}, **span)
    page = show(lab)
    page.get_by_role("button", name="Table").or_(page.locator("summary", has_text="Table")).first.press("Enter")
    rows = page.locator("table.lab-table tbody tr")
    rows.first.wait_for()
    cells = [row.locator("th, td").all_inner_texts() for row in rows.all()]
    assert [float(row[0]) for row in cells] == times
    run = lab.simulate(points=4001)[lab.spec.main] / load_model(model).baseline[lab.spec.main]
    level = np.interp(np.array(times) / lab.spec.clock.factor, run.index, run)
    assert [float(row[1]) for row in cells] == pytest.approx(100 * level, rel=2e-3)


# -- configuration -------------------------------------------------------------------------------------------------


def test_outputs_without_a_level_at_rest_are_drawn_in_their_own_unit():
    spec = gaba().spec
    assert in_own_unit(spec) == ["i_gaba_a", "voltage", "spikes"]
    assert panel(spec, "traces").outputs == ["voltage"] and panel(spec, "raster").output == "spikes"
    assert in_own_unit(SynapseLab("serotonin").spec) == []
    assert in_own_unit(SynapseLab("serotonin", absolute=["vesicular"]).spec) == ["vesicular"]
    assert in_own_unit(tablets(bars=None).spec) == ["occupancy_1"], "a fraction shown in percent is no % of baseline"


@pytest.mark.parametrize(
    ("word", "value", "span", "unit", "factor"),
    [
        ("seconds", 20, 20 / 3600, "second", 3600.0),
        ("minutes", 30, 0.5, "minute", 60.0),
        ("hours", 12, 12.0, "hour", 1.0),
        ("days", 14, 336.0, "day", 1 / 24),
    ],
)
def test_a_run_may_be_told_in_another_unit(word, value, span, unit, factor):
    lab = SynapseLab("dopamine", **{word: value})
    clock = lab.spec.clock
    assert (clock.span, clock.unit, clock.factor) == pytest.approx((span, unit, factor))
    assert lab.simulate(points=5).index[-1] == pytest.approx(span)


def test_cases_hold_their_constants_and_share_the_sliders():
    lab = causes()
    lab.set(reuptake_inhibition=0.5)
    runs = lab.simulate(points=5)
    model = load_model("serotonin")
    for words, held in HALF_EACH.items():
        alone = model.simulate(hours=72, points=5, reuptake_inhibition=0.5, **held)["extracellular"]
        assert runs[words, "extracellular"].tolist() == alone.tolist()
    assert [run.name for run in lab.spec.runs] == list(HALF_EACH)
    assert [run.held for run in lab.spec.runs] == list(HALF_EACH.values())
    assert "small" not in [each.kind for each in lab.spec.panels]


def test_a_scanned_output_of_parameters_alone_needs_no_settled_state():
    scan = panel(tablets().spec, "scan")
    assert scan.at_once and not panel(SynapseLab("serotonin", scan="reuptake_inhibition").spec, "scan").at_once
    assert (20.0, 77.0, "citalopram 20 mg, PET") in [(point.x, point.y, point.words) for point in scan.points]
    assert any(point.low for point in scan.points)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: SynapseLab("dopamine", seconds=3, hours=1), "A run has one length; got hours=1, seconds=3"),
        (lambda: SynapseLab("dopamine", seconds=0), "seconds must be greater than 0"),
        (lambda: gaba(milliseconds=None, days=2), "counts time in milliseconds: use milliseconds=, not days="),
        (lambda: gaba(traces="voltage"), "traces is a list of outputs"),
        (lambda: gaba(traces=["voltage", "voltage"]), "names an output twice"),
        (lambda: gaba(traces=["volts"]), "no output 'volts' to draw"),
        (lambda: gaba(raster="spike"), "no output 'spike' to draw. Did you mean 'spikes'"),
        (lambda: gaba(bars=["gaba_a_open"]), "bars is a dict of outputs and words"),
        (lambda: gaba(absolute=["spikes"]), "absolute names 'spikes', which this lab does not draw as a curve"),
        (lambda: SynapseLab(["serotonin", "dopamine"], controls=["firing_rate"], scene=False, bars={"cytosolic": "x"}),
         "traces, raster and bars show one run"),
        (lambda: causes(scene=True), "a lab with cases needs scene=False"),
        (lambda: causes(cases={"One": {"firing_rate": 0.5}}), "cases is a dict of at least two"),
        (lambda: causes(cases={"a": {"firing_rat": 0.5}, "b": {}}), "no parameter 'firing_rat'"),
        (lambda: causes(cases={"a": {"firing_rate": 9}, "b": {}}), "The case 'a'"),
        (lambda: causes(cases={"a": {"reuptake_inhibition": 0.5}, "b": {}}), "is a slider of this lab"),
        (lambda: causes(cases={"a": 0.5, "b": {}}), "is a dict of constants"),
        (lambda: tablets(scan=None), "scan_output needs scan"),
        (lambda: tablets(scan=None, scan_output=None), "scan_points needs scan"),
        (lambda: tablets(scan_output="steady"), "no output 'steady' to draw"),
        (lambda: tablets(scan_points=[{"x": 1, "y": float("nan"), "words": "a"}]), "must be a finite number"),
        (lambda: tablets(scan_points=[{"x": 1, "y": 2}]), "the words of a point must be words"),
        (lambda: gaba(controls=[Control("pulses", scale=0)]), "scale of control 'pulses' must be above 0"),
    ],
)  # fmt: skip
def test_what_cannot_be_shown_is_refused(make, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        make()


# -- in a browser --------------------------------------------------------------------------------------------------


def sentence(page) -> str:
    return page.locator("[role=status]").inner_text()


def move(page, **values) -> str:
    """Set traits as the sliders' links do; the sentence that follows."""
    before = sentence(page)
    page.evaluate("(values) => Object.entries(values).forEach(([name, value]) => model.set(name, value))", values)
    page.wait_for_function("(old) => document.querySelector('[role=status]').innerText !== old", arg=before)
    return sentence(page)


def ticks(page, which: str) -> int:
    drawn = page.locator(f".lab-raster path.{which}").first.get_attribute("d")
    return drawn.count("M") if drawn else 0


def test_the_raster_has_one_tick_for_each_spike_of_the_kernel(show):
    lab = gaba()
    page = show(lab)
    model = load_model("gaba")
    counted = int(model.simulate(milliseconds=200, points=2, **FIRING)["spikes"].iloc[-1])
    assert counted >= 5 and ticks(page, "before") == counted == ticks(page, "ticks:not(.before)")
    assert f"fires {counted} times, as before" in sentence(page)
    said = move(page, benzodiazepine=1.0)
    fewer = int(model.simulate(milliseconds=200, points=2, **FIRING, benzodiazepine=1)["spikes"].iloc[-1])
    assert fewer < counted and ticks(page, "ticks:not(.before)") == fewer and ticks(page, "before") == counted
    assert f"fires {fewer} times, against {counted} times before" in said.replace("twice", "2 times")
    assert "does not fire; before, it fired" in move(page, input_current=0)


def test_a_current_has_a_sign_and_its_ghost_stays(show):
    page = show(gaba(controls=["E_GABA_A"], start={"E_GABA_A": -80}))
    numbers = "() => [...document.querySelectorAll('.lab-main .axis.y text')].map((text) => text.textContent)"
    ghost = page.locator(".lab-main path.ghost").get_attribute("d")
    assert ghost and ghost == page.locator(".lab-main path.curve").get_attribute("d")
    assert page.locator(".lab-traces figure").count() == 1 and "mV" in page.locator(".lab-traces").inner_text()
    said = move(page, E_GABA_A=-45)
    assert any(text.startswith("−") for text in page.evaluate(numbers)), "a current that drives is below zero"
    assert re.search(r"the chloride current reaches −[\d.]+ pA \([\d.]+ pA before\)", said), said
    now = page.locator(".lab-main path.ghost").get_attribute("d")
    assert now != page.locator(".lab-main path.curve").get_attribute("d")
    assert "0 pA after 200 milliseconds" in said, "what is left long after the pulse is nothing"


def test_a_slider_that_says_nearly_ten_means_ten(show):
    """A float of the slider's may lie a hair above a whole number of pulses: that is not one pulse more."""
    page = show(gaba(start={**FIRING, "pulses": 10}))
    before = page.locator(".lab-main path.curve").get_attribute("d")
    page.evaluate("() => model.set('pulses', 10.000000000000002)")
    page.wait_for_timeout(400)
    assert page.locator(".lab-main path.curve").get_attribute("d") == before


def test_each_case_has_a_curve_a_name_and_a_line_of_its_own(show):
    page = show(causes())
    names = page.locator(".lab-main .curve-name").all_text_contents()
    assert names == list(HALF_EACH)
    dashes = page.locator(".lab-main path.curve").evaluate_all(
        "(paths) => paths.map((p) => p.getAttribute('stroke-dasharray'))"
    )
    assert len(set(dashes)) == len(HALF_EACH)
    assert sentence(page).startswith("With nothing done about it, serotonin between the neurons: “Little tryptophan”")
    said = move(page, reuptake_inhibition=0.5)
    model = load_model("serotonin")
    rest = model.steady_state()["extracellular"]
    end = model.simulate(hours=72, points=2, reuptake_inhibition=0.5, **HALF_EACH["Slow firing"])["extracellular"].iloc[
        -1
    ]
    shown = re.search(r"“Slow firing” \D+([\d.]+) times", said)
    assert float(shown[1]) == pytest.approx(end / rest, abs=0.06), said


def test_the_dose_axis_draws_the_hyperbola_and_the_published_points(show):
    lab = tablets()
    page = show(lab)
    assert page.locator(".lab-scan .published circle").count() == len(panel(lab.spec, "scan").points) >= 4
    assert "Open circles, published" in page.locator(".lab-scan").inner_text()
    label = page.locator(".lab-scan .small-label").text_content()
    expected = 100 * load_model("oral_dose").simulate(hours=1, points=2)["steady_occupancy_1"].iloc[0]
    assert float(re.search(r"[\d.]+", label)[0]) == pytest.approx(expected, abs=0.51)
    move(page, dose=40)
    assert float(re.search(r"[\d.]+", page.locator(".lab-scan .small-label").text_content())[0]) > expected + 5
    assert "days" in page.locator(".lab-main").inner_text() and "after 14 days" in sentence(page)


def test_bars_show_fractions_with_a_mark_where_they_stood(show):
    page = show(tablets())
    rows = "() => [...document.querySelectorAll('.lab-bars tbody tr')].map((line) => line.innerText)"
    before = page.evaluate(rows)
    assert len(before) == 2 and before[0].startswith("SERT")
    move(page, dose=60)
    assert page.evaluate(rows) != before
    style = "(element, name) => parseFloat(getComputedStyle(element)[name])"
    share = page.locator(".lab-bar-fill").first.evaluate(style, "width")
    mark = page.locator(".lab-bar-ghost").first.evaluate(style, "left")
    assert share > mark > 0


def test_bursts_are_told_as_a_rise_and_a_fall(show):
    page = show(SynapseLab(
        "dopamine", seconds=10, scene=False, start={"bursts": 3},
        controls=["reuptake_inhibition", Control("bursts", maximum=3), Control("burst_firing", maximum=10),
                  Control("burst_interval", unit="seconds", scale=3600, minimum=0.0003, maximum=0.002)],
    ))  # fmt: skip
    assert re.search(r"dopamine between the neurons goes up to 4[.\d]* times baseline", sentence(page)), sentence(page)
    assert "seconds" in page.locator(".lab-main").inner_text()
    assert "down to almost nothing" in move(page, burst_firing=0.0)
    assert "at 2.7 seconds" in move(page, burst_interval=0.00075)


def test_models_sampled_otherwise_share_one_axis_of_time(show):
    """Dopamine has bursts and is sampled evenly and often, serotonin is not: each is drawn on its own times."""
    page = show(SynapseLab(["serotonin", "dopamine"], controls=["firing_rate"], hours=72, scene=False))
    move(page, firing_rate=2.0)
    paths = page.locator(".lab-main path.curve").evaluate_all("(paths) => paths.map((p) => p.getAttribute('d'))")
    ends = [float(re.findall(r"L([\d.]+),", path)[-1]) for path in paths]
    assert len(ends) == 2 and ends[0] == pytest.approx(ends[1], abs=0.1)
    assert len(paths[0].split("L")) != len(paths[1].split("L"))


def test_a_prediction_of_a_count_is_answered_as_a_count(show):
    guess = Predict(
        "Predict: how many spikes are left?", [("About ten", 10), ("None", 0)], {"input_current": 300}, "spikes"
    )
    page = show(gaba(predict=guess, start={}))
    page.get_by_label("About ten").check()
    page.get_by_role("button", name="Show what the model says").click()
    spikes = load_model("gaba").simulate(milliseconds=200, points=2, input_current=300)["spikes"].iloc[-1]
    assert f"The model says {spikes:.0f} after 200 milliseconds" in page.locator(".lab-verdict").inner_text()


def test_a_measured_answer_judges_the_guess_and_the_model_stands_beside_it(show):
    choices = [("As before", 1.0, "It rises."), ("Under two times", 1.75, "So it was."), ("Five times", 5.0, "A bath.")]
    measured = Measured(1.75, "In rats it rose to 1.75 times rest", by="Somebody, 2001", source="bosker2001acute")
    guess = Predict("Predict: how far?", choices, {"reuptake_inhibition": 0.8}, measured=measured)
    page = show(SynapseLab("serotonin", predict=guess, hours=72))
    page.get_by_label("Under two times").check()
    page.get_by_role("button", name="Show the answer").click()
    lines = page.locator(".lab-verdict p").all_inner_texts()
    model = load_model("serotonin")
    level = model.simulate(hours=72, points=2, reuptake_inhibition=0.8)["extracellular"].iloc[-1]
    assert lines == [
        "You predicted “Under two times”. Yours was the closest.",
        "Measured: In rats it rose to 1.75 times rest (Somebody, 2001).",
        f"The model says {level / model.baseline['extracellular']:.1f} times baseline after 72 hours.",
        "So it was.",
    ]


def test_table_and_file_hold_what_the_new_views_draw(show):
    page = show(gaba())
    page.locator("summary", has_text="Table").click()
    page.locator(".lab-table tbody tr").last.wait_for()  # a disclosure tells of its opening a moment later
    head = page.locator(".lab-table thead th").all_inner_texts()
    assert head == ["Milliseconds after the change", "The chloride current, pA", "Voltage, mV", "Spikes"]
    last = page.locator(".lab-table tbody tr").last.locator("td").all_inner_texts()
    kernel = load_model("gaba").simulate(milliseconds=200, points=2, **FIRING).iloc[-1]
    assert float(last[2]) == kernel["spikes"] and float(last[1]) == pytest.approx(kernel["voltage"], abs=0.2)
    assert isinstance(measured("citalopram", "SERT"), pd.DataFrame) and json.dumps(tablets().view.spec["panels"])

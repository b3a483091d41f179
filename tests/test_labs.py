"""Labs as configuration: traits, ranges, links, words, and the errors for what cannot be shown."""

from __future__ import annotations

import ipywidgets
import pytest

from widgets import LabView, Measured, Predict, SynapseLab, load_model
from widgets.labs import view as views
from widgets.labs.controls import CONTROLS, Control

QUESTION = "Predict: if four pumps in five stop, how much more serotonin will there be?"
CHOICES = [("It stays the same", 1.0), ("It doubles", 2.0), ("Five times", 5.0)]


@pytest.fixture(autouse=True)
def static(tmp_path, monkeypatch):
    """The tests of the configuration need no bundle, and must not depend on the age of one."""
    (tmp_path / "lab.js").write_text("export default { render() {} }", encoding="utf-8")
    (tmp_path / "lab.css").write_text(".synapse-lab { display: grid }", encoding="utf-8")
    monkeypatch.setattr(views, "STATIC", tmp_path)
    return tmp_path


def predict(**changes) -> Predict:
    return Predict(**{"question": QUESTION, "choices": CHOICES, "scenario": {"reuptake_inhibition": 0.8}, **changes})


def test_a_lab_is_a_box_of_its_view_and_its_sliders():
    lab = SynapseLab("serotonin", name="pumps", controls=["reuptake_inhibition", "firing_rate"])
    view, box = lab.children
    assert isinstance(lab, ipywidgets.VBox) and "synapse-lab" in lab._dom_classes
    assert view is lab.view and isinstance(view, LabView)
    assert list(box.children) == list(lab.sliders.values()) and "lab-controls" in box._dom_classes
    for name, slider in lab.sliders.items():
        assert type(slider) is ipywidgets.FloatSlider
        assert f"lab-param-{name}" in slider._dom_classes
        assert slider.readout is False and slider.description
    assert [s.description for s in lab.sliders.values()] == ["Reuptake blocked (SERT)", "Firing"]


def test_every_slider_is_joined_to_its_trait_in_the_browser():
    lab = SynapseLab(controls=["reuptake_inhibition", "mao_a_inhibition"], predict=predict())
    joined = {(link.source[0], link.source[1], link.target[0], link.target[1]) for link in lab._links}
    wanted = {(slider, "value", lab.view, name) for name, slider in lab.sliders.items()}
    wanted |= {(lab.view, "locked", slider, "disabled") for slider in lab.sliders.values()}
    assert joined == wanted and len(joined) == 4
    assert {type(link).__name__ for link in lab._links} == {"Link", "DirectionalLink"}
    synced = lab.view.get_state()
    assert {"reuptake_inhibition", "mao_a_inhibition", "spec", "locked", "guess", "_esm", "_css"} <= set(synced)
    assert {"models", "controls", "panels"} <= set(synced["spec"])


def test_values_start_at_rest_or_as_told_and_can_be_set():
    lab = SynapseLab(controls=["reuptake_inhibition", "autoreceptor_gain"], start={"reuptake_inhibition": 0.8})
    assert lab.values == {"reuptake_inhibition": 0.8, "autoreceptor_gain": 1.0}
    lab.set(reuptake_inhibition=0.25)
    assert lab.values["reuptake_inhibition"] == lab.sliders["reuptake_inhibition"].value == 0.25
    with pytest.raises(ValueError, match=r"reuptake_inhibition in set must be between 0 and 1; got 1.2. Use 1"):
        lab.set(reuptake_inhibition=1.2)
    assert lab.values["reuptake_inhibition"] == 0.25


def test_simulate_is_the_run_that_is_drawn():
    lab = SynapseLab(controls=["reuptake_inhibition"], start={"reuptake_inhibition": 0.8}, hours=12)
    run = lab.simulate(points=25)
    expected = load_model("serotonin").simulate(hours=12, points=25, reuptake_inhibition=0.8)
    assert len(run) == 25 and run.index[-1] == 12
    assert (run == expected).all().all()
    both = SynapseLab(["serotonin", "dopamine"], controls=["precursor_supply"], scene=False).simulate(points=5)
    assert {"serotonin", "dopamine"} == set(both.columns.get_level_values(0))


def test_the_view_carries_all_the_page_needs():
    lab = SynapseLab(
        "serotonin",
        title="Turn down the pumps",
        name="pumps",
        controls=["reuptake_inhibition", "precursor_supply"],
        landmarks={"reuptake_inhibition": {0.8: "usual SSRI dose"}},
        presets={"Usual SSRI dose": {"reuptake_inhibition": 0.8}},
        scan="reuptake_inhibition",
        labels={"vesicular": "in reserve"},
        predict=predict(),
    )
    view, spec = lab.view, lab.view.spec
    assert (spec["title"], spec["name"]) == ("Turn down the pumps", "pumps")
    assert spec["clock"] == {"span": 24.0, "unit": "hour", "factor": 1.0}
    (model,) = spec["models"]
    messenger = model["messenger"]
    assert (messenger["name"], messenger["symbol"], messenger["hue"], messenger["transporter"]) == (
        "serotonin", "5-HT", "serotonin", "SERT",
    )  # fmt: skip
    assert "export function rhs" in model["javascript"]
    reuptake, precursor = spec["controls"]
    assert reuptake["landmarks"] == [[0.8, "usual SSRI dose"]] and reuptake["rest"] == 0
    assert precursor["label"] == "Tryptophan supply" and precursor["phrase"] == "tryptophan supply at {value} normal"
    assert spec["outputs"][0]["vesicular"]["short"] == "in reserve"
    assert spec["outputs"][0]["extracellular"] == {
        "title": "Serotonin between the neurons",
        "short": "serotonin between the neurons",
        "noun": "serotonin between the neurons",
        "unit": "µM",
        "relative": True,
    }
    assert spec["presets"] == {"Usual SSRI dose": {"reuptake_inhibition": 0.8}}
    assert spec["prediction"]["choices"][1] == {"text": "It doubles", "value": 2.0, "feedback": ""}
    assert view.locked and all(slider.disabled for slider in lab.sliders.values())
    assert view.guess == -1


def test_the_page_knows_what_a_model_lacks_before_it_runs():
    """The autoreceptors act on release and on synthesis, those of the prefrontal cortex on neither; dopamine's model
    gives the size of their effect."""
    names = ("dopamine", "serotonin", "dopamine_prefrontal")
    dopamine, serotonin, cortex = (SynapseLab(name).view.spec["models"][0] for name in names)
    assert dopamine["constant"] == [] and serotonin["constant"] == []
    assert {"release_brake", "synthesis_brake"} <= set(cortex["constant"])
    assert dopamine["autoreceptorSignal"] is True and serotonin["autoreceptorSignal"] is False


def test_the_marker_suits_the_control():
    told = {control.name: control.marker for control in SynapseLab(controls=[*CONTROLS, "V_SERT"]).controls}
    assert told.pop("reuptake_inhibition") == told.pop("mao_a_inhibition") == told.pop("mao_b_inhibition")
    assert SynapseLab().controls[0].marker == "block begins" and set(told.values()) == {"change begins"}


def test_without_a_prediction_nothing_is_locked():
    lab = SynapseLab()
    assert not lab.view.locked and not any(slider.disabled for slider in lab.sliders.values())


def test_both_ends_of_a_slider_are_in_its_own_unit():
    share = Control("A_min", minimum=0.4, maximum=0.95, unit="percent")
    fold = Control("w_firing", minimum=0.5, maximum=2, unit="times")
    ends = [(c.low, c.high) for c in SynapseLab("norepinephrine", controls=[share, fold], scene=False).controls]
    assert ends == [("40 %", "95 %"), ("0.5 ×", "2 ×")]


@pytest.mark.parametrize("name, transporter", [("serotonin", "SERT"), ("dopamine", "DAT")])
def test_every_shared_control_fits_every_monoamine(name, transporter):
    model = load_model(name)
    lab = SynapseLab(name, controls=list(CONTROLS))
    assert len(lab.sliders) == 6
    assert lab.sliders["reuptake_inhibition"].description == f"Reuptake blocked ({transporter})"
    limits = model.parameters.set_index("name")
    for control in lab.controls:
        slider, row = lab.sliders[control.name], limits.loc[control.name]
        assert row["minimum"] <= slider.min < slider.max <= row["maximum"]
        steps = (slider.max - slider.min) / slider.step
        assert steps == pytest.approx(round(steps)) and 20 <= steps <= 100, "the arrow keys reach both ends"
        assert slider.value == row["value"]
        texts = [control.label, control.low, control.high, control.phrase, control.marker, *control.said.values()]
        assert all(text and "{t" not in text and "{p" not in text for text in texts), texts
        assert "{value}" in control.phrase


def test_overlaid_models_share_neutral_words():
    lab = SynapseLab(["serotonin", "dopamine"], controls=["precursor_supply"], scene=False)
    assert lab.name == "serotonin-dopamine"
    assert lab.view.spec["title"] == "Serotonin and dopamine"
    (curves,) = (panel for panel in lab.view.spec["panels"] if panel["kind"] == "curves")
    assert curves["title"] == "Level between the neurons"
    assert lab.sliders["precursor_supply"].description == "Precursor supply"
    assert [m["messenger"]["hue"] for m in lab.view.spec["models"]] == ["serotonin", "dopamine"]
    assert [(run["model"], run["name"]) for run in lab.view.spec["runs"]] == [(0, "serotonin"), (1, "dopamine")]
    assert "small" not in [panel["kind"] for panel in lab.view.spec["panels"]]


def test_any_constant_of_a_model_can_be_a_control():
    lab = SynapseLab(controls=[Control("V_SERT", label="Number of pumps", maximum=500, high="twice", unit="times")])
    (control,) = lab.controls
    row = load_model("serotonin").parameters.set_index("name").loc["V_SERT"]
    assert (control.label, control.minimum, control.maximum, control.high) == ("Number of pumps", 0, 500, "twice")
    assert control.phrase.endswith("at {value}") and lab.values["V_SERT"] == row["value"]
    plain = SynapseLab(controls=["V_SERT"]).controls[0]
    assert plain.unit == row["unit"] and plain.maximum == 2 * row["value"]


def test_a_narrower_range_keeps_true_words():
    (control,) = SynapseLab(controls=[Control("reuptake_inhibition", maximum=0.5)]).controls
    assert control.high == "50 %", "the end of a shortened track is not 'all'"
    (firing,) = SynapseLab(controls=[Control("firing_rate", maximum=5)]).controls
    assert firing.high == "5 ×"


def test_repr_is_stable():
    assert repr(SynapseLab("serotonin", name="pumps")) == "SynapseLab('serotonin', name='pumps')"
    both = SynapseLab(["serotonin", "dopamine"], controls=["firing_rate"], scene=False)
    assert repr(both) == "SynapseLab(['serotonin', 'dopamine'], name='serotonin-dopamine')"
    assert repr(SynapseLab(name="a").view) == "LabView(name='a')"
    assert repr(predict()) == f"Predict({QUESTION!r}, 3 choices)"


REUPTAKE = {"controls": ["reuptake_inhibition"]}
NONSENSE = {
    "unknown model": (dict(model="serotonine"), r"'serotonine'.*serotonin"),
    "no model": (dict(model=[]), r"needs a model"),
    "not a model": (dict(model=3.5), r"got 3.5"),
    "one model twice": (dict(model=["serotonin", "serotonin"], scene=False), r"Name each once"),
    "no controls": (dict(controls=[]), r"at least one control"),
    "unknown control": (dict(controls=["reuptake_inhibitor"]), r"Did you mean 'reuptake_inhibition'"),
    "a control twice": (dict(controls=["firing_rate", "firing_rate"]), r"stands once"),
    "not a control": (dict(controls=[3]), r"got 3"),
    "start above": (dict(start={"reuptake_inhibition": 1.2}), r"between 0 and 1; got 1.2. Use 1 "),
    "start below": (dict(start={"reuptake_inhibition": -0.1}), r"between 0 and 1; got -0.1. Use 0 "),
    "start nan": (dict(start={"reuptake_inhibition": float("nan")}), r"finite number; got nan"),
    "start text": (dict(start={"reuptake_inhibition": "half"}), r"must be a number; got 'half'"),
    "start true": (dict(start={"reuptake_inhibition": True}), r"must be a number; got True"),
    "start unknown": (dict(start={"firing": 2}), r"start names 'firing'.*Did you mean 'firing_rate'"),
    "start not a dict": (dict(start=[0.8]), r"start is a dict"),
    "start no control": (dict(**REUPTAKE, start={"firing_rate": 2}), r"add it to controls"),
    "preset unknown": (dict(presets={"A": {"reuptake": 0.8}}), r"preset 'A' names 'reuptake'"),
    "preset above": (dict(presets={"A": {"firing_rate": 30}}), r"between 0 and 3; got 30"),
    "preset without words": (dict(presets={" ": {"firing_rate": 2}}), r"must be words"),
    "landmark unknown": (dict(landmarks={"mao": {0.5: "x"}}), r"landmarks names 'mao'"),
    "landmark outside": (dict(landmarks={"reuptake_inhibition": {80: "usual"}}), r"landmark at 80 lies outside"),
    "scan unknown": (dict(scan="mao_a_inhibition"), r"scan='mao_a_inhibition' is not one"),
    "main unknown": (dict(main="extracelular"), r"Did you mean 'extracellular'"),
    "small unknown": (dict(small=["vesicles"]), r"no output 'vesicles'"),
    "no time": (dict(hours=0), r"greater than 0; got 0"),
    "endless": (dict(hours=float("inf")), r"finite number; got inf"),
    "milliseconds": (dict(milliseconds=5), r"in hours: use hours=, seconds=, minutes=, days=, not milliseconds="),
    "a name with spaces": (dict(name="my lab"), r"'my lab'"),
    "an empty title": (dict(title=""), r"title must be words"),
    "a scene of two": (dict(model=["serotonin", "dopamine"], controls=["firing_rate"]), r"scene=False"),
    "a scan of two": (
        dict(model=["serotonin", "dopamine"], controls=["firing_rate"], scan="firing_rate", scene=False),
        r"scan shows one model",
    ),
    "predict is text": (dict(predict="?"), r"Predict\(question, choices, scenario\)"),
    "scenario unknown": (dict(predict=predict(scenario={"sert": 0.8})), r"scenario names 'sert'"),
    "scenario above": (dict(predict=predict(scenario={"reuptake_inhibition": 8})), r"between 0 and 1; got 8"),
    "prediction of nothing": (dict(predict=predict(output="mood")), r"no output 'mood'"),
    "step too long": (dict(controls=[Control("firing_rate", step=9)]), r"step of control 'firing_rate'.*got 9"),
    "range too wide": (dict(controls=[Control("firing_rate", maximum=9)]), r"between 0 and 5.*got 9"),
    "range upside down": (dict(controls=[Control("firing_rate", minimum=3, maximum=1)]), r"minimum below its maximum"),
}  # fmt: skip


@pytest.mark.parametrize("case", NONSENSE)
def test_nonsense_is_refused_in_words(case):
    arguments, message = NONSENSE[case]
    with pytest.raises(ValueError, match=f"(?s){message}"):
        SynapseLab(**arguments)


PREDICTIONS = {
    "no question": (dict(question=""), "needs a question"),
    "a question without Predict": (dict(question="How much?"), "starts with 'Predict'"),
    "one choice": (dict(choices=CHOICES[:1]), "at least two choices; got 1"),
    "a choice that is text": (dict(choices=["a", "b"]), "pair such as"),
    "a choice without words": (dict(choices=[("", 1.0), ("b", 2.0)]), "needs words"),
    "the same words": (dict(choices=[("a", 1.0), ("a", 2.0)]), "same words"),
    "a value that is text": (dict(choices=[("a", "1"), ("b", 2.0)]), "must be a number"),
    "a value that is not one": (dict(choices=[("a", float("nan")), ("b", 2.0)]), "finite"),
    "a negative value": (dict(choices=[("a", -1.0), ("b", 2.0)]), "at least 0"),
    "no scenario": (dict(scenario={}), "needs a scenario"),
    "blank feedback": (dict(choices=[("a", 1.0, " "), ("b", 2.0, "So.")]), "feedback of choice 'a'"),
    "feedback to some": (dict(choices=[("a", 1.0), ("b", 2.0, "So.")]), "Choice 'a' has no feedback"),
    "a measurement that is a number": (dict(measured=1.75), r"Measured\(value, text, by=..., source=...\); got 1.75"),
}


@pytest.mark.parametrize("case", PREDICTIONS)
def test_a_prediction_that_asks_nothing_is_refused(case):
    changes, message = PREDICTIONS[case]
    with pytest.raises(ValueError, match=message):
        predict(**changes)


MEASURED = {
    "not a number": (dict(value="two"), "measured value must be a number"),
    "below nothing": (dict(value=-1), "at least 0"),
    "no words": (dict(text=" "), "text of what was measured must be words"),
    "by nobody": (dict(by=""), "by must be words"),
    "no source": (dict(source=""), "source must be words"),
}


@pytest.mark.parametrize("case", MEASURED)
def test_a_measurement_without_words_or_source_is_refused(case):
    changes, message = MEASURED[case]
    given = {"value": 1.75, "text": "In rats it rose", "by": "Bosker, 2001", "source": "bosker2001acute", **changes}
    with pytest.raises(ValueError, match=message):
        Measured(**given)


def test_what_was_measured_and_what_is_said_to_each_choice_travel_with_the_question():
    measured = Measured(1.75, "In rats it rose.", by="Bosker and colleagues, 2001", source="bosker2001acute")
    choices = [("Same", 1.0, "It rises."), ("More", 2.0, "Yes.")]
    asked = SynapseLab("serotonin", predict=predict(choices=choices, measured=measured)).spec.prediction
    assert asked.measured.model_dump() == {
        "value": 1.75, "text": "In rats it rose", "by": "Bosker and colleagues, 2001",
    }  # fmt: skip
    assert [choice.feedback for choice in asked.choices] == ["It rises.", "Yes."]
    assert repr(measured) == "Measured(1.75, source='bosker2001acute')"
    assert SynapseLab("serotonin", predict=predict()).spec.prediction.measured is None


def test_a_parameter_cannot_take_the_widgets_own_name():
    with pytest.raises(ValueError, match="'layout', which the widget uses itself"):
        LabView.of({"layout": 1.0})


def test_a_missing_bundle_says_what_to_run(static):
    (static / "lab.js").unlink()
    with pytest.raises(FileNotFoundError, match=r"lab\.js has not been built. Run `make`"):
        SynapseLab()


def test_the_bundle_is_read_as_text_and_not_watched(static):
    view = SynapseLab().view
    assert view._esm == "export default { render() {} }" and view._css.startswith(".synapse-lab")

"""A lab's spec: what names another part names one that is there, and what the page reads is what Python made."""

from __future__ import annotations

import json
import re
import textwrap

import ipywidgets
import pytest
import traitlets

from widgets import Choice, Control, DrugLab, Predict, Schedule, Switch, SynapseLab, load_model
from widgets.engine.model import Model
from widgets.labs import panels, schema
from widgets.labs.panels import PANELS, panel, spec_from
from widgets.labs.panels.curves import Curves
from widgets.labs.panels.small import Small
from widgets.labs.settings import calendar_in
from widgets.labs.spec import VERSION, ChoiceControl, LabSpec, NumberControl, Panel, ScheduleControl, made
from widgets.labs.view import LabView

GATE = Predict("Predict: x?", [("It doubles", 2.0), ("It stays", 1.0)], {"reuptake_inhibition": 0.8})
TANK = """model tank
  a = 1; drain = 1; fill = 1; feedback = 0
  filling: -> a; fill*(1 + feedback/a)
  draining: a -> ; drain*a
end"""


def tank(**changes) -> SynapseLab:
    model = Model.from_antimony(TANK, strict=False)
    return SynapseLab(model, **{"main": "a", "small": [], "scene": False, "controls": ["fill"], **changes})


@pytest.fixture(scope="module")
def everything() -> SynapseLab:
    """A lab with most panels of a synapse."""
    return SynapseLab(
        "serotonin",
        name="everything",
        controls=["reuptake_inhibition", "firing_rate"],
        scan="reuptake_inhibition",
        traces=["cytosolic"],
        bars={"receptor_occupancy": "receptors"},
        presets={"Block": {"reuptake_inhibition": 0.8}},
        predict=GATE,
    )


@pytest.fixture(scope="module")
def plain(everything) -> dict:
    """The same as plain data."""
    return everything.spec.to_page()


def changed(plain: dict, **changes) -> dict:
    return json.loads(json.dumps(plain)) | changes


# -- what hangs together -------------------------------------------------------------------------------------


def test_a_spec_is_the_same_after_its_way_to_the_page_and_back(everything):
    for lab in (everything, DrugLab(["venlafaxine", "duloxetine"], compare="duloxetine"), SynapseLab()):
        there = json.loads(json.dumps(lab.view.spec))
        assert spec_from(there) == lab.spec and spec_from(there).to_page() == lab.view.spec
        assert [type(each) for each in spec_from(there).panels] == [type(each) for each in lab.spec.panels]
        assert lab.view.spec["version"] == VERSION
    assert isinstance(everything.spec, LabSpec)


def test_the_page_reads_camel_case_all_the_way_down(plain):
    def keys(value):
        if isinstance(value, dict):
            for key, inner in value.items():
                yield key
                yield from keys(inner)
        for inner in value if isinstance(value, list) else ():
            yield from keys(inner)

    own = {*plain["start"], *plain["outputs"][0]}
    assert {"autoreceptorSignal", "atOnce"} <= set(keys(plain))
    assert not [key for key in keys(plain) if "_" in key and key not in own]


SMALL, CONTROL = {"kind": "small", "outputs": ["vesicular"]}, 0
UNKNOWN = {
    "kind of panel": (
        dict(panels=[{"kind": "cruves"}]),
        "panels[0]: there is no panel 'cruves'. Did you mean 'curves'",
    ),
    "output of a panel": (
        dict(panels=[{"kind": "scene"}, {"kind": "small", "outputs": ["vesiculr"]}]),
        "Panel 2 (small) reads 'vesiculr', which is not one of this lab's outputs. Did you mean 'vesicular'",
    ),
    "control of a panel": (
        dict(panels=[{"kind": "scan", "control": "firing", "output": "extracellular"}]),
        "Panel 1 (scan) names 'firing', which is not one of this lab's controls. Did you mean 'firing_rate'",
    ),
    "key of a panel": (
        dict(panels=[{"kind": "small", "output": "vesicular"}]),
        "panels[0] (small): There is no 'output' in Small. Did you mean 'outputs'",
    ),
    "key of a part": (dict(clock={"span": 24, "unti": "hour"}), "There is no 'unti' in Clock. Did you mean 'unit'"),
    "key of the spec": (dict(titel="x"), "There is no 'titel' in LabSpec. Did you mean 'title'"),
    "main output": (dict(main="extracelular"), "main is 'extracelular'"),
    "output of the numbers": (
        dict(numbers=[{"run": 0, "outputs": ["cytosol"]}]),
        "Column 1 of the numbers reads 'cytosol', which is not one of this lab's outputs. Did you mean 'cytosolic'",
    ),
    "run of the numbers": (dict(numbers=[{"run": 3, "outputs": ["cytosolic"]}]), "Column 1 of the numbers is of run 3"),
    "control in the start": (
        dict(start={"reuptake_inhibition": 0, "firing_rat": 1}),
        "start names 'firing_rat', which is not one of this lab's controls. Did you mean 'firing_rate'",
    ),
    "control without a start": (dict(start={"firing_rate": 1}), "start has no value for control 'reuptake_inhibition'"),
    "control in a preset": (dict(presets={"Fire": {"firing": 2}}), "preset 'Fire' names 'firing'"),
    "model of a run": (dict(runs=[{"model": 1}]), "Run 0 is of model 1"),
    "run of a panel": (dict(panels=[{"kind": "concentration", "runs": [7], "days": 1}]), "draws run 7"),
    "no models": (dict(outputs=[]), "The lab has 1 models and outputs for 0"),
}


@pytest.mark.parametrize("case", UNKNOWN)
def test_what_is_unknown_names_itself_its_place_and_the_nearest(case, plain):
    changes, words = UNKNOWN[case]
    with pytest.raises(ValueError, match=re.escape(words)) as refused:
        spec_from(changed(plain, **changes))
    assert "pydantic" not in str(refused.value) and "input_value" not in str(refused.value)


def test_a_prediction_asks_of_what_is_there(plain):
    asked = plain["prediction"]
    with pytest.raises(ValueError, match="The prediction asks of 'mood'"):
        spec_from(changed(plain, prediction={**asked, "output": "mood"}))
    with pytest.raises(ValueError, match="The prediction is of run 4"):
        spec_from(changed(plain, prediction={**asked, "run": 4}))
    with pytest.raises(ValueError, match="the prediction's scenario names 'firing'"):
        spec_from(changed(plain, prediction={**asked, "scenario": {"firing": 2}}))
    with pytest.raises(ValueError, match="The prediction asks of 'SERT', which is not one of this lab's targets"):
        spec_from(changed(plain, prediction={**asked, "of": "target", "output": "SERT"}))


def test_a_comparison_of_medicines_hangs_together():
    whole = DrugLab(["venlafaxine", "duloxetine"], compare="duloxetine").spec.to_page()
    drive = whole["drive"]
    for wrong, words in (
        ({"sides": [{"letter": "A", "drug": "drgu", "dose": "dose"}]}, "Side 1 of the comparison names 'drgu'"),
        ({"effects": drive["effects"][:2]}, "The lab has 4 models and effects on 2"),
        ({"kinetics": 4}, "kinetics is model 4"),
        ({"sides": drive["sides"][:1]}, "Run 1 is of side 1"),
    ):
        with pytest.raises(ValueError, match=words):
            spec_from(changed(whole, drive={**drive, **wrong}))
    controls = json.loads(json.dumps(whole["controls"]))
    controls[1]["follows"]["control"] = "drugs"
    with pytest.raises(ValueError, match="Control 'dose' follows 'drugs'.* Did you mean 'drug'"):
        spec_from(changed(whole, controls=controls))
    controls[1]["follows"] = {"control": "drug", "ranges": whole["controls"][1]["follows"]["ranges"][:1]}
    with pytest.raises(ValueError, match="Control 'dose' has 1 ranges for the 2 options of 'drug'"):
        spec_from(changed(whole, controls=controls))


def test_a_lab_refuses_unknown_words_before_they_are_lost():
    with pytest.raises(ValueError, match="labels names 'vesiculr'.* Did you mean 'vesicular'"):
        SynapseLab(labels={"vesiculr": "in reserve"})
    with pytest.raises(ValueError, match="The label of 'vesicular' has 'titel'. Did you mean 'title'"):
        SynapseLab(labels={"vesicular": {"titel": "in reserve"}})
    with pytest.raises(ValueError, match="labels is a dict"):
        SynapseLab(labels=["vesicular"])
    with pytest.raises(ValueError, match="label of 'vesicular' is words, or a dict"):
        SynapseLab(labels={"vesicular": 3})


def test_options_are_told_apart_by_name():
    with pytest.raises(ValueError, match="'drug' has 2 options and 1 names"):
        ChoiceControl(name="drug", label="Medicine", options=["A", "B"], names=["a"])
    with pytest.raises(ValueError, match="'drug' has two options called 'a', and a link could not tell them apart"):
        ChoiceControl(name="drug", label="Medicine", options=["A", "B"], names=["a", "a"])
    with pytest.raises(ValueError, match="two options called 'A'"):
        ChoiceControl(name="drug", label="Medicine", options=["A", "A"])
    lab = DrugLab(["venlafaxine", "duloxetine"], compare="fluoxetine")
    menus = [control for control in lab.spec.controls if control.kind == "choice"]
    assert len(menus) == 2 and all(menu.names == ["venlafaxine", "duloxetine", "fluoxetine"] for menu in menus)


def test_parts_cannot_be_changed(everything):
    with pytest.raises(ValueError, match="frozen"):
        everything.spec.title = "another"


# -- the schema ----------------------------------------------------------------------------------------------


def test_the_schema_has_every_kind_of_panel_and_of_control():
    found = schema.schema()
    union = found["properties"]["panels"]["items"]["discriminator"]["mapping"]
    assert set(union) == set(PANELS) and len(PANELS) >= 15
    for kind, place in union.items():
        row = found["$defs"][place.rsplit("/", 1)[1]]
        assert row["properties"]["kind"]["const"] == kind and row["additionalProperties"] is False
    controls = found["properties"]["controls"]["items"]["discriminator"]["mapping"]
    assert set(controls) == {"number", "choice", "switch", "schedule"}


def test_each_kind_of_panel_says_what_it_is():
    for kind, cls in PANELS.items():
        assert re.fullmatch(r"[a-z]+", kind) and cls.__doc__ and cls.__doc__ != Panel.__doc__, kind
        assert cls.__module__.startswith("widgets.labs.panels."), kind


# -- panels ----------------------------------------------------------------------------------------------------

DIAL = '''
from typing import Literal
from widgets.labs.spec import Panel

class Dial(Panel):
    """A dial."""

    kind: Literal["dial"] = "dial"
    output: str

    def reads(self):
        return [self.output]

    def of_runs(self):
        return [0]
'''


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder whose modules stand beside those of widgets.labs.panels."""
    monkeypatch.setattr(panels, "__path__", [*panels.__path__, str(tmp_path)])
    before = set(__import__("sys").modules)
    yield tmp_path
    for name in set(__import__("sys").modules) - before:
        if name.startswith("widgets.labs.panels."):
            del __import__("sys").modules[name]
            if hasattr(panels, name.rsplit(".", 1)[1]):
                delattr(panels, name.rsplit(".", 1)[1])


def test_a_new_panel_is_found_by_being_there(folder, monkeypatch):
    (folder / "dial.py").write_text(textwrap.dedent(DIAL), encoding="utf-8")
    found = panels.found()
    assert set(found) == {*PANELS, "dial"}
    monkeypatch.setattr(panels, "PANELS", found)
    lab = SynapseLab(small=[], panels=[{"kind": "dial", "output": "cytosolic"}])
    assert lab.view.spec["panels"][-1] == {"kind": "dial", "output": "cytosolic"}
    assert "cytosolic" in lab.view.spec["outputs"][0], "what it reads has words"
    assert "dial" in schema.schema()["properties"]["panels"]["items"]["discriminator"]["mapping"]
    medicines = DrugLab(["venlafaxine"], panels=[{"kind": "dial", "output": "vesicular"}])
    assert "vesicular" in medicines.spec.outputs[0] and "vesicular" not in medicines.spec.outputs[1]
    with pytest.raises(
        ValueError, match=r"panels\[0\] \(dial\): Model 'serotonin' has no output 'cytosol'.*'cytosolic'"
    ):
        SynapseLab(panels=[{"kind": "dial", "output": "cytosol"}])


def test_two_panels_of_one_kind_are_refused(folder):
    (folder / "again.py").write_text(textwrap.dedent(DIAL).replace("dial", "curves"), encoding="utf-8")
    with pytest.raises(TypeError, match="Two panels have the kind 'curves'"):
        panels.found()


def test_further_panels_stand_in_their_places():
    more = [Small(outputs=["cytosolic"]), {"kind": "curves", "output": "vesicular", "title": "Stores"}]
    kinds = [each.kind for each in SynapseLab(panels=more).spec.panels]
    assert kinds == ["scene", "curves", "curves", "small", "small", "sentence", "table", "file"]
    assert panel({"kind": "curves", "output": "a", "title": "b"}) == Curves(output="a", title="b")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("dial", "panels is a list of panels"),
        ([3], r"panels\[0\] is a panel or a dict with its kind; got 3"),
        ([Panel()], r"panels\[0\] is a panel or a dict with its kind"),
        ([Small(outputs=[]), {"kind": "smal"}], r"panels\[1\]: there is no panel 'smal'. Did you mean 'small'"),
        ([{"outputs": ["vesicular"]}], r"panels\[0\]: there is no panel None"),
        ([{"kind": "small", "outputs": ["vesiculr"]}], r"panels\[0\] \(small\): Model .* Did you mean 'vesicular'"),
        ([{"kind": "scan", "control": "V_SERT", "output": "vesicular"}], r"\(scan\) names 'V_SERT', which is not one"),
    ],
)
def test_further_panels_that_cannot_be_drawn_are_refused(given, words):
    with pytest.raises(ValueError, match=words):
        SynapseLab(panels=given)


# -- controls of other kinds -----------------------------------------------------------------------------------


def test_a_choice_sets_its_constant_to_one_of_some_values():
    lab = tank(controls=["fill", Choice("drain", "The drain", {"shut": 0.5, "as it is": 1, "wide": 4})])
    spec = lab.spec.controls[1]
    assert (spec.kind, spec.options, spec.values, spec.rest) == ("choice", ["shut", "as it is", "wide"], [0.5, 1, 4], 1)
    assert spec.phrases == ["the drain: shut", "the drain: as it is", "the drain: wide"]
    menu = lab.inputs["drain"]
    assert type(menu) is ipywidgets.Dropdown and menu.index == 1 and menu.description == "The drain"
    assert {"lab-menu", "lab-menu-drain"} <= set(menu._dom_classes) and list(lab.sliders) == ["fill"]
    joined = {(link.source[0], link.source[1], link.target[0], link.target[1]) for link in lab._links}
    assert {(menu, "index", lab.view, "drain"), (lab.view, "locked", menu, "disabled")} <= joined
    assert type(lab.view.traits()["drain"]) is traitlets.Int and lab.values == {"fill": 1.0, "drain": "as it is"}
    lab.set(drain="wide")
    assert lab.values["drain"] == "wide" and menu.index == 2 == lab.view.drain
    run = lab.simulate(points=3)["a"]
    assert run.iloc[-1] == pytest.approx(lab.models[0].simulate(hours=24, points=3, drain=4)["a"].iloc[-1])
    with pytest.raises(ValueError, match="drain in set must be one of its options; got 'wider'. Did you mean 'wide'"):
        lab.set(drain="wider")
    opened = tank(
        controls=[Choice("drain", "Drain", {"a": 1, "b": 2})], start={"drain": "b"}, presets={"A": {"drain": "a"}}
    )
    assert opened.spec.start == {"drain": 1.0} and opened.spec.presets == {"A": {"drain": 0.0}}
    assert opened.view.drain == 1
    assert [c.options for c in tank(controls=[Choice("fill", "Fill", ["none", "one"])]).controls] == [
        {"none": 0, "one": 1}
    ]


def test_a_switch_is_on_or_off():
    lab = tank(controls=["fill", Switch("feedback", "Feedback", on="with feedback", off="without")])
    spec = lab.spec.controls[1]
    assert (spec.kind, spec.rest, spec.on, spec.off) == ("switch", False, "with feedback", "without")
    box = lab.inputs["feedback"]
    assert type(box) is ipywidgets.Checkbox and box.value is False and "lab-param-feedback" in box._dom_classes
    joined = {(link.source[0], link.source[1], link.target[0], link.target[1]) for link in lab._links}
    assert (box, "value", lab.view, "feedback") in joined
    assert type(lab.view.traits()["feedback"]) is traitlets.Bool
    before = lab.simulate(points=3)["a"].iloc[-1]
    lab.set(feedback=True)
    assert lab.values["feedback"] is True is lab.view.feedback is box.value
    assert lab.simulate(points=3)["a"].iloc[-1] > 1.2 * before
    with pytest.raises(ValueError, match="feedback in set must be True or False; got 1"):
        lab.set(feedback=1)
    assert tank(controls=[Switch("feedback")], start={"feedback": True}).spec.start == {"feedback": 1}


def tablets(**changes) -> SynapseLab:
    given = {"controls": ["half_life", Schedule("schedule", "Tablets")], "main": "concentration", "small": []}
    return SynapseLab("oral_dose", **{**given, "days": 4, "scene": False, **changes})


def test_a_schedule_is_a_setting_like_any_other():
    twice = [(0, 20), (24, 20)]
    lab = tablets(start={"schedule": twice}, presets={"Doubled": {"schedule": [(24, 40), (0, 20)]}})
    spec = lab.spec.controls[1]
    assert (spec.kind, spec.label, spec.unit, spec.rest) == ("schedule", "Tablets", "mg", [])
    assert (spec.minimum, spec.maximum) == (0.0, load_model("oral_dose").schedules["schedule"].maximum)
    assert lab.spec.presets["Doubled"]["schedule"] == [(0.0, 20.0), (24.0, 40.0)], "in order of time"
    assert lab.view.schedule == [[0.0, 20.0], [24.0, 20.0]] and "schedule" not in lab.inputs
    assert type(lab.view.traits()["schedule"]) is traitlets.List and lab.values["schedule"] == twice
    run = lab.simulate(points=97)["concentration"]
    alone = load_model("oral_dose").simulate(hours=96, points=97, schedule=twice)["concentration"]
    assert run.tolist() == alone.tolist() and run.max() > 0
    lab.set(schedule=[])
    assert lab.values["schedule"] == [] and lab.simulate(points=5)["concentration"].max() == 0
    lab.set(**tablets(start={"schedule": twice}).values)
    assert lab.values["schedule"] == twice
    assert tablets(controls=[Schedule("schedule", rest=twice)]).values == {"schedule": twice}
    assert spec_from(json.loads(json.dumps(lab.view.spec))) == lab.spec


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: tablets(controls=[Schedule("scedule")]), "no schedule 'scedule'. Did you mean 'schedule'"),
        (lambda: tank(controls=[Schedule("a")]), "Model 'tank' has no schedule 'a'. Its schedules: none"),
        (lambda: tablets(controls=["schedule"]), "no parameter 'schedule'"),
        (lambda: tablets(start={"schedule": [(0, 20_000)]}), "entry 1 of schedule in start must be between 0 and"),
        (lambda: tablets(controls=[Schedule("schedule", rest=[(0, -1)])]), "the rest of control 'schedule' must be"),
        (lambda: tablets(presets={"A": {"schedule": 20}}), "schedule in the preset 'A' must be a list of times"),
        (lambda: tablets(scan="schedule"), "scan='schedule' is not one of this lab's controls"),
        (lambda: Choice("drain", "Drain", {"a": 1}), "options of control 'drain' are at least two"),
        (lambda: Choice("drain", "Drain", "ab"), "options of control 'drain' are at least two"),
        (lambda: Choice("drain", "Drain", {"a": 1, " ": 2}), "an option of control 'drain' must be words"),
        (lambda: Choice("drain", "Drain", {"a": 1, "b": "2"}), "'b' of control 'drain' must be a number"),
        (lambda: Choice("drain", "Drain", {"a": 1, "b": 1}), "words and a value of its own"),
        (lambda: Choice("drain", "Drain", ["a", "a"]), "words and a value of its own"),
        (lambda: tank(controls=[Choice("drain", "Drain", {"a": 2, "b": 3})]), "must be the model's own value, 1,"),
        (lambda: tank(controls=[Choice("drain", "Drain", {"a": 1, "b": -3})]), "sets 'drain' to -3"),
        (lambda: tank(controls=[Choice("drian", "Drain", {"a": 1, "b": 3})]), "no parameter 'drian'.*'drain'"),
        (lambda: SynapseLab(controls=[Switch("V_SERT")], scene=False), "switches between 0 and 1, but in the model"),
        (lambda: tank(controls=[Choice("drain", "D", {"a": 1, "b": 3})], scan="drain"), "scan='drain' is not one of"),
        (lambda: tank(controls=["fill", Switch("feedback")], landmarks={"feedback": {1: "on"}}), "this lab's sliders"),
        (lambda: tank(controls=[Switch("feedback"), "feedback"]), "stands once"),
    ],
)
def test_controls_that_fit_no_constant_are_refused(make, words):
    with pytest.raises(ValueError, match=f"(?s){words}"):
        make()


def test_a_calendar_is_checked_entry_by_entry():
    assert calendar_in("doses", [(24, 20), (0, 50)]) == [(0.0, 50.0), (24.0, 20.0)], "in order of time"
    assert calendar_in("doses", []) == [] and calendar_in("doses", [(0, 0)], 5, 10) == [(0.0, 0.0)]
    for given, words in (
        ("daily", "doses must be a list of times with amounts"),
        ([3], "Entry 1 of doses must be a time with an amount"),
        ([(0, 20), (24, 20, 1)], "Entry 2 of doses must be a time with an amount"),
        ([(-1, 20)], "the time of entry 1 of doses must be at least 0; got -1"),
        ([(0, "20")], "the amount of entry 1 of doses must be a number"),
        ([(0, 2000)], "the amount of entry 1 of doses must be between 0 and 1000 mg; got 2000. Use 1000"),
    ):
        with pytest.raises(ValueError, match=re.escape(words)):
            calendar_in("doses", given, 0.0, 1000.0, "mg")


# -- the view --------------------------------------------------------------------------------------------------


def test_the_view_has_one_trait_for_each_control(everything):
    controls = [
        NumberControl(name="level", label="Level", minimum=0, maximum=2, step=0.1, rest=1),
        ScheduleControl(name="tablets", label="Tablets", rest=[], unit="mg"),
    ]
    start = {"level": 1, "tablets": [(0, 20), (24, 20)]}
    parts = {name: getattr(everything.spec, name) for name in LabSpec.model_fields}
    parts |= {"controls": controls, "start": start, "presets": {}, "prediction": None, "panels": []}
    view = LabView.showing(made(LabSpec, "a lab", **parts))
    assert view.tablets == [[0.0, 20.0], [24.0, 20.0]] and type(view.traits()["tablets"]) is traitlets.List
    assert type(view.traits()["level"]) is traitlets.Float and not view.locked
    assert view.spec["start"]["tablets"] == [[0.0, 20.0], [24.0, 20.0]]


def test_a_dose_follows_its_medicine():
    lab = DrugLab(["venlafaxine", "duloxetine"], compare="duloxetine")
    assert (lab.view.dose_max, lab.view.dose_step) == (375, lab.sliders["dose"].step)
    lab.set(drug="duloxetine")
    assert (lab.view.dose_max, lab.sliders["dose"].max, lab.view.dose) == (120, 120, 60)
    follows = lab.spec.controls[1].follows
    assert [each.label for each in follows.ranges] == ["Dose of A, venlafaxine", "Dose of A, duloxetine"]
    assert [each.label for each in DrugLab(["venlafaxine"]).spec.controls] == ["Medicine", "Dose of venlafaxine"]
    assert follows.ranges[0].phrase == "{value} of venlafaxine" and follows.ranges[0].said == [(0.0, "no venlafaxine")]


# -- what is run -------------------------------------------------------------------------------------------------


def test_runs_of_medicines_are_terminal_by_terminal_then_the_blood():
    lab = DrugLab(["venlafaxine"], compare="duloxetine", terminals=["serotonin", "dopamine_prefrontal"])
    spec = lab.spec
    assert [(run.model, run.side) for run in spec.runs] == [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)]
    assert [run.span for run in spec.runs] == [None] * 4 + [240.0] * 2
    assert spec.runs[4].held == {"doses": 11, "dose": 1}
    assert [each.messenger.name for each in spec.models[:2]] == ["serotonin", "prefrontal dopamine"]
    assert spec.models[2].name == "oral_dose" and spec.drive.kinetics == 2 and spec.drive.effects[2] == {}
    by_kind = {each.kind: each for each in spec.panels}
    assert by_kind["terminals"].runs == [[0, 1], [2, 3]] and by_kind["concentration"].runs == [4, 5]
    assert [column.run for column in spec.numbers] == [0, 1, 2, 3]
    aims = {row.target for row in by_kind["fingerprint"].rows if row.aim}
    assert aims <= {"SERT", "NET", "DAT", "MAO-A", "MAO-B"} and "SERT" in aims
    assert len(DrugLab(["venlafaxine"]).spec.runs) == 4, "one side where nothing is compared"


def test_a_prediction_of_a_terminal_is_of_its_first_run():
    asked = Predict("Predict: x?", [("a", 1), ("b", 2)], {"dose": 75}, output="dopamine")
    prediction = DrugLab(["venlafaxine"], compare="duloxetine", predict=asked).spec.prediction
    assert (prediction.of, prediction.run, prediction.output) == ("run", 4, "extracellular")
    assert prediction.scenario == {"drug": 0, "dose": 75, "other_drug": 1, "other_dose": 60}
    of_target = Predict("Predict: x?", [("a", 1), ("b", 2)], {"dose": 75}, output="SERT")
    prediction = DrugLab(["venlafaxine"], predict=of_target).spec.prediction
    assert (prediction.of, prediction.output, prediction.absolute) == ("target", "SERT", True)


def test_a_level_is_relative_where_there_is_one_at_rest():
    words = SynapseLab(absolute=["vesicular"]).spec.outputs[0]
    assert [words[name].relative for name in ("extracellular", "vesicular", "metabolite")] == [True, False, True]
    percent = SynapseLab("oral_dose", controls=["dose"], main="occupancy_1", small=[], scene=False,
                         labels={"occupancy_1": {"unit": "percent"}})  # fmt: skip
    assert not percent.spec.outputs[0]["occupancy_1"].relative


def test_the_numbers_are_the_columns_of_the_table(everything):
    (column,) = everything.spec.numbers
    assert column.outputs == ["extracellular", "vesicular", "metabolite", "cytosolic", "receptor_occupancy"]
    cases = {"a": {"precursor_supply": 0.5}, "b": {"precursor_supply": 1}}
    lab = SynapseLab(cases=cases, controls=["reuptake_inhibition"], scene=False)
    assert [(c.run, c.outputs) for c in lab.spec.numbers] == [(0, ["extracellular"]), (1, ["extracellular"])]


def test_curves_leave_room_for_what_stands_beside_them(everything):
    curves = {each.kind: each for each in everything.spec.panels}["curves"]
    assert curves.crowded and curves.least == 200
    assert everything.spec.models[0].javascript == load_model("serotonin").to_javascript()
    bare = next(each for each in SynapseLab().spec.panels if each.kind == "curves")
    assert not bare.crowded and bare.least == 250


def test_controls_are_complete_and_public():
    assert [type(each) for each in tank(controls=["fill", Switch("feedback")]).controls] == [Control, Switch]

"""Labs read and set from Python: both kinds speak alike, refuse alike, and open when they wait for a prediction."""

from __future__ import annotations

import re

import pytest

from widgets import Choice, DrugLab, Predict, Schedule, Switch, SynapseLab
from widgets.engine.model import Model

ASKED = Predict("Predict: half are blocked?", [("Yes", 1.0), ("No", 2.0)], {"reuptake_inhibition": 0.5})
TAKEN = Predict("Predict: how much?", [("Some", 10), ("Most", 90)], {"drug": "venlafaxine", "dose": 75}, "NET")
POOL = """
model pool
  species level = 1; unit uM = 1e-6 mole / litre
  supply = 1; drain = 1; feedback = 0; given = 0
  enter: -> level; supply
  leave: level -> ; drain*level*(1 + feedback)
end
"""


def synapse(**more) -> SynapseLab:
    return SynapseLab("serotonin", controls=["reuptake_inhibition", "firing_rate"], **more)


def medicines(**more) -> DrugLab:
    return DrugLab(["venlafaxine", "duloxetine"], compare="duloxetine", targets=["SERT", "NET"], **more)


@pytest.mark.parametrize(
    ("make", "change", "expected"),
    [
        (synapse, {"reuptake_inhibition": 0.8}, {"reuptake_inhibition": 0.8, "firing_rate": 1.0}),
        (
            medicines,
            {"drug": "duloxetine", "dose": 40, "other_drug": "venlafaxine"},
            {"drug": "duloxetine", "dose": 40.0, "other_drug": "venlafaxine", "other_dose": 75.0},
        ),
    ],
)
def test_both_labs_are_read_and_set_by_name(make, change, expected):
    lab = make()
    assert list(lab.values) == [control.name for control in lab.spec.controls] == list(expected)
    before = lab.values
    lab.set(**change)
    assert lab.values == expected and before != expected
    moved = {
        name: widget.index if hasattr(widget, "index") else widget.value for name, widget in lab._inputs.widgets.items()
    }
    assert moved == {name: getattr(lab.view, name) for name in expected}, "sliders and picture disagree"
    # What a lab says of itself, it takes.
    again = make()
    again.set(**lab.values)
    assert again.values == lab.values


@pytest.mark.parametrize(
    ("make", "wrong", "words"),
    [
        (synapse, {"reuptake_inhibition": 1.2}, "reuptake_inhibition in set must be between 0 and 1; got 1.2. Use 1"),
        (
            synapse,
            {"firing": 2},
            "set names 'firing', which is not one of this lab's controls. Did you mean 'firing_rate'?",
        ),
        (synapse, {"firing_rate": "fast"}, "firing_rate in set must be a number; got 'fast'"),
        (medicines, {"dose": 1000}, "must be between 0 and 375 mg a day, its highest usual dose; got 1000. Use 375"),
        (medicines, {"drug": "duloxetin"}, "'duloxetin' is not in this lab. Did you mean 'duloxetine'?"),
        (medicines, {"other_doze": 20}, "set names 'other_doze'. Did you mean 'other_dose'?"),
        (medicines, {"dose": float("nan")}, "the dose of venlafaxine must be a finite number"),
        (medicines, {"drug": "duloxetine", "other_dose": -1}, "must be between 0 and 120"),
    ],
)
def test_what_is_refused_changes_nothing(make, wrong, words):
    lab = make()
    before = lab.values
    with pytest.raises(ValueError, match=re.escape(words)):
        lab.set(**wrong)
    assert lab.values == before


def test_every_kind_of_control_has_a_value_by_name():
    lab = SynapseLab(
        Model.from_antimony(POOL, strict=False), main="level", small=[], scene=False,
        controls=[Choice("drain", options={"narrow": 1.0, "wide": 2.0}), Switch("feedback"), "supply"],
    )  # fmt: skip
    assert lab.values == {"drain": "narrow", "feedback": False, "supply": 1.0}
    lab.set(drain="wide", feedback=True)
    assert lab.values == {"drain": "wide", "feedback": True, "supply": 1.0}
    tablets = SynapseLab(
        "oral_dose", days=3, main="concentration", small=[], scene=False, controls=[Schedule("schedule")]
    )
    tablets.set(schedule=[(0, 20), (24, 40)])
    assert tablets.values == {"schedule": [(0.0, 20.0), (24.0, 40.0)]}


@pytest.mark.parametrize(
    ("lab", "change"),
    [(lambda: synapse(predict=ASKED), {"firing_rate": 2}), (lambda: medicines(predict=TAKEN), {"dose": 150})],
    ids=["synapse", "medicines"],
)
def test_setting_opens_a_lab_that_waits_for_a_prediction(lab, change):
    made = lab()
    inputs = made._inputs.widgets.values()
    assert made.view.locked and all(each.disabled for each in inputs)
    with pytest.raises(ValueError):
        made.set(nothing_like_it=1)
    assert made.view.locked, "a refused setting opened it"
    made.set(**change)
    assert not made.view.locked and not any(each.disabled for each in inputs)
    assert made.view.guess == -1, "nobody has guessed"


# -- in a browser --------------------------------------------------------------------------------------------------


def test_the_page_says_who_opened_it(show):
    page = show(synapse(predict=ASKED))
    hint = page.locator(".lab-gate .lab-hint")
    assert hint.inner_text() == "Choose an answer to unlock the sliders."
    # What comes from the kernel when `set` is called.
    page.evaluate("() => { model.set('locked', false); model.set('reuptake_inhibition', 0.5); }")
    page.wait_for_function("() => document.querySelector('.lab-gate .lab-hint').innerText.includes('from Python')")
    assert page.locator(".lab-gate input[type=radio]").count() == 2, "one can still predict"

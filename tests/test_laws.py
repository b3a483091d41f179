"""The laws of `widgets.evidence.laws`, at hundreds of random settings of the sliders each; broken models break them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from widgets import load_model
from widgets.engine.model import Model, available
from widgets.evidence.laws import EXAMPLES, LAWS, MONOAMINES
from widgets.evidence.laws import law as stated

CASES = [(law, model) for law in LAWS for model in law.models]
# Cheap enough for every law and model; a busy machine is no defect, and the draws are the same each time.
thorough = settings(max_examples=EXAMPLES, deadline=None, derandomize=True)


def draws(law, model: str) -> st.SearchStrategy:
    return st.fixed_dictionaries({name: st.floats(low, high) for name, (low, high) in law.ranges(model).items()})


@pytest.mark.parametrize(("law", "name"), CASES, ids=[f"{law.name}-{model}" for law, model in CASES])
def test_law(law, name):
    model = load_model(name)
    tried = 0

    @thorough
    @given(draws(law, name), st.floats(0, 1))
    def holds(drawn, more):
        nonlocal tried
        tried += 1
        assert law.holds(model, drawn, more), f"{law.sentence} Not so in {name} with {drawn} (and {more})."

    holds()
    # A law that needs nothing drawn is soon exhausted; the others are tried as often as the book says.
    assert tried >= EXAMPLES


def test_the_book_says_how_often():
    assert EXAMPLES >= 500
    assert len(LAWS) >= 9 and len({law.name for law in LAWS}) == len(LAWS)
    assert set(MONOAMINES) <= set(available())
    for law in LAWS:
        assert law.sentence.endswith(".") and set(law.models) <= set(available())


@pytest.mark.parametrize(
    ("name", "model", "old", "new"),
    [
        ("reuptake", "serotonin", "(1 - reuptake_inhibition)*V_SERT", "(1 + reuptake_inhibition)*V_SERT"),
        ("restraint", "dopamine", "(autoreceptor_gain*autoreceptor_level/A_level)^4", "((1 - autoreceptor_gain)*autoreceptor_level/A_level)^4"),  # noqa: E501
        ("made is lost", "serotonin", "seepage: cytosolic -> extracellular", "seepage: -> extracellular"),
        ("metabolite", "dopamine", "(1 - mao_a_inhibition)", "(1 + mao_a_inhibition)"),
        ("both exceed each", "serotonin", "(1 - mao_b_inhibition)", "(1 + 9*mao_b_inhibition)"),
        ("firing", "norepinephrine", "*firing_rate*", "*(5.1 - firing_rate)*"),
        ("rest", "serotonin", "seepage: cytosolic -> extracellular; k_seepage*cytosolic", "seepage: cytosolic -> extracellular; k_seepage*cytosolic*(2*time + 2)/(time + 2)"),  # noqa: E501
        ("ceiling", "gaba", "closing := ", "closing := (1 + 400*benzodiazepine)*"),
        ("occupancy", "oral_dose", "occupancy_1 := unbound/", "occupancy_1 := 1 - unbound/"),
    ],
)  # fmt: skip
def test_a_broken_model_breaks_its_law(name, model, old, new):
    law = stated(name)
    text = load_model(model).to_antimony()
    assert old in text, f"{model} has no {old!r}: choose another way to break it"
    broken = Model.from_antimony(text.replace(old, new), strict=False)
    failures = []

    @settings(max_examples=60, deadline=None, derandomize=True, database=None)
    @given(draws(law, model), st.floats(0, 1))
    def look(drawn, more):
        try:
            failures.append(not law.holds(broken, drawn, more))
        except ValueError:
            failures.append(True)  # So broken that it cannot be run, or never settles.

    look()
    assert any(failures)


def test_a_law_has_a_name():
    assert [stated(each.name) for each in LAWS] == list(LAWS)
    with pytest.raises(ValueError, match="no law named 'reuptakes' .did you mean 'reuptake'..; there are never negat"):
        stated("reuptakes")


def test_the_law_of_the_pumps_speaks_of_both_that_carry_dopamine():
    """In the prefrontal cortex the pump of norepinephrine carries most of it: one that ran backwards would break it."""
    model = load_model("dopamine", variant="prefrontal")
    at = {"reuptake_inhibition": 0.2, "net_inhibition": 0.2}
    assert stated("reuptake").holds(model, at, 0.5)
    text = model.to_antimony()
    assert "(1 - net_inhibition)" in text
    broken = Model.from_antimony(text.replace("(1 - net_inhibition)", "(1 + net_inhibition)"), strict=False)
    assert not stated("reuptake").holds(broken, at, 0.5)


def test_a_law_can_be_tried_out_by_a_reader():
    reuptake = stated("reuptake")
    assert reuptake.try_out("serotonin", 10, seed=4) == 10
    assert set(reuptake.ranges("dopamine")) == set(load_model("dopamine").controls) - {"bursts"}

"""A thousand people at once give what each would give alone."""

from __future__ import annotations

import numpy as np
import pytest

from widgets import load_model, simulate_population


@pytest.fixture(params=["dopamine", "serotonin"])
def model(request):
    return load_model(request.param)


def constants(model, person) -> dict[str, float]:
    return {name: person[name] for name in model.parameters["name"] if name in person.index}


def test_each_person_settles_where_the_model_alone_settles(model):
    people = simulate_population(model, n=60, spread=0.3, seed=3, reuptake_inhibition=0.8)
    compared = 0
    for _, person in people.iloc[::6].iterrows():
        own = constants(model, person)
        rest, after = model.steady_state(**own), model.steady_state(**own, reuptake_inhibition=0.8)
        np.testing.assert_allclose(person[model.species].to_numpy(float), after[model.species], rtol=1e-7)
        np.testing.assert_allclose(person[[f"{n}_rest" for n in model.species]].to_numpy(float), rest[model.species],
                                   rtol=1e-7)  # fmt: skip
        compared += 1
    assert compared == 10


def test_extreme_settings_settle_too(model):
    changes = {"reuptake_inhibition": 1.0, "mao_a_inhibition": 1.0, "mao_b_inhibition": 1.0}
    people = simulate_population(model, n=20, spread=0.2, **changes)
    person = people.iloc[7]
    after = model.steady_state(**constants(model, person), **changes)
    np.testing.assert_allclose(person["extracellular"], after["extracellular"], rtol=1e-6)
    assert np.isfinite(people.to_numpy()).all() and (people[model.species] >= 0).all(axis=None)


def test_no_spread_makes_everybody_the_model(model):
    people = simulate_population(model, n=3, spread=0)
    expected = model.steady_state()[model.species]
    for _, person in people.iterrows():
        np.testing.assert_allclose(person[model.species].to_numpy(float), expected, rtol=1e-9)
    assert not set(model.parameters["name"]) & set(people.columns)


def test_spread_may_name_constants(model):
    people = simulate_population(model, n=400, spread={"k_release": 0.2} if "k_release" in model._symbols else
                                 {"V_DAT": 0.2}, seed=5)  # fmt: skip
    varied = [name for name in model.parameters["name"] if name in people.columns]
    assert len(varied) == 1
    assert np.log(people[varied[0]]).std() == pytest.approx(0.2, rel=0.15)


def test_the_same_seed_gives_the_same_people(model):
    first, again, other = (simulate_population(model, n=4, seed=seed) for seed in (1, 1, 2))
    assert first.equals(again) and not first.equals(other)
    assert first.attrs["units"]["extracellular_rest"] == "µM"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n": 0}, "n must be a whole number from 1 to 100000; got 0"),
        ({"n": 2.5}, "got 2.5"),
        ({"spread": 1.2}, "spread must be a number from 0 to 1.*got 1.2"),
        ({"spread": float("nan")}, "got nan"),
        ({"spread": {"V_DAT": "wide"}}, "spread of V_DAT.*got 'wide'"),
        ({"spread": {"V_DATT": 0.2}}, "no parameter 'V_DATT'.*V_DAT"),
        ({"seed": -1}, "seed must be a whole number"),
        ({"reuptake_inhibition": 1.2}, "reuptake_inhibition.*between 0 and 1.*1.2"),
    ],
)
def test_bad_input_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        simulate_population(load_model("dopamine"), **{"n": 3, **arguments})

"""A thousand people at once give what each would give alone, and the page makes and settles the same people."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from tests.scripts import ask
from widgets import load_model, simulate_population
from widgets.engine.model import available
from widgets.engine.population import differing, normal_numbers
from widgets.labs.people import Population
from widgets.labs.synapse import SynapseLab


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
    people = simulate_population(model, n=400, spread={"k_release": 0.2} if "k_release" in model.system.symbols else
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


# -- who they are ------------------------------------------------------------------------------------------


def test_the_numbers_are_normal_and_independent():
    """A fixed draw: 50 constants of 10,000 people, as numbers, between constants, between people and between seeds."""
    names, people = [f"k_{i}" for i in range(50)], 10_000
    first, second = (normal_numbers(names, people, seed) for seed in (1, 2))
    assert first.shape == (50, people) and np.isfinite(first).all()
    assert stats.kstest(first.ravel(), "norm").pvalue > 0.01
    assert min(stats.kstest(row, "norm").pvalue for row in first) > 0.01 / 50
    # The largest of so many correlations of independent numbers lies within five standard errors.
    limit = 5 / np.sqrt(people)
    between_constants = np.corrcoef(np.vstack([first, second]))
    assert np.abs(between_constants - np.eye(100)).max() < limit
    neighbours = [np.corrcoef(row[:-step], row[step:])[0, 1] for row in first for step in (1, 2, 16, 256)]
    assert np.abs(neighbours).max() < limit


def test_who_a_person_is_depends_on_seed_number_and_name_alone(model):
    constants = list(model.parameters.loc[~model.parameters["control"], "name"])[:8]
    crowd = simulate_population(model, n=12, spread=dict.fromkeys(constants, 0.2), seed=9)
    fewer = simulate_population(model, n=5, spread=dict.fromkeys(constants[3:5], 0.2), seed=9)
    np.testing.assert_array_equal(crowd[constants[3:5]].to_numpy()[:5], fewer[constants[3:5]].to_numpy())
    for other in (8, 9 + 2**32, 2**63 - 1):
        assert not crowd[constants].equals(
            simulate_population(model, 12, dict.fromkeys(constants, 0.2), seed=other)[constants]
        )


def test_the_numbers_are_those_of_the_description():
    """The generator of the module's docstring, written out once more in whole numbers of any size."""

    def absorb(h, word):
        h = ((h ^ word) + 0x9E3779B9) % 2**32
        h = (h ^ h >> 16) * 0x85EBCA6B % 2**32
        h = (h ^ h >> 13) * 0xC2B2AE35 % 2**32
        return h ^ h >> 16

    def number(seed, person, name):
        fnv = 2166136261
        for byte in name.encode("utf-8"):
            fnv = (fnv ^ byte) * 16777619 % 2**32
        h = 0
        for word in (seed % 2**32, seed // 2**32, person, fnv):
            h = absorb(h, word)
        first, second = ((absorb(h, which) + 0.5) / 2**32 for which in (1, 2))
        return np.sqrt(-2 * np.log(first)) * np.cos(2 * np.pi * second)

    for seed in (0, 1, 2**40 + 3, 2**63 - 1):
        expected = [[number(seed, person, name) for person in range(4)] for name in ("V_SERT", "k", "µ")]
        np.testing.assert_allclose(normal_numbers(["V_SERT", "k", "µ"], 4, seed), expected, rtol=1e-12)


def test_constants_stay_within_the_range_their_text_gives():
    text = load_model("dopamine").to_antimony().replace(
        "human caudate | published | oreland1983deprenyl", "human caudate | published | oreland1983deprenyl | 0..1"
    )  # fmt: skip
    model = type(load_model("dopamine")).from_antimony(text)
    shares = simulate_population(model, n=300, spread={"share_MAO_A": 1.0})["share_MAO_A"]
    assert shares.max() == 1 and (shares == 1).sum() > 20 and shares.min() > 0


def test_what_only_events_use_is_the_same_for_everybody():
    model = load_model("oral_dose")
    alike = set(model.parameters["name"]) - set(differing(model)) - set(model.controls)
    assert differing(model) and alike == {
        name
        for name in model.parameters.loc[~model.parameters["control"], "name"]
        if not any(
            model.system.symbols[name] in law.free_symbols
            for law in (*model.system.right_hand_side, *model.system.observed)
        )
    }
    assert "V_SERT" in differing(load_model("serotonin"))
    assert "reuptake_inhibition" not in differing(load_model("serotonin"))


def test_someone_who_does_not_settle_stops_nobody_else():
    model = type(load_model("serotonin")).from_antimony(
        "model tank\n  a = 1; inflow = 1; outflow = 1; gain = 1\n"
        "  filling: -> a; inflow*gain\n  draining: a -> ; (outflow - 0.9)*a\nend",
        strict=False,
    )
    people = simulate_population(model, n=200, spread={"outflow": 0.2}, seed=2)
    lost = people["a"].isna()
    assert 20 < lost.sum() < 100 and (lost == (people["outflow"] <= 0.9)).all()
    assert people.loc[lost, "a_rest"].isna().all() and np.isfinite(people.loc[~lost, "a"]).all()
    with pytest.raises(ValueError, match="settles in none of these people"):
        simulate_population(model, n=5, spread={"gain": 0.1}, outflow=0.5)


# -- the page's people ---------------------------------------------------------------------------------------

PEOPLE = 200


def people_of(lab: SynapseLab) -> dict:
    """The people of a lab as the page reads them."""
    (people,) = (panel for panel in lab.view.spec["panels"] if panel["kind"] == "people")
    return people


def settles(name: str) -> bool:
    model = load_model(name)
    try:
        model.steady_state()
    except ValueError:
        return False
    return "extracellular" in model.species and model.time_unit == "hour"


def settings(model) -> list[dict[str, float]]:
    """At rest, a usual change, and two corners that strain a solver."""
    controls = set(model.controls)
    wanted = [
        {},
        {"reuptake_inhibition": 0.8},
        {"reuptake_inhibition": 1.0, "mao_a_inhibition": 1.0, "mao_b_inhibition": 1.0, "firing_rate": 3.0},
        {"firing_rate": 0.1, "precursor_supply": 0.1, "autoreceptor_gain": 0.0},
    ]
    return [{name: value for name, value in each.items() if name in controls} for each in wanted]


@pytest.fixture(scope="module")
def pages_people():
    """What the page makes of the same people: {model: (lab, answer)}, for every model with transmitter that settles."""
    request, labs = {}, {}
    for name in filter(settles, available()):
        lab = SynapseLab(
            name, controls=load_model(name).controls, population=Population(PEOPLE, spread=0.2, seed=11), scene=False,
            small=[],
        )  # fmt: skip
        request[name] = {
            "model": lab.models[0].to_javascript(),
            "horizon": lab.span,
            "people": {
                "spec": people_of(lab),
                "shared": list(lab.values),
                "output": "extracellular",
                "settings": settings(lab.models[0]),
            },
        }
        labs[name] = lab
    answer = ask("settling", request)
    assert len(answer) >= 2
    return {name: (labs[name], answer[name]) for name in answer}


@pytest.mark.parametrize("name", [name for name in available() if settles(name)])
def test_page_and_kernel_have_the_same_people(name, pages_people):
    lab, answer = pages_people[name]
    model = lab.models[0]
    constants = list(model.parameters["name"])
    for changes, found in zip(settings(model), answer["people"], strict=True):
        lab.set(**{**{c: float(model.parameters.set_index("name").loc[c, "value"]) for c in lab.values}, **changes})
        people = lab.population()
        varied = [c for c in constants if c in people.columns]
        assert varied == people_of(lab)["constants"]
        made = np.array(answer["constants"])[:, [constants.index(c) for c in varied]]
        np.testing.assert_allclose(made, people[varied].to_numpy(), rtol=1e-12)
        # A few have constants with which the model makes no sense, and either method may find that nothing settles.
        well = people["extracellular"].notna().to_numpy() & np.array([state is not None for state in found["after"]])
        assert well.mean() >= 0.95
        for which, suffix in (("rest", "_rest"), ("after", "")):
            expected = people.loc[well, [f"{s}{suffix}" for s in model.species]].to_numpy()
            levels = np.array([state for state, used in zip(found[which], well, strict=True) if used])
            floor = 1e-9 * model.baseline.to_numpy()  # below it a level is as good as gone
            np.testing.assert_allclose(levels + floor, expected + floor, rtol=1e-4)
        folds = people["extracellular"] / people["extracellular_rest"]
        np.testing.assert_allclose(np.array(found["folds"], float)[well], folds[well], rtol=1e-4, atol=1e-9)
    assert len(people) == PEOPLE

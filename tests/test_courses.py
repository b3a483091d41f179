"""Many people in time: the courses of a population and its fan, in the kernel and from the same seed in the page."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.scripts import ask
from widgets import load_model, simulate_population
from widgets.engine.courses import SHARES, quantiles
from widgets.engine.model import Model
from widgets.engine.population import constants_of

BODIES = {"half_life": 0.4, "distribution_volume": 0.3, "absorption_half_time": 0.5}
WEEK = [(24 * day, 40 if day == 4 else 0 if day == 3 else 20) for day in range(7)]


def test_each_person_has_the_course_of_the_model_with_their_constants():
    model = load_model("oral_dose")
    runs = simulate_population(model, 12, BODIES, seed=5, hours=168, points=40, output="occupancy_1", schedule=WEEK)
    people = constants_of(model, 12, BODIES, seed=5)
    assert runs.shape == (40, 12) and set(people.columns) == set(BODIES)
    assert runs.index.name == "hours" and runs.columns.name == "person"
    assert runs.attrs == {"output": "occupancy_1", "units": {"hours": "h", "occupancy_1": "dimensionless"}}
    for person, own in people.iterrows():
        alone = model.simulate(hours=168, points=40, schedule=WEEK, **own)
        np.testing.assert_allclose(runs[person], alone["occupancy_1"], rtol=1e-9, atol=1e-12)


def test_people_start_from_their_own_rest_and_a_change_is_the_same_for_everybody():
    model = load_model("serotonin")
    spread = {"V_SERT": 0.3, "k_release": 0.2}
    runs = simulate_population(
        model, 4, spread, seed=2, hours=6, points=7, output="extracellular", reuptake_inhibition=0.8
    )
    for person, own in constants_of(model, 4, spread, seed=2).iterrows():
        rest = model.steady_state(**own)
        alone = model.simulate(hours=6, points=7, start=rest, reuptake_inhibition=0.8, **own)
        assert runs[person].iloc[0] == pytest.approx(rest["extracellular"], rel=1e-6)
        np.testing.assert_allclose(runs[person], alone["extracellular"], rtol=1e-5)
    assert runs.iloc[0].nunique() == 4


def test_what_people_differ_in_may_be_set_and_differs_around_the_new_value():
    model = load_model("oral_dose")
    one = simulate_population(model, 6, {"half_life": 0.3}, seed=1, hours=48, points=9, output="plasma", doses=1)
    two = simulate_population(
        model, 6, {"half_life": 0.3}, seed=1, hours=48, points=9, output="plasma", doses=1, half_life=10
    )
    assert two.iloc[-1].nunique() == 6 and (two.iloc[-1] < one.iloc[-1]).all()
    assert (one.iloc[-1].rank() == two.iloc[-1].rank()).all()


def test_the_seed_says_who_they_are():
    model, ask = load_model("oral_dose"), dict(hours=48, points=5, output="plasma")
    first, again, other = (simulate_population(model, 5, BODIES, seed=seed, **ask) for seed in (3, 3, 4))
    assert first.equals(again) and not first.equals(other)
    # The first people of a larger crowd are the people of a smaller one.
    assert simulate_population(model, 8, BODIES, seed=3, **ask).iloc[:, :5].equals(first)


def test_a_fan_is_made_of_quantiles():
    runs = simulate_population(load_model("oral_dose"), 40, BODIES, seed=3, hours=48, points=5, output="concentration")
    fan = quantiles(runs)
    assert list(fan.columns) == list(SHARES) and fan.attrs == runs.attrs and (fan.index == runs.index).all()
    for share in SHARES:
        np.testing.assert_allclose(fan[share], runs.quantile(share, axis=1), rtol=1e-12)
    assert quantiles(runs.assign(**{"lost": np.nan}), [0.5])[0.5].equals(quantiles(runs, [0.5])[0.5])
    with pytest.raises(ValueError, match="share of the people must be between 0 and 1; got 1.5"):
        quantiles(runs, [1.5])
    with pytest.raises(ValueError, match="Nobody here has a course"):
        quantiles(pd.DataFrame({0: [np.nan, np.nan]}))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"hours": 24}, "Say which output of model 'oral_dose' to follow.*got None"),
        ({"hours": 24, "output": "plasme"}, "Did you mean 'plasma'"),
        ({"output": "plasma"}, "is for a course: say how long"),
        ({"milliseconds": 5, "output": "plasma"}, "counts time in hours"),
        ({"hours": 24, "output": "plasma", "points": 1}, "points must be a whole number of at least 2"),
        ({"hours": 24, "output": "plasma", "schedule": [(0, -1)]}, "amount of entry 1"),
        ({"schedule": [(0, 20)]}, "does not settle"),
    ],
)
def test_what_makes_no_course_is_refused(given, message):
    with pytest.raises(ValueError, match=message):
        simulate_population(load_model("oral_dose"), 3, BODIES, **given)


def test_someone_in_whom_the_model_cannot_be_run_stops_nobody_else():
    model = Model.from_antimony(
        "model tank\n  unit hour = 3600 second; unit time_unit = hour\n"
        "  a = 1 dimensionless; gain = 1 dimensionless\n  a' = (gain - 0.9)*a*a + 0.5\nend",
        strict=False,
    )
    runs = simulate_population(model, 40, {"gain": 0.2}, seed=2, hours=200, points=5, output="a")
    lost = runs.isna().all()
    assert 5 < lost.sum() < 35 and (lost == runs.isna().any()).all()
    assert (lost <= (constants_of(model, 40, {"gain": 0.2}, seed=2)["gain"] > 0.9)).all()


# -- the page -----------------------------------------------------------------------------------------------

PEOPLE = 150
SETTINGS = [{}, {"half_life": 12}, {"dose": 60, "interval": 12}]
CALENDARS = [{"schedule": WEEK}, {"schedule": [(0, 100), (50.5, 20)]}, {"schedule": None}]


@pytest.fixture(scope="module")
def page():
    """{model: fans} as the page's own code makes them."""
    oral_dose = {
        "horizon": 168,
        "spec": {"n": PEOPLE, "seed": 11, "spread": 0.2, "constants": list(BODIES), "spreads": BODIES},
        "output": "concentration",
        "times": np.linspace(0, 168, 57).tolist(),
        "settings": SETTINGS,
        "calendars": CALENDARS,
    }
    serotonin = {
        "horizon": 24,
        "spec": {"n": 20, "seed": 2**40 + 3, "spread": 0.2, "constants": ["V_SERT", "k_release"]},
        "output": "extracellular",
        "times": np.linspace(0, 24, 9).tolist(),
        "settings": [{"reuptake_inhibition": 0.8}],
        "calendars": [{}],
    }
    asked = {"oral_dose": oral_dose, "serotonin": serotonin}
    return {name: ask("fans", {"model": load_model(name).to_javascript(), **each}) for name, each in asked.items()}


@pytest.mark.parametrize("which", range(3))
def test_page_and_kernel_draw_the_same_fan(page, which):
    model, found = load_model("oral_dose"), page["oral_dose"][which]
    runs = simulate_population(
        model, PEOPLE, BODIES, seed=11, hours=168, points=57, output="concentration", **SETTINGS[which],
        **CALENDARS[which],
    )  # fmt: skip
    floor = 1e-3 * float(np.nanmax(runs))
    courses = np.array(found["courses"], float).T
    np.testing.assert_allclose(courses + floor, runs.to_numpy() + floor, rtol=1e-2)
    fan = quantiles(runs)
    np.testing.assert_allclose(np.array(found["quantiles"]).T + floor, fan.to_numpy() + floor, rtol=5e-3)
    assert found["lost"] == 0
    names = list(model.parameters["name"])
    made = np.array(found["constants"])[:, [names.index(name) for name in BODIES]]
    middle = np.array([SETTINGS[which].get(name, model.constants[name].value) for name in BODIES])
    at_rest = constants_of(model, PEOPLE, BODIES, seed=11)[list(BODIES)]
    expected = at_rest / [model.constants[name].value for name in BODIES] * middle
    low, high = ([getattr(model.constants[n], end) for n in BODIES] for end in ("minimum", "maximum"))
    np.testing.assert_allclose(made, np.clip(expected, low, high), rtol=1e-12)


def test_the_page_starts_everybody_from_their_own_rest(page):
    model, (found,) = load_model("serotonin"), page["serotonin"]
    runs = simulate_population(
        model, 20, {"V_SERT": 0.2, "k_release": 0.2}, seed=2**40 + 3, hours=24, points=9, output="extracellular",
        reuptake_inhibition=0.8,
    )  # fmt: skip
    np.testing.assert_allclose(np.array(found["courses"], float).T, runs.to_numpy(), rtol=5e-3)
    np.testing.assert_allclose(np.array(found["quantiles"]).T, quantiles(runs).to_numpy(), rtol=5e-3)

"""GABA over milliseconds: the published kinetics, what drugs must and must not do, and the laws the model keeps."""

from __future__ import annotations

import math

import libsbml
import numpy as np
import pytest
import roadrunner
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scripts import ask
from widgets import load_model
from widgets.engine import simulation
from widgets.labs.synapse import SynapseLab

# The same draws each time, and no deadline: a busy machine is no defect.
law = settings(max_examples=500, deadline=None, derandomize=True)
fraction = st.floats(0, 1)

RESTING = 0.0002
FIRING = 250
"""pA with which the cell fires steadily."""


@pytest.fixture(scope="module")
def gaba():
    return load_model("gaba")


def spikes(model, milliseconds=500, **changes) -> float:
    return model.simulate(milliseconds=milliseconds, points=2, **changes)["spikes"].iloc[-1]


def decay(course) -> float:
    """Time constant, in milliseconds, between the ends of a course that falls exponentially."""
    return (course.index[-1] - course.index[0]) / math.log(course.iloc[0] / course.iloc[-1])


def elsewhere(model, times, **changes) -> np.ndarray:
    """The same run in libRoadRunner, from the exported SBML."""
    document = libsbml.readSBMLFromString(model.to_sbml())
    for name, value in changes.items():
        document.getModel().getParameter(name).setValue(value)
    runner = roadrunner.RoadRunner(libsbml.writeSBMLToString(document))
    runner.integrator.relative_tolerance, runner.integrator.absolute_tolerance = 1e-10, 1e-16
    levels = [f"[{n}]" if n in model.system.concentrations else n for n in model.species]
    runner.timeCourseSelections = ["time", *levels, *model.assignments]
    return np.array(runner.simulate(times=[float(t) for t in times]))[:, 1:]


def in_the_page(model, times, runs) -> list[np.ndarray]:
    """The same runs by the page's solver, species by species."""
    request = {
        "models": {"model": model.to_javascript()},
        "runs": {"model": {"times": list(times), "p": [simulation.values(model, r).tolist() for r in runs]}},
    }
    return [np.array(levels).reshape(len(times), -1) for levels in ask("solver", request)["runs"]["model"]]


def assert_same(found, expected, names):
    """Equal but for the samples that a spike, a hair early or late, has moved."""
    apart = np.abs(found - expected) / (np.abs(expected) + 1e-3 * np.abs(expected).max(axis=0) + 1e-9)
    worst = dict(zip(names, apart.max(axis=0), strict=True))
    assert (apart < 2e-3).all(axis=1).mean() > 0.97, worst


# -- contract ----------------------------------------------------------------------------------------------


def test_names_units_and_ranges(gaba):
    assert gaba.time_unit == "millisecond"
    assert {"extracellular", "gaba_a_open", "voltage", "spikes"} <= set(gaba.species)
    assert {"gaba_b_open", "tonic_open", "i_gaba_a", "i_gaba_b", "i_tonic"} <= set(gaba.assignments)
    assert {gaba.units[n] for n in ("i_gaba_a", "i_gaba_b", "i_tonic")} == {"pA"}
    assert (gaba.units["extracellular"], gaba.units["voltage"]) == ("mM", "mV")
    table = gaba.parameters.set_index("name")
    expected = {
        "benzodiazepine": (0, 1, 0),
        "barbiturate": (0, 1, 0),
        "reuptake_inhibition": (0, 1, 0),
        "gaba_a_block": (0, 1, 0),
        "applied_gaba": (0, 10, 0),
        "pulses": (0, 50, 1),
        "pulse_interval": (5, 1000, 20),
        "pulse_duration": (0.1, 3, 1),
        "pulse_concentration": (0, 3, 1),
        "input_current": (0, 400, 0),
        "E_GABA_A": (-90, -40, -80),
    }
    assert gaba.controls == list(expected)
    for name, (low, high, value) in expected.items():
        assert tuple(table.loc[name, ["minimum", "maximum", "value"]]) == (low, high, value)


def test_a_lab_of_it_can_be_made():
    SynapseLab(
        "gaba", controls=["benzodiazepine"], scene=False, milliseconds=50, main="gaba_a_open", small=["i_gaba_a"]
    )


# -- published kinetics ------------------------------------------------------------------------------------


def test_gaba_a_opens_and_closes_as_published(gaba):
    run = gaba.simulate(milliseconds=30, points=301)
    assert run["gaba_a_open"].loc[1.0] == pytest.approx(0.96, rel=0.02)
    assert run["gaba_a_open"].loc[1.0] == pytest.approx(5 / 5.18 * -math.expm1(-5.18), rel=1e-6)
    assert decay(run["gaba_a_open"].loc[1.0:20.0]) == pytest.approx(5.6, rel=0.02)


def test_gaba_b_has_its_published_course(gaba):
    run = gaba.simulate(milliseconds=1000, points=1001)
    # The authors' files: the potassium current is largest about 100 ms after a pulse.
    assert run["gaba_b_open"].idxmax() == pytest.approx(100, abs=10)
    # Receptors bound by one pulse, as by theirs of 0.5 mM for 0.3 ms (with nothing outside the cleft).
    alone = gaba.simulate(milliseconds=1, points=101, AMBIENT=1e-12, k_spillover=0, start={"gaba_b_receptor": 0})
    # The exact solution of the published equation for that pulse.
    speed = 0.52 * 0.5 + 0.0013
    published = 0.52 * 0.5 / speed * -math.expm1(-speed * 0.3)
    assert alone["gaba_b_receptor"].iloc[-1] == pytest.approx(published, rel=0.02)


def rates(model, state, **changes) -> dict[str, float]:
    """Rates of change of the levels in a state, per millisecond."""
    y = [state.get(n, 0.0) for n in model.species]
    found = model.system.rhs(0.0, y, simulation.values(model, changes).tolist())
    return dict(zip(model.species, (float(v) for v in found), strict=True))


def test_every_equation_is_the_published_one(gaba):
    rng = np.random.default_rng(3)
    for _ in range(5):
        a, r, outside = rng.uniform(0, 1), rng.uniform(0, 1), rng.uniform(0, 0.01)
        s, v, bath, current = rng.uniform(0, 3), rng.uniform(-80, -50), rng.uniform(0, 0.1), rng.uniform(0, 400)
        levels = {"gaba_a_open": a, "gaba_b_receptor": r, "g_protein": s, "voltage": v, "extracellular": outside}
        found = rates(gaba, levels | {"pulse": 1, "ready": 1}, applied_gaba=bath, input_current=current)
        assert found["gaba_a_open"] == pytest.approx(5 * (1 + bath) * (1 - a) - 0.18 * a)
        seen = 0.15 + outside + bath
        assert found["gaba_b_receptor"] == pytest.approx(0.52 * seen * (1 - r) - 0.0013 * r)
        assert found["g_protein"] == pytest.approx(0.098 * r - 0.033 * s)
        uptake = 4.86e-4 * outside / (0.0083 + outside)
        kept = 4.86e-4 * RESTING / (0.0083 + RESTING) + 0.004 * RESTING
        assert found["extracellular"] == pytest.approx(0.001 + kept - uptake - 0.004 * outside, abs=1e-15)
        tonic = (outside + bath) / (outside + bath + 0.0005)
        slow = s**4 / (s**4 + 100)
        out = 7.14 * (v + 70) + (10 * a + 3 * tonic) * (v + 80) + 5 * slow * (v + 95)
        assert found["voltage"] == pytest.approx((current - out) / 120)


def test_gaba_b_needs_four_g_proteins_and_so_a_train(gaba):
    for level in (0.5, 3.0):
        g = gaba.simulate(milliseconds=1, points=2, start={"g_protein": level})
        assert g["gaba_b_open"].iloc[0] == pytest.approx(level**4 / (level**4 + 100), rel=1e-12)
    one = gaba.simulate(milliseconds=400, points=401)["gaba_b_open"].max()
    ten = gaba.simulate(milliseconds=400, points=401, pulses=10, pulse_interval=10)["gaba_b_open"].max()
    assert ten > 100 * one


def test_pulses_come_when_they_are_asked_for(gaba):
    run = gaba.simulate(milliseconds=100, points=1001, pulses=3, pulse_interval=25, pulse_duration=2)
    on = run.index[(run["cleft"].diff() > 0.5)]
    assert [0, *on] == pytest.approx([0, 25, 50]) and run["cleft"].iloc[0] == 1
    assert (run["cleft"] > 0).sum() == pytest.approx(60, abs=1) and run["pulses_given"].iloc[-1] == 3
    assert gaba.simulate(milliseconds=30, points=31, pulses=0)["gaba_a_open"].abs().max() < 1e-9


# -- benzodiazepines, barbiturates -------------------------------------------------------------------------


def test_a_benzodiazepine_prolongs_the_current_by_the_published_factor(gaba):
    plain, drug = (
        decay(gaba.simulate(milliseconds=20, points=201, benzodiazepine=b)["gaba_a_open"].loc[1.5:]) for b in (0, 1)
    )
    assert drug / plain == pytest.approx(1.63, rel=1e-4)


def half_effective(model, **changes) -> float:
    """GABA, in mM, that opens half of the channels when it is held."""
    low, high = 0.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        opened = model.steady_state(pulses=0, applied_gaba=middle, **changes)["gaba_a_open"]
        low, high = (middle, high) if opened < 0.5 else (low, middle)
    return middle


def test_a_benzodiazepine_shifts_sensitivity_and_leaves_the_ceiling(gaba):
    # 0.18/5: the concentration at which opening and closing balance.
    assert half_effective(gaba) == pytest.approx(0.036, rel=1e-6)
    assert half_effective(gaba) / half_effective(gaba, benzodiazepine=1) == pytest.approx(2.5, rel=1e-4)
    at = {b: gaba.steady_state(pulses=0, applied_gaba=10, benzodiazepine=b)["gaba_a_open"] for b in (0, 1)}
    assert 0 <= at[1] / at[0] - 1 < 0.005
    low = [gaba.steady_state(pulses=0, applied_gaba=1e-5, benzodiazepine=b)["gaba_a_open"] for b in (0, 1)]
    assert low[1] / low[0] == pytest.approx(2.5, rel=0.01)


def test_a_benzodiazepine_does_nothing_without_gaba_and_nothing_to_the_tonic_current(gaba):
    rest, drug = (gaba.steady_state(pulses=0, benzodiazepine=b) for b in (0, 1))
    assert drug["gaba_a_open"] == pytest.approx(0, abs=1e-9)
    assert drug["i_tonic"] == pytest.approx(rest["i_tonic"], rel=1e-9)
    # The number of channels, G_GABA_A, stays: the current follows the fraction open.
    run = gaba.simulate(milliseconds=10, points=101, benzodiazepine=1)
    expected = 10 * run["gaba_a_open"] * (run["voltage"] + 80)
    np.testing.assert_allclose(run["i_gaba_a"], expected, rtol=1e-12)


def test_a_barbiturate_opens_channels_by_itself(gaba):
    opened = [gaba.steady_state(pulses=0, barbiturate=b)["gaba_a_open"] for b in (0, 0.5, 1)]
    assert opened[0] == pytest.approx(0, abs=1e-9) and 0.1 < opened[1] < opened[2] == pytest.approx(1 / 3)
    # At little GABA a benzodiazepine can at most multiply by 2.5; a barbiturate has no such ceiling.
    little = {"pulses": 0, "applied_gaba": 0.002}
    plain, benzodiazepine, barbiturate = (
        gaba.steady_state(**little, **drug)["gaba_a_open"] for drug in ({}, {"benzodiazepine": 1}, {"barbiturate": 1})
    )
    assert benzodiazepine < 2.5 * plain and barbiturate > 2.5 * benzodiazepine
    # It stops a firing cell that gets no GABA at all from the synapse; a benzodiazepine does not.
    drive = {"input_current": FIRING, "pulses": 0}
    assert spikes(gaba, **drive, benzodiazepine=1) == spikes(gaba, **drive) > 30
    assert spikes(gaba, **drive, barbiturate=1) == 0


def test_a_channel_blocker_takes_the_currents_away(gaba):
    run = gaba.simulate(milliseconds=20, points=21, gaba_a_block=1)
    assert run["gaba_a_open"].max() > 0.5
    assert (run["i_gaba_a"] == 0).all() and (run["i_tonic"] == 0).all()
    train = {"input_current": FIRING, "pulses": 25}
    assert spikes(gaba, **train, gaba_a_block=1) > spikes(gaba, **train) == 0


# -- uptake ------------------------------------------------------------------------------------------------


def test_at_rest_nothing_moves(gaba):
    assert gaba.baseline["extracellular"] == pytest.approx(RESTING, rel=1e-9)
    run = gaba.simulate(milliseconds=1000, points=11, pulses=0)
    levels = run[["extracellular", "gaba_b_receptor", "g_protein", "voltage"]]
    assert (levels / levels.iloc[0] - 1).abs().to_numpy().max() < 1e-9
    assert run["spikes"].max() == 0 and gaba.baseline["voltage"] < -70


@pytest.mark.parametrize(("block", "published"), [(0, 16), (1, 250)])
def test_spilt_gaba_is_cleared_as_slow_currents_decay(gaba, block, published):
    # Thompson and Gähwiler: 16 ms, and 250 ms in tiagabine (to these the two rates were fitted).
    run = gaba.simulate(
        milliseconds=50, points=51, pulses=0, AMBIENT=1e-12, reuptake_inhibition=block, start={"extracellular": 1e-6}
    )
    assert decay(run["extracellular"]) == pytest.approx(published, rel=0.02)


def test_blocking_uptake_raises_the_resting_level_as_in_microdialysis(gaba):
    # Fink-Jensen and others: 240, 310 and 350 % of basal after tiagabine in three regions and two doses.
    ratio = {
        block: gaba.steady_state(pulses=0, reuptake_inhibition=block)["extracellular"] / RESTING
        for block in (0.6, 0.7, 0.75, 1)
    }
    assert 2.2 < ratio[0.6] < 2.6 and 2.8 < ratio[0.7] < 3.3 and 3.3 < ratio[0.75] < 3.7
    assert ratio[1] == pytest.approx(0.0585 / 0.004 * 8.3 / 8.5 + 1, rel=0.01)


def test_blocking_uptake_shows(gaba):
    train = {"pulses": 10, "pulse_interval": 10}
    plain, drug = (gaba.simulate(milliseconds=2000, points=2001, **train, reuptake_inhibition=b) for b in (0, 0.9))
    # The synapse's own fast current is as it was: miniature currents do not change in tiagabine.
    np.testing.assert_allclose(drug["gaba_a_open"], plain["gaba_a_open"], rtol=1e-6, atol=1e-8)
    # The slow currents last: GABA-B, and the tonic current.
    assert drug["gaba_b_open"].max() > 1.5 * plain["gaba_b_open"].max()
    assert drug["gaba_b_open"].loc[1000] > 5 * plain["gaba_b_open"].loc[1000]
    assert drug["i_tonic"].loc[300] > 1.3 * plain["i_tonic"].loc[300]
    rest = [gaba.steady_state(pulses=0, reuptake_inhibition=b) for b in (0, 0.9)]
    assert rest[1]["i_tonic"] > 2 * rest[0]["i_tonic"]
    # A cell held back by trains is held back for longer.
    drive = {"input_current": 200, "pulses": 20, "pulse_interval": 10}
    assert spikes(gaba, 1000, **drive, reuptake_inhibition=0.9) < 0.5 * spikes(gaba, 1000, **drive)


# -- the cell ----------------------------------------------------------------------------------------------


def test_the_cell_is_silent_at_rest_and_fires_when_driven(gaba):
    assert spikes(gaba, pulses=0) == 0 == spikes(gaba, pulses=0, input_current=160)
    rates = [spikes(gaba, 1000, pulses=0, input_current=current) for current in (170, 200, 250, 400)]
    assert 5 < rates[0] < rates[1] < rates[2] < rates[3] < 500
    run = gaba.simulate(milliseconds=200, points=2001, pulses=0, input_current=FIRING)
    assert run["voltage"].max() <= -50 and run["voltage"].min() > -75
    moments = run.index[run["spikes"].diff() > 0]
    # After a spike the voltage waits at the reset for the refractory 2 ms.
    after = run["voltage"].loc[moments[3] + 0.2 : moments[3] + 1.8]
    assert (after == -60).all() and len(after) > 10
    # Between spikes it follows the leaky cell's closed form.
    leak, tonic = 7.14, 3 * RESTING / (RESTING + 0.0005)
    rest = (FIRING - leak * 70 - tonic * 80) / (leak + tonic)
    period = 2 + 120 / (leak + tonic) * math.log((rest + 60) / (rest + 50))
    assert np.diff(moments).mean() == pytest.approx(period, abs=0.1)


def test_gaba_silences_a_firing_cell_and_more_so_with_a_benzodiazepine(gaba):
    drive = {"input_current": FIRING}
    free = spikes(gaba, **drive, pulses=0)
    assert free > 30
    assert spikes(gaba, **drive, pulses=25, pulse_interval=20) == 0
    # A sparser train leaves room for the drug.
    sparse = {**drive, "pulses": 12, "pulse_interval": 40}
    counts = [spikes(gaba, **sparse, benzodiazepine=b) for b in (0, 0.5, 1)]
    assert free > counts[0] > counts[1] > counts[2] > 0


def test_chloride_turns_inhibition_round(gaba):
    # With a reversal above threshold GABA excites, and a benzodiazepine makes it excite more.
    train = {"pulses": 25, "input_current": 100}
    assert spikes(gaba, **train) == 0
    excited = [spikes(gaba, **train, E_GABA_A=-40, benzodiazepine=b) for b in (0, 1)]
    assert 0 < excited[0] < excited[1]


def test_a_settled_state_is_refused_while_something_is_due(gaba):
    with pytest.raises(ValueError, match="pulse_begins.*Use simulate"):
        gaba.steady_state()
    with pytest.raises(ValueError, match="keeps firing"):
        gaba.steady_state(pulses=0, input_current=300)


# -- laws over the whole range of the sliders --------------------------------------------------------------


def steps(low, high) -> st.SearchStrategy:
    """A slider's values: it moves in steps."""
    return st.floats(low, high).map(lambda value: round(value, 3))


anywhere = st.fixed_dictionaries(
    {
        "benzodiazepine": steps(0, 1),
        "barbiturate": steps(0, 1),
        "reuptake_inhibition": steps(0, 1),
        "gaba_a_block": steps(0, 1),
        "applied_gaba": st.just(0.0) | steps(0, 10),
        "pulses": st.integers(0, 50),
        "pulse_interval": steps(5, 1000) | steps(5, 30),
        "pulse_duration": steps(0.1, 3),
        "pulse_concentration": steps(0, 3),
        "input_current": steps(0, 400),
        "E_GABA_A": steps(-90, -40),
    }
)


@law
@given(anywhere)
def test_fractions_stay_fractions_and_levels_positive(changes):
    run = load_model("gaba").simulate(milliseconds=50, points=51, **changes)
    assert np.isfinite(run.to_numpy()).all()
    for name in ("gaba_a_open", "gaba_b_receptor", "gaba_b_open", "tonic_open"):
        assert run[name].between(-1e-9, 1 + 1e-9).all(), name
    assert (run["extracellular"] >= 0).all() and (run["g_protein"] >= -1e-9).all()
    assert run["voltage"].between(-95, -50 + 1e-9).all()


@law
@given(fraction, fraction, st.floats(5, 10), fraction)
def test_a_benzodiazepine_does_nothing_at_saturating_gaba(less, more, gaba_held, barbiturate):
    less, more = sorted((less, more))
    held = {"pulses": 0, "applied_gaba": gaba_held, "barbiturate": barbiturate}
    model = load_model("gaba")
    before, after = (model.steady_state(**held, benzodiazepine=b)["gaba_a_open"] for b in (less, more))
    assert -1e-12 <= after / before - 1 < 0.005


@law
@given(anywhere, fraction)
def test_a_benzodiazepine_never_lowers_the_charge_of_a_pulse(changes, more):
    model = load_model("gaba")
    # One pulse, and the voltage held: charge is conductance over time.
    pulse = {n: changes[n] for n in ("barbiturate", "pulse_duration", "pulse_concentration")}
    less, more = sorted((changes["benzodiazepine"], more))
    charge = []
    for occupied in (less, more):
        opened = model.simulate(milliseconds=60, points=241, benzodiazepine=occupied, **pulse)["gaba_a_open"]
        charge.append(np.trapezoid(opened, opened.index))
    assert charge[1] >= charge[0] * (1 - 1e-6) - 1e-9


@law
@given(fraction, fraction, fraction)
def test_more_transporter_block_never_lowers_what_is_outside(less, more, benzodiazepine):
    less, more = sorted((less, more))
    model = load_model("gaba")
    settled = [model.steady_state(pulses=0, reuptake_inhibition=b, benzodiazepine=benzodiazepine) for b in (less, more)]
    assert settled[1]["extracellular"] >= settled[0]["extracellular"] * (1 - 1e-9)
    assert settled[1]["tonic_open"] >= settled[0]["tonic_open"] * (1 - 1e-9)
    # What comes in leaves.
    fluxes = model.fluxes(pulses=0, reuptake_inhibition=more)
    assert fluxes["reuptake"] + fluxes["diffusion"] == pytest.approx(fluxes["leakage"], rel=1e-6)


# -- the same everywhere -----------------------------------------------------------------------------------

RUNS = [
    {},
    {"pulses": 5, "pulse_interval": 12, "benzodiazepine": 0.7, "reuptake_inhibition": 0.8},
    {"pulses": 3, "pulse_interval": 40, "input_current": 250, "barbiturate": 0.2},
    {"pulses": 0, "applied_gaba": 0.05, "input_current": 120, "E_GABA_A": -55, "gaba_a_block": 0.3},
]


def test_libroadrunner_agrees(gaba):
    times = np.linspace(0, 150, 301)
    names = [*gaba.species, *gaba.assignments]
    for changes in RUNS:
        run = gaba.simulate(milliseconds=150, points=301, **changes)
        assert_same(run[names].to_numpy(), elsewhere(gaba, times, **changes), names)


def test_the_page_agrees(gaba):
    times = np.linspace(0, 150, 301)
    for changes, found in zip(RUNS, in_the_page(gaba, times, RUNS), strict=True):
        run = gaba.simulate(milliseconds=150, points=301, **changes)
        assert_same(found, run[gaba.species].to_numpy(), gaba.species)


def test_sbml_passes_the_consistency_check(gaba):
    document = libsbml.readSBMLFromString(gaba.to_sbml())
    document.checkConsistency()
    assert [document.getError(i).getMessage() for i in range(document.getNumErrors())] == []

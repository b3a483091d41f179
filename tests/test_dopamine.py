"""The dopamine models: drugs at D2 receptors, bursts and pauses, and the prefrontal cortex."""

from __future__ import annotations

import numpy as np
import pytest
import roadrunner
from hypothesis import given, settings
from hypothesis import strategies as st

from widgets import load_model
from widgets.evidence.laws import law as stated

SECOND = 1 / 3600


@pytest.fixture(scope="module")
def striatum():
    return load_model("dopamine")


@pytest.fixture(scope="module")
def prefrontal():
    return load_model("dopamine", variant="prefrontal")


def fold(model, *, output="extracellular", **changes) -> float:
    """The settled level relative to rest."""
    return model.steady_state(**changes)[output] / model.baseline[output]


def levels(state, model):
    return state[[n for n in model.species if n not in model.switches]]


# -- drugs at D2 receptors ---------------------------------------------------------------------------------


def test_dopamine_holds_a_tenth_of_its_receptors_at_rest(striatum):
    state = striatum.steady_state()
    assert 0.08 < state["receptor_occupancy"] < 0.10
    assert state["d2_signal_relative"] == pytest.approx(1, rel=1e-8)
    assert state["autoreceptor_level"] == pytest.approx(state["extracellular"], rel=1e-12)


def test_an_antagonist_lowers_the_signal_and_releases_synthesis(striatum):
    before, after = striatum.steady_state(), striatum.steady_state(d2_occupancy=0.8)
    assert after["d2_signal"] == pytest.approx(0.2 * after["extracellular"] / (after["extracellular"] + 0.02))
    assert after["d2_signal_relative"] < 0.4
    assert after["synthesis_brake"] > 4 and 1.3 < after["extracellular"] / before["extracellular"] < 2
    # With the autoreceptor silenced nothing is left to release.
    silent = fold(striatum, autoreceptor_gain=0)
    assert fold(striatum, d2_occupancy=0.8, autoreceptor_gain=0) == pytest.approx(silent, rel=1e-8)


def test_silencing_the_autoreceptor_alone_raises_dopamine_as_antagonists_do(striatum, prefrontal):
    # Sulpiride put into the striatum: 180 to 190 % of basal. Quinpirole: down to 26 %.
    assert 1.7 < fold(striatum, autoreceptor_gain=0) < 1.9
    assert 0.18 < fold(striatum, d2_occupancy=0.99, d2_efficacy=0.9) < 0.33
    # Haloperidol put into the prefrontal cortex did nothing.
    assert fold(prefrontal, autoreceptor_gain=0) == pytest.approx(1, rel=1e-9)


def test_all_receptors_blocked_leave_no_signal(striatum):
    state = striatum.steady_state(d2_occupancy=1)
    assert state["d2_signal"] == 0 and state["receptor_occupancy"] == 0
    assert state["synthesis_brake"] == pytest.approx(5)


@pytest.mark.parametrize("occupancy", [0.2, 0.65, 0.95])
def test_a_drug_as_strong_as_dopamine_at_rest_changes_nothing(striatum, occupancy):
    rest = striatum.steady_state()
    efficacy = rest["extracellular"] / (rest["extracellular"] + 0.02)
    state = striatum.steady_state(d2_occupancy=occupancy, d2_efficacy=efficacy)
    np.testing.assert_allclose(levels(state, striatum), levels(rest, striatum), rtol=1e-6)
    assert state["d2_signal_relative"] == pytest.approx(1, rel=1e-6)


def test_a_partial_agonist_damps_both_ways(striatum):
    drug = {"d2_occupancy": 0.9, "d2_efficacy": 0.25}
    low, high = {"firing_rate": 0.2}, {"reuptake_inhibition": 0.95, "firing_rate": 3}
    assert striatum.steady_state(**low, **drug)["d2_signal"] > striatum.steady_state(**low)["d2_signal"]
    assert striatum.steady_state(**high, **drug)["d2_signal"] < striatum.steady_state(**high)["d2_signal"]


def test_the_autoreceptor_feels_a_partial_agonist_as_dopamine(striatum):
    state = striatum.steady_state(d2_occupancy=0.9, d2_efficacy=0.25)
    signal = state["d2_signal"]
    assert state["autoreceptor_level"] == pytest.approx(0.02 * signal / (1 - signal))
    assert state["synthesis_brake"] < 0.6 and fold(striatum, d2_occupancy=0.9, d2_efficacy=0.25) < 1


@pytest.mark.parametrize(("margin", "threshold"), [("response", 0.65), ("prolactin", 0.72), ("eps", 0.78)])
def test_the_thresholds_are_those_published(striatum, margin, threshold):
    table = striatum.parameters.set_index("name")
    row = table.loc[f"D2_{margin.upper()}"]
    assert (row["value"], row["status"], row["source"]) == (threshold, "published", "kapur2000relationship")
    for occupancy in (0, 0.7, 0.75, 0.9):
        state = striatum.steady_state(d2_occupancy=occupancy)
        assert state[f"margin_to_{margin}"] == pytest.approx(threshold - occupancy)


def test_new_controls_follow_the_shared_ones(striatum):
    assert striatum.controls[6:] == [
        *("net_inhibition", "d2_occupancy", "d2_efficacy"),
        *("bursts", "burst_firing", "burst_duration", "burst_interval"),
    ]
    table = striatum.parameters.set_index("name")
    for name, low, high in [
        ("d2_occupancy", 0, 1),
        ("d2_efficacy", 0, 0.9),
        ("bursts", 0, 50),
        ("burst_firing", 0, 10),
    ]:
        assert tuple(table.loc[name, ["minimum", "maximum"]]) == (low, high)
    for wrong in ({"d2_efficacy": 1}, {"d2_occupancy": 1.1}, {"burst_interval": 0}, {"bursts": 51}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            striatum.simulate(hours=0.001, **wrong)


# -- bursts and pauses -------------------------------------------------------------------------------------

TRAIN = {"bursts": 3, "burst_duration": 0.5 * SECOND, "burst_interval": 2 * SECOND}


def seconds(model, total, step=0.05, **changes):
    """A run sampled every `step` seconds, and its level relative to rest, indexed by seconds."""
    run = model.simulate(hours=total * SECOND, points=round(total / step) + 1, **changes)
    run.index = run.index / SECOND
    return run, run["extracellular"] / model.baseline["extracellular"]


def test_three_bursts_raise_dopamine_three_times(striatum):
    run, level = seconds(striatum, 10, **TRAIN)
    # Firing is fivefold from 2.0 to 2.5 s, 4.0 to 4.5 s and 6.0 to 6.5 s, and only then.
    for start in (2, 4, 6):
        assert (run["firing"].loc[start + 0.04 : start + 0.46] == 5).all()
        # Fivefold firing, braked while dopamine is up.
        assert level.loc[start + 0.4 : start + 0.5].max() == pytest.approx(4.2, rel=0.03)
        assert level.loc[start - 0.2 : start - 0.05].max() < 1.05
    assert (run["firing"] == 1).sum() == len(run) - (run["firing"] == 5).sum()
    assert 27 <= (run["firing"] == 5).sum() <= 33
    assert level.iloc[-1] == pytest.approx(1, abs=0.01)
    assert run["burst_number"].iloc[-1] == 4


def test_a_burst_of_no_firing_is_a_pause(striatum):
    run, level = seconds(striatum, 10, **TRAIN, burst_firing=0)
    assert set(run["firing"]) == {0, 1}
    for start in (2, 4, 6):
        assert level.loc[start + 0.4 : start + 0.5].min() < 0.02
        assert level.loc[start - 0.2 : start - 0.05].min() > 0.95


def test_bursts_multiply_the_rate_set(striatum):
    run, _ = seconds(striatum, 3, bursts=1, burst_firing=4, firing_rate=0.5)
    assert set(run["firing"]) == {0.5, 2.0}


def test_many_bursts_raise_the_mean(striatum):
    _, level = seconds(striatum, 30, bursts=50, burst_interval=1 * SECOND, burst_duration=0.25 * SECOND)
    # A quarter of the time fivefold: firing is doubled on average, dopamine not quite: it is braked.
    assert level.loc[2:].mean() == pytest.approx(1.84, rel=0.02)


@pytest.mark.parametrize("duration", [2, 2.7, 4])
def test_bursts_that_touch_are_one(striatum, duration):
    run, level = seconds(striatum, 16, bursts=3, burst_interval=2 * SECOND, burst_duration=duration * SECOND)
    assert (run["firing"].loc[2.1 : 6 + duration - 0.1] == 5).all()
    assert (run["firing"].loc[6 + duration + 0.1 :] == 1).all()


def test_without_bursts_their_settings_change_nothing(striatum):
    odd = {"burst_firing": 10, "burst_duration": 0.003, "burst_interval": 0.0001}
    plain, other = (striatum.simulate(hours=1, points=11, reuptake_inhibition=0.5, **c) for c in ({}, odd))
    np.testing.assert_array_equal(plain.to_numpy(), other.to_numpy())
    assert fold(striatum, **odd) == pytest.approx(1, rel=1e-12)


def test_a_steady_state_is_refused_while_bursts_are_to_come(striatum):
    with pytest.raises(ValueError, match="simulate"):
        striatum.steady_state(bursts=1)


def test_reuptake_block_widens_a_burst(striatum):
    start = striatum.steady_state(reuptake_inhibition=0.8)
    plain = seconds(striatum, 6, bursts=1)[0]["extracellular"]
    blocked = seconds(striatum, 6, bursts=1, reuptake_inhibition=0.8, start=start)[0]["extracellular"]
    tail = [(run.loc[2.6:] - run.iloc[0]).sum() / (run.max() - run.iloc[0]) for run in (plain, blocked)]
    assert tail[1] > 3 * tail[0]


@pytest.mark.parametrize("firing", [5, 0])
def test_bursts_are_those_of_an_independent_solver(striatum, firing):
    runner = roadrunner.RoadRunner(striatum.to_sbml())
    runner.integrator.relative_tolerance, runner.integrator.absolute_tolerance = 1e-10, 1e-14
    for name, value in {**TRAIN, "burst_firing": firing}.items():
        runner[name] = value
    runner.timeCourseSelections = ["[extracellular]", "burst"]
    ours = striatum.simulate(hours=10 * SECOND, points=97, burst_firing=firing, **TRAIN)
    theirs = np.array(runner.simulate(0, 10 * SECOND, 97))
    np.testing.assert_allclose(theirs[:, 0], ours["extracellular"], rtol=1e-6)
    np.testing.assert_array_equal(theirs[:, 1], ours["burst"])


# -- NET, in the striatum and in the prefrontal cortex -----------------------------------------------------


@pytest.mark.parametrize("block", [0.5, 0.8, 1])
def test_blocking_net_leaves_the_striatum_alone(striatum, block):
    assert fold(striatum, net_inhibition=block) == pytest.approx(1, rel=1e-12)
    assert striatum.fluxes(net_inhibition=block)["extra_uptake"] == 0


@pytest.mark.parametrize("block", [0.8, 0.9, 1])
def test_blocking_net_raises_prefrontal_dopamine_about_threefold(prefrontal, block):
    assert 2.2 < fold(prefrontal, net_inhibition=block) < 3.8


def test_it_rises_there_about_as_much_as_norepinephrine(prefrontal):
    norepinephrine = load_model("norepinephrine")
    for block in (0.8, 0.9, 1):
        ratio = fold(prefrontal, net_inhibition=block) / fold(norepinephrine, reuptake_inhibition=block)
        assert 0.6 < ratio < 1.4


def test_dat_matters_in_the_striatum_and_little_in_the_prefrontal_cortex(striatum, prefrontal):
    assert fold(prefrontal, reuptake_inhibition=1) < 1.15
    assert fold(striatum, reuptake_inhibition=0.8) > 2
    alone = fold(prefrontal, net_inhibition=0.9)
    assert fold(prefrontal, net_inhibition=0.9, reuptake_inhibition=0.9) > 1.05 * alone


def test_prefrontal_rest(prefrontal, striatum):
    rest, fluxes = prefrontal.baseline, prefrontal.fluxes()
    assert 0.4 < rest["extracellular"] / striatum.baseline["extracellular"] < 0.6
    assert fluxes["extra_uptake"] / fluxes["release"] == pytest.approx(0.69, abs=0.02)
    assert fluxes["reuptake"] / fluxes["release"] == pytest.approx(0.10, abs=0.02)
    assert 20 < rest["vesicular"] < striatum.baseline["vesicular"]
    assert prefrontal.steady_state()["d2_signal_relative"] == pytest.approx(1, rel=1e-6)


def test_the_variant_is_the_same_model_but_for_its_constants(prefrontal, striatum):
    assert prefrontal.controls == striatum.controls and prefrontal.species == striatum.species
    assert prefrontal.reactions == striatum.reactions and prefrontal.assignments == striatum.assignments
    ours, theirs = (m.parameters.set_index("name")["value"] for m in (prefrontal, striatum))
    changed = set(ours.index[ours != theirs])
    assert changed == {"k_release", "V_DAT", "V_NET", "V_COMT", "A_max", "A_min", "A_level", "BRAKE_MAX"}


def test_prefrontal_dopamine_has_no_brake(prefrontal):
    for changes in ({"net_inhibition": 1}, {"d2_occupancy": 0.8}, {"firing_rate": 3}):
        for gain in (0, 1):
            state = prefrontal.steady_state(autoreceptor_gain=gain, **changes)
            assert state["synthesis_brake"] == 1 and state["release_brake"] == 1
    assert fold(prefrontal, d2_occupancy=0.8) == pytest.approx(1, rel=1e-9)


def test_bursts_reach_the_prefrontal_cortex_and_are_cleared_more_slowly(prefrontal, striatum):
    _, there = seconds(prefrontal, 6, bursts=2)
    _, here = seconds(striatum, 6, bursts=2)
    # The prefrontal cortex has no brake, the striatum has one, and clears faster.
    assert 3.5 < here.max() < there.max() < 5
    assert there.loc[2.68:2.72].mean() > 1.2 * here.loc[2.68:2.72].mean()
    assert there.iloc[-1] == pytest.approx(1, abs=0.05)


# -- laws over the whole range of the sliders --------------------------------------------------------------

law = settings(max_examples=500, deadline=None, derandomize=True)
fraction = st.floats(0, 1)
anywhere = st.fixed_dictionaries(
    {
        "reuptake_inhibition": fraction,
        "mao_a_inhibition": fraction,
        "mao_b_inhibition": fraction,
        "autoreceptor_gain": fraction,
        "firing_rate": st.floats(0, 5),
        "precursor_supply": st.floats(0.05, 3),
        "net_inhibition": fraction,
        "d2_occupancy": fraction,
        "d2_efficacy": st.floats(0, 0.9),
    }
)
# Where a level has run out, only rounding errors are left of it.
NOTHING = 1e-15
SLACK = 1 + 1e-9


@law
@given(anywhere)
def test_prefrontal_dopamine_made_is_lost_and_never_negative(changes):
    model = load_model("dopamine", variant="prefrontal")
    assert stated("made is lost").holds(model, changes, 0) and stated("never negative").holds(model, changes, 0)
    assert (levels(model.steady_state(**changes), model) >= 0).all()
    run = model.simulate(hours=24, points=25, **changes)
    assert np.isfinite(run.to_numpy()).all() and (run[model.species].to_numpy() >= 0).all()
    assert run[["receptor_occupancy", "d2_signal", "autoreceptor_occupancy"]].stack().between(0, 1).all()


@law
@given(anywhere, fraction)
def test_more_block_of_either_transporter_never_lowers_prefrontal_dopamine(changes, more):
    assert stated("reuptake").holds(load_model("dopamine", variant="prefrontal"), changes, more)


@law
@given(anywhere, fraction)
def test_more_mao_block_never_raises_the_prefrontal_metabolites_share(changes, more):
    assert stated("metabolite").holds(load_model("dopamine", variant="prefrontal"), changes, more)


@law
@given(fraction, fraction, fraction)
def test_blocking_transporters_and_mao_exceeds_either_in_the_prefrontal_cortex(dat, net, mao):
    blocks = {"reuptake_inhibition": dat, "net_inhibition": net, "mao_a_inhibition": mao, "mao_b_inhibition": mao}
    assert stated("both exceed each").holds(load_model("dopamine", variant="prefrontal"), blocks, 0)


@law
@given(anywhere, fraction)
def test_more_firing_never_lowers_prefrontal_dopamine(changes, more):
    assert stated("firing").holds(load_model("dopamine", variant="prefrontal"), changes, more)


@law
@given(anywhere, fraction)
def test_more_of_an_antagonist_never_lowers_striatal_dopamine_nor_raises_its_signal(changes, more):
    model = load_model("dopamine")
    held = {**changes, "d2_efficacy": 0}
    before = model.steady_state(**held)
    held["d2_occupancy"] += more * (1 - held["d2_occupancy"])
    after = model.steady_state(**held)
    assert after["extracellular"] * SLACK + NOTHING >= before["extracellular"]
    assert after["d2_signal"] <= before["d2_signal"] * SLACK + NOTHING


@law
@given(anywhere)
def test_striatal_laws_hold_under_any_drug_at_d2(changes):
    model = load_model("dopamine")
    assert stated("made is lost").holds(model, changes, 0)
    state = model.steady_state(**changes)
    assert (levels(state, model) >= 0).all()
    assert 0 <= state["d2_signal"] < 1 and 0.5 - 1e-9 <= state["synthesis_brake"] <= 5 + 1e-9

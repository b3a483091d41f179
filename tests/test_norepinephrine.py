"""The norepinephrine model: what is measured of norepinephrine, and what its autoreceptors do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from widgets import load_model


@pytest.fixture(scope="module")
def model():
    return load_model("norepinephrine")


def fold(model, *, output="extracellular", **changes) -> float:
    """The settled level relative to rest."""
    return model.steady_state(**changes)[output] / model.baseline[output]


# -- how it is built ---------------------------------------------------------------------------------------


def test_norepinephrine_is_made_of_dopamine_inside_the_vesicle(model):
    column = dict(zip(model.species, model.system.stoichiometry[:, model.reactions.index("synthesis")], strict=True))
    assert {name: amount for name, amount in column.items() if amount} == {"vesicular_dopamine": -1, "vesicular": 1}
    without = model.steady_state(k_DBH=0)
    assert without[["vesicular", "cytosolic", "extracellular"]].max() < 1e-9
    assert without["vesicular_dopamine"] > 20 * model.baseline["vesicular_dopamine"]


def test_borrowed_constants_are_marked_assumed(model):
    """Published are only those read for norepinephrine, and tyrosine in the blood."""
    ours = model.parameters.set_index("name")
    theirs = load_model("dopamine").parameters.set_index("name")
    published = set(ours.index[ours["status"] == "published"])
    assert published == {"TYROSINE_BLOOD", "K_NET", "K_autoreceptor", "BRAKE_MAX"}
    shared = [n for n in ours.index if n in theirs.index and n not in published and not ours.at[n, "control"]]
    borrowed = [n for n in shared if ours.at[n, "value"] == theirs.at[n, "value"]]
    assert len(borrowed) > 20 and "V_TH" in borrowed
    assert set(ours.loc[borrowed, "status"]) == {"assumed"}


def test_its_rest_is_plausible(model):
    rest, fluxes = model.baseline, model.fluxes()
    # Dialysate of rat cortex holds 8.7 pg in 40 µl, 1.3 nM before correction for recovery.
    assert 0.0013 < rest["extracellular"] < 0.013
    share = rest["vesicular_dopamine"] / (rest["vesicular"] + rest["vesicular_dopamine"])
    assert 0.02 < share < 0.04
    # Most of what is made is broken down without having been released; NET takes back nearly all that is.
    assert fluxes["release"] < 0.5 * fluxes["synthesis"]
    assert fluxes["reuptake"] > 0.9 * fluxes["release"]
    inside = fluxes["breakdown_mao_a"] + fluxes["breakdown_mao_b"]
    assert inside > 0.9 * fluxes["metabolite_loss"]


# -- what is measured --------------------------------------------------------------------------------------


@pytest.mark.parametrize("block", [0.8, 0.85, 0.9, 0.95, 1])
def test_blocking_reuptake_raises_it_two_to_five_fold(model, block):
    assert 2 < fold(model, reuptake_inhibition=block) < 5


@pytest.mark.parametrize("block", [0.8, 0.9, 1])
def test_without_autoreceptors_the_rise_is_at_least_twice_as_large(model, block):
    braked = fold(model, reuptake_inhibition=block)
    free = fold(model, reuptake_inhibition=block, autoreceptor_gain=0)
    assert free >= 2 * braked


def test_silencing_the_autoreceptors_alone_raises_it_as_antagonists_do(model):
    # 200 % of rest to 285 %: atipamezole, yohimbine, 1-PP. What a competing antagonist leaves lies between.
    assert 2 < fold(model, autoreceptor_gain=0) < 2.85
    half, tenth = (fold(model, autoreceptor_gain=gain) for gain in (0.5, 0.1))
    assert 1.2 < half < tenth < fold(model, autoreceptor_gain=0)


def test_full_block_comes_near_what_was_measured_under_it(model):
    state = model.steady_state(reuptake_inhibition=1)
    # At autoreceptors of human cortex, reuptake blocked, fired at 3 Hz: 10^-7.61 M.
    assert state["extracellular"] * 1e-6 == pytest.approx(10**-7.61, rel=0.15)
    # Cells of the locus coeruleus slow down by 52 to 83 % under reboxetine.
    assert 0.17 < state["firing_brake"] < 0.48
    # Reboxetine with idazoxan: 1580 % above rest. An antagonist competes, so a tenth of the level is still answered.
    assert 12.6 < fold(model, reuptake_inhibition=1, autoreceptor_gain=0.1) < 21


def test_the_autoreceptor_is_that_of_human_cortex(model):
    table = model.parameters.set_index("name")["value"]
    assert table["K_autoreceptor"] * 1e-6 == pytest.approx(10**-7.99, rel=1e-3)
    run = model.simulate(hours=1e-9, points=2, start={"extracellular": 1e6})
    none = model.simulate(hours=1e-9, points=2, start={"extracellular": 0})
    assert run["terminal_brake"].iloc[0] / none["terminal_brake"].iloc[0] == pytest.approx(1 - 0.83, rel=1e-4)


def test_each_of_the_three_brakes_holds_it_back(model):
    whole = fold(model, reuptake_inhibition=0.9)
    release = fold(model, reuptake_inhibition=0.9, BRAKE_MAX=1e-6)
    firing = fold(model, reuptake_inhibition=0.9, w_firing=1e-9)
    synthesis = fold(model, reuptake_inhibition=0.9, A_min=0.99)
    assert min(release, firing, synthesis) > 1.08 * whole


def test_mao_a_does_most_of_the_breakdown_and_both_forms_together_all(model):
    a, b = fold(model, mao_a_inhibition=0.9), fold(model, mao_b_inhibition=0.9)
    both = fold(model, mao_a_inhibition=0.9, mao_b_inhibition=0.9)
    assert 1 < b < 1.1 < a < both
    assert fold(model, output="metabolite", mao_a_inhibition=0.9, mao_b_inhibition=0.9) < 0.8


def test_reuptake_and_mao_block_exceed_either(model):
    mao = {"mao_a_inhibition": 0.9}
    together = fold(model, reuptake_inhibition=0.8, **mao)
    assert together > 1.1 * max(fold(model, reuptake_inhibition=0.8), fold(model, **mao))


@pytest.mark.parametrize("supply", [0.5, 2])
def test_it_hardly_follows_the_tyrosine_of_meals(model, supply):
    assert fold(model, precursor_supply=supply) == pytest.approx(1, abs=0.03)


@pytest.mark.parametrize("gain", [1, 0.5, 0])
@pytest.mark.parametrize("block", [0.5, 0.8, 0.9, 1])
def test_no_flood_before_it_settles(model, block, gain):
    for firing in (1, 2):
        changes = {"reuptake_inhibition": block, "autoreceptor_gain": gain, "firing_rate": firing}
        run = model.simulate(hours=24, points=1441, **changes)["extracellular"]
        settled = model.steady_state(**changes)["extracellular"]
        assert run.max() < 1.5 * settled
        assert run.max() < 65 * firing * model.baseline["extracellular"]


def test_it_is_fast_then_slow(model):
    run = model.simulate(hours=24, points=1441, reuptake_inhibition=0.8)
    level = run["extracellular"] / run["extracellular"].iloc[0]
    assert level.loc[:1].max() > 0.95 * level.max()
    assert run["vesicular"].iloc[-1] < 0.9 * run["vesicular"].iloc[0]


# -- laws over the whole range of the sliders --------------------------------------------------------------

law = settings(max_examples=500, deadline=None, derandomize=True)
fraction = st.floats(0, 1)
anywhere = st.fixed_dictionaries(
    {
        "reuptake_inhibition": fraction,
        "mao_a_inhibition": fraction,
        "mao_b_inhibition": fraction,
        "firing_rate": st.floats(0, 5),
        "precursor_supply": st.floats(0.05, 3),
    }
)


@law
@given(anywhere, fraction, fraction)
def test_more_of_the_autoreceptor_holds_back_more(changes, one, other):
    model = load_model("norepinephrine")
    low, high = sorted((one, other))
    weak, strong = (model.steady_state(autoreceptor_gain=g, **changes) for g in (low, high))
    assert strong["extracellular"] <= weak["extracellular"] * (1 + 1e-9) + 1e-15
    for state in (weak, strong):
        assert (state[["firing_brake", "terminal_brake", "synthesis_brake"]] > 0).all()


@law
@given(anywhere, fraction)
def test_all_that_is_hydroxylated_leaves_as_dopamine_or_norepinephrine(changes, gain):
    model = load_model("norepinephrine")
    fluxes = model.fluxes(autoreceptor_gain=gain, **changes)
    dopamine = fluxes["dopamine_breakdown"] + fluxes["dopamine_release"]
    norepinephrine = fluxes["metabolite_loss"] + fluxes["diffusion"] + fluxes["oxidation"]
    assert fluxes["synthesis"] == pytest.approx(norepinephrine, rel=1e-6)
    assert fluxes["hydroxylation"] == pytest.approx(dopamine + norepinephrine, rel=1e-6)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(anywhere, fraction)
def test_no_level_is_ever_negative_nor_a_flood(changes, gain):
    model = load_model("norepinephrine")
    run = model.simulate(hours=24, points=97, autoreceptor_gain=gain, **changes)
    assert np.isfinite(run.to_numpy()).all() and (run.to_numpy() >= 0).all()
    # At most firing fivefold, NET fully blocked and no brake, all at once.
    assert run["extracellular"].max() < 110 * model.baseline["extracellular"]


# -- the receiving cell of the prefrontal cortex -----------------------------------------------------------

RECEIVING = ["alpha2a_occupancy", "alpha1_occupancy", "working_memory_support"]


def at_level(model, times_rest: float, **changes):
    """The receiving cell at a level outside of so many times rest."""
    start = {"extracellular": times_rest * model.baseline["extracellular"]}
    return model.simulate(hours=1e-9, points=2, start=start, **changes)[RECEIVING].iloc[0]


def test_alpha_2a_receptors_fill_first(model):
    levels = np.geomspace(0.01, 100, 41)
    runs = [at_level(model, level) for level in levels]
    for run in runs:
        assert 0 < run["alpha1_occupancy"] < run["alpha2a_occupancy"] < 1
        assert 0 < run["working_memory_support"] < run["alpha2a_occupancy"]
    for receptor in RECEIVING[:2]:
        assert (np.diff([run[receptor] for run in runs]) > 0).all()
    # The same receptor sits on the terminal: one affinity for both.
    assert model.steady_state()["alpha2a_occupancy"] == pytest.approx(model.steady_state()["autoreceptor_occupancy"])


def test_support_rises_and_then_falls(model):
    levels = np.geomspace(0.01, 100, 401)
    support = np.array([at_level(model, level)["working_memory_support"] for level in levels])
    top = int(support.argmax())
    assert (np.diff(support[: top + 1]) > 0).all() and (np.diff(support[top:]) < 0).all()
    assert 1 < levels[top] < 1.76
    assert at_level(model, 1.76)["working_memory_support"] < at_level(model, 1)["working_memory_support"]
    assert support[-1] < 0.01 * support[top]


def test_the_u_rests_on_the_order_of_the_affinities_alone(model):
    """Without alpha-1 receptors more is always better; with any affinity and number of them there is a best level."""
    levels = np.geomspace(0.01, 1000, 61)
    lone = [at_level(model, level, K_alpha1=1e9)["working_memory_support"] for level in levels]
    assert (np.diff(lone) > 0).all()
    for changes in ({"K_alpha1": 0.05}, {"K_alpha1": 0.5}, {"N_alpha1": 3}, {"N_alpha1": 30}):
        support = [at_level(model, level, **changes)["working_memory_support"] for level in levels]
        assert 0 < int(np.argmax(support)) < len(levels) - 1, changes


def test_the_same_push_helps_a_slow_terminal_and_harms_a_racing_one(model):
    def push(firing):
        before, after = (
            model.steady_state(firing_rate=firing, reuptake_inhibition=block)["working_memory_support"]
            for block in (0, 0.8)
        )
        return after / before

    assert push(0.2) > 1.3
    assert push(4) < 0.7
    assert push(0.2) > push(0.5) > push(1) > push(2) > push(4)


def test_the_brake_widens_the_range_of_firing_that_serves(model):
    rest = model.steady_state()["working_memory_support"]

    def harm(gain):
        return model.steady_state(firing_rate=4, autoreceptor_gain=gain)["working_memory_support"] / rest

    assert harm(1) > 0.9
    assert harm(0) < 0.6


def test_no_reaction_depends_on_the_receiving_cell(model):
    plain = model.fluxes(firing_rate=2)
    for changes in ({"K_alpha2a": 1.0}, {"K_alpha1": 0.01}, {"N_alpha1": 30}):
        assert model.fluxes(firing_rate=2, **changes).equals(plain), changes

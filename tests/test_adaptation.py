"""Weeks: what the desensitisation hypothesis was calibrated to, what follows from it, and what its shortcuts cost."""

from __future__ import annotations

import itertools
import re

import libsbml
import numpy as np
import pandas as pd
import pytest
import roadrunner
from hypothesis import given, settings
from hypothesis import strategies as st

from widgets import load_model
from widgets.engine.model import Model
from widgets.engine.slow import SLOW, daily_tablets, quasi_steady, shortcut_errors, tablets_beside_their_mean
from widgets.evidence.laws import law as stated

law = settings(max_examples=500, deadline=None, derandomize=True)
DAY = 24


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model("adaptation")


@pytest.fixture(scope="module")
def treated(model) -> pd.DataFrame:
    """Twelve weeks with 80 % of the transporter blocked, a row an hour."""
    return model.simulate(hours=84 * DAY, points=84 * DAY + 1, reuptake_inhibition=0.8)


def fold(model, run) -> pd.Series:
    return run["extracellular"] / model.baseline["extracellular"]


# -- what it is ---------------------------------------------------------------------------------------------


def test_it_says_that_it_is_a_hypothesis(model):
    head = model.description
    assert "HYPOTHESIS" in head and "commons2019delayed" in head and "circumstantial" in head
    assert "at odds with what is measured" in head
    assert "serotonin" in head.splitlines()[0]


def test_it_is_the_serotonin_model_with_something_on_top(model):
    serotonin = load_model("serotonin")
    assert set(serotonin.species) < set(model.species) and set(serotonin.assignments) < set(model.assignments)
    assert model.reactions == serotonin.reactions
    assert model.controls[: len(serotonin.controls)] == serotonin.controls
    np.testing.assert_allclose(model.baseline[serotonin.species], serotonin.baseline, rtol=1e-12)
    # With the raphe silenced, whose cells then fire a ninth faster, it is the same model.
    changes = {"reuptake_inhibition": 0.6, "mao_a_inhibition": 0.5, "firing_rate": 1.3, "precursor_supply": 0.7}
    held = model.simulate(hours=48, points=25, raphe_gain=0, **{**changes, "firing_rate": 1.3 / 1.11})
    np.testing.assert_allclose(
        held[serotonin.species], serotonin.simulate(hours=48, points=25, **changes)[serotonin.species], rtol=1e-6
    )


def test_without_a_change_nothing_moves(model):
    for name in ("autoreceptor_sensitivity", "plasticity"):
        assert model.baseline[name] == pytest.approx(1, abs=1e-12)
    for gain in ({}, {"treatment_days": 20}):
        run = model.simulate(hours=84 * DAY, points=85, **gain)
        still = [n for n in run.columns if n != "treated"]
        assert ((run[still] - run[still].iloc[0]).abs() <= 1e-11 * run[still].iloc[0]).all(axis=None)
    assert model.steady_state()["firing"] == pytest.approx(1, abs=1e-12)


# -- calibrated ---------------------------------------------------------------------------------------------


def test_serotonin_rises_modestly_at_first(model, treated):
    # Bosker 2001: 175 % of rest after the first dose of citalopram.
    assert fold(model, treated).loc[2] == pytest.approx(1.75, abs=0.03)


def test_autoreceptors_are_desensitised_as_in_slices(treated):
    # Le Poul 1995: about 40 % on day 3, 60 to 80 % on day 21.
    lost = 1 - treated["autoreceptor_sensitivity"]
    assert lost.loc[3 * DAY] == pytest.approx(0.40, abs=0.05)
    assert 0.60 < lost.loc[21 * DAY] < 0.80


def test_firing_dips_at_once_and_is_back_in_two_to_three_weeks(treated):
    firing = treated["firing"]
    assert firing.loc[1:4].max() < 0.5 and firing.min() == firing.loc[:2].min()
    # Czachura and Rasmussen 2000: back to baseline over 14 to 21 days.
    assert firing.loc[14 * DAY : 21 * DAY].between(0.95, 1.05).all()
    assert (firing.loc[1 : 10 * DAY].diff().dropna() > 0).all()


def test_a_third_of_six_weeks_gain_comes_in_the_first(treated):
    # Taylor 2006.
    gain = treated["plasticity"] - 1
    assert gain.loc[7 * DAY] / gain.loc[42 * DAY] == pytest.approx(1 / 3, abs=0.02)
    assert 0 < gain.loc[2 * DAY] < gain.loc[7 * DAY] < gain.loc[42 * DAY] < gain.loc[84 * DAY]


# -- predicted ----------------------------------------------------------------------------------------------


def test_firing_is_low_on_day_2_partly_back_on_day_7_and_back_on_day_14(treated):
    # Citalopram in rats (doi 10.1007/BF00500007): marked reduction, partial and complete recovery.
    firing = treated["firing"]
    assert firing.loc[2 * DAY] < 0.6 and 0.7 < firing.loc[7 * DAY] < 0.95 and firing.loc[14 * DAY] > 0.97


def test_serotonin_rises_in_steps(model, treated):
    level = fold(model, treated)
    assert 1.5 * level.loc[2] < level.loc[21 * DAY] == pytest.approx(3.04, abs=0.02)
    # Lower than the 350 % of Bosker 2001 (a challenge) and the 422 % of Ceglia 2004, near the 275 % of Hervas 2001.
    assert 2.5 < level.loc[14 * DAY] < 3.5
    assert "to 305 % of rest" in model.description


class TestAnAntagonistOfTheAutoreceptorsInTheRaphe:
    def after(self, model, days, treated, **gain):
        start = treated.loc[days * DAY] if days else None
        run = model.simulate(hours=2, points=3, start=start, reuptake_inhibition=0.8 if days is not None else 0, **gain)
        return fold(model, run).iloc[-1]

    def test_does_little_alone(self, model, treated):
        # WAY-100635 alone left serotonin of the forebrain as it was.
        assert 1 < self.after(model, None, treated, raphe_gain=0) < 1.12
        assert 1.1 < self.after(model, None, treated, autoreceptor_gain=0) < 1.25

    def test_adds_much_on_the_first_day(self, model, treated):
        with_, without = self.after(model, 0, treated, raphe_gain=0), self.after(model, 0, treated)
        assert with_ > 2 * without
        # With the terminal's autoreceptors off too, more. The text says so, and that nothing measured stands beside it.
        assert with_ == pytest.approx(4.0, abs=0.05)
        assert self.after(model, 0, treated, autoreceptor_gain=0) == pytest.approx(10.0, abs=0.1)
        assert "400 %" in model.description and "1,000 %" in model.description

    def test_adds_little_after_three_weeks(self, model, treated):
        with_, without = self.after(model, 21, treated, raphe_gain=0), self.after(model, 21, treated)
        assert with_ == pytest.approx(1.08 * without, rel=0.02)


def test_stopping_is_not_starting_backwards(model):
    run = model.simulate(hours=84 * DAY, points=84 * DAY + 1, reuptake_inhibition=0.8, treatment_days=42)
    level, end = fold(model, run), 42 * DAY
    top = level.loc[end - 1]
    # Starting: half of the rise comes in the first day. Stopping: nearly all of the fall.
    assert (level.loc[DAY] - 1) / (top - 1) < 0.55
    assert (top - level.loc[end + DAY]) / (top - 1) > 0.9
    # Firing, low after the start, is high after the end; sensitivity takes more than a week to come back.
    assert run["firing"].loc[end + 1 : end + 3 * DAY].min() > 1.05
    assert run["autoreceptor_sensitivity"].loc[end + 3 * DAY] < 0.75
    assert run["autoreceptor_sensitivity"].loc[end + 7 * DAY] < 0.9
    assert run["autoreceptor_sensitivity"].loc[end + 21 * DAY] > 0.95
    assert 1.2 < run["plasticity"].loc[end + 14 * DAY] < run["plasticity"].loc[end]
    assert run["plasticity"].loc[end] > run["plasticity"].loc[end + DAY] > 1.8


@pytest.mark.parametrize("day", [1, 10.5, 42])
def test_every_block_ends_on_the_day(model, day):
    blocks = {"reuptake_inhibition": 0.5, "mao_a_inhibition": 0.7, "mao_b_inhibition": 0.2}
    run = model.simulate(hours=60 * DAY, points=60 * DAY + 1, treatment_days=day, **blocks)
    for name, column in zip(blocks, ("reuptake_blocked", "mao_a_blocked", "mao_b_blocked"), strict=True):
        assert (run[column].loc[: day * DAY - 1] == blocks[name]).all() and (run[column].loc[day * DAY :] == 0).all()
    plain = model.simulate(hours=day * DAY, points=2, **blocks).iloc[-1]
    at = model.simulate(hours=day * DAY, points=2, treatment_days=day, **blocks).iloc[-1]
    np.testing.assert_allclose(at[SLOW], plain[SLOW], rtol=1e-6)


def test_it_settles_where_the_weeks_lead_unless_an_end_is_pending(model):
    changes = {"reuptake_inhibition": 0.6, "mao_a_inhibition": 0.4, "firing_rate": 1.5}
    last = model.simulate(hours=9000, points=2, **changes).iloc[-1]
    pd.testing.assert_series_equal(last, model.steady_state(**changes), rtol=1e-6, check_names=False)
    with pytest.raises(ValueError, match="treatment_end.*simulate"):
        model.steady_state(treatment_days=30, **changes)


# -- laws ---------------------------------------------------------------------------------------------------

fraction = st.floats(0, 1)
anywhere = st.fixed_dictionaries(
    {
        "reuptake_inhibition": fraction,
        "mao_a_inhibition": fraction,
        "mao_b_inhibition": fraction,
        "autoreceptor_gain": fraction,
        "firing_rate": st.floats(0, 5),
        "precursor_supply": st.floats(0.05, 3),
        "raphe_gain": fraction,
    }
)


@law
@given(anywhere, fraction)
def test_laws_of_the_settled_state(changes, more):
    model = load_model("adaptation")
    settled = model.steady_state(**changes)
    assert (settled[model.species] >= 0).all()
    k = model.parameters.set_index("name")["value"]
    level = settled["extracellular"]
    lost = k["k_metabolite"] * settled["metabolite"] + k["k_diffusion"] * level
    lost += k["V_uptake_2"] * level / (k["K_uptake_2"] + level)
    made = k["V_AADC"] * settled["five_htp"] / (k["K_AADC"] + settled["five_htp"])
    assert lost == pytest.approx(made, rel=1e-6)
    assert stated("reuptake").holds(model, changes, more)
    # The autoreceptors hold back, those of the raphe and those of the terminal, be they whole or half blocked.
    assert stated("restraint").holds(model, changes, more)
    assert 0 < settled["autoreceptor_sensitivity"] <= 1.33 + 1e-9
    assert 0 <= settled["firing"] <= 1.11 * changes["firing_rate"] + 1e-9


def test_a_stretch_on_which_lsoda_stays_with_tiny_steps_is_run_all_the_same(model):
    # Found by the law below: "Excess work done on this call" after the block's end.
    settings = {
        "autoreceptor_gain": 0.62890625,
        "firing_rate": 1.1,
        "precursor_supply": 0.172,
        "raphe_gain": 0.62890625,
    }
    coarse = model.simulate(hours=60 * DAY, points=61, treatment_days=22, **settings)
    fine = model.simulate(hours=60 * DAY, points=1441, treatment_days=22, **settings)
    np.testing.assert_allclose(coarse["extracellular"], fine["extracellular"].iloc[::24], rtol=1e-6)


@law
@given(anywhere, st.integers(0, 60))
def test_no_level_is_ever_negative(changes, days):
    model = load_model("adaptation")
    run = model.simulate(hours=60 * DAY, points=61, treatment_days=days, **changes)
    assert np.isfinite(run.to_numpy()).all() and (run[model.species].to_numpy() >= 0).all()
    assert run["autoreceptor_occupancy"].between(0, 1).all() and run["receptor_occupancy"].between(0, 1).all()


def test_every_corner_settles(model):
    ends = [(0, 1), (0, 1), (0, 1), (0, 1), (0, 0.01, 5), (0, 3), (0, 1)]
    for corner in itertools.product(*ends):
        settled = model.steady_state(**dict(zip(model.controls, corner, strict=False)))
        assert (settled >= -1e-12).all()  # plasticity, which has no transmitter to follow, may end at minus nothing


# -- exports ------------------------------------------------------------------------------------------------


def test_another_solver_gives_the_same_weeks(model):
    document = libsbml.readSBMLFromString(model.to_sbml())
    document.checkConsistency()
    assert document.getNumErrors() == 0
    changes = {"reuptake_inhibition": 0.8, "treatment_days": 21.0}
    for name, value in changes.items():
        document.getModel().getParameter(name).setValue(value)
    runner = roadrunner.RoadRunner(libsbml.writeSBMLToString(document))
    runner.integrator.relative_tolerance, runner.integrator.absolute_tolerance = 1e-10, 1e-13
    names = ["extracellular", "vesicular", "autoreceptor_sensitivity", "plasticity", "firing"]
    runner.timeCourseSelections = [f"[{n}]" if n in ("extracellular", "vesicular") else n for n in names]
    hours = 42 * DAY - 5
    ours = model.simulate(hours=hours, points=38, **changes)
    np.testing.assert_allclose(np.array(runner.simulate(0, hours, 38)), ours[names].to_numpy(), rtol=1e-5)


# -- the shortcuts ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def errors() -> pd.Series:
    return shortcut_errors().set_index(["shortcut", "case", "quantity"])["value"]


def test_the_table_of_shortcuts_is_complete():
    table = shortcut_errors()
    assert list(table.columns) == ["shortcut", "case", "quantity", "value", "unit"]
    assert len(table) == 28 and np.isfinite(table["value"]).all() and (table["value"] > 0).all()
    table.loc[0, "value"] = -1  # a copy
    assert shortcut_errors().loc[0, "value"] > 0


def test_weeks_cost_an_implicit_solver_little_and_an_explicit_one_much(errors):
    solver = errors["implicit solver"].droplevel("case")
    assert solver["evaluations of the rates"] < 5000 and solver["evaluations of their slopes"] < 1000
    assert 1e6 < solver["evaluations an explicit method would need"] < 1e8
    assert solver["ratio of the evaluations of the rates"] > 1000


def test_the_daily_mean_is_good_for_a_long_half_life_and_bad_for_a_short_one(errors):
    mean = errors["daily mean of the block"]
    long, short = mean["half-life 35 h"], mean["half-life 5 h"]
    assert long["largest error of extracellular serotonin"] < 1
    for name in ("firing", "sensitivity", "plasticity"):
        assert long[f"largest error of {name}"] < 0.01
        assert short[f"largest error of {name}"] > 10 * long[f"largest error of {name}"]
    assert 10 < short["largest error of extracellular serotonin"] < 40


def test_the_terminal_is_fast_but_its_stores_are_not(errors):
    whole, without = errors["terminal at its steady state"], errors["the same but for its stores"]
    for case in ("first day", "after the first day"):
        assert 1 < whole[case]["largest error of extracellular serotonin"] < 10
        assert whole[case]["largest error of firing"] < 0.05
        assert without[case]["largest error of extracellular serotonin"] < 0.05
        assert without[case]["largest error of firing"] < 0.001


@pytest.mark.parametrize("half_life", [35, 5])
def test_tablets_block_on_average_what_they_are_compared_with(half_life):
    by_tablet, by_mean = tablets_beside_their_mean(half_life)
    assert len(by_tablet) == len(by_mean) == 84
    assert by_tablet["reuptake_blocked"].iloc[-1] == pytest.approx(0.8, abs=0.002)
    np.testing.assert_allclose(by_mean["reuptake_blocked"], by_tablet["reuptake_blocked"], rtol=1e-9)
    tablets, dose = daily_tablets(half_life)
    last = tablets.simulate(hours=30 * DAY, points=30 * 96 + 1, dose=dose, half_life=half_life).iloc[-97:]
    swing = last["reuptake_blocked"].max() - last["reuptake_blocked"].min()
    assert swing < 0.1 if half_life == 35 else swing > 0.4
    # The averaged run ends at the steady state of the mean.
    settled = load_model("adaptation").steady_state(reuptake_inhibition=by_mean["reuptake_blocked"].iloc[-1])
    assert by_mean["autoreceptor_sensitivity"].iloc[-1] == pytest.approx(settled["autoreceptor_sensitivity"], abs=1e-3)


PREY = """
model two_speeds
  unit hour = 3600 second; unit time_unit = hour
  fast = 1; slow = 1; gone = 0; waiting = 0
  k = 1000; s = 0; c = 0.5; stop = 30
  fast' = -k*(fast - c*slow)
  slow' = -s*fast*(1 - gone)
  stopping: at (time >= stop && gone < 1), t0=false: gone = 1
end
"""


def test_a_quasi_steady_run_is_the_slow_manifold():
    model = Model.from_antimony(PREY, strict=False)
    run = quasi_steady(model, slow=["slow"], hours=60, points=61, c=0.8, s=0.01)
    # Nothing moves the slow level at rest, so it starts from what is written.
    expected = np.exp(-0.01 * 0.8 * np.minimum(run.index.to_numpy(), 30))
    np.testing.assert_allclose(run["slow"], expected, rtol=1e-6)
    np.testing.assert_allclose(run["fast"], 0.8 * run["slow"], rtol=1e-9)
    assert run["gone"].iloc[-1] == 1


def test_a_quasi_steady_run_ends_where_the_whole_one_does(model):
    changes = {"reuptake_inhibition": 0.8, "treatment_days": 14}
    whole = model.simulate(hours=40 * DAY, points=41, **changes)
    short = quasi_steady(model, slow=[*SLOW, "vesicular"], hours=40 * DAY, points=41, **changes)
    assert list(short.columns) == list(whole.columns) and short.attrs["units"] == whole.attrs["units"]
    # At the moment at which the block ends, the fast levels of the one have already answered.
    apart = [0, 14 * DAY]
    np.testing.assert_allclose(short.drop(apart), whole.drop(apart), rtol=5e-3, atol=1e-9)
    # Where nothing changes, nothing moves; sums that no reaction changes are kept.
    still = quasi_steady(model, slow=SLOW, hours=100, points=5)
    np.testing.assert_allclose(still[model.species], np.tile(model.baseline, (5, 1)), rtol=1e-7)
    np.testing.assert_allclose(short["bh2"] + short["bh4"], model.baseline["bh2"] + model.baseline["bh4"], rtol=1e-9)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"slow": []}, "list of species"),
        ({"slow": "plasticity"}, "list of species"),
        ({"slow": ["plastic"]}, "no species 'plastic'"),
        ({"slow": ["treated"]}, "no species 'treated'"),
        ({"slow": SLOW, "milliseconds": 3}, "use hours="),
        ({"slow": SLOW, "hours": -1}, "greater than 0"),
        ({"slow": SLOW, "hours": 3, "points": 1}, "points"),
        ({"slow": SLOW, "hours": 3, "reuptake_inhibition": 2}, "between 0 and 1"),
    ],
)
def test_a_wrong_quasi_steady_run_is_refused(model, arguments, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        quasi_steady(model, **arguments)


def test_a_model_that_waits_for_a_level_has_no_quasi_steady_run():
    text = "model q\n unit hour = 3600 second; unit time_unit = hour\n a = 1; b = 1; a' = -a; b' = a - b\n"
    text += " low: at (a <= 0.5), t0=false: b = 0\nend"
    with pytest.raises(ValueError, match="waits for a level"):
        quasi_steady(Model.from_antimony(text, strict=False), slow=["a"], hours=1)


def test_fast_levels_that_do_not_settle_are_refused():
    text = "model q\n unit hour = 3600 second; unit time_unit = hour\n a = 1; b = 1; c = 1; a' = c; b' = -0.1*b\nend"
    with pytest.raises(ValueError, match="fast levels of model 'q' do not settle.*use simulate"):
        quasi_steady(Model.from_antimony(text, strict=False), slow=["b"], hours=1)

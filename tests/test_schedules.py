"""Schedules: a calendar of doses that are missed, doubled, stopped or tapered, in the kernel, the page and SBML."""

from __future__ import annotations

import json
import math

import libsbml
import numpy as np
import pytest
import roadrunner
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests import elsewhere
from tests.scripts import ask
from widgets import load_model
from widgets.engine import simulation
from widgets.engine.model import Model
from widgets.engine.schedules import MOST

HALF_LIFE, ABSORPTION = 35.0, 0.5
CALENDARS = {
    "regular": [(24 * day, 20) for day in range(14)],
    "missed": [(24 * day, 20) for day in range(14) if day not in (4, 5, 9)],
    "missed, said so": [(24 * day, 0 if day in (4, 5, 9) else 20) for day in range(14)],
    "doubled": [(24 * day, 40 if day == 6 else 0 if day == 5 else 20) for day in range(14)],
    "two at once": [(0, 20), (48, 20), (48, 20), (48, 5), (100.25, 10)],
    "stopped": [(24 * day, 60) for day in range(5)],
    "tapered": [(24 * day, 60 / 2 ** (day // 3)) for day in range(14)],
    "in no order": [(72, 10), (0, 50), (24.5, 30), (200, 5)],
    "none": [],
    "late": [(167.9, 20), (336, 20), (5000, 20)],
}
TIMES = np.linspace(0, 336, 337)
# As tests/test_parity.py has it where things happen at once.
TOLERANCE = 5e-3
# nM: the kernel's absolute tolerance, which a dose of a millionth of a milligram does not reach.
NOTHING = 1e-8


@pytest.fixture(scope="module")
def model():
    return load_model("oral_dose")


def closed_form(times, calendar, half_life=HALF_LIFE, absorption=ABSORPTION) -> np.ndarray:
    """nM in plasma: the sum over doses of Bateman's function of what is absorbed and eliminated by half-lives."""
    slow, fast = math.log(2) / half_life, math.log(2) / absorption
    level = np.zeros_like(times)
    for moment, amount in calendar:
        since = np.maximum(times - moment, 0.0)
        share = fast / (fast - slow) * (np.exp(-slow * since) - np.exp(-fast * since))
        level += 1000 * 0.8 * amount / (980 * 0.3244) * share
    return level


def asked_of_the_page(model, times, calendars, refused=(), **changes) -> dict:
    """What the page's own solver answers; see tests/scripts/solver.ts."""
    p = simulation.values(model, changes).tolist()
    run = {"times": list(times), "p": [p] * len(calendars), "calendars": calendars, "refused": list(refused)}
    return ask("solver", {"models": {"model": model.to_javascript()}, "runs": {"model": run}})


def in_the_page(model, times, calendars, **changes) -> list[np.ndarray]:
    """Levels, shape (times, species), of the page's own solver under each of `calendars` ({schedule: entries})."""
    answer = asked_of_the_page(model, times, calendars, **changes)["runs"]["model"]
    return [np.array(levels).reshape(len(times), -1) for levels in answer]


# -- the kernel ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("regime", "tolerance"),
    # A last bit of difference in a dose changes the integrator's steps; its tolerance (1e-9 a step) then adds up in
    # the tail, and a little more in what saturates.
    [({}, 1e-9), ({"dose": 40, "interval": 12, "doses": 9}, 1e-7), ({"missed_from": 3, "missed": 2}, 1e-7)],
)
def test_a_regular_calendar_is_the_regular_regime(model, regime, tolerance):
    built_in = model.simulate(hours=336, points=400, **regime)
    dose, interval, doses = regime.get("dose", 20), regime.get("interval", 24), int(regime.get("doses", 28))
    missed = range(regime.get("missed_from", 0), regime.get("missed_from", 0) + regime.get("missed", 0))
    calendar = [(n * interval, dose) for n in range(doses) if n + 1 not in missed]
    same = {name: value for name, value in regime.items() if name in ("dose", "interval")}
    found = model.simulate(hours=336, points=400, schedule=calendar, **same)
    for name in ("gut", "plasma", "concentration", "unbound", "occupancy_1", "occupancy_2", "occupancy_3"):
        scale = tolerance * built_in[name].abs().max()
        np.testing.assert_allclose(found[name], built_in[name], rtol=tolerance, atol=scale, err_msg=name)
    assert found["taken"].tolist() == built_in["taken"].tolist()


@pytest.mark.parametrize("calendar", CALENDARS.values(), ids=CALENDARS)
def test_every_calendar_is_the_sum_of_its_doses(model, calendar):
    run = model.simulate(hours=336, points=337, schedule=calendar)
    largest = max([amount for _, amount in calendar], default=1)
    expected = closed_form(run.index.to_numpy(), calendar)
    np.testing.assert_allclose(run["concentration"], expected, rtol=1e-6, atol=1e-7 * largest)
    assert run["taken"].iloc[-1] == sum(time <= 336 and amount > 0 for time, amount in calendar)
    # A row at the moment of a dose shows what follows it.
    if calendar and calendar[0] == (0, 20):
        assert run["gut"].iloc[0] == pytest.approx(0.8 * 20 / (980 * 0.3244))


doses = st.lists(st.tuples(st.floats(0, 400), st.one_of(st.just(0.0), st.floats(0, 500))), max_size=12)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(doses, st.floats(4, 100), st.floats(0.1, 2))
def test_any_calendar_is_the_sum_of_its_doses(calendar, half_life, absorption):
    model = load_model("oral_dose")
    run = model.simulate(hours=336, points=97, schedule=calendar, half_life=half_life, absorption_half_time=absorption)
    expected = closed_form(run.index.to_numpy(), calendar, half_life, absorption)
    largest = 3 * max([amount for _, amount in calendar], default=1)
    np.testing.assert_allclose(run["concentration"], expected, rtol=2e-6, atol=2e-7 * largest + NOTHING)


def test_nothing_is_stepped_over(model):
    # Doses a second apart, between two rows, and long after everything has gone.
    calendar = [(50 + n / 3600, 1) for n in range(20)] + [(4000, 100)]
    run = model.simulate(hours=4001, points=3, schedule=calendar)
    assert run["taken"].iloc[-1] == 21
    expected = closed_form(run.index.to_numpy(), calendar)
    np.testing.assert_allclose(run["concentration"], expected, rtol=1e-5, atol=1e-9)


def test_without_a_schedule_its_events_never_happen_and_no_constant_is_added(model):
    assert list(model.schedules) == ["schedule"]
    schedule = model.schedules["schedule"]
    assert (schedule.unit, schedule.minimum, schedule.maximum, schedule.replaces) == ("mg", 0, 2000, ("doses",))
    assert "schedule" not in set(model.parameters["name"]) and "schedule" not in model.controls
    assert load_model("serotonin").schedules == {}
    assert (model.simulate(hours=48, points=5, doses=0)["plasma"] == 0).all()
    assert (model.simulate(hours=48, points=5, schedule=[])["plasma"] == 0).all()
    assert model.simulate(hours=48, points=5, schedule=None).equals(model.simulate(hours=48, points=5))


def test_what_is_still_to_come_does_not_settle(model):
    for settled in (model.steady_state, model.fluxes):
        with pytest.raises(ValueError, match=r"does not settle.*schedule .* has 20 mg at 48 hours.*Use simulate"):
            settled(schedule=[(0, 0), (48, 20)])
    assert model.steady_state(schedule=[(48, 0)])["plasma"] == 0


REFUSED = {
    "a number": (5, r"must be a list of pairs \(time in hours, amount of 0 to 2000 mg\).*got 5"),
    "a text": ("24 h", "must be a list of pairs"),
    "a mapping": ({0: 20}, "must be a list of pairs"),
    "not a pair": ([(0, 20), (24,)], r"must be a list of pairs.*entry 2 is \(24,\)"),
    "a negative amount": ([(0, 20), (24, -5)], "amount of entry 2 of schedule .*between 0 and 2000 mg; got -5. Use 0"),
    "too much": ([(0, 5000)], "amount of entry 1 of schedule .*between 0 and 2000 mg; got 5000. Use 2000"),
    "a negative time": ([(-1, 5)], "time of entry 1 of schedule must be at least 0 hours; got -1. Use 0"),
    "no finite time": ([(math.inf, 5)], "time of entry 1 of schedule must be a finite number"),
    "no number": ([(0, "20 mg")], "amount of entry 1 of schedule must be a number; got '20 mg'"),
    "a truth": ([(0, True)], "amount of entry 1 of schedule must be a number; got True"),
    "too many": ([(n, 1) for n in range(MOST + 1)], f"has {MOST + 1} entries; it may have {MOST}"),
}


@pytest.mark.parametrize(("wrong", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_calendar_is_refused(model, wrong, message):
    with pytest.raises(ValueError, match=message):
        model.simulate(hours=24, schedule=wrong)


def test_what_a_schedule_takes_the_place_of_cannot_be_set_beside_it(model):
    with pytest.raises(ValueError, match=r"doses=7 has no effect beside schedule=.*Leave one of the two out"):
        model.simulate(hours=24, schedule=[(0, 20)], doses=7)
    with pytest.raises(ValueError, match="Did you mean 'schedule'"):
        model.simulate(hours=24, shedule=[(0, 20)])
    with pytest.raises(ValueError, match="no parameter 'schedule'"):
        load_model("serotonin").simulate(hours=24, schedule=[(0, 20)])


# -- texts of one's own -------------------------------------------------------------------------------------

TWO = """model infusions
  unit hour = 3600 second; unit time_unit = hour
  drug = 0 dimensionless // in the body
  given = 0 dimensionless // how often
  alarms = 0 dimensionless // how often it was too much
  k = 0.3 dimensionless // loss | assumed | a value for this test
  morning = 0 dimensionless // first calendar | schedule | 0..10
  evening = 0 dimensionless // second calendar | schedule | 0.5..10
  drug' = -k*drug
  one: at (morning > 0), t0=false: drug = drug + morning, given = given + 1 // given
  other: at (evening > 0 && given < 3), t0=false: drug = drug + evening, given = given + 1 // given, if not too often
  alarm: at (drug > 4), t0=false: alarms = alarms + 1 // too much
end"""


def test_a_model_may_have_several_schedules_beside_events_that_wait_for_a_level():
    model = Model.from_antimony(TWO, strict=False)
    run = model.simulate(hours=24, points=97, morning=[(0, 3), (2, 3), (9, 5)], evening=[(2, 1), (20, 6)])
    # Three times, at 0, 2 and 2; at 9 for the fourth; at 20 too often already.
    assert run["given"].iloc[-1] == 4 and run["alarms"].iloc[-1] == 2
    exact = [3, 3 * math.exp(-0.6) + 4, (3 * math.exp(-0.6) + 4) * math.exp(-2.1) + 5]
    assert [run["drug"].loc[t] for t in (0, 2, 9)] == pytest.approx(exact, rel=1e-6)
    with pytest.raises(ValueError, match="between 0.5 and 10; got 0.2"):
        model.simulate(hours=24, evening=[(0, 0.2)])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("drug' = -k*drug", "drug' = -k*drug + morning", "uses 'morning', a schedule.*let an event use it"),
        ("morning = 0 ", "morning = 2 ", "between its moments a schedule is zero; write 'morning = 0'"),
        ("| 0..10\n  evening", "| lots\n  evening", "has the range 'lots'; write"),
        ("0.5..10", "0.5..10 | without kk", "write 'instead of' and the constants"),
        ("0.5..10", "0.5..10 | instead of kk", "takes the place of 'kk', no constant. Did you mean 'k'"),
        ("(morning > 0)", "(k > 0)", "waits for neither time nor a level"),
    ],
)
def test_a_schedule_that_is_none_is_refused_by_name(old, new, message):
    assert old in TWO
    with pytest.raises(ValueError, match=message):
        Model.from_antimony(TWO.replace(old, new), strict=False)


# -- elsewhere ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("calendar", CALENDARS.values(), ids=CALENDARS)
def test_the_exported_sbml_has_every_dose(model, calendar):
    text = model.to_sbml(schedule=calendar)
    assert libsbml.readSBMLFromString(text).checkConsistency() == 0
    runner = roadrunner.RoadRunner(text)
    runner.integrator.relative_tolerance, runner.integrator.absolute_tolerance = 1e-10, 1e-14
    runner.timeCourseSelections = ["time", *elsewhere.selections(model)]
    times = np.linspace(0.11, 335.7, 90)
    found = np.array(runner.simulate(times=[0.0, *times]))[1:, 1:]
    at = [*model.species, *model.assignments].index("concentration")
    np.testing.assert_allclose(found[:, at], closed_form(times, calendar), rtol=1e-6, atol=1e-6)
    taken = found[-1, model.species.index("taken")]
    assert taken == sum(time <= 335.7 and amount > 0 for time, amount in calendar)


def test_sbml_refuses_a_schedule_that_the_model_has_not(model):
    with pytest.raises(ValueError, match="no schedule 'shedule'. Did you mean 'schedule'"):
        model.to_sbml(shedule=[(0, 20)])
    with pytest.raises(ValueError, match="amount of entry 1"):
        model.to_sbml(schedule=[(0, -20)])


def test_the_page_knows_the_schedules_of_a_model(model):
    text = model.to_javascript()
    line = next(line for line in text.splitlines() if line.startswith("export const schedules = "))
    (schedule,) = json.loads(line.removeprefix("export const schedules = ").removesuffix(";"))
    assert schedule["name"] == "schedule" and schedule["replaces"] == ["doses"] and schedule["most"] == MOST
    assert (schedule["min"], schedule["max"], schedule["unit"]) == (0, 2000, "mg")
    assert "schedules" not in load_model("gaba").to_javascript()


def test_the_page_has_the_sum_of_the_doses(model):
    answers = in_the_page(model, TIMES, [{"schedule": each} for each in CALENDARS.values()])
    assert len(answers) == len(CALENDARS) >= 10
    for (name, calendar), levels in zip(CALENDARS.items(), answers, strict=True):
        expected = closed_form(TIMES, calendar)
        found = 1000 * levels[:, model.species.index("plasma")]
        apart = np.abs(found - expected) / np.maximum(np.abs(expected), 1e-3 * max(expected.max(), 1e-9))
        assert apart.max() < 1e-3, (name, apart.max())
        taken = sum(time <= 336 and amount > 0 for time, amount in calendar)
        assert levels[-1, model.species.index("taken")] == taken, name


def test_a_schedule_taken_away_leaves_no_trace_in_the_page(model):
    calendars = [{}, {"schedule": CALENDARS["tapered"]}, {"schedule": None}]
    before, with_it, after = in_the_page(model, TIMES, calendars)
    assert (before == after).all() and not (before == with_it).all()


def test_the_page_refuses_what_is_no_calendar(model):
    refused = {
        "no schedule": (["shedule", [[0, 20]]], 'SolverError: This model has no schedule "shedule".'),
        "a negative time": (["schedule", [[0, 20], [-1, 20]]], "time of entry 2 of this calendar is -1; give hours"),
        "no number": (["schedule", [["x", 20]]], "time of entry 1 of this calendar is x"),
        "too much": (["schedule", [[0, 5000]]], "amount of entry 1 of this calendar is 5000; give 0 to 2000 mg, or 0"),
        "a negative amount": (["schedule", [[0, -3]]], "amount of entry 1 of this calendar is -3; give 0 to 2000 mg"),
        "too many": (["schedule", [[n, 1] for n in range(MOST + 1)]], f"has {MOST + 1} entries; it may have {MOST}"),
    }
    given = [entry for entry, _ in refused.values()]
    said = asked_of_the_page(model, [0.0, 1.0], [{}], given)["refused"]["model"]
    for found, (name, (_, expected)) in zip(said, refused.items(), strict=True):
        assert found and found.startswith("SolverError: ") and expected in found, (name, found)


# Each example starts Node; shrinking would start it for hours.
@settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)
@given(st.lists(st.tuples(doses, doses), min_size=12, max_size=25))
def test_page_and_kernel_agree_on_any_calendar(drawn):
    times = np.linspace(0, 399.3, 60)
    oral = load_model("oral_dose")
    answers = in_the_page(oral, times, [{"schedule": a} for a, _ in drawn])
    for (calendar, _), levels in zip(drawn, answers, strict=True):
        expected = oral.simulate(hours=399.3, points=60, schedule=calendar)[oral.species].to_numpy()
        # The page promises nothing below its absolute tolerance (DEFAULT_TOLERANCES in model/equations.ts).
        floor = 1e-3 * np.abs(expected).max(axis=0) + 1e-9
        # What is left of a dose in the gut hours later is nothing beside the dose.
        floor[oral.species.index("gut")] += 1e-4 * 0.8 * max([a for _, a in calendar], default=0) / (980 * 0.3244)
        # The trough is a level of plasma, kept at a moment: before a large dose it may be next to nothing.
        floor[oral.species.index("trough")] = floor[oral.species.index("plasma")]
        assert elsewhere.close(levels, expected, floor, TOLERANCE).all(), calendar
    two = Model.from_antimony(TWO, strict=False)
    # Amounts within the two ranges, times within a day.
    calendars = [
        {
            "morning": [(t / 10, a / 50) for t, a in first],
            "evening": [(t / 10, max(a / 50, 0.5)) for t, a in second],
        }
        for first, second in drawn
    ]
    answers = in_the_page(two, times / 10, calendars)
    agreeing = []
    for calendar, levels in zip(calendars, answers, strict=True):
        expected = two.simulate(hours=39.93, points=60, **calendar)[two.species].to_numpy()
        agreeing.append(elsewhere.close(levels, expected, 1e-3 * np.abs(expected).max(axis=0) + 1e-9, TOLERANCE).mean())
    assert np.mean(agreeing) > 0.999

"""Events: what happens at once, in the kernel, in the page and in libRoadRunner alike; and texts based on others."""

from __future__ import annotations

import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import elsewhere
from tests.scripts import ask
from widgets import load_model
from widgets.engine import simulation
from widgets.engine.composition import compose
from widgets.engine.model import MODELS, Model

UNITS = """
  unit millisecond = 1e-3 second; unit millimole = 1e-3 mole; unit mM = 1e-3 mole/litre
  unit per_millisecond = 1/millisecond; unit mV = 1e-3 volt; unit mV_per_millisecond = mV/millisecond
  unit time_unit = millisecond; unit substance = millimole; unit extent = millimole; unit volume = litre
  compartment synapse = 1; synapse has litre
"""
# A transmitter in pulses, and a cell that fires: conditions of time, of a guard and of a level.
PULSES = f"""model pulsing
{UNITS}
  species outside in synapse
  outside = 0 mM // transmitter outside the cell
  open = 0 dimensionless // channels open
  voltage = -65 mV // voltage of the cell
  pulse = 0 dimensionless // whether transmitter is let out
  pulse_end = 0 millisecond // when that stops
  next_pulse = 0 millisecond // when the next pulse begins
  given = 0 dimensionless // pulses so far
  spikes = 0 dimensionless // spikes so far
  last_spike = -100 millisecond // when the cell fired last
  pulses = 3 dimensionless // pulses in all | control | 0..20
  gap = 20 millisecond // from pulse to pulse | control | 2..200
  duration = 1 millisecond // of a pulse | control | 0.1..2
  drive = 1 mV_per_millisecond // what drives the cell | control | 0..5
  k_open = 5 per_millisecond // opening | assumed | a value for this test
  k_close = 0.18 per_millisecond // closing | assumed | a value for this test
  k = 0.05 per_millisecond // leak and clearance | assumed | a value for this test
  REFRACTORY = 2 millisecond // after a spike | assumed | a value for this test
  THRESHOLD = -50 mV // the cell fires here | assumed | a value for this test | -80..0
  REST = -65 mV // the cell rests here | assumed | a value for this test | -90..0
  open' = k_open*pulse*(1 - open) - k_close*open
  voltage' = drive*(1 + pulse) - k*(voltage - REST)
  clearance: outside -> ; k*outside // it is cleared
  on: at (time >= next_pulse && given < pulses), t0=false: pulse = 1, pulse_end = time + duration, next_pulse = next_pulse + gap, given = given + 1, outside = outside + 0.1 // a pulse begins
  off: at (time >= pulse_end && pulse > 0), t0=false: pulse = 0 // and ends
  spike: at (voltage >= THRESHOLD && time >= last_spike + REFRACTORY), t0=false: voltage = REST, spikes = spikes + 1, last_spike = time // the cell fires
end
"""  # noqa: E501


@pytest.fixture(scope="module")
def pulsing() -> Model:
    return Model.from_antimony(PULSES)


@pytest.mark.parametrize(
    "changes", [{}, {"drive": 0.5}, {"pulses": 0}, {"gap": 7, "pulses": 9, "duration": 2}, {"drive": 4}, {"gap": 2}]
)
def test_the_kernel_agrees_with_libroadrunner(pulsing, changes):
    run = pulsing.simulate(milliseconds=97, points=389, **changes)
    expected = elsewhere.run(pulsing, run.index, **changes)
    # At the very moment of an event either side of it is right.
    apart = np.abs(run[pulsing.species].to_numpy() - expected)
    assert (apart <= 1e-5 * (1 + np.abs(expected))).all(axis=1).mean() > 0.98
    np.testing.assert_allclose(run.iloc[-1][pulsing.species].to_numpy(float), expected[-1], rtol=1e-5, atol=1e-6)
    assert run["given"].iloc[-1] == changes.get("pulses", 3)
    if changes.get("drive") == 4:
        assert run["spikes"].iloc[-1] > 10


def test_the_page_agrees_with_the_kernel(pulsing):
    rng = np.random.default_rng(5)
    table = pulsing.parameters.query("control")
    drawn = [
        {r.name: round(rng.uniform(r.minimum, r.maximum), 3) for r in table.itertuples(index=False)} for _ in range(40)
    ]
    times = np.linspace(0, 60, 241)
    constants = [simulation.values(pulsing, changes).tolist() for changes in drawn]
    request = {
        "models": {"pulsing": pulsing.to_javascript()},
        "runs": {"pulsing": {"times": times.tolist(), "p": constants}},
    }
    answer = ask("solver", request)["runs"]["pulsing"]
    counted = 0
    for changes, levels in zip(drawn, answer, strict=True):
        run = pulsing.simulate(milliseconds=60, points=241, **changes)
        found = np.array(levels).reshape(241, -1)
        apart = np.abs(found - run[pulsing.species].to_numpy()) / (0.01 + np.abs(run[pulsing.species].to_numpy()))
        # A spike a ten-thousandth of a millisecond early or late moves the one sample it falls on.
        assert (apart < 2e-3).all(axis=1).mean() > 0.97, changes
        spikes = run["spikes"].iloc[-1]
        assert found[-1, pulsing.species.index("spikes")] == pytest.approx(spikes, abs=1)
        counted += spikes
    assert counted > 40


def test_an_event_stands_exactly_where_it_is_due(pulsing):
    run = pulsing.simulate(milliseconds=10, points=11, duration=0.5, drive=0)
    assert run["pulse"].tolist() == [1.0] + [0.0] * 10
    assert run["pulse_end"].iloc[0] == 0.5
    # What a closed form says of a pulse of half a millisecond.
    reached = 5 / 5.18 * (1 - np.exp(-5.18 * 0.5))
    assert run["open"].iloc[1] == pytest.approx(reached * np.exp(-0.18 * 0.5), rel=1e-6)


def test_events_at_one_moment_all_happen_with_the_values_before_it():
    # Both see a = 1 and b = 2, although the first changes a before the second is carried out.
    text = """model both
      unit hour = 3600 second; unit time_unit = hour
      a = 1 dimensionless // a
      b = 2 dimensionless // b
      c = 0 dimensionless // moves
      k = 1 dimensionless // speed | assumed | a value for this test
      c' = k
      to_b: at (time >= 1), t0=false: a = b // a becomes b
      to_a: at (time >= 1), t0=false: b = a // b becomes a
    end"""
    model = Model.from_antimony(text, strict=False)
    assert model.switches == ["a", "b"]
    last = model.simulate(hours=2, points=3).iloc[-1]
    assert (last["a"], last["b"]) == (2, 1)
    assert elsewhere.run(model, [0, 2])[-1] == pytest.approx([last["c"], 2, 1], abs=1e-6)


def test_one_event_may_bring_about_another():
    text = """model chain
      unit hour = 3600 second; unit time_unit = hour
      level = 0 dimensionless // moves
      step = 0 dimensionless // step
      done = 0 hour // done
      level' = 1 - level
      one: at (time >= 1), t0=false: step = 1 // first
      two: at (time >= 0 && step > 0), t0=false: done = time, level = level + 10 // at once after it
    end"""
    model = Model.from_antimony(text, strict=False)
    run = model.simulate(hours=3, points=31)
    assert run["done"].iloc[-1] == 1
    assert run["level"].max() == pytest.approx(11, rel=1e-6)


def test_an_event_true_from_the_start_waits_unless_told_otherwise():
    for option, expected in ((", t0=false", 5), ("", 0)):
        text = f"""model start
          unit hour = 3600 second; unit time_unit = hour
          level = 1 dimensionless // moves
          n = 0 dimensionless // n
          level' = -level
          go: at (time >= 0){option}: n = 5 // go
        end"""
        assert Model.from_antimony(text, strict=False).simulate(hours=1, points=2)["n"].iloc[0] == expected


def test_a_level_that_falls_back_arms_its_event_again():
    text = """model swing
      unit hour = 3600 second; unit time_unit = hour
      x = 1 dimensionless // swings
      y = 0 dimensionless // swings
      n = 0 dimensionless // times x has risen through a half
      x' = -y
      y' = x
      up: at (x >= 0.5): n = n + 1 // x rises through a half
    end"""
    model = Model.from_antimony(text, strict=False)
    assert model.simulate(hours=20 * np.pi, points=5, start={"x": 1})["n"].iloc[-1] == 10


class TestSteadyStates:
    def test_are_refused_while_something_is_still_to_come(self, pulsing):
        with pytest.raises(ValueError, match=r"'on' \(a pulse begins\) is due at 0 milliseconds. Use simulate"):
            pulsing.steady_state()

    def test_are_refused_where_a_cell_keeps_firing(self, pulsing):
        with pytest.raises(ValueError, match="keeps firing"):
            pulsing.steady_state(pulses=0, drive=2)

    def test_are_found_otherwise(self, pulsing):
        assert pulsing.steady_state(pulses=0, drive=0.5)["voltage"] == pytest.approx(-55)

    def test_rest_is_before_the_first_event(self, pulsing):
        # At the default drive the cell would fire for ever: it starts as written.
        assert pulsing.baseline["voltage"] == -65
        calm = Model.from_antimony(PULSES.replace("drive = 1 mV", "drive = 0.5 mV"))
        assert calm.baseline["voltage"] == pytest.approx(-55)
        assert calm.baseline["pulse"] == 0


def test_switches_start_as_written_even_after_another_run(pulsing):
    first = pulsing.simulate(milliseconds=50, points=2, drive=0.5)
    again = pulsing.simulate(milliseconds=50, points=2, drive=0.5, start=first.iloc[-1])
    assert again["given"].iloc[-1] == 3
    assert again["voltage"].iloc[0] == first["voltage"].iloc[-1]


def test_the_equations_leave_switches_out_and_the_sbml_has_the_events(pulsing):
    assert "spikes" not in pulsing.equations("open")
    assert pulsing.to_sbml().count("<event ") == 3


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ("on: at 5 after (time >= 1): n = 1 // late", "a delay"),
        ("on: at (time >= 1), priority = 3: n = 1 // first", "a priority"),
        ("on: at (time >= 1), persistent=false: n = 1 // not kept", "persistent=false"),
        ("on: at (time >= 1), fromTrigger=false: n = 1 // not from then", "fromTrigger=false"),
        ("on: at (time >= 1 || level > 3): n = 1 // either", "cannot be followed exactly"),
        ("on: at (time == 1): n = 1 // equal", "cannot be followed exactly"),
        ("on: at (n > 1): n = 1 // neither", "waits for neither time nor a level"),
        ("on: at (2*time >= 1): n = 1 // twice", "no first moment"),
        ("on: at (time <= 1): n = 1 // before", "no first moment"),
        ("on: at (time >= 1): n = 1", "has no meaning"),
        ("on: at (time >= 1): n = missing // what", "missing"),
    ],
)
def test_what_cannot_be_followed_exactly_is_refused(event, words):
    text = f"""model odd
      unit hour = 3600 second; unit time_unit = hour
      level = 1 dimensionless // moves
      n = 0 dimensionless // n
      k = 1 dimensionless // k | assumed | a value for this test
      level' = -k*level
      {event}
    end"""
    with pytest.raises(ValueError, match=words):
        Model.from_antimony(text)


def test_endless_events_are_stopped():
    text = """model endless
      unit hour = 3600 second; unit time_unit = hour
      level = 1 dimensionless // moves
      n = 0 dimensionless // n
      level' = -level
      a: at (time >= n), t0=false: n = n - 1 // again
      b: at (time >= 0 && n < 0), t0=false: n = 1 // and again
    end"""
    model = Model.from_antimony(text, strict=False)
    run = model.simulate(hours=3, points=4)
    assert np.isfinite(run.to_numpy()).all()


# -- texts based on others ---------------------------------------------------------------------------------

BASE = """// The head.
model base
  unit hour = 3600 second; unit time_unit = hour
  a = 1 dimensionless // a
  b = 2 dimensionless // b
  k = 1 dimensionless // k | assumed | a value for this test
  a' = -k*a
  c := a + b; c has dimensionless // c
end
"""


def composed(body: str) -> Model:
    text = f"// Based on: base\nmodel own\n{body}\nend\n"
    return Model.from_antimony(compose(text, BASE), strict=False)


def test_a_text_adds_to_the_one_it_is_based_on():
    model = composed("  d := a*b; d has dimensionless // d")
    assert (model.name, model.assignments) == ("own", ["c", "d"])


def test_a_line_replaces_the_bases_line_in_its_place():
    model = composed(
        "  k = 3 dimensionless // k | assumed | another value for this test\n  c := a; c has dimensionless // c"
    )
    assert model.parameters.set_index("name").at["k", "value"] == 3
    assert model.steady_state()["c"] == pytest.approx(0, abs=1e-9)
    text = model.to_antimony()
    assert text.index("k = 3") < text.index("a' =")


def test_a_rule_takes_the_place_of_a_value_and_a_rate_stands_beside_it():
    model = composed("  b := 2*a; b has dimensionless // b\n  a' = 1 - a")
    assert model.assignments == ["b", "c"]
    assert model.steady_state()["c"] == pytest.approx(3)


def test_bases_that_are_missing_or_go_round_are_refused(tmp_path, monkeypatch):
    with pytest.raises(ValueError, match=r"based on 'nothing'.*dopamine"):
        Model.from_antimony("// Based on: nothing\nmodel x\nend")
    (tmp_path / "one.ant").write_text("// Based on: two\nmodel one\nend\n")
    (tmp_path / "two.ant").write_text("// Based on: one\nmodel two\nend\n")
    monkeypatch.setattr("widgets.engine.model.MODELS", tmp_path)
    with pytest.raises(ValueError, match="in a circle"):
        load_model("one")


def test_a_change_of_the_base_reaches_what_is_based_on_it(tmp_path, monkeypatch):
    monkeypatch.setattr("widgets.engine.model.MODELS", tmp_path)
    (tmp_path / "base.ant").write_text(BASE)
    (tmp_path / "base_fast.ant").write_text("// Based on: base\nmodel base_fast\n  k = 5 dimensionless // k\nend\n")
    before = load_model("base", variant="fast", strict=False)
    assert load_model("base_fast", strict=False) is before
    (tmp_path / "base.ant").write_text(BASE.replace("b = 2", "b = 20"))
    os.utime(tmp_path / "base.ant", (1, 1))
    renewed = load_model("base", variant="fast", strict=False).parameters.set_index("name")
    assert (renewed.at["b", "value"], renewed.at["k", "value"]) == (20, 5)
    with pytest.raises(ValueError, match=r"no variant 'slow'.*Its variants: fast"):
        load_model("base", variant="slow")


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.floats(0.1, 2), st.floats(2.5, 50), st.integers(0, 12))
def test_every_pulse_adds_its_share(duration, gap, pulses):
    """Over any train: what was put in is there or has been cleared."""
    model = Model.from_antimony(PULSES)
    run = model.simulate(milliseconds=60, points=3, duration=duration, gap=gap, pulses=pulses, drive=0)
    given_ = min(pulses, int(60 // gap) + 1)
    expected = sum(0.1 * np.exp(-0.05 * (60 - i * gap)) for i in range(given_))
    assert run["outside"].iloc[-1] == pytest.approx(expected, rel=1e-6, abs=1e-12)


def test_the_books_models_stand_in_one_folder():
    assert (MODELS / "dopamine.ant").is_file()

"""The equations that run in the page are those of the kernel, of SBML and of the text.

The page's own solver (bundled as the labs bundle it) runs the generated JavaScript; libRoadRunner runs the exported
SBML. Neither shares any code with the other but the Antimony text.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from tests import elsewhere
from tests.scripts import ask
from widgets import load_model
from widgets.engine import simulation
from widgets.engine.model import available

DRAWS = 200
# A model with events is loaded anew for each draw, because what happens at time 0 is decided then.
DRAWS_WITH_EVENTS = 40
MOST_CORNERS = 64
TIMES = {
    "hour": np.array([0.0, 0.05, 0.5, 2.0, 6.0, 12.0, 24.0]),
    # Odd moments, so that none is the moment of an event.
    "millisecond": np.linspace(0, 61.3, 98),
}
# A level that has fallen below a millionth of its resting level is compared with that floor: it is zero to the reader,
# and to both solvers' tolerances.
FLOOR = 1e-6
TOLERANCE = 1e-3


def draws(model, rng) -> list[dict[str, float]]:
    """The controls drawn evenly over the whole range of their sliders, then corners of it (all, or some where there are
    thousands)."""
    limits = [(r.name, r.minimum, r.maximum) for r in model.parameters.query("control").itertuples(index=False)]
    number = DRAWS_WITH_EVENTS if model.events else DRAWS
    drawn = [{name: rng.uniform(low, high) for name, low, high in limits} for _ in range(number)]
    if 2 ** len(limits) <= MOST_CORNERS:
        corners = itertools.product(*(limit[1:] for limit in limits))
    else:
        corners = ([limit[1:][k] for limit, k in zip(limits, row, strict=True)]
                   for row in rng.integers(0, 2, (number, len(limits))))  # fmt: skip
    return drawn + [dict(zip([n for n, _, _ in limits], ends, strict=True)) for ends in corners]


def times_of(model) -> np.ndarray:
    if not model.events:
        return TIMES[model.time_unit]
    return TIMES["millisecond"] if model.time_unit == "millisecond" else np.linspace(0, 199.7, 98)


@pytest.fixture(scope="module")
def parity():
    """What the page computes for each model: runs of every draw, and the functions at random states."""
    request = {"models": {}, "runs": {}, "points": {}}
    asked = {}
    for name in available():
        model = load_model(name)
        rng = np.random.default_rng(20)
        changes = draws(model, rng)
        constants = [simulation.values(model, c) for c in changes]
        size = np.maximum(np.abs(model.baseline.to_numpy()), 1e-3)
        states = [
            {"y": (np.sign(model.baseline + 1e-9) * size * rng.uniform(0.01, 4, size.size)).tolist(), "p": p.tolist()}
            for p in constants[:40]
        ]
        request["models"][name] = model.to_javascript()
        request["runs"][name] = {"times": times_of(model).tolist(), "p": [p.tolist() for p in constants]}
        request["points"][name] = states
        asked[name] = (changes, states)
    return ask("solver", request), asked


WITHOUT_EVENTS = [name for name in available() if not load_model(name).events]
WITH_EVENTS = [name for name in available() if load_model(name).events]


def test_every_model_is_compared():
    assert len(WITHOUT_EVENTS) >= 2 and len(WITH_EVENTS) >= 5


@pytest.mark.parametrize("name", WITHOUT_EVENTS)
def test_page_agrees_with_libroadrunner(name, parity):
    answer, asked = parity
    model = load_model(name)
    runner = elsewhere.load(model)
    floor = FLOOR * model.baseline.to_numpy()
    worst = {}
    for changes, levels in zip(asked[name][0], answer["runs"][name], strict=True):
        runner.resetToOrigin()
        for control, value in changes.items():
            runner[control] = value
        expected = np.array(runner.simulate(times=times_of(model).tolist()))[:, 1 : 1 + len(model.species)]
        found = np.array(levels).reshape(expected.shape)
        difference = np.abs(found - expected) / np.maximum(np.abs(expected), floor)
        for species, d in zip(model.species, difference.max(axis=0), strict=True):
            worst[species] = max(worst.get(species, 0), d)
    assert len(answer["runs"][name]) == DRAWS + 2 ** len(model.controls)
    assert max(worst.values()) <= TOLERANCE, worst


@pytest.mark.parametrize("name", WITH_EVENTS)
def test_page_agrees_with_libroadrunner_where_things_happen_at_once(name, parity):
    answer, asked = parity
    model = load_model(name)
    times = times_of(model)
    agreeing, rows, happened, beyond = [], 0, 0, 0
    for changes, levels in zip(asked[name][0], answer["runs"][name], strict=True):
        try:
            expected = elsewhere.run(model, times, **changes)[:, : len(model.species)]
        except RuntimeError as error:
            assert "CVODE" in str(error)
            beyond += 1  # In some corners, just after an event, the integrator of libRoadRunner gives up.
            continue
        found = np.array(levels).reshape(expected.shape)
        # What is zero at rest is compared with a thousandth of the most it came to.
        floor = np.maximum(FLOOR * np.abs(model.baseline.to_numpy()), 1e-3 * np.abs(expected).max(axis=0)) + 1e-12
        fits = elsewhere.close(found, expected, floor, 5 * TOLERANCE)
        # A spike a hair early or late in one program moves the sample it falls on.
        assert fits.mean() >= 0.9, (changes, fits.mean())
        agreeing.append(fits.mean())
        rows += len(times)
        happened += int(
            (np.diff(found[:, [n in model.switches for n in model.species]], axis=0) != 0).any(axis=1).sum()
        )
    assert np.mean(agreeing) >= 0.99 and beyond <= len(asked[name][0]) / 10
    assert rows >= 40 * len(times) and (happened > 100 or name == "adaptation")


@pytest.mark.parametrize("name", available())
def test_javascript_functions_equal_the_symbolic_ones(name, parity):
    answer, asked = parity
    model = load_model(name)
    symbols = [model.system.symbols[n] for n in (*model.species, *model.parameters["name"])]
    for point, got in list(zip(asked[name][1], answer["points"][name], strict=True)):
        y, p = point["y"], point["p"]
        scale = np.abs(model.system.observe(0.0, y, p)[len(model.assignments) :]).max()
        np.testing.assert_allclose(got["rhs"], model.system.rhs(0.0, y, p), rtol=1e-12, atol=1e-13 * scale)
        np.testing.assert_allclose(got["observe"], [float(v) for v in model.system.observe(0.0, y, p)], rtol=1e-12)
        np.testing.assert_allclose(
            got["jacobian"],
            np.ravel(model.system.jacobian(0.0, y, p)),
            rtol=1e-11,
            atol=1e-13 * np.abs(got["jacobian"]).max(),
        )
    # Once against SymPy itself, with neither cse nor lambdify in between.
    values = dict(zip(symbols, [*y, *p], strict=True))
    exact = [float(e.evalf(20, subs=values)) for e in model.system.right_hand_side]
    np.testing.assert_allclose(got["rhs"], exact, rtol=1e-11, atol=1e-12 * scale)
    exact = [float(e.evalf(20, subs=values)) for e in model.system.slopes]
    np.testing.assert_allclose(got["jacobian"], exact, rtol=1e-10, atol=1e-12 * np.abs(exact).max())

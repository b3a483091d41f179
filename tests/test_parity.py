"""The equations that run in the page are those of the kernel, of SBML and of the text.

The page's own solver (bundled as the labs bundle it) runs the generated JavaScript; libRoadRunner runs the exported
SBML. Neither shares any code with the other but the Antimony text.
"""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest
import roadrunner

import hatch_build
from widgets import load_model, simulation
from widgets.model import available

DRAWS = 200
TIMES = np.array([0.0, 0.05, 0.5, 2.0, 6.0, 12.0, 24.0])
# A level that has fallen below a millionth of its resting level is compared with that floor: it is zero to the reader,
# and to both solvers' tolerances.
FLOOR = 1e-6


def draws(model, rng) -> list[np.ndarray]:
    """Constants with the controls drawn evenly over the whole range of their sliders, then every corner of it."""
    table = model.parameters
    limits = [(row.name, row.minimum, row.maximum) for row in table[table["control"]].itertuples(index=False)]
    drawn = [{name: rng.uniform(low, high) for name, low, high in limits} for _ in range(DRAWS)]
    names = [name for name, _, _ in limits]
    drawn += [dict(zip(names, ends, strict=True)) for ends in itertools.product(*(limit[1:] for limit in limits))]
    return [simulation.values(model, changes) for changes in drawn]


@pytest.fixture(scope="module")
def parity(tmp_path_factory, root):
    """What the page computes for each model: runs of every draw, and the functions at random states."""
    folder = tmp_path_factory.mktemp("parity")
    request = {"modules": {}, "runs": {}, "points": {}}
    asked = {}
    for name in available():
        model = load_model(name)
        rng = np.random.default_rng(20)
        constants = draws(model, rng)
        states = [
            {"y": (model.baseline * rng.uniform(0.01, 4, len(model.species))).tolist(), "p": p.tolist()}
            for p in constants[:40]
        ]
        path = folder / f"{name}.mjs"
        path.write_text(model.to_javascript(), encoding="utf-8")
        request["modules"][name] = str(path)
        request["runs"][name] = {"times": TIMES.tolist(), "p": [p.tolist() for p in constants]}
        request["points"][name] = states
        asked[name] = (constants, states)
    (folder / "request.json").write_text(json.dumps(request), encoding="utf-8")
    script = root / "tests" / "page_solver.mjs"
    hatch_build.run_node(root, str(script), str(folder / "request.json"), str(folder / "answer.json"))
    answer = json.loads((folder / "answer.json").read_text(encoding="utf-8"))
    return answer, asked


@pytest.mark.parametrize("name", available())
def test_page_agrees_with_libroadrunner(name, parity):
    answer, asked = parity
    model = load_model(name)
    runner = roadrunner.RoadRunner(model.to_sbml())
    runner.integrator.relative_tolerance = 1e-9
    runner.integrator.absolute_tolerance = 1e-13
    runner.integrator.maximum_num_steps = 100_000
    runner.timeCourseSelections = ["time", *(f"[{s}]" for s in model.species)]
    controls = [(i, n) for i, n in enumerate(model.parameters["name"]) if n in model.controls]
    floor = FLOOR * model.baseline.to_numpy()
    worst = {}
    for p, levels in zip(asked[name][0], answer["runs"][name], strict=True):
        runner.resetToOrigin()
        for i, control in controls:
            runner[control] = p[i]
        expected = np.array(runner.simulate(times=TIMES.tolist()))[:, 1:]
        found = np.array(levels).reshape(expected.shape)
        difference = np.abs(found - expected) / np.maximum(np.abs(expected), floor)
        for species, d in zip(model.species, difference.max(axis=0), strict=True):
            worst[species] = max(worst.get(species, 0), d)
    assert len(answer["runs"][name]) == DRAWS + 2 ** len(controls)
    assert max(worst.values()) <= 1e-3, worst


@pytest.mark.parametrize("name", available())
def test_javascript_functions_equal_the_symbolic_ones(name, parity):
    answer, asked = parity
    model = load_model(name)
    symbols = [model._symbols[n] for n in (*model.species, *model.parameters["name"])]
    for point, got in list(zip(asked[name][1], answer["points"][name], strict=True)):
        y, p = point["y"], point["p"]
        scale = np.abs(model._observe(0.0, y, p)[len(model.assignments) :]).max()
        np.testing.assert_allclose(got["rhs"], model._f(0.0, y, p), rtol=1e-12, atol=1e-13 * scale)
        np.testing.assert_allclose(got["observe"], [float(v) for v in model._observe(0.0, y, p)], rtol=1e-12)
        np.testing.assert_allclose(
            got["jacobian"], np.ravel(model._df(0.0, y, p)), rtol=1e-11, atol=1e-13 * np.abs(got["jacobian"]).max()
        )
    # Once against SymPy itself, with neither cse nor lambdify in between.
    values = dict(zip(symbols, [*y, *p], strict=True))
    exact = [float(e.evalf(20, subs=values)) for e in model._rhs]
    np.testing.assert_allclose(got["rhs"], exact, rtol=1e-11, atol=1e-12 * scale)
    exact = [float(e.evalf(20, subs=values)) for e in model._jacobian]
    np.testing.assert_allclose(got["jacobian"], exact, rtol=1e-10, atol=1e-12 * np.abs(exact).max())

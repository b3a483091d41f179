"""The public object that holds a model's equations: the shapes it promises, and that nobody reads behind it."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest

import widgets
from widgets import load_model
from widgets.engine.model import available

PACKAGE = Path(widgets.__file__).parent
ENGINE = PACKAGE / "engine"


@pytest.mark.parametrize("name", available())
def test_equations_have_the_shapes_they_promise(name):
    model = load_model(name)
    system = model.system
    s, a, r, p, e = map(len, (system.species, system.assignments, system.reactions, system.constants, system.events))
    assert system.stoichiometry.shape == (s, r) and system.amounts.shape == (s,) and system.initial.shape == (s,)
    assert system.defaults.shape == (p,) and system.conserved.shape[1] == s
    assert len(system.right_hand_side) == s and len(system.slopes) == s * s
    assert len(system.flat_rules) == a and len(system.flat_rates) == r and len(system.observed) == a + r
    assert len(system.event_whens) == len(system.event_crossings) == len(system.event_values) == e
    y, constants = model.baseline.to_list(), system.defaults.tolist()
    assert len(system.rhs(0.0, y, constants)) == s and np.shape(system.jacobian(0.0, y, constants)) == (s, s)
    assert len(system.observe(0.0, y, constants)) == a + r
    assert len(system.event_times(0.0, y, constants)) == len(system.event_gaps(0.0, y, constants)) == e
    for (places, values), event in zip(system.event_values, system.events, strict=True):
        assert [system.species[i] for i in places] == list(event.sets)
        assert len(values(0.0, y, constants)) == len(places)
    # A row of the Jacobian is the slope of the same row of the rates; the entries for many people are the same.
    rhs, entries, at = system.over_people
    crowd = [np.full(3, v) for v in y], [np.full(3, v) for v in constants]
    whole = np.zeros((s * s, 3))
    whole[at] = [np.broadcast_to(v, 3) for v in entries(0.0, *crowd)]
    one = np.ravel(system.jacobian(0.0, y, constants))
    np.testing.assert_allclose(whole[:, 1], one, rtol=1e-12, atol=1e-14 * np.abs(one).max())
    # At rest a rate is what is left of terms that cancel.
    turnover = np.abs(system.stoichiometry) @ np.abs(np.array(system.observe(0.0, y, constants)[a:], float))
    found = np.array([np.broadcast_to(v, 3)[1] for v in rhs(0.0, *crowd)])
    assert (np.abs(found - system.rhs(0.0, y, constants)) <= 1e-12 * (turnover + np.abs(found))).all()
    assert [system.places[n] for n in system.constants] == list(range(p))
    assert list(model.constants) == list(model.parameters["name"])


def test_rest_is_the_baseline_and_what_follows_from_it():
    model = load_model("serotonin")
    assert list(model.rest.index) == [*model.species, *model.assignments]
    assert (model.rest[model.species] == model.baseline).all()
    assert model.rest.attrs["units"]["extracellular"] == "µM"


def _private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def _defined(tree: ast.AST) -> set[str]:
    """Private names that a module defines: functions, classes, variables, attributes of its own objects."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            found.add(node.attr)
    return {name for name in found if _private(name)}


def _private_reads(source: str, engine: set[str]) -> list[str]:
    """Private names of the engine that a module imports, or reads from what is not itself."""
    tree = ast.parse(source)
    own, found = _defined(tree), []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("widgets.engine"):
            found += [alias.name for alias in node.names if _private(alias.name)]
        elif isinstance(node, ast.Attribute) and node.attr in engine - own:
            its_own = isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")
            found += [] if its_own else [node.attr]
    return found


def test_nothing_in_the_package_reads_a_private_name_of_the_engine():
    private = {path: _defined(ast.parse(path.read_text(encoding="utf-8"))) for path in ENGINE.glob("*.py")}
    everything = set().union(*private.values())
    assert len(everything) > 20
    reads = "model._table\nfrom widgets.engine.sbml import _note\n"
    assert sorted(_private_reads(reads, everything)) == ["_note", "_table"]
    modules = [path for path in PACKAGE.rglob("*.py") if "node_modules" not in path.parts]
    assert len(modules) > 40
    found = {str(p.relative_to(PACKAGE)): _private_reads(p.read_text(encoding="utf-8"), everything) for p in modules}
    assert {path: names for path, names in found.items() if names} == {}

"""Units on loading: what is added has one unit, a rate is a level over time; the book's models pass."""

from __future__ import annotations

import re
import warnings

import pytest

from widgets.engine.dimensions import Checker, Unit, declared
from widgets.engine.model import MODELS, Model, available, load_model

DECLARED = """
model mine()
  unit hour = 3600 second; unit uM = 1e-6 mole / litre; unit micromole = 1e-6 mole
  unit per_hour = 1 / hour; unit uM_per_hour = uM / hour
  unit time_unit = hour; unit substance = micromole; unit extent = micromole; unit volume = litre
  compartment c = 1; species x in c
  x = 1 uM; V = 2 uM_per_hour; K = 3 uM; k = 1 per_hour; n = 2 dimensionless
  made: -> x; k*K
  used: x -> ; V*(x/K)^n/(1 + (x/K)^n)
end
"""
BARE = "model mine()\n  species x; x = 1; V = 2; K = 3\n  used: x -> ; V*x/(K + x)\nend"


def _broken(name: str, old: str, new: str) -> str:
    text = (MODELS / f"{name}.ant").read_text(encoding="utf-8")
    found = re.sub(rf"(?m)^(\s*{old})", lambda match: match[0].replace(old.split()[-1], new), text, count=1)
    assert found != text, f"{old!r} is no longer in {name}.ant"
    return found


def test_the_books_models_hold_together():
    assert len(available()) >= 9
    for name in available():
        reading = load_model(name).reading
        units = declared(reading.sbml)
        checked = [law for law in reading.system.rates.values() if Checker(units, reading.units_given, {}, "").of(law)]
        assert len(checked) == len(reading.system.rates), f"{name}: a rate of which nothing is known was not checked"


@pytest.mark.parametrize(
    ("model", "line", "unit", "says"),
    [
        ("serotonin", r"K_SERT = 0.463 uM", "mM", r"Reaction 'reuptake'.*'K_SERT' \(mM\) and 'extracellular' \(µM\)"),
        ("serotonin", r"k_leak = 1 per_hour", "uM_per_hour", r"'leak'.* in µM times µM/h, where µM/h belongs"),
        ("serotonin", r"extracellular = 0.06 uM", "mM", r"'extracellular'.*starts in mM.*levels are in µM"),
        ("gaba", r"C_CELL = 120 pF", "nS", r"The rate of 'voltage' of model 'gaba' comes out in mV, where mV/ms"),
        ("gaba", r"pulse_interval = 20 millisecond", "mV", r"event 'pulse_begins'.*'next_pulse' \(ms\).*\(mV\)"),
        ("gaba", r"V_GAT = 0.000486 mM_per_millisecond", "mM", r"Reaction 'reuptake'.*in mM, where mM/ms belongs"),
        ("gaba", r"K_GAT = 0.0083 mM", "furlong", r"'K_GAT' of model 'gaba' is in 'furlong', which the text does not"),
    ],
)
def test_a_slip_in_a_unit_is_refused_by_name_reaction_and_both_units(model, line, unit, says):
    with pytest.raises(ValueError, match=says):
        Model.from_antimony(_broken(model, line, unit))


def test_a_readers_model_is_warned_and_still_runs():
    text = DECLARED.replace("K = 3 uM", "K = 90 mM")
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        model = Model.from_antimony(text, strict=False)
    made, used = (str(each.message) for each in said)
    assert made.startswith("Units do not fit. Reaction 'made' of model 'mine' comes out in mM/h, where µM/h belongs")
    assert "Reaction 'used'" in used and "a factor of 1e-06" in used
    assert model.simulate(hours=1, points=3)["x"].notna().all()


@pytest.mark.parametrize("text", [DECLARED, BARE, BARE.replace("K = 3", "K = 3 mM")], ids=["whole", "bare", "one unit"])
def test_what_fits_or_has_no_units_is_left_in_peace(text):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Model.from_antimony(text, strict=False)


@pytest.mark.parametrize(
    ("law", "says"),
    [
        ("k*K + V*piecewise(1, x > V, 2)", "compared"),
        ("V*exp(x)", "exp is taken of x"),
        ("V*min(1, x)", "compared"),
        ("V*2^x", "the exponent x is in µM"),
        ("V*(x/(K + 1))", r"'1' \(no unit \(a plain number\)\) and 'K' \(µM\) are added"),
        ("x*k + V*sqrt(K)/sqrt(x) - x", "'x'"),
    ],
)
def test_the_parts_of_a_law_are_looked_into(law, says):
    with pytest.warns(UserWarning, match=says):
        Model.from_antimony(DECLARED.replace("k*K", law), strict=False)


@pytest.mark.parametrize(
    "law",
    [
        "V*exp(-x/K)",
        "V*min(x/K, 1)",
        "k*max(x - K, 0)",
        "V*log10(x/K)",
        "k*sqrt(x*K)",
        "V*piecewise(1, x > K, 2)",
        "V*piecewise(1, x < 1, 2)",
    ],
)
def test_laws_that_fit_pass(law):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Model.from_antimony(DECLARED.replace("k*K", law), strict=False)


def test_units_in_si():
    units = declared(load_model("gaba").reading.sbml)
    assert units["nS"] == units["nS"] * Unit() and (units["nS"] * units["mV"]).same(units["pA"])
    assert (units["pA"] * units["millisecond"]).same(units["pF"] * units["mV"])
    assert not units["mM"].same(units["uM"]) and (units["mM"] ** -1).same(units["uM"] ** -1 * Unit(1e-3))

"""A model as an ES module: what the page integrates."""

from __future__ import annotations

import json
import math

import sympy
from sympy.printing.jscode import JavascriptCodePrinter

from widgets.engine.schedules import MOST, Schedule


class _Printer(JavascriptCodePrinter):
    """sympy.jscode with symbols printed as array elements and small powers as products."""

    def __init__(self, places: dict[sympy.Symbol, str]):
        super().__init__()
        self._places = places

    def _print_Symbol(self, expr):
        return self._places.get(expr, expr.name)

    def _print_Pow(self, expr):
        base, exponent = expr.args
        if exponent.is_Integer and 2 <= abs(int(exponent)) <= 4:
            # A product is several times faster than Math.pow; cse has already named any long base.
            factor = self.parenthesize(base, 1000)
            product = "*".join([factor] * abs(int(exponent)))
            return f"({product})" if exponent > 0 else f"1/({product})"
        return super()._print_Pow(expr)


def module(model) -> str:
    """The text of the module; see `Model.to_javascript` for what it exports."""
    system = model.system
    places = {system.symbols[n]: f"y[{i}]" for i, n in enumerate(system.species)}
    places |= {system.symbols[n]: f"p[{i}]" for i, n in enumerate(system.constants)}
    places |= {system.symbols[n]: f"a[{k}]" for k, n in enumerate(system.schedules)}
    places[system.time] = "t"
    printer = _Printer(places)

    def function(name, target, expressions, more=""):
        shared, results = sympy.cse(expressions, symbols=sympy.numbered_symbols("c"), list=True)
        lines = [f"  const {s.name} = {printer.doprint(e)};" for s, e in shared]
        lines += [f"  {target}[{i}] = {printer.doprint(e)};" for i, e in enumerate(results)]
        return f"export function {name}(t, y, p, {target}{more}) {{\n" + "\n".join(lines) + "\n}"

    parts = [_constant(name, value) for name, value in _heads(model).items()]
    parts += [
        function("rhs", "dy", system.right_hand_side),
        function("jacobian", "J", system.slopes),
        function("observe", "out", system.observed),
    ]
    if system.events:
        index = {n: i for i, n in enumerate(system.species)}
        # The amounts of schedules come last, so that a model without any has functions of the same form.
        more = ", a" if system.schedules else ""
        parts += [
            _constant("events", [e.name for e in system.events]),
            _constant("atStart", [e.at_start for e in system.events]),
            _constant("places", [[index[n] for n in e.sets] for e in system.events]),
            _constant("waitsForLevel", [e.gap is not None for e in system.events]),
            function("times", "out", system.event_whens, more),
            function("gaps", "out", system.event_crossings, more),
            function("values", "out", [v for e in system.events for v in e.sets.values()], more),
        ]
    if system.schedules:
        parts.append(_constant("schedules", [_schedule(schedule) for schedule in system.schedules.values()]))
    return "\n".join(parts) + "\n"


def _constant(name: str, value) -> str:
    return f"export const {name} = {json.dumps(value, ensure_ascii=False)};"


def _schedule(schedule: Schedule) -> dict:
    return {
        "name": schedule.name,
        "unit": schedule.unit,
        "meaning": schedule.meaning,
        "min": schedule.minimum,
        "max": schedule.maximum,
        "replaces": list(schedule.replaces),
        "most": MOST,
    }


def _heads(model) -> dict:
    """What the module says of the model beside its functions."""
    return {
        "name": model.name,
        "timeUnit": model.time_unit,
        "species": model.species,
        "assignments": model.assignments,
        "reactions": model.reactions,
        "units": model.units,
        "meanings": model.meanings,
        "parameters": [
            {
                "name": constant.name,
                "value": constant.value,
                "unit": constant.unit,
                "meaning": constant.meaning,
                "status": constant.status,
                "source": constant.source,
                "min": constant.minimum if math.isfinite(constant.minimum) else None,
                "max": constant.maximum if math.isfinite(constant.maximum) else None,
                "control": constant.control,
            }
            for constant in model.system.constants.values()
        ],
        "baseline": [float(v) for v in model.baseline],
        "amounts": [bool(v) for v in model.system.amounts],
    }

"""Panels that an author adds to a lab: made from plain data where they are, held against its models, put in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from widgets.checks import nearest
from widgets.engine.model import Model
from widgets.labs.models import check_output
from widgets.labs.panels import panel
from widgets.labs.panels.calendar import Calendar
from widgets.labs.spec import ControlSpec, Panel, RunSpec

ORDER = (
    "scene", "channel", "fingerprint", "concentration", "curves", "traces", "raster", "bars", "small", "scan", "facts",
    "terminals", "claims", "calendar", "sentence", "people", "fan", "table", "file",
)  # fmt: skip
"""In which order the book's own panels stand; a panel of another kind comes after them."""


def further_panels(given) -> list[Panel]:
    """Panels from instances, or dicts such as {"kind": "small", "outputs": ["vesicular"]}.

    Raises ValueError, naming the panel's place and the nearest known word, for a kind or a key that there is not.
    """
    if isinstance(given, (str, Mapping, Panel)) or not isinstance(given, Sequence):
        raise ValueError(f"panels is a list of panels, such as [{{'kind': 'small', 'outputs': [...]}}]; got {given!r}.")
    found = []
    for place, each in enumerate(given):
        if not isinstance(each, (Mapping, Panel)) or type(each) is Panel:
            raise ValueError(f"panels[{place}] is a panel or a dict with its kind; got {each!r}.")
        found.append(each if isinstance(each, Panel) else panel(dict(each), f"panels[{place}]"))
    return found


def reads(panels: Sequence[Panel], runs: Sequence[RunSpec], models: Sequence[Model]) -> list[list[str]]:
    """For each model, the outputs that further panels read of it.

    Raises ValueError, naming the panel's place and the nearest, for an output or a constant that the model has not.
    """
    found: list[dict[str, None]] = [{} for _ in models]
    for place, each in enumerate(panels):
        chosen = [run for run in each.of_runs() if 0 <= run < len(runs)] or range(len(runs))
        for model in dict.fromkeys(runs[run].model for run in chosen):
            for output in each.reads():
                check_output(models[model], output, f"panels[{place}] ({each.kind}): ")
                found[model][output] = None
            for constant in each.varies():
                if constant not in models[model].constants:
                    raise ValueError(
                        f"panels[{place}] ({each.kind}): {constant!r} is no constant of model {models[model].name!r}."
                        f"{nearest(constant, models[model].constants)} model.parameters lists them."
                    )
    return [list(outputs) for outputs in found]


def calendars(controls: Sequence[ControlSpec], further: Sequence[Panel]) -> list[Panel]:
    """A calendar for each schedule of which no further panel speaks: what is due, nothing, or twice as much."""
    spoken = {name for each in further for name in each.names()}
    found = []
    for control in controls:
        if control.kind != "schedule" or control.name in spoken:
            continue
        due = sorted({amount for _, amount in control.rest if amount > 0})
        usual = due[-1] if due else (control.maximum or 1.0)
        double = [2 * usual] if control.maximum is None or 2 * usual <= control.maximum else []
        found.append(Calendar(control=control.name, amounts=[*(due or [usual]), *double, 0.0]))
    return found


def in_order(panels: Sequence[Panel]) -> list[Panel]:
    """The panels in their places: by kind, and within a kind as given."""
    return sorted(panels, key=lambda each: ORDER.index(each.kind) if each.kind in ORDER else len(ORDER))

"""The drawn part of a lab: a widget that carries the lab's spec to the page, and what the reader changes.

view = LabView.showing(spec)
view.spec["controls"], view.locked, view.reuptake_inhibition
"""

from __future__ import annotations

import numbers
from collections.abc import Mapping

import traitlets
from anywidget import AnyWidget

from widgets import bundles
from widgets.bundles import STATIC
from widgets.labs.spec import LabSpec


class LabView(AnyWidget):
    """The drawn part of a lab: everything its browser code shows comes from `spec` and from the controls' traits.

    One trait per control is added by `LabView.of`; `jslink` joins it to its slider. `spec` is a
    `widgets.labs.spec.LabSpec` as the page reads it. `locked` is True until the reader has predicted; `guess` is the
    index of the chosen answer, -1 before.
    """

    # Plain traits rather than class attributes: the text is read when a lab is made, and no file is watched.
    _esm = traitlets.Unicode().tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)

    spec = traitlets.Dict(help="What the lab is: widgets.labs.spec.LabSpec").tag(sync=True)
    locked = traitlets.Bool(False).tag(sync=True)
    guess = traitlets.Int(-1).tag(sync=True)

    @traitlets.default("_esm")
    def _read_script(self) -> str:
        return bundles.text(STATIC / "lab.js")

    @traitlets.default("_css")
    def _read_style(self) -> str:
        return bundles.text(STATIC / "lab.css")

    @classmethod
    def of(cls, values: Mapping[str, bool | int | float | list], **traits) -> LabView:
        """A view with one trait for each value, of its type: bool, int, float or list.

        Raises ValueError for a name that the widget uses itself.
        """
        for name in values:
            if hasattr(cls, name):
                raise ValueError(
                    f"A parameter cannot be a control under the name {name!r}, which the widget uses itself; "
                    "rename it in the model."
                )
        members = {name: _trait(value).tag(sync=True) for name, value in values.items()}
        return type(cls.__name__, (cls,), {"__module__": cls.__module__, **members})(**traits)

    @classmethod
    def showing(cls, spec: LabSpec) -> LabView:
        """The view of a lab, opening at `spec.start`, locked where it asks for a prediction.

        A number that follows a choice also has traits <name>_max and <name>_step, which the page sets.
        """
        values = {}
        for control in spec.controls:
            values[control.name] = TYPES[control.kind](spec.start[control.name])
            if control.kind == "number" and control.follows is not None:
                values |= {f"{control.name}_max": float(control.maximum), f"{control.name}_step": float(control.step)}
        return cls.of(values, spec=spec.to_page(), locked=spec.prediction is not None)

    def __repr__(self) -> str:
        return f"LabView(name={self.spec.get('name', '')!r})"


def _rows(schedule) -> list[list[float]]:
    return [[float(time), float(amount)] for time, amount in schedule]


TYPES = {"number": float, "choice": int, "switch": bool, "schedule": _rows}
"""What a control's setting is as a trait of the view, by the kind of control."""


def _trait(value) -> traitlets.TraitType:
    if isinstance(value, bool):
        return traitlets.Bool(value)
    if isinstance(value, numbers.Integral):
        return traitlets.Int(int(value))
    if isinstance(value, numbers.Real):
        return traitlets.Float(float(value))
    return traitlets.List(list(value))

"""The ipywidgets of a lab: one for each control of its spec, joined to the view in the browser.

`jslink` copies values in the front end, so they work with a kernel and without. The links belong to the lab and live
as long as it does. A schedule has no ipywidget of its own: the page draws it.
"""

from __future__ import annotations

from collections.abc import Mapping

import ipywidgets

from widgets.labs.spec import ChoiceControl, LabSpec, NumberControl, SwitchControl
from widgets.labs.view import TYPES, LabView

_FULL_LABEL = {"description_width": "initial"}
_TRAIT = {"number": "value", "choice": "index", "switch": "value"}
"""Which of an ipywidget's traits holds the setting. A menu's value is not synchronised, its index is."""


class Inputs:
    """The ipywidgets of a lab's controls, in order, and their links to its view.

    widgets : dict from a control's name to its ipywidget; a schedule has none.
    links : the jslinks. box : what holds the widgets, in order.
    """

    def __init__(self, spec: LabSpec, view: LabView):
        self._controls = {control.name: control for control in spec.controls}
        self._view = view
        self.widgets = {}
        self.links: list[ipywidgets.Widget] = []
        for control in spec.controls:
            if control.kind == "schedule":
                continue
            made = _MADE[control.kind](control, getattr(view, control.name), view.locked)
            self.widgets[control.name] = made
            self.links += _links(control, made, view)
        self.box = ipywidgets.Box(
            list(self.widgets.values()), _dom_classes=("lab-controls", f"lab-controls-{len(self.widgets)}")
        )

    def of(self, kind: str) -> dict[str, ipywidgets.DOMWidget]:
        """The ipywidgets of one kind of control: "number", "choice" or "switch"."""
        return {name: each for name, each in self.widgets.items() if self._controls[name].kind == kind}

    def show(self, settings: Mapping) -> None:
        """Move controls from Python to settings that are known to be in range, choices before what follows them.

        A lab that waits for a prediction opens: whoever sets it from Python can see the answer anyway.
        """
        self._view.locked = False
        for each in self.widgets.values():
            each.disabled = False
        following = [name for name in settings if getattr(self._controls[name], "follows", None) is not None]
        for name in (*(name for name in settings if name not in following), *following):
            control, setting = self._controls[name], settings[name]
            value = TYPES[control.kind](setting)
            if name in following:
                self._follow(control, value)
            elif name in self.widgets:
                setattr(self.widgets[name], _TRAIT[control.kind], value)
            setattr(self._view, name, value)

    def _follow(self, control: NumberControl, value: float) -> None:
        """Give a slider the range of the option that is chosen, and a value in it."""
        slider = self.widgets[control.name]
        own = control.follows.ranges[getattr(self._view, control.follows.control)]
        # The old value may lie beyond the new end, and the new one beyond the old.
        slider.max = max(own.maximum, slider.value)
        slider.value = value
        slider.max, slider.step = own.maximum, own.step
        setattr(self._view, f"{control.name}_max", own.maximum)
        setattr(self._view, f"{control.name}_step", own.step)


def _links(control, made: ipywidgets.DOMWidget, view: LabView) -> list[ipywidgets.Widget]:
    name = control.name
    links = [
        ipywidgets.jslink((made, _TRAIT[control.kind]), (view, name)),
        ipywidgets.jsdlink((view, "locked"), (made, "disabled")),
    ]
    if control.kind == "number" and control.follows is not None:
        # The page sets both when another option is chosen: each has its own range.
        links += [
            ipywidgets.jsdlink((view, f"{name}_max"), (made, "max")),
            ipywidgets.jsdlink((view, f"{name}_step"), (made, "step")),
        ]
    return links


def _slider(control: NumberControl, value: float, locked: bool) -> ipywidgets.FloatSlider:
    made = ipywidgets.FloatSlider(
        value=value,
        min=control.minimum,
        max=control.maximum,
        step=control.step,
        description=control.label,
        readout=False,
        disabled=locked,
        style=_FULL_LABEL,
    )
    made.add_class(f"lab-param-{control.name}")
    return made


def _menu(control: ChoiceControl, place: int, locked: bool) -> ipywidgets.Dropdown:
    made = ipywidgets.Dropdown(
        options=list(control.options), index=place, description=control.label, disabled=locked, style=_FULL_LABEL
    )
    made.add_class(f"lab-menu-{control.name}")
    made.add_class("lab-menu")
    return made


def _checkbox(control: SwitchControl, on: bool, locked: bool) -> ipywidgets.Checkbox:
    made = ipywidgets.Checkbox(value=on, description=control.label, disabled=locked, indent=False, style=_FULL_LABEL)
    made.add_class(f"lab-param-{control.name}")
    made.add_class("lab-switch")
    return made


_MADE = {"number": _slider, "choice": _menu, "switch": _checkbox}

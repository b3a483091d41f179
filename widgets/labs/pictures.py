"""What a lab of a synapse draws: charts, raster, bars and the synapse itself, checked and made into panels."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from widgets.checks import listed, nearest, number, words
from widgets.engine.model import Model
from widgets.labs.models import check_output, depends_on_constants_alone, has_level
from widgets.labs.panels.bars import Bar, Bars
from widgets.labs.panels.channel import NEEDS, Channel
from widgets.labs.panels.curves import Curves
from widgets.labs.panels.raster import Raster
from widgets.labs.panels.scan import Point, Scan
from widgets.labs.panels.scene import Scene
from widgets.labs.panels.small import Small
from widgets.labs.panels.traces import Traces
from widgets.labs.spec import ControlSpec, OutputSpec, Panel
from widgets.labs.words import names_of, output_spec, words_of
from widgets.messengers import messenger_of

SCENES = ("channel",)
"""Drawings that are asked for by name."""


@dataclass(frozen=True)
class Pictures:
    """Which outputs are drawn, and how. Made by `pictures_of`."""

    main: str
    small: list[str]
    traces: list[str]
    raster: str | None
    bars: dict[str, str]
    scan: Scan | None
    scene: Scene | Channel | None
    own_unit: list[str]
    """Outputs drawn in their own unit rather than in % of rest."""
    labels: Mapping[str, str | Mapping[str, str]]
    runs: str
    """What is shown several times: models, cases, or nothing."""

    @property
    def outputs(self) -> list[str]:
        """What is drawn of one run, each once, in order."""
        raster = [self.raster] if self.raster is not None else []
        return list(dict.fromkeys([self.main, *self.small, *self.traces, *raster, *self.bars]))

    def in_own_unit(self, model: Model, output: str) -> bool:
        """Whether an output is given in its own unit, for want of a level at rest or because it was asked for."""
        return output in self.own_unit or not has_level(model, output)

    def words(self, model: Model, outputs: Iterable[str]) -> dict[str, OutputSpec]:
        """The words of a model's outputs."""
        return words_of(model, names_of(messenger_of(model.name)), outputs, self.labels, self.own_unit)

    def title(self, models: Sequence[Model]) -> str:
        """What stands above the large chart. Over several models' curves no one messenger can stand in it."""
        names = names_of(messenger_of(models[0].name), "level" if len(models) > 1 else None)
        return output_spec(models[0], names, self.main, self.labels, relative=True).title

    def panels(self, models: Sequence[Model]) -> list[Panel]:
        """The panels, in order."""
        crowded = bool(self.scan or self.traces or self.raster)
        curves = Curves(output=self.main, title=self.title(models), crowded=crowded, least=200 if self.scan else 250)
        bars = [Bar(output=output, label=label) for output, label in self.bars.items()]
        asked = [
            self.scene,
            curves,
            Traces(outputs=self.traces) if self.traces else None,
            Raster(output=self.raster) if self.raster is not None else None,
            Bars(bars=bars) if bars else None,
            Small(outputs=self.small) if self.small else None,
            self.scan,
        ]
        return [each for each in asked if each is not None]


def pictures_of(
    models: Sequence[Model],
    *,
    main: str,
    small: Sequence[str],
    traces: Sequence[str],
    raster: str | None,
    bars: Mapping[str, str] | None,
    absolute: Sequence[str],
    labels: Mapping[str, str | Mapping[str, str]],
    scan: Scan | None,
    scene: bool | str,
    cases: bool,
) -> Pictures:
    """What a lab draws. `labels`: words of outputs, checked; `cases`: whether it shows one model several times.

    Raises ValueError for an output that a model does not have, and for a chart that cannot show several runs.
    """
    runs = "models" if len(models) > 1 else "cases" if cases else ""
    drawn = _scene(scene)
    traces, bars = _names("traces", traces), _bars(bars)
    one = [*traces, *([raster] if raster is not None else []), *bars]
    if runs:
        _refuse_one_run(runs, drawn is not None, one)
        small = []
    if isinstance(drawn, Channel):
        _check_channel(models[0])
    for output in [main, *small, *one]:
        for model in models:
            check_output(model, output)
    curves = list(dict.fromkeys([main, *small, *traces]))
    own = [*_absolute(absolute, curves), *traces, *_in_percent(labels)]
    own_unit = [output for output in curves if output in own or not has_level(models[0], output)]
    return Pictures(main, list(small), traces, raster, bars, scan, drawn, own_unit, labels, runs)


def _scene(given) -> Scene | Channel | None:
    """What is drawn of a synapse. Raises ValueError for anything but True, False and "channel"."""
    if isinstance(given, str):
        if given != "channel":
            raise ValueError(
                f"scene={given!r} is no drawing.{nearest(given, SCENES)} Choose from True (the synapse), False (none) "
                'and "channel" (a GABA-A receptor with its chloride).'
            )
        return Channel()
    return Scene() if given else None


def _check_channel(model: Model) -> None:
    """Raises ValueError, naming what is missing, for a model without GABA-A receptors as they are drawn."""
    known = {*model.species, *model.assignments, *model.constants, *model.reactions}
    missing = [name for name in NEEDS if name not in known]
    if missing:
        raise ValueError(
            f"scene='channel' draws a GABA-A receptor, for which model {model.name!r} has no {listed(missing)}. Choose "
            "scene=True (the synapse) or False (none), or the model 'gaba'."
        )


def _refuse_one_run(runs: str, scene: bool, one: Sequence[str]) -> None:
    """Raises ValueError for what shows one run in a lab of several models or cases."""
    if scene and runs == "models":
        raise ValueError("The synapse is drawn for one model; a lab of several needs scene=False.")
    if scene:
        raise ValueError("The synapse is drawn for one run; a lab with cases needs scene=False.")
    if one:
        raise ValueError("traces, raster and bars show one run; leave them out in a lab of several models or cases.")


def _absolute(given, curves: Sequence[str]) -> list[str]:
    absolute = _names("absolute", given)
    for output in absolute:
        if output not in curves:
            raise ValueError(
                f"absolute names {output!r}, which this lab does not draw as a curve.{nearest(output, curves)} "
                f"Choose from {listed(curves)}."
            )
    return absolute


def _in_percent(labels: Mapping) -> list[str]:
    """Outputs whose label says that they are fractions shown in per cent."""
    return [output for output, own in labels.items() if isinstance(own, Mapping) and own.get("unit") == "percent"]


def _names(what: str, given) -> list[str]:
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise ValueError(f"{what} is a list of outputs, such as ['voltage']; got {given!r}.")
    names = list(given)
    if len(set(map(str, names))) < len(names):
        raise ValueError(f"{what} names an output twice: {listed(names)}.")
    return names


def _bars(given) -> dict[str, str]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise ValueError(f"bars is a dict of outputs and words, such as {{'occupancy_1': 'SERT'}}; got {given!r}.")
    return {output: words(f"the words of bar {output!r}", label) for output, label in given.items()}


# -- the chart over a control's range ----------------------------------------------------------------------


def scan_of(
    models: Sequence[Model], controls: Sequence[ControlSpec], control: str | None, output: str | None, points, main: str
) -> Scan | None:
    """The chart of where an output, `main` if left out, settles over a slider's whole range.

    Raises ValueError for no slider of the lab, several models, an unknown output, and points without words or numbers.
    """
    rows = points.to_dict("records") if isinstance(points, pd.DataFrame) else list(points)
    if control is None:
        if output is not None:
            raise ValueError("scan_output needs scan, the control it is drawn against.")
        if rows:
            raise ValueError("scan_points needs scan, the control they are drawn against.")
        return None
    sliders = [each.name for each in controls if each.kind == "number"]
    if control not in sliders:
        raise ValueError(
            f"scan={control!r} is not one of this lab's controls.{nearest(control, sliders)} "
            f"Choose from {listed(sliders)}."
        )
    if len(models) > 1:
        raise ValueError("scan shows one model; leave it out in a lab that overlays several.")
    output = main if output is None else output
    check_output(models[0], output)
    at_once = depends_on_constants_alone(models[0], output)
    return Scan(control=control, output=output, at_once=at_once, points=[_point(row) for row in rows])


def _point(row: Mapping) -> Point:
    text = words("the words of a point", row.get("words"))
    point = {}
    for key in ("x", "y", "low", "high"):
        value = row.get(key)
        missing = value is None or (isinstance(value, float) and math.isnan(value))
        if missing and key in ("low", "high"):
            continue
        point[key] = number(f"{key} of the point {text!r}", value)
    return Point(words=text, **point)

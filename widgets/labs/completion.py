"""Filling in what a lab's controls leave open: first from the shared table, then from the model's own constant."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace

from widgets.checks import listed, nearest, number
from widgets.engine.constants import Constant
from widgets.engine.model import Model
from widgets.labs.controls import CONTROLS, AnyControl, Choice, Control, Schedule, Switch
from widgets.labs.models import check_constant
from widgets.labs.settings import calendar_in
from widgets.labs.spec import ChoiceControl, ControlSpec, NumberControl, ScheduleControl, SwitchControl
from widgets.labs.words import capital, control_words, filled
from widgets.messengers import messenger_of


def controls_of(given, models: Sequence[Model], landmarks: Mapping) -> list[AnyControl]:
    """The controls of a lab, complete. `landmarks`: words under tracks, {"reuptake_inhibition": {0.8: "usual dose"}}.

    Raises ValueError for none, one twice, one that the models do not have, and one that does not fit its constant.
    """
    if isinstance(given, (str, Control, Choice, Switch, Schedule)):
        given = [given]
    if not given:
        raise ValueError("A lab needs at least one control, such as controls=['reuptake_inhibition'].")
    names = control_words(messenger_of(models[0].name), len(models) > 1)
    controls = [complete(item, models, names, landmarks) for item in given]
    known = [control.name for control in controls]
    if len(set(known)) < len(known):
        raise ValueError(f"Each control stands once in a lab; got {listed(known)}.")
    sliders = [control.name for control in controls if isinstance(control, Control)]
    for name in landmarks:
        if name not in sliders:
            what = "sliders" if name in known else "controls"
            raise ValueError(
                f"landmarks names {name!r}, which is not one of this lab's {what}."
                f"{nearest(name, sliders)} Choose from {listed(sliders)}."
            )
    return controls


def complete(item, models: Sequence[Model], names: Mapping[str, str], landmarks: Mapping) -> AnyControl:
    """One control, from its name or itself. `names`: the messenger's, which its words may hold in {braces}."""
    if not isinstance(item, (str, Control, Choice, Switch, Schedule)):
        raise ValueError(f"A control is a parameter's name or a Control; got {item!r}.")
    own = Control(item) if isinstance(item, str) else item
    if isinstance(own, Schedule):
        return _schedule(own, models)
    for model in models:
        check_constant(model, own.name)
    constant = models[0].constants[own.name]
    if isinstance(own, Choice):
        return _choice(own, constant)
    if isinstance(own, Switch):
        return _switch(own, constant)
    return _number(own, constant, models[0].name, names, landmarks.get(own.name, {}))


def control_spec(control: AnyControl, model: Model) -> ControlSpec:
    """A complete control as the page reads it; words at values become pairs, because JSON keys are strings."""
    given = {each.name: getattr(control, each.name) for each in fields(control)}
    if isinstance(control, Schedule):
        row = model.schedules[control.name]
        return ScheduleControl(**given, minimum=row.minimum, maximum=row.maximum)
    rest = model.constants[control.name].value
    if isinstance(control, Switch):
        return SwitchControl(**given, rest=bool(rest))
    if isinstance(control, Choice):
        options, values = list(control.options), list(control.options.values())
        phrases = [control.phrase.replace("{value}", option) for option in options]
        return ChoiceControl(
            name=control.name,
            label=control.label,
            options=options,
            values=values,
            rest=values.index(rest),
            phrases=phrases,
            marker=control.marker,
        )
    for key in ("landmarks", "shown", "said"):
        given[key] = [(float(at), words) for at, words in given[key].items()]
    return NumberControl(**given, rest=rest)


# -- a number ----------------------------------------------------------------------------------------------


def _number(own: Control, constant: Constant, model: str, names: Mapping, landmarks: Mapping) -> Control:
    shared = CONTROLS.get(own.name, Control(own.name))
    open_ = [f.name for f in fields(Control) if getattr(own, f.name) in (None, {})]
    chosen = replace(own, **{name: getattr(shared, name) for name in open_})
    low, high = _range(own, chosen, constant, model)
    chosen = replace(chosen, minimum=low, maximum=high, step=_step(chosen, high - low), scale=_scale(chosen))
    unit = _unit(constant) if chosen.unit is None else chosen.unit
    meaning = constant.meaning or own.name.replace("_", " ")
    chosen = replace(
        chosen,
        unit=unit,
        label=chosen.label or meaning,
        low=_in_unit(low, unit, constant) if chosen.low is None else chosen.low,
        high=_high(own, shared, chosen, constant, unit),
        phrase=chosen.phrase or f"{meaning} at {{value}}",
        marker=chosen.marker or "change begins",
        landmarks=_landmarks({**chosen.landmarks, **landmarks}, chosen),
    )
    said = {f.name: filled(getattr(chosen, f.name), names) for f in fields(Control)}
    return Control(**said | {"label": capital(said["label"])})


def _range(own: Control, chosen: Control, constant: Constant, model: str) -> tuple[float, float]:
    """The slider's two ends, within what the model allows."""
    least, most, value = constant.minimum, constant.maximum, constant.value
    low, high = chosen.minimum, chosen.maximum
    if own.maximum is None and high is not None:
        # The shared table may stop short of the model's limit, never go beyond it.
        high = min(high, most)
    if low is None:
        low = least if math.isfinite(least) else min(0.0, 2 * value)
    if high is None:
        high = most if math.isfinite(most) else (2 * value if value > 0 else 1.0)
    ends = []
    for end, given in (("minimum", low), ("maximum", high)):
        at = number(f"the {end} of control {own.name!r}", given)
        if not least <= at <= most:
            raise ValueError(
                f"The {end} of control {own.name!r} must lie between {least:g} and {most:g}, as model {model!r} "
                f"allows; got {at:g}."
            )
        ends.append(at)
    low, high = ends
    if not low < high:
        raise ValueError(f"Control {own.name!r} needs a minimum below its maximum; got {low:g} and {high:g}.")
    return low, high


def _step(chosen: Control, width: float) -> float:
    step = _tidy_step(width) if chosen.step is None else chosen.step
    step = number(f"the step of control {chosen.name!r}", step)
    if not 0 < step <= width:
        raise ValueError(f"The step of control {chosen.name!r} must be above 0 and at most {width:g}; got {step:g}.")
    return step


def _tidy_step(width: float) -> float:
    """A step of 1, 2 or 5 times a power of ten that divides a range into some forty."""
    power = 10 ** math.floor(math.log10(width / 40))
    return min((m * power for m in (1, 2, 5, 10)), key=lambda step: abs(math.log(width / 40 / step)))


def _scale(chosen: Control) -> float:
    scale = number(f"the scale of control {chosen.name!r}", chosen.scale)
    if not scale > 0:
        raise ValueError(f"The scale of control {chosen.name!r} must be above 0; got {scale:g}.")
    return scale


def _unit(constant: Constant) -> str:
    return "" if constant.unit == "dimensionless" else constant.unit


def _in_unit(end: float, unit: str, constant: Constant) -> str:
    """An end of the track in words."""
    own = _unit(constant)
    ends = {"percent": f"{100 * end:g} %", "times": f"{end:g} ×"}
    return ends.get(unit, f"{end:g} {own}".rstrip())


def _high(own: Control, shared: Control, chosen: Control, constant: Constant, unit: str) -> str:
    """Under the right end. The shared table's words speak of its own end: on a shorter track they would be untrue."""
    moved = own.high is None and own.maximum is not None and own.name in CONTROLS
    kept = not moved or (shared.maximum is None and chosen.maximum == constant.maximum)
    return chosen.high if kept and chosen.high is not None else _in_unit(chosen.maximum, unit, constant)


def _landmarks(given: Mapping[float, str], chosen: Control) -> dict[float, str]:
    for place in given:
        at = number(f"a landmark of control {chosen.name!r}", place)
        if not chosen.minimum <= at <= chosen.maximum:
            raise ValueError(
                f"The landmark at {at:g} lies outside control {chosen.name!r}, which goes from {chosen.minimum:g} "
                f"to {chosen.maximum:g}."
            )
    return dict(given)


# -- the other kinds ---------------------------------------------------------------------------------------


def _allowed(what: str, values: Sequence[float], constant: Constant) -> None:
    for value in values:
        if not constant.minimum <= value <= constant.maximum:
            raise ValueError(
                f"{what} sets {constant.name!r} to {value:g}; the model allows {constant.minimum:g} to "
                f"{constant.maximum:g}."
            )


def _choice(own: Choice, constant: Constant) -> Choice:
    values = list(own.options.values())
    _allowed(f"Control {own.name!r}", values, constant)
    if constant.value not in values:
        raise ValueError(
            f"One option of control {own.name!r} must be the model's own value, {constant.value:g}, where the lab "
            f"rests; got {listed(f'{value:g}' for value in values)}. Add it to the options."
        )
    label = own.label or constant.meaning
    return replace(own, label=capital(label), phrase=own.phrase or f"{_within(label)}: {{value}}")


def _switch(own: Switch, constant: Constant) -> Switch:
    _allowed(f"Control {own.name!r}", (0.0, 1.0), constant)
    if constant.value not in (0.0, 1.0):
        raise ValueError(
            f"Control {own.name!r} switches between 0 and 1, but in the model {own.name!r} is {constant.value:g}. "
            "Use a Choice with that value among its options."
        )
    label = own.label or constant.meaning
    return replace(
        own, label=capital(label), on=own.on or f"{_within(label)} on", off=own.off or f"{_within(label)} off"
    )


def _schedule(own: Schedule, models: Sequence[Model]) -> Schedule:
    for model in models:
        if own.name not in model.schedules:
            raise ValueError(
                f"Model {model.name!r} has no schedule {own.name!r}.{nearest(own.name, model.schedules)} "
                f"Its schedules: {listed(model.schedules)}."
            )
    row = models[0].schedules[own.name]
    label = own.label or row.meaning
    unit = row.unit if own.unit is None else own.unit
    rest = calendar_in(f"the rest of control {own.name!r}", list(own.rest), row.minimum, row.maximum, unit)
    return replace(own, label=capital(label), rest=rest, unit=unit, phrase=own.phrase or f"{_within(label)}: {{value}}")


def _within(label: str) -> str:
    """A label in the middle of a sentence: "tablets", but "MAO-A blocked" as it is."""
    return label if label[1:2].isupper() or not label[1:2].isalpha() else label[:1].lower() + label[1:]

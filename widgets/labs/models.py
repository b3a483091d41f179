"""What a lab runs: models, several cases of one, and how long; each as its spec has it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import pandas as pd

from widgets.checks import listed, nearest, number, words
from widgets.engine.model import Model, load_model
from widgets.engine.settings import values
from widgets.labs.spec import Clock, ModelSpec
from widgets.labs.spec import Messenger as MessengerSpec
from widgets.messengers import Messenger

NO_LEVEL = 1e-12
"""A level at rest that is not above this is none to give percentages of."""


def models_of(given) -> list[Model]:
    """The models of a lab, from a name, a Model or a list of them. Raises ValueError for what cannot be overlaid."""
    chosen = list(given) if isinstance(given, (list, tuple)) else [given]
    if not chosen:
        raise ValueError("A lab needs a model: its name, such as 'serotonin', or a list of names.")
    models = [load_model(m) if isinstance(m, (str, Path)) else m for m in chosen]
    for m in models:
        if not hasattr(m, "to_javascript"):
            raise ValueError(f"A lab's model is a name such as 'serotonin' or a Model; got {m!r}.")
    names = [m.name for m in models]
    if len(set(names)) < len(names):
        raise ValueError(f"A lab overlays different models; got {listed(names)}. Name each once.")
    units = {m.time_unit for m in models}
    if len(units) > 1:
        raise ValueError(f"Models in one lab share a unit of time; got {listed(sorted(units))}. Use one lab for each.")
    return models


def model_spec(model: Model, messenger: Messenger, name: str | None = None, sliders: Collection[str] = ()) -> ModelSpec:
    """A model as the page runs it. `name`: its messenger's, where another than the messenger's own suits; `sliders`:
    what the lab lets be moved besides the model's own controls."""
    return ModelSpec(
        name=model.name,
        messenger=MessengerSpec(
            name=name or messenger.name,
            symbol=messenger.symbol,
            hue=messenger.hue,
            transporter=messenger.transporter or "pump",
            enzyme=_enzyme(model, messenger),
            precursor=messenger.precursor,
            metabolite=messenger.metabolite,
        ),
        javascript=model.to_javascript(),
        constant=_constant(model, sliders),
        autoreceptor_signal=_is_signal(model),
        # A reader's own model with a pump is explained as the book's are.
        explanation=messenger.explanation or ("pump" if "reuptake" in model.reactions else ""),
    )


def _constant(model: Model, sliders: Collection[str]) -> list[str]:
    """Assignments that nothing in a lab can move: a brake whose strength is 0 is none."""
    symbols = model.system.symbols
    fixed = {
        symbols[name]: constant.value
        for name, constant in model.constants.items()
        if not constant.control and name not in sliders
    }
    return [name for name, rule in model.system.flat_rules.items() if not rule.subs(fixed).free_symbols]


def _enzyme(model: Model, messenger: Messenger) -> str:
    """The enzyme's name on the drawing: its row's; where the model itself speaks of MAO-A or B, that; else "enzyme"."""
    speaks_of_mao = any("mao_" in name for name in (*model.reactions, *model.constants))
    own = "" if messenger.key == "neutral" else messenger.enzyme
    return own or ("MAO" if speaks_of_mao else "enzyme")


def _is_signal(model: Model) -> bool:
    """Whether the model describes autoreceptor_occupancy as something other than the fraction occupied."""
    meaning = model.meanings.get("autoreceptor_occupancy")
    return meaning is not None and "occup" not in meaning.lower()


def lab_name(name: str | None, models: Sequence[Model]) -> str:
    """The name given, or one made of the models'. Raises ValueError for what cannot stand in a link."""
    if name is None:
        return "-".join(m.name for m in models)
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z][\w-]*", name):
        raise ValueError(f"A lab's name is a letter and then letters, digits, - or _, as in 'ssri-dose'; got {name!r}.")
    return name


# -- what a model has --------------------------------------------------------------------------------------


def check_constant(model: Model, name: str) -> None:
    """Raises ValueError, naming the nearest, unless the model has a constant of that name."""
    if name not in model.constants:
        raise ValueError(
            f"Model {model.name!r} has no parameter {name!r} to control.{nearest(name, model.constants)} "
            f"Its controls are {listed(model.controls)}; model.parameters lists every constant."
        )


def check_output(model: Model, output: str, where: str = "") -> None:
    """Raises ValueError, `where` first and naming the nearest, unless it is a species or an assignment of the model."""
    names = [*model.species, *model.assignments]
    if output not in names:
        raise ValueError(
            f"{where}Model {model.name!r} has no output {output!r} to draw.{nearest(output, names)} "
            f"Choose from {listed(names)}."
        )


def has_level(model: Model, output: str) -> bool:
    """Whether there is a level of it at rest, to give percentages of."""
    return bool(model.rest[output] > NO_LEVEL)


def depends_on_constants_alone(model: Model, output: str) -> bool:
    """Whether an output is the same whatever the levels are, so that nothing has to settle."""
    rule = model.system.flat_rules.get(output)
    changing = {*model.species, "time"}
    return rule is not None and not changing & {str(symbol) for symbol in rule.free_symbols}


# -- several curves of one model ---------------------------------------------------------------------------


def cases_of(given, models: Sequence[Model], controls: Collection[str]) -> dict[str, dict[str, float]]:
    """The cases of a lab: words and the constants that each holds. `controls`: their names, which no case may hold."""
    if given is None:
        return {}
    if len(models) > 1:
        raise ValueError("cases are of one model; leave them out in a lab that overlays several.")
    if not isinstance(given, Mapping) or len(given) < 2:
        raise ValueError(
            f"cases is a dict of at least two, such as {{'Slow firing': {{'firing_rate': 0.6}}, ...}}; got {given!r}."
        )
    return {words("the name of a case", case): _case(case, held, models[0], controls) for case, held in given.items()}


def settled_of(settled: bool, cases: Mapping[str, Mapping[str, float]], model: Model) -> dict[str, pd.Series]:
    """For each case the levels at which it starts, where its own constants let the model settle; none if not asked for.

    Raises ValueError for a lab without cases, and for a case that does not settle.
    """
    if not settled:
        return {}
    if not cases:
        raise ValueError("settled is of cases: it says that each starts at its own rest. Add cases, or leave it out.")
    return {case: model.steady_state(**held)[model.species] for case, held in cases.items()}


def _case(case: str, held, model: Model, controls: Collection[str]) -> dict[str, float]:
    if not isinstance(held, Mapping):
        raise ValueError(f"The case {case!r} is a dict of constants such as {{'firing_rate': 0.6}}; got {held!r}.")
    for name in held:
        check_constant(model, name)
        if name in controls:
            raise ValueError(
                f"The case {case!r} holds {name!r}, which is a slider of this lab; leave it out of one of the two."
            )
    try:
        values(model, held)
    except ValueError as error:
        raise ValueError(f"The case {case!r}: {error}") from None
    return {name: float(value) for name, value in held.items()}


# -- how long a run lasts ----------------------------------------------------------------------------------

CLOCKS = {
    "hours": ("hour", "hour", 1.0),
    "seconds": ("second", "hour", 3600.0),
    "minutes": ("minute", "hour", 60.0),
    "days": ("day", "hour", 1 / 24),
    "milliseconds": ("millisecond", "millisecond", 1.0),
}
"""How long a run lasts: keyword -> (unit shown, unit of the model, time shown over the model's time)."""


def clock_of(model: Model, **given: float | None) -> Clock:
    """The clock of a lab from the one length that is given, by the keyword of its unit.

    24 hours, or 100 milliseconds, where none is. Raises ValueError for two, for one of 0 or less, and for a unit that
    the model does not count in.
    """
    own = f"{model.time_unit}s"
    chosen = [word for word, value in given.items() if value is not None]
    if len(chosen) > 1:
        raise ValueError(f"A run has one length; got {listed(f'{word}={given[word]!r}' for word in chosen)}.")
    word = chosen[0] if chosen else own
    shown, unit, factor = CLOCKS[word]
    if unit != model.time_unit:
        fitting = [name for name, clock in CLOCKS.items() if clock[1] == model.time_unit]
        raise ValueError(f"Model {model.name!r} counts time in {own}: use {'=, '.join(fitting)}=, not {word}=.")
    if not chosen:
        return Clock(span=24.0 if own == "hours" else 100.0, unit=shown, factor=factor)
    length = number(word, given[word])
    if length <= 0:
        raise ValueError(f"{word} must be greater than 0; got {length:g}. Use {word}=24, say.")
    return Clock(span=length / factor, unit=shown, factor=factor)

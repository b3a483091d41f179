"""The controls of a lab: numbers, choices, switches and schedules, and the table of those that several labs share.

    SynapseLab("serotonin", controls=["reuptake_inhibition", Control("V_SERT", label="Number of pumps", maximum=500)])

What a control leaves open is filled in by `widgets.labs.completion`; a control of another kind is used as given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from widgets.checks import listed, number, words


@dataclass(frozen=True)
class Control:
    """One slider: its range, and every word that stands on it or speaks of it.

    Whatever is left out (None, or empty) comes from the shared table of controls or from the model's own parameter.
    Words may hold {transporter}, {precursor}, {transmitter} and {symbol}.

    name : the model's parameter.
    label : above the track.
    minimum, maximum, step : the slider's range, in the parameter's unit.
    unit : "percent" (the value is a fraction), "times" (a multiple of normal) or the unit in words.
    scale : value shown over the parameter's value, where `unit` is another than the model's; 3600 with the unit
        "seconds" shows hours as seconds. minimum, maximum, step and landmarks stay in the parameter's unit.
    low, high : under the two ends of the track.
    landmarks : words under the track at other values, {0.8: "usual SSRI dose"}.
    shown : words in place of the number beside the label, {1.0: "normal"}.
    phrase : the setting in the middle of a sentence, with {value}.
    said : phrases for exact values, {0.0: "none of the pumps blocked"}.
    marker : stands in the chart where the change begins.
    """

    name: str
    label: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    unit: str | None = None
    scale: float = 1.0
    low: str | None = None
    high: str | None = None
    landmarks: Mapping[float, str] = field(default_factory=dict)
    shown: Mapping[float, str] = field(default_factory=dict)
    phrase: str | None = None
    said: Mapping[float, str] = field(default_factory=dict)
    marker: str | None = None


@dataclass(frozen=True)
class Choice:
    """A menu: a constant of the model takes one of a few values, each with a name.

        Choice("autoreceptor_gain", "The brake", {"as it is": 1, "half gone": 0.5, "gone": 0})

    name : the model's constant. One of the values is the model's own: there the lab rests.
    label : above the menu; the constant's meaning if left out.
    options : the words of each option and the constant's value, {"gone": 0.0}; or words alone, for 0, 1, 2 ...
    phrase : the setting in the middle of a sentence, with {value} for the option's words; "label: {value}" if left out.
    marker : stands in the chart where the change begins.

    A setting of it is the option's words: `lab.set(autoreceptor_gain="gone")`. Raises ValueError for less than two
    options, options without words, and two with the same value.
    """

    name: str
    label: str | None = None
    options: Mapping[str, float] | Sequence[str] = ()
    phrase: str | None = None
    marker: str = "change begins"

    def __post_init__(self):
        where = f"control {self.name!r}"
        given = self.options
        if isinstance(given, str) or not isinstance(given, (Mapping, Sequence)) or len(given) < 2:
            raise ValueError(
                f"The options of {where} are at least two, such as {{'normal': 1.0, 'gone': 0.0}}; got {given!r}."
            )
        pairs = (
            list(given.items()) if isinstance(given, Mapping) else [(each, place) for place, each in enumerate(given)]
        )
        options = {words(f"an option of {where}", each): number(f"{each!r} of {where}", at) for each, at in pairs}
        if len(set(options.values())) < len(pairs):
            raise ValueError(
                f"Each option of {where} has words and a value of its own; got {listed(map(repr, pairs))}."
            )
        object.__setattr__(self, "options", options)


@dataclass(frozen=True)
class Switch:
    """On or off: a constant of the model is 1 or 0.

        Switch("feedback", "Feedback", on="feedback on", off="feedback off")

    name : the model's constant, whose own value is 0 or 1. label : beside the box; the constant's meaning if left out.
    on, off : the setting in the middle of a sentence; "label on", "label off" if left out.
    marker : stands in the chart where the change begins.

    A setting of it is True or False: `lab.set(feedback=False)`.
    """

    name: str
    label: str | None = None
    on: str | None = None
    off: str | None = None
    marker: str = "change begins"


@dataclass(frozen=True)
class Schedule:
    """A list of times with amounts, such as a calendar of doses: a schedule of the model.

    name : the model's schedule. label : above it; the schedule's meaning if left out.
    rest : [(time, amount), ...] in the model's units, at which the lab rests; none if left out.
    unit : of the amounts, in words; the model's if left out.
    phrase : the setting in the middle of a sentence, with {value}; "label: {value}" if left out.
    marker : stands in the chart where the change begins.

    A setting of it is such a list: `lab.set(tablets=[(0, 20), (24, 20)])`.
    """

    name: str
    label: str | None = None
    rest: Sequence[tuple[float, float]] = ()
    unit: str | None = None
    phrase: str | None = None
    marker: str = "change begins"


AnyControl = Control | Choice | Switch | Schedule

CONTROLS = {
    control.name: control
    for control in (
        Control(
            "reuptake_inhibition",
            label="Reuptake blocked ({transporter})",
            step=0.05,
            unit="percent",
            low="none",
            high="all",
            phrase="{value} of the pumps blocked",
            said={0.0: "none of the pumps blocked", 1.0: "all of the pumps blocked"},
            marker="block begins",
        ),
        Control(
            "mao_a_inhibition",
            label="MAO-A blocked",
            step=0.05,
            unit="percent",
            low="none",
            high="all",
            phrase="{value} of MAO-A blocked",
            said={0.0: "MAO-A working freely", 1.0: "all of MAO-A blocked"},
            marker="block begins",
        ),
        Control(
            "mao_b_inhibition",
            label="MAO-B blocked",
            step=0.05,
            unit="percent",
            low="none",
            high="all",
            phrase="{value} of MAO-B blocked",
            said={0.0: "MAO-B working freely", 1.0: "all of MAO-B blocked"},
            marker="block begins",
        ),
        Control(
            "autoreceptor_gain",
            label="Autoreceptor brake",
            step=0.05,
            unit="percent",
            low="off",
            high="normal",
            shown={0.0: "off", 1.0: "normal"},
            phrase="the autoreceptor brake at {value} of its strength",
            said={0.0: "the autoreceptor brake off", 1.0: "the autoreceptor brake normal"},
            marker="change begins",
        ),
        Control(
            "firing_rate",
            label="Firing",
            maximum=3.0,
            step=0.1,
            unit="times",
            low="silent",
            high="3 ×",
            landmarks={1.0: "resting"},
            phrase="firing at {value} the resting rate",
            said={0.0: "the neuron silent", 1.0: "firing at the resting rate"},
            marker="change begins",
        ),
        Control(
            "precursor_supply",
            label="{precursor} supply",
            maximum=3.0,
            step=0.1,
            unit="times",
            low="none",
            high="3 ×",
            landmarks={1.0: "normal"},
            phrase="{precursor} supply at {value} normal",
            said={
                0.0: "no {precursor} supply",
                0.5: "{precursor} supply halved",
                1.0: "{precursor} supply normal",
                2.0: "{precursor} supply doubled",
            },
            marker="change begins",
        ),
    )
}

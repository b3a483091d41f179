"""What a lab is, said once: the typed spec that Python assembles and the page draws.

A spec travels to the page as one trait of `LabView`. The TypeScript types are generated from these classes
(`python -m widgets.labs.schema`), so nothing of the contract is written a second time. What the reader changes (the
controls' values, the guess, the lock) are traits of their own; everything here stays as it is while a lab is shown.

    spec.models    what can be run: code and names
    spec.runs      one run each: which model, which constants it holds
    spec.drive     how the controls' values become constants of each run
    spec.controls  numbers, choices, switches and schedules
    spec.outputs   for each model: the words of every output that is read
    spec.panels    what is drawn, in order; each panel is a class in `widgets.labs.panels` and a file in view/panels

Keys are camelCase in the page (`model_dump(by_alias=True)`), snake_case here.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from widgets.checks import listed, nearest
from widgets.labs.agreement import agree
from widgets.reading import validated

VERSION = 1
"""Raised when a page of an older build could not draw a spec as it is meant."""

SomePart = TypeVar("SomePart", bound="Part")

Settings = dict[str, float | list[tuple[float, float]]]
"""A value for each control: a number (of a choice its place, of a switch 0 or 1), or a schedule's times and amounts."""

WordsAt = list[tuple[float, str]]
"""Words that stand at one exact value."""


class Part(BaseModel):
    """A part of a spec: frozen, and refusing what it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel, populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _knows_its_keys(cls, given: Any) -> Any:
        """What it does not know is named, with the nearest key, before pydantic says that something else is missing."""
        for key in given if isinstance(given, dict) else ():
            names = list(cls.model_fields)
            if key not in names and key not in map(to_camel, names):
                raise ValueError(f"There is no {key!r} in {cls.__name__}.{nearest(key, names)} It has {listed(names)}.")
        return given


def made(part: type[SomePart], place: str, **fields) -> SomePart:
    """A part of a spec from its fields. Raises ValueError "`place`: what is wrong; the fix" for the first that is."""
    return validated(part, fields, place)


# -- what is run -------------------------------------------------------------------------------------------


class Messenger(Part):
    """The names of one messenger's parts, as the field uses them."""

    name: str = Field(description='"serotonin"; starts a sentence when capitalised')
    symbol: str = Field(description='"5-HT"')
    hue: str = Field(description="a name in the palette")
    transporter: str = Field(description='"SERT"')
    enzyme: str = Field(description='"MAO"')
    precursor: str = Field(description='"tryptophan"')
    metabolite: str = Field(description='"5-HIAA"')


class ModelSpec(Part):
    """A model as the page runs it."""

    name: str
    messenger: Messenger
    javascript: str = Field(description="the ES module that Model.to_javascript writes")
    constant: list[str] = Field([], description="assignments that hold one value whatever happens")
    autoreceptor_signal: bool = Field(
        False, description="autoreceptor_occupancy is the size of the effect, not the part of receptors occupied"
    )
    explanation: str = Field("", description="which explainer says why a level is as it is; empty: none")


class RunSpec(Part):
    """One run of a model. Its name tells it from other runs of the same model."""

    model: int = Field(ge=0, description="place in spec.models")
    name: str = ""
    held: dict[str, float] = Field({}, description="constants with other values than the model's own")
    settled: bool = Field(False, description="it starts where these constants let it settle, not at the model's rest")
    side: int = Field(0, ge=0, description="which side of a comparison it belongs to")
    span: float | None = Field(None, description="length in the model's unit of time, where it is not the lab's")


class Clock(Part):
    """How long a run lasts and in which unit the page shows time."""

    span: float = Field(gt=0, description="in the model's own unit of time")
    unit: Literal["second", "minute", "hour", "day", "millisecond"] = "hour"
    factor: float = Field(1.0, gt=0, description="time shown over the model's time")


class OutputSpec(Part):
    """The words of an output."""

    title: str = Field(description='chart title: "Serotonin between the neurons"')
    short: str = Field(description='under a small chart: "stored in vesicles"')
    noun: str = Field(description='in a sentence: "serotonin between the neurons"')
    unit: str = Field("", description='"µM", empty for a pure number, "percent" for a fraction shown as one')
    relative: bool = Field(True, description="drawn in % of its level at rest rather than in its own unit")


# -- controls ----------------------------------------------------------------------------------------------


class Range(Part):
    """Of a number whose range follows a choice: how it looks for one of the options."""

    label: str
    maximum: float
    step: float
    high: str
    landmarks: WordsAt = []
    phrase: str
    said: WordsAt = []
    opens: float = Field(description="the value it takes when the option is chosen")


class Follows(Part):
    """A number's range depends on a choice."""

    control: str = Field(description="the choice")
    ranges: list[Range] = Field(description="one for each option")


class NumberControl(Part):
    """A slider."""

    kind: Literal["number"] = "number"
    name: str
    label: str
    minimum: float
    maximum: float
    step: float = Field(gt=0)
    rest: float = Field(description="the value at rest: the model's own default")
    unit: str = Field("", description='"percent" (a fraction), "times" (a multiple) or the unit in words')
    scale: float = Field(1.0, gt=0, description="value shown over the parameter's value")
    low: str = ""
    high: str = ""
    landmarks: WordsAt = []
    shown: WordsAt = Field([], description="words that replace the number beside the label")
    phrase: str = Field("{value}", description='"{value} of the pumps blocked"')
    said: WordsAt = Field([], description='phrases for exact values: "none of the pumps blocked"')
    marker: str = Field("change begins", description="stands at the start when this control alone was moved")
    follows: Follows | None = None


class ChoiceControl(Part):
    """A menu. Its value is the place of an option."""

    kind: Literal["choice"] = "choice"
    name: str
    label: str
    options: list[str] = Field(min_length=1)
    names: list[str] = Field(
        [], description="what a link calls each option, whatever its place; empty: the option's words"
    )
    values: list[float] = Field([], description="of the constant, one for each option; empty: the option's place")
    rest: int = Field(0, ge=0, description="the place of the option at rest")
    phrases: list[str] = Field([], description="the setting in the middle of a sentence, one for each option")
    marker: str = "change begins"

    @model_validator(mode="after")
    def _one_for_each_option(self):
        for what, given in (("names", self.names), ("values", self.values), ("phrases", self.phrases)):
            if given and len(given) != len(self.options):
                raise ValueError(f"Control {self.name!r} has {len(self.options)} options and {len(given)} {what}.")
        named = self.names or self.options
        if twice := [name for place, name in enumerate(named) if name in named[:place]]:
            raise ValueError(
                f"Control {self.name!r} has two options called {twice[0]!r}, and a link could not tell them apart. "
                "Give each a name of its own."
            )
        if self.rest >= len(self.options):
            raise ValueError(f"Control {self.name!r} rests at option {self.rest}; it has {len(self.options)}, from 0.")
        return self


class SwitchControl(Part):
    """On or off: 1 or 0."""

    kind: Literal["switch"] = "switch"
    name: str
    label: str
    rest: bool = False
    on: str = Field(description="the setting in the middle of a sentence, when it is on")
    off: str
    marker: str = "change begins"


class ScheduleControl(Part):
    """A list of times with amounts, such as a calendar of doses."""

    kind: Literal["schedule"] = "schedule"
    name: str
    label: str
    rest: list[tuple[float, float]] = Field(description="(time in the model's unit, amount), in order of time")
    minimum: float = Field(0.0, ge=0, description="the least amount; 0, nothing at that moment, is always allowed")
    maximum: float | None = Field(None, description="the greatest amount; null: no limit")
    unit: str = Field("", description="of the amounts")
    phrase: str = Field("{value}", description="the setting in the middle of a sentence")
    marker: str = "change begins"


ControlSpec = Annotated[NumberControl | ChoiceControl | SwitchControl | ScheduleControl, Field(discriminator="kind")]


# -- from controls to constants ----------------------------------------------------------------------------


class DirectDrive(Part):
    """Every control is a constant (or a schedule) of the same name, in every run.

    A number is the constant's value, a switch 1 or 0, a choice the value (or else the place) of its option.
    """

    kind: Literal["direct"] = "direct"


class TargetCurve(Part):
    """How much of one target a daily dose occupies: maximum * dose / (dose + half)."""

    maximum: float
    half: float
    basis: Literal["measured", "from affinity"]
    bound: bool = Field(False, description="the occupancy is only known to be at most this")


class Medicine(Part):
    """One medicine of the menu."""

    name: str
    low: float = Field(description="the usual range, mg a day")
    high: float
    half_life: float | None = Field(None, description="hours; null: not known")
    concentration: float | None = Field(None, description="mean in blood, ng/ml, for each mg a day; null: not known")
    facts: list[tuple[str, str]] = []
    aims: list[str] = Field([], description="targets that its name in the nomenclature names")
    targets: dict[str, TargetCurve]


class Side(Part):
    """One side of a comparison of medicines: which controls choose it."""

    letter: str
    drug: str
    dose: str


class MedicineDrive(Part):
    """Each side's medicine and dose occupy targets, and these set constants of the side's runs."""

    kind: Literal["medicines"] = "medicines"
    medicines: list[Medicine] = Field(min_length=1)
    sides: list[Side] = Field(min_length=1)
    effects: list[dict[str, str]] = Field(
        description='for each model: constant -> target whose occupancy it takes; "-target": what is left of it'
    )
    kinetics: int | None = Field(None, description="the model that takes the medicine's half-life, if there is one")


Drive = Annotated[DirectDrive | MedicineDrive, Field(discriminator="kind")]


# -- prediction --------------------------------------------------------------------------------------------


class Choice(Part):
    """An answer, and the value its words stand for."""

    text: str
    value: float
    feedback: str = Field("", description="what is said to whoever chose it")


class MeasuredSpec(Part):
    """What was measured of a prediction's question."""

    value: float = Field(description="as the choices count it; the choice nearest to it is the right one")
    text: str = Field(description="what was measured and in whom, without a full stop")
    by: str = Field(description='who measured it: "Bosker and colleagues, 2001"')


class PredictionSpec(Part):
    """A question that the reader answers before the controls unlock."""

    question: str
    choices: list[Choice] = Field(min_length=2)
    scenario: Settings
    of: Literal["run", "target"] = Field("run", description="of a run's output, or of a target's occupancy")
    run: int = Field(0, ge=0)
    output: str
    absolute: bool = Field(False, description="choices are in the unit shown, not multiples of the level at rest")
    measured: MeasuredSpec | None = Field(None, description="without it the model decides which choice is right")


class Column(Part):
    """Which outputs of a run stand in the table and in the file."""

    run: int = Field(ge=0)
    outputs: list[str] = Field(min_length=1)


# -- panels ------------------------------------------------------------------------------------------------


class Panel(Part):
    """What a lab shows. A kind of panel is a subclass in `widgets.labs.panels` and view/panels/<kind>.ts.

    Subclasses have a `kind` of their own, one fixed word.
    """

    def reads(self) -> list[str]:
        """Outputs that the panel draws of each of its runs."""
        return []

    def names(self) -> list[str]:
        """Controls that the panel speaks of."""
        return []

    def of_runs(self) -> list[int]:
        """Places in spec.runs of the runs that the panel draws; none named: all of them."""
        return []

    def varies(self) -> list[str]:
        """Constants of the model that the panel gives other values than the lab's."""
        return []


# -- the whole ---------------------------------------------------------------------------------------------


class LabSpec(Part):
    """Everything that does not change while the lab is on the page."""

    version: int = VERSION
    title: str
    name: str
    models: list[ModelSpec] = Field(min_length=1)
    runs: list[RunSpec] = Field(min_length=1)
    clock: Clock
    drive: Drive = DirectDrive()
    controls: list[ControlSpec] = Field(min_length=1)
    outputs: list[dict[str, OutputSpec]] = Field(description="for each model")
    main: str = Field(description="the output that the sentence speaks of")
    start: Settings = Field(description="what the lab opens with and Reset returns to")
    presets: dict[str, Settings] = {}
    prediction: PredictionSpec | None = None
    numbers: list[Column] = Field([], description="what the table and the file hold, in order")
    panels: list[Panel]

    @model_validator(mode="after")
    def _hangs_together(self):
        """Whatever names another part names one that is there."""
        agree(self)
        return self

    def to_page(self) -> dict:
        """The spec as the page reads it: plain JSON, camelCase."""
        return self.model_dump(mode="json", by_alias=True, serialize_as_any=True)

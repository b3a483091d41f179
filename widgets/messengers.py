"""Messengers and targets: every name, symbol, hue and word that the book has for them, one row each in messengers.toml.

    from widgets.messengers import MESSENGERS, TARGETS, messenger, messenger_of
    messenger("serotonin").transporter             # "SERT"
    messenger_of("dopamine_prefrontal").name       # "dopamine"
    TARGETS["alpha2"].answers                      # ("alpha2A", "alpha2C", "alpha2")

The file is read and checked when this module is imported; what breaks its form is refused with a `DataError` that names
file, row, key, line and fix. A new messenger or target is a new row: nothing else keeps a list of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from widgets.checks import listed, meant
from widgets.reading import Form, Where, read_toml, refusal

FILE = Path(__file__).parent / "messengers.toml"
NO_MESSENGER = "ink_soft"
"""The hue of a target that belongs to no messenger of the book."""
_PALETTE = Path(__file__).parent / "palette.json"


# -- one row -----------------------------------------------------------------------------------------------


def _hue(name: str) -> str:
    hues = json.loads(_PALETTE.read_text(encoding="utf-8"))
    if name not in hues:
        raise refusal(
            [((), f"the hue {name!r} is not in palette.json{meant(name, hues)}; add it there, or choose another")]
        )
    return name


def _text_hue(name: str) -> str:
    """A messenger's hue colours words too."""
    _hue(f"{_hue(name)}_text")
    return name


Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Words = Annotated[str, Field(min_length=1)]
Hue = Annotated[str, AfterValidator(_hue)]
Explanation = Literal["", "pump"]


class Messenger(Form):
    """The names of one messenger and its parts, as the field uses them."""

    key: Key = Field(description="What the names of its models begin with")
    name: Words = Field(description="In the middle of a sentence")
    symbol: str = Field(description="On the drawn synapse")
    hue: Annotated[str, AfterValidator(_text_hue)] = Field(description="Its colour: a name of palette.json")
    transporter: str = Field(description="The pump that takes it back; '' if none does")
    precursor: Words = Field(description="What it is made from")
    enzyme: str = Field(description="What breaks it down; '' if none is known by a name")
    metabolite: Words = Field(description="What that leaves")
    explanation: Explanation = Field(
        description="How a lab explains a level of it: 'pump' by release, stores, brake and reuptake; '' not at all"
    )

    @property
    def title(self) -> str:
        """At the beginning of a sentence."""
        return self.name[:1].upper() + self.name[1:]


class Target(Form):
    """What a medicine binds: a transporter, a receptor or an enzyme; a column of affinities, a row of a fingerprint."""

    key: Words = Field(description="Its name in affinities.csv, occupancy.csv and curves.csv")
    group: Words = Field(description="The targets with which its affinities are compared: a key of [[group]]")
    messenger: Key | None = Field(None, description="The messenger whose hue it has; or `hue` instead")
    hue: Hue = Field(NO_MESSENGER, description="Its colour, where it belongs to no messenger: a name of palette.json")
    words: Words = Field(description="What a reader may type who does not know the short name, and what it is in words")
    place: int | None = Field(None, description="Its place, from the top, among what a dose occupies; none: not there")
    note: str = Field("", description="A few words under its name there")
    answers: tuple[Words, ...] = Field(
        (), strict=False, description="Targets whose values answer for it, the first known first; itself if left out"
    )
    label: str = Field("", description="Its name as drawn; its key with Greek letters if left out")

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        whole = dict(given)
        key = whole.get("key")
        if isinstance(key, str):
            whole.setdefault("answers", (key,))
            whole.setdefault("label", key.replace("alpha", "α").replace("beta", "β").replace("sigma", "σ"))
        return whole

    @model_validator(mode="after")
    def _whole(self) -> Target:
        given = self.model_fields_set
        if ("messenger" in given) == ("hue" in given):
            raise refusal([(("hue",), "a target has a messenger or a hue of its own; write one of the two")])
        if (self.place is None) != (not self.note):
            missing, other = ("place", "note") if self.place is None else ("note", "place")
            raise refusal([((missing,), f"{other} is given and {missing} is not; write both or neither")])
        return self

    @property
    def in_fingerprint(self) -> bool:
        """Whether it is a row of what a dose occupies."""
        return self.place is not None


class Group(Form):
    """Targets whose affinities are compared with one another: every compared value of a group has one source."""

    key: Words


class Terminal(Form):
    """A model on which a lab of medicines acts, and what each occupied target does there."""

    key: Key = Field(description="The model")
    name: Words = Field(description="Its messenger, where several terminals stand side by side")
    effects: dict[Key, Annotated[str, Field(pattern=r"^-?[A-Za-z0-9].*$")]] = Field(
        description="A parameter of the model -> the target that sets it; '-alpha2' takes away what is occupied"
    )


class ModelRow(Form):
    """A model whose name does not say all that the book needs: an odd title, or a hue though it has no messenger."""

    key: Key
    title: str = Field("", description="Its name in the middle of a sentence, where the file's name does not say it")
    hue: Hue = "control"
    explanation: Explanation = ""


class Tables(Form):
    """The whole file: rows, and whatever one row says of another."""

    model_config = ConfigDict(strict=False)

    messenger: tuple[Messenger, ...]
    terminal: tuple[Terminal, ...] = ()
    model: tuple[ModelRow, ...] = ()
    read_as: dict[str, str] = Field(default_factory=dict)
    group: tuple[Group, ...]
    target: tuple[Target, ...]

    @model_validator(mode="after")
    def _agree(self) -> Tables:
        found = [*self._twice(), *self._unknown()]
        if found:
            raise refusal(found)
        return self

    def _twice(self) -> Iterator[tuple[Where, str]]:
        for name in ("messenger", "terminal", "model", "group", "target"):
            seen: dict[str, int] = {}
            for number, row in enumerate(getattr(self, name)):
                if row.key in seen:
                    first = seen[row.key] + 1
                    yield (name, number, "key"), f"{row.key!r} is the key of {name} {first} already; choose another"
                seen.setdefault(row.key, number)
        places: dict[int, str] = {}
        for number, row in enumerate(self.target):
            if row.place is not None and row.place in places:
                yield ("target", number, "place"), f"{row.place} is the place of {places[row.place]}; choose another"
            elif row.place is not None:
                places[row.place] = row.key

    def _unknown(self) -> Iterator[tuple[Where, str]]:
        messengers = [row.key for row in self.messenger]
        groups, targets = [row.key for row in self.group], [row.key for row in self.target]
        for number, row in enumerate(self.target):
            if row.messenger is not None and row.messenger not in messengers:
                yield ("target", number, "messenger"), _none_of("messenger", row.messenger, messengers)
            if row.group not in groups:
                yield ("target", number, "group"), _none_of("group", row.group, groups)
            for answer in row.answers:
                if answer not in targets:
                    yield ("target", number, "answers"), _none_of("target", answer, targets)
        for number, terminal in enumerate(self.terminal):
            for parameter, effect in terminal.effects.items():
                if effect.removeprefix("-") not in targets:
                    where = ("terminal", number, "effects", parameter)
                    yield where, _none_of("target", effect.removeprefix("-"), targets)


def _none_of(what: str, name: str, known: list[str]) -> str:
    return f"there is no {what} {name!r}{meant(name, known)}; add a row for it, or choose from {listed(known)}"


# -- the file ----------------------------------------------------------------------------------------------

_PHRASES = {
    "missing": "{key} is missing; every row has one",
    "string_too_short": "{key} is empty; write its words",
    "string_pattern_mismatch": "{key} is {value!r}; write small letters, digits and _, a letter first",
}
_LABELS = dict.fromkeys(("messenger", "terminal", "model", "group", "target"), "key")


def read(path: str | Path = FILE) -> Tables:
    """The rows of messengers.toml or of another file of the same form.

    Raises DataError "file, target 7 (5-HT2A): what is wrong; the fix (line 210)"; its `line` and `column` say where.
    """
    tables = read_toml(path).validated(Tables, labels=_LABELS, phrases=_PHRASES)
    hues = {row.key: row.hue for row in tables.messenger}
    coloured = tuple(row.model_copy(update={"hue": hues.get(row.messenger or "", row.hue)}) for row in tables.target)
    return tables.model_copy(update={"target": coloured})


def _by_key(rows: Iterable[Any]) -> Mapping[str, Any]:
    return MappingProxyType({row.key: row for row in rows})


TABLES = read()
MESSENGERS: Mapping[str, Messenger] = _by_key(TABLES.messenger)
"""Messengers by key, in the order of the book."""
TARGETS: Mapping[str, Target] = _by_key(TABLES.target)
"""Targets by key, in the order of the atlas."""
FINGERPRINT: Mapping[str, Target] = _by_key(
    sorted((row for row in TABLES.target if row.place is not None), key=lambda row: row.place or 0)
)
"""The targets that are rows of what a dose occupies, from the top."""
GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {group.key: tuple(row.key for row in TABLES.target if row.group == group.key) for group in TABLES.group}
)
"""For each group of targets that are compared, the targets in it."""
TERMINALS: Mapping[str, Terminal] = _by_key(TABLES.terminal)
"""Terminals on which a lab of medicines acts, by the name of their model."""
RECEPTORS_READ_AS: Mapping[str, str] = MappingProxyType(TABLES.read_as)
"""How a part of a name in a model's text is read: gaba_a is GABA-A."""
_MODELS: Mapping[str, ModelRow] = _by_key(TABLES.model)


# -- asking ------------------------------------------------------------------------------------------------


def messenger(name: str) -> Messenger:
    """A messenger by its key. Raises ValueError, naming the nearest, for one that there is not."""
    if name not in MESSENGERS:
        raise ValueError(f"no messenger named {name!r}{meant(name, MESSENGERS)}; there are {listed(MESSENGERS)}")
    return MESSENGERS[name]


def target(name: str) -> Target:
    """A target by its key. Raises ValueError, naming the nearest, for one that there is not."""
    if name not in TARGETS:
        raise ValueError(f"no target named {name!r}{meant(name, TARGETS)}; the targets are {listed(TARGETS)}")
    return TARGETS[name]


def messenger_of(model: str) -> Messenger:
    """The messenger that a model is about: that with the longest key with which the model's name begins.

    A model about none, such as a reader's own, gets neutral words around its own name, and no explanation.
    """
    key = _key_of(model)
    if key is not None:
        return MESSENGERS[key]
    row = _MODELS.get(model)
    return Messenger(
        key="neutral",
        name=model.replace("_", " ") or "messenger",
        symbol="",
        hue="serotonin",
        transporter="pump",
        precursor="precursor",
        enzyme="enzyme",
        metabolite="breakdown product",
        explanation=row.explanation if row else "",
    )


def model_title(model: str) -> str:
    """A model's name in the middle of a sentence: "GABA", "dopamine (prefrontal)"; "" where its own name says it."""
    if model in _MODELS and _MODELS[model].title:
        return _MODELS[model].title
    return MESSENGERS[model].name if model in MESSENGERS else ""


def model_hue(model: str) -> str:
    """The colour of a model's diagram: its messenger's, otherwise its row's, otherwise that of controls."""
    key = _key_of(model)
    if key is not None:
        return MESSENGERS[key].hue
    return _MODELS[model].hue if model in _MODELS else "control"


def _key_of(model: str) -> str | None:
    fitting = [key for key in MESSENGERS if model.lower().startswith(key)]
    return max(fitting, key=len) if fitting else None

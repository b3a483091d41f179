"""What an author wrote, checked against a pydantic form and refused in one style: place, key, what is wrong, the fix.

    class Lamp(Form):
        name: str
        colour: Literal["red", "green"]

    validated(Lamp, {"name": "one", "colour": "gren"}, "lamp 1")
    # DataError: lamp 1: colour is 'gren', which is not allowed (did you mean 'green'?); choose from red, green

    class Lamps(Form):
        lamp: tuple[Lamp, ...]

    read_toml("lamps.toml").validated(Lamps, labels={"lamp": "name"})
    # DataError: lamps.toml, lamp 3 (hall): colour is missing; add it (line 14)

A validator that knows more than its form raises `refusal([(where, what), ...])`; what it says stands as it is.
"""

from __future__ import annotations

import re
import tomllib
import types
import typing
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from widgets.checks import listed, meant

Where = tuple[str | int, ...]
"""A place in what was written: keys and, from 0, numbers in lists, such as ("question", 2, "text")."""


class Form(BaseModel):
    """What an author may write: no unknown keys, no text for a number, nothing changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


SomeForm = TypeVar("SomeForm", bound=BaseModel)


class DataError(ValueError):
    """A data file that breaks its form.

    Attributes
    ----------
    file : str
        The file's name; "" for what stands in no file.
    line : int
        The line of the file, counted from 1; 0 for what stands in no file.
    column : str or None
        The column or key, or None where the whole line is at fault.
    """

    def __init__(self, message: str, file: str = "", line: int = 0, column: str | None = None):
        super().__init__(message)
        self.file, self.line, self.column = file, line, column


# -- what is wrong, in words -------------------------------------------------------------------------------

PHRASES: Mapping[str, str] = {
    "missing": "{key} is missing; add it",
    "extra_forbidden": "unknown key {key!r}{meant}; the keys are {options}",
    "literal_error": "{key} is {value!r}, which is not allowed{meant}; choose from {options}",
    "string_type": "{key} is {value!r}, which is no text; write words in quotes",
    "string_too_short": "{key} is empty; write words",
    "string_pattern_mismatch": "{key} is {value!r}, which has not the form {pattern}; write it so",
    "bool_type": "{key} is {value!r}; write true or false, without quotes",
    "int_type": "{key} is {value!r}, which is no whole number; write one",
    "int_from_float": "{key} is {value!r}, which is no whole number; write one",
    "float_type": "{key} is {value!r}, which is no number; write one",
    "finite_number": "{key} is {value!r}; write a finite number",
    "greater_than": "{key} is {value!r}; write a number above {gt}",
    "greater_than_equal": "{key} is {value!r}; write a number of at least {ge}",
    "less_than": "{key} is {value!r}; write a number below {lt}",
    "less_than_equal": "{key} is {value!r}; write a number of at most {le}",
    "too_short": "{key} has {actual_length} of at least {min_length}; add what is missing",
    "too_long": "{key} has {actual_length} of at most {max_length}; leave some out",
    "list_type": "{key} is {value!r}, which is no list; write one in square brackets",
    "tuple_type": "{key} is {value!r}, which is no list; write one in square brackets",
    "dict_type": "{key} is {value!r}, which is no table; write { name = value }",
    "model_type": "{key} is {value!r}, which is no table; write { name = value }",
    "value_error": "{error}",
}
"""Words for each kind of fault that pydantic knows, by its name for it; {braces} are filled in by `faults`."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: where, pydantic's name of its kind, the value found, and the words for it."""

    where: Where
    kind: str
    value: Any
    what: str

    @property
    def key(self) -> str | None:
        """The key at fault, or None where a whole entry is."""
        return next((str(part) for part in reversed(self.where) if isinstance(part, str)), None)


def refusal(found: Iterable[tuple[Where, str]]) -> PydanticCustomError:
    """For a validator to raise: what it found, each with its place below what is being validated, and in words."""
    pairs = [(tuple(where), what) for where, what in found]
    return PydanticCustomError("refusal", "{words}", {"words": pairs[0][1], "pairs": pairs})


def faults(
    error: ValidationError,
    form: type[BaseModel] | None = None,
    *,
    phrases: Mapping[str, str] | None = None,
    options: Mapping[str, Iterable[str]] | None = None,
) -> list[Fault]:
    """Everything that is wrong, entry by entry; within an entry unknown keys come first, for a slip of the pen there
    often explains what else is missing.

    Parameters
    ----------
    error : what pydantic raised. form : what it validated, for the keys that there are.
    phrases : words that replace some of `PHRASES`, or stand for a PydanticCustomError; {key}, {value}, {meant},
        {options}, {blocks} ("question.choice", for a header in TOML) and what pydantic's context has.
    options : what may stand at a key, for "did you mean" and the list of choices, where the form does not say it.
    """
    words, choices, found = {**PHRASES, **(phrases or {})}, dict(options or {}), []
    for detail in error.errors(include_url=False):
        where = tuple(detail["loc"])
        if detail["type"] == "refusal":
            found += [Fault(where + below, "refusal", detail["input"], what) for below, what in detail["ctx"]["pairs"]]
        else:
            found.append(Fault(where, detail["type"], detail["input"], _said(detail, form, words, choices)))
    return sorted(found, key=lambda fault: (_entry(fault.where), fault.kind != "extra_forbidden"))


def _entry(where: Where) -> tuple[int, ...]:
    return tuple(part for part in where if isinstance(part, int))


def _said(
    detail: ErrorDetails,
    form: type[BaseModel] | None,
    phrases: Mapping[str, str],
    options: Mapping[str, Iterable[str]],
) -> str:
    where, context = tuple(detail["loc"]), dict(detail.get("ctx", {}))
    key = next((str(part) for part in reversed(where) if isinstance(part, str)), "it")
    phrase = phrases.get(detail["type"])
    if phrase is None:
        return f"{key} is {detail['input']!r}: {detail['msg']}"
    named = where[-1] if where else key
    if key in options:
        known = [str(option) for option in options[key]]
    elif detail["type"] == "extra_forbidden":
        known = keys_at(form, where[:-1]) if form else []
    else:
        known = re.findall(r"'([^']*)'", str(context.get("expected", "")))
    asked = named if detail["type"] == "extra_forbidden" else detail["input"]
    filled = context | {
        "key": key,
        "value": detail["input"],
        "meant": meant(asked, known),
        "options": listed(known),
        "blocks": ".".join(part for part in where if isinstance(part, str)),
    }
    return re.sub(r"\{([a-z_]+)(!r)?\}", lambda m: (repr if m[2] else _plain)(filled.get(m[1], "")), phrase)


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def keys_at(form: type[BaseModel], where: Where) -> list[str]:
    """The keys that a form has at a place, sorted; none where the place is no form of its own."""
    there: Any = form
    for part in where:
        there = _below(there, part)
    forms = [each for each in _choices(there) if _is_form(each)]
    return sorted({each.alias or name for form_ in forms for name, each in form_.model_fields.items()})


def _is_form(annotation: Any) -> bool:
    return isinstance(annotation, type) and not typing.get_origin(annotation) and issubclass(annotation, BaseModel)


def _choices(annotation: Any) -> list[Any]:
    """What an annotation may be: the members of a union, each without what is only annotated."""
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _choices(inner[0])
    if origin in (typing.Union, types.UnionType):
        return [choice for each in inner for choice in _choices(each)]
    return [annotation]


def _below(annotation: Any, part: str | int) -> Any:
    """The annotation of a field, of an entry of a list or of a value of a table; None where there is none."""
    for each in _choices(annotation):
        if _is_form(each):
            found = next((f.annotation for name, f in each.model_fields.items() if part in (name, f.alias)), None)
        else:
            inner = typing.get_args(each)
            found = inner[0 if isinstance(part, int) else -1] if inner else None
        if found is not None:
            return found
    return None


def validated(
    form: type[SomeForm],
    given: Any,
    place: str,
    *,
    phrases: Mapping[str, str] | None = None,
    options: Mapping[str, Iterable[str]] | None = None,
    context: Any = None,
) -> SomeForm:
    """What was given, as its form. Raises DataError "place, entry 3: what is wrong; the fix" with the first fault."""
    try:
        return form.model_validate(given, context=context)
    except ValidationError as error:
        first = faults(error, form, phrases=phrases, options=options)[0]
    inner = in_words(first.where, given)
    message = f"{place}{f', {inner}' if inner else ''}: {first.what}"
    raise DataError(message, column=first.key)


def in_words(where: Where, given: Any, labels: Mapping[str, str] | None = None) -> str:
    """The entries on the way to a place, counted from 1: "question 3 (Why?), choice 2".

    labels : for the name of a list, the key of its entries whose text says which one it is.
    """
    parts, there = [], given
    for number, part in enumerate(where):
        there = _step(there, part)
        if not isinstance(part, int) or not number:
            continue
        name, label = str(where[number - 1]), ""
        if labels and name in labels:
            label = _step(there, labels[name]) or f"without a {labels[name]}"
            label = " ".join(str(label).split())
            label = f" ({label if len(label) <= 48 else f'{label[:48]}...'})"
        parts.append(f"{name} {part + 1}{label}")
    return ", ".join(parts)


def _step(there: Any, part: str | int) -> Any:
    if isinstance(there, Mapping):
        return there.get(part)
    inside = isinstance(part, int) and isinstance(there, Sequence) and not isinstance(there, str) and part < len(there)
    return there[part] if inside else None


# -- files in TOML -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Document:
    """A file in TOML: its name, what it holds, and the line of each of its entries and keys."""

    file: str
    content: dict[str, Any]
    lines: Mapping[Where, int] = field(repr=False)

    def line(self, where: Where) -> int:
        """The line of a place, or of the nearest entry around it; 1 where there is none."""
        return next((self.lines[where[:end]] for end in range(len(where), 0, -1) if where[:end] in self.lines), 1)

    def validated(
        self,
        form: type[SomeForm],
        *,
        labels: Mapping[str, str] | None = None,
        phrases: Mapping[str, str] | None = None,
        options: Mapping[str, Iterable[str]] | None = None,
        context: Any = None,
        mark: str = ": ",
    ) -> SomeForm:
        """The content as its form.

        Raises DataError "file, entry 3 (its label): what is wrong; the fix (line 14)" with the first fault. `labels`
        as for `in_words`; `phrases` and `options` as for `faults`; `mark` stands between place and words.
        """
        try:
            return form.model_validate(self.content, context=context)
        except ValidationError as error:
            first = faults(error, form, phrases=phrases, options=options)[0]
        inner, line = in_words(first.where, self.content, labels), self.line(first.where)
        place = f"{self.file}{f', {inner}' if inner else ''}"
        raise DataError(f"{place}{mark}{first.what} (line {line})", self.file, line, first.key)


def read_toml(path: str | Path, help: str = "mend the line it names") -> Document:
    """A file in TOML. Raises FileNotFoundError, and DataError with `help` as the fix for what is no TOML."""
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        line = re.search(r"at line (\d+)", str(error))
        message = f"{path.name}: not readable as TOML: {error}; {help}"
        raise DataError(message, path.name, int(line[1]) if line else 0) from error
    return Document(path.name, content, _lines(text))


_HEADER = re.compile(r"\s*(\[{1,2})\s*([\w.\- ]+?)\s*\]{1,2}\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([\w-]+)\s*=")
_LONG = re.compile(r'"""|\'\'\'')


def _lines(text: str) -> dict[Where, int]:
    """The line of each header and each key of a text in TOML; keys within braces share the line of theirs."""
    found: dict[Where, int] = {}
    counts: dict[Where, int] = {}
    at: Where = ()
    open_ = False
    for number, line in enumerate(text.splitlines(), 1):
        inside = open_
        # A text of several lines holds no headers and no keys.
        open_ ^= len(_LONG.findall(line)) % 2 == 1
        if inside:
            continue
        if header := _HEADER.match(line):
            at = ()
            parts = header[2].split(".")
            for depth, part in enumerate(parts, 1):
                at = (*at, part)
                new = header[1] == "[[" and depth == len(parts)
                if new:
                    counts[at] = counts.get(at, -1) + 1
                if at in counts:
                    at = (*at, counts[at])
            found.setdefault(at, number)
        elif key := _KEY.match(line):
            found.setdefault((*at, key[1]), number)
    return found

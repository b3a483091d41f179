"""Kinds of cells, columns and rows: what every table of medicines is made of.

    class Affinity(Row):
        unique = ("drug", "value_nM")
        drug: KnownDrug = name("The medicine, as in drugs.csv")
        value_nM: float = number("The affinity; lower is tighter", "nM", "4.3", 1e8, low=1e-3)

    Affinity.columns()        # name, form, unit, limits and description of each

A cell arrives as text; an empty one takes the field's default: NaN for numbers, None for whole ones, "" for words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, Self, get_args

from pydantic import AfterValidator, ConfigDict, Field, ValidationInfo, field_validator, model_validator
from pydantic.config import JsonDict
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from widgets.checks import meant
from widgets.reading import Form, refusal

INTERVALS = ("SD", "SE", "CI95", "range")
DRUG_NAME = r"^[a-z][a-z0-9]*(?:[ -][a-z0-9]+)*$"
SOURCE_KEY = r"^[a-z]+[0-9]{4}[a-z0-9]+$"
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?(?:nan|inf|infinity)", re.IGNORECASE)


# -- kinds of cells ----------------------------------------------------------------------------------------


def _in_drugs(name: str, info: ValidationInfo) -> str:
    """The context's `drugs` are the names of drugs.csv; None where the file is drugs.csv itself."""
    names = (info.context or {}).get("drugs")
    if names is not None and name not in names:
        raise refusal([((), f"{name!r} is not in drugs.csv{meant(name, names)}; add it there first")])
    return name


def _in_bibliography(key: str, info: ValidationInfo) -> str:
    """The context's `sources` are the keys of references.bib; None where it is not here."""
    keys = (info.context or {}).get("sources")
    if keys is not None and key not in keys:
        raise refusal([((), f"{key!r} is no key of references.bib{meant(key, keys)}; add the source there")])
    return key


Name = Annotated[str, Field(pattern=DRUG_NAME)]
KnownDrug = Annotated[Name, AfterValidator(_in_drugs)]
Source = Annotated[str, Field(pattern=SOURCE_KEY), AfterValidator(_in_bibliography)]
Flag = Annotated[Literal["yes", "no"], AfterValidator(lambda cell: cell == "yes")]


def _cell(
    form: str,
    description: str,
    required: bool,
    empty: Any = "",
    *,
    example: str = "",
    unit: str = "",
    alias: str | None = None,
    above: float | None = None,
    low: float | None = None,
    high: float | None = None,
) -> Any:
    """A column; `empty` is the value of an empty cell."""
    extra: JsonDict = {"form": form, "example": example, "unit": unit}
    default: Any = ... if required else empty
    return Field(default, alias=alias, description=description, json_schema_extra=extra, gt=above, ge=low, le=high)


def text(description: str, example: str = "words", required: bool = False) -> Any:
    """Words."""
    return _cell("text", description, required, example=example)


def choice(description: str, required: bool = True, alias: str | None = None) -> Any:
    """One of the words that the field's type has."""
    return _cell("choice", description, required, alias=alias)


def flag(description: str) -> Any:
    """yes or no."""
    return _cell("flag", description, True)


def key(description: str, required: bool = False) -> Any:
    """The key of a source."""
    return _cell("key", description, required, example="the source's key in references.bib")


def name(description: str, example: str = "its name as in drugs.csv") -> Any:
    """A medicine's name."""
    return _cell("name", description, True, example=example)


def number(description: str, unit: str, example: str, high: float, low: float = 0.0, required: bool = False) -> Any:
    """Within low..high, both included, in `unit`."""
    return _cell("number", description, required, math.nan, unit=unit, example=example, low=low, high=high)


def positive(description: str, unit: str, example: str, high: float, required: bool = False) -> Any:
    """Above 0 and at most `high`, in `unit`."""
    return _cell("number", description, required, math.nan, unit=unit, example=example, above=0, high=high)


def people() -> Any:
    """A number of people, whole."""
    return _cell("whole", "How many were measured", False, None, example="12", low=1, high=1_000_000)


# -- a column, for whoever reads the form ------------------------------------------------------------------


def said_of(field: FieldInfo) -> dict[str, str]:
    """What a field says of its column besides its limits: form, unit, example."""
    extra = field.json_schema_extra
    return {name: str(value) for name, value in extra.items()} if isinstance(extra, dict) else {}


@dataclass(frozen=True)
class Column:
    """What the cells of one column may hold.

    `form` is text, choice, number, whole, flag (yes or no), name (a drug's) or key (a source's). Numbers lie within
    low..high, without `low` itself if `above`.
    """

    name: str
    form: str
    required: bool
    description: str
    choices: tuple[str, ...] = ()
    low: float = -math.inf
    high: float = math.inf
    above: bool = False
    unit: str = ""
    example: str = ""

    @classmethod
    def of(cls, name: str, field: FieldInfo) -> Column:
        extra = said_of(field)
        limits = {kind: value for part in field.metadata for kind in ("gt", "ge", "le")
                  if (value := getattr(part, kind, None)) is not None}  # fmt: skip
        return cls(
            name=field.alias or name,
            form=extra["form"],
            required=field.is_required(),
            description=field.description or "",
            choices=tuple(get_args(field.annotation)) if extra["form"] in ("choice", "flag") else (),
            low=limits.get("gt", limits.get("ge", -math.inf)),
            high=limits.get("le", math.inf),
            above="gt" in limits,
            unit=extra["unit"],
            example=extra["example"],
        )

    @property
    def wanted(self) -> str:
        """What belongs in a cell, as the fix of an error says it."""
        if self.form in ("choice", "flag"):
            wanted = f"write one of {', '.join(self.choices)}"
        elif self.form == "whole":
            wanted = f"write a whole number such as {self.example}"
        elif self.form == "number":
            kind = "a positive number" if self.above or self.low > 0 else "a number"
            wanted = f"write {kind} in {self.unit} such as {self.example}"
        else:
            wanted = f"write {self.example}"
        return wanted if self.required else f"{wanted}, or leave the cell empty"

    @property
    def span(self) -> str:
        """The numbers allowed, in words."""
        unit = f" {self.unit}" if self.unit else ""
        if self.above:
            return f"greater than {self.low:g} and at most {self.high:g}{unit}"
        return f"between {self.low:g} and {self.high:g}{unit}"


class Row(Form):
    """One row of a table: cells as text, and what they must say together."""

    model_config = ConfigDict(strict=False)

    unique: ClassVar[tuple[str, ...]]
    """The columns in which no two rows may agree."""

    @classmethod
    @cache
    def columns(cls) -> tuple[Column, ...]:
        return tuple(Column.of(name, field) for name, field in cls.model_fields.items())

    @model_validator(mode="before")
    @classmethod
    def _without_empty_cells(cls, cells: Any) -> Any:
        return {name: cell for name, cell in cells.items() if cell != ""} if isinstance(cells, dict) else cells

    @field_validator("*", mode="before")
    @classmethod
    def _tidy(cls, cell: Any, info: ValidationInfo) -> Any:
        if not isinstance(cell, str):
            return cell
        if cell != cell.strip():
            raise refusal([((), f"{cell!r} begins or ends with a space; write {cell.strip()!r}")])
        if not cell.isprintable():
            raise refusal([((), f"{cell!r} holds a character that does not print; type the cell again")])
        if (
            info.field_name
            and said_of(cls.model_fields[info.field_name])["form"] in ("number", "whole")
            and not _NUMBER.fullmatch(cell)
        ):
            raise PydanticCustomError("no_number", "no number")
        return cell

    @model_validator(mode="after")
    def _together(self) -> Self:
        found = [((column,), what) for column, what in self.check()]
        if found:
            raise refusal(found)
        return self

    def check(self) -> Iterator[tuple[str, str]]:
        """(column, what is wrong; the fix) for cells that do not go together."""
        yield from ()

    def given(self, *names: str) -> list[str]:
        """Which of these cells are filled."""
        return [n for n in names if n in self.model_fields_set]

    def in_order(self, *names: str) -> Iterator[tuple[str, str]]:
        """Low, middle and high in this order, as far as they are given."""
        filled = self.given(*names)
        for lower, upper in zip(filled, filled[1:], strict=False):
            low, high = getattr(self, lower), getattr(self, upper)
            if low > high:
                yield lower, f"{low:g} is greater than {upper}, {high:g}; write low <= value <= high"

    def sourced(self, source: str, *facts: str) -> Iterator[tuple[str, str]]:
        filled = self.given(*facts)
        if filled and not self.given(source):
            fix = f"write its key in references.bib, or empty {filled[0]}"
            yield source, f"{filled[0]} has a value but no source; {fix}"

    def interval_whole(self, low: str, high: str, unit: str) -> Iterator[tuple[str, str]]:
        """Both ends of an interval with its kind, or none of the three."""
        ends, kind = self.given(low, high), getattr(self, "interval", "")
        if kind:
            for name in (low, high):
                if name not in ends:
                    yield name, f"interval is {kind} and this end is missing; write it in {unit}, or empty interval"
        elif ends:
            yield "interval", f"{ends[0]} is given and its kind is not; write one of {', '.join(INTERVALS)}"

"""Classes of medicines: their names and headings, and whose affinities have a source of their own, from classes.toml.

from widgets.medicines.classes import CLASSES
CLASSES["SSRI"].title  # "SSRIs: selective serotonin reuptake inhibitors"
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

from pydantic import Field, model_validator

from widgets.checks import listed, meant
from widgets.messengers import GROUPS
from widgets.reading import Form, read_toml, refusal

FILE = Path(__file__).parent / "classes.toml"


class MedicineClass(Form):
    """One class of medicines."""

    key: Annotated[str, Field(min_length=1)] = Field(description="Its name in the column class of drugs.csv")
    title: Annotated[str, Field(min_length=1)] = Field(description="Its heading in the atlas")
    own_sources: tuple[str, ...] = Field(
        (), strict=False, description="Groups of targets whose compared affinities have another source in this class"
    )


class _Classes(Form):
    class_: tuple[MedicineClass, ...] = Field(alias="class", strict=False)

    @model_validator(mode="after")
    def _agree(self) -> _Classes:
        found, seen = [], set()
        for number, row in enumerate(self.class_):
            if row.key in seen:
                found.append((("class", number, "key"), f"{row.key!r} stands twice; delete one of the two"))
            seen.add(row.key)
            for group in row.own_sources:
                if group not in GROUPS:
                    what = f"there is no group {group!r}{meant(group, GROUPS)}; choose from {listed(GROUPS)}"
                    found.append((("class", number, "own_sources"), what))
        if found:
            raise refusal(found)
        return self


def read(path: str | Path = FILE) -> Mapping[str, MedicineClass]:
    """The classes of a file, by key. Raises DataError, naming entry, line and fix, for one that breaks its form."""
    return MappingProxyType(
        {row.key: row for row in read_toml(path).validated(_Classes, labels={"class": "key"}).class_}
    )


CLASSES = read()
"""Classes by key, in the order of the atlas."""

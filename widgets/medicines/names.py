"""Names under which a reader may know a medicine: brands and other spellings, from names.toml.

from widgets.medicines.names import NAMES
NAMES["paroxetine"].sold_as  # ("Seroxat", "Paxil")
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

from pydantic import Field, model_validator

from widgets.checks import meant
from widgets.medicines.columns import SOURCE_KEY
from widgets.medicines.tables import drugs
from widgets.reading import Form, read_toml, refusal

FILE = Path(__file__).parent / "names.toml"

OneWord = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9]+$")]
"""A brand as one word: a search looks words up."""


class OtherNames(Form):
    """One medicine's other names."""

    drug: str = Field(description="Its name in drugs.csv")
    sold_as: tuple[OneWord, ...] = Field((), strict=False, description="Brand names, as written")
    also: tuple[OneWord, ...] = Field((), strict=False, description="Other spellings and names of the substance")
    sources: tuple[Annotated[str, Field(pattern=SOURCE_KEY)], ...] = Field(
        strict=False, min_length=1, description="Keys of references.bib in which these names were read"
    )


class _Names(Form):
    medicine: tuple[OtherNames, ...] = Field(strict=False)

    @model_validator(mode="after")
    def _agree(self) -> _Names:
        known, found = list(drugs()["name"]), []
        of: dict[str, str] = {}
        for number, row in enumerate(self.medicine):
            if row.drug not in known:
                what = f"{row.drug!r} is not in drugs.csv{meant(row.drug, known)}; add it there first"
                found.append((("medicine", number, "drug"), what))
            for name in (row.drug, *row.sold_as, *row.also):
                if name.lower() in of:
                    what = f"{name!r} stands twice, at {of[name.lower()]} and at {row.drug}; delete one of the two"
                    found.append((("medicine", number, "sold_as"), what))
                of[name.lower()] = row.drug
        if found:
            raise refusal(found)
        return self


def read(path: str | Path = FILE) -> Mapping[str, OtherNames]:
    """The names of a file, by medicine. Raises DataError, naming entry, line and fix, for one that breaks its form."""
    rows = read_toml(path).validated(_Names, labels={"medicine": "drug"}).medicine
    return MappingProxyType({row.drug: row for row in rows})


NAMES = read()
"""Other names by the medicine's name in drugs.csv; a medicine without any is left out."""

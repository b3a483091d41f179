"""How many of a hundred people: what trials and surveys found, in counts that a person can picture.

    from widgets.evidence.hundreds import hundreds
    hundreds()["ssri-response"]         # Hundred(what="...", medicine=50, without=37, ...)

They stand in hundreds.toml beside this file, each with its source.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from widgets.evidence.measures import Words
from widgets.reading import Form, read_toml, refusal

FILE = Path(__file__).with_name("hundreds.toml")


class Hundred(Form):
    """A block [[hundred]]: of a hundred people, how many with the medicine and how many without.

    id : by which a figure asks for it. what : what happened to them, after "of 100 people": "felt clearly better".
    kind : whether it is wanted or not. medicine, without : how many on the medicine, and in those it is compared with;
    a count that nothing was compared with cannot say what a medicine does. with_it, beside : the two groups in words.
    in_whom : who and for how long. source : a key of references.bib.
    """

    id: Words
    what: Words
    kind: Literal["benefit", "harm"]
    medicine: float = Field(ge=0, le=100)
    without: float = Field(ge=0, le=100)
    with_it: Words = "on the medicine"
    beside: Words = "on placebo"
    in_whom: Words
    source: Words
    note: str = ""

    @property
    def counts(self) -> tuple[int, int, int]:
        """Of a hundred: in how many it happened because of the medicine, in how many it would have happened anyway, and
        in how many the medicine prevented it."""
        on, off = round(self.medicine), round(self.without)
        return max(on - off, 0), min(on, off), max(off - on, 0)


class HundredsFile(Form):
    """The whole file."""

    hundred: list[Hundred] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_once(self) -> HundredsFile:
        names = [each.id for each in self.hundred]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise refusal([((), f"id {twice[0]!r} stands twice; each block has an id of its own")])
        return self


@lru_cache
def hundreds(path: Path = FILE) -> Mapping[str, Hundred]:
    """Every block of the file by its id.

    Raises DataError (a ValueError), naming block, line and fix, for a broken one.
    """
    found = read_toml(path, help="see widgets.evidence.hundreds.Hundred").validated(
        HundredsFile, labels={"hundred": "id"}
    )
    return {each.id: each for each in found.hundred}

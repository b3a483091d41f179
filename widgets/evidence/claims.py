"""A claim: a conclusion that a lab tests again at every setting of its sliders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from widgets.checks import listed, nearest, number, words
from widgets.evidence.limits import within

RELATIONS = ("at least", "at most", "between")


@dataclass(frozen=True)
class Claim:
    """A conclusion that the lab tests again at every setting of its sliders.

    It compares two settled levels: `output` under `change` over `output` under `against`. Every constant that neither
    side names has the lab's present value; one that a side leaves out but the other names is at rest there.

        Claim("Blocking four pumps in five at least doubles serotonin", "extracellular",
              change={"reuptake_inhibition": 0.8}, relation="at least", value=2)

    text : str
        The conclusion in words, as a reader would say it.
    output : str
        A species or an assignment of the model.
    change, against : dict
        Values of constants, controls of the lab or not, in the model's units. `against=None`: at rest.
    relation : "at least", "at most" or "between"
    value : float, or (low, high) for "between"
        What the ratio is held against.
    source : str
        Where the conclusion comes from: words, or a key of references.bib ("artigas1996acute" is shown as
        "Artigas 1996").

    Raises ValueError for anything else; that the model has the output and the constants is checked by the lab.
    """

    text: str
    output: str
    change: Mapping[str, float]
    against: Mapping[str, float] | None = None
    relation: str = "at least"
    value: float | tuple[float, float] | None = None
    source: str = ""

    def __post_init__(self) -> None:
        words("A claim's text", self.text)
        where = f"Claim {self.text!r}"
        if not isinstance(self.change, Mapping) or not self.change:
            raise ValueError(f"{where} needs a change, such as {{'reuptake_inhibition': 0.8}}; got {self.change!r}.")
        if self.against is not None and not isinstance(self.against, Mapping):
            raise ValueError(
                f"{where} needs settings to compare with, such as {{'reuptake_inhibition': 0.8}}, or against=None for "
                f"rest; got {self.against!r}."
            )
        if self.relation not in RELATIONS:
            raise ValueError(
                f"{where} has the relation {self.relation!r}.{nearest(self.relation, RELATIONS)} "
                f"Choose from {listed(map(repr, RELATIONS))}."
            )
        if not isinstance(self.source, str):
            raise ValueError(f"{where} has a source that is no words: {self.source!r}.")
        low, high = self.limits
        for limit in (low, high):
            if limit is not None and limit < 0:
                raise ValueError(f"{where} compares a ratio of levels, which is at least 0, with {limit:g}.")
        if low is not None and high is not None and not low < high:
            raise ValueError(f"{where} needs the lower limit first, as in (2, 4); got ({low:g}, {high:g}).")

    @property
    def limits(self) -> tuple[float | None, float | None]:
        """The least and the largest ratio that bears the claim out; None for no limit."""
        where = f"the value of claim {self.text!r}"
        if self.relation == "between":
            pair = self.value
            if isinstance(pair, str) or not isinstance(pair, Sequence) or len(pair) != 2:
                raise ValueError(f"{where[:1].upper()}{where[1:]} is a pair (low, high), as in (2, 4); got {pair!r}.")
            return number(where, pair[0]), number(where, pair[1])
        limit = number(where, self.value)
        return (limit, None) if self.relation == "at least" else (None, limit)

    def holds(self, ratio: float) -> bool:
        """Whether a ratio bears the claim out. Rounding in its last digits cannot overturn it."""
        low, high = self.limits
        return within(ratio, low, high)

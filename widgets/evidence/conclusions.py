"""What the book concludes from its models, each as a measure and the limits between which it holds.

    from widgets.evidence.conclusions import conclusions
    conclusions("serotonin")[0].as_claim()      # for a lab, which tests it at every setting

They stand in conclusions.toml beside this file; each names the model, the settings and the measure taken.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from widgets.engine.model import load_model
from widgets.evidence.claims import Claim
from widgets.evidence.limits import within
from widgets.evidence.measures import PHRASES, Entry, Experiment
from widgets.reading import Form, read_toml

DATA = Path(__file__).parent


@dataclass(frozen=True)
class Conclusion:
    """Something the book says of a model, as a measure and the limits between which it holds."""

    text: str
    experiment: Experiment
    low: float | None
    high: float | None
    source: str = ""

    def holds(self, value: float) -> bool:
        """Whether the conclusion stands, given what the measure gave."""
        return math.isfinite(value) and within(value, self.low, self.high)

    def as_claim(self) -> Claim:
        """The same as a `Claim` for a lab; only for a ratio of settled levels."""
        if self.experiment.measure != "ratio":
            raise ValueError(f"{self.text!r} is no ratio of settled levels, which is what a lab can test.")
        relation, value = self._relation()
        e = self.experiment
        return Claim(self.text, e.output, e.change, e.against or None, relation, value, self.source)

    def _relation(self) -> tuple[str, float | tuple[float, float] | None]:
        if self.low is not None and self.high is not None:
            return "between", (self.low, self.high)
        return ("at most", self.high) if self.low is None else ("at least", self.low)


class ConclusionEntry(Entry):
    """A block [[conclusion]] of conclusions.toml; what the fields are, `Conclusion` and `Experiment` say."""

    text: str = ""
    source: str = ""

    def wrong(self) -> Iterator[tuple[str, str]]:
        yield from super().wrong()
        if not self.text or (self.low is None and self.high is None):
            yield "", "needs a text and a low or a high limit."

    def conclusion(self) -> Conclusion:
        return Conclusion(self.text, self.experiment(), self.low, self.high, self.source)


class ConclusionsFile(Form):
    """The whole file."""

    conclusion: list[ConclusionEntry] = []


_PHRASES = {**PHRASES, "extra_forbidden": "has {key}, which no conclusion has; it may have {options}."}


def conclusions(model: str | None = None) -> tuple[Conclusion, ...]:
    """What the book concludes from its models, or from one, in the order of evidence/conclusions.toml.

    Raises ValueError for an unknown model, and DataError that names file, entry, line and fix for a faulty file.
    """
    if model is not None:
        load_model(model)
    path = DATA / "conclusions.toml"
    return tuple(c for c in _read(path, path.stat().st_mtime_ns) if model is None or c.experiment.model == model)


@lru_cache(maxsize=4)
def _read(path: Path, modified: int) -> tuple[Conclusion, ...]:
    found = read_toml(path).validated(ConclusionsFile, labels={"conclusion": "text"}, phrases=_PHRASES, mark=" ")
    return tuple(entry.conclusion() for entry in found.conclusion)

"""What a lab does with claims: holds them against its model, lists them in its spec, and judges them in the kernel."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from widgets.engine.model import Model
from widgets.engine.settings import values
from widgets.evidence.claims import Claim
from widgets.labs.models import check_output
from widgets.labs.panels.claims import Claims, ClaimSpec
from widgets.labs.words import source_words

NOTHING = 1e-9
"""A level below this share of the resting level is none to compare with."""


def claims_of(given, models: Sequence[Model]) -> list[Claim]:
    """The claims of a lab. Raises ValueError for several models, one that never settles, and what it has not."""
    if isinstance(given, Claim):
        given = [given]
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise ValueError(f"claims is a list of Claim(text, output, change, ...); got {given!r}.")
    model = models[0]
    if given and len(models) > 1:
        raise ValueError("Claims speak of one model; leave them out in a lab that overlays several.")
    if given and model.system.depends_on_time:
        raise ValueError(f"Model {model.name!r} depends on time: nothing settles in it for claims to compare.")
    for claim in given:
        _check(claim, model)
    texts = [claim.text for claim in given]
    if len(set(texts)) < len(texts):
        raise ValueError("Two claims of a lab have the same words; give each its own.")
    return list(given)


def _check(claim, model: Model) -> None:
    if not isinstance(claim, Claim):
        raise ValueError(f"A claim is a Claim(text, output, change, ...); got {claim!r}.")
    where = f"Claim {claim.text!r}: "
    try:
        check_output(model, claim.output)
        for side in (claim.change, claim.against or {}):
            values(model, side)
    except ValueError as error:
        raise ValueError(f"{where}{error}") from None
    change, against = sides(claim, model)
    if change == against:
        raise ValueError(f"{where}it compares {change} with itself. Change one of the two sides.")


def sides(claim: Claim, model: Model) -> tuple[dict[str, float], dict[str, float]]:
    """(change, against), each with every constant that the claim names; what a side leaves out is at rest there."""
    against = claim.against or {}
    rest = {name: model.constants[name].value for name in (*claim.change, *against)}
    change, against = ({**rest, **side} for side in (claim.change, against))
    return {k: float(v) for k, v in change.items()}, {k: float(v) for k, v in against.items()}


def claims_panel(claims: Sequence[Claim], model: Model) -> Claims | None:
    """The list of claims as the page reads it; none where there are none."""
    rows = []
    for claim in claims:
        change, against = sides(claim, model)
        low, high = claim.limits
        rows.append(
            ClaimSpec(
                text=claim.text,
                output=claim.output,
                change=change,
                against=against,
                low=low,
                high=high,
                source=source_words(claim.source),
            )
        )
    return Claims(claims=rows) if rows else None


def judged(claims: Sequence[Claim], model: Model, settings: Mapping[str, float]) -> pd.DataFrame:
    """Each claim at these settings of the model: a row each, with text, ratio (NaN: not known) and holds."""
    ratios = [_ratio(claim, model, settings) for claim in claims]
    holds = [pd.NA if math.isnan(ratio) else claim.holds(ratio) for claim, ratio in zip(claims, ratios, strict=True)]
    texts = [claim.text for claim in claims]
    return pd.DataFrame({"text": texts, "ratio": ratios, "holds": pd.array(holds, dtype="boolean")})


def _ratio(claim: Claim, model: Model, settings: Mapping[str, float]) -> float:
    above, below = (_settled(model, {**settings, **side}, claim.output) for side in sides(claim, model))
    if not abs(below) > NOTHING * abs(model.rest[claim.output]):
        return math.nan
    ratio = above / below
    return ratio if math.isfinite(ratio) else math.nan


def _settled(model: Model, settings: Mapping[str, float], output: str) -> float:
    """The settled level of an output; NaN if nothing settles with these settings."""
    values(model, settings)  # what is wrong with a setting is said, not taken for a model that swings
    try:
        return float(model.steady_state(**settings)[output])
    except ValueError:
        return math.nan

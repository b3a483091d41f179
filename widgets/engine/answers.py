"""What Antimony says of a text: asked when the text is read, or stored when the package was built.

Antimony is asked for here and nowhere else, and only for a text that is not among the stored ones: the book's own
models, as they were when the package was built, are read without it. A text that was edited is another text, so the
`.ant` file stays the only source. This module needs nothing beyond Python itself, because the build runs it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from xml.dom import minidom

from widgets.engine import composition

MODELS = Path(__file__).parents[1] / "models"
STORED = Path(__file__).parents[1] / "static" / "models" / "answers.json"
"""Written by the build (`write`), never by hand: {"made_from": hash, "answers": {hash of a text: answers}}."""

# Antimony's codes for kinds of names.
_ALL_SPECIES, _ALL_FORMULAS, _COMPARTMENTS, _VARIABLE_SPECIES, _VARIABLE_FORMULAS = 1, 2, 9, 11, 12


@dataclass(frozen=True)
class Happening:
    """One event as Antimony has it. refused : options of it that Antimony knows and models here do not have."""

    name: str
    trigger: str
    at_start: bool
    sets: list[tuple[str, str]]
    refused: list[str]


@dataclass(frozen=True)
class Answers:
    """What Antimony says of a text, as text and names; nothing is worked out yet.

    numbers, own_rates : dict from a name to what it is set to, and to its rate rule.
    species, formulas, compartments : names of every one. moving, following : those species that can change, and
    those formulas that follow from others.
    reactions : names; rates : their laws; reactants, products : for each, its species and how many of each.
    units : dict from a name to its unit's name, as written. sbml : as Antimony writes it.
    """

    module: str
    numbers: dict[str, str]
    own_rates: dict[str, str]
    species: list[str]
    formulas: list[str]
    compartments: list[str]
    moving: list[str]
    following: list[str]
    reactions: list[str]
    rates: list[str]
    reactants: list[list[tuple[str, float]]]
    products: list[list[tuple[str, float]]]
    events: list[Happening]
    units: dict[str, str]
    sbml: str


def answers(text: str, *, strict: bool) -> Answers:
    """What Antimony says of `text`; strict : as in `Model.from_antimony`.

    Raises ValueError with Antimony's own message and line, and ImportError where Antimony is needed and not there.
    """
    found = stored().get(key(text)) if strict else None
    return found or ask(text, strict=strict)


def key(text: str) -> str:
    """What a text is stored under."""
    return hashlib.sha256(text.encode()).hexdigest()


def ask(text: str, *, strict: bool) -> Answers:
    """What Antimony says of `text` now."""
    if not text.strip():
        raise ValueError("The model text is empty. Antimony text starts with 'model name' and ends with 'end'.")
    try:
        import antimony
    except ImportError as error:
        raise ImportError(
            "A model's text that is new or was changed is read by Antimony, which is not installed: "
            "`pip install antimony`. The book's own models, as they came with the package, do not need it."
        ) from error
    antimony.clearPreviousLoads()
    antimony.setBareNumbersAreDimensionless(False)
    if antimony.loadAntimonyString(text) < 0:
        raise ValueError(f"Antimony cannot read this model. {' '.join(antimony.getLastError().split())}")
    module = antimony.getMainModuleName()
    units = _units(antimony.getSBMLString(module))
    if strict:
        # Read again so that the 1 of "1 - fraction" counts as a pure number when SBML's units are checked. Not at
        # first: a constant written without a unit would then pass for a pure number too.
        antimony.clearPreviousLoads()
        antimony.setBareNumbersAreDimensionless(True)
        antimony.loadAntimonyString(text)
    reactions = antimony.getReactionNames(module) if antimony.getNumReactions(module) else ()
    sides = (
        (antimony.getReactantNames, antimony.getReactantStoichiometries),
        (antimony.getProductNames, antimony.getProductStoichiometries),
    )
    reactants, products = (_sides(*(ask(module) for ask in side)) if reactions else [] for side in sides)
    rules = _table(antimony, module, (_ALL_SPECIES, _ALL_FORMULAS), antimony.getSymbolRateRulesOfType)
    names = {kind: list(antimony.getSymbolNamesOfType(module, kind)) for kind in (1, 2, 9, 11, 12)}
    return Answers(
        module=module,
        numbers=_table(
            antimony, module, (_ALL_SPECIES, _ALL_FORMULAS, _COMPARTMENTS), antimony.getSymbolEquationsOfType
        ),
        own_rates={name: rule for name, rule in rules.items() if rule},
        species=names[_ALL_SPECIES],
        formulas=names[_ALL_FORMULAS],
        compartments=names[_COMPARTMENTS],
        moving=names[_VARIABLE_SPECIES],
        following=names[_VARIABLE_FORMULAS],
        reactions=list(reactions),
        rates=list(antimony.getReactionRates(module)) if reactions else [],
        reactants=reactants,
        products=products,
        events=_events(antimony, module),
        units=units,
        sbml=antimony.getSBMLString(module),
    )


def _events(antimony, module: str) -> list[Happening]:
    found = []
    for i, name in enumerate(antimony.getEventNames(module) if antimony.getNumEvents(module) else ()):
        refused = (
            (antimony.getEventHasDelay(module, i), "a delay ('at 5 after')"),
            (antimony.getEventHasPriority(module, i), "a priority"),
            (not antimony.getPersistenceForEvent(module, i), "persistent=false"),
            (not antimony.getFromTriggerForEvent(module, i), "fromTrigger=false"),
        )
        sets = [
            (
                antimony.getNthAssignmentVariableForEvent(module, i, j),
                antimony.getNthAssignmentEquationForEvent(module, i, j),
            )
            for j in range(antimony.getNumAssignmentsForEvent(module, i))
        ]
        found.append(
            Happening(
                name=name,
                trigger=antimony.getTriggerForEvent(module, i),
                at_start=not antimony.getT0ForEvent(module, i),
                sets=sets,
                refused=[what for given, what in refused if given],
            )
        )
    return found


def _table(antimony, module: str, kinds: Iterable[int], ask) -> dict[str, str]:
    """What Antimony answers to `ask` about each name of some kinds."""
    found: dict[str, str] = {}
    for kind in kinds:
        found |= zip(antimony.getSymbolNamesOfType(module, kind), ask(module, kind), strict=True)
    return found


def _sides(names, amounts) -> list[list[tuple[str, float]]]:
    """For each reaction the species of one side and how many of each."""
    return [list(zip(row, counts, strict=True)) for row, counts in zip(names, amounts, strict=True)]


def _units(sbml: str) -> dict[str, str]:
    """Unit of each parameter; species carry theirs as amounts, so a level's unit is the text's own word."""
    document = minidom.parseString(sbml)
    amounts = document.getElementsByTagName("model")[0].getAttribute("substanceUnits")
    concentration = {"micromole": "uM", "millimole": "mM"}.get(amounts)
    levels = {n.getAttribute("id"): concentration for n in document.getElementsByTagName("species") if concentration}
    return levels | {
        node.getAttribute("id"): node.getAttribute("units")
        for node in document.getElementsByTagName("parameter")
        if node.hasAttribute("units")
    }


# -- what the package carries ------------------------------------------------------------------------------------------


def write(to: Path = STORED, models: Path = MODELS) -> None:
    """Store the answers for each text in `models`, unless those that lie there were made from the same."""
    texts = [composition.whole(path.read_text(encoding="utf-8"), models)[0] for path in sorted(models.glob("*.ant"))]
    made_from = key("\0".join([Path(__file__).read_text(encoding="utf-8"), *texts]))
    if _content(to).get("made_from") == made_from:
        return
    content = {"made_from": made_from, "answers": {key(text): asdict(ask(text, strict=True)) for text in texts}}
    to.parent.mkdir(parents=True, exist_ok=True)
    part = to.with_suffix(".part")
    part.write_text(json.dumps(content, separators=(",", ":")), encoding="utf-8")
    part.replace(to)
    stored.cache_clear()


@cache
def stored(path: Path = STORED) -> dict[str, Answers]:
    """Hash of a text -> answers; empty where none are stored in a form that can be used, so that Antimony is asked."""
    try:
        return {text: _revived(kept) for text, kept in _content(path).get("answers", {}).items()}
    except (KeyError, TypeError, ValueError, AttributeError):
        return {}


def _content(path: Path) -> dict:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _revived(kept: dict) -> Answers:
    """Answers as `ask` gives them: JSON knows no tuples."""
    sides = {side: [[tuple(pair) for pair in row] for row in kept[side]] for side in ("reactants", "products")}
    events = [Happening(**{**each, "sets": [tuple(pair) for pair in each["sets"]]}) for each in kept["events"]]
    return Answers(**{**kept, **sides, "events": events})

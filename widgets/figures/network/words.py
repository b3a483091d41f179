"""The words of a model's diagram: short names that fit a box, where they break, and the whole picture said in words."""

from __future__ import annotations

import re

from widgets import messengers
from widgets.engine.model import Model
from widgets.engine.names import READ_AS, words
from widgets.figures.network.graph import additions, own_equations, shown_influences, used_and_made

_NARROW, _WIDE = "fijlrtI.,'()-| ", "mwMWGOQDHNUACµ%"


def short_name(model: Model, level: str) -> str:
    """A level's few words: "5-HTP", "dopamine in vesicles", "HVA"; the name itself where its meaning is long."""
    meaning = model.meanings[level]
    if level in READ_AS:
        return words(level)
    abbreviation = re.search(r"\(([A-Z0-9-]+)\)", meaning)
    if abbreviation:
        return abbreviation.group(1)
    first = re.split(r", | that ", meaning)[0]
    return first if len(first) <= 50 else readable(level)


def readable(name: str) -> str:
    """A name of the model's text as words: "breakdown MAO-A"."""
    for written, read in messengers.RECEPTORS_READ_AS.items():
        name = re.sub(rf"(?<![a-z0-9]){written}(?![a-z0-9])", read, name)
    return words(name)


def width_of(text: str, size: float) -> float:
    """About how wide letters are in the book's sans; rather too wide than too narrow, other fonts may step in."""
    shares = {**dict.fromkeys(_NARROW, 0.34), **dict.fromkeys(_WIDE, 0.8)}
    return round(size * sum(shares.get(letter, 0.6) for letter in text), 1)


def wrapped(words: str, most: int) -> list[str]:
    """Lines of about equal length, none longer than `most` letters where words allow."""
    # A letter alone ("G protein") stays with its word.
    pieces = [word.replace("_", " ") for word in re.sub(r"(?<!\S)([A-Z]) ", r"\1_", words).split(" ")]
    for number in range(1, len(pieces) + 1):
        goal = len(words) / number
        lines, line = [], ""
        for word in pieces:
            longer = f"{line} {word}".strip()
            if line and (len(longer) > most or (len(lines) < number - 1 and len(longer) > goal + len(word) / 2)):
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
        if len(lines) <= number and max(map(len, lines)) <= most:
            return lines
    return pieces


def alternative(model: Model) -> str:
    """The diagram in words: each level, each reaction with what it uses and makes, what acts on what."""
    shown = {n: short_name(model, n) for n in model.species}
    levels = [n for n in model.species if n not in model.switches]
    parts = [f"Diagram of the model {readable(model.name)}. Levels: {', '.join(shown[n] for n in levels)}."]
    ways = []
    for name in model.reactions:
        used, made = (" and ".join(shown[n] for n in side) or "nothing" for side in used_and_made(model, name))
        ways.append(f"{readable(name)}, from {used} to {made}")
    ways += [f"{readable(event)}, an event, into {shown[n]}" for event, n in additions(model)]
    if ways:
        parts.append(f"Reactions: {'; '.join(ways)}.")
    acting = [
        f"{shown[i.level]} {i.effect} {shown[i.target] if i.target in shown else readable(i.target)}"
        for i in shown_influences(model)
    ]
    if acting:
        parts.append(f"Influences: {'; '.join(acting)}.")
    if own_equations(model):
        parts.append(f"With an equation of their own: {', '.join(shown[n] for n in own_equations(model))}.")
    if model.switches:
        parts.append(f"Changed only by events: {', '.join(model.meanings[n] for n in model.switches)}.")
    return " ".join(parts)

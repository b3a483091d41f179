"""A model text that builds on another: what both share is written once.

The head comment of a text may hold the line

    // Based on: dopamine

The rest then holds only what is added or changed. A line that sets, rules or defines a name which the base has too
takes the place of the base's line; everything else of the base stays as it is.
"""

from __future__ import annotations

import re
from pathlib import Path

_BASE = re.compile(r"^//[ \t]*Based on:[ \t]*(\S+)[ \t]*$", re.M)
_SETS = re.compile(r"^\s*(?:const\s+|var\s+)?(?P<name>[A-Za-z_]\w*)\s*(?P<sign>:=|'\s*=|=|:)")
_MODEL = re.compile(r"^\s*model\s+\*?(?P<name>\w+)[^\n]*$", re.M)


def base_of(text: str) -> str | None:
    """The name of the model a text is based on, or None."""
    found = _BASE.search(_head(text))
    return found[1] if found else None


def compose(text: str, base: str) -> str:
    """The whole text of a model that is based on `base` (itself whole): Antimony, ready to be read.

    Raises ValueError if either text has no `model ... end`.
    """
    own_name, own = _body(text, "This text")
    _, inherited = _body(base, "The text it is based on")
    replacing = {key: line for line in own if (key := _key(line))}
    laws = {name for name, kind in replacing if kind == "law"}
    values = {name for name, kind in replacing if kind == "value"}

    lines, placed = [], set()
    for line in inherited:
        key = _key(line)
        # A law makes a value of the base superfluous, and a value a law: a name has one or the other.
        new = key and next((k for k in (key, (key[0], "law"), (key[0], "value")) if k in replacing), None)
        if not new or (new != key and (key[1] == "rate" or key[0] not in laws | values)):
            lines.append(line)
        elif new not in placed:
            lines.append(replacing[new])
            placed.add(new)
    lines += [line for line in own if _key(line) not in placed]
    head = _BASE.sub(r"// Based on the model \1, whose lines are included.", _head(text))
    return f"{head}model {own_name}\n" + "\n".join(lines) + "\nend\n"


def whole(text: str, folder: Path) -> tuple[str, list[Path]]:
    """A text with all that it is based on, and the files of these, from `folder`.

    Raises ValueError for a base that is not there or that leads round in a circle.
    """
    chain, texts, name = [], [text], base_of(text)
    while name:
        path = folder / f"{name}.ant"
        if path in chain:
            raise ValueError(f"The model texts {', '.join(p.stem for p in chain)} are based on each other in a circle.")
        if not path.is_file():
            there = ", ".join(sorted(p.stem for p in folder.glob("*.ant")))
            raise ValueError(
                f"A model is based on {name!r}, but there is no {path.name} beside the book's models: {there}."
            )
        chain.append(path)
        texts.append(path.read_text(encoding="utf-8"))
        name = base_of(texts[-1])
    result = texts.pop()
    while texts:
        result = compose(texts.pop(), result)
    return result, chain


def _head(text: str) -> str:
    match = _MODEL.search(text)
    return text[: match.start()] if match else text


def _body(text: str, which: str) -> tuple[str, list[str]]:
    match = _MODEL.search(text)
    end = text.rfind("\nend")
    if not match or end < match.end():
        raise ValueError(f"{which} does not run from 'model name' to 'end'.")
    return match["name"], text[match.end() : end].strip("\n").split("\n")


def _key(line: str) -> tuple[str, str] | None:
    """What a line sets: (name, "value"), (name, "law") or (name, "rate")."""
    match = _SETS.match(line)
    if not match:
        return None
    return match["name"], {"=": "value", ":=": "law", ":": "law"}.get(match["sign"], "rate")

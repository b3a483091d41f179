"""What the book's search understands besides the words that stand in the book: brands, other names, other spellings."""

from __future__ import annotations

import re

from widgets.medicines.names import NAMES
from widgets.messengers import MESSENGERS, TARGETS

_GREEK = {"alpha": "α", "beta": "β", "sigma": "σ"}


def words() -> dict[str, list[str]]:
    """What a reader may type, as one word -> what it is called in the book.

    All of it comes from the tables: a medicine's other names, a messenger's as its transporter has them, and each name
    with a hyphen, such as 5-HT2A, without it.
    """
    found: dict[str, dict[str, None]] = {}
    written: dict[str, str] = {}

    def leads(typed: str, name: str) -> None:
        if typed.lower() != name.lower():
            found.setdefault(written.setdefault(typed.lower(), typed), {})[name] = None

    for drug, other in NAMES.items():
        for name in (*other.sold_as, *other.also):
            leads(name, drug)
    for messenger in MESSENGERS.values():
        leads(_joined(messenger.symbol), messenger.symbol)
        transporter = TARGETS.get(messenger.transporter)
        for word in transporter.words.split() if transporter else ():
            if word != "transporter":
                leads(word, messenger.name)
    for key in TARGETS:
        leads(_joined(key), key)
        for spelled, letter in _GREEK.items():
            if key.startswith(spelled):
                leads(_joined(key.replace(spelled, letter)), key)
    return {typed: list(names) for typed, names in sorted(found.items())}


def _joined(name: str) -> str:
    """A name as one word: without its hyphens and spaces."""
    return re.sub(r"[\W_]+", "", name)

"""The built browser code that the package carries in `static/`, read only as it was built.

Beside it lies a stamp, written by hatch_build.py: the hash of each file when it was made. A bundle that was deleted,
cut short or changed by hand is refused with the remedy; it would be a lab that never draws.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

PACKAGE = Path(__file__).parent
STATIC = PACKAGE / "static"
STAMP = ".stamp"
REMEDY = "Run `make` in the book's folder, or install the package with `pip install .`."


def text(path: Path) -> str:
    """The text of one bundle. Raises FileNotFoundError, with the remedy, for one that is not there as it was built."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise FileNotFoundError(
            f"The labs' browser code widgets/static/{path.name} has not been built. {REMEDY}"
        ) from None
    built = _built(path.parent).get(path.name)
    if built is not None and built != hashlib.sha256(content).hexdigest():
        raise FileNotFoundError(
            f"The labs' browser code widgets/static/{path.name} is cut short or not as it was built. {REMEDY}"
        )
    return content.decode("utf-8")


def faults(names: Sequence[str], static: Path = STATIC) -> dict[str, str]:
    """Name -> "missing" or "not as it was built", of those of `names` that are not whole, and of all in the stamp."""
    built = _built(static)
    found = {}
    for name in dict.fromkeys([*names, *built]):
        path = static / name
        if not path.is_file():
            found[name] = "missing"
        elif built and built.get(name) != hashlib.sha256(path.read_bytes()).hexdigest():
            found[name] = "not as it was built"
    return found


def _built(static: Path) -> dict[str, str]:
    """File name -> hash when it was built; empty without a readable stamp, as in a folder of a test's."""
    try:
        return dict(json.loads((static / STAMP).read_text(encoding="utf-8"))["outputs"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}

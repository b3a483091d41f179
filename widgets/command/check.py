"""`living-synapse check`: is a model or a set of questions right? One line each, and what to mend."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from widgets.command.places import PACKAGE, Refused
from widgets.engine.model import available, load_model
from widgets.medicines.tables import affinities, curves, drugs, exposures, occupancies
from widgets.questions.schema import read_questions


def check(files: Sequence[Path]) -> int:
    """Check `files`, or all that the book rests on; returns 1 if anything is wrong."""
    wrong = 0
    for name, examine in [_asked(path) for path in files] or _own():
        try:
            print(f"{name}: {examine()}", flush=True)
        except (ValueError, OSError) as error:
            wrong += 1
            print(f"{name}: {error}", file=sys.stderr, flush=True)
    return int(wrong > 0)


Examined = tuple[str, Callable[[], str]]


def _asked(path: Path) -> Examined:
    kinds: dict[str, Callable[[Path], str]] = {
        ".ant": _model, ".xml": _model, ".sbml": _model, ".toml": _questions
    }  # fmt: skip
    kind = kinds.get(path.suffix.lower())
    if kind is None:
        raise Refused(
            f"{path} is none of the kinds that are checked: a model (.ant, .xml, .sbml) or questions (.toml)."
        )
    if not path.is_file():
        raise Refused(f"There is no file {str(path)!r}.")
    return str(path), lambda: kind(path)


def _own() -> Iterable[Examined]:
    for name in available():
        yield f"model {name}", lambda name=name: _model(name)
    for name, read in (("drugs", drugs), ("affinities", affinities), ("occupancies", occupancies),
                       ("dose curves", curves), ("exposures", exposures)):  # fmt: skip
        yield f"table of {name}", lambda read=read: f"{len(read())} rows"
    for path in sorted((PACKAGE / "questions" / "sets").glob("*.toml")):
        yield f"questions {path.stem}", lambda path=path: _questions(path)


def _model(source: str | Path) -> str:
    """What a model holds, and that it runs."""
    model = load_model(source)
    model.simulate(**{f"{model.time_unit}s": 1})
    return f"{len(model.species)} species, {len(model.reactions)} reactions, {len(model.constants)} constants; it runs"


def _questions(path: Path) -> str:
    return f"{len(read_questions(path))} questions"

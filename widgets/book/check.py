"""Every table, model and source, tried before anything is executed or built.

    python -m widgets.book.check         say what is wrong, each with its file, line and what to write; a second or two

What breaks its form is refused by the reader of its own kind; here all of them are asked, and every key of a source is
looked up in references.bib, where it is written.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from widgets.book import progress
from widgets.book.dependencies import files_of
from widgets.book.fingerprints import fingerprint
from widgets.bundles import PACKAGE
from widgets.checks import meant

KEY = re.compile(r"\b[a-z]+\d{4}[a-z0-9]+\b")
"""A word of this form in a model's text or in the evidence becomes a citation (as in `widgets.figures.markdown`)."""
# What refuses in all of them.
_READERS = ("reading.py", "checks.py", "book/check.py")
_CITE = re.compile(r"\{cite(?::\w+)?\}`([^`]+)`")
_QUOTED = re.compile(r"'([A-Za-z_]\w*)'")
STAMP = ".checked"
"""In _build/: for each check the hash of what was in order when it was made last."""


def faults(root: Path = PACKAGE.parent, names: Iterable[str] | None = None) -> list[str]:
    """All that is wrong in a checkout, in words, each once; empty if nothing is. `names`: of these checks only."""
    found: list[str] = []
    for each in CHECKS:
        if names is None or each.__name__ in names:
            try:
                found += each(root)
            except (ValueError, OSError) as error:  # DataError among them
                found.append(str(error))
    return list(dict.fromkeys(found))


def faults_once(build: Path, root: Path = PACKAGE.parent) -> list[str]:
    """The same, but of what `build` found in order the last time and is as it was then."""
    now = {each.__name__: _looked_at(root, places) for each, places in CHECKS.items()}
    stamp = build / STAMP
    try:
        before = dict(json.loads(stamp.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        before = {}
    changed = [name for name in now if before.get(name) != now[name]]
    if not changed:
        return []
    with progress.stage("Checking tables, models, questions and sources"):
        found = faults(root, changed)
    if not found:
        build.mkdir(parents=True, exist_ok=True)
        stamp.write_text(json.dumps(now), encoding="utf-8")
    return found


def _looked_at(root: Path, places: Iterable[str]) -> str:
    files = [root / "widgets" / name for name in _READERS]
    for place in places:
        files += files_of(root / place) if (root / place).is_dir() else [root / place]
    return fingerprint([path for path in files if path.is_file()], root)


# -- what each kind of file says of itself --------------------------------------------------------------------------


def _palette(root: Path) -> Iterator[str]:
    path = PACKAGE / "palette.json"
    try:
        json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        yield f"palette.json: not readable as JSON: {error}"


def _messengers(root: Path) -> Iterator[str]:
    import widgets.messengers  # noqa: F401  reads and checks its file

    return iter(())


def _medicines(root: Path) -> Iterator[str]:
    from widgets.medicines import tables
    from widgets.medicines.schema import TABLES

    for form in TABLES.values():
        yield from (str(error) for error in tables.problems(tables.DATA / form.file))
    from widgets.medicines import names  # noqa: F401  reads and checks its file


def _evidence(root: Path) -> Iterator[str]:
    from widgets.evidence import anchors, conclusions, hundreds

    try:
        hundreds.hundreds()
    except ValueError as error:
        yield str(error)
    for file, read in (("validation.toml", anchors.read_anchors), ("conclusions.toml", conclusions.conclusions)):
        try:
            entries = read()
        except ValueError as error:
            yield str(error)
            continue
        lines = (PACKAGE / "evidence" / file).read_text(encoding="utf-8").splitlines()
        for entry in entries:
            try:
                entry.experiment.check()
            except ValueError as error:
                says = getattr(entry, "finding", "") or getattr(entry, "text", "")
                line = next((number for number, text in enumerate(lines, 1) if says in text), 0)
                yield f"{file}, line {line}: {error}"


def _questions(root: Path) -> Iterator[str]:
    from widgets.questions.schema import read_questions

    for path in sorted((PACKAGE / "questions" / "sets").glob("*.toml")):
        try:
            read_questions(path)
        except ValueError as error:
            yield str(error)


def _models(root: Path) -> Iterator[str]:
    from widgets.engine.model import MODELS, available, load_model

    for name in available():
        path = MODELS / f"{name}.ant"
        try:
            load_model(name)
        except ValueError as error:
            line = _line_of(path, str(error))
            yield f"{path.name}{f', line {line}' if line else ''}: {error}"


def _line_of(path: Path, message: str) -> int:
    """The line of a model's text that sets what a message names first; 0 where none does."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for name in _QUOTED.findall(message):
        for number, line in enumerate(lines, 1):
            if re.match(rf"\s*(?:const\s+|var\s+)?{name}\b\s*(?::|=|has\b)", line):
                return number
    return 0


# -- sources --------------------------------------------------------------------------------------------------------


def _bibliography(root: Path) -> Iterator[str]:
    """Two entries of one key, and entries that cannot be read."""
    path = root / "references.bib"
    if not path.is_file():
        return
    first: dict[str, int] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if entry := re.match(r"\s*@\w+\s*\{\s*([^,\s]*)", line):
            key = entry[1]
            if not key:
                yield f"references.bib, line {number}: an entry without a key; write @article{{best2009homeostatic,"
            elif key in first:
                yield f"references.bib, line {number}: {key!r} stands already on line {first[key]}; delete one of them"
            first.setdefault(key, number)
    from pybtex.database import BibliographyDataError
    from pybtex.database.input.bibtex import LowLevelParser
    from pybtex.exceptions import PybtexError

    try:
        for _ in LowLevelParser(path.read_text(encoding="utf-8")):
            pass
    except BibliographyDataError:
        pass  # said above
    except PybtexError as error:
        line = getattr(error, "lineno", None)
        yield f"references.bib{f', line {line}' if line else ''}: not readable as BibTeX: {error}"


def keys_of(root: Path) -> set[str] | None:
    """The keys of references.bib; None where there is none, as in an installed package."""
    path = root / "references.bib"
    if not path.is_file():
        return None
    return set(re.findall(r"(?m)^\s*@\w+\s*\{\s*([^,\s]+)\s*,", path.read_text(encoding="utf-8")))


def _keys(root: Path) -> Iterator[str]:
    """Every key that the package or a chapter names and references.bib lacks."""
    known = keys_of(root)
    if known is None:
        return
    package = root / "widgets"
    texts = [*sorted((package / "models").glob("*.ant")), *sorted((package / "evidence").glob("*.toml"))]
    for path in [*texts, *(package / "medicines").glob("names.toml")]:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for match in KEY.finditer(line):
                yield from _unknown(match[0], known, f"{path.name}, line {number}, column {match.start() + 1}")
    for path in sorted(p for room in ("evidence", "figures", "labs") for p in (package / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.fullmatch(node.value):
                place = f"{path.relative_to(root).as_posix()}, line {node.lineno}, column {node.col_offset + 1}"
                yield from _unknown(node.value, known, place)
    for path in sorted((root / "chapters").rglob("*.md")):
        yield from _cited(path.read_text(encoding="utf-8"), known, path.relative_to(root).as_posix())


def _unknown(key: str, known: set[str], place: str) -> Iterator[str]:
    if key not in known:
        yield f"{place}: {key!r} is no key of references.bib{meant(key, known)}; add the source there"


def _cited(text: str, known: set[str], place: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), 1):
        for match in _CITE.finditer(line):
            for key in match[1].split(","):
                yield from _unknown(key.strip(), known, f"{place}, line {number}, column {match.start() + 1}")


def _named(code: str, known: set[str], place: str) -> Iterator[str]:
    """What a cell of code names as a source, such as that of a prediction's measured answer."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return  # a line of magic; a cell that cannot run is told when it is run
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.fullmatch(node.value):
            yield from _unknown(node.value, known, f"{place}, line {node.lineno}, column {node.col_offset + 1}")


def _chapters(root: Path) -> Iterator[str]:
    """Notebooks that cannot be read, what the contents lack, and what a cell cites or names as a source."""
    known = keys_of(root)
    for path in sorted((root / "chapters").rglob("*.ipynb")):
        place = path.relative_to(root).as_posix()
        if ".ipynb_checkpoints" in path.parts:
            continue
        try:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            texts = [(n, cell["cell_type"], "".join(cell["source"])) for n, cell in enumerate(cells, 1)]
        except (ValueError, KeyError, TypeError) as error:
            yield f"{place}: not readable as a notebook: {type(error).__name__} {error}"
            continue
        if known is not None:
            for number, kind, text in texts:
                look = _cited if kind == "markdown" else _named
                yield from look(text, known, f"{place}, cell {number}")
    contents = root / "_toc.yml"
    if not contents.is_file():
        return
    for number, line in enumerate(contents.read_text(encoding="utf-8").splitlines(), 1):
        entry = re.match(r"\s*(?:-\s*)?(?:file|root):\s*([\w./-]+)", line)
        if entry and not any((root / f"{entry[1]}{ending}").is_file() for ending in (".ipynb", ".md", "")):
            yield f"_toc.yml, line {number}: there is no {entry[1]}.ipynb or .md; write the chapter, or leave it out"


CHECKS: Mapping[Callable[[Path], Iterator[str]], tuple[str, ...]] = {
    _palette: ("widgets/palette.json",),
    _messengers: ("widgets/messengers.toml", "widgets/palette.json"),
    _medicines: ("widgets/medicines", "widgets/messengers.toml", "references.bib"),
    _evidence: ("widgets/evidence", "widgets/engine", "widgets/models"),
    _questions: ("widgets/questions",),
    _models: ("widgets/engine", "widgets/models"),
    _bibliography: ("references.bib",),
    _keys: (
        "references.bib",
        "widgets/models",
        "widgets/evidence",
        "widgets/figures",
        "widgets/labs",
        "widgets/medicines",
        "chapters",
    ),
    _chapters: ("references.bib", "_toc.yml", "chapters"),
}
"""Each kind of check and the files and folders that it looks at."""


def main() -> int:
    """Print what is wrong; 1 if anything is."""
    found = faults()
    print("\n".join(found) or f"Every table, model, question and source is in order ({len(CHECKS)} kinds).")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

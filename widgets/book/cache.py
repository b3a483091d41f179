"""Executed chapters, kept for as long as what their numbers depend on stays as it is.

jupyter-cache knows a notebook by its cells alone. Beside it lies a ledger: for each cached execution the fingerprint of
everything else that its outputs depend on (`widgets.book.dependencies`, the libraries' versions). A chapter whose
fingerprint is no longer the one in the ledger is executed again, and no other.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import shutil
import sys
from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import nbformat
from jupyter_cache import get_cache
from sphinx.application import Sphinx

from widgets.book.dependencies import Dependencies, files_of
from widgets.book.places import ASSETS, PACKAGE, STATIC

# Their versions show in outputs and saved widgets.
_LIBRARIES = ("anywidget", "antimony", "ipywidgets", "matplotlib", "numpy", "pandas", "pydantic", "scipy", "sympy")
LEDGER = "fingerprints.json"
# Modules of the book that write one page each.
_OF_ONE_PAGE = {"atlas.py", "atlas_tables.py", "atlas_words.py", "reference.py", "notebooks.py"}


def package_hash(package: Path = PACKAGE) -> str:
    """A short hash of every file of the package (names and contents) and of the libraries' versions.

    Downloads are laid again when it changes. Caches, hidden files and npm's packages never count.
    """
    return fingerprint(files_of(package), package)


def machinery_hash(package: Path = PACKAGE) -> str:
    """The same of what reads and writes every page: the extension, its templates and the colours.

    What single pages are written from is none of it: Sphinx is told of that page by page (`widgets.book.written`), and
    of the chapters that must be executed again by the ledger.
    """
    files = [path for path in files_of(package / "book") if path.name not in _OF_ONE_PAGE]
    palette = package / "palette.json"
    return fingerprint([*files, *([palette] if palette.is_file() else [])], package)


def fingerprint(files: Iterable[Path], root: Path = PACKAGE) -> str:
    """A short hash of files, by their names from `root` and their contents, and of the libraries' versions."""
    digest = hashlib.sha256(f"python {sys.version_info[0]}.{sys.version_info[1]}\n".encode())
    for library in _LIBRARIES:
        try:
            digest.update(f"{library} {version(library)}\n".encode())
        except PackageNotFoundError:
            continue
    for path in sorted(files):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def chapter_fingerprint(path: Path, depends: Dependencies) -> str:
    """The fingerprint of what a notebook's outputs depend on besides its own cells.

    Files beside the notebook that it might read (anything but notebooks and prose) count too.
    """
    notebook = nbformat.read(path, as_version=4)
    package = fingerprint(depends.of_cells(c.source for c in notebook.cells if c.cell_type == "code"), depends.package)
    beside = [each for each in path.parent.iterdir() if each.is_file() and each.suffix not in (".ipynb", ".md")]
    return f"{package}-{fingerprint(beside, path.parent)}" if beside else package


def key_the_cache(app: Sphinx, config: Any) -> None:
    """Choose where executed notebooks are kept, and what makes Sphinx read and write every page again."""
    root = Path(config.nb_execution_cache_path or Path(app.outdir).parent / ".jupyter_cache")
    if root.is_dir():
        # Earlier versions kept a cache for each state of the package.
        for old in root.iterdir():
            if old.is_dir() and re.fullmatch(r"[0-9a-f]{16}", old.name):
                shutil.rmtree(old)
    config.nb_execution_cache_path = str(root)
    # Settings of Sphinx's: with another value of the first every page is read again, of the second written again.
    config.living_synapse_machinery = machinery_hash()
    config.living_synapse_assets = fingerprint([STATIC / name for name in ASSETS if (STATIC / name).is_file()], STATIC)


def forget_stale(app: Sphinx, env: Any, added: set[str], changed: set[str], removed: set[str]) -> Sequence[str]:
    """Drop the cached executions for which the ledger no longer vouches; returns the chapters, to be read again."""
    if app.config.nb_execution_mode != "cache":
        return []
    root = Path(app.config.nb_execution_cache_path)
    cache, ledger, depends = get_cache(str(root)), _read(root), Dependencies(PACKAGE)
    stale, present = [], {}
    for name in sorted(env.found_docs):
        path = Path(env.doc2path(name))
        if path.suffix != ".ipynb":
            continue
        notebook = nbformat.read(path, as_version=4)
        key = cache.create_hashed_notebook(notebook)[1]
        present[key] = chapter_fingerprint(path, depends)
        if ledger.get(key) == present[key]:
            continue
        ledger.pop(key, None)
        stale.append(name)
        with contextlib.suppress(KeyError):
            cache.remove_cache(cache.match_cache_notebook(notebook).pk)
    # Before anything is executed: a build that is cut short may leave executions for which the ledger must not vouch.
    _write(root, ledger)
    app.living_synapse_fingerprints = present
    return stale


def vouch(app: Sphinx, *_: Any) -> None:
    """Enter the executions of this build in the ledger, with the fingerprints that they began with."""
    present = getattr(app, "living_synapse_fingerprints", {})
    if not present:
        return
    root = Path(app.config.nb_execution_cache_path)
    kept = {record.hashkey for record in get_cache(str(root)).list_cache_records()}
    _write(root, {key: value for key, value in {**_read(root), **present}.items() if key in kept})


def _read(root: Path) -> dict[str, str]:
    """The ledger: hash of a notebook's cells -> fingerprint. Without a readable one nothing is vouched for."""
    try:
        return dict(json.loads((root / LEDGER).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def _write(root: Path, ledger: dict[str, str]) -> None:
    root.mkdir(parents=True, exist_ok=True)
    part = root / f"{LEDGER}.part"
    part.write_text(json.dumps(ledger, indent=1, sort_keys=True), encoding="utf-8")
    part.replace(root / LEDGER)

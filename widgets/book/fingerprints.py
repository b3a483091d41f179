"""One short hash of many files: what pages, their looks and whole builds were made from."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from widgets.book.dependencies import files_of
from widgets.bundles import PACKAGE

# Their versions show in outputs and saved widgets.
_LIBRARIES = ("anywidget", "antimony", "ipywidgets", "matplotlib", "numpy", "pandas", "pydantic", "scipy", "sympy")
# Modules of the book that write one page each, or none.
_OF_ONE_PAGE = {"atlas.py", "atlas_tables.py", "atlas_words.py", "reference.py", "notebooks.py", "searching.py",
                "archive.py", "epub.py", "epub.css", "paper.py", "whole.py", "whole.css", "xhtml.py",
                "check.py", "made.py", "make.py", "progress.py"}  # fmt: skip


def package_hash(package: Path = PACKAGE) -> str:
    """A short hash of every file of the package (names and contents) and of the libraries' versions.

    Caches, hidden files and npm's packages never count.
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
    for library, number in versions():
        digest.update(f"{library} {number}\n".encode())
    for path in sorted(files):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


@lru_cache(maxsize=1)
def versions() -> tuple[tuple[str, str], ...]:
    """(library, version) of those that are installed here."""
    found = []
    for library in _LIBRARIES:
        with suppress(PackageNotFoundError):
            found.append((library, version(library)))
    return tuple(found)

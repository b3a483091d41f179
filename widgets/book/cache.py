"""What a page depends on, and what a chapter's execution depends on."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from widgets.book.places import PACKAGE

# Not needed to run a chapter: a change here changes how pages look, not what cells print.
_PRESENTATION = ("book", "frontend", "static")
# Their versions show in outputs and saved widgets.
_LIBRARIES = ("anywidget", "antimony", "ipywidgets", "matplotlib", "numpy", "pandas", "scipy", "sympy")


def package_hash(package: Path = PACKAGE, leave_out: Sequence[str] = ()) -> str:
    """A short hash of every file of the package (names and contents) and of the libraries' versions.

    `leave_out` names top-level files or folders. Caches and npm's packages never count.
    """
    digest = hashlib.sha256()
    for library in _LIBRARIES:
        try:
            digest.update(f"{library} {version(library)}\n".encode())
        except PackageNotFoundError:
            continue
    for path in sorted(package.rglob("*")):
        parts = path.relative_to(package).parts
        if parts[0] in leave_out or {"__pycache__", "node_modules"} & set(parts) or not path.is_file():
            continue
        digest.update("/".join(parts).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def execution_hash(package: Path = PACKAGE) -> str:
    """The hash of what a notebook's outputs depend on besides its own cells: models, data, labs, figures.

    jupyter-cache knows a notebook by its cells alone; keying the cache by this hash re-executes the chapters when the
    package changes.
    """
    return package_hash(package, _PRESENTATION)


def key_the_cache(app: Sphinx, config: Any) -> None:
    root = Path(config.nb_execution_cache_path or Path(app.outdir).parent / ".jupyter_cache")
    current = root / execution_hash()
    if root.is_dir():
        for old in root.iterdir():
            if old.is_dir() and old != current and re.fullmatch(r"[0-9a-f]{16}", old.name):
                shutil.rmtree(old)
    config.nb_execution_cache_path = str(current)
    # A setting of Sphinx's environment: another value, and every page is read and written again.
    config.living_synapse_package = package_hash()

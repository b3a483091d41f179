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
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.cache.main import JupyterCacheBase
from sphinx.application import Sphinx

from widgets.book import progress
from widgets.book.dependencies import Dependencies, dependencies
from widgets.book.fingerprints import fingerprint, machinery_hash
from widgets.book.places import ASSETS, HEAD
from widgets.bundles import PACKAGE, STATIC

LEDGER = "fingerprints.json"
# What jupyter-cache keeps in its folder.
_CACHE = ("global.db", "global.db-journal", "executed", "__version__.txt")


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
        if (root / _CACHE[0]).exists():
            make_sound(root)
    config.nb_execution_cache_path = str(root)
    # Settings of Sphinx's: with another value of the first every page is read again, of the second written again.
    config.living_synapse_machinery = machinery_hash()
    config.living_synapse_assets = fingerprint(
        [STATIC / name for name in (HEAD, *ASSETS) if (STATIC / name).is_file()], STATIC
    )


@contextlib.contextmanager
def opened(root: str | Path) -> Iterator[JupyterCacheBase]:
    """The cache of executed chapters, its database closed again: jupyter-cache leaves that open."""
    cache = get_cache(str(root))
    try:
        yield cache
    finally:
        # One that cannot be read has said so already.
        with contextlib.suppress(Exception):
            cache.db.dispose()


def make_sound(root: Path) -> None:
    """Empty a cache whose index cannot be read: its chapters are executed again."""
    try:
        with opened(root) as cache:
            cache.list_cache_records(), cache.list_project_records()
        return
    except Exception as error:  # whatever a garbled database makes of itself
        what = str(error).splitlines()[0]
    progress.say(f"The cache of executed chapters in {root} cannot be read ({what}); all chapters are executed again.")
    for name in _CACHE:
        path = root / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def forget_stale(app: Sphinx, env: Any, added: set[str], changed: set[str], removed: set[str]) -> Sequence[str]:
    """Drop the cached executions for which the ledger no longer vouches; returns the chapters, to be read again."""
    if app.config.nb_execution_mode != "cache":
        return []
    root = Path(app.config.nb_execution_cache_path)
    with opened(root) as cache:
        return _stale(app, env, root, cache)


def _stale(app: Sphinx, env: Any, root: Path, cache: JupyterCacheBase) -> list[str]:
    ledger, depends = _read(root), dependencies(PACKAGE)
    stale, present, garbled = [], {}, []
    for name in sorted(env.found_docs):
        path = Path(env.doc2path(name))
        if path.suffix != ".ipynb":
            continue
        notebook = nbformat.read(path, as_version=4)
        key = cache.create_hashed_notebook(notebook)[1]
        present[key] = chapter_fingerprint(path, depends)
        written = _content(root, key)
        if ledger.get(key) == [present[key], written]:
            continue
        if written and ledger.get(key, [""])[0] == present[key]:
            garbled.append(path.name)
        ledger.pop(key, None)
        stale.append(name)
        with contextlib.suppress(KeyError):
            cache.remove_cache(cache.match_cache_notebook(notebook).pk)
    if garbled:
        progress.say(f"Not as it was executed in {root}: {', '.join(garbled)}; executed again.")
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
    with opened(root) as cache:
        kept = {record.hashkey for record in cache.list_cache_records()}
    now = {key: [value, _content(root, key)] for key, value in present.items()}
    _write(root, {key: value for key, value in {**_read(root), **now}.items() if key in kept})


def _content(root: Path, key: str) -> str:
    """A hash of an executed notebook as it lies in the cache; "" where none does."""
    path = root / "executed" / key / "base.ipynb"
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16] if path.is_file() else ""


def _read(root: Path) -> dict[str, list[str]]:
    """The ledger: hash of a notebook's cells -> [fingerprint, hash of its execution].

    Without a readable one nothing is vouched for.
    """
    try:
        entries = dict(json.loads((root / LEDGER).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError) as error:
        progress.say(f"{root / LEDGER} cannot be read ({error}); all chapters are executed again.")
        return {}
    return {key: value for key, value in entries.items() if isinstance(value, list) and len(value) == 2}


def _write(root: Path, ledger: dict[str, list[str]]) -> None:
    root.mkdir(parents=True, exist_ok=True)
    part = root / f"{LEDGER}.part"
    part.write_text(json.dumps(ledger, indent=1, sort_keys=True), encoding="utf-8")
    part.replace(root / LEDGER)

"""Chapters executed side by side, as many at once as there are processors."""

from __future__ import annotations

import logging as python_logging
import multiprocessing
from pathlib import Path

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.executors import load_executor
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from widgets.book import written


def run_side_by_side(app: Sphinx, env: BuildEnvironment, names: list[str]) -> None:
    """Execute the chapters that the cache does not hold, as many at once as there are processors.

    Sphinx would run them one after another when it reads them; now it finds them in the cache. One that fails is not
    cached: Sphinx runs it again, and says what is wrong as it always does. The model reference, which tries every model
    many times over, is written beside them.
    """
    if app.config.nb_execution_mode != "cache":
        return
    beside = None
    kept = written.kept_reference(app)
    if not kept.exists() and any(
        written.REFERENCE_HERE in Path(env.doc2path(name)).read_text("utf-8") for name in names
    ):
        beside = multiprocessing.Process(target=written.keep_reference, args=(kept,))
        beside.start()
    _run_chapters(app, env, names)
    if beside:
        # If it failed, it is tried once more when its page is read, where its error is told.
        beside.join()


def _run_chapters(app: Sphinx, env: BuildEnvironment, names: list[str]) -> None:
    cache = get_cache(app.config.nb_execution_cache_path)
    waiting = []
    for path in (Path(env.doc2path(name)) for name in names):
        if path.suffix != ".ipynb":
            continue
        try:
            cache.match_cache_notebook(nbformat.read(path, as_version=4))
        except KeyError:
            waiting.append(str(path))
    if len(waiting) < 2:
        return
    for path in waiting:
        cache.add_nb_to_project(path)
    quiet = python_logging.getLogger("living_synapse.execution")
    quiet.setLevel(python_logging.CRITICAL)
    executor = load_executor("local-parallel", cache, logger=quiet)
    executor.run_and_cache(filter_uris=waiting, timeout=app.config.nb_execution_timeout)

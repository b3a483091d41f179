"""Chapters executed side by side, as many at once as there are processors."""

from __future__ import annotations

import logging as python_logging
import multiprocessing
import os
import time
from pathlib import Path

import nbformat
from jupyter_cache.cache.main import JupyterCacheBase
from jupyter_cache.executors.basic import ExecutionWorkerLocalMProc, ProcessData
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from widgets.book import progress, written
from widgets.book.cache import opened


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
        if beside.is_alive():
            with progress.stage("Writing the model reference"):
                beside.join()
        beside.join()


def _run_chapters(app: Sphinx, env: BuildEnvironment, names: list[str]) -> None:
    with opened(app.config.nb_execution_cache_path) as cache:
        _run_missing(app, env, names, cache)


def _run_missing(app: Sphinx, env: BuildEnvironment, names: list[str], cache: JupyterCacheBase) -> None:
    waiting = []
    for path in (Path(env.doc2path(name)) for name in names):
        if path.suffix != ".ipynb":
            continue
        try:
            cache.match_cache_notebook(nbformat.read(path, as_version=4))
        except KeyError:
            waiting.append(str(path))
    if len(waiting) < 2:
        for path in waiting:
            progress.say(f"Executing {Path(path).stem} (1 of 1) ...")
        return
    records = [cache.add_nb_to_project(path) for path in waiting]
    jobs = [ProcessData(each.pk, each.uri, cache, app.config.nb_execution_timeout, False) for each in records]
    # A worker says in its own process what fails, at length; Sphinx says it once more, and briefly.
    multiprocessing.get_logger().setLevel(python_logging.CRITICAL)
    multiprocessing.log_to_stderr(python_logging.CRITICAL)
    with progress.stage(f"Executing {len(jobs)} chapters, {os.cpu_count()} at a time"), multiprocessing.Pool() as pool:
        done = pool.imap_unordered(_timed, jobs)
        for number, (outcome, path, seconds) in enumerate(done, 1):
            failed = "" if outcome == 0 else ", failed: it runs once more, to say why"
            progress.say(f"  executed {Path(path).stem} ({number} of {len(jobs)}): {seconds:.1f} s{failed}")


def _timed(job: ProcessData) -> tuple[int, str, float]:
    """Execute one notebook into the cache: 0 if it went well, its path, its seconds."""
    began = time.monotonic()
    outcome, path = ExecutionWorkerLocalMProc()(job)
    return outcome, path, time.monotonic() - began

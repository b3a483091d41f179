"""What a build says while it works: a plain line for each stage and chapter, for a terminal, a log and CI alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from widgets.checks import counted

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

_printed: list[Callable[[str], None]] = []


def print_to(write: Callable[[str], None]) -> None:
    """Say everything by `write` from now on; otherwise Sphinx's own log has it (and `--quiet` silences it)."""
    _printed[:] = [write]


def say(line: str) -> None:
    """One line, at once."""
    if _printed:
        _printed[0](line)
    else:
        from sphinx.util import logging

        logging.getLogger(__name__).info(line)


@contextmanager
def stage(words: str) -> Iterator[None]:
    """Say what begins, and how long it took."""
    say(f"{words} ...")
    began = time.monotonic()
    yield
    say(f"{words}: {time.monotonic() - began:.1f} s")


class Pages:
    """The pages that are read and written in one build, each with its number and its seconds."""

    def __init__(self) -> None:
        self.doing, self.number, self.of, self.began = "", 0, 0, time.monotonic()

    def begin(self, doing: str, of: int) -> None:
        """`of` pages are about to be read or written."""
        self.doing, self.number, self.of, self.began = doing, 0, of, time.monotonic()
        if of:
            say(f"{doing.capitalize()} {counted(of, 'page')} ...")

    def done(self, name: str) -> None:
        """One page more."""
        self.number += 1
        now = time.monotonic()
        say(f"  {self.doing} {name} ({self.number} of {self.of}): {now - self.began:.1f} s")
        self.began = now


def follow(app: Sphinx) -> None:
    """Say each page that is read and written; called when the builder is there."""
    pages = Pages()
    prepare: Callable[[set[str]], None] = app.builder.prepare_writing

    def read(app: Sphinx, doctree: nodes.document) -> None:
        pages.done(app.env.docname)

    def written(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
        if doctree is not None:
            pages.done(page)

    def told(docnames: set[str]) -> None:
        prepare(docnames)
        pages.begin("writing", len(docnames))

    app.builder.prepare_writing = told  # type: ignore[method-assign]
    # Last of all who listen: the seconds are those of the whole page.
    app.connect("env-before-read-docs", lambda app, env, names: pages.begin("reading", len(names)), priority=990)
    app.connect("doctree-read", read, priority=990)
    app.connect("html-page-context", written, priority=990)

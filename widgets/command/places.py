"""Where the book lies: built, or as its sources; in a checkout, in the installed package or in this user's cache."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_cache_path

from widgets.version import VERSION

PACKAGE = Path(__file__).parents[1]
SHIPPED = PACKAGE / "source"
"""In an installed package: chapters, _config.yml, _toc.yml, conf.py and references.bib; in a release html/ as well."""


class Refused(Exception):
    """What cannot be done, in words for whoever asked."""


def sources() -> Path:
    """The folder with `_toc.yml` and `chapters/`. Raises Refused, with what to do, if there is none."""
    for folder in (PACKAGE.parent, SHIPPED):
        if (folder / "_toc.yml").is_file() and (folder / "chapters").is_dir():
            return folder
    raise Refused(
        f"The book's chapters are neither beside {PACKAGE} nor in it: install the package again, from a release or "
        "with `pip install` in a checkout."
    )


def made_here() -> Path:
    """Where this user's own build of this version is kept."""
    return user_cache_path("living-synapse") / VERSION


def built() -> Path | None:
    """The folder of the built book, the nearest to hand; None if it has not been built."""
    candidates = [PACKAGE.parent / "_build" / "html", SHIPPED / "html", made_here() / "html"]
    if not (PACKAGE.parent / "_toc.yml").is_file():
        candidates = candidates[1:]  # a _build beside an installed package is somebody else's
    return next((folder for folder in candidates if (folder / "index.html").is_file()), None)

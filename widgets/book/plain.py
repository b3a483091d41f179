"""The settings of Sphinx alone: what Jupyter Book 1 makes of `_config.yml`, without Jupyter Book.

Jupyter Book 2 reads neither `_config.yml` nor `_toc.yml`. Everything that this book is made with is a Sphinx extension,
so the way off is short: `conf.py` in the top folder calls `settings`, and `sphinx-build . _build/sphinx` builds the
same pages (tests/test_plain.py compares them). `_config.yml` stays the one place where the settings stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from sphinx.errors import ConfigError

_NAMES = {
    "title": "html_title",
    "author": "author",
    "copyright": "copyright",
    "only_build_toc_files": "external_toc_exclude_missing",
    "exclude_patterns": "exclude_patterns",
    "bibtex_bibfiles": "bibtex_bibfiles",
    "execute.execute_notebooks": "nb_execution_mode",
    "execute.timeout": "nb_execution_timeout",
    "execute.allow_errors": "nb_execution_allow_errors",
    "execute.stderr_output": "nb_output_stderr",
    "parse.myst_enable_extensions": "myst_enable_extensions",
}
"""What Jupyter Book calls a setting -> what Sphinx calls it."""

_JUPYTER_BOOKS_OWN = {"html.use_multitoc_numbering": False, "latex.use_jupyterbook_latex": False}
"""Switches of Jupyter Book's own extensions; they are off here, so there is nothing to set."""

_DEFAULTS = {
    "external_toc_path": "_toc.yml",
    "myst_url_schemes": ["mailto", "http", "https"],
    "html_sourcelink_suffix": "",
}
"""What Jupyter Book sets unasked and the pages depend on."""

_ALWAYS_EXCLUDED = ("_build", "Thumbs.db", ".DS_Store", "**.ipynb_checkpoints", "conf.py")


def settings(root: Path) -> dict[str, Any]:
    """Sphinx's settings for the book in folder `root`, from its `_config.yml`.

    Raises ConfigError, naming the key, for one that has no counterpart in Sphinx: write it under `sphinx: config:`.
    """
    path = root / "_config.yml"
    asked = yaml.safe_load(path.read_text(encoding="utf-8"))
    found: dict[str, Any] = dict(_DEFAULTS)
    sphinx = asked.pop("sphinx", {})
    for key, value in _flat(asked, set(_NAMES) | set(_JUPYTER_BOOKS_OWN)):
        if key in _NAMES:
            found[_NAMES[key]] = value
        elif _JUPYTER_BOOKS_OWN.get(key, ...) is not value:
            raise ConfigError(
                f"{path}: {key} = {value!r} is Jupyter Book's own and has no counterpart in Sphinx; write Sphinx's "
                "name for it under `sphinx: config:`"
            )
    found["exclude_patterns"] = sorted({*found.get("exclude_patterns", []), *_ALWAYS_EXCLUDED})
    found |= sphinx.get("config", {})
    found["extensions"] = [name for name in found["extensions"] if name != "jupyter_book"]
    return found


def _flat(asked: Mapping[str, Any], known: set[str], prefix: str = "") -> list[tuple[str, Any]]:
    """Keys with their sections before them, `execute.timeout`, and their values."""
    flat: list[tuple[str, Any]] = []
    sections = {name.rpartition(".")[0] for name in known}
    for key, value in asked.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping) and name in sections:
            flat += _flat(value, known, f"{name}.")
        else:
            flat.append((name, value))
    return flat

"""The book's version, from the one place where it stands: pyproject.toml."""

from __future__ import annotations

import tomllib
from importlib.metadata import version
from pathlib import Path

NAME = "living-synapse"


def _version() -> str:
    """As pyproject.toml beside the package has it, in a checkout; otherwise as the package was packed."""
    beside = Path(__file__).parents[1] / "pyproject.toml"
    if beside.is_file():
        project = tomllib.loads(beside.read_text(encoding="utf-8")).get("project", {})
        if project.get("name") == NAME:
            return str(project["version"])
    return version(NAME)


VERSION = _version()

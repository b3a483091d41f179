"""Where something stands in a chapter: by cell and line, in what the build complains of.

myst-nb counts line 2 of a notebook's fifth cell as line 50002 of a file that has no lines.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path

import nbformat
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.logging import NAMESPACE, WarningLogRecordTranslator

_EACH = 10_000
_LOCATION = re.compile(r"(?P<path>.*\.ipynb):(?P<line>\d+)$")
_TWICE = "Duplicate explicit target name"
_ONE_PICTURE = (
    " (the cell shows two pictures under one name: end it with plt.show(), or its last line with a semicolon, so that "
    "the figure is not shown a second time as the cell's result)"
)


def in_words(path: str | Path, line: int) -> str:
    """A place in a notebook: "chapters/welcome.ipynb, cell 5, line 2 (plot(...))"."""
    number, inner = divmod(line, _EACH)
    return f"{path}, cell {number}{f', line {inner}' if inner else ''}{_beginning(Path(path), number)}"


def of_node(path: str | Path, node: nodes.Node) -> str:
    """The same of whatever stands in a page."""
    around: list[nodes.Node] = [node]
    while around[-1].parent is not None:
        around.append(around[-1].parent)
    for each in around:
        if isinstance(each, nodes.Element) and isinstance(each.get("cell_index"), int):
            return in_words(path, (each["cell_index"] + 1) * _EACH)
    line = next((each.line for each in around if getattr(each, "line", None)), 0)
    if line >= _EACH and str(path).endswith(".ipynb"):
        return in_words(path, line)
    return f"{path}, line {line}" if line else str(path)


def _beginning(path: Path, number: int) -> str:
    """How a cell begins, in brackets; nothing where it cannot be told."""
    try:
        source = nbformat.read(path, as_version=4).cells[number - 1].source
    except (OSError, ValueError, IndexError, AttributeError):
        return ""
    told = (line.strip() for line in source.splitlines())
    first = next((line for line in told if line and not line.startswith(("from ", "import ", "#"))), "")
    return f" ({first[:60]})" if first else ""


class ByCell(logging.Filter):
    """Says of each warning about a notebook in which cell it is, and of some what to do."""

    def filter(self, record: logging.LogRecord) -> bool:
        found = _LOCATION.match(str(getattr(record, "location", "") or ""))
        if found and int(found["line"]) >= _EACH:
            record.location = in_words(found["path"], int(found["line"]))
            if _TWICE in str(record.msg) and _ONE_PICTURE not in str(record.msg):
                record.msg = f"{record.msg}{_ONE_PICTURE}"
        return True


def tell_by_cell(app: Sphinx) -> None:
    """Let Sphinx's warnings speak of cells."""
    for handler in logging.getLogger(NAMESPACE).handlers:
        for place, each in enumerate(handler.filters):
            if isinstance(each, WarningLogRecordTranslator):
                handler.filters.insert(place + 1, ByCell())
                break

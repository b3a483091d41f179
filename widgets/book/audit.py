"""Pages that must not be published: tracebacks, in the page or in a saved widget, and lost widgets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import SphinxError

from widgets.book.state import STATE_MIME, VIEW_MIME

TRACEBACK = "Traceback (most recent call last)"
_OUTPUT = re.compile(r'<div class="[^"]*\boutput\b[^"]*"[^>]*>.*?</pre>', re.DOTALL)
_SCRIPT = '<script[^>]*type="{}"[^>]*>(.*?)</script>'
_STATE_SCRIPT = re.compile(_SCRIPT.format(re.escape(STATE_MIME)), re.DOTALL)
_VIEW_SCRIPT = re.compile(_SCRIPT.format(re.escape(VIEW_MIME)), re.DOTALL)


class BookError(SphinxError):
    """A page that must not be published."""

    category = "The Living Synapse"


def page_problems(html: str) -> list[str]:
    """What in a built page a reader must not meet: tracebacks, in the page or in a saved widget, and lost widgets."""
    problems = []
    for output in _OUTPUT.findall(html):
        if re.match(r'<div class="[^"]*\btraceback\b', output) or TRACEBACK in unescape(output):
            text = re.sub(r"<[^>]+>", "", unescape(output)).strip().splitlines()
            problems.append(f"a cell ended in an error: {text[-1].strip() if text else '(no message)'}")
    models: dict[str, Any] = {}
    for script in _STATE_SCRIPT.findall(html):
        try:
            models |= json.loads(script)["state"]
        except (ValueError, KeyError, TypeError) as error:
            problems.append(f"the saved widget state cannot be read: {type(error).__name__} {error}")
    for model_id, model in models.items():
        for problem in _state_problems(model.get("state", {})):
            problems.append(f"widget {model.get('model_name', '?')} ({model_id[:8]}): {problem}")
    for script in _VIEW_SCRIPT.findall(html):
        try:
            wanted = json.loads(script)["model_id"]
        except (ValueError, KeyError, TypeError):
            problems.append("a widget's place on the page cannot be read")
            continue
        if wanted not in models:
            problems.append(f"widget {wanted[:8]} has a place on the page but was not saved")
    return problems


def _state_problems(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if TRACEBACK in value:
            yield value.strip().splitlines()[-1]
    elif isinstance(value, Mapping):
        if value.get("output_type") == "error":
            yield f"{value.get('ename', 'error')}: {value.get('evalue', '')}"
            return
        for inner in value.values():
            yield from _state_problems(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _state_problems(inner)


def refuse_broken_pages(app: Sphinx, exception: Exception | None) -> None:
    """Let no build succeed with such a page in it."""
    if exception is not None or app.builder.format != "html":
        return
    found = []
    for name in sorted(app.env.found_docs):
        path = Path(app.builder.get_outfilename(name))
        if path.exists():
            found += [f"{name}: {problem}" for problem in page_problems(path.read_text(encoding="utf-8"))]
    if found:
        raise BookError("these pages must not be published:\n  " + "\n  ".join(found))

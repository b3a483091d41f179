"""A Content-Security-Policy in every page: nothing runs or loads but what the book itself brought.

The policy is written when the pages are, so it names the inline scripts that a page really carries: a theme that
changes its own changes the policy with it. Whatever else finds its way into a page (a word of the data, an address, a
frame's host) does not run.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from widgets.book.state import STATE_MIME, runtime_name

_META = re.compile(r'\n?<meta http-equiv="Content-Security-Policy"[^>]*>')
_CHARSET = re.compile(r'<meta charset="[^"]*"\s*/?>', re.IGNORECASE)
_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script\s*>", re.DOTALL | re.IGNORECASE)
_FRAMED = re.compile(r'<html\b[^>]*\bclass="[^"]*\blab-page\b')
_RUN = ("", "module", "text/javascript", "application/javascript", "text/ecmascript", "application/ecmascript")
"""Types of script that run; any other is data, which a policy lets be."""


def scripts(html: str) -> list[tuple[str, str]]:
    """Type ("" if none is written) and text of each script element that stands in a page's own text."""
    found = []
    for attributes, text in _SCRIPT.findall(html):
        if not re.search(r"\ssrc\s*=", attributes):
            kind = re.search(r"""\stype\s*=\s*["']?([^"'\s>]*)""", attributes)
            found.append((kind[1].lower() if kind else "", text))
    return found


def hash_of(text: str) -> str:
    """An inline script as a policy names it: of its text with the line ends that a browser reads."""
    digest = hashlib.sha256(text.replace("\r\n", "\n").replace("\r", "\n").encode())
    return f"'sha256-{base64.b64encode(digest.digest()).decode()}'"


def imports_texts(state: Mapping[str, Any]) -> bool:
    """Whether a saved state carries code that the page imports: somebody else's `_esm`."""
    for model in state.get("state", {}).values():
        values = model.get("state", {})
        if "_esm" in values and runtime_name(values) is None:
            return True
    return False


def policy(html: str) -> str:
    """The policy of one page, given its whole text.

    Inline scripts are named by their hashes; scripts, styles, pictures and fonts otherwise come from the book's own
    files, those of a lab on a page of its own from any file that it names. Styles may stand in the page, because
    widgets, equations and drawings set them element by element.
    """
    found = scripts(html)
    hashes = sorted({hash_of(text) for kind, text in found if kind in _RUN and text.strip()})
    states = [json.loads(text) for kind, text in found if kind == STATE_MIME]
    blob = ["blob:"] if any(imports_texts(state) for state in states) else []
    # In a sandboxed frame a page has no origin, and to WebKit its 'self' is nothing: there a lab would have no script.
    files = ["'self'", "https:", "http:"] if _FRAMED.search(html) else ["'self'"]
    rules = {
        # The book's own files: Firefox fetches the page of <link rel="next"> ahead, and asks this rule.
        "default-src": ["'self'"],
        "script-src": [*files, *hashes, *blob],
        "style-src": [*files, "'unsafe-inline'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
    }
    return "; ".join(f"{name} {' '.join(values)}" for name, values in rules.items())


def guarded(html: str) -> str:
    """The page with its policy right after its charset, which must stand in the first kilobyte; an older one goes."""
    bare = _META.sub("", html)
    charset = _CHARSET.search(bare)
    if charset is None:
        raise ValueError('the page names no charset: write <meta charset="utf-8"> first in its head')
    meta = f'\n<meta http-equiv="Content-Security-Policy" content="{escape(policy(bare), quote=False)}">'
    return bare[: charset.end()] + meta + bare[charset.end() :]


def _pages(folder: Path) -> Iterator[Path]:
    """Every page below a folder, but none of what lies there for download."""
    for path in sorted(folder.rglob("*.html")):
        if not {"_static", "_sources", "_downloads"} & set(path.relative_to(folder).parts):
            yield path


def guard_pages(app: Sphinx, exception: Exception | None) -> None:
    """Give every page that was built its policy; a page that has it already is not written again."""
    if exception is not None or app.builder.name not in ("html", "dirhtml"):
        return
    for path in _pages(Path(app.outdir)):
        text = path.read_text(encoding="utf-8")
        whole = guarded(text)
        if whole != text:
            path.write_text(whole, encoding="utf-8")

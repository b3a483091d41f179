"""A lab on a bare page: the page, and the lab's traits as tests/scripts/showing.ts is given them."""

from __future__ import annotations

PAGE = """<!doctype html><html lang="en"><head><title>A lab</title><style>%s
body { margin: 8px; color: var(--ls-ink); background: var(--ls-paper) }</style></head>
<body data-theme="%s"><main><h1>A lab</h1></main></body></html>"""


def traits(lab) -> dict:
    """A lab's view as the page reads it."""
    view = lab.view
    return {name: view.get_state()[name] for name in view.keys if name[:1] != "_" and name != "layout"}

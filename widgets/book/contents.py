"""The book's contents, drawn from `_toc.yml` with the titles that the documents give themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape

from sphinx.application import Sphinx


def contents(
    parts: Sequence[tuple[str | None, Sequence[tuple[str, str]]]], here: str, sections: str, link: Callable[[str], str]
) -> str:
    """The book's table of contents as nested lists.

    `parts` holds (part title or None, [(document name, title), ...]); titles may hold inline markup. The entry of the
    document `here` is marked as the current page and carries `sections`, the page's own list of sections. `link` gives
    the address of a document.
    """
    blocks = []
    for caption, documents in parts:
        entries = []
        for name, title in documents:
            current = ' aria-current="page"' if name == here else ""
            inner = sections if name == here else ""
            entries.append(f'<li><a href="{escape(link(name))}"{current}>{title}</a>{inner}</li>')
        heading = f'<span class="contents-part">{escape(caption)}</span>' if caption else ""
        blocks.append(f"<li>{heading}<ul>{''.join(entries)}</ul></li>")
    return f'<ul class="contents-list">{"".join(blocks)}</ul>'


def parts_of_the_book(app: Sphinx) -> list[tuple[str | None, list[tuple[str, str]]]]:
    """What `_toc.yml` says, with the titles the documents give themselves."""
    site_map = app.config.external_site_map

    def titled(name: str) -> tuple[str, str]:
        title = app.env.titles.get(name)
        return name, escape(title.astext()) if title is not None else name

    root = site_map.root
    first, title = titled(root.docname)
    # The landing page bears the book's name, which already stands above the contents.
    if title == escape(app.config.html_title):
        title = "Welcome"
    parts: list[tuple[str | None, list[tuple[str, str]]]] = [(None, [(first, title)])]
    for tree in root.subtrees:
        parts.append((tree.caption, [titled(str(name)) for name in tree.files()]))
    return parts


def sections_of_a_page(toc: str) -> str:
    """The list of sections out of Sphinx's local table of contents, which heads it with the page itself."""
    inner = re.search(r"</a>\s*(<ul.*</ul>)\s*</li>\s*</ul>\s*$", toc, flags=re.DOTALL)
    if not inner:
        return ""
    plain = re.sub(r"<a class=\"headerlink.*?</a>", "", inner[1], flags=re.DOTALL)
    return f'<div class="toc-scroll"><div class="toc-tree">{plain}</div></div>'

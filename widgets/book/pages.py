"""What stands round a page's prose: contents, mark, links, description, glossary terms."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from widgets.book import contents, glossary, kinds, markup
from widgets.book.links import copy_of_chapter, repository_links
from widgets.book.places import HEAD, PALETTE, STATIC, THEME


def describe(doctree: nodes.document, limit: int = 160) -> str:
    """A page's first paragraph of prose, cut at a word to at most `limit` characters, for search results."""
    for paragraph in doctree.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section):
            text = " ".join(paragraph.astext().split())
            if len(text) <= limit:
                return text
            return text[: limit - 1].rsplit(" ", 1)[0].rstrip(",;:") + "\N{HORIZONTAL ELLIPSIS}"
    return ""


def _mark() -> str:
    return (THEME / "mark.svg").read_text(encoding="utf-8").strip()


def head_script() -> str:
    """What runs before anything is shown (runtime/head.ts), as the text of a script element."""
    return (STATIC / HEAD).read_text(encoding="utf-8").strip().replace("</", "<\\/")


def favicon() -> str:
    """The title mark as an address of its own, in the palette's ink and blue, light and dark."""
    light, dark = ({name: PALETTE[name][theme] for name in ("ink", "serotonin")} for theme in (0, 1))
    style = (
        f"svg{{color:{light['ink']};--ls-serotonin:{light['serotonin']}}}"
        f"@media(prefers-color-scheme:dark){{svg{{color:{dark['ink']};--ls-serotonin:{dark['serotonin']}}}}}"
    )
    drawn = re.sub(r"(<svg[^>]*>)", rf"\1<style>{style}</style>", _mark(), count=1)
    return "data:image/svg+xml," + drawn.replace("%", "%25").replace("#", "%23").replace('"', "'").replace("\n", "")


def as_data(value: Any) -> str:
    """A value as the text of a script element that holds data: nothing in it ends the element."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def dress_page(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Give the theme's templates what they ask for; Sphinx calls this before it writes a page."""
    link = context["pathto"]
    parts = contents.parts_of_the_book(app)
    sections = contents.sections_of_a_page(context.get("toc") or "")
    context["book_contents"] = contents.contents(parts, page, sections, lambda name: link(name))
    context["book_part"] = next(
        (caption for caption, documents in parts if page in [name for name, _ in documents]), None
    )
    context["book_author"] = app.config.author
    context["book_mark"] = _mark()
    context["book_favicon"] = favicon()
    context["book_head_script"] = head_script()
    context["book_is_landing"] = page == app.config.external_site_map.root.docname
    context["book_terms"] = ""
    context["book_links"] = []
    context["book_description"] = ""
    if page == "search":
        context["book_description"] = f"Search {app.config.html_title}: chapters, medicines, targets and terms."
        from widgets.book import searching  # it loads the tables of medicines, for which no other page waits

        context["book_search_words"] = as_data(searching.words())
    body = context["body"] = markup.mended(context.get("body") or "")
    context["book_is_atlas"] = kinds.FILTER in body
    if doctree is None:
        return
    terms = glossary.terms_on_page(body, glossary.every_entry(app.env))
    if terms:
        context["book_terms"] = as_data(terms)
    source = Path(app.env.doc2path(page, base=False)).as_posix()
    context["book_links"] = repository_links(source, app.config.living_synapse_environment)
    if 'name="description"' not in (context.get("metatags") or ""):
        context["book_description"] = describe(doctree)
    if source.endswith(".ipynb"):
        context["book_notebook"] = link(copy_of_chapter(page), 1)

"""The glossary's definitions, carried into the pages that use its terms."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from html import unescape
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx


def glossary_entries(doctree: nodes.document) -> dict[str, list[str]]:
    """Anchor -> [term, first paragraph of its definition as plain text], for each glossary in a document."""
    found = {}
    for glossary in doctree.findall(addnodes.glossary):
        for item in glossary.findall(nodes.definition_list_item):
            definition = next(item.findall(nodes.definition), None)
            paragraph = next(definition.findall(nodes.paragraph), None) if definition is not None else None
            if paragraph is None:
                continue
            for term in item.findall(nodes.term):
                words = " ".join(term.astext().split())
                for anchor in term["ids"]:
                    found[anchor] = [words, " ".join(paragraph.astext().split())]
    return found


def terms_on_page(body: str, entries: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The glossary entries that a page's HTML links to."""
    anchors = {unescape(anchor) for anchor in re.findall(r'href="[^"]*#(term-[^"]+)"', body)}
    return {anchor: entries[anchor] for anchor in sorted(anchors) if anchor in entries}


def every_entry(env: Any) -> dict[str, list[str]]:
    """The entries of all documents."""
    return {anchor: entry for found in _glossary(env).values() for anchor, entry in found.items()}


def _glossary(env: Any) -> dict[str, dict[str, list[str]]]:
    if not hasattr(env, "living_synapse_glossary"):
        env.living_synapse_glossary = {}
    return env.living_synapse_glossary


def collect(app: Sphinx, doctree: nodes.document) -> None:
    """Keep what a document defines, once it is read."""
    entries = glossary_entries(doctree)
    if entries:
        _glossary(app.env)[app.env.docname] = entries


def forget(app: Sphinx, env: Any, docname: str) -> None:
    """A document that is gone, or is read again, defines nothing."""
    _glossary(env).pop(docname, None)


def merge(app: Sphinx, env: Any, docnames: Sequence[str], other: Any) -> None:
    """Take over what another process has read."""
    _glossary(env).update({name: found for name, found in _glossary(other).items() if name in docnames})


def rewrite_users(app: Sphinx, env: Any) -> list[str]:
    """When definitions or chapter titles changed, every page that shows them is written again."""
    shown = json.dumps([_glossary(env), {name: title.astext() for name, title in env.titles.items()}], sort_keys=True)
    changed = getattr(env, "living_synapse_shown", None) != shown
    env.living_synapse_shown = shown
    return sorted(env.found_docs) if changed else []

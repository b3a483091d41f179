"""A page as a tree, and a tree as text that a browser reads as HTML and an e-reader as XML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape
from xml.etree.ElementTree import Element

import html5lib

HTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"
MATHML = "{http://www.w3.org/1998/Math/MathML}"
_XLINK = "{http://www.w3.org/1999/xlink}"
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# Attributes whose value is ids of the same page.
_IDS = {"for", "headers", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "aria-details"}


def page(text: str) -> Element:
    """A whole page; names carry their namespace, as ElementTree writes it."""
    return html5lib.parse(text, treebuilder="etree", namespaceHTMLElements=True)


def fragment(text: str) -> list[Element]:
    """The elements of a piece of a page; words outside of any are dropped."""
    found = html5lib.parseFragment(text, treebuilder="etree", namespaceHTMLElements=True)
    return [child for child in found if isinstance(child.tag, str)]


def classes(element: Element) -> set[str]:
    return set((element.get("class") or "").split())


def words(element: Element) -> str:
    """What it says, on one line."""
    return " ".join("".join(element.itertext()).split())


def elements(tree: Element) -> Iterator[Element]:
    """All elements in the order of the text, comments left out."""
    return (each for each in tree.iter() if isinstance(each.tag, str))


def edit(tree: Element, change: Callable[[Element], list[Element] | None]) -> None:
    """Replace what lies in a tree: `change` gives for each element what stands in its place, or None to keep it.

    What comes after a replaced element stays. What has been put in is not looked at again.
    """
    for parent in list(elements(tree)):
        kept: list[Element] = []
        changed = False
        for child in list(parent):
            instead = change(child) if isinstance(child.tag, str) else []
            if instead is None:
                kept.append(child)
                continue
            changed = True
            tail = child.tail or ""
            child.tail = None
            kept += instead
            if instead:
                instead[-1].tail = (instead[-1].tail or "") + tail
            elif len(kept):
                kept[-1].tail = (kept[-1].tail or "") + tail
            else:
                parent.text = (parent.text or "") + tail
        if changed:
            parent[:] = kept


def prefix_ids(tree: Element, prefix: str) -> None:
    """Make every id of a tree, and what in the tree refers to one, begin with `prefix`; links are left alone."""
    for element in elements(tree):
        for name, value in list(element.items()):
            if name == "id":
                element.set(name, prefix + value)
            elif name in _IDS:
                element.set(name, " ".join(prefix + each for each in value.split()))
            elif "url(#" in value:
                element.set(name, value.replace("url(#", f"url(#{prefix}"))
            elif element.tag.startswith(SVG) and name in ("href", f"{_XLINK}href") and value.startswith("#"):
                element.set(name, f"#{prefix}{value[1:]}")


def write(element: Element, within: str = HTML) -> str:
    """The element as text. Foreign elements name their namespace where it begins; only void ones close themselves."""
    space, _, name = element.tag.rpartition("}")
    space += "}"
    attributes = "" if space == within else f' xmlns="{space[1:-1]}"'
    for key, value in element.items():
        if key.startswith("xmlns") or key.startswith("{http://www.w3.org/2000/xmlns/}"):
            continue
        key = key.replace("{http://www.w3.org/XML/1998/namespace}", "xml:")
        if key.startswith(_XLINK):
            key = key.replace(_XLINK, "")
        if re.fullmatch(r"[A-Za-z_][\w.:-]*", key):
            attributes += f' {key}="{escape(value)}"'
    if name in _VOID and space == HTML:
        return f"<{name}{attributes}/>"
    inner = escape(element.text or "", quote=False)
    for child in element:
        if isinstance(child.tag, str):
            inner += write(child, space)
        inner += escape(child.tail or "", quote=False)
    return f"<{name}{attributes}>{inner}</{name}>"

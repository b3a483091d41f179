"""Still figures: matplotlib's SVG set into the page, in the page's colours and with alt text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from widgets.book import cells
from widgets.book.audit import BookError
from widgets.book.places import PALETTE

log = logging.getLogger(__name__)


_VARIABLE = {light.lower(): f"var(--ls-{name.replace('_', '-')})" for name, (light, _) in reversed(PALETTE.items())}
_HEX = re.compile(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b")
_SVG = "{http://www.w3.org/2000/svg}"
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"


def _long_hex(colour: str) -> str:
    colour = colour.lower()
    return colour if len(colour) == 7 else "#" + "".join(2 * digit for digit in colour[1:])


def foreign_colours(svg: str) -> list[str]:
    """The hex colours of an SVG that are not in the palette: they would not follow the reader's theme."""
    styles = " ".join(re.findall(r'(?:style|fill|stroke|stop-color)="([^"]*)"', svg))
    return sorted({_long_hex(colour) for colour in _HEX.findall(styles)} - set(_VARIABLE))


def inline_svg(svg: str, alt: str, prefix: str) -> str:
    """An SVG file as an element of the page.

    The palette's light colours become the CSS variables that follow the theme; ids get `prefix`, so that two figures
    on one page do not meet; the picture is named by `alt`; it scales down with the page and never up.

    Raises ValueError if `alt` is blank or `svg` is not SVG.
    """
    if not alt.strip():
        raise ValueError("a figure has no alt text")
    try:
        root = ElementTree.fromstring(svg)
    except ElementTree.ParseError as error:
        raise ValueError(f"not an SVG: {error}") from error
    if root.tag != f"{_SVG}svg":
        raise ValueError(f"not an SVG: its root element is {root.tag!r}")
    wanted = set(re.findall(r"url\(#([^)]+)\)", svg)) | set(re.findall(r'href="#([^"]+)"', svg))
    for parent in list(root.iter()):
        for child in list(parent):
            # matplotlib's <style> holds one rule for `*`: inside a page it would restyle every drawing on it.
            if child.tag in (f"{_SVG}metadata", f"{_SVG}title", f"{_SVG}desc", f"{_SVG}style") or not isinstance(
                child.tag, str
            ):
                parent.remove(child)
    for element in root.iter():
        _dress(element, wanted, prefix)
    width, height = _size(root)
    root.attrib.setdefault("viewBox", f"0 0 {width:g} {height:g}")
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    # matplotlib sizes in points; a page counts pixels.
    root.attrib.update({"role": "img", "aria-label": " ".join(alt.split()), "class": "figure-svg",
                        "stroke-linejoin": "round", "stroke-linecap": "butt",
                        "style": f"max-width:{width * 4 / 3:.0f}px; --figure-width:{width * 4 / 3:.0f}px"})  # fmt: skip
    ElementTree.register_namespace("", _SVG[1:-1])
    return ElementTree.tostring(root, encoding="unicode")


def _dress(element: ElementTree.Element, wanted: set[str], prefix: str) -> None:
    """Rename one element's ids and references, and turn its palette colours into variables."""
    attributes = element.attrib
    if _XLINK_HREF in attributes:
        attributes["href"] = attributes.pop(_XLINK_HREF)
    if "id" in attributes and attributes["id"] not in wanted:
        del attributes["id"]  # matplotlib names every group: nothing refers to most of them
    # `var()` works in a style, not in a presentation attribute.
    moved = [f"{name}: {attributes.pop(name)}" for name in ("fill", "stroke", "stop-color")
             if _HEX.fullmatch(attributes.get(name, ""))]  # fmt: skip
    if moved:
        attributes["style"] = "; ".join([*moved, *filter(None, [attributes.get("style", "").strip("; ")])])
    for name, value in attributes.items():
        if name == "id":
            value = prefix + value
        elif name == "href" and value.startswith("#"):
            value = f"#{prefix}{value[1:]}"
        elif "url(#" in value:
            value = value.replace("url(#", f"url(#{prefix}")
        if name == "style":
            value = _HEX.sub(lambda found: _VARIABLE.get(_long_hex(found[0]), found[0]), value)
        attributes[name] = value


def _size(root: ElementTree.Element) -> tuple[float, float]:
    """Width and height of an SVG in its own units, from its viewBox or its size."""
    box = [float(number) for number in root.get("viewBox", "").replace(",", " ").split()]
    if len(box) == 4:
        return box[2], box[3]
    number = re.compile(r"[\d.]+")
    found = [number.match(root.get(name, "")) for name in ("width", "height")]
    return tuple(float(match[0]) if match else 300.0 for match in found)  # type: ignore[return-value]


class InlineFigures(SphinxPostTransform):
    """Set the SVG figures of a document into its page, and insist on alt text for every picture."""

    default_priority = 200  # after myst-nb has chosen among a cell's outputs
    formats = ("html",)

    def run(self, **_: Any) -> None:
        for number, node in enumerate(list(self.document.findall(nodes.image))):
            uri = node["uri"]
            if "alt" not in node:
                place = cells.of_node(self.env.doc2path(self.env.docname), node)
                raise BookError(
                    f"{place}: a picture has no alt text. A cell that draws says it in its metadata, "
                    '"mystnb": {"image": {"alt": "..."}}; an image in prose as ![...](...).'
                )
            path = Path(self.env.srcdir) / uri.lstrip("/")
            if not uri.endswith(".svg") or "://" in uri or not path.is_file():
                continue
            text = path.read_text(encoding="utf-8")
            try:
                markup = inline_svg(text, node["alt"], f"fig{number}-")
            except ValueError as error:
                place = cells.of_node(self.env.doc2path(self.env.docname), node)
                raise BookError(f"{place}: {error}") from error
            strange = foreign_colours(text)
            if strange:
                log.warning(
                    "a figure uses %s, which the palette lacks: it would not follow the dark theme",
                    ", ".join(strange), location=node, type="living-synapse", subtype="figure",
                )  # fmt: skip
            node.replace_self(nodes.raw("", f'<div class="figure-scroll">{markup}</div>', format="html"))

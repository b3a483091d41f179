"""The whole book as an EPUB 3 for e-readers: `make epub`.

    python -m widgets.book.epub [built book] [file]      # else _build/html, _build/the-living-synapse.epub

One file a chapter, of the same text as the PDF: equations stay MathML, figures and labs are drawings in the text, and
no script is aboard. The same pages give the same bytes on every machine.
"""

from __future__ import annotations

import os
import re
import sys
import uuid
from collections.abc import Sequence
from html import escape
from pathlib import Path
from xml.etree.ElementTree import Element

from widgets.book.archive import write_zip
from widgets.book.links import published_at
from widgets.book.paper import ABOUT, AUTHOR, LICENCE, Edition, slug
from widgets.book.places import PALETTE, THEME
from widgets.book.whole import ADVICE, NAME, TITLE, Chapter, asked_for, chapters, date_of, said
from widgets.book.xhtml import HTML, MATHML, SVG, elements, words, write
from widgets.version import VERSION

LANGUAGE = "en-GB"
_VARIABLE = re.compile(r"var\(\s*--ls-([\w-]+)\s*(?:,\s*[^()]*(?:\([^()]*\)[^()]*)*)?\)")
_OTHER_VARIABLE = re.compile(r"var\(\s*--[\w-]+\s*,\s*([^()]*)\)")
# What HTML says of an element for scripts, screens and screen readers in a browser, and EPUB's own words do better.
_LEFT_OUT = re.compile(r"^(role|tabindex|data-.*|aria-(?!label$|hidden$|labelledby$).*|translate|focusable|xml:space)$")
_ACCESS = """
<meta property="schema:accessMode">textual</meta>
<meta property="schema:accessMode">visual</meta>
<meta property="schema:accessModeSufficient">textual</meta>
<meta property="schema:accessModeSufficient">textual,visual</meta>
<meta property="schema:accessibilityFeature">alternativeText</meta>
<meta property="schema:accessibilityFeature">MathML</meta>
<meta property="schema:accessibilityFeature">structuralNavigation</meta>
<meta property="schema:accessibilityFeature">tableOfContents</meta>
<meta property="schema:accessibilityFeature">readingOrder</meta>
<meta property="schema:accessibilityHazard">none</meta>
<meta property="schema:accessibilitySummary">Every figure has a text alternative, every lab a sentence that says what it
shows; equations are MathML; headings and contents lead through the book.</meta>"""


def in_light_colours(text: str) -> str:
    """A drawing's `var(--ls-...)` as the light page's colours: e-readers do not all know variables."""

    def colour(found: re.Match[str]) -> str:
        pair = PALETTE.get(found[1].replace("-", "_"))
        return pair[0] if pair else "currentColor"

    return _OTHER_VARIABLE.sub(lambda found: found[1].strip(), _VARIABLE.sub(colour, text))


def _cleaned(chapter: Chapter, files: dict[str, str]) -> None:
    """Make a chapter's text what EPUB allows (in place); `files`: the file of each chapter by its name."""
    for element in elements(chapter.body):
        target = element.get("href", "")
        if target.startswith("book:"):
            name, _, place = target.removeprefix("book:").partition("#")
            element.set("href", files[name] + (f"#{place}" if place else ""))
        for key, value in list(element.items()):
            drawn = element.tag.startswith(SVG)
            if _LEFT_OUT.match(key) and not (drawn and key == "role"):
                del element.attrib[key]
            elif "var(" in value:
                element.set(key, in_light_colours(value))
        if element.tag == f"{SVG}style" and element.text:
            element.text = in_light_colours(element.text)
    _unlike_ids(chapter.body)


def _unlike_ids(body: Element) -> None:
    """An id stands once in a file and begins as XML wants it; the second of a pair goes."""
    seen: set[str] = set()
    for element in elements(body):
        key = element.get("id")
        if key is not None and (key in seen or not re.match(r"[A-Za-z_]", key)):
            del element.attrib["id"]
        seen.add(key or "")


def xhtml(title: str, body: str, kind: str = "") -> str:
    """A file of the book. `body` is well-formed."""
    name = f' class="{kind}"' if kind else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" '
        f'lang="{LANGUAGE}" xml:lang="{LANGUAGE}"><head><title>{escape(title)}</title>'
        f'<link rel="stylesheet" type="text/css" href="book.css"/></head><body{name}>{body}</body></html>\n'
    )


def cover(edition: Edition) -> str:
    """The cover, a drawing: the book's mark, name and version in the palette's ink and blue."""
    inner = re.sub(r"^<svg[^>]*>|</svg>\s*$", "", (THEME / "mark.svg").read_text(encoding="utf-8").strip())
    inner = in_light_colours(inner.replace("var(--ls-serotonin, currentColor)", PALETTE["serotonin"][0]))
    ink = PALETTE["ink"][0]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 900" width="600" height="900" role="img" '
        f'aria-label="{TITLE}" color="{ink}"><rect width="600" height="900" fill="{PALETTE["paper"][0]}"/>'
        f'<g transform="translate(150 150) scale(12.5)">{inner}</g>'
        f'<g fill="{ink}" font-family="sans-serif" text-anchor="middle"><text x="300" y="600" font-size="58" '
        f'font-weight="bold">The Living</text><text x="300" y="668" font-size="58" font-weight="bold">Synapse</text>'
        f'<text x="300" y="820" font-size="22">Version {escape(edition.version)}</text></g></svg>'
    )


def _title(edition: Edition) -> str:
    where = f'<p><a href="{escape(edition.address)}">{escape(edition.address)}</a></p>' if edition.address else ""
    return (
        f"<h1>{TITLE}</h1><p>{ABOUT}</p><p>{AUTHOR}</p><p>Version {escape(edition.version)}, {said(edition.date)}</p>"
        f"{where}<p>{LICENCE}</p><p>{ADVICE}</p>"
    )


def navigation(found: Sequence[Chapter], files: dict[str, str]) -> str:
    """The contents as EPUB's navigation document: parts, chapters and their sections."""
    lines, part = ['<li><a href="title.xhtml">Title page</a></li>'], None
    for chapter in found:
        if part and chapter.part != part:
            lines.append("</ol></li>")
        if chapter.part and chapter.part != part:
            lines.append(f"<li><span>{escape(chapter.part)}</span><ol>")
        part = chapter.part
        file = files[chapter.name]
        sections = "".join(
            f'<li><a href="{file}#{escape(key)}">{escape(title)}</a></li>' for key, title in _sections(chapter.body)
        )
        inner = f"<ol>{sections}</ol>" if sections else ""
        lines.append(f'<li><a href="{file}">{escape(chapter.title)}</a>{inner}</li>')
    lines.append("</ol></li>" if part else "")
    return f'<nav epub:type="toc" id="toc"><h1>Contents</h1><ol>{"".join(lines)}</ol></nav>'


def _sections(body: Element) -> list[tuple[str, str]]:
    """Id and title of each section that is headed by an h2."""
    found = []
    for element in elements(body):
        heads = [child for child in element if child.tag == f"{HTML}h2"]
        if element.tag == f"{HTML}section" and element.get("id") and heads:
            found.append((element.get("id", ""), words(heads[0])))
    return found


def package(edition: Edition, found: Sequence[Chapter], files: dict[str, str]) -> str:
    """The package document: metadata, all files, the order of reading."""
    items, order = [], []
    for number, chapter in enumerate(found):
        kinds = {element.tag[: len(space)] for element in elements(chapter.body) for space in (SVG, MATHML)}
        holds = [word for space, word in ((MATHML, "mathml"), (SVG, "svg")) if space in kinds]
        said_of = f' properties="{" ".join(holds)}"' if holds else ""
        items.append(f'<item id="c{number}" href="{files[chapter.name]}" media-type="application/xhtml+xml"{said_of}/>')
        order.append(f'<itemref idref="c{number}"/>')
    moment = f"{edition.date:%Y-%m-%d}T00:00:00Z"
    key = uuid.uuid5(uuid.NAMESPACE_URL, f"{NAME} {edition.version}")
    return f"""<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="{LANGUAGE}"
 prefix="schema: http://schema.org/">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:uuid:{key}</dc:identifier>
<dc:title>{TITLE}</dc:title>
<dc:creator>{AUTHOR}</dc:creator>
<dc:language>{LANGUAGE}</dc:language>
<dc:date>{edition.date}</dc:date>
<dc:description>{escape(ABOUT)} Version {escape(edition.version)}.</dc:description>
<dc:rights>{LICENCE}</dc:rights>
<dc:subject>Neurotransmitters</dc:subject>
<dc:subject>Psychopharmacology</dc:subject>
<meta property="dcterms:modified">{moment}</meta>{_ACCESS}
</metadata>
<manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="css" href="book.css" media-type="text/css"/>
<item id="cover-image" href="cover.svg" media-type="image/svg+xml" properties="cover-image"/>
<item id="cover" href="cover.xhtml" media-type="application/xhtml+xml"/>
<item id="title" href="title.xhtml" media-type="application/xhtml+xml"/>
{"".join(items)}
</manifest>
<spine>
<itemref idref="cover"/><itemref idref="title"/><itemref idref="nav"/>{"".join(order)}
</spine>
</package>
"""


def make(path: Path, edition: Edition, found: Sequence[Chapter]) -> int:
    """Write the EPUB to `path`; returns its number of files."""
    files = {chapter.name: f"{slug(chapter.name)}.xhtml" for chapter in found}
    for chapter in found:
        _cleaned(chapter, files)
    image = f'<img src="cover.svg" alt="{TITLE}"/>'
    held = {
        "OEBPS/package.opf": package(edition, found, files),
        "OEBPS/nav.xhtml": xhtml("Contents", navigation(found, files)),
        "OEBPS/title.xhtml": xhtml(TITLE, _title(edition)),
        "OEBPS/cover.xhtml": xhtml("Cover", f"<div>{image}</div>", "cover"),
        "OEBPS/cover.svg": cover(edition),
        "OEBPS/book.css": (THEME / "epub.css").read_text(encoding="utf-8"),
    }
    for chapter in found:
        part = f'<p class="part">{escape(chapter.part)}</p>' if chapter.part else ""
        held[f"OEBPS/{files[chapter.name]}"] = xhtml(chapter.title, part + write(chapter.body))
    container = (
        '<?xml version="1.0" encoding="utf-8"?>\n<container version="1.0" '
        'xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OEBPS/package.opf" '
        'media-type="application/oebps-package+xml"/></rootfiles></container>\n'
    )
    # The first file says what the zip is, and is not compressed.
    first = [("mimetype", b"application/epub+zip"), ("META-INF/container.xml", container.encode())]
    write_zip(path, [*first, *((name, held[name].encode()) for name in sorted(held))], edition.date, "mimetype")
    return len(held) + len(first)


def main(arguments: Sequence[str]) -> int:
    try:
        html, path = asked_for(arguments, ".epub")
        files = make(path, Edition(VERSION, date_of(), published_at(os.environ)), chapters(html))
    except (OSError, ValueError) as error:
        print(f"No EPUB was made: {error}", file=sys.stderr)
        return 1
    print(f"{path}: {files} files, {path.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

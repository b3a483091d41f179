"""The whole book as a PDF, set by Chromium: `make pdf`.

    python -m widgets.book.paper [built book] [file]     # else _build/html, _build/the-living-synapse.pdf

Its pages are printed twice: from the first printing's outline come the page numbers of the contents.
"""

from __future__ import annotations

import datetime
import io
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from widgets.book.links import published_at
from widgets.book.places import THEME
from widgets.book.whole import ADVICE, TITLE, Chapter, asked_for, chapters, date_of, said
from widgets.book.xhtml import elements, prefix_ids, write
from widgets.version import VERSION

AUTHOR = "The Living Synapse authors"
ABOUT = (
    "An interactive textbook of neurotransmitters and psychiatric medicines. On paper its labs stand still, each as it "
    "opens; in a browser their sliders move."
)
LICENCE = "Text and figures under CC BY 4.0, code under the BSD 3-Clause licence."
_SHEETS = ("pygments.css", "styles/furo.css", "styles/furo-extensions.css", "fonts.css", "book.css")
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class NoChromium(RuntimeError):
    """There is nothing to print with; says what to install."""


@dataclass(frozen=True)
class Edition:
    """What the title page says."""

    version: str
    date: datetime.date
    address: str


def slug(name: str) -> str:
    """A page's name as the beginning of its ids."""
    return name.removeprefix("chapters/").replace("/", "-")


def anchored(chapter: Chapter) -> str:
    """A chapter's HTML with ids that are its own in the whole book, and links that lead to the others."""
    for element in elements(chapter.body):
        target = element.get("href", "")
        if target.startswith("book:"):
            name, _, place = target.removeprefix("book:").partition("#")
            element.set("href", f"#{slug(name)}--{place}" if place else f"#{slug(name)}")
    prefix_ids(chapter.body, f"{slug(chapter.name)}--")
    part = f'<p class="whole-part">{escape(chapter.part)}</p>' if chapter.part else ""
    return f'<section class="whole-chapter" id="{slug(chapter.name)}">{part}{write(chapter.body)}</section>'


def title_page(edition: Edition) -> str:
    mark = (THEME / "mark.svg").read_text(encoding="utf-8")
    where = (
        f'<p>Alive at <a href="{escape(edition.address)}">{escape(edition.address)}</a></p>' if edition.address else ""
    )
    return (
        f'<div class="whole-title">{mark}<p class="title">{TITLE}</p><p class="about">{ABOUT}</p>'
        f'<div class="foot"><p>{AUTHOR}</p><p>Version {escape(edition.version)}, {said(edition.date)}</p>{where}'
        f"<p>{LICENCE}</p><p>{ADVICE}</p></div></div>"
    )


def contents_page(found: Sequence[Chapter], numbers: Mapping[str, int]) -> str:
    """The contents; `numbers`: the page on which a chapter (by its slug) begins, as far as it is known."""
    lines, part = [], None
    for chapter in found:
        if chapter.part != part and chapter.part:
            lines.append(f'<li class="part">{escape(chapter.part)}</li>')
        part = chapter.part
        number = numbers.get(slug(chapter.name), 0)
        lines.append(
            f'<li><a href="#{slug(chapter.name)}">{escape(chapter.title)}<span></span>{number or "000"}</a></li>'
        )
    return (
        '<nav class="whole-contents" aria-label="Contents"><h1 id="contents">Contents</h1>'
        f"<ul>{''.join(lines)}</ul></nav>"
    )


def whole_page(static: str, parts: Sequence[str]) -> str:
    """One HTML document; `static` is the address of the book's _static folder."""
    sheets = "".join(f'<link rel="stylesheet" href="{static}/{name}">' for name in _SHEETS)
    own = (THEME / "whole.css").read_text(encoding="utf-8")
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{TITLE}</title>{sheets}'
        f'<style>{own}</style><script defer src="{static}/page.js"></script></head><body data-theme="light">'
        '<div class="book"><div class="book-body"><article role="main" id="main">'
        f"{''.join(parts)}</article></div></div></body></html>"
    )


def starts_of(reader: Any, found: Sequence[Chapter]) -> dict[str, int]:
    """The page, counted from 1, on which each chapter begins, by its slug, as the PDF's outline has it.

    `reader` is a pypdf.PdfReader. Raises ValueError if the outline is not the contents: a chapter is missing, or one
    too many.
    """
    tops = [entry for entry in reader.outline if not isinstance(entry, list)][1:]
    said_there = [" ".join(str(entry.title).split()) for entry in tops]
    wanted = [chapter.title for chapter in found]
    if said_there != wanted:
        raise ValueError(f"the PDF's outline is {said_there}; the contents are {wanted}")
    numbers = [(reader.get_destination_page_number(entry) or 0) + 1 for entry in tops]
    return {slug(chapter.name): number for chapter, number in zip(found, numbers, strict=True)}


def options(playwright: Any) -> dict[str, Any]:
    """How Chromium is started: the machine's, else Playwright's own. NoChromium if there is neither."""
    path = next(filter(None, map(shutil.which, _CHROMIUM)), playwright.chromium.executable_path)
    if not Path(path).exists():
        raise NoChromium(
            "no Chromium was found: install it with `playwright install chromium`, or your system's package "
            "(Debian and Ubuntu: apt-get install chromium)"
        )
    return {"executable_path": path, "args": ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND"]}


def print_page(browser: Any, path: Path) -> bytes:
    """A page on disk as a PDF with outline and tags, once its fonts and styles are there."""
    view = browser.new_page()
    view.goto(path.as_uri(), wait_until="load")
    view.evaluate("document.fonts.ready.then(() => 0)")
    pdf: bytes = view.pdf(prefer_css_page_size=True, outline=True, tagged=True, print_background=True)
    view.close()
    return pdf


def dressed(pdf: bytes, edition: Edition) -> bytes:
    """The PDF with its title, author, language, version and date; it opens with its outline shown."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import BooleanObject, DictionaryObject, NameObject, TextStringObject

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    day = f"D:{edition.date:%Y%m%d}000000Z"
    writer.add_metadata(
        {
            "/Title": TITLE, "/Author": AUTHOR, "/Subject": f"{ABOUT} Version {edition.version}.",
            "/Keywords": "neuroscience, pharmacology, textbook", "/CreationDate": day, "/ModDate": day,
        }
    )  # fmt: skip
    root = writer.root_object
    root[NameObject("/Lang")] = TextStringObject("en-GB")
    root[NameObject("/PageMode")] = NameObject("/UseOutlines")
    root[NameObject("/ViewerPreferences")] = DictionaryObject({NameObject("/DisplayDocTitle"): BooleanObject(True)})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def make(html: Path, path: Path, edition: Edition, found: Sequence[Chapter] | None = None) -> int:
    """Write the PDF to `path`; returns its number of pages. `html` is the folder of the built book.

    Raises NoChromium where there is nothing to print with, FileNotFoundError where there is no book.
    """
    try:
        from playwright.sync_api import sync_playwright
        from pypdf import PdfReader
    except ImportError as error:
        raise NoChromium(f"the PDF needs {error.name}: pip install 'living-synapse[paper]'") from error
    found = chapters(html) if found is None else found
    texts = [anchored(chapter) for chapter in found]
    source = path.with_suffix(".html")
    source.parent.mkdir(parents=True, exist_ok=True)
    static = os.path.relpath(html / "_static", source.parent).replace(os.sep, "/")
    numbers: dict[str, int] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**options(playwright))
        while True:
            parts = [title_page(edition), contents_page(found, numbers), *texts]
            source.write_text(whole_page(static, parts), encoding="utf-8")
            pdf = print_page(browser, source)
            before, numbers = numbers, starts_of(PdfReader(io.BytesIO(pdf)), found)
            # The contents are as long with the numbers as without: the second printing says what the first did.
            if numbers == before:
                break
        browser.close()
    path.write_bytes(dressed(pdf, edition))
    source.unlink()
    return len(PdfReader(path).pages)


def main(arguments: Sequence[str]) -> int:
    try:
        html, path = asked_for(arguments, ".pdf")
        pages = make(html, path, Edition(VERSION, date_of(), published_at(os.environ)))
    except (NoChromium, OSError, ValueError) as error:
        print(f"No PDF was made: {error}", file=sys.stderr)
        return 1
    print(f"{path}: {pages} pages, {path.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The whole book in reading order, out of its built pages: what the PDF and the EPUB are made from.

A widget has become a picture with its sentence and where it lives; folded parts stand open; the answers to the
questions are a chapter of their own before the back matter; what only a screen needs is gone. Links within the book
read `book:<page>#<place>`, for each form to turn into its own.
"""

from __future__ import annotations

import datetime
import json
import os
import posixpath
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

from sphinx_external_toc.parsing import parse_toc_yaml

from widgets.book.links import published_at
from widgets.book.places import PACKAGE
from widgets.book.programs import put_back
from widgets.book.state import STATE_MIME, VIEW_MIME
from widgets.book.stills import Still, stills_of
from widgets.book.xhtml import HTML, classes, edit, elements, fragment, page, words

ROOT = PACKAGE.parent
TITLE = "The Living Synapse"
NAME = "the-living-synapse"
ANSWERS = "answers"
ADVICE = (
    "This book explains mechanisms. It is not medical advice: start, stop or change a medicine only with the person "
    "who prescribes it."
)
_DROPPED = {f"{HTML}{name}" for name in ("script", "style", "button", "form", "input", "template", "noscript")}
_UNWANTED = {"headerlink", "chapter-line", "book-hero", "toctree-wrapper", "atlas-filter", "skip-to-content", "lab-use"}
# A picture has nothing to unlock.
_UNLOCK = re.compile(r"\s*Choose an answer above to unlock [^.]*\.")


@dataclass(frozen=True)
class Chapter:
    """A page of the book: its name in _toc.yml, the part it stands in, its title and its text (one element)."""

    name: str
    part: str | None
    title: str
    body: Element


def date_of(root: Path = ROOT) -> datetime.date:
    """The day of SOURCE_DATE_EPOCH (seconds), else of the last commit, else today. ValueError if that is no number."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if given:
        if not given.isdecimal():
            raise ValueError(f"SOURCE_DATE_EPOCH is {given!r}; it must be a number of seconds since 1970")
        return datetime.datetime.fromtimestamp(int(given), datetime.UTC).date()
    try:
        told = subprocess.run(
            ["git", "log", "-1", "--format=%cs"], cwd=root, capture_output=True, text=True, check=True
        ).stdout
        return datetime.date.fromisoformat(told.strip())
    except (OSError, ValueError, subprocess.CalledProcessError):
        return datetime.date.today()


def said(date: datetime.date) -> str:
    """The day as a reader says it: 1 December 2026."""
    return f"{date.day} {date:%B %Y}"


def built(html: Path) -> Path:
    """The folder of the built book; FileNotFoundError, with the remedy, if there is none."""
    if not (html / "index.html").is_file():
        raise FileNotFoundError(f"there is no built book in {html}: run `make book` first")
    return html


def asked_for(arguments: Sequence[str], suffix: str) -> tuple[Path, Path]:
    """Of a command line `[folder of the built book] [file to write]`: both, or where `make` has them."""
    given = [Path(each) for each in arguments]
    html = given[0] if given else ROOT / "_build" / "html"
    return built(html), given[1] if len(given) > 1 else ROOT / "_build" / f"{NAME}{suffix}"


def chapters(html: Path, toc: Path = ROOT / "_toc.yml", environment: Mapping[str, str] = os.environ) -> list[Chapter]:
    """Every page of `_toc.yml` in reading order, cleaned, and the answers.

    `html` is the folder of the built book. Raises FileNotFoundError for a page that was not built.
    """
    names = list(_names(toc))
    pages = {name for name, _ in names}
    found, answers = [], []
    for name, part in names:
        path = built(html) / f"{name}.html"
        if not path.is_file():
            raise FileNotFoundError(f"_toc.yml names {name!r}, but {path} was not built: run `make book`")
        reader = _Page(name, path.read_text(encoding="utf-8"), pages, published_at(environment), html)
        found.append(Chapter(name, part, reader.title, reader.body))
        if reader.asked:
            answers.append(_answers_of(found[-1], reader.asked))
    if answers:
        body = fragment(f"<section><h1>Answers to the questions</h1>{''.join(answers)}</section>")[0]
        backs = [place for place, chapter in enumerate(found) if chapter.part == found[-1].part]
        found.insert(backs[0], Chapter(ANSWERS, None, "Answers to the questions", body))
    return found


def _names(toc: Path) -> Iterator[tuple[str, str | None]]:
    site = parse_toc_yaml(toc)
    yield site.root.docname, None
    for tree in site.root.subtrees:
        for name in tree.files():
            yield str(name), tree.caption


class _Page:
    """One page, read and cleaned."""

    def __init__(self, name: str, text: str, pages: set[str], address: str, folder: Path | None = None):
        self.name, self.pages, self.address = name, pages, address
        self.asked: list[list[dict[str, Any]]] = []
        tree = page(text)
        article = next((each for each in elements(tree) if each.get("id") == "main"), None)
        if article is None:
            raise ValueError(f"{name}.html has no <article id=main>: was it built by this book's theme?")
        self.body = Element(f"{HTML}section")
        self.body[:] = [child for child in article if child.tag == f"{HTML}section"]
        state = self._state(tree)
        if folder:
            state = put_back(state, folder)
        views = [each for each in elements(self.body) if each.get("type") == VIEW_MIME]
        ids = [json.loads(each.text or "{}")["model_id"] for each in views]
        self.shown = dict(zip(ids, stills_of(state, ids), strict=True)) if ids else {}
        self.questions = {key: model["state"].get("questions") for key, model in state.get("state", {}).items()}
        self.section = ""
        edit(self.body, self._widget)
        edit(self.body, self._unwanted)
        for element in elements(self.body):
            self._plain(element)
        heading = next(each for each in elements(self.body) if each.tag == f"{HTML}h1")
        self.title = words(heading)

    @staticmethod
    def _state(tree: Element) -> dict[str, Any]:
        found = [each.text for each in elements(tree) if each.get("type") == STATE_MIME]
        return json.loads(found[0] or "{}") if found else {}

    def _widget(self, element: Element) -> list[Element] | None:
        """What stands for a widget on paper; a place that the page keeps for it goes with it."""
        if element.tag == f"{HTML}section" and element.get("id"):
            self.section = element.get("id", "")
        views = [element] if element.get("type") == VIEW_MIME else []
        if "widget-place" in classes(element):
            views = [each for each in elements(element) if each.get("type") == VIEW_MIME]
        if not views:
            return None
        key = json.loads(views[0].text or "{}")["model_id"]
        asked = self.questions.get(key)
        if asked:
            self.asked.append(asked)
            return fragment(_questions(asked))
        return fragment(self._lab(self.shown[key]))

    def _lab(self, still: Still) -> str:
        where = f"{self.name}.html"
        place = f'<a href="{self.address}{where}">{self.address}{where}</a>' if self.address else f"its page ({where})"
        parts = [f'<p class="whole-lab-title"><strong>{escape(still.title)}</strong></p>'] if still.title else []
        if still.question:
            choices = "".join(f"<li>{escape(choice)}</li>" for choice in still.choices)
            parts.append(f'<p class="whole-asked">{escape(still.question)}</p><ul class="whole-choices">{choices}</ul>')
        if still.svg:
            label = escape(still.alt or still.sentence or still.title)
            parts.append(still.svg.replace("<svg ", f'<svg aria-label="{label}" ', 1))
        sentence = _UNLOCK.sub("", still.sentence)
        if sentence:
            parts.append(f'<p class="whole-said">{escape(sentence)}</p>')
        caption = f"The lab as it opens. Its sliders move on {place}."
        return f'<figure class="whole-lab">{"".join(parts)}<figcaption><p>{caption}</p></figcaption></figure>'

    def _unwanted(self, element: Element) -> list[Element] | None:
        if element.tag in _DROPPED or classes(element) & _UNWANTED:
            return []
        if element.tag == f"{HTML}summary":
            if words(element).startswith("Show the "):
                return []
            element.tag = f"{HTML}p"
            element.set("class", "fold-title")
        if element.tag == f"{HTML}details":
            element.tag = f"{HTML}div"
            element.attrib.pop("open", None)
            element.set("class", "whole-code" if "hide" in classes(element) else "whole-fold")
        return None

    def _plain(self, element: Element) -> None:
        """Links in the book's own form, and no words that only a pointer brings up."""
        for name in ("title", "tabindex", "download", "hidden", "data-address"):
            element.attrib.pop(name, None)
        if element.tag != f"{HTML}a" or "href" not in element.attrib:
            return
        target = urlsplit(element.get("href", ""))
        if target.scheme:
            return
        path = unquote(target.path)
        whole = posixpath.normpath(posixpath.join(posixpath.dirname(self.name), path)) if path else f"{self.name}.html"
        if whole.removesuffix(".html") in self.pages:
            place = f"#{unquote(target.fragment)}" if target.fragment else ""
            element.set("href", f"book:{whole.removesuffix('.html')}{place}")
        elif self.address:
            element.set("href", f"{self.address}{whole}")
        else:
            # A file beside the published pages, whose address nobody knows: its name stays.
            element.tag = f"{HTML}span"
            element.attrib.clear()


def _prose(text: str) -> str:
    """A question's words with their *emphasis*."""
    return re.sub(r"\*([^*]+)\*", r"<em>\1</em>", escape(text))


def _questions(asked: list[dict[str, Any]]) -> str:
    """A block of questions as an ordered list, the choices lettered."""
    items = []
    for question in asked:
        hint = " Choose every answer that is right." if question.get("multiple") else ""
        choices = "".join(f"<li>{_prose(choice['text'])}</li>" for choice in question["choices"])
        items.append(f"<li><p><strong>{_prose(question['text'])}</strong>{hint}</p><ol>{choices}</ol></li>")
    after = f'<p><a href="book:{ANSWERS}">The answers</a> stand after the last chapter.</p>'
    return f'<div class="whole-questions"><ol>{"".join(items)}</ol>{after}</div>'


def _answers_of(chapter: Chapter, sets: list[list[dict[str, Any]]]) -> str:
    """Which choices are right, and what there is to say of each."""
    items = []
    for question in (each for asked in sets for each in asked):
        told = []
        for letter, choice in zip("abcdefghij", question["choices"], strict=False):
            sign = "Right" if choice["correct"] else "Not this one"
            told.append((not choice["correct"], f"<strong>{letter}. {sign}.</strong> {_prose(choice['feedback'])}"))
        texts = "".join(f"<p>{text}</p>" for _, text in sorted(told, key=lambda each: each[0]))
        items.append(f"<li><p><em>{_prose(question['text'])}</em></p>{texts}</li>")
    title = f'<a href="book:{chapter.name}">{escape(chapter.title)}</a>'
    return f'<section class="whole-answers"><h2>{title}</h2><ol>{"".join(items)}</ol></section>'

"""Every page on paper: printed from the browser, without background graphics, on A4 and on Letter."""

from __future__ import annotations

import io
import itertools
import re

import pytest
from PIL import Image
from pypdf import PdfReader

from tests.browser.harness import LABS, PAGES, QUESTIONS, wait_alive
from tests.scripts import for_browser
from widgets.questions.schema import read_questions
from widgets.questions.widget import QUESTIONS_DIRECTORY

# Widths of the text in CSS pixels: the sheet less the margins of print.css.
PAPERS = {"A4": round((210 - 34) / 25.4 * 96), "Letter": round((215.9 - 34) / 25.4 * 96)}


@pytest.fixture
def printed(open_page, book):
    """printed(page, ...) -> the view under print media, as wide as a sheet's text."""

    def printed_(page: str, paper: str = "A4", **options):
        view = open_page(None, **options)
        view.add_init_script(for_browser("paper"))
        view.goto(book.address(page))
        wait_alive(view, page)
        view.evaluate("paper.print")
        view.emulate_media(media="print")
        view.set_viewport_size({"width": PAPERS[paper], "height": 980})
        view.wait_for_function("() => matchMedia('print').matches")
        return view

    return printed_


def _text(view, **options) -> list[str]:
    """The printed pages' words."""
    pdf = view.pdf(format="A4", print_background=False, **options)
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def _words(pages: list[str]) -> str:
    return " ".join(" ".join(pages).split())


def _unbroken(text: str) -> str:
    """Text in which it does not matter where a line or a page ends."""
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize(
    ("page", "paper"), [*((page, "A4") for page in PAGES), *((page, "Letter") for page in PAGES[::4])]
)
def test_nothing_runs_over_or_is_cut(printed, page, paper):
    view = printed(page, paper)
    looked, found = view.evaluate(
        f"(() => {{ const r = paper.overruns({PAPERS[paper]}); return [r.looked, r.found] }})()"
    )
    assert looked > 100, looked
    assert not found, f"{len(found)} of {looked}:\n" + "\n".join(found[:20])


@pytest.mark.parametrize("page", PAGES[::2])
def test_folds_are_open_and_what_only_a_screen_needs_is_gone(printed, page):
    view = printed(page)
    folded, gone = view.evaluate("[paper.folded(), paper.leftovers()]")
    assert not folded, folded
    assert not gone, gone


def test_there_are_folds_to_open(open_page, book):
    view = open_page(book.address("chapters/back-matter/drug-atlas"))
    assert view.locator("article details:not([open])").count() >= 50


def _filled(view, place) -> Image.Image:
    """A picture of a place with every background taken away, as printers do."""
    view.add_style_tag(content="*, *::before, *::after { background: none !important; box-shadow: none !important; }")
    return Image.open(io.BytesIO(place.screenshot())).convert("RGB")


def _inked(picture: Image.Image, left: float, right: float) -> float:
    """The share of pixels between two parts of the width that are not (nearly) white, in the densest row."""
    columns = range(round(left * picture.width), round(right * picture.width))
    rows = ([min(picture.getpixel((x, y))) < 200 for x in columns] for y in range(picture.height))
    return max(sum(row) / len(row) for row in rows)


def _rows(picture: Image.Image, at: float) -> int:
    """How many pixels of one column are inked."""
    x = round(at * (picture.width - 1))
    return sum(min(picture.getpixel((x, y))) < 200 for y in range(picture.height))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_tracks_thumbs_and_bars_are_seen_without_backgrounds(printed, theme):
    view = printed("chapters/4-medicines/ssri", color_scheme=theme)
    lab = view.locator(".synapse-lab").first
    track = lab.locator(".noUi-connects").nth(2)
    fill = float(track.evaluate("(e) => getComputedStyle(e).getPropertyValue('--fill') || 0"))
    assert 0.2 < fill < 0.8, "a slider that stands in the middle of its track is wanted here"
    picture = _filled(view, track)
    assert _inked(picture, 0.02, 0.98) > 0.9, "the track's outline"
    filled, empty = _rows(picture, fill / 2), _rows(picture, (1 + fill) / 2)
    assert filled > empty > 0, (filled, empty)
    thumb = _filled(view, lab.locator(".noUi-handle").nth(2))
    assert _inked(thumb, 0, 1) > 0.3
    bars = view.locator(".drug-lab .lab-bar")
    assert bars.count() >= 8
    shares = bars.evaluate_all(
        "(all) => all.map((e) => +getComputedStyle(e.firstElementChild).getPropertyValue('--share'))"
    )
    longest = max(range(len(shares)), key=lambda i: shares[i])
    bar = _filled(view, bars.nth(longest))
    assert shares[longest] > 0.5 and _rows(bar, shares[longest] / 2) > _rows(bar, (1 + shares[longest]) / 2)


def test_dark_prints_light(printed):
    view = printed("chapters/4-medicines/ssri", color_scheme="dark")
    grounds, inks = view.evaluate("paper.colours()")
    assert len(inks) > 20
    assert all(max(rgb) < 140 for rgb in inks), [rgb for rgb in inks if max(rgb) >= 140]
    assert all(min(rgb) > 235 for rgb in grounds), grounds


def test_answers_references_code_and_addresses_are_printed_and_gone_afterwards(open_page, book):
    page = "chapters/4-medicines/ssri"
    view = open_page(book.address(page))
    wait_alive(view, page)
    before = view.evaluate("document.querySelector('article').outerHTML.length")
    pages = _text(view)
    said = _words(pages)
    sets = view.locator(".ls-questions .ls-question").count()
    assert sets >= 5 and QUESTIONS[page] == 1 and LABS[page] >= 3
    assert said.count("Answers") == 1 and said.index("Check yourself") < said.index("Answers") < said.index("Key terms")
    # Each page's text begins with its number.
    unbroken = _unbroken("".join(re.sub(r"^\d+", "", page) for page in pages))
    asked = read_questions(QUESTIONS_DIRECTORY / "ssri.toml")
    assert len(asked) == sets
    for choice in itertools.chain.from_iterable(question["choices"] for question in asked):
        words = f"{choice['text']} {choice['feedback']}".replace("*", "")
        assert _unbroken(words) in unbroken, words
    assert "SynapseLab(" in said, "the code"
    cited = view.evaluate("new Set([...document.querySelectorAll('.bibtex-citation a')].map((a) => a.href)).size")
    works = said[said.index("References", said.index("Further reading")) :]
    assert cited > 30 and works.count("20") >= cited and "doi:10.1176/appi.ajp.161.5.826" in works
    for word in ("Search the book", "Show the code", "Contents", "Next"):
        assert word not in said, word
    assert all(text.strip() for text in pages)
    assert view.evaluate("document.querySelectorAll('.paper-only, [data-address]').length") == 0
    assert view.evaluate("document.querySelector('article').outerHTML.length") == before


def test_links_to_elsewhere_say_where(open_page, book):
    view = open_page(book.address("chapters/back-matter/model-reference"))
    wait_alive(view, "chapters/back-matter/model-reference")
    assert "Antimony (tellurium.readthedocs.io/en/latest/antimony.html)" in _words(_text(view))

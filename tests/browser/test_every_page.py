"""Every page in _toc.yml, as any reader meets it: quiet, complete, reachable, readable at every width and theme."""

from __future__ import annotations

import json
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup

from tests.browser.harness import LABS, PAGES, QUESTIONS, check_drawn_contrast, labs, run_axe, set_theme, wait_alive
from tests.browser.support import ROOT, source_of

PHONE = {"width": 360, "height": 740}


def test_the_table_of_contents_is_the_book(book):
    assert len(PAGES) >= 6, PAGES
    assert len(set(PAGES)) == len(PAGES)
    missing = [page for page in PAGES if not (book.html / f"{page}.html").exists()]
    assert not missing, f"in _toc.yml, but not built: {missing}"
    assert sum(LABS.values()) >= 4 and sum(QUESTIONS.values()) >= 3, (LABS, QUESTIONS)


@pytest.mark.parametrize("scheme", ["http", "file"])
@pytest.mark.parametrize("page", PAGES)
def test_is_quiet_and_asks_nobody(open_page, book, page, scheme):
    """No console error or warning, no request to another host, no missing file; from a server and from a stick.

    From a server, test_every_lab watches the pages with labs while it moves their sliders.
    """
    view = open_page(book.address(page, scheme))
    wait_alive(view, page)
    # What loads late (images further down) and what theme code does when switched is watched too.
    view.evaluate("() => window.scrollTo(0, document.body.scrollHeight)")
    for theme in ("dark", "light", "auto"):
        set_theme(view, theme)
    for lab in labs(view) if scheme == "file" else ():
        lab.answer_gate()
        for index in range(len(lab.sliders)):
            lab.step(index)
    view.watch.settle()
    view.watch.assert_clean()


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("page", PAGES)
def test_axe_is_clean_in_both_themes_before_and_after_moving(open_page, book, page, width):
    view = open_page(book.address(page), viewport={**PHONE, "width": width})
    wait_alive(view, page)
    rules, runs, texts, traces = 0, 0, 0, 0
    for state in ("as met", "moved"):
        if state == "moved":
            if not labs(view):
                continue
            for lab in labs(view):
                lab.answer_gate()
                lab.nudge_all()
            for question in view.locator(".ls-question").all():
                question.locator("input").first.press("Space")
                question.get_by_role("button").press("Enter")
            for disclosure in view.locator("details:not([open]) > summary:visible").element_handles():
                disclosure.press("Enter")
            assert view.locator("details:not([open]) > summary:visible").count() == 0
        for theme in ("light", "dark"):
            set_theme(view, theme)
            where = f"{page} at {width} px, {theme}, {state}"
            passed = run_axe(view, where)
            assert passed >= 25, f"{where}: only {passed} axe rules applied"
            counted = check_drawn_contrast(view, where)
            rules, runs, texts, traces = rules + passed, runs + 1, texts + counted[0], traces + counted[1]
    assert runs == (4 if LABS[page] else 2)
    if LABS[page]:
        assert texts >= 4 * 5 and traces >= 4 * LABS[page], f"{texts} drawn texts, {traces} curves judged"


@pytest.mark.parametrize("page", PAGES)
def test_reflows_at_320(open_page, book, page):
    """No sideways scrolling at 320 CSS px (a 1280 px window at 400 %), before and after a lab is unlocked."""
    view = open_page(book.address(page), viewport={"width": 320, "height": 640})
    wait_alive(view, page)
    for state in ("as met", "unlocked"):
        if state == "unlocked":
            for lab in labs(view):
                lab.answer_gate()
        cut = view.evaluate("looking.cutPrints")
        assert not cut, f"{page}: what a cell printed runs out of its box: {cut}"
        wide = view.evaluate("looking.width")
        assert wide["limit"] == 320
        assert wide["scroll"] <= 320, f"{page}, {state}: {wide}"


@pytest.mark.parametrize("page", PAGES)
def test_one_of_each_landmark_and_words_for_every_picture(open_page, book, page):
    view = open_page(book.address(page))
    wait_alive(view, page)
    assert view.locator("h1").count() == 1
    assert view.locator("main, [role=main]").count() == 1
    assert view.locator("html").get_attribute("lang", timeout=1000).startswith("en")
    searches = view.get_by_role("searchbox").or_(view.locator("input[type=search], input[name=q]"))
    seen = [box for box in searches.all() if box.is_visible()]
    assert len(seen) == 1, f"{len(seen)} search boxes are in sight"
    title = view.title()
    assert title.strip() and "<" not in title
    assert view.locator("meta[name=viewport]").count() >= 1
    found = view.evaluate("looking.unnamedPictures")
    assert not found["faults"], "\n".join(found["faults"])
    assert found["count"] >= LABS[page], f"{found['count']} pictures for {LABS[page]} labs"


def test_numbers_of_the_atlas_say_what_they_are_on_a_phone(open_page, book):
    """There the tables have no heads: a bare number has its word before it."""
    page = next(page for page in PAGES if page.endswith("drug-atlas"))
    view = open_page(book.address(page), viewport=PHONE)
    bare, told = view.evaluate("looking.bareNumbers")
    assert not bare, bare[:5]
    assert told >= 200, told


def test_the_theme_switch_and_the_system_theme_both_work(open_page, book):
    """Dark by the page's own button, and dark because the system says so."""
    paper = "() => getComputedStyle(document.body).backgroundColor"
    light = open_page(book.address(PAGES[0]), color_scheme="light")
    day = light.evaluate(paper)
    night = open_page(book.address(PAGES[0]), color_scheme="dark").evaluate(paper)
    assert day != night, "the system's dark scheme changes nothing"
    switch = light.locator("button.theme-toggle:visible").first
    seen = set()
    for _ in range(3):
        switch.press("Enter")
        seen.add(light.evaluate(paper))
    assert seen == {day, night}, f"the switch shows {seen}; the themes are {day} and {night}"
    assert light.evaluate("() => document.body.dataset.theme") in ("light", "dark", "auto")


def test_tokens_follow_the_theme(open_page, book):
    """Each palette variable has its own value in light and in dark, by the switch and by the system."""
    palette = json.loads((ROOT / "widgets/palette.json").read_text(encoding="utf-8"))
    view = open_page(book.address(PAGES[0]), color_scheme="light")
    read = "(names) => names.map((n) => getComputedStyle(document.body).getPropertyValue('--ls-' + n).trim())"
    names = [name.replace("_", "-") for name in palette]

    def same(values, index):
        wrong = [
            (name, value)
            for (name, pair), value in zip(palette.items(), values, strict=True)
            if pair[index].lower() != _long(value)
        ]
        assert not wrong, wrong

    for theme, index in (("light", 0), ("dark", 1), ("auto", 0)):
        set_theme(view, theme)
        same(view.evaluate(read, names), index)
    view.emulate_media(color_scheme="dark")
    same(view.evaluate(read, names), 1)


def _long(colour: str) -> str:
    """#abc as #aabbcc: the minifier shortens."""
    colour = colour.lower()
    return "#" + "".join(c * 2 for c in colour[1:]) if len(colour) == 4 else colour


# Links: read from the built files, all pages at once.


def _soup(path, cache={}):  # noqa: B006  a page is parsed once for all links that point at it
    if path not in cache:
        cache[path] = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    return cache[path]


def test_internal_links_and_anchors_resolve(book):
    faults, links, anchors = [], 0, 0
    for page in PAGES:
        here = book.html / f"{page}.html"
        soup = _soup(here)
        ids = [tag["id"] for tag in soup.find_all(id=True)]
        faults += [f"{page}: the id {twin!r} stands twice" for twin in {i for i in ids if ids.count(i) > 1}]
        for tag, attribute in [(tag, name) for name in ("href", "src") for tag in soup.find_all(**{name: True})]:
            parts = urlsplit(tag[attribute])
            if parts.scheme or parts.netloc:
                if attribute == "src" or tag.name == "link" and "canonical" not in tag.get("rel", []):
                    faults += [f"{page}: loads {tag[attribute]}"] if parts.scheme != "data" else []
                continue
            links += 1
            target = (here.parent / unquote(parts.path)).resolve() if parts.path else here
            if not target.is_file():
                faults.append(f"{page}: {tag[attribute]} leads nowhere")
            elif parts.fragment and target.suffix == ".html":
                anchors += 1
                found = _soup(target).find(id=unquote(parts.fragment)) or parts.fragment in ("top",)
                if not found:
                    faults.append(f"{page}: {tag[attribute]} has no such anchor")
    assert not faults, "\n".join(sorted(set(faults)))
    assert links >= 20 * len(PAGES) and anchors >= len(PAGES), f"only {links} links and {anchors} anchors were read"


BUILD_FAILURES = ("Traceback (most recent", "Error: ", "{cite", "{term}", "{ref}", "{doc}", "{numref}", "[???]")


def test_pages_show_no_failure_of_the_build(book):
    """A crashing cell, an unresolved reference or an unread role is published as text: read the text."""
    for page in PAGES:
        soup = _soup(book.html / f"{page}.html")
        text = soup.get_text(" ")
        for sign in BUILD_FAILURES:
            assert sign not in text, f"{page} shows {sign!r}: ...{text[max(0, text.find(sign) - 80) :][:200]}"
        assert not soup.select(".system-message, .problematic"), page
        states = [tag.string or "" for tag in soup.find_all("script", type="application/vnd.jupyter.widget-state+json")]
        assert not any('"ename"' in state or "Traceback" in state for state in states), (
            f"{page}: an error in widget state"
        )
        assert len(states) <= 1
        assert source_of(page).exists()

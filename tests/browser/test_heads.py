"""What the head of every page promises: its policy hinders nothing, storage is never needed, nothing jumps."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import pytest

from tests.browser.harness import LAB_PAGES, PAGES, labs, wait_alive
from tests.browser.support import chromium_options
from tests.scripts import for_browser
from widgets.book import csp

PHONE = {"width": 390, "height": 844}
ALL = [*PAGES, "search"]
PAPER = "() => getComputedStyle(document.body).backgroundColor"


@pytest.fixture
def open_watched(open_page):
    """open_watched(url, storage=..., **context options) -> the page, watched by tests/scripts/heads.ts."""

    def open_(url: str, storage: str = "", **options):
        view = open_page(None, **options)
        view.context.add_init_script(for_browser("heads"))
        if storage:
            view.context.add_init_script(f"heads.refuseStorage({storage!r})")
        view.goto(url, wait_until="load")
        return view

    return open_


# -- the policy ---------------------------------------------------------------------------------------------------


def test_every_page_begins_with_its_policy(book):
    looked = 0
    for path in sorted(book.html.rglob("*.html")):
        if {"_static", "_sources"} & set(path.relative_to(book.html).parts):
            continue
        html = path.read_text(encoding="utf-8")
        assert html.count("Content-Security-Policy") == 1, path
        [meta] = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', html)
        assert html.index("Content-Security-Policy") < 1024, "the charset before it must stand in the first kilobyte"
        first = re.search(r"<(?:script|link|style)\b", html)
        assert first is None or html.index("Content-Security-Policy") < first.start(), path
        for text in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "script-src 'self'"):
            assert text in meta, path
        assert "unsafe-inline" not in meta.split("style-src")[0] and "unsafe-eval" not in meta, path
        # A lab on a page of its own names its files to frames that give it no origin (widgets/book/csp.py).
        assert bool(re.search(r"https?:", meta)) == (path.parent.name == "labs"), path
        looked += 1
    assert looked >= len(PAGES) + 2  # the search, and the first page's other address


@pytest.mark.parametrize(
    ("page", "scheme"), [*((page, "http") for page in ALL), *((page, "file") for page in ALL[::3])]
)
def test_the_policy_hinders_nothing(open_watched, book, page, scheme):
    """A lab is moved, the theme changed, a term looked up, something searched for: no violation on the way."""
    view = open_watched(book.address(page, scheme) + ("?q=serotonin" if page == "search" else ""))
    if page == "search":
        view.locator("#search-results li").first.wait_for()
    else:
        wait_alive(view, page)
    for lab in labs(view)[:1]:
        lab.answer_gate()
        lab.step(0)
    view.locator("button.theme-toggle:visible").first.press("Enter")
    if term := view.locator("a.glossary-term").all()[:1]:
        term[0].hover()
        view.locator(".glossary-panel:visible").wait_for()
    assert view.evaluate("heads.refused()") == []
    view.watch.assert_clean()


@pytest.mark.parametrize("page", [LAB_PAGES[0], "search"])
def test_a_script_that_finds_its_way_into_a_page_does_not_run(open_watched, book, page):
    view = open_watched(book.address(page))
    assert view.evaluate("heads.inject()") is False
    rules = {violation["rule"] for violation in view.evaluate("heads.refused()")}
    assert rules == {"script-src-elem", "script-src-attr"}, rules


def test_only_pages_that_import_texts_may(book):
    """`blob:` stands where a saved widget brings code, and nowhere else."""
    allowed = []
    for page in ALL:
        html = (book.html / f"{page}.html").read_text(encoding="utf-8")
        [meta] = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', html)
        states = [json.loads(text) for kind, text in csp.scripts(html) if kind == csp.STATE_MIME]
        assert ("blob:" in meta) == any(csp.imports_texts(state) for state in states), page
        allowed.append("blob:" in meta)
    assert not all(allowed)


@dataclass(frozen=True)
class _Running:
    """What of Playwright `chromium_options` reads, of the one that runs already."""

    chromium: object


# -- storage ------------------------------------------------------------------------------------------------------


def toggled(view) -> set[str]:
    """The colours of the page's ground over three presses of the theme's button."""
    switch = view.locator("button.theme-toggle:visible").first
    seen = set()
    for _ in range(3):
        switch.press("Enter")
        seen.add(view.evaluate(PAPER))
    return seen


@pytest.mark.parametrize("how", ["throws", "null", "useless"])
@pytest.mark.parametrize("page", [LAB_PAGES[0], "search"])
def test_storage_that_is_refused_is_not_missed(open_watched, book, how, page):
    address = book.address(page) + ("?q=serotonin" if page == "search" else "")
    night = open_watched(address, how, color_scheme="dark")
    light = open_watched(address, how, color_scheme="light")
    assert night.evaluate(PAPER) != light.evaluate(PAPER), "a dark system gets a light page"
    for view in (night, light):
        if page == "search":
            view.locator("#search-results li").first.wait_for()
        else:
            wait_alive(view, page)
        assert len(toggled(view)) == 2, "the theme's button changes nothing"
        view.watch.assert_clean()


def test_with_site_data_blocked_in_the_browser_all_works(book, browser, tmp_path):
    (tmp_path / "Default").mkdir()
    settings = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    (tmp_path / "Default" / "Preferences").write_text(json.dumps(settings))
    kind = browser.browser_type
    context = kind.launch_persistent_context(tmp_path, **chromium_options(_Running(kind)), color_scheme="dark")
    complaints: list[str] = []
    view = context.new_page()
    view.on("pageerror", lambda error: complaints.append(str(error)))
    view.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    view.goto(book.address(LAB_PAGES[0]))
    view.wait_for_function("() => document.documentElement.dataset.widgets === 'ready'")
    refused = "Object.getOwnPropertyDescriptor(window, 'localStorage').value !== undefined"
    assert view.evaluate(refused), "this browser kept its storage: the test tries nothing"
    assert len(toggled(view)) == 2
    view.goto(book.address("search") + "?q=serotonin")
    view.locator("#search-results li").first.wait_for()
    assert complaints == []
    context.close()


def test_a_theme_that_is_none_does_not_hide_the_systems(open_page, book):
    view = open_page(book.address(PAGES[0]), color_scheme="dark")
    night = view.evaluate(PAPER)
    view.evaluate("localStorage.setItem('theme', 'undefined')")
    view.reload()
    assert view.evaluate(PAPER) == night
    assert view.evaluate("document.body.dataset.theme") == "auto"


@pytest.mark.parametrize("page", [LAB_PAGES[0], "search"])
def test_a_sandboxed_frame_shows_the_book(open_page, book, page):
    """Only scripts allowed: no origin, no storage, and the policy's 'self' still means the book's own files."""
    view = open_page(None)
    view.route("**/frame.html", lambda route: route.fulfill(content_type="text/html", body=(
        f'<!doctype html><link rel="icon" href="data:,"><iframe sandbox="allow-scripts" width="1200" height="800" '
        f'src="{book.address(page)}{"?q=serotonin" if page == "search" else ""}"></iframe>')))  # fmt: skip
    view.goto(f"{book.url}/frame.html")
    frame = view.frames[1]
    if page == "search":
        frame.locator("#search-results li").first.wait_for()
    else:
        frame.wait_for_function("() => document.documentElement.dataset.widgets === 'ready'")
        assert frame.locator(".synapse-lab").count() >= 1
    assert frame.evaluate("origin") == "null"
    assert len(toggled(frame)) == 2
    view.watch.assert_clean()


# -- nothing jumps, nothing is out of reach -----------------------------------------------------------------------


def shift(view) -> float:
    view.evaluate("() => document.fonts.ready.then(() => new Promise((drawn) => requestAnimationFrame(() => "
                  "requestAnimationFrame(drawn))))")  # fmt: skip
    return view.evaluate(
        "() => new Promise((told) => new PerformanceObserver((list) => told(list.getEntries()"
        ".reduce((sum, entry) => sum + entry.value, 0))).observe({ type: 'layout-shift', buffered: true })"
        " || setTimeout(() => told(0), 1000))"
    )


@pytest.mark.parametrize(
    ("page", "viewport"),
    [*((page, PHONE) for page in ALL), *((page, {"width": 1280, "height": 900}) for page in ALL[::3])],
)
def test_what_is_no_lab_does_not_shift(open_page, book, page, viewport):
    """Contents, fonts, filter: all stand where they stay from the first paint on (labs are looked at by themselves)."""
    view = open_page(None, viewport=viewport)
    # A runtime that does nothing; one that is missing is told of, and that takes room.
    idle = "document.documentElement.dataset.widgets = 'starting'"
    view.route("**/runtime.js*", lambda route: route.fulfill(content_type="text/javascript", body=idle))
    view.goto(book.address(page), wait_until="load")
    assert view.evaluate("document.documentElement.dataset.page") == "ready"
    assert shift(view) < 0.05


def test_the_contents_are_in_reach_whatever_came(open_page, book):
    """Folded from the first line on, and unfolded for good where scripts are off or what unfolds them did not come."""
    links = ".book-contents a:visible"
    whole = open_page(book.address(PAGES[0]), viewport=PHONE)
    assert whole.locator(links).count() == 0
    whole.get_by_role("button", name="Contents").press("Enter")
    assert whole.locator(links).count() >= len(PAGES)
    off = open_page(book.address(PAGES[0]), viewport=PHONE, java_script_enabled=False)
    assert off.locator(links).count() >= len(PAGES)
    assert not off.get_by_role("button", name="Contents").is_visible()
    late = open_page(None, viewport=PHONE)
    late.route("**/page.js*", lambda route: route.abort())
    late.goto(book.address(PAGES[0]), wait_until="load")
    assert late.locator(links).count() >= len(PAGES)
    html = (book.html / f"{PAGES[0]}.html").read_text(encoding="utf-8")
    assert html.index('classList.remove("no-js")') < html.index('<link rel="stylesheet"'), (
        "before any style is waited for"
    )


def test_without_scripts_a_dark_system_has_a_dark_page(open_page, book):
    grounds = {
        scheme: open_page(book.address(PAGES[0]), color_scheme=scheme, java_script_enabled=False)
        .locator("body")
        .evaluate(PAPER)
        for scheme in ("light", "dark")
    }
    assert grounds["light"] != grounds["dark"], grounds


@pytest.mark.parametrize("fragment", ["100%", "%", "%E0%A4%A", "constructor", "a%20b"])
def test_no_address_breaks_what_every_page_runs(open_page, book, fragment):
    looked = 0
    view = open_page(None)
    # What labs do with an address is theirs to show.
    view.route("**/runtime.js*", lambda route: route.fulfill(content_type="text/javascript", body=""))
    for page in ALL:
        view.goto(f"{book.address(page)}#{fragment}", wait_until="load")
        assert view.evaluate("document.documentElement.dataset.page") == "ready", page
        looked += 1
    assert looked == len(PAGES) + 1
    view.watch.assert_clean()

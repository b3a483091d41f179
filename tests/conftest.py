"""Fixtures shared by all layers: the repository, the built book on a loopback port, and one browser.

LIVING_SYNAPSE_HTML=/some/html pytest tests/browser      # look at an already built book, build nothing
"""

from __future__ import annotations

import functools
import os
import re
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests import parts
from tests.browser.support import ROOT, chromium_options
from tests.engines import presence
from tests.scripts import for_browser
from tests.serving import QuietHandler, serving
from tests.showing import PAGE, traits

# What a test needs is known from its fixtures: `make quick` runs those that need nothing.
NEEDS = {"book": "book", "browser": "browser", "engine_of": "engine"}
DESKTOP = {"width": 1280, "height": 900}
LOCAL = re.compile(r"^(https?://127\.0\.0\.1[:/]|file:|data:|blob:|about:)")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--part", metavar="1/2", help="of what is chosen otherwise, run the first of two equal parts")


class Sharing:
    """What is run where: marks first, so that -m can choose by them; parts of what is chosen last."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        slow = parts.slow([item.nodeid for item in items])
        for item in items:
            for fixture, need in NEEDS.items():
                if fixture in getattr(item, "fixturenames", ()):
                    item.add_marker(need)
            if item.nodeid in slow:
                item.add_marker("slow")


class Part:
    """Keeps one part of what is left when all else has chosen."""

    def __init__(self, number: int, of: int):
        self.number, self.of = number, of

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        ours = set(parts.split([item.nodeid for item in items], self.of)[self.number - 1])
        config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in ours])
        items[:] = [item for item in items if item.nodeid in ours]


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Sharing(), "sharing")
    config.pluginmanager.register(presence, "presence")
    if part := config.getoption("--part"):
        try:
            config.pluginmanager.register(Part(*parts.chosen(part)), "part")
        except ValueError as error:
            raise pytest.UsageError(str(error)) from error


@dataclass
class Book:
    """The built book: where its files are and where they are served."""

    html: Path
    url: str

    def address(self, page: str, scheme: str = "http") -> str:
        path = self.html / f"{page}.html"
        return path.as_uri() if scheme == "file" else f"{self.url}/{page}.html"


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def book():
    """The whole book, built from the present sources (make does only what changed) and served on loopback."""
    given = os.environ.get("LIVING_SYNAPSE_HTML")
    html = Path(given).resolve() if given else ROOT / "_build" / "html"
    if not given:
        built = subprocess.run(
            ["make", "book"], cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=1200
        )
        assert built.returncode == 0, f"make book failed:\n{built.stdout[-6000:]}"
    assert (html / "index.html").exists(), f"no book in {html}"
    with serving(functools.partial(QuietHandler, directory=str(html))) as url:
        yield Book(html, url)


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        try:
            options = chromium_options(playwright)
        except FileNotFoundError as error:
            pytest.fail(str(error), pytrace=False)
        running = playwright.chromium.launch(**options)
        yield running
        running.close()


@dataclass
class Watch:
    """What a page must not do: complain on the console, ask another host, or miss a file of its own."""

    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    local: int = 0
    pending: set = field(default_factory=set)
    last: float = 0.0
    """When a request was last begun or ended."""

    def follow(self, page) -> None:
        self.page = page
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))
        page.on("websocket", lambda socket: self._ask(socket.url.replace("ws", "http", 1)))
        page.on("request", self._begin)
        page.on("requestfinished", self._end)
        page.on("requestfailed", self._fail)
        page.on("response", self._answer)

    def _console(self, message) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def _begin(self, request) -> None:
        self._ask(request.url)
        self.pending.add(request)
        self.last = time.monotonic()

    def _end(self, request) -> None:
        self.pending.discard(request)
        self.last = time.monotonic()

    def _fail(self, request) -> None:
        self._end(request)
        self.missing.append(f"{request.url}: {request.failure}")

    def _answer(self, response) -> None:
        if response.status >= 400:
            self.missing.append(f"{response.url}: {response.status}")

    def _ask(self, url: str) -> None:
        if LOCAL.match(url):
            self.local += 1
        else:
            self.foreign.append(url)

    def settle(self, quiet: float = 0.5, limit: float = 20) -> None:
        """Wait until nothing was asked for so many seconds. (Playwright's "networkidle" may never come: #42598.)"""
        end = time.monotonic() + limit
        while self.pending or time.monotonic() - self.last < quiet:
            assert time.monotonic() < end, f"not answered in {limit} s: {sorted(r.url for r in self.pending)}"
            self.page.wait_for_timeout(50)

    def assert_clean(self) -> None:
        assert self.local, "nothing was requested at all: the page was never watched"
        faults = [f"console: {c}" for c in self.complaints] + [f"foreign: {f}" for f in self.foreign]
        faults += [f"missing: {m}" for m in self.missing]
        assert not faults, "\n".join(faults)


@pytest.fixture
def open_page(browser):
    """open_page(url, **context options) -> a watched page (page.watch) in a context of its own.

    In it, and in every page it goes to, `looking` are the functions of tests/scripts/looking.ts.
    """
    contexts = []

    def open_(url: str | None, **options):
        context = browser.new_context(**{"viewport": DESKTOP, **options})
        contexts.append(context)
        context.set_default_timeout(30_000)
        context.add_init_script(for_browser("looking"))
        page = context.new_page()
        page.watch = Watch()
        page.watch.follow(page)
        if url:
            page.goto(url, wait_until="load")
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def bundle():
    """(script, style) of the labs, as the package carries them, made from the present sources."""
    made = subprocess.run(["make", "bundles"], cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert made.returncode == 0, made.stdout
    return [(ROOT / "widgets/static" / name).read_text(encoding="utf-8") for name in ("lab.js", "lab.css")]


@pytest.fixture
def show(open_page, bundle):
    """show(lab, theme, **context options) -> the watched page with that lab on it, once it has drawn and said."""

    def show_(made, theme: str = "light", **options):
        page = open_page(None, **options)
        page.set_content(PAGE % (bundle[1], theme))
        page.add_script_tag(content=for_browser("showing"))
        page.evaluate("showing.show", [bundle[0], traits(made), " ".join(made._dom_classes)])
        page.wait_for_function("() => document.querySelector('.lab-sentence')?.textContent.length > 10")
        return page

    return show_

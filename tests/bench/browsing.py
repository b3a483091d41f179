"""What the bench and the comparison of two books share: servers, pages, keys pressed and bytes loaded."""

from __future__ import annotations

import contextlib
import gzip
import http.server
import os
import statistics
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.support import ROOT, chromium_options
from tests.scripts import for_browser

# As for the tests, LIVING_SYNAPSE_HTML is a book that was built elsewhere.
HTML = Path(os.environ.get("LIVING_SYNAPSE_HTML", ROOT / "_build/html"))
PAGE = "chapters/1-synapse/synapse.html"
PAGE_WITH_TWO_LABS = "chapters/2-messengers/serotonin.html"
PAGE_OF_MEDICINES = "chapters/4-medicines/snri.html"
# Where a picture is, and the attribute that changes with it.
OUR_PICTURE = (".synapse-lab path.curve", "d")
PEER_PICTURE = ("img", "src")


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(**chromium_options(playwright))
        yield running
        running.close()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_) -> None:
        """Requests are not news here."""


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@dataclass(frozen=True)
class Times:
    """What key presses took, ms, sorted: the page's own work, and until the new picture is on the screen."""

    work: list[float]
    seen: list[float]

    def __add__(self, other: Times) -> Times:
        return Times(sorted(self.work + other.work), sorted(self.seen + other.seen))

    @property
    def median(self) -> float:
        return statistics.median(self.work)

    @property
    def p95(self) -> float:
        return self.work[int(len(self.work) * 0.95)]

    @property
    def median_seen(self) -> float:
        return statistics.median(self.seen)


def press(page: Page, picture: tuple[str, str], presses: int, pause: int) -> Times:
    """Move the focused slider back and forth, a key every `pause` ms."""
    page.evaluate("(request) => { window.times = presses.time(request); }", [presses, *picture])
    for number in range(presses):
        page.keyboard.press("ArrowRight" if number % 20 < 10 else "ArrowLeft")
        page.wait_for_timeout(pause)
    times = page.evaluate("window.times")
    return Times(sorted(each["work"] for each in times), sorted(each["seen"] for each in times))


def answer_gate(page: Page) -> None:
    gate = page.locator(".synapse-lab fieldset").first
    if gate.count():
        gate.locator("input[type=radio]").first.check()


def new_page(chromium: Browser, *scripts: str, **options) -> Page:
    """A page of its own, with these scripts of tests/scripts (`presses` always among them)."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, **options)
    for script in ("presses", *scripts):
        context.add_init_script(for_browser(script))
    return context.new_page()


def open_ours(chromium: Browser, address: str, path: str = PAGE, *scripts: str, **options) -> tuple[Page, float]:
    """A page of the book and the seconds until its first lab can be used."""
    page = new_page(chromium, *scripts, **options)
    start = time.perf_counter()
    page.goto(f"{address}/{path}", wait_until="commit")
    page.wait_for_selector(".synapse-lab path.curve[d]", state="attached")
    page.wait_for_selector(".synapse-lab [role=slider]", state="attached")
    return page, time.perf_counter() - start


def focus_first_slider(page: Page) -> None:
    answer_gate(page)
    page.locator(".synapse-lab [role=slider]").first.focus()


def press_ours(chromium: Browser, address: str, path: str, presses: int = 200) -> Times:
    """`press` on the first slider of the first lab of a page of the book."""
    page, _ = open_ours(chromium, address, path)
    focus_first_slider(page)
    press(page, OUR_PICTURE, 30, 40)  # warm-up
    times = press(page, OUR_PICTURE, presses, 40)
    page.context.close()  # its picture would go on moving, and take the next one's time
    return times


def gzipped(data: bytes) -> int:
    return len(gzip.compress(data, 6))


def page_bytes(chromium: Browser, address: str, path: str) -> int:
    """Gzipped size of everything a page loads from its own host, in bytes."""
    context = chromium.new_context()
    page = context.new_page()
    loaded: dict[str, int] = {}

    def measure(response) -> None:
        if response.url.startswith(address) and response.ok:
            loaded[response.url] = gzipped(response.body())

    page.on("response", measure)
    page.goto(f"{address}/{path}", wait_until="networkidle")
    context.close()
    return sum(loaded.values())

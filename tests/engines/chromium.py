"""Chromium, through Playwright, as in the other tests: in a context of its own of the browser that is running."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tests.engines.engine import PATIENCE, Engine, Point

if TYPE_CHECKING:
    from playwright.sync_api import Browser


class Chromium(Engine):
    name = "chromium"
    package = "chromium"
    scrolls_by_touch = True

    def __init__(self, dark: bool = False, *, browser: Browser):
        super().__init__(dark)
        self.browser = browser

    def start(self) -> None:
        context = self.browser.new_context(color_scheme="dark" if self.dark else "light", has_touch=True)
        self.ended.callback(context.close)
        context.set_default_timeout(1000 * PATIENCE)
        self.page = context.new_page()
        self.devtools = context.new_cdp_session(self.page)

    def open(self, url: str) -> None:
        self.page.goto(url, wait_until="load")

    def reload(self) -> None:
        self.page.reload(wait_until="load")

    def resize(self, width: int, height: int) -> None:
        self.page.set_viewport_size({"width": width, "height": height})

    def run(self, function: str, arguments: Sequence[Any], frame: bool) -> str:
        within = self.page.frames[1] if frame else self.page.main_frame
        return str(within.evaluate(f"(given) => ({function})(...given)", list(arguments)))

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def click(self, at: Point) -> None:
        self.page.mouse.click(*at)

    def touch(self, path: Sequence[Point]) -> None:
        # Playwright's own touch is a tap alone.
        for kind, (x, y) in [("touchStart", path[0]), *(("touchMove", point) for point in path[1:])]:
            self.devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        self.devtools.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

"""WebKitGTK's MiniBrowser, over WebDriver (https://www.w3.org/TR/webdriver2/), on a display of its own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.engines.engine import KEYS, PATIENCE, Engine, EngineMissing, Point, on_path
from tests.engines.firefox import pointer

# A window cannot be narrower than its bar of buttons, and a phone is.
NARROW = "* { min-width: 0; min-height: 0; padding: 0; margin: 0; border-width: 0; font-size: 1px;" \
         " -gtk-icon-transform: scale(0); }"  # fmt: skip


class WebKit(Engine):
    name = "webkit"
    package = "webkit2gtk-driver xvfb"

    @classmethod
    def find(cls) -> Path:
        on_path(cls.package, "Xvfb")
        on_path(cls.package, "WebKitWebDriver")
        # Beside the library, in a folder named after the machine and the library's version.
        browsers = sorted(Path("/usr").glob("lib*/**/webkit*gtk-*/MiniBrowser"))
        if not browsers:
            raise EngineMissing(f"no MiniBrowser of WebKitGTK found; Debian, Ubuntu: `apt-get install {cls.package}`")
        return browsers[-1]

    def start(self) -> None:
        browser = self.find()
        home = Path(self.ended.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        for toolkit in ("gtk-3.0", "gtk-4.0"):
            (home / toolkit).mkdir()
            (home / toolkit / "gtk.css").write_text(NARROW, encoding="utf-8")
        display = self._start_display()
        port = _free_port()
        own = {"DISPLAY": f":{display}", "GDK_BACKEND": "x11", "GTK_THEME": "Adwaita:dark" if self.dark else "Adwaita",
               "NO_AT_BRIDGE": "1"}  # fmt: skip
        own |= {f"XDG_{what}": str(home) for what in ("CONFIG_HOME", "DATA_HOME", "CACHE_HOME", "RUNTIME_DIR")}
        self._start_process([on_path(self.package, "WebKitWebDriver"), f"--port={port}"], env=os.environ | own)
        self.address = f"http://127.0.0.1:{port}"
        options = {"binary": str(browser), "args": ["--automation"]}
        wanted = {"browserName": "MiniBrowser", "webkitgtk:browserOptions": options}
        self._wait_until_it_answers()
        self.address += f"/session/{self.send('POST', '/session', capabilities={'alwaysMatch': wanted})['sessionId']}"
        self.ended.callback(self.send, "DELETE", "")
        self.bar: tuple[int, int] | None = None

    def _start_process(self, command: list[Any], **options: Any) -> subprocess.Popen[str]:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "text": True}
        process = subprocess.Popen(command, **(quiet | options))
        self.ended.callback(process.wait)
        self.ended.callback(process.terminate)
        return process

    def _start_display(self) -> str:
        screen = ["-screen", "0", "1600x1200x24", "-nolisten", "tcp", "-displayfd", "1"]
        process = self._start_process([on_path(self.package, "Xvfb"), *screen], stdout=subprocess.PIPE)
        assert process.stdout
        number = process.stdout.readline().strip()
        process.stdout.close()
        assert number, "Xvfb did not start"
        return number

    def _wait_until_it_answers(self) -> None:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                self.send("GET", "/status")
                return
            except urllib.error.URLError:
                assert time.monotonic() < end, f"WebKitWebDriver does not answer within {PATIENCE:g} s"
                time.sleep(0.05)

    def send(self, method: str, path: str, **body: Any) -> Any:
        """What a command of WebDriver's answers. AssertionError with its complaint."""
        request = urllib.request.Request(
            self.address + path, method=method, data=json.dumps(body).encode() if method == "POST" else None,
            headers={"Content-Type": "application/json"},
        )  # fmt: skip
        try:
            with urllib.request.urlopen(request, timeout=2 * PATIENCE) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            told = json.load(error)["value"]
            raise AssertionError(f"WebKit, {path}: {told['error']}: {told.get('message')}") from None

    def open(self, url: str) -> None:
        self.send("POST", "/url", url=url)

    def reload(self) -> None:
        self.send("POST", "/refresh")

    def resize(self, width: int, height: int) -> None:
        if self.bar is None:
            whole = self.send("GET", "/window/rect")
            self.bar = (whole["width"] - self._inner()[0], whole["height"] - self._inner()[1])
        self.send("POST", "/window/rect", width=width + self.bar[0], height=height + self.bar[1])
        end = time.monotonic() + PATIENCE
        while self._inner() != (width, height):
            assert time.monotonic() < end, f"WebKit's window is {self._inner()}, not {(width, height)}"
            time.sleep(0.02)

    def _inner(self) -> tuple[int, int]:
        width, height = self.send("POST", "/execute/sync", script="return [innerWidth, innerHeight]", args=[])
        return width, height

    def run(self, function: str, arguments: Sequence[Any], frame: bool) -> str:
        if frame:
            self.send("POST", "/frame", id=0)
        script = f"const done = arguments[arguments.length - 1]; ({function})(...arguments).then(done)"
        try:
            return str(self.send("POST", "/execute/async", script=script, args=list(arguments)))
        finally:
            if frame:
                self.send("POST", "/frame", id=None)

    def _act(self, kind: str, actions: list[dict[str, Any]]) -> None:
        self.send("POST", "/actions", actions=[{"type": kind, "id": kind, "actions": actions}])

    def press(self, key: str) -> None:
        self._act("key", [{"type": "keyDown", "value": KEYS[key]}, {"type": "keyUp", "value": KEYS[key]}])

    def click(self, at: Point) -> None:
        self._act("pointer", pointer([at], 0))

    def touch(self, path: Sequence[Point]) -> None:
        # Its driver has a mouse and no finger: the page is told of one by events.
        self.ask("touch", *path)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

"""Firefox, over WebDriver BiDi, which it speaks by itself on a websocket (https://www.w3.org/TR/webdriver-bidi/)."""

from __future__ import annotations

import itertools
import json
import queue
import re
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.engines.engine import KEYS, PATIENCE, Engine, Point, on_path

PREFERENCES: dict[str, bool | int] = {
    "dom.w3c_touch_events.enabled": 1,
    # Nothing is asked of the system's own settings, nor of Mozilla's hosts.
    "ui.prefersReducedMotion": 0,
    "app.normandy.enabled": False,
    "nimbus.rollouts.enabled": False,
}


class Firefox(Engine):
    name = "firefox"
    package = "firefox-esr"

    def __init__(self, dark: bool = False, **preferences: bool | int):
        super().__init__(dark)
        scheme = {"layout.css.prefers-color-scheme.content-override": 0 if dark else 1}
        self.preferences = PREFERENCES | scheme | preferences

    @classmethod
    def find(cls) -> Path:
        return on_path(cls.package, "firefox-esr", "firefox")

    def start(self) -> None:
        from websockets.sync.client import connect

        profile = Path(self.ended.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        lines = [f'user_pref("{name}", {json.dumps(value)});\n' for name, value in self.preferences.items()]
        (profile / "user.js").write_text("".join(lines), encoding="utf-8")
        process = subprocess.Popen(
            [self.find(), "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.ended.callback(_end, process)
        address = _address(process)
        self.socket = self.ended.enter_context(connect(f"{address}/session", max_size=None))
        self.numbers = itertools.count(1)
        self.send("session.new", capabilities={})
        # A tab of its own: in the first, the address bar has the focus, and then Space chooses no radio button.
        self.window = self.send("browsingContext.create", type="tab")["context"]
        self.send("browsingContext.activate", context=self.window)

    def send(self, method: str, **params: Any) -> Any:
        """What a command of BiDi's answers. AssertionError with its complaint."""
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            answer = json.loads(self.socket.recv(timeout=2 * PATIENCE))
            if answer.get("id") == number:
                assert answer["type"] == "success", f"Firefox, {method}: {answer['error']}: {answer['message']}"
                return answer["result"]

    def open(self, url: str) -> None:
        if "#" in url and self._now("() => location.href.split('#')[0]") == url.split("#")[0]:
            # Within the same document: there is no other to wait for.
            self.send("browsingContext.navigate", context=self.window, wait="complete", url=url)
        else:
            self._leave("browsingContext.navigate", url=url)

    def reload(self) -> None:
        self._leave("browsingContext.reload")

    def _leave(self, method: str, **params: Any) -> None:
        """Go on to another document. Firefox may say that it is complete before it has begun: what is asked then is
        asked of the old one, and never answered."""
        self._now("() => void (globalThis.left = true)")
        self.send(method, context=self.window, wait="complete", **params)
        end = time.monotonic() + PATIENCE
        while self._now("() => globalThis.left ? 'the old document' : document.readyState") != "complete":
            assert time.monotonic() < end, f"Firefox stays where it was, after {method} {params}"
            time.sleep(0.01)

    def _now(self, function: str) -> Any:
        """What a function of the page returns at once: a text, or None for undefined."""
        answer = self.send(
            "script.callFunction", functionDeclaration=function, awaitPromise=False, target={"context": self.window}
        )
        assert answer["type"] == "success", f"Firefox: {answer['exceptionDetails']['text']}"
        return answer["result"].get("value")

    def resize(self, width: int, height: int) -> None:
        self.send("browsingContext.setViewport", context=self.window, viewport={"width": width, "height": height})

    def run(self, function: str, arguments: Sequence[Any], frame: bool) -> str:
        context = self.window
        if frame:
            context = self.send("browsingContext.getTree", root=self.window)["contexts"][0]["children"][0]["context"]
        answer = self.send(
            "script.callFunction", functionDeclaration=function, awaitPromise=True, target={"context": context},
            arguments=[{"type": "string", "value": each} for each in arguments],
        )  # fmt: skip
        assert answer["type"] == "success", f"Firefox: {answer['exceptionDetails']['text']}"
        return str(answer["result"]["value"])

    def _act(self, kind: str, actions: list[dict[str, Any]], **parameters: Any) -> None:
        self.send("input.performActions", context=self.window, actions=[
            {"type": kind, "id": kind, "actions": actions, **({"parameters": parameters} if parameters else {})}
        ])  # fmt: skip

    def press(self, key: str) -> None:
        self._act("key", [{"type": "keyDown", "value": KEYS[key]}, {"type": "keyUp", "value": KEYS[key]}])

    def click(self, at: Point) -> None:
        self._act("pointer", pointer([at], 0), pointerType="mouse")

    def touch(self, path: Sequence[Point]) -> None:
        self._act("pointer", pointer(path, 20), pointerType="touch")


def pointer(path: Sequence[Point], milliseconds: int) -> list[dict[str, Any]]:
    """A pointer's way as WebDriver's actions: down at the first point, over the others, up."""
    moves = [{"type": "pointerMove", "x": round(x), "y": round(y), "duration": milliseconds} for x, y in path]
    return [{**moves[0], "duration": 0}, {"type": "pointerDown", "button": 0}, *moves[1:],
            {"type": "pointerUp", "button": 0}]  # fmt: skip


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _address(process: subprocess.Popen[str]) -> str:
    """Where it listens, as it says. What else it says is read too, or its pipe would fill and stop it."""
    found: queue.Queue[str] = queue.Queue()

    def read() -> None:
        assert process.stderr
        with process.stderr:
            for line in process.stderr:
                if match := re.search(r"WebDriver BiDi listening on (ws://\S+)", line):
                    found.put(match[1])

    threading.Thread(target=read, daemon=True).start()
    try:
        return found.get(timeout=PATIENCE)
    except queue.Empty:
        raise AssertionError(f"Firefox did not say within {PATIENCE:g} s where it listens") from None

"""The built book on a loopback port, with asking.ts first in each page; by its address, some things are refused.

/as-it-is/chapters/welcome.html                 the page
/no-runtime/chapters/welcome.html               the same page; `runtime.js` is not there
/framed/allow-scripts/chapters/welcome.html     a page that holds it in <iframe sandbox="allow-scripts">
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from tests.scripts import for_browser
from tests.serving import QuietHandler, serving

FRAME = (
    '<!doctype html><html lang="en"><head><title>A frame</title><script src="/asking.js"></script>'
    "<style>body {{ margin: 0 }} iframe {{ border: 0; width: 100%; height: 100vh; display: block }}</style></head>"
    '<body><iframe title="The page" sandbox="{sandbox}" src="{page}"></iframe></body></html>'
)
ASKING = '<script src="/asking.js"></script>'
EMPTY = f'<!doctype html><html lang="en"><head><title>Empty</title>{ASKING}</head></html>'
STORAGE_THROWS = '<script src="/no-storage.js"></script>'


@dataclass(frozen=True)
class Refusal:
    """What is kept from a page."""

    missing: str = "$^"
    """Files that are not there, as a pattern of their paths."""
    policy: str = ""
    """A Content-Security-Policy that is sent along."""
    before: str = ""
    """What stands first in each page."""


REFUSALS = {
    "as-it-is": Refusal(),
    "no-runtime": Refusal(missing=r"/runtime(\.[\w-]+)?\.js$"),
    "no-blob": Refusal(policy="script-src 'self' 'unsafe-inline'"),
    "no-storage": Refusal(before=STORAGE_THROWS),
}


@dataclass(frozen=True)
class Served:
    """Where a page is, by what is kept from it."""

    url: str

    def address(self, page: str, refusal: str = "as-it-is", section: str = "", visit: int = 0) -> str:
        """`visit` makes another address of it, under which a browser loads the page anew."""
        assert refusal in REFUSALS, f"{refusal!r} is none of {sorted(REFUSALS)}"
        asked = f"?visit={visit}" if visit else ""
        return f"{self.url}/{refusal}/{page}.html{asked}" + (f"#{section}" if section else "")

    def framed(self, page: str, sandbox: str, refusal: str = "as-it-is") -> str:
        return f"{self.url}/framed/{sandbox.replace(' ', '+')}/{refusal}/{page}.html"


class _Handler(QuietHandler):
    scripts: dict[str, Callable[[], str]] = {
        "/asking.js": lambda: for_browser("asking"),
        "/no-storage.js": lambda: for_browser("noStorage"),
    }

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if script := self.scripts.get(path):
            return self._answer(script().encode(), "text/javascript")
        if path == "/empty":
            return self._answer(EMPTY.encode(), "text/html; charset=utf-8")
        if found := re.fullmatch(r"/framed/([^/]*)(/.*)", path):
            page = FRAME.format(sandbox=found[1].replace("+", " "), page=found[2])
            return self._answer(page.encode(), "text/html; charset=utf-8")
        name, _, rest = path[1:].partition("/")
        if name not in REFUSALS or re.search(REFUSALS[name].missing, "/" + rest):
            return self.send_error(HTTPStatus.NOT_FOUND)
        self.refusal = REFUSALS[name]
        self.path = "/" + rest
        file = Path(self.translate_path(self.path))
        if file.suffix == ".html" and file.is_file():
            # First of all that runs, and before the page's own policy.
            text = re.sub(
                r"<head[^>]*>", lambda head: head[0] + ASKING + self.refusal.before,
                file.read_text(encoding="utf-8"), count=1,
            )  # fmt: skip
            return self._answer(text.encode(), "text/html; charset=utf-8", self.refusal.policy)
        return super().do_GET()

    def _answer(self, content: bytes, kind: str, policy: str = "") -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        if policy:
            self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def serving_with_refusals(html: Path) -> Iterator[Served]:
    """Serve a built book."""
    with serving(functools.partial(_Handler, directory=str(html))) as url:
        yield Served(url)

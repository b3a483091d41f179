"""Where the book's pages are and which browser looks at them; used by the tests and by tests/bench."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from playwright.sync_api import Playwright

ROOT = Path(__file__).resolve().parents[2]


def pages(toc: Path = ROOT / "_toc.yml") -> list[str]:
    """Every page in _toc.yml, in reading order, as a path without its suffix ("chapters/welcome")."""
    content = yaml.safe_load(toc.read_text(encoding="utf-8"))
    found = [content["root"]]

    def walk(node: object) -> None:
        if isinstance(node, list):
            for item in node:
                walk(item)
        elif isinstance(node, dict):
            if "file" in node:
                found.append(node["file"])
            for key in ("parts", "chapters", "sections", "entries", "subtrees"):
                walk(node.get(key))

    walk({key: value for key, value in content.items() if key != "root"})
    return [page.removesuffix(".ipynb").removesuffix(".md") for page in found]


def source_of(page: str) -> Path:
    """The notebook or Markdown file behind a page of _toc.yml."""
    for suffix in (".ipynb", ".md"):
        if (path := ROOT / f"{page}{suffix}").exists():
            return path
    raise FileNotFoundError(f"_toc.yml names {page!r}, but there is neither {page}.ipynb nor {page}.md")


def chromium_options(playwright: Playwright) -> dict[str, Any]:
    """Arguments for `playwright.chromium.launch`: the machine's Chromium or Chrome, else Playwright's own.

    No host but loopback can be reached with them. Raises FileNotFoundError, with what to install, if there is neither.
    """
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    path = next(filter(None, map(shutil.which, names)), playwright.chromium.executable_path)
    if not Path(path).exists():
        raise FileNotFoundError(
            "no Chromium found, and the browser layer is not optional: install it with "
            "`playwright install chromium` or your system's package (Debian: `apt-get install chromium`)"
        )
    # What a page asks of another host does not resolve; the tests record that it was asked.
    return {
        "executable_path": path,
        "args": ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"],
    }

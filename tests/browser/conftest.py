"""Widgets on a page from disk as the published book has them: the runtime, saved state, no kernel, no chapter."""

from __future__ import annotations

import json
import subprocess

import pytest
from ipywidgets.embed import dependency_state, embed_data

from tests.browser.support import ROOT
from tests.scripts import for_browser
from widgets.book.state import STATE_MIME, VIEW_MIME, thin_state

STATIC = ROOT / "widgets" / "static"
HEAD = (
    '<!doctype html><html lang="en"><title>t</title><link rel="icon" href="data:,">'
    '<meta name="viewport" content="width=device-width,initial-scale=1">'
    f'<link rel="stylesheet" href="{(STATIC / "book.css").as_uri()}">'
    f'<link rel="stylesheet" href="{(STATIC / "lab.css").as_uri()}"><body data-theme="light">'
)
FOOT = '<p class="book-memory" hidden><button type="button">Forget them</button> <span role="status"></span></p>'
ABOVE, BELOW = '<p style="height:30rem">above</p>', '<p style="height:90rem">below</p>'


@pytest.fixture(scope="session")
def made_bundles():
    made = subprocess.run(["make", "bundles"], cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert made.returncode == 0, made.stdout


@pytest.fixture
def written(tmp_path, made_bundles):
    """written(*widgets, file="page.html") -> the address of a page on which they are saved, with text around them."""

    def write(*shown, file: str = "page.html") -> str:
        state = dependency_state(shown, drop_defaults=False)
        data = embed_data(views=shown, state=state, drop_defaults=False)
        views = "".join(
            f'<div><script type="{VIEW_MIME}">{json.dumps(view)}</script></div>' for view in data["view_specs"]
        )
        saved = json.dumps(thin_state(data["manager_state"])).replace("<", "\\u003c")
        page = tmp_path / file
        page.write_text(
            f'{HEAD}<main>{ABOVE}{views}{BELOW}</main><footer class="book-footer">{FOOT}</footer>'
            f'<script type="{STATE_MIME}">{saved}</script>'
            f'<script defer src="{(STATIC / "runtime.js").as_uri()}"></script>'
            f'<script defer src="{(STATIC / "page.js").as_uri()}"></script>',
            encoding="utf-8",
        )
        return page.as_uri()

    return write


@pytest.fixture
def alive(open_page, written):
    """alive(*widgets, **context options) -> the watched page with them, once every lab of it has drawn and spoken."""

    def open_(*shown, **options):
        page = open_page(written(*shown), **options)
        drawn(page)
        return page

    return open_


def drawn(page) -> None:
    """Wait until the labs of a page have drawn and said something."""
    if not page.evaluate("'hand' in window"):
        page.evaluate(for_browser("hand"))
    page.wait_for_function("hand.drawn")

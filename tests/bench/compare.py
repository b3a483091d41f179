"""Two builds of the book side by side in one run: keys, computing and painting, opening, and weight.

make bench BEFORE=/path/to/other/_build/html BENCH=compare
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.bench.browsing import (
    HTML,
    PAGE,
    PAGE_OF_MEDICINES,
    PAGE_WITH_TWO_LABS,
    Times,
    browser,
    focus_first_slider,
    open_ours,
    page_bytes,
    press_ours,
    served,
)
from tests.bench.weight import weigh

LABS = {"a lab of one synapse": PAGE, "a lab of medicines": PAGE_OF_MEDICINES}
LOADED = {"a page with two labs": PAGE_WITH_TWO_LABS, "a page of medicines": PAGE_OF_MEDICINES}
ROUNDS = 3
COUNTED = 20
"""Key presses over which computing and painting are counted."""
REST = 700
"""ms between them: what follows a press (the sentence, the table) has ended by then."""


class Side:
    """One of the two books, and what was measured of it."""

    def __init__(self, name: str, html: Path):
        self.name, self.html = name, html
        self.address = ""
        self.times: dict[str, Times] = {}
        self.opened: list[float] = []
        self.counts: dict[str, dict[str, float]] = {}
        self.bytes: dict[str, int] = {}
        self.static = weigh(html)


def count(chromium: Browser, address: str, path: str, with_table: bool) -> dict[str, float]:
    """What one key press makes a page do, as a mean. Nothing moves by itself meanwhile: reduced motion is asked for."""
    page, _ = open_ours(chromium, address, path, "counting", reduced_motion="reduce")
    focus_first_slider(page)
    if with_table:
        page.locator(".synapse-lab").first.locator("summary", has_text="Table").first.press("Enter")
        page.locator(".synapse-lab table.lab-table tbody tr").first.wait_for()
        page.locator(".synapse-lab [role=slider]").first.focus()
    page.evaluate("counting.watch")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(2 * REST)
    before = page.evaluate("counting.read")
    steady_presses(page)
    after = page.evaluate("counting.read")
    page.context.close()
    return {name: (after[name] - before[name]) / COUNTED for name in after}


def steady_presses(page: Page) -> None:
    for number in range(COUNTED):
        page.keyboard.press("ArrowRight" if number % 10 < 5 else "ArrowLeft")
        page.wait_for_timeout(REST)


def measure(sides: list[Side]) -> None:
    """Fill in both sides, turn and turn about, so that a busy moment of the machine falls on both."""
    for turn in range(ROUNDS):
        for side in sides if turn % 2 == 0 else sides[::-1]:
            with browser() as chromium:
                for words, path in LABS.items():
                    times = press_ours(chromium, side.address, path, 120)
                    side.times[words] = side.times[words] + times if words in side.times else times
            for _ in range(2):  # a new browser each time: nothing is cached
                with browser() as chromium:
                    side.opened.append(open_ours(chromium, side.address)[1])
    with browser() as chromium:
        for side in sides:
            for words, path in LABS.items():
                side.counts[words] = count(chromium, side.address, path, with_table=False)
                side.counts[f"{words}, table open"] = count(chromium, side.address, path, with_table=True)
            for words, path in {
                "a page with two labs": PAGE_WITH_TWO_LABS,
                "a page of medicines": PAGE_OF_MEDICINES,
            }.items():
                side.bytes[words] = page_bytes(chromium, side.address, path)


def rows(now: Side, before: Side) -> list[dict[str, Any]]:
    """What to print and keep: words, both values, unit."""
    found: list[dict[str, Any]] = []

    def add(what: str, unit: str, read: Callable[[Side], float]) -> None:
        found.append({"what": what, "unit": unit, "now": read(now), "before": read(before)})

    for words in LABS:
        key = f"slider key to {{}}, {words}".format
        add(key("repainted curve") + ": median of the page's work", "ms", lambda s, w=words: s.times[w].median)
        add("the same, 95 %", "ms", lambda s, w=words: s.times[w].p95)
        add(key("the new picture on the screen") + ": median", "ms", lambda s, w=words: s.times[w].median_seen)
    for words in now.counts:
        for what, told in (
            ("integrations", "runs of a model for one key"),
            ("evaluations", "evaluations of its equations for one key"),
            ("paints", "turns of the page that draw a curve for one key"),
            ("writes", "attributes and texts written in drawings for one key"),
        ):
            add(f"{told}, {words}", "", lambda s, w=words, c=what: s.counts[w][c])
    add("page open to first lab, cold: median", "s", lambda s: statistics.median(s.opened))
    for words in now.bytes:
        add(f"{words}, gzipped, everything", "kB", lambda s, w=words: s.bytes[w] / 1000)
    for file in sorted(now.static.keys() | before.static.keys()):
        add(file, "kB", lambda s, f=file: s.static.get(f, 0) / 1000)
    return found


def table(found: list[dict[str, Any]]) -> str:
    """Markdown: what, now, before, and now as a share of before."""
    lines = ["| what | now | before | now / before |", "|---|---|---|---|"]
    for row in found:
        now, before, unit = row["now"], row["before"], f" {row['unit']}".rstrip()
        share = f"{now / before:.2f}" if before else "new" if now else ""
        lines.append(f"| {row['what']} | {now:.3g}{unit} | {before:.3g}{unit} | {share} |")
    return "\n".join(lines)


def compare(before: Path, now: Path = HTML) -> list[dict[str, Any]]:
    """Measure both books and print them side by side; the rows."""
    if missing := [str(html) for html in (now, before) if not (html / "index.html").exists()]:
        raise SystemExit(
            f"No book in {' and '.join(missing)}: name the folder that holds index.html, after `make book`."
        )
    sides = [Side("now", now), Side("before", before)]
    with served(now) as sides[0].address, served(before) as sides[1].address:
        measure(sides)
    found = rows(*sides)
    print(table(found), flush=True)
    return found

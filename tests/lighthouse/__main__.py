"""Lighthouse over five pages of the built book, as a phone and as a desktop computer.

    python -m tests.lighthouse _build/html [chapters/welcome.html ...]

Prints a table and exits with 1 where a score is below 90 (phone) or 95 (desktop) in any of the four categories, or
where what is shown shifts by 0.05 or more. Lighthouse has a lock of its own beside this file, and is installed when it
is first needed: neither the book nor its other tests ask for it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hatch_build

HERE = Path(__file__).parent
PAGES = (
    "chapters/welcome.html",
    "chapters/2-messengers/serotonin.html",
    "chapters/4-medicines/ssri.html",
    "chapters/back-matter/drug-atlas.html",
    "search.html",
)
LEAST = {"phone": 90, "desktop": 95}
MOST_SHIFT = 0.05


def visits(html: Path, pages: tuple[str, ...], browser: str) -> Iterator[dict[str, Any]]:
    """What Lighthouse found, one visit after the other. RuntimeError with its words if it could not look."""
    node, npm = hatch_build.find_node()
    environment = {**os.environ, "CHROME_PATH": browser}
    environment["PATH"] = os.pathsep.join([str(Path(node).parent), environment.get("PATH", "")])
    lock, stamp = HERE / "package-lock.json", HERE / "node_modules" / ".package-lock.json"
    if not stamp.exists() or stamp.stat().st_mtime < lock.stat().st_mtime:
        subprocess.run(
            [*npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=HERE, check=True, env=environment
        )
        stamp.touch()
    command = [node, "pages.mjs", str(html.resolve()), *pages]
    with subprocess.Popen(command, cwd=HERE, env=environment, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        for line in running.stdout:
            yield json.loads(line)
    if running.returncode:
        raise RuntimeError("Lighthouse could not look at every page: see above")


def row(visit: dict[str, Any]) -> str:
    """One visit as a line of the table."""
    scores, measured = visit["scores"].values(), visit["measured"]
    cells = [visit["page"], visit["device"], *scores, f"{visit['shift']:.3f}", *measured.values()]
    return f"| {' | '.join(map(str, cells))} |"


def misses(visit: dict[str, Any]) -> list[str]:
    """What of a visit does not meet the bar, in words."""
    where, least = f"{visit['page']} ({visit['device']})", LEAST[visit["device"]]
    found = [f"{where}: {name} {score} is below {least}" for name, score in visit["scores"].items() if score < least]
    if visit["shift"] >= MOST_SHIFT:
        found.append(f"{where}: what is shown shifts by {visit['shift']:.3f}, the bar is {MOST_SHIFT}")
    return found


def main() -> None:
    from playwright.sync_api import sync_playwright

    from tests.browser.support import chromium_options

    parser = argparse.ArgumentParser(description="Look at pages of a built book with Lighthouse.")
    parser.add_argument("html", type=Path)
    parser.add_argument("pages", nargs="*", default=PAGES)
    given = parser.parse_args()
    if missing := [page for page in given.pages if not (given.html / page).is_file()]:
        raise SystemExit(
            f"{given.html} has no {', '.join(missing)}: run make book first, or name pages that are there."
        )
    with sync_playwright() as playwright:
        browser = chromium_options(playwright)["executable_path"]
    print("| page | as | performance | accessibility | best practices | SEO | shift | first paint ms | largest ms "
          "| blocked ms | speed index |\n|---|---|" + "---:|" * 9, flush=True)  # fmt: skip
    looked, found = 0, []
    for visit in visits(given.html, tuple(given.pages), browser):
        print(row(visit), flush=True)
        looked, missed = looked + 1, misses(visit)
        found += [*missed, *([f"    {audit}" for audit in visit["failed"]] if missed else [])]
    if looked != 2 * len(given.pages):
        found.append(f"{looked} visits instead of {2 * len(given.pages)}")
    print("\n".join(found))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()

"""Every link of the built book: within it strictly, to elsewhere by its form; with --ask each address is asked for.

python -m tests.links _build/html            faults within the book fail; an odd address is a warning
python -m tests.links _build/html --ask      addresses that answer "gone" or "not found" fail too
"""

from __future__ import annotations

import argparse
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

GONE = (404, 410)
"""Answers that say that the page is no longer there; many hosts refuse programs with others."""
INLINE = ("data", "blob", "javascript")


class Page(HTMLParser):
    """What one file links to, and what can be linked to in it."""

    def __init__(self, text: str):
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = {"", "top"}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if value is None:
                continue
            if name == "id" or (name == "name" and tag == "a"):
                self.anchors.add(value)
            elif name in ("href", "src") and value.split(":")[0] not in INLINE:
                self.links.append(value)


def pages(html: Path) -> dict[Path, Page]:
    """Every page of a built book, by its file."""
    files = [path.resolve() for path in sorted(html.rglob("*.html")) if "_static" not in path.relative_to(html).parts]
    return {path: Page(path.read_text(encoding="utf-8")) for path in files}


def inner_faults(html: Path, found: dict[Path, Page]) -> tuple[list[str], int]:
    """Links within the book that lead nowhere, and how many links were followed."""
    faults, followed = [], 0
    for file, page in found.items():
        here = file.relative_to(html.resolve()).as_posix()
        for link in dict.fromkeys(page.links):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            followed += 1
            target = (file.parent / unquote(parts.path)).resolve() if parts.path else file
            anchor = unquote(parts.fragment)
            if not target.is_file():
                faults.append(f"{here}: {link} leads nowhere")
            elif anchor and target in found and anchor not in found[target].anchors:
                faults.append(f"{here}: {link} has no such anchor")
    return faults, followed


def outer(found: dict[Path, Page]) -> list[str]:
    """Every address outside of the book, once."""
    links = (link for page in found.values() for link in page.links)
    return sorted({link for link in links if urlsplit(link).scheme or urlsplit(link).netloc})


def odd_form(address: str) -> str:
    """What is wrong with the form of an address; "" if nothing."""
    if any(letter.isspace() for letter in address):
        return "has a blank in it"
    parts = urlsplit(address)
    if parts.scheme == "mailto":
        return "" if "@" in parts.path else "is no address of a person"
    if parts.scheme not in ("http", "https"):
        return f"begins with {parts.scheme or '//'!r}; use https"
    if parts.username or parts.password:
        return "names a user"
    if "." not in (parts.hostname or ""):
        return "names no host"
    if parts.hostname in ("doi.org", "dx.doi.org") and not parts.path.startswith("/10."):
        return "is no DOI: one begins with 10."
    return ""


def asked(address: str, timeout: float = 20) -> int:
    """The status an address answers with; 0 if it does not answer."""
    # Two ways, because some hosts refuse the first.
    status = 0
    for method in ("HEAD", "GET"):
        request = urllib.request.Request(address, method=method, headers={"User-Agent": "Mozilla/5.0 (link check)"})
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            status = error.code
        except (OSError, ValueError):
            continue
    return status


def gone(addresses: Iterable[str], ask: Callable[[str], int] = asked) -> list[str]:
    """Addresses that answer that there is nothing, with what they answered."""
    wanted = [address for address in addresses if urlsplit(address).scheme in ("http", "https")]
    with ThreadPoolExecutor(8) as pool:
        answers = dict(zip(wanted, pool.map(ask, wanted), strict=True))
    return [f"{address} answers {status}" for address, status in answers.items() if status in GONE]


def main() -> int:
    parser = argparse.ArgumentParser(description="Check every link of the built book.")
    parser.add_argument("html", type=Path)
    parser.add_argument("--ask", action="store_true", help="ask for each address outside of the book")
    given = parser.parse_args()
    found = pages(given.html)
    faults, followed = inner_faults(given.html, found)
    addresses = outer(found)
    if not followed:
        faults.append(f"no link was followed in {given.html}: is a book there?")
    for address in addresses:
        if words := odd_form(address):
            # GitHub shows a line of this form beside the run.
            print(f"::warning::{address} {words}")
    if given.ask:
        faults += gone(addresses)
    for fault in faults:
        print(f"::error::{fault}")
    print(f"{len(found)} pages, {followed} links within, {len(addresses)} addresses, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

"""How much each script and style of a built book weighs, gzipped; beside another build of it.

    python -m tests.bench.weight _build/html --before /other/_build/html --json weight.json

It needs nothing but Python, so that CI can weigh before it installs anything.
"""

from __future__ import annotations

import argparse
import gzip
import json
from pathlib import Path


def weigh(html: Path) -> dict[str, int]:
    """Gzipped bytes of each script and style that a built book carries, by its path in the book."""
    files = sorted(path for path in (html / "_static").rglob("*") if path.suffix in (".js", ".css") and path.is_file())
    return {path.relative_to(html).as_posix(): len(gzip.compress(path.read_bytes(), 6)) for path in files}


def table(now: dict[str, int], before: dict[str, int]) -> str:
    """Markdown: what each file weighs, what it weighed before, and by how much they differ."""
    lines = ["| gzipped | bytes |", "|---|---:|"]
    if before:
        lines = ["| gzipped | bytes | before | difference |", "|---|---:|---:|---:|"]
    names = sorted(now.keys() | before.keys())
    for name, new, old in [(name, now.get(name, 0), before.get(name, 0)) for name in names] + [
        ("all", sum(now.values()), sum(before.values()))
    ]:
        lines.append(f"| {name} | {new:,} |" + (f" {old:,} | {new - old:+,} |" if before else ""))
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description="Weigh the scripts and styles of a built book.")
    parser.add_argument("html", type=Path)
    parser.add_argument("--before", type=Path, help="another built book")
    parser.add_argument("--json", type=Path, help="where to write the bytes of each file")
    given = parser.parse_args()
    now = weigh(given.html)
    if not now:
        raise SystemExit(f"No script and no style in {given.html}/_static: is a book there? Run make book first.")
    print(table(now, weigh(given.before) if given.before else {}))
    if given.json:
        given.json.write_text(json.dumps(now, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

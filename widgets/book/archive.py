"""The built book as one zip that opens from disk: `make zip`.

    python -m widgets.book.archive [built book] [file]   # else _build/html, _build/the-living-synapse.zip

The same pages give the same bytes on every machine: names in order, one time for all, no owners.
"""

from __future__ import annotations

import datetime
import sys
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from widgets.book.whole import NAME, asked_for, built, date_of

# What Sphinx keeps for its own next build, and hosts ask for.
_NOT_READ = {".buildinfo", ".nojekyll", ".package"}


def write_zip(path: Path, files: Iterable[tuple[str, bytes]], date: datetime.date, stored: str = "") -> None:
    """Write files (name, content) in the given order, all of one date; the one named `stored` is not compressed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with zipfile.ZipFile(part, "w") as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, (max(date.year, 1980), date.month, date.day, 0, 0, 0))
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_STORED if name == stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content, compresslevel=9)
    part.replace(path)


def book_files(html: Path) -> list[tuple[str, bytes]]:
    """All that the built book is made of, in one folder, sorted by name."""
    found = [path for path in built(html).rglob("*") if path.is_file() and path.name not in _NOT_READ]
    return sorted((f"{NAME}/{path.relative_to(html).as_posix()}", path.read_bytes()) for path in found)


def main(arguments: Sequence[str]) -> int:
    try:
        html, path = asked_for(arguments, ".zip")
        files = book_files(html)
        write_zip(path, files, date_of())
    except (OSError, ValueError) as error:
        print(f"No zip was made: {error}", file=sys.stderr)
        return 1
    size = path.stat().st_size / 1e6
    print(f"{path}: {len(files)} files, {size:.1f} MB. Unpack it and open {NAME}/index.html.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Where the book's parts lie, and the palette that its pages share with the labs."""

from __future__ import annotations

import json
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
STATIC = PACKAGE / "static"
THEME = PACKAGE / "book" / "theme"
ASSETS = ("runtime.js", "page.js", "book.css", "fonts.css", "third-party-licences.txt")
"""What every page carries of `STATIC`."""

PALETTE: dict[str, list[str]] = json.loads((PACKAGE / "palette.json").read_text(encoding="utf-8"))
"""Colour name -> [hex on a light page, hex on a dark page]."""

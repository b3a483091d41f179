"""Where the book's parts lie, and the palette that its pages share with the labs."""

from __future__ import annotations

import json

from widgets.bundles import PACKAGE as PACKAGE
from widgets.bundles import STATIC as STATIC

THEME = PACKAGE / "book" / "theme"
HEAD = "head.js"
"""What of `STATIC` is written into every page's head."""
ASSETS = ("runtime.js", "page.js", "book.css", "fonts.css", "search.js", "framed.js", "third-party-licences.txt")
"""What the pages load of `STATIC`."""
MODELS_FOLDER = "_static/models"
"""Where the models' downloads lie, from the root of the published book."""

PALETTE: dict[str, list[str]] = json.loads((PACKAGE / "palette.json").read_text(encoding="utf-8"))
"""Colour name -> [hex on a light page, hex on a dark page]."""

"""The book with Sphinx alone: `sphinx-build . _build/sphinx`. Jupyter Book reads `_config.yml` itself, and not this."""

from pathlib import Path

from widgets.book.plain import settings

globals().update(settings(Path(__file__).resolve().parent))

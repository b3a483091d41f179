"""The same questions asked of Chromium, Firefox and WebKit, about the built book.

`engine.py` says what an engine can be asked; `chromium.py`, `firefox.py` and `webkit.py` ask it, each over the protocol
that the browser of Debian's package speaks by itself; `server.py` serves the book, and refuses what it is told to.
What is read of a page is read by tests/scripts/asking.ts, which the server puts first into each page.
"""

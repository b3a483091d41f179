"""`living-synapse read`: serve the built book on this machine and open it; build it first if need be."""

from __future__ import annotations

import subprocess
import sys
import webbrowser
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path

from widgets.checks import meant
from widgets.command.places import Refused, built, made_here, sources

NEEDED = ("sphinx", "myst_nb", "furo", "sphinx_external_toc", "sphinxcontrib.bibtex", "bs4", "latex2mathml")


def read(page: str = "", port: int = 8000, *, browser: bool = True) -> int:
    """Serve the book until it is interrupted. Raises Refused if there is no book or no such page."""
    folder = built() or build()
    address = page_of(folder, page)
    server = serve(folder, port)
    place = f"http://localhost:{server.server_port}/{address}"
    print(f"The book is at {place} (stop with Ctrl-C).", flush=True)
    if browser:
        webbrowser.open(place)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print()
    finally:
        server.server_close()
    return 0


def build() -> Path:
    """Build the book into this user's cache, showing Sphinx's progress; returns the folder of the pages."""
    missing = [name for name in NEEDED if find_spec(name.split(".")[0]) is None]
    if missing:
        raise Refused(
            "This installation holds the book's sources, not its pages. To build them here (a minute or two, once):\n"
            "  pip install 'living-synapse[book]'\n"
            f"(missing: {', '.join(missing)}); or install the package from a release, which brings the pages."
        )
    target = made_here()
    print(f"Building the book, once, in {target} (a minute or two) ...", flush=True)
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-b",
        "html",
        "-d",
        str(target / ".doctrees"),
        str(sources()),
        str(target / "html"),
    ]
    done = subprocess.run(command, check=False)
    if done.returncode:
        raise Refused(f"Sphinx could not build the book (exit status {done.returncode}); what it said stands above.")
    return target / "html"


def page_of(folder: Path, page: str) -> str:
    """The address of a page by its name (`ssri`, `ssri.html`, `chapters/medicines/ssri`), with its #section if any."""
    if not page:
        return "index.html"
    name, hash_, section = page.partition("#")
    wanted = name.removesuffix(".html").strip("/")
    pages = {path.relative_to(folder).with_suffix("").as_posix(): path for path in folder.rglob("*.html")}
    found = [each for each in pages if each == wanted or each.endswith(f"/{wanted}")]
    if len(found) != 1:
        names = sorted({each.rpartition("/")[2] for each in pages})
        raise Refused(f"The book has no page {name!r}{meant(wanted, names)}; it has {', '.join(names)}.")
    return f"{found[0]}.html{hash_}{section}"


def serve(folder: Path, port: int) -> ThreadingHTTPServer:
    """A server of a folder, on this machine alone. Where a port is taken the system chooses another."""
    if not 0 <= port <= 65535:
        raise Refused(f"--port is {port}; it must be between 0 and 65535 (0: any that is free)")
    handler = partial(_Quiet, directory=str(folder))
    try:
        return ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError:
        return ThreadingHTTPServer(("127.0.0.1", 0), handler)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing of each request."""

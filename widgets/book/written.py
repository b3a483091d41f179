"""Pages written by what they show: the model reference by the models, the drug atlas by the data."""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx

from widgets.book.cache import fingerprint, package_hash
from widgets.book.dependencies import Dependencies
from widgets.book.places import PACKAGE

# The pages' own modules load every room of the package: a build that writes neither page does not wait for them.

REFERENCE_HERE = "{{ model reference }}"
FINDER_HERE, ATLAS_HERE = "{{ drug finder }}", "{{ drug atlas }}"


def kept_reference(app: Sphinx) -> Path:
    """Where the text of the model reference is kept, for as long as all that it is written from stays as it is."""
    files = Dependencies(PACKAGE).of_modules("book.reference")
    return Path(app.config.nb_execution_cache_path) / f"reference-{fingerprint(files)}.md"


def keep_reference(path: Path) -> str:
    """Write the model reference and keep its text."""
    from widgets.book import reference

    text = reference.page()
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    for old in path.parent.glob("reference-*.md"):
        old.unlink()
    part.replace(path)
    return text


def write_reference(app: Sphinx, docname: str, source: list[str]) -> None:
    """Put the model reference where a page asks for it."""
    if REFERENCE_HERE not in source[0]:
        return
    kept = kept_reference(app)
    text = kept.read_text(encoding="utf-8") if kept.exists() else keep_reference(kept)
    source[0] = source[0].replace(REFERENCE_HERE, text)
    _note(app, "book.reference")


def write_atlas(app: Sphinx, docname: str, source: list[str]) -> None:
    """Put the drug atlas and its finder where a page asks for them."""
    if ATLAS_HERE not in source[0]:
        return
    from widgets.book import atlas

    source[0] = source[0].replace(FINDER_HERE, atlas.finder()).replace(ATLAS_HERE, atlas.page())
    _note(app, "book.atlas")


def _note(app: Sphinx, module: str) -> None:
    """Tell Sphinx of every file that a page's module depends on."""
    for path in sorted(Dependencies(PACKAGE).of_modules(module)):
        app.env.note_dependency(str(path))


def lay_downloads(app: Sphinx, exception: Exception | None) -> None:
    """Lay the models' and the medicines' files beside the pages; those of an unchanged package stay as they are."""
    if exception or app.builder.format != "html":
        return
    from widgets.book import atlas, reference

    stamp = Path(app.outdir) / reference.FOLDER / ".package"
    now = package_hash()
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == now:
        return
    models = {name: text.encode() for name, text in reference.downloads().items()}
    for place, files in ((reference.FOLDER, models), (atlas.FOLDER, atlas.downloads())):
        folder = Path(app.outdir) / place
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
        for old in folder.iterdir():
            if old.name not in files:
                old.unlink()
    stamp.write_text(now, encoding="utf-8")

"""Pages written by what they show: the model reference by the models, the drug atlas by the data."""

from __future__ import annotations

from html import escape
from pathlib import Path

from sphinx.application import Sphinx

from widgets.book.dependencies import dependencies
from widgets.book.fingerprints import fingerprint
from widgets.book.places import MODELS_FOLDER
from widgets.bundles import PACKAGE

# The pages' own modules load every room of the package: a build that writes neither page does not wait for them.

REFERENCE_HERE = "{{ model reference }}"
STAMP = ".package"
FINDER_HERE, ATLAS_HERE = "{{ drug finder }}", "{{ drug atlas }}"


def kept_reference(app: Sphinx) -> Path:
    """Where the text of the model reference is kept, for as long as all that it is written from stays as it is."""
    files = dependencies(PACKAGE).of_modules("book.reference")
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
    for path in sorted(dependencies(PACKAGE).of_modules(module)):
        app.env.note_dependency(str(path))


def lead_to_the_first_page(app: Sphinx, exception: Exception | None) -> None:
    """Write index.html where the first page has another name: Jupyter Book's own has no language and no title."""
    if exception or app.builder.format != "html":
        return
    first = app.config.root_doc
    path = Path(app.outdir) / "index.html"
    if first == "index" or "index" in app.env.found_docs:
        return
    title, address = escape(app.config.html_title), escape(app.builder.get_target_uri(first))
    text = (
        f'<!doctype html>\n<html lang="{app.config.language}">\n<head><meta charset="utf-8">\n<title>{title}</title>\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f'<meta http-equiv="refresh" content="0; url={address}">\n<link rel="canonical" href="{address}">\n</head>\n'
        f'<body><p><a href="{address}">{title}</a></p></body>\n</html>\n'
    )
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def downloads_hash() -> str:
    """A hash of all that the downloads are written from: a question or a figure is none of it."""
    return fingerprint(dependencies(PACKAGE).of_modules("book.reference", "book.atlas"))


def lay_downloads(app: Sphinx, exception: Exception | None) -> None:
    """Lay the models' and the medicines' files beside the pages; those whose sources are as they were stay."""
    if exception or app.builder.format != "html":
        return
    now = downloads_hash()
    stamp = Path(app.outdir) / MODELS_FOLDER / STAMP
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == now:
        return
    from widgets.book import atlas, reference

    models = {name: text.encode() for name, text in reference.downloads().items()}
    for place, files in ((MODELS_FOLDER, models), (atlas.FOLDER, atlas.downloads())):
        folder = Path(app.outdir) / place
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
        for old in folder.iterdir():
            if old.name not in files:
                old.unlink()
    stamp.write_text(now, encoding="utf-8")

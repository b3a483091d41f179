"""When the browser code is bundled again: contents decide, never times."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

import hatch_build

asked: list[tuple[str, ...]] = []


@pytest.fixture
def repository(tmp_path, monkeypatch) -> Path:
    """A front end of two sources; its bundler copies them and counts how often it was asked."""
    frontend, static = tmp_path / "widgets/frontend", tmp_path / "widgets/static"
    (frontend / "src").mkdir(parents=True)
    (frontend / "node_modules").mkdir()
    (tmp_path / "widgets/palette.json").write_text("{}")
    (frontend / "build.mjs").write_text("build()")
    for name in ("lab.js", "book.css"):
        (frontend / "src" / name).write_text(f"text of {name}")

    def run_node(root: Path, *arguments: str) -> None:
        assert root == tmp_path and arguments == ("build.mjs",)
        static.mkdir(exist_ok=True)
        for path in (frontend / "src").iterdir():
            (static / path.name).write_text(path.read_text())
        asked.append(arguments)

    asked.clear()
    monkeypatch.setattr(hatch_build, "run_node", run_node)
    hatch_build.bundle(tmp_path)
    return tmp_path


def _asked(repository: Path) -> int:
    hatch_build.bundle(repository)
    return len(asked)


def test_what_is_as_it_was_made_is_left_alone(repository):
    assert hatch_build.why_bundle(repository) == ""
    for path in (repository / "widgets").rglob("*"):
        os.utime(path, (1, 1) if path.suffix == ".js" else None)
    (repository / "widgets/frontend/node_modules/other.js").write_text("a package")
    assert _asked(repository) == 1


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda path: path.unlink(), "lab.js is missing"),
        (lambda path: path.write_text(path.read_text()[:3]), "lab.js changed"),
        (lambda path: path.write_text(""), "lab.js changed"),
    ],
    ids=["deleted", "cut short", "emptied"],
)
def test_a_spoilt_bundle_is_noticed_and_mended(repository, spoil, reason):
    path = repository / "widgets/static/lab.js"
    whole, before = path.read_text(), path.stat()
    spoil(path)
    if path.exists():
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert reason in hatch_build.why_bundle(repository)
    assert _asked(repository) == 2
    assert path.read_text() == whole and hatch_build.why_bundle(repository) == ""


@pytest.mark.parametrize("name", ["frontend/src/lab.js", "frontend/src/new.js", "frontend/build.mjs", "palette.json"])
def test_a_changed_source_is_noticed_even_if_it_looks_old(repository, name):
    path = repository / "widgets" / name
    path.write_text("another text")
    os.utime(path, (1, 1))
    assert hatch_build.why_bundle(repository) == "their sources changed"
    assert _asked(repository) == 2 and hatch_build.why_bundle(repository) == ""


@pytest.mark.parametrize("stamp", ["", "{}", "[]", '{"sources": 1, "outputs": 2}'])
def test_without_a_readable_record_the_bundles_are_made(repository, stamp):
    (repository / "widgets/static" / hatch_build.STAMP).write_text(stamp)
    assert "no record" in hatch_build.why_bundle(repository)
    assert _asked(repository) == 2


def test_what_is_no_longer_made_does_not_stay(repository):
    (repository / "widgets/frontend/src/lab.js").unlink()
    hatch_build.bundle(repository)
    assert not (repository / "widgets/static/lab.js").exists()


def test_a_build_that_fails_leaves_nothing_that_passes_for_whole(repository, monkeypatch):
    def fails(*_):
        raise RuntimeError("out of memory")

    (repository / "widgets/frontend/src/lab.js").write_text("another text")
    monkeypatch.setattr(hatch_build, "run_node", fails)
    with pytest.raises(RuntimeError, match="out of memory"):
        hatch_build.bundle(repository)
    assert hatch_build.why_bundle(repository)


@pytest.mark.parametrize("index", ["view/parts.css", "runtime/book.css"])
def test_every_part_of_a_style_sheet_is_imported_once(index):
    path = Path(hatch_build.__file__).parent / "widgets/frontend/src" / index
    text = path.read_text(encoding="utf-8")
    parts = sorted(part.name for part in (path.parent / "styles").glob("*.css"))
    assert len(parts) >= 10 and sorted(re.findall(r'@import "\./styles/(.*)";', text)) == parts
    assert "{" not in text, "an index only says what comes after what"
    for part in parts:
        lines = (path.parent / "styles" / part).read_text(encoding="utf-8").splitlines()
        assert len(lines) <= 250, f"{part}: cut it where its headings say"


ROOT = Path(hatch_build.__file__).parent


def test_no_script_looks_behind_in_a_pattern_and_readme_names_the_oldest_browsers():
    """Safari before 16.4 throws at `(?<=` and `(?<!`, the bundled libraries' as ours."""
    hatch_build.bundle(ROOT)
    scripts = sorted((ROOT / "widgets/static").glob("*.js"))
    assert {"lab.js", "page.js", "questions.js", "runtime.js"} <= {path.name for path in scripts}
    for path in scripts:
        text = path.read_text(encoding="utf-8")
        assert len(text) > 100
        behind = [text[at.start() - 40 : at.end() + 40] for at in re.finditer(r"\(\?<[=!]", text)]
        assert behind == [], f"{path.name} looks behind"
    build = (ROOT / "widgets/frontend/build.mjs").read_text(encoding="utf-8")
    oldest = re.search(r"const OLDEST = \[(.*)\]", build)
    assert oldest and "target: OLDEST" in build
    readme = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    named = re.search(
        r"Chrome and Edge (\d+(?:\.\d+)?), Firefox (\d+(?:\.\d+)?) and Safari (\d+(?:\.\d+)?) or newer.* "
        r"scripts run from Chrome and Edge (\d+(?:\.\d+)?), Firefox (\d+(?:\.\d+)?) and Safari (\d+(?:\.\d+)?)",
        readme,
    )
    assert named, "README says which browsers are the oldest"
    chrome, firefox, safari = named.groups()[3:]
    assert oldest[1] == f'"chrome{chrome}", "edge{chrome}", "firefox{firefox}", "safari{safari}"'

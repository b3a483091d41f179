"""One version everywhere, and the files of a release."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess

import pytest
import yaml

import widgets
from tests import release
from tests.browser.support import ROOT

FILES = ("pyproject.toml", "CITATION.cff", "README.md", "CHANGELOG.md")


@pytest.fixture
def copy(tmp_path):
    """copy(file, old, new) -> a folder with the files that name the version, one of them changed."""
    for name in FILES:
        shutil.copy(ROOT / name, tmp_path)

    def change(file: str, old: str, new: str):
        text = (tmp_path / file).read_text(encoding="utf-8")
        assert re.search(old, text, flags=re.M), f"{file} has no {old}"
        (tmp_path / file).write_text(re.sub(old, new, text, count=1, flags=re.M), encoding="utf-8")
        return tmp_path

    return change


def test_everything_names_one_version():
    assert release.disagreements() == []
    assert widgets.__version__ == release.version()


def test_the_version_is_written_once():
    """`0.1.0`, say, stands in no module and no template."""
    files = [*(ROOT / "widgets").glob("*.py"), *(ROOT / "widgets/book").rglob("*.py"), *ROOT.glob("*.py")]
    files += (ROOT / "widgets/book/theme").rglob("*.html")
    assert len(files) >= 20
    assert not [file for file in files if release.version() in file.read_text(encoding="utf-8")]


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("pyproject.toml", r'^version = ".*"', 'version = "9.9.9"', "CITATION.cff: version .*, and pyproj.* has 9.9.9"),
        ("pyproject.toml", r'^version = ".*"', 'version = "1.0"', "the version '1.0' is not three numbers"),
        ("CITATION.cff", r"^version: .*", "version: 9.9.9", "CITATION.cff: version 9.9.9"),
        ("README.md", r"\bVersion \d[\w.]*\w", "Version 9.9.9", "README.md, How to cite: version .*9.9.9"),
        ("CITATION.cff", r"^version:", "date-released: 2031-01-01\nversion:", "date-released 2031-01-01, and"),
    ],
)  # fmt: skip
def test_what_disagrees_is_named(copy, file, old, new, told):
    faults = release.disagreements(root=copy(file, old, new))
    assert any(re.search(told, fault) for fault in faults), faults


def test_a_tag_is_released_when_all_is_written(copy):
    now = release.version()
    root = copy("CHANGELOG.md", r"^## Unreleased$", f"## Unreleased\n\n## {now} - 2031-02-03")
    assert any("no heading" in fault or "date-released" in fault for fault in release.disagreements(root=root))
    copy("CITATION.cff", r"^version:", "date-released: 2031-02-03\nversion:")
    assert release.disagreements(root=root) == release.disagreements(f"v{now}", root) == []
    assert "### Added" in release.notes(f"v{now}", root)
    assert [fault for fault in release.disagreements("v9.9.9", root) if "the tag is 'v9.9.9'" in fault]
    with pytest.raises(ValueError, match="says nothing of 'v9.9.9'; it has Unreleased"):
        release.notes("v9.9.9", root)


def test_what_is_not_written_yet_is_not_released():
    if release.version() not in release.headings():
        faults = release.disagreements(f"v{release.version()}")
        assert faults and "Unreleased becomes it" in faults[0]


def test_zenodo_is_told_what_the_citation_says():
    """Zenodo reads .zenodo.json alone where there is one; it takes the version from the tag."""
    zenodo = json.loads((ROOT / ".zenodo.json").read_text(encoding="utf-8"))
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert zenodo["title"] == cited["title"] and zenodo["keywords"] == cited["keywords"]
    assert [each["name"] for each in zenodo["creators"]] == [each["name"] for each in cited["authors"]]
    assert zenodo["license"] == cited["license"].lower() and zenodo["upload_type"] == cited["type"] == "software"
    assert "version" not in zenodo and "publication_date" not in zenodo


def test_releases_are_gathered_under_their_own_addresses(tmp_path):
    """By .ci/gather-pages, with a stand-in for GitHub's program that knows two releases."""
    book, site, tools, zips = (tmp_path / name for name in ("html", "site", "tools", "zips"))
    for folder in (book, tools, zips):
        folder.mkdir()
    (book / "index.html").write_text("main", encoding="utf-8")
    (book / ".nojekyll").touch()
    for tag in ("v0.9.0", "v1.0.0"):
        inner = tmp_path / tag / "living-synapse"
        inner.mkdir(parents=True)
        (inner / "index.html").write_text(tag, encoding="utf-8")
        shutil.make_archive(str(zips / f"living-synapse-{tag[1:]}"), "zip", tmp_path / tag)
    shutil.copy(ROOT / "tests/scripts/gh", tools / "gh")
    environment = {"PATH": f"{tools}:/usr/bin:/bin", "ZIPS": str(zips)}

    def gather(releases: str) -> dict[str, str]:
        shutil.rmtree(site, ignore_errors=True)
        subprocess.run(
            ["bash", ROOT / ".ci/gather-pages", book, site], env=environment | {"RELEASES": releases}, check=True
        )
        assert (site / ".nojekyll").exists()
        return {path.parent.relative_to(site).as_posix(): path.read_text() for path in site.rglob("index.html")}

    assert gather("v1.0.0 v0.9.0") == {
        ".": "v1.0.0",
        "v1.0.0": "v1.0.0",
        "v0.9.0": "v0.9.0",
        "latest": "v1.0.0",
        "main": "main",
    }
    assert gather("") == {".": "main", "main": "main"}


def test_the_files_of_a_release_are_gathered_with_their_checksums(tmp_path):
    build, folder = tmp_path / "build", tmp_path / "release"
    (build / "html/notebooks").mkdir(parents=True)
    folder.mkdir()
    for file in (build / "html/notebooks/one.ipynb", *(build / f"book.{kind}" for kind in ("zip", "pdf"))):
        file.write_text(file.name, encoding="utf-8")
    for name in ("living_synapse-1.2.0-py3-none-any.whl", "living_synapse-1.2.0.tar.gz"):
        (folder / name).write_text(name, encoding="utf-8")

    def gather() -> subprocess.CompletedProcess:
        return subprocess.run(
            ["bash", ROOT / ".ci/gather-release", "1.2.0", folder],
            env=os.environ | {"BUILD": str(build)}, capture_output=True, text=True,
        )  # fmt: skip

    lacking = gather()
    assert lacking.returncode == 1 and "should hold one *.epub, and holds: none" in lacking.stderr
    (build / "book.epub").write_text("epub", encoding="utf-8")
    assert gather().returncode == 0
    sums = dict(line.split()[::-1] for line in (folder / "SHA256SUMS").read_text().splitlines())
    kinds = [".epub", ".pdf", ".zip", "-notebooks.zip"]
    assert set(sums) == {*(f"living-synapse-1.2.0{kind}" for kind in kinds),
                         "living_synapse-1.2.0-py3-none-any.whl", "living_synapse-1.2.0.tar.gz"}  # fmt: skip
    for name, told in sums.items():
        assert told == hashlib.sha256((folder / name).read_bytes()).hexdigest(), name


def test_a_release_is_tested_and_named_alike_before_it_is_made():
    jobs = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8"))["jobs"]
    assert jobs["test"]["uses"] == "./.github/workflows/test.yml" and jobs["test"]["needs"] == "version"
    assert jobs["release"]["needs"] == "test" and "if" not in jobs["release"]
    steps = "\n".join(step.get("run", "") for job in jobs.values() for step in job.get("steps", []))
    order = ["tests.release", ".ci/run zip pdf epub notebooks-to-run", "hatchling build", ".ci/gather-release"]
    order += ["gh release create", "gh workflow run test.yml --ref main"]
    places = [steps.index(each) for each in order]
    assert places == sorted(places)
    # A called workflow may not ask for more than its caller grants, or neither starts.
    called = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text(encoding="utf-8"))["jobs"]
    rank = ["none", "read", "write"]
    for name, job in called.items():
        for what, level in job.get("permissions", {}).items():
            assert rank.index(jobs["test"]["permissions"].get(what, "none")) >= rank.index(level), (name, what)

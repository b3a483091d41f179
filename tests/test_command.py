"""The command `living-synapse`, in a checkout and from a wheel: no make, and nothing of a reader's overwritten."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import urllib.request
import zipfile
from pathlib import Path

import pytest

import hatch_build
from widgets.command import __main__ as command
from widgets.command import lab, places, read

ROOT = Path(__file__).resolve().parents[1]


def run(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "widgets.command", *arguments], cwd=folder, capture_output=True, text=True,
        env={**os.environ, **environment}, timeout=300,
    )  # fmt: skip


@pytest.fixture
def pages(tmp_path, monkeypatch) -> Path:
    """A built book of three pages, which the command takes for its own."""
    folder = tmp_path / "html"
    for name in ("index", "chapters/medicines/ssri", "chapters/messengers/serotonin"):
        page = folder / f"{name}.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(f"<title>{name}</title>")
    monkeypatch.setattr(read, "built", lambda: folder)
    monkeypatch.setattr(lab, "built", lambda: folder)
    return folder


# -- read -------------------------------------------------------------------------------------------------------------


def test_a_page_is_found_by_its_name(pages):
    assert read.page_of(pages, "") == "index.html"
    for asked in ("ssri", "ssri.html", "medicines/ssri", "chapters/medicines/ssri"):
        assert read.page_of(pages, asked) == "chapters/medicines/ssri.html"
    assert read.page_of(pages, "serotonin#key-terms") == "chapters/messengers/serotonin.html#key-terms"


def test_a_page_that_is_not_there_is_refused_with_the_nearest(pages, capsys):
    assert command.main(["read", "serotonine"]) == 1
    assert "no page 'serotonine' (did you mean 'serotonin'?); it has index, serotonin, ssri" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["-1", "65536"])
def test_a_port_out_of_range_is_refused(pages, capsys, port):
    assert command.main(["read", "--no-browser", "--port", port]) == 1
    assert f"--port is {port}; it must be between 0 and 65535" in capsys.readouterr().err


def test_the_book_is_served_even_where_the_port_is_taken(pages):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        server = read.serve(pages, taken.getsockname()[1])
        assert server.server_port != taken.getsockname()[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        address = f"http://127.0.0.1:{server.server_port}/chapters/medicines/ssri.html"
        assert b"ssri" in urllib.request.urlopen(address).read()
    finally:
        server.shutdown()
        server.server_close()


def test_read_says_where_and_opens_it(pages, capsys, monkeypatch):
    opened = []
    monkeypatch.setattr(read.webbrowser, "open", opened.append)
    monkeypatch.setattr(
        read.ThreadingHTTPServer, "serve_forever", lambda self: (_ for _ in ()).throw(KeyboardInterrupt)
    )
    assert command.main(["read", "ssri", "--port", "0"]) == 0
    assert command.main(["read", "--port", "0", "--no-browser"]) == 0
    assert len(opened) == 1 and opened[0].startswith("http://localhost:") and opened[0].endswith("/ssri.html")
    assert opened[0] in capsys.readouterr().out


def test_sources_without_pages_are_built_once_by_sphinx(tmp_path, monkeypatch, capfd):
    source = tmp_path / "source"
    (source / "chapters").mkdir(parents=True)
    (source / "conf.py").write_text("extensions = []\n")
    (source / "index.rst").write_text("Hello\n=====\n")
    monkeypatch.setattr(read, "sources", lambda: source)
    monkeypatch.setattr(read, "made_here", lambda: tmp_path / "cache")
    assert (read.build() / "index.html").is_file()
    assert "Building the book, once" in capfd.readouterr().out
    (source / "conf.py").write_text("raise ValueError('broken')\n")
    with pytest.raises(places.Refused, match="could not build the book"):
        read.build()


def test_without_sphinx_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(read, "find_spec", lambda name: None if name in ("sphinx", "furo") else True)
    with pytest.raises(places.Refused, match=r"pip install 'living-synapse\[book\]'[\s\S]*missing: sphinx, furo"):
        read.build()


def test_the_nearest_built_book_is_read(tmp_path, monkeypatch):
    package, cache = tmp_path / "here" / "widgets", tmp_path / "cache"
    monkeypatch.setattr(places, "PACKAGE", package)
    monkeypatch.setattr(places, "SHIPPED", package / "source")
    monkeypatch.setattr(places, "made_here", lambda: cache)
    beside = package.parent / "_build" / "html"
    for folder in (cache / "html", package / "source" / "html", beside):
        assert places.built() != folder
        folder.mkdir(parents=True)
        (folder / "index.html").write_text("x")
        # What is built beside an installed package is somebody else's, until that proves to be a checkout.
        assert places.built() == (package / "source" / "html" if folder == beside else folder)
    (package.parent / "_toc.yml").write_text("x")
    assert places.built() == beside


def test_no_sources_at_all_is_a_clear_refusal(tmp_path, monkeypatch):
    monkeypatch.setattr(places, "PACKAGE", tmp_path / "widgets")
    monkeypatch.setattr(places, "SHIPPED", tmp_path / "widgets" / "source")
    with pytest.raises(places.Refused, match="install the package again"):
        places.sources()


# -- lab --------------------------------------------------------------------------------------------------------------


def test_notebooks_are_laid_and_a_readers_own_are_kept(pages, tmp_path, capsys):
    mine = tmp_path / "mine"
    assert command.main(["lab", str(mine), "--copy-only"]) == 0
    laid = sorted(path.relative_to(mine).as_posix() for path in mine.rglob("*.ipynb"))
    assert len(laid) >= 14 and f"{len(laid)} notebooks laid there." in capsys.readouterr().out
    (mine / laid[0]).write_text("changed by a reader")
    (mine / laid[1]).unlink()
    assert command.main(["lab", str(mine), "--copy-only"]) == 0
    assert f"1 notebook laid there, {len(laid) - 1} left as you have them." in capsys.readouterr().out
    assert (mine / laid[0]).read_text() == "changed by a reader"


def test_notebooks_that_came_with_the_pages_come_first(pages):
    assert lab.notebooks().name == "chapters"
    (pages / "notebooks").mkdir()
    (pages / "notebooks" / "one.ipynb").write_text("{}")
    assert lab.notebooks() == pages / "notebooks"


def test_a_file_in_the_way_and_no_jupyterlab_are_told(pages, tmp_path, capsys, monkeypatch):
    (tmp_path / "file").write_text("")
    assert command.main(["lab", str(tmp_path / "file")]) == 1
    assert "is a file; name a folder" in capsys.readouterr().err
    monkeypatch.setattr(lab, "find_spec", lambda name: None)
    assert command.main(["lab", str(tmp_path / "n")]) == 1
    assert "pip install 'living-synapse[lab]'" in capsys.readouterr().err


# -- check ------------------------------------------------------------------------------------------------------------


def test_all_that_the_book_rests_on_is_checked(capsys):
    assert command.main(["check"]) == 0
    said = capsys.readouterr().out.splitlines()
    kinds = [line.split()[0] for line in said]
    assert kinds.count("model") == 9 and kinds.count("table") == 5 and kinds.count("questions") >= 13


def test_a_readers_files_are_checked_one_by_one(tmp_path, capsys):
    good = tmp_path / "mine.ant"
    good.write_text((ROOT / "widgets/models/oral_dose.ant").read_text())
    bad = tmp_path / "bad.ant"
    bad.write_text("model bad\n  J: A -> B; k*A\nend\n")
    questions = tmp_path / "mine.toml"
    questions.write_text('[[question]]\ntext = "Why?"\n')
    assert command.main(["check", str(good)]) == 0
    assert command.main(["check", str(bad), str(good), str(questions)]) == 1
    told = capsys.readouterr()
    assert told.out.count(f"{good}: 6 species") == 2
    assert str(bad) in told.err and "question needs at least two" in told.err


@pytest.mark.parametrize("name, words", [("a.docx", "none of the kinds"), ("none.ant", "There is no file")])
def test_what_cannot_be_checked_is_refused(tmp_path, capsys, name, words):
    if name == "a.docx":
        (tmp_path / name).write_text("")
    assert command.main(["check", str(tmp_path / name)]) == 1
    assert words in capsys.readouterr().err


# -- the wheel --------------------------------------------------------------------------------------------------------


def test_a_release_carries_the_pages_and_refuses_a_folder_without(tmp_path, monkeypatch):
    monkeypatch.delenv("LIVING_SYNAPSE_BOOK", raising=False)
    plain = hatch_build.carried(ROOT)
    assert all(Path(path).exists() for path in plain) and "widgets/source/html" not in plain.values()
    monkeypatch.setenv("LIVING_SYNAPSE_BOOK", str(tmp_path))
    with pytest.raises(RuntimeError, match="has no index.html"):
        hatch_build.carried(ROOT)
    (tmp_path / "index.html").write_text("x")
    assert hatch_build.carried(ROOT)[str(tmp_path)] == "widgets/source/html"


@pytest.mark.slow
def test_an_installed_wheel_needs_no_checkout(tmp_path):
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "index.html").write_text("<title>The book</title>")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-build-isolation", "--no-deps", "--wheel-dir"]
    environment = {**os.environ, "LIVING_SYNAPSE_BOOK": str(pages)}
    subprocess.run([*build, str(tmp_path), str(ROOT)], check=True, env=environment, capture_output=True)
    wheel = next(tmp_path.glob("*.whl"))
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as packed:
        assert not [name for name in packed.namelist() if "node_modules" in name or ".ipynb_checkpoints" in name]
        packed.extractall(installed)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    here = {"PYTHONPATH": str(installed), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    version = run("--version", folder=elsewhere, **here)
    assert version.stdout.strip() == f"The Living Synapse {places.VERSION}"
    laid = run("lab", "mine", "--copy-only", folder=elsewhere, **here)
    assert laid.returncode == 0 and len(list((elsewhere / "mine").rglob("*.ipynb"))) >= 14, laid.stderr
    checked = run("check", folder=elsewhere, **here)
    assert checked.returncode == 0 and "model serotonin:" in checked.stdout, checked.stderr
    where = "from widgets.command.places import built; print(built())"
    found = subprocess.run(
        [sys.executable, "-c", where], cwd=elsewhere, env={**os.environ, **here}, capture_output=True, text=True
    )
    assert Path(found.stdout.strip()) == installed / "widgets" / "source" / "html"

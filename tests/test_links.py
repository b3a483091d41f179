"""The link check: each fault within a book is found, an odd address is told, and what is right passes."""

from __future__ import annotations

import sys

import pytest

from tests import links

WHOLE = {
    "index.html": '<h1 id="top-of-it">A</h1><a href="deep/two.html#an%20anchor">x</a><a href="#top">x</a>'
    '<a href="https://doi.org/10.1000/x">x</a><img src="data:image/png;base64,x"><script src="_static/a.js"></script>',
    "deep/two.html": '<a name="an anchor" href="../index.html#top-of-it">x</a><a href="mailto:me@example.org">x</a>',
    "_static/a.js": "",
}


@pytest.fixture
def small(tmp_path):
    """small(pages) -> a folder with the whole book, but for these pages."""

    def small_(changes: dict[str, str]):
        for name, text in {**WHOLE, **changes}.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path

    return small_


def run(monkeypatch, capsys, html, *more) -> tuple[int, str]:
    monkeypatch.setattr(sys, "argv", ["links", str(html), *more])
    return links.main(), capsys.readouterr().out


def test_a_whole_book_passes(small, monkeypatch, capsys):
    done, told = run(monkeypatch, capsys, small({}))
    assert (done, told) == (0, "2 pages, 4 links within, 2 addresses, 0 faults\n")


@pytest.mark.parametrize(
    ("link", "fault"),
    [
        ("gone.html", "index.html: gone.html leads nowhere"),
        ("deep/", "index.html: deep/ leads nowhere"),
        ("#nowhere", "index.html: #nowhere has no such anchor"),
        ("deep/two.html#nowhere", "index.html: deep/two.html#nowhere has no such anchor"),
    ],
)
def test_a_fault_within_fails(small, monkeypatch, capsys, link, fault):
    done, told = run(monkeypatch, capsys, small({"index.html": f'<a href="{link}">x</a>'}))
    assert done == 1 and f"::error::{fault}" in told


def test_nothing_looked_at_fails(tmp_path, monkeypatch, capsys):
    done, told = run(monkeypatch, capsys, tmp_path)
    assert done == 1 and "is a book there?" in told


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("https://example.org/a b", "has a blank in it"),
        ("htps://example.org/", "begins with 'htps'"),
        ("//example.org/x.js", "begins with '//'"),
        ("https://me:secret@example.org/", "names a user"),
        ("https://localhost/", "names no host"),
        ("https://doi.org/abc", "is no DOI"),
        ("mailto:me", "is no address"),
    ],
)
def test_an_odd_address_is_told_and_fails_nothing(small, monkeypatch, capsys, address, words):
    page = f'<a href="{address}">x</a><a href="deep/two.html">x</a>'
    done, told = run(monkeypatch, capsys, small({"index.html": page, "deep/two.html": ""}))
    assert done == 0 and f"::warning::{address} {words}" in told


def test_what_is_gone_is_told_when_asked():
    answers = {
        "https://a.org": 200,
        "https://b.org": 404,
        "https://c.org": 403,
        "https://d.org": 0,
        "https://e.org": 410,
    }
    assert links.gone([*answers, "mailto:me@a.org"], answers.__getitem__) == [
        "https://b.org answers 404",
        "https://e.org answers 410",
    ]


def test_the_whole_books_links(book):
    found = links.pages(book.html)
    faults, followed = links.inner_faults(book.html, found)
    assert not faults, "\n".join(faults)
    assert followed >= 20 * len(found) and len(links.outer(found)) >= 50

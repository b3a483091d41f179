"""The weekly question to doi.org, with a stand-in for it."""

from __future__ import annotations

import io
import json
import urllib.error
import urllib.request

import pytest

from tests import dois
from tests.browser.support import ROOT

BIB = """
@article{one1999, title = {A doi = {no} title}, year = {1999},
  doi = {10.1000/one}
}
@article{two2000,
  doi = "https://doi.org/10.1000/two(00)3-1",
}
@book{three2001, title = {No DOI}}
@article{four2002,
  DOI={10.1000/one},
}
"""


def test_every_doi_of_the_book_is_read():
    text = (ROOT / "references.bib").read_text(encoding="utf-8")
    found = dois.dois(text)
    assert len(found) == sum(line.strip().lower().startswith("doi") for line in text.splitlines()) >= 300
    assert all(doi.startswith("10.") and "}" not in doi and " " not in doi for doi in found.values())


def test_references_are_read_with_their_dois():
    assert dois.dois(BIB) == {"one1999": "10.1000/one", "two2000": "10.1000/two(00)3-1", "four2002": "10.1000/one"}


def test_each_is_asked_once_politely_and_again_if_nothing_was_learnt():
    answers = {"10.1/a": [1], "10.1/b": [100], "10.1/c": [2, -1, 1], "10.1/d": [-1, -1, -1]}
    asked, waits = [], []

    def ask(doi):
        asked.append(doi)
        return answers[doi].pop(0)

    known = {"a": "10.1/a", "again": "10.1/a", "b": "10.1/b", "c": "10.1/c", "d": "10.1/d"}
    dead, unknown = dois.check(known, ask, waits.append)
    assert dead == ["10.1/b (b)"] and unknown == ["10.1/d (d)"]
    assert asked == ["10.1/a", "10.1/b", *["10.1/c"] * 3, *["10.1/d"] * 3]
    assert len(waits) == len(asked) and min(waits) >= 0.2 and waits[3] > waits[2]


@pytest.mark.parametrize(
    ("answer", "code"),
    [({"responseCode": 1}, 1), ({"responseCode": 100}, 100), ({}, -1), ([], -1), ("nonsense", -1)],
)
def test_answers_are_read_whatever_their_status(monkeypatch, answer, code):
    text = answer if isinstance(answer, str) else json.dumps(answer)
    seen = []

    def refuse(request, timeout):
        seen.append(request.full_url)
        raise urllib.error.HTTPError(request.full_url, 404, "Not Found", {}, io.BytesIO(text.encode()))

    monkeypatch.setattr(urllib.request, "urlopen", refuse)
    assert dois.asked("10.1000/two(00)<3>") == code
    monkeypatch.setattr(urllib.request, "urlopen", lambda request, timeout: io.BytesIO(text.encode()))
    assert dois.asked("10.1000/one") == code
    assert seen == ["https://doi.org/api/handles/10.1000/two%2800%29%3C3%3E?type=URL"]


def test_no_connection_is_no_answer(monkeypatch):
    def fail(request, timeout):
        raise urllib.error.URLError("no route")

    monkeypatch.setattr(urllib.request, "urlopen", fail)
    assert dois.asked("10.1000/one") == dois.NO_ANSWER


def test_a_dead_doi_fails_and_silence_alone_does_too(tmp_path, monkeypatch, capsys):
    file = tmp_path / "references.bib"
    file.write_text(BIB, encoding="utf-8")
    for told, code in ((([], []), 0), ((["10.1000/one (one1999)"], []), 1), (([], ["a", "b"]), 1), (([], ["a"]), 0)):
        monkeypatch.setattr(dois, "check", lambda known, told=told: told)
        assert dois.main(file) == code, told
    assert "::error::doi.org knows no 10.1000/one (one1999)" in capsys.readouterr().out
    file.write_text("", encoding="utf-8")
    assert dois.main(file) == 1

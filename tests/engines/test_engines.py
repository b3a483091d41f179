"""The harness itself: engines do as they are told and hear what goes wrong; a missing one is never overlooked."""

from __future__ import annotations

import urllib.error
import urllib.request
from types import SimpleNamespace

import pytest

from tests.engines import presence
from tests.engines.engine import EngineMissing, on_path
from tests.engines.server import REFUSALS, serving_with_refusals

PAGE = "<html><head><title>x</title></head><body><h1>x</h1><script src=runtime.js></script></body></html>"


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A book of one page, served."""
    html = tmp_path_factory.mktemp("html")
    (html / "one.html").write_text(PAGE, encoding="utf-8")
    (html / "runtime.js").write_text("window.ran = true", encoding="utf-8")
    with serving_with_refusals(html) as found:
        yield found


def got(url: str) -> tuple[int, str, str]:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.read().decode(), answer.headers.get("Content-Security-Policy", "")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, "", ""


def test_the_server_refuses_what_it_is_told_to(small):
    runtime = {name: got(f"{small.url}/{name}/runtime.js")[0] for name in REFUSALS}
    assert runtime == {"as-it-is": 200, "no-runtime": 404, "no-blob": 200, "no-storage": 200}
    policies = {name: got(small.address("one", name))[2] for name in REFUSALS}
    assert [name for name, policy in policies.items() if policy] == ["no-blob"]
    assert "blob:" not in policies["no-blob"]
    status, text, _ = got(small.address("one", "no-storage"))
    assert status == 200 and text.startswith(
        '<html><head><script src="/asking.js"></script><script src="/no-storage.js">'
    )
    assert 'sandbox="allow-scripts"' in got(small.framed("one", "allow-scripts"))[1]
    assert got(f"{small.url}/nothing/one.html")[0] == got(f"{small.url}/as-it-is/two.html")[0] == 404
    with pytest.raises(AssertionError, match="'no-luck' is none of"):
        small.address("one", "no-luck")


def test_an_engine_does_as_it_is_told(engine, small):
    for width in (360, 1280):
        engine.resize(width, 700)
        engine.open(small.address("one"))
        assert engine.ask("windowSize") == [width, 700]
    engine.open(small.address("one", section="top"))
    assert engine.ask("complaints") == []
    with pytest.raises(AssertionError, match=f"{engine.name}, astray: Error: no section nowhere"):
        engine.ask("astray", "nowhere")
    engine.reload()
    assert engine.ask("complaints") == []
    engine.open(small.framed("one", "allow-scripts"))
    assert engine.ask("windowSize", frame=True) == [1280, 700]


def test_what_goes_wrong_is_heard(engine, small):
    """Or no complaint would mean nothing."""
    engine.open(small.address("one"))
    ways = engine.ask("goWrong")
    heard = engine.ask("complaints")
    assert len(heard) == ways == 4, heard
    for word in ("thrown", "rejected", "said", "/nowhere.png"):
        assert sum(word in each for each in heard) == 1, f"{word}: {heard}"
    engine.open(small.address("one", "no-runtime"))
    assert engine.ask("complaints") == ["missing: runtime.js"]


def test_a_light_system(engine, small):
    engine.open(small.address("one"))
    assert engine.ask("systemScheme") == "light"


def test_a_dark_system(dark_engine, small):
    dark_engine.open(small.address("one"))
    assert dark_engine.ask("systemScheme") == "dark"


def test_in_ci_no_engine_may_be_missing():
    error = EngineMissing("no netscape found")
    for environment in ({"CI": "true"}, {"CI": "1"}):
        with pytest.raises(pytest.fail.Exception, match="netscape was not asked: no netscape found. In CI no engine"):
            presence.without("netscape", error, environment)
    for environment in ({}, {"CI": ""}, {"CI": "false"}):
        with pytest.raises(pytest.skip.Exception, match="netscape was not asked: no netscape found"):
            presence.without("netscape", error, environment)


def test_what_was_skipped_for_want_of_an_engine_is_counted_in_the_last_lines():
    def report(reason):
        return SimpleNamespace(longrepr=("file.py", 1, f"Skipped: {reason}"))

    told = "netscape was not asked: no netscape found"
    assert presence.not_asked([report(told), report("another reason"), report(told)]) == [f"2 tests: {told}"]
    written = []
    terminal = SimpleNamespace(
        stats={"skipped": [report(told)]},
        section=lambda title, **_: written.append(title),
        write_line=lambda line, **_: written.append(line),
    )
    presence.pytest_terminal_summary(terminal)
    assert written == ["NOT EVERYTHING WAS TESTED", f"1 tests: {told}"]


def test_a_program_that_is_not_there_is_named_with_what_brings_it():
    with pytest.raises(
        EngineMissing, match="no no-such-browser or no-other found; install it .*apt-get install some-package"
    ):
        on_path("some-package", "no-such-browser", "no-other")

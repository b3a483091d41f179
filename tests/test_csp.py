"""The policy of a page, from what the page carries."""

from __future__ import annotations

import base64
import hashlib
import json
from types import SimpleNamespace

import pytest

from widgets.book import csp
from widgets.book.state import STATE_MIME

PAGE = (
    '<!doctype html><html><head><meta charset="utf-8"><title>t</title><script>one()</script></head><body>\n'
    '<script defer src="page.js"></script><script type="application/json">{"a": 1}</script>\n'
    '<SCRIPT type="text/javascript">two("é");\r\n</SCRIPT><script></script></body></html>'
)


def hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def rule(policy: str, name: str) -> list[str]:
    [found] = [part.split()[1:] for part in policy.split("; ") if part.split()[0] == name]
    return found


def test_inline_scripts_are_named_letter_by_letter_and_data_is_not():
    allowed = rule(csp.policy(PAGE), "script-src")
    # Line ends are hashed as a browser reads them.
    assert allowed == ["'self'", *sorted([hashed("one()"), hashed('two("é");\n')])]


def test_the_policy_stands_right_after_the_charset_once():
    once = csp.guarded(PAGE)
    assert once.index("Content-Security-Policy") < once.index("<title>")
    assert once.startswith('<!doctype html><html><head><meta charset="utf-8">\n<meta http-equiv=')
    assert csp.guarded(once) == once and once.count("Content-Security-Policy") == 1
    changed = csp.guarded(once.replace("one()", "other()"))
    assert hashed("other()") in changed and hashed("one()") not in changed


def test_a_page_without_a_charset_is_refused():
    with pytest.raises(ValueError, match="names no charset.*meta charset"):
        csp.guarded("<!doctype html><title>t</title>")


OURS = {"_anywidget_id": "widgets.labs.view.LabView", "_esm": "export default globalThis.livingSynapse.lab"}
FOREIGN = {"_anywidget_id": "somebody.Doubler", "_esm": "export default {}"}


@pytest.mark.parametrize(
    ("widgets", "blob"), [([OURS, FOREIGN], True), ([OURS], False), ([{"value": 1}], False), ([], False)]
)
def test_texts_are_imported_only_where_a_foreign_widget_brings_one(widgets, blob):
    state = {"state": {str(number): {"state": values} for number, values in enumerate(widgets)}}
    page = PAGE.replace("</body>", f'<script type="{STATE_MIME}">{json.dumps(state)}</script></body>')
    assert ("blob:" in rule(csp.policy(page), "script-src")) == blob


def test_a_lab_in_a_sandbox_loads_the_files_that_it_names_and_runs_no_text():
    page = PAGE.replace("<html", '<html class="no-js lab-page"', 1)
    assert page != PAGE
    for name in ("script-src", "style-src"):
        assert {"https:", "http:"} <= set(rule(csp.policy(page), name))
        assert not {"https:", "http:"} & set(rule(csp.policy(PAGE), name))
    assert "'unsafe-inline'" not in rule(csp.policy(page), "script-src")


def test_only_pages_are_guarded_and_none_is_written_twice(tmp_path):
    for name in ("page.html", "chapters/one.html", "_static/data/table.html", "_sources/old.html"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(PAGE, encoding="utf-8")
    app = SimpleNamespace(outdir=tmp_path, builder=SimpleNamespace(name="html"))
    csp.guard_pages(app, ValueError("a build that failed"))
    assert (tmp_path / "page.html").read_text(encoding="utf-8").count("Content-Security") == 0
    csp.guard_pages(app, None)
    with_policy = sorted(
        path.name for path in tmp_path.rglob("*.html") if "Content-Security" in path.read_text("utf-8")
    )
    assert with_policy == ["one.html", "page.html"]
    before = (tmp_path / "page.html").stat().st_mtime_ns
    csp.guard_pages(app, None)
    assert (tmp_path / "page.html").stat().st_mtime_ns == before

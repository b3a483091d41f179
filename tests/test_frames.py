"""What a lab's own page carries: its part of the page's state, and a name that no other lab has."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from sphinx.errors import ExtensionError

from widgets.book import frames


def model(name: str = "Model", **state) -> dict:
    return {"model_name": name, "state": state}


STATE = {
    "box": model(children=["IPY_MODEL_view", "IPY_MODEL_slider"], layout="IPY_MODEL_layout"),
    "view": model(spec={"name": "one", "title": "One & only", "models": [{"javascript": "program:a-1"}]}),
    "slider": model(style={"deep": ["IPY_MODEL_style"]}),
    "layout": model(), "style": model(),
    "link": model("LinkModel", source=["IPY_MODEL_slider", "value"], target=["IPY_MODEL_view", "dose"]),
    "stray": model("LinkModel", source=["IPY_MODEL_slider", "value"], target=["IPY_MODEL_other", "dose"]),
    "other": model(spec={"name": "two", "title": "Two", "models": [{"javascript": "program:a-1"}]}),
}  # fmt: skip
PLACE = (
    '<div class="widget-place" data-kind="%s">still'
    '<script type="application/vnd.jupyter.widget-view+json">{"model_id": "%s"}</script></div>'
)


def test_a_lab_takes_what_it_refers_to_and_the_links_within():
    assert frames.closure(STATE, "box") == ["box", "view", "slider", "layout", "style", "link"]


def test_labs_are_found_in_order_and_questions_are_none():
    body = PLACE % ("lab", "box") + "<p>and</p>" + PLACE % ("questions", "style") + PLACE % ("lab", "other")
    first, second = frames.framed(body, {"version_major": 2, "state": STATE})
    assert (first.name, first.place) == ("one", PLACE % ("lab", "box"))
    assert first.state["version_major"] == 2 and "other" not in first.state["state"]
    # Each names the program that both run.
    assert second.state["state"]["other"] == STATE["other"]
    assert STATE["other"]["state"]["spec"]["models"] == [{"javascript": "program:a-1"}]


def test_the_lines_to_copy_are_escaped_and_absolute_where_that_is_known():
    lab = frames.Framed("one", 'One & "only"', "", {"state": {}})
    near = frames.how_to_use(lab, "../labs/one.html", "")
    far = frames.how_to_use(lab, "../labs/one.html", "https://a.github.io/b/labs/one.html")
    assert '<a href="../labs/one.html">' in near and "&lt;iframe src=&quot;one.html&quot;" in near
    assert "src=&quot;https://a.github.io/b/labs/one.html&quot;" in far
    assert "title=&quot;One &amp;amp; &amp;quot;only&amp;quot;&quot;" in far


def test_two_labs_of_one_name_are_refused():
    def saved(name: str) -> dict:
        view = {"version_major": 2, "state": {"v": {"state": {"spec": {"name": name}}}}}
        return {"js_files": {"ipywidgets_state": (None, {"body": json.dumps(view)})}}

    env = SimpleNamespace(found_docs={"a", "b"}, nb_metadata={"a": saved("dose"), "b": saved("dose")})
    app = SimpleNamespace(env=env)
    frames.claim(app, "dose", "a")
    frames.claim(app, "dose", "a")
    with pytest.raises(ExtensionError, match="Two labs are called 'dose', one in a and one in b"):
        frames.claim(app, "dose", "b")
    # A chapter that gave the name up, or is gone, does not hold it.
    env.nb_metadata["a"] = saved("other")
    frames.claim(app, "dose", "b")

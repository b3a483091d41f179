"""A part of a page as a screen reader says it: the accessibility tree that the browser gives it, as lines.

python -m tests.spoken        # renew tests/trees/*.txt from the present labs and questions
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

TREES = Path(__file__).parent / "trees"
RENEW = "RENEW_TREES"
# What a screen reader passes over without a word: its children are said instead.
SILENT = {
    "generic", "none", "presentation", "InlineTextBox", "RootWebArea", "LayoutTable", "LineBreak", "rowgroup",
    "Legend", "LabelText", "Figcaption", "caption", "strong", "emphasis", "paragraph", "figure",
}  # fmt: skip
SAID_OF = ("checked", "pressed", "expanded", "disabled", "required", "live", "level", "hasPopup")


def _value(node: dict, key: str) -> str:
    return str(node.get(key, {}).get("value", "")).strip()


def _states(node: dict) -> list[str]:
    found = {each["name"]: each["value"].get("value") for each in node.get("properties", ())}
    said = []
    for name in SAID_OF:
        value = found.get(name)
        if value in (None, False, "", "off") or (value in ("false", False) and name not in ("checked", "pressed")):
            continue
        said.append(name if value is True or value == "true" else f"{name} {value}")
    return said


def spoken(page, selector: str) -> list[str]:
    """The lines for the first element of `selector`: role, name, value, state and description, set in by depth."""
    client = page.context.new_cdp_session(page)
    root = client.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
    wanted = client.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    assert wanted, f"nothing on the page is {selector!r}"
    backend = client.send("DOM.describeNode", {"nodeId": wanted})["node"]["backendNodeId"]
    nodes = {node["nodeId"]: node for node in client.send("Accessibility.getFullAXTree")["nodes"]}
    start = next(node for node in nodes.values() if node.get("backendDOMNodeId") == backend)
    lines: list[str] = []

    def valuetext(node: dict) -> str:
        """A slider's value in words, which the tree has only as a number."""
        found = client.send("DOM.describeNode", {"backendNodeId": node["backendDOMNodeId"]})["node"]["attributes"]
        return dict(zip(found[::2], found[1::2], strict=True)).get("aria-valuetext", _value(node, "value"))

    def text_of(node: dict) -> str:
        if _value(node, "role") == "StaticText":
            return _value(node, "name")
        return " ".join(filter(None, (text_of(nodes[child]) for child in node.get("childIds", ()) if child in nodes)))

    def walk(node: dict, depth: int, names: tuple[str, ...]) -> None:
        role, name = _value(node, "role"), _value(node, "name")
        if role == "StaticText":
            # The words of what was just named are not said again.
            if name and not any(name in above for above in names):
                lines.append(f"{'  ' * depth}{name}")
            return
        silent = (
            node.get("ignored")
            or role in SILENT
            or (role in ("group", "status", "alert") and not (name or text_of(node)))
        )
        # An unnamed group (a disclosure) is passed over; a label's words are its control's name.
        if not silent and not (role == "group" and not name):
            value = valuetext(node) if role == "slider" else _value(node, "value")
            parts = [role, f'"{name}"' if name else "", value if value != name else "", *_states(node)]
            if description := _value(node, "description"):
                parts.append(f"({description})")
            if role == "row":
                cells = [text_of(nodes[child]) for child in node["childIds"] if child in nodes]
                parts = [f"row: {' | '.join(cells)}"]
            lines.append("  " * depth + ", ".join(part for part in parts if part))
            depth, names = depth + 1, (*names, name)
        # A picture is one thing, whatever it is drawn of.
        if role in ("image", "img", "row"):
            return
        for child in node.get("childIds", ()):
            if child in nodes and not (role == "LabelText" and _value(nodes[child], "role") == "StaticText"):
                walk(nodes[child], depth, names)

    walk(start, 0, ())
    client.detach()
    return lines


def main() -> int:
    """Write the trees anew."""
    import pytest

    os.environ[RENEW] = "yes"
    return pytest.main(["-q", "-n", "0", "tests/browser/test_spoken.py"])


if __name__ == "__main__":
    sys.exit(main())

"""A laid-out diagram as SVG text, in the palette's colours, with its words as the text alternative."""

from __future__ import annotations

import math
from html import escape

from widgets.engine.model import Model
from widgets.figures.network.layout import BOX_LETTERS, MESSENGER, NAME_LETTERS, SMALLEST, STUB, Line, Node, Picture
from widgets.figures.network.words import alternative
from widgets.figures.style import COLOURS
from widgets.messengers import model_hue

ROUND = 9  # px, the radius of a line's corners


def draw(picture: Picture) -> str:
    """The SVG text of a picture that has been laid out."""
    model = picture.model
    hue = model_hue(model.name)
    names = {n: node for n, node in picture.nodes.items() if node.kind in ("reaction", "event")}
    width, height = math.ceil(picture.width), math.ceil(picture.height)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{escape(alternative(model))}" '
        f'style="display:block;width:100%;min-width:{math.ceil(width * SMALLEST)}px;max-width:{width}px;height:auto;'
        f'margin:0 auto;font:{NAME_LETTERS}px/1 var(--sans,sans-serif)">'
    ]
    # Influences first, so that an arrow is never under one.
    for line in sorted(picture.lines, key=lambda line: line.kind == "flow"):
        parts.append(_drawn(line))
    for name, node in names.items():
        parts.append(_named(model, name, node))
    for n, node in picture.nodes.items():
        if node.kind in ("level", "switch"):
            parts.append(_boxed(model, n, node, hue))
    for x, y, heading in picture.headings:
        parts.append(f'<text x="{x:g}" y="{y:g}" style="fill:{_colour("ink_soft")}">{heading}</text>')
    # A line each: readers of Markdown refuse very long ones.
    return "\n".join([*parts, "</svg>"])


def _colour(name: str) -> str:
    return f"var(--ls-{name.replace('_', '-')},{COLOURS[name]})"


def _drawn(line: Line) -> str:
    """One line with its end."""
    colour = _colour("brake" if line.kind == "influence" else "ink_soft")
    dash = ";stroke-dasharray:4 3.5" if line.kind == "influence" else ";stroke-dasharray:1.5 3" if line.dotted else ""
    drawn = f'<path d="{_course(line.points)}" style="fill:none;stroke:{colour};stroke-width:1.5{dash}"/>'
    (x, y), (_, before) = line.points[-1], line.points[-2]
    return drawn + _tip(x, y, line.end, before > y, colour)


def _course(points: list[tuple[float, float]]) -> str:
    """The path through some points, its corners rounded."""
    path = f"M{points[0][0]:g} {points[0][1]:g}"
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        # Two corners close to each other share the way between them.
        radius = min(ROUND, math.dist(before, corner) / 2, math.dist(corner, after) / 2)
        x1, y1 = _towards(corner, before, radius)
        x2, y2 = _towards(corner, after, radius)
        path += f"L{x1:g} {y1:g}Q{corner[0]:g} {corner[1]:g} {x2:g} {y2:g}"
    return f"{path}L{points[-1][0]:g} {points[-1][1]:g}"


def _towards(start: tuple[float, float], goal: tuple[float, float], distance: float) -> tuple[float, float]:
    share = distance / (math.dist(start, goal) or 1.0)
    return round(start[0] + share * (goal[0] - start[0]), 1), round(start[1] + share * (goal[1] - start[1]), 1)


def _tip(x: float, y: float, end: str, upwards: bool, colour: str) -> str:
    turn = -1 if upwards else 1
    if end == "arrow":
        return f'<path d="M{x:g} {y:g}l-4.5 {-9 * turn}h9z" style="fill:{colour}"/>'
    if end == "bar":
        return f'<path d="M{x - 5.5:g} {y:g}h11" style="stroke:{colour};stroke-width:2.4"/>'
    if end == "circle":
        paint = f"fill:{_colour('paper')};stroke:{colour};stroke-width:1.6"
        return f'<circle cx="{x:g}" cy="{y - 1.5 * turn:g}" r="3.6" style="{paint}"/>'
    if end == "dot":
        return f'<circle cx="{x:g}" cy="{y - 1.5 * turn:g}" r="3" style="fill:{colour}"/>'
    return ""


def _named(model: Model, key: str, node: Node) -> str:
    """A reaction's or event's name, with the stub of an arrow where it comes from or leads to nothing."""
    _, top, _, bottom = node.box
    colour = _colour("ink_soft")
    paint = f"fill:none;stroke:{colour};stroke-width:1.5"
    stub = ""
    if node.rise:
        dots = ";stroke-dasharray:1.5 3" if node.kind == "event" else ""
        stub += f'<path d="M{node.x:g} {top - STUB:g}V{top:g}" style="{paint}{dots}"/>'
    if node.drop:
        stub += f'<path d="M{node.x:g} {bottom:g}v{STUB - 5}" style="{paint}"/>'
        stub += _tip(node.x, bottom + STUB, "arrow", False, colour)
    note = f"<title>{escape(model.meanings[node.name])}</title>" if node.kind == "reaction" else ""
    name = f'data-{node.kind}="{key.split(" > ")[0]}"'
    return f"<g {name}>{note}{stub}{_text(node, NAME_LETTERS, 15, 'ink')}</g>"


def _boxed(model: Model, name: str, node: Node, hue: str) -> str:
    left, top, _, _ = node.box
    messenger = name in MESSENGER
    edge = _colour(hue if messenger else "control")
    dash = ";stroke-dasharray:2 3" if node.kind == "switch" else ""
    paint = f"fill:{_colour('card')};stroke:{edge};stroke-width:{2 if messenger else 1.2}{dash}"
    return (
        f'<g data-level="{name}"><title>{escape(model.meanings[name])}</title>'
        f'<rect x="{left:g}" y="{top:g}" width="{node.width:g}" height="{node.height:g}" rx="9" style="{paint}"/>'
        f"{_text(node, BOX_LETTERS, 17, 'ink', 560 if messenger else 400)}</g>"
    )


def _text(node: Node, size: float, step: float, colour: str, weight: int = 400) -> str:
    first = node.y - step * (len(node.lines) - 1) / 2 + size * 0.36
    rows = "".join(
        f'<tspan x="{node.x:g}" y="{first + i * step:.1f}">{escape(line)}</tspan>' for i, line in enumerate(node.lines)
    )
    return (
        f'<text text-anchor="middle" style="font-size:{size:g}px;font-weight:{weight};fill:{_colour(colour)}">'
        f"{rows}</text>"
    )

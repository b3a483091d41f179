"""Where everything of a model's diagram stands: its nodes and lines, sized here and placed by ELK.

Levels are boxes and reactions are names, all of them nodes of one graph. Which way a line runs on the page is decided
here, so that matter flows downwards and no line of the graph closes a circle; the rest is ELK's, whom `elk` asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from widgets.engine.model import Model, load_model
from widgets.figures.network import elk
from widgets.figures.network.graph import additions, moved, shown_influences, used_and_made
from widgets.figures.network.words import readable, short_name, width_of, wrapped

BOX_LETTERS, NAME_LETTERS = 13.5, 12.5
"""Sizes of letters in px at full size; a page may shrink the picture to `SMALLEST`, and then scrolls it."""
SMALLEST = 0.9
MARGIN, STUB = 6, 15
MESSENGER = {"cytosolic", "vesicular", "extracellular"}
"""The levels of the messenger itself, which stand out."""
APART = 3  # px between an influence's end and what it acts on


@dataclass
class Node:
    """A box (kind "level" or "switch"), a reaction's or event's name ("reaction", "event"), or where a line begins or
    ends in nothing ("nothing")."""

    name: str
    kind: str
    lines: list[str] = field(default_factory=list)
    width: float = 2.0
    height: float = 1.0
    rise: float = 0.0  # the arrow's beginning above the name of what comes from nothing
    drop: float = 0.0  # the arrow's end below the name of what leads to nothing
    x: float = 0.0  # centre
    y: float = 0.0  # middle

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        return (
            self.x - self.width / 2,
            self.y - self.height / 2,
            self.x + self.width / 2,
            self.y + self.height / 2,
        )


@dataclass
class Line:
    """One line from `tail` to `head`; end is "arrow", "bar", "circle", "dot" or "" (the line goes on behind a name)."""

    tail: str
    head: str
    kind: str  # "flow", "influence", or "stub" for what leads to or from nothing
    end: str = ""
    dotted: bool = False
    points: list[tuple[float, float]] = field(default_factory=list)  # from tail to head, upright or level between them


@dataclass
class Picture:
    """Where everything of a model's diagram stands, in px from the top left corner."""

    model: Model
    nodes: dict[str, Node]
    lines: list[Line]
    headings: list[tuple[float, float, str]] = field(default_factory=list)
    width: float = 0.0
    height: float = 0.0


def layouts(models: Sequence[Model | str]) -> list[Picture]:
    """Where everything of some models' diagrams stands; one start of Node for all. The same model, the same picture.

    Raises RuntimeError, with what to do, where Node or elkjs is not to be had: a picture is laid out when the book is
    built, not in a reader's kernel.
    """
    pictures, asked, left_over = [], [], []
    for model in models:
        model = load_model(model) if isinstance(model, str) else model
        nodes, lines, alone = _graph(model)
        pictures.append(Picture(model, nodes, lines))
        left_over.append(alone)
        asked.append(_asked(nodes, lines))
    for picture, alone, answer in zip(pictures, left_over, elk.placed(asked), strict=True):
        _set(picture, answer)
        _groups(picture, alone)
    return pictures


def layout(model: Model | str) -> Picture:
    """Where everything of one model's diagram stands."""
    return layouts([model])[0]


# -- the graph ---------------------------------------------------------------------------------------------


def _graph(model: Model) -> tuple[dict[str, Node], list[Line], list[str]]:
    """Nodes, lines, and the levels left over, which stand in a group below."""
    acting = shown_influences(model)
    linked = moved(model) | {n for i in acting for n in (i.level, i.target) if n in model.species}
    nodes = {n: _level(n, wrapped(short_name(model, n), 20)) for n in model.species if n in linked}
    for n in MESSENGER & linked:
        nodes[n].width *= 1.08  # bolder letters
    lines = []
    for name in model.reactions:
        nodes[name] = _name(name, name, "reaction")
        used, made = used_and_made(model, name)
        lines += [Line(n, name, "flow") for n in used] + [Line(name, n, "flow", "arrow") for n in made]
    for event, level in additions(model):
        node = f"{event} > {level}"
        nodes[node] = _name(node, event, "event")
        lines.append(Line(node, level, "flow", "arrow"))
    ends = {"speeds up": "circle", "holds back": "bar", "acts on": "dot"}
    lines += [Line(i.level, i.target, "influence", ends[i.effect]) for i in acting]
    for name in model.reactions:
        nodes[name].width = max(nodes[name].width, 17.0 * _most_ends(name, lines) + 12)
    lines += _stubs(nodes, lines)
    return nodes, lines, [n for n in model.species if n not in linked]


def _most_ends(name: str, lines: list[Line]) -> int:
    """How many lines may end side by side above or below a reaction's name: marks must not touch."""
    ins, outs = (sum(line.kind == "flow" and getattr(line, end) == name for line in lines) for end in ("head", "tail"))
    acting = sum(line.kind == "influence" and line.head == name for line in lines)
    return max(ins, outs, 1) + acting if acting else 0


def _stubs(nodes: dict[str, Node], lines: list[Line]) -> list[Line]:
    """Room for the arrows from and to nothing: above and below a name, or a line each where influences end too."""
    found = []
    flows = [line for line in lines if line.kind == "flow"]
    for node in [node for node in nodes.values() if node.kind != "level"]:
        crowded = any(line.head == node.name for line in lines if line.kind == "influence")
        dotted = node.kind == "event"
        if not any(line.head == node.name for line in flows):
            if crowded:
                found.append(Line(f"before {node.name}", node.name, "stub", "", dotted))
            else:
                node.rise = STUB
        if not any(line.tail == node.name for line in flows):
            if crowded:
                found.append(Line(node.name, f"after {node.name}", "stub", "arrow"))
            else:
                node.drop = STUB + 2
    for line in found:
        empty = line.tail if line.tail not in nodes else line.head
        nodes[empty] = Node(empty, "nothing")
    return found


def _level(name: str, lines: list[str]) -> Node:
    width = max(width_of(line, BOX_LETTERS) for line in lines) + 26
    return Node(name, "level", lines, max(width, 74.0), 17.0 * len(lines) + 17)


def _name(name: str, said: str, kind: str) -> Node:
    lines = wrapped(readable(said), 12)
    return Node(name, kind, lines, max(width_of(line, NAME_LETTERS) for line in lines) + 6, 15.0 * len(lines) + 3)


# -- which way a line runs ---------------------------------------------------------------------------------


def _asked(nodes: dict[str, Node], lines: list[Line]) -> dict:
    """The graph as `elk.placed` wants it, with two ways to turn the influences: whichever gives the better picture."""
    ways = [_turned(nodes, lines, upwards) for upwards in (False, True)]
    return {
        "nodes": [
            {"id": n, "kind": node.kind, "width": node.width, "height": node.height + node.rise + node.drop}
            for n, node in nodes.items()
        ],
        "ways": [
            [{"source": high, "target": low, "kind": line.kind} for line, (high, low) in zip(lines, way, strict=True)]
            for way in ways
        ],
    }


def _turned(nodes: dict[str, Node], lines: list[Line], upwards: bool) -> list[tuple[str, str]]:
    """(upper, lower) of each line. A reaction that would close a circle (reuptake, leak) runs upwards.

    An influence on a reaction may come from below (`upwards`) or from above, where the flows leave it a choice.
    """
    below: dict[str, set[str]] = {n: set() for n in nodes}  # what must stand lower
    up = set()
    for name in (n for n, node in nodes.items() if node.kind in ("reaction", "event")):
        ins = [line.tail for line in lines if line.head == name and line.kind == "flow"]
        outs = [line.head for line in lines if line.tail == name and line.kind == "flow"]
        if any(_reaches(below, n, set(ins)) for n in outs):
            up.add(name)
            ins, outs = outs, ins
        for n in ins:
            below[n].add(name)
        below[name].update(outs)
    found = []
    for line in lines:
        high, low = line.tail, line.head
        if line.kind == "influence":
            forced_up, forced_down = _reaches(below, low, {high}), _reaches(below, high, {low})
            if forced_up or (upwards and not forced_down and nodes[low].kind != "level"):
                high, low = low, high
            below[high].add(low)
        elif line.kind == "flow" and (high in up or low in up):
            high, low = low, high
        found.append((high, low))
    return found


def _reaches(below: dict[str, set[str]], start: str, goals: set[str]) -> bool:
    seen, todo = set(), [start]
    while todo:
        n = todo.pop()
        if n in goals:
            return True
        if n not in seen:
            seen.add(n)
            todo += sorted(below[n])
    return False


# -- what ELK answered -------------------------------------------------------------------------------------


def _set(picture: Picture, answer: dict) -> None:
    """Give nodes and lines the places that ELK found for them."""
    for n, place in answer["nodes"].items():
        node = picture.nodes[n]
        node.width = round(place["width"], 1)
        node.x = round(place["x"] + place["width"] / 2, 1)
        node.y = round(place["y"] + node.rise + node.height / 2, 1)
    for line, points in zip(picture.lines, answer["lines"], strict=True):
        line.points = [(round(x, 1), round(y, 1)) for x, y in points]
        # ELK runs from the upper end to the lower one.
        tail = picture.nodes[line.tail]
        if abs(line.points[0][1] - tail.y) > abs(line.points[-1][1] - tail.y):
            line.points.reverse()
        _ended(line)
    picture.width, picture.height = answer["width"], answer["height"]


def _ended(line: Line) -> None:
    """Keep an influence's mark a little off what it acts on, and a stub no longer than one."""
    (x, y), (_, before) = line.points[-1], line.points[-2]
    away = 1 if before > y else -1
    if line.kind == "influence":
        line.points[-1] = (x, round(y + APART * away, 1))
    elif line.kind == "stub" and line.end:
        line.points = [line.points[0], (line.points[0][0], line.points[0][1] + STUB)]
    elif line.kind == "stub":
        line.points = [(x, y - STUB), (x, y)]


def _groups(picture: Picture, alone: Iterable[str]) -> None:
    """Boxes that no reaction moves, in rows below: levels with their own equation, and what only events change."""
    model = picture.model
    drawn = picture.width
    across = max(picture.width, 640.0)
    groups = {"follow their own equation": [], "changed only by events": []}
    for n in alone:
        groups["changed only by events" if n in model.switches else "follow their own equation"].append(n)
    said = [model.meanings[n] for n in alone]
    y = picture.height
    for heading, names in groups.items():
        if not names:
            continue
        y += 32
        picture.headings.append((MARGIN, y, heading))
        y += 14
        words = {n: model.meanings[n] if said.count(model.meanings[n]) == 1 else readable(n) for n in names}
        boxes = [_level(n, wrapped(words[n], 25)) for n in names]
        wide = max(box.width for box in boxes)
        count = max(1, int((across - 2 * MARGIN + 12) // (wide + 12)))
        for first in range(0, len(boxes), count):
            line = boxes[first : first + count]
            tall = max(box.height for box in line)
            for place, box in enumerate(line):
                box.kind = "switch" if box.name in model.switches else "level"
                box.width, box.height = wide, tall
                box.x = round(MARGIN + place * (wide + 12) + wide / 2, 1)
                box.y = round(y + tall / 2, 1)
                picture.nodes[box.name] = box
                picture.width = max(picture.width, box.box[2] + MARGIN)
            y += tall + 12
        y -= 12
    picture.height = max(picture.height, y + MARGIN)
    # The drawing stands in the middle above wider groups.
    shift = round((picture.width - drawn) / 2, 1)
    grouped = set(alone)
    for n, node in picture.nodes.items():
        if n not in grouped:
            node.x = round(node.x + shift, 1)
    for line in picture.lines:
        line.points = [(round(x + shift, 1), y) for x, y in line.points]

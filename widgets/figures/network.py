"""A model's diagram: its levels as boxes and its reactions as named arrows, drawn from the model's own text.

    from IPython.display import SVG
    from widgets.figures.network import network_svg
    SVG(network_svg("serotonin"))

Levels stand in rows in the order in which matter flows through them, each arrow carries its reaction's name, and a
dashed line leads from a level to whatever it speeds up (open circle) or holds back (bar) without being used up. A
change in the model's text changes its picture; nothing here knows a model by name, apart from its messenger's colour.

How a picture comes about: levels and names of reactions are nodes of one graph; `_rows` gives each its row,
`_order` the order within the row with the fewest crossings, `_places` the positions, of which a linear programme
makes the lines as straight as they can be.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape

import numpy as np
import sympy
from scipy.optimize import linprog

from widgets import messengers
from widgets.engine.model import Model, load_model
from widgets.engine.names import READ_AS as SPELT
from widgets.engine.names import words
from widgets.figures.style import COLOURS
from widgets.messengers import model_hue

BOX_LETTERS, NAME_LETTERS = 13.5, 12.5
"""Sizes of letters in px at full size; a page may shrink the picture to `SMALLEST`, and then scrolls it."""
SMALLEST = 0.9
MOST_RULES = 6
"""A model with more influences on levels that follow their own equation shows those levels as a group instead."""
MARGIN, GAP, STUB = 6, 16, 15
WIDEST = 280  # px, of a box that many arrows reach
ACROSS = 860  # px, what stands side by side before a new line is begun

_NARROW, _WIDE = "fijlrtI.,'()-| ", "mwMWGOQDHNUACµ%"


# -- what is drawn -----------------------------------------------------------------------------------------


@dataclass
class Node:
    """A box (kind "level"), a reaction's or event's name ("reaction", "event") or a bend of a long line ("bend")."""

    name: str
    kind: str
    lines: list[str] = field(default_factory=list)
    width: float = 10.0
    height: float = 0.0
    rise: float = 0.0  # the arrow's beginning above the name of what comes from nothing
    drop: float = 0.0  # the arrow's end below the name of what leads to nothing
    row: int = 0
    band: tuple[float, float] = (0.0, 0.0)  # top and bottom of the row, between which lines run upright
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
    kind: str  # "flow" or "influence"
    end: str = ""
    way: list[str] = field(default_factory=list)  # the nodes it passes, from the upper one down
    ports: dict[tuple[str, int], float] = field(default_factory=dict)  # (node, side: 1 below, -1 above) -> x


@dataclass
class Picture:
    """Where everything of a model's diagram stands, in px from the top left corner."""

    model: Model
    nodes: dict[str, Node]
    lines: list[Line]
    headings: list[tuple[float, float, str]]
    width: float
    height: float


@dataclass(frozen=True)
class Influence:
    """`level` stands in the rate of `target` (a reaction, or a level with its own equation) without being used up."""

    level: str
    target: str
    effect: str  # "speeds up", "holds back", "acts on"


def influences(model: Model) -> list[Influence]:
    """The levels that act on reactions, and on levels with their own equation, without being used up in them.

    The product of a reaction counts only where it acts through an assignment (the autoreceptor's brake on release):
    standing in the rate itself it is the way back of a reaction that runs both ways. The direction is that at rest.
    """
    # With the constants' values an influence whose strength is zero drops out of the rate.
    fixed = model.parameters.query("not control")
    values = {model.system.symbols[n]: sympy.Float(v) for n, v in zip(fixed["name"], fixed["value"], strict=True)}
    flat = {model.system.symbols[n]: e.xreplace(values) for n, e in model.system.flat_rules.items()}
    levels = [n for n in model.species if n not in model.switches]
    found = []
    for number, (target, rate) in enumerate(model.system.rates.items()):
        row = model.system.stoichiometry[:, number]
        used = {n for n, a in zip(model.species, row, strict=True) if a < 0}
        made = {n for n, a in zip(model.species, row, strict=True) if a > 0}
        direct = {n for n in made if rate.has(model.system.symbols[n])}
        rate = rate.xreplace(values).xreplace(flat)
        for n in levels:
            if n not in used | direct and rate.has(model.system.symbols[n]):
                found.append(Influence(n, target, _effect(model, rate, n)))
    for target, rule in model.system.rate_rules.items():
        rule = rule.xreplace(values).xreplace(flat)
        found += [
            Influence(n, target, _effect(model, rule, n))
            for n in levels
            if n != target and rule.has(model.system.symbols[n])
        ]
    return found


def shown_influences(model: Model) -> list[Influence]:
    """Those that the diagram draws: without the ones on levels with their own equation where these are too many."""
    acting = influences(model)
    rules = [i for i in acting if i.target in model.system.rate_rules]
    return acting if len(rules) <= MOST_RULES else [i for i in acting if i not in rules]


def _effect(model: Model, rate, level: str) -> str:
    """What a little more of a level does to a rate, a little above rest (at rest itself a medicine is absent)."""
    rest = {n: float(v) + 0.01 * abs(float(v)) + 1e-3 for n, v in model.baseline.items() if n in model.species}
    rest |= {n: float(model.baseline[n]) for n in model.switches}
    values = rest | dict(zip(model.parameters["name"], model.parameters["value"], strict=True))
    symbols = {model.system.symbols[n]: v for n, v in values.items() if n in model.system.symbols} | {
        model.system.time: 0.0
    }
    more = symbols | {model.system.symbols[level]: values[level] + 1e-3 * abs(values[level]) + 1e-6}
    now, then = (float(rate.xreplace(at).evalf()) for at in (symbols, more))
    if math.isclose(now, then, rel_tol=1e-9, abs_tol=1e-15):
        return "acts on"
    return "speeds up" if then > now else "holds back"


def additions(model: Model) -> list[tuple[str, str]]:
    """(event, level) for what events put into a level that reactions move, such as a tablet into the gut."""
    moved = {n for n, row in zip(model.species, model.system.stoichiometry, strict=True) if row.any()}
    return [(e.name, n) for e in model.events for n in e.sets if n in moved]


def short_name(model: Model, level: str) -> str:
    """A level's few words: "5-HTP", "dopamine in vesicles", "HVA"; the name itself where its meaning is long."""
    meaning = model.meanings[level]
    if level in SPELT:
        return words(level)
    abbreviation = re.search(r"\(([A-Z0-9-]+)\)", meaning)
    if abbreviation:
        return abbreviation.group(1)
    first = re.split(r", | that ", meaning)[0]
    return first if len(first) <= 50 else _readable(level)


def _readable(name: str) -> str:
    for written, read in messengers.READ_AS.items():
        name = re.sub(rf"(?<![a-z0-9]){written}(?![a-z0-9])", read, name)
    return words(name)


# -- the graph ---------------------------------------------------------------------------------------------


def _graph(model: Model) -> tuple[dict[str, Node], list[Line], list[str]]:
    """Nodes, lines, and the levels left over, which stand in a group below."""
    acting = shown_influences(model)
    added = additions(model)
    linked = {n for n, row in zip(model.species, model.system.stoichiometry, strict=True) if row.any()}
    linked |= {n for i in acting for n in (i.level, i.target) if n in model.species}
    nodes = {n: _level(n, _wrapped(short_name(model, n), 20)) for n in model.species if n in linked}
    lines = []
    for number, name in enumerate(model.reactions):
        nodes[name] = _name(name, "reaction")
        for n, amount in zip(model.species, model.system.stoichiometry[:, number], strict=True):
            if amount < 0:
                lines.append(Line(n, name, "flow"))
            elif amount > 0:
                lines.append(Line(name, n, "flow", "arrow"))
    for event, level in added:
        node = f"{event} > {level}"
        nodes[node] = _name(event, "event")
        nodes[node].name = node
        lines.append(Line(node, level, "flow", "arrow"))
    for node in nodes.values():
        node.rise = STUB if _comes_in(node, lines) else 0.0
        node.drop = STUB + 2 if _goes_out(node, lines) else 0.0
    ends = {"speeds up": "circle", "holds back": "bar", "acts on": "dot"}
    lines += [Line(i.level, i.target, "influence", ends[i.effect]) for i in acting]
    return nodes, lines, [n for n in model.species if n not in linked]


def _level(name: str, lines: list[str]) -> Node:
    width = max(_width(line, BOX_LETTERS) for line in lines) + 26
    return Node(name, "level", lines, max(width, 74.0), 17.0 * len(lines) + 17)


def _name(name: str, kind: str) -> Node:
    lines = _wrapped(_readable(name), 12)
    return Node(name, kind, lines, max(_width(line, NAME_LETTERS) for line in lines) + 6, 15.0 * len(lines) + 3)


def _width(text: str, size: float) -> float:
    """About how wide letters are in the book's sans; rather too wide than too narrow, other fonts may step in."""
    shares = {**dict.fromkeys(_NARROW, 0.34), **dict.fromkeys(_WIDE, 0.8)}
    return round(size * sum(shares.get(letter, 0.6) for letter in text), 1)


def _wrapped(words: str, most: int) -> list[str]:
    """Lines of about equal length, none longer than `most` letters where words allow."""
    # A letter alone ("G protein") stays with its word.
    pieces = [word.replace("_", " ") for word in re.sub(r"(?<!\S)([A-Z]) ", r"\1_", words).split(" ")]
    for number in range(1, len(pieces) + 1):
        goal = len(words) / number
        lines, line = [], ""
        for word in pieces:
            longer = f"{line} {word}".strip()
            if line and (len(longer) > most or (len(lines) < number - 1 and len(longer) > goal + len(word) / 2)):
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
        if len(lines) <= number and max(map(len, lines)) <= most:
            return lines
    return pieces


# -- rows --------------------------------------------------------------------------------------------------


def _rows(nodes: dict[str, Node], lines: list[Line], parts: list[list[str]]) -> None:
    """Give every node its row: levels even, names odd, so that a name stands between what it joins.

    A reaction that would close a circle (reuptake, leak) runs upwards. Rows are the whole numbers that keep the
    other reactions downwards and the lines short.
    """
    flows = [line for line in lines if line.kind == "flow"]
    below: dict[str, set[str]] = {n: set() for n in nodes}  # what must stand lower
    up = set()
    for name in (n for n, node in nodes.items() if node.kind in ("reaction", "event")):
        ins = [line.tail for line in flows if line.head == name]
        outs = [line.head for line in flows if line.tail == name]
        if any(_reaches(below, o, set(ins)) for o in outs):
            up.add(name)
            ins, outs = outs, ins
        for n in ins:
            below[n].add(name)
        below[name].update(outs)
    for line in lines:
        if nodes[line.head].kind == "level" and nodes[line.tail].kind == "level":
            high, low = line.tail, line.head
            if _reaches(below, low, {high}):
                high, low = low, high
            below[high].add(low)
    for part in parts:
        _rows_of_part(nodes, [line for line in lines if line.tail in part], part, below, up)


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


def _rows_of_part(nodes: dict[str, Node], lines: list[Line], part: list[str], below: dict, up: set[str]) -> None:
    """Whole numbers z by a linear programme (its corners are whole); a level's row is 2z, a name's 2z + 1."""
    place = {n: i for i, n in enumerate(part)}
    cost, rows, limits = [0.001] * len(part), [], []

    def at_least(high: int, low: int, gap: float, slack: int | None = None) -> None:
        row = {high: -1.0, low: 1.0} | ({slack: -1.0} if slack is not None else {})
        rows.append(row)
        limits.append(-gap)

    for n in part:
        for m in sorted(below[n]):
            at_least(place[m], place[n], 1 if nodes[m].kind == "level" else 0)
    for line in lines:
        if line.kind == "flow":
            a, b = place[line.tail], place[line.head]
            name = line.head if nodes[line.head].kind != "level" else line.tail
            sign = -1 if name in up else 1
            weight = 1.0 if name in up else 2.0 + 0.01 * (nodes[line.head].kind != "level")
            cost[b] += sign * weight
            cost[a] -= sign * weight
        else:
            slack = len(cost)
            cost.append(0.3)
            a, b = place[line.head], place[line.tail]
            if nodes[line.head].kind == "level":
                at_least(a, b, 1, slack)
                at_least(b, a, 1, slack)
            else:
                at_least(b, a, 0, slack)
                at_least(a, b, -1, slack)
    solved = _solve(cost, rows, limits, [(0, None)] * len(cost))
    for n in part:
        z = round(solved[place[n]])
        nodes[n].row = 2 * z + (nodes[n].kind != "level")


def _solve(cost: list[float], rows: list[dict[int, float]], limits: list[float], bounds: list) -> np.ndarray:
    """The smallest cost with rows @ x <= limits."""
    table = np.zeros((len(rows), len(cost)))
    for number, row in enumerate(rows):
        for column, value in row.items():
            table[number, column] += value
    result = linprog(cost, A_ub=table if rows else None, b_ub=limits if rows else None, bounds=bounds, method="highs")
    if result.status != 0:
        raise RuntimeError(f"a model's diagram cannot be laid out: {result.message}")
    return result.x


def _parts(nodes: dict[str, Node], lines: list[Line]) -> list[list[str]]:
    """What hangs together, in the order of the text."""
    of = {n: n for n in nodes}

    def root(n: str) -> str:
        while of[n] != n:
            n = of[n]
        return n

    for line in lines:
        a, b = root(line.tail), root(line.head)
        if a != b:
            of[b] = a
    parts: dict[str, list[str]] = {}
    for n in nodes:
        parts.setdefault(root(n), []).append(n)
    return list(parts.values())


# -- order within rows -------------------------------------------------------------------------------------


def _bend(nodes: dict[str, Node], lines: list[Line]) -> None:
    """Give every line that passes a row a place there, so that it goes round the boxes."""
    for number, line in enumerate(lines):
        high, low = sorted((line.tail, line.head), key=lambda n: nodes[n].row)
        line.way = [high]
        for row in range(nodes[high].row + 1, nodes[low].row):
            name = f"bend {number} {row}"
            nodes[name] = Node(name, "bend", row=row)
            line.way.append(name)
        line.way.append(low)


def _order(nodes: dict[str, Node], lines: list[Line], tries: int = 40) -> list[list[list[str]]]:
    """A few good orders of each row's nodes, the best first: by crossings, solid ones counting more than dashed."""
    last = max(node.row for node in nodes.values())
    rows = [[n for n, node in nodes.items() if node.row == r] for r in range(last + 1)]
    steps: list[list[tuple[str, str, float]]] = [[] for _ in range(last + 1)]
    for line in lines:
        weight = 1.0 if line.kind == "flow" else 0.55
        for a, b in zip(line.way, line.way[1:], strict=False):
            steps[nodes[a].row].append((a, b, weight))
    chance = random.Random(1)
    found: dict[tuple, float] = {}
    for attempt in range(tries):
        order = [list(row) for row in rows]
        if attempt:
            for row in order:
                chance.shuffle(row)
        best, least = None, math.inf
        for sweep in range(12):
            _sweep(order, steps, down=sweep % 2 == 0)
            _exchange(order, steps)
            cost = sum(_crossings(order[r], order[r + 1], steps[r]) for r in range(last))
            if cost < least - 1e-9:
                best, least = [list(row) for row in order], cost
        found[tuple(map(tuple, best))] = least
    ranked = sorted(found, key=lambda o: (round(found[o], 6), o))
    return [[list(row) for row in order] for order in ranked[:6]]


def _crossings(upper: list[str], lower: list[str], steps: list[tuple[str, str, float]]) -> float:
    above, below = {n: i for i, n in enumerate(upper)}, {n: i for i, n in enumerate(lower)}
    spots = [(above[a], below[b], w) for a, b, w in steps]
    total = 0.0
    for i, (a, b, w) in enumerate(spots):
        for c, d, v in spots[i + 1 :]:
            if (a - c) * (b - d) < 0:
                total += w * v
    return total


def _sweep(order: list[list[str]], steps: list, down: bool) -> None:
    """Move each node to the mean place of its neighbours in the row before."""
    turns = range(1, len(order)) if down else range(len(order) - 2, -1, -1)
    for r in turns:
        beside = order[r - 1] if down else order[r + 1]
        place = {n: i / max(len(beside) - 1, 1) for i, n in enumerate(beside)}
        pulls: dict[str, list[tuple[float, float]]] = {}
        for a, b, w in steps[r - 1] if down else steps[r]:
            n, m = (b, a) if down else (a, b)
            pulls.setdefault(n, []).append((place[m], w))
        own = {n: i / max(len(order[r]) - 1, 1) for i, n in enumerate(order[r])}
        mean = {
            n: sum(p * w for p, w in pulls[n]) / sum(w for _, w in pulls[n]) if n in pulls else own[n] for n in order[r]
        }
        order[r].sort(key=lambda n: (mean[n], own[n]))


def _exchange(order: list[list[str]], steps: list) -> None:
    """Change neighbours' places as long as that undoes a crossing."""
    for r, row in enumerate(order):
        reached: dict[str, list[list[tuple[int, float]]]] = {n: [[], []] for n in row}
        if r > 0:
            place = {n: i for i, n in enumerate(order[r - 1])}
            for a, b, w in steps[r - 1]:
                reached[b][0].append((place[a], w))
        if r < len(order) - 1:
            place = {n: i for i, n in enumerate(order[r + 1])}
            for a, b, w in steps[r]:
                reached[a][1].append((place[b], w))
        for _ in row:
            better = False
            for i in range(len(row) - 1):
                gain = 0.0
                for left, right in zip(reached[row[i]], reached[row[i + 1]], strict=True):
                    for p, w in left:
                        gain += sum(w * v if p > q else -w * v for q, v in right if p != q)
                if gain > 1e-9:
                    row[i], row[i + 1] = row[i + 1], row[i]
                    better = True
            if not better:
                break


# -- positions ---------------------------------------------------------------------------------------------


def _places(nodes: dict[str, Node], lines: list[Line], order: list[list[str]]) -> tuple[float, np.ndarray, list]:
    """x of every node and of every line's end on it, by a linear programme: straight lines, then narrow boxes.

    A box may widen so that the lines that reach it stay upright. Returns (cost, solution, what its entries are).
    """
    names = [n for row in order for n in row]
    column: dict = {("x", n): i for i, n in enumerate(names)}
    for n in names:
        if nodes[n].kind == "level":
            column[("w", n)] = len(column)
    ports: dict[tuple[str, int], list[tuple[int, float]]] = {}
    place = {n: i for row in order for i, n in enumerate(row)}
    for number, line in enumerate(lines):
        for a, b in zip(line.way, line.way[1:], strict=False):
            ports.setdefault((a, 1), []).append((number, place[b]))
            ports.setdefault((b, -1), []).append((number, place[a]))
    cost: dict[int, float] = {}
    rows, limits = [], []

    def less(row: dict[int, float], limit: float) -> None:
        rows.append(row)
        limits.append(limit)

    def near(a: dict[int, float], weight: float) -> None:
        slack = len(column)
        column[("slack", slack)] = slack
        cost[slack] = weight
        less(a | {slack: -1.0}, 0)
        less({c: -v for c, v in a.items()} | {slack: -1.0}, 0)

    for side, reached in sorted(ports.items()):
        n = side[0]
        if nodes[n].kind == "bend":
            continue
        reached.sort(key=lambda e: (e[1], e[0]))
        x = column[("x", n)]
        wide = column.get(("w", n))
        # The ends of lines on this side from left to right; on a name, arrows stand in the middle.
        previous = None
        for number, _ in reached:
            port = column.setdefault(("port", number, *side), len(column))
            for sign in (1, -1):
                row = {port: float(sign), x: -float(sign)}
                if wide is not None:
                    less(row | {wide: -0.5}, -13)
                else:
                    less(row, max(0.32 * nodes[n].width, 8 * (len(reached) - 1)))
            if previous is not None:
                less({previous: 1.0, port: -1.0}, -(20 if wide is not None else 16))
            previous = port
            if wide is not None:
                near({port: 1.0, x: -1.0}, 0.15 / len(reached))
            elif lines[number].kind == "flow":
                near({port: 1.0, x: -1.0}, 8.0 if len(reached) <= 2 else 1.0)
    for row in order:
        for a, b in zip(row, row[1:], strict=False):
            gap = GAP if "bend" not in (nodes[a].kind, nodes[b].kind) else 8
            entry, limit = {column[("x", a)]: 1.0, column[("x", b)]: -1.0}, -gap
            for n in (a, b):
                if ("w", n) in column:
                    entry[column[("w", n)]] = 0.5
                else:
                    limit -= nodes[n].width / 2
            less(entry, limit)
    for number, line in enumerate(lines):
        for a, b in zip(line.way, line.way[1:], strict=False):
            start = column.get(("port", number, a, 1), column[("x", a)])
            stop = column.get(("port", number, b, -1), column[("x", b)])
            bends = sum(nodes[n].kind == "bend" for n in (a, b))
            near({start: 1.0, stop: -1.0}, (4.0, 5.0, 9.0)[bends] * (1.0 if line.kind == "flow" else 0.5))
    right = column[("right",)] = len(column)
    cost[right] = 0.6
    bounds: list[tuple[float, float | None]] = [(0, None)] * len(column)
    for n in names:
        wide = column.get(("w", n))
        if wide is not None:
            bounds[wide] = (nodes[n].width, max(nodes[n].width, WIDEST))
            cost[wide] = 0.5
            less({column[("x", n)]: -1.0, wide: 0.5}, 0)
            less({column[("x", n)]: 1.0, wide: 0.5, right: -1.0}, 0)
        else:
            bounds[column[("x", n)]] = (nodes[n].width / 2, None)
            less({column[("x", n)]: 1.0, right: -1.0}, -nodes[n].width / 2)
    costs = [cost.get(i, 1e-6 * (i % 7)) for i in range(len(column))]
    solved = _solve(costs, rows, limits, bounds)
    return float(np.dot(costs, solved)), solved, column


def _set(nodes: dict[str, Node], lines: list[Line]) -> tuple[float, float]:
    """Lay out one part, its left top corner at the origin; returns its width and height."""
    choices = []
    for order in _order(nodes, lines):
        cost, solved, column = _places(nodes, lines, order)
        choices.append((round(cost + 2 * _turned(nodes, order), 3), order, solved, column))
    _, order, solved, column = min(choices, key=lambda c: c[0])
    for what, number in column.items():
        value = round(float(solved[number]), 1)
        if what[0] == "x":
            nodes[what[1]].x = value
        elif what[0] == "w":
            nodes[what[1]].width = value
        elif what[0] == "port":
            lines[what[1]].ports[what[2:]] = value
    return float(solved[column[("right",)]]), _heights(nodes, lines, order)


def _turned(nodes: dict[str, Node], order: list[list[str]]) -> int:
    """How many neighbours stand the other way round than in the text."""
    place = {n: i for i, n in enumerate(nodes)}
    real = [[place[n] for n in row if nodes[n].kind != "bend"] for row in order]
    return sum(a > b for row in real for a, b in zip(row, row[1:], strict=False))


def _heights(nodes: dict[str, Node], lines: list[Line], order: list[list[str]]) -> float:
    """y of every row, further apart where lines lean; returns the height."""
    y = 0.0
    for number, row in enumerate(order):
        up = max(nodes[n].height / 2 + nodes[n].rise for n in row)
        down = max(nodes[n].height / 2 + nodes[n].drop for n in row)
        for n in row:
            nodes[n].y = y + up
            nodes[n].band = (y, y + up + down)
        y += up + down
        if number < len(order) - 1:
            leans = [
                abs(_end(nodes, line, a, 1) - _end(nodes, line, b, -1))
                for line in lines
                for a, b in zip(line.way, line.way[1:], strict=False)
                if nodes[a].row == number
            ]
            y += min(17 + 0.16 * max(leans, default=0), 42)
    return y


def _end(nodes: dict[str, Node], line: Line, node: str, side: int) -> float:
    return line.ports.get((node, side), nodes[node].x)


def layout(model: Model | str) -> Picture:
    """Where everything of a model's diagram stands. The same model gives the same picture."""
    model = load_model(model) if isinstance(model, str) else model
    nodes, lines, alone = _graph(model)
    parts = _parts(nodes, lines)
    _rows(nodes, lines, parts)
    for part in parts:
        top = min(nodes[n].row for n in part)
        for n in part:
            nodes[n].row -= top
    _bend(nodes, lines)
    where = {n: i for i, part in enumerate(parts) for n in part}
    x, y, bottom, right = float(MARGIN), float(MARGIN), float(MARGIN), 0.0
    for number in range(len(parts)):
        own_lines = [line for line in lines if where[line.tail] == number]
        own = {n: nodes[n] for n in parts[number]}
        own |= {n: nodes[n] for line in own_lines for n in line.way}
        width, height = _set(own, own_lines)
        if x > MARGIN and x + width > ACROSS:
            x, y = float(MARGIN), bottom + 24
        for n in own.values():
            n.x, n.y = round(n.x + x, 1), round(n.y + y, 1)
            n.band = (round(n.band[0] + y, 1), round(n.band[1] + y, 1))
        for line in own_lines:
            line.ports = {side: round(value + x, 1) for side, value in line.ports.items()}
        bottom = max(bottom, y + height)
        right = max(right, x + width)
        x += width + 44
    picture = Picture(model, nodes, lines, [], right + MARGIN, bottom + MARGIN)
    _groups(picture, alone)
    return picture


def _comes_in(node: Node, lines: list[Line]) -> bool:
    return node.kind != "level" and not any(line.head == node.name for line in lines if line.kind == "flow")


def _goes_out(node: Node, lines: list[Line]) -> bool:
    return node.kind != "level" and not any(line.tail == node.name for line in lines)


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
        words = {n: model.meanings[n] if said.count(model.meanings[n]) == 1 else _readable(n) for n in names}
        boxes = [_level(n, _wrapped(words[n], 25)) for n in names]
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
        line.ports = {side: round(value + shift, 1) for side, value in line.ports.items()}


# -- drawing -----------------------------------------------------------------------------------------------


def network_svg(model: Model | str) -> str:
    """A model's diagram as SVG text.

    Parameters
    ----------
    model : Model or str
        A model, or the name of one of the book's.

    Returns
    -------
    str
        An `<svg>` element with a text alternative that names every level and reaction. Its colours are CSS
        variables, so that it follows a page's theme; outside the book it is drawn in the light colours.
    """
    return draw(layout(model))


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
        parts.append(_drawn(picture, line))
    for name, node in names.items():
        parts.append(_named(picture, name, node))
    for n, node in picture.nodes.items():
        if node.kind in ("level", "switch"):
            parts.append(_boxed(model, n, node, hue))
    for x, y, heading in picture.headings:
        parts.append(f'<text x="{x:g}" y="{y:g}" style="fill:{_colour("ink_soft")}">{heading}</text>')
    # A line each: readers of Markdown refuse very long ones.
    return "\n".join([*parts, "</svg>"])


def alternative(model: Model) -> str:
    """The diagram in words: each level, each reaction with what it uses and makes, what acts on what."""
    shown = {n: short_name(model, n) for n in model.species}
    levels = [n for n in model.species if n not in model.switches]
    parts = [f"Diagram of the model {_readable(model.name)}. Levels: {', '.join(shown[n] for n in levels)}."]
    ways = []
    for number, name in enumerate(model.reactions):
        row = model.system.stoichiometry[:, number]
        used = " and ".join(shown[n] for n, a in zip(model.species, row, strict=True) if a < 0) or "nothing"
        made = " and ".join(shown[n] for n, a in zip(model.species, row, strict=True) if a > 0) or "nothing"
        ways.append(f"{_readable(name)}, from {used} to {made}")
    ways += [f"{_readable(event)}, an event, into {shown[n]}" for event, n in additions(model)]
    if ways:
        parts.append(f"Reactions: {'; '.join(ways)}.")
    acting = [
        f"{shown[i.level]} {i.effect} {shown[i.target] if i.target in shown else _readable(i.target)}"
        for i in shown_influences(model)
    ]
    if acting:
        parts.append(f"Influences: {'; '.join(acting)}.")
    if model.system.rate_rules:
        parts.append(f"With an equation of their own: {', '.join(shown[n] for n in model.system.rate_rules)}.")
    if model.switches:
        parts.append(f"Changed only by events: {', '.join(model.meanings[n] for n in model.switches)}.")
    return " ".join(parts)


def _colour(name: str) -> str:
    return f"var(--ls-{name.replace('_', '-')},{COLOURS[name]})"


def _drawn(picture: Picture, line: Line) -> str:
    """One line with its end."""
    upwards = line.way[0] == line.head
    path = ""
    for x1, y1, x2, y2 in _course(picture, line):
        path += f"{'L' if path else 'M'}{x1:g} {y1:g}"
        if abs(x1 - x2) < 0.6:
            path += f"L{x2:g} {y2:g}"
        else:
            middle = round((y1 + y2) / 2, 1)
            path += f"C{x1:g} {middle:g} {x2:g} {middle:g} {x2:g} {y2:g}"
    first, last = _course(picture, line)[0], _course(picture, line)[-1]
    x, y = first[:2] if upwards else last[2:]
    colour = _colour("ink_soft" if line.kind == "flow" else "brake")
    dash = ";stroke-dasharray:4 3.5" if line.kind == "influence" else ""
    drawn = f'<path d="{path}" style="fill:none;stroke:{colour};stroke-width:1.5{dash}"/>'
    return drawn + _tip(x, y, line.end, upwards, colour)


def _course(picture: Picture, line: Line) -> list[tuple[float, float, float, float]]:
    """The pieces of a line from its upper end down: upright in the rows, leaning (if at all) between them."""
    nodes, way = picture.nodes, line.way
    room = 3 if line.kind == "influence" else 0
    pieces = []
    for a, b in zip(way, way[1:], strict=False):
        x1, x2 = _end(nodes, line, a, 1), _end(nodes, line, b, -1)
        y1, y2 = nodes[a].box[3] if nodes[a].kind != "bend" else nodes[a].band[1], nodes[b].box[1]
        if nodes[b].kind == "bend":
            y2 = nodes[b].band[0]
        y1 += room * (a == line.head)
        y2 -= room * (b == line.head)
        # Before an end a line stands upright for a little while, so that an arrowhead looks where it goes.
        high = max(nodes[a].band[1], y1 + 7 * (a == line.head))
        low = min(nodes[b].band[0], y2 - 7 * (b == line.head))
        pieces += [(x1, y1, x1, high), (x1, high, x2, low), (x2, low, x2, y2)]
        if nodes[b].kind == "bend":
            pieces.append((x2, y2, x2, nodes[b].band[1]))
    return [piece for piece in pieces if piece[:2] != piece[2:]]


def _tip(x: float, y: float, end: str, upwards: bool, colour: str) -> str:
    turn = -1 if upwards else 1
    if end == "arrow":
        return f'<path d="M{x:g} {y:g}l-4.5 {-9 * turn}h9z" style="fill:{colour}"/>'
    if end == "bar":
        return f'<path d="M{x - 6.5:g} {y:g}h13" style="stroke:{colour};stroke-width:2.4"/>'
    if end == "circle":
        paint = f"fill:{_colour('paper')};stroke:{colour};stroke-width:1.6"
        return f'<circle cx="{x:g}" cy="{y - 1.5 * turn:g}" r="3.6" style="{paint}"/>'
    if end == "dot":
        return f'<circle cx="{x:g}" cy="{y - 1.5 * turn:g}" r="3" style="fill:{colour}"/>'
    return ""


def _named(picture: Picture, key: str, node: Node) -> str:
    """A reaction's or event's name, with the stub of an arrow where it comes from or leads to nothing."""
    left, top, right, bottom = node.box
    colour = _colour("ink_soft")
    stub = ""
    paint = f"fill:none;stroke:{colour};stroke-width:1.5"
    if node.rise:
        ends = [_end(picture.nodes, line, key, 1) for line in picture.lines if line.tail == key]
        dots = ";stroke-dasharray:1.5 3" if node.kind == "event" else ""
        stub = f'<path d="M{ends[0]:g} {top - STUB:g}V{top:g}" style="{paint}{dots}"/>'
    elif node.drop:
        x = next(
            _end(picture.nodes, line, key, -1) for line in picture.lines if line.head == key and line.kind == "flow"
        )
        stub = f'<path d="M{x:g} {bottom:g}v{STUB - 5}" style="{paint}"/>' + _tip(
            x, bottom + STUB, "arrow", False, colour
        )
    note = f"<title>{escape(picture.model.meanings[node.name])}</title>" if node.kind == "reaction" else ""
    name = f'data-{node.kind}="{key.split(" > ")[0]}"'
    return f"<g {name}>{note}{stub}{_text(node, NAME_LETTERS, 15, 'ink')}</g>"


def _boxed(model: Model, name: str, node: Node, hue: str) -> str:
    left, top, _, _ = node.box
    messenger = name in ("cytosolic", "vesicular", "extracellular")
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

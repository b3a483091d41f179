"""A medicine's fingerprint: its affinities on one logarithmic scale, drawn the same way wherever it appears.

    from IPython.display import SVG
    from widgets.figures.fingerprint import fingerprint_svg
    SVG(fingerprint_svg("sertraline"))
    SVG(fingerprint_svg("sertraline", targets=["SERT", "NET", "DAT"]))    # the same rows for every medicine

Every value of affinities.csv is a mark. A filled mark comes from the one source that its group of targets is compared
in, an open one from another. Circles are binding (Ki, Kd), squares IC50 or EC50. An arrow says that the value is only
a bound. A dashed line joins values in conflict. All fingerprints share one scale, so that two can lie side by side.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from html import escape
from pathlib import Path

from widgets import messengers
from widgets.figures.style import COLOURS
from widgets.medicines.binding import checked_targets
from widgets.medicines.schema import KIND_GROUPS, NO_VALUE, TARGETS
from widgets.medicines.tables import affinities

# In nM, the weaker end first: the whole range of the book's table. Whatever lies beyond stands at the edge.
SCALE = (1e6, 1e-2)
TICKS = (1e5, 1e3, 1e1, 1e-1)
WIDTH, LEFT, RIGHT = 340, 74, 244
TOP, ROW, BOTTOM = 21, 18, 18
CONFLICT = "\N{NOT EQUAL TO}"


def fingerprint_svg(drug: str, targets: Iterable[str] | None = None, *, path: str | Path | None = None) -> str:
    """One medicine's affinities as SVG text.

    Parameters
    ----------
    drug : str
        A name of `widgets.drugs()`.
    targets : iterable of str, optional
        The rows, from top to bottom. Without it: those that affinities.csv has a row for, in the order of `TARGETS`.
        A target without a value says "no reliable value".
    path : path, optional
        A file of your own instead of widgets/medicines/data/affinities.csv.

    Returns
    -------
    str
        An `<svg>` element, 340 wide, with a text alternative. Its colours are CSS variables, so that it follows a
        page's theme; outside the book it is drawn in the light colours. The same data give the same text.

    Raises ValueError for an unknown drug or target, and where there is nothing to draw.
    """
    table = affinities(drug, path=path)
    values: dict[str, list] = {}
    for row in table.itertuples(index=False):
        values.setdefault(row.target, []).append(row)
    rows = checked_targets(targets) if targets is not None else [target for target in TARGETS if target in values]
    if not rows:
        raise ValueError(f"no target to draw for {drug}: affinities.csv has no row of it. Name targets=[...] yourself")
    found = [(target, values.get(target, [])) for target in rows]
    height = TOP + ROW * len(rows) + BOTTOM
    alternative = "; ".join(f"{target} {_in_words(own)}" for target, own in found)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="fingerprint" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'height="{height}" role="img" aria-label="{escape(_title(drug))}{escape(alternative)}" '
        f'style="font:11.5px var(--sans,sans-serif);{_fill("ink")}">',
        *_scale(height),
    ]
    for number, (target, own) in enumerate(found):
        parts.append(_row(target, own, TOP + ROW * (number + 0.5)))
    return "".join([*parts, "</svg>"])


def mark(kind: str, compared: bool, hue: str = "ink") -> str:
    """One mark at the origin: a circle for binding, a square for other kinds; filled if `compared`."""
    paint = _fill(hue) if compared else f"{_fill('paper')};stroke:{_colour(hue)};stroke-width:1.6"
    if KIND_GROUPS.get(kind, "binding") == "binding":
        return f'<circle r="{4.2 if compared else 3.6}" style="{paint}"/>'
    return f'<path d="M-3.3-3.3h6.6v6.6h-6.6z" style="{paint}"/>'


def arrow(relation: str, hue: str = "ink") -> str:
    """What makes a mark at the origin a bound: an arrow to the weaker side for ">", to the tighter for "<"."""
    turn = ' transform="scale(-1 1)"' if relation == "<" else ""
    return f'<path d="M-4 0h-12m4-3.5l-4 3.5l4 3.5"{turn} style="fill:none;stroke:{_colour(hue)};stroke-width:1.6"/>'


def tie(length: float) -> str:
    """The dashed line of a conflict, from the origin to the right."""
    return f'<path d="M0 0h{length:g}" style="stroke:{_colour("ink")};stroke-width:1.3;stroke-dasharray:2 2"/>'


# -- pieces ------------------------------------------------------------------------------------------------


def _title(drug: str) -> str:
    return f"Fingerprint of {drug}, affinities in nM, tighter to the right: "


def _colour(name: str) -> str:
    return f"var(--ls-{name.replace('_', '-')},{COLOURS[name]})"


def _fill(name: str) -> str:
    return f"fill:{_colour(name)}"


def _place(value: float) -> float:
    """Where a value in nM stands, from left (weak) to right (tight)."""
    weak, tight = (math.log10(end) for end in SCALE)
    share = (weak - math.log10(value)) / (weak - tight)
    return round(LEFT + (RIGHT - LEFT) * min(max(share, 0), 1), 1)


def _number(value: float) -> str:
    """A value beside its row, to three digits: 0.251, 58.9, 1,030. The table has them all."""
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def _value(row) -> str:
    return f"{'' if row.relation == '=' else row.relation}{_number(row.value_nM)}"


def _known(values: list) -> list:
    """The rows that have a value, the tightest first."""
    return sorted((row for row in values if not math.isnan(row.value_nM)), key=lambda row: row.value_nM)


def _in_figures(values: list, between: str) -> str:
    """What stands beside a target's row: the compared value, otherwise the range of the exact ones ("6.3 to 25")."""
    known = _known(values)
    if not known:
        return NO_VALUE
    better = ([row for row in known if row.column], [row for row in known if row.relation == "="])
    chosen = next(filter(None, better), known)
    return between.join(dict.fromkeys((_value(chosen[0]), _value(chosen[-1]))))


def _in_words(values: list) -> str:
    conflict = ", in conflict with another value" if any(row.conflict for row in values) else ""
    return _in_figures(values, " to ") + conflict


def _scale(height: float) -> list[str]:
    foot = height - BOTTOM
    lines = "".join(f"M{_place(tick):g} {TOP - 4}V{foot}" for tick in TICKS)
    labels = "".join(
        f'<text x="{_place(tick):g}" y="{foot + 13}" text-anchor="middle">{_number(tick)}</text>' for tick in TICKS
    )
    return [
        f'<path d="{lines}" style="stroke:{_colour("line")}"/>',
        f'<g style="font-size:10.5px;{_fill("ink_soft")}"><text x="{LEFT}" y="10">weaker</text>',
        f'<text x="{RIGHT}" y="10" text-anchor="end">tighter</text><text x="{RIGHT + 12}" y="10">nM</text>',
        f"{labels}</g>",
    ]


def _row(target: str, values: list, y: float) -> str:
    colour, known = messengers.TARGETS[target].hue, _known(values)
    parts = [f'<g transform="translate(0 {y:g})"><text x="{LEFT - 10}" y="4" text-anchor="end">{escape(target)}</text>']
    if not known:
        parts.append(f'<text x="{LEFT}" y="4" style="{_fill("ink_soft")}">{NO_VALUE}</text></g>')
        return "".join(parts)
    parts.append(f'<path d="M{LEFT} 0H{RIGHT}" style="stroke:{_colour("line")}"/>')
    apart = [_place(row.value_nM) for row in known if row.conflict]
    if apart:
        parts.append(f'<g transform="translate({min(apart):g} 0)">{tie(round(max(apart) - min(apart), 1))}</g>')
    # Filled marks last, so that no open one covers them.
    for row in sorted(known, key=lambda row: row.column):
        bound = arrow(row.relation, colour) if row.relation != "=" else ""
        drawn = mark(row.kind, row.column, colour)
        parts.append(f'<g transform="translate({_place(row.value_nM):g} 0)">{bound}{drawn}</g>')
    said = escape(_in_figures(values, "\N{EN DASH}")) + (f" {CONFLICT}" if apart else "")
    return "".join([*parts, f'<text x="{RIGHT + 12}" y="4">{said}</text></g>'])

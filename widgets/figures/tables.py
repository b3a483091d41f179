"""Tables of text that a chapter prints: plain, narrow enough for a phone, and the same on every machine."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from textwrap import fill

from widgets.engine.model import STATUSES, available, load_model
from widgets.medicines.binding import fingerprint as fingerprint_of
from widgets.medicines.schema import NO_VALUE
from widgets.medicines.tables import drug as drug_row

WIDTH = 38


def constants(model) -> str:
    """Every constant of a model, grouped by status and source: name, value, unit and meaning.

    Parameters
    ----------
    model : widgets.model.Model

    Returns
    -------
    str
        Lines of at most 38 characters; the controls, which the reader sets, are left out.
    """
    table = model.parameters.query("not control")
    lines = [table["status"].value_counts().to_string(header=False)]
    for (status, source), group in table.groupby(["status", "source"], sort=False):
        lines += ["", fill(f"{status}: {source}", WIDTH - 1)]
        for row in group.itertuples():
            unit = "" if row.unit == "dimensionless" else row.unit
            lines += [f"  {row.name:17} {row.value:>8.6g} {unit}".rstrip()]
            lines += [fill(row.meaning, WIDTH - 1, initial_indent="    ", subsequent_indent="    ")]
    return "\n".join(lines)


def drug_facts(drug: str, targets: Iterable[str] = ()) -> str:
    """What the book's tables say of one drug, with "no reliable value" where they say nothing.

    Parameters
    ----------
    drug : str
        A name of `widgets.drugs()`.
    targets : iterable of str, optional
        Targets whose affinities are listed too, in nM, each from the one source of its column.

    Returns
    -------
    str
        Lines of at most 38 characters. Raises ValueError for an unknown drug or target.
    """
    row = drug_row(drug)
    half_life = _with_range(row["half_life_h"], row["half_life_low_h"], row["half_life_high_h"], "h")
    metabolite = row["active_metabolite"] or NO_VALUE
    if row["active_metabolite"]:
        metabolite += f", half-life {_with_range(row['metabolite_half_life_h'], unit='h')}"
    facts = {
        "class": row["class"],
        "acts on": row["pharmacology"],
        "how": row["mode_of_action"],
        "half-life": half_life,
        "active metabolite": metabolite,
        "usual dose": _dose(row),
    }
    lines = [drug, *(_entry(f"{name}: {value or NO_VALUE}") for name, value in facts.items())]
    cited = [row[name] for name in row.index if name.startswith("source_")]
    if targets := list(targets):
        lines += ["", "affinities, nM (lower is tighter)"]
        bound = fingerprint_of(drug, targets)
        cited += list(bound["source"])
        for target, fact in bound.iterrows():
            sign = "" if fact["relation"] in ("=", "") else f"{fact['relation']} "
            value = f"{sign}{_number(fact['value_nM'])}" if fact["relation"] else NO_VALUE
            lines += [f"  {target:10} {value}"]
    lines += ["", "sources", *(key for key in dict.fromkeys(cited) if key)]
    return "\n".join(lines)


def _entry(text: str) -> str:
    return fill(text, WIDTH - 1, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)


def _number(value: float) -> str:
    """Six digits and no exponent: 0.13, 5.5, 10000."""
    return f"{value:.6f}".rstrip("0").rstrip(".") if value < 1e6 else f"{value:.3g}"


def _with_range(value: float, low: float = math.nan, high: float = math.nan, unit: str = "") -> str:
    """ "36 h (24 to 48 h)", with whatever of it is known."""
    ends = [_number(low), _number(high)] if low == low and high == high else []
    if value != value:
        return f"{' to '.join(ends)} {unit}" if ends else NO_VALUE
    return f"{_number(value)} {unit}" + (f" ({' to '.join(ends)} {unit})" if ends else "")


def _dose(row) -> str:
    """The usual doses; the note says what is not mg a day by mouth."""
    low, high, note = row["dose_low_mg"], row["dose_high_mg"], row["dose_note"]
    if low != low:
        return note or NO_VALUE
    dose = f"{_number(low)} mg" if low == high else f"{_number(low)} to {_number(high)} mg"
    return f"{dose}, {note}" if note else f"{dose} a day by mouth"


def lines_of(model, *names: str) -> str:
    """The lines of a model's text that set the given names, wrapped for a phone, the comment below its line.

    A bracket is kept whole, even where that makes a line wider.
    Raises ValueError for a name the text does not set.
    """
    found = []
    for name in names:
        line = next((row for row in model.to_antimony().splitlines() if re.match(rf"\s*{name}\s*(:=|=|:)", row)), None)
        if line is None:
            raise ValueError(f"Model {model.name!r} has no line that sets {name!r}.")
        law, _, note = line.strip().partition("//")
        found += [_law(law.strip()), _hanging(f"// {note.strip()}"), ""]
    return "\n".join(found[:-1])


def _law(law: str) -> str:
    """A law broken before a factor, so that brackets stay whole."""
    head, _, rate = law.rpartition(";")
    if not head:
        return _hanging(law)
    lines, depth = [""], 0
    for piece in re.split(r"(?=[*/()])", rate.strip()):
        # A bracket opened and not yet closed keeps its pieces together.
        if depth == 0 and piece[:1] in ("*", "/") and len(lines[-1]) + len(piece) > WIDTH - 4 - 14:
            lines.append("")
        lines[-1] += piece
        depth += piece.count("(") - piece.count(")")
    return "\n".join([f"{head};", *(f"    {line}" for line in lines)])


def _hanging(text: str) -> str:
    return fill(text, WIDTH, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)


def kinds_of_constants() -> str:
    """How many constants of each model were published, calibrated and assumed; controls are not counted."""
    lines = [f"{'':20}{'pub.':>6}{'cal.':>6}{'ass.':>6}"]
    for name in available():
        counts = load_model(name).parameters.query("not control")["status"].value_counts()
        numbers = "".join(f"{counts.get(status, 0):6}" for status in STATUSES)
        lines.append(f"{name.replace('_', ' '):20}{numbers}")
    return "\n".join(lines)

"""Tables of text that a chapter prints: plain, narrow enough for a phone, and the same on every machine."""

from __future__ import annotations

from textwrap import fill

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

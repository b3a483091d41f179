"""A chapter's results as a table that a person reads, and that nbval compares."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from widgets.figures.evidence_tables import Shown
from widgets.figures.markdown import HEADS_IN_CELLS, table, text


def shown(caption: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> Shown:
    """The last expression of a cell: a table with a caption.

    caption : what it holds. heads : the columns' names. rows : a sequence of cells each; plain words and
    numbers as they are to be read, in which keys of references.bib become citations.
    Raises ValueError for no rows, or a row that is not as long as the heads.
    """
    cells = [[str(cell) for cell in row] for row in rows]
    if not cells:
        raise ValueError(f"The table {caption!r} has no rows.")
    for row in cells:
        if len(row) != len(heads):
            raise ValueError(
                f"The table {caption!r} has {len(heads)} columns ({', '.join(heads)}), and a row of {len(row)}: {row}."
            )
    made = table(caption, list(heads), [[text(cell) for cell in row] for row in cells], f"results {HEADS_IN_CELLS}")
    return Shown(made, pd.DataFrame(cells, columns=list(heads)), f"{caption}: {len(cells)} rows")

"""The book's one palette, and matplotlib dressed in it.

`palette.json` is the only place where colours stand: the front end's build turns it into CSS variables, this module
gives it to matplotlib. Still figures are drawn as SVG in the light colours; the book's build swaps each of those hex
values for its CSS variable, so that a figure follows the reader's theme. Colours from outside the palette would not
follow it, which is why `COLOURS` refuses unknown names.
"""

from __future__ import annotations

import json
from difflib import get_close_matches
from importlib.resources import files

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

PALETTE: dict[str, tuple[str, str]] = {
    name: (light, dark)
    for name, (light, dark) in json.loads(files("widgets").joinpath("palette.json").read_text()).items()
}
"""Colour name -> (hex on a light page, hex on a dark page)."""


class _Colours(dict):
    def __missing__(self, name: str) -> str:
        near = get_close_matches(str(name), self, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise KeyError(f"no colour {name!r} in the palette{hint} It has: {', '.join(sorted(self))}.")


COLOURS: dict[str, str] = _Colours({name: pair[0] for name, pair in PALETTE.items()})
"""Colour name -> hex for matplotlib (the light one)."""

RC = {
    "figure.dpi": 100,
    "figure.facecolor": "none",
    "figure.constrained_layout.use": True,
    "savefig.facecolor": "none",
    "savefig.transparent": True,
    "svg.fonttype": "none",  # text stays text: it takes the page's font and can be searched and read aloud
    "svg.hashsalt": "living-synapse",  # the same figure gives the same file
    "font.family": "sans-serif",
    "font.sans-serif": ["Inter Variable", "Inter", "Helvetica Neue", "Arial", "DejaVu Sans"],
    "font.size": 11,
    "axes.facecolor": "none",
    "axes.edgecolor": COLOURS["control"],
    "axes.labelcolor": COLOURS["ink_soft"],
    "axes.titlecolor": COLOURS["ink"],
    "axes.titlesize": 12,
    "axes.titleweight": "bold",  # every font has it; a missing weight is a warning, and warnings are errors
    "axes.titlelocation": "left",
    "axes.titlepad": 12,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.prop_cycle": mpl.cycler(
        color=[COLOURS[n] for n in ("serotonin", "dopamine", "norepinephrine", "gaba", "glutamate")],
        linestyle=["-", "--", "-.", ":", (0, (5, 1))],
    ),
    "grid.color": COLOURS["line"],
    "grid.linewidth": 0.8,
    "text.color": COLOURS["ink"],
    "xtick.color": COLOURS["control"],
    "ytick.color": COLOURS["control"],
    "xtick.labelcolor": COLOURS["ink_soft"],
    "ytick.labelcolor": COLOURS["ink_soft"],
    "lines.linewidth": 2.2,
    "lines.solid_capstyle": "round",
    "legend.frameon": False,
}


def apply() -> None:
    """Make the book's style the default of this kernel, with SVG as the inline format where there is one."""
    plt.rcParams.update(RC)
    try:
        shell = get_ipython()  # IPython puts this name there; elsewhere there is none
    except NameError:
        return
    if shell.__class__.__name__ == "ZMQInteractiveShell":
        from matplotlib_inline.backend_inline import set_matplotlib_formats

        # Without bbox="tight" constrained_layout alone decides the margins, the same on every machine.
        set_matplotlib_formats("svg", bbox_inches=None, metadata={"Date": None, "Creator": None})


def figure(width: float = 7.2, height: float = 3.6, columns: int = 1, **options) -> tuple[Figure, Axes]:
    """A figure in the book's style.

    Parameters
    ----------
    width, height : float
        Size in inches at 100 px per inch; 7.2 is the width of a column of prose.
    columns : int
        Number of axes side by side.
    options
        Passed to `matplotlib.pyplot.subplots`.

    Returns
    -------
    (Figure, Axes)
        With `columns` > 1 the second is an array of that many axes.
    """
    apply()
    return plt.subplots(1, columns, figsize=(width, height), **options)

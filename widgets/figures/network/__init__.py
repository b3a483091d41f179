"""A model's diagram: its levels as boxes and its reactions as named arrows, drawn from the model's own text.

    from IPython.display import SVG
    from widgets.figures.network import network_svg
    SVG(network_svg("serotonin"))

Levels stand in the order in which matter flows through them, each arrow carries its reaction's name, and a dashed line
leads from a level to whatever it speeds up (open circle) or holds back (bar) without being used up. A change in the
model's text changes its picture; nothing here knows a model by name, apart from its messenger's colour.

`graph` says what is in a model, `words` what it is called, `layout` (with `elk`) where it stands, `drawing` how it
looks.
"""

from __future__ import annotations

from collections.abc import Sequence

from widgets.engine.model import Model
from widgets.figures.network.drawing import draw
from widgets.figures.network.layout import layout, layouts


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

    Raises
    ------
    RuntimeError
        Where the book cannot be built: the layout is made by elkjs, which needs Node.
    """
    return draw(layout(model))


def network_svgs(models: Sequence[Model | str]) -> list[str]:
    """The diagrams of several models, laid out in one go."""
    return [draw(picture) for picture in layouts(models)]

"""The kinds of panel that a lab can show, one file each; a new one is found by being here.

from widgets.labs.panels import PANELS, panel
PANELS["curves"]                       # the class
panel({"kind": "curves", "output": "extracellular"})
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from widgets.checks import listed, nearest
from widgets.labs.spec import Panel


def _found() -> dict[str, type[Panel]]:
    kinds: dict[str, type[Panel]] = {}
    for module in iter_modules(__path__):
        for value in vars(import_module(f"{__name__}.{module.name}")).values():
            if isinstance(value, type) and issubclass(value, Panel) and value is not Panel:
                kind = value.model_fields["kind"].default
                if kinds.setdefault(kind, value) is not value:
                    raise TypeError(f"Two panels have the kind {kind!r}: {kinds[kind].__name__}, {value.__name__}.")
    return kinds


PANELS = _found()
"""Each kind of panel and its class, by kind."""


def panel(given: dict) -> Panel:
    """A panel from plain data; raises ValueError for an unknown kind, naming the nearest."""
    kind = given.get("kind")
    if kind not in PANELS:
        raise ValueError(f"There is no panel {kind!r}.{nearest(kind, PANELS)} Choose from {listed(sorted(PANELS))}.")
    return PANELS[kind].model_validate(given)

"""The kinds of panel that a lab can show, one file each; a new one is found by being here.

from widgets.labs.panels import PANELS, panel
PANELS["raster"]                       # the class
panel({"kind": "raster", "output": "spikes"})
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from widgets.checks import listed, nearest
from widgets.labs.spec import LabSpec, Panel
from widgets.reading import validated


def found() -> dict[str, type[Panel]]:
    """The panels of every module in this folder, by kind. Raises TypeError for two of one kind."""
    kinds: dict[str, type[Panel]] = {}
    for module in iter_modules(__path__):
        for value in vars(import_module(f"{__name__}.{module.name}")).values():
            if isinstance(value, type) and issubclass(value, Panel) and value is not Panel:
                kind = value.model_fields["kind"].default
                if kinds.setdefault(kind, value) is not value:
                    raise TypeError(f"Two panels have the kind {kind!r}: {kinds[kind].__name__}, {value.__name__}.")
    return kinds


PANELS = found()
"""Each kind of panel and its class, by kind."""


def panel(given: dict, place: str = "panel") -> Panel:
    """A panel from plain data. Raises ValueError for an unknown kind or key, naming `place` and the nearest known."""
    kind = given.get("kind")
    if kind not in PANELS:
        raise ValueError(
            f"{place}: there is no panel {kind!r}.{nearest(kind, PANELS)} Choose from {listed(sorted(PANELS))}."
        )
    return validated(PANELS[kind], given, f"{place} ({kind})")


def spec_from(given: dict) -> LabSpec:
    """A lab's spec from plain data, as `LabSpec.to_page` gives it; raises ValueError for what is none."""
    panels = [panel(each, f"panels[{place}]") for place, each in enumerate(given.get("panels", []))]
    return validated(LabSpec, {**given, "panels": panels}, "spec")

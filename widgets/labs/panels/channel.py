"""The receptor of GABA with its channel, drawn."""

from __future__ import annotations

from typing import Literal

from widgets.labs.spec import Panel

NEEDS = ("cleft", "extracellular", "gaba_a_open", "i_gaba_a", "reuptake", "benzodiazepine", "E_GABA_A")
"""What a model must have to be drawn so: outputs, a reaction and two constants, named as in `gaba`."""


class Channel(Panel):
    """The GABA-A receptor of the first run, drawn: chloride moves in step with its current, as the mean over the run.

    The model names its parts as `gaba` does (`NEEDS`), with concentrations in mM, currents in pA and voltages in mV.
    """

    kind: Literal["channel"] = "channel"

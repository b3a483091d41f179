"""Whether the parts of a lab's spec hang together: whatever names another part names one that is there.

Each refusal names what is unknown, where it stands, the nearest known name and all of them. It reads specs and makes
none, so that `widgets.labs.spec` can ask it.
"""

from __future__ import annotations

from collections.abc import Collection

from widgets.checks import listed, nearest


def agree(spec) -> None:
    """Raises ValueError for the first part of a `LabSpec` that names one which is not there."""
    _controls(spec)
    _models(spec)
    _settings(spec)
    _outputs(spec)
    _panels(spec)
    if spec.drive.kind == "medicines":
        _medicines(spec)


def known(where: str, name, names: Collection, what: str) -> None:
    """Raises ValueError "`where` 'name', which is not one of this lab's `what`", unless `name` is one of `names`."""
    if name not in names:
        raise ValueError(
            f"{where} {name!r}, which is not one of this lab's {what}.{nearest(name, names)} "
            f"Choose from {listed(names)}."
        )


def _controls(spec) -> None:
    by_name = {control.name: control for control in spec.controls}
    if len(by_name) < len(spec.controls):
        raise ValueError(f"Each control stands once in a lab; got {listed(c.name for c in spec.controls)}.")
    for name, control in by_name.items():
        for trait in (f"{name}_max", f"{name}_step"):
            if trait in by_name and control.kind == "number" and control.follows is not None:
                raise ValueError(
                    f"Control {trait!r} has the name of a trait that {name!r} needs; rename one of the two."
                )
    choices = {name: control for name, control in by_name.items() if control.kind == "choice"}
    for control in spec.controls:
        follows = control.follows if control.kind == "number" else None
        if follows is None:
            continue
        known(f"Control {control.name!r} follows", follows.control, choices, "choices")
        options = len(choices[follows.control].options)
        if len(follows.ranges) != options:
            raise ValueError(
                f"Control {control.name!r} has {len(follows.ranges)} ranges for the {options} options of "
                f"{follows.control!r}; give one for each."
            )


def _models(spec) -> None:
    if len(spec.outputs) != len(spec.models):
        raise ValueError(f"The lab has {len(spec.models)} models and outputs for {len(spec.outputs)}.")
    for place, run in enumerate(spec.runs):
        if run.model >= len(spec.models):
            raise ValueError(f"Run {place} is of model {run.model}, but the lab has {len(spec.models)}, from 0.")


def _settings(spec) -> None:
    controls = [control.name for control in spec.controls]
    asked = spec.prediction.scenario if spec.prediction else {}
    presets = {f"preset {words!r}": values for words, values in spec.presets.items()}
    for what, values in {"start": spec.start, "the prediction's scenario": asked, **presets}.items():
        for name in values:
            known(f"{what} names", name, controls, "controls")
    for name in controls:
        if name not in spec.start:
            raise ValueError(f"start has no value for control {name!r}; every control opens at one.")


def _run(where: str, run: int, spec) -> None:
    if not 0 <= run < len(spec.runs):
        raise ValueError(f"{where} run {run}, but the lab has {len(spec.runs)}, from 0.")


def _outputs(spec) -> None:
    known("main is", spec.main, spec.outputs[spec.runs[0].model], "outputs")
    for place, column in enumerate(spec.numbers):
        where = f"Column {place + 1} of the numbers"
        _run(f"{where} is of", column.run, spec)
        for output in column.outputs:
            known(f"{where} reads", output, spec.outputs[spec.runs[column.run].model], "outputs")
    prediction = spec.prediction
    if prediction is not None and prediction.of == "run":
        _run("The prediction is of", prediction.run, spec)
        known("The prediction asks of", prediction.output, spec.outputs[spec.runs[prediction.run].model], "outputs")
    elif prediction is not None:
        medicines = spec.drive.medicines if spec.drive.kind == "medicines" else []
        targets = dict.fromkeys(target for medicine in medicines for target in medicine.targets)
        known("The prediction asks of", prediction.output, targets, "targets")


def _panels(spec) -> None:
    controls = [control.name for control in spec.controls]
    for place, panel in enumerate(spec.panels):
        where = f"Panel {place + 1} ({panel.kind})"
        for name in panel.names():
            known(f"{where} names", name, controls, "controls")
        for run in panel.of_runs():
            _run(f"{where} draws", run, spec)
        for run in panel.of_runs() or range(len(spec.runs)):
            for output in panel.reads():
                known(f"{where} reads", output, spec.outputs[spec.runs[run].model], "outputs")


def _medicines(spec) -> None:
    drive, controls = spec.drive, [control.name for control in spec.controls]
    if len(drive.effects) != len(spec.models):
        raise ValueError(f"The lab has {len(spec.models)} models and effects on {len(drive.effects)}.")
    if drive.kinetics is not None and drive.kinetics >= len(spec.models):
        raise ValueError(f"kinetics is model {drive.kinetics}, but the lab has {len(spec.models)}, from 0.")
    for place, side in enumerate(drive.sides):
        for name in (side.drug, side.dose):
            known(f"Side {place + 1} of the comparison names", name, controls, "controls")
    for place, run in enumerate(spec.runs):
        if run.side >= len(drive.sides):
            raise ValueError(f"Run {place} is of side {run.side}, but the lab has {len(drive.sides)}, from 0.")

"""A model as SBML, for COPASI, Tellurium and others."""

from __future__ import annotations

from collections.abc import Mapping
from xml.dom import minidom

from widgets.checks import listed, nearest
from widgets.engine import settings
from widgets.engine.schedules import Moment

_CORE = "http://www.sbml.org/sbml/level3/version2/core"


def document(model, schedules: Mapping[str, object] | None = None) -> str:
    """The text of the document; see `Model.to_sbml`."""
    xml = minidom.parseString(model.reading.sbml)
    root = xml.getElementsByTagName("model")[0]
    for paragraph in model.description.split("\n\n"):
        if paragraph:
            _note(xml, root, " ".join(paragraph.split()))
    for tag in ("species", "parameter", "reaction"):
        for node in xml.getElementsByTagName(tag):
            _describe(model, xml, node)
    _multiply_by_volume(xml)
    for name in schedules or {}:
        if name not in model.schedules:
            raise ValueError(
                f"Model {model.name!r} has no schedule {name!r}.{nearest(name, model.schedules)} "
                f"Its schedules: {listed(model.schedules)}."
            )
    _write_out(model, xml, settings.read(model, dict(schedules or {})))
    return xml.toxml(encoding="UTF-8").decode("utf-8")


def _note(xml, node, text: str) -> None:
    if (notes := next((c for c in node.childNodes if c.nodeName == "notes"), None)) is None:
        notes = xml.createElement("notes")
        node.insertBefore(notes, node.firstChild)
    paragraph = xml.createElement("p")
    paragraph.setAttribute("xmlns", "http://www.w3.org/1999/xhtml")
    paragraph.appendChild(xml.createTextNode(text))
    notes.appendChild(paragraph)


def _describe(model, xml, node) -> None:
    """Meaning, status and source of a level, a constant or a reaction; and the level at rest."""
    name = node.getAttribute("id")
    if schedule := model.schedules.get(name):
        node.setAttribute("name", schedule.meaning)
        _note(xml, node, "a schedule: times with amounts, each an event; zero between them")
    elif constant := model.constants.get(name):
        node.setAttribute("name", constant.meaning)
        _note(xml, node, f"{constant.status}: {constant.source}")
    elif name in model.meanings:
        node.setAttribute("name", model.meanings[name])
    if name in model.species and node.hasAttribute("initialConcentration"):
        node.setAttribute("initialConcentration", repr(float(model.baseline[name])))
    elif name in model.species and node.hasAttribute("value"):
        node.setAttribute("value", repr(float(model.baseline[name])))


def _multiply_by_volume(xml) -> None:
    """SBML's rates count amounts, the text's concentrations: each is multiplied by the compartment (of size 1)."""
    compartments = [c.getAttribute("id") for c in xml.getElementsByTagName("compartment")]
    for law in xml.getElementsByTagName("kineticLaw") if compartments else []:
        formula = law.getElementsByTagName("math")[0]
        inside = next(c for c in formula.childNodes if c.nodeType == c.ELEMENT_NODE)
        product = xml.createElement("apply")
        product.appendChild(xml.createElement("times"))
        volume = xml.createElement("ci")
        volume.appendChild(xml.createTextNode(f" {compartments[0]} "))
        product.appendChild(volume)
        formula.replaceChild(product, inside)
        product.appendChild(inside)


def _write_out(model, xml, given: settings.Settings) -> None:
    """Each moment of the schedules as events of its own, and the constants they take the place of set to zero."""
    for node in xml.getElementsByTagName("parameter"):
        if (name := node.getAttribute("id")) in model.constants:
            value = float(given.p[model.system.places[name]])
            if value != model.constants[name].value:
                node.setAttribute("value", repr(value))
    names = list(model.schedules)
    for event in list(xml.getElementsByTagName("event")):
        for number, moment in enumerate(given.moments, 1):
            name = names[moment.place]
            if moment.amount > 0 and _uses(event, name):
                event.parentNode.appendChild(_at(xml, event, name, moment, number))


def _uses(node, name: str) -> bool:
    return any(_text(identifier) == name for identifier in node.getElementsByTagName("ci"))


def _at(xml, event, name: str, moment: Moment, number: int):
    """An event that waits for a schedule, once more: at one of its moments, with the amount of that moment."""
    root = xml.getElementsByTagName("model")[0]
    units = {node.getAttribute("id"): node.getAttribute("units") for node in xml.getElementsByTagName("parameter")}
    own = event.cloneNode(True)
    own.setAttribute("id", f"{event.getAttribute('id')}_{number}")
    # Two entries may have the same moment: each then adds to what the one before it left, in the order given.
    own.setAttribute("useValuesFromTriggerTime", "false")
    for identifier in list(own.getElementsByTagName("ci")):
        if _text(identifier) == name:
            identifier.parentNode.replaceChild(_number(xml, moment.amount, units[name]), identifier)
    trigger = own.getElementsByTagName("trigger")[0]
    # False before the start, so that a moment at time 0 is not missed.
    trigger.setAttribute("initialValue", "false")
    formula = trigger.getElementsByTagName("math")[0]
    condition = next(c for c in formula.childNodes if c.nodeType == c.ELEMENT_NODE)
    reached = xml.createElement("apply")
    reached.appendChild(xml.createElement("geq"))
    time = xml.createElement("csymbol")
    time.setAttribute("encoding", "text")
    time.setAttribute("definitionURL", "http://www.sbml.org/sbml/symbols/time")
    time.appendChild(xml.createTextNode(" time "))
    reached.appendChild(time)
    reached.appendChild(_number(xml, moment.time, root.getAttribute("timeUnits")))
    both = xml.createElement("apply")
    both.appendChild(xml.createElement("and"))
    formula.replaceChild(both, condition)
    both.appendChild(reached)
    both.appendChild(condition)
    own.insertBefore(_priority(xml, -number), trigger.nextSibling)
    return own


def _priority(xml, value: int):
    """Which of the events of one moment comes first: the one with the highest priority."""
    priority, formula = xml.createElement("priority"), xml.createElement("math")
    formula.setAttribute("xmlns", "http://www.w3.org/1998/Math/MathML")
    formula.setAttribute("xmlns:sbml", _CORE)
    formula.appendChild(_number(xml, value, "dimensionless"))
    priority.appendChild(formula)
    return priority


def _number(xml, value: float, unit: str):
    node = xml.createElement("cn")
    node.setAttribute("xmlns:sbml", _CORE)
    if unit:
        node.setAttribute("sbml:units", unit)
    node.appendChild(xml.createTextNode(f" {value!r} "))
    return node


def _text(node) -> str:
    return "".join(child.data for child in node.childNodes).strip()

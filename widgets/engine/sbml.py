"""A model as SBML, for COPASI, Tellurium and others."""

from __future__ import annotations

from xml.dom import minidom


def document(model) -> str:
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
    if constant := model.constants.get(name):
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

"""What a lab says: words of outputs and titles with the messenger's names in them, sources as a reader knows them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from widgets.checks import joined, listed, nearest, with_article
from widgets.engine.model import Model
from widgets.labs.models import has_level
from widgets.labs.spec import OutputSpec
from widgets.messengers import Messenger

_OUTPUT_WORDS = {
    # name: (chart title, under a small chart, in a sentence)
    "extracellular": ("{transmitter} between the neurons",) * 3,
    "vesicular": ("{transmitter} stored in vesicles", "stored in vesicles", "{transmitter} stored in vesicles"),
    "cytosolic": ("{transmitter} inside the terminal", "free inside the terminal", "{transmitter} inside the terminal"),
    "metabolite": ("{product}", "{product}", "the breakdown product"),
    "autoreceptor_occupancy": ("autoreceptors occupied",) * 3,
    "receptor_occupancy": ("receptors occupied on the receiving neuron", "receptors occupied", "receptor occupancy"),
    "release_brake": ("release allowed by the autoreceptor", "release allowed", "release allowed by the autoreceptor"),
}
_NAMELESS = "breakdown product"
"""What the product of a messenger without a name for it is called."""
_PLACES = ("title", "short", "noun")
_LABEL_KEYS = (*_PLACES, "unit")


def capital(text: str) -> str:
    """With a capital letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def filled(value, names: Mapping[str, str]):
    """Put a messenger's names into words, alone or at values; {value} stays for the page. Else `value` as it is."""
    if isinstance(value, Mapping):
        return {key: filled(text, names) for key, text in value.items()}
    if not isinstance(value, str):
        return value
    return re.sub(r"\{(\w+)\}", lambda match: names.get(match[1], match[0]), value)


def names_of(messenger: Messenger, name: str | None = None) -> dict[str, str]:
    """A messenger's names as words may hold them: {transmitter}, {transporter}, {symbol} and so on."""
    metabolite = messenger.metabolite or _NAMELESS
    return {
        "transmitter": name or messenger.name,
        "symbol": messenger.symbol,
        "transporter": messenger.transporter or "pump",
        "precursor": messenger.precursor or "precursor",
        "enzyme": messenger.enzyme or "enzyme",
        "metabolite": metabolite,
        "product": _NAMELESS if metabolite == _NAMELESS else f"{_NAMELESS} ({metabolite})",
    }


def control_words(messenger: Messenger, several: bool) -> dict[str, str]:
    """The names that a control's words may hold. A control of several messengers cannot name the parts of one."""
    shared = {"transporter": "pumps", "precursor": "precursor", "transmitter": "transmitter"}
    return names_of(messenger) | (shared if several else {})


def checked_labels(labels, models: Sequence[Model]) -> Mapping:
    """Words for outputs, as given.

    Raises ValueError for those of an output that no model has, and for words that are none of an output's.
    """
    if labels is None:
        return {}
    if not isinstance(labels, Mapping):
        raise ValueError(
            f"labels is a dict of outputs and words, such as {{'vesicular': 'in reserve'}}; got {labels!r}."
        )
    known = dict.fromkeys(name for model in models for name in (*model.species, *model.assignments))
    for output, given in labels.items():
        if output not in known:
            raise ValueError(
                f"labels names {output!r}, which is no output of {listed(repr(m.name) for m in models)}."
                f"{nearest(output, known)} Choose from {listed(known)}."
            )
        if isinstance(given, str):
            continue
        if not isinstance(given, Mapping):
            raise ValueError(f"The label of {output!r} is words, or a dict of {listed(_LABEL_KEYS)}; got {given!r}.")
        for key in given:
            if key not in _LABEL_KEYS:
                raise ValueError(
                    f"The label of {output!r} has {key!r}.{nearest(key, _LABEL_KEYS)} "
                    f"Choose from {listed(_LABEL_KEYS)}."
                )
    return labels


def output_spec(model: Model, names: Mapping[str, str], output: str, labels: Mapping, *, relative: bool) -> OutputSpec:
    """The words of an output. `relative`: unless it is shown in per cent of something else, in % of its rest."""
    plain = output.replace("_", " ")
    said = dict(zip(_PLACES, _OUTPUT_WORDS.get(output, (plain,) * 3), strict=True))
    given = labels.get(output, {})
    said |= dict.fromkeys(_PLACES, given) if isinstance(given, str) else dict(given)
    said = filled(said, names)
    unit = model.units.get(output, "")
    unit = said.pop("unit", "" if unit == "dimensionless" else unit)
    return OutputSpec(**said | {"title": capital(said["title"])}, unit=unit, relative=relative and unit != "percent")


def words_of(
    model: Model,
    names: Mapping[str, str],
    outputs: Iterable[str],
    labels: Mapping | None = None,
    own: Collection[str] = (),
) -> dict[str, OutputSpec]:
    """The words of a model's outputs, each drawn in % of its level at rest unless it has none or is among `own`."""
    return {
        output: output_spec(model, names, output, labels or {}, relative=output not in own and has_level(model, output))
        for output in outputs
    }


def lab_title(messengers: Sequence[Messenger]) -> str:
    """What stands in a lab's head where its author gives nothing."""
    names = [each.name for each in messengers]
    if len(names) == 1:
        return f"{capital(with_article(names[0]))} synapse"
    return capital(joined(names))


def source_words(source: str) -> str:
    """A key of references.bib as an author and a year, "artigas1996acute" as "Artigas 1996"; words as they are."""
    key = re.fullmatch(r"([a-z]+)(\d{4})[a-z0-9]+", source)
    return f"{key[1].capitalize()} {key[2]}" if key else source

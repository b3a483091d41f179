"""The drug atlas: a page of the book that is written by the data files themselves, so that it cannot drift from them.

The book's extension puts the Markdown (MyST) of `finder()` and of `page()` where
`chapters/back-matter/drug-atlas.md` says `{{ drug finder }}` and
`{{ drug atlas }}`, and lays the five tables (`downloads`) beside the published pages. Every row
of drugs.csv, affinities.csv, occupancy.csv, curves.csv and exposures.csv stands on the page; where a value is missing
it says "no reliable value".
"""

from __future__ import annotations

from html import escape
from pathlib import Path

import pandas as pd

from widgets import messengers
from widgets.book.atlas_tables import affinity_table, curve_table, exposure_table, occupancy_table
from widgets.book.atlas_words import NONE, SPACE, hours_and_days, in_brackets, number, text, unbroken
from widgets.figures import fingerprint as drawing
from widgets.medicines import datapackage
from widgets.medicines.classes import CLASSES as MEDICINE_CLASSES
from widgets.medicines.names import NAMES
from widgets.medicines.schema import CLASSES, TABLES, TARGETS
from widgets.medicines.tables import DATA, affinities, curves, drugs, exposures, occupancies

FOLDER = "_static/data"
"""Where the tables lie for download, from the root of the published book."""

CLASS_TITLES = {key: row.title for key, row in MEDICINE_CLASSES.items()}


def downloads() -> dict[str, bytes]:
    """File name -> content of the five tables, as they are, and of the file that says what their columns mean."""
    files = {form.file: (DATA / form.file).read_bytes() for form in TABLES.values()}
    return files | {datapackage.FILE: datapackage.text().encode()}


def finder(folder: str | Path | None = None) -> str:
    """The filter's form and the index of all medicines, as HTML; `folder` as for `page`."""
    groups = _groups(_Data(folder))
    return f"{_filter(groups)}\n\n{_index(groups)}"


def page(folder: str | Path | None = None) -> str:
    """The whole atlas as MyST Markdown; `folder` holds five tables of your own in the book's form."""
    data = _Data(folder)
    parts = [_key()]
    for name, rows in _groups(data):
        parts.append(f"({class_anchor(name)})=\n## {CLASS_TITLES[name]}")
        parts += [_entry(row, data) for _, row in rows.iterrows()]
    return "\n\n".join([*parts, *_downloads(data)]) + "\n"


def anchor(drug: str) -> str:
    """The address of a medicine's section on the page."""
    return f"drug-{drug.replace(' ', '-')}"


def class_anchor(name: str) -> str:
    """The address of a class's section on the page."""
    return f"class-{name.lower().replace(' ', '-')}"


def _groups(data: _Data) -> list[tuple[str, pd.DataFrame]]:
    """The classes in the book's order with their medicines by name, without the empty ones."""
    found = [(name, data.drugs[data.drugs["class"] == name].sort_values("name")) for name in CLASSES]
    return [(name, rows) for name, rows in found if len(rows)]


class _Data:
    """The five tables, read once."""

    def __init__(self, folder: str | Path | None):
        where = {kind: Path(folder) / form.file if folder is not None else None for kind, form in TABLES.items()}
        self.path = where
        self.drugs = drugs(where["drugs"])
        self.affinities = affinities(path=where["affinities"])
        self.occupancies = occupancies(path=where["occupancies"])
        self.curves = curves(path=where["curves"])
        self.exposures = exposures(path=where["exposures"])

    def of(self, kind: str, drug: str) -> pd.DataFrame:
        """A medicine's rows of one table, in the order of the targets if it has any."""
        rows = getattr(self, kind)
        rows = rows[rows["drug"] == drug]
        if "target" not in rows.columns:
            return rows
        return rows.sort_values("target", key=lambda names: names.map(TARGETS.index), kind="stable")


# -- above the sections ------------------------------------------------------------------------------------


def _filter(groups: list[tuple[str, pd.DataFrame]]) -> str:
    """The filter's form: out of use until the page's script serves it, but in its place, so that nothing moves then."""
    total = sum(len(rows) for _, rows in groups)
    options = "".join(
        f'<option value="{escape(name)}">{escape(CLASS_TITLES[name])} ({len(rows)})</option>' for name, rows in groups
    )
    hint = "A name, a brand, a target or a word, such as sertraline, Prozac, D2 or irreversible"
    return (
        '<form class="atlas-filter" role="search" aria-label="Medicines of the atlas">'
        '<div><label for="atlas-words">Find a medicine</label>'
        '<input id="atlas-words" type="text" autocomplete="off" spellcheck="false" disabled '
        'aria-describedby="atlas-hint"></div>'
        '<div><label for="atlas-class">Class</label>'
        f'<select id="atlas-class" disabled><option value="">All classes ({total})</option>{options}</select></div>'
        f'<p id="atlas-hint">{hint}</p>'
        f'<p class="atlas-count" role="status" aria-live="polite">{total} medicines</p></form>'
    )


def _index(groups: list[tuple[str, pd.DataFrame]]) -> str:
    """Every medicine's name, by class, leading to its section."""
    lines = []
    for name, rows in groups:
        links = "".join(f'<li><a href="#{anchor(drug)}">{escape(drug)}</a></li>' for drug in rows["name"])
        title = CLASS_TITLES[name].split(":")[0]
        lines.append(f'<div><a href="#{class_anchor(name)}">{escape(title)}</a><ul>{links}</ul></div>')
    return f'<nav class="atlas-index" aria-label="Medicines by class">{"".join(lines)}</nav>'


def _key() -> str:
    """How to read a fingerprint: each mark with its meaning."""

    def item(drawn: str, words: str) -> str:
        return (
            '<li><svg viewBox="-22 -8 44 16" width="44" height="16" aria-hidden="true" focusable="false">'
            f"{drawn}</svg>{words}</li>"
        )

    conflict = f'<g transform="translate(-16 0)">{drawing.tie(32)}{drawing.mark("Ki", False)}</g>'
    conflict += f'<g transform="translate(16 0)">{drawing.mark("Ki", True)}</g>'
    items = [
        item(drawing.mark("Ki", True), "from the one source in which these targets are compared with one another"),
        item(drawing.mark("Ki", False), "from another source"),
        item(drawing.mark("IC50", False), "IC50 or EC50, which depend on the assay's own concentrations"),
        item(drawing.arrow(">") + drawing.mark("Ki", True), "weaker than this: the source gives only a bound"),
        item(conflict, f"a conflict, more than three-fold apart; in the figures at right {drawing.CONFLICT}"),
    ]
    lead = (
        "**How to read a fingerprint.** Each row is a target, each mark a published affinity in nanomoles per litre "
        "(nM): the concentration at which half of the target is taken. The scale is logarithmic, the same in every "
        "fingerprint, and turned so that tighter lies to the right. The hues are those of the messengers."
    )
    return f'{lead}\n\n<ul class="atlas-key">{"".join(items)}</ul>'


def _downloads(data: _Data) -> list[str]:
    links = "".join(
        f'<li><a href="../../{FOLDER}/{TABLES[kind].file}" download>{TABLES[kind].file}</a>, '
        f"{len(getattr(data, kind))} {TABLES[kind].title}</li>"
        for kind in TABLES
    )
    package = (
        f'<li><a href="../../{FOLDER}/{datapackage.FILE}" download>{datapackage.FILE}</a>, what each column means, its '
        "unit and its limits, as a Data Package</li>"
    )
    return [
        "## The tables",
        "This page is written from five tables, which you may use and share with credit under "
        "[CC BY 4.0](https://creativecommons.org/licenses/by/4.0/). One row is one fact, its source is a key in the "
        "references, and an empty cell means that no reliable value was found.",
        f"<ul>{links}{package}</ul>",
    ]


# -- one medicine ------------------------------------------------------------------------------------------


def _entry(row: pd.Series, data: _Data) -> str:
    name = row["name"]
    rows = {kind: data.of(kind, name) for kind in ("affinities", "occupancies", "curves", "exposures")}
    drawn = ""
    if len(rows["affinities"]):
        drawn = drawing.fingerprint_svg(name, path=data.path["affinities"])
        drawn = f'<div class="atlas-fingerprint">{drawn}</div>\n'
    marks = f'data-class="{escape(row["class"])}" data-words="{escape(search_words(row, rows["affinities"]))}"'
    return "\n\n".join(
        [
            f"({anchor(name)})=\n### {text(name[:1].upper() + name[1:])}",
            f'<div class="atlas-entry" {marks}>\n{drawn}<div class="atlas-facts">',
            *_facts(row, set(data.drugs["name"])),
            "</div>\n</div>",
            *affinity_table(name, rows["affinities"]),
            *occupancy_table(name, rows["occupancies"]),
            *curve_table(name, rows["curves"]),
            *exposure_table(name, rows["exposures"]),
        ]
    )


def search_words(row: pd.Series, bound: pd.DataFrame) -> str:
    """What the filter looks through for one medicine, in lower case."""
    found = [row["name"], row["class"], CLASS_TITLES[row["class"]], row["pharmacology"], row["mode_of_action"]]
    found.append(row["active_metabolite"])
    if other := NAMES.get(row["name"]):
        found += [*other.sold_as, *other.also]
    for target in dict.fromkeys(bound["target"]):
        found += [target, messengers.TARGETS[target].words]
    cleaned = "".join(letter if letter.isalnum() or letter == "-" else " " for letter in " ".join(found).lower())
    return " ".join(dict.fromkeys(cleaned.split()))


def _facts(row: pd.Series, known: set[str]) -> list[str]:
    facts = [
        ("Acts on", text(row["pharmacology"])),
        ("Mode of action", f"{unbroken(text(row['mode_of_action']))} {in_brackets(row['source_class'])}"),
        ("Half-life", f"{_half_life(row)} {in_brackets(row['source_half_life'])}"),
        ("Active metabolite", f"{_metabolite(row, known)} {in_brackets(row['source_metabolite'])}"),
        ("Usual dose, as context", f"{_dose(row)} {in_brackets(row['source_dose'])}"),
    ]
    if other := NAMES.get(row["name"]):
        kinds = (("Sold as", other.sold_as), ("Also called", other.also))
        cited = in_brackets(",".join(other.sources))
        facts += [(kind, f"{text(', '.join(names))} {cited}") for kind, names in kinds if names]
    if row["note"]:
        facts.append(("Note", text(row["note"])))
    return [f"{term}\n: {words.strip()}" for term, words in facts]


def _half_life(row: pd.Series) -> str:
    low, high = row["half_life_low_h"], row["half_life_high_h"]
    span = hours_and_days(low, high) if pd.notna(low) and pd.notna(high) else ""
    if pd.isna(row["half_life_h"]):
        return span or NONE
    return hours_and_days(row["half_life_h"]) + (f"; range {span}" if span else "")


def _metabolite(row: pd.Series, known: set[str]) -> str:
    name = row["active_metabolite"]
    if not name:
        return NONE
    shown = f"[{text(name)}](#{anchor(name)})" if name in known else text(name)
    hours = row["metabolite_half_life_h"]
    return f"{shown}, half-life {hours_and_days(hours) if pd.notna(hours) else NONE}"


def _dose(row: pd.Series) -> str:
    low, high, note = row["dose_low_mg"], row["dose_high_mg"], text(row["dose_note"])
    if pd.isna(low):
        return note or NONE
    span = number(low) if low == high else f"{number(low)} to {number(high)}"
    return f"{span}{SPACE}mg{f', {note}' if note else ' a day by mouth'}"

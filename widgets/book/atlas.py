"""The drug atlas: a page of the book that is written by the data files themselves, so that it cannot drift from them.

The book's extension puts the Markdown (MyST) of `finder()` and of `page()` where
`chapters/back-matter/drug-atlas.md` says `{{ drug finder }}` and
`{{ drug atlas }}`, and lays the five tables (`downloads`) beside the published pages. Every row
of drugs.csv, affinities.csv, occupancy.csv, curves.csv and exposures.csv stands on the page; where a value is missing
it says "no reliable value".
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

import pandas as pd

from widgets import messengers
from widgets.book import reference
from widgets.book.reference import table
from widgets.figures import fingerprint as drawing
from widgets.medicines import datapackage
from widgets.medicines.classes import CLASSES as MEDICINE_CLASSES
from widgets.medicines.schema import CLASSES, NO_VALUE, TABLES, TARGETS
from widgets.medicines.tables import DATA, affinities, curves, drugs, exposures, occupancies

FOLDER = "_static/data"
"""Where the tables lie for download, from the root of the published book."""

CLASS_TITLES = {key: row.title for key, row in MEDICINE_CLASSES.items()}

# Tables of at most this many rows stand open.
_SHORT = 3


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
    """The filter's form, hidden until the page's script is there to serve it."""
    number = sum(len(rows) for _, rows in groups)
    options = "".join(
        f'<option value="{escape(name)}">{escape(CLASS_TITLES[name])} ({len(rows)})</option>' for name, rows in groups
    )
    hint = "A name, a target or a word, such as sertraline, D2 or irreversible"
    return (
        '<form class="atlas-filter" role="search" aria-label="Medicines of the atlas" hidden>'
        '<div><label for="atlas-words">Find a medicine</label>'
        '<input id="atlas-words" type="text" autocomplete="off" spellcheck="false" '
        'aria-describedby="atlas-hint"></div>'
        '<div><label for="atlas-class">Class</label>'
        f'<select id="atlas-class"><option value="">All classes ({number})</option>{options}</select></div>'
        f'<p id="atlas-hint">{hint}</p>'
        '<p class="atlas-count" role="status" aria-live="polite"></p></form>'
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
            *_affinities(name, rows["affinities"]),
            *_occupancies(name, rows["occupancies"]),
            *_curves(name, rows["curves"]),
            *_exposures(name, rows["exposures"]),
        ]
    )


def search_words(row: pd.Series, bound: pd.DataFrame) -> str:
    """What the filter looks through for one medicine, in lower case."""
    found = [row["name"], row["class"], CLASS_TITLES[row["class"]], row["pharmacology"], row["mode_of_action"]]
    found.append(row["active_metabolite"])
    for target in dict.fromkeys(bound["target"]):
        found += [target, messengers.TARGETS[target].words]
    cleaned = "".join(letter if letter.isalnum() or letter == "-" else " " for letter in " ".join(found).lower())
    return " ".join(dict.fromkeys(cleaned.split()))


def _facts(row: pd.Series, known: set[str]) -> list[str]:
    facts = [
        ("Acts on", text(row["pharmacology"])),
        ("Mode of action", f"{_whole(text(row['mode_of_action']))} {_in_brackets(row['source_class'])}"),
        ("Half-life", f"{_half_life(row)} {_in_brackets(row['source_half_life'])}"),
        ("Active metabolite", f"{_metabolite(row, known)} {_in_brackets(row['source_metabolite'])}"),
        ("Usual dose, as context", f"{_dose(row)} {_in_brackets(row['source_dose'])}"),
    ]
    if row["note"]:
        facts.append(("Note", text(row["note"])))
    return [f"{term}\n: {words.strip()}" for term, words in facts]


def _half_life(row: pd.Series) -> str:
    low, high = row["half_life_low_h"], row["half_life_high_h"]
    span = _hours(low, high) if pd.notna(low) and pd.notna(high) else ""
    if pd.isna(row["half_life_h"]):
        return span or _NONE
    return _hours(row["half_life_h"]) + (f"; range {span}" if span else "")


def _metabolite(row: pd.Series, known: set[str]) -> str:
    name = row["active_metabolite"]
    if not name:
        return _NONE
    shown = f"[{text(name)}](#{anchor(name)})" if name in known else text(name)
    hours = row["metabolite_half_life_h"]
    return f"{shown}, half-life {_hours(hours) if pd.notna(hours) else _NONE}"


def _dose(row: pd.Series) -> str:
    low, high, note = row["dose_low_mg"], row["dose_high_mg"], text(row["dose_note"])
    if pd.isna(low):
        return note or _NONE
    span = _number(low) if low == high else f"{_number(low)} to {_number(high)}"
    return f"{span}{_UNIT}mg{f', {note}' if note else ' a day by mouth'}"


def _affinities(name: str, rows: pd.DataFrame) -> list[str]:
    if rows.empty:
        return [f"Affinities: {_NONE}."]
    rows = rows.sort_values(["column", "value_nM"], ascending=[False, True], kind="stable")
    rows = rows.sort_values("target", key=lambda names: names.map(TARGETS.index), kind="stable")
    heads = ["Target", "Affinity", "Measured in", "Source"]
    lines = [
        [
            r.target,
            _affinity(r),
            _noted(_together("species unknown" if r.species == "unknown" else r.species, text(r.assay)), r.note),
            _cited(r.source),
        ]
        for r in rows.itertuples(index=False)
    ]
    values, targets, apart = int(rows["value_nM"].notna().sum()), rows["target"].nunique(), int(rows["conflict"].sum())
    said = f"{_count(values, 'value')} at {_count(targets, 'target')}"
    said = f"{said}, {apart} in conflict" if apart else said
    return _folded(f"Affinities of {name}: {said if values else _NONE}", heads, lines, "affinities")


def _affinity(row) -> str:
    if pd.isna(row.value_nM):
        return _NONE
    sign = "" if row.relation == "=" else f"{text(row.relation)}\N{NO-BREAK SPACE}"
    form = "\N{BLACK CIRCLE}" if row.column else "\N{WHITE CIRCLE}"
    if row.kind in ("IC50", "EC50"):
        form = "\N{BLACK SQUARE}" if row.column else "\N{WHITE SQUARE}"
    flag = " [conflict]{.atlas-conflict}" if row.conflict else ""
    return f"{form}{_UNIT}{row.kind} {sign}{_number(row.value_nM)}{_UNIT}nM{flag}"


def _occupancies(name: str, rows: pd.DataFrame) -> list[str]:
    if rows.empty:
        return [f"Occupancy measured in living brains: {_NONE}."]
    rows = rows.sort_values(["dose_mg"], kind="stable")
    rows = rows.sort_values("target", key=lambda names: names.map(TARGETS.index), kind="stable")
    heads = ["Target", "Dose", "Occupied", "People", "Hours after dose", "How", "Source"]
    lines = [
        [
            r.target,
            ", ".join(
                filter(None, [f"{_number(r.dose_mg)}{_UNIT}mg" if pd.notna(r.dose_mg) else "", text(r.dose_note)])
            ),
            _measured(r.occupancy_percent, r.low_percent, r.high_percent, "%", r.interval),
            _or_none(r.n) if r.species == "human" else f"{_or_none(r.n)} ({r.species})",
            _or_none(r.hours_after_dose),
            _noted(_together(text(r.method), text(r.region)), r.note),
            _cited(r.source),
        ]
        for r in rows.itertuples(index=False)
    ]
    targets = ", ".join(dict.fromkeys(rows["target"]))
    summary = f"Occupancy by {name} in living brains: {_count(len(rows), 'value')} at {targets}"
    return _folded(summary, heads, lines, "occupancies")


def _measured(value: float, low: float, high: float, unit: str, interval: str) -> str:
    """A value with its unit, its two ends after it where there are any."""
    ends = _span(low, high, unit, interval)
    if pd.isna(value):
        return ends or _NONE
    return f"{_or_none(value, unit)}; {ends}" if ends else _or_none(value, unit)


def _span(low: float, high: float, unit: str, interval: str) -> str:
    """Two ends and what they are the ends of; nothing where an end is missing."""
    if pd.isna(low) or pd.isna(high):
        return ""
    kind = {"CI95": "95 % confidence interval", "SD": "standard deviation", "SE": "standard error"}
    return f"{_number(low)} to {_number(high)}{_UNIT}{unit} ({kind.get(interval, interval)})"


def _curves(name: str, rows: pd.DataFrame) -> list[str]:
    if rows.empty:
        return []
    heads = ["Target", "Maximum", "Half of it at", "In plasma", "People", "How", "Source"]
    lines = [
        [
            r.target,
            _or_none(r.maximum_percent, "%"),
            _or_none(r.half_dose_mg, "mg"),
            _or_none(r.half_concentration_ng_ml, "ng/ml"),
            _or_none(r.n),
            _noted(text(r.method), r.note),
            _cited(r.source),
        ]
        for r in rows.itertuples(index=False)
    ]
    summary = f"Published curves of dose and occupancy for {name}: {len(rows)}"
    return _folded(summary, heads, lines, "curves")


def _exposures(name: str, rows: pd.DataFrame) -> list[str]:
    if rows.empty:
        return [f"Concentration in blood at a steady daily dose: {_NONE}."]
    heads = ["Substance", "Dose a day", "In blood", "Unbound", "Molar mass", "People", "How", "Sources"]
    lines = [
        [
            text(r.compound),
            _or_none(r.dose_mg, "mg"),
            _measured(r.concentration_ng_ml, r.low_ng_ml, r.high_ng_ml, "ng/ml", r.interval),
            _or_none(r.unbound_percent, "%"),
            _or_none(r.molar_mass, "g/mol"),
            _or_none(r.n),
            text(r.note),
            _together(*(_cited(key) for key in dict.fromkeys([r.source_concentration, r.source_unbound]))),
        ]
        for r in rows.itertuples(index=False)
    ]
    summary = f"Concentration in blood at a steady daily dose of {name}: {_count(len(rows), 'substance')}"
    return _folded(summary, heads, lines, "exposures")


def _folded(summary: str, heads: list[str], lines: list[list[str]], kind: str) -> list[str]:
    """A table behind its summary; a short one stands open."""
    state = " open" if len(lines) <= _SHORT else ""
    return [
        f'<details class="atlas-table"{state}><summary>{escape(summary)}</summary>',
        table(heads, lines, f"atlas {kind}"),
        "</details>",
    ]


# -- words -------------------------------------------------------------------------------------------------

_UNIT = "\N{NO-BREAK SPACE}"
_NONE = f"[{NO_VALUE}]{{.atlas-none}}"


def _cited(key: str) -> str:
    return f"{{cite:t}}`{key}`" if key else ""


def text(words: str) -> str:
    """Words of the data as Markdown: nothing in them is markup, keys of references.bib become citations."""
    # A backtick is code to the models' texts; here it is a letter like any other.
    return reference.text(words.replace("`", "\0")).replace("\0", "\\`")


def _in_brackets(key: str) -> str:
    return f"{{cite}}`{key}`" if key else ""


def _number(value: float) -> str:
    """A number as the data file has it, with thousands set apart: 0.81, 6,300."""
    return f"{int(value):,}" if value == int(value) else f"{value:.10g}"


def _or_none(value, unit: str = "") -> str:
    if pd.isna(value):
        return _NONE
    return f"{_number(value)}{_UNIT}{unit}" if unit else _number(value)


def _hours(*hours: float) -> str:
    """Hours, and from two days on the days too: "120 h (5 days)", "96 to 144 h (4 to 6 days)"."""
    said = f"{' to '.join(_number(each) for each in hours)}{_UNIT}h"
    days = " to ".join(f"{each / 24:.2g}" for each in hours)
    return f"{said} ({days} days)" if min(hours) >= 48 else said


def _together(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _noted(words: str, note: str) -> str:
    """How something was measured, and what there is to say of it."""
    return "; ".join(part for part in (words, text(note)) if part)


def _whole(words: str) -> str:
    """Receptors' names that no line breaks at their hyphen."""
    return re.sub(r"\b5-HT\w*", r"[\g<0>]{.atlas-whole}", words)


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"

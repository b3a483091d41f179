"""Messengers and targets: one row each is all that the book needs, and a row that breaks its form is refused."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from widgets import SynapseLab, messengers
from widgets.checks import counted, with_article
from widgets.engine.model import Model, available
from widgets.labs.words import lab_title, names_of
from widgets.messengers import (
    FILE,
    FINGERPRINT,
    GROUPS,
    MESSENGERS,
    TARGETS,
    TERMINALS,
    messenger,
    messenger_of,
    model_hue,
    model_title,
    read,
    target,
)
from widgets.reading import DataError

ROOT = Path(__file__).resolve().parents[1]
TEXT = FILE.read_text(encoding="utf-8")

NEW_MESSENGER = """
[[messenger]]
key = "acetylcholine"
name = "acetylcholine"
symbol = "ACh"
hue = "glutamate"
transporter = "CHT1"
precursor = "choline"
enzyme = "acetylcholinesterase"
metabolite = "choline"
explanation = ""
"""
NEW_TARGET = """
[[target]]
key = "AChE"
group = "acetylcholine's"
messenger = "acetylcholine"
words = "acetylcholinesterase enzyme"
place = 190
note = "breaks acetylcholine down"
"""
NEW_CLASS = '[[class]]\nkey = "cholinesterase inhibitor"\ntitle = "Cholinesterase inhibitors"\n'
NEW_GROUP = '[[group]]\nkey = "acetylcholine\'s"\n'


# -- what the book has -------------------------------------------------------------------------------------


def test_a_messengers_names_are_all_there():
    assert len(MESSENGERS) >= 5
    palette = json.loads((ROOT / "widgets/palette.json").read_text(encoding="utf-8"))
    for key, row in MESSENGERS.items():
        assert messenger(key) is row and row.key == key and row.title[:1].isupper()
        assert {row.hue, f"{row.hue}_text"} <= set(palette)
    serotonin = messenger("serotonin")
    names = (serotonin.symbol, serotonin.transporter, serotonin.precursor, serotonin.enzyme, serotonin.metabolite)
    assert names == ("5-HT", "SERT", "tryptophan", "MAO", "5-HIAA")
    assert {row.explanation for row in MESSENGERS.values()} == {"pump"}, "each of the book's messengers has a pump"


def test_every_target_is_in_one_group_and_answered_for():
    assert [name for group in GROUPS.values() for name in group] == list(TARGETS) and len(TARGETS) >= 30
    assert list(FINGERPRINT.values()) == sorted(FINGERPRINT.values(), key=lambda row: row.place)
    for row in FINGERPRINT.values():
        assert row.in_fingerprint and row.note and set(row.answers) <= set(TARGETS) and row.answers
    assert TARGETS["M1"].answers == ("M1", "muscarinic") and TARGETS["D2"].answers == ("D2",)
    assert (
        TARGETS["alpha2A"].label == "α2A" and TARGETS["5-HT2A"].hue == "serotonin" and TARGETS["H1"].hue == "ink_soft"
    )
    assert set(TERMINALS) <= set(available())


def test_rows_cannot_be_changed():
    with pytest.raises(TypeError):
        MESSENGERS["serotonin"] = None
    with pytest.raises(ValueError, match="frozen"):
        MESSENGERS["serotonin"].name = "sérotonine"


def test_a_model_belongs_to_the_messenger_with_the_longest_key():
    assert messenger_of("dopamine_prefrontal") is MESSENGERS["dopamine"]
    assert messenger_of("GABA_mine") is MESSENGERS["gaba"]
    own = messenger_of("my_tank")
    assert (own.name, own.symbol, own.hue, own.transporter) == ("my tank", "", "serotonin", "pump")
    assert own.explanation == "" and messenger_of("").name == "messenger"
    assert messenger_of("adaptation").explanation == "pump" and messenger_of("adaptation").name == "adaptation"


def test_models_have_titles_and_hues():
    assert model_title("gaba") == "GABA" and model_title("serotonin") == "serotonin"
    assert (
        model_title("dopamine_prefrontal") == "dopamine (prefrontal)" and model_title("mao_turnover") == "MAO turnover"
    )
    assert model_title("oral_dose") == model_title("dopamine_elsewhere") == ""
    assert [model_hue(name) for name in ("dopamine_prefrontal", "adaptation", "oral_dose")] == [
        "dopamine",
        "serotonin",
        "control",
    ]


def test_what_there_is_not_is_refused_with_the_nearest():
    with pytest.raises(
        ValueError, match="no messenger named 'serotonim' .did you mean 'serotonin'..; there are seroto"
    ):
        messenger("serotonim")
    with pytest.raises(ValueError, match="no target named 'sert' .did you mean 'SERT'..; the targets are SERT, NET"):
        target("sert")


# -- rows that break the form ------------------------------------------------------------------------------

WRONG = {
    # what is replaced: by what; the row and key at fault, and words of the refusal
    "a missing field": ('symbol = "DA"\n', "", "messenger dopamine", "symbol", "symbol is missing"),
    "an unknown key": ('symbol = "DA"', 'symbl = "DA"', "messenger dopamine", "symbl", "did you mean 'symbol'?"),
    "an empty name": ('name = "GABA"', 'name = ""', "messenger gaba", "name", "name is empty"),
    "an unknown hue": ('hue = "dopamine"', 'hue = "dopamin"', "messenger dopamine", "hue", "mean 'dopamine'?"),
    "a hue with none for words": ('hue = "dopamine"', 'hue = "brake"', "messenger dopamine", "hue", "'brake_text'"),
    "an unknown explanation": ('explanation = "pump"', 'explanation = "pumps"', "messenger serotonin", "explanation", "did you mean 'pump'?"),  # noqa: E501
    "a number for words": ('symbol = "DA"', "symbol = 7", "messenger dopamine", "symbol", "symbol is 7, which is no"),
    "an odd key": ('key = "dopamine"\nname', 'key = "Dopamine"\nname', "messenger Dopamine", "key", "small letters"),
    "a key twice": ('key = "D3"', 'key = "D2"', "target D2", "key", "is the key of target 23 already"),
    "an unknown answer": ('["M1", "muscarinic"]', '["M1", "muscarine"]', "target M1", "answers", "did you mean 'muscarinic'?"),  # noqa: E501
    "an unknown group": ('group = "transporters"', 'group = "transporter"', "target SERT", "group", "did you mean 'transporters'?"),  # noqa: E501
    "an unknown messenger": ('group = "transporters"\nmessenger = "serotonin"', 'group = "transporters"\nmessenger = "serotonine"', "target SERT", "messenger", "did you mean 'serotonin'?"),  # noqa: E501
    "no hue at all": ('hue = "ink_soft"\nwords = "histamine', 'words = "histamine', "target H1", "hue", "a messenger or a hue"),  # noqa: E501
    "a target's unknown hue": ('hue = "ink_soft"\nwords = "histamine', 'hue = "ink_sof"\nwords = "histamine', "target H1", "hue", "did you mean 'ink_soft'?"),  # noqa: E501
    "a place without words": ('note = "breaks monoamines down"\n\n[[target]]\nkey = "MAO-B"', '\n[[target]]\nkey = "MAO-B"', "target MAO-A", "note", "place is given and note is not"),  # noqa: E501
    "a place taken": ("place = 20\n", "place = 10\n", "target NET", "place", "10 is the place of SERT"),
    "an effect on nothing": ('"-alpha2" }', '"-alpha9" }', "terminal norepinephrine", "autoreceptor_gain", "did you mean 'alpha2'?"),  # noqa: E501
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_row_that_breaks_the_form_is_refused_by_file_row_key_and_line(tmp_path, case):
    old, new, row, key, says = WRONG[case]
    assert old in TEXT, f"{case}: {old!r} is no longer in the file"
    path = tmp_path / "messengers.toml"
    broken = TEXT.replace(old, new, 1)
    path.write_text(broken, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read(path)
    error = caught.value
    kind, name = row.split()
    number = broken.splitlines()[: error.line].count(f"[[{kind}]]")
    assert str(error).startswith(f"messengers.toml, {kind} {number} ({name}): ") and says in str(error), error
    assert (error.file, error.column) == ("messengers.toml", key)
    assert str(error).endswith(f"(line {error.line})")
    line = broken.splitlines()[error.line - 1]
    # The line of the key where it is written, otherwise that of its row's head.
    assert key in line or line.startswith("[["), line


def test_what_is_no_toml_is_refused(tmp_path):
    path = tmp_path / "messengers.toml"
    path.write_text(TEXT.replace("[[target]]", "[[target]", 1), encoding="utf-8")
    with pytest.raises(DataError, match="messengers.toml: not readable as TOML: .*line"):
        read(path)


# -- what a reader's own model is called ---------------------------------------------------------------------

CHOLINERGIC = """
model acetylcholine()
  compartment gap = 1; species extracellular in gap, vesicular in gap, cytosolic in gap, metabolite in gap
  extracellular = 0.1; vesicular = 80; cytosolic = 1; metabolite = 1
  synthesis: -> cytosolic; v
  packaging: cytosolic -> vesicular; 40*cytosolic
  release: vesicular -> extracellular; k_release*vesicular
  breakdown: extracellular -> metabolite; k_breakdown*extracellular
  metabolite_loss: metabolite -> ; metabolite
  k_release = 0.5; v = 40; k_breakdown = 400
end
"""


@pytest.mark.parametrize(
    ("text", "enzyme"),
    [(CHOLINERGIC, "enzyme"), (CHOLINERGIC.replace("breakdown", "breakdown_mao_a"), "MAO")],
    ids=["no MAO", "its own MAO-A"],
)
def test_a_messenger_without_a_row_is_drawn_with_what_its_model_says(text, enzyme):
    lab = SynapseLab(Model.from_antimony(text, strict=False), controls=["k_release"])
    assert lab.spec.title == "An acetylcholine synapse"
    assert lab.spec.outputs[0]["metabolite"].short == "breakdown product"
    drawn = lab.spec.models[0].messenger
    assert (drawn.name, drawn.enzyme, drawn.transporter) == ("acetylcholine", enzyme, "pump")


def test_a_row_may_say_that_nothing_takes_a_messenger_back():
    row = messenger("gaba").model_copy(update={"key": "ach", "name": "acetylcholine", "transporter": "", "enzyme": ""})
    names = names_of(row)
    assert (names["transporter"], names["enzyme"]) == ("pump", "enzyme")
    assert lab_title([row]) == "An acetylcholine synapse"
    assert lab_title([messenger("serotonin"), messenger("gaba")]) == "Serotonin and GABA"


@pytest.mark.parametrize(
    ("name", "said"),
    [("serotonin", "a serotonin"), ("acetylcholine", "an acetylcholine"), ("uridine", "a uridine"),
     ("adenosine", "an adenosine"), ("GABA", "a GABA"), ("NMDA", "an NMDA"), ("ATP", "an ATP")],
)  # fmt: skip
def test_the_article_goes_by_the_sound(name, said):
    assert with_article(name) == said


def test_one_is_no_plural():
    assert [counted(n, "pulse") for n in (0, 1, 2, 1.5)] == ["0 pulses", "1 pulse", "2 pulses", "1.5 pulses"]
    assert repr(Model.from_antimony("model a()\n x = 1; x' = -k*x; k = 1\nend", strict=False)).count("1 constant,") == 1


# -- a row is enough ---------------------------------------------------------------------------------------

ASK = """
import json
from widgets import affinities, fingerprint
from widgets.book import atlas
from widgets.figures.fingerprint import fingerprint_svg
from widgets.figures.markdown import model_said
from widgets.medicines.dosing import dose_response, occupancies_at
from widgets.messengers import messenger_of, model_hue, model_title

print(json.dumps({
    "affinity": float(fingerprint("sertraline", ["AChE"])["value_nM"].iloc[0]),
    "drawing": fingerprint_svg("sertraline"),
    "atlas": atlas.page(),
    "occupied": occupancies_at("sertraline", 50).index.tolist(),
    "basis": dose_response("sertraline", "AChE").basis,
    "messenger": messenger_of("acetylcholine").enzyme,
    "title": [model_title("acetylcholine"), model_said("acetylcholine")],
    "hue": model_hue("acetylcholine"),
}))
"""


@pytest.fixture(scope="module")
def enlarged(tmp_path_factory):
    """What the book answers when a messenger, a target and an affinity have been added: rows, and nothing else."""
    root = tmp_path_factory.mktemp("enlarged")
    leave = shutil.ignore_patterns("frontend", "static", "__pycache__")
    shutil.copytree(ROOT / "widgets", root / "widgets", ignore=leave)
    shutil.copy(ROOT / "references.bib", root)
    rows = TEXT.replace("# -- terminals", f"{NEW_MESSENGER}\n# -- terminals", 1) + NEW_GROUP + NEW_TARGET
    (root / "widgets/messengers.toml").write_text(rows, encoding="utf-8")
    table = root / "widgets/medicines/data/affinities.csv"
    classes = root / "widgets/medicines/classes.toml"
    classes.write_text(classes.read_text(encoding="utf-8") + NEW_CLASS, encoding="utf-8")
    drugs = root / "widgets/medicines/data/drugs.csv"
    drug = "donezepine,cholinesterase inhibitor,acetylcholine,enzyme inhibitor (AChE),,,,,,,,,stahl2024prescriber,,,,\n"
    drugs.write_text(drugs.read_text(encoding="utf-8") + drug, encoding="utf-8")
    line = "sertraline,AChE,Ki,=,25,human,cloned,stahl2024prescriber,yes,made up\n"
    table.write_text(table.read_text(encoding="utf-8") + line, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", ASK], cwd=root, capture_output=True, text=True, encoding="utf-8",
        env={"PYTHONPATH": str(root), "PATH": "", "PYTHONHASHSEED": "0", "HOME": str(root)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_a_new_target_is_one_row(enlarged):
    assert enlarged["affinity"] == 25
    assert ">AChE</text>" in enlarged["drawing"] and "--ls-glutamate" in enlarged["drawing"]
    assert enlarged["basis"] == "affinity" and enlarged["occupied"][-1] == "AChE"
    assert "acetylcholinesterase enzyme" in enlarged["atlas"]
    assert "| AChE | " in enlarged["atlas"] and "25\N{NO-BREAK SPACE}nM" in enlarged["atlas"]


def test_a_new_messenger_is_one_row(enlarged):
    assert enlarged["messenger"] == "acetylcholinesterase" and enlarged["hue"] == "glutamate"
    assert enlarged["title"] == ["acetylcholine", "acetylcholine"]


def test_a_new_class_is_one_row(enlarged):
    assert "(class-cholinesterase-inhibitor)=\n## Cholinesterase inhibitors\n" in enlarged["atlas"]
    assert "### Donezepine" in enlarged["atlas"]


def test_the_book_keeps_no_second_table():
    """The old tables' homes read their words here."""
    from widgets.medicines import dosing, schema

    assert tuple(schema.TARGETS) == tuple(TARGETS)
    assert list(dosing.ROWS) == list(FINGERPRINT) and messengers.TABLES.read_as["gaba_a"] == "GABA-A"

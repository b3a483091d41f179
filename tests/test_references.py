"""The references: who wrote what, when and where, and no host of a copy in an author's place."""

from __future__ import annotations

import re

import pytest

from tests.browser.support import ROOT

TEXT = (ROOT / "references.bib").read_text(encoding="utf-8")

# Institutions that are the author of what is cited: regulators, makers of a medicine, guideline groups, registers.
AUTHORS = {
    "Agency for Healthcare Research and Quality",
    "Agency for Medicinal Products and Medical Devices of Croatia (HALMED)", "American College of Physicians",
    "Brown \\& Burk UK Ltd", "ClinicalTrials.gov", "Devon Formulary and Referral", "Drug and Therapeutics Bulletin",
    "European Medicines Agency", "Flamingo Pharma UK Ltd", "GlaxoSmithKline UK",
    "Health Products Regulatory Authority (Ireland)", "Hertfordshire Partnership University NHS Foundation Trust",
    "Janssen-Cilag AG", "Lilly Medical (Germany)", "Long Term Care Community Coalition", "MAOI Expert Group",
    "Mayo Clinic", "McMaster Textbook of Internal Medicine", "Medicines and Healthcare products Regulatory Agency",
    "Medius AG", "Medsafe", "Merck Manual, Professional Edition", "Merck Manuals Online Medical Library",
    "National Institute for Health and Care Excellence", "Nobel Foundation", "Ontario Ministry of Health", "Pfizer",
    "Public Citizen", "SWI swissinfo.ch", "Schizophrenia Working Group of the Psychiatric Genomics Consortium",
    "Swissmedic-approved product information", "U.S. Food and Drug Administration",
    "UK Clinical Pharmacy Association", "UpToDate", "ZonMw",
}  # fmt: skip

# Sites that hold somebody else's paper or label. Each that still stands here is a value to be read in its source.
COPIES = {
    "Alchetron", "Current Psychiatry", "DrugBank", "Drugs.com", "MIMS Malaysia", "MIMS Thailand",
    "NeuroPsych Compass", "Open Drug Database (Switzerland)", "Open Drug Database Switzerland", "Optometry Advisor",
    "Pharmacological Sciences", "Psychopharmacopeia", "Renal and Urology News", "RxReasoner", "Twilight Bridge",
    "WikiDoc", "eMedExpert", "electronic Medicines Compendium", "stevenbagley.net",
}  # fmt: skip


def entries() -> dict[str, tuple[str, dict[str, str]]]:
    """key -> (kind, fields)"""
    found = {}
    for kind, key, body in re.findall(r"^@(\w+)\{([^,]+),\n(.*?)^\}", TEXT, flags=re.M | re.S):
        fields = dict(re.findall(r"^\s*(\w+)\s*=\s*\{(.*)\},?\s*$", body, flags=re.M))
        found[key] = kind, fields
    return found


ENTRIES = entries()


def institution(author: str) -> str:
    """The name in double braces, or nothing for people."""
    found = re.fullmatch(r"\{((?:[^{}]|\{[^{}]*\})*)\}", author)
    return found[1] if found else ""


def test_all_entries_are_read():
    assert len(ENTRIES) == TEXT.count("\n@") >= 600
    assert list(ENTRIES) == sorted(ENTRIES), "in alphabetical order of keys"


@pytest.mark.parametrize("field", ["author", "title", "year"])
def test_every_entry_says_who_what_and_when(field):
    lacking = [key for key, (_, fields) in ENTRIES.items() if not fields.get(field, "").strip("{} ")]
    assert not lacking


def test_every_entry_says_where():
    where = ("doi", "url", "journal", "booktitle", "publisher", "howpublished", "note")
    assert not [key for key, (_, fields) in ENTRIES.items() if not any(fields.get(name) for name in where)]
    papers = {key: fields for key, (kind, fields) in ENTRIES.items() if kind == "article"}
    assert len(papers) > 400
    found = re.compile(r"PubMed|PMID|PMC|PII|Article \w+|medRxiv|bioRxiv|arXiv", re.I)
    lost = [
        key
        for key, fields in papers.items()
        if not (fields.get("doi") or fields.get("url") or found.search(fields.get("note", "")) or fields.get("pages"))
    ]
    assert not lost, "neither DOI, PubMed number, address nor pages"


def test_no_copys_host_is_an_author():
    named = {key: name for key, (_, fields) in ENTRIES.items() if (name := institution(fields["author"]))}
    strange = {key: name for key, name in named.items() if name not in AUTHORS | COPIES}
    assert not strange, "an institution that is the author goes into AUTHORS; of a copy, find the authors"
    assert len([key for key, name in named.items() if name in COPIES]) <= 41, "there are to be fewer of these, not more"
    assert set(named.values()) >= AUTHORS | COPIES, "no longer cited: take it out"


def test_notes_do_not_speak_of_the_reading():
    told = re.compile(r"as read shows|does not show the|names no authors|could read|are not named there", re.I)
    assert not [key for key, (_, fields) in ENTRIES.items() if told.search(fields.get("note", ""))]

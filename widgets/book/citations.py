"""Citations as prose has them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from pybtex.backends.plaintext import Backend as PlainText
from pybtex.plugin import register_plugin as register_backend
from pybtex.richtext import Text
from sphinxcontrib.bibtex.plugin import register_plugin
from sphinxcontrib.bibtex.style.referencing import BracketStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle


def _round_brackets() -> BracketStyle:
    return BracketStyle(left="(", right=")")


@dataclass
class RoundAuthorYear(AuthorYearReferenceStyle):
    """(Best et al., 2009), as prose has it, instead of the square brackets of a manual."""

    bracket_parenthetical: BracketStyle = field(default_factory=_round_brackets)
    bracket_textual: BracketStyle = field(default_factory=_round_brackets)
    bracket_author: BracketStyle = field(default_factory=_round_brackets)
    bracket_label: BracketStyle = field(default_factory=_round_brackets)
    bracket_year: BracketStyle = field(default_factory=_round_brackets)


def register_citations() -> None:
    """Tell sphinxcontrib-bibtex of the style that `_config.yml` names."""
    # For each citation pybtex searches all installed packages for this plug-in, unless it is registered.
    register_backend("pybtex.backends", "plaintext", PlainText, force=True)
    # A build formats each of the sources several times over; most of that is reading the same names from LaTeX again.
    if not hasattr(Text.from_latex, "cache_info"):
        Text.from_latex = lru_cache(maxsize=None)(Text.from_latex)
    register_plugin("sphinxcontrib.bibtex.style.referencing", "author_year_round", RoundAuthorYear)

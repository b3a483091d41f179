"""Whether all that names the version agrees, and what a release says of itself.

python -m tests.release                  what disagrees, a line each
python -m tests.release v1.2.0           the same, for a release under this tag
python -m tests.release v1.2.0 --notes   what CHANGELOG.md says of it

The version stands in pyproject.toml; `widgets.__version__` and the foot of each page read it there. CITATION.cff,
README.md and CHANGELOG.md are written by hand, for people, and compared here.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

import yaml

from tests.browser.support import ROOT


def version(root: Path = ROOT) -> str:
    """The version, from pyproject.toml."""
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(text)["project"]["version"])


def headings(root: Path = ROOT) -> dict[str, str]:
    """The releases of CHANGELOG.md and their dates; "Unreleased" has none."""
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    return {
        name: date or "" for name, date in re.findall(r"^## \[?([^\s\]]+)\]?(?: - (\d{4}-\d\d-\d\d))?$", text, re.M)
    }


def disagreements(tag: str | None = None, root: Path = ROOT) -> list[str]:
    """What names another version than pyproject.toml, or another date; with a tag, what keeps it from release."""
    now, faults = version(root), []
    if not re.fullmatch(r"\d+\.\d+\.\d+", now):
        faults.append(f"pyproject.toml: the version {now!r} is not three numbers, as 1.2.0")
    cited = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    if str(cited.get("version")) != now:
        faults.append(f"CITATION.cff: version {cited.get('version')}, and pyproject.toml has {now}")
    told = re.findall(r"\bVersion (\d[\w.]*\w)", (root / "README.md").read_text(encoding="utf-8"))
    if told != [now]:
        faults.append(f"README.md, How to cite: version {told}, and pyproject.toml has {now}")
    released, known = str(cited.get("date-released") or ""), headings(root)
    if released != known.get(now, ""):
        faults.append(
            f"CITATION.cff has date-released {released or 'nowhere'}, and CHANGELOG.md "
            + (f"has {now} of {known[now] or 'no day'}" if now in known else f"has no heading '## {now} - YYYY-MM-DD'")
        )
    if tag is not None:
        if tag != f"v{now}":
            faults.append(f"the tag is {tag!r}, and the version of pyproject.toml wants v{now}")
        if not known.get(now):
            faults.append(f"CHANGELOG.md has no heading '## {now} - YYYY-MM-DD' (Unreleased becomes it)")
    return faults


def notes(tag: str, root: Path = ROOT) -> str:
    """What CHANGELOG.md says of a release. ValueError if it says nothing."""
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    name = re.escape(tag.removeprefix("v"))
    found = re.search(rf"^## \[?{name}\]?[^\n]*\n(.*?)(?=^## |\Z)", text, flags=re.M | re.S)
    if not found or not found[1].strip():
        raise ValueError(f"CHANGELOG.md says nothing of {tag!r}; it has {', '.join(headings(root))}")
    return found[1].strip() + "\n"


def main(arguments: list[str]) -> int:
    tags = [each for each in arguments if not each.startswith("-")]
    faults = disagreements(tags[0] if tags else None)
    for fault in faults:
        print(f"::error::{fault}", file=sys.stderr)
    if not faults and "--notes" in arguments:
        print(notes(tags[0]), end="")
    elif not faults:
        print(f"Everything names version {version()}.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Whether each DOI of references.bib still leads somewhere, asked of doi.org.

python -m tests.dois                     asks for all of them; a DOI that is not registered fails

doi.org's handle service (https://www.doi.org/doi-handbook/HTML/rest-api.html) answers whether a DOI is registered
without going to the publisher, many of whom refuse programs. It is asked one at a time, a few times a second at most.
"""

from __future__ import annotations

import json
import re
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote

from tests.browser.support import ROOT

PAUSE = 0.3
"""Seconds between two questions."""
TRIES = 3
REGISTERED, NOT_FOUND = 1, 100
"""Codes of the handle service's answers: https://www.handle.net/proxy_servlet.html. Anything else tells nothing."""
NO_ANSWER = -1


def dois(text: str) -> dict[str, str]:
    """Key of a reference -> its DOI, from the text of a BibTeX file."""
    found, key = {}, ""
    for line in text.splitlines():
        if entry := re.match(r"@\w+\{\s*([^,\s]+)\s*,", line):
            key = entry[1]
        if doi := re.match(
            r"\s*doi\s*=\s*[{\"]\s*(?:https?://(?:dx\.)?doi\.org/)?([^}\"]+?)\s*[}\"]", line, flags=re.I
        ):
            found[key] = doi[1].replace("\\_", "_")
    return found


def asked(doi: str, timeout: float = 20) -> int:
    """The code that the handle service answers with; NO_ANSWER if it does not."""
    request = urllib.request.Request(
        f"https://doi.org/api/handles/{quote(doi, safe='/')}?type=URL",
        headers={"User-Agent": "living-synapse-link-check/1 (weekly; one question at a time)"},
    )
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return int(json.load(answer)["responseCode"])
    except urllib.error.HTTPError as error:
        # A DOI that is not registered is answered with 404, and the code in the answer.
        try:
            with error:
                return int(json.load(error)["responseCode"])
        except (ValueError, KeyError, TypeError):
            return NO_ANSWER
    except (OSError, ValueError, KeyError, TypeError):
        return NO_ANSWER


def check(
    known: Mapping[str, str], ask: Callable[[str], int] = asked, wait: Callable[[float], None] = time.sleep
) -> tuple[list[str], list[str]]:
    """(DOIs that are not registered, DOIs of which nothing could be learnt), each with the references that name it.

    Each DOI is asked for once, and again after a longer wait if there is no telling answer.
    """
    keys: dict[str, list[str]] = {}
    for key, doi in known.items():
        keys.setdefault(doi, []).append(key)
    dead, unknown = [], []
    for doi, names in keys.items():
        code = NO_ANSWER
        for attempt in range(TRIES):
            wait(PAUSE * 10**attempt)
            code = ask(doi)
            if code in (REGISTERED, NOT_FOUND):
                break
        words = f"{doi} ({', '.join(names)})"
        if code == NOT_FOUND:
            dead.append(words)
        elif code != REGISTERED:
            unknown.append(words)
    return dead, unknown


def main(file: Path = ROOT / "references.bib") -> int:
    known = dois(file.read_text(encoding="utf-8"))
    if not known:
        print(f"::error::no DOI was found in {file.name}")
        return 1
    dead, unknown = check(known)
    for words in unknown:
        print(f"::warning::doi.org gave no answer on {words}")
    for words in dead:
        print(f"::error::doi.org knows no {words}")
    print(f"{len(known)} DOIs, {len(dead)} not registered, {len(unknown)} without an answer")
    # Without a single answer nothing was learnt.
    return 1 if dead or len(unknown) == len(set(known.values())) else 0


if __name__ == "__main__":
    sys.exit(main())

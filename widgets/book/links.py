"""Links to the repository and to Binder: where one is known, and only there."""

from __future__ import annotations

import re
from collections.abc import Mapping


def repository_links(path: str, environment: Mapping[str, str]) -> list[dict[str, str]]:
    """Where a chapter's source stands and where it can be run: a list of {"label", "url", "hint"}.

    `path` is the source file's path in the repository. Empty unless GITHUB_REPOSITORY (`owner/name`, set on GitHub
    Actions) is known; BINDERHUB_URL chooses another Binder than mybinder.org. Raises ValueError on anything else.
    """
    repository = environment.get("GITHUB_REPOSITORY", "").strip()
    if not repository:
        return []
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", repository):
        raise ValueError(f"GITHUB_REPOSITORY is {repository!r}; it must be owner/name, or unset for no links")
    server = environment.get("GITHUB_SERVER_URL", "").rstrip("/") or "https://github.com"
    binder = environment.get("BINDERHUB_URL", "").rstrip("/") or "https://mybinder.org"
    for name, url in (("GITHUB_SERVER_URL", server), ("BINDERHUB_URL", binder)):
        if not url.startswith("https://"):
            raise ValueError(f"{name} is {url!r}; it must be an https:// address")
    source = f"{server}/{repository}/blob/HEAD/{path}"
    links = [{"label": "Source", "url": source, "hint": "This page in the repository"}]
    if path.endswith(".ipynb"):
        run = {
            "label": "Run",
            "url": f"{binder}/v2/gh/{repository}/HEAD?labpath={path}",
            "hint": "This chapter with a Python kernel, on Binder",
        }
        links.insert(0, run)
    return links

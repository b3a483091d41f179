"""Links to the repository, to Binder and to Colab: where one is known, and only there.

Binder and Colab open the notebooks to run. These are no part of the sources: once everything has passed, the workflow
pushes the tested commit, with the built copies in `notebooks/`, as the branch `notebooks`
(`.ci/publish-notebooks`), and then the pages whose links lead there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

GITHUB = "https://github.com"
COPIES = BRANCH = "notebooks"
"""Where the notebooks to run lie: this folder of the built book, and of this branch of the repository."""


def copy_of_chapter(page: str) -> str:
    """Where the notebook to run of a chapter lies: that of chapters/a/b, or of its source, is notebooks/a/b.ipynb."""
    return f"{COPIES}/{page.removesuffix('.ipynb').removeprefix('chapters/')}.ipynb"


def repository_links(path: str, environment: Mapping[str, str]) -> list[dict[str, str]]:
    """Where a chapter's source stands and where it can be run: a list of {"label", "url", "hint"}.

    `path` is the source file's path in the repository. Empty unless GITHUB_REPOSITORY (`owner/name`, set on GitHub
    Actions) is known; BINDERHUB_URL chooses another Binder than mybinder.org. Raises ValueError on anything else.
    """
    server, repository = _repository(environment)
    if not repository:
        return []
    binder = environment.get("BINDERHUB_URL", "").rstrip("/") or "https://mybinder.org"
    if not binder.startswith("https://"):
        raise ValueError(f"BINDERHUB_URL is {binder!r}; it must be an https:// address")
    source = f"{server}/{repository}/blob/HEAD/{path}"
    links = [{"label": "Source", "url": source, "hint": "This page in the repository"}]
    if path.endswith(".ipynb") and server == GITHUB:
        copy = copy_of_chapter(path)
        links[:0] = [
            {
                "label": "Binder",
                "url": f"{binder}/v2/gh/{repository}/{BRANCH}?labpath={copy}",
                "hint": "Run this chapter with a Python kernel, on Binder",
            },
            {
                "label": "Colab",
                "url": f"https://colab.research.google.com/github/{repository}/blob/{BRANCH}/{copy}",
                "hint": "Run this chapter with a Python kernel, on Google Colab",
            },
        ]
    return links


def published_at(environment: Mapping[str, str]) -> str:
    """The address of the published book, with a slash at its end; empty where no repository on GitHub is known."""
    server, repository = _repository(environment)
    if not repository or server != GITHUB:
        return ""
    owner, name = repository.lower().split("/")[0], repository.split("/")[1]
    return f"https://{owner}.github.io/" + ("" if name.lower() == f"{owner}.github.io" else f"{name}/")


def install_from(environment: Mapping[str, str]) -> str:
    """What pip installs this very version from: the tag, or the commit, that is built; empty where none is known."""
    server, repository = _repository(environment)
    if not repository:
        return ""
    tag = environment.get("GITHUB_REF_NAME", "") if environment.get("GITHUB_REF_TYPE") == "tag" else ""
    version = tag or environment.get("GITHUB_SHA", "")
    return f"git+{server}/{repository}" + (f"@{version}" if version else "")


def _repository(environment: Mapping[str, str]) -> tuple[str, str]:
    """The server and `owner/name`; the latter empty where none is known. Raises ValueError for what is neither."""
    repository = environment.get("GITHUB_REPOSITORY", "").strip()
    if repository and not re.fullmatch(r"[\w.-]+/[\w.-]+", repository):
        raise ValueError(f"GITHUB_REPOSITORY is {repository!r}; it must be owner/name, or unset for no links")
    server = environment.get("GITHUB_SERVER_URL", "").rstrip("/") or GITHUB
    if not server.startswith("https://"):
        raise ValueError(f"GITHUB_SERVER_URL is {server!r}; it must be an https:// address")
    return server, repository

"""Binder's own steps in a clean environment: a model is edited there, and kernel, lab and chapter follow.

The steps are those of the Dockerfile that `jupyter-repo2docker --no-build --debug .` (version 2026.4.0) prints for this
repository: the Python of runtime.txt, a copy of the repository, `pip install -r requirements.txt`, `pip install .`, and
`./postBuild`, with REPO_DIR set. JupyterLab and the kernel come with the image; here the kernel is installed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.support import ROOT

CHAPTER = "chapters/2-messengers/serotonin.ipynb"
ASKED = """
import json, sys
import widgets
from widgets import SynapseLab, load_model
model = load_model("serotonin")
lab = SynapseLab("serotonin")
print(json.dumps({
    "place": widgets.__file__,
    "antimony": "antimony" in sys.modules,
    "model": model.parameters.set_index("name").loc["k_diffusion", "value"],
    "level": model.steady_state()["extracellular"],
    "lab": lab.spec.models[0].javascript,
    "page": len(lab.view._esm),
}))
"""
RUN = """
import sys
import nbformat
from nbclient import NotebookClient
path = sys.argv[1]
notebook = nbformat.read(path, as_version=4)
NotebookClient(notebook, timeout=120, kernel_name="python3").execute(cwd=sys.argv[2])
print(sum(cell.cell_type == "code" for cell in notebook.cells))
"""


class Image:
    """What Binder builds: a checkout and an environment."""

    def __init__(self, home: Path):
        self.repository, self.home = home / "repository", home
        wanted = (ROOT / "runtime.txt").read_text(encoding="utf-8").strip().removeprefix("python-")
        own = f"{sys.version_info[0]}.{sys.version_info[1]}"
        python = sys.executable if own == wanted else shutil.which(f"python{wanted}")
        if python is None:
            pytest.skip(f"runtime.txt asks for Python {wanted}, which this machine does not have")
        self.bin = home / "environment/bin"
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")},
            "PATH": os.pathsep.join([str(self.bin), os.environ["PATH"]]),
            # In an image the home is the checkout's; here it is one that may be tidied. The caches of packages only
            # spare time.
            "REPO_DIR": str(self.repository),
            "HOME": str(home),
            "PIP_CACHE_DIR": _cache("pip", "PIP_CACHE_DIR"),
            "npm_config_cache": str(Path.home() / ".npm"),
            "JUPYTER_DATA_DIR": str(home / "jupyter"),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        }
        copy_of_the_repository(self.repository)
        self.run(python, "-m", "venv", str(home / "environment"), cwd=home)

    def run(self, *command: str, cwd: Path | None = None) -> str:
        done = subprocess.run(
            command, cwd=cwd or self.repository, env=self.environment, capture_output=True, text=True, timeout=400
        )
        assert done.returncode == 0, f"{command} failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
        return done.stdout

    def ask(self) -> dict:
        """What a kernel whose notebook lies in the chapters' folder finds."""
        return json.loads(self.run("python", "-c", ASKED, cwd=self.repository / "chapters"))


def _cache(name: str, variable: str) -> str:
    return os.environ.get(variable) or str(Path.home() / ".cache" / name)


def copy_of_the_repository(to: Path) -> None:
    """What git would check out: every file that it knows or would take up, and nothing that was built."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    files = [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
    assert "postBuild" in files and CHAPTER in files
    for name in files:
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, to / name)


@pytest.fixture(scope="module")
def image(tmp_path_factory) -> Image:
    image = Image(tmp_path_factory.mktemp("binder"))
    assert os.access(image.repository / "postBuild", os.X_OK)
    image.run("pip", "install", "--quiet", "-r", "requirements.txt")
    image.run("pip", "install", "--quiet", ".")
    image.run("./postBuild")
    return image


@pytest.mark.slow
def test_an_edited_model_is_the_model(image):
    before = image.ask()
    assert Path(before["place"]).is_relative_to(image.repository), "the kernel imports a copy"
    assert before["page"] > 10_000, "no bundle"
    assert not before["antimony"], "the models that came with the package were read again"
    text = image.repository / "widgets/models/serotonin.ant"
    written = text.read_text(encoding="utf-8")
    line = next(line for line in written.splitlines() if line.strip().startswith("k_diffusion ="))
    value = before["model"]
    edited = line.replace(f"{value:g}", f"{10 * value:g}", 1)
    assert edited != line
    try:
        text.write_text(written.replace(line, edited), encoding="utf-8")
        after = image.ask()
    finally:
        text.write_text(written, encoding="utf-8")
    assert after["antimony"] and after["model"] == 10 * value
    assert after["level"] < 0.99 * before["level"]
    assert after["lab"] != before["lab"], "the lab does not follow the model"
    assert image.ask() == before


@pytest.mark.slow
def test_a_chapter_runs(image):
    # The image's own kernel; nothing of it comes from the repository.
    image.run("pip", "install", "--quiet", "-c", "requirements-dev.txt", "ipykernel", "nbclient")
    folder = image.repository / Path(CHAPTER).parent
    cells = int(image.run("python", "-c", RUN, str(image.repository / CHAPTER), str(folder)))
    assert cells >= 8


@pytest.mark.slow
def test_what_only_the_building_needed_is_gone(image):
    assert not (image.repository / "widgets/frontend/node_modules").exists()
    assert (image.repository / "widgets/static/lab.js").is_file()

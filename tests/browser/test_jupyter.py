"""The same notebook with a Python kernel behind it: JupyterLab and Notebook 7, a real kernel, driven by keyboard."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from urllib.error import URLError

import nbformat
import pytest

from tests.browser.harness import LABS, QUESTIONS, Lab, run_axe
from tests.browser.support import ROOT
from tests.scripts import for_browser

PAGE = "chapters/2-messengers/serotonin"
TOKEN = "a-token-for-loopback-only"
FRONT_ENDS = {"JupyterLab": "lab/tree", "Notebook": "notebooks"}


def _ask(url: str, method: str = "GET"):
    request = urllib.request.Request(url, method=method, headers={"Authorization": f"token {TOKEN}"})
    with urllib.request.urlopen(request, timeout=5) as answer:
        return answer.read()


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Where a Jupyter server keeps all that it writes; it serves the folder `work`."""
    return tmp_path_factory.mktemp("jupyter")


@pytest.fixture(scope="module")
def server(home):
    """A Jupyter server on a copy of the chapters, with settings of its own; yields its address."""
    for folder in FRONT_ENDS:  # a copy each: a second opening of one file would share the first one's kernel
        copy = home / "work" / folder / "chapters"
        shutil.copytree(ROOT / "chapters", copy, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
    }
    with (home / "log").open("w+", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}",
             "--ServerApp.port_retries=0", f"--IdentityProvider.token={TOKEN}", f"--notebook-dir={home / 'work'}",
             "--expose-app-in-browser", "--JupyterNotebookApp.expose_app_in_browser=True", "--LabApp.news_url=None",
             "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"],
            cwd=home / "work", env=environment, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            deadline = time.monotonic() + 60
            while True:
                try:
                    _ask(f"{url}/api/status")
                    break
                except (URLError, ConnectionError, TimeoutError):
                    log.seek(0)
                    assert process.poll() is None, f"Jupyter stopped:\n{log.read()[-4000:]}"
                    assert time.monotonic() < deadline, f"Jupyter does not answer:\n{log.read()[-4000:]}"
                    threading.Event().wait(0.1)
            yield url
        finally:
            if process.poll() is None:
                _ask(f"{url}/api/shutdown", "POST")  # ends its kernels too
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


SLIDERS_IN_KERNEL = """
import json as _json, ipywidgets as _w
from ipywidgets.widgets.widget import _instances
print(_json.dumps([s.value for s in _instances.values() if isinstance(s, _w.FloatSlider)]))
"""


@pytest.mark.parametrize("front_end", FRONT_ENDS)
def test_a_chapter_lives_with_a_real_kernel(open_page, server, front_end):
    notebook = nbformat.read(ROOT / f"{PAGE}.ipynb", as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    first = {
        name: next(i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code" and f"{name}(" in cell.source)
        for name in ("SynapseLab", "CheckYourself")
    }
    assert LABS[PAGE] and QUESTIONS[PAGE]
    page = open_page(None)
    page.add_init_script(for_browser("jupyter"))
    page.goto(f"{server}/{FRONT_ENDS[front_end]}/{front_end}/{PAGE}.ipynb?token={TOKEN}", wait_until="load")
    page.set_default_timeout(60_000)
    page.wait_for_function("jupyter.ready")
    cells = page.evaluate("jupyter.run")
    assert len(cells) == len(code)
    assert all(count is not None and not faults for count, *faults in cells), cells

    page.evaluate("jupyter.scroll", first["SynapseLab"])
    root = page.locator(".synapse-lab").first
    root.locator("path.curve").first.wait_for(state="attached")
    lab = Lab(page, root)
    assert lab.sliders
    if lab.gate.count():
        assert all(lab.locked())
        lab.answer_gate()
    for index in range(len(lab.sliders)):
        assert root.get_by_role("slider", name=lab.label_of(index), exact=True).count() == 1
        after = lab.step(index)
    # JupyterLab has shortcuts on plain keys: none may fire, and the notebook is as long as before.
    assert page.evaluate("jupyter.cells") == len(notebook.cells)
    in_kernel = json.loads(page.evaluate("jupyter.askKernel", SLIDERS_IN_KERNEL))
    assert set(after.values) <= set(round(value, 9) for value in in_kernel), (after.values, in_kernel)
    for dark in ("true", "false"):
        page.evaluate("(light) => { document.body.dataset.jpThemeLight = light }", dark)
        passed = run_axe(page, f"{front_end}, lab, light={dark}", ".synapse-lab")
        assert passed >= 15, f"only {passed} axe rules applied"

    page.evaluate("jupyter.scroll", first["CheckYourself"])
    group = page.locator(".ls-question").first
    group.wait_for(state="attached")
    group.locator("input").first.press("Space")
    page.keyboard.press("ArrowDown")
    assert group.locator("input").nth(1).is_checked(), "an arrow key left the group of answers"
    page.keyboard.press("Enter")
    group.locator(".ls-feedback p").first.wait_for()
    assert run_axe(page, f"{front_end}, questions", ".ls-questions") >= 15


COPY = "notebooks/4-medicines/snri.ipynb"


@pytest.mark.parametrize("front_end", FRONT_ENDS)
def test_a_notebook_to_run_shows_stills_and_then_lives(open_page, server, home, book, front_end):
    """As on the day after: nothing was run here, the file is not trusted, and nothing is broken."""
    place = home / "work" / front_end / COPY
    place.parent.mkdir(parents=True)
    shutil.copy(book.html / COPY, place)
    copied = nbformat.read(place, as_version=4)
    labs = [at for at, cell in enumerate(copied.cells) if "DrugLab(" in cell.source]
    assert len(labs) >= 2
    page = open_page(None)
    page.add_init_script(for_browser("jupyter"))
    page.goto(f"{server}/{FRONT_ENDS[front_end]}/{front_end}/{COPY}?token={TOKEN}", wait_until="load")
    page.set_default_timeout(60_000)
    page.wait_for_function("jupyter.ready")
    for at in labs:
        page.evaluate("jupyter.scroll", at)
        still = page.locator(".jp-RenderedHTML", has=page.locator("img[src^='data:image/svg+xml'][alt]"))
        still.filter(has_text="Run me:").first.wait_for(state="visible")
        page.wait_for_function(
            "() => [...document.querySelectorAll('.jp-RenderedHTML img')].every((img) => img.naturalWidth)"
        )
        assert page.get_by_text("Error displaying widget").count() == 0
        assert page.locator(".synapse-lab").count() == 0
    # Code that the book folds away is folded here too, and prose has no raw roles.
    page.evaluate("jupyter.scroll", 1)
    assert "{term}" not in page.locator(".jp-Notebook >> visible=true").first.inner_text()
    counts = page.evaluate("jupyter.run")
    assert len(counts) == sum(cell.cell_type == "code" for cell in copied.cells)
    assert all(count is not None and not faults for count, *faults in counts), counts
    page.evaluate("jupyter.scroll", labs[0])
    root = page.locator(".synapse-lab").first
    root.locator("path.curve").first.wait_for(state="attached")
    # The lab's name is there for the next cell, and setting it opens the lab and moves its sliders.
    said = page.evaluate(
        "jupyter.askKernel", "snri_lab.set(drug='duloxetine', dose=60); print(snri_lab.values['dose'])"
    )
    assert said.strip() == "60.0"
    page.wait_for_function(
        """() => document.querySelector('.synapse-lab [role=status]').innerText
            .replace(/\\s/g, ' ').includes('At 60 mg a day, duloxetine')"""
    )
    assert not any(Lab(page, root).locked())

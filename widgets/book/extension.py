"""The Sphinx extension that makes saved widgets live in a static page, and a page this book's own.

Jupyter Book reads `_config.yml`, which lists `widgets.book.extension` among the extensions. Here the book's
concerns are only registered; each has a module of its own, whose first line says what it does.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import ConfigError

from widgets import bundles
from widgets.book import (
    audit,
    cache,
    cells,
    check,
    citations,
    code_colours,
    csp,
    execution,
    figures,
    folds,
    frames,
    glossary,
    kinds,
    made,
    markup,
    maths,
    notebooks_to_run,
    pages,
    programs,
    progress,
    state,
    stills,
    tables,
    written,
)
from widgets.book.links import repository_links
from widgets.book.places import ASSETS, HEAD, THEME
from widgets.bundles import PACKAGE, STATIC
from widgets.version import VERSION


def configure(app: Sphinx, config: Any) -> None:
    """Set what `_config.yml` leaves to the book itself; refuses to begin with a faulty table, model or bundle."""
    whole_bundles(STATIC, PACKAGE.parent / "hatch_build.py")
    wrong = check.faults_once(Path(app.outdir).parent)
    if wrong:
        raise ConfigError("\n".join([*wrong, "Nothing was executed or built: mend these first."]))
    cache.key_the_cache(app, config)
    config.living_synapse_environment = {name: os.environ[name] for name in made.VARIABLES if os.environ.get(name)}
    try:
        repository_links("chapters/welcome.ipynb", config.living_synapse_environment)
    except ValueError as error:
        raise ConfigError(str(error)) from error
    config.version = config.release = VERSION
    config.pygments_style = "widgets.book.code_colours.LightCode"
    config.nb_ipywidgets_js = {"runtime.js": {"defer": "defer"}}
    config.html_static_path = [*config.html_static_path, *(str(STATIC / name) for name in ASSETS)]
    config.templates_path = [*config.templates_path, str(THEME / "templates")]


def whole_bundles(static: Path, script: Path) -> None:
    """Bundle the browser code where it is not what its sources make of it; refuse to begin where that cannot be done.

    script : the checkout's hatch_build.py, which an installed package has not.
    """
    said = ""
    if script.is_file():
        done = subprocess.run([sys.executable, str(script)], cwd=script.parent, capture_output=True, text=True)
        progress.say(done.stdout.strip()) if done.stdout.strip() else None
        said = (done.stderr.strip().splitlines() or [""])[-1] if done.returncode else ""
    wrong = bundles.faults((HEAD, *ASSETS), static)
    if wrong or said:
        names = ", ".join(f"{name} ({what})" for name, what in wrong.items()) or "the browser code"
        why = f": bundling it failed with {said!r}" if said else ""
        raise ConfigError(
            f"widgets/static/ is not whole, {names}{why}. Run `python hatch_build.py` in a checkout, or install the "
            "package again (`pip install --force-reinstall .`)."
        )


def setup(app: Sphinx) -> dict[str, Any]:
    """Sphinx calls this."""
    cells.tell_by_cell(app)
    app.add_config_value("comments_config", {}, "html")  # Jupyter Book sets it for an extension this book leaves out
    app.add_config_value("living_synapse_machinery", "", "env")
    app.add_config_value("living_synapse_assets", "", "html")
    app.add_config_value("living_synapse_environment", {}, "html")
    app.connect("config-inited", configure, priority=10)
    app.connect("config-inited", made.look_after, priority=20)
    app.connect("builder-inited", progress.follow, priority=990)
    app.connect("builder-inited", code_colours.use_dark_code, priority=100)
    app.connect("env-get-outdated", cache.forget_stale)
    app.connect("env-before-read-docs", execution.run_side_by_side)
    app.connect("env-before-read-docs", cache.vouch)
    app.connect("source-read", written.write_reference)
    app.connect("source-read", written.write_atlas)
    app.connect("doctree-read", state.thin_page_state)
    app.connect("doctree-read", glossary.collect)
    app.connect("env-purge-doc", glossary.forget)
    app.connect("env-merge-info", glossary.merge)
    app.connect("env-updated", glossary.rewrite_users)
    app.connect("html-page-context", programs.name_programs, priority=550)  # after myst-nb has laid the state by
    app.connect("html-page-context", notebooks_to_run.write_copy)
    app.connect("env-updated", stills.draw_all)
    app.connect("html-page-context", stills.set_stills, priority=600)  # before the page is dressed
    app.connect("html-page-context", frames.write_frames, priority=650)  # with the stills in their places
    app.connect("html-page-context", pages.dress_page, priority=700)  # after the theme has had its say
    app.connect("build-finished", cache.vouch)
    app.connect("build-finished", programs.lay_programs)
    app.connect("build-finished", written.lay_downloads)
    app.connect("build-finished", written.lead_to_the_first_page, priority=800)
    app.connect("build-finished", csp.guard_pages, priority=900)  # when nobody writes into a page any more
    app.connect("build-finished", made.record_all, priority=950)  # when all is written
    app.connect("build-finished", audit.refuse_broken_pages, priority=980)
    citations.register_citations()
    folds.register(app)
    app.add_transform(tables.CaptionTables)
    app.add_post_transform(figures.InlineFigures)
    app.add_post_transform(markup.CodeBelow)
    app.add_post_transform(kinds.NameKinds)
    app.add_html_math_renderer("mathml", (maths.visit_math, None), (maths.visit_math_block, None))
    app.add_css_file("fonts.css", priority=890)
    app.add_css_file("book.css", priority=900)
    app.add_js_file("page.js", loading_method="defer")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True, "env_version": 1}

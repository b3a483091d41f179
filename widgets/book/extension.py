"""The Sphinx extension that makes saved widgets live in a static page, and a page this book's own.

Jupyter Book reads `_config.yml`, which lists `widgets.book.extension` among the extensions. Here the book's
concerns are only registered; each has a module of its own, whose first line says what it does.
"""

from __future__ import annotations

import os
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import ConfigError

from widgets.book import (
    audit,
    cache,
    citations,
    code_colours,
    execution,
    figures,
    glossary,
    markup,
    maths,
    pages,
    state,
    written,
)
from widgets.book.links import repository_links
from widgets.book.places import ASSETS, STATIC, THEME


def configure(app: Sphinx, config: Any) -> None:
    """Set what `_config.yml` leaves to the book itself; refuses to begin without the bundles, naming those missing."""
    missing = [name for name in ASSETS if not (STATIC / name).exists()]
    if missing:
        raise ConfigError(
            f"widgets/static/ lacks {', '.join(missing)}: bundle the browser code first (`make` does, or "
            "`python hatch_build.py`)."
        )
    cache.key_the_cache(app, config)
    names = ("GITHUB_REPOSITORY", "GITHUB_SERVER_URL", "BINDERHUB_URL")
    config.living_synapse_environment = {name: os.environ[name] for name in names if os.environ.get(name)}
    try:
        repository_links("chapters/welcome.ipynb", config.living_synapse_environment)
    except ValueError as error:
        raise ConfigError(str(error)) from error
    config.pygments_style = "widgets.book.code_colours.LightCode"
    config.nb_ipywidgets_js = {"runtime.js": {"defer": "defer"}}
    config.html_static_path = [*config.html_static_path, *(str(STATIC / name) for name in ASSETS)]
    config.templates_path = [*config.templates_path, str(THEME / "templates")]


def setup(app: Sphinx) -> dict[str, Any]:
    """Sphinx calls this."""
    app.add_config_value("comments_config", {}, "html")  # Jupyter Book sets it for an extension this book leaves out
    app.add_config_value("living_synapse_machinery", "", "env")
    app.add_config_value("living_synapse_assets", "", "html")
    app.add_config_value("living_synapse_environment", {}, "html")
    app.connect("config-inited", configure, priority=10)
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
    app.connect("html-page-context", pages.dress_page, priority=700)  # after the theme has had its say
    app.connect("build-finished", cache.vouch)
    app.connect("build-finished", written.lay_downloads)
    app.connect("build-finished", audit.refuse_broken_pages)
    citations.register_citations()
    app.add_post_transform(figures.InlineFigures)
    app.add_post_transform(markup.CodeBelow)
    app.add_html_math_renderer("mathml", (maths.visit_math, None), (maths.visit_math_block, None))
    app.add_css_file("fonts.css", priority=890)
    app.add_css_file("book.css", priority=900)
    app.add_js_file("page.js", loading_method="defer")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True, "env_version": 1}

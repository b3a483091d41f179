"""Folded parts: what is for the sceptical stands behind a line that opens it.

    ```{dropdown} For the sceptical: nine studies of the brake
    :name: sceptic-ssri-brake

    | Study | What was done | ...
    ```

The directive is written as that of sphinx-design; its style sheet and its icons would weigh more than two chapters. A
fold is an HTML `details`: it opens by keyboard, prints open, and has an address of its own, which opens it.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from widgets.figures.markdown import HEADS_IN_CELLS


class fold(nodes.General, nodes.Element):
    """A folded part. Its first child is its title, a `fold_title`."""


class fold_title(nodes.Part, nodes.TextElement):
    """The line that opens a fold."""


class Dropdown(SphinxDirective):
    """`{dropdown} Title`, with `:name:` for its address."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = {"name": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        words = self.arguments[0]
        folded = fold()
        self.set_source_info(folded)
        folded.line = self.lineno
        title = fold_title(words, "", *self.parse_inline(words)[0])
        folded += title
        folded += self.parse_content_to_nodes()
        if len(folded) < 2:
            raise self.error(f"The fold {words!r} is empty: write what it holds below its title.")
        for table in folded.findall(nodes.table):
            table["classes"].append(HEADS_IN_CELLS)
        folded["names"].append(nodes.fully_normalize_name(self.options.get("name", words)))
        self.state.document.note_explicit_target(folded, folded)
        return [folded]


def visit_fold(self, node: fold) -> None:
    self.body.append(f'<details class="fold" id="{node["ids"][0]}">')


def depart_fold(self, node: fold) -> None:
    link = f'<a class="headerlink" href="#{node["ids"][0]}" title="Link to this part">#</a>'
    self.body.append(f'<p class="fold-link">{link}</p></div></details>\n')


def visit_title(self, node: fold_title) -> None:
    self.body.append("<summary>")


def depart_title(self, node: fold_title) -> None:
    self.body.append('</summary><div class="fold-body">')


def register(app: Any) -> None:
    """Make the directive and its HTML known."""
    app.add_directive("dropdown", Dropdown)
    app.add_node(fold, html=(visit_fold, depart_fold))
    app.add_node(fold_title, html=(visit_title, depart_title))

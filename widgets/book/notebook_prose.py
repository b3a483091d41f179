"""A chapter's prose as the Markdown that every notebook program knows: CommonMark, tables, and math in dollars.

The book's own reading of a chapter (Sphinx's tree, every reference found) is written out again; nothing is guessed from
the text. Roles become names and links, boxes quotations with a title. A part of the tree that this module does not know
is refused by name, so that a new role or box in a chapter is either written or noticed, never left raw.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from docutils import nodes

Address = Callable[[nodes.reference], "Link"]

# Not seen on a page either; of a figure and its cell, what is to be read is asked for where they stand.
_SILENT = {"comment", "target", "index", "toctree", "substitution_definition", "meta", "colspec", "label", "title"}
_ESCAPED = re.compile(r"([\\`*\[\]<>$~])|(?<![^\W_])(_)|(_)(?![^\W_])|(&)(?=#?\w+;)|(!)(?=\[)")
_BEGINS = re.compile(r"^(#{1,6}(?=\s|$)|[-+](?=\s|$)|={2,}|-{2,})|^(\d{1,9})([.)])(?=\s|$)")


class Unwritten(ValueError):
    """A part of a chapter that a notebook cannot show yet."""


@dataclass(frozen=True)
class Link:
    """Where a reference leads: an address or, where none is known, none; `definition` of the term that is meant."""

    address: str = ""
    definition: str = ""


@dataclass
class Prose:
    """What stands between a chapter's code cells, and below them.

    cells : for the place of each Markdown cell in the chapter, its text.
    captions : for the place of a code cell, what stands below its figure.
    pictures : for each picture file that the text shows, by the name it has there, where the file lies.
    """

    cells: dict[int, str] = field(default_factory=dict)
    captions: dict[int, str] = field(default_factory=dict)
    pictures: dict[str, str] = field(default_factory=dict)


def prose_of(document: nodes.document, address: Address, figure_numbers: dict[str, str] | None = None) -> Prose:
    """The prose of a chapter.

    document : as Sphinx writes it, its references found. address : where a reference leads, from the chapter's copy.
    figure_numbers : for the id of a numbered figure or table, its number ("Fig. 3").
    Raises Unwritten, naming the cell, for what cannot be written.
    """
    writer = _Writer(address, figure_numbers or {})
    blocks: dict[int, list[str]] = {}
    place = 0
    prose = writer.prose
    for node, depth in _in_order(document, 0):
        place = max(place, _place(node, place))
        try:
            if isinstance(node, nodes.container) and node.get("nb_element") == "cell_code":
                caption = writer.caption(node)
                if caption:
                    prose.captions[node["cell_index"]] = caption
                continue
            written = "#" * depth + " " + writer.inline(node) if isinstance(node, nodes.title) else writer.block(node)
        except Unwritten as error:
            raise Unwritten(f"cell {place}: {error}") from error
        if written:
            blocks.setdefault(place, []).append(written)
    prose.cells = {place: "\n\n".join(written) for place, written in blocks.items()}
    return prose


def _in_order(parent: nodes.Element, depth: int) -> Iterable[tuple[nodes.Node, int]]:
    """Headings with their depth, and every block, in the order of the page."""
    for child in parent.children:
        if isinstance(child, nodes.section):
            yield from _in_order(child, depth + 1)
        elif not isinstance(child, nodes.title) or isinstance(parent, nodes.section):
            yield child, depth


def _place(node: nodes.Node, otherwise: int) -> int:
    """In which cell of the chapter a block stands: myst-nb counts ten thousand lines to a cell."""
    lines = (each.line for each in node.findall() if getattr(each, "line", None))
    line = next(lines, 0)
    return line // 10_000 - 1 if line >= 10_000 else otherwise


def escaped(text: str) -> str:
    """Words in which nothing is markup."""
    return _ESCAPED.sub(lambda found: "\\" + found[0], text)


def anchor(heading: str) -> str:
    """What Jupyter calls the place of a heading."""
    return "#" + re.sub(r"[\s()<>]", lambda found: {" ": "-"}.get(found[0], f"%{ord(found[0]):02x}"), heading.strip())


class _Writer:
    """Writes one chapter; a method for each kind of node that is known."""

    def __init__(self, address: Address, figure_numbers: dict[str, str]):
        self.prose = Prose()
        self._address, self._numbers = address, figure_numbers
        self._in_table = False
        self._explained: set[str] = set()

    # -- within a line ------------------------------------------------------------------------------------------------

    def inline(self, node: nodes.Node) -> str:
        """What stands in a line."""
        return "".join(self._within(child) for child in node.children).strip()

    def _within(self, node: nodes.Node) -> str:
        if isinstance(node, nodes.Text):
            text = escaped(" ".join(re.split(r"\s*\n\s*", node.astext())))
            return text.replace("|", r"\|") if self._in_table else text
        return self._by_kind("_inline", node)

    def _by_kind(self, level: str, node: nodes.Node) -> str:
        kind = type(node).__name__
        if kind in _SILENT:
            return ""
        write = getattr(self, f"{level}_{kind}", None)
        if write is None:
            raise Unwritten(
                f"a notebook cannot show {kind!r} yet ({' '.join(node.astext().split())[:60]!r}); write it another "
                "way, or add it to widgets/book/notebook_prose.py"
            )
        return write(node)

    def _joined(self, node: nodes.Node) -> str:
        return "".join(self._within(child) for child in node.children)

    def _marked(self, node: nodes.Node, mark: str) -> str:
        """Words between two marks, which must touch them."""
        words = self._joined(node)
        inner = words.strip()
        if not inner:
            return words
        before, after = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
        return f"{before}{mark}{inner}{mark}{after}"

    def _inline_emphasis(self, node) -> str:
        return self._marked(node, "*")

    def _inline_strong(self, node) -> str:
        return self._marked(node, "**")

    def _inline_inline(self, node) -> str:
        words = self._joined(node)
        # An author list that the bibliography leaves open is cited as any longer one is.
        return words.replace(" and others", " *et al.*") if "bibtex-citation" in node.get("classes", ()) else words

    _inline_title_reference = _inline_emphasis
    _inline_generated = _inline_inline

    def _inline_literal(self, node) -> str:
        text = " ".join(node.astext().split())
        fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
        pad = " " if text.startswith("`") or text.endswith("`") else ""
        text = text.replace("|", r"\|") if self._in_table else text
        return f"{fence}{pad}{text}{pad}{fence}"

    def _inline_subscript(self, node) -> str:
        return f"<sub>{self._joined(node)}</sub>"

    def _inline_superscript(self, node) -> str:
        return f"<sup>{self._joined(node)}</sup>"

    _inline_footnote_reference = _inline_superscript

    def _inline_abbreviation(self, node) -> str:
        return _explained(self._joined(node), node.get("explanation", ""))

    def _inline_math(self, node) -> str:
        source = " ".join(node.astext().split())
        return f"${source.replace('|', chr(92) + 'vert ') if self._in_table else source}$"

    def _inline_reference(self, node) -> str:
        words, link = self._joined(node), self._address(node)
        if link.address:
            return f"[{words}]({_quoted(link.address)})"
        if not words or link.definition in self._explained:
            return words
        self._explained.add(link.definition)  # once in a chapter is enough
        return _explained(words, link.definition)

    _inline_number_reference = _inline_reference

    def _inline_image(self, node) -> str:
        name = node["uri"].rsplit("/", 1)[-1]
        self.prose.pictures[name] = node["uri"]
        return f"![{escaped(' '.join(node.get('alt', '').split()))}](attachment:{_quoted(name)})"

    def _inline_raw(self, node) -> str:
        return node.astext() if "html" in node.get("format", "").split() else ""

    # -- blocks -------------------------------------------------------------------------------------------------------

    def block(self, node: nodes.Node) -> str:
        """A block, without an empty line at its end; empty for what is not seen."""
        return self._by_kind("_block", node)

    def _blocks(self, parent: nodes.Element) -> str:
        return "\n\n".join(filter(None, (self.block(child) for child in parent.children)))

    def _block_paragraph(self, node) -> str:
        text = self.inline(node)
        return _BEGINS.sub(lambda found: f"{found[2]}\\{found[3]}" if found[2] else "\\" + found[1], text)

    def _block_math_block(self, node) -> str:
        source = node.astext().strip()
        number = rf" \tag{{{node['number']}}}" if node.get("number") else ""
        if source.startswith(r"\begin{") and node.get("no-wrap", node.get("nowrap")):
            return source
        return f"$$\n{source}{number}\n$$"

    def _block_literal_block(self, node) -> str:
        text = node.astext()
        fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
        language = node.get("language") or next((each for each in node["classes"] if each != "code"), "")
        return f"{fence}{'' if language in ('default', 'none') else language}\n{text}\n{fence}"

    def _block_block_quote(self, node) -> str:
        return _indented(self._blocks(node), "> ")

    def _block_attribution(self, node) -> str:
        return f"*{self.inline(node)}*"

    def _block_admonition(self, node) -> str:
        title = next((child for child in node.children if isinstance(child, nodes.title)), None)
        words = self.inline(title) if title is not None else escaped(type(node).__name__.capitalize())
        return _indented(f"**{words}**\n\n{self._blocks(node)}".rstrip(), "> ")

    _block_note = _block_warning = _block_tip = _block_important = _block_hint = _block_admonition
    _block_caution = _block_danger = _block_attention = _block_error = _block_seealso = _block_admonition
    _block_topic = _block_sidebar = _block_admonition

    def _block_fold(self, node) -> str:
        title, *inner = node.children
        blocks = "\n\n".join(filter(None, (self.block(child) for child in inner)))
        # Between tags of HTML nothing is read as Markdown.
        words = html.escape(" ".join(title.astext().split()), quote=False)
        return f"<details>\n<summary>{words}</summary>\n\n{blocks}\n\n</details>"

    def _block_bullet_list(self, node) -> str:
        return self._list(node, ("- " for _ in node.children))

    def _block_enumerated_list(self, node) -> str:
        start = int(node.get("start", 1))
        return self._list(node, (f"{start + k}. " for k in range(len(node.children))))

    def _list(self, node, marks: Iterable[str]) -> str:
        items = []
        for item, mark in zip(node.children, marks, strict=True):
            lines = _indented(self._blocks(item), " " * len(mark))
            items.append(mark + lines.lstrip(" "))
        return "\n".join(items)

    def _block_definition_list(self, node) -> str:
        items = []
        for item in node.children:
            terms = ", ".join(f"**{self.inline(child)}**" for child in item.children if isinstance(child, nodes.term))
            meant = "\n\n".join(self._blocks(child) for child in item.children if isinstance(child, nodes.definition))
            items.append("- " + _indented(f"{terms}: {meant}", "  ").lstrip(" "))
        return "\n".join(items)

    def _block_glossary(self, node) -> str:
        return self._blocks(node)

    def _block_footnote(self, node) -> str:
        label = next(child for child in node.children if isinstance(child, nodes.label))
        return f"<sup>{escaped(label.astext())}</sup> {self._blocks(node)}"

    def _block_transition(self, node) -> str:
        return "---"

    def _block_rubric(self, node) -> str:
        return f"**{self.inline(node)}**"

    _block_centered = _block_caption = _block_rubric

    def _block_line_block(self, node) -> str:
        lines = [child for child in node.findall(nodes.line)]
        return "  \n".join(self.inline(line) for line in lines)

    def _block_raw(self, node) -> str:
        return self._inline_raw(node)

    def _block_image(self, node) -> str:
        return self._inline_image(node)

    def _block_reference(self, node) -> str:
        return self._inline_reference(node)

    def _block_figure(self, node) -> str:
        parts = []
        for child in node.children:
            parts.append(self._captioned(child, node) if isinstance(child, nodes.caption) else self.block(child))
        return "\n\n".join(filter(None, parts))

    def _block_legend(self, node) -> str:
        return self._blocks(node)

    def _block_compound(self, node) -> str:
        return self._blocks(node)

    _block_container = _block_compound

    def _captioned(self, caption: nodes.Element, of: nodes.Element) -> str:
        number = next((self._numbers[each] for each in of.get("ids", ()) if each in self._numbers), "")
        return " ".join(filter(None, [f"**{number}**" if number else "", self.inline(caption)]))

    def caption(self, cell: nodes.Element) -> str:
        """What stands below the figures of a code cell."""
        captions = [each for each in cell.findall(nodes.caption) if isinstance(each.parent, nodes.figure)]
        return "\n\n".join(self._captioned(each, each.parent) for each in captions)

    def _block_table(self, node) -> str:
        title = next((child for child in node.children if isinstance(child, nodes.title)), None)
        head = [row for part in node.findall(nodes.thead) for row in part.children]
        body = [row for part in node.findall(nodes.tbody) for row in part.children]
        if len(head) > 1:
            raise Unwritten("a notebook's table has one line of heads")
        self._in_table = True
        try:
            rows = [[self._entry(entry) for entry in row.children] for row in (*head, *body)]
        finally:
            self._in_table = False
        if not head:
            rows.insert(0, [""] * max(len(row) for row in rows))
        lines = [f"| {' | '.join(row)} |" for row in rows]
        lines.insert(1, f"|{' --- |' * len(rows[0])}")
        return "\n\n".join(filter(None, [f"**{self.inline(title)}**" if title is not None else "", "\n".join(lines)]))

    def _entry(self, entry: nodes.Element) -> str:
        if "morecols" in entry or "morerows" in entry:
            raise Unwritten("a notebook's table has no cell over several rows or columns")
        wrong = [child for child in entry.children if not isinstance(child, nodes.paragraph)]
        if wrong:
            raise Unwritten(f"a notebook's table has words in its cells, no {type(wrong[0]).__name__!r}")
        return "<br>".join(self.inline(child) for child in entry.children)


def _indented(text: str, by: str) -> str:
    """Every line with `by` before it; an empty one without spaces at its end."""
    return "\n".join(f"{by}{line}".rstrip() if not line.strip() else f"{by}{line}" for line in text.split("\n"))


def _quoted(address: str) -> str:
    """An address in which no bracket ends the link."""
    return re.sub(r"[\s()<>\\]", lambda found: f"%{ord(found[0]):02x}", address)


def _explained(words: str, explanation: str) -> str:
    """Words whose explanation shows when they are pointed at."""
    if not explanation:
        return words
    told = explanation.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace("$", "&#36;")
    return f'<abbr title="{told}">{words}</abbr>'

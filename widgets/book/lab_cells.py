"""Labs in a chapter's cells get names, so that the next cell can read and set them.

A chapter's cell ends in `SynapseLab(...)`, which shows the lab and forgets it. In the copy to run it reads
`lab = SynapseLab(...)` and ends in `lab`. Where a chapter has several labs each is called after its own name.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass

LABS = ("SynapseLab", "DrugLab")


@dataclass(frozen=True)
class NamedCell:
    """A code cell's text and, if it shows a lab, what the lab is called in it."""

    source: str
    lab: str | None = None


def named(sources: Sequence[str]) -> list[NamedCell]:
    """The code cells of one chapter, in order, with every lab that is shown called by a name of its own.

    A cell that is no plain Python (it holds a magic command) stays as it is, and so does one that names its lab itself.
    """
    trees = [_tree(source) for source in sources]
    taken = {node.id for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Name)}
    own = {name for tree in trees for name in _assigned(tree)}
    calls = [_shown(tree) for tree in trees]
    alone = len([call for call in calls if call]) + len(own) == 1
    cells = []
    for source, tree, call in zip(sources, trees, calls, strict=True):
        if call is None:
            cells.append(NamedCell(source, _shown_by_name(tree, own)))
            continue
        name = "lab" if alone and "lab" not in taken else _free(_called(call), taken)
        taken.add(name)
        cells.append(NamedCell(_with_name(source, call, name), name))
    return cells


def _tree(source: str) -> ast.Module:
    try:
        return ast.parse(source)
    except SyntaxError:
        return ast.Module([], [])


def _is_lab(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in LABS


def _assigned(tree: ast.Module) -> list[str]:
    """Names that the author gave to labs."""
    statements = [each for each in tree.body if isinstance(each, ast.Assign) and _is_lab(each.value)]
    return [target.id for each in statements for target in each.targets if isinstance(target, ast.Name)]


def _shown(tree: ast.Module) -> ast.Call | None:
    """The lab that a cell shows without a name: its last statement."""
    last = tree.body[-1] if tree.body else None
    return last.value if isinstance(last, ast.Expr) and _is_lab(last.value) else None


def _shown_by_name(tree: ast.Module, own: set[str]) -> str | None:
    last = tree.body[-1] if tree.body else None
    name = last.value.id if isinstance(last, ast.Expr) and isinstance(last.value, ast.Name) else None
    return name if name in own else None


def _called(call: ast.Call) -> str:
    """What a lab is called after: its name, or its model."""
    given = {each.arg: each.value for each in call.keywords}
    known = [given.get("name"), *call.args[:1], given.get("model")]
    texts = [each.value for each in known if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    word = re.sub(r"\W+", "_", texts[0]).strip("_").lower() if texts else ""
    return f"{word}_lab" if re.match("[a-z]", word) else "lab"


def _free(name: str, taken: set[str]) -> str:
    tried, number = name, 2
    while tried in taken:
        tried, number = f"{name}_{number}", number + 1
    return tried


def _with_name(source: str, call: ast.Call, name: str) -> str:
    lines = source.split("\n")
    row, column = call.lineno - 1, len(lines[call.lineno - 1].encode()[: call.col_offset].decode())
    lines[row] = f"{lines[row][:column]}{name} = {lines[row][column:]}"
    return "\n".join(lines).rstrip() + f"\n{name}"

"""Where something begins in a Python source that can be executed, and what of it a report need not know.

Which lines are statements was compared for 350 files of real projects and of the standard library, and for
odd ones, between coverage.py 7.17.3 on Python 3.11 and 6.5, 7.2, 7.4, 7.6, 7.10 and 7.17 on 3.8 to 3.13:

- Whatever any of them lists or records, a node of the syntax tree begins there: a statement, a decorator, an
  `except`, a `case`. Releases before 7.17 list docstrings that ran; on Python 3.8 to 3.10 the line 1 of a
  file without any statement runs.
- Python 3.10 to 3.13 agree on every line. 3.8 and 3.9 leave out `if` and `while` with a constant test,
  constants by themselves, and the `pass` that does nothing in its place.
- `python -O` leaves out every `assert`, and what stands under `if __debug__`.
- On Python 3.14 annotations without a value are in functions that seldom run, which coverage.py leaves out
  (by its source; no such Python was at hand).
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator

import msgspec

from gate.reports.lines import line_set

_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
_DEBUG = "__debug__"


class Outline(msgspec.Struct, frozen=True):
    """Lines of a source as bit sets: bit n is line n.

    `begins` has the lines on which something begins. On those of `optional` nothing begins that every
    version lists. Of each set in `together` a version lists all lines, or none.
    """

    begins: int
    optional: int
    together: tuple[int, ...]

    def expected(self, statements: int, known: int) -> int:
        """Which of these statements a report must know that knows some lines."""
        expected = statements & ~self.optional
        for lines in self.together:
            if not lines & known:
                expected &= ~lines
        return expected


def outline(content: bytes) -> Outline | None:
    """A source's outline; None where it cannot be parsed here."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a syntax warning prints the source's line into the log
            tree = ast.parse(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    begins, required = {1} if not tree.body else set[int](), set[int]()
    for_debugging, annotations = set[int](), set[int]()
    for node, parent, debugs in _blocks(tree):
        line = _line(node)
        decorators = {decorator.lineno for decorator in getattr(node, "decorator_list", ())}
        begins |= {line} | decorators
        if _is_optional(node, parent):
            continue
        required |= {line} | decorators
        if debugs or isinstance(node, ast.Assert):
            for_debugging.add(line)
        elif isinstance(node, ast.AnnAssign) and node.value is None:
            annotations.add(line)
    return Outline(
        line_set(begins), line_set(begins - required), (line_set(for_debugging), line_set(annotations))
    )


def _blocks(tree: ast.Module) -> Iterator[tuple[ast.AST, ast.AST, bool]]:
    """Everything that stands in a block: with what it stands in, and whether it is for debugging only."""
    waiting: list[tuple[ast.AST, bool]] = [(tree, False)]
    while waiting:
        parent, debugs = waiting.pop()
        for field in _BLOCKS:
            below = debugs or (field == "body" and isinstance(parent, ast.If) and _is_debug(parent.test))
            for node in getattr(parent, field, ()):
                yield node, parent, below
                waiting.append((node, below))


def _line(node: ast.AST) -> int:
    """The line on which it begins. A case has none of its own."""
    return node.pattern.lineno if isinstance(node, ast.match_case) else int(getattr(node, "lineno", 1))


def _is_optional(node: ast.AST, parent: ast.AST) -> bool:
    match node:
        case ast.Pass() | ast.Global() | ast.Nonlocal():
            return True
        case ast.Expr(value):
            return _is_constant(value)
        case ast.If(test) | ast.While(test):
            return _is_constant(test)
        case ast.AnnAssign(value=None):
            return not isinstance(parent, ast.ClassDef)
    return False


def _is_constant(expression: ast.expr) -> bool:
    """Whether a compiler may know the value beforehand."""
    match expression:
        case ast.Constant():
            return True
        case ast.UnaryOp(_, operand):
            return _is_constant(operand)
        case ast.BinOp(left, _, right):
            return _is_constant(left) and _is_constant(right)
        case ast.Tuple(values):
            return all(map(_is_constant, values))
    return _is_debug(expression)


def _is_debug(expression: ast.expr) -> bool:
    return isinstance(expression, ast.Name) and expression.id == _DEBUG

"""Mutants: every single fault that can be put into one file of the code, each with a name that lasts."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType

from tests.support.mutation.operators import holds_words, instead_of, is_sentence, is_wording

_Def = ast.FunctionDef | ast.AsyncFunctionDef
_NOTHING = "(left out)"


@dataclass(frozen=True)
class Mutant:
    """One fault in the file at ``path``. ``where`` is the function or class it lies in, ``lines`` the first
    and last line of the statement."""

    path: str
    where: str
    lines: tuple[int, int]
    before: str
    after: str
    nth: int
    """Which of the faults in ``where`` that read the same, counted from 1."""
    function: str | None
    """The outermost function whose running is changed; None if the fault works when the file is imported."""
    place: tuple[ast.AST, str, int | None] = field(compare=False, repr=False)
    other: ast.AST = field(compare=False, repr=False)

    @property
    def name(self) -> str:
        """What it is called in reports, and where reasons are given for it."""
        again = f" #{self.nth}" if self.nth > 1 else ""
        return f"{self.path} {self.where}: {self.before} → {self.after}{again}"


class Mutated:
    """A file of the code with the faults that can be put into it."""

    def __init__(self, root: Path, path: str):
        self.path = path
        self.file = str(root / path)
        self.source = (root / path).read_text(encoding="utf-8")
        self.tree = ast.parse(self.source)
        self._seen: Counter[tuple[str, str, str]] = Counter()
        self._extents: dict[str, tuple[int, int]] = {}
        self.mutants = list(self._find(self.tree, [], None, (1, 1)))

    def compiled(self, mutant: Mutant) -> CodeType:
        """The code of the file with this fault. The tree keeps it: for a process that puts in one fault."""
        parent, name, n = mutant.place
        if n is None:
            original = getattr(parent, name)
            setattr(parent, name, mutant.other)
        else:
            original = getattr(parent, name)[n]
            getattr(parent, name)[n] = mutant.other
        ast.copy_location(mutant.other, original)
        ast.fix_missing_locations(self.tree)
        return compile(self.tree, self.file, "exec", dont_inherit=True)

    def extent(self, where: str) -> tuple[int, int]:
        """The first and last line of a function or class; of the whole file for what lies in none."""
        return self._extents.get(where, (1, 1_000_000))

    def _find(
        self, parent: ast.AST, within: list[str], function: str | None, lines: tuple[int, int]
    ) -> Iterator[Mutant]:
        for name, n, node in _parts(parent):
            if is_wording(name, parent, node) or (function is None and holds_words(node)):
                continue
            at = _lines_of(node) if isinstance(node, ast.stmt) else lines
            inside = self._function_of(parent, name, within, function)
            for other in instead_of(node):
                if not (inside is None and is_sentence(node)):
                    yield self._mutant(node, other, within, inside, at, (parent, name, n))
            deeper = within
            if isinstance(node, _Def | ast.ClassDef):
                deeper = [*within, node.name]
                self._extents[".".join(deeper)] = node.lineno, node.end_lineno or node.lineno
            yield from self._find(node, deeper, inside, at)

    @staticmethod
    def _function_of(parent: ast.AST, name: str, within: list[str], function: str | None) -> str | None:
        """The body of a function runs later; its decorators and defaults run when the file is imported."""
        if function is None and isinstance(parent, _Def) and name == "body":
            return ".".join(within)
        return function

    def _mutant(
        self,
        node: ast.AST,
        other: ast.AST,
        within: list[str],
        function: str | None,
        lines: tuple[int, int],
        place: tuple[ast.AST, str, int | None],
    ) -> Mutant:
        where = ".".join(within) or "(module)"
        before, after = _said(node, other)
        self._seen[where, before, after] += 1
        nth = self._seen[where, before, after]
        return Mutant(self.path, where, lines, before, after, nth, function, place, other)


def _parts(parent: ast.AST) -> Iterator[tuple[str, int | None, ast.AST]]:
    for name, value in ast.iter_fields(parent):
        if isinstance(value, ast.AST):
            yield name, None, value
        elif isinstance(value, list):
            for n, each in enumerate(value):
                if isinstance(each, ast.AST):
                    yield name, n, each


def _lines_of(node: ast.stmt) -> tuple[int, int]:
    """Of a compound statement its head."""
    body = getattr(node, "body", None)
    last = body[0].lineno - 1 if body else node.end_lineno
    return node.lineno, max(node.lineno, last or node.lineno)


def _said(node: ast.AST, other: ast.AST) -> tuple[str, str]:
    """The fault in words of the code, as short as it can be told."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        before, after = node.decorator_list, getattr(other, "decorator_list", [])
        fewer = [ast.unparse(d) for d in after if d not in before]
        return "@" + ast.unparse(next(d for d in before if d not in after)), *(fewer or [_NOTHING])
    if isinstance(node, ast.If):
        return f"if {ast.unparse(node.test)}", f"if not {ast.unparse(node.test)}"
    if isinstance(other, ast.Pass):
        return _short(ast.unparse(node)), _NOTHING
    return _difference(ast.unparse(node).strip(), ast.unparse(other).strip())


def _difference(before: str, after: str) -> tuple[str, str]:
    """Two texts without the many words that they begin and end with alike."""
    a, b = re.findall(r"\w+|\s+|.", before), re.findall(r"\w+|\s+|.", after)
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    start, end = max(0, start - 4), max(0, end - 4)

    def cut(tokens: list[str]) -> str:
        inner = "".join(tokens[start : len(tokens) - end])
        return _short("…" * (start > 0) + inner + "…" * (end > 0))

    return cut(a), cut(b)


def _short(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= 100 else one_line[:99] + "…"

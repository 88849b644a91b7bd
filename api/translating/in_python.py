"""The pairs of sentences in our Python: wherever Japanese words stand beside their English.

They stand side by side in one of these ways: two arguments in a row (``tr("…", "…")``), two elements of a
tuple, ``ja=…, en=…`` and names that end so, ``{"ja": …, "en": …}``, and one of the two chosen by a language
(``"…" if lang == "ja" else "…"``). Japanese that stands in none of them is told as a fault.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from api.translating.sentences import (
    Blank,
    Choice,
    Fault,
    Node,
    Other,
    Pair,
    Text,
    Unpaired,
    has_words,
    is_japanese,
    pairs,
    speaks_japanese,
)

SPEAKING = frozenset({"bilingual", "confirm", "in_words", "progress", "say", "tr"})
"""Functions whose first two arguments are a sentence in both languages, whatever stands in them."""


@dataclass
class Found:
    """What stands in one file: pairs with the name of the table they stand in, if any, and faults."""

    pairs: list[tuple[str | None, Pair]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def pairs_in(source: str, module: str) -> Found:
    """The pairs in the source of a module, and what cannot be translated there."""
    reader = _Reader(module)
    reader.visit(ast.parse(source))
    return reader.result()


# --------------------------------------------------------------------------------- expressions as sentences


def node_of(e: ast.expr) -> Node:
    """An expression as words and blanks."""
    match e:
        case ast.Constant(value=str(text)):
            return Text((text,))
        case ast.JoinedStr():
            return Text(tuple(_joined(e.values)))
        case ast.IfExp():
            return Choice(ast.unparse(e.test), node_of(e.body), node_of(e.orelse))
        case ast.BinOp(op=ast.Add()) if any(has_words(node_of(side)) for side in (e.left, e.right)):
            return Text((*_parts(e.left), *_parts(e.right)))
    inside = tuple(node_of(c) for c in _expressions(e))
    return Other(ast.unparse(e), inside)


def _expressions(e: ast.AST) -> Iterator[ast.expr]:
    for child in ast.iter_child_nodes(e):
        if isinstance(child, ast.expr):
            yield child
        elif isinstance(child, ast.comprehension | ast.keyword):
            yield from _expressions(child)


def _joined(values: list[ast.expr]) -> Iterator[str | Blank]:
    for value in values:
        if isinstance(value, ast.FormattedValue):
            yield Blank(ast.unparse(value.value), node_of(value.value))
        elif isinstance(value, ast.Constant):
            yield str(value.value)


def _parts(e: ast.expr) -> tuple[str | Blank, ...]:
    node = node_of(e)
    return node.parts if isinstance(node, Text) else (Blank(ast.unparse(e), node),)


# ----------------------------------------------------------------------------------------------- a module


class _Reader(ast.NodeVisitor):
    """Goes through a module once. ``_table`` names the constant whose value is being read, and the keys that
    lead to where it is."""

    def __init__(self, module: str):
        self._module = module
        self._found = Found()
        self._class: str | None = None
        self._table: tuple[str, ...] = ()
        self._said: set[int] = set()
        self._japanese: list[ast.Constant] = []
        self._apart: set[int] = set()

    def result(self) -> Found:
        for constant in self._japanese:
            if id(constant) not in self._said and id(constant) not in self._apart:
                self._found.faults.append(Fault.alone(constant.lineno, str(constant.value)))
        return self._found

    # -- where words stand

    def visit_Module(self, module: ast.Module) -> None:
        self._skip_docstrings(module)
        self.generic_visit(module)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._skip_docstrings(node)
        outside, self._class = self._class, node.name
        self.generic_visit(node)
        self._class = outside

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._skip_docstrings(node)
        before, self._table = self._table, ()
        self._by_language(node.body)
        self._by_variable(node)
        self.generic_visit(node)
        self._table = before

    def visit_Assign(self, node: ast.Assign) -> None:
        self._assigned(node.targets[0], node.value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self._apart.update(map(id, ast.walk(node.annotation)))
            self._assigned(node.target, node.value)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and is_japanese(node.value):
            self._japanese.append(node)

    def visit_Call(self, node: ast.Call) -> None:
        name = _name(node.func)
        if name in SPEAKING and len(node.args) >= 2:
            self._pair(node.args[0], node.args[1], node, self._key())
        self._set_apart(node)
        self._in_a_row(node.args, node)
        self._by_name({k.arg: k.value for k in node.keywords if k.arg}, node, _declared_as(node))
        self.generic_visit(node)

    def visit_Tuple(self, node: ast.Tuple) -> None:
        self._in_a_row(node.elts, node)
        self.generic_visit(node)

    def visit_Dict(self, node: ast.Dict) -> None:
        named = {
            k.value: v for k, v in zip(node.keys, node.values, strict=True) if isinstance(k, ast.Constant)
        }
        if named.keys() == {"ja", "en"}:
            self._pair(named["ja"], named["en"], node, self._key())
        before = self._table
        for key, value in zip(node.keys, node.values, strict=True):
            if key is not None:
                self.visit(key)
            part = str(key.value) if isinstance(key, ast.Constant) else None
            if before and part is not None:
                self._table = (*before, part)
                self._of_a_table(value)
            self.visit(value)
            self._table = before

    def visit_IfExp(self, node: ast.IfExp) -> None:
        if (is_ja := _asks_for_japanese(node.test)) is not None:
            self._of_a_choice(*((node.body, node.orelse) if is_ja else (node.orelse, node.body)))
        self.generic_visit(node)

    def _assigned(self, target: ast.expr, value: ast.expr) -> None:
        """A constant of a module or a class gives its name to the words in it."""
        if isinstance(target, ast.Name) and target.id.lstrip("_").isupper():
            self._table = (target.id,)
            self._of_a_table(value)
        self.visit(value)
        self._table = ()

    def _of_a_table(self, value: ast.expr) -> None:
        """Two texts in a table are a pair even where neither is Japanese (“PowerPoint”)."""
        if isinstance(value, ast.Tuple) and len(value.elts) == 2:
            ja, en = value.elts
            if all(isinstance(w, ast.Constant) and isinstance(w.value, str) for w in (ja, en)):
                self._pair(ja, en, value, self._key())

    # -- pairs

    def _in_a_row(self, row: list[ast.expr], at: ast.expr) -> None:
        """Japanese followed by English, anywhere in a row."""
        n = 0
        while n + 1 < len(row):
            ja, en = node_of(row[n]), node_of(row[n + 1])
            if speaks_japanese(ja) and has_words(en) and not speaks_japanese(en):
                self._pair(row[n], row[n + 1], at, self._key(n))
                n += 1
            n += 1

    def _by_name(self, named: dict[str, ast.expr], at: ast.AST, declared: str | None = None) -> None:
        """``ja``/``en``, ``next_ja``/``next_en``, ``until``/``until_en``. ``declared`` begins their keys."""
        for name, value in named.items():
            if name == "ja" or name.endswith("_ja"):
                stem = name.removesuffix("ja")
                en = named.get(f"{stem}en") or named.get(stem.rstrip("_"))
            else:
                en = named.get(f"{name}_en")
            if en is not None:
                part = {"ja": "sentence", "next_ja": "next"}.get(name)
                self._pair(value, en, at, f"{declared}.{part}" if declared and part else None)

    def _by_language(self, body: list[ast.stmt]) -> None:
        """``if lang == "en": return …`` and then ``return …``."""
        for one, other in pairwise(body):
            if not (isinstance(one, ast.If) and len(one.body) == 1 and isinstance(other, ast.Return)):
                continue
            is_ja, first = _asks_for_japanese(one.test), one.body[0]
            if (
                is_ja is None
                or not isinstance(first, ast.Return)
                or first.value is None
                or other.value is None
            ):
                continue
            self._of_a_choice(*((first.value, other.value) if is_ja else (other.value, first.value)))

    def _of_a_choice(self, ja: ast.expr, en: ast.expr) -> None:
        """What is chosen by a language is a sentence if either says something."""
        if has_words(node_of(ja)) and has_words(node_of(en)):
            self._pair(ja, en, ja, None)

    def _by_variable(self, function: ast.FunctionDef) -> None:
        """``since_ja = …`` and ``since_en = …``."""
        values = {
            statement.targets[0].id: statement.value
            for statement in ast.walk(function)
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
        }
        self._by_name(
            {name: v for name, v in values.items() if name.endswith(("ja", "en"))}, function.body[0]
        )

    def _pair(self, ja: ast.expr, en: ast.expr, at: ast.AST, key: str | None) -> None:
        if id(ja) in self._said:
            return
        try:
            nonempty = [pair for pair in pairs(node_of(ja), node_of(en)) if any(pair)]
        except Unpaired as wrong:
            self._found.faults.append(Fault(getattr(at, "lineno", 0), str(wrong)))
            return
        for node in (ja, en):
            self._said.update(map(id, ast.walk(node)))
        self._found.pairs += [(key if len(nonempty) == 1 else None, pair) for pair in nonempty]

    # -- helpers

    def _key(self, place: int = 0) -> str | None:
        """The name of a table's words: the module, the table and the keys in it."""
        if not self._table:
            return None
        places = (self._module, self._class, *self._table, str(place) if place else None)
        return ".".join(name for name in places if name is not None)

    def _set_apart(self, call: ast.Call) -> None:
        """Where both languages stand in one text: help of the command line, descriptions of the API; rules of
        a refusal, which cite; and patterns by which Japanese is read."""
        if ast.unparse(call.func) in ("re.compile", "re.fullmatch"):
            self._apart.update(map(id, ast.walk(call.args[0])))
        for keyword in call.keywords:
            if keyword.arg in ("help", "description", "rule", "metadata"):
                self._apart.update(map(id, ast.walk(keyword.value)))

    def _skip_docstrings(self, node: ast.Module | ast.ClassDef | ast.FunctionDef) -> None:
        for statement in node.body:
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                self._apart.add(id(statement.value))


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def _declared_as(call: ast.Call) -> str | None:
    """The key of a refusal that is declared here, the same as where its module is loaded."""
    registry = {"refusal": "refusal", "Declared": "refusal", "declare": "problem"}.get(_name(call.func))
    if registry is None or not call.args:
        return None
    arguments = [arg.value for arg in call.args[:2] if isinstance(arg, ast.Constant)]
    codes = [code for code in arguments if isinstance(code, str)]
    return f"{registry}.{codes[0]}" if codes else None


def _asks_for_japanese(test: ast.expr) -> bool | None:
    """Whether a condition holds for Japanese; None if it does not ask for a language."""
    match test:
        case ast.Compare(left=left, ops=[op], comparators=[ast.Constant(value="ja" | "en" as language)]):
            if "lang" in ast.unparse(left):
                return (language == "ja") == isinstance(op, ast.Eq)
        case ast.Name(id="ja"):
            return True
    return None

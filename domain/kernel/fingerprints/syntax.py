"""What a piece of source says, as text that stays the same as long as it does the same.

Left out are comments, docstrings, where a thing stands, the annotations of functions, and words: what a call
is told as ``ja`` and ``en``, a Japanese and an English text in a pair, and a function that takes a language
(``lang``), for it makes words and nothing else.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_SKIPPED = {"ctx", "type_comment", "returns", "kind"}


@dataclass
class Written:
    """``text`` without words; ``uses``: names from outside, each with the attribute that is asked of it, if
    it is only asked for one (else ""); ``attributes``: every name that is asked of anything."""

    text: str
    uses: set[tuple[str, str]] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)


def written(statements: Iterable[ast.stmt], *, in_class: bool = False) -> Written:
    """What some statements say. ``in_class``: they stand in the body of a class, where what is annotated is a
    field."""
    reader = _Reader()
    for statement in statements:
        if "lang" not in _arguments(statement):  # what takes a language makes words
            reader.read(statement, frozenset(), in_class)
    return Written(" ".join(reader.parts), reader.uses, reader.attributes)


class _Reader:
    def __init__(self) -> None:
        self.parts: list[str] = []
        self.uses: set[tuple[str, str]] = set()
        self.attributes: set[str] = set()

    def read(self, node: ast.AST, hidden: frozenset[str], in_class: bool = False) -> None:
        """One node, in which the names that are ``hidden`` are of the functions around it."""
        if isinstance(node, ast.Name):
            if node.id not in hidden and isinstance(node.ctx, ast.Load):
                self.uses.add((node.id, ""))
            self.parts.append(node.id)
            return
        if isinstance(node, ast.Constant):
            self.parts.append(repr(node.value))
            return
        if isinstance(node, ast.Attribute):
            self._attribute(node, hidden)
            return
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return  # a docstring, of whatever it stands behind
        if isinstance(node, ast.Tuple) and _are_words(node):
            return
        if isinstance(node, ast.Call):
            self.attributes.update(_asked_by_name(node))
        if isinstance(node, _SCOPES):
            hidden_inside = hidden | _bound_in(node)
        elif isinstance(node, _COMPREHENSIONS):
            hidden_inside = hidden | {n for g in node.generators for n in stored(g.target)}
        else:
            hidden_inside = hidden
        self.parts.append(f"({type(node).__name__}")
        is_class = isinstance(node, ast.ClassDef)
        for name in node._fields:
            if name in _SKIPPED or (name == "annotation" and not in_class):
                continue
            # What a function's decorators and defaults say is said outside of it.
            outside = name in ("decorator_list", "args") and isinstance(node, _SCOPES)
            self._field(name, getattr(node, name, None), hidden if outside else hidden_inside, node, is_class)
        self.parts.append(")")

    def _field(self, name: str, value: object, hidden: frozenset[str], of: ast.AST, is_class: bool) -> None:
        if isinstance(value, ast.AST):
            self.parts.append(f"{name}=")
            self.read(value, hidden)
        elif isinstance(value, list):
            if value:
                self.parts.append(f"{name}=[")
                for inner in _without_words(of, value):
                    if isinstance(inner, ast.AST):
                        self.read(inner, hidden, is_class)
                    else:
                        self.parts.append(repr(inner))
                self.parts.append("]")
        elif value is not None:
            self.parts.append(f"{name}={value!r}")

    def _attribute(self, node: ast.Attribute, hidden: frozenset[str]) -> None:
        self.attributes.add(node.attr)
        base = node.value
        if isinstance(base, ast.Name):
            if base.id not in hidden:
                self.uses.add((base.id, node.attr))
            self.parts.append(f"{base.id}.{node.attr}")
        else:
            self.read(base, hidden)
            self.parts.append(f".{node.attr}")


def _asked_by_name(call: ast.Call) -> Iterator[str]:
    """The attribute of ``getattr(something, "attribute")``."""
    if isinstance(call.func, ast.Name) and call.func.id == "getattr" and len(call.args) > 1:
        name = call.args[1]
        if isinstance(name, ast.Constant) and isinstance(name.value, str):
            yield name.value


def _without_words(of: ast.AST, values: list[object]) -> list[object]:
    """Of a call that is told its words in both languages, what else it is told."""
    if not isinstance(of, ast.Call) or not {"ja", "en"} <= {k.arg for k in of.keywords}:
        return values
    return [v for v in values if not (isinstance(v, ast.keyword) and _is_word(v.arg or ""))]


def _are_words(pair: ast.Tuple) -> bool:
    """A text in Japanese and the same in English: ``("委員", "member")``."""
    texts = [inner.value for inner in pair.elts if isinstance(inner, ast.Constant)]
    if len(texts) != 2 or len(pair.elts) != 2 or not all(isinstance(text, str) for text in texts):
        return False
    ja, en = map(str, texts)
    return bool(_JAPANESE.search(ja)) and not _JAPANESE.search(en)


def _is_word(name: str) -> bool:
    return name in ("ja", "en", "rule") or name.endswith(("_ja", "_en"))


def _bound_in(function: ast.AST) -> frozenset[str]:
    """The names that are a function's own."""
    own = set(_arguments(function))
    body = getattr(function, "body", [])
    ahead: list[ast.AST] = list(body) if isinstance(body, list) else [body]
    while ahead:
        node = ahead.pop()
        own.update(_given(node))
        if not isinstance(node, (*_SCOPES, *_COMPREHENSIONS, ast.ClassDef)):
            ahead.extend(ast.iter_child_nodes(node))
    return frozenset(own)


def _given(node: ast.AST) -> Iterator[str]:
    """The name to which this one node gives a value, if it is one that does."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    if isinstance(node, ast.MatchAs | ast.MatchStar | ast.ExceptHandler) and node.name:
        yield node.name
    if isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest


def _arguments(function: ast.AST) -> Iterator[str]:
    arguments = getattr(function, "args", None)
    if isinstance(arguments, ast.arguments):
        several = [
            *arguments.posonlyargs,
            *arguments.args,
            *arguments.kwonlyargs,
            arguments.vararg,
            arguments.kwarg,
        ]
        yield from (a.arg for a in several if a is not None)


def stored(target: ast.AST) -> Iterator[str]:
    """The names to which a target gives a value."""
    return (n.id for n in ast.walk(target) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))

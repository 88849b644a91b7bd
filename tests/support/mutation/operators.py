"""What is put wrong: for one node of a syntax tree, the nodes that may stand in its place.

Comparisons get both their neighbours, numbers both theirs, conditions lose a clause, calls an argument,
tables an entry. What a reader is told in words (see :func:`is_wording`) is left alone: other tests hold it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

_COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.NotEq),
    ast.LtE: (ast.Lt, ast.Eq),
    ast.Gt: (ast.GtE, ast.NotEq),
    ast.GtE: (ast.Gt, ast.Eq),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.Pow: ast.Mult,
}
_SET_APART = {"property", "classmethod", "staticmethod", "dataclass", "dataclass_transform"}
"""Decorators without which nothing works at all, or that speak to the type checker alone."""
_PASSED_ON = {
    "at",
    "under",
    "check",
    "strip",
    "replace",
    "removeprefix",
    "removesuffix",
    "astimezone",
    "fullmatch",
}
"""Methods that give something of the kind they are called on: without the call the rest still runs."""
_WORDS = {"ja", "en", "rule", "next_ja", "next_en", "LABEL"}


def instead_of(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in the place of a node."""
    kind = type(node).__name__
    if kind in _BY_KIND:
        yield from _BY_KIND[kind](node)


def _compare(node: ast.Compare) -> Iterator[ast.AST]:
    for n, op in enumerate(node.ops):
        for other in _COMPARED[type(op)]:
            yield ast.Compare(node.left, [*node.ops[:n], other(), *node.ops[n + 1 :]], node.comparators)


def _clauses(node: ast.BoolOp) -> Iterator[ast.AST]:
    yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    for n in range(len(node.values)):
        left = node.values[:n] + node.values[n + 1 :]
        yield left[0] if len(left) == 1 else ast.BoolOp(node.op, left)


def _unary(node: ast.UnaryOp) -> Iterator[ast.AST]:
    yield node.operand


def _arithmetic(node: ast.BinOp) -> Iterator[ast.AST]:
    if type(node.op) in _COUNTED:
        yield ast.BinOp(node.left, _COUNTED[type(node.op)](), node.right)
    sides = (node.left, node.right)
    if isinstance(node.op, ast.Add) and not any(isinstance(s, ast.Constant | ast.BinOp) for s in sides):
        yield ast.BinOp(node.right, node.op, node.left)  # of two lists the order may matter


def _added(node: ast.AugAssign) -> Iterator[ast.AST]:
    yield ast.Pass()
    if type(node.op) in _COUNTED:
        yield ast.AugAssign(node.target, _COUNTED[type(node.op)](), node.value)


def _constant(node: ast.Constant) -> Iterator[ast.AST]:
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int):
        yield ast.Constant(node.value + 1)
        yield ast.Constant(node.value - 1)
    elif isinstance(node.value, str):
        yield ast.Constant("XX" + node.value[1:])


def _condition(node: ast.If | ast.IfExp | ast.While) -> Iterator[ast.AST]:
    if isinstance(node, ast.While) or not _is_plain(node.test):
        return
    fields = {name: getattr(node, name) for name in node._fields}
    yield type(node)(**{**fields, "test": ast.UnaryOp(ast.Not(), node.test)})


def _is_plain(test: ast.expr) -> bool:
    """Whether a condition is a bare value, which no other operator turns round."""
    return not isinstance(test, ast.Compare | ast.BoolOp | ast.UnaryOp)


def _filters(node: ast.comprehension) -> Iterator[ast.AST]:
    for n in range(len(node.ifs)):
        yield ast.comprehension(node.target, node.iter, node.ifs[:n] + node.ifs[n + 1 :], node.is_async)


def _returned(node: ast.Return) -> Iterator[ast.AST]:
    if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
        yield ast.Return(ast.Constant(None))


def _left_out(node: ast.stmt) -> Iterator[ast.AST]:
    yield ast.Pass()


def _statement(node: ast.Expr) -> Iterator[ast.AST]:
    if not isinstance(node.value, ast.Constant):  # a docstring
        yield ast.Pass()


def _assigned(node: ast.Assign) -> Iterator[ast.AST]:
    if not any(isinstance(target, ast.Name) for target in node.targets):
        yield ast.Pass()


def _jump(node: ast.Continue | ast.Break) -> Iterator[ast.AST]:
    yield ast.Break() if isinstance(node, ast.Continue) else ast.Continue()


def _call(node: ast.Call) -> Iterator[ast.AST]:
    if isinstance(node.func, ast.Attribute) and node.func.attr in _PASSED_ON:
        yield node.func.value
    if isinstance(node.func, ast.Name) and len(node.args) == 1 and not node.keywords:
        yield node.args[0]
    for n, keyword in enumerate(node.keywords):
        if keyword.arg not in _WORDS:
            yield ast.Call(node.func, node.args, node.keywords[:n] + node.keywords[n + 1 :])


def _entries(node: ast.Tuple | ast.List | ast.Set) -> Iterator[ast.AST]:
    if len(node.elts) < 2 or isinstance(getattr(node, "ctx", None), ast.Store):
        return
    if all(map(is_sentence, node.elts)):
        return
    for n in range(len(node.elts)):
        left = node.elts[:n] + node.elts[n + 1 :]
        yield ast.Set(left) if isinstance(node, ast.Set) else type(node)(left, ast.Load())


def _table(node: ast.Dict) -> Iterator[ast.AST]:
    for n in range(len(node.keys)):
        yield ast.Dict(node.keys[:n] + node.keys[n + 1 :], node.values[:n] + node.values[n + 1 :])


def _decorated(node: ast.FunctionDef | ast.ClassDef) -> Iterator[ast.AST]:
    for n, decorator in enumerate(node.decorator_list):
        if name_of(decorator) not in _SET_APART:
            fields = {name: getattr(node, name) for name in node._fields}
            before, after = node.decorator_list[:n], node.decorator_list[n + 1 :]
            yield type(node)(**{**fields, "decorator_list": [*before, *after]})
            for fewer in _fewer_arguments(decorator):
                yield type(node)(**{**fields, "decorator_list": [*before, fewer, *after]})


def _fewer_arguments(decorator: ast.expr) -> Iterator[ast.Call]:
    """``@command("CHR")`` and ``@command("APR")`` for ``@command("CHR", "APR")``."""
    if isinstance(decorator, ast.Call) and len(decorator.args) > 1:
        for n in range(len(decorator.args)):
            args = decorator.args[:n] + decorator.args[n + 1 :]
            yield ast.Call(decorator.func, args, decorator.keywords)


_BY_KIND = {
    "Compare": _compare,
    "BoolOp": _clauses,
    "UnaryOp": _unary,
    "BinOp": _arithmetic,
    "AugAssign": _added,
    "Constant": _constant,
    "If": _condition,
    "IfExp": _condition,
    "comprehension": _filters,
    "Return": _returned,
    "Raise": _left_out,
    "Delete": _left_out,
    "Expr": _statement,
    "Assign": _assigned,
    "Continue": _jump,
    "Break": _jump,
    "Call": _call,
    "Tuple": _entries,
    "List": _entries,
    "Set": _entries,
    "Dict": _table,
    "FunctionDef": _decorated,
    "ClassDef": _decorated,
}


def name_of(node: ast.AST) -> str:
    """The last name of a decorator or a callee: ``cache`` of ``@functools.cache``, ``on`` of ``@on(…)``."""
    while isinstance(node, ast.Call):
        node = node.func
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def is_sentence(node: ast.AST) -> bool:
    """Text that has a space, or letters that are not ASCII."""
    if isinstance(node, ast.Tuple | ast.List):
        return all(map(is_sentence, node.elts))
    if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        return False
    return " " in node.value or not node.value.isascii()


def holds_words(node: ast.AST) -> bool:
    """Whether this, outside any function, is a tuple of words in both languages, or a type."""
    if isinstance(node, ast.Subscript):
        return name_of(node.value) in ("tuple", "list", "dict", "type")
    return isinstance(node, ast.Tuple) and any(map(is_sentence, node.elts))


def is_wording(field: str, parent: ast.AST, node: ast.AST) -> bool:
    """Whether a part of the tree is words for a reader, or a type: a sentence of a refusal, a label, a
    docstring, an annotation."""
    if field in ("annotation", "returns") or name_of(node) == "dataclass_transform":
        return True
    if isinstance(parent, ast.keyword) and parent.arg in _WORDS:
        return True
    if isinstance(parent, ast.Assign) and any(name_of(target) in _WORDS for target in parent.targets):
        return True
    if isinstance(parent, ast.AnnAssign) and name_of(parent.target) in _WORDS:
        return True
    if isinstance(node, ast.Call) and name_of(node) == "TypeVar":
        return True
    if isinstance(node, ast.Subscript) and name_of(node.value) in ("Literal", "Callable"):
        return True
    return isinstance(parent, ast.Expr) and isinstance(node, ast.Constant)

"""The pairs of sentences in our templates: every ``tr(ja, en)``, found by Jinja's own parser.

Jinja's extraction for Babel (``jinja2.ext.babel_extract``) sees literals only; our sentences have blanks,
joined with ``~``.
"""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import Environment, nodes

from api.translating.sentences import (
    Blank,
    Choice,
    Fault,
    Node,
    Other,
    Pair,
    Text,
    Unpaired,
    is_japanese,
    pairs,
)

_ENVIRONMENT = Environment(autoescape=True)


def pairs_in(source: str) -> tuple[list[Pair], list[Fault]]:
    """The pairs in a template, and its faults: Japanese beside no English, and what cannot be paired."""
    found_pairs: list[Pair] = []
    faults: list[Fault] = []
    tree = _ENVIRONMENT.parse(source)
    spoken: set[int] = set()
    for call in tree.find_all(nodes.Call):
        if not (isinstance(call.node, nodes.Name) and call.node.name == "tr"):
            continue
        spoken.update(id(c) for c in call.find_all(nodes.Const))
        try:
            ja, en = call.args
            found_pairs += pairs(node_of(ja), node_of(en))
        except (Unpaired, ValueError) as wrong:
            faults.append(Fault(call.lineno, str(wrong)))
    faults += [
        Fault.alone(line, text) for line, text, at in _texts(tree) if is_japanese(text) and at not in spoken
    ]
    return found_pairs, faults


def _texts(tree: nodes.Template) -> Iterator[tuple[int, str, int]]:
    for data in tree.find_all(nodes.TemplateData):
        yield data.lineno, data.data, id(data)
    for const in tree.find_all(nodes.Const):
        if isinstance(const.value, str):
            yield const.lineno, const.value, id(const)


def node_of(e: nodes.Expr) -> Node:
    """An expression of a template as words and blanks."""
    match e:
        case nodes.Const() | nodes.TemplateData():
            return Text((str(e.value if isinstance(e, nodes.Const) else e.data),))
        case nodes.Concat():
            return Text(tuple(part for inner in e.nodes for part in _parts(inner)))
        case nodes.CondExpr() if e.expr2 is not None:
            return Choice(_source(e.test), node_of(e.expr1), node_of(e.expr2))
    return Other(_source(e))


def _parts(e: nodes.Expr) -> tuple[str | Blank, ...]:
    node = node_of(e)
    return node.parts if isinstance(node, Text) else (Blank(_source(e), node),)


def _source(e: nodes.Node) -> str:
    """An expression in words, from which a blank is named: ``page.on`` is ``page.on``."""
    match e:
        case nodes.Name():
            return e.name
        case nodes.Getattr():
            return f"{_source(e.node)}.{e.attr}"
        case nodes.Const():
            return repr(e.value)
    return " ".join(_source(child) for child in e.iter_child_nodes())

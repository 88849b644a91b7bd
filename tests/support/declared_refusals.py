"""Refusals against their declarations, in both directions.

:func:`watch` makes every test of the suite a check: a command that is refused with what it does not declare,
and what not every command may be refused with, fails the test in which it happens. :func:`never_raised`
reads the code below a command for the other direction: what is declared and mentioned nowhere there is never
raised.
"""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import pkgutil
import textwrap
import types
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import domain
from domain.kernel.commands import Command
from domain.kernel.record import Record
from domain.kernel.refusals import ALREADY_TAKEN, TAKEN
from domain.recording.application import Application, Batch
from domain.recording.command_refusals import undeclared
from domain.values.refusal import Declared, Refusal


class UndeclaredRefusal(AssertionError):
    """A command was refused with something it does not declare."""


def watch() -> None:
    """From now on, whoever gives a command in this process is told of a refusal that it does not declare."""
    for giver in (Application, Batch):
        giver.execute = _watched(giver.execute)  # type: ignore[attr-defined]


def _watched(execute: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(execute)
    def watched(self: Any, command: Command, *arguments: Any, **named: Any) -> Any:
        try:
            return execute(self, command, *arguments, **named)
        except Refusal as refused:
            if undeclared(command, [refused.declared]):
                name = f"{command.aggregate.__name__}.{command.name}"
                raise UndeclaredRefusal(
                    f"{name} was refused with {refused.code}: add it to its @refuses(…), "
                    "or say in domain/recording/command_refusals.py that every command may meet it"
                ) from refused
            raise

    return watched


# ------------------------------------------------------------------------------- what is never raised


class _Function(NamedTuple):
    """A function of the domain and the class that ``self`` is in it."""

    code: types.FunctionType
    owner: type[Any] | None


def never_raised(command: Command) -> list[str]:
    """The codes that a command declares and that nothing it runs through mentions. A refusal that is only
    warned of is not raised."""
    found = set(_raised_below(_Function(_plain(command.method), command.aggregate), set()))
    return [declared.code for declared in command.refuses if declared not in found]


def _raised_below(function: _Function, seen: set[_Function]) -> Iterator[Declared]:
    if function in seen:
        return
    seen.add(function)
    for name, of in _mentioned(function.code):
        for value in _meant(function, name, of):
            if isinstance(value, Declared):
                yield value
            elif value is Record.claim:
                yield from (ALREADY_TAKEN, *TAKEN.values())  # type: ignore[misc]
            if isinstance(value, _Function):
                yield from _raised_below(value, seen)


def _meant(function: _Function, name: str, of: str | None) -> Iterator[Any]:
    """What a name may stand for in a function: ``name``, or ``of.name`` (``""`` for a longer expression)."""
    if of is None:
        yield from _as_function(function.code.__globals__.get(name), None)
    elif of == "self" and function.owner is not None:
        yield from _as_function(inspect.getattr_static(function.owner, name, None), function.owner)
    elif isinstance(module := function.code.__globals__.get(of), types.ModuleType):
        yield from _as_function(getattr(module, name, None), None)
    else:
        for owner, method in _methods()[name]:
            yield from _as_function(method, owner)


def _as_function(value: Any, owner: type[Any] | None) -> Iterator[Any]:
    yield value
    plain = _plain(value)
    if isinstance(plain, types.FunctionType) and plain.__module__.startswith("domain."):
        yield _Function(plain, owner)


def _plain(value: Any) -> Any:
    value = getattr(value, "fget", value)
    return inspect.unwrap(getattr(value, "__func__", value))


@functools.cache
def _mentioned(code: types.FunctionType) -> frozenset[tuple[str, str | None]]:
    """Every name in a function's body as (name, None), every attribute as (attribute, of what). What it hands
    to ``warn`` is left out."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(code))).body[0]
    ahead: list[ast.AST] = list(tree.body) if isinstance(tree, ast.FunctionDef) else [tree]
    found: set[tuple[str, str | None]] = set()
    while ahead:
        node = ahead.pop()
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "warn":
            continue
        if isinstance(node, ast.Name):
            found.add((node.id, None))
        elif isinstance(node, ast.Attribute):
            found.add((node.attr, node.value.id if isinstance(node.value, ast.Name) else ""))
        ahead += ast.iter_child_nodes(node)
    return frozenset(found)


@functools.cache
def _methods() -> dict[str, list[tuple[type[Any], Any]]]:
    """Every method of every class of the domain by its name."""
    found: dict[str, list[tuple[type[Any], Any]]] = defaultdict(list)
    for module in pkgutil.walk_packages(domain.__path__, "domain."):
        for kind in vars(importlib.import_module(module.name)).values():
            if isinstance(kind, type) and kind.__module__ == module.name:
                for name, value in vars(kind).items():
                    if isinstance(_plain(value), types.FunctionType):
                        found[name].append((kind, value))
    return found

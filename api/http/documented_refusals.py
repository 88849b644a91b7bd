"""Which refusals a command may answer with, read off its code: they are declared beside what raises them.

A refusal is a name in the module of the method that raises it, so the names a method mentions, and those its
helpers mention in turn, are the refusals it may raise. It is a reading of the code, not a proof: a refusal of
another aggregate that is asked by the way is not listed.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Any

from domain.kernel.commands import Command
from domain.kernel.record import Record
from domain.kernel.refusals import ALREADY_EXISTS, FORBIDDEN, KEY_REUSED, UNKNOWN_ID, VERSION_CONFLICT
from domain.values.refusal import Declared


def refusals_of(command: Command) -> list[Declared]:
    """The refusals of a command, those of every command included, by code."""
    common = {FORBIDDEN, KEY_REUSED, VERSION_CONFLICT, ALREADY_EXISTS if command.creates else UNKNOWN_ID}
    own = set(_mentioned(command.method, command.aggregate, set()))
    return sorted(common | own, key=lambda known: known.code)


def _mentioned(function: Any, kind: type[Record], seen: set[Any]) -> Iterator[Declared]:
    code = getattr(function, "__code__", None)
    if code is None or code in seen:
        return
    seen.add(code)
    for name in _names(code):
        value = function.__globals__.get(name, getattr(kind, name, None))
        if isinstance(value, Declared):
            yield value
        elif isinstance(value, types.ModuleType):
            for inner in _names(code):
                found = getattr(value, inner, None)
                if isinstance(found, Declared):
                    yield found
        elif _is_ours(value):
            yield from _mentioned(value, kind, seen)


def _names(code: types.CodeType) -> Iterator[str]:
    """The names a function mentions, and those its inner functions and comprehensions mention."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _names(constant)


def _is_ours(value: Any) -> bool:
    return isinstance(value, types.FunctionType) and value.__module__.startswith("domain.")

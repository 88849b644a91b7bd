"""Code 自身のプログラム: what a result depends on in our own source, without its words.

From some functions and classes the code is followed to everything of ours that they use, as far as names
tell: another function, a table of values, the fields of a class. Methods and constants of a class count if
something that was reached uses their name. What is left out changes no result (syntax.py).

Read from the source and not from compiled code, so that it is the same on every machine and for every release
of Python (docs/decisions/0018-fingerprints.md, which also tells what is not seen).
"""

from __future__ import annotations

import ast
import gc
import hashlib
import importlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from domain.kernel.fingerprints.syntax import Written, written
from domain.values.refusal import Declared

OURS = ("domain", "projections")

Place = tuple[str, str]
"""A module, and the name of something in it: a function, a table, a class, or a class and its member with a
point between."""
Describe = Callable[[Any], str | None]
"""What a value of ours is, if its declaration is not to be followed; None otherwise."""


def described(value: Any) -> str | None:
    """A refusal is what its code says: its sentences are words."""
    return value.code if isinstance(value, Declared) else None


@dataclass
class _Piece:
    """Something that was reached: what it says, what it uses, and the class it is or is of."""

    says: str
    uses: list[Place] = field(default_factory=list)
    attributes: frozenset[str] = frozenset()
    of_class: Place | None = None


class Sources:
    """Our modules as they are written, read as far as somebody asks: ``with Sources() as sources``.

    It holds much, so let go of it soon. Meanwhile no garbage is collected: a syntax tree has none, and much
    that is looked through for it.
    """

    def __init__(self, describe: Describe = described) -> None:
        self._describe = describe
        self._modules: dict[str, _Module] = {}
        self._pieces: dict[Place, _Piece] = {}
        self._collects = gc.isenabled()

    def __enter__(self) -> Sources:
        gc.disable()
        return self

    def __exit__(self, *_: object) -> None:
        self._modules.clear()
        self._pieces.clear()
        if self._collects:
            gc.enable()

    def digest(self, roots: Iterable[Place]) -> str:
        """SHA-256 (hex) over everything that these use, themselves included."""
        digest = hashlib.sha256()
        for name, says in sorted((name, piece.says) for (_, name), piece in self._reached(roots).items()):
            digest.update(f"{name}\n{says}\n".encode())
        return digest.hexdigest()

    def reached(self, roots: Iterable[Place]) -> dict[Place, str]:
        """The same in full: each thing that these use, and what it says."""
        return {place: piece.says for place, piece in self._reached(roots).items()}

    def _reached(self, roots: Iterable[Place]) -> dict[Place, _Piece]:
        reached: dict[Place, _Piece] = {}
        names: set[str] = set()
        members: dict[str, list[Place]] = {}
        """What of the classes reached is called so, and nobody has asked for yet."""
        classes: set[Place] = set()
        ahead = list(roots)
        while ahead:
            place = ahead.pop()
            if place in reached:
                continue
            piece = reached[place] = self._piece(place)
            ahead += piece.uses
            for name in piece.attributes - names:
                ahead += members.pop(name, ())
            names |= piece.attributes
            if piece.of_class is not None and piece.of_class not in classes:
                classes.add(piece.of_class)
                module, kind = piece.of_class
                ahead.append(piece.of_class)
                for name in self._module(module).members(kind):
                    later = ahead if name in names else members.setdefault(name, [])
                    later.append((module, f"{kind}.{name}"))
        return reached

    def _module(self, name: str) -> _Module:
        if name not in self._modules:
            self._modules[name] = _Module(importlib.import_module(name))
        return self._modules[name]

    # -- what something says, and what it uses

    def _piece(self, place: Place) -> _Piece:
        if place not in self._pieces:
            self._pieces[place] = self._made(*place)
        return self._pieces[place]

    def _made(self, module: str, name: str) -> _Piece:
        home, (kind, _, member) = self._module(module), name.partition(".")
        is_class = kind in home.classes
        source = home.said(name)
        uses, outside = list[Place](), list[str]()
        for used, via in sorted(source.uses):
            self._resolve(home.module, used, via, uses, outside)
        return _Piece(
            " ".join([source.text, *outside]),
            uses,
            frozenset(source.attributes),
            (module, kind) if is_class and (not member or home.is_method(name)) else None,
        )

    def _resolve(
        self, module: ModuleType, name: str, via: str, uses: list[Place], outside: list[str]
    ) -> None:
        """Where something is that a module calls by this name (``via``: as an attribute of it)."""
        if name not in vars(module):
            return
        value = vars(module)[name]
        if isinstance(value, ModuleType):
            outside.append(f"{name}:{value.__name__}")
            if via and is_ours(value.__name__):
                self._resolve(value, via, "", uses, outside)
        elif (words := self._describe(value)) is not None:
            outside.append(f"{name}:{words}")
        elif (place := place_of(value)) is not None:
            self._use(value, place, via, uses, outside)
        else:
            self._follow(module.__name__, name, uses, outside)

    def _use(self, value: Any, place: Place, via: str, uses: list[Place], outside: list[str]) -> None:
        """A function or class of ours, or (``via``) a constant or a method of such a class."""
        owner = next((k for k in getattr(value, "__mro__", ()) if via in vars(k)), None)
        member = None if owner is None else vars(owner)[via]
        if isinstance(member, str | int):
            outside.append(f"{place[1]}.{via}={member!r}")
        elif owner is not None and (home := place_of(owner)) is not None:
            uses += [(home[0], f"{home[1]}.{via}")]
        else:
            uses.append(place)

    def _follow(self, module: str, name: str, uses: list[Place], outside: list[str]) -> None:
        """A value that has no name of its own: it is made here, or where it is imported from."""
        called = name
        while is_ours(module) or module in self._modules:
            home = self._module(module)
            if home.binds(name):
                uses.append((module, name))
                return
            if name not in home.imported:
                return
            module, name = home.imported[name]
        outside.append(f"{called}:{module}.{name}")


def is_ours(module: str) -> bool:
    return module.partition(".")[0] in OURS


def place_of(value: Any) -> Place | None:
    """Where a function or class of ours is written; for one inside a function, that function. None for
    anything else."""
    if not isinstance(value, type | FunctionType) and not hasattr(value, "__wrapped__"):
        return None
    module, name = written_at(value)
    return (module, name) if is_ours(module) else None


def written_at(value: Any) -> Place:
    """Where a function or class is written, ours or not."""
    return value.__module__, value.__qualname__.partition(".<locals>")[0]


class _Module:
    """A module's statements by the names that they bind."""

    def __init__(self, module: ModuleType):
        self.module = module
        self.bound: dict[str, list[ast.stmt]] = {}
        self.imported: dict[str, Place] = {}
        self.classes: dict[str, ast.ClassDef] = {}
        for statement in ast.parse(Path(str(module.__file__)).read_bytes()).body:
            if isinstance(statement, ast.ImportFrom):
                for alias in statement.names:
                    self.imported[alias.asname or alias.name] = (statement.module or "", alias.name)
            if isinstance(statement, ast.ClassDef):
                self.classes[statement.name] = statement
            for name in _binds(statement):
                self.bound.setdefault(name, []).append(statement)

    def binds(self, name: str) -> bool:
        return name in self.bound

    @cached_property
    def _members(self) -> dict[str, dict[str, list[ast.stmt]]]:
        members: dict[str, dict[str, list[ast.stmt]]] = {}
        for name, kind in self.classes.items():
            own = members.setdefault(name, {})
            for statement in kind.body:
                for member in _binds(statement):
                    if not _is_shape(statement, member):
                        own.setdefault(member, []).append(statement)
        return members

    def members(self, kind: str) -> Iterable[str]:
        """The methods and constants of a class, which count if their name is used."""
        return self._members.get(kind, {})

    def is_method(self, name: str) -> bool:
        kind, _, member = name.partition(".")
        return any(isinstance(s, ast.FunctionDef) for s in self._members.get(kind, {}).get(member, ()))

    def said(self, name: str) -> Written:
        """What a function, a table, a class or a member of one says. Of a class its shape: what it is made
        of, its fields, and what Python itself calls. LookupError: nothing here has this name."""
        kind, _, member = name.partition(".")
        if member:
            return written(self._members[kind].get(member, []), in_class=True)
        if kind in self.classes:
            return written([_shape(self.classes[kind])])
        return written(self.bound[name])


def _binds(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement of a module or of a class gives a value."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield statement.name
    targets = statement.targets if isinstance(statement, ast.Assign) else ()
    for target in [statement.target] if isinstance(statement, ast.AnnAssign) else targets:
        yield from (
            n.id for n in ast.walk(target) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
        )


def _is_shape(statement: ast.stmt, member: str) -> bool:
    """A field, or what Python calls by itself."""
    is_field = isinstance(statement, ast.AnnAssign) and "ClassVar" not in ast.dump(statement.annotation)
    return is_field or member.startswith("__")


def _shape(kind: ast.ClassDef) -> ast.ClassDef:
    shape = [s for s in kind.body if any(_is_shape(s, member) for member in _binds(s))]
    return ast.ClassDef(kind.name, kind.bases, kind.keywords, shape, kind.decorator_list)

"""The text of a history file: from bytes to plain values, with the line of everything in it.

YAML is read defensively: UTF-8, no aliases, no tags, bounded in bytes, depth and number of values. A plain
scalar is null, true, false or a number as in YAML 1.2, else text: a date is text, and so is ``no``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from domain.history.problems import (
    HISTORY_ALIAS,
    HISTORY_DUPLICATE_FIELD,
    HISTORY_NOT_UTF8,
    HISTORY_NOT_YAML,
    HISTORY_TAG,
    HISTORY_TOO_DEEP,
    HISTORY_TOO_LARGE,
    HISTORY_UNREADABLE,
    Problems,
)
from domain.values.fields import TEXT_NOT_PLAIN, TextRule
from domain.values.plain_text import with_line_feeds
from domain.values.refusal import Refusal

MOST_BYTES = 20_000_000
MOST_VALUES = 400_000
MOST_LEVELS = 30

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TEXT = TextRule(20_000, lines=True)
_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})", re.ASCII)
_DECIMAL = re.compile(r"[-+]?[0-9]{1,18}\.[0-9]{1,18}", re.ASCII)
# What no text here may hold and YAML either refuses, without saying where, or takes for the end of a line.
_NOT_PRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


class Place(NamedTuple):
    """A place in the text, from 0."""

    line: int
    column: int


class HistoryFile:
    """One file as plain values; ``problems`` collects what is wrong with it, by JSON pointer."""

    def __init__(self, path: Path):
        self.name = str(path)
        self._root: Any = None
        self.problems = self.no_problems()
        self.value: Any = self._load(path)

    def line_of(self, pointer: str) -> int:
        """The line (from 1) of the field at a JSON pointer, or of the last part of it that exists."""
        node, line = self._root, 0
        for token in pointer.split("/")[1:]:
            child = _child(node, token.replace("~1", "/").replace("~0", "~"))
            if child is None:
                break
            line, node = child
        return line + 1

    def no_problems(self) -> Problems:
        """A new collection of problems with this file, without any."""
        return Problems(self.name, self.line_of)

    # -- reading

    def _load(self, path: Path) -> Any:
        text, suspects = self._decode(self._bytes(path))
        self._guard(text)
        self.problems.raise_if_any()
        try:
            self._root = yaml.compose(text, Loader=_Loader)
        except yaml.YAMLError as error:
            self._not_yaml(error)
        for place, refused in suspects:
            self.problems.add_at(place.line + 1, self._pointer_at(place), refused)
        return None if self._root is None else self._plain(self._root, "")

    def _bytes(self, path: Path) -> bytes:
        try:
            with path.open("rb") as opened:
                content = opened.read(MOST_BYTES + 1)
        except OSError as error:
            self._stop(0, HISTORY_UNREADABLE(reason=error.strerror or str(error)))
        if len(content) > MOST_BYTES:
            self._stop(0, HISTORY_TOO_LARGE(most=f"{MOST_BYTES // 1_000_000} MB"))
        return content.removeprefix(b"\xef\xbb\xbf")

    def _decode(self, content: bytes) -> tuple[str, list[tuple[Place, Refusal]]]:
        """The text with what cannot be in it replaced, and where that was."""
        suspects: list[tuple[Place, Refusal]] = []
        try:
            text = content.decode()
        except UnicodeDecodeError as error:
            before = with_line_feeds(content[: error.start].decode())
            suspects.append((_place(before), HISTORY_NOT_UTF8()))
            text = content.decode(errors="replace")
        text = with_line_feeds(text)
        for unprintable in islice(_NOT_PRINTABLE.finditer(text), Problems.MOST):
            refused = TEXT_NOT_PLAIN(codepoint=f"{ord(unprintable[0]):04X}")
            suspects.append((_place(text[: unprintable.start()]), refused))
        return _NOT_PRINTABLE.sub("\ufffd", text), suspects

    def _guard(self, text: str) -> None:
        """Refuse what could harm the reader, before anything is built of it."""
        level = values = 0
        event: Any
        try:
            for event in yaml.parse(text, Loader=_Loader):
                line = event.start_mark.line
                if isinstance(event, yaml.AliasEvent):
                    self.problems.add_at(line + 1, "", HISTORY_ALIAS(name=event.anchor))
                elif isinstance(event, yaml.CollectionEndEvent):
                    level -= 1
                elif isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
                    level += isinstance(event, yaml.CollectionStartEvent)
                    values += 1
                    if event.tag is not None:
                        self.problems.add_at(line + 1, "", HISTORY_TAG(tag=event.tag))
                if level > MOST_LEVELS:
                    self._stop(line, HISTORY_TOO_DEEP(most=MOST_LEVELS))
                if values > MOST_VALUES:
                    self._stop(line, HISTORY_TOO_LARGE(most=f"{MOST_VALUES:,} values"))
        except yaml.YAMLError as error:
            self._not_yaml(error)

    def _not_yaml(self, error: yaml.YAMLError) -> None:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        reason = getattr(error, "problem", None) or getattr(error, "context", None) or type(error).__name__
        self._stop(mark.line if mark else 0, HISTORY_NOT_YAML(reason=reason))

    def _stop(self, line: int, refused: Refusal) -> None:
        self.problems.add_at(line + 1, "", refused)
        self.problems.raise_if_any()

    # -- nodes to values

    def _plain(self, node: Any, pointer: str) -> Any:
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, pointer)
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(part, f"{pointer}/{n}") for n, part in enumerate(node.value)]
        text = with_line_feeds(str(node.value))
        if not node.style:
            if text.lower() in _WORDS:
                return _WORDS[text.lower()]
            if _WHOLE.fullmatch(text):
                return int(text)
            if _DECIMAL.fullmatch(text):
                return float(text)
        self._check_text(text, pointer)
        return text

    def _mapping(self, node: yaml.MappingNode, pointer: str) -> dict[str, Any]:
        plain: dict[str, Any] = {}
        for key, value in node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
            below = f"{pointer}/{escaped(name)}"
            self._check_text(name, below)
            if name in plain:
                line = key.start_mark.line + 1
                self.problems.add_at(line, below, HISTORY_DUPLICATE_FIELD(field=name))
            plain[name] = self._plain(value, below)
        return plain

    def _check_text(self, text: str, pointer: str) -> None:
        try:
            _TEXT.check(text, pointer)
        except Refusal as refused:
            self.problems.add(pointer, refused)

    def _pointer_at(self, place: Place) -> str:
        """The field that begins last before a place."""
        begun = [(start, pointer) for start, pointer in _starts(self._root, "") if start <= place]
        return max(begun)[1] if begun else ""


def escaped(name: str) -> str:
    """A field name as a token of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def _place(before: str) -> Place:
    return Place(before.count("\n"), len(before) - before.rfind("\n") - 1)


def _child(node: Any, token: str) -> tuple[int, yaml.Node] | None:
    """The line of a field or item of a node, and its value."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == token:
                return key.start_mark.line, value
    if isinstance(node, yaml.SequenceNode) and token.isdecimal() and int(token) < len(node.value):
        part = node.value[int(token)]
        return part.start_mark.line, part
    return None


def _starts(node: Any, pointer: str) -> Iterator[tuple[Place, str]]:
    """Where every field of a node begins, and its pointer."""
    if isinstance(node, yaml.MappingNode):
        parts = [(key.start_mark, escaped(str(key.value)), value) for key, value in node.value]
    elif isinstance(node, yaml.SequenceNode):
        parts = [(part.start_mark, str(n), part) for n, part in enumerate(node.value)]
    else:
        return
    for mark, token, value in parts:
        yield Place(mark.line, mark.column), f"{pointer}/{token}"
        yield from _starts(value, f"{pointer}/{token}")

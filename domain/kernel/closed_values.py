"""What of a value is closed, and what stands in its place: a field, an item of a list, a part of a text.

A part is named by a JSON Pointer (RFC 6901) into the event as it is published: ``/data/title_ja``,
``/data/items/3/title``, ``/note``. A long text is cut after each 。！？ or line feed; its parts are counted
from 0 and named below ``@text``, which no field is called: ``/data/text_ja/@text/3``. A telephone number that
somebody said does not hide what else was said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from domain.values.disclosure import Disclosure

Pointer = str
Pointers = Mapping[Pointer, Disclosure]
"""What is closed, each part with why; the pointer of the whole is empty."""
Tree = dict[str, Any]
"""Pointers by their steps: a step leads to why it is closed, or to further steps."""

SEGMENTS = "@text"
LONG = 80
"""A text of more characters than these is a text of segments."""
SHOWN = "■■■"

_SEGMENT = re.compile(r"[^。！？\n]*[。！？\n]|[^。！？\n]+")
_UNNAMED = Disclosure("closed", "personal")


def unnamed() -> Disclosure:
    """Why the id of a person is closed: it is left out, and nothing is printed in its place."""
    return _UNNAMED


# ---------------------------------------------------------------------------------------------- pointers


def pointer(steps: Iterable[str | int]) -> Pointer:
    """Steps as a JSON Pointer."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def steps_of(written: Pointer) -> list[str]:
    """A JSON Pointer as its steps. ValueError: it is none."""
    if written == "":
        return []
    if not written.startswith("/") or re.search("~(?![01])", written):
        raise ValueError(written)
    return [step.replace("~1", "/").replace("~0", "~") for step in written[1:].split("/")]


def segments(text: str) -> list[str]:
    """A long text in its segments, nothing removed; a short one is one segment."""
    return _SEGMENT.findall(text) if len(text) > LONG else [text]


def value_at(plain: Any, steps: Iterable[str]) -> Any:
    """What stands there in a value as JSON has it. LookupError: nothing does."""
    walked = plain
    way = iter(steps)
    for step in way:
        if isinstance(walked, str) and step == SEGMENTS:
            parts = segments(walked)
            number = next(way, None)
            if number is None or len(parts) < 2 or next(way, None) is not None:
                raise LookupError(step)
            return parts[_index(number)]
        if isinstance(walked, dict):
            walked = walked[step]
        elif isinstance(walked, list | tuple):
            walked = walked[_index(step)]
        else:
            raise LookupError(step)
    return walked


def _index(step: str) -> int:
    """An index as RFC 6901 writes it: without a sign and without leading zeros."""
    if not re.fullmatch("0|[1-9][0-9]{0,5}", step):
        raise LookupError(step)
    return int(step)


def tree_of(closed: Pointers) -> Tree:
    """Pointers by their steps. What lies below something closed is closed with it."""
    tree: Tree = {}
    for written, why in sorted(closed.items()):
        *way, last = steps_of(written)
        place = tree
        for step in way:
            inner = place.setdefault(step, {})
            if isinstance(inner, Disclosure):
                break
            place = inner
        else:
            place.setdefault(last, why)
    return tree


# ---------------------------------------------------------------------------------------- what is shown


def emptied(value: Any, why: Disclosure) -> Any:
    """What stands in place of a closed value: for words, that they are closed and why; a list without its
    items; nothing for a number, a day or a name from a list. So whoever reads it finds its parts."""
    if isinstance(value, list | tuple):
        return []
    if isinstance(value, str) and not value.isascii():
        return f"{why.stub('ja')} / {why.stub('en')}"
    return None


def _emptied_item(value: Any, why: Disclosure) -> Any:
    """An item of a list keeps its place and its shape: those beside it stay open."""
    if isinstance(value, dict):
        return {name: emptied(inner, why) for name, inner in value.items()}
    if isinstance(value, str):
        return f"{why.stub('ja')} / {why.stub('en')}"
    return emptied(value, why)


def cut(value: Any, closed: Tree | Disclosure | None) -> Any:
    """A plain value without what is closed of it."""
    if not closed:
        return value
    if isinstance(closed, Disclosure):
        return emptied(value, closed)
    if isinstance(value, str):
        return _cut_text(value, closed)
    if isinstance(value, list | tuple):
        return [_cut_item(inner, closed.get(str(n))) for n, inner in enumerate(value)]
    if not isinstance(value, dict):
        return None
    return {
        name: cut(inner, why) if why else inner
        for name, inner in value.items()
        if (why := closed.get(name)) is not _UNNAMED
    }


def _cut_item(value: Any, closed: Tree | Disclosure | None) -> Any:
    return _emptied_item(value, closed) if isinstance(closed, Disclosure) else cut(value, closed)


def _cut_text(text: str, closed: Tree) -> str | None:
    """A text with a mark in place of each closed segment. If they no longer stand there, all of it is
    closed."""
    of_text: Tree | None = closed.get(SEGMENTS)
    parts = segments(text)
    why = next(_grounds(closed))
    if len(parts) < 2 or not of_text or any(int(n) >= len(parts) for n in of_text):
        rest: str | None = emptied(text, why)
        return rest
    pieces: list[str] = []
    for n, part in enumerate(parts):
        ground = of_text.get(str(n))
        pieces.append(part if ground is None else mark(part, ground))
    return "".join(pieces)


_ENDS = ("。！？", ".!?")
"""How a sentence ends, in Japanese and in English."""


def mark(segment: str, why: Disclosure) -> str:
    """What stands in place of a closed segment: that it is closed and why, and the end of the sentence."""
    end = segment[-1] if segment[-1:] in ("\n", *_ENDS[0], *_ENDS[1]) else ""
    return f"{SHOWN}{end}" if why is _UNNAMED else f"{SHOWN}{why.stub('ja')} / {why.stub('en')}{end}"


def _grounds(closed: Tree | Disclosure) -> Iterator[Disclosure]:
    if isinstance(closed, Disclosure):
        yield closed
    else:
        for inner in closed.values():
            yield from _grounds(inner)


def is_date(value: Any) -> bool:
    """Whether a plain value is a date as events have it: one fact, whatever it is made of."""
    return isinstance(value, dict) and "precision" in value


def _inside(value: Any, why: Disclosure, name: str) -> Iterator[tuple[str, Any, Any]]:
    """What is in a closed value. Of a date its days; the words of which dates and rules are made (a unit, a
    basis) are everybody's, and tell nothing by themselves."""
    if is_date(value):
        for part in ("value", "earliest", "latest"):
            if value.get(part) is not None:
                yield name, value[part], None
    elif isinstance(value, dict):
        for inner_name, inner in value.items():
            if not (isinstance(inner, str) and inner.isascii()):
                yield from closed_leaves(inner, why, inner_name)
    elif isinstance(value, list | tuple):
        for inner in value:
            if isinstance(inner, str):
                yield name, inner, _emptied_item(inner, why)
            else:
                yield from _inside(inner, why, name)


def closed_leaves(
    value: Any, closed: Tree | Disclosure | None, name: str = ""
) -> Iterator[tuple[str, Any, Any]]:
    """What is closed of a value: what the field is called, what it says, and what stands in its place. Of a
    field that is closed, all that is in it too."""
    if closed is None or value is None:
        return
    if isinstance(closed, Disclosure):
        yield name, value, emptied(value, closed)
        yield from _inside(value, closed, name)
    elif isinstance(value, str):
        yield name, value, _cut_text(value, closed)
        parts = segments(value)
        for n, ground in (closed.get(SEGMENTS) or {}).items():
            if int(n) < len(parts):
                yield SEGMENTS, parts[int(n)], mark(parts[int(n)], ground)
    elif isinstance(value, list | tuple):
        for n, inner in enumerate(value):
            ground = closed.get(str(n))
            if isinstance(ground, Disclosure) and isinstance(inner, str):
                yield name, inner, _emptied_item(inner, ground)
            else:
                yield from closed_leaves(inner, ground, name)
    elif isinstance(value, dict):
        for inner_name, inner in value.items():
            yield from closed_leaves(inner, closed.get(inner_name), inner_name)

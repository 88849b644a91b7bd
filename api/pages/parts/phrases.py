"""Sentences with parts of their own: a number that must not break, words of the record, what matters most.

A pattern stands in both languages, ``tr("{body}は{vote}で…", "{body} … {vote}")``, and its parts keep their
nature: so a page can mark the language of what the record says, and a description is the same words plain.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from api.http.language import closed_words

Nature = Literal["plain", "whole", "strong", "record"]
"""``whole``: never broken; ``strong``: that, and what a sentence is about; ``record``: as it is recorded."""

_BLANK = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Part:
    text: str
    nature: Nature = "plain"


Phrase = tuple[Part, ...]
Filling = str | int | Part | Phrase


def whole(text: str | int) -> Part:
    return Part(str(text), "whole")


def strong(text: str | int) -> Part:
    return Part(str(text), "strong")


def recorded(text: str | None) -> Part:
    """Words of the record; closed ones say why they are, in the language of the page."""
    return Part(closed_words(text or ""), "record")


def phrase(pattern: str, **fillings: Filling) -> Phrase:
    """The pattern with its blanks filled."""
    pieces = _BLANK.split(pattern)
    parts: list[Part] = []
    for n, piece in enumerate(pieces):
        if n % 2:
            parts += _parts(fillings[piece])
        elif piece:
            parts.append(Part(piece))
    return tuple(parts)


def joined(phrases: Iterable[Phrase], between: str = "") -> Phrase:
    """Phrases one after another."""
    parts: list[Part] = []
    for n, each in enumerate(each for each in phrases if each):
        parts += [Part(between)] if n and between else []
        parts += each
    return tuple(parts)


def plain(words: Phrase) -> str:
    return "".join(part.text for part in words)


def _parts(filling: Filling) -> Phrase:
    if isinstance(filling, tuple):
        return filling
    return (filling,) if isinstance(filling, Part) else (Part(str(filling)),)

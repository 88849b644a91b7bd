"""Highlighting: where the words of a search stand in a text as it was written, and a passage around."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from typing import TypedDict

from projections.engine.spelling.characters import REPEATS
from projections.engine.spelling.written_values import written_in
from projections.engine.text_folding import same_characters

PASSAGE = 120
"""About how many characters of a text a passage shows."""
BEFORE = 40
"""How many of them stand before the first hit."""

Span = tuple[int, int]


class Part(TypedDict):
    """A piece of a passage; ``hit``: it is what was looked for. Plain text: whoever prints it escapes it."""

    text: str
    hit: bool


def passage(text: str, words: Sequence[str], tokens: Collection[str] = (), most: int = PASSAGE) -> list[Part]:
    """About ``most`` characters of ``text`` from shortly before the first hit of a folded word, or of a value
    by its token; empty if there is none."""
    text, spans = _hits(text, words, tokens)
    if not spans:
        return []
    start = max(0, spans[0][0] - BEFORE)
    end = max(start + most, spans[0][1])
    if end >= len(text):
        start, end = max(0, min(start, len(text) - most)), len(text)
    parts: list[Part] = [{"text": "…", "hit": False}] if start else []
    at = start
    for first, last in spans:
        if first >= end:
            break
        parts += [{"text": text[at:first], "hit": False}] if first > at else []
        parts.append({"text": text[first:last], "hit": True})
        at = last
    if at < end:
        parts.append({"text": text[at:end], "hit": False})
    if max(at, end) < len(text):
        parts.append({"text": "…", "hit": False})
    return parts


def _hits(text: str, words: Sequence[str], tokens: Collection[str]) -> tuple[str, list[Span]]:
    """``text`` and where the folded ``words`` and the values stand in it, in order, touching ones as one."""
    text, pieces = _pieces(text)
    whole, of = "", list[Span]()
    for start, end, piece in pieces:
        whole += piece
        of += [(start, end)] * len(piece)
    spans: list[Span] = []
    # Looking ahead finds hits that overlap one another.
    hits = [(m.start(), m.start() + len(w)) for w in words for m in re.finditer(f"(?={re.escape(w)})", whole)]
    if tokens:
        hits += [(w.start, w.end) for w in written_in(whole) if not set(w.tokens).isdisjoint(tokens)]
    for first, last in sorted(hits):
        start, end = of[first][0], of[last - 1][1]
        if spans and start <= spans[-1][1]:
            start, end = spans[-1][0], max(end, spans.pop()[1])
        spans.append((start, end))
    return text, spans


def _pieces(text: str) -> tuple[str, list[tuple[int, int, str]]]:
    """``text`` cut into (start, end, folded) pieces that fold one by one. The rare text that does not come
    apart like that is shown folded, as it was searched."""
    pieces = [(start, end, same_characters(text[start:end])) for start, end in _clusters(text)]
    whole = same_characters(text)
    if "".join(piece for _, _, piece in pieces) == whole:
        return text, pieces
    return whole, [(n, n + 1, c) for n, c in enumerate(whole)]


def _clusters(text: str) -> Iterator[Span]:
    """Each character with the marks that compose with it (ﾌ and ﾞ fold to one ブ)."""
    start = 0
    for n in range(1, len(text) + 1):
        if n == len(text) or not _joins(text[n]):
            yield start, n
            start = n


def _joins(c: str) -> bool:
    return unicodedata.combining(c) != 0 or c in "ﾞﾟ" or c in REPEATS or "\u1160" <= c <= "\u11ff"

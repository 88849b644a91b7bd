"""Folding text for search, and cutting it into pairs of characters.

Two texts are the same to a searcher when they fold to the same: by their folded key
(domain/values/plain_text.py), with one kana for the other, small ones as large, without marks of long
vowels, with what is repeated written out, old characters as new (spelling/characters.py), and any white space
for any other.

Japanese has no spaces between words, so the index holds every *pair* of neighbouring characters (a bigram):
the shortest words people look for (協働, 条例) are one pair. Pairs only find candidates; whether a word
stands in a text is always decided on the folded text itself.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from domain.values.plain_text import REFUSED_FIRST, folded_key
from projections.engine.spelling.characters import REPEATS, SAME, repeated

# U+180E is no white space any more, but still is to the tokenizer of SQLite's FTS5 (Unicode 6.1).
_SPACE = re.compile("[\\s\u180e]+")
# Controls, which no recorded text can hold, separate the words of a query, whatever was pasted.
_NEVER_RECORDED = re.compile(f"[\x09\x0a{REFUSED_FIRST}]+")


def folded(text: str) -> str:
    """``text`` as search compares it, with single blanks between words."""
    return _SPACE.sub(" ", same_characters(text)).strip()


def same_characters(text: str) -> str:
    """``text`` in the one spelling of its characters that search knows. Doing it twice changes nothing
    more."""
    if text.isascii():
        return text.lower()
    before = folded_key(text)
    while True:
        same = before.translate(SAME)
        if not REPEATS.isdisjoint(same):
            same = repeated(same).translate(SAME)
        # What stood on both sides of a mark of length may compose now that it is gone.
        if unicodedata.is_normalized("NFKC", same):
            return same
        before = folded_key(same)


def words_of(query: str) -> tuple[str, ...]:
    """The folded words of a query, each once: what stands between blanks, full-width ones too."""
    return tuple(dict.fromkeys(folded(_NEVER_RECORDED.sub(" ", query)).split()))


def pairs(text: str) -> list[str]:
    """Every pair of neighbouring characters within the words of a folded text, once each, in order. A word
    of one character has none."""
    pairs: dict[str, None] = {}
    for word in text.split():
        pairs.update(dict.fromkeys(map("".join, pairwise(word))))
    return list(pairs)

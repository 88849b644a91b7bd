"""Folding text for search, and cutting it into pairs of characters.

Two texts are the same to a searcher when they fold to the same: full and half width (ﾙｰﾙ = ルール),
compatibility characters (㈱ = (株)), upper and lower case, any white space. Nothing else is folded: a long
vowel mark, a small kana and a variant of a kanji are letters of their own, and who looks for one wants that.

Japanese has no spaces between words, so the index holds every *pair* of neighbouring characters (a bigram):
the shortest words people look for (協働, 条例) are one pair. Pairs only find candidates; whether a word
stands in a text is always decided on the folded text itself.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

# U+180E is no white space any more, but still is to the tokenizer of SQLite's FTS5 (Unicode 6.1).
_SPACE = re.compile("[\\s\u180e]+")
# What no recorded text can hold (domain/values/fields.py) separates the words of a query, whatever was
# pasted.
_NEVER_RECORDED = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")


def letters(text: str) -> str:
    """``text`` in NFKC and case folded. Doing it twice changes nothing more."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def folded(text: str) -> str:
    """``text`` as search compares it: :func:`letters`, with single blanks between words."""
    return _SPACE.sub(" ", letters(text)).strip()


def words_of(query: str) -> tuple[str, ...]:
    """The folded words of a query, each once: what stands between blanks, full-width ones too."""
    return tuple(dict.fromkeys(folded(_NEVER_RECORDED.sub(" ", query)).split()))


def pairs(text: str) -> list[str]:
    """Every pair of neighbouring characters within the words of a folded text, once each, in order. A word
    of one character has none."""
    found: dict[str, None] = {}
    for word in text.split():
        found.update(dict.fromkeys(map("".join, pairwise(word))))
    return list(found)

"""The words of a query, each with every spelling and every value that it may stand for.

取組 is written 取り組み too; ゴミ may stand as 廃棄物; 否決 is what pages call ``v:result.rejected``;
平成18年3月1日 is a date. What is looked for is spelled out when somebody asks, so that a word of the pages,
or of the city's list, can be changed without touching the index.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice, product

from projections.engine.spelling.okurigana import written_otherwise
from projections.engine.spelling.written_values import meant_by
from projections.engine.text_folding import folded

MOST_SPELLINGS = 12
MOST_TOKENS = 48


@dataclass(frozen=True)
class Word:
    """A folded word as it was typed; how else it may be written (``texts``, itself first); and the values it
    may be: those that it names exactly (``values``: a date, an amount), and those that are called so
    (``labels``). ``files``: attached files whose text says it, by their SHA-256."""

    typed: str
    texts: tuple[str, ...]
    values: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    @classmethod
    def plain(cls, typed: str) -> Word:
        """A word that stands for itself alone."""
        return cls(typed, (typed,))

    @property
    def tokens(self) -> tuple[str, ...]:
        return self.values + self.labels


@dataclass(frozen=True)
class Vocabulary:
    """What words stand for: ``labels`` are what pages call tokens, ``groups`` words that mean the same,
    ``readings`` how words are read. All are given as people write them."""

    labels: tuple[tuple[str, str], ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()
    readings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def folded_labels(self) -> tuple[tuple[str, str], ...]:
        return tuple((folded(label), token) for label, token in self.labels)

    @cached_property
    def same(self) -> Mapping[str, tuple[str, ...]]:
        """By a folded word, the others that mean the same."""
        same: dict[str, list[str]] = {}
        for group in self.groups:
            words = list(dict.fromkeys(map(folded, group)))
            for word in words:
                same.setdefault(word, []).extend(other for other in words if other != word)
        return {word: tuple(dict.fromkeys(others)) for word, others in same.items()}

    @cached_property
    def read_as(self) -> Mapping[str, tuple[str, ...]]:
        """By a folded reading, the words that are read so."""
        return {folded(reading): tuple(map(folded, words)) for reading, words in self.readings.items()}

    @cached_property
    def known_words(self) -> frozenset[str]:
        """Every word of the catalogue and of the city's list, folded."""
        return frozenset({label for label, _ in self.folded_labels} | self.same.keys())

    def meant(self, word: str) -> Word:
        """A folded word with what it may stand for."""
        spellings = (text for text in self._spellings(word) if text == word or len(text) > 1)
        texts = tuple(islice(dict.fromkeys(spellings), MOST_SPELLINGS))
        long_enough = [text for text in texts if len(text) > 1]
        labels = dict.fromkeys(
            token for label, token in self.folded_labels if any(text in label for text in long_enough)
        )
        return Word(word, texts, meant_by(word), tuple(islice(labels, MOST_TOKENS)))

    def _spellings(self, word: str) -> Iterator[str]:
        yield word
        yield from written_otherwise(word)
        for stem in (word, *written_otherwise(word)):
            yield from self.same.get(stem, ())
        if word not in self.same:
            for known, others in self.same.items():
                if len(known) > 1 and known in word:
                    yield from (word.replace(known, other) for other in others)
        for reading in self._read(word):
            yield reading
            yield from self.same.get(reading, ())

    def _read(self, word: str) -> Iterator[str]:
        """Words in kanji that are read like a word in kana: しみんかいぎ is 市民 and 会議."""
        if not _KANA.fullmatch(word):
            return
        for parts in islice(self._cut(word), 4):
            yield from islice(map("".join, product(*(self.read_as[part] for part in parts))), 6)

    def _cut(self, word: str, most: int = 5) -> Iterator[tuple[str, ...]]:
        if not word:
            yield ()
        elif most:
            for end in range(len(word), 1, -1):
                if word[:end] in self.read_as:
                    yield from ((word[:end], *rest) for rest in self._cut(word[end:], most - 1))


_KANA = re.compile("[ぁ-ゖ]{2,}")
NOTHING_KNOWN = Vocabulary()


def words_meant(words: Iterable[str], vocabulary: Vocabulary | None) -> tuple[Word, ...]:
    """Folded words with what they may stand for; without a vocabulary each for itself alone."""
    if vocabulary is None:
        return tuple(map(Word.plain, words))
    return tuple(map(vocabulary.meant, words))

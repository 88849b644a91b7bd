"""What a translator has made of our sentences: a catalogue for each further language, as it was imported.

Code says every sentence in Japanese and in English at once. A finished pair is recognised here: as it stands,
or by the words around its blanks in both languages, and what the blanks hold is looked up in the same way. So
nothing that says a sentence needs to know of further languages; and what is not recognised, or not
translated, stays English.

The files are made by ``kyodo words --import`` (api/translating/): one ``<language>.mo`` each, whose message
ids are the two sentences of a pair, joined.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Formatter

from babel import Locale
from babel.messages.mofile import read_mo

BETWEEN = "\x1f"
"""What stands between the Japanese and the English of a pair, in files and patterns; no text holds it."""

LONGEST = 4_000
"""Characters of a pair that are compared with patterns; longer ones are texts of the record."""

_SEPARATORS = (("、", ", "), ("・", ", "), ("、", "; "))
"""How several words in a row are joined."""

_ENDING = re.compile(r"[・、（, ][ (]?\w")
"""How a remark begins that follows something."""


class Catalogue:
    """The translations into one language. ``tag`` names it as an address does: ``fr``, ``pt-BR``."""

    def __init__(self, tag: str, translations: Iterable[tuple[str, str, str]]):
        self.tag = tag
        self.locale = Locale.parse(tag, sep="-")
        entries = [(ja, en, text) for ja, en, text in translations]
        self._exact = {(ja, en): text for ja, en, text in entries}
        patterns = [_Pattern.of(ja, en, text) for ja, en, text in entries if "{" in ja]
        self._patterns = sorted(patterns, key=lambda p: -p.weight)
        self._endings = [(ja, en) for ja, en, _ in entries if _ENDING.match(ja) and _ENDING.match(en)]
        self.translated = lru_cache(maxsize=8_192)(self._translated)

    @property
    def name(self) -> str:
        """What the language calls itself."""
        name = self.locale.get_display_name() or self.tag
        return name[0].upper() + name[1:]

    @property
    def is_right_to_left(self) -> bool:
        return self.locale.text_direction == "rtl"

    def say(self, ja: str, en: str) -> str:
        """A sentence of ours in this language; in English where that is not known."""
        return self.translated(str(ja), str(en)) or str(en)

    def _translated(self, ja: str, en: str) -> str | None:
        if known := self._exact.get((ja, en)):
            return known
        if ja == en or len(ja) + len(en) > LONGEST:
            return None
        for pattern in self._patterns:
            blanks = pattern.blanks(ja, en)
            if blanks is not None and (pattern.says_something or all(map(self._is_known, blanks.values()))):
                return pattern.filled({name: self.say(*pair) for name, pair in blanks.items()})
        return self._in_a_row(ja, en) or self._with_an_ending(ja, en)

    def _is_known(self, pair: tuple[str, str]) -> bool:
        """Whether what fills a blank needs no translation, or has one."""
        return pair[0] == pair[1] or self.translated(*pair) is not None

    def _in_a_row(self, ja: str, en: str) -> str | None:
        """Several words in a row, if each is known."""
        for comma, point in _SEPARATORS:
            one, other = ja.split(comma), en.split(point)
            if 1 < len(one) == len(other):
                words = [self.translated(*pair) for pair in zip(one, other, strict=True)]
                if all(words):
                    return self.say(comma, point).join(str(word) for word in words)
        return None

    def _with_an_ending(self, ja: str, en: str) -> str | None:
        """Something, and a remark after it: 平成20年度・日付の記録なし / FY2008, day not recorded."""
        for after_ja, after_en in self._endings:
            if ja.endswith(after_ja) and en.endswith(after_en) and len(ja) > len(after_ja):
                before = self.say(ja.removesuffix(after_ja), en.removesuffix(after_en))
                return before + self.say(after_ja, after_en)
        return None


@dataclass(frozen=True)
class _Pattern:
    """A sentence with blanks. ``words`` are what stands around them in Japanese, in their order."""

    words: tuple[str, ...]
    regex: re.Pattern[str]
    groups: dict[str, tuple[str, str]]
    """For each blank, its group in Japanese and its group in English."""
    template: str
    weight: int
    says_something: bool
    """Whether there are words around its blanks in both languages, and not only points and brackets."""

    @classmethod
    def of(cls, ja: str, en: str, template: str) -> _Pattern:
        parts = _Parts()
        regex = re.compile(f"{parts.read(ja, 'j')}{BETWEEN}{parts.read(en, 'e')}", re.DOTALL)
        words = tuple(literal for literal, _ in _read(ja) if literal)
        says_something = all(any(map(str.isalpha, _words(text))) for text in (ja, en))
        return cls(words, regex, parts.groups(), template, sum(map(len, words)), says_something)

    def blanks(self, ja: str, en: str) -> dict[str, tuple[str, str]] | None:
        """What the blanks of this pair hold in either language; None if the pair is not of this sentence."""
        at = 0
        for word in self.words:
            at = ja.find(word, at)
            if at < 0:
                return None
            at += len(word)
        match = self.regex.fullmatch(f"{ja}{BETWEEN}{en}")
        if match is None:
            return None
        return {name: (match[one], match[other]) for name, (one, other) in self.groups.items()}

    def filled(self, blanks: dict[str, str]) -> str:
        return "".join(
            literal + (blanks.get(name, "") if name else "") for literal, name in _read(self.template)
        )


class _Parts:
    """Makes one expression of the two halves of a sentence, a group for each blank of either."""

    def __init__(self) -> None:
        self._groups: dict[tuple[str, str], str] = {}

    def read(self, text: str, side: str) -> str:
        return "".join(
            re.escape(literal) + (self._group(name, side) if name else "") for literal, name in _read(text)
        )

    def _group(self, name: str, side: str) -> str:
        """A blank; one that comes twice in a language holds the same there."""
        known = self._groups.get((name, side))
        if known is not None:
            return f"(?P={known})"
        group = self._groups[name, side] = f"{side}{len(self._groups)}"
        return f"(?P<{group}>[^{BETWEEN}]*?)"

    def groups(self) -> dict[str, tuple[str, str]]:
        names = dict.fromkeys(name for name, _ in self._groups)
        return {
            name: (
                self._groups.get((name, "j")) or self._groups[name, "e"],
                self._groups.get((name, "e")) or self._groups[name, "j"],
            )
            for name in names
        }


def _read(text: str) -> Iterator[tuple[str, str | None]]:
    """The words of a template, each with the blank after it. Blanks without a name are numbered."""
    n = 0
    for literal, name, _, _ in Formatter().parse(text):
        if name == "":
            name, n = str(n), n + 1
        yield literal, name


def _words(text: str) -> str:
    return "".join(literal for literal, _ in _read(text))


def blanks_of(text: str) -> list[str]:
    """The blanks of a sentence, in order of their names, each as often as it stands there. Raises ValueError
    where braces do not close."""
    return sorted(name for _, name in _read(text) if name)


def read_all(folder: Path) -> dict[str, Catalogue]:
    """Every imported catalogue, by its language."""
    return {path.stem: _read_mo(path) for path in sorted(folder.glob("*.mo"))}


def _read_mo(path: Path) -> Catalogue:
    with path.open("rb") as file:
        messages = [m for m in read_mo(file) if m.id]
    pairs = [(*str(m.id).split(BETWEEN, 1), str(m.string)) for m in messages]
    return Catalogue(path.stem, [(ja, en, text) for ja, en, text in pairs])

"""A sentence as code says it in two languages: words, and blanks that are filled when it is said.

Code says its sentences as literals, f-strings, sums, or one of two by a condition; a template joins them
with ``~``. Both are read into the same parts, and pairs of them into what a translator sees: the Japanese and
the English with ``{named}`` blanks, the same name for the same blank in both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

JAPANESE = re.compile(r"[\u3001-\u30ff\u4e00-\u9fff\uff01-\uffe6・〜]")


@dataclass(frozen=True)
class Blank:
    """What is filled in: ``source`` is the expression as it stands, ``inner`` what is known of its words."""

    source: str
    inner: Node | None = None


@dataclass(frozen=True)
class Text:
    """Words and blanks in a row. ``is_template``: its words hold ``{…}`` of their own, to be filled later."""

    parts: tuple[str | Blank, ...]
    is_template: bool = False

    @property
    def words(self) -> str:
        return "".join(part for part in self.parts if isinstance(part, str))


@dataclass(frozen=True)
class Choice:
    """One of two, by a condition."""

    test: str
    first: Node
    second: Node


@dataclass(frozen=True)
class Other:
    """An expression without words of its own, or whose parts are looked at one by one (``inside``)."""

    source: str
    inside: tuple[Node, ...] = ()


Node = Text | Choice | Other
Pair = tuple[str, str]
"""A sentence in Japanese and in English, with its blanks as ``{name}``."""


def is_japanese(text: str) -> bool:
    return JAPANESE.search(text) is not None


def has_words(node: Node) -> bool:
    """Whether anything literal is said by it."""
    match node:
        case Text():
            return bool(node.words)
        case Choice():
            return has_words(node.first) or has_words(node.second)
        case Other():
            return False


def speaks_japanese(node: Node) -> bool:
    """Whether something that is said by it is Japanese."""
    match node:
        case Text():
            return is_japanese(node.words)
        case Choice():
            return speaks_japanese(node.first) or speaks_japanese(node.second)
        case Other():
            return False


@dataclass(frozen=True)
class Fault:
    """What nobody could translate: Japanese words beside no English, or (``text`` is None) two languages that
    do not fit each other."""

    line: int
    why: str
    text: str | None = None

    @classmethod
    def alone(cls, line: int, text: str) -> Fault:
        return cls(line, f"“{text.strip()[:60]}” stands beside no English", text.strip())


class Unpaired(Exception):
    """The two languages of one sentence are not built alike: nobody could translate it."""


def pairs(ja: Node, en: Node) -> Iterator[Pair]:
    """The sentences in an expression and its counterpart in the other language. Raises Unpaired."""
    if isinstance(ja, Choice) and isinstance(en, Choice) and neutral(ja.test) == neutral(en.test):
        yield from pairs(ja.first, en.first)
        yield from pairs(ja.second, en.second)
    elif isinstance(en, Choice) and not isinstance(ja, Choice):
        yield from pairs(ja, en.first)
        yield from pairs(ja, en.second)
    elif isinstance(ja, Choice):
        yield from pairs(ja.first, en)
        yield from pairs(ja.second, en)
    else:
        yield from _both(ja, en)


def _both(ja: Node, en: Node) -> Iterator[Pair]:
    if isinstance(ja, Other) and isinstance(en, Other):
        if len(ja.inside) == len(en.inside):
            for one, other in zip(ja.inside, en.inside, strict=True):
                if speaks_japanese(one) or isinstance(one, Other):
                    yield from pairs(one, other)
        return
    if _stands_alone(ja, en) or _stands_alone(en, ja):
        raise Unpaired("one language is written out where the other is not")
    one, other = _as_text(ja), _as_text(en)
    if not one.words.strip() and not re.search("[A-Za-z]", other.words):
        return  # nothing is said, only filled in
    names = _names(one, other)
    yield printed(one, names), printed(other, names)
    yield from _in_blanks(one, other)


def _stands_alone(words: Node, other: Node) -> bool:
    """Whether words stand beside something else than words, which is not what fills their blanks either."""
    if not (isinstance(words, Text) and words.words.strip() and isinstance(other, Other)):
        return False
    blanks = [neutral(part.source) for part in words.parts if isinstance(part, Blank)]
    return not any(re.search(rf"(?<!\w){re.escape(blank)}(?!\w)", neutral(other.source)) for blank in blanks)


def _in_blanks(ja: Text, en: Text) -> Iterator[Pair]:
    """Sentences that stand in the blanks of a sentence."""
    of = {neutral(part.source): part.inner for part in en.parts if isinstance(part, Blank)}
    for part in ja.parts:
        if not isinstance(part, Blank) or part.inner is None:
            continue
        counterpart = of.get(neutral(part.source))
        if counterpart is not None:
            yield from pairs(part.inner, counterpart)


def _as_text(node: Node) -> Text:
    if isinstance(node, Text):
        return node
    if isinstance(node, Other):
        return Text((Blank(node.source, node),))
    raise Unpaired("one language chooses where the other does not")


# ------------------------------------------------------------------------------------------------- blanks

_LANGUAGE = re.compile(
    r"""(_(ja|en)\b | \[['"](ja|en)['"]\] | \.(ja|en)\b | \(['"](ja|en)['"]\) | ,\s*['"](ja|en)['"]
    | \[\s*[01]\s*\] | \b(ja|en)\b)""",
    re.VERBOSE,
)
_WORD = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")
_SAYS_NOTHING = {
    *(
        "and",
        "count",
        "else",
        "ensure",
        "for",
        "format",
        "if",
        "in",
        "int",
        "is",
        "isoformat",
        "join",
        "label",
    ),
    *("lambda", "len", "length", "not", "or", "round", "self", "sorted", "str", "sum", "v"),
    *("True", "False", "None"),
}


def neutral(source: str) -> str:
    """An expression without what makes it Japanese or English: ``day.label('ja')`` is ``day.label``; of words
    that stand in it, where they stand."""
    return _LANGUAGE.sub("", re.sub(r"'[^']*[^\x00-\x7f][^']*'|'[^']* [^']*'", "''", source))


def _names(ja: Text, en: Text) -> dict[str, str]:
    """A name for each blank of a sentence, by its neutral expression: the last word of it that says what it
    is, with the one before where two would be called alike."""
    of_ja, of_en = (
        list(dict.fromkeys(neutral(p.source) for p in text.parts if isinstance(p, Blank)))
        for text in (ja, en)
    )
    names: dict[str, str] = {}
    for source in dict.fromkeys(of_ja + of_en):
        words = [word for word in _WORD.findall(source) if word not in _SAYS_NOTHING] or ["words"]
        name = words[-1].lower()
        if name in names.values():
            name = "_".join(words[-2:]).lower()
        n = 2
        plain = name
        while name in names.values():
            name, n = f"{plain}_{n}", n + 1
        names[source] = name
    only_ja, only_en = [s for s in of_ja if s not in of_en], [s for s in of_en if s not in of_ja]
    if len(only_ja) == len(only_en) == 1:  # the same thing, asked for in another way
        names[only_en[0]] = names[only_ja[0]]
    return names


def printed(text: Text, names: dict[str, str]) -> str:
    """A sentence as a translator sees it."""
    return "".join(
        f"{{{names[neutral(part.source)]}}}"
        if isinstance(part, Blank)
        else part
        if text.is_template or len(text.parts) == 1
        else part.replace("{", "{{").replace("}", "}}")
        for part in text.parts
    )

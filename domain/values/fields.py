"""The kinds of field an event or a command may have, declared once.

A field's type says how it is stored (msgspec) and, through a marker in ``Annotated``, what it may hold.
The domain checks the marker before an event is recorded; the HTTP schemas, the OpenAPI description and the
staff forms are derived from the same marker. Markers are not checked when the log is decoded: what was
accepted once stays readable.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, ClassVar, Union
from urllib.parse import urlsplit

import msgspec

from domain.rules import recording
from domain.values.plain_text import control_in, invisible_in, is_blank
from domain.values.refusal import Declared, Refusal, refusal

TEXT_NOT_PLAIN = refusal(
    "TEXT_NOT_PLAIN",
    ja="制御文字または表示方向を変える文字が含まれています（U+{codepoint}）。",
    en="The text holds a control or direction-changing character (U+{codepoint}).",
    rule=recording.PLAIN_TEXT,
    next_ja="その文字を取り除いて送り直してください。",
    next_en="Remove that character and send it again.",
    kind="invalid",
)
TEXT_INVISIBLE = refusal(
    "TEXT_INVISIBLE",
    ja="目に見えない文字が含まれています（U+{codepoint}）。",
    en="The text holds a character that cannot be seen (U+{codepoint}).",
    rule=recording.PLAIN_TEXT,
    next_ja="その文字を取り除いて送り直してください。ほかの文書から写したときに紛れ込むことがあります。",
    next_en="Remove that character and send it again. It may have come along with a copy from elsewhere.",
    kind="invalid",
    since=3,
)
TEXT_TOO_LONG = refusal(
    "TEXT_TOO_LONG",
    ja="文字数が上限を超えています（{length}字、上限{limit}字）。",
    en="The text is too long ({length} characters, at most {limit}).",
    rule=recording.ESSENCE,
    next_ja="要点を記し、全文は文書として登録してください。",
    next_en="Record the essence and register the full text as a document.",
    kind="invalid",
)
TEXT_EMPTY = refusal(
    "TEXT_EMPTY",
    ja="空の文字列は記録できません。",
    en="An empty text cannot be recorded.",
    rule=recording.UNKNOWN_LEFT_OUT,
    next_ja="不明なら省略してください。",
    next_en="Leave the field out if it is not known.",
    kind="invalid",
)
ID_MALFORMED = refusal(
    "ID_MALFORMED",
    ja="この識別子は使えません（英小文字・数字・ハイフン、80字まで）。",
    en="“{value}” is not an identifier (lower-case letters, digits and hyphens, at most 80).",
    rule=recording.IDENTIFIER,
    next_ja="単語をハイフンで結んでください。省くと、システムが付けます。",
    next_en="For example: matter-2026-014",
    kind="invalid",
)
NUMBER_OUT_OF_RANGE = refusal(
    "NUMBER_OUT_OF_RANGE",
    ja="数値{value}は範囲外です（{least}以上{most}以下）。",
    en="The number {value} is out of range ({least} to {most}).",
    rule=recording.COUNTS,
    next_ja="数値を確かめてください。不明なら省略してください。",
    next_en="Check the number; leave it out if it is not known.",
    kind="invalid",
)
URL_NOT_WEB = refusal(
    "URL_NOT_WEB",
    ja="アドレスは http://、https://、ftp:// のいずれかで始め、サーバーの名前を続けてください。",
    en="The address must begin with http://, https:// or ftp://, followed by the name of a server.",
    rule=recording.WEB_ADDRESS,
    next_ja="ウェブのアドレスでないものは、説明書きか注記に記してください。",
    next_en="Put what is not a web address into the caption or a note.",
    kind="invalid",
)

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,79}(#[a-z0-9-]{1,40})?")


@dataclass(frozen=True)
class TextRule:
    """At most ``limit`` characters; ``lines`` allows line feeds."""

    limit: int
    lines: bool
    REFUSES: ClassVar[tuple[Declared, ...]] = (
        TEXT_NOT_PLAIN,
        TEXT_INVISIBLE,
        TEXT_TOO_LONG,
        TEXT_EMPTY,
    )

    def check(self, value: str, pointer: str) -> None:
        if sign := control_in(value, lines=self.lines):
            raise TEXT_NOT_PLAIN(codepoint=f"{ord(sign):04X}").at(pointer)
        if sign := invisible_in(value):
            raise TEXT_INVISIBLE(codepoint=f"{ord(sign):04X}").at(pointer)
        if len(value) > self.limit:
            raise TEXT_TOO_LONG(length=len(value), limit=self.limit).at(pointer)
        if is_blank(value):
            raise TEXT_EMPTY().at(pointer)


_SCHEMES = ("http", "https", "ftp")
"""What a browser follows without carrying anything out; ftp is how old material was published."""


@dataclass(frozen=True)
class UrlRule(TextRule):
    """One line that is an address on the web: a scheme that can be followed safely, and a host."""

    REFUSES: ClassVar[tuple[Declared, ...]] = (*TextRule.REFUSES, URL_NOT_WEB)

    def check(self, value: str, pointer: str) -> None:
        super().check(value, pointer)
        try:
            parts = urlsplit(value)
            safe = parts.scheme in _SCHEMES and bool(parts.hostname) and not re.search(r"\s", value)
        except ValueError:  # brackets that are no IPv6 address
            safe = False
        if not safe:
            raise URL_NOT_WEB().at(pointer)


@dataclass(frozen=True)
class IdRule:
    """An identifier of this record; ``of`` names what it identifies (for the reader)."""

    of: str
    REFUSES: ClassVar = (ID_MALFORMED,)

    def check(self, value: str, pointer: str) -> None:
        if not _ID.fullmatch(value):
            raise ID_MALFORMED(value=value[:80]).at(pointer)


@dataclass(frozen=True)
class RangeRule:
    """A whole number from ``least`` to ``most``; ``unit`` says of what, in English."""

    least: int
    most: int
    unit: str = ""
    REFUSES: ClassVar = (NUMBER_OUT_OF_RANGE,)

    def check(self, value: int, pointer: str) -> None:
        if isinstance(value, bool) or not self.least <= value <= self.most:
            raise NUMBER_OUT_OF_RANGE(value=value, least=self.least, most=self.most).at(pointer)


@dataclass(frozen=True)
class Secret:
    """Personal data: goes to the vault, never into an event (domain.md 3, PII)."""


Line = Annotated[str, TextRule(300, lines=False)]
"""One line of text, at most 300 characters."""
Text = Annotated[str, TextRule(20_000, lines=True)]
"""Text with line feeds, at most 20,000 characters."""
Word = Annotated[str, TextRule(80, lines=False)]
"""A word or short label, at most 80 characters."""
Url = Annotated[str, UrlRule(2_000, lines=False)]
"""An address on the web, kept as the source gives it."""
Id = Annotated[str, IdRule("anything")]
"""An identifier of this record: lower-case letters, digits, hyphens; a part of a thing after ``#``."""
Count = Annotated[int, RangeRule(0, 10_000_000, "number of")]
"""How many; never negative. Unknown is null, not 0."""
Ordinal = Annotated[int, RangeRule(1, 100_000, "ordinal")]
"""First, second, …"""
Year = Annotated[int, RangeRule(1868, 2200, "fiscal year, by its April 1")]
"""A fiscal year (年度) by the calendar year of its April 1."""
Yen = Annotated[int, RangeRule(-(10**14), 10**14, "yen")]
"""Whole yen; negative for a reduction (△)."""
TenthsOfHour = Annotated[int, RangeRule(1, 240, "tenths of an hour")]
"""Hours of work to one decimal, in tenths: 25 are two and a half hours; more than 0, at most a day."""
PersonName = Annotated[str, TextRule(100, lines=False), Secret()]
"""A person's name: goes to the vault only."""

Checker = Callable[[Any, str], None]
_RULES = (TextRule, IdRule, RangeRule)
_BARE: dict[type, TextRule | RangeRule] = {
    str: TextRule(20_000, lines=True),
    int: RangeRule(-(10**15), 10**15),
}


def rules_of(annotation: Any) -> Iterator[Any]:
    """The markers of an ``Annotated`` type."""
    if typing.get_origin(annotation) is Annotated:
        yield from annotation.__metadata__


@cache
def checker_for(annotation: Any) -> Checker | None:
    """A function that refuses a value which breaks the markers inside ``annotation``; None if it has none."""
    origin = typing.get_origin(annotation)
    if origin is Annotated:
        for rule in annotation.__metadata__:
            if isinstance(rule, _RULES):
                return rule.check
        return checker_for(annotation.__origin__)
    if origin in (Union, types.UnionType):
        return _first_fitting(annotation)
    if origin in (tuple, list):
        return _each(checker_for(typing.get_args(annotation)[0]))
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return _struct(annotation)
    bare = _BARE.get(annotation) if isinstance(annotation, type) else None
    return bare.check if bare else None


@cache
def refusals_in(annotation: Any) -> frozenset[Declared]:
    """What a value of this type may be refused with: by the markers in it, and by the ``check`` that a struct
    has of its own (``REFUSES`` beside it)."""
    origin = typing.get_origin(annotation)
    if origin is Annotated:
        rules = [rule for rule in annotation.__metadata__ if isinstance(rule, _RULES)]
        return frozenset(rules[0].REFUSES) if rules else refusals_in(annotation.__origin__)
    if origin is typing.Literal:
        return frozenset()
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        inner = typing.get_type_hints(annotation, include_extras=True)
        parts = [refusals_in(inner[name]) for name in annotation.__struct_fields__]
        return frozenset(getattr(annotation, "REFUSES", ())).union(*parts)
    bare = _BARE.get(annotation) if isinstance(annotation, type) else None
    return frozenset(bare.REFUSES if bare else ()).union(*map(refusals_in, typing.get_args(annotation)))


def _plain_type(annotation: Any) -> Any:
    while typing.get_origin(annotation) is Annotated:
        annotation = annotation.__origin__
    return typing.get_origin(annotation) or annotation


def _first_fitting(annotation: Any) -> Checker | None:
    arms = [(a, _plain_type(a), checker_for(a)) for a in typing.get_args(annotation)]
    arms.sort(key=lambda arm: arm[1] is not bool)  # a truth is an int to Python, and no number to us
    if not any(check for _, _, check in arms):
        return None

    def check(value: Any, pointer: str) -> None:
        if value is None:
            return
        for arm, plain, checker in arms:
            fits = value in typing.get_args(arm) if plain is typing.Literal else isinstance(value, plain)
            if fits:
                if checker:
                    checker(value, pointer)
                return

    return check


def _each(item: Checker | None) -> Checker | None:
    if item is None:
        return None

    def check(values: Any, pointer: str) -> None:
        for n, value in enumerate(values):
            item(value, f"{pointer}/{n}")

    return check


def _struct(struct: type[msgspec.Struct]) -> Checker:
    hints = typing.get_type_hints(struct, include_extras=True)
    parts: list[tuple[str, str, Checker]] = []
    for name, wire in zip(struct.__struct_fields__, struct.__struct_encode_fields__, strict=True):
        checker = checker_for(hints[name])
        if checker:
            parts.append((name, wire, checker))
    own = getattr(struct, "check", None)

    def check(value: Any, pointer: str) -> None:
        for name, wire, checker in parts:
            part = getattr(value, name)
            if part is not None:
                checker(part, f"{pointer}/{wire}")
        if own is not None:
            try:
                own(value)
            except Refusal as refused:
                raise refused.under(pointer) from None

    return check


def check(value: msgspec.Struct, pointer: str = "") -> None:
    """Refuse ``value`` (a struct) if any field in it breaks its marker or its own ``check``."""
    checker = checker_for(type(value))
    if checker:
        checker(value, pointer)

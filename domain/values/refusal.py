"""Refusals: a command that may not happen says why, by which rule, and what to do next.

A refusal is declared once, beside the code that raises it, and raised by calling the declaration::

    NOT_QUORATE = refusal(
        "NOT_QUORATE",
        ja="定足数に達していません（出席{present}人、必要{required}人）。",
        en="The meeting is not quorate ({present} present, {required} required).",
        rule=meetings.QUORATE,
        next_ja="流会として記録するか、出席者を確認してください。",
        next_en="Record the meeting as inquorate, or check who is present.",
    )
    raise NOT_QUORATE(present=13, required=15)

A refused command leaves no event, only a line in the log.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from domain.rules.edition import EDITION
from domain.rules.language import Language as Language
from domain.rules.rule import Rule

Kind = Literal["invalid", "conflict", "forbidden", "not_found", "unavailable"]
"""What sort of no it is. ``invalid``: the input cannot be true (422). ``conflict``: the state of the
record does not allow it now (409). ``forbidden``: not for this role (403). ``not_found`` (404).
``unavailable``: this process cannot, another may (503)."""


class Refusal(Exception):
    """A command was refused. ``params`` fill the sentences; ``pointer`` is the JSON pointer of the field."""

    def __init__(
        self,
        declared: Declared,
        params: dict[str, Any],
        pointer: str | None = None,
        words: Mapping[str, Mapping[str, str]] | None = None,
    ):
        self.declared = declared
        self.params = params
        self.pointer = pointer
        self.words = words or {}
        """What its sentence says in place of a parameter, in each language: names for identifiers."""
        super().__init__(f"{declared.code}: {declared.sentence('en', params)}")

    @property
    def code(self) -> str:
        return self.declared.code

    def at(self, pointer: str) -> Refusal:
        """The same refusal, said of one field of the input (RFC 6901 pointer)."""
        return Refusal(self.declared, self.params, pointer, self.words)

    def saying(self, words: Mapping[str, Mapping[str, str]]) -> Refusal:
        """The same refusal, its sentence in these words."""
        return Refusal(self.declared, self.params, self.pointer, words)

    def under(self, prefix: str) -> Refusal:
        """The same refusal with ``prefix`` put before its pointer."""
        return self.at(prefix + (self.pointer or ""))

    def sentence(self, lang: Language) -> str:
        return self.declared.sentence(lang, {**self.params, **self.words.get(lang, {})})

    def what_next(self, lang: Language) -> str:
        return self.declared.way_out(lang, {**self.params, **self.words.get(lang, {})})

    def rule(self, lang: Language) -> str:
        """The rule it comes from, with the source of the rule, in one line."""
        return self.declared.rule.line(lang)

    def __reduce__(self) -> tuple[Any, ...]:
        return (Refusal, (self.declared, self.params, self.pointer, self.words))


@dataclass(frozen=True)
class Declared:
    """One declared refusal: its code, its sentences, the rule it comes from and what to do next."""

    code: str
    ja: str
    en: str
    rule: Rule
    next_ja: str
    next_en: str
    kind: Kind = "conflict"
    since: int = 1
    """The edition of the rules with which it came (domain/rules/edition.py)."""

    def __call__(self, **params: Any) -> Refusal:
        return Refusal(self, params)

    def sentence(self, lang: Language, params: dict[str, Any]) -> str:
        return (self.ja if lang == "ja" else self.en).format_map(_Blank(params))

    def way_out(self, lang: Language, params: dict[str, Any]) -> str:
        """What to do next, in the words of what was refused."""
        return (self.next_ja if lang == "ja" else self.next_en).format_map(_Blank(params))


class _Blank(dict[str, Any]):
    """Missing parameters print as a dash: explaining a refusal must never raise another error."""

    def __missing__(self, key: str) -> str:
        return "—"


REFUSALS: dict[str, Declared] = {}
"""Every declared refusal by code. Filled on import of the domain; listed by ``kyodo refusals``."""


def refusal(
    code: str,
    *,
    ja: str,
    en: str,
    rule: Rule,
    next_ja: str,
    next_en: str,
    kind: Kind = "conflict",
    since: int = 1,
) -> Declared:
    """Declare a refusal. ``since``: the edition of the rules with which it comes. ValueError: the code is
    declared already, or the edition is none that there is."""
    if not 1 <= since <= EDITION:
        raise ValueError(f"refusal {code}: no edition {since} of the rules")
    if code in REFUSALS:
        raise ValueError(f"refusal {code} is declared twice")
    declared = Declared(code, ja, en, rule, next_ja, next_en, kind, since)
    REFUSALS[code] = declared
    return declared

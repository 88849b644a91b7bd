"""What has no place in a sentence for people: identifiers, codes, states and fields of the program."""

from __future__ import annotations

import re
import typing
from collections.abc import Iterator
from functools import cache
from typing import Any, Literal

import msgspec
import sqlalchemy as sa

from api.http.problems import PROBLEMS
from domain.kernel.events import EVENTS
from domain.kernel.field_words import field_words
from domain.kernel.record import KINDS
from domain.values.refusal import REFUSALS
from projections.views.matter import decision_trail

ACRONYMS = frozenset(
    {"API", "CSV", "JSON", "PDF", "HHI", "PDL", "URL", "HTTP", "NPO", "PROV", "SHA", "FY", "NDJSON"}
)
"""What people call so in Japanese too."""
PROTOCOL = frozenset(
    {
        *("Idempotency-Key", "If-Match", "Content-Type", "Authorization", "Bearer", "Retry-After", "Allow"),
        *("Cookie", "X-CSRFToken", "Kyodo-Role", "UTF-8", "SHA-256", "application/json", "http", "https"),
        *(
            "ftp",
            "pg_stat_activity",
            "yamada.h",
            "staff",
            "DATABASE_URL",
            "PUBLIC_URL",
            "docs/migrations.md",
            "measure-",
        ),
        *("Excel", "xlsx", "xls", "xlsm", "Word", "docx", "docm", "doc", "txt", "Shift_JIS"),
        *("OpenID", "Connect", "Pango", "fonts-noto-cjk", "read", "write", "documents", "revise"),
    }
)
"""Proper names: of programs and files of an office, of a way to sign in, of scopes of tokens, of headers that
programs send, of settings and of a page for whoever runs the service, login names as an example, and the
beginning that the names of measures have in addresses."""
_TERMINAL = re.compile(r"kyodo(?: [a-z-]+)+|--[a-z-]+")
_ADDRESS = re.compile(r"https?://\S+|(?<![A-Za-z])/[a-z0-9/.-]+")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_SNAKE = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b")
_CODE = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b")
_CAMEL = re.compile(r"\b[A-Z][a-z]+(?:[A-Z][a-z]+)+\b")
_WORD = re.compile(r"[A-Za-z][A-Za-z_/.-]*[A-Za-z]")
_ENGLISH = re.compile(r"\b[A-Za-z]+(?:[ ,]+[A-Za-z]+){3,}\b")


@cache
def enumerated() -> frozenset[str]:
    """Every value of a word of the program."""
    values: set[str] = set()
    for event in EVENTS.values():
        for hint in typing.get_type_hints(event, include_extras=True).values():
            values.update(_values(hint))
    return frozenset(values)


def _values(hint: Any) -> Iterator[str]:
    if typing.get_origin(hint) is Literal:
        yield from (v for v in typing.get_args(hint) if isinstance(v, str))
        return
    for arm in typing.get_args(hint):
        yield from _values(arm)
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        for inner in typing.get_type_hints(hint, include_extras=True).values():
            yield from _values(inner)


def ids_of(connection: sa.Connection) -> frozenset[str]:
    """Every identifier on a record: of things and of what their events name as parts."""
    table = decision_trail.thing.table
    return frozenset(connection.scalars(sa.select(table.c.id)))


def out_of_place(sentence: str, ids: frozenset[str] = frozenset(), *, strict: bool = True) -> list[str]:
    """What of a Japanese sentence is no word for people. ``strict``: no latin word at all but for acronyms
    and proper names; without it the sentence may quote a source."""
    bare = _ADDRESS.sub("", _TERMINAL.sub("", sentence))
    for name in sorted(PROTOCOL, key=len, reverse=True):
        bare = bare.replace(name, "")
    wrong = [*_UUID.findall(bare), *_SNAKE.findall(bare), *_CODE.findall(bare)]
    wrong += [name for name in _CAMEL.findall(bare) if name in EVENTS or name in KINDS]
    wrong += [word for word in re.findall(r"[a-z0-9#_-]+", bare) if "-" in word and word in ids]
    if strict:
        wrong += [word for word in _WORD.findall(bare) if word not in ACRONYMS]
    else:
        wrong += _ENGLISH.findall(bare)
    return sorted(set(wrong))


def bilingual_in(content: Any) -> Iterator[tuple[str, str]]:
    """Every sentence in both languages, wherever it stands."""
    if isinstance(content, dict):
        if content.keys() == {"ja", "en"} and isinstance(content["ja"], str):
            yield content["ja"], content["en"]
            return
        for value in content.values():
            yield from bilingual_in(value)
    elif isinstance(content, list | tuple):
        for value in content:
            yield from bilingual_in(value)


def every_refusal() -> dict[str, Any]:
    return {**REFUSALS, **PROBLEMS}


PLAUSIBLE: dict[str, Any] = {
    **dict.fromkeys(("appointment", "holder", "leader"), "seat-07"),
    **dict.fromkeys(("party", "who"), "p-05"),
    **dict.fromkeys(("items", "questions", "duties", "comments"), "item-1、item-2"),
    **dict.fromkeys(("members", "officers", "speakers"), "seat-07、seat-08"),
    "item": "item-1",
    "option": "option-2",
    "chosen": "option-2",
    "business": "matter-desk、meeting-7",
    "matter": "matter-desk",
    "meeting": "meeting-2",
    "resolution": "res-desk",
    "id": "matter-unknown-1",
    "council": "council-minamo",
    "section": "section-a",
    "training": "t-1",
    "sheet": "sheet-forum-2024",
    "step": "step-report",
    "improvement": "imp-weekly",
    "recommendation": "rec-1",
    "redaction": "red-1",
    "correction": "fix-1",
    "request": "q-1",
    "device": "reflection-groups",
    "instrument": "law-minamo",
    "measure": "measure-meet",
    "by": "plan-second",
    "question": "necessity",
    "duty": "r-7",
    "state": "public_comment",
    "allowed": "open, recess",
    "phase": "self_evaluating",
    "kind": "案件",
    "category": "public_recruitment",
    "known": "organisation、public_recruitment",
    "result": "adopted_with_conditions",
    "method": "majority_show",
    "verdict": "not_measurable",
    "field": "decided_on",
    "inputs": "出席",
    "where": "disclosure",
    "relation": "adopted_by",
    "side": "団体側",
    "event": "MatterConcluded",
    "what": "案件の提起",
    "before": "市の決定",
    "value": "matter-desk",
    "missing": "items",
    "why": "理由が要ります。",
    "events": "「閉会」",
}
"""What stands in refusals as rules raise them, by the name of the place."""


def plausible(name: str) -> Any:
    return PLAUSIBLE.get(name, PLAUSIBLE.get(name.removesuffix("_en"), 3))


def fields_and_values() -> frozenset[str]:
    return frozenset(name for name in {*field_words(), *enumerated()} if "_" in name)

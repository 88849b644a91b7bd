"""Refusals in words for people: what is named in them is called by its title, not by its identifier.

A rule speaks of what it knows: identifiers, states and values as the record keeps them. Before somebody
reads it, each is put into words: a thing by its title, a part of the thing at hand (an item, an option, a
duty) by its text, a state or a value by its word; and what has no name on record, or none that this reader
may know, by what it is. A program finds the place in the input by the pointer and the reason by the code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
import sqlalchemy as sa
from flask import has_request_context, request

from api.reads.reading import is_staff
from api.setup.one_moment import living
from api.words.states import STATES
from api.words.values import VALUES
from domain.kernel.correction_events import EFFECTIVE
from domain.kernel.events import EVENTS
from domain.kernel.field_words import words_of
from domain.kernel.id_fields import makes
from domain.kernel.links import RELATIONS
from domain.kernel.record import KINDS
from domain.values.refusal import Refusal
from projections.engine.event_json import main_text
from projections.engine.log import events_at
from projections.views.matter import decision_trail

Words = tuple[str, str]

THAT: dict[str, Words] = {
    **dict.fromkeys(("appointment", "holder", "leader", "members"), ("その委員", "that member")),
    **dict.fromkeys(("party", "who", "officers", "speakers"), ("その人", "that person")),
    **dict.fromkeys(("item", "items"), ("その議題・項目", "that item")),
    **dict.fromkeys(("matter", "business"), ("その案件・会議", "that matter or meeting")),
    **dict.fromkeys(("duty", "duties"), ("その責任分担", "that duty")),
    **dict.fromkeys(("question", "questions"), ("その検討項目", "that question")),
    **dict.fromkeys(("comments",), ("その意見", "that comment")),
    "option": ("その案", "that option"),
    "session": ("その会期", "that session"),
    "chosen": ("その案", "that option"),
    "meeting": ("その会議", "that meeting"),
    "resolution": ("その議決", "that resolution"),
    "council": ("その市民会議", "that council"),
    "section": ("その課", "that section"),
    "training": ("その研修", "that training"),
    "sheet": ("その評価シート", "that sheet"),
    "step": ("その手順", "that step"),
    "improvement": ("その改善", "that improvement"),
    "recommendation": ("その推薦", "that recommendation"),
    "redaction": ("その措置", "that redaction"),
    "correction": ("その訂正案", "that correction"),
    "request": ("その申出", "that request"),
    "device": ("その工夫", "that device"),
    "instrument": ("その法令", "that instrument"),
    "measure": ("その施策", "that measure"),
    "by": ("その案件・計画", "that matter or plan"),
    "id": ("その名前のもの", "the one of that name"),
}
"""What something is called in a sentence, by the place it has there, where no name of it can be told."""
IT: Words = ("その名前", "that name")
KIND_WORDS: dict[str, str] = {
    **{kind.LABEL[0]: kind.LABEL[1] for kind in KINDS.values()},
    "記録": "record",
    "質問": "question",
    "検討項目": "question",
    "検討案": "option",
    "意見": "comment",
    "個人情報": "personal data",
    "改善": "improvement",
    "課": "section",
    "委嘱": "appointment",
    "判断基準": "criterion",
    "責任分担": "duty",
    "評価項目の版": "version of the template",
}
_OF_PEOPLE = frozenset({"text", "why", "number", "codepoint", "roles", "have", "name"})
"""What somebody typed, or a sentence that is in words already, is said as it is."""
_ID = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)+(#[a-z0-9-]+)?|[0-9a-f]{8}-[0-9a-f-]{27}")
_BETWEEN = re.compile(r"(、|, |・)")
MOST_EVENTS = 500


def in_words(refused: Refusal) -> Refusal:
    """A refusal as this reader is told it."""
    wanted = {token for text in _texts(refused) for token in _BETWEEN.split(text) if _ID.fullmatch(token)}
    return worded(refused, _names(wanted) if wanted else {})


def worded(refused: Refusal, names: Mapping[str, str]) -> Refusal:
    """A refusal in words. ``names``: titles and texts of what its sentence may name, by identifier."""
    sentences: tuple[dict[str, str], dict[str, str]] = ({}, {})
    kind = refused.params.get("of_kind")
    for name, value in refused.params.items():
        plain = name.removesuffix("_en")
        if isinstance(value, str) and plain not in _OF_PEOPLE:
            for n in (0, 1):
                sentences[n][name] = "".join(
                    _word(plain, part, n, kind, names) for part in _BETWEEN.split(value)
                )
    return refused.saying({"ja": sentences[0], "en": sentences[1]})


def _texts(refused: Refusal) -> Iterator[str]:
    for name, value in refused.params.items():
        if isinstance(value, str) and name.removesuffix("_en") not in _OF_PEOPLE:
            yield value


def _word(param: str, part: str, n: int, kind: str | None, names: Mapping[str, str]) -> str:
    if part in names:
        return names[part]
    if param == "kind" and part in KIND_WORDS:
        return (part, KIND_WORDS[part])[n]
    words = _of_the_domain(param, part, kind)
    if words is not None:
        return words[n]
    return THAT.get(param, IT)[n] if _ID.fullmatch(part) else part


def _of_the_domain(param: str, part: str, kind: str | None) -> Words | None:
    """The words of a state, a value, a field, a relation or an event."""
    if param in ("state", "allowed", "phase"):
        if part == "new":
            return "未登録", "not on record"
        of_kinds = [STATES[kind]] if kind in STATES else list(STATES.values())
        states = next((words[part] for words in of_kinds if part in words), None)
        if states is not None:
            return states[0], states[1]
    if part == EFFECTIVE:
        return "いつのことか", "when it happened"
    if part in EVENTS:
        return EVENTS[part].LABEL
    if param in ("field", "known", "where", "missing") and (words := words_of(part)) is not None:
        return words
    if part in RELATIONS:
        return RELATIONS[part][0], RELATIONS[part][1]
    return VALUES.get(f"{param}.{part}") or VALUES.get(part)


# -- names


def _names(wanted: set[str]) -> dict[str, str]:
    """Titles of things on record, and texts of the parts of the thing at hand, for the office: who else gives
    commands may not know all of it."""
    if not (has_request_context() and is_staff()):
        return {}
    with living() as connection:
        path = request.view_args or {}
        return names_of(connection, wanted, path.get("entity") or path.get("id"))


def names_of(connection: sa.Connection, wanted: Iterable[str], entity: str | None) -> dict[str, str]:
    """What these identifiers stand for: things on record, and parts of ``entity``."""
    ids = set(wanted)
    things = decision_trail.things(connection, ids)
    titles = {i: str(row["title"]) for i, row in things.items() if row["title"]}
    if entity is not None and ids - titles.keys():
        positions = decision_trail.positions_of_entity(connection, entity, MOST_EVENTS)
        for event in events_at(connection, positions):
            titles = {**parts_named(event.data, ids), **titles}
    return titles


def parts_named(data: Any, ids: set[str]) -> dict[str, str]:
    """Of what is said, and of what stands in its lists: the text of each part that is named there."""
    named: dict[str, str] = {}
    for struct in (data, *_inside(data)):
        text = (
            getattr(struct, "label", None)
            or main_text(struct)
            or getattr(struct, "duty", None)
            or getattr(struct, "what", None)
        )
        for field in struct.__struct_fields__:
            value = getattr(struct, field)
            if isinstance(value, str) and value in ids and text and makes(type(struct).__name__, field):
                named.setdefault(value, text)
    return named


def _inside(data: Any) -> Iterator[Any]:
    for field in data.__struct_fields__:
        value = getattr(data, field)
        if isinstance(value, tuple):
            yield from (one for one in value if isinstance(one, msgspec.Struct))

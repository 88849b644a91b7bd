"""What an event holds, field by field, in words: no key, no id and no bare null is shown to a reader."""

from __future__ import annotations

import datetime as dt
import re
import typing
from collections.abc import Iterator, Set
from functools import cache
from typing import Any

import msgspec

from api.http.language import lang, spoken, tr
from api.pages.parts import marks
from api.pages.parts.names import Label, Names
from api.words import wording
from api.words.values import VALUES
from domain.kernel.correction_events import EFFECTIVE
from domain.kernel.events import EVENTS
from domain.kernel.field_words import structs_inside
from domain.kernel.id_fields import makes
from domain.kernel.links import RELATIONS
from domain.values.calendar import EffectiveDate
from domain.values.disclosure import Disclosure
from domain.values.fields import IdRule, rules_of
from domain.values.money import Money
from domain.values.quorum import MajorityRule, QuorumRule
from domain.values.refusal import REFUSALS
from projections.engine.event_json import Json

Words = Label | list[Label]
"""Words for the macro ``val``: a text, or several in a row."""

_TECHNICAL = {
    *("sha256", "vault_ref", "link_id", "stated_amount", "stated_unit", "order", "article"),
    *("target_event", "target_version", "target_subject", "standing", "follows", "correction_id"),
    "redaction_id",
}
"""Fields that say nothing to a reader, or nothing that the step does not say; the page's data has them."""

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,79}(#[a-z0-9-]{1,40})?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}.*)?$")
_BY_WHOM = {"proposed_by", "approved_by"}
"""Fields that hold a party where it was done here, and words where that is told of elsewhere."""
_MISSED = {
    "approved_by",
    "attendees",
    "chair_rule",
    "copies",
    "document_no",
    "edition",
    "group_count",
    "groups",
    "held_on",
    "in_force_from",
    "leader",
    "majority",
    "measures_total",
    "members",
    "number",
    "outcome",
    "participants",
    "period_from_fy",
    "place",
    "published_on",
    "quorum",
    "reason",
    "recipients",
    "seats_total",
    "sections_total",
    "settled_yen",
    "term_months",
    "times_held",
}
"""Fields that a reader would ask for: where they are null, the step says that they are not recorded."""


def details(
    type_: str,
    data: Json,
    names: Names,
    *,
    leave_out: Set[str] = frozenset(),
    closed: Json | None = None,
) -> list[Any]:
    """The fields of an event as (label, words), and last what it leaves open, in one line. ``closed``: its
    closed fields, each with why."""
    event = EVENTS[type_]
    skip = leave_out | _TECHNICAL | {event.WHEN, *event.LINKS, *_made_here(type_)}
    inner = inner_ids(type_)
    shown: list[Any] = []
    absent: list[str] = []
    for name, value in _fields(type_, data):
        if name in skip:
            continue
        if closed and name in closed:
            shown.append((wording.field(name, event), tr(closed[name]["ja"], closed[name]["en"])))
            continue
        if value in ([], (), "", {}) and name not in said_at_its_default(type_):
            continue
        if value is None:
            absent += [wording.field(name, event)] * (name in _MISSED)
        elif not (name in inner and not _known(value, names)) and not (
            name in _BY_WHOM and _means_nothing(value, names)
        ):
            in_words = words(name, value, names, data)
            shown += [(wording.field(name, event), in_words)] if in_words else []
        elif name == "present":
            shown.append((wording.field(name, event), tr(f"{len(value)}人", str(len(value)))))
    if absent:
        shown.append((tr("記録なし", "Not recorded"), wording.listed(list(dict.fromkeys(absent)))))
    return shown


def _fields(type_: str, data: Json) -> Iterator[tuple[str, Any]]:
    """The fields in the order of the event. One left at its default is not unknown: the default holds."""
    for name, default in _declared(type_):
        if name in data:
            value = data[name]
            held = default if value is None and default is not msgspec.NODEFAULT else value
            yield name, msgspec.to_builtins(held)


@cache
def _declared(type_: str) -> tuple[tuple[str, Any], ...]:
    """The fields of an event with their defaults. Kept, because the types of all of them are read for it: a
    seventh of the work of a page that shows steps."""
    return tuple((f.encode_name, f.default) for f in msgspec.structs.fields(EVENTS[type_]))


@cache
def _made_here(type_: str) -> frozenset[str]:
    """The fields by which an event names what it brings about itself: its text says what that is."""
    return frozenset(name for name in inner_ids(type_) if makes(type_, name))


@cache
def inner_ids(type_: str) -> frozenset[str]:
    """The fields of an event that hold ids: names of parts that mean nothing to a reader."""
    event = EVENTS[type_]
    hints = typing.get_type_hints(event, include_extras=True)
    return frozenset(f.encode_name for f in msgspec.structs.fields(event) if _holds_id(hints[f.name]))


@cache
def said_at_its_default(type_: str) -> frozenset[str]:
    """The fields of an event that have to be said and have a type of defaults alone: ``{}`` is public."""
    event = EVENTS[type_]
    hints = typing.get_type_hints(event)
    fields = msgspec.structs.fields(event)
    return frozenset(f.encode_name for f in fields if f.required and hints[f.name] is Disclosure)


@cache
def names_of_dates() -> frozenset[str]:
    """What fields that hold a day or a moment are called, in events and in their parts. No text is called
    so."""
    return frozenset(name for name, kind in fields_of_events() if _holds_date(kind))


@cache
def names_of_ids() -> frozenset[str]:
    """What fields are called that hold ids, and nowhere anything else."""
    holds = {True: set[str](), False: set[str]()}
    for name, kind in fields_of_events():
        holds[_holds_id(kind)].add(name)
    return frozenset(holds[True] - holds[False])


def fields_of_events() -> Iterator[tuple[str, Any]]:
    """The name and the type of every field of every event, and of every part of one."""
    for struct in structs_inside(EVENTS.values()):
        hints = typing.get_type_hints(struct, include_extras=True)
        for f in msgspec.structs.fields(struct):
            yield f.encode_name, hints[f.name]


def _holds_date(kind: Any) -> bool:
    return not {dt.date, dt.datetime}.isdisjoint({kind, *typing.get_args(kind)})


def _holds_id(kind: Any) -> bool:
    if any(isinstance(rule, IdRule) for rule in rules_of(kind)):
        return True
    return any(_holds_id(arm) for arm in typing.get_args(kind) if not isinstance(arm, str))


def _known(value: Any, names: Names) -> bool:
    """Whether ids can be said in words: of things on record, or of questions every study has."""
    listed = value if isinstance(value, list | tuple) else [value]
    return all(item in names.things or item in VALUES for item in listed)


def _means_nothing(value: Any, names: Names) -> bool:
    """Whether a part holds nothing but ids that cannot be said in words."""
    listed = value if isinstance(value, list | tuple) else [value]
    return all(isinstance(one, str) and _ID.fullmatch(one) for one in listed) and not _known(value, names)


def words(name: str, value: Any, names: Names, beside: Json) -> Words:
    """The value of a field in words; ``beside`` are the fields it stands among."""
    if isinstance(value, bool):
        return wording.yes(value)
    if isinstance(value, int):
        return _number(name, value, beside)
    if isinstance(value, str):
        return _text(name, value, names)
    if isinstance(value, dict):
        return _struct(value, names)
    parts: list[Label] = []
    for item in value:
        text = words(name, item, names, beside)
        if text:
            parts += [tr("、", ", ")] if parts else []
            parts += text if isinstance(text, list) else [text]
    return parts


def _number(name: str, value: int, beside: Json) -> str:
    if name.endswith(("fiscal_year", "_fy")):
        return marks.fiscal_year(value) or ""
    if name == "amount_yen" and beside.get("stated_unit") == "千円" and beside["stated_amount"] is not None:
        stated = Money(value, beside["stated_amount"], "千円")
        return f"{stated.stated_label()}（{stated.label()}）" if lang() == "ja" else stated.label()
    if name == "year":
        return tr(f"{value}年", str(value))
    if name == "tenths":
        return tr(f"{value / 10:g}時間", f"{value / 10:g} hours")
    return Money.of_yen(value).label() if name.endswith("_yen") else f"{value:,}"


def _text(name: str, value: str, names: Names) -> Label:
    if name == "warnings" and value in REFUSALS:
        return spoken(lambda language: REFUSALS[value].sentence(language, {}))
    if name == "relation" and value in RELATIONS:
        return wording.relation(value, forward=False)
    if value in names.things:
        return names.label(value)
    if value in EVENTS:
        return tr(*EVENTS[value].LABEL)
    if name in ("field", "fields"):
        return field_named(value)
    if name in names_of_dates() or (name in ("before", "after") and _DATE.match(value)):
        return _date(value)
    return wording.value(name, value)


def field_named(path: str) -> str:
    """A field of an event by its name, or by the pointer to it or to a part of it, in words."""
    top = path.removeprefix("/").removeprefix("data/").replace("/", ".").partition(".")[0]
    return tr("いつのことか", "when it happened") if top == EFFECTIVE else wording.field(top)


def _date(text: str) -> str:
    """A day or a moment, as an event has it, in words."""
    try:
        if _DAY.fullmatch(text):
            return spoken(EffectiveDate.on(dt.date.fromisoformat(text)).label)
        return str((marks.date(text) or {})["full_label"])
    except ValueError:  # a text that begins like one
        return text


def _struct(value: Json, names: Names) -> Words:
    if not value:  # all of it at its default: nothing is closed
        return tr("公開", "public")
    if "precision" in value:
        return (marks.date(value) or {})["full_label"]  # type: ignore[no-any-return]
    if "instrument_id" in value:
        return (names.citation(value) or {})["label"]  # type: ignore[no-any-return]
    if "visibility" in value and value.keys() <= set(Disclosure.__struct_encode_fields__):
        disclosure = msgspec.convert(value, Disclosure)
        return tr("公開", "public") if disclosure.is_public else spoken(disclosure.stub)
    if "basis" in value and value.keys() <= {"basis", "denominator", "n"}:
        return spoken(msgspec.convert(value, QuorumRule).label)
    if "threshold" in value:
        return majority(msgspec.convert(value, MajorityRule))
    parts: list[Label] = []
    for name, inner in value.items():
        if inner in (None, [], (), "", {}) or (name in names_of_ids() and _means_nothing(inner, names)):
            continue
        text = words(name, inner, names, value)
        if text and not (name.endswith("_id") and text in value.values()):
            parts.append(f"{tr('／', '; ') if parts else ''}{wording.field(name)}{tr('：', ': ')}")
            parts += text if isinstance(text, list) else [text]
    return parts


def majority(rule: MajorityRule) -> str:
    """What adopts, in words: 出席委員の過半数."""
    share, base = wording.value("threshold", rule.threshold), wording.value("base", rule.base)
    return tr(f"{base}の{share}", f"{share} of {base}")

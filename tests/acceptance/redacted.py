"""A record in which every field of every event type is redacted, each with a marker of its own.

It is the fictional record, told so far that every event of the domain happens. Of each type one event is
given other words, numbers and days than it had, and then all its fields are redacted, by the command and by
name. Two such records differ in nothing but what is redacted: whatever a reader is told of one he must be
told of the other, or something closed can be inferred.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import msgspec
import sqlalchemy as sa
from flask import Flask

from api.access import rates
from api.papers import routes
from domain.kernel.closed_values import pointer
from domain.kernel.correction import Correctable
from domain.kernel.correction_events import CORRECTING
from domain.kernel.events import EVENTS, Actor
from domain.kernel.mapper import decode
from domain.kernel.record import KINDS, kind_of
from domain.kernel.streams import entity_of
from domain.recording.application import command_named
from domain.recording.receipts import CommandTerms
from domain.sample.record import make_sample
from domain.values.disclosure import Disclosure
from projections.engine.store import Store
from projections.metrics.metric import METRICS
from projections.questions.question import QUESTIONS
from projections.rebuild.replay import rebuild
from projections.tables.log_table import LOG

ENOUGH = 24
"""With so many meetings every event of the domain happens in the fictional record (test_sample.py)."""
MARK = re.compile("秘[密匿][AB]\\d{4}")
STRUCTURAL = re.compile(
    r".*(_fy|fiscal_year|version|_no|^no|^article|^paragraph|^item|art16_item|position|^level)$"
)
"""Whole numbers that name something."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d(T.*)?")
SOON = {"A": "2031-05-14T19:00:00+09:00", "B": "2032-09-03T18:30:00+09:00"}
"""When the meeting is that is still to come."""


@dataclass
class Marked:
    """What was redacted: the fields of one event of each type, and the ids of what they are about."""

    fields: dict[str, tuple[str, ...]] = field(default_factory=dict)
    entities: dict[str, str] = field(default_factory=dict)
    """By event type the aggregate of the redacted event."""
    markers: int = 0
    places: dict[str, tuple[str, tuple[Any, ...]]] = field(default_factory=dict)
    """By marker the type of the event, and where in what it says the marker stands."""
    parts: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)
    """By event type where it has markers."""
    targets: dict[str, tuple[str, int]] = field(default_factory=dict)
    """By event type the stream and the version of the event with markers."""
    refused: dict[str, str] = field(default_factory=dict)


Names = tuple[str, ...]


def every_field(type_: str, _: Marked) -> Names:
    """Every field of an event, by its name."""
    return tuple(EVENTS[type_].__struct_encode_fields__)


def whole_or_parts(type_: str, marked: Marked) -> Names:
    """Of one type in two the event as a whole; of the other each part that has a marker, and that alone."""
    parts = tuple(pointer(("data", *path)) for path in marked.parts.get(type_, ()))
    return parts if list(marked.targets).index(type_) % 2 else ()


def tell(store: Store) -> None:
    """Make the fictional record, in which every event of the domain happens."""
    store.create()
    make_sample(store.application, ENOUGH)


def chosen_events(store: Store) -> dict[str, tuple[int, str, int]]:
    """Of each type that can be redacted one event: its position, stream and version. Of meetings that are
    planned, the one that is still to come."""
    found: dict[str, tuple[int, str, int]] = {}
    with store.engine.connect() as connection:
        position = "notification_id" if store.postgres else "rowid"
        rows = connection.exec_driver_sql(
            f"SELECT {position}, originator_id, originator_version, topic, state FROM {LOG} ORDER BY 1"
        ).all()
        coming = (
            connection.exec_driver_sql(
                "SELECT meeting_id FROM meeting WHERE state IN ('scheduled','notified') ORDER BY position"
            )
            .scalars()
            .first()
        )
    for at, stream, version, topic, state in rows:
        e = decode(topic, bytes(state), at)
        redactable = issubclass(kind_of(stream), Correctable) and not isinstance(e.data, CORRECTING)
        if redactable and (e.type not in found or (e.entity == coming and e.type == "MeetingScheduled")):
            found[e.type] = (at, stream, version)
    return found


def mark(source: Store, target: Store, variant: str, redact: Callable[[str, Marked], Names | None]) -> Marked:
    """Make in ``target``, which is empty, the record of ``source`` with markers, and redact what has one.
    ``redact``: what of an event of this type; None for nothing."""
    marked = Marked()
    chosen = chosen_events(source)
    marked.targets = {type_: (stream, version) for type_, (_, stream, version) in chosen.items()}
    by_event = {(stream, version): (at, type_) for type_, (at, stream, version) in chosen.items()}
    counter = iter(range(1, 10_000))
    columns = ("originator_id", "originator_version", "topic", "state")
    position = "notification_id" if source.postgres else "rowid"
    with source.engine.connect() as connection:
        rows = connection.exec_driver_sql(f"SELECT {','.join(columns)} FROM {LOG} ORDER BY {position}").all()
    told_otherwise = []
    for stream, version, topic, state in rows:
        new = bytes(state)
        if (stream, version) in by_event:
            at, type_ = by_event[stream, version]
            told = json.loads(new)
            told["data"] = _with_markers(told["data"], type_, told, at, variant, counter, marked)
            new = json.dumps(told, ensure_ascii=False).encode()
        told_otherwise.append(dict(zip(columns, (stream, version, topic, new), strict=True)))
    target.create()
    with target.engine.begin() as connection:
        connection.execute(sa.insert(sa.table(LOG, *map(sa.column, columns))), told_otherwise)
    list(rebuild(target))
    ids = iter(range(1, 10_000))  # so that two records differ in nothing but what is closed
    target.application.clock = lambda: dt.datetime(2030, 1, 1, 3, tzinfo=dt.UTC)
    target.application.new_id = lambda: f"00000000-0000-4000-8000-{next(ids):012d}"
    for type_, (_, stream, version) in chosen.items():
        names = redact(type_, marked)
        if names is not None:
            redact_one(target, type_, stream, version, names, marked)
    return marked


def redact_one(
    store: Store, type_: str, stream: str, version: int, names: tuple[str, ...], marked: Marked
) -> None:
    """Close what ``names`` says of an event; all of it, if that is empty."""
    kind = kind_of(stream)
    terms = CommandTerms(Actor("DIS", "p-dis"), frozenset({"DIS"}))
    entity = entity_of(stream)
    arguments = {
        "redaction_id": f"closed-{type_.lower()}",
        "target_version": version,
        "redacted": Disclosure("closed", "personal"),
        "reason": "個人情報",
        "fields": names,
    }
    try:
        store.application.execute(command_named(kind.__name__, "redact"), entity, arguments, terms)
    except Exception as refused:
        marked.refused[type_] = repr(refused)[:200]
        return
    marked.fields[type_], marked.entities[type_] = names, entity


def _with_markers(
    data: Any, type_: str, told: Any, at: int, variant: str, counter: Iterator[int], marked: Marked
) -> Any:
    """``data`` with every word, number and day that may be another one replaced; each is tried by itself."""
    for path, value in list(_leaves(data)):
        other = _other(path, value, variant, counter)
        if other is None:
            continue
        changed = _put(data, path, other)
        try:
            decode(type_, json.dumps({**told, "data": changed}).encode(), at)
        except (msgspec.ValidationError, ValueError):
            continue
        data, marked.markers = changed, marked.markers + 1
        marked.places[str(other)] = (type_, path)
        marked.parts.setdefault(type_, []).append(path)
    return data


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, (*path, name))
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            yield from _leaves(inner, (*path, n))
    else:
        yield path, value


def _other(path: tuple[Any, ...], value: Any, variant: str, counter: Iterator[int]) -> Any:
    name = next((str(part) for part in reversed(path) if isinstance(part, str)), "")
    if isinstance(value, bool) or value is None:
        return None
    n = next(counter)
    if isinstance(value, int):
        if STRUCTURAL.fullmatch(name):
            return None
        return 7_300_000 + 17 * n if variant == "far" else value + (n if variant == "A" else 2 * n + 1)
    if name == "starts_at" and variant != "far":
        return SOON[variant]
    if isinstance(value, str) and _DAY.fullmatch(value):
        day = dt.date.fromisoformat(value[:10]) + dt.timedelta(days=n % 20 + (25 if variant == "B" else 0))
        day = dt.date(2087, 1, 1) + dt.timedelta(days=n) if variant == "far" else day
        return day.isoformat() + value[10:]
    if isinstance(value, str) and not value.isascii():
        return f"秘密A{n:04d}" if variant != "B" else f"秘匿B{n:04d}のほかの言葉"
    return None


def _put(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    head, *rest = path
    if isinstance(data, dict):
        return {**data, head: _put(data[head], tuple(rest), value)}
    return [_put(inner, tuple(rest), value) if n == head else inner for n, inner in enumerate(data)]


# ------------------------------------------------------------------------------------- every route there is

MOMENTS = ("as_known_on=2029-12-31", "in_force_on=2027-10-01")
"""Before anything was redacted, and amid what is told: what is closed today is closed in every past."""
ELSEWHERE = ("/static", "/sign", "/account", "/livez", "/readyz", "/-/", "/api/docs")
"""Where nothing of the record is told."""


def addresses(app: Flask, store: Store, marked: Marked) -> list[str]:
    """An address of every route that is read, and for every thing of which an event was redacted."""
    with store.engine.connect() as connection:
        things = connection.exec_driver_sql("SELECT id, kind, entity FROM trail_thing").all()
        head = connection.exec_driver_sql(
            f"SELECT max({'notification_id' if store.postgres else 'rowid'}) FROM {LOG}"
        ).scalar_one()
    closed = set(marked.entities.values())
    ids: dict[str, list[str]] = {}
    for thing, kind, entity in things:
        if entity in closed:
            ids.setdefault(KINDS[kind].COLLECTION, []).append(entity)
            ids.setdefault("things", []).append(thing)
    asked = dict[str, None]()
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.rule.startswith(ELSEWHERE):
            for address in _filled(rule.rule, ids, int(head), marked):
                asked[address] = None
    for path in ("/api/v1/events?limit=200", "/api/v1/changes?from=2020-01-01&limit=200"):
        asked[path] = None
        asked.update(
            dict.fromkeys(f"{path}&after={n}" for n in range(200, int(head), 200) if "events" in path)
        )
    return list(asked)


_COLLECTION_OF_PAGE = {
    "council": "councils",
    "ordinance": "ordinances",
    "study": "studies",
}


def _filled(rule: str, ids: dict[str, list[str]], head: int, marked: Marked) -> Iterator[str]:
    if "<int:position>" in rule or "<position>" in rule:
        yield from (re.sub(r"<[^>]*>", str(n), rule) for n in range(head - 20, head + 1))
    elif "<code>" in rule:
        for code in list(QUESTIONS if "questions" in rule else METRICS):
            yield rule.replace("<code>", code)
    elif "<view>" in rule:
        yield rule.replace("<view>", "closed_parts")
    elif "<" in rule:
        place = rule.removeprefix("/api/v1").removeprefix("/en").split("/")[1]
        name = _COLLECTION_OF_PAGE.get(place, place)
        wanted = ids.get(name) or ids["things"]
        if name in ("trails", "things", "id"):
            wanted = ids["things"]
        for thing in dict.fromkeys(wanted):
            yield re.sub(r"<[^>]*>", quote(thing, safe=""), rule, count=1)
    elif rule.endswith("search"):
        yield f"{rule}?q={quote('秘密A0')}"
        yield f"{rule}?q={quote('個人情報')}"
    elif rule.endswith("changes"):
        yield f"{rule}?from=2020-01-01"
        yield from (f"{rule}?from=2020-01-01&id={quote(i)}" for i in dict.fromkeys(marked.entities.values()))
    else:
        yield rule


@contextmanager
def unlimited() -> Iterator[None]:
    """As often as one likes, what is limited to so many a minute."""
    known = (*vars(rates).values(), *vars(routes).values())
    limited = [(rate, rate.times) for rate in known if isinstance(rate, rates.Rate)]
    try:
        for rate, _ in limited:
            object.__setattr__(rate, "times", 10**9)
        yield
    finally:
        for rate, times in limited:
            object.__setattr__(rate, "times", times)

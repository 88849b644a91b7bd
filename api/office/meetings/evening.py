"""A meeting as it went, as its form says it: who was there and when, what was said, how each item ended.

Nothing is decided here. What cannot be read is noted at its field; a field that is left empty says nothing.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from api.office.desk.points import read_points
from api.office.meetings.filled import Filled
from api.office.meetings.moments import at
from api.office.meetings.refusals import TABLE_NOT_READ, TIME_MISSING, TITLE_UNKNOWN
from api.office.meetings.statements import Spoken, cut

STATES = ("present", "late", "early", "absent", "written", "online")
COUNTED = ("present", "late", "early", "online")
METHODS_HERE = (
    "no_objection",
    "majority_show",
    "majority_ballot",
    "unanimous",
    "consensus_workshop",
    "opinion_summary",
)
DISSENTS = ("minority", "reservation", "rider")
RECUSED_BECAUSE = ("personal_interest", "organisation_interest", "other")
ENDS = ("resolve", "carry", "note", "entrust")
MOST_OTHERS, MOST_DISSENTS, MOST_RECESSES = 12, 4, 3


@dataclass(frozen=True)
class Movement:
    """Somebody comes or goes, or the meeting pauses and goes on; ``field``: where it was typed."""

    time: dt.datetime
    what: Literal["arrive", "leave", "recess", "resume"]
    field: str
    seat: str = ""
    mode: Literal["in_person", "online"] = "in_person"


@dataclass(frozen=True)
class Dissent:
    seat: str
    text: str
    field: str
    kind: str = "minority"
    source: dict[str, Any] | None = None
    """The slip on which it was handed in, where that is on record."""


@dataclass
class ItemSaid:
    """What the form says of one item."""

    item: str
    preface: str
    spoken: list[Spoken]
    end: str
    method: str
    time: dt.datetime | None
    option: str
    reason: str
    conditions: tuple[str, ...]
    points: tuple[tuple[str, str], ...]
    numbers: dict[str, int | None]
    casting: str
    against: tuple[str, ...]
    dissents: list[Dissent]
    no_dissent: bool
    text: str
    carry_reason: str
    carry_to: str
    """The meeting to which it is carried over, if that is settled."""
    recused: tuple[str, ...]
    recused_because: str
    tables: list[dict[str, Any]]

    @property
    def says_anything(self) -> bool:
        return bool(self.end or self.spoken or self.preface.strip() or self.tables or self.recused)


@dataclass
class Evening:
    """What the form says of the whole meeting."""

    day: dt.date
    opened: dt.datetime | None
    presiding: str
    states: dict[str, str]
    movements: list[Movement] = field(default_factory=list)
    items: dict[str, ItemSaid] = field(default_factory=dict)
    others: list[dict[str, Any]] | None = None
    closed: dt.datetime | None = None
    observers: int | None = None
    press: int | None = None
    staff: int | None = None
    envelope: dict[str, Any] = field(default_factory=dict)
    """What it rests on that others did this."""

    def there(self, state: str) -> list[str]:
        return [seat for seat, known in self.states.items() if known == state]


def read(
    form: Filled,
    day: dt.date,
    seats: Sequence[str],
    items: Sequence[str],
    people: dict[str, str],
    documents: Any,
) -> Evening:
    """What the form says. ``people``: parties by name, of those who may be there besides the members."""
    clock = _Clock(form, day)
    evening = Evening(
        day=day,
        opened=clock.read("open.at"),
        presiding=form.text("open.presiding"),
        states={seat: form.text(f"att.{seat}") for seat in seats if form.text(f"att.{seat}") in STATES},
        closed=clock.read("close.at"),
        observers=form.count("close.observers"),
        press=form.count("close.press"),
        staff=form.count("close.staff"),
        envelope=_evidence(form, documents),
    )
    for seat, state in evening.states.items():
        evening.movements += _of_member(form, clock, seat, state, evening.opened)
    for n in range(MOST_RECESSES):
        for what in ("recess", "resume"):
            time = clock.read(f"recess.{n}.{what}")
            if time is not None:
                evening.movements.append(Movement(time, what, f"recess.{n}"))
    evening.movements.sort(key=lambda movement: movement.time)
    evening.items = {item: _item(form, clock, item, documents) for item in items}
    evening.others = _others(form, people)
    return evening


class _Clock:
    """Times of the form as moments of the day of the meeting; after midnight of the day after."""

    def __init__(self, form: Filled, day: dt.date):
        self._form, self._day = form, day

    def read(self, name: str) -> dt.datetime | None:
        time = self._form.time(name)
        return at(self._day, time) if time is not None else None


def _of_member(
    form: Filled, clock: _Clock, seat: str, state: str, opened: dt.datetime | None
) -> list[Movement]:
    """When a member came and went, where that differs from the meeting itself."""
    name = f"att.{seat}"
    came, went = clock.read(f"{name}.came"), clock.read(f"{name}.went")
    movements: list[Movement] = []
    if state == "online":
        begins = came or opened
        if begins is not None:
            movements.append(Movement(begins, "arrive", name, seat, "online"))
    if state == "late":
        if came is None and not form.text(f"{name}.came"):
            form.refuse(TIME_MISSING(what="遅参の到着", what_en="coming late"), f"{name}.came")
        if came is not None:
            movements.append(Movement(came, "arrive", name, seat))
    if state == "early" and went is None and not form.text(f"{name}.went"):
        form.refuse(TIME_MISSING(what="早退の退席", what_en="leaving early"), f"{name}.went")
    if state in ("early", "late", "online") and went is not None:
        movements.append(Movement(went, "leave", name, seat))
    return movements


def _item(form: Filled, clock: _Clock, item: str, documents: Any) -> ItemSaid:
    preface, spoken = cut(form.whole(f"{item}.talk"))
    numbers = {name: form.count(f"{item}.{name}") for name in ("for", "against", "abstain", "ballots")}
    return ItemSaid(
        item=item,
        preface=preface,
        spoken=spoken,
        end=form.text(f"{item}.end") if form.text(f"{item}.end") in ENDS else "",
        method=form.text(f"{item}.method") or "no_objection",
        time=clock.read(f"{item}.at"),
        option=form.text(f"{item}.option"),
        reason=form.text(f"{item}.reason"),
        conditions=tuple(_lines(form.text(f"{item}.conditions"))),
        points=_points(form, f"{item}.points"),
        numbers=numbers,
        casting=form.text(f"{item}.casting"),
        against=tuple(form.all(f"{item}.opposed")),
        dissents=_dissents(form, item, documents),
        no_dissent=form.marked(f"{item}.no_dissent"),
        text=form.text(f"{item}.outcome"),
        carry_reason=form.text(f"{item}.carry"),
        carry_to=form.text(f"{item}.carry_to"),
        recused=tuple(form.all(f"{item}.recused")),
        recused_because=_because(form.text(f"{item}.recused_because")),
        tables=_tables(form, item),
    )


def _dissents(form: Filled, item: str, documents: Any) -> list[Dissent]:
    dissents = []
    for n in range(MOST_DISSENTS):
        name = f"{item}.dissent.{n}"
        if form.text(f"{name}.text"):
            kind = form.text(f"{name}.kind")
            kind = kind if kind in DISSENTS else DISSENTS[0]
            who, text = form.text(f"{name}.who"), form.text(f"{name}.text")
            dissents.append(Dissent(who, text, name, kind, _document(form, name, documents)))
    return dissents


def _because(reason: str) -> str:
    return reason if reason in RECUSED_BECAUSE else "other"


def _points(form: Filled, name: str) -> tuple[tuple[str, str], ...]:
    points, wrong = read_points(form.text(name))
    for refused in wrong:
        form.refuse(refused, name)
    return points


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


# -- tables of a workshop

_TABLE = re.compile(r"[■◆#]\s*(?:テーブル|table)?\s*(\d+)[ 　:：]*(.*)", re.IGNORECASE)
_CLUSTER = re.compile(
    r"[・\-*]\s*([^：:（(]+?)\s*(?:[（(](?:シール)?\s*(\d+)\s*(?:票|枚|点)?[）)])?\s*(?:[：:](.*))?"
)


def _tables(form: Filled, item: str) -> list[dict[str, Any]]:
    """``■1 テーマ`` begins a table, ``・まとまり（シール3）：カード、カード`` is a cluster of it."""
    name = f"{item}.tables"
    tables: list[dict[str, Any]] = []
    for line in _lines(form.text(name)):
        plain = unicodedata.normalize("NFKC", line)
        table, cluster = _TABLE.fullmatch(plain), _CLUSTER.fullmatch(line.replace("（シール", "（"))
        if table is not None and table[2].strip():
            tables.append({"table_no": int(table[1]), "theme": table[2].strip(), "clusters": []})
        elif cluster is not None and tables:
            tables[-1]["clusters"].append(_cluster(cluster))
        else:
            form.refuse(TABLE_NOT_READ(text=line[:40]), name)
    return tables


def _cluster(match: re.Match[str]) -> dict[str, Any]:
    cards = [card.strip() for card in re.split("[、,，]", match[3] or "") if card.strip()]
    dots = {"dots": int(unicodedata.normalize("NFKC", match[2]))} if match[2] else {}
    return {"label": match[1].strip(), "cards": cards, **dots}


# -- others, and what it rests on


def _others(form: Filled, people: dict[str, str]) -> list[dict[str, Any]] | None:
    """Advisers, staff and guests; None: nothing is said of them."""
    if form.marked("others.none"):
        return []
    others: list[dict[str, Any]] = []
    for n in range(MOST_OTHERS):
        name, post = form.text(f"others.{n}.name"), form.text(f"others.{n}.post")
        if not (name or post):
            continue
        one: dict[str, Any] = {"capacity": form.text(f"others.{n}.capacity") or "staff"}
        if name and name not in people:
            unknown = TITLE_UNKNOWN(text=name[:60], of_ja="人", of_en="person")
            form.refuse(unknown, f"others.{n}.name")
        elif name:
            one["party_id"] = people[name]
        if post:
            one["post"] = post
        others.append(one)
    return others or None


def _document(form: Filled, name: str, documents: Any) -> dict[str, Any] | None:
    """A document by its title, and the place in it."""
    title, locator = form.text(f"{name}.document"), form.text(f"{name}.locator")
    if not title:
        return None
    ident = documents.id(title)
    if ident is None:
        unknown = TITLE_UNKNOWN(text=title[:60], of_ja="文書", of_en="document")
        form.refuse(unknown, f"{name}.document")
        return None
    return {"document_id": ident} | ({"locator": locator} if locator else {})


def _evidence(form: Filled, documents: Any) -> dict[str, Any]:
    kind = form.text("evidence") or "minute_taker"
    if kind == "document":
        source = _document(form, "evidence", documents)
        return {"source": source} if source is not None else {}
    if kind == "mail":
        on = form.day("evidence.on")
        return {"evidence": {"kind": "mail"} | ({"on": on.isoformat()} if on is not None else {})}
    return {"evidence": {"kind": "minute_taker"}}

"""What a form offers where something is named: things on record by what they are called, and parts of them.

Nobody reads or types an identifier. What has the same name as another is numbered, the first recorded first,
and then by a number. Of many there are only the newest in the page; the others are found by typing
(finding.py).

One story: what there is to choose from, what each is called, and which of them was meant.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import msgspec
import sqlalchemy as sa

from api.http.language import href, tr
from api.http.problems import declare
from api.pages.meeting.meeting_list import title_of
from api.pages.parts.names import Names
from api.pages.parts.serving import rows
from api.reads.people import read_in_the_vault, sees_names
from api.reads.reading import viewer
from api.setup import rules_of_service
from api.words import wording
from api.words.days import office_day
from domain.kernel.correction_events import EFFECTIVE
from domain.kernel.events import Recorded
from domain.kernel.id_fields import ANYTHING, FIXED_NAMES, Named, parts_in, structs_in
from domain.kernel.record import KINDS
from domain.values.calendar import day_in_japan
from domain.values.refusal import Refusal
from projections.engine.event_json import Json, main_text
from projections.engine.log import events_after
from projections.views.matter.decision_trail import links_of_thing, thing
from projections.views.meeting import meeting_register

NAME_UNKNOWN = declare(
    422,
    "NAME_UNKNOWN",
    ja="「{text}」という名前のものは見つかりません。{near}",
    en="Nothing here is called “{text}”.{near_en}",
    rule=rules_of_service.NAMES_CHOSEN,
    next_ja="候補から選ぶか、名前の一部で探してください。まだ記録がなければ、先にそれを記録します。",
    next_en="Choose from what is offered, or look for a part of the name. What is not on record yet is "
    "recorded first.",
)
NAME_AMBIGUOUS = declare(
    422,
    "NAME_AMBIGUOUS",
    ja="「{text}」では一つに決まりません。{near}",
    en="“{text}” may be more than one thing.{near_en}",
    rule=rules_of_service.NAMES_CHOSEN,
    next_ja="候補の一つを、書いてあるとおりに選んでください。",
    next_en="Choose one of them, as it is written.",
)

MOST_LOOKED_AT = 1_000
"""Things of a kind among which a name is looked for, the newest first."""
NEAR = 6
"""Candidates that a refusal names."""
MOST_EVENTS = 2_000
MOST_NEIGHBOURS = 40
_SAYS_WHAT = ("duty", "what", "reason", "outcome_text", "result_text", "theme")
"""Fields by whose text a part is known that has no title."""


@dataclass(frozen=True)
class Choice:
    id: str
    label: str


class Things:
    """What is on record, as the forms of one thing (``kind``, ``entity``) offer it. ``entity`` is None where
    a new one is begun."""

    def __init__(self, connection: sa.Connection, kind: str, entity: str | None):
        self.connection = connection
        self.kind, self.entity = kind, entity
        self._offered: dict[Named, list[Choice]] = {}
        self._suggested: dict[Named, tuple[list[Choice], bool]] = {}

    @property
    def stream(self) -> str | None:
        """The stream of the thing at hand."""
        return KINDS[self.kind].stream_for(self.entity) if self.entity is not None else None

    def stream_of(self, entity: str) -> str:
        """The stream of something that is on record."""
        row = self.connection.execute(sa.select(thing.table.c.kind).where(thing.table.c.id == entity)).first()
        return KINDS[row.kind].stream_for(entity) if row is not None else entity

    def stream_called(self, text: str) -> str | None:
        """The stream of what somebody names, or chose from a list; None if that cannot be told."""
        row = self.connection.execute(sa.select(thing.table.c.id).where(thing.table.c.id == text)).first()
        if row is not None:
            return self.stream_of(text)
        try:
            return self.stream_of(self.meant(ANYTHING, text))
        except Refusal:
            return None

    @cached_property
    def events(self) -> list[Recorded[Any]]:
        """The events of the thing at hand, the first of them if there are very many."""
        return events_after(self.connection, stream=self.stream, limit=MOST_EVENTS) if self.stream else []

    # -- choosing

    def offered(self, named: Named) -> list[Choice]:
        """What there is to choose from, each with a name of its own."""
        if named not in self._offered:
            candidates = [*self._of_kinds(named, MOST_LOOKED_AT), *self._parts(named)]
            self._offered[named] = _told_apart(candidates)
        return self._offered[named]

    def suggested(self, named: Named, listed: int, suggested: int) -> tuple[list[Choice], bool]:
        """What a page shows of it: all, if that is no more than ``listed``; else the newest, and that there
        is more."""
        if named not in self._suggested:
            newest = None
            if named not in self._offered and self._many(named, listed):
                newest = [choice for choice, _ in self._of_kinds(named, suggested)]
                alike = len({_folded(choice.label) for choice in newest}) < len(newest)
                newest = None if alike else newest
            if newest is not None:
                self._suggested[named] = newest, True
            else:
                offered = self.offered(named)
                many = len(offered) > listed
                self._suggested[named] = offered[:suggested] if many else offered, many
        return self._suggested[named]

    def _many(self, named: Named, listed: int) -> bool:
        chosen = self._chosen(named)
        if chosen is None:
            return False
        return len(self.connection.execute(chosen.limit(listed + 1)).all()) > listed

    def label(self, named: Named, entity: str) -> str | None:
        """What something is called where it is offered; None if it is not."""
        return next((choice.label for choice in self.offered(named) if choice.id == entity), None)

    def meant(self, named: Named, text: str) -> str:
        """The id of what somebody names. Refuses NAME_UNKNOWN, NAME_AMBIGUOUS."""
        wanted = _folded(text)
        offered = self.offered(named)
        exact = [choice for choice in offered if _folded(choice.label) == wanted]
        if len(exact) == 1:
            return exact[0].id
        alike = exact or [choice for choice in offered if wanted in _folded(choice.label)]
        if len(alike) == 1:
            return alike[0].id
        near = [choice.label for choice in alike[:NEAR]]
        refusal = NAME_AMBIGUOUS if alike else NAME_UNKNOWN
        raise refusal(
            text=text[:80],
            near=f"候補: {'、'.join(f'「{label}」' for label in near)}" if near else "",
            near_en=f" Candidates: {', '.join(f'“{label}”' for label in near)}." if near else "",
        )

    def found(self, named: Named, text: str, most: int) -> list[Choice]:
        """What is called something like this."""
        wanted = _folded(text)
        return [c for c in self.offered(named) if wanted in _folded(c.label)][:most]

    def search(self, named: Named) -> str:
        """Where names are looked for while somebody types."""
        query = {
            "kind": self.kind,
            "kinds": ",".join(named.kinds),
            "parts": ",".join(named.parts),
            "of": ",".join(named.of),
        }
        about = {"entity": self.entity} if self.entity else {}
        return f"{href('/desk/-/names').partition('?')[0]}?{urlencode({**query, **about})}"

    def fixed(self, owner: str, field: str) -> list[tuple[str, str]] | None:
        """The few names that a part may have, where its kind declares them."""
        return [(name, wording.value(field, name)) for name in FIXED_NAMES.get((owner, field), ())] or None

    def words_used(self, field: str) -> dict[str, str]:
        """What codes of a free word are called on this record: of seats, of roles; and its events' fields."""
        if field in ("field", "fields"):
            events = {type(e.data) for e in self.events}
            own = {n: wording.field(n, event) for event in events for n in event.__struct_encode_fields__}
            return own | {EFFECTIVE: tr("いつのことか", "When it happened")}
        used: dict[str, str] = {}
        for e in self.events:
            for struct in structs_in(e.data):
                code = getattr(struct, field, None)
                label = getattr(struct, f"{field}_label_ja", None) or getattr(struct, "label_ja", None)
                if isinstance(code, str) and label:
                    used[code] = label
        return used

    # -- things of a kind

    def _chosen(self, named: Named) -> sa.Select[Any] | None:
        """The things of the kinds that may be named; None if there are none but parts, or none to be
        shown."""
        if (named.parts and not named.kinds) or not viewer().staff:
            return None  # whoever is not of the office chooses among the parts of what is at hand
        known = thing.table.c
        chosen = sa.select(known.id, known.kind, known.entity, known.title, known.position)
        if named.kinds:
            chosen = chosen.where(known.kind.in_(named.kinds), known.id == known.entity)
        return chosen.order_by(known.position.desc())

    def _of_kinds(self, named: Named, most: int) -> Iterator[tuple[Choice, int]]:
        chosen = self._chosen(named)
        if chosen is None:
            return
        candidates = self.connection.execute(chosen.limit(most)).all()
        labels = self.labels([row.id for row in candidates])
        for row in candidates:
            label = labels[row.id]
            if named.is_anything or len(named.kinds) > 1:
                label = tr(f"{label}（{KINDS[row.kind].LABEL[0]}）", f"{label} ({KINDS[row.kind].LABEL[1]})")
            yield Choice(row.id, label), row.position

    def labels(self, ids: Sequence[str]) -> dict[str, str]:
        """What things on record are called."""
        names = Names(self.connection, list(ids))
        people = [
            i for i in ids if (row := names.things.get(i)) and row.kind == "Party" and not names.title(i)
        ]
        named = read_in_the_vault(people) if people and sees_names() else {}
        meetings = self._meetings([i for i in ids if (row := names.things.get(i)) and row.kind == "Meeting"])
        return {
            i: named.get(i, {}).get("name") or meetings.get(i) or _text(names.label(i)) or names.kind_label(i)
            for i in ids
        }

    def _meetings(self, ids: Sequence[str]) -> dict[str, str]:
        """Meetings by title and day."""
        shown = self._meeting_rows(ids)
        names = Names(self.connection, shown)
        labels = {}
        for meeting in shown:
            day = meeting_day(meeting)
            title = _text(title_of(meeting, names))
            labels[meeting["meeting_id"]] = f"{title} {office_day(day)}" if day else title
        return labels

    def _meeting_rows(self, ids: Sequence[str]) -> list[Json]:
        if not ids:
            return []
        table = meeting_register.meeting.table
        return rows(
            self.connection,
            "meetings",
            self.connection.execute(sa.select(table).where(table.c.meeting_id.in_(ids))),
        )

    def meetings_near(self) -> list[tuple[str, str, dt.date]]:
        """Meetings near to the thing at hand of which the day is known: the id, the name, the day."""
        is_meeting = self.kind == "Meeting" and self.entity is not None
        ids = [self.entity or ""] if is_meeting else self.near("Meeting")
        candidates = self._meeting_rows(ids)
        names = Names(self.connection, candidates)
        listed = [(m["meeting_id"], _text(title_of(m, names)), meeting_day(m)) for m in candidates]
        return [(i, f"{title} {office_day(day)}", day) for i, title, day in listed if day is not None]

    # -- parts of things

    def _parts(self, named: Named) -> Iterator[tuple[Choice, int]]:
        if not named.parts:
            return
        candidates: dict[str, tuple[Any, Recorded[Any]]] = {}
        for stream in self._streams_with(named):
            for e in events_after(self.connection, stream=stream, limit=MOST_EVENTS):
                for field in named.parts:
                    for part, struct in parts_in(e.data, field):
                        candidates.setdefault(part, (struct, e))
        named_there = {
            str(i)
            for struct, _ in candidates.values()
            for name in ("party_id", "document_id")
            if (i := getattr(struct, name, None)) is not None
        }
        called = self.labels(sorted(named_there))
        for part, (struct, e) in candidates.items():
            yield Choice(part, _called(struct, e, called)), e.position

    def _streams_with(self, named: Named) -> list[str]:
        """The streams that such parts may belong to: this one, or those that are near to it; without any, the
        newest of the kinds that have them."""
        if not named.of or self.kind in named.of:
            return [KINDS[self.kind].stream_for(self.entity)] if self.entity else []
        streams = [KINDS[kind].stream_for(i) for kind in named.of for i in self.near(kind)]
        if streams:
            return streams
        known = thing.table.c
        chosen = sa.select(known.kind, known.id).where(known.kind.in_(named.of), known.id == known.entity)
        newest = self.connection.execute(chosen.order_by(known.position.desc()).limit(MOST_NEIGHBOURS))
        return [KINDS[row.kind].stream_for(row.id) for row in newest]

    def near(self, kind: str) -> list[str]:
        """Things of a kind that this one names or is linked to, the newest first; and what those name."""
        return self._neighbours.get(kind, [])

    @cached_property
    def _neighbours(self) -> dict[str, list[str]]:
        if self.entity is None:
            return {}
        ids = {self.entity, *self._named_in(self.entity, self.kind)}
        ids |= {
            i.partition("#")[0]
            for link in links_of_thing(self.connection, self.entity)
            for i in (link.from_id, link.to_id)
        }
        around = self._things(ids)
        for row in around:
            if row.kind in ("Meeting", "WorkingGroup", "PlanAction", "CenterStudy") and row.id != self.entity:
                ids |= self._named_in(row.id, row.kind)
        by_kind: defaultdict[str, list[str]] = defaultdict(list)
        for row in sorted(self._things(ids), key=lambda row: -row.position):
            if row.id != self.entity and len(by_kind[row.kind]) < MOST_NEIGHBOURS:
                by_kind[row.kind].append(row.id)
        return by_kind

    def _things(self, ids: Iterable[str]) -> Sequence[Any]:
        known = thing.table.c
        chosen = sa.select(known.kind, known.id, known.position).where(
            known.id.in_(sorted(ids)), known.id == known.entity
        )
        return self.connection.execute(chosen).all()

    def _named_in(self, entity: str, kind: str) -> set[str]:
        ids: set[str] = set()
        stream = KINDS[kind].stream_for(entity)
        for e in events_after(self.connection, stream=stream, limit=200):
            ids |= set(_texts(msgspec.to_builtins(e.data)))
        return {i.partition("#")[0] for i in ids}


def meeting_day(meeting: Json) -> dt.date | None:
    """The day of a meeting as the register has it; None if it is not known."""
    starts_at = meeting.get("starts_at")
    return day_in_japan(dt.datetime.fromisoformat(starts_at)) if starts_at else None


def _called(struct: Any, e: Recorded[Any], called: dict[str, str]) -> str:
    """What a part is called: by its own text, its holder, its document; else by what happened and when."""
    holder = called.get(getattr(struct, "party_id", None) or "")
    if holder is not None:
        category = getattr(struct, "category", None)
        return f"{holder}（{wording.value('category', category)}）" if category else holder
    texts = (getattr(struct, name, None) for name in _SAYS_WHAT)
    own = main_text(struct) or next((text for text in texts if isinstance(text, str)), None)
    if own is None and (document := called.get(getattr(struct, "document_id", None) or "")):
        return document
    if own is None:
        day = office_day(e.effective.earliest) if e.effective.earliest else ""
        return f"{tr(*type(e.data).LABEL)} {day}".strip()
    return _short(own)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:60]}…"


def _text(label: Any) -> str:
    """A label as a line of text."""
    if isinstance(label, dict):
        return str(label["text"])
    return str(label)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def _told_apart(candidates: Iterable[tuple[Choice, int]]) -> list[Choice]:
    """The same choices, each with a name of its own: what is called the same is numbered, the first recorded
    first."""
    listed = list(candidates)
    alike = Counter(_folded(choice.label) for choice, _ in listed)
    numbers: Counter[str] = Counter()
    labels: dict[str, str] = {}
    for choice, _ in sorted(listed, key=lambda one: one[1]):
        folded = _folded(choice.label)
        numbers[folded] += 1
        labels[choice.id] = (
            tr(
                f"{choice.label}（{numbers[folded]}番目）",
                f"{choice.label} (no. {numbers[folded]})",
            )
            if alike[folded] > 1
            else choice.label
        )
    return [Choice(choice.id, labels[choice.id]) for choice, _ in listed]

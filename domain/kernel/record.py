"""The base of every aggregate: it records events under the context of a command, and replays them."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Callable
from typing import Any, ClassVar, Self, TypeVar

from domain.kernel import streams
from domain.kernel.commands import Amended, Command, Context, current
from domain.kernel.dating import date_of, key_of
from domain.kernel.events import PRECEDING, Event, Recorded, declare_event, events_in
from domain.kernel.refusals import UNKNOWN_ID, WRONG_STATE
from domain.kernel.streams import entity_of
from domain.values import fields
from domain.values.calendar import EffectiveDate
from domain.values.law import Citation
from domain.values.refusal import Declared, Refusal


class Record:
    """Base of every aggregate: records events under the current context and replays them.

    Satisfies the eventsourcing library's protocols for aggregates with their own event classes.
    """

    PREFIX: ClassVar[str]
    """Streams of this kind begin with it, e.g. ``matter-``."""
    BARE_ID: ClassVar[bool] = False
    """Whether the public id leaves the prefix out (``purpose`` for ``reflection-purpose``)."""
    ID_PREFIX: ClassVar[str] = ""
    """With what an id that the system makes begins; empty: with the prefix of the kind."""
    ID_PREFIXES: ClassVar[dict[str, str]] = {}
    """The same, for commands that begin something that is called otherwise: by their name."""
    ID_FIELDS: ClassVar[tuple[str, ...]] = ()
    """Field names under which history files repeat the aggregate's own id."""
    COLLECTION: ClassVar[str]
    """The plural name in addresses, e.g. ``matters``."""
    LABEL: ClassVar[tuple[str, str]]
    """What such a thing is called, in Japanese and English."""

    ALSO_REFUSES: ClassVar[dict[str, tuple[Declared, ...]]] = {}
    """What this kind refuses in commands that others have too, by command, beside what these declare."""

    COMMANDS: ClassVar[dict[str, Command]] = {}
    _HANDLERS: ClassVar[dict[type[Event], Callable[..., None]]] = {}

    state: str = "new"
    outdated: bool = False
    """True once an earlier event has been corrected: the state is to be made anew from the events."""

    def __init__(self, stream: str) -> None:
        self.id = stream
        self.version = 0
        self.pending: list[Recorded[Any]] = []
        self.first_of: dict[str, EffectiveDate] = {}
        """When what others come after first happened (:func:`domain.kernel.dating.key_of`)."""
        self.begin()

    def begin(self) -> None:
        """Set the state of something nothing is recorded of yet."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.COMMANDS, cls._HANDLERS = {}, {}
        for base in reversed(cls.__mro__):
            for name, member in vars(base).items():
                declared = getattr(member, "__command__", None)
                if declared is not None:
                    cls.COMMANDS[name] = _complete(declared, cls)
                for event in getattr(member, "__on__", ()):
                    cls._HANDLERS[event] = member

    @classmethod
    def handlers(cls) -> list[Callable[..., None]]:
        """What events do to an aggregate of this kind."""
        return [cls._HANDLERS[event] for event in sorted(cls._HANDLERS, key=lambda event: event.__name__)]

    # -- identity

    @classmethod
    def stream_for(cls, entity: str) -> str:
        return entity if entity.startswith(cls.PREFIX) and not cls.BARE_ID else cls.PREFIX + entity

    @classmethod
    def id_prefix(cls, command: str = "") -> str:
        """With what an id that the system makes begins, where this command begins something."""
        return cls.ID_PREFIXES.get(command) or cls.ID_PREFIX or cls.PREFIX

    @property
    def is_on_record(self) -> bool:
        """Whether anything is recorded of it that stands."""
        return self.version > 0

    @property
    def entity(self) -> str:
        return entity_of(self.id)

    def happened(self, part: str | None) -> EffectiveDate | None:
        """When this, or a part of it, happened: the date of what names it. None: the record does not say."""
        return None

    def is_going_on(self) -> bool:
        """Whether what is recorded of it may be happening now; a kind of aggregate says when not."""
        return True

    def named(self, entity: str) -> Record | None:
        """Whatever has this public id, or is written as a part of it; None if nothing on record has."""
        base = entity.split("#")[0]
        kinds = (kind for kind in KINDS.values() if kind.BARE_ID or base.startswith(kind.PREFIX))
        return next(
            (aggregate for kind in kinds if (aggregate := self.context.reader.find(kind, base))), None
        )

    # -- recording and replaying

    @property
    def context(self) -> Context:
        """The circumstances of the command in hand. LookupError outside a command."""
        return current()

    def record(
        self,
        data: Event,
        *,
        effective: EffectiveDate | None = None,
        legal_basis: Citation | None = None,
        document_no: str | None = None,
        reason: str | None = None,
    ) -> None:
        """Record ``data`` as a fact: check its fields, wrap it in the envelope, change the state.

        ``effective``: when it happened, as the aggregate knows it from what it holds already."""
        fields.check(data)
        context, kind = self.context, type(data)
        now = context.clock()
        date, dated = date_of(self, data, now, effective)
        recorded: Recorded[Any] = Recorded(
            event_id=context.new_id(),
            stream=self.id,
            version=self.version + 1,
            type=kind.__name__,
            schema=kind.class_version,
            recorded_at=now,
            effective=date,
            dated=dated,
            actor=context.actor,
            recorded_by=context.recorded_by,
            asserted_by=context.asserted_by or context.actor.party or context.actor.role,
            certainty=context.certainty,
            source=context.source,
            evidence=context.evidence,
            reason=reason or context.reason,
            legal_basis=legal_basis or context.legal_basis,
            document_no=document_no or context.document_no,
            note=context.note,
            import_batch=context.import_batch,
            source_recorded_at=context.source_recorded_at,
            external_id=context.external_id,
            source_url=context.source_url,
            note_en=context.note_en,
            causation_id=context.causation_id,
            correlation_id=context.correlation_id or context.new_id(),
            data=data,
        )
        self.apply(recorded)
        self.pending.append(recorded)
        context.recorded.append(recorded)

    def apply(self, recorded: Recorded[Any]) -> None:
        """Change the state by one recorded event (live and on replay alike)."""
        self.version = recorded.version
        if recorded.type in PRECEDING:
            for which in PRECEDING[recorded.type]:
                self.first_of.setdefault(key_of(recorded.type, which, recorded.data), recorded.effective)
        handler = self._HANDLERS.get(type(recorded.data))
        if handler is not None:
            handler(self, recorded.data, recorded)

    def collect_events(self) -> list[Recorded[Any]]:
        pending, self.pending = self.pending, []
        return pending

    @classmethod
    def replay(cls, start: Self | None, events: typing.Iterable[Recorded[Any]]) -> Self | None:
        """The aggregate after ``events`` (the library's projector function); None if there are none."""
        aggregate = start
        for recorded in cls.as_corrected(events):
            if aggregate is None:
                aggregate = cls(recorded.stream)
            aggregate.apply(recorded)
        return aggregate

    @classmethod
    def as_corrected(cls, events: typing.Iterable[Recorded[Any]]) -> typing.Iterable[Recorded[Any]]:
        """The events as they stand after every correction of them (see domain/kernel/correction.py)."""
        return events

    def version_for(self, roles: frozenset[str]) -> int:
        """The version that a caller with these roles may know of and expect (If-Match)."""
        return self.version

    # -- questions and refusals every aggregate needs

    def look(self, kind: type[AggregateT], entity: str) -> AggregateT:
        """Another aggregate by its public id. Refuses ``UNKNOWN_ID``."""
        aggregate = self.context.reader.find(kind, entity)
        if aggregate is None:
            raise UNKNOWN_ID(kind=kind.LABEL[0], kind_en=kind.LABEL[1], id=entity)
        return aggregate

    def only_in(self, *states: str) -> None:
        """Refuse ``WRONG_STATE`` unless the aggregate is in one of ``states``."""
        if self.state not in states:
            raise WRONG_STATE(state=self.state, allowed=", ".join(states), of_kind=type(self).__name__)

    def claim(self, what: str, value: str) -> None:
        """Take a name that may be taken once in the whole record; the store refuses a second taker."""
        self.context.claims[f"{what}:{value}"] = self.id

    def warn(self, unusual: Refusal) -> None:
        """Say, with the receipt, what might have been refused and is not."""
        self.context.warnings.append(unusual)

    def entrust(self, party_id: str, **personal: str) -> None:
        """Put personal data into the vault, in the same transaction as the events."""
        self.context.entrusted[party_id] = personal

    def entrust_anew(self, party_id: str, **personal: str) -> None:
        """Change some of what the vault holds, in the same transaction as the events."""
        entrusted = self.context.entrusted
        before = entrusted.get(party_id, Amended())
        entrusted[party_id] = type(before)({**before, **personal})


AggregateT = TypeVar("AggregateT", bound=Record)

KINDS: dict[str, type[Record]] = {}
"""Every aggregate class by name (filled by domain/registry.py)."""
_KIND_OF: dict[str, type[Record]] = {}
"""Every aggregate class by the prefix of its streams."""


def declare_kind(kind: type[Record]) -> None:
    """Make a kind of aggregate known, with every event that the modules of its package declare."""
    KINDS[kind.__name__] = _KIND_OF[kind.PREFIX] = kind
    streams.declare(kind.PREFIX, kind.BARE_ID)
    for event in events_in(kind.__module__.removesuffix(".aggregate")):
        declare_event(event)


def kind_of(stream: str) -> type[Record]:
    """The aggregate class a stream belongs to. Raises KeyError for a foreign name."""
    return _KIND_OF[streams.prefix_of(stream)]


def _complete(declared: Command, cls: type[Record]) -> Command:
    """The command as this kind of aggregate has it."""
    also = cls.ALSO_REFUSES.get(declared.name, ())
    return dataclasses.replace(declared, aggregate=cls, refuses=(*declared.refuses, *also))

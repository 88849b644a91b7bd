"""What an event is: a small immutable struct with a past-tense name, in an envelope once it is recorded.

The envelope (:class:`Recorded`) says who did it in which role, who wrote it down, who asserts it, how certain
it is, from which source, when it took effect (with precision) and when it was recorded, why, and on which
legal basis.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache
from typing import Any, ClassVar, Generic, Literal, TypeVar, dataclass_transform

import msgspec

from domain.kernel.fingerprints.code import Sources, written_at
from domain.kernel.streams import entity_of
from domain.kernel.when import RECORDING, Dated, When, as_it_was_meant
from domain.values.calendar import EffectiveDate
from domain.values.fields import Id, Line
from domain.values.law import Citation
from domain.values.refusal import Declared

Certainty = Literal["stated", "stated_collectively", "inferred"]


class Actor(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Who acted: the role, and the party's id if known. ``presumed`` is our reading, never shown as fact."""

    role: str
    party: str | None = None
    presumed: str | None = None


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where it is written: a registered document, the place in it, and the ids of the facts it states."""

    document_id: Id
    locator: Line | None = None
    facts: tuple[Line, ...] = ()


EvidenceKind = Literal["minute_taker", "mail"]
EVIDENCE_KINDS: dict[EvidenceKind, tuple[str, str]] = {
    "minute_taker": ("会議録作成者として在席", "was present as minute taker"),
    "mail": ("メール", "a mail"),
}
"""What an act on behalf may rest on besides a document on record, and what each is called."""


class Evidence(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What it rests on that somebody did this, where that is no document on record: of which day, and how it
    is found again. ``reference`` is for the office only; a name does not belong there."""

    kind: EvidenceKind
    on: dt.date | None = None
    reference: Line | None = None


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(msgspec.field,))
class EventType(msgspec.StructMeta):
    """Makes every event class frozen and keyword-only without its having to say so (msgspec inherits the
    one and not the other)."""

    def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **options: Any) -> Any:
        return super().__new__(cls, name, bases, namespace, **{"frozen": True, "kw_only": True, **options})


class Event(msgspec.Struct, metaclass=EventType, forbid_unknown_fields=True, omit_defaults=True):
    """Base of all events. The class name is the stable name in the log, whatever module it lives in.

    ``class_version`` counts the shapes; ``upcast_vN_vM(data)`` turns older data into newer, on reading.
    ``ALIASES`` are names it had before: what was recorded under them is read as this event, and asking for
    any of its names asks for all (docs/evolution.md). ``FORMER_FIELDS`` maps names that fields had to those
    they have, so that a correction or redaction under the former name still holds. ``WHEN`` says how it is
    known when it took effect (domain/kernel/when.py): by a field of its own, by what it names, or as whoever
    gives the command says. ``AHEAD``: its date may lie ahead (a term, an effect, a plan). ``AFTER`` names the
    events of the same stream that it cannot precede: ``MatterRaised``, or ``OptionProposed.option_id`` for
    that of the same option.
    ``SUBJECT`` is a template of the id the event is about, if that is a part of the aggregate.
    ``LINKS`` maps a field to the relation from the subject to what that field names: a link made by this
    event. Read a relation as "subject *relation* target": the target came first. The key ``entity`` stands
    for the aggregate's own id, for an event about a part of it.
    """

    class_version: ClassVar[int] = 1
    ALIASES: ClassVar[tuple[str, ...]] = ()
    FORMER_FIELDS: ClassVar[dict[str, str]] = {}
    WHEN: ClassVar[When]
    AHEAD: ClassVar[bool] = False
    AFTER: ClassVar[tuple[str, ...]] = ()
    DONE: ClassVar[tuple[str, ...]] = ()
    """Its further days on which something was done, as ``drafted_on`` or, within a part, ``consulted.on``:
    none of them lies ahead."""
    SUBJECT: ClassVar[str | None] = None
    LINKS: ClassVar[dict[str, str]] = {}
    KEY_STEP: ClassVar[bool] = True
    """Whether it stands in the trail of things that came from, or led to, its subject."""
    FIELDS: ClassVar[dict[str, tuple[str, str]]] = {}
    """What its fields are called, in Japanese and English, as far as no event before it, and not the table of
    what all share, says so (domain/kernel/field_words.py)."""
    COMPUTED: ClassVar[dict[str, tuple[str, ...]]] = {}
    """Its fields that are computed, each with those that it is computed from, as far as they are its own.
    Nobody corrects what is computed: it follows when what it is computed from is corrected."""
    LABEL: ClassVar[tuple[str, str]] = ("", "")
    """What happened, in Japanese and English."""
    REFUSES: ClassVar[tuple[Declared, ...]] = ()
    """What its own ``check`` refuses, if it has one: fields that do not fit each other."""


EVENTS: dict[str, type[Event]] = {}
"""Every event class by its name in the log, old names included (filled by domain/registry.py)."""


PRECEDING: dict[str, set[str]] = {}
"""The events that others come after, by name, with the fields that tell which of them: of these an aggregate
keeps when they first happened. The empty field stands for any."""


def declare_event(event: type[Event]) -> None:
    """Make an event known by its name and the names it had. ValueError: another has that name, or it does
    not say how its date is known."""
    if not hasattr(event, "WHEN"):
        raise ValueError(f"event {event.__name__} does not say how its date is known (WHEN)")
    for followed in event.AFTER:
        name, _, which = followed.partition(".")
        PRECEDING.setdefault(name, set()).add(which)
    for name in (event.__name__, *event.ALIASES):
        known = EVENTS.setdefault(name, event)
        if known is not event:
            raise ValueError(f"event name {name} is taken by {known.__module__}")


def events_in(package: str) -> list[type[Event]]:
    """The events that the modules of a package declare, in the order in which they were read."""
    return [
        event
        for event in _below(Event)
        if event.__module__ == package or event.__module__.startswith(f"{package}.")
    ]


def _below(event: type[Event]) -> Iterator[type[Event]]:
    for inner in event.__subclasses__():
        if not inner.__name__.startswith("_"):
            yield inner
        yield from _below(inner)


def names_of(name: str) -> tuple[str, ...]:
    """Every name under which this event may stand in the log, the present one first; () if unknown."""
    event = EVENTS.get(name)
    return (event.__name__, *event.ALIASES) if event is not None else ()


@cache
def lifting_of(event: type[Event]) -> str:
    """How older occurrences of this event are read: its former names, those of its fields, and the code of
    its upcasters; empty if it has always been what it is. A change of it changes rows that were made from
    old events, while the views' own code stays the same."""
    dates = [_reading_of_dates()] if dated_by_clock(event) else []
    if event.class_version == 1 and not event.ALIASES and not event.FORMER_FIELDS:
        return "".join(dates)
    steps = (getattr(event, f"upcast_v{n}_v{n + 1}") for n in range(1, event.class_version))
    names = [*names_of(event.__name__), *(f"{old}={new}" for old, new in event.FORMER_FIELDS.items())]
    with Sources() as sources:
        return "\n".join([*dates, *names, sources.digest(written_at(step) for step in steps)])


@cache
def _reading_of_dates() -> str:
    """The code by which the date of an event from before is read, as a digest."""
    with Sources() as sources:
        return sources.digest([written_at(as_it_was_meant)])


def dated_by_clock(event: type[Event]) -> bool:
    """Whether the clock dated such events before envelopes said how a date is known."""
    return not isinstance(event.WHEN, str) and event.WHEN is not RECORDING


EventT = TypeVar("EventT", bound=Event)


class Recorded(msgspec.Struct, Generic[EventT], kw_only=True, omit_defaults=True):
    """An event with its envelope, as it stands in the log. ``position`` is its place in the one order.

    ``actor`` did it. ``recorded_by`` wrote it down, where that was somebody else; ``source`` or ``evidence``
    is then what it rests on that the actor did it."""

    event_id: str
    stream: str
    version: int
    type: str
    schema: int = 1
    recorded_at: dt.datetime
    effective: EffectiveDate
    dated: Dated | None = None
    """How the date came there; None: recorded before that was noted (:func:`as_it_was_meant`)."""
    actor: Actor
    recorded_by: Actor | None = None
    asserted_by: str | None = None
    certainty: Certainty = "stated"
    source: Source | None = None
    evidence: Evidence | None = None
    reason: str | None = None
    legal_basis: Citation | None = None
    document_no: str | None = None
    note: str | None = None
    import_batch: str | None = None
    """The import that brought it here 移行; None: somebody recorded it, or it was imported before this was
    noted."""
    source_recorded_at: EffectiveDate | None = None
    """When it was recorded where it came from, as precisely as that says. Only an import knows."""
    external_id: str | None = None
    """What it is called there."""
    source_url: str | None = None
    note_en: str | None = None
    """The note in English, where ``note`` is the Japanese of it."""
    """Where it can be read there."""
    causation_id: str | None = None
    correlation_id: str
    data: EventT
    position: int = 0

    # The names by which the eventsourcing library knows the first two.
    @property
    def originator_id(self) -> str:
        return self.stream

    @property
    def originator_version(self) -> int:
        return self.version

    @property
    def is_imported(self) -> bool:
        """Whether an import brought it here, so that it was over when this record learnt of it."""
        return self.import_batch is not None or self.actor.role in ("import", "IMP")

    @property
    def entity(self) -> str:
        """The public id of the aggregate."""
        return entity_of(self.stream)

    @property
    def subject(self) -> str:
        """The public id of what the event is about: the aggregate, or a part of it."""
        template = type(self.data).SUBJECT
        if template is None:
            return self.entity
        return template.format(entity=self.entity, **msgspec.structs.asdict(self.data))

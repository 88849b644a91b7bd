"""The base of every aggregate: what an event is, who says it, how a command is declared.

An *event* is a small immutable struct with a past-tense name. When an aggregate records it, it is wrapped in
the envelope of domain.md section 3 (:class:`Recorded`): who did it in which role, who asserts it, how certain
it is, from which source, when it took effect (with precision) and when it was recorded, why, on which legal
basis. A *command* is a method of an aggregate, declared once with :func:`command`; its endpoint, schema,
form and permission derive from that declaration.
"""

from __future__ import annotations

import datetime as dt
import inspect
import typing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, ClassVar, Generic, Literal, Self, TypeVar, dataclass_transform

import msgspec

from domain import fields
from domain.calendar import EffectiveDate
from domain.fields import Id, Line
from domain.law import Citation
from domain.refusal import Refusal, refusal
from domain.rules import permissions, recording

# --------------------------------------------------------------------------------------------- roles

Role = Literal["SEC", "CHR", "MEM", "ADV", "LDR", "APR", "DIS", "EV-C", "EV-G", "IMP"]
"""Roles of domain.md section 3. Anonymous callers (PUB) have none: they only read."""

ROLE_NAMES: dict[str, tuple[str, str]] = {
    "SEC": ("事務局", "secretariat"),
    "CHR": ("座長", "chair"),
    "MEM": ("委員", "member"),
    "ADV": ("アドバイザー", "adviser"),
    "LDR": ("グループリーダー", "group leader"),
    "APR": ("決裁権者", "approver"),
    "DIS": ("公開担当", "disclosure officer"),
    "EV-C": ("評価者（市民側）", "evaluator, citizen side"),
    "EV-G": ("評価者（行政側）", "evaluator, government side"),
    "IMP": ("取込", "importer"),
    "system": ("システム", "system"),
    "import": ("記録の取込者", "importer of the record"),
    "city": ("市", "city"),
    "council": ("市民会議", "council"),
    "joint": ("市民と市", "citizens and city"),
    "prefecture": ("県", "prefecture"),
    "study_team": ("検討チーム", "study team"),
    "unstated": ("主語の記載なし", "not stated"),
}
"""Every ``actor.role`` that may stand in an event, with its names. Imported events may name a body."""

Certainty = Literal["stated", "stated_collectively", "inferred"]

# ------------------------------------------------------------------------------------------ refusals

FORBIDDEN = refusal(
    "FORBIDDEN",
    ja="この操作は{roles}だけが行えます（あなたの役割: {have}）。",
    en="Only {roles_en} may do this (your roles: {have_en}).",
    rule=permissions.ROLES,
    next_ja="必要な役割を持つ人に依頼してください。",
    next_en="Ask somebody who holds one of these roles.",
    kind="forbidden",
)
UNKNOWN_ID = refusal(
    "UNKNOWN_ID",
    ja="{kind}「{id}」は記録されていません。",
    en="No {kind} “{id}” is on record.",
    rule=recording.REFERENCES_HOLD,
    next_ja="識別子を確かめるか、先にそれを記録してください。",
    next_en="Check the identifier, or record that first.",
    kind="not_found",
)
ALREADY_EXISTS = refusal(
    "ALREADY_EXISTS",
    ja="「{id}」は既に記録されています。",
    en="“{id}” is already on record.",
    rule=recording.GIVEN_ONCE,
    next_ja="別の識別子を使うか、既存の記録に追加してください。",
    next_en="Use another identifier, or add to the existing record.",
)
WRONG_STATE = refusal(
    "WRONG_STATE",
    ja="現在の状態「{state}」ではこの操作はできません（可能な状態: {allowed}）。",
    en="This cannot be done in the state “{state}” (only in: {allowed}).",
    rule=recording.STEPS,
    next_ja="現在の状態を確認し、先に必要な手続きを記録してください。",
    next_en="Look at the current state and record the missing step first.",
)
REASON_REQUIRED = refusal(
    "REASON_REQUIRED",
    ja="理由の記載が必要です。",
    en="A reason is required.",
    rule=recording.REASONS,
    next_ja="reason に理由を記入してください。",
    next_en="Give the reason in “reason”.",
    kind="invalid",
)

# ------------------------------------------------------------------------------------------ envelope


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
    they have, so that a correction or redaction under the former name still holds. ``WHEN`` names the field
    that says when it took effect.
    ``SUBJECT`` is a template of the id the event is about, if that is a part of the aggregate.
    ``LINKS`` maps a field to the relation from the subject to what that field names: a link made by this
    event. Read a relation as "subject *relation* target": the target came first. The key ``entity`` stands
    for the aggregate's own id, for an event about a part of it.
    """

    class_version: ClassVar[int] = 1
    ALIASES: ClassVar[tuple[str, ...]] = ()
    FORMER_FIELDS: ClassVar[dict[str, str]] = {}
    WHEN: ClassVar[str | None] = None
    SUBJECT: ClassVar[str | None] = None
    LINKS: ClassVar[dict[str, str]] = {}
    KEY_STEP: ClassVar[bool] = True
    """Whether it stands in the trail of things that came from, or led to, its subject."""
    LABEL: ClassVar[tuple[str, str]] = ("", "")
    """What happened, in Japanese and English."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.__name__.startswith("_"):
            return
        for name in (cls.__name__, *cls.ALIASES):
            known = EVENTS.get(name)
            if known is not None and known.__module__ != cls.__module__:
                raise ValueError(f"event name {name} is taken by {known.__module__}")
            EVENTS[name] = cls


EVENTS: dict[str, type[Event]] = {}
"""Every event class by its name in the log, old names included."""


def names_of(name: str) -> tuple[str, ...]:
    """Every name under which this event may stand in the log, the present one first; () if unknown."""
    event = EVENTS.get(name)
    return (event.__name__, *event.ALIASES) if event is not None else ()


@cache
def lifting_of(event: type[Event]) -> str:
    """How older occurrences of this event are read: its former names, those of its fields, and the code of
    its upcasters; empty if it has always been what it is. A change of it changes rows that were made from
    old events, while the views' own code stays the same."""
    if event.class_version == 1 and not event.ALIASES and not event.FORMER_FIELDS:
        return ""
    steps = (getattr(event, f"upcast_v{n}_v{n + 1}") for n in range(1, event.class_version))
    names = [*names_of(event.__name__), *(f"{old}={new}" for old, new in event.FORMER_FIELDS.items())]
    return "\n".join([*names, *(inspect.getsource(step) for step in steps)])


E = TypeVar("E", bound=Event)


class Recorded(msgspec.Struct, Generic[E], kw_only=True, omit_defaults=True):
    """An event with its envelope, as it stands in the log. ``position`` is its place in the one order."""

    event_id: str
    stream: str
    version: int
    type: str
    schema: int = 1
    recorded_at: dt.datetime
    effective: EffectiveDate
    actor: Actor
    asserted_by: str | None = None
    certainty: Certainty = "stated"
    source: Source | None = None
    reason: str | None = None
    legal_basis: Citation | None = None
    document_no: str | None = None
    note: str | None = None
    causation_id: str | None = None
    correlation_id: str
    data: E
    position: int = 0

    # The names by which the eventsourcing library knows the first two.
    @property
    def originator_id(self) -> str:
        return self.stream

    @property
    def originator_version(self) -> int:
        return self.version

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


class LinkBetween(msgspec.Struct, frozen=True):
    """``from_id`` *relation* ``to_id``: the target came first. ``link_id`` names the event that made it."""

    link_id: str
    from_id: str
    to_id: str
    relation: str


def links_of(recorded: Recorded[Any]) -> Iterator[LinkBetween]:
    """The links an event makes, in the order its class declares them."""
    data, n = recorded.data, 0
    for name, relation in type(data).LINKS.items():
        value = recorded.entity if name == "entity" else getattr(data, name)
        for target in value if isinstance(value, tuple) else (value,):
            if target is None:
                continue
            to_id = target.key if isinstance(target, Citation) else target
            later, earlier = recorded.subject, to_id
            if relation in TARGET_IS_LATER:
                later, earlier = earlier, later
            yield LinkBetween(f"{recorded.stream}.{recorded.version}.{n}", later, earlier, relation)
            n += 1
    if recorded.legal_basis is not None:
        yield LinkBetween(
            f"{recorded.stream}.{recorded.version}.law",
            recorded.subject,
            recorded.legal_basis.key,
            "on_legal_basis",
        )


RELATIONS: dict[str, tuple[str, str, str, str]] = {
    # relation: (ja forward, en forward, ja backward, en backward), PROV terms where they exist
    "motivated_by": ("の背景は", "was motivated by", "が背景となったもの", "motivated"),
    "on_legal_basis": ("の法的根拠は", "has its legal basis in", "を根拠とするもの", "is the legal basis of"),
    "part_of": ("は次の一部", "is part of", "に属するもの", "has part"),
    "set_up_by": ("を設けたのは", "was set up by", "が設けたもの", "set up"),
    "pursues": ("が目指すのは", "pursues", "を目指すもの", "is pursued by"),
    "carried_out_by": ("を担うのは", "is carried out by", "が担うもの", "carries out"),
    "realises": ("が具現化するのは", "realises", "を具現化したもの", "is realised by"),
    "formulated_with": (
        "をともに策定したのは",
        "was formulated with",
        "とともに策定されたもの",
        "formulated",
    ),
    "responds_to": ("が対応するのは", "responds to", "への対応", "is answered by"),
    "says_about": ("が述べるのは", "speaks of", "についての記述", "is spoken of in"),
    "identifies": ("が指すのは", "identifies", "を指すもの", "is identified by"),
    "owned_by": ("の実施主体は", "is owned by", "が実施主体のもの", "owns"),
    "based_on": ("が基にしたのは", "was based on", "を基にしたもの", "is the basis of"),
    "decided_in": ("を審議したのは", "was dealt with in", "で扱われたもの", "dealt with"),
    "adopted_by": ("を採択したのは", "was adopted by", "が採択したもの", "adopted"),
    "used": ("が用いたのは", "used", "が用いられた先", "was used in"),
    "supersedes": ("が置き換えたのは", "supersedes", "に置き換えたもの", "was superseded by"),
    "derived_from": ("の元は", "was derived from", "から生まれたもの", "led to"),
    "entrusted_to": ("を託されたのは", "was entrusted to", "が託されたもの", "was entrusted with"),
}
"""Relations between things on record, read from the later thing to the earlier one."""

TARGET_IS_LATER = frozenset({"supersedes"})
"""Relations of which the event is recorded on the earlier thing: its link begins at the target."""

# ------------------------------------------------------------------------------------------- context


class Reader:
    """What a command may look up: other aggregates, as they stand now (the application provides it)."""

    def find(self, kind: type[A], entity: str) -> A | None:
        """The aggregate with this public id, or None."""
        raise LookupError(entity)

    def event_at(self, stream: str, version: int) -> Recorded[Any] | None:
        """One recorded event, or None."""
        raise LookupError(stream)

    def groups_of(self, appointment: str) -> list[str]:
        """Groups that have this member: what no single stream knows."""
        raise LookupError(appointment)

    def open_business(self, council: str) -> list[str]:
        """Meetings not closed and entrustments not reported of a council: what no single stream knows."""
        raise LookupError(council)


@dataclass(frozen=True)
class Context:
    """Under which circumstances a command is given: who, in which role, and what the envelope will say."""

    actor: Actor
    clock: Callable[[], dt.datetime]
    new_id: Callable[[], str]
    reader: Reader
    roles: frozenset[str] = frozenset()
    """Every role the caller holds; ``actor`` names the one acted in."""
    effective: EffectiveDate | None = None
    asserted_by: str | None = None
    certainty: Certainty = "stated"
    source: Source | None = None
    reason: str | None = None
    legal_basis: Citation | None = None
    document_no: str | None = None
    note: str | None = None
    causation_id: str | None = None
    correlation_id: str | None = None
    importing: bool = False
    """An import may leave gaps (domain.md 3); arithmetic is never excused."""
    recorded: list[Recorded[Any]] = field(default_factory=list)
    """Events recorded so far in this unit of work, in order."""
    claims: dict[str, str] = field(default_factory=dict)
    """Names that may be taken once in the whole record, e.g. a document number."""
    entrusted: dict[str, dict[str, str]] = field(default_factory=dict)
    """Personal data for the vault, by party id."""
    warnings: list[Refusal] = field(default_factory=list)
    """What is unusual but was not refused: said to whoever gave the command, and kept nowhere."""


_current: ContextVar[Context] = ContextVar("command context")


@contextmanager
def acting(context: Context) -> Iterator[Context]:
    """Give commands in this block under ``context``."""
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)


# ------------------------------------------------------------------------------------------ commands


@dataclass(frozen=True)
class Parameter:
    """One parameter of a command. ``kind`` is its type with markers; required if it has no default."""

    name: str
    kind: Any
    required: bool
    default: Any = None


@dataclass
class Command:
    """A declared command: what it is called, who may give it, what it takes."""

    name: str
    roles: tuple[Role, ...]
    creates: bool
    about: tuple[str, str]
    method: Callable[..., None]
    aggregate: type[Record] = None  # type: ignore[assignment]  # set when its class is complete
    event: type[Event] | None = None
    """The event a command takes as its only parameter: the proposal becomes the fact, if not refused."""

    @property
    def path(self) -> str:
        return self.name.replace("_", "-")

    @property
    def doc(self) -> str:
        return inspect.cleandoc(self.method.__doc__ or "")

    def parameters(self) -> tuple[Parameter, ...]:
        if self.event is not None:
            return _event_parameters(self.event)
        return _method_parameters(self.method)

    def check(self, arguments: dict[str, Any]) -> None:
        """Refuse arguments (typed values by parameter name) that break the markers of their types."""
        for parameter in self.parameters():
            value = arguments.get(parameter.name)
            checker = fields.checker_for(parameter.kind)
            if checker and value is not None:
                checker(value, f"/{parameter.name}")

    def run(self, aggregate: Record, arguments: dict[str, Any]) -> None:
        """Act, with arguments that have been checked."""
        if self.event is not None:
            self.method(aggregate, self.event(**arguments))
        else:
            self.method(aggregate, **arguments)


@cache
def _method_parameters(method: Callable[..., None]) -> tuple[Parameter, ...]:
    hints = typing.get_type_hints(method, include_extras=True)
    given = list(inspect.signature(method).parameters.values())[1:]
    return tuple(
        Parameter(p.name, hints[p.name], p.default is p.empty, None if p.default is p.empty else p.default)
        for p in given
    )


@cache
def _event_parameters(event: type[Event]) -> tuple[Parameter, ...]:
    hints = typing.get_type_hints(event, include_extras=True)
    return tuple(
        Parameter(f.name, hints[f.name], f.required, None if f.default is msgspec.NODEFAULT else f.default)
        for f in msgspec.structs.fields(event)
    )


def command(
    *roles: Role, ja: str, en: str, creates: bool = False
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Declare a method as a command: the roles that may give it and its name in both languages.

    The method takes keyword parameters with types, or one parameter that is an event: the proposed fact.
    """

    def declare(method: Callable[..., None]) -> Callable[..., None]:
        method.__command__ = Command(method.__name__, roles, creates, (ja, en), method)  # type: ignore[attr-defined]
        return method

    return declare


def on(*events: type[Event]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Declare a method as the state change that follows these events. It takes the event's data and,
    if it has a second parameter, the whole recorded event."""

    def declare(method: Callable[..., None]) -> Callable[..., None]:
        method.__on__ = events  # type: ignore[attr-defined]
        return method

    return declare


# --------------------------------------------------------------------------------------------- record


class Record:
    """Base of every aggregate: records events under the current context and replays them.

    Satisfies the eventsourcing library's protocols for aggregates with their own event classes.
    """

    PREFIX: ClassVar[str]
    """Streams of this kind begin with it, e.g. ``matter-``."""
    BARE_ID: ClassVar[bool] = False
    """Whether the public id leaves the prefix out (``purpose`` for ``reflection-purpose``)."""
    ID_FIELDS: ClassVar[tuple[str, ...]] = ()
    """Field names under which history files repeat the aggregate's own id."""
    COLLECTION: ClassVar[str]
    """The plural name in addresses, e.g. ``matters``."""
    LABEL: ClassVar[tuple[str, str]]
    """What such a thing is called, in Japanese and English."""

    COMMANDS: ClassVar[dict[str, Command]] = {}
    _HANDLERS: ClassVar[dict[type[Event], Callable[..., None]]] = {}

    state: str = "new"
    outdated: bool = False
    """True once an earlier event has been corrected: the state is to be made anew from the events."""

    def __init__(self, stream: str) -> None:
        self.id = stream
        self.version = 0
        self.pending: list[Recorded[Any]] = []
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
                    cls._HANDLERS[event] = _two_arguments(member)
        if "PREFIX" in cls.__dict__:  # a class without streams of its own is a part of an aggregate's file
            KINDS[cls.__name__] = cls

    # -- identity

    @classmethod
    def stream_for(cls, entity: str) -> str:
        return entity if entity.startswith(cls.PREFIX) and not cls.BARE_ID else cls.PREFIX + entity

    @property
    def entity(self) -> str:
        return entity_of(self.id)

    # -- recording and replaying

    @property
    def context(self) -> Context:
        """The circumstances of the command in hand. LookupError outside a command."""
        return _current.get()

    def record(
        self,
        data: Event,
        *,
        effective: EffectiveDate | None = None,
        legal_basis: Citation | None = None,
        document_no: str | None = None,
        reason: str | None = None,
    ) -> None:
        """Record ``data`` as a fact: check its fields, wrap it in the envelope, change the state."""
        fields.check(data)
        context, kind = self.context, type(data)
        recorded: Recorded[Any] = Recorded(
            event_id=context.new_id(),
            stream=self.id,
            version=self.version + 1,
            type=kind.__name__,
            schema=kind.class_version,
            recorded_at=context.clock(),
            effective=_checked(effective or _effective(data, context)),
            actor=context.actor,
            asserted_by=context.asserted_by or context.actor.party or context.actor.role,
            certainty=context.certainty,
            source=context.source,
            reason=reason or context.reason,
            legal_basis=legal_basis or context.legal_basis,
            document_no=document_no or context.document_no,
            note=context.note,
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
        """The events as they stand after every correction of them (see domain/fixing.py)."""
        return events

    def version_for(self, roles: frozenset[str]) -> int:
        """The version that a caller with these roles may know of and expect (If-Match)."""
        return self.version

    # -- questions and refusals every aggregate needs

    def look(self, kind: type[A], entity: str) -> A:
        """Another aggregate by its public id. Refuses ``UNKNOWN_ID``."""
        found = self.context.reader.find(kind, entity)
        if found is None:
            raise UNKNOWN_ID(kind=kind.LABEL[0], id=entity)
        return found

    def only_in(self, *states: str) -> None:
        """Refuse ``WRONG_STATE`` unless the aggregate is in one of ``states``."""
        if self.state not in states:
            raise WRONG_STATE(state=self.state, allowed=", ".join(states))

    def claim(self, what: str, value: str) -> None:
        """Take a name that may be taken once in the whole record; the store refuses a second taker."""
        self.context.claims[f"{what}:{value}"] = self.id

    def warn(self, unusual: Refusal) -> None:
        """Say, with the receipt, what might have been refused and is not."""
        self.context.warnings.append(unusual)

    def entrust(self, party_id: str, **personal: str) -> None:
        """Put personal data into the vault, in the same transaction as the events."""
        self.context.entrusted[party_id] = personal


A = TypeVar("A", bound=Record)

KINDS: dict[str, type[Record]] = {}
"""Every aggregate class by name."""


def kind_of(stream: str) -> type[Record]:
    """The aggregate class a stream belongs to. Raises KeyError for a foreign name."""
    return _by_prefix()[stream.split("-", 1)[0] + "-"]


def entity_of(stream: str) -> str:
    """The public id of the aggregate whose stream this is."""
    return _entity_of(stream, len(KINDS))


@lru_cache(maxsize=8192)
def _entity_of(stream: str, kinds: int) -> str:
    """Every view asks for it, of every event; ``kinds``: how many aggregates are declared so far."""
    kind = _by_prefix().get(stream.split("-", 1)[0] + "-")
    return stream[len(kind.PREFIX) :] if kind is not None and kind.BARE_ID else stream


def _by_prefix() -> dict[str, type[Record]]:
    if len(_PREFIXES) != len(KINDS):
        _PREFIXES.update({kind.PREFIX: kind for kind in KINDS.values()})
    return _PREFIXES


_PREFIXES: dict[str, type[Record]] = {}


def _complete(declared: Command, cls: type[Record]) -> Command:
    parameters = list(inspect.signature(declared.method).parameters.values())[1:]
    event = None
    if len(parameters) == 1 and parameters[0].name == "fact":
        hint = typing.get_type_hints(declared.method)["fact"]
        event = typing.cast(type[Event], hint)
    done = Command(
        declared.name, declared.roles, declared.creates, declared.about, declared.method, cls, event
    )
    declared.method.__command__ = done  # type: ignore[attr-defined]
    return done


def _two_arguments(handler: Callable[..., None]) -> Callable[..., None]:
    if len(inspect.signature(handler).parameters) == 3:
        return handler
    return lambda self, data, recorded: handler(self, data)


def _checked(date: EffectiveDate) -> EffectiveDate:
    try:
        return date.check()
    except Refusal as refused:
        raise refused.at("/record/effective") from None


def _effective(data: Event, context: Context) -> EffectiveDate:
    """When the event took effect: as told, else by the event's own date field, else now."""
    if context.effective is not None:
        return context.effective
    if type(data).WHEN is not None:
        value = getattr(data, type(data).WHEN or "")
        if isinstance(value, EffectiveDate):
            return value
        if isinstance(value, dt.datetime):
            return EffectiveDate.at(value)
        if isinstance(value, dt.date):
            return EffectiveDate.on(value)
        if isinstance(value, int):
            return EffectiveDate.in_fiscal_year(value)
        return EffectiveDate.unknown()
    return EffectiveDate.at(context.clock())

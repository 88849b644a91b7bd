"""What a command is: a method of an aggregate, declared once with :func:`command`, given under a context.

Its endpoint, input schema, form and permission derive from that declaration.
"""

from __future__ import annotations

import datetime as dt
import inspect
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

import msgspec

from domain.kernel.events import Actor, Certainty, Event, Evidence, Recorded, Source
from domain.kernel.roles import Role
from domain.values import fields
from domain.values.calendar import EffectiveDate, day_in_japan
from domain.values.law import Citation
from domain.values.refusal import Declared, Refusal

SoughtT = TypeVar("SoughtT")


class Reader:
    """What a command may look up: other aggregates, as they stand now (the application provides it)."""

    def find(self, kind: type[SoughtT], entity: str) -> SoughtT | None:
        """The aggregate with this public id, or None."""
        raise LookupError(entity)

    def event_at(self, stream: str, version: int) -> Recorded[Any] | None:
        """One recorded event, or None."""
        raise LookupError(stream)

    def groups_of(self, appointment: str) -> list[str]:
        """Groups that have this member: what no single stream knows."""
        raise LookupError(appointment)

    def meetings_at(self, body_and_hour: str) -> list[str]:
        """Meetings of a body that begin at this moment (``council/group/moment``, the group may be empty):
        what no single stream knows."""
        raise LookupError(body_and_hour)

    def open_business(self, council: str) -> list[str]:
        """Meetings not closed and entrustments not reported of a council: what no single stream knows."""
        raise LookupError(council)


class Amended(dict[str, str]):
    """Personal data that changes what the vault holds, and leaves the rest of it."""


@dataclass(frozen=True)
class Context:
    """Under which circumstances a command is given: who, in which role, and what the envelope will say."""

    actor: Actor
    clock: Callable[[], dt.datetime]
    new_id: Callable[[], str]
    reader: Reader
    roles: frozenset[str] = frozenset()
    """Every role the actor holds; ``actor`` names the one acted in."""
    recorded_by: Actor | None = None
    """Who gives the command, where that is not the actor."""
    effective: EffectiveDate | None = None
    live: bool = False
    """Whoever gives the command says that it is happening now."""
    following: bool = False
    """It follows of itself from what is dated already (a policy), and happens when that did."""
    asserted_by: str | None = None
    certainty: Certainty = "stated"
    source: Source | None = None
    evidence: Evidence | None = None
    reason: str | None = None
    legal_basis: Citation | None = None
    document_no: str | None = None
    note: str | None = None
    note_en: str | None = None
    import_batch: str | None = None
    source_recorded_at: EffectiveDate | None = None
    external_id: str | None = None
    source_url: str | None = None
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

    def warn_once(self, unusual: Refusal) -> None:
        """Say, with the receipt, what might have been refused and is not."""
        if all(known.declared is not unusual.declared for known in self.warnings):
            self.warnings.append(unusual)

    def today(self) -> dt.date:
        """The day in Japan on which the command is given."""
        return day_in_japan(self.clock())


_current: ContextVar[Context] = ContextVar("command context")


def current() -> Context:
    """The context of the command in hand. LookupError outside a command."""
    return _current.get()


@contextmanager
def acting(context: Context) -> Iterator[Context]:
    """Give commands in this block under ``context``."""
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)


@dataclass(frozen=True)
class Parameter:
    """One parameter of a command. ``kind`` is its type with markers; required if it has no default."""

    name: str
    kind: Any
    required: bool
    default: Any = None


@dataclass(frozen=True)
class GivenAgain:
    """Arguments of a command, read from what it recorded, and identifiers that it made on the way."""

    arguments: Mapping[str, Any] = field(default_factory=dict)
    ids: Sequence[str] = ()


STAND_IN = "***"
"""In the place of what no event holds: the name of a person, how to reach somebody."""

Again = Callable[[Any, Any], GivenAgain]
"""From an aggregate as it stood, and the event that a command recorded on it, to how that was given."""


@dataclass
class Command:
    """A declared command: what it is called, who may give it, what it takes."""

    name: str
    roles: tuple[Role, ...]
    creates: bool
    about: tuple[str, str]
    method: Callable[..., None]
    aggregate: type[Any] = object
    """The kind of aggregate (a subclass of ``Record``, which knows this class and not the other way
    round)."""
    event: type[Event] | None = None
    """The event a command takes as its only parameter: the proposal becomes the fact, if not refused."""
    records: type[Event] = Event
    """The event that it records first, with whatever follows from it."""
    again: Again | None = None
    """How it was given, read from what it recorded, where fields are not simply parameters."""
    refuses: tuple[Declared, ...] = ()
    """What its own rules refuse (what else it may be refused with: domain/recording/command_refusals.py)."""

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

    def given_again(self, aggregate: object, event: Event) -> tuple[dict[str, Any], list[str]]:
        """With which arguments it was given, when it recorded ``event`` on ``aggregate`` as it stood before;
        and the identifiers that it made on the way, before that of the event."""
        fields = msgspec.structs.asdict(event)
        arguments = {p.name: fields[p.name] for p in self.parameters() if p.name in fields}
        if self.again is None:
            return arguments, []
        read = self.again(aggregate, event)
        return {**arguments, **read.arguments}, list(read.ids)

    def run(self, aggregate: object, arguments: dict[str, Any]) -> None:
        """Act, with arguments that have been checked."""
        if self.event is not None:
            self.method(aggregate, self.event(**arguments))
        else:
            self.method(aggregate, **arguments)


@cache
def _method_parameters(method: Callable[..., None]) -> tuple[Parameter, ...]:
    hints = typing.get_type_hints(method, include_extras=True)
    parameters = list(inspect.signature(method).parameters.values())[1:]
    return tuple(
        Parameter(p.name, hints[p.name], p.default is p.empty, None if p.default is p.empty else p.default)
        for p in parameters
    )


@cache
def _event_parameters(event: type[Event]) -> tuple[Parameter, ...]:
    hints = typing.get_type_hints(event, include_extras=True)
    return tuple(
        Parameter(f.name, hints[f.name], f.required, None if f.default is msgspec.NODEFAULT else f.default)
        for f in msgspec.structs.fields(event)
    )


def command(
    *roles: Role,
    ja: str,
    en: str,
    event: type[Event] | None = None,
    records: type[Event] | None = None,
    again: Again | None = None,
    creates: bool = False,
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Declare a method as a command: the roles that may give it and its name in both languages.

    With ``event`` the method takes one parameter, an event of that type: the proposed fact, of which the
    caller gives the fields. Without it takes keyword parameters with types, and ``records`` says which event
    it records first; ``again`` reads how it was given from that, where fields and parameters differ
    (domain/recording/deciding_anew.py).
    """
    first = event or records
    if first is None:
        raise TypeError("a command says which event it records: event=… or records=…")

    def declare(method: Callable[..., None]) -> Callable[..., None]:
        own: tuple[Declared, ...] = getattr(method, "__refuses__", ())
        method.__command__ = Command(  # type: ignore[attr-defined]
            method.__name__,
            roles,
            creates,
            (ja, en),
            method,
            event=event,
            records=first,
            again=again,
            refuses=own,
        )
        return method

    return declare


def refuses(*declared: Declared) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Declare, below ``@command``, what the command's own rules refuse. What every command may be refused
    with is left out (domain/recording/command_refusals.py). The tests watch that it meets nothing else."""

    def declare(method: Callable[..., None]) -> Callable[..., None]:
        if hasattr(method, "__command__"):
            raise TypeError(f"{method.__qualname__}: @refuses stands below @command")
        method.__refuses__ = declared  # type: ignore[attr-defined]
        return method

    return declare


def on(*events: type[Event]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Declare a method as the state change that follows these events. It takes the event's data and the whole
    recorded event: ``def _raised(self, e: MatterRaised, recorded: Recorded[MatterRaised]) -> None``."""

    def declare(method: Callable[..., None]) -> Callable[..., None]:
        method.__on__ = events  # type: ignore[attr-defined]
        return method

    return declare

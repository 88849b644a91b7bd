"""A walk through everything that an aggregate can become, by the commands of the roles a city has.

A walk begins with a record as its history left it (which may be awkward: work done before its sheet, a day
whose members nobody recorded) and gives every command of one thing in every situation it comes to, in every
role but the importer's. Values follow from what fields are called and from their types; what needs more, and
acts of other things (a meeting resolves the matter), is written down as a move. Situations that answer alike
are one: :attr:`Walk.like` says by what they are told apart.

Nothing is saved: an act is carried out on the events before it, as they would be read from the log.
"""

from __future__ import annotations

import datetime as dt
import itertools
import types
import typing
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

import msgspec

from domain.kernel.commands import Command
from domain.kernel.correction import Correctable
from domain.kernel.events import Actor, Recorded
from domain.kernel.record import KINDS
from domain.kernel.refusals import ALREADY_TAKEN
from domain.recording.receipts import CommandTerms
from domain.recording.unit_of_work import UnitOfWork
from domain.values.refusal import Refusal
from tests.support.given import TestRecord, typed

NOW = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)

Events = tuple[Recorded[Any], ...]
Streams = dict[str, Events]


@dataclass(frozen=True)
class Act:
    """A command in a role, on one thing."""

    role: str
    kind: str
    entity: str
    command: str
    fields: dict[str, Any] = field(default_factory=dict)
    party: str | None = None
    envelope: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.role} {self.kind}.{self.command}"


Move = tuple[Act, ...]
"""What happens together: one act mostly, or an evening of another thing."""


class Situation:
    """The record after some acts, as a unit of work finds it (domain/recording/unit_of_work.py)."""

    open_business: Callable[[str], list[str]] = staticmethod(lambda council: [])
    groups_of: Callable[[str], list[str]] = staticmethod(lambda appointment: [])
    meetings_at: Callable[[str], list[str]] = staticmethod(lambda body_and_hour: [])

    def __init__(self, streams: Streams, claims: dict[str, str], acts: tuple[Move, ...] = ()):
        self.streams, self.claims, self.acts = streams, claims, acts
        self.clock = lambda: NOW
        self.new_id = lambda: str(uuid.UUID(int=next(_IDS)))

    def aggregate(self, kind: Any, stream: str) -> Any:
        """The thing as its events have it; kept for others until something is recorded on it."""
        events = self.streams.get(stream, ())
        if not events:
            return None
        key = (stream, len(events), events[-1].event_id)
        if key not in _MADE:
            _MADE[key] = kind.replay(None, events)
        return _MADE[key]

    def events_of(self, stream: str, after: int = 0, until: int | None = None) -> Iterable[Recorded[Any]]:
        return self.streams.get(stream, ())[after:until]

    def find(self, kind: str, entity: str) -> Any:
        """A thing as it stands here."""
        stream = KINDS[kind].stream_for(entity)
        return self.aggregate(KINDS[kind], stream) or KINDS[kind](stream)

    def after(self, move: Move) -> Situation | Refusal:
        """What comes of a move, all of it or nothing."""
        unit = UnitOfWork(self)
        try:
            return self._after(move, unit)
        finally:
            for stream, thing in unit.aggregates.items():
                if thing.pending:
                    events = self.streams.get(stream, ())
                    _MADE.pop((stream, len(events), events[-1].event_id if events else ""), None)

    def _after(self, move: Move, unit: UnitOfWork) -> Situation | Refusal:
        for act in move:
            command = KINDS[act.kind].COMMANDS[act.command]
            envelope = ({"document_no": "架空市協第1号"} if act.role == "SEC" else {}) | act.envelope
            actor = Actor(act.role, act.party or f"p-{act.role.lower()}")
            terms = CommandTerms(actor, frozenset({act.role}), envelope)
            try:
                arguments = typed(act.kind, act.command, act.fields)
                command.check(arguments)
                unit.act(command, act.entity, arguments, terms)
            except Refusal as refused:
                return refused
        if taken := unit.claims.keys() & self.claims.keys():
            return ALREADY_TAKEN(value=min(taken))
        streams = dict(self.streams)
        for recorded in unit.recorded:
            streams[recorded.stream] = (*streams.get(recorded.stream, ()), recorded)
        return Situation(streams, self.claims | unit.claims, (*self.acts, move))


_IDS = itertools.count(1)
_MADE: dict[tuple[str, int, str], Any] = {}
"""Things by their events: what is only looked at is made once. Event ids are counted on and never repeat."""


@dataclass
class Seen:
    """A situation that was come to, with what leads on from it."""

    situation: Situation
    leads_to: dict[Any, Move] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    """Commands that are carried out from here."""
    refused: list[tuple[Act, Refusal]] = field(default_factory=list)


@dataclass(frozen=True)
class Walk:
    """Everything that can become of one thing.

    ``like``: what tells situations apart, beside the thing's state. ``ends``: states in which nothing more is
    to be done. ``owed``: what, once it has come about, must be able to come to something: name → (it has come
    about, it has been answered).
    """

    kind: str
    entity: str
    ends: frozenset[str]
    given: Callable[[TestRecord], object]
    like: Callable[[Any, Situation], Any] = lambda thing, situation: None
    owed: dict[str, tuple[Callable[[Any, Situation], bool], Callable[[Any, Situation], bool]]] = field(
        default_factory=dict
    )
    values: dict[str, Sequence[Any]] = field(default_factory=dict)
    """Values of fields, by their names, beside those every walk has."""
    moves: tuple[Callable[[Situation], Move | None], ...] = ()
    """What is written down, for what may depend on the situation: which meeting is next. None: not now."""
    without: frozenset[str] = frozenset()
    """Commands that change nothing that matters to this walk."""

    def __call__(self) -> dict[Any, Seen]:
        """Every situation, by what tells it apart."""
        record = TestRecord()
        self.given(record)
        _MADE.clear()
        streams: dict[str, list[Recorded[Any]]] = defaultdict(list)
        for recorded in record.events:
            streams[recorded.stream].append(recorded)
        first = Situation({name: tuple(log) for name, log in streams.items()}, dict(record.recorder.claims))
        derived = list(self._derived())
        seen = {self._key(first): Seen(first)}
        ahead = list(seen)
        for key in ahead:
            here = seen[key]
            written = [move for at in self.moves if (move := at(here.situation)) is not None]
            for move in [*derived, *written]:
                then = here.situation.after(move)
                if isinstance(then, Refusal):
                    here.refused.append((move[0], then))
                    continue
                here.done.update(act.command for act in move)
                there = self._key(then)
                here.leads_to.setdefault(there, move)
                if there not in seen:
                    assert len(seen) < 3_000, f"{self.kind}: too many situations, see “like”"
                    seen[there] = Seen(then)
                    ahead.append(there)
        return seen

    def thing(self, situation: Situation) -> Any:
        return situation.find(self.kind, self.entity)

    def _key(self, situation: Situation) -> Any:
        thing = self.thing(situation)
        came = frozenset(name for name, (asked, _) in self.owed.items() if asked(thing, situation))
        done = frozenset(name for name, (_, answered) in self.owed.items() if answered(thing, situation))
        return thing.state, self.like(thing, situation), came - done, done

    def _derived(self) -> Iterator[Move]:
        """Every command of the thing in every role a city has, with every value that its words allow."""
        for command in KINDS[self.kind].COMMANDS.values():
            if command.name in self.without or command.method.__module__ == Correctable.__module__:
                continue
            for role in command.roles:
                if role != "IMP":
                    for fields in self._fields(command):
                        yield (Act(role, self.kind, self.entity, command.name, fields),)

    def _fields(self, command: Command) -> Iterator[dict[str, Any]]:
        """Arguments of a command: each value of a word or a truth in turn, one value of anything else."""
        choices: dict[str, Sequence[Any]] = {}
        for parameter in command.parameters():
            known = self.values.get(f"{command.name}.{parameter.name}", self.values.get(parameter.name))
            if known is not None:
                choices[parameter.name] = known
            elif parameter.required:
                choices[parameter.name] = values_of(parameter.name, parameter.kind)
        for chosen in itertools.product(*choices.values()):
            yield {n: v for n, v in zip(choices, chosen, strict=True) if v is not NOTHING}


NOTHING = object()
"""For a field that is left out."""

_BY_NAME: dict[str, Sequence[Any]] = {
    "disclosure": [{"visibility": "public"}],
    "citation": [{"instrument_id": "law-x", "article": 17}],
}
DAY = {"value": "2026-05-10", "precision": "day"}


@cache
def _struct_fields(struct: Any) -> tuple[tuple[str, Any], ...]:
    hints = typing.get_type_hints(struct, include_extras=True)
    wire = zip(struct.__struct_fields__, struct.__struct_encode_fields__, strict=True)
    required = {f.name for f in msgspec.structs.fields(struct) if f.required}
    return tuple((encoded, hints[name]) for name, encoded in wire if name in required)


def values_of(name: str, kind: Any) -> Sequence[Any]:
    """What a field may hold, by its name or by its type."""
    if name in _BY_NAME:
        return _BY_NAME[name]
    while typing.get_origin(kind) is typing.Annotated:
        kind = kind.__origin__
    origin, arms = typing.get_origin(kind), typing.get_args(kind)
    if origin is Literal:
        return arms
    if origin in (typing.Union, types.UnionType):
        return values_of(name, next(arm for arm in arms if arm is not type(None)))
    if origin is tuple:
        return [[values_of(name, arms[0])[0]]]
    if kind is bool:
        return (True, False)
    if kind is int:
        return [1]
    if kind is dt.date:
        return ["2026-05-10"]
    if kind is dt.datetime:
        return ["2026-05-10T15:00:00+09:00"]
    if kind is str:
        return ["x-1" if name.endswith("_id") else "架空"]
    if getattr(kind, "__name__", "") == "EffectiveDate":
        return [DAY]
    return [{part: values_of(part, inner)[0] for part, inner in _struct_fields(kind)}]


def dead_ends(walk: Walk, seen: dict[Any, Seen]) -> list[str]:
    """Situations from which no end can be reached, and what has come about and can come to nothing; each with
    the way that leads there."""
    found = []
    for what, stuck in _stuck(walk, seen):
        acts = [str(act) for move in seen[stuck].situation.acts for act in move]
        found.append(f"{walk.kind}: {what}, after {' → '.join(acts) or 'what was given'}")
    return sorted(set(found), key=lambda line: (len(line), line))


def without_a_way(walk: Walk, seen: dict[Any, Seen], ways: Mapping[str, str]) -> list[str]:
    """Refusals that the state of a thing brings about, and that leave whoever met them nothing to do: the
    command is never carried out from there on, was not carried out before, and none of the commands that the
    sentence tells of (``ways``: by code, in words) can be reached."""
    backward: dict[Any, set[Any]] = defaultdict(set)
    for key, here in seen.items():
        for there in here.leads_to:
            backward[there].add(key)
    to_come = {
        command: _reaching(backward, {key for key, here in seen.items() if command in here.done})
        for command in {command for here in seen.values() for command in here.done}
    }
    found = set()
    for key, here in ((key, here) for key, here in seen.items() if key[0] not in walk.ends):
        before = {act.command for move in here.situation.acts for act in move}
        for act, refused in here.refused:
            tries = {act.command, *ways.get(refused.code, "").split()}
            asked_too_early = refused.declared.kind == "conflict" and act.command not in before
            if asked_too_early and not any(key in to_come.get(command, ()) for command in tries):
                found.add(f"{refused.code}: {act} in “{key[0]}”")
    return sorted(found)


def _reaching(backward: dict[Any, set[Any]], goals: set[Any]) -> set[Any]:
    reached = set(goals)
    ahead = list(reached)
    for key in ahead:
        for before in backward[key] - reached:
            reached.add(before)
            ahead.append(before)
    return reached


def _stuck(walk: Walk, seen: dict[Any, Seen]) -> Iterator[tuple[str, Any]]:
    backward: dict[Any, set[Any]] = defaultdict(set)
    for key, here in seen.items():
        for there in here.leads_to:
            backward[there].add(key)

    ending = _reaching(backward, {key for key in seen if key[0] in walk.ends})
    for key in seen:
        if key not in ending:
            yield f"no end from “{key[0]}”", key
    for name in walk.owed:
        answered = _reaching(backward, {key for key in seen if name in key[3]})
        for key in seen:
            if name in key[2] and key not in answered:
                yield name, key

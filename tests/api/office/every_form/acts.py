"""What a story does, act by act: each command with its arguments and terms, and what it recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec

from domain.kernel.commands import Command
from domain.kernel.events import Recorded
from domain.recording.application import Application
from domain.recording.receipts import CommandTerms
from domain.recording.unit_of_work import UnitOfWork


@dataclass
class Act:
    """One command as it was given. ``saved``: the story recorded what it had so far after this."""

    command: Command
    entity: str
    arguments: dict[str, Any]
    terms: CommandTerms
    events: list[Recorded[Any]]
    saved: bool = False

    @property
    def at(self) -> dt.datetime:
        return self.events[0].recorded_at


@dataclass
class Story:
    acts: list[Act] = field(default_factory=list)


@contextmanager
def noted() -> Iterator[Story]:
    """Note every act of a story that is told within, as far as it came on record."""
    story = Story()
    pending: list[Act] = []
    act, save = UnitOfWork.act, Application._save

    def noting(unit: Any, command: Command, entity: str, arguments: Any, terms: CommandTerms) -> str:
        before = len(unit.recorded)
        stream = act(unit, command, entity, arguments, terms)
        if isinstance(unit._stand, Application):  # and not a log that is decided anew
            pending.append(Act(command, entity, dict(arguments), terms, unit.recorded[before:]))
        return stream

    def saving(application: Any, unit: UnitOfWork, *args: Any, **kwargs: Any) -> Any:
        done = save(application, unit, *args, **kwargs)
        recorded = {e.event_id for e in unit.recorded}
        story.acts += [one for one in pending if one.events[0].event_id in recorded]
        story.acts[-1].saved = True
        pending.clear()
        return done

    UnitOfWork.act, Application._save = noting, saving  # type: ignore[method-assign,assignment]
    try:
        yield story
    finally:
        UnitOfWork.act, Application._save = act, save  # type: ignore[method-assign]


def body_of(act: Act) -> dict[str, Any]:
    """The act as the body of a request would say it."""
    from api.http.schemas import wire_names

    said = {
        name: msgspec.json.decode(msgspec.json.encode(act.arguments[parameter.name]))
        for name, parameter in wire_names(act.command).items()
        if act.arguments.get(parameter.name) is not None
    }
    record = {
        name: msgspec.json.decode(msgspec.json.encode(value))
        for name, value in act.terms.envelope.items()
        if value is not None
    }
    return said | ({"record": record} if record else {})


Tell = Callable[[str], None]

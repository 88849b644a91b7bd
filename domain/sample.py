"""A fictional record 架空の記録, made through the domain's own commands: the same seed, the same bytes.

Councils with members, meetings with attendance, statements, workshops and votes, matters with options,
evidence, conclusions and dissent, minutes, the city's answers and decisions, actions with budgets and
settlements. It feeds demonstrations, tests and benchmarks. Nothing in it is about a real place or person.
"""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from domain import sample_texts as texts
from domain.application import Application, Batch, Terms, command_named
from domain.calendar import JAPAN, fiscal_year_of
from domain.record import Actor

MEMBERS = 28
FIRST_DAY = dt.date(2021, 4, 20)
"""The fictional council begins its work on this day."""

Progress = Callable[[int, int], None]


@dataclass
class Made:
    """What was made: ids of the councils, meetings, matters and actions, and the number of events."""

    councils: list[str] = field(default_factory=list)
    meetings: list[str] = field(default_factory=list)
    matters: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    events: int = 0


def make_sample(
    application: Application,
    meetings: int | None = None,
    seed: int = 1,
    progress: Progress | None = None,
    *,
    events: int | None = None,
) -> Made:
    """Make a fictional record of so many meetings, or of at least so many events.

    ``progress(done, of)`` is told after each meeting. The record must be empty of an earlier sample.
    """
    story = _Story(application, seed)
    before = application.clock, application.new_id
    application.clock, application.new_id = story.clock, story.new_id
    try:
        return _tell(story, meetings, events, progress or (lambda done, of: None))
    finally:
        application.clock, application.new_id = before


def _tell(story: _Story, meetings: int | None, events: int | None, progress: Progress) -> Made:
    with story.scene():
        story.found_council()
    wanted = meetings if meetings is not None else 0
    while len(story.made.meetings) < wanted or story.made.events < (events or 0):
        with story.scene():
            story.decide_one_matter()
        if events is not None:
            progress(min(story.made.events, events), events)
        else:
            progress(len(story.made.meetings), wanted)
    return story.made


class _Scene:
    """One batch of commands; counts the events it recorded."""

    def __init__(self, story: _Story):
        self.story = story

    def __enter__(self) -> None:
        self._batch = self.story.application.batch()
        self.story.batch = self._batch.__enter__()

    def __exit__(self, *failure: Any) -> None:
        batch = self.story.batch
        self._batch.__exit__(*failure)
        if batch is not None and failure[0] is None:
            self.story.made.events += len(batch.unit.recorded)
        self.story.batch = None


class _Story:
    """The made-up council and what happens in it."""

    def __init__(self, application: Application, seed: int):
        self.application = application
        self.dice = random.Random(seed)
        self.ids = random.Random(f"ids {seed}")
        self.now = dt.datetime.combine(FIRST_DAY, dt.time(9), JAPAN)
        self.made = Made()
        self.batch: Batch | None = None
        self.members = [f"seat-{n:02d}" for n in range(1, MEMBERS + 1)]
        self.number = 0

    # -- time, ids, commands

    def clock(self) -> dt.datetime:
        """The fictional now; a second passes at every look."""
        self.now += dt.timedelta(seconds=1)
        return self.now.astimezone(dt.UTC)

    def new_id(self) -> str:
        return str(uuid.UUID(int=self.ids.getrandbits(128), version=4))

    def scene(self) -> _Scene:
        return _Scene(self)

    def do(self, role: str, kind: str, entity: str, command: str, **arguments: Any) -> None:
        """Give a command in a role; plain values become typed ones."""
        declared = command_named(kind, command)
        kinds = {p.name: p.kind for p in declared.parameters()}
        typed = {name: msgspec.convert(value, kinds[name]) for name, value in arguments.items()}
        terms = Terms(Actor(role, f"p-{role.lower()}"), frozenset({role}))
        if self.batch is None:
            raise RuntimeError("commands are given inside a scene")
        self.batch.execute(declared, entity, typed, terms)

    def day(self, days: int = 0) -> str:
        return (self.now.date() + dt.timedelta(days=days)).isoformat()

    def on(self, days: int = 0) -> dict[str, str]:
        return {"value": self.day(days), "precision": "day"}

    def at(self, hour: int, minute: int = 0) -> str:
        return self.now.replace(hour=hour, minute=minute, second=0).isoformat()

    def pick(self, choices: Any) -> Any:
        return self.dice.choice(choices)

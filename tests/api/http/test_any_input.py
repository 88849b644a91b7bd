"""Whatever is sent, to whichever command: an answer that is no fault of ours, and views that equal the log.

Bodies are made from the commands' own schemas, with ids and words that are on record, and now and then with a
value that does not belong. The record begins as a small sample, so that a part of the commands is accepted.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
from flask import Flask
from marshmallow import Schema, fields

from api.access.accounts import ROLES
from api.commands import path_of
from api.http import json_fields as form
from api.http.schemas import body_of
from domain.kernel.commands import Command
from domain.kernel.events import Recorded
from domain.kernel.record import KINDS, Record, kind_of
from domain.sample.record import make_sample
from projections.engine.log import events_after
from projections.engine.store import Store
from projections.rebuild.replay import verify
from tests.api.conftest import TellerOf, over

REQUESTS = 800
DATES = ["2006-03-01", "2021-04-20", "0001-01-01", "9999-12-31"]
FOREIGN = [5, -1, True, None, "☃", [], {}, "\x00", 1.5]


@pytest.fixture
def app(one_app: Flask, any_record_url: str) -> Iterator[Flask]:
    yield from over(one_app, any_record_url)


class Bodies:
    """Makes bodies for commands. ``seed`` decides everything."""

    def __init__(self, seed: int, events: list[Recorded[Any]]):
        self.random = random.Random(seed)
        self.ids = sorted({e.entity for e in events} | {e.subject for e in events})
        self.words = self.ids + sorted(_texts([msgspec.to_builtins(e.data) for e in events]))

        self.of_kind: dict[type[Record], set[str]] = defaultdict(set)
        for e in events:
            self.of_kind[kind_of(e.stream)].add(e.entity)

    def path(self, command: Command) -> str:
        known = sorted(self.of_kind[command.aggregate]) or ["none"]
        return command.aggregate.COLLECTION + path_of(command).replace("<id>", self.random.choice(known))

    def body(self, command: Command) -> dict[str, Any]:
        return self._object(body_of(command)())

    def _object(self, schema: Schema) -> dict[str, Any]:
        return {
            name: self._value(field)
            for name, field in schema.fields.items()
            if field.required or self.random.random() < 0.4
        }

    def _value(self, field: fields.Field[Any]) -> Any:
        chance = self.random.random()
        if chance < 0.02:
            return self.random.choice(FOREIGN)
        if field.allow_none and chance < 0.2:
            return None
        makers: list[tuple[type, Callable[[Any], Any]]] = [
            (form.When, lambda _: self.random.choice([*DATES, "FY2008", "平成18年3月1日", "2026-04"])),
            (form.Part, lambda f: self._object(f.schema)),
            (form.Choice, lambda f: self.random.choice(f.choices)),
            (form.Day, lambda _: self.random.choice(DATES)),
            (form.Instant, lambda _: self.random.choice(DATES) + "T09:00:00+09:00"),
            (form.Truth, lambda _: self.random.random() < 0.5),
            (
                form.Whole,
                lambda f: self.random.choice([0, 1, 2, 15, 28, 2008, f.metadata.get("maximum", 10**15)]),
            ),
            (form.Text, lambda f: self.random.choice(self.ids if "pattern" in f.metadata else self.words)),
            (form.Series, lambda f: [self._value(f.inner) for _ in range(self.random.randrange(4))]),
            (
                form.Table,
                lambda f: {key: self._value(f.value_field) for key in self.random.sample(self.ids, 2)},
            ),
            (form.Anything, lambda _: self.random.choice([*self.words, *DATES, 0, 15, True, [], {}])),
            (form.Either, lambda f: self._value(self.random.choice(f.arms))),
        ]
        return next(make for kind, make in makers if isinstance(field, kind))(field)


def _texts(value: Any) -> set[str]:
    if isinstance(value, str):
        return {value} if len(value) < 80 else set()
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return set().union(*map(_texts, inner))


@pytest.mark.slow
def test_no_input_is_a_fault_of_ours_and_every_view_equals_its_replay(app: Flask, teller: TellerOf) -> None:
    store: Store = app.extensions["kyodo-store"].get()
    make_sample(store.application, meetings=1, seed=1)
    with store.engine.connect() as connection:
        bodies = Bodies(1, events_after(connection, limit=10_000))
    caller, answers = teller(*ROLES), Counter[int]()
    commands = [command for kind in KINDS.values() for command in kind.COMMANDS.values()]
    for _ in range(REQUESTS):
        command = bodies.random.choice(commands)
        sent = bodies.body(command)
        answer = caller.post(bodies.path(command), sent)
        assert answer.status_code < 500, (command.name, sent, answer.get_data(as_text=True))
        answers[answer.status_code] += 1
    assert answers[200] + answers[201] > REQUESTS // 20, "hardly anything was accepted: this proves nothing"
    assert [proof.view for proof in verify(store) if not proof.equal] == []

"""Several commands as one act: rehearsed, told in the words of the record, recorded together or not at all.

A screen composes :class:`Act` after act, each with its input as the API takes it; of what an act creates the
identifier is made beforehand (:func:`new_id`), so that those after it can name it. Whatever is refused says
which act, and where in its input.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
import sqlalchemy as sa
from eventsourcing.persistence import IntegrityError
from flask import g

from api.access.access_log import roles_changed
from api.access.auth import required_caller
from api.commands import pointed
from api.http import schemas
from api.http.problems import InvalidInput
from api.office.desk.in_words import in_steps
from api.pages.parts.sentences import Sentence, sentence
from api.setup.store import record_store
from domain.kernel.commands import Command
from domain.kernel.events import Recorded
from domain.kernel.record import KINDS
from domain.kernel.refusals import BUSY
from domain.recording.application import Batch, command_named
from domain.recording.receipts import Receipt
from domain.values.refusal import Refusal


@dataclass(frozen=True)
class Act:
    """A command to give. ``body``: its input as its endpoint takes it, ``record`` (the envelope) among it.
    ``place``: where on the screen it comes from; it stands before the pointers of what is refused."""

    kind: str
    name: str
    entity: str
    body: Mapping[str, Any]
    place: str = ""

    @property
    def command(self) -> Command:
        return command_named(self.kind, self.name)


@dataclass
class Rehearsal:
    """What would come of acts if they were recorded now."""

    faults: list[Refusal] = field(default_factory=list)
    """What is refused, with its place; nothing after a refused act is looked at that rests on it."""
    warnings: tuple[Refusal, ...] = ()
    recorded: list[Recorded[Any]] = field(default_factory=list)

    @property
    def stands(self) -> bool:
        return not self.faults


def new_id(kind: str) -> str:
    """An identifier for something of this kind that is not on record yet."""
    return record_store().application.new_entity(KINDS[kind])


def rehearse(acts: Sequence[Act]) -> Rehearsal:
    """Refuse what :func:`record` would refuse now, and record nothing. Every act is tried, so that all that
    is wrong is told at once."""
    batch, outcome = Batch(record_store().application), Rehearsal()
    for act in acts:
        before = len(batch.unit.warnings)
        try:
            _give(batch, act)
        except Refusal as refused:
            outcome.faults.append(_placed(refused, act))
        except InvalidInput as wrong:
            outcome.faults += [_placed(fault, act) for fault in wrong.faults]
        outcome.warnings += tuple(_placed(unusual, act) for unusual in batch.unit.warnings[before:])
    try:
        record_store().application.judge_batch(batch)
    except Refusal as refused:  # of what is corrected or taken back, at its place
        outcome.faults.append(refused)
    outcome.recorded = batch.unit.recorded
    return outcome


def record(acts: Sequence[Act], key: str) -> Receipt | None:
    """Record all of them in one transaction, once under this key. Raises the first Refusal; then nothing has
    been recorded."""
    application = record_store().application
    key = f"{required_caller().account_id}:{key}"
    for _ in range(application.ATTEMPTS):
        done = application.already_done(key)
        if done is not None:
            return done.receipt
        batch = Batch(application)
        for act in acts:
            try:
                _give(batch, act)
            except Refusal as refused:
                raise _placed(refused, act) from None
        try:
            receipt = application.save_batch(batch, key, fingerprint(acts))
        except IntegrityError:
            application.refuse_taken(batch.unit.claims)
            continue
        g.recorded = True
        for act in acts:
            roles_changed(act.command, act.entity)
        return receipt
    raise BUSY(attempts=application.ATTEMPTS)


def _give(batch: Batch, act: Act) -> None:
    command = act.command
    accepted = schemas.accept(command, dict(act.body))
    command_input = schemas.command_input(command, accepted)
    terms = required_caller().terms(command, envelope=command_input.envelope)
    batch.execute(command, act.entity, command_input.arguments, terms)


def _placed(refused: Refusal, act: Act) -> Refusal:
    pointed_refusal = pointed(refused, act.entity, act.body)
    return pointed_refusal.at(f"{act.place}{pointed_refusal.pointer or ''}")


def fingerprint(acts: Sequence[Act]) -> str:
    """A digest of what acts say: the same for the same acts."""
    content = [(act.kind, act.name, act.entity, act.body) for act in acts]
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


# -- in words


def sentences(connection: sa.Connection, rehearsal: Rehearsal) -> list[Sentence]:
    """What will stand in the record, as the public page says it."""
    return [sentence(one, linked) for one, linked in in_steps(connection, rehearsal.recorded)]

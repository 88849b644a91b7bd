"""What can be recorded of a thing now, what cannot, and why: every command of its kind, for whoever asks.

Permission comes first. Then each command is carried out on the thing with arguments that nobody may look at,
in a unit of work that is thrown away: what is refused before any argument was looked at is refused by the
state alone, whatever anybody might fill in. Once an argument is looked at, it cannot be known, and the form
is offered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NoReturn

from api.access.auth import Caller
from api.http.language import tr
from api.office.desk import refused as refusals
from api.reads.reading import viewer
from api.setup.store import record_store
from domain.kernel.commands import Command
from domain.kernel.correction import Correctable
from domain.kernel.events import Actor
from domain.kernel.record import KINDS, Record
from domain.recording.application import Batch
from domain.recording.asserting import may_be_on_behalf
from domain.recording.permission import acting_role
from domain.recording.receipts import CommandTerms
from domain.values.refusal import Refusal
from projections.engine.event_json import Json


class Looked(Exception):
    """Somebody looked at an argument: what follows depends on it."""


def _looked(*_: Any, **__: Any) -> NoReturn:
    raise Looked


class _Unseen:
    """An argument that nobody may look at. That it is there is all that can be known of it."""

    __slots__ = ()
    __getattr__ = _looked


for _name in (
    *(
        "__eq__",
        "__ne__",
        "__lt__",
        "__le__",
        "__gt__",
        "__ge__",
        "__hash__",
        "__bool__",
        "__str__",
        "__repr__",
    ),
    *("__iter__", "__len__", "__contains__", "__getitem__", "__add__", "__radd__", "__sub__", "__rsub__"),
    *("__int__", "__index__", "__format__", "__call__", "__neg__", "__mul__", "__mod__", "__bytes__"),
):
    setattr(_Unseen, _name, _looked)


@dataclass(frozen=True)
class Offer:
    """``refused``: why it cannot be done; None if it can, or if that depends on what is filled in.
    ``not_mine``: it is for other roles."""

    command: Command
    refused: Refusal | None = None
    not_mine: bool = False


def offers(kind: str, entity: str | None, caller: Caller) -> list[Offer]:
    """Every command on what is on record (or, without an id, those that begin something new), in the order of
    the procedure; what puts right what was recorded comes last."""
    commands = [c for c in KINDS[kind].COMMANDS.values() if c.creates is (entity is None)]
    correcting = vars(Correctable).keys()
    ordered = sorted(commands, key=lambda c: c.name in correcting)
    batch = Batch(record_store().application)
    return [offer(command, entity, caller, batch) for command in ordered]


def offer(command: Command, entity: str | None, caller: Caller, batch: Batch | None = None) -> Offer:
    """Whether one command can be given."""
    try:
        caller.may_give(command)
    except Refusal as forbidden:
        return Offer(command, forbidden, not_mine=True)
    if entity is None:
        return Offer(command)
    batch = batch or Batch(record_store().application)
    every = {p.name for p in command.parameters()}
    needed = {p.name for p in command.parameters() if p.required}
    refused = _by_state(batch, command, entity, caller, every)
    if refused is None or needed == every:
        return Offer(command, refused)
    also = _by_state(batch, command, entity, caller, needed)
    return Offer(command, refused if also is not None and also.declared is refused.declared else None)


def _by_state(batch: Batch, command: Command, entity: str, caller: Caller, names: set[str]) -> Refusal | None:
    """What refuses the command with any arguments of these names; None if nothing does."""
    role = acting_role(command, caller.roles)
    envelope: dict[str, Any] = {} if role is not None else {"actor": Actor(command.roles[0])}
    terms = CommandTerms(caller.actor(role or "SEC"), caller.roles, envelope, bodies=caller.bodies)
    unseen: Any = _Unseen()
    try:
        with batch.unit.undone_if_refused():
            batch.unit.act(command, entity, dict.fromkeys(names, unseen), terms)
            raise Looked  # it can be done: nothing of it is to stay
    except Refusal as refused:
        return refused
    except Exception:  # an argument was looked at, or was no use where a value is needed
        return None


def shown(kind: str, entity: str | None, caller: Caller, url: Any) -> Json:
    """The list as its template shows it; of whoever is not of the office, what they do in person."""
    listed, correcting = offers(kind, entity, caller), vars(Correctable).keys()
    if not viewer().staff:
        mine = {command.name for command in in_person(KINDS[kind], caller)}
        listed = [one for one in listed if one.command.name in mine]

    def line(one: Offer) -> Json:
        return {"label": tr(*one.command.about), "url": url(one.command)}

    return {
        "now": [line(o) for o in listed if o.refused is None and o.command.name not in correcting],
        "mending": [line(o) for o in listed if o.refused is None and o.command.name in correcting],
        "not_now": _by_reason(o for o in listed if o.refused is not None and not o.not_mine),
        "of_others": _by_reason(o for o in listed if o.not_mine),
    }


def in_person(kind: type[Record], caller: Caller) -> list[Command]:
    """What nobody does for another and this caller may do with a thing of a kind."""
    own = [c for c in kind.COMMANDS.values() if not c.creates and not may_be_on_behalf(c)]
    return [c for c in own if _may_give(c, caller)]


def _may_give(command: Command, caller: Caller) -> bool:
    try:
        caller.may_give(command)
    except Refusal:
        return False
    return True


def _by_reason(refused: Iterable[Offer]) -> list[Json]:
    """What cannot be done, under why: the reasons in the order of the procedure."""
    reasons: dict[str, Json] = {}
    for one in refused:
        why = refusals.shown(one.refused) if one.refused is not None else {}
        reason = reasons.setdefault(why["sentence"], {**why, "labels": []})
        reason["labels"].append(tr(*one.command.about))
    return list(reasons.values())

"""What no story tells: a few rare acts, and what puts right the record of each kind of thing; each in its
form."""

from __future__ import annotations

import datetime as dt
import itertools
import typing
from collections.abc import Iterator
from typing import Any

import msgspec

from domain.kernel.events import Actor, Recorded
from domain.kernel.links import links_of
from domain.kernel.record import KINDS, kind_of
from domain.recording.application import command_named
from domain.recording.receipts import CommandTerms
from domain.values.calendar import JAPAN
from domain.values.fields import TextRule, rules_of
from domain.values.refusal import Refusal
from projections.engine.log import events_after
from tests.api.office.every_form.acts import Act
from tests.api.office.every_form.retelling import Retelling

Pair = tuple[str, str]
Who = tuple[str, str]
"""A role, and a party."""
SECRETARY, APPROVER, OFFICER = ("SEC", "p-sec"), ("APR", "p-apr"), ("DIS", "p-dis")


class Rest:
    """Acts on a record that a story has been told on. ``done``: by kind and command, what has had its
    form."""

    def __init__(self, retelling: Retelling, done: set[Pair], begins: dt.datetime):
        self.retelling, self.done = retelling, done
        self.now = begins
        self.numbers = itertools.count(1)

    def _act(self, who: tuple[str, str], kind: str, entity: str, command: str, /, **arguments: Any) -> Act:
        """An act, with what it would record now."""
        self.now += dt.timedelta(minutes=1)
        application = self.retelling.store.application
        application.clock = lambda at=self.now: at
        declared = command_named(kind, command)
        kinds = {p.name: p.kind for p in declared.parameters()}
        typed = {name: msgspec.convert(value, kinds[name]) for name, value in arguments.items()}
        terms = CommandTerms(Actor(*who), frozenset({who[0]}), {"live": True})
        unit = application.rehearse(declared, entity, typed, terms)
        return Act(declared, entity, typed, terms, unit.recorded, saved=True)

    def give(
        self, who: tuple[str, str], kind: str, entity: str, command: str, /, **arguments: Any
    ) -> list[Any]:
        """Something done without a form; what it recorded."""
        return self._told(self._act(who, kind, entity, command, **arguments), in_form=False)

    def form(
        self, who: tuple[str, str], kind: str, entity: str, command: str, /, **arguments: Any
    ) -> list[Any]:
        """Something done in its form, if none was yet."""
        pair = (kind, command)
        act = self._act(who, kind, entity, command, **arguments)
        in_form = pair not in self.done
        self.done.add(pair)
        return self._told(act, in_form=in_form)

    def _told(self, act: Act, *, in_form: bool) -> list[Any]:
        before = self.retelling.newest()
        self.retelling.tell([act], lambda _: in_form)
        return self.retelling.events_after(before)

    # -- rare acts

    def rare(self, council: str, members: list[str]) -> None:
        chair = self._last("ChairElected", council).data.appointment_id
        day = self.now.date().isoformat()
        self.form(
            SECRETARY,
            "Council",
            council,
            "vacate_chair",
            appointment_id=chair,
            on=_on(day),
            reason="任期満了",
        )
        self.form(("IMP", "p-imp"), "Party", "p-rest", "import_person", name="架空 取込")
        raised = {
            "title": "取込の案件",
            "question": "どうするか。",
            "practice": "慣行",
            "council_id": council,
        }
        self.give(SECRETARY, "Matter", "matter-rest", "raise_matter", **raised)
        self.form(
            ("IMP", "p-imp"),
            "Matter",
            "matter-rest",
            "import_conclusion",
            result="adopted",
            reason="議事録による",
        )
        linking = next(e for e in self._events() if next(links_of(e), None) is not None and e.data.LINKS)
        implied = {"stream": linking.stream, "version": linking.version, "n": 0, "reason": "取り違え"}
        self.form(SECRETARY, "Link", "link-rest", "withdraw_implied", **implied)
        self._in_writing(council, members, "meeting-rest-many", members[:20])
        self._in_writing(council, members, "meeting-rest-few", members[:1])

    def _in_writing(self, council: str, members: list[str], meeting: str, replying: list[str]) -> None:
        today = self.now.astimezone(JAPAN)
        about = {"council_id": council, "kind": "written", "starts_at": today.isoformat(), "title": meeting}
        self.give(SECRETARY, "Meeting", meeting, "schedule", **about)
        item = {"item_id": "item-1", "order": 1, "title": "承認", "type": "discussion"}
        self.give(SECRETARY, "Meeting", meeting, "list_item", **item)
        until = (today.date() + dt.timedelta(days=1)).isoformat()
        sent = {"sent_on": today.date().isoformat(), "deadline": until}
        self.give(SECRETARY, "Meeting", meeting, "start_written", **sent)
        for seat in replying:
            reply = {"item_id": "item-1", "appointment_id": seat, "reply": "for"}
            self.give(SECRETARY, "Meeting", meeting, "receive_reply", **reply, received_on=sent["sent_on"])
        self.now += dt.timedelta(days=3)
        at = self.now.astimezone(JAPAN).isoformat()
        chair = ("CHR", "p-chr")
        if len(replying) > 1:
            counted = {"item_id": "item-1", "at": at, "result": "adopted"}
            self.form(chair, "Meeting", meeting, "resolve_by_replies", **counted)
        else:
            self.form(SECRETARY, "Meeting", meeting, "find_too_few_replies", at=at)

    # -- what puts right what was recorded, of every kind

    def put_right(self, kind: str) -> None:
        """A correction proposed, declined, approved; a part closed and opened. What somebody takes back is
        their own of the same day: of that the story tells."""
        if "propose_correction" not in KINDS[kind].COMMANDS:
            return
        e, field = self._correctable(kind)
        entity = e.entity
        change = {"target_version": e.version, "changes": [{"field": field, "after": "訂正した文"}]}

        def proposed(give: Any) -> str:
            name = f"fix-{next(self.numbers)}"
            recorded = give(
                SECRETARY, kind, entity, "propose_correction", correction_id=name, reason="写し誤り", **change
            )
            return str(recorded[0].data.correction_id)

        self.form(
            APPROVER, kind, entity, "decline_correction", correction_id=proposed(self.form), reason="正しい"
        )
        self.form(APPROVER, kind, entity, "approve_correction", correction_id=proposed(self.give))
        closed = {"visibility": "closed", "ground": "personal"}
        shut = self.form(
            OFFICER,
            kind,
            entity,
            "redact",
            redaction_id=f"shut-{next(self.numbers)}",
            target_version=e.version,
            redacted=closed,
            reason="個人が分かる",
        )
        self.form(
            OFFICER, kind, entity, "lift_redaction", redaction_id=shut[0].data.redaction_id, reason="同意"
        )

    def _correctable(self, kind: str) -> tuple[Recorded[Any], str]:
        """The newest event of a kind of thing that has a text which may be corrected."""
        for e in reversed(self._events()):
            if kind_of(e.stream).__name__ != kind:
                continue
            for field in _texts_of(type(e.data)):
                change = {"target_version": e.version, "changes": [{"field": field, "after": "訂正した文"}]}
                try:
                    self._act(
                        SECRETARY,
                        kind,
                        e.entity,
                        "propose_correction",
                        correction_id="fix-try",
                        reason="誤り",
                        **change,
                    )
                except Refusal:
                    continue
                return e, field
        raise LookupError(kind)

    def _events(self) -> list[Recorded[Any]]:
        with self.retelling.store.engine.connect() as connection:
            return events_after(connection, 0, limit=100_000)

    def _last(self, type_: str, entity: str) -> Recorded[Any]:
        return next(e for e in reversed(self._events()) if e.type == type_ and e.entity == entity)


def _texts_of(event: Any) -> Iterator[str]:
    """The fields of an event that are free texts."""
    hints = typing.get_type_hints(event, include_extras=True)
    for f in msgspec.structs.fields(event):
        arms = [hints[f.name], *typing.get_args(hints[f.name])]
        if any(isinstance(rule, TextRule) and rule.limit > 200 for arm in arms for rule in rules_of(arm)):
            yield f.encode_name


def _on(day: str) -> dict[str, str]:
    return {"value": day, "precision": "day"}


def every_pair() -> set[Pair]:
    """Every command of every kind of thing."""
    return {(name, command) for name, kind in KINDS.items() for command in kind.COMMANDS}


def not_tried(done: set[Pair]) -> list[Pair]:
    """The commands that had no form yet. What every kind of thing has by one declaration, and by the same
    method, has had its form with the first of them."""
    methods = {KINDS[kind].COMMANDS[command].method for kind, command in done}
    return sorted(
        pair for pair in every_pair() - done if KINDS[pair[0]].COMMANDS[pair[1]].method not in methods
    )

"""What no story tells: a few rare acts, and what puts right the record of each kind of thing; each in its
form."""

from __future__ import annotations

import datetime as dt
import itertools
import typing
from collections.abc import Iterator
from typing import Any

import msgspec

from domain.kernel.correction import Correctable
from domain.kernel.events import Actor, Recorded
from domain.kernel.links import links_of
from domain.kernel.record import KINDS, kind_of
from domain.recording.application import Batch, command_named
from domain.recording.receipts import CommandTerms
from domain.sample.story import COUNCIL
from domain.values.calendar import JAPAN
from domain.values.fields import TextRule, rules_of
from domain.values.refusal import Refusal
from projections.engine.log import events_after
from tests.api.office.every_form.acts import Act
from tests.api.office.every_form.retelling import Retelling, plain

Pair = tuple[str, str]
Who = tuple[str, str]
"""A role, and a party."""
SECRETARY, APPROVER, OFFICER = ("SEC", "p-sec"), ("APR", "p-apr"), ("DIS", "p-dis")
RESTING = frozenset(vars(Correctable))
"""Commands about what is on record, which nobody takes back."""


class Rest:
    """Acts on a record that a story has been told on. ``done``: by kind and command, what has had its
    form."""

    def __init__(self, retelling: Retelling, done: set[Pair], acts: list[Act]):
        self.retelling, self.done, self.acts = retelling, done, acts
        last = acts[-1].events[-1].recorded_at.astimezone(JAPAN)
        self.now = last.replace(hour=9, minute=0) + dt.timedelta(days=1)
        self.numbers = itertools.count(1)

    def _act(
        self,
        who: Who,
        kind: str,
        entity: str,
        command: str,
        envelope: dict[str, Any] | None = None,
        /,
        **arguments: Any,
    ) -> Act:
        """An act, with what it would record now."""
        self.now += dt.timedelta(minutes=1)
        application = self.retelling.store.application
        application.clock = lambda at=self.now: at
        declared = command_named(kind, command)
        kinds = {p.name: p.kind for p in declared.parameters()}
        named = {name: self.retelling.here(plain(value)) for name, value in arguments.items()}
        typed = {name: msgspec.convert(value, kinds[name]) for name, value in named.items()}
        entity = self.retelling.here(entity)
        terms = CommandTerms(Actor(*who), frozenset({who[0]}), envelope or {"live": True})
        unit = application.rehearse(declared, entity, typed, terms)
        return Act(declared, entity, typed, terms, unit.recorded, saved=True)

    def give(self, who: Who, kind: str, entity: str, command: str, /, **arguments: Any) -> list[Any]:
        """Something done without a form; what it recorded."""
        return self._told(self._act(who, kind, entity, command, **arguments), in_form=False)

    def form(self, who: Who, kind: str, entity: str, command: str, /, **arguments: Any) -> list[Any]:
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
        self._signed_on_paper()
        self._without_an_import()
        self._sheet_taken_back()
        linking = next(e for e in self._events() if next(links_of(e), None) is not None and e.data.LINKS)
        implied = {"stream": linking.stream, "version": linking.version, "n": 0, "reason": "取り違え"}
        self.form(SECRETARY, "Link", "link-rest", "withdraw_implied", **implied)
        self._the_public_is_asked(council)
        self._replies_count(council)
        self._in_writing(council, members, "meeting-rest-many", members[:20])
        self._in_writing(council, members, "meeting-rest-few", members[:1])

    def _the_public_is_asked(self, council: str) -> None:
        """The story asks the public about a plan; about a matter it can be asked too."""
        today = _on(self.now.date().isoformat())
        matter = "Matter", "matter-rest-asked"
        raised = {"title": "募集する案件", "question": "どうするか。", "practice": "慣行"}
        self.give(SECRETARY, *matter, "raise_matter", **raised, council_id=council)
        opened = {"from_date": today, "to_date": today, "channels": ["form"]}
        self.form(SECRETARY, *matter, "open_public_comment", **opened)
        text = {"title": "意見の本文", "kind": "other"}
        internal = {"visibility": "internal", "ground": "personal"}
        self.give(SECRETARY, "Document", "doc-rest-comment", "register", **text, disclosure=internal)
        comment = {"comment_id": "comment-rest"}
        received = {"channel": "form", "name": "架空 意見", "address": "架空市1-1", "received_on": today}
        received["text_ref"] = "doc-rest-comment"
        self.form(SECRETARY, *matter, "receive_comment", **comment, **received)
        answer = {"disposition": "for_reference", "reply": "参考にします。"}
        self.form(SECRETARY, *matter, "dispose_comment", **comment, **answer)
        self.now += dt.timedelta(days=2)  # the result is published when nobody can comment any more
        over = _on(self.now.date().isoformat())
        self.form(SECRETARY, *matter, "publish_comment_result", published_on=over)
        self.form(OFFICER, *matter, "erase_commenter", **comment, reason="本人の求めによる")

    def _sheet_taken_back(self) -> None:
        """A sheet goes from one stage to the next, and there is one for a year: only a new one can be taken
        back."""
        opened = next(a for a in reversed(self.acts) if a.events[0].type == "SheetOpened")
        later = {"fiscal_year": opened.arguments["fiscal_year"] + 5, "replaces": None}
        (sheet, *_) = self.give(
            SECRETARY, "EvaluationSheet", "sheet-rest", "open", **opened.arguments | later
        )
        taken = {"target_version": sheet.version, "reason": "誤って記録した"}
        self.form(SECRETARY, "EvaluationSheet", sheet.entity, "withdraw_event", **taken)

    def _without_an_import(self) -> None:
        """What began with an import in the story, begun by the office."""
        for act in self.acts:
            kind, command = act.command.aggregate.__name__, act.command.name
            if act.command.creates and (kind, command) not in self.done:
                self.form(SECRETARY, kind, f"{kind.lower()}-rest-made", command, **act.arguments)

    def _signed_on_paper(self) -> None:
        """What a member signs by their own account only they do (/my); the office records what is signed on
        paper."""
        account = next(a for a in self.acts if a.command.name == "sign_minutes")
        signed = account.arguments | {"means": "paper"}
        member = "MEM", account.terms.actor.party or ""
        self.form(member, "Meeting", account.entity, "sign_minutes", **signed)

    def _replies_count(self, council: str) -> None:
        """Rules under which whoever replies in writing is there."""
        rules = next(
            a for a in reversed(self.acts) if a.command.name == "adopt_rules" and a.entity == COUNCIL
        )
        starts = (self.now.date() + dt.timedelta(days=1)).isoformat()
        counting = {"written": True, "written_counts_present": True, "rules_version": 99}
        begin = {"effective_from": _on(starts), "adopted_on": None}
        adopted = rules.arguments | counting | begin
        on_authority = {"document_no": rules.terms.envelope["document_no"], "live": True}
        act = self._act(SECRETARY, "Council", council, "adopt_rules", on_authority, **adopted)
        self._told(act, in_form=False)
        self.now += dt.timedelta(days=2)

    def _in_writing(self, council: str, members: list[str], meeting: str, replying: list[str]) -> None:
        today = self.now.astimezone(JAPAN)
        about = {"council_id": council, "kind": "written", "starts_at": today.isoformat(), "title": meeting}
        self.give(SECRETARY, "Meeting", meeting, "schedule", **about)
        own = f"item-{meeting}"  # the story has items of its own, which are called otherwise here
        item = {"item_id": own, "order": 1, "title": "承認", "type": "discussion"}
        self.give(SECRETARY, "Meeting", meeting, "list_item", **item)
        until = (today.date() + dt.timedelta(days=1)).isoformat()
        sent = {"sent_on": today.date().isoformat(), "deadline": until}
        self.give(SECRETARY, "Meeting", meeting, "start_written", **sent)
        for seat in replying:
            reply = {"item_id": own, "appointment_id": seat, "reply": "for"}
            self.give(SECRETARY, "Meeting", meeting, "receive_reply", **reply, received_on=sent["sent_on"])
        self.now += dt.timedelta(days=3)
        at = self.now.astimezone(JAPAN).isoformat()
        chair = ("CHR", "p-chr")
        if len(replying) > 1:
            counted = {"item_id": own, "at": at, "result": "adopted"}
            self.form(chair, "Meeting", meeting, "resolve_by_replies", **counted)
        else:
            self.form(SECRETARY, "Meeting", meeting, "find_too_few_replies", at=at)

    # -- what puts right what was recorded, of every kind

    def put_right(self, kind: str) -> None:
        """A correction proposed, declined, approved; a part closed and opened."""
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
        self._at_once(
            kind, entity, {"target_version": e.version, "redacted": closed, "reason": "身に危険がある"}
        )

    def _at_once(self, kind: str, entity: str, closing: dict[str, Any]) -> None:
        """A part closed for somebody's safety by one person, confirmed by another, and opened."""
        named = {"redaction_id": f"shut-{next(self.numbers)}"}
        shut = self.form(OFFICER, kind, entity, "close_at_once", **named, **closing)
        own = {"redaction_id": shut[0].data.redaction_id}
        self.form(APPROVER, kind, entity, "confirm_closing", **own)
        self.give(OFFICER, kind, entity, "lift_redaction", **own, reason="危険がなくなった")

    def take_back(self, kind: str) -> None:
        """What somebody did today, taken back by them: the newest act of the story, of those on such a thing,
        that can be done once more and taken back."""
        if "withdraw_event" not in KINDS[kind].COMMANDS or (kind, "withdraw_event") in self.done:
            return
        refusals = list[str]()
        for act in reversed(self.acts):
            if act.command.aggregate.__name__ != kind or act.terms.importing or act.command.name in RESTING:
                continue
            terms = self.retelling.by_the_office(act).terms
            who, own = (terms.actor.role, terms.actor.party or "p-sec"), dict(terms.envelope)
            entity = f"{kind.lower()}-rest" if act.command.creates else act.entity
            try:
                once_more = self._act(
                    who, kind, entity, act.command.name, {**own, "live": True}, **act.arguments
                )
                self._may_be_taken_back(once_more)
            except Refusal as refused:
                refusals.append(f"{act.command.name}: {refused.code}")
                continue
            (first, *_) = self._told(once_more, in_form=False)
            taken = {"target_version": first.version, "reason": "誤って記録した"}
            self.form(who, kind, first.entity, "withdraw_event", **taken)
            return
        raise LookupError(f"nothing of {kind} can be taken back: {', '.join(refusals)}")

    def _may_be_taken_back(self, act: Act) -> None:
        """Refuses what taking this back would be refused."""
        batch, (first, *_) = Batch(self.retelling.store.application), act.events
        asked = {"target_version": first.version, "reason": "誤り"}
        taken_back = command_named(kind_of(first.stream).__name__, "withdraw_event")
        batch.execute(act.command, act.entity, act.arguments, act.terms)
        by_whom = CommandTerms(act.terms.actor, act.terms.roles, {"live": True})
        batch.execute(taken_back, first.entity, asked, by_whom)

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
    """The commands that had no form yet."""
    return sorted(every_pair() - done)

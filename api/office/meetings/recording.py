"""From what a form says of a meeting to the acts that record it: what is not on record yet, in the order in
which it happened.

The record knows what has been recorded; the form may be sent again and again. So the acts of one press are
the difference between the two, up to an item, or of the whole evening.

One story: the room from minute to minute, and item after item in it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from api.office.desk.acts import Act
from api.office.meetings.bodies import Body
from api.office.meetings.evening import Evening, ItemSaid, Movement
from api.office.meetings.filled import Filled, Making
from api.office.meetings.refusals import (
    HOLDER_MISSING,
    OPENING_MISSING,
    OPPOSED_INCOMPLETE,
    OPTION_NOT_CHOSEN,
    SPEAKER_AMBIGUOUS,
    SPEAKER_MISSING,
    SPEAKER_UNKNOWN,
    STATEMENT_EMPTY,
    VOTE_MINUTE_NEEDED,
    VOTES_DO_NOT_ADD_UP,
)
from api.office.meetings.statements import Asked, Roster
from domain.matter.aggregate import Matter
from domain.matter.state import DECIDED
from domain.meeting.aggregate import Meeting
from domain.meeting.events import AgendaItemListed
from domain.values.quorum import QuorumCheck, Tally, check_quorum

WHOLE, OPENING, MOVING, CLOSING = "whole", "open", "move", "close"
"""Up to where is recorded, if not up to an item (``item:…``) or what was said on it (``said:…``)."""
BY_COUNT = ("majority_show", "majority_ballot", "unanimous")
UNDECIDED = ("tied",)


@dataclass
class Vote:
    """What an item came to by count: who took part, the tally, the result by the rule."""

    present: int
    eligible: tuple[str, ...]
    quorum: QuorumCheck
    tally: Tally | None = None
    result: str | None = None
    needed: int | None = None


@dataclass
class Composed:
    acts: list[Act] = field(default_factory=list)
    votes: dict[str, Vote] = field(default_factory=dict)
    """By item: the room at its vote, for every item that is not settled."""
    present: set[str] = field(default_factory=set)
    """Who is in the room at the end of what is composed."""


class Recording:
    """One press. ``now``: the moment of an act of a meeting that is going on; None where it is over."""

    def __init__(
        self,
        form: Filled,
        evening: Evening,
        meeting: Meeting,
        body: Body,
        roster: Roster,
        made: Making,
        matter_of: Callable[[str], Matter | None],
        *,
        now: dt.datetime | None,
        on_behalf: bool,
    ):
        self.form, self.evening, self.meeting, self.body, self.roster = form, evening, meeting, body, roster
        self._made, self._matter_of, self._now, self._on_behalf = made, matter_of, now, on_behalf
        self._id = meeting.entity
        self._room = set(meeting.in_the_room)
        self._open = meeting.opened is not None
        self._last = meeting.last_at
        self._paused = meeting.state == "recess"
        self._pending: list[Movement] = []
        self.composed = Composed()

    # -- from the opening to the close

    def compose(self, upto: str) -> Composed:
        """The acts up to an item, or of the whole evening; and of every open item the room at its vote."""
        wanted = upto.partition(":")[2]
        if not self._open:
            self._opening()
        self._pending = [movement for movement in self.evening.movements if self._is_new(movement)]
        if upto not in (OPENING, CLOSING, MOVING):
            self._items(upto, wanted)
        if upto == WHOLE:
            self._flush(self.evening.closed)
        elif upto == MOVING:
            pauses = [m.time for m in self._pending if m.what in ("recess", "resume")]
            self._flush(max(pauses, default=self._now or self._last))
        elif upto != OPENING:
            self._flush(self._now or self._last)
        if upto in (WHOLE, CLOSING):
            self._others()
            self._close(required=upto == CLOSING)
        self.composed.present = set(self._room)
        return self.composed

    def _items(self, upto: str, wanted: str) -> None:
        listed = sorted(self.meeting.items.values(), key=lambda item: item.order)
        for item in listed:
            its = self.evening.items.get(item.item_id)
            if its is None or item.item_id in self.meeting.settled:
                continue
            is_it = upto == WHOLE or item.item_id == wanted
            if is_it:
                self._item(item, its, statements_only=upto.startswith("said:"))
            elif upto.startswith(("item:", "said:")):
                self.composed.votes[item.item_id] = self._vote_of(item, its, quiet=True)

    def _opening(self) -> None:
        evening = self.evening
        at = evening.opened
        if at is None or not evening.presiding:
            self.form.refuse(OPENING_MISSING(), "open.at")
            return
        present = [
            seat for seat in (*evening.there("present"), *evening.there("early")) if seat != evening.presiding
        ]
        opening = {"at": at.isoformat(), "presiding": evening.presiding, "present": present}
        self._act("open", opening, "/open", by=self._chair())
        self._open, self._last = True, at
        self._room = {evening.presiding, *present}

    def _is_new(self, movement: Movement) -> bool:
        """Whether a movement is not on record."""
        if movement.what == "arrive":
            return movement.seat not in self.meeting.attended
        if movement.what == "leave":
            return movement.seat not in self.meeting.attended or movement.seat in self.meeting.in_the_room
        last = self.meeting.last_at
        return last is None or movement.time > last or (movement.what == "resume" and self._paused)

    def _flush(self, until: dt.datetime | None) -> None:
        """Who came and went up to a minute."""
        for movement in list(self._pending):
            if until is not None and movement.time > until:
                break
            self._pending.remove(movement)
            self._move(movement)

    def _move(self, movement: Movement) -> None:
        at = {"at": movement.time.isoformat()}
        place = "/" + movement.field.replace(".", "/")
        if movement.what == "arrive":
            self._room.add(movement.seat)
            arrived = at | {"appointment_id": movement.seat, "mode": movement.mode}
            self._act("arrive", arrived, f"{place}/came")
        elif movement.what == "leave":
            self._room.discard(movement.seat)
            self._act("leave", at | {"appointment_id": movement.seat}, f"{place}/went")
        elif movement.what == "recess" and not self._paused:
            self._paused = True
            self._act("recess", at, f"{place}/recess", by=self._chair())
        elif movement.what == "resume" and self._paused:
            self._paused = False
            self._act("resume", at, f"{place}/resume", by=self._chair())
        self._last = max(self._last or movement.time, movement.time)

    def _close(self, *, required: bool) -> None:
        evening = self.evening
        if evening.closed is None and not required:
            return
        at = evening.closed or self._now
        if at is None:
            self.form.refuse(VOTE_MINUTE_NEEDED(), "close.at")
            return
        self._flush(at)
        counts = {"observers": evening.observers, "press": evening.press, "staff": evening.staff}
        body = {"at": at.isoformat()} | {name: n for name, n in counts.items() if n is not None}
        self._act("close", body, "/close", by=self._chair())

    def _others(self) -> None:
        others = self.evening.others
        if others is not None and not self.meeting.others and self._open:
            self._act("record_others", {"others": others}, "/others")

    # -- an item

    def _item(self, item: AgendaItemListed, its: ItemSaid, *, statements_only: bool) -> None:
        self._arrive_to_speak(its)
        if its.time is not None:
            self._flush(its.time)
        elif self._now is not None:
            self._flush(self._now)
        self._said(item, its)
        for table in its.tables:
            worked = {"item_id": item.item_id, **table}
            self._act("record_workshop", worked, f"/{item.item_id}/tables")
        for seat in its.recused:
            if seat not in self.meeting.recusals.get(item.item_id, ()):
                about = {"appointment_id": seat, "item_id": item.item_id}
                recused = about | {"reason_class": its.recused_because}
                self._act("declare_recusal", recused, f"/{item.item_id}/recused", by=self._member(seat))
        self.composed.votes[item.item_id] = self._vote_of(item, its, quiet=its.end != "resolve")
        if not statements_only:
            self._end(item, its)

    def _arrive_to_speak(self, its: ItemSaid) -> None:
        """Whoever speaks had come by then."""
        for spoken in its.spoken:
            who = self.roster.who(spoken.name)
            if isinstance(who, Asked) or who.seat is None or who.seat in self._room:
                continue
            came = [m for m in self._pending if m.what == "arrive" and m.seat == who.seat]
            if came:
                self._flush(came[0].time)

    def _said(self, item: AgendaItemListed, its: ItemSaid) -> None:
        name = f"{item.item_id}.talk"
        if its.preface.strip():
            self.form.refuse(SPEAKER_MISSING(), name)
        for n, spoken in enumerate(its.spoken):
            who = self.roster.who(spoken.name)
            if not spoken.text:
                self.form.refuse(STATEMENT_EMPTY(name=spoken.name), name)
                continue
            if isinstance(who, Asked):
                self.form.refuse(_unclear(who), f"who.{spoken.name}")
                continue
            statement: dict[str, Any] = {
                "statement_id": self._made.id("s-", f"{item.item_id} {n} {spoken.line}"),
                "item_id": item.item_id,
                "text": spoken.text,
                "speaker_role": who.role,
            }
            if who.seat is not None:
                statement["speaker"] = who.seat
            if spoken.stance is not None:
                statement["stance"] = spoken.stance
            self._act("record_statement", statement, f"/{item.item_id}/talk")

    def _end(self, item: AgendaItemListed, its: ItemSaid) -> None:
        by, about = self._chair(), {"item_id": item.item_id}
        place = f"/{item.item_id}"
        if its.end == "note":
            if item.type == "report" and self._waits_for_an_end(item):
                self._resolve(item, its, "report_noted", "noted")
            else:
                self._act("note_item", about, place, by=by)
        elif its.end == "carry":
            why = {"reason": its.carry_reason} if its.carry_reason else {}
            if its.carry_to:
                why["to_meeting"] = its.carry_to
            self._act("carry_over", about | why, f"{place}/carry", by=by)
            for matter in item.matters:
                carried = {"meeting_id": self._id, **why}
                self._act("carry_over", carried, f"{place}/carry", by=by, matter=matter)
        elif its.end == "entrust":
            self._resolve(item, its, "chair_entrusted", "entrusted")
        elif its.end == "resolve":
            self._resolve(item, its, its.method, None)

    def _waits_for_an_end(self, item: AgendaItemListed) -> bool:
        """Whether noting a report ends a matter: one that is concluded (what the chair settled of it, say) is
        reported and no more."""
        matter = self._matter_of(item.matter_id) if item.matter_id is not None else None
        return matter is not None and matter.state not in DECIDED

    def _resolve(self, item: AgendaItemListed, its: ItemSaid, method: str, result: str | None) -> None:
        place = f"/{item.item_id}"
        vote = self.composed.votes[item.item_id]
        matters = [(ident, self._matter_of(ident)) for ident in item.matters]
        at, when = self._minute(its)
        by = self._chair() | ({"effective": when} if when is not None else {})
        version = self._frozen(item, matters, by)
        taken: dict[str, Any] = {
            "item_id": item.item_id,
            "resolution_id": self._made.id("res-", item.item_id),
            "at": at.isoformat() if at is not None else None,
            "method": method,
            "result": result or vote.result or _without_count(method, item, its),
        }
        if version is not None:
            taken["options_version"] = version
        if method in BY_COUNT and vote.tally is not None:
            taken["tally"] = {name.rstrip("_"): getattr(vote.tally, name) for name in _TALLY}
            taken |= self._open_votes(its, vote, method)
        if its.casting:
            taken["casting_vote"] = its.casting
        if its.text and method in ("consensus_workshop", "opinion_summary"):
            taken["outcome_text"] = its.text
        if method == "chair_entrusted" and its.text:
            taken["limits"] = its.text
        self._act("take_resolution", taken, place, by=by)
        self._dissents(item, its, by)
        for ident, matter in matters:
            self._conclude(ident, matter, its, taken, by, place)

    def _minute(self, its: ItemSaid) -> tuple[dt.datetime | None, dict[str, Any] | None]:
        """The minute of a vote; of one that nobody noted, the last minute that is known before it, and that
        it was on that day."""
        at = its.time or self._now
        if at is not None:
            self._last = max(self._last or at, at)
            return at, None
        if self._pending:
            self.form.refuse(VOTE_MINUTE_NEEDED(), f"{its.item}.at")
        return self._last, {"value": self.evening.day.isoformat(), "precision": "day"}

    def _frozen(self, item: AgendaItemListed, matters: Any, by: dict[str, Any]) -> int | None:
        """The version of the options that is put to the vote; frozen now, if nobody has."""
        version = None
        for ident, matter in matters:
            if matter is None or not matter.options or item.type != "decision":
                continue
            version = matter.options_version
            if version is None:
                version = matter.frozen_versions + 1
                day = {"effective": {"value": self.evening.day.isoformat(), "precision": "day"}}
                self._act("freeze_options", {}, f"/{item.item_id}/option", by=by | day, matter=ident)
        return version

    def _open_votes(self, its: ItemSaid, vote: Vote, method: str) -> dict[str, Any]:
        """Who was against, where all of them are known."""
        if not its.against or method == "majority_ballot" or vote.tally is None:
            return {}
        if len(its.against) != vote.tally.against or vote.tally.abstain or vote.tally.not_voting:
            incomplete = OPPOSED_INCOMPLETE(against=vote.tally.against, named=len(its.against))
            self.form.refuse(incomplete, f"{its.item}.opposed")
            return {}
        return {
            "votes": [
                {"appointment_id": seat, "vote": "against" if seat in its.against else "for"}
                for seat in sorted(vote.eligible)
            ]
        }

    def _dissents(self, item: AgendaItemListed, its: ItemSaid, by: dict[str, Any]) -> None:
        dated = {name: value for name, value in by.items() if name == "effective"}
        for matter in item.matters:
            for n, dissent in enumerate(its.dissents):
                if not dissent.seat:
                    self.form.refuse(HOLDER_MISSING(), f"{dissent.field}.who")
                    continue
                filed = {
                    "dissent_id": self._made.id("dissent-", f"{item.item_id} {n}"),
                    "kind": dissent.kind,
                    "text": dissent.text,
                    "holder": dissent.seat,
                    "meeting_id": self._id,
                }
                place = "/" + dissent.field.replace(".", "/")
                by_member = self._member(dissent.seat) | dated
                if dissent.source is not None:
                    by_member = {**by_member, "source": dissent.source}
                    by_member.pop("evidence", None)
                self._act("file_dissent", filed, place, by=by_member, matter=matter)
            if its.no_dissent and not its.dissents:
                asked_at = {"value": self.evening.day.isoformat(), "precision": "day"}
                none = {"meeting_id": self._id, "asked_at": asked_at}
                self._act("confirm_no_dissent", none, f"/{item.item_id}/no_dissent", by=by, matter=matter)

    def _conclude(
        self,
        ident: str,
        matter: Matter | None,
        its: ItemSaid,
        taken: dict[str, Any],
        by: dict[str, Any],
        place: str,
    ) -> None:
        if taken["result"] in UNDECIDED or matter is None:
            return
        body: dict[str, Any] = {"meeting_id": self._id, "resolution_ref": taken["resolution_id"]}
        adopted = taken["result"] in ("adopted", "adopted_with_conditions", "agreed")
        if adopted and matter.options:
            if not its.option:
                self.form.refuse(OPTION_NOT_CHOSEN(), f"{its.item}.option")
            else:
                body["chosen_option"] = its.option
        elif taken["result"] == "entrusted" and its.option:
            body["chosen_option"] = its.option  # the wording alone is left to the chair
        if its.reason:
            body["reason"] = its.reason
        if adopted and its.conditions:
            body["conditions"] = list(its.conditions)
        if its.points:
            body["points"] = [{"point": point, "text": text} for point, text in its.points]
        self._act("conclude", body, place, by=by, matter=ident)

    # -- counting

    def _vote_of(self, item: AgendaItemListed, its: ItemSaid, *, quiet: bool) -> Vote:
        """The room at the vote of an item, and what the numbers come to."""
        recused = (set(its.recused) | self.meeting.recusals.get(item.item_id, set())) & self._room
        eligible = self._room - recused
        rules = self.body.rules
        presiding = self.meeting.opened.presiding if self.meeting.opened else self.evening.presiding
        if rules is not None and rules.chair_votes != "always":
            eligible = eligible - {presiding}
        quorum = check_quorum(
            rules.quorum if rules else None,
            len(self.body.members) - len(recused),
            len(self._room) - len(recused),
            self.body.seats,
        )
        vote = Vote(len(self._room), tuple(sorted(eligible)), quorum)
        if its.method in BY_COUNT:
            vote.tally = self._tally(its, len(eligible), quiet=quiet)
        if vote.tally is not None and rules is not None and rules.majority is not None:
            vote.needed = rules.majority.needed(vote.tally, len(eligible))
            vote.result = self._result(its, rules.majority.decide(vote.tally, len(eligible)))
        return vote

    def _result(self, its: ItemSaid, decided: str) -> str:
        if decided == "tied" and its.casting:
            decided = "adopted" if its.casting == "for" else "rejected"
        if decided == "adopted" and its.conditions:
            return "adopted_with_conditions"
        return decided

    def _tally(self, its: ItemSaid, eligible: int, *, quiet: bool) -> Tally | None:
        """The tally from what was counted: 反対 is the rest, of a ballot those who cast none."""
        numbers, name = its.numbers, f"{its.item}.for"
        if its.method == "unanimous":
            return Tally(eligible, 0, 0, 0)
        in_favour, abstain = numbers["for"], numbers["abstain"] or 0
        if in_favour is None:
            return None
        if its.method == "majority_show":
            against, not_voting = eligible - in_favour - abstain, 0
            cast = eligible
        else:
            against, ballots = numbers["against"] or 0, numbers["ballots"]
            cast = eligible if ballots is None else ballots
            not_voting = eligible - cast
        if against < 0 or not_voting < 0 or in_favour + against + abstain != cast:
            if not quiet:
                self.form.refuse(_away(in_favour, against, abstain, cast, its.method), name)
            return None
        return Tally(in_favour, against, abstain, not_voting)

    # -- who acts

    def _chair(self) -> dict[str, Any]:
        presiding = self.meeting.opened.presiding if self.meeting.opened else self.evening.presiding
        member = self.body.member(presiding)
        return self._on_behalf_of("CHR", member.party if member is not None else None)

    def _member(self, seat: str) -> dict[str, Any]:
        member = self.body.member(seat)
        return self._on_behalf_of("MEM", member.party if member is not None else None)

    def _on_behalf_of(self, role: str, party: str | None) -> dict[str, Any]:
        if not self._on_behalf:
            return {}
        actor = {"role": role} | ({"party": party} if party is not None else {})
        return {"actor": actor, **self.evening.envelope}

    def _act(
        self,
        name: str,
        body: dict[str, Any],
        place: str,
        by: dict[str, Any] | None = None,
        matter: str | None = None,
    ) -> None:
        whole = dict(body) | ({"record": by} if by else {})
        about = ("Matter", matter) if matter is not None else ("Meeting", self._id)
        self.composed.acts.append(Act(about[0], name, about[1], whole, place))


_TALLY = ("for_", "against", "abstain", "not_voting")


def _unclear(who: Asked) -> Any:
    """Whom a name may mean, to be asked."""
    if len(who.like) > 1 and who.several:
        return SPEAKER_AMBIGUOUS(name=who.name, number=len(who.like))
    return SPEAKER_UNKNOWN(name=who.name)


def _without_count(method: str, item: AgendaItemListed, its: ItemSaid) -> str:
    """What comes of a method that counts nobody."""
    if method == "no_objection":
        return "noted" if item.type == "report" else "adopted"
    by_method = {"consensus_workshop": "agreed", "opinion_summary": "summarised"}
    return by_method.get(method, "adopted")


def _away(in_favour: int, against: int, abstain: int, cast: int, method: str) -> Any:
    """Where the numbers do not add up."""
    total = in_favour + max(against, 0) + abstain
    off = total - cast
    return VOTES_DO_NOT_ADD_UP(
        sum_ja=f"賛成{in_favour}、反対{max(against, 0)}、棄権{abstain}",
        sum_en=f"{in_favour} for, {max(against, 0)} against, {abstain} abstaining",
        total=total,
        eligible=cast,
        away_ja=f"{abs(off)}票{'多い' if off > 0 else '足りない'}です",
        away_en=f"{abs(off)} too {'many' if off > 0 else 'few'}",
    )

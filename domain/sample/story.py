"""Whoever tells the fictional record: the clock, the dice, the ids, and how commands are given."""

from __future__ import annotations

import datetime as dt
import hashlib
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from domain.kernel.events import Actor
from domain.recording.application import Application, command_named
from domain.recording.receipts import CommandTerms
from domain.recording.shared_members import Grouped, grouped
from domain.sample.chapters import CHAPTERS
from domain.values.calendar import JAPAN, fiscal_year_of

MEMBERS = 28
FIRST_DAY = dt.date(2021, 4, 20)
"""The fictional council begins its work on this day."""
COUNCIL, LAW, PLAN = "council-aoba", "law-aoba", "plan-aoba"
REMIT = {"instrument_id": LAW, "article": 5, "paragraph": 2}

AT_ONCE = 500
"""Commands recorded in one transaction, at the most: a scene has some dozens."""
NOTICE_DAYS = 7
EVENTS_EACH, DAYS_EACH, DAYS_IN_ALL = 70, 100, 12 * 365
"""Roughly how many events and days a matter takes, and how many days the whole record may."""
CHAPTERS_BEGIN, ROUND, ROUNDS = 2, 24, 10
"""After which matter the rarer courses are told, one after each; after how many they are told again at the
earliest; and how often at the most (one of them takes a year)."""


Keep = Callable[[bytes], None]


@dataclass
class Made:
    """What was made: ids of the councils, meetings, matters and actions, and the number of events."""

    councils: list[str] = field(default_factory=list)
    meetings: list[str] = field(default_factory=list)
    matters: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    events: int = 0


class Scene:
    """Commands recorded in groups, the last one when the scene ends; counts the events."""

    def __init__(self, story: Storyteller):
        self.story = story

    def __enter__(self) -> None:
        self._grouped = grouped(self.story.application, AT_ONCE)
        self.story.group = self._grouped.__enter__()

    def __exit__(self, *failure: Any) -> None:
        self._grouped.__exit__(*failure)
        if self.story.group is not None and not any(failure):
            self.story.made.events += self.story.group.events
        self.story.group = None


class Storyteller:
    """The made-up council and what happens in it."""

    COUNCIL, LAW = COUNCIL, LAW

    def __init__(self, application: Application, seed: int, keep: Keep | None = None):
        self.application = application
        self.keep = keep
        self.dice = random.Random(seed)
        self.ids = random.Random(f"ids {seed}")
        self.now = dt.datetime.combine(FIRST_DAY, dt.time(9), JAPAN)
        self.made = Made()
        self.group: Grouped | None = None
        self.members = [f"seat-{n:02d}" for n in range(1, MEMBERS + 1)]
        self.pace = 1.0
        """How many days pass for each that would."""
        self.round = ROUND
        """After how many matters the chapters are told again."""
        self.number = self.documents = 0
        self.known: set[str] = set()
        """People registered by a chapter that tells itself more than once."""
        self.last_plan = PLAN
        self.plans_from = 2031
        """The foundation's plan runs to FY2030."""
        self.past_plans_from = 2021
        self.starts = self.now
        self.room: list[str] = []
        self.running: list[tuple[str, int, int]] = []

    # -- time, ids, commands

    def clock(self) -> dt.datetime:
        """The fictional now; a second passes at every look."""
        self.now += dt.timedelta(seconds=1)
        return self.now.astimezone(dt.UTC)

    def new_id(self) -> str:
        return str(uuid.UUID(int=self.ids.getrandbits(128), version=4))

    def scene(self) -> Scene:
        return Scene(self)

    def do(
        self,
        role: str,
        kind: str,
        entity: str,
        command: str,
        /,
        *,
        seat: Any = None,
        envelope: Any = None,
        **arguments: Any,
    ) -> None:
        """Give a command in a role, as the holder of a seat if one is named; plain values become typed ones.
        The story is told as it happens, unless an ``envelope`` says when that was, and from which source."""
        if "at" in arguments:  # nobody records what has not happened yet
            self.now = max(self.now, dt.datetime.fromisoformat(arguments["at"]))
        declared = command_named(kind, command)
        kinds = {p.name: p.kind for p in declared.parameters()}
        typed = {name: msgspec.convert(value, kinds[name]) for name, value in arguments.items()}
        call_terms: dict[str, Any] = {"live": True} if envelope is None else dict(envelope)
        if (role, kind) == ("SEC", "Council"):
            call_terms["document_no"] = self.number_for("協")
        party = f"p-{role.lower()}" if seat is None else self.holder_of(seat)
        terms = CommandTerms(Actor(role, party), frozenset({role}), call_terms)
        if self.group is None:
            raise RuntimeError("commands are given inside a scene")
        self.group.execute(declared, entity, typed, terms)

    def holder_of(self, seat: str) -> str:
        """Who holds a seat of the council."""
        return f"p-sample-{self.members.index(seat) + 1:02d}"

    def day(self, days: int = 0) -> str:
        return (self.now.date() + dt.timedelta(days=days)).isoformat()

    def on(self, days: int = 0) -> dict[str, str]:
        return {"value": self.day(days), "precision": "day"}

    def at(self, hour: int, minute: int = 0) -> str:
        return self.now.replace(hour=hour, minute=minute, second=0).isoformat()

    def pick(self, choices: Any) -> Any:
        return self.dice.choice(choices)

    def fiscal_year(self) -> int:
        return fiscal_year_of(self.now.date())

    def pass_days(self, days: int) -> None:
        """Time goes by; faster where a long record is wanted, so that it stays within a lifetime."""
        self.now += dt.timedelta(days=days * self.pace)

    def go_to(self, moment: dt.datetime) -> None:
        self.now = moment

    def go_to_day(self, day: dt.date) -> None:
        """Noon of a day, if it is still to come."""
        self.now = max(self.now, dt.datetime.combine(day, dt.time(12), JAPAN))

    def number_for(self, symbol: str) -> str:
        """The next document number with a symbol of the fictional city."""
        self.documents += 1
        return f"あ{symbol}第{self.documents}号"

    def plan_year(self, years: int) -> int:
        """The first of so many fiscal years that no other local plan of the story covers."""
        self.plans_from, first = self.plans_from + years, self.plans_from
        return first

    def past_plan_year(self, years: int) -> int:
        """The first of so many fiscal years before the foundation that no older plan covers."""
        self.past_plans_from -= years
        return self.past_plans_from

    def next_scene(self) -> None:
        """Record what has been told so far, and go on: what a view answers knows of it then."""
        if self.group is not None:
            self.group.record()

    # -- what chapters are made of

    def tell_a_chapter(self) -> None:
        """One of the rarer courses, if it is its turn; told again some years later under other names."""
        turn, place = divmod(self.number - CHAPTERS_BEGIN, self.round)
        if 0 <= place < len(CHAPTERS) and turn >= 0:
            self.pass_days(2)
            with self.scene():
                CHAPTERS[place](self, f"r{turn + 1}")

    def document(self, document: str, title: str, kind: str) -> None:
        """Register a public document of today."""
        about = {"title": f"{title}（架空）", "kind": kind, "disclosure": {}, "dated": self.on()}
        self.do("SEC", "Document", document, "register", **about)

    def content(self, document: str, text: str) -> None:
        """Give a document its content, as plain text."""
        data = text.encode()
        held = {
            "sha256": hashlib.sha256(data).hexdigest(),
            "size_bytes": len(data),
            "media_type": "text/plain",
        }
        if self.keep is not None:
            self.keep(data)
        self.do("SEC", "Document", document, "attach_content", **held)

    def next_evening(self) -> dt.datetime:
        """Seven o'clock in two weeks; where time goes by fast, on the next evening there is."""
        evening = (self.now + dt.timedelta(days=14 * self.pace)).replace(hour=19, minute=0, second=0)
        return evening if evening > self.now else evening + dt.timedelta(days=1)

    def notify(self, meeting: str, starts: dt.datetime, publicity: str = "open", **more: Any) -> None:
        """Announce a meeting, with a reason if it is late."""
        if (starts.date() - self.now.date()).days < NOTICE_DAYS:
            more["urgent_reason"] = "協議を急ぐため（架空）"
        announced = {"notice_on": self.day(), "publicity": publicity}
        self.do("SEC", "Meeting", meeting, "notify", **announced, **more)

    def schedule(self, meeting: str, *, title: str, kind: str) -> dt.datetime:
        """Put a meeting on the calendar; returns when it begins."""
        starts = self.next_evening()
        about = {"council_id": COUNCIL, "kind": kind, "title": title, "starts_at": starts.isoformat()}
        self.do(
            "SEC",
            "Meeting",
            meeting,
            "schedule",
            **about,
            place="あおば市民センター（架空）",
            rules_version=1,
        )
        return starts

    def extra_member(self, tag: str) -> str:
        """A member who joins today, on a seat that was vacant."""
        party, seat = f"p-extra-{tag}", f"seat-extra-{tag}"
        self.do("SEC", "Party", party, "register_person", name="架空 途中参加")
        who = {"appointment_id": seat, "party_id": party, "category": "public_recruitment", "term_no": 1}
        self.do("SEC", "Council", COUNCIL, "appoint", **who, from_date=self.on())
        return seat

    def adopted_matter(self, matter: str, title: str) -> str:
        """A matter that everybody agreed to in a short meeting of its own."""
        meeting = f"meeting-of-{matter}"
        words = {"title": f"{title}（架空）", "question": f"{title}をどうするか。（架空）"}
        self.do("SEC", "Matter", matter, "raise_matter", **words, council_id=COUNCIL, remit=REMIT)
        self.do("MEM", "Matter", matter, "propose_option", option_id="option-1", label="案のとおりとする")
        self.do("CHR", "Matter", matter, "freeze_options")
        at = self.schedule(meeting, title=f"{title}の会（架空）", kind="plenary")
        item = {"item_id": "item-1", "order": 1, "title": title, "type": "decision", "matter_id": matter}
        self.do("SEC", "Meeting", meeting, "list_item", **item)
        self.notify(meeting, at)
        self.go_to(at)
        there = {"presiding": self.members[0], "present": self.members[1:18]}
        self.do("CHR", "Meeting", meeting, "open", at=self.at(19), **there)
        choice = {"chosen_option": "option-1", "reason": "異議がなかったため"}
        agreed = {"method": "no_objection", "result": "adopted", "options_version": 1, "conclusion": choice}
        self.do("CHR", "Meeting", meeting, "take_resolution", item_id="item-1", at=self.at(19, 30), **agreed)
        self.do("CHR", "Meeting", meeting, "close", at=self.at(20), observers=0, press=0, staff=2)
        self.go_to(self.now.replace(hour=20, minute=30))
        return matter

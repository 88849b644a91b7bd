"""A fictional record 架空の記録, made through the domain's own commands: the same seed, the same bytes.

Councils with members, meetings with attendance, statements, workshops and votes, matters with options,
evidence, conclusions and dissent, minutes, the city's answers and decisions, actions with budgets and
settlements. It feeds demonstrations, tests and benchmarks. Nothing in it is about a real place or person.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from domain.kernel.application import Application, CommandTerms, command_named
from domain.kernel.events import Actor
from domain.kernel.shared_members import Grouped, grouped
from domain.sample import texts
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

Progress = Callable[[int, int], None]
Keep = Callable[[bytes], None]


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
    keep: Keep | None = None,
) -> Made:
    """Make a fictional record of so many meetings, or of at least so many events.

    ``progress(done, of)`` is told after each meeting; ``keep`` stores the content of a document, before the
    record says that it is held. The record must be empty of an earlier sample.
    """
    story = _Story(application, seed, keep)
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
    matters = max(wanted, (events or 0) // EVENTS_EACH, 1)
    story.pace = min(1.0, DAYS_IN_ALL / DAYS_EACH / matters)
    story.round = max(ROUND, matters // ROUNDS)
    while len(story.made.meetings) < wanted or story.made.events < (events or 0):
        with story.scene():
            story.decide_one_matter()
        story.tell_a_chapter()
        if events is not None:
            progress(min(story.made.events, events), events)
        else:
            progress(len(story.made.meetings), wanted)
    return story.made


@dataclass(frozen=True)
class _Vote:
    """How a vote came out, and how many were against."""

    result: str
    against: int


class _Scene:
    """Commands recorded in groups, the last one when the scene ends; counts the events."""

    def __init__(self, story: _Story):
        self.story = story

    def __enter__(self) -> None:
        self._grouped = grouped(self.story.application, AT_ONCE)
        self.story.group = self._grouped.__enter__()

    def __exit__(self, *failure: Any) -> None:
        self._grouped.__exit__(*failure)
        if self.story.group is not None and not any(failure):
            self.story.made.events += self.story.group.events
        self.story.group = None


class _Story:
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

    def scene(self) -> _Scene:
        return _Scene(self)

    def do(self, role: str, kind: str, entity: str, command: str, /, **arguments: Any) -> None:
        """Give a command in a role; plain values become typed ones."""
        declared = command_named(kind, command)
        kinds = {p.name: p.kind for p in declared.parameters()}
        typed = {name: msgspec.convert(value, kinds[name]) for name, value in arguments.items()}
        authority = {"document_no": self.number_for("協")} if (role, kind) == ("SEC", "Council") else {}
        terms = CommandTerms(Actor(role, f"p-{role.lower()}"), frozenset({role}), authority)
        if self.group is None:
            raise RuntimeError("commands are given inside a scene")
        self.group.execute(declared, entity, typed, terms)

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
        said = {"chosen_option": "option-1", "reason": "異議がなかったため"}
        agreed = {"method": "no_objection", "result": "adopted", "options_version": 1, "conclusion": said}
        self.do("CHR", "Meeting", meeting, "take_resolution", item_id="item-1", at=self.at(19, 30), **agreed)
        self.do("CHR", "Meeting", meeting, "close", at=self.at(20), observers=0, press=0, staff=2)
        self.go_to(self.now.replace(hour=20, minute=30))
        return matter

    # -- the foundation

    def found_council(self) -> None:
        """A fictional city, its ordinance, its plan, and a council of 28 with rules of its own."""
        self.do(
            "SEC",
            "Party",
            "org-aoba-city",
            "register_organisation",
            name_ja=texts.CITY,
            category="municipality",
        )
        for n, (name, category) in enumerate(texts.ORGANISATIONS, 1):
            self.do(
                "SEC", "Party", f"org-sample-{n}", "register_organisation", name_ja=name, category=category
            )
        self._enact()
        self.do(
            "SEC",
            "Council",
            COUNCIL,
            "establish",
            name_ja=texts.COUNCIL,
            established_on=self.on(),
            legal_basis={"instrument_id": LAW, "article": 5, "paragraph": 1},
            organised_by=["citizens", "city"],
            document_no="3あ協第1号",
        )
        self.made.councils.append(COUNCIL)
        self.do(
            "SEC",
            "Council",
            COUNCIL,
            "state_remit",
            citation=REMIT,
            power="consult",
            scope=["promotion_plan"],
        )
        seats = [
            {"category": "organisation", "label_ja": "団体", "seats": 16},
            {"category": "public_recruitment", "label_ja": "公募", "seats": 14},
        ]
        self.do("SEC", "Council", COUNCIL, "define_composition", seat_categories=seats, term_months=120)
        self._adopt_rules()
        self._appoint_members()
        self._make_plan()

    def _enact(self) -> None:
        self.do("SEC", "LegalInstrument", LAW, "enact", title_ja=texts.ORDINANCE, enacted=self.on(-30))
        for article, heading, text in texts.ARTICLES:
            self.do(
                "SEC",
                "LegalInstrument",
                LAW,
                "record_article",
                article=article,
                heading=heading,
                paragraphs=[{"paragraph": 1, "text_ja": text}],
            )

    def _adopt_rules(self) -> None:
        self.do(
            "SEC",
            "Council",
            COUNCIL,
            "adopt_rules",
            rules_version=1,
            effective_from=self.on(),
            quorum={"basis": "more_than_half"},
            majority={"base": "present", "threshold": "more_than_half"},
            notice_days=NOTICE_DAYS,
            minutes_due_days=45,
            publicity_default="open",
            minutes_style="summary",
            speaker_naming="role",
            online=True,
            written=True,
        )

    def _appoint_members(self) -> None:
        self.do("SEC", "Council", COUNCIL, "open_term", term_no=1, from_date=self.on())
        for n, seat in enumerate(self.members, 1):
            party = f"p-sample-{n:02d}"
            self.do("SEC", "Party", party, "register_person", name=f"架空 {n:02d}番")
            organisation = n <= 16
            self.do(
                "SEC",
                "Council",
                COUNCIL,
                "appoint",
                appointment_id=seat,
                party_id=party,
                category="organisation" if organisation else "public_recruitment",
                term_no=1,
                from_date=self.on(),
                nominated_by=f"org-sample-{n % len(texts.ORGANISATIONS) + 1}" if organisation else None,
            )
        self.do("SEC", "Council", COUNCIL, "elect_chair", appointment_id=self.members[0], from_date=self.on())
        self.do("SEC", "Party", "p-sample-adviser", "register_person", name="架空 助言者")
        self.do("SEC", "Council", COUNCIL, "invite_adviser", party_id="p-sample-adviser", from_date=self.on())

    def _make_plan(self) -> None:
        self.do(
            "IMP",
            "PromotionPlan",
            PLAN,
            "register",
            title_ja=texts.PLAN,
            formulated_with=[COUNCIL],
            period_from_fy=2021,
            period_to_fy=2030,
        )
        for n, matter in enumerate(texts.MATTERS, 1):
            self.do(
                "SEC", "PromotionPlan", PLAN, "state_measure", measure_id=f"measure-{n}", text_ja=matter[4]
            )

    # -- one matter from its question to the city's answer, and what came of it

    def decide_one_matter(self) -> None:
        """A month goes by; a matter is raised, dealt with in a meeting, concluded, answered and acted on."""
        self.pass_days(self.dice.randint(20, 40))
        self.number += 1
        number = self.number
        which = (number - 1) % len(texts.MATTERS)
        matter, meeting = f"matter-s{number:05d}", f"meeting-s{number:05d}"
        self._raise(matter, which, number)
        self._convene(meeting, matter, number)
        present = self._open(meeting)
        recused = self._talk(meeting, present)
        vote = self._resolve(meeting, present, recused)
        self._conclude(matter, meeting, vote)
        self._keep_minutes(meeting, number)
        self._city_answers(matter, which, vote, number)
        self._settle_last_year()
        self.made.matters.append(matter)
        self.made.meetings.append(meeting)

    def _raise(self, matter: str, which: int, number: int) -> None:
        title, question, options, evidence, _, _ = texts.MATTERS[which]
        self.do(
            "SEC",
            "Matter",
            matter,
            "raise_matter",
            matter_no=f"{number}",
            title=f"{title}について" if number <= len(texts.MATTERS) else f"{title}について（その{number}）",
            question=question,
            council_id=COUNCIL,
            remit=REMIT,
            wanted="decision",
            raised_from=[f"measure-{which + 1}"],
        )
        for n, label in enumerate(options, 1):
            role = "SEC" if n == 1 else "MEM"
            self.do(role, "Matter", matter, "propose_option", option_id=f"option-{n}", label=label)
        self.do(
            "CHR",
            "Matter",
            matter,
            "adopt_criterion",
            criterion_id="c-reach",
            text="参加していない市民に届くこと",
        )
        document = f"doc-s{number:05d}-evidence"
        self._document(document, evidence, "survey")
        self.do(
            "SEC",
            "Matter",
            matter,
            "attach_evidence",
            evidence_id="e-1",
            document_id=document,
            kind="survey",
            bears_on=["option-1", "c-reach"],
        )
        for n in range(self.dice.randint(2, 5)):
            stance = self.pick(["for", "against", "question"])
            words = {"for": texts.FOR, "against": texts.AGAINST, "question": texts.QUESTIONS}[stance]
            self.do(
                "MEM",
                "Matter",
                matter,
                "record_opinion",
                opinion_id=f"o-{n}",
                channel=self.pick(["oral", "written", "workshop"]),
                stance=stance,
                text=self.pick(words),
                option_id=f"option-{self.dice.randint(1, 3)}",
            )
        if self.dice.random() < 0.3:
            self.do(
                "MEM",
                "Matter",
                matter,
                "withdraw_option",
                option_id="option-3",
                reason=self.pick(texts.AGAINST),
            )
        self.do("CHR", "Matter", matter, "freeze_options")

    def _document(self, document: str, title: str, kind: str) -> None:
        self.do(
            "SEC", "Document", document, "register", title=title, kind=kind, disclosure={}, dated=self.on()
        )

    def _convene(self, meeting: str, matter: str, number: int) -> None:
        self.starts = self.next_evening()
        self.do(
            "SEC",
            "Meeting",
            meeting,
            "schedule",
            council_id=COUNCIL,
            kind="plenary",
            no=number,
            title=f"第{number}回全体会",
            starts_at=self.starts.isoformat(),
            place="あおば市民センター（架空）",
            rules_version=1,
        )
        items = [("report", "前回の会議録の確認", None), ("decision", "本日の協議", matter)]
        for order, (type_, title, about) in enumerate(items, 1):
            self.do(
                "SEC",
                "Meeting",
                meeting,
                "list_item",
                item_id=f"item-{order}",
                order=order,
                title=title,
                type=type_,
                matter_id=about,
            )
        self.notify(meeting, self.starts, observer_capacity=20)

    def _open(self, meeting: str) -> list[str]:
        self.now = self.starts
        present = sorted(self.dice.sample(self.members[1:], self.dice.randint(15, 24)))
        self.do("CHR", "Meeting", meeting, "open", at=self.at(19), presiding=self.members[0], present=present)
        late = [seat for seat in self.members[1:] if seat not in present][:2]
        for seat in late:
            self.do(
                "SEC", "Meeting", meeting, "arrive", appointment_id=seat, at=self.at(19, 5), mode="online"
            )
        self.do(
            "CHR",
            "Meeting",
            meeting,
            "take_resolution",
            item_id="item-1",
            at=self.at(19, 10),
            method="report_noted",
            result="noted",
        )
        self.room = [self.members[0], *present, *late]
        return self.room

    def _talk(self, meeting: str, present: list[str]) -> int:
        for n in range(self.dice.randint(6, 14)):
            stance = self.pick(["for", "against", "question", "neutral"])
            words = {"against": texts.AGAINST, "question": texts.QUESTIONS}.get(stance, texts.FOR)
            self.do(
                "SEC",
                "Meeting",
                meeting,
                "record_statement",
                statement_id=f"st-{n}",
                item_id="item-2",
                speaker=self.pick(present),
                speaker_role="委員",
                stance=stance,
                text=self.pick(words),
            )
        self.do(
            "SEC",
            "Meeting",
            meeting,
            "record_workshop",
            item_id="item-2",
            table_no=1,
            theme="参加しやすさ",
            clusters=[
                {"label": label, "cards": list(cards), "dots": self.dice.randint(0, 9)}
                for label, cards in texts.CLUSTERS
            ],
        )
        if self.dice.random() < 0.25 and len(present) > 17:
            self.do(
                "SEC",
                "Meeting",
                meeting,
                "declare_recusal",
                appointment_id=present[-1],
                item_id="item-2",
                reason_class="organisation_interest",
            )
            return 1
        return 0

    def _resolve(self, meeting: str, present: list[str], recused: int) -> _Vote:
        eligible = len(present) - recused
        against = self.dice.randint(0, eligible // 2)
        abstain = self.dice.randint(0, min(2, eligible - against))
        in_favour = eligible - against - abstain
        tied = 2 * in_favour == eligible and in_favour == against
        result = "adopted" if in_favour >= eligible // 2 + 1 else "tied" if tied else "rejected"
        vote = _Vote("adopted" if tied else result, against)
        self.do(
            "CHR",
            "Meeting",
            meeting,
            "take_resolution",
            item_id="item-2",
            resolution_id="res-1",
            at=self.at(20, 30),
            method="majority_show",
            result=vote.result,
            options_version=1,
            tally={"for": in_favour, "against": against, "abstain": abstain, "not_voting": 0},
            casting_vote="for" if tied else None,
        )
        self.do(
            "CHR",
            "Meeting",
            meeting,
            "close",
            at=self.at(21),
            observers=self.dice.randint(0, 12),
            press=0,
            staff=4,
        )
        self.now = self.now.replace(hour=21, minute=30)
        return vote

    def _conclude(self, matter: str, meeting: str, vote: _Vote) -> None:
        for n in range(min(vote.against, 2)):
            self.do(
                "MEM",
                "Matter",
                matter,
                "file_dissent",
                dissent_id=f"d-{n}",
                holder=self.room[1 + n],
                kind=self.pick(["minority", "reservation", "rider"]),
                text=self.pick(texts.DISSENTS),
                meeting_id=meeting,
            )
        if not vote.against:
            self.do("CHR", "Matter", matter, "confirm_no_dissent", asked_at=self.on(), meeting_id=meeting)
        self.do(
            "CHR",
            "Matter",
            matter,
            "conclude",
            meeting_id=meeting,
            resolution_ref="res-1",
            chosen_option=f"option-{self.dice.randint(1, 2)}" if vote.result == "adopted" else None,
            reason=self.pick(texts.REASONS),
        )

    def _keep_minutes(self, meeting: str, number: int) -> None:
        document = f"doc-s{number:05d}-minutes"
        self._document(document, f"第{number}回全体会 会議録", "minutes")
        self.pass_days(5)
        self.do(
            "SEC",
            "Meeting",
            meeting,
            "draft_minutes",
            v=1,
            style="summary",
            naming="role",
            document_id=document,
            other="なし",
        )
        listed = [f"doc-s{number:05d}-evidence"]
        self.do("SEC", "Meeting", meeting, "list_documents", document_ids=listed)
        self.do("SEC", "Meeting", meeting, "circulate_minutes", v=1, reply_by=self.day(7))
        self.pass_days(8)
        self.do("CHR", "Meeting", meeting, "confirm_minutes", by="chair", v=1)
        self.do("SEC", "Meeting", meeting, "publish_minutes", on=self.day(1))

    def _city_answers(self, matter: str, which: int, vote: _Vote, number: int) -> None:
        if vote.result != "adopted":
            return
        self.pass_days(3)
        self.do(
            "SEC",
            "Matter",
            matter,
            "transmit",
            to="org-aoba-city",
            form="proposal",
            document_no=f"あ協発第{number}号",
            on=self.on(),
        )
        self.pass_days(self.dice.randint(10, 40))
        disposition = self.pick(["accepted", "partly", "partly", "deferred", "declined"])
        reason = {"partly": 0, "accepted": 1, "deferred": 2, "declined": 3}[disposition]
        self.do(
            "APR",
            "Matter",
            matter,
            "record_city_response",
            disposition=disposition,
            reason=texts.CITY_REASONS[reason],
            on=self.on(),
        )
        if disposition in ("accepted", "partly"):
            self.do(
                "APR",
                "Matter",
                matter,
                "record_city_decision",
                authority="mayor",
                document_no=f"あ協第{number}号",
                decided_on=self.on(2),
                text=texts.CITY_REASONS[reason],
            )
            self._act(matter, which, number)

    def _act(self, matter: str, which: int, number: int) -> None:
        action, year = f"action-s{number:05d}", fiscal_year_of(self.now.date())
        title, measure = texts.MATTERS[which][5], f"measure-{which + 1}"
        self.do("SEC", "PlanAction", action, "propose", title=title, measure_id=measure, matter_id=matter)
        self.do("APR", "PlanAction", action, "adopt", matter_id=matter, fiscal_year=year)
        self.do("SEC", "PlanAction", action, "open_cycle", fiscal_year=year)
        thousands = self.dice.randint(50, 900)
        self.do(
            "SEC",
            "PlanAction",
            action,
            "allocate_budget",
            fiscal_year=year,
            kind="initial",
            amount_yen=thousands * 1_000,
            stated_amount=thousands,
            stated_unit="千円",
        )
        goals = [texts.MATTERS[which][4]]
        self.do("SEC", "PlanAction", action, "plan_cycle", fiscal_year=year, goals=goals)
        self.do("SEC", "PlanAction", action, "start_implementation", fiscal_year=year)
        first, again = self.dice.randint(5, 60), self.dice.randint(5, 60)
        self.do(
            "SEC",
            "PlanAction",
            action,
            "record_activity",
            activity_id="activity-1",
            kind="forum",
            title_ja=f"{title}のつどい",
            held_on=self.on(),
            participants=first + again,
            first_time=first,
            returning=again,
        )
        self.made.actions.append(action)
        self.running.append((action, year, thousands * 1_000))

    def _settle_last_year(self) -> None:
        """Once the books of a year are closed (31 May), its actions' settlements are known (O29)."""
        for action, year, budget in [r for r in self.running if self.now.date() > dt.date(r[1] + 1, 6, 1)]:
            self.do("SEC", "PlanAction", action, "complete_implementation", fiscal_year=year)
            spent = budget * self.dice.randint(60, 100) // 100
            self.do("SEC", "PlanAction", action, "settle", fiscal_year=year, spent_yen=spent)
            self.running.remove((action, year, budget))

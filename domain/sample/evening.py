"""An evening of the fictional council: who comes, what is said, how it is voted, and what the minutes say."""

from __future__ import annotations

from dataclasses import dataclass

from domain.sample import texts
from domain.sample.founding import Founding
from domain.sample.story import COUNCIL


@dataclass(frozen=True)
class Vote:
    """How a vote came out, and how many were against."""

    result: str
    against: int


class Evening(Founding):
    """One meeting and its matter."""

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

    def _resolve(self, meeting: str, present: list[str], recused: int) -> Vote:
        eligible = len(present) - recused
        against = self.dice.randint(0, eligible // 2)
        abstain = self.dice.randint(0, min(2, eligible - against))
        in_favour = eligible - against - abstain
        tied = 2 * in_favour == eligible and in_favour == against
        result = "adopted" if in_favour >= eligible // 2 + 1 else "tied" if tied else "rejected"
        vote = Vote("adopted" if tied else result, against)
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

    def _conclude(self, matter: str, meeting: str, vote: Vote) -> None:
        for n in range(min(vote.against, 2)):
            self.do(
                "MEM",
                "Matter",
                matter,
                "file_dissent",
                seat=self.room[1 + n],
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
        self.do("SEC", "Meeting", meeting, "publish_minutes", on=self.day())

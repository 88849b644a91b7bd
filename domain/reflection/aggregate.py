"""Reflections 課題・評価の記録: purposes, problems, devices, effects and advice, as claims with an author.

To record a claim is not to confirm it. A problem is linked to the device that answers it by somebody, and is
reassessed only by measuring (domain.md 4.9). A follow-up only considered (考えている) is no promise:
somebody must take it up before it can be done.
"""

from __future__ import annotations

from typing import Any

from domain.kernel.commands import command, on, refuses
from domain.kernel.correction import Correctable
from domain.kernel.events import Recorded
from domain.kernel.references import must_exist
from domain.kernel.refusals import ALREADY_EXISTS, REASON_REQUIRED, UNKNOWN_ID, WRONG_STATE
from domain.reflection.events import (
    ActionsIdentified,
    CountermeasureLinked,
    FollowUpAdopted,
    FollowUpCompleted,
    FollowUpDropped,
    FollowUpPlanned,
    FollowUpStarted,
    ProblemReassessed,
    ReflectionClosed,
    ReflectionRecorded,
)
from domain.rules import studies
from domain.values.refusal import refusal

__all__ = [
    "ActionsIdentified",
    "CountermeasureLinked",
    "FollowUpAdopted",
    "FollowUpCompleted",
    "FollowUpDropped",
    "FollowUpPlanned",
    "FollowUpStarted",
    "ProblemReassessed",
    "Reflection",
    "ReflectionClosed",
    "ReflectionRecorded",
]

NOT_A_PROBLEM = refusal(
    "NOT_A_PROBLEM",
    ja="「{id}」は課題として記録されたものではありません（種別: {category}）。",
    en="“{id}” is not recorded as a problem (it is: {category}).",
    rule=studies.PROBLEM_AND_DEVICE,
    next_ja="課題の識別子を確かめるか、先に課題として記録してください。",
    next_en="Check the id, or record it as a problem first.",
    kind="invalid",
)
NOT_A_DEVICE = refusal(
    "NOT_A_DEVICE",
    ja="「{id}」は工夫として記録されたものではありません（種別: {category}）。",
    en="“{id}” is not recorded as a device (it is: {category}).",
    rule=studies.PROBLEM_AND_DEVICE,
    next_ja="工夫の識別子を確かめるか、先に工夫として記録してください。",
    next_en="Check the id, or record it as a device first.",
    kind="invalid",
)
ALREADY_LINKED = refusal(
    "ALREADY_LINKED",
    ja="この課題と工夫「{device}」は既に結び付けられています。",
    en="This problem is already linked to the device “{device}”.",
    rule=studies.PROBLEM_AND_DEVICE,
    next_ja="誤った結び付けなら、つながりの取り消しを記録してください。",
    next_en="If the link is wrong, withdraw it.",
)
NO_MEASUREMENT = refusal(
    "NO_MEASUREMENT",
    ja="測定値がないため「{verdict}」とは記録できません。",
    en="Without a measured value the verdict cannot be “{verdict}”.",
    rule=studies.MEASURED,
    next_ja="指標の値を記入するか、判定を「測定できない」にしてください。",
    next_en="Give the value of the metric, or the verdict “cannot be measured”.",
    kind="invalid",
)
NOT_COMMITTED = refusal(
    "NOT_COMMITTED",
    ja="検討中の取り組みで、実施すると決めた記録がありません。",
    en="This is only being considered; nothing on record says that anybody decided to do it.",
    rule=studies.CONSIDERED,
    next_ja="決めた案件や事業を示して、開始を記録してください。",
    next_en="Record its start, and name the matter or action that took it up.",
)

ALREADY_COMMITTED = refusal(
    "ALREADY_COMMITTED",
    ja="この取り組みは、行うことが既に決まっています。",
    en="It has been decided already that this will be done.",
    rule=studies.TAKEN_UP_ONCE,
    next_ja="着手したら、開始を記録してください。",
    next_en="Record its start when it has begun.",
)

_FOLLOW_UP_OPEN = ("planned", "started")


class Reflection(Correctable):
    """One claim, or one follow-up.

    A claim is recorded → linked → reassessed → closed; a follow-up planned → started → done | dropped.
    """

    PREFIX = "reflection-"
    BARE_ID = True
    ID_FIELDS = ("reflection_id", "follow_up_id", "problem_id")
    COLLECTION = "reflections"
    LABEL = ("課題・評価の記録", "reflection")

    def begin(self) -> None:
        self.category: str | None = None
        self.commitment: str | None = None
        self.devices: set[str] = set()

    # -- commands: claims

    @command(
        "SEC",
        "CHR",
        "MEM",
        "ADV",
        "LDR",
        "IMP",
        event=ReflectionRecorded,
        ja="課題や評価を記録する",
        en="Record a claim",
        creates=True,
    )
    @refuses(UNKNOWN_ID)
    def state_claim(self, fact: ReflectionRecorded) -> None:
        """Record what somebody says: a purpose, background, problem, device, effect, reaction or advice."""
        self._only_new()
        must_exist(self, fact.subjects, "/subjects")
        self.record(fact)

    @command(
        "SEC", "IMP", event=ActionsIdentified, ja="どの事業のことかを示す", en="Say which actions are meant"
    )
    @refuses(WRONG_STATE)
    def identify_actions(self, fact: ActionsIdentified) -> None:
        """Say which actions a claim speaks of, where it does not name them itself."""
        self._open_claim()
        must_exist(self, fact.action_ids, "/action_ids")
        self.record(fact)

    @command(
        "SEC",
        "CHR",
        "IMP",
        event=CountermeasureLinked,
        ja="課題に工夫を結び付ける",
        en="Link a device to a problem",
    )
    @refuses(ALREADY_LINKED, NOT_A_DEVICE, NOT_A_PROBLEM, WRONG_STATE)
    def link_countermeasure(self, fact: CountermeasureLinked) -> None:
        """Say that a device answers this problem."""
        self._problem()
        device = self.context.reader.find(Reflection, fact.device_id)
        if device is None:
            raise UNKNOWN_ID(kind=self.LABEL[0], kind_en=self.LABEL[1], id=fact.device_id).at("/device_id")
        if device.category != "device":
            raise NOT_A_DEVICE(id=fact.device_id, category=device.category or "—").at("/device_id")
        if fact.device_id in self.devices:
            raise ALREADY_LINKED(device=fact.device_id).at("/device_id")
        self.record(fact)

    @command("SEC", "CHR", "IMP", event=ProblemReassessed, ja="課題を測り直す", en="Reassess a problem")
    @refuses(NOT_A_PROBLEM, NO_MEASUREMENT, WRONG_STATE)
    def reassess(self, fact: ProblemReassessed) -> None:
        """Say whether the problem got better, by the value of a metric in a period."""
        self._problem()
        if fact.verdict != "not_measurable" and fact.value is None:
            raise NO_MEASUREMENT(verdict=fact.verdict).at("/value")
        self.record(fact)

    @command("SEC", "CHR", "IMP", event=ReflectionClosed, ja="課題や評価の記録を閉じる", en="Close a claim")
    @refuses(REASON_REQUIRED, WRONG_STATE)
    def close(self, fact: ReflectionClosed) -> None:
        """Say that nothing more is to be done about it, and why."""
        self._open_claim()
        self._needs(fact.reason)
        self.record(fact)

    # -- commands: follow-ups

    @command(
        "SEC",
        "CHR",
        "LDR",
        "IMP",
        event=FollowUpPlanned,
        ja="今後の取り組みを記録する",
        en="Plan a follow-up",
        creates=True,
    )
    @refuses(UNKNOWN_ID)
    def plan_follow_up(self, fact: FollowUpPlanned) -> None:
        """Record what somebody will do, or considers doing."""
        self._only_new()
        must_exist(self, fact.target, "/target")
        self.record(fact)

    @command(
        "SEC",
        "CHR",
        "IMP",
        event=FollowUpAdopted,
        ja="考えている取り組みを行うと決める",
        en="Take up a follow-up",
    )
    @refuses(ALREADY_COMMITTED, WRONG_STATE)
    def adopt_follow_up(self, fact: FollowUpAdopted) -> None:
        """Record that what was only considered will be done, and which matter or action says so."""
        self._follow_up_in("planned")
        if self.commitment == "will_do":
            raise ALREADY_COMMITTED()
        must_exist(self, fact.adopted_by, "/adopted_by")
        self.record(fact)

    @command(
        "SEC",
        "CHR",
        "LDR",
        "IMP",
        event=FollowUpStarted,
        ja="取り組みの開始を記録する",
        en="Start a follow-up",
    )
    @refuses(NOT_COMMITTED, WRONG_STATE)
    def start_follow_up(self, fact: FollowUpStarted) -> None:
        """Record that a follow-up has begun. One only considered is taken up first, or here and now."""
        self._follow_up_in("planned")
        must_exist(self, fact.adopted_by, "/adopted_by")
        if self.commitment == "considering":
            if fact.adopted_by is None:
                raise NOT_COMMITTED().at("/adopted_by")
            self.record(FollowUpAdopted(adopted_by=fact.adopted_by))
        self.record(fact)

    @command(
        "SEC",
        "CHR",
        "LDR",
        "IMP",
        event=FollowUpCompleted,
        ja="取り組みの完了を記録する",
        en="Complete a follow-up",
    )
    @refuses(NOT_COMMITTED, WRONG_STATE)
    def complete_follow_up(self, fact: FollowUpCompleted) -> None:
        """Record that a follow-up has been done, and what came of it."""
        if self.state == "planned" and self.commitment == "considering":
            raise NOT_COMMITTED()
        self._follow_up_in("started")
        self.record(fact)

    @command(
        "SEC",
        "CHR",
        "LDR",
        "IMP",
        event=FollowUpDropped,
        ja="取り組みの取りやめを記録する",
        en="Drop a follow-up",
    )
    @refuses(REASON_REQUIRED, WRONG_STATE)
    def drop_follow_up(self, fact: FollowUpDropped) -> None:
        """Record that a follow-up will not be done, and why."""
        self._follow_up_in(*_FOLLOW_UP_OPEN)
        self._needs(fact.reason)
        self.record(fact)

    # -- state

    @on(ReflectionRecorded)
    def _recorded(self, e: ReflectionRecorded, _: Recorded[Any]) -> None:
        self.state, self.category = "recorded", e.category

    @on(CountermeasureLinked)
    def _linked(self, e: CountermeasureLinked, _: Recorded[Any]) -> None:
        self.state = "linked"
        self.devices.add(e.device_id)

    @on(ProblemReassessed)
    def _reassessed(self, e: ProblemReassessed, _: Recorded[Any]) -> None:
        self.state = "reassessed"

    @on(ReflectionClosed)
    def _closed(self, e: ReflectionClosed, _: Recorded[Any]) -> None:
        self.state = "closed"

    @on(FollowUpPlanned)
    def _planned(self, e: FollowUpPlanned, _: Recorded[Any]) -> None:
        self.state, self.commitment = "planned", e.commitment

    @on(FollowUpAdopted)
    def _taken_up(self, e: FollowUpAdopted, _: Recorded[Any]) -> None:
        self.commitment = "will_do"

    @on(FollowUpStarted)
    def _started(self, e: FollowUpStarted, _: Recorded[Any]) -> None:
        self.state = "started"

    @on(FollowUpCompleted)
    def _done(self, e: FollowUpCompleted, _: Recorded[Any]) -> None:
        self.state = "done"

    @on(FollowUpDropped)
    def _dropped(self, e: FollowUpDropped, _: Recorded[Any]) -> None:
        self.state = "dropped"

    # -- what several commands ask

    def _only_new(self) -> None:
        if self.state != "new":
            raise ALREADY_EXISTS(id=self.entity)

    def _open_claim(self) -> None:
        """A follow-up is no claim, not even in a source that has gaps."""
        states = ("recorded", "linked", "reassessed")
        if self.category is None and self.state != "new":
            self.only_in(*states)
        self._in_order(*states)

    def _problem(self) -> None:
        if self.category != "problem":
            raise NOT_A_PROBLEM(id=self.entity, category=self.category or "—")
        self._open_claim()

    def _in_order(self, *states: str) -> None:
        if not self.context.importing:
            self.only_in(*states)

    def _follow_up_in(self, *states: str) -> None:
        """A claim is no follow-up, not even in a source that has gaps."""
        if self.category is not None:
            self.only_in(*states)
        self._in_order(*states)

    def _needs(self, reason: str | None) -> None:
        if reason is None and not self.context.importing:
            raise REASON_REQUIRED().at("/reason")

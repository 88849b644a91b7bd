"""What is known of a centre study 協働センター検討 after its events."""

from __future__ import annotations

from typing import Any

from domain.center_study.events import (
    AnswerReopened,
    FindingRecorded,
    ProvisionalAnswerGiven,
    QuestionAnswered,
    QuestionLeftOpen,
    QuestionMadeMoot,
    StudyClosed,
    StudyCommissioned,
    StudyOptionAdded,
    StudyQuestionOpened,
    StudyReportAdopted,
    StudyReportReturned,
    StudyReportSubmitted,
    StudyReportTransmitted,
    StudyStarted,
)
from domain.kernel.commands import on
from domain.kernel.events import Recorded

_BECOMES: dict[type, str] = {
    ProvisionalAnswerGiven: "provisional",
    QuestionLeftOpen: "left_open",
    QuestionMadeMoot: "moot",
}


class CenterStudyState:
    """The state of a :class:`domain.center_study.CenterStudy`, which adds the commands."""

    state: str

    def begin(self) -> None:
        self.council_id: str | None = None
        self.group_id: str | None = None
        self.questions: dict[str, str] = {}
        """State of each question."""
        self.needed: bool | None = None
        self.moot_with_necessity: set[str] = set()
        """Questions that are moot because no centre is needed."""
        self.findings: dict[str, str] = {}
        """The question each finding bears on."""
        self.options: dict[str, str] = {}
        """The question each option would answer."""
        self.report_version = 0
        self.submitted_by: str | None = None

    @on(StudyCommissioned)
    def _commissioned(self, e: StudyCommissioned, _: Recorded[Any]) -> None:
        self.state, self.council_id, self.group_id = "commissioned", e.council_id, e.group_id

    @on(StudyQuestionOpened)
    def _opened(self, e: StudyQuestionOpened, _: Recorded[Any]) -> None:
        self.questions[e.question] = "open"

    @on(StudyStarted)
    def _started(self, e: StudyStarted, _: Recorded[Any]) -> None:
        self.state = "studying"

    @on(FindingRecorded)
    def _found(self, e: FindingRecorded, _: Recorded[Any]) -> None:
        self.findings[e.finding_id] = e.question

    @on(StudyOptionAdded)
    def _option_added(self, e: StudyOptionAdded, _: Recorded[Any]) -> None:
        self.options[e.option_id] = e.question

    @on(ProvisionalAnswerGiven, QuestionLeftOpen, QuestionMadeMoot)
    def _unanswered(
        self, e: ProvisionalAnswerGiven | QuestionLeftOpen | QuestionMadeMoot, _: Recorded[Any]
    ) -> None:
        self.questions[e.question] = _BECOMES[type(e)]
        if isinstance(e, QuestionMadeMoot) and self.needed is False:
            self.moot_with_necessity.add(e.question)

    @on(QuestionAnswered)
    def _answered(self, e: QuestionAnswered, _: Recorded[Any]) -> None:
        self.questions[e.question] = "answered"
        if e.question == "necessity":
            self.needed = e.needed

    @on(AnswerReopened)
    def _reopened(self, e: AnswerReopened, _: Recorded[Any]) -> None:
        self.questions[e.question], self.state = "open", "studying"
        self.moot_with_necessity.discard(e.question)
        if e.question == "necessity":
            self.needed = None

    @on(StudyReportSubmitted)
    def _submitted(self, e: StudyReportSubmitted, recorded: Recorded[StudyReportSubmitted]) -> None:
        self.state, self.report_version = "reported", e.v
        self.submitted_by = recorded.actor.party

    @on(StudyReportReturned)
    def _returned(self, e: StudyReportReturned, _: Recorded[Any]) -> None:
        self.state = "returned"

    @on(StudyReportAdopted)
    def _adopted(self, e: StudyReportAdopted, _: Recorded[Any]) -> None:
        self.state = "adopted_by_council"

    @on(StudyReportTransmitted)
    def _transmitted(self, e: StudyReportTransmitted, _: Recorded[Any]) -> None:
        self.state = "transmitted"

    @on(StudyClosed)
    def _closed(self, e: StudyClosed, _: Recorded[Any]) -> None:
        self.state = "closed"

"""Center study 協働センター検討: four questions and how they depend on each other (domain.md 4.8).

Whether a centre is needed comes first; where it stands follows from what it is for. Exploring is free, but
answering keeps this order, and no question is answered without a finding. The team that wrote the report
does not adopt it.
"""

from __future__ import annotations

from domain.center_study.events import (
    AnswerReopened,
    FindingRecorded,
    OptionAttribute,
    ProvisionalAnswerGiven,
    QuestionAnswered,
    QuestionLeftOpen,
    QuestionMadeMoot,
    StudyClosed,
    StudyCommissioned,
    StudyOptionAdded,
    StudyOptionAssessed,
    StudyQuestionOpened,
    StudyReportAdopted,
    StudyReportReturned,
    StudyReportSubmitted,
    StudyReportTransmitted,
    StudyStarted,
)
from domain.center_study.refusals import (
    ANSWER_IS_AN_EVENT,
    FUNCTIONS_FIRST,
    NECESSITY_FIRST,
    NEEDED_UNSAID,
    NO_FINDING,
    QUESTION_NAME_WRONG,
    QUESTION_SETTLED,
    QUESTION_UNSETTLED,
    QUESTIONS_OPEN,
    REOPEN_UNFOUNDED,
    REPORT_VERSION_OLD,
)
from domain.center_study.state import CenterStudyState
from domain.kernel.commands import command, refuses
from domain.kernel.correction import Correctable
from domain.kernel.oneself import must_be_oneself
from domain.kernel.references import must_exist
from domain.kernel.refusals import ALREADY_EXISTS, REASON_REQUIRED, SELF_APPROVAL, UNKNOWN_ID, WRONG_STATE
from domain.matter.aggregate import Matter
from domain.matter.refusals import MATTER_NOT_ADOPTED
from domain.working_group.aggregate import WorkingGroup

__all__ = [
    "AnswerReopened",
    "CenterStudy",
    "FindingRecorded",
    "OptionAttribute",
    "ProvisionalAnswerGiven",
    "QuestionAnswered",
    "QuestionLeftOpen",
    "QuestionMadeMoot",
    "StudyClosed",
    "StudyCommissioned",
    "StudyOptionAdded",
    "StudyOptionAssessed",
    "StudyQuestionOpened",
    "StudyReportAdopted",
    "StudyReportReturned",
    "StudyReportSubmitted",
    "StudyReportTransmitted",
    "StudyStarted",
]

DEPENDENT = ("functions", "location", "operation")
"""Questions that arise only if a centre is needed."""
QUESTIONS = ("necessity", *DEPENDENT, "other")
_UNSETTLED = ("open", "provisional")
_AT_WORK = ("studying", "returned")


class CenterStudy(CenterStudyState, Correctable):
    """One study: commissioned → studying → reported ⇄ returned → adopted_by_council →
    transmitted → closed.

    A question is open → provisional → answered | left_open | moot, and may be reopened; then the study is
    studying again.
    """

    PREFIX = "study-"
    ID_FIELDS = ("study_id",)
    COLLECTION = "studies"
    LABEL = ("協働センター検討", "centre study")

    # -- commands: the course of the study

    @command(
        "SEC",
        "CHR",
        "IMP",
        event=StudyCommissioned,
        ja="検討を付託する",
        en="Commission a study",
        creates=True,
    )
    @refuses(UNKNOWN_ID)
    def commission(self, fact: StudyCommissioned) -> None:
        """Record that a council asked for a study, what it aims at, and who carries it out."""
        if self.state != "new":
            raise ALREADY_EXISTS(id=self.entity)
        for name in ("council_id", "group_id", "measure_id", "matter_id"):
            must_exist(self, getattr(fact, name), f"/{name}")
        self.record(fact)

    @command("LDR", "MEM", "CHR", "SEC", "IMP", event=StudyStarted, ja="検討を始める", en="Start a study")
    @refuses(ANSWER_IS_AN_EVENT, WRONG_STATE)
    def start(self, fact: StudyStarted) -> None:
        """Record that the study began in earnest."""
        self._in("commissioned")
        if fact.outcome is not None:
            raise ANSWER_IS_AN_EVENT().at("/outcome")
        self.record(fact)

    @command("LDR", "SEC", "IMP", event=StudyReportSubmitted, ja="報告書を提出する", en="Submit the report")
    @refuses(QUESTIONS_OPEN, REPORT_VERSION_OLD, WRONG_STATE)
    def submit_report(self, fact: StudyReportSubmitted) -> None:
        """Submit a version of the report; every question must be settled, or left open for a reason."""
        self._in(*_AT_WORK)
        still_open = [q for q, state in self.questions.items() if state in _UNSETTLED]
        if still_open and not self.context.importing:
            raise QUESTIONS_OPEN(questions=", ".join(still_open))
        if fact.v <= self.report_version:
            raise REPORT_VERSION_OLD(v=fact.v, last=self.report_version).at("/v")
        must_exist(self, fact.document_id, "/document_id")
        must_exist(self, fact.to, "/to")
        self.record(fact)

    @command("CHR", "SEC", "IMP", event=StudyReportReturned, ja="報告書を差し戻す", en="Return the report")
    @refuses(REASON_REQUIRED, WRONG_STATE)
    def return_report(self, fact: StudyReportReturned) -> None:
        """Send the report back for more work, and say why."""
        self._in("reported")
        self._needs(fact.reason)
        self.record(fact)

    @command("CHR", "SEC", "IMP", event=StudyReportAdopted, ja="報告書を採択する", en="Adopt the report")
    @refuses(MATTER_NOT_ADOPTED, SELF_APPROVAL, WRONG_STATE)
    def adopt_report(self, fact: StudyReportAdopted) -> None:
        """Record that the council adopted the report. Nobody of the team does this."""
        self._in("reported")
        party = self.context.actor.party
        if party is not None and party in self._team():
            raise SELF_APPROVAL(party=party)
        if not self.context.importing:
            self.look(Matter, fact.matter_id).require_adopted()
        self.record(fact)

    @command(
        "SEC", "CHR", "IMP", event=StudyReportTransmitted, ja="報告書を市に送付する", en="Transmit the report"
    )
    @refuses(WRONG_STATE)
    def transmit_report(self, fact: StudyReportTransmitted) -> None:
        """Record that the adopted report went to the city."""
        self._in("adopted_by_council")
        must_exist(self, fact.to, "/to")
        self.record(fact)

    @command("CHR", "SEC", "IMP", event=StudyClosed, ja="検討を終える", en="Close the study")
    @refuses(REASON_REQUIRED, WRONG_STATE)
    def close(self, fact: StudyClosed) -> None:
        """Close the study; before its report was sent on, only for a reason."""
        self._in("commissioned", "studying", "reported", "returned", "adopted_by_council", "transmitted")
        if self.state != "transmitted":
            self._needs(fact.reason)
        self.record(fact)

    # -- commands: the questions

    @command(
        "LDR",
        "MEM",
        "CHR",
        "SEC",
        "IMP",
        event=StudyQuestionOpened,
        ja="検討項目を立てる",
        en="Open a question",
    )
    @refuses(ALREADY_EXISTS, ANSWER_IS_AN_EVENT, QUESTION_NAME_WRONG, WRONG_STATE)
    def open_question(self, fact: StudyQuestionOpened) -> None:
        """Open a question of the study. There may be more than the four."""
        self._in("commissioned", *_AT_WORK)
        if fact.question not in QUESTIONS and not fact.question.startswith("other-"):
            raise QUESTION_NAME_WRONG(question=fact.question, known=", ".join(QUESTIONS)).at("/question")
        if fact.question in self.questions:
            raise ALREADY_EXISTS(id=fact.question).at("/question")
        if fact.answer is not None:
            raise ANSWER_IS_AN_EVENT().at("/answer")
        self.record(fact)

    @command("LDR", "MEM", "SEC", "IMP", event=FindingRecorded, ja="知見を記録する", en="Record a finding")
    @refuses(ALREADY_EXISTS, WRONG_STATE)
    def record_finding(self, fact: FindingRecorded) -> None:
        """Record something found out that bears on a question, with the documents that show it."""
        self._in(*_AT_WORK)
        self._question(fact.question)
        if fact.finding_id in self.findings:
            raise ALREADY_EXISTS(id=fact.finding_id).at("/finding_id")
        must_exist(self, fact.evidence, "/evidence")
        self.record(fact)

    @command("LDR", "MEM", "SEC", "IMP", event=StudyOptionAdded, ja="検討案を加える", en="Add an option")
    @refuses(ALREADY_EXISTS, WRONG_STATE)
    def add_option(self, fact: StudyOptionAdded) -> None:
        """Add a possible answer to a question."""
        self._in(*_AT_WORK)
        self._question(fact.question)
        if fact.option_id in self.options:
            raise ALREADY_EXISTS(id=fact.option_id).at("/option_id")
        self.record(fact)

    @command(
        "LDR",
        "MEM",
        "ADV",
        "SEC",
        "IMP",
        event=StudyOptionAssessed,
        ja="検討案を評価する",
        en="Assess an option",
    )
    @refuses(WRONG_STATE)
    def assess_option(self, fact: StudyOptionAssessed) -> None:
        """Judge an option by a criterion."""
        self._in(*_AT_WORK)
        self._option(fact.option_id, "/option_id")
        must_exist(self, fact.by, "/by")
        must_be_oneself(self, fact.by, "/by", council_id=None)
        self.record(fact)

    @command(
        "LDR",
        "MEM",
        "SEC",
        "IMP",
        event=ProvisionalAnswerGiven,
        ja="暫定の回答を記録する",
        en="Give a provisional answer",
    )
    @refuses(QUESTION_SETTLED, WRONG_STATE)
    def answer_provisionally(self, fact: ProvisionalAnswerGiven) -> None:
        """Give an answer to go on working with; any question may be explored in any order."""
        self._in(*_AT_WORK)
        self._unsettled(fact.question)
        self.record(fact)

    @command("LDR", "SEC", "IMP", event=QuestionAnswered, ja="検討項目に答える", en="Answer a question")
    @refuses(FUNCTIONS_FIRST, NECESSITY_FIRST, NEEDED_UNSAID, NO_FINDING, QUESTION_SETTLED, WRONG_STATE)
    def answer_question(self, fact: QuestionAnswered) -> None:
        """Answer a question on what was found. If no centre is needed, what depends on it is moot."""
        self._in(*_AT_WORK)
        self._unsettled(fact.question)
        for n, option in enumerate(fact.option_ids):
            self._option(option, f"/option_ids/{n}", fact.question)
        if not self.context.importing:
            self._may_be_answered(fact)
        self.record(fact)
        if fact.question == "necessity" and fact.needed is False:
            for question in DEPENDENT:
                if self.questions.get(question, "moot") != "moot":
                    self.record(QuestionMadeMoot(question=question, reason=fact.reason))

    @command("LDR", "SEC", "IMP", event=QuestionLeftOpen, ja="結論を出さずに残す", en="Leave a question open")
    @refuses(QUESTION_SETTLED, REASON_REQUIRED, WRONG_STATE)
    def leave_question_open(self, fact: QuestionLeftOpen) -> None:
        """Say that the study ends without an answer to this question, and why."""
        self._in(*_AT_WORK)
        self._unsettled(fact.question)
        self._needs(fact.reason)
        self.record(fact)

    @command("LDR", "SEC", "IMP", event=QuestionMadeMoot, ja="検討不要とする", en="Make a question moot")
    @refuses(QUESTION_SETTLED, REASON_REQUIRED, WRONG_STATE)
    def make_question_moot(self, fact: QuestionMadeMoot) -> None:
        """Say that a question no longer arises, and why."""
        self._in(*_AT_WORK)
        self._unsettled(fact.question)
        self._needs(fact.reason)
        self.record(fact)

    @command("LDR", "CHR", "SEC", "IMP", event=AnswerReopened, ja="再検討する", en="Reopen a question")
    @refuses(QUESTION_UNSETTLED, REOPEN_UNFOUNDED)
    def reopen_question(self, fact: AnswerReopened) -> None:
        """Reopen a settled question, on new evidence or for a reason; with necessity, what it made moot."""
        if self._question(fact.question) in _UNSETTLED:
            raise QUESTION_UNSETTLED(question=fact.question).at("/question")
        if not fact.reason and not fact.new_evidence and not self.context.importing:
            raise REOPEN_UNFOUNDED()
        must_exist(self, fact.new_evidence, "/new_evidence")
        moot = sorted(self.moot_with_necessity) if fact.question == "necessity" else []
        self.record(fact)
        for question in moot:
            self.record(AnswerReopened(question=question, reason=fact.reason))

    # -- what several commands ask

    def _in(self, *states: str) -> None:
        if not self.context.importing:
            self.only_in(*states)

    def _needs(self, reason: str | None) -> None:
        if reason is None and not self.context.importing:
            raise REASON_REQUIRED().at("/reason")

    def _question(self, question: str) -> str:
        if question not in self.questions:
            raise UNKNOWN_ID(kind="検討項目", kind_en="question of the study", id=question).at("/question")
        return self.questions[question]

    def _unsettled(self, question: str) -> None:
        state = self._question(question)
        if state not in _UNSETTLED:
            raise QUESTION_SETTLED(question=question, state=state).at("/question")

    def _option(self, option: str, pointer: str, question: str | None = None) -> None:
        if self.options.get(option) not in ({question} if question else self.questions):
            raise UNKNOWN_ID(kind="検討案", kind_en="option of the study", id=option).at(pointer)

    def _may_be_answered(self, fact: QuestionAnswered) -> None:
        question = fact.question
        if (fact.needed is None) == (question == "necessity"):
            raise NEEDED_UNSAID().at("/needed")
        if question in DEPENDENT and not self.needed:
            raise NECESSITY_FIRST(question=question).at("/question")
        if question == "location" and self.questions.get("functions") != "answered":
            raise FUNCTIONS_FIRST().at("/question")
        if question not in self.findings.values():
            raise NO_FINDING(question=question).at("/question")

    def _team(self) -> set[str]:
        """Party ids of those who wrote the report, as far as they are on record."""
        team = {self.submitted_by} if self.submitted_by else set()
        group = self.context.reader.find(WorkingGroup, self.group_id) if self.group_id else None
        return team | group.parties() if group is not None else team

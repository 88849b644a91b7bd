"""Study board 協働センター検討: a study's questions, what was found, answered and left open (S18, P10)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from domain.center_study.aggregate import (
    AnswerReopened,
    FindingRecorded,
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
from domain.kernel.events import Recorded
from projections.engine.event_json import event_json, time_key
from projections.engine.view import Key, Row, View, column, json_column, key, number

VIEW = View("study_board", 4, ja="検討の状況", en="Study board", source=__name__)

study = VIEW.table(
    "study",
    key("study_id"),
    column("state"),
    column("council_id", index=True),
    column("time", index=True, required=True),
    number("position", required=True),
    json_column("doc"),
)

_QUESTION_STATE: dict[type, str] = {
    ProvisionalAnswerGiven: "provisional",
    QuestionAnswered: "answered",
    QuestionLeftOpen: "left_open",
    QuestionMadeMoot: "moot",
    AnswerReopened: "open",
}
_STUDY_STATE: dict[type, str] = {
    StudyStarted: "studying",
    StudyReportSubmitted: "reported",
    StudyReportReturned: "returned",
    StudyReportAdopted: "adopted_by_council",
    StudyReportTransmitted: "transmitted",
    StudyClosed: "closed",
    AnswerReopened: "studying",
}


@study.on(StudyCommissioned)
def _commissioned(row: Row | None, e: Recorded[StudyCommissioned], _: Key) -> Row:
    return {
        "state": "commissioned",
        "council_id": e.data.council_id,
        "time": time_key(e.effective),
        "position": e.position,
        "doc": {"commissioned": event_json(e), "questions": {}, "course": []},
    }


@study.on(StudyQuestionOpened)
def _question(row: Row | None, e: Recorded[StudyQuestionOpened], _: Key) -> Row | None:
    if row is not None:
        row["doc"]["questions"][e.data.question] = {
            "id": e.subject,
            "state": "open",
            "opened": event_json(e),
            "findings": [],
            "options": [],
            "answers": [],
        }
    return row


def _of_question(row: Row | None, e: Recorded[Any]) -> dict[str, Any] | None:
    answer: dict[str, Any] | None = row["doc"]["questions"].get(e.data.question) if row else None
    return answer


@study.on(FindingRecorded)
def _finding(row: Row | None, e: Recorded[FindingRecorded], _: Key) -> Row | None:
    question = _of_question(row, e)
    if question is not None:
        question["findings"].append(event_json(e))
    return row


@study.on(StudyOptionAdded)
def _option(row: Row | None, e: Recorded[StudyOptionAdded], _: Key) -> Row | None:
    question = _of_question(row, e)
    if question is not None:
        question["options"].append({**event_json(e), "assessments": []})
    return row


@study.on(StudyOptionAssessed)
def _assessed(row: Row | None, e: Recorded[StudyOptionAssessed], _: Key) -> Row | None:
    for question in row["doc"]["questions"].values() if row else ():
        for option in question["options"]:
            if option["option_id"] == e.data.option_id:
                option["assessments"].append(event_json(e))
    return row


@study.on(*_QUESTION_STATE)
def _answer(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    question = _of_question(row, e)
    if question is not None:
        question["state"] = _QUESTION_STATE[type(e.data)]
        question["answers"].append({"type": e.type, **event_json(e)})
    return row


@study.on(*_STUDY_STATE)
def _course(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    if row is not None:
        row["state"] = _STUDY_STATE[type(e.data)]
        row["doc"]["course"].append({"type": e.type, **event_json(e)})
    return row


def studies() -> sa.Select[Any]:
    """The studies on record, oldest first."""
    return sa.select(study.table).order_by(study.table.c.time, study.table.c.position)

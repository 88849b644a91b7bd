"""Questions about the centre study 協働センター検討: where it stands, and what holds it up (S18)."""

from __future__ import annotations

from collections.abc import Iterator

from domain.values.fields import Id
from projections.engine.event_json import Json, bilingual
from projections.questions.entries import cited, rows
from projections.questions.question import Answer, Ask, question
from projections.views.plan import study_board

_UNSETTLED = ("open", "provisional")
_NEEDS_NECESSITY = ("functions", "location", "operation")

QUESTION_STATES: dict[str, tuple[str, str]] = {
    "open": ("未回答", "open"),
    "provisional": ("暫定の回答", "provisional answer"),
    "answered": ("回答あり", "answered"),
    "left_open": ("結論を出さず", "left open"),
    "moot": ("検討不要", "moot"),
}
BLOCKERS: dict[str, tuple[str, str]] = {
    "necessity_first": ("先に「必要性」の回答が要る", "the question of necessity comes first"),
    "functions_first": ("先に「機能」の回答が要る", "the question of functions comes first"),
    "no_finding": ("知見がない", "there is no finding"),
    "no_answer": ("知見はあるが、回答がない", "there are findings, but no answer"),
}
"""Why a question cannot be answered yet by the rules of domain.md 4.8, or that only an answer is lacking."""


@question("S18", ja="協働センターの検討は、どこまで進んだか", en="Where does the centre study stand?")
def where_it_stands(ask: Ask, *, study_id: Id | None = None) -> Answer:
    """Each question of a study with its state, findings, options, answers and what blocks it; how far the
    report has come. Without ``study_id``: of every study."""
    chosen = study_board.studies()
    if study_id is not None:
        ask.must_know(study_id, "CenterStudy")
        chosen = chosen.where(study_board.study.table.c.study_id == study_id)
    study_rows = rows(ask, study_board.study, chosen)
    studies = [_study(row) for row in study_rows]
    questions = [q for study in studies for q in study["questions"]]
    settled = sum(q["state"] not in _UNSETTLED for q in questions)
    return Answer(
        says=(
            f"検討項目{len(questions)}のうち、決着{settled}、未決着{len(questions) - settled}。",
            f"Of {len(questions)} questions, {settled} are settled and {len(questions) - settled} are not.",
        ),
        answer={"studies": studies},
        events=cited(ask, [entry for row in study_rows for entry in _entries(row["doc"])]),
        unknown=[gap for study in studies for gap in _unknown(study)],
    )


def _study(row: Json) -> Json:
    doc = row["doc"]
    states = {name: q["state"] for name, q in doc["questions"].items()}
    questions = [_question(name, q, states) for name, q in doc["questions"].items()]
    reports = [entry for entry in doc["course"] if entry["type"].startswith("StudyReport")]
    return {
        "study_id": row["study_id"],
        "aim": doc["commissioned"]["aim_ja"],
        "state": row["state"],
        "group_id": doc["commissioned"]["group_id"],
        "due": doc["commissioned"]["due"],
        "commissioned": doc["commissioned"]["said"]["effective"],
        "questions": sorted(questions, key=lambda q: (q["order"] is None, q["order"] or 0, q["question"])),
        "reports": [{"type": r["type"], "effective": r["said"]["effective"]} for r in reports],
        "blocks_the_report": sorted(name for name, state in states.items() if state in _UNSETTLED),
    }


def _question(name: str, q: Json, states: dict[str, str]) -> Json:
    return {
        "question": name,
        "label": q["opened"]["label_ja"],
        "order": q["opened"]["order"],
        "state": q["state"],
        "state_label": bilingual(*QUESTION_STATES[q["state"]]),
        "findings": [
            {"finding_id": f["finding_id"], "text": f["text"], "evidence": f["evidence"]}
            for f in q["findings"]
        ],
        "options": [
            {
                "option_id": o["option_id"],
                "label": o["label"],
                "attrs": o["attrs"] or [],
                "assessments": [
                    {"criterion": a["criterion"], "text": a["text"], "by": a["by"]} for a in o["assessments"]
                ],
            }
            for o in q["options"]
        ],
        "answers": [
            {
                "type": a["type"],
                "answer": a.get("answer"),
                "reason": a["said"]["reason"],
                "dissent": a.get("dissent") or [],
                "effective": a["said"]["effective"],
                "event_id": a["said"]["event_id"],
            }
            for a in q["answers"]
        ],
        "blockers": [{"blocker": b, "label": bilingual(*BLOCKERS[b])} for b in _blockers(name, q, states)],
    }


def _blockers(name: str, q: Json, states: dict[str, str]) -> Iterator[str]:
    """What stands in the way of an answer; nothing for a question that is settled."""
    if q["state"] not in _UNSETTLED:
        return
    if name in _NEEDS_NECESSITY and states.get("necessity") != "answered":
        yield "necessity_first"
    if name == "location" and states.get("functions") != "answered":
        yield "functions_first"
    if not q["findings"]:
        yield "no_finding"
    elif not any(entry["type"] == "QuestionAnswered" for entry in q["answers"]):
        yield "no_answer"


def _entries(doc: Json) -> Iterator[Json]:
    yield doc["commissioned"]
    yield from doc["course"]
    for q in doc["questions"].values():
        yield q["opened"]
        yield from (*q["findings"], *q["options"], *q["answers"])


def _unknown(study: Json) -> Iterator[tuple[str, str]]:
    for q in study["questions"]:
        label = q["label"] or q["question"]
        if q["state"] in _UNSETTLED:
            yield f"「{label}」への回答", f"an answer to the question “{q['question']}”"
        if not q["findings"]:
            yield f"「{label}」について分かったこと", f"any finding on the question “{q['question']}”"
        if not q["options"]:
            yield f"「{label}」の検討案", f"any option for the question “{q['question']}”"
    if not study["reports"]:
        yield "検討の報告書", "a report of the study"

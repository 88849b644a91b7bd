"""The centre study 協働センター検討: its questions, what is answered, what is open (S18, P10)."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint

from api.http.language import tr
from api.pages.parts import marks
from api.pages.parts.names import Names
from api.pages.parts.serving import Page, one
from api.pages.parts.trails import every_step, fact_of, own_steps, prov_url, sides
from api.reads.reading import is_staff
from api.words import wording
from projections.answers.trail import trail
from projections.engine.event_json import Json


def read(connection: sa.Connection, entity: str | None = None) -> Json:
    study = one(connection, "studies", entity)
    return {"study": study, "trail": trail(connection, study["study_id"], staff=is_staff())}


def show(data: Json, names: Names) -> Json:
    study, way = data["study"], data["trail"]
    entity, commissioned = study["study_id"], study["commissioned"]
    label, tone = wording.state("CenterStudy", study["state"])
    questions = sorted(study["questions"].values(), key=lambda q: (q["opened"]["order"] or 99, q["id"]))
    return {
        "title": names.label(entity),
        "state_label": label,
        "tone": tone,
        "started": _started(way, commissioned),
        "questions": [_question(q, n, names) for n, q in enumerate(questions, 1)],
        "team": _team(commissioned["group_id"], way, names),
        "measure": _measure(commissioned["measure_id"], way, names),
        "outcome": _outcome(study, names),
        **sides(way, names),
        "formats": {"prov": prov_url(entity)},
    }


def _started(way: Json, commissioned: Json) -> Json | None:
    started = marks.first(own_steps(way, "StudyStarted"))
    return marks.date(started["effective"] if started else commissioned["said"]["effective"])


def _question(q: Json, number: int, names: Names) -> Json:
    opened, answer = q["opened"], marks.last(q["answers"])
    label, _ = wording.state("question", q["state"])
    return {
        "number": number,
        "anchor": q["id"].rpartition("#")[2],
        "label": opened["label_ja"] or wording.value("question", opened["question"]),
        "text": opened["text"],
        "state": q["state"],
        "state_label": label,
        "note": marks.note(opened["said"]),
        "findings": [_finding(f, names) for f in q["findings"]],
        "options": [_option(o, names) for o in q["options"]],
        "answer": _answer(answer, names) if answer and q["state"] != "open" else None,
        **marks.dated(opened["said"], names),
    }


def _finding(f: Json, names: Names) -> Json:
    return {"text": f["text"], "evidence": names.links(f["evidence"]), **marks.fact(f["said"], names)}


def _option(o: Json, names: Names) -> Json:
    return {
        "label": o["label"],
        "attributes": [(a["name"], a["value"]) for a in o["attrs"] or ()],
        "assessments": [
            {"criterion": a["criterion"], "text": a["text"], "by_label": names.party(a.get("by"))}
            for a in o["assessments"]
        ],
    }


def _answer(answer: Json, names: Names) -> Json:
    """An answer as given; a question left open or made moot says that, and why."""
    text = answer.get("answer")
    if text is None:
        state = {"QuestionLeftOpen": "left_open", "QuestionMadeMoot": "moot"}[answer["type"]]
        text, _ = wording.state("question", state)
    return {"text": text, "reason": answer["said"]["reason"], **marks.dated(answer["said"], names)}


def _team(group: str | None, way: Json, names: Names) -> Json | None:
    link = names.link(group)
    if link is None:
        return None
    members = [e for e in every_step(way) if e["type"] == "GroupMemberAssigned" and e["subject"] == group]
    count = tr(f"{len(members)}人", f"{len(members)}") if members else None
    return {**link, "members_label": count}


def _measure(measure: str | None, way: Json, names: Names) -> Json | None:
    if measure is None:
        return None
    stated = [e for e in every_step(way) if e["type"] == "MeasureStated" and e["subject"] == measure]
    plan = names.entity(measure)
    return {
        "text": names.label(measure),
        "url": names.url(measure),
        "plan": names.link(plan),
        **(fact_of(stated[0], names) if stated else marks.UNMARKED),
    }


def _outcome(study: Json, names: Names) -> Json | None:
    """What came of the study, as far as it was answered or adopted; None if nothing is recorded."""
    settled = [e for e in study["course"] if e["type"] in ("StudyReportAdopted", "StudyClosed")]
    answered = [q for q in study["questions"].values() if q["state"] == "answered"]
    if not settled and not answered:
        return None
    last = settled[-1] if settled else answered[-1]["answers"][-1]
    label, _ = wording.state("CenterStudy", study["state"])
    total = len(study["questions"])
    outcome = tr(
        f"{label}。{total}の問いのうち{len(answered)}に回答があります。",
        f"{label.capitalize()}. {len(answered)} of {total} questions are answered.",
    )
    return {"text": outcome, **marks.fact(last["said"], names)}


def register(blueprint: Blueprint) -> None:
    Page("/study", "plan/study.html", "study", read, show).register(blueprint)
    Page("/studies/<entity>", "plan/study.html", "study", read, show, whole=False).register(blueprint)

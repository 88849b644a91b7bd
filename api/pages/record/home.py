"""The home page: something real at once: the founding, the newest decisions, one trail, what there is."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, current_app, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from api.http.language import href, tags, tr
from api.pages.matter.matter_outcome import council_label
from api.pages.meeting.meeting_list import count_and_next, show_next
from api.pages.parts import marks
from api.pages.parts.names import Names
from api.pages.parts.serving import Page, rows
from api.pages.record.timeline import newest, newest_rows, show_entry
from api.reads.reading import is_staff
from api.words import wording
from domain.matter.aggregate import Matter
from projections.answers.reach import around
from projections.answers.trail import trail
from projections.engine.event_json import Json
from projections.views.council import council_roster
from projections.views.matter import decision_trail, matter_list
from projections.views.plan import action_ledger, study_board
from projections.views.record import sources
from projections.views.record.closed_parts import expect_closed

SHOWN = 5


def read(connection: sa.Connection) -> Json:
    concluded = connection.execute(matter_list.newest_conclusions(SHOWN)).all()
    counts, council = _counts_and_first_council(connection)
    study = connection.execute(study_board.studies().limit(1)).first()
    if study is not None:
        around(connection, study.study_id)
    # Said before the first row is shown, so that all of them are asked together whether they are closed.
    latest = [] if concluded else newest_rows(connection, SHOWN)
    expect_closed(connection, [Matter.stream_for(row.matter_id) for row in concluded])
    expect_closed(connection, [row.stream for row in latest])
    meetings, coming = count_and_next(connection)
    decided = rows(connection, "matters", concluded)
    return {
        "council": marks.first(rows(connection, "councils", council)),
        "decided": decided,
        "newest": [] if decided else newest(connection, latest, SHOWN),
        "featured": _featured(connection, study),
        "next_meeting": coming,
        "counts": {**counts, "meetings": meetings},
    }


def _counts_and_first_council(connection: sa.Connection) -> tuple[dict[str, int], list[sa.Row[Any]]]:
    def of(table: sa.Table) -> sa.ScalarSelect[int]:
        return sa.select(sa.func.count()).select_from(table).scalar_subquery()

    facts = sa.select(sa.func.count(sa.distinct(sources.fact.table.c.fact))).scalar_subquery()
    counted = sa.select(
        of(decision_trail.step.table).label("events"),
        facts.label("facts"),
        of(matter_list.matter.table).label("matters"),
        of(action_ledger.action.table).label("actions"),
        of(sources.document.table).label("sources"),
    ).subquery()
    first = council_roster.councils().limit(1).subquery()
    both = sa.select(*first.c, *counted.c).select_from(counted.outerjoin(first, sa.true()))
    (row,) = connection.execute(both).all()
    counts = {column.name: getattr(row, column.name) for column in counted.c}
    return counts, [row] if row.council_id is not None else []


def _featured(connection: sa.Connection, study: sa.Row[Any] | None) -> Json | None:
    """The first study with its trail: why there is a question, and how far the answer is."""
    if study is None:
        return None
    (shown,) = rows(connection, "studies", [study])
    way = trail(connection, study.study_id, staff=is_staff())
    return {"study": shown, "steps": _milestones(way), "answered": _answered(shown)}


def _milestones(way: Json) -> list[Json]:
    """How each thing on the way began: the law, the council, the plan's measure, the study."""
    milestones = []
    for side, wanted in (("backward", _BEGINNINGS), ("own", ("StudyStarted",))):
        milestones += [step for step in way[side]["steps"] if step["type"] in wanted]
    return milestones


_BEGINNINGS = ("OrdinanceEnacted", "CouncilEstablished", "MeasureStated", "GroupFormed")


def _answered(study: Json) -> int:
    return sum(q["state"] == "answered" for q in study["questions"].values())


def show(data: Json, names: Names) -> Json:
    return {
        "founded": _founded(data["council"], names),
        "newest_are_decisions": bool(data["decided"]),
        "newest": [_decision(m, names) for m in data["decided"]]
        or [show_entry(e, names) for e in data["newest"]],
        "featured": _show_featured(data["featured"], names),
        "next_meeting": show_next(data["next_meeting"], names),
        "counts": _show_counts(data["counts"]),
    }


def _founded(council: Json | None, names: Names) -> Json | None:
    if council is None:
        return None
    founded = council["established"]
    return {
        "name": founded["name_ja"],
        "legal_basis": names.citation(founded["legal_basis"]),
        **marks.dated(founded["said"], names),
    }


def _decision(m: Json, names: Names) -> Json:
    concluded = m["MatterConcluded"][-1]
    label, _ = wording.state("Matter", m["state"])
    return {
        "kind_label": label,
        "title": names.label(m["matter_id"]),
        "text": council_label(m),
        "claim": False,
        "money": None,
        "url": names.url(m["matter_id"]),
        **marks.dated(concluded["said"], names),
    }


def _show_featured(featured: Json | None, names: Names) -> Json | None:
    if featured is None:
        return None
    study, answered = featured["study"], featured["answered"]
    questions = sorted(study["questions"].values(), key=lambda q: (q["opened"]["order"] or 99, q["id"]))
    question_labels = [
        q["opened"]["label_ja"] or wording.value("question", q["opened"]["question"]) for q in questions
    ]
    return {
        "title": names.label(study["study_id"]),
        "questions": question_labels,
        "answer": tr(
            f"{len(question_labels)}の問いのうち{answered}に回答があります。",
            f"{answered} of {len(question_labels)} questions are answered.",
        )
        if answered
        else tr("検討の結果は記録されていません。", "No outcome of the study is recorded."),
        "url": names.url(study["study_id"]),
        "steps": [
            {
                "when": marks.date(step["effective"]),
                "title": tr(step["label"]["ja"], step["label"]["en"]),
                "what": names.link(step["subject"]),
            }
            for step in featured["steps"]
        ],
    }


def _show_counts(counts: dict[str, int]) -> list[Json]:
    none = tr("出典に記載なし", "none in the sources")
    shown = (
        ("events", tr("出来事", "Events"), "/timeline"),
        ("facts", tr("出典から取った事実", "Facts from the sources"), "/sources"),
        ("actions", tr("事業", "Actions"), "/actions"),
        ("sources", tr("出典の文書", "Source documents"), "/sources"),
        ("meetings", tr("会議の記録", "Meetings on record"), "/meetings"),
        ("matters", tr("案件の記録", "Matters on record"), "/matters"),
    )
    return [
        {
            "value": counts[name],
            "label": label,
            "url": href(path),
            "note": none if name in ("meetings", "matters") and not counts[name] else None,
        }
        for name, label, path in shown
    ]


def without_slash() -> AnyResponse | None:
    """``/en`` is ``/en/``: without the slash the page would not know its language."""
    is_bare = request.path.removeprefix("/") in tags(current_app)[1:]
    return redirect(f"{request.path}/", 308) if is_bare else None


def register(blueprint: Blueprint) -> None:
    blueprint.before_request(without_slash)
    Page("/", "record/home.html", "home", read, show).register(blueprint)

"""Matters 案件: the list, and one page for each that answers how it was decided (domain.md S1-S9, P2)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, request

from api.http.language import tr
from api.pages.matter import public_comment
from api.pages.matter.matter_outcome import (
    city_label,
    completeness,
    conclusion,
    council_label,
    onward,
)
from api.pages.matter.matter_parts import dissents, evidence, opinions, options
from api.pages.matter.three_sentences import description, three_sentences
from api.pages.meeting import reported
from api.pages.meeting.meeting_list import title_of, when
from api.pages.parts import marks, paper_links
from api.pages.parts.names import Names, trail_url
from api.pages.parts.quorum import quorum, standing, tally
from api.pages.parts.serving import Page, first_url, next_url, one, rows
from api.pages.parts.steps import key_steps
from api.pages.parts.trails import gaps, prov_url
from api.reads.reading import is_staff, page_of
from api.words import wording
from api.words.states import STATES
from projections.answers.ledger import ledger_of
from projections.answers.quorums import with_checks_anew
from projections.answers.reach import around, arounds
from projections.answers.trail import trail
from projections.engine.event_json import Json
from projections.views.matter import matter_list
from projections.views.meeting import meeting_register
from projections.views.plan import action_ledger

# -- the list


def read_list(connection: sa.Connection) -> Json:
    state = request.args.get("state", "")
    wanted = {"state": state} if state in STATES["Matter"] else {}
    page = page_of(connection, matter_list.matters(**wanted))
    return {
        "matters": rows(connection, "matters", list(page)),
        "wanted": wanted,
        "next": next_url(page),
    }


def number(raised: Json | None) -> str | None:
    """案件第29号; a number that says more than that stays as it is."""
    no = raised.get("matter_no") if raised else None
    return tr(f"案件第{no}号", f"Matter no. {no}") if no and no.isdecimal() else no


def show_list(data: Json, names: Names) -> Json:
    states = [{"value": name, "label": tr(ja, en)} for name, (ja, en, _) in STATES["Matter"].items()]
    state = data["wanted"].get("state", "")
    return {
        "filters": {"states": states, "state": state} if data["matters"] or state else None,
        "entries": [_entry(m, names) for m in data["matters"]],
        "empty_note": tr("この状態の案件はありません。", "No matter is in this state.") if state else None,
        "next_url": data["next"],
        "first_url": first_url(),
    }


def _entry(m: Json, names: Names) -> Json:
    label, tone = wording.state("Matter", m["state"])
    raised: Json = marks.first(m.get("MatterRaised")) or {}
    newest = marks.last(m.get("MatterConcluded")) or raised
    return {
        "no": number(raised),
        "title": names.label(m["matter_id"]),
        "question": raised.get("question"),
        "url": names.url(m["matter_id"]),
        "state_label": label,
        "tone": tone,
        "date": marks.date(newest["said"]["effective"]) if newest else None,
        "council_label": council_label(m),
        "city_label": city_label(m),
        "dissents": len(m.get("DissentFiled", ())) or None,
    }


# -- one matter


def read(connection: sa.Connection, entity: str) -> Json:
    links = [link for link in around(connection, entity).links if link.withdrawn is None]
    matter = one(connection, "matters", entity)
    near = {link.to_id if link.from_id == entity else link.from_id for link in links}
    return {
        "matter": matter,
        "meetings": _meetings(connection, matter, near),
        "actions": _actions(connection, {link.from_id for link in links if link.to_id == entity}),
        "trail": trail(connection, entity, staff=is_staff()),
        **public_comment.read(connection, entity),
    }


def with_what_belongs(connection: sa.Connection, several: list[Json]) -> list[Json]:
    """Several matters, each with its meetings and what came of it, as :func:`read` has them for one."""
    ids = [m["matter_id"] for m in several]
    reached = arounds(connection, ids) if ids else {}
    entries = []
    for m in several:
        entity = m["matter_id"]
        links = [link for link in reached[entity].links if link.withdrawn is None]
        near = {link.to_id if link.from_id == entity else link.from_id for link in links}
        came_of_it = {link.from_id for link in links if link.to_id == entity}
        entries.append(
            {
                "matter": m,
                "meetings": meetings_of(connection, near),
                "actions": _actions(connection, came_of_it),
            }
        )
    return entries


def meetings_of(connection: sa.Connection, ids: set[str]) -> list[Json]:
    """The meetings that dealt with it, in order."""
    table = meeting_register.meeting.table
    chosen = sa.select(table).where(table.c.meeting_id.in_(sorted(ids)))
    meetings = connection.execute(chosen.order_by(table.c.time, table.c.position))
    return with_checks_anew(connection, rows(connection, "meetings", meetings))


def _meetings(connection: sa.Connection, matter: Json, near: set[str]) -> list[Json]:
    """Every meeting of a matter, in order: those that links lead to, and those that only had it on their
    agenda."""
    table = meeting_register.meeting.table
    listing = sa.select(table.c.meeting_id).where(
        table.c.council_id == matter.get("council_id"),
        table.c.doc.contains(f'"{matter["matter_id"]}"', autoescape=True),
    )
    linked = meetings_of(connection, near)
    further = set(connection.scalars(listing)) - {meeting["meeting_id"] for meeting in linked}
    listed = [meeting for meeting in meetings_of(connection, further) if items_of(meeting, matter)]
    return sorted([*linked, *listed], key=lambda meeting: meeting.get("starts_at") or "9999")


def items_of(meeting: Json, matter: Json) -> list[Json]:
    """The items of a meeting's agenda that deal with a matter."""
    return [
        item
        for item in meeting.get("AgendaItemListed", ())
        if matter["matter_id"] in (item.get("matter_id"), *(item.get("matter_ids") or ()))
    ]


def _actions(connection: sa.Connection, ids: set[str]) -> list[Json]:
    """The actions that came of it, each with its course and every year of its money."""
    table = action_ledger.action.table
    chosen = action_ledger.actions().where(table.c.action_id.in_(sorted(ids)))
    actions = rows(connection, "actions", connection.execute(chosen))
    return [
        {
            "id": action["action_id"],
            "state": action["state"],
            "course": action["course"],
            "ledger": ledger_of(connection, action_id=action["action_id"], staff=is_staff()),
        }
        for action in actions
    ]


def show(data: Json, names: Names) -> Json:
    """The parts of a matter in words, for its paper and for the office; its page tells them as a story
    (decision_page.py)."""
    m, way = data["matter"], data["trail"]
    entity = m["matter_id"]
    label, tone = wording.state("Matter", m["state"])
    raised = marks.first(m.get("MatterRaised"))
    resolved = _resolutions(m, data["meetings"])
    return {
        "no": number(raised),
        "title": names.label(entity),
        "question": raised["question"] if raised else None,
        "state_label": label,
        "tone": tone,
        "answer": description(three_sentences(m, data["meetings"], data["actions"], names)),
        "raised": raised_of(raised, names) if raised else None,
        "council_conclusion": conclusion(m, resolved, names),
        **onward(m, names),
        "options_version": (marks.last(m.get("OptionsFrozen")) or {}).get("options_version"),
        "criteria": [c["text"] for c in m.get("CriterionAdopted", ())],
        "options": options(m, names),
        **evidence(m, names),
        "opinions": opinions(m),
        "meetings": [meeting_of(meeting, m, names) for meeting in data["meetings"]],
        **dissents(m, names),
        "actions": [_action(a, names) for a in data["actions"]],
        "changes": changes_of(m, names),
        "steps": key_steps(way, names),
        "completeness": completeness(way["completeness"]),
        "trail_url": trail_url(entity),
        "papers": paper_links.of_matter(entity),
        "not_recorded": gaps(way["not_recorded"]),
        "formats": {"prov": prov_url(entity)},
    }


def _resolutions(m: Json, meetings: list[Json], type_: str = "ResolutionTaken") -> list[Json]:
    """The resolutions on this matter, of whatever meeting."""
    return [
        {**r, "meeting_id": meeting["meeting_id"]}
        for meeting in meetings
        for r in meeting.get(type_, ())
        if m["matter_id"] in (r.get("matter_id"), *(r.get("matter_ids") or ()))
    ]


def raised_of(raised: Json, names: Names) -> Json:
    return {
        "by_label": names.party(raised.get("raised_by"), raised["said"]["role"]),
        "reason": raised["said"]["reason"],
        "remit": names.citation(raised["remit"]) or raised["practice"],
        "wanted_label": wording.value("wanted", raised["wanted"]) if raised["wanted"] else None,
        "raised_from": names.links(raised["raised_from"]),
        **marks.dated(raised["said"], names),
    }


def meeting_of(meeting: Json, m: Json, names: Names) -> Json:
    """What a meeting did with this matter."""
    items = {item["item_id"] for item in items_of(meeting, m)}

    def about(name: str) -> list[Json]:
        return [e for e in meeting.get(name, ()) if e.get("item_id") in items and "closed" not in e]

    resolution = marks.last(_resolutions(m, [meeting]))
    carried = marks.last(about("ItemCarriedOver"))
    report = marks.last(_resolutions(m, [meeting], "ResolutionReported"))
    return {
        "title": title_of(meeting, names),
        "url": names.url(meeting["meeting_id"]),
        "date": when(meeting),
        "method_label": wording.value("method", resolution["method"])
        if resolution
        else reported.method_label(report),
        "result_label": reported.result_label(report)
        if report and not resolution
        else _result(resolution, carried),
        "recusals": [wording.value("reason_class", e["reason_class"]) for e in about("RecusalDeclared")],
        "carried_over": carried["reason"] if carried else None,
        "quorum": quorum(standing(resolution), resolution["recused"])
        if resolution
        else quorum(standing(marks.last(meeting.get("MeetingOpened")))),
        "tally": tally(resolution) if resolution else None,
    }


def _result(resolution: Json | None, carried: Json | None) -> str | None:
    if resolution is not None:
        return wording.value("result", resolution["result"])
    return tr("継続", "carried over") if carried is not None else None


def _action(a: Json, names: Names) -> Json:
    first = marks.first(a["ledger"])
    label, _ = wording.state("PlanAction", a["state"])
    return {
        "title": names.label(a["id"]),
        "url": names.url(a["id"]),
        "fiscal_year_label": marks.fiscal_year(first["fiscal_year"]) if first else None,
        "budget": marks.money(first["initial_yen"]) if first else None,
        "state_label": label,
    }


def changes_of(m: Json, names: Names) -> list[Json]:
    """What replaced or ended it since."""
    unsaid = tr("理由の記録なし", "reason not recorded")
    entries: list[Any] = [
        {
            "label": names.label(e["superseded_by"]),
            "url": names.url(e["superseded_by"]),
            "relation_label": tr("変更後の案件", "superseded by"),
        }
        for e in m.get("MatterSuperseded", ())
    ]
    for name, words in (
        ("MatterRescinded", ("廃止", "rescinded")),
        ("MatterWithdrawn", ("取り下げ", "withdrawn")),
    ):
        entries += [
            {
                "label": e["said"]["reason"] or unsaid,
                "url": None,
                "relation_label": tr(*words),
            }
            for e in m.get(name, ())
        ]
    return entries


def register(blueprint: Blueprint) -> None:
    Page("/matters", "matter/matters.html", "matters", read_list, show_list).register(blueprint)

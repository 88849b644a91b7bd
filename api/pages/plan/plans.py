"""The promotion plan 協働推進計画 and the working groups グループ, from what their trails tell."""

from __future__ import annotations

import datetime as dt
from urllib.parse import quote

import sqlalchemy as sa
from flask import Blueprint

from api.http.clock import today
from api.http.language import href, tr
from api.pages.parts import marks
from api.pages.parts.names import Names, trail_url
from api.pages.parts.serving import Page
from api.pages.parts.steps import steps
from api.pages.parts.trails import fact_of, gaps, own_steps, prov_url
from api.reads.as_of import day_shown, moment
from api.reads.group_members import as_seen
from api.reads.reading import is_staff
from api.words import wording
from domain.kernel.record import KINDS
from domain.kernel.refusals import UNKNOWN_ID
from projections.answers.comment_periods import open_period
from projections.answers.in_force import plan_state_on
from projections.answers.reach import around
from projections.answers.trail import trail
from projections.engine.event_json import Json
from projections.views.council import group_register
from projections.views.matter.decision_trail import links_of_thing, links_of_things, things

MOST_MEMBERS = 500


def read_plan(connection: sa.Connection, entity: str) -> Json:
    period = None if moment().is_past else open_period(connection, entity, today())
    return {
        "trail": _trail(connection, "PromotionPlan", entity),
        "actions": _actions(connection, entity),
        "comment_until": period.last_day.isoformat() if period is not None else None,
    }


def read_group(connection: sa.Connection, entity: str) -> Json:
    way = _trail(connection, "WorkingGroup", entity)
    listed = list(connection.execute(group_register.members(entity).limit(MOST_MEMBERS)))
    return {"trail": way, "members": as_seen(connection, entity, listed)}


def _trail(connection: sa.Connection, kind: str, entity: str) -> Json:
    known = around(connection, entity).things.get(entity)
    if known is None or known["kind"] != kind or known["entity"] != entity:
        raise UNKNOWN_ID(kind=KINDS[kind].LABEL[0], kind_en=KINDS[kind].LABEL[1], id=entity)
    return trail(connection, entity, staff=is_staff())


def _actions(connection: sa.Connection, plan: str) -> list[Json]:
    """Actions that realise the plan: by their own word, or because a claim about the plan is about them."""
    titles: dict[str, str] = {}
    of_plan = links_of_thing(connection, plan)
    parts = things(connection, [link.from_id for link in of_plan])
    measures = [i for i, row in parts.items() if row["entity"] == plan]
    links = {plan: of_plan, **links_of_things(connection, measures)}
    to = [link for start in [plan, *measures] for link in links[start] if link.to_id == start]
    claims = links_of_things(connection, [link.from_id for link in to if link.relation == "says_about"])
    for link in to:
        if link.relation == "realises":
            titles.setdefault(link.from_id, link.made["certainty"])
        if link.relation == "says_about":
            for meant in claims[link.from_id]:
                if meant.from_id == link.from_id and meant.relation == "identifies":
                    titles.setdefault(meant.to_id, meant.made["certainty"])
    return [{"id": action, "certainty": certainty} for action, certainty in titles.items()]


# -- the plan


def show_plan(data: Json, names: Names) -> Json:
    way = data["trail"]
    entity = way["subject"]["id"]
    made = marks.first(own_steps(way, "PlanFormulated", "PlanFormulationStarted", "PlanPublished"))
    facts = {name: value for e in own_steps(way) for name, value in (e["data"] or {}).items() if value}
    approved = marks.last(own_steps(way, "PlanApprovedByCity"))
    return {
        "title": names.label(entity),
        "state_label": _state_on(way, facts, day_shown()) or _plan_state(way),
        "formulated": marks.date(made["effective"]) if made else None,
        "formulated_with": names.links(facts.get("formulated_with")) or _council(facts, names),
        "period_label": _period(facts),
        "approved_label": _approved(approved, facts),
        "document_no": (approved["data"] or {}).get("document_no") if approved else facts.get("document_no"),
        **(fact_of(made, names) if made else marks.UNMARKED),
        "measures": [_measure(e, way, names) for e in own_steps(way, "MeasureStated")],
        "actions": [{**(names.link(a["id"]) or {}), "certainty": a["certainty"]} for a in data["actions"]],
        "steps": steps(own_steps(way), way["links"], names, page_of=entity),
        "trail_url": trail_url(entity),
        "not_recorded": gaps(way["not_recorded"]),
        "commenting": _commenting(entity, data["comment_until"]),
        "formats": {"prov": prov_url(entity)},
    }


def _commenting(entity: str, until: str | None) -> Json | None:
    """Where anybody may comment on the draft, and until when; None while nobody is asked."""
    if until is None:
        return None
    return {"url": href(f"/plans/{quote(entity)}/comment"), "until": marks.day(until)}


_DATED_STATES = {"PlanPublished": "in_force", "PlanRevised": "revised", "PlanSuperseded": "superseded"}


def _state_on(way: Json, facts: Json, on: dt.date) -> str | None:
    """The state of a published plan on a day; None of a plan that is being made, or is known to exist."""
    course = own_steps(way, *_DATED_STATES)
    if not course:
        return None
    replaced = marks.last([e for e in course if e["type"] == "PlanSuperseded"])
    state = plan_state_on(
        _DATED_STATES[course[-1]["type"]],
        (facts.get("period_from_fy"), facts.get("period_to_fy")),
        ((replaced or {}).get("data") or {}).get("from_fy"),
        on,
    )
    return wording.state("PromotionPlan", state)[0]


def _plan_state(way: Json) -> str:
    newest = marks.last([e for e in own_steps(way) if e["type"] != "MeasureStated"])
    label: str = (
        tr(newest["label"]["ja"], newest["label"]["en"]) if newest else tr("記録なし", "not recorded")
    )
    guessed = newest is not None and newest["certainty"] == "inferred"
    return label + tr("（推定）", " (inferred)") if guessed else label


def _council(facts: Json, names: Names) -> list[Json]:
    return names.links([facts["council_id"]] if facts.get("council_id") else [])


def _period(facts: Json) -> str | None:
    first, last = marks.fiscal_year(facts.get("period_from_fy")), marks.fiscal_year(facts.get("period_to_fy"))
    if first is None:
        return None
    return tr(f"{first}〜{last or ''}", f"{first} to {last}" if last else f"from {first}")


def _approved(approved: Json | None, facts: Json) -> str | None:
    if approved is None:
        return facts.get("approved_by")
    when = (marks.date(approved["effective"]) or {})["label"]
    return wording.listed([wording.value("authority", (approved["data"] or {}).get("authority")), when])


def _measure(e: Json, way: Json, names: Names) -> Json:
    data = e["data"] or {}
    item = data.get("art16_item")
    return {
        "anchor": e["subject"],
        "text": data.get("text_ja"),
        "aim": data.get("aim_ja"),
        "art16": {"label": tr(f"第{item}号", f"item {item}"), "url": None} if item else None,
        "date": marks.date(e["effective"]),
        "note": marks.note(e),
        "links": [
            {
                "label": names.label(link["from"]["id"]),
                "url": names.url(link["from"]["id"]),
                "relation_label": wording.relation(link["relation"], forward=True),
                "direction": "forward",
                "certainty": link["made"]["certainty"],
                "withdrawn": link["withdrawn"] is not None,
            }
            for link in way["links"]
            if link["to"]["id"] == e["subject"]
        ],
        **fact_of(e, names),
    }


# -- a group


def show_group(data: Json, names: Names) -> Json:
    way = data["trail"]
    entity = way["subject"]["id"]
    formed = own_steps(way, "GroupFormed")[0]
    formation = formed["data"] or {}
    about = [formation.get("study_id"), formation.get("matter_id"), formation.get("purpose_refers_to")]
    return {
        "title": names.label(entity),
        "kind_label": wording.value("kind", formation.get("kind")),
        "state_label": _group_state(way),
        "council": names.link(formation.get("council_id")),
        "formed": marks.date(formed["effective"]),
        "purpose": formation.get("purpose_ja"),
        **fact_of(formed, names),
        "members_label": _members(data["members"], formation),
        "members": [_member(row, names) for row in data["members"]],
        "responsibilities": _responsibilities(way),
        "about": names.links([*filter(None, about), *(formation.get("action_ids") or ())]),
        "steps": steps(own_steps(way), way["links"], names, page_of=entity),
        "trail_url": trail_url(entity),
        "not_recorded": gaps(way["not_recorded"]),
        "formats": {"prov": prov_url(entity)},
    }


def _group_state(way: Json) -> str:
    labels = {
        "GroupFormed": ("設置", "formed"),
        "GroupActivated": ("活動中", "active"),
        "GroupReported": ("報告済み", "reported"),
        "GroupDissolved": ("解散", "dissolved"),
    }
    newest = own_steps(way, *labels)[-1]
    return tr(*labels[newest["type"]])


def _members(listed: list[Json], formed: Json) -> str | None:
    """How many members there are now, named or not."""
    count = sum(bool(row["is_member"]) for row in listed) or formed.get("members")
    return tr(f"{count}人", f"{count}") if count else None


def _member(row: Json, names: Names) -> Json:
    """A member by name where it may be known, else by the kind of seat."""
    course = [e for e in row.get("course") or () if "said" in e]
    joined, left = marks.first(course), marks.last(course) if not row["is_member"] else None
    named = marks.last([e["role_label"] for e in course if e.get("role_label")])
    category = row.get("category")
    return {
        "name": row.get("name") or tr("（氏名は公開していません）", "(name not public)"),
        "role_label": named or wording.value("group_role", row["role"]),
        "category_label": wording.value("category", category) if category else None,
        "since": marks.date(joined["said"]["effective"]) if joined else None,
        "until": marks.date(left["said"]["effective"]) if left else None,
        "is_member": bool(row["is_member"]),
    }


def _responsibilities(way: Json) -> list[Json]:
    discharged = [e["data"] or {} for e in own_steps(way, "ResponsibilityDischarged")]
    done = {responsibility.get("responsibility_id") for responsibility in discharged} - {None}
    taken = [e["data"] or {} for e in own_steps(way, "ResponsibilityTaken")]
    return [
        {
            "duty": responsibility.get("duty") or tr("非公開", "not public"),
            "holder_label": tr("委員", "a member"),
            "state_label": tr("完了", "done")
            if responsibility.get("responsibility_id") in done
            else tr("担当中", "in hand"),
        }
        for responsibility in taken
    ]


def register(blueprint: Blueprint) -> None:
    Page("/plans/<entity>", "plan/plan.html", "", read_plan, show_plan).register(blueprint)
    Page("/groups/<entity>", "council/group.html", "council", read_group, show_group, whole=False).register(
        blueprint
    )

"""One action 事業: why it exists, its money and phases year by year, what was done, what is not recorded."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from api.http.language import tr
from api.pages.parts import marks
from api.pages.parts.ledger import course_of, phases, sums, total
from api.pages.parts.names import Names, trail_url
from api.pages.parts.serving import one, rows
from api.pages.parts.trails import gaps, prov_url
from api.pages.plan.sheets import sheets_of, show_sheets
from api.reads.collections import cut_all
from api.reads.reading import is_staff
from api.words import wording
from domain.plan_action.aggregate import PlanAction
from projections.answers.labels import document
from projections.answers.ledger import ledger_of, open_lines
from projections.answers.reach import around
from projections.answers.trail import account_of
from projections.engine.event_json import Json
from projections.views.matter import issue_board
from projections.views.matter.decision_trail import things


def read_action(connection: sa.Connection, entity: str) -> Json:
    around(connection, entity)  # first: so all that is near it is asked together whether it is closed
    action = one(connection, "actions", entity)
    budget_lines = list(open_lines(connection, action_id=entity, staff=is_staff()))
    stream = PlanAction.stream_for(entity)
    seen = cut_all(connection, ((document(row.said), stream) for row, _ in budget_lines))
    return {
        "action": action,
        "ledger": ledger_of(connection, action_id=entity, staff=is_staff()),
        "entries": [
            {**_entry(row, why is not None), **{name: shown.get(name) for name in _GRANTED}}
            for (row, why), shown in zip(budget_lines, seen, strict=True)
        ],
        "follow_ups": _follow_ups(connection, entity),
        "sheets": sheets_of(connection, entity),
        "not_recorded": account_of(connection, entity)["not_recorded"],
    }


_GRANTED = ("line", "funded_by", "granted_by")
"""Where the money stands in the accounts, whence it comes, and by which vote."""


def _entry(row: sa.Row[Any], is_closed: bool) -> Json:
    """A line of the ledger; one that is closed to the reader without its amounts and its number."""
    whole = document(row.said)
    names_shown = ("fiscal_year", "kind", "stated_unit", "position")
    return {
        **{name: getattr(row, name) for name in names_shown},
        "yen": None if is_closed else row.yen,
        "stated_amount": None if is_closed else row.stated_amount,
        "carried_out_yen": None if is_closed else whole.get("carried_out_yen"),
        "provisional": whole.get("provisional"),
        "said": {**whole["said"], "document_no": None} if is_closed else whole["said"],
    }


def _follow_ups(connection: sa.Connection, entity: str) -> list[Json]:
    """What is planned about it: the follow-ups that speak of it."""
    reached = around(connection, entity)
    speaking = {link.from_id for link in reached.links if link.to_id == entity}
    claims = {i for i, row in things(connection, speaking).items() if row["kind"] == "Reflection"}
    table = issue_board.issue.table
    chosen = issue_board.issues(category=issue_board.FOLLOW_UP).where(table.c.issue_id.in_(sorted(claims)))
    issues = rows(connection, "issues", connection.execute(chosen))
    return [{"id": row["issue_id"], **row} for row in issues]


def show_action(data: Json, names: Names) -> Json:
    action = data["action"]
    entity, origin, course = action["action_id"], action["origin"], action["course"]
    label, tone = wording.state("PlanAction", action["state"])
    return {
        "title": names.label(entity),
        "state_label": label,
        "tone": tone,
        "first_budget": _first_budget(data),
        "measure": names.link(origin.get("measure_id")),
        "art16": _art16(origin),
        "matter": names.link(_matter(origin, course)),
        "owner": names.link(origin.get("owner")),
        **marks.fact(origin["said"], names),
        "cycles": [_cycle(line, data, names) for line in data["ledger"]],
        "activities": [_activity(e, names) for e in course if e["type"] == "ActivityHeld"],
        "materials": [_material(e, names) for e in course if e["type"] == "MaterialProduced"],
        "distributions": [_distribution(e, names) for e in course if e["type"] == "MaterialDistributed"],
        "involvement": [_involved(e, names) for e in course if e["type"] == "CouncilInvolvementRecorded"],
        "follow_ups": [_follow_up(f, names) for f in data["follow_ups"]],
        "sheets": show_sheets(data["sheets"], names),
        "trail_url": trail_url(entity),
        "not_recorded": gaps(data["not_recorded"]),
        "formats": {"prov": prov_url(entity)},
    }


def _first_budget(data: Json) -> Json | None:
    first = marks.first([e for e in data["entries"] if e["kind"] == "initial"])
    if first is None:
        return None
    return {"fiscal_year_label": marks.fiscal_year(first["fiscal_year"]), "money": _money(first)}


def _money(e: Json) -> Json | None:
    return marks.money(e["yen"], e["stated_amount"], e["stated_unit"])


def _art16(origin: Json) -> Json | None:
    item = origin.get("art16_item")
    return {"label": tr(f"第{item}号", f"item {item}"), "url": None} if item else None


def _matter(origin: Json, course: list[Json]) -> str | None:
    """The matter that adopted it, else the one it was proposed after."""
    adopted = [e.get("matter_id") for e in course if e["type"] == "ActionAdopted"]
    named = [*adopted, origin.get("adopted_by"), origin.get("matter_id")]
    return next((matter for matter in named if matter), None)


def _cycle(line: Json, data: Json, names: Names) -> Json:
    year = line["fiscal_year"]
    course = course_of(data["action"], year)
    entries = [e for e in data["entries"] if e["fiscal_year"] == year]
    budget, spent = total(e for e in entries if e["kind"] != "spent"), line["spent_yen"]
    settled = marks.last([e for e in entries if e["kind"] == "spent"])
    carried = settled["carried_out_yen"] if settled else None
    planned = marks.last([e for e in course if e["type"] == "CyclePlanned"])
    evaluated = marks.last([e for e in course if e["type"] == "CycleEvaluated"])
    improved = marks.last([e for e in course if e["type"] == "ImprovementDecided"])
    return {
        "fiscal_year_label": marks.fiscal_year(year),
        "phases": phases(course),
        **sums([line]),
        "carried_out": marks.money(carried),
        "unused": _unused(budget, spent, carried),
        "rate_label": _rate(spent, budget),
        "entries": [_budget_entry(e, names) for e in entries],
        "goals": (planned["goals"] or []) if planned else [],
        "evaluation_label": _evaluation(evaluated),
        "improvement": improved["text"] if improved else None,
    }


def _unused(budget: Json | None, spent: int | None, carried: int | None) -> Json | None:
    """不用額 = current budget - (spent + carried out) (O30)."""
    if budget is None or spent is None or carried is None:
        return None
    return marks.money(budget["yen"] - spent - carried)


def _rate(spent: int | None, budget: Json | None) -> str | None:
    """執行率 = spent / current budget, in percent to one decimal (O30)."""
    if spent is None or not budget or budget["yen"] <= 0:
        return None
    tenths = (spent * 2000 + budget["yen"]) // (2 * budget["yen"])
    return f"{tenths // 10}.{tenths % 10}%"


def _budget_entry(e: Json, names: Names) -> Json:
    return {
        "kind_label": _budget_kind(e),
        "money": _money(e),
        "document_no": e["said"]["document_no"],
        "account_label": "・".join(filter(None, (e["line"] or {}).values())) or None,
        "funded_by": e["funded_by"],
        "vote_label": _vote(e["granted_by"]),
        **marks.dated(e["said"], names),
    }


def _vote(vote: Json | None) -> str | None:
    """The bill by which the assembly granted it, in which session, and when."""
    if not vote:
        return None
    on = marks.date(vote.get("on"))
    return wording.listed(
        [part for part in (vote.get("bill"), vote.get("session"), (on or {}).get("label")) if part]
    )


def _budget_kind(e: Json) -> str:
    kind = wording.value("kind", e["kind"])
    return kind + tr("（暫定）", " (provisional)") if e["provisional"] else kind


def _evaluation(evaluated: Json | None) -> str | None:
    if evaluated is None:
        return None
    return evaluated.get("reason_without_sheet") or tr("評価シートによる", "on an evaluation sheet")


def _activity(e: Json, names: Names) -> Json:
    return {
        "kind_label": wording.value("kind", e["kind"]),
        "title": e["title_ja"] or wording.value("kind", e["kind"]),
        "place": e["place"],
        "participants": _people(e["participants"]),
        "note": marks.note(e["said"]),
        **marks.dated(e["said"], names),
    }


def _people(count: int | None) -> str | None:
    return None if count is None else tr(f"{count:,}人", f"{count:,}")


def _material(e: Json, names: Names) -> Json:
    return {
        "title": e["item_ja"],
        "note": marks.note(e["said"]),
        "edition": e["edition"],
        "copies": f"{e['copies']:,}" if e["copies"] is not None else None,
        **marks.dated(e["said"], names),
    }


def _distribution(e: Json, names: Names) -> Json:
    return {
        "title": e["item_ja"],
        "note": marks.note(e["said"]),
        "audience_label": wording.value("audience", e["audience"]),
        "channel": e["channel_ja"] or (wording.value("channel", e["channel"]) if e["channel"] else None),
        "recipients_label": e["recipients_label_ja"] or _people(e["recipients"]),
        "copies": f"{e['copies']:,}" if e["copies"] is not None else None,
        **marks.dated(e["said"], names),
    }


def _involved(e: Json, names: Names) -> Json:
    return {
        "phase_label": wording.listed([wording.value("phases", p) for p in e["phases"]]),
        "fiscal_year_label": marks.fiscal_year(e["fiscal_year"]),
        "text": e["depth_ja"] or e["form"],
        **marks.fact(e["said"], names),
    }


def _follow_up(f: Json, names: Names) -> Json:
    return {
        "text": f["text_ja"],
        "commitment": f["commitment"],
        "commitment_label": wording.value("commitment", f["commitment"]),
        "url": names.url(f["id"]),
    }

"""What changed in the record 記録の変更: between two days of recording, by whom, and why (S20)."""

from __future__ import annotations

import datetime as dt
from typing import Any, get_args

import sqlalchemy as sa

from domain.kernel.correction_events import RecordCorrected
from projections.answers.labels import as_read
from projections.engine.event_json import Json, bilingual
from projections.engine.log import events_at
from projections.questions.entries import day_json
from projections.questions.question import Answer, Ask, question
from projections.views.matter import decision_trail
from projections.views.record import change_register
from projections.views.record.change_register import LATE_AFTER_DAYS, Act

MOST_LATE = 100
"""So many late entries are listed; how many there are is told in any case."""

ACTS: dict[Act, tuple[str, str]] = {
    "correction": ("訂正", "correction"),
    "correction_proposed": ("承認されていない訂正の提案", "correction proposed, not approved"),
    "redaction": ("非公開・公開範囲の変更", "redaction or change of disclosure"),
    "supersession": ("変更・廃止", "supersession"),
    "revision": ("改訂・つながりの取消し", "revision, link withdrawn"),
    "late": ("後からの記録", "late entry"),
}


@question(
    "S20",
    ja="先月から記録の何が変わったか。だれが何を訂正したか",
    en="What changed in the record since last month, and who corrected what?",
)
def what_changed(ask: Ask, *, since: dt.date | None = None, until: dt.date | None = None) -> Answer:
    """Between two days of recording (by default the last 31 days): corrections with what stood before and
    after, the reason, who proposed and who approved; redactions; supersessions; revisions; and what was
    recorded long after it took effect."""
    last = until or ask.today
    first = since or last - dt.timedelta(days=31)
    table = change_register.change.table
    within = change_register.recorded_between(first, last)
    counted = sa.select(table.c.act, sa.func.count()).where(within).group_by(table.c.act)
    counts = {str(row[0]): int(row[1]) for row in ask.connection.execute(counted)}
    chosen = sa.select(table).where(within).order_by(table.c.position)
    changed = _rows(ask, chosen.where(table.c.act != "late"))
    proposed = [row for row in changed if row["act"] == "correction_proposed"]
    made = _approved(ask, {row["entity"] for row in proposed})
    approved = {row["position"] for row in proposed if _named(row) in made}
    counts["correction_proposed"] = len(proposed) - len(approved)
    listed_changes = [
        *(row for row in changed if row["position"] not in approved),
        *_rows(ask, chosen.where(table.c.act == "late").limit(MOST_LATE)),
    ]
    names = decision_trail.things(ask.connection, {row["subject"] for row in listed_changes})
    changes = [_change(row, names) for row in listed_changes]
    return Answer(
        says=_in_words(first, last, counts),
        answer={
            "since": first.isoformat(),
            "until": last.isoformat(),
            "counts": {act: counts.get(act, 0) for act in get_args(Act)},
            "late_means_days": LATE_AFTER_DAYS,
            **{_PLACE[act]: [c for c in changes if c["act"] == act] for act in get_args(Act)},
        },
        events=events_at(ask.connection, sorted(row["position"] for row in listed_changes)),
        unknown=[gap for row in listed_changes for gap in _unknown(row, names)],
    )


_PLACE: dict[Act, str] = {
    "correction": "corrections",
    "correction_proposed": "corrections_not_made",
    "redaction": "redactions",
    "supersession": "supersessions",
    "revision": "revisions",
    "late": "late_entries",
}


def _named(row: Json) -> tuple[str, str]:
    return row["entity"], row["doc"]["correction_id"]


def _approved(ask: Ask, entities: set[str]) -> set[tuple[str, str]]:
    """The corrections of these things that were approved: what was proposed was made."""
    table = change_register.change.table
    chosen = sa.select(table).where(
        table.c.entity.in_(sorted(entities)), table.c.type == RecordCorrected.__name__
    )
    return {_named(row) for row in _rows(ask, chosen)} if entities else set()


def _rows(ask: Ask, chosen: sa.Select[Any]) -> list[Json]:
    return [as_read(change_register.change, tuple(row)) for row in ask.connection.execute(chosen)]


def _change(row: Json, names: dict[str, Json]) -> Json:
    doc, known = row["doc"], names.get(row["subject"])
    shown = {
        "act": row["act"],
        "act_label": bilingual(*ACTS[row["act"]]),
        "type": row["type"],
        "thing": row["subject"],
        "title": known["title"] if known else None,
        "recorded_at": row["recorded_at"],
        "days_behind": row["days_behind"],
        "position": row["position"],
    }
    if doc is None:
        return shown
    return {
        **shown,
        "target_event": doc.get("target_event"),
        "changes": _before_and_after(doc),
        "reason": doc["said"]["reason"],
        "role": doc["said"]["role"],
        "proposed_by": doc.get("proposed_by"),
        "approved_by": doc.get("approved_by"),
        "replaced_by": doc.get("superseded_by"),
    }


def _before_and_after(doc: Json) -> list[Json]:
    """What stood there, and what stands there now: of one field, of several, or of who may see it."""
    if doc.get("changes") is not None:
        return list(doc["changes"])
    if doc.get("field") is not None:
        return [{"field": doc["field"], "before": doc["before"], "after": doc["after"]}]
    if doc.get("previous") is not None:
        return [{"field": "disclosure", "before": doc["previous"], "after": doc["to"]}]
    if doc.get("redacted") is not None:
        fields = doc.get("fields") or [None]
        return [{"field": name, "before": None, "after": doc["redacted"]} for name in fields]
    return []


def _in_words(first: dt.date, last: dt.date, counts: dict[str, int]) -> tuple[str, str]:
    acts = get_args(Act)
    ja = "、".join(f"{ACTS[act][0]}{counts.get(act, 0)}件" for act in acts)
    en = ", ".join(f"{ACTS[act][1]} {counts.get(act, 0)}" for act in acts)
    return (
        f"{day_json(first)['ja']}から{day_json(last)['ja']}までに記録された変更は、{ja}。",
        f"Recorded from {day_json(first)['en']} to {day_json(last)['en']}: {en}.",
    )


def _unknown(row: Json, names: dict[str, Json]) -> list[tuple[str, str]]:
    doc = row["doc"]
    if doc is None or doc["said"]["reason"] is not None:
        return []
    title = (names.get(row["subject"]) or {}).get("title")
    ja, en = ACTS[row["act"]]
    if title is None:
        return [(f"「{ja}」の理由", f"the reason of a change: {en}")]
    return [(f"「{title}」の変更の理由", f"why “{title}” was changed")]

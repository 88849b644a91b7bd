"""Questions about public comment パブリックコメント: what became of one (S10), and of all of them (P6).

Nothing here tells who commented: no view holds it.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import sqlalchemy as sa

from domain.kernel.refusals import UNKNOWN_ID
from domain.values.calendar import EffectiveDate
from domain.values.fields import Id
from projections.answers.labels import date_json
from projections.engine.event_json import Json, bilingual
from projections.questions.entries import cited, rows
from projections.questions.plans import plans_seen, seen_by
from projections.questions.question import Answer, Ask, question
from projections.views.plan import plan_progress

DISPOSITIONS: dict[str, tuple[str, str]] = {
    "reflected": ("反映", "reflected"),
    "already_included": ("盛り込み済み", "already included"),
    "for_reference": ("参考", "for reference"),
    "not_adopted": ("対応できない", "not adopted"),
}
MOST_REPLIES = 200


@question("S10", ja="この意見はどう扱われたか", en="What became of public comment n?")
def what_became_of_a_comment(ask: Ask, *, plan_id: Id, comment_id: Id) -> Answer:
    """What the city made of a comment: disposition, reply, the exact change of the draft, and earlier
    dispositions that this one replaced. Who commented is not in the answer."""
    ask.must_know(plan_id, "PromotionPlan")
    table = plan_progress.comment
    chosen = plan_progress.comments(plan_id).where(table.table.c.comment_id == comment_id)
    comments = rows(ask, table, chosen)
    if not comments:
        raise UNKNOWN_ID(kind="意見", kind_en="comment", id=comment_id).at("/comment_id")
    row = comments[0]
    received, disposed = row["doc"]["received"], row["doc"]["disposed"]
    words = DISPOSITIONS.get(row["disposition"] or "")
    nth = _place(ask, row)
    return Answer(
        says=(
            f"{nth}番目の意見への対応: {words[0] if words else '記録なし'}。",
            f"Comment no. {nth}: {words[1] if words else 'nothing on record'}.",
        ),
        answer={
            **_reply(row),
            "received": received["said"]["effective"],
            "channel": received["channel"],
            "text_ref": received["text_ref"],
            "replaced": [_disposal(entry) for entry in disposed[:-1]],
        },
        events=cited(ask, [received, *disposed]),
        unknown=list(_unknown_of_comment(row, nth)),
    )


def _place(ask: Ask, row: Json) -> int:
    """The how manieth comment on its plan it is, in the order in which they came in."""
    table = plan_progress.comment.table
    before = sa.and_(table.c.plan_id == row["plan_id"], table.c.position <= row["position"])
    return ask.connection.scalar(sa.select(sa.func.count()).select_from(table).where(before)) or 1


def _reply(row: Json) -> Json:
    return {
        "comment_id": row["comment_id"],
        "disposition": row["disposition"],
        "disposition_label": _label(row["disposition"]),
        "reply": row["reply"],
        "draft_change": row["draft_change"],
    }


def _disposal(entry: Json) -> Json:
    return {
        "disposition": entry["disposition"],
        "disposition_label": _label(entry["disposition"]),
        "reply": entry["reply"],
        "draft_change": entry["draft_change"],
        "effective": entry["said"]["effective"],
    }


def _label(disposition: str | None) -> Json | None:
    return bilingual(*DISPOSITIONS[disposition]) if disposition is not None else None


def _unknown_of_comment(row: Json, nth: int) -> Iterator[tuple[str, str]]:
    if row["disposition"] is None:
        yield f"{nth}番目の意見への対応", f"what became of comment no. {nth}"
    elif row["reply"] is None:
        yield f"{nth}番目の意見への回答", f"a reply to comment no. {nth}"
    if row["disposition"] == "reflected" and row["draft_change"] is None:
        yield f"{nth}番目の意見による案の変更箇所", f"what comment no. {nth} changed in the draft"


@question("P6", ja="私たちの意見はどうなったか", en="What became of our opinions?")
def what_became_of_our_opinions(ask: Ask, *, plan_id: Id | None = None) -> Answer:
    """For each plan on which the public was asked: when, how many people commented how often, how many
    comments met with which disposition, and the replies (the first 200). Without ``plan_id``: every plan."""
    calls = [_asked(ask, row) for row in plans_seen(ask, plan_id) if row["doc"]["public_comment"]]
    received = sum(plan["counts"]["received"] for plan in calls)
    answered = received - sum(plan["counts"]["open"] for plan in calls)
    says = (
        (
            f"意見募集{len(calls)}回、意見{received}件のうち{answered}件に対応の記録があります。",
            f"{len(calls)} public comment(s); of {received} comments {answered} have an answer on record.",
        )
        if calls
        else ("意見募集は記録されていません。", "No public comment is on record.")
    )
    unknown = [gap for plan in calls for gap in plan.pop("unknown")]
    return Answer(
        says=says,
        answer={"plans": calls},
        events=[e for plan in calls for e in plan.pop("events")],
        unknown=unknown or ([] if calls else [("意見募集の記録", "any public comment on a plan")]),
    )


def _asked(ask: Ask, plan: Json) -> Json:
    doc, plan_id = plan["doc"], plan["plan_id"]
    chosen = plan_progress.comments(plan_id).limit(MOST_REPLIES)
    comments = [seen_by(ask, plan_id, row) for row in rows(ask, plan_progress.comment, chosen)]
    counts = plan_progress.comment_counts(ask.connection, plan_id)
    result = doc["comment_results"][-1] if doc["comment_results"] else None
    return {
        "plan_id": plan_id,
        "title": plan["title"],
        "windows": [
            {
                "from": _day(window.get("from_date")),
                "to": _day(window.get("to_date")),
                "channels": window.get("channels"),
            }
            for window in doc["public_comment"]
        ],
        "people": result.get("persons") if result else None,
        "counts": counts,
        "labels": {name: bilingual(*words) for name, words in DISPOSITIONS.items()},
        "result_published": result["said"]["effective"] if result else None,
        "replies": [_reply(row) for row in comments if row.get("disposition") is not None],
        "more": counts["received"] > MOST_REPLIES,
        "events": cited(ask, [*doc["public_comment"], *doc["comment_results"]]),
        "unknown": list(_unknown_of_asking(plan, result, counts)),
    }


def _day(stated: Json | None) -> Json | None:
    """A day as it prints; None where it is closed."""
    return date_json(msgspec.convert(stated, EffectiveDate).check()) if stated and "value" in stated else None


def _unknown_of_asking(plan: Json, result: Json | None, counts: Json) -> Iterator[tuple[str, str]]:
    title = plan["title"] or plan["plan_id"]
    if result is None:
        yield f"「{title}」の意見募集の結果の公表", f"the published result of the comments on “{title}”"
    if result is None or result.get("persons") is None:
        yield f"「{title}」に意見を出した人数", f"how many people commented on “{title}”"
    if counts["open"]:
        yield f"意見{counts['open']}件への対応", f"what becomes of {counts['open']} comments"

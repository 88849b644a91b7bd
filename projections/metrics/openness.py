"""Metrics of openness: who may come and see, and how soon one can read of it (M14, M15)."""

from __future__ import annotations

from collections import Counter

from domain.values.disclosure import GROUNDS, Ground
from domain.values.refusal import Language
from projections.engine.event_json import Json
from projections.metrics import formulas
from projections.metrics.inputs import Counted
from projections.metrics.metric import Figure, Scope, metric


@metric(
    "M14",
    ja="公開率",
    en="Openness",
    says=(
        "開かれた会議のうち、全部が公開された会議の割合です。",
        "Meetings that were open to the public from beginning to end, of those held.",
    ),
)
def openness(scope: Scope) -> Figure:
    held = [m["doc"] for m in scope.counted.held]
    known = [doc for doc in held if doc["publicity"] is not None]
    fully = [doc for doc in known if doc["publicity"] == "open" and not doc["closed_items"]]
    watched = [
        doc["observers"] for doc in known if doc["publicity"] == "open" and doc["observers"] is not None
    ]
    watching = sum(watched) if watched else None
    closed = Counter(ground for doc in held for ground in doc["closed_items"].values())
    return Figure.share(
        len(fully) if known else None,
        len(known) or None,
        known=len(known),
        of=len(held),
        note=(
            f"非公開の議題（理由別）: {_by_ground(closed, 'ja')}。",
            f"Items closed, by ground: {_by_ground(closed, 'en')}.",
        ),
        parts=(
            (
                "observers",
                ("公開の会議1回あたりの傍聴者", "Observers per open meeting"),
                Figure(
                    formulas.mean(watched),
                    "people",
                    watching,
                    len(watched) or None,
                    people=watching,
                    known=len(watched),
                    of=sum(doc["publicity"] == "open" for doc in known),
                ),
            ),
        ),
    )


def _by_ground(closed: Counter[Ground], lang: Language) -> str:
    """How many items were closed on each ground, in words."""
    grounds = [f"{GROUNDS[ground][lang == 'en']} {closed[ground]}" for ground in GROUNDS if closed[ground]]
    return ("、" if lang == "ja" else ", ").join(grounds) or ("なし" if lang == "ja" else "none")


@metric(
    "M15",
    ja="会議録の公表までの日数",
    en="Minutes delay",
    says=(
        "閉会から会議録の公表までの日数（中央値）です。",
        "Days from the end of a meeting to the publication of its minutes: the median.",
    ),
)
def minutes_delay(scope: Scope) -> Figure:
    """A meeting whose minutes are overdue is not in time, though it has no number of days yet."""
    held = [m for m in scope.counted.held if m["doc"]["closed_on"]]
    days = [took for m in held if (took := _took(m["doc"])) is not None]
    in_time = [delay for m in held if (delay := _in_time(scope, m)) is not None]
    return Figure(
        formulas.median(days),
        "days",
        known=len(days),
        of=len(held),
        why_null=("公表された会議録の記録がありません。", "No publication of minutes is on record."),
        parts=(
            (
                "on_time",
                ("規則の期限内の割合", "Share in time by the rule"),
                Figure.share(
                    formulas.total(in_time),
                    len(in_time) or None,
                    known=len(in_time),
                    of=len(held),
                    note=(
                        "期限を過ぎた未公表も含みます。",
                        "Those overdue and not published are counted as late.",
                    ),
                    why_null=(
                        "期限の規則の記録がないか、期限前です。",
                        "No rule is on record, or nothing is due yet.",
                    ),
                ),
            ),
        ),
    )


def _took(doc: Json) -> int | None:
    """Days from closing to publication; None while nothing is published."""
    return formulas.days_between(doc["closed_on"], doc["published_on"]) if doc["published_on"] else None


def _in_time(scope: Scope, meeting: Json) -> bool | None:
    """Whether the minutes kept to the rule in force; None without a rule, or while there is still time."""
    due, took = _minutes_due(scope.counted, meeting), _took(meeting["doc"])
    if due is None:
        return None
    if took is not None:
        return took <= due
    waiting = formulas.days_between(meeting["doc"]["closed_on"], scope.today.isoformat())
    return False if waiting > due else None


def _minutes_due(counted: Counted, meeting: Json) -> int | None:
    """Within how many days minutes are due, by the rules in force on the meeting's day."""
    rules = [
        d
        for d in counted.devices
        if d["kind"] == "ProcedureRulesAdopted"
        and d["council_id"] == meeting["council_id"]
        and (d["latest"] or "9999") <= meeting["doc"]["closed_on"]
    ]
    latest = max(rules, key=lambda d: (d["latest"], d["position"]), default=None)
    due: int | None = None if latest is None else latest["doc"]["minutes_due_days"]
    return due

"""What is due 期限: which minutes, entrustments, reviews and promises are overdue (S21)."""

from __future__ import annotations

import datetime as dt

from projections.answers.due import Due, Kind
from projections.answers.due_list import KINDS, as_json, events_of, what_is_due, without_a_day
from projections.questions.entries import day_json
from projections.questions.question import Answer, Ask, question

MOST = 200
"""So many things are listed; how many there are is told in any case."""


@question("S21", ja="期限を過ぎているものは何か", en="Which minutes, entrustments, reviews are overdue?")
def overdue(ask: Ask, *, kind: Kind | None = None, on: dt.date | None = None) -> Answer:
    """What is due, the latest first: its kind, the thing, by which rule, the due date and how many days
    late it is (negative: days left), counted on the day ``on``, today by default. Where no rule or day is on
    record there is no due date: none is invented."""
    day = on or ask.today
    items = what_is_due(ask.connection, day, None if kind is None else [kind])
    late = [due for due in items if (due.days_late(day) or 0) > 0]
    undated = [due for due in items if due.days_late(day) is None]
    listed = items[:MOST]
    return Answer(
        says=(
            f"期限を過ぎたもの{len(late)}件、これから{len(items) - len(late) - len(undated)}件、"
            f"期日の定めがないもの{len(undated)}件（{day_json(day)['ja']}現在）。",
            f"Overdue: {len(late)}; still to come: {len(items) - len(late) - len(undated)}; without a due "
            f"date: {len(undated)} (on {day_json(day)['en']}).",
        ),
        answer={
            "on": day.isoformat(),
            "overdue": len(late),
            "total": len(items),
            "listed": len(listed),
            "by_kind": {name: sum(due.kind == name for due in items) for name in KINDS},
            "items": as_json(ask.connection, listed, day),
        },
        events=events_of(ask.connection, listed),
        unknown=[*rules_unknown(undated), *without_a_day(ask.connection)],
    )


def rules_unknown(undated: list[Due]) -> list[tuple[str, str]]:
    """The rules that are not on record and without which there is no due date, once for each kind."""
    kinds = dict.fromkeys(due.kind for due in undated if not due.known_rule)
    return [
        (f"「{KINDS[kind][0]}」の期限の規則", f"the rule by which this is due: {KINDS[kind][1]}")
        for kind in kinds
    ]

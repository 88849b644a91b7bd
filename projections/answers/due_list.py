"""The list of what is due, in order, for whoever asks: the question S21, the page, the API, the terminal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any, get_args
from urllib.parse import quote

import sqlalchemy as sa

from domain.kernel.events import Recorded
from domain.kernel.record import KINDS as KINDS_ON_RECORD
from projections.answers.due import BASIS, RULES, Due, Kind, Known, due_of
from projections.answers.labels import as_read, date_json
from projections.engine.event_json import Json, bilingual
from projections.engine.log import events_at
from projections.views.matter import decision_trail
from projections.views.record import due_register

KINDS: dict[Kind, tuple[str, str]] = {
    "notice": ("会議の開催通知", "notice of a meeting"),
    "outline": ("会議の概要", "outline of a meeting"),
    "minutes": ("会議録の公表", "publication of minutes"),
    "entrustment": ("座長一任の確定", "wording left to the chair, to be settled"),
    "entrustment_report": ("座長一任の報告", "wording left to the chair, to be reported"),
    "review": ("公開範囲の見直し", "review of a disclosure"),
    "improvement": ("改善への対応", "answer to an improvement"),
    "self_evaluation": ("自己評価の提出", "self-evaluation"),
    "term": ("任期の満了", "end of a term"),
    "appointment": ("委嘱の満了", "end of an appointment"),
    "responsibility": ("引き受けた責任", "responsibility taken"),
    "study": ("検討の報告", "report of a study"),
    "follow_up": ("今後の取り組み", "follow-up"),
    "promise": ("約束した手順", "promised step"),
    "request": ("請求・申出への決定", "decision on a request"),
    "closing": ("安全のための非公開の確認", "confirmation of a closing for safety"),
    "resolution_unconcluded": ("結論のない議決", "resolution without a conclusion"),
    "conclusion_unresolved": ("議決のない結論", "conclusion without a resolution"),
    "sources_disagree": ("出典の矛盾", "sources that disagree"),
}
"""Every kind of thing that may be due, in words."""


_LOOKED_UP: dict[str, Callable[[Json], str]] = {
    "meeting": lambda row: f"council/{row['doc']['MeetingScheduled'][-1]['council_id']}",
    "seat": lambda row: f"council/{row['thing']}",
    "sheet": lambda row: f"action/{row['doc']['SheetOpened'][-1]['action_id']}",
}
"""Which other row the rules for a row look up."""


def what_is_due(
    connection: sa.Connection,
    on: dt.date,
    kinds: Iterable[Kind] | None = None,
    *,
    over_before: bool = False,
) -> list[Due]:
    """Everything due as the record stands, with lateness counted on the day ``on``: the latest first, then
    what has no date, in the order in which it was recorded. ``over_before``: also what was over when an
    import told of it, of which nobody is reminded."""
    wanted = set(get_args(Kind) if kinds is None else kinds)
    of_rows = {row for row, rules in RULES.items() if any(kind in wanted for kind, _ in rules)}
    waiting = _rows(connection, due_register.still_waiting(kinds=of_rows))
    keys = {_LOOKED_UP[row["kind"]](row) for row in waiting if row["kind"] in _LOOKED_UP}
    looked_up = _rows(connection, due_register.rows_with_keys(keys)) if keys else []
    known = Known({row["waits"]: row for row in looked_up})
    items = [due for row in waiting for due in due_of(row, known, wanted) if over_before or not due.was_over]
    return sorted(items, key=lambda due: _rank(due, on))


def _rank(due: Due, on: dt.date) -> tuple[bool, int, int]:
    late = due.days_late(on)
    return late is None, -(late or 0), due.because["said"]["position"]


def _rows(connection: sa.Connection, chosen: sa.Select[Any]) -> list[Json]:
    return [as_read(due_register.waiting, tuple(row)) for row in connection.execute(chosen)]


def as_json(connection: sa.Connection, items: Iterable[Due], on: dt.date) -> list[Json]:
    """What is due as plain data, with the title of the thing and the address of its trail."""
    listed = list(items)
    titles = decision_trail.things(connection, {due.thing for due in listed if due.thing})
    return [_as_json(due, titles.get(due.thing or ""), on) for due in listed]


_PARTS = (
    "responsibility_id",
    "appointment_id",
    "improvement_id",
    "resolution_id",
    "resolution_ref",
    "step_id",
)
"""Fields that tell which part of the thing is meant."""


def _as_json(due: Due, thing: Json | None, on: dt.date) -> Json:
    envelope = due.because["said"]
    collection = KINDS_ON_RECORD[thing["kind"]].COLLECTION if thing else None
    return {
        "kind": due.kind,
        "kind_label": bilingual(*KINDS[due.kind]),
        "thing": due.thing,
        "part": next((due.because[name] for name in _PARTS if due.because.get(name)), None),
        "title": thing["title"] if thing else None,
        "rule": bilingual(*due.rule),
        "rule_url": BASIS[due.kind].address,
        "rule_known": due.known_rule,
        "due": date_json(due.due) if due.due is not None else None,
        "days_late": due.days_late(on),
        "since": envelope["effective"],
        "recorded_at": envelope["recorded_at"],
        "event_id": envelope["event_id"],
        "position": envelope["position"],
        "trail": f"/api/v1/{collection}/{quote(due.thing or '')}/trail" if collection else None,
    }


PROMISED: dict[str, tuple[str, str]] = {
    "duty": ("引き受けた責任", "responsibilities taken"),
    "study": ("検討", "studies"),
    "follow_up": ("今後の取り組み", "follow-ups"),
}
"""Rows that are due on the day somebody stated, if anybody did."""


def without_a_day(connection: sa.Connection) -> list[tuple[str, str]]:
    """What cannot be told to be late because the record has no day or no rule for it: promises without a
    date, and councils without rules of procedure. A sentence each, in both languages."""
    rows = _rows(connection, due_register.still_waiting(kinds=("council", *PROMISED)))
    ruled = [row for row in rows if row["kind"] == "council" and "ProcedureRulesAdopted" not in row["doc"]]
    known = decision_trail.things(connection, {row["thing"] for row in ruled})
    titles = [(known.get(row["thing"]) or {}).get("title") for row in ruled]
    undated = [
        (
            f"「{title or '市民会議'}」の会議規則（通知・会議録の期限）",
            f"rules of “{title or 'a council'}” on notice and minutes",
        )
        for title in titles
    ]
    for kind, (ja, en) in PROMISED.items():
        count = sum(
            row["kind"] == kind and not any(due_of(row, _NOTHING)) and not _is_of_the_past(row)
            for row in rows
        )
        if count:
            undated.append((f"{ja}{count}件の期日", f"due dates of {en} ({count})"))
    return undated


def _is_of_the_past(row: Json) -> bool:
    """Whether an import tells of it, and that it was over then is all that is known."""
    first: Json = next(iter(row["doc"].values()))[0]
    return Due("follow_up", row["thing"], first, ("", ""), None).was_over


_NOTHING = Known({})


def over_before(connection: sa.Connection, on: dt.date) -> int:
    """How many things that an import tells of were over before, so that nobody is reminded of them."""
    return sum(due.was_over for due in what_is_due(connection, on, over_before=True))


def events_of(connection: sa.Connection, items: Iterable[Due]) -> list[Recorded[Any]]:
    """The events from which it follows that something is due."""
    return events_at(connection, sorted({due.because["said"]["position"] for due in items}))

"""今日 /desk: what is due, the next meetings and what they lack, and what colleagues have recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from flask import Blueprint
from werkzeug.wrappers import Response

from api.http.clock import today
from api.http.language import href, in_words, tr
from api.office import draft_screens
from api.office.desk.coming import coming_meetings, show_coming
from api.office.desk.frame import Entry, Screen, office_page
from api.office.mending.waiting import everything
from api.office.sheets.listing import waiting
from api.pages.parts import marks
from api.pages.parts.names import Names
from api.reads.reading import reading, viewer
from api.words.days import away, near_day, office_day, short_day
from domain.kernel.record import KINDS
from domain.values.calendar import EffectiveDate
from projections.answers.due import Due
from projections.answers.due_list import as_json, over_before, what_is_due
from projections.engine.event_json import Json
from projections.past import changes

ENTRIES = (Entry("today", "/desk", "今日", "Today"),)
SEEN = 60
"""So many of what is due are looked at; the page of all of them is a link away."""
RECENT = 8
NEXT = {
    ("Meeting", "outline"): "minutes",
    ("Meeting", "minutes"): "minutes",
    ("Matter", "promise"): "take-promised-step",
    ("Matter", "entrustment"): "settle-entrustment",
    ("Matter", "entrustment_report"): "report-entrustment",
    ("Matter", "resolution_unconcluded"): "conclude",
    ("PlanAction", "improvement"): "answer-improvement",
    ("DisclosureRequest", "request"): "decide",
    ("Council", "term"): "open-term",
}
"""The one screen on which it is recorded, of what is due; of anything else the desk's page of the thing."""
DAYS_BACK = 3
"""What was recorded since then is news on a desk: over a weekend, too."""


def show() -> Response:
    day = today()
    since = day - dt.timedelta(days=DAYS_BACK)
    with reading() as connection:
        items = what_is_due(connection, day)
        listed = as_json(connection, items[:SEEN], day)
        moved = over_before(connection, day)
        meetings = coming_meetings(connection, day)
        recent = _recent(connection, since, day)
        names = Names(connection, [listed, meetings, recent])
        return office_page(
            "office/today.html",
            "today",
            title=tr(f"今日　{office_day(day)}", f"Today, {office_day(day)}"),
            sum=_summary(items, meetings, day),
            due=[_line(same, names, day) for same in _together(listed)],
            more=max(0, len(items) - SEEN),
            over_before=moved,
            meetings=[show_coming(meeting, names, day) for meeting in meetings],
            waiting=[line for line in everything(connection) if line["for_me"]],
            drafts=draft_screens.listed(draft_screens.ON_THE_DESK),
            sheets=waiting(connection),
            since=short_day(since),
            recent=[_act(thing, names) for thing in recent],
        )


def _summary(items: Sequence[Due], meetings: Sequence[Json], day: dt.date) -> str:
    """What there is to do, in one sentence."""
    late = [days for days in (due.days_late(day) for due in items) if days is not None]
    over, now = sum(days > 0 for days in late), sum(days == 0 for days in late)
    week = sum(-7 <= days < 0 for days in late)
    counts = tr(
        f"期限をすぎたもの{over}件、今日が期限のもの{now}件、7日のうちに{week}件。",
        f"{over} overdue, {now} due today, {week} within seven days.",
    )
    if not meetings:
        return counts + tr("これからの会議の記録はありません。", " No meeting ahead is on record.")
    first = dt.datetime.fromisoformat(meetings[0]["starts_at"]).date()
    return counts + tr(f"次の会議は{away(first, day)}です。", f" The next meeting is {away(first, day)}.")


def _together(items: Sequence[Json]) -> list[list[Json]]:
    """What falls due on one thing, of one kind, on one day, is one line: fourteen terms that end together."""
    lines: dict[tuple[str, ...], list[Json]] = {}
    for item in items:
        key = (item["kind"], item["thing"] or "", str(item["due"] and item["due"]["value"]))
        lines.setdefault(key, []).append(item)
    return list(lines.values())


def _line(same: Sequence[Json], names: Names, day: dt.date) -> Json:
    """A thing that is due: when, what by which rule, and where to do it."""
    item = same[0]
    last = _last_day(item["due"])
    late = item["days_late"]
    return {
        "in_label": away(last, day) if last else tr("期日の記録なし", "no day on record"),
        "day": near_day(last, day) if last else None,
        "count": tr(f"{len(same)}件", f"{len(same)} of them") if len(same) > 1 else None,
        "tone": None if late is None else "late" if late > 0 else "today" if late == 0 else None,
        "kind": in_words(item["kind_label"]),
        "thing": names.link(item["thing"]),
        "rule": {"label": in_words(item["rule"]), "url": href(item["rule_url"])},
        "since": marks.date(item["since"]),
        "url": _where(names, item["kind"], item["thing"]),
    }


def _last_day(due: Json | None) -> dt.date | None:
    if due is None or due["precision"] == "unknown":
        return None
    return EffectiveDate.parse(str(due["value"])).latest


def _where(names: Names, kind: str, thing: str | None) -> str | None:
    """Where what is due is recorded."""
    row = names.things.get(thing) if thing else None
    if row is None:
        return None
    screen = NEXT.get((row.kind, kind))
    return href(f"/desk/{KINDS[row.kind].COLLECTION}/{row.entity}{f'/{screen}' if screen else ''}")


def _recent(connection: sa.Connection, since: dt.date, day: dt.date) -> list[Json]:
    answer = changes.of_all(connection, since, day, viewer(), limit=RECENT)
    items: list[Json] = answer["items"]
    return items


def _act(thing: Json, names: Names) -> Json:
    return {
        "label": names.label(thing["id"]),
        "url": names.url(thing["id"]),
        "acts": [tr(e["label"]["ja"], e["label"]["en"]) for e in thing["events"]],
        "count": thing["count"],
    }


def register(blueprint: Blueprint) -> None:
    Screen("", show).register(blueprint)

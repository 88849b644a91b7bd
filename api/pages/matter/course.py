"""The whole course of a matter: what happened to it, to its meetings where they concern it, and to what came
of it, a line for each step, by the years.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from api.http.language import tr
from api.pages.matter import matters
from api.pages.meeting.meeting_list import when
from api.pages.parts.days import of_day, year_and_day
from api.pages.parts.names import Names
from api.pages.parts.steps import step
from domain.kernel.events import EVENTS
from domain.values.calendar import day_in_japan
from projections.engine.event_json import Json


def _evidence(m: Json, meetings: list[Json]) -> set[int]:
    """The events of the matter and of its meetings that concern it, by their numbers."""
    return {
        e["said"]["position"]
        for row in (m, *meetings)
        for entries in row.values()
        if isinstance(entries, list)
        for e in entries
        if isinstance(e, dict) and "said" in e and _is_about(e, m)
    }


def _is_about(e: Json, m: Json) -> bool:
    """Whether an event of the matter, or of one of its meetings, is about it: not one about another item."""
    of = (e.get("matter_id"), *(e.get("matter_ids") or ()))
    return m["matter_id"] in of or not any(of)


def of(data: Json, names: Names) -> tuple[list[Json], list[Json]]:
    """Every step of the matter, of the meetings where they concern it and of what came of it, by year; and
    apart those that were taken back."""
    m, way = data["matter"], data["trail"]
    wanted = _evidence(m, data["meetings"])
    events: dict[int, Json] = {}
    for e in way["own"]["steps"]:
        if EVENTS[e["type"]].KEY_STEP or e["type"] in _SHOWN:
            events[e["position"]] = e
    actions = {action["id"] for action in data["actions"]}
    for side in ("backward", "forward"):
        for e in way[side]["steps"]:
            of_meeting = e["kind"] == "Meeting" and e["type"] in _OF_MEETINGS and e["position"] in wanted
            if of_meeting or e["entity"] in actions:
                events[e["position"]] = e
    made: dict[int, list[Json]] = {}
    for link in way["links"]:
        made.setdefault(link["made"]["position"], []).append(link)
    rows = [_row(e, made.get(e["position"], []), names, m["matter_id"]) for e in events.values()]
    rows += [row for row in _only_listed(data, names) if row["place"] not in {r["place"] for r in rows}]
    rows.sort(key=lambda row: row["order"])
    return _by_year(row for row in rows if not row["is_undone"]), [row for row in rows if row["is_undone"]]


_SHOWN = ("OpinionRecorded", "OptionAssessed")
_OF_MEETINGS = (
    "MeetingOpened",
    "MeetingHeld",
    "MeetingFoundInquorate",
    "MeetingCancelled",
    "WrittenProcedureStarted",
    "WrittenProcedureEnded",
    "ResolutionTaken",
    "ResolutionReported",
    "RecusalDeclared",
    "MinutesPublished",
)
_CITY = ("CityResponseRecorded", "CityDecisionRecorded", "PromisedStepTaken")


def _row(e: Json, links: list[Json], names: Names, entity: str) -> Json:
    shown = step(e, links, names)
    subject = None if e["subject"] == entity else shown["subject"]
    return {
        "order": (e["effective"]["earliest"] or "9999", e["position"]),
        "position": e["position"],
        "place": e["subject"],
        "by": "city" if e["type"] in _CITY or e["kind"] == "PlanAction" else "council",
        "date": shown["when"],
        "title": shown["title"],
        "subject": subject,
        "text": shown["text"],
        "url": None,
        "is_undone": shown["folded"],
        "inferred": e["certainty"] == "inferred",
        "is_corrected": bool(shown["corrected"]),
        "step": {**shown, "subject": subject},
        "recorded_on": of_day(day_in_japan(dt.datetime.fromisoformat(e["recorded_at"]))),
    }


def _only_listed(data: Json, names: Names) -> Iterator[Json]:
    """Meetings of which no event stands in the course: they had the matter on their agenda."""
    for meeting in data["meetings"]:
        shown = matters.meeting_of(meeting, data["matter"], names)
        date = when(meeting)
        yield {
            "order": (str((date or {}).get("value") or "9999"), 0),
            "position": None,
            "place": meeting["meeting_id"],
            "by": "council",
            "date": date,
            "title": tr("議題になった会議", "On the agenda of"),
            "subject": {"label": shown["title"], "url": shown["url"]},
            "text": shown["carried_over"],
            "url": shown["url"],
            "is_undone": False,
            "inferred": False,
            "is_corrected": False,
            "step": None,
            "recorded_on": None,
        }


def _by_year(rows: Iterable[Json]) -> list[Json]:
    """The rows under their years, each with its day; undated ones come last, under one heading."""
    years: dict[str, list[Json]] = {}
    for row in rows:
        year, day = year_and_day(row["date"])
        years.setdefault(year or "", []).append({**row, "day": day})
    undated = years.pop("", [])
    shown = [{"year": year, "rows": of_year} for year, of_year in years.items()]
    return [*shown, {"year": None, "rows": undated}] if undated else shown

"""委員 /desk/members: who sits on a council today, since when, for how long in all, how often they came."""

from __future__ import annotations

import datetime as dt
import re

import sqlalchemy as sa
from werkzeug.wrappers import Response

from api.http.clock import today
from api.http.language import href, spoken, tr
from api.office.desk.frame import Screen, office_page, typed
from api.office.tables.rows.lookups import Council, councils
from api.pages.parts.names import Names
from api.reads.people import people_for_reader
from api.reads.reading import reading
from api.words.days import office_day
from domain.values.calendar import EffectiveDate
from projections.answers.labels import as_read
from projections.engine.event_json import Json
from projections.views.council import council_roster, participation

YEAR = 365.2425
"""Days."""
WITHOUT_END = "9999-12-31"
_WESTERN_YEAR = re.compile(r"[(（]\d{4}年[)）]")


def show() -> Response:
    day = today()
    with reading() as connection:
        known = councils(connection)
        wanted = typed().get("council")
        chosen = next((one for one in known if one.council_id == wanted), known[0] if known else None)
        rows, seats = _rows(connection, chosen, day) if chosen is not None else ([], [])
    return office_page(
        "office/tables/members.html",
        "members",
        title=tr("委員", "Members"),
        sum=tr(
            f"{office_day(day)}に在任している人です。氏名を見たことは、閲覧の記録に残ります。",
            f"Those who serve on {office_day(day)}. That names were read here is noted in the access log.",
        ),
        councils=[
            {
                "id": one.council_id,
                "name": one.name,
                "chosen": chosen is not None and one.council_id == chosen.council_id,
            }
            for one in known
        ],
        members=rows,
        seats=seats,
        paste=href("/desk/tables/members") + (f"?once-council={chosen.council_id}" if chosen else ""),
        attendance=href("/desk/tables/attendance"),
        links=[] if chosen is None else _links(chosen.council_id),
    )


def _links(council_id: str) -> list[Json]:
    """The forms of what changes a roster: 交代 and 改選."""
    forms = (
        ("end-appointment", "交代・解嘱", "End an appointment"),
        ("appoint", "後任・補欠を委嘱する", "Appoint somebody"),
        ("recommend", "推薦を記録する", "Record a recommendation"),
        ("answer-recommendation", "就任の承諾・辞退", "Record the answer"),
        ("open-term", "改選：期を始める", "Open a term"),
        ("elect-chair", "座長の選出", "Elect the chair"),
    )
    return [
        {"label": tr(ja, en), "url": href(f"/desk/councils/{council_id}/{form}")} for form, ja, en in forms
    ]


def _rows(connection: sa.Connection, council: Council, day: dt.date) -> tuple[list[Json], list[Json]]:
    table = council_roster.seat_holder
    every = [
        as_read(table, tuple(row)) for row in connection.execute(council_roster.roster(council.council_id))
    ]
    serving = [row for row in every if row["first_day"] <= day.isoformat() <= row["last_day"]]
    known = people_for_reader(connection, {row["party_id"] for row in serving if row["party_id"]})
    names = Names(connection, [row["doc"] for row in serving])
    spans = {_seat(row): (row["first_day"], row["last_day"]) for row in serving}
    came = _attendance(connection, council.council_id, spans)
    listed = [_member(row, every, known, names, came, council, day) for row in serving]
    counts: dict[str, int] = {}
    for row in serving:
        counts[row["category"] or ""] = counts.get(row["category"] or "", 0) + 1
    compositions = council.doc.get("compositions") or ()
    seats = [
        {
            "label": seat.get("label_ja") or seat["category"],
            "held": counts.get(seat["category"], 0),
            "seats": seat.get("seats"),
        }
        for seat in (compositions[-1].get("seat_categories") if compositions else ()) or ()
    ]
    return listed, seats


def _member(
    row: Json,
    every: list[Json],
    known: Json,
    names: Names,
    came: dict[str, tuple[int, int]],
    council: Council,
    day: dt.date,
) -> Json:
    appointed = row["doc"]["appointed"]
    party = row["party_id"] or ""
    seat = _seat(row)
    nominated = appointed.get("nominated_by")
    there, of = came.get(seat, (0, 0))
    return {
        "name": (known.get(party) or {}).get("name") or tr("（氏名なし）", "(no name)"),
        "category": council.categories.get(row["category"] or "", row["category"] or ""),
        "nominated": str(names.title(nominated) or "") if nominated else "",
        "from": _day(row["first_day"]),
        "to": _day(row["last_day"]),
        "term": appointed.get("term_no"),
        "years": _years(party, every, day),
        "came": f"{there}/{of}" if of else tr("記録なし", "none on record"),
        "url": href(f"/desk/parties/{party}"),
        "replace": href(f"/desk/councils/{council.council_id}/end-appointment") + f"?appointment_id={seat}",
    }


def _seat(row: Json) -> str:
    return str(row["appointment_id"]).rpartition("/")[2]


def _years(party: str, every: list[Json], day: dt.date) -> str:
    """How long somebody has sat on the council in all, in years, as far as beginnings are on record."""
    days = 0
    for row in every:
        if row["party_id"] == party and not row["first_day"].startswith("0001"):
            first = dt.date.fromisoformat(row["first_day"])
            last = min(day, dt.date.fromisoformat(row["last_day"]))
            days += max(0, (last - first).days + 1)
    years = days / YEAR
    return tr(f"{years:.1f}年", f"{years:.1f} years") if days else tr("不明", "not known")


def _day(text: str) -> str:
    if text >= WITHOUT_END[:4] or text.startswith("0001"):
        return tr("定めなし", "no end") if text >= WITHOUT_END[:4] else tr("不明", "not known")
    return _WESTERN_YEAR.sub("", spoken(EffectiveDate.on(dt.date.fromisoformat(text)).label))


def _attendance(
    connection: sa.Connection, council_id: str, spans: dict[str, tuple[str, str]]
) -> dict[str, tuple[int, int]]:
    """Of each seat: at how many meetings its holder was, of how many held in its days whose attendance is
    known by name."""
    table = participation.meeting
    chosen = sa.select(table.table).where(table.table.c.council_id == council_id)
    came = dict.fromkeys(spans, (0, 0))
    for stored in connection.execute(chosen):
        row = as_read(table, tuple(stored))
        doc, day = row["doc"], row["earliest"]
        if not (doc["opened"] and doc["named"] and day) or doc["group_id"]:
            continue
        for seat, (first, last) in spans.items():
            if first <= day <= last:
                there, of = came[seat]
                came[seat] = (there + (seat in doc["present"]), of + 1)
    return came


SCREENS = (Screen("/members", show),)

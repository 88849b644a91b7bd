"""過去の会議を入れる: one past meeting from its minutes and its attendance sheet, looked at and corrected
beside the text, recorded in one act.

One story: from the two files to the page on which they are looked at.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, request
from werkzeug.wrappers import Response

from api.contents.attachments import attachments
from api.http.language import href, tr
from api.office.desk import refused as refusals
from api.office.desk.acts import Rehearsal, record, sentences
from api.office.desk.frame import office_page, typed
from api.office.meetings.bodies import councils
from api.office.tables.minutes.composed import AS_ROLE, Composed, filled_in
from api.office.tables.minutes.composing import compose, seats
from api.office.tables.minutes.paragraphs import (
    DOCX,
    MINUTES_EMPTY,
    PDF,
    Paragraph,
    paragraphs_of_file,
    paragraphs_of_text,
)
from api.office.tables.minutes.parsing import Minutes, parse
from api.office.tables.reading.files import workbook_of_file
from api.office.tables.reading.sheet import Cell, Place, Sheet, Workbook
from api.office.tables.reading.text import decoded
from api.office.tables.reading.xlsx import XLSX
from api.office.tables.upload.frame import LargeScreen, looks_on, my_sheets
from api.office.tables.upload.pending import Pending, PendingSheets
from api.reads.reading import reading
from api.words.days import office_day
from domain.values.refusal import Refusal
from projections.engine.event_json import Json

KIND, SHEET_KIND = "minutes", "minutes-attendance"
LABELS = {
    "day": ("開催日", "Day"),
    "begins": ("始まった時刻", "Began at"),
    "ends": ("終わった時刻", "Ended at"),
    "no": ("回", "Number"),
    "title": ("会議の名前", "Title"),
    "venue": ("場所", "Place"),
    "present": ("出席した委員の数（出欠表がないとき）", "Members present, without a sheet"),
    "observers": ("傍聴者の数", "Observers"),
}
MOST_FAULTS = 20


# -- the files come


def show_start(refused: Refusal | None = None) -> Response:
    with reading() as connection:
        known = councils(connection)
    return office_page(
        "office/tables/minutes_start.html",
        "past",
        status=200 if refused is None else 422,
        title=tr("過去の会議を入れる", "Take in a past meeting"),
        crumbs=_crumbs(),
        refused=None if refused is None else refusals.shown(refused),
        text=typed().get("text", ""),
        councils=[{"value": key, "label": label} for key, label in known],
        council=typed().get("council", known[0][0] if len(known) == 1 else ""),
    )


def act_start() -> Response:
    try:
        paragraphs, content, media_type = _minutes()
        sheet = request.files.get("sheet")
        attendance = None
        if sheet is not None and sheet.filename:
            held = sheet.stream.read()
            book = workbook_of_file(held, sheet.filename)
            attendance = (book, held, XLSX if held.startswith(b"PK") else "text/csv")
    except Refusal as refused:
        return show_start(refused)
    sheets = my_sheets()
    once = {"council": typed().get("council", "")}
    if attendance is not None:
        once["attendance"] = sheets.put(SHEET_KIND, *attendance, {})
    sheet_id = sheets.put(KIND, _packed(paragraphs), content, media_type, once)
    return redirect(href(f"/desk/past/meeting/{sheet_id}"), 303)


def _minutes() -> tuple[list[Paragraph], bytes, str]:
    file = request.files.get("file")
    if file is not None and file.filename:
        content = file.stream.read()
        paragraphs = paragraphs_of_file(content, file.filename)
        if content.startswith(b"PK"):
            return paragraphs, content, DOCX
        if content.startswith(b"%PDF"):
            return paragraphs, content, PDF
        return paragraphs, decoded(content)[0].encode(), "text/plain"
    text = typed().get("text", "")
    if not text.strip():
        raise MINUTES_EMPTY()
    return paragraphs_of_text(text), text.encode(), "text/plain"


def _packed(paragraphs: list[Paragraph]) -> Workbook:
    """Paragraphs as they wait: text, place, and whether it is a row of a table."""
    cells: dict[Place, Cell] = {}
    for n, one in enumerate(paragraphs, 1):
        words = (one.text, one.place, "row" if one.row else "")
        cells |= {(n, column): Cell(text, text) for column, text in enumerate(words, 1) if text}
    return Workbook((Sheet(KIND, cells),))


def _unpacked(pending: Pending) -> list[Paragraph]:
    sheet = pending.book.sheets[0]
    return [
        Paragraph(sheet.at((n, 1)).text, sheet.at((n, 2)).text, bool(sheet.at((n, 3)).text))
        for n in range(1, sheet.rows + 1)
    ]


# -- they wait


def _looked_at(
    connection: sa.Connection, sheets: PendingSheets, pending: Pending
) -> tuple[Minutes, dict[str, str], Composed, Pending | None]:
    once = pending.state.once
    minutes = parse(_unpacked(pending))
    values = filled_in(minutes, once)
    attendance = sheets.find(SHEET_KIND, once["attendance"]) if once.get("attendance") else None
    files = (
        (pending.content, pending.media_type),
        None if attendance is None else (attendance.content, attendance.media_type),
    )
    book = None if attendance is None else attendance.book
    return minutes, values, compose(connection, minutes, values, once, files, book), attendance


def show_check(sheet_id: str, refused: Refusal | None = None) -> Response:
    sheets = my_sheets()
    pending = sheets.find(KIND, sheet_id)
    with reading() as connection:
        minutes, values, outcome, _ = _looked_at(connection, sheets, pending)
        known = councils(connection)
        line = _sentence(connection, outcome)
    choices = pending.state.once
    recorded = sum(choices.get(f"skip-{n}") != "on" for n in range(len(minutes.statements)))
    return office_page(
        "office/tables/minutes_check.html",
        "past",
        status=200 if refused is None else 422,
        title=tr("過去の会議の下見", "Check a past meeting"),
        crumbs=[*_crumbs(), {"label": tr("過去の会議", "Past meeting"), "url": href("/desk/past/meeting")}],
        sum=_sum(outcome, minutes, recorded),
        refused=None if refused is None else refusals.shown(refused),
        faults=_faults(outcome, minutes),
        councils=[{"value": key, "label": label, "chosen": key == values["council"]} for key, label in known],
        fields=[
            {
                "name": name,
                "label": tr(*words),
                "value": values[name],
                "read": office_day(outcome.day) if name == "day" and outcome.day else None,
                "wrong": name in outcome.faults,
            }
            for name, words in LABELS.items()
        ],
        open=values["open"],
        members=[{"seat": seat, "name": name} for seat, name in seats(outcome.body)],
        speakers=[
            {
                "n": n,
                "label": label,
                "count": sum(one.who == label for one in minutes.statements),
                "chosen": choices.get(f"who-{n}") or outcome.speakers.get(label) or "",
                "wrong": f"who-{n}" in outcome.faults,
            }
            for n, label in enumerate(minutes.speakers)
        ],
        as_role=AS_ROLE,
        paragraphs=[
            {"place": one.place, "text": one.text, "n": n}
            for n, one in enumerate(_unpacked(pending))
            if one.text
        ],
        agenda=[{"no": item.no, "title": item.title, "place": item.place} for item in minutes.items],
        statements=_statements(outcome, minutes, choices),
        votes=[
            {"n": n, "text": vote.text, "place": vote.place, "on": choices.get(f"vote-{n}", "on") == "on"}
            for n, vote in enumerate(minutes.votes)
        ],
        attended=_attended(outcome),
        sentence=line,
        stands=outcome.stands,
    )


def act_check(sheet_id: str) -> Response:
    sheets = my_sheets()
    pending = sheets.find(KIND, sheet_id)
    do = typed().get("do", "check")
    if do == "discard":
        _remove(sheets, pending)
        flash(tr("会議録を消しました。何も記録していません。", "The minutes are gone; nothing was recorded."))
        return redirect(href("/desk/past"), 303)
    _keep(pending)
    sheets.save(pending)
    if do != "record":
        if looks_on():
            return show_check(sheet_id)
        return redirect(href(f"/desk/past/meeting/{sheet_id}"), 303)
    with reading() as connection:
        minutes, values, outcome, attendance = _looked_at(connection, sheets, pending)
    if not outcome.stands:
        return show_check(sheet_id)
    held = attachments()
    held.keep_bytes(pending.content)
    if attendance is not None:
        held.keep_bytes(attendance.content)
    try:
        record(outcome.acts, f"minutes {sheet_id}")
    except Refusal as refused:
        return show_check(sheet_id, refused)
    _remove(sheets, pending)
    count = len(minutes.statements)
    flash(
        tr(
            f"「{values['title']}」を記録しました（発言{count}）。",
            f"“{values['title']}” is on record ({count} statements).",
        )
    )
    return redirect(href(f"/meetings/{outcome.meeting_id}"), 303)


def _remove(sheets: PendingSheets, pending: Pending) -> None:
    sheets.remove(KIND, pending.sheet_id)
    if attendance := pending.state.once.get("attendance"):
        sheets.remove(SHEET_KIND, attendance)


def _keep(pending: Pending) -> None:
    """Keep everything that was typed and chosen; a box that is not ticked is not sent."""
    form, once = request.form, pending.state.once
    attendance = {"attendance": once["attendance"]} if once.get("attendance") else {}
    choices = {
        name: text[:300] for name, text in form.items() if name not in ("csrf_token", "do", "attendance")
    }
    for n in range(int(form.get("votes", "0") or 0) if form.get("votes", "0").isdecimal() else 0):
        choices.setdefault(f"vote-{n}", "off")
    pending.state.once = choices | attendance


# -- as it is shown


def _crumbs() -> list[Json]:
    return [
        {"label": tr("今日", "Today"), "url": href("/desk")},
        {"label": tr("過去の記録・表を入れる", "Past records and tables"), "url": href("/desk/past")},
    ]


def _sum(outcome: Composed, minutes: Minutes, count: int) -> str:
    nothing = tr("まだ何も記録していません。", "Nothing has been recorded yet. ")
    if outcome.stands:
        return nothing + tr(
            f"議題{len(minutes.items)}、発言{count}、議決{len(minutes.votes)}が、どれも段落を示して一度に入ります。",
            f"{len(minutes.items)} items, {count} statements and {len(minutes.votes)} decisions can be "
            "recorded in one act, each with its paragraph.",
        )
    return nothing + tr(
        "下の直すものを直すと入ります。", "It can be recorded when what is listed below is mended."
    )


def _faults(outcome: Composed, minutes: Minutes) -> list[Json]:
    at_fields = [_fault(refused, f"#{name}") for name, refused in outcome.faults.items()]
    of_acts = [_fault(refused, None, _place(refused, minutes)) for refused in outcome.refused[:MOST_FAULTS]]
    return at_fields + of_acts


def _fault(refused: Refusal, to: str | None, place: str = "") -> Json:
    words = refusals.shown(refused)
    before = f"{place}{tr('：', ': ')}" if place else ""
    return {"text": f"{before}{words['sentence']}", "way_out": words["what_next"], "to": to}


def _place(refused: Refusal, minutes: Minutes) -> str:
    """The paragraph that a refused act comes from."""
    _, _, rest = (refused.pointer or "").partition("/")
    kind, _, number = rest.partition("/")
    n = number.partition("/")[0]
    places = {
        "items": [item.place for item in minutes.items],
        "statements": [statement.place for statement in minutes.statements],
        "votes": [vote.place for vote in minutes.votes],
    }.get(kind, [])
    return places[int(n)] if n.isdecimal() and int(n) < len(places) else ""


def _statements(outcome: Composed, minutes: Minutes, choices: dict[str, str]) -> list[Json]:
    listed: list[Json] = []
    before: int | None = -1
    names = dict(seats(outcome.body))
    for n, one in enumerate(minutes.statements):
        seat = choices.get(f"said-{n}") or outcome.speakers.get(one.who)
        listed.append(
            {
                "n": n,
                "who": one.who,
                "name": names.get(seat or "", ""),
                "text": one.text,
                "place": one.place,
                "item": minutes.items[one.item].title
                if one.item is not None and one.item != before
                else None,
                "chosen": choices.get(f"said-{n}", ""),
                "skipped": choices.get(f"skip-{n}") == "on",
                "ask": seat is None,
            }
        )
        before = one.item
    return listed


def _attended(outcome: Composed) -> Json | None:
    if not outcome.attendees:
        return None
    there = sum(one.status in ("present", "online") for one in outcome.attendees)
    return {"present": there, "listed": len(outcome.attendees), "serving": len(seats(outcome.body))}


def _sentence(connection: sa.Connection, outcome: Composed) -> list[Json]:
    """How the meeting and its first statement will stand."""
    recorded = outcome.rehearsal.recorded
    at = [n for n, e in enumerate(recorded) if e.type in ("MeetingHeld", "StatementRecorded")][:2]
    if not at:
        return []
    lines = sentences(connection, Rehearsal(recorded=recorded[: at[-1] + 1]))
    return [{"text": lines[n].text, "by": lines[n].by} for n in at]


SCREENS: tuple[Any, ...] = (
    LargeScreen("/past/meeting", show_start, act_start),
    LargeScreen("/past/meeting/<sheet_id>", show_check, act_check),
)

"""Who was there, by the attendance sheet of a past meeting: a list of members, or a grid of meetings and
members."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from api.http.problems import declare
from api.office.tables.kinds.attendance import COLUMNS
from api.office.tables.minutes.composed import Attendee, Composed
from api.office.tables.reading.headings import find_headings, match_columns
from api.office.tables.reading.sheet import Cell, Sheet, Workbook, address
from api.office.tables.reading.values import name_key, plain, read_choice
from api.office.tables.reading.vocabulary import HEADINGS, ROW_OF, STATUSES, UP_TO, listed
from api.setup import rules_of_service
from domain.values.refusal import Refusal

NOBODY_SERVED = declare(
    422,
    "NOBODY_SERVED",
    ja="その日に委員だった人の記録がありません。",
    en="Nobody is on record as a member on that day.",
    rule=rules_of_service.SHEETS,
    next_ja="先に委員の名簿を入れるか、日付を確かめてください。名簿がなくても、人数だけで記録できます。",
    next_en="Take in the roster first, or check the day. It can be recorded by numbers alone too.",
)
ATTENDEE_UNKNOWN = declare(
    422,
    "ATTENDEE_UNKNOWN",
    ja="出欠表の「{text}」（{cell}）が、その日の委員の中にいません。",
    en="“{text}” ({cell}) of the attendance sheet was no member on that day.",
    rule=rules_of_service.SHEETS,
    next_ja="出欠表の氏名を直して送り直すか、先に委嘱を記録してください。",
    next_en="Mend the name in the sheet and send it again, or record the appointment first.",
)


def attendees(outcome: Composed, book: Workbook, values: Mapping[str, str]) -> list[Attendee]:
    """Those whom the sheet lists: a list of members, or a grid of meetings and members."""
    sheet = book.sheet(None)
    body, listed_there = outcome.body, []
    assert body is not None
    seats = {name_key(member.name): member.seat for member in body.members}
    if not seats:
        outcome.faults["sheet"] = NOBODY_SERVED()
        return []
    for name, status, cell in _marks(sheet, seats, outcome.day, values.get("no", "")):
        seat = seats.get(name_key(name))
        try:
            chosen = read_choice(Cell(status, status), STATUSES, listed(STATUSES))
        except Refusal as refused:
            outcome.faults.setdefault("sheet", refused)
            continue
        if chosen is None:
            continue
        if seat is None:
            outcome.faults.setdefault("sheet", ATTENDEE_UNKNOWN(text=name[:40], cell=cell))
            continue
        listed_there.append(Attendee(seat, chosen[0], cell))
    return listed_there


def _marks(
    sheet: Sheet, seats: Mapping[str, str], day: dt.date | None, no: str
) -> list[tuple[str, str, str]]:
    """Name, mark and cell of each member in the sheet."""
    names = {column.key: HEADINGS["attendance"][column.key] for column in COLUMNS}
    headings = find_headings(sheet, names)
    columns = {key: column for column, key in match_columns(headings.texts, names).items()}
    if {"member", "status"} <= columns.keys():
        rows = range(headings.last + 1, sheet.rows + 1)
        places = [((row, columns["member"]), (row, columns["status"])) for row in rows]
        return [
            (sheet.at(who).text, sheet.at(mark).text, address(mark))
            for who, mark in places
            if sheet.at(who).text and sheet.at(mark).text
        ]
    return _of_a_grid(sheet, seats, day, no)


def _of_a_grid(
    sheet: Sheet, seats: Mapping[str, str], day: dt.date | None, no: str
) -> list[tuple[str, str, str]]:
    """Meetings down, members across: the row of this meeting under the row that names the most members."""

    def named(row: int) -> dict[int, str]:
        texts = {
            column: sheet.at((row, column)).text.split("\n")[0] for column in range(1, sheet.columns + 1)
        }
        return {column: text for column, text in texts.items() if name_key(text) in seats}

    top = max(range(1, min(sheet.rows, 20) + 1), key=lambda row: len(named(row)), default=1)
    members = named(top)
    wanted = {f"第{no}回", no, day.isoformat() if day else ""} - {""}
    for row in range(top + 1, sheet.rows + 1):
        first = {plain(sheet.at((row, column)).text) for column in (1, 2)}
        if first & wanted and members:
            return [(name, sheet.at((row, c)).text, address((row, c))) for c, name in members.items()]
    return []


def of_rows(sheet: Workbook | None, cells: Sequence[str]) -> str | None:
    """The rows of the attendance sheet in which these cells are."""
    if sheet is None or not cells:
        return None
    rows = sorted({int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) for cell in cells})
    row = UP_TO.format(first=rows[0], last=rows[-1]) if len(rows) > 1 else f"{rows[0]}"
    return ROW_OF.format(sheet=sheet.sheet(None).name, row=row)

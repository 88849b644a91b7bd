"""会議の次第: each row becomes an item on the running order of one meeting."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

import sqlalchemy as sa

from api.http.language import tr
from api.http.problems import declare
from api.office.tables.reading.values import plain, read_choice, read_line
from api.office.tables.reading.vocabulary import ITEM_TYPES, TITLES, listed
from api.office.tables.rows.declared import Choices, Column, Once, Plan, Planned, Reading, Row, Table
from api.office.tables.rows.lookups import closest, matters, meeting_of, meetings
from api.office.tables.rows.values_for_commands import effective, without_nothing
from api.setup import rules_of_service
from api.words.days import office_day

MATTER_UNKNOWN = declare(
    422,
    "MATTER_UNKNOWN",
    ja="「{text}」という案件は、登録にありません。",
    en="There is no matter “{text}” on record.",
    rule=rules_of_service.SHEETS,
    next_ja="登録ずみの案件の題名か番号を書くか、先に案件を提起してください。空にすれば、案件なしの議題になります。",
    next_en="Write the title or number of a matter on record, or raise it first; empty, the item has none.",
)
AHEAD = frozenset({"scheduled", "notified"})

COLUMNS = (
    Column("no", ("番号", "Number"), hint=("次第に印刷する番号", "as it is printed")),
    Column("title", ("議題", "Item"), needed=True),
    Column(
        "type", ("種別", "Type"), hint=("報告・協議・議題・会議録・その他", "report, discussion, decision, …")
    ),
    Column(
        "matter", ("案件", "Matter"), hint=("登録ずみの案件の題名か番号", "title or number of one on record")
    ),
)


def _meetings(connection: sa.Connection, _: Mapping[str, str]) -> Choices:
    return [
        (one.meeting_id, f"{one.title} {office_day(one.day) if one.day else ''}".strip())
        for one in meetings(connection, AHEAD)
    ]


def _only(connection: sa.Connection, _: Mapping[str, str]) -> str:
    known = meetings(connection, AHEAD)
    return known[0].meeting_id if len(known) == 1 else ""


ONCE = (Once("meeting", ("会議", "Meeting"), "choice", needed=True, choices=_meetings, usual=_only),)


def plan(reading: Reading) -> Plan:
    made = Plan(settled=reading.settled)
    meeting = meeting_of(reading.connection, reading.once.get("meeting"))
    if meeting is None or meeting.state not in AHEAD:
        return made
    known = matters(reading.connection)
    first = max((int(item.get("order") or 0) for item in meeting.items), default=0)
    for n, row in enumerate(reading.rows, 1):
        title, number = row.read("title", read_line), row.read("no", read_line)
        chosen = row.read("type", lambda cell: read_choice(cell, ITEM_TYPES, listed(ITEM_TYPES)))
        matter = _matter(row, known)
        if row.faults or title is None:
            continue
        fact = without_nothing(
            item_id=f"item-{first + n}",
            order=first + n,
            title=title,
            type=chosen[0] if chosen else None,
            matter_id=matter,
            printed_no=unicodedata.normalize("NFKC", number) if number else None,
            record=reading.envelope(row.number) | {"effective": effective(None)},
        )
        comes_from = {
            "title": "title",
            "type": "type",
            "matter_id": "matter",
            "printed_no": "no",
            "order": "no",
        }
        made.rows[row.number] = [Planned("Meeting", "list_item", meeting.meeting_id, fact, comes_from)]
    made.counts = [(tr("議題", "items"), len(made.rows))]
    return made


def _matter(row: Row, known: Mapping[str, tuple[str, str]]) -> str | None:
    text = row.read("matter", read_line)
    if text is None:
        return None
    if plain(text) in known:
        return known[plain(text)][0]
    alike = closest(text, known)
    row.refuse(MATTER_UNKNOWN(text=text, alike=known[alike][1] if alike else ""), "matter")
    return None


TABLE = Table(
    key="agenda",
    words=("会議の次第", "Agenda of a meeting"),
    unit=("件", "items"),
    columns=COLUMNS,
    once=ONCE,
    plan=plan,
    main="title",
    event="AgendaItemListed",
    title=TITLES["agenda"],
    disclosure={"visibility": "internal", "ground": "operations"},
    leads_to="/desk/meetings",
    notes=(
        (
            "議題は、会議にもうある議題の後ろに付きます。",
            "Items come after those that the meeting has already.",
        ),
    ),
)

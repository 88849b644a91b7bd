"""The dry run of a sheet: what each row would become, what keeps it from the record, and what is to be asked.

Nothing is recorded here. Every row is read, every command it becomes is rehearsed in one unit of work, and
what is refused is put back to the cell that it comes from.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from api.http.problems import declare
from api.office.desk.acts import Act, Rehearsal, new_id, rehearse
from api.office.tables.reading.headings import (
    Headings,
    as_many,
    body_rows,
    find_headings,
    headings_at,
    match_columns,
)
from api.office.tables.reading.sheet import (
    Cell,
    Place,
    Sheet,
    address,
    column_letters,
    column_number,
    place_of,
)
from api.office.tables.reading.values import read_day
from api.office.tables.reading.vocabulary import HEADINGS, LETTERS, MENDED, MENDED_CELL, ROW_OF
from api.office.tables.rows.declared import (
    ONCE_NEEDED,
    Column,
    Fault,
    Once,
    Plan,
    Planned,
    Reading,
    Row,
    Table,
)
from api.office.tables.rows.values_for_commands import as_date
from api.office.tables.upload.pending import Pending
from api.setup import rules_of_service
from domain.values.refusal import Refusal

COLUMNS_UNKNOWN = declare(
    422,
    "COLUMNS_UNKNOWN",
    ja="「{column}」の列がどれか分かりません。",
    en="Which column is “{column_en}” cannot be told.",
    rule=rules_of_service.SHEETS,
    next_ja="「列の読みかた」で選んでください。見出しの行が違うときは、そこで変えられます。",
    next_en="Choose it under “How columns are read”; the row of the headings can be changed there too.",
)
TABLE_EMPTY = declare(
    422,
    "TABLE_EMPTY",
    ja="見出しの下に、取り込める行がありません。",
    en="There are no rows below the headings.",
    rule=rules_of_service.SHEETS,
    next_ja="見出しの行の番号を確かめるか、別のシートを選んでください。",
    next_en="Check which row has the headings, or choose another sheet.",
)
TABLE_TOO_LONG = declare(
    413,
    "TABLE_TOO_LONG",
    ja="一度に取り込めるのは{most}行までです（この表は{rows}行。{cell} から先は入りません）。",
    en="At most {most} rows are taken at once (there are {rows}; nothing from {cell} on is).",
    rule=rules_of_service.SIZE,
    next_ja="表を分けて、続けて取り込んでください。",
    next_en="Split the sheet, and take it in part by part.",
)

_PLACED = re.compile(r"/(lead|rows)/(\d+)/(\d+)(/.*)?")


@dataclass
class Checked:
    """What came of looking at a pending sheet."""

    table: Table
    pending: Pending
    sheet: Sheet
    headings: Headings
    columns: dict[int, str]
    rows: list[int] = field(default_factory=list)
    left_out: list[tuple[int, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    plan: Plan = field(default_factory=Plan)
    acts: list[Act] = field(default_factory=list)
    rehearsal: Rehearsal = field(default_factory=Rehearsal)
    once: dict[str, str] = field(default_factory=dict)
    document_id: str = ""

    @property
    def bad_rows(self) -> set[int]:
        return {fault.row for fault in self.faults if fault.row is not None}

    @property
    def stands(self) -> bool:
        """Whether all of it can be recorded."""
        return bool(self.rows) and not self.faults


def names_of(table: Table) -> dict[str, tuple[str, ...]]:
    """What offices call each column of a table."""
    known = HEADINGS.get(table.key, {})
    return {column.key: known.get(column.key, ()) or (column.words[0],) for column in table.columns}


def check(connection: sa.Connection, table: Table, pending: Pending) -> Checked:
    """Look at a pending sheet as it is now."""
    came, state = pending.sheet, pending.state
    mended = {place: text for at, text in state.cells.items() if (place := place_of(at)) is not None}
    sheet = came.with_cells(mended)
    names = names_of(table)
    headings = headings_at(sheet, state.heading) if state.heading else find_headings(sheet, names)
    columns = _columns(table, headings, names, state.columns)
    outcome = Checked(table, pending, sheet, headings, columns)
    outcome.once = _once(connection, table, state.once)
    outcome.document_id = new_id("Document")
    for row, why in body_rows(
        sheet, headings.last, sorted(columns), frozenset(state.taken), frozenset(state.left_out)
    ):
        if why is None:
            outcome.rows.append(row)
        else:
            outcome.left_out.append((row, why))
    outcome.faults += _of_the_whole(outcome)
    if any(fault.row is None and fault.once is None for fault in outcome.faults):
        return outcome
    _plan(connection, outcome, came, mended)
    _rehearse(outcome)
    return outcome


def _columns(
    table: Table, headings: Headings, names: Mapping[str, tuple[str, ...]], chosen: Mapping[str, str]
) -> dict[int, str]:
    """Which column is what: as it was chosen, or else by its heading."""
    guessed = match_columns(headings.texts, names)
    for column in table.columns:
        if column.many:
            guessed = as_many(headings.texts, guessed, column.key, names[column.key])
    by_column = {column_number(letters): key for letters, key in chosen.items()}
    known = {column.key for column in table.columns}
    return {
        column: key
        for column in headings.texts
        if (key := by_column.get(column, guessed.get(column, ""))) and key in known
    }


def _once(connection: sa.Connection, table: Table, typed: Mapping[str, str]) -> dict[str, str]:
    """What was answered once, and what is usual where nothing was."""
    answers: dict[str, str] = {}
    for once in table.once:
        answers[once.key] = typed.get(once.key, "")
        if not answers[once.key] and once.usual is not None:
            answers[once.key] = once.usual(connection, answers)
    return answers


def _of_the_whole(outcome: Checked) -> list[Fault]:
    faults = []
    table = outcome.table
    for column in table.columns:
        if column.needed and column.key not in outcome.columns.values():
            ja, en = column.words
            faults.append(Fault(COLUMNS_UNKNOWN(column=ja, column_en=en), column=column.key))
    if not outcome.rows:
        faults.append(Fault(TABLE_EMPTY()))
    if len(outcome.rows) > table.most_rows:
        first = outcome.rows[table.most_rows]
        place = (first, min(outcome.columns, default=1))
        refused = TABLE_TOO_LONG(most=table.most_rows, rows=len(outcome.rows), cell=address(place))
        faults.append(Fault(refused, place=place))
    for once in table.once:
        if once.needed and not outcome.once[once.key].strip():
            ja, en = once.words
            faults.append(Fault(ONCE_NEEDED(column=ja, column_en=en), once=once.key))
    return faults


# -- what rows become


def _plan(connection: sa.Connection, outcome: Checked, came: Sheet, mended: Mapping[Place, str]) -> None:
    table = outcome.table
    by_key: dict[str, list[int]] = {}
    for column, key in sorted(outcome.columns.items()):
        by_key.setdefault(key, []).append(column)
    rows = [Row(outcome.sheet, number, by_key, table) for number in outcome.rows]
    secret = {column for column, key in outcome.columns.items() if table.column(key).secret}

    def envelope(row: int | None) -> dict[str, Any]:
        words: dict[str, Any] = {"source": {"document_id": outcome.document_id}}
        if row is not None:
            words["source"]["locator"] = ROW_OF.format(sheet=came.name, row=row)
            changed = [place for place in sorted(mended) if place[0] == row and place[1] in outcome.columns]
            if changed:
                words["note"] = MENDED.format(
                    cells="、".join(_mended(came, place, secret) for place in changed)
                )
        return words

    reading = Reading(connection, rows, outcome.once, frozenset(outcome.pending.state.settled), envelope)
    missing = any(fault.once is not None for fault in outcome.faults)
    outcome.plan = table.plan(reading)
    outcome.faults += [*reading.faults, *outcome.plan.faults]
    outcome.faults += [fault for row in rows for fault in row.faults]
    if missing:
        outcome.plan.rows = {}


def _mended(came: Sheet, place: Place, secret: set[int]) -> str:
    """A cell that was changed, with what stood there unless that belongs into the vault."""
    was = came.at(place).text
    at = address(place)
    return at if place[1] in secret or not was else MENDED_CELL.format(cell=at, was=was[:40])


def document_acts(outcome: Checked, sha256: str, size: int, media_type: str) -> list[Planned]:
    """The sheet as a document of the record: registered, and its content attached."""
    pending, table = outcome.pending, outcome.table
    about: dict[str, Any] = {
        "kind": "other",
        "title": table.title,
        "disclosure": dict(table.disclosure),
        "record": {"effective": {"precision": "unknown"}},
    }
    if pending.book.encoding not in (None, "utf-8", "utf-8-sig"):
        about["record"]["note"] = LETTERS.format(
            encoding=pending.book.encoding, sha256=sha256_of(pending.content)
        )
    if day := _day_of(outcome.once.get("dated", "")):
        about["dated"] = day
        del about["record"]["effective"]
    held = {"sha256": sha256, "size_bytes": size, "media_type": media_type}
    return [
        Planned("Document", "register", outcome.document_id, about),
        Planned("Document", "attach_content", outcome.document_id, held),
    ]


def _day_of(text: str) -> dict[str, Any] | None:
    try:
        return as_date(read_day(Cell(text, text)))
    except Refusal:
        return None


def _rehearse(outcome: Checked) -> None:
    """Try everything that the faultless rows become; what is refused goes back to its cell."""
    content, media_type = kept_content(outcome.pending)
    plan = outcome.plan
    lead = [*document_acts(outcome, sha256_of(content), len(content), media_type), *plan.lead]
    outcome.acts = [planned.act(f"/lead/0/{n}") for n, planned in enumerate(lead)]
    bad = outcome.bad_rows
    for row, acts in plan.rows.items():
        if row not in bad:
            outcome.acts += [planned.act(f"/rows/{row}/{n}") for n, planned in enumerate(acts)]
    if not plan.rows:
        return
    outcome.rehearsal = rehearse(outcome.acts)
    blamed: set[int] = set()
    for refused in outcome.rehearsal.faults:
        fault = _placed(outcome, lead, refused)
        if fault.row is None or fault.row not in blamed:  # what follows in the row rests on what was refused
            outcome.faults.append(fault)
        if fault.row is not None:
            blamed.add(fault.row)


def _placed(outcome: Checked, lead: list[Planned], refused: Refusal) -> Fault:
    """A refusal with the cell, or the answer given once, that it comes from."""
    match = _PLACED.fullmatch(refused.pointer or "")
    if match is None:
        return Fault(refused)
    row, n, pointer = int(match[2]), int(match[3]), match[4] or ""
    if match[1] == "lead":
        return Fault(refused, once=lead[n].column_of(pointer))
    key = outcome.plan.rows[row][n].column_of(pointer) or outcome.table.main
    column = next((c for c, known in sorted(outcome.columns.items()) if known == key), None)
    if column is None:
        column = next((c for c, known in outcome.columns.items() if known == outcome.table.main), 1)
    place = (row, column)
    return Fault(refused, place, row, key, was=outcome.sheet.at(place).text)


def warnings(outcome: Checked) -> list[Fault]:
    """What is unusual and hinders nothing, with its cells."""
    lead = [*document_acts(outcome, "0" * 64, 1, "text/plain"), *outcome.plan.lead]
    return [_placed(outcome, lead, unusual) for unusual in outcome.rehearsal.warnings]


# -- what is kept


def kept_content(pending: Pending) -> tuple[bytes, str]:
    """The bytes that become the content of the document, and their type: a file as it came, a text of other
    letters in UTF-8."""
    if pending.book.encoding in (None, "utf-8", "utf-8-sig"):
        return pending.content, pending.media_type
    return pending.content.decode(pending.book.encoding).encode(), pending.media_type


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def column_words(table: Table, key: str) -> Column:
    return table.column(key)


def letters_of(columns: Mapping[int, str]) -> dict[str, str]:
    """Which column is what, by letters."""
    return {column_letters(column): key for column, key in columns.items()}


def once_of(table: Table, key: str) -> Once | None:
    return next((once for once in table.once if once.key == key), None)

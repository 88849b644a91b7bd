"""A sheet that waits, as the screen shows it: what to mend, what is asked, the sheet itself, its columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from api.http.language import href, spoken, tr
from api.office.desk import refused as refusals
from api.office.desk.acts import Rehearsal, sentences
from api.office.tables.checking import Checked, warnings
from api.office.tables.mending import Group, grouped
from api.office.tables.reading.sheet import Cell, Place, address, column_letters
from api.office.tables.reading.values import read_day
from api.office.tables.rows.declared import Ask, Choice, Once, Table
from api.words.days import office_day
from domain.values.refusal import Refusal
from projections.engine.event_json import Json

MOST_SHOWN = 300
"""Rows of a sheet that are shown whole; of a longer one its beginning, and what has a mark."""
BEGINS = 40
MOST_CELLS = 60
"""Addresses that one line names; the others are marked in the sheet."""
WHY = {
    "total": ("合計の行", "sums"),
    "note": ("注の行", "notes"),
    "example": ("記入例", "the example"),
    "aside": ("使う列が空の行", "nothing in the columns that are used"),
    "left_out": ("取り込まないと選んだ行", "left out by you"),
}


def shown(connection: sa.Connection, outcome: Checked) -> Json:
    """What the template of the check is given."""
    groups = grouped(outcome)
    asks = [*outcome.plan.asks.values(), *_unusual(outcome)]
    marks: dict[Place, tuple[str, int]] = {}
    for number, ask in enumerate(asks, len(groups) + 1):
        marks |= dict.fromkeys(ask.places, ("ask", number))
    for group in groups:
        marks |= dict.fromkeys(group.places, ("bad", group.number))
    bad, total = len(outcome.bad_rows), len(outcome.rows)
    table = outcome.table
    unit = tr(*table.unit)
    return {
        "title": tr(f"取込みの下見　{table.words[0]}", f"Check before recording: {table.words[1].lower()}"),
        "crumbs": crumbs(table),
        "sum": _sum(outcome, total, bad, len(groups), unit),
        "total": total,
        "bad": bad,
        "unit": unit,
        "asked": sum(len(ask.places) or 1 for ask in asks),
        "groups": [_group(outcome, group) for group in groups],
        "places": sum(len(group.places) for group in groups),
        "asks": [_ask(number, ask) for number, ask in enumerate(asks, len(groups) + 1)],
        "told": _told(outcome),
        "mended": [
            {"cell": at, "text": text, "do": f"undo {at}"}
            for at, text in sorted(outcome.pending.state.cells.items())
        ],
        "grid": _grid(outcome, marks),
        "columns": _columns(outcome),
        "heading": outcome.headings.first,
        "sheets": [
            {"name": sheet.name, "chosen": sheet.name == outcome.sheet.name}
            for sheet in outcome.pending.book.sheets
        ],
        "once": [_once(connection, once, outcome) for once in table.once],
        "sentence": _sentence(connection, outcome),
        "counts": [f"{label} {count:,}" for label, count in outcome.plan.counts if count],
        "record_label": tr(f"{total:,}{unit}を記録する", f"Record {total:,} {unit}"),
        "stands": outcome.stands,
        "again": href(f"/desk/tables/{table.key}"),
        "evidence": tr(
            f"取り込んだ表「{outcome.sheet.name}」の各行", f"rows of the sheet “{outcome.sheet.name}”"
        ),
    }


def crumbs(table: Table) -> list[Json]:
    return [
        {"label": tr("今日", "Today"), "url": href("/desk")},
        {"label": tr("過去の記録・表を入れる", "Past records and tables"), "url": href("/desk/past")},
        {"label": tr(*table.words), "url": href(f"/desk/tables/{table.key}")},
    ]


def _sum(outcome: Checked, total: int, bad: int, kinds: int, unit: str) -> str:
    nothing = tr("まだ何も記録していません。", "Nothing has been recorded yet. ")
    if outcome.stands:
        return nothing + tr(
            f"{total:,}{unit}とも、このまま入ります。一度に記録します。",
            f"All {total:,} {unit} can be recorded as they are, in one act.",
        )
    return nothing + tr(
        f"{total - bad:,}{unit}はこのまま入ります。直すものが{kinds}種類あります。"
        f"すべて直ってから、一度に記録します。",
        f"{total - bad:,} {unit} can be recorded as they are. {kinds} kinds of things are to be mended; then "
        "all of it is recorded in one act.",
    )


# -- what to mend, and what is asked


def _group(outcome: Checked, group: Group) -> Json:
    once = group.faults[0].once
    return {
        "number": group.number,
        "sentence": group.sentence,
        "way_out": group.way_out,
        "cells": _cells(group.places),
        "more": max(0, len(group.places) - MOST_CELLS),
        "once": f"#once-{once}" if once else None,
        "details": group.details,
        "choices": [
            _button(choice, n == 0 and choice.do.startswith(("set", "ok")))
            for n, choice in enumerate(group.choices)
        ],
        "inputs": group.inputs,
    }


def _ask(number: int, ask: Ask) -> Json:
    return {
        "number": number,
        "sentence": ask.sentence,
        "detail": ask.detail,
        "cells": _cells(ask.places),
        "more": max(0, len(ask.places) - MOST_CELLS),
        "choices": [_button(choice, False) for choice in ask.choices],
    }


def _button(choice: Choice, is_first: bool) -> Json:
    return {"label": choice.label, "do": choice.do, "go": is_first}


def _cells(places: Iterable[Place]) -> list[str]:
    return [address(place) for place in places][:MOST_CELLS]


def _unusual(outcome: Checked) -> list[Ask]:
    """Warnings of commands, which hinder nothing, by kind."""
    asks: dict[str, Ask] = {}
    for fault in warnings(outcome):
        sentence = refusals.shown(fault.refused)["sentence"]
        ask = asks.setdefault(fault.refused.code, Ask(fault.refused.code, sentence))
        if fault.place is not None:
            ask.places.append(fault.place)
    return list(asks.values())


def _told(outcome: Checked) -> list[Json]:
    """What was not read, and which rows are no rows of the table."""
    lines: list[Json] = []
    hidden = outcome.pending.book.hidden
    if hidden:
        names = tr("、", ", ").join(f"「{name}」" for name in hidden)
        lines.append(
            {
                "text": tr(
                    f"隠れたシート{names}は読んでいません。", f"Hidden sheets were not read: {names}."
                ),
                "do": None,
            }
        )
    rows = sorted(row for row in outcome.sheet.hidden_rows if row in outcome.rows)
    if rows:
        listed = ", ".join(map(str, rows[:20]))
        lines.append(
            {
                "text": tr(
                    f"隠れている行も読みました（{listed}）。", f"Hidden rows were read as well: {listed}."
                ),
                "do": None,
            }
        )
    for why, words in WHY.items():
        those = [row for row, reason in outcome.left_out if reason == why]
        if those:
            listed = ", ".join(map(str, those[:20]))
            text = tr(
                f"{words[0]}は取り込みません（{listed}行目）。", f"Rows {listed} are not taken: {words[1]}."
            )
            lines.append({"text": text, "do": f"take {','.join(map(str, those))}"})
    return lines


# -- the sheet


def _grid(outcome: Checked, marks: dict[Place, tuple[str, int]]) -> Json:
    sheet = outcome.sheet
    columns = list(range(1, min(sheet.columns, 60) + 1))
    wanted = range(1, sheet.rows + 1)
    chosen: Sequence[int] = list(wanted)
    if sheet.rows > MOST_SHOWN:
        marked = {row for row, _ in marks}
        last = outcome.headings.last + BEGINS
        chosen = [row for row in wanted if row <= last or row in marked][: MOST_SHOWN * 2]
    out = {row for row, _ in outcome.left_out}
    rows, before = [], 0
    for row in chosen:
        cells = [_cell(outcome, (row, column), marks, row in out) for column in columns]
        rows.append(
            {"number": row, "cells": cells, "gap": row - before - 1, "head": row <= outcome.headings.last}
        )
        before = row
    named = {column: tr(*outcome.table.column(key).words) for column, key in outcome.columns.items()}
    return {
        "letters": [column_letters(column) for column in columns],
        "names": [named.get(column) for column in columns],
        "rows": rows,
        "size": tr(f"{sheet.rows:,}行、{sheet.columns}列", f"{sheet.rows:,} rows, {sheet.columns} columns"),
        "rest": max(0, sheet.rows - before),
    }


def _cell(outcome: Checked, place: Place, marks: dict[Place, tuple[str, int]], is_out: bool) -> Json:
    cell: Cell = outcome.sheet.at(place)
    mark = marks.get(place)
    over = outcome.sheet.range_over(place)
    text = cell.text or ("=" if cell.formula else "")
    return {
        "id": address(place),
        "text": f"{text[:80]}…" if len(text) > 80 else text,
        "mark": mark[0] if mark else None,
        "number": mark[1] if mark else None,
        "unused": place[1] not in outcome.columns or is_out,
        "joined": over is not None and over.first != place,
        "mended": address(place) in outcome.pending.state.cells,
    }


def _columns(outcome: Checked) -> list[Json]:
    table = outcome.table
    first = outcome.rows[0] if outcome.rows else outcome.headings.last + 1
    listed = []
    for column, heading in outcome.headings.texts.items():
        key = outcome.columns.get(column, "")
        words = table.column(key).hint if key else ("", "")
        listed.append(
            {
                "letters": column_letters(column),
                "heading": heading,
                "key": key,
                "example": outcome.sheet.at((first, column)).text[:30],
                "hint": tr(*words) if words[0] else "",
            }
        )
    return listed


def columns_to_choose(table: Table) -> list[Json]:
    return [{"key": column.key, "label": tr(*column.words)} for column in table.columns]


# -- what is asked once


def _once(connection: sa.Connection, once: Once, outcome: Checked) -> Json:
    value = outcome.once.get(once.key, "")
    choices = once.choices(connection, outcome.once) if once.choices is not None else None
    return {
        "key": once.key,
        "label": tr(*once.words),
        "hint": tr(*once.hint) if once.hint[0] else "",
        "kind": once.kind,
        "needed": once.needed,
        "value": value,
        "choices": None if choices is None else [{"value": key, "label": label} for key, label in choices],
        "read": _read_back(value) if once.kind == "day" else None,
        "wrong": any(fault.once == once.key for fault in outcome.faults),
    }


def _read_back(text: str) -> str | None:
    """A day as it was read, with its weekday."""
    if not text.strip():
        return tr("日付の記録なし", "date not recorded")
    try:
        day = read_day(Cell(text, text))
    except Refusal:
        return None
    if day is None:
        return None
    if day.precision == "day" and day.earliest is not None:
        return office_day(day.earliest)
    return spoken(day.label)


def _sentence(connection: sa.Connection, outcome: Checked) -> list[Json]:
    """How the first row will stand in the record."""
    recorded = outcome.rehearsal.recorded
    at = next((n for n, event in enumerate(recorded) if event.type == outcome.table.event), None)
    if at is None:
        return []
    around = [*recorded[max(0, at - 6) : at], recorded[at]]
    line = sentences(connection, Rehearsal(recorded=around))[-1]
    return [{"text": line.text, "by": line.by}]

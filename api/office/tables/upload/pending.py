"""Sheets that somebody pasted or sent and has not recorded: beside the log, for the account alone that sent
them, for two weeks. What was chosen and mended is kept with them, so that nothing is typed twice."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa

from api.http.problems import declare
from api.office.tables.reading.sheet import Cell, Range, Sheet, Workbook
from api.setup import rules_of_service
from projections.tables.durable import PENDING_SHEET

LIFE = dt.timedelta(days=14)
MOST_HELD = 50
"""So many sheets lie for one account; the oldest goes when there is another."""

SHEET_GONE = declare(
    404,
    "SHEET_GONE",
    ja="この表はもうありません。",
    en="This sheet is gone.",
    rule=rules_of_service.SHEETS,
    next_ja="記録したか、消したか、2週間がすぎました。もう一度、表を貼り付けてください。",
    next_en="It was recorded, discarded, or two weeks have passed. Paste it again.",
)


class State(msgspec.Struct, kw_only=True):
    """What was chosen and mended since a sheet came. ``heading`` None and no ``columns``: as guessed."""

    sheet: str | None = None
    heading: int | None = None
    columns: dict[str, str] = {}
    """By letters, which column is what; empty words: it is not used."""
    once: dict[str, str] = {}
    cells: dict[str, str] = {}
    """By address, what stands there instead."""
    left_out: list[int] = []
    taken: list[int] = []
    settled: list[str] = []


class _Sheet(msgspec.Struct, array_like=True):
    name: str
    cells: list[tuple[int, int, str, bool]]
    merged: list[tuple[int, int, int, int]]
    hidden_rows: list[int]
    hidden_columns: list[int]


class _Book(msgspec.Struct, array_like=True):
    sheets: list[_Sheet]
    hidden: list[str]
    encoding: str | None


@dataclass
class Pending:
    """A sheet that waits. ``content``: as it came, byte for byte; ``pasted``: as text, not as a file."""

    sheet_id: str
    kind: str
    state: State
    book: Workbook
    content: bytes
    media_type: str
    made_at: str

    @property
    def sheet(self) -> Sheet:
        """The sheet that was chosen, as it came."""
        return self.book.sheet(self.state.sheet)


def packed(book: Workbook) -> str:
    sheets = [
        _Sheet(
            sheet.name,
            [(row, column, cell.text, cell.formula) for (row, column), cell in sorted(sheet.cells.items())],
            [(one.top, one.left, one.bottom, one.right) for one in sheet.merged],
            sorted(sheet.hidden_rows),
            sorted(sheet.hidden_columns),
        )
        for sheet in book.sheets
    ]
    return msgspec.json.encode(_Book(sheets, list(book.hidden), book.encoding)).decode()


def unpacked(text: str) -> Workbook:
    book = msgspec.json.decode(text, type=_Book)
    sheets = tuple(
        Sheet(
            one.name,
            {(row, column): Cell(words, words, formula) for row, column, words, formula in one.cells},
            tuple(Range(*merged) for merged in one.merged),
            frozenset(one.hidden_rows),
            frozenset(one.hidden_columns),
        )
        for one in book.sheets
    )
    return Workbook(sheets, tuple(book.hidden), book.encoding)


class PendingSheets:
    """The sheets of one account."""

    def __init__(self, engine: sa.Engine, account_id: str, now: dt.datetime | None = None):
        self._engine, self._account = engine, account_id
        self._now = now or dt.datetime.now(dt.UTC)

    def put(self, kind: str, book: Workbook, content: bytes, media_type: str, once: dict[str, str]) -> str:
        """Lay a sheet down; its identifier, which nobody guesses."""
        sheet_id = secrets.token_urlsafe(12)
        row = {
            "sheet_id": sheet_id,
            "account_id": self._account,
            "kind": kind,
            "state": msgspec.json.encode(State(once=once)).decode(),
            "book": packed(book),
            "content": content,
            "media_type": media_type,
            "made_at": self._now.isoformat(timespec="seconds"),
            "expires_at": (self._now + LIFE).isoformat(timespec="seconds"),
        }
        mine = sa.select(PENDING_SHEET.c.sheet_id).where(PENDING_SHEET.c.account_id == self._account)
        with self._engine.begin() as connection:
            prune(connection, self._now)
            held = connection.execute(mine.order_by(PENDING_SHEET.c.made_at.desc())).scalars().all()
            too_many = held[MOST_HELD - 1 :]
            connection.execute(sa.delete(PENDING_SHEET).where(PENDING_SHEET.c.sheet_id.in_(too_many)))
            connection.execute(sa.insert(PENDING_SHEET).values(row))
        return sheet_id

    def find(self, kind: str, sheet_id: str) -> Pending:
        """Refuses ``SHEET_GONE`` for one that is not there, or not this account's."""
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(PENDING_SHEET).where(*self._mine(kind, sheet_id))).first()
        if row is None or row.expires_at < self._now.isoformat(timespec="seconds"):
            raise SHEET_GONE()
        state = msgspec.json.decode(row.state, type=State)
        return Pending(
            row.sheet_id, row.kind, state, unpacked(row.book), bytes(row.content), row.media_type, row.made_at
        )

    def save(self, pending: Pending) -> None:
        """Keep what was chosen and mended."""
        text = msgspec.json.encode(pending.state).decode()
        where = self._mine(pending.kind, pending.sheet_id)
        with self._engine.begin() as connection:
            connection.execute(sa.update(PENDING_SHEET).where(*where).values(state=text))

    def remove(self, kind: str, sheet_id: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(sa.delete(PENDING_SHEET).where(*self._mine(kind, sheet_id)))

    def all(self) -> list[Any]:
        """What lies there, newest first: identifier, kind, since when and until when."""
        table = PENDING_SHEET.c
        chosen = sa.select(table.sheet_id, table.kind, table.made_at, table.expires_at)
        mine = chosen.where(table.account_id == self._account).order_by(table.made_at.desc())
        with self._engine.connect() as connection:
            rows = connection.execute(mine).all()
        return [row for row in rows if row.expires_at >= self._now.isoformat(timespec="seconds")]

    def _mine(self, kind: str, sheet_id: str) -> tuple[Any, ...]:
        table = PENDING_SHEET.c
        return table.sheet_id == sheet_id, table.account_id == self._account, table.kind == kind


def prune(connection: sa.Connection, now: dt.datetime) -> int:
    """Remove what has lain for too long; how many there were."""
    old = PENDING_SHEET.c.expires_at < now.isoformat(timespec="seconds")
    return connection.execute(sa.delete(PENDING_SHEET).where(old)).rowcount

"""Screens of the office over real HTTP, against a constant of the same stack.

The constant is an address of the office itself, which finds out who asks, whether they may, and leads on: the
same server and account, and nothing of the record. Beside it stands the frame alone, a page with its
rail. Every screen is asked by an account of the secretariat, and never kept.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from api.access.accounts import Accounts
from api.access.tokens import Tokens
from bench.context import Context
from bench.measuring import percentile
from bench.serving import AT_LEAST, Asked, figures, load
from bench.tables import Figure, Table
from projections.engine.store import Store
from projections.registry import open_store
from projections.views.meeting import meeting_register
from projections.views.plan import action_ledger, evaluation_board
from tests.support.server import running_server

TITLE = "Screens of the office"
SHARE = 0.25
"""So much of the usual number of requests: a screen is some work."""


def measure(context: Context) -> list[Table]:
    """Every designed screen, the constant first."""
    matter = context.matter
    url = context.copy()
    store = open_store(url)
    account = Accounts(store.engine).add("bench-office", ["SEC"], "p-bench-office")
    headers = {"Authorization": f"Bearer {Tokens(store.engine).make(account, 'bench')}"}
    screens = [Asked(name, path, headers, share=SHARE) for name, path in _screens(store, matter)]
    store.close()
    constant = Asked("a constant", "/desk/drafts/-/save", headers, share=SHARE, status=303)
    _run(url, [constant, *screens], context.options.runs, context.options.requests)
    shown = (
        Figure("requests_per_second", "requests/s", ",.1f"),
        Figure("p50_ms", "p50 ms", ",.1f"),
        Figure("p50_ratio", "p50, of the first", lasting=True),
        Figure("p99_ms", "p99 ms", ",.1f"),
    )
    rows = {name: {**row, "p50_ratio": None} for name, row in figures([constant, *screens]).items()}
    first = rows[constant.name]["p50_ms"]
    for row in rows.values():
        row["p50_ratio"] = round(row["p50_ms"] / first, 2) if first else None
    return [Table(TITLE, shown, rows)]


def _run(url: str, screens: list[Asked], runs: int, requests: int) -> None:
    with running_server(url, create=False) as base:
        for one in screens:
            load(base, one, min(AT_LEAST, 4))
        for _ in range(runs):
            for one in screens:
                rate, waits = load(base, one, max(int(one.share * requests), AT_LEAST), clients=1)
                one.rates.append(rate)
                one.p50s.append(percentile(waits, 0.5))
                one.p99s.append(percentile(waits, 0.99))


def _screens(store: Store, matter: str) -> Iterator[tuple[str, str]]:
    """Every designed screen, each of the newest thing that it is about."""
    with store.engine.connect() as connection:
        meeting = _newest(connection, meeting_register.meeting.table.c.meeting_id)
        action = _newest(connection, action_ledger.action.table.c.action_id)
        sheet = _newest(connection, evaluation_board.sheet.table.c.sheet_id)
    yield "the frame alone", "/desk/past"
    yield "today", "/desk"
    yield "meetings", "/desk/meetings"
    yield "matters", "/desk/matters"
    yield "members", "/desk/members"
    yield "actions and budgets", "/desk/budgets"
    yield "evaluation sheets", "/desk/sheets"
    yield "what was sent in", "/desk/submissions"
    yield "a new meeting", "/desk/meetings/new"
    if meeting is not None:
        yield "a meeting", f"/desk/meetings/{meeting}"
        yield "the day of a meeting", f"/desk/meetings/{meeting}/day"
        yield "minutes of a meeting", f"/desk/meetings/{meeting}/minutes"
    yield "a matter", f"/desk/matters/{matter}"
    yield "the city's answer", f"/desk/matters/{matter}/city"
    yield "a form", f"/desk/matters/{matter}/attach-evidence"
    if action is not None:
        yield "an action", f"/desk/actions/{action}"
    if sheet is not None:
        yield "a sheet", f"/desk/sheets/{sheet}"


def _newest(connection: sa.Connection, column: sa.Column[str]) -> str | None:
    newest = sa.select(column).order_by(column.table.c.position.desc()).limit(1)
    entity: str | None = connection.execute(newest).scalar()
    return entity

"""The log as a table: one row for each event, in the one order."""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa

LOG = "stored_events"


@cache
def log_table(postgres: bool) -> tuple[sa.Table, sa.ColumnElement[int]]:
    """The log as a table of either database, and its column of positions. (On PostgreSQL the library lets
    two columns be empty, which are not.)"""
    place = "notification_id" if postgres else "rowid"
    position = sa.Column(place, sa.BigInteger, primary_key=not postgres, nullable=False)
    columns: list[sa.Column[Any]] = [
        sa.Column("originator_id", sa.Text, primary_key=postgres, nullable=False),
        sa.Column("originator_version", sa.BigInteger, primary_key=postgres, nullable=False),
        sa.Column("topic", sa.Text, nullable=postgres),
        sa.Column("state", sa.LargeBinary, nullable=postgres),
    ]
    return sa.Table(LOG, sa.MetaData(), position, *columns), position

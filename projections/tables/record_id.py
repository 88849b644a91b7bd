"""The id of the record."""

from __future__ import annotations

import sqlalchemy as sa

from projections.tables.durable import RECORD


def record_id(connection: sa.Connection) -> str:
    """The id of the record: a UUID, the same for ever, in every backup and at every address."""
    return str(connection.scalars(sa.select(RECORD.c.record_id)).one())

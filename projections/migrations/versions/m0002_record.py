"""Every record has an id of its own: a UUID that survives backup, move and change of address."""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    record = op.create_table(
        "record",
        sa.Column("one", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("record_id", sa.Text, nullable=False),
        sa.Column("identified_at", sa.Text, nullable=False),
        sa.Column("software", sa.Text, nullable=False),
        sa.CheckConstraint("one = 1", name="record_is_one"),
    )
    values = {
        "one": 1,
        "record_id": str(uuid.uuid4()),
        "identified_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "software": "",  # whoever upgrades says it
    }
    op.bulk_insert(record, [values])

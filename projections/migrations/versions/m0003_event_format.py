"""The record states the newest event format that it holds (projections/engine/event_format.py)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

# An envelope says the number of its event's shape unless that is 1.
_HELD = {
    "sqlite": "max(coalesce(json_extract(CAST(state AS TEXT), '$.schema'), 1)), max(rowid)",
    "postgresql": "max(coalesce((convert_from(state, 'UTF8')::json ->> 'schema')::bigint, 1)), "
    "max(notification_id)",
}
# What was recorded before this revision was recorded by the first version, whatever its number was.
_FIRST = "0.1.0"


def upgrade() -> None:
    op.create_table(
        "event_format",
        sa.Column("event", sa.Text, primary_key=True),
        sa.Column("class_version", sa.BigInteger, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False, index=True),
        sa.Column("software", sa.Text, nullable=False),
    )
    connection = op.get_bind()
    connection.exec_driver_sql(
        "INSERT INTO event_format (event, class_version, since, software) "
        f"SELECT topic, {_HELD[connection.dialect.name]}, '{_FIRST}' FROM stored_events GROUP BY topic"
    )

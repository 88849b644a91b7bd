"""What members answered to the notice of a meeting."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "meeting_reply",
        sa.Column("meeting_id", sa.Text, primary_key=True),
        sa.Column("appointment_id", sa.Text, primary_key=True),
        sa.Column("reply", sa.Text, nullable=False),
        sa.Column("replied_at", sa.Text, nullable=False),
    )

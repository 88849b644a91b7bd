"""One-time links by which the citizens' side of an evaluation sheet writes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "sheet_link",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("sheet_id", sa.Text, nullable=False, index=True),
        sa.Column("made_at", sa.Text, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("expires_at", sa.Text, nullable=False),
        sa.Column("opened_at", sa.Text),
        sa.Column("browser", sa.Text, unique=True),
        sa.Column("ended_at", sa.Text),
    )

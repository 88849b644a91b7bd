"""Sessions are rows of their own, and every token ends."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

# Tokens that were made without an end get one: time enough to make others before they stop.
_LIFE = dt.timedelta(days=90)


def upgrade() -> None:
    op.create_table(
        "session",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("account_id", sa.Text, nullable=False, index=True),
        sa.Column("opened_at", sa.Text, nullable=False),
        sa.Column("seen_at", sa.Text, nullable=False),
        sa.Column("expires_at", sa.Text, nullable=False),
        sa.Column("browser", sa.Text, nullable=False),
    )
    op.add_column("token", sa.Column("outlives_password", sa.BigInteger, nullable=False, server_default="0"))
    token = sa.table("token", sa.column("expires_at", sa.Text))
    end = (dt.datetime.now(dt.UTC) + _LIFE).isoformat(timespec="seconds")
    op.execute(token.update().where(token.c.expires_at.is_(None)).values(expires_at=end))

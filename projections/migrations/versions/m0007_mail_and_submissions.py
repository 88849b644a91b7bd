"""Mail that is to be sent, how accounts are told, and what citizens send in by a form."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "mail",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.Text, nullable=False, unique=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("leave", sa.Text),
        sa.Column("made_at", sa.Text, nullable=False),
        sa.Column("not_before", sa.Text, nullable=False, index=True),
        sa.Column("attempts", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("last_error", sa.Text),
        sa.Column("sent_at", sa.Text),
        sa.Column("given_up_at", sa.Text),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "telling",
        sa.Column("account_id", sa.Text, primary_key=True),
        sa.Column("address", sa.Text),
        sa.Column("confirmed_at", sa.Text),
        sa.Column("rhythm", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("leave", sa.Text, nullable=False),
        sa.Column("told_position", sa.BigInteger, nullable=False),
        sa.Column("told_on", sa.Text),
        sa.Column("calendar_digest", sa.Text, unique=True),
        sa.Column("calendar_made_at", sa.Text),
    )
    op.create_table(
        "submission",
        sa.Column("submission_id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("about", sa.Text),
        sa.Column("page", sa.Text),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("name", sa.Text),
        sa.Column("residence", sa.Text),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False, index=True),
        sa.Column("made_at", sa.Text, nullable=False),
        sa.Column("expires_at", sa.Text, nullable=False),
        sa.Column("confirmed_at", sa.Text),
        sa.Column("settled_at", sa.Text),
        sa.Column("settled_by", sa.Text),
        sa.Column("outcome", sa.Text),
    )

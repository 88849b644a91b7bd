"""The record notes which edition of the rules was in force since which event (domain/rules/edition.py)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "rules_edition",
        sa.Column("edition", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("software", sa.Text, nullable=False),
    )
    # Whatever was recorded before was recorded under the first edition.
    op.get_bind().exec_driver_sql(
        "INSERT INTO rules_edition (edition, since, software) SELECT 1, 0, software FROM record"
    )

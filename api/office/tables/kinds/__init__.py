"""The tables that can be pasted, each declared in a file of its own."""

from __future__ import annotations

from api.office.tables.kinds import agenda, attendance, budgets, comments, members
from api.office.tables.rows.declared import Table

TABLES: dict[str, Table] = {
    table.key: table
    for table in (members.TABLE, attendance.TABLE, agenda.TABLE, budgets.TABLE, comments.TABLE)
}

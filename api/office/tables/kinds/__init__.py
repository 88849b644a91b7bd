"""The tables that can be pasted, each declared in a file of its own."""

from __future__ import annotations

from api.office.tables.declared import Table
from api.office.tables.kinds import comments, members

TABLES: dict[str, Table] = {table.key: table for table in (members.TABLE, comments.TABLE)}

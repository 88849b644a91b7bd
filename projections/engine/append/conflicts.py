"""What went wrong in an append: somebody was faster, or a view cannot be written.

Only the first is worth deciding anew: a version of a stream, a command's key or a name that may be taken once
has been taken meanwhile. A row that a view's table refuses is a defect of its fold. To try again would hide
it.
"""

from __future__ import annotations

import re
import sqlite3

import psycopg
from eventsourcing.persistence import InternalError

from projections.tables.durable import CLAIM, COMMAND_KEY
from projections.tables.log_table import LOG

CONTESTED = (LOG, COMMAND_KEY.name, CLAIM.name)
"""Tables in which a row that is there already tells of another writer."""

_TABLE = re.compile(r"constraint failed: (\w+)\.")


class ViewUnwritable(InternalError):
    """A view refuses a row that its fold has made. Nothing has been recorded."""


def is_conflict(error: sqlite3.IntegrityError | psycopg.IntegrityError) -> bool:
    """Whether another writer was faster; False if it is a view that cannot be written."""
    if isinstance(error, psycopg.IntegrityError):
        return error.diag.table_name in CONTESTED
    match = _TABLE.search(str(error))
    return match is not None and match[1] in CONTESTED

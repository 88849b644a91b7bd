"""Which edition of the record there is: what an answer that nobody in particular asks for depends on.

As long as the newest event, the builds of the views and the facts about the record as a whole are the same,
so is everything that the public may read. One statement tells, on a connection of its own that stays open.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from projections.engine.store import Store
from projections.tables.log_table import LOG

Edition = tuple[Any, ...]
"""The position of the newest event, the builds of all views, and the facts about the record. Two editions
are compared, and nothing else is done with them."""


class Editions:
    """The editions of one record. Its connections are closed with the store's own."""

    def __init__(self, store: Store):
        url = store.engine.url
        self._engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", pool_reset_on_return=None)
        self._asked = _statement("notification_id" if store.postgres else "rowid")
        self._given: dict[str, Any] = {"prepare": True} if store.postgres else {}
        sa.event.listen(store.engine, "engine_disposed", lambda _: self._engine.dispose())

    def now(self) -> Edition | None:
        """The present edition; None if the database does not tell."""
        try:
            connection = self._engine.raw_connection()
        except (sa.exc.SQLAlchemyError, self._engine.dialect.loaded_dbapi.Error):  # the driver's own, too
            return None
        try:
            cursor: Any = connection.cursor()
            cursor.execute(self._asked, **self._given)
            return tuple(cursor.fetchone() or ())
        except self._engine.dialect.loaded_dbapi.Error:
            connection.invalidate()  # a server that was restarted: the next request gets a new one
            return None
        finally:
            connection.close()


def _statement(position: str) -> str:
    """What differs between two editions. A rebuild raises the sum of the generations, whichever views it
    builds."""
    return (
        f"SELECT (SELECT max({position}) FROM {LOG}), (SELECT sum(generation) FROM view_build), "
        "(SELECT count(*) FROM view_build), (SELECT max(value) FROM setting WHERE name='fictional')"
    )

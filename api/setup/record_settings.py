"""Facts about the record as a whole, kept beside it: that it is fictional, when it was first signed in to."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Flask

from api.setup.one_moment import living
from api.setup.store import if_readable
from projections.engine.one_moment import reading_of
from projections.tables.durable import FICTIONAL as FICTIONAL
from projections.tables.durable import SETTING

FIRST_SESSION = "first_session_at"
FIRST_LINK = "first_link_at"


def setting(engine: sa.Engine, name: str) -> str | None:
    """The value of a setting; None if it was never set."""
    with engine.connect() as connection:
        return connection.scalar(sa.select(SETTING.c.value).where(SETTING.c.name == name))


def keep_setting(engine: sa.Engine, name: str, value: str) -> bool:
    """Set a setting for good: a value that is there already stays. Whether it was set by this call."""
    if setting(engine, name) is not None:
        return False
    try:
        with engine.begin() as connection:
            connection.execute(sa.insert(SETTING).values(name=name, value=value))
    except sa.exc.IntegrityError:
        return False  # another process was first
    return True


def _is_fictional() -> bool:
    with living() as connection:
        reading = reading_of(connection)
    return reading is not None and reading.fictional is not None


def init_app(app: Flask) -> None:
    """Tell every page whether the record is a made-up one."""

    @app.context_processor
    def mark() -> dict[str, Any]:
        return {"fictional": if_readable(_is_fictional, False)}

"""The same logical changes by SQLAlchemy's ORM, with SQLAlchemy-Continuum keeping a version of every row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, configure_mappers, declarative_base
from sqlalchemy_continuum import make_versioned

from bench.peers.changes import Change, Changes
from bench.peers.timing import Apply, main


def prepare(url: str, changes: Changes) -> Apply:
    """A session as an application would use it: rows looked up, changed, committed."""
    engine = _engine(url)
    make_versioned(user_cls=None)
    base: Any = declarative_base()
    models = {name: _model(base, name, columns) for name, columns in changes.tables.items()}
    configure_mappers()
    base.metadata.create_all(engine)
    session = Session(engine)

    def apply(command: Sequence[Change]) -> None:
        for change in command:
            if change.new:
                session.add(models[change.table](key=change.key, **change.values))
                continue
            row = session.get(models[change.table], change.key)
            for name, value in change.values.items():
                setattr(row, name, value)
        session.commit()
        session.expunge_all()  # as after a request

    return apply


def _model(base: Any, name: str, columns: dict[str, str]) -> Any:
    kinds = {"text": sa.Text, "whole": sa.BigInteger}
    made: dict[str, Any] = {
        column: sa.Column(column, kinds[kind], index=column == "belongs_to", quote=True)
        for column, kind in columns.items()
    }
    key = sa.Column(sa.Text, primary_key=True)
    return type(name, (base,), {"__tablename__": name, "__versioned__": {}, "key": key, **made})


def _engine(url: str) -> sa.Engine:
    """Durable commits, on SQLite with a write-ahead log, as ours."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return sa.create_engine(parsed.set(drivername="postgresql+psycopg"))
    engine = sa.create_engine(parsed)

    @sa.event.listens_for(engine, "connect")
    def durable(connection: Any, _: Any) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")

    return engine


if __name__ == "__main__":
    main(prepare)

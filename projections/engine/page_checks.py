"""Are the pages of the database whole? What the database itself can tell of every page it holds.

SQLite looks through its file (``PRAGMA integrity_check``: pages, rows, indexes). On PostgreSQL amcheck does
so where it is installed and may be used; without it every row of every table is read whole, which finds pages
whose checksum is wrong and values that cannot be unpacked, but no index that has lost an entry.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from projections.engine.log_checks import MOST_FOUND, Check
from projections.tables.database_errors import goes_by, is_damage

_READABLE_BY_AMCHECK = (
    "SELECT coalesce(bool_or(has_function_privilege(p.oid, 'EXECUTE')), false) FROM pg_proc p "
    "JOIN pg_depend d ON d.objid = p.oid JOIN pg_extension e ON e.oid = d.refobjid "
    "WHERE e.extname = 'amcheck' AND p.proname = 'bt_index_check'"
)
_TABLES = (
    "SELECT quote_ident(c.relname) FROM pg_class c "
    "WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace ORDER BY 1"
)
_INDEXES = (
    "SELECT quote_ident(c.relname) FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid "
    "JOIN pg_am a ON a.oid = c.relam WHERE a.amname = 'btree' AND i.indisvalid "
    "AND c.relpersistence = 'p' AND c.relnamespace = current_schema()::regnamespace ORDER BY 1"
)


def page_check(engine: sa.Engine) -> Check:
    """Whether the database finds every page of the record whole. Raises what keeps it from being asked."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            by_amcheck = bool(connection.exec_driver_sql(_READABLE_BY_AMCHECK).scalar())
            problems = list(_in_postgres(connection, by_amcheck))
        return _told(problems, "amcheck" if by_amcheck else "every row read")
    return _told(list(_in_sqlite(engine)), "integrity_check")


def _in_sqlite(engine: sa.Engine) -> Iterator[str]:
    try:
        with engine.connect() as connection:
            rows = connection.exec_driver_sql(f"PRAGMA integrity_check({MOST_FOUND})").scalars().all()
    except Exception as error:
        if not is_damage(error):
            raise
        yield str(getattr(error, "orig", error))
        return
    yield from (str(row) for row in rows if row != "ok")


def _in_postgres(connection: sa.Connection, by_amcheck: bool) -> Iterator[str]:
    connection.exec_driver_sql("SET statement_timeout = 0")
    for table in connection.exec_driver_sql(_TABLES).scalars().all():
        if by_amcheck:
            heap = f"SELECT 'block ' || blkno || ': ' || msg FROM verify_heapam('{table}') LIMIT {MOST_FOUND}"
            yield from (f"{table}: {problem}" for problem in _said(connection, heap))
        else:
            whole = f"SELECT NULLIF(sum(length(t::text)), sum(length(t::text))) FROM {table} t"
            yield from (f"{table}: {problem}" for problem in _said(connection, whole))
    if by_amcheck:
        for index in connection.exec_driver_sql(_INDEXES).scalars().all():
            look = f"SELECT NULLIF(bt_index_check('{index}', true)::text, '')"
            yield from (f"{index}: {problem}" for problem in _said(connection, look))


def _said(connection: sa.Connection, sql: str) -> list[str]:
    """What a statement finds (it gives null where all is well); what the server says instead, if it is that
    something is damaged."""
    try:
        return [str(line) for line in connection.exec_driver_sql(sql).scalars() if line is not None]
    except sa.exc.DBAPIError as error:
        if goes_by(error) and not is_damage(error):
            raise
        return [str(error.orig).strip()]


def _told(problems: list[str], by: str) -> Check:
    says = (
        ("データベースのページに壊れたものはありません。", "Every page of the database is whole.")
        if not problems
        else (f"データベースに壊れた所があります: {problems[0]}", f"The database is damaged: {problems[0]}")
    )
    return Check("pages", says, "fails" if problems else "holds", {"by": by, "damage": problems[:MOST_FOUND]})

"""The durable tables as they were before there were migrations.

It makes what is not there. So a record that was made without migrations, or by a process that died over it,
comes to this revision too; that its tables have these columns has been looked at before
(projections/migrations/upgrading.py).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

LOG = "stored_events"
TABLES = sa.MetaData()


def _text(name: str, *, key: bool = False, required: bool = False, index: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=key, nullable=not (key or required), index=index)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [_text(name, required=True) for name in names]


def _number(name: str, *, key: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, primary_key=key, nullable=False, autoincrement=False)


def _measure(name: str) -> sa.Column[float]:
    return sa.Column(name, sa.Float, nullable=False)


sa.Table("command_key", TABLES, _text("key", key=True), *_texts("fingerprint", "receipt"))
sa.Table("claim", TABLES, _text("claim", key=True), *_texts("stream"))
sa.Table("vault", TABLES, _text("party_id", key=True), *_texts("personal"))
sa.Table("snapshot", TABLES, _text("stream", key=True), _number("version"), *_texts("fingerprint", "state"))
sa.Table(
    "view_build",
    TABLES,
    _text("view", key=True),
    _number("version"),
    *_texts("fingerprint"),
    _number("generation"),
    _number("position"),
    *_texts("digest"),
    _measure("seconds"),
    *_texts("built_at", "built_by"),
)
sa.Table(
    "view_certificate",
    TABLES,
    sa.Column("id", sa.Integer, primary_key=True),
    _text("view", required=True, index=True),
    _number("version"),
    *_texts("fingerprint"),
    _number("generation"),
    _number("position"),
    *_texts("digest"),
    _number("events"),
    _measure("seconds"),
    _measure("rate"),
    _number("swapped_at"),
    _measure("lock_ms"),
    *_texts("tables", "built_at", "built_by"),
    sqlite_autoincrement=True,
)
sa.Table(
    "view_run",
    TABLES,
    _number("generation", key=True),
    *_texts("views", "phase"),
    _number("position"),
    _number("head"),
    *_texts("started_at", "updated_at", "built_by"),
)
sa.Table("view_held", TABLES, _text("view", key=True), _number("since"))
sa.Table(
    "account",
    TABLES,
    _text("account_id", key=True),
    sa.Column("login", sa.Text, nullable=False, unique=True),
    _text("password_hash"),
    _text("party_id"),
    *_texts("roles", "created_at"),
    sa.Column("disabled", sa.BigInteger, nullable=False, server_default="0"),
)
sa.Table(
    "token",
    TABLES,
    _text("digest", key=True),
    *_texts("account_id", "purpose"),
    _text("label"),
    *_texts("created_at"),
    _text("expires_at"),
    _text("used_at"),
)
sa.Table(
    "access_log",
    TABLES,
    sa.Column("id", sa.Integer, primary_key=True),
    _text("at", required=True, index=True),
    _text("account_id"),
    _text("party_id"),
    *_texts("roles", "command"),
    _text("entity"),
    *_texts("code", "request_id"),
    sqlite_autoincrement=True,
)
sa.Table("setting", TABLES, _text("name", key=True), *_texts("value"))

# ------------------------------------------------------------- the log, with guards that refuse to change it

_REFUSAL = "the log is never changed: correct, supersede or redact by a new event"

# Positions are an explicit key, so that no backup renumbers them.
_SQLITE = [
    f"CREATE TABLE IF NOT EXISTS {LOG} (rowid INTEGER PRIMARY KEY AUTOINCREMENT, "
    "originator_id TEXT NOT NULL, originator_version INTEGER NOT NULL, topic TEXT NOT NULL, "
    "state BLOB NOT NULL, UNIQUE (originator_id, originator_version))",
    *(
        f"CREATE TRIGGER IF NOT EXISTS {LOG}_no_{act.lower()} BEFORE {act} ON {LOG} "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        for act in ("UPDATE", "DELETE")
    ),
]

# The table, the type and the function as eventsourcing 9.5.6 makes them; the last two are not used here.
_ROW = "originator_id text, originator_version bigint, topic text, state bytea"
_COLUMNS = "originator_id, originator_version, topic, state"
_POSTGRES = [
    f"""CREATE TABLE IF NOT EXISTS {LOG} (
        originator_id text NOT NULL, originator_version bigint NOT NULL, topic text, state bytea,
        notification_id bigserial, PRIMARY KEY (originator_id, originator_version))
    WITH (autovacuum_enabled = true, autovacuum_vacuum_threshold = 100000000,
        autovacuum_vacuum_scale_factor = 0.5, autovacuum_analyze_threshold = 1000,
        autovacuum_analyze_scale_factor = 0.01)""",
    f"""DO $$ BEGIN IF to_regtype('stored_event_text') IS NULL THEN
        CREATE TYPE stored_event_text AS ({_ROW}); END IF; END $$""",
    f"CREATE UNIQUE INDEX IF NOT EXISTS {LOG}_notification_id_idx ON {LOG} (notification_id ASC)",
    f"""CREATE OR REPLACE FUNCTION es_insert_events_text(events stored_event_text[])
    RETURNS SETOF bigint LANGUAGE plpgsql AS $$BEGIN
        SET LOCAL lock_timeout = '30s'; NOTIFY "{LOG}"; RETURN QUERY
        INSERT INTO {LOG} AS t ({_COLUMNS}) SELECT {_COLUMNS} FROM unnest(events)
        RETURNING notification_id; END;$$""",
    f"""CREATE OR REPLACE FUNCTION {LOG}_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$""",
    f"""CREATE OR REPLACE TRIGGER {LOG}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {LOG}
    FOR EACH STATEMENT EXECUTE FUNCTION {LOG}_refuse()""",
]


def tables(dialect: str) -> list[sa.Table]:
    """The tables of this revision on a database, the log with them: what a record without migrations has."""
    is_postgres = dialect == "postgresql"
    log = sa.Table(
        LOG,
        sa.MetaData(),
        _number("notification_id" if is_postgres else "rowid", key=not is_postgres),
        *_texts("originator_id"),
        _number("originator_version"),
        _text("topic", required=not is_postgres),
        sa.Column("state", sa.LargeBinary, nullable=is_postgres),
    )
    return [*TABLES.tables.values(), log]


def upgrade() -> None:
    connection = op.get_bind()
    for statement in _POSTGRES if connection.dialect.name == "postgresql" else _SQLITE:
        connection.exec_driver_sql(statement)
    TABLES.create_all(connection)

"""The service's own PostgreSQL role adds to the log and can do nothing else to it (docs/postgresql.md)."""

import re
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from domain.history import KANAZAWA
from domain.history.importing import import_history, read_history
from projections.engine.store import LOG
from projections.rebuild.replay import rebuild
from projections.registry import open_store
from tests.projections.conftest import new_store
from tests.projections.engine.test_store import register_person
from tests.support.postgres import Postgres

DOCUMENTED = Path(__file__).parents[3] / "docs" / "postgresql.md"


@pytest.mark.postgres
def test_the_documented_role_serves_but_cannot_change_the_log(postgres: Postgres) -> None:
    url = postgres.fresh()
    owner = new_store(url)
    import_history(owner.application, read_history(KANAZAWA))
    statements = re.search(r"```sql\n(.*?)```", DOCUMENTED.read_text(encoding="utf-8"), re.S)
    assert statements
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "DROP OWNED BY kyodo_app; DROP ROLE kyodo_app" if _role_exists(connection) else "SELECT 1"
        )
        connection.execute(statements[1].encode())
    rebuild(owner)
    app = open_store(
        sa.make_url(url).set(username="kyodo_app", password="choose-one").render_as_string(False)
    )
    assert register_person(app, "架空 太郎").version == 1
    for forbidden in (f"UPDATE {LOG} SET topic='x'", f"DELETE FROM {LOG}", f"TRUNCATE {LOG}"):
        with app.engine.connect() as connection, pytest.raises(sa.exc.DBAPIError, match="permission denied"):
            connection.execute(sa.text(forbidden))
    app.close()
    owner.close()


def _role_exists(connection: psycopg.Connection[tuple[object, ...]]) -> bool:
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname='kyodo_app'").fetchone()
    return found is not None

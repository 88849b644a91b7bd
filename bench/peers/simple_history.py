"""The same logical changes by Django's ORM, with django-simple-history keeping every state of every row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import django
import sqlalchemy as sa
from django.apps import AppConfig
from django.conf import settings

from bench.peers.changes import Change, Changes
from bench.peers.timing import Apply, main


class Crud(AppConfig):  # type: ignore[misc]  # Django ships no types
    """The application that the tables belong to."""

    name = "bench"
    label = "crud"


def prepare(url: str, changes: Changes) -> Apply:
    """Models as an application would use them: a row looked up, changed, saved, in one transaction."""
    settings.configure(
        DATABASES={"default": _database(url)},
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "simple_history",
            "bench.peers.simple_history.Crud",
        ],
        USE_TZ=True,
    )
    django.setup()
    from django.apps import apps
    from django.core.management import call_command
    from django.db import connection, transaction

    models = {name: _model(name, columns) for name, columns in changes.tables.items()}
    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        for model in apps.get_app_config(Crud.label).get_models():
            editor.create_model(model)

    def apply(command: Sequence[Change]) -> None:
        with transaction.atomic():
            for change in command:
                if change.new:
                    models[change.table].objects.create(key=change.key, **change.values)
                    continue
                row = models[change.table].objects.get(key=change.key)
                for name, value in change.values.items():
                    setattr(row, name, value)
                row.save()

    return apply


def _model(name: str, columns: dict[str, str]) -> Any:
    from django.db import models
    from simple_history.models import HistoricalRecords

    kinds = {"text": models.TextField, "whole": models.BigIntegerField}
    made = {
        column: kinds[kind](null=True, db_index=column == "belongs_to") for column, kind in columns.items()
    }
    meta = type("Meta", (), {"app_label": Crud.label})
    more = {"__module__": __name__, "Meta": meta, "history": HistoricalRecords(app=Crud.label)}
    return type(name, (models.Model,), {"key": models.TextField(primary_key=True), **made, **more})


def _database(url: str) -> dict[str, Any]:
    """Durable commits and a connection that stays open; on SQLite a write-ahead log, as ours."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parsed.database,
            "USER": parsed.username,
            "HOST": parsed.host or parsed.query.get("host"),
            "PORT": parsed.port or "",
            "CONN_MAX_AGE": None,
        }
    options = {
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
    }
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": parsed.database, "OPTIONS": options}


if __name__ == "__main__":
    main(prepare)

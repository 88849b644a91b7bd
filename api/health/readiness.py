"""Everything that a service looks at to say whether it is ready, on a connection of its own.

Not ready: no database, no record, other tables, views that keep it from serving, a clock far behind, a record
that cannot be written, a database that was found to be damaged. Told, and ready all the same: little room on
the disk, a damaged file of a document, no check for longer than a day and a half. Every change of what is
found is a line in the log.
"""

from __future__ import annotations

import datetime as dt
import tempfile
import threading
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import structlog
from flask import Flask

from api.health.probes import WriteProbe, free_space, health_engine, holds_what_was
from api.http.problems import declare
from api.setup import rules_of_service
from api.setup.config import ProcessSettings, RecordSettings
from api.setup.store import RECORD_MISSING, StoreHolder
from domain.values.refusal import Refusal
from projections.engine.append.record_clock import CLOCK_UNUSABLE, TOLD_FROM, ahead_of, is_unusable
from projections.engine.event_format import refuse_newer_format
from projections.engine.view_versions import Standing, held, standings, view_differences
from projections.migrations.revisions import refuse_newer, refuse_outdated
from projections.migrations.upgrading import RECORD_FOREIGN, durable_differences
from projections.tables.database_errors import is_damage
from projections.tables.log_table import LOG

SCHEMA_INCOMPLETE = declare(
    503,
    "SCHEMA_INCOMPLETE",
    ja="ビューの表が、この版の求めるものではありません（{tables}）。",
    en="The tables of views are not those that this version needs ({tables}).",
    rule=rules_of_service.CREATED_ONCE,
    next_ja="kyodo init --no-rebuild を実行してください。今ある記録はそのままです。",
    next_en="Run kyodo init --no-rebuild. What is recorded stays as it is.",
)

_SERVED: dict[str, tuple[Standing, ...]] = {
    "serve": ("current", "other_code", "older"),
    "rebuild": ("current",),
    "refuse": ("current",),
}
"""With which views a service is ready, by VIEWS_OUTDATED."""

log = structlog.get_logger("kyodo")


class Readiness:
    """What one process finds of one record. May be asked from any thread."""

    def __init__(self, record: RecordSettings, process: ProcessSettings):
        self.record, self.process = record, process
        self._engine = health_engine(record.database_url)
        self._probe = WriteProbe(self._engine)
        self._lock = threading.Lock()
        self._known: dict[str, str] = {}

    def look(self, views_outdated: str) -> tuple[bool, dict[str, Any], Refusal | None]:
        """Whether a service is ready, what was found, and what keeps the record from being used, if something
        was refused."""
        checks: dict[str, Any] = {
            "database": "unreachable",
            "schema": None,
            "differences": [],
            "views": None,
            "clock": None,
        }
        ready, refused = False, None
        try:
            self._refuse_missing()
            with self._engine.connect() as connection:
                checks["database"] = "reachable"
                ready = _look(connection, checks, views_outdated)
                ready = _look_at_clock(connection, checks) and ready
        except Refusal as found:
            checks["database"], checks["schema"], refused = "reachable", found.code, found
        except sa.exc.SQLAlchemyError as error:
            word = "damaged" if is_damage(error) else "unreachable"
            checks["database"] = f"{word} ({type(error).__name__})"
        checks["write"] = self._probe.look() if checks["database"] == "reachable" else None
        checks["space"] = self._space()
        checks["check"], is_sound = self._last_check()
        can_write = checks["write"] is not None and checks["write"]["state"] != "fails"
        ready = ready and can_write and is_sound
        self._tell_changes(ready, checks)
        return ready, checks, refused

    @property
    def is_of_the_past(self) -> bool:
        """Whether this process alone cannot write: it began on a disk that took no writes."""
        return holds_what_was(self._engine, self._probe.look())

    def _refuse_missing(self) -> None:
        """An address without a record; a file is not made by looking for it."""
        url = self._engine.url
        if url.get_backend_name() == "sqlite" and not Path(str(url.database)).exists():
            raise RECORD_MISSING()
        with self._engine.connect() as connection:
            inspector = sa.inspect(connection)
            if not (inspector.has_table(LOG) and inspector.has_table("setting")):
                raise RECORD_MISSING()
            refuse_outdated(connection)

    def _space(self) -> dict[str, Any]:
        attachments = self.record.attachments
        places = {"record": self.record.past_folder.parent, "temporary": Path(tempfile.gettempdir())}
        if "://" not in attachments:
            places["attachments"] = Path(attachments)
        least = self.process.free_bytes
        return {"least_bytes": least, **free_space(places, least)}

    def _last_check(self) -> tuple[dict[str, Any], bool]:
        outcome = self.record.outcome_file.read()
        state = outcome.standing(dt.datetime.now(dt.UTC))
        return {"state": state, "at": outcome.at, "failed": outcome.failed}, not outcome.is_of_the_database

    def _tell_changes(self, ready: bool, checks: dict[str, Any]) -> None:
        """One line for each thing that is not as it was when last looked at."""
        now = {
            "ready": str(ready).lower(),
            "database": str(checks["database"]),
            "schema": str(checks["schema"]),
            "clock": str(checks["clock"]),
            "write": _in_words(checks["write"]),
            "check": " ".join([checks["check"]["state"], *checks["check"]["failed"]]),
        }
        now |= {f"space {p}": v["state"] for p, v in checks["space"].items() if isinstance(v, dict)}
        with self._lock:
            before, self._known = self._known, now
        for name, state in now.items():
            if name not in before and state in _WELL:
                continue  # at the start only what is not well is worth a line
            if before.get(name) != state:
                tell = log.info if state in _WELL else log.warning
                tell("health", check=name, was=before.get(name), now=state)


def readiness(app: Flask) -> Readiness:
    """What this process looks at; made anew for another record."""
    holder: StoreHolder = app.extensions["kyodo-store"]
    known: Readiness | None = app.extensions.get("kyodo-readiness")
    if known is None or known.record is not holder.settings:
        known = app.extensions["kyodo-readiness"] = Readiness(
            holder.settings, app.extensions["kyodo-process"]
        )
    return known


_WELL = ("true", "reachable", "complete", "usable", "works", "enough", "holds", "never")


def _in_words(write: dict[str, Any] | None) -> str:
    return " ".join(str(value) for value in write.values()) if write is not None else "unknown"


def _look(connection: sa.Connection, checks: dict[str, Any], views_outdated: str) -> bool:
    """Put into ``checks`` how the tables and the views are; whether a service is ready with them."""
    checks["views"], checks["held"] = standings(connection), sorted(held(connection))
    refuse_newer(connection)
    refuse_newer_format(connection)
    differences = durable_differences(connection)
    checks["schema"] = RECORD_FOREIGN.code if differences else "complete"
    if not differences and (differences := view_differences(connection)):
        checks["schema"] = SCHEMA_INCOMPLETE.code
    checks["differences"] = [difference._asdict() for difference in differences]
    served = _SERVED[views_outdated]
    return not differences and all(state in served for state in checks["views"].values())


def _look_at_clock(connection: sa.Connection, checks: dict[str, Any]) -> bool:
    """Put into ``checks`` how far the clock is behind the record; whether commands are recorded."""
    now = dt.datetime.now(dt.UTC)
    ahead = ahead_of(connection, now)
    checks["clock_behind_seconds"] = max(0.0, round(ahead.total_seconds(), 3))
    if is_unusable(connection, now):
        checks["clock"] = CLOCK_UNUSABLE.code
        return False
    checks["clock"] = "behind" if ahead >= TOLD_FROM else "usable"
    return True

"""The work of a night: what was kept long enough goes, and the record is checked. A process of its own.

The service starts it, once a day and from one worker only, after ``NIGHTLY_HOUR`` in Japan: whoever runs this
needs no timer beside it, and nobody forgets one. It is as gentle as a process can be, takes the append's lock
for a few rows at a time, and a worker that is replaced leaves it alone. A night that was missed (the service
was down) is made up for. ``NIGHTLY_HOUR=-1`` leaves it to a timer: ``kyodo prune`` and ``kyodo check``.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import subprocess
import sys
import time

import sqlalchemy as sa
import structlog

from api.contents.attachments import Attachments
from api.health.integrity import check_record, keep
from api.health.pruning import prune_old
from api.http import logs
from api.setup.check_outcome import Outcome
from api.setup.config import RecordSettings, read_settings
from api.setup.store import refuse_unusable
from domain.values.calendar import JAPAN
from domain.values.refusal import Refusal
from projections import registry
from projections.engine.store import Store

BY = "nightly"
ONE_OVER_ALL_HOSTS = "SELECT pg_try_advisory_lock(20060302)"

log = structlog.get_logger("kyodo")


def is_due(outcome: Outcome, now: dt.datetime, hour: int) -> bool:
    """Whether the work of the last night has not been done. ``hour``: when a night's work begins in Japan;
    less than 0: never."""
    if hour < 0:
        return False
    here = now.astimezone(JAPAN)
    began = here.replace(hour=hour, minute=0, second=0, microsecond=0)
    if began > here:
        began -= dt.timedelta(days=1)
    return outcome.at is None or dt.datetime.fromisoformat(outcome.at) < began


_started: list[subprocess.Popen[bytes]] = []


def start_if_due(record: RecordSettings, hour: int) -> bool:
    """Start the work if it is due and nobody else is at it. It inherits the lock by which there is one for a
    record on this machine: held from its first moment to its last, however it ends."""
    _started[:] = [process for process in _started if process.poll() is None]
    if not is_due(record.outcome_file.read(), dt.datetime.now(dt.UTC), hour):
        return False
    path = record.outcome_file.path.with_suffix(".lock")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(path, "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        command = [sys.executable, "-m", "api.health.nightly"]
        _started.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=[lock.fileno()]))
    return True


def carry_out(store: Store, record: RecordSettings) -> None:
    """Prune, then check, and keep what came of it. That one cannot be done does not keep the other."""
    started = time.perf_counter()
    try:
        days = record.sign_in.access_log_days
        lines, keys = prune_old(store.engine, dt.datetime.now(dt.UTC).date(), days)
        log.info("pruned", lines=lines, keys=keys, seconds=round(time.perf_counter() - started, 1))
    except sa.exc.SQLAlchemyError as error:
        log.error("nothing could be pruned", error=type(error).__name__)
    outcome = check_record(store, Attachments(record.attachments), BY)
    tell = log.error if outcome.failed else log.info
    tell("record checked", failed=outcome.failed, position=outcome.position, seconds=outcome.seconds)
    if not keep(record.outcome_file, outcome):
        log.error("what a check found cannot be kept", path=str(record.outcome_file.path))


def main() -> int:
    """0: done, or somebody else is at it; 1: it could not be done."""
    os.nice(19)
    os.umask(0o077)
    logs.configure()
    registry.load()
    _, record = read_settings()
    store = registry.open_store(record.database_url)
    try:
        refuse_unusable(store)
        with store.engine.connect() as alone:
            if store.postgres and not alone.exec_driver_sql(ONE_OVER_ALL_HOSTS).scalar():
                return 0
            carry_out(store, record)
    except (Refusal, sa.exc.SQLAlchemyError) as error:
        log.error("the night's work could not be done", error=str(error)[:200])
        return 1
    finally:
        store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The check of a night: pages of the database, the log by itself, and the content of every document."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

import msgspec

from api.contents.attachments import Attachments, recorded_contents
from api.setup.check_outcome import Outcome, OutcomeFile
from domain.values.refusal import Refusal
from projections.engine.log import head
from projections.engine.log_checks import MOST_FOUND, Check, log_checks
from projections.engine.page_checks import page_check
from projections.engine.store import Store
from projections.tables.database_errors import is_damage

UNREADABLE = (Refusal, msgspec.MsgspecError, UnicodeError, LookupError)
"""What an event raises that was changed where it lies."""
Advance = Callable[[int, int], None]


def check_record(
    store: Store, files: Attachments, by: str, advance: Advance = lambda done, of: None
) -> Outcome:
    """Everything that can be checked of a record without comparing it with anything outside. ``advance``
    hears of contents that were read. Raises what keeps the database from being asked."""
    started, at = time.perf_counter(), dt.datetime.now(dt.UTC)
    checks, position = [page_check(store.engine)], 0
    try:
        with store.engine.connect() as connection:
            position = head(connection)
            checks += log_checks(connection, full=True)
            checks.append(scrub(files, recorded_contents(connection), advance))
    except Exception as error:
        if not (is_damage(error) or isinstance(error, UNREADABLE)):
            raise
        checks.append(_unreadable(error))
    return Outcome(
        at=at.isoformat(timespec="seconds"),
        by=by,
        position=position,
        seconds=round(time.perf_counter() - started, 1),
        checks=tuple(check.as_json() for check in checks),
    )


def faults(files: Attachments, recorded: dict[str, list[str]], advance: Advance) -> list[dict[str, Any]]:
    """Every recorded content that is missing, or whose bytes are others than were recorded."""
    problems = []
    for n, (sha256, documents) in enumerate(sorted(recorded.items()), 1):
        digest = files.digest(sha256)
        if digest != sha256:
            state = "missing" if digest is None else "corrupt"
            problems.append({"sha256": sha256, "state": state, "documents": documents})
        advance(n, len(recorded))
    return problems


def scrub(files: Attachments, recorded: dict[str, list[str]], advance: Advance) -> Check:
    """Whether the content of every document is there, and is what was recorded."""
    problems_seen = faults(files, recorded, advance)
    missing = sum(fault["state"] == "missing" for fault in problems_seen)
    damaged, of = len(problems_seen) - missing, len(recorded)
    return Check(
        "contents",
        (
            f"文書の内容{of}件のうち、見つからないもの{missing}、壊れているもの{damaged}。",
            f"Of {of} contents of documents {missing} are missing and {damaged} damaged.",
        ),
        "fails" if problems_seen else "holds",
        {"contents": of, "faults": problems_seen[:MOST_FOUND]},
    )


def keep(file: OutcomeFile, outcome: Outcome) -> bool:
    """Keep an outcome beside the record; whether there was room for it."""
    try:
        file.keep(outcome)
    except OSError:
        return False
    return True


def _unreadable(error: Exception) -> Check:
    """What cannot be read at all, where every check before has been made."""
    return Check(
        "decoding",
        (
            f"読めない出来事があります（{type(error).__name__}）。",
            f"An event cannot be read ({type(error).__name__}).",
        ),
        "fails",
        {"error": str(error)[:200]},
    )

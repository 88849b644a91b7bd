"""What the last check of the record showed, in a file beside it: a damaged database could not keep it.

``kyodo check`` and the nightly work write it whole; a worker that meets damage while it answers adds that.
The file is read by ``/readyz`` in every worker, and by ``kyodo check --last`` and ``kyodo due``.
"""

from __future__ import annotations

import datetime as dt
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec

from projections.engine.log_checks import Check

OLD_AFTER = dt.timedelta(hours=36)
"""A check of every night is never older."""
MET = "met"
"""The check that is no check: somebody was answered with damage."""
OF_THE_DATABASE = ("pages", "positions", "versions", "decoding", "guards", MET)
"""Checks with which nothing can be served if they fail; a damaged file of one document is another thing."""

Standing = Literal["holds", "fails", "old", "never"]


class Outcome(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was checked: when, by whom, how far the log went, what came of each check."""

    at: str | None = None
    by: str | None = None
    position: int = 0
    seconds: float = 0.0
    checks: tuple[dict[str, Any], ...] = ()

    @property
    def failed(self) -> list[str]:
        """The names of the checks that failed."""
        return [check["check"] for check in self.checks if check["verdict"] == "fails"]

    @property
    def is_of_the_database(self) -> bool:
        """Whether it is the database that failed, and not the file of a document."""
        return any(name in OF_THE_DATABASE for name in self.failed)

    def standing(self, now: dt.datetime) -> Standing:
        if self.failed:
            return "fails"
        if self.at is None:
            return "never"
        return "old" if now - dt.datetime.fromisoformat(self.at) > OLD_AFTER else "holds"


@dataclass(frozen=True)
class OutcomeFile:
    """Where the outcome is kept."""

    path: Path

    def read(self) -> Outcome:
        """The outcome as it is kept; one of which nothing is known if there is none, or none that can be
        read."""
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=Outcome)
        except (OSError, msgspec.MsgspecError):
            return Outcome()

    def keep(self, outcome: Outcome) -> None:
        """Keep it, whole or not at all. OSError: there is no room for it, or none may be written."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self.path.with_name(f"{self.path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(msgspec.json.format(msgspec.json.encode(outcome), indent=2))
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self.path)
        finally:
            draft.unlink(missing_ok=True)

    def met(self, damage: str) -> None:
        """Note that a reader or a writer has met damage; once, and until the next check."""
        known = self.read()
        if MET in known.failed:
            return
        says = (
            f"応答の途中で壊れた所に当たりました（{damage}）。",
            f"Damage was met while answering ({damage}).",
        )
        check = Check(MET, says, "fails", {"damage": damage}).as_json()
        self.keep(msgspec.structs.replace(known, checks=(*known.checks, check)))

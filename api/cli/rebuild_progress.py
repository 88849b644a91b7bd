"""How far a replay is: a bar for people, lines of JSON for machines (both on standard error)."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from api.cli.shell import Shell
from api.reads.view_status import PHASES
from projections.rebuild.shadow_tables import Phase, Progress, Report

TELL_EVERY = 0.5
"""Seconds between two lines."""


@contextmanager
def replaying(shell: Shell) -> Iterator[Report]:
    """Something to tell progress to. With ``--json`` the lines hold phase, position, head, events, rate
    (events a second) and remaining (seconds; null while unknown)."""
    if shell.as_json:
        yield _Lines()
        return
    with shell.progress("", "") as advance:

        def report(progress: Progress) -> None:
            advance(progress.position, progress.head, shell.tr(*PHASES[progress.phase]))

        yield report


class _Lines:
    def __init__(self) -> None:
        self.told: tuple[Phase | None, float] = (None, 0.0)

    def __call__(self, progress: Progress) -> None:
        phase, at = self.told
        if progress.phase == phase and time.monotonic() - at < TELL_EVERY:
            return
        self.told = progress.phase, time.monotonic()
        line = {
            "phase": progress.phase,
            "position": progress.position,
            "head": progress.head,
            "events": progress.events,
            "rate": round(progress.rate, 1),
            "remaining": None if progress.remaining is None else round(progress.remaining, 1),
        }
        print(msgspec.json.encode(line).decode(), file=sys.stderr, flush=True)

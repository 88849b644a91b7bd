"""A process that makes the pasts that were wished for, gently, one after another, and ends
(projections/past/kept_files.py)."""

import os
import signal
import sys
from pathlib import Path

import msgspec
import structlog

from projections import registry
from projections.past.files import Moment, TooLarge
from projections.past.kept_files import Pasts, sweep
from projections.past.wishes import Wish, Work

log = structlog.get_logger("kyodo")

MOST_SECONDS = 3_600
"""A past that takes longer is given up; its draft is swept."""


def carry_out(pasts: Pasts) -> int:
    """Make every past that is wished for, the oldest wish first; how many were made."""
    made = 0
    sweep(pasts.folder)
    wishes = pasts.folder / "wishes"
    while path := min(wishes.glob("*.json"), key=lambda path: path.stat().st_mtime, default=None):
        try:
            _carry_out(pasts, msgspec.json.decode(path.read_bytes(), type=Wish))
            made += 1
        except TooLarge:
            log.error("a past has more bytes than PAST_BYTES", wish=path.name)
        except (msgspec.MsgspecError, FileNotFoundError) as error:
            log.error("a wish cannot be read", wish=path.name, error=str(error))
        finally:
            path.unlink(missing_ok=True)
    return made


def _carry_out(pasts: Pasts, wish: Wish) -> None:
    pasts.make(wish.position, Moment.of(wish.known_on, wish.in_force_on))


if __name__ == "__main__":
    work = msgspec.json.decode(sys.stdin.buffer.read(), type=Work)
    os.nice(10)
    os.umask(0o077)
    signal.alarm(MOST_SECONDS)
    registry.load()
    store = registry.open_store(work.url)
    try:
        carry_out(Pasts(store, Path(work.folder), most_bytes=work.most_bytes))
    finally:
        store.close()

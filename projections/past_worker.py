"""A process that makes the pasts that were wished for, gently, one after another, and ends
(projections/past/kept_files.py)."""

import os
import signal
import sys
from pathlib import Path

import msgspec

from projections import registry
from projections.past.kept_files import Pasts, Work, carry_out

MOST_SECONDS = 3_600
"""A past that takes longer is given up; its draft is swept."""

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

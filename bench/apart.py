"""A command run in processes of its own, and the most memory that they held together.

Memory is what ``/proc/PID/status`` calls VmHWM, the peak of a process since it began its program (what
``getrusage`` tells of a child starts from its parent's peak). The peaks of a process and of all that it
starts are added up. The database server's own memory is not ours and not counted.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.measuring import Done
from tests.support.server import settings_for

ROOT = Path(__file__).parents[1]
LOOK_EVERY = 0.01
"""Seconds. The system remembers a peak: what is missed is how much grew in the last moment."""


def kyodo(url: str, *arguments: str, things: int) -> Done:
    """Run ``kyodo`` on the record at ``url`` and throw its output away. ``things``: how many it works on."""
    command = [sys.executable, "-m", "api.cli.main", *arguments]
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=ROOT, env=settings_for(url), stdout=subprocess.DEVNULL, stderr=output
        )
        peaks: dict[int, float] = {}
        while process.poll() is None:
            peaks |= {pid: peak for pid in _family(process.pid) if (peak := _peak_mb(pid)) is not None}
            time.sleep(LOOK_EVERY)
        seconds = time.perf_counter() - started
        if process.returncode:
            output.seek(0)
            raise RuntimeError(f"{command} ended with {process.returncode}: {output.read().decode()}")
    return Done(things, seconds, sum(peaks.values()) if peaks else None)


def _family(pid: int) -> Iterator[int]:
    """A process and all that it has started."""
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:  # it has ended, or this is no Linux
        return
    for child in children:
        yield from _family(int(child))


def _peak_mb(pid: int) -> float | None:
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return None

"""What the peers of the append share: they run in a process of their own, and time every command there.

Such a process is started as ``python -m bench.crud_… URL FILE``: it reads the changes from the file, makes
tables in the empty database, applies what comes before, and prints as JSON how many seconds each of the timed
commands took. (Both libraries change their framework for the whole process.)
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from bench.peers.changes import Change, Changes

ROOT = Path(__file__).parents[1]
Apply = Callable[[Sequence[Change]], object]


def timed_in_process(module: str, url: str, file: Path) -> list[float]:
    """The seconds that each command took in a process of ``module``."""
    command = [sys.executable, "-m", module, url, str(file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{module} ended with {done.returncode}: {done.stderr.decode(errors='replace')}")
    return msgspec.json.decode(done.stdout, type=list[float])


def main(prepare: Callable[[str, Changes], Apply]) -> None:
    """Run the process. ``prepare(url, changes)`` makes the tables, and gives what applies the changes of one
    command in a transaction of its own."""
    url, file = sys.argv[1:]
    changes = msgspec.json.decode(Path(file).read_bytes(), type=Changes)
    apply = prepare(url, changes)
    for command in changes.before:
        apply(command)
    took = []
    for command in changes.timed:
        started = time.perf_counter()
        apply(command)
        took.append(time.perf_counter() - started)
    sys.stdout.buffer.write(msgspec.json.encode(took))

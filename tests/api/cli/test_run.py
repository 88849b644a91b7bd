"""``make run``: what serves and what sends the mails begin and end together."""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
from functools import partial
from pathlib import Path

import pytest

from tests.support.server import free_port

ROOT = Path(__file__).parents[3]
STAND_IN = """#!/usr/bin/env bash
echo "$1 began" >> log
trap 'echo "$1 ended" >> log; exit 0' TERM
if [ "$1" = serve ]; then
  python3 -m http.server --bind 127.0.0.1 "$PORT" >/dev/null 2>&1 &
  trap 'kill $!; echo "serve ended" >> log; exit 0' TERM
fi
while true; do sleep 0.1; done
"""
"""In the place of kyodo: it listens, or waits, until it is told to end."""


def until(log: Path, line: str) -> list[str]:
    """The lines of the log, once this one stands there."""
    for _ in range(200):
        lines = log.read_text().splitlines() if log.exists() else []
        if line in lines:
            return lines
        time.sleep(0.05)
    raise AssertionError(f"no “{line}” in {lines}")


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_mails_are_sent_while_the_record_is_served(tmp_path: Path, how: signal.Signals) -> None:
    for folder in ("bin", ".venv/bin"):
        (tmp_path / folder).mkdir(parents=True)
    shutil.copy(ROOT / "bin" / "run", tmp_path / "bin" / "run")
    kyodo = tmp_path / ".venv" / "bin" / "kyodo"
    kyodo.write_text(STAND_IN)
    kyodo.chmod(0o755)
    env = {"PATH": "/usr/bin:/bin", "PORT": str(free_port())}
    heeded = partial(
        signal.signal, how, signal.SIG_DFL
    )  # who runs in the background may be told to ignore it
    running = subprocess.Popen([tmp_path / "bin" / "run"], env=env, start_new_session=True, preexec_fn=heeded)
    try:
        assert until(tmp_path / "log", "deliver began") == ["serve began", "deliver began"]
        running.send_signal(how)
        running.wait(10)
        assert sorted(until(tmp_path / "log", "deliver ended")[2:])[0] == "deliver ended"
        assert "serve ended" in until(tmp_path / "log", "serve ended")
    finally:
        running.kill()

"""The whole thing, as it is served: gunicorn, its workers, a port of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from click.testing import CliRunner

from api.cli.main import cli
from api.setup import record_setup
from projections.registry import open_store

ROOT = Path(__file__).parents[2]
INHERITED = ("PATH", "HOME", "LANG", "TZ", "TMPDIR")
"""All that a process gets from the test's environment: a developer's DATABASE_URL is not among it."""


@contextmanager
def running_server(
    database_url: str,
    workers: int = 2,
    env: Mapping[str, str] | None = None,
    *,
    create: bool = True,
    patience: float = 90,
    port: int | None = None,
) -> Iterator[str]:
    """Serve the record in ``database_url``; yields the base URL, without a slash at the end.

    ``create``: make or complete the record first, as ``kyodo init`` does. ``port``: this one, of a server
    that was stopped. ``env``: further settings.
    """
    port = port or free_port()
    settings = settings_for(database_url) | {"PORT": str(port)} | dict(env or {})
    if create:
        created(settings["DATABASE_URL"])
    with running(gunicorn(port, workers), port, settings, patience=patience) as base:
        yield base


def created(database_url: str) -> None:
    """Make or complete a record, in this process: starting another takes seconds."""
    store = open_store(database_url)
    try:
        record_setup.create(store)
        record_setup.bring_up_to_date(store)
    finally:
        store.close()


def gunicorn(port: int, workers: int) -> list[str]:
    """The command that serves with so many workers."""
    command = [sys.executable, "-m", "gunicorn", "--config", "python:api.serve.gunicorn_settings"]
    return [*command, "--bind", f"127.0.0.1:{port}", "--workers", str(workers)]


@contextmanager
def running(
    command: Sequence[str], port: int, env: Mapping[str, str], *, cwd: Path = ROOT, patience: float = 90
) -> Iterator[str]:
    """Run a command that serves at ``port``; yields the base URL once it answers, in ``patience`` seconds.

    If anything fails while it runs, what the server said is printed. The server and its workers are gone
    afterwards.
    """
    with running_process(command, port, env, cwd=cwd, patience=patience) as (_, base):
        yield base


@contextmanager
def running_process(
    command: Sequence[str],
    port: int,
    env: Mapping[str, str],
    *,
    cwd: Path = ROOT,
    patience: float = 90,
    log: Path | None = None,
) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """As :func:`running`; yields the process too, the head of a group of its own, to be killed. ``log``: what
    the server says is added to this file."""
    with tempfile.TemporaryDirectory(prefix="kyodo-server-") as folder:
        log = log or Path(folder) / "server.log"
        process = _start(command, env, cwd, log)
        try:
            base = f"http://127.0.0.1:{port}"
            _wait_until_live(process, f"{base}/livez", patience)
            yield process, base
        except BaseException:
            print(f"--- the server said:\n{log.read_text(errors='replace')}", file=sys.stderr)
            raise
        finally:
            _stop(process)


def settings_for(database_url: str) -> dict[str, str]:
    """An environment for ``kyodo`` and for the server that leaves nothing under ``var/``."""
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return inherited | {
        "DATABASE_URL": database_url,
        "PUBLIC_URL": "http://kyodo.example.jp",
        "SECRET_KEY": "only for tests, the same in every worker",
        "PYTHONUNBUFFERED": "1",
    }


def kyodo(*arguments: str, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a ``kyodo`` command, e.g. ``kyodo("import", path, env=settings_for(url))``.

    Raises AssertionError with what it printed if it fails.
    """
    command = [sys.executable, "-m", "api.cli.main", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=dict(env), capture_output=True, text=True, check=False)
    assert done.returncode == 0, (
        f"kyodo {' '.join(arguments)} → {done.returncode}\n{done.stdout}{done.stderr}"
    )
    return done


def kyodo_here(*arguments: str, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """As :func:`kyodo`, in this process: what a command does and says is the same, and starting a process is
    two seconds of work. Of the environment the command sees ``env`` alone."""
    before = os.umask(0o022)
    try:
        ran = CliRunner().invoke(cli, arguments, env={**dict.fromkeys(os.environ), **env})
    finally:
        os.umask(before)
    if ran.exception is not None and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    assert ran.exit_code == 0, f"kyodo {' '.join(arguments)} → {ran.exit_code}\n{ran.stdout}{ran.stderr}"
    return subprocess.CompletedProcess(arguments, ran.exit_code, ran.stdout, ran.stderr)


def free_port() -> int:
    """A TCP port on the loopback address that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _start(command: Sequence[str], env: Mapping[str, str], cwd: Path, log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as out:
        return subprocess.Popen(
            command,
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _wait_until_live(process: subprocess.Popen[bytes], url: str, patience: float) -> None:
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode} before it answered")
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except urllib.error.HTTPError:
            raise
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(f"{url} did not answer within {patience} s")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the server's own process group: politely, then not."""
    for sign, seconds in ((signal.SIGTERM, 10), (signal.SIGKILL, 10)):
        try:
            os.killpg(process.pid, sign)
        except ProcessLookupError:
            break
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue

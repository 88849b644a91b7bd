"""The faults. Each is put in while clients write and read, lasts some seconds, and is taken out again."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import struct
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.drills.load import Load
from tests.drills.places import Place, every_connection_taken, full
from tests.support import server

WORKERS = 2


class Skipped(Exception):
    """This fault cannot be put in here; why."""


@dataclass
class Service:
    """The service of a drill, and whoever starts it again when it is gone."""

    place: Place
    port: int
    log: Path
    clock: Path | None = None
    """The file that says by how many seconds its clock is wrong."""
    shim: Path | None = None
    base: str = ""
    process: subprocess.Popen[bytes] | None = None
    running: ExitStack = field(default_factory=ExitStack)

    def env(self) -> dict[str, str]:
        settings = server.settings_for(self.place.url)
        settings |= {"PORT": str(self.port), "PYTHONPATH": str(server.ROOT), "FREE_BYTES": str(16 << 20)}
        if self.shim is not None:
            settings |= {"LD_PRELOAD": str(self.shim), "DRILL_CLOCK": str(self.clock)}
        return settings

    def start(self) -> None:
        command = server.gunicorn(self.port, WORKERS)
        made = server.running_process(
            command, self.port, self.env(), cwd=self.place.folder, patience=60, log=self.log
        )
        self.process, self.base = self.running.enter_context(made)

    def stop(self) -> None:
        self.running.close()
        self.running = ExitStack()

    def workers(self) -> list[int]:
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def kill_workers(self) -> None:
        for pid in self.workers():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def kill_and_start(self) -> None:
        """The whole service is killed, and a supervisor starts it again."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.stop()
        self.start()

    def set_clock(self, seconds: float) -> None:
        assert self.clock is not None
        with self.clock.open("r+b") as file:
            file.write(struct.pack("d", seconds))


Fault = Callable[[Service, Load], None]
"""Put in, held, and taken out. Returns when it is out: from then on recovery is timed."""


def worker_killed(service: Service, load: Load) -> None:
    for _ in range(4):
        os.kill(service.workers()[0], signal.SIGKILL)
        time.sleep(1)


def server_killed(service: Service, load: Load) -> None:
    for _ in range(2):
        service.kill_and_start()
        time.sleep(1.5)
    service.kill_and_start()


def database_killed(service: Service, load: Load) -> None:
    """On SQLite the database is in the workers: all of them are killed at once."""
    for _ in range(2):
        if service.place.is_postgres:
            service.place.kill()
            service.place.start()
        else:
            service.kill_workers()
        time.sleep(2)


def database_restarted(service: Service, load: Load) -> None:
    if not service.place.is_postgres:
        raise Skipped("SQLite has no server")
    service.place.restart()
    time.sleep(2)
    service.place.restart()


def disk_full(service: Service, load: Load) -> None:
    if service.place.disk is None:
        raise Skipped("only root may mount a small disk")
    with full(service.place.disk):
        time.sleep(8)
    service.place.start()  # a server that gave up is started again, as a supervisor does


def read_only(service: Service, load: Load) -> None:
    """On SQLite the disk takes no writes any more (the workers are killed, for nothing can be remounted while
    files are open for writing); on PostgreSQL the server takes none."""
    if service.place.is_postgres:
        service.place.set_read_only(True)
        time.sleep(6)
        service.place.set_read_only(False)
        return
    if service.place.disk is None:
        raise Skipped("only root may mount a disk")
    _remount(service, "ro")
    until(lambda: any("write fails" in word for word in load.seen), 60)  # the workers begin anew meanwhile
    time.sleep(3)
    _remount(service, "rw")


def _remount(service: Service, how: str) -> None:
    command = ["mount", "-o", f"remount,{how}", str(service.place.disk)]
    for _ in range(200):
        if not subprocess.run(command, check=False, capture_output=True).returncode:
            return
        service.kill_workers()
    raise Skipped("the disk stayed in use")


def connections_taken(service: Service, load: Load) -> None:
    """PostgreSQL lets nobody else in, and the workers begin anew; on SQLite somebody holds the lock on
    writing."""
    if service.place.is_postgres:
        service.kill_workers()
        with every_connection_taken(service.place.url):
            until(lambda: any("unreachable" in word for word in load.seen), 60)
            time.sleep(3)
        return
    with _lock_on_writing(service.place.url.removeprefix("sqlite:///")):
        time.sleep(8)


@contextmanager
def _lock_on_writing(path: str) -> Iterator[None]:
    connection = sqlite3.connect(path, isolation_level=None, timeout=30)
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")
    finally:
        connection.close()


def clock_forth_and_back(service: Service, load: Load) -> None:
    """Four seconds ahead, then right again."""
    _with_clock(service, (4.0, 0.0), 5)


def clock_back_and_right(service: Service, load: Load) -> None:
    """Ten minutes back, then right again."""
    _with_clock(service, (-600.0,), 8)
    service.set_clock(0.0)


def clock_far_ahead(service: Service, load: Load) -> None:
    """Ten minutes ahead, then right: what was recorded stands for a moment to come, and a person says so."""
    _with_clock(service, (600.0, 0.0), 6)
    server.kyodo("clock", "accept", "--yes", env=service.env())


def _with_clock(service: Service, offsets: tuple[float, ...], seconds: float) -> None:
    if service.clock is None:
        raise Skipped("no C compiler for a clock that can be set")
    for offset in offsets:
        service.set_clock(offset)
        time.sleep(seconds)


FAULTS: dict[str, Fault] = {
    "worker killed": worker_killed,
    "service killed": server_killed,
    "database killed": database_killed,
    "database restarted": database_restarted,
    "disk full": disk_full,
    "read-only": read_only,
    "connections used up": connections_taken,
    "clock 4 s forth and back": clock_forth_and_back,
    "clock 10 min back": clock_back_and_right,
    "clock 10 min forth and back": clock_far_ahead,
}


def clock_shim(folder: Path) -> tuple[Path, Path] | None:
    """A library that moves the clock of a process, and the file that says by how much; None without a C
    compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return None
    shim, offset = folder / "clock.so", folder / "clock"
    source = Path(__file__).with_name("clock.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", str(shim), str(source), "-ldl"], check=True)
    offset.write_bytes(struct.pack("d", 0.0))
    return shim, offset


def until(condition: Callable[[], bool], seconds: float) -> bool:
    """Wait for something; whether it came."""
    end, pause = time.monotonic() + seconds, threading.Event()
    while time.monotonic() < end:
        if condition():
            return True
        pause.wait(0.05)
    return False

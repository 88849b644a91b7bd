"""What goes out on a connection, at the pace of its reader and not of the thread that made it."""

from __future__ import annotations

import itertools
import socket
import tempfile
import time
from collections import deque
from typing import IO

IN_MEMORY = 1 << 20
"""So many bytes of an answer wait in memory; more of them in a file without a name."""
AT_ONCE = 64 << 10


class Outgoing:
    """Stands for the socket where gunicorn writes an answer; takes everything, and sends when it is told to.

    Used by one thread at a time: by the one that makes the answer, then by the loop.
    """

    def __init__(self, sock: socket.socket):
        self._sock = sock
        self._parts: deque[bytes | memoryview] = deque()
        self._in_memory = 0
        self._file: IO[bytes] | None = None
        self._filed = 0
        self.moved = time.monotonic()
        self.sent = 0

    @property
    def waiting(self) -> int:
        """Bytes that are not sent yet."""
        return self._in_memory + self._filed

    @property
    def filed(self) -> int:
        """How many of them wait on the disk."""
        return self._filed

    def sendall(self, data: bytes) -> None:
        """Take these bytes."""
        if self._filed or self._in_memory + len(data) > IN_MEMORY:
            if self._file is None:
                self._file = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the answer)
            self._file.seek(0, 2)
            self._file.write(data)
            self._filed += len(data)
        else:
            self._parts.append(data)
            self._in_memory += len(data)

    def send(self, data: bytes) -> int:
        """The same, for who asks how many were taken."""
        self.sendall(data)
        return len(data)

    def flush(self) -> bool:
        """Send what the socket takes now; whether nothing is left. Raises OSError if nobody is there."""
        while self.waiting:
            if not self._parts:
                self._refill()
            try:
                gone = self._sock.sendmsg(list(itertools.islice(self._parts, 64)))
            except BlockingIOError:
                return False
            self.sent += gone
            self._in_memory -= gone
            self.moved = time.monotonic()
            while gone:
                first = self._parts.popleft()
                if len(first) > gone:
                    self._parts.appendleft(memoryview(first)[gone:])
                    break
                gone -= len(first)
        self.close()
        return True

    def _refill(self) -> None:
        assert self._file is not None, "what waits is in memory or in a file"
        self._file.seek(-self._filed, 2)
        part = self._file.read(AT_ONCE)
        self._filed -= len(part)
        self._parts.append(part)
        self._in_memory += len(part)

    def close(self) -> None:
        """Give back the file, if there was one."""
        if self._file is not None:
            self._file.close()
            self._file, self._filed = None, 0

"""Connections as no well-behaved client opens them: silent, slow, malformed."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit


def opened(base: str, data: bytes = b"", *, receive: int | None = None) -> socket.socket:
    """A connection on which this was sent, and nothing more. ``receive``: bytes of its receive buffer."""
    address = urlsplit(base)
    sock = socket.socket()
    if receive is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
    sock.connect((address.hostname or "", address.port or 0))
    sock.sendall(data)
    return sock


def everything(sock: socket.socket, patience: float = 30) -> bytes:
    """What comes until the other side closes. Raises TimeoutError if it does not."""
    received = bytearray()
    end = time.monotonic() + patience
    while True:
        sock.settimeout(max(0.01, end - time.monotonic()))
        data = sock.recv(1 << 16)
        if not data:
            return bytes(received)
        received += data


def asked(base: str, data: bytes, patience: float = 30) -> bytes:
    """What the service says to these bytes before it closes the connection."""
    with opened(base, data) as sock:
        return everything(sock, patience)


def get(path: str, *fields: str) -> bytes:
    """A whole request, after which the connection is closed."""
    lines = [f"GET {path} HTTP/1.1", "Host: kyodo.example.jp", "Connection: close", *fields]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def status_of(answer: bytes) -> int:
    """The status of an answer; 0 if there is none."""
    return int(answer[9:12]) if answer.startswith(b"HTTP/1.1 ") else 0


@contextmanager
def holding(base: str, parts: list[bytes]) -> Iterator[list[socket.socket]]:
    """Connections that stay open, each with a part of a request sent on it."""
    held: list[socket.socket] = []
    try:
        held += [opened(base, part) for part in parts]
        yield held
    finally:
        for sock in held:
            sock.close()

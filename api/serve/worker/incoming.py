"""What comes in on a connection: a head that ends, and a body that is whole before a thread sees it.

The parsing is gunicorn's. Here is only what tells the loop whether there is enough to parse, so that no
thread ever waits for a socket.
"""

from __future__ import annotations

import io
import tempfile
from typing import Any

from gunicorn.http.body import ChunkedReader, LengthReader
from gunicorn.http.message import Request
from gunicorn.http.unreader import Unreader

MOST_OF_HEAD = 64 << 10
"""Bytes of a head, its first line and every field together."""
IN_MEMORY = 256 << 10
"""So many bytes of a body stay in memory; a longer one goes to a file without a name."""
_LONGEST_SIZE_LINE = 8_190


class Stored(Unreader):  # type: ignore[misc]
    """What gunicorn reads a request from: bytes that are all here."""

    def __init__(self, head: bytes):
        super().__init__()
        self.buf.write(head)
        self.body: Any = io.BytesIO()

    def chunk(self, size_hint: int | None = None) -> bytes:
        """The next bytes of the body; none at its end."""
        return bytes(self.body.read(max(size_hint or 0, 8_192)))


class Body:
    """A body that is arriving. ``most``: bytes of content; whoever sends more is refused."""

    def __init__(self, request: Any, most: int):
        reader = request.body.reader
        self.length: int | None = reader.length if isinstance(reader, LengthReader) else None
        self._chunks = _Chunks() if isinstance(reader, ChunkedReader) else None
        self.most = most
        self.arrived = 0
        self.file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 (closed with the connection)

    @property
    def is_expected(self) -> bool:
        """Whether there is a body at all."""
        return self.length is None or self.length > 0

    @property
    def is_too_long(self) -> bool:
        """Whether more was announced, or has come, than is taken; the frames of chunks come on top."""
        return (self.length or 0) > self.most or self.arrived > self.most + (self.most >> 2) + 1_024

    def take(self, data: bytes) -> tuple[bool, bytes]:
        """Keep what belongs to the body: whether it is whole now, and what comes after it."""
        if self._chunks is None:
            wanted = (self.length or 0) - self.arrived
            own, rest = data[:wanted], data[wanted:]
        else:
            own, rest = data, b""  # gunicorn finds where it ends, and the connection ends with it
        self.arrived += len(own)
        self.file.write(own)
        is_whole = self._chunks.passed(own) if self._chunks is not None else self.arrived == self.length
        return is_whole, rest

    def hand_over(self, request: Any) -> None:
        """Let the request be read from what has arrived."""
        self.file.seek(0)
        request.unreader.body = self.file


class _Chunks:
    """Where a chunked body ends (RFC 9112, 7.1). What is malformed counts as an end: gunicorn says why."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._skip = 0
        """Bytes of the chunk at hand, with its line end, that are still to come."""
        self._is_last = False

    def passed(self, data: bytes) -> bool:
        """Whether the body is whole with these further bytes."""
        self._buffer += data
        while self._buffer:
            if self._skip:
                gone = min(self._skip, len(self._buffer))
                del self._buffer[:gone]
                self._skip -= gone
                continue
            end = self._buffer.find(b"\r\n")
            if end < 0:
                return len(self._buffer) > _LONGEST_SIZE_LINE
            line = bytes(self._buffer[:end])
            del self._buffer[: end + 2]
            if self._is_last:  # a line of the trailer; an empty one ends it
                if not line:
                    return True
                continue
            try:
                size = int(line.partition(b";")[0].strip() or b"?", 16)
            except ValueError:
                return True
            self._is_last, self._skip = size == 0, size + 2 if size else 0
        return False


def parsed(config: Any, head: bytes, peer: Any, number: int) -> Any:
    """The request that a whole head describes. Raises what gunicorn raises."""
    return Request(config, Stored(head), peer, number)

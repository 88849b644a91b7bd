"""One connection, as the loop knows it: what has come, what is being done about it, what has to go out."""

from __future__ import annotations

import ipaddress
import socket
import time
from dataclasses import dataclass, field
from typing import Any, Literal

from api.serve.worker.incoming import Body
from api.serve.worker.outgoing import Outgoing

State = Literal["idle", "head", "body", "work", "waiting", "sending", "ending"]
"""``idle``: nothing of a request has come · ``head``, ``body``: part of it · ``work``: a thread has it, or
will · ``waiting``: put aside until something happens · ``sending``: an answer goes out · ``ending``: the
answer is out, and what still comes is thrown away."""


@dataclass(eq=False, slots=True)
class Connection:
    """A connection. Owned by the loop, except in the state ``work``: then by the thread that has it."""

    sock: socket.socket
    peer: Any
    server: Any
    """The address of the listener it came to."""
    state: State = "idle"
    since: float = field(default_factory=time.monotonic)
    """When it came into its state."""
    received: bytearray = field(default_factory=bytearray)
    searched: int = 0
    """So many bytes of ``received`` hold no end of a head."""
    began: float = 0.0
    """When the head of the request at hand was whole."""
    requests: int = 0
    """How many requests it has made."""
    request: Any = None
    body: Body | None = None
    answer: Any = None
    """gunicorn's Response, once the application has begun to answer."""
    parts: Any = None
    """What of an answer is still to be asked of the application."""
    outgoing: Outgoing = None  # type: ignore[assignment]
    keep: bool = False
    """Whether another request may follow the answer."""
    mask: int = 0
    """What the selector watches for."""
    whose: str = ""
    """Whose turn it takes: the network of whoever asks."""
    place: Any = None
    """Where the request waits, if it does (api/serve/worker/places.py)."""
    environ: Any = None
    alike: list[Connection] = field(default_factory=list)
    """Others who wait for the same answer and get this one's."""

    def __post_init__(self) -> None:
        self.outgoing = Outgoing(self.sock)

    def to(self, state: State) -> None:
        """Note the state it is in from now on."""
        self.state, self.since = state, time.monotonic()

    @property
    def path(self) -> str:
        """What is asked for, as far as it is known."""
        return str(self.request.path or "/") if self.request is not None else _path_of(self.received)

    def field_of(self, name: str) -> str:
        """A field of the request's head; empty if it has none."""
        fields = self.request.headers if self.request is not None else ()
        return next((str(value) for key, value in fields if key == name), "")

    def asked_by_anybody(self) -> tuple[str, ...] | None:
        """What is asked, if whoever asks the same gets the same; None for a caller who says who they are."""
        header_names = {name for name, _ in self.request.headers}
        if header_names & {"COOKIE", "AUTHORIZATION", "RANGE", "IF-NONE-MATCH"}:
            return None
        accepted = self.field_of("ACCEPT-LANGUAGE"), self.field_of("ACCEPT")
        return self.request.method, self.request.uri, *accepted

    def finished(self) -> None:
        """Forget the request that was answered."""
        if self.body is not None:
            self.body.file.close()
        self.request = self.body = self.answer = self.parts = self.place = self.environ = None
        self.outgoing = Outgoing(self.sock)
        self.searched = 0


def _path_of(received: bytes | bytearray) -> str:
    """The address in a first line that is not all there, or could not be read; ``/`` if there is none."""
    words = bytes(received[:4_096]).split(b"\r\n", 1)[0].split(b" ")
    text = words[1].decode("latin-1").partition("?")[0] if len(words) > 1 else ""
    return text if text.startswith("/") else "/"


def network_of(request: Any, peer: Any, proxies: int) -> str:
    """The network of whoever asks: an IPv4 address, or the 64 bits that an IPv6 network shares. Behind
    ``proxies`` of ours, what the outermost of them has seen (X-Forwarded-For)."""
    address = str(peer[0]) if isinstance(peer, tuple) else ""
    if proxies and request is not None:
        seen = ",".join(value for name, value in request.headers if name == "X-FORWARDED-FOR").split(",")
        if len(seen) >= proxies and seen[-proxies].strip():
            address = seen[-proxies].strip()
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network((int(parsed) >> 64 << 64, 64)))

"""Waiting after failed sign-ins: longer with each one, never for ever, and not for whoever is known here.

Attempts are counted by what they have in common. Some are free; after those an attempt is looked at only when
its wait is over, and one that comes too early is neither looked at nor counted, so that nobody prolongs the
wait of another by asking on and on.

- *A browser in which the account has signed in before* (it has a signed cookie) is counted by itself:
  whatever others try against an account, from wherever, its owner signs in there without waiting.
- *An account from one network*: 5 free, then 1, 2, 4 … 60 seconds. When the account fails from everywhere
  (50 times within the hour), 2 are free, and the wait grows to a quarter of an hour; a network from which
  nobody has failed on the account is not made to wait.
- *A network*, whichever account: 30 free, then 1, 2, 4 … 20 seconds.

A network is the first 24 bits of an IPv4 address, 48 of an IPv6 one. Counts end an hour after the last
failure, and hold no address (api/setup/counters.py).
"""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa
import structlog
from itsdangerous import BadSignature, URLSafeSerializer

from api.setup.counters import Count, Counters

WINDOW = 3600.0
"""Seconds after the last failure until failures are forgotten."""
DEVICE_COOKIE, DEVICE_DAYS = "kyodo_device", 180

T = TypeVar("T")
log = structlog.get_logger("kyodo")


@dataclass(frozen=True)
class Pace:
    """``free`` failures without a wait; then a second, twice as long each time, ``longest`` at most."""

    free: int
    longest: float

    def wait(self, count: Count, now: float) -> float:
        """For how many seconds from ``now`` no attempt is looked at."""
        over = count.times - self.free
        delay = 0.0 if over < 0 else min(2.0 ** min(over, 30), self.longest)
        return max(0.0, count.last + delay - now)


KNOWN = Pace(5, 60)
ONE_NETWORK = Pace(5, 60)
UNDER_ATTACK = Pace(2, 900)
WHOLE_NETWORK = Pace(30, 20)
SECOND = Pace(5, 900)
ATTACKED_FROM = 50
"""Failures on one account within the window, from everywhere, from which it counts as attacked."""


class Attempt:
    """One attempt to sign in as ``login`` from ``address``; ``device``: the cookie of a known browser."""

    def __init__(self, counters: Counters, login: str, address: str | None, device: str | None):
        self._counters = counters
        self._account = f"account {login}"
        network = network_of(address)
        self._network, self._here = f"network {network}", f"account {login} network {network}"
        self._device = f"device {device}" if device else None
        self.failures = 0
        """How often the account has failed lately, from everywhere, this attempt included."""

    def wait(self) -> float:
        """Take a turn: 0, or for how many seconds it is not this one's turn."""
        return _counted(lambda: self._counters.take(self._keys(), WINDOW, self._judge), 0.0)

    def succeeded(self) -> None:
        """The turn was no failure; earlier ones of this browser, or of this network, are forgotten."""
        own = [self._device] if self._device else [self._here]

        def change() -> None:
            self._counters.give_back(key for key in self._keys() if key not in own)
            self._counters.forget(own)

        _counted(change, None)

    def _keys(self) -> list[str]:
        return [self._device] if self._device else [self._account, self._here, self._network]

    def _judge(self, counts: Mapping[str, Count], now: float) -> float:
        if self._device:
            return KNOWN.wait(counts[self._device], now)
        self.failures = counts[self._account].times + 1
        pace = ONE_NETWORK if counts[self._account].times < ATTACKED_FROM else UNDER_ATTACK
        return max(pace.wait(counts[self._here], now), WHOLE_NETWORK.wait(counts[self._network], now))


class SecondAttempt:
    """One attempt at the second factor of an account whose password was right. Whoever has come so far knows
    the password: the wait is for the account, from wherever it is tried, and grows to a quarter of an hour:
    nobody tries a million codes in years."""

    def __init__(self, counters: Counters, account_id: str):
        self._counters = counters
        self._key = f"second {account_id}"
        self.failures = 0
        """How often it has failed lately, this attempt included."""

    def wait(self) -> float:
        """Take a turn: 0, or for how many seconds there is none."""
        return _counted(lambda: self._counters.take([self._key], WINDOW, self._judge), 0.0)

    def succeeded(self) -> None:
        _counted(lambda: self._counters.forget([self._key]), None)

    def _judge(self, counts: Mapping[str, Count], now: float) -> float:
        self.failures = counts[self._key].times + 1
        return SECOND.wait(counts[self._key], now)


def _counted(count: Callable[[], T], otherwise: T) -> T:
    """What ``count`` says. That nothing can be counted just now (a full disk) locks nobody out."""
    try:
        return count()
    except sa.exc.SQLAlchemyError as error:
        log.error("failed sign-ins cannot be counted", error=type(error).__name__)
        return otherwise


def network_of(address: str | None) -> str:
    """The network that an address belongs to; an address that is none is a network by itself."""
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return address or "unknown"
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    bits = 24 if ip.version == 4 else 48
    return str(ipaddress.ip_network((ip, bits), strict=False))


# ------------------------------------------------------------------------------------- known browsers


def device_cookie(key: str, account_id: str) -> str:
    """What a browser keeps in which this account has signed in, signed with ``key``."""
    return str(_serializer(key).dumps([account_id, secrets.token_hex(8)]))


def known_device(key: str, cookie: str | None, account_id: str | None) -> str | None:
    """The name of a browser in which this account has signed in before; None for any other cookie."""
    try:
        payload = _serializer(key).loads(cookie) if cookie and len(cookie) < 300 else None
    except BadSignature:
        return None
    if not isinstance(payload, list) or len(payload) != 2 or account_id is None or payload[0] != account_id:
        return None
    return str(payload[1])


def _serializer(key: str) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt="known browser")

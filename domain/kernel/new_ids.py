"""Identifiers that the system makes: what kind of thing, in which fiscal year, and six characters at random.

Nothing of a title or a name is in one: an identifier stays for ever, and is written down elsewhere.
"""

from __future__ import annotations

import datetime as dt
import uuid

from domain.values.calendar import fiscal_year_of

_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
"""Without those that are taken for one another when they are read aloud or copied by hand (l, o, 0, 1)."""
_LENGTH = 6


def made_id(prefix: str, day: dt.date, random: str) -> str:
    """An identifier for something of a kind (``prefix``: ``matter-``), made on a day. ``random``: a UUID."""
    number = uuid.UUID(random).int
    characters = (_ALPHABET[(number >> 5 * n) % len(_ALPHABET)] for n in reversed(range(_LENGTH)))
    return f"{prefix}{fiscal_year_of(day)}-{''.join(characters)}"

"""Streams: how the name of an aggregate's stream is made of its kind and its public id."""

from __future__ import annotations

from functools import lru_cache

_BARE_ID: dict[str, bool] = {}
"""For each kind of aggregate, by the prefix of its streams: whether public ids leave the prefix out."""


def declare(prefix: str, bare_id: bool) -> None:
    """Make a kind of aggregate known by the prefix of its streams, e.g. ``matter-``."""
    _BARE_ID[prefix] = bare_id
    entity_of.cache_clear()


def prefix_of(stream: str) -> str:
    """The prefix by which a stream tells its kind."""
    return stream.split("-", 1)[0] + "-"


@lru_cache(maxsize=8192)
def entity_of(stream: str) -> str:
    """The public id of the aggregate whose stream this is. Every view asks for it, of every event."""
    prefix = prefix_of(stream)
    return stream[len(prefix) :] if _BARE_ID.get(prefix, False) else stream

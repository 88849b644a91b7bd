"""What the words of a search stand for: what pages call each value, and the city's list of words.

The catalogue is that of the pages themselves: what a value, a field, a role or an event is called is found by
those words, in both languages, and when a word is changed it is found by the new one at once. Words that
mean the same and readings come with the service (``search_words.toml``); a city adds its own in
``search/words.toml`` beside its record, which counts from the next search on.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import structlog

from api.setup.config import RecordSettings
from api.setup.search_files import list_of_words
from api.words.values import VALUES
from domain.kernel.events import EVENTS
from domain.kernel.field_words import field_words
from domain.kernel.record import KINDS
from domain.kernel.roles import ROLE_NAMES
from projections.answers.finding.words import Vocabulary

OURS = Path(__file__).with_name("search_words.toml")
MOST_BYTES = 1 << 20
_SAYS_NOTHING = frozenset(
    (
        *("title", "title_ja", "name", "name_ja", "label", "label_ja", "text", "text_ja", "kind"),
        *("category", "order", "count", "value", "what", "v", "by", "to", "on", "basis", "disclosure"),
        *("scope", "method", "item", "role"),
    )
)
"""Fields whose names stand on every page: nobody looks for them."""

log = structlog.get_logger("kyodo")


def vocabulary(record: RecordSettings) -> Vocabulary:
    """The words of the pages with the lists of the service and of this city."""
    own = list_of_words(record)
    try:
        stat = own.stat()
        return _vocabulary(own, stat.st_mtime_ns, stat.st_size)
    except OSError:
        return _vocabulary(None)


@lru_cache(maxsize=8)
def _vocabulary(own: Path | None, changed_at: int = 0, size: int = 0) -> Vocabulary:
    groups, readings = read_list(OURS.read_text("utf-8"))
    if own is not None and size <= MOST_BYTES:
        try:
            own_groups, own_readings = read_list(own.read_text("utf-8"))
            groups, readings = own_groups + groups, readings | own_readings
        except (OSError, ValueError) as wrong:  # tomllib's, and of what is not UTF-8
            log.error("the city's list of words cannot be used", file=str(own), why=str(wrong))
    return Vocabulary(tuple(_labels()), groups, readings)


def read_list(text: str) -> tuple[tuple[tuple[str, ...], ...], dict[str, tuple[str, ...]]]:
    """A list of words: groups that mean the same, and words by their readings. ValueError: it is none."""
    content = tomllib.loads(text)
    groups = tuple(_words(group) for group in content.get("same", []))
    readings: dict[str, tuple[str, ...]] = {}
    for reading, *words in map(_words, content.get("read", [])):
        readings[reading] = (*readings.get(reading, ()), *words)
    return groups, readings


def _words(words: Any) -> tuple[str, ...]:
    """A line of a list: two words, or more."""
    if not isinstance(words, list) or not all(isinstance(word, str) and word.strip() for word in words):
        raise ValueError(f"a list of words is expected, not {words!r}"[:200])
    if len(words) < 2:
        raise ValueError(f"two words or more are expected: {words!r}"[:200])
    return tuple(words)


def _labels() -> Iterator[tuple[str, str]]:
    for code, words in VALUES.items():
        yield from ((word, f"v:{code}") for word in words[:2])
    for role, words in ROLE_NAMES.items():
        yield from ((word, f"r:{role}") for word in words)
    for name, kind in KINDS.items():
        yield from ((word, f"k:{name}") for word in kind.LABEL)
    for name, event in EVENTS.items():
        yield from ((word, f"t:{name}") for word in event.LABEL)
    for name, words in field_words().items():
        if name not in _SAYS_NOTHING:
            yield from ((word, f"f:{name}") for word in words)

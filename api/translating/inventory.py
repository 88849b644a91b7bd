"""Every sentence there is in both languages, each with a key that stays: what a translator translates.

What is declared has the key of its declaration (``refusal.NOT_QUORATE.sentence``, ``role.SEC``,
``event.MatterRaised.label``); words in a table have that of the table and their place in it
(``words.fields.FIELDS.title``); a sentence in code or in a template is its own key, a digest of its Japanese
and its English. No key depends on a line, a function or an order.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import api
import domain
import projections
from api.translating import in_python, in_templates
from api.translating.apart import APART, APART_IN
from api.translating.declared import declared
from api.translating.sentences import Fault

_NOT_SAID = ("domain/sample/", "projections/engine/spelling/", "projections/answers/finding/asking")
"""The made-up record is material, not words of ours: what it says is said in its own language. How Japanese
is written, and what a search is asked with, is read and never said."""

_BLANK_IN_A_LANGUAGE = re.compile(r"\{(\w+?)_(?:ja|en)\}")


@dataclass(frozen=True)
class Sentence:
    """One sentence of ours; ``{name}`` are its blanks. ``places`` are the files that say it."""

    key: str
    ja: str
    en: str
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Inventory:
    """All sentences by their keys, and the faults: what stands in the code and nobody could translate."""

    sentences: dict[str, Sentence]
    faults: tuple[str, ...]

    def once(self) -> list[Sentence]:
        """Each sentence once, by its first key. What is the same in both languages is one sentence to the
        service, which knows it by its words; so one translation is asked for."""
        return list({(s.ja, s.en): s for s in reversed(self.sentences.values())}.values())[::-1]


@cache
def inventory() -> Inventory:
    """The sentences of the code that is running."""
    roots = [Path(str(package.__file__)).parent for package in (domain, projections, api)]
    files = {
        f"{root.name}/{path.relative_to(root).as_posix()}": path.read_text(encoding="utf-8")
        for root in roots
        for path in sorted(root.rglob("*"))
        if path.suffix in (".py", ".html")
    }
    return inventory_of(files, list(declared()))


def inventory_of(files: dict[str, str], known: list[tuple[str, str, str]]) -> Inventory:
    """The sentences of these files, by path, and of these declarations."""
    in_tables, in_code, faults = _found_in(files)
    places: dict[tuple[str, str], dict[str, None]] = {}
    for pair, path in [*((p, path) for _, p, path in in_tables), *in_code]:
        places.setdefault(pair, {})[path] = None
    keyed = {key: (ja, en) for key, ja, en in known}
    taken = set(keyed.values())
    for key, pair in _of_one_place(in_tables):
        if pair not in taken:
            keyed[key] = pair
    taken = set(keyed.values())
    keyed |= {own_key(*pair): pair for pair in places if pair not in taken}
    sentences = {
        key: Sentence(key, _plain(ja), _plain(en), tuple(sorted(places.get((ja, en), ()))))
        for key, (ja, en) in keyed.items()
    }
    return Inventory(sentences, tuple(faults))


def own_key(ja: str, en: str) -> str:
    """The key of a sentence that is declared nowhere: it follows from the sentence alone."""
    digest = hashlib.sha256(f"{ja}\x1f{en}".encode()).hexdigest()
    return f"text.{digest[:12]}"


Tabled = tuple[str, tuple[str, str], str]
Placed = tuple[tuple[str, str], str]


def _found_in(files: dict[str, str]) -> tuple[list[Tabled], list[Placed], list[str]]:
    """Pairs in tables with their keys, other pairs, each with its file, and faults."""
    in_tables: list[Tabled] = []
    in_code: list[Placed] = []
    faults: list[str] = []
    for path, source in files.items():
        if path.startswith(_NOT_SAID):
            continue
        if path.endswith(".html"):
            pairs, wrong = in_templates.pairs_in(source)
            in_code += [(pair, path) for pair in pairs]
            faults += _told(path, wrong)
            continue
        source_pairs = in_python.pairs_in(source, _module(path))
        in_tables += [(key, pair, path) for key, pair in source_pairs.pairs if key is not None]
        in_code += [(pair, path) for key, pair in source_pairs.pairs if key is None]
        faults += _told(path, source_pairs.faults)
    return in_tables, in_code, faults


def _module(path: str) -> str:
    """``domain/meeting/events.py`` is ``meeting.events``: a table keeps its key when a room is moved."""
    parts = Path(path).with_suffix("").parts
    return ".".join(part for part in parts[-2:] if part != "__init__")


def _of_one_place(tables: list[Tabled]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Keys that name one pair only, in the order of the tables."""
    pairs = {(key, pair): None for key, pair, _ in tables}
    often = Counter(key for key, _ in pairs)
    seen: set[tuple[str, str]] = set()
    for key, pair in pairs:
        if often[key] == 1 and pair not in seen:
            seen.add(pair)
            yield key, pair


def _plain(text: str) -> str:
    """Blanks called alike in both languages: ``{wanted_ja}`` and ``{wanted_en}`` are ``{wanted}``."""
    return _BLANK_IN_A_LANGUAGE.sub(r"{\1}", text)


def _told(path: str, faults: list[Fault]) -> list[str]:
    if path.removesuffix(".py") in APART_IN:
        return []
    return [f"{path}:{fault.line}: {fault.why}" for fault in faults if fault.text not in APART]

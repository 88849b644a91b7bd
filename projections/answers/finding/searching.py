"""Searching: which events say the words, among those the reader may see.

An event is a hit if every word stands in its texts as a folded substring, or as one of its values: no
stemming, no word boundaries, no operators (finding/matching.py). Things, ranked, are found by
finding/things.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import msgspec
import sqlalchemy as sa

from domain.kernel.events import EVENTS
from domain.kernel.record import KINDS
from domain.kernel.roles import ROLE_NAMES
from domain.kernel.viewer import Viewer
from domain.values.calendar import EffectiveDate, parse_fiscal_year
from domain.values.refusal import refusal
from projections.answers.finding.attached import Attached
from projections.answers.finding.highlighting import passage
from projections.answers.finding.matching import Seen, is_short
from projections.answers.finding.words import Vocabulary, Word, words_meant
from projections.answers.labels import date_json
from projections.engine import rules
from projections.engine.event_json import TITLE_FIELDS, Json, bilingual
from projections.engine.text_folding import folded, words_of
from projections.engine.view import VIEWS
from projections.tables.durable import VAULT
from projections.views.matter.decision_trail import things
from projections.views.record.search_index import document, open_texts, open_values

LONGEST, MOST_WORDS = 200, 10
COUNTED = 1_000
"""Hits are counted up to here; counting more would take as long as reading them."""
PASSAGES = 3
"""Passages shown of one event."""

SEARCH_TOO_SHORT = refusal(
    "SEARCH_TOO_SHORT",
    ja="探す言葉を入力してください。",
    en="Give at least one word to search for.",
    rule=rules.TWO_CHARACTERS,
    next_ja="例: 「協働」「平成18年3月1日」「340万円」。1文字の語は、題名と名称から探します。",
    next_en="For example 協働, 2006-03-01, ¥3,400,000. A single character is looked for in titles and names.",
    kind="invalid",
)
SEARCH_TOO_LONG = refusal(
    "SEARCH_TOO_LONG",
    ja="検索語は{most_words}語、合わせて{longest}文字までです。",
    en="A search has at most {most_words} words and {longest} characters.",
    rule=rules.FEW_WORDS,
    next_ja="特徴のある語だけを残してください。",
    next_en="Keep the words that tell most.",
    kind="invalid",
)
SEARCH_KIND_UNKNOWN = refusal(
    "SEARCH_KIND_UNKNOWN",
    ja="「{kind}」という種類はありません（{known}）。",
    en="There is no kind “{kind}” (known: {known}).",
    rule=rules.KNOWN_NAMES,
    next_ja="種類の名前を確かめるか、種類を選ばずに検索してください。",
    next_en="Check the name of the kind, or search all of them.",
    kind="invalid",
)


@dataclass(frozen=True)
class Search:
    """What is looked for: words, all of them in one event, and what the event must be."""

    words: tuple[Word, ...]
    kind: str | None = None
    fiscal_year: int | None = None
    body: str | None = None
    role: str | None = None
    state: str | None = None


FILTERS = ("kind", "fiscal_year", "body", "role", "state")


def search_for(query: str, filters: Mapping[str, str], vocabulary: Vocabulary | None = None) -> Search:
    """A search as somebody typed it; by a vocabulary also for what its words stand for. Refuses
    SEARCH_TOO_SHORT (no word), SEARCH_TOO_LONG, SEARCH_KIND_UNKNOWN, and a year that cannot be read."""
    words = words_of(query[: LONGEST + 1])
    if len(query) > LONGEST or len(words) > MOST_WORDS:
        raise SEARCH_TOO_LONG(longest=LONGEST, most_words=MOST_WORDS).at("/q")
    if not words:
        raise SEARCH_TOO_SHORT().at("/q")
    used = {name: value for name, value in filters.items() if value}
    kind, year = used.get("kind"), used.pop("fiscal_year", None)
    if kind is not None and kind not in KINDS:
        raise SEARCH_KIND_UNKNOWN(kind=kind[:40], known=", ".join(KINDS)).at("/kind")
    meant = words_meant(words, vocabulary)
    return Search(meant, fiscal_year=parse_fiscal_year(year) if year else None, **used)


# -- which rows

_ROLES = {name: role for role, (ja, en) in ROLE_NAMES.items() for name in (role, ja, en)}
"""Roles by every name they are written with: a speaker's stands as the minutes have it."""

_NOT_SHOWN = {"folded", "open_folded", "heading", "open_heading", "tokens", "open_tokens", "pairs"}


def hits(search: Search, viewer: Viewer, *, postgres: bool) -> sa.Select[Any]:
    """The events that say all the words and that ``viewer`` may see, newest first, undated ones last.

    Each row has ``cut``: 1 if some fields of the event are redacted for this viewer.
    """
    d, seen = document.table, Seen(viewer, postgres=postgres)
    only_short = all(map(is_short, search.words))
    chosen = (
        sa.select(*(c for c in d.c if c.name not in _NOT_SHOWN), sa.case((seen.cut, 1), else_=0).label("cut"))
        .where(seen.candidates(search.words, every=True))
        .where(*(seen.says(word, in_names=only_short) for word in search.words))
        .where(*filters_of(search), *seen.readable)
    )
    return chosen.order_by(d.c.sort.desc(), d.c.position.desc())


def filters_of(search: Search) -> Iterable[sa.ColumnElement[bool]]:
    """Conditions on the rows of the index that the filters of a search set."""
    d = document.table
    for name in ("kind", "fiscal_year"):
        wanted = getattr(search, name)
        if wanted is not None:
            yield d.c[name] == wanted
    if search.role is not None:
        role = _ROLES.get(search.role, search.role)
        yield d.c.role.in_([role, *ROLE_NAMES.get(role, ())])
    if search.body is not None:
        yield sa.or_(d.c.body == search.body, d.c.entity.in_(_things_with("council_id", search.body)))
    if search.state is not None:
        yield d.c.entity.in_(_things_with("state", search.state))


def _things_with(name: str, value: str) -> sa.CompoundSelect[Any]:
    """The ids of all things of which some view says this in a column: in which state they are now, of which
    council."""
    tables = [t for view in VIEWS.values() for t in view.tables if t is not document]
    chosen = (
        sa.select(t.table.c[t.key_columns[0]]).where(t.table.c[name] == value)
        for t in tables
        if name in t.columns and len(t.key_columns) == 1
    )
    return sa.union_all(*chosen)


def count(connection: sa.Connection, chosen: sa.Select[Any]) -> Json:
    """How many hits there are; ``exact`` is false if there are more than were counted."""
    some = chosen.with_only_columns(document.table.c.position).order_by(None).limit(COUNTED + 1).subquery()
    counted = connection.scalar(sa.select(sa.func.count()).select_from(some)) or 0
    return {"count": min(counted, COUNTED), "exact": counted <= COUNTED}


# -- what is shown of them


def shown(
    connection: sa.Connection, rows: Iterable[Any], words: tuple[Word, ...], texts: Attached | None = None
) -> list[Json]:
    """Rows of :func:`hits` ready for JSON, with the passages in which the words stand."""
    listed = list(rows)
    named = things(connection, {row.subject for row in listed} | {row.entity for row in listed})
    return [_shown(row, named, words, texts) for row in listed]


def _shown(row: Any, named: Mapping[str, Json], words: tuple[Word, ...], attached: Attached | None) -> Json:
    is_undated = row.cut and EVENTS[row.type].WHEN in msgspec.json.decode(row.hidden)
    effective = msgspec.json.decode(row.effective, type=EffectiveDate)
    thing = named.get(row.subject) or named.get(row.entity) or {}
    return {
        "position": row.position,
        "type": row.type,
        "label": bilingual(*EVENTS[row.type].LABEL),
        "kind": row.kind,
        "entity": row.entity,
        "subject": row.subject,
        "subject_title": thing.get("title"),
        "effective": date_json(EffectiveDate.unknown() if is_undated else effective),
        "fiscal_year": None if is_undated else row.fiscal_year,
        "role": _ROLES.get(row.role, row.role),
        "body": row.body,
        "passages": [*_passages(row, words), *_attached_passages(row, words, attached)][:PASSAGES],
        "meant": _meant(row, words),
    }


def _passages(row: Any, words: tuple[Word, ...]) -> Iterable[Json]:
    """The texts of the event in which a word stands, what it is called first, at most a few; where none
    does, the values that were meant."""
    texts: dict[str, str] = msgspec.json.decode(row.texts)
    hidden: list[str] = msgspec.json.decode(row.hidden)
    if row.cut:
        texts = open_texts(texts, hidden)
    in_order = sorted(texts, key=lambda place: (place not in TITLE_FIELDS, place))
    spellings = [text for word in words for text in word.texts]
    tokens = frozenset(token for word in words for token in word.values)
    passages = ((place, passage(texts[place], spellings, tokens)) for place in in_order)
    shown_passages = (
        {"field": place.removeprefix("envelope."), "parts": parts} for place, parts in passages if parts
    )
    return islice(shown_passages, PASSAGES)


ATTACHED = "attached_text"
"""What the field of a passage is called that stands in the text of an attached file."""


def _attached_passages(row: Any, words: tuple[Word, ...], attached: Attached | None) -> Iterable[Json]:
    """The passage of the file that this event attached, where its text is what says a word."""
    file = row.open_content if row.cut else row.content
    if attached is None or file is None or not any(file in word.files for word in words):
        return
    spellings = [text for word in words for text in word.texts]
    tokens = frozenset(token for word in words for token in word.values)
    parts = passage(attached.text(file) or "", spellings, tokens)
    if parts:
        yield {"field": ATTACHED, "parts": parts}


def _meant(row: Any, words: tuple[Word, ...]) -> list[Json]:
    """The values of the event by which a word was meant, each with where it stands."""
    values: dict[str, list[str]] = msgspec.json.decode(row.stated)
    if row.cut:
        values = open_values(values, msgspec.json.decode(row.hidden), row.type)
    wanted = [token for word in words for token in word.tokens]
    meant = {token: place.removeprefix("envelope.") for place, tokens in values.items() for token in tokens}
    return [{"field": meant[token], "token": token} for token in wanted if token in meant][:PASSAGES]


# -- people, for staff


def people(connection: sa.Connection, search: Search, most: int = 20) -> list[Json]:
    """People in whose names all the words stand, from the vault: for staff only, and never from an index."""
    matches = []
    for party_id, personal in connection.execute(sa.select(VAULT).order_by(VAULT.c.party_id)):
        name: str = msgspec.json.decode(personal).get("name", "")
        folded_name = folded(name)
        if all(word.typed in folded_name for word in search.words):
            matches.append({"party_id": party_id, "name": name})
        if len(matches) == most:
            break
    return matches

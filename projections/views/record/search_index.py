"""Search index 全文検索: everything people wrote, one row for each event, folded and cut into pairs.

A row holds the words as they were written, the folded text and the tokens of values in which a hit is
decided (a date, an amount, a result, a role, by keys and never by labels), and the pairs by which the
database finds candidates. It is folded from the event alone: whatever a new event type declares as text or
value is found without a line here. What a side of an evaluation sheet has submitted is indexed when the sheet
is unsealed, not before, for nobody (domain.md 4.7). What is closed is left out when somebody asks, because it
can be closed long after it was written; only redacted fields are taken out here, of ``open_…``. ``content``
names the file that the event attached: its text lies beside the record and is searched through this row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from domain.document.content import DocumentContentAttached
from domain.evaluation_sheet.events import BLIND, SheetUnsealed
from domain.kernel.closed_values import Tree, cut, tree_of, unnamed
from domain.kernel.closing import closed_twice, event_part, part_of, pointer_of, widened
from domain.kernel.correction_events import PartRedacted, RecordCorrected, RedactionLifted
from domain.kernel.events import EVENTS, Recorded
from domain.kernel.record import kind_of
from domain.values.calendar import EffectiveDate
from domain.values.disclosure import Disclosure
from projections.engine.pair_index import PairIndex
from projections.engine.prose import texts_of
from projections.engine.spelling.event_values import EFFECTIVE, values_of
from projections.engine.spelling.written_values import all_tokens
from projections.engine.text_folding import folded, pairs
from projections.engine.view import Key, Row, View, column, json_column, key, number, number_key

VIEW = View("search_index", 4, ja="全文検索", en="Search index", source=__name__)

document = VIEW.table(
    "search_document",
    key("stream"),
    number_key("version"),
    number("position", index=True, required=True),
    column("event_part", required=True),
    column("part"),
    column("about_part"),
    column("entity"),
    column("subject"),
    column("kind"),
    column("type"),
    column("role"),
    column("body"),
    number("fiscal_year"),
    column("sort", required=True),
    json_column("effective"),
    json_column("texts"),
    json_column("hidden"),
    number("sealed", required=True),
    json_column("stated"),
    column("heading", required=True),
    column("open_heading"),
    column("folded", required=True),
    column("open_folded"),
    column("tokens", required=True),
    column("open_tokens"),
    column("content", index=True),
    column("open_content"),
    column("pairs", required=True),
)
HIDDEN = unnamed()
PAIRS = PairIndex("pairs", "position")
document.table.info["pair_index"] = PAIRS


def _written(e: Recorded[Any]) -> Iterator[Key]:
    yield e.stream, e.version


@document.every(keys=_written, fresh=True)
def _document(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    about = getattr(e.data, "target_event", None)
    is_redaction = isinstance(e.data, PartRedacted | RedactionLifted)
    return _indexed(
        {
            "position": e.position,
            "event_part": event_part(e.stream, e.event_id),
            "part": part_of(e),
            "about_part": event_part(e.stream, about) if about and not is_redaction else None,
            "entity": e.entity,
            "subject": e.subject,
            "kind": kind_of(e.stream).__name__,
            "type": e.type,
            "role": _role(e),
            "body": _body(e),
            **_dated(e.effective),
            "texts": texts_of(e),
            "stated": values_of(e),
            "content": e.data.sha256 if isinstance(e.data, DocumentContentAttached) else None,
            "hidden": [],
            "sealed": int(isinstance(e.data, BLIND)),
        }
    )


def _role(e: Recorded[Any]) -> str:
    """In which role it was said: the speaker's, as it was written, if the event says who spoke."""
    return getattr(e.data, "speaker_role", None) or e.actor.role


def _body(e: Recorded[Any]) -> str | None:
    """The group or council of which the event says that it concerns it."""
    if kind_of(e.stream).__name__ in ("Council", "WorkingGroup"):
        return e.entity
    return getattr(e.data, "group_id", None) or getattr(e.data, "council_id", None)


def _dated(effective: EffectiveDate) -> Row:
    """Newest first, an event without a date last: ``sort`` is empty for it."""
    known = effective.value is not None
    return {
        "effective": effective,
        "fiscal_year": effective.fiscal_year if known else None,
        "sort": "/".join(effective.sort_key) if known else "",
    }


def _indexed(row: Row) -> Row:
    """The row with its folded texts, tokens and pairs, as its words, hidden fields and seal stand. Texts
    stand in the order of their places, as they come back from the database."""
    row["texts"] = dict(sorted(row["texts"].items()))
    row["stated"] = dict(sorted(row["stated"].items()))
    texts, values = ({}, {}) if row["sealed"] else (row["texts"], row["stated"])
    row["heading"], row["folded"], row["tokens"] = _as_searched(texts, values)
    row["open_heading"] = row["open_folded"] = row["open_tokens"] = row["open_content"] = None
    if row["hidden"]:
        hidden = set(row["hidden"])
        open_row = _as_searched(open_texts(texts, hidden), open_values(values, hidden, row["type"]))
        row["open_heading"], row["open_folded"], row["open_tokens"] = open_row
        row["open_content"] = None if "sha256" in hidden else row["content"]
    row["pairs"] = " ".join([*pairs(row["folded"]), *row["tokens"].split()])
    return row


def _as_searched(texts: Mapping[str, str], values: Mapping[str, list[str]]) -> tuple[str, str, str]:
    """What its things are called (each between line feeds), all of its words folded, and its tokens (each
    between blanks)."""
    lines = {place: folded(text) for place, text in texts.items()}
    headings = [line for place, line in lines.items() if is_heading(place)]
    tokens = dict.fromkeys(chain.from_iterable(values.values()))
    tokens.update(dict.fromkeys(all_tokens(lines.values())))
    heading = f"\n{NEXT.join(headings)}\n" if headings else ""
    return heading, NEXT.join(lines.values()), f" {' '.join(tokens)} " if tokens else ""


NEXT = "\n"
_HEADING = re.compile(
    r"(title|name|name_short|label|heading)(_ja|_en)?|caption|aim_ja|(aliases_ja|headings)\.\d+"
)
"""Where an event says what something is called."""


def is_heading(place: str) -> bool:
    """Whether an event says there what something is called."""
    return _HEADING.fullmatch(place) is not None


def open_values(
    values: Mapping[str, list[str]], hidden: Iterable[str], event_type: str
) -> dict[str, list[str]]:
    """What of an event's values is left when what is named by ``hidden`` is redacted: with the field that
    dates the event, its date."""
    names = frozenset(hidden)
    closed = tree_of({at: HIDDEN for name in names for at in closed_twice(pointer_of(name))})
    undated = EVENTS[event_type].WHEN in names
    return {
        place: tokens
        for place, tokens in values.items()
        if not place or (_left(" ", place, closed) is not None and not (undated and place == EFFECTIVE))
    }


def open_texts(texts: Mapping[str, str], hidden: Iterable[str]) -> dict[str, str]:
    """What of an event's words is left when what is named by ``hidden`` is redacted: a redacted reason is
    closed in the envelope too."""
    closed = tree_of({at: HIDDEN for name in hidden for at in closed_twice(pointer_of(name))})
    open_text = {place: _left(text, place, closed) for place, text in texts.items()}
    return {place: text for place, text in open_text.items() if text is not None}


def _left(text: str, place: str, closed: Tree) -> str | None:
    """What of a text is open; None for nothing."""
    top, *inner = place.split(".")
    tree = closed
    for step in inner if top == "envelope" else ["data", top, *inner]:
        below: Tree | Disclosure = tree.get(step, {})
        if isinstance(below, Disclosure):
            return None
        tree = below
    text_left: str | None = cut(text, tree)
    return text_left


# -- what later events do to the row of an earlier one


def _sheet_so_far(e: Recorded[Any]) -> Iterator[Key]:
    yield from ((e.stream, version) for version in range(1, e.version))


@document.on(SheetUnsealed, keys=_sheet_so_far)
def _unsealed(row: Row | None, e: Recorded[SheetUnsealed], _: Key) -> Row | None:
    return None if row is None else _indexed({**row, "sealed": 0})


def _target(e: Recorded[Any]) -> Iterator[Key]:
    yield e.stream, e.data.target_version


@document.on(PartRedacted, keys=_target)
def _redacted(row: Row | None, e: Recorded[PartRedacted], _: Key) -> Row | None:
    """An event may be redacted more than once: what is named by any redaction is left out."""
    return None if row is None else _indexed({**row, "hidden": sorted({*row["hidden"], *e.data.fields})})


@document.on(RecordCorrected, keys=_target)
def _corrected(row: Row | None, e: Recorded[RecordCorrected], _: Key) -> Row | None:
    """What was hidden within a field that is another now may stand elsewhere in it: all of it is hidden."""
    if row is None:
        return None
    hidden = row["hidden"]
    for change in e.data.changes:
        hidden = sorted({widened(name, change.field) for name in hidden})
    return _indexed({**row, "hidden": hidden})

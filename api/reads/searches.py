"""A search of the public site as data: which things, how many of what, what else may be meant, and which
question it asks."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from api.reads.question_params import askable, put
from api.setup.config import RecordSettings
from api.setup.search_files import texts_of_files
from api.setup.store import record_settings
from api.words.search_words import vocabulary
from domain.kernel.viewer import Viewer
from domain.values.refusal import Refusal
from projections.answers.finding.asking import Asked, asked, parts_of
from projections.answers.finding.attached import Attached
from projections.answers.finding.nearby import suggestions
from projections.answers.finding.searching import LONGEST, Search, search_for
from projections.answers.finding.things import SHOWN, Things, passages, things
from projections.answers.finding.words import Vocabulary
from projections.engine.event_json import Json
from projections.engine.log import head
from projections.engine.spelling.written_values import meant_by
from projections.engine.text_folding import words_of

FEW = 0
"""Where no more things are found, words near to what was typed are offered."""
MOST_PAGES = 500
"""Pages of a search, so that all that are counted can be read."""


def words() -> Vocabulary:
    """What the words of a search stand for on this record."""
    return vocabulary(record_settings())


def attached_texts(record: RecordSettings) -> Attached:
    """The texts of the files that are attached to documents of a record."""
    return Attached(texts_of_files(record))


def searched(
    connection: sa.Connection,
    query: str,
    filters: dict[str, str],
    viewer: Viewer,
    page: int,
    known: Vocabulary,
    texts: Attached | None = None,
) -> Json:
    """Everything that the page of a search says, in no language. Refuses what cannot be searched for."""
    search_for(query, filters)  # what is too long, or of no kind, is refused as it was typed
    question = asked(query)
    wanted = _wanted(query, question)
    looked_for, results = _found(connection, wanted, filters, viewer, known, texts)
    total = len(results.listed)
    shown = results.listed[(page - 1) * SHOWN : page * SHOWN]
    best = {} if looked_for is None else passages(connection, looked_for, viewer, shown, texts)
    return {
        "items": [
            {"entity": thing.entity, "kind": thing.kind, "hits": best.get(thing.entity, [])}
            for thing in shown
        ],
        "total": {"count": total, "exact": results.exact},
        "page": page,
        "pages": -(-total // SHOWN),
        "kinds": dict(results.kinds),
        "fiscal_years": {f"{year}": n for year, n in results.years.items()},
        "searched_for": [word.typed for word in looked_for.words] if looked_for else [],
        "taken_apart": " ".join(wanted) if not question and wanted[0] != query else None,
        "nearby": suggestions(connection, query, viewer, known) if total <= FEW and not question else [],
        "question": None if question is None else _answer(connection, question, results, viewer),
        "position": head(connection),
    }


def _wanted(query: str, question: Asked | None) -> list[str]:
    """What to look for, each next one if nothing was found: as it was typed, then in its parts."""
    if question is not None:
        return [question.about] if question.about else []
    if any(meant_by(word) for word in words_of(query)):
        return [query]
    parts = " ".join(parts_of(query))
    return [query, parts] if parts and parts != query else [query]


def _found(
    connection: sa.Connection,
    wanted: list[str],
    filters: dict[str, str],
    viewer: Viewer,
    known: Vocabulary,
    texts: Attached | None,
) -> tuple[Search | None, Things]:
    looked_for, results = None, Things()
    while wanted:
        looked_for = search_for(wanted[0][:LONGEST], filters, known)
        if texts is not None:
            looked_for = replace(looked_for, words=texts.said_in(looked_for.words))
        results = things(connection, looked_for, viewer)
        if results.listed or len(wanted) == 1:
            break
        wanted.pop(0)
    return looked_for, results


_ABOUT = {
    "matter_id": "Matter",
    "council_id": "Council",
    "plan_id": "PromotionPlan",
    "study_id": "CenterStudy",
    "action_id": "PlanAction",
}
"""Parameters of questions, and the kind of thing that each of them names."""


def _answer(connection: sa.Connection, asked_for: Asked, results: Things, viewer: Viewer) -> Json:
    """The question with its answer in one sentence: of the first thing found, where it can be asked of it."""
    question = askable(asked_for.question, viewer)
    names = {_ABOUT[p.name]: p.name for p in question.parameters() if p.name in _ABOUT}
    thing = next((thing for thing in results.listed[:SHOWN] if thing.kind in names), None)
    arguments = {} if thing is None else {names[thing.kind]: thing.entity}
    try:
        says = put(connection, question, arguments, viewer)["says"]
    except Refusal:
        says = None
    return {
        "question": question.code,
        "title": {"ja": question.ja, "en": question.en},
        "arguments": arguments,
        "says": says,
    }

"""Sources 出典: the documents behind the record, the facts taken from each, and what no source tells."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint

from api.http.language import href, tr
from api.pages.parts import marks
from api.pages.parts.names import Names
from api.pages.parts.serving import Page, first_url, next_url, one, rows
from api.pages.parts.steps import author, step
from api.pages.parts.trails import gaps
from api.reads.reading import is_staff, page_of
from api.words import wording
from domain.document.aggregate import Document
from domain.kernel.mapper import decode
from projections.answers.describing import Describer
from projections.answers.reach import arounds
from projections.answers.trail import account_of
from projections.engine.event_json import Json
from projections.tables.log_table import log_table
from projections.views.council import council_roster
from projections.views.plan import study_board
from projections.views.record import sources
from projections.views.record.closed_parts import expect_closed

MOST_FACTS = 200
"""Facts shown at once; all of them are in the data."""


def read(connection: sa.Connection) -> Json:
    page = page_of(connection, sources.documents().add_columns(_counted().label("facts")))
    expect_closed(connection, [Document.stream_for(row.document_id) for row in page])
    unknown = _unknown(connection)
    facts = _facts(connection, None)
    return {
        "documents": [
            {**shown, "facts_count": row.facts}
            for shown, row in zip(rows(connection, "sources", page), page, strict=True)
        ],
        "facts": facts,
        "unknown": unknown,
        "next": next_url(page),
    }


def read_one(connection: sa.Connection, entity: str) -> Json:
    document = one(connection, "sources", entity)
    count = connection.scalar(sa.select(_counted()).where(sources.document.table.c.document_id == entity))
    return {
        "documents": [{**document, "facts_count": count}],
        "facts": _facts(connection, entity),
        "unknown": [],
        "next": None,
    }


def _counted() -> sa.ScalarSelect[int]:
    """How many facts a document states."""
    table, document = sources.fact.table, sources.document.table
    count = sa.select(sa.func.count(sa.distinct(table.c.fact)))
    return count.where(table.c.document_id == document.c.document_id).correlate(document).scalar_subquery()


def _facts(connection: sa.Connection, document: str | None) -> list[Json]:
    """Each fact with the events that state it."""
    log, position = log_table(connection.dialect.name == "postgresql")
    first = sources.facts(document_id=document).limit(2 * MOST_FACTS).subquery()
    joined = first.join(log, position == first.c.position)
    chosen = sa.select(first.c.fact, first.c.position, log.c.topic, log.c.state).select_from(joined)
    facts = connection.execute(chosen.order_by(first.c.fact, first.c.position)).all()
    events = {row.position: decode(row.topic, bytes(row.state), row.position) for row in facts}
    describer = Describer(connection, events.values(), staff=is_staff())
    by_position = {at: describer.describe(e) for at, e in events.items()}
    stated: dict[str, list[Json]] = {}
    for row in facts:
        stated.setdefault(row.fact, []).append(by_position[row.position])
    listed = [{"fact": name, "stated_by": described} for name, described in stated.items()]
    return listed[:MOST_FACTS]


def _unknown(connection: sa.Connection) -> list[Json]:
    """What is not recorded of the things this record is about: its councils, their ordinance and studies."""
    unknown: dict[str, Json] = {}
    council = council_roster.councils().limit(1).subquery()
    study = study_board.studies().limit(1).subquery()
    ids = sa.union_all(sa.select(council.c.council_id), sa.select(study.c.study_id))
    about = list(connection.scalars(ids))
    arounds(connection, about)
    for entity in about:
        for gap in account_of(connection, entity)["not_recorded"]:
            unknown.setdefault(gap["ja"], gap)
    return list(unknown.values())


def show(data: Json, names: Names) -> Json:
    return {
        "documents": [_document(d, names) for d in data["documents"]],
        "facts": [_fact(f, names) for f in data["facts"]],
        "all_facts_url": "/api/v1/facts" if len(data["facts"]) >= MOST_FACTS else None,
        "unknown": gaps(data["unknown"]),
        "next_url": data["next"],
        "first_url": first_url(),
    }


def _document(d: Json, names: Names) -> Json:
    document = d["document_id"]
    common = {
        "id": document,
        "kind_label": wording.value("kind", d["kind"]),
        "disclosure_label": wording.value("visibility", d["visibility"]),
        "facts_count": d["facts_count"],
        **marks.fact(d["said"], names),
    }
    if d.get("closed"):
        return {
            **common,
            **dict.fromkeys(CONTENT),
            "title": names.label(document),
            "redacted": marks.closed_reason(d),
        }
    return {
        **common,
        "redacted": None,
        "title": d["title"],
        "caption": d["caption"],
        "document_no": d["document_no"],
        "date": marks.date(d["dated"]),
        "url": d["url"],
        "held": d["content_held"],
        "headings": d["headings"],
        "note": marks.note(d["said"]),
        "content": _content(document, d),
        "retention": _retention(d.get("retention")),
    }


def _retention(terms: Json | None) -> str | None:
    """How long it is held 保存期間, and what becomes of it then."""
    if terms is None or terms.get("closed"):
        return None
    years, after = terms["years"], terms["afterwards"]
    for_good = tr("永久保存", "held for good") if terms["permanent"] else None
    parts = [
        for_good or (tr(f"{years}年", f"{years} years") if years is not None else None),
        tr(
            f"{marks.fiscal_year(terms['counted_from'])}から",
            f"from {marks.fiscal_year(terms['counted_from'])}",
        )
        if terms["counted_from"]
        else None,
        wording.value("afterwards", after) if after else None,
        terms["reason"],
    ]
    return wording.listed([part for part in parts if part])


CONTENT = ("caption", "document_no", "date", "url", "held", "headings", "note", "content", "retention")
"""What is shown of a document that is open to its reader, and nothing of one that is closed."""


def _content(document: str, d: Json) -> Json | None:
    """The newest content that is held, to download; None if none is, or it is closed by itself."""
    held = marks.last(d.get("contents"))
    if held is None or held.get("closed"):
        return None
    revised = marks.last(d.get("revisions"))
    return {
        "url": href(f"/documents/{document}/content"),
        "type_label": wording.value("media_type", held["media_type"]),
        "size_label": _size(held["size_bytes"]),
        "of_earlier_text": revised is not None and revised["said"]["position"] > held["said"]["position"],
    }


def _size(size: int | None) -> str | None:
    """A size in the unit that fits it: 812 bytes, 34.5 kB, 2.1 MB; None if it is closed."""
    if size is None:
        return None
    if size < 1_000:
        return tr(f"{size} バイト", f"{size} bytes")
    return f"{size / 1_000:.1f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"


def _fact(f: Json, names: Names) -> Json:
    """One fact of a source: what the event says that states it best, and every place where it is shown."""
    stated = f["stated_by"]
    head = min(stated, key=lambda e: _distance(f["fact"], e))
    return {
        "id": f["fact"],
        **_told(head, names),
        "locator": head["source"]["locator"] if head["source"] else None,
        "date": marks.date(head["effective"]),
        **marks.UNMARKED,
        "certainty": head["certainty"],
        "corrected": marks.corrected(head["corrections"], names),
        "asserted_by_label": author(head, names),
        "links": [
            {"label": names.label(subject), "url": names.url(subject)}
            for subject in dict.fromkeys(e["subject"] for e in stated)
        ],
    }


def _distance(fact: str, e: Json) -> tuple[bool, bool, int, int]:
    """How far an event is from stating just this fact: least where it is what the event is about."""
    facts = e["source"]["facts"]
    return e["kind"] in ("Party", "Document"), facts[0] != fact, len(facts), e["position"]


def _told(e: Json, names: Names) -> Json:
    """What happened, in which words or to which amount."""
    shown = step(e, [], names)
    data = e["data"] or {}
    amount = marks.money(data.get("amount_yen"), data.get("stated_amount"), data.get("stated_unit"))
    return {"text": shown["title"], "said": shown["text"], "money": amount}


def register(blueprint: Blueprint) -> None:
    Page("/sources", "record/sources.html", "sources", read, show).register(blueprint)
    Page("/sources/<entity>", "record/sources.html", "sources", read_one, show, whole=False).register(
        blueprint
    )

"""Documents 文書: their contents, to download, and the text of an attached file as a page. Where they are
listed: api/pages/record/sources.py."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint

from api.access import access_log
from api.contents.download import CONTENT_NOT_HELD, chosen_content, show_content, why_closed
from api.http.language import href
from api.pages.parts.names import Names
from api.pages.parts.serving import Page
from api.reads.own_papers import own_paper
from api.reads.reading import is_staff
from api.reads.searches import attached_texts
from api.setup.store import record_settings
from domain.document.aggregate import Document
from projections.engine.event_json import Json
from projections.views.record.closed_parts import closed_in


def read(connection: sa.Connection, document: str) -> Json:
    """The text of the newest content of a document, as far as this reader may see the content. Refuses
    ``UNKNOWN_ID``, and ``CONTENT_NOT_HELD`` where there is no text that can be read."""
    _, content = chosen_content(connection, document, None)
    ground = why_closed(closed_in(connection, [Document.stream_for(document)]), document, content)
    if ground is not None and not is_staff() and not own_paper(connection, document, ground):
        return {"document": document, "closed": {"ja": ground.stub("ja"), "en": ground.stub("en")}}
    text = attached_texts(record_settings()).text(content["sha256"])
    if text is None:
        raise CONTENT_NOT_HELD()
    if ground is not None:
        access_log.closed_content_read(document)
    return {"document": document, "closed": None, "text": text}


def show(data: Json, names: Names) -> Json:
    document = data["document"]
    return {
        "title": names.label(document),
        "closed": data["closed"],
        "paragraphs": [line for line in data.get("text", "").splitlines() if line.strip()],
        "source_url": names.url(document),
        "file_url": href(f"/documents/{document}/content"),
    }


def register(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/documents/<id>/content", "document_content", show_content)
    Page(
        "/documents/<document>/text", "record/document_text.html", "sources", read, show, whole=False
    ).register(blueprint)

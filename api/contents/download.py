"""The content of a document, to download: the public part for everybody, the rest for the office, papers of a
council for its members.

A document that is closed answers with why, until when, and where a version for the public is, if there is
one: a public document that was derived from it (a link ``derived_from``), with what may not be published left
out.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from flask import Blueprint, Response, request
from werkzeug.wsgi import wrap_file

from api.access import access_log
from api.contents.attachments import attachments
from api.http import problems
from api.http.problems import declare
from api.http.query import asks
from api.reads.own_papers import own_paper
from api.reads.reading import is_staff, reading, shared
from domain.document.aggregate import Document
from domain.document.content import ENDINGS
from domain.kernel.closing import ClosedParts
from domain.kernel.refusals import UNKNOWN_ID
from domain.rules import disclosure, documents
from domain.values.disclosure import Disclosure
from projections.engine.event_json import Json
from projections.views.matter import decision_trail
from projections.views.record import sources
from projections.views.record.closed_parts import closed_in

CONTENT_NOT_HELD = declare(
    404,
    "CONTENT_NOT_HELD",
    ja="この文書の内容は、ここに保管されていません。",
    en="The content of this document is not held here.",
    rule=documents.WITHOUT_CONTENT,
    next_ja="文書の URL があれば、そこで見られます。",
    next_en="If the document has an address of its own, look there.",
)
CONTENT_CLOSED = declare(
    403,
    "CONTENT_CLOSED",
    ja="この文書の内容は{stub}です。{review}{instead}",
    en="The content of this document is {stub_en}. {review_en}{instead_en}",
    rule=disclosure.STUB,
    next_ja="公開用の版があればそれを見るか、市の情報公開の窓口に相談してください。",
    next_en="Look at the public version if there is one, or ask the city's disclosure desk.",
)


@asks("sha256")
def show_content(wanted: dict[str, str], id: str) -> Response:
    """The content of a document, as a file.

    ``sha256`` chooses an earlier content than the newest. Answers 304 to a matching ``If-None-Match`` and 206
    to ``Range``. What is not public is given to the office only.
    """
    with reading() as connection:
        title, content = chosen_content(connection, id, wanted.get("sha256"))
        closed = closed_in(connection, [Document.stream_for(id)])
        ground = why_closed(closed, id, content)
        reads = is_staff() or (ground is not None and own_paper(connection, id, ground))
        if ground is not None and not reads:
            return _refused(connection, id, ground)
        shown = title if reads or not closed.parts else None
        name = _file_name(shown or id, content["media_type"])
    answer = _download(content, name, public=ground is None)
    if ground is not None and answer.status_code in (200, 206) and request.method == "GET":
        access_log.closed_content_read(id)
    return answer


def register(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/documents/<id>/content", view_func=show_content)


def chosen_content(connection: sa.Connection, document: str, sha256: str | None) -> tuple[str | None, Json]:
    """The title of a document and the content that is asked for: the newest, or the one with this SHA-256."""
    known = sources.title_and_contents(connection, document)
    if known is None:
        raise UNKNOWN_ID(kind=Document.LABEL[0], kind_en=Document.LABEL[1], id=document[:80])
    title, held = known
    chosen = [content for content in held if sha256 in (None, content["sha256"])]
    if not chosen:
        raise CONTENT_NOT_HELD()
    return title, chosen[-1]


def why_closed(closed: ClosedParts, document: str, content: Json) -> Disclosure | None:
    """Why this content is closed to the public: with its document, or by itself."""
    stream, event_id = Document.stream_for(document), content["said"]["event_id"]
    by_itself = closed.of_event(stream, event_id) or closed.fields_of(stream, event_id).get("sha256")
    return closed.parts.get(stream) or by_itself


# ------------------------------------------------------------------------------------------- the file


def _download(content: Json, name: str, *, public: bool) -> Response:
    file = attachments().open(content["sha256"])
    answer = Response(wrap_file(request.environ, file), direct_passthrough=True)
    answer.call_on_close(file.close)
    is_text = content["media_type"].startswith("text/")
    answer.content_type = content["media_type"] + ("; charset=utf-8" if is_text else "")
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", name)
    answer.headers.set(
        "Content-Disposition",
        "attachment",
        filename=plain,
        **{"filename*": f"UTF-8''{quote(name, safe='')}"},
    )
    answer.headers["Cache-Control"] = shared() if public else "private, no-cache"
    answer.vary.update(("Authorization", "Cookie"))
    answer.content_length = content["size_bytes"]
    answer.set_etag(content["sha256"])
    answer.make_conditional(request, accept_ranges=True, complete_length=content["size_bytes"])
    return answer


def _file_name(title: str, media_type: Any) -> str:
    """What the file is called: after the title, without what file systems take amiss."""
    stem = re.sub(r'[\x00-\x1f/\\:*?"<>|]+', "_", title).strip(" .")[:80]
    return f"{stem or 'document'}.{ENDINGS[media_type][0]}"


# ----------------------------------------------------------------------------------------- the refusal


def _refused(connection: sa.Connection, document: str, ground: Disclosure) -> Response:
    day = ground.review_on
    instead = [f"/documents/{other}/content" for other in _public_versions(connection, document)]
    refused = CONTENT_CLOSED(
        stub=ground.stub("ja"),
        stub_en=ground.stub("en"),
        review=f"見直しの期日は{day.isoformat()}です。" if day else "見直しの期日は定められていません。",
        review_en=f"This is reviewed on {day.isoformat()}." if day else "No day of review has been set.",
        instead=f"公開用の版: {'、'.join(instead)}" if instead else "",
        instead_en=f" Public version: {', '.join(instead)}" if instead else "",
    )
    headers = {
        "ground": ground.ground,
        "review_on": day.isoformat() if day else None,
        "public_versions": instead,
    }
    return problems.respond(problems.document(refused) | headers)


def _public_versions(connection: sa.Connection, document: str) -> list[str]:
    """The public documents, with content, that were derived from this one."""
    links = decision_trail.links_of_thing(connection, document)
    derived = sorted(
        {
            made.from_id
            for made in links
            if made.relation == "derived_from" and made.to_id == document and not made.withdrawn
        }
    )
    closed = closed_in(connection, [Document.stream_for(other) for other in derived])
    return [
        other
        for other in derived
        if (known := sources.title_and_contents(connection, other)) is not None
        and known[1]
        and why_closed(closed, other, known[1][-1]) is None
    ]

"""Where papers are: each at an address of its own beside the page it belongs to, as a page to print, with
``.pdf`` and with ``.docx``.

What a paper says is made anew for each reader; of the same words, templates and letterhead the file is the
same, and is kept for a while. ``for=public`` gives the office the copy that anybody gets.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import sqlalchemy as sa
from cachetools import LRUCache
from flask import Blueprint, Flask, Response, request, session

from api.access.auth import current_caller
from api.access.rates import Rate, limit
from api.http.language import href, language, plain_path, register_in_each, static, tr
from api.http.problems import NOT_FOUND, declare
from api.pages.parts.names import Names
from api.papers import (
    agenda,
    annual,
    appointments,
    attendance,
    decision,
    docx,
    folder,
    html,
    letters,
    meeting,
    minutes,
    notice,
    pdf,
    people,
    sheet,
)
from api.papers.frame import Frame, frame_of
from api.papers.structure import Paper
from api.reads.reading import reading
from api.setup import rules_of_papers
from projections.engine.event_json import Json

Format = Literal["html", "pdf", "docx"]
TYPES: dict[Format, str] = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
MOST_ROWS, MOST_CHARACTERS = 1_500, 120_000
"""Rows and characters of the longest paper that is made: of such a one a PDF takes some seconds."""
MOST_KEPT = 16 << 20
"""Bytes of files that each process keeps."""
FILES = Rate("paper", 30, 60)
"""Files that have to be made; one that is kept is only sent."""

PAPER_TOO_LONG = declare(
    422,
    "PAPER_TOO_LONG",
    ja="この書類は長すぎます（{rows}行、{characters}字。上限は{most_rows}行、{most_characters}字）。",
    en="This paper is too long ({rows} rows, {characters} characters; at most {most_rows} and "
    "{most_characters}).",
    rule=rules_of_papers.BOUNDED,
    next_ja="もとのページか、API（/api/docs に説明があります）で見てください。",
    next_en="Look at the page it belongs to, or take the data (.json at the page's address, or /api/v1).",
)

_kept: LRUCache[str, bytes] = LRUCache(MOST_KEPT, getsizeof=len)
_lock = threading.Lock()


@dataclass(frozen=True)
class Kind:
    """One kind of paper. ``path``: where it is; ``page``: the page that it belongs to; ``read`` gives plain
    data, ``make`` the paper in the words of its language; ``evaluators``: whether evaluators may see more."""

    path: str
    page: str
    read: Callable[..., Json]
    make: Callable[[Json, Names, Frame], Paper]
    evaluators: bool = False

    def register(self, blueprint: Blueprint) -> None:
        name = self.path.strip("/").translate(str.maketrans("/", "_", "<>:"))
        for format_ in TYPES:
            ending = "" if format_ == "html" else f".{format_}"
            blueprint.add_url_rule(
                f"{self.path}{ending}",
                f"{name}_{format_}",
                self._view(format_),
            )

    def _view(self, format_: Format) -> Callable[..., Response]:
        def view(**ids: Any) -> Response:
            sees_more = people.sees_more(evaluators=self.evaluators)
            return answer(self.paper(**ids), format_, self._back(ids), copies=sees_more)

        return view

    def _back(self, ids: dict[str, Any]) -> str:
        return re.sub("<(?:[^<>]*:)?([^<>]*)>", lambda part: quote(str(ids[part[1]])), self.page)

    def paper(self, **ids: Any) -> Paper:
        """The paper as this reader may see it. Refuses what its page refuses, and ``PAPER_TOO_LONG``."""
        with people.as_reader(evaluators=self.evaluators) as public, reading() as connection:
            made = self._made(connection, ids, public)
        made = replace(made, head=folder.letterhead(made.language))
        if made.rows > MOST_ROWS or made.characters > MOST_CHARACTERS:
            raise PAPER_TOO_LONG(
                rows=f"{made.rows:,}",
                characters=f"{made.characters:,}",
                most_rows=f"{MOST_ROWS:,}",
                most_characters=f"{MOST_CHARACTERS:,}",
            )
        return made

    def _made(self, connection: sa.Connection, ids: dict[str, Any], public: bool) -> Paper:
        data = self.read(connection, **ids)
        frame = frame_of(connection, href(self._back(ids)), public=public)
        return self.make(data, Names(connection, data), frame)


_MEETING, _COUNCIL = "/meetings/<entity>", "/council/<entity>"
KINDS = (
    Kind("/matters/<entity>/account", "/matters/<entity>", decision.read, decision.make),
    Kind(f"{_MEETING}/notice", _MEETING, meeting.read, notice.make),
    Kind(f"{_MEETING}/letters", _MEETING, meeting.read, letters.make),
    Kind(f"{_MEETING}/agenda", _MEETING, meeting.read, agenda.make),
    Kind(f"{_MEETING}/attendance", _MEETING, meeting.read, attendance.make),
    Kind(f"{_MEETING}/minutes", _MEETING, meeting.read, minutes.make),
    Kind(f"{_COUNCIL}/appointments", _COUNCIL, appointments.read, appointments.make),
    Kind(f"{_COUNCIL}/report/<int:year>", _COUNCIL, annual.read, annual.make),
    Kind("/sheets/<entity>/paper", "/sheets/<entity>", sheet.read, sheet.make, evaluators=True),
)
"""Every kind of paper there is."""


# --------------------------------------------------------------------------------------------- the answer


def answer(paper: Paper, format_: Format, back: str, *, copies: bool) -> Response:
    """The paper in one format, by ETag; a file has a name. ``copies``: whether this reader's own copy may
    tell more than that for the public."""
    tools = _tools(back, paper, copies=copies) if format_ == "html" else None
    tag = _tag(paper, format_, tools)
    response = Response(content_type=TYPES[format_])
    response.headers["Content-Language"] = paper.language
    response.vary.update(("Cookie", "Authorization"))
    # Not "public": whether a city's own template changed is asked each time, not only once in each edition.
    own = session or current_caller() is not None
    response.headers["Cache-Control"] = "private, no-store" if own else "no-cache"
    response.set_etag(tag)
    if format_ != "html":
        _name(response, f"{paper.file_name}.{format_}", attached=format_ == "docx")
    if not own and request.if_none_match.contains_weak(tag):
        response.status_code = 304
        return response
    response.set_data(html.html_of(paper, tools) if tools is not None else _file(paper, format_, tag))
    return response


def _file(paper: Paper, format_: Format, tag: str) -> bytes:
    """The file, kept or made."""
    with _lock:
        content = _kept.get(tag)
    if content is not None:
        return content
    limit(FILES)
    made = docx.docx_of(paper) if format_ == "docx" else pdf_of(paper, tag)
    if len(made) <= MOST_KEPT:
        with _lock:
            _kept[tag] = made
    return made


def pdf_of(paper: Paper, tag: str) -> bytes:
    """The PDF. A character that no font of this machine has stands as 〓, and the paper says so."""
    pdf.refuse_unavailable()
    style = folder.own(folder.STYLE)
    own_style = folder.text(style) if style is not None else None
    identifier = tag.encode()
    try:
        return pdf.pdf_of(html.html_of(paper), identifier, own_style=own_style)
    except pdf.Missing as missing:
        unset = str.maketrans(dict.fromkeys(missing.characters, pdf.GETA))
    note = tr(
        f"{pdf.GETA}は、書類を作った機械の文字にない字。Word の書類とページには、もとの字がある。",
        f"{pdf.GETA} stands for a character that no font here has. The Word file and the page have it.",
    )
    whole = html.html_of(replace(paper, foot=(*paper.foot, note)))
    return pdf.pdf_of(whole.translate(unset), identifier, own_style=own_style)


def _tag(paper: Paper, format_: Format, tools: Json | None) -> str:
    """A digest of everything that the file is made of."""
    parts = (paper, format_, tools, folder.fingerprint(), _OURS, language())
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def _code() -> str:
    """A digest of what makes papers of their structure."""
    here = Path(__file__).parent
    files = [here / f"{name}.py" for name in ("html", "pdf", "docx")]
    files += sorted((here.parent / "templates" / "papers").glob("*.html"))
    files.append(here.parent / "static" / "paper.css")
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]


_OURS = _code()


def _name(response: Response, name: str, *, attached: bool) -> None:
    """The file's name, in Japanese as it is (RFC 6266), and for old programs in ASCII."""
    stem = re.sub(r'[\x00-\x1f/\\:*?"<>|]+', "_", name)
    plain = f"{plain_path().strip('/').rpartition('.')[0].replace('/', '-')}.{stem.rpartition('.')[2]}"
    response.headers.set(
        "Content-Disposition",
        "attachment" if attached else "inline",
        filename=re.sub(r"[^A-Za-z0-9._-]+", "_", plain),
        **{"filename*": f"UTF-8''{quote(stem, safe='')}"},
    )


def _tools(back: str, paper: Paper, *, copies: bool) -> Json:
    """What stands above a paper on the screen."""
    here = plain_path()
    copy = {people.FOR: people.PUBLIC_COPY}
    is_public = people.wants_public_copy()
    own = (
        tr("事務局用の写し", "The office's copy")
        if people.is_for_office()
        else tr("評価者用の写し", "The evaluators' copy")
    )
    other = (href(here), own) if is_public else (href(here, **copy), tr("公開用の写し", "The public copy"))
    query = copy if is_public else {}
    own_style = folder.own(folder.STYLE)
    return {
        "back": href(back),
        "pdf": href(f"{here}.pdf", **query),
        "docx": href(f"{here}.docx", **query),
        "copies": [other] if copies else [],
        "icon": static("favicon.svg"),
        "style": static("paper.css"),
        "own_style": href("/papers/own/paper.css") if own_style is not None else None,
        "picture": href(f"/papers/own/{paper.head.picture}") if paper.head.picture else None,
    }


def own_file(name: str) -> Response:
    """The city's own style of papers, or the picture of its letterhead."""
    if name == folder.STYLE and (style := folder.own(name)) is not None:
        response = Response(folder.text(style), content_type="text/css; charset=utf-8")
    elif name == folder.letterhead("ja").picture or name == folder.letterhead("en").picture:
        content, media_type = folder.picture(name)
        response = Response(content, content_type=media_type)
    else:
        raise NOT_FOUND()
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


def init_app(app: Flask) -> None:
    """Register every paper, in each language."""
    blueprint = Blueprint("papers", __name__)
    for kind in KINDS:
        kind.register(blueprint)
    blueprint.add_url_rule("/papers/own/<name>", "own_file", own_file)
    register_in_each(app, blueprint)

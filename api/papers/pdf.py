"""A paper as PDF/UA-1: tagged, with language and title, by WeasyPrint where this machine has what that needs.

One is set at a time in a process; whoever waits too long is told to come back. Nothing is fetched: the style
is given, and the picture of the letterhead comes from the folder of papers.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from api.http.problems import declare
from api.papers import folder
from api.setup import rules_of_papers

PDF_UNAVAILABLE = declare(
    503,
    "PDF_UNAVAILABLE",
    ja="この機械では PDF を作れません（{what}がありません）。",
    en="This machine cannot make a PDF ({what_en} is missing).",
    rule=rules_of_papers.MADE_HERE,
    next_ja="同じ書類を、Word の形式（.docx）か、そのまま印刷できるページで使ってください。"
    "管理者は、Pango と日本語の文字（例: fonts-noto-cjk）を入れてください。",
    next_en="Take the same paper as a Word file (.docx), or print its page. The administrator may install "
    "Pango and Japanese fonts (fonts-noto-cjk, for example).",
)
PAPERS_BUSY = declare(
    503,
    "PAPERS_BUSY",
    ja="ほかの書類の PDF を作っているところです。",
    en="PDFs of other papers are being made just now.",
    rule=rules_of_papers.BOUNDED,
    next_ja="少し待ってから、もう一度お試しください。Word の形式とページは、いつでも使えます。",
    next_en="Wait a moment and try again. The Word file and the page can be had at any time.",
)
LONGEST_WAIT = 20.0
"""Seconds for which somebody waits while the PDFs of others are made."""
GETA = "〓"
"""Stands for a character that no font of the machine has, as in print."""

_PROBE = '<!DOCTYPE html><html lang="ja"><title>A</title><body><p>&#x3042;&#x30A2;&#x4E00;</p></body></html>'
"""A letter of each of the two syllabaries, and a Chinese character."""

_STYLE = Path(__file__).parent.parent / "static" / "paper.css"
_setting = threading.Lock()


class Missing(Exception):
    """Characters that no font of this machine has."""

    def __init__(self, characters: frozenset[str]):
        self.characters = characters
        super().__init__("".join(sorted(characters)))


def pdf_of(html: str, identifier: bytes, *, own_style: str | None = None) -> bytes:
    """The PDF of a paper's HTML; the same bytes for the same paper and identifier. Raises ``Missing``,
    refuses ``PDF_UNAVAILABLE``, ``PAPERS_BUSY``."""
    weasyprint = library()
    if not _setting.acquire(timeout=LONGEST_WAIT):
        raise PAPERS_BUSY()
    try:
        with _complaints() as complaints:
            styles = [_style(text) for text in filter(None, (_STYLE.read_text("utf-8"), own_style))]
            made = weasyprint.HTML(string=html, base_url="paper:", url_fetcher=_fetcher())
            content = made.write_pdf(
                stylesheets=styles,
                font_config=_fonts(),
                pdf_variant="pdf/ua-1",
                pdf_identifier=identifier,
                finisher=_say_scopes,
            )
    finally:
        _setting.release()
    if complaints.pictures:
        raise folder.unusable(folder.LETTERHEAD, *complaints.pictures[:1])
    if complaints.missing:
        raise Missing(frozenset(complaints.missing))
    return bytes(content)


def library() -> Any:
    """WeasyPrint. Refuses ``PDF_UNAVAILABLE`` where it, or Pango beneath it, is not on this machine."""
    try:
        import weasyprint
    except (ImportError, OSError):  # cffi says by an OSError that a library is not there
        raise PDF_UNAVAILABLE(
            what="組版のライブラリ Pango", what_en="Pango, the library that sets text,"
        ) from None
    return weasyprint


@cache
def fonts_are_there() -> bool:
    """Whether this machine has Japanese fonts."""
    try:
        pdf_of(_PROBE, b"fonts")
    except Missing:
        return False
    return True


def refuse_unavailable() -> None:
    """Refuse ``PDF_UNAVAILABLE`` where no Japanese paper can be set."""
    library()
    if not fonts_are_there():
        raise PDF_UNAVAILABLE(what="日本語の文字（フォント）", what_en="a Japanese font")


@cache
def _fonts() -> Any:
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


@cache
def _style(text: str) -> Any:
    return library().CSS(string=text, base_url="paper:", url_fetcher=_fetcher(), font_config=_fonts())


@cache
def _fetcher() -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OnlyPictures(URLFetcher):  # type: ignore[misc]
        """Gives the pictures of the folder of papers, and nothing else."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if not url.startswith("paper:"):
                raise ValueError(f"a paper fetches nothing from elsewhere: {url[:80]}")
            content, media_type = folder.picture(url.removeprefix("paper:"))
            return URLFetcherResponse(url, content, {"Content-Type": media_type})

    return OnlyPictures()


def _say_scopes(document: Any, pdf: Any) -> None:
    """Say of every heading of a table whether it heads its column or its row: PDF/UA-1 asks for it (ISO
    14289-1, 7.5), and WeasyPrint 70 leaves it out."""
    for page in document.pages:
        for box in page._page_box.descendants(placeholders=True):
            element = getattr(box, "mark", None)
            if box.element_tag == "th" and isinstance(element, dict) and "A" in element:
                scope = box.element.attrib.get("scope")
                element["A"]["Scope"] = "/Row" if scope == "row" else "/Column"


class _Complaints(logging.Handler):
    """What WeasyPrint logs of what it could not set."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.missing: set[str] = set()
        self.pictures: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        message = str(record.msg)
        if "notdef" in message:
            self.missing |= {str(argument) for argument in record.args or () if isinstance(argument, str)}
        elif "image" in message.lower() and record.levelno >= logging.ERROR:
            self.pictures.append(record.getMessage())


@contextmanager
def _complaints() -> Iterator[_Complaints]:
    logger, handler = logging.getLogger("weasyprint"), _Complaints()
    logger.addHandler(handler)
    try:
        yield handler
    finally:
        logger.removeHandler(handler)

"""The folder of papers: a city's letterhead, templates and style, where it has its own.

``letterhead.toml`` (name, lines, picture, picture_words, and the same with ``_en``), ``paper.html`` or one
for a single paper (``decision.html``), ``paper.css``, ``paper.docx`` or ``decision.docx``. Nothing of it has
to be there. It is read when a paper is made; what cannot be used is refused with where it is wrong.
"""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Any

from api.http.problems import declare
from api.papers.structure import Letterhead
from api.setup import rules_of_papers
from api.setup.papers_folder import papers_folder
from api.setup.store import record_settings
from domain.values.refusal import Refusal

PAPER_TEMPLATE_UNUSABLE = declare(
    503,
    "PAPER_TEMPLATE_UNUSABLE",
    ja="書類のひな形「{file}」が使えません（{why}）。",
    en="The template “{file}” of papers cannot be used ({why_en}).",
    rule=rules_of_papers.OWN_TEMPLATES,
    next_ja="管理者に、そのファイルを直すか、書類のフォルダから除くよう依頼してください。"
    "除けば、備え付けのひな形で作ります。",
    next_en="Ask the administrator to mend the file, or to take it out of the folder of papers: "
    "then the template that comes with the service is used.",
)
LETTERHEAD = "letterhead.toml"
STYLE = "paper.css"
PICTURES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
MOST_BYTES = 5 << 20
"""Bytes of a file of the folder that are read."""


def folder() -> Path:
    return papers_folder(record_settings()).absolute()


def unusable(file: str, why: str, why_en: str | None = None) -> Refusal:
    """The refusal of a file of the folder."""
    return PAPER_TEMPLATE_UNUSABLE(file=file, why=why[:300], why_en=(why_en or why)[:300])


def own(*names: str) -> Path | None:
    """The first of these files that there is."""
    return next((path for name in names if (path := folder() / name).is_file()), None)


def content(path: Path) -> bytes:
    """The content of a file of the folder. Refuses what cannot be read, or is too long."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise unusable(
                path.name, f"{MOST_BYTES >> 20} MB を超えています", f"longer than {MOST_BYTES >> 20} MB"
            )
        return path.read_bytes()
    except OSError as error:
        raise unusable(
            path.name, f"読めません: {error.strerror}", f"cannot be read: {error.strerror}"
        ) from None


def text(path: Path) -> str:
    """The same as text."""
    try:
        return content(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise unusable(
            path.name, f"UTF-8 ではありません（{error.start}バイト目）", f"not UTF-8 (byte {error.start})"
        ) from None


def fingerprint() -> str:
    """What changes when anything in the folder does."""
    try:
        files = sorted(path for path in folder().iterdir() if path.is_file())
        stats = [(path.name, stat.st_mtime_ns, stat.st_size) for path in files for stat in (path.stat(),)]
    except OSError:
        return ""
    return hashlib.sha256(repr(stats).encode()).hexdigest()[:16] if stats else ""


def letterhead(language: str) -> Letterhead:
    """Who papers are from, in this language where it is given; nothing where there is no letterhead."""
    path = own(LETTERHEAD)
    if path is None:
        return Letterhead()
    try:
        settings = tomllib.loads(text(path))
    except tomllib.TOMLDecodeError as error:
        raise unusable(LETTERHEAD, str(error)) from None

    def of(field: str) -> Any:
        return settings.get(field) if language == "ja" else settings.get(f"{field}_en", settings.get(field))

    def line(field: str) -> str:
        value = of(field) or ""
        if not isinstance(value, str):
            raise unusable(LETTERHEAD, f"{field} は文字列です", f"{field} is a text")
        return value

    lines = of("lines") or []
    if not isinstance(lines, list) or not all(isinstance(each, str) for each in lines):
        raise unusable(LETTERHEAD, "lines は文字列の並びです", "lines is a list of texts")
    picture, picture_words = line("picture"), line("picture_words")
    if picture:
        _check_picture(picture, picture_words)
    return Letterhead(line("name") or None, tuple(lines), picture or None, picture_words)


def _check_picture(name: str, words: str) -> None:
    if Path(name).name != name or Path(name).suffix.lower() not in PICTURES:
        raise unusable(
            LETTERHEAD,
            f"picture「{name}」は PNG か JPEG のファイル名です",
            f"the picture “{name}” is the name of a PNG or JPEG file",
        )
    if not words:
        raise unusable(
            LETTERHEAD,
            "picture_words（画像の代わりに読まれる言葉）がありません",
            "picture_words, which are read instead of the picture, are missing",
        )
    if own(name) is None:
        raise unusable(LETTERHEAD, f"画像「{name}」がありません", f"there is no picture “{name}”")


def picture(name: str) -> tuple[bytes, str]:
    """A picture of the folder and its media type."""
    path = own(name)
    if path is None or Path(name).name != name:
        raise unusable(LETTERHEAD, f"画像「{name[:40]}」がありません", f"there is no picture “{name[:40]}”")
    return content(path), PICTURES[path.suffix.lower()]

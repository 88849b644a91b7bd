"""Which language to answer in, and what templates need for it.

Pages say it by their address: ``/…`` is Japanese, ``/en/…`` English. The API says it by Accept-Language,
Japanese if nothing else is asked for (interfaces.md).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Flask, current_app, request, url_for
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from domain.values.refusal import Language

AXES = ("as_known_on", "in_force_on")
"""What of a page's query its links keep: the moment it is of (api/reads/as_of.py)."""
LANGUAGES: tuple[Language, ...] = ("ja", "en")
IDS = "/id/"
"""Where the names of things are: one address in every language, for people and for programs."""
DATA_TYPES = ("application/json", "application/ld+json", "application/problem+json")
"""What a program accepts that wants data rather than a page."""


def lang() -> Language:
    """The language of the answer to the current request."""
    if is_data_path(request.path) or request.path.startswith(IDS):
        return preferred(request.headers.get("Accept-Language", ""))
    return "en" if _is_english(request.path) else "ja"


@lru_cache(maxsize=256)
def preferred(accept_language: str) -> Language:
    """The language that a header Accept-Language asks for."""
    accepted = parse_accept_header(accept_language, LanguageAccept)
    return "en" if accepted.best_match(LANGUAGES, "ja") == "en" else "ja"


def tr(ja: str, en: str) -> str:
    """The one of two wordings that is in the language of the answer."""
    return ja if lang() == "ja" else en


def _japanese(ja: str, en: str) -> str:
    return ja


def _english(ja: str, en: str) -> str:
    return en


_IN: dict[Language, Callable[[str, str], str]] = {"ja": _japanese, "en": _english}
""":func:`t` for a page, whose language is asked for once."""


def is_data_path(path: str) -> bool:
    """Whether an address answers with data rather than a page."""
    return path.startswith(("/api/", "/-/")) or path in ("/api", "/livez", "/readyz")


def wants_data() -> bool:
    """Whether the request is answered with data: by its address, or at a name by what it accepts."""
    if not request.path.startswith(IDS):
        return is_data_path(request.path)
    return request.accept_mimetypes.best_match(("text/html", *DATA_TYPES), "text/html") != "text/html"


def href(path: str, **query: Any) -> str:
    """An address of the site in the language of the page, ``/council`` or ``/en/council``, with a query. A
    page of the past leads to pages of the same past."""
    asked = {name: request.args[name] for name in AXES if request.args.get(name)} | query
    address, is_part, part = in_language(lang(), path).partition("#")
    return f"{address}{'?' + urlencode(asked) if asked else ''}{is_part}{part}"


def in_language(language: Language, path: str) -> str:
    """A path of the site, as :func:`href` gives it, in a named language."""
    if language == "ja":
        return path
    return "/en/" if path == "/" else f"/en{path}"


def plain_path() -> str:
    """The path of the current request without its language prefix."""
    return request.path.removeprefix("/en") if _is_english(request.path) else request.path


def _is_english(path: str) -> bool:
    return path.startswith("/en/")


def static(name: str) -> str:
    """The address of a file in ``api/static``; it changes when the file does, so it may be kept for long."""
    path = Path(current_app.static_folder or "") / name
    version = _digest(path, path.stat().st_mtime_ns)
    return url_for("static", filename=name, v=version)


@lru_cache(maxsize=64)
def _digest(path: Path, modified: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def register_in_both(app: Flask, blueprint: Blueprint) -> None:
    """Register pages at their Japanese and at their English address."""
    app.register_blueprint(blueprint)
    prefix = f"/en{blueprint.url_prefix or ''}"
    app.register_blueprint(blueprint, name=f"{blueprint.name}_en", url_prefix=prefix)


def init_app(app: Flask) -> None:
    """Give every template its language helpers."""

    @app.context_processor
    def helpers() -> dict[str, Any]:
        language = lang()
        return {
            "lang": language,
            "tr": _IN[language],
            "href": href,
            "static": static,
            "plain_path": plain_path(),
            "section": "",
        }

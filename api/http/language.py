"""Which language to answer in, and what templates need for it.

Pages say it by their address: ``/…`` is Japanese, ``/en/…`` English, ``/fr/…`` French where the record has a
catalogue of that language (api/http/catalogues.py). The API says it by Accept-Language, Japanese if nothing
else is asked for (interfaces.md).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Flask, current_app, request, url_for
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from api.http.catalogues import Catalogue
from domain.values.refusal import Language

AXES = ("as_known_on", "in_force_on")
"""What of a page's query its links keep: the moment it is of (api/reads/as_of.py)."""
LANGUAGES: tuple[Language, ...] = ("ja", "en")
"""The languages that stand in the code."""
IDS = "/id/"
"""Where the names of things are: one address in every language, for people and for programs."""
DATA_TYPES = ("application/json", "application/ld+json", "application/problem+json")
"""What a program accepts that wants data rather than a page."""

TAKEN = frozenset({"api", "id", "static"})
"""First parts of addresses that are no language: what is Indonesian is under ``/id-ID/``."""


def catalogues() -> dict[str, Catalogue]:
    """The further languages of the site."""
    by_language: dict[str, Catalogue] = current_app.extensions["kyodo-catalogues"]
    return by_language


def tags(app: Flask) -> tuple[str, ...]:
    """Every language that an application answers in."""
    return (*LANGUAGES, *app.extensions["kyodo-catalogues"])


def language() -> str:
    """The language of the answer to the current request."""
    known = tags(current_app)
    if is_data_path(request.path) or request.path.startswith(IDS):
        return preferred(request.headers.get("Accept-Language", ""), known)
    return _language_of(request.path, known)


def lang() -> Language:
    """The one of our two wordings that the answer begins from: English for every language but Japanese."""
    return "ja" if language() == "ja" else "en"


@lru_cache(maxsize=256)
def preferred(accept_language: str, known: tuple[str, ...] = LANGUAGES) -> str:
    """The one of these languages that a header Accept-Language asks for."""
    accepted = parse_accept_header(accept_language, LanguageAccept)
    return accepted.best_match(known, "ja") or "ja"


def tr(ja: str, en: str) -> str:
    """The one of two wordings that is in the language of the answer, or what a translator made of them."""
    return _speaker(language())(ja, en)


def in_words(both: dict[str, str]) -> str:
    """The same for ``{ja, en}``, as answers carry their words."""
    return tr(both["ja"], both["en"])


_STUB = re.compile(r"(非公開（理由: [^）]*）) / (not public \([^)]*\))")
"""What stands in a record in place of closed words (domain/kernel/closed_values.py), in both languages."""


def closed_words(text: str) -> str:
    """A text of the record in which closed words stand in the one language of the answer."""
    return _STUB.sub(lambda stub: tr(stub[1], stub[2]), text)


def spoken(say: Callable[[Language], str]) -> str:
    """The same for what says itself in either of our languages: ``spoken(refused.sentence)``."""
    return tr(say("ja"), say("en"))


def _japanese(ja: str, en: str) -> str:
    return ja


def _english(ja: str, en: str) -> str:
    return en


def _speaker(tag: str) -> Callable[[str, str], str]:
    """:func:`tr` for a page, whose language is asked for once."""
    if tag in LANGUAGES:
        return _japanese if tag == "ja" else _english
    return catalogues()[tag].say


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
    query_args = {name: request.args[name] for name in AXES if request.args.get(name)} | query
    address, is_part, part = in_language(language(), path).partition("#")
    return f"{address}{'?' + urlencode(query_args) if query_args else ''}{is_part}{part}"


def in_language(tag: str, path: str) -> str:
    """A path of the site, as :func:`href` gives it, in a named language."""
    if tag == "ja":
        return path
    return f"/{tag}/" if path == "/" else f"/{tag}{path}"


def plain_path() -> str:
    """The path of the current request without its language prefix."""
    tag = _language_of(request.path, tags(current_app))
    return request.path if tag == "ja" else request.path.removeprefix(f"/{tag}")


def _language_of(path: str, known: tuple[str, ...]) -> str:
    return next((tag for tag in known if tag != "ja" and path.startswith(f"/{tag}/")), "ja")


def static(name: str) -> str:
    """The address of a file in ``api/static``; it changes when the file does, so it may be kept for long."""
    path = Path(current_app.static_folder or "") / name
    version = _digest(path, path.stat().st_mtime_ns)
    return url_for("static", filename=name, v=version)


@lru_cache(maxsize=64)
def _digest(path: Path, modified: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def register_in_each(app: Flask, blueprint: Blueprint) -> None:
    """Register pages at their address in each language."""
    app.register_blueprint(blueprint)
    for tag in tags(app)[1:]:
        prefix = f"/{tag}{blueprint.url_prefix or ''}"
        app.register_blueprint(blueprint, name=f"{blueprint.name}_{tag}", url_prefix=prefix)


def init_app(app: Flask, further: dict[str, Catalogue]) -> None:
    """Give every template its language helpers, and the application its further languages."""
    app.extensions["kyodo-catalogues"] = further
    names = {"ja": "日本語", "en": "English"} | {
        tag: further_catalogue.name for tag, further_catalogue in further.items()
    }

    @app.context_processor
    def helpers() -> dict[str, Any]:
        tag = language()
        return {
            "lang": tag,
            "languages": names,
            "direction": "rtl" if tag in further and further[tag].is_right_to_left else "ltr",
            "tr": _speaker(tag),
            "closed_words": closed_words,
            "href": href,
            "static": static,
            "plain_path": plain_path(),
            "section": "",
        }

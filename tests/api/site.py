"""Reading the public site as a visitor would: every page that can be reached, its words and links."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

from flask import Flask
from flask.testing import FlaskClient

from domain.history import KANAZAWA
from domain.history.importing import import_history, read_history
from projections.engine.store import Store
from projections.registry import open_store
from tests.api.conftest import application

MENU = [
    "/",
    "/timeline",
    "/council",
    "/meetings",
    "/matters",
    "/actions",
    "/study",
    "/issues",
    "/ordinance",
    "/sources",
]
"""The pages of the menu."""

JAPANESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")


def site(folder: Path, fill: Callable[[Store], Any]) -> Iterator[Flask]:
    """The application over a record in ``folder`` that ``fill`` has filled."""
    url = f"sqlite:///{folder / 'record.sqlite'}"
    store = open_store(url)
    store.create()
    fill(store)
    store.close()
    yield from application(url)


def kanazawas_history(store: Store) -> None:
    """Fill a record with Kanazawa's own history."""
    import_history(store.application, read_history(KANAZAWA))


_VOID = {"meta", "link", "img", "input", "br", "hr", "col"}


class Page(HTMLParser):
    """One page: its status, its text with the language each piece is marked with, its ids and its links."""

    def __init__(self, path: str, status: int, html: str):
        super().__init__(convert_charrefs=True)
        self.path, self.status, self.html = path, status, html
        self.ids: set[str] = set()
        self.links: set[str] = set()
        self.pieces: list[tuple[str, str]] = []
        """Each piece of text in the body, with the language it is marked with."""
        self._languages: list[tuple[str, str]] = []
        self._in_body = False
        self.feed(html)

    @property
    def text(self) -> str:
        return " ".join(text for _, text in self.pieces)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._in_body |= tag == "body"
        if "id" in given:
            assert given["id"] not in self.ids, f"{self.path}: two elements with the id {given['id']}"
            self.ids.add(given["id"])
        if tag == "a" and "href" in given:
            self.links.add(urljoin(f"http://site{self.path}", given["href"]))
        if tag not in _VOID:
            inherited = self._languages[-1][1] if self._languages else ""
            self._languages.append((tag, given.get("lang", inherited)))

    def handle_endtag(self, tag: str) -> None:
        while self._languages and self._languages.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._in_body and data.strip():
            self.pieces.append((self._languages[-1][1], data.strip()))

    def unmarked_japanese(self) -> Iterator[str]:
        """Japanese sentences that a screen reader would read as English."""
        for language, text in self.pieces:
            latin = len(re.findall("[A-Za-z]", text))
            if language == "en" and len(JAPANESE.findall(text)) > latin:
                yield text


def walk(client: FlaskClient, start: Iterable[str], most: int = 400) -> dict[str, Page]:
    """Follow every link within the site, data left aside, as far as ``most`` pages."""
    ahead, found = list(start), dict[str, Page]()
    while ahead and len(found) < most:
        path = ahead.pop(0)
        if path in found:
            continue
        found[path] = get(client, path)
        ahead += [other for other, _ in targets(found[path]) if other not in found]
    return found


def get(client: FlaskClient, path: str) -> Page:
    """One page, redirects followed."""
    answer = client.get(path, follow_redirects=True)
    return Page(answer.request.full_path.rstrip("?"), answer.status_code, answer.get_data(as_text=True))


def targets(page: Page) -> Iterator[tuple[str, str]]:
    """The pages of this site that a page links to, each with the anchor."""
    for link in sorted(page.links):
        address, anchor = urldefrag(link)
        path = address.removeprefix("http://site")
        inside = address.startswith("http://site") and not path.startswith(("/api/", "/static/", "/files/"))
        if inside and not re.search(r"\.(json|csv|pdf|docx)(\?|$)", path):
            yield path, unquote(anchor)

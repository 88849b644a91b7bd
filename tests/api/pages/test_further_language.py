"""The whole way of a further language: to a translator, back, and on every page of the fictional record."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient

from api.setup.config import RecordSettings
from api.setup.words_folder import words_folder
from api.translating import po_file
from api.translating.checking import checked
from api.translating.imported import keep
from api.translating.inventory import inventory
from domain.sample.record import make_sample
from tests.api.site import MENU, Page, get, site, targets
from tests.api.translating.pseudo_language import translate, unmarked

MISSING = ("kind.Matter.label", "problem.NOT_FOUND.next")
"""What the translator left out."""


@pytest.fixture(scope="module")
def french_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("site")
    file = folder / "fr.po"
    file.write_bytes(po_file.written(po_file.catalogue("fr", inventory().once(), None)))
    translate(file, file, leave=MISSING)
    with file.open("rb") as opened:
        found = checked("fr", read_po(opened), inventory())
    assert (found.wrong, found.missing) == ([], list(MISSING))
    keep(
        words_folder(RecordSettings(database_url=f"sqlite:///{folder}/record.sqlite")),
        file.read_bytes(),
        found,
    )
    yield from site(folder, lambda store: make_sample(store.application, 16))


@pytest.fixture(scope="module")
def reader(french_site: Flask) -> FlaskClient:
    return french_site.test_client()


@pytest.fixture(scope="module")
def pages(reader: FlaskClient) -> dict[str, Page]:
    """Two pages of each family, found by following links from the menu and from the list of questions."""
    ahead = [f"/fr{path}" for path in (*MENU, "/questions", "/search?q=公園", "/participation", "/changes")]
    found: dict[str, Page] = {}
    families: dict[str, int] = {}
    while ahead:
        path = ahead.pop(0)
        family = re.sub(r"/[^/?]*[-\d][^/?]*|\?.*", "/*", path)
        elsewhere = not path.startswith("/fr/") or path.endswith("/content")
        if path in found or families.get(family, 0) == 2 or elsewhere:
            continue
        families[family] = families.get(family, 0) + 1
        found[path] = get(reader, path)
        ahead += [other for other, _ in targets(found[path])]
    return found


def test_every_family_of_pages_is_there(pages: dict[str, Page]) -> None:
    assert len(pages) > 40
    assert {path: page.status for path, page in pages.items() if page.status != 200} == {}
    families = {path.split("/")[2].partition("?")[0] for path in pages}
    assert {"matters", "meetings", "actions", "studies", "plans", "sheets", "sources", "trails"} <= families


def test_no_page_says_a_translated_sentence_in_japanese_or_english(pages: dict[str, Page]) -> None:
    ours = {
        words
        for sentence in inventory().sentences.values()
        if sentence.key not in MISSING
        for words in (sentence.ja.strip(), sentence.en.strip())
        if len(words) > 1 and "{" not in words
    }
    said = {
        (path, text)
        for path, page in pages.items()
        for language, text in page.pieces
        if language == "fr" and unmarked(text) in ours and unmarked(text) not in OF_THE_RECORD
    }
    assert said == set()


OF_THE_RECORD = {"necessity", "location", "functions", "operation", "other"}
"""Ids of the record that are shown as they are, and are words of ours elsewhere."""


def test_what_is_not_translated_is_english(reader: FlaskClient) -> None:
    page = get(reader, "/fr/trails/matter-s00001")
    assert any(text == "matter" for _, text in page.pieces)
    assert "⟦" in page.text


def test_a_page_says_its_language_and_leads_to_the_others(reader: FlaskClient) -> None:
    html = get(reader, "/fr/matters?year=2024").html
    assert '<html lang="fr">' in html
    assert '<link rel="alternate" hreflang="fr" href="/fr/matters?year=2024">' in html
    assert '<a href="/matters?year=2024" hreflang="ja" lang="ja">日本語</a>' in html
    assert '<a href="/en/matters?year=2024" hreflang="en" lang="en">English</a>' in html
    assert 'hreflang="fr" lang="fr">Français</a>' in get(reader, "/matters").html


def test_links_stay_in_the_language(pages: dict[str, Page]) -> None:
    for page in pages.values():
        inside = [path for path, _ in targets(page) if not path.startswith("/fr/")]
        assert {path.partition("?")[0] for path in inside} <= {page.path.partition("?")[0][3:]} | {
            "/en" + page.path.partition("?")[0][3:]
        }, page.path


def test_a_day_is_written_as_the_language_writes_it(pages: dict[str, Page]) -> None:
    assert any("20 avril 2021" in page.text for page in pages.values())
    assert "20 April 2021" not in pages["/fr/timeline"].text


def test_without_the_slash_a_language_is_found_too(reader: FlaskClient) -> None:
    answer = reader.get("/fr")
    assert (answer.status_code, answer.location) == (308, "/fr/")


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("fr", "fr"), ("fr-CA", "fr"), ("de, en;q=0.2", "en"), ("de", "ja"), ("", "ja")],
)
def test_a_refusal_is_told_in_the_language_that_is_asked_for(
    reader: FlaskClient, accepted: str, language: str
) -> None:
    answer = reader.get("/api/v1/nothing", headers={"Accept-Language": accepted})
    problem = answer.get_json()
    assert answer.headers["Content-Language"] == language
    assert (
        problem["detail"]
        == {
            "ja": "このアドレスには何もありません。",
            "en": "There is nothing at this address.",
            "fr": "⟦There is nothing at this address.⟧",
        }[language]
    )
    if language == "fr":
        assert problem["title"] == "⟦Not found⟧"
        assert problem["what_next"] == "Check the address. The API is listed at /api/docs."


def test_kept_answers_are_kept_by_language(reader: FlaskClient) -> None:
    path = "/api/v1/matters?limit=none"
    said = [
        reader.get(path, headers={"Accept-Language": tag}).get_json()["detail"] for tag in ("fr", "en", "fr")
    ]
    assert said[0] == said[2] != said[1]


def test_data_keep_their_two_languages(reader: FlaskClient) -> None:
    title = reader.get("/api/v1/questions/P2", headers={"Accept-Language": "fr"}).get_json()["title"]
    assert title.keys() == {"ja", "en"}

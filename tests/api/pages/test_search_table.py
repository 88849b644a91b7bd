"""What citizens type, on the real history and on the fictional record; and what the page of a search says."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import docx
import pytest
from flask import Flask
from weasyprint import HTML

from api.contents.attachments import Attachments, recorded_types
from api.contents.texts import WORD, catch_up, text_of
from api.reads.searches import attached_texts
from api.setup.config import RecordSettings
from api.setup.search_files import list_of_words
from api.words.search_words import vocabulary
from domain.history import KANAZAWA
from domain.history.importing import import_history, read_history
from domain.sample.record import make_sample
from projections.registry import open_store
from tests.api.search_table import TABLE, Outcome, outcomes
from tests.api.site import Page
from tests.support.copies import Copies
from tests.support.given import give
from tests.support.served import served

EVENTS = 700
NOT_FIRST = {("K", "配布"), ("F", "さいがい"), ("F", "防災")}
"""Queries of the table of which what is expected is on the first page, but not its first thing."""


def _history(url: str) -> None:
    store = open_store(url)
    store.create()
    import_history(store.application, read_history(KANAZAWA))
    store.close()


def _fiction(url: str) -> None:
    store = open_store(url)
    store.create()
    make_sample(store.application, events=EVENTS)
    store.close()


@pytest.fixture(scope="module", params=["K", "F"])
def record(request: pytest.FixtureRequest, copies: Copies, tmp_path_factory: Any) -> Iterator[Any]:
    """Each of the two records, with an application over it."""
    folder: Path = tmp_path_factory.mktemp("searched")
    prepare = _history if request.param == "K" else _fiction
    url = copies.sqlite(f"searched-{request.param}", prepare, folder)
    with served(url) as app:
        yield request.param, app, RecordSettings(database_url=url, secret_key="only for tests")


def page(app: Flask, query: str, more: str = "", prefix: str = "") -> Page:
    path = f"{prefix}/search?q={quote(query)}{more}"
    response = app.test_client().get(path)
    return Page(path, response.status_code, response.get_data(as_text=True))


def data(app: Flask, query: str, **more: Any) -> Any:
    return app.test_client().get("/search.json", query_string={"q": query, **more}).get_json()


def test_the_table_has_sixty_queries_and_more() -> None:
    assert len(set(TABLE)) == len(TABLE) >= 60
    assert len(TABLE) - len(NOT_FIRST) >= 55


def test_every_query_of_the_table_finds_what_it_means(record: Any) -> None:
    name, app, settings = record
    with app.test_request_context("/search"), app.extensions["kyodo-store"].get().engine.connect() as c:
        came: list[Outcome] = list(outcomes(name, c, settings))
    assert [outcome for outcome in came if not outcome.is_found] == []
    not_first = {(outcome.record, outcome.query) for outcome in came if not outcome.is_first}
    assert not_first <= NOT_FIRST, [outcome for outcome in came if not outcome.is_first]


def test_counts_are_those_that_the_filter_gives(record: Any) -> None:
    _, app, _ = record
    whole = data(app, "協働")
    assert sum(whole["kinds"].values()) == whole["total"]["count"]
    for kind, count in whole["kinds"].items():
        chosen = data(app, "協働", kind=kind)
        assert chosen["total"]["count"] == count and chosen["kinds"] == whole["kinds"]
    for year, count in whole["fiscal_years"].items():
        chosen = data(app, "協働", fiscal_year=year)
        assert chosen["total"]["count"] == count
        assert sum(chosen["kinds"].values()) == count


def test_pages_of_a_search_hold_every_thing_once(record: Any) -> None:
    _, app, _ = record
    first = data(app, "市民")
    seen = [item["entity"] for n in range(first["pages"]) for item in data(app, "市民", page=n + 1)["items"]]
    assert len(seen) == len(set(seen)) == first["total"]["count"]
    assert data(app, "市民", page=first["pages"] + 1)["items"] == []
    assert data(app, "市民", page="x")["page"] == 1


def test_the_page_speaks_to_people(record: Any) -> None:
    name, app, _ = record
    shown = page(app, "市民")
    assert shown.status == 200 and "<mark>市民</mark>" in shown.html
    visible = re.sub(r"<[^>]+>", " ", shown.html.split("<main", 1)[1].split("</main", 1)[0])
    assert not re.search(r"[vtkfndm]:[A-Za-z0-9_]+|T\d\d:\d\d|Z\b", visible)
    if name == "F":
        assert re.search(r"[\d,]+件中 1〜20件目", visible)
    english = page(app, "可決" if name == "F" else "予算", prefix="/en")
    assert english.status == 200 and "<mark>" in english.html


def test_a_question_is_answered_and_a_typing_error_met(record: Any) -> None:
    _, app, _ = record
    asked = page(app, "いくらかかったか")
    assert "/questions/P8" in asked.html and "予算の記録がある事業は" in asked.html
    assert "もしかして" in page(app, "市民階議").html
    assert "もしかして" not in page(app, "市民").html


def test_no_suggestion_and_no_count_tells_of_what_is_closed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'closed.sqlite'}"
    store = open_store(url)
    store.create()
    shut = {"visibility": "closed", "ground": "personal"}
    for entity, title, disclosure in (
        ("doc-open", "海豚の報告", {"visibility": "public"}),
        ("doc-shut", "鯨観察調査の秘密 2020年4月5日 12万円", shut),
    ):
        give(
            store.application, "SEC", "Document", entity, "register",
            kind="report", title=title, disclosure=disclosure,
        )  # fmt: skip
    store.close()
    with served(url) as app:
        for query in ("鯨", "鯨観察調査", "2020-04-05", "12万円", "報告書"):
            found = data(app, query)
            assert "doc-shut" not in [item["entity"] for item in found["items"]], query
            assert found["total"]["count"] == len(found["items"])
        assert data(app, "鯨観察調書")["nearby"] == []
        assert data(app, "報告書")["total"]["count"] == 1  # what kind of document it is


def _word_file(*lines: str) -> bytes:
    made, file = docx.Document(), io.BytesIO()
    for line in lines:
        made.add_paragraph(line)
    table = made.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "出席", "捕鯨委員 18人"
    made.save(file)
    return file.getvalue()


def test_the_text_of_attached_minutes_is_found_read_and_closed_with_its_document(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'minutes.sqlite'}"
    store = open_store(url)
    store.create()
    record = RecordSettings(database_url=url, secret_key="only for tests")
    files = Attachments(record.attachments)
    content = _word_file("鯨類の保護について話し合った。", "平成十八年三月一日までに答える。")
    files.keep_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    give(
        store.application, "SEC", "Document", "doc-minutes", "register",
        kind="minutes", title="第1回会議録", disclosure={"visibility": "public"},
    )  # fmt: skip
    give(
        store.application, "SEC", "Document", "doc-minutes", "attach_content",
        sha256=sha256, size_bytes=len(content), media_type=WORD,
    )  # fmt: skip
    with served(url) as app:
        assert data(app, "鯨類の保護")["items"] == []  # nobody has read the file yet
        with store.engine.connect() as connection:
            assert catch_up(record, files, recorded_types(connection)) == 1
            assert catch_up(record, files, recorded_types(connection)) == 0
        for query in ("鯨類の保護", "捕鯨委員", "2006年3月1日", "鯨類 会議録"):
            assert [item["entity"] for item in data(app, query)["items"]] == ["doc-minutes"], query
        shown = page(app, "鯨類の保護")
        assert "<mark>鯨類の保護</mark>" in shown.html and "/documents/doc-minutes/text" in shown.html
        read = app.test_client().get("/documents/doc-minutes/text").get_data(as_text=True)
        assert "<p>鯨類の保護について話し合った。</p>" in read and "捕鯨委員" in read
        api = app.test_client().get("/api/v1/search", query_string={"q": "捕鯨委員"}).get_json()
        assert api["total"]["count"] == 1
        closed = {"visibility": "closed", "ground": "personal"}
        give(
            store.application, "DIS", "Document", "doc-minutes", "change_disclosure",
            to=closed, reason="個人が分かる",
        )  # fmt: skip
        for query in ("鯨類の保護", "捕鯨委員", "2006年3月1日"):
            assert data(app, query)["items"] == [], query
        read = app.test_client().get("/documents/doc-minutes/text").get_data(as_text=True)
        assert "鯨" not in read and "非公開" in read
    catch_up(record, files, {})
    assert attached_texts(record).text(sha256) is None  # gone with what names it
    store.close()


def test_a_file_has_the_text_that_can_be_read() -> None:
    assert text_of(io.BytesIO(b"PK\x03\x04 broken"), WORD) == ""
    assert text_of(io.BytesIO(b"%PDF-1.7"), "application/pdf") == ""
    whale = HTML(string="<p>whales were seen</p>").write_pdf()
    assert "whales were seen" in text_of(io.BytesIO(whale), "application/pdf")
    assert text_of(io.BytesIO("鯨の話".encode("cp932")), "text/plain") == "鯨の話"


def test_a_city_adds_its_own_words(tmp_path: Path) -> None:
    record = RecordSettings(database_url=f"sqlite:///{tmp_path / 'r.sqlite'}", secret_key="only for tests")
    file = list_of_words(record)
    file.parent.mkdir(parents=True, exist_ok=True)
    assert "鯨" not in vocabulary(record).meant("ほえる").texts
    file.write_text('same = [["鯨類", "ホエール"]]\nread = [["くじら", "鯨類"]]\n', "utf-8")
    assert vocabulary(record).meant("ほえる").texts == ("ほえる", "鯨類")
    assert vocabulary(record).meant("くじら").texts == ("くじら", "鯨類", "ほえる")
    file.write_text("same = 鯨", "utf-8")
    assert vocabulary(record).meant("ほえる").texts == ("ほえる",)  # ours go on, and the log says why

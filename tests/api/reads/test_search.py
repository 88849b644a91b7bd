"""Search over HTTP, on its page and in the terminal: one answer, cut to who asks, printed safely."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from api.cli.shell import REFUSED
from domain.history import KANAZAWA
from domain.history.importing import import_history, read_history
from projections.engine.store import Store
from tests.api.conftest import Run, TellerOf, codes, document, record_documents, told
from tests.api.signing_in import sign_in
from tests.api.site import Page

HOSTILE = "<script>alert(\"鯨\")</script> & '鯨'"


def search(client: FlaskClient, query: str, **more: Any) -> Any:
    """The answer of the API to a search."""
    response = client.get("/api/v1/search", query_string={"q": query, **more})
    assert response.status_code == 200, response.get_data(as_text=True)
    return response.get_json()


def page(client: FlaskClient, path: str) -> Page:
    response = client.get(path)
    return Page(path, response.status_code, response.get_data(as_text=True))


# -- the API


def test_a_hit_says_what_when_and_where_it_stands(client: FlaskClient, store: Store) -> None:
    import_history(store.application, read_history(KANAZAWA))
    answer = search(client, "参加者の固定化")
    (item,) = answer["items"]
    assert answer["total"] == {"count": 1, "exact": True} and answer["next"] is None
    assert "people" not in answer
    assert (item["subject"], item["kind"], item["type"]) == (
        "problem-fixed-participants",
        "Reflection",
        "ReflectionRecorded",
    )
    assert item["label"]["ja"] and item["effective"]["label"]["ja"]
    parts = item["passages"][0]["parts"]
    assert {"text": "参加者の固定化", "hit": True} in parts
    assert search(client, "ﾙｰﾙﾌﾞｯｸ")["total"] == search(client, "ルールブック")["total"]


def test_hits_come_in_pages_that_never_repeat_or_miss_one(client: FlaskClient, store: Store) -> None:
    record_documents(store, *(f"鯨の話{n}" for n in range(7)))
    answer = search(client, "鯨の", limit=3)
    seen = list(answer["items"])
    assert answer["total"] == {"count": 7, "exact": True}
    while answer["next"]:
        response = client.get(answer["next"])
        assert 'rel="next"' in response.headers.get("Link", "") or not response.get_json()["next"]
        answer = response.get_json()
        seen += answer["items"]
    positions = [item["position"] for item in seen]
    assert len(positions) == 7 and positions == sorted(positions, reverse=True)


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ({}, "/q", "SEARCH_TOO_SHORT"),
        ({"q": " 　ー"}, "/q", "SEARCH_TOO_SHORT"),
        ({"q": "長" * 10_000}, "/q", "SEARCH_TOO_LONG"),
        ({"q": "協働", "kind": "Whale"}, "/kind", "SEARCH_KIND_UNKNOWN"),
        ({"q": "協働", "colour": "red"}, "/colour", "FILTER_UNKNOWN"),
        ({"q": "協働", "cursor": "x"}, "/cursor", "CURSOR_WRONG"),
    ],
)
def test_a_search_that_cannot_be_meant_is_refused(
    client: FlaskClient, query: dict[str, str], pointer: str, code: str
) -> None:
    response = client.get("/api/v1/search", query_string=query)
    assert response.status_code == 422 and codes(response) == {pointer: code}


def test_staff_find_what_is_closed_and_people_by_name_and_nobody_else_does(
    client: FlaskClient, teller: TellerOf
) -> None:
    secretary = teller("SEC", party="p-secretary")
    closed = {"visibility": "closed", "ground": "personal"}
    assert secretary.post("documents", document(title="鯨の秘密", disclosure=closed)).status_code == 201
    assert secretary.post("parties", {"name": "鯨山　太郎"}).status_code == 201
    for query in ("鯨の秘密", "鯨山", "太郎"):
        assert search(client, query) == {"items": [], "next": None, "total": {"count": 0, "exact": True}}

    bearer = {"Authorization": f"Bearer {secretary.token}"}

    def as_staff(query: str) -> Any:
        return client.get("/api/v1/search", query_string={"q": query}, headers=bearer).get_json()

    assert as_staff("鯨の秘密")["total"]["count"] == 1
    assert [person["name"] for person in as_staff("鯨山")["people"]] == ["鯨山　太郎"]


# -- the page


def test_the_page_marks_the_words_and_escapes_everything_else(client: FlaskClient, store: Store) -> None:
    record_documents(store, HOSTILE)
    shown = page(client, f"/search?q={quote('鯨 <script>')}")
    assert "<script>alert" not in shown.html
    assert "<mark>&lt;script&gt;</mark>alert(" in shown.html
    marked = page(client, f"/search?q={quote('alert')}")
    assert "&lt;script&gt;<mark>alert</mark>(&#34;鯨" in marked.html
    quoted = page(client, f"/search?q={quote(chr(34) + '><b>x')}")
    assert "<b>x" not in quoted.html and 'value="&#34;&gt;&lt;b&gt;x"' in quoted.html


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_page_says_what_to_do(client: FlaskClient, store: Store, prefix: str) -> None:
    record_documents(store, "鯨の話")
    empty = page(client, f"{prefix}/search")
    assert empty.status == 200 and "<mark>" not in empty.html and 'role="alert"' not in empty.html
    wrong = page(client, f"{prefix}/search?q={quote('ー')}")
    assert wrong.status == 200 and 'role="alert"' in wrong.html
    short = page(client, f"{prefix}/search?q={quote('鯨')}")
    assert "<mark>鯨</mark>の話" in short.html
    nothing = page(client, f"{prefix}/search?q={quote('ありえない')}")
    assert 'class="empty"' in nothing.html
    found = page(client, f"{prefix}/search?q={quote('鯨の')}&kind=Document&state=&limit=1")
    assert "<mark>鯨の</mark>" in found.html
    assert client.get(f"{prefix}/search.json?q={quote('鯨の')}").get_json()["total"]["count"] == 1


def test_every_page_has_the_search_box_and_works_without_a_script(client: FlaskClient) -> None:
    assert 'action="/search"' in page(client, "/timeline").html
    assert 'action="/en/search"' in page(client, "/en/timeline").html


def test_a_signed_in_clerk_sees_people_on_the_page(client: FlaskClient, staff: Any, teller: TellerOf) -> None:
    teller("SEC").post("parties", {"name": "鯨山 花子"})
    assert "花子" not in page(client, f"/search?q={quote('鯨山')}").html
    sign_in(client, staff.login)
    assert "鯨山 花子" in page(client, f"/search?q={quote('鯨山')}").html


# -- the terminal


def test_the_terminal_searches_too(run: Run, store: Store) -> None:
    record_documents(store, "鯨の話", "海豚の話")
    assert told(run("search", "鯨の", "--json"))["total"]["count"] == 1
    lines = run("search", "鯨の", "話").stdout.splitlines()
    assert "doc-鯨の話" in lines[0] or "鯨の話" in lines[0]
    assert lines[-1] == "1件"
    assert told(run("search", "の話", "--public", "--kind", "Document", "--json"))["total"]["count"] == 2
    refused = run("search", "ー")
    assert refused.exit_code == REFUSED and "言葉を入力" in refused.stderr

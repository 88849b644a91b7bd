"""A member's account is not staff: whoever is not of the office is told what everybody is told.

Every address that reads is asked, for things of every kind, on a record in which much is closed: by the
public, by members, by the office. What a member gets is, to the byte, what the public gets; what the office
gets tells more, so that the comparison would notice.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from api.access.accounts import Accounts
from api.access.tokens import Tokens
from api.setup import record_setup
from domain.sample.record import make_sample
from projections.registry import open_store
from tests.acceptance.redacted import unlimited
from tests.support.answer_text import text_of
from tests.support.given import give
from tests.support.served import served

pytestmark = pytest.mark.slow

MEMBERS = {"members": ("MEM", "CHR", "ADV", "LDR"), "evaluator": ("EV-C",)}
INTERNAL = {"visibility": "internal", "ground": "operations"}
SECRET = "内部の覚え書き"
STARTS = (
    "/",
    "/timeline",
    "/meetings",
    "/matters",
    "/actions",
    "/study",
    "/sources",
    "/search?q=架空",
    "/changes",
)
LINK = re.compile(r'(?:href="|")(/[^"\s{}#]*)')
DOCUMENTATION = "/api/docs/"
"""The files of an installed wheel, the same for everybody."""
MOST_EACH = 2
"""Addresses asked of each endpoint."""
OWN_PAGE = re.compile(r"(/en)?/(my|desk/.*)")
"""A member's own page, and the forms of what they record themselves: the public has none of either."""
OWN_ACT = re.compile(rb'<p class="small"><a href="[^"]*/desk/[^"]*">[^<]*</a></p>')
"""What leads there from a public page."""

Answers = dict[str, tuple[int, bytes]]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FlaskClient, dict[str, str]]]:
    """The fictional city with internal papers: a client, and a token for each reader."""
    url = f"sqlite:///{tmp_path_factory.mktemp('members')}/record.db"
    store = open_store(url)
    record_setup.create(store)
    make_sample(store.application, 16)
    for n in range(3):
        about: dict[str, Any] = {"title": f"{SECRET}{n}", "kind": "other", "disclosure": INTERNAL}
        give(store.application, "SEC", "Document", f"doc-internal-{n}", "register", **about)
    accounts, tokens = Accounts(store.engine), Tokens(store.engine)
    made = {
        name: tokens.make(accounts.add(name, roles), "test")
        for name, roles in {**MEMBERS, "office": ("SEC",)}.items()
    }
    store.close()
    with unlimited(), served(url) as app:
        yield app.test_client(), made


def ask(client: FlaskClient, address: str, token: str | None) -> tuple[int, bytes, str]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = client.get(address, headers=headers)
    body = answer.get_data()
    if not body.startswith((b"%PDF", b"PK")):
        body = text_of(OWN_ACT.sub(b"", body)).encode()
    return answer.status_code, body, answer.headers.get("Cache-Control", "")


def endpoint_of(client: FlaskClient, address: str) -> str | None:
    adapter = client.application.url_map.bind("localhost")
    try:
        endpoint, _ = adapter.match(address.partition("?")[0])
    except (HTTPException, RequestRedirect):
        return None
    return str(endpoint)


def addresses(client: FlaskClient, token: str) -> dict[str, tuple[int, bytes]]:
    """Two addresses of every endpoint, found by following what the office is shown, with its answers."""
    api = [rule.rule for rule in client.application.url_map.iter_rules() if "GET" in (rule.methods or ())]
    waiting = [*STARTS, *(path for path in api if "<" not in path)]
    chosen: dict[str, dict[str, tuple[int, bytes]]] = defaultdict(dict)
    seen = set(waiting)
    while waiting:
        address = waiting.pop(0)
        endpoint = endpoint_of(client, address)
        if endpoint is None or len(chosen[endpoint]) >= MOST_EACH or "/sign" in address:
            continue
        if endpoint.endswith("_pdf"):  # a paper as PDF is its page, set: the page and the document are asked
            continue
        status, body, _ = ask(client, address, token)
        chosen[endpoint][address] = status, body
        text = body.decode("utf-8", "replace")
        for found in LINK.findall(text.replace("&amp;", "&")):
            if found not in seen and not found.startswith("/en"):
                seen.add(found)
                waiting.append(found)
    return {address: answer for found in chosen.values() for address, answer in found.items()}


def test_members_are_told_what_the_public_is_told(site: tuple[FlaskClient, dict[str, str]]) -> None:
    client, tokens = site
    found = addresses(client, tokens["office"])
    asked = [address for address in found if not address.startswith(("/livez", "/readyz", "/static"))]
    more_for_the_office, differing, shared = set(), [], []
    for address in asked:
        public = ask(client, address, None)
        if found[address] != public[:2]:
            more_for_the_office.add(endpoint_of(client, address))
        for name in MEMBERS:
            status, body, cache = ask(client, address, tokens[name])
            both_refused = status == 403 and public[0] in (303, 401, 403)
            if (
                (status, body) != public[:2]
                and not both_refused
                and not OWN_PAGE.fullmatch(address)
                and not (name == "evaluator" and "sheet" in address)
            ):
                differing.append((name, address))
            if cache.startswith("public") and not address.startswith(DOCUMENTATION):
                shared.append((name, address))
            assert SECRET not in text_of(body), address
    assert not differing, "\n".join(map(str, differing))
    assert shared == []
    assert len(asked) > 120
    assert len(more_for_the_office) > 15


def test_an_evaluator_finds_the_sheets_that_are_worked_on(site: tuple[FlaskClient, dict[str, str]]) -> None:
    """As before the two sides' work is open to them, but for what the other side has under seal."""
    client, tokens = site
    found = {
        name: len(
            client.get("/api/v1/sheets?limit=200", headers={"Authorization": f"Bearer {token}"}).json["items"]
        )
        for name, token in tokens.items()
    }
    public = len(client.get("/api/v1/sheets?limit=200").json["items"])
    assert found["members"] == public
    assert found["evaluator"] == found["office"]

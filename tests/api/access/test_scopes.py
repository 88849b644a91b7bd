"""Bearer tokens that are good for less than everything; links that are used, ended and handed over."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from api.access.accounts import Account, Accounts
from api.access.scopes import known_scope
from api.access.tokens import Tokens
from domain.values.refusal import Refusal
from tests.api.conftest import document, organisation
from tests.api.signing_in import csrf_of, sign_in

DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("scope", "reads", "registers", "revises", "others"),
    [
        (None, 200, 201, 200, 201),
        (["read"], 200, 403, 403, 403),
        (["write"], 403, 201, 200, 201),
        (["read", "write:documents"], 200, 201, 200, 403),
        (["write:documents/revise"], 403, 403, 200, 403),
    ],
)
def test_a_token_is_good_for_its_scope_alone(
    app: Flask, engine: sa.Engine, scope: Any, reads: int, registers: int, revises: int, others: int
) -> None:
    account = Accounts(engine).add("machine", ["SEC"], "p-machine")
    tokens = Tokens(engine)
    everything = {"Authorization": f"Bearer {tokens.make(account, 'all')}"}
    headers = {"Authorization": f"Bearer {tokens.make(account, 'some', scope=scope)}"}
    client = app.test_client()
    client.post("/api/v1/documents", json=document(id="doc-1"), headers=everything)
    asked = [
        client.get("/api/v1/access-log", headers=headers),
        client.post("/api/v1/documents", json=document(id="doc-2"), headers=headers),
        client.post("/api/v1/documents/doc-1/revise", json={"change": "x"}, headers=headers),
        client.post("/api/v1/parties/-/register-organisation", json=organisation(), headers=headers),
    ]
    assert [answer.status_code for answer in asked] == [reads, registers, revises, others]
    assert {a.get_json()["code"] for a in asked if a.status_code == 403} <= {"TOKEN_SCOPE"}


@pytest.mark.parametrize("name", ["all", "write:nothing", "write:documents/fly", "read:documents", "READ"])
def test_a_scope_that_there_is_not_is_refused(name: str) -> None:
    with pytest.raises(Refusal, match="SCOPE_UNKNOWN"):
        known_scope(["read", name])


def test_a_token_made_on_the_page_says_what_it_is_good_for(
    client: FlaskClient, engine: sa.Engine, staff: Account
) -> None:
    sign_in(client)
    form = {"csrf_token": csrf_of(client.get("/account")), "label": "集計", "days": "7", "scope": "some"}
    page = client.post("/account", data={**form, "collection": ["documents"]}).get_data(as_text=True)
    (token,) = Tokens(engine).of(staff)
    assert token.scope == {"read", "write:documents"}
    ends = dt.datetime.fromisoformat(token.expires_at) - dt.datetime.now(dt.UTC)
    assert 6 * DAY < ends <= 7 * DAY
    assert "読む、文書" in page


def test_tokens_end_with_their_account(engine: sa.Engine, staff: Account) -> None:
    token = Tokens(engine).make(staff, "machine", 365 * DAY)
    link = Tokens(engine).make_link(staff, 7 * DAY)
    accounts = Accounts(engine)
    accounts.set_disabled(accounts.set_disabled(staff, True), False)
    assert Tokens(engine).account_of(token) is None and Tokens(engine).account_of_link(link) is None

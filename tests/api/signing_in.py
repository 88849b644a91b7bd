"""Accounts with passwords, forms with CSRF tokens: what tests of signing in share."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.access.tokens import Tokens
from domain.kernel.events import Recorded
from tests.api.conftest import PASSWORD, document

HOUR = dt.timedelta(hours=1)
Log = Callable[[], list[Recorded[Any]]]


def ago(engine: sa.Engine, passed: dt.timedelta) -> Tokens:
    """The record's tokens, as they were handled that long ago."""
    return Tokens(engine, lambda: dt.datetime.now(dt.UTC) - passed)


def csrf_of(page: TestResponse) -> str:
    """The CSRF token in a page's form, or in its list of commands."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.get_data(as_text=True))
    assert found, "the page has no CSRF token"
    return found[1]


def sign_in(client: FlaskClient, login: str = "staff", password: str = PASSWORD, **form: str) -> TestResponse:
    token = csrf_of(client.get("/signin"))
    return client.post("/signin", data={"username": login, "password": password, "csrf_token": token} | form)


def with_token(client: FlaskClient, token: str) -> TestResponse:
    headers = {"Authorization": f"Bearer {token}"}
    return client.post("/api/v1/documents", json=document(), headers=headers)

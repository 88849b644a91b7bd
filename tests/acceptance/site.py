"""The whole service over HTTP, for acceptance tests: commands and reads by people in their roles."""

from __future__ import annotations

import datetime as dt
import itertools
from contextlib import ExitStack
from typing import Any

from flask.testing import FlaskClient

from api.access.accounts import ROLES, Accounts
from api.access.tokens import Tokens
from projections.registry import open_store
from tests.support.served import served


class Site:
    """The service as people of every role meet it, each with a bearer token of their own."""

    def __init__(self, url: str, **parties: str):
        """``parties``: for which party somebody in a role acts (``EV_C="p-1"``)."""
        self.url = url
        store = open_store(url)
        store.create()
        accounts, tokens = Accounts(store.engine), Tokens(store.engine)
        self.tokens = {
            role: tokens.make(accounts.add(role.lower(), [role], parties.get(role.replace("-", "_"))), "test")
            for role in ROLES
        }
        store.close()
        self._until_closed = ExitStack()
        self.client: FlaskClient = self._until_closed.enter_context(served(url)).test_client()

    def close(self) -> None:
        self._until_closed.close()

    def on_the(self, day: str) -> None:
        """Go to noon of a day: what is recorded from now on is recorded then."""
        noon = dt.datetime.combine(dt.date.fromisoformat(day), dt.time(3), dt.UTC)
        ticks = itertools.count()
        application = self.client.application.extensions["kyodo-store"].get().application
        application.clock = lambda: noon + dt.timedelta(seconds=next(ticks))

    def post(self, role: str, path: str, /, **body: Any) -> dict[str, Any]:
        """Give a command; the test ends if it is refused."""
        response = self.client.post(
            f"/api/v1/{path}", json=body, headers={"Authorization": f"Bearer {self.tokens[role]}"}
        )
        said = response.get_json()
        assert response.status_code in (200, 201), f"{path}: {response.status_code} {said}"
        assert said["event_ids"] and said["position"] and said["version"]
        return dict(said)

    def get(self, path: str, role: str | None = None) -> Any:
        """What the public is answered, or somebody in a role."""
        headers = {"Authorization": f"Bearer {self.tokens[role]}"} if role else {}
        response = self.client.get(f"/api/v1/{path}", headers=headers)
        assert response.status_code == 200, f"{path}: {response.status_code} {response.get_json()}"
        return response.get_json()

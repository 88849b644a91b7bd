"""A whole application over a record of its own, and callers with roles who talk JSON to it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from click.testing import CliRunner, Result
from flask import Flask, Response, request_finished, template_rendered
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.access import accounts
from api.access.accounts import Account, Accounts
from api.access.tokens import Tokens
from api.cli.main import cli
from api.cli.shell import OK
from api.http.openapi import ProblemSchema
from api.http.problems import PROBLEM_JSON
from api.serve.app import create_app
from api.setup import record_setup
from api.setup.config import RecordSettings
from api.setup.store import StoreHolder
from domain.kernel.events import Actor, Recorded
from domain.recording.application import command_named
from domain.recording.receipts import CommandTerms
from projections.engine.log import events_after
from projections.engine.store import Store
from projections.registry import open_store
from tests.support import templates
from tests.support.postgres import Postgres
from tests.support.served import served

PASSWORD = "long enough to keep"


def created(url: str) -> None:
    """Create a record."""
    store = open_store(url)
    record_setup.create(store)
    record_setup.bring_up_to_date(store)
    store.close()


def application(url: str, **settings: Any) -> Iterator[Flask]:
    """An application with settings of its own over the record at ``url``, closed afterwards."""
    with served(url, **settings) as app:
        yield app


@pytest.fixture(scope="session")
def pages_at_odds() -> Iterator[list[str]]:
    """The pages rendered since that gave more, or less, than their template names at its top."""
    found: list[str] = []

    def compare(app: Flask, template: Any, context: dict[str, Any], **_: Any) -> None:
        named, given = templates.named_by(template.name), set(context["page"]) - {"formats"}
        if template.name == "problem.html":
            given &= named  # a problem document has further members, each kind its own (RFC 9457, 3.2)
        if named != given:
            found.append(
                f"{template.name}: lacks {named - given or '-'}, nobody reads {given - named or '-'}"
            )

    with template_rendered.connected_to(compare):
        yield found


@pytest.fixture(autouse=True)
def every_page_gives_what_its_template_names(pages_at_odds: list[str]) -> Iterator[None]:
    yield
    at_odds = set(pages_at_odds)
    pages_at_odds.clear()
    assert at_odds == set()


@pytest.fixture(scope="session")
def members_undescribed() -> Iterator[set[str]]:
    """What problem documents that were answered since hold, that the API's description does not name."""
    described, found = set(ProblemSchema().fields), set[str]()

    def compare(app: Flask, response: Response, **_: Any) -> None:
        if response.mimetype == PROBLEM_JSON:
            found.update(set(json.loads(response.get_data())) - described)

    with request_finished.connected_to(compare):
        yield found


@pytest.fixture(autouse=True)
def every_problem_is_as_described(members_undescribed: set[str]) -> Iterator[None]:
    yield
    undescribed = set(members_undescribed)
    members_undescribed.clear()
    assert undescribed == set()


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Passwords are kept as they are in service, but with little work: a tenth of a second is what makes
    guessing slow, and tests too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        accounts._nobodys_hash.cache_clear()
        yield
    accounts._nobodys_hash.cache_clear()


@pytest.fixture(scope="session")
def one_app() -> Flask:
    """The application, made once: with all its endpoints that takes half a second."""
    return create_app(RecordSettings(secret_key="only for tests"))


def over(app: Flask, url: str, **settings: Any) -> Iterator[Flask]:
    """The application over another record, as a new process would find it; closed afterwards."""
    record = RecordSettings(database_url=url, secret_key="only for tests", **settings)
    app.extensions["kyodo-store"] = StoreHolder(record)
    yield app
    app.extensions["kyodo-store"].close()


@pytest.fixture(scope="session")
def empty_record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A created record on SQLite, to copy: most tests here do not care which database it is."""
    path = tmp_path_factory.mktemp("empty") / "record.sqlite"
    created(f"sqlite:///{path}")
    return path


@pytest.fixture
def record_url(empty_record: Path, tmp_path: Path) -> str:
    """An empty record of the test's own, on SQLite."""
    for file in empty_record.parent.glob(f"{empty_record.name}*"):
        shutil.copy(file, tmp_path / file.name)
    return f"sqlite:///{tmp_path / empty_record.name}"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def any_record_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty record of the test's own: on SQLite, and again on PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("record_url")
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.fresh(server.template("empty record", created))
    yield url
    server.drop(url)


@pytest.fixture
def app(one_app: Flask, record_url: str) -> Iterator[Flask]:
    yield from over(one_app, record_url)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser nobody has signed in with."""
    return app.test_client()


class Teller:
    """An account that talks to the API with its bearer token."""

    def __init__(self, app: Flask, account: Account, token: str):
        self.client = app.test_client()
        self.account = account
        self.token = token

    def post(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        """POST JSON below ``/api/v1``. Header names are written with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named.setdefault("Authorization", f"Bearer {self.token}")
        return self.client.post(f"/api/v1/{path}", json={} if body is None else body, headers=named)


TellerOf = Callable[..., Teller]


@pytest.fixture
def engine(app: Flask) -> sa.Engine:
    """The engine that reads the application's record."""
    engine: sa.Engine = app.extensions["kyodo-store"].get().engine
    return engine


@pytest.fixture
def staff(engine: sa.Engine) -> Account:
    """An account with a password."""
    return Accounts(engine).add("staff", ["SEC", "CHR"], "p-staff", PASSWORD)


@pytest.fixture
def teller(app: Flask, engine: sa.Engine) -> TellerOf:
    """Make an account with these roles, and talk as it: ``teller("SEC", "CHR")``."""

    def make(*roles: str, login: str = "", party: str | None = None) -> Teller:
        with app.app_context():
            known = Accounts(engine)
            name = login or f"t-{len(known.all())}"
            account = known.add(name, roles, party)
            return Teller(app, account, Tokens(engine).make(account, "test"))

    return make


@pytest.fixture
def secretary(teller: TellerOf) -> Teller:
    return teller("SEC", party="p-secretary")


@pytest.fixture
def log(app: Flask) -> Callable[[], list[Recorded[Any]]]:
    """Every event on record."""

    def read() -> list[Recorded[Any]]:
        with app.extensions["kyodo-store"].get().engine.connect() as connection:
            return events_after(connection, 0, limit=1_000)

    return read


def organisation(**changes: Any) -> dict[str, Any]:
    """The body that registers an organisation."""
    return {"name_ja": "金沢市", "category": "municipality"} | changes


def document(**changes: Any) -> dict[str, Any]:
    """The body that registers a document."""
    return {"title": "資料1", "kind": "other", "disclosure": {"visibility": "public"}} | changes


def codes(response: TestResponse) -> dict[str, str]:
    """What is wrong, by JSON pointer."""
    return {error["pointer"]: error["code"] for error in response.json["errors"]}  # type: ignore[index]


# ------------------------------------------------------------------------------------- the command line


Run = Callable[..., Result]


@pytest.fixture
def run(record_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run ``kyodo`` over a record of the test's own, in Japanese unless told otherwise."""
    monkeypatch.setenv("DATABASE_URL", record_url)
    monkeypatch.setenv("SECRET_KEY", "only for tests")
    for name in ("LC_ALL", "HOST", "PORT", "PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "ja_JP.UTF-8")
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str, **options: Any) -> Result:
        return CliRunner().invoke(cli, arguments, **options)

    return call


@pytest.fixture
def store(record_url: str) -> Any:
    opened = open_store(record_url)
    yield opened
    opened.close()


def told(result: Result) -> Any:
    assert result.exit_code == OK, result.output
    return json.loads(result.stdout)


def record_documents(store: Store, *titles: str) -> None:
    """Documents on record, one event each, of one correlation."""
    register = command_named("Document", "register")
    kinds = {p.name: p.kind for p in register.parameters()}
    disclosure = kinds["disclosure"]("public")
    for title in titles:
        fields = {"title": title, "kind": "other", "disclosure": disclosure}
        terms = CommandTerms(Actor("SEC", "p-1"), frozenset({"SEC"}), {"correlation_id": "k-1"})
        store.application.execute(register, f"doc-{title}", fields, terms)

"""``kyodo serve``, ``import`` and ``sample``: how a record comes to be and is served."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from api.access.accounts import Accounts
from api.access.tokens import Tokens
from api.cli import serve as cli_serve
from api.cli.shell import OK, REFUSED, USAGE
from api.setup.record_settings import FICTIONAL, FIRST_SESSION, keep_setting, setting
from domain.history import KANAZAWA
from projections.engine.store import Store
from projections.registry import open_store
from tests.api.conftest import Run, record_documents, told

HISTORY_EVENTS = len(yaml.safe_load(KANAZAWA.read_text(encoding="utf-8"))["events"])


# --------------------------------------------------------------------------------------------- serving


class Became(NamedTuple):
    """A process that ``kyodo serve`` would have become."""

    arguments: list[str]
    environment: dict[str, str]


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Became]:
    """Every such process."""
    became: list[Became] = []
    monkeypatch.setattr(os, "execve", lambda path, *rest: became.append(Became(*rest)))
    return became


def test_serve_becomes_gunicorn(run: Run, served: list[Became], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "8123")
    assert run("serve", "--workers", "3").exit_code == OK
    ((arguments, environment),) = served
    assert arguments[1:3] == ["-m", "gunicorn"]
    assert arguments[arguments.index("--config") + 1] == "python:api.serve.gunicorn_settings"
    assert "127.0.0.1:8123" in arguments
    assert arguments[arguments.index("--workers") + 1] == "3"
    assert "PUBLIC_URL" not in environment


def test_on_screen_the_public_address_is_the_local_one_unless_it_is_given(
    run: Run, served: list[Became], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_documents(store, "a")
    monkeypatch.setenv("PORT", "8123")
    run("serve", "--first-run")
    monkeypatch.setenv("PUBLIC_URL", "https://kyodo.example.jp")
    run("serve", "--first-run")
    addresses = [environment["PUBLIC_URL"] for _, environment in served]
    assert addresses == ["http://127.0.0.1:8123", "https://kyodo.example.jp"]


def test_the_first_run_makes_everything_and_the_second_changes_nothing(
    run: Run, served: list[Became], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path}/var/kyodo.db"
    monkeypatch.setenv("DATABASE_URL", url)
    first = run("serve", "--first-run")
    assert first.exit_code == OK, first.output
    assert "http://127.0.0.1:8000/sign-in/link/" in first.stdout
    store = open_store(url)
    head, (account,) = store.head(), Accounts(store.engine).all()
    assert head == HISTORY_EVENTS
    assert account.roles == cli_serve.FIRST_ROLES
    second = run("serve", "--first-run")
    assert "取り込みました" not in second.stdout
    assert (store.head(), Accounts(store.engine).all()) == (head, [account])
    assert len(served) == 2
    store.close()


def test_the_first_link_is_printed_once_and_never_again(run: Run, served: list[Became], store: Store) -> None:
    record_documents(store, "a")
    first = run("serve", "--first-run").stdout
    assert first.count("sign-in/link") == 1
    again = run("serve", "--first-run").stdout
    assert "sign-in/link" not in again
    assert "kyodo user link staff" in again  # how to get another one
    account = Tokens(store.engine).account_of_link(first.split("sign-in/link/")[1].split()[0])
    assert account is not None and account.login == "staff"


def test_once_somebody_has_signed_in_no_link_is_printed(
    run: Run, served: list[Became], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_documents(store, "a")
    keep_setting(store.engine, FIRST_SESSION, "2026-04-01T00:00:00+00:00")
    told_of = run("serve", "--first-run").stdout
    assert "sign-in/link" not in told_of and "user link" not in told_of


# ------------------------------------------------------------------------------- imports and samples


def test_an_import_is_told_and_a_second_adds_nothing(run: Run) -> None:
    file = str(KANAZAWA)
    for added, already in ((HISTORY_EVENTS, False), (0, True)):
        outcome = told(run("import", file, "--json"))
        assert outcome == {
            "file": "kanazawa_history.yaml",
            "added": added,
            "already": already,
            "warnings": [],
        }


def test_a_broken_history_is_told_by_file_line_and_field(run: Run, store: Store, tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("schema: record-history/9\nevents: []\n", encoding="utf-8")
    result = run("import", "broken.yaml")
    assert result.exit_code == REFUSED
    assert "broken.yaml:1:" in result.stderr
    assert store.head() == 0
    english = json.loads(run("--lang", "en", "import", "broken.yaml", "--json").stderr)
    assert english["refused"][0]["line"] == 1


def test_a_sample_is_marked_as_fictional(run: Run, store: Store) -> None:
    made = told(run("sample", "--meetings", "1", "--json"))
    assert made["events"] == store.head() > 0
    assert setting(store.engine, FICTIONAL) is not None
    assert run("verify").exit_code == OK


def test_a_real_record_is_not_made_fictional_unasked(run: Run, store: Store) -> None:
    record_documents(store, "a")
    assert run("sample", "--meetings", "1").exit_code == USAGE
    assert store.head() == 1
    assert setting(store.engine, FICTIONAL) is None

"""The command line: what it says, in which language, and with which exit code it ends."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml
from click.testing import CliRunner, Result

from api import cli_serve
from api.accounts import Accounts
from api.cli import cli
from api.cli_shell import DIFFERS, OK, REFUSED, USAGE
from api.settings import FICTIONAL, FIRST_SESSION, keep_setting, setting
from api.tokens import Tokens
from domain.application import Terms, command_named
from domain.record import KINDS, Actor
from domain.refusal import REFUSALS
from projections.store import Store
from projections.view import VIEWS

Run = Callable[..., Result]
HISTORY_EVENTS = len(yaml.safe_load(cli_serve.HISTORY.read_text(encoding="utf-8"))["events"])


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
    opened = Store(record_url)
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
        terms = Terms(Actor("SEC", "p-1"), frozenset({"SEC"}), {"correlation_id": "k-1"})
        store.application.execute(register, f"doc-{title}", fields, terms)


# ------------------------------------------------------------------------------------------- the record


def test_init_creates_a_record_once(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/new/kyodo.db")
    first, second = told(run("init", "--json")), told(run("init", "--json"))
    assert (first["created"], sorted(first["views_built"])) == (True, sorted(VIEWS))
    assert (second["created"], second["views_built"]) == (False, [])


@pytest.mark.parametrize(
    "command", [["events"], ["views"], ["verify"], ["rebuild"], ["user", "list"], ["serve"]]
)
def test_without_a_record_a_command_says_what_to_do(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/none.db")
    result = run(*command)
    assert result.exit_code == REFUSED
    assert "kyodo init" in result.stderr
    assert not (tmp_path / "none.db").exists()


def test_a_database_that_cannot_be_reached_is_no_traceback(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    result = run("views")
    assert result.exit_code == REFUSED
    assert "DATABASE_UNAVAILABLE" in result.stderr


def test_an_unsafe_setting_is_refused_at_start(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTGRES_ENABLE_DB_FUNCTIONS", "yes")
    result = run("views")
    assert result.exit_code == REFUSED
    assert "POSTGRES_ENABLE_DB_FUNCTIONS" in result.stderr


# --------------------------------------------------------------------------------------------- language


def test_it_speaks_the_language_of_lang(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "利用者「nobody」はいません。" in run("user", "link", "nobody").stderr
    assert "There is no user “nobody”." in run("--lang", "en", "user", "link", "nobody").stderr
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    assert "There is no user “nobody”." in run("user", "link", "nobody").stderr


def test_a_refusal_is_told_as_json_too(run: Run) -> None:
    result = run("user", "link", "nobody", "--json")
    assert result.exit_code == REFUSED
    assert json.loads(result.stdout)["refused"]["code"] == "LOGIN_UNKNOWN"


@pytest.mark.parametrize(
    "arguments", [["nothing"], ["events", "--limit", "0"], ["user", "add", "a1"], ["import", "none"]]
)
def test_wrong_usage_ends_with_2(run: Run, arguments: list[str]) -> None:
    assert run(*arguments).exit_code == USAGE


def test_every_command_explains_itself_and_speaks_json(run: Run) -> None:
    def leaves(group: Any, path: tuple[str, ...] = ()) -> Any:
        for name, command in group.commands.items():
            yield from leaves(command, (*path, name)) if hasattr(command, "commands") else [(*path, name)]

    for path in leaves(cli):
        text = run(*path, "--help").output
        assert "--json" in text, path
        assert any("\u3040" <= letter <= "\u9fff" for letter in text), path


# --------------------------------------------------------------------------------------------- events


def test_events_are_read_in_order_as_cloudevents(run: Run, store: Store) -> None:
    record_documents(store, "a", "b", "c")
    lines = [json.loads(line) for line in run("events", "--json").stdout.splitlines()]
    assert [line["subject"] for line in lines] == ["doc-a", "doc-b", "doc-c"]
    first = lines[0]
    assert first["specversion"] == "1.0"
    assert first["source"] == "/api/v1/documents/doc-a"
    assert first["type"] == "DocumentRegistered"
    assert int(first["sequence"]) < int(lines[1]["sequence"])
    assert first["data"]["data"]["title"] == "a"
    assert first["data"]["actor"] == {"role": "SEC", "party": "p-1"}
    assert first["correlationid"] == "k-1"


@pytest.mark.parametrize(
    ("options", "subjects"),
    [
        (["--limit", "2"], ["doc-a", "doc-b"]),
        (["--after", "2"], ["doc-c"]),
        (["--stream", "document-doc-b"], ["doc-b"]),
        (["--type", "DocumentRegistered", "--limit", "1"], ["doc-a"]),
        (["--type", "DocumentRevised"], []),
        (["--correlation", "k-1", "--after", "1"], ["doc-b", "doc-c"]),
        (["--correlation", "k-2"], []),
        (["--follow", "--limit", "3"], ["doc-a", "doc-b", "doc-c"]),
    ],
)
def test_events_may_be_chosen(run: Run, store: Store, options: list[str], subjects: list[str]) -> None:
    record_documents(store, "a", "b", "c")
    lines = run("events", "--json", *options).stdout.splitlines()
    assert [json.loads(line)["subject"] for line in lines] == subjects


def test_following_goes_on_with_what_comes(run: Run, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    record_documents(store, "a")
    monkeypatch.setattr("api.cli_events.time.sleep", lambda _: record_documents(store, "b"))
    lines = run("events", "--json", "--follow", "--limit", "2").stdout.splitlines()
    assert [json.loads(line)["subject"] for line in lines] == ["doc-a", "doc-b"]


def test_an_unknown_event_type_is_no_empty_answer(run: Run) -> None:
    assert run("events", "--type", "Nonsense").exit_code == REFUSED


def test_the_trail_of_a_thing_is_told(run: Run, store: Store) -> None:
    record_documents(store, "a")
    text = run("trail", "doc-a").stdout
    assert "文書 doc-a a" in text
    assert "文書の登録" in text
    assert told(run("trail", "doc-a", "--json"))["subject"]["id"] == "doc-a"
    assert run("trail", "doc-z").exit_code == REFUSED


# ---------------------------------------------------------------------------------------------- views


def test_views_tell_who_built_them(run: Run) -> None:
    assert {view["state"] for view in told(run("views", "--json"))} == {"current"}
    assert "経緯とつながり" in run("views").stdout


def tamper(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(sa.text("UPDATE trail_thing SET title='別の題'"))


def test_verify_ends_with_3_when_a_view_differs_from_the_log(run: Run, store: Store) -> None:
    record_documents(store, "a")
    assert all(proof["equal"] for proof in told(run("verify", "--json")))
    tamper(store)
    result = run("verify")
    assert result.exit_code == DIFFERS
    assert "別の題" in result.stdout


def test_rebuild_swaps_a_differing_view_only_when_it_is_to_repair(run: Run, store: Store) -> None:
    record_documents(store, "a")
    assert run("rebuild").exit_code == OK
    tamper(store)
    differs = run("rebuild", "decision_trail")
    assert differs.exit_code == DIFFERS
    assert "VIEW_DIFFERS" in differs.stderr
    assert run("rebuild", "--repair").exit_code == USAGE
    assert run("rebuild", "--repair", "--yes").exit_code == OK
    assert run("verify").exit_code == OK
    assert run("rebuild", "no_such_view").exit_code == REFUSED


# ----------------------------------------------------------------------------------- the declarations


def test_refusals_and_permissions_are_complete(run: Run) -> None:
    listed = {told["code"]: told for told in told_all(run("refusals", "--json"))}
    assert REFUSALS.keys() <= listed.keys()
    assert listed["FORBIDDEN"]["from"] == "domain"
    assert listed["SIGN_IN_REQUIRED"]["from"] == "service"
    text = run("refusals").stdout
    assert listed["FORBIDDEN"]["sentence"]["ja"] in text
    assert listed["FORBIDDEN"]["sentence"]["en"] in text
    commands = [(c["kind"], c["command"]) for c in told_all(run("permissions", "--json"))]
    assert commands == [(kind.__name__, name) for kind in KINDS.values() for name in kind.COMMANDS]


def told_all(result: Result) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = told(result)
    return found


def test_the_settings_are_shown_without_secrets(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "sehr geheim")
    assert told(run("config", "--json"))["SECRET_KEY"] == "***"
    assert "geheim" not in run("config").stdout


# ---------------------------------------------------------------------------------------------- users


def test_accounts_are_added_listed_and_disabled(run: Run, store: Store) -> None:
    added = told(run("user", "add", "mori", "--role", "SEC", "--role", "CHR", "--party", "p-mori", "--json"))
    assert (added["roles"], added["party_id"]) == (["SEC", "CHR"], "p-mori")
    token = told(run("user", "token", "mori", "--days", "3", "--json"))["token"]
    assert Tokens(store.engine).account_of(token) is not None
    assert run("user", "disable", "mori").exit_code == USAGE
    assert told(run("user", "disable", "mori", "--yes", "--json"))["disabled"] is True
    assert "停止" in run("user", "list").stdout
    run("user", "disable", "mori", "--undo")
    assert told(run("user", "list", "--json"))[0]["disabled"] is False
    assert Tokens(store.engine).account_of(token) is None


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["mori", "--role", "KING"], "ROLE_UNKNOWN"),
        (["Mori", "--role", "SEC"], "LOGIN_MALFORMED"),
        (["staff", "--role", "SEC"], "LOGIN_TAKEN"),
    ],
)
def test_an_account_that_cannot_be_is_refused(run: Run, arguments: list[str], code: str) -> None:
    run("user", "add", "staff", "--role", "SEC")
    result = run("user", "add", *arguments)
    assert result.exit_code == REFUSED
    assert result.stderr.startswith(code)


def test_a_password_may_be_given_at_the_prompt(run: Run, store: Store) -> None:
    short = run("user", "add", "mori", "--role", "SEC", "--password", input="short\n")
    assert "PASSWORD_UNFIT" in short.stderr
    run("user", "add", "mori", "--role", "SEC", "--password", input="long enough to keep\n")
    assert Accounts(store.engine).with_password("mori", "long enough to keep") is not None


def test_a_link_is_an_address_of_this_service(
    run: Run, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://kyodo.example.jp")
    run("user", "add", "mori", "--role", "SEC")
    link = run("user", "link", "mori").stdout.strip()
    assert link.startswith("https://kyodo.example.jp/sign-in/link/")
    assert Tokens(store.engine).account_of_link(link.rpartition("/")[2]) is not None


# --------------------------------------------------------------------------------------------- serving


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The processes that ``kyodo serve`` would have become."""
    became: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda path, arguments: became.append(arguments))
    return became


def test_serve_becomes_gunicorn(run: Run, served: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "8123")
    assert run("serve", "--workers", "3").exit_code == OK
    (arguments,) = served
    assert arguments[1:3] == ["-m", "gunicorn"]
    assert arguments[-1] == "wsgi:app"
    assert "127.0.0.1:8123" in arguments
    assert arguments[arguments.index("--workers") + 1] == "3"


def test_the_first_run_makes_everything_and_the_second_changes_nothing(
    run: Run, served: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path}/var/kyodo.db"
    monkeypatch.setenv("DATABASE_URL", url)
    first = run("serve", "--first-run")
    assert first.exit_code == OK, first.output
    assert "http://127.0.0.1:8000/sign-in/link/" in first.stdout
    store = Store(url)
    head, (account,) = store.head(), Accounts(store.engine).all()
    assert head == HISTORY_EVENTS
    assert account.roles == cli_serve.FIRST_ROLES
    second = run("serve", "--first-run")
    assert "取り込みました" not in second.stdout
    assert (store.head(), Accounts(store.engine).all()) == (head, [account])
    assert len(served) == 2
    store.close()


def test_once_somebody_has_signed_in_no_link_is_printed(
    run: Run, served: list[list[str]], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_documents(store, "a")
    assert "sign-in/link" in run("serve", "--first-run").stdout
    keep_setting(store.engine, FIRST_SESSION, "2026-04-01T00:00:00+00:00")
    assert "sign-in/link" not in run("serve", "--first-run").stdout


# ------------------------------------------------------------------------------- imports and samples


def test_an_import_is_told_and_a_second_adds_nothing(run: Run) -> None:
    file = str(cli_serve.HISTORY)
    for added, already in ((HISTORY_EVENTS, False), (0, True)):
        outcome = told(run("import", file, "--json"))
        assert outcome == {"file": "kanazawa_history.yaml", "added": added, "already": already}


def test_a_broken_history_is_told_by_file_line_and_field(run: Run, store: Store, tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("schema: record-history/9\nevents: []\n", encoding="utf-8")
    result = run("import", "broken.yaml")
    assert result.exit_code == REFUSED
    assert "broken.yaml:1:" in result.stderr
    assert store.head() == 0
    english = json.loads(run("--lang", "en", "import", "broken.yaml", "--json").stdout)
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

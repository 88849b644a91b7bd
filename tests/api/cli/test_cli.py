"""The command line: what it says, in which language, and with which exit code it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from api.access.accounts import Accounts
from api.access.tokens import Tokens
from api.cli.main import cli
from api.cli.shell import OK, REFUSED, USAGE
from domain.history import KANAZAWA
from domain.kernel.record import KINDS
from domain.values.refusal import REFUSALS
from projections.engine.store import Store
from projections.engine.view import VIEWS
from projections.migrations.revisions import revisions
from tests.api.conftest import Run, told
from tests.support import landed

# ------------------------------------------------------------------------------------------- the record


def test_init_creates_a_record_once(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/new/kyodo.db")
    first, second = told(run("init", "--json")), told(run("init", "--json"))
    assert (first["created"], sorted(first["views_built"])) == (True, sorted(VIEWS))
    assert (second["created"], second["views_built"], second["migrations"]) == (False, [], [])
    assert first["record_id"] == second["record_id"] == told(run("config", "--json"))["RECORD_ID"]


@pytest.mark.parametrize("commit", landed.LANDED)
def test_a_landed_record_says_what_is_pending_and_is_upgraded_by_init(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, commit: str
) -> None:
    url = f"sqlite:///{tmp_path}/landed.db"
    landed.put(commit, url)
    monkeypatch.setenv("DATABASE_URL", url)
    numbers = [revision.number for revision in revisions()]
    before = told(run("migrations", "--json"))
    assert (before["current"], before["pending"]) == (None, numbers)
    refused = run("events")
    assert (refused.exit_code, "RECORD_OUTDATED" in refused.stderr) == (REFUSED, True)
    assert "kyodo init" in refused.stderr
    assert told(run("config", "--json"))["RECORD_ID"] is None
    upgraded = told(run("init", "--json"))
    assert (upgraded["created"], upgraded["migrations"]) == (False, numbers)
    after = told(run("migrations", "--json"))
    assert (after["current"], after["pending"], after["newer"]) == (numbers[-1], [], False)
    assert run("--lang", "en", "migrations").stdout.count("applied") == len(numbers)


def test_a_record_of_newer_software_is_read_and_not_written(run: Run, store: Store) -> None:
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num='9999'")
    assert told(run("migrations", "--json"))["newer"] is True
    assert "9999" in run("migrations").stdout
    assert run("events").exit_code == OK
    for command in (["init"], ["rebuild"], ["import", str(KANAZAWA)], ["sample", "--meetings", "1"]):
        result = run(*command)
        assert (result.exit_code, "RECORD_NEWER" in result.stderr) == (REFUSED, True), command


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
    refused = json.loads(result.stderr)["refused"]
    assert refused["code"] == "LOGIN_UNKNOWN"
    assert refused["rule_url"] == "http://127.0.0.1:8000/rules#identifiers-references"
    assert result.stdout == ""


def test_what_is_wrong_with_an_imported_file_is_told_beside_the_results(run: Run, tmp_path: Path) -> None:
    broken = tmp_path / "history.yaml"
    broken.write_text("format: [", encoding="utf-8")
    result = run("import", str(broken), "--json")
    assert result.exit_code == REFUSED
    assert [problem["code"] for problem in json.loads(result.stderr)["refused"]] == ["HISTORY_NOT_YAML"]
    assert result.stdout == ""


def test_a_refusal_names_the_rule_and_where_it_can_be_read(run: Run) -> None:
    told_ja = run("user", "link", "nobody").stderr
    told_en = run("--lang", "en", "user", "link", "nobody").stderr
    assert "規則: ほかのものを指すときは" in told_ja and ":8000/rules#identifiers-references" in told_ja
    assert "rule: Whatever is referred to" in told_en and ":8000/en/rules#identifiers-references" in told_en


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


def test_roles_are_granted_and_revoked_for_a_body_and_a_period_in_the_record(run: Run) -> None:
    run("user", "add", "mori", "--role", "SEC", "--party", "p-staff-7")
    refused = run("user", "grant", "mori", "--role", "MEM", "--body", "council-x")
    assert "council-x" in refused.stderr and refused.exit_code
    run("user", "grant", "mori", "--role", "MEM", "--from", "2001-04-01", "--until", "2003-03-31")
    assert told(run("user", "list", "--json"))[0]["roles"] == ["SEC"]
    run("user", "grant", "mori", "--role", "DIS", "--deputy", "--document-no", "8人第1号")
    assert told(run("user", "list", "--json"))[0]["roles"] == ["SEC", "DIS"]
    left = told(run("user", "revoke", "mori", "--role", "SEC", "--reason", "異動", "--json"))
    assert left["roles"] == ["DIS"]
    log = run("events", "--json").stdout
    assert [word in log for word in ("RoleGranted", "RoleRevoked", 'mori"')] == [True, True, False]
    assert '"party_id":"p-staff-7"' in log

"""The record is backed up while it is in use, and put back with proof, on either database."""

from __future__ import annotations

import json
import shutil
import threading
from pathlib import Path
from typing import Any

import msgspec
import pytest

from api.access.accounts import Accounts
from domain.history import KANAZAWA
from domain.history.importing import import_history, read_history
from domain.recording.application import command_named
from projections.rebuild.replay import rebuild
from projections.registry import open_store
from tests.projections.engine.test_store import SECRETARIAT
from tests.support.copies import Copies
from tests.support.postgres import Postgres
from tests.support.server import kyodo_here, settings_for

pytestmark = pytest.mark.slow


def filled(url: str) -> None:
    """Kanazawa's history, with views that a rebuild has certified."""
    store = open_store(url)
    store.create()
    import_history(store.application, read_history(KANAZAWA))
    rebuild(store)
    Accounts(store.engine).add("someone", ["SEC"])
    store.close()


def around(url: str, folder: Path) -> dict[str, str]:
    """The environment of a record with its files in a folder."""
    folder.mkdir(exist_ok=True)
    return settings_for(url) | {"LC_ALL": "en_US.UTF-8", "ATTACHMENTS_URL": str(folder / "attachments")}


@pytest.fixture
def env(copies: Copies, tmp_path: Path) -> dict[str, str]:
    """The record, on SQLite."""
    return around(copies.sqlite("backed-up", filled, tmp_path), tmp_path)


@pytest.fixture
def from_to(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[dict[str, str], dict[str, str]]:
    """The record on one database, and an empty place on the other."""
    server: Postgres = request.getfixturevalue("postgres")
    copies: Copies = request.getfixturevalue("copies")
    sqlite, other = tmp_path / "sqlite", tmp_path / "postgres"
    sqlite.mkdir()
    if request.param == "sqlite to postgres":
        return around(copies.sqlite("backed-up", filled, sqlite), sqlite), around(server.fresh(), other)
    record = server.fresh(server.template("backed-up", filled))
    return around(record, other), around(f"sqlite:///{sqlite / 'record.sqlite'}", sqlite)


BOTH_WAYS = pytest.mark.parametrize("from_to", ["sqlite to postgres", "postgres to sqlite"], indirect=True)


def asked(env: dict[str, str], *arguments: str) -> Any:
    return json.loads(kyodo_here(*arguments, "--json", env=env).stdout)


@BOTH_WAYS
@pytest.mark.postgres
def test_what_is_put_back_is_what_was_there(
    from_to: tuple[dict[str, str], dict[str, str]], tmp_path: Path
) -> None:
    env, elsewhere = from_to
    made = asked(env, "backup", str(tmp_path / "kept"))
    assert (made["position"], made["log"]["lines"]) == (67, 67)
    assert made["settings"]["SECRET_KEY"].startswith("***")
    assert (tmp_path / "kept").stat().st_mode & 0o077 == 0
    done = asked(elsewhere, "restore", str(tmp_path / "kept"))
    assert (done["equal"], done["events"], done["position"], done["differing"]) == (True, 67, 67, [])
    assert asked(elsewhere, "config")["RECORD_ID"] == asked(env, "config")["RECORD_ID"]
    assert asked(elsewhere, "verify") and asked(elsewhere, "user", "list") == asked(env, "user", "list")
    # It goes on where it was: the next event gets the next position.
    store = open_store(elsewhere["DATABASE_URL"])
    named = {"name_ja": "架空の会", "category": "npo"}
    receipt = store.application.execute(
        command_named("Party", "register_organisation"), None, named, SECRETARIAT
    )
    store.close()
    assert receipt.position == 68


@BOTH_WAYS
@pytest.mark.postgres
def test_a_backup_made_while_others_record_is_of_one_position(
    from_to: tuple[dict[str, str], dict[str, str]], tmp_path: Path
) -> None:
    env, place = from_to
    stop, recorded = threading.Event(), threading.Event()

    def write() -> None:
        store = open_store(env["DATABASE_URL"])
        command = command_named("Party", "register_organisation")
        while not stop.is_set():
            named = {"name_ja": "架空の会", "category": "npo"}
            store.application.execute(command, None, named, SECRETARIAT)
            recorded.set()
        store.close()

    def backed_up(name: str) -> Any:
        recorded.clear()
        assert recorded.wait(60)
        return asked(env, "backup", str(tmp_path / name))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [backed_up(f"kept-{n}") for n in range(2)]
    finally:
        stop.set()
        writer.join()
    assert 67 < made[0]["position"] < made[1]["position"]
    done = asked(place, "restore", str(tmp_path / "kept-1"))
    assert (done["equal"], done["position"]) == (True, made[1]["position"])


def test_a_damaged_backup_is_refused_before_anything_is_written(env: dict[str, str], tmp_path: Path) -> None:
    kept, place = tmp_path / "kept", f"sqlite:///{tmp_path / 'again.sqlite'}"
    kyodo_here("backup", str(kept), env=env)
    for name, text in (("log.ndjson", "市"), ("tables/claim.ndjson", None), ("backup.json", "{")):
        damaged = tmp_path / "damaged"
        shutil.copytree(kept, damaged)
        file = damaged / name
        if text is None:
            file.unlink()
        elif name == "backup.json":
            file.write_text(text)
        else:
            file.write_bytes(file.read_bytes().replace("市".encode(), "町".encode(), 1))
        with pytest.raises(AssertionError, match="BACKUP_UNUSABLE"):
            kyodo_here("restore", str(damaged), env=settings_for(place))
        shutil.rmtree(damaged)
        assert not (tmp_path / "again.sqlite").exists()


def test_nothing_is_put_back_over_a_record(env: dict[str, str], tmp_path: Path) -> None:
    kyodo_here("backup", str(tmp_path / "kept"), env=env)
    with pytest.raises(AssertionError, match="RECORD_IS_THERE"):
        kyodo_here("restore", str(tmp_path / "kept"), env=env)
    with pytest.raises(AssertionError, match="there already"):
        kyodo_here("backup", str(tmp_path / "kept"), env=env)


SINCE_0003 = (
    *("rules_edition", "session", "passkey", "totp", "recovery_code", "identity"),
    *("mail", "telling", "submission", "office_draft", "office_draft_open", "meeting_reply", "pending_sheet"),
    "sheet_link",
)
"""Tables that later revisions made."""


def test_a_backup_of_an_earlier_revision_is_brought_up_to_date(env: dict[str, str], tmp_path: Path) -> None:
    """Tables that came since are not in it."""
    kept = tmp_path / "kept"
    kyodo_here("backup", str(kept), env=env)
    manifest = json.loads((kept / "backup.json").read_text())
    manifest["revision"] = "0003"
    for name in SINCE_0003:
        del manifest["tables"][name]
    token = kept / "tables" / "token.ndjson"
    assert token.read_bytes() == b"" or manifest["tables"]["token"]
    (kept / "backup.json").write_bytes(msgspec.json.encode(manifest))
    place = settings_for(f"sqlite:///{tmp_path / 'again.sqlite'}")
    done = asked(place, "restore", str(kept))
    assert (done["equal"], done["events"]) == (True, 67)


def test_a_content_that_is_missing_is_named(env: dict[str, str], tmp_path: Path) -> None:
    store = open_store(env["DATABASE_URL"])
    content = {"sha256": "ab" * 32, "size_bytes": 3, "media_type": "text/plain"}
    terms = SECRETARIAT
    register = {"title_ja": "架空の資料", "kind": "minutes", "disclosure": {"visibility": "public"}}
    document = command_named("Document", "register")
    given = {
        p.name: msgspec.convert(register[p.name], p.kind) for p in document.parameters() if p.name in register
    }
    store.application.execute(document, "doc-x", given, terms)
    store.application.execute(command_named("Document", "attach_content"), "doc-x", content, terms)
    store.close()
    with pytest.raises(AssertionError, match=r"→ 3\n(.|\n)*" + "ab" * 32):
        kyodo_here("backup", str(tmp_path / "kept"), env=env)
    assert json.loads((tmp_path / "kept" / "backup.json").read_text())["missing"] == ["ab" * 32]

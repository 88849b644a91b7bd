"""The outbox: each mail once, kept until it is sent, given up in words; addresses that are none."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from api.mail import outbox, servers
from api.mail.addresses import one_address
from api.mail.delivering import TRIED_FOR, alone, send_due
from api.mail.letters import invitation
from api.mail.outbox import Mail
from api.setup.config import RecordSettings, masked, read_settings
from api.setup.mail_settings import MailSettings
from domain.values.refusal import Refusal
from projections.engine.store import Store
from projections.registry import open_store
from projections.tables.durable import MAIL
from tests.api.conftest import Run, told
from tests.api.mail.mailbox import Mailbox, mailbox

NOW = dt.datetime(2026, 11, 30, 0, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def store(any_record_url: str) -> Iterator[Store]:
    opened = open_store(any_record_url)
    yield opened
    opened.close()


def settings(store: Store, box: Mailbox, tmp_path: Path) -> RecordSettings:
    url = store.url.render_as_string(hide_password=False)
    there = url if url.startswith("sqlite") else f"sqlite:///{tmp_path / 'none.sqlite'}"
    return RecordSettings(database_url=there, mail=box.settings)


def put(store: Store, key: str, to: str = "a@example.jp", **more: Any) -> bool:
    mail = Mail(key, "test", to, more.pop("subject", "件名"), "本文", **more)
    with store.engine.begin() as connection:
        return outbox.put(connection, mail, NOW)


def rows(store: Store) -> list[Any]:
    with store.engine.connect() as connection:
        return list(connection.execute(sa.select(MAIL).order_by(MAIL.c.id)))


def test_while_the_server_is_away_mails_wait_and_then_each_is_sent_once(store: Store, tmp_path: Path) -> None:
    box = mailbox()
    record = settings(store, box, tmp_path)
    assert [put(store, "one"), put(store, "two", "b@example.jp"), put(store, "one")] == [True, True, False]
    down = send_due(store, record, lambda: NOW)
    assert down.away is not None and (down.sent, down.given_up) == (0, 0)
    assert [row.attempts for row in rows(store)] == [0, 0]
    with box.running():
        assert send_due(store, record, lambda: NOW).sent == 2
        assert send_due(store, record, lambda: NOW + MINUTE).sent == 0
    assert [str(mail["To"]) for mail in box.mails] == ["a@example.jp", "b@example.jp"]
    assert box.mails[0]["Subject"] == "件名" and box.text(0).strip() == "本文"
    assert [row.text for row in rows(store)] == ["", ""]  # what was said is not kept


def test_who_is_interrupted_sends_again_under_the_same_message_id(store: Store, tmp_path: Path) -> None:
    box = mailbox()
    record = settings(store, box, tmp_path)
    put(store, "one")
    with box.running():
        send_due(store, record, lambda: NOW)
        with store.engine.begin() as connection:  # as if it had not been written down
            connection.execute(sa.update(MAIL).values(sent_at=None, text="本文"))
        send_due(store, record, lambda: NOW)
    assert len(box.mails) == 2 and len({mail["Message-ID"] for mail in box.mails}) == 1


def test_what_is_refused_for_now_waits_longer_and_longer_and_for_good_is_given_up(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    box = mailbox()
    record = settings(store, box, tmp_path)
    box.answers = {"full@example.jp": "452 mailbox full", "gone@example.jp": "550 no such user"}
    for name in ("full", "gone", "well"):
        put(store, name, f"{name}@example.jp")
    with box.running():
        first = send_due(store, record, lambda: NOW)
        assert (first.sent, first.later, first.given_up, first.away) == (1, 1, 1, None)
        assert send_due(store, record, lambda: NOW + MINUTE / 2).later == 0
        assert send_due(store, record, lambda: NOW + MINUTE).later == 1
        assert send_due(store, record, lambda: NOW + 2 * MINUTE).later == 0
        assert send_due(store, record, lambda: NOW + TRIED_FOR + MINUTE).given_up == 1
    full, gone, well = rows(store)
    assert (gone.last_error, gone.attempts) == ("550 no such user", 1)
    assert (full.last_error, full.attempts, well.attempts) == ("452 mailbox full", 3, 1)
    with store.engine.connect() as connection:
        assert outbox.counts(connection) == {"waiting": 0, "sent": 1, "given_up": 2}
    assert outbox.prune(store.engine, NOW + dt.timedelta(days=31)) == 1
    assert outbox.prune(store.engine, NOW + dt.timedelta(days=100)) == 2


# ----------------------------------------------------------------------------------- encrypted, signed in


def test_mail_goes_encrypted_to_a_server_that_is_believed_and_signed_in_to(
    record_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, box = open_store(record_url), mailbox()
    certificate = box.encrypts(tmp_path, user="kyodo", password="correct")
    well = MailSettings("localhost", box.port, "starttls", "kyodo", "correct", "office@city.example.jp")
    put(store, "one")
    monkeypatch.setattr(servers, "SECONDS", 2.0)  # a server that ends the talk keeps nobody waiting here
    with box.running():
        for wrong in (well, replace(well, password="wrong")):  # first nobody vouches for the server
            done = send_due(store, RecordSettings(record_url, mail=wrong), lambda: NOW)
            assert done.away is not None and done.sent == 0
            monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        unencrypted = replace(well, security="none", user=None, password=None)
        assert send_due(store, RecordSettings(record_url, mail=unencrypted), lambda: NOW).sent == 0
        assert send_due(store, RecordSettings(record_url, mail=well), lambda: NOW + 2 * MINUTE).sent == 1
    store.close()
    assert len(box.mails) == 1 and box.signed_in == ["kyodo"]


def test_only_one_process_sends(store: Store, tmp_path: Path) -> None:
    record = settings(store, mailbox(), tmp_path)
    with alone(store, record):
        with pytest.raises(Refusal) as refused, alone(store, record):
            pass
        if store.postgres:  # on another machine there is no file in common
            elsewhere = RecordSettings(database_url=f"sqlite:///{tmp_path / 'other' / 'x'}")
            with pytest.raises(Refusal), alone(store, elsewhere):
                pass
    assert refused.value.code == "DELIVERING_ALREADY"
    with alone(store, record):
        pass


def test_a_subject_breaks_no_header(store: Store, tmp_path: Path) -> None:
    box = mailbox()
    put(store, "one", subject="件名\r\nBcc: all@example.jp\x00" + "長" * 300)
    with box.running():
        send_due(store, settings(store, box, tmp_path), lambda: NOW)
    assert box.mails[0]["Bcc"] is None
    assert str(box.mails[0]["Subject"]).startswith("件名 Bcc: all@example.jp 長")


def test_without_a_server_mails_lie_in_a_folder(run: Run, record_url: str, tmp_path: Path) -> None:
    store = open_store(record_url)
    put(store, "one", leave="https://kyodo.example.jp/mail/leave/x")
    store.close()
    done = told(run("deliver", "--once", "--json"))
    assert (done["sent"], done["waiting"], done["away"]) == (1, 0, None)
    (file,) = (tmp_path / "mail").iterdir()
    message = message_from_bytes(file.read_bytes(), policy=default)
    assert message["List-Unsubscribe"] == "<https://kyodo.example.jp/mail/leave/x>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert told(run("deliver", "--unsent", "--json"))["counts"] == {"waiting": 0, "sent": 1, "given_up": 0}


@pytest.mark.parametrize(
    ("typed", "is_one"),
    [
        (" taro@example.jp ", "taro@example.jp"),
        ("ｔａｒｏ＠example.jp", "taro@example.jp"),
        ("a..b.@docomo.example.ne.jp", "a..b.@docomo.example.ne.jp"),
    ],
)
def test_an_address_is_one_as_people_type_it(typed: str, is_one: str) -> None:
    assert one_address(typed) == is_one


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "MAIL_ADDRESS_MISSING"),
        ("a@example.jp, b@example.jp", "MAIL_ADDRESS_SEVERAL"),
        ("a@example.jp b@example.jp", "MAIL_ADDRESS_SEVERAL"),
        ("a@example.jp\r\nBcc: b@example.jp", "MAIL_ADDRESS_SEVERAL"),
        ("a@example.jp、b@example.jp", "MAIL_ADDRESS_SEVERAL"),
        (f"{'a' * 64}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.jp", "MAIL_ADDRESS_LONG"),
        ("taro", "MAIL_ADDRESS_UNUSABLE"),
        ("太郎@example.jp", "MAIL_ADDRESS_UNUSABLE"),
        ("a@localhost", "MAIL_ADDRESS_UNUSABLE"),
        ("<a@example.jp>", "MAIL_ADDRESS_UNUSABLE"),
    ],
)
def test_what_is_no_single_address_is_refused_in_words(typed: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        one_address(typed)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("more", "told_of"),
    [
        ({}, "MAIL_FROM"),
        ({"MAIL_FROM": "nobody"}, "MAIL_FROM"),
        (
            {"MAIL_FROM": "a@b.jp", "MAIL_USER": "u", "MAIL_PASSWORD": "p", "MAIL_SECURITY": "none"},
            "MAIL_SECURITY",
        ),
        ({"MAIL_FROM": "a@b.jp", "MAIL_USER": "u"}, "MAIL_PASSWORD"),
        ({"MAIL_FROM": "a@b.jp", "MAIL_PORT": "many"}, "MAIL_PORT"),
    ],
)
def test_settings_that_do_not_go_together_are_named(
    more: dict[str, str], told_of: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"MAIL_SERVER": "mail.example.jp", **more}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(Refusal) as refused:
        read_settings()
    assert told_of in refused.value.sentence("en")


def test_the_password_of_the_server_is_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SERVER", "USER", "PASSWORD"):
        monkeypatch.setenv(f"MAIL_{name}", "mail.example.jp")
    monkeypatch.setenv("MAIL_FROM", "Office <office@city.example.jp>")
    process, record = read_settings()
    shown = masked(process, record)
    assert (shown["MAIL_SERVER"], shown["MAIL_PASSWORD"]) == ("mail.example.jp", "***")
    assert "MAIL" not in shown


def test_an_invitation_says_it_in_both_languages_and_names_nobody() -> None:
    letter = invitation("https://kyodo.example.jp/sign-in/link/x", 24)
    assert letter.text.count("https://kyodo.example.jp/sign-in/link/x") == 2
    assert "招待" in letter.subject and "Invitation" in letter.subject
    assert (
        "招待" in invitation("x", 24, "ja").subject and "Invitation" not in invitation("x", 24, "ja").subject
    )


def test_a_process_that_is_told_to_end_does(record_url: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "api.cli.main", "deliver"]
    environment = {"DATABASE_URL": record_url, "PATH": "/usr/bin", "LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert str(tmp_path) in process.stdout.readline()
        process.terminate()
        assert process.wait(30) == 0


def test_json_of_a_round_is_one_object(run: Run) -> None:
    assert json.loads(run("deliver", "--once", "--json").stdout)["sent"] == 0

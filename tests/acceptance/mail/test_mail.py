"""Mail to a server on this machine: a digest, an invitation, leaving with one click; the server down for a
while, then up: each mail once. And the private calendar beside it. On both databases."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar, Event

from api.access.accounts import Account, Accounts
from api.mail import outbox
from api.mail.delivering import send_due
from api.mail.letters import invitation
from api.mail.outbox import Mail
from api.setup import record_setup
from api.setup.config import RecordSettings
from api.telling.rounds import put_digests
from domain.values.calendar import JAPAN
from projections.engine.store import Store
from projections.registry import open_store
from tests.api.mail.mailbox import Mailbox, mailbox
from tests.support.copies import copied
from tests.support.given import give
from tests.support.served import served

SITE, PASSWORD, ADDRESS = "https://kyodo.example.jp", "long enough to keep", "clerk@city.example.jp"
NOW = dt.datetime.now(JAPAN).replace(hour=8, minute=0, second=0, microsecond=0)
"""This morning, whether it has come or not."""
MEETS = (NOW + dt.timedelta(days=10)).replace(hour=19)
SECRET_NAME = "架空 秘子"


def morning(days: int) -> dt.datetime:
    return NOW + dt.timedelta(days=days)


def soon() -> dt.datetime:
    """Right away, at whichever hour this is run."""
    return dt.datetime.now(JAPAN)


class Office:
    """A record with a council, a meeting ahead, and an account that wants to be told."""

    def __init__(self, app: Flask, store: Store, box: Mailbox):
        self.app, self.store, self.box = app, store, box
        self.clerk: Account = Accounts(store.engine).add("clerk", ["SEC"], "p-clerk", PASSWORD)
        settings: RecordSettings = app.extensions["kyodo-store"].settings
        self.settings = replace(settings, mail=box.settings)

    def do(self, kind: str, entity: str, command: str, /, **arguments: Any) -> None:
        give(self.store.application, "SEC", kind, entity, command, party="p-colleague", **arguments)

    def deliver(self, at: dt.datetime) -> list[EmailMessage]:
        """One round at a time; what came of it."""
        before = len(self.box.mails)
        put_digests(self.store, self.settings, SITE, lambda: at)
        send_due(self.store, self.settings, lambda: at)
        return self.box.mails[before:]


def prepare(url: str) -> None:
    """A record with a council and its rules."""
    store = open_store(url)
    record_setup.create(store)
    record_setup.bring_up_to_date(store)
    law = {"instrument_id": "law-x", "article": 17}
    give(store.application, "SEC", "LegalInstrument", "law-x", "enact", title_ja="架空条例")
    council = {"name_ja": "架空の会議", "legal_basis": law}
    give(store.application, "IMP", "Council", "council-x", "establish", importing=True, **council)
    rules = {
        "rules_version": 1,
        "effective_from": {"value": "2020-04-01", "precision": "day"},
        "notice_days": 7,
    }
    give(store.application, "IMP", "Council", "council-x", "adopt_rules", importing=True, **rules)
    store.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    for url in copied(request, "office that is told", prepare, tmp_path):
        store = open_store(url)
        with served(url, public_url=SITE) as app:
            yield Office(app, store, mailbox())
        store.close()


def browser(office: Office) -> FlaskClient:
    client = office.app.test_client()
    sent = {"username": "clerk", "password": PASSWORD, "csrf_token": token_in(client.get("/signin"))}
    assert client.post("/signin", data=sent).status_code == 303
    return client


def token_in(page: Any) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.get_data(as_text=True))
    assert found, page.get_data(as_text=True)
    return found[1]


def post(client: FlaskClient, page: str, path: str | None = None, /, **form: str) -> Any:
    return client.post(path or page, data={"csrf_token": token_in(client.get(page)), **form})


def paths(text: str) -> list[str]:
    return re.findall(rf"{SITE}(\S+)", text)


def schedule(office: Office) -> None:
    starts = {"starts_at": MEETS.isoformat(), "place": "架空会館", "no": 3, "kind": "plenary"}
    office.do("Meeting", "meeting-x", "schedule", council_id="council-x", **starts)


def test_a_clerk_is_told_by_mail_each_time_once_and_leaves_with_one_click(office: Office) -> None:
    client = browser(office)
    asked = {"address": ADDRESS, "rhythm": "daily", "language": "ja"}
    assert post(client, "/account/notices", **asked).status_code == 303
    assert office.deliver(soon()) == []  # the server is down, and nobody is told at an unconfirmed address
    schedule(office)
    office.do("Party", "p-secret", "register_person", name=SECRET_NAME)
    office.do("Document", "doc-secret", "register", title="秘密の表題", kind="other",
              disclosure={"visibility": "closed", "ground": "personal"})  # fmt: skip

    with office.box.running():
        (confirmation,) = office.deliver(soon())
        assert str(confirmation["To"]) == ADDRESS
        (path,) = paths(office.box.text())
        somebody = office.app.test_client()  # opened on a phone, where nobody is signed in
        assert "このアドレスに送る" in somebody.get(path).get_data(as_text=True)
        assert post(somebody, path).status_code == 200
        assert office.deliver(soon()) == []  # told from the next morning on
    schedule_again(office)

    # The server is down over two mornings, then up: two digests wait, each comes once.
    assert office.deliver(morning(1)) == []
    assert office.deliver(morning(1)) == []
    office.do(
        "Document",
        "doc-new",
        "register",
        title="新しい資料",
        kind="other",
        disclosure={"visibility": "public"},
    )
    assert office.deliver(morning(2)) == []
    with office.box.running():
        first, second = office.deliver(morning(2) + dt.timedelta(minutes=10))
        assert office.deliver(morning(2) + dt.timedelta(minutes=20)) == []
    assert first["Message-ID"] != second["Message-ID"]
    told = str(first.get_content())
    assert "会議の開催通知「第3回 全体会」" in told and f"{SITE}/id/meeting/meeting-x" in told
    assert "新しい資料" not in told and "「新しい資料」" in str(second.get_content())
    for mail in (first, second):
        everything = mail.as_string() + str(mail.get_content()) + str(mail["Subject"])
        for closed in (SECRET_NAME, "秘密の表題", "p-secret"):
            assert closed not in everything

    # One click in a mail program: no cookie, no token of a form. Again, it changes nothing.
    leave = str(second["List-Unsubscribe"]).strip("<>").removeprefix(SITE)
    assert second["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    anybody = office.app.test_client()
    assert "止める" in anybody.get(leave).get_data(as_text=True)
    one_click = {"List-Unsubscribe": "One-Click"}
    assert "止めました" in anybody.post(leave, data=one_click).get_data(as_text=True)
    office.do("Document", "doc-newer", "register", kind="other", disclosure={"visibility": "public"})
    assert post(client, "/account/notices", **asked).status_code == 303  # and she wants them again
    assert "一度使われています" in anybody.post(leave, data=one_click).get_data(as_text=True)
    with office.box.running():
        (again,) = office.deliver(morning(3))
        assert "期限" in str(again["Subject"])
    assert anybody.post(f"{leave}x", data=one_click).status_code == 404


def schedule_again(office: Office) -> None:
    """Something for the first digest to tell of beside what is due."""
    office.do(
        "Matter", "matter-x", "raise_matter", title="架空の案件", question="どうするか。", practice="慣行"
    )


def test_no_mail_where_there_is_nothing_and_weekly_ones_on_mondays(office: Office) -> None:
    client = browser(office)
    monday = NOW + dt.timedelta(days=7 - NOW.weekday())
    post(client, "/account/notices", address=ADDRESS, rhythm="weekly", language="en")
    with office.box.running():
        office.deliver(soon())
        (path,) = paths(office.box.text())
        assert path.startswith("/en/")
        assert post(office.app.test_client(), path).status_code == 200
        assert office.deliver(monday) == []
        office.do(
            "Document", "doc-new", "register", title="New", kind="other", disclosure={"visibility": "public"}
        )
        for days in range(1, 7):
            assert office.deliver(monday + dt.timedelta(days=days)) == []
        (mail,) = office.deliver(monday + dt.timedelta(days=7))
    assert "document “New”: 1" in str(mail.get_content()) and "1 new" in str(mail["Subject"])


def test_an_invitation_waits_while_the_server_is_down(office: Office) -> None:
    letter = invitation(f"{SITE}/sign-in/link/x", 24)
    with office.store.engine.begin() as connection:
        mail = Mail("invitation clerk", "invitation", ADDRESS, letter.subject, letter.text)
        assert outbox.put(connection, mail) and not outbox.put(connection, mail)
    later = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1)
    assert office.deliver(later) == []
    with office.box.running():
        (sent,) = office.deliver(later)
        assert office.deliver(later) == []
    assert f"{SITE}/sign-in/link/x" in str(sent.get_content())


NO_ADDRESSES = (
    ("a@example.jp, b@example.jp", "二つ以上"),
    ("a@example.jp\r\nBcc: b@example.jp", "二つ以上"),
    ("", "入力されていません"),
    ("x" * 400 + "@example.jp", "長すぎます"),
    ("<script>@example.jp", "形になっていません"),
)


def test_what_is_no_address_is_said_and_kept_in_the_form(office: Office) -> None:
    client = browser(office)
    for typed, says in NO_ADDRESSES:
        answer = post(client, "/account/notices", address=typed, rhythm="weekly", language="en")
        words = answer.get_data(as_text=True)
        assert answer.status_code == 422 and says in words
        assert 'aria-invalid="true"' in words and 'value="weekly" checked' in words
    with office.store.engine.connect() as connection:
        assert outbox.counts(connection)["waiting"] == 0


# ---------------------------------------------------------------------------------------- the calendar


def feed(client: FlaskClient, path: str) -> dict[str, Event]:
    """The events of a calendar, by UID. Whoever asks has no cookie."""
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    assert answer.headers["Cache-Control"] == "private, no-store"
    calendar = Calendar.from_ical(answer.get_data())
    assert not calendar.errors
    return {str(event["UID"]): event for event in calendar.walk("VEVENT")}


def test_a_calendar_follows_what_is_moved_and_called_off(office: Office) -> None:
    client = browser(office)
    schedule(office)
    shown = post(client, "/account/notices", "/account/notices/calendar").get_data(as_text=True)
    path = re.findall(rf"{SITE}(/calendar/[\w-]+\.ics)", shown)[0]
    program = office.app.test_client()
    with office.store.engine.connect() as connection:
        record = connection.exec_driver_sql("SELECT record_id FROM record").scalar()
    uid = f"meeting-x@{record}"
    found = feed(program, path)
    meeting, due = found.pop(uid), next(iter(found.values()))
    assert (str(meeting["SUMMARY"]), meeting["SEQUENCE"], meeting["STATUS"]) == (
        "第3回 全体会",
        0,
        "TENTATIVE",
    )
    assert meeting.start == MEETS and str(meeting["DTSTART"].params["TZID"]) == "Asia/Tokyo"
    assert str(due["SUMMARY"]) == "期限: 会議の開催通知 第3回 全体会"
    assert due.start == (MEETS - dt.timedelta(days=7)).date()
    assert feed(program, path)[uid].to_ical() == meeting.to_ical()  # nothing new: the same bytes

    alone = Calendar.from_ical(program.get("/meetings/meeting-x/calendar.ics").get_data())
    assert [event.to_ical() for event in alone.walk("VEVENT")] == [meeting.to_ical()]
    assert program.get("/meetings/meeting-none/calendar.ics").status_code == 404

    moved = MEETS + dt.timedelta(days=1)
    office.do("Meeting", "meeting-x", "reschedule", starts_at=moved.isoformat(), reason="会場の都合")
    meeting = feed(program, path)[uid]
    assert (meeting["SEQUENCE"], meeting.start) == (1, moved)
    office.do("Meeting", "meeting-x", "cancel", reason="荒天")
    meeting = feed(program, path)[uid]
    assert (meeting["SEQUENCE"], meeting["STATUS"]) == (2, "CANCELLED")

    post(client, "/account/notices", "/account/notices/calendar/revoke")
    assert program.get(path).status_code == 404


def test_an_account_for_one_body_is_told_of_that_alone(office: Office) -> None:
    schedule(office)
    law = {"instrument_id": "law-x", "article": 17}
    office.do("Council", "council-y", "establish", name_ja="別の会議", legal_basis=law)
    other = {"council_id": "council-y", "starts_at": MEETS.isoformat(), "kind": "plenary"}
    office.do("Meeting", "meeting-y", "schedule", **other)
    accounts = Accounts(office.store.engine)
    accounts.without_roles(office.clerk, ["SEC"])
    granted = {"party_id": "p-clerk", "role": "SEC", "body": "council-y", "from_date": "2020-01-01"}
    office.do("RoleGrant", "role-x", "grant_role", **granted)
    client = browser(office)
    shown = post(client, "/account/notices", "/account/notices/calendar").get_data(as_text=True)
    path = re.findall(rf"{SITE}(/calendar/[\w-]+\.ics)", shown)[0]
    assert [uid.partition("@")[0] for uid in feed(office.app.test_client(), path) if "due" not in uid] == [
        "meeting-y"
    ]

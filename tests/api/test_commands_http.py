"""Commands over HTTP: an endpoint for each declared command, conditions, keys, and what is recorded."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from structlog.testing import capture_logs

from api import commands
from domain.kernel.events import Recorded
from domain.kernel.record import KINDS
from domain.recording.receipts import OutcomeUnknown
from projections.tables.log_table import LOG
from tests.api.conftest import Teller, TellerOf, codes, document, organisation, over

Log = Callable[[], list[Recorded[Any]]]


@pytest.fixture
def app(one_app: Flask, any_record_url: str) -> Iterator[Flask]:
    yield from over(one_app, any_record_url)


# ------------------------------------------------------------------------------------------- endpoints


def test_creating_answers_with_a_receipt_the_address_and_the_version(secretary: Teller, log: Log) -> None:
    answer = secretary.post("documents", document(id="doc-1"))
    (event,) = log()
    assert answer.status_code == 201
    assert answer.headers["Location"] == "/api/v1/documents/doc-1"
    assert answer.headers["ETag"] == '"1"'
    assert answer.json == {
        "stream": "document-doc-1",
        "id": "doc-1",
        "version": 1,
        "position": event.position,
        "event_ids": [event.event_id],
        "replayed": False,
        "warnings": [],
    }


def test_without_an_id_a_fresh_one_is_given(secretary: Teller) -> None:
    first, second = (secretary.post("documents", document()).json["id"] for _ in range(2))
    assert first != second


def test_acting_on_what_is_on_record_answers_with_its_new_version(secretary: Teller) -> None:
    secretary.post("documents", document(id="doc-1"))
    answer = secretary.post("documents/doc-1/revise", {"change": "誤字を直した"})
    assert answer.status_code == 200
    assert answer.headers["ETag"] == '"2"'
    assert answer.json["version"] == 2
    assert "Location" not in answer.headers


def test_a_second_way_to_create_has_an_address_of_its_own(secretary: Teller, log: Log) -> None:
    answer = secretary.post("parties/-/register-organisation", organisation(id="org-kanazawa"))
    assert answer.status_code == 201
    assert answer.headers["Location"] == "/api/v1/parties/org-kanazawa"
    assert log()[0].type == "OrganisationRegistered"


def test_every_declared_command_has_exactly_one_endpoint(app: Flask) -> None:
    declared = {f"{kind.COLLECTION}.{name}" for kind in KINDS.values() for name in kind.COMMANDS}
    served = [rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    assert declared <= set(served)
    assert len(served) == len(set(served))


def test_an_id_is_given_once(secretary: Teller) -> None:
    secretary.post("documents", document(id="doc-1"))
    answer = secretary.post("documents", document(id="doc-1"))
    assert (answer.status_code, answer.json["code"]) == (409, "ALREADY_EXISTS")


# -------------------------------------------------------------------------------------------- envelope


def test_the_reserved_object_record_fills_the_envelope(secretary: Teller, log: Log) -> None:
    secretary.post("documents", document(id="doc-1"))
    words = {
        "effective": "平成18年3月1日",
        "asserted_by": "org-kanazawa",
        "certainty": "inferred",
        "source": {"document_id": "doc-1", "locator": "概要", "facts": ["F14"]},
        "reason": "資料による",
        "legal_basis": {"instrument_id": "law-1", "article": 17, "paragraph": 2},
        "document_no": "市協第12号",
        "note": "年月日は資料のとおり",
        "causation_id": "c-1",
        "correlation_id": "k-1",
    }
    answer = secretary.post("parties/-/register-organisation", organisation(record=words))
    assert answer.status_code == 201
    event = log()[1]
    assert event.effective.value == "2006-03-01"
    assert event.effective.era == "平成18年3月1日"
    assert event.source is not None
    assert event.source.facts == ("F14",)
    assert event.legal_basis is not None
    assert event.legal_basis.key == "law-1#17"
    for name in words.keys() - {"effective", "source", "legal_basis"}:
        assert getattr(event, name) == words[name], name


def test_an_effective_date_may_be_an_object(secretary: Teller, log: Log) -> None:
    date = {"value": "FY2008", "precision": "fiscal_year", "basis": "inferred"}
    secretary.post("documents", document(record={"effective": date}))
    effective = log()[0].effective
    assert str(effective.earliest) == "2008-04-01"
    assert effective.basis == "inferred"


def test_the_event_says_who_did_it_in_which_role(teller: TellerOf, log: Log) -> None:
    teller("DIS", "SEC", party="p-mori").post("documents", document())
    assert log()[0].actor.role == "SEC"
    assert log()[0].actor.party == "p-mori"


def test_a_person_s_name_is_found_nowhere_in_the_log(app: Flask, secretary: Teller) -> None:
    answer = secretary.post("parties", {"name": "金沢 花子", "contact": "hanako@example.jp"})
    assert answer.status_code == 201
    with app.extensions["kyodo-store"].get().engine.connect() as connection:
        states = connection.scalars(sa.text(f"SELECT state FROM {LOG}")).all()
        vault = connection.scalars(sa.text("SELECT personal FROM vault")).all()
    assert "金沢 花子" in vault[0]
    for text in ("金沢 花子", "hanako"):
        assert text.encode() not in b"".join(map(bytes, states))


# ------------------------------------------------------------------------------------------- If-Match


def test_if_match_with_the_current_version_is_accepted(secretary: Teller) -> None:
    tag = secretary.post("documents", document(id="doc-1")).headers["ETag"]
    assert secretary.post("documents/doc-1/revise", {"change": "a"}, If_Match=tag).status_code == 200
    assert secretary.post("documents/doc-1/revise", {"change": "b"}, If_Match="*").status_code == 200


@pytest.mark.parametrize("tag", ['"1"', '"7"', 'W/"2"', '"x"'])
def test_if_match_with_another_version_is_refused_with_412(secretary: Teller, log: Log, tag: str) -> None:
    secretary.post("documents", document(id="doc-1"))
    secretary.post("documents/doc-1/revise", {"change": "a"})
    answer = secretary.post("documents/doc-1/revise", {"change": "b"}, If_Match=tag)
    assert (answer.status_code, answer.json["code"]) == (412, "VERSION_CONFLICT")
    assert len(log()) == 2


@pytest.mark.parametrize("tag", ["2", '"1", "2"', '"'])
def test_an_if_match_that_cannot_be_read_is_said_to_be_so(secretary: Teller, tag: str) -> None:
    answer = secretary.post("documents", document(), If_Match=tag)
    assert (answer.status_code, answer.json["code"]) == (400, "HEADER_MALFORMED")


# ------------------------------------------------------------------------------------- Idempotency-Key


def test_the_same_key_and_body_give_the_same_receipt_and_record_once(secretary: Teller, log: Log) -> None:
    first, second = (secretary.post("documents", document(), Idempotency_Key='"k 1"') for _ in range(2))
    assert second.status_code == first.status_code == 201
    assert second.headers["Location"] == first.headers["Location"]
    assert second.json == first.json | {"replayed": True}
    assert len(log()) == 1


def test_the_same_key_with_another_body_is_refused(secretary: Teller, log: Log) -> None:
    secretary.post("documents", document(), Idempotency_Key="k-1")
    answer = secretary.post("documents", document(title="別の資料"), Idempotency_Key="k-1")
    assert (answer.status_code, answer.json["code"]) == (422, "KEY_REUSED")
    assert len(log()) == 1


def test_a_key_may_be_a_quoted_string_or_a_plain_token(secretary: Teller, log: Log) -> None:
    for key in ('"8e03978e-40d5"', "8e03978e-40d5"):
        assert secretary.post("documents", document(), Idempotency_Key=key).status_code == 201
    assert len(log()) == 1


def test_keys_belong_to_an_account(teller: TellerOf, log: Log) -> None:
    for account in (teller("SEC"), teller("SEC")):
        answer = account.post("documents", document(), Idempotency_Key="k-1")
        assert answer.status_code == 201
        assert answer.json["replayed"] is False
    assert len(log()) == 2


@pytest.mark.parametrize(
    "key", ["", '""', '"unclosed', "two words", "鍵".encode().decode("latin-1"), "x" * 256]
)
def test_a_key_that_cannot_be_read_is_said_to_be_so(secretary: Teller, key: str) -> None:
    answer = secretary.post("documents", document(), Idempotency_Key=key)
    assert (answer.status_code, answer.json["code"]) == (400, "HEADER_MALFORMED")


def test_a_refused_command_keeps_no_key(secretary: Teller) -> None:
    wrong = secretary.post("documents", document(sha256="no hash"), Idempotency_Key="k-1")
    assert wrong.status_code == 422
    assert secretary.post("documents", document(), Idempotency_Key="k-1").status_code == 201


def test_of_many_sent_at_once_under_one_key_one_is_recorded(secretary: Teller, log: Log) -> None:
    answers: list[Any] = []

    def send() -> None:
        client = secretary.client.application.test_client()
        headers = {"Authorization": f"Bearer {secretary.token}", "Idempotency-Key": "k-1"}
        answers.append(client.post("/api/v1/documents", json=document(), headers=headers))

    senders = [threading.Thread(target=send) for _ in range(6)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert [answer.status_code for answer in answers] == [201] * 6
    assert len({answer.json["id"] for answer in answers}) == 1
    assert len(log()) == 1


# --------------------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize("id", ["doc-9", "DOC", "a%00b", "%E8%B3%87%E6%96%99", "doc-9%23part", "x" * 81])
def test_an_id_in_the_path_that_is_not_on_record_is_not_found(secretary: Teller, id: str) -> None:
    answer = secretary.post(f"documents/{id}/revise", {"change": "a"})
    assert (answer.status_code, answer.json["code"]) == (404, "UNKNOWN_ID")


def test_an_unknown_id_in_the_body_is_a_fault_of_the_body_and_says_where(secretary: Teller) -> None:
    secretary.post("documents", document(id="doc-1"))
    body = {"from_id": "doc-1", "to_id": "doc-9", "relation": "used", "reason": "参照した"}
    answer = secretary.post("links", body)
    assert answer.status_code == 422
    assert codes(answer) == {"/to_id": "UNKNOWN_ID"}


def test_a_refusal_of_the_domain_keeps_its_kind_as_status(secretary: Teller) -> None:
    answer = secretary.post("parties/-/register-organisation", organisation(corporate_number="1234567890123"))
    assert answer.status_code == 422
    assert codes(answer) == {"/corporate_number": "CORPORATE_NUMBER_WRONG"}


def test_a_command_is_for_the_roles_it_names(teller: TellerOf, log: Log) -> None:
    answer = teller("MEM").post("documents", document())
    assert (answer.status_code, answer.json["code"]) == (403, "FORBIDDEN")
    assert log() == []


def test_permission_is_asked_before_the_body_is_read(teller: TellerOf) -> None:
    assert teller("MEM").post("documents", {"nonsense": True}).status_code == 403


def test_who_has_several_roles_may_choose_one(teller: TellerOf, log: Log) -> None:
    account = teller("SEC", "IMP", "MEM")
    assert account.post("documents", document(), Kyodo_Role="IMP").status_code == 201
    assert log()[0].actor.role == "IMP"
    assert account.post("documents", document(), Kyodo_Role="MEM").json["code"] == "FORBIDDEN"


def test_a_role_one_does_not_have_cannot_be_chosen(secretary: Teller) -> None:
    answer = secretary.post("documents", document(), Kyodo_Role="CHR")
    assert (answer.status_code, answer.json["code"]) == (403, "ROLE_NOT_YOURS")


def test_a_refused_command_leaves_one_line_without_what_was_sent(secretary: Teller) -> None:
    with capture_logs() as lines:
        secretary.post("documents/doc-9/revise", {"change": "秘密の話"})
        secretary.post("parties", {"name": "金沢 花子\x00", "x": 1})
    assert [line["event"] for line in lines] == ["command refused"] * 2
    assert lines[0] == {
        "event": "command refused",
        "log_level": "info",
        "command": "Document.revise",
        "id": "doc-9",
        "codes": ["UNKNOWN_ID"],
        "status": 404,
        "account": secretary.account.account_id,
        "request_id": lines[0]["request_id"],
    }
    assert lines[1]["codes"] == ["TEXT_NOT_PLAIN", "UNKNOWN_FIELD"]
    assert "花子" not in str(lines)


# ---------------------------------------------------------------------------------- after the commit


@pytest.mark.parametrize(
    "failure", [RuntimeError("a fault of ours"), sa.exc.OperationalError("", {}, Exception())]
)
def test_what_fails_after_the_commit_never_says_that_nothing_was_recorded(
    secretary: Teller, log: Log, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:

    def failing(*_: Any) -> None:
        raise failure

    with monkeypatch.context() as patch:
        patch.setattr(commands, "headers", failing)
        answer = secretary.post("documents", document(id="doc-1"), Idempotency_Key="k-1")
    assert (answer.status_code, answer.json["code"]) == (500, "MAY_BE_RECORDED")
    assert "Idempotency-Key" in answer.json["what_next"]
    assert len(log()) == 1
    again = secretary.post("documents", document(id="doc-1"), Idempotency_Key="k-1")
    assert again.json["replayed"] is True
    assert len(log()) == 1


def test_where_the_database_does_not_say_what_came_of_it_neither_do_we(
    secretary: Teller, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = app.extensions["kyodo-store"].get().application

    def unknown(*_: Any) -> None:
        raise OutcomeUnknown("the connection was lost")

    monkeypatch.setattr(application, "_saved", unknown)
    answer = secretary.post("documents", document(id="doc-1"))
    assert (answer.status_code, answer.json["code"]) == (500, "MAY_BE_RECORDED")


def test_lines_that_end_as_on_windows_are_lines(secretary: Teller, log: Any) -> None:
    """A form of a browser, and a file of Windows, end lines with CRLF; that is no other text."""
    told = document(caption="一行目") | {"record": {"note": "一行目\r\n二行目\r三行目"}}
    assert secretary.post("documents", told | {"id": "doc-lines"}).status_code == 201
    assert log()[-1].note == "一行目\n二行目\n三行目"
    one_line = secretary.post("documents", document(title="一行目\r\n二行目"))
    assert (one_line.status_code, codes(one_line)) == (422, {"/title": "TEXT_NOT_PLAIN"})

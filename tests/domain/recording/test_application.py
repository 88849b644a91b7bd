"""One command: permitted, decided once, saved whole or not at all."""

from __future__ import annotations

from typing import Any

import pytest

from domain.recording.application import Application
from tests.support.given import TestRecord, given_somebody_is_always_faster, then_refused

PERSON = ("SEC", "Party", "p-1", "register_person")


def test_a_retried_command_does_nothing_twice(record: TestRecord) -> None:
    record.do(*PERSON, name="架空 太郎", key="k")
    assert record.do(*PERSON, name="架空 太郎", key="k") == []


def test_a_key_belongs_to_one_content(record: TestRecord) -> None:
    record.do(*PERSON, name="架空 太郎", key="k")
    then_refused("KEY_REUSED", record, "SEC", "Party", "p-2", "register_person", name="架空 花子", key="k")


def test_whoever_names_a_version_is_told_that_it_has_passed(record: TestRecord) -> None:
    record.do(*PERSON, name="架空 太郎")
    stale: dict[str, Any] = {"expected_version": 0}
    then_refused("VERSION_CONFLICT", record, "SEC", "Party", "p-1", "give_name_consent", **stale)


def test_nothing_is_done_to_what_is_not_on_record(record: TestRecord) -> None:
    then_refused("UNKNOWN_ID", record, "SEC", "Party", "p-9", "give_name_consent")


def test_an_identifier_is_given_once(record: TestRecord) -> None:
    record.do(*PERSON, name="架空 太郎")
    then_refused("ALREADY_EXISTS", record, *PERSON, name="架空 花子")


def test_who_may_not_is_told_who_may(record: TestRecord) -> None:
    refused = then_refused("FORBIDDEN", record, "ADV", "Party", "p-1", "register_person", name="架空 太郎")
    assert "事務局" in refused.sentence("ja") and "secretariat" in refused.sentence("en")


def test_too_many_at_once_are_sent_away_in_the_end(
    record: TestRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = given_somebody_is_always_faster(record, monkeypatch)
    then_refused("BUSY", record, *PERSON, name="架空 太郎")
    assert len(attempts) == Application.ATTEMPTS

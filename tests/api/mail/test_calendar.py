"""A private calendar of a meeting that is closed: its time, and nothing that is said of it."""

from __future__ import annotations

from typing import Any

import pytest

from api.telling.calendar import _is_moment, _meeting

CLOSED: dict[str, Any] = {
    "meeting_id": "meeting-x",
    "closed": {"ja": "非公開（理由: 個人）", "en": "not public (personal)"},
    "state": "notified",
    "starts_at": "2026-05-10T14:00:00+09:00",
    "course": {
        "MeetingScheduled": [3],
        "MeetingRescheduled": [5, 9],
        "MeetingNotified": [7],
        "MeetingCancelled": [],
        "AgendaItemListed": [],
        "changed_at": "2026-04-01T00:00:00.5+00:00",
    },
}


def test_a_closed_meeting_has_its_time_and_no_name() -> None:
    event = _meeting(CLOSED, "ja", "https://kyodo.example.jp", "record")
    assert (str(event["SUMMARY"]), str(event["UID"]), event["SEQUENCE"]) == ("非公開", "meeting-x@record", 2)
    assert "LOCATION" not in event
    assert event["STATUS"] == "TENTATIVE"  # moved since it was announced
    assert event.DTSTAMP is not None and event.DTSTAMP.microsecond == 0


@pytest.mark.parametrize("stands", [None, "非公開（理由: 個人） / not public (personal)", {"ja": "x"}])
def test_what_has_no_time_is_no_entry(stands: Any) -> None:
    assert not _is_moment(stands)
    assert _is_moment(CLOSED["starts_at"])

"""A record that was moved here 移行: shown as the past that it is, in the order in which it happened."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from domain.history.importing import import_history, read_history
from projections.answers.due_list import over_before, what_is_due
from projections.engine.store import Store
from tests.api.site import site

UNKNOWN = {"precision": "unknown", "basis": "none"}
TODAY = dt.date(2026, 11, 30)


def day(value: str) -> dict[str, str]:
    return {"value": value, "precision": "day"}


def entry(
    event: str, kind: str, stream: str, payload: dict[str, Any], when: Any = UNKNOWN, **more: Any
) -> Any:
    return {
        "event": event,
        "aggregate": kind,
        "stream": stream,
        "effective": when,
        "actor": {"role": "import"},
        "asserted_by": "import",
        "certainty": "stated",
        "facts": [],
        "payload": payload,
        **more,
    }


def seat(name: str, begins: Any, ends: Any = None, **more: Any) -> Any:
    who = {
        "appointment_id": f"seat-{name}",
        "party_id": f"org-{name}",
        "category": "organisation",
        "term_no": 1,
    }
    return entry(
        "MemberAppointed", "Council", "council-x", who | {"from_date": begins, "to_date": ends} | more
    )


def meeting(name: str, at: str | None, when: Any) -> Any:
    about = {"kind": "plenary", "council_id": "council-x", "title": f"架空の会 {name}", "starts_at": at}
    return entry("MeetingScheduled", "Meeting", f"meeting-{name}", about, when)


def bill(number: int) -> dict[str, Any]:
    return {
        "title": f"架空議案{number}",
        "question": "可決するか。",
        "matter_no": f"第{number}号",
        "matter_year": 2006,
    }


BUDGET = {
    "fiscal_year": 2006,
    "kind": "supplementary",
    "amount_yen": 136_922_410_000,
    "stated_amount": 13_692_241,
    "stated_unit": "万円",
    "line": {"account": "一般会計", "kan": "総務費", "moku": "企画費"},
    "funded_by": "県補助金（架空）",
    "granted_by": {"bill": "議案第12号", "session": "平成18年9月定例会", "on": day("2006-09-25")},
}
COMMITTEE = {"name_ja": "架空委員会", "body_type": "committee", "parent_id": "council-x"}
SESSION = {"session_id": "h18-1t", "name": "平成18年第1回定例会", "kind": "regular", "no": 1, "year": 2006}
OF_THE_SESSION = {
    "kind": "plenary",
    "council_id": "council-c",
    "session_id": "h18-1t",
    "no": 3,
    "no_year": 2006,
    "numbered_by": "calendar_year",
}
TWO_BILLS = {
    "item_id": "item-1",
    "order": 1336,
    "printed_no": "日程第2",
    "title": "二件一括",
    "matter_id": "matter-4",
    "matter_ids": ["matter-5"],
}
HELD = {
    "held_on": day("2006-03-07"),
    "known_attendees": [{"seat": "3番"}, {"seat": "7番"}, {"party_id": "org-a"}],
    "ended_at": "2006-03-07T16:12:00+09:00",
}
ASKED = {"statement_id": "st-1", "item_id": "item-1", "speaker_role": "委員", "text": "費用はいくらか。"}
ANSWERED = {
    "statement_id": "st-2",
    "item_id": "item-1",
    "speaker_role": "住宅課長",
    "text": "八十五万円である。",
    "answers_to": "st-1",
}
REPORTED = {
    "resolution_id": "res-1",
    "item_id": "item-1",
    "matter_id": "matter-4",
    "matter_ids": ["matter-5"],
    "result_text": "趣旨採択とする",
    "result": "adopted_in_purpose",
    "numbers": {"for": 9, "against": 2},
}
OTHER_RECORD = {
    "source_recorded_at": {"value": "2016-10", "precision": "month"},
    "external_id": "1861",
    "source_url": "https://example.org/meetings/1861",
    "locator": "3頁",
}
EVENTS = [
    entry("DocumentRegistered", "Document", "document-doc-old", {"kind": "report", "disclosure": {}}),
    entry("CouncilEstablished", "Council", "council-x", {"name_ja": "架空の会"}, day("2006-04-01")),
    *(
        entry(
            "OrganisationRegistered",
            "Party",
            f"party-org-{n}",
            {"name_ja": f"架空団体{n}", "category": "npo"},
        )
        for n in ("a", "b", "c", "d")
    ),
    entry(
        "TermOpened",
        "Council",
        "council-x",
        {"term_no": 1, "from_date": day("2006-04-01"), "to_date": day("2008-03-31")},
    ),
    seat("b", day("2007-04-01"), day("2040-03-31")),
    seat("a", day("2006-04-01"), day("2008-03-31")),
    seat("c", day("2030-04-01")),
    seat("d", UNKNOWN, day("2010-03-31"), until_successor=True),
    # recorded in the order of the source's list, which begins with the newest
    meeting("2009", None, day("2009-05-10")),
    meeting("2007", "2007-05-10T14:00:00+09:00", day("2007-05-10")),
    meeting("2008", "2008-05-10T14:00:00+09:00", day("2008-05-10")) | OTHER_RECORD,
    meeting("some-day", None, UNKNOWN),
    entry("RetentionSet", "Document", "document-doc-old", {"years": 30, "afterwards": "archives"}),
    entry("ActionRegistered", "PlanAction", "action-x", {"title_ja": "架空事業"}),
    entry("BudgetAllocated", "PlanAction", "action-x", BUDGET),
    entry("CouncilEstablished", "Council", "council-c", COMMITTEE),
    entry("SessionHeld", "Council", "council-c", SESSION, day("2006-03-01")),
    entry("MeetingScheduled", "Meeting", "meeting-c", OF_THE_SESSION, day("2006-03-07")),
    *(entry("MatterRaised", "Matter", f"matter-{n}", bill(n)) for n in (4, 5)),
    entry("AgendaItemListed", "Meeting", "meeting-c", TWO_BILLS),
    entry("MeetingHeld", "Meeting", "meeting-c", HELD, day("2006-03-07")),
    entry("StatementRecorded", "Meeting", "meeting-c", ASKED),
    entry("StatementRecorded", "Meeting", "meeting-c", ANSWERED),
    entry("ResolutionReported", "Meeting", "meeting-c", REPORTED),
    entry("MinutesDrafted", "Meeting", "meeting-c", {"v": 1, "document_id": "doc-old"}),
    entry("MinutesConfirmed", "Meeting", "meeting-c", {"v": 1, "without_circulation": True}),
    entry(
        "GroupFormed",
        "WorkingGroup",
        "group-x",
        {"kind": "drafting", "council_id": "council-x", "label_ja": "架空部会"},
    ),
    entry(
        "GroupMemberAssigned",
        "WorkingGroup",
        "group-x",
        {"appointment_id": "seat-b", "role": "deputy", "role_label": "副部会長"},
        day("2007-06-01"),
    ),
    entry("GroupMemberAssigned", "WorkingGroup", "group-x", {"appointment_id": "seat-a"}, day("2006-06-01")),
    entry("GroupMemberReleased", "WorkingGroup", "group-x", {"appointment_id": "seat-a"}, day("2008-03-31")),
]


def moved_here(store: Store) -> None:
    path = Path(str(store.engine.url.database)).with_name("history.yaml")
    events = [{"seq": n, **said} for n, said in enumerate(EVENTS, 1)]
    file = {"schema": "record-history/1", "import_batch": "old-record", "source_document": "doc-old"}
    path.write_text(json.dumps({**file, "events": events}), encoding="utf-8")
    import_history(store.application, read_history(path))


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    yield from site(tmp_path_factory.mktemp("moved"), moved_here)


@pytest.fixture
def reader(moved: Flask) -> FlaskClient:
    return moved.test_client()


def items(reader: FlaskClient, path: str) -> list[Any]:
    return list(reader.get(f"/api/v1/{path}").get_json()["items"])


def test_lists_are_in_the_order_of_time_and_not_of_recording(reader: FlaskClient) -> None:
    meetings = [m["meeting_id"].removeprefix("meeting-") for m in items(reader, "meetings")]
    assert meetings == ["2009", "2008", "2007", "c", "some-day"]
    held = [m["appointed"]["from_date"]["value"] for m in items(reader, "councils/council-x/members")[:3]]
    assert held == ["2006-04-01", "2007-04-01", "2030-04-01"]
    assert "time" not in reader.get("/api/v1/meetings/meeting-2009").get_json()


def test_nobody_serves_after_the_last_day_or_before_the_first(reader: FlaskClient) -> None:
    states = [m["state"] for m in items(reader, "councils/council-x/members")]
    assert states == ["ended", "serving", "not_yet", "serving"]
    page = reader.get("/council/council-x").get_data(as_text=True)
    assert ("架空団体b" in page, "架空団体d" in page) == (True, True)
    assert ("架空団体a" in page, "架空団体c" in page) == (False, False)


def test_a_meeting_of_the_past_is_no_plan(reader: FlaskClient) -> None:
    page = reader.get("/meetings").get_data(as_text=True)
    assert page.count("予定日を過ぎた（開催の記録なし）") == 3
    assert reader.get("/meetings.json").get_json()["next_meeting"] is None


def test_nobody_is_reminded_of_an_imported_past(moved: Flask) -> None:
    with moved.extensions["kyodo-store"].get().engine.connect() as connection:
        due = what_is_due(connection, TODAY)
        assert [(d.kind, d.thing, d.due.value if d.due else None) for d in due] == [
            ("appointment", "council-x", "2040-03-31")
        ]
        assert (
            over_before(connection, TODAY) == 7
        )  # two notices, a term, two appointments, minutes, a resolution
        every = {d.kind for d in what_is_due(connection, TODAY, over_before=True)}
    assert every == {"notice", "term", "appointment", "minutes", "resolution_unconcluded"}


def test_what_was_moved_here_is_marked_with_what_is_known_of_where_it_comes_from(reader: FlaskClient) -> None:
    (made,) = reader.get("/api/v1/events?stream=meeting-2008").get_json()["items"]
    moved = made["moved"]
    assert moved == {
        "import_batch": "old-record",
        "source_recorded_at": moved["source_recorded_at"],
        "external_id": "1861",
        "source_url": "https://example.org/meetings/1861",
    }
    there = moved["source_recorded_at"]
    assert (there["value"], there["precision"], there["earliest"]) == ("2016-10", "month", "2016-10-01")
    page = reader.get("/meetings/meeting-2008").get_data(as_text=True)
    for words in (
        "移行",
        "元の記録: 平成28年(2016年)10月",
        "元の番号: 1861",
        "https://example.org/meetings/1861",
    ):
        assert words in page


def test_the_members_of_a_group_are_shown_with_their_roles(reader: FlaskClient) -> None:
    members = items(reader, "groups/group-x/members")
    assert [(m["role"], m["is_member"], m["category"]) for m in members] == [
        ("member", 0, "organisation"),
        ("deputy", 1, "organisation"),
    ]
    page = reader.get("/groups/group-x").get_data(as_text=True)
    assert ("副部会長" in page, "平成19年(2007年)6月1日" in page) == (True, True)
    assert [m["is_member"] for m in reader.get("/groups/group-x.json").get_json()["members"]] == [0, 1]


def test_a_meeting_known_from_papers_is_shown_as_they_have_it(reader: FlaskClient) -> None:
    page = reader.get("/meetings/meeting-c").get_data(as_text=True)
    for words in (
        "平成18年(2006年)第3回",
        "平成18年第1回定例会",
        "日程第2",
        "架空議案4",
        "架空議案5",
        "趣旨採択（出典: 趣旨採択とする）",
        "賛成9、反対2",
        "3番、7番",
        "16:12",
        'href="#item-1-st-1"',
        "住宅課長",
        "確認済み、送付せずに確定",
    ):
        assert words in page, words
    assert "非公開" not in page, "what no source says is not called closed"
    english = reader.get("/en/meetings/meeting-c").get_data(as_text=True)
    assert "for 9, against 2" in english


def test_both_matters_of_an_item_tell_what_came_of_them(reader: FlaskClient) -> None:
    for number in (4, 5):
        assert "趣旨採択（出典: 趣旨採択とする）" in reader.get(f"/matters/matter-{number}").get_data(
            as_text=True
        )


def test_a_committee_says_what_it_is_part_of_and_its_sessions(reader: FlaskClient) -> None:
    page = reader.get("/council/council-c").get_data(as_text=True)
    for words in ("委員会", "/council/council-x", "平成18年第1回定例会", "定例会"):
        assert words in page, words
    assert "性格の記載なし" in reader.get("/council/council-x").get_data(as_text=True)


def test_a_seat_says_what_is_particular_about_it(reader: FlaskClient) -> None:
    page = reader.get("/council/council-x").get_data(as_text=True)
    assert (page.count("後任が就くまで"), page.count("通算10年を超える")) == (1, 1)
    assert reader.get("/council/council-x.json").get_json()["long_serving"] == ["seat-b"]


def test_money_says_where_it_stands_and_who_granted_it(reader: FlaskClient) -> None:
    page = reader.get("/actions/action-x").get_data(as_text=True)
    for words in (
        "13,692,241万円",
        "¥136,922,410,000",
        "一般会計・総務費・企画費",
        "県補助金（架空）",
        "議案第12号、平成18年9月定例会、平成18年(2006年)9月25日",
    ):
        assert words in page, words


def test_a_document_says_how_long_it_is_held(reader: FlaskClient) -> None:
    assert "30年、" in reader.get("/sources").get_data(as_text=True)

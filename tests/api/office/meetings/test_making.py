"""Making a meeting: from the last one, with a new matter, papers and its notice, in one act."""

from __future__ import annotations

from tests.api.office.meetings.conftest import Desk, errors_of

NEW = "/desk/meetings/new"
NEXT = {
    "day": "R8.5.20",
    "time": "18時30分",
    "title": "第2回全体会",
    "no": "2",
    "item__0__title": "地域の茶の間の開設",
    "item__0__type": "decision",
    "item__0__question": "空き家を活用した茶の間をどう開くか。",
    "item__0__practice": "これまでも居場所づくりを協議してきた。",
    "item__0__options": "市が借り上げる　市が借り上げて運営を委ねる\n開設費を補助する",
    "item__1__title": "広報のしかた",
    "item__1__type": "report",
    "notice_on": "2026-05-10",
    "when": "meeting",
}


def test_a_meeting_is_made_with_a_new_matter_and_its_notice_in_one_act(desk: Desk) -> None:
    page = desk.get(NEW)
    assert "第2回全体会" in page  # the number after the last one's
    assert "みなも市役所第2会議室" in page
    before = len(desk.log())
    where = desk.records(NEW, **NEXT)
    added = desk.log()[before:]
    assert [e.type for e in added] == [
        "MatterRaised",
        "OptionProposed",
        "OptionProposed",
        "MeetingScheduled",
        "AgendaItemListed",
        "AgendaItemListed",
        "MeetingNotified",
    ]
    assert len({e.recorded_at.isoformat(timespec="minutes") for e in added}) == 1
    assert added[0].effective.value == "2026-05-20"
    assert added[1].data.text == "市が借り上げて運営を委ねる"
    assert added[4].data.matter_id == added[0].entity
    assert where == f"/desk/meetings/{added[3].entity}/day"  # that day is over: it goes on with what happened
    assert "第2回全体会" in desk.get(where.removesuffix("/day"))
    assert "第2回全体会" in desk.get("/desk/meetings")
    assert "第2回全体会" in desk.get("/en/desk/meetings")


def test_a_procedure_in_writing_is_made_as_a_meeting_is(desk: Desk) -> None:
    asked = {"item__0__title": "委員の推薦", "item__0__type": "other", "when": "today"}
    in_writing = {
        "title": "第3回（書面協議）",
        "kind": "written",
        "place": "",
        "day": "R8.6.1",
        "time": "9:00",
    }
    where = desk.records(NEW, **in_writing, **asked)
    scheduled = next(e for e in reversed(desk.log()) if e.type == "MeetingScheduled")
    assert (scheduled.data.kind, scheduled.data.place) == ("written", None)
    assert f'{where}/-"' in desk.get(where)
    assert f'{where}/start-written"' in desk.get(f"{where}/-")


def test_what_is_wrong_is_told_at_its_field_and_nothing_typed_is_lost(desk: Desk) -> None:
    before = len(desk.log())
    wrong = NEXT | {"day": "R8.2.30", "item__1__matter": "そのような案件", "item__0__practice": ""}
    answer = desk.press(NEW, desk.get(NEW), "record", **wrong)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'value="R8.2.30"' in page
    assert "市が借り上げる　市が借り上げて運営を委ねる\n開設費を補助する" in page
    again = desk.press(NEW, page, "check", day="R8.6.20", notice_on="R8.6.19")
    told = " ".join(errors_of(again.get_data(as_text=True)))
    assert "「そのような案件」という名前の案件は見つかりません" in told
    assert "所掌の根拠がありません" in told
    assert len(desk.log()) == before


def test_what_was_not_shown_is_shown_before_it_is_recorded(desk: Desk) -> None:
    before = len(desk.log())
    answer = desk.press(NEW, desk.get(NEW), "record", **(NEXT | {"day": "R8.6.21", "notice_on": ""}))
    assert answer.status_code == 200
    assert "記録に残る文" in answer.get_data(as_text=True)
    assert len(desk.log()) == before


def test_another_day_absences_and_a_meeting_that_is_not_held(desk: Desk) -> None:
    where = desk.records(
        NEW, **(NEXT | {"day": "2027-02-10", "title": "第9回全体会", "when": "today", "notice_on": ""})
    )
    path = where.removesuffix("/")
    desk.records(path, which="absences", absent=["seat-03", "seat-04"], received_on="R8.11.2")
    assert desk.newest(2) == ["AbsenceNotified", "AbsenceNotified"]
    assert "第9回全体会" in desk.get("/desk")  # among the next meetings
    moved = {"day": "R9.2.17", "time": "19:00", "reason": "会場の都合", "when": "today"}
    desk.records(path, which="reschedule", **moved)
    assert desk.log()[-1].data.starts_at.isoformat().startswith("2027-02-17")
    desk.records(path, which="cancel", reason="大雪のため", when="today")
    assert desk.newest(1) == ["MeetingCancelled"]


def test_what_goes_out_with_a_notice_is_at_hand(desk: Desk) -> None:
    meeting = "meeting-1"
    page = desk.get(f"/desk/meetings/{meeting}")
    assert (
        f'href="/meetings/{meeting}/letters.pdf"' in page and f"/meetings/{meeting}/notice?for=public" in page
    )
    mail = page.split('id="mail-text"')[1].split("</textarea>")[0]
    assert "日時: " in mail and "議題:" in mail and "/my" in mail
    assert "To the members of" in desk.get(f"/en/desk/meetings/{meeting}")

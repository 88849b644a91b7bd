"""The day of a meeting by a browser without JavaScript: after the fact, item by item, and all in one act."""

from __future__ import annotations

import pytest

from domain.kernel.events import Recorded
from tests.api.office.meetings.conftest import Desk, errors_of
from tests.api.office.meetings.test_making import NEW, NEXT

HELD = NEXT | {"item__2__title": "第1回会議録の確認", "item__2__type": "minutes"}
ATTENDANCE = {
    "open__at": "18:30",
    "att__seat-03": "late",
    "att__seat-03__came": "18:42",
    "att__seat-06": "early",
    "att__seat-06__went": "19:40",
    "att__seat-05": "absent",
    "att__seat-07": "written",
    "att__seat-08": "online",
}
FIRST = {
    "item-1__talk": "○座長　議事1です。\n○事務局（係長）　資料です。\n"
    "○三枝委員（質問）　補助は、どうなりますか。",
    "item-1__reason": "地区の実情に合うため",
    "item-1__method": "majority_show",
    "item-1__at": "19:58",
    "item-1__for": "8",
    "item-1__option": "option-2",
    "item-1__end": "resolve",
    "item-1__points": "場所：公民館\n回数：月2回",
    "item-1__dissent__0__kind": "reservation",
    "item-1__dissent__0__who": "seat-09",
    "item-1__dissent__0__text": "一か所で確かめてから広げるべきである。",
}
REST = {
    "item-2__talk": "○座長　報告をお願いします。",
    "item-2__end": "note",
    "item-3__end": "resolve",
    "others__0__name": "架空 課長",
    "others__0__post": "市民協働課長",
    "close__at": "20:31",
    "close__observers": "5",
    "close__staff": "3",
}


@pytest.fixture
def meeting(desk: Desk) -> str:
    """The address of a meeting on 20 May, which is over; typed after that day."""
    return desk.records(NEW, **HELD).removesuffix("/day")


def new_events(desk: Desk, before: int) -> list[Recorded[object]]:
    return desk.log()[before:]


def test_a_whole_meeting_is_recorded_after_the_fact_in_one_transaction(desk: Desk, meeting: str) -> None:
    before = len(desk.log())
    path = f"{meeting}/day"
    checked = desk.press(path, desk.get(path), "check", **ATTENDANCE, **FIRST, **REST)
    page = checked.get_data(as_text=True)
    assert checked.status_code == 200, errors_of(page)
    assert "反対（残り）" in page
    done = desk.press(path, page, "whole")
    assert done.status_code == 303, errors_of(done.get_data(as_text=True))
    assert done.headers["Location"] == f"{meeting}/minutes"
    added = new_events(desk, before)
    assert [e.type for e in added] == [
        "MeetingOpened",
        "AttendeeArrived",  # online from the beginning
        "AttendeeArrived",
        "AttendeeLeft",
        *["StatementRecorded"] * 3,
        "OptionsFrozen",
        "ResolutionTaken",
        "DissentFiled",
        "MatterConcluded",
        "StatementRecorded",
        "ItemNoted",
        "ResolutionTaken",
        "OthersAttended",
        "MeetingClosed",
    ]
    taken = added[8].data
    assert (taken.tally.for_, taken.tally.against, taken.eligible) == (8, 3, 11)  # type: ignore[attr-defined]
    assert taken.result == "adopted"  # type: ignore[attr-defined]
    days = {e.effective.earliest.isoformat() for e in added if e.effective.earliest}
    assert days == {"2026-05-20"}  # of the meeting, never of the typing
    assert added[13].effective.precision == "day"  # nobody noted the minute of that vote
    opened = added[0]
    assert opened.actor.role == "CHR"
    assert opened.recorded_by is not None
    spoken = added[6].data
    assert (spoken.speaker, spoken.speaker_role) == ("seat-03", "委員")  # type: ignore[attr-defined]
    assert spoken.stance == "question"  # type: ignore[attr-defined]
    assert added[9].data.kind == "reservation"  # type: ignore[attr-defined]
    points = added[10].data.points  # type: ignore[attr-defined]
    assert [(one.point, one.text) for one in points] == [("場所", "公民館"), ("回数", "月2回")]
    # sent twice, it is recorded once
    desk.press(path, page, "whole")
    assert len(desk.log()) == before + len(added)
    assert "可決" in desk.get(path)


def test_item_by_item_what_is_left_stays_typed(desk: Desk, meeting: str) -> None:
    path = f"{meeting}/day"
    before = len(desk.log())
    seen = desk.press(
        path, desk.get(path), "check", **ATTENDANCE, **FIRST, **{"item-2__talk": "○座長　まだです。"}
    )
    page = seen.get_data(as_text=True)
    desk.press(path, page, "item:item-1")
    assert [e.type for e in new_events(desk, before)][-2:] == ["DissentFiled", "MatterConcluded"]
    left = desk.get(path)
    assert "○座長　まだです。" in left  # from the draft
    assert "補助は、どうなりますか。" in left  # as recorded
    said = desk.press(path, desk.press(path, left, "check").get_data(as_text=True), "said:item-2")
    assert said.status_code == 303
    assert desk.newest(1) == ["StatementRecorded"]
    rest = desk.press(path, desk.get(path), "check", **{"item-2__end": "note", "item-3__end": "carry"})
    told = errors_of(rest.get_data(as_text=True))
    assert any("必須" in one for one in told), told  # why it is carried over
    again = desk.press(
        path,
        rest.get_data(as_text=True),
        "check",
        **{"item-3__carry": "時間がないため", "close__at": "20:30"},
    )
    closed = desk.press(path, again.get_data(as_text=True), "whole")
    assert closed.status_code == 303, errors_of(closed.get_data(as_text=True))
    assert desk.newest(3) == ["ItemNoted", "ItemCarriedOver", "MeetingClosed"]
    following = desk.get(f"{NEW}?from={meeting.rsplit('/', 1)[1]}")
    assert 'value="第1回会議録の確認"' in following  # carried over into the next


def test_whoever_spoke_is_asked_and_numbers_that_do_not_add_up_say_where(desk: Desk, meeting: str) -> None:
    path = f"{meeting}/day"
    before = len(desk.log())
    ballot = {"item-1__method": "majority_ballot", "item-1__ballots": "12", "item-1__for": "6"}
    ballot |= {"item-1__against": "3", "item-1__end": "resolve", "item-1__option": "option-1"}
    typed = ATTENDANCE | ballot | {"item-1__at": "19:00", "item-1__talk": "○山口委員　どちらですか。"}
    typed |= {"item-1__points": "場所は公民館"}
    page = desk.press(path, desk.get(path), "item:item-1", **typed)
    assert page.status_code == 422
    text = page.get_data(as_text=True)
    told = " ".join(errors_of(text))
    assert "「場所は公民館」を論点ごとの内容として読み取れません" in told
    assert "賛成6、反対3、棄権0を足すと9票です" in told
    assert "山口委員はだれですか" in text
    assert "○山口委員　どちらですか。" in text
    chosen = {"who__山口委員": "role:傍聴者", "item-1__for": "9", "item-1__reason": "身近なため"}
    chosen |= {"item-1__no_dissent": "1", "item-1__points": ""}
    right = desk.press(path, text, "check", **chosen)
    assert right.status_code == 200, errors_of(right.get_data(as_text=True))
    desk.press(path, right.get_data(as_text=True), "item:item-1")
    (none,) = (e for e in new_events(desk, before) if e.type == "DissentNoneConfirmed")
    assert none.data.asked_at.value == "2026-05-20"  # type: ignore[attr-defined]
    spoken = [e for e in new_events(desk, before) if e.type == "StatementRecorded"]
    assert [(e.data.speaker, e.data.speaker_role) for e in spoken] == [(None, "傍聴者")]  # type: ignore[attr-defined]


def test_what_is_concluded_is_reported_and_no_more(desk: Desk) -> None:
    held = desk.records(NEW, **HELD | {"item__0__title": "茶の間の要項"}).removesuffix("/day") + "/day"
    page = desk.press(held, desk.get(held), "check", **ATTENDANCE, **FIRST, **REST).get_data(as_text=True)
    assert desk.press(held, page, "whole").status_code == 303
    reported = {"item__0__title": "要項の報告", "item__0__type": "report", "item__0__matter": "茶の間の要項"}
    new = dict.fromkeys(("item__0__question", "item__0__practice", "item__0__options"), "")
    later = desk.records(NEW, **HELD | new | reported | {"day": "R8.5.27"}).removesuffix("/day") + "/day"
    ends = {"item-1__end": "note", "item-2__end": "note", "item-3__end": "resolve", "close__at": "20:00"}
    page = desk.press(later, desk.get(later), "check", open__at="18:30", **ends).get_data(as_text=True)
    done = desk.press(later, page, "whole")
    assert done.status_code == 303, errors_of(done.get_data(as_text=True))
    assert desk.newest(5) == ["MeetingOpened", "ItemNoted", "ItemNoted", "ResolutionTaken", "MeetingClosed"]

"""Minutes from the record to their publication, by a browser without JavaScript."""

from __future__ import annotations

import pytest

from tests.api.office.meetings.conftest import Desk, errors_of, form_of
from tests.api.office.meetings.test_day import ATTENDANCE, FIRST, HELD, REST
from tests.api.office.meetings.test_making import NEW

REVISED = {"text": "○三枝委員　補助は、2年目からどうなりますか。"}


@pytest.fixture(scope="module")
def held(desk: Desk) -> str:
    """The address of a meeting that was held and closed."""
    where = desk.records(NEW, **HELD).removesuffix("/day")
    path = f"{where}/day"
    checked = desk.press(path, desk.get(path), "check", **ATTENDANCE, **FIRST, **REST)
    assert desk.press(path, checked.get_data(as_text=True), "whole").status_code == 303
    return where


def test_from_the_text_to_its_publication(desk: Desk, held: str) -> None:
    path = f"{held}/minutes"
    page = desk.get(path)
    text = form_of(page)["text"]
    assert "■議事1　地域の茶の間の開設" in text
    assert "○委員　補助は、どうなりますか。" in text  # by role, as the rules have it
    assert "一葉" not in text  # no name of anybody
    assert "【挙手・起立により可決、賛成8・反対3・棄権0】" in text
    assert "資料" in page.split('id="h-text"')[1]  # is missing

    # nothing is published that lacks an item, and everything typed stays
    days = {"drafted_on": "R8.6.1", "confirmed_on": "R8.6.10", "published_on": "R8.6.12"}
    wrong = desk.press(path, page, "check", **days)
    told = " ".join(errors_of(wrong.get_data(as_text=True)))
    assert wrong.status_code == 422
    assert "資料" in told

    # what was said is put right, circulated, confirmed on a paper, and published, in one act
    before = len(desk.log())
    mended = text.replace("補助は、どうなりますか。", "補助は、2年目からどうなりますか。")
    typed = {"text": mended, "reason": "聞き違えたため", "drafted_on": "R8.5.25", "circulated_on": "R8.5.26"}
    typed |= {"reply_by": "R8.6.5", "paper.none": "1", "confirmed_on": "R8.6.10", "published_on": "R8.6.12"}
    typed |= {
        "evidence__locator": "3頁",
        "closed__0__part": "議事1の個人の住所",
        "closed__0__ground": "personal",
    }
    checked = desk.press(path, page, "check", **typed)
    shown = checked.get_data(as_text=True)
    assert checked.status_code == 200, errors_of(shown)
    assert "<del>補助は、どうなりますか。</del>" in shown
    done = desk.press(path, shown, "record")
    assert done.status_code == 303, errors_of(done.get_data(as_text=True))
    (matter,) = [e.entity for e in desk.log() if e.type == "MatterConcluded"]
    assert done.headers["Location"] == f"/desk/matters/{matter}/city"  # what is next: the conclusion is sent
    assert f'href="/desk/matters/{matter}/city"' in desk.get(path)
    added = desk.log()[before:]
    assert [e.type for e in added] == [
        "MeetingDocumentsListed",
        "DocumentRegistered",
        "DocumentContentAttached",
        "MinutesDrafted",
        "CorrectionProposed",
        "MinutesCirculated",
        "MinutesConfirmed",
        "MinutesPublished",
    ]
    confirmed = added[6]
    assert (confirmed.actor.role, confirmed.effective.value) == ("CHR", "2026-06-10")
    assert confirmed.source is not None
    assert confirmed.source.locator == "3頁"
    assert "公表されています" in desk.get(path)


def test_members_ask_sign_and_are_answered(desk: Desk) -> None:
    where = desk.records(NEW, **(HELD | {"day": "R8.6.20", "notice_on": "R8.6.1"})).removesuffix("/day")
    day, path = f"{where}/day", f"{where}/minutes"
    assert "まだ閉会していません" in desk.get(path)
    checked = desk.press(day, desk.get(day), "check", **ATTENDANCE, **FIRST, **REST)
    desk.press(day, checked.get_data(as_text=True), "whole")
    desk.records(
        path, drafted_on="R8.6.25", circulated_on="R8.6.26", reply_by="R8.7.5", **{"paper.none": "1"}
    )
    asked = {"asked__0__who": "seat-04", "asked__0__text": "発言の順を直してほしい", "asked__0__on": "R8.7.1"}
    desk.records(path, signatory=["seat-02", "seat-04"], **asked)
    assert desk.newest(2) == ["MinutesAmendmentRequested", "SignatoriesNamed"]
    page = desk.get(path)
    request = page.split('name="answer.')[1].split('"')[0]
    declined = desk.press(path, page, "check", **{f"answer.{request}": "no"})
    assert "理由" in " ".join(errors_of(declined.get_data(as_text=True)))
    desk.records(path, **{f"answer.{request}": "yes"})
    desk.records(path, signed=["seat-02", "seat-04"], signed_on="R8.7.3")
    desk.records(path, confirmed_on="R8.7.10", by="signatories")
    assert desk.newest(1) == ["MinutesConfirmed"]
    desk.records(path, published_on="R8.7.15")
    assert desk.newest(1) == ["MinutesPublished"]


def test_a_conclusion_is_sent_answered_and_decided_on_in_one_act(desk: Desk, held: str) -> None:
    (matter,) = {e.entity for e in desk.log() if e.type == "MatterConcluded" and e.data.meeting_id in held}
    path = f"/desk/matters/{matter}/city"
    answer = {"/answer/disposition": "accepted", "/answer/on": "R8.7.30"}
    answer |= {"/evidence/kind": "mail", "/evidence/on": "R8.7.30"}
    unsent = desk.press(path, desk.get(path), "check", **answer)
    assert unsent.status_code == 422
    assert 'href="#f-sent-on"' in unsent.get_data(as_text=True)  # what is missing first is asked beside it
    before = len(desk.log())
    decision = {"/decision/authority": "mayor", "/decision/decided_on": "R8.7.20"}
    sent = {"/sent/on": "R8.6.15", "/sent/document_no": "8み協市会第3号"}
    assert desk.records(path, **sent, **answer, **decision) == f"/desk/matters/{matter}"
    added = desk.log()[before:]
    assert [e.type for e in added] == [
        "ConclusionTransmitted",
        "CityResponseRecorded",
        "CityDecisionRecorded",
    ]
    assert (added[0].data.to, added[0].data.form) == (
        "org-city",
        "proposal",
    )  # the city, as nobody said other
    assert (added[0].actor.role, added[1].actor.role) == ("SEC", "APR")
    assert "まだ記録がありません" not in desk.get(path)

"""直す: a line of the record is corrected or taken back from the office, and somebody else approves."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.access.accounts import Accounts
from domain.kernel.events import Recorded
from projections.engine.log import events_after
from tests.api.conftest import PASSWORD
from tests.api.office.every_form.reading import command_form
from tests.api.signing_in import csrf_of, sign_in
from tests.support.copies import Copies
from tests.support.served import served
from tests.support.stories.year.record import make_the_year

PLAN = "matter-plan"
SOME = {"CycleOpened", "MeetingOpened", "BudgetAllocated", "DocumentRegistered", "ProcedureRulesAdopted"}
SOME |= {"MatterRaised", "SelfEvaluationSubmitted"}
SEALED = ("SelfEvaluationSubmitted",)
"""What lies under the seal of a side, which the office is not."""


@pytest.fixture
def year(copies: Copies, tmp_path: Path) -> Iterator[Flask]:
    with served(copies.sqlite("year", make_the_year, tmp_path)) as app:
        engine = app.extensions["kyodo-store"].get().engine
        for login, role in (("clerk", "SEC"), ("head", "APR"), ("officer", "DIS"), ("chair", "CHR")):
            Accounts(engine).add(login, [role], password=PASSWORD)
        yield app


def signed_in(app: Flask, login: str) -> FlaskClient:
    client = app.test_client()
    sign_in(client, login)
    return client


def text(answer: TestResponse) -> str:
    return html.unescape(answer.get_data(as_text=True))


def events(app: Flask, **narrowed: Any) -> list[Recorded[Any]]:
    with app.extensions["kyodo-store"].get().engine.connect() as connection:
        return events_after(connection, limit=1_000, **narrowed)


def position_of(app: Flask, type_: str, entity: str) -> int:
    return next(e.position for e in events(app, types=[type_]) if e.entity == entity)


def form_of(page: TestResponse, number: int = 0) -> dict[str, Any]:
    """What the form of a page would send as it stands: its controls by name."""
    source = page.get_data(as_text=True)
    form = re.findall(r"<form class=\"(?:panel|command).*?</form>", source, re.DOTALL)[number]
    sent: dict[str, Any] = {"csrf_token": csrf_of(page)}

    def put(name: str, value: str) -> None:
        sent.setdefault(html.unescape(name), []).append(html.unescape(value))

    for tag in re.findall(r"<input\b[^>]*>", form):
        kind = re.search(r'type="(\w+)"', tag)
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if (
            name
            and name[1] != "csrf_token"
            and (not kind or kind[1] not in ("radio", "checkbox") or " checked" in tag)
        ):
            put(name[1], value[1] if value else "")
    for name, words in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL):
        put(name, words)
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        put(name, chosen[1] if chosen else "")
    return sent


def kiroku(page: TestResponse) -> list[str]:
    """The sentences in the double frame."""
    frames = re.findall(r'class="kiroku".*?</section>', text(page), re.DOTALL)
    return [re.sub(r"<[^>]+>", "", frame.partition("<p>")[2].partition("</p>")[0]) for frame in frames]


def test_from_a_line_of_the_public_page_one_press_leads_to_it(year: Flask) -> None:
    position = position_of(year, "CityDecisionRecorded", PLAN)
    link = f'href="/desk/mend/{position}"'
    assert link in text(signed_in(year, "clerk").get(f"/trails/{PLAN}"))
    assert link not in text(year.test_client().get(f"/trails/{PLAN}"))
    assert link not in text(signed_in(year, "clerk").get(f"/trails/{PLAN}?as_known_on=2026-11-29"))
    assert signed_in(year, "chair").get(f"/desk/mend/{position}").status_code == 403


def test_a_correction_is_told_beforehand_proposed_once_and_approved_by_another(year: Flask) -> None:
    clerk = signed_in(year, "clerk")
    position = position_of(year, "CityDecisionRecorded", PLAN)
    address = clerk.get(f"/desk/mend/{position}").location
    page = clerk.get(address)
    assert kiroku(page)[0].startswith("令和8年(2026年)2月9日、市の決定")
    before = len(events(year))
    why = "起案の印の日を決裁の日と読んでいた"
    sent = form_of(page) | {"/after/decided_on": "Ｒ８．２．１０", "/reason": why}
    checked = clerk.post(address, data=sent | {"act": "check"})
    assert checked.status_code == 200
    assert kiroku(checked)[1].startswith("令和8年(2026年)2月10日、市の決定")
    assert "から「市の決定」までの日数" in text(checked)
    assert len(events(year)) == before, "telling records nothing"
    assert clerk.post(address, data=form_of(checked) | {"act": "record"}).location == "/desk/mend"
    clerk.post(address, data=form_of(checked) | {"act": "record"})
    (proposed,) = events(year)[before:]
    (change,) = proposed.data.changes
    assert (change.field, change.before, change.after) == ("decided_on", "2026-02-09", "2026-02-10")
    assert proposed.data.reason == f"読みあやまり。{why}"

    waiting = f"/desk/mend/proposed/{proposed.position}"
    own = clerk.get(waiting)
    assert "承認はほかの人が行います" in text(own) and 'value="approve"' not in text(own)
    approver = signed_in(year, "head")
    assert waiting in text(approver.get("/desk")) and waiting in text(approver.get("/desk/mend"))
    seen = approver.get(waiting)
    assert why in text(seen)
    approver.post(waiting, data={"csrf_token": csrf_of(seen), "act": "approve"})
    assert [e.type for e in events(year)[before:]] == ["CorrectionProposed", "RecordCorrected"]
    assert "この訂正は承認されています" in text(approver.get(waiting))
    assert "2月10日" in text(year.test_client().get(f"/matters/{PLAN}"))


def test_a_chair_sees_what_waits_for_a_chair_and_sends_it_back_with_a_reason(year: Flask) -> None:
    clerk, chair = signed_in(year, "clerk"), signed_in(year, "chair")
    address = f"/desk/mend/{position_of(year, 'CityDecisionRecorded', PLAN)}/correct"
    sent = form_of(clerk.get(address)) | {"/after/document_no": "7み協第13号"}
    clerk.post(address, data=form_of(clerk.post(address, data=sent)) | {"act": "record"})
    waiting = f"/desk/mend/proposed/{events(year)[-1].position}"
    seen = chair.get(waiting)
    assert seen.status_code == 200 and chair.get("/desk/mend").status_code == 403
    silent = chair.post(waiting, data={"csrf_token": csrf_of(seen), "act": "decline", "reason": " "})
    assert silent.status_code == 422 and events(year)[-1].type == "CorrectionProposed"
    chair.post(waiting, data={"csrf_token": csrf_of(seen), "act": "decline", "reason": "原本は第31号"})
    assert (events(year)[-1].type, events(year)[-1].data.reason) == ("CorrectionDeclined", "原本は第31号")


def test_a_form_that_changes_nothing_says_so_and_computed_fields_have_no_control(year: Flask) -> None:
    clerk = signed_in(year, "clerk")
    for event, entity in (("ResolutionTaken", "meeting-5"), ("MemberAppointed", "council-minamo")):
        address = f"/desk/mend/{position_of(year, event, entity)}/correct"
        page = clerk.get(address)
        untouched = clerk.post(address, data=form_of(page))
        assert untouched.status_code == 422 and "現在の記録と同じ内容です" in text(untouched), event
    names = form_of(clerk.get(f"/desk/mend/{position_of(year, 'ResolutionTaken', 'meeting-5')}/correct"))
    assert not any("quorum" in name or "eligible" in name for name in names)


def test_what_would_become_impossible_is_corrected_together_or_stands_with_a_reason(year: Flask) -> None:
    clerk = signed_in(year, "clerk")
    address = f"/desk/mend/{position_of(year, 'MeetingOpened', 'meeting-5')}/correct"
    later = position_of(year, "ResolutionTaken", "meeting-5")
    sent = form_of(clerk.get(address)) | {"/after/at#time": "21:00", "/reason": "架空"}
    refused = clerk.post(address, data=sent)
    assert refused.status_code == 422
    assert "成り立たなくなる、後の出来事" in text(refused) and "議決" in text(refused)
    together = clerk.post(address, data=form_of(refused) | {"act": f"also {later}"})
    own = f"/also/{later}/after/at"
    assert form_of(together)[own] == ["R8.1.15"]
    places = re.findall(r'name="(/stands/[^"]+)"', text(refused))
    excused = dict.fromkeys(places, "原本の誤りと分かっている")
    stands = clerk.post(address, data=form_of(refused) | excused)
    assert stands.status_code == 200
    clerk.post(address, data=form_of(stands) | {"act": "record"})
    assert [s.reason for s in events(year)[-1].data.stands] == ["原本の誤りと分かっている"] * len(places)


def test_a_mistake_of_today_is_two_presses(year: Flask) -> None:
    clerk = signed_in(year, "clerk")
    form = "/desk/parties/-/register-organisation"
    words = {"/name_ja": "架空の会", "/category": "npo", "/record/effective#how": "today"}
    checked = clerk.post(form, data={"csrf_token": csrf_of(clerk.get(form)), "act": "check", **words})
    clerk.post(form, data={**command_form(checked.get_data(as_text=True)).sent(), "act": ["record"]})
    made = events(year)[-1]
    assert made.type == "OrganisationRegistered"
    first = clerk.get(f"/desk/mend/{made.position}")
    assert first.location == f"/desk/mend/{made.position}/withdraw"
    page = clerk.get(first.location)
    assert "23時59分まで取り消せます" in text(page)
    clerk.post(first.location, data=form_of(page) | {"act": "record"})
    (withdrawn,) = events(year)[made.position :]
    assert (withdrawn.type, withdrawn.data.target_event) == ("EventWithdrawn", made.event_id)
    assert withdrawn.data.reason == "書きまちがえた"  # true of whatever was a mistake, where nobody says more
    assert clerk.get(f"/desk/mend/{withdrawn.position}").location == f"/desk/mend/{made.position}"
    assert "この記録は取り消されています" in text(clerk.get(first.location))


def test_what_another_recorded_or_yesterday_is_not_taken_back_but_corrected(year: Flask) -> None:
    clerk = signed_in(year, "clerk")
    page = clerk.get(f"/desk/mend/{position_of(year, 'CityDecisionRecorded', PLAN)}/withdraw")
    assert "取り消せるのは、自分で記録したものだけです" in text(page) and "/correct" in text(page)


def test_what_nobody_has_touched_proposes_nothing(year: Flask) -> None:
    """Of some types of events one each: every control begins as the record says."""
    clerk = signed_in(year, "clerk")
    one_of_each = {e.type: e.position for e in events(year) if e.type in SOME}
    assert one_of_each.keys() == SOME
    for type_, position in one_of_each.items():
        answer = clerk.get(f"/desk/mend/{position}", follow_redirects=True)
        if type_ in SEALED:
            assert answer.status_code == 404, type_
            continue
        assert answer.status_code == 200, type_
        if "/correct" in answer.request.path:
            again = clerk.post(answer.request.path, data=form_of(answer))
            said = re.findall(r'id="faults".*?</div>', text(again), re.DOTALL)
            assert "現在の記録と同じ内容です" in "".join(said), (type_, said)


def marked(page: TestResponse, label: str) -> str:
    """The value of the box beside which this stands."""
    boxes = re.findall(
        r'<label class="choice[^>]*><input[^>]*value="([^"]*)"[^>]*><span><b>([^<]*)</b>', text(page)
    )
    return next(value for value, words in boxes if words == label)


def test_a_sentence_is_closed_and_the_page_is_shown_as_the_public_will_see_it(year: Flask) -> None:
    officer = signed_in(year, "officer")
    position = position_of(year, "CityDecisionRecorded", PLAN)
    address = f"/desk/mend/{position}/close"
    page = officer.get(address)
    told = next(e for e in events(year) if e.position == position).data.text
    sent = form_of(page) | {"parts": marked(page, "内容"), "/redacted/ground": "personal"}
    silent = officer.post(address, data=sent | {"act": "check"})
    assert silent.status_code == 422, "a closing has a reason"
    checked = officer.post(address, data=sent | {"/reason": "個人が分かるため", "act": "check"})
    assert told in kiroku(checked)[0] and told not in kiroku(checked)[1]
    assert "非公開（理由: 個人情報）" in kiroku(checked)[1]
    officer.post(address, data=form_of(checked) | {"act": "record"})
    (redacted,) = events(year)[-1:]
    assert (redacted.type, redacted.data.fields, redacted.actor.role) == ("PartRedacted", ("text",), "DIS")
    assert told not in text(year.test_client().get(f"/matters/{PLAN}"))


def test_a_clerk_closes_at_once_and_another_person_confirms(year: Flask) -> None:
    clerk, officer = signed_in(year, "clerk"), signed_in(year, "officer")
    address = f"/desk/mend/{position_of(year, 'CityDecisionRecorded', PLAN)}/close"
    page = clerk.get(address)
    assert "未確認の非公開" in text(page) and 'id="at-once"' not in text(page)
    said = {"what": "whole", "/redacted/ground": "personal", "/reason": "危害のおそれ"}
    checked = clerk.post(address, data=form_of(page) | said | {"act": "check"})
    assert kiroku(checked)[1].endswith("非公開（理由: 個人情報）。")
    clerk.post(address, data=form_of(checked) | {"act": "record"})
    closed = events(year)[-1]
    assert (closed.type, closed.data.urgency) == ("ClosedAtOnce", "safety")
    waiting = f"/desk/mend/closings/{closed.position}"
    assert waiting not in text(clerk.get("/desk")) and waiting in text(clerk.get("/desk/mend"))
    assert "安全のための非公開の確認" in text(officer.get("/desk")) and waiting in text(officer.get("/desk"))
    own = clerk.get(waiting)
    assert 'value="confirm"' not in text(own)
    refused = clerk.post(waiting, data={"csrf_token": csrf_of(own), "act": "confirm"})
    assert refused.status_code in (403, 422) and events(year)[-1].type == "ClosedAtOnce"
    seen = officer.get(waiting)
    assert "危害のおそれ" in text(seen)
    officer.post(waiting, data={"csrf_token": csrf_of(seen), "act": "confirm"})
    assert events(year)[-1].type == "ClosingConfirmed"
    assert waiting not in text(officer.get("/desk/mend"))


def test_a_person_is_erased_by_another_than_recorded_the_request(year: Flask) -> None:
    clerk, officer = signed_in(year, "clerk"), signed_in(year, "officer")
    line = f"/desk/mend/{position_of(year, 'PersonRegistered', 'p-09')}/erase"
    assert 'href="/desk/mend/people/p-09"' in text(clerk.get(line))
    person = "/desk/mend/people/p-09"
    page = clerk.get(person)
    assert "先に、ほかにある場所" in text(page) and "バックアップ" in text(page)
    words = {"/request_no": "個情第3号", "/reason": "本人の請求", "/on": "R8.3.20"}
    undated = clerk.post(person, data=form_of(page) | words | {"/on": "", "act": "request"})
    assert undated.status_code == 422 and "個情第3号" in text(undated)
    clerk.post(person, data=form_of(page) | words | {"act": "request"})
    (asked,) = events(year)[-1:]
    assert (asked.type, asked.data.request_no, asked.effective.value) == (
        "ErasureRequested",
        "個情第3号",
        "2026-03-20",
    )
    assert 'value="erase"' not in text(clerk.get(person))
    assert person in text(officer.get("/desk")) and person not in text(clerk.get("/desk"))
    token = {"csrf_token": csrf_of(officer.get(person)), "version": "9", "/reason": "請求のとおり"}
    officer.post(person, data=token | {"act": "erase"})
    (erased,) = events(year)[-1:]
    assert (erased.type, erased.data.request_no) == ("PersonErased", "個情第3号")
    assert "消去されています" in text(officer.get(person))
    assert signed_in(year, "head").get(person).status_code == 403

"""Who did it, who wrote it down, on what evidence: a whole decision recorded by one account of the
secretariat on behalf of the chair, the members and the approver; and a member's own account beside it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from api.access.accounts import Accounts
from api.access.tokens import Tokens
from projections.rebuild.deciding import decide_log_anew
from projections.registry import open_store
from tests.acceptance import test_whole_decision as story
from tests.acceptance.site import Site

CHAIR, MEMBER = f"p-{story.SEATS[0]}", f"p-{story.SEATS[5]}"
WAS_THERE = {"kind": "minute_taker"}
MAIL = {"kind": "mail", "on": "2030-07-20", "reference": "受信番号 114"}
ACTED: dict[str, dict[str, Any]] = {
    "CHR": {"actor": {"role": "CHR", "party": CHAIR}, "evidence": WAS_THERE},
    "MEM": {
        "actor": {"role": "MEM", "party": MEMBER},
        "source": {"document_id": "doc-slips", "locator": "3頁"},
    },
    "APR": {"actor": {"role": "APR"}, "evidence": MAIL},
}


class OneClerk(Site):
    """A site on which the secretariat's account gives every command; and what a member's is answered."""

    member: dict[str, tuple[int, str | None]]

    def post(self, role: str, path: str, /, **body: Any) -> dict[str, Any]:
        said = {**ACTED.get(role, {}), **body.pop("record", {})}
        return super().post("SEC", path, **body, **({"record": said} if said else {}))

    def token(self, role: str, party: str) -> str:
        store = open_store(self.url)
        token = Tokens(store.engine).make(Accounts(store.engine).add(f"of-{party}", [role], party), "test")
        store.close()
        return token

    def ask(self, method: str, path: str, token: str, **body: Any) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {token}"}
        answer = self.client.open(path, method=method, json=body or None, headers=headers)
        return answer.status_code, answer.get_json(silent=True)


@pytest.fixture(scope="module")
def site(module_database_url: str) -> OneClerk:
    made = OneClerk(module_database_url)
    story.found_council(made)
    public = {"visibility": "public"}
    made.post("SEC", "documents", id="doc-slips", title="提案用紙", kind="other", disclosure=public)
    for chapter in (story.prepare, story.meet, a_member_signs_in, story.conclude, story.answer):
        chapter(made)
    return made


def a_member_signs_in(site: OneClerk) -> None:
    """Before the minutes are confirmed a member files a dissent, and tries what is not theirs."""
    internal = {"visibility": "internal", "ground": "operations"}
    site.post("SEC", "documents", id="doc-office", title="内部の資料", kind="other", disclosure=internal)
    headers = {"Authorization": f"Bearer {site.tokens['SEC']}"}
    held = site.client.post(
        "/api/v1/documents/doc-office/content",
        data=b"%PDF-1.4\n%%EOF\n",
        content_type="application/pdf",
        headers=headers,
    )
    assert held.status_code == 200, held.get_json()
    token, file = site.token("MEM", f"p-{story.SEATS[7]}"), "/api/v1/matters/matter-desk/file-dissent"
    tried = {
        "own": ("POST", file, dissent(dissent_id="d-8", holder=story.SEATS[7])),
        "another's": ("POST", file, dissent(dissent_id="d-9", holder=story.SEATS[8])),
        "an office document": ("GET", "/api/v1/documents/doc-office/content", {}),
        "a staff page": ("GET", "/due", {}),
        "what is due": ("GET", "/api/v1/due", {}),
        "opening a meeting": ("POST", "/api/v1/meetings/meeting-1/open", {}),
    }
    site.member = {}
    for name, (method, path, body) in tried.items():
        status, said = site.ask(method, path, token, **body)
        site.member[name] = (status, (said or {}).get("code"))
    wrong = {"actor": {"role": "MEM", "party": CHAIR}, "evidence": WAS_THERE}
    not_theirs = dissent(dissent_id="d-7", holder=story.SEATS[6], record=wrong)
    status, said = site.ask("POST", file, site.tokens["SEC"], **not_theirs)
    assert (status, said["code"], said["errors"][0]["pointer"]) == (403, "NOT_YOURSELF", "/holder")


def events(site: OneClerk, type_: str) -> list[dict[str, Any]]:
    return list(site.get(f"events?type={type_}&limit=50", "SEC")["items"])


def test_actor_and_recorder_stand_apart_in_every_event(site: OneClerk) -> None:
    (opened,) = events(site, "MeetingOpened")
    assert (opened["who"]["role"], opened["who"]["party"]) == ("CHR", CHAIR)
    assert opened["recorded_by"]["role"] == "SEC"
    assert opened["recorded_by"]["party"].startswith("p-account-")
    assert opened["evidence"]["kind"] == "minute_taker"
    (decided,) = events(site, "CityDecisionRecorded")
    assert (decided["who"]["role"], decided["recorded_by"]["role"]) == ("APR", "SEC")
    assert decided["evidence"]["reference"] == "受信番号 114"
    proposed = events(site, "OptionProposed")[0]
    assert (proposed["who"]["party"], proposed["source"]["locator"]) == (MEMBER, "3頁")
    (scheduled,) = events(site, "MeetingScheduled")
    assert (scheduled["who"]["role"], scheduled["recorded_by"], scheduled["evidence"]) == ("SEC", None, None)


def test_the_public_is_told_the_roles_and_the_kind_of_evidence(site: OneClerk) -> None:
    (opened,) = site.get("events?type=MeetingOpened")["items"]
    assert (opened["who"]["party"], opened["recorded_by"]["party"]) == (None, None)
    (decided,) = site.get("events?type=CityDecisionRecorded")["items"]
    assert decided["evidence"] == {
        "kind": "mail",
        "label": {"ja": "メール", "en": "a mail"},
        "on": "2030-07-20",
        "reference": None,
    }


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("/trails/meeting-1", "座長（記録: 事務局、根拠: 会議録作成者として在席）"),
        ("/trails/matter-desk", "委員（記録: 事務局、根拠: 提案用紙 3頁）"),
        ("/trails/matter-desk", "決裁権者（記録: 事務局、根拠: メール（令和12年(2030年)7月20日））"),
        ("/matters/matter-desk", "（記録: 事務局、根拠: メール（令和12年(2030年)7月20日））"),
        ("/meetings/meeting-1", "（記録: 事務局、根拠: 会議録作成者として在席）"),
        ("/timeline", "（記録: 事務局、根拠: "),
        (
            "/en/trails/meeting-1",
            "chair (recorded by: the secretariat; evidence: was present as minute taker)",
        ),
    ],
)
def test_pages_name_who_did_it_and_who_wrote_it_down(site: OneClerk, page: str, said: str) -> None:
    for token in (None, site.tokens["SEC"]):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        text = text_of(site.client.get(page, headers=headers, follow_redirects=True).get_data(as_text=True))
        assert said in text, page
        assert "p-account" not in text


def text_of(html: str) -> str:
    """The words of a page without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html)).replace("（ ", "（").replace(" ）", "）")


def test_the_log_keeps_its_own_law(site: OneClerk) -> None:
    store = open_store(site.url)
    assert [v for v in decide_log_anew(store) if v.broken] == []
    store.close()


def dissent(**fields: Any) -> dict[str, Any]:
    text = "説明会を開いてからにすべきである。"
    return {"kind": "minority", "text": text, "meeting_id": "meeting-1", **fields}


def test_nothing_is_recorded_on_behalf_without_evidence_by_the_wrong_hand_or_of_somebody_unknown(
    site: OneClerk,
) -> None:
    file = "/api/v1/matters/matter-desk/file-dissent"
    head, own = site.get("views")["position"], dissent(dissent_id="d-9", holder=story.SEATS[5])
    by_member = {"role": "MEM", "party": MEMBER}
    tried = [
        ("SEC", own, 403, "ACTOR_REQUIRED", "/record/actor"),
        ("SEC", own | {"record": {"actor": by_member}}, 422, "EVIDENCE_REQUIRED", "/record/source"),
        (
            "SEC",
            own | {"record": {"actor": by_member, "evidence": {"kind": "mail"}}},
            422,
            "EVIDENCE_REQUIRED",
            "/record/evidence/on",
        ),
        (
            "SEC",
            own | {"record": {"actor": {"role": "MEM", "party": "p-nobody"}, "evidence": WAS_THERE}},
            422,
            "ACTOR_UNKNOWN",
            "/record/actor/party",
        ),
        (
            "SEC",
            own | {"record": {"actor": {"role": "APR"}, "evidence": WAS_THERE}},
            403,
            "FORBIDDEN",
            "/record/actor/role",
        ),
        (
            "CHR",
            own | {"record": {"actor": by_member, "evidence": WAS_THERE}},
            403,
            "NOT_YOURSELF",
            "/record/actor",
        ),
    ]
    for role, body, status, code, pointer in tried:
        answered, said = site.ask("POST", file, site.tokens[role], **body)
        assert (answered, said["code"], said["errors"][0]["pointer"]) == (status, code, pointer), (role, body)
    assert site.get("views")["position"] == head


def test_nobody_approves_a_correction_or_redacts_for_another(site: OneClerk) -> None:
    by_chair = {"record": {"actor": {"role": "CHR", "party": CHAIR}, "evidence": WAS_THERE}}
    approve = "/api/v1/matters/matter-desk/approve-correction"
    status, said = site.ask("POST", approve, site.tokens["SEC"], correction_id="fix-1", **by_chair)
    assert (status, said["code"]) == (403, "FORBIDDEN")


def test_a_member_dissents_for_their_own_seat_and_for_no_other(site: OneClerk) -> None:
    assert site.member == {
        "own": (200, None),
        "another's": (403, "NOT_YOURSELF"),
        "an office document": (403, "CONTENT_CLOSED"),
        "a staff page": (403, None),
        "what is due": (403, "FORBIDDEN"),
        "opening a meeting": (403, "FORBIDDEN"),
    }
    (own,) = (e for e in events(site, "DissentFiled") if e["recorded_by"] is None)
    assert (own["who"]["role"], own["who"]["party"]) == ("MEM", f"p-{story.SEATS[7]}")

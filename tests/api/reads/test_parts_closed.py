"""A sentence of a text and an item of a list are closed by themselves: everywhere, and the rest stays."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from projections.engine.store import Store
from tests.api.conftest import TellerOf
from tests.support.given import give
from tests.support.stories.assemblies import MEETING, given_a_council, given_a_meeting

CLOSED = {"visibility": "closed", "ground": "personal"}
FIRST = (
    "第二章に、相談窓口を公民館の巡回で開くことと、費用を年に八十万円と見込むことを加え、"
    "市民会議の意見を別の紙にまとめて付けました（架空）。"
)
NUMBER = "連絡先は架空市役所の橋本で、電話は零零零の壱弐参四です。"
LAST = "次の改訂は、二年後の見直しのあとに行い、そのときも市民会議の意見を聴きます。"
TEXT = FIRST + NUMBER + LAST
PEOPLE = ("架空の橋本花子が出した意見", "公民館の巡回について")
WHERE = (
    *("/sources/doc-a", "/sources/doc-a.json", "/trails/doc-a", "/api/v1/documents/doc-a/trail"),
    *("/api/v1/sources/doc-a", "/api/v1/sources", "/api/v1/events", "/api/v1/events?format=ndjson"),
    *(
        "/api/v1/events/1",
        "/api/v1/events/2",
        "/events/2",
        "/sources",
    ),
    *(
        "/changes?from=2020-01-01&id=doc-a",
        "/api/v1/documents/doc-a/changes?from=2020-01-01",
        "/en/trails/doc-a",
    ),
    *("/changes?from=2020-01-01", "/api/v1/changes?from=2020-01-01", "/api/v1/search?q=" + quote("見直し")),
    *(
        "/search?q=" + quote("見直し"),
        "/sources/doc-a?as_known_on=2027-01-01",
        "/trails/doc-a?in_force_on=2027-01-01",
    ),
)


@pytest.fixture
def told(store: Store) -> Store:
    app, public = store.application, {"visibility": "public"}
    give(app, "SEC", "Document", "doc-a", "register", kind="other", disclosure=public, headings=list(PEOPLE))
    give(app, "SEC", "Document", "doc-a", "revise", change=TEXT)
    return store


def close(store: Store, version: int, *names: str, by: str = "r") -> None:
    about: dict[str, Any] = {"redaction_id": by, "target_version": version, "redacted": CLOSED}
    give(
        store.application,
        "DIS",
        "Document",
        "doc-a",
        "redact",
        **about,
        reason="個人情報",
        fields=list(names),
    )


def all_of(client: FlaskClient) -> dict[str, str]:
    answers = {address: client.get(address) for address in WHERE}
    assert {a: r.status_code for a, r in answers.items() if r.status_code >= 500} == {}
    return {address: answer.get_data(as_text=True) for address, answer in answers.items()}


def test_a_closed_sentence_leaves_the_rest_of_the_text(told: Store, client: FlaskClient) -> None:
    before = all_of(client)
    close(told, 2, "/data/change/@text/1")
    after = all_of(client)
    assert sum("橋本で" in text for text in before.values()) >= 8
    assert [a for a, text in after.items() if "橋本で" in text or "零零零" in text] == []
    open_still = [a for a, text in before.items() if FIRST[:20] in text]
    assert [a for a in open_still if FIRST[:20] not in after[a] or "■■■" not in after[a]] == []
    event = client.get("/api/v1/events/2").get_json()
    assert (
        event["data"]["change"]
        == f"{FIRST}■■■非公開（理由: 個人情報） / not public (personal information)。{LAST}"
    )
    assert list(event["closed_fields"]) == ["/data/change/@text/1"]
    assert event["closed"] is None


def test_a_closed_sentence_is_not_found_and_the_others_are(told: Store, client: FlaskClient) -> None:
    close(told, 2, "/data/change/@text/1")
    for words, hits in (("零零零", 0), ("橋本で", 0), ("見込むこと", 1), ("見直しのあと", 1)):
        found = client.get(f"/api/v1/search?q={quote(words)}").get_json()
        assert (words, found["total"]["count"]) == (words, hits)


def test_the_office_reads_on(told: Store, client: FlaskClient, teller: TellerOf) -> None:
    close(told, 2, "/data/change/@text/1")
    clerk, member = teller("SEC"), teller("MEM")
    for who, reads in ((clerk, True), (member, False)):
        headers = {"Authorization": f"Bearer {who.token}"}
        assert ("零零零" in client.get("/api/v1/events/2", headers=headers).get_data(as_text=True)) is reads


def test_a_closed_item_leaves_the_other_items(told: Store, client: FlaskClient) -> None:
    close(told, 1, "/data/headings/0")
    after = all_of(client)
    assert [a for a, text in after.items() if "橋本花子" in text] == []
    (first, second) = client.get("/api/v1/events/1").get_json()["data"]["headings"]
    assert (first[:3], second) == ("非公開", PEOPLE[1])
    assert client.get("/api/v1/sources/doc-a").get_json()["headings"][1] == PEOPLE[1]


def test_two_redactions_close_both_and_lifting_one_opens_what_the_other_leaves(
    told: Store, client: FlaskClient
) -> None:
    close(told, 2, "/data/change/@text/1", by="r-1")
    close(told, 2, "/data/change/@text/2", by="r-2")
    give(
        told.application, "DIS", "Document", "doc-a", "lift_redaction", redaction_id="r-2", reason="広すぎた"
    )
    text = client.get("/api/v1/events/2").get_json()["data"]["change"]
    assert "零零零" not in text and LAST in text
    assert client.get(f"/api/v1/search?q={quote('零零零')}").get_json()["total"]["count"] == 0


@pytest.mark.parametrize("names", [["/data/change/@text/1"], ["change"], []])
def test_a_corrected_text_is_closed_until_it_is_said_what_of_it_is(
    told: Store, client: FlaskClient, names: list[str]
) -> None:
    """The sentences of a corrected text may be others: nothing that was closed comes to stand in the open,
    nor in what the correction says stood there before."""
    close(told, 2, *names)
    changes = [{"field": "change", "after": NUMBER + FIRST + LAST}]
    app, about = told.application, {"correction_id": "c", "reason": "順序の誤り（架空）"}
    give(app, "SEC", "Document", "doc-a", "propose_correction", target_version=2, changes=changes, **about)
    give(app, "APR", "Document", "doc-a", "approve_correction", correction_id="c")
    after = all_of(client)
    assert [a for a, text in after.items() if "零零零" in text] == []
    event = client.get("/api/v1/events/2").get_json()
    assert (event["data"] or {"change": event["closed"]["ja"]})["change"].startswith("非公開")


def test_a_title_stays_closed_until_nothing_closes_it(store: Store, client: FlaskClient) -> None:
    app = store.application
    public = {"visibility": "public"}
    give(
        app, "SEC", "Document", "doc-a", "register", kind="other", disclosure=public, title="橋本花子の意見書"
    )
    close(store, 1, "title", by="r-1")
    close(store, 1, by="r-2")
    seen = lambda: "橋本花子" in client.get("/api/v1/documents/doc-a/trail").get_data(as_text=True)  # noqa: E731
    assert not seen()
    for act in ("r-1", "r-2"):
        assert not seen()
        give(app, "DIS", "Document", "doc-a", "lift_redaction", redaction_id=act, reason="公表された")
    assert seen()


def test_a_closed_day_is_closed_where_the_event_took_effect(store: Store, client: FlaskClient) -> None:
    """An event's own date and the day it took effect are one fact: closed with one another."""
    app, public = store.application, {"visibility": "public"}
    dated = {"value": "2019-03-17", "precision": "day", "basis": "stated"}
    about: dict[str, Any] = {"kind": "other", "disclosure": public, "title": "覚え書き", "dated": dated}
    give(app, "SEC", "Document", "doc-a", "register", **about)
    give(app, "SEC", "Document", "doc-a", "revise", change=TEXT)
    shown = ("2019-03-17", "2019年3月17日", "17 March 2019", "平成31年3月17日")
    before = all_of(client)
    close(store, 1, "/data/dated/value")
    after = all_of(client)
    assert sum(any(day in text for day in shown) for text in before.values()) >= 6
    assert [a for a, text in after.items() if any(day in text for day in shown)] == []


def test_a_page_says_in_its_own_language_that_something_is_closed(told: Store, client: FlaskClient) -> None:
    close(told, 2, "/data/change/@text/1")
    japanese, english = (client.get(f"{tag}/trails/doc-a").get_data(as_text=True) for tag in ("", "/en"))
    assert "■■■非公開（理由: 個人情報）。" in japanese and "not public (" not in japanese
    assert "■■■not public (personal information)。" in english and "非公開（" not in english


def test_what_else_of_an_event_is_closed_leaves_the_title_it_gave(store: Store, client: FlaskClient) -> None:
    app = store.application
    about = {
        "title": "相談窓口の開き方（架空）",
        "question": "橋本花子の求めにどう答えるか。",
        "practice": "慣行",
    }
    give(app, "SEC", "Matter", "matter-a", "raise_matter", **about)
    call = ("DIS", "Matter", "matter-a")
    act = {"target_version": 1, "redacted": CLOSED, "reason": "個人情報"}
    give(app, *call, "redact", redaction_id="r-1", fields=["question"], **act)
    for address in ("/matters", "/matters/matter-a", "/trails/matter-a", "/api/v1/matters"):
        text = client.get(address).get_data(as_text=True)
        assert ("相談窓口の開き方" in text, "橋本花子" in text) == (True, False), address
    give(app, *call, "redact", redaction_id="r-2", fields=["title"], **act)
    for address in ("/matters", "/matters/matter-a", "/trails/matter-a", "/api/v1/matters"):
        assert "相談窓口の開き方" not in client.get(address).get_data(as_text=True), address


class Meetings:
    """A store, told of meetings as a TestRecord is."""

    def __init__(self, store: Store):
        self.store = store

    def do(self, role: str, kind: str, entity: str, command: str, /, **arguments: Any) -> None:
        give(self.store.application, role, kind, entity, command, **arguments)


def test_a_meeting_whose_days_are_closed_is_shown_without_them(store: Store, client: FlaskClient) -> None:
    """Each alone: its page showed nothing but an error."""
    told: Any = Meetings(store)
    given_a_council(told, 3)
    given_a_meeting(told, "report")
    told.do("SEC", "Meeting", MEETING, "notify", notice_on="2026-05-03", publicity="open")
    assert "2026年)5月3日" in client.get(f"/meetings/{MEETING}").get_data(as_text=True)
    act = {"target_version": 3, "redacted": CLOSED, "reason": "個人情報"}
    told.do("DIS", "Meeting", MEETING, "redact", redaction_id="r-1", fields=["notice_on"], **act)
    answer = client.get(f"/meetings/{MEETING}")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200 and "架空会館" in text and "2026年)5月3日" not in text


def test_the_amount_as_a_source_states_it_may_be_closed_by_itself(store: Store, client: FlaskClient) -> None:
    app, call = store.application, ("SEC", "PlanAction", "action-a")
    give(app, "IMP", "PlanAction", "action-a", "register", importing=True, title_ja="架空の催し")
    money = {"fiscal_year": 2026, "kind": "initial", "amount_yen": 3_400_000, "document_no": "架空第1号"}
    give(app, *call, "allocate_budget", **money, stated_amount=3_400, stated_unit="千円")
    trail = lambda: client.get("/trails/action-a").get_data(as_text=True)  # noqa: E731
    assert "3,400千円" in trail()
    act = {"target_version": 2, "redacted": CLOSED, "reason": "個人情報"}
    give(app, "DIS", "PlanAction", "action-a", "redact", redaction_id="r", fields=["stated_amount"], **act)
    assert "3,400千円" not in trail() and "¥3,400,000" in trail()

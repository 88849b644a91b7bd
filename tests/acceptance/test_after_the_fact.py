"""A year of work, all typed on one day, through HTTP: nothing is of that day but that it was recorded."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.acceptance.site import Site

TYPED = "2026-11-30"
SEATS = [f"seat-{n}" for n in range(1, 6)]
REMIT = {"instrument_id": "law-sample", "article": 17, "paragraph": 2}
MEMBER = {"source": {"document_id": "doc-minutes", "locator": "2頁"}}


def on(day: str) -> dict[str, str]:
    return {"effective": day}


@pytest.fixture
def site(database_url: str) -> Iterator[Site]:
    """A council that met on 20 May without anybody having typed anything; then everything is typed at once:
    a survey of 20 March, a matter of April, a meeting with 異議なし, the city's decision of 20 August."""
    made = Site(database_url)
    made.on_the(TYPED)
    post = made.post
    post("SEC", "parties/-/register-organisation", id="org-sample", name_ja="架空市", category="municipality")
    post("SEC", "ordinances", id="law-sample", title_ja="架空市市民協働条例", enacted="2025-04-01")
    basis = {**REMIT, "paragraph": 1}
    post(
        "SEC",
        "councils",
        id="council-sample",
        name_ja="架空市民会議",
        established_on="2025-05-01",
        legal_basis=basis,
        record=on("2025-05-01"),
    )
    numbered = {"document_no": "架空第1号"}
    post("SEC", "councils/council-sample/open-term", term_no=1, from_date="2025-06-01", record=numbered)
    for seat in SEATS:
        post("SEC", "parties", id=f"p-{seat}", name=f"架空 {seat}")
        who = {"appointment_id": seat, "party_id": f"p-{seat}", "category": "public_recruitment"}
        since = {"term_no": 1, "from_date": "2025-06-01", "record": numbered}
        post("SEC", "councils/council-sample/appoint", **who, **since)
    public = {"visibility": "public"}
    survey = {"title": "団体アンケート", "kind": "survey", "disclosure": public, "dated": "2026-03-20"}
    post("SEC", "documents", id="doc-survey", **survey)
    post("SEC", "documents", id="doc-minutes", title="会議録", kind="minutes", disclosure=public)

    matter = {
        "title": "相談窓口",
        "question": "どう設けるか。",
        "council_id": "council-sample",
    }
    post("SEC", "matters", id="matter-desk", **matter, remit=REMIT, record=on("2026-04"))
    option = {"option_id": "option-1", "label": "市役所内に置く"}
    post("SEC", "matters/matter-desk/propose-option", **option, record=on("2026-04"))
    attached = {"evidence_id": "e1", "document_id": "doc-survey", "kind": "survey"}
    post("SEC", "matters/matter-desk/attach-evidence", **attached, record=on("2026-04-24"))
    post("CHR", "matters/matter-desk/freeze-options", record=on("2026-05-01"))

    about = {"council_id": "council-sample", "kind": "plenary", "place": "架空会館"}
    post("SEC", "meetings", id="meeting-1", **about, starts_at="2026-05-20T19:00:00+09:00")
    item = {"item_id": "item-1", "order": 1, "title": "相談窓口", "type": "decision"}
    post("SEC", "meetings/meeting-1/list-item", **item, matter_id="matter-desk", record=on("2026-05-10"))
    room = {"presiding": SEATS[0], "present": SEATS[1:]}
    post("CHR", "meetings/meeting-1/open", at="2026-05-20T19:00:00+09:00", **room)
    said = {"statement_id": "s1", "item_id": "item-1", "stance": "for", "text": "小さく始めたい。"}
    post("SEC", "meetings/meeting-1/record-statement", **said, speaker=SEATS[1])
    taken = {
        "item_id": "item-1",
        "resolution_id": "res-1",
        "options_version": 1,
        "at": "2026-05-20T19:40:00+09:00",
    }
    how = {"method": "no_objection", "result": "adopted"}
    post("CHR", "meetings/meeting-1/take-resolution", **taken, **how)
    chosen = {"chosen_option": "option-1", "reason": "近づきやすいため。"}
    post("SEC", "matters/matter-desk/conclude", meeting_id="meeting-1", resolution_ref="res-1", **chosen)
    sent = {"form": "report", "to": "org-sample", "on": "2026-06-01"}
    post("SEC", "matters/matter-desk/transmit", **sent)
    decided = {
        "authority": "mayor",
        "document_no": "架空市第9号",
        "decided_on": "2026-08-20",
        "text": "設ける。",
    }
    post("APR", "matters/matter-desk/record-city-decision", **decided)
    yield made
    made.close()


def test_nothing_says_the_day_of_typing_but_that_it_was_recorded_then(site: Site) -> None:
    (matter,) = site.get("questions/S5?id=matter-desk", "SEC")["answer"]["matters"]
    assert [e["evidence_id"] for e in matter["before_them"]] == ["e1"]
    assert matter["resolved"]["effective"]["value"] == "2026-05-20T10:40:00Z"

    events = {e["type"]: e for e in site.get("events?limit=200", "SEC")["items"]}
    assert events["MatterConcluded"]["effective"]["label"]["en"] == "20 May 2026 19:40"
    assert events["StatementRecorded"]["effective"]["full_label"]["ja"] == "令和8年(2026年)5月20日・推定"
    dated = {name for name, e in events.items() if "2026-11-30" in (e["effective"]["value"] or "")}
    assert dated <= {"PersonRegistered"}  # which is done by being recorded

    steps = [s["type"] for s in site.get("matters/matter-desk/trail", "SEC")["own"]["steps"]]
    order = ["MatterRaised", "MatterConcluded", "ConclusionTransmitted", "CityDecisionRecorded"]
    assert [name for name in steps if name in order] == order

    for address in ("/matters/matter-desk", "/en/matters/matter-desk", "/meetings/meeting-1"):
        page = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", site.client.get(address).get_data(as_text=True)))
        for found in re.finditer("11月30日|30 November", page):
            around = page[max(0, found.start() - 60) : found.end() + 30]
            assert "記録" in around or "recorded" in around.lower(), around


def test_what_nobody_dates_is_warned_of_and_printed_as_not_recorded(site: Site) -> None:
    said = site.post(
        "SEC", "matters", id="matter-2", title="架空", question="何を。", practice="慣行（架空）"
    )
    (warning,) = said["warnings"]
    assert warning["code"] == "WHEN_NOT_TOLD" and "11月30日" in warning["detail"]
    page = site.client.get("/matters/matter-2").get_data(as_text=True)
    assert "日付の記録なし" in page

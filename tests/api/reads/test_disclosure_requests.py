"""Requests for disclosure as data: for the secretariat and the disclosure officer, and for nobody else."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

from tests.api.conftest import TellerOf

ITEMS = [{"item_id": "item-1", "what": "打合せの記録"}, {"item_id": "item-2", "what": "見積書"}]


def asked_for(teller: Any, **wanted: str) -> list[Any]:
    query = "&".join(f"{name}={value}" for name, value in wanted.items())
    bearer = {"Authorization": f"Bearer {teller.token}"}
    return list(teller.client.get(f"/api/v1/disclosure-requests?{query}", headers=bearer).get_json()["items"])


def test_a_request_is_listed_with_its_terms_and_a_decision_on_each_item(
    teller: TellerOf, client: FlaskClient
) -> None:
    clerk, officer = teller("SEC"), teller("DIS")
    received = {"kind": "information", "received_on": "2026-05-01", "due_on": "2026-05-16"}
    body = {"id": "request-1", **received, "requested": ITEMS, "name": "架空 花子"}
    assert clerk.post("disclosure-requests", body).status_code == 201
    longer = {"on": "2026-05-12", "due_on": "2026-06-15", "reason": "大量のため（架空）"}
    assert clerk.post("disclosure-requests/request-1/extend", longer).status_code == 200
    shown = {"item_id": "item-1", "decision": "disclosed", "decided_on": "2026-05-20"}
    assert officer.post("disclosure-requests/request-1/decide", shown).status_code == 200
    (listed,) = asked_for(officer, kind="information")
    assert (listed["request_id"], listed["state"], listed["due_on"]) == (
        "request-1",
        "received",
        "2026-06-15",
    )
    decided = {item: [d["decision"] for d in told["decided"]] for item, told in listed["items"].items()}
    assert decided == {"item-1": ["disclosed"], "item-2": []}
    assert "花子" not in repr(listed) and "vault_ref" not in listed["received"]
    not_held = {"item_id": "item-2", "decision": "not_held", "decided_on": "2026-05-21"}
    assert officer.post("disclosure-requests/request-1/decide", not_held).status_code == 200
    assert clerk.post(
        "disclosure-requests/request-1/request-review", {"item_id": "item-2", "on": "2026-06-01"}
    )
    change = {"item_id": "item-2", "on": "2026-06-20", "maintained": False, "reason": "理由（架空）"}
    assert officer.post("disclosure-requests/request-1/decide-review", change).status_code == 200
    assert [r["state"] for r in asked_for(clerk)] == ["received"]
    assert asked_for(clerk, state="closed") == []
    assert client.get("/api/v1/disclosure-requests").status_code in (401, 403)
    member = teller("MEM")
    bearer = {"Authorization": f"Bearer {member.token}"}
    assert member.client.get("/api/v1/disclosure-requests", headers=bearer).status_code == 403


def test_the_page_tells_what_was_decided_and_not_who_asked(teller: TellerOf, client: FlaskClient) -> None:
    clerk, officer = teller("SEC"), teller("DIS")
    received = {"kind": "information", "received_on": "2026-05-01", "due_on": "2026-05-16"}
    body = {"id": "request-1", **received, "requested": ITEMS, "name": "架空 花子", "request_no": "第1号"}
    assert clerk.post("disclosure-requests", body).status_code == 201
    shown = {"item_id": "item-1", "decision": "disclosed", "decided_on": "2026-05-20"}
    assert officer.post("disclosure-requests/request-1/decide", shown).status_code == 200
    page, bearer = "/disclosure-requests", {"Authorization": f"Bearer {clerk.token}"}
    japanese = client.get(page, headers=bearer).get_data(as_text=True)
    told = ("打合せの記録", "見積書", "まだ決定されていません", "開示", "第1号", "期限を過ぎています")
    assert [words for words in told if words not in japanese] == [] and "花子" not in japanese
    english = client.get(f"/en{page}?state=received", headers=bearer).get_data(as_text=True)
    assert "disclosed" in english and "overdue" in english
    closed = client.get(f"{page}?state=closed", headers=bearer).get_data(as_text=True)
    assert "請求・申出は記録されていません" in closed
    assert client.get(page).status_code == 303
    other = {"Authorization": f"Bearer {teller('APR').token}"}
    assert [client.get(f"{page}{ending}", headers=other).status_code for ending in ("", ".json")] == [
        403,
        403,
    ]

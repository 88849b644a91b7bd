"""Requests on the desk: the list with terms, and one case with its decisions, its material and its answer."""

from __future__ import annotations

import re

from flask import Flask

from tests.api.office.test_mending import csrf_of, events, signed_in, text
from tests.api.office.test_mending import year as year
from tests.support.given import give

CASE = "request-a"


def test_a_case_is_searched_extended_decided_and_answered_on_one_page(year: Flask) -> None:
    application = year.extensions["kyodo-store"].get().application
    asked = {"item_id": "item-1", "what": "市の決定の理由", "thing_id": "matter-plan"}
    due = {"received_on": "2026-11-20", "due_on": "2026-12-05", "request_no": "情公第7号"}
    give(
        application, "SEC", "DisclosureRequest", CASE, "receive", kind="information", requested=[asked], **due
    )
    clerk, officer = signed_in(year, "clerk"), signed_in(year, "officer")
    assert f'href="/desk/cases/{CASE}"' in text(clerk.get("/desk/cases"))
    assert signed_in(year, "head").get("/desk/cases").status_code == 403
    page = clerk.get(f"/desk/cases/{CASE}?q=計画")
    assert 'value="decide"' not in text(page) and "2027-01-04" in text(page)
    thing = re.findall(r'value="attach ([^"]+)"', text(page))[0]
    token = {"csrf_token": csrf_of(page)}
    clerk.post(f"/desk/cases/{CASE}", data=token | {"key": "k1", "act": f"attach {thing}"})
    assert [len(e.data.requested) for e in events(year, types=["RequestAmended"])] == [2]
    longer = {"key": "k2", "act": "extend", "due_on": "R9.1.4", "extend-reason": "量が多いため"}
    clerk.post(f"/desk/cases/{CASE}", data=token | longer)
    assert events(year)[-1].type == "RequestDeadlineExtended"
    own = {
        "csrf_token": csrf_of(officer.get(f"/desk/cases/{CASE}")),
        "act": "decide",
        "decided_on": "2026-11-30",
    }
    closed = own | {"key": "k3", "decision-item-1": "not_disclosed"}
    refused = officer.post(f"/desk/cases/{CASE}", data=closed)
    assert refused.status_code == 422 and "根拠の条項と理由が必要です" in text(refused)
    both = {
        "key": "k4",
        "decision-item-1": "disclosed",
        "decision-item-2": "not_held",
        "reason-item-2": "作っていない",
    }
    officer.post(f"/desk/cases/{CASE}", data=own | both)
    assert [e.type for e in events(year)[-2:]] == ["RequestItemDecided"] * 2
    letter = text(officer.get(f"/desk/cases/{CASE}")).split('id="letter"')[1]
    assert "市の決定の理由：開示" in letter and "作っていない" in letter

"""Roles for a body and a period through HTTP: in force as soon as they are on record, for that body alone,
and told to nobody outside the office."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from api.access.accounts import Accounts
from api.access.tokens import Tokens
from domain.values.calendar import day_in_japan
from projections.rebuild.deciding import decide_log_anew
from projections.registry import open_store
from tests.acceptance.site import Site

TODAY = day_in_japan(dt.datetime.now(dt.UTC))
FIRST = {"value": "2026-04-01", "precision": "day"}
NUMBERED = {"record": {"document_no": "8市協第1号"}}


@pytest.fixture
def site(database_url: str) -> Iterator[Site]:
    made = Site(database_url)
    basis = {"instrument_id": "law-r", "article": 17, "paragraph": 1}
    made.post("SEC", "ordinances", id="law-r", title_ja="架空条例", enacted="2026-01-01")
    for council in ("council-a", "council-b"):
        about = {
            "id": council,
            "name_ja": f"架空の会議{council}",
            "established_on": FIRST,
            "legal_basis": basis,
        }
        made.post("SEC", "councils", **about, **NUMBERED)
    store = open_store(database_url)
    accounts, tokens = Accounts(store.engine), Tokens(store.engine)
    made.tokens["clerk"] = tokens.make(accounts.add("clerk", [], "p-clerk"), "test")
    store.close()
    yield made
    made.close()


def raise_matter(site: Site, name: str, council: str) -> tuple[int, str | None]:
    body = {
        "id": name,
        "title": "架空",
        "question": "どうするか。",
        "practice": "慣行",
        "council_id": council,
    }
    headers = {"Authorization": f"Bearer {site.tokens['clerk']}"}
    answer = site.client.post("/api/v1/matters", json=body, headers=headers)
    return answer.status_code, answer.get_json().get("code")


def grant(site: Site, name: str, **more: Any) -> None:
    given = {"party_id": "p-clerk", "role": "SEC", "from_date": TODAY.isoformat(), **more}
    site.post("SEC", "role-grants", id=name, **given)


def test_a_role_is_held_for_its_body_and_its_period_and_until_it_is_revoked(site: Site) -> None:
    assert raise_matter(site, "matter-0", "council-a") == (403, "FORBIDDEN")
    day = dt.timedelta(days=1)
    grant(site, "grant-past", from_date="2026-04-01", to_date=(TODAY - day).isoformat())
    grant(site, "grant-coming", from_date=(TODAY + day).isoformat())
    assert raise_matter(site, "matter-0", "council-a") == (403, "FORBIDDEN")
    grant(site, "grant-a", body="council-a", deputy=True, document_no="8人第1号")
    assert raise_matter(site, "matter-a", "council-a") == (201, None)
    assert raise_matter(site, "matter-b", "council-b") == (403, "OTHER_BODY")
    yesterday = {"last_day": (TODAY - day).isoformat(), "reason": "応援の終了"}
    site.post("SEC", "role-grants/grant-a/revoke-role", **yesterday)
    assert raise_matter(site, "matter-c", "council-a") == (403, "FORBIDDEN")
    held = site.get("role-grants?body=council-a", "SEC")["items"]
    assert [(h["role"], h["deputy"], h["to_date"]) for h in held] == [("SEC", 1, yesterday["last_day"])]
    store = open_store(site.url)
    assert [v for v in decide_log_anew(store) if v.broken] == []
    store.close()


def test_who_holds_which_role_is_told_to_the_office_alone(site: Site) -> None:
    grant(site, "grant-a", body="council-a")
    for role in (None, "MEM", "CHR"):
        (told,) = site.get("events?type=RoleGranted", role)["items"]
        assert told["data"] is None and told["closed"]["ja"]
        assert "p-clerk" not in site.client.get("/api/v1/events?type=RoleGranted").get_data(as_text=True)
        headers = {"Authorization": f"Bearer {site.tokens[role]}"} if role else {}
        assert site.client.get("/api/v1/role-grants", headers=headers).status_code in (401, 403)
    (event,) = site.get("events?type=RoleGranted", "SEC")["items"]
    assert event["data"]["party_id"] == "p-clerk" and "clerk@" not in str(event)
    own = {"party_id": site.get("events?limit=1", "SEC")["items"][0]["who"]["party"], "role": "DIS"}
    headers = {"Authorization": f"Bearer {site.tokens['SEC']}"}
    tried = {**own, "from_date": TODAY.isoformat(), "record": {"note": "自分に"}}
    answer = site.client.post("/api/v1/role-grants", json=tried, headers=headers)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "ROLE_FOR_ONESELF")

"""Names of people: seen by those whose work it is, which is noted; by everybody where the council's rules
say so; never in the bytes of the log."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from projections.registry import open_store
from projections.tables.durable import ACCESS_LOG
from projections.tables.log_table import LOG
from tests.acceptance.site import Site

FIRST = {"value": "2026-04-01", "precision": "day"}
NUMBERED = {"record": {"document_no": "8市協第1号"}}
MEMBERS = {"p-1": "架空 花子", "p-2": "架空 次郎"}


@pytest.fixture
def site(database_url: str) -> Iterator[Site]:
    made = Site(database_url)
    made.post("SEC", "ordinances", id="law-n", title_ja="架空条例", enacted="2026-01-01")
    basis = {"instrument_id": "law-n", "article": 17, "paragraph": 1}
    made.post(
        "SEC",
        "councils",
        id="council-n",
        name_ja="架空の会議",
        established_on=FIRST,
        legal_basis=basis,
        **NUMBERED,
    )
    made.post("SEC", "councils/council-n/open-term", term_no=1, from_date=FIRST)
    for party, name in MEMBERS.items():
        made.post("SEC", "parties", id=party, name=name, contact="076-220-0000", post="町会長")
        seat = {"appointment_id": f"seat-{party}", "party_id": party, "category": "public_recruitment"}
        made.post("SEC", "councils/council-n/appoint", term_no=1, from_date=FIRST, **seat, **NUMBERED)
    yield made
    made.close()


def page(site: Site, role: str | None, path: str = "/council") -> str:
    headers = {"Authorization": f"Bearer {site.tokens[role]}"} if role else {}
    return site.client.get(path, headers=headers).get_data(as_text=True)


def read_by(site: Site) -> list[tuple[str, str]]:
    """Who read whose details, in which order."""
    store = open_store(site.url)
    with store.engine.connect() as connection:
        chosen = (
            sa.select(ACCESS_LOG).where(ACCESS_LOG.c.code == "PERSONAL_DATA_READ").order_by(ACCESS_LOG.c.id)
        )
        found = [(row.roles, row.entity) for row in connection.execute(chosen)]
        assert all(row.at and row.account_id for row in connection.execute(chosen))
    store.close()
    return found


def members(site: Site, role: str | None = None) -> list[dict[str, Any]]:
    return list(site.get("councils/council-n/members", role)["items"])


def test_the_secretariat_sees_the_roster_with_names_and_that_is_noted(site: Site) -> None:
    shown = page(site, "SEC")
    assert all(name in shown for name in MEMBERS.values())
    assert "町会長・076-220-0000" in shown and "閲覧したことは記録されます" in shown
    assert read_by(site) == [("SEC", "p-1"), ("SEC", "p-2")]
    assert [m["name"] for m in members(site, "SEC")] == list(MEMBERS.values())
    details = site.get("parties/p-1/details", "SEC")
    assert (details["name"], details["post"], details["contact"]) == ("架空 花子", "町会長", "076-220-0000")
    assert read_by(site)[2:] == [("SEC", "p-1"), ("SEC", "p-2"), ("SEC", "p-1")]


def test_nobody_else_sees_a_name_without_rule_or_consent(site: Site) -> None:
    asked = (
        "/council",
        "/council.json",
        "/search?q=花子",
        "/api/v1/search?q=花子",
        "/api/v1/parties/p-1/details",
    )
    for role in (None, "APR", "DIS", "MEM", "CHR"):
        told = "".join(page(site, role, path) for path in asked)
        assert not [secret for secret in ("架空 花子", "架空 次郎", "076-220", "町会長") if secret in told], (
            role
        )
        assert '"people":[' not in told
        assert [m["name"] for m in members(site, role)] == [None, None]
    assert read_by(site) == []


def test_who_consents_is_named(site: Site) -> None:
    site.post("SEC", "parties/p-2/give-name-consent")
    assert "架空 次郎" in page(site, None) and "架空 花子" not in page(site, None)
    assert [m["name"] for m in members(site)] == [None, "架空 次郎"]


def test_the_public_sees_the_roster_that_the_council_s_rules_publish(site: Site) -> None:
    rules = {"rules_version": 1, "effective_from": FIRST, "roster_naming": "named", "adopted_on": FIRST}
    site.post("SEC", "councils/council-n/adopt-rules", **rules, **NUMBERED)
    shown = page(site, None)
    assert all(name in shown for name in MEMBERS.values())
    assert "会議規則（第1版）の定めにより公表しています" in shown and "076-220" not in shown
    assert [m["name"] for m in members(site)] == list(MEMBERS.values())
    assert all("contact" not in m and "post" not in m for m in members(site))
    assert read_by(site) == []
    may = {"value": "2026-05-01", "precision": "day"}
    later = {"rules_version": 2, "effective_from": may, "adopted_on": may}
    site.post("SEC", "councils/council-n/adopt-rules", **later, roster_naming="role", **NUMBERED)
    assert "架空 花子" not in page(site, None)


def test_a_name_is_changed_where_it_is_shown_and_stands_nowhere_in_the_log(site: Site) -> None:
    site.post("SEC", "parties/p-1/give-name-consent")
    site.post("SEC", "parties/p-1/change-details", what="name", value="新姓 花子")
    assert "新姓 花子" in page(site, None) and "架空 花子" not in page(site, None)
    assert site.get("parties/p-1/details", "SEC")["contact"] == "076-220-0000"
    (event,) = site.get("events?type=PersonDetailsChanged", "SEC")["items"]
    assert event["data"] == {"what": "name"}
    store = open_store(site.url)
    with store.engine.connect() as connection:
        log = b"".join(bytes(state) for (state,) in connection.execute(sa.text(f"SELECT state FROM {LOG}")))
    store.close()
    for secret in (*MEMBERS.values(), "花子", "新姓", "076-220", "町会長"):
        assert secret.encode() not in log


def test_an_erasure_lists_first_what_else_holds_the_name_and_takes_two(site: Site) -> None:
    public = {"visibility": "public"}
    title = "架空花子さんからの手紙"
    site.post("SEC", "documents", id="doc-letter", title=title, kind="other", disclosure=public)
    told = site.get("parties/p-1/held-elsewhere", "DIS")
    assert [text["type"] for text in told["texts"]] == ["DocumentRegistered"]
    assert told["same_name_in_vault"] == [] and len(told["cannot_reach"]) == 3
    assert read_by(site) == [("DIS", "p-1")]
    asked = {"request_no": "8個第1号", "reason": "本人の請求による"}
    site.post("SEC", "parties/p-1/request-erasure", **asked)
    site.post("DIS", "parties/p-1/erase", reason="本人の請求による")
    assert site.get("parties/p-1/details", "SEC")["name"] is None
    assert "架空 花子" not in page(site, "SEC")

"""All 53 facts of the case sheet, F00 to F52, through the public API, with source, certainty, precision."""

from typing import Any

import pytest
import yaml
from flask.testing import FlaskClient

from domain.history import KANAZAWA
from tests.acceptance.conftest import get

FILE = yaml.safe_load(KANAZAWA.read_text(encoding="utf-8"))
FACTS = [f"F{n:02d}" for n in range(53)]


def stated_in_the_file(fact: str) -> list[dict[str, Any]]:
    return [event for event in FILE["events"] if fact in event["facts"]]


def test_every_fact_is_found_with_source_certainty_and_precision(kanazawa_client: FlaskClient) -> None:
    for fact in FACTS:
        rows = get(kanazawa_client, f"/api/v1/facts?name={fact}")["items"]
        expected = stated_in_the_file(fact)
        assert expected, f"the file states no {fact}"
        assert len(rows) == len(expected), fact
        for row, event in zip(rows, expected, strict=True):
            shown = get(kanazawa_client, f"/api/v1/events/{row['position']}")
            assert shown["type"] == event["event"], fact
            assert shown["source"]["document_id"] == FILE["source_document"], fact
            assert fact in shown["source"]["facts"]
            assert shown["certainty"] == event["certainty"], fact
            assert_same_date(shown["effective"], event["effective"])
            assert_same_author(shown, event)


def assert_same_date(shown: dict[str, Any], stated: dict[str, Any]) -> None:
    for name in ("value", "precision", "earliest", "latest", "basis"):
        assert shown[name] == stated[name], name


def assert_same_author(shown: dict[str, Any], event: dict[str, Any]) -> None:
    assert shown["who"]["role"] == event["actor"]["role"]
    if event["asserted_by"].startswith("org-"):
        assert shown["asserted_by"]["party"] == event["asserted_by"]
        assert shown["asserted_by"]["name"]
    assert "presumed" not in str(shown["who"])


def test_the_files_own_checks_hold_in_the_public_ledger(kanazawa_client: FlaskClient) -> None:
    checks = FILE["checks"]
    ledger = get(kanazawa_client, "/api/v1/budgets")["items"]
    by_year: dict[int, int] = {}
    for year in ledger:
        by_year[year["fiscal_year"]] = by_year.get(year["fiscal_year"], 0) + year["initial_yen"]
    assert by_year == checks["budget_initial_yen_by_fiscal_year"]
    assert sum(by_year.values()) == checks["budget_initial_yen_total"]
    assert sum(year["spent_yen"] is not None for year in ledger) == checks["settled_amounts_known"]
    events = everything(kanazawa_client)
    exact = [e["position"] for e in events if e["effective"]["precision"] == "day"]
    assert exact == checks["events_with_day_precision"]
    staff = [e for e in events if e["type"] == "MaterialDistributed" and e["data"]["audience"] == "staff"]
    assert [e["data"]["recipients"] for e in staff] == [checks["staff_recipients_of_rulebook"]]
    assert not [e for e in events if e["type"] == "PersonRegistered"]


def everything(client: FlaskClient) -> list[dict[str, Any]]:
    page = get(client, "/api/v1/events?limit=200")
    assert page["next"] is None
    return list(page["items"])


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/api/v1/ordinances/law-participation-ordinance", "the number of the ordinance"),
        ("/api/v1/councils/council-shimin-kaigi", "names, numbers and terms of the members"),
        ("/api/v1/councils/council-shimin-kaigi", "any meeting (dates, attendance, minutes, votes, dissent)"),
        ("/api/v1/councils/council-shimin-kaigi", "the chair"),
        ("/api/v1/actions/action-citizens-forum", "dates, number of times held and participants"),
        ("/api/v1/actions/action-citizens-forum", "the settled amount (spent: unknown)"),
        ("/api/v1/actions/action-rulebook", "the number of copies made"),
        ("/api/v1/actions/action-rulebook", "how many citizens were reached"),
        ("/api/v1/studies/study-centre", "the outcome of the study: no outcome is recorded"),
    ],
)
def test_what_the_file_lists_as_unknown_is_answered_as_unknown(
    kanazawa_client: FlaskClient, path: str, said: str
) -> None:
    gaps = [gap["en"] for gap in get(kanazawa_client, path)["not_recorded"]]
    assert said in gaps


def test_the_trail_of_plan_and_group_say_what_is_not_recorded(kanazawa_client: FlaskClient) -> None:
    plan = get(kanazawa_client, "/api/v1/plans/plan-kyodo-suishin/trail")["not_recorded"]
    group = get(kanazawa_client, "/api/v1/groups/group-centre-study-team/trail")["not_recorded"]
    assert {"the formal approval by the city", "the period of the plan"} <= {gap["en"] for gap in plan}
    assert "the group's members and leader" in {gap["en"] for gap in group}


def test_no_list_has_meetings_or_members_nobody_recorded(kanazawa_client: FlaskClient) -> None:
    assert get(kanazawa_client, "/api/v1/meetings")["items"] == []
    assert get(kanazawa_client, "/api/v1/matters")["items"] == []
    assert get(kanazawa_client, "/api/v1/councils/council-shimin-kaigi/members")["items"] == []


def test_the_photograph_is_a_stub_for_the_public(kanazawa_client: FlaskClient) -> None:
    (row,) = get(kanazawa_client, "/api/v1/facts?name=F42")["items"]
    shown = get(kanazawa_client, f"/api/v1/events/{row['position']}")
    assert shown["data"] is None
    assert "非公開" in shown["closed"]["ja"]
    source = get(kanazawa_client, "/api/v1/sources/doc-photo-council")
    assert "caption" not in source and "非公開" in source["closed"]["ja"]

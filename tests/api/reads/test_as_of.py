"""``kyodo as-of``, and what changed between two days: in the terminal, over HTTP, on a page."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.cli.shell import REFUSED, USAGE
from domain.history import KANAZAWA
from domain.history.importing import import_history, read_history
from domain.kernel.events import EVENTS
from projections.registry import open_store
from tests.api.conftest import Run, told
from tests.projections.engine.test_corrections import FORUM, correct, redact
from tests.support.given import give
from tests.support.served import served

IMPORTED, CORRECTED = "2026-05-01", "2030-05-01"
PROBLEM, WORDS = "problem-fixed-participants", "参加者の固定化がめだってきた"
OTHER, OTHER_WORDS = "problem-engagement-gap", "市民会議委員の意識に温度差がある。"


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Kanazawa's history of 2026, a budget corrected in 2030, a person on record since then."""
    url = f"sqlite:///{tmp_path_factory.mktemp('as-of')}/record.db"
    store = open_store(url, clock=lambda: dt.datetime(2026, 5, 1, 3, tzinfo=dt.UTC))
    store.create()
    import_history(store.application, read_history(KANAZAWA))
    store.application.clock = lambda: dt.datetime(2030, 5, 1, 3, tzinfo=dt.UTC)
    correct(store, "PlanAction", FORUM, FORUM, "BudgetAllocated", amount_yen=210_000, stated_amount=210)
    redact(store, "Reflection", PROBLEM, f"reflection-{PROBLEM}", "ReflectionRecorded")
    give(store.application, "SEC", "Party", "p-new", "register_person", name="架空 花子")
    store.close()
    return url


@pytest.fixture(scope="module")
def client(record: str) -> Iterator[FlaskClient]:
    with served(record) as app:
        yield app.test_client()


@pytest.fixture
def kyodo(run: Run, record: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("DATABASE_URL", record)
    return run


# ----------------------------------------------------------------------------------- the terminal


def test_the_events_of_the_past_are_those_it_consisted_of(kyodo: Run) -> None:
    def events(*options: str) -> list[Any]:
        return [json.loads(line) for line in kyodo("events", "--json", *options).stdout.splitlines()]

    today = events()
    assert events("--known-on", "2026-04-30") == []
    known = events("--known-on", IMPORTED)
    assert known and [e["id"] for e in known] == [e["id"] for e in today if e["time"] < "2030"]
    assert events("--known-on", CORRECTED) == today
    in_2004 = events("--in-force-on", "2004-12-31")
    ended = {e["data"]["effective"].get("earliest") or "0001" for e in in_2004}
    assert in_2004 and max(ended) <= "2004-12-31"
    enacted = [
        events("--in-force-on", f"{year}-12-31", "--type", "OrdinanceEnacted") for year in (2004, 2005)
    ]
    assert [len(found) for found in enacted] == [0, 1]
    refused = kyodo("events", "--follow", "--known-on", IMPORTED)
    assert refused.exit_code == USAGE and "過去" in refused.stderr


def test_a_thing_is_shown_as_it_was(kyodo: Run) -> None:
    def budget(day: str) -> Any:
        way = told(kyodo("as-of", "--known-on", day, f"actions/{FORUM}", "--trail", "--json"))
        return next(s["data"]["amount_yen"] for s in way["own"]["steps"] if s["type"] == "BudgetAllocated")

    assert (budget(IMPORTED), budget(CORRECTED)) == (200_000, 210_000)
    shown = kyodo("--lang", "en", "as-of", "--known-on", IMPORTED, FORUM).stdout
    assert "listed_under_ja: 事業内容" in shown


def test_a_trail_a_list_a_question_and_the_whole_are_shown_as_they_were(kyodo: Run) -> None:
    way = told(kyodo("as-of", "--in-force-on", "2007-06-01", FORUM, "--trail", "--json"))
    assert way == told(kyodo("trail", FORUM, "--in-force-on", "2007-06-01", "--json"))
    assert "group-centre-study-team" not in repr(way) and way["own"]["steps"]
    groups = told(kyodo("as-of", "--in-force-on", "2007-06-01", "groups", "--json"))["items"]
    assert "group-centre-study-team" not in {group["group_id"] for group in groups}
    assert groups == told(kyodo("as-of", "--in-force-on", "2007-06-01", "group_register", "--json"))["items"]
    asked = ("P1", "--json")
    assert told(kyodo("as-of", "--known-on", "2001-01-01", *asked)) == told(
        kyodo("ask", "--known-on", "2001-01-01", *asked)
    )
    whole = told(kyodo("as-of", "--known-on", "2026-04-30", "--json"))
    assert whole["position"] == 0 and set(whole["counts"].values()) == {0}


@pytest.mark.parametrize(
    "asked",
    [("trail", FORUM), ("ask", "P1"), ("search", "協働"), ("due",), ("metrics",), ("as-of", "actions")],
)
def test_every_answer_takes_both_days(kyodo: Run, asked: tuple[str, ...]) -> None:
    days = ("--known-on", "令和12年5月1日", "--in-force-on", "2008-03-31")
    assert told(kyodo(*asked, *days, "--json")) is not None
    wrong = kyodo(*asked, "--known-on", "FY2008")
    assert wrong.exit_code == REFUSED and "NOT_A_DAY [--known-on]" in wrong.stderr


def test_what_is_not_the_past_or_was_not_known_is_refused(kyodo: Run) -> None:
    assert kyodo("as-of", FORUM).exit_code == USAGE
    for unknown in (FORUM, "no-such-thing"):
        refused = kyodo("as-of", "--known-on", "2026-04-30", unknown)
        assert refused.exit_code == REFUSED and "UNKNOWN_ID" in refused.stderr


def test_the_changes_of_one_thing_in_the_terminal(kyodo: Run) -> None:
    days = ("--from", IMPORTED, "--to", CORRECTED)
    shown = kyodo("--lang", "en", "changes", FORUM, *days).stdout
    assert "The recorded axis" in shown and "200000" in shown and "210000" in shown
    assert re.search(r"#\d+  Record corrected  .*\[2030-05-01\]", shown)
    nothing = kyodo("--lang", "en", "changes", FORUM, "--from", CORRECTED, "--to", CORRECTED).stdout
    assert "Nothing says anything else." in nothing


def test_the_changes_of_the_whole_record_in_the_terminal(kyodo: Run) -> None:
    found = told(kyodo("changes", "--from", IMPORTED, "--to", CORRECTED, "--json"))
    assert {item["id"]: item["count"] for item in found["items"]} == {FORUM: 2, PROBLEM: 1, "p-new": 1}
    assert "p-new" in kyodo("changes", "--from", IMPORTED, "--to", CORRECTED).stdout
    assert kyodo("changes", "--from", CORRECTED, "--to", IMPORTED).exit_code == REFUSED


# ----------------------------------------------------------------------------------- over HTTP


def get(client: FlaskClient, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.json


def test_a_change_tells_both_values_and_the_events_behind_it(client: FlaskClient) -> None:
    path = f"/api/v1/actions/{FORUM}/changes?from={IMPORTED}&to={CORRECTED}"
    found = get(client, path)
    assert found["axis"]["en"].startswith("The recorded axis")
    changed = {item["field"]: item for item in found["items"]}
    (amount,) = (item for field, item in changed.items() if field.endswith(".amount_yen"))
    assert (amount["before"], amount["after"]) == (200_000, 210_000)
    (event,) = amount["events"]
    assert (event["type"], event["recorded_at"]) == ("RecordCorrected", "2030-05-01T03:00:00Z")
    assert event["effective"]["value"]
    assert all(item["events"] for item in found["items"])


def test_what_was_not_known_before_appears_whole(client: FlaskClient) -> None:
    found = get(client, f"/api/v1/actions/{FORUM}/changes?from=2026-04-30&to={IMPORTED}")
    (whole,) = found["items"]
    assert (whole["field"], whole["before"], found["known_before"]) == ("", None, False)
    assert {e["type"] for e in whole["events"]} == whole["after"].keys() & EVENTS.keys()


def test_a_change_is_seen_as_today_allows(client: FlaskClient) -> None:
    """The problem was open when it was recorded and is redacted now: neither state tells it."""
    found = get(client, f"/api/v1/issues/{PROBLEM}/changes?from=2026-04-30&to={CORRECTED}")
    assert found["items"] and WORDS not in repr(found)
    open_page = get(client, f"/api/v1/issues/{OTHER}/changes?from=2026-04-30&to={CORRECTED}")
    assert OTHER_WORDS in repr(open_page)


def test_the_changes_of_the_whole_record_come_in_pages(client: FlaskClient) -> None:
    path = f"/api/v1/changes?from=2026-04-30&to={IMPORTED}&limit=10"
    ids: list[str] = []
    while path:
        page = get(client, path)
        ids += [item["id"] for item in page["items"]]
        assert len(page["items"]) <= 10
        path = page["next"]
    assert len(ids) == len(set(ids)) > 20
    assert FORUM in ids and "p-new" not in ids


def test_persons_are_listed_for_nobody_but_staff(client: FlaskClient) -> None:
    found = get(client, f"/api/v1/changes?from={IMPORTED}&to={CORRECTED}")
    assert FORUM in repr(found) and "p-new" not in repr(found)


def test_changes_of_what_was_in_force(client: FlaskClient) -> None:
    path = "/api/v1/changes?from=2026-04-30&in_force_on=2007-06-01&limit=200"
    ids = {item["id"] for item in get(client, path)["items"]}
    assert FORUM in ids and "group-centre-study-team" not in ids


@pytest.mark.parametrize(
    ("path", "code", "pointer"),
    [
        ("/api/v1/changes", "FROM_WHICH_DAY", "/from"),
        ("/api/v1/changes?from=2026", "NOT_A_DAY", "/from"),
        ("/api/v1/changes?from=2026-05-01&to=x", "NOT_A_DAY", "/to"),
        ("/api/v1/changes?from=2026-05-02&to=2026-05-01", "PERIOD_BACKWARDS", "/to"),
        ("/api/v1/changes?from=2026-05-02&limit=0", "LIMIT_WRONG", "/limit"),
        ("/api/v1/changes?from=2026-05-02&cursor=x", "CURSOR_WRONG", "/cursor"),
        (f"/api/v1/actions/{FORUM}/changes?to=2026-05-02", "FROM_WHICH_DAY", "/from"),
    ],
)
def test_a_period_that_is_none_is_refused(client: FlaskClient, path: str, code: str, pointer: str) -> None:
    answer = client.get(path)
    said = answer.json or {}
    assert (answer.status_code, said["code"]) == (422, code)
    assert said["errors"][0]["pointer"] == pointer


def test_changes_of_the_unknown_are_not_found(client: FlaskClient) -> None:
    for path in ("/api/v1/actions/none/changes?from=2026-05-01", "/changes?id=none&from=2026-05-01"):
        assert client.get(path).status_code == 404


# ----------------------------------------------------------------------------------- the page


@pytest.mark.parametrize(("prefix", "words"), [("", "記録の時間軸"), ("/en", "The recorded axis")])
def test_the_page_of_changes(client: FlaskClient, prefix: str, words: str) -> None:
    def page(query: str) -> str:
        answer = client.get(f"{prefix}/changes{query}")
        assert answer.status_code == 200
        return str(answer.get_data(as_text=True))

    assert words in page("") and 'type="date"' in page("")
    whole = page(f"?from={IMPORTED}&to={CORRECTED}")
    (address,) = re.findall(rf'href="({prefix}/changes\?[^"]*id={FORUM}[^"]*)"', whole)
    one = client.get(address.replace("&amp;", "&")).get_data(as_text=True)
    assert "210,000" in one or "210000" in one
    assert 'role="alert"' in page(f"?from={CORRECTED}&to={IMPORTED}")
    assert 'rel="next"' in page("?from=2026-04-30")


def test_a_table_of_the_past_is_the_table_as_it_was(client: FlaskClient) -> None:
    for path in ("/events-list.csv", "/actions.csv", "/timeline.csv"):
        if client.get(path).status_code == 404:
            continue
        assert client.get(f"{path}?as_known_on=2001-01-01").data.count(b"\n") == 1
        assert client.get(f"{path}?in_force_on=FY2007").status_code == 422
